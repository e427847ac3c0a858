"""What the fixtures of the plugin give: the session server, the schema template, and the databases of tests.

:func:`session_server` starts the session server, :func:`prepared_seed` loads and seeds for a test,
:func:`own_database` and :func:`rolled_back_connection` give a test its database; begin reading with these. The fixtures
themselves are in :mod:`~pytest_supaseed.plugin.fixtures`. What imports SQLAlchemy is imported where a test needs it,
and while the server starts.
"""

from __future__ import annotations

import inspect
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_supaseed import clock
from pytest_supaseed.errors import ConfigError, CountError, SeedError, SupaseedWarning
from pytest_supaseed.plugin.items import models_of, read_added_markers
from pytest_supaseed.plugin.keeping import end_database, end_shared, leave_server, retention, show
from pytest_supaseed.plugin.running import narrower_fixture, resolved_state, session_state, unknown_fixture
from pytest_supaseed.plugin.state import (
    ADDED,
    ADDRESSED,
    ASKED,
    ASYNC_CONNECTION,
    ASYNC_PSYCOPG,
    CLAIM,
    CONNECTION,
    DATABASE,
    DJANGO,
    DJANGO_SETTINGS,
    DJANGO_TOO_LATE,
    EARLY_SEED,
    OWN,
    OWN_DATABASE,
    PLANNED,
    PSYCOPG,
    REPORTING,
    SEEDED,
    SHARED,
    START_STATE,
    USES,
    PreparedSeed,
    StartState,
    garbage_collection_paused,
    without_traceback,
)
from pytest_supaseed.sources.model_classes import other_metadata
from pytest_supaseed.spec import near_limit
from pytest_supaseed.wording import abbreviated

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

    from pytest_supaseed.postgres.databases.isolation import EndState
    from pytest_supaseed.postgres.server.external import ExternalServer
    from pytest_supaseed.postgres.server.server import Server
    from pytest_supaseed.session.seeded import SeededDatabase
    from pytest_supaseed.session.session_server import SessionServer
    from pytest_supaseed.session.template import SchemaTemplate


# Of the thread that watches the controller of pytest-xdist.
_POLL_SECONDS = 0.2
# For a worker that notices by itself, when it reports its next test.
_PATIENCE_SECONDS = 0.5
# For an interrupted test, its fixtures and the session to finish.
_END_SECONDS = 2.5


_PUBLIC = {
    CONNECTION: "seeded_connection",
    ASYNC_CONNECTION: "seeded_async_connection",
    PSYCOPG: "seeded_psycopg",
    ASYNC_PSYCOPG: "seeded_async_psycopg",
}
_CLAIMED = (
    "a connection was opened on the shared database for {0} before this test asked for {1}, which would be another one "
    "and see another transaction: name {1} among the arguments of the test or of a fixture, rather than in "
    "getfixturevalue(). A test that names several of them gets a database of its own"
)


class _Controller:
    """The controller of a worker of pytest-xdist: the parent process, watched by a thread that ends this one after it.

    execnet lets a worker go on for 5 seconds, interrupts it, and kills it after 10 more. This thread ends it sooner, so
    that no server is kept waiting.

    Attributes:
        finishing: whether the session is ending anyway, and need not be interrupted.
    """

    def __init__(self) -> None:
        self.finishing = False
        self._pid = os.getppid()

    def watch(self) -> None:
        """Begin to watch. On Windows, where a process does not learn of its parent's end, do nothing."""
        if os.name != "nt":
            threading.Thread(target=self._watch, name="supaseed: controller", daemon=True).start()

    def _watch(self) -> None:
        while os.getppid() == self._pid:
            clock.sleep(_POLL_SECONDS)
        clock.sleep(_PATIENCE_SECONDS)
        if not self.finishing:
            os.kill(os.getpid(), signal.SIGINT)
        clock.sleep(_END_SECONDS)
        # The server's watchdog cleans up.
        os._exit(1)


def session_server(request: pytest.FixtureRequest, schema: object) -> Iterator[SessionServer]:
    """Yield the session server, which is closed at the end of the session."""
    state = session_state(request.config)
    name, process = state.settings.server_fixture, None
    with without_traceback():
        if name is not None:
            try:
                process = process_fixture(name, request.getfixturevalue(name))
            except pytest.fail.Exception as error:
                if not str(error).startswith("ScopeMismatch"):
                    raise
                raise ConfigError(narrower_fixture(name)) from None
            except pytest.FixtureLookupError as error:
                if error.argname != name:
                    raise
                raise ConfigError(unknown_fixture(name)) from None
        server = opened_server(request.config, schema, process)
        try:
            yield server
        finally:
            state.close_server()


