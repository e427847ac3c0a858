"""Families of PostgreSQL types: the predicates by which other modules tell a :class:`ColumnType` apart.

A predicate is about the base type; of an array, about the type of its elements. Next to the declarations of
:mod:`pytest_supaseed.values.types`, this is the only module that compares the names and categories of types.
"""

from __future__ import annotations

from collections.abc import Callable

from pytest_supaseed.model.schema import ColumnType

BOOLEAN = ColumnType("boolean", "bool", "B")
INTEGER = ColumnType("integer", "int4", "N")
NUMERIC = ColumnType("numeric", "numeric", "N")
TEXT = ColumnType("text", "text", "S")

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
is_time_with_time_zone = _named("timetz")
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
is_enum = _of_category("E")
is_range_of_dates = _named("daterange")
is_range = _of_category("R")
# ``pg_type.typcategory``, which extensions state for their types, too.
has_numeric_category = _of_category("N")
has_string_category = _of_category("S")
has_datetime_category = _of_category("D")


def is_string(column_type: ColumnType) -> bool:
    """Whether a type is written as text: one of :data:`is_text`, or an extension's of the string category."""
    return is_text(column_type) or has_string_category(column_type)


_INTEGER_LIMITS = {
    name: (-(2**bits), 2**bits - 1) for name, bits in zip(_INTEGERS, (15, 31, 63), strict=True)
}
_TEXT_CASTS = ("text", "character varying")
# By type: casts that change no comparison with a constant, as PostgreSQL prints them.
_HARMLESS_CASTS: dict[str, tuple[str, ...]] = {
    "int2": ("smallint", "integer", "bigint", "numeric", "real", "double precision"),
    "int4": ("integer", "bigint", "numeric", "double precision"),
    "int8": ("bigint", "numeric"),
    "numeric": ("numeric",),
    "float4": ("real", "double precision"),
    "float8": ("double precision",),
    "bpchar": ("bpchar", "character", *_TEXT_CASTS),
    "citext": ("citext", *_TEXT_CASTS),
    "json": ("json", "jsonb"),
    "jsonb": ("json", "jsonb"),
    "date": ("date", "timestamp without time zone"),
    "timestamp": ("timestamp without time zone",),
    "timestamptz": ("timestamp with time zone",),
    **dict.fromkeys(("text", "varchar", "name", "char"), _TEXT_CASTS),
}
# Boolean, date/time, enum, network address, numeric, timespan and bit-string types.
_SCALAR_CATEGORIES = "BDEINTV"
_SCALARS = ("uuid", "bytea", "xml")
_TEXT_WIDTHS = {"uuid": 36, "date": 10, "time": 8, "timestamp": 19, "timestamptz": 22, "bool": 5}


def is_scalar(column_type: ColumnType) -> bool:
    """Whether a value of a type has no parts, as a number, a moment or an address; texts may hold a document."""
    return column_type.category in _SCALAR_CATEGORIES or column_type.name in _SCALARS


def integer_limits(column_type: ColumnType) -> tuple[int, int] | None:
    """Return the least and the greatest value of an integer type, None for any other type."""
    return _INTEGER_LIMITS.get(column_type.name)


def harmless_casts(column_type: ColumnType) -> tuple[str, ...]:
    """Return the casts that change no comparison of a type's values with a constant, as PostgreSQL prints them.

    Example:
        >>> harmless_casts(NUMERIC)
        ('numeric',)
    """
    return _HARMLESS_CASTS.get(column_type.name, ("text",) if is_enum(column_type) else ())


def text_width(column_type: ColumnType) -> int | None:
    """Return how many characters a usual value has as text, None where it depends on the value."""
    return _TEXT_WIDTHS.get(column_type.name)
