"""Test isolation by rollback: a seeded database on which tests work in turn, each in a transaction that is undone.

:meth:`SharedDatabase.begin` checks the row counts and returns the test's connection, whose driver connection is a
:class:`RolledBackConnection`. :meth:`SharedDatabase.end` rolls back, resets what a rollback does not undo, and returns
an :class:`EndState`, which says whether the database is as it was.

Each driver, and each event loop of one that is awaited, works on the database through a :class:`Channel` of its own:
an engine with one connection. One test uses one channel. The code is the same for all of them: for a driver that is
awaited it runs within a greenlet of SQLAlchemy, as by ``AsyncConnection.run_sync``.

:func:`held_open` tells which backends belong to connections that this process still has open: PostgreSQL lists a
backend until it has ended, on a busy machine long after its client has closed the connection.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import reduce
from operator import or_
from typing import Any, NamedTuple, Protocol, cast

from psycopg2 import sql
from sqlalchemy import URL, Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from pytest_supaseed import connecting
from pytest_supaseed.constraints.functions import settings_read
from pytest_supaseed.errors import CountError, SeedError
from pytest_supaseed.model.schema import TableName
from pytest_supaseed.postgres.databases.driver_errors import connection_ended, sqlstate
from pytest_supaseed.postgres.databases.drivers import psycopg2_engine
from pytest_supaseed.postgres.databases.effects import (
    NO_EFFECTS,
    UNNAMED_LOCAL,
    Effects,
    effects_of,
)
from pytest_supaseed.postgres.databases.maintenance import ATTEMPTS, ends_again
from pytest_supaseed.postgres.databases.sequences import SEQUENCES, set_back
from pytest_supaseed.postgres.databases.transaction import (
    END,
    Operation,
    Request,
    RolledBackConnection,
)
from pytest_supaseed.reflection.queries import as_text
from pytest_supaseed.spec import SeedSpec
from pytest_supaseed.writing.counts import ExpectedCounts, Reason


def _libpq_backend(connection: Any) -> tuple[int, str]:
    return connection.info.backend_pid, connection.info.dbname


def _asyncpg_backend(connection: Any) -> tuple[int, str]:
    return connection.get_server_pid(), connection._params.database


# Module, connection classes, whether a connection is open, and its backend: process id and database.
_DRIVERS: tuple[tuple[str, tuple[str, ...], Callable[[Any], bool], Callable[[Any], tuple[int, str]]], ...] = (
    ("psycopg2.extensions", ("connection",), lambda connection: not connection.closed, _libpq_backend),
    ("psycopg", ("Connection", "AsyncConnection"), lambda connection: not connection.closed, _libpq_backend),
    ("asyncpg.connection", ("Connection",), lambda connection: not connection.is_closed(), _asyncpg_backend),
)


def held_open(database: str, backends: Collection[int]) -> set[int]:
    """Return those of a database's backends whose client is an open connection of this process.

    Args:
        backends: process ids.

    Returns:
        Process ids. A backend is missing if it belongs to another process or a driver that is not known here, or if its
        client has closed the connection.
    """
    held = set()
    for process, name in _open_connections():
        if name == database and process in backends:
            held.add(process)
    return held


def _open_connections() -> Iterator[tuple[int, str]]:
    """Yield the backend's process id and database of each open connection of this process."""
    drivers = []
    for module, names, is_open, backend in _DRIVERS:
        loaded = sys.modules.get(module)
        if loaded is not None:
            drivers.append((tuple(getattr(loaded, name) for name in names), is_open, backend))
    # By type of object: its driver; None for a type that is no connection.
    kinds: dict[type, Any] = {}
    # type() and issubclass(): isinstance() would ask the application's proxies and mocks for their __class__.
    for each in gc.get_objects():
        kind = type(each)
        if kind not in kinds:
            kinds[kind] = next((driver for driver in drivers if issubclass(kind, driver[0])), None)
        if kinds[kind] is not None:
            _, is_open, backend = kinds[kind]
            try:
                found = backend(each) if is_open(each) else None
            except Exception:  # noqa: S112 one that is being opened or closed by another thread tells nothing
                continue
            if found is not None:
                yield found


