"""Steps for large tables: values are made for some rows (prototypes) and picked for all of them.

:func:`pooled` replaces the steps that make values by such steps where that is possible. They are :class:`Prototypes`
(values may repeat), :class:`DistinctPrototypes` (texts made distinct by numbers) and :class:`ScatteredValues` (distinct
numbers, timestamps or codes from a permutation of their range).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import chain, product
from random import Random
from typing import Any

from pytest_supaseed.allocation.allocation import Allocation
from pytest_supaseed.constraints.column import comparisons
from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.constraints.indexes import condition, of_no_new_row
from pytest_supaseed.model.graph import components
from pytest_supaseed.model.schema import Column, Table, UniqueKey
from pytest_supaseed.model.type_families import is_date
from pytest_supaseed.planning.plan import Key, TablePlan, TableState
from pytest_supaseed.rng import random_for
from pytest_supaseed.rows.cells import Cells, Patched, Picked, Plain, Pool
from pytest_supaseed.rows.steps import (
    OUT_OF_DISTINCT,
    Count,
    Deal,
    LookUp,
    MakeContext,
    MakeValue,
    OpenBlock,
    OutOfValuesError,
    Place,
    RandomUuids,
    Row,
    Step,
    satisfied_keys,
)
from pytest_supaseed.rows.unique import columns_to_generate, columns_with_server_defaults, folded
from pytest_supaseed.values.distinct import (
    Scattered,
    is_text,
    numbered_texts,
    scattered_codes,
    scattered_moments,
    scattered_numbers,
)
from pytest_supaseed.values.meanings.parents import latest_of
from pytest_supaseed.values.types.date_time import END_OF_DAY, as_moment
from pytest_supaseed.values.types.text import NumberedText, accepted

# Numbers that are tried for one text before the column counts as exhausted.
_ATTEMPTS = 20


class Prototypes(Step):
    """Fills columns that depend on one another with values that are picked together from one prototype.

    Args:
        values: of each column, one for each prototype.
        like: by the values of the columns ``dealt``, which the rows have already, the positions of the prototypes that
            have these values too.
        dealt: those columns; empty where the prototypes depend on none.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        values: Sequence[Sequence[Any]],
        random: Random,
        like: Mapping[tuple[Any, ...], Sequence[int]] | None = None,
        dealt: tuple[str, ...] = (),
    ) -> None:
        super().__init__(tuple(column.name for column in columns), dealt)
        self._like = like or {}
        self._pools = [Pool(column, made_values) for column, made_values in zip(columns, values, strict=True)]
        self._all = range(len(values[0]))
        self._random = random

    def fill(self, block: OpenBlock) -> Sequence[Cells]:
        """Return values of randomly picked prototypes."""
        if not self._like:
            at = self._random.choices(self._all, k=len(block.rows))
            return [Picked(pool, at) for pool in self._pools]
        like, dealt, share = self._like, self.uses, self._random.random
        found = []
        for row in block.rows:
            alike = like[tuple(row[name] for name in dealt)]
            found.append(alike[int(share() * len(alike))])
        return [Picked(pool, found) for pool in self._pools]


# Prototypes that are late enough for a row, at least; with fewer, a value is made for the row itself.
_ENOUGH = 6


