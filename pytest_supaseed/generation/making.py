"""The steps that make values up: ourselves, or a function of the user."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.distribution.distribute import dealt
from pytest_supaseed.errors import GenerateError
from pytest_supaseed.generation.steps import Row, Step
from pytest_supaseed.loading.frames import describe
from pytest_supaseed.planning.plain import plain
from pytest_supaseed.planning.sources import Function
from pytest_supaseed.randomness import random_for
from pytest_supaseed.schema import Column, Table
from pytest_supaseed.usable import UnusableError
from pytest_supaseed.values import ValueSource, vary
from pytest_supaseed.values.optional import null_rows
from pytest_supaseed.wording import abbreviated, place

if TYPE_CHECKING:
    from faker import Faker

# Redrawn so often, a value is varied; varied so often, it is given up.
REDRAWS = 20
VARIATIONS = 10_000


class MakeValue(Step):
    """Makes up a value from the column's name, type and constraints."""

    rank = 4

    def __init__(self, table: Table, column: Column, facts: ColumnFacts, source: ValueSource) -> None:
        super().__init__((column.name,), source.uses)
        self._table = table
        self.column = column
        self.facts = facts
        self._source = source
        self.attempts = REDRAWS
        self.reason = "no more values could be made that differ"

    def begin(self, amount: int, seed: int, faker: Faker) -> None:
        """Start the column's own random generator."""
        self._generator = faker.factories[0]
        place = str(self._table.name), self.column.name
        self._random = random_for(seed, *place)
        # Another generator: whether a column is NULL somewhere changes none of its other values.
        self._nulls = null_rows(self._source.nulls, amount, random_for(seed, *place, "null"))
        choices = self._source.choices
        self._dealt = dealt(choices, amount, self._random) if choices else []
        self._varied: dict[tuple[type, str], int] = {}

    @property
    def today(self) -> date:
        """The day that its values take for today."""
        return self._source.today

    def resume(self, first: int, rows: Sequence[Row]) -> None:
        """Give Faker the column's own random generator."""
        self._generator.random = self._random

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return a new value, or NULL where the row has none."""
        if number in self._nulls:
            return {self.column.name: None}
        if self._dealt and not attempt:
            return {self.column.name: self._dealt[number]}
        return {self.column.name: self._source.choose(self._generator, row)}

    def vary(self, row: Row, accepted: Callable[[], bool]) -> bool:
        """Vary the last value, as ``Anna 2`` varies ``Anna``."""
        value = row[self.column.name]
        # A value of another type may equal this one, and be varied otherwise.
        known = (type(value), str(value))
        missed = False
        for number in range(self._varied.get(known, 1) if self.alone else 1, VARIATIONS):
            varied = vary(value, number, self.column, self.facts)
            if varied is None:
                if missed:
                    return False
                # One number alone gives the value itself: ``ann5`` is the fifth of ``ann``.
                missed = True
                continue
            missed = False
            row[self.column.name] = varied
            if accepted():
                # Whoever has the same value next need not try what is taken.
                self._varied[known] = number + 1
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

    def begin(self, amount: int, seed: int, faker: Faker) -> None:
        """Start the column's own random generator."""
        self._random = random_for(seed, str(self._table.name), self._column.name)
        self._faker = faker

    def resume(self, first: int, rows: Sequence[Row]) -> None:
        """Give Faker the column's own random generator."""
        # Faker's proxy has no setter of its own in its type: its one generator is what draws.
        self._faker.factories[0].random = self._random

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return what the function returns."""
        arguments = (self._faker, MappingProxyType(row)) if self._source.takes_row else (self._faker,)
        name = f"{self._table.label}.{self._column.name}"
        try:
            returned = self._source.function(*arguments)
        except (Exception, SystemExit) as error:
            missing = (
                isinstance(error, KeyError)
                and error.args
                and isinstance(error.args[0], str)
                and self._table.has_column(error.args[0])
            )
            said = describe(error).partition("\n")
            raise GenerateError(
                f"{name}: {self._source.origin}, {abbreviated(self._source.function)}, raised {said[0]}"
                + (
                    f": its row has {', '.join(row)}, and no column that takes the row, too"
                    if missing
                    else ""
                ),
                f"{said[1]}{said[2]}",
            ) from error
        try:
            value = plain(self._column, returned)
        except UnusableError as error:
            raise GenerateError(
                f"{name}: {self._source.origin}, {abbreviated(self._source.function)}, returned "
                f"{abbreviated(returned)}: {error}: return a value that is the same in every run, and of the column's "
                "type",
                place(self._source.function),
            ) from error
        if value is None and not self._column.nullable:
            raise GenerateError(
                f"{name} is NOT NULL, but {self._source.origin}, {abbreviated(self._source.function)}, returned None: "
                "return a value",
                place(self._source.function),
            )
        return {self._column.name: value}
