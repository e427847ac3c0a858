"""The fixtures of the plugin: wiring between pytest and the session server, the plans and the databases.

The public fixtures (``supaseed_schema`` to ``seeded_session``) are thin; private ones below them do the work:
``_supaseed_provided`` starts the session server, ``_supaseed_early`` loads and seeds before a test's own fixtures,
``_supaseed_database`` and ``_supaseed_connection`` give a test its database. Begin reading with these.
Every pytest run imports this module, so it imports what only a running fixture needs in the fixture.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from pytest_supaseed.errors import ConfigError, CountError, SeedError, SupaseedWarning
from pytest_supaseed.plugin.stash import (
    ADDED,
    ASKED,
    OWN_DATABASE,
    PLANNED,
    STARTED,
    USES,
    session_state,
    told,
    uncollected,
)
from pytest_supaseed.wording import abbreviated

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine
    from sqlalchemy.orm import Session

    from pytest_supaseed.plugin.state import Prepared
    from pytest_supaseed.postgres.server.external import ExternalServer
    from pytest_supaseed.postgres.server.server import Server
    from pytest_supaseed.session.provide import Provider
    from pytest_supaseed.session.seeded import SeededDatabase
    from pytest_supaseed.session.template import LoadedSchema


# Private fixtures do the work, and a public one requests no other public one but supaseed_schema and
# supaseed_generators, because a project may define fixtures of the same names that give something else. The attribute
# with this name marks the function of a fixture, so that it is recognized under any name.
GIVES = "supaseed_gives"
DATABASE = "_supaseed_database"
CONNECTION = "_supaseed_connection"
SEEDED = "_supaseed_seeded"
Function = TypeVar("Function", bound=Callable[..., Any])


@pytest.fixture(scope="session")
def supaseed_schema(request: pytest.FixtureRequest) -> object:
    """The source of the schema: override this fixture to supply one, or set supaseed_schema in the ini.

    A dotted path 'package.module:name', the path of a .sql file, of a folder of them, of a Supabase project or of an
    alembic.ini, a MetaData, a declarative base, SQLModel, a callable that takes a SQLAlchemy Connection, or a list
    of these.
    """
    return session_state(request.config).settings.schema


@pytest.fixture(scope="session")
def supaseed_generators() -> Mapping[str, Any]:
    """Values for columns, in place of generated ones: override this fixture to supply some.

    A mapping such as {"setups.title": fn, "*.email": fn}; a function takes (faker) or (faker, row).
    """
    return {}


@pytest.fixture(scope="session")
def _supaseed_provided(request: pytest.FixtureRequest, supaseed_schema: object) -> Iterator[Provider]:
    """The session server, closed at the end of the session."""
    from pytest_supaseed.session.controller import Controller

    state = session_state(request.config)
    settings = state.settings
    launch = process = None
    name = settings.server_fixture
    controller = Controller()
    if state.run.worker:
        controller.watch()
    # Until the server has stopped, also where an error is raised.
    with told(), settings.libpq_environment.absent():
        if name is not None:
            try:
                process = process_fixture(name, request.getfixturevalue(name))
            except pytest.fail.Exception as error:
                if not str(error).startswith("ScopeMismatch"):
                    raise
                raise ConfigError(
                    f"supaseed_postgres is 'fixture:{name}', and {name} is a fixture of a narrower scope than the "
                    "session: write the name of a process fixture of pytest-postgresql, such as fixture:postgresql_proc"
                ) from None
            except pytest.FixtureLookupError as error:
                if error.argname != name:
                    raise
                raise ConfigError(
                    f"supaseed_postgres is 'fixture:{name}', and there is no fixture {name}: write the name of a "
                    "process fixture that is visible to all tests, such as fixture:postgresql_proc"
                ) from None
        elif settings.server_url is None:
            from pytest_supaseed.fingerprint import maker_identity
            from pytest_supaseed.postgres.server.launch import launched
            from pytest_supaseed.postgres.server.programs import find

            launch = launched(
                find(settings.postgres, pg_ctl=state.pg_ctl),
                state.given(),
                state.run,
                maker_identity().text,
                str(supaseed_schema) if isinstance(supaseed_schema, (str, Path)) else "",
                len({spec.identity.text for spec in (*state.specs, *state.factories.values())}),
            )
        # This imports SQLAlchemy: only where a test needs it, and while the server starts.
        with uncollected():
            from pytest_supaseed.session.provide import Provider

        code = None
        if state.recorder is not None:
            from pytest_supaseed.session.kept import KeptCode

            code = KeptCode(
                state.run.cache(), state.run.token, state.recorder, state.tests, state.notices.append
            )
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
        state.proceed, state.interruption = provider.proceed, provider.interruption
        try:
            yield provider
        finally:
            state.proceed = state.interruption = None
            controller.finishing = True
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
    """Return the schema template for a fixture, with the specs of all tests planned.

    Args:
        request: of the fixture.
        provider: the session server.
        schema: the value of ``supaseed_schema``.
        generators: the value of ``supaseed_generators``.

    Raises:
        SeedError: the schema cannot be loaded.
    """
    problem = generators_problem(generators)
    if problem:
        raise ConfigError(problem)
    state = session_state(request.config)
    specs = [*state.specs, *state.factories.values()]
    return provider.loaded(schema, generators, request.config.rootpath, specs)


def process_fixture(name: str, value: Any) -> Any:
    """Return the value of a fixture, if it has the attributes of a process fixture of pytest-postgresql.

    Raises:
        ConfigError: it lacks one.
    """
    lacking = [each for each in ("host", "port", "user", "template_dbname") if not hasattr(value, each)]
    if lacking:
        raise ConfigError(
            f"supaseed_postgres is 'fixture:{name}', and what {name} gives, {abbreviated(value)}, is no server: it has "
            f"no {' and no '.join(lacking)}: write the name of a process fixture of pytest-postgresql, such as "
            "fixture:postgresql_proc"
        )
    return value


def generators_problem(value: object) -> str:
    """Return what is wrong with the type of the value of ``supaseed_generators``; empty if it is a mapping."""
    if isinstance(value, Mapping):
        return ""
    if inspect.iscoroutine(value):
        value.close()
        return "supaseed_generators is async: let a plain fixture return the mapping"
    return (
        f"supaseed_generators is {abbreviated(value)}, and should be a mapping: let the fixture return one such as "
        "{'setups.title': lambda faker: faker.sentence()}, or {} for none"
    )


@pytest.fixture
def _supaseed_plan_lines(
    request: pytest.FixtureRequest,
    _supaseed_provided: Provider,
    supaseed_schema: object,
    supaseed_generators: Mapping[str, Any],
) -> None:
    """Collect the lines that --supaseed-plan prints for the test."""
    from pytest_supaseed.plugin.report import plan_lines

    node = request.node
    factories = session_state(node.config).factories
    with told():
        loaded = loaded_schema(request, _supaseed_provided, supaseed_schema, supaseed_generators)
        declared_ones = node.stash[USES].declared
        if any(mark.name == "seed" for mark in node.iter_markers()) or not declared_ones:
            node.stash[PLANNED] += plan_lines(loaded.plan(node.stash[ASKED]))
        for name, declared in declared_ones:
            node.stash[PLANNED] += [f"{name}:", *plan_lines(loaded.plan(factories[declared]))]


@pytest.fixture
def _supaseed_early(
    request: pytest.FixtureRequest, supaseed_schema: object, supaseed_generators: Mapping[str, Any]
) -> None:
    """Load and seed for the test before its own fixtures replace clocks, files or settings."""
    # The fixture that the test requests raises the error again: the test may yet be skipped.
    with suppress(SeedError, pytest.fail.Exception):
        _seeded(request, supaseed_schema, supaseed_generators)


def _seeded(request: pytest.FixtureRequest, schema: object, generators: Mapping[str, Any]) -> Prepared:
    """Return the prepared seed of the test; tests with the same schema, generators and spec share it."""
    state, spec = session_state(request.config), request.node.stash[ASKED]
    key = id(schema), id(generators), id(spec)
    found = state.prepared.get(key)
    if found is None:
        from pytest_supaseed.plugin.state import Prepared, Started
        from pytest_supaseed.spec import near_limit

        # Requested dynamically, by the first test only: each fixture costs every test time.
        provider: Provider = request.getfixturevalue("_supaseed_provided")
        with uncollected():
            loaded = loaded_schema(request, provider, schema, generators)
        near = near_limit(spec, loaded.seed(spec).asked)
        warnings = (*spec.warnings, *([near] if near is not None else []))
        started = Started(lambda: loaded.plan(spec), loaded.counts(spec), provider.version)
        found = state.prepared[key] = Prepared(loaded, spec, warnings, started)
    return found


def _prepared(request: pytest.FixtureRequest, schema: object, generators: Mapping[str, Any]) -> Prepared:
    """Return the prepared seed of the test, issue its warnings, and keep the start state for the report."""
    node = request.node
    found = _seeded(request, schema, generators)
    if STARTED not in node.stash:
        for warning in found.warnings:
            node.warn(SupaseedWarning(warning))
        node.stash[STARTED] = found.started
    return found


def _gives(what: str) -> Callable[[Function], Function]:
    """Return a decorator that marks the function of a fixture with the private fixture that does its work."""

    def marked(function: Function) -> Function:
        setattr(function, GIVES, what)
        return function

    return marked


@pytest.fixture
@_gives(DATABASE)
def _supaseed_database(
    request: pytest.FixtureRequest, supaseed_schema: object, supaseed_generators: Mapping[str, Any]
) -> Iterator[SeededDatabase]:
    """A database of the test's own, dropped after the test."""
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
        database = prepared.loaded.own(prepared.spec, session_state(request.config).next_own)
    yield database
    with told():
        left = prepared.loaded.drop(database)
    if left:
        from pytest_supaseed.plugin.report import left_connections

        request.node.warn(SupaseedWarning(left_connections(request.node.nodeid, left)))


