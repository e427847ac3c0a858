"""The fixtures: wiring only."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_supaseed.errors import ConfigError, CountError, SeedError, SupaseedWarning
from pytest_supaseed.session.identity import maker_identity
from pytest_supaseed.session.stash import (
    ADDED,
    ASKED,
    DECLARED,
    OWN_DATABASE,
    PLANNED,
    STARTED,
    STATE,
    Prepared,
    Started,
    told,
    uncollected,
)
from pytest_supaseed.spec import near_limit

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine
    from sqlalchemy.orm import Session

    from pytest_supaseed.seeded import SeededDatabase
    from pytest_supaseed.server.external import ExternalServer
    from pytest_supaseed.server.provide import Provider
    from pytest_supaseed.server.server import Server
    from pytest_supaseed.session.loaded import LoadedSchema

# A test that asks for one of these has a database of its own.
OWN = frozenset(("seeded_db", "seeded_engine", "seeded_url"))
SEEDED = OWN | {"seeded_connection", "seeded_session"}


@pytest.fixture(scope="session")
def supaseed_schema(request: pytest.FixtureRequest) -> object:
    """Where the schema comes from: override it to supply one, or set supaseed_schema in the ini.

    A dotted path 'package.module:name', the path of a .sql file, of a folder of them, of a Supabase project or of an
    alembic.ini, a MetaData, a declarative base, SQLModel, a callable that takes a SQLAlchemy Connection, or a list
    of these.
    """
    return request.config.stash[STATE].settings.schema


@pytest.fixture(scope="session")
def supaseed_generators() -> Mapping[str, Any]:
    """Values for columns, in place of those that would be made up: override it to supply some.

    A mapping such as {"setups.title": fn, "*.email": fn}; a function takes (faker) or (faker, row).
    """
    return {}


@pytest.fixture(scope="session")
def _supaseed_provided(request: pytest.FixtureRequest, supaseed_schema: object) -> Iterator[Provider]:
    """The server, and what the session has on it."""
    state = request.config.stash[STATE]
    settings = state.settings
    launch = process = None
    name = settings.server_fixture
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
        elif settings.server_url is None:
            from pytest_supaseed.server.binaries import find
            from pytest_supaseed.server.launch import launched

            launch = launched(
                find(settings.postgres, pg_ctl=state.pg_ctl),
                state.given(),
                state.run,
                maker_identity().text,
                str(supaseed_schema) if isinstance(supaseed_schema, (str, Path)) else "",
            )
        # Imports SQLAlchemy: only for those who use it, and while the server starts.
        with uncollected():
            from pytest_supaseed.server.provide import Provider

        code = None
        if state.recorder is not None:
            from pytest_supaseed.session.keptcode import KeptCode

            code = KeptCode(state.run.cache(), state.run.token, state.recorder, state.tests)
        provider = Provider(
            settings,
            state.run,
            launch,
            process,
            state.terminal,
            state.notices.append,
            state.unimportable,
            code,
        )
        state.proceed = provider.proceed
        try:
            yield provider
        finally:
            state.proceed = None
            provider.close()


@pytest.fixture(scope="session")
def supaseed_postgres(
    request: pytest.FixtureRequest,
    _supaseed_provided: Provider,
    supaseed_schema: object,
    supaseed_generators: Mapping[str, Any],
) -> Server | ExternalServer:
    """The PostgreSQL server, with the schema loaded into a template database.

    It has host, port, user, password, options, dbname and template_dbname, as the process fixtures of
    pytest-postgresql have, so that factories.postgresql("supaseed_postgres") works.
    """
    with told():
        loaded = loaded_schema(request, _supaseed_provided, supaseed_schema, supaseed_generators)
        return _supaseed_provided.serving(loaded)


def loaded_schema(
    request: pytest.FixtureRequest, provider: Provider, schema: object, generators: Mapping[str, Any]
) -> LoadedSchema:
    """Return the schema that a fixture asks for, with all that the tests ask of it planned.

    Args:
        request: of the fixture.
        provider: what there is on the server.
        schema: the value of ``supaseed_schema``.
        generators: the value of ``supaseed_generators``.

    Raises:
        SeedError: it cannot be loaded.
    """
    state = request.config.stash[STATE]
    specs = [*state.specs, *state.factories.values()]
    return provider.loaded(schema, generators, request.config.rootpath, specs)


@pytest.fixture
def _supaseed_plan_lines(
    request: pytest.FixtureRequest,
    _supaseed_provided: Provider,
    supaseed_schema: object,
    supaseed_generators: Mapping[str, Any],
) -> None:
    """What --supaseed-plan prints for the test."""
    from pytest_supaseed.report import plan_lines

    node = request.node
    factories = node.config.stash[STATE].factories
    with told():
        loaded = loaded_schema(request, _supaseed_provided, supaseed_schema, supaseed_generators)
        if any(mark.name == "seed" for mark in node.iter_markers()) or not node.stash[DECLARED]:
            node.stash[PLANNED] += plan_lines(loaded.plan(node.stash[ASKED]))
        for name, declared in node.stash[DECLARED]:
            node.stash[PLANNED] += [f"{name}:", *plan_lines(loaded.plan(factories[declared]))]


@pytest.fixture
def _supaseed_early(
    request: pytest.FixtureRequest, supaseed_schema: object, supaseed_generators: Mapping[str, Any]
) -> None:
    """Load and seed what the test asks for, before fixtures of the test's own replace clocks, files or settings."""
    # An error is kept, and told by the fixture that the test asks for: the test may be about to be skipped.
    with suppress(SeedError, pytest.fail.Exception):
        _seeded(request, supaseed_schema, supaseed_generators)


