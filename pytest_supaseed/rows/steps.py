"""Steps that fill whole columns of a block of rows: one class for each kind of column source.

:class:`Step` is the interface, :class:`RowStep` that of the steps which find a value for one row at a time, and another
where a unique key refuses it. The steps: :class:`Place` (allocated references and choices), :class:`Deal` (fixed
choices), :class:`Count` (numbers), :class:`MakeValue` and :class:`RandomUuids` (generated values),
:class:`CallFunction` and :class:`BuildRow` (functions and factories of the user), :class:`LeaveIndex` (values outside
partial unique indexes), and :class:`TakeSelfReference`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache, partial
from types import MappingProxyType
from typing import Any

from pytest_supaseed.allocation.allocation import Allocation
from pytest_supaseed.allocation.constraints import bound_key
from pytest_supaseed.allocation.spread import dealt, dealt_by_weight, tree_parents
from pytest_supaseed.constraints.column import forbids_self_reference
from pytest_supaseed.constraints.domain import ValueDomain, accepts, is_listed, normalize
from pytest_supaseed.constraints.indexes import Part, condition
from pytest_supaseed.errors import GenerateError
from pytest_supaseed.factories.base import RowFactory, reseed
from pytest_supaseed.model.referenced import ReferencedColumn, hashable, is_of_referenced_row
from pytest_supaseed.model.references import can_be_null_in
from pytest_supaseed.model.schema import Column, ForeignKey, Table, UniqueKey
from pytest_supaseed.model.type_families import is_boolean, is_uuid
from pytest_supaseed.planning.overrides import plain
from pytest_supaseed.planning.plan import Built, ColumnSource, Function, Key, Number, TableState
from pytest_supaseed.rng import LoadFaker, OwnUnique, drawing, lend, random_for
from pytest_supaseed.rows.cells import LARGE, Cells, Numbers, Picked, Plain, Pool, Uuids
from pytest_supaseed.rows.unique import folded
from pytest_supaseed.spec import DEFAULT_DATE, DEFAULT_LOCALE
from pytest_supaseed.tracebacks import describe
from pytest_supaseed.values.column import value_source
from pytest_supaseed.values.distinct import next_distinct
from pytest_supaseed.values.meanings.context import RowSetting, ValueSource
from pytest_supaseed.values.meanings.generation_order import null_rows
from pytest_supaseed.values.meanings.stages import Rule
from pytest_supaseed.values.supplied import UnusableError
from pytest_supaseed.wording import abbreviated, place

Row = dict[str, Any]
# Called with the number of rows made since the last call, which may be a fraction.
Progress = Callable[[float], None]
# Enters a row into unique keys; returns the key that refuses the row, None once the row is entered.
Enter = Callable[[Row], "UniqueKey | None"]
# Rows of a column between two reports of progress.
_REPORTED = 500


@dataclass(frozen=True)
class MakeContext:
    """What rows are made with, the same for all tables of a seed.

    Attributes:
        seed: seed of the random generators.
        faker: loads the Faker of the spec's locale; each column replaces its random generator.
        progress: called while rows are made.
        date: the day that rows take for today.
        locale: of ``faker``.
    """

    seed: int
    faker: LoadFaker
    progress: Progress = lambda rows: None
    date: date = DEFAULT_DATE
    locale: str = DEFAULT_LOCALE


@dataclass
class OpenBlock:
    """Consecutive rows of a table while one step after another fills their columns.

    Attributes:
        table: the table.
        first: the number of the first row, from 0.
        rows: the values of each row that later steps and unique keys read.
        enter: enters a row into the unique keys that the current step completes; None where it completes none.
        progress: called with the number of rows that have got values from the current step since the last call.
        made: the columns that earlier steps have filled.
        reported: the number of rows for which it has been called.
    """

    table: Table
    first: int
    rows: list[Row]
    enter: Enter | None = None
    progress: Progress = lambda rows: None
    made: Mapping[str, Cells] = field(default_factory=dict)
    reported: int = field(default=0, init=False)

    def report(self, rows: int) -> None:
        """Report that the first ``rows`` rows have got values."""
        if rows > self.reported:
            self.progress(rows - self.reported)
            self.reported = rows

    def cells(self, name: str) -> Cells:
        """Return a column of ``rows``."""
        return Plain(self.table.column(name), [row[name] for row in self.rows])


class OutOfValuesError(Exception):
    """A step has no value left for a row.

    Args:
        key: the unique key that refuses the last one; None where no key does.
    """

    def __init__(self, key: UniqueKey | None = None) -> None:
        super().__init__(key)
        self.key = key


class Step(ABC):
    """A step that fills some columns of all rows of a table.

    Attributes:
        columns: the columns that it fills.
        uses: columns that must be filled before.
        reads_cells: whether it reads the columns in ``uses`` from the block's cells, and not from its rows.
        rank: order among independent steps, lower first.
        reads_all: whether it reads all columns that are filled before, not only those in ``uses``.
        reads_later: whether it reads rows that come after a row, so that all rows have to be one block.
        distinct: whether no two rows, present ones included, have equal values in a column that it fills.
        alone: whether the unique keys that its columns complete contain no other column.
        reason: why there was no value, for a message.
        place: lines for the end of the message: file and line of a function of the user's.
    """

    rank = 0
    reads_cells = False
    reads_all = False
    reads_later = False
    distinct = False
    reason = "no value was left"
    place = ""

    def __init__(self, columns: tuple[str, ...], uses: tuple[str, ...] = ()) -> None:
        self.columns = columns
        self.uses = uses
        self.alone = False

    def begin(self, amount: int, context: MakeContext) -> None:
        """Prepare for a table with ``amount`` new rows."""
        del amount, context

    @abstractmethod
    def fill(self, block: OpenBlock) -> Sequence[Cells]:
        """Return the values of the block's rows; it is called for all rows of the table, in their order.

        Returns:
            Cells for each of ``columns``.

        Raises:
            OutOfValuesError: there are not enough values.
        """


class RowStep(Step):
    """A step that finds the values of each row by itself, and others where a unique key refuses them.

    Attributes:
        attempts: how many values a row may try until its unique keys accept one; 1 if there is only one.
    """

    attempts = 1

    @abstractmethod
    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return the values of a row, None where none is left to try.

        Args:
            number: of the row, from 0.
            row: the values of earlier steps.
            attempt: 0 at first, and one more for each value that a unique key refused.
        """

    def resume(self, block: OpenBlock) -> None:
        """Prepare for a block, whose rows have the values of all earlier steps."""
        del block

    def make_distinct(self, row: Row, accepted: Callable[[], bool]) -> bool:
        """Modify the row's value until it is accepted, after the last attempt; return whether it is."""
        del row, accepted
        return False

    def fill(self, block: OpenBlock) -> Sequence[Cells]:
        """Find values for one row after another."""
        self.resume(block)
        enter = block.enter or _nowhere
        for at, row in enumerate(block.rows):
            refusing = None
            for attempt in range(self.attempts):
                values = self.values(block.first + at, row, attempt)
                if values is None:
                    raise OutOfValuesError(refusing)
                row.update(values)
                refusing = enter(row)
                if refusing is None:
                    break
            if refusing is not None and not self.make_distinct(row, partial(_entered, enter, row)):
                raise OutOfValuesError(refusing)
            if at % _REPORTED == 0:
                block.report(at)
        return [block.cells(name) for name in self.columns]


