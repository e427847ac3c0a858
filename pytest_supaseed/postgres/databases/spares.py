"""Clones prepared in the background for later tests, and databases dropped in the background.

:class:`Background` sends statements on an asynchronous connection and polls for their end, without threads.
:class:`Spares` starts clones (:meth:`~Spares.want`), hands them out (:meth:`~Spares.take`), queues drops
(:meth:`~Spares.drop`) and advances both (:meth:`~Spares.proceed`).
"""

from __future__ import annotations

import selectors
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import POLL_OK, POLL_READ

from pytest_supaseed import clock, connecting
from pytest_supaseed.errors import NoRoomError
from pytest_supaseed.postgres.databases.database import Databases
from pytest_supaseed.postgres.databases.maintenance import is_broken

_SETTLE_SECONDS = 0.01


@dataclass(frozen=True)
class _Task:
    """A statement that is waiting or running.

    Attributes:
        statement: one that may run twice, or whose second run fails with DuplicateDatabase.
        done: called when it has ended, with PostgreSQL's error or None.
        again: whether it was running on a connection that has ended.
    """

    statement: sql.Composable
    done: Callable[[psycopg2.Error | None], None]
    again: bool = False


class Background:
    """Statements that run one after another on a connection of their own, while this process does something else."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._connection: psycopg2.extensions.connection | None = None
        self._cursor: psycopg2.extensions.cursor | None = None
        self._waiting: deque[_Task] = deque()
        self._task: _Task | None = None

    @property
    def idle(self) -> bool:
        """Whether no statement is waiting or running."""
        return self._task is None and not self._waiting

    def run(self, statement: sql.Composable, done: Callable[[psycopg2.Error | None], None]) -> None:
        """Queue a statement; it runs again if the connection ends meanwhile.

        Args:
            done: called when it has ended, with PostgreSQL's error or None.
        """
        self._waiting.append(_Task(statement, done))
        self.proceed()

    def proceed(self) -> None:
        """Handle the statements that have ended, and send the next, without waiting for one to end."""
        while self._task is not None or self._waiting:
            if self._task is None:
                self._send()
            if self._task is not None and not self._ended():
                return

    def finish(self, until: Callable[[], bool] = lambda: False, seconds: float | None = None) -> None:
        """Wait for the statements to end.

        Args:
            until: ends the wait when it returns true.
            seconds: limit of the wait; None for none.
        """
        limit = None if seconds is None else clock.monotonic() + seconds
        self.proceed()
        while not until() and not self.idle:
            if self._task is not None and not self._ended(wait=True, limit=limit):
                return
            self.proceed()

    def _send(self) -> None:
        self._task = self._waiting.popleft()
        try:
            if self._cursor is None:
                place = self._databases.maintenance
                with connecting.absent(place.environment):  # libpq reads some variables only here
                    self._connection = psycopg2.connect(**place.named_parameters(), async_=1)
                    while (state := self._connection.poll()) != POLL_OK:
                        _wait(self._connection, state)
                self._cursor = self._connection.cursor()
            self._cursor.execute(self._task.statement)
        except psycopg2.Error as error:
            # The server is gone, or accepts no more connections.
            self._end(error)

    def _ended(self, *, wait: bool = False, limit: float | None = None) -> bool:
        assert self._connection is not None  # noqa: S101 for the type checker
        try:
            while (state := self._connection.poll()) != POLL_OK:
                left = None if limit is None else limit - clock.monotonic()
                if not wait or (left is not None and left <= 0):
                    return False
                _wait(self._connection, state, left)
        except psycopg2.Error as error:
            self._end(error)
        else:
            self._end(None)
        return True

    def _end(self, error: psycopg2.Error | None) -> None:
        task, self._task = self._task, None
        if error is not None and (
            self._connection is None or self._cursor is None or is_broken(self._connection, error)
        ):
            # The next statement opens another connection.
            if self._connection is not None:
                self._connection.close()
            self._connection = self._cursor = None
            if task is not None and not task.again:
                self._waiting.appendleft(replace(task, again=True))
                return
        if task is not None:
            # Names are unique, so the database was created before the connection ended.
            made = task.again and isinstance(error, psycopg2.errors.DuplicateDatabase)
            task.done(None if made else error)

    def close(self) -> None:
        """Close the connection, and discard the statements that are left."""
        if self._connection is not None:
            self._connection.close()
        self._waiting.clear()
        self._connection = self._cursor = self._task = None


def _wait(connection: psycopg2.extensions.connection, state: int, seconds: float | None = None) -> None:
    """Wait for the server; psycopg2's wait_select() would intercept Ctrl-C."""
    events = selectors.EVENT_READ if state == POLL_READ else selectors.EVENT_WRITE
    with selectors.DefaultSelector() as selector:
        selector.register(connection.fileno(), events)
        selector.select(seconds)


