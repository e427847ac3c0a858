"""CREATE DATABASE, clones of templates and DROP DATABASE for one session: :class:`Databases`.

Processes that share a server coordinate through PostgreSQL alone: by comments on databases and by advisory locks in the
maintenance database. What the databases contain is decided elsewhere.

:class:`PreparedClones` does the same in the background: it starts clones for later tests
(:meth:`~PreparedClones.want`), hands them out (:meth:`~PreparedClones.take`), queues drops
(:meth:`~PreparedClones.drop`) and advances both (:meth:`~PreparedClones.proceed`). Its :class:`Background` sends
statements on an asynchronous connection and polls for their end, without threads.
"""

from __future__ import annotations

import itertools
import json
import selectors
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import POLL_OK, POLL_READ
from sqlalchemy import URL

from pytest_supaseed import clock, connecting
from pytest_supaseed.errors import NoRoomError, ServerError
from pytest_supaseed.libpq import Environment
from pytest_supaseed.postgres.databases.maintenance import (
    MARK,
    SHARED_PREFIX,
    Maintenance,
    is_broken,
    may_not_create,
    new_session,
    session_of,
)
from pytest_supaseed.postgres.server.cluster import Proof
from pytest_supaseed.postgres.server.external import at_fault, variables_sentence
from pytest_supaseed.postgres.server.space import DATABASE_BYTES, Place, Room, is_shortage
from pytest_supaseed.reflection.database_properties import (
    DatabaseProperties,
    confined,
    copying,
    read_properties,
    setting_statement,
)
from pytest_supaseed.spec import DatabaseSettings

_STRATEGY_SINCE = 15
# The tablespace of databases that do not fit in memory.
OVERFLOW = "supaseed_overflow"
_PATIENCE_SECONDS = 0.1
# The lock of loads, which may change settings of any database, and how long to wait for another session's load.
_SETTING = "settings of databases"
_SETTING_SECONDS = 10.0
_POLL_SECONDS = 0.0005
# The function below pg_stat_activity: the view's joins take longer than the rest of the query.
_CONNECTED = """
SELECT pid, application_name, query FROM pg_stat_get_activity(NULL)
WHERE datid = (SELECT oid FROM pg_database WHERE datname = %s) AND backend_type = 'client backend'
"""


@dataclass(frozen=True)
class OwnServer:
    """The server that this run has started, as its databases need to know it.

    Attributes:
        prefix: of the names of this session's databases.
        shared_prefix: of the names of databases that sessions share.
        proof: proves that the server is the one this run started; None to take any.
        revive: starts the server again where it has ended, see :class:`Maintenance`.
        room: the limits on memory and disk.
    """

    prefix: str
    shared_prefix: str = SHARED_PREFIX
    proof: Proof | None = None
    revive: Callable[[], float] | None = None
    room: Room | None = None


