"""Advice on rows that PostgreSQL refuses: what the trigger or the CHECK looks at, and a marker that was tried.

:func:`advised` has specs tried that may help, one after another: one that fills the empty tables which the trigger
looks into, and one that asks for as many rows as were accepted. The first that works is what the message says. Where
none works it says so, and why: a trigger that does not look at the row is not helped by other values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pytest_supaseed.constraints.functions import (
    reads_clock,
    reads_row,
    settings_wanted,
    tables_in,
    trigger_targets,
)
from pytest_supaseed.errors import GenerateError, PlanError, Problem, SeedError, WriteError
from pytest_supaseed.model.polymorphic import polymorphic_references
from pytest_supaseed.model.references import optional
from pytest_supaseed.model.schema import ForeignKey, Schema, Table, TableName, Trigger
from pytest_supaseed.model.type_families import has_string_category
from pytest_supaseed.notation import Amount, Placeholder, notation
from pytest_supaseed.planning.order import needed_references
from pytest_supaseed.planning.plan import Plan
from pytest_supaseed.planning.subtypes import ancestors
from pytest_supaseed.repair.solve import all_checks
from pytest_supaseed.spec import SeedSpec, TableSpec
from pytest_supaseed.writing.refusals import Advice, LateRefusal, RefusedRowError

# Tables that are filled one after another, as each lets the seed come to the next refusal.
_MOST_FILLED = 3
# Specs that are tried with other numbers of the kinds of a table.
_MOST_KINDS = 12
# Rows that each row of a table may need of those that reference it.
_FOR_EACH = 2

# Seeds a spec and takes it back: the error, or None where all rows can be made.
Trial = Callable[[SeedSpec], SeedError | None]


class NoneThereError(GenerateError):
    """A table that a row has to reference has no row that it may reference.

    Args:
        problem: what is wrong.
        table: of the row.
        referenced: that table.
    """

    def __init__(self, problem: Problem, table: Table, referenced: TableName) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.table = table
        self.referenced = referenced


def with_rows_there(error: NoneThereError, schema: Schema, seed_plan: Plan, trial: Trial) -> GenerateError:
    """Return an error with a marker that asks for rows which can be referenced, where one was found that works."""
    spec, rows = seed_plan.spec, _rows_of(seed_plan)
    failed: SeedError | None = error
    for _ in range(_MOST_FILLED):
        if not isinstance(failed, NoneThereError) or not schema.has_table(failed.referenced):
            break
        name, amount = failed.referenced, rows.get(failed.table.name, 1)
        loaded = _only_loaded(spec, schema, rows, name)
        more = dict.fromkeys(_with_parents(schema, [name], rows), amount)
        if name not in loaded:
            more[name] += rows.get(name, 0)
        spec, rows = _asking(spec, schema, more, loaded), {**rows, **more}
        failed = trial(spec)
        if failed is None:
            written = notation().seed((table.name, table.asked) for table in spec.tables)
            return GenerateError(str(replace(error.problem, advice=f"ask for rows there: write {written}")))
    return GenerateError(str(error))


def _only_loaded(
    spec: SeedSpec, schema: Schema, rows: Mapping[TableName, int], name: TableName
) -> set[TableName]:
    """The table, where it has rows and the spec asks for none of them."""
    asked = {table.name for each in spec.tables if (table := schema.find(each.name)) is not None}
    return {name} if rows.get(name) and name not in asked else set()


def advised(
    refused: RefusedRowError, schema: Schema, seed_plan: Plan, looked_up: Iterable[TableName], trial: Trial
) -> WriteError:
    """Return a refusal with what it is known to be about, and with a marker that works, where one was found.

    Args:
        refused: the refusal.
        schema: of the database.
        seed_plan: of the spec that is refused.
        looked_up: the tables that inserting the row was observed to look into.
        trial: tries a spec; it is called a few times at most.
    """
    table = refused.table
    if table is None or refused.cause.broken:
        return refused
    looked_at = LookedAt.by(refused, schema, table, looked_up)
    rows = _rows_of(seed_plan)
    lines = [*looked_at.lines(schema, table, rows)]
    for spec, why in _remedies(refused, schema, seed_plan, looked_at, trial):
        written = notation().seed((table.name, table.asked) for table in spec.tables)
        if spec.settings != seed_plan.spec.settings:
            written = notation().options({"settings": dict(spec.settings)})
        return refused.advised([*lines, f"  {why}: write {written}"])
    return refused.advised([*lines, _without_remedy(refused, schema, seed_plan, looked_at).words()])


def _without_remedy(refused: RefusedRowError, schema: Schema, seed_plan: Plan, looked_at: LookedAt) -> Advice:
    """What is left to do where nothing that was tried helps."""
    assert refused.table is not None  # noqa: S101 for the type checker
    table, rows = schema.table(refused.table.name), _rows_of(seed_plan)
    advice = refused.advice or Advice(table, rows.get(table.name, 0))
    absent = _absent_row(refused, schema)
    if absent is not None and rows.get(absent[0].name):
        there, values = absent
        given = tuple((name, Placeholder(listed=True)) for name, _ in values)
        shown = notation().arguments([(there.label, Amount(rows[there.name], columns=given))])
        keys = " and ".join(f"{name} {value!r}" for name, value in values)
        return replace(advice, instead=f"no row of {there.label} has {keys}: give it to one, as in {shown}")
    unread = bool(refused.cause.triggers) and not looked_at.row
    others = [name for name in looked_at.tables if name != table.name and rows.get(name)]
    referenced = _only_references(advice, table, seed_plan)
    if referenced:
        # Any value of these columns is that of a row which is there.
        others = [name for name in dict.fromkeys((*others, *referenced)) if rows.get(name)]
    if unread or referenced:
        advice = replace(
            advice,
            columns=() if others or unread else advice.columns,
            others=tuple(schema.table(name).label for name in others if schema.has_table(name)),
        )
    return replace(advice, tried=True, unread=unread, settings=tuple(looked_at.settings))


def _only_references(advice: Advice, table: Table, seed_plan: Plan) -> list[TableName]:
    """The tables that all columns which may be the reason reference, as the seed chooses.

    None where one of the columns references nothing, or where the user supplies its values.
    """
    keys = {
        name: key.referenced
        for key in table.foreign_keys
        if key.referenced != table.name
        for name in key.columns
    }
    supplied = {
        source.column.name
        for plan in seed_plan.tables
        if plan.table.name == table.name
        for source in plan.columns
        if source.supplied
    }
    return [keys[name] for name in advice.columns] if keys.keys() - supplied >= {*advice.columns} else []


@dataclass(frozen=True)
class LookedAt:
    """What decides that a row is refused.

    Attributes:
        tables: the tables that are looked into.
        settings: the settings that are read, and values that each of them may have to have.
        row: whether the row's values may matter.
        clock: whether it asks what time it is.
    """

    tables: tuple[TableName, ...]
    settings: Mapping[str, tuple[str, ...]]
    row: bool
    clock: bool = False

    @staticmethod
    def by(
        refused: RefusedRowError, schema: Schema, table: Table, observed: Iterable[TableName] = ()
    ) -> LookedAt:
        """Return what the triggers or the CHECK that refuse a row look at, by observation and by their text."""
        triggers = deciding(refused, table)
        sources = [trigger.source for trigger in triggers]
        sources += [
            check.called
            for check in all_checks(table)
            if check.called and check.name == refused.cause.constraint
        ]
        read = [name for source in sources for name in tables_in(schema, source)]
        # Foreign keys are checked by looking into tables as well.
        others = [name for name in observed if sources and name not in read]
        others += _violated(refused, schema)
        text = "\n".join((*sources, *(trigger.called for trigger in triggers)))
        return LookedAt(
            tuple(dict.fromkeys((*read, *sorted(others, key=str)))),
            settings_wanted(text),
            not triggers or any(map(reads_row, triggers)),
            reads_clock(text),
        )

    def empty(self, schema: Schema, table: Table | None, rows: Mapping[TableName, int]) -> list[TableName]:
        """Return the other tables that are looked into and have no rows."""
        own = None if table is None else table.name
        return [name for name in self.tables if name != own and schema.has_table(name) and not rows.get(name)]

    def lines(self, schema: Schema, table: Table, rows: Mapping[TableName, int]) -> Iterator[str]:
        """What it looks at, as lines of a message."""
        found = []
        for name in self.tables:
            if name != table.name and schema.has_table(name):
                number = rows.get(name, 0)
                held = f"{number} row{'s' * (number > 1)}" if number else "no rows"
                found.append(f"{schema.table(name).label}, which has {held}")
        if found:
            yield f"  it looks into {' and '.join(found)}"
        if self.settings:
            yield f"  it reads the setting{'s' * (len(self.settings) > 1)} {', '.join(self.settings)}"
        if self.clock:
            yield "  it reads the clock"


def deciding(refused: RefusedRowError, table: Table) -> tuple[Trigger, ...]:
    """Return the triggers that refuse a row, as far as the error names them."""
    return tuple(trigger for trigger in table.triggers if trigger.name in refused.cause.triggers)


def _violated(refused: RefusedRowError, schema: Schema) -> list[TableName]:
    """The tables that the row of another table has to reference, which a trigger inserts."""
    if refused.cause.referencing is None:
        return []
    name, constraint = refused.cause.referencing
    keys = schema.table(name).foreign_keys if schema.has_table(name) else ()
    return [key.referenced for key in keys if key.name == constraint]


def _rows_of(seed_plan: Plan) -> dict[TableName, int]:
    """The rows that tables have after the seed, but for what triggers insert into others."""
    return {**seed_plan.contents.counts, **{each.table.name: each.count for each in seed_plan.tables}}


def _remedies(
    refused: RefusedRowError, schema: Schema, seed_plan: Plan, looked_at: LookedAt, trial: Trial
) -> Iterator[tuple[SeedSpec, str]]:
    """The specs that work, each with why."""
    rows = _rows_of(seed_plan)
    keyed = _with_absent_keys(refused, schema, seed_plan, trial)
    if keyed is not None:
        yield keyed, "ask for the row that it references"
    referencing = _with_referencing(refused, schema, seed_plan, trial)
    if referencing is not None:
        there = any(rows.get(name) for late in refused.late for name in late.looked_up)
        yield referencing, "ask for more rows there" if there else "ask for rows there"
    elif refused.late:
        kinds = _with_kinds(refused, schema, seed_plan, trial)
        if kinds is not None:
            there = len(kinds.tables) > len(seed_plan.spec.tables)
            yield (
                kinds,
                "ask for rows there" if there else "ask for as many rows as those have that it looks into",
            )
    partly: list[tuple[SeedSpec, Table]] = []
    given = {name for name, _ in seed_plan.spec.settings}
    for values in (
        zip(*looked_at.settings.values(), strict=False) if given.isdisjoint(looked_at.settings) else ()
    ):
        wanted = dict(zip(looked_at.settings, values, strict=True))
        if trial(_under(seed_plan.spec, wanted)) is None:
            for name in looked_at.settings if len(wanted) > 1 else ():
                # Some are read for another reason.
                rest = {each: value for each, value in wanted.items() if each != name}
                if rest and trial(_under(seed_plan.spec, rest)) is None:
                    wanted = rest
            yield _under(seed_plan.spec, wanted), "set it" if len(wanted) == 1 else "set them"
            break
    filled = _with_filled(refused, schema, seed_plan, looked_at, trial, partly)
    if filled is not None:
        before = {each.name for each in seed_plan.spec.tables}
        added = {schema.find(each.name) for each in filled.tables if each.name not in before}
        there = any(table is not None and table.name in looked_at.tables for table in added)
        yield filled, "ask for rows there" if there else "ask for rows that can be referenced"
    more = _with_more_of_each(refused, schema, seed_plan, looked_at) if filled is None else None
    if more is not None and trial(more) is None:
        yield more, "ask for more rows there"
    second = _with_second(refused, schema, seed_plan, looked_at) if more is None and filled is None else None
    if second is not None and trial(second) is None:
        yield second, "ask for more rows there"
    if refused.accepted and refused.table is not None:
        fewer = _asking(seed_plan.spec, schema, {refused.table.name: refused.accepted})
        if fewer != seed_plan.spec and trial(fewer) is None:
            yield fewer, f"ask for at most {refused.accepted}"
    if partly and refused.table is not None:
        spec, next_one = partly[0]
        yield spec, f"with these, {refused.table.label} is filled, and {next_one.label} is refused next"


def _with_absent_keys(
    refused: RefusedRowError, schema: Schema, seed_plan: Plan, trial: Trial
) -> SeedSpec | None:
    """A spec with rows that have the keys which triggers write as constants; None where that does not help.

    What the next refusals need is filled as well.
    """
    found = _with_absent_key(refused, schema, seed_plan.spec, _rows_of(seed_plan))
    for _ in range(_MOST_FILLED):
        if found is None:
            return None
        spec, rows = found
        failed = trial(spec)
        if failed is None:
            return spec
        if not isinstance(failed, RefusedRowError):
            return None
        found = _with_absent_key(failed, schema, spec, rows)
        if found is None and (empty := _empty_for(failed, schema, rows)):
            found = _filling(spec, schema, empty, rows, failed.table)
    return None


def _empty_for(refused: RefusedRowError, schema: Schema, rows: Mapping[TableName, int]) -> list[TableName]:
    """The empty tables that a refused row of a spec that is tried may need."""
    if refused.table is None:
        return []
    looked_at = LookedAt.by(refused, schema, refused.table, refused.looked_up or ())
    return looked_at.empty(schema, refused.table, rows) or _unset_parents(refused, schema, rows)


def _with_absent_key(
    refused: RefusedRowError, schema: Schema, spec: SeedSpec, rows: Mapping[TableName, int]
) -> tuple[SeedSpec, dict[TableName, int]] | None:
    """A spec with a row that has the key which is missing, and all rows; None where the spec asks for other rows."""
    found = _absent_row(refused, schema)
    if found is None:
        return None
    there, values = found
    loaded = _only_loaded(spec, schema, rows, there.name)
    if rows.get(there.name, 0) > 1 and not loaded:
        return None
    more = dict.fromkeys(_with_parents(schema, [there.name], rows), 1)
    tables = [
        replace(each, columns=(*each.columns, *values)) if schema.find(each.name) == there else each
        for each in _asking(spec, schema, more, loaded).tables
    ]
    return replace(spec, tables=tuple(tables)), {**rows, **more}


def _absent_row(refused: RefusedRowError, schema: Schema) -> tuple[Table, tuple[tuple[str, Any], ...]] | None:
    """The table in which the row with a constant key is missing, and the key's values by column; None for none."""
    absent = refused.cause.absent
    if absent is None or not schema.has_table(absent.table):
        return None
    if not {str(value) for value in refused.row.values()}.isdisjoint(absent.values):
        # It is the row's own value, and no constant.
        return None
    for key in schema.table(absent.table).foreign_keys:
        if key.name == absent.constraint and schema.has_table(key.referenced):
            there = schema.table(key.referenced)
            return there, tuple(
                (name, text if has_string_category(there.column(name).type) else _number(text))
                for name, text in zip(key.referenced_columns, absent.values, strict=True)
            )
    return None