# PostgreSQL 14 reports sessions only with a delay.
SESSIONS_SINCE = 15_00_00
# The SQLAlchemy execution option that leads from a connection to its SharedDatabase.
_OPTION = "supaseed_shared"
_DATABASE = """
SELECT oid::bigint, EXISTS (SELECT FROM pg_constraint WHERE condeferrable)
FROM pg_database WHERE datname = current_database()
"""
# Another connection may hold locks.
PATIENCE = "pg_catalog.set_config('lock_timeout', '2s', true)"
# Resetting a sequence need not wait for the disk.
_HASTE = "pg_catalog.set_config('synchronous_commit', 'off', true)"
# Functions of the schema; those of PostgreSQL itself make no settings.
_BODIES = """
SELECT pg_catalog.concat(p.prosrc, pg_catalog.pg_get_function_sqlbody(p.oid),
    CASE WHEN 'pg_catalog.refcursor'::regtype = ANY (p.proargtypes::oid[] || p.prorettype) THEN ' refcursor' END)
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND p.prokind <> 'a'
"""
# Policies, defaults and views, which may read settings.
_READERS = """
SELECT pg_catalog.concat(pg_catalog.pg_get_expr(polqual, polrelid), pg_catalog.pg_get_expr(polwithcheck, polrelid))
FROM pg_catalog.pg_policy
UNION ALL SELECT pg_catalog.pg_get_expr(adbin, adrelid) FROM pg_catalog.pg_attrdef
UNION ALL SELECT pg_catalog.pg_get_viewdef(c.oid)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
"""
# What a rollback does not undo, besides positions of sequences. It undoes settings, role, temporary tables, cursors and
# LISTEN. Prepared statements are the driver's business.
_LOCKS = "pg_catalog.pg_advisory_unlock_all()"
_NUMBERS = "DISCARD SEQUENCES"
_SETTING_BACK = "ARRAY[{}]::bigint[]"
# The number of sessions so far: a client is counted before it is ready, autovacuum is not.
_SESSIONS = "pg_catalog.pg_stat_get_db_sessions({})"
_LEFT = (
    "{} ended the transaction that was to be undone after it, by a COMMIT or ROLLBACK in SQL; {}. Use the methods "
    "commit() and rollback(), or ask for seeded_db, seeded_engine or seeded_url."
)
_VISITED = (
    "{} opened another connection to {}: what another connection "
    "commits is not undone, and it does not see what seeded_connection and seeded_session have done. Ask for "
    "seeded_engine, seeded_url or seeded_db, which give the test a database of its own."
)
# Another connection has locked or dropped what is to be reset: lock_not_available, undefined_table, undefined_object,
# internal_error.
_DISTURBED = frozenset(("55P03", "42P01", "42704", "XX000"))
_DIFFERS = (
    "{} has committed, which is a savepoint on seeded_connection and seeded_session, and differs from a real commit: "
    "{}. Ask for seeded_db, seeded_engine or seeded_url, whose commits are real; "
    "docs/explanation/isolation.md lists what differs."
)
# What a database holds that is kept.
_AT_FAILURE = "as it was when the test failed"
_AT_LAST_COMMIT = "as at the test's last commit, or as seeded if there was none: {}"
_NOT_KEPT = " (without objects that were not flushed, and temporary tables)"
_AS_SEEDED = "as seeded: the test had closed its connection, or lost it"
_AS_LEFT = "as PostgreSQL has left it, for what the test had done could not be committed: {}"
# Parts of messages: for a database that all tests with a seed share, and for a lasting one.
_REPLACED = (
    "the database was replaced",
    "the shared database of its seed, which was replaced",
    "The shared database of {} could not be set back after it, and was replaced: {}",
)
_STAYS = (
    "what it had done by then stays in the database",
    "a database that is rolled back after each test, which was not replaced",
    "The database of {}, which is rolled back after each test, could not be set back, and was not replaced: {}",
)


class SupportsClose(Protocol):
    """An object with a method close()."""

    def close(self) -> None:
        """Close the object."""


class EndState(NamedTuple):
    """The state in which a test has left its shared database.

    Attributes:
        clean: whether it is as it was; otherwise it has to be replaced.
        warning: what the test did that it should not do; empty for nothing.
        differs: how the test's commits differed from real ones; empty where no difference is known.
    """

    clean: bool
    warning: str = ""
    differs: str = ""


