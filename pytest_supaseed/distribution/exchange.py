"""Rows exchanged for others, so that unique keys have room for more.

Two unique keys are a bipartite graph: each row joins a value of the first to a value of the second, and as many rows as
possible are a maximum matching, found along augmenting paths (Kuhn). More keys make the problem hard: rows are
exchanged one for one, and of few rows all choices are tried; both in a bounded number of steps.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Any

Values = tuple[Any, ...]
Row = dict[str, Any]
Agreeing = Callable[[Mapping[str, Any]], Iterator[Row]]

# So many rows are looked at, and so many steps taken, before it is given up.
_ROWS = 20_000
_STEPS = 200_000
_EXCHANGES = 20_000


@dataclass(frozen=True)
class Unique:
    """A unique key.

    Attributes:
        name: its name.
        columns: its columns.
        nulls_distinct: whether two NULLs are two values.
        taken: the values that rows have already.
        where: tells which rows it is about, None for all.
        compared: the columns that this looks at.
    """

    name: str
    columns: tuple[str, ...]
    nulls_distinct: bool = True
    taken: Collection[Values] = frozenset()
    where: Callable[[Mapping[str, Any]], bool] | None = None
    compared: tuple[str, ...] = ()

    @property
    def uses(self) -> tuple[str, ...]:
        """The columns that say what it holds of a row."""
        return (*self.columns, *self.compared)

    def values(self, row: Mapping[str, Any]) -> Values | None:
        """The values of a row; None where the key lets them be."""
        if self.where is not None and not self.where(row):
            return None
        found = tuple(row[column] for column in self.columns)
        return None if self.nulls_distinct and None in found else found


class Holder:
    """Rows, by the values of their unique keys.

    Args:
        uniques: the unique keys.
    """

    def __init__(self, uniques: Sequence[Unique]) -> None:
        self.uniques = uniques
        self._numbers = 0
        self._rows: dict[int, Row] = {}
        self._held: list[dict[Values, int]] = [{} for _ in uniques]
        self._at = {unique.name: at for at, unique in enumerate(uniques)}

    @property
    def rows(self) -> Collection[Row]:
        """The rows."""
        return self._rows.values()

    def holds(self, unique: Unique, row: Mapping[str, Any]) -> bool:
        """Whether a unique key refuses a row."""
        values = unique.values(row)
        return values is not None and (values in self._held[self._at[unique.name]] or values in unique.taken)

    def refused(self, row: Mapping[str, Any]) -> list[int] | None:
        """The numbers of the rows that would have to go for a row; None if it can never be."""
        found: dict[int, None] = {}
        for unique, held in zip(self.uniques, self._held, strict=True):
            values = unique.values(row)
            if values is None:
                continue
            if values in unique.taken:
                return None
            if values in held:
                found[held[values]] = None
        return list(found)

    def add(self, row: Row) -> int:
        """Hold a row; return its number."""
        self._numbers += 1
        self._rows[self._numbers] = row
        for unique, held in zip(self.uniques, self._held, strict=True):
            values = unique.values(row)
            if values is not None:
                held[values] = self._numbers
        return self._numbers

    def remove(self, number: int) -> Row:
        """Let a row go."""
        row = self._rows.pop(number)
        for unique, held in zip(self.uniques, self._held, strict=True):
            values = unique.values(row)
            if values is not None:
                del held[values]
        return row

    def owner(self, at: int, values: Values) -> tuple[int, Row] | None:
        """The number of the row that has the values of a unique key, and the row."""
        number = self._held[at].get(values)
        return None if number is None else (number, self._rows[number])

    def replace(self, rows: Sequence[Row]) -> None:
        """Hold these rows instead."""
        for number in list(self._rows):
            self.remove(number)
        for row in rows:
            self.add(row)


def missing_rows(held: Holder, amount: int, agreeing: Agreeing, random: Random) -> bool:
    """Exchange rows until there are as many as asked for, or no more can be found.

    Args:
        held: rows to which none can be added.
        amount: how many are wanted.
        agreeing: returns all rows that have some values.
        random: draws.

    Returns:
        Whether it is known that there are no more, where there are too few.
    """
    if len(held.uniques) < 2:
        return True
    every = list(islice(agreeing({}), _ROWS + 1))
    whole = len(every) <= _ROWS
    every = every[:_ROWS]
    if len(held.uniques) == 2:
        return _match(held, amount, every, agreeing) and whole
    _exchange(held, amount, every, random)
    return len(held.rows) < amount and whole and _try_all(held, amount, every)


def _match(held: Holder, amount: int, every: Sequence[Row], agreeing: Agreeing) -> bool:
    first = held.uniques[0]
    starts = list(dict.fromkeys(values for row in every if (values := first.values(row)) is not None))
    progress = True
    steps = _STEPS
    while progress and len(held.rows) < amount:
        progress = False
        seen: set[Values] = set()
        for start in starts:
            if len(held.rows) < amount and start not in first.taken and held.owner(0, start) is None:
                found, steps = _augment(held, start, seen, agreeing, steps)
                progress |= found
                if steps <= 0:
                    return False
                if found:
                    seen = set()
    return not any(None in row.values() for row in held.rows)


def _augment(
    held: Holder, start: Values, seen: set[Values], agreeing: Agreeing, steps: int
) -> tuple[bool, int]:
    """Find a value of the first key a row, though other rows may have to take another one's value of the second."""
    first, second = held.uniques
    waiting = deque([start])
    reached: dict[Values, tuple[Values, Row]] = {}
    # By a value of the first key, that of the second that its row would give up.
    through: dict[Values, Values] = {}
    while waiting:
        value = waiting.popleft()
        for row in agreeing(dict(zip(first.columns, value, strict=True))):
            steps -= 1
            if steps <= 0:
                return False, 0
            other = second.values(row)
            if other in seen or (other is not None and other in second.taken):
                continue
            owner = None if other is None else held.owner(1, other)
            if owner is None:
                _shift(held, value, row, reached, through)
                return True, steps
            assert other is not None  # noqa: S101 for the type checker
            seen.add(other)
            back = first.values(owner[1])
            if back is not None:
                reached[other] = (value, row)
                through[back] = other
                waiting.append(back)
    return False, steps


