"""Dates, timestamps and times of day: arithmetic within a type and a value domain.

All arithmetic is on timestamps without a time zone, in UTC; a time of day is one on 2000-01-01.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from pytest_supaseed.constraints.domain import ColumnFacts
from pytest_supaseed.model.schema import ColumnType
from pytest_supaseed.model.type_families import is_date, is_time, is_timestamp_with_time_zone
from pytest_supaseed.values.types.pgtype import PgType

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def typed_moment(moment: datetime, column_type: ColumnType) -> date | datetime | time:
    """Return a moment, given without a time zone in UTC, as the Python value of a column type."""
    if is_date(column_type):
        return moment.date()
    if is_time(column_type):
        return moment.time()
    return moment.replace(tzinfo=timezone.utc) if is_timestamp_with_time_zone(column_type) else moment


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


_SECONDS_OF_A_DAY = 86_400


def moved(value: Any, unit: timedelta, number: int, facts: ColumnFacts) -> Any:
    """Return the value ``number`` units later, or before ``value`` where the domain ends; None beyond both ends."""
    earliest: Any = facts.earliest
    latest: Any = facts.latest
    try:
        later = value + unit * number
        if latest is None or later <= latest:
            return later
        # Above, there is not enough room: count down from the value.
        earlier = value - unit * (number - (latest - value) // unit)
    except OverflowError:
        return None
    return earlier if earliest is None or earlier >= earliest else None


def _moved_time(value: time, number: int, facts: ColumnFacts) -> time | None:
    if number >= _SECONDS_OF_A_DAY:
        return None
    seconds = (value.hour * 60 + value.minute) * 60 + value.second
    minute, second = divmod((seconds + number) % _SECONDS_OF_A_DAY, 60)
    varied = value.replace(hour=minute // 60, minute=minute % 60, second=second)
    earliest: Any = facts.earliest
    latest: Any = facts.latest
    inside = (earliest is None or varied >= earliest) and (latest is None or varied <= latest)
    return varied if inside else None


def _next_moment(value: date | time, number: int, column_type: ColumnType, facts: ColumnFacts) -> Any:
    if isinstance(value, time):
        return _moved_time(value, number, facts)
    return moved(value, SECOND if isinstance(value, datetime) else DAY, number, facts)


def _dates(column_type: ColumnType, facts: ColumnFacts) -> int | None:
    earliest, latest = facts.earliest, facts.latest
    return max(0, (latest - earliest).days + 1) if type(earliest) is type(latest) is date else None


MOMENT = PgType(
    ("timestamp", "timestamptz", "time", "timetz"), values=(date, time), next_distinct=_next_moment
)
TYPES = (MOMENT, PgType(("date",), values=(date, time), next_distinct=_next_moment, capacity=_dates))
