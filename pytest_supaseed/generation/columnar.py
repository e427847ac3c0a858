"""Which columns of a large table are made as columns, and which row by row."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from pytest_supaseed.constraints import comparisons
from pytest_supaseed.generation.cells import Columnar
from pytest_supaseed.generation.keys import made_columns
from pytest_supaseed.generation.making import MakeValue
from pytest_supaseed.generation.parts import Parts
from pytest_supaseed.generation.pools import RandomUuids
from pytest_supaseed.generation.recipe import bound_groups
from pytest_supaseed.generation.steps import Count, Deal, Place, Step
from pytest_supaseed.planning.graph import components
from pytest_supaseed.planning.plan import TablePlan
from pytest_supaseed.planning.sources import Omitted
from pytest_supaseed.planning.state import TableState
from pytest_supaseed.schema import UniqueKey
from pytest_supaseed.uniqueness.partial import condition, of_no_new_row

if TYPE_CHECKING:
    from faker import Faker


def by_columns(
    plan: TablePlan, state: TableState, steps: Sequence[Step], amount: int, seed: int, faker: Faker
) -> tuple[list[Columnar], list[Step], frozenset[str]]:
    """Decide which columns are made as columns: all that look at no other column of their row but those that are.

    Args:
        plan: where the values of the columns come from.
        state: what is there already.
        steps: in their order.
        amount: how many rows.
        seed: of the generator.
        faker: of the spec's locale; its random generator is replaced.

    Returns:
        What makes columns; the steps that are left, in their order; and the names of the unique keys whose values
        are known to differ.
    """
    division = _Division(plan, state, steps, amount, seed, faker)
    while not division.settle():
        pass
    for step in division.whole:
        step.begin(amount, seed, faker)
    columnar: list[Columnar] = [*division.whole, *division.parts]
    rest = [step for step in steps if not division.rowwise.isdisjoint(step.columns)]
    return columnar, rest, frozenset(division.settled)


class _Division:
    """The columns of a table, and those that turn out to need their row.

    Attributes:
        rowwise: columns that are made row by row.
        whole: steps that make columns.
        parts: what else makes columns.
        settled: names of keys whose values differ by the way they are made.
    """

    def __init__(
        self,
        plan: TablePlan,
        state: TableState,
        steps: Sequence[Step],
        amount: int,
        seed: int,
        faker: Faker,
    ) -> None:
        self._plan, self._state, self._steps = plan, state, steps
        self._table = plan.table
        self._set = {name: step for step in steps for name in step.columns}
        self._constants = {s.columns[0]: s.constant[0] for s in steps if isinstance(s, Deal) and s.constant}
        self._make = Parts(plan.table, state, amount, seed, faker, self._constants)
        self.rowwise = {name for step in steps if not _by_columns(step) for name in step.columns}
        self.whole: list[Place | Deal | Count] = []
        self.parts: list[Columnar] = []
        self.settled: set[str] = set()

    def settle(self) -> bool:
        """Divide the columns; tell whether that is it, or whether some had to be left to the rows.

        Every time there are more of these.
        """
        before = len(self.rowwise)
        self._leave_what_uses_rows()
        self.whole = [s for s in self._steps if isinstance(s, (Place, Deal, Count)) and not self._left(s)]
        self.settled = {key.name for key in self._keys if self._differs(key)}
        wanted = {name for key in self._keys if (name := self._alone(key)) is not None}
        self.parts = [RandomUuids(step.column, self._make.random(step)) for step in self._uuids]
        for names in self._components():
            made_of = [step for name in names if isinstance(step := self._set[name], MakeValue)]
            part = self._make.of(made_of, wanted & set(names))
            if part is None:
                # It has no values that differ by the way they are made: each is compared with all others.
                self.rowwise |= wanted & set(names)
            else:
                self.parts.append(part)
        made = {name for part in self.parts for name in part.columns}
        self.settled |= {key.name for key in self._keys if self._alone(key) in made}
        for key in self._keys:
            if key.name not in self.settled and self._used(key):
                self.rowwise.update(self._completing(self._used(key)).columns)
        return len(self.rowwise) == before

    def _completing(self, used: set[str]) -> Step:
        """The step that looks for a value that no other row has: one that others need not wait for."""
        steps = [step for step in reversed(self._steps) if used & set(step.columns)]
        left = [step for step in steps if self._left(step) and not isinstance(step, Count)]
        needed = {name for step in self._steps if isinstance(step, MakeValue) for name in step.uses}
        free = [s for s in steps if isinstance(s, MakeValue) and needed.isdisjoint(s.columns)]
        return next(iter(left or free or steps))

    def _left(self, step: Step) -> bool:
        return not self.rowwise.isdisjoint(step.columns)

    def _leave_what_uses_rows(self) -> None:
        for step in self._steps:
            if isinstance(step, MakeValue) and not all(map(self._known, step.uses)):
                self.rowwise.update(step.columns)

    def _known(self, name: str) -> bool:
        """Whether a prototype can have the column's value."""
        step = self._set.get(name)
        pooled = isinstance(step, MakeValue) and name not in self.rowwise and step not in self._uuids
        return step is None or name in self._constants or pooled

    @property
    def _uuids(self) -> list[MakeValue]:
        return [
            step
            for step in self._steps
            if isinstance(step, MakeValue)
            and step.column.type.name == "uuid"
            and not step.column.type.array
            and not step.uses
            and not step.facts.excluded
            and not self._left(step)
            and step.column.name not in self._compared
        ]

    @cached_property
    def _compared(self) -> set[str]:
        return {name for c in comparisons(self._table) for name in (c.left, c.right)}

    @cached_property
    def _omitted(self) -> set[str]:
        return {c.column.name for c in self._plan.columns if isinstance(c.source, Omitted)}

    @cached_property
    def _keys(self) -> list[UniqueKey]:
        """The unique keys that rows have to heed."""
        found = [key for key in self._table.uniques if made_columns(self._table, key)]
        return [key for key in found if not of_no_new_row(self._table, key, self._omitted)]

    def _used(self, key: UniqueKey) -> set[str]:
        """The columns that say what a key holds of a row; nothing if PostgreSQL computes some of them."""
        found = condition(self._table, key)
        columns = {*made_columns(self._table, key)}
        if found is not None:
            columns |= set(found.columns).difference(self._omitted)
        return columns if columns.isdisjoint(self._omitted) else set()

    def _differs(self, key: UniqueKey) -> bool:
        bound = {key.name for group in bound_groups(self._plan, self._state) for key, _ in group.keys}
        counted = {name for s in self.whole if isinstance(s, Count) for name in s.columns}
        counted |= {step.column.name for step in self._uuids}
        return key.name in bound or (not key.expression and not counted.isdisjoint(key.columns))

    def _alone(self, key: UniqueKey) -> str | None:
        """The column whose values have to differ: the only one that is made, if others can do without it."""
        columns = [name for name in made_columns(self._table, key) if name not in self._omitted]
        step = self._set.get(columns[0]) if len(columns) == 1 else None
        if key.name in self.settled or not isinstance(step, MakeValue):
            return None
        used = any(isinstance(other, MakeValue) and columns[0] in other.uses for other in self._steps)
        return None if used or columns[0] in self._compared or columns[0] in self.rowwise else columns[0]

    def _components(self) -> list[tuple[str, ...]]:
        """Columns that use one another, in the order in which they are made."""
        pooled = {
            step.column.name: step
            for step in self._steps
            if isinstance(step, MakeValue) and step not in self._uuids and not self._left(step)
        }
        links: dict[str, set[str]] = {name: set() for name in pooled}
        for name, step in pooled.items():
            for other in step.uses:
                if other in pooled:
                    links[name].add(other)
                    links[other].add(name)
        order = {name: at for at, name in enumerate(pooled)}
        return [tuple(sorted(found, key=order.__getitem__)) for found in components(pooled, links)]


def _by_columns(step: Step) -> bool:
    return isinstance(step, (Place, Deal, MakeValue)) or (isinstance(step, Count) and not step.within)
