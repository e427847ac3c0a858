"""Rows to try in the place of one that PostgreSQL refuses. Which of them is right, it says itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial
from itertools import count, islice, product
from math import prod
from random import Random
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.constraints.acceptance import accepts
from pytest_supaseed.constraints.branches import Assignment, Branch, branches, combined
from pytest_supaseed.constraints.facts import NOTHING, both, settled
from pytest_supaseed.errors import GenerateError
from pytest_supaseed.finite import finite_values
from pytest_supaseed.plan import TablePlan
from pytest_supaseed.randomness import random_for
from pytest_supaseed.references import optional
from pytest_supaseed.schema import Check, Column, ForeignKey
from pytest_supaseed.sources import ColumnSource, Function, Number, origins_of
from pytest_supaseed.spec import SeedSpec
from pytest_supaseed.state import TableState
from pytest_supaseed.steps import Row
from pytest_supaseed.values import ValueSource, value_source

if TYPE_CHECKING:
    from faker import Faker

# So many combinations of the ways in which several CHECKs can hold are looked at.
_COMBINATIONS = 256
_MOST_COMBINATIONS = 2_500
NO_HINTS: Mapping[str, Sequence[str]] = MappingProxyType({})
# What a function that nobody can read may want a text to be.
_FORMS = (
    *(
        "a",
        "A",
        "1",
        "0",
        "abc",
        "ABC",
        "a-b",
        "a_b",
        "1.4.2",
        "v1.4.2",
        "US",
        "en",
        "en-US",
        "EUR",
        "UTC",
        "true",
    ),
    *(
        "2024-05-17",
        "2024-05-17T09:30:00Z",
        "09:30",
        "{}",
        "[]",
        "a.b",
        "/a/b",
        "a/b",
        "#336699",
        "192.0.2.1",
    ),
    *(
        "example.com",
        "https://example.com/a",
        "ann@example.com",
        "+12025550123",
        "5d41402abc4b2a76b9719d911017c592",
    ),
    *(
        "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
        "text/plain",
        "Europe/Berlin",
        "0 0 * * *",
        "$2b$12$",
        "SGVsbG8=",
    ),
)


@dataclass(frozen=True)
class Candidate:
    """A row to try.

    Attributes:
        row: values by column.
        assignments: what is to be computed from them.
    """

    row: Row
    assignments: tuple[Assignment, ...] = ()


class Proposals:
    """What may be changed in the rows of a table, and to what.

    What the user gives, what PostgreSQL computes and what is numbered stays as it is. Each row has random
    generators of its own, so that changing one changes no other.

    Args:
        plan: of the table.
        state: what can be referenced.
        spec: whose seed, day and locale they are.
        faker: of the spec's locale.
    """

    def __init__(self, plan: TablePlan, state: TableState, spec: SeedSpec, faker: Faker) -> None:
        self.table = plan.table
        self.origins = origins_of(plan.columns)
        self._spec, self._seed = spec, spec.seed
        self._generator = faker.factories[0]
        self._facts = {source.column.name: source.facts for source in plan.columns}
        self._order = {column.name: number for number, column in enumerate(plan.table.columns)}
        waiting = {name for foreign_key in plan.later for name in foreign_key.columns}
        own = {name for foreign_key in plan.roles.own for name in foreign_key.columns}
        self._keys = {key.name: state.keys[key.name] for key in (*plan.roles.free, *plan.roles.dependent)}
        self._foreign_keys: dict[str, list[ForeignKey]] = {}
        for foreign_key in (*plan.roles.free, *plan.roles.dependent, *plan.roles.own):
            for name in foreign_key.columns:
                self._foreign_keys.setdefault(name, []).append(foreign_key)
        left_open = {
            name for key in plan.table.foreign_keys for name in key.columns
        } - self._foreign_keys.keys()
        self._fixed = {
            source.column.name
            for source in plan.columns
            if source.given
            or isinstance(source.source, Function)
            or (isinstance(source.source, Number) and source.source.within)
            or source.column.generated
            or source.column.identity == "always"
            or source.column.name in waiting - own
            or source.column.name in left_open
        }
        # The first number that none of the rows has as they were made, and the way to the next.
        self._numbers = {
            source.column.name: _beyond(source, state, plan.total - state.present)
            for source in plan.columns
            if isinstance(source.source, Number) and not source.source.within
        }
        self._numbers_from: dict[tuple[str, int], Iterator[int]] = {}
        self._source = cache(self._new_source)
        self._branches = cache(partial(branches, self.table))

    def may_change(self, columns: Collection[str]) -> bool:
        """Whether one of some columns may get other values.

        Args:
            columns: which; none for all.
        """
        return not self._fixed.issuperset(columns or self._order)

    def by_branches(self, row: Row, number: int, checks: Sequence[Check], most: int) -> list[Candidate]:
        """Propose rows for which CHECKs hold, as far as their text tells.

        Args:
            row: one that they refuse.
            number: of the row: the next one is offered the other ways first.
            checks: which of the table's.
            most: no more than so many.
        """
        ways = [self._branches(check.expression) for check in checks]
        at_once = (combined(self.table, several) for several in islice(product(*ways), _COMBINATIONS))
        found = [branch for branch in at_once if branch is not None]
        first = number % len(found) if found else 0
        result: list[Candidate] = []
        for attempt, branch in enumerate((*found[first:], *found[:first])):
            candidate = self._fitted(row, number, attempt, branch)
            if candidate is not None and (candidate.assignments or candidate.row != row):
                result.append(candidate)
            if len(result) == most:
                break
        return result

    def by_chance(
        self,
        row: Row,
        number: int,
        columns: Collection[str],
        most: int,
        after: int = 0,
        hints: Mapping[str, Sequence[str]] = NO_HINTS,
    ) -> Iterator[Row]:
        """Propose rows that differ from one in some columns: in one at first, then in several.

        Args:
            row: the row.
            number: of the row.
            columns: those in question.
            most: so many, unless nothing can be changed.
            after: how many have been proposed before.
            hints: values that may be right, as texts, by column.
        """
        free = sorted((name for name in columns if name not in self._fixed), key=self._order.__getitem__)
        for attempt in range(after, after + most if free else 0):
            random = random_for(self._seed, str(self.table.name), "proposal", str(number), str(attempt))
            if attempt < 2 * len(free):
                chosen = [free[attempt // 2]]
            else:
                chosen = [name for name in free if random.random() < 0.6] or [random.choice(free)]
            changed = dict(row)
            for name in chosen:
                wants_null = attempt % 2 == 1 if attempt < 2 * len(free) else random.random() < 0.25
                self._change(changed, name, NOTHING, random, null=wants_null)
                form = _FORMS[(attempt + number) % len(_FORMS)] if attempt >= 2 * len(free) else None
                self._hint(changed, name, hints.get(name, ()), random, form)
            if changed != row:
                yield changed

    def every_combination(self, row: Row, number: int, columns: Sequence[str]) -> Iterator[Row]:
        """Propose each combination of the values that columns can have, where they are few.

        Args:
            row: the row.
            number: of the row.
            columns: those in question.
        """
        lists: list[list[dict[str, Any]]] = []
        for name in columns:
            if name in self._fixed or name in self._numbers:
                continue
            keys = [key for key in self._foreign_keys.get(name, ()) if key.columns == (name,)]
            values: Sequence[Any] = [key for (key,) in self._keys.get(keys[0].name, ())] if keys else ()
            if name not in self._foreign_keys:
                values = finite_values(self.table.column(name), self._facts[name], ..., _COMBINATIONS)
            if not values:
                return
            lists.append([{name: value} for value in values])
        if not lists or prod(map(len, lists)) > _MOST_COMBINATIONS:
            return
        found = list(product(*lists))
        random_for(self._seed, str(self.table.name), "combination", str(number)).shuffle(found)
        for combination in found:
            yield {**row, **{name: value for part in combination for name, value in part.items()}}

    def apart(self, row: Row, number: int, columns: Sequence[str], definition: str) -> Iterator[Row]:
        """Propose rows whose ranges are short and lie at a place of their own, for an EXCLUDE constraint.

        Args:
            row: the row.
            number: of the row.
            columns: of the constraint.
            definition: its text.
        """
        pairs = [
            (first, second)
            for first, second in re.findall(r'range\("?(\w+)"?, "?(\w+)"?', definition)
            if {first, second} <= self._order.keys() and not {first, second} & self._fixed
        ]
        ranges = [
            name
            for name in columns
            if name not in self._fixed and self.table.column(name).type.name in _PLACES
        ]
        if not pairs and not ranges:
            return
        for attempt in range(3):
            changed = dict(row)
            place = number + attempt * 1_000
            for name in ranges:
                changed[name] = _range_at(self.table.column(name), place)
            for first, second in pairs:
                random = random_for(self._seed, str(self.table.name), "apart", str(number), str(attempt))
                if self._change(changed, first, ColumnFacts(required=True), random):
                    changed[second] = _shortly_after(changed[first], changed.get(second))
            yield changed

    def _fitted(self, row: Row, number: int, attempt: int, branch: Branch) -> Candidate | None:
        if any(assignment.column in self._fixed for assignment in branch.assignments):
            return None
        random = random_for(self._seed, str(self.table.name), "branch", str(number), str(attempt))
        changed = dict(row)
        for name in sorted(branch.facts, key=self._order.__getitem__):
            wanted = branch.facts[name]
            if name in row and accepts(settled(both(self._facts[name], wanted)), changed[name]):
                continue
            if not self._change(changed, name, wanted, random):
                return None
        return Candidate(changed, branch.assignments)

    def _change(
        self, row: Row, name: str, wanted: ColumnFacts, random: Random, *, null: bool = False
    ) -> bool:
        """Give a column another value; tell whether there was one."""
        column = self.table.column(name)
        if name in self._fixed:
            return False
        facts = settled(both(self._facts[name], wanted))
        null = null or facts.allowed == (None,)
        if name in self._foreign_keys:
            return self._refer(row, name, facts, random, null=null)
        if name in self._numbers:
            return self._renumber(row, name, facts)
        if null:
            if column.nullable and accepts(facts, None):
                row[name] = None
                return True
            return False
        source = self._source(name, facts)
        if source is None:
            return False
        self._generator.random = random
        try:
            row[name] = source.choose(self._generator, row)
        except GenerateError:  # nothing fits beside the row's other values
            return False
        return True

    def _renumber(self, row: Row, name: str, facts: ColumnFacts) -> bool:
        numbers = self._numbers[name]
        if facts.minimum is not None:
            # A partition may begin far beyond.
            numbers = self._numbers_from.setdefault((name, int(facts.minimum)), count(int(facts.minimum)))
        number = next((found for found in islice(numbers, _COMBINATIONS) if accepts(facts, found)), None)
        if number is not None:
            row[name] = number
        return number is not None

    def _hint(self, row: Row, name: str, hints: Sequence[str], random: Random, form: str | None) -> None:
        """Give a column one of the values that may be right, or a text in a common form."""
        column = self.table.column(name)
        if name in self._fixed or name in self._foreign_keys or row.get(name) is None:
            return
        if not hints and form and column.type.category == "S" and not column.type.array:
            hints = (form,)
        fitting = [hint for hint in hints if accepts(self._facts[name], hint)]
        if fitting:
            row[name] = random.choice(fitting)

    def _new_source(self, name: str, facts: ColumnFacts) -> ValueSource | None:
        known = [other for other in self._order if other != name]
        column = self.table.column(name)
        return value_source(self.table, column, facts, known, self._spec.date, self._spec.locale)

    def _refer(self, row: Row, name: str, facts: ColumnFacts, random: Random, *, null: bool) -> bool:
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
                if accepts(facts, key[at])
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


_DAY = date(2024, 1, 1)


def _whole(place: int) -> tuple[str, str]:
    return str(place * 10), str(place * 10 + 5)


def _days(place: int) -> tuple[str, str]:
    return str(_DAY + timedelta(days=2 * place)), str(_DAY + timedelta(days=2 * place + 1))


def _hours(place: int) -> tuple[str, str]:
    day = _DAY + timedelta(days=place)
    return f"{day} 09:00:00", f"{day} 10:00:00"


def _hours_with_zone(place: int) -> tuple[str, str]:
    return tuple(f"{end}+00" for end in _hours(place))  # type: ignore[return-value] # two of two


_PLACES = {
    "int4range": _whole,
    "int8range": _whole,
    "numrange": _whole,
    "daterange": _days,
    "tsrange": _hours,
    "tstzrange": _hours_with_zone,
}


def _range_at(column: Column, place: int) -> str:
    first, last = _PLACES[column.type.name](place)
    return f'["{first}","{last}")'


def _shortly_after(first: Any, present: Any) -> Any:
    if isinstance(first, (int, float)):
        return first + 1
    if hasattr(first, "hour"):
        return first + timedelta(hours=1) if isinstance(first, date) else present
    return first + timedelta(days=1) if isinstance(first, date) else present
