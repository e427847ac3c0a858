"""Values composed of other values: arrays, rows of composite types, and ranges over any subtype.

Each function takes a ``source_of`` that returns the source of the parts: elements, attributes, bounds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_supaseed.constraints.column import column_facts
from pytest_supaseed.constraints.domain import NOTHING, ColumnFacts
from pytest_supaseed.model.schema import Check, Column, ColumnType, Table, TableName
from pytest_supaseed.values import choosing
from pytest_supaseed.values.choosing import chooser
from pytest_supaseed.values.meanings.context import Context, Row, ValueSource
from pytest_supaseed.values.types import ranges

if TYPE_CHECKING:
    from faker import Generator


SourceOf = Callable[[Table, Column, ColumnFacts], "ValueSource | None"]
_ELEMENTS = (1, 3)
_DRAWS = 5


def array(context: Context, source_of: SourceOf) -> ValueSource:
    """Return the source of arrays, empty ones if no element can be generated."""
    facts = context.facts
    element = element_column(context.column)
    # The table's keys and CHECKs are about the array, not an element.
    table = replace(context.table, columns=(element,), uniques=(), checks=(), foreign_keys=())
    source = source_of(table, element, element_facts(facts))
    least = max(_ELEMENTS[0], facts.minimum_length or 0)
    most = max(least, _ELEMENTS[1])
    if facts.maximum_length is not None:
        most = min(most, facts.maximum_length)
        least = min(least, most)
    if source is None:
        least = most = 0
    if most < 0 or most < (facts.minimum_length or 0):
        return ValueSource(choosing.impossible(context))
    dimensions = context.column.type.dimensions

    def elements(faker: Generator, row: Row, wanted: int) -> list[object]:
        if source is None:
            return []
        if not source.choices:
            return [*_different(lambda: source.choose(faker, row), wanted)]
        if wanted <= len(source.choices):
            return list(faker.random.sample(source.choices, wanted))
        return [faker.random.choice(source.choices) for _ in range(wanted)]

    def choose(faker: Generator, row: Row) -> object:
        wanted = faker.random.randint(least, most)
        found = elements(faker, row, wanted)
        # Inner arrays of a multidimensional array have equal lengths.
        for _ in range(dimensions - 1 if found else 0):
            found = [found, [*found[1:], found[0]]]
        return found

    return ValueSource(choose)


def _different(draw: Callable[[], object], wanted: int) -> Iterator[object]:
    """Draw values, with texts distinct if a few draws suffice."""
    seen = []
    for _ in range(wanted):
        value = draw()
        for _ in range(_DRAWS if isinstance(value, str) else 0):
            if value not in seen:
                break
            value = draw()
        seen.append(value)
        yield value


def element_column(column: Column) -> Column:
    """Return a column of the element type of an array column."""
    return replace(column, type=column.type.element_type)


def element_facts(facts: ColumnFacts) -> ColumnFacts:
    """Return the value domain of an array's elements."""
    return facts.element or NOTHING


def composite(context: Context, source_of: SourceOf) -> ValueSource | None:
    """Return the source of a composite type's rows, as tuples; None if a NOT NULL attribute cannot be generated."""
    table = table_of_attributes(context)
    sources: dict[str, ValueSource] = {}
    for column in table.columns:
        source = source_of(table, column, column_facts(table, column))
        if source is not None:
            sources[column.name] = source
        elif not column.nullable:
            return None
    if not sources:
        return None
    order: list[str] = []
    while len(order) < len(sources):
        # The ``uses`` of attributes never form a cycle, so a next one always exists.
        order.append(
            next(
                name
                for name, source in sources.items()
                if name not in order and {*source.uses} & sources.keys() <= {*order}
            )
        )

    def choose(faker: Generator, row: Row) -> object:
        made: dict[str, object] = dict.fromkeys(column.name for column in table.columns)
        for name in order:
            made[name] = sources[name].choose(faker, made)
        return tuple(made.values())

    return ValueSource(choose)


def table_of_attributes(context: Context) -> Table:
    """Return a table whose columns are the attributes of a composite column, with the CHECKs about these alone."""
    kind = context.column.type
    columns = tuple(Column(found.name, found.type, found.nullable) for found in kind.attributes)
    checks = []
    subjects = [("VALUE", check) for check in kind.checks]
    subjects += [(context.column.name, c) for c in context.table.checks if context.column.name in c.columns]
    for subject, check in subjects:
        about = re.compile(rf'\("?{re.escape(subject)}"?\)\.(?="?\w)')
        expression = about.sub("", check.expression)
        used = tuple(name for name in (column.name for column in columns) if _names(expression, name))
        # A CHECK that involves other columns of the table does not constrain the attributes alone.
        if expression != check.expression and used and (subject == "VALUE" or len(check.columns) == 1):
            checks.append(Check(check.name, expression, used))
    return Table(TableName("", kind.name), columns, checks=tuple(checks))


def _names(expression: str, name: str) -> bool:
    return re.search(rf'(?<![\w"]){re.escape(name)}(?!\w)|"{re.escape(name)}"', expression) is not None


def range_of(context: Context, source_of: SourceOf) -> ValueSource | None:
    """Return the source of a range or multirange column whose subtype is known; None if no bound can be generated."""
    kind = context.column.type
    subtype: ColumnType | None = kind.subtype
    assert subtype is not None  # noqa: S101 for the type checker
    if ranges.of_subtype(subtype):
        return ValueSource(chooser(context, lambda faker, row: ranges.ends_made(kind, faker)))
    end = Column(context.column.name, subtype)
    table = Table(TableName("", kind.name), (end,))
    source = source_of(table, end, column_facts(table, end))
    if source is None:
        return None
    choose = source.choose
    return ValueSource(lambda faker, row: ranges.single(kind, lambda: choose(faker, {})))
