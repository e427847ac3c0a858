"""A seeded database on which tests work in turn through connections of their own, and which they roll back themselves.

So do the tests of a framework that has its own rollback, such as Django's ``TestCase``. :class:`VisitedDatabase`
compares the row counts before each of them and sets back the positions of sequences, which no rollback does. Within a
transaction that a framework keeps open for several tests, a :class:`Checkpoint` does the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pytest_supaseed.model.schema import TableName
from pytest_supaseed.postgres.databases.sequences import read_positions, set_back
from pytest_supaseed.reflection.queries import as_text, count_as_usual
from pytest_supaseed.session.seeded import SeededDatabase
from pytest_supaseed.writing.counts import Reason, check_counts, counting_query

# Executes a query on a connection of the framework, in its transaction, and returns its rows.
Execute = Callable[[str], Sequence[Sequence[Any]]]
_ADVICE = (
    "What a test does in the transaction of its framework is undone; this was committed, by another thread or "
    "process, or in SQL. Give that test a database of its own: {}."
)


class VisitedDatabase:
    """A seeded database on which tests work in turn.

    Args:
        database: which this object has for itself.
        own: how a test gets a database of its own, for messages.

    Attributes:
        last_test: the test that worked on it last; None where there was none.
    """

    def __init__(self, database: SeededDatabase, own: str) -> None:
        self.database = database
        self.last_test: str | None = None
        self._own = own
        self._set_back = ""
        with database.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            self._count = as_text(counting_query(database.schema.countable))
            with driver.cursor() as cursor:
                count_as_usual(cursor)
                calls = [as_text(set_back(position)) for position in read_positions(cursor)]
            driver.rollback()
        self._set_back = f"SELECT {', '.join(calls)}" if calls else ""

    @property
    def name(self) -> str:
        """The name of the database."""
        return str(self.database.url.database)

    def begin(self, test: str) -> None:
        """Set back the sequences, and compare the row counts with those of the seed, before a test.

        Args:
            test: its id.

        Raises:
            CountError: a table holds another number of rows.
        """
        query = f"{self._set_back}; {self._count}" if self._set_back and self.last_test else self._count
        connection = self.database.engine.raw_connection()
        try:
            driver: Any = connection.driver_connection
            # One round trip, without those of a transaction.
            driver.autocommit = True
            with driver.cursor() as cursor:
                count_as_usual(cursor)
                cursor.execute(query)
                [[counts]] = cursor.fetchall()
        finally:
            connection.close()
        self._check(self.database.expected, counts, f"The shared database of {self.database.spec}")
        self.last_test = test

    def checkpoint(self, execute: Execute, test: str) -> Checkpoint:
        """Return the state within a transaction that several tests share, as it is now.

        Args:
            execute: executes a query in that transaction.
            test: the id of the first test.
        """
        [[counts]] = execute(self._count)
        calls = [as_text(set_back(position)) for position in read_positions(_Executing(execute))]
        again = f"SELECT {', '.join(calls)}" if calls else ""
        expected = {
            table.name: count for table, count in zip(self.database.schema.countable, counts, strict=True)
        }
        return Checkpoint(self, expected, again, test)

    def check(self, expected: Mapping[TableName, int], execute: Execute, what: str) -> None:
        """Compare the row counts that a transaction sees with expected ones.

        Args:
            expected: the counts.
            execute: executes a query in the transaction.
            what: whose counts they are, for the message.

        Raises:
            CountError: a table holds another number of rows.
        """
        [[counts]] = execute(self._count)
        self._check(expected, counts, what)

    def _check(self, expected: Mapping[TableName, int], counts: Sequence[int], what: str) -> None:
        tables = self.database.schema.countable
        found = {table.name: count for table, count in zip(tables, counts, strict=True)}
        after = (
            f"after {self.last_test}, which worked on it last"
            if self.last_test
            else "though no test worked on it"
        )
        reason = Reason(f"{what} has changed {after}:", _ADVICE.format(self._own))
        check_counts(self.database.schema, {name: expected[name] for name in found}, found, reason)


class Checkpoint:
    """The rows and the positions of sequences that each test of several in one transaction is to find.

    Args:
        visited: the database.
        expected: the row counts.
        again: the query that sets the sequences back; empty for none.
        test: the id of the test that runs first.
    """

    def __init__(
        self, visited: VisitedDatabase, expected: Mapping[TableName, int], again: str, test: str
    ) -> None:
        self._visited = visited
        self._expected = expected
        self._again = again
        self._visited.last_test = test

    def begin(self, execute: Execute, test: str, what: str) -> None:
        """Set back the sequences and compare the row counts, before the next test.

        Args:
            execute: executes a query in the transaction.
            test: the id of the test.
            what: whose counts they are, for the message.

        Raises:
            CountError: a table holds another number of rows.
        """
        if self._again:
            execute(self._again)
        self._visited.check(self._expected, execute, what)
        self._visited.last_test = test


class _Executing:
    """A cursor, as far as reading needs one, of a function that executes queries."""

    def __init__(self, execute: Execute) -> None:
        self._execute = execute
        self._rows: Sequence[Sequence[Any]] = ()

    def execute(self, query: str) -> None:
        self._rows = self._execute(query)

    def fetchall(self) -> Sequence[Sequence[Any]]:
        return self._rows