class Spares:
    """Clones of templates that exist before a test asks for them."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        # Two connections, so that drops do not wait for clones.
        self._maker, self._dropper = Background(databases), Background(databases)
        self._ready: dict[str, deque[str]] = {}
        self._begun: dict[str, int] = {}
        self._refused: dict[str, psycopg2.Error] = {}
        self._later: list[str] = []
        databases.relief += [self._end_drops, self._give_up_one]

    def _end_drops(self) -> bool:
        """Finish the pending drops to make room; return whether there were any."""
        waiting = bool(self._later) or not self._dropper.idle
        self.proceed()
        self._dropper.finish()
        return waiting

    def _give_up_one(self) -> bool:
        """Drop a prepared clone to make room; return whether there was one."""
        self._maker.finish()
        name = next((ready.pop() for ready in self._ready.values() if ready), None)
        if name is None:
            return False
        self._databases.drop(name)
        return True

    def want(self, template: str, number: int) -> None:
        """Prepare clones of a template in the background.

        Args:
            template: the database to clone, to which no connection is open.
            number: of prepared clones to reach, including those in progress.
        """
        missing = number - len(self._ready.get(template, ())) - self._begun.get(template, 0)
        for _ in range(missing if template not in self._refused else 0):
            self._begin(template)

    def _begin(self, template: str) -> None:
        name = self._databases.new_name()
        try:
            query = self._databases.create_query(name, template)
        except NoRoomError:
            # take() creates it instead, and makes room first.
            self._databases.forget(name)
            return
        self._begun[template] = self._begun.get(template, 0) + 1

        def done(error: psycopg2.Error | None) -> None:
            self._begun[template] -= 1
            if error is None:
                self._ready.setdefault(template, deque()).append(name)
            else:
                self._databases.forget(name)
                self._refused[template] = error

        def created(error: psycopg2.Error | None) -> None:
            if error is None and self._databases.foreign:
                self._maker.run(self._databases.mark_query(name), done)
            else:
                done(error)

        self._maker.run(query, created)

    def take(self, template: str) -> str:
        """Return a clone of a template, which is created now if none is prepared.

        Raises:
            ServerError: PostgreSQL refuses.
        """
        ready = self._ready.setdefault(template, deque())
        if not ready and not self._begun.get(template):
            return self._databases.create(template)
        self._maker.finish(lambda: bool(ready) or not self._begun[template])
        if ready:
            return ready.popleft()
        # The second attempt works, or raises the reason.
        self._refused.pop(template, None)
        return self._databases.create(template)

    def drop(self, name: str) -> None:
        """Queue a database to be dropped at the next :meth:`proceed`, when its connections have had time to end.

        Raises:
            ServerError: this session did not create it.
        """
        self._databases.check_created(name)
        self._later.append(name)

    def renew(self) -> None:
        """Drop the prepared clones: after a crash of the server their unlogged tables may be empty."""
        for ready in self._ready.values():
            self._later += ready
            ready.clear()

    def settle(self) -> None:
        """Wait up to 10 ms for running drops, so that a test is less likely to see other tests' databases."""
        self._dropper.finish(seconds=_SETTLE_SECONDS)

    def proceed(self) -> None:
        """Advance the work in the background."""
        self._maker.proceed()
        later, self._later = self._later, []
        for name in later:
            self._dropper.run(self._databases.drop_query(name), self._dropped(name))
        self._dropper.proceed()

    def _dropped(self, name: str) -> Callable[[psycopg2.Error | None], None]:
        def done(error: psycopg2.Error | None) -> None:
            # After an error the end of the session drops the database, or reports why it cannot.
            if error is None:
                self._databases.forget(name)

        return done

    def close(self, *, wait: bool) -> None:
        """Close the connections.

        Args:
            wait: whether to finish clones and drops first.
        """
        for background in (self._maker, self._dropper):
            if wait:
                background.finish()
            background.close()