class Channel:
    """An engine with one connection to a shared database, through which tests work on it.

    Args:
        opened: called before a connection is opened, with the channel.
        adopted: called with the channel and a connection that was opened; returns what it has to run first.

    Attributes:
        engine: the engine, which :meth:`SharedDatabase.channel` sets; of a driver that is awaited, the one below the
            async engine.
        drivers: the driver connections of the running test, which may lose one and get another; the last is the
            engine's.
    """

    engine: Engine

    def __init__(
        self,
        opened: Callable[[], None],
        adopted: Callable[[Channel, RolledBackConnection], Operation[None]],
    ) -> None:
        self._opened = opened
        self._adopted = adopted
        self.drivers: list[RolledBackConnection] = []

    def opening(self) -> None:
        """Count a connection that a driver is about to open.

        Before, because the server counts a connection that it accepts, even if the driver then gives up.
        """
        self._opened()

    def adopt(self, driver: RolledBackConnection) -> Operation[None]:
        """Take a connection that a driver has opened, and return what it has to run before it is used."""
        return self._adopted(self, driver)

    def dispose(self) -> None:
        """Close the connection. That of a driver that is awaited is closed without waiting for its end."""
        if self.engine.dialect.is_async:
            for driver in self.drivers:
                driver.drop()
            self.engine.dispose(close=False)
        else:
            self.engine.dispose()


# Engines of SQLAlchemy, and what takes their place for a driver alone.
MakeEngine = Callable[[Channel, connecting.Address, Mapping[str, Any]], Any]


