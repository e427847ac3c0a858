"""Setups of campers, kept in PostgreSQL with psycopg 3 and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool


def add(connection: psycopg.Connection[Any], user: int, title: str, equipment: dict[str, Any]) -> int:
    """Add a setup and return its id; the transaction block commits."""
    with connection.transaction():
        found = connection.execute(
            "INSERT INTO setups (user_id, title, equipment) VALUES (%s, %s, %s) RETURNING id",
            [user, title, Jsonb(equipment)],
        ).fetchone()
    assert found is not None
    return int(found[0])


def of_user(connection: psycopg.Connection[Any], user: int) -> list[dict[str, Any]]:
    """Return the setups of a user."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute("SELECT * FROM setups WHERE user_id = %s ORDER BY id", [user]).fetchall()


def import_titles(connection: psycopg.Connection[Any], user: int, titles: list[str]) -> None:
    """Add many setups by COPY, all of them or none."""
    statement = "COPY setups (user_id, title) FROM STDIN"
    with connection.transaction(), connection.cursor() as cursor, cursor.copy(statement) as copy:
        for title in titles:
            copy.write_row((user, title))


class Archive:
    """An application that opens its own connections, in a pool."""

    def __init__(self, conninfo: str) -> None:
        self._pool = ConnectionPool(conninfo, min_size=1, open=True)

    @contextmanager
    def opened(self) -> Iterator[Archive]:
        with self._pool:
            yield self

    def remove_user(self, user: int) -> None:
        """Remove a user and all setups."""
        with self._pool.connection() as connection:
            connection.execute("DELETE FROM users WHERE id = %s", [user])
