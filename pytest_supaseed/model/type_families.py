"""Families of PostgreSQL types: the predicates by which other modules tell a :class:`ColumnType` apart, and traits.

:data:`TRAITS` say of the types how a constant is read, for which the layers below the values ask, too.

A predicate is about the base type; of an array, about the type of its elements. Next to the declarations of
:mod:`pytest_supaseed.values.types`, this is the only module that compares the names and categories of types.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

from pytest_supaseed.model.schema import ColumnType

BOOLEAN = ColumnType("boolean", "bool", "B")
INTEGER = ColumnType("integer", "int4", "N")
NUMERIC = ColumnType("numeric", "numeric", "N")
TEXT = ColumnType("text", "text", "S")
BIGINT = ColumnType("bigint", "int8", "N")
DOUBLE = ColumnType("double precision", "float8", "N")
JSONB = ColumnType("jsonb", "jsonb")
BYTEA = ColumnType("bytea", "bytea")
UUID = ColumnType("uuid", "uuid")
INTERVAL = ColumnType("interval", "interval", "T")
DATE, TIME = ColumnType("date", "date", "D"), ColumnType("time without time zone", "time", "D")
TIMESTAMP = ColumnType("timestamp without time zone", "timestamp", "D")
TIMESTAMPTZ = ColumnType("timestamp with time zone", "timestamptz", "D")

Predicate = Callable[[ColumnType], bool]
_INTEGERS = ("int2", "int4", "int8")
_FLOATS = ("float4", "float8")
_TEXTS = ("text", "varchar", "bpchar", "citext", "name", "char")
_CALENDAR = ("date", "timestamp", "timestamptz")


def _named(*names: str) -> Predicate:
    known = frozenset(names)
    return lambda column_type: column_type.name in known


def _of_category(category: str) -> Predicate:
    return lambda column_type: column_type.category == category


is_boolean = _named("bool")
is_integer = _named(*_INTEGERS)
is_smallint = _named("int2")
is_oid = _named("oid")
# Python's int: the integers, and the identifiers of objects.
is_whole = _named(*_INTEGERS, "oid")
is_real = _named("float4")
is_float = _named(*_FLOATS)
is_numeric = _named("numeric")
is_money = _named("money")
is_number = _named(*_INTEGERS, "numeric", *_FLOATS, "money", "oid")
# Types that PostgreSQL compares and matches as texts; extensions have more types of the string category.
is_text = _named(*_TEXTS)
is_varchar = _named("varchar")
is_citext = _named("citext")
is_padded_text = _named("bpchar")
# The internal type "char", of one byte.
is_single_byte = _named("char")
is_date = _named("date")
is_timestamp = _named("timestamp")
is_timestamp_with_time_zone = _named("timestamptz")
is_date_or_timestamp = _named(*_CALENDAR)
is_time = _named("time")
# Moments that are comparable without a time zone of their own: all date and time types but ``timetz``.
is_moment = _named(*_CALENDAR, "time")
is_datetime = _named(*_CALENDAR, "time", "timetz")
is_interval = _named("interval")
is_bit = _named("bit")
is_bit_string = _named("bit", "varbit")
is_network = _named("inet", "cidr")
is_uuid = _named("uuid")
is_json = _named("json", "jsonb")
is_bytea = _named("bytea")
is_hstore = _named("hstore")
is_search_vector = _named("tsvector")
is_xml = _named("xml")
is_enum = _of_category("E")
is_range_of_dates = _named("daterange")
is_range_of_moments = _named("daterange", "tsrange", "tstzrange")
is_range = _of_category("R")
# ``pg_type.typcategory``, which extensions state for their types, too.
has_numeric_category = _of_category("N")
has_string_category = _of_category("S")
has_datetime_category = _of_category("D")


def is_string(column_type: ColumnType) -> bool:
    """Whether a type is written as text: one of :data:`is_text`, or an extension's of the string category."""
    return is_text(column_type) or has_string_category(column_type)


_DATE = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?([+-]\d\d(?::?\d\d)?)?"
)
_TIME = re.compile(r"(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?")
# Longer numbers count as no constant: expanding an exponent such as 1e99999999 would take minutes.
_MOST_DIGITS = 200


def _number(text: str) -> Decimal:
    cleaned = text.strip()
    if len(cleaned) > _MOST_DIGITS or "_" in cleaned:
        raise ValueError(text)
    try:
        number = Decimal(cleaned)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise ValueError(text)
    return number


def _whole(text: str) -> int | Decimal:
    number = _number(text)
    return int(number) if number == number.to_integral_value() else number


def _money(text: str) -> Decimal:
    return _number(text.replace("$", "").replace(",", ""))


def _boolean(text: str) -> bool:
    if text not in ("true", "false", "t", "f"):
        raise ValueError(text)
    return text.startswith("t")


def _moment(text: str) -> tuple[datetime, str | None]:
    """Return a timestamp and its offset from UTC, which may be missing."""
    found = _DATE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    return datetime(year, month, day, hour, minute, second, int((found[7] or "").ljust(6, "0"))), found[8]


