"""Value source of a column: :func:`value_source` chooses it by type, value domain and meaning.

The functions for values that are composed of others (arrays, rows of composite types, ranges over any subtype) stand at
the end. Each takes a ``source_of`` that returns the source of the parts: elements, attributes, bounds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from pytest_supaseed.constraints.column import value_domain
from pytest_supaseed.constraints.domain import UNCONSTRAINED, ValueDomain, accepts
from pytest_supaseed.errors import NoColumnValueError
from pytest_supaseed.model.identifiers import spelt
from pytest_supaseed.model.referenced import ReferencedTable
from pytest_supaseed.model.schema import Check, Column, ColumnType, Table, TableName
from pytest_supaseed.model.type_families import is_boolean, is_moment, is_number, is_string, is_time
from pytest_supaseed.values.choosing import (
    Choose,
    chooser,
    copying,
    ending_period,
    ending_term,
    impossible,
    listed_chooser,
    may_be_null,
    moment_chooser,
    number_chooser,
    written_draw,
)
from pytest_supaseed.values.declared import bound, validated
from pytest_supaseed.values.meanings.context import USUAL_SETTING, Context, Row, RowSetting, ValueSource
from pytest_supaseed.values.meanings.copies import copied
from pytest_supaseed.values.meanings.formulas.equations import is_determined
from pytest_supaseed.values.meanings.formulas.flags import Level, flag_of, level_of
from pytest_supaseed.values.meanings.formulas.time_spans import billing_period_of, span, term_of
from pytest_supaseed.values.meanings.generation_order import columns_before, is_false, said_by, share_of_nulls
from pytest_supaseed.values.meanings.moments import followed, same_days
from pytest_supaseed.values.meanings.parents import times_of_parents
from pytest_supaseed.values.meanings.registry import meaning_of, writer
from pytest_supaseed.values.meanings.stages import (
    choice_of,
    parents_followed,
    rule_of,
    usual_labels,
    weights_of,
)
from pytest_supaseed.values.ruled import chosen, ruled
from pytest_supaseed.values.types import ranges
from pytest_supaseed.values.types.registry import type_of
from pytest_supaseed.values.types.text import accepted, next_text

if TYPE_CHECKING:
    from faker import Generator


def value_source(
    table: Table,
    column: Column,
    domain: ValueDomain,
    supplied: Collection[str] = (),
    setting: RowSetting = USUAL_SETTING,
    parents: tuple[ReferencedTable, ...] = (),
) -> ValueSource | None:
    """Return the source of a column's values.

    Args:
        table: the table.
        column: one of its columns.
        domain: the value domain from :func:`~pytest_supaseed.constraints.column.value_domain`.
        supplied: columns whose values are known before any is generated, so that this one can depend on them.
        setting: the reference date of the rows, and Faker's locale.
        parents: the tables that the row references, whose columns this one may follow.

    Returns:
        The source; None if no value of the type can be generated. Its ``choose`` raises a
        :class:`~pytest_supaseed.errors.GenerateError` if it finds no value that the constraints accept.
    """
    before = columns_before(table, column, supplied)
    if parents and setting.staged:
        parents = parents_followed(table, column, parents, supplied)
    context = Context(table, column, domain, before, setting, parents=parents)
    declared = column.declared
    if declared is None:
        found = _source(context)
    elif declared.binding is not None and domain.allowed is None:
        found = bound(context, _within(context, context.earlier))
    else:
        found = _source(_worded(context, declared.words))
        if found is not None:
            found = validated(context, found)
    if found is None:
        return None
    if declared is None and context.compared and column.nullable and accepts(domain, None):
        found = replace(found, choose=_or_null(found.choose))
    copy = copied(table, column, parents) if parents else None
    if copy is not None:
        return copying(context, copy, found)
    if declared is not None and declared.judges_null:
        return found
    level = level_of(table, column)
    if level is not None and {*level.uses} <= {other.name for other in context.earlier}:
        return _of_level(context, found, level)
    share = share_of_nulls(table, column, domain)
    if share and is_determined(context):
        share = Fraction(0)
    if share != found.nulls:
        found = replace(found, nulls=share)
    return (_staged(context, found, supplied, share) if setting.staged else None) or found


def _of_level(context: Context, otherwise: ValueSource, level: Level) -> ValueSource:
    """Return the source of a word that numbers of the row decide; of any that fits, where one of them is missing."""
    optional = context.column.nullable and not context.domain.required
    choices = otherwise.choices

    def choose(faker: Generator, row: Row) -> object:
        found = level.value(row)
        if found is not None or optional:
            return found
        return faker.random.choice(choices) if choices else otherwise.choose(faker, row)

    uses = _once(*otherwise.uses, *level.uses)
    return replace(otherwise, choose=choose, uses=uses, choices=(), weights=(), ruled=True)


def _or_null(choose: Choose) -> Choose:
    """Return a chooser that gives NULL, which each comparison accepts, where the others of the row leave no value."""

    def choose_or_null(faker: Generator, row: Row) -> object:
        try:
            return choose(faker, row)
        except NoColumnValueError:
            return None

    return choose_or_null


def _staged(
    context: Context, source: ValueSource, supplied: Collection[str], share: Fraction
) -> ValueSource | None:
    """Return the source of a column that follows the stage of its row, or tells it; None for others."""
    table, column = context.table, context.column
    choice = choice_of(table, column, supplied, context.parents)
    if choice is not None:
        return chosen(source, choice)
    labels = source.choices or usual_labels(table, column, context.domain)
    weights = weights_of(table, column, labels) if labels else ()
    if weights:
        return replace(source, choices=labels, weights=weights)
    rule = rule_of(table, column, supplied, context.parents)
    return None if rule is None else ruled(context, source, rule, share)


def _worded(context: Context, words: str) -> Context:
    """Return a context under the words that models declare, unless the column's own name has them."""
    wanted = spelt(words) if words else ""
    return context.called(wanted) if wanted and wanted not in context.words else context


