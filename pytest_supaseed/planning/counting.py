"""Columns that number the rows within others: the line of an order."""

from __future__ import annotations

import re
from collections.abc import Collection

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.schema import Column, Table
from pytest_supaseed.uniqueness.uniqueness import INTEGER_TYPES

_ORDINAL = re.compile(
    r"(^|_)(no|nr|num|number|index|idx|rank|seq|sequence|ordinal|line|position|pos|order|step|version|sort)(_|$)"
    r"|order$|(No|Nr|Number|Index|Position|Order|Line|Rank)$",
    re.IGNORECASE,
)


def counted_within(
    table: Table, column: Column, facts: ColumnFacts, referencing: Collection[str]
) -> tuple[str, ...]:
    """Return the rest of a key whose number a column is: ``order_id`` for ``(order_id, line_no)``.

    Args:
        table: the table.
        column: one of its columns.
        facts: what is known of it.
        referencing: the columns that foreign keys set.

    Returns:
        The other columns; none where it is no such number.
    """
    listed = facts.allowed is not None or facts.maximum is not None
    if column.type.name not in INTEGER_TYPES or column.type.array or listed:
        return ()
    for key in table.uniques:
        rest = tuple(name for name in key.columns if name != column.name)
        if (
            column.name in key.columns
            and rest
            and not key.expression
            and not any({column.name, *rest} <= set(other.columns) for other in table.foreign_keys)
            and not any(_follows(table, name, column.name) for name in rest)
            and all(name in referencing for name in rest)
            and (column.name in table.primary_key or _ORDINAL.search(column.name))
        ):
            return rest
    return ()


def _follows(table: Table, name: str, number: str) -> bool:
    """Whether a column references a row of the same table by its number, which so has to be there before."""
    return any(
        key.referenced == table.name
        and number in key.referenced_columns
        and dict(zip(key.columns, key.referenced_columns, strict=True)).get(name, name) != name
        for key in table.foreign_keys
    )
