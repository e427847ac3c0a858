"""Which way the values of a column are chosen: by its type first, then by its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, time, timezone
from typing import TYPE_CHECKING

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.constraints.literals import NUMBERS, TEXTS, TIMES
from pytest_supaseed.schema import Column, Table
from pytest_supaseed.spec import DEFAULT_DATE, DEFAULT_LOCALE
from pytest_supaseed.values import choosing, intervals, nested, networks, others
from pytest_supaseed.values.context import Context
from pytest_supaseed.values.lifetimes import followed
from pytest_supaseed.values.optional import said_by, share_of_nulls
from pytest_supaseed.values.source import Row, ValueSource
from pytest_supaseed.values.stated import with_stated_modifiers

if TYPE_CHECKING:
    from faker import Generator

_Choose = Callable[["Generator", Row], object]
# A row that is there is, as a rule, neither deleted nor banned.
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
    """Return where the values of a column come from.

    Args:
        table: the table.
        column: one of its columns.
        facts: what :func:`~pytest_supaseed.constraints.column_facts` says of it.
        given: columns whose values are there before any is made, so that this one can be fitted to them.
        today: the day that the rows take for today.
        locale: Faker's locale.

    Returns:
        The source; None where no value of the type can be made. Its ``choose`` raises a
        :class:`~pytest_supaseed.errors.GenerateError` where the constraints leave nothing that it finds.
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
        return ValueSource(choosing.listed(context), tuple(name for _, name in context.compared))
    return _scalar(context)


def _scalar(context: Context) -> ValueSource | None:
    column = context.column
    name = column.type.name
    if name == "bool":
        choices = (False,) if _GONE.search(context.words) else (False, True)
        return ValueSource(lambda faker, row: faker.random.choice(choices), (), choices)
    compared = tuple(other for _, other in context.compared)
    if name in NUMBERS:
        choose, follows = choosing.number(context)
        return ValueSource(choose, tuple(dict.fromkeys((*follows, *compared))))
    if name in TIMES:
        # A time of day is compared with others of its kind alone.
        alike = [
            other
            for other in context.earlier
            if other.type.name in TIMES
            and not other.type.array
            and (other.type.name == "time") == (name == "time")
        ]
        before = followed(column.name, alike)
        said = said_by(context.table, column, context.earlier) if not context.facts.required else None
        choose_moment = choosing.moment(context, before)
        if said is not None:
            return ValueSource(
                lambda faker, row: None if row.get(said) is False else choose_moment(faker, row),
                tuple(dict.fromkeys((said, *before, *compared))),
            )
        return ValueSource(choose_moment, tuple(dict.fromkeys((*before, *compared))))
    if name == "timetz":
        return ValueSource(lambda faker, row: time(faker.random.randint(7, 19), 15, tzinfo=timezone.utc))
    if name == "interval":
        return ValueSource(lambda faker, row: intervals.interval(column, context.facts, faker.random))
    if name in TEXTS or column.type.category == "S":
        choose, follows = choosing.text(context)
        return ValueSource(choose, tuple(dict.fromkeys((*follows, *compared))))
    if column.type.composite:
        return nested.composite(context, _within(context))
    if column.type.subtype is not None:
        return nested.range_of(context, _within(context))
    make = others.maker(column.type)
    if name in ("inet", "cidr") and networks.is_version_6(column, context.table):
        make = networks.version_6
    if make is None:
        return None
    stated = with_stated_modifiers(column, context.table)
    return ValueSource(
        choosing.other(context, lambda faker, kind, facts: make(faker, stated, facts)), compared
    )


def _within(context: Context) -> nested.SourceOf:
    """What makes the values that a value of the column is made of."""

    def source_of(table: Table, column: Column, facts: ColumnFacts) -> ValueSource | None:
        return value_source(table, column, facts, (), context.today, context.locale)

    return source_of
