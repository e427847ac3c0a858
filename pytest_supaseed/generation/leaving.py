"""The step that takes a row out of a partial unique index: one address of a user is the primary one, the others not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pytest_supaseed.constraints.facts import ColumnFacts, settled
from pytest_supaseed.generation.making import MakeValue
from pytest_supaseed.generation.steps import Deal, Row, Step
from pytest_supaseed.schema import Column, Table, UniqueKey
from pytest_supaseed.uniqueness.partial import Part, condition
from pytest_supaseed.values import value_source

if TYPE_CHECKING:
    from faker import Faker

# So many values are made that may take a row out of an index.
_TRIED = 5


class LeaveIndex(Step):
    """Sets a column as another step does; where a partial unique index refuses the row, it takes the row out of it.

    Args:
        table: the table.
        column: the column that the index's WHERE clause compares.
        facts: what is known of it.
        inner: the other step.
        parts: what the WHERE clauses say of the column.
        uses: the other columns of the indexes.
    """

    rank = 6

    def __init__(
        self,
        table: Table,
        column: Column,
        facts: ColumnFacts,
        inner: Step,
        parts: Sequence[Part],
        uses: Sequence[str],
    ) -> None:
        super().__init__(inner.columns, tuple(dict.fromkeys((*inner.uses, *uses))))
        self._column = column
        self._facts = facts
        self._inner = inner
        self._parts = parts
        self._maker = inner
        if not isinstance(inner, MakeValue):
            source = value_source(table, column, facts, frozenset())
            if source is not None:
                self._maker = MakeValue(table, column, facts, source)
        self.attempts = inner.attempts
        self.reason = inner.reason

    def begin(self, amount: int, seed: int, faker: Faker) -> None:
        """Prepare for so many rows."""
        self._inner.begin(amount, seed, faker)
        if self._maker is not self._inner:
            self._maker.begin(amount, seed, faker)

    def resume(self, first: int, rows: Sequence[Row]) -> None:
        """Prepare for the next of them."""
        self._inner.resume(first, rows)
        if self._maker is not self._inner:
            self._maker.resume(first, rows)

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return what the other step returns."""
        return self._inner.values(number, row, attempt)

    def vary(self, row: Row, accepted: Callable[[], bool]) -> bool:
        """Set the column to a value with which the row is in no index that refuses it."""
        name = self._column.name
        before = row[name]
        for value in self._outside(row):
            row[name] = value
            if accepted():
                return True
        row[name] = before
        return self._inner.vary(row, accepted)

    def _outside(self, row: Row) -> Iterator[Any]:
        for value in self._others(row):
            if not any(part.holds(value) for part in self._parts):
                yield value

    def _others(self, row: Row) -> Iterator[Any]:
        if self._facts.allowed is not None:
            yield from settled(self._facts).allowed or ()
        elif self._column.type.name == "bool" and not self._column.type.array:
            yield from (False, True)
        elif self._maker is not self._inner or isinstance(self._inner, MakeValue):
            for attempt in range(_TRIED):
                values = self._maker.values(0, row, attempt)
                if values is not None:
                    yield values[self._column.name]
        if self._column.nullable and not self._facts.required:
            yield None


def leaving(
    table: Table,
    keys: Sequence[UniqueKey],
    steps: Sequence[Step],
    placed: set[str],
    facts: Mapping[str, ColumnFacts],
) -> list[Step]:
    """Have steps take rows out of partial indexes over columns whose values are given to the rows beforehand.

    Args:
        table: the table.
        keys: its partial unique indexes.
        steps: of the table.
        placed: columns whose values cannot be varied.
        facts: of those columns that we make values for.

    Returns:
        The steps, some of them replaced.
    """
    found = list(steps)
    wanted: dict[str, tuple[list[Part], list[str]]] = {}
    for key in keys:
        where = condition(table, key)
        if where is None or not placed.issuperset(set(key.columns) - set(where.columns)):
            continue
        makers = {name for s in steps if isinstance(s, (MakeValue, Deal)) for name in s.columns}
        chosen = next((part for part in where.parts if part.column in makers and part.column in facts), None)
        if chosen is not None:
            parts, uses = wanted.setdefault(chosen.column, ([], []))
            parts.append(chosen)
            uses += [name for name in (*key.columns, *where.columns) if name != chosen.column]
    for at, step in enumerate(found):
        if isinstance(step, (MakeValue, Deal)) and step.columns[0] in wanted:
            name = step.columns[0]
            parts, uses = wanted[name]
            found[at] = LeaveIndex(table, table.column(name), facts[name], step, parts, uses)
    return found
