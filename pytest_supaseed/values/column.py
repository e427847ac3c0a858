"""Value source of a column: :func:`value_source` chooses it by type, value domain and name."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from pytest_supaseed.constraints.domain import ColumnFacts
from pytest_supaseed.model.schema import Column, Table
from pytest_supaseed.model.type_families import (
    is_boolean,
    is_moment,
    is_number,
    is_time,
)
from pytest_supaseed.spec import DEFAULT_DATE, DEFAULT_LOCALE
from pytest_supaseed.values import nested
from pytest_supaseed.values.choosing import (
    chooser,
    listed_chooser,
    moment_chooser,
    number_chooser,
    written_draw,
)
from pytest_supaseed.values.meanings.context import Context, Row, ValueSource
from pytest_supaseed.values.meanings.lifecycle import columns_before, is_false, said_by, share_of_nulls
from pytest_supaseed.values.meanings.moments import followed
from pytest_supaseed.values.meanings.registry import writer
from pytest_supaseed.values.types.registry import type_of

if TYPE_CHECKING:
    from faker import Generator


_Choose = Callable[["Generator", Row], object]


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
    found = _source(Context(table, column, facts, columns_before(table, column, given), today, locale))
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
        choices = (False,) if is_false(context.words) else (False, True)
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
    written = writer(context)
    if written is not None:
        write, follows = written
        return ValueSource(
            chooser(context, written_draw(context, write)), tuple(dict.fromkeys((*follows, *compared)))
        )
    if kind.composite:
        return nested.composite(context, _within(context))
    if kind.subtype is not None:
        return nested.range_of(context, _within(context))
    declared = type_of(kind)
    if declared is None:
        return None
    make = declared.maker(column, context.table, context.facts)
    return ValueSource(chooser(context, lambda faker, row: make(faker, kind, context.facts)), compared)


def _within(context: Context) -> nested.SourceOf:
    """Return the factory of sources for parts of the column's values: elements, attributes and range bounds."""

    def source_of(table: Table, column: Column, facts: ColumnFacts) -> ValueSource | None:
        return value_source(table, column, facts, (), context.today, context.locale)

    return source_of
