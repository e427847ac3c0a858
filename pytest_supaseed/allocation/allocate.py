"""Allocation as a stage: :func:`allocate` turns an allocation request into an allocation, or says why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pytest_supaseed.allocation.agreement import Relation
from pytest_supaseed.allocation.allocation import AllocatedColumns, Allocation
from pytest_supaseed.allocation.dimensions import Dimension
from pytest_supaseed.allocation.matching import agreeing_rows, assign
from pytest_supaseed.allocation.request import AllocationRequest, OverlappingRequest
from pytest_supaseed.model.schema import ForeignKey
from pytest_supaseed.rng import random_for


class NothingToReferenceError(ValueError):
    """A required foreign key has no row to reference.

    Attributes:
        foreign_key: the foreign key.
    """

    def __init__(self, foreign_key: ForeignKey) -> None:
        self.foreign_key = foreign_key
        super().__init__(f"no row of {foreign_key.referenced} can be referenced by {foreign_key.name}")


def allocate(request: AllocationRequest) -> Allocation:
    """Allocate referenced rows and values of finite columns to new rows.

    Raises:
        NothingToReferenceError: a required foreign key has no row to reference.
        TooFewError: the unique keys and CHECKs admit fewer rows, or no referenced rows agree.
        ValueError: the unique keys cannot take that many rows.
    """
    positions = assign(request.independent)
    parts = [
        _independent(request, dimension, positions.get(dimension.name))
        for dimension in request.dimensions
        if dimension.foreign_key is not None or dimension.name in positions
    ]
    parts += [_overlapping(request, overlapping) for overlapping in request.overlapping]
    keys = frozenset(key.name for group in request.independent.groups for key, _ in group.keys)
    return Allocation(request.amount, tuple(parts), keys)


def _independent(
    request: AllocationRequest, dimension: Dimension, positions: Sequence[int | None] | None
) -> AllocatedColumns:
    if dimension.foreign_key is None:
        options: Sequence[tuple[Any, ...]] = [(choice,) for choice in dimension.choices]
    else:
        options = request.keys[dimension.name]
        if request.amount and not options and not dimension.optional:
            raise NothingToReferenceError(dimension.foreign_key)
    none: Sequence[int | None] = (None,) * request.amount
    return AllocatedColumns(dimension.columns, options, none if positions is None else positions)


def _overlapping(request: AllocationRequest, overlapping: OverlappingRequest) -> AllocatedColumns:
    names = [foreign_key.name for foreign_key in overlapping.foreign_keys]
    random = random_for(request.independent.seed, str(request.independent.table.name), *names)
    relations = overlapping.agreement.relations
    rows = agreeing_rows(overlapping.agreement, random)
    columns = tuple(dict.fromkeys(column for relation in relations for column in relation.columns))
    completed = (_completed(row, number, relations, columns) for number, row in enumerate(rows))
    options = [tuple(row[column] for column in columns) for row in completed]
    return AllocatedColumns(columns, options, range(request.amount))


def _completed(
    row: Mapping[str, Any], number: int, relations: Sequence[Relation], columns: Sequence[str]
) -> Mapping[str, Any]:
    """Return a row with values for the NOT NULL columns of foreign keys that a NULL disables.

    The values are those of referenceable rows, though they reference nothing.
    """
    if all(name in row for name in columns):
        return row
    completed = dict(row)
    for relation in relations:
        for position, name in enumerate(relation.columns):
            if name not in completed and relation.options:
                completed[name] = relation.options[number % len(relation.options)][position]
    return completed
