"""Rows that satisfy an agreement, by backtracking and matching: :func:`agreeing_rows`.

Where backtracking leaves too few rows, :func:`missing_rows` exchanges some for others. Two unique keys are a bipartite
graph: each row is an edge between a value of the first and a value of the second, and the largest set of rows is a
maximum matching, found along augmenting paths (Kuhn). More keys make the problem NP-hard: rows are exchanged one for
one, and small sets of candidates are searched exhaustively; both in a bounded number of steps.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from itertools import islice
from random import Random
from typing import Any

from pytest_supaseed.allocation.allocation import (
    Agreement,
    Relation,
    TooFewError,
    Unique,
    Values,
)
from pytest_supaseed.allocation.spread import SPREAD_FUNCTIONS, owners

Row = dict[str, Any]
Agreeing = Callable[[Mapping[str, Any]], Iterator[Row]]
# Limits of missing_rows: candidate rows, steps of an exact search, attempts to exchange rows.
_ROWS = 20_000
_STEPS = 200_000
_EXCHANGES = 20_000


class Holder:
    """Rows, indexed by the values of their unique keys."""

    def __init__(self, uniques: Sequence[Unique]) -> None:
        self.uniques = uniques
        self._numbers = 0
        self._rows: dict[int, Row] = {}
        self._held: list[dict[Values, int]] = [{} for _ in uniques]
        self._at = {unique.name: at for at, unique in enumerate(uniques)}

    @property
    def rows(self) -> Collection[Row]:
        """The rows held."""
        return self._rows.values()

    def holds(self, unique: Unique, row: Mapping[str, Any]) -> bool:
        """Return whether a unique key has the row's values already."""
        values = unique.values(row)
        return values is not None and (values in self._held[self._at[unique.name]] or values in unique.taken)

    def refused(self, row: Mapping[str, Any]) -> list[int] | None:
        """Return the numbers of the held rows that conflict with a row; None if a present row conflicts."""
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
        """Add a row and return its number."""
        self._numbers += 1
        self._rows[self._numbers] = row
        for unique, held in zip(self.uniques, self._held, strict=True):
            values = unique.values(row)
            if values is not None:
                held[values] = self._numbers
        return self._numbers

    def remove(self, number: int) -> Row:
        """Remove a row and return it."""
        row = self._rows.pop(number)
        for unique, held in zip(self.uniques, self._held, strict=True):
            values = unique.values(row)
            if values is not None:
                del held[values]
        return row

    def owner(self, at: int, values: Values) -> tuple[int, Row] | None:
        """Return the number and the row that has these values in the ``at``-th unique key."""
        number = self._held[at].get(values)
        return None if number is None else (number, self._rows[number])

    def replace(self, rows: Sequence[Row]) -> None:
        """Replace all rows by these."""
        for number in list(self._rows):
            self.remove(number)
        for row in rows:
            self.add(row)