def _number(text: str) -> int | str:
    return int(text) if re.fullmatch(r"-?\d+", text) else text


def _with_referencing(
    refused: RefusedRowError, schema: Schema, seed_plan: Plan, trial: Trial
) -> SeedSpec | None:
    """A spec with a row for each row that a deferred trigger wants to be referenced; None where that does not help.

    It does where the trigger looks into tables that reference its own.
    """
    spec, rows = seed_plan.spec, _rows_of(seed_plan)
    # By table, the tables whose rows its own have to reference.
    wanted: dict[TableName, set[TableName]] = {}
    late = refused.late
    for _ in range(_MOST_FILLED):
        for each in late:
            for name in each.looked_up:
                if schema.has_table(name) and _keys_between(schema, name, each.table.name):
                    wanted.setdefault(name, set()).add(each.table.name)
        more = {name: number for name in wanted if (number := _for_all(schema, name, wanted[name], rows))}
        if not more:
            return None
        parents = [name for name in _with_parents(schema, list(more), rows) if name not in more]
        more |= {name: max(more.values()) for name in parents}
        spec, rows = _asking(spec, schema, more), {**rows, **more}
        failed = trial(spec)
        if failed is None:
            return spec
        late = failed.late if isinstance(failed, RefusedRowError) else ()
    return None