def _seeded(request: pytest.FixtureRequest, schema: object, generators: Mapping[str, Any]) -> Prepared:
    """What the test asks for, seeded."""
    state, spec = request.config.stash[STATE], request.node.stash[ASKED]
    key = id(schema), id(generators), id(spec)
    found = state.prepared.get(key)
    if found is None:
        # Asked for by the first test only: each of a test's fixtures costs it.
        provider: Provider = request.getfixturevalue("_supaseed_provided")
        with uncollected():
            loaded = loaded_schema(request, provider, schema, generators)
        near = near_limit(spec, loaded.seed(spec).asked)
        warnings = (*spec.warnings, *([near] if near is not None else []))
        started = Started(lambda: loaded.plan(spec), loaded.counts(spec), provider.version)
        found = state.prepared[key] = Prepared(loaded, spec, warnings, started)
    return found


def _prepared(request: pytest.FixtureRequest, schema: object, generators: Mapping[str, Any]) -> Prepared:
    """What the test asks for, seeded; what it starts with is kept for its report."""
    node = request.node
    found = _seeded(request, schema, generators)
    if STARTED not in node.stash:
        for warning in found.warnings:
            node.warn(SupaseedWarning(warning))
        node.stash[STARTED] = found.started
    return found


@pytest.fixture
def seeded_db(
    request: pytest.FixtureRequest, supaseed_schema: object, supaseed_generators: Mapping[str, Any]
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
        prepared = _prepared(request, supaseed_schema, supaseed_generators)
        database = prepared.loaded.own(prepared.spec, request.config.stash[STATE].next_own)
    yield database
    with told():
        left = prepared.loaded.drop(database)
    if left:
        from pytest_supaseed.report import left_connections

        request.node.warn(SupaseedWarning(left_connections(request.node.nodeid, left)))


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
    request: pytest.FixtureRequest, supaseed_schema: object, supaseed_generators: Mapping[str, Any]
) -> Iterator[Connection]:
    """A SQLAlchemy connection to a database with exactly the rows that the test's markers ask for.

    Whatever the test does on it, commits included, is undone after the test.
    """
    node = request.node
    if node.stash.get(OWN_DATABASE, False) or not OWN.isdisjoint(node.fixturenames):
        database = request.getfixturevalue("seeded_db")
        with database.engine.connect() as connection:
            yield connection
        return
    node.stash[OWN_DATABASE] = node.stash.get(ADDED, False)
    with told():
        prepared = _prepared(request, supaseed_schema, supaseed_generators)
        loaded, spec = prepared.loaded, prepared.spec
        shared = loaded.shared(spec)
        try:
            connection = shared.begin(node.nodeid, spec)
        except CountError:
            loaded.discard_shared(spec)
            raise
    yield connection
    ended = shared.end()
    if not ended.clean:
        with told():
            loaded.discard_shared(spec)
            if ended.warning:
                node.warn(SupaseedWarning(ended.warning))


@pytest.fixture
def seeded_session(seeded_connection: Connection) -> Iterator[Session]:
    """An ORM session on seeded_connection; SQLModel's, where the tests have imported SQLModel.

    Whatever the test does in it, commits included, is undone after the test.
    """
    from sqlalchemy.orm import Session

    from pytest_supaseed.databases.isolation import put_off_rollbacks

    sqlmodel = sys.modules.get("sqlmodel")
    kind: type[Session] = Session if sqlmodel is None else sqlmodel.Session
    with kind(bind=seeded_connection, join_transaction_mode="create_savepoint") as session:
        yield session
        put_off_rollbacks(seeded_connection)
