"""Equations between the numbers of a row, read off the words of all their names: rests, sums, shares, prices for one.

:func:`equations` looks at a whole table, where :mod:`~pytest_supaseed.values.meanings.formulas.derived` looks at one
column: ``available_credit`` is the limit less the balance because the table has both, and ``standard_cost`` the sum of
the other costs. A column that one of :data:`~pytest_supaseed.values.meanings.formulas.derived.DERIVED` determines
keeps its formula. :func:`stage_of` returns when a number is made, so that what it follows from is there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from random import Random

from pytest_supaseed.constraints.column import memoized_by_identity, value_domain
from pytest_supaseed.constraints.domain import UNCONSTRAINED
from pytest_supaseed.constraints.solving import sums
from pytest_supaseed.model.identifiers import singular, subject_of
from pytest_supaseed.model.schema import Column, Table
from pytest_supaseed.model.type_families import is_date_or_timestamp
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.formulas.arithmetic import (
    Computed,
    Formula,
    Product,
    Quotient,
    Rated,
    Share,
    Sum,
)
from pytest_supaseed.values.meanings.formulas.bills import (
    bill,
    net_of_pay,
    net_of_reduction,
    of_period,
    paid,
    refunded,
    settle_reduced,
    sum_of_charges,
    sum_of_deductions,
    sum_of_kinds,
    sum_of_same_head,
)
from pytest_supaseed.values.meanings.formulas.derived import (
    AFTER_MOMENTS,
    by_name,
    is_number,
    stage_by_name,
)
from pytest_supaseed.values.meanings.formulas.differences import change, difference, last_share
from pytest_supaseed.values.meanings.formulas.expressions import expanded, generated_formula, stated_formula
from pytest_supaseed.values.meanings.formulas.flags import between_limits
from pytest_supaseed.values.meanings.formulas.proportions import (
    at_rate_of,
    by_units,
    converted,
    for_time,
    grade_points,
    line,
    net_of_line,
    quotient,
    rated,
    reduced,
    some_of,
    threshold,
)
from pytest_supaseed.values.meanings.formulas.row_numbers import (
    TIMES,
    NamedNumber,
    RowNumbers,
    number_of,
    word_set,
)
from pytest_supaseed.values.meanings.formulas.time_spans import (
    ends_of,
    length_between,
    measures_days,
    months_between,
    term_of,
)
from pytest_supaseed.values.meanings.lives import canonical, stem
from pytest_supaseed.values.meanings.moments import CREATED, lies_ahead, moment_rank

_NO_SPAN = word_set("total average avg max min maximum minimum trial grace free lead notice validity")
_SPANS = word_set(
    "duration time elapsed to in of until between from lag turnaround processing waiting wait spent taken open "
    "age since before after delay days hours minutes seconds day"
)


def _term(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """The months of a term."""
    term = term_of(row.table)
    if term is None or term.length != number.name:
        return None

    if not term.months:
        ends = term.start, term.end
        return Computed(ends, lambda values, random: _days_between(*map(values.get, ends)), empty=True)

    def length(values: Mapping[str, object], random: Random) -> Decimal | None:
        months = months_between(values.get(term.start), values.get(term.end))
        return None if months is None or months < 0 else Decimal(months // term.months)

    return Computed((term.start, term.end), length, empty=True)


def _days_between(start: object, end: object) -> Decimal | None:
    if not isinstance(start, date) or not isinstance(end, date):
        return None
    days = [each.date() if isinstance(each, datetime) else each for each in (start, end)]
    return Decimal((days[1] - days[0]).days) if days[1] >= days[0] else None


_CALENDAR = {"year": "year", "vintage": "year", "month": "month", "quarter": "quarter"}


def _calendar(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """The year or month of a day that the row tells by the same word: ``harvest_year`` of ``harvested_on``."""
    parts = {word for word in number.words if word in _CALENDAR}
    if len(parts) != 1 or number.measure != "count" or len(number.words) > 2:
        return None
    [part] = parts
    about = {_event(word) for word in number.words if word not in _CALENDAR}
    about |= {_event("harvested"), _event("picked")} if part == "vintage" else set()
    about |= {_event(row_subject)} if part == "vintage" and (row_subject := _row_subject(row)) else set()
    for column in row.table.columns:
        if not is_date_or_timestamp(column.type) or column.type.array or column.generated:
            continue
        its = {*map(_event, column.words.strip("_").split("_"))}
        of_row = part == "vintage" and _row_subject(row) == "harvest" and its & {_event("started"), "date"}
        if about & its or of_row:
            return Computed((column.name,), partial(_part_of_day, column.name, _CALENDAR[part]), empty=True)
    return None


def _row_subject(row: RowNumbers) -> str:
    return subject_of(row.table.name.separated)


def _part_of_day(name: str, part: str, values: Mapping[str, object], random: Random) -> Decimal | None:
    day = values.get(name)
    if not isinstance(day, date):
        return None
    return Decimal((day.month + 2) // 3 if part == "quarter" else day.year if part == "year" else day.month)


_OF_SPANS = word_set(
    "downtime repair service processing outage treatment hospital absence leave stay visit work run cycle project"
    " vacation travel flight talk call watch study practice transit parked parking session meeting class event campaign"
    " job task rental charged billed trip course program shift"
)


def _whole_span(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """The time between the only two ends of a row."""
    if not {*number.words} <= _OF_SPANS | _SPANS | TIMES:
        return None
    columns = tuple(column for column in row.table.columns if not column.generated)
    context = Context(row.table, row.table.column(number.name), UNCONSTRAINED, columns)
    ends, unit = ends_of(context), number.unit
    if ends is None and number.has(_UNTIL_SOLVED):
        ends = _until_solved(columns)
    if ends is None or unit is None or not measures_days(context, ends):
        return None
    return Computed(ends, lambda values, random: length_between(values, ends, unit), empty=True)


_BOTH_ENDS = re.compile(
    r"\b(both (ends|days|dates)|inclusive|(first|last|end) day (counts|included))\b", re.IGNORECASE
)


def _with_both_ends(found: Computed) -> Computed:
    """Days between two days, counted with the first and the last of them."""

    def days(values: Mapping[str, object], random: Random) -> Decimal | None:
        between = found.value(values, random)
        return None if between is None else between + 1

    return Computed(found.uses, days, found.empty)


_UNTIL_SOLVED = frozenset(("downtime", "outage", "repair", "resolution", "disruption"))
_SOLVED = re.compile(r"_(resolved|fixed|restored|repaired|recovered|solved)_")
_NOTICED = re.compile(r"_(detected|reported|logged|opened|started|occurred|raised|created)_")


def _until_solved(columns: Sequence[Column]) -> tuple[str, str] | None:
    """The moments at which a fault was noticed and solved."""
    moments = [each for each in columns if is_date_or_timestamp(each.type) and not each.type.array]
    last = next((each for each in moments if _SOLVED.search(each.words)), None)
    first = next((each for each in moments if _NOTICED.search(each.words)), None)
    return (first.name, last.name) if first is not None and last is not None else None


def _event(word: str) -> str:
    if word.endswith("ing") and len(word) > len("being") + 1:
        word = word.removesuffix("ing")
    return stem(canonical(_NOUNS.get(word, singular(word))))


_NOUNS = {"decision": "decided", "arrival": "arrived", "departure": "departed", "diagnosis": "diagnosed"}


def _span(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """The time from one moment of the row to another, which the name tells: ``days_to_report``."""
    if number.measure != "time" or number.unit is None or number.has(_NO_SPAN):
        return None
    moments = [
        column
        for column in row.table.columns
        if is_date_or_timestamp(column.type) and not column.type.array and not column.generated
    ]
    events = {_event(word) for word in number.words if word not in _SPANS | TIMES}
    named = [
        column
        for column in moments
        if events & {*map(_event, column.words.strip("_").split("_"))} and not lies_ahead(column.name)
    ]
    if not named:
        return _whole_span(row, number)
    last = max(named, key=lambda column: moment_rank(column.name))
    before = [
        column
        for column in moments
        if column.name != last.name
        and column.type == last.type
        and (moment_rank(column.name), column.name in {c.name for c in named})
        < (moment_rank(last.name), True)
        and not lies_ahead(column.name)
    ]
    own = [column for column in before if moment_rank(column.name) != CREATED] or before
    if not own:
        return None
    start = next((column for column in named if column in own), None) or own[0]
    ends, unit = (start.name, last.name), number.unit
    return Computed(ends, lambda values, random: length_between(values, ends, unit), empty=True)


@dataclass(frozen=True)
class _Phase:
    """A part of what happens to a row, by the moments between which it lies.

    Attributes:
        words: what a number of its length is called.
        starts: words of the moments with which it begins, the first that a row has.
        ends: words of those with which it ends.
        late: whether nothing lies between them where the end comes first.
        whole: whether it is all that happens, which a start and an end by name tell better.
    """

    words: frozenset[str]
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    late: bool = False
    whole: bool = False


def _phase(words: str, starts: str, ends: str, *, late: bool = False, whole: bool = False) -> _Phase:
    return _Phase(word_set(words), tuple(starts.split()), tuple(ends.split()), late, whole)


_PHASES = (
    _phase("wait waiting queue queued hold ring ringing", "queued arrived checkin joined entered ringing requested "
           "called placed received started created opened", "answered connected seated served seen picked admitted "
           "accepted assigned boarded called started"),
    _phase("talk talking conversation handle handling connected", "answered connected picked accepted",
           "ended hung finished completed closed"),
    _phase("response respond reaction acknowledge", "alarm called reported received requested opened created",
           "responded response replied reply acknowledged answered arrived scene"),
    _phase("resolution resolve fix repair", "detected reported opened started occurred created", "resolved fixed "
           "restored repaired solved closed"),
    _phase("turnaround", "arrived collected ordered received requested started created", "departed reported resulted "
           "verified completed released finished"),
    _phase("transit", "shipped departed dispatched picked loaded left", "delivered arrived unloaded"),
    _phase("prep preparation cooking cook", "accepted confirmed fired started ordered placed", "ready prepared cooked"),
    _phase("travel flight drive driving journey", "departed departure takeoff left started", "arrived arrival landed "
           "landing ended"),
    _phase("duration campaign run length", "launched", "deadline closes ended ends", whole=True),
    _phase("duration parking parked", "entered parked", "exited vacated left", whole=True),
    _phase("duration delivery ride trip driving", "picked pickup boarded collected", "dropped dropoff delivered",
           whole=True),
    _phase("dwell stay visit", "entered arrived", "exited departed left vacated", whole=True),
    _phase("term terms net payment credit", "issued invoiced invoice sent billed", "due"),
    _phase("lead", "ordered placed requested created", "delivered received arrived shipped"),
    _phase("late delay delayed lateness overdue tardy", "due scheduled planned expected promised estimated",
           "actual returned delivered arrived departed paid completed finished submitted started", late=True),
)  # fmt: skip


def _phase_of_row(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """The length of a part of what happens to a row: ``wait_seconds`` until it is answered, ``days_late``."""
    if number.measure != "time" or number.unit is None or number.has(_NO_SPAN - {"lead"}):
        return None
    exact = _is_exact(row.known[number.name])
    for phase in _PHASES:
        if not number.has(phase.words) or (phase.whole and exact):
            continue
        moments = [
            (column, {*map(_event, column.words.strip("_").split("_"))})
            for column in row.table.columns
            if is_date_or_timestamp(column.type) and not column.type.array and not column.generated
        ]
        about = {_event(word) for word in number.words} - {_event(word) for word in phase.words}
        ends = []
        for wanted, other in ((phase.starts, phase.late), (phase.ends, False)):
            named = [
                (-len(about & words), at, column)
                for column, words in moments
                for at, word in enumerate(wanted)
                if _event(word) in words and (other or not words & _AHEAD)
            ]
            ends.append(min(named, key=lambda each: each[:2])[2] if named else None)
        first, last = ends
        if first is None or last is None or first.name == last.name or first.type.name != last.type.name:
            continue
        return Computed(
            (first.name, last.name),
            partial(_length, (first.name, last.name), number.unit, late=phase.late),
            empty=True,
        )
    return None


_AHEAD = frozenset(map(_event, ("scheduled", "planned", "expected", "promised", "estimated", "due")))


def _length(
    ends: tuple[str, str], unit: Decimal, values: Mapping[str, object], random: Random, *, late: bool
) -> Decimal | None:
    found = length_between(values, ends, unit)
    if found is None and late and None not in [values.get(name) for name in ends]:
        return Decimal(0)
    return found


_READINGS: tuple[Callable[[RowNumbers, NamedNumber], Formula | None], ...] = (
    net_of_pay,
    net_of_reduction,
    grade_points,
    _term,
    _phase_of_row,
    _span,
    between_limits,
    change,
    converted,
    difference,
    for_time,
    line,
    at_rate_of,
    last_share,
    rated,
    sum_of_charges,
    threshold,
    reduced,
    sum_of_kinds,
    sum_of_deductions,
    bill,
    sum_of_same_head,
    of_period,
    by_units,
    _calendar,
)


@dataclass(frozen=True)
class Equations:
    """The numbers of a table that follow from others of the row.

    Attributes:
        formulas: by column.
        stages: by column, when it is made, of those that are made later than their names alone would say.
        free: columns that follow from no other one, though their names say so.
        uses: by column, those that it follows from, by an equation or by its name.
    """

    formulas: Mapping[str, Formula]
    stages: Mapping[str, int]
    free: frozenset[str] = frozenset()
    uses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


NO_EQUATIONS = Equations({}, {})


@memoized_by_identity
def equations(table: Table) -> Equations:
    """Return the equations of a table's numbers that the words of their names tell."""
    bound = table.referencing
    bound |= {name for key in table.uniques for name in key.columns}
    columns = [
        column
        for column in table.columns
        if is_number(column)
        and column.name not in bound
        and not column.identity
        and column.sequence is None
        and not column.generated
        and not (column.declared and column.declared.binding)
    ]
    fixed = {name for found in sums(table) for name in found.columns}
    if not columns:
        return NO_EQUATIONS
    order = {column.name: (stage_by_name(column.words), table.place(column.name)) for column in columns}
    known: dict[str, Formula | None] = {}
    for column in sorted(columns, key=lambda each: order[each.name]):
        earlier = tuple(
            other
            for other in table.columns
            if not other.generated
            and other.name != column.name
            and (other.name not in order or order[other.name] < order[column.name])
        )
        known[column.name] = by_name(Context(table, column, value_domain(table, column), earlier))
    generated = {
        column.name: found
        for column in table.columns
        if column.generated and is_number(column) and (found := generated_formula(table, column)) is not None
    }
    stated = {
        column.name: found
        for column in columns
        if (found := stated_formula(table, column)) is not None and generated.keys().isdisjoint(found.uses)
    }
    numbers = (*columns, *(table.column(name) for name in generated))
    row = RowNumbers(table, tuple(map(number_of, numbers)), {**known, **generated, **stated})
    fixed |= generated.keys() | stated.keys()
    for name in stated:
        for number in row.numbers:
            if number.name != name and row.follows(name, number.name) and row.follows(number.name, name):
                # The comment says it the other way round.
                row.free(number.name)
    for readings in (_READINGS, (quotient, paid, refunded, some_of)):
        for number in row.numbers:
            if number.name in fixed:
                continue
            for reading in (
                (_phase_of_row, net_of_line, net_of_pay, net_of_reduction)
                if _is_exact(row.known[number.name])
                else readings
            ):
                formula = reading(row, number)
                if formula is not None and not any(row.follows(name, number.name) for name in formula.uses):
                    row.known[number.name] = formula
                    break
    settle_reduced(row, fixed)
    for found in generated.values():
        if isinstance(found, Sum) and not found.plus:
            # Something is left of it.
            for part in found.minus:
                row.draw(part, found.base, ("0.1", "0.25", "0.4", "0.5", "0.75"))
    for column in columns:
        length = row.known[column.name]
        if isinstance(length, Computed) and column.comment and _BOTH_ENDS.search(column.comment):
            row.known[column.name] = _with_both_ends(length)
    for name, share in row.drawn:
        if row.known[name] is None and name not in fixed and not row.follows(share.base, name):
            row.known[name] = share
    for name in generated:
        del row.known[name]
    if generated:
        row.known.update(
            (name, expanded(found, generated)) for name, found in row.known.items() if found is not None
        )
    formulas = {
        name: found for name, found in row.known.items() if found is not None and found is not known[name]
    }
    free = frozenset(row.freed) - formulas.keys()
    uses = {name: formula.uses for name, formula in row.known.items() if formula is not None}
    return Equations(formulas, _stages(row.known, order) if formulas else {}, free, uses)


