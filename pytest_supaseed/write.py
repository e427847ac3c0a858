"""Rows -> database: all of them or an error; sequences moved on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import psycopg2
from psycopg2 import sql
from psycopg2.extras import execute_batch
from sqlalchemy import Connection

from pytest_supaseed.atonce import check, suspend
from pytest_supaseed.cells import LARGE, Generated
from pytest_supaseed.errors import WriteError
from pytest_supaseed.feed import Feed
from pytest_supaseed.keys import sources_of
from pytest_supaseed.queries import fetch, names, relation
from pytest_supaseed.references import optional
from pytest_supaseed.schema import Check, ForeignKey, Table, UniqueKey
from pytest_supaseed.sources import override
from pytest_supaseed.spec import abbreviated
from pytest_supaseed.state import Key

# So many statements go to the server together.
_AT_ONCE = 200
_LINE = re.compile(r"\bline (\d+)")


def begin(connection: Connection, *, later: bool) -> None:
    """Have deferrable constraints wait, where foreign keys are set after the rows have been inserted.

    Args:
        connection: in the transaction of the whole seed.
        later: whether there are such foreign keys.
    """
    if later:
        cursor = connection.connection.cursor()
        try:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        finally:
            cursor.close()


def insert(connection: Connection, table: Table, generated: Generated, total: int) -> Mapping[str, int]:
    """Insert rows, by COPY, while they are made.

    Args:
        connection: in the transaction of the whole seed.
        table: the table.
        generated: its rows.
        total: the rows that the table will hold, for a message.

    Returns:
        By column that has a sequence, the number farthest along it.

    Raises:
        GenerateError: a row could not be made.
        WriteError: PostgreSQL refuses one.
    """
    if not generated.amount:
        return {}
    feed = Feed(table, generated)
    large = generated.amount > LARGE
    cursor = connection.connection.cursor()
    try:
        if generated.columns:
            query = sql.SQL("COPY {} ({}) FROM STDIN").format(relation(table.name), names(generated.columns))
            checks = suspend(cursor, relation(table.name)) if large and table.foreign_keys else ()
            cursor.copy_expert(query, feed)
            check(cursor, checks)
        else:
            for _ in range(generated.amount):
                cursor.execute(sql.SQL("INSERT INTO {} DEFAULT VALUES").format(relation(table.name)))
    except psycopg2.Error as error:
        if feed.error is not None:
            raise feed.error from None
        raise WriteError(refusal(table, error, feed, total)) from error
    finally:
        cursor.close()
    return feed.reached


def move_sequences(connection: Connection, table: Table, numbers: Mapping[str, int]) -> None:
    """Move the sequences of a table behind its rows, so that the next insert works.

    Args:
        connection: in the transaction of the whole seed.
        table: the table.
        numbers: what :func:`insert` returned.
    """
    for name, reached in numbers.items():
        found = table.column(name).sequence
        assert found is not None  # noqa: S101 for the type checker
        sequence = sql.Identifier(found.schema, found.name)
        [(last, called)] = fetch(connection, sql.SQL("SELECT last_value, is_called FROM {}").format(sequence))
        behind = reached < last if found.increment < 0 else reached > last
        if (behind or (reached == last and not called)) and found.minimum <= reached <= found.maximum:
            quoted = sequence.as_string(connection.connection.cursor())
            fetch(connection, sql.SQL("SELECT setval(%s::regclass, %s, true)"), [quoted, reached])


def new_rows(connection: Connection, table: Table, foreign_key: ForeignKey) -> list[Key]:
    """Find the rows that this transaction has inserted and whose foreign key is still to be set.

    Args:
        connection: in the transaction of the whole seed.
        table: the table.
        foreign_key: where it can be NULL, rows that have it set already, by a trigger, are left out.

    Returns:
        The physical places of the rows, in the order of insertion.
    """
    query = sql.SQL(
        "SELECT tableoid::bigint, ctid::text FROM {} "
        "WHERE xmin::text = (pg_current_xact_id()::text::bigint % 4294967296)::text AND ({}) "
        "ORDER BY tableoid, ctid"
    )
    unset: sql.Composable = sql.SQL("true")
    if optional(table, foreign_key):
        unset = sql.SQL(" OR ").join(
            sql.SQL("{} IS NULL").format(sql.Identifier(column)) for column in foreign_key.columns
        )
    return fetch(connection, query.format(relation(table.name), unset))


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
        execute_batch(cursor, query, [[*key, *place] for place, key in keys.items()], _AT_ONCE)
    except psycopg2.Error as error:
        raise WriteError(refusal(table, error)) from error
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
        raise WriteError(refusal(found, error)) from error
    finally:
        cursor.close()


def refusal(table: Table | None, error: psycopg2.Error, feed: Feed | None = None, total: int = 8) -> str:
    """Word what PostgreSQL says of a row: table, column, constraint, the row, and the override to write.

    Args:
        table: the table that was written to, None if it is not known.
        error: PostgreSQL's.
        feed: the rows, for the one that it refuses.
        total: the rows that the table will hold.
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
    row = feed.row(int(line[1])) if feed is not None and line is not None else {}
    if row:
        shown = {name: row[name] for name in columns if name in row} or row
        lines.append("  row: " + ", ".join(f"{name}={abbreviated(value)}" for name, value in shown.items()))
    if table is not None and columns and not inside_trigger:
        argument = override(table, total, columns[0], "[...]")
        lines.append(f"  give values that it accepts: {argument}, or a function that takes (faker, row)")
    return "\n".join(lines)


def _columns_concerned(table: Table | None, error: psycopg2.Error) -> Sequence[str]:
    """The columns that a refusal is about; for a generated one those that it is computed from."""
    if table is None:
        return ()
    found: list[str] = []
    for name in _columns_named(table, error):
        if table.has_column(name):
            column = table.column(name)
            found += sources_of(table, column) if column.generated else [name]
    return tuple(dict.fromkeys(found))


def _columns_named(table: Table, error: psycopg2.Error) -> Sequence[str]:
    name = error.diag.constraint_name
    if name:
        constraints: list[UniqueKey | ForeignKey | Check] = [
            *table.uniques,
            *table.foreign_keys,
            *table.checks,
        ]
        for constraint in constraints:
            if constraint.name == name and constraint.columns:
                return constraint.columns
        for column in table.columns:
            if any(check.name == name for check in column.type.checks):
                return (column.name,)
    if error.diag.column_name:
        return (error.diag.column_name,)
    match = re.search(r"COPY .*, column ([^:]+):", error.diag.context or "")
    if match:
        return (match[1],)
    # Of an exclusion constraint and of a partition key only the detail tells the columns.
    match = re.search(r"\((.+?)\) ?= ?\(", error.diag.message_detail or "")
    return [part.strip('"') for part in match[1].split(", ")] if match else ()


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
