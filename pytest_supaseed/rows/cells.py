"""Rows of a table as columns: what is made, shown and written is the same, and nobody keeps all of it."""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pytest_supaseed.copytext import copy_fields, copy_lines
from pytest_supaseed.model.schema import Column

# A table that gets no more rows is made as a whole, and each of its values by itself. Above, making two thousand
# values of a column and picking from them takes less time than making all of them, by a third or more.
LARGE = 5_000


class Cells(ABC):
    """The values of one column in some rows."""

    @abstractmethod
    def values(self) -> Sequence[Any]:
        """Return them as Python's values."""

    @abstractmethod
    def fields(self) -> Sequence[str]:
        """Return them as fields of COPY's text format."""


@dataclass(frozen=True)
class Plain(Cells):
    """Values of which each was made by itself.

    Attributes:
        column: the column.
        made: the values.
    """

    column: Column
    made: Sequence[Any]

    def values(self) -> Sequence[Any]:
        """Return the values."""
        return self.made

    def fields(self) -> Sequence[str]:
        """Spell each of them."""
        return copy_fields(self.column, self.made)


class Pool:
    """Values that many rows share, spelt once.

    Args:
        column: the column.
        values: the values.
    """

    def __init__(self, column: Column, values: Sequence[Any]) -> None:
        self.values = values
        self.fields = copy_fields(column, values)


NULL = "\\N"


@dataclass(frozen=True)
class Picked(Cells):
    """Values from a pool.

    Attributes:
        pool: the pool.
        at: the position of each row's value in it; None for NULL.
    """

    pool: Pool
    at: Sequence[int | None]

    def values(self) -> Sequence[Any]:
        """Look the values up."""
        return _picked(self.pool.values, self.at, None)

    def fields(self) -> Sequence[str]:
        """Look their spellings up."""
        return _picked(self.pool.fields, self.at, NULL)


def _picked(pool: Sequence[Any], at: Sequence[int | None], null: Any) -> list[Any]:
    get = pool.__getitem__
    if None in at:
        return [null if position is None else get(position) for position in at]
    return list(map(get, at))  # type: ignore[arg-type] # no position is None


@dataclass(frozen=True)
class Numbers(Cells):
    """Numbers that go up, or down, by the same step."""

    numbers: range

    def values(self) -> Sequence[Any]:
        """Return the numbers."""
        return self.numbers

    def fields(self) -> Sequence[str]:
        """Spell each of them."""
        return list(map(str, self.numbers))


@dataclass(frozen=True)
class Uuids(Cells):
    """UUIDs, as their digits."""

    digits: Sequence[str]

    def values(self) -> Sequence[Any]:
        """Return UUIDs."""
        return [uuid.UUID(digits) for digits in self.digits]

    def fields(self) -> Sequence[str]:
        """Return the digits: PostgreSQL reads a UUID without hyphens as well."""
        return self.digits


@dataclass(frozen=True)
class Block:
    """Some rows of a table.

    Attributes:
        size: how many.
        cells: of each column that has values.
    """

    size: int
    cells: tuple[Cells, ...]

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Return the rows."""
        if not self.cells:
            return iter([()] * self.size)
        return zip(*(cells.values() for cells in self.cells), strict=True)

    def lines(self) -> str:
        """Return the rows as COPY's text format has them; there is at least one column."""
        return copy_lines(cells.fields() for cells in self.cells)


class Columnar(ABC):
    """Sets some columns of many rows at once, without looking at any other.

    Attributes:
        columns: which columns.
        reason: why there were no values, for a message.
    """

    columns: tuple[str, ...]
    reason: str

    @abstractmethod
    def cells(self, first: int, count: int) -> Sequence[Cells] | None:
        """Return the values of some rows; it is called for all rows of the table, in their order.

        Args:
            first: number of the first row, from 0.
            count: how many rows.

        Returns:
            Cells for each of ``columns``; None where there are not that many values.
        """


@dataclass(frozen=True)
class Generated:
    """New rows of a table, made while they are read.

    Attributes:
        columns: the columns that have values; PostgreSQL computes the others.
        amount: how many rows there will be.
        blocks: returns the rows, some at a time; it can be called once. It raises a
            :class:`~pytest_supaseed.errors.GenerateError` where there is no row to make.
        origins: by column, where the user has written what its values come from, for messages.
    """

    columns: tuple[str, ...]
    amount: int
    blocks: Callable[[], Iterator[Block]]
    origins: Mapping[str, str] = field(default_factory=dict)
