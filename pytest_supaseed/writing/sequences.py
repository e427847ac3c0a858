"""Positions of sequences, read and set back, and the numbers that are about to be taken.

No rollback undoes ``nextval`` and ``setval``. What is tried and rolled back reads the :func:`positions` before, and
sets them back afterwards with :func:`set_back`. :func:`last_numbers` are those beyond which sequences are moved before
rows are written, for triggers that take numbers from the same sequence meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping

from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.model.schema import Table
from pytest_supaseed.reflection.queries import fetch

# By regclass of a sequence, its last value and whether nextval has returned it.
Positions = Mapping[str, tuple[int, bool]]

_READABLE = """
SELECT c.oid::regclass::text, format('SELECT %L, last_value, is_called FROM %s', c.oid::regclass, c.oid::regclass)
FROM pg_class c
WHERE c.relpersistence <> 't' AND CASE c.relkind
    WHEN 'S' THEN has_sequence_privilege(c.oid, 'SELECT') AND has_sequence_privilege(c.oid, 'UPDATE') ELSE false
END
ORDER BY 1
"""


def positions(connection: Connection) -> Positions:
    """Read where the sequences of a database are, those of the session's temporary schema left out."""
    queries = [query for _, query in fetch(connection, sql.SQL(_READABLE))]
    found = fetch(connection, sql.SQL(" UNION ALL ".join(queries))) if queries else []
    return {name: (last, called) for name, last, called in found}


def set_back(connection: Connection, before: Positions) -> None:
    """Set the sequences back that have moved since :func:`positions` read them."""
    now = positions(connection) if before else {}
    for name, position in before.items():
        if now.get(name, position) != position:
            fetch(connection, sql.SQL("SELECT setval(%s::regclass, %s, %s)"), [name, *position])


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
