"""Bounds of an allocation request: how many rows the unique keys of a group allow, and the combinations they exclude.

:func:`room` bounds the rows of each value of a group's anchor and :func:`most_rows` those of the whole group;
:class:`ExcludedCombinations` holds the combinations that no new row may have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from math import prod

from pytest_supaseed.allocation.dimensions import Dimension, Group, anchored, key_names
from pytest_supaseed.allocation.request import IndependentRequest
from pytest_supaseed.model.references import can_be_null_in


def room(request: IndependentRequest, group: Group) -> list[int]:
    """Return how many more rows each value of a group's anchor can take."""
    present = request.present_of(group.anchor.name)
    rooms = []
    for key, others in group.keys:
        if anchored(key.columns, group):
            most = _combinations_of(request, group, others)
            used = present
            if key.name in request.taken:
                # The taken combinations are more exact than the row counts: a row with a NULL takes none.
                counts = Counter(combination[0] for combination in request.taken[key.name])
                used = [counts[value] for value in range(len(present))]
            rooms.append([max(0, whole - rows) for whole, rows in zip(most, used, strict=True)])
    return [min(of_value) for of_value in zip(*rooms, strict=True)]


def _combinations_of(request: IndependentRequest, group: Group, others: Sequence[Dimension]) -> list[int]:
    """Return for each value of the anchor the number of combinations of the other dimensions."""
    anchor = group.anchor.name
    result = [1] * request.sizes[anchor]
    for other in others:
        size = request.sizes[other.name]
        compared = [paired for paired in request.paired if paired.names() == {anchor, other.name}]
        for value, number in enumerate(result):
            fitting = size
            if compared:
                fitting = sum(all(p.holds(anchor, value, at) for p in compared) for at in range(size))
            result[value] = number * fitting
    return result


def overflows(request: IndependentRequest, group: Group) -> bool:
    """Return whether the rows for which a group has no room can have NULL in the anchor."""
    anchor = group.anchor.foreign_key
    return (
        anchor is not None
        and request.per is None
        and all(can_be_null_in(request.table, name) for name in anchor.columns)
        and all(key.nulls_distinct and anchored(key.columns, group) for key, _ in group.keys)
    )


def most_rows(request: IndependentRequest, group: Group) -> int | None:
    """Return how many more rows a group's unique keys allow at most, NULL counted as a value; None for no limit."""
    dimensions = {dimension.name: dimension for dimension in group.dimensions}
    if not any(dimension.optional for dimension in dimensions.values()):
        return sum(room(request, group))
    found: int | None = None
    for key, _ in group.keys:
        parts = [dimensions[name] for name in key_names(group, key.name)]
        if key.nulls_distinct and any(part.optional for part in parts):
            continue
        most = prod(request.sizes[part.name] + part.optional for part in parts) - len(
            request.taken.get(key.name, ())
        )
        found = most if found is None else min(found, most)
    return found


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
