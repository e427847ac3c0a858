"""The rows of one table, made block by block while they are read, without clock, global randomness or connection.

Begin with :func:`make_rows`: a plan, a table state and an allocation become a
:class:`~pytest_supaseed.rows.cells.Generated`. Small tables are one block made row by row; larger ones are filled
column-wise where possible (:func:`by_columns`). :class:`Feed` is the file that COPY reads.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from pytest_supaseed.allocation.allocation import Allocation
from pytest_supaseed.errors import GenerateError, NoColumnValueError
from pytest_supaseed.model.schema import Table, UniqueKey
from pytest_supaseed.planning.plan import Omitted, TablePlan, TableState, origins_of, override
from pytest_supaseed.rows.bulk import Division, by_columns
from pytest_supaseed.rows.cells import LARGE, Block, Cells, Columnar, Generated, Plain
from pytest_supaseed.rows.context import MakeContext, Progress
from pytest_supaseed.rows.recipe import steps_of
from pytest_supaseed.rows.steps import Row, Step
from pytest_supaseed.rows.unique import UniqueRows

# Rows in a block of a larger table: they fit into a socket buffer and are made while PostgreSQL loads the last block.
_BLOCK = 1_000
# Rows of a column between two reports of progress.
_REPORTED = 500


def make_rows(plan: TablePlan, state: TableState, allocation: Allocation, context: MakeContext) -> Generated:
    """Make the rows of a table lazily, while they are read.

    Args:
        allocation: what the rows reference; it decides how many there are.

    Returns:
        The rows: the same for the same arguments.

    Raises:
        GenerateError: unique keys leave no row to make.
    """
    amount = allocation.amount
    division = Division(steps_of(plan, state, allocation))
    if amount > LARGE:
        division = by_columns(plan, state, allocation, division.steps, context)
    for step in division.steps:
        step.begin(amount, context)
    table = _Table(plan, state, division, context.progress)
    size = _BLOCK if amount > LARGE else max(amount, 1)
    parts = [(first, min(size, amount - first)) for first in range(0, amount, size)]
    blocks = (table.block(first, count) for first, count in parts)
    return Generated(table.names, amount, lambda: blocks, origins_of(plan.columns))


def all_rows(generated: Generated) -> list[Row]:
    """Return all rows as mappings of their columns."""
    return [
        dict(zip(generated.columns, values, strict=True))
        for block in generated.blocks()
        for values in block.rows()
    ]


def unique_rows(plan: TablePlan, state: TableState) -> UniqueRows:
    """Return the unique key index of a table, filled with the present rows."""
    return UniqueRows(
        plan.table,
        state,
        [column.column.name for column in plan.columns if isinstance(column.source, Omitted)],
    )


class _Table:
    """The state that is kept between two blocks of rows."""

    def __init__(
        self,
        plan: TablePlan,
        state: TableState,
        division: Division,
        progress: Progress,
    ) -> None:
        self._plan = plan
        self._progress = progress
        self._columnar = division.columnar
        omitted = [column.column.name for column in plan.columns if isinstance(column.source, Omitted)]
        self.names = tuple(column.column.name for column in plan.columns if column.column.name not in omitted)
        self._omitted = omitted
        self._unique = UniqueRows(plan.table, state, omitted, division.satisfied)
        self._unique.completed_by(name for part in division.columnar for name in part.columns)
        self._steps = [(step, self._unique.completed_by(step.columns)) for step in division.steps]
        for step, keys in self._steps:
            step.alone = self._unique.used(keys) <= set(step.columns)
        # A column filled at once is put into the rows only if a step or a unique key reads it.
        self._used = {name for step in division.steps for name in step.uses}
        self._used |= {name for _, keys in self._steps for name in self._unique.used(keys)}

    def block(self, first: int, count: int) -> Block:
        """Make the next block."""
        made: dict[str, Cells] = {}
        for part in self._columnar:
            cells = part.cells(first, count)
            if cells is None:
                raise GenerateError(_out_of_values(self._plan, part, None))
            made.update(zip(part.columns, cells, strict=True))
        used = [name for name in made if name in self._used]
        rows: list[Row] = [dict.fromkeys(self._omitted) for _ in range(count if self._steps else 0)]
        if used and rows:
            for row, values in zip(
                rows, zip(*(made[name].values() for name in used), strict=True), strict=True
            ):
                row.update(zip(used, values, strict=True))
        for step, keys in self._steps:
            self._take(step, keys, first, rows)
        for name in self.names:
            if name not in made:
                made[name] = Plain(self._plan.table.column(name), [row[name] for row in rows])
        if not self._steps:
            self._progress(count)
        return Block(count, tuple(made[name] for name in self.names))

    def _take(self, step: Step, keys: Sequence[UniqueKey], first: int, rows: Sequence[Row]) -> None:
        unique = self._unique
        step.resume(first, rows)
        for number, row in enumerate(rows):
            clash = None
            for attempt in range(step.attempts):
                try:
                    values = step.values(first + number, row, attempt)
                except NoColumnValueError as error:
                    raise error.of(self._plan.total) from error
                if values is None:
                    raise GenerateError(_out_of_values(self._plan, step, clash))
                row.update(values)
                clash = unique.clash(keys, row)
                if clash is None:
                    break
            if clash is not None and not step.vary(row, partial(_accepted, unique, keys, row)):
                raise GenerateError(_out_of_values(self._plan, step, clash))
            unique.add(keys, row)
            if number % _REPORTED == 0:
                self._progress(min(_REPORTED, len(rows) - number) / len(self._steps))


def _accepted(unique: UniqueRows, keys: Sequence[UniqueKey], row: Row) -> bool:
    return unique.clash(keys, row) is None


def _out_of_values(plan: TablePlan, step: Step | Columnar, clash: UniqueKey | None) -> str:
    label = plan.table.label
    why = f", and {clash.name} makes {', '.join(clash.columns)} unique" if clash else ""
    return (
        f"{label}.{', '.join(step.columns)}: {step.reason}{why}: give values of your own, as in "
        f"{override(plan.table, plan.total, step.columns[0], 'lambda faker, row: ...')}, or ask for fewer rows"
    )


# Characters of read blocks to keep: PostgreSQL may refuse a row while later ones fill the buffers of libpq and socket.
_UNDER_WAY = 2_000_000


class Feed:
    """A file object for psycopg2's COPY, which keeps recent rows for error messages.

    Attributes:
        error: the exception raised while rows were made; psycopg2 reports only that there was one.
        reached: by column with a sequence, the last number in the direction of the sequence.
        rows: number of rows read.
    """

    def __init__(self, table: Table, generated: Generated) -> None:
        self.error: BaseException | None = None
        self.reached: dict[str, int] = {}
        self.origins = generated.origins
        self._blocks = generated.blocks()
        self._columns = generated.columns
        self._sequences = [
            (at, name, column.sequence.increment < 0)
            for at, name in enumerate(generated.columns)
            if (column := table.column(name)).sequence is not None
        ]
        self._recent: deque[tuple[int, Block]] = deque()
        self._sizes: deque[int] = deque()
        self.rows = 0

    def read(self, size: int = -1) -> str:
        """Return the lines of the next block, empty at the end. ``size`` is ignored: libpq takes texts of any size."""
        try:
            block = next(self._blocks, None)
            if block is None:
                return ""
            lines = block.lines()
            self._keep(block, len(lines))
            return lines
        except BaseException as error:
            self.error = error
            raise

    def _keep(self, block: Block, characters: int) -> None:
        for at, name, descending in self._sequences:
            numbers = [int(number) for number in block.cells[at].values() if number is not None]
            if numbers:
                farthest = min if descending else max
                self.reached[name] = farthest(*numbers, self.reached.get(name, numbers[0]))
        self._recent.append((self.rows, block))
        self._sizes.append(characters)
        self.rows += block.size
        while sum(self._sizes) - self._sizes[0] > _UNDER_WAY:
            self._recent.popleft()
            self._sizes.popleft()

    def row(self, line: int) -> Mapping[str, Any]:
        """Return the row of a line of COPY, counted from 1; empty if its block is no longer kept."""
        for first, block in self._recent:
            if first < line <= first + block.size:
                values = next(row for number, row in enumerate(block.rows(), first + 1) if number == line)
                return dict(zip(self._columns, values, strict=True))
        return {}
