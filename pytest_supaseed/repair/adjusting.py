"""Rows as the triggers of their table want them, computed by the functions of the triggers themselves.

A function that raises an error unless ``height`` is one more than that of the last row computes what it expects. In a
copy of the function, which lasts until the savepoint is rolled back, the errors are assignments
(:mod:`pytest_supaseed.constraints.raising`): :class:`Adjustment` has PostgreSQL call it for a row that was refused. So
rows that follow one another, each of which the function compares with the last one, are found one at a time.
Where the function wants rows that are there already in another order, :func:`orders` has them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from typing import Any

import psycopg2
from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.constraints.functions import assigned_by_triggers
from pytest_supaseed.constraints.raising import Assignable, without_errors
from pytest_supaseed.model.schema import Table, Trigger
from pytest_supaseed.model.type_families import has_datetime_category, has_numeric_category, is_date
from pytest_supaseed.reflection.queries import relation, undone
from pytest_supaseed.repair.evaluate import Evaluation
from pytest_supaseed.repair.propose import Proposals
from pytest_supaseed.repair.solve import typed_value
from pytest_supaseed.repair.watching import insert_statement
from pytest_supaseed.rows.steps import Row
from pytest_supaseed.writing.bulk_check import despite_triggers

_FUNCTION = """
CREATE FUNCTION pg_temp.supaseed_adjusted(
    "new" {table}, "old" {table}, tg_op text, tg_when text, tg_level text, tg_name name, tg_relid oid, tg_relname name,
    tg_table_name name, tg_table_schema name, tg_nargs int, tg_argv text[]
) RETURNS {table} LANGUAGE plpgsql AS {body}
"""
_CALL = """
SELECT {values} FROM (
    SELECT given, pg_temp.supaseed_adjusted(
        given, NULL, 'INSERT', {when}, 'ROW', {trigger}, {name}::regclass, {bare}, {bare}, {schema}, 0, '{{}}'
    ) AS adjusted
    FROM (SELECT ROW({columns})::{table} AS given FROM {row}) AS rows
) AS called
"""


# A column of the new row that is more or less than something else.
_COMPARED = re.compile(
    r"""\bnew\.(?:"(?P<quoted>[^"]+)"|(?P<name>\w+))(?:\s*::\s*\w+)?\s*(?:<|>)=?(?![<>=@])
      | (?<![<>=@-])(?:<|>)=?\s*new\.(?:"(?P<quoted_after>[^"]+)"|(?P<name_after>\w+))""",
    re.IGNORECASE | re.VERBOSE,
)


