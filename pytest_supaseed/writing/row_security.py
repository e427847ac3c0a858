"""Row-level security that holds for the role of a seed, although it owns the tables: FORCE ROW LEVEL SECURITY.

A superuser, a role with BYPASSRLS and mostly the owner read and write a table whatever its policies say. Where they are
forced upon the owner, :func:`lifted` lifts them for a block of the seed's transaction, in a database of the package's
own. What a role sees of such a table depends on its settings, so its rows are not counted before each test.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.model.schema import FORCED, Schema
from pytest_supaseed.reflection.queries import relation


@contextmanager
def lifted(connection: Connection, schema: Schema, *, ours: bool = True) -> Iterator[None]:
    """Lift the row-level security that is forced upon the role, and force it again after the block.

    Args:
        connection: in a transaction, which is rolled back where the block fails.
        schema: as it was read before.
        ours: whether the database is one that this package has made; nothing is lifted elsewhere.
    """
    tables = [table for table in schema.tables if ours and table.row_security == FORCED]
    if not tables:
        yield
        return
    _alter(
        connection,
        [sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(relation(t.name)) for t in tables],
    )
    yield
    _alter(
        connection,
        [sql.SQL("ALTER TABLE {} FORCE ROW LEVEL SECURITY").format(relation(t.name)) for t in tables],
    )


def _alter(connection: Connection, statements: list[sql.Composable]) -> None:
    cursor = connection.connection.cursor()
    try:
        cursor.execute(sql.SQL("; ").join(statements))
    finally:
        cursor.close()
