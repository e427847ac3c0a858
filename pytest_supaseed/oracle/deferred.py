"""Constraints and triggers that wait for the end of the transaction, asked before."""

from __future__ import annotations

import psycopg2
from sqlalchemy import Connection

from pytest_supaseed.oracle.refusals import late_refusal
from pytest_supaseed.schema import Schema


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
