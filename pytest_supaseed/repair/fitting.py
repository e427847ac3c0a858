"""Changes of rows that functions look up, which the seed has written, so that they accept a row of another table.

:class:`Fitting` proposes them: a row gets a constant by which it is looked up, what a function may compare with the row
that is to be inserted, or a reference to what other rows reference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import chain, permutations
from typing import Any

from psycopg2 import sql

from pytest_supaseed.allocation.constraints import finite_values
from pytest_supaseed.copy_text import text_of
from pytest_supaseed.model.schema import Column, ForeignKey, Schema, Table, TableName
from pytest_supaseed.model.type_families import (
    has_numeric_category,
    is_date_or_timestamp,
)
from pytest_supaseed.planning.plan import ColumnSource, TablePlan
from pytest_supaseed.reflection.queries import relation
from pytest_supaseed.repair.bindings import (
    FAR,
    FEW,
    Binding,
    Kind,
    LookedUpTables,
    Move,
    Position,
    Proposed,
    Update,
    comparable,
    steps,
    typed,
)

# The earliest and the latest day that rows which are looked up are given, the same every day.
_DAYS = ("2100-01-01", "1990-01-01")
_NUMBERS = ("0", "1", "100", "100000", "100000000")


class Fitting:
    """Proposes changes of rows that are looked up when rows of one table are inserted.

    Args:
        schema: of the database.
        plans: of the tables of the seed.
        table: the table whose rows are inserted.
        looked_up: the tables that are looked up.
    """

    def __init__(
        self,
        schema: Schema,
        plans: Mapping[TableName, TablePlan],
        table: Table,
        looked_up: LookedUpTables,
    ) -> None:
        self._schema = schema
        self._plans = plans
        self._table = table
        self._looked_up = looked_up

    def constants(self, table: Table) -> Iterator[Proposed]:
        """Propose that the first row of a table which has none yet gets a constant of the functions."""
        plan = self._plans.get(table.name)
        referencing = table.referencing
        for source in plan.columns if plan is not None else ():
            column = source.column
            if (
                source.supplied
                or column.generated
                or column.name in referencing
                or not self._looked_up.matters(column)
            ):
                continue
            literals = self._looked_up.literals_for(column)
            for literal in literals:
                kind = ("constant", table.name, column.name, literal)
                yield kind, partial(self._with_constant, kind, literals)

    def _with_constant(self, kind: Kind, literals: Sequence[str]) -> Iterator[Move]:
        _, name, column, literal = kind
        # The first row that has no constant yet.
        statement = sql.SQL(
            "UPDATE {table} SET {column} = {value} WHERE ctid = (SELECT ctid FROM {table} WHERE age(xmin) <= 0 "
            "AND {column} <> ALL ({literals}) ORDER BY {column} LIMIT 1) "
            "AND NOT EXISTS (SELECT FROM {table} WHERE {column} = {value})"
        ).format(
            table=relation(name),
            column=sql.Identifier(column),
            value=sql.Literal(literal),
            literals=sql.Literal(list(literals)),
        )
        yield Move(kind, update=Update(name, statement))

    def of(self, binding: Binding, others: Sequence[Binding], position: Position) -> Iterator[Proposed]:
        """Propose changes of the row of a binding.

        Args:
            others: the bindings of the other tables that are looked up.
            position: the row that is to be inserted.
        """
        plan = self._plans.get(binding.table)
        if plan is None:
            return
        unique = {name for key in plan.table.uniques for name in key.columns}
        for source in self._looked_up.adjustable(plan.table):
            column = source.column
            if not self._looked_up.matters(column):
                continue
            values: Iterable[tuple[Any, sql.Composable]]
            if column.name in unique:
                # A constant would not do for two rows.
                values = self._own_values(column, position)
            else:
                values = chain(
                    self._like(column, [other for other in others if other != binding], position),
                    self._wanted(source, position),
                )
            for form, value in values:
                kind = ("fit", binding.table, column.name, form, binding)
                yield kind, partial(self._changed, kind, value, binding, position)
        yield from self._beyond_clock(plan.table, binding, position)
        fixed = {*plan.table.primary_key, *self._looked_up.referenced_columns(plan.table)}
        supplied = {source.column.name for source in plan.columns if source.supplied}
        alone = Counter(name for key in plan.table.foreign_keys for name in key.columns)
        for key in plan.table.foreign_keys:
            [name, *more] = key.columns
            column = plan.table.column(name)
            if not (
                more
                or alone[name] > 1
                or name in fixed | unique | supplied
                or column.generated
                or not self._looked_up.matters(column)
            ):
                for form, value in self._references_wanted(
                    key, column, [other for other in others if other != binding], position
                ):
                    kind = ("refer", binding.table, name, form, binding)
                    yield kind, partial(self._changed, kind, value, binding, position, key)

    def _beyond_clock(self, table: Table, binding: Binding, position: Position) -> Iterator[Proposed]:
        """All moments of a row, with what lies between them, on the other side of the clock."""
        moments = [
            source.column
            for source in self._looked_up.adjustable(table)
            if is_date_or_timestamp(source.column.type) and not source.column.type.array
        ]
        if not (self._looked_up.of_clock and any(map(self._looked_up.matters, moments))):
            return
        for days in FAR:
            kind = ("beyond clock", table.name, days, binding)
            yield kind, partial(self._shifted, kind, moments, binding, position)

    def _shifted(
        self, kind: Kind, moments: Sequence[Column], binding: Binding, position: Position
    ) -> Iterator[Move]:
        condition = self._looked_up.condition(binding, position)
        if condition is not None:
            statement = sql.SQL("UPDATE {table} SET {moments} WHERE {condition} AND age(xmin) <= 0").format(
                table=relation(binding.table),
                moments=sql.SQL(", ").join(
                    sql.SQL("{column} = {column} + {days} * interval '1 day'").format(
                        column=sql.Identifier(column.name), days=sql.Literal(kind[2])
                    )
                    for column in moments
                ),
                condition=condition,
            )
            yield Move(kind, update=Update(binding.table, statement))

    def _references_wanted(
        self, key: ForeignKey, column: Column, others: Sequence[Binding], position: Position
    ) -> Iterator[tuple[Any, sql.Composable]]:
        """Rows that a row which is looked up may have to reference: those that others reference, constants, or none."""
        target = (key.referenced, key.referenced_columns)
        spelling = sql.SQL(column.type.spelling)
        for other in others:
            condition = self._looked_up.condition(other, position)
            for their in self._schema.table(other.table).foreign_keys if condition is not None else ():
                if other.table != key.referenced and (their.referenced, their.referenced_columns) == target:
                    yield (
                        ("like", other, their.columns[0]),
                        sql.SQL("(SELECT CAST({} AS {}) FROM {} WHERE {} LIMIT 1)").format(
                            sql.Identifier(their.columns[0]), spelling, relation(other.table), condition
                        ),
                    )
        for own in self._table.foreign_keys:
            value = position.row.get(own.columns[0])
            if (own.referenced, own.referenced_columns) == target and value is not None:
                yield own.columns[0], typed(self._table.column(own.columns[0]), value)
        for text in self._looked_up.literals_for(column):
            yield text, sql.Literal(text)
        if column.nullable and any(
            (own.referenced, own.referenced_columns) == target for own in self._table.foreign_keys
        ):
            # The two may have to differ.
            yield None, sql.Literal(None)

    def _own_values(self, column: Column, position: Position) -> Iterator[tuple[Any, sql.Composable]]:
        """The values of the row, for a column that is alike by name."""
        for own in self._table.columns:
            value = position.row.get(own.name)
            if own.name == column.name and value is not None and comparable(own.type, column.type):
                spelling = sql.SQL(column.type.spelling)
                yield (own.name, 0), sql.SQL("CAST({} AS {})").format(typed(own, value), spelling)

    def _changed(
        self,
        kind: Kind,
        value: sql.Composable,
        binding: Binding,
        position: Position,
        key: ForeignKey | None = None,
    ) -> Iterator[Move]:
        condition = self._looked_up.condition(binding, position)
        if condition is None:
            return
        statement = sql.SQL(
            "UPDATE {table} SET {column} = {value} "
            "WHERE {condition} AND age(xmin) <= 0 AND {column} IS DISTINCT FROM {value} AND {referenced}"
        ).format(
            referenced=sql.SQL("true")
            if key is None or kind[3] is None
            else sql.SQL("EXISTS (SELECT FROM {} WHERE {}::text = {}::text)").format(
                relation(key.referenced), sql.Identifier(key.referenced_columns[0]), value
            ),
            table=relation(binding.table),
            column=sql.Identifier(kind[2]),
            value=value,
            condition=condition,
        )
        yield Move(kind, update=Update(binding.table, statement))

    def _like(
        self, column: Column, others: Sequence[Binding], position: Position
    ) -> Iterator[tuple[Any, sql.Composable]]:
        """What the other rows that are looked up have in a column of the same name."""
        for other in others:
            table = self._schema.table(other.table)
            condition = self._looked_up.condition(other, position)
            if condition is not None and table.has_column(column.name):
                value = sql.SQL("(SELECT CAST({} AS {}) FROM {} WHERE {} LIMIT 1)").format(
                    sql.Identifier(column.name),
                    sql.SQL(column.type.spelling),
                    relation(other.table),
                    condition,
                )
                yield ("like", other), value

    def _differences(self, position: Position) -> Iterator[tuple[Any, sql.Composable]]:
        """What lies between two numbers of the row: how long something lasts, or how many there are."""
        numbers = {
            own.name: position.row[own.name]
            for own in self._table.columns
            if isinstance(position.row.get(own.name), (int, float, Decimal))
            and has_numeric_category(own.type)
            and self._looked_up.own_matters(own)
        }
        for low, high in permutations(numbers, 2):
            # A float and a Decimal have no difference.
            if type(numbers[low]) is type(numbers[high]) and numbers[low] < numbers[high]:
                yield (high, "minus", low), sql.Literal(str(numbers[high] - numbers[low]))

    def _wanted(self, source: ColumnSource, position: Position) -> Iterator[tuple[Any, sql.Composable]]:
        """Values that a function may want in a row that it looks up, and what they are."""
        column = source.column
        texts = [text_of(column, value) for value in finite_values(column, source.domain, ..., FEW)[:FEW]]
        for text in dict.fromkeys((*self._looked_up.literals_for(column), *texts)):
            yield text, sql.Literal(text)
        for own in self._table.columns:
            value = position.row.get(own.name)
            if value is not None and not own.type.array and comparable(own.type, column.type):
                for place, expression in enumerate(steps(column.type, typed(own, value))):
                    given = sql.SQL("CAST({} AS {})").format(expression, sql.SQL(column.type.spelling))
                    yield (own.name, place), given
        for day in self._looked_up.parts_of_days(column, position):
            # Other rows may have been made for a row that says it of some day.
            unsaid = sql.SQL("CASE WHEN {column} = ANY ({every}) THEN {column} ELSE {value} END")
            yield (
                day.kind,
                unsaid.format(column=sql.Identifier(column.name), every=day.every, value=day.made),
            )
        if has_numeric_category(column.type):
            yield from self._differences(position)
            for place, expression in enumerate(steps(column.type, sql.Identifier(column.name))[1:], 1):
                yield place, expression
            for text in _NUMBERS:
                yield text, sql.Literal(text)
        elif is_date_or_timestamp(column.type):
            for text in _DAYS:
                yield text, sql.Literal(text)
        if column.nullable and not source.domain.required:
            yield None, sql.Literal(None)
