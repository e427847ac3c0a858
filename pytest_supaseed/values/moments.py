"""Dates and times: believable ones, in an order that a row's life could have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, timezone
from random import Random
from typing import Any

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.values.words import spelt

_UTC = timezone.utc
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
# No clock: the same rows next year. What follows on something else ends before 2026 as well.
_FIRST, _LAST_START, _LAST = datetime(2024, 1, 1), datetime(2025, 6, 30), datetime(2025, 12, 31, 23, 59, 59)
_BIRTH_FIRST, _BIRTH_LAST = datetime(1950, 1, 1), datetime(2005, 12, 31)
_FOUNDED_FIRST = datetime(2010, 1, 1)
# Later than any test will run, and within every type.
_FUTURE_FIRST = datetime(2090, 1, 1)
_LONGEST_STEP = timedelta(days=25)
_ONE_DAY_MINUTES = 24 * 60

_BIRTH, _CREATED, _UPDATED, _DELETED = 0, 10, 90, 95
# What a moment is of, in the order in which it comes about.
_RANKS: tuple[tuple[int, str], ...] = (
    (_BIRTH, r"_(birth|birthday|birthdate|dob|born)_|_date_of_birth_"),
    (_DELETED, r"_(deleted|archived|removed|cancell?ed|revoked|banned|purged)_"),
    (
        _UPDATED,
        r"_(updated?|modified|changed|edited|synced|refreshed|mtime)_|_last_(change|edit|modification|update)_",
    ),
    (80, r"_last_|_latest_"),
    (70, r"_(expires?|expired|expiry|expiration|due|deadline|renews?|renewal|next)_"),
    (
        60,
        r"_(end|ends|ended|ending|finish|finishes|finished|complete|completed|close|closes|closed|until|through|resolved"
        r"|checkout|dropoff|arrival|arrives|arrived|return|returned|refunded|stop|stopped|left|thru)_|_check_out_"
        r"|_(valid|effective|active|available|date)_to_|_to_(date|time|at)_|^_to_$|_drop_off_",
    ),
    (50, r"_(delivered|delivery|received|installed)_"),
    (45, r"_(shipped|shipping|dispatched|sent)_"),
    (
        40,
        r"_(paid|confirmed|approved|accepted|verified|processed|packed|read|seen|opened|reviewed|published|answered)_",
    ),
    (
        30,
        r"_(start|starts|started|starting|begin|begins|began|beginning|from|checkin|pickup|departure|departs|opens)_"
        r"|_check_in_|_pick_up_|_since_",
    ),
    (20, r"_(ordered|order|placed|requested|scheduled|booked|issued|submitted|invited|hired|joined)_"),
    (_CREATED, r"_(created|creation|inserted|registered|added|founded|established|opened|ctime)_"),
)
_COMPILED = tuple((rank, re.compile(pattern)) for rank, pattern in _RANKS)
_OTHER = 25


def moment_rank(name: str) -> int:
    """Where in a row's life a column's moment lies: ``created_at`` before ``updated_at``.

    Args:
        name: the column's name.
    """
    words = spelt(name)
    return next((rank for rank, pattern in _COMPILED if pattern.search(words)), _OTHER)


def precedes(first: str, second: str) -> bool:
    """Whether a column's moment comes before another's in a row's life.

    Args:
        first: a column's name.
        second: another's.
    """
    before, after = moment_rank(first), moment_rank(second)
    if _BIRTH in (before, after):
        return False
    if after in (_UPDATED, _DELETED):
        return before < after and before in (_CREATED, _UPDATED)
    return before < after


def moment(
    name: str,
    type_name: str,
    facts: ColumnFacts,
    after: Iterable[object],
    compared: Iterable[tuple[str, object]],
    random: Random,
) -> Any:
    """Draw a date, time or timestamp.

    Args:
        name: the column's name.
        type_name: ``date``, ``timestamp``, ``timestamptz`` or ``time``.
        facts: what is known of the column.
        after: moments of the row that this one comes after, as far as nothing else is known.
        compared: operators and the values that this one is compared with, itself on the left.
        random: draws.

    Returns:
        A date, a naive timestamp, one in UTC, or a time of day; None where there is none between the limits.
    """
    unit = _DAY if type_name == "date" else _SECOND
    hard_first, hard_last = _hard_limits(facts, unit)
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
    first, last = _believable(name, type_name, facts, after)
    first, last = _within(first, last, hard_first, hard_last, unit)
    if first > last:
        return None
    for _ in range(20):
        drawn = _rounded_down(first + unit * random.randint(0, (last - first) // unit), unit)
        drawn = max(drawn, first)
        if drawn not in different and typed(drawn, type_name) not in facts.excluded:
            return typed(drawn, type_name)
    return None


def span(type_name: str, facts: ColumnFacts, name: str, wanted: int) -> tuple[datetime, timedelta, int]:
    """Return the range that so many different dates or timestamps are drawn from.

    Args:
        type_name: ``date``, ``timestamp`` or ``timestamptz``.
        facts: what is known of the column.
        name: the column's name.
        wanted: how many moments; there may be fewer.

    Returns:
        The first moment, the distance to the next, and how many there are.
    """
    unit = _DAY if type_name == "date" else _SECOND
    hard_first, hard_last = _hard_limits(facts, unit)
    first, last = _within(*_believable(name, type_name, facts, ()), hard_first, hard_last, unit)
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
    name: str, type_name: str, facts: ColumnFacts, after: Iterable[object]
) -> tuple[datetime, datetime]:
    if type_name == "time":
        return datetime(2000, 1, 1, 7), datetime(2000, 1, 1, 20)
    if facts.after_clock:
        return _FUTURE_FIRST, _FUTURE_FIRST + 365 * _DAY
    words = spelt(name)
    if moment_rank(name) == _BIRTH:
        return _BIRTH_FIRST, _BIRTH_LAST
    if "_founded_" in words or "_established_" in words:
        return _FOUNDED_FIRST, _LAST_START
    earlier = [found for found in map(_as_moment, after) if found is not None]
    if not earlier:
        return _FIRST, _LAST_START
    start = max(earlier)
    start += _DAY if type_name == "date" else timedelta(minutes=10)
    return start, max(start, min(start + _LONGEST_STEP, _LAST))


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


def stepped(value: date | datetime | time, steps: int) -> date | datetime | time:
    """Return the next value that is drawn, or the one before: a day or a second away.

    Args:
        value: a date, a timestamp or a time of day.
        steps: 1 or -1.
    """
    try:
        if isinstance(value, time):
            moved = datetime.combine(date(2000, 1, 1), value) + steps * _SECOND
            return moved.time() if moved.date() == date(2000, 1, 1) else value
        return value + steps * (_SECOND if isinstance(value, datetime) else _DAY)
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


def interval(name: str, random: Random) -> timedelta:
    """Draw an interval: minutes or days, as the column's name has it.

    Args:
        name: the column's name.
        random: draws.
    """
    if re.search(r"_(days?|period|age|term|trial)_", spelt(name)):
        return timedelta(days=random.randint(1, 30))
    return timedelta(minutes=5 * random.randint(1, _ONE_DAY_MINUTES // 10))