def opened_server(config: pytest.Config, schema: object, process: Any = None) -> SessionServer:
    """Return the session server, which is opened by the first that asks for it.

    Args:
        config: of the session.
        schema: the value of ``supaseed_schema``, for a guess which kept cluster has it.
        process: what the fixture of ``fixture:NAME`` has returned; None for another server.

    Raises:
        ServerError: there is none.
    """
    state = resolved_state(config)
    with state.turn:
        if state.server is None:
            with ExitStack() as undone:
                # Until the server has stopped.
                undone.enter_context(state.settings.libpq_environment.absent())
                state.server = _new_server(config, schema, process, undone)
                state.on_close.push(undone.pop_all())
        return state.server


def _new_server(config: pytest.Config, schema: object, process: Any, undone: ExitStack) -> SessionServer:
    state = resolved_state(config)
    settings = state.settings
    controller = _Controller()
    if state.run.worker:
        controller.watch()
    launch = None
    if settings.server_url is None and process is None:
        from pytest_supaseed.fingerprint import package_fingerprint
        from pytest_supaseed.postgres.server.kept import notes_folder
        from pytest_supaseed.postgres.server.launch import Workload, launched

        workload = Workload(
            package_fingerprint().text,
            str(schema) if isinstance(schema, (str, Path)) else "",
            len({spec.fingerprint.text for spec in (*state.specs, *state.factories.values())}),
            notes_folder() / state.run.token if settings.keep is not None else None,
        )
        launch = launched(state.installation(), state.postgresql_options(), state.run, workload)
    # This imports SQLAlchemy: only where a test needs it, and while the server starts.
    with garbage_collection_paused():
        from pytest_supaseed.session.session_server import SessionContext, SessionServer
        from pytest_supaseed.session.template import Unobserved

    code = None
    if state.recorder is not None:
        from pytest_supaseed.session.cluster_cache import CodeRecords

        code = CodeRecords(
            state.run.cache(), state.run.token, state.recorder, state.tests, state.notices.append
        )
    django = config.pluginmanager.getplugin(DJANGO)
    reporter = config.pluginmanager.getplugin(REPORTING)
    context = SessionContext(
        settings,
        state.run,
        state.terminal,
        state.notices.append,
        state.unimportable,
        partial(django.loading, config) if django is not None else nullcontext,
        django is not None and django.is_anew(config),
        state.turn,
        retention(config, state),
        partial(show, state),
        reporter or Unobserved(),
    )
    server = SessionServer(context, launch, process, code)
    state.proceed, state.interruption = server.proceed, server.interruption

    def closing() -> None:
        state.proceed = state.interruption = state.server = None
        controller.finishing = True
        leave_server(state, server)

    undone.callback(closing)
    if reporter is not None:
        # While the server is there.
        undone.callback(reporter.read)
    return server


def postgres_server(
    request: pytest.FixtureRequest, server: SessionServer, schema: object, generators: Mapping[str, Any]
) -> Server | ExternalServer:
    """Return the server for ``supaseed_postgres``, with the schema loaded into a template database."""
    with without_traceback():
        template = schema_template(request, server, schema, generators)
        return server.serving(template)


def schema_template(
    request: pytest.FixtureRequest, server: SessionServer, schema: object, generators: Mapping[str, Any]
) -> SchemaTemplate:
    """Return the schema template for a fixture, with the specs of all tests planned.

    Args:
        request: of the fixture.
        server: the session server.
        schema: the value of ``supaseed_schema``.
        generators: the value of ``supaseed_generators``.

    Raises:
        SeedError: the schema cannot be loaded.
    """
    problem = generators_problem(generators)
    if problem:
        raise ConfigError(problem)
    if schema is None:
        # Ours returns a text.
        raise ConfigError(
            "The fixture supaseed_schema returns None: let it return where the schema comes from, such as 'schema.sql'"
        )
    state = session_state(request.config)
    specs = [*state.specs, *state.factories.values()]
    if request.config.pluginmanager.hasplugin(DJANGO):
        request.getfixturevalue(DJANGO_SETTINGS)
    elif schema == "django" and request.config.pluginmanager.hasplugin("django"):
        raise ConfigError(DJANGO_TOO_LATE)
    return server.template(schema, generators, request.config.rootpath, specs)


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


