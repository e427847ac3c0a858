"""Interval generation: by the fields that the type keeps and the value domain of the column."""

from __future__ import annotations

import re
from datetime import timedelta
from random import Random

from pytest_supaseed.constraints.domain import ColumnFacts
from pytest_supaseed.constraints.literals import DAYS_OF_A_MONTH, MONTHS_OF_A_YEAR
from pytest_supaseed.model.schema import Column, ColumnType
from pytest_supaseed.values.types.datetime import SECOND, moved
from pytest_supaseed.values.types.pgtype import PgType

_FIELDS = re.compile(r"interval (year|month|day|hour|minute|second)(?: to (month|hour|minute|second))?")
_MONTH = timedelta(days=DAYS_OF_A_MONTH)
# The largest first, for round lengths. PostgreSQL cuts off what is smaller than the last field of the type.
_UNITS = (
    ("year", MONTHS_OF_A_YEAR * _MONTH),
    ("month", _MONTH),
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=5)),
    ("minute", timedelta(minutes=1)),
    ("second", timedelta(seconds=1)),
)
_LONGEST_MINUTES = 12 * 60


def interval(column: Column, facts: ColumnFacts, random: Random, *, days: bool = False) -> timedelta | str:
    """Draw an interval in the fields that the column keeps, within its value domain if one is found there.

    Args:
        days: whether it usually lasts days rather than minutes.

    Returns:
        A text if the type restricts the fields, or else a timedelta.
    """
    fields = _fields_of(column.type)
    usual = _usual(random, days=days) if fields is None else _of_fields(fields, random)
    limits = _limits(facts)
    if limits is None or (isinstance(usual, timedelta) and limits[0] <= usual <= limits[1]):
        return usual
    found = _between(*limits, fields, random)
    return usual if found is None else found


def _limits(facts: ColumnFacts) -> tuple[timedelta, timedelta] | None:
    low, high = (each if isinstance(each, timedelta) else None for each in (facts.earliest, facts.latest))
    if low is None:
        return None if high is None else (min(timedelta(0), 2 * high), high)
    return low, low + max(abs(low), _MONTH) if high is None else high


def longer(interval: str, number: int) -> str:
    """Return an interval, given as text, with ``number`` added to its first field."""
    return re.sub(r"\d+", lambda found: str(int(found[0]) + number), interval, count=1)


def _fields_of(column_type: ColumnType) -> tuple[str, str] | None:
    """The first and the last field that an interval type keeps, None if it keeps all."""
    found = _FIELDS.match(column_type.spelling)
    return (found[1], found[2] or found[1]) if found else None


def _usual(random: Random, *, days: bool) -> timedelta:
    if days:
        return timedelta(days=random.randint(1, 30))
    return timedelta(minutes=5 * random.randint(1, _LONGEST_MINUTES // 5))


def _of_fields(fields: tuple[str, str], random: Random) -> str:
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


def _between(
    low: timedelta, high: timedelta, fields: tuple[str, str] | None, random: Random
) -> timedelta | str | None:
    """An interval between limits, in the largest unit that has several values there."""
    names = [field for field, _ in _UNITS]
    first, last = fields or ("day", "second")
    units = _UNITS[names.index(first) : len(names) - names[::-1].index(last)]
    # A type with restricted fields may cut off milliseconds.
    units += () if fields else (("second", timedelta(milliseconds=1)),)
    for wanted in (4, 1):
        for field, unit in units:
            least, most = -(-low // unit), high // unit
            if most - least + 1 < wanted:
                continue
            number = random.randint(least, most)
            if fields is None:
                return number * unit
            # As text: a month has no fixed length, so a timedelta cannot express it.
            return f"{number * unit // dict(_UNITS)[field]} {field}s"
    return None


def _next_interval(
    value: timedelta | str, number: int, column_type: ColumnType, facts: ColumnFacts
) -> object | None:
    return longer(value, number) if isinstance(value, str) else moved(value, SECOND, number, facts)


INTERVAL = PgType(("interval",), values=(str, timedelta), next_distinct=_next_interval)
TYPES = (INTERVAL,)
