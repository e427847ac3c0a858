"""Table state: the rows of a table when new ones are about to be made; read by :mod:`pytest_supaseed.writing.read`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pytest_supaseed.allocation.groups import Group

Key = tuple[Any, ...]


@dataclass(frozen=True)
class TableState:
    """The present rows of a table, as far as new rows depend on them.

    Attributes:
        present: number of rows.
        keys: by foreign key: the referenced rows' values, in an order that does not depend on the server's.
        shares: by foreign key: number of present rows that reference each of ``keys``.
        rows: the present rows, values of ``columns`` only, where a unique key needs them.
        columns: the columns of ``rows``.
        numbers: by numbered column: the next number.
        greatest: by column numbered within others: the greatest number for each tuple of their values.
    """

    present: int = 0
    keys: Mapping[str, Sequence[Key]] = field(default_factory=dict)
    shares: Mapping[str, Sequence[int]] = field(default_factory=dict)
    rows: Sequence[Key] = ()
    columns: tuple[str, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)
    greatest: Mapping[str, Mapping[Key, int]] = field(default_factory=dict)


def taken(groups: Iterable[Group], state: TableState) -> dict[str, set[tuple[int, ...]]]:
    """Return by unique key the combinations of present rows, as positions in their dimensions, the anchor's first."""
    found: dict[str, set[tuple[int, ...]]] = {}
    if not state.rows:
        return found
    at = {column: position for position, column in enumerate(state.columns)}
    for group in groups:
        for key, others in group.keys:
            anchored = any(column in group.anchor.columns for column in key.columns)
            dimensions = (group.anchor, *others) if anchored else others
            positions = []
            for dimension in dimensions:
                if dimension.foreign_key is None:
                    values = [(choice,) for choice in dimension.choices]
                else:
                    values = list(state.keys[dimension.name])
                positions.append({value: number for number, value in enumerate(values)})
            combinations = set()
            for row in state.rows:
                combination = tuple(
                    where.get(tuple(row[at[column]] for column in dimension.columns))
                    if all(column in at for column in dimension.columns)
                    else None
                    for where, dimension in zip(positions, dimensions, strict=True)
                )
                if None not in combination:
                    combinations.add(combination)
            found[key.name] = combinations  # type: ignore[assignment] # None was left out
    return found
