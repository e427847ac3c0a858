"""Row totals: the table of each name in a spec, and the number of rows that it shall hold.

:func:`resolved` replaces the lookups of a configuration file by tables and counts, :func:`named_tables` finds tables
by name, and :func:`totals` turns counts, ``add`` and ``per`` into a :class:`Total` for each table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.errors import Problem
from pytest_supaseed.model.references import foreign_key_to
from pytest_supaseed.model.schema import Contents, ForeignKey, Schema, Snapshot, Table, TableName
from pytest_supaseed.planning import messages
from pytest_supaseed.spec import Lookup, RowChoices, SeedSpec, TableSpec


@dataclass(frozen=True)
class Total:
    """The rows asked for in one table.

    Attributes:
        table: the table.
        spec: what the marker asks for.
        total: rows after the seed, without those of tables that inherit from it.
        present: rows before the seed, likewise.
        per: name of a foreign key and the exact number of rows for each referenced row.
        of_heirs: rows after the seed of the tables that inherit from it.
        wanted: by column, what new rows of other tables that reference it accept of its values.
    """

    table: Table
    spec: TableSpec
    total: int
    present: int
    per: tuple[str, int] | None = None
    of_heirs: int = 0
    wanted: Mapping[str, ValueDomain] = field(default_factory=dict)

    @property
    def asked(self) -> int:
        """The rows that count against the limit: all rows of the total, but with ``add`` only the new ones."""
        return self.total - self.present if self.spec.add is not None else self.total


def asked_rows(found: Mapping[TableName, Total], contents: Contents) -> int:
    """Return the number of rows that count against the limit, each once, though several tables may show it."""
    shown = {heir for total in found.values() if total.spec.add is None for heir in total.table.heirs}
    return sum(total.asked for total in found.values()) + sum(
        contents.counts[heir] for heir in shown - found.keys()
    )


def named_tables(
    spec: SeedSpec, schema: Schema
) -> tuple[dict[TableName, tuple[Table, TableSpec]], list[Problem]]:
    """Find the table of each name in a spec.

    Returns:
        The tables with their specs, in the order of the spec, and the problems.
    """
    found: dict[TableName, tuple[Table, TableSpec]] = {}
    problems = []
    for asked in spec.tables:
        table = schema.find(asked.name)
        if table is None:
            problems.append(messages.unknown_table(asked.name, schema))
        elif table.name in found:
            problems.append(messages.one_table(asked.name, found[table.name][1].name, table.name))
        else:
            found[table.name] = (table, asked)
    return found, problems


def totals(
    named: Mapping[TableName, tuple[Table, TableSpec]], contents: Contents, schema: Schema | None = None
) -> tuple[dict[TableName, Total], list[Problem]]:
    """Compute how many rows each table shall hold.

    Args:
        named: what :func:`named_tables` returns.
        contents: the present rows.
        schema: for table names that are ambiguous; None without one.

    Returns:
        The totals, and a problem for each that is impossible.
    """
    found: dict[TableName, Total] = {}
    problems: list[Problem] = []
    waiting = dict(named)
    while waiting:
        progress = False
        for name, (table, asked) in list(waiting.items()):
            if any(heir in waiting for heir in table.heirs):
                continue
            foreign_key = None
            parent_total = 0
            if asked.per is not None:
                foreign_key, why = _per_foreign_key(table, asked.per[0], schema)
                if foreign_key is None:
                    problems.append(messages.not_counted_per(table, asked.per[0], why))
                    del waiting[name]
                    progress = True
                    continue
                if foreign_key.referenced in waiting:
                    continue
                parent = found.get(foreign_key.referenced)
                parent_total = parent.total if parent else contents.counts.get(foreign_key.referenced, 0)
            heirs = {
                heir: found[heir].total if heir in found else contents.counts.get(heir, 0)
                for heir in table.heirs
            }
            if foreign_key is None:
                total, found_problems = _total(table, asked, heirs, contents)
            else:
                total, found_problems = _total_per(table, asked, foreign_key, parent_total, contents)
                total = replace(total, of_heirs=sum(heirs.values()))
            problems.extend(found_problems)
            found[name] = total
            del waiting[name]
            progress = True
        if not progress:
            problems.append(messages.counted_per_one_another(table for table, _ in waiting.values()))
            break
    return found, problems


def _total_per(
    table: Table, asked: TableSpec, foreign_key: ForeignKey, parents: int, contents: Contents
) -> tuple[Total, list[Problem]]:
    """The total of a number for each referenced row; foreign keys are not inherited, and so is the number."""
    assert asked.per is not None  # noqa: S101 for the type checker
    number = asked.per[1]
    present = contents.counts.get(table.name, 0)
    total = Total(table, asked, number * parents, present, (foreign_key.name, number))
    most = max(contents.shares.get((table.name, foreign_key.name), ()), default=0)
    if most > number:
        return total, [messages.holds_more_for_one(table, asked.per, most, foreign_key.name)]
    return total, []


def _total(
    table: Table, asked: TableSpec, heirs: Mapping[TableName, int], contents: Contents
) -> tuple[Total, list[Problem]]:
    """The total of a count, or of an addition, which include the rows of inheriting tables.

    Args:
        heirs: rows of the inheriting tables after the seed.
    """
    present = contents.counts.get(table.name, 0)
    of_heirs = sum(heirs.values())
    before = present + sum(contents.counts.get(heir, 0) for heir in heirs)
    count = before + asked.add if asked.add is not None else asked.count or 0
    total = Total(table, asked, max(count - of_heirs, present), present, of_heirs=of_heirs)
    if before > count:
        return total, [messages.holds_more(table, before, count)]
    if present + of_heirs > count:
        return total, [messages.heirs_hold_more(table, asked, present, heirs)]
    return total, []


def _per_foreign_key(table: Table, parent: str, schema: Schema | None) -> tuple[ForeignKey | None, str]:
    found, problem = foreign_key_to(table, parent, schema)
    if found is not None and found.referenced == table.name:
        return None, f"{table.label} references itself there, so the number has no beginning"
    return found, problem


def resolved(spec: SeedSpec, snapshot: Snapshot) -> tuple[SeedSpec, list[Problem]]:
    """Resolve the lookups of a spec, which depend on the schema and on the rows that loading the schema inserted.

    Returns:
        The spec, and a problem for each lookup that fails.
    """
    schema = snapshot.schema
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
    problems: list[Problem] = []
    resolved_tables = []
    for name, asked in found.items():
        count, problem = _drawn(asked, schema.table(name), {**found, **named}, snapshot, spec)
        problems += [problem] if problem else []
        asked = replace(asked, name=schema.table(name).label, count=asked.count if count is None else count)
        columns = _columns(asked, schema.table(name), snapshot.contents.counts.get(name, 0), spec.seed)
        resolved_tables.append(replace(asked, columns=columns, lookup=None))
    return replace(spec, tables=(*plain, *resolved_tables, *unknown)), problems


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
    snapshot: Snapshot,
    spec: SeedSpec,
) -> tuple[int | None, Problem | None]:
    """Return the drawn number of rows, None where the lookup draws none; and the problem where it cannot be drawn."""
    drawn = asked.lookup.drawn if asked.lookup is not None else None
    if drawn is None:
        return None, None
    if drawn.column:
        keys = [key for key in table.foreign_keys if drawn.column in key.columns]
        if not keys:
            return 0, messages.drawn_without_reference(table, drawn)
        parent: Table | None = snapshot.schema.table(keys[0].referenced)
    else:
        parent = nearest_table(drawn.parents, spec, snapshot.schema)
    if parent is None:
        return 0, messages.drawn_without_parent(table, drawn)
    rows = snapshot.contents.counts.get(parent.name, 0)
    by = found.get(parent.name)
    if by is not None:
        rows = by.count if by.count is not None else rows + (by.add or 0)
    elif not rows:
        return 0, messages.drawn_for_none(table, drawn, parent)
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
