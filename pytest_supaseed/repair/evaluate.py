"""CHECKs, unique keys and foreign keys, evaluated by PostgreSQL on rows that are in no table.

The rows become a subquery over ``unnest`` with the table's name as its alias, in which an expression of the
schema finds the columns under their own names. :class:`Evaluation` runs such queries on generated rows. The
functions below it return expressions about supplied values, which :mod:`pytest_supaseed.repair.supplied_values` runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg2
from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.copy_text import text_of
from pytest_supaseed.model.schema import Check, Column, ForeignKey, Table
from pytest_supaseed.model.type_families import has_datetime_category, has_numeric_category, is_date
from pytest_supaseed.reflection.catalog import Definition
from pytest_supaseed.reflection.queries import own_rows, relation, undone
from pytest_supaseed.repair.lookups import LookedUp
from pytest_supaseed.repair.watching import Counters
from pytest_supaseed.rows.unique import sources_of

Row = Mapping[str, Any]
# A default with nextval() is not evaluated: no rollback gives the sequence's number back.
_TAKES_NUMBERS = "nextval("
_ASKING = sql.SQL("SELECT {} FROM {} ORDER BY candidate_number")
# A CHECK that raises an error for this many rows is not evaluated for more.
_MOST_FAILURES = 32


@dataclass
class _Patience:
    """The number of rows for which a CHECK could not be evaluated."""

    failures: int = 0

    @property
    def exhausted(self) -> bool:
        return self.failures >= _MOST_FAILURES


class Evaluation:
    """Evaluates CHECKs and expressions on rows of one table.

    In the subquery a column without a value has its default, and a generated column is computed.

    Args:
        connection: in a transaction; each query is rolled back to a savepoint.

    Attributes:
        lookups: what the functions of CHECKs and triggers look up, read once.
    """

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection = connection
        self._cursor = connection.connection.cursor()
        self._table = table
        self.lookups = LookedUp(connection, table)

    def refused_by(self, rows: Sequence[Row], checks: Sequence[Check]) -> list[tuple[Check, ...]]:
        """Return for each row the CHECKs that refuse it, those included that cannot be evaluated for it."""
        if not rows or not checks:
            return [()] * len(rows)
        verdicts = self._verdicts(rows, checks)
        if verdicts is None:
            # An error in one CHECK fails the query for all: each is evaluated by itself.
            by_check = [self._one_by_one(rows, check, _Patience()) for check in checks]
            verdicts = list(zip(*by_check, strict=True))
        return [
            tuple(check for check, holds in zip(checks, verdict, strict=True) if not holds)
            for verdict in verdicts
        ]

    def _verdicts(self, rows: Sequence[Row], checks: Sequence[Check]) -> list[tuple[bool, ...]] | None:
        """Whether each CHECK holds for each row; None where evaluating one of them raises an error."""
        holds = sql.SQL(", ").join(
            sql.SQL("({}) IS NOT FALSE").format(sql.SQL(check.expression)) for check in checks
        )
        try:
            return list(self._run(_ASKING, holds, rows, _columns(checks)))
        except psycopg2.Error:
            return None

    def _one_by_one(self, rows: Sequence[Row], check: Check, patience: _Patience) -> list[bool]:
        """Whether a CHECK holds for each row; rows on which it raises an error are found by bisection."""
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
        """Return PostgreSQL's error message for a CHECK on a row; None where the CHECK can be evaluated."""
        verdict = sql.SQL("({})").format(sql.SQL(check.expression))
        try:
            self._run(_ASKING, verdict, [row], _columns([check]))
        except psycopg2.Error as error:
            return error.diag.message_primary or str(error).strip()
        return None

    def computed(self, rows: Sequence[Row], column: str, expression: str, step: int = 0) -> list[str | None]:
        """Compute a value for a column of each row from an expression in other columns.

        Args:
            rows: values by column.
            column: the column, to whose type the value is cast.
            expression: SQL in terms of other columns.
            step: 1 for a value just above the expression's, -1 for one just below, 0 for its own.

        Returns:
            The values as texts that the column's type reads; None for NULL and where the expression raises an
            error.
        """
        target = self._table.column(column)
        value = sql.SQL("({})").format(sql.SQL(expression))
        value = sql.SQL("CAST({} AS {})::text").format(_stepped(target, value, step), _type(target))
        found = self._ask(value, rows)
        return [None if row is None else row[0] for row in found]

    def looked_up(
        self, checks: Sequence[Check], number: int, *, present: bool = False
    ) -> Iterable[Mapping[str, Any]]:
        """Return values that the functions of CHECKs look up in other tables, for a row of a number.

        Args:
            present: whether those of the table's own rows, and of the column's default, are returned instead.
        """
        return (self.lookups.of_present_rows if present else self.lookups.of_checks)(checks, number)

    def looks_up(self, row: Row, check: Check) -> bool:
        """Whether the functions of a CHECK look up any table for a row."""
        counters = Counters(self._connection)
        self.refused_by([row], [check])
        return any(activity.scans for activity in counters.since().values())

    def _ask(self, what: sql.Composable, rows: Sequence[Row]) -> list[tuple[Any, ...] | None]:
        """Query all rows at once; where that fails, each row by itself, with None where it fails again."""
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
        # Composed, without parameters: a % in a name or an expression would be taken for a placeholder.
        composed = query.format(what, self.relation_of(rows, columns))
        with undone(self._connection):
            cursor.execute(composed)
            return [tuple(row) for row in cursor.fetchall()]

    def relation_of(self, rows: Sequence[Row], columns: tuple[str, ...] = ()) -> sql.Composable:
        """Return rows as a relation of the table's name, with server defaults and generated columns computed.

        Args:
            columns: those that are needed; empty for all.
        """
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
    """The columns that CHECKs use; empty, which stands for all, where those of one CHECK are not known."""
    if not all(check.columns for check in checks):
        return ()
    return tuple(dict.fromkeys(name for check in checks for name in check.columns))


