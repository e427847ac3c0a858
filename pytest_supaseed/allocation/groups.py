"""Foreign keys and finite columns that are drawn together, and bounds of the rows that their unique keys allow.

:func:`groups` connects independent foreign keys and finite columns by unique keys; :func:`without` leaves out the
foreign keys that have no row to reference. :func:`room` bounds the rows of each value of a group's anchor and
:func:`most_rows` those of the whole group; :class:`ExcludedCombinations` has the combinations that no new row may have.

:func:`overlapping_keys` connects overlapping foreign keys, which share columns; :func:`most_rows_of_overlapping`
bounds their rows. Across tables, :func:`linked_columns` and :func:`ranks` make the parents of overlapping foreign
keys spread alike, so that rows which agree exist.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from itertools import combinations
from math import prod
from typing import Any

from pytest_supaseed.allocation.allocation import (
    Dimension,
    Group,
    IndependentRequest,
    OverlappingKeys,
)
from pytest_supaseed.allocation.constraints import Compared, as_compared, bound_key, compared
from pytest_supaseed.constraints.domain import UNCONSTRAINED, ValueDomain, unconstrained_apart_from
from pytest_supaseed.constraints.indexes import about_rows, condition, of_nulls
from pytest_supaseed.model.references import References, can_be_null_in, optional, redundant_keys
from pytest_supaseed.model.schema import ColumnType, ForeignKey, Schema, Table, TableName, UniqueKey
from pytest_supaseed.rng import random_for


def without(bound: Iterable[Group], empty: Container[str]) -> tuple[Group, ...]:
    """Return the groups without the dimensions that have no row to reference, and without the keys over these."""
    result: list[Group] = []
    for group in bound:
        keys = [
            (key, others)
            for key, others in group.keys
            if not any(other.name in empty for other in others)
            and not (group.anchor.name in empty and any(name in group.anchor.columns for name in key.columns))
        ]
        if group.anchor.name not in empty:
            result += [Group(group.anchor, tuple(keys))] if keys else []
        else:
            result += [Group(others[0], ((key, others[1:]),)) for key, others in keys]
    return tuple(result)


def groups(
    table: Table,
    foreign_keys: Iterable[ForeignKey],
    finite: Mapping[str, Sequence[Any]],
    first: str | None = None,
    nullable: Container[str] = (),
) -> tuple[Group, ...]:
    """Group the dimensions of a table that unique keys connect.

    Keys on expressions and partial keys are left out, except those that
    :func:`~pytest_supaseed.allocation.constraints.bound_key` reads as plain keys: other steps and, in the end,
    PostgreSQL enforce the rest.

    Args:
        foreign_keys: those whose values are drawn from the referenced rows.
        finite: the values of each other finite column.
        first: name of the foreign key whose shares are given, so that it has to be the anchor.
        nullable: the other columns that may be NULL where their values run out.

    Returns:
        One group for each set of unique keys that share dimensions.
    """
    by_column = dimensions_of(table, foreign_keys, finite, nullable)
    bound: list[tuple[list[UniqueKey], set[str]]] = []
    dimensions = {dimension.name: dimension for dimension in by_column.values()}
    for key in binding_keys(table, by_column):
        keys, names = [key], {by_column[name].name for name in key.columns}
        for other in [entry for entry in bound if entry[1] & names]:
            keys, names = other[0] + keys, names | other[1]
            bound.remove(other)
        bound.append((keys, names))
    result = []
    for keys, names in bound:
        in_keys = {
            name: [key for key in keys if any(by_column[column].name == name for column in key.columns)]
            for name in names
        }
        anchor = max(sorted(names), key=lambda name: (name == first, len(in_keys[name])))
        result.append(
            Group(
                dimensions[anchor],
                tuple(
                    (key, tuple(_others(key, by_column, anchor)))
                    for key in sorted(keys, key=lambda key: (len(key.columns), key.name))
                ),
            )
        )
    return tuple(result)


def dimensions_of(
    table: Table,
    foreign_keys: Iterable[ForeignKey],
    finite: Mapping[str, Sequence[Any]],
    nullable: Container[str] = (),
) -> dict[str, Dimension]:
    """Return the dimension of each column; the arguments are those of :func:`groups`."""
    references = tuple(foreign_keys)
    # Dimensions are identified by name, and a foreign key may have the name of a column.
    names_taken = {foreign_key.name for foreign_key in references}
    types = {column.name: column.type for column in table.columns}
    by_column = {
        name: Dimension((name,), choices=_distinct(values, types.get(name)), optional=name in nullable)
        for name, values in finite.items()
        if name not in names_taken
    }
    for foreign_key in references:
        dimension = Dimension(foreign_key.columns, foreign_key, optional=optional(table, foreign_key))
        by_column.update(dict.fromkeys(foreign_key.columns, dimension))
    return by_column


def binding_keys(table: Table, columns: Container[str]) -> tuple[UniqueKey, ...]:
    """Return the unique keys that constrain these columns alone, in all rows."""
    found = (bound_key(table, key) for key in table.uniques)
    return tuple(key for key in found if key is not None and all(name in columns for name in key.columns))


def narrowed(foreign_key: ForeignKey, domains: Mapping[str, ValueDomain]) -> bool:
    """Return whether the value domain of any column of a foreign key is restricted beyond NOT NULL."""
    return not all(
        unconstrained_apart_from(domains.get(name, UNCONSTRAINED), "required") for name in foreign_key.columns
    )


def _distinct(values: Sequence[Any], column_type: ColumnType | None) -> tuple[Any, ...]:
    """Drop duplicate choices: they would be dealt more often, but a unique key takes each value once."""
    found: dict[Any, Any] = {}
    for value in values:
        found.setdefault(as_compared(value, column_type), value)
    return tuple(found.values())


def _others(key: UniqueKey, by_column: Mapping[str, Dimension], anchor: str) -> list[Dimension]:
    names = dict.fromkeys(by_column[column].name for column in key.columns)
    dimensions = {dimension.name: dimension for dimension in by_column.values()}
    return [dimensions[name] for name in names if name != anchor]


def overlapping_keys(
    table: Table,
    roles: References,
    finite: Mapping[str, Sequence[Any]],
    first: str | None = None,
    nullable: Container[str] = (),
) -> tuple[OverlappingKeys, ...]:
    """Find the foreign keys of a table that overlap, or that a CHECK or a partial unique index connects.

    Args:
        finite: the values of each other finite column.
        first: name of the foreign key whose shares are given, so that it has to be drawn first.
        nullable: the other columns that may be NULL where their values run out.

    Returns:
        One set for each connected component, ordered by name of the first foreign key.
    """
    foreign_keys = (*roles.overlapping, *roles.independent)
    if not foreign_keys:
        return ()
    dimensions = dimensions_of(table, foreign_keys, finite, nullable)
    keys = [*binding_keys(table, dimensions)]
    seeds = {key.name for key in roles.overlapping}
    # Rows that reference different rows may have the same values in a part of the columns.
    seeds |= {
        foreign_key.name
        for foreign_key in foreign_keys
        for key in keys
        if not set(key.columns).isdisjoint(foreign_key.columns)
        and not set(foreign_key.columns) <= set(key.columns)
    }
    bound = [{dimensions[name].name for name in key.columns} for key in keys]
    by_column = {name: found.foreign_key for name, found in dimensions.items() if found.foreign_key}
    pairs = compared(table, by_column)
    partners: dict[str, set[str]] = {}
    for pair in pairs:
        left, right = by_column[pair.left].name, by_column[pair.right].name
        partners.setdefault(left, set()).add(right)
        partners.setdefault(right, set()).add(left)
    for pair in pairs:
        names = {by_column[pair.left].name, by_column[pair.right].name}
        alone = all(partners[name] | {name} == names for name in names)
        if pair.operator == "=" or pair.collated or not alone or not _swaps_suffice(by_column, pair, bound):
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
            OverlappingKeys(
                _in_order(table, inside, first),
                tuple(dimensions[name] for name in dimensions if name in columns and name not in own),
                tuple(key for key in keys if columns >= _columns(table, key)),
            )
        )
    return tuple(sorted(result, key=lambda overlapping: overlapping.foreign_keys[0].name))


def _columns(table: Table, key: UniqueKey) -> set[str]:
    where = condition(table, key)
    return {*key.columns, *(where.columns if where else ())}


def _swaps_suffice(by_column: Mapping[str, ForeignKey], pair: Compared, bound: Sequence[set[str]]) -> bool:
    """Whether swaps suffice for two foreign keys: one referenced column, and no unique key has only one of the two."""
    left, right = by_column[pair.left], by_column[pair.right]
    same = (left.referenced, left.referenced_columns) == (right.referenced, right.referenced_columns)
    if len(left.columns) > 1 or not same:
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


def most_rows_of_overlapping(
    table: Table, overlapping: OverlappingKeys, key: UniqueKey, sizes: Mapping[str, int]
) -> tuple[int, str] | None:
    """Return an upper bound of the rows that a unique key allows, whether or not the referenced rows agree.

    Args:
        sizes: number of referenced rows by the name of a foreign key.

    Returns:
        The number and, for a message, the tables and columns that limit it; None where NULLs leave it unlimited.
    """
    nullable = {one.columns[0] for one in overlapping.finite if one.optional}
    for foreign_key in overlapping.foreign_keys:
        nullable |= {name for name in foreign_key.columns if can_be_null_in(table, name)}
    if key.partial or not nullable.isdisjoint(key.columns):
        return None
    # A foreign key whose columns may be NULL limits nothing.
    sources = [
        (set(k.columns), sizes[k.name], f"{sizes[k.name]} rows of {k.referenced.name}")
        for k in overlapping.foreign_keys
        if not optional(table, k)
    ]
    sources += [
        (set(d.columns), len(d.choices), f"{len(d.choices)} values of {d.name}") for d in overlapping.finite
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
    redundant = redundant_keys(schema, table)
    keys = [key for key in table.foreign_keys if key.referenced != table.name and key.name not in redundant]
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
                if other.referenced != key.referenced:
                    waiting.append((other, new & set(other.columns)))


def ranks(
    seed: int, foreign_key: ForeignKey, keys: Sequence[tuple[Any, ...]], linked: Collection[str]
) -> list[int]:
    """Rank referenced rows by their values in linked columns: alike for all foreign keys whose rows must agree.

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


