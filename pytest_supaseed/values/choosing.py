"""Choosers: functions that draw a value of one type, from Faker's generator and the row so far.

Those for numbers, moments, lists and other types keep to the value domain and to CHECKs that compare columns,
and raise :class:`~pytest_supaseed.errors.NoColumnValueError` if they find no value. :func:`comparable` parses texts for
comparison, :func:`trial` proposes values to the repair of rejected rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from pytest_supaseed.constraints.domain import accepts
from pytest_supaseed.constraints.indexes import constant_default
from pytest_supaseed.constraints.literals import NoConstantError, typed
from pytest_supaseed.model.schema import Column, Table
from pytest_supaseed.model.type_families import (
    has_string_category,
    is_date,
    is_datetime,
    is_integer,
    is_interval,
    is_moment,
    is_number,
    is_range_of_dates,
    is_string,
    is_time,
    is_timestamp_with_time_zone,
    is_uuid,
)
from pytest_supaseed.values.meanings.context import Context, Row, ValueSource
from pytest_supaseed.values.meanings.copies import Copy
from pytest_supaseed.values.meanings.formulas.arithmetic import (
    Computed,
    Product,
    Quotient,
    Rated,
    Sum,
    decimal_of,
)
from pytest_supaseed.values.meanings.formulas.derived import bounds
from pytest_supaseed.values.meanings.formulas.equations import formula
from pytest_supaseed.values.meanings.formulas.time_spans import (
    BillingPeriod,
    Term,
    end_of_term,
    has_pause,
    within_length,
)
from pytest_supaseed.values.meanings.formulas.time_spans import longest as longest_span
from pytest_supaseed.values.meanings.meaning import Ask, Write
from pytest_supaseed.values.meanings.moments import (
    LONGEST_OF_A_DAY,
    are_ends,
    believable_moments,
    event_of,
    is_at_work,
    of_age,
    on_day,
    same_days,
)
from pytest_supaseed.values.meanings.numbers import believable, telling
from pytest_supaseed.values.meanings.parents import NO_TIMES, TimesOfParents, after_parents
from pytest_supaseed.values.types.date_time import MomentDomain, PlausibleMoments
from pytest_supaseed.values.types.numeric import NumberDomain
from pytest_supaseed.values.types.ranges import has_places, range_at
from pytest_supaseed.values.types.text import TextDomain, accepted, longest

if TYPE_CHECKING:
    from faker import Generator


def comparable(column: Column, value: Any) -> Any:
    """Return a value as the Python value of the column's type, if its text determines it.

    Returns:
        A number, date, time, timestamp or UUID for a text; a ``timestamptz`` without an offset is in UTC, as the
        session is. Any other value unchanged.

    Example:
        >>> from pytest_supaseed.model.schema import ColumnType
        >>> comparable(Column("n", ColumnType("integer", "int4")), "12")
        12
    """
    kind = column.type
    if not isinstance(value, str) or kind.array or not (is_number(kind) or is_moment(kind) or is_uuid(kind)):
        return value
    text, zoned = value.strip(), is_timestamp_with_time_zone(kind)
    if zoned:
        text = re.sub("[zZ]$", "+00", text)
    for zone in ("", "+00") if zoned else ("",):
        try:
            return typed(text + zone, kind)
        except NoConstantError:
            continue
    return value


Choose = Callable[["Generator", Row], object]
_ATTEMPTS = 20
# Ranges of moments that are kept, by the times of parents.
_REMEMBERED = 1_000


def _compared(context: Context, row: Row) -> tuple[tuple[str, object], ...]:
    return context.compared and tuple(
        (op, _of_row(context, row, name)) for op, name in context.compared if row.get(name) is not None
    )


def _of_row(context: Context, row: Row, name: str) -> object:
    return comparable(context.table.column(name), row[name])


def _defaults(table: Table, names: Iterable[str]) -> dict[str, Decimal]:
    """The numbers that columns have by default, of those that are never NULL."""
    found = {}
    for name in names:
        column = table.column(name) if table.has_column(name) else None
        if column is None or column.nullable or not is_number(column.type):
            continue
        default = constant_default(table, name)
        if default is not None and _NUMBER.fullmatch(default):
            found[name] = Decimal(default)
    return found


_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def number_chooser(context: Context) -> tuple[Choose, tuple[str, ...]]:
    """Return the chooser of a numeric column, and the columns that it reads."""
    known_domain, kind = context.bounded, context.column.type
    follows, limits = formula(context), bounds(context)
    words = telling(context.words, context.column.comment, context.about)
    plausible = believable(words, kind, context.today, context.about)
    domain = NumberDomain(kind, known_domain, plausible, context.unique)
    empty = (
        isinstance(follows, Product | Sum | Rated | Quotient)
        or (isinstance(follows, Computed) and follows.empty)
    ) and may_be_null(context)

    defaults = _defaults(context.table, follows.uses if follows is not None else ())

    def choose(faker: Generator, row: Row) -> object:
        compared = _compared(context, row)
        if defaults and any(row.get(name) is None for name in defaults):
            # PostgreSQL sets them.
            row = {**row, **{name: value for name, value in defaults.items() if row.get(name) is None}}
        value = follows.value(row, faker.random) if follows is not None else None
        if value is None and empty:
            return None
        if value is not None:
            fitted = domain.fitted(value, compared)
            if fitted is not None:
                return fitted
        likely = [(op, row[name]) for op, name in limits if row.get(name) is not None]
        for others in ((*compared, *likely), compared):
            found = domain.drawn(faker.random, others)
            if found is not None:
                return found
        raise context.failure(_limits(context, row))

    return choose, (*(follows.uses if follows is not None else ()), *(name for _, name in limits))


def may_be_null(context: Context) -> bool:
    """Whether a column may be NULL without a constraint or computation of its table being about it."""
    column, table = context.column, context.table
    return (
        column.nullable
        and not context.domain.required
        and not any(column.name in check.columns for check in table.checks)
        and not any(column.name in key.columns for key in table.uniques)
        and not any(column.name in trigger.source for trigger in table.triggers)
    )


def moment_chooser(context: Context, before: tuple[str, ...], parents: TimesOfParents = NO_TIMES) -> Choose:
    """Return the chooser of a date, time or timestamp column.

    Args:
        context: the column context.
        before: columns whose moments this one follows.
        parents: times of referenced rows that it follows.
    """
    name, kind, known_domain = (
        event_of(context.column.name, context.subject),
        context.column.type,
        context.bounded,
    )
    ends = bool(before) and are_ends(event_of(before[0], context.subject), name)
    alike = same_days(context.table)
    day = alike.get(context.column.name)
    day = day if day in before else None
    most = longest_span(context) if ends and len(before) == 1 else None
    if ends and most is None and before[0] in alike and not is_date(kind):
        most = LONGEST_OF_A_DAY
    least = timedelta(hours=2 if most is not None and has_pause(context) else 0)
    domain = MomentDomain(kind, known_domain)
    # The same for each row without other moments.
    working = is_at_work(context.column.name, context.subject) and not is_time(kind)
    usual = believable_moments(name, kind, known_domain, (), context.today)._replace(working=working)
    usual = of_age(name, context.subject, usual, context.today)
    alone = domain.narrowed(usual)
    size, uses = len(parents.since), parents.uses if parents.since else ()
    by_times: dict[tuple[object, ...], PlausibleMoments] = {}

    def follow(plausible: PlausibleMoments, times: tuple[object, ...]) -> PlausibleMoments:
        if not times or known_domain.after_clock:
            return plausible
        return after_parents(plausible, times[:size], times[size:], kind, context.today)

    def choose(faker: Generator, row: Row) -> object:
        earlier = before and [_of_row(context, row, name) for name in before if row.get(name) is not None]
        compared = _compared(context, row)
        times = tuple(map(row.get, uses))
        if earlier or compared:
            plausible = believable_moments(name, kind, known_domain, earlier, context.today)
            plausible = plausible._replace(working=working)
            on_its_day = on_day(name, row.get(day), earlier, kind) if day is not None else None
            if on_its_day is not None:
                plausible = on_its_day._replace(quarters=plausible.quarters)
            if most is not None and row.get(before[0]) is not None:
                plausible = within_length(plausible, row[before[0]], most, least)
            accepted = domain.narrowed(follow(plausible, times), compared)
        elif times:
            # The rows of one parent have the same range.
            known = by_times.get(times)
            if known is None:
                if len(by_times) >= _REMEMBERED:
                    by_times.clear()
                known = by_times[times] = domain.narrowed(follow(usual, times))
            accepted = known
        else:
            accepted = alone
        found = domain.drawn(accepted, faker.random)
        if found is None:
            raise context.failure(_limits(context, row))
        return found

    return choose


def ending_term(context: Context, term: Term, otherwise: Choose, length: Copy | None) -> Choose:
    """Return the chooser of the end of a term of whole months, another moment where that is not accepted.

    Args:
        context: the column context.
        term: that the row has.
        otherwise: the chooser of another moment.
        length: what the length of the term is copied from; None where it follows from the end.
    """

    def choose(faker: Generator, row: Row) -> object:
        agreed = length.value(row) if length is not None and length.references(row) else None
        found = end_of_term(row.get(term.start), term, faker.random, agreed)
        taken = found is not None and accepts(context.domain, found)
        if taken and all(_holds(found, op, other) for op, other in _compared(context, row)):
            return found
        return otherwise(faker, row)

    return choose


def ending_period(context: Context, period: BillingPeriod, otherwise: Choose) -> Choose:
    """Return the chooser of the end of what has been paid for, another moment where that is not accepted."""

    def choose(faker: Generator, row: Row) -> object:
        found = period.end_of(row)
        taken = found is not None and accepts(context.domain, found)
        if taken and all(_holds(found, op, other) for op, other in _compared(context, row)):
            return found
        return otherwise(faker, row)

    return choose


def written_draw(context: Context, write: Write) -> Choose:
    """Return what draws the values that ``write`` writes; texts as far as the column's value domain accepts these."""
    domain = TextDomain(context.column.type, context.domain)

    def draw_text(faker: Generator, row: Row) -> object:
        return domain.drawn(partial(write, Ask(context, faker, row)), faker.random)

    return draw_text if is_string(context.column.type) else lambda faker, row: write(Ask(context, faker, row))