class LaterPrototypes(Prototypes):
    """Fills columns, some of which are moments that follow times of referenced rows, from prototypes that are later.

    Args:
        steps: of the columns, begun.
        rows: the prototypes.
        today: the upper end of the moments.
        dealt: columns that the rows have already, of which a prototype has the same values.
    """

    reads_cells = True

    def __init__(
        self,
        steps: Sequence[MakeValue],
        rows: Sequence[Row],
        random: Random,
        today: date,
        dealt: tuple[str, ...] = (),
    ) -> None:
        following = [step for step in steps if step.source.since]
        now = datetime.combine(today, END_OF_DAY)
        alike: dict[Key, list[int]] = {}
        for at, row in enumerate(rows):
            alike.setdefault(tuple(row[name] for name in dealt), []).append(at)
        columns = [step.column for step in steps]
        super().__init__(columns, [[row[column.name] for row in rows] for column in columns], random)
        self._alike = {values: _Ordered(rows, found, following, now) for values, found in alike.items()}
        self._since = tuple(dict.fromkeys(name for step in following for name in step.source.since))
        self._until = tuple(dict.fromkeys(name for step in following for name in step.source.until))
        self.uses = (*self._since, *self._until, *dealt)
        self._steps = steps
        # A date is later than a timestamp of its day only on the next one.
        self._type = next(
            (s.column.type for s in following if is_date(s.column.type)), following[0].column.type
        )
        self._today = today
        # By the times and dealt values of a row, as positions in pools where they are there: the prototypes to pick
        # from, the first of them, and their number.
        self._places: dict[Key, tuple[list[int], int, int]] = {}
        # The values in pools, times as moments.
        self._pooled: dict[str, Sequence[Any]] = {}

    def fill(self, block: OpenBlock) -> Sequence[Cells]:
        """Return values of randomly picked prototypes that are late enough, or made for the row where few are."""
        draw, places = self._random.random, self._places
        read = [block.made[name] for name in self.uses]
        # Positions in a pool are found faster than the moments there.
        known = list(
            zip(*(cells.at if isinstance(cells, Picked) else cells.values() for cells in read), strict=True)
        )
        new = set(known).difference(places)
        if new:
            readers = list(map(self._reader, self.uses, read))
            for each in new:
                places[each] = self._place(
                    [reader(value) for reader, value in zip(readers, each, strict=True)]
                )
        found = list(map(places.__getitem__, known))
        at = [order[first + int(draw() * number)] for order, first, number in found]
        alone = [row for row, (_, _, number) in enumerate(found) if number < _ENOUGH]
        cells = [Picked(pool, at) for pool in self._pools]
        if not alone:
            return cells
        columns = {name: cells.values() for name, cells in zip(self.uses, read, strict=True)}
        others = {
            number: self._made(
                {**block.rows[number], **{name: column[number] for name, column in columns.items()}}
            )
            for number in alone
        }
        return [
            Patched(picked, {number: row[name] for number, row in others.items()})
            for picked, name in zip(cells, self.columns, strict=True)
        ]

    def _reader(self, name: str, cells: Cells) -> Callable[[Any], Any]:
        """Return what reads a value, or its position in a pool, of a column; of a time, the moment."""
        of_time = name in self._since or name in self._until
        if not isinstance(cells, Picked):
            return as_moment if of_time else _itself
        if name not in self._pooled:
            self._pooled[name] = [*map(as_moment, cells.pool.values)] if of_time else cells.pool.values
        values = self._pooled[name]
        return lambda at: None if at is None else values[at]

    def _place(self, known: Sequence[Any]) -> tuple[list[int], int, int]:
        """Return the prototypes, the first and the number of those to pick from, for times and dealt values."""
        since, until = len(self._since), len(self._since) + len(self._until)
        start = latest_of(known[:since], self._type, self._today)
        end = None
        for moment in known[since:until]:
            if moment is not None and (start is None or moment >= start) and (end is None or moment < end):
                end = moment
        return self._alike[tuple(known[until:])].between(start, end)

    def _made(self, row: Row) -> Row:
        made = dict(row)
        for step in self._steps:
            made[step.column.name] = step.again(made)
        return made


def _itself(value: Any) -> Any:
    return value


class _Ordered:
    """Prototypes in the order of their moments.

    Args:
        rows: all prototypes.
        places: the positions of some of them.
        following: the steps of the moments.
        now: the upper end of the moments. Where few moments are left, those after it are as good as others.
    """

    def __init__(
        self, rows: Sequence[Row], places: Sequence[int], following: Sequence[MakeValue], now: datetime
    ) -> None:
        names = [step.column.name for step in following]
        ends = {at: _ends([rows[at][name] for name in names]) for at in places}
        usual = [at for at in places if ends[at][1] <= now] or places
        self._order = sorted(usual, key=lambda at: ends[at][0])
        self._moments = [ends[at][0] for at in self._order]
        # Whether what has to come before an end is the first of the moments.
        limited = [step.column.name for step in following if step.source.until]
        self._limited = all(
            as_moment(rows[at][name]) in (None, ends[at][0]) for at in self._order for name in limited
        )

    def between(self, start: datetime | None, end: datetime | None) -> tuple[list[int], int, int]:
        """Return the prototypes in their order, the first that is not before a moment, and how many follow.

        Args:
            start: the moment; None for the first of all.
            end: a moment after which those are not counted; None for no end.
        """
        moments = self._moments
        # Of no prototype that is late enough, the last one is in its place until a value is made.
        first = 0 if start is None else min(bisect_left(moments, start), len(moments) - 1)
        last = len(moments)
        if end is not None:
            last = bisect_right(moments, end, first) if self._limited else first
        return self._order, first, last - first


