"""Row totals: the table of each name in a spec, and the number of rows that it shall hold.

:func:`resolved` replaces the lookups of a configuration file by tables and counts, :func:`named_tables` finds tables
by name, and :func:`totals` turns counts, ``add`` and ``per`` into a :class:`Total` for each table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pytest_supaseed.errors import did_you_mean
from pytest_supaseed.model.references import foreign_key_to
from pytest_supaseed.model.schema import Contents, ForeignKey, Schema, Table, TableName
from pytest_supaseed.spec import (
    Lookup,
    RowChoices,
    SeedSpec,
    TableSpec,
    limit_problem,
    marker_arguments,
    over_limit,
)


@dataclass(frozen=True)
class Total:
    """The rows asked for in one table.

    Attributes:
        table: the table.
        spec: what the marker asks for.
        total: rows after the seed.
        present: rows before the seed.
        per: name of a foreign key and the exact number of rows for each referenced row.
    """

    table: Table
    spec: TableSpec
    total: int
    present: int
    per: tuple[str, int] | None = None

    @property
    def asked(self) -> int:
        """The rows that count against the limit: all rows of the total, but with ``add`` only the new ones."""
        return self.total - self.present if self.spec.add is not None else self.total


def named_tables(
    spec: SeedSpec, schema: Schema
) -> tuple[dict[TableName, tuple[Table, TableSpec]], list[str]]:
    """Find the table of each name in a spec.

    Returns:
        The tables with their specs, in the order of the spec, and a message for each problem.
    """
    found: dict[TableName, tuple[Table, TableSpec]] = {}
    problems = []
    for asked in spec.tables:
        table = schema.find(asked.name)
        if table is None:
            problems.append(_unknown_table(asked.name, schema))
        elif table.name in found:
            problems.append(
                f"{asked.name} and {found[table.name][1].name} are one table, {table.name}: keep one of them"
            )
        else:
            found[table.name] = (table, asked)
    return found, problems


def _unknown_table(name: str, schema: Schema) -> str:
    several = schema.called(name)
    if len(several) > 1:
        names = ", ".join(str(table.name) for table in several[:-1])
        spelt = " or ".join(f'seed({{"{table.name}": ...}})' for table in several)
        return (
            f"{name} is not in the search path, and {len(several)} tables have that name, {names} and "
            f"{several[-1].name}: write it with its schema, {spelt}"
        )
    for other, kind in schema.others:
        if name in (str(other), other.name):
            what = (
                "seed the partitioned table instead" if kind == "partition" else "seed the tables behind it"
            )
            return f"{name} is a {kind}, not a table: {what}"
    if name in ("max_records", "seed", "locale", "date"):
        return f"{name} is no table: it is an option, write @pytest.mark.seed_options({name}=...)"
    if not schema.tables:
        return (
            f"{name} is no table, the database has none at all: set supaseed_schema to where your schema "
            "comes from: a .sql file, a folder of them, an alembic.ini, or 'package.module:Base'"
        )
    near = did_you_mean(name, schema.spellings())
    tables = ", ".join(table.label for table in schema.tables)
    return f"{name} is no table{near}" if near else f"{name} is no table; the database has {tables}"


def totals(
    named: Mapping[TableName, tuple[Table, TableSpec]], contents: Contents, schema: Schema | None = None
) -> tuple[dict[TableName, Total], list[str]]:
    """Compute how many rows each table shall hold.

    Args:
        named: what :func:`named_tables` returns.
        contents: the present rows.
        schema: for table names that are ambiguous; None without one.

    Returns:
        The totals, and a message for each that is impossible.
    """
    found: dict[TableName, Total] = {}
    problems: list[str] = []
    waiting = dict(named)
    while waiting:
        progress = False
        for name, (table, asked) in list(waiting.items()):
            foreign_key = None
            parent_total = 0
            if asked.per is not None:
                foreign_key, problem = _per_foreign_key(table, asked.per[0], schema)
                if foreign_key is None:
                    problems.append(problem)
                    del waiting[name]
                    progress = True
                    continue
                if foreign_key.referenced in waiting:
                    continue
                parent = found.get(foreign_key.referenced)
                parent_total = parent.total if parent else contents.counts.get(foreign_key.referenced, 0)
            total, found_problems = _total(table, asked, foreign_key, parent_total, contents)
            problems.extend(found_problems)
            found[name] = total
            del waiting[name]
            progress = True
        if not progress:
            names = " and ".join(table.label for table, _ in waiting.values())
            problems.append(f"{names} count their rows per one another: give one of them a count")
            break
    return found, problems


def _total(
    table: Table, asked: TableSpec, foreign_key: ForeignKey | None, parents: int, contents: Contents
) -> tuple[Total, list[str]]:
    present = contents.counts.get(table.name, 0)
    if foreign_key is not None and asked.per is not None:
        number = asked.per[1]
        total = Total(table, asked, number * parents, present, (foreign_key.name, number))
        most = max(contents.shares.get((table.name, foreign_key.name), ()), default=0)
        if most > number:
            return total, [
                f"{table.label} already holds {most} rows for one of {asked.per[0]}, more than the {number} "
                f"for each that were asked for: write per={{{asked.per[0]!r}: {most}}} or more"
            ]
        return total, []
    if asked.add is not None:
        return Total(table, asked, present + asked.add, present), []
    count = asked.count or 0
    if present > count:
        return Total(table, asked, count, present), [
            f"{table.label} holds {present} row{'s' if present > 1 else ''} that the schema's load put there, more "
            f"than the {count} asked for: write {marker_arguments([(table.label, str(present))])} or more"
            + (
                f", or {marker_arguments([(table.label, f'Rows(add={count})')])} for {count} more"
                if count
                else ""
            )
        ]
    return Total(table, asked, count, present), []


def _per_foreign_key(table: Table, parent: str, schema: Schema | None) -> tuple[ForeignKey | None, str]:
    found, problem = foreign_key_to(table, parent, schema)
    if found is not None and found.referenced == table.name:
        found, problem = None, f"{table.label} references itself there, so the number has no beginning"
    if found is not None:
        return found, ""
    return None, f"{table.label} with per={{{parent!r}: ...}}: {problem}: or give it a count"


def total_problem(spec: SeedSpec, found: Mapping[TableName, Total], *, hard: bool) -> str | None:
    """Return a message if the totals exceed the limit, else None.

    Args:
        found: its totals.
        hard: whether the limit was given on the command line.
    """
    asked = sum(total.asked for total in found.values())
    return over_limit(asked, spec.limit, hard=hard) if asked > spec.limit else limit_problem(spec, hard=hard)


def resolved(spec: SeedSpec, schema: Schema, contents: Contents) -> tuple[SeedSpec, list[str]]:
    """Resolve the lookups of a spec, which depend on the schema and on the rows that loading the schema inserted.

    Returns:
        The spec, and a message for each lookup that fails.
    """
    looked_up = [asked for asked in spec.tables if asked.lookup is not None]
    if not looked_up:
        return spec, []
    plain = [asked for asked in spec.tables if asked.lookup is None]
    # A table that a marker names wins over one that a configuration looks up.
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
    """Return the first matching table among those that the spec names, then those that they reference, then all.

    Args:
        names: possible names of the table.
    """
    found = [(name, table) for name in names if (table := schema.find(name)) is not None]
    # A table in the search path wins over one found only because no other schema has its name.
    found.sort(key=lambda each: each[0] not in (each[1].label, str(each[1].name)))
    tables = [table for _, table in found]
    asked_for = [schema.find(asked.name) for asked in spec.tables if asked.lookup is None]
    named = {table.name for table in asked_for if table is not None}
    # A lookup with several possible names does not count as a table of the spec, so its references do not either.
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
    """Leave out choices for a column that the table does not have, where a table seeded along with it takes them."""
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
    """Return the drawn number of rows, None where the lookup draws none; and a message where it cannot be drawn."""
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
    """Return the columns' values, with as many choices as there will be new rows."""
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
