"""Rows -> database: all of them or an error; sequences moved on."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence

import psycopg2
from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.copytext import copy_line
from pytest_supaseed.errors import WriteError
from pytest_supaseed.generate import Generated
from pytest_supaseed.read import fetch, names, relation
from pytest_supaseed.schema import ForeignKey, Table
from pytest_supaseed.sources import override
from pytest_supaseed.spec import abbreviated
from pytest_supaseed.state import Key

_LINE = re.compile(r"\bline (\d+)")


def insert(connection: Connection, table: Table, generated: Generated) -> None:
    """Insert rows, by COPY.

    Args:
        connection: in the transaction of the whole seed.
        table: the table.
        generated: its rows.

    Raises:
        WriteError: PostgreSQL refuses one.
    """
    if not generated.rows:
        return
    cursor = connection.connection.cursor()
    try:
        if generated.columns:
            columns = [table.column(name) for name in generated.columns]
            text = "".join(copy_line(columns, row) for row in generated.rows)
            query = sql.SQL("COPY {} ({}) FROM STDIN").format(relation(table.name), names(generated.columns))
            cursor.copy_expert(query, io.StringIO(text))
        else:
            for _ in generated.rows:
                cursor.execute(sql.SQL("INSERT INTO {} DEFAULT VALUES").format(relation(table.name)))
    except psycopg2.Error as error:
        raise WriteError(refusal(table, error, generated)) from error
    finally:
        cursor.close()


def move_sequences(connection: Connection, table: Table, generated: Generated) -> None:
    """Move the sequences of a table behind its rows, so that the next insert works.

    Args:
        connection: in the transaction of the whole seed.
        table: the table.
        generated: the rows that were inserted.
    """
    for column in table.columns:
        if column.sequence is None or column.name not in generated.columns or not generated.rows:
            continue
        at = generated.columns.index(column.name)
        numbers = [int(row[at]) for row in generated.rows if row[at] is not None]
        if not numbers:
            continue
        sequence = sql.Identifier(column.sequence.schema, column.sequence.name)
        [(last, called)] = fetch(connection, sql.SQL("SELECT last_value, is_called FROM {}").format(sequence))
        descending = column.sequence.increment < 0
        reached = min(numbers) if descending else max(numbers)
        behind = reached < last if descending else reached > last
        if (behind or (reached == last and not called)) and (
            column.sequence.minimum <= reached <= column.sequence.maximum
        ):
            quoted = sequence.as_string(connection.connection.cursor())
            fetch(connection, sql.SQL("SELECT setval(%s::regclass, %s, true)"), [quoted, reached])


def new_rows(connection: Connection, table: Table) -> list[Key]:
    """Return the physical places of the rows that this transaction has inserted, in the order of insertion."""
    query = sql.SQL(
        "SELECT tableoid::bigint, ctid::text FROM {} "
        "WHERE xmin::text = (pg_current_xact_id()::text::bigint % 4294967296)::text ORDER BY tableoid, ctid"
    )
    return fetch(connection, query.format(relation(table.name)))


def set_references(
    connection: Connection, table: Table, foreign_key: ForeignKey, keys: Mapping[Key, Key]
) -> None:
    """Set a foreign key whose referenced rows were made after the table's own.

    Args:
        connection: in the transaction of the whole seed.
        table: the referencing table.
        foreign_key: the foreign key.
        keys: by a row's physical place, the values of the referenced columns.

    Raises:
        WriteError: PostgreSQL refuses one.
    """
    assignments = sql.SQL(", ").join(
        sql.SQL("{} = %s").format(sql.Identifier(column)) for column in foreign_key.columns
    )
    query = sql.SQL("UPDATE {} SET {} WHERE tableoid = %s::bigint::oid AND ctid = %s::tid").format(
        relation(table.name), assignments
    )
    cursor = connection.connection.cursor()
    try:
        for place, key in keys.items():
            cursor.execute(query, [*key, *place])
    except psycopg2.Error as error:
        raise WriteError(refusal(table, error, None)) from error
    finally:
        cursor.close()


def finish(connection: Connection, tables: Iterable[Table]) -> None:
    """Have the deferred constraints checked now, while an error can still be told from the commit's.

    Args:
        connection: in the transaction of the whole seed.
        tables: for the message.

    Raises:
        WriteError: one does not hold.
    """
    cursor = connection.connection.cursor()
    try:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except psycopg2.Error as error:
        found = next((table for table in tables if table.name.name == error.diag.table_name), None)
        raise WriteError(refusal(found, error, None)) from error
    finally:
        cursor.close()


def refusal(table: Table | None, error: psycopg2.Error, generated: Generated | None) -> str:
    """Word what PostgreSQL says of a row: table, column, constraint, the row, and the override to write.

    Args:
        table: the table that was written to, None if it is not known.
        error: PostgreSQL's.
        generated: the rows, for the one that it refuses.
    """
    diagnostics = error.diag
    label = table.label if table else (diagnostics.table_name or "the database")
    columns = _columns_concerned(table, error)
    message = (diagnostics.message_primary or str(error)).strip()
    lines = [f"{label}: PostgreSQL refuses a row: {message}"]
    constraint = _constraint(table, diagnostics.constraint_name)
    if constraint:
        lines.append(f"  constraint: {constraint}")
    if diagnostics.message_detail and "Failing row" not in diagnostics.message_detail:
        lines.append(f"  detail: {diagnostics.message_detail}")
    context = diagnostics.context or ""
    inside_trigger = "function" in context
    if inside_trigger:
        lines.append(f"  in: {context.splitlines()[0]}")
    line = _LINE.search(context.rpartition("COPY")[2]) if "COPY" in context else None
    if generated is not None and line is not None and int(line[1]) <= len(generated.rows):
        row = dict(zip(generated.columns, generated.rows[int(line[1]) - 1], strict=True))
        shown = {name: row[name] for name in columns if name in row} or row
        lines.append("  row: " + ", ".join(f"{name}={abbreviated(value)}" for name, value in shown.items()))
    if not inside_trigger:
        column = columns[0] if columns else "column"
        argument = override(table, 8, column, "[...]") if table else f"columns={{{column!r}: [...]}}"
        lines.append(f"  give values that it accepts: {argument}, or a function that takes (faker, row)")
    return "\n".join(lines)


def _columns_concerned(table: Table | None, error: psycopg2.Error) -> Sequence[str]:
    name = error.diag.constraint_name
    if table is not None and name:
        for unique in table.uniques:
            if unique.name == name:
                return unique.columns
        for foreign_key in table.foreign_keys:
            if foreign_key.name == name:
                return foreign_key.columns
        for check in table.checks:
            if check.name == name:
                return check.columns
        for column in table.columns:
            if any(check.name == name for check in column.type.checks):
                return (column.name,)
    if error.diag.column_name:
        return (error.diag.column_name,)
    match = re.search(r"COPY .*, column ([^:]+):", error.diag.context or "")
    return (match[1],) if match else ()


def _constraint(table: Table | None, name: str | None) -> str:
    if not name:
        return ""
    if table is not None:
        checks = [*table.checks, *(check for column in table.columns for check in column.type.checks)]
        for check in checks:
            if check.name == name:
                return f"{name} CHECK ({check.expression.removeprefix('(').removesuffix(')')})"
        for unique in table.uniques:
            if unique.name == name:
                return unique.definition or name
    return name
