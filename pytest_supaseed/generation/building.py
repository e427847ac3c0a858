"""The step that has a factory of the user build a row's values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pytest_supaseed.errors import GenerateError
from pytest_supaseed.factories import RowFactory
from pytest_supaseed.factories.randomness import reseed
from pytest_supaseed.generation.making import REDRAWS
from pytest_supaseed.generation.steps import Row, Step
from pytest_supaseed.loading.frames import describe
from pytest_supaseed.planning.plain import plain
from pytest_supaseed.planning.sources import Built, ColumnSource
from pytest_supaseed.schema import Table
from pytest_supaseed.usable import UnusableError
from pytest_supaseed.wording import abbreviated

if TYPE_CHECKING:
    from faker import Faker


class BuildRow(Step):
    """Takes the values of columns from an object that a factory builds for each row.

    Every row is drawn from a seed of its own, so that one that is built again changes no other; and the factory
    is told what the row has already: keys, references, and what else the user gives.

    Args:
        table: the table.
        columns: those that the factory has values for.
        known: by column that is set before, the name that the factory declares for it.
        present: the rows that are there: the factory counts after them.
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

    def begin(self, amount: int, seed: int, faker: Faker) -> None:
        """Have the factory begin anew."""
        self._factory: RowFactory = self._user.afresh()
        self._names = (str(seed), str(self._table.name), "factory")
        self._next = self._present
        self._first = 0
        self._built: list[Mapping[str, Any]] = []

    def resume(self, first: int, rows: Sequence[Row]) -> None:
        """Build all rows of a block, while the libraries' random generators are ours."""
        self._first = first
        self._built = []
        with self._factory.lent() as sources:
            for number, row in enumerate(rows, first):
                reseed(sources, *self._names, str(number), "0")
                self._built.append(self._values(row))

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        """Return the values that were built for the row, and after them others."""
        if attempt == 0:
            return self._built[number - self._first]
        with self._factory.lent() as sources:
            reseed(sources, *self._names, str(number), str(attempt))
            return self._values(row)

    def _values(self, row: Row) -> Mapping[str, Any]:
        given = {name: row[column] for column, name in self._known.items() if row.get(column) is not None}
        number, self._next = self._next, self._next + 1
        try:
            built = self._factory.build(number, given)
            attributes = [self._factory.value(built, of.attribute) for _, of in self._sources]
        except (Exception, SystemExit) as error:
            handed = f", called with {', '.join(given)}" if given else ""
            said = describe(error).partition("\n")
            raise GenerateError(
                f"{self._table.label}: {self._origin}, {self._factory.name}{handed}, raised {said[0]}",
                f"{said[1]}{said[2]}",
            ) from error
        found = {}
        for (source, of), value in zip(self._sources, attributes, strict=True):
            try:
                found[source.column.name] = plain(source.column, value, source.facts.allowed)
            except UnusableError as error:
                raise GenerateError(
                    f"{self._table.label}.{source.column.name}: {self._origin}, {self._factory.name}, built "
                    f"{abbreviated(value)} for {of.declared}: {error}: let it build a value that is the same in every "
                    "run, and of the column's type, or leave it out"
                ) from error
        for source, of in self._sources:
            if found[source.column.name] is None and not source.column.nullable:
                raise GenerateError(
                    f"{self._table.label}.{source.column.name} is NOT NULL, but {self._origin}, "
                    f"{self._factory.name}, built None for {of.declared}: let it build a value, or leave it out"
                )
        return found
