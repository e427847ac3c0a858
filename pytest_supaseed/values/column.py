"""Value source of a column: :func:`value_source` chooses it by type, value domain and name.

:func:`maker` finds the maker of types that are neither text, number nor time, and :func:`with_stated_modifiers` takes
a type's modifiers from CHECKs.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, time, timezone
from typing import TYPE_CHECKING, Any

from pytest_supaseed.constraints.domain import ColumnFacts
from pytest_supaseed.model.schema import Column, ColumnType, Table
from pytest_supaseed.model.type_families import (
    is_address,
    is_boolean,
    is_interval,
    is_moment,
    is_number,
    is_string,
    is_time,
    is_time_with_time_zone,
)
from pytest_supaseed.spec import DEFAULT_DATE, DEFAULT_LOCALE
from pytest_supaseed.values import nested
from pytest_supaseed.values.choosing import (
    listed_chooser,
    moment_chooser,
    number_chooser,
    other_chooser,
    text_chooser,
)
from pytest_supaseed.values.meanings.context import Context, Row, ValueSource
from pytest_supaseed.values.meanings.lifecycle import said_by, share_of_nulls
from pytest_supaseed.values.meanings.moments import followed
from pytest_supaseed.values.types import intervals
from pytest_supaseed.values.types.catalog import ARTICLE_MAKERS, CATALOG_MAKERS
from pytest_supaseed.values.types.documents import DOCUMENT_MAKERS
from pytest_supaseed.values.types.geometry import GEOGRAPHY_MAKERS, SHAPE_MAKERS, VECTOR_MAKERS
from pytest_supaseed.values.types.maker import Maker
from pytest_supaseed.values.types.network import NETWORK_MAKERS, is_version_6, version_6
from pytest_supaseed.values.types.ranges import RANGE_MAKERS

if TYPE_CHECKING:
    from faker import Generator


_VECTORS = ("vector", "halfvec", "sparsevec")
_GEOMETRIES = ("geometry", "geography")


def with_stated_modifiers(column: Column, table: Table) -> ColumnType:
    """Return a column's type with the modifiers that CHECKs state: a vector's dimensions, a geometry's type and SRID.

    Returns:
        The type, with another ``base`` if it has no modifiers of its own and a CHECK states some.
    """
    kind = column.type
    if kind.name not in (*_VECTORS, *_GEOMETRIES) or "(" in kind.spelling:
        return kind
    checks = [check.expression for check in (*table.checks, *kind.checks)]
    about = rf'\("?(?:{re.escape(column.name)}|VALUE)"?\) = '
    if kind.name in _VECTORS:
        size = _stated(checks, rf"\bvector_dims{about}(\d+)")
        return kind if size is None else replace(kind, base=f"{kind.name}({size})")
    system = _stated(checks, rf"(?i)\bst_srid{about}(\d+)")
    shape = _stated(checks, rf"(?i)\b(?:st_)?geometrytype{about}'(?:st_)?(\w+)'")
    if system is None and shape is None:
        return kind
    return replace(kind, base=f"{kind.name}({shape or 'Point'},{system or 0})")


def _stated(checks: list[str], pattern: str) -> str | None:
    return next((found[1] for check in checks if (found := re.search(pattern, check))), None)


_DEFAULT_BITS = 8
_MOST_BITS = 64


def _bits(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    length = column_type.length if column_type.length is not None else _DEFAULT_BITS
    fixed = column_type.name == "bit"
    return "".join(faker.random.choices("01", k=length if fixed else max(1, min(length, _MOST_BITS))))


def _uuid(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> uuid.UUID:
    return uuid.UUID(int=faker.random.getrandbits(128), version=4)


_MAKERS: dict[str, Maker] = {
    "uuid": _uuid,
    **dict.fromkeys(("bit", "varbit"), _bits),
    **ARTICLE_MAKERS,
    **CATALOG_MAKERS,
    **DOCUMENT_MAKERS,
    **GEOGRAPHY_MAKERS,
    **NETWORK_MAKERS,
    **RANGE_MAKERS,
    **SHAPE_MAKERS,
    **VECTOR_MAKERS,
}


def maker(column_type: ColumnType) -> Maker | None:
    """Return the maker of a type, for an array that of its elements; None if there is none."""
    # A composite type or enum may have the name of an extension's type.
    if column_type.unavailable or column_type.category in ("C", "E"):
        return None
    return _MAKERS.get(column_type.name)


_Choose = Callable[["Generator", Row], object]
# Booleans that are false in an ordinary row.
_GONE = re.compile(
    r"_(deleted|archived|banned|blocked|suspended|disabled|hidden|cancell?ed|revoked|removed|locked|spam)_$"
)


def value_source(
    table: Table,
    column: Column,
    facts: ColumnFacts,
    given: Collection[str] = (),
    today: date = DEFAULT_DATE,
    locale: str = DEFAULT_LOCALE,
) -> ValueSource | None:
    """Return the source of a column's values.

    Args:
        table: the table.
        column: one of its columns.
        facts: the value domain from :func:`~pytest_supaseed.constraints.column.column_facts`.
        given: columns whose values are known before any is generated, so that this one can depend on them.
        today: the reference date of the rows.
        locale: Faker's locale.

    Returns:
        The source; None if no value of the type can be generated. Its ``choose`` raises a
        :class:`~pytest_supaseed.errors.GenerateError` if it finds no value that the constraints accept.
    """
    found = _source(Context(table, column, facts, frozenset(given), today, locale))
    if found is None:
        return None
    return replace(found, nulls=share_of_nulls(table, column, facts), today=today)


def _source(context: Context) -> ValueSource | None:
    facts = context.facts
    if context.column.type.array:
        return nested.array(context, _within(context))
    allowed = facts.allowed
    if allowed and not context.compared:
        return ValueSource(lambda faker, row: faker.random.choice(allowed), (), allowed)
    if allowed is not None:
        return ValueSource(listed_chooser(context), tuple(name for _, name in context.compared))
    return _scalar(context)


def _scalar(context: Context) -> ValueSource | None:
    column = context.column
    kind = column.type
    if is_boolean(kind):
        choices = (False,) if _GONE.search(context.words) else (False, True)
        return ValueSource(lambda faker, row: faker.random.choice(choices), (), choices)
    compared = tuple(other for _, other in context.compared)
    if is_number(kind):
        choose, follows = number_chooser(context)
        return ValueSource(choose, tuple(dict.fromkeys((*follows, *compared))))
    if is_moment(kind):
        # A time of day cannot be compared with dates and timestamps.
        alike = [
            other
            for other in context.earlier
            if is_moment(other.type) and not other.type.array and is_time(other.type) == is_time(kind)
        ]
        before = followed(column.name, alike)
        said = said_by(context.table, column, context.earlier) if not context.facts.required else None
        choose_moment = moment_chooser(context, before)
        if said is not None:
            return ValueSource(
                lambda faker, row: None if row.get(said) is False else choose_moment(faker, row),
                tuple(dict.fromkeys((said, *before, *compared))),
            )
        return ValueSource(choose_moment, tuple(dict.fromkeys((*before, *compared))))
    if is_time_with_time_zone(kind):
        return ValueSource(lambda faker, row: time(faker.random.randint(7, 19), 15, tzinfo=timezone.utc))
    if is_interval(kind):
        return ValueSource(lambda faker, row: intervals.interval(column, context.facts, faker.random))
    if is_string(kind):
        choose, follows = text_chooser(context)
        return ValueSource(choose, tuple(dict.fromkeys((*follows, *compared))))
    if kind.composite:
        return nested.composite(context, _within(context))
    if kind.subtype is not None:
        return nested.range_of(context, _within(context))
    make = maker(kind)
    if is_address(kind) and is_version_6(column, context.table):
        make = version_6
    if make is None:
        return None
    stated = with_stated_modifiers(column, context.table)
    return ValueSource(other_chooser(context, lambda faker, _, facts: make(faker, stated, facts)), compared)


def _within(context: Context) -> nested.SourceOf:
    """Return the factory of sources for parts of the column's values: elements, attributes and range bounds."""

    def source_of(table: Table, column: Column, facts: ColumnFacts) -> ValueSource | None:
        return value_source(table, column, facts, (), context.today, context.locale)

    return source_of
