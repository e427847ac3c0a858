"""Which referenced row, and which of few values, each new row gets: positions in lists, not values.

The plan shows what this draws, and the rows are made from the same: both call :func:`assign`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random

from pytest_supaseed.distribution.distribute import SPREADS, combinations, dealt, even, owners
from pytest_supaseed.distribution.filling import filled, fitting
from pytest_supaseed.randomness import random_for
from pytest_supaseed.uniqueness.demand import Barred, Demand, anchored, key_names, most_rows, overflows, room
from pytest_supaseed.uniqueness.pairs import part
from pytest_supaseed.uniqueness.uniqueness import Group

# Unique keys that share columns in a ring are drawn anew until they agree.
ATTEMPTS = 20

Positions = Mapping[str, Sequence[int | None]]


def assign(demand: Demand) -> Positions:
    """Share out rows.

    Args:
        demand: what is to be shared out.

    Returns:
        For each dimension the position of every row's value, in the order of the rows; None for NULL.

    Raises:
        ValueError: the unique keys cannot take that many rows.
    """
    result: dict[str, list[int | None]] = {}
    for group in demand.groups:
        result.update(_assign_group(demand, group))
    for foreign_key in demand.foreign_keys:
        if foreign_key.name not in result:
            random = random_for(demand.seed, str(demand.table.name), foreign_key.name)
            result[foreign_key.name] = list(owners(_shares(demand, foreign_key.name, random), random))
    bound = {dimension.name for group in demand.groups for dimension in group.dimensions}
    for paired in demand.paired:
        free = [name for name in (paired.pair.right, paired.pair.left) if name not in bound]
        if free:
            random = random_for(demand.seed, str(demand.table.name), paired.pair.left, paired.pair.right)
            part(paired, result, free[0], random)
            left, right = (result[name] for name in (paired.pair.left, paired.pair.right))
            if len(free) == 2 and not all(map(paired.fits, left, right)):
                result.update(fitting(demand, paired, random))
    return result


def shares(demand: Demand) -> Mapping[str, Sequence[int]]:
    """Return how many rows :func:`assign` gives to each referenced row, in less time where that can be told.

    Args:
        demand: what is to be shared out.

    Returns:
        New rows for each referenced row, by foreign key.

    Raises:
        ValueError: the unique keys cannot take that many rows.
    """
    names = [foreign_key.name for foreign_key in demand.foreign_keys]
    if not demand.groups and not demand.paired:
        return {
            name: _shares(demand, name, random_for(demand.seed, str(demand.table.name), name))
            for name in names
        }
    positions = assign(demand)
    counts = {name: Counter(positions[name]) for name in names}
    return {name: [counts[name][at] for at in range(demand.sizes[name])] for name in names}


def _shares(demand: Demand, name: str, random: Random, most: list[int] | None = None) -> list[int]:
    present = demand.present_of(name)
    if demand.per is not None and demand.per[0] == name:
        return [demand.per[1] - rows for rows in present]
    amount = demand.amount if most is None else min(demand.amount, sum(most))
    ranks = demand.ranks.get(name, ())
    if demand.spread == "even" and ranks:
        return even(amount, present, random, most, ranks)
    return SPREADS[demand.spread](amount, present, random, most)


def _assign_group(demand: Demand, group: Group) -> dict[str, list[int | None]]:
    random = random_for(demand.seed, str(demand.table.name), *(d.name for d in group.dimensions))
    most = room(demand, group)
    drawn = None
    if demand.amount <= sum(most) or overflows(demand, group):
        for _ in range(ATTEMPTS):
            drawn = _draw(demand, group, most, random)
            if drawn is not None:
                break
    else:
        possible = most_rows(demand, group)
        if possible is not None and demand.amount > possible:
            raise ValueError(f"{demand.table.label} can take {possible} more rows, not {demand.amount}")
    if drawn is None:
        return filled(demand, group, random)
    order = random.sample(range(demand.amount), demand.amount)
    return {name: [positions[at] for at in order] for name, positions in drawn.items()}


def _draw(
    demand: Demand, group: Group, most: list[int], random: Random
) -> dict[str, list[int | None]] | None:
    shares = _shares(demand, group.anchor.name, random, most)
    beyond = demand.amount - sum(shares)
    anchors: list[int | None] = [anchor for anchor, share in enumerate(shares) for _ in range(share)]
    drawn: dict[str, list[int | None]] = {group.anchor.name: anchors + [None] * beyond}
    for key, others in group.keys:
        missing = [other for other in others if other.name not in drawn]
        if not missing:
            continue
        if anchored(key.columns, group) and len(missing) == len(others):
            sizes = [demand.sizes[other.name] for other in others]
            names = [group.anchor.name, *(other.name for other in others)]
            found = combinations(shares, sizes, random, Barred(demand, key.name, names))
            for number, other in enumerate(others, start=1):
                drawn[other.name] = [combination[number] for combination in found]
        for other in missing:
            positions = drawn.setdefault(other.name, [])
            positions += dealt(range(demand.sizes[other.name]), demand.amount - len(positions), random)
    return drawn if all(_distinct(demand, group, drawn, key.name) for key, _ in group.keys) else None


def _distinct(demand: Demand, group: Group, drawn: Mapping[str, Sequence[int | None]], key_name: str) -> bool:
    key = next(key for key, _ in group.keys if key.name == key_name)
    names = key_names(group, key_name)
    rows = list(zip(*(drawn[name] for name in names), strict=True))
    whole = [row for row in rows if not (key.nulls_distinct and None in row)]
    barred = Barred(demand, key.name, names)
    return len(set(whole)) == len(whole) and not any(row in barred for row in rows)