def _with_kinds(refused: RefusedRowError, schema: Schema, seed_plan: Plan, trial: Trial) -> SeedSpec | None:
    """A spec with as many rows of a table as those have that hold its kinds, or with rows of a kind for the others.

    It helps where deferred triggers want each row of a table to have a row in one of several others.
    """
    waiting = [(seed_plan.spec, _rows_of(seed_plan), refused.late)]
    tried = 0
    for spec, rows, late in waiting:  # The list grows while it is read.
        for more in _more_of_kinds(schema, late[0], rows):
            if tried >= _MOST_KINDS:
                return None
            tried += 1
            asking = _asking(spec, schema, more)
            failed = trial(asking)
            if failed is None:
                return asking
            if isinstance(failed, RefusedRowError) and failed.late:
                waiting.append((asking, {**rows, **more}, failed.late))
    return None


def _more_of_kinds(
    schema: Schema, late: LateRefusal, rows: Mapping[TableName, int]
) -> Iterator[dict[TableName, int]]:
    """Counts of tables with which each row may have one kind, and no row two."""
    spoken_of = [name for name in tables_in(schema, late.trigger.source) if name in late.looked_up]
    above = {
        name: {each.table for each in ancestors(schema, schema.table(name))}
        for name in dict.fromkeys((late.table.name, *spoken_of, *sorted(late.looked_up)))
        if schema.has_table(name)
    }
    # What one row has a row in both of is not two kinds of it.
    kinds = [name for name in above if not any(name in found for found in above.values())]
    wanted: dict[TableName, int] = {}
    for name in kinds:
        for each in above[name]:
            wanted[each] = wanted.get(each, 0) + rows.get(name, 0)
    more = {name: number for name, number in wanted.items() if number > rows.get(name, 0)}
    if more:
        yield more
    left = rows.get(late.table.name, 0) - wanted.get(late.table.name, 0)
    for name in kinds if left > 0 else ():
        if late.table.name in above[name]:
            parents = _with_parents(schema, [name], rows)
            yield {**dict.fromkeys(parents, left), name: rows.get(name, 0) + left}


