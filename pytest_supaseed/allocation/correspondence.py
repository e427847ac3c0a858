"""References of one row that belong together: the address of an order is one of its customer's.

A :class:`Correspondence` says which referenced rows of two foreign keys belong together, :func:`agreed` gives the rows
of a table references that do, as many of them as the shares of the referenced rows allow. The shares themselves stay as
the spread has decided: references are exchanged between rows. Of an even spread only the remainder is given to other
referenced rows, those that are wanted most.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

# What a referenced row belongs to; None where that is not known, so that every row may have it.
Belonging = frozenset[Any] | None
# Of one foreign key: what each referenced row belongs to, by each of several correspondences.
_Class = tuple[Belonging, ...]
# Steps of the search for exchanges, in which rows that agree already take part.
_MOST_STEPS = 200_000


@dataclass(frozen=True)
class Correspondence:
    """Two foreign keys whose referenced rows should belong to the same row of a third table.

    Attributes:
        first: name of the foreign key that stays as it is.
        second: name of the one that follows it.
        of_first: by position of a referenced row, what it belongs to.
        of_second: likewise.
        required: whether a row is refused where they do not, so that it matters more than the shares.
    """

    first: str
    second: str
    of_first: Sequence[Belonging]
    of_second: Sequence[Belonging]
    required: bool = False

    def holds(self, first: int | None, second: int | None) -> bool:
        """Whether two referenced rows, by position, belong together; a missing one belongs to all."""
        if first is None or second is None:
            return True
        return _together((self.of_first[first],), (self.of_second[second],))


def _together(one: _Class, other: _Class) -> bool:
    return all(a is None or b is None or not a.isdisjoint(b) for a, b in zip(one, other, strict=True))


def wanted_first(
    correspondence: Correspondence, positions: Sequence[int | None], base: int, random: Random
) -> list[int]:
    """Rank the referenced rows of the second foreign key by how much they are wanted, for the remainder of a spread.

    Args:
        positions: of the first foreign key, for each row.
        base: rows that each referenced row gets anyway.

    Returns:
        The rank of each referenced row, lower first.

    Example:
        >>> pair = Correspondence("a", "b", [frozenset("x"), frozenset("y")], [frozenset("y"), frozenset("x")])
        >>> wanted_first(pair, [0, 0, 1], 1, Random(0))
        [1, 0]
    """
    demand = Counter(correspondence.of_first[at] for at in positions if at is not None)
    members: dict[Belonging, list[int]] = {}
    for at in random.sample(range(len(correspondence.of_second)), len(correspondence.of_second)):
        members.setdefault(correspondence.of_second[at], []).append(at)
    missing = {
        at: demand[belonging] - base * len(options) - number
        for belonging, options in members.items()
        for number, at in enumerate(options)
    }
    order = sorted(missing, key=lambda at: -missing[at])
    ranks = [0] * len(order)
    for rank, at in enumerate(order):
        ranks[at] = rank
    return ranks


def agreed(
    drivers: Sequence[tuple[Correspondence, Sequence[int | None]]],
    positions: Sequence[int | None],
    random: Random,
) -> list[int | None]:
    """Exchange the references of one foreign key between rows, so that they belong to those of others.

    Args:
        drivers: correspondences whose second foreign key it is, the most important first, each with the references of
            its first foreign key.
        positions: the references of the foreign key.

    Returns:
        The same references in another order. As many rows as possible agree in all correspondences; of the others, as
        many as possible agree in the first one.

    Example:
        >>> pair = Correspondence("a", "b", [frozenset("x"), frozenset("y")], [frozenset("y"), frozenset("x")])
        >>> agreed([(pair, [0, 1, 0])], [0, 1, 1], Random(0))
        [1, 0, 1]
    """
    result: list[int | None] = [None] * len(positions)
    supply = Counter(at for at in positions if at is not None)
    # A row without a reference keeps none.
    rows = [row for row, at in enumerate(positions) if at is not None]
    rows = _matched(drivers, rows, supply, result, random)
    if len(drivers) > 1:
        rows = _matched(drivers[:1], rows, supply, result, random)
    left_over = [at for at, number in sorted(supply.items()) for _ in range(number)]
    random.shuffle(left_over)
    for row, reference in zip(rows, left_over, strict=True):
        result[row] = reference
    return result


def _matched(
    drivers: Sequence[tuple[Correspondence, Sequence[int | None]]],
    rows: Sequence[int],
    supply: Counter[int],
    result: list[int | None],
    random: Random,
) -> list[int]:
    """Give rows references that agree, take these from the supply, and return the rows that are left."""
    waiting: dict[_Class, deque[int]] = {}
    for row in rows:
        wanted = tuple(None if (at := firsts[row]) is None else pair.of_first[at] for pair, firsts in drivers)
        waiting.setdefault(wanted, deque()).append(row)
    options: dict[_Class, list[int]] = {}
    for at in random.sample(sorted(supply), len(supply)):
        if supply[at]:
            options.setdefault(tuple(pair.of_second[at] for pair, _ in drivers), []).append(at)
    flow = _Flow(
        {wanted: len(found) for wanted, found in waiting.items()},
        {offered: sum(supply[at] for at in found) for offered, found in options.items()},
    ).most()
    for wanted, offers in flow.items():
        for offered, number in offers.items():
            for _ in range(number):
                at = options[offered][-1]
                result[waiting[wanted].popleft()] = at
                supply[at] -= 1
                if not supply[at]:
                    options[offered].pop()
    return sorted(row for found in waiting.values() for row in found)


class _Flow:
    """The greatest number of rows that agree: a maximum flow from what rows want to what referenced rows offer.

    Args:
        demand: by what rows want, their number.
        supply: by what referenced rows belong to, how many rows may reference them.
    """

    def __init__(self, demand: Mapping[_Class, int], supply: Mapping[_Class, int]) -> None:
        self._demand = dict(demand)
        self._supply = dict(supply)
        self._offers = _offers(demand, supply)
        self._flow: dict[_Class, dict[_Class, int]] = {wanted: {} for wanted in demand}
        self._users: dict[_Class, set[_Class]] = {offered: set() for offered in supply}
        self._steps = _MOST_STEPS

    def most(self) -> Mapping[_Class, Mapping[_Class, int]]:
        """Return for what rows want how many of them get what."""
        order = {wanted: at for at, wanted in enumerate(self._demand)}
        for wanted in sorted(self._demand, key=lambda each: (len(self._offers[each]), order[each])):
            for offered in sorted(self._offers[wanted], key=lambda each: -self._supply[each]):
                self._send(wanted, offered, min(self._demand[wanted], self._supply[offered]))
        for wanted in list(self._demand):
            while self._demand[wanted] and self._steps > 0 and self._exchanged(wanted):
                pass
        return self._flow

    def _send(self, wanted: _Class, offered: _Class, number: int) -> None:
        if number:
            self._demand[wanted] -= number
            self._supply[offered] -= number
            self._add(wanted, offered, number)

    def _add(self, wanted: _Class, offered: _Class, number: int) -> None:
        flow = self._flow[wanted]
        flow[offered] = flow.get(offered, 0) + number
        if flow[offered]:
            self._users[offered].add(wanted)
        else:
            del flow[offered]
            self._users[offered].discard(wanted)

    def _exchanged(self, wanted: _Class) -> bool:
        """Let a row have what others have, who take something else; return whether one more row agrees."""
        came_from: dict[_Class, tuple[_Class, _Class | None]] = {}
        queue: deque[tuple[_Class, _Class | None]] = deque([(wanted, None)])
        seen = {wanted}
        while queue and self._steps > 0:
            wants, before = queue.popleft()
            for offered in self._offers[wants]:
                self._steps -= 1
                if offered in came_from:
                    continue
                came_from[offered] = (wants, before)
                if self._supply[offered]:
                    self._follow(offered, came_from)
                    self._demand[wanted] -= 1
                    self._supply[offered] -= 1
                    return True
                order = (
                    [other for other in self._flow if other in self._users[offered]]
                    if (len(self._users[offered]) > 1)
                    else list(self._users[offered])
                )
                for other in order:
                    if other not in seen:
                        seen.add(other)
                        queue.append((other, offered))
        return False

    def _follow(self, offered: _Class, came_from: Mapping[_Class, tuple[_Class, _Class | None]]) -> None:
        at: _Class | None = offered
        while at is not None:
            wants, before = came_from[at]
            self._add(wants, at, 1)
            if before is not None:
                self._add(wants, before, -1)
            at = before


def _offers(demand: Mapping[_Class, int], supply: Mapping[_Class, int]) -> dict[_Class, list[_Class]]:
    """What each wanted class may get, found by the values that both belong to."""
    index: list[dict[Any, list[_Class]]] = []
    open_offers: list[list[_Class]] = []
    size = len(next(iter(demand), ()))
    for place in range(size):
        by_value: dict[Any, list[_Class]] = {}
        anything = []
        for offered in supply:
            belonging = offered[place]
            if belonging is None:
                anything.append(offered)
            for value in belonging or ():
                by_value.setdefault(value, []).append(offered)
        index.append(by_value)
        open_offers.append(anything)
    found: dict[_Class, list[_Class]] = {}
    for wanted in demand:
        known = [at for at, belonging in enumerate(wanted) if belonging is not None]
        if not known:
            found[wanted] = list(supply)
            continue
        # The order of a set differs between processes.
        values = sorted(wanted[known[0]] or (), key=repr)
        near = [offered for value in values for offered in index[known[0]].get(value, ())]
        candidates = dict.fromkeys((*near, *open_offers[known[0]]))
        found[wanted] = [offered for offered in candidates if _together(wanted, offered)]
    return found


def swapped(
    drivers: Sequence[tuple[Correspondence, Sequence[int | None]]],
    positions: Sequence[int | None],
    accepted: Callable[[Sequence[int | None], int, int], bool],
) -> list[int | None]:
    """Exchange references between two rows at a time, where unique keys restrict which rows may have which.

    Args:
        drivers: as for :func:`agreed`.
        positions: the references of the foreign key.
        accepted: takes the references after an exchange and the two rows; returns whether the keys accept it. What it
            refuses is taken back.

    Returns:
        The same references in another order.
    """
    result = list(positions)

    def agrees(row: int, at: int | None) -> bool:
        return all(pair.holds(firsts[row], at) for pair, firsts in drivers)

    holders: dict[tuple[int, Any], list[int]] = {}

    def hold(row: int) -> None:
        at = result[row]
        for place, (pair, _) in enumerate(drivers):
            for value in () if at is None else pair.of_second[at] or ():
                holders.setdefault((place, value), []).append(row)

    for row in range(len(result)):
        hold(row)
    steps = _MOST_STEPS
    for row in range(len(result)):
        if agrees(row, result[row]):
            continue
        wanted = [
            (place, value)
            for place, (pair, firsts) in enumerate(drivers)
            if (at := firsts[row]) is not None
            for value in sorted(pair.of_first[at] or (), key=repr)
        ]
        for other in dict.fromkeys(other for each in wanted for other in tuple(holders.get(each, ()))):
            steps -= 1
            if steps < 0:
                return result
            if other == row or not agrees(row, result[other]):
                continue
            if agrees(other, result[other]) and not agrees(other, result[row]):
                continue
            result[row], result[other] = result[other], result[row]
            if accepted(result, row, other):
                hold(row)
                hold(other)
                break
            result[row], result[other] = result[other], result[row]
    return result