def _nowhere(row: Row) -> None:
    """Enter a row into no unique key."""


def _entered(enter: Enter, row: Row) -> bool:
    return enter(row) is None


class Place(RowStep):
    """Sets allocated values: those of referenced rows, or choices in unique keys.

    Args:
        rule: which rows reference a row; None for all that have a position. The referenced rows take their turns, so
            that their shares are as even among fewer rows.
        settled: whether each row has the position that agrees with its other references, so that there are no turns.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        keys: Sequence[Key],
        positions: Sequence[int | None],
        rule: Rule | None = None,
        *,
        settled: bool = False,
    ) -> None:
        super().__init__(tuple(column.name for column in columns), rule.uses if rule is not None else ())
        self._columns = columns
        self._keys = keys
        self._positions = positions if rule is None or settled else _in_turns(positions)
        self._rule = rule
        self._settled = settled
        self._next = 0

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return the values allocated to the row; NULLs for no referenced row."""
        at = self._positions[number]
        key = (None,) * len(self.columns) if at is None else self._keys[at]
        return dict(zip(self.columns, key, strict=True))

    @cached_property
    def _pools(self) -> list[Pool]:
        return [Pool(column, [key[at] for key in self._keys]) for at, column in enumerate(self._columns)]

    def fill(self, block: OpenBlock) -> Sequence[Cells]:
        """Return the values allocated to the rows."""
        if block.enter is not None:
            return super().fill(block)
        at = self._positions[block.first : block.first + len(block.rows)]
        if self._rule is not None:
            at = self._reached(block, self._rule)
        return [Picked(pool, at) for pool in self._pools]

    def _reached(self, block: OpenBlock, rule: Rule) -> Sequence[int | None]:
        """Return the positions of the rows of a block, None where the row has not come so far."""
        found: list[int | None] = []
        for number, row in enumerate(block.rows, block.first):
            if rule.happened(row) is False:
                found.append(None)
            elif self._settled:
                found.append(self._positions[number])
            else:
                found.append(self._positions[self._next])
                self._next += 1
        return found


def _in_turns(positions: Sequence[int | None]) -> Sequence[int | None]:
    """Return positions in an order of which each beginning has all of them as equally often as possible."""
    seen: dict[int | None, int] = {}
    turns = []
    for position in positions:
        seen[position] = seen.get(position, 0) + 1
        turns.append((position is None, seen[position]))
    return [positions[at] for at in sorted(range(len(positions)), key=turns.__getitem__)]


