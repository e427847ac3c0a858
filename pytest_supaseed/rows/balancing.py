"""Rows in groups whose amounts balance: :func:`balanced`.

Within a group, the rows are taken in pairs, of which one row takes back what the other one gives; a third one that is
left over shares the last pair. Other values of the rows stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pytest_supaseed.rows.steps import Row

_LEAST = 2


@dataclass(frozen=True)
class Amounts:
    """How the rows of a group balance.

    Attributes:
        columns: one column of amounts; or two, of which a row has an amount in one.
        side: a column and its two values, for amounts that are added and subtracted; None where the sign says it.
        alike: columns that the rows of a group have in common.
        empty: what stands in the other one of two columns.
    """

    columns: tuple[str, ...]
    side: tuple[str, tuple[Any, Any]] | None = None
    alike: tuple[str, ...] = ()
    empty: Any = 0


def balanced(rows: Sequence[Row], groups: Sequence[str], amounts: Amounts) -> list[Row] | None:
    """Return rows whose amounts balance in each group.

    Args:
        rows: as they were made.
        groups: the columns that tell the group of a row; empty for one group, or where ``alike`` makes the groups.

    Returns:
        As many rows, in their order; None where an amount is no number. The amount of a row that is alone in its group
        is nothing.

    Example:
        >>> balanced([{"n": 3}, {"n": 5}, {"n": 4}], (), Amounts(("n",)))
        [{'n': 3}, {'n': 5}, {'n': -8}]
    """
    result: list[Row] = [dict(row) for row in rows]
    for numbers in _groups(rows, groups):
        for part in _parts(numbers):
            values = [_amount(rows[number], amounts) for number in part]
            if any(value is None for value in values):
                return None
            for number, (value, given) in zip(
                part, _balancing([abs(v) for v in values if v is not None]), strict=True
            ):
                row = result[number]
                row.update({name: result[part[0]][name] for name in amounts.alike})
                row.update(_written(value, amounts, given=given))
    return result


def _groups(rows: Sequence[Row], columns: Sequence[str]) -> Iterator[list[int]]:
    found: dict[tuple[str, ...], list[int]] = {}
    for number, row in enumerate(rows):
        found.setdefault(tuple(repr(row[name]) for name in columns), []).append(number)
    yield from found.values()


def _parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """Pairs of rows, the last of which may be three; one row where there is no other."""
    last = max(0, len(numbers) - len(numbers) % 2 - _LEAST)
    for first in range(0, last, _LEAST):
        yield numbers[first : first + _LEAST]
    yield numbers[last:]


def _balancing(values: Sequence[Any]) -> Iterator[tuple[Any, bool]]:
    """The amount of each row, and whether it is given, not taken."""
    *given, last = values
    yield from ((value, True) for value in given)
    yield (sum(given[1:], given[0]) if given else last * 0), False


def _amount(row: Mapping[str, Any], amounts: Amounts) -> Any:
    """The amount of a row, which is not nothing; None where it has none."""
    values = (row.get(name) for name in amounts.columns)
    return next((value for value in values if value and isinstance(value, (int, Decimal, float))), None)


def _written(value: Any, amounts: Amounts, *, given: bool) -> Row:
    if amounts.side is not None:
        column, (first, second) = amounts.side
        return {amounts.columns[0]: value, column: first if given else second}
    if len(amounts.columns) == 1:
        return {amounts.columns[0]: value if given else -value}
    if not value:
        return dict.fromkeys(amounts.columns, value)
    one, other = amounts.columns if given else amounts.columns[::-1]
    return {one: value, other: amounts.empty}


def divided(total: Any, parts: int, scale: int) -> list[Decimal] | None:
    """Divide a total into amounts, none of which is nothing; None where it is too small.

    Args:
        scale: digits after the point.

    Example:
        >>> divided(Decimal("10.00"), 3, 2)
        [Decimal('3.34'), Decimal('3.33'), Decimal('3.33')]
    """
    units = int(Decimal(str(total)).scaleb(scale))
    each, more = divmod(units, parts)
    if each < 1:
        return None
    return [Decimal(each + (number < more)).scaleb(-scale) for number in range(parts)]
