"""How far the numbers of a serial, identity or integer key column go."""

from __future__ import annotations

from math import ceil, floor

from pytest_supaseed.planning.sources import ColumnSource, Number
from pytest_supaseed.schema import Column, Table

_CHECK = "CHECK"
_GREATEST = {"int2": 2**15 - 1, "int4": 2**31 - 1, "int8": 2**63 - 1}


def last_number(source: ColumnSource) -> int | None:
    """Return the greatest number that a numbered column can take, None where nothing tells.

    Args:
        source: of a column whose numbers go up.
    """
    return min(_bounds(source).values(), default=None)


def number_problem(table: Table, total: int, source: ColumnSource) -> str | None:
    """Say why a column cannot number all rows of its table.

    Args:
        table: the table.
        total: the rows that it shall hold.
        source: of one of its columns.
    """
    column, numbers = source.column, source.source
    if not isinstance(numbers, Number) or numbers.within or _goes_down(column):
        return None
    bounds = _bounds(source)
    if not bounds:
        return None
    reason, last = min(bounds.items(), key=lambda bound: bound[1])
    if reason == _CHECK:
        checks = [check for check in table.checks if column.name in check.columns] + [*column.type.checks]
        reason = f"{_CHECK} {' and '.join(check.name for check in checks)}"
    first = column.sequence.minimum if column.sequence else numbers.start
    step = column.sequence.increment if column.sequence else 1
    possible = max(0, (last - first) // step + 1)
    if total <= possible:
        return None
    return (
        f"{table.label} asks for {total} rows, but {reason} lets {table.label}.{column.name} count only from "
        f"{first} to {last}: ask for at most {possible}"
    )


def _bounds(source: ColumnSource) -> dict[str, int]:
    """The greatest numbers that the column's type, its sequence and its CHECKs allow, each by its name."""
    column, facts = source.column, source.facts
    bounds: dict[str, int] = {}
    if _goes_down(column):
        return bounds
    if facts.maximum is not None:
        most = ceil(facts.maximum) - 1 if facts.maximum_exclusive else floor(facts.maximum)
        bounds[_CHECK] = most
    if column.sequence is not None:
        bounds[f"the sequence {column.sequence.schema}.{column.sequence.name}"] = column.sequence.maximum
    if column.type.name in _GREATEST:
        bounds[f"the type {column.type.text}"] = _GREATEST[column.type.name]
    return bounds


def _goes_down(column: Column) -> bool:
    return column.sequence is not None and column.sequence.increment < 0
