"""The driver's connection of a test, on which nothing is ever committed, though the test may commit.

It is an ordinary connection to whoever uses it: it begins, commits and rolls back as always. What it commits is
a savepoint inside the transaction that the test does not see.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import TRANSACTION_STATUS_INERROR
from psycopg2.extensions import connection as psycopg2_connection
from psycopg2.extensions import cursor as psycopg2_cursor

from pytest_supaseed.reflection.exact import count_as_usual

_SAVEPOINT = "supaseed_test"
_ENTER = f"SAVEPOINT {_SAVEPOINT}"
_ROLL_BACK = f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}"
_COMMIT = f"RELEASE SAVEPOINT {_SAVEPOINT}; {_ENTER}"
_CHECK = "SET CONSTRAINTS ALL IMMEDIATE"
# The constraints are looked up anew: the test may have dropped some, or made others.
_DEFER = """
DO $$ DECLARE names text; BEGIN
    SELECT pg_catalog.string_agg(pg_catalog.format('%I.%I', n.nspname, c.conname), ', ') INTO names
    FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace WHERE c.condeferred;
    IF names IS NOT NULL THEN EXECUTE 'SET CONSTRAINTS ' || names || ' DEFERRED'; END IF;
END $$
"""
_LEFT = (psycopg2.errors.InvalidSavepointSpecification, psycopg2.errors.NoActiveSqlTransaction)

_MAYBE_LOCAL = re.compile(r"\bset\s+local\b|\bset_config\b", re.IGNORECASE)
_LOCAL = re.compile(
    r"\bset\s+local\s+(session\s+authorization|time\s+zone|\"?[\w.]+)"
    r"|\bset_config\s*\(\s*'([\w.]+)'\s*,(?:[^';]|'(?:[^']|'')*')*?,\s*true\s*\)",
    re.IGNORECASE,
)
# SQL has words of its own for some settings.
_SETTINGS = {
    "session authorization": "session_authorization",
    "time zone": "timezone",
    "schema": "search_path",
    "names": "client_encoding",
}


class TestCursor(psycopg2_cursor):  # type: ignore[misc] # the driver has no types
    """The driver's cursor of a test: it looks for SET LOCAL."""

    __test__ = False  # no test class of pytest's

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 the driver calls it so
        """Execute a statement."""
        self.connection.catch_up()
        if isinstance(query, sql.Composable) or (isinstance(query, str) and _MAYBE_LOCAL.search(query)):
            self.connection.remember_local(self.mogrify(query, vars).decode(errors="replace"))
        super().execute(query, vars)


