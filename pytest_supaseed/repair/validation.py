"""Validation of rows as they lie, by the CHECKs whose functions may read tables.

PostgreSQL evaluates a CHECK once, when it writes the row. A function that the CHECK calls sees neither the other rows
of the same COPY nor rows that are written later. So the CHECK may be false of rows that PostgreSQL has accepted, and
would be refused if it were dropped and added again. :func:`insert_validated` writes rows and evaluates these CHECKs
once more; :func:`validate` does so at the end of a seed, for all tables.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg2
from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.errors import WriteError
from pytest_supaseed.model.schema import Check, Table, TableName
from pytest_supaseed.reflection.queries import fetch, own_rows, savepoint
from pytest_supaseed.repair.solve import all_checks
from pytest_supaseed.rows.cells import Generated
from pytest_supaseed.rows.unique import chosen_columns
from pytest_supaseed.writing.copy import insert
from pytest_supaseed.writing.refusals import Refused, not_valid

# The transactions of savepoints are younger than the one around them, and the age of their rows is negative.
_YOUNGEST = "SELECT coalesce(min(age(xmin)), 1) FROM {table} WHERE age(xmin) <= 0"
_BROKEN = """
SELECT row_number, rows, broken, {values}
FROM (
    SELECT row_number() OVER (ORDER BY {label}.tableoid, {label}.ctid) AS row_number, count(*) OVER () AS rows,
           ARRAY[{broken}] AS broken, {label} AS candidate
    FROM {table} AS {label} WHERE age({label}.xmin) < {age}
) AS validated
WHERE true = ANY (broken) ORDER BY row_number LIMIT 1
"""


@dataclass(frozen=True)
class Violation:
    """A row that a CHECK does not hold for.

    Attributes:
        check: the CHECK.
        line: number of the row among those looked at, in the order of their writing, from 1; None where unknown.
        rows: the number of rows looked at; 0 where unknown.
        row: its values as texts, by column; empty where unknown.
        error: PostgreSQL's error where the CHECK cannot be evaluated; empty where it is false.
    """

    check: Check
    line: int | None = None
    rows: int = 0
    row: Mapping[str, Any] | None = None
    error: str = ""


def called_checks(table: Table) -> tuple[Check, ...]:
    """Return the CHECKs of a table and of its columns' domains that call functions of the user's."""
    return tuple(check for check in all_checks(table) if check.called)


def insert_validated(
    connection: Connection,
    table: Table,
    generated: Generated,
    total: int,
    closed: Collection[TableName] = (),
    *,
    ours: bool = True,
) -> Mapping[str, int]:
    """Insert rows, as :func:`pytest_supaseed.writing.copy.insert` does, and validate them as they lie.

    Raises:
        GenerateError: a row could not be generated.
        WriteError: PostgreSQL refuses a row, a trigger drops one, or a CHECK is false of one once all are there.
    """
    checks = called_checks(table)
    if not checks:
        return insert(connection, table, generated, total, closed, ours=ours)
    cursor = connection.connection.cursor()
    try:
        cursor.execute(sql.SQL(_YOUNGEST).format(table=own_rows(table)))
        [[youngest]] = cursor.fetchall()
    finally:
        cursor.close()
    with savepoint(connection):
        reached = insert(connection, table, generated, total, closed, ours=ours)
        found = _first_violation(connection, table, checks, youngest)
        if found is None:
            return reached
        # A trigger may have written other rows to the table.
        line = found.line if found.rows == generated.amount and not table.partitioned else None
        refused = Refused(found.row or {}, line, generated.origins)
        raise not_valid(table, found.check, refused, total, error=found.error)


def validate(connection: Connection, tables: Iterable[Table]) -> None:
    """Validate the rows that the transaction has written, all of them being there.

    Args:
        tables: those that have rows.

    Raises:
        WriteError: a CHECK is false of a row, or raises an error.
    """
    for table in tables:
        checks = called_checks(table)
        found = _first_violation(connection, table, checks, 1) if checks else None
        if found is not None:
            raise _no_longer_valid(table, found)


def _first_violation(
    connection: Connection, table: Table, checks: Sequence[Check], youngest: int
) -> Violation | None:
    """Return the first violation in rows that are younger than a number of transactions; None where there is none."""
    label = sql.Identifier(table.name.name)
    names = [column.name for column in table.columns]
    query = sql.SQL(_BROKEN).format(
        values=sql.SQL(", ").join(
            sql.SQL("(candidate).{}::text").format(sql.Identifier(name)) for name in names
        ),
        broken=sql.SQL(", ").join(
            sql.SQL("({}) IS FALSE").format(sql.SQL(check.expression)) for check in checks
        ),
        table=own_rows(table),
        label=label,
        age=sql.Literal(youngest),
    )
    try:
        # Without parameters: a % in an expression would be taken for a placeholder.
        with savepoint(connection):
            found = fetch(connection, query)
    except psycopg2.Error as error:
        message = error.diag.message_primary or str(error).strip()
        if len(checks) == 1:
            return Violation(checks[0], error=message)
        # Which of them it is, is found one by one.
        each = (_first_violation(connection, table, [check], youngest) for check in checks)
        return next((violation for violation in each if violation is not None), None)
    for line, rows, broken, *values in found:
        row = dict(zip(names, values, strict=True))
        return Violation(checks[broken.index(True)], line, rows, row)
    return None


def _no_longer_valid(table: Table, found: Violation) -> WriteError:
    row = found.row or {}
    names = [name for name in chosen_columns(table, found.check.columns) if name in row] or list(row)
    shown = ", ".join(f"{name}={row[name]}" for name in names)
    raised = f", for its function raises: {found.error}" if found.error else ""
    return WriteError(
        f"{table.label}: {found.check.name} CHECK ({found.check.text}) does not hold any more when all rows of the "
        f"seed are there{raised}\n"
        + (f"  row: {shown}\n" if shown else "")
        + "  PostgreSQL has evaluated it when the row was written; its function reads rows that came later: ask for "
        "fewer of them, or give columns= for which it holds beside them"
    )