def orders(table: Table, rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Put rows into the orders that triggers may want which compare each row with those before it.

    Numbers of sequences stay where they are, so that they still follow the order of insertion.

    Args:
        rows: of the table, which do not reference one another.

    Returns:
        The rows by the columns that the triggers compare, rising, then falling; nothing where no trigger compares a
        column and reads the table itself.
    """
    sources = [trigger.source for trigger in table.triggers if trigger.on_insert]
    own = re.compile(rf"\b{re.escape(table.name.name)}\b|\btg_(?:table_name|relid|relname)\b", re.IGNORECASE)
    found = [match for source in sources if own.search(source) for match in _COMPARED.finditer(source)]
    named = dict.fromkeys(
        match["quoted"] or match["quoted_after"] or (match["name"] or match["name_after"]).lower()
        for match in found
    )
    columns = [name for name in named if all(row.get(name) is not None for row in rows)]
    if not columns or any(row.keys() != rows[0].keys() for row in rows):
        return
    for reverse in (False, True):
        try:
            ordered = sorted(rows, key=lambda row: tuple(row[name] for name in columns), reverse=reverse)
        except TypeError:
            # Values of types that have no order in Python, such as documents.
            return
        numbered = [column.name for column in table.columns if column.sequence and column.name in rows[0]]
        changed = [
            {**row, **{name: place[name] for name in numbered}}
            for row, place in zip(ordered, rows, strict=True)
        ]
        if changed != [*rows]:
            yield changed


class Adjustment:
    """Adjusts rows to what the INSERT triggers of their table would not raise errors for.

    Args:
        connection: in the transaction of the whole seed.
        proposals: of the table; it knows which columns may change.
        evaluation: of the table.
        ours: whether the database is one that this package has made, in which triggers may be suspended.
    """

    def __init__(
        self, connection: Connection, proposals: Proposals, evaluation: Evaluation, *, ours: bool = False
    ) -> None:
        self._connection = connection
        self._ours = ours
        self._proposals = proposals
        self._evaluation = evaluation
        self._table = proposals.table
        assigned = assigned_by_triggers(self._table)
        # Which row of another table is referenced is allocated, and decided by what the rows there have in common.
        referencing = {
            name
            for key in self._table.foreign_keys
            if key.referenced != self._table.name
            for name in key.columns
        }
        # What a trigger assigns to a row anyway needs no adjustment, and may depend on the clock.
        self._columns = [
            column.name
            for column in self._table.columns
            if column.name not in assigned | referencing
            and not column.generated
            and proposals.may_change([column.name])
        ]
        assignable = Assignable(self._step, frozenset(self._columns).__contains__)
        bodies = [
            (trigger, without_errors(trigger.source, assignable))
            for trigger in self._table.triggers
            if trigger.on_insert and trigger.source
        ]
        self._bodies = [(trigger, body) for trigger, body in bodies if body is not None]

    def rows(self, row: Row) -> Iterator[Row]:
        """Propose a row in the place of one that a trigger refuses, with the rows that are there taken into account.

        An AFTER trigger may count the row itself among them.
        """
        for there in (False, True):
            changed = dict(row)
            for trigger, body in self._bodies:
                if not (there and trigger.before):
                    changed.update(self._called(changed, body, trigger, there=there))
            if changed != row:
                yield changed
            if not self._ours or all(trigger.before for trigger, _ in self._bodies):
                return

    def _step(self, name: str) -> str | None:
        column_type = self._table.column(name).type
        if column_type.array:
            return None
        if has_numeric_category(column_type) or is_date(column_type):
            return "1"
        return "interval '1 hour'" if has_datetime_category(column_type) else None

    def _called(self, row: Row, body: str, trigger: Trigger, *, there: bool) -> dict[str, Any]:
        """Return the values that a function changes; none where it raises another error.

        Args:
            there: whether the row is in the table while it is called.
        """
        columns = [sql.Identifier(self._table.name.name, column.name) for column in self._table.columns]
        name = relation(self._table.name)
        values = [
            sql.SQL("({row}).{column}::text").format(row=sql.SQL(side), column=sql.Identifier(column))
            for side in ("given", "adjusted")
            for column in self._columns
        ]
        cursor = self._connection.connection.cursor()
        try:
            with undone(self._connection):
                if there:
                    statement = insert_statement(self._table, row)
                    despite_triggers(self._connection, partial(cursor.execute, statement), ours=self._ours)
                cursor.execute(sql.SQL(_FUNCTION).format(table=name, body=sql.Literal(body)))
                cursor.execute(
                    sql.SQL(_CALL).format(
                        values=sql.SQL(", ").join(values),
                        when=sql.Literal("BEFORE" if trigger.before else "AFTER"),
                        trigger=sql.Literal(trigger.name),
                        name=sql.Literal(name.as_string(cursor)),
                        bare=sql.Literal(self._table.name.name),
                        schema=sql.Literal(self._table.name.schema),
                        columns=sql.SQL(", ").join(columns),
                        table=name,
                        row=self._evaluation.relation_of([row]),
                    )
                )
                [found] = cursor.fetchall()
        except psycopg2.Error:
            # The copy reads what only a trigger has, such as its arguments, or raises another error.
            return {}
        finally:
            cursor.close()
        return self._changes(found)

    def _changes(self, found: Collection[str | None]) -> dict[str, Any]:
        values = list(found)
        changed = {}
        for column, before, after in zip(
            self._columns, values[: len(self._columns)], values[len(self._columns) :], strict=True
        ):
            if before != after:
                column_type = self._table.column(column).type
                changed[column] = None if after is None else typed_value(after, column_type)
        return changed
