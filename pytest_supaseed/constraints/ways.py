"""Ways in which a condition can hold, and how they combine: :class:`Branch`, :class:`Assignment`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from pytest_supaseed.constraints.acceptance import accepts
from pytest_supaseed.constraints.assignments import Assignment, agreed
from pytest_supaseed.constraints.facts import NOTHING, ColumnFacts, both
from pytest_supaseed.constraints.literals import INTEGERS
from pytest_supaseed.schema import Column, Table

ONLY_NULL = ColumnFacts(allowed=(None,))
NOT_NULL = ColumnFacts(required=True)

# How many pairs of ways are combined for one expression: what is left out is not proposed.
_MOST_PAIRS = 10_000
# How many pairs are looked at to find out whether two conditions exclude one another.
_MOST_COMPARED = 400


@dataclass(frozen=True)
class Branch:
    """One way in which a condition can hold.

    Attributes:
        facts: by column: what it has to be. ``allowed=(None,)`` means NULL, ``required=True`` not NULL; a
            column that is not required may be NULL as well.
        assignments: comparisons of a column with an expression over other columns.
    """

    facts: Mapping[str, ColumnFacts] = field(default_factory=dict)
    assignments: tuple[Assignment, ...] = ()

    @property
    def cost(self) -> int:
        """How much it asks for: less for a value than for NULL."""
        nulls = sum(facts == ONLY_NULL for facts in self.facts.values())
        return len(self.facts) + nulls + len(self.assignments)


ANYTHING = Branch()
Ways = tuple[Branch, ...]


class Combiner:
    """Combines ways in which conditions on the rows of one table can hold.

    Args:
        table: the table.
        most: how many ways are kept of any condition.
    """

    def __init__(self, table: Table, most: int) -> None:
        self.most = most
        self.pairs = 0
        self._columns = {column.name: (column, _of_column(column)) for column in table.columns}

    def fact(self, column: str, facts: ColumnFacts) -> Ways:
        """Return the way in which a column is as the facts say, none where it cannot be."""
        possible = self._possible(column, facts)
        if possible is None:
            return ()
        return (ANYTHING if possible == NOTHING else Branch({column: possible}),)

    def every(self, conditions: Iterable[Ways]) -> Ways:
        """Return the ways in which all of several conditions hold.

        Args:
            conditions: the ways of each of them.
        """
        # What leaves little choice comes first: it decides early what cannot be combined with it.
        found: Ways = (ANYTHING,)
        for ways in sorted(conditions, key=len):
            found = self.simplest(self._pairs(found, ways))
        return found

    def some(self, conditions: Sequence[Ways]) -> Ways:
        """Return the ways in which at least one of several conditions holds, for each of them one at least.

        Args:
            conditions: the ways of each of them.
        """
        found = self.simplest([way for ways in conditions for way in ways])
        missing = [ways[0] for ways in conditions if ways and not any(way in found for way in ways)]
        return self.simplest([*found[: max(self.most - len(missing), 0)], *missing])

    def excluded(self, left: Ways, right: Ways) -> bool:
        """Whether two conditions are known never to hold together."""
        return len(left) * len(right) <= _MOST_COMPARED and all(
            self.meet(one, other) is None for one in left for other in right
        )

    def simplest(self, ways: Sequence[Branch]) -> Ways:
        """Return each way once, those first that ask for least.

        Args:
            ways: in any order, which is kept among equals.
        """
        distinct: list[Branch] = []
        for way in sorted(ways, key=lambda way: way.cost):
            if way not in distinct:
                distinct.append(way)
                if len(distinct) == self.most:
                    break
        return tuple(distinct)

    def meet(self, left: Branch, right: Branch) -> Branch | None:
        """Return the way that is both of these, None where there is none.

        Args:
            left: a way.
            right: another.
        """
        facts = dict(left.facts)
        for column, more in right.facts.items():
            possible = self._possible(column, both(facts.get(column, NOTHING), more))
            if possible is None:
                return None
            if possible != NOTHING:
                facts[column] = possible
        if not (left.assignments or right.assignments):
            return Branch(facts)
        assignments = agreed((*left.assignments, *right.assignments))
        if assignments is None:
            return None
        # What is compared with NULL is not refused.
        null = {column for column, known in facts.items() if known == ONLY_NULL}
        return Branch(facts, tuple(a for a in assignments if null.isdisjoint((a.column, *a.uses))))

    def _pairs(self, left: Ways, right: Ways) -> list[Branch]:
        found: list[Branch] = []
        for one in left:
            for other in right:
                self.pairs += 1
                if self.pairs > _MOST_PAIRS and found:
                    return found
                way = self.meet(one, other)
                if way is not None:
                    found.append(way)
        return found

    def _possible(self, name: str, facts: ColumnFacts) -> ColumnFacts | None:
        """The facts without values that they exclude; NULL alone, or None, where they leave no value."""
        column, own = self._columns[name]
        nullable = column.nullable and not facts.required
        if facts.allowed == (None,):
            return ONLY_NULL if nullable else None
        together = _narrowed(both(own, facts))
        if not _leaves_a_value(together, column):
            return ONLY_NULL if nullable else None
        if not column.nullable:
            facts = replace(facts, required=False)
        return _shortened(facts, together)


def _of_column(column: Column) -> ColumnFacts:
    if column.type.array:
        return NOTHING
    values: tuple[Any, ...] = (True, False) if column.type.name == "bool" else column.type.labels
    return ColumnFacts(allowed=values or None)


def _narrowed(facts: ColumnFacts) -> ColumnFacts:
    """Drop from the allowed values those that the other facts exclude."""
    if facts.allowed is None:
        return facts
    others = replace(facts, allowed=None)
    return replace(facts, allowed=tuple(value for value in facts.allowed if accepts(others, value)))


def _shortened(facts: ColumnFacts, together: ColumnFacts) -> ColumnFacts:
    """Leave out what follows from the rest."""
    if facts.allowed is not None:
        return replace(
            facts, allowed=together.allowed, excluded=(), minimum=None, minimum_exclusive=False, maximum=None,
            maximum_exclusive=False, earliest=None, latest=None, minimum_length=None, maximum_length=None,
            patterns=(),
        )  # fmt: skip
    if not facts.excluded:
        return facts
    others = replace(facts, excluded=())
    return replace(facts, excluded=tuple(value for value in facts.excluded if accepts(others, value)))


def _leaves_a_value(facts: ColumnFacts, column: Column) -> bool:
    if facts.allowed is not None:
        return bool(facts.allowed)
    low, high = facts.minimum, facts.maximum
    if low is not None and high is not None:
        if low > high or (low == high and (facts.minimum_exclusive or facts.maximum_exclusive)):
            return False
        if column.type.name in INTEGERS and not _has_integer(facts, low, high):
            return False
    earliest: Any = facts.earliest
    if earliest is not None and facts.latest is not None and earliest > facts.latest:
        return False
    if facts.maximum_length is not None and facts.maximum_length < (facts.minimum_length or 0):
        return False
    return all(member.allowed != () for _, member in facts.json_members if member.required)


def _has_integer(facts: ColumnFacts, low: int | Decimal, high: int | Decimal) -> bool:
    first = int(low) - 1
    while first < low or (first == low and facts.minimum_exclusive):
        first += 1
    return first < high or (first == high and not facts.maximum_exclusive)
