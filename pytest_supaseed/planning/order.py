"""Insertion order of the tables of a spec, and the foreign keys that are set in a second pass to break cycles.

:func:`insertion_order` sorts the tables; :func:`brought_forward` changes the order when more becomes known;
:func:`needed_references` finds the foreign keys whose parents must have rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pytest_supaseed.constraints.cases import Case, cases_of_check
from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.constraints.functions import tables_read, trigger_targets
from pytest_supaseed.errors import Problem
from pytest_supaseed.model.graph import acyclic_order, cycle
from pytest_supaseed.model.identifiers import spelt
from pytest_supaseed.model.polymorphic import polymorphic_references
from pytest_supaseed.model.referenced import role_of
from pytest_supaseed.model.references import optional
from pytest_supaseed.model.schema import Check, ForeignKey, Schema, Table, TableName
from pytest_supaseed.planning import messages
from pytest_supaseed.planning.diamonds import member_tables
from pytest_supaseed.planning.plan import TablePlan


@dataclass(frozen=True)
class Order:
    """The insertion order.

    Attributes:
        tables: the tables of the spec that get rows, parents first.
        later: by table, the foreign keys whose referenced rows are inserted after the table's own.
        filled: tables into which triggers of those tables insert, as far as the text of their functions tells.
    """

    tables: tuple[TableName, ...]
    later: Mapping[TableName, tuple[ForeignKey, ...]]
    filled: frozenset[TableName]


def insertion_order(
    schema: Schema, named: Collection[TableName], supplied: Mapping[TableName, Collection[str]]
) -> tuple[Order, list[Problem]]:
    """Order the tables of a spec by their foreign keys, and by what their triggers and CHECKs look up.

    Args:
        named: the tables that get rows.
        supplied: by table, the columns whose values the user supplies.

    Returns:
        The order, and a problem for each cycle without a nullable or deferrable foreign key.
    """
    fills = _filled_by_triggers(schema, named)
    needs = _needs(schema, fills, supplied)
    made = frozenset(target for targets in fills.values() for target in targets)
    remaining = {name: set(needed.all) for name, needed in needs.items()}

    def release(component: tuple[TableName, ...]) -> tuple[TableName, TableName] | None:
        inside = set(component)
        # What triggers insert is whole, and so are the rows for which they do.
        by_hand = sorted(component, key=lambda name: name in made or not fills[name].isdisjoint(inside))
        for given_up in (_Needed.first_given_up, _Needed.next_given_up, _Needed.last_given_up):
            found = [
                (node, needed)
                for node in by_hand
                for needed in sorted(given_up(needs[node]) & inside & remaining[node])
            ]
            # Which of its rows is a row's current one, or its last, is set when these are there.
            found.sort(key=lambda edge: not _points_at_one(schema, *edge))
            if given_up is _Needed.last_given_up:
                # So is which of them a row picks, which belong to it.
                found.sort(key=lambda edge: not _picks(schema, *edge))
            if found:
                remaining[found[0][0]].discard(found[0][1])
                return found[0]
        return None

    sorted_tables, stuck = acyclic_order(needs, {name: needed.all for name, needed in needs.items()}, release)
    position = {name: at for at, name in enumerate(sorted_tables)}
    later = {
        name: tuple(
            foreign_key
            for foreign_key in schema.table(name).foreign_keys
            if position.get(foreign_key.referenced, -1) > position[name]
            and not any(column in supplied.get(name, ()) for column in foreign_key.columns)
        )
        for name in named
    }
    order = Order(tuple(name for name in sorted_tables if name in later), later, made)
    return order, [_stuck(schema, component, remaining) for component in stuck]


_ONE_OF_MANY = re.compile(
    r"^_(current|latest|last|newest|active|primary|default|main|preferred|featured|selected|winning|accepted|head|cover)_"
)


def _points_at_one(schema: Schema, name: TableName, other: TableName) -> bool:
    """Whether the rows of a table only say which row of another is the current one, the last, the primary one."""
    keys = [key for key in schema.table(name).foreign_keys if key.referenced == other]
    return bool(keys) and all(_ONE_OF_MANY.search(spelt(key.columns[-1])) for key in keys)


def _picks(schema: Schema, name: TableName, other: TableName) -> bool:
    """Whether the rows of a table pick some of those rows of another that belong to them, and do not belong to these.

    A workflow's first state is one of its states: one state at most per workflow references it as the first, or it is
    not called after the table of states, as what belongs to a workflow is called after that of workflows.
    """
    table, picked = schema.table(name), schema.table(other)
    picks = [key for key in table.foreign_keys if key.referenced == other]
    belongs = [key for key in picked.foreign_keys if key.referenced == name]

    def weight(of: Table, keys: Sequence[ForeignKey]) -> tuple[bool, bool]:
        alone = [set(unique.columns) for unique in of.uniques]
        return (
            any(set(key.columns) not in alone for key in keys),
            any(spelt(key.referenced.thing).startswith(role_of(key)) for key in keys),
        )

    return bool(belongs) and weight(table, picks) < weight(picked, belongs)


def _filled_by_triggers(
    schema: Schema, named: Collection[TableName]
) -> dict[TableName, frozenset[TableName]]:
    """By table, named or filled by triggers of such a one, the tables that its triggers insert into."""
    fills: dict[TableName, frozenset[TableName]] = {}
    waiting = [*named]
    while waiting:
        name = waiting.pop()
        if name not in fills:
            fills[name] = trigger_targets(schema, schema.table(name))
            waiting.extend(fills[name])
    return fills


@dataclass
class _Needed:
    """The tables that have to be filled before a table.

    Attributes:
        hard: referenced by foreign keys that neither wait nor may be NULL.
        soft: referenced by the others, or such that their triggers insert into the table.
        deferred: of these, those referenced by what is no NULL until it is set, and those with such triggers.
        looked_up: read by triggers and CHECKs without a foreign key.
    """

    hard: set[TableName] = field(default_factory=set)
    soft: set[TableName] = field(default_factory=set)
    deferred: set[TableName] = field(default_factory=set)
    looked_up: set[TableName] = field(default_factory=set)

    @property
    def all(self) -> set[TableName]:
        return self.hard | self.soft | self.looked_up

    def first_given_up(self) -> set[TableName]:
        """Those that a cycle does without first of all."""
        return self.looked_up - self.hard

    def next_given_up(self) -> set[TableName]:
        return self.soft - self.deferred - self.hard

    def last_given_up(self) -> set[TableName]:
        return self.soft - self.hard


def _needs(
    schema: Schema,
    fills: Mapping[TableName, frozenset[TableName]],
    supplied: Mapping[TableName, Collection[str]],
) -> dict[TableName, _Needed]:
    """What has to be filled before each of the tables that the seed or its triggers fill."""
    needs = {name: _Needed() for name in fills}
    partitioned = [name for name in fills if schema.table(name).partitioned]
    partitions = {name for name, kind in schema.others if kind == "partition"}
    for name, needed in needs.items():
        table = schema.table(name)
        for foreign_key in table.foreign_keys:
            if foreign_key.referenced in needs:
                set_by_user = any(column in supplied.get(name, ()) for column in foreign_key.columns)
                may_be_null = optional(table, foreign_key)
                # What is taken out of other columns is not set later.
                computed = any(table.column(column).generated for column in foreign_key.columns)
                free = not computed and (set_by_user or foreign_key.deferrable or may_be_null)
                (needed.soft if free else needed.hard).add(foreign_key.referenced)
                if free and not set_by_user and not may_be_null:
                    needed.deferred.add(foreign_key.referenced)
            elif foreign_key.referenced in partitions:
                # The foreign key references a partition, and its partitioned table may be any of these.
                needed.soft.update(partitioned)
        for target in fills[name]:
            needs[target].soft.add(name)
            needs[target].deferred.add(name)
    for name, needed in needs.items():
        table = schema.table(name)
        read = {*tables_read(schema, table), *member_tables(schema, table)} & set(needs)
        needed.looked_up = read - needed.soft - needed.hard
    return needs


def _stuck(
    schema: Schema, component: tuple[TableName, ...], needs: Mapping[TableName, Iterable[TableName]]
) -> Problem:
    return messages.required_cycle([schema.table(name) for name in cycle(component, needs)])


def brought_forward(
    schema: Schema, waiting: Sequence[TablePlan], looked_up: Collection[TableName], *, refused: bool = False
) -> tuple[TablePlan, ...]:
    """Return the tables that wait for their rows, with those before the first one that are looked up for its rows.

    What PostgreSQL shows of a table's triggers is known only when its first row is inserted. The tables that a table
    which is looked up needs come forward with it; it stays where it is if it needs the first table itself.

    Args:
        waiting: in insertion order.
        looked_up: what the triggers and CHECKs of the first table look up.
        refused: whether the first table's rows are refused without: then tables come forward into which its triggers
            insert what they do not find.

    Returns:
        The same plans, otherwise in their order.
    """
    first = waiting[0].table.name
    known = {plan.table.name: plan for plan in waiting}
    forward: set[TableName] = set()
    for name in sorted(name for name in known if name in looked_up):
        needed = {name}
        following = [name]
        while following:
            more = _needed_by(schema, known, following.pop(), first if refused else None) - needed
            needed |= more
            following.extend(sorted(more))
        if first not in needed:
            forward |= needed
    return (
        *(plan for plan in waiting if plan.table.name in forward),
        *(plan for plan in waiting if plan.table.name not in forward),
    )


def _needed_by(
    schema: Schema, waiting: Mapping[TableName, TablePlan], name: TableName, refused: TableName | None
) -> set[TableName]:
    """The waiting tables that have to be filled before one of them; ``refused`` fills none as it is.

    What may reference a row of ``refused`` does without.
    """
    plan = waiting[name]
    found = {
        key.referenced
        for key in plan.table.foreign_keys
        if key not in plan.later and not (key.referenced == refused and optional(plan.table, key))
    }
    found |= tables_read(schema, plan.table)
    found |= {
        other
        for other in waiting
        if other != refused and name in trigger_targets(schema, waiting[other].table)
    }
    return (found - {name}) & waiting.keys()


def needed_references(
    table: Table, is_empty: Callable[[TableName], bool], supplied: Collection[str] = ()
) -> tuple[tuple[ForeignKey, Check | None], ...]:
    """Return the foreign keys whose referenced tables need rows before a table can have one.

    ``CHECK (num_nonnulls(post_id, comment_id) = 1)`` needs posts or comments: the first of them, where both are
    empty.

    Args:
        is_empty: whether another table will have no rows.
        supplied: columns whose values the user supplies.

    Returns:
        The foreign keys in their order, self-references left out, each with the CHECK that requires it, or None where
        its columns are NOT NULL.
    """
    others = [
        key
        for key in table.foreign_keys
        if key.referenced != table.name and not any(column in supplied for column in key.columns)
    ]
    asked: dict[str, Check | None] = {}
    by_kind: dict[str, list[ForeignKey]] = {}
    for each in polymorphic_references(table):
        if (
            each.foreign_key in others
            and not table.column(each.kind[0]).nullable
            and each.kind[0] not in supplied
        ):
            by_kind.setdefault(each.kind[0], []).append(each.foreign_key)
    for keys in by_kind.values():
        if all(is_empty(key.referenced) for key in keys):
            asked[keys[0].name] = None
    for check in table.checks:
        for foreign_key in _asked_by(table, check, [key for key in others if is_empty(key.referenced)]):
            asked.setdefault(foreign_key.name, check)
    return tuple(
        (key, asked.get(key.name)) for key in others if key.name in asked or not optional(table, key)
    )


def _asked_by(table: Table, check: Check, empty: Collection[ForeignKey]) -> list[ForeignKey]:
    """Return the smallest set of foreign keys to empty tables that a case of the CHECK requires to be set.

    A case that requires a reference to another row of the table is taken only where all do: the first row has none.
    """
    if not any(column in check.columns for key in empty for column in key.columns):
        return []
    itself = [key for key in table.foreign_keys if key.referenced == table.name]
    found = [
        (bool(_set_by(case, itself)), _set_by(case, empty))
        for case in cases_of_check(table, check.expression)
    ]
    return min(found, key=lambda each: (each[0], len(each[1])), default=(False, []))[1]


def _set_by(case: Case, keys: Iterable[ForeignKey]) -> list[ForeignKey]:
    """The foreign keys that a case requires to be set."""
    return [key for key in keys if any(_set(case, column) for column in key.columns)]


def _set(case: Case, column: str) -> bool:
    domain = case.domains.get(column, ValueDomain())
    return domain.required or (domain.allowed is not None and None not in domain.allowed)
