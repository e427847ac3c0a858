"""One seeded database for many tests: each works inside a transaction that is rolled back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import psycopg2
from psycopg2 import sql
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import StaticPool

from pytest_supaseed.databases.testconnection import TestConnection
from pytest_supaseed.errors import CountError
from pytest_supaseed.spec import SeedSpec
from pytest_supaseed.writing.verify import ExpectedCounts

# PostgreSQL 14 tells only a while later who was connected.
SESSIONS_SINCE = 15_00_00

# Of SQLAlchemy, for whoever has a connection and wants the database.
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
# Of a sequence that has given a number it can be told cheaply where it is, and few tests take one.
_SET_BACK_IF = (
    f"CASE WHEN pg_catalog.pg_sequence_last_value({{oid}}) IS DISTINCT FROM {{last}} THEN {_SET_BACK} END"
)
# Another connection may hold locks; and to be set back, a sequence need not wait for the disk.
PATIENCE = "pg_catalog.set_config('lock_timeout', '2s', true)"
_HASTE = "pg_catalog.set_config('synchronous_commit', 'off', true)"
# What a rollback keeps, besides where the sequences are. It takes back settings, role, temporary tables, cursors
# and LISTEN.
_STATEMENTS = "DEALLOCATE ALL"
_LOCKS = "pg_catalog.pg_advisory_unlock_all()"
_NUMBERS = "DISCARD SEQUENCES"
# How many connections there have been. A new one tells before it is ready, autovacuum never.
_SESSIONS = "pg_catalog.pg_stat_get_db_sessions({})"
_LEFT = (
    "{} ended the transaction that was to be undone after it, by a COMMIT or ROLLBACK in SQL; the database was "
    "replaced. Use the methods commit() and rollback(), or ask for seeded_db, seeded_engine or seeded_url."
)
_VISITED = (
    "{} opened another connection to the shared database of its seed, which was replaced: what another connection "
    "commits is not undone, and it does not see what seeded_connection and seeded_session have done. Ask for "
    "seeded_engine, seeded_url or seeded_db, which give the test a database of its own."
)


class Ended(NamedTuple):
    """How a test has left its shared database.

    Attributes:
        clean: whether it is as it was; if not, it is to be replaced.
        warning: what the test did that it should not do, empty if nothing.
    """

    clean: bool
    warning: str = ""


class SharedDatabase:
    """A seeded database that one test after another works on.

    Args:
        name: of the database.
        url: of the database.
        counts: the rows that there should be whenever a test begins.

    Attributes:
        name: of the database.
        last_test: the id of the test that worked on it last, None if there was none.
    """

    def __init__(self, name: str, url: URL, counts: ExpectedCounts) -> None:
        self.name = name
        self.last_test: str | None = None
        self._counts = counts
        # One connection: whoever asks the engine for another shares the transaction.
        self._engine = create_engine(
            url,
            poolclass=StaticPool,
            connect_args={"connection_factory": self._connect},
            execution_options={_OPTION: self},
        )
        # Of the running test; it may have lost a driver's connection, and got another. The last is the engine's.
        self._connection: Connection | None = None
        self._drivers: list[TestConnection] = []
        # Our connections so far, ended ones included.
        self._connected = 0
        self._deferrable = False
        self._count = self._clean = ""

    @property
    def in_use(self) -> bool:
        """Whether a test works on it just now."""
        return self._connection is not None

    def begin(self, test: str, spec: SeedSpec) -> Connection:
        """Begin a test.

        Args:
            test: the test's id.
            spec: what it asks for, for the message.

        Returns:
            The connection that it works on.

        Raises:
            CountError: a table holds another number of rows than it should.
        """
        connection = self._engine.connect()
        try:
            found = self._enter()
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            # It was ended since the test before.
            connection.invalidate()
            connection.close()
            connection = self._engine.connect()
            found = self._enter()
        try:
            self._counts.check(found, lambda: _changed(spec, self.last_test))
        except CountError:
            connection.close()
            raise
        self._connection, self.last_test = connection, test
        return connection

    def end(self) -> Ended:
        """Take the database back to where it was before the test.

        Returns:
            Whether it is there, and what the test did if it is not.
        """
        connection, drivers = self._connection, list(self._drivers)
        assert connection is not None  # noqa: S101 for the type checker
        self._connection = None
        driver, found, disturbed = drivers[-1], None, False
        try:
            for lost in drivers[:-1]:
                lost.close()
            if not driver.closed:
                found = driver.undo(self._clean)
        except psycopg2.Error:
            # What another connection has locked or dropped cannot be set back.
            disturbed = not driver.closed
        if driver.closed:
            if not connection.closed:
                connection.invalidate()
            self._engine.dispose()
        connection.close()
        if any(each.left for each in drivers):
            return Ended(clean=False, warning=_LEFT.format(self.last_test))
        if not disturbed and not all(each.undone for each in drivers):
            # Nobody knows what was done on a connection that was lost.
            return Ended(clean=False)
        if not disturbed and found is None:
            driver, found = self._renewed()
        if disturbed or self._visited(driver, found):
            return Ended(clean=False, warning=_VISITED.format(self.last_test) + self._difference(driver))
        if driver.spoilt:
            self._engine.dispose()
        return Ended(clean=True)

    def put_off_rollbacks(self) -> None:
        """Let the rollbacks that are yet to come in this test wait for its end."""
        self._drivers[-1].lazy = True

    def close(self) -> None:
        """End the connection."""
        self._engine.dispose()

    def _connect(self, *args: Any, **kwargs: Any) -> TestConnection:
        driver = TestConnection(*args, **kwargs)
        self._connected += 1
        driver.may_defer = self._deferrable
        if self._connection is None:
            self._drivers.clear()
        else:
            # The test has lost its connection: what it does on the next is undone, too.
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
        """Connect again after a test that closed its connection."""
        self._engine.connect().close()
        driver = self._drivers[-1]
        driver.enter("SELECT")
        return driver, driver.undo(self._clean)

    def _visited(self, driver: TestConnection, found: Any) -> bool:
        """Whether anybody else was connected."""
        if driver.server_version < SESSIONS_SINCE:
            return bool(self._counts.comparison(found[-1]))
        return bool(found[-1] > self._connected)

    def _difference(self, driver: TestConnection) -> str:
        """What another connection has done to the counts, as far as it can be read."""
        try:
            [found] = driver.ask(f"SELECT {PATIENCE}; {self._count}")
        except psycopg2.Error:
            return ""
        drawn = self._counts.comparison(found)
        return drawn and f"\nIts rows had changed:\n{drawn}"

    def _remember(self, driver: TestConnection) -> None:
        """Read what no rollback brings back: where the sequences are."""
        with driver.cursor() as cursor:
            cursor.execute(_DATABASE)
            [(oid, driver.may_defer)] = cursor.fetchall()
            cursor.execute(_SEQUENCES)
            queries = [sql.SQL(query) for (query,) in cursor.fetchall()]
            calls = []
            if queries:
                cursor.execute(sql.SQL(" UNION ALL ").join(queries))
                calls = [_set_back(*row).as_string(driver) for row in cursor.fetchall()]
        driver.rollback()
        self._deferrable = driver.may_defer
        self._count = self._counts.query.as_string(driver)
        done = [PATIENCE, _HASTE, _LOCKS, f"ARRAY[{', '.join(calls)}]::bigint[]"]
        if driver.server_version < SESSIONS_SINCE:
            self._clean = f"{_STATEMENTS}; SELECT {', '.join(done)}; SELECT {PATIENCE}; {self._count}"
        else:
            self._clean = f"{_STATEMENTS}; SELECT {', '.join([*done, _SESSIONS.format(oid)])}"


def _set_back(oid: int, last: int, called: bool) -> sql.Composed:
    """An expression that sets a sequence back to where it was."""
    return sql.SQL(_SET_BACK_IF if called else _SET_BACK).format(
        oid=sql.Literal(oid), last=sql.Literal(last), called=sql.Literal(called)
    )


def put_off_rollbacks(connection: Connection) -> None:
    """Let the rollbacks that are yet to come on a connection wait for the end of its test.

    Args:
        connection: of a test that is over.
    """
    shared = connection.get_execution_options().get(_OPTION)
    if isinstance(shared, SharedDatabase):
        shared.put_off_rollbacks()


def _changed(spec: SeedSpec, last_test: str | None) -> str:
    after = f"after {last_test}, which worked on it last" if last_test else "though no test worked on it"
    return (
        f"The shared database of {spec} has changed {after}:\n"
        "What a test commits through seeded_connection or seeded_session is undone; this was committed on "
        "another connection, or by a COMMIT in SQL. Let that test ask for seeded_db, seeded_engine or "
        "seeded_url, which give it a database of its own."
    )
