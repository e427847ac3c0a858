"""Intervals: of the fields that a column keeps, and else as its name has it."""

from __future__ import annotations

import re
from random import Random

from pytest_supaseed.schema import ColumnType

_FIELDS = re.compile(r"interval (year|month|day|hour|minute|second)(?: to (month|hour|minute|second))?")


def fields_of(column_type: ColumnType) -> tuple[str, str] | None:
    """Return the first and the last field that a column of intervals keeps, None for all fields.

    Args:
        column_type: the column's type.

    Example:
        >>> fields_of(ColumnType("interval day to minute", "interval"))
        ('day', 'minute')
    """
    found = _FIELDS.match(column_type.spelling)
    return (found[1], found[2] or found[1]) if found else None


def interval_of(fields: tuple[str, str], random: Random) -> str:
    """Draw an interval of which nothing is cut off.

    Args:
        fields: what :func:`fields_of` returned.
        random: draws.
    """
    first, last = fields
    if first == "year":
        months = f" {random.randint(0, 11)} mons" if last == "month" else ""
        return f"{random.randint(1, 30)} years{months}"
    if first in ("month", "day") and last == first:
        return f"{random.randint(1, 90)} {first}s"
    units = ("hour", "minute", "second")
    kept = units[max(0, units.index(first) if first in units else 0) : units.index(last) + 1]
    parts = [f"{random.randint(1, 20)} {unit}s" for unit in kept]
    return " ".join([f"{random.randint(1, 30)} days", *parts] if first == "day" else parts)


def longer(interval: str, number: int) -> str:
    """Return an interval that is longer in its first field.

    Args:
        interval: what :func:`interval_of` returned.
        number: by how much.
    """
    return re.sub(r"\d+", lambda found: str(int(found[0]) + number), interval, count=1)
