"""The steps in which the columns of a table get their values, one kind of source each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.distribute import dealt, tree_parents
from pytest_supaseed.errors import GenerateError
from pytest_supaseed.randomness import random_for
from pytest_supaseed.schema import Column, ForeignKey, Table
from pytest_supaseed.sources import Function, Number, plain
from pytest_supaseed.spec import abbreviated
from pytest_supaseed.state import Key, TableState
from pytest_supaseed.values import ValueSource, vary

if TYPE_CHECKING:
    from faker import Faker

Row = dict[str, Any]

# Redrawn so often, a value is varied; varied so often, it is given up.
REDRAWS = 20
VARIATIONS = 10_000


class Step(ABC):
    """Sets some columns of all rows of a table.

    Attributes:
        columns: which columns.
        uses: columns that have to be set before.
        rank: among steps that do not need one another, lower ranks come first.
        attempts: how many values a row may try until its unique keys accept it; 1 if there is no other.
        reason: why there was no value, for a message.
    """

    rank = 0
    reason = "no value was left"

    def __init__(self, columns: tuple[str, ...], uses: tuple[str, ...] = ()) -> None:
        self.columns = columns
        self.uses = uses
        self.attempts = 1

    def begin(self, rows: Sequence[Row], seed: int, faker: Faker) -> None:
        """Prepare for the rows, which have the values of all earlier steps."""
        del rows, seed, faker

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


class Place(Step):
    """Sets what has been assigned to the rows: referenced rows, or choices that unique keys bind."""

    def __init__(self, columns: tuple[str, ...], assigned: Sequence[Key | None]) -> None:
        super().__init__(columns)
        self._assigned = assigned

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return the values assigned to the row; NULLs for no referenced row."""
        key = self._assigned[number]
        return dict(zip(self.columns, key or (None,) * len(self.columns), strict=True))


class Deal(Step):
    """Deals out choices evenly."""

    def __init__(self, table: Table, column: str, choices: Sequence[Any]) -> None:
        super().__init__((column,))
        self._table = table
        self._choices = choices
        self.attempts = len(choices)

    def begin(self, rows: Sequence[Row], seed: int, faker: Faker) -> None:
        """Deal."""
        random = random_for(seed, str(self._table.name), self.columns[0])
        self._dealt = dealt(range(len(self._choices)), len(rows), random)

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return the choice dealt to the row, and after it the others in turn."""
        return {self.columns[0]: self._choices[(self._dealt[number] + attempt) % len(self._choices)]}


class Count(Step):
    """Numbers rows."""

    rank = 2

    def __init__(self, column: Column, source: Number, state: TableState, last: int | None = None) -> None:
        super().__init__((column.name,), source.within)
        self._last = last
        self.reason = f"its numbers end at {last}"
        self._within = source.within
        self._start = source.start
        self._increment = column.sequence.increment if column.sequence else 1
        self._next = state.numbers.get(column.name, source.start)
        self._greatest = dict(state.greatest.get(column.name, {}))

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return the next number."""
        if not self._within:
            found = self._next + number * self._increment
            return None if self._last is not None and found > self._last else {self.columns[0]: found}
        group = tuple(row[column] for column in self._within)
        self._greatest[group] = self._greatest.get(group, self._start - 1) + 1
        return {self.columns[0]: self._greatest[group]}


