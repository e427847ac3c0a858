"""The seed's transaction: its settings, its deferred constraints, and a bulk check of foreign keys.

:func:`begin`, :func:`widen_search_path`, :func:`fire_deferred` and :func:`finish` accompany the transaction.
:func:`suspend` and :func:`check` enclose the COPY of many rows: one query for each foreign key takes the
place of a query for each row. :func:`despite_triggers` changes rows of the seed that a trigger calls immutable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psycopg2
from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.model.schema import Schema, Table
from pytest_supaseed.reflection.queries import execute, fetch, savepoint
from pytest_supaseed.writing.refusals import late_refusal, refusal

# With session_replication_role = replica no trigger fires: neither the table's, nor those of a deferrable
# unique key, nor those of tables that a function in a default writes to. Foreign keys are checked here only
# if one query can do it, and only if the rows that were there before are known to be valid.
_PREPARE = """
WITH tree AS (
    SELECT %(table)s::regclass::oid AS relid UNION SELECT relid::oid FROM pg_partition_tree(%(table)s::regclass)
), keys AS (
    SELECT c.* FROM pg_constraint c JOIN tree ON c.conrelid = relid
    WHERE c.contype = 'f' AND c.conparentid = 0 AND coalesce((to_jsonb(c) ->> 'conenforced')::boolean, true)
)
SELECT current_setting('is_superuser') = 'on' AND current_setting('session_replication_role') = 'origin'
AND NOT EXISTS (
    SELECT FROM pg_trigger t JOIN tree ON t.tgrelid = relid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE t.tgenabled <> 'D' AND NOT (
        t.tgisinternal AND p.pronamespace = 'pg_catalog'::regnamespace AND starts_with(p.proname, 'RI_FKey_')
    )
)
AND NOT EXISTS (
    SELECT FROM pg_attrdef d JOIN tree ON d.adrelid = relid
    JOIN pg_depend e ON e.classid = 'pg_attrdef'::regclass AND e.objid = d.oid AND e.refclassid = 'pg_proc'::regclass
)
AND NOT EXISTS (
    SELECT FROM keys WHERE confmatchtype <> 's' OR condeferrable OR NOT convalidated
    OR coalesce((to_jsonb(keys) ->> 'conperiod')::boolean, false)
)
AND NOT EXISTS (
    SELECT FROM keys JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = ANY (conkey)
    WHERE a.attgenerated <> ''
),
ARRAY(
    SELECT ARRAY[
        format(
            'SELECT f.tableoid::regclass::text, f.ctid::text FROM %%s f WHERE %%s AND NOT EXISTS '
            '(SELECT FROM %%s p WHERE %%s) LIMIT 1',
            CASE own.relkind WHEN 'p' THEN '' ELSE 'ONLY ' END || conrelid::regclass,
            string_agg(format('f.%%I IS NOT NULL', a.attname), ' AND ' ORDER BY n),
            CASE other.relkind WHEN 'p' THEN '' ELSE 'ONLY ' END || confrelid::regclass,
            string_agg(
                format('p.%%I OPERATOR(%%I.%%s) f.%%I', b.attname, s.nspname, o.oprname, a.attname), ' AND ' ORDER BY n
            )
        ),
        (array_agg(a.attname ORDER BY n))[1]
    ]
    FROM keys
    JOIN pg_class own ON own.oid = conrelid
    JOIN pg_class other ON other.oid = confrelid
    CROSS JOIN LATERAL unnest(conkey, confkey, conpfeqop) WITH ORDINALITY AS u (mine, theirs, operator, n)
    JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = mine
    JOIN pg_attribute b ON b.attrelid = confrelid AND b.attnum = theirs
    JOIN pg_operator o ON o.oid = operator
    JOIN pg_namespace s ON s.oid = o.oprnamespace
    GROUP BY conname, conrelid, confrelid, own.relkind, other.relkind
    ORDER BY conname
)
"""


@dataclass(frozen=True)
class ForeignKeyCheck:
    """The bulk check of a foreign key.

    Attributes:
        query: finds a row without a referenced row: its table and ``ctid``.
        column: one of the foreign key's columns.
    """

    query: str
    column: str


def suspend(cursor: Any, table: sql.Composable) -> tuple[ForeignKeyCheck, ...]:
    """Suspend the foreign keys of a table for the next rows, where this suspends nothing else.

    Returns:
        The checks for :func:`check`; empty where rows are inserted as usual, as the role is no superuser or
        the table has triggers.
    """
    cursor.execute(_PREPARE, {"table": table.as_string(cursor)})
    [[possible, found]] = cursor.fetchall()
    if not possible or not found:
        return ()
    cursor.execute("SET LOCAL session_replication_role = replica")
    return tuple(ForeignKeyCheck(query, column) for query, column in found)


def check(cursor: Any, checks: Sequence[ForeignKeyCheck]) -> None:
    """Check suspended foreign keys, and let the next rows be checked as usual.

    Raises:
        psycopg2.Error: a row has no referenced row; the error is the foreign key's own.
    """
    if not checks:
        return
    cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    for foreign_key in checks:
        cursor.execute(foreign_key.query)
        for table, place in cursor.fetchall():
            # PostgreSQL checks foreign keys on this UPDATE, though nothing changes, as the row is the
            # transaction's own.
            column = sql.Identifier(foreign_key.column)
            cursor.execute(
                sql.SQL("UPDATE {} SET {} = {} WHERE ctid = %s").format(sql.SQL(table), column, column),
                [place],
            )
            raise AssertionError(f"PostgreSQL lets a row reference nothing: {foreign_key.query}")


_RAISED = re.compile(r"^\S+ function ", re.MULTILINE)


def despite_triggers(connection: Connection, change: Callable[[], None], *, ours: bool) -> None:
    """Change rows of the seed; where a trigger raises an error, once more while no trigger fires.

    A row that is inserted first and completed later stands for one that was inserted whole: what a trigger says of
    updates, as that columns are immutable, does not concern it. No foreign key is checked then: the caller knows that
    the new values are referenced rows' own.

    Args:
        connection: in the transaction of the whole seed.
        change: makes the change.
        ours: whether the database is one that this package has made; in another one, triggers always fire.

    Raises:
        psycopg2.Error: the change is refused.
    """
    try:
        with savepoint(connection):
            change()
    except psycopg2.Error as error:
        if not ours or not _RAISED.search(error.diag.context or "") or not _may_suspend(connection):
            raise
        with savepoint(connection):
            execute(connection, "SET LOCAL session_replication_role = replica")
            change()
            execute(connection, "SET LOCAL session_replication_role = DEFAULT")


def _may_suspend(connection: Connection) -> bool:
    query = "SELECT current_setting('is_superuser') = 'on' AND current_setting('session_replication_role') = 'origin'"
    [(possible,)] = fetch(connection, sql.SQL(query))
    return bool(possible)


_BEGIN = """
SET LOCAL jit = off;
SET LOCAL intervalstyle = 'postgres';
SELECT set_config('TimeZone', 'UTC', true) WHERE NOT EXISTS (
    SELECT FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase CROSS JOIN unnest(setconfig) AS setting
    WHERE d.datname = current_database() AND setting ILIKE 'timezone=%'
)
"""


def begin(connection: Connection, *, later: bool) -> None:
    """Set the time zone to UTC, the style of intervals to PostgreSQL's own, and jit off.

    A time without a zone is the same on every server then; a time zone that the database has by ALTER DATABASE is so
    anyway, and stays. Intervals of several signs mean what is written. JIT compilation takes longer than the queries
    themselves.

    Args:
        connection: in the transaction of the whole seed.
        later: whether foreign keys are set after their rows have been inserted, which needs deferred
            constraints.
    """
    cursor = connection.connection.cursor()
    try:
        cursor.execute(_BEGIN)
        if later:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    finally:
        cursor.close()


def widen_search_path(connection: Connection, schema: Schema) -> None:
    """Append all schemas that have tables or triggers to the search path, until the transaction ends.

    Functions often rely on an application that has their schema in its search path.
    """
    names = sorted(
        {table.name.schema for table in schema.tables}
        | {trigger.function.partition(".")[0] for table in schema.tables for trigger in table.triggers}
    )
    if names in ([], ["public"]):
        return
    cursor = connection.connection.cursor()
    try:
        cursor.execute(
            "SELECT set_config('search_path', concat_ws(', ', nullif(current_setting('search_path'), ''), "
            "(SELECT string_agg(quote_ident(name), ', ' ORDER BY at) FROM unnest(%s) WITH ORDINALITY AS n (name, at))"
            "), true)",
            [names],
        )
    finally:
        cursor.close()


def fire_deferred(connection: Connection) -> None:
    """Fire deferred triggers that can succeed now, so that rows that they insert are counted."""
    # Where the triggers look for rows in tables that are filled later, they fire again at the end.
    with suppress(psycopg2.Error), savepoint(connection):
        execute(connection, "SET CONSTRAINTS ALL IMMEDIATE")
    execute(connection, "SET CONSTRAINTS ALL DEFERRED")


def deferrable_triggers(table: Table) -> list[sql.Composable]:
    """Return the names of a table's deferrable INSERT triggers, as SET CONSTRAINTS takes them."""
    return [
        sql.Identifier(table.name.schema, trigger.name)
        for trigger in table.triggers
        if trigger.on_insert and trigger.deferrable
    ]


@contextmanager
def fired_at_once(connection: Connection, table: Table) -> Iterator[None]:
    """Fire the deferrable triggers of a table's rows within the block at once, and undo the block if it fails.

    Raises:
        WriteError: a trigger refuses rows that were there before.
    """
    names = sql.SQL(", ").join(deferrable_triggers(table))
    with savepoint(connection):
        try:
            execute(connection, sql.SQL("SET CONSTRAINTS {} IMMEDIATE").format(names))
        except psycopg2.Error as error:
            # Rows that triggers have made before are refused.
            raise refusal(table, error) from error
        yield
        execute(connection, sql.SQL("SET CONSTRAINTS {} DEFERRED").format(names))


def finish(connection: Connection, schema: Schema) -> None:
    """Check the deferred constraints now, while their errors can be told from those of the commit.

    Raises:
        WriteError: a constraint is violated; the transaction goes on, with the constraints deferred.
    """
    try:
        with savepoint(connection):
            execute(connection, "SET CONSTRAINTS ALL IMMEDIATE")
    except psycopg2.Error as error:
        raise late_refusal(schema, error) from error
