"""Test isolation by rollback: a seeded database on which tests work in turn, each in a transaction that is undone.

:meth:`SharedDatabase.begin` checks the row counts and returns the test's connection, whose driver connection is a
:class:`TestConnection`. :meth:`SharedDatabase.end` rolls back, resets what a rollback does not undo, and returns an
:class:`EndState`, which says whether the database is as it was.

:func:`held_open` tells which backends belong to connections that this process still has open: PostgreSQL lists a
backend until it has ended, on a busy machine long after its client has closed the connection.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import reduce
from operator import or_
from typing import Any, NamedTuple, Protocol, cast

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import TRANSACTION_STATUS_INERROR, TRANSACTION_STATUS_INTRANS
from sqlalchemy import URL, Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from pytest_supaseed import connecting
from pytest_supaseed.errors import CountError
from pytest_supaseed.model.schema import TableName
from pytest_supaseed.postgres.databases.maintenance import ATTEMPTS, connection_ended, ends_again, is_broken
from pytest_supaseed.postgres.databases.testconnection import (
    NO_EFFECTS,
    UNNAMED_LOCAL,
    Effects,
    TestConnection,
    effects_of,
    settings_read,
)
from pytest_supaseed.reflection.queries import read_as_usual
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
_SEQUENCES = """
SELECT format('SELECT %s::bigint, last_value, is_called FROM %I.%I', c.oid, n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'S' AND c.relpersistence <> 't'
"""
_SET_BACK = "pg_catalog.setval({oid}::oid::regclass, {last}, {called})"
# For a sequence that was used before the test, it is cheap to see whether the test used it; few tests do.
_SET_BACK_IF = (
    f"CASE WHEN pg_catalog.pg_sequence_last_value({{oid}}) IS DISTINCT FROM {{last}} THEN {_SET_BACK} END"
)
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
# LISTEN.
_STATEMENTS = "DEALLOCATE ALL"
_LOCKS = "pg_catalog.pg_advisory_unlock_all()"
_NUMBERS = "DISCARD SEQUENCES"
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
# Another connection has locked or dropped what is to be reset.
_DISTURBED = (
    psycopg2.errors.LockNotAvailable,
    psycopg2.errors.UndefinedTable,
    psycopg2.errors.UndefinedObject,
    psycopg2.errors.InternalError_,
)
_DIFFERS = (
    "{} has committed, which is a savepoint on seeded_connection and seeded_session, and differs from a real commit: "
    "{}. Ask for seeded_db, seeded_engine or seeded_url, whose commits are real; docs/isolation.md lists what differs."
)
# What a database holds that is kept.
_AT_FAILURE = "as it was when the test failed"
_AT_LAST_COMMIT = "as at the test's last commit, or as seeded if there was none: {}"
_NOT_KEPT = " (without objects that were not flushed, and temporary tables)"
_AS_SEEDED = "as seeded: {}"
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
        kept: whether what the test has done was committed, for the database to be kept.
    """

    clean: bool
    warning: str = ""
    differs: str = ""
    kept: bool = False


class SharedDatabase:
    """A seeded database that one test after another works on.

    Args:
        counts: the row counts expected whenever a test begins.
        lasting: whether fixtures work on it, too. Their changes stay until it is dropped, so it is not replaced.

    Attributes:
        name: of the database.
        last_test: the id of the test that worked on it last; None where there was none.
    """

    def __init__(
        self,
        name: str,
        address: connecting.Address,
        counts: ExpectedCounts,
        *,
        lasting: bool = False,
    ) -> None:
        self.name = name
        self._revive = address.revive
        self.last_test: str | None = None
        self._counts = counts
        self._lasting = lasting
        # One connection: all users of the engine share its transaction. If counts are read while fixtures have it open,
        # returning it must not roll back their uncommitted changes.
        self._engine = connecting.engine(
            address.url,
            address.environment,
            poolclass=StaticPool,
            pool_reset_on_return=None if lasting else "rollback",
            connect_args={"connection_factory": self._connect},
            execution_options={_OPTION: self},
        )
        # Of the running test, which may lose a driver connection and get another; the last is the engine's.
        self._connection: Connection | None = None
        self._drivers: list[TestConnection] = []
        # The number of connections made here so far.
        self._connected = 0
        self._deferrable = False
        # Effects of the schema's functions that end with a transaction, and the settings they make, as they are outside
        # of it.
        self._effects = NO_EFFECTS
        self._settings: dict[str, str | None] = {}
        self._count = self._clean = ""
        self._kept = False

    @property
    def engine(self) -> Engine:
        """The engine, which has one connection; outside of tests its commits stay."""
        return self._engine

    @property
    def url(self) -> URL:
        """The URL of the database."""
        return self._engine.url

    @property
    def expected(self) -> Mapping[TableName, int]:
        """The row counts expected whenever a test begins."""
        return self._counts.expected

    @property
    def in_use(self) -> bool:
        """Whether a test is working on it."""
        return self._connection is not None

    def begin(self, test: str, spec: SeedSpec) -> Connection:
        """Begin a test, and return the connection that it works on.

        Args:
            test: the test's id.
            spec: for the message.

        Raises:
            CountError: a table holds another number of rows than it should.
            ServerError: the server is no longer there, or ends connections as soon as they are made.
        """
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
            psycopg2.Error: PostgreSQL refuses to commit what the fixtures have done.
        """
        if moved:
            self._count = ""
        for driver in self._drivers:
            self._commit_fixtures(driver)
        return self._begin(test, reason, accept=accept)

    def _commit_fixtures(self, driver: TestConnection) -> None:
        """Commit what fixtures have left uncommitted."""
        if driver.closed:
            return
        status = driver.get_transaction_status()
        if status == TRANSACTION_STATUS_INERROR:
            driver.rollback()
        elif status == TRANSACTION_STATUS_INTRANS:
            driver.commit()
        if driver.autocommit:
            driver.autocommit = False

    def pause(self) -> bool:
        """Leave the transaction of the running test for a while, unless the test has written in it.

        Returns:
            Whether it was left: then commits stay, until :meth:`resume` begins the transaction again.
        """
        driver = self._drivers[-1]
        if driver.closed or driver.get_transaction_status() != TRANSACTION_STATUS_INTRANS:
            return False
        with driver.cursor() as cursor:
            cursor.execute("SELECT pg_catalog.pg_current_xact_id_if_assigned() IS NULL")
            [[unchanged]] = cursor.fetchall()
        if unchanged:
            driver.undo()
        return bool(unchanged) and not driver.left

    def resume(self) -> None:
        """Begin the transaction of the running test again; the present row counts become the expected ones."""
        self._count = ""
        for driver in self._drivers:
            self._commit_fixtures(driver)
        self._counts = self._counts.taken(self._enter())

    def _begin(self, test: str, reason: Callable[[], Reason], *, accept: bool = False) -> Connection:
        for attempt in range(ATTEMPTS):
            try:
                if attempt:
                    # The connection has ended since the last test.
                    self._revive()
                connection, found = self._entered()
                break
            except (psycopg2.Error, DBAPIError) as error:
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
                self._drivers[-1].undo()
            connection.close()
            raise
        self._connection, self.last_test = connection, test
        return connection

    def _entered(self) -> tuple[Connection, Sequence[int]]:
        connection = self._engine.connect()
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
        if self._kept:
            return self._end_kept()
        try:
            end_state = self._end_state()
        except (psycopg2.Error, DBAPIError) as error:
            if not connection_ended(error):
                raise
            self._engine.dispose()
            return EndState(clean=False)
        differences = {each: None for driver in self._drivers for each in driver.differences}
        if not differences:
            return end_state
        return end_state._replace(differs=_DIFFERS.format(self.last_test, "; ".join(differences)))

    def _end_kept(self) -> EndState:
        connection = self._connection
        assert connection is not None  # noqa: S101 for the type checker
        self._connection = None
        for driver in self._drivers:
            driver.close()
        if not connection.closed:
            connection.invalidate()
        connection.close()
        self._engine.dispose()
        return EndState(clean=False, kept=True)

    def _end_state(self) -> EndState:
        connection, drivers = self._connection, list(self._drivers)
        assert connection is not None  # noqa: S101 for the type checker
        self._connection = None
        driver, found, disturbed, refused = drivers[-1], None, False, ""
        try:
            for lost in drivers[:-1]:
                lost.close()
            if not driver.closed:
                found = driver.undo(self._clean)
        except psycopg2.Error as error:
            if is_broken(driver, error):
                driver.close()
            # What another connection has locked or dropped cannot be reset.
            disturbed = not driver.closed and isinstance(error, _DISTURBED)
            if not driver.closed and not disturbed:
                refused = str(error).strip()
        if driver.closed:
            if not connection.closed:
                connection.invalidate()
            self._engine.dispose()
        connection.close()
        left, visited, not_set_back = _STAYS if self._lasting else _REPLACED
        if any(each.left for each in drivers):
            self._forget_connection()
            return EndState(clean=False, warning=_LEFT.format(self.last_test, left))
        if refused:
            self._forget_connection()
            return EndState(clean=False, warning=not_set_back.format(self.last_test, refused))
        if not disturbed and not all(each.undone for each in drivers):
            # It is unknown what was done on a lost connection.
            self._forget_connection()
            return EndState(clean=False)
        if not disturbed and found is None:
            driver, found = self._renewed()
        if disturbed or self._visited(driver, found):
            warning = _VISITED.format(self.last_test, visited) + self._difference(driver)
            if found is not None and driver.server_version >= SESSIONS_SINCE:
                # The next test on a lasting database is not to be blamed for this.
                self._connected = found[-1]
            self._forget_connection()
            return EndState(clean=False, warning=warning)
        if driver.spoilt or self._made_settings(driver, found):
            self._engine.dispose()
        return EndState(clean=True)

    def keep(self) -> str:
        """Commit what the running test has done, for this database to be kept; what it does from now on is undone.

        Only the connection goes on as before: this database cannot serve another test.

        Returns:
            In words, what the database holds from now on.
        """
        assert self._connection is not None  # noqa: S101 for the type checker
        self._kept = True
        driver = self._drivers[-1]
        if driver.closed:
            return _AS_SEEDED.format("the test had closed its connection")
        try:
            reason = driver.keep(*_savepoints(self._connection))
        except psycopg2.Error as error:
            return _AS_SEEDED.format(str(error).strip().partition("\n")[0])
        return (_AT_LAST_COMMIT.format(reason) if reason else _AT_FAILURE) + _NOT_KEPT

    def put_off_rollbacks(self) -> None:
        """Defer the remaining rollbacks of this test to its end."""
        self._drivers[-1].lazy = True

    def close(self) -> None:
        """End the connection."""
        self._engine.dispose()

    def _forget_connection(self) -> None:
        """Let the next test on a lasting database reconnect; a shared database is replaced anyway."""
        if self._lasting:
            self._engine.dispose()

    def _connect(self, *args: Any, **kwargs: Any) -> TestConnection:
        # Counted first: the server counts a connection that it accepts, even if the driver then gives up.
        self._connected += 1
        driver = TestConnection(*args, **kwargs)
        driver.may_defer = self._deferrable
        driver.expect(self._effects, self._settings)
        if self._connection is None:
            self._drivers.clear()
        else:
            # The test has lost its connection; what it does on the next must be undone, too.
            driver.enter("SELECT")
        self._drivers.append(driver)
        return driver

    def _enter(self) -> Sequence[int]:
        del self._drivers[:-1]
        [driver] = self._drivers
        if not self._count:
            self._remember(driver)
        [found] = driver.enter(f"{_NUMBERS}; {self._count}")
        return cast("Sequence[int]", found)

    def _renewed(self) -> tuple[TestConnection, Any]:
        """Reconnect after a test that closed its connection, and reset the database."""
        self._engine.connect().close()
        driver = self._drivers[-1]
        driver.enter("SELECT")
        return driver, driver.undo(self._clean)

    def _visited(self, driver: TestConnection, found: Any) -> bool:
        """Whether another connection was made, in PostgreSQL 14 whether it changed row counts."""
        if driver.server_version < SESSIONS_SINCE:
            return bool(self._counts.comparison(found[-1]))
        return bool(found[-1] > self._connected)

    def _made_settings(self, driver: TestConnection, found: Any) -> bool:
        """Whether functions may have made settings that did not exist, which a rollback leaves defined."""
        if driver.server_version < SESSIONS_SINCE:
            return None in self._settings.values()
        return bool(found[-2])

    def _difference(self, driver: TestConnection) -> str:
        """Return the row counts that another connection has changed; empty where they cannot be read."""
        try:
            [found] = driver.ask(f"SELECT {PATIENCE}; {self._count}")
        except psycopg2.Error:
            return ""
        drawn = self._counts.comparison(found)
        return drawn and f"\nIts rows had changed:\n{drawn}"

    def _remember(self, driver: TestConnection) -> None:
        """Read the positions of sequences, which no rollback restores, and compose the reset of the database."""
        with driver.cursor() as cursor:
            read_as_usual(cursor)
            cursor.execute(_DATABASE)
            [(oid, driver.may_defer)] = cursor.fetchall()
            cursor.execute(_SEQUENCES)
            queries = [sql.SQL(query) for (query,) in cursor.fetchall()]
            calls = []
            self._read_functions(cursor)
            if queries:
                cursor.execute(sql.SQL(" UNION ALL ").join(queries))
                calls = [_set_back(*row).as_string(driver) for row in cursor.fetchall()]
            if self._lasting and driver.server_version >= SESSIONS_SINCE:
                # The fixtures may have made other connections, as an application does.
                cursor.execute(f"SELECT {_SESSIONS.format(oid)}")
                [[self._connected]] = cursor.fetchall()
        driver.rollback()
        driver.expect(self._effects, self._settings)
        self._deferrable = driver.may_defer
        self._count = self._counts.query.as_string(driver)
        done = [PATIENCE, _HASTE, _LOCKS, f"ARRAY[{', '.join(calls)}]::bigint[]"]
        if driver.server_version < SESSIONS_SINCE:
            self._clean = f"{_STATEMENTS}; SELECT {', '.join(done)}; SELECT {PATIENCE}; {self._count}"
        else:
            made = [
                sql.SQL("pg_catalog.current_setting({}, true) IS NOT NULL")
                .format(sql.Literal(name))
                .as_string(driver)
                for name, value in self._settings.items()
                if value is None
            ]
            any_made = " OR ".join(made) or "false"
            self._clean = f"{_STATEMENTS}; SELECT {', '.join([*done, any_made, _SESSIONS.format(oid)])}"

    def _read_functions(self, cursor: Any) -> None:
        """Read the effects of the schema's functions that end with a transaction."""
        cursor.execute(_BODIES)
        bodies = [body for (body,) in cursor.fetchall()]
        effects = reduce(or_, map(effects_of, bodies), NO_EFFECTS)
        if UNNAMED_LOCAL in effects.kinds:
            # A function computes the name of its setting: take all settings that the schema reads.
            cursor.execute(_READERS)
            texts = [*bodies, *(text or "" for (text,) in cursor.fetchall())]
            effects |= Effects(local=frozenset(set().union(*map(settings_read, texts))))
        names = sorted(effects.local)
        if names:
            calls = sql.SQL(", ").join(
                sql.SQL("pg_catalog.current_setting({}, true)").format(sql.Literal(name)) for name in names
            )
            cursor.execute(sql.SQL("SELECT {}").format(calls))
            self._settings = dict(zip(names, cursor.fetchone(), strict=True))
        self._effects = effects


def _set_back(oid: int, last: int, called: bool) -> sql.Composed:
    """Return an expression that resets a sequence."""
    return sql.SQL(_SET_BACK_IF if called else _SET_BACK).format(
        oid=sql.Literal(oid), last=sql.Literal(last), called=sql.Literal(called)
    )


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
    except (psycopg2.Error, DBAPIError) as error:
        if not connection_ended(error):
            raise


def put_off_rollbacks(connection: Connection) -> None:
    """Defer the remaining rollbacks on the connection of a finished test until the test is undone."""
    shared = connection.get_execution_options().get(_OPTION)
    if isinstance(shared, SharedDatabase):
        shared.put_off_rollbacks()


def _changed(spec: SeedSpec, last_test: str | None) -> Reason:
    after = f"after {last_test}, which worked on it last" if last_test else "though no test worked on it"
    return Reason(
        f"The shared database of {spec} has changed {after}:",
        "What a test commits through seeded_connection or seeded_session is undone; this was committed on "
        "another connection, or by a COMMIT in SQL. Let that test ask for seeded_db, seeded_engine or "
        "seeded_url, which give it a database of its own.",
    )
