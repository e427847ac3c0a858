"""Generation of dates, timestamps and times of day, each at a column's place in a row's life.

The place is a rank by name: ``created_at`` before ``updated_at``. :func:`followed` returns the columns whose moments a
column must come after, :func:`moment_drawer` draws between these, the value domain and the plausible range of the name,
and :func:`moment_span` returns a range for distinct values. All arithmetic is on the timestamps of
:mod:`~pytest_supaseed.values.types.datetime`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from random import Random
from typing import Any

from pytest_supaseed.constraints.domain import ColumnFacts
from pytest_supaseed.model.identifiers import spelt
from pytest_supaseed.model.schema import Column, ColumnType
from pytest_supaseed.model.type_families import is_date, is_time
from pytest_supaseed.spec import DEFAULT_DATE
from pytest_supaseed.values.meanings.rarestates import LAST_WORDS
from pytest_supaseed.values.types.datetime import (
    DAY,
    SECOND,
    as_moment,
    hard_limits,
    rounded_down,
    rounded_up,
    typed_moment,
)

BIRTH, CREATED, UPDATED, DELETED = 0, 10, 90, 95
_HIRED, _START, _END, _DUE, _LAST = 20, 30, 60, 70, 80
_OTHER = 25


@dataclass(frozen=True)
class Moment:
    """An event in the life of a row: the counterpart of a text's ``Meaning``.

    Attributes:
        name: what it is called.
        rank: its place in the row's life; a greater one is later.
        names: searched in the normalized name of a column.
    """

    name: str
    rank: int
    names: re.Pattern[str]


def _moment(name: str, rank: int, names: str) -> Moment:
    return Moment(name, rank, re.compile(names))


# The first whose names a column has counts.
MOMENTS = (
    _moment("birth", BIRTH, r"_(birth|birthday|born)_"),
    _moment("end of use", DELETED, rf"_({LAST_WORDS})_"),
    _moment(
        "change",
        UPDATED,
        r"_(updated?|modified|changed|edited|synced|refreshed|mtime)_|_last_(change|edit|modification|update)_",
    ),
    _moment("last of several", _LAST, r"_last_|_latest_"),
    _moment(
        "deadline",
        _DUE,
        r"_(expires?|expired|expiry|expiration|due|deadline|renews?|renewal|next|required)_",
    ),
    _moment(
        "end",
        _END,
        r"_(end|ends|ended|ending|finish|finishes|finished|complete|completed|close|closes|closed|closing|until|through"
        r"|resolved|checkout|dropoff|arrival|arrives|arrived|return|returned|refunded|stop|stopped|left|thru|till"
        r"|termination|terminated|resigned|discharged|graduated|graduation)_|_check_out_"
        r"|_(valid|effective|active|available|date)_to_|_to_(date|time|at)_|^_to_$|_drop_off_",
    ),
    _moment("delivery", 50, r"_(delivered|delivery|received|installed)_"),
    _moment("shipment", 45, r"_(shipped|shipping|dispatched)_"),
    _moment(
        "confirmation",
        40,
        r"_(paid|confirmed|approved|accepted|verified|processed|packed|read|seen|opened|reviewed|published|answered)_",
    ),
    _moment("sending", 35, r"_sent_"),
    _moment(
        "start",
        _START,
        r"_(start|starts|started|starting|begin|begins|began|beginning|from|checkin|pickup|departure|departs|opens|opening"
        r"|admitted)_|_check_in_|_pick_up_|_since_",
    ),
    _moment(
        "order",
        _HIRED,
        r"_(ordered|order|placed|requested|scheduled|booked|issued|issue|submitted|invited|hired|hire|joined|enrolled)_",
    ),
    _moment(
        "creation",
        CREATED,
        r"_(created|creation|inserted|registered|added|founded|established|opened|ctime)_",
    ),
)
# Two columns whose names differ only in these words are the start and the end of one interval.
_FIRST_WORDS = frozenset((
    "start", "starts", "started", "starting", "begin", "begins", "began", "beginning", "from", "in",
    "checkin", "open", "opens", "opened", "opening", "departure", "departs", "pickup", "since", "admitted",
    "hire", "hired", "joined", "enrolled",
))  # fmt: skip
_LAST_WORDS = frozenset((
    "end", "ends", "ended", "ending", "finish", "finishes", "finished", "complete", "completed", "close",
    "closes", "closed", "closing", "until", "through", "to", "out", "checkout", "dropoff", "arrival",
    "arrives", "arrived", "return", "returned", "stop", "stopped", "left", "thru", "till", "discharged",
    "termination", "terminated", "graduated", "resigned",
))  # fmt: skip


def moment_of(words: str) -> Moment | None:
    """Return which moment a column is by its normalized name, None if that is unknown."""
    return next((found for found in MOMENTS if found.names.search(words)), None)


@lru_cache(maxsize=4096)
def moment_rank(name: str) -> int:
    """Return the place of a column's moment in a row's life: ``created_at`` before ``updated_at``."""
    found = moment_of(spelt(name))
    return _OTHER if found is None else found.rank


def precedes(first: str, second: str) -> bool:
    """Whether the moment of the column named ``first`` comes before that of ``second`` in a row's life."""
    before, after = moment_rank(first), moment_rank(second)
    # A birth date lies before all generated moments anyway, and an event may happen before it is due.
    if BIRTH in (before, after) or before == _DUE or is_old(second):
        return False
    if after in (UPDATED, DELETED):
        return before < after and before in (CREATED, UPDATED, _HIRED)
    return before < after


