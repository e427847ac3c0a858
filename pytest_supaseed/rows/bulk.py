"""Column-wise generation for large tables: values are made for some rows (prototypes) and picked for all of them.

:func:`by_columns` decides which columns can be made so and which stay row by row. The generators are
:class:`RandomUuids`, :class:`Prototypes` (values may repeat), :class:`DistinctPrototypes` (texts made distinct by
numbers) and :class:`ScatteredValues` (distinct numbers, timestamps or codes from a permutation of their range).
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from random import Random
from typing import Any

from pytest_supaseed.allocation.allocation import Allocation
from pytest_supaseed.constraints.column import comparisons
from pytest_supaseed.constraints.domain import ColumnFacts
from pytest_supaseed.constraints.indexes import condition, of_no_new_row
from pytest_supaseed.model.graph import components
from pytest_supaseed.model.schema import Column, Table, UniqueKey
from pytest_supaseed.model.type_families import is_uuid
from pytest_supaseed.planning.plan import Omitted, TablePlan, TableState
from pytest_supaseed.rng import random_for
from pytest_supaseed.rows.cells import Cells, Columnar, Picked, Plain, Pool, Uuids
from pytest_supaseed.rows.context import MakeContext
from pytest_supaseed.rows.steps import Count, Deal, MakeValue, Place, Row, Step
from pytest_supaseed.rows.unique import folded, made_columns
from pytest_supaseed.values.distinct import (
    NumberedText,
    Scattered,
    is_text,
    numbered_texts,
    scattered_codes,
    scattered_moments,
    scattered_numbers,
)
from pytest_supaseed.values.types.text import accepted

# Numbers that are tried for one text before the column counts as exhausted.
_ATTEMPTS = 20
_VARIANTS = {digit: "89ab"[int(digit, 16) % 4] for digit in "0123456789abcdef"}
_OUT = "no more values could be made that differ"


class RandomUuids(Columnar):
    """UUIDs of version 4: with 122 random bits, they need no comparison with one another.

    Args:
        random: the column's random generator.
    """

    reason = _OUT

    def __init__(self, column: Column, random: Random) -> None:
        self.columns = (column.name,)
        self._random = random

    def cells(self, first: int, count: int) -> Sequence[Cells]:
        """Return the values of the next rows, from one draw of random bits."""
        bits = self._random.getrandbits(128 * count)
        digits = f"{bits:0{32 * count}x}"
        return [
            Uuids(
                [
                    f"{digits[at : at + 12]}4{digits[at + 13 : at + 16]}"
                    f"{_VARIANTS[digits[at + 16]]}{digits[at + 17 : at + 32]}"
                    for at in range(0, 32 * count, 32)
                ]
            )
        ]


class Prototypes(Columnar):
    """Columns that depend on one another, whose values are picked together from one prototype.

    Args:
        values: of each column, one for each prototype.
    """

    reason = _OUT

    def __init__(self, columns: Sequence[Column], values: Sequence[Sequence[Any]], random: Random) -> None:
        self.columns = tuple(column.name for column in columns)
        self._pools = [Pool(column, made) for column, made in zip(columns, values, strict=True)]
        self._all = range(len(values[0]))
        self._random = random

    def cells(self, first: int, count: int) -> Sequence[Cells]:
        """Return values of randomly picked prototypes."""
        at = self._random.choices(self._all, k=count)
        return [Picked(pool, at) for pool in self._pools]


class NumberedTexts:
    """A column whose texts are made distinct by numbers.

    Args:
        facts: value domain of the column.
        forms: a text with a place for a number, one for each prototype.
        turns: how often each is used, at most.
        taken: values of present rows, as :func:`~pytest_supaseed.rows.unique.folded` returns them.
    """

    def __init__(
        self,
        column: Column,
        facts: ColumnFacts,
        forms: Sequence[NumberedText],
        turns: int,
        taken: Container[Any],
    ) -> None:
        self._column = column
        self._facts = facts
        self._forms = forms
        self._turns = turns
        self._taken = taken
        # The forms respect the length limits, so only these restrictions need a check.
        self._checked = bool(taken or facts.patterns or facts.excluded)

    def texts(self, at: Sequence[int], turn: int) -> list[str] | None:
        """Return distinct texts; None where one of them cannot be made.

        Args:
            at: positions of prototypes, each at most once.
            turn: how often each has been used before.
        """
        forms = self._forms
        if not self._checked:
            return [forms[position].text(turn) for position in at]
        found = [self._checked_text(forms[position], turn) for position in at]
        return None if None in found else found  # type: ignore[return-value] # no text is None

    def _checked_text(self, form: NumberedText, turn: int) -> str | None:
        # These numbers are used in no other turn.
        for number in range(turn, _ATTEMPTS * self._turns, self._turns):
            text = form.text(number)
            if folded(text) not in self._taken and accepted(text, self._column.type, self._facts):
                return text
        return None


def greatest_number(turns: int) -> int:
    """Return the greatest number that :class:`NumberedTexts` puts into a text, for ``turns`` uses of each prototype."""
    return _ATTEMPTS * turns


class DistinctPrototypes(Columnar):
    """Columns that depend on one another, some of which have distinct values.

    Args:
        values: of each column, one for each prototype.
        numbered: by position among ``columns``, those with distinct values.
    """

    reason = _OUT

    def __init__(
        self,
        columns: Sequence[Column],
        values: Sequence[Sequence[Any]],
        numbered: dict[int, NumberedTexts],
        random: Random,
    ) -> None:
        self.columns = tuple(column.name for column in columns)
        self._columns = columns
        self._pools = [Pool(column, made) for column, made in zip(columns, values, strict=True)]
        self._numbered = numbered
        self._random = random
        self._size = len(values[0])
        self._order: list[int] = []

    def cells(self, first: int, count: int) -> Sequence[Cells] | None:
        """Use every prototype once, in random order, then every one a second time, and so on."""
        at: list[int] = []
        texts: dict[int, list[str]] = {position: [] for position in self._numbered}
        while len(at) < count:
            turn, start = divmod(first + len(at), self._size)
            if not start:
                self._order = self._random.sample(range(self._size), self._size)
            part = self._order[start : start + count - len(at)]
            at += part
            for position, column in self._numbered.items():
                found = column.texts(part, turn)
                if found is None:
                    return None
                texts[position] += found
        return [
            Plain(self._columns[position], texts[position]) if position in texts else Picked(pool, at)
            for position, pool in enumerate(self._pools)
        ]


class ScatteredValues(Columnar):
    """A column with distinct values that need no prototypes.

    Args:
        values: the values by number.
        taken: values of present rows, as :func:`~pytest_supaseed.rows.unique.folded` returns them.
        random: draws the first number.
    """

    reason = _OUT

    def __init__(self, column: Column, values: Scattered, taken: Container[Any], random: Random) -> None:
        self.columns = (column.name,)
        self._column = column
        self._values = values
        self._taken = taken
        start = random.randrange(values.size)
        self._numbers = chain(range(start, values.size), range(start))

    def cells(self, first: int, count: int) -> Sequence[Cells] | None:
        """Return the next values; None where there are not enough."""
        found = []
        for number in self._numbers:
            value = self._values.value(number)
            if value is not None and folded(value) not in self._taken:
                found.append(value)
                if len(found) == count:
                    return [Plain(self._column, found)]
        return None


# Number of prototypes: one for every _SHARE rows, within these limits.
_LEAST, _MOST, _SHARE = 2_000, 10_000, 100
# Codes are scattered only if there are _SPARE times as many as rows and the column accepts half of those tried.
_TRIED, _ACCEPTED, _SPARE = 50, 25, 4


class Parts:
    """Builds the column-wise generators of a table.

    Args:
        constants: columns that have the same value in every row.
    """

    def __init__(
        self,
        table: Table,
        state: TableState,
        amount: int,
        context: MakeContext,
        constants: Mapping[str, Any],
    ) -> None:
        self._table, self._state = table, state
        self._amount, self._context = amount, context
        self._constants = constants
        self._prototypes: dict[tuple[str, ...], list[Row]] = {}

    def of(self, steps: Sequence[MakeValue], wanted: Collection[str]) -> Columnar | None:
        """Return a generator of columns that depend on one another.

        Args:
            steps: of the columns, in their order.
            wanted: the columns whose values must be distinct.

        Returns:
            The generator; None where it cannot make the values distinct.
        """
        names = tuple(step.column.name for step in steps)
        if wanted and len(names) == 1 and (scattered := self._scattered(steps[0])) is not None:
            return scattered
        rows = self._made(names, steps)
        columns = [step.column for step in steps]
        random = self.random(steps[0], "rows")
        if not wanted:
            return Prototypes(columns, [[row[name] for row in rows] for name in names], random)
        if not all(is_text(step.column) for step in steps if step.column.name in wanted):
            return None
        if len(names) == 1 and (code := self._scattered_code(steps[0], rows)) is not None:
            return code
        unique = {at: step for at, step in enumerate(steps) if step.column.name in wanted}
        found = self._numbered(unique, rows)
        if found is None:
            return None
        kept, numbered = found
        return DistinctPrototypes(
            columns, [[rows[at][name] for at in kept] for name in names], numbered, random
        )

    def _numbered(
        self, unique: Mapping[int, MakeValue], rows: Sequence[Row]
    ) -> tuple[list[int], dict[int, NumberedTexts]] | None:
        """Return the prototypes that have a form in every distinct column, and the numbered texts of each."""
        turns = 1
        while True:
            most = greatest_number(turns)
            found = {
                at: numbered_texts([row[step.column.name] for row in rows], step.column, step.facts, most)
                for at, step in unique.items()
            }
            kept = [at for at, forms in enumerate(zip(*found.values(), strict=True)) if None not in forms]
            if not kept:
                return None
            if len(kept) * turns >= self._amount:
                break
            # Fewer prototypes need more turns, whose greater numbers leave less room for the text of some forms.
            turns = max(turns + 1, -(-self._amount // len(kept)))
        return kept, {
            at: NumberedTexts(
                step.column,
                step.facts,
                [form for row in kept if (form := found[at][row]) is not None],
                turns,
                self._taken(step.column.name),
            )
            for at, step in unique.items()
        }

    def _scattered(self, step: MakeValue) -> Columnar | None:
        taken = self._taken(step.column.name)
        wanted = self._amount + len(taken) + len(step.facts.excluded)
        for scattered in (scattered_numbers, scattered_moments):
            found = scattered(step.column, step.facts, wanted, step.today)
            if found is not None and found.size >= wanted:
                return ScatteredValues(step.column, found, taken, self.random(step, "rows"))
        return None

    def _scattered_code(self, step: MakeValue, rows: Sequence[Row]) -> Columnar | None:
        found = scattered_codes([row[step.column.name] for row in rows], step.column, step.facts)
        taken = self._taken(step.column.name)
        if found is None or found.size < _SPARE * (self._amount + len(taken)):
            return None
        accepted = sum(found.value(number) is not None for number in range(_TRIED))
        if accepted < _ACCEPTED:
            return None
        return ScatteredValues(step.column, found, taken, self.random(step, "rows"))

    def _taken(self, name: str) -> set[Any]:
        if name not in self._state.columns:
            return set()
        at = self._state.columns.index(name)
        return {folded(row[at]) for row in self._state.rows}

    def _made(self, names: tuple[str, ...], steps: Iterable[MakeValue]) -> list[Row]:
        """Return the prototypes: rows of these columns and the constants."""
        if names not in self._prototypes:
            amount = min(max(_LEAST, self._amount // _SHARE), _MOST)
            rows: list[Row] = [dict(self._constants) for _ in range(amount)]
            for step in steps:
                step.begin(amount, self._context)
                step.resume(0, rows)
                for number, row in enumerate(rows):
                    row.update(step.values(number, row, 0) or {})
            self._prototypes[names] = rows
        return self._prototypes[names]

    def random(self, step: MakeValue, *more: str) -> Random:
        """Return a random generator of a column, for one purpose if ``more`` names it."""
        return random_for(self._context.seed, str(self._table.name), step.column.name, *more)


@dataclass(frozen=True)
class Division:
    """The columns of a table that are made column-wise, and those that are made row by row.

    Attributes:
        steps: what makes the columns row by row, in order.
        columnar: the column-wise generators.
        satisfied: names of the unique keys that the generators satisfy by construction.
    """

    steps: Sequence[Step]
    columnar: Sequence[Columnar] = ()
    satisfied: frozenset[str] = frozenset()


def by_columns(
    plan: TablePlan, state: TableState, allocation: Allocation, steps: Sequence[Step], context: MakeContext
) -> Division:
    """Decide which columns are made column-wise: those that depend on no column made row by row.

    Args:
        steps: of all columns, in their order.
    """
    division = _Divider(plan, state, allocation, steps, context)
    while not division.settle():
        pass
    for step in division.whole:
        step.begin(allocation.amount, context)
    rest = [step for step in steps if not division.rowwise.isdisjoint(step.columns)]
    return Division(rest, [*division.whole, *division.parts], frozenset(division.settled))


class _Divider:
    """The division of a table's columns, refined until it is consistent.

    Attributes:
        rowwise: columns that are made row by row.
        whole: steps that are used column-wise.
        parts: the other column-wise generators.
        settled: names of the unique keys that are satisfied by construction.
    """

    def __init__(
        self,
        plan: TablePlan,
        state: TableState,
        allocation: Allocation,
        steps: Sequence[Step],
        context: MakeContext,
    ) -> None:
        self._plan, self._allocation, self._steps = plan, allocation, steps
        self._table = plan.table
        self._set = {name: step for step in steps for name in step.columns}
        self._constants = {s.columns[0]: s.constant[0] for s in steps if isinstance(s, Deal) and s.constant}
        self._make = Parts(plan.table, state, allocation.amount, context, self._constants)
        self.rowwise = {name for step in steps if not _by_columns(step) for name in step.columns}
        self.whole: list[Place | Deal | Count] = []
        self.parts: list[Columnar] = []
        self.settled: set[str] = set()

    def settle(self) -> bool:
        """Divide the columns; return whether no column had to be moved to ``rowwise``.

        Called until it returns True: ``rowwise`` grows with every other call, so that it ends.
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
                # No generator makes these values distinct, so they are compared row by row.
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
        """Return the step that must find values for a key: one made row by row, else one without dependents."""
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
        """Whether a prototype can include the column's value."""
        step = self._set.get(name)
        pooled = isinstance(step, MakeValue) and name not in self.rowwise and step not in self._uuids
        return step is None or name in self._constants or pooled

    @property
    def _uuids(self) -> list[MakeValue]:
        return [
            step
            for step in self._steps
            if isinstance(step, MakeValue)
            and is_uuid(step.column.type)
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
        """The unique keys that new rows can violate."""
        found = [key for key in self._table.uniques if made_columns(self._table, key)]
        return [key for key in found if not of_no_new_row(self._table, key, self._omitted)]

    def _used(self, key: UniqueKey) -> set[str]:
        """Return the columns that decide a row's entry in a key; empty if PostgreSQL computes some of them."""
        found = condition(self._table, key)
        columns = {*made_columns(self._table, key)}
        if found is not None:
            columns |= set(found.columns).difference(self._omitted)
        return columns if columns.isdisjoint(self._omitted) else set()

    def _differs(self, key: UniqueKey) -> bool:
        counted = {name for s in self.whole if isinstance(s, Count) for name in s.columns}
        counted |= {step.column.name for step in self._uuids}
        return key.name in self._allocation.satisfied or (
            not key.expression and not counted.isdisjoint(key.columns)
        )

    def _alone(self, key: UniqueKey) -> str | None:
        """Return the column of a key that must be distinct: its only generated one, on which no other depends."""
        columns = [name for name in made_columns(self._table, key) if name not in self._omitted]
        step = self._set.get(columns[0]) if len(columns) == 1 else None
        if key.name in self.settled or not isinstance(step, MakeValue):
            return None
        used = any(isinstance(other, MakeValue) and columns[0] in other.uses for other in self._steps)
        return None if used or columns[0] in self._compared or columns[0] in self.rowwise else columns[0]

    def _components(self) -> list[tuple[str, ...]]:
        """Return connected components of columns by their dependencies, each in the order of the steps."""
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
