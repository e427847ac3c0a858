"""Dates, timestamps and times of day: arithmetic within a type and a value domain.

All arithmetic is on timestamps without a time zone, in UTC; a time of day is one on 2000-01-01.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

from pytest_supaseed.constraints.domain import ColumnFacts

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def typed_moment(moment: datetime, type_name: str) -> date | datetime | time:
    """Return a moment, given without a time zone in UTC, as the Python value of a column type."""
    if type_name == "date":
        return moment.date()
    if type_name == "time":
        return moment.time()
    return moment.replace(tzinfo=timezone.utc) if type_name == "timestamptz" else moment


def hard_limits(facts: ColumnFacts, unit: timedelta) -> tuple[datetime | None, datetime | None]:
    """Return the first and the last moment that a value domain accepts, None for no limit."""
    first = as_moment(facts.earliest)
    if first is not None and unit == SECOND and first.microsecond:
        first = first.replace(microsecond=0) + SECOND
    return first, as_moment(facts.latest)


def as_moment(value: object) -> datetime | None:
    """Return a timestamp without a time zone, in UTC, for a date, timestamp or time of day; None for another value."""
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, time):
        return datetime.combine(date(2000, 1, 1), value.replace(tzinfo=None))
    return None


def stepped(value: date | time | timedelta, steps: int) -> date | time | timedelta:
    """Return the neighbouring value, a day or a second away, or the value itself at the end of its type's range.

    Args:
        value: a date, timestamp, time of day or interval.
        steps: 1 or -1.
    """
    try:
        if isinstance(value, time):
            moved = datetime.combine(date(2000, 1, 1), value) + steps * SECOND
            return moved.time() if moved.date() == date(2000, 1, 1) else value
        return value + steps * (SECOND if isinstance(value, (datetime, timedelta)) else DAY)
    except OverflowError:
        return value


def rounded_down(moment: datetime, unit: timedelta) -> datetime:
    """Return the last full unit, :data:`DAY` or :data:`SECOND`, that is not after a moment."""
    if unit == DAY:
        return datetime.combine(moment.date(), time())
    return moment.replace(microsecond=0)


def rounded_up(moment: datetime, unit: timedelta) -> datetime:
    """Return the first full unit that is not before a moment."""
    down = rounded_down(moment, unit)
    return down if down == moment else down + unit
