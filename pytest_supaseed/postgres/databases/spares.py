"""Databases for tests that come later, made while earlier ones run; and databases that are dropped meanwhile.

There are no threads: a statement is sent to PostgreSQL, which works on it by itself, and is asked for later.
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
    """A statement that is waiting or under way.

    Attributes:
        statement: what to run; it may be run twice, or its second run is told that there is its result.
        done: called when it has ended, with what PostgreSQL refused.
        again: whether it was under way on a connection that has ended.
    """

    statement: sql.Composable
    done: Callable[[psycopg2.Error | None], None]
    again: bool = False


class Background:
    """Statements that a connection of its own runs one after another, while this process does something else.

    Args:
        databases: of the session.
    """

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._connection: psycopg2.extensions.connection | None = None
        self._cursor: psycopg2.extensions.cursor | None = None
        self._waiting: deque[_Task] = deque()
        self._task: _Task | None = None

    @property
    def idle(self) -> bool:
        """Whether there is nothing left to do."""
        return self._task is None and not self._waiting

    def run(self, statement: sql.Composable, done: Callable[[psycopg2.Error | None], None]) -> None:
        """Run a statement as soon as those before it have ended; once more where the connection ends meanwhile.

        Args:
            statement: what to run.
            done: called when it has ended, with what PostgreSQL refused.
        """
        self._waiting.append(_Task(statement, done))
        self.proceed()

    def proceed(self) -> None:
        """Take note of what has ended, and send what comes next, without waiting for anything."""
        while self._task is not None or self._waiting:
            if self._task is None:
                self._send()
            if self._task is not None and not self._ended():
                return

    def finish(self, until: Callable[[], bool] = lambda: False, seconds: float | None = None) -> None:
        """Wait.

        Args:
            until: tells whether what is waited for is there; else all is done.
            seconds: how long to wait at most; None for however long it takes.
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
                with connecting.absent(place.environment):  # some variables are read as late as that
                    self._connection = psycopg2.connect(**place.named_parameters(), async_=1)
                    while (state := self._connection.poll()) != POLL_OK:
                        _wait(self._connection, state)
                self._cursor = self._connection.cursor()
            self._cursor.execute(self._task.statement)
        except psycopg2.Error as error:
            # The server has gone, or takes no more connections.
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
            # What is sent next gets another connection.
            if self._connection is not None:
                self._connection.close()
            self._connection = self._cursor = None
            if task is not None and not task.again:
                self._waiting.appendleft(replace(task, again=True))
                return
        if task is not None:
            # Names are unique: the database was made before the connection ended.
            made = task.again and isinstance(error, psycopg2.errors.DuplicateDatabase)
            task.done(None if made else error)

    def close(self) -> None:
        """End the connection; what it has not done is left."""
        if self._connection is not None:
            self._connection.close()
        self._waiting.clear()
        self._connection = self._cursor = self._task = None


def _wait(connection: psycopg2.extensions.connection, state: int, seconds: float | None = None) -> None:
    """Wait for the server. Not by psycopg2's wait_select, which takes Ctrl-C for itself."""
    events = selectors.EVENT_READ if state == POLL_READ else selectors.EVENT_WRITE
    with selectors.DefaultSelector() as selector:
        selector.register(connection.fileno(), events)
        selector.select(seconds)


class Spares:
    """Copies of templates that are there before a test asks for them.

    Args:
        databases: of the session.
    """

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        # Two connections: dropping one database need not wait for the copying of another.
        self._maker, self._dropper = Background(databases), Background(databases)
        self._ready: dict[str, deque[str]] = {}
        self._begun: dict[str, int] = {}
        self._refused: dict[str, psycopg2.Error] = {}
        self._later: list[str] = []
        databases.relief += [self._end_drops, self._give_up_one]

    def _end_drops(self) -> bool:
        """Wait until what is to be dropped has been, where there is no room; return whether there was any."""
        waiting = bool(self._later) or not self._dropper.idle
        self.proceed()
        self._dropper.finish()
        return waiting

    def _give_up_one(self) -> bool:
        """Drop a copy that no test has asked for yet, where there is no room; return whether there was one."""
        self._maker.finish()
        name = next((ready.pop() for ready in self._ready.values() if ready), None)
        if name is None:
            return False
        self._databases.drop(name)
        return True

    def want(self, template: str, number: int) -> None:
        """Make copies of a template in the background.

        Args:
            template: what to copy; nobody connects to it.
            number: of copies that there shall be when they are asked for.
        """
        missing = number - len(self._ready.get(template, ())) - self._begun.get(template, 0)
        for _ in range(missing if template not in self._refused else 0):
            self._begin(template)

    def _begin(self, template: str) -> None:
        name = self._databases.new_name()
        try:
            query = self._databases.create_query(name, template)
        except NoRoomError:
            # The test that asks for it waits until there is.
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
        """Return a copy of a template, which is made now where there is none.

        Args:
            template: what to copy.

        Raises:
            ServerError: PostgreSQL refuses.
        """
        ready = self._ready.setdefault(template, deque())
        if not ready and not self._begun.get(template):
            return self._databases.create(template)
        self._maker.finish(lambda: bool(ready) or not self._begun[template])
        if ready:
            return ready.popleft()
        # Asked again, PostgreSQL says why; or it works.
        self._refused.pop(template, None)
        return self._databases.create(template)

    def drop(self, name: str) -> None:
        """Drop a database in the background, once its connections have had the time to end.

        Args:
            name: of a database of the session.

        Raises:
            ServerError: it is not one that this session created.
        """
        self._databases.check_created(name)
        self._later.append(name)

    def renew(self) -> None:
        """Drop the copies that are ready: a server that has crashed may have emptied tables in them."""
        for ready in self._ready.values():
            self._later += ready
            ready.clear()

    def settle(self) -> None:
        """Give what is being dropped the little time that it takes: a test need not see others' databases."""
        self._dropper.finish(seconds=_SETTLE_SECONDS)

    def proceed(self) -> None:
        """Go on with what is to be done in the background."""
        self._maker.proceed()
        later, self._later = self._later, []
        for name in later:
            self._dropper.run(self._databases.drop_query(name), self._dropped(name))
        self._dropper.proceed()

    def _dropped(self, name: str) -> Callable[[psycopg2.Error | None], None]:
        def done(error: psycopg2.Error | None) -> None:
            # One that could not be dropped is dropped at the end of the session, or there it is said why.
            if error is None:
                self._databases.forget(name)

        return done

    def close(self, *, wait: bool) -> None:
        """End the connections.

        Args:
            wait: whether what is being made and dropped is waited for.
        """
        for background in (self._maker, self._dropper):
            if wait:
                background.finish()
            background.close()
