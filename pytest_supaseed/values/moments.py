"""Dates and times: believable ones, in an order that a row's life could have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, timezone
from random import Random
from typing import Any

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.spec import DEFAULT_DATE
from pytest_supaseed.values.lifetimes import BIRTH, is_appointed, is_old, lies_ahead, moment_rank
from pytest_supaseed.values.words import spelt

_UTC = timezone.utc
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_QUARTER = timedelta(minutes=15)
_YEAR = 365 * _DAY
# Of the people in a database.
_OLDEST, _YOUNGEST = 75 * _YEAR, 20 * _YEAR
# Later than any test will run, and within every type.
_FUTURE_FIRST = datetime(2090, 1, 1)
_LONGEST_STEP = timedelta(days=25)
_ONE_DAY_MINUTES = 24 * 60


def moment(
    name: str,
    type_name: str,
    facts: ColumnFacts,
    after: Iterable[object],
    compared: Iterable[tuple[str, object]],
    random: Random,
    today: date = DEFAULT_DATE,
) -> Any:
    """Draw a date, time or timestamp.

    Args:
        name: the column's name.
        type_name: ``date``, ``timestamp``, ``timestamptz`` or ``time``.
        facts: what is known of the column.
        after: moments of the row that this one comes after, as far as nothing else is known.
        compared: operators and the values that this one is compared with, itself on the left.
        random: draws.
        today: the day that the rows take for today.

    Returns:
        A date, a naive timestamp, one in UTC, or a time of day; None where there is none between the limits.
    """
    unit = _DAY if type_name == "date" else _SECOND
    hard_first, hard_last = _hard_limits(facts, unit)
    if type_name == "time":
        # There is nothing beyond the day.
        hard_first, hard_last = (
            hard_first or datetime(2000, 1, 1),
            hard_last or datetime(2000, 1, 1, 23, 59, 59),
        )
    different = []
    for operator, value in compared:
        limit = _as_moment(value)
        if limit is None:
            continue
        if operator in (">", ">=", "="):
            least = _rounded_up(limit, unit) if operator != ">" else _rounded_down(limit, unit) + unit
            hard_first = least if hard_first is None else max(hard_first, least)
        if operator in ("<", "<=", "="):
            most = _rounded_down(limit, unit) if operator != "<" else _rounded_up(limit, unit) - unit
            hard_last = most if hard_last is None else min(hard_last, most)
        if operator == "<>":
            different.append(limit)
    first, last = _believable(name, type_name, facts, after, today)
    first, last = _within(first, last, hard_first, hard_last, unit)
    if first > last:
        return None
    full = unit == _SECOND and (type_name == "time" or is_appointed(name))
    for _ in range(20):
        drawn = _rounded_down(first + unit * random.randint(0, (last - first) // unit), unit)
        drawn = max(drawn, first)
        if full:
            drawn = _to_the_quarter(drawn, first, last)
        if drawn not in different and typed(drawn, type_name) not in facts.excluded:
            return typed(drawn, type_name)
    return None


def span(
    type_name: str, facts: ColumnFacts, name: str, wanted: int, today: date = DEFAULT_DATE
) -> tuple[datetime, timedelta, int]:
    """Return the range that so many different dates or timestamps are drawn from.

    Args:
        type_name: ``date``, ``timestamp`` or ``timestamptz``.
        facts: what is known of the column.
        name: the column's name.
        wanted: how many moments; there may be fewer.
        today: the day that the rows take for today.

    Returns:
        The first moment, the distance to the next, and how many there are.
    """
    unit = _DAY if type_name == "date" else _SECOND
    hard_first, hard_last = _hard_limits(facts, unit)
    first, last = _within(*_believable(name, type_name, facts, (), today), hard_first, hard_last, unit)
    first = _rounded_up(first, unit)
    missing = max(0, wanted - 1 - (last - first) // unit)
    later = missing if hard_last is None else min(missing, (hard_last - last) // unit)
    missing -= later
    earlier = missing if hard_first is None else min(missing, (first - hard_first) // unit)
    return first - unit * earlier, unit, (last - first) // unit + later + earlier + 1


def typed(moment: datetime, type_name: str) -> date | datetime | time:
    """Return a moment as a column's type has it.

    Args:
        moment: without a time zone, in UTC.
        type_name: ``date``, ``timestamp``, ``timestamptz`` or ``time``.
    """
    if type_name == "date":
        return moment.date()
    if type_name == "time":
        return moment.time()
    return moment.replace(tzinfo=_UTC) if type_name == "timestamptz" else moment


def _hard_limits(facts: ColumnFacts, unit: timedelta) -> tuple[datetime | None, datetime | None]:
    first = _as_moment(facts.earliest)
    if first is not None and unit == _SECOND and first.microsecond:
        first = first.replace(microsecond=0) + _SECOND
    return first, _as_moment(facts.latest)


def _believable(
    name: str, type_name: str, facts: ColumnFacts, after: Iterable[object], today: date
) -> tuple[datetime, datetime]:
    earlier = [found for found in map(_as_moment, after) if found is not None]
    if type_name == "time":
        if not earlier:
            last = 10 if re.search(r"_(opens?|opening)_", spelt(name)) else 18
            return datetime(2000, 1, 1, 7), datetime(2000, 1, 1, last)
        start = min(max(earlier) + _QUARTER, datetime(2000, 1, 1, 23, 59, 59))
        return start, max(start, datetime(2000, 1, 1, 22))
    if facts.after_clock:
        return _FUTURE_FIRST, _FUTURE_FIRST + _YEAR
    now = datetime.combine(today, time(23, 59, 59))
    words = spelt(name)
    if moment_rank(name) == BIRTH:
        return now - _OLDEST, now - _YOUNGEST
    if is_old(name) and not earlier:
        years = 30 if re.search(r"_(founded|established|release|released)_", words) else 10
        return now - years * _YEAR, now - 30 * _DAY
    if not earlier:
        # What is still to come lies around today.
        return (now - 60 * _DAY, now + 60 * _DAY) if lies_ahead(name) else (now - _YEAR, now)
    start = max(earlier)
    if lies_ahead(name):
        return start + _DAY, start + 60 * _DAY
    least, most = _length(words, type_name)
    if start + least > now:
        return start + least, start + most
    # At most half of the time that is left: something may come after it.
    return start + least, max(start + least, min(start + most, start + (now - start) / 2))


def _length(words: str, type_name: str) -> tuple[timedelta, timedelta]:
    """How long what begins lasts at least and at most, by the name of its end."""
    if "_trial_" in words:
        return 7 * _DAY, 30 * _DAY
    if re.search(
        r"_(period|valid|effective|contract|membership|lease|policy|warranty|subscription|termination)_",
        words,
    ):
        return 30 * _DAY, _YEAR
    if re.search(r"_(graduated|graduation|resigned)_", words):
        return _YEAR, 4 * _YEAR
    if type_name == "date":
        return _DAY, 14 * _DAY
    if re.search(r"_(ends?|ending|arrival|arrives|finish|closes)_", words):
        return 2 * _QUARTER, 16 * _QUARTER
    return timedelta(minutes=10), _LONGEST_STEP


def _to_the_quarter(moment: datetime, first: datetime, last: datetime) -> datetime:
    minutes = moment.minute % 15
    down = moment.replace(minute=moment.minute - minutes, second=0, microsecond=0)
    return next((found for found in (down, down + _QUARTER) if first <= found <= last), moment)


def _within(
    first: datetime, last: datetime, hard_first: datetime | None, hard_last: datetime | None, unit: timedelta
) -> tuple[datetime, datetime]:
    """The believable part of what is accepted; where there is none, what is accepted next to it."""
    span = max(last - first, 30 * unit)
    low = first if hard_first is None else max(first, hard_first)
    high = last if hard_last is None else min(last, hard_last)
    if low <= high:
        return low, high
    if hard_first is not None and hard_last is not None:
        return hard_first, hard_last
    if hard_first is not None:
        return hard_first, min(hard_first, datetime.max - span) + span
    # The believable begins after the last that is accepted.
    edge = high if hard_last is None else hard_last
    return max(edge, datetime.min + span) - span, edge


def _as_moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value.astimezone(_UTC).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, time):
        return datetime.combine(date(2000, 1, 1), value.replace(tzinfo=None))
    return None


def stepped(value: date | time | timedelta, steps: int) -> date | time | timedelta:
    """Return the next value that is drawn, or the one before: a day or a second away.

    Args:
        value: a date, a timestamp, a time of day or an interval.
        steps: 1 or -1.
    """
    try:
        if isinstance(value, time):
            moved = datetime.combine(date(2000, 1, 1), value) + steps * _SECOND
            return moved.time() if moved.date() == date(2000, 1, 1) else value
        return value + steps * (_SECOND if isinstance(value, (datetime, timedelta)) else _DAY)
    except OverflowError:
        # Beyond it there is nothing.
        return value


def _rounded_down(moment: datetime, unit: timedelta) -> datetime:
    if unit == _DAY:
        return datetime.combine(moment.date(), time())
    return moment.replace(microsecond=0)


def _rounded_up(moment: datetime, unit: timedelta) -> datetime:
    down = _rounded_down(moment, unit)
    return down if down == moment else down + unit
