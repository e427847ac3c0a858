"""Columns of a large table: values that were made for some rows are picked for all of them."""

from __future__ import annotations

from collections.abc import Container, Sequence
from itertools import chain
from random import Random
from typing import Any

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.generation.cells import Cells, Columnar, Picked, Plain, Pool, Uuids
from pytest_supaseed.generation.keys import folded
from pytest_supaseed.schema import Column
from pytest_supaseed.values.distinct import NumberedText, Scattered
from pytest_supaseed.values.texts import accepted

# A value that the column refuses, or that a row has already, is made so often from another number.
_ATTEMPTS = 20
_VARIANTS = {digit: "89ab"[int(digit, 16) % 4] for digit in "0123456789abcdef"}
_OUT = "no more values could be made that differ"


class RandomUuids(Columnar):
    """UUIDs of version 4: with 122 random bits nobody has to compare them.

    Args:
        column: the column.
        random: of the column.
    """

    reason = _OUT

    def __init__(self, column: Column, random: Random) -> None:
        self.columns = (column.name,)
        self._random = random

    def cells(self, first: int, count: int) -> Sequence[Cells]:
        """Draw all bits at once."""
        bits = self._random.getrandbits(128 * count)
        digits = f"{bits:0{32 * count}x}"
        return [
            Uuids(
                [
                    f"{digits[at : at + 12]}4{digits[at + 13 : at + 16]}"
                    f"{_VARIANTS[digits[at + 16]]}{digits[at + 17 : at + 32]}"
                    for at in range(0, 32 * count, 32)
                ]
            )
        ]


class Prototypes(Columnar):
    """Columns that fit one another: their values are picked together.

    Args:
        columns: the columns.
        values: of each column, one for each prototype.
        random: picks.
    """

    reason = _OUT

    def __init__(self, columns: Sequence[Column], values: Sequence[Sequence[Any]], random: Random) -> None:
        self.columns = tuple(column.name for column in columns)
        self._pools = [Pool(column, made) for column, made in zip(columns, values, strict=True)]
        self._all = range(len(values[0]))
        self._random = random

    def cells(self, first: int, count: int) -> Sequence[Cells]:
        """Pick prototypes."""
        at = self._random.choices(self._all, k=count)
        return [Picked(pool, at) for pool in self._pools]


class NumberedTexts:
    """A column whose texts are numbered, so that they differ.

    Args:
        column: the column.
        facts: what is known of it.
        forms: one for each prototype.
        turns: how often each is used, at most.
        taken: what rows have already, as :func:`~pytest_supaseed.generation.keys.folded` returns it.
    """

    def __init__(
        self,
        column: Column,
        facts: ColumnFacts,
        forms: Sequence[NumberedText],
        turns: int,
        taken: Container[Any],
    ) -> None:
        self._column = column
        self._facts = facts
        self._forms = forms
        self._turns = turns
        self._taken = taken
        # What has the right length is accepted where nothing else is known.
        self._checked = bool(taken or facts.patterns or facts.excluded)

    def texts(self, at: Sequence[int], turn: int) -> list[str] | None:
        """Return texts, all of which differ.

        Args:
            at: positions of prototypes, each at most once.
            turn: how often each has been used before.
        """
        forms = self._forms
        if not self._checked:
            return [forms[position].text(turn) for position in at]
        found = [self._checked_text(forms[position], turn) for position in at]
        return None if None in found else found  # type: ignore[return-value] # no text is None

    def _checked_text(self, form: NumberedText, turn: int) -> str | None:
        # Numbers that no other turn uses.
        for number in range(turn, _ATTEMPTS * self._turns, self._turns):
            text = form.text(number)
            if folded(text) not in self._taken and accepted(text, self._column.type, self._facts):
                return text
        return None


def greatest_number(turns: int) -> int:
    """Return the greatest number that :class:`NumberedTexts` puts into a text.

    Args:
        turns: how often each prototype is used, at most.
    """
    return _ATTEMPTS * turns


class DistinctPrototypes(Columnar):
    """Columns that fit one another, some of which have other values in every row.

    Args:
        columns: the columns.
        values: of each column, one for each prototype.
        numbered: by position among ``columns``, those whose values differ.
        random: shuffles.
    """

    reason = _OUT

    def __init__(
        self,
        columns: Sequence[Column],
        values: Sequence[Sequence[Any]],
        numbered: dict[int, NumberedTexts],
        random: Random,
    ) -> None:
        self.columns = tuple(column.name for column in columns)
        self._columns = columns
        self._pools = [Pool(column, made) for column, made in zip(columns, values, strict=True)]
        self._numbered = numbered
        self._random = random
        self._size = len(values[0])
        self._order: list[int] = []

    def cells(self, first: int, count: int) -> Sequence[Cells] | None:
        """Use every prototype once, in an order that is drawn; then every one a second time, and so on."""
        at: list[int] = []
        texts: dict[int, list[str]] = {position: [] for position in self._numbered}
        while len(at) < count:
            turn, start = divmod(first + len(at), self._size)
            if not start:
                self._order = self._random.sample(range(self._size), self._size)
            part = self._order[start : start + count - len(at)]
            at += part
            for position, column in self._numbered.items():
                found = column.texts(part, turn)
                if found is None:
                    return None
                texts[position] += found
        return [
            Plain(self._columns[position], texts[position]) if position in texts else Picked(pool, at)
            for position, pool in enumerate(self._pools)
        ]


class ScatteredValues(Columnar):
    """A column whose values are all different, and need no prototypes.

    Args:
        column: the column.
        values: makes them.
        taken: what rows have already, as :func:`~pytest_supaseed.generation.keys.folded` returns it.
        random: draws where to begin.
    """

    reason = _OUT

    def __init__(self, column: Column, values: Scattered, taken: Container[Any], random: Random) -> None:
        self.columns = (column.name,)
        self._column = column
        self._values = values
        self._taken = taken
        start = random.randrange(values.size)
        self._numbers = chain(range(start, values.size), range(start))

    def cells(self, first: int, count: int) -> Sequence[Cells] | None:
        """Make the next values."""
        found = []
        for number in self._numbers:
            value = self._values.value(number)
            if value is not None and folded(value) not in self._taken:
                found.append(value)
                if len(found) == count:
                    return [Plain(self._column, found)]
        return None