class FollowReference(Step):
    """Chooses among the referenced rows that agree with what the row has of the foreign key already."""

    rank = 1

    def __init__(
        self,
        table: Table,
        foreign_key: ForeignKey,
        covered: Collection[str],
        keys: Sequence[Key],
        optional: bool,
    ) -> None:
        self._shared = [at for at, column in enumerate(foreign_key.columns) if column in covered]
        new = tuple(column for column in foreign_key.columns if column not in covered)
        super().__init__(new, tuple(foreign_key.columns[at] for at in self._shared))
        self._new = [foreign_key.columns.index(column) for column in new]
        self._foreign_key = foreign_key
        self._table = table
        self._keys = keys
        self._optional = optional
        self.attempts = len(keys) + 1
        self.reason = f"no row of {foreign_key.referenced.name} agrees with the row's {', '.join(self.uses)}"

    def begin(self, rows: Sequence[Row], seed: int, faker: Faker) -> None:
        """Shuffle the referenced rows, by what they share with the rows."""
        random = random_for(seed, str(self._table.name), self._foreign_key.name)
        self._candidates: dict[Key, list[Key]] = {}
        for key in random.sample(self._keys, len(self._keys)):
            self._candidates.setdefault(tuple(key[at] for at in self._shared), []).append(key)
        self._turns = dict.fromkeys(self._candidates, -1)

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return the next of the referenced rows that agree, NULLs where there is none."""
        shared = tuple(row[column] for column in self.uses)
        candidates = self._candidates.get(shared, [])
        if attempt >= len(candidates):
            return dict.fromkeys(self.columns) if self._optional else None
        self._turns[shared] += 1
        key = candidates[self._turns[shared] % len(candidates)]
        return {self._foreign_key.columns[at]: key[at] for at in self._new}


class TakeSelfReference(Step):
    """References an earlier row of the same table, so that the rows are a forest."""

    rank = 3

    def __init__(
        self, table: Table, foreign_key: ForeignKey, covered: Collection[str], optional: bool
    ) -> None:
        new = tuple(column for column in foreign_key.columns if column not in covered)
        pairs = dict(zip(foreign_key.columns, foreign_key.referenced_columns, strict=True))
        shared = tuple(column for column in foreign_key.columns if column in covered)
        super().__init__(new, (*shared, *foreign_key.referenced_columns))
        self._pairs = pairs
        self._shared = shared
        self._table = table
        self._foreign_key = foreign_key
        self._optional = optional
        self._chain = any(set(key.columns) <= set(foreign_key.columns) for key in table.uniques)
        self.reason = f"no earlier row of {table.label} is left to reference"

    def begin(self, rows: Sequence[Row], seed: int, faker: Faker) -> None:
        """Draw the tree."""
        random = random_for(seed, str(self._table.name), self._foreign_key.name)
        self._rows = rows
        self._parents = list(tree_parents(len(rows), random))
        self._seen: dict[Key, list[int]] = {}
        self.attempts = len(rows) + 1

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return the parent that was drawn, an earlier row, or the end of the line: NULL or the row itself."""
        shared = tuple(row[column] for column in self._shared)
        earlier = self._seen.setdefault(shared, [])
        if attempt == 0:
            known = list(earlier)
            earlier.append(number)
        else:
            known = earlier[:-1]
        parent = number - 1 if self._chain and number else self._parents[number]
        if parent is None or not known:
            at = None if attempt == 0 or not known else known[-min(attempt, len(known))]
        elif attempt == 0 and parent in known:
            at = parent
        elif attempt < len(known):
            at = known[(parent - attempt) % len(known)]
        else:
            at = None
        if at is None and self._optional:
            return dict.fromkeys(self.columns)
        referenced = row if at is None else self._rows[at]
        values = {column: referenced.get(self._pairs[column]) for column in self.columns}
        return None if attempt and at is None else values


class MakeValue(Step):
    """Makes up a value from the column's name, type and constraints."""

    rank = 4

    def __init__(self, table: Table, column: Column, facts: ColumnFacts, source: ValueSource) -> None:
        super().__init__((column.name,), source.uses)
        self._table = table
        self._column = column
        self._facts = facts
        self._source = source
        self.attempts = REDRAWS
        self.reason = "no more values could be made that differ"

    def begin(self, rows: Sequence[Row], seed: int, faker: Faker) -> None:
        """Start the column's own random generator."""
        self._generator = faker.factories[0]
        self._generator.random = random_for(seed, str(self._table.name), self._column.name)

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return a new value."""
        return {self._column.name: self._source.choose(self._generator, row)}

    def vary(self, row: Row, accepted: Callable[[], bool]) -> bool:
        """Vary the last value, as ``Anna 2`` varies ``Anna``."""
        value = row[self._column.name]
        for number in range(1, VARIATIONS):
            varied = vary(value, number, self._column, self._facts)
            if varied is None:
                return False
            row[self._column.name] = varied
            if accepted():
                return True
        return False


class CallFunction(Step):
    """Calls a function of the user."""

    rank = 5

    def __init__(self, table: Table, column: Column, source: Function, uses: tuple[str, ...]) -> None:
        super().__init__((column.name,), uses)
        self._table = table
        self._column = column
        self._source = source
        self.attempts = REDRAWS
        self.reason = f"{source.origin} returned no more values that differ"

    def begin(self, rows: Sequence[Row], seed: int, faker: Faker) -> None:
        """Give Faker the column's own random generator."""
        # Faker's proxy has no setter of its own in its type: its one generator is what draws.
        faker.factories[0].random = random_for(seed, str(self._table.name), self._column.name)
        self._faker = faker

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return what the function returns."""
        arguments = (self._faker, MappingProxyType(row)) if self._source.takes_row else (self._faker,)
        try:
            value = plain(self._column, self._source.function(*arguments))
        except Exception as error:
            missing = (
                isinstance(error, KeyError) and error.args and self._table.has_column(str(error.args[0]))
            )
            raise GenerateError(
                f"{self._table.label}.{self._column.name}: {self._source.origin}, "
                f"{abbreviated(self._source.function)}, raised {type(error).__name__}: {error}"
                + (
                    f": its row has {', '.join(row)}, and no column that takes the row, too"
                    if missing
                    else ""
                )
            ) from error
        if value is None and not self._column.nullable:
            raise GenerateError(
                f"{self._table.label}.{self._column.name} is NOT NULL, but {self._source.origin}, "
                f"{abbreviated(self._source.function)}, returned None: return a value"
            )
        return {self._column.name: value}