@lru_cache(maxsize=4096)
def is_old(name: str) -> bool:
    """Whether a moment may lie years before the row was created, as the date of a hiring or a film's release."""
    return bool(
        re.search(
            r"_(hired?|joined|enrolled|founded|established|release|released|published_on|purchase)_",
            spelt(name),
        )
    )


def followed(name: str, others: Iterable[Column]) -> tuple[str, ...]:
    """Return the columns whose moments a column's moment follows: for the end of an interval, its start alone."""
    names = [other.name for other in others]
    partner = next((other for other in names if are_ends(other, name)), None)
    if partner is not None:
        return (partner,)
    return tuple(other for other in names if precedes(other, name))


def are_ends(first: str, second: str) -> bool:
    """Whether two columns, by name, are the start and the end of one interval.

    Example:
        >>> are_ends("trial_start", "trial_end"), are_ends("trial_start", "period_end")
        (True, False)
    """
    before, after = spelt(first).strip("_").split("_"), spelt(second).strip("_").split("_")
    return (
        not _FIRST_WORDS.isdisjoint(before)
        and not _LAST_WORDS.isdisjoint(after)
        and _kind(before, _FIRST_WORDS) == _kind(after, _LAST_WORDS)
    )


def _kind(words: list[str], ends: frozenset[str]) -> list[str]:
    return [
        word for word in words if word not in ends and word not in ("at", "on", "date", "time", "timestamp")
    ]


def lies_ahead(name: str) -> bool:
    """Whether a moment usually lies in the future, as a deadline does."""
    return moment_rank(name) == _DUE


def lasts_days(words: str) -> bool:
    """Whether an interval lasts days rather than minutes, by the normalized name of its column."""
    return bool(re.search(r"_(days?|period|age|term|trial)_", words))


@lru_cache(maxsize=4096)
def is_appointed(name: str) -> bool:
    """Whether a moment is agreed upon by people, at a full quarter of an hour."""
    return bool(
        re.search(
            r"_(starts?|starting|begins?|ends?|ending|opens?|opening|closes?|closing|departure|departs|arrival|arrives"
            r"|scheduled|appointment|due|deadline|pickup|meeting)_",
            spelt(name),
        )
    )


_QUARTER = timedelta(minutes=15)
_YEAR = 365 * DAY
# The age of persons.
_OLDEST, _YOUNGEST = 75 * _YEAR, 20 * _YEAR
# Later than any test run, and within the range of every type.
_FUTURE_FIRST = datetime(2090, 1, 1)
_LONGEST_STEP = timedelta(days=25)


# Draws a moment, given the moments that it follows unless a constraint says otherwise, and the operators and values
# that CHECKs compare it with, itself on the left; None if the limits leave none.
DrawMoment = Callable[[Sequence[object], Sequence[tuple[str, object]], Random], Any]


