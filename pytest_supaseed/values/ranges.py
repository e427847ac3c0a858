"""Ranges and multiranges: PostgreSQL's own, and those that a user makes of another subtype."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.constraints.literals import NUMBERS
from pytest_supaseed.copytext import typed_text
from pytest_supaseed.schema import ColumnType
from pytest_supaseed.values.maker import Maker

_START = date(2024, 1, 1)
_SUBTYPES = {
    "int4": "int4",
    "int8": "int8",
    "num": "numeric",
    "ts": "timestamp",
    "tstz": "timestamptz",
    "date": "date",
}
# Of a type that was built by hand only the name need be known.
_MULTIRANGES = tuple(f"{stem}multirange" for stem in _SUBTYPES)
_CALENDAR = ("date", "timestamp", "timestamptz")


def of_subtype(subtype: ColumnType) -> bool:
    """Whether ends of a range can be told from one another without asking PostgreSQL.

    Args:
        subtype: of the range.
    """
    plain = subtype.domain is None and not subtype.array
    return plain and (subtype.name in (*NUMBERS, *_CALENDAR, "time") or subtype.name == "interval")


def ends_made(column_type: ColumnType, faker: Any) -> str:
    """Make a range whose ends differ.

    Args:
        column_type: a range or multirange for which :func:`of_subtype` holds.
        faker: draws.
    """
    subtype = column_type.subtype.name if column_type.subtype else _SUBTYPES[_stem(column_type.name)]
    first, last = _ends(subtype, faker.random)
    return _spelt(column_type, f"[{first},{last})")


def single(column_type: ColumnType, choose: Callable[[], object]) -> str:
    """Make a range of one value, which is in order in whatever way the values are.

    Args:
        column_type: a range or multirange.
        choose: makes a value of its subtype.
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


def _range(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    return ends_made(column_type, faker)


MAKERS: dict[str, Maker] = {f"{stem}{plural}range": _range for stem in _SUBTYPES for plural in ("", "multi")}
