"""The steps in which the columns of a table get their values, one kind of source each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pytest_supaseed.distribution.distribute import dealt
from pytest_supaseed.generation.cells import Cells, Columnar, Numbers, Picked, Pool
from pytest_supaseed.generation.keys import folded
from pytest_supaseed.planning.sources import Number
from pytest_supaseed.planning.state import Key, TableState
from pytest_supaseed.randomness import random_for
from pytest_supaseed.schema import Column, Table

if TYPE_CHECKING:
    from faker import Faker

Row = dict[str, Any]


class Step(ABC):
    """Sets some columns of all rows of a table.

    Attributes:
        columns: which columns.
        uses: columns that have to be set before.
        rank: among steps that do not need one another, lower ranks come first.
        attempts: how many values a row may try until its unique keys accept it; 1 if there is no other.
        alone: whether the unique keys that its values complete are about no other column.
        reason: why there was no value, for a message.
    """

    rank = 0
    reason = "no value was left"

    def __init__(self, columns: tuple[str, ...], uses: tuple[str, ...] = ()) -> None:
        self.columns = columns
        self.uses = uses
        self.attempts = 1
        self.alone = False

    def begin(self, amount: int, seed: int, faker: Faker) -> None:
        """Prepare for so many rows."""
        del amount, seed, faker

    def resume(self, first: int, rows: Sequence[Row]) -> None:
        """Prepare for the next of them, which have the values of all earlier steps."""
        del first, rows

    @abstractmethod
    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return the values of a row, None where there is none left to try.

        Args:
            number: of the row, from 0.
            row: the values of earlier steps.
            attempt: 0 at first, and one more for each value that a unique key refused.
        """

    def vary(self, row: Row, accepted: Callable[[], bool]) -> bool:
        """Change the row's value until it is accepted, once there was no attempt left; tell whether it is."""
        del row, accepted
        return False


class Place(Step, Columnar):
    """Sets what has been assigned to the rows: referenced rows, or choices that unique keys bind."""

    def __init__(
        self, columns: Sequence[Column], keys: Sequence[Key], assigned: Sequence[int | None] | None
    ) -> None:
        super().__init__(tuple(column.name for column in columns))
        self._columns = columns
        self._keys = keys
        self._assigned = assigned

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return the values assigned to the row; NULLs for no referenced row."""
        at = None if self._assigned is None else self._assigned[number]
        key = (None,) * len(self.columns) if at is None else self._keys[at]
        return dict(zip(self.columns, key, strict=True))

    @cached_property
    def _pools(self) -> list[Pool]:
        return [Pool(column, [key[at] for key in self._keys]) for at, column in enumerate(self._columns)]

    def cells(self, first: int, count: int) -> Sequence[Cells]:
        """Return what :meth:`values` does."""
        at = [None] * count if self._assigned is None else self._assigned[first : first + count]
        return [Picked(pool, at) for pool in self._pools]


class Deal(Step, Columnar):
    """Deals out choices evenly.

    Args:
        table: the table.
        column: the column.
        choices: the choices.
        usual: the position of one that at least one row gets; None for none.
    """

    def __init__(
        self, table: Table, column: Column, choices: Sequence[Any], usual: int | None = None
    ) -> None:
        super().__init__((column.name,))
        self._usual = usual
        self._table = table
        self._column = column
        self._choices = choices
        self.attempts = len(choices)

    def begin(self, amount: int, seed: int, faker: Faker) -> None:
        """Deal."""
        random = random_for(seed, str(self._table.name), self._column.name)
        self._dealt = dealt(range(len(self._choices)), amount, random)
        if self._usual is not None and self._dealt and self._usual not in self._dealt:
            self._dealt[0] = self._usual

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return the choice dealt to the row, and after it the others in turn."""
        return {self._column.name: self._choices[(self._dealt[number] + attempt) % len(self._choices)]}

    @cached_property
    def constant(self) -> tuple[Any, ...]:
        """The choice, if there is only one."""
        return tuple(self._choices) if len(self._choices) == 1 else ()

    @cached_property
    def _pool(self) -> Pool:
        return Pool(self._column, self._choices)

    def cells(self, first: int, count: int) -> Sequence[Cells]:
        """Return the choices dealt to the rows."""
        return [Picked(self._pool, self._dealt[first : first + count])]


class Count(Step, Columnar):
    """Numbers rows."""

    rank = 2

    def __init__(self, column: Column, source: Number, state: TableState, last: int | None = None) -> None:
        super().__init__((column.name,), source.within)
        self._last = last
        self.reason = f"its numbers end at {last}"
        self.within = source.within
        self._start = source.start
        self._increment = column.sequence.increment if column.sequence else 1
        self._next = state.numbers.get(column.name, source.start)
        self._greatest = {
            tuple(map(folded, group)): greatest
            for group, greatest in state.greatest.get(column.name, {}).items()
        }

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return the next number."""
        if not self.within:
            found = self._next + number * self._increment
            return None if self._last is not None and found > self._last else {self.columns[0]: found}
        group = tuple(folded(row.get(column)) for column in self.within)
        self._greatest[group] = self._greatest.get(group, self._start - 1) + 1
        return {self.columns[0]: self._greatest[group]}

    def cells(self, first: int, count: int) -> Sequence[Cells] | None:
        """Return the next numbers of a column that is not numbered within others."""
        start, end = (self._next + at * self._increment for at in (first, first + count))
        numbers = range(start, end, self._increment)
        if self._last is not None and max(numbers[0], numbers[-1]) > self._last:
            return None
        return [Numbers(numbers)]
