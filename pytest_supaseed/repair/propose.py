"""Proposals: replacement rows, with one or more columns changed, a foreign key always as a whole.

:class:`Changes` knows which columns may change, and gives a column another value within a value domain.
:class:`Proposals` uses it to propose rows from the cases of CHECKs, by random changes, by enumeration, and
with disjoint ranges.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, partial
from itertools import count, islice, product
from math import prod
from random import Random
from typing import Any, TypeVar

from pytest_supaseed.allocation.constraints import finite_values
from pytest_supaseed.constraints.cases import Case, cases_of_check, combined
from pytest_supaseed.constraints.column import inlined
from pytest_supaseed.constraints.domain import UNCONSTRAINED, ValueDomain, accepts, intersect, normalize
from pytest_supaseed.constraints.literals import NoConstantError, constant
from pytest_supaseed.constraints.nodes import ExpressionError
from pytest_supaseed.constraints.parser import parse
from pytest_supaseed.constraints.solving import Assignment
from pytest_supaseed.errors import GenerateError
from pytest_supaseed.model.references import optional
from pytest_supaseed.model.schema import Check, ForeignKey
from pytest_supaseed.model.type_families import has_numeric_category, has_string_category
from pytest_supaseed.planning.plan import (
    ColumnSource,
    Function,
    Number,
    Supplier,
    TablePlan,
    TableState,
    origins_of,
    supplied_by,
)
from pytest_supaseed.rng import drawing, random_for
from pytest_supaseed.rows.steps import MakeContext, Row
from pytest_supaseed.values.choosing import trial
from pytest_supaseed.values.column import value_source
from pytest_supaseed.values.declared import readable
from pytest_supaseed.values.meanings.context import RowSetting, ValueSource
from pytest_supaseed.values.types.ranges import ends_at, has_places, range_at, shortly_after

Anything = TypeVar("Anything")
# Numbers that are tried against a value domain, and values of a column that are enumerated.
_MOST = 256


class Changes:
    """The columns of a table that may change in generated rows, and their values.

    Values that the user supplies and values that PostgreSQL computes do not change.

    Attributes:
        table: the table.
        domains: by column, its value domain.
        fixed: the columns that may not change.
    """

    def __init__(self, plan: TablePlan, state: TableState, context: MakeContext) -> None:
        self.table = plan.table
        self._context = context
        self.domains = {source.column.name: source.domain for source in plan.columns}
        self._order = {column.name: number for number, column in enumerate(plan.table.columns)}
        waiting = {name for foreign_key in plan.later for name in foreign_key.columns}
        own = {name for foreign_key in plan.roles.self_referencing for name in foreign_key.columns}
        self._keys = {
            key.name: state.keys[key.name] for key in (*plan.roles.independent, *plan.roles.overlapping)
        }
        # Of the table's own rows, those that were there before.
        self._keys |= {key.name: state.keys.get(key.name, ()) for key in plan.roles.self_referencing}
        self._foreign_keys: dict[str, list[ForeignKey]] = {}
        for foreign_key in (*plan.roles.independent, *plan.roles.overlapping, *plan.roles.self_referencing):
            for name in foreign_key.columns:
                self._foreign_keys.setdefault(name, []).append(foreign_key)
        # So many rows for each referenced row.
        counted = {
            name
            for key in plan.table.foreign_keys
            if plan.per and key.name == plan.per[0]
            for name in key.columns
        }
        # The plan leaves these foreign keys NULL: a value would need a referenced row.
        left_open = {
            name
            for key in plan.table.foreign_keys
            for name in key.columns
            if name not in self._foreign_keys and plan.table.column(name).nullable
        }
        referenced = {name for key in plan.roles.self_referencing for name in key.referenced_columns}
        self.fixed = {
            source.column.name
            for source in plan.columns
            if source.supplied
            or isinstance(source.source, Function)
            or (isinstance(source.source, Number) and source.source.within)
            or source.column.generated
            or source.column.identity == "always"
            or source.column.name in waiting - own
            or source.column.name in left_open | counted
            # Other rows of the table reference the values.
            or source.column.name in referenced
        }
        # Positions within a group of rows, which only NULL may replace.
        self._within = {
            source.column.name
            for source in plan.columns
            if isinstance(source.source, Number) and source.source.within and not source.supplied
        } - plan.table.referencing
        # Numbers beyond those of the rows as generated.
        self._numbers = {
            source.column.name: _beyond(source, state, plan.total - state.present)
            for source in plan.columns
            if isinstance(source.source, Number) and not source.source.within
        }
        self._numbers_from: dict[tuple[str, int], Iterator[int]] = {}
        self._sources: dict[tuple[str, str], ValueSource | None] = {}

    def possible(self, columns: Collection[str]) -> bool:
        """Whether at least one of the columns may change.

        Args:
            columns: which; empty for all.
        """
        return not self.fixed.issuperset(columns or self._order)

    def in_order(self, columns: Collection[str]) -> list[str]:
        """Return columns in the order of the table."""
        return sorted(columns, key=self._order.__getitem__)

    def values_of(self, name: str) -> Sequence[Any] | None:
        """List the values that a column can have, where they are few.

        Args:
            name: a column that is not fixed.

        Returns:
            The values; None for a numbered column, empty where they cannot be enumerated.
        """
        if name in self._numbers:
            return None
        if name not in self._foreign_keys:
            return finite_values(self.table.column(name), self.domains[name], ..., _MOST)
        for foreign_key in self._foreign_keys[name]:
            if foreign_key.columns == (name,):
                return [key for (key,) in self._keys.get(foreign_key.name, ())]
        return ()

    def change(self, row: Row, name: str, wanted: ValueDomain, random: Random, *, null: bool = False) -> bool:
        """Give a column another value of a value domain, or NULL; return whether there is one."""
        column = self.table.column(name)
        if name in self.fixed and not (null and name in self._within):
            return False
        domain = normalize(intersect(self.domains[name], wanted))
        null = null or domain.allowed == (None,)
        if name in self._foreign_keys:
            return self._refer(row, name, domain, random, null=null)
        if name in self._numbers:
            return self._renumber(row, name, domain)
        if null:
            if column.nullable and accepts(domain, None):
                row[name] = None
                return True
            return False
        source = self._source(name, domain)
        if source is None:
            return False
        try:
            row[name] = source.choose(drawing(self._context.faker, random), row)
        except GenerateError:  # nothing fits beside the row's other values
            return False
        return True

    def _renumber(self, row: Row, name: str, domain: ValueDomain) -> bool:
        numbers = self._numbers[name]
        if domain.minimum is not None:
            # The minimum, such as a partition's lower bound, may be far beyond the next numbers.
            numbers = self._numbers_from.setdefault((name, int(domain.minimum)), count(int(domain.minimum)))
        number = next((found for found in islice(numbers, _MOST) if accepts(domain, found)), None)
        if number is not None:
            row[name] = number
        return number is not None

    def hint(self, row: Row, name: str, hints: Sequence[Any], random: Random, place: int | None) -> None:
        """Give a column one of the hinted values, or a trial value for a condition that cannot be parsed.

        Args:
            hints: values that may be accepted, as texts.
            place: selects a trial value; None for hints only.
        """
        column = self.table.column(name)
        if name in self.fixed or name in self._foreign_keys or row.get(name) is None:
            return
        if hints and place is not None and place % 2 == 0:
            # Every second time without hints: a literal in a function may be a value that it refuses.
            hints, place = (), place // 2
        if not hints and place is not None and name not in self._numbers:
            # A text is usually refused for its format, another type less often: that gets a trial value every
            # second time.
            of_text = has_string_category(column.type)
            found = (
                trial(column, row[name], place if of_text else place // 2) if of_text or place % 2 else None
            )
            hints = () if found is None else (found,)
        fitting = [
            hint for hint in hints if accepts(self.domains[name], hint) and readable(column, hint, row)
        ]
        if fitting:
            row[name] = random.choice(fitting)

    def _source(self, name: str, domain: ValueDomain) -> ValueSource | None:
        # A value domain may list documents, which are not hashable.
        known = (name, repr(domain))
        if known not in self._sources:
            self._sources[known] = self._new_source(name, domain)
        return self._sources[known]

    def _new_source(self, name: str, domain: ValueDomain) -> ValueSource | None:
        known = [other for other in self._order if other != name]
        column = self.table.column(name)
        setting = RowSetting(self._context.date, self._context.locale, staged=False)
        return value_source(self.table, column, domain, known, setting)

    def has_referenced(self, row: Row, columns: Collection[str]) -> bool:
        """Whether the foreign keys with any of some columns reference rows of other tables that are there, or none."""
        concerned = {key.name: key for name in columns for key in self._foreign_keys.get(name, ())}
        return all(
            any(row.get(name) is None for name in key.columns)
            or tuple(row[name] for name in key.columns) in self._keys[key.name]
            for key in concerned.values()
            if key.referenced != self.table.name
        )

    def _refer(self, row: Row, name: str, domain: ValueDomain, random: Random, *, null: bool) -> bool:
        for foreign_key in self._foreign_keys[name]:
            if null:
                if not optional(self.table, foreign_key) or not self.table.column(name).nullable:
                    return False
                row.update(dict.fromkeys(foreign_key.columns if foreign_key.match_full else (name,)))
                continue
            at = foreign_key.columns.index(name)
            shared = {
                position: row.get(column)
                for position, column in enumerate(foreign_key.columns)
                if len(self._foreign_keys[column]) > 1 and row.get(column) is not None
            }
            keys = [
                key
                for key in self._keys.get(foreign_key.name, ())
                if accepts(domain, key[at])
                and all(key[position] == value for position, value in shared.items())
            ]
            if not keys:
                return False
            row.update(zip(foreign_key.columns, random.choice(keys), strict=True))
        return True


def _beyond(source: ColumnSource, state: TableState, amount: int) -> Iterator[int]:
    assert isinstance(source.source, Number)  # noqa: S101 for the type checker
    increment = source.column.sequence.increment if source.column.sequence else 1
    return count(state.numbers.get(source.column.name, source.source.start) + amount * increment, increment)


def rotated(found: Sequence[Anything], number: int) -> Sequence[Anything]:
    """Return what was found, beginning at another place for each row, so that rows do not all try the same first.

    Args:
        number: of the row.

    Example:
        >>> rotated((1, 2, 3), 4)
        (2, 3, 1)
    """
    first = number % len(found) if found else 0
    return (*found[first:], *found[:first])


# Combinations of the cases of several CHECKs.
_COMBINATIONS = 256
# Attempts with a short range at a random value, and as many with one at a place of its own.
_MOST_DISJOINT = 3
# Columns that are changed one by one before several are changed together.
_ALONE = 16
_MOST_COMBINATIONS = 2_500
# Dates before another one, and the steps to them, which keep the day of the week.
_MOST_EARLIER = 12
_MONTH_OF_WEEKS, _YEAR_OF_WEEKS = timedelta(weeks=4), timedelta(weeks=52)


@dataclass(frozen=True)
class Hints:
    """Values that columns may have to have.

    Attributes:
        values: by column, as texts.
        patterns: by column, value domains each of which may be enough.
    """

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    patterns: Mapping[str, Sequence[ValueDomain]] = field(default_factory=dict)


@dataclass(frozen=True)
class Candidate:
    """A row to try.

    Attributes:
        row: values by column.
        assignments: columns that PostgreSQL computes from expressions in others.
    """

    row: Row
    assignments: tuple[Assignment, ...] = ()


class Proposals:
    """Proposes rows of a table in the place of one.

    Each row has random generators of its own, so that changing one row changes no other.
    """

    def __init__(self, plan: TablePlan, state: TableState, context: MakeContext) -> None:
        self.table = plan.table
        self.total = plan.count
        self.present = state.present + plan.of_heirs
        self.closed = plan.closed
        self.origins = origins_of(plan.columns)
        self._by_default = supplied_by(plan.columns, Supplier.SCHEMA_SOURCE)
        self._seed = context.seed
        self._changes = Changes(plan, state, context)
        self._cases = cache(partial(cases_of_check, self.table))

    def may_change(self, columns: Collection[str]) -> bool:
        """Whether at least one of the columns may change.

        Args:
            columns: which; empty for all.
        """
        return self._changes.possible(columns)

    def may_be(self, name: str, value: Any) -> bool:
        """Whether a number, or NULL, is within the value domain of a column; true of whatever is no number."""
        domain = self._changes.domains.get(name)
        numeric = has_numeric_category(self.table.column(name).type)
        return domain is None or not numeric or accepts(domain, value)

    def has_referenced(self, row: Row, columns: Collection[str]) -> bool:
        """Whether the foreign keys with any of some columns reference rows of other tables that are there, or none."""
        return self._changes.has_referenced(row, columns)

    def may_complete(self, name: str) -> bool:
        """Whether a JSON document may get more keys; one from a project's default always may."""
        return self.may_change([name]) or name in self._by_default

    def by_cases(self, row: Row, number: int, checks: Sequence[Check], most: int) -> list[Candidate]:
        """Propose rows for which CHECKs hold in one of the cases of their expressions.

        Rows that leave the NOT NULL columns as they are come first.

        Args:
            row: one that the CHECKs refuse.
            number: of the row, which selects the case to begin with.
            most: the limit of the proposals.
        """
        cases = [self._cases(inlined(self.table, check.expression)) for check in checks]
        at_once = (combined(self.table, several) for several in islice(product(*cases), _COMBINATIONS))
        found = [case for case in at_once if case is not None]
        result: list[Candidate] = []
        for attempt, case in enumerate(rotated(found, number)):
            candidate = self._fitted(row, number, attempt, case)
            if candidate is not None and (candidate.assignments or candidate.row != row):
                result.append(candidate)
            if len(result) == 2 * most:
                break
        return sorted(result, key=lambda candidate: self._required_changed(row, candidate.row))[:most]

    def _required_changed(self, row: Row, changed: Row) -> int:
        """The number of NOT NULL columns that have changed."""
        return sum(
            not column.nullable and row.get(column.name) != changed.get(column.name)
            for column in self.table.columns
        )

    def by_chance(
        self,
        row: Row,
        number: int,
        columns: Collection[str],
        attempts: range,
        hints: Hints,
    ) -> Iterator[Row]:
        """Propose rows with random values, at first in one column, then in several.

        Args:
            columns: those that may be the cause.
            attempts: the numbers of the attempts, from 0 for the first of a row.
            hints: what may be accepted.
        """
        unbound = self._changes.in_order([name for name in columns if name not in self._changes.fixed])
        alone = 2 * min(len(unbound), _ALONE)
        for attempt in attempts if unbound else ():
            random = random_for(self._seed, str(self.table.name), "proposal", str(number), str(attempt))
            if attempt < alone:
                chosen = [unbound[attempt // 2]]
            else:
                chosen = [name for name in unbound if random.random() < 0.6] or [random.choice(unbound)]
            changed = dict(row)
            for position, name in enumerate(chosen):
                wants_null = attempt % 2 == 1 if attempt < alone else random.random() < 0.25
                likely, values = hints.patterns.get(name, ()), hints.values.get(name, ())
                if likely and (not values or random.random() < 0.5):
                    self._changes.change(changed, name, random.choice(likely), random, null=wants_null)
                    continue
                self._changes.change(changed, name, UNCONSTRAINED, random, null=wants_null)
                # Each column gets another trial value.
                place = attempt + number + 6 * position if attempt >= alone else None
                self._changes.hint(changed, name, values, random, place)
            if changed != row:
                yield changed

    def by_patterns(self, row: Row, number: int, hints: Hints) -> Iterator[Row]:
        """Propose rows that match each of the hinted patterns in each of its columns."""
        for name, patterns in hints.patterns.items():
            random = random_for(self._seed, str(self.table.name), "pattern", str(number), name)
            for wanted in patterns if name in row and name not in self._changes.fixed else ():
                changed = dict(row)
                if self._changes.change(changed, name, wanted, random) and changed != row:
                    yield changed

    def earlier(self, row: Row, number: int, columns: Collection[str]) -> Iterator[Row]:
        """Propose rows with dates of earlier years and months, of the same day of the week or of the year.

        A unique key on a month or a year has few values among usual dates.
        """
        for name in self._changes.in_order([name for name in columns if name not in self._changes.fixed]):
            value = row.get(name)
            if not isinstance(value, date):
                continue
            for attempt in range(2 * number, 2 * number + _MOST_EARLIER):
                with suppress(ValueError, OverflowError):
                    yield {**row, name: value - (_YEAR_OF_WEEKS + attempt * _MONTH_OF_WEEKS)}
            for attempt in range(number, number + _MOST_EARLIER):
                with suppress(ValueError, OverflowError):  # the 29th of February
                    yield {**row, name: value.replace(year=value.year - 1 - attempt)}

    def with_defaults(self, row: Row, columns: Collection[str]) -> Iterator[Row]:
        """Propose a row with the constant server defaults of columns, which the CHECKs should accept."""
        changed = dict(row)
        for name in self._changes.in_order([name for name in columns if name not in self._changes.fixed]):
            column = self.table.column(name)
            if column.default is None or column.generated or column.type.array:
                continue
            try:
                changed[name] = constant(parse(column.default), column.type)
            except (ExpressionError, NoConstantError):
                continue
        if changed != row:
            yield changed

    def as_inserted(self, row: Row, number: int, columns: Collection[str]) -> Iterator[Row]:
        """Propose a row as applications insert it: with defaults and, in the columns that need no value, NULL."""
        changed = dict(row)
        random = random_for(self._seed, str(self.table.name), "inserted", str(number))
        for name in self._changes.in_order(columns):
            if self.table.column(name).default is None:
                self._changes.change(changed, name, UNCONSTRAINED, random, null=True)
        changed = next(self.with_defaults(changed, columns), changed)
        if changed != row:
            yield changed

    def every_combination(self, row: Row, number: int, columns: Sequence[str]) -> Iterator[Row]:
        """Propose every combination of the values that columns can have, where they are few, in random order."""
        lists: list[list[dict[str, Any]]] = []
        for name in columns:
            values = () if name in self._changes.fixed else self._changes.values_of(name)
            if values is not None and name not in self._changes.fixed:
                lists.append([{name: value} for value in values])
        if not lists or not 0 < prod(map(len, lists)) <= _MOST_COMBINATIONS:
            return
        found = list(product(*lists))
        random_for(self._seed, str(self.table.name), "combination", str(number)).shuffle(found)
        for combination in found:
            yield {**row, **{name: value for part in combination for name, value in part.items()}}

    def disjoint_ranges(
        self, row: Row, number: int, columns: Sequence[str], definition: str
    ) -> Iterator[Row]:
        """Propose rows whose ranges are short and disjoint from those of other rows, for an EXCLUDE constraint.

        Args:
            number: of the row, which selects the place of its ranges.
            definition: of the constraint, from which ranges of two columns are read.
        """
        pairs = [
            (first, second)
            for first, second in re.findall(r'range\("?(\w+)"?, "?(\w+)"?', definition)
            if {first, second} <= {column.name for column in self.table.columns}
            and not {first, second} & self._changes.fixed
        ]
        ranges = [
            name
            for name in columns
            if name not in self._changes.fixed and has_places(self.table.column(name).type)
        ]
        if not pairs and not ranges:
            return
        for attempt in range(2 * _MOST_DISJOINT):
            changed = dict(row)
            place = number + attempt * 1_000
            for name in ranges:
                changed[name] = range_at(self.table.column(name), place)
            for first, second in pairs:
                ends = ends_at(self.table.column(first), place)
                if attempt >= _MOST_DISJOINT and ends is not None:
                    # There may be no room left between the longer ranges of other rows.
                    changed[first], changed[second] = ends
                    continue
                random = random_for(self._seed, str(self.table.name), "apart", str(number), str(attempt))
                if self._changes.change(changed, first, ValueDomain(required=True), random):
                    changed[second] = shortly_after(changed[first], changed.get(second))
            yield changed

    def _fitted(self, row: Row, number: int, attempt: int, case: Case) -> Candidate | None:
        if any(assignment.column in self._changes.fixed for assignment in case.assignments):
            return None
        random = random_for(self._seed, str(self.table.name), "branch", str(number), str(attempt))
        changed = dict(row)
        for name in self._changes.in_order(case.domains):
            wanted = case.domains[name]
            if name in row and accepts(
                normalize(intersect(self._changes.domains[name], wanted)), changed[name]
            ):
                continue
            if not self._changes.change(changed, name, wanted, random):
                return None
        return Candidate(changed, case.assignments)
