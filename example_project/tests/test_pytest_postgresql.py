"""supaseed_postgres: the server, for the client fixtures of pytest-postgresql. They find the tables, without rows."""

from __future__ import annotations

import psycopg
from pytest_postgresql import factories

from outdoor.models import HOME_MADE

client = factories.postgresql("supaseed_postgres")


def test_a_client(client: psycopg.Connection) -> None:
    assert client.execute("SELECT name FROM brands").fetchall() == [(HOME_MADE,)]
    assert client.execute("SELECT count(*) FROM users").fetchone() == (0,)