class LookUp(Step):
    """Looks up values of referenced rows, for columns that follow them; no column of the table is filled.

    Args:
        foreign_key: what tells the referenced row.
        followed: the columns of the referenced row.
        values: by the values of the foreign key's columns.
    """

    def __init__(
        self, foreign_key: ForeignKey, followed: Sequence[ReferencedColumn], values: Mapping[Key, Key]
    ) -> None:
        super().__init__(tuple(each.name for each in followed), foreign_key.columns)
        self._followed = followed
        self._values = values
        self._none = (None,) * len(followed)

    @cached_property
    def _printed(self) -> Mapping[Key, Key]:
        """The values by what is printed of the foreign key: a UUID that a user supplies may be a text."""
        return {tuple(map(str, key)): values for key, values in self._values.items()}

    def of(self, row: Row) -> Mapping[str, Any]:
        """Return the values for a row; NULLs where it references none."""
        return dict(zip(self.columns, self._of(tuple(row.get(name) for name in self.uses)), strict=True))

    def _of(self, key: Key) -> Key:
        found = self._values.get(hashable(key))
        if found is None and None not in key:
            found = self._printed.get(tuple(map(str, key)))
        return self._none if found is None else found

    def fill(self, block: OpenBlock) -> Sequence[Cells]:
        """Return the values of the rows' referenced rows."""
        if len(self.uses) == 1:
            [name] = self.uses
            found = [self._of((row[name],)) for row in block.rows]
        else:
            found = [self._of(tuple(row[name] for name in self.uses)) for row in block.rows]
        return [
            Plain(each.column, [values[at] for values in found]) for at, each in enumerate(self._followed)
        ]


class Deal(RowStep):
    """Deals out choices, evenly or by their weights.

    Args:
        weights: of the choices; empty for evenly.
        usual: the position of a choice that at least one row gets; None for none.
    """

    def __init__(
        self,
        table: Table,
        column: Column,
        choices: Sequence[Any],
        usual: int | None = None,
        weights: Sequence[int] = (),
    ) -> None:
        super().__init__((column.name,))
        self._weights = weights
        self._usual = usual
        self._table = table
        self._column = column
        self._choices = choices
        self.attempts = len(choices)

    def begin(self, amount: int, context: MakeContext) -> None:
        """Deal out the choices."""
        random = random_for(context.seed, str(self._table.name), self._column.name)
        if self._weights:
            self._dealt = dealt_by_weight(self._weights, amount, random)
        else:
            self._dealt = dealt(range(len(self._choices)), amount, random)
        if self._usual is not None and self._dealt and self._usual not in self._dealt:
            self._dealt[0] = self._usual

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return the choice dealt to the row, then on further attempts the others in turn."""
        return {self._column.name: self._choices[(self._dealt[number] + attempt) % len(self._choices)]}

    @property
    def choices(self) -> Sequence[Any]:
        """The choices."""
        return self._choices

    @cached_property
    def is_hashable(self) -> bool:
        """Whether rows can be grouped by the choices."""
        return all(choice is None or isinstance(choice, (str, bool, int)) for choice in self._choices)

    @cached_property
    def constant(self) -> tuple[Any, ...]:
        """The only choice as a tuple, or an empty tuple."""
        return tuple(self._choices) if len(self._choices) == 1 else ()

    @cached_property
    def _pool(self) -> Pool:
        return Pool(self._column, self._choices)

    def fill(self, block: OpenBlock) -> Sequence[Cells]:
        """Return the choices dealt to the rows."""
        if block.enter is not None:
            return super().fill(block)
        return [Picked(self._pool, self._dealt[block.first : block.first + len(block.rows)])]


class Count(RowStep):
    """Numbers rows, within the whole table or within equal values of other columns."""

    rank = 2

    def __init__(self, column: Column, source: Number, state: TableState) -> None:
        super().__init__((column.name,), source.within)
        self._last = source.last
        self.reason = f"its numbers end at {source.last}"
        self.distinct = not source.within
        self._start = source.start
        self._increment = column.sequence.increment if column.sequence else 1
        self._next = state.numbers.get(column.name, source.start)
        self._greatest = {
            tuple(map(folded, group)): greatest
            for group, greatest in state.greatest.get(column.name, {}).items()
        }

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return the next number within the row's group."""
        group = tuple(folded(row.get(column)) for column in self.uses)
        self._greatest[group] = self._greatest.get(group, self._start - 1) + 1
        return {self.columns[0]: self._greatest[group]}

    def fill(self, block: OpenBlock) -> Sequence[Cells]:
        """Return the next numbers."""
        if not self.distinct:
            return super().fill(block)
        start = self._next + block.first * self._increment
        numbers = range(start, start + len(block.rows) * self._increment, self._increment)
        if self._last is not None and max(numbers[0], numbers[-1]) > self._last:
            raise OutOfValuesError
        return [Numbers(numbers)]


# Values that are drawn for a row until the last one is modified, and modifications until the row fails.
REDRAWS = 20
# After so many rows without another value there are none left.
_MISSES = 3
VARIATIONS = 10_000
# Those that are refused, before it is looked which other values have the same ones.
_REFUSED = 3
OUT_OF_DISTINCT = "no more values could be made that differ"


