"""Values that a condition which nobody can read may want: common forms of texts, small numbers, whole hours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from pytest_supaseed.constraints.literals import INTEGERS, NUMBERS, TIMES
from pytest_supaseed.schema import Column
from pytest_supaseed.values.apart import PLACES, range_at

TEXTS = (
    *("a", "A", "1", "0", "abc", "ABC", "a-b", "a_b", "1.4.2", "v1.4.2", "US", "en", "en-US", "EUR", "UTC", "true"),
    *("2024-05-17", "2024-05-17T09:30:00Z", "09:30", "{}", "[]", "a.b", "/a/b", "a/b", "#336699", "192.0.2.1"),
    *("example.com", "https://example.com/a", "ann@example.com", "+12025550123", "5d41402abc4b2a76b9719d911017c592"),
    *("6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "text/plain", "Europe/Berlin", "0 0 * * *", "$2b$12$", "SGVsbG8="),
    *("20240517", "2024", "2024-05", "a,b", "a,b,c", "1,2,3", "a b", "Ann Lee", "12345678", "A1", "a:b", "a|b"),
)  # fmt: skip
# Powers of two, parts of a hundred, round numbers: what formulas like.
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
    """Return something that a column may have to be.

    Args:
        column: the column.
        value: what it is.
        place: from 0; another one for each, until they start anew.

    Returns:
        A value of the column's type; None where nothing is known for it.
    """
    kind = column.type
    if kind.array or value is None or kind.labels:
        return None
    if kind.category == "S":
        return TEXTS[place % len(TEXTS)]
    if kind.name in NUMBERS:
        return _number(kind.name in INTEGERS, value, place)
    if kind.name in PLACES:
        return _range(column, value, place)
    if kind.name == "interval":
        return _at(_LENGTHS, place)
    if kind.name in (*TIMES, "timetz") and isinstance(value, (date, time)):
        return _at(_MOMENTS if isinstance(value, date) else _TIMES, place)(value)
    return None


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
    if column.type.name == "daterange":
        return f"[{start.date()},{(start + max(length, timedelta(days=1))).date()})"
    return f'["{start}","{start + length}")'


def _at_midnight(value: date) -> date:
    return value.replace(hour=0, minute=0, second=0, microsecond=0) if isinstance(value, datetime) else value


def _moved_to(day: date) -> Callable[[date], date]:
    """The same time of the year in another one, whatever the clock says."""

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