def _keys_between(schema: Schema, name: TableName, other: TableName) -> list[ForeignKey]:
    return [key for key in schema.table(name).foreign_keys if key.referenced == other]


def _for_all(
    schema: Schema, name: TableName, referenced: Iterable[TableName], rows: Mapping[TableName, int]
) -> int:
    """The rows with which a table can reference each row of others, 0 where it has as many."""
    table = schema.table(name)
    polymorphic = {
        each.foreign_key.referenced
        for each in polymorphic_references(table)
        if schema.has_table(each.foreign_key.referenced)
    }
    # A row that references one of several tables references none of the others.
    apart = sum(rows.get(other, 0) for other in referenced if other in polymorphic)
    if 0 < apart <= rows.get(name, 0):
        apart = sum(rows.get(other, 0) for other in polymorphic)
    number = max([apart, *(rows.get(other, 0) for other in referenced if other not in polymorphic)])
    return number if number > rows.get(name, 0) else 0


def _with_more_of_each(
    refused: RefusedRowError, schema: Schema, seed_plan: Plan, looked_at: LookedAt
) -> SeedSpec | None:
    """A spec with two rows for each row of the refused table in those that reference it; None where they are there."""
    rows, table = _rows_of(seed_plan), refused.table
    if table is None or not refused.cause.triggers:
        return None
    more = {
        name: _FOR_EACH * rows.get(table.name, 0)
        for name in looked_at.tables
        if name != table.name
        and 0 < rows.get(name, 0) < _FOR_EACH * rows.get(table.name, 0)
        and any(key.referenced == table.name for key in schema.table(name).foreign_keys)
    }
    return _asking(seed_plan.spec, schema, more) if more else None