def _ends(values: Sequence[object]) -> tuple[datetime, datetime]:
    """The first and the last of moments; of none, such that every moment is before them, and none after."""
    moments = [moment for moment in map(as_moment, values) if moment is not None]
    return min(moments, default=datetime.max), max(moments, default=datetime.min)


@dataclass(frozen=True)
class NumberedTexts:
    """A column whose texts are made distinct by numbers.

    Attributes:
        column: the column.
        domain: its value domain.
        templates: a text with a place for a number, one for each prototype.
        uses: how often each is used, at most.
        taken: values of present rows, as :func:`~pytest_supaseed.rows.unique.folded` returns them.
    """

    column: Column
    domain: ValueDomain
    templates: Sequence[NumberedText]
    uses: int
    taken: Container[Any]

    def texts(self, at: Sequence[int], use: int) -> list[str] | None:
        """Return distinct texts; None where one of them cannot be made.

        Args:
            at: positions of prototypes, each at most once.
            use: how often each has been used before.
        """
        templates = self.templates
        # The forms respect the length limits, so only these restrictions need a check.
        if not (self.taken or self.domain.patterns or self.domain.excluded):
            return [templates[position].text(use) for position in at]
        found = [self._accepted(templates[position], use) for position in at]
        return None if None in found else found  # type: ignore[return-value] # no text is None

    def _accepted(self, template: NumberedText, use: int) -> str | None:
        # These numbers are used in no other turn.
        for number in range(use, _ATTEMPTS * self.uses, self.uses):
            text = template.text(number)
            if folded(text) not in self.taken and accepted(text, self.column.type, self.domain):
                return text
        return None


def greatest_number(uses: int) -> int:
    """Return the greatest number that :class:`NumberedTexts` puts into a text, for ``uses`` uses of each prototype."""
    return _ATTEMPTS * uses


class DistinctPrototypes(Prototypes):
    """Fills columns that depend on one another, some of which have distinct values.

    Args:
        numbered: by position among ``columns``, those with distinct values.
    """

    reason = OUT_OF_DISTINCT

    def __init__(
        self,
        columns: Sequence[Column],
        values: Sequence[Sequence[Any]],
        random: Random,
        numbered: Mapping[int, NumberedTexts],
    ) -> None:
        super().__init__(columns, values, random)
        self._numbered = numbered
        self._order: list[int] = []

    def fill(self, block: OpenBlock) -> Sequence[Cells]:
        """Use every prototype once, in random order, then every one a second time, and so on."""
        count = len(block.rows)
        at: list[int] = []
        texts: dict[int, list[str]] = {position: [] for position in self._numbered}
        while len(at) < count:
            use, start = divmod(block.first + len(at), len(self._all))
            if not start:
                self._order = self._random.sample(self._all, len(self._all))
            part = self._order[start : start + count - len(at)]
            at += part
            for position, column in self._numbered.items():
                found = column.texts(part, use)
                if found is None:
                    raise OutOfValuesError
                texts[position] += found
        return [
            Plain(pool.column, texts[position]) if position in texts else Picked(pool, at)
            for position, pool in enumerate(self._pools)
        ]


class ScatteredValues(Step):
    """Fills a column with distinct values that need no prototypes.

    Args:
        values: the values by number.
        taken: values of present rows, as :func:`~pytest_supaseed.rows.unique.folded` returns them.
        random: draws the first number.
    """

    reason = OUT_OF_DISTINCT

    def __init__(self, column: Column, values: Scattered, taken: Container[Any], random: Random) -> None:
        super().__init__((column.name,))
        self._column = column
        self._values = values
        self._taken = taken
        start = random.randrange(values.size)
        self._numbers = chain(range(start, values.size), range(start))

    def fill(self, block: OpenBlock) -> Sequence[Cells]:
        """Return the next values."""
        found: list[Any] = []
        for number in self._numbers:
            value = self._values.value(number)
            if value is not None and folded(value) not in self._taken:
                found.append(value)
                if len(found) == len(block.rows):
                    return [Plain(self._column, found)]
        raise OutOfValuesError


