"""Rows over which triggers compare sums: balanced journals, and totals that are the sum of their parts.

A trigger that sums a column may want that the rows of an entry balance, or that they come to what the entry says. It
is asked: :class:`Sums` writes the rows as they are made, and where the trigger refuses them, or would refuse them when
the transaction ends, rows that balance (:mod:`pytest_supaseed.rows.balancing`), and rows with another total.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from itertools import chain
from typing import Any

import psycopg2
from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.allocation.constraints import finite_values
from pytest_supaseed.constraints.balances import (
    Balance,
    balances_of,
    constants_compared,
    sum_expressions,
    sums_over,
)
from pytest_supaseed.constraints.functions import words_in
from pytest_supaseed.errors import GenerateError
from pytest_supaseed.model.references import can_be_null_in
from pytest_supaseed.model.schema import ForeignKey, Schema, Table, TableName, Trigger
from pytest_supaseed.model.type_families import has_numeric_category, is_integer
from pytest_supaseed.planning.plan import TablePlan, TableState
from pytest_supaseed.reflection.queries import equal, execute, fetch, relation, savepoint, undone
from pytest_supaseed.repair.evaluate import Evaluation
from pytest_supaseed.repair.propose import Proposals
from pytest_supaseed.repair.solve import all_checks, solve
from pytest_supaseed.repair.validation import insert_validated
from pytest_supaseed.rng import random_for
from pytest_supaseed.rows.balancing import Amounts, balanced, divided
from pytest_supaseed.rows.blocks import unique_rows
from pytest_supaseed.rows.cells import Block, Generated, Plain
from pytest_supaseed.rows.steps import MakeContext, Row
from pytest_supaseed.writing.refusals import RefusedRowError

_SIDES = 2
# Digits after the point of a numeric type without a scale.
_SCALE = 2
_COME_TO = """
UPDATE {parent} AS p SET {total} = coalesce((SELECT sum({summed}) FROM {child} WHERE {same}), 0)
WHERE age(p.xmin) <= 0
"""
# Makes the rows of a table for a state of it.
Make = Callable[[TableState], Sequence[Row]]


@dataclass(frozen=True)
class Summing:
    """A trigger that sums a column.

    Attributes:
        table: the table of the trigger.
        trigger: the trigger.
    """

    table: Table
    trigger: Trigger


class Sums:
    """The sums over the rows of a table that triggers compare, those of the tables that it references included.

    Args:
        connection: in the transaction of the whole seed.
        schema: of the plan.
        plans: of all tables of the seed.
        plan: of the table.
        ours: whether the database is one that this package has made.
    """

    def __init__(
        self,
        connection: Connection,
        schema: Schema,
        plans: Mapping[TableName, TablePlan],
        plan: TablePlan,
        *,
        ours: bool = True,
    ) -> None:
        self._ours = ours
        self._connection = connection
        self._schema = schema
        self._plans = plans
        self._plan = plan
        self._table = plan.table
        self._evaluation = Evaluation(connection, plan.table)
        self._triggers = tuple(self._summing())

    def _summing(self) -> Iterator[Summing]:
        table = self._table
        for trigger in table.triggers:
            if trigger.on_insert and (
                sums_over(trigger.source, table) or (trigger.deferrable and self._parts(trigger))
            ):
                yield Summing(table, trigger)
        for name in dict.fromkeys(
            key.referenced for key in table.foreign_keys if key.referenced != table.name
        ):
            for trigger in self._schema.table(name).triggers if self._schema.has_table(name) else ():
                about = trigger.on_insert and trigger.deferrable and _mentions(trigger, table)
                if about and sums_over(trigger.source, table):
                    yield Summing(self._schema.table(name), trigger)

    def _parts(self, trigger: Trigger) -> list[tuple[Table, ForeignKey]]:
        """The tables that get no rows now, and whose rows a trigger of this table sums."""
        return [
            (other, key)
            for other in self._schema.tables
            if other.name not in self._plans
            and _mentions(trigger, other)
            and sums_over(trigger.source, other)
            for key in other.foreign_keys
            if key.referenced == self._table.name
        ]

    def __bool__(self) -> bool:
        return bool(self._triggers)

    def insert(self, make: Make, state: TableState, context: MakeContext) -> Mapping[str, int] | None:
        """Insert rows with which the triggers agree.

        Args:
            make: makes the rows.
            state: the present rows of the table, and those that it can reference.
            context: what rows are made with.

        Returns:
            For each column with a sequence, the last number in the sequence's direction; None where nothing was
            inserted, for no rows were found with which the triggers agree.
        """
        plain = make(state)
        for rows, afterwards in chain([(plain, None)], self._others(plain, make, state, context)):
            # A hypothesis that PostgreSQL refuses, for whatever reason, is none; the next one is tried.
            with suppress(RefusedRowError, psycopg2.Error), savepoint(self._connection):
                reached = self._written(rows)
                if afterwards is not None:
                    execute(self._connection, afterwards)
                self._fire()
                return reached
        return None

    def _written(self, rows: Sequence[Row]) -> Mapping[str, int]:
        names = tuple(
            column.name for column in self._table.columns if all(column.name in row for row in rows)
        )
        cells = tuple(Plain(self._table.column(name), [row[name] for row in rows]) for name in names)
        generated = Generated(names, len(rows), lambda: iter([Block(len(rows), cells)]))
        return insert_validated(
            self._connection, self._table, generated, self._plan.count, self._plan.closed, ours=self._ours
        )

    def _fire(self) -> None:
        """Raise the error that the deferred triggers would raise now, and leave them to fire at the end."""
        deferred = [each for each in self._triggers if each.trigger.deferrable]
        if not deferred:
            return
        places = sql.SQL(", ").join(
            sql.Identifier(each.table.name.schema, each.trigger.name) for each in deferred
        )
        with undone(self._connection):
            execute(self._connection, sql.SQL("SET CONSTRAINTS {} IMMEDIATE").format(places))

    def _others(
        self, plain: Sequence[Row], make: Make, state: TableState, context: MakeContext
    ) -> Iterator[tuple[Sequence[Row], sql.Composed | None]]:
        """Other rows, with a statement to execute after them."""
        solved = self._solved(plain, state, context)
        if solved is not None and solved != plain:
            yield solved, None
        rows = plain if solved is None else solved
        proposals = Proposals(self._plan, state, context)
        for each in self._triggers:
            for key in self._grouping(each.trigger):
                fewer = self._fewer(state, key, len(plain), context) if key is not None else state
                made: Sequence[Row] = rows
                if fewer is not state:
                    try:
                        remade = make(fewer)
                    except GenerateError:
                        # Unique keys leave too few rows that reference so few.
                        continue
                    made = self._solved(remade, fewer, context) or remade
                for amounts in self._amounts(each.trigger, key, proposals):
                    found = balanced(made, key.columns if key is not None else (), amounts)
                    if found is not None and not any(
                        self._evaluation.refused_by(found, all_checks(self._table))
                    ):
                        yield found, None
        for each in self._triggers:
            yield from ((rows, statement) for statement in self._come_to(each.trigger))
            for divided_rows in self._divisions(each.trigger, rows, proposals):
                yield divided_rows, None
        for each in self._triggers:
            yield from ((nothing, None) for nothing in self._nothing(each.trigger, rows, proposals))

    def _solved(self, rows: Sequence[Row], state: TableState, context: MakeContext) -> Sequence[Row] | None:
        """Rows as the CHECKs accept them; None where none are found."""
        with suppress(GenerateError):
            proposals = Proposals(self._plan, state, context)
            return solve(proposals, self._evaluation, rows, unique_rows(self._plan, state))
        return None

    def _grouping(self, trigger: Trigger) -> list[ForeignKey | None]:
        """The foreign keys whose referenced rows may be what the sums are about; None for all rows together."""
        words = words_in(trigger.source)
        keys = [
            key
            for key in (*self._plan.roles.independent, *self._plan.roles.overlapping)
            if any(name.lower() in words for name in key.columns)
        ]
        return [*keys, None]

    def _fewer(self, state: TableState, key: ForeignKey, rows: int, context: MakeContext) -> TableState:
        """A state with so few rows to reference that each is referenced twice."""
        keys, shares = state.keys[key.name], state.shares[key.name]
        most = max(rows // 2, 1)
        if len(keys) <= most:
            return state
        random = random_for(context.seed, str(self._table.name), "balanced", key.name)
        chosen = sorted(random.sample(range(len(keys)), most))
        return replace(
            state,
            keys={**state.keys, key.name: [keys[at] for at in chosen]},
            shares={**state.shares, key.name: [shares[at] for at in chosen]},
        )

    def _amounts(self, trigger: Trigger, key: ForeignKey | None, proposals: Proposals) -> Iterator[Amounts]:
        domains = {source.column.name: source.domain for source in self._plan.columns}
        values = {
            column.name: found
            for column in self._table.columns
            if len(found := finite_values(column, domains[column.name], ...)) == _SIDES
        }
        # What a group has in common is neither its key nor what is different in each row.
        own = {name for unique in self._table.uniques if len(unique.columns) == 1 for name in unique.columns}
        own |= {*(key.columns if key is not None else ())}
        for balance in balances_of(trigger.source, self._table, tuple(values)):
            alike = tuple(name for name in balance.alike if name not in own | {*balance.amounts})
            changed = (*balance.amounts, *alike, *([balance.side] if balance.side else []))
            if all(proposals.may_change([name]) for name in changed):
                yield from self._of_balance(balance, alike, values)

    def _of_balance(
        self, balance: Balance, alike: tuple[str, ...], values: Mapping[str, tuple[Any, ...]]
    ) -> Iterator[Amounts]:
        if balance.side is not None:
            first, second = values[balance.side]
            yield Amounts(balance.amounts, (balance.side, (first, second)), alike)
            return
        yield Amounts(balance.amounts, None, alike)
        if len(balance.amounts) == _SIDES and all(
            self._table.column(name).nullable for name in balance.amounts
        ):
            yield Amounts(balance.amounts, None, alike, empty=None)

    def _nothing(
        self, trigger: Trigger, rows: Sequence[Row], proposals: Proposals
    ) -> Iterator[Sequence[Row]]:
        """Rows in which one factor of a product that is summed is nothing: then groups of one row balance, too."""
        products = [each for each in sum_expressions(trigger.source, self._table) if "*" in each]
        words = {word.lower() for each in products for word in re.findall(r"\w+", each)}
        checks = all_checks(self._table)
        for column in self._table.columns:
            free = not column.generated and proposals.may_change([column.name])
            if column.name.lower() in words and has_numeric_category(column.type) and free:
                # What a CHECK allows beside another amount only.
                beside = {
                    name: None
                    for check in checks
                    if column.name in check.columns
                    for name in check.columns
                    if can_be_null_in(self._table, name) and proposals.may_change([name])
                }
                for emptied in ({}, beside):
                    found = [{**row, **emptied, column.name: 0} for row in rows]
                    if not any(self._evaluation.refused_by(found, checks)):
                        yield found

    def _totals(self, trigger: Trigger) -> Iterator[tuple[ForeignKey, str]]:
        """Foreign keys with a column of the referenced table that may be the total of a sum over this table."""
        words = words_in(trigger.source)
        for key in self._plan.roles.independent:
            parent = self._plans.get(key.referenced)
            for column in parent.table.columns if parent is not None else ():
                taken = column.name in key.referenced_columns or column.generated
                if has_numeric_category(column.type) and column.name.lower() in words and not taken:
                    yield key, column.name

    def _come_to(self, trigger: Trigger) -> Iterator[sql.Composed]:
        """Statements that set totals to the sums of their parts."""
        for key, total in self._totals(trigger) if trigger.deferrable else ():
            if not _is_supplied(self._plans[key.referenced], total):
                for summed in sum_expressions(trigger.source, self._table):
                    yield _come_to(self._table, key, total, summed)
        words = words_in(trigger.source)
        totals = [
            column.name
            for column in self._table.columns
            if has_numeric_category(column.type) and column.name.lower() in words
        ]
        for part, key in self._parts(trigger):
            for total in totals:
                if total not in key.referenced_columns and not _is_supplied(self._plan, total):
                    for summed in sum_expressions(trigger.source, part):
                        yield _come_to(part, key, total, summed)

    def _divisions(
        self, trigger: Trigger, rows: Sequence[Row], proposals: Proposals
    ) -> Iterator[Sequence[Row]]:
        """Rows whose amounts are parts of the totals that are there, or of a constant."""
        amounts = [
            amount for amount in sums_over(trigger.source, self._table) if proposals.may_change([amount])
        ]
        for amount in amounts:
            for key, total in self._totals(trigger):
                columns = [sql.Identifier(name) for name in (*key.referenced_columns, total)]
                query = sql.SQL("SELECT {} FROM {}").format(
                    sql.SQL(", ").join(columns), relation(key.referenced)
                )
                totals = {tuple(map(str, values)): left for *values, left in fetch(self._connection, query)}
                yield from self._divided(rows, key.columns, amount, totals.get)
            for constant in constants_compared(trigger.source):
                for grouping in self._grouping(trigger):
                    columns_of_group = grouping.columns if grouping is not None else ()
                    yield from self._divided(rows, columns_of_group, amount, partial(_constant, constant))

    def _divided(
        self,
        rows: Sequence[Row],
        columns: Sequence[str],
        amount: str,
        total_of: Callable[[tuple[str, ...]], Any],
    ) -> Iterator[Sequence[Row]]:
        """The rows with amounts that come to the total of their group; none where a total is too small."""
        column_type = self._table.column(amount).type
        scale = 0 if is_integer(column_type) else _SCALE if column_type.scale is None else column_type.scale
        groups: dict[tuple[str, ...], list[int]] = {}
        for number, row in enumerate(rows):
            groups.setdefault(tuple(str(row[name]) for name in columns), []).append(number)
        result = [dict(row) for row in rows]
        for group, numbers in groups.items():
            total = total_of(group)
            parts = divided(total, len(numbers), scale) if total is not None else None
            if parts is None:
                return
            for number, part in zip(numbers, parts, strict=True):
                result[number][amount] = part if scale else int(part)
        yield result


def _come_to(child: Table, key: ForeignKey, total: str, summed: str) -> sql.Composed:
    same = equal(child.name.name, key.columns, "p", key.referenced_columns)
    return sql.SQL(_COME_TO).format(
        parent=relation(key.referenced),
        total=sql.Identifier(total),
        # As the function has it: an expression in columns of the table.
        summed=sql.SQL(summed),
        child=relation(child.name),
        same=same,
    )


def _constant(constant: Decimal, group: tuple[str, ...]) -> Decimal:
    """The total of each group."""
    return constant


def _is_supplied(plan: TablePlan, column: str) -> bool:
    return any(source.column.name == column and source.supplied for source in plan.columns)


def _mentions(trigger: Trigger, table: Table) -> bool:
    return table.name.name.lower() in words_in(trigger.source)
