"""Values of range and multirange types, built in and over any subtype.

:func:`distinct_bounds` and :func:`single` make one range. :func:`range_at` and :func:`ends_at` return disjoint
ranges by position, as exclusion constraints need them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.copy_text import typed_text
from pytest_supaseed.model.schema import Column, ColumnType
from pytest_supaseed.model.type_families import is_interval, is_moment, is_number
from pytest_supaseed.values.types.pgtype import PgType

_START = date(2024, 1, 1)
_SUBTYPES = {
    "int4": "int4",
    "int8": "int8",
    "num": "numeric",
    "ts": "timestamp",
    "tstz": "timestamptz",
    "date": "date",
}
# A ColumnType that does not come from the catalog may have no ``multirange`` flag.
_MULTIRANGES = tuple(f"{stem}multirange" for stem in _SUBTYPES)
_CALENDAR = ("date", "timestamp", "timestamptz")


def of_subtype(subtype: ColumnType) -> bool:
    """Whether the bounds of ranges over a subtype can be ordered without asking PostgreSQL."""
    plain = subtype.domain is None and not subtype.array
    return plain and (is_number(subtype) or is_moment(subtype) or is_interval(subtype))


def has_bounds_of(column_type: ColumnType, bound: ColumnType) -> bool:
    """Whether the bounds of a range type are of a type."""
    return _subtype(column_type) == bound.name


def _subtype(column_type: ColumnType) -> str:
    return column_type.subtype.name if column_type.subtype else _SUBTYPES[_stem(column_type.name)]


def distinct_bounds(column_type: ColumnType, faker: Any) -> str:
    """Draw a range whose bounds differ, for a range type that is built in or over a subtype of :func:`of_subtype`."""
    first, last = _ends(_subtype(column_type), faker.random)
    return _spelt(column_type, f"[{first},{last})")


def single(column_type: ColumnType, choose: Callable[[], object]) -> str:
    """Return a range of one value, which is valid however the subtype is ordered.

    Args:
        column_type: a range or multirange type.
        choose: draws a value of its subtype.
    """
    assert column_type.subtype is not None  # noqa: S101 for the type checker
    text = typed_text(column_type.subtype, choose())
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return _spelt(column_type, f"[{quoted},{quoted}]")


def _spelt(column_type: ColumnType, text: str) -> str:
    return f"{{{text}}}" if column_type.multirange or column_type.name in _MULTIRANGES else text


def _ends(subtype: str, random: Any) -> tuple[str, str]:
    start, size = random.randint(1, 500), random.randint(1, 30)
    if subtype == "date":
        return str(_START + timedelta(days=start)), str(_START + timedelta(days=start + size))
    if subtype in _CALENDAR:
        zone = "+00" if subtype == "timestamptz" else ""
        first, last = (_START + timedelta(days=days) for days in (start, start + size))
        return f"{first} 09:00:00{zone}", f"{last} 17:00:00{zone}"
    if subtype == "time":
        minutes = 420 + 5 * (start % 120), 420 + 5 * (start % 120 + size)
        return "{:02}:{:02}:00".format(*divmod(minutes[0], 60)), "{:02}:{:02}:00".format(
            *divmod(minutes[1], 60)
        )
    if subtype == "interval":
        return f"{start} days", f"{start + size} days"
    return str(start), str(start + size)


def _stem(name: str) -> str:
    return name.removesuffix("range").removesuffix("multi")


def _range(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    return distinct_bounds(column_type, faker)


def _next_range(value: str, number: int, column_type: ColumnType, domain: ValueDomain) -> str:
    return re.sub(r"\d+", lambda found: str(int(found[0]) + number), value)


_OF_NUMBERS = ("int4", "int8", "num")
TYPES = (
    PgType(
        tuple(f"{stem}{plural}range" for stem in _OF_NUMBERS for plural in ("", "multi")),
        make=_range,
        next_distinct=_next_range,
    ),
    PgType(
        tuple(f"{s}{plural}range" for s in _SUBTYPES if s not in _OF_NUMBERS for plural in ("", "multi")),
        make=_range,
    ),
)
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


# By range type: the bounds of the range at a position.
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


def has_places(column_type: ColumnType) -> bool:
    """Whether :func:`range_at` returns ranges of a type."""
    return column_type.name in PLACES


def range_at(column: Column, place: int) -> str:
    """Return a short range that is disjoint from those at other positions.

    Args:
        column: of one of the types in :data:`PLACES`.
        place: the position, from 0.
    """
    first, last = PLACES[column.type.name](place)
    return f'["{first}","{last}")'


def ends_at(column: Column, place: int) -> tuple[Any, Any] | None:
    """Return the bounds of the range at a position, as values of the column; None if its type is no known subtype."""
    kind = _RANGES.get(column.type.name)
    if kind is None:
        return None
    first, last = PLACES[kind](place)
    read = int if kind in ("int4range", "int8range", "numrange") else _MOMENTS[kind]
    return read(first), read(last)


def shortly_after(first: Any, present: Any) -> Any:
    """Return the value one step (1, an hour, a day) after a number, timestamp or date; ``present`` for any other."""
    if isinstance(first, (int, float)):
        return first + 1
    if hasattr(first, "hour"):
        return first + timedelta(hours=1) if isinstance(first, date) else present
    return first + timedelta(days=1) if isinstance(first, date) else present
