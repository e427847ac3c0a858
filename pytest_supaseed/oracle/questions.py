"""Questions to PostgreSQL about values that are in no table: each is one expression of a SELECT."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg2 import sql

from pytest_supaseed.copytext import text_of
from pytest_supaseed.reflection.definitions import Definition
from pytest_supaseed.reflection.queries import relation
from pytest_supaseed.schema import Column, ForeignKey, Table

Row = Mapping[str, Any]
_NUMBER = sql.Identifier("supaseed_number")


def reads(column: Column, values: Sequence[Any]) -> sql.Composable:
    """Ask for nothing but that a column's type, and its domain, read values.

    Args:
        column: the column.
        values: none of them None.
    """
    return sql.SQL("(SELECT count(CAST(given AS {})) FROM unnest({}::text[]) AS given)").format(
        _type(column), sql.Literal([text_of(column, value) for value in values])
    )


def holds(table: Table, expression: str, rows: Sequence[Row]) -> sql.Composable:
    """Ask for which rows a CHECK is not false: an array of booleans.

    Args:
        table: the table.
        expression: of the CHECK.
        rows: values by column, of the same columns each.
    """
    return sql.SQL("ARRAY(SELECT ({}) IS NOT FALSE FROM {} ORDER BY {})").format(
        sql.SQL(expression), _candidates(table, rows), _NUMBER
    )


def references_something(table: Table, foreign_key: ForeignKey, rows: Sequence[Row]) -> sql.Composable:
    """Ask for which rows there is a referenced row, or need be none: an array of booleans.

    Args:
        table: the referencing table.
        foreign_key: the foreign key.
        rows: values by column, of all columns of the foreign key.
    """
    own = [sql.Identifier(table.name.name, name) for name in foreign_key.columns]
    same = [
        sql.SQL("referenced.{} = {}").format(sql.Identifier(name), column)
        for name, column in zip(foreign_key.referenced_columns, own, strict=True)
    ]
    return sql.SQL(
        "ARRAY(SELECT {nulls} OR EXISTS (SELECT FROM {parent} AS referenced WHERE {same}) FROM {rows} ORDER BY "
        "{number})"
    ).format(
        nulls=sql.SQL(" OR ").join(sql.SQL("{} IS NULL").format(column) for column in own),
        parent=relation(foreign_key.referenced),
        same=sql.SQL(" AND ").join(same),
        rows=_candidates(table, rows),
        number=_NUMBER,
    )


def distinct_keys(
    table: Table, found: Definition, rows: Sequence[Row], *, nulls_distinct: bool
) -> sql.Composable:
    """Ask how many different keys rows have: NULL where one of them is not in the index, or may be twice.

    Args:
        table: the table.
        found: the index.
        rows: values by column, of all columns that the index uses.
        nulls_distinct: whether two NULLs are two keys.
    """
    keys = sql.SQL(", ").join(sql.SQL(element.expression) for element in found.elements)
    free = [sql.SQL("({}) IS NOT TRUE").format(sql.SQL(found.where or "true"))]
    if nulls_distinct:
        free += [sql.SQL("({}) IS NULL").format(sql.SQL(element.expression)) for element in found.elements]
    return sql.SQL(
        "(SELECT CASE WHEN bool_or({}) THEN NULL ELSE count(DISTINCT ROW({})) END FROM {})"
    ).format(sql.SQL(" OR ").join(free), keys, _candidates(table, rows))


def excluded(table: Table, found: Definition, rows: Sequence[Row]) -> sql.Composable:
    """Ask whether no two of rows, twice the same included, may be together.

    Args:
        table: the table.
        found: an EXCLUDE constraint.
        rows: values by column, of all columns that it uses.
    """
    names = [sql.Identifier(f"element{number}") for number in range(len(found.elements))]
    elements = sql.SQL(", ").join(
        sql.SQL("{} AS {}").format(sql.SQL(element.expression), name)
        for element, name in zip(found.elements, names, strict=True)
    )
    conflict = sql.SQL(" AND ").join(
        sql.SQL("(one.{name} {operator} other.{name}) IS TRUE").format(
            name=name, operator=sql.SQL(element.operator)
        )
        for element, name in zip(found.elements, names, strict=True)
    )
    asked = sql.SQL("(SELECT {}, ({}) IS TRUE AS inside FROM {})").format(
        elements, sql.SQL(found.where or "true"), _candidates(table, rows)
    )
    return sql.SQL(
        "(SELECT bool_and(one.inside AND other.inside AND {}) FROM {} AS one CROSS JOIN {} AS other)"
    ).format(conflict, asked, asked)


def _candidates(table: Table, rows: Sequence[Row]) -> sql.Composable:
    """Rows as a relation that is called like the table, so that an expression finds its columns."""
    columns = [column for column in table.columns if column.name in rows[0]]
    texts = [
        sql.SQL("{}::text[]").format(
            sql.Literal([None if row[c.name] is None else text_of(c, row[c.name]) for row in rows])
        )
        for c in columns
    ]
    names = [sql.Identifier(f"text{number}") for number in range(len(columns))]
    values = [
        sql.SQL("CAST({} AS {}) AS {}").format(name, _type(column), sql.Identifier(column.name))
        for column, name in zip(columns, names, strict=True)
    ]
    return sql.SQL("(SELECT {} FROM unnest({}) WITH ORDINALITY AS given ({})) AS {}").format(
        sql.SQL(", ").join([*values, _NUMBER]),
        sql.SQL(", ").join(texts),
        sql.SQL(", ").join([*names, _NUMBER]),
        sql.Identifier(table.name.name),
    )


def _type(column: Column) -> sql.SQL:
    # The type comes from the catalog's own text: format_type has quoted what needs quotes.
    return sql.SQL(column.type.text)