class MakeValue(RowStep):
    """Generates a value from the column's name, type and constraints."""

    rank = 4

    def __init__(self, table: Table, column: Column, domain: ValueDomain, source: ValueSource) -> None:
        super().__init__((column.name,), source.uses)
        self._table = table
        self.column = column
        self.domain = domain
        self.source = source
        self.attempts = REDRAWS
        self.reason = OUT_OF_DISTINCT

    def begin(self, amount: int, context: MakeContext) -> None:
        """Start the column's own random generator."""
        place = str(self._table.name), self.column.name
        self._random = random_for(context.seed, *place)
        self._generator = drawing(context.faker, self._random)
        # NULLs have a generator of their own, so that they change none of the other values.
        self._nulls = null_rows(self.source.nulls, amount, random_for(context.seed, *place, "null"))
        choices = self.source.choices
        if self.source.ranked:
            choices = choices[: max(amount, 1)]
        self._dealt = dealt(choices, amount, self._random) if choices else []
        self._others: set[object] = set()
        self._missed = 0
        self._next_numbers: dict[tuple[Any, ...], int] = {}
        self._series: dict[tuple[type, str], tuple[Any, ...]] = {}

    def fill(self, block: OpenBlock) -> Sequence[Cells]:
        """Return new values, and NULL where a row has none."""
        if block.enter is not None:
            return super().fill(block)
        first, nulls = block.first, self._nulls
        generator = self._generator
        choose = self._different if self.source.different else self.source.choose
        if self._dealt:
            made = self._dealt[first : first + len(block.rows)]
            if nulls:
                made = [None if at in nulls else value for at, value in enumerate(made, first)]
        elif nulls:
            made = [
                None if at in nulls else choose(generator, row) for at, row in enumerate(block.rows, first)
            ]
        else:
            made = [choose(generator, row) for row in block.rows]
        return [Plain(self.column, made)]

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return a new value, or NULL where the row has none."""
        if number in self._nulls:
            return {self.column.name: None}
        if self._dealt and not attempt:
            return {self.column.name: self._dealt[number]}
        choose = self._different if self.source.different else self.source.choose
        return {self.column.name: choose(self._generator, row)}

    def _different(self, generator: Any, row: Mapping[str, object]) -> object:
        """Draw a value that no other row has yet, as far as some attempts find one."""
        value = self.source.choose(generator, row)
        for _ in range(REDRAWS if self._missed < _MISSES else 0):
            if value not in self._others:
                break
            value = self.source.choose(generator, row)
        self._missed += value in self._others
        self._others.add(value)
        return value

    def again(self, row: Row) -> Any:
        """Return a new value for a row, without NULLs that are dealt out."""
        return self.source.choose(self._generator, row)

    def make_distinct(self, row: Row, accepted: Callable[[], bool]) -> bool:
        """Modify the last value by numbers, such as ``Anna`` to ``Anna 2``."""
        value = row[self.column.name]
        # Values of different types may be equal but are modified differently.
        known = (type(value), str(value))
        number = self._next_numbers.get(self._series.get(known, known), 1) if self.alone else 1
        refused = 0
        missed = False
        while number < VARIATIONS:
            distinct = next_distinct(value, number, self.column, self.domain)
            number += 1
            if distinct is None:
                if missed:
                    return False
                # A single number may give the value itself: ``ann5`` is the fifth form of ``ann``.
                missed = True
                continue
            missed = False
            row[self.column.name] = distinct
            if accepted():
                # The next row with a value of the same series need not try the numbers that are taken.
                self._next_numbers[self._series.get(known, known)] = number
                return True
            refused += 1
            if refused == _REFUSED and self.alone and known not in self._series:
                self._series[known] = series = self._series_of(value) or known
                number = max(number, self._next_numbers.get(series, 1))
        return False

    def _series_of(self, value: Any) -> tuple[Any, ...] | None:
        """What the texts have in common that a value becomes: ``ann`` and ``ann7`` become the same ones."""
        begin = [next_distinct(value, number, self.column, self.domain) for number in (1, 2)]
        return (type(value), *begin) if all(isinstance(text, str) for text in begin) else None


class MakeDownTheTree(MakeValue):
    """Generates a value that follows that of the row of the same table which the row references.

    Args:
        tree: the name under which a row sees the value of the row above, and the step that tells which row that is.
    """

    def __init__(
        self,
        table: Table,
        column: Column,
        domain: ValueDomain,
        source: ValueSource,
        tree: tuple[str, TakeSelfReference],
    ) -> None:
        super().__init__(table, column, domain, source)
        self._name, self._tree = tree
        self.uses = (*self.uses, *self._tree.columns)

    def begin(self, amount: int, context: MakeContext) -> None:
        """Start without rows."""
        super().begin(amount, context)
        self._earlier: list[Any] = []
        self._rows: Sequence[Row] = ()

    def resume(self, block: OpenBlock) -> None:
        """Keep the values of the last block."""
        self._earlier += [row[self.column.name] for row in self._rows]
        self._rows = block.rows

    def fill(self, block: OpenBlock) -> Sequence[Cells]:
        """Make one value after another, for each may follow the one before."""
        return RowStep.fill(self, block)

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return a new value that follows that of the row above."""
        at = self._tree.above(number)
        here = None if at is None else at - len(self._earlier)
        if at is not None and here is not None:
            row[self._name] = self._earlier[at] if here < 0 else self._rows[here].get(self.column.name)
        return super().values(number, row, attempt)


