"""The foreign keys without which a table can have no row: NOT NULL ones, and those that a CHECK asks for."""

from __future__ import annotations

from collections.abc import Callable, Collection

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.constraints.branches import Branch, branches
from pytest_supaseed.planning.references import optional
from pytest_supaseed.schema import Check, ForeignKey, Table, TableName


def needed_references(
    table: Table, is_empty: Callable[[TableName], bool], given: Collection[str] = ()
) -> tuple[tuple[ForeignKey, Check | None], ...]:
    """Find the foreign keys whose referenced tables need rows before a table can have one.

    ``CHECK (num_nonnulls(post_id, comment_id) = 1)`` needs posts or comments: the first of them, where both are
    empty.

    Args:
        table: the table.
        is_empty: whether another table will have no rows.
        given: columns that the user's values set.

    Returns:
        Each foreign key, in their order, and the CHECK that asks for it, None where its columns are NOT NULL.
        References of the table to itself are not among them.
    """
    others = [
        key
        for key in table.foreign_keys
        if key.referenced != table.name and not any(column in given for column in key.columns)
    ]
    asked: dict[str, Check] = {}
    for check in table.checks:
        for foreign_key in _asked_by(table, check, [key for key in others if is_empty(key.referenced)]):
            asked.setdefault(foreign_key.name, check)
    return tuple(
        (key, asked.get(key.name)) for key in others if key.name in asked or not optional(table, key)
    )


def _asked_by(table: Table, check: Check, empty: Collection[ForeignKey]) -> list[ForeignKey]:
    """The fewest of the foreign keys to empty tables that have to be set in some row."""
    if not any(column in check.columns for key in empty for column in key.columns):
        return []
    found = [
        [key for key in empty if any(_set(branch, column) for column in key.columns)]
        for branch in branches(table, check.expression)
    ]
    return min(found, key=len, default=[])


def _set(branch: Branch, column: str) -> bool:
    facts = branch.facts.get(column, ColumnFacts())
    return facts.required or (facts.allowed is not None and None not in facts.allowed)