def _shift(
    held: Holder,
    value: Values,
    row: Row,
    reached: Mapping[Values, tuple[Values, Row]],
    through: Mapping[Values, Values],
) -> None:
    """Give every value of the first key along the path its new row."""
    new = [row]
    while (owner := held.owner(0, value)) is not None:
        held.remove(owner[0])
        value, row = reached[through[value]]
        new.append(row)
    for row in new:
        held.add(row)


def _exchange(held: Holder, amount: int, every: Sequence[Row], random: Random) -> None:
    """Put rows in the place of others, one for one, until one has room beside all of them."""
    if not every:
        return
    lately: deque[tuple[Any, ...]] = deque(maxlen=10)
    for _ in range(_EXCHANGES):
        if len(held.rows) >= amount:
            return
        row = every[random.randrange(len(every))]
        identity = tuple(row.values())
        refused = held.refused(row)
        if refused is None or len(refused) > 1 or identity in lately:
            continue
        for number in refused:
            lately.append(tuple(held.remove(number).values()))
        held.add(row)


def _try_all(held: Holder, amount: int, every: Sequence[Row]) -> bool:
    """Try all choices of rows; tell whether there are too few for certain."""
    # Of the rows that have one value of a key at most one is chosen.
    by_value: dict[Any, list[Row]] = {}
    best = min(held.uniques, key=lambda u: len({u.values(row) for row in every}))
    for number, row in enumerate(every):
        if held.refused(row) is not None:
            values = best.values(row)
            by_value.setdefault((number,) if values is None else (None, values), []).append(row)
    choices = list(by_value.values())
    trial = Holder(held.uniques)
    most: list[Row] = list(held.rows)
    steps = _STEPS
    # A stack instead of recursion: at each place the number of the choice to try next.
    stack = [0]
    numbers: list[int | None] = []
    while stack:
        steps -= 1
        if steps <= 0:
            held.replace(most)
            return False
        place = len(stack) - 1
        while len(numbers) > place:
            added = numbers.pop()
            if added is not None:
                trial.remove(added)
        at = stack[-1]
        possible = len(trial.rows) + len(choices) - place
        if place == len(choices) or possible <= len(most) or at > len(choices[place]):
            stack.pop()
            continue
        stack[-1] += 1
        if at == len(choices[place]):
            numbers.append(None)
        else:
            row = choices[place][at]
            if trial.refused(row):
                continue
            numbers.append(trial.add(row))
            if len(trial.rows) > len(most):
                most = list(trial.rows)
                if len(most) >= amount:
                    break
        stack.append(0)
    held.replace(most)
    return len(most) < amount
