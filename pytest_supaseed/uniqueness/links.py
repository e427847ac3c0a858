"""Parents of which children need some that agree: users and projects are of the same tenants, where they are few."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pytest_supaseed.planning.references import implied_keys
from pytest_supaseed.randomness import random_for
from pytest_supaseed.schema import ForeignKey, Schema, Table, TableName


def linked_columns(schema: Schema) -> Mapping[TableName, frozenset[str]]:
    """Find the columns whose values have to agree, since foreign keys to their tables share columns.

    Args:
        schema: the schema.

    Returns:
        By table.
    """
    linked: dict[TableName, set[str]] = {}
    for table in schema.tables:
        for foreign_key, columns in _shared(schema, table):
            _add(schema, linked, foreign_key, columns)
    return {name: frozenset(columns) for name, columns in linked.items()}


def _shared(schema: Schema, table: Table) -> list[tuple[ForeignKey, set[str]]]:
    implied = implied_keys(schema, table)
    keys = [key for key in table.foreign_keys if key.referenced != table.name and key.name not in implied]
    names = [name for key in keys for name in key.columns]
    found = ((key, {name for name in key.columns if names.count(name) > 1}) for key in keys)
    return [(key, columns) for key, columns in found if columns]


def _add(
    schema: Schema, linked: dict[TableName, set[str]], foreign_key: ForeignKey, columns: Collection[str]
) -> None:
    waiting = [(foreign_key, set(columns))]
    while waiting:
        key, own = waiting.pop()
        known = linked.setdefault(key.referenced, set())
        pairs = zip(key.columns, key.referenced_columns, strict=True)
        new = {referenced for column, referenced in pairs if column in own} - known
        known |= new
        if new and schema.has_table(key.referenced):
            for other in schema.table(key.referenced).foreign_keys:
                if other.referenced != key.referenced and new & set(other.columns):
                    waiting.append((other, new & set(other.columns)))


def ranks(
    seed: int, foreign_key: ForeignKey, keys: Sequence[tuple[Any, ...]], linked: Collection[str]
) -> list[int]:
    """Rank referenced rows: alike for all foreign keys whose rows have to agree.

    Args:
        seed: of the generator.
        foreign_key: the foreign key.
        keys: what can be referenced.
        linked: those of the table's columns that :func:`linked_columns` found.

    Returns:
        The rank of each key; empty where nothing has to agree.
    """
    places = [at for at, column in enumerate(foreign_key.columns) if column in linked]
    if not places:
        return []
    parts = [repr([key[at] for at in places]) for key in keys]
    drawn = {part: random_for(seed, "agreement", part).random() for part in dict.fromkeys(parts)}
    order = sorted(range(len(keys)), key=lambda at: (drawn[parts[at]], at))
    result = [0] * len(keys)
    for rank, at in enumerate(order):
        result[at] = rank
    return result