# Of the bits of a UUID: those that are random, and those that say that they are.
_RANDOM_BITS = 0xFFFFFFFF_FFFF_0FFF_3FFF_FFFFFFFFFFFF
_VERSION_4 = 0x00000000_0000_4000_8000_000000000000


@lru_cache(maxsize=4)
def _bits_of_uuids(count: int) -> tuple[int, int]:
    """Return the random bits of some UUIDs in a row, and those that say of each that they are."""
    ones = int("1".rjust(32, "0") * count, 16)
    return ones * _RANDOM_BITS, ones * _VERSION_4


class RandomUuids(MakeValue):
    """Generates UUIDs of version 4: with 122 random bits, they need no comparison with one another."""

    distinct = True

    @staticmethod
    def suits(column: Column, domain: ValueDomain, source: ValueSource) -> bool:
        """Whether the values of a column are UUIDs that nothing restricts."""
        restricted = column.type.array or source.uses or domain.excluded or domain.allowed is not None
        restricted = restricted or (column.declared is not None and column.declared.judged)
        return is_uuid(column.type) and not restricted

    def begin(self, amount: int, context: MakeContext) -> None:
        """Start the column's own random generator."""
        super().begin(amount, context)
        self._large = amount > LARGE

    def fill(self, block: OpenBlock) -> Sequence[Cells]:
        """Return the values of the rows, from one draw of random bits."""
        # In a large table, no value is NULL, and the first row of a block has the bits that are drawn last.
        if block.enter is not None or (self._nulls and not self._large):
            return super().fill(block)
        count = len(block.rows)
        size = 32 * count
        if not count:
            return [Uuids([])]
        mask, version = _bits_of_uuids(count)
        bits = self._random.getrandbits(128 * count) & mask | version
        digits = f"{bits:0{size}x}"
        places = range(0, size, 32)
        return [Uuids([digits[at : at + 32] for at in (places if self._large else reversed(places))])]


