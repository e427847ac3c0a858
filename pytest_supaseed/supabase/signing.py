"""A user who is signed in while rows are written, for triggers that ask who it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from pytest_supaseed.supabase.claims import claims_of

_USER = """
SELECT id FROM auth.users ORDER BY id LIMIT 1 OFFSET %s %% (SELECT greatest(count(*), 1) FROM auth.users)
"""
_CLAIMS = "SELECT set_config('request.jwt.claims', %s, true)"
# What PostgREST sets besides.
_REQUEST = """
SELECT set_config('request.headers', '{}', true), set_config('request.method', 'POST', true),
    set_config('request.path', '/', true), set_config('request.cookies', '{}', true)
"""


@contextmanager
def signed_in(connection: Connection, number: int) -> Iterator[bool]:
    """Have a user signed in for as long as the context lasts; the role stays that of the connection.

    Args:
        connection: in a transaction.
        number: of the user, from 0; after the last one comes the first.

    Returns:
        Whether there is one.
    """
    cursor = connection.connection.cursor()
    try:
        cursor.execute(_USER, [number])
        found = cursor.fetchone()
        if found is not None:
            cursor.execute(_REQUEST)
            cursor.execute(_CLAIMS, [json.dumps(claims_of(connection, found[0], {}))])
        yield found is not None
        cursor.execute(_CLAIMS, [""])
    finally:
        cursor.close()