def _text(column: Column, row: Row) -> str | None:
    value = row.get(column.name)
    return None if value is None else text_of(column, value)


def _type(column: Column) -> sql.Composable:
    if column.type.domain and not column.type.array and column.type.checks:
        # Cast to the domain's base type: its CHECKs are evaluated one by one, and the cast to the domain
        # would fail.
        return sql.SQL(column.type.spelling)
    # format_type has quoted the type's name.
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
    if has_numeric_category(column.type):
        return sql.SQL("{} {} 1").format(value, sign)
    if is_date(column.type):
        return sql.SQL("{} {} 1").format(value, sign)
    if has_datetime_category(column.type):
        return sql.SQL("{} {} interval '1 hour'").format(value, sign)
    return value


_NUMBER = sql.Identifier("supaseed_number")


def reads(column: Column, values: Sequence[Any]) -> sql.Composable:
    """Return an expression that raises an error unless a column's type, or domain, reads the values.

    Args:
        values: without None.
    """
    return sql.SQL("(SELECT count(CAST(given AS {})) FROM unnest({}::text[]) AS given)").format(
        _plain_type(column), sql.Literal([text_of(column, value) for value in values])
    )


def holds_in_rows(table: Table, expression: str, rows: Sequence[Row]) -> sql.Composable:
    """Return an expression for an array of booleans: for which rows, all of the same columns, a CHECK is not false."""
    return sql.SQL("ARRAY(SELECT ({}) IS NOT FALSE FROM {} ORDER BY {})").format(
        sql.SQL(expression), _candidates(table, rows), _NUMBER
    )


def references_something(table: Table, foreign_key: ForeignKey, rows: Sequence[Row]) -> sql.Composable:
    """Return an expression for an array of booleans: which rows have a referenced row, or need none because of a NULL.

    The rows have all columns of the foreign key.
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
    table: Table, found: Definition, rows: Sequence[Row], *, nulls_distinct: bool, beside: bool = False
) -> sql.Composable:
    """Return an expression for the number of distinct keys in the rows, without those of present rows if ``beside``.

    It is NULL where a row is unconstrained: outside of a partial index, or with a NULL where NULLs are
    distinct. The rows have all columns that the index uses.
    """
    keys = sql.SQL(", ").join(sql.SQL(element.expression) for element in found.elements)
    unbound = [sql.SQL("({}) IS NOT TRUE").format(sql.SQL(found.where or "true"))]
    if nulls_distinct:
        unbound += [sql.SQL("({}) IS NULL").format(sql.SQL(element.expression)) for element in found.elements]
    candidates = _candidates(table, rows)
    number = sql.SQL("count(DISTINCT ROW({}))").format(keys)
    if beside:
        number = sql.SQL(
            "(SELECT count(*) FROM (SELECT {0} FROM {1} EXCEPT SELECT {0} FROM {2} WHERE {3}) AS new)"
        ).format(
            keys,
            candidates,
            own_rows(table),
            sql.SQL(found.where or "true"),
        )
    return sql.SQL("(SELECT CASE WHEN bool_or({}) THEN NULL ELSE {} END FROM {})").format(
        sql.SQL(" OR ").join(unbound), number, candidates
    )


def excluded(table: Table, found: Definition, rows: Sequence[Row]) -> sql.Composable:
    """Return an expression that is true where any two of the rows conflict, each with a copy of itself included.

    The rows have all columns that the EXCLUDE constraint uses.
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
    """Rows as a relation with the table's name, in which an expression finds its columns."""
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
    # format_type has quoted the type's name.
    return sql.SQL(column.type.text)