@pytest.fixture
def seeded_db(_supaseed_database: SeededDatabase) -> SeededDatabase:
    """A database of the test's own, with exactly the rows that its markers ask for.

    It has url, dsn, engine, counts(), rows(table), spread(child, parent), verify(), spec and plan.
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


def _rolled_back(node: pytest.Item) -> Connection | None:
    """Return the connection of a test to a database of wider scope with ``rolled_back=True``, None without one."""
    lasting = session_state(node.config).lasting
    if not lasting:
        return None
    uses = node.stash.get(USES, None)
    declared = [each for _, each in uses.declared] if uses is not None else []
    found = [each.connection for each in lasting if each.declared in declared]
    return next((connection for connection in found if connection is not None), None)


@pytest.fixture
def _supaseed_seeded(
    request: pytest.FixtureRequest, supaseed_schema: object, supaseed_generators: Mapping[str, Any]
) -> Iterator[Connection]:
    """The fixture that is added to a test with a marker and no fixture of the plugin: seeds and checks."""
    yield from _shared_connection(request, supaseed_schema, supaseed_generators)


@pytest.fixture
@_gives(CONNECTION)
def _supaseed_connection(
    request: pytest.FixtureRequest, supaseed_schema: object, supaseed_generators: Mapping[str, Any]
) -> Iterator[Connection]:
    """A connection that is rolled back after the test, or one to the test's own database."""
    node = request.node
    uses = node.stash.get(USES, None)
    if node.stash.get(OWN_DATABASE, False) or (uses is not None and uses.own_database):
        database = request.getfixturevalue(DATABASE)
        with told():
            connection = database.engine.connect()
        yield connection
        from pytest_supaseed.postgres.databases.isolation import close

        close(connection)
        return
    node.stash[OWN_DATABASE] = False
    if node.stash.get(ADDED, False):
        yield request.getfixturevalue(SEEDED)
    else:
        yield from _shared_connection(request, supaseed_schema, supaseed_generators)


def _shared_connection(
    request: pytest.FixtureRequest, supaseed_schema: object, supaseed_generators: Mapping[str, Any]
) -> Iterator[Connection]:
    """Yield a connection to the database shared by tests with the same spec, or to a rolled-back one of wider scope."""
    node = request.node
    found = _rolled_back(node)
    if found is not None:
        yield found
        return
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
    if ended.differs:
        with told():
            node.warn(SupaseedWarning(ended.differs))


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
    from sqlalchemy.orm import Session

    from pytest_supaseed.postgres.databases.isolation import close, put_off_rollbacks

    sqlmodel = sys.modules.get("sqlmodel")
    kind: type[Session] = Session if sqlmodel is None else sqlmodel.Session
    session = kind(bind=_supaseed_connection, join_transaction_mode="create_savepoint")
    yield session
    put_off_rollbacks(_supaseed_connection)
    close(session)