class CallFunction(RowStep):
    """Calls a function of the user."""

    rank = 5

    def __init__(self, table: Table, column: Column, source: Function, uses: tuple[str, ...]) -> None:
        super().__init__((column.name,), uses)
        self._table = table
        self._column = column
        self._source = source
        self.reads_all = source.takes_row
        self.attempts = REDRAWS
        self.reason = f"{source.origin}, {abbreviated(source.function)}, returned no more values that differ"
        self.place = place(source.function)

    def begin(self, amount: int, context: MakeContext) -> None:
        """Start the column's own random generator."""
        self._random = random_for(context.seed, str(self._table.name), self._column.name)
        self._faker = context.faker()
        self._unique = OwnUnique(self._faker)

    def resume(self, block: OpenBlock) -> None:
        """Give Faker the column's own random generator, and what the column has of unique values."""
        lend(self._faker, self._random)
        self._unique.lend()

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return the result of the function, as its column stores it.

        Raises:
            GenerateError: the function raises, or returns an unusable value.
        """
        arguments = (self._faker, MappingProxyType(_seen(row))) if self._source.takes_row else (self._faker,)
        name = f"{self._table.label}.{self._column.name}"
        try:
            returned = self._source.function(*arguments)
        except (Exception, SystemExit) as error:
            missing = (
                isinstance(error, KeyError)
                and error.args
                and isinstance(error.args[0], str)
                and self._table.has_column(error.args[0])
            )
            said = describe(error)
            raise GenerateError(
                f"{name}: {self._source.origin}, {abbreviated(self._source.function)}, raised {said.raised}"
                + (
                    f": its row has {', '.join(row)}, and no column that takes the row, too"
                    if missing
                    else ""
                ),
                said.below,
            ) from error
        try:
            value = plain(self._column, returned)
        except UnusableError as error:
            raise GenerateError(
                f"{name}: {self._source.origin}, {abbreviated(self._source.function)}, returned "
                f"{abbreviated(returned)}: {error}: return a value that is the same in every run, and of the column's "
                "type",
                place(self._source.function),
            ) from error
        if value is None and not self._column.nullable:
            raise GenerateError(
                f"{name} is NOT NULL, but {self._source.origin}, {abbreviated(self._source.function)}, returned None: "
                "return a value",
                place(self._source.function),
            )
        return {self._column.name: value}


def _seen(row: Row) -> Row:
    """The columns of a row without what it follows of referenced rows."""
    if any(map(is_of_referenced_row, row)):
        return {name: value for name, value in row.items() if not is_of_referenced_row(name)}
    return row


class BuildRow(RowStep):
    """Takes the values of columns from an object that a factory builds for each row.

    Every row has its own seed, so that building one again changes no other. The factory is called with the values
    that the row has already: keys, references and supplied values.

    Args:
        columns: those that the factory supplies.
        known: by column that is set before, its name in the factory's declaration.
        present: number of present rows, after which the factory's sequence starts.
    """

    rank = 3

    def __init__(
        self, table: Table, columns: Sequence[ColumnSource], known: Mapping[str, str], present: int
    ) -> None:
        super().__init__(tuple(column.column.name for column in columns), tuple(known))
        self._table = table
        self._sources = [(column, source) for column in columns if isinstance(source := column.source, Built)]
        self._known = known
        self._present = present
        self._origin, self._user = self._sources[0][1].origin, self._sources[0][1].factory
        self.attempts = REDRAWS
        self.reason = f"{self._origin}, {self._user.name}, built no more values that differ"
        self.place = self._user.place

    def begin(self, amount: int, context: MakeContext) -> None:
        """Reset the factory."""
        # A factory may import Faker only when it builds the first row, and Faker's random generator is replaced before.
        context.faker()
        self._factory: RowFactory = self._user.afresh()
        self._names = (str(context.seed), str(self._table.name), "factory")
        self._next = self._present
        self._first = 0
        self._built: list[Mapping[str, Any]] = []

    def resume(self, block: OpenBlock) -> None:
        """Build all rows of a block while the random generators of the factory libraries are replaced."""
        self._first = block.first
        self._built = []
        with self._factory.lent() as sources:
            for number, row in enumerate(block.rows, block.first):
                reseed(sources, *self._names, str(number), "0")
                self._built.append(self._values(row))

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return the values built for the row, or on further attempts newly built ones."""
        if attempt == 0:
            return self._built[number - self._first]
        with self._factory.lent() as sources:
            reseed(sources, *self._names, str(number), str(attempt))
            return self._values(row)

    def _values(self, row: Row) -> Mapping[str, Any]:
        supplied = {name: row[column] for column, name in self._known.items() if row.get(column) is not None}
        number, self._next = self._next, self._next + 1
        try:
            built = self._factory.build(number, supplied)
            attributes = [self._factory.value(built, of.attribute) for _, of in self._sources]
        except (Exception, SystemExit) as error:
            handed = f", called with {', '.join(supplied)}" if supplied else ""
            said = describe(error)
            raise GenerateError(
                f"{self._table.label}: {self._origin}, {self._factory.name}{handed}, raised {said.raised}",
                said.below,
            ) from error
        found = {}
        for (source, of), value in zip(self._sources, attributes, strict=True):
            try:
                found[source.column.name] = plain(source.column, value, source.domain.allowed)
            except UnusableError as error:
                raise GenerateError(
                    f"{self._table.label}.{source.column.name}: {self._origin}, {self._factory.name}, built "
                    f"{abbreviated(value)} for {of.declared}: {error}: let it build a value that is the same in every "
                    "run, and of the column's type, or leave it out"
                ) from error
            if found[source.column.name] is None and not source.column.nullable:
                raise GenerateError(
                    f"{self._table.label}.{source.column.name} is NOT NULL, but {self._origin}, "
                    f"{self._factory.name}, built None for {of.declared}: let it build a value, or leave it out"
                )
        return found


# Values that are generated to take a row out of an index.
_TRIED = 5


@dataclass(frozen=True)
class ComparedColumn:
    """A column that the predicates of partial unique indexes compare.

    Attributes:
        column: the column.
        domain: value domain of the column.
        parts: its comparisons in the predicates.
        uses: the other columns of the indexes.
    """

    column: Column
    domain: ValueDomain
    parts: tuple[Part, ...] = ()
    uses: tuple[str, ...] = ()


