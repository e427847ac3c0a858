"""The step that references another row of the same table."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pytest_supaseed.constraints import comparisons
from pytest_supaseed.distribution.distribute import tree_parents
from pytest_supaseed.generation.steps import Row, Step
from pytest_supaseed.planning.references import can_be_null_in
from pytest_supaseed.planning.state import Key
from pytest_supaseed.randomness import random_for
from pytest_supaseed.schema import Check, ForeignKey, Table
from pytest_supaseed.uniqueness.bound import bound_key

if TYPE_CHECKING:
    from faker import Faker


class TakeSelfReference(Step):
    """References an earlier row of the same table, so that the rows are a forest.

    A root has NULL, or references itself; where a CHECK forbids that, it references a row that comes later, which
    PostgreSQL accepts in one statement. Rows of which each may be referenced once are a chain.

    Args:
        table: the table.
        foreign_key: of the table to itself.
        covered: columns that other foreign keys set.
        optional: whether a row can do without.
        before: columns of few values that unique keys bind to it: it has more to choose from, so they come first.
    """

    rank = 3

    def __init__(
        self,
        table: Table,
        foreign_key: ForeignKey,
        covered: Collection[str],
        optional: bool,
        before: Sequence[str] = (),
    ) -> None:
        pairs = dict(zip(foreign_key.columns, foreign_key.referenced_columns, strict=True))
        self._shared = tuple(column for column in pairs if column in covered or pairs[column] == column)
        new = tuple(column for column in pairs if column not in self._shared)
        super().__init__(new, tuple(dict.fromkeys((*self._shared, *foreign_key.referenced_columns, *before))))
        self._pairs = pairs
        self._table = table
        self._foreign_key = foreign_key
        # Beside a NULL, a column that is NOT NULL would have no value.
        self._optional = optional and bool(new) and all(can_be_null_in(table, column) for column in new)
        keys = [key for key in (bound_key(table, key) for key in table.uniques) if key is not None]
        self._chain = any(set(key.columns) <= set(foreign_key.columns) for key in keys)
        self._apart = apart(table, foreign_key) is not None
        self.reason = f"no earlier row of {table.label} is left to reference"
        if self._apart and not self._optional:
            self.reason = f"no other row of {table.label} is left to reference"

    def begin(self, amount: int, seed: int, faker: Faker) -> None:
        """Start the tree."""
        random = random_for(seed, str(self._table.name), self._foreign_key.name)
        self._parents = tree_parents(amount, random)
        # Of earlier rows only what can be referenced is kept, and of these the rows before the present ones.
        self._referenced: list[Key] = []
        self._rows: Sequence[Row] = ()
        self._seen: dict[Key, list[int]] = {}
        self.attempts = amount + 3

    def resume(self, first: int, rows: Sequence[Row]) -> None:
        """Keep what can be referenced of the rows before these."""
        self._referenced += [tuple(row.get(column) for column in self._pairs.values()) for row in self._rows]
        self._rows = rows

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return the parent that was drawn, another earlier row, or the end of the line: NULL or the row itself."""
        # Columns that use one another in a ring may be missing still: PostgreSQL says what is wrong with the row.
        if attempt == 0:
            self._left = self._candidates(number, row, next(self._parents))
            self._seen.setdefault(tuple(row.get(self._pairs[c]) for c in self._shared), []).append(number)
        at = next(self._left, None)
        if at is None:
            return None
        return self._values(row, number, at)

    def _candidates(self, number: int, row: Row, drawn: int | None) -> Iterator[int]:
        """The rows to reference, in the order in which they are tried; -1 for NULL."""
        seen = self._seen.get(tuple(row.get(column) for column in self._shared), [])
        known = bisect_right(seen, number - 1)
        roots = list(self._roots(number, row))
        if self._chain:
            if not self._optional and not self._apart:
                yield number  # referenced by itself, a row is referenced once
            yield from reversed(seen[:known])
        elif drawn is None or not known:
            yield from roots
            yield from reversed(seen[:known])
            return
        else:
            parent = max(bisect_right(seen, drawn) - 1, 0)
            yield from (seen[(parent - attempt) % known] for attempt in range(known))
        yield from roots

    def _roots(self, number: int, row: Row) -> Iterator[int]:
        if self._optional:
            yield -1
            return
        if not self._apart and all(
            row.get(column) == row.get(self._pairs[column]) for column in self._shared
        ):
            yield number
        if self._apart:
            # The first of a chain references its last, so that they are a ring.
            first = len(self._referenced)
            later = range(number - first + 1, len(self._rows))
            for place in reversed(later) if self._chain else later:
                if all(
                    self._rows[place].get(self._pairs[column]) == row.get(column) for column in self._shared
                ):
                    yield first + place
                    return

    def _values(self, row: Row, number: int, at: int) -> Mapping[str, Any]:
        if at < 0:
            return dict.fromkeys(self.columns)
        if at < len(self._referenced):
            of_row = dict(zip(self._pairs, self._referenced[at], strict=True))
            return {column: of_row[column] for column in self.columns}
        referenced = row if at == number else self._rows[at - len(self._referenced)]
        return {column: referenced.get(self._pairs[column]) for column in self.columns}


def apart(table: Table, foreign_key: ForeignKey) -> Check | None:
    """Return the CHECK that forbids a row to reference itself, None where there is none.

    Args:
        table: the table.
        foreign_key: of the table to itself.
    """
    pairs = set(zip(foreign_key.columns, foreign_key.referenced_columns, strict=True))
    for comparison in comparisons(table):
        sides = {(comparison.left, comparison.right), (comparison.right, comparison.left)}
        if comparison.operator in ("<>", "<", ">") and sides & pairs:
            return comparison.check
    return None