def _date(text: str) -> date:
    moment, offset = _moment(text)
    if moment.time() != time() or offset:
        raise ValueError("a date is not compared with that by its day alone")
    return moment.date()


def _timestamp(text: str) -> datetime:
    moment, offset = _moment(text)
    if offset:
        raise ValueError("what that is without a zone depends on the session's")
    return moment


def _timestamp_with_time_zone(text: str) -> datetime:
    moment, offset = _moment(text)
    if not offset:
        raise ValueError("what that is with a zone depends on the session's")
    digits = offset.replace(":", "").ljust(5, "0")
    return datetime.strptime(f"{moment:%Y-%m-%d %H:%M:%S.%f}{digits}", "%Y-%m-%d %H:%M:%S.%f%z").astimezone(
        timezone.utc
    )


def _time(text: str) -> time:
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError(text)
    hour, minute, second = (int(part or 0) for part in found.groups()[:3])
    return time(hour, minute, second, int((found[4] or "").ljust(6, "0")))


@dataclass(frozen=True)
class Traits:
    """What the types of some names have in common besides how values of them are made.

    Attributes:
        names: ``pg_type.typname`` of each.
        read: takes a constant's text as PostgreSQL prints it, returns the Python value that it is compared as; raises a
            ``ValueError`` for a text that is none.
        casts: casts that change no comparison with a constant, as PostgreSQL prints them.
        width: how many characters a usual value has as text, None where it depends on the value.
        limits: the least and the greatest value of an integer type.
    """

    names: tuple[str, ...]
    read: Callable[[str], Any] = str
    casts: tuple[str, ...] = ()
    width: int | None = None
    limits: tuple[int, int] | None = None


_TEXT_CASTS = ("text", "character varying")
# A type that is not here is read and compared as its text.
TRAITS = (
    Traits(("bool",), _boolean, width=5),
    Traits(
        ("int2",),
        _whole,
        ("smallint", "integer", "bigint", "numeric", "real", "double precision"),
        limits=(-(2**15), 2**15 - 1),
    ),
    Traits(
        ("int4",), _whole, ("integer", "bigint", "numeric", "double precision"), limits=(-(2**31), 2**31 - 1)
    ),
    Traits(("int8",), _whole, ("bigint", "numeric"), limits=(-(2**63), 2**63 - 1)),
    Traits(("oid",), _whole),
    Traits(("numeric",), _number, ("numeric",)),
    Traits(("float4",), _number, ("real", "double precision")),
    Traits(("float8",), _number, ("double precision",)),
    Traits(("money",), _money),
    Traits(("text", "varchar", "name", "char"), casts=_TEXT_CASTS),
    Traits(("bpchar",), casts=("bpchar", "character", *_TEXT_CASTS)),
    Traits(("citext",), casts=("citext", *_TEXT_CASTS)),
    Traits(("date",), _date, ("date", "timestamp without time zone"), width=10),
    Traits(("timestamp",), _timestamp, ("timestamp without time zone",), width=19),
    Traits(("timestamptz",), _timestamp_with_time_zone, ("timestamp with time zone",), width=22),
    Traits(("time",), _time, width=8),
    Traits(("uuid",), uuid.UUID, width=36),
    Traits(("json", "jsonb"), json.loads, ("json", "jsonb")),
)
_BY_NAME = {name: traits for traits in TRAITS for name in traits.names}
_UNKNOWN = Traits(())


def _traits(column_type: ColumnType) -> Traits:
    return _BY_NAME.get(column_type.name, _UNKNOWN)


def value_of(text: str, column_type: ColumnType) -> Any:
    """Return the Python value that a constant of a type is compared as; its text if no other is declared.

    Args:
        text: as PostgreSQL prints it.
        column_type: the type.

    Raises:
        ValueError: the text is no value of that type, or not one that can be compared.
        OverflowError: the value is beyond the range of Python's.
    """
    return _traits(column_type).read(text)


# Boolean, date/time, enum, network address, numeric, timespan and bit-string types.
_SCALAR_CATEGORIES = "BDEINTV"
_SCALARS = ("uuid", "bytea", "xml")


def is_scalar(column_type: ColumnType) -> bool:
    """Whether a value of a type has no parts, as a number, a moment or an address; texts may hold a document."""
    return column_type.category in _SCALAR_CATEGORIES or column_type.name in _SCALARS


def integer_limits(column_type: ColumnType) -> tuple[int, int] | None:
    """Return the least and the greatest value of an integer type, None for any other type."""
    return _traits(column_type).limits


def harmless_casts(column_type: ColumnType) -> tuple[str, ...]:
    """Return the casts that change no comparison of a type's values with a constant, as PostgreSQL prints them.

    Example:
        >>> harmless_casts(NUMERIC)
        ('numeric',)
    """
    return _traits(column_type).casts or (("text",) if is_enum(column_type) else ())


def text_width(column_type: ColumnType) -> int | None:
    """Return how many characters a usual value has as text, None where it depends on the value."""
    return _traits(column_type).width
