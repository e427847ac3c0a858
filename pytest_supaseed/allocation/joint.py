"""Overlapping foreign keys of a table, which share columns, with the unique keys and finite columns connected to them.

:func:`joints` finds what must be drawn together; :func:`most_rows` bounds it. Across tables, :func:`linked_columns` and
:func:`ranks` make the parents of overlapping foreign keys spread alike, so that rows which agree exist.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping, Sequence
from itertools import combinations
from math import prod
from typing import Any

from pytest_supaseed.allocation.dimensions import Dimension, Joint
from pytest_supaseed.allocation.groups import binding_keys, dimensions_of
from pytest_supaseed.allocation.keys import bound_key
from pytest_supaseed.allocation.pairs import Compared, compared
from pytest_supaseed.constraints.indexes import about_rows, condition, of_nulls
from pytest_supaseed.model.references import References, can_be_null_in, implied_keys, optional
from pytest_supaseed.model.schema import ForeignKey, Schema, Table, TableName, UniqueKey
from pytest_supaseed.rng import random_for


def joints(
    table: Table,
    roles: References,
    finite: Mapping[str, Sequence[Any]],
    first: str | None = None,
    nullable: Container[str] = (),
) -> tuple[Joint, ...]:
    """Find the foreign keys of a table that overlap, or that a CHECK or a partial unique index connects.

    Args:
        finite: the values of each other finite column.
        first: name of the foreign key whose shares are given, so that it has to be drawn first.
        nullable: the other columns that may be NULL where their values run out.

    Returns:
        One joint for each connected component, ordered by name of the first foreign key.
    """
    foreign_keys = (*roles.dependent, *roles.free)
    if not foreign_keys:
        return ()
    dimensions = dimensions_of(table, foreign_keys, finite, nullable)
    keys = [*binding_keys(table, dimensions)]
    seeds = {key.name for key in roles.dependent}
    bound = [{dimensions[name].name for name in key.columns} for key in keys]
    apart = {name: dimension for name, dimension in dimensions.items() if dimension.foreign_key}
    pairs = compared(table, apart)
    partners: dict[str, set[str]] = {}
    for pair in pairs:
        left, right = apart[pair.left].name, apart[pair.right].name
        partners.setdefault(left, set()).add(right)
        partners.setdefault(right, set()).add(left)
    for pair in pairs:
        names = {apart[pair.left].name, apart[pair.right].name}
        alone = all(partners[name] | {name} == names for name in names)
        if pair.operator == "=" or pair.collated or not alone or not _told_by_pairs(apart, pair, bound):
            seeds |= names
    limits = [{pair.left, pair.right} for pair in pairs]
    # A predicate that tests foreign key columns for NULL is decided only when these are drawn.
    for key in table.uniques:
        where = of_nulls(table, key)
        columns = {*key.columns, *(where.columns if where else ())}
        if where is None or not about_rows(table, where):
            continue
        if bound_key(table, key) is None and columns <= set(dimensions):
            seeds |= {dimensions[name].name for name in columns}
            keys.append(key)
    parts = [*limits, *(set(key.columns) for key in foreign_keys), *({name} for name in dimensions)]
    whole: list[set[str]] = []
    for part in (*parts, *(_columns(table, key) for key in keys)):
        joined = part.union(*(other for other in whole if other & part))
        whole = [*(other for other in whole if not other & part), joined]
    result = []
    for columns in whole:
        inside = [key for key in foreign_keys if columns.issuperset(key.columns)]
        if not any(key.name in seeds for key in inside):
            continue
        own = {column for key in inside for column in key.columns}
        result.append(
            Joint(
                _in_order(table, inside, first),
                tuple(dimensions[name] for name in dimensions if name in columns and name not in own),
                tuple(key for key in keys if columns >= _columns(table, key)),
            )
        )
    return tuple(sorted(result, key=lambda joint: joint.foreign_keys[0].name))


def _columns(table: Table, key: UniqueKey) -> set[str]:
    where = condition(table, key)
    return {*key.columns, *(where.columns if where else ())}


def _told_by_pairs(by_column: Mapping[str, Dimension], pair: Compared, bound: Sequence[set[str]]) -> bool:
    """Whether swaps suffice for two foreign keys: one referenced column, and no unique key has only one of the two."""
    left, right = by_column[pair.left], by_column[pair.right]
    one, other = left.foreign_key, right.foreign_key
    if one is None or other is None or len(one.columns) > 1 or len(other.columns) > 1:
        return False
    if (one.referenced, one.referenced_columns) != (other.referenced, other.referenced_columns):
        return False
    names = {left.name, right.name}
    return all(names <= key or names.isdisjoint(key) for key in bound)


def _in_order(table: Table, foreign_keys: Sequence[ForeignKey], first: str | None) -> tuple[ForeignKey, ...]:
    """Order foreign keys: ``first``, then required ones and supersets of the largest of them, longer before shorter."""
    required = [set(key.columns) for key in foreign_keys if not optional(table, key)]
    whole = [columns for columns in required if not any(columns < other for other in required)]

    def place(key: ForeignKey) -> tuple[bool, bool, int, str]:
        decides = any(columns <= set(key.columns) for columns in whole)
        later = not decides and set(key.columns) not in required
        return key.name != first, later, -len(key.columns), key.name

    return tuple(sorted(foreign_keys, key=place))


def most_rows(table: Table, joint: Joint, key: UniqueKey, sizes: Mapping[str, int]) -> tuple[int, str] | None:
    """Return an upper bound of the rows that a unique key allows, whether or not the referenced rows agree.

    Args:
        sizes: number of referenced rows by the name of a foreign key.

    Returns:
        The number and, for a message, the tables and columns that limit it; None where NULLs leave it unlimited.
    """
    nullable = {one.columns[0] for one in joint.finite if one.optional}
    for foreign_key in joint.foreign_keys:
        nullable |= {name for name in foreign_key.columns if can_be_null_in(table, name)}
    if key.partial or not nullable.isdisjoint(key.columns):
        return None
    sources = [
        (set(k.columns), sizes[k.name], f"{sizes[k.name]} rows of {k.referenced.name}")
        for k in joint.foreign_keys
    ]
    sources += [
        (set(d.columns), len(d.choices), f"{len(d.choices)} values of {d.name}") for d in joint.finite
    ]
    useful = [source for source in sources if source[0] & set(key.columns)]
    # The product over sources that cover the key is a bound. Four sources at most keep the search small.
    bounds = [
        (prod(size for _, size, _ in chosen), " and ".join(text for _, _, text in chosen))
        for number in range(1, min(len(useful), 4) + 1)
        for chosen in combinations(useful, number)
        if set(key.columns) <= set().union(*(columns for columns, _, _ in chosen))
    ]
    return min(bounds, default=None)


def linked_columns(schema: Schema) -> Mapping[TableName, frozenset[str]]:
    """Return by table the columns that overlapping foreign keys share, as referenced columns.

    What these columns reference in turn is included.
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
    """Rank referenced rows by their values in linked columns: alike for all foreign keys whose rows must agree.

    Args:
        keys: the referenced rows.
        linked: columns of the referencing table that :func:`linked_columns` found.

    Returns:
        The rank of each key; empty where no column is linked.
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