def add_plan_lines(
    request: pytest.FixtureRequest, server: SessionServer, schema: object, generators: Mapping[str, Any]
) -> None:
    """Collect the plans that --supaseed-plan prints for the test."""
    node = request.node
    factories = session_state(node.config).factories
    with without_traceback():
        template = schema_template(request, server, schema, generators)
        declarations = node.stash[USES].declarations
        if any(mark.name == "seed" for mark in node.iter_markers()) or not declarations:
            node.stash[PLANNED].append(("", template.plan(node.stash[ASKED])))
        for name, declared in declarations:
            node.stash[PLANNED].append((name, template.plan(factories[declared])))


def load_early(request: pytest.FixtureRequest, schema: object, generators: Mapping[str, Any]) -> None:
    """Load and seed for the test before its own fixtures replace clocks, files or settings."""
    session_state(request.config).met.add(request.node.stash[EARLY_SEED])
    # The fixture that the test requests raises the error again: the test may yet be skipped.
    with suppress(SeedError, pytest.fail.Exception):
        prepared_seed(request, schema, generators)


def prepared_seed(
    request: pytest.FixtureRequest,
    schema: object,
    generators: Mapping[str, Any],
    item: pytest.Item | None = None,
) -> PreparedSeed:
    """Return the prepared seed of a test; tests with the same schema, generators and spec share it.

    Args:
        request: of a fixture of the test, or of its class.
        schema: the value of ``supaseed_schema``.
        generators: the value of ``supaseed_generators``.
        item: the test; None for that of the request.
    """
    state, test = session_state(request.config), item or request.node
    read_added_markers(test, state)
    spec = test.stash[ASKED]
    key = id(schema), id(generators), id(spec)
    found = state.prepared_seeds.get(key)
    if found is None:
        # Requested dynamically, by the first test only: each fixture costs every test time.
        server: SessionServer = request.getfixturevalue("_supaseed_provided")
        _check_models(request.node, schema)
        with garbage_collection_paused():
            template = schema_template(request, server, schema, generators)
        near = near_limit(spec, template.seed(spec).asked)
        warnings = (*spec.warnings, *([near] if near is not None else []))
        start_state = StartState(lambda: template.plan(spec), template.counts(spec), server.version)
        factories = tuple(template.factories(spec))
        found = state.prepared_seeds[key] = PreparedSeed(template, spec, warnings, start_state, factories)
    return found


def _check_models(item: pytest.Item, schema: object) -> None:
    """Check the models of a test against a schema that a fixture gives as an object.

    Raises:
        ConfigError: one is not of its MetaData.
    """
    models = models_of(item)
    if not models or isinstance(schema, (str, Path, list, tuple)):
        return
    from sqlalchemy import MetaData

    metadata = schema if isinstance(schema, MetaData) else getattr(schema, "metadata", None)
    found = (other_metadata(model, [metadata], "supaseed_schema") for model in models)
    if isinstance(metadata, MetaData) and (texts := [text for text in found if text]):
        raise ConfigError("\n".join(texts))


def begin_test(request: pytest.FixtureRequest, schema: object, generators: Mapping[str, Any]) -> PreparedSeed:
    """Return the prepared seed of the test, issue its warnings, and keep the start state for the report."""
    node = request.node
    found = prepared_seed(request, schema, generators)
    if START_STATE not in node.stash:
        for warning in found.warnings:
            node.warn(SupaseedWarning(warning))
        node.stash[START_STATE] = found.start_state
        for factory, rows in found.factories:
            factory.go_on_after(rows)
    return found


def own_database(
    request: pytest.FixtureRequest, schema: object, generators: Mapping[str, Any]
) -> Iterator[SeededDatabase]:
    """Yield a database of the test's own, which is dropped after the test."""
    if request.node.stash.get(OWN_DATABASE, None) is False:
        pytest.fail(
            "seeded_connection was opened on the shared database before this test asked for a database of its "
            "own: name seeded_db, seeded_engine or seeded_url among the arguments of the test or of a fixture, "
            "rather than in getfixturevalue()",
            pytrace=False,
        )
    request.node.stash[OWN_DATABASE] = True
    if ADDRESSED in request.node.stash:
        with without_traceback():
            begin_test(request, schema, generators)
            database = request.node.stash[ADDRESSED].database()
        yield database
        return
    with without_traceback():
        prepared_seed = begin_test(request, schema, generators)
        database = prepared_seed.template.own(prepared_seed.spec, session_state(request.config).next_own)
    request.node.stash[OWN] = database
    yield database
    with without_traceback():
        left = end_database(request.node, prepared_seed.template, database)
    if left:
        from pytest_supaseed.reports.text import left_connections

        request.node.warn(SupaseedWarning(left_connections(request.node.nodeid, left)))


