"""All declared types: :func:`type_of` a column, and :func:`type_of_value` for a value that users supplied."""

from __future__ import annotations

from pytest_supaseed.model.schema import ColumnType
from pytest_supaseed.model.type_families import has_string_category, is_enum
from pytest_supaseed.values.types import date_time, documents, geometry, identifiers, numeric, ranges, text
from pytest_supaseed.values.types.pgtype import PgType

TYPES: tuple[PgType, ...] = (
    *date_time.TYPES,
    *documents.TYPES,
    *geometry.TYPES,
    *identifiers.TYPES,
    *numeric.TYPES,
    *ranges.TYPES,
    *text.TYPES,
)
_BY_NAME = {name: each for each in TYPES for name in each.names}
# A type for each Python class that has one, in the order in which subclasses come first.
_OF_CLASSES = (
    numeric.BOOLEAN,
    date_time.MOMENT,
    date_time.INTERVAL,
    identifiers.UUID,
    numeric.BYTEA,
    documents.JSON,
)
# Up to PostgreSQL 14 in the category of strings, though PostgreSQL reads no text of them.
_WITHOUT_TEXT = (
    *("pg_node_tree", "pg_ndistinct", "pg_dependencies", "pg_mcv_list"),
    *("pg_brin_bloom_summary", "pg_brin_minmax_multi_summary"),
)


def type_of(column_type: ColumnType) -> PgType | None:
    """Return the declaration of a type, for an array that of its elements; None if there is none."""
    # A composite type or enum may have the name of an extension's type.
    if column_type.unavailable or column_type.category == "C" or is_enum(column_type):
        return None
    if column_type.name in _WITHOUT_TEXT:
        return None
    pg_type = _BY_NAME.get(column_type.name)
    return text.STRING if pg_type is None and has_string_category(column_type) else pg_type


def type_of_value(value: object) -> PgType | None:
    """Return the declaration of the type whose values have a value's Python class; None for texts and numbers."""
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return None
    return next((pg_type for pg_type in _OF_CLASSES if pg_type.holds(value)), None)