def chooser(context: Context, draw: Choose) -> Choose:
    """Return the chooser of a column of any type, of whose values ``draw`` draws one, None if it finds none."""

    def choose_any(faker: Generator, row: Row) -> object:
        value = draw(faker, row)
        if value is None:
            raise context.failure(_limits(context, row))
        return value

    def choose(faker: Generator, row: Row) -> object:
        compared = _compared(context, row)
        equal = next((value for op, value in compared if op == "="), None)
        if equal is not None:
            return equal
        refused = [*context.domain.excluded, *(value for op, value in compared if op == "<>")]
        for _ in range(_ATTEMPTS):
            value = draw(faker, row)
            if value is None:
                break
            if value not in refused:
                return value
        raise context.failure(_limits(context, row))

    return choose if context.compared or context.domain.excluded else choose_any


def listed_chooser(context: Context) -> Choose:
    """Return the chooser of a column with listed values, of those that CHECKs comparing columns accept."""
    allowed: tuple[Any, ...] = context.domain.allowed or ()

    def choose(faker: Generator, row: Row) -> object:
        compared = _compared(context, row)
        fitting = [value for value in allowed if all(_holds(value, op, other) for op, other in compared)]
        if not fitting:
            raise context.failure(
                f"of {', '.join(map(repr, allowed))} none fits the rest of the row"
                if allowed
                else "its CHECK constraints leave no value"
            )
        return faker.random.choice(fitting)

    return choose


