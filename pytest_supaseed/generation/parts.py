"""What makes the columns of a large table that are made up: pools, and values that differ by the way they are made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from random import Random
from typing import TYPE_CHECKING, Any

from pytest_supaseed.generation.cells import Columnar
from pytest_supaseed.generation.keys import folded
from pytest_supaseed.generation.making import MakeValue
from pytest_supaseed.generation.pools import (
    DistinctPrototypes,
    NumberedTexts,
    Prototypes,
    ScatteredValues,
    greatest_number,
)
from pytest_supaseed.generation.steps import Row
from pytest_supaseed.planning.state import TableState
from pytest_supaseed.randomness import random_for
from pytest_supaseed.schema import Table
from pytest_supaseed.values.distinct import (
    is_text,
    numbered_texts,
    scattered_codes,
    scattered_moments,
    scattered_numbers,
)

if TYPE_CHECKING:
    from faker import Faker

# So many prototypes: thousands of values are enough for a pool, and more rows get more of them.
_LEAST, _MOST, _SHARE = 2_000, 10_000, 100
# Codes are made by counting where there are several times as many as rows, and half of them are accepted.
_TRIED, _ACCEPTED, _SPARE = 50, 25, 4


class Parts:
    """Makes columns that fit one another.

    Args:
        table: the table.
        state: what is there already.
        amount: how many rows.
        seed: of the generator.
        faker: of the spec's locale; its random generator is replaced.
        constants: columns that have the same value in every row.
    """

    def __init__(
        self,
        table: Table,
        state: TableState,
        amount: int,
        seed: int,
        faker: Faker,
        constants: Mapping[str, Any],
    ) -> None:
        self._table, self._state = table, state
        self._amount, self._seed, self._faker = amount, seed, faker
        self._constants = constants
        self._prototypes: dict[tuple[str, ...], list[Row]] = {}

    def of(self, steps: Sequence[MakeValue], wanted: Collection[str]) -> Columnar | None:
        """Return what makes columns that fit one another.

        Args:
            steps: of the columns, in their order.
            wanted: those of them whose values have to differ.

        Returns:
            What makes them; None where no values are found that differ by the way they are made.
        """
        names = tuple(step.column.name for step in steps)
        if wanted and len(names) == 1 and (scattered := self._scattered(steps[0])) is not None:
            return scattered
        rows = self._made(names, steps)
        columns = [step.column for step in steps]
        random = self.random(steps[0], "rows")
        if not wanted:
            return Prototypes(columns, [[row[name] for row in rows] for name in names], random)
        if not all(is_text(step.column) for step in steps if step.column.name in wanted):
            return None
        if len(names) == 1 and (code := self._scattered_code(steps[0], rows)) is not None:
            return code
        unique = {at: step for at, step in enumerate(steps) if step.column.name in wanted}
        found = self._numbered(unique, rows)
        if found is None:
            return None
        kept, numbered = found
        return DistinctPrototypes(
            columns, [[rows[at][name] for at in kept] for name in names], numbered, random
        )

    def _numbered(
        self, unique: Mapping[int, MakeValue], rows: Sequence[Row]
    ) -> tuple[list[int], dict[int, NumberedTexts]] | None:
        """Number the texts of columns; of the prototypes those are kept that have texts of their own."""
        turns = 1
        while True:
            most = greatest_number(turns)
            found = {
                at: numbered_texts([row[step.column.name] for row in rows], step.column, step.facts, most)
                for at, step in unique.items()
            }
            kept = [at for at, forms in enumerate(zip(*found.values(), strict=True)) if None not in forms]
            if not kept:
                return None
            if len(kept) * turns >= self._amount:
                break
            # Fewer prototypes are used more often, and greater numbers leave less room to the texts.
            turns = max(turns + 1, -(-self._amount // len(kept)))
        return kept, {
            at: NumberedTexts(
                step.column,
                step.facts,
                [form for row in kept if (form := found[at][row]) is not None],
                turns,
                self._taken(step.column.name),
            )
            for at, step in unique.items()
        }

    def _scattered(self, step: MakeValue) -> Columnar | None:
        taken = self._taken(step.column.name)
        wanted = self._amount + len(taken) + len(step.facts.excluded)
        for scattered in (scattered_numbers, scattered_moments):
            found = scattered(step.column, step.facts, wanted, step.today)
            if found is not None and found.size >= wanted:
                return ScatteredValues(step.column, found, taken, self.random(step, "rows"))
        return None

    def _scattered_code(self, step: MakeValue, rows: Sequence[Row]) -> Columnar | None:
        found = scattered_codes([row[step.column.name] for row in rows], step.column, step.facts)
        taken = self._taken(step.column.name)
        if found is None or found.size < _SPARE * (self._amount + len(taken)):
            return None
        accepted = sum(found.value(number) is not None for number in range(_TRIED))
        if accepted < _ACCEPTED:
            return None
        return ScatteredValues(step.column, found, taken, self.random(step, "rows"))

    def _taken(self, name: str) -> set[Any]:
        if name not in self._state.columns:
            return set()
        at = self._state.columns.index(name)
        return {folded(row[at]) for row in self._state.rows}

    def _made(self, names: tuple[str, ...], steps: Iterable[MakeValue]) -> list[Row]:
        """The prototypes: rows of these columns alone."""
        if names not in self._prototypes:
            amount = min(max(_LEAST, self._amount // _SHARE), _MOST)
            rows: list[Row] = [dict(self._constants) for _ in range(amount)]
            for step in steps:
                step.begin(amount, self._seed, self._faker)
                step.resume(0, rows)
                for number, row in enumerate(rows):
                    row.update(step.values(number, row, 0) or {})
            self._prototypes[names] = rows
        return self._prototypes[names]

    def random(self, step: MakeValue, *more: str) -> Random:
        """Return a random generator of a column.

        Args:
            step: of the column.
            more: what it is for.
        """
        return random_for(self._seed, str(self._table.name), step.column.name, *more)
