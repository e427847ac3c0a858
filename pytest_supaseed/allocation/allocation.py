"""The result of an allocation, as data: the referenced row and the finite values that each new row gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from pytest_supaseed.allocation.agreement import Values

Row = TypeVar("Row")


@dataclass(frozen=True)
class AllocatedColumns:
    """Columns whose values are taken together from a list of options.

    Attributes:
        columns: the columns.
        options: the values of each referenced row, or each value of a finite column.
        positions: for each new row the position of its option; None for NULL in all of the columns.
    """

    columns: tuple[str, ...]
    options: Sequence[Values]
    positions: Sequence[int | None]

    def by_row(self, rows: Sequence[Row]) -> dict[Row, Values]:
        """Return the values that each of the rows gets; rows that get NULL are left out."""
        return {row: self.options[at] for row, at in zip(rows, self.positions, strict=True) if at is not None}


@dataclass(frozen=True)
class Allocation:
    """What is allocated to the new rows of one table.

    Attributes:
        amount: number of new rows.
        parts: the allocated columns; no column is in two of them.
        satisfied: names of the unique keys of independent columns, which the new rows satisfy.
    """

    amount: int
    parts: tuple[AllocatedColumns, ...] = ()
    satisfied: frozenset[str] = frozenset()

    @property
    def columns(self) -> frozenset[str]:
        """All allocated columns."""
        return frozenset(name for part in self.parts for name in part.columns)
