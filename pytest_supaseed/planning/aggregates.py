"""Totals of a plan: the columns that are computed over the rows that reference their row, once these are there.

:func:`totals_of` finds them by name and type (:mod:`pytest_supaseed.values.meanings.aggregates`), and the columns of
the same row that follow from them. What a marker, generator or factory gives stays, and so does what a trigger
maintains, or a key holds; a table that gets no rows changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pytest_supaseed.constraints.column import memoized_by_identity, value_domain
from pytest_supaseed.constraints.functions import reads_unseen, words_in
from pytest_supaseed.model.referenced import referenced_tables
from pytest_supaseed.model.schema import Column, ForeignKey, Schema, Table, TableName
from pytest_supaseed.model.type_families import is_number
from pytest_supaseed.planning.plan import (
    ColumnSource,
    Dependent,
    Fitted,
    Generated,
    ServerDefault,
    TablePlan,
    TableTotals,
)
from pytest_supaseed.spec import SeedSpec
from pytest_supaseed.values.meanings.aggregates import Aggregate, Child, aggregate_of, nearest_first
from pytest_supaseed.values.meanings.context import Context, RowSetting
from pytest_supaseed.values.meanings.copies import copies
from pytest_supaseed.values.meanings.formulas.arithmetic import Evaluated, Sum
from pytest_supaseed.values.meanings.formulas.bills import is_paid, is_refunded, paid_labels
from pytest_supaseed.values.meanings.formulas.equations import equations, formula
from pytest_supaseed.values.meanings.formulas.flags import flag_of
from pytest_supaseed.values.meanings.generation_order import columns_before, stage
from pytest_supaseed.values.meanings.windows import windows_of


def totals_of(schema: Schema, plans: Sequence[TablePlan], spec: SeedSpec) -> tuple[TableTotals, ...]:
    """Return the totals of the tables of a plan, those first from which others are computed.

    Args:
        plans: in insertion order.
    """
    filled = FilledTables(plan.table for plan in plans if plan.total > 0)
    supplied = {
        plan.table.name: frozenset(source.column.name for source in plan.columns if source.supplied)
        for plan in plans
    }
    found = []
    for plan in reversed(plans):
        if plan.total > plan.present:
            totals = _of_table(schema, plan, filled, supplied, spec)
            if totals is not None:
                found.append(totals)
    return tuple(_in_order(found))


def with_counters(schema: Schema, plan: TablePlan) -> TablePlan:
    """Return the plan of a table whose numbers that triggers of other tables update begin with their default.

    A trigger that adds one to a counter for each row is right if the counter begins at 0.
    """
    table = plan.table
    about = [
        source
        for name, source in _trigger_sources(schema)
        if name != table.name and _has_word(source, table.name.name)
    ]

    def is_counter(source: ColumnSource) -> bool:
        column = source.column
        return (
            isinstance(source.source, Generated)
            and is_number(column.type)
            and column.default is not None
            and any(_updates(text, table.name.name, column.name) for text in about)
        )

    if not about or not any(map(is_counter, plan.columns)):
        return plan
    columns = tuple(
        replace(source, source=ServerDefault()) if is_counter(source) else source for source in plan.columns
    )
    return replace(plan, columns=columns)


@memoized_by_identity
def _trigger_sources(schema: Schema) -> tuple[tuple[TableName, str], ...]:
    return tuple((table.name, trigger.source) for table in schema.tables for trigger in table.triggers)


def _updates(text: str, table: str, column: str) -> bool:
    return (
        re.search(
            rf'\bupdate\s+(?:only\s+)?(?:"?\w+"?\.)?"?{re.escape(table)}"?\b[^;]*?\bset\b'
            rf'[^;]*?(?<!\w)"?{re.escape(column)}"?\s*=',
            text,
            re.IGNORECASE,
        )
        is not None
    )


def _of_table(
    schema: Schema,
    plan: TablePlan,
    filled: FilledTables,
    supplied: Mapping[TableName, frozenset[str]],
    spec: SeedSpec,
) -> TableTotals | None:
    table = plan.table
    children = nearest_first(children_of(table, filled))
    free = {source.column.name for source in plan.columns if not source.supplied} - _bound(schema, table)
    windows = () if plan.present or table.triggers else windows_of(schema, table, free)
    free -= {each.column for each in windows}
    aggregates = tuple(
        found
        for column in table.columns
        if children and column.name in free and (found := aggregate_of(column, children, table)) is not None
    )
    if not aggregates and not windows:
        return None
    parents = referenced_tables(schema, table, table.foreign_keys)
    free -= {
        column.name for column in table.columns if column.name in free and copies(table, column, parents)
    }
    dependents = tuple(_dependents(plan, aggregates, free, spec))
    fitted = () if table.triggers else tuple(_fitted(schema, table, aggregates, dependents, supplied))
    return TableTotals(table, aggregates, dependents, fitted, windows)


def _fitted(
    schema: Schema,
    table: Table,
    aggregates: Sequence[Aggregate],
    dependents: Sequence[Dependent],
    supplied: Mapping[TableName, frozenset[str]],
) -> Iterator[Fitted]:
    """The sums of payments that are subtracted from what the row comes to, if the payments may be changed."""
    for each in aggregates:
        wholes = [
            found.formula.base
            for found in dependents
            if isinstance(found.formula, Sum) and found.formula.minus == (each.column,)
        ]
        if not wholes and (is_paid(each.column) or is_refunded(each.column)):
            # What its status says is paid, or refunded, of.
            wholes = [
                name
                for name in equations(table).uses.get(each.column, ())
                if is_number(table.column(name).type)
            ]
        if wholes and _may_be_fitted(schema, each, supplied.get(each.child.name, frozenset())):
            labels = (paid_labels(table), paid_labels(table, "0.5")) if is_paid(each.column) else ()
            yield Fitted(each, wholes[0], *labels)


def _may_be_fitted(schema: Schema, each: Aggregate, supplied: frozenset[str]) -> bool:
    """Whether a sum is of payments whose amounts nothing else decides, and from which nothing else follows."""
    child, value = each.child, each.value
    if (
        not isinstance(value, str)
        or not (is_paid(each.column) or is_refunded(each.column))
        or each.function != "sum"
        or len(each.path) > 1
    ):
        return False
    if (
        each.also
        or each.through
        or each.negative
        or child.triggers
        or value in supplied | _bound(schema, child)
    ):
        return False
    domain = value_domain(child, child.column(value))
    if domain.allowed is not None or domain.maximum is not None or domain.multiple_of is not None:
        return False
    return (
        (domain.minimum or 0) <= 0
        and not equations(child).uses.get(value)
        and not any(value in uses for uses in equations(child).uses.values())
        and not any(value in check.columns and len(check.columns) > 1 for check in child.checks)
    )


class FilledTables(dict[TableName, Table]):
    """The tables that get rows, by name.

    Attributes:
        referencing: by referenced table, the foreign keys of these tables, each with its table, in their order.
    """

    def __init__(self, tables: Iterable[Table]) -> None:
        super().__init__((table.name, table) for table in tables)
        self.referencing: dict[TableName, list[tuple[Table, ForeignKey]]] = {}
        for table in self.values():
            for key in table.foreign_keys:
                self.referencing.setdefault(key.referenced, []).append((table, key))


def children_of(table: Table, filled: FilledTables) -> Iterator[Child]:
    """The tables whose rows belong to the rows of a table, directly or by rows of another."""
    for near, key in filled.referencing.get(table.name, ()):
        yield Child(table, ((near, key),), tuple(_others(near, key.name, filled)))
        if near.name == table.name:
            continue
        for far, further in filled.referencing.get(near.name, ()):
            if far.name not in (near.name, table.name):
                yield Child(table, ((far, further), (near, key)))


def _others(table: Table, key: str, filled: Mapping[TableName, Table]) -> Iterator[tuple[ForeignKey, Table]]:
    for other in table.foreign_keys:
        if other.name != key and other.referenced in filled:
            yield other, filled[other.referenced]


def _bound(schema: Schema, table: Table) -> set[str]:
    """The columns of a table that have to stay as they are: of keys, of CHECKs by functions, and those of triggers."""
    found = {*table.referencing, *(name for unique in table.uniques for name in unique.columns)}
    found |= {name for exclusion in table.exclusions for name in exclusion.columns}
    found |= {
        name
        for check in table.checks
        if check.called or check.declared or check.partitions
        for name in check.columns
    }
    definitions = [unique.definition for unique in table.uniques if unique.partial or unique.expression]
    for column in table.columns:
        if (
            column.generated
            or column.identity
            or column.sequence
            or _is_judged(column)
            or any(column.name in definition for definition in definitions)
        ):
            found.add(column.name)
    of_triggers = reads_unseen(table)
    for name, source in _trigger_sources(schema):
        if name == table.name or _has_word(source, table.name.name):
            found |= {column.name for column in table.columns if _has_word(source, column.name)}
    return found | ({column.name for column in table.columns} if of_triggers else set())


def _is_judged(column: Column) -> bool:
    """Whether the application's models accept only some numbers, of which the database does not know."""
    declared = column.declared
    return declared is not None and bool(
        declared.judged
        or declared.allowed is not None
        or declared.excluded
        or declared.maximum is not None
        or declared.multiple_of is not None
        or declared.minimum_exclusive
        or (declared.minimum or 0) > 0
    )


