"""Blocks of rows, stored by column, as Python values and as fields of COPY's text format.

A :class:`Block` has :class:`Cells` for each column; the same cells serve statements, messages and COPY.
:class:`Generated` has the lazily made rows of a table, of which no more than one block is kept.
"""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pytest_supaseed.copy_text import copy_fields, copy_lines
from pytest_supaseed.model.schema import Column

# Tables with at most this many new rows are one block, in which each row's values are made for it. Above, making two
# thousand values of a column and picking from them takes at least a third less time than making all of them.
LARGE = 5_000


class Cells(ABC):
    """The values of one column in some rows."""

    @abstractmethod
    def values(self) -> Sequence[Any]:
        """Return the values as Python objects."""

    @abstractmethod
    def fields(self) -> Sequence[str]:
        """Return the values as fields of COPY's text format."""


@dataclass(frozen=True)
class Plain(Cells):
    """Individually made values.

    Attributes:
        column: the column.
        made_values: the values.
    """

    column: Column
    made_values: Sequence[Any]

    def values(self) -> Sequence[Any]:
        """Return the values."""
        return self.made_values

    def fields(self) -> Sequence[str]:
        """Format each value."""
        return copy_fields(self.column, self.made_values)


class Pool:
    """Values that many rows share, formatted once.

    Args:
        values: the values.
    """

    def __init__(self, column: Column, values: Sequence[Any]) -> None:
        self.values = values
        self.column = column

    @cached_property
    def fields(self) -> Sequence[str]:
        """The values as fields of COPY's text format."""
        return copy_fields(self.column, self.values)


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
        """Look up the values."""
        return _picked(self.pool.values, self.at, None)

    def fields(self) -> Sequence[str]:
        """Look up the formatted values."""
        return _picked(self.pool.fields, self.at, NULL)


def _picked(pool: Sequence[Any], at: Sequence[int | None], null: Any) -> list[Any]:
    get = pool.__getitem__
    if None in at:
        return [null if position is None else get(position) for position in at]
    return list(map(get, at))  # type: ignore[arg-type] # no position is None


@dataclass(frozen=True)
class Patched(Cells):
    """Values from a pool, but for some rows.

    Attributes:
        picked: the values from the pool.
        others: by position, values that are in no pool.
    """

    picked: Picked
    others: Mapping[int, Any]

    def values(self) -> Sequence[Any]:
        """Look up the values."""
        return self._with(self.picked.values(), self.others.values())

    def fields(self) -> Sequence[str]:
        """Look up the formatted values, and format the others."""
        others = copy_fields(self.picked.pool.column, list(self.others.values()))
        return self._with(self.picked.fields(), others)

    def _with(self, found: Sequence[Any], others: Iterable[Any]) -> Sequence[Any]:
        result = list(found)
        for at, other in zip(self.others, others, strict=True):
            result[at] = other
        return result


@dataclass(frozen=True)
class Numbers(Cells):
    """An arithmetic sequence of integers."""

    numbers: range

    def values(self) -> Sequence[Any]:
        """Return the numbers."""
        return self.numbers

    def fields(self) -> Sequence[str]:
        """Format each number."""
        return list(map(str, self.numbers))


@dataclass(frozen=True)
class Uuids(Cells):
    """UUIDs, as hexadecimal digits."""

    digits: Sequence[str]

    def values(self) -> Sequence[Any]:
        """Return UUID objects."""
        return [uuid.UUID(digits) for digits in self.digits]

    def fields(self) -> Sequence[str]:
        """Return the digits: PostgreSQL reads a UUID without hyphens as well."""
        return self.digits


@dataclass(frozen=True)
class Block:
    """Consecutive rows of a table.

    Attributes:
        size: number of rows.
        cells: of each column that has values.
    """

    size: int
    cells: tuple[Cells, ...]

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Return the rows as tuples."""
        if not self.cells:
            return iter([()] * self.size)
        return zip(*(cells.values() for cells in self.cells), strict=True)

    def lines(self) -> str:
        """Return the rows in COPY's text format; there must be at least one column."""
        return copy_lines(cells.fields() for cells in self.cells)


@dataclass(frozen=True)
class Generated:
    """New rows of a table, made while they are read.

    Attributes:
        columns: the columns that have values; PostgreSQL computes the others.
        amount: number of rows.
        blocks: returns the rows, block by block; can be called once. The iterator raises a
            :class:`~pytest_supaseed.errors.GenerateError` where no row can be made.
        origins: by column, where the user wrote its values, for messages.
    """

    columns: tuple[str, ...]
    amount: int
    blocks: Callable[[], Iterator[Block]]
    origins: Mapping[str, str] = field(default_factory=dict)
