"""Servers, databases and connections, for the tests of several modules."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import URL, Connection, create_engine, text
from sqlalchemy.pool import NullPool

from pytest_supaseed.errors import ServerError
from pytest_supaseed.postgres.server.programs import Installation, find


def installations() -> Iterator[Installation]:
    """The installation that SUPASEED_POSTGRES chooses: a run of all tests is one on one server."""
    with suppress(ServerError):
        yield find(os.environ.get("SUPASEED_POSTGRES") or "auto")


INSTALLATIONS = list(installations())
_NUMBERS = itertools.count(1)
NAMES = [installation.origin.split()[0].strip(",") for installation in INSTALLATIONS]


def databases(url: URL) -> set[str]:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return set(connection.scalars(text("SELECT datname FROM pg_database")))


@contextmanager
def schema_of(url: URL, ddl: str) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        run(connection, ddl)
        yield connection
        connection.rollback()
    engine.dispose()


def run(connection: Connection, statement: str) -> list[tuple[Any, ...]]:
    cursor = connection.connection.cursor()
    cursor.execute(statement)
    return cursor.fetchall() if cursor.description else []


@contextmanager
def clone_of(template: URL) -> Iterator[URL]:
    """A database like another one, to which no connection was made yet."""
    name = f"{template.database}_{next(_NUMBERS)}"
    maintenance = create_engine(
        template.set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    with maintenance.connect() as connection:
        # A copy of the files takes a third of the time of one through the log, which older servers do not have.
        copied = (connection.dialect.server_version_info or ()) >= (15,)
        strategy = "STRATEGY file_copy" if copied else ""
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template.database} {strategy}"))
    try:
        yield template.set(database=name)
    finally:
        with maintenance.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