class SharedDatabase:
    """A seeded database that one test after another works on.

    Args:
        make_engine: makes the engine of the first channel, see :mod:`~.drivers`.
        counts: the row counts expected whenever a test begins.
        lasting: whether fixtures work on it, too. Their changes stay until it is dropped, so it is not replaced.

    Attributes:
        name: of the database.
        last_test: the id of the test that worked on it last; None where there was none.
        async_channel: the channel of the async fixtures; None where no test has used one.
    """

    def __init__(
        self,
        name: str,
        address: connecting.Address,
        counts: ExpectedCounts,
        make_engine: MakeEngine = psycopg2_engine,
        *,
        lasting: bool = False,
    ) -> None:
        self.name = name
        self._address = address
        self._revive = address.revive
        self.last_test: str | None = None
        # Its module is above this one.
        self.async_channel: Any = None
        self._counts = counts
        self._lasting = lasting
        # The connection of the running test.
        self._connection: Connection | None = None
        # The number of connections made here so far.
        self._connected = 0
        self._deferrable = False
        # Effects of the schema's functions that end with a transaction, and the settings they make, as they are outside
        # of it.
        self._effects = NO_EFFECTS
        self._settings: dict[str, str | None] = {}
        self._count = ""
        # What sets back the database and the session of a test, telling whether settings were made in it.
        self._clean: tuple[str, ...] = ()
        # Reads the positions of sequences; empty where there are none.
        self._positions = ""
        self._kept = False
        self._channels: list[Channel] = []
        self._by_maker: dict[MakeEngine, Channel] = {}
        self._channel = self.channel(make_engine)

    @property
    def engine(self) -> Engine:
        """The engine of the first channel, which has one connection; outside of tests its commits stay."""
        return self._channels[0].engine

    @property
    def url(self) -> URL:
        """The URL of the database."""
        return self._address.url

    @property
    def expected(self) -> Mapping[TableName, int]:
        """The row counts expected whenever a test begins."""
        return self._counts.expected

    @property
    def in_use(self) -> bool:
        """Whether a test is working on it."""
        return self._connection is not None

    def channel(self, make_engine: MakeEngine) -> Channel:
        """Add a channel: an engine with one connection, on which tests can begin.

        Args:
            make_engine: makes the engine from the channel, whose :meth:`Channel.opening` and :meth:`Channel.adopt` are
                called for each driver connection, from the address of the database, and from arguments of
                :func:`sqlalchemy.create_engine`.
        """
        made = Channel(self._opened, self._adopted)
        # One connection: all users of the engine share its transaction. If counts are read while fixtures have it open,
        # returning it must not roll back their uncommitted changes.
        options = {
            "poolclass": StaticPool,
            "pool_reset_on_return": None if self._lasting else "rollback",
            "execution_options": {_OPTION: self},
        }
        made.engine = make_engine(made, self._address, options)
        self._channels.append(made)
        return made

    def channel_of(self, make_engine: MakeEngine) -> Channel:
        """Return the channel whose engine a function makes; it is added when it is first asked for."""
        if make_engine not in self._by_maker:
            self._by_maker[make_engine] = self.channel(make_engine)
        return self._by_maker[make_engine]

    def begin(self, test: str, spec: SeedSpec, channel: Channel | None = None) -> Connection:
        """Begin a test, and return the connection that it works on.

        Args:
            test: the test's id.
            spec: for the message.
            channel: that the test works through; None for the first.

        Raises:
            CountError: a table holds another number of rows than it should.
            ServerError: the server is no longer there, or ends connections as soon as they are made.
        """
        self._channel = channel or self._channels[0]
        return self._begin(test, lambda: _changed(spec, self.last_test))

    def begin_wider(
        self, test: str, reason: Callable[[], Reason], *, moved: bool, accept: bool
    ) -> Connection:
        """Begin a test on a lasting database, committing what fixtures have left uncommitted; return its connection.

        Args:
            test: the test's id.
            reason: returns what stands around the table in the message.
            moved: whether fixtures have worked on it, so that positions of sequences are read again.
            accept: whether the present row counts become the expected ones.

        Raises:
            CountError: a table holds another number of rows than it should.
            ServerError: the server is no longer there, or ends connections as soon as they are made.
            Exception: of the driver: PostgreSQL refuses to commit what the fixtures have done.
        """
        self._channel = self._channels[0]
        if moved:
            self._count = ""
        self._commit_fixtures()
        return self._begin(test, reason, accept=accept)

    def _commit_fixtures(self) -> None:
        """Commit what fixtures have left uncommitted; what has failed is rolled back."""
        for driver in self._channel.drivers:
            if driver.ended:
                continue
            if driver.in_transaction:
                driver.perform(driver.rolled_back.end())
            driver.leave_autocommit()

    def pause(self) -> bool:
        """Leave the transaction of the running test for a while, unless the test has written in it.

        Returns:
            Whether it was left: then commits stay, until :meth:`resume` begins the transaction again.
        """
        driver = self._channel.drivers[-1]
        if driver.ended or not driver.in_transaction or driver.perform(driver.rolled_back.has_written()):
            return False
        driver.perform(driver.rolled_back.undo())
        return not driver.rolled_back.left

    def resume(self) -> None:
        """Begin the transaction of the running test again; the present row counts become the expected ones."""
        self._count = ""
        self._commit_fixtures()
        self._counts = self._counts.taken(self._enter())

    def _begin(self, test: str, reason: Callable[[], Reason], *, accept: bool = False) -> Connection:
        for attempt in range(ATTEMPTS):
            try:
                if attempt:
                    # The connection has ended since the last test.
                    self._revive()
                connection, found = self._entered()
                break
            except Exception as error:
                if not connection_ended(error):
                    raise
                ended = error
        else:
            raise ends_again(ended) from ended
        try:
            if accept:
                self._counts = self._counts.taken(found)
            self._counts.check(found, reason)
        except CountError:
            if self._lasting:
                driver = self._channel.drivers[-1]
                driver.perform(driver.rolled_back.undo())
            connection.close()
            raise
        self._connection, self.last_test = connection, test
        return connection

    def _entered(self) -> tuple[Connection, Sequence[int]]:
        connection = self._channel.engine.connect()
        try:
            return connection, self._enter()
        except BaseException:
            with suppress(DBAPIError):  # the error that counts is raised below
                connection.invalidate()
                connection.close()
            raise

    def end(self) -> EndState:
        """Undo the test, and return the state in which it has left the database.

        What :meth:`keep` has committed stays, and so do the positions of sequences.

        If the server has ended the connection and accepts no other, the database is not clean; the next test reports
        the reason, if there is one.
        """
        drivers = self._channel.drivers
        try:
            end_state = self._end_kept() if self._kept else self._end_state()
        except Exception as error:
            if not connection_ended(error):
                raise
            self._channel.dispose()
            return EndState(clean=False)
        differences = {each: None for driver in drivers for each in driver.rolled_back.differences}
        if not differences:
            return end_state
        return end_state._replace(differs=_DIFFERS.format(self.last_test, "; ".join(differences)))

    def _end_kept(self) -> EndState:
        connection = self._connection
        assert connection is not None  # noqa: S101 for the type checker
        self._connection = None
        for driver in self._channel.drivers:
            _close_lost(driver)
        if not connection.closed:
            connection.invalidate()
        self._channel.dispose()
        connection.close()
        return EndState(clean=False)

    def _end_state(self) -> EndState:
        connection, drivers = self._connection, list(self._channel.drivers)
        assert connection is not None  # noqa: S101 for the type checker
        self._connection = None
        driver, found, disturbed, refused = drivers[-1], None, False, ""
        try:
            for lost in drivers[:-1]:
                _close_lost(lost)
            if not driver.ended:
                found = self._undo(driver)
        except Exception as error:
            code = sqlstate(error)
            if driver.ended or connection_ended(error):
                driver.drop()
            elif code is None:
                raise
            # What another connection has locked or dropped cannot be reset.
            disturbed = not driver.ended and code in _DISTURBED
            if not driver.ended and not disturbed:
                refused = str(error).strip()
        if driver.ended:
            if not connection.closed:
                connection.invalidate()
            self._channel.dispose()
        connection.close()
        left, visited, not_set_back = _STAYS if self._lasting else _REPLACED
        if any(each.rolled_back.left for each in drivers):
            self._forget_connection()
            return EndState(clean=False, warning=_LEFT.format(self.last_test, left))
        if refused:
            self._forget_connection()
            return EndState(clean=False, warning=not_set_back.format(self.last_test, refused))
        if not disturbed and not all(each.rolled_back.undone for each in drivers):
            # It is unknown what was done on a lost connection.
            self._forget_connection()
            return EndState(clean=False)
        if not disturbed and found is None:
            driver, found = self._renewed()
        if disturbed or self._visited(driver, found):
            warning = _VISITED.format(self.last_test, visited) + self._difference(driver)
            if found is not None and driver.version >= SESSIONS_SINCE:
                # The next test on a lasting database is not to be blamed for this.
                self._connected = found[-1]
            self._forget_connection()
            return EndState(clean=False, warning=warning)
        if driver.rolled_back.spoilt or self._made_settings(driver, found):
            self._channel.dispose()
        return EndState(clean=True)

    def keep(self) -> str:
        """Commit what the running test has done, for this database to be kept; what it does from now on is undone.

        Only the connection goes on as before: this database cannot serve another test.

        Returns:
            In words, what the database holds from now on.
        """
        assert self._connection is not None  # noqa: S101 for the type checker
        self._kept = True
        driver = self._channel.drivers[-1]
        if driver.ended:
            return _AS_SEEDED
        try:
            reason = driver.perform(driver.rolled_back.keep(*_savepoints(self._connection)))
        except Exception as error:
            if sqlstate(error) is None and not connection_ended(error):
                raise
            return _AS_LEFT.format(str(error).strip().partition("\n")[0])
        return (_AT_LAST_COMMIT.format(reason) if reason else _AT_FAILURE) + _NOT_KEPT

    @contextmanager
    def block(self) -> Iterator[None]:
        """Undo what the running test does in the block, positions of sequences included; not for an async channel.

        Raises:
            SeedError: what was done in the block cannot be undone.
        """
        connection, driver = self._connection, self._channel.drivers[-1]
        if connection is None:
            raise SeedError(
                f"No test works on the database {self.name}, so that nothing can be undone there."
            )
        if connection.in_transaction():
            connection.commit()
        rows = driver.perform(driver.rolled_back.begin_block(self._positions or "SELECT"))
        positions = [as_text(set_back((oid, last, called))) for oid, last, called in rows if self._positions]
        try:
            yield
        except BaseException:
            # What was kept is not undone.
            if not self._kept:
                self._end_block(driver, positions)
            raise
        if not self._end_block(driver, positions):
            raise SeedError(
                f"{self.last_test} ended the transaction that was to be undone after a block, or its connection, so "
                "that the next block does not begin with the same rows: use commit() and rollback() instead of SQL's, "
                "or ask for seeded_db and its rolled_back()."
            )

    def _end_block(self, driver: RolledBackConnection, positions: Sequence[str]) -> bool:
        """Undo a block, and return whether that was possible."""
        connection = self._connection
        if driver.ended or driver is not self._channel.drivers[-1] or connection is None:
            return False
        if connection.in_transaction():
            connection.rollback()
        if not driver.rolled_back.left:
            driver.perform(
                driver.rolled_back.end_block(f"SELECT {_SETTING_BACK.format(', '.join(positions))}")
            )
        return not driver.rolled_back.left

    def put_off_rollbacks(self) -> None:
        """Defer the remaining rollbacks of this test to its end."""
        self._channel.drivers[-1].rolled_back.lazy = True

    def close(self) -> None:
        """End the connections."""
        for channel in self._channels:
            channel.dispose()

    def _forget_connection(self) -> None:
        """Let the next test on a lasting database reconnect; a shared database is replaced anyway."""
        if self._lasting:
            self._channel.dispose()

    def _opened(self) -> None:
        self._connected += 1

    def _adopted(self, channel: Channel, driver: RolledBackConnection) -> Operation[None]:
        driver.rolled_back.may_defer = self._deferrable
        driver.rolled_back.expect(self._effects, self._settings)
        if self._connection is not None and channel is self._channel:
            # The test has lost its connection; what it does on the next must be undone, too.
            yield from driver.rolled_back.enter("SELECT")
        else:
            channel.drivers.clear()
        channel.drivers.append(driver)

    def _enter(self) -> Sequence[int]:
        del self._channel.drivers[:-1]
        [driver] = self._channel.drivers
        if not self._count:
            driver.perform(self._remember(driver))
        # Another channel may have read them.
        driver.rolled_back.may_defer = self._deferrable
        driver.rolled_back.expect(self._effects, self._settings)
        [found] = driver.perform(driver.rolled_back.enter(_NUMBERS, self._count))
        return cast("Sequence[int]", found)

    def _undo(self, driver: RolledBackConnection) -> Any:
        """Undo the test on its connection, and set the session and the database back.

        Returns:
            The row of :attr:`_clean`; None if the test has left the transaction.
        """
        return driver.perform(driver.rolled_back.undo(driver.deallocate, *self._clean))

    def _renewed(self) -> tuple[RolledBackConnection, Any]:
        """Reset the database after a test that closed its connection, through that of the first channel.

        The test's own may be awaited in an event loop that is closed.
        """
        first = self._channels[0]
        if not first.drivers or first.drivers[-1].ended:
            first.dispose()
            first.engine.connect().close()
        driver = first.drivers[-1]
        driver.perform(driver.rolled_back.enter())
        return driver, self._undo(driver)

    def _visited(self, driver: RolledBackConnection, found: Any) -> bool:
        """Whether another connection was made, in PostgreSQL 14 whether it changed row counts."""
        if driver.version < SESSIONS_SINCE:
            return bool(self._counts.comparison(found[-1]))
        return bool(found[-1] > self._connected)

    def _made_settings(self, driver: RolledBackConnection, found: Any) -> bool:
        """Whether functions may have made settings that did not exist, which a rollback leaves defined."""
        if driver.version < SESSIONS_SINCE:
            return None in self._settings.values()
        return bool(found[-2])

    def _difference(self, driver: RolledBackConnection) -> str:
        """Return the row counts that another connection has changed; empty where they cannot be read."""
        try:
            [[found]] = driver.perform(driver.rolled_back.ask(f"SELECT {PATIENCE}", self._count))
        except Exception as error:
            if sqlstate(error) is None and not connection_ended(error):
                raise
            return ""
        drawn = self._counts.comparison(found)
        return drawn and f"\nIts rows had changed:\n{drawn}"

    def _remember(self, driver: RolledBackConnection) -> Operation[None]:
        """Read the positions of sequences, which no rollback restores, and compose the reset of the database."""
        [(oid, self._deferrable)] = yield Request((), _DATABASE, begins=True, texts=True)
        rows = yield Request((), SEQUENCES, texts=True)
        queries = [query for (query,) in rows]
        calls = []
        yield from self._read_functions()
        self._positions = " UNION ALL ".join(queries)
        if queries:
            rows = yield Request((), self._positions, texts=True)
            calls = [as_text(set_back((oid, last, called))) for oid, last, called in rows]
        if self._lasting and driver.version >= SESSIONS_SINCE:
            # The fixtures may have made other connections, as an application does.
            [[self._connected]] = yield Request((), f"SELECT {_SESSIONS.format(oid)}")
        yield END
        self._count = as_text(self._counts.query)
        done = [PATIENCE, _HASTE, _SETTING_BACK.format(", ".join(calls))]
        made = [
            as_text(sql.SQL("pg_catalog.current_setting({}, true) IS NOT NULL").format(sql.Literal(name)))
            for name, value in self._settings.items()
            if value is None
        ]
        session = [_LOCKS, " OR ".join(made) or "false"]
        if driver.version < SESSIONS_SINCE:
            self._clean = (f"SELECT {', '.join([*done, *session])}", f"SELECT {PATIENCE}", self._count)
        else:
            self._clean = (f"SELECT {', '.join([*done, *session, _SESSIONS.format(oid)])}",)

    def _read_functions(self) -> Operation[None]:
        """Read the effects of the schema's functions that end with a transaction."""
        rows = yield Request((), _BODIES, texts=True)
        bodies = [body for (body,) in rows]
        effects = reduce(or_, map(effects_of, bodies), NO_EFFECTS)
        if UNNAMED_LOCAL in effects.kinds:
            # A function computes the name of its setting: take all settings that the schema reads.
            rows = yield Request((), _READERS, texts=True)
            texts = [*bodies, *(text or "" for (text,) in rows)]
            effects |= Effects(local=frozenset(set().union(*map(settings_read, texts))))
        names = sorted(effects.local)
        if names:
            calls = sql.SQL(", ").join(
                sql.SQL("pg_catalog.current_setting({}, true)").format(sql.Literal(name)) for name in names
            )
            [values] = yield Request((), as_text(sql.SQL("SELECT {}").format(calls)), texts=True)
            self._settings = dict(zip(names, values, strict=True))
        self._effects = effects