def moment_drawer(
    name: str, column_type: ColumnType, facts: ColumnFacts, today: date = DEFAULT_DATE
) -> DrawMoment:
    """Return what draws the dates, timestamps or times of day of a column.

    Args:
        name: the column's name.
        column_type: a date, a timestamp with or without time zone, or a time of day.
        facts: the column's value domain.
        today: the reference date of the rows.

    Returns:
        A function whose values are dates, timestamps without a time zone or in UTC, or times of day.
    """
    unit = DAY if is_date(column_type) else SECOND
    hard = hard_limits(facts, unit)
    if is_time(column_type):
        # A time of day is limited to one day.
        hard = hard[0] or datetime(2000, 1, 1), hard[1] or datetime(2000, 1, 1, 23, 59, 59)
    full = unit == SECOND and (is_time(column_type) or is_appointed(name))

    @cache
    def alone() -> tuple[datetime, datetime]:
        """The limits in a row without other moments, which are the same for each."""
        return _within(*_believable(name, column_type, facts, (), today), *hard, unit)

    def draw(after: Sequence[object], compared: Sequence[tuple[str, object]], random: Random) -> Any:
        different: list[datetime] = []
        if after or compared:
            narrowed = _narrowed(hard, compared, unit, different)
            first, last = _within(*_believable(name, column_type, facts, after, today), *narrowed, unit)
        else:
            first, last = alone()
        if first > last:
            return None
        for _ in range(20):
            drawn = first + unit * random.randint(0, (last - first) // unit)
            if drawn.microsecond or unit == DAY:
                drawn = max(rounded_down(drawn, unit), first)
            if full:
                drawn = _to_the_quarter(drawn, first, last)
            typed = typed_moment(drawn, column_type)
            if drawn not in different and typed not in facts.excluded:
                return typed
        return None

    return draw


def _narrowed(
    hard: tuple[datetime | None, datetime | None],
    compared: Iterable[tuple[str, object]],
    unit: timedelta,
    different: list[datetime],
) -> tuple[datetime | None, datetime | None]:
    """Narrow limits by comparisons with other values, and add the moments that are refused to ``different``."""
    hard_first, hard_last = hard
    for operator, value in compared:
        limit = as_moment(value)
        if limit is None:
            continue
        if operator in (">", ">=", "="):
            least = rounded_up(limit, unit) if operator != ">" else rounded_down(limit, unit) + unit
            hard_first = least if hard_first is None else max(hard_first, least)
        if operator in ("<", "<=", "="):
            most = rounded_down(limit, unit) if operator != "<" else rounded_up(limit, unit) - unit
            hard_last = most if hard_last is None else min(hard_last, most)
        if operator == "<>":
            different.append(limit)
    return hard_first, hard_last


def moment_span(
    column_type: ColumnType, facts: ColumnFacts, name: str, wanted: int, today: date = DEFAULT_DATE
) -> tuple[datetime, timedelta, int]:
    """Return the range that distinct dates or timestamps are drawn from.

    Args:
        column_type: a date, or a timestamp with or without time zone.
        facts: the column's value domain.
        name: the column's name.
        wanted: how many moments; the range may have fewer.
        today: the reference date of the rows.

    Returns:
        The first moment, the step to the next, and the number of moments.
    """
    unit = DAY if is_date(column_type) else SECOND
    hard_first, hard_last = hard_limits(facts, unit)
    first, last = _within(*_believable(name, column_type, facts, (), today), hard_first, hard_last, unit)
    first = rounded_up(first, unit)
    missing = max(0, wanted - 1 - (last - first) // unit)
    later = missing if hard_last is None else min(missing, (hard_last - last) // unit)
    missing -= later
    earlier = missing if hard_first is None else min(missing, (first - hard_first) // unit)
    return first - unit * earlier, unit, (last - first) // unit + later + earlier + 1


def _believable(
    name: str, column_type: ColumnType, facts: ColumnFacts, after: Iterable[object], today: date
) -> tuple[datetime, datetime]:
    earlier = [found for found in map(as_moment, after) if found is not None]
    if is_time(column_type):
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
        return now - years * _YEAR, now - 30 * DAY
    if not earlier:
        # A due date that follows no other moment lies around the reference date.
        return (now - 60 * DAY, now + 60 * DAY) if lies_ahead(name) else (now - _YEAR, now)
    start = max(earlier)
    if lies_ahead(name):
        return start + DAY, start + 60 * DAY
    least, most = _length(words, is_date(column_type))
    if start + least > now:
        return start + least, start + most
    # At most half of the time that is left, because further moments may follow this one.
    return start + least, max(start + least, min(start + most, start + (now - start) / 2))


@lru_cache(maxsize=4096)
def _length(words: str, dated: bool) -> tuple[timedelta, timedelta]:
    """The least and the greatest plausible duration of an interval, by its end: the name, and whether it is a date."""
    if "_trial_" in words:
        return 7 * DAY, 30 * DAY
    if re.search(
        r"_(period|valid|effective|contract|membership|lease|policy|warranty|subscription|termination)_",
        words,
    ):
        return 30 * DAY, _YEAR
    if re.search(r"_(graduated|graduation|resigned)_", words):
        return _YEAR, 4 * _YEAR
    if dated:
        return DAY, 14 * DAY
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
    """The plausible part of the accepted range; if there is none, the accepted range next to it."""
    span = max(last - first, 30 * unit)
    low = first if hard_first is None else max(first, hard_first)
    high = last if hard_last is None else min(last, hard_last)
    if low <= high:
        return low, high
    if hard_first is not None and hard_last is not None:
        return hard_first, hard_last
    if hard_first is not None:
        return hard_first, min(hard_first, datetime.max - span) + span
    # The plausible range begins after the accepted one ends.
    edge = high if hard_last is None else hard_last
    return max(edge, datetime.min + span) - span, edge