def _holds(value: Any, operator: str, other: Any) -> bool:
    try:
        return bool(
            {
                "=": value == other, "<>": value != other, "<": value < other, "<=": value <= other,
                ">": value > other, ">=": value >= other,
            }[operator]
        )  # fmt: skip
    except TypeError:
        # Values that Python cannot compare are left to PostgreSQL.
        return True


def copying(context: Context, copy: Copy, otherwise: ValueSource) -> ValueSource:
    """Return the source of a column that copies a referenced row's, where the row references one.

    Args:
        context: the column context.
        copy: what it copies.
        otherwise: the source of the values where nothing is copied, for there is no referenced row, or the column does
            not take its value.
    """
    column = context.column
    fitted = _fitting(context)

    def choose(faker: Generator, row: Row) -> object:
        if copy.references(row):
            value = copy.value(row)
            if value is None and column.nullable and not context.domain.required:
                return None
            found = None if value is None else fitted(value, _compared(context, row))
            if found is not None:
                return found
        if otherwise.choices:
            return faker.random.choice(otherwise.choices)
        return otherwise.choose(faker, row)

    return replace(otherwise, choose=choose, uses=(*otherwise.uses, *copy.uses), choices=())


def _fitting(context: Context) -> Callable[[Any, tuple[tuple[str, object], ...]], object]:
    """Return what takes a value of another column, and comparisons; it returns the column's, None for none."""
    kind, known = context.column.type, context.domain
    if is_number(kind) and known.allowed is None:
        domain = NumberDomain(kind, known)

        def number(value: Any, compared: tuple[tuple[str, object], ...]) -> object:
            exact = decimal_of(value)
            return None if exact is None else domain.fitted(exact, compared)

        return number

    def fits(value: Any, compared: tuple[tuple[str, object], ...]) -> object:
        if isinstance(value, str) and known.allowed is None and is_string(kind):
            taken = accepted(value, kind, known)
        else:
            taken = accepts(known, value)
        return value if taken and all(_holds(value, op, other) for op, other in compared) else None

    return fits


