"""Date/time types: dates, timestamps and times of day that a type and a value domain accept, and intervals.

:class:`MomentDomain` draws moments, from :class:`PlausibleMoments` as far as they are accepted, :func:`interval` draws
intervals. All arithmetic is on timestamps without a time zone, in UTC; a time of day is one on 2000-01-01.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import cached_property
from random import Random
from typing import Any, NamedTuple

from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.constraints.literals import DAYS_OF_A_MONTH, MONTHS_OF_A_YEAR
from pytest_supaseed.model.schema import ColumnType
from pytest_supaseed.model.type_families import is_date, is_time, is_timestamp_with_time_zone
from pytest_supaseed.spec import DEFAULT_DATE
from pytest_supaseed.values.types.pgtype import PgType

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def typed_moment(moment: datetime, column_type: ColumnType) -> date | datetime | time:
    """Return a moment, given without a time zone in UTC, as the Python value of a column type."""
    if is_timestamp_with_time_zone(column_type):
        return moment.replace(tzinfo=timezone.utc)
    if is_date(column_type):
        return moment.date()
    return moment.time() if is_time(column_type) else moment


def as_moment(value: object) -> datetime | None:
    """Return a timestamp without a time zone, in UTC, for a date, timestamp or time of day; None for another value."""
    if isinstance(value, datetime):
        zone = value.tzinfo
        if zone is None:
            return value
        return (value if zone is timezone.utc else value.astimezone(timezone.utc)).replace(tzinfo=None)
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


def _rounded_down(moment: datetime, unit: timedelta) -> datetime:
    """Return the last full unit, :data:`DAY` or :data:`SECOND`, that is not after a moment."""
    if unit == DAY:
        return datetime.combine(moment.date(), time())
    return moment.replace(microsecond=0)


def _rounded_up(moment: datetime, unit: timedelta) -> datetime:
    """Return the first full unit that is not before a moment."""
    down = _rounded_down(moment, unit)
    return down if down == moment else down + unit


# Later than any test run, and within the range of every type.
_FUTURE = datetime(2090, 1, 1)
END_OF_DAY = time(23, 59, 59)
QUARTER = timedelta(minutes=15)
YEAR = 365 * DAY
_ATTEMPTS = 20


class PlausibleMoments(NamedTuple):
    """The plausible range of a kind of moment.

    Attributes:
        first: the earliest.
        last: the latest.
        quarters: whether people agree upon them, at full quarters of an hour.
        refused: moments within the range that a row does not accept.
        working: whether they lie on weekdays, and within office hours.
    """

    first: datetime
    last: datetime
    quarters: bool = False
    refused: tuple[datetime, ...] = ()
    working: bool = False


def any_moment(column_type: ColumnType, domain: ValueDomain, today: date = DEFAULT_DATE) -> PlausibleMoments:
    """Return the plausible range of a moment of which nothing but its type is known: a year until today."""
    if is_time(column_type):
        return PlausibleMoments(datetime(2000, 1, 1, 7), datetime(2000, 1, 1, 18), quarters=True)
    if domain.after_clock:
        return PlausibleMoments(_FUTURE, _FUTURE + YEAR)
    now = datetime.combine(today, END_OF_DAY)
    return PlausibleMoments(now - YEAR, now)


@dataclass(frozen=True)
class MomentDomain:
    """The dates, timestamps or times of day that a column accepts.

    Attributes:
        column_type: a date, a timestamp with or without time zone, or a time of day.
        domain: the column's value domain.
    """

    column_type: ColumnType
    domain: ValueDomain

    @cached_property
    def unit(self) -> timedelta:
        """The step between neighbouring moments: :data:`DAY` or :data:`SECOND`."""
        return DAY if is_date(self.column_type) else SECOND

    def narrowed(
        self, plausible: PlausibleMoments, compared: Iterable[tuple[str, object]] = ()
    ) -> PlausibleMoments:
        """Return the accepted part of a range; if there is none, the accepted range next to it.

        Args:
            plausible: the range.
            compared: operators and the values of the row that CHECKs compare the moment with, itself on the left.
        """
        unit = self.unit
        different: list[datetime] = []
        lowest, highest = self._limits
        if is_time(self.column_type):
            lowest, highest = lowest or datetime(2000, 1, 1), highest or datetime(2000, 1, 1, 23, 59, 59)
        for operator, value in compared:
            limit = as_moment(value)
            if limit is None:
                continue
            if operator in (">", ">=", "="):
                least = _rounded_up(limit, unit) if operator != ">" else _rounded_down(limit, unit) + unit
                lowest = least if lowest is None else max(lowest, least)
            if operator in ("<", "<=", "="):
                most = _rounded_down(limit, unit) if operator != "<" else _rounded_up(limit, unit) - unit
                highest = most if highest is None else min(highest, most)
            if operator == "<>":
                different.append(limit)
        first, last = self._within(plausible, lowest, highest)
        return PlausibleMoments(
            first, last, plausible.quarters and unit == SECOND, tuple(different), plausible.working
        )

    def drawn(self, accepted: PlausibleMoments, random: Random) -> date | time | None:
        """Draw a moment from a range of :meth:`narrowed`.

        Returns:
            A date, a timestamp without a time zone or in UTC, or a time of day; None if the limits leave none.
        """
        first, last, quarters, refused, working = accepted
        unit = self.unit
        if first > last:
            return None
        steps = (last - first) // unit
        for _ in range(_ATTEMPTS):
            drawn = first + unit * random.randint(0, steps)
            if drawn.microsecond or unit == DAY:
                drawn = max(_rounded_down(drawn, unit), first)
            if working:
                drawn = _at_work(drawn, first, last, dated=unit == DAY)
            if quarters:
                drawn = _to_the_quarter(drawn, first, last)
            found = typed_moment(drawn, self.column_type)
            if drawn not in refused and found not in self.domain.excluded:
                return found
        return None

    def span(self, plausible: PlausibleMoments, wanted: int) -> tuple[datetime, timedelta, int]:
        """Return the range that distinct dates or timestamps are drawn from.

        Args:
            plausible: the range to begin with.
            wanted: how many moments; the range may have fewer.

        Returns:
            The first moment, the step to the next, and the number of moments.
        """
        unit = self.unit
        lowest, highest = self._limits
        first, last = self._within(plausible, lowest, highest)
        first = _rounded_up(first, unit)
        missing = max(0, wanted - 1 - (last - first) // unit)
        later = missing if highest is None else min(missing, (highest - last) // unit)
        missing -= later
        earlier = missing if lowest is None else min(missing, (first - lowest) // unit)
        return first - unit * earlier, unit, (last - first) // unit + later + earlier + 1

    @cached_property
    def _limits(self) -> tuple[datetime | None, datetime | None]:
        """The first and the last moment that the value domain accepts, None for no limit."""
        first = as_moment(self.domain.earliest)
        if first is not None and self.unit == SECOND and first.microsecond:
            first = first.replace(microsecond=0) + SECOND
        return first, as_moment(self.domain.latest)

    def _within(
        self, plausible: PlausibleMoments, lowest: datetime | None, highest: datetime | None
    ) -> tuple[datetime, datetime]:
        """The plausible part of the accepted range; if there is none, the accepted range next to it."""
        first, last = plausible.first, plausible.last
        span = max(last - first, 30 * self.unit)
        low = first if lowest is None else max(first, lowest)
        high = last if highest is None else min(last, highest)
        if low <= high:
            return low, high
        if lowest is not None and highest is not None:
            return lowest, highest
        if lowest is not None:
            return lowest, min(lowest, datetime.max - span) + span
        # The plausible range begins after the accepted one ends.
        edge = high if highest is None else highest
        return max(edge, datetime.min + span) - span, edge


_OPENS, _OPEN_HOURS, _FRIDAY = 8, 9, 4


def _at_work(drawn: datetime, first: datetime, last: datetime, *, dated: bool) -> datetime:
    """Move a moment to a weekday and into office hours, as far as it stays between the limits."""
    if not dated:
        within = drawn.replace(hour=_OPENS + drawn.hour % _OPEN_HOURS)
        drawn = within if first <= within <= last else drawn
    beyond = drawn.weekday() - _FRIDAY
    if beyond <= 0:
        return drawn
    moved = (drawn - beyond * DAY, drawn + (3 - beyond) * DAY)
    return next((day for day in moved if first <= day <= last), drawn)


def _to_the_quarter(moment: datetime, first: datetime, last: datetime) -> datetime:
    minutes = moment.minute % 15
    down = moment.replace(minute=moment.minute - minutes, second=0, microsecond=0)
    return next((found for found in (down, down + QUARTER) if first <= found <= last), moment)


def _moment(faker: Any, column_type: ColumnType, known_domain: ValueDomain) -> date | time | None:
    domain = MomentDomain(column_type, known_domain)
    return domain.drawn(domain.narrowed(any_moment(column_type, known_domain)), faker.random)


def _time_with_time_zone(faker: Any, column_type: ColumnType, domain: ValueDomain) -> time:
    return time(faker.random.randint(7, 19), 15, tzinfo=timezone.utc)


_SECONDS_OF_A_DAY = 86_400


def _moved(value: Any, unit: timedelta, number: int, domain: ValueDomain) -> Any:
    """Return the value ``number`` units later, or before ``value`` where the domain ends; None beyond both ends."""
    earliest: Any = domain.earliest
    latest: Any = domain.latest
    try:
        later = value + unit * number
        if latest is None or later <= latest:
            return later
        # Above, there is not enough room: count down from the value.
        earlier = value - unit * (number - (latest - value) // unit)
    except OverflowError:
        return None
    return earlier if earliest is None or earlier >= earliest else None


def _moved_time(value: time, number: int, domain: ValueDomain) -> time | None:
    if number >= _SECONDS_OF_A_DAY:
        return None
    seconds = (value.hour * 60 + value.minute) * 60 + value.second
    minute, second = divmod((seconds + number) % _SECONDS_OF_A_DAY, 60)
    distinct = value.replace(hour=minute // 60, minute=minute % 60, second=second)
    earliest: Any = domain.earliest
    latest: Any = domain.latest
    inside = (earliest is None or distinct >= earliest) and (latest is None or distinct <= latest)
    return distinct if inside else None


def _next_moment(value: date | time, number: int, column_type: ColumnType, domain: ValueDomain) -> Any:
    if isinstance(value, time):
        return _moved_time(value, number, domain)
    return _moved(value, SECOND if isinstance(value, datetime) else DAY, number, domain)


def _dates(column_type: ColumnType, domain: ValueDomain) -> int | None:
    earliest, latest = domain.earliest, domain.latest
    return max(0, (latest - earliest).days + 1) if type(earliest) is type(latest) is date else None


_FIELDS = re.compile(r"interval (year|month|day|hour|minute|second)(?: to (month|hour|minute|second))?")
_MONTH = timedelta(days=DAYS_OF_A_MONTH)
# The largest first, for round lengths. PostgreSQL cuts off what is smaller than the last field of the type.
_UNITS = (
    ("year", MONTHS_OF_A_YEAR * _MONTH),
    ("month", _MONTH),
    ("day", DAY),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=5)),
    ("minute", timedelta(minutes=1)),
    ("second", SECOND),
)
_LONGEST_MINUTES = 12 * 60


def interval(
    column_type: ColumnType, domain: ValueDomain, random: Random, *, days: bool = False
) -> timedelta | str:
    """Draw an interval in the fields that the column keeps, within its value domain if one is found there.

    Args:
        days: whether it usually lasts days rather than minutes.

    Returns:
        A text if the type restricts the fields, or else a timedelta.
    """
    fields = _fields_of(column_type)
    usual = _usual_interval(random, days=days) if fields is None else _of_fields(fields, random)
    limits = _interval_limits(domain)
    if limits is None or (isinstance(usual, timedelta) and limits[0] <= usual <= limits[1]):
        return usual
    found = _interval_between(*limits, fields, random)
    return usual if found is None else found


def _interval_limits(domain: ValueDomain) -> tuple[timedelta, timedelta] | None:
    low, high = (each if isinstance(each, timedelta) else None for each in (domain.earliest, domain.latest))
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


def _usual_interval(random: Random, *, days: bool) -> timedelta:
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


def _interval_between(
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
    value: timedelta | str, number: int, column_type: ColumnType, domain: ValueDomain
) -> object | None:
    return longer(value, number) if isinstance(value, str) else _moved(value, SECOND, number, domain)


def _interval(faker: Any, column_type: ColumnType, domain: ValueDomain) -> timedelta | str:
    return interval(column_type, domain, faker.random)


MOMENT = PgType(
    ("timestamp", "timestamptz", "time"), make=_moment, values=(date, time), next_distinct=_next_moment
)
INTERVAL = PgType(("interval",), make=_interval, values=(str, timedelta), next_distinct=_next_interval)
TYPES = (
    MOMENT,
    PgType(("date",), make=_moment, values=(date, time), next_distinct=_next_moment, capacity=_dates),
    PgType(("timetz",), make=_time_with_time_zone, values=(date, time), next_distinct=_next_moment),
    INTERVAL,
)