def _source(context: Context) -> ValueSource | None:
    domain = context.domain
    if context.column.type.array:
        return array(context, _within(context))
    allowed = domain.allowed
    if allowed and not context.compared:
        return ValueSource(lambda faker, row: faker.random.choice(allowed), (), allowed)
    if allowed is not None:
        return ValueSource(listed_chooser(context), tuple(name for _, name in context.compared))
    return _scalar(context)


def _scalar(context: Context) -> ValueSource | None:
    column = context.column
    kind = column.type
    if is_boolean(kind):
        flag = flag_of(context.table, column)
        if flag is not None and {*flag.uses} <= {other.name for other in context.earlier}:
            return ValueSource(lambda faker, row: flag.value(row) or False, flag.uses, ruled=True)
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
        day = same_days(context.table).get(column.name, "")
        before = _once(
            *followed(column.name, alike, context.subject), *(each.name for each in alike if each.name == day)
        )
        said = said_by(context.table, column, context.earlier) if not context.domain.required else None
        times = times_of_parents(column, context.parents, context.table)
        term = term_of(context.table)
        choose_moment = moment_chooser(context, before, times)
        if term is not None and term.end == column.name and term.start in {each.name for each in alike}:
            agreed = copied(context.table, context.table.column(term.length), context.parents)
            choose_moment = ending_term(context, term, choose_moment, agreed)
            before = _once(*before, term.start, *(agreed.uses if agreed is not None else ()))
        period = billing_period_of(context.table)
        if period is not None and period.end == column.name and period.start in {each.name for each in alike}:
            choose_moment = ending_period(context, period, choose_moment)
            before = _once(*before, period.start, period.by)
        if said is not None:
            return ValueSource(
                lambda faker, row: None if row.get(said) is False else choose_moment(faker, row),
                tuple(dict.fromkeys((said, *before, *compared, *times.uses))),
                since=times.since,
                until=times.until,
            )
        return ValueSource(
            choose_moment,
            tuple(dict.fromkeys((*before, *compared, *times.uses))),
            since=times.since,
            until=times.until,
        )
    spanned = span(context)
    usual = _usual(context, compared)
    if spanned is None or usual is None:
        return usual
    between, ends = spanned

    def choose_span(faker: Generator, row: Row) -> object:
        found = between(row)
        if found is not None:
            return found
        return None if may_be_null(context) else usual.choose(faker, row)

    return ValueSource(choose_span, tuple(dict.fromkeys((*ends, *usual.uses))))


