"""Spans of time between two moments of a row: their lengths, as numbers and intervals, and ranges of their ends.

:func:`ends_of` finds the start and the end that a column is about, :func:`length_between` measures them in the unit of
the column's name, and :func:`span` returns what makes the values of an interval or a range of moments.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from random import Random

from pytest_supaseed.constraints.column import memoized_by_identity
from pytest_supaseed.model.identifiers import spelt
from pytest_supaseed.model.schema import Column, Table
from pytest_supaseed.model.type_families import (
    is_date,
    is_date_or_timestamp,
    is_interval,
    is_moment,
    is_number,
    is_range_of_dates,
    is_range_of_moments,
    is_time,
)
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.lives import states_of
from pytest_supaseed.values.meanings.moments import are_ends, event_of
from pytest_supaseed.values.types.date_time import PlausibleMoments, as_moment
from pytest_supaseed.values.types.ranges import has_bounds_of

_Row = Mapping[str, object]
_UNITS = (
    ("ms|milliseconds|millis|msec", Decimal("0.001")),
    ("seconds|secs|sec|s", Decimal(1)),
    ("minutes|mins|min", Decimal(60)),
    ("hours|hrs|h", Decimal(3600)),
    ("days|nights", Decimal(86_400)),
    ("weeks", Decimal(604_800)),
)
_UNIT = "|".join(words for words, _ in _UNITS)
_OF = (
    "total|actual|worked|billed|rental|stay|session|call|trip|number|of|run|ride|visit|shift|leave|time|dwell|wait"
    "|waiting"
)
# A length of time by its name. Other words, as in ``trial_days``, say that it is not the one between the moments.
LENGTH = re.compile(
    rf"^_(({_OF})_)*(duration|elapsed|length|runtime|dwell|{_UNIT})_((worked|spent|elapsed|taken|requested|in)_)*(({_UNIT})_)?$"
)
_INTERVAL = re.compile(rf"^_(({_OF})_)*(duration|elapsed|length|runtime|time_spent)_$")
_RANGE = re.compile(r"_(period|range|during|span|validity|valid|interval|window|slot|stay|term|duration)_")
# A pause, which is no part of the time that was worked.
_PAUSE = re.compile(
    rf"^_((unpaid|lunch|rest|total)_)*(breaks?|lunch|pause)_((time|taken|duration|length)_)*(({_UNIT})_)?$"
)
# Starts and ends that are one span whatever else their names say.
_START = re.compile(
    r"^_(scheduled|booked|planned)_(at|for|on)_$"
    r"|^_(appointment|slot|session|visit|meeting|class|event|booking|shift|lesson)_(at|date|datetime|time)_$|^_(start|starts|started|begin|begins|began)_(at|on|time|date)_$"
)
_END = re.compile(r"^_(end|ends|ended|finished|completed|until)_((at|on|time|date)_)?$")
# What takes seconds, where the name has no unit.
_SHORT = frozenset(
    (
        "call",
        "session",
        "visit",
        "recording",
        "run",
        "job",
        "build",
        "deployment",
        "request",
        "stream",
        "play",
        "song",
        "track",
    )
)
# The longest span that is usual, by the unit in which it is measured.
_LONGEST = {
    Decimal("0.001"): timedelta(minutes=10),
    Decimal(1): timedelta(hours=2),
    Decimal(60): timedelta(hours=6),
    Decimal(3600): timedelta(hours=10),
}


def unit_of(words: str, subject: str) -> Decimal:
    """Return the unit of a length by its normalized name, in seconds; minutes where it has none.

    Args:
        subject: the entity that a row describes.

    Example:
        >>> unit_of("_duration_ms_", "call"), unit_of("_duration_", "lesson"), unit_of("_nights_", "stay")
        (Decimal('0.001'), Decimal('60'), Decimal('86400'))
    """
    found = [unit for names, unit in _UNITS if re.search(rf"_({names})_", words)]
    return found[-1] if found else Decimal(1 if subject in _SHORT else 60)


def ends_of(context: Context) -> tuple[str, str] | None:
    """Return the columns with the start and the end that a column is about, None if the row has none before it."""
    return _ends(tuple(context.earlier), context.words, context.subject)


@lru_cache(maxsize=1024)
def _ends(earlier: tuple[Column, ...], words: str, subject: str) -> tuple[str, str] | None:
    moments = [column for column in earlier if is_moment(column.type) and not column.type.array]
    pairs = [
        (first.name, last.name)
        for last in moments
        for first in moments
        if is_time(first.type) == is_time(last.type)
        and are_ends(event_of(first.name, subject), event_of(last.name, subject))
    ]
    if not pairs:
        pairs = [
            (first.name, last.name)
            for last in moments
            for first in moments
            if first.type == last.type and _START.search(first.words) and _END.search(last.words)
        ]
    own = set(words.strip("_").split("_"))
    return max(pairs, key=lambda pair: len(own & set(spelt(pair[0]).split("_"))), default=None)


def between(row: _Row, ends: tuple[str, str]) -> timedelta | None:
    """Return the length of a span, None if an end is missing, or lies before the start."""
    first, last = (as_moment(row.get(name)) for name in ends)
    if first is None or last is None or last < first:
        return None
    return last - first


def length_between(row: _Row, ends: tuple[str, str], unit: Decimal) -> Decimal | None:
    """Return the length of a span in a unit, None if an end is missing; whole days between dates of days or nights.

    Args:
        unit: in seconds, of :func:`unit_of`.
    """
    values = tuple(row.get(name) for name in ends)
    if unit == 86_400 and all(isinstance(value, date) for value in values):
        first, last = (value.date() if isinstance(value, datetime) else value for value in values)
        assert isinstance(first, date) and isinstance(last, date)  # noqa: S101, PT018 for the type checker
        return Decimal((last - first).days) if last >= first else None
    length = between(row, ends)
    return None if length is None else Decimal(length // timedelta(microseconds=1)) / 1_000_000 / unit


def pause_of(context: Context) -> tuple[str, Decimal] | None:
    """Return the column with the pause within the span that a column measures, and its unit; None for none.

    Example:
        ``break_minutes`` beside ``started``, ``ended`` and ``hours``.
    """
    for other in context.earlier:
        words = other.words
        if _PAUSE.search(words) and is_number(other.type) and not other.type.array:
            return other.name, unit_of(words, context.subject)
    return None


def has_pause(context: Context) -> bool:
    """Whether the row tells of a pause within its span."""
    return any(_PAUSE.search(other.words) for other in context.table.columns)


def measures_days(context: Context, ends: tuple[str, str]) -> bool:
    """Whether a column can tell the length of a span: between two dates lie days, but no hours of work."""
    dated = all(is_date(context.table.column(name).type) for name in ends)
    return not dated or unit_of(context.words, context.subject) >= 86_400


def longest(context: Context) -> timedelta | None:
    """Return how long the span of a row usually is, by the unit of the column with its length; None if unknown."""
    for other in context.table.columns:
        words = other.words
        if LENGTH.search(words) and not is_moment(other.type) and not other.generated:
            found = _LONGEST.get(unit_of(words, context.subject))
            if found is not None:
                return found
    return None


def within_length(
    plausible: PlausibleMoments, start: object, most: timedelta, least: timedelta
) -> PlausibleMoments:
    """Return the plausible range of the end of a span that is at most, and at least, so long.

    Args:
        plausible: the range of the end.
        start: the start of the span.
        most: of :func:`longest`.
        least: longer than the pause that the row has.
    """
    begins = as_moment(start)
    if begins is None or plausible.first - begins > most:
        return plausible
    first = max(plausible.first, begins + least)
    return plausible._replace(first=first, last=max(first, min(plausible.last, begins + most)))


@dataclass(frozen=True)
class Term:
    """A term of whole months, from its first day to its end.

    Attributes:
        start: the column of the first day.
        end: the column of the end.
        length: the number of months, of years, or of days.
        months: in one unit of the number; 0 where it counts days.
    """

    start: str
    end: str
    length: str
    months: int


_TERM = re.compile(
    r"^_((term|duration|contract|lease|policy|warranty|subscription|commitment|loan|tenor|period|length|coverage|membership"
    r"|agreement|rental|in|of)_)*(months|years)_$|^_(term|tenor)_$"
)
_TERM_OF_DAYS = re.compile(
    r"^_((payment|term|terms|credit|net|due|campaign|funding|duration|loan|validity|valid|retention|campaign|listing|grace"
    r"|preharvest|quarantine|withdrawal|waiting|return|in|of|supply|treatment|therapy|course|probation|notice|trial|hold"
    r"|lending|borrowing|offer|quote|expires|expiry|for|sla|suspension|isolation|escrow|license|pass)_)+days_$"
    r"|^_days_(of_)?(supply|supplied|valid|allowed|granted|to_pay|to_expiry|until_(due|expiry))_$|^_(net|day)_supply_$"
)
_TERM_START = (
    re.compile(r"_(start|starts|starting|effective|begin|begins|commencement|from)_"),
    re.compile(r"_(issued?|purchased?|origination|originated|disbursed|disbursement|activation|activated)_"),
    re.compile(
        r"_(launched|invoiced|invoice|borrowed|loaned|checkout|checked_out|received|applied|listed|placed|prescribed"
        r"|dispensed|filled|fill|written|lent|quoted|offered|opened|ordered|sent|given|admitted|hired|hire|joined)_"
    ),
)
_TERM_END = re.compile(r"_(end|ends|expiration|expires|expiry|maturity|matures|until)_")
_TERM_OF_DAYS_END = re.compile(
    r"_(end|ends|expiration|expires|expiry|until|due|deadline|closes|allowed_from|earliest|safe_from|release|runs_out"
    r"|run_out|through|refill|valid_to)_"
)
_MOST_MONTHS_OR_DAYS = 1200
# Usual terms, in months.
_MONTHS = (6, 12, 12, 12, 24, 36)
_DAYS = (7, 14, 14, 21, 30, 30, 30, 45, 60)


@memoized_by_identity
def term_of(table: Table) -> Term | None:
    """Return the term that a table's rows have by the names of a start, an end and a number of months."""
    columns = [column for column in table.columns if not column.type.array and not column.generated]
    lengths = [column.name for column in columns if is_number(column.type) and _TERM.search(column.words)]
    moments = [column for column in columns if is_date_or_timestamp(column.type)]
    ends = [column for column in moments if _TERM_END.search(column.words)]
    days = [
        column.name for column in columns if is_number(column.type) and _TERM_OF_DAYS.search(column.words)
    ]
    if len(days) == 1 and not lengths:
        return _term_of_days(days[0], moments)
    if len(lengths) != 1 or len(ends) != 1:
        return None
    for names in _TERM_START[:2]:
        for start in moments:
            if start.name != ends[0].name and names.search(start.words) and start.type == ends[0].type:
                return Term(start.name, ends[0].name, lengths[0], 12 if "_years_" in spelt(lengths[0]) else 1)
    return None


