"""The rows that a table can reference, as far as its own CHECKs accept the values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.constraints.facts import NOTHING, settled
from pytest_supaseed.planning.plan import TablePlan
from pytest_supaseed.planning.state import TableState
from pytest_supaseed.uniqueness.uniqueness import narrowed


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
