"""What is to be shared out among the new rows of a table, and how much unique keys leave room for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod

from pytest_supaseed.planning.references import can_be_null_in
from pytest_supaseed.schema import ForeignKey, Table
from pytest_supaseed.uniqueness.pairs import PairedKeys
from pytest_supaseed.uniqueness.uniqueness import Dimension, Group


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
        ranks: by foreign key, who gets the remainder of an even spread, where that is not drawn.
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
    ranks: Mapping[str, Sequence[int]] = field(default_factory=dict)

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
        if anchored(key.columns, group):
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
        and all(can_be_null_in(demand.table, name) for name in anchor.columns)
        and all(key.nulls_distinct and anchored(key.columns, group) for key, _ in group.keys)
    )


def key_names(group: Group, key_name: str) -> list[str]:
    """Return the names of a unique key's dimensions, the anchor first.

    Args:
        group: a group.
        key_name: the name of one of its keys.
    """
    key, others = next((key, others) for key, others in group.keys if key.name == key_name)
    names = [group.anchor.name] if anchored(key.columns, group) else []
    return [*names, *(other.name for other in others)]


def most_rows(demand: Demand, group: Group) -> int | None:
    """How many more rows a group's unique keys allow at most, NULLs included; None for any number.

    Args:
        demand: what is to be shared out.
        group: one of its groups.
    """
    dimensions = {dimension.name: dimension for dimension in group.dimensions}
    if not any(dimension.optional for dimension in dimensions.values()):
        return sum(room(demand, group))
    found: int | None = None
    for key, _ in group.keys:
        parts = [dimensions[name] for name in key_names(group, key.name)]
        if key.nulls_distinct and any(part.optional for part in parts):
            continue
        most = prod(demand.sizes[part.name] + part.optional for part in parts) - len(
            demand.taken.get(key.name, ())
        )
        found = most if found is None else min(found, most)
    return found


class Barred(Container[object]):
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


def anchored(columns: Sequence[str], group: Group) -> bool:
    """Whether a unique key over these columns contains the anchor of its group."""
    return any(column in group.anchor.columns for column in columns)
