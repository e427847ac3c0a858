"""Positions of sequences, which no rollback restores: read, and set back after a test.

:func:`read_positions` reads those of a database; :func:`set_back` returns the expression that restores one.
"""

from __future__ import annotations

from typing import Any

from psycopg2 import sql

# Returns a query for each sequence, of its position.
SEQUENCES = """
SELECT format('SELECT %s::bigint, last_value, is_called FROM %I.%I', c.oid, n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'S' AND c.relpersistence <> 't'
"""
_SET_BACK = "pg_catalog.setval({oid}::oid::regclass, {last}, {called})"
# For a sequence that was used before the test, it is cheap to see whether the test used it; few tests do.
_SET_BACK_IF = (
    f"CASE WHEN pg_catalog.pg_sequence_last_value({{oid}}) IS DISTINCT FROM {{last}} THEN {_SET_BACK} END"
)
# The oid of a sequence, its last value, and whether that was handed out.
Position = tuple[int, int, bool]


def read_positions(cursor: Any) -> list[Position]:
    """Read the positions of all sequences of a database but temporary ones.

    Args:
        cursor: of any driver, in a transaction or not.
    """
    cursor.execute(SEQUENCES)
    queries = [query for (query,) in cursor.fetchall()]
    if not queries:
        return []
    # PostgreSQL has quoted the names in format().
    cursor.execute(" UNION ALL ".join(queries))
    return [(oid, last, called) for oid, last, called in cursor.fetchall()]


def set_back(position: Position) -> sql.Composed:
    """Return an expression that sets a sequence back to a position.

    Example:
        >>> len(set_back((16384, 6, True)).seq) > 1
        True
    """
    oid, last, called = position
    return sql.SQL(_SET_BACK_IF if called else _SET_BACK).format(
        oid=sql.Literal(oid), last=sql.Literal(last), called=sql.Literal(called)
    )
