"""Rows that agree with unique keys where drawing finds none: rings, NULLs, and the last few that have room."""

from __future__ import annotations

from random import Random
from typing import Any

from pytest_supaseed.distribution.drawing import agreeing_rows
from pytest_supaseed.distribution.exchange import Unique
from pytest_supaseed.distribution.latin import latin_rows
from pytest_supaseed.uniqueness.agreement import Agreement, Limit, Relation
from pytest_supaseed.uniqueness.demand import Demand, key_names
from pytest_supaseed.uniqueness.pairs import PairedKeys
from pytest_supaseed.uniqueness.uniqueness import Dimension, Group

Columns = dict[str, list[Any]]


def filled(demand: Demand, group: Group, random: Random) -> Columns:
    """Share out the rows of a group.

    Args:
        demand: what is to be shared out.
        group: one of its groups.
        random: draws.

    Returns:
        For each dimension the position of every row's value; None for NULL.

    Raises:
        TooFewError: the unique keys cannot take that many rows.
    """
    names = [dimension.name for dimension in group.dimensions]
    inside = [paired for paired in demand.paired if paired.names() <= set(names)]
    taken = any(demand.taken.get(key.name) for key, _ in group.keys)
    if not taken and not inside and demand.per is None and demand.spread == "even":
        sizes = {name: demand.sizes[name] for name in names}
        found = latin_rows(
            sizes, [key_names(group, key.name) for key, _ in group.keys], demand.amount, random
        )
        if found is not None:
            order = random.sample(range(demand.amount), demand.amount)
            return {name: [values[at] for at in order] for name, values in found.items()}
    uniques = []
    for key, _ in group.keys:
        columns = tuple(key_names(group, key.name))
        uniques.append(
            Unique(key.name, columns, key.nulls_distinct, frozenset(demand.taken.get(key.name, ())))
        )
    return _drawn(demand, group.dimensions, uniques, inside, random)


def fitting(demand: Demand, paired: PairedKeys, random: Random) -> Columns:
    """Share out rows over two foreign keys that a CHECK compares, and no unique key binds.

    Args:
        demand: what is to be shared out.
        paired: the two.
        random: draws.

    Returns:
        What :func:`filled` does.

    Raises:
        TooFewError: the CHECK lets no two rows be referenced together.
    """
    by_name = {key.name: key for key in demand.foreign_keys}
    names = (paired.pair.left, paired.pair.right)
    dimensions = [Dimension(by_name[name].columns, by_name[name]) for name in names]
    return _drawn(demand, dimensions, [], [paired], random)


def _drawn(
    demand: Demand,
    dimensions: tuple[Dimension, ...] | list[Dimension],
    uniques: list[Unique],
    inside: list[PairedKeys],
    random: Random,
) -> Columns:
    relations = [
        Relation(
            dimension.name,
            (dimension.name,),
            [(position,) for position in range(demand.sizes[dimension.name])],
            demand.present_of(dimension.name) if dimension.foreign_key else (),
            (dimension.name,) if dimension.optional else (),
        )
        for dimension in dimensions
    ]
    first = dimensions[0].name
    each = demand.per[1] if demand.per is not None and demand.per[0] == first else None
    limits = [Limit(p.pair.check, (p.pair.left, p.pair.right), p.fits) for p in inside]
    rows = agreeing_rows(Agreement(relations, uniques, demand.amount, demand.spread, each, limits), random)
    return {dimension.name: [row[dimension.name] for row in rows] for dimension in dimensions}