def _has_word(text: str, word: str) -> bool:
    if word.isascii() and word.isidentifier():
        return word.lower() in words_in(text)
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None


def _dependents(
    plan: TablePlan, aggregates: Sequence[Aggregate], free: set[str], spec: SeedSpec
) -> Iterator[Dependent]:
    table = plan.table
    changed = {each.column for each in aggregates}
    setting = RowSetting(spec.date, spec.locale)
    supplied = {source.column.name for source in plan.columns if source.supplied}
    sources = [
        source
        for source in plan.columns
        if isinstance(source.source, Generated) and is_number(source.column.type)
    ]
    for source in sorted(
        sources, key=lambda each: (stage(table, each.column), table.place(each.column.name))
    ):
        column = source.column
        if column.name not in free or column.name in changed or column.type.array:
            continue
        before = columns_before(table, column, supplied)
        found = formula(Context(table, column, source.domain, before, setting))
        if isinstance(found, Evaluated) and not changed.isdisjoint(found.uses):
            changed.add(column.name)
            yield Dependent(column.name, found)
    for source in plan.columns:
        name = source.column.name
        flag = flag_of(table, source.column)
        if flag is None or not flag.compares or changed.isdisjoint(flag.uses):
            continue
        if name in free and isinstance(source.source, Generated):
            yield Dependent(name, flag)


def _in_order(found: Sequence[TableTotals]) -> Iterator[TableTotals]:
    """Those first whose columns others are computed from."""
    waiting = list(found)
    while waiting:
        names = {each.table.name for each in waiting}
        ready = next(
            (
                each
                for each in waiting
                if not (_read(each) & (names | _changed(waiting, each))) - {each.table.name}
            ),
            waiting[0],
        )
        waiting.remove(ready)
        yield ready


def _changed(waiting: Iterable[TableTotals], totals: TableTotals) -> set[TableName]:
    """The tables whose payments other totals make fit."""
    return {fit.aggregate.child.name for each in waiting if each is not totals for fit in each.fitted}


def _read(totals: TableTotals) -> set[TableName]:
    """The tables with the values that are aggregated."""
    return {(each.through[1] if each.through else each.child).name for each in totals.aggregates}
