"""Keys that a foreign key will be able to reference, as far as known before rows are inserted.

:func:`reachable_keys` predicts the sequence numbers of new rows, to check supplied values.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pytest_supaseed.model.schema import ForeignKey, Table
from pytest_supaseed.planning.plan import SeedPlan, TablePlan
from pytest_supaseed.planning.sources import ColumnSource, Number


@dataclass(frozen=True)
class ReachableKeys:
    """The keys of new rows that a foreign key will be able to reference.

    Attributes:
        numbers: the keys that a sequence will give; empty where no rows are made.
    """

    numbers: range = range(0)

    @property
    def text(self) -> str:
        """The referenceable keys, for a message."""
        return f", which are numbered {self.numbers[0]} to {self.numbers[-1]}" if self.numbers else ""

    def has(self, key: tuple[Any, ...]) -> bool:
        """Return whether a new row will have the key, given as values of the referencing columns."""
        # The user may have written a number as text.
        return any(str(key[0]).strip() == str(number) for number in self.numbers)


def reachable_keys(
    plan: SeedPlan, foreign_key: ForeignKey, next_number: Callable[[TablePlan, ColumnSource], int]
) -> ReachableKeys | None:
    """Predict the keys that a foreign key will be able to reference.

    Args:
        next_number: returns the next number of a numbered column.

    Returns:
        The keys; None where they are unknown before rows are made.
    """
    if any(_inserts(table.table) for table in plan.tables):
        return None
    parent = next((t for t in plan.tables if t.table.name == foreign_key.referenced), None)
    if parent is None or parent.total <= parent.present:
        return ReachableKeys()
    [first, *more] = foreign_key.referenced_columns
    source = next(source for source in parent.columns if source.column.name == first)
    if more or not isinstance(source.source, Number) or source.source.within:
        return None
    step = source.column.sequence.increment if source.column.sequence else 1
    start = next_number(parent, source)
    return ReachableKeys(range(start, start + (parent.total - parent.present) * step, step))


def _inserts(table: Table) -> bool:
    """Whether a trigger may insert rows into other tables."""
    return any(
        trigger.on_insert and (not trigger.source or re.search(r"\binsert\b", trigger.source, re.IGNORECASE))
        for trigger in table.triggers
    )
