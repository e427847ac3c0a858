"""Which way the values of a column are chosen: by its type first, then by its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import time, timezone
from typing import TYPE_CHECKING

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.constraints.literals import NUMBERS, TEXTS, TIMES
from pytest_supaseed.schema import Column, Table
from pytest_supaseed.values import choosing, intervals, moments, named, nested, networks, others
from pytest_supaseed.values.context import Context
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
    table: Table, column: Column, facts: ColumnFacts, given: Collection[str] = ()
) -> ValueSource | None:
    """Return where the values of a column come from.

    Args:
        table: the table.
        column: one of its columns.
        facts: what :func:`~pytest_supaseed.constraints.column_facts` says of it.
        given: columns whose values are there before any is made, so that this one can be fitted to them.

    Returns:
        The source; None where no value of the type can be made. Its ``choose`` raises a
        :class:`~pytest_supaseed.errors.GenerateError` where the constraints leave nothing that it finds.
    """
    context = Context(table, column, facts, frozenset(given))
    if column.type.array:
        return nested.array(context, value_source)
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
        return ValueSource(choosing.number(context), compared)
    if name in TIMES:
        before = tuple(
            other.name
            for other in context.earlier
            if other.type.name in TIMES
            and name != "time"
            and other.type.name != "time"
            and not other.type.array
            and moments.precedes(other.name, column.name)
        )
        if name == "time":
            before = tuple(
                other.name
                for other in context.earlier
                if other.type.name == "time" and moments.precedes(other.name, column.name)
            )
        return ValueSource(choosing.moment(context, before), tuple(dict.fromkeys((*before, *compared))))
    if name == "timetz":
        return ValueSource(lambda faker, row: time(faker.random.randint(7, 19), 15, tzinfo=timezone.utc))
    fields = intervals.fields_of(column.type) if name == "interval" else None
    if fields is not None:
        return ValueSource(lambda faker, row: intervals.interval_of(fields, faker.random))
    if name == "interval":
        return ValueSource(lambda faker, row: moments.interval(column.name, faker.random))
    if name in TEXTS or column.type.category == "S":
        return ValueSource(choosing.text(context), tuple(dict.fromkeys((*named.uses(context), *compared))))
    if column.type.composite:
        return nested.composite(context, value_source)
    if column.type.subtype is not None:
        return nested.range_of(context, value_source)
    make = others.maker(column.type)
    if name in ("inet", "cidr") and networks.is_version_6(column, context.table):
        make = networks.version_6
    if make is None:
        return None
    stated = with_stated_modifiers(column, context.table)
    return ValueSource(
        choosing.other(context, lambda faker, kind, facts: make(faker, stated, facts)), compared
    )
