"""Rows to try in the place of one that PostgreSQL refuses. Which of them is right, it says itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice, product
from math import prod
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.constraints.acceptance import accepts
from pytest_supaseed.constraints.branches import Assignment, Branch, branches, combined
from pytest_supaseed.constraints.expression import parse
from pytest_supaseed.constraints.facts import NOTHING, both, settled
from pytest_supaseed.constraints.inlining import inlined
from pytest_supaseed.constraints.literals import NoConstantError, constant
from pytest_supaseed.constraints.tokens import ExpressionError
from pytest_supaseed.generation.steps import Row
from pytest_supaseed.oracle.changes import Changes
from pytest_supaseed.planning.defaults import ORIGIN
from pytest_supaseed.planning.plan import TablePlan
from pytest_supaseed.planning.sources import origins_of
from pytest_supaseed.planning.state import TableState
from pytest_supaseed.randomness import random_for
from pytest_supaseed.schema import Check
from pytest_supaseed.spec import SeedSpec
from pytest_supaseed.values.apart import PLACES, ends_at, range_at, shortly_after

if TYPE_CHECKING:
    from faker import Faker

# So many combinations of the ways in which several CHECKs can hold are looked at.
_COMBINATIONS = 256
# So often a range is looked for near the others, and so often elsewhere.
_APART = 3
# So many columns are changed one by one before several are.
_ALONE = 16
_MOST_COMBINATIONS = 2_500
NO_HINTS: Mapping[str, Sequence[Any]] = MappingProxyType({})


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

    Each row has random generators of its own, so that changing one changes no other.

    Args:
        plan: of the table.
        state: what can be referenced.
        spec: whose seed, day and locale they are.
        faker: of the spec's locale.
    """

    def __init__(self, plan: TablePlan, state: TableState, spec: SeedSpec, faker: Faker) -> None:
        self.table = plan.table
        self.origins = origins_of(plan.columns)
        self._seed = spec.seed
        self._changes = Changes(plan, state, spec, faker)
        self._branches = cache(partial(branches, self.table))

    def may_change(self, columns: Collection[str]) -> bool:
        """Whether one of some columns may get other values.

        Args:
            columns: which; none for all.
        """
        return self._changes.possible(columns)

    def may_complete(self, name: str) -> bool:
        """Whether a document may get more keys: what a default has made is nobody's wish.

        Args:
            name: of its column.
        """
        return self.may_change([name]) or self.origins.get(name, "").startswith(ORIGIN)

    def by_branches(self, row: Row, number: int, checks: Sequence[Check], most: int) -> list[Candidate]:
        """Propose rows for which CHECKs hold, as far as their text tells.

        Args:
            row: one that they refuse.
            number: of the row: the next one is offered the other ways first.
            checks: which of the table's.
            most: no more than so many.
        """
        ways = [self._branches(inlined(self.table, check.expression)) for check in checks]
        at_once = (combined(self.table, several) for several in islice(product(*ways), _COMBINATIONS))
        found = [branch for branch in at_once if branch is not None]
        first = number % len(found) if found else 0
        result: list[Candidate] = []
        for attempt, branch in enumerate((*found[first:], *found[:first])):
            candidate = self._fitted(row, number, attempt, branch)
            if candidate is not None and (candidate.assignments or candidate.row != row):
                result.append(candidate)
            if len(result) == 2 * most:
                break
        return sorted(result, key=lambda candidate: self._required_changed(row, candidate.row))[:most]

    def _required_changed(self, row: Row, changed: Row) -> int:
        """How many columns that are never NULL have changed: what is optional is left out sooner than they."""
        return sum(
            not column.nullable and row.get(column.name) != changed.get(column.name)
            for column in self.table.columns
        )

    def by_chance(
        self,
        row: Row,
        number: int,
        columns: Collection[str],
        most: int,
        after: int = 0,
        hints: Mapping[str, Sequence[str]] = NO_HINTS,
        patterns: Mapping[str, Sequence[ColumnFacts]] = NO_HINTS,
    ) -> Iterator[Row]:
        """Propose rows that differ from one in some columns: in one at first, then in several.

        Args:
            row: the row.
            number: of the row.
            columns: those in question.
            most: so many, unless nothing can be changed.
            after: how many have been proposed before.
            hints: values that may be right, as texts, by column.
            patterns: what else may be right, by column, each by itself.
        """
        free = self._changes.in_order([name for name in columns if name not in self._changes.fixed])
        alone = 2 * min(len(free), _ALONE)
        for attempt in range(after, after + most if free else 0):
            random = random_for(self._seed, str(self.table.name), "proposal", str(number), str(attempt))
            if attempt < alone:
                chosen = [free[attempt // 2]]
            else:
                chosen = [name for name in free if random.random() < 0.6] or [random.choice(free)]
            changed = dict(row)
            for position, name in enumerate(chosen):
                wants_null = attempt % 2 == 1 if attempt < alone else random.random() < 0.25
                likely = patterns.get(name, ())
                if likely and (not hints.get(name) or random.random() < 0.5):
                    self._changes.change(changed, name, random.choice(likely), random, null=wants_null)
                    continue
                self._changes.change(changed, name, NOTHING, random, null=wants_null)
                # Beside one another they are not all the same.
                place = attempt + number + 6 * position if attempt >= alone else None
                self._changes.hint(changed, name, hints.get(name, ()), random, place)
            if changed != row:
                yield changed

    def with_defaults(self, row: Row, columns: Collection[str]) -> Iterator[Row]:
        """Propose a row whose columns have their defaults, of which the schema says that they are right.

        Args:
            row: the row.
            columns: those in question.
        """
        changed = dict(row)
        for name in self._changes.in_order([name for name in columns if name not in self._changes.fixed]):
            column = self.table.column(name)
            if column.default is None or column.generated or column.type.array:
                continue
            try:
                changed[name] = constant(parse(column.default), column.type.name)
            except (ExpressionError, NoConstantError):
                continue
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
            values = () if name in self._changes.fixed else self._changes.values_of(name)
            if values is not None and name not in self._changes.fixed:
                lists.append([{name: value} for value in values])
        if not lists or not 0 < prod(map(len, lists)) <= _MOST_COMBINATIONS:
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
            if {first, second} <= {column.name for column in self.table.columns}
            and not {first, second} & self._changes.fixed
        ]
        ranges = [
            name
            for name in columns
            if name not in self._changes.fixed and self.table.column(name).type.name in PLACES
        ]
        if not pairs and not ranges:
            return
        for attempt in range(2 * _APART):
            changed = dict(row)
            place = number + attempt * 1_000
            for name in ranges:
                changed[name] = range_at(self.table.column(name), place)
            for first, second in pairs:
                ends = ends_at(self.table.column(first), place)
                if attempt >= _APART and ends is not None:
                    # Longer ranges may have left no room where the others are.
                    changed[first], changed[second] = ends
                    continue
                random = random_for(self._seed, str(self.table.name), "apart", str(number), str(attempt))
                if self._changes.change(changed, first, ColumnFacts(required=True), random):
                    changed[second] = shortly_after(changed[first], changed.get(second))
            yield changed

    def _fitted(self, row: Row, number: int, attempt: int, branch: Branch) -> Candidate | None:
        if any(assignment.column in self._changes.fixed for assignment in branch.assignments):
            return None
        random = random_for(self._seed, str(self.table.name), "branch", str(number), str(attempt))
        changed = dict(row)
        for name in self._changes.in_order(branch.facts):
            wanted = branch.facts[name]
            if name in row and accepts(settled(both(self._changes.facts[name], wanted)), changed[name]):
                continue
            if not self._changes.change(changed, name, wanted, random):
                return None
        return Candidate(changed, branch.assignments)