def _with_second(
    refused: RefusedRowError, schema: Schema, seed_plan: Plan, looked_at: LookedAt
) -> SeedSpec | None:
    """A spec with a second row in tables that are looked into and have one, from which rows may have to differ."""
    rows, table = _rows_of(seed_plan), refused.table
    if table is None or not refused.cause.triggers:
        return None
    alone = {
        plan.table.name: 2
        for plan in seed_plan.tables
        if plan.table.name in looked_at.tables
        and plan.table.name != table.name
        and rows[plan.table.name] == 1
    }
    return _asking(seed_plan.spec, schema, alone) if alone else None


def _under(spec: SeedSpec, settings: Mapping[str, str]) -> SeedSpec:
    return replace(spec, settings=tuple(sorted((*spec.settings, *settings.items()))))


def _with_filled(
    refused: RefusedRowError,
    schema: Schema,
    seed_plan: Plan,
    looked_at: LookedAt,
    trial: Trial,
    partly: list[tuple[SeedSpec, Table]],
) -> SeedSpec | None:
    """A spec that fills the empty tables that the row may need, or some of them; None where that does not help.

    To ``partly``, specs are added that fill the refused table, each with the table that is refused then.
    """
    rows = _rows_of(seed_plan)
    first = looked_at.empty(schema, refused.table, rows)
    unset = _unset_parents(refused, schema, rows)
    beyond = _parents_of_looked_up(refused, schema, seed_plan, looked_at)
    tried: list[list[TableName]] = []
    # What the triggers of the table fill themselves may be empty for no other reason.
    made = trigger_targets(schema, refused.table) if refused.table is not None else ()
    likely = [name for name in first if name not in made]
    for empty in (likely, unset, list(dict.fromkeys((*likely, *unset))), beyond, first):
        if empty and empty not in tried:
            tried.append(empty)
            spec = _with_all_filled(refused, schema, seed_plan, empty, trial, partly)
            if spec is not None:
                return spec
    for name in first[:_MOST_FILLED] if len(first) > 1 else ():
        # A row may have to be in one of several tables.
        spec, _ = _filling(seed_plan.spec, schema, [name], rows, refused.table)
        if trial(spec) is None:
            return spec
    return None


