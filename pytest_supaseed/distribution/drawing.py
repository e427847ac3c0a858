"""Rows that agree, drawn one at a time: each from the options that the fewest have, and none that a key refuses.

What is missing when no row can be added is found by :mod:`pytest_supaseed.distribution.exchange`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from random import Random
from typing import Any

from pytest_supaseed.distribution.distribute import SPREADS, owners
from pytest_supaseed.distribution.exchange import Holder, missing_rows
from pytest_supaseed.uniqueness.agreement import Agreement, Relation, TooFewError, Values

Bound = dict[str, Any]
# An option: the rows that have it, its rank, its number.
_Entry = tuple[int, int, int]
# A row looks at so many options before it is put off.
_OPTIONS_OF_A_ROW = 20_000


def agreeing_rows(agreement: Agreement, random: Random) -> list[Bound]:
    """Draw rows.

    Args:
        agreement: what is to be drawn.
        random: draws.

    Returns:
        The rows, in an order that is drawn, with the values of all columns.

    Raises:
        TooFewError: there are fewer.
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
        raise TooFewError(len(rows), proved and not drawing.given_up, names)
    return random.sample(rows, len(rows))


class _Drawing:
    """Options by what they share with a row, those first that the fewest rows have."""

    def __init__(self, agreement: Agreement, random: Random) -> None:
        self._agreement = agreement
        self._random = random
        self.given_up = False
        # By a relation and those of its columns that have values already: heaps by the values.
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
        """The options that have some values."""
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
        """Draw rows as long as there are some, each of which has to be held before the next."""
        wished = self._wished()
        for number in range(self._agreement.amount):
            row = self._row(held, wished[number] if wished is not None else None)
            if row is None:
                return
            yield row

    def _wished(self) -> list[Values] | None:
        """The first relation's option of each row, where it is not the one that the fewest have."""
        agreement = self._agreement
        first = agreement.relations[0]
        present = [*first.present, *[0] * (len(first.options) - len(first.present))]
        if agreement.each is not None:
            shares = [agreement.each - rows for rows in present]
        elif agreement.spread == "even" or not first.options:
            return None
        else:
            shares = SPREADS[agreement.spread](agreement.amount, present, self._random, None)
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
        """Give a row the options of the relations from one on; tell whether there are some."""
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
                # Another heap has had it since.
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
                # It is put off, not known to be of no use to any row.
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

    def agreeing(self, given: Mapping[str, Any], at: int = 0) -> Iterator[Bound]:
        """Return all rows that have some values, whatever unique keys say.

        Args:
            given: the values.
            at: the relation to begin with.
        """
        if at == len(self._agreement.relations):
            if all(
                limit.holds(*(given[column] for column in limit.columns)) for limit in self._agreement.limits
            ):
                yield dict(given)
            return
        relation = self._agreement.relations[at]
        bound = tuple(column for column in relation.columns if column in given)
        part = tuple(given[column] for column in bound)
        if None not in part:
            for option in self._index(at, bound).get(part, ()):
                yield from self.agreeing(
                    {**given, **dict(zip(relation.columns, option, strict=True))}, at + 1
                )
        new = [column for column in relation.columns if column not in given]
        for nulls in _without(relation, given, new):
            yield from self.agreeing({**given, **nulls}, at + 1)

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
    """The values of new columns of a row that takes no option: none, or one way to do without."""
    nulls = {column: None for column in new if column in relation.nullable}
    old = [row[column] for column in relation.columns if column in row]
    if relation.match_full:
        can = len(nulls) == len(new) and all(value is None for value in old)
    else:
        can = bool(nulls) or None in old
    return [nulls] if can else []
