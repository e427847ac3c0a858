"""Insertion order of the tables of a spec, and the foreign keys that are set in a second pass to break cycles.

:func:`insertion_order` sorts the tables; :func:`brought_forward` changes the order when more becomes known;
:func:`needed_references` finds the foreign keys whose parents must have rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pytest_supaseed.constraints.cases import Case, cases_of_check
from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.constraints.functions import tables_read, trigger_targets
from pytest_supaseed.errors import Problem
from pytest_supaseed.model.graph import acyclic_order, cycle
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
    fills = {name: trigger_targets(schema, schema.table(name)) for name in named}
    reached = set(named)
    waiting = [target for targets in fills.values() for target in targets]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            fills[name] = trigger_targets(schema, schema.table(name))
            waiting.extend(fills[name])
    hard: dict[TableName, set[TableName]] = {name: set() for name in reached}
    soft: dict[TableName, set[TableName]] = {name: set() for name in reached}
    # References that are no NULL until they are set, and rows that triggers insert: given up last.
    deferred: dict[TableName, set[TableName]] = {name: set() for name in reached}
    partitioned = [name for name in reached if schema.table(name).partitioned]
    others = {name for name, kind in schema.others if kind == "partition"}
    for name in reached:
        table = schema.table(name)
        for foreign_key in table.foreign_keys:
            if foreign_key.referenced in reached:
                set_by_user = any(column in supplied.get(name, ()) for column in foreign_key.columns)
                free = set_by_user or foreign_key.deferrable or optional(table, foreign_key)
                (soft if free else hard)[name].add(foreign_key.referenced)
                if free and not set_by_user and not optional(table, foreign_key):
                    deferred[name].add(foreign_key.referenced)
            elif foreign_key.referenced in others:
                # The foreign key references a partition, and its partitioned table may be any of these.
                soft[name].update(partitioned)
        for target in fills[name]:
            soft[target].add(name)
            deferred[target].add(name)
    # A trigger or a CHECK looks rows up without a foreign key: the first of all that a cycle does without.
    looked_up = {
        name: (
            (tables_read(schema, schema.table(name)) | member_tables(schema, schema.table(name))) & reached
        )
        - soft[name]
        - hard[name]
        for name in reached
    }
    needs = {name: hard[name] | soft[name] | looked_up[name] for name in reached}

    made = frozenset(target for targets in fills.values() for target in targets)

    def release(component: tuple[TableName, ...]) -> tuple[TableName, TableName] | None:
        inside = set(component)
        # What triggers insert is whole, and so are the rows for which they do.
        by_hand = sorted(component, key=lambda name: name in made or not fills[name].isdisjoint(inside))
        for weak, strong in ((looked_up, hard), (soft, deferred), (soft, hard)):
            for node in by_hand:
                for needed in sorted(weak[node] & inside):
                    if needed not in strong[node] | hard[node] and needed in remaining[node]:
                        remaining[node].discard(needed)
                        return node, needed
        return None

    remaining = {name: set(needs[name]) for name in reached}
    found, stuck = acyclic_order(reached, needs, release)
    position = {name: at for at, name in enumerate(found)}
    later = {
        name: tuple(
            foreign_key
            for foreign_key in schema.table(name).foreign_keys
            if position.get(foreign_key.referenced, -1) > position[name]
            and not any(column in supplied.get(name, ()) for column in foreign_key.columns)
        )
        for name in named
    }
    order = Order(
        tuple(name for name in found if name in later),
        later,
        made,
    )
    return order, [_stuck(schema, component, remaining) for component in stuck]


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
    for name in sorted(name for name in known if name in looked_up and name != first):
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
    asked: dict[str, Check] = {}
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
