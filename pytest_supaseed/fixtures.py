"""The fixtures: wiring only."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from pytest_supaseed.collected import Arguments
from pytest_supaseed.config import Settings
from pytest_supaseed.errors import ConfigError, CountError, SeedError, SupaseedWarning
from pytest_supaseed.spec import SeedSpec

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine
    from sqlalchemy.orm import Session

    from pytest_supaseed.plan import SeedPlan
    from pytest_supaseed.progress import Terminal
    from pytest_supaseed.seeded import SeededDatabase
    from pytest_supaseed.server.external import ExternalServer
    from pytest_supaseed.server.server import Server, ServerSettings
    from pytest_supaseed.session import LoadedSchema, SeedSession

# A test that asks for one of these has a database of its own.
OWN = frozenset(("seeded_db", "seeded_engine", "seeded_url"))
SEEDED = OWN | {"seeded_connection", "seeded_session"}


@dataclass(frozen=True, eq=False)
class Declared:
    """The arguments of a ``seeded_database(...)``, which are checked when the tests have been collected.

    Attributes:
        seed: as the marker ``seed`` takes them.
        options: as the marker ``seed_options`` takes them.
        place: file and line of the call.
    """

    seed: Arguments
    options: Arguments
    place: str


@dataclass
class Lasting:
    """A database of a ``seeded_database(...)`` that outlives a test.

    Attributes:
        fixture: the fixture's name.
        node: the session, package, module or class that it belongs to.
        database: the database.
        last_test: the test that used it last.
        changed_after: the test after which its counts had changed, None while they are as they were.
    """

    fixture: str
    node: pytest.Collector | pytest.Session
    database: SeededDatabase
    last_test: str | None = None
    changed_after: str | None = None


@dataclass
class SessionState:
    """What the plugin knows of a session.

    Attributes:
        settings: its options.
        given: what the user gave to pytest-postgresql's options.
        pg_ctl: pytest-postgresql's ``postgresql_exec``, where the user gave it.
        terminal: where a long seed shows how far it is; None for nowhere.
        specs: what its tests ask for.
        factories: what its ``seeded_database(...)`` ask for.
        lasting: databases that outlive a test.
    """

    settings: Settings
    given: Callable[[], ServerSettings]
    pg_ctl: str | None
    terminal: Terminal | None
    specs: list[SeedSpec] = field(default_factory=list)
    factories: dict[Declared, SeedSpec] = field(default_factory=dict)
    lasting: list[Lasting] = field(default_factory=list)


@dataclass(frozen=True)
class Started:
    """What a test started with.

    Attributes:
        plan: of its spec.
        counts: tables and their rows.
        version: PostgreSQL's.
    """

    plan: SeedPlan
    counts: list[tuple[str, int]]
    version: str


STATE = pytest.StashKey[SessionState]()
ASKED = pytest.StashKey[SeedSpec]()
STARTED = pytest.StashKey[Started]()
# The names of the seeded_database(...) that the test uses, and what they declare.
DECLARED = pytest.StashKey[list[tuple[str, Declared]]]()
# The lines of --supaseed-plan.
PLANNED = pytest.StashKey[list[str]]()
# Whether seeded_connection was added to a test that has a marker and no fixture of ours.
ADDED = pytest.StashKey[bool]()
# Whether the test has a database of its own, or may yet have one.
OWN_DATABASE = pytest.StashKey[bool]()


@contextmanager
def told() -> Iterator[None]:
    """Report an error of the user's as its message, without our traceback; and a warning that is one."""
    try:
        yield
    except (SeedError, SupaseedWarning) as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


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
        _loaded(request, session, supaseed_schema, supaseed_generators)
    return server


def _loaded(
    request: pytest.FixtureRequest, session: SeedSession, schema: object, generators: Mapping[str, Any]
) -> LoadedSchema:
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
        return _loaded(request, session, supaseed_schema, supaseed_generators)


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


def seeded_database(
    tables: Mapping[str, Any] | None = None,
    /,
    *,
    scope: Any = "function",
    max_records: int | None = None,
    seed: int | None = None,
    locale: str | None = None,
    **counts: Any,
) -> Any:
    """Return a fixture whose value is a :class:`~pytest_supaseed.SeededDatabase`.

    The arguments are those of the markers ``seed`` and ``seed_options``. They are checked when the tests have
    been collected. Tables that are called ``scope``, ``max_records``, ``seed`` or ``locale`` go into the
    mapping.

    Args:
        tables: names of tables that are no identifiers, to their values.
        scope: of the fixture, as ``pytest.fixture`` takes it. A database that outlives a test is counted
            before each test that uses it.
        max_records: cap on the sum of the counts.
        seed: of the generator.
        locale: Faker's locale.
        counts: names of tables to their values.

    Example:
        >>> camp = seeded_database(users=5, setups=8, scope="session")
    """
    caller = sys._getframe(1)
    options = {"max_records": max_records, "seed": seed, "locale": locale}
    declared = Declared(
        (() if tables is None else (tables,), counts),
        ((), {key: value for key, value in options.items() if value is not None}),
        f"{os.path.relpath(caller.f_code.co_filename)}:{caller.f_lineno}",
    )

    def fixture(
        request: pytest.FixtureRequest,
        _supaseed_provided: tuple[Server | ExternalServer, SeedSession],
        supaseed_schema: object,
        supaseed_generators: Mapping[str, Any],
    ) -> Iterator[SeededDatabase]:
        state = request.config.stash[STATE]
        with told():
            spec = state.factories.get(declared)
            if spec is None:
                raise ConfigError(
                    f"{request.fixturename}, which {declared.place} declares, is not among the arguments of a test "
                    "or of a fixture, so it was not checked: name it there, rather than in getfixturevalue()"
                )
            loaded = _loaded(request, _supaseed_provided[1], supaseed_schema, supaseed_generators)
            database = loaded.own(spec)
        lasting = None
        if request.scope != "function":
            lasting = Lasting(request.fixturename or "", request.node, database)
            state.lasting.append(lasting)
        yield database
        if lasting is not None:
            state.lasting.remove(lasting)
        with told():
            loaded.drop(database)

    fixture.__doc__ = f"A database with {', '.join([*(tables or {}), *counts]) or 'nothing seeded'}."
    fixture.supaseed_declared = declared  # type: ignore[attr-defined] # read when the tests are collected
    return pytest.fixture(scope=scope)(fixture)


def _lasting(item: pytest.Item) -> Iterator[Lasting]:
    """The databases that a test uses and that outlive it, as far as they have been made."""
    names = getattr(item, "fixturenames", ())
    nodes = item.listchain()
    for lasting in item.config.stash[STATE].lasting:
        if lasting.fixture in names and lasting.node in nodes:
            yield lasting


def check_lasting(item: pytest.Item) -> None:
    """Count the databases that a test is about to use and that earlier tests have used.

    Args:
        item: the test, before any of its fixtures is set up.
    """
    for lasting in _lasting(item):
        try:
            lasting.database.verify()
        except CountError as error:
            lasting.changed_after = lasting.changed_after or lasting.last_test
            raise pytest.fail.Exception(
                f"{lasting.fixture}: {error}\nIt changed after {lasting.changed_after}. A test that writes wants "
                "a database of its own: seeded_db, or a seeded_database(...) of scope function.",
                pytrace=False,
            ) from None


def remember_lasting(item: pytest.Item) -> None:
    """Remember which test was the last to use its databases.

    Args:
        item: the test, which has run.
    """
    for lasting in _lasting(item):
        lasting.last_test = item.nodeid
