"""Queries run by psycopg2 itself, and the quoted names in them.

:func:`fetch` returns psycopg2's values; :func:`fetch_exact` returns values that can be written back unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg2.errors
from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.model.schema import ColumnType, ForeignKey, Table, TableName
from pytest_supaseed.reflection.exact import SETTINGS, exact, printed, read_as_usual

Key = tuple[Any, ...]


def relation(table: TableName) -> sql.Composable:
    """Return a table's quoted name."""
    return sql.Identifier(table.schema, table.name)


def names(columns: Iterable[str]) -> sql.Composable:
    """Return quoted column names, separated by commas."""
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def fetch(
    connection: Connection, query: sql.Composable, parameters: Sequence[Any] | None = None
) -> list[Key]:
    """Run a query composed by psycopg2, in the transaction of a SQLAlchemy connection.

    Args:
        parameters: for its placeholders; without any, ``%`` is not doubled.
    """
    cursor = connection.connection.cursor()
    try:
        read_as_usual(cursor)
        cursor.execute(query, parameters)
        return [tuple(row) for row in cursor.fetchall()]
    finally:
        cursor.close()


def fetch_exact(
    connection: Connection,
    types: Sequence[ColumnType],
    query: sql.Composable,
    parameters: Sequence[Any] | None = None,
) -> list[Key]:
    """Run a query whose values will be written back, and leave the transaction's settings as they were.

    Args:
        types: of the first columns, which are selected as :func:`~pytest_supaseed.reflection.exact.printed` says.
        parameters: for its placeholders; without any, ``%`` is not doubled.
    """
    cursor = connection.connection.cursor()
    try:
        read_as_usual(cursor)
        cursor.execute(
            sql.SQL("SAVEPOINT supaseed_exact; {}; {}").format(sql.SQL(SETTINGS), query), parameters
        )
        found = cursor.fetchall()
        cursor.execute("ROLLBACK TO SAVEPOINT supaseed_exact; RELEASE SAVEPOINT supaseed_exact")
    finally:
        cursor.close()
    return exact(types, found)


def selected(table: Table, columns: Iterable[str], alias: str | None = None) -> sql.Composable:
    """Return the select list for columns whose values will be written back."""
    return sql.SQL(", ").join(
        printed(table.column(name).type, sql.Identifier(*([alias] if alias else []), name))
        for name in columns
    )


def types_of(table: Table, columns: Iterable[str]) -> list[ColumnType]:
    """Return the types of columns."""
    return [table.column(name).type for name in columns]


def referenced_rows(
    connection: Connection, table: Table, foreign_key: ForeignKey
) -> tuple[list[Key], list[int]]:
    """Read the rows that a foreign key can reference, those with most references first.

    Returns:
        The values of the referenced columns, and the number of rows that reference them already.
    """
    # A referencing column has the type of the referenced one, or one that is read alike.
    types = types_of(table, foreign_key.columns)
    numbers = range(len(foreign_key.columns))
    aliases = [sql.Identifier(f"column{number}") for number in numbers]
    query = sql.SQL(
        "SELECT {referenced}, coalesce(c.total, 0) FROM {parent} p "
        "LEFT JOIN (SELECT {own}, count(*) FROM {table} GROUP BY {own}) AS c ({aliases}, total) ON {same} "
        # Rows of inheriting tables cannot be referenced; those of partitions can.
        "WHERE {present} AND (p.tableoid = {name}::regclass "
        "OR (SELECT q.relispartition FROM pg_class q WHERE q.oid = p.tableoid)) "
        "ORDER BY coalesce(c.total, 0) DESC, {order}"
    ).format(
        referenced=sql.SQL(", ").join(map(printed, types, map(_of_parent, foreign_key.referenced_columns))),
        parent=relation(foreign_key.referenced),
        name=sql.Literal(relation(foreign_key.referenced).as_string(connection.connection.cursor())),
        own=names(foreign_key.columns),
        table=relation(table.name),
        aliases=sql.SQL(", ").join(aliases),
        same=_all(
            sql.SQL("c.{} = {}").format(alias, sql.Identifier("p", column))
            for alias, column in zip(aliases, foreign_key.referenced_columns, strict=True)
        ),
        present=_all(
            # IS NOT NULL is false for a composite value with a NULL attribute.
            sql.SQL("{} IS DISTINCT FROM NULL").format(sql.Identifier("p", column))
            for column in foreign_key.referenced_columns
        ),
        # Bytes sort alike whatever collation the server has.
        order=sql.SQL(", ").join(
            sql.SQL('length({0}::text), {0}::text COLLATE "C"').format(sql.Identifier("p", column))
            for column in foreign_key.referenced_columns
        ),
    )
    found = fetch_exact(connection, types, query)
    return [row[:-1] for row in found], [row[-1] for row in found]


def reads_xml(connection: Connection) -> bool:
    """Whether the server was built with libxml, which only an attempt tells; the transaction is left as it was."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute("SAVEPOINT supaseed_xml")
        try:
            cursor.execute("SELECT '<a/>'::xml")
        except psycopg2.errors.FeatureNotSupported:
            return False
        finally:
            cursor.execute("ROLLBACK TO SAVEPOINT supaseed_xml")
            cursor.execute("RELEASE SAVEPOINT supaseed_xml")
    finally:
        cursor.close()
    return True


def _of_parent(column: str) -> sql.Composable:
    return sql.Identifier("p", column)


def _all(conditions: Iterable[sql.Composable]) -> sql.Composable:
    return sql.SQL(" AND ").join(conditions)