class TestConnection(psycopg2_connection):  # type: ignore[misc] # the driver has no types
    """The driver's connection of a test, which can be taken back to where it began.

    Attributes:
        may_defer: whether the schema has constraints that may wait for a commit.
        left: whether the test has ended the transaction by a statement of its own.
        undone: whether all since :meth:`enter` is known to be undone.
        lazy: whether a rollback may wait for the next statement, which may never come.
        spoilt: whether it has settings that no rollback takes back, so that the next test gets another.
    """

    __test__ = False  # no test class of pytest's

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cursor_factory = TestCursor
        self.may_defer = False
        self.left = False
        self.undone = True
        self.lazy = False
        self.spoilt = False
        self._inside = False
        # The transaction has ended, and the driver does not know: to tell it takes another round trip.
        self._idle = False
        self._waiting = False
        self._local: dict[str, str | None] = {}

    def enter(self, query: str) -> Any:
        """Begin what is undone: from now on a commit is a savepoint.

        Args:
            query: what to read in the same round trip.

        Returns:
            The row that it gives.
        """
        begin = "BEGIN; " if self._idle else ""
        self._idle = False
        row = self._row(f"{begin}{_ENTER}; {query}")
        self._inside, self.left, self.undone, self.lazy, self._waiting = True, False, False, False, False
        self._local.clear()
        return row

    def undo(self, query: str = "SELECT") -> Any:
        """Undo all since :meth:`enter`, unless it was left, and go back to ordinary commits.

        Args:
            query: what to undo besides, and to read, in the same round trip.

        Returns:
            The row that it gives; None if the transaction was left.
        """
        row = None
        self._inside = self._waiting = False
        if not self.left:
            try:
                row = self._row(f"{_ROLL_BACK}; ROLLBACK; {query}")
            except _LEFT:
                self.left = True
            except psycopg2.Error:
                if not self.closed:
                    super().rollback()
                raise
        if self.left:
            super().rollback()
        self.undone = self._idle = not self.left
        return row

    def cursor(self, *args: Any, **kwargs: Any) -> Any:
        """Open a cursor."""
        self.catch_up()
        return super().cursor(*args, **kwargs)

    def catch_up(self) -> None:
        """Do the rollback that has waited, or tell the driver that there is no transaction."""
        if self._idle:
            self._idle = False
            super().rollback()
        elif self._waiting:
            self._waiting = False
            self._within(_ROLL_BACK)

    def ask(self, query: str) -> Any:
        """Read a row in a transaction of its own; not within a test.

        Args:
            query: which gives it.
        """
        try:
            return self._row(query)
        finally:
            super().rollback()

    def close(self) -> None:
        """Close the connection, and find out beforehand whether the test has left the transaction."""
        if self._inside and not self.closed:
            # Where that fails, whether it was left stays unknown.
            with suppress(psycopg2.Error):
                self.undo()
        super().close()

    def commit(self) -> None:
        """Commit, as far as the test can see."""
        self.catch_up()
        if not self._inside:
            super().commit()
        elif self.get_transaction_status() == TRANSACTION_STATUS_INERROR:
            # PostgreSQL, too, takes the COMMIT of a transaction that has failed for a ROLLBACK.
            self.rollback()
        else:
            statements = [*self._end_of_local(), _COMMIT]
            if self.may_defer:
                statements = [_CHECK, *statements, _DEFER]
            try:
                self._within("; ".join(statements))
            except psycopg2.Error:
                if not self.closed:
                    self.rollback()
                raise
            self._local.clear()

    def rollback(self) -> None:
        """Roll back to the test's last commit."""
        if self._inside:
            self._local.clear()
            self._waiting = self.lazy
            if not self.lazy:
                self._within(_ROLL_BACK)
        elif not self._idle:
            super().rollback()

    def _within(self, statement: str) -> None:
        """Run a statement that needs our savepoint, and find out when the test has left it."""
        try:
            self._run(statement)
        except _LEFT:
            self.left = True
            super().rollback()
            self._run(_ENTER)

    def remember_local(self, statement: str) -> None:
        """Remember what a statement sets until the transaction ends, and what it was before.

        Args:
            statement: which is about to be executed; it may set nothing.
        """
        if not self._inside or self.get_transaction_status() == TRANSACTION_STATUS_INERROR:
            return
        for words, called in _LOCAL.findall(statement):
            name = " ".join((called or words).lower().strip('"').split())
            name = _SETTINGS.get(name, name)
            # What SET TRANSACTION sets cannot be set back before the transaction ends.
            if name not in self._local and not name.startswith("transaction_"):
                query = sql.SQL("SELECT pg_catalog.current_setting({}, true)").format(sql.Literal(name))
                [self._local[name]] = self._row(query.as_string(self))

    def _end_of_local(self) -> list[str]:
        """Statements that end what was set for the transaction."""
        # A setting that nobody had made is empty after the transaction in which somebody did.
        return [
            sql.SQL("SELECT pg_catalog.set_config({}, {}, true)")
            .format(sql.Literal(name), sql.Literal(value or ""))
            .as_string(self)
            for name, value in self._local.items()
        ]

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
        with self.cursor(cursor_factory=psycopg2_cursor) as cursor:
            cursor.execute(statement)

    def _row(self, statement: str) -> Any:
        with self.cursor(cursor_factory=psycopg2_cursor) as cursor:
            count_as_usual(cursor)
            cursor.execute(statement)
            return cursor.fetchone()