class Databases:
    """The databases that a session creates on a server, on which other processes may do the same.

    Args:
        maintenance: URL of a database to connect to; nothing is written to it.
        server: the server that this run started; None for an external one, where the session draws a prefix for the
            names of its databases, and marks them by comments.
        environment: which connection parameters libpq's environment may supply, on an external server.
        name: ``application_name`` of the connections; None for the one by which other sessions recognise this one.

    Attributes:
        maintenance: the connection on which everything here is done.
        prefix: of the names of this session's databases.
        shared_prefix: of the names of databases that sessions share.
        foreign: whether the server is external: not started by this plugin.
        environment: which connection parameters libpq's environment may supply.
        room: the limits on memory and disk; None for an external server.
        relief: functions that each drop one database of this session that is not needed now and return whether there
            was one; called when there is no room.

    Raises:
        ServerError: there is no server, it is too old, or it is not the one this run started.
    """

    def __init__(
        self,
        maintenance: URL,
        server: OwnServer | None = None,
        *,
        environment: Environment = Environment.ALL,
        name: str | None = None,
    ) -> None:
        self.foreign = server is None
        self.environment = environment if server is None else Environment.NONE
        server = server or OwnServer(new_session())
        self.prefix = server.prefix
        # Other sessions tell by this name whether the session that owns a database is still connected.
        name = name or MARK + self.prefix
        self.maintenance = Maintenance(maintenance, name, self.environment, server.proof, server.revive)
        self.shared_prefix = server.shared_prefix
        self._numbers = itertools.count(1)
        # Without fsync FILE_COPY takes 5.6 ms and WAL_LOG 17 ms, with fsync 32 and 15. Where a file system can clone,
        # PostgreSQL 18's file_copy_method=clone takes 5.1 ms instead of 5.5.
        synced = self.maintenance.query("SHOW fsync") == [("on",)]
        self._strategy = "WAL_LOG" if synced else "FILE_COPY"
        self._created: dict[str, None] = {}
        self.room = server.room
        self.relief: list[Callable[[], bool]] = []
        self._sizes: dict[str, int] = {}
        self._properties: dict[str, DatabaseProperties | None] = {}
        self._has_overflow = False

    def url(self, name: str) -> URL:
        """Return the URL of a database."""
        return self.maintenance.url.set(database=name)

    def exists(self, name: str) -> bool:
        """Whether the server has a database."""
        return bool(self.maintenance.query("SELECT FROM pg_database WHERE datname = %s", name))

    def new_name(self, last: str | None = None) -> str:
        """Return the name of a database that is about to be created, and record it as this session's.

        Args:
            last: its suffix; None for the next number.
        """
        name = f"{self.prefix}_{last or next(self._numbers)}"
        self._created[name] = None
        return name

    def create(self, template: str | None = None, last: str | None = None, *, lasting: bool = False) -> str:
        """Create a database and return its name.

        Args:
            template: the database to clone, to which no connection may be open; None for an empty one.
            last: suffix of its name; None for the next number.
            lasting: whether it becomes a template.

        Raises:
            ServerError: PostgreSQL refuses.
            NoRoomError: there is no room for it.
        """
        name = self.new_name(last)
        if template is not None:
            self.await_disconnection(template)
        try:
            self._create(name, template, lasting)
        except psycopg2.Error as error:
            del self._created[name]
            raise self.refusal(name, template, error) from error
        except NoRoomError:
            del self._created[name]
            raise
        if self.foreign:
            self.mark(name)
        return name

    def _create(self, name: str, template: str | None, lasting: bool) -> None:
        while True:
            try:
                query = self.create_query(name, template, lasting=lasting)
                self.maintenance.query(query, done=lambda: self.exists(name))
            except (psycopg2.Error, NoRoomError) as error:
                # Dropping a database that is prepared for a later test may make enough room for this one.
                if not is_shortage(error) or not self._give_up_one():
                    raise
            else:
                break
        copied = self.copy_query(name, template)
        if copied is not None:
            try:
                self.maintenance.query(copied)
            except psycopg2.Error:
                self.maintenance.query(self.drop_query(name))
                raise

    def copy_query(self, name: str, template: str | None) -> sql.Composable | None:
        """Return the statement that gives a new clone the settings and privileges of its template.

        Args:
            template: whose properties no longer change; None for none.

        Returns:
            None where there is nothing to give.
        """
        if template is None:
            return None
        if template not in self._properties:
            self._properties[template] = read_properties(self.maintenance.query, template).get(template)
        found = self._properties[template]
        return None if found is None else copying(name, found)

    def _give_up_one(self) -> bool:
        """Drop a database of this session that is not needed now; return whether there was one."""
        return self.room is not None and self.room.allows_drops() and any(each() for each in self.relief)

    def create_query(self, name: str, template: str | None, *, lasting: bool = False) -> sql.Composable:
        """Return the statement that creates a database.

        Args:
            template: the database to clone; None for an empty one.
            lasting: whether it becomes a template.

        Raises:
            NoRoomError: there is no room for it.
        """
        query = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template is not None:
            query += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        if self.maintenance.major >= _STRATEGY_SINCE:
            query += sql.SQL(" STRATEGY {}").format(sql.SQL(self._strategy))
        if self.room is None:
            return query
        place = self.room.place(self._size_of(template), lasting=lasting)
        if place is Place.NOWHERE:
            raise self.room.refusal(f"The database {name} could not be created")
        if place is Place.OVERFLOW:
            query += sql.SQL(" TABLESPACE {}").format(sql.Identifier(self._overflow(self.room)))
        return query

    def _size_of(self, template: str | None) -> int:
        """Return the bytes of an empty database or of a template, which no longer changes."""
        if template is None:
            return DATABASE_BYTES
        if template not in self._sizes:
            [(self._sizes[template],)] = self.maintenance.query("SELECT pg_database_size(%s)", template)
        return self._sizes[template]

    def _overflow(self, room: Room) -> str:
        """Return the tablespace of what does not fit in memory; the first process that needs it creates it."""
        if not self._has_overflow:
            with self.maintenance.locked(OVERFLOW):
                if not self.maintenance.query("SELECT FROM pg_tablespace WHERE spcname = %s", OVERFLOW):
                    self.maintenance.query(
                        sql.SQL("CREATE TABLESPACE {} LOCATION {}").format(
                            sql.Identifier(OVERFLOW), sql.Literal(room.overflow)
                        )
                    )
            self._has_overflow = True
        return OVERFLOW

    def set(self, name: str, settings: DatabaseSettings) -> None:
        """Make settings of a database, for all connections from then on.

        Raises:
            ServerError: PostgreSQL refuses one.
        """
        for setting, value in settings:
            try:
                self.maintenance.query(setting_statement(name, setting, value))
            except psycopg2.Error as error:
                raise self.maintenance.refused_setting((setting, value), error) from error

    @contextmanager
    def confined(self, name: str) -> Iterator[None]:
        """Have what a block sets of other databases, or grants on them, hold for one, and take it back there."""

        def is_ours(other: str, comment: str) -> bool:
            return (
                other.startswith(f"{self.shared_prefix}_")
                or session_of(other) is not None
                or comment.startswith(MARK)
            )

        # What another session sets and takes back meanwhile would not be seen.
        with (
            self.maintenance.locked(_SETTING, _SETTING_SECONDS),
            confined(self.maintenance.query, name, is_ours),
        ):
            yield

    def drop_query(self, name: str) -> sql.Composable:
        """Return the statement that drops a database and ends its connections."""
        return sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))

    def refusal(self, name: str, template: str | None, error: psycopg2.Error) -> ServerError:
        """Return the error that says why a database, or a clone of `template`, could not be created."""
        variables = variables_sentence(
            at_fault(self.maintenance.parameters(), self.environment, self.trial(template))
        )
        if variables:
            return ServerError(f"The database {name} could not be created: {str(error).strip()}\n{variables}")
        if isinstance(error, psycopg2.errors.InsufficientPrivilege):
            return may_not_create(str(self.maintenance.url.username))
        if self.room is not None and is_shortage(error):
            return self.room.refusal(f"The database {name} could not be created ({str(error).strip()})")
        return ServerError(f"The database {name} could not be created: {str(error).strip()}")

    def trial(self, template: str | None = None) -> Callable[[Any], None]:
        """Return a function that creates a database on a connection, to see whether that works, and drops it."""

        def create(connection: Any) -> None:
            name = self.new_name()
            with connection.cursor() as cursor:
                try:
                    cursor.execute(self.create_query(name, template))
                except psycopg2.Error:
                    self.forget(name)
                    raise
                cursor.execute("SET statement_timeout = 0")
                cursor.execute(self.drop_query(name))
            self.forget(name)

        return create

    def mark(self, name: str, notes: Mapping[str, Any] | None = None) -> None:
        """Mark a database as this plugin's, by a comment.

        Args:
            notes: what other sessions need to know of a template; None for a database of this session alone.
        """
        self.maintenance.query(self.mark_query(name, notes))

    def mark_query(self, name: str, notes: Mapping[str, Any] | None = None) -> sql.Composable:
        """Return the statement that :meth:`mark` runs."""
        text = MARK + json.dumps({"session": self.prefix, "notes": notes})
        return sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(text))

    def drop(self, name: str) -> None:
        """Drop a database that :meth:`create` made, and end its connections; it need not exist any more.

        Raises:
            ServerError: this session did not create it, or PostgreSQL refuses.
        """
        self.check_created(name)
        self.await_disconnection(name)
        self.drop_unused(name)
        del self._created[name]

    def check_created(self, name: str) -> None:
        """Check that this session created a database, so that it may be dropped.

        Raises:
            ServerError: this session did not create it.
        """
        if name not in self._created:
            raise ServerError(f"The database {name} is not one that this session created, and stays.")

    def drop_unused(self, name: str) -> None:
        """Drop a database of any session of this plugin, which no process uses any more.

        Raises:
            ServerError: PostgreSQL refuses.
        """
        try:
            self.maintenance.query(self.drop_query(name))
        except psycopg2.Error as error:
            raise ServerError(f"The database {name} could not be dropped: {str(error).strip()}") from error

    def forget(self, name: str) -> None:
        """Remove a database that :meth:`new_name` named from those that this session has to drop."""
        self._created.pop(name, None)

    def connected(self, name: str) -> list[tuple[Any, ...]]:
        """Return the process id, application name and last statement of each client of a database."""
        return self.maintenance.query(_CONNECTED, name)

    def await_disconnection(self, name: str) -> None:
        """Wait briefly for closed connections to end: CREATE and DROP DATABASE look again only after 100 ms."""
        until = clock.monotonic() + _PATIENCE_SECONDS
        while self.maintenance.query("SELECT FROM pg_stat_activity WHERE datname = %s LIMIT 1", name):
            if clock.monotonic() > until:
                return
            clock.sleep(_POLL_SECONDS)

    def drop_all(self) -> None:
        """Drop the databases of this session that are left."""
        for name in reversed(tuple(self._created)):
            self.drop(name)

    def close(self) -> None:
        """Close the connection to the server."""
        self.maintenance.close()


_POLL_SECONDS_OF_DROPS = 0.01


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
            if self._task is not None and not self._has_ended():
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
            if self._task is not None and not self._has_ended(wait=True, limit=limit):
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

    def _has_ended(self, *, wait: bool = False, limit: float | None = None) -> bool:
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


class PreparedClones:
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
        mark = self._databases.mark_query(name) if self._databases.foreign else None
        waiting = [each for each in (mark, self._databases.copy_query(name, template)) if each is not None]
        statements = deque([query, *waiting])

        def ended(error: psycopg2.Error | None) -> None:
            if error is None and statements:
                self._maker.run(statements.popleft(), ended)
                return
            self._begun[template] -= 1
            if error is None:
                self._ready.setdefault(template, deque()).append(name)
            else:
                if len(statements) == len(waiting):
                    # Otherwise it was created, and is dropped with the others.
                    self._databases.forget(name)
                self._refused[template] = error

        self._maker.run(statements.popleft(), ended)

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

    def poll_drops(self) -> None:
        """Wait up to 10 ms for running drops, so that a test is less likely to see other tests' databases."""
        self._dropper.finish(seconds=_POLL_SECONDS_OF_DROPS)

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