def room(request: IndependentRequest, group: Group) -> list[int]:
    """Return how many more rows each value of a group's anchor can take."""
    present = request.present_of(group.anchor.name)
    rooms = []
    for key, others in group.keys:
        if group.anchors(key):
            most = _combinations_of(request, group, others)
            used = present
            if key.name in request.taken:
                # The taken combinations are more exact than the row counts: a row with a NULL takes none.
                counts = Counter(combination[0] for combination in request.taken[key.name])
                used = [counts[value] for value in range(len(present))]
            elif request.occupied.get(key.name) == 0:
                used = [0] * len(present)
            rooms.append([max(0, whole - rows) for whole, rows in zip(most, used, strict=True)])
    return [min(of_value) for of_value in zip(*rooms, strict=True)]


def _combinations_of(request: IndependentRequest, group: Group, others: Sequence[Dimension]) -> list[int]:
    """Return for each value of the anchor the number of combinations of the other dimensions."""
    anchor = group.anchor.name
    result = [1] * request.sizes[anchor]
    for other in others:
        size = request.sizes[other.name]
        compared = [paired for paired in request.paired if paired.names() == {anchor, other.name}]
        fitting = [size] * len(result)
        if len(compared) == 1:
            fitting = compared[0].numbers_fitting(anchor)
        elif compared:
            fitting = [
                sum(all(p.holds(anchor, value, at) for p in compared) for at in range(size))
                for value in range(len(result))
            ]
        result = [number * of_value for number, of_value in zip(result, fitting, strict=True)]
    return result


