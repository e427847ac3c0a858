"""In which order the tables of a spec are filled, and what has to wait for a second pass."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from pytest_supaseed.planning.graph import acyclic_order, cycle
from pytest_supaseed.planning.references import optional
from pytest_supaseed.schema import ForeignKey, Schema, Table, TableName

_INSERT = re.compile(r'\binsert\s+into\s+(?:only\s+)?((?:"(?:[^"]|"")+"|[\w.])+)', re.IGNORECASE)


@dataclass(frozen=True)
class Order:
    """The order of the tables.

    Attributes:
        tables: those of the spec, what is needed first.
        later: by table, the foreign keys whose referenced rows are made after the table's own.
        filled: tables into which a trigger on a table of the spec inserts, as far as its text tells.
    """

    tables: tuple[TableName, ...]
    later: Mapping[TableName, tuple[ForeignKey, ...]]
    filled: frozenset[TableName]


def trigger_targets(schema: Schema, table: Table) -> frozenset[TableName]:
    """Find the tables into which the insert triggers of a table insert, by the text of their functions."""
    targets = set()
    for trigger in table.triggers:
        if not trigger.on_insert:
            continue
        for match in _INSERT.finditer(trigger.source):
            parts = [_as_stored(part) for part in re.findall(r'"(?:[^"]|"")+"|\w+', match[1])]
            found = schema.find(".".join(parts))
            if found is not None and found.name != table.name:
                targets.add(found.name)
    return frozenset(targets)


def _as_stored(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()


def insertion_order(
    schema: Schema, named: Collection[TableName], given: Mapping[TableName, Collection[str]]
) -> tuple[Order, list[str]]:
    """Order the tables of a spec.

    Args:
        schema: the schema.
        named: the tables that get rows.
        given: by table, the columns that the user's values set.

    Returns:
        The order, and a message for each cycle that cannot be filled.
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
    partitioned = [name for name in reached if schema.table(name).partitioned]
    others = {name for name, kind in schema.others if kind == "partition"}
    for name in reached:
        table = schema.table(name)
        for foreign_key in table.foreign_keys:
            if foreign_key.referenced in reached and foreign_key.referenced != name:
                set_by_user = any(column in given.get(name, ()) for column in foreign_key.columns)
                free = set_by_user or foreign_key.deferrable or optional(table, foreign_key)
                (soft if free else hard)[name].add(foreign_key.referenced)
            elif foreign_key.referenced in others:
                # A partition has the rows of a partitioned table, whichever that is.
                soft[name].update(other for other in partitioned if other != name)
        for target in fills[name]:
            soft[target].add(name)
    needs = {name: hard[name] | soft[name] for name in reached}

    def release(component: tuple[TableName, ...]) -> tuple[TableName, TableName] | None:
        inside = set(component)
        for node in component:
            for needed in sorted(soft[node] & inside):
                if needed not in hard[node] and needed in remaining[node]:
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
            and not any(column in given.get(name, ()) for column in foreign_key.columns)
        )
        for name in named
    }
    order = Order(
        tuple(name for name in found if name in set(named)),
        later,
        frozenset(target for targets in fills.values() for target in targets),
    )
    return order, [_stuck(schema, component, remaining) for component in stuck]


def _stuck(
    schema: Schema, component: tuple[TableName, ...], needs: Mapping[TableName, Iterable[TableName]]
) -> str:
    path = cycle(component, needs)
    drawn = " -> ".join(schema.table(name).label for name in path)
    return (
        f"{drawn}: each needs a row of the next one first, so no row can be inserted by itself: make a foreign key of "
        "this cycle nullable or DEFERRABLE"
    )
