"""Materialized views, refreshed when the rows that they are computed from are there.

:func:`refresh` is for databases that the plugin has made: after a load that has left views unpopulated, as every
``pg_dump --schema-only`` does, and after each seed.
"""

from __future__ import annotations

import warnings
from graphlib import TopologicalSorter

import psycopg2
from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.errors import SupaseedWarning
from pytest_supaseed.reflection.queries import savepoint

# Each materialized view with what it reads, directly or through plain views.
_VIEWS = """
WITH RECURSIVE reads AS (
    SELECT r.ev_class AS reader, d.refobjid AS read
    FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
    WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.ev_class
), through AS (
    SELECT reader, read FROM reads
    UNION SELECT t.reader, r.read FROM through t JOIN pg_class c ON c.oid = t.read AND c.relkind = 'v'
    JOIN reads r ON r.reader = t.read
)
SELECT n.nspname, c.relname, c.relispopulated, c.oid::bigint,
       ARRAY(SELECT t.read::bigint FROM through t JOIN pg_class o ON o.oid = t.read AND o.relkind = 'm'
             WHERE t.reader = c.oid ORDER BY 1)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'm' AND NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
)
ORDER BY n.nspname, c.relname
"""


def refresh(connection: Connection, *, unpopulated: bool = False) -> None:
    """Refresh the materialized views of a database, each after those that it reads.

    A view that cannot be computed stays as it is, with a warning that names it and PostgreSQL's reason: tests that do
    not read it can run.

    Args:
        connection: to a database of the plugin's own; what it refreshes belongs to its transaction.
        unpopulated: whether only views are refreshed that have never been.

    Warns:
        SupaseedWarning: a view cannot be refreshed.
    """
    cursor = connection.connection.cursor()
    try:
        cursor.execute(_VIEWS)
        found = {
            oid: (schema, name, populated, read) for schema, name, populated, oid, read in cursor.fetchall()
        }
        for oid in TopologicalSorter({oid: read for oid, (*_, read) in found.items()}).static_order():
            schema, name, populated, _ = found[oid]
            if unpopulated and populated:
                continue
            try:
                with savepoint(connection):
                    cursor.execute(
                        sql.SQL("REFRESH MATERIALIZED VIEW {}").format(sql.Identifier(schema, name))
                    )
            except psycopg2.Error as error:
                reason = error.diag.message_primary or str(error).strip()
                warnings.warn(
                    f"the materialized view {schema}.{name} cannot be refreshed, and stays as the load left it: "
                    f"{reason}",
                    SupaseedWarning,
                    stacklevel=2,
                )
    finally:
        cursor.close()