def _with_all_filled(
    refused: RefusedRowError,
    schema: Schema,
    seed_plan: Plan,
    empty: list[TableName],
    trial: Trial,
    partly: list[tuple[SeedSpec, Table]],
) -> SeedSpec | None:
    """A spec that fills empty tables, and those that the next refusals look into; None where that does not help."""
    spec, rows = seed_plan.spec, _rows_of(seed_plan)
    table = refused.table
    for _ in range(_MOST_FILLED):
        if not empty:
            break
        before, present = spec, rows
        spec, rows = _filling(before, schema, empty, present, refused.table)
        failed = trial(spec)
        if isinstance(failed, PlanError):
            # There may be fewer rows to reference: one row may do.
            spec, rows = _filling(before, schema, empty, present, None)
            failed = trial(spec)
        if failed is None:
            return spec
        if not isinstance(failed, RefusedRowError) or failed.table is None:
            break
        if table is not None and failed.table.name != table.name:
            partly.append((spec, failed.table))
        refused = failed
        keyed = _with_absent_key(failed, schema, spec, rows)
        if keyed is not None:
            spec, rows = keyed
            failed = trial(spec)
            if failed is None:
                return spec
            if not isinstance(failed, RefusedRowError):
                break
        empty = _empty_for(failed, schema, rows)
    return None