def _term_of_days(length: str, moments: Sequence[Column]) -> Term | None:
    """A term of days, from a day to another day, or from a time to the same time of another day."""
    ends = [column for column in moments if _TERM_OF_DAYS_END.search(column.words)]
    if len(ends) > 1:
        # Of a trial's end and a contract's, the one that the number of days is about.
        about = {*spelt(length).strip("_").split("_")} - {"days"}
        ends = [column for column in ends if about & {*column.words.strip("_").split("_")}]
    for names in _TERM_START if len(ends) == 1 else ():
        for start in moments:
            if start.name != ends[0].name and names.search(start.words):
                if is_date(start.type) and not is_date(ends[0].type):
                    continue
                return Term(start.name, ends[0].name, length, 0)
    return None


def end_of_term(start: object, term: Term, random: Random, agreed: object = None) -> date | None:
    """Return the end of a term of an agreed length, or of a usual one."""
    if not isinstance(start, date):
        return None
    if isinstance(agreed, (int, Decimal)) and 0 < agreed <= _MOST_MONTHS_OR_DAYS:
        return (
            after_months(start, int(agreed) * term.months) if term.months else start + timedelta(int(agreed))
        )
    if not term.months:
        return start + timedelta(days=random.choice(_DAYS))
    months = random.choice(_MONTHS)
    return after_months(start, max(term.months, months // term.months * term.months))


@dataclass(frozen=True)
class Period:
    """How often a price is paid.

    Attributes:
        words: what it is called.
        months: how long it is.
        days: how many days more.
    """

    words: frozenset[str]
    months: int
    days: int = 0


_PERIODS = tuple(
    Period(frozenset(words.split()), months, days)
    for months, days, words in (
        (1, 0, "month monthly mo per_month 1m month_to_month mth m"),
        (12, 0, "year yearly annual annually annum per_year 12m yr y a"),
        (0, 7, "week weekly per_week wk w"),
        (0, 1, "day daily per_day d"),
        (0, 0, "hour hourly per_hour h"),
        (3, 0, "quarter quarterly per_quarter 3m qtr q"),
        (0, 1, "night nightly per_night n"),
        (6, 0, "semester semiannual half_yearly biannual semi_annual 6m"),
        (0, 14, "biweekly fortnightly bi_weekly fortnight two_weeks"),
    )
)
_OF_PERIOD = re.compile(
    r"^_((billing|payment|subscription|rate|pricing|price|plan|recurring|invoice|charge|renewal|rental)_)?"
    r"(interval|period|cycle|frequency|cadence|term|unit|basis|recurrence|rate_type|type)_$"
)
_PERIOD_START = re.compile(r"^_(\w+_)?period_(start|starts|begin|begins|from|started)(_(at|on|date))?_$")
_PERIOD_END = re.compile(r"^_(\w+_)?period_(end|ends|to|until|ended)(_(at|on|date))?_$")


@memoized_by_identity
def billing_periods(table: Table) -> tuple[tuple[str, Mapping[object, Period]], ...]:
    """Return the columns that say how often a price is paid, with the period for each of their values."""
    found = []
    for column in table.columns:
        if _OF_PERIOD.search(column.words) and not column.type.array:
            by_value = {
                value: period
                for value, word in states_of(table, column)
                for period in _PERIODS
                if spelt(word).strip("_") in period.words
            }
            if len({each.months * 30 + each.days for each in by_value.values()}) > 1:
                found.append((column.name, by_value))
    return tuple(found)


@dataclass(frozen=True)
class BillingPeriod:
    """The period that has been paid for, as long as another column of the row says.

    Attributes:
        start: the column of its start.
        end: the column of its end.
        by: the column that says how long it is.
        periods: by the values of that column.
    """

    start: str
    end: str
    by: str
    periods: Mapping[object, Period]

    def end_of(self, row: _Row) -> date | None:
        """Return the end of the period of a row, None if its start or its length is not known."""
        start, period = row.get(self.start), self.periods.get(row.get(self.by))
        if not isinstance(start, date) or period is None or not (period.months or period.days):
            return None
        return after_months(start, period.months) + timedelta(period.days)


@memoized_by_identity
def billing_period_of(table: Table) -> BillingPeriod | None:
    """Return the period that the rows of a table are paid for, None if they tell of none, or of several."""
    moments = [each for each in table.columns if is_date_or_timestamp(each.type) and not each.type.array]
    starts = [each for each in moments if _PERIOD_START.search(each.words)]
    ends = [each for each in moments if _PERIOD_END.search(each.words)]
    deciding = billing_periods(table)
    if len(starts) != 1 or len(ends) != 1 or len(deciding) != 1 or starts[0].type != ends[0].type:
        return None
    return BillingPeriod(starts[0].name, ends[0].name, *deciding[0])


def after_months(start: date, months: int) -> date:
    """Return the day some months later, the last of its month where that is shorter.

    Example:
        >>> after_months(date(2025, 1, 31), 1)
        datetime.date(2025, 2, 28)
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return start.replace(year=year, month=month + 1, day=min(start.day, monthrange(year, month + 1)[1]))


def years_between(start: object, end: object) -> Decimal | None:
    """Return the completed years between two days, None where one is missing.

    Example:
        >>> years_between(date(1990, 6, 2), date(2025, 6, 1))
        Decimal('34')
    """
    if not isinstance(start, date) or not isinstance(end, date):
        return None
    return Decimal(end.year - start.year - ((end.month, end.day) < (start.month, start.day)))


def months_between(start: object, end: object) -> int | None:
    """Return the whole months between two days, None where one is missing."""
    if not isinstance(start, date) or not isinstance(end, date):
        return None
    return (end.year - start.year) * 12 + end.month - start.month


Choose = Callable[[_Row], object]


def span(context: Context) -> tuple[Choose, tuple[str, ...]] | None:
    """Return what makes the values of an interval or a range between two moments of the row, and their columns.

    Returns:
        None if the column is no such interval or range. What is returned gives None for a row without a span.
    """
    kind = context.column.type
    if kind.array or context.unique or context.domain.excluded or context.compared:
        return None
    if any(context.column.name in exclusion.columns for exclusion in context.table.exclusions):
        return None
    if is_interval(kind) and _INTERVAL.search(context.words):
        found = ends_of(context)
        return None if found is None else (lambda row: _interval(context, between(row, found)), found)
    if not is_range_of_moments(kind) or kind.multirange or not _RANGE.search(context.words):
        return None
    ends = ends_of(context)
    if ends is None or not all(has_bounds_of(kind, context.table.column(name).type) for name in ends):
        return None
    return (lambda row: _range(row, ends, dates=is_range_of_dates(kind))), ends


def _interval(context: Context, length: timedelta | None) -> timedelta | None:
    low, high = context.domain.earliest, context.domain.latest
    if length is None or (isinstance(low, timedelta) and length < low):
        return None
    return None if isinstance(high, timedelta) and length > high else length


def _range(row: _Row, ends: tuple[str, str], *, dates: bool) -> str | None:
    first, last = (row.get(name) for name in ends)
    if not isinstance(first, date) or not isinstance(last, date):
        return None
    start, end = as_moment(first), as_moment(last)
    assert start is not None and end is not None  # noqa: S101, PT018 for the type checker
    if end < start:
        return None
    # A range of one moment would be empty without its end.
    closing = "]" if start == end else ")"
    return f'["{first}","{last}"{closing}' if not dates else f"[{first},{last}{closing}"
