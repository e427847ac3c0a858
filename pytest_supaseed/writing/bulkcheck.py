"""Foreign keys of many new rows: one query for each, in the place of a query for each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg2
from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.model.schema import Schema
from pytest_supaseed.writing.refusals import late_refusal

# What would stay undone while the session says that it is a replica: triggers, and what functions in a default do;
# a deferrable unique key is a trigger as well. Of foreign keys only those are checked here that can be said in
# one query, and only in rows of which those that were there are known to be right.
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
    """A foreign key that is to be checked.

    Attributes:
        query: finds a row that references nothing: its table and its place.
        column: one of the foreign key's columns.
    """

    query: str
    column: str


def suspend(cursor: Any, table: sql.Composable) -> tuple[ForeignKeyCheck, ...]:
    """Have the next rows of a table inserted without looking at their foreign keys, where nothing else is lost by it.

    Args:
        cursor: in a transaction.
        table: the table's quoted name.

    Returns:
        What :func:`check` is to check afterwards; nothing where the rows are inserted as usual: the role may not do
        it, or the table has triggers.
    """
    cursor.execute(_PREPARE, {"table": table.as_string(cursor)})
    [[possible, found]] = cursor.fetchall()
    if not possible or not found:
        return ()
    cursor.execute("SET LOCAL session_replication_role = replica")
    return tuple(ForeignKeyCheck(query, column) for query, column in found)


def check(cursor: Any, checks: Sequence[ForeignKeyCheck]) -> None:
    """Check foreign keys.

    Args:
        cursor: what :func:`suspend` got.
        checks: what it returned.

    Raises:
        psycopg2.Error: a row references nothing; PostgreSQL says so itself.
    """
    if not checks:
        return
    cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    for foreign_key in checks:
        cursor.execute(foreign_key.query)
        for table, place in cursor.fetchall():
            # The row is this transaction's own: its foreign keys are checked though nothing changes.
            column = sql.Identifier(foreign_key.column)
            cursor.execute(
                sql.SQL("UPDATE {} SET {} = {} WHERE ctid = %s").format(sql.SQL(table), column, column),
                [place],
            )
            raise AssertionError(f"PostgreSQL lets a row reference nothing: {foreign_key.query}")


def begin(connection: Connection, *, later: bool) -> None:
    """Have a time without a zone be the same on every server, and deferrable constraints wait where they have to.

    Nor are queries compiled: that takes longer than they do.

    Args:
        connection: in the transaction of the whole seed.
        later: whether foreign keys are set after the rows have been inserted.
    """
    cursor = connection.connection.cursor()
    try:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'; SET LOCAL jit = off")
        if later:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    finally:
        cursor.close()


def widen_search_path(connection: Connection, schema: Schema) -> None:
    """Have names found in all schemas that have tables or triggers, after those where they are found already.

    Functions often count on an application that has their schema in its search path.

    Args:
        connection: in the transaction of the whole seed, with which this ends.
        schema: the schema.
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
    """Have deferred triggers do now what they can do now, so that rows that they insert are counted.

    Args:
        connection: in the transaction of the whole seed.
    """
    cursor = connection.connection.cursor()
    try:
        cursor.execute("SAVEPOINT supaseed_deferred")
        try:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("RELEASE SAVEPOINT supaseed_deferred")
        except psycopg2.Error:
            # What they look for may be in tables that are filled later: they are asked again at the end.
            cursor.execute("ROLLBACK TO SAVEPOINT supaseed_deferred")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    finally:
        cursor.close()


def finish(connection: Connection, schema: Schema) -> None:
    """Have the deferred constraints checked now, while an error can still be told from the commit's.

    Args:
        connection: in the transaction of the whole seed.
        schema: for the message.

    Raises:
        WriteError: one does not hold.
    """
    cursor = connection.connection.cursor()
    try:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except psycopg2.Error as error:
        raise late_refusal(schema, error) from error
    finally:
        cursor.close()