def overflows(request: IndependentRequest, group: Group) -> bool:
    """Return whether the rows for which a group has no room can have NULL in the anchor."""
    anchor = group.anchor.foreign_key
    return (
        anchor is not None
        and request.per is None
        and all(can_be_null_in(request.table, name) for name in anchor.columns)
        and all(key.nulls_distinct and group.anchors(key) for key, _ in group.keys)
    )


def most_rows(request: IndependentRequest, group: Group) -> int | None:
    """Return how many more rows a group's unique keys allow at most, NULL counted as a value; None for no limit."""
    found = [most for key, _ in group.keys if (most := most_of_key(request, group, key)) is not None]
    if not any(dimension.optional for dimension in group.dimensions):
        found.append(sum(room(request, group)))
    return min(found, default=None)


def most_of_key(request: IndependentRequest, group: Group, key: UniqueKey) -> int | None:
    """Return how many more rows one unique key of a group allows at most, likewise."""
    parts = group.of_key(key)
    if any(part.optional for part in parts):
        if key.nulls_distinct:
            return None
        most = prod(request.sizes[part.name] + part.optional for part in parts)
    elif group.anchors(key):
        most = sum(_combinations_of(request, group, parts[1:]))
    else:
        most = prod(request.sizes[part.name] for part in parts)
    taken = request.taken.get(key.name)
    return max(0, most - (request.occupied.get(key.name, 0) if taken is None else len(taken)))


class ExcludedCombinations(Container[object]):
    """Excluded combinations of one unique key: those of present rows, and those that a CHECK refuses."""

    def __init__(self, request: IndependentRequest, key: str, names: Sequence[str]) -> None:
        self._taken = set(request.taken.get(key, ()))
        self._names = names
        self._paired = [paired for paired in request.paired if paired.names() <= set(names)]

    def __contains__(self, combination: object) -> bool:
        if combination in self._taken:
            return True
        if not self._paired or not isinstance(combination, tuple):
            return False
        at = dict(zip(self._names, combination, strict=True))
        return not all(
            paired.holds(paired.pair.left, at[paired.pair.left], at[paired.pair.right])
            for paired in self._paired
        )
