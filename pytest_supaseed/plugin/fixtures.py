"""The fixtures of the plugin, as pytest and the tests see them; what they give is made by the module provisioning.

The public fixtures are thin; ``_supaseed_database`` and ``_supaseed_connection`` give a test its database. A fixture is
recognized by this module and the name of its function, because a project may define fixtures of the same names. Every
pytest run imports this module, so it imports what only a running fixture needs in the fixture.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import psycopg
    from sqlalchemy import URL, Connection, Engine
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession
    from sqlalchemy.orm import Session

    from pytest_supaseed.postgres.databases.async_engine import AsyncAccess
    from pytest_supaseed.postgres.server.external import ExternalServer
    from pytest_supaseed.postgres.server.server import Server
    from pytest_supaseed.session.seeded import SeededDatabase, SeededURL
    from pytest_supaseed.session.session_server import SessionServer


@pytest.fixture(scope="session")
def supaseed_schema(request: pytest.FixtureRequest) -> object:
    """The source of the schema: override this fixture to supply one, or set supaseed_schema in the ini.

    A dotted path 'package.module:name', the path of a .sql file, of a folder of them, of a Supabase project or of an
    alembic.ini, a MetaData, a declarative base, SQLModel, a callable that takes a SQLAlchemy Connection, or a list
    of these. 'django' is for the ini.
    """
    from pytest_supaseed.plugin.running import session_state

    return session_state(request.config).settings.schema


@pytest.fixture(scope="session")
def supaseed_generators() -> Mapping[str, Any]:
    """Values for columns, in place of generated ones: override this fixture to supply some.

    A mapping such as {"setups.title": fn, "*.email": fn}; a function takes (faker) or (faker, row).
    """
    return {}


@pytest.fixture(scope="session")
def _supaseed_provided(request: pytest.FixtureRequest, supaseed_schema: object) -> Iterator[SessionServer]:
    """The session server, closed at the end of the session."""
    from pytest_supaseed.plugin.provisioning import session_server

    yield from session_server(request, supaseed_schema)


@pytest.fixture(scope="session")
def supaseed_postgres(
    request: pytest.FixtureRequest,
    _supaseed_provided: SessionServer,
    supaseed_schema: object,
    supaseed_generators: Mapping[str, Any],
) -> Server | ExternalServer:
    """The PostgreSQL server, with the schema loaded into a template database.

    It has host, port, user, password, options, dbname and template_dbname, as the process fixtures of
    pytest-postgresql have, so that factories.postgresql("supaseed_postgres") works.
    """
    from pytest_supaseed.plugin.provisioning import postgres_server

    return postgres_server(request, _supaseed_provided, supaseed_schema, supaseed_generators)


@pytest.fixture
def _supaseed_plan_lines(
    request: pytest.FixtureRequest,
    _supaseed_provided: SessionServer,
    supaseed_schema: object,
    supaseed_generators: Mapping[str, Any],
) -> None:
    """Collect the lines that --supaseed-plan prints for the test."""
    from pytest_supaseed.plugin.provisioning import add_plan_lines

    add_plan_lines(request, _supaseed_provided, supaseed_schema, supaseed_generators)


@pytest.fixture
def _supaseed_early(
    request: pytest.FixtureRequest, supaseed_schema: object, supaseed_generators: Mapping[str, Any]
) -> None:
    """Load and seed for the test before its own fixtures replace clocks, files or settings."""
    from pytest_supaseed.plugin.provisioning import load_early

    load_early(request, supaseed_schema, supaseed_generators)


@pytest.fixture
def _supaseed_database(
    request: pytest.FixtureRequest, supaseed_schema: object, supaseed_generators: Mapping[str, Any]
) -> Iterator[SeededDatabase]:
    """A database of the test's own, dropped after the test."""
    from pytest_supaseed.plugin.provisioning import own_database

    yield from own_database(request, supaseed_schema, supaseed_generators)


@pytest.fixture
def seeded_db(_supaseed_database: SeededDatabase) -> SeededDatabase:
    """A database of the test's own, with exactly the rows that its markers ask for.

    It has url, dsn, engine, counts(), rows(table), spread(child, parent), verify(), rolled_back(), spec and plan.
    """
    return _supaseed_database


@pytest.fixture
def seeded_engine(_supaseed_database: SeededDatabase) -> Engine:
    """A SQLAlchemy engine on a database of the test's own, with exactly the rows that its markers ask for."""
    return _supaseed_database.engine


@pytest.fixture
def seeded_url(_supaseed_database: SeededDatabase) -> URL:
    """The SQLAlchemy URL of a database of the test's own, for code that opens its own connections."""
    return _supaseed_database.url


@pytest.fixture
def seeded_dsn(_supaseed_database: SeededDatabase) -> str:
    """The URL of a database of the test's own as libpq reads it, for psql, psycopg.connect() and asyncpg.connect()."""
    return _supaseed_database.dsn


@pytest.fixture(scope="session")
def seeded_address(request: pytest.FixtureRequest) -> SeededURL:
    """One SQLAlchemy URL for the whole session, behind which each test finds a database of its own.

    It is for what connects by itself and cannot be told another URL for each test: a live server, a worker, a container
    on the network of the host. A test that uses it, through any fixture, has a database of its own, which is made when
    the first connection asks for it; its connections are ended with the test. ``seeded_address.dsn`` is the same for
    psycopg, asyncpg and other libraries that are not SQLAlchemy.
    """
    from pytest_supaseed.plugin.addressing import address_url

    return address_url(request.config)