class LeaveIndex(RowStep):
    """Sets a column as another step does, but to a value outside a partial unique index that refuses the row."""

    rank = 6

    def __init__(self, table: Table, compared: ComparedColumn, inner: RowStep) -> None:
        super().__init__(inner.columns, tuple(dict.fromkeys((*inner.uses, *compared.uses))))
        self._table = table
        self._column = compared.column
        self._domain = compared.domain
        self._inner = inner
        self._parts = compared.parts
        self.attempts = inner.attempts
        self.reason = inner.reason

    def begin(self, amount: int, context: MakeContext) -> None:
        """Prepare the other step, and one that makes values where the other has a list of them."""
        self._inner.begin(amount, context)
        self._maker: RowStep = self._inner
        if not isinstance(self._inner, MakeValue):
            made = self._table, self._column, self._domain
            source = value_source(*made, frozenset(), RowSetting(context.date, context.locale))
            if source is not None:
                self._maker = MakeValue(*made, source)
                self._maker.begin(amount, context)

    def resume(self, block: OpenBlock) -> None:
        """Prepare the other step for the next block."""
        self._inner.resume(block)
        if self._maker is not self._inner:
            self._maker.resume(block)

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return the values of the other step."""
        self._number = number
        return self._inner.values(number, row, attempt)

    def make_distinct(self, row: Row, accepted: Callable[[], bool]) -> bool:
        """Set the column to a value with which no index that refuses the row contains it."""
        name = self._column.name
        before = row[name]
        for value in self._outside(row):
            row[name] = value
            if accepted():
                return True
        row[name] = before
        return self._inner.make_distinct(row, accepted)

    def _outside(self, row: Row) -> Iterator[Any]:
        for value in self._others(row):
            if not any(part.holds(value) for part in self._parts):
                yield value

    def _others(self, row: Row) -> Iterator[Any]:
        if self._domain.allowed is not None:
            yield from normalize(self._domain).allowed or ()
        elif is_boolean(self._column.type) and not self._column.type.array:
            yield from (False, True)
        elif self._maker is not self._inner or isinstance(self._inner, MakeValue):
            for attempt in range(_TRIED):
                values = self._maker.values(self._number, row, attempt)
                if values is not None:
                    yield values[self._column.name]
        for part in self._parts:
            number = part.number_outside()
            if number is not None and accepts(self._domain, number):
                yield number
        if self._column.nullable and not self._domain.required:
            yield None


def leaving(
    table: Table,
    keys: Sequence[UniqueKey],
    steps: Sequence[Step],
    placed: set[str],
    domains: Mapping[str, ValueDomain],
) -> list[Step]:
    """Replace steps by :class:`LeaveIndex` for partial unique indexes over columns with predetermined values.

    Args:
        keys: its partial unique indexes.
        placed: columns whose values cannot be modified.
        domains: value domains of the columns that the marker does not set.

    Returns:
        The steps, some of them replaced.
    """
    found = list(steps)
    wanted: dict[str, ComparedColumn] = {}
    for key in keys:
        where = condition(table, key)
        if where is None or not placed.issuperset(set(key.columns) - set(where.columns)):
            continue
        makers = {name for s in steps if isinstance(s, (MakeValue, Deal)) for name in s.columns}
        chosen = next(
            (part for part in where.parts if part.column in makers and part.column in domains), None
        )
        if chosen is not None:
            name = chosen.column
            compared = wanted.get(name, ComparedColumn(table.column(name), domains[name]))
            uses = (other for other in (*key.columns, *where.columns) if other != name)
            parts = (*compared.parts, chosen)
            wanted[name] = replace(compared, parts=parts, uses=(*compared.uses, *uses))
    for at, step in enumerate(found):
        if isinstance(step, (MakeValue, Deal)) and step.columns[0] in wanted:
            found[at] = LeaveIndex(table, wanted[step.columns[0]], step)
    return found


class TakeSelfReference(RowStep):
    """References an earlier row of the same table, so that the rows are a forest.

    A root has NULL, or references itself. Where a CHECK forbids that, it references a later row, which PostgreSQL
    accepts within one statement. Where a unique key allows each row to be referenced once, the rows are a chain.

    Args:
        foreign_key: of the table to itself.
        covered: columns that other foreign keys set.
        optional: whether a row may have NULL.
        before: columns with few values in a unique key with it. They are set first, since the reference has more
            values to choose from.
        alike: columns in which a row that is no root is equal to the one that it references.
    """

    rank = 3

    def __init__(
        self,
        table: Table,
        foreign_key: ForeignKey,
        covered: Collection[str],
        optional: bool,
        before: Sequence[str] = (),
        alike: Sequence[str] = (),
    ) -> None:
        pairs = dict(zip(foreign_key.columns, foreign_key.referenced_columns, strict=True))
        self._shared = tuple(column for column in pairs if column in covered or pairs[column] == column)
        new = tuple(column for column in pairs if column not in self._shared)
        self._alike = tuple(alike)
        limit = foreign_key.limit
        # By column, the values of the rows that may be referenced; all others that a limit demands are not told here.
        self._allowed = dict(limit.values) if limit is not None else {}
        self._untold = limit is not None and not limit.whole and optional
        judged = tuple(name for name in self._allowed if name not in new)
        uses = (*self._shared, *foreign_key.referenced_columns, *before, *alike, *judged)
        super().__init__(new, tuple(dict.fromkeys(uses)))
        self._pairs = pairs
        self._table = table
        self._foreign_key = foreign_key
        # All new columns must be nullable: a NOT NULL one would have no value where another is NULL.
        self._optional = optional and bool(new) and all(can_be_null_in(table, column) for column in new)
        keys = [key for key in (bound_key(table, key) for key in table.uniques) if key is not None]
        self._chain = any(set(key.columns) <= set(foreign_key.columns) for key in keys)
        if not self._optional or self._chain:
            self._alike = ()
        self._forbids_self_reference = forbids_self_reference(table, foreign_key) is not None
        self.reason = f"no earlier row of {table.label} is left to reference"
        self.reads_later = self._forbids_self_reference and not self._optional
        if self.reads_later:
            self.reason = f"no other row of {table.label} is left to reference"

    def begin(self, amount: int, context: MakeContext) -> None:
        """Start the tree."""
        random = random_for(context.seed, str(self._table.name), self._foreign_key.name)
        self._parents = tree_parents(amount, random)
        # Referenced columns of the rows of earlier blocks; the rows of the current block are kept whole in _rows.
        self._referenced: list[Key] = []
        self._rows: Sequence[Row] = ()
        self._seen: dict[Key, list[int]] = {}
        self._above: dict[int, int] = {}
        self._refused: set[int] = set()
        # Of the current block, by the values of the columns that are set elsewhere: the rows that have them.
        self._with: dict[Key, list[int]] = {}
        self.attempts = amount + 3

    def is_of(self, foreign_key: ForeignKey) -> bool:
        """Whether it sets the columns of a foreign key."""
        return self._foreign_key == foreign_key

    def above(self, number: int) -> int | None:
        """Return the number of the earlier row that a row references, None for a root."""
        found = self._above.get(number, -1)
        return found if 0 <= found < number else None

    def resume(self, block: OpenBlock) -> None:
        """Keep the referenced columns of the last block."""
        self._referenced += [tuple(row.get(column) for column in self._pairs.values()) for row in self._rows]
        self._rows = block.rows
        self._with = {}

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return the drawn parent, then on further attempts other earlier rows and roots."""
        # Columns in a dependency cycle may still be missing; PostgreSQL then reports what is wrong with the row.
        if attempt == 0:
            self._left = self._candidates(number, row, next(self._parents))
            own = (*(row.get(self._pairs[c]) for c in self._shared), *map(row.get, self._alike))
            self._seen.setdefault(own, []).append(number)
            if not all(
                is_listed(row.get(name), among) for name, among in self._allowed.items() if name in self.uses
            ):
                self._refused.add(number)
        at = next((at for at in self._left if self._may_reference(at, number)), None)
        if at is None:
            return None
        self._above[number] = at
        return self._values(row, number, at)

    def _may_reference(self, at: int, number: int) -> bool:
        """Whether the models allow a row to be referenced."""
        if at < 0 or not self._foreign_key.limit:
            return True
        is_root = self._above.get(at, -1) < 0 and at != number
        return (
            not self._untold
            and at not in self._refused
            and all(
                (None in among) == is_root for name, among in self._allowed.items() if name not in self.uses
            )
        )

    def _candidates(self, number: int, row: Row, drawn: int | None) -> Iterator[int]:
        """Yield the numbers of the rows to reference, in the order of the attempts; -1 for NULL."""
        seen = self._seen.get(tuple(row.get(column) for column in (*self._shared, *self._alike)), [])
        known = bisect_right(seen, number - 1)
        if self._chain:
            if not self._optional and not self._forbids_self_reference:
                yield number  # A row that references itself is referenced once, as the unique key demands.
            yield from (seen[at] for at in range(known - 1, -1, -1))
        elif drawn is None or not known:
            yield from self._roots(number, row)
            yield from (seen[at] for at in range(known - 1, -1, -1))
            return
        else:
            parent = max(bisect_right(seen, drawn) - 1, 0)
            yield from (seen[(parent - attempt) % known] for attempt in range(known))
        yield from self._roots(number, row)

    def _roots(self, number: int, row: Row) -> Iterator[int]:
        if self._optional:
            yield -1
            return
        if not self._forbids_self_reference and all(
            row.get(column) == row.get(self._pairs[column]) for column in self._shared
        ):
            yield number
        if self._forbids_self_reference:
            # The first row of a chain references the last one, which closes a cycle.
            alike = self._alike_in_block(row)
            later = bisect_right(alike, number)
            if later < len(alike):
                yield alike[-1 if self._chain else later]

    def _alike_in_block(self, row: Row) -> Sequence[int]:
        """Return the rows of the block that a row may reference, by the columns that are set elsewhere."""
        if not self._with:
            referenced = [self._pairs[column] for column in self._shared]
            for number, other in enumerate(self._rows, len(self._referenced)):
                self._with.setdefault(tuple(map(other.get, referenced)), []).append(number)
        return self._with.get(tuple(map(row.get, self._shared)), ())

    def _values(self, row: Row, number: int, at: int) -> Mapping[str, Any]:
        if at < 0:
            return dict.fromkeys(self.columns)
        if at < len(self._referenced):
            of_row = dict(zip(self._pairs, self._referenced[at], strict=True))
            return {column: of_row[column] for column in self.columns}
        referenced = row if at == number else self._rows[at - len(self._referenced)]
        return {column: referenced.get(self._pairs[column]) for column in self.columns}


def satisfied_keys(table: Table, allocation: Allocation, steps: Sequence[Step]) -> set[str]:
    """Return the names of the unique keys that an allocation, or columns with distinct values, satisfy."""
    distinct = {name for step in steps if step.distinct for name in step.columns}
    differing = (key for key in table.uniques if not key.expression and not distinct.isdisjoint(key.columns))
    return {*allocation.satisfied, *(key.name for key in differing)}