def _is_exact(found: Formula | None) -> bool:
    """Whether a formula determines a number, and none is drawn."""
    if isinstance(found, Share):
        return len(found.shares) == 1 or found.by is not None
    return found is not None and (not isinstance(found, Computed) or found.empty)


def _stages(known: Mapping[str, Formula | None], order: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    """When the numbers are made that are made later than by their names alone."""
    found: dict[str, tuple[int, int]] = {}

    def stage(name: str) -> tuple[int, int]:
        if name not in found:
            own, place = order[name]
            follows = known.get(name)
            for used in follows.uses if follows is not None else ():
                if used not in order:
                    own = max(own, AFTER_MOMENTS)
                else:
                    its = stage(used)
                    own = max(own, its[0] if its[1] < place else its[0] + 1)
            found[name] = own, place
        return found[name]

    return {name: stage(name)[0] for name in order if stage(name)[0] > order[name][0]}


def stage_of(table: Table, column: Column) -> int:
    """Return when a number of a table is made, by its name and the equations of its row."""
    later = equations(table).stages.get(column.name)
    return stage_by_name(column.words) if later is None else later


def formula(context: Context) -> Formula | None:
    """Return how a number follows from other columns of its row, None if it does not."""
    if not context.unique and context.column.name in equations(context.table).free:
        return None
    found = None if context.unique else equations(context.table).formulas.get(context.column.name)
    if found is not None and {*found.uses} <= {column.name for column in context.earlier}:
        return found
    return by_name(context)


def makes_an_amount(table: Table, column: Column) -> bool:
    """Whether an amount of the row is so many times the price that a column holds, or its length of time."""
    found = equations(table)
    own = number_of(column)
    if not (own.measure == "price" or (own.measure == "time" and found.uses.get(column.name))):
        return False
    return any(isinstance(each, Product) and column.name in each.factors for each in found.formulas.values())


def is_determined(context: Context) -> bool:
    """Whether a number is what others of its row make of it, so that it is NULL only where these leave nothing."""
    if not is_number(context.column):
        return False
    found = formula(context)
    return isinstance(found, (Product, Sum, Rated, Quotient)) or (isinstance(found, Computed) and found.empty)
