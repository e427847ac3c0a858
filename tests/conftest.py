"""A real server for the tests, and databases on it."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator

import pytest
from sqlalchemy import URL, create_engine, text
from sqlalchemy.pool import NullPool

from pytest_supaseed.server.binaries import find
from pytest_supaseed.server.server import Server, start_server

pytest_plugins = ["pytester"]

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server of this session, which ``SUPASEED_POSTGRES`` chooses."""
    started = start_server(find(os.environ.get("SUPASEED_POSTGRES") or "auto"))
    yield started
    started.stop()


@pytest.fixture(scope="session")
def server_url(server: Server) -> URL:
    """The URL of the maintenance database."""
    return URL.create(
        "postgresql+psycopg2",
        username=server.user,
        password=server.password,
        database=server.maintenance_dbname,
        query={"host": server.host, "port": str(server.port)},
    )


@pytest.fixture
def empty_database(server_url: URL) -> Iterator[URL]:
    """The URL of a new database of the test's own."""
    # The process is in the name, because a server that SUPASEED_POSTGRES names may have other guests.
    name = f"empty_{os.getpid()}_{next(_NUMBERS)}"
    maintenance = create_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    quoted = maintenance.dialect.identifier_preparer.quote_identifier(name)
    with maintenance.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {quoted} TEMPLATE template0"))
    yield server_url.set(database=name)
    with maintenance.connect() as connection:
        connection.execute(text(f"DROP DATABASE {quoted} WITH (FORCE)"))
    maintenance.dispose()
