"""The step that references an earlier row of the same table."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pytest_supaseed.distribute import tree_parents
from pytest_supaseed.randomness import random_for
from pytest_supaseed.schema import ForeignKey, Table
from pytest_supaseed.state import Key
from pytest_supaseed.steps import Row, Step

if TYPE_CHECKING:
    from faker import Faker


class TakeSelfReference(Step):
    """References an earlier row of the same table, so that the rows are a forest."""

    rank = 3

    def __init__(
        self, table: Table, foreign_key: ForeignKey, covered: Collection[str], optional: bool
    ) -> None:
        new = tuple(column for column in foreign_key.columns if column not in covered)
        pairs = dict(zip(foreign_key.columns, foreign_key.referenced_columns, strict=True))
        shared = tuple(column for column in foreign_key.columns if column in covered)
        super().__init__(new, (*shared, *foreign_key.referenced_columns))
        self._pairs = pairs
        self._shared = shared
        self._table = table
        self._foreign_key = foreign_key
        self._optional = optional
        self._chain = any(set(key.columns) <= set(foreign_key.columns) for key in table.uniques)
        self.reason = f"no earlier row of {table.label} is left to reference"

    def begin(self, amount: int, seed: int, faker: Faker) -> None:
        """Start the tree."""
        random = random_for(seed, str(self._table.name), self._foreign_key.name)
        self._parents = tree_parents(amount, random)
        # Of earlier rows only what can be referenced is kept, and of these the rows before the present ones.
        self._referenced: list[Key] = []
        self._rows: Sequence[Row] = ()
        self._seen: dict[Key, list[int]] = {}
        self.attempts = amount + 1

    def resume(self, first: int, rows: Sequence[Row]) -> None:
        """Keep what can be referenced of the rows before these."""
        self._referenced += [tuple(row.get(column) for column in self._pairs.values()) for row in self._rows]
        self._rows = rows

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return the parent that was drawn, an earlier row, or the end of the line: NULL or the row itself."""
        shared = tuple(row[column] for column in self._shared)
        seen = self._seen.setdefault(shared, [])
        if attempt == 0:
            self._parent = next(self._parents)
            seen.append(number)
        known = len(seen) - 1
        parent = number - 1 if self._chain and number else self._parent
        at = None
        if parent is None or not known:
            at = seen[known - min(attempt, known)] if attempt and known else None
        elif attempt == 0 and seen[min(bisect_left(seen, parent), known)] == parent != number:
            at = parent
        elif attempt < known:
            at = seen[(parent - attempt) % known]
        if at is None and self._optional:
            return dict.fromkeys(self.columns)
        values = self._values(row, at)
        return None if attempt and at is None else values

    def _values(self, row: Row, at: int | None) -> Mapping[str, Any]:
        if at is not None and at < len(self._referenced):
            of_row = dict(zip(self._pairs, self._referenced[at], strict=True))
            return {column: of_row[column] for column in self.columns}
        referenced = row if at is None else self._rows[at - len(self._referenced)]
        return {column: referenced.get(self._pairs[column]) for column in self.columns}
