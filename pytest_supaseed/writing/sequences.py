"""Positions of sequences, read and set back, and the numbers that are about to be taken.

No rollback undoes ``nextval`` and ``setval``. What is tried and rolled back reads the :func:`positions` before, and
sets them back afterwards with :func:`set_back`. :func:`last_numbers` are those beyond which sequences are moved before
rows are written, for triggers that take numbers from the same sequence meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping

from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.model.schema import Table, TableName
from pytest_supaseed.reflection.queries import as_text, fetch, relation

# By name of a sequence, its last value and whether nextval has returned it.
Positions = Mapping[TableName, tuple[int, bool]]

_READABLE = """
SELECT n.nspname::text, c.relname::text{position} FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace {data}
WHERE c.relpersistence <> 't' AND CASE c.relkind
    WHEN 'S' THEN has_sequence_privilege(c.oid, 'SELECT') AND has_sequence_privilege(c.oid, 'UPDATE') ELSE false
END
ORDER BY 1, 2
"""
_NAMES = _READABLE.format(position="", data="")
# Of PostgreSQL 18 on: one function tells what every sequence has to be selected from before.
_POSITIONS = _READABLE.format(
    position=", s.last_value, s.is_called", data="CROSS JOIN LATERAL pg_get_sequence_data(c.oid) AS s"
)
_FUNCTION_SINCE = 18


def positions(connection: Connection) -> Positions:
    """Read where the sequences of a database are, those of the session's temporary schema left out."""
    if int((connection.dialect.server_version_info or (0,))[0]) >= _FUNCTION_SINCE:
        found = fetch(connection, sql.SQL(_POSITIONS))
        return {TableName(schema, name): (last, called) for schema, name, last, called in found}
    readable = [TableName(schema, name) for schema, name in fetch(connection, sql.SQL(_NAMES))]
    if not readable:
        return {}
    each = [
        sql.SQL("SELECT {}::int, last_value, is_called FROM {}").format(sql.Literal(at), relation(name))
        for at, name in enumerate(readable)
    ]
    states = fetch(connection, sql.SQL(" UNION ALL ").join(each))
    return {readable[at]: (last, called) for at, last, called in states}


def set_back(connection: Connection, before: Positions) -> list[TableName]:
    """Set the sequences back that have moved since :func:`positions` read them, and return them."""
    now = positions(connection) if before else {}
    moved = [name for name, position in before.items() if now.get(name, position) != position]
    for name in moved:
        last, called = before[name]
        fetch(
            connection,
            sql.SQL("SELECT setval(%s::regclass, %s, %s)"),
            [as_text(relation(name)), last, called],
        )
    return moved


def last_numbers(table: Table, numbers: Mapping[str, int], amount: int) -> dict[str, int]:
    """Return the last numbers that the next rows of a table get, of the columns that have a sequence.

    Args:
        numbers: by column, the next number.
        amount: how many rows are about to be written; at least one.
    """
    sequences = {name: table.column(name).sequence for name in numbers}
    return {
        name: first + (amount - 1) * found.increment
        for name, first in numbers.items()
        if (found := sequences[name]) is not None
    }
