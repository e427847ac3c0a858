"""Short ranges that lie apart from one another, for EXCLUDE constraints."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

from pytest_supaseed.schema import Column

_DAY = date(2024, 1, 1)


def _whole(place: int) -> tuple[str, str]:
    return str(place * 10), str(place * 10 + 5)


def _days(place: int) -> tuple[str, str]:
    return str(_DAY + timedelta(days=2 * place)), str(_DAY + timedelta(days=2 * place + 1))


def _hours(place: int) -> tuple[str, str]:
    day = _DAY + timedelta(days=place)
    return f"{day} 09:00:00", f"{day} 10:00:00"


def _hours_with_zone(place: int) -> tuple[str, str]:
    return tuple(f"{end}+00" for end in _hours(place))  # type: ignore[return-value] # two of two


# By the name of a range's type the ends of a range at a place.
PLACES = {
    "int4range": _whole,
    "int8range": _whole,
    "numrange": _whole,
    "daterange": _days,
    "tsrange": _hours,
    "tstzrange": _hours_with_zone,
}


_RANGES = {
    "int4": "int4range",
    "int8": "int8range",
    "numeric": "numrange",
    "date": "daterange",
    "timestamp": "tsrange",
    "timestamptz": "tstzrange",
}
_MOMENTS: dict[str, Callable[[str], Any]] = {
    "daterange": date.fromisoformat,
    "tsrange": datetime.fromisoformat,
    "tstzrange": lambda text: datetime.fromisoformat(text.removesuffix("+00")).replace(tzinfo=timezone.utc),
}


def range_at(column: Column, place: int) -> str:
    """Return a short range that no other place has.

    Args:
        column: of one of the types of :data:`PLACES`.
        place: a number, from 0.
    """
    first, last = PLACES[column.type.name](place)
    return f'["{first}","{last}")'


def ends_at(column: Column, place: int) -> tuple[Any, Any] | None:
    """Return two values between which no other place has any.

    Args:
        column: of the type of both.
        place: a number, from 0.

    Returns:
        None where columns of the type are the ends of no range.
    """
    kind = _RANGES.get(column.type.name)
    if kind is None:
        return None
    first, last = PLACES[kind](place)
    read = int if kind in ("int4range", "int8range", "numrange") else _MOMENTS[kind]
    return read(first), read(last)


def shortly_after(first: Any, present: Any) -> Any:
    """Return what comes shortly after a number, a day or a time.

    Args:
        first: the number, the day or the time.
        present: what is returned where nothing does.
    """
    if isinstance(first, (int, float)):
        return first + 1
    if hasattr(first, "hour"):
        return first + timedelta(hours=1) if isinstance(first, date) else present
    return first + timedelta(days=1) if isinstance(first, date) else present