def missing_rows(held: Holder, amount: int, agreeing: Agreeing, random: Random) -> bool:
    """Exchange rows until there are ``amount`` of them, or no more can be found.

    Args:
        held: rows to which none can be added; changed in place.
        amount: number of rows asked for.
        agreeing: returns all rows that have the given values.
        random: draws rows to exchange.

    Returns:
        Whether, if there are too few rows, there are provably no more.
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
    """Find a row for a value of the first key along an augmenting path: rows on it change their value of the second."""
    first, second = held.uniques
    waiting = deque([start])
    reached: dict[Values, tuple[Values, Row]] = {}
    # By a value of the first key, the value of the second that its row would give up.
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
    """Give every value of the first key along the augmenting path its new row."""
    new = [row]
    while (owner := held.owner(0, value)) is not None:
        held.remove(owner[0])
        value, row = reached[through[value]]
        new.append(row)
    for row in new:
        held.add(row)


def _exchange(held: Holder, amount: int, every: Sequence[Row], random: Random) -> None:
    """Replace rows one for one by random others (local search with a tabu list) until a row fits without conflict."""
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
    """Search all choices of rows by branch and bound; return whether there are provably too few."""
    # Of the rows with the same value in the most selective key, at most one is chosen.
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
    # A stack instead of recursion: at each depth, the position of the choice to try next.
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


Bound = dict[str, Any]
# An option in a heap: number of rows that have it, rank, position.
_Entry = tuple[int, int, int]
# Options that the draw of one row tries at most.
_OPTIONS_OF_A_ROW = 20_000


def agreeing_rows(agreement: Agreement, random: Random) -> list[Bound]:
    """Draw rows that satisfy an agreement, by backtracking over its relations; the least used options are tried first.

    Returns:
        The rows, in random order, with the values of all columns.

    Raises:
        TooFewError: fewer rows were found.
    """
    drawing = _Drawing(agreement, random)
    held = Holder(agreement.uniques)
    for row in drawing.rows(held):
        held.add(row)
    if len(held.rows) < agreement.amount and agreement.each is None:
        proved = missing_rows(held, agreement.amount, drawing.agreeing, random)
    else:
        proved = not drawing.given_up
    rows = list(held.rows)
    if len(rows) < agreement.amount:
        names = [unique.name for unique in agreement.uniques] + [limit.name for limit in agreement.limits]
        relations = [relation.name for relation in agreement.relations]
        raise TooFewError(len(rows), proved and not drawing.given_up, names, relations)
    return random.sample(rows, len(rows))


class _Drawing:
    """Backtracking search: for each relation, options in heaps by the values of columns that the row has already."""

    def __init__(self, agreement: Agreement, random: Random) -> None:
        self._agreement = agreement
        self._random = random
        self.given_up = False
        # By relation and those of its columns that have values already: a heap for each tuple of values.
        self._heaps: dict[tuple[int, tuple[str, ...]], dict[Values, list[_Entry]]] = {}
        self._indexes: dict[tuple[int, tuple[str, ...]], Mapping[Values, Sequence[Values]]] = {}
        self._used: list[list[int]] = []
        self._ranks: list[Sequence[int]] = []
        for relation in agreement.relations:
            size = len(relation.options)
            self._used.append([*relation.present, *[0] * (size - len(relation.present))])
            self._ranks.append(relation.ranks or random.sample(range(size), size))
        self._uniques = [
            [unique for unique in agreement.uniques if not set(unique.uses).isdisjoint(relation.columns)]
            for relation in agreement.relations
        ]
        self._limits = [
            [limit for limit in agreement.limits if not set(limit.columns).isdisjoint(relation.columns)]
            for relation in agreement.relations
        ]

    def _heap(self, at: int, bound: tuple[str, ...], part: Values) -> list[_Entry]:
        """Return the options that have the values ``part`` in the columns ``bound``."""
        heaps = self._heaps.get((at, bound))
        if heaps is None:
            heaps = self._heaps[at, bound] = {}
            relation, used, ranks = self._agreement.relations[at], self._used[at], self._ranks[at]
            places = [relation.columns.index(column) for column in bound]
            for number, option in enumerate(relation.options):
                entry = (used[number], ranks[number], number)
                heaps.setdefault(tuple(option[place] for place in places), []).append(entry)
            for heap in heaps.values():
                heapify(heap)
        return heaps.get(part, [])

    def rows(self, held: Holder) -> Iterator[Bound]:
        """Draw rows until none is found; the caller adds each to ``held`` before it asks for the next."""
        wished = self._wished()
        for number in range(self._agreement.amount):
            row = self._row(held, wished[number] if wished is not None else None)
            if row is None:
                return
            yield row

    def _wished(self) -> list[Values] | None:
        """Return the first relation's option of each row; None where the least used one is taken (an even spread)."""
        agreement = self._agreement
        first = agreement.relations[0]
        present = [*first.present, *[0] * (len(first.options) - len(first.present))]
        if agreement.each is not None:
            shares = [agreement.each - rows for rows in present]
        elif agreement.spread == "even" or not first.options:
            return None
        else:
            shares = SPREAD_FUNCTIONS[agreement.spread](agreement.amount, present, self._random, None)
        return [first.options[at] for at in owners(shares, self._random)]

    def _row(self, held: Holder, wished: Values | None) -> Bound | None:
        row: Bound = {}
        first = self._agreement.relations[0]
        if wished is not None:
            row.update(zip(first.columns, wished, strict=True))
            self._left = _OPTIONS_OF_A_ROW
            if self._accepted(0, row, held) and self._extend(1, row, held):
                return row
            if self._agreement.each is not None:
                return None
            row.clear()
        self._left = _OPTIONS_OF_A_ROW
        return row if self._extend(0, row, held) else None

    def _extend(self, at: int, row: Bound, held: Holder) -> bool:
        """Extend a row by options of the relations from ``at`` on; return whether that succeeded."""
        if at == len(self._agreement.relations):
            return True
        relation = self._agreement.relations[at]
        bound = tuple(column for column in relation.columns if column in row)
        part = tuple(row[column] for column in bound)
        new = [column for column in relation.columns if column not in row]
        if None not in part and self._choose(at, self._heap(at, bound, part), new, row, held):
            return True
        for nulls in _without(relation, row, new):
            row.update(nulls)
            if self._accepted(at, row, held) and self._extend(at + 1, row, held):
                return True
            self._drop(row, list(nulls))
        return False

    def _choose(self, at: int, heap: list[_Entry], new: Sequence[str], row: Bound, held: Holder) -> bool:
        relation, used = self._agreement.relations[at], self._used[at]
        passed: list[_Entry] = []
        found = False
        while heap and not found and self._left > 0:
            before, rank, number = heappop(heap)
            if before < used[number]:
                # A row has taken the option from another heap since this entry was pushed.
                heappush(heap, (used[number], rank, number))
                continue
            self._left -= 1
            row.update(zip(relation.columns, relation.options[number], strict=True))
            found = self._accepted(at, row, held) and self._extend(at + 1, row, held)
            if found:
                used[number] += 1
            else:
                self._drop(row, new)
            if at or found:
                passed.append((used[number], rank, number))
            elif self._left <= 0:
                # The option is dropped without proof that no row can use it.
                self.given_up = True
                self._left = _OPTIONS_OF_A_ROW
        for entry in passed:
            heappush(heap, entry)
        return found

    @staticmethod
    def _drop(row: Bound, columns: Sequence[str]) -> None:
        for column in columns:
            row.pop(column, None)

    def _accepted(self, at: int, row: Bound, held: Holder) -> bool:
        return all(
            limit.holds(*(row[column] for column in limit.columns))
            for limit in self._limits[at]
            if all(column in row for column in limit.columns)
        ) and not any(
            held.holds(unique, row)
            for unique in self._uniques[at]
            if all(column in row for column in unique.uses)
        )

    def agreeing(self, supplied: Mapping[str, Any], at: int = 0) -> Iterator[Bound]:
        """Yield all rows that have the given values and satisfy the limits; unique keys are ignored."""
        if at == len(self._agreement.relations):
            if all(
                limit.holds(*(supplied[column] for column in limit.columns))
                for limit in self._agreement.limits
            ):
                yield dict(supplied)
            return
        relation = self._agreement.relations[at]
        bound = tuple(column for column in relation.columns if column in supplied)
        part = tuple(supplied[column] for column in bound)
        if None not in part:
            for option in self._index(at, bound).get(part, ()):
                yield from self.agreeing(
                    {**supplied, **dict(zip(relation.columns, option, strict=True))}, at + 1
                )
        new = [column for column in relation.columns if column not in supplied]
        for nulls in _without(relation, supplied, new):
            yield from self.agreeing({**supplied, **nulls}, at + 1)

    def _index(self, at: int, bound: tuple[str, ...]) -> Mapping[Values, Sequence[Values]]:
        if (at, bound) not in self._indexes:
            relation = self._agreement.relations[at]
            places = [relation.columns.index(column) for column in bound]
            index: dict[Values, list[Values]] = {}
            for option in self._random.sample(relation.options, len(relation.options)):
                index.setdefault(tuple(option[place] for place in places), []).append(option)
            self._indexes[at, bound] = index
        return self._indexes[at, bound]


def _without(relation: Relation, row: Mapping[str, Any], new: Sequence[str]) -> list[Bound]:
    """Return the NULLs for new columns of a row that takes no option: a list of one mapping, empty if not allowed."""
    nulls = {column: None for column in new if column in relation.nullable}
    old = [row[column] for column in relation.columns if column in row]
    if relation.match_full:
        can = len(nulls) == len(new) and all(value is None for value in old)
    else:
        can = bool(nulls) or None in old
    return [nulls] if can else []
