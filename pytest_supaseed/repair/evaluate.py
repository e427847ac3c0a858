"""CHECKs, evaluated by PostgreSQL on rows that are not in any table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg2
from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.copytext import text_of
from pytest_supaseed.model.schema import Check, Column, ForeignKey, Table
from pytest_supaseed.reflection.catalog import Definition
from pytest_supaseed.reflection.queries import relation
from pytest_supaseed.rows.unique import sources_of

Row = Mapping[str, Any]


# What a default does that cannot be undone: it takes a number from a sequence.
_TAKES_NUMBERS = "nextval("


_ASKING = sql.SQL("SELECT {} FROM {} ORDER BY candidate_number")


# A CHECK that cannot be evaluated for so many rows will not be for the next ones.
_MOST_FAILURES = 32


@dataclass
class _Patience:
    """For how many rows a CHECK could not be evaluated."""

    failures: int = 0

    @property
    def exhausted(self) -> bool:
        return self.failures >= _MOST_FAILURES


class Evaluation:
    """The rows of one table before PostgreSQL.

    A row is a subquery that is called like the table, so that a CHECK finds its columns under their own names; a
    column without a value has its default, and a generated column is computed.

    Args:
        connection: in a transaction, which is left as it was.
        table: the table.
    """

    def __init__(self, connection: Connection, table: Table) -> None:
        self._cursor = connection.connection.cursor()
        self._table = table

    def refused_by(self, rows: Sequence[Row], checks: Sequence[Check]) -> list[tuple[Check, ...]]:
        """Find the CHECKs that are false for each row.

        Args:
            rows: values by column.
            checks: of the table.

        Returns:
            For each row the CHECKs that refuse it; one that cannot be evaluated for it is among them.
        """
        if not rows or not checks:
            return [()] * len(rows)
        verdicts = self._verdicts(rows, checks)
        if verdicts is None:
            # One of them stands in the way of the others.
            by_check = [self._one_by_one(rows, check, _Patience()) for check in checks]
            verdicts = list(zip(*by_check, strict=True))
        return [
            tuple(check for check, holds in zip(checks, verdict, strict=True) if not holds)
            for verdict in verdicts
        ]

    def _verdicts(self, rows: Sequence[Row], checks: Sequence[Check]) -> list[tuple[bool, ...]] | None:
        """Whether each CHECK holds for each row; None where one cannot be evaluated for one of them."""
        holds = sql.SQL(", ").join(
            sql.SQL("({}) IS NOT FALSE").format(sql.SQL(check.expression)) for check in checks
        )
        try:
            return list(self._run(_ASKING, holds, rows, _columns(checks)))
        except psycopg2.Error:
            return None

    def _one_by_one(self, rows: Sequence[Row], check: Check, patience: _Patience) -> list[bool]:
        """Whether a CHECK holds for each row, asked in halves until it can be evaluated."""
        if patience.exhausted:
            return [False] * len(rows)
        verdicts = self._verdicts(rows, [check])
        if verdicts is not None:
            return [holds for (holds,) in verdicts]
        if len(rows) == 1:
            patience.failures += 1
            return [False]
        half = len(rows) // 2
        return self._one_by_one(rows[:half], check, patience) + self._one_by_one(rows[half:], check, patience)

    def failure(self, row: Row, check: Check) -> str | None:
        """Say what stands in the way of evaluating a CHECK.

        Args:
            row: values by column.
            check: of the table.

        Returns:
            PostgreSQL's message; None where it can be evaluated.
        """
        verdict = sql.SQL("({})").format(sql.SQL(check.expression))
        try:
            self._run(_ASKING, verdict, [row], _columns([check]))
        except psycopg2.Error as error:
            return error.diag.message_primary or str(error).strip()
        return None

    def computed(self, rows: Sequence[Row], column: str, expression: str, step: int = 0) -> list[str | None]:
        """Compute a value for a column of each row from its others.

        Args:
            rows: values by column.
            column: the column.
            expression: SQL in terms of other columns.
            step: 1 for a value behind what it gives, -1 for one before.

        Returns:
            The values as texts that the column's type reads; None where there is none.
        """
        target = self._table.column(column)
        value = sql.SQL("({})").format(sql.SQL(expression))
        value = sql.SQL("CAST({} AS {})::text").format(_stepped(target, value, step), _type(target))
        found = self._ask(value, rows)
        return [None if row is None else row[0] for row in found]

    def _ask(self, what: sql.Composable, rows: Sequence[Row]) -> list[tuple[Any, ...] | None]:
        """Ask about all rows; where that fails, about each by itself, which gives None where it fails again."""
        try:
            return list(self._run(_ASKING, what, rows, ()))
        except psycopg2.Error:
            if len(rows) == 1:
                return [None]
            return [self._ask(what, [row])[0] for row in rows]

    def _run(
        self, query: sql.SQL, what: sql.Composable, rows: Sequence[Row], columns: tuple[str, ...]
    ) -> Iterable[tuple[Any, ...]]:
        cursor = self._cursor
        # Without parameters: a name or an expression may have a % of its own.
        composed = query.format(what, self._relation(rows, columns))
        cursor.execute("SAVEPOINT supaseed_evaluation")
        try:
            cursor.execute(composed)
            return [tuple(row) for row in cursor.fetchall()]
        finally:
            cursor.execute("ROLLBACK TO SAVEPOINT supaseed_evaluation")
            cursor.execute("RELEASE SAVEPOINT supaseed_evaluation")

    def _relation(self, rows: Sequence[Row], columns: tuple[str, ...]) -> sql.Composable:
        used = [
            column for column in self._table.columns if not columns or column.name in self._needed(columns)
        ]
        plain = [column for column in used if not column.generated]
        arrays, values = [], []
        for number, column in enumerate(plain):
            texts = [_text(column, row) for row in rows]
            arrays.append(sql.SQL("{}::text[]").format(sql.Literal(texts)))
            arrays.append(sql.SQL("{}::boolean[]").format(sql.Literal([column.name in row for row in rows])))
            values.append(
                sql.SQL("CASE WHEN {has} THEN CAST({text} AS {type}) ELSE {default} END AS {name}").format(
                    has=sql.Identifier(f"has{number}"),
                    text=sql.Identifier(f"text{number}"),
                    type=_type(column),
                    default=_default(column),
                    name=sql.Identifier(column.name),
                )
            )
        aliases = sql.SQL(", ").join(
            sql.Identifier(f"{part}{number}") for number in range(len(plain)) for part in ("text", "has")
        )
        if plain:
            given = sql.SQL("unnest({}) WITH ORDINALITY AS given ({}, candidate_number)").format(
                sql.SQL(", ").join(arrays), aliases
            )
        else:
            given = sql.SQL("generate_series(1, {}) AS given (candidate_number)").format(
                sql.Literal(len(rows))
            )
        inner = sql.SQL("SELECT {} FROM {}").format(
            sql.SQL(", ").join([*values, sql.SQL("candidate_number")]), given
        )
        alias = sql.Identifier(self._table.name.name)
        generated = [column for column in used if column.generated]
        if generated:
            computed = sql.SQL(", ").join(
                sql.SQL("CAST(({}) AS {}) AS {}").format(
                    sql.SQL(column.default or "NULL"),
                    _type(column),
                    sql.Identifier(column.name),
                )
                for column in generated
            )
            inner = sql.SQL("SELECT {alias}.*, {computed} FROM ({inner}) AS {alias}").format(
                alias=alias, computed=computed, inner=inner
            )
        return sql.SQL("({}) AS {}").format(inner, alias)

    def _needed(self, columns: Iterable[str]) -> set[str]:
        needed = set(columns)
        for name in columns:
            column = self._table.column(name)
            if column.generated:
                needed.update(sources_of(self._table, column))
        return needed


def _columns(checks: Sequence[Check]) -> tuple[str, ...]:
    """The columns that CHECKs use; nothing where one may use any."""
    if not all(check.columns for check in checks):
        return ()
    return tuple(dict.fromkeys(name for check in checks for name in check.columns))


def _text(column: Column, row: Row) -> str | None:
    value = row.get(column.name)
    return None if value is None else text_of(column, value)


def _type(column: Column) -> sql.Composable:
    if column.type.domain and not column.type.array and column.type.checks:
        # The domain's own CHECKs are asked about one by one, in the place of an error of the cast.
        return sql.SQL(column.type.spelling)
    # The type comes from the catalog's own text: format_type has quoted what needs quotes.
    return sql.SQL(column.type.text)


def _default(column: Column) -> sql.Composable:
    default = column.default
    if default is None or column.identity or _TAKES_NUMBERS in default:
        return sql.SQL("NULL")
    return sql.SQL("({})").format(sql.SQL(default))


def _stepped(column: Column, value: sql.Composable, step: int) -> sql.Composable:
    if not step or column.type.array:
        return value
    sign = sql.SQL("+" if step > 0 else "-")
    if column.type.category == "N":
        return sql.SQL("{} {} 1").format(value, sign)
    if column.type.name == "date":
        return sql.SQL("{} {} 1").format(value, sign)
    if column.type.category == "D":
        return sql.SQL("{} {} interval '1 hour'").format(value, sign)
    return value


_NUMBER = sql.Identifier("supaseed_number")


def reads(column: Column, values: Sequence[Any]) -> sql.Composable:
    """Ask for nothing but that a column's type, and its domain, read values.

    Args:
        column: the column.
        values: none of them None.
    """
    return sql.SQL("(SELECT count(CAST(given AS {})) FROM unnest({}::text[]) AS given)").format(
        _plain_type(column), sql.Literal([text_of(column, value) for value in values])
    )


def holds_in_rows(table: Table, expression: str, rows: Sequence[Row]) -> sql.Composable:
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
        sql.SQL("CAST({} AS {}) AS {}").format(name, _plain_type(column), sql.Identifier(column.name))
        for column, name in zip(columns, names, strict=True)
    ]
    return sql.SQL("(SELECT {} FROM unnest({}) WITH ORDINALITY AS given ({})) AS {}").format(
        sql.SQL(", ").join([*values, _NUMBER]),
        sql.SQL(", ").join(texts),
        sql.SQL(", ").join([*names, _NUMBER]),
        sql.Identifier(table.name.name),
    )


def _plain_type(column: Column) -> sql.SQL:
    # The type comes from the catalog's own text: format_type has quoted what needs quotes.
    return sql.SQL(column.type.text)
