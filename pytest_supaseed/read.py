"""What is in the database, read when the rows of a table are about to be made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.keys import watched_columns
from pytest_supaseed.schema import Contents, ForeignKey, Schema, Table, TableName
from pytest_supaseed.sources import ColumnSource, Number
from pytest_supaseed.state import Key, TableState
from pytest_supaseed.verify import row_counts


def relation(table: TableName) -> sql.Composable:
    """Return a table's quoted name."""
    return sql.Identifier(table.schema, table.name)


def names(columns: Iterable[str]) -> sql.Composable:
    """Return quoted column names, separated by commas."""
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def fetch(
    connection: Connection, query: sql.Composable, parameters: Sequence[Any] | None = None
) -> list[Key]:
    """Run a query that the driver has composed, on the driver's own connection.

    Args:
        connection: SQLAlchemy's; its transaction is the query's.
        query: the query.
        parameters: for its placeholders; without any a ``%`` is a ``%``.
    """
    cursor = connection.connection.cursor()
    try:
        cursor.execute(query, parameters)
        return [tuple(row) for row in cursor.fetchall()]
    finally:
        cursor.close()


def read_contents(connection: Connection, schema: Schema) -> Contents:
    """Read what the schema's load put into a database.

    Args:
        connection: to the database.
        schema: its schema.
    """
    counts = row_counts(connection, schema.tables)
    shares = {}
    for table in schema.tables:
        for foreign_key in table.foreign_keys:
            if counts[table.name] and foreign_key.referenced in counts:
                _, found = referenced_rows(connection, table, foreign_key)
                shares[table.name, foreign_key.name] = tuple(share for share in found if share)
    return Contents(counts, shares)


def referenced_rows(
    connection: Connection, table: Table, foreign_key: ForeignKey
) -> tuple[list[Key], list[int]]:
    """Read the rows that a foreign key can reference, those with most references first.

    Returns:
        The values of the referenced columns, and the rows that reference them already.
    """
    numbers = range(len(foreign_key.columns))
    aliases = [sql.Identifier(f"column{number}") for number in numbers]
    query = sql.SQL(
        "SELECT {referenced}, coalesce(c.total, 0) FROM {parent} p "
        "LEFT JOIN (SELECT {own}, count(*) FROM {table} GROUP BY {own}) AS c ({aliases}, total) ON {same} "
        "WHERE {present} ORDER BY coalesce(c.total, 0) DESC, {order}"
    ).format(
        referenced=_of("p", foreign_key.referenced_columns),
        parent=relation(foreign_key.referenced),
        own=names(foreign_key.columns),
        table=relation(table.name),
        aliases=sql.SQL(", ").join(aliases),
        same=_all(
            sql.SQL("c.{} = {}").format(alias, sql.Identifier("p", column))
            for alias, column in zip(aliases, foreign_key.referenced_columns, strict=True)
        ),
        present=_all(
            sql.SQL("{} IS NOT NULL").format(sql.Identifier("p", column))
            for column in foreign_key.referenced_columns
        ),
        # Bytes sort alike under every collation that a server may have.
        order=sql.SQL(", ").join(
            sql.SQL('length({0}::text), {0}::text COLLATE "C"').format(sql.Identifier("p", column))
            for column in foreign_key.referenced_columns
        ),
    )
    found = fetch(connection, query)
    return [row[:-1] for row in found], [row[-1] for row in found]


def _of(alias: str, columns: Iterable[str]) -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier(alias, column) for column in columns)


def _all(conditions: Iterable[sql.Composable]) -> sql.Composable:
    return sql.SQL(" AND ").join(conditions)


def read_state(
    connection: Connection,
    table: Table,
    foreign_keys: Iterable[ForeignKey],
    sources: Iterable[ColumnSource] = (),
) -> TableState:
    """Read what is there before rows of a table are made.

    Args:
        connection: to the database.
        table: the table.
        foreign_keys: those whose referenced rows will be needed.
        sources: where the values of its columns will come from.
    """
    present = row_counts(connection, [table])[table.name]
    keys, shares = {}, {}
    for foreign_key in foreign_keys:
        keys[foreign_key.name], shares[foreign_key.name] = referenced_rows(connection, table, foreign_key)
    columns = watched_columns(table)
    rows: list[Key] = []
    if present and columns:
        query = sql.SQL("SELECT {} FROM {}").format(names(columns), relation(table.name))
        rows = fetch(connection, query)
    numbers, greatest = {}, {}
    for source in sources:
        if isinstance(source.source, Number):
            name = source.column.name
            if source.source.within:
                greatest[name] = _greatest(connection, table, name, source.source.within) if present else {}
            else:
                numbers[name] = _next_number(connection, table, source, present)
    return TableState(present, keys, shares, rows, columns, numbers, greatest)


def _greatest(connection: Connection, table: Table, column: str, within: tuple[str, ...]) -> dict[Key, int]:
    query = sql.SQL("SELECT {within}, max({column}) FROM {table} GROUP BY {within}").format(
        within=names(within), column=sql.Identifier(column), table=relation(table.name)
    )
    return {row[:-1]: row[-1] for row in fetch(connection, query) if row[-1] is not None}


def _next_number(connection: Connection, table: Table, source: ColumnSource, present: int) -> int:
    assert isinstance(source.source, Number)  # noqa: S101 for the type checker
    sequence = source.column.sequence
    descending = sequence is not None and sequence.increment < 0
    following = source.source.start
    if sequence is not None:
        [(last, called)] = fetch(
            connection,
            sql.SQL("SELECT last_value, is_called FROM {}").format(
                sql.Identifier(sequence.schema, sequence.name)
            ),
        )
        following = last + sequence.increment if called else last
    if present:
        [(extreme,)] = fetch(
            connection,
            sql.SQL("SELECT {}({}) FROM {}").format(
                sql.SQL("min" if descending else "max"),
                sql.Identifier(source.column.name),
                relation(table.name),
            ),
        )
        if extreme is not None and not descending:
            following = max(following, int(extreme) + (sequence.increment if sequence else 1))
        elif extreme is not None and sequence is not None:
            following = min(following, int(extreme) + sequence.increment)
    return following
