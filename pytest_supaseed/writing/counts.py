"""Row counts of tables, read and compared with the expected ones.

The words beside the table of differences come from who compares: pipeline after a seed, session.seeded before a test,
postgres.databases.isolation after one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.errors import CountError
from pytest_supaseed.model.schema import Schema, Table, TableName
from pytest_supaseed.reflection.queries import integers, own_rows, relation


def counting_query(tables: Sequence[Table], *, own: bool = False) -> sql.Composable:
    """Return a query whose only value is an array of the tables' row counts, in their order.

    Args:
        own: whether only a table's own rows count, and not those of tables that inherit from it. The rows of a
            partitioned table are those of its partitions.
    """
    counts = [
        sql.SQL("(SELECT count(*) FROM {})").format(own_rows(table) if own else relation(table.name))
        for table in tables
    ]
    return sql.SQL("SELECT ARRAY[{}]::bigint[]").format(sql.SQL(", ").join(counts))


# Of more tables, those without any file blocks are left out first: the planner takes its time for each of the others.
_FEW = 8
_WITHOUT_ROWS = """
SELECT coalesce(array_agg(t.number), ARRAY[]::bigint[])
FROM unnest({}::text[], {}::text[]) WITH ORDINALITY AS t (schema, name, number)
JOIN pg_namespace n ON n.nspname = t.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = t.name
JOIN pg_am a ON a.oid = c.relam
WHERE c.relkind = 'r' AND NOT c.relhassubclass AND a.amname = 'heap' AND pg_relation_size(c.oid) = 0
"""


def row_counts(connection: Connection, tables: Sequence[Table], *, own: bool = False) -> dict[TableName, int]:
    """Count the rows of tables.

    Args:
        own: whether only a table's own rows count, and not those of tables that inherit from it.
    """
    cursor = connection.connection.cursor()
    try:
        empty = _without_rows(cursor, tables) if len(tables) > _FEW else frozenset()
        others = [table for table in tables if table.name not in empty]
        counts = integers(cursor, counting_query(others, own=own)) if others else []
    finally:
        cursor.close()
    found = {table.name: count for table, count in zip(others, counts, strict=True)}
    return {table.name: found.get(table.name, 0) for table in tables}


def _without_rows(cursor: Any, tables: Sequence[Table]) -> frozenset[TableName]:
    """Return the tables whose files are empty, as those are that no row has been written to."""
    schemas, names = [table.name.schema for table in tables], [table.name.name for table in tables]
    query = sql.SQL(_WITHOUT_ROWS).format(sql.Literal(schemas), sql.Literal(names))
    return frozenset(tables[number - 1].name for number in integers(cursor, query))


def comparison(schema: Schema, expected: Mapping[TableName, int], actual: Mapping[TableName, int]) -> str:
    """Render the table of expected and actual counts, with a mark at those that differ.

    Returns:
        Lines for each table that has rows or should have some; empty if no count differs.
    """
    if all(actual.get(name) == count for name, count in expected.items()):
        return ""
    shown = [name for name, count in expected.items() if count or actual.get(name)]
    width = max(len("table"), *(len(schema.table(name).label) for name in shown))
    lines = [f"  {'table':<{width}}  expected  actual"]
    for name in shown:
        mark = "" if expected[name] == actual.get(name) else "  <--"
        lines.append(
            f"  {schema.table(name).label:<{width}}  {expected[name]:>8}  {actual.get(name, 0):>6}{mark}"
        )
    return "\n".join(lines)


class Reason(NamedTuple):
    """What stands around the table of counts in a message.

    Attributes:
        line: above the table: whose counts differ.
        advice: below it: what to do; empty for none.
    """

    line: str
    advice: str = ""


class ExpectedCounts:
    """The expected row counts of a database, for many comparisons; without tables whose policies hide rows.

    Attributes:
        query: returns an array of the actual counts, which the methods take.
    """

    def __init__(self, schema: Schema, expected: Mapping[TableName, int]) -> None:
        self._tables = schema.countable
        self.query = counting_query(self._tables)
        self._schema = schema
        names = {table.name for table in self._tables}
        self._expected = {name: count for name, count in expected.items() if name in names}
        self._numbers = [expected[table.name] for table in self._tables]

    def taken(self, found: Sequence[int]) -> ExpectedCounts:
        """Return the actual counts as the expected ones of later comparisons."""
        return ExpectedCounts(self._schema, self._by_name(found))

    @property
    def expected(self) -> Mapping[TableName, int]:
        """The expected counts."""
        return self._expected

    def comparison(self, found: Sequence[int]) -> str:
        """Render the table of expected and actual counts; empty if no count differs."""
        return (
            "" if found == self._numbers else comparison(self._schema, self._expected, self._by_name(found))
        )

    def check(self, found: Sequence[int], reason: Callable[[], Reason]) -> None:
        """Compare the actual counts with the expected ones.

        Args:
            reason: returns what stands around the table in the message.

        Raises:
            CountError: a count differs.
        """
        if found != self._numbers:
            check_counts(self._schema, self._expected, self._by_name(found), reason())

    def _by_name(self, found: Sequence[int]) -> dict[TableName, int]:
        return {table.name: count for table, count in zip(self._tables, found, strict=True)}


def check_counts(
    schema: Schema, expected: Mapping[TableName, int], actual: Mapping[TableName, int], reason: Reason
) -> None:
    """Compare the actual counts with the expected ones.

    Args:
        reason: what stands around the table in the message.

    Raises:
        CountError: a count differs.

    Example:
        >>> check_counts(Schema(), {}, {}, Reason("The counts differ:"))
    """
    drawn = comparison(schema, expected, actual)
    if drawn:
        raise CountError("\n".join(filter(None, (reason.line, drawn, reason.advice))))
