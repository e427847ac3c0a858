"""One seeded database for many tests: each works inside a transaction that is rolled back.

The test's connection is an ordinary one to whoever uses it: it begins, commits and rolls back as always. What
it commits is a savepoint inside the transaction that the test does not see.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import TRANSACTION_STATUS_INERROR
from psycopg2.extensions import connection as psycopg2_connection
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import StaticPool

from pytest_supaseed.read import fetch

_SAVEPOINT = "supaseed_test"
_ROLL_BACK = f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}"
_COMMIT = f"RELEASE SAVEPOINT {_SAVEPOINT}; SAVEPOINT {_SAVEPOINT}"

_DEFERRED = """
SELECT format('%I.%I', n.nspname, c.conname)
FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE c.condeferred
"""
_SEQUENCES = """
SELECT format('SELECT %s::bigint, last_value, is_called FROM %I.%I', c.oid, n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'S' AND c.relpersistence <> 't'
"""


class TestConnection(psycopg2_connection):  # type: ignore[misc] # the driver has no types
    """The driver's connection of a test, which can be taken back to where it began.

    Attributes:
        deferred: quoted names of the constraints that are checked at a commit.
        left: whether the test has ended the transaction by a statement of its own.
    """

    __test__ = False  # no test class of pytest's

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deferred: Sequence[str] = ()
        self.left = False
        self._inside = False

    def enter(self) -> None:
        """Begin what is undone: from now on a commit is a savepoint."""
        self._run(f"SAVEPOINT {_SAVEPOINT}")
        self._inside, self.left = True, False

    def undo(self) -> None:
        """Undo all since :meth:`enter`, unless it was left, and go back to ordinary commits."""
        if self._inside:
            self.rollback()
        self._inside = False
        super().rollback()

    def commit(self) -> None:
        """Commit, as far as the test can see."""
        if not self._inside:
            super().commit()
        elif self.info.transaction_status == TRANSACTION_STATUS_INERROR:
            # PostgreSQL, too, takes the COMMIT of a transaction that has failed for a ROLLBACK.
            self.rollback()
        else:
            if self.deferred:
                self._check_deferred()
            self._within(_COMMIT)
            if self.deferred:
                self._run(f"SET CONSTRAINTS {', '.join(self.deferred)} DEFERRED")

    def rollback(self) -> None:
        """Roll back to the test's last commit."""
        if self._inside:
            self._within(_ROLL_BACK)
        else:
            super().rollback()

    def _check_deferred(self) -> None:
        try:
            self._run("SET CONSTRAINTS ALL IMMEDIATE")
        except psycopg2.Error:
            self.rollback()
            raise

    def _within(self, statement: str) -> None:
        """Run a statement that needs our savepoint, and find out when the test has left it."""
        try:
            self._run(statement)
        except (psycopg2.errors.InvalidSavepointSpecification, psycopg2.errors.NoActiveSqlTransaction):
            self.left = True
            super().rollback()
            self._run(f"SAVEPOINT {_SAVEPOINT}")

    @property
    def autocommit(self) -> bool:
        """Whether each statement is a transaction: not within a test."""
        return bool(super().autocommit)

    @autocommit.setter
    def autocommit(self, value: bool) -> None:
        if value:
            self._refuse("has no AUTOCOMMIT")
        psycopg2_connection.autocommit.__set__(self, value)

    def set_isolation_level(self, level: Any) -> None:
        """Set the isolation level: not within a test, whose transaction has begun."""
        self._refuse("has no AUTOCOMMIT" if level == 0 else "keeps its isolation level")
        super().set_isolation_level(level)

    def _refuse(self, what: str) -> None:
        if self._inside:
            raise psycopg2.ProgrammingError(
                f"this connection works inside a transaction that is rolled back after the test, so it {what}: let "
                "the test ask for seeded_engine or seeded_url, which have a database of their own"
            )

    def _run(self, statement: str) -> None:
        with self.cursor(cursor_factory=psycopg2.extensions.cursor) as cursor:
            cursor.execute(statement)


class SharedDatabase:
    """A seeded database that one test after another works on.

    Args:
        name: of the database.
        url: of the database.

    Attributes:
        name: of the database.
        last_test: the id of the test that worked on it last, None if there was none.
    """

    def __init__(self, name: str, url: URL) -> None:
        self.name = name
        self.last_test: str | None = None
        # One connection: whoever asks the engine for another shares the transaction.
        self._engine = create_engine(
            url, poolclass=StaticPool, connect_args={"connection_factory": TestConnection}
        )
        self._sequences: str | None = None
        self._deferred: tuple[str, ...] = ()

    def connect(self) -> Connection:
        """Return a connection that can be read from before :meth:`begin` hands it to a test."""
        connection = self._engine.connect()
        if self._sequences is None:
            self._remember(connection)
        return connection

    def begin(self, connection: Connection, test: str) -> TestConnection:
        """Hand a connection to a test.

        Args:
            connection: what :meth:`connect` returned.
            test: the test's id.

        Returns:
            What :meth:`end` needs.
        """
        driver = _driver(connection)
        driver.deferred = self._deferred
        driver.enter()
        self.last_test = test
        return driver

    def end(self, connection: Connection, driver: TestConnection) -> bool:
        """Take the database back to where it was before the test.

        Args:
            connection: what the test was handed; it may have been closed.
            driver: what :meth:`begin` returned.

        Returns:
            Whether it is as it was; if not, it is to be dropped.
        """
        try:
            driver.undo()
        except psycopg2.Error:
            # It is closed, or was ended, and then PostgreSQL has rolled back.
            if not connection.closed:
                connection.invalidate()
            self._engine.dispose()
        connection.close()
        if not driver.left:
            with self._engine.connect() as fresh:
                self._reset(_driver(fresh))
        return not driver.left

    def close(self) -> None:
        """End the connection."""
        self._engine.dispose()

    def _remember(self, connection: Connection) -> None:
        """Read what no rollback brings back: where the sequences are."""
        self._deferred = tuple(name for (name,) in fetch(connection, sql.SQL(_DEFERRED)))
        queries = [sql.SQL(query) for (query,) in fetch(connection, sql.SQL(_SEQUENCES))]
        found = fetch(connection, sql.SQL(" UNION ALL ").join(queries)) if queries else []
        driver = _driver(connection)
        calls = [
            sql.SQL("setval({}::oid::regclass, {}, {})").format(*map(sql.Literal, row)).as_string(driver)
            for row in found
        ]
        self._sequences = f"SELECT {', '.join(calls)}" if calls else ""

    def _reset(self, driver: TestConnection) -> None:
        driver.rollback()
        driver.autocommit = True
        try:
            with driver.cursor() as cursor:
                if self._sequences:
                    cursor.execute(self._sequences)
                # Settings, prepared statements, temporary tables, advisory locks, LISTEN.
                cursor.execute("DISCARD ALL")
        finally:
            driver.autocommit = False


def _driver(connection: Connection) -> TestConnection:
    found = connection.connection.driver_connection
    assert isinstance(found, TestConnection)  # noqa: S101 for the type checker
    return found
