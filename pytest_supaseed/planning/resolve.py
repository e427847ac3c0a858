"""Spec + schema -> a spec in which nothing is left to look up: every table has its name and its number."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pytest_supaseed.lookup import Lookup, RowChoices
from pytest_supaseed.nearest import did_you_mean
from pytest_supaseed.schema import Contents, Schema, Table, TableName
from pytest_supaseed.spec import SeedSpec, TableSpec


def resolved(spec: SeedSpec, schema: Schema, contents: Contents) -> tuple[SeedSpec, list[str]]:
    """Look up what of a spec depends on the schema and on the rows that its load put there.

    Args:
        spec: what is asked for.
        schema: what is there.
        contents: the rows that are there.

    Returns:
        The spec, and a message for each thing that cannot be found.
    """
    looked_up = [asked for asked in spec.tables if asked.lookup is not None]
    if not looked_up:
        return spec, []
    plain = [asked for asked in spec.tables if asked.lookup is None]
    # What a marker names itself wins over what a configuration looks for.
    named = {table.name: asked for asked in plain if (table := schema.find(asked.name)) is not None}
    found: dict[TableName, TableSpec] = {}
    unknown = []
    for asked in looked_up:
        table = nearest_table(_names(asked), spec, schema)
        if table is None:
            unknown.append(replace(asked, lookup=None))
            continue
        along = _along(asked, named.get(table.name, asked), schema)
        for name, each in ((table.name, _without_what_others_take(asked, table, along)), *along):
            if name not in named:
                found.setdefault(name, each)
    problems: list[str] = []
    settled = []
    for name, asked in found.items():
        count, problem = _drawn(asked, schema.table(name), {**found, **named}, schema, contents, spec)
        problems += [problem] if problem else []
        asked = replace(asked, name=schema.table(name).label, count=asked.count if count is None else count)
        columns = _columns(asked, schema.table(name), contents.counts.get(name, 0), spec.seed)
        settled.append(replace(asked, columns=columns, lookup=None))
    return replace(spec, tables=(*plain, *settled, *unknown)), problems


def _names(asked: TableSpec) -> tuple[str, ...]:
    return (asked.lookup.names if asked.lookup is not None else ()) or (asked.name,)


def nearest_table(names: Iterable[str], spec: SeedSpec, schema: Schema) -> Table | None:
    """Return the first table that the spec names, else that tables of it reference, else that there is.

    Args:
        names: what the table may be called.
        spec: what is asked for.
        schema: what is there.
    """
    found = [(name, table) for name in names if (table := schema.find(name)) is not None]
    # A name that the search path finds wins over one that is only the single one of the database.
    found.sort(key=lambda each: each[0] not in (each[1].label, str(each[1].name)))
    tables = [table for _, table in found]
    asked_for = [schema.find(asked.name) for asked in spec.tables if asked.lookup is None]
    named = {table.name for table in asked_for if table is not None}
    # Where a name is not settled, what its candidates reference says nothing.
    others = [schema.find(_names(asked)[0]) for asked in spec.tables if len(_names(asked)) == 1]
    referenced = {key.referenced for other in others if other is not None for key in other.foreign_keys}
    chosen = [table for table in tables if table.name in named]
    chosen += [table for table in tables if table.name in referenced]
    return next(iter((*chosen, *tables)), None)


def _along(asked: TableSpec, number: TableSpec, schema: Schema) -> list[tuple[TableName, TableSpec]]:
    if asked.lookup is None or number.per is not None:
        return []
    beside = [(schema.find(each.name), each) for each in asked.lookup.along]
    return [
        (table.name, replace(each, count=number.count, add=number.add, lookup=Lookup()))
        for table, each in beside
        if table is not None
    ]


def _without_what_others_take(
    asked: TableSpec, table: Table, along: Sequence[tuple[TableName, TableSpec]]
) -> TableSpec:
    """Leave out choices for a column that the table has not, where a table beside it takes them."""
    taken = {value for _, each in along for _, value in each.columns if isinstance(value, RowChoices)}
    kept = [(name, value) for name, value in asked.columns if table.has_column(name) or not _in(value, taken)]
    return replace(asked, columns=tuple(kept))


def _in(value: object, taken: Collection[RowChoices]) -> bool:
    return isinstance(value, RowChoices) and value in taken


def _drawn(
    asked: TableSpec,
    table: Table,
    found: Mapping[TableName, TableSpec],
    schema: Schema,
    contents: Contents,
    spec: SeedSpec,
) -> tuple[int | None, str | None]:
    """How many rows of a table are drawn, None where none are; or why they cannot be."""
    drawn = asked.lookup.drawn if asked.lookup is not None else None
    if drawn is None:
        return None, None
    if drawn.column:
        keys = [key for key in table.foreign_keys if drawn.column in key.columns]
        if not keys:
            near = did_you_mean(drawn.column, [name for key in table.foreign_keys for name in key.columns])
            return 0, (
                f"{table.label} gets 1 to {drawn.most} rows for each row that {drawn.column} references, but it has "
                f"no such foreign key{near}: write the count of {table.label}"
            )
        parent: Table | None = schema.table(keys[0].referenced)
    else:
        parent = nearest_table(drawn.parents, spec, schema)
    if parent is None:
        return 0, (
            f"{table.label} gets 1 to {drawn.most} rows for each of {drawn.shown}, and there is no table "
            f"{' or '.join(drawn.parents)}: write the count of {table.label}"
        )
    rows = contents.counts.get(parent.name, 0)
    by = found.get(parent.name)
    if by is not None:
        rows = by.count if by.count is not None else rows + (by.add or 0)
    elif not rows:
        return 0, (
            f"{table.label} gets 1 to {drawn.most} rows for each of {parent.label}, which is empty: have the "
            f"schema's load put rows there, or ask for some"
        )
    return drawn.total(spec.seed, asked.name, rows), None


def _columns(asked: TableSpec, table: Table, present: int, seed: int) -> tuple[tuple[str, Any], ...]:
    """The columns' values, with as many choices as there will be new rows."""
    categories = asked.lookup.categories if asked.lookup is not None else ()
    rows = asked.add or 0 if asked.count is None else max(0, asked.count - present)
    columns: list[tuple[str, Any]] = []
    for name, value in asked.columns:
        if isinstance(value, RowChoices):
            if rows and (value.needed or table.has_column(name)):
                columns.append((name, list(value.choices(rows, seed))))
        elif name == "categories":
            columns.append((next(filter(table.has_column, categories), name), value))
        else:
            columns.append((name, value))
    return tuple(columns)