def impossible(context: Context) -> Choose:
    """Return a chooser that always raises, for a column whose CHECKs leave no value."""

    def choose(faker: Generator, row: Row) -> object:
        raise context.failure("its CHECK constraints leave no value")

    return choose


def _limits(context: Context, row: Row) -> str:
    parts = [f"{op} {name} ({row[name]})" for op, name in context.compared if row.get(name) is not None]
    checks = [check.expression for check in context.table.checks if context.column.name in check.columns]
    checks += [check.expression for check in context.column.type.checks]
    why = f"nothing is found that {' and '.join(checks)} accepts" if checks else "its type leaves no value"
    most = longest(context.column.type, context.domain) if has_string_category(context.column.type) else None
    if most is not None:
        parts.insert(0, f"at most {most} character{'' if most == 1 else 's'}")
    return f"{why}, with {', '.join(parts)}" if parts else why


TRIAL_TEXTS = (
    *("a", "A", "1", "0", "abc", "ABC", "a-b", "a_b", "1.4.2", "v1.4.2", "US", "en", "en-US", "EUR", "UTC", "true"),
    *("2024-05-17", "2024-05-17T09:30:00Z", "09:30", "{}", "[]", "a.b", "/a/b", "a/b", "#336699", "192.0.2.1"),
    *("example.com", "https://example.com/a", "ann@example.com", "+12025550123", "5d41402abc4b2a76b9719d911017c592"),
    *("6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "text/plain", "Europe/Berlin", "0 0 * * *", "$2b$12$", "SGVsbG8="),
    *("20240517", "2024", "2024-05", "a,b", "a,b,c", "1,2,3", "a b", "Ann Lee", "12345678", "A1", "a:b", "a|b"),
)  # fmt: skip
# Usual constants of formulas: powers of two, divisors of a hundred, round numbers.
_NUMBERS = (
    0,
    1,
    2,
    4,
    8,
    10,
    3,
    5,
    16,
    100,
    50,
    7,
    32,
    20,
    64,
    25,
    12,
    128,
    1000,
    6,
    256,
    365,
    9,
    512,
    30,
    1024,
    24,
)
_SHARES = tuple(map(Decimal, ("0.1", "0.01", "0.5", "0.25", "0.75", "0.001", "0.9", "0.05", "0.3", "0.2")))
_Choice = TypeVar("_Choice")
_FUTURE, _PAST = date(2090, 1, 1), date(1990, 1, 1)
_LENGTHS = (
    timedelta(hours=1),
    timedelta(days=1),
    timedelta(days=30),
    timedelta(days=366),
    timedelta(minutes=15),
)


def trial(column: Column, value: Any, place: int) -> Any:
    """Return a trial value for a column of a rejected row: one that a CHECK or trigger may require.

    Args:
        column: the column.
        value: its present value.
        place: from 0; a different trial value for each, until they repeat.

    Returns:
        A value of the column's type; None if there are no trial values for it.
    """
    kind = column.type
    if kind.array or value is None or kind.labels:
        return None
    if has_string_category(kind):
        return TRIAL_TEXTS[place % len(TRIAL_TEXTS)]
    if is_number(kind):
        return _number(is_integer(kind), value, place)
    if has_places(kind):
        return _range(column, value, place)
    if is_interval(kind):
        return _at(_LENGTHS, place)
    if is_datetime(kind) and isinstance(value, (date, time)):
        return _at(_MOMENTS if isinstance(value, date) else _TIMES, place)(value)
    return None


def beside(value: Any) -> tuple[Any, ...]:
    """Return values of the same class that are a little more, a little less, and equal; the equal one for a text.

    Example:
        >>> beside(5)
        (6, 4, 5)
    """
    if isinstance(value, bool | str):
        return (value,)
    step: Any = None
    if isinstance(value, int | float | Decimal):
        step = type(value)(1)
    elif isinstance(value, date | timedelta):
        step = timedelta(days=1)
    try:
        return () if step is None else (value + step, value - step, value)
    except OverflowError:
        return (value,)


def _at(choices: Sequence[_Choice], place: int) -> _Choice:
    return choices[place % len(choices)]


def _number(whole: bool, value: Any, place: int) -> Any:
    size = len(_NUMBERS) + len(_SHARES)
    at = place % size
    if at >= len(_NUMBERS):
        try:
            share = Decimal(str(value)) * _SHARES[at - len(_NUMBERS)]
            return int(share) if whole else round(share, 2)
        except (ArithmeticError, ValueError):
            return None
    return _NUMBERS[at] if whole else Decimal(_NUMBERS[at])


def _range(column: Column, value: Any, place: int) -> str | None:
    if place % 3 == 0:
        return range_at(column, place // 3)
    if not isinstance(value, str):
        return None
    first, comma, last = value.strip("[]()").partition(",")
    if not comma:
        return None
    if place % 3 == 1:
        return f"[{first},)"
    length = _LENGTHS[place // 3 % len(_LENGTHS)]
    try:
        start = datetime.fromisoformat(first.strip('"'))
    except ValueError:
        return f"[{first},{last}]"
    if is_range_of_dates(column.type):
        return f"[{start.date()},{(start + max(length, timedelta(days=1))).date()})"
    return f'["{start}","{start + length}")'


def _at_midnight(value: date) -> date:
    return value.replace(hour=0, minute=0, second=0, microsecond=0) if isinstance(value, datetime) else value


def _moved_to(day: date) -> Callable[[date], date]:
    """Return a function that moves a date to another year, at the same month and time of day."""

    def moved(value: date) -> date:
        return value.replace(year=day.year, day=min(value.day, 28))

    return moved


def _last_of_month(value: date) -> date:
    in_next = value.replace(day=28) + timedelta(days=4)
    return in_next - timedelta(days=in_next.day)


_MOMENTS: tuple[Callable[[Any], Any], ...] = (
    _moved_to(_FUTURE),
    lambda value: (
        value.replace(minute=0, second=0, microsecond=0) if isinstance(value, datetime) else value.replace(day=1)
    ),
    _at_midnight,
    _moved_to(_PAST),
    lambda value: _at_midnight(value).replace(day=1),
    lambda value: _at_midnight(value) - timedelta(days=value.weekday()),
    lambda value: _at_midnight(value).replace(month=1, day=1),
    lambda value: value - timedelta(days=max(value.weekday() - 4, 0)),
    _last_of_month,
    lambda value: value.replace(hour=10, minute=0, second=0) if isinstance(value, datetime) else value,
)  # fmt: skip
_TIMES: tuple[Callable[[time], time], ...] = (
    lambda value: value.replace(minute=0, second=0, microsecond=0),
    lambda value: time(0, 0, tzinfo=value.tzinfo),
    lambda value: time(12, 0, tzinfo=value.tzinfo),
    lambda value: value.replace(minute=30, second=0, microsecond=0),
    lambda value: time(23, 59, tzinfo=value.tzinfo),
)
