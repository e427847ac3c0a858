"""Unique keys over independent foreign keys and finite columns, split into independent groups.

:func:`groups` splits the unique keys of a table into :class:`~pytest_supaseed.allocation.dimensions.Group` objects;
:func:`without` leaves out the foreign keys that have no row to reference.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from math import prod
from typing import Any

from pytest_supaseed.allocation.dimensions import Dimension, Group
from pytest_supaseed.allocation.keys import bound_key
from pytest_supaseed.constraints.domain import NOTHING, ColumnFacts, without_fact
from pytest_supaseed.model.references import optional
from pytest_supaseed.model.schema import ForeignKey, Table, UniqueKey


def without(bound: Iterable[Group], empty: Container[str]) -> tuple[Group, ...]:
    """Return the groups without the dimensions that have no row to reference, and without the keys over these.

    Args:
        empty: names of those dimensions.
    """
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
    :func:`~pytest_supaseed.allocation.keys.bound_key` reads as plain keys: the values of other steps and, in the end,
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
    by_column = {
        name: Dimension((name,), choices=_distinct(values), optional=name in nullable)
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


def narrowed(foreign_key: ForeignKey, facts: Mapping[str, ColumnFacts]) -> bool:
    """Return whether the value domain of any column of a foreign key is restricted beyond NOT NULL."""
    return not all(without_fact(facts.get(name, NOTHING), "required") for name in foreign_key.columns)


def _distinct(values: Sequence[Any]) -> tuple[Any, ...]:
    """Drop duplicate choices: they would be dealt more often, but a unique key takes each value once."""
    try:
        return tuple(dict.fromkeys(values))
    except TypeError:  # a list or a dict has no hash
        return tuple(value for at, value in enumerate(values) if value not in values[:at])


def _others(key: UniqueKey, by_column: Mapping[str, Dimension], anchor: str) -> list[Dimension]:
    names = dict.fromkeys(by_column[column].name for column in key.columns)
    dimensions = {dimension.name: dimension for dimension in by_column.values()}
    return [dimensions[name] for name in names if name != anchor]


def capacity(key: UniqueKey, group: Group, sizes: Mapping[str, int]) -> int:
    """Return how many rows one key of a group allows, given the number of values of each dimension."""
    others = dict(zip((k.name for k, _ in group.keys), (o for _, o in group.keys), strict=True))[key.name]
    anchored = any(column in group.anchor.columns for column in key.columns)
    return prod(sizes[d.name] for d in ((group.anchor, *others) if anchored else others))