# Number of prototypes: one for every _SHARE rows, within these limits.
_LEAST, _MOST, _SHARE = 2_000, 10_000, 100
# Combinations of dealt values for which prototypes are made.
_COMBINATIONS = 64
# Codes are scattered only if there are _SPARE times as many as rows and the column accepts half of those tried.
_TRIED, _ACCEPTED, _SPARE = 50, 25, 4


@dataclass(frozen=True)
class _Parts:
    """Builds the steps that fill columns from prototypes, or with distinct values.

    Attributes:
        table: the table.
        state: its present rows.
        amount: the number of new rows.
        context: what rows are made with.
        constants: columns that have the same value in every row.
        dealt: by column, the values that its rows are dealt.
        prototypes: by columns, the prototypes that have been made.
    """

    table: Table
    state: TableState
    amount: int
    context: MakeContext
    constants: Mapping[str, Any]
    dealt: Mapping[str, Sequence[Any]]
    prototypes: dict[tuple[str, ...], list[Row]] = field(default_factory=dict)

    def of(self, steps: Sequence[MakeValue], wanted: Collection[str]) -> Step | None:
        """Return a step that fills columns which depend on one another.

        Args:
            steps: of the columns, in their order.
            wanted: the columns whose values must be distinct.

        Returns:
            The step; None where none can make the values distinct.
        """
        names = tuple(step.column.name for step in steps)
        declared = [step.column.declared for step in steps if step.column.name in wanted]
        if any(each is not None and each.judged for each in declared):
            # The application judges each value.
            return None
        if wanted and len(names) == 1 and (scattered := self._scattered(steps[0])) is not None:
            return scattered
        later = any(step.source.since for step in steps)
        if later and wanted:
            # Which of the distinct values are late enough differs from row to row.
            return None
        dealt = tuple(sorted({name for step in steps for name in step.uses if name in self.dealt}))
        combinations = [*product(*(self.dealt[name] for name in dealt))]
        if dealt and (wanted or len(combinations) > _COMBINATIONS):
            return None
        rows = self._make_prototypes(
            names, steps, [dict(zip(dealt, each, strict=True)) for each in combinations]
        )
        columns = [step.column for step in steps]
        random = self._random(steps[0])
        if later:
            return LaterPrototypes(steps, rows, random, self.context.date, dealt)
        if not wanted:
            values = [[row[name] for row in rows] for name in names]
            if not dealt:
                return Prototypes(columns, values, random)
            like: dict[tuple[Any, ...], list[int]] = {}
            for at, row in enumerate(rows):
                like.setdefault(tuple(row[name] for name in dealt), []).append(at)
            return Prototypes(columns, values, random, like, dealt)
        if not all(is_text(step.column) for step in steps if step.column.name in wanted):
            return None
        if len(names) == 1 and (code := self._scattered_code(steps[0], rows)) is not None:
            return code
        unique = {at: step for at, step in enumerate(steps) if step.column.name in wanted}
        found = self._numbered(unique, rows)
        if found is None:
            return None
        kept, numbered = found
        values = [[rows[at][name] for at in kept] for name in names]
        return DistinctPrototypes(columns, values, random, numbered)

    def _numbered(
        self, unique: Mapping[int, MakeValue], rows: Sequence[Row]
    ) -> tuple[list[int], dict[int, NumberedTexts]] | None:
        """Return the prototypes that have a form in every distinct column, and the numbered texts of each."""
        uses = 1
        while True:
            most = greatest_number(uses)
            found = {
                at: numbered_texts([row[step.column.name] for row in rows], step.column, step.domain, most)
                for at, step in unique.items()
            }
            kept = [
                at for at, templates in enumerate(zip(*found.values(), strict=True)) if None not in templates
            ]
            if not kept:
                return None
            if len(kept) * uses >= self.amount:
                break
            # Fewer prototypes need more turns, whose greater numbers leave less room for the text of some forms.
            uses = max(uses + 1, -(-self.amount // len(kept)))
        return kept, {
            at: NumberedTexts(
                step.column,
                step.domain,
                [template for row in kept if (template := found[at][row]) is not None],
                uses,
                self._taken(step.column.name),
            )
            for at, step in unique.items()
        }

    def _scattered(self, step: MakeValue) -> Step | None:
        taken = self._taken(step.column.name)
        wanted = self.amount + len(taken) + len(step.domain.excluded)
        for scattered in (scattered_numbers, scattered_moments):
            found = scattered(step.column, step.domain, wanted, self.context.date)
            if found is not None and found.size >= wanted:
                return ScatteredValues(step.column, found, taken, self._random(step))
        return None

    def _scattered_code(self, step: MakeValue, rows: Sequence[Row]) -> Step | None:
        found = scattered_codes([row[step.column.name] for row in rows], step.column, step.domain)
        taken = self._taken(step.column.name)
        if found is None or found.size < _SPARE * (self.amount + len(taken)):
            return None
        accepted = sum(found.value(number) is not None for number in range(_TRIED))
        if accepted < _ACCEPTED:
            return None
        return ScatteredValues(step.column, found, taken, self._random(step))

    def _taken(self, name: str) -> set[Any]:
        if name not in self.state.columns:
            return set()
        at = self.state.columns.index(name)
        return {folded(row[at]) for row in self.state.rows}

    def _make_prototypes(
        self, names: tuple[str, ...], steps: Sequence[MakeValue], combinations: Sequence[Row]
    ) -> list[Row]:
        """Return the prototypes: rows of these columns, the constants and the combinations of dealt values in turn."""
        if names not in self.prototypes:
            amount = min(max(_LEAST, self.amount // _SHARE), _MOST)
            rows: list[Row] = [
                {**self.constants, **combinations[number % len(combinations)]} for number in range(amount)
            ]
            for step in steps:
                step.begin(amount, self.context)
                [cells] = step.fill(OpenBlock(self.table, 0, rows))
                for row, value in zip(rows, cells.values(), strict=True):
                    row[step.column.name] = value
            self.prototypes[names] = rows
        return self.prototypes[names]

    def _random(self, step: MakeValue) -> Random:
        """Return the random generator that picks the values of a column's rows."""
        return random_for(self.context.seed, str(self.table.name), step.column.name, "rows")


def pooled(
    plan: TablePlan, state: TableState, allocation: Allocation, steps: Sequence[Step], context: MakeContext
) -> tuple[list[Step], set[str]]:
    """Replace the steps of a large table that make values by steps that pick them, where that is possible.

    A column stays with its step if it depends on a column whose values are found row by row, or if values that a unique
    key demands cannot be made distinct otherwise.

    Args:
        steps: of all columns, in their order.

    Returns:
        The steps in their order, and the names of the unique keys that they satisfy by construction.
    """
    division = _Division(plan, state, allocation, steps, context)
    while not division.divide():
        pass
    rest = [step for step in steps if not division.rowwise.isdisjoint(step.columns)]
    return [*division.whole, *division.parts, *rest], division.satisfied


class _Division:
    """The division of a table's columns, refined until it is consistent.

    Attributes:
        rowwise: columns whose values are found row by row.
        whole: steps that fill whole columns anyway.
        parts: the steps that replace others.
        satisfied: names of the unique keys that are satisfied by construction.
    """

    def __init__(
        self,
        plan: TablePlan,
        state: TableState,
        allocation: Allocation,
        steps: Sequence[Step],
        context: MakeContext,
    ) -> None:
        self._allocation, self._steps = allocation, steps
        self._table = plan.table
        self._server_defaults = columns_with_server_defaults(plan)
        self._set = {name: step for step in steps for name in step.columns}
        self._constants = {s.columns[0]: s.constant[0] for s in steps if isinstance(s, Deal) and s.constant}
        self._dealt = {
            step.columns[0]: step.choices
            for step in steps
            if isinstance(step, Deal) and not step.constant and step.is_hashable
        }
        self._make = _Parts(plan.table, state, allocation.amount, context, self._constants, self._dealt)
        self._compared = {name for c in comparisons(self._table) for name in (c.left, c.right)}
        self.rowwise = {
            name
            for step in steps
            if not (
                isinstance(step, (Place, LookUp, Deal, MakeValue))
                or (isinstance(step, Count) and step.distinct)
            )
            for name in step.columns
        }
        self.whole: list[Step] = []
        self.parts: list[Step] = []
        self.satisfied: set[str] = set()

    def divide(self) -> bool:
        """Divide the columns; return whether no column had to be moved to ``rowwise``.

        Called until it returns True: ``rowwise`` grows with every other call, so that it ends.
        """
        before = len(self.rowwise)
        for step in self._steps:
            needed = set(step.uses)
            if isinstance(step, MakeValue):
                times = {*step.source.since, *step.source.until}
                needed = {name for name in needed if not (name in times or self._known(name))}
                needed |= times & self.rowwise
            elif isinstance(step, LookUp):
                needed &= self.rowwise
            else:
                continue
            if needed:
                self.rowwise.update(step.columns)
            elif isinstance(step, Place) and any(
                isinstance(self._set.get(name), MakeValue) for name in step.uses
            ):
                # Whether the row references one is known once the other values are.
                self.rowwise.update(step.columns)
        at_once = [step for step in self._steps if self.rowwise.isdisjoint(step.columns)]
        self.whole = [step for step in at_once if not self._pooled(step)]
        self.satisfied = satisfied_keys(self._table, self._allocation, self.whole)
        wanted = {name for key in self._keys if (name := self._alone(key)) is not None}
        self.parts = []
        for names in self._components():
            made_of = [step for name in names if isinstance(step := self._set[name], MakeValue)]
            part = self._make.of(made_of, wanted & set(names))
            if part is None:
                # No generator makes these values distinct, so they are compared row by row.
                self.rowwise |= (wanted & set(names)) or set(names)
            else:
                self.parts.append(part)
        made = {name for part in (*self.parts, *self.whole) for name in part.columns}
        self.satisfied |= {key.name for key in self._keys if self._alone(key) in made}
        for key in self._keys:
            if key.name not in self.satisfied and self._used(key):
                self.rowwise.update(self._completing(self._used(key)).columns)
        return len(self.rowwise) == before

    def _completing(self, used: set[str]) -> Step:
        """Return the step that must find values for a key: one made row by row, else one without dependents."""
        steps = [step for step in reversed(self._steps) if used & set(step.columns)]
        left = [s for s in steps if not self.rowwise.isdisjoint(s.columns) and not isinstance(s, Count)]
        needed = {name for step in self._steps if isinstance(step, MakeValue) for name in step.uses}
        unbound = [s for s in steps if isinstance(s, MakeValue) and needed.isdisjoint(s.columns)]
        return next(iter(left or unbound or steps))

    def _pooled(self, step: Step | None) -> bool:
        """Whether a step's values may be picked from prototypes."""
        if not isinstance(step, MakeValue) or step.column.name in self.rowwise:
            return False
        return not isinstance(step, RandomUuids) or step.column.name in self._compared

    def _known(self, name: str) -> bool:
        """Whether a prototype can include the column's value."""
        if name in self._dealt:
            return name not in self.rowwise
        return name not in self._set or name in self._constants or self._pooled(self._set[name])

    @cached_property
    def _keys(self) -> list[UniqueKey]:
        """The unique keys that new rows can violate."""
        found = [key for key in self._table.uniques if columns_to_generate(self._table, key)]
        return [key for key in found if not of_no_new_row(self._table, key, self._server_defaults)]

    def _used(self, key: UniqueKey) -> set[str]:
        """Return the columns that decide a row's entry in a key; empty if PostgreSQL computes some of them."""
        found = condition(self._table, key)
        columns = {*columns_to_generate(self._table, key)}
        if found is not None:
            columns |= set(found.columns).difference(self._server_defaults)
        return columns if columns.isdisjoint(self._server_defaults) else set()

    def _alone(self, key: UniqueKey) -> str | None:
        """Return the column of a key that must be distinct: its only generated one, on which no other depends."""
        columns = [
            name for name in columns_to_generate(self._table, key) if name not in self._server_defaults
        ]
        step = self._set.get(columns[0]) if len(columns) == 1 else None
        if key.name in self.satisfied or not isinstance(step, MakeValue):
            return None
        used = any(isinstance(other, MakeValue) and columns[0] in other.uses for other in self._steps)
        return None if used or columns[0] in self._compared or columns[0] in self.rowwise else columns[0]

    def _components(self) -> list[tuple[str, ...]]:
        """Return connected components of columns by their dependencies, each in the order of the steps."""
        found = [step for step in self._steps if isinstance(step, MakeValue) and self._pooled(step)]
        links: dict[str, set[str]] = {step.column.name: set() for step in found}
        for step in found:
            for other in links.keys() & set(step.uses):
                links[step.column.name].add(other)
                links[other].add(step.column.name)
        order = {name: at for at, name in enumerate(links)}
        return [tuple(sorted(names, key=order.__getitem__)) for names in components(links, links)]
