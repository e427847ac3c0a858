"""Which referenced row, and which of few values, each new row gets: positions in lists, not values.

The plan shows what this draws, and the rows are made from the same: both call :func:`assign`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from pytest_supaseed.distribute import SPREADS, combinations, dealt, owners
from pytest_supaseed.pairs import PairedKeys, part
from pytest_supaseed.randomness import random_for
from pytest_supaseed.schema import ForeignKey, Table
from pytest_supaseed.uniqueness import Dimension, Group

# Unique keys that share columns in a ring are drawn anew until they agree.
ATTEMPTS = 50

Positions = Mapping[str, Sequence[int | None]]


@dataclass(frozen=True)
class Demand:
    """What is to be shared out.

    Attributes:
        table: the table that gets the rows.
        amount: new rows.
        spread: one of :data:`~pytest_supaseed.spec.SPREADS`.
        seed: of the generator.
        foreign_keys: those to spread, none of which shares a column with another.
        groups: dimensions that unique keys bind together.
        sizes: number of referenced rows, or of values, of each dimension.
        present: rows that each referenced row has already, by foreign key; missing where there are none.
        taken: combinations that present rows have, by unique key, the anchor's position first.
        per: name of a foreign key and the exact number of rows for each referenced row.
        paired: foreign keys that a CHECK compares.
    """

    table: Table
    amount: int
    spread: str
    seed: int
    foreign_keys: Sequence[ForeignKey]
    groups: Sequence[Group]
    sizes: Mapping[str, int]
    present: Mapping[str, Sequence[int]] = field(default_factory=dict)
    taken: Mapping[str, Collection[tuple[int, ...]]] = field(default_factory=dict)
    per: tuple[str, int] | None = None
    paired: Sequence[PairedKeys] = ()

    def present_of(self, name: str) -> list[int]:
        """Rows that each referenced row has already, in full length."""
        present = list(self.present.get(name, ()))
        return present + [0] * (self.sizes[name] - len(present))


def room(demand: Demand, group: Group) -> list[int]:
    """How many more rows each value of a group's anchor can take.

    Args:
        demand: what is to be shared out.
        group: one of its groups.
    """
    present = demand.present_of(group.anchor.name)
    rooms = []
    for key, others in group.keys:
        if _anchored(key.columns, group):
            most = _combinations_of(demand, group, others)
            used = present
            if key.name in demand.taken:
                # More to the point than the rows: one with a NULL leaves its combination to others.
                counts = Counter(combination[0] for combination in demand.taken[key.name])
                used = [counts[value] for value in range(len(present))]
            rooms.append([max(0, whole - rows) for whole, rows in zip(most, used, strict=True)])
    return [min(of_value) for of_value in zip(*rooms, strict=True)]


def _combinations_of(demand: Demand, group: Group, others: Sequence[Dimension]) -> list[int]:
    """How many combinations of other dimensions there are for each value of the anchor."""
    anchor = group.anchor.name
    result = [1] * demand.sizes[anchor]
    for other in others:
        size = demand.sizes[other.name]
        compared = [paired for paired in demand.paired if paired.names() == {anchor, other.name}]
        for value, number in enumerate(result):
            fitting = size
            if compared:
                fitting = sum(all(p.holds(anchor, value, at) for p in compared) for at in range(size))
            result[value] = number * fitting
    return result


def overflows(demand: Demand, group: Group) -> bool:
    """Whether rows beyond the room of a group can be left without a referenced row."""
    anchor = group.anchor.foreign_key
    return (
        anchor is not None
        and demand.per is None
        and all(demand.table.column(name).nullable for name in anchor.columns)
        and all(key.nulls_distinct and _anchored(key.columns, group) for key, _ in group.keys)
    )


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
    return SPREADS[demand.spread](amount, present, random, most)


def _assign_group(demand: Demand, group: Group) -> dict[str, list[int | None]]:
    random = random_for(demand.seed, str(demand.table.name), *(d.name for d in group.dimensions))
    most = room(demand, group)
    if demand.amount > sum(most) and not overflows(demand, group):
        raise ValueError(f"{demand.table.label} can take {sum(most)} more rows, not {demand.amount}")
    for _ in range(ATTEMPTS):
        drawn = _draw(demand, group, most, random)
        if drawn is not None:
            break
    else:
        keys = ", ".join(key.name for key, _ in group.keys)
        raise ValueError(f"no {demand.amount} rows were found that agree with {keys}")
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
        if _anchored(key.columns, group) and len(missing) == len(others):
            sizes = [demand.sizes[other.name] for other in others]
            names = [group.anchor.name, *(other.name for other in others)]
            found = combinations(shares, sizes, random, _Barred(demand, key.name, names))
            for number, other in enumerate(others, start=1):
                drawn[other.name] = [combination[number] for combination in found]
        for other in missing:
            positions = drawn.setdefault(other.name, [])
            positions += dealt(range(demand.sizes[other.name]), demand.amount - len(positions), random)
    return drawn if all(_distinct(demand, group, drawn, key.name) for key, _ in group.keys) else None


def _distinct(demand: Demand, group: Group, drawn: Mapping[str, Sequence[int | None]], key_name: str) -> bool:
    key, others = next((key, others) for key, others in group.keys if key.name == key_name)
    names = [group.anchor.name] if _anchored(key.columns, group) else []
    names += [other.name for other in others]
    rows = list(zip(*(drawn[name] for name in names), strict=True))
    whole = [row for row in rows if not (key.nulls_distinct and None in row)]
    barred = _Barred(demand, key.name, names)
    return len(set(whole)) == len(whole) and not any(row in barred for row in rows)


class _Barred(Container[object]):
    """Combinations that present rows have, or that a CHECK refuses."""

    def __init__(self, demand: Demand, key: str, names: Sequence[str]) -> None:
        self._taken = set(demand.taken.get(key, ()))
        self._names = names
        self._paired = [paired for paired in demand.paired if paired.names() <= set(names)]

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


def _anchored(columns: Sequence[str], group: Group) -> bool:
    return any(column in group.anchor.columns for column in columns)