def _unset_parents(
    refused: RefusedRowError, schema: Schema, rows: Mapping[TableName, int]
) -> list[TableName]:
    """The empty tables that a refused row does not reference, in columns that what refuses it may read."""
    table = refused.table
    if table is None or not (refused.cause.inside_trigger or refused.cause.constraint):
        return []
    unset = [
        key
        for key in table.foreign_keys
        if any(name in refused.row and refused.row[name] is None for name in key.columns)
    ]
    found = dict.fromkeys(key.referenced for key in _spoken_of(unset, refused, table))
    return [name for name in found if name != table.name and schema.has_table(name) and not rows.get(name)]


def _parents_of_looked_up(
    refused: RefusedRowError, schema: Schema, seed_plan: Plan, looked_at: LookedAt
) -> list[TableName]:
    """The tables without rows of the seed that rows which are looked up may reference, and may have to."""
    filled = {each.table.name for each in seed_plan.tables if each.count}
    keys = [
        key
        for name in looked_at.tables
        if name in filled
        for key in schema.table(name).foreign_keys
        if optional(schema.table(name), key)
        and key.referenced not in filled
        and schema.has_table(key.referenced)
    ]
    spoken_of = _spoken_of(keys, refused, refused.table) if refused.table is not None else []
    return list(dict.fromkeys(key.referenced for key in spoken_of or keys))


def _spoken_of(keys: Iterable[ForeignKey], refused: RefusedRowError, table: Table) -> list[ForeignKey]:
    """The foreign keys of which a refusal speaks, or the text of the triggers that have refused the row."""
    said = " ".join(trigger.source for trigger in deciding(refused, table)) + refused.said
    return [
        key
        for key in keys
        if any(re.search(rf"\b{re.escape(name)}\b", said, re.IGNORECASE) for name in key.columns)
    ]


def _filling(
    spec: SeedSpec,
    schema: Schema,
    names: Sequence[TableName],
    rows: Mapping[TableName, int],
    table: Table | None,
) -> tuple[SeedSpec, dict[TableName, int]]:
    """A spec with as many rows in some tables, and in those that they need, as in the refused one; and all rows."""
    amount = rows.get(table.name, 1) if table is not None else 1
    loaded = {name for name in names if rows.get(name)}
    more = dict.fromkeys(_with_parents(schema, names, rows), amount)
    return _asking(spec, schema, more, loaded), {
        **rows,
        **{name: number + rows.get(name, 0) for name, number in more.items()},
    }


def _with_parents(
    schema: Schema, names: Sequence[TableName], rows: Mapping[TableName, int]
) -> list[TableName]:
    """Tables, and those that their required references need rows of."""
    found = list(names)
    for name in found:  # The list grows while it is read.
        for key, _ in needed_references(schema.table(name), lambda parent: not rows.get(parent)):
            parent = key.referenced
            if schema.has_table(parent) and not rows.get(parent) and parent not in found:
                found.append(parent)
    return found


def _asking(
    spec: SeedSpec, schema: Schema, counts: Mapping[TableName, int], loaded: Container[TableName] = ()
) -> SeedSpec:
    """A spec with other counts for some tables, on top of their rows for those that the load has filled."""
    changed, left = [], dict(counts)
    for each in spec.tables:
        table = schema.find(each.name)
        number = left.pop(table.name, None) if table is not None else None
        changed.append(
            each if number is None else replace(each, count=number, add=None, per=None, lookup=None)
        )
    more = [
        TableSpec(schema.table(name).label, add=number)
        if name in loaded
        else TableSpec(schema.table(name).label, number)
        for name, number in left.items()
    ]
    return replace(spec, tables=(*more, *changed))
