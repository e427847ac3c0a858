"""What may be changed in a row, and to what: one column at a time, and a foreign key as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import count, islice
from random import Random
from typing import TYPE_CHECKING, Any

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.constraints.acceptance import accepts
from pytest_supaseed.constraints.facts import both, settled
from pytest_supaseed.errors import GenerateError
from pytest_supaseed.generation.steps import Row
from pytest_supaseed.planning.plan import TablePlan
from pytest_supaseed.planning.references import optional
from pytest_supaseed.planning.sources import ColumnSource, Function, Number
from pytest_supaseed.planning.state import TableState
from pytest_supaseed.schema import ForeignKey
from pytest_supaseed.spec import SeedSpec
from pytest_supaseed.uniqueness.finite import finite_values
from pytest_supaseed.values import ValueSource, value_source
from pytest_supaseed.values.trials import trial

if TYPE_CHECKING:
    from faker import Faker

# So many numbers are looked at for one that fits, and so many values of a column are listed.
_MOST = 256


class Changes:
    """What may be changed in the rows of a table.

    What the user gives and what PostgreSQL computes stays as it is.

    Args:
        plan: of the table.
        state: what can be referenced.
        spec: whose day and locale the values are made for.
        faker: of the spec's locale.

    Attributes:
        table: the table.
        facts: by column what is known of it.
        fixed: the columns that stay as they are.
    """

    def __init__(self, plan: TablePlan, state: TableState, spec: SeedSpec, faker: Faker) -> None:
        self.table = plan.table
        self._spec = spec
        self._generator = faker.factories[0]
        self.facts = {source.column.name: source.facts for source in plan.columns}
        self._order = {column.name: number for number, column in enumerate(plan.table.columns)}
        waiting = {name for foreign_key in plan.later for name in foreign_key.columns}
        own = {name for foreign_key in plan.roles.own for name in foreign_key.columns}
        self._keys = {key.name: state.keys[key.name] for key in (*plan.roles.free, *plan.roles.dependent)}
        self._foreign_keys: dict[str, list[ForeignKey]] = {}
        for foreign_key in (*plan.roles.free, *plan.roles.dependent, *plan.roles.own):
            for name in foreign_key.columns:
                self._foreign_keys.setdefault(name, []).append(foreign_key)
        # What references nothing stays NULL; a value would have to be there.
        left_open = {
            name
            for key in plan.table.foreign_keys
            for name in key.columns
            if name not in self._foreign_keys and plan.table.column(name).nullable
        }
        self.fixed = {
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
        self._sources: dict[tuple[str, str], ValueSource | None] = {}

    def possible(self, columns: Collection[str]) -> bool:
        """Whether one of some columns may get other values.

        Args:
            columns: which; none for all.
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
            The values; None for a number of its own, nothing where they cannot be counted.
        """
        if name in self._numbers:
            return None
        if name not in self._foreign_keys:
            return finite_values(self.table.column(name), self.facts[name], ..., _MOST)
        for foreign_key in self._foreign_keys[name]:
            if foreign_key.columns == (name,):
                return [key for (key,) in self._keys.get(foreign_key.name, ())]
        return ()

    def change(self, row: Row, name: str, wanted: ColumnFacts, random: Random, *, null: bool = False) -> bool:
        """Give a column another value; tell whether there was one."""
        column = self.table.column(name)
        if name in self.fixed:
            return False
        facts = settled(both(self.facts[name], wanted))
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
        number = next((found for found in islice(numbers, _MOST) if accepts(facts, found)), None)
        if number is not None:
            row[name] = number
        return number is not None

    def hint(self, row: Row, name: str, hints: Sequence[Any], random: Random, place: int | None) -> None:
        """Give a column one of the values that may be right, or what a condition that nobody can read may want."""
        column = self.table.column(name)
        if name in self.fixed or name in self._foreign_keys or row.get(name) is None:
            return
        if hints and place is not None and place % 2 == 0:
            # What a function compares with may be what it refuses.
            hints, place = (), place // 2
        if not hints and place is not None and name not in self._numbers:
            # Texts are refused for their form as a rule, all else now and then.
            of_text = column.type.category == "S"
            found = (
                trial(column, row[name], place if of_text else place // 2) if of_text or place % 2 else None
            )
            hints = () if found is None else (found,)
        fitting = [hint for hint in hints if accepts(self.facts[name], hint)]
        if fitting:
            row[name] = random.choice(fitting)

    def _source(self, name: str, facts: ColumnFacts) -> ValueSource | None:
        # Facts may list documents, which have no hash.
        known = (name, repr(facts))
        if known not in self._sources:
            self._sources[known] = self._new_source(name, facts)
        return self._sources[known]

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