def _once(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _usual(context: Context, compared: tuple[str, ...]) -> ValueSource | None:
    """The source of a column that is neither a number nor a moment, whatever spans of time the row has."""
    kind = context.column.type
    meant = meaning_of(context)
    written = writer(context, meant)
    if written is not None:
        write, follows = written
        choose = chooser(context, written_draw(context, write))
        # Of known things, such as countries: those of a few rows first.
        known = meant[0].ranked(meant[1]) if meant is not None and meant[0].ranked is not None else ()
        if known and not follows and not compared:
            fitting = tuple(text for text in known if accepted(text, kind, context.domain))
            return ValueSource(choose, (), fitting, ranked=True)
        return ValueSource(
            choose,
            tuple(dict.fromkeys((*follows, *compared))),
            different=bool(known) or _is_name(context, follows),
        )
    if kind.composite:
        return composite(context, _within(context))
    if kind.subtype is not None:
        return range_of(context, _within(context))
    pg_type = type_of(kind)
    if pg_type is None:
        return None
    make = pg_type.maker(context.column, context.table, context.domain)
    return ValueSource(chooser(context, lambda faker, row: make(faker, kind, context.domain)), compared)


# Of things that are told apart by what they are called.
_NAME = re.compile(r"_(name|title|label|headline|subject)_$")


def _is_name(context: Context, follows: tuple[str, ...]) -> bool:
    """Whether a column holds names of its own, of which rows have different ones as long as there are some."""
    return not follows and not context.compared and _NAME.search(context.words) is not None


def _within(context: Context, known: Collection[Column] = ()) -> SourceOf:
    """Return the factory of sources for parts of the column's values: elements, attributes and range bounds.

    Args:
        known: columns whose values these may use.
    """
    names = tuple(column.name for column in known)

    def source_of(table: Table, column: Column, domain: ValueDomain) -> ValueSource | None:
        return value_source(table, column, domain, names, context.setting)

    return source_of


SourceOf = Callable[[Table, Column, ValueDomain], "ValueSource | None"]
_ELEMENTS = (1, 3)
_DRAWS = 5


def array(context: Context, source_of: SourceOf) -> ValueSource:
    """Return the source of arrays, empty ones if no element can be generated."""
    domain = context.domain
    element = element_column(context.column)
    # The table's keys and CHECKs are about the array, not an element.
    table = replace(context.table, columns=(element,), uniques=(), checks=(), foreign_keys=())
    source = source_of(table, element, element_domain(domain))
    least = max(_ELEMENTS[0], domain.minimum_length or 0)
    most = max(least, _ELEMENTS[1])
    if domain.maximum_length is not None:
        most = min(most, domain.maximum_length)
        least = min(least, most)
    if source is None:
        least = most = 0
    if most < 0 or most < (domain.minimum_length or 0):
        return ValueSource(impossible(context))
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
    declared = column.declared.element if column.declared is not None else None
    return replace(column, type=column.type.element_type, declared=declared)


def element_domain(domain: ValueDomain) -> ValueDomain:
    """Return the value domain of an array's elements."""
    return domain.element or UNCONSTRAINED


def composite(context: Context, source_of: SourceOf) -> ValueSource | None:
    """Return the source of a composite type's rows, as tuples; None if a NOT NULL attribute cannot be generated."""
    table = table_of_attributes(context)
    sources: dict[str, ValueSource] = {}
    for column in table.columns:
        source = source_of(table, column, value_domain(table, column))
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
    columns = tuple(
        Column(found.name, found.type, found.nullable, declared=found.declared) for found in kind.attributes
    )
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
        return ValueSource(chooser(context, lambda faker, row: ranges.distinct_bounds(kind, faker)))
    end = Column(context.column.name, subtype)
    table = Table(TableName("", kind.name), (end,))
    domain = value_domain(table, end)
    source = source_of(table, end, domain)
    if source is None:
        return None
    choose, numbered = source.choose, context.unique and is_string(subtype)

    def bound(faker: Generator) -> object:
        value = choose(faker, {})
        # Ranges of texts have no next distinct one, and a column's own words are few.
        another = next_text(str(value), faker.random.randint(1, 9_999), subtype, domain) if numbered else None
        return value if another is None else another

    return ValueSource(lambda faker, row: ranges.single(kind, lambda: bound(faker)))