@pytest.fixture
def _supaseed_leading(
    request: pytest.FixtureRequest, supaseed_schema: object, supaseed_generators: Mapping[str, Any]
) -> Iterator[None]:
    """The fixture that is added to a test that uses the stable address: leads it to the test's database."""
    from pytest_supaseed.plugin.addressing import lead

    yield from lead(request, supaseed_schema, supaseed_generators)


@pytest.fixture
def _supaseed_checked(
    request: pytest.FixtureRequest, supaseed_schema: object, supaseed_generators: Mapping[str, Any]
) -> None:
    """The fixture that is added to a test with a marker whose database is made when it is connected to: seeds."""
    from pytest_supaseed.plugin.provisioning import begin_test
    from pytest_supaseed.plugin.state import without_traceback

    with without_traceback():
        begin_test(request, supaseed_schema, supaseed_generators)


@pytest.fixture
def _supaseed_seeded(
    request: pytest.FixtureRequest, supaseed_schema: object, supaseed_generators: Mapping[str, Any]
) -> Iterator[Connection]:
    """The fixture that is added to a test with a marker and no fixture of the plugin: seeds and checks."""
    from pytest_supaseed.plugin.provisioning import shared_connection

    yield from shared_connection(request, supaseed_schema, supaseed_generators)


@pytest.fixture
def _supaseed_connection(
    request: pytest.FixtureRequest, supaseed_schema: object, supaseed_generators: Mapping[str, Any]
) -> Iterator[Connection]:
    """A connection that is rolled back after the test, or one to the test's own database."""
    from pytest_supaseed.plugin.provisioning import rolled_back_connection

    yield from rolled_back_connection(request, supaseed_schema, supaseed_generators)


@pytest.fixture
def seeded_connection(_supaseed_connection: Connection) -> Connection:
    """A SQLAlchemy connection to a database with exactly the rows that the test's markers ask for.

    All changes of the test on it, commits included, are undone after the test.
    """
    return _supaseed_connection


@pytest.fixture
def seeded_session(_supaseed_connection: Connection) -> Iterator[Session]:
    """An ORM session on seeded_connection; SQLModel's, where the tests have imported SQLModel.

    All changes of the test in it, commits included, are undone after the test.
    """
    from pytest_supaseed.plugin.provisioning import orm_session

    yield from orm_session(_supaseed_connection)


@pytest.fixture
def _supaseed_async_database(
    request: pytest.FixtureRequest, _supaseed_database: SeededDatabase
) -> Iterator[AsyncAccess]:
    """Async access to the test's own database."""
    from pytest_supaseed.plugin.async_provisioning import own_database

    yield from own_database(request, _supaseed_database)


@pytest.fixture
def seeded_async_engine(_supaseed_async_database: AsyncAccess) -> AsyncEngine:
    """A SQLAlchemy async engine on a database of the test's own, with exactly the rows that its markers ask for.

    It can be used in any event loop; its connections end in the loop in which they were opened.
    """
    return _supaseed_async_database.engine


@pytest.fixture
def _supaseed_async_connection(
    request: pytest.FixtureRequest, supaseed_schema: object, supaseed_generators: Mapping[str, Any]
) -> Iterator[AsyncAccess]:
    """Async access to a connection that is rolled back after the test, or to the test's own database."""
    from pytest_supaseed.plugin.async_provisioning import rolled_back

    yield from rolled_back(request, supaseed_schema, supaseed_generators)


@pytest.fixture
def seeded_async_connection(_supaseed_async_connection: AsyncAccess) -> AsyncConnection:
    """A SQLAlchemy async connection to a database with exactly the rows that the test's markers ask for.

    It connects at its first statement, in the running event loop. All changes of the test on it, commits included, are
    undone after the test.
    """
    return _supaseed_async_connection.connection


@pytest.fixture
def seeded_async_session(_supaseed_async_connection: AsyncAccess) -> AsyncSession:
    """An async ORM session on seeded_async_connection; SQLModel's, where the tests have imported SQLModel.

    All changes of the test in it, commits included, are undone after the test. Its objects stay loaded after a commit.
    """
    return _supaseed_async_connection.session()


@pytest.fixture
def _supaseed_psycopg(
    request: pytest.FixtureRequest, supaseed_schema: object, supaseed_generators: Mapping[str, Any]
) -> Iterator[psycopg.Connection[Any]]:
    """Psycopg's connection, rolled back after the test, or to the test's own database."""
    from pytest_supaseed.plugin.psycopg_provisioning import connection

    yield from connection(request, supaseed_schema, supaseed_generators)


@pytest.fixture
def seeded_psycopg(_supaseed_psycopg: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    """A connection of psycopg 3 to a database with exactly the rows that the test's markers ask for.

    All changes of the test on it, commits and transaction() blocks included, are undone after the test.
    """
    return _supaseed_psycopg


@pytest.fixture
def _supaseed_async_psycopg(
    request: pytest.FixtureRequest, supaseed_schema: object, supaseed_generators: Mapping[str, Any]
) -> Iterator[psycopg.AsyncConnection[Any]]:
    """Psycopg's async connection, rolled back after the test, or to the test's own database."""
    from pytest_supaseed.plugin.psycopg_provisioning import async_connection

    yield from async_connection(request, supaseed_schema, supaseed_generators)


@pytest.fixture
def seeded_async_psycopg(
    _supaseed_async_psycopg: psycopg.AsyncConnection[Any],
) -> psycopg.AsyncConnection[Any]:
    """An async connection of psycopg 3 to a database with exactly the rows that the test's markers ask for.

    It works in any event loop. All changes of the test on it, commits included, are undone after the test.
    """
    return _supaseed_async_psycopg
