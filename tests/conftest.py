"""A real server for the tests, and databases on it."""

from __future__ import annotations

import importlib
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from sqlalchemy import URL, create_engine, text
from sqlalchemy.pool import NullPool

from pytest_supaseed.postgres.databases.maintenance import libpq_url
from pytest_supaseed.postgres.server.programs import find
from pytest_supaseed.postgres.server.server import Server, start_server

pytest_plugins = ["pytester"]

# What a project that runs in this process imports first is forgotten after it, and imported anew by the next
# test: that takes long, and SQLAlchemy warns of it.
for name in (
    "alembic.command",
    "factory",
    "faker.proxy",
    "pytest_supaseed.plugin.factory",
    "pytest_supaseed.plugin.items",
    "pytest_supaseed.plugin.report",
    "pytest_supaseed.session.provide",
    "sqlalchemy.dialects.postgresql.psycopg2",
    "sqlalchemy.orm",
    "tqdm",
):
    importlib.import_module(name)

_NUMBERS = itertools.count(1)
_CHOICE = os.environ.get("SUPASEED_POSTGRES") or "auto"


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server of this session, which ``SUPASEED_POSTGRES`` chooses."""
    started = start_server(find(_CHOICE))
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


@contextmanager
def new_database(server_url: URL) -> Iterator[URL]:
    """Make an empty database that belongs to no session of the plugin, and drop it afterwards."""
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


@pytest.fixture
def empty_database(server_url: URL) -> Iterator[URL]:
    """The URL of a new database of the test's own."""
    with new_database(server_url) as url:
        yield url


@pytest.fixture(scope="session")
def create_database(server_url: URL) -> Iterator[Callable[[], URL]]:
    """Makes databases that all tests share, and returns their URLs."""
    with ExitStack() as databases:
        yield lambda: databases.enter_context(new_database(server_url))


SCHEMA = """
CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL UNIQUE
);
CREATE TABLE setups (
    id serial PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users,
    title text NOT NULL,
    category text NOT NULL CHECK (category IN ('overlanding', 'van-life', 'car-camping')),
    is_public boolean NOT NULL DEFAULT true
);
CREATE TABLE countries (code char(2) PRIMARY KEY, name text NOT NULL);
INSERT INTO countries VALUES ('DE', 'Germany'), ('FR', 'France');
"""


@pytest.fixture
def project(pytester: pytest.Pytester, server_url: URL, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project of a user, whose tests run on the server of this session."""
    monkeypatch.setenv("SUPASEED_POSTGRES", libpq_url(server_url))
    # pytest prints more where it finds itself in a CI.
    monkeypatch.delenv("CI", raising=False)
    pytester.path.joinpath("schema.sql").write_text(SCHEMA, encoding="utf-8")
    pytester.makeini("[pytest]\nsupaseed_schema = schema.sql\naddopts = --strict-markers -W default")
    return pytester


@pytest.fixture(scope="session")
def choice() -> str:
    """The server that ``SUPASEED_POSTGRES`` chooses for the whole session, before a test changes it."""
    return _CHOICE
