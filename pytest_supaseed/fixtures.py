"""The fixtures: wiring only."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from pytest_supaseed.errors import ConfigError, CountError, SupaseedWarning
from pytest_supaseed.spec import SeedSpec
from pytest_supaseed.stash import ADDED, ASKED, DECLARED, OWN_DATABASE, PLANNED, STARTED, STATE, Started, told

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine
    from sqlalchemy.orm import Session

    from pytest_supaseed.loaded import LoadedSchema
    from pytest_supaseed.plan import SeedPlan
    from pytest_supaseed.seeded import SeededDatabase
    from pytest_supaseed.server.external import ExternalServer
    from pytest_supaseed.server.server import Server
    from pytest_supaseed.session import SeedSession

# A test that asks for one of these has a database of its own.
OWN = frozenset(("seeded_db", "seeded_engine", "seeded_url"))
SEEDED = OWN | {"seeded_connection", "seeded_session"}


@pytest.fixture(scope="session")
def supaseed_schema(request: pytest.FixtureRequest) -> object:
    """Where the schema comes from: override it to supply one, or set supaseed_schema in the ini.

    A dotted path 'package.module:name', the path of a .sql file, of a folder of them or of an alembic.ini, a
    MetaData, a declarative base, SQLModel, a callable that takes a SQLAlchemy Connection, or a list of these.
    """
    return request.config.stash[STATE].settings.schema


@pytest.fixture(scope="session")
def supaseed_generators() -> Mapping[str, Any]:
    """Values for columns, in place of those that would be made up: override it to supply some.

    A mapping such as {"setups.title": fn, "*.email": fn}; a function takes (faker) or (faker, row).
    """
    return {}


@pytest.fixture(scope="session")
def _supaseed_provided(
    request: pytest.FixtureRequest,
) -> Iterator[tuple[Server | ExternalServer, SeedSession]]:
    """The server, and what the session has on it."""
    # Imports SQLAlchemy: only for those who use it.
    from pytest_supaseed.server.provide import provided

    state = request.config.stash[STATE]
    process = None
    name = state.settings.server_fixture
    with told():
        if name is not None:
            try:
                process = request.getfixturevalue(name)
            except pytest.FixtureLookupError as error:
                if error.argname != name:
                    raise
                raise ConfigError(
                    f"supaseed_postgres is 'fixture:{name}', and there is no fixture {name}: write the name of a "
                    "process fixture that is visible to all tests, such as fixture:postgresql_proc"
                ) from None
        with provided(state.settings, state.given(), state.pg_ctl, process, state.terminal) as found:
            yield found


@pytest.fixture(scope="session")
def supaseed_postgres(
    request: pytest.FixtureRequest,
    _supaseed_provided: tuple[Server | ExternalServer, SeedSession],
    supaseed_schema: object,
    supaseed_generators: Mapping[str, Any],
) -> Server | ExternalServer:
    """The PostgreSQL server, with the schema loaded into a template database.

    It has host, port, user, password, options, dbname and template_dbname, as the process fixtures of
    pytest-postgresql have, so that factories.postgresql("supaseed_postgres") works.
    """
    server, session = _supaseed_provided
    with told():
        loaded_schema(request, session, supaseed_schema, supaseed_generators)
    return server


def loaded_schema(
    request: pytest.FixtureRequest, session: SeedSession, schema: object, generators: Mapping[str, Any]
) -> LoadedSchema:
    """Return the schema that a fixture asks for, with all that the tests ask of it planned.

    Args:
        request: of the fixture.
        session: what there is on the server.
        schema: the value of ``supaseed_schema``.
        generators: the value of ``supaseed_generators``.

    Raises:
        SeedError: it cannot be loaded.
    """
    from pytest_supaseed.loading.source import resolve

    state = request.config.stash[STATE]
    specs = [*state.specs, *state.factories.values()]
    return session.loaded(schema, generators, lambda: resolve(schema, request.config.rootpath), specs)


@pytest.fixture
def _supaseed_loaded(
    request: pytest.FixtureRequest,
    _supaseed_provided: tuple[Server | ExternalServer, SeedSession],
    supaseed_schema: object,
    supaseed_generators: Mapping[str, Any],
) -> LoadedSchema:
    """The schema of the test, with what it asks for planned."""
    _, session = _supaseed_provided
    with told():
        return loaded_schema(request, session, supaseed_schema, supaseed_generators)


@pytest.fixture
def _supaseed_planned(request: pytest.FixtureRequest, _supaseed_loaded: LoadedSchema) -> SeedPlan:
    """The plan of what the test asks for."""
    from pytest_supaseed.report import near_limit

    with told():
        plan = _supaseed_loaded.plan(request.node.stash[ASKED])
        warning = near_limit(plan)
        if warning is not None:
            request.node.warn(SupaseedWarning(warning))
    return plan


@pytest.fixture
def _supaseed_plan_lines(request: pytest.FixtureRequest, _supaseed_loaded: LoadedSchema) -> None:
    """What --supaseed-plan prints for the test."""
    from pytest_supaseed.report import plan_lines

    node = request.node
    factories = node.config.stash[STATE].factories
    with told():
        if any(mark.name == "seed" for mark in node.iter_markers()) or not node.stash[DECLARED]:
            node.stash[PLANNED] += plan_lines(_supaseed_loaded.plan(node.stash[ASKED]))
        for name, declared in node.stash[DECLARED]:
            node.stash[PLANNED] += [f"{name}:", *plan_lines(_supaseed_loaded.plan(factories[declared]))]


@pytest.fixture
def _supaseed_started(
    request: pytest.FixtureRequest,
    _supaseed_provided: tuple[Server | ExternalServer, SeedSession],
    _supaseed_loaded: LoadedSchema,
    _supaseed_planned: SeedPlan,
) -> SeedSpec:
    """What the test asks for, seeded."""
    spec: SeedSpec = request.node.stash[ASKED]
    with told():
        _supaseed_loaded.seed(spec)
    _, session = _supaseed_provided
    counts = _supaseed_loaded.counts(spec)
    request.node.stash[STARTED] = Started(_supaseed_planned, counts, session.version)
    return spec


@pytest.fixture
def seeded_db(
    request: pytest.FixtureRequest, _supaseed_loaded: LoadedSchema, _supaseed_started: SeedSpec
) -> Iterator[SeededDatabase]:
    """A database of the test's own, with exactly the rows that its markers ask for.

    It has url, dsn, engine, counts(), rows(table), spread(child, parent), verify(), spec and plan.
    """
    if request.node.stash.get(OWN_DATABASE, None) is False:
        pytest.fail(
            "seeded_connection was opened on the shared database before this test asked for a database of its "
            "own: name seeded_db, seeded_engine or seeded_url among the arguments of the test or of a fixture, "
            "rather than in getfixturevalue()",
            pytrace=False,
        )
    request.node.stash[OWN_DATABASE] = True
    with told():
        database = _supaseed_loaded.own(_supaseed_started)
    yield database
    with told():
        _supaseed_loaded.drop(database)


@pytest.fixture
def seeded_engine(seeded_db: SeededDatabase) -> Engine:
    """A SQLAlchemy engine on a database of the test's own, with exactly the rows that its markers ask for."""
    return seeded_db.engine