def _close_lost(driver: RolledBackConnection) -> None:
    """Undo what a test has done on a connection that it has lost, where that is possible, and close the connection."""
    if driver.rolled_back.inside and not driver.ended:
        try:
            driver.perform(driver.rolled_back.undo())
        except Exception as error:
            # It stays unknown whether the test has left the transaction.
            if sqlstate(error) is None and not connection_ended(error):
                raise
    driver.drop()


def _savepoints(connection: Connection) -> list[str]:
    """Return the names of the savepoints that SQLAlchemy has set on a connection, the outermost first."""
    names = []
    nested: Any = connection.get_nested_transaction()
    while nested is not None:
        # Private to SQLAlchemy, which would roll back to them, or release them.
        names.append(str(nested._savepoint))
        nested = nested._previous_nested
    return names[::-1]


def close(closing: SupportsClose) -> None:
    """Close a SQLAlchemy connection of a test, or a session on one, even if the server has ended it."""
    try:
        closing.close()
    except Exception as error:
        if not connection_ended(error):
            raise


def shared_of(bound: Connection | Engine) -> SharedDatabase | None:
    """Return the shared database that an engine or a connection leads to; None for another."""
    found = bound.get_execution_options().get(_OPTION)
    return found if isinstance(found, SharedDatabase) else None


def put_off_rollbacks(connection: Connection) -> None:
    """Defer the remaining rollbacks on the connection of a finished test until the test is undone."""
    shared = shared_of(connection)
    if shared is not None:
        shared.put_off_rollbacks()


def _changed(spec: SeedSpec, last_test: str | None) -> Reason:
    after = f"after {last_test}, which worked on it last" if last_test else "though no test worked on it"
    return Reason(
        f"The shared database of {spec} has changed {after}:",
        "What a test commits through seeded_connection or seeded_session is undone; this was committed on "
        "another connection, or by a COMMIT in SQL. Let that test ask for seeded_db, seeded_engine or "
        "seeded_url, which give it a database of its own.",
    )
