"""References of rows that are inserted before the rows that they reference, known from a seed that was taken back.

A workflow and its first state reference one another, and the workflow comes first: its column has a placeholder, which
an UPDATE replaces. A deferred INSERT trigger of the workflow reads it nevertheless: ``NEW`` is the row as it was
inserted. The keys of rows are the same in each seed of a plan, so where such a trigger refuses a row,
:func:`read_foreseen` reads what the rows reference in the end, all is taken back, and each row of the next seed is
inserted with these references (:meth:`Foreseen.given`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.copy_text import text_of
from pytest_supaseed.model.references import optional
from pytest_supaseed.model.schema import ForeignKey, Table, TableName
from pytest_supaseed.planning.plan import Plan, TablePlan
from pytest_supaseed.reflection.queries import fetch_exact, relation, selected, types_of
from pytest_supaseed.rows.cells import Block, Generated, Plain

# By the primary key of a row, as texts, the values of the columns of references.
_ByKey = Mapping[tuple[str, ...], Sequence[Any]]


@dataclass(frozen=True)
class Foreseen:
    """What new rows reference in the end.

    Attributes:
        columns: by table, the columns of such references.
        values: by table, the values of these columns by primary key.
    """

    columns: Mapping[TableName, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[TableName, _ByKey] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.values.values())

    def given(self, table: Table, generated: Generated) -> Generated:
        """Return rows with the references that are known, in the place of what stands for them."""
        known = self.values.get(table.name)
        if not known or not {*table.primary_key} <= {*generated.columns}:
            return generated
        places = [
            generated.columns.index(name) for name in self.columns[table.name] if name in generated.columns
        ]
        keys = [generated.columns.index(name) for name in table.primary_key]

        def blocks() -> Iterator[Block]:
            for block in generated.blocks():
                yield self._replaced(table, block, keys, places, generated.columns)

        return replace(generated, blocks=blocks)

    def _replaced(
        self, table: Table, block: Block, keys: Sequence[int], places: Sequence[int], columns: Sequence[str]
    ) -> Block:
        names = self.columns[table.name]
        texts = [
            [text_of(table.column(columns[at]), value) for value in block.cells[at].values()] for at in keys
        ]
        found = [self.values[table.name].get(key) for key in zip(*texts, strict=True)]
        cells = list(block.cells)
        for at in places:
            position = names.index(columns[at])
            before = cells[at].values()
            values: list[Any] = [
                value if row is None else row[position] for value, row in zip(before, found, strict=True)
            ]
            cells[at] = Plain(table.column(columns[at]), values)
        return replace(block, cells=tuple(cells))


def waiting_keys(plan: TablePlan) -> tuple[ForeignKey, ...]:
    """Return the foreign keys of a table that could be set when its rows are inserted, were it known to what.

    They are deferrable, the rows that they reference come later, and deferred INSERT triggers may read them.
    """
    table = plan.table
    late = any(trigger.on_insert and trigger.deferrable for trigger in table.triggers)
    if not late or not table.primary_key:
        return ()
    return tuple(key for key in plan.later if key.deferrable and not optional(table, key))


def read_foreseen(connection: Connection, plan: Plan) -> Foreseen:
    """Read what the rows of a plan reference that were inserted before the rows they reference."""
    columns, values = {}, {}
    for each in plan.tables:
        table = each.table
        names = tuple(dict.fromkeys(name for key in waiting_keys(each) for name in key.columns))
        if not names:
            continue
        shown = (*table.primary_key, *names)
        query = sql.SQL("SELECT {} FROM {} WHERE age(xmin) <= 0").format(
            selected(table, shown), relation(table.name)
        )
        size = len(table.primary_key)
        columns[table.name] = names
        values[table.name] = {
            _as_texts(table, row[:size]): row[size:]
            for row in fetch_exact(connection, types_of(table, shown), query)
        }
    return Foreseen(columns, values)


def _as_texts(table: Table, key: Sequence[Any]) -> tuple[str, ...]:
    return tuple(
        text_of(table.column(name), value) for name, value in zip(table.primary_key, key, strict=True)
    )