@pytest.fixture
def seeded_url(seeded_db: SeededDatabase) -> URL:
    """The SQLAlchemy URL of a database of the test's own, for code that opens its own connections."""
    return seeded_db.url


@pytest.fixture
def seeded_connection(
    request: pytest.FixtureRequest, _supaseed_loaded: LoadedSchema, _supaseed_started: SeedSpec
) -> Iterator[Connection]:
    """A SQLAlchemy connection to a database with exactly the rows that the test's markers ask for.

    Whatever the test does on it, commits included, is undone after the test.
    """
    node, spec, loaded = request.node, _supaseed_started, _supaseed_loaded
    if OWN.intersection(request.fixturenames) or node.stash.get(OWN_DATABASE, False):
        database = request.getfixturevalue("seeded_db")
        with database.engine.connect() as connection:
            yield connection
        return
    node.stash[OWN_DATABASE] = node.stash.get(ADDED, False)
    with told():
        shared = loaded.shared(spec)
        connection = shared.connect()
        try:
            loaded.check_shared(spec, connection, shared.last_test)
        except CountError:
            connection.close()
            loaded.discard_shared(spec)
            raise
        driver = shared.begin(connection, node.nodeid)
    yield connection
    if not shared.end(connection, driver):
        with told():
            loaded.discard_shared(spec)
            node.warn(
                SupaseedWarning(
                    f"{node.nodeid} ended the transaction that was to be undone after it, by a COMMIT or ROLLBACK "
                    "in SQL; the database was replaced. Use the methods commit() and rollback(), or ask for "
                    "seeded_db, seeded_engine or seeded_url."
                )
            )


@pytest.fixture
def seeded_session(seeded_connection: Connection) -> Iterator[Session]:
    """An ORM session on seeded_connection; SQLModel's, where the tests have imported SQLModel.

    Whatever the test does in it, commits included, is undone after the test.
    """
    from sqlalchemy.orm import Session

    sqlmodel = sys.modules.get("sqlmodel")
    kind: type[Session] = Session if sqlmodel is None else sqlmodel.Session
    with kind(bind=seeded_connection, join_transaction_mode="create_savepoint") as session:
        yield session
