"""Which rows a foreign key will be able to reference, as far as that is known before rows are made."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pytest_supaseed.allocation.groups import narrowed
from pytest_supaseed.constraints.domain import NOTHING, ColumnFacts, settled
from pytest_supaseed.model.schema import ForeignKey, Table
from pytest_supaseed.planning.plan import SeedPlan, TablePlan
from pytest_supaseed.planning.sources import ColumnSource, Number
from pytest_supaseed.planning.state import TableState


@dataclass(frozen=True)
class ReachableKeys:
    """What a foreign key will be able to reference, beside the rows that are there.

    Attributes:
        numbers: the keys that will be numbered; none where no rows are made.
    """

    numbers: range = range(0)

    @property
    def text(self) -> str:
        """What can be referenced, for a message."""
        return f", which are numbered {self.numbers[0]} to {self.numbers[-1]}" if self.numbers else ""

    def has(self, key: tuple[Any, ...]) -> bool:
        """Whether a row will have a key.

        Args:
            key: the values of the referencing columns.
        """
        # A value may be written as a text.
        return any(str(key[0]).strip() == str(number) for number in self.numbers)


def reachable_keys(
    plan: SeedPlan, foreign_key: ForeignKey, next_number: Callable[[TablePlan, ColumnSource], int]
) -> ReachableKeys | None:
    """Find out what a foreign key will be able to reference.

    Args:
        plan: of all tables.
        foreign_key: the foreign key.
        next_number: gives the number that a numbered column goes on with.

    Returns:
        What is known; None where that is not known before rows are made.
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
    """Whether a trigger may add rows to other tables."""
    return any(
        trigger.on_insert and (not trigger.source or re.search(r"\binsert\b", trigger.source, re.IGNORECASE))
        for trigger in table.triggers
    )


def referable(plan: TablePlan, state: TableState) -> TableState:
    """Leave out the referenced rows whose values a CHECK of the referencing columns refuses.

    Args:
        plan: of the table.
        state: what is there already.

    Returns:
        The state, with fewer referenced rows.
    """
    facts = {
        column.column.name: replace(column.facts, required=False, patterns=())
        for column in plan.columns
        if not column.column.type.array
    }
    keys, shares = dict(state.keys), dict(state.shares)
    for foreign_key in (*plan.roles.free, *plan.roles.dependent):
        if foreign_key.name not in keys or not narrowed(foreign_key, facts):
            continue
        known = [facts.get(name, NOTHING) for name in foreign_key.columns]
        kept = [
            at
            for at, key in enumerate(keys[foreign_key.name])
            if all(_accepted(value, of) for value, of in zip(key, known, strict=True))
        ]
        keys[foreign_key.name] = [keys[foreign_key.name][at] for at in kept]
        if foreign_key.name in shares:
            shares[foreign_key.name] = [shares[foreign_key.name][at] for at in kept]
    return replace(state, keys=keys, shares=shares)


def _accepted(value: Any, facts: ColumnFacts) -> bool:
    if facts == NOTHING:
        return True
    if facts.allowed is not None and value not in facts.allowed:
        return False
    return settled(replace(facts, allowed=(value,))).allowed == (value,)