def claim(node: pytest.Item, fixture: str) -> None:
    """Note which fixture works on the shared database of a test, and fail a test in which another one does.

    Args:
        node: the test.
        fixture: its private fixture.
    """
    claimed = node.stash.get(
        CLAIM, SEEDED if node.stash.get(ADDED, False) and fixture != CONNECTION else fixture
    )
    if claimed != fixture:
        pytest.fail(_CLAIMED.format(_PUBLIC.get(claimed, "the marker"), _PUBLIC[fixture]), pytrace=False)
    node.stash[CLAIM], node.stash[OWN_DATABASE] = fixture, False


def rolled_back_wider(node: pytest.Item) -> Connection | None:
    """Return the connection of a test to a database of wider scope with ``rolled_back=True``, None without one."""
    wider_databases = session_state(node.config).wider_databases
    if not wider_databases:
        return None
    uses = node.stash.get(USES, None)
    declarations = [each for _, each in uses.declarations] if uses is not None else []
    found = [each.connection for each in wider_databases if each.declaration in declarations]
    return next((connection for connection in found if connection is not None), None)


def rolled_back_connection(
    request: pytest.FixtureRequest, schema: object, generators: Mapping[str, Any]
) -> Iterator[Connection]:
    """Yield a connection that is rolled back after the test, or one to the test's own database."""
    node = request.node
    uses = node.stash.get(USES, None)
    if node.stash.get(OWN_DATABASE, False) or (uses is not None and uses.own_database):
        database = request.getfixturevalue(DATABASE)
        with without_traceback():
            opened = database.connect()
        yield opened
        from pytest_supaseed.postgres.databases.isolation import close

        close(opened)
        return
    claim(node, CONNECTION)
    if node.stash.get(ADDED, False):
        yield request.getfixturevalue(SEEDED)
    else:
        yield from shared_connection(request, schema, generators)


def shared_connection(
    request: pytest.FixtureRequest, schema: object, generators: Mapping[str, Any]
) -> Iterator[Connection]:
    """Yield a connection to the database shared by tests with the same spec, or to a rolled-back one of wider scope."""
    node = request.node
    found = rolled_back_wider(node)
    if found is not None:
        yield found
        return
    with without_traceback():
        prepared_seed = begin_test(request, schema, generators)
        template, spec = prepared_seed.template, prepared_seed.spec
        shared = template.shared(spec)
        try:
            entered = shared.begin(node.nodeid, spec)
        except CountError:
            end_shared(node, template, spec, changed=True)
            raise
    node.stash[SHARED] = template, shared
    yield entered
    report_end_state(node, prepared_seed, shared.end())


def report_end_state(node: pytest.Item, prepared_seed: PreparedSeed, end_state: EndState | None) -> None:
    """Replace the shared database that a test has not left as it was, and warn of what the test did.

    Args:
        node: the test.
        prepared_seed: its prepared seed.
        end_state: in which it left the database; None where it has not begun.
    """
    if end_state is None:
        return
    if not end_state.clean:
        with without_traceback():
            end_shared(node, prepared_seed.template, prepared_seed.spec)
            if end_state.warning:
                node.warn(SupaseedWarning(end_state.warning))
    if end_state.differs:
        with without_traceback():
            node.warn(SupaseedWarning(end_state.differs))


def orm_session(on: Connection) -> Iterator[Session]:
    """Yield an ORM session on a connection; SQLModel's, where the tests have imported SQLModel."""
    from sqlalchemy.orm import Session

    from pytest_supaseed.postgres.databases.isolation import close, put_off_rollbacks

    sqlmodel = sys.modules.get("sqlmodel")
    kind: type[Session] = Session if sqlmodel is None else sqlmodel.Session
    session = kind(bind=on, join_transaction_mode="create_savepoint")
    yield session
    put_off_rollbacks(on)
    close(session)
