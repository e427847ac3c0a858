"""The rows of one table, made block by block while they are read, without clock, global randomness or connection.

Begin with :func:`make_rows`: a plan, a table state and an allocation become a
:class:`~pytest_supaseed.rows.cells.Generated`. Steps fill the columns of a block one after another; small tables are
one block, and in larger ones the values are picked from pools where that is possible
(:func:`~pytest_supaseed.rows.pools.pooled`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pytest_supaseed.allocation.allocation import Allocation
from pytest_supaseed.errors import GenerateError, NoColumnValueError
from pytest_supaseed.model.schema import UniqueKey
from pytest_supaseed.notation import Placeholder, notation
from pytest_supaseed.planning.plan import TablePlan, TableState, origins_of, override
from pytest_supaseed.rows.cells import LARGE, Block, Cells, Generated
from pytest_supaseed.rows.pools import pooled
from pytest_supaseed.rows.recipe import steps_of
from pytest_supaseed.rows.steps import (
    MakeContext,
    OpenBlock,
    OutOfValuesError,
    Progress,
    Row,
    Step,
    satisfied_keys,
)
from pytest_supaseed.rows.unique import UniqueRows, columns_with_server_defaults

# Rows in a block of a larger table: they fit into a socket buffer and are made while PostgreSQL loads the last block.
_BLOCK = 1_000


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
    steps: Sequence[Step] = steps_of(plan, state, allocation)
    satisfied = satisfied_keys(plan.table, allocation, steps)
    if amount > LARGE:
        steps, satisfied = pooled(plan, state, allocation, steps, context)
    for step in steps:
        step.begin(amount, context)
    table = _Table(plan, steps, unique_rows(plan, state, satisfied), context)
    size = _BLOCK if amount > LARGE and not any(step.reads_later for step in steps) else max(amount, 1)
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


def unique_rows(plan: TablePlan, state: TableState, satisfied: Collection[str] = ()) -> UniqueRows:
    """Return the unique key index of a table, filled with the present rows, without the keys ``satisfied``."""
    return UniqueRows(plan.table, state, columns_with_server_defaults(plan), satisfied)


class _Table:
    """The state that is kept between two blocks of rows."""

    def __init__(
        self, plan: TablePlan, steps: Sequence[Step], unique: UniqueRows, context: MakeContext
    ) -> None:
        self._plan = plan
        self._server_defaults = columns_with_server_defaults(plan)
        self.names = tuple(c.column.name for c in plan.columns if c.column.name not in self._server_defaults)
        self._progress: Progress = lambda rows: context.progress(rows / max(len(steps), 1))
        completed = [(step, unique.completed_by(step.columns)) for step in steps]
        self._steps = [(step, unique.entering(keys) if keys else None) for step, keys in completed]
        # Columns are put into the rows only if a step or a unique key reads them.
        self._used = {name for step in steps if not step.reads_cells for name in step.uses}
        for step, keys in completed:
            used = unique.used(keys)
            step.alone = used <= set(step.columns)
            self._used |= used
        if any(step.reads_all for step in steps):
            self._used.update(self.names)

    def block(self, first: int, count: int) -> Block:
        """Make the next block."""
        made: dict[str, Cells] = {}
        rows: list[Row] = [dict.fromkeys(self._server_defaults) for _ in range(count)]
        for step, enter in self._steps:
            block = OpenBlock(self._plan.table, first, rows, enter, self._progress, made)
            try:
                filled = step.fill(block)
            except NoColumnValueError as error:
                raise error.of(self._plan.count) from error
            except OutOfValuesError as error:
                raise GenerateError(_out_of_values(self._plan, step, error.key), step.place) from None
            for name, cells in zip(step.columns, filled, strict=True):
                made[name] = cells
                if name in self._used:
                    for row, value in zip(rows, cells.values(), strict=True):
                        row[name] = value
            block.report(count)
        if not self._steps:
            self._progress(count)
        return Block(count, tuple(made[name] for name in self.names))


def _out_of_values(plan: TablePlan, step: Step, clash: UniqueKey | None) -> str:
    label = plan.table.label
    why = f", and {clash.name} makes {', '.join(clash.columns)} unique" if clash else ""
    given = Placeholder("lambda faker, row: ...") if notation().functions else Placeholder(listed=True)
    return (
        f"{label}.{', '.join(step.columns)}: {step.reason}{why}: give values of your own, as in "
        f"{override(plan.table, plan.count, step.columns[0], given)}, or ask for fewer rows"
    )
