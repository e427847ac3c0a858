"""A session in which a test uses the plugin, or an option is given: its settings and the hooks that follow its tests.

:func:`resolved_state` makes the :class:`~pytest_supaseed.plugin.state.SessionState` and registers this module, so that
its hooks cost nothing elsewhere; :func:`session_state` and :func:`check_markers` read the markers of all selected
tests. The hooks around a test follow it and add to its report; those of the session print plans and notices.
"""

from __future__ import annotations

import inspect
import json
import os
import sys
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import cache
from itertools import chain, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

# Imported here also because a test might replace functions that filesystem and fingerprint bind.
from pytest_supaseed import filesystem, fingerprint  # noqa: F401
from pytest_supaseed.entry_points import registrations
from pytest_supaseed.errors import ConfigError, SeedError, ServerError, UnansweredError, did_you_mean
from pytest_supaseed.markers import ItemProblems, usage_error
from pytest_supaseed.options import INI, OPTIONS, VALUES_VERSION
from pytest_supaseed.plugin import ini
from pytest_supaseed.plugin.internals import fixture_definitions, fixture_names
from pytest_supaseed.plugin.items import (
    has_wider_fixtures,
    is_seeded,
    models_of,
    needs_server,
    own_specs,
    read_added_markers,
    read_items,
    seed_early,
    uses_configured_schema,
)
from pytest_supaseed.plugin.state import (
    ADDED,
    ASKED,
    DJANGO,
    DJANGO_TOO_LATE,
    OWN,
    PLANNED,
    RECORDER,
    REPORTING,
    SEEDED,
    SHARED,
    START_STATE,
    STATE,
    KeptState,
    Outage,
    RolledBack,
    SessionState,
    garbage_collection_paused,
    wider_databases_of,
    without_traceback,
)
from pytest_supaseed.rng import token
from pytest_supaseed.session.turn import Turn
from pytest_supaseed.settings import DEFAULT_SERVER, OptionSources, Run, Settings, resolve
from pytest_supaseed.sources.model_classes import other_metadata
from pytest_supaseed.wording import printable, redacted, shortened, text_problem

if TYPE_CHECKING:
    from pytest_supaseed.postgres.server.programs import Installation
    from pytest_supaseed.postgres.server.server import ServerSettings
    from pytest_supaseed.session.seeded import SeededDatabase
    from pytest_supaseed.sources.extensions import CreatedExtensions
    from pytest_supaseed.sources.inputs import Recorder


_PROBLEMS = "supaseed_problems"
_GREATEST_PORT, _PORT_DIGITS = 65535, 5
_NOTICES = "supaseed_notices"
# Options of pytest with which no test is run.
_RUNNING_NOTHING = ("collectonly", "setupplan", "showfixtures", "show_fixtures_per_test")
_REFUSED = pytest.StashKey[str]()
# Whether pytest has not parsed the whole command line yet.
EARLY = pytest.StashKey[bool]()
_TURN = pytest.StashKey[Turn]()
# Whether --supaseed-drop has dropped everything.
_DROPPED = pytest.StashKey[bool]()


def recorder(config: pytest.Config) -> Recorder | None:
    """Return what records the files that modules read, which begins with the first call; None if nothing is kept."""
    if RECORDER not in config.stash and _switch(config, "keep_code"):
        from pytest_supaseed.sources.inputs import Recorder

        found = config.stash[RECORDER] = Recorder(config.rootpath)
        found.start()
        config.add_cleanup(found.stop)
    return config.stash.get(RECORDER, None)


def resolved_state(config: pytest.Config) -> SessionState:
    """Return the state of the session, made and with the settings resolved, once.

    Raises:
        ConfigError: settings are invalid.
    """
    if STATE in config.stash:
        return config.stash[STATE]
    settings = resolve(
        OptionSources(
            {name: _option(config, f"supaseed_{name}") for name in OPTIONS},
            os.environ,
            {name: ini.text_of(config, name) for name in (*OPTIONS, *INI)},
        ),
        plan=_option(config, "supaseed_plan"),
        tcp=_option(config, "supaseed_tcp") or _switch(config, "tcp"),
        keep_code=_switch(config, "keep_code"),
        keep=_option(config, "supaseed_keep") or _switch(config, "keep"),
        vary_defaults=_switch(config, "vary_defaults"),
    )
    _keep_folder(config, settings)
    worker = getattr(config, "workerinput", None)
    if worker is not None:
        # A random seed has to be the same in all workers.
        settings = replace(settings, seed=worker["supaseed_seed"])
    state = config.stash[STATE] = SessionState(
        settings,
        lambda: _postgresql_options(config),
        cache(lambda: _installation(config, settings)),
        None if worker is not None else lambda: _terminal(config),
        Run(
            token(8) if worker is None else worker["supaseed_run"],
            "" if worker is None else worker["workerid"],
            lambda: _cache_folder(config),
            1 if worker is None else worker.get("workercount", 1),
        ),
        recorder=recorder(config),
        turn=turn(config),
    )
    config.pluginmanager.register(sys.modules[__name__], "supaseed_running")
    if settings.keep is not None:
        from pytest_supaseed.plugin import keeping

        state.kept = KeptState()
        config.pluginmanager.register(keeping, "supaseed_keeping")
    written = _option(config, "supaseed_report")
    if written is not None:
        from pytest_supaseed.plugin.reporting import Reporter, report_path

        path = report_path(config, written) if worker is None else None
        config.pluginmanager.register(Reporter(config, state, path), REPORTING)
    return state


def turn(config: pytest.Config) -> Turn:
    """Return the turn to work on the server of the session."""
    return config.stash.setdefault(_TURN, Turn())


def _option(config: pytest.Config, name: str) -> Any:
    """Return the value of an option, also before pytest has parsed all of the command line: while conftests load."""
    namespace = config.known_args_namespace if EARLY in config.stash else config.option
    return getattr(namespace, name, None)


def forget_early_state(config: pytest.Config) -> None:
    """Have the settings resolved again, now that pytest has parsed the whole command line.

    A server that has been opened by then, for a connection that was made while conftests were imported, stays.
    """
    del config.stash[EARLY]
    with turn(config):
        state = config.stash.get(STATE, None)
        if state is None:
            return
        if state.server is None:
            del config.stash[STATE]
            for name in ("supaseed_running", "supaseed_keeping"):
                if config.pluginmanager.hasplugin(name):
                    config.pluginmanager.unregister(name=name)
        elif (worker := getattr(config, "workerinput", None)) is not None:
            state.settings = replace(state.settings, seed=worker["supaseed_seed"])


def session_state(config: pytest.Config) -> SessionState:
    """Return the state of the session for a fixture of the plugin, with the markers of all selected tests read.

    They have not been read yet where no marker and no argument has shown that a test uses the plugin, as one may
    request a fixture by getfixturevalue(). Then there are no problems to be found.
    """
    state = resolved_state(config)
    if not state.read:
        state.read = True
        session: Any = config.pluginmanager.getplugin("session")
        read_items(session.items, state)
    return state


def check_markers(session: pytest.Session, state: SessionState) -> bool:
    """Read the markers of all selected tests; return whether all are valid, so that the tests can be run.

    Raises:
        pytest.UsageError: some are invalid, in another process than a worker of pytest-xdist.
    """
    state.read = True
    problems = read_items(session.items, state)
    if problems:
        refuse(session, usage_error(problems))
    return not problems


def _state(config: pytest.Config) -> SessionState | None:
    """Return the state of the session, None where no test uses the plugin."""
    state = config.stash.get(STATE, None)
    return state if state is not None and state.read else None


def reads_all(config: pytest.Config) -> bool:
    """Whether the tests are read even if none has a marker or a fixture of the plugin."""
    state = config.stash[STATE]
    settings = state.settings
    return bool(settings.plan or settings.configuration or settings.variables or state.recorder)


def _switch(config: pytest.Config, name: str) -> bool:
    try:
        return ini.switch(config, name)
    except ValueError as error:
        raise ConfigError(f"supaseed_{name}: {error}: write true or false") from None


def header_lines(config: pytest.Config) -> list[str]:
    """Return the lines with the server, the seed, the limit, and the extension stubs for the schema."""
    state = resolved_state(config)
    state.headed, settings = True, state.settings
    drawn = " (drawn)" if settings.drawn else ""
    server, bin_folder, major = _server(state)
    lines = [
        f"supaseed: {server}, seed {settings.seed}{drawn}, limit {settings.max_records} rows, "
        f"values version {VALUES_VERSION}"
    ]
    away = settings.libpq_environment.present()
    # Without a server, no variables are removed.
    if away and (major or settings.server_fixture is not None):
        lines.append(
            "supaseed: not for this server, so taken out of the environment while it runs: " + ", ".join(away)
        )
    if settings.tcp_ignored:
        lines.append(f"supaseed: {settings.tcp_ignored}")
    address: Any = config.pluginmanager.getplugin("supaseed_address")
    if settings.variables and address is not None:
        lines.append(f"supaseed: {address.variables_line()}")
    if settings.schema:
        from pytest_supaseed.sources.extensions import report_header

        schema = report_header(settings.schema, config.rootpath, bin_folder, major)
        if schema:
            lines.append(f"supaseed: {schema}")
    return lines


def _installation(config: pytest.Config, settings: Settings) -> Installation:
    from pytest_supaseed.postgres.server.programs import find

    def wanted() -> CreatedExtensions:
        from pytest_supaseed.sources.extensions import created_extensions

        return created_extensions(settings.schema, config.rootpath)

    return find(settings.postgres, pg_ctl=postgresql_option(config, "exec"), wanted=wanted)


def _server(state: SessionState) -> tuple[str, Path | None, int]:
    """Return the server for the report header; and, as far as known, its bin folder and major version."""
    settings = state.settings
    if settings.server_fixture is not None:
        return f"PostgreSQL of the fixture {settings.server_fixture}", None, 0
    if settings.server_url is not None:
        return f"PostgreSQL at {settings.shown_postgres}", None, 0
    try:
        found = state.installation()
    except ServerError as error:
        # It is a usage error where a test needs a server.
        return f"no server ({redacted(str(error).splitlines()[0])})", None, 0
    taken = ", ".join(filter(None, (found.origin, found.reason)))
    return f"PostgreSQL {found.version} ({taken})", found.bin, found.major


def import_schema(session: pytest.Session, state: SessionState) -> None:
    """Import the modules of the schema before a test replaces the clock, which their classes may read."""
    config = session.config
    if state.recorder is not None:
        state.tests = frozenset(str(path) for path in {item.path for item in session.items})
    # Only a dotted path has a colon; for others, SQLAlchemy is not imported before the server is started.
    if ":" not in state.settings.schema or any(
        config.getoption(option, False) for option in _RUNNING_NOTHING
    ):
        return
    if any(uses_configured_schema(item) for item in session.items):
        _import_schema(config, state)


def check_server(session: pytest.Session, state: SessionState) -> None:
    """Check the server that is set, as far as can be known before the first test, if a selected test needs it.

    Raises:
        pytest.UsageError: it cannot be used, in another process than a worker of pytest-xdist.
    """
    config, settings = session.config, state.settings
    items = [item for item in session.items if needs_server(item)]
    if not items or any(config.getoption(option, False) for option in _RUNNING_NOTHING):
        return
    try:
        name = settings.server_fixture
        if name is not None:
            _check_fixture(name, items)
        elif settings.server_url is not None:
            with garbage_collection_paused():
                from pytest_supaseed.session.session_server import check_server
            check_server(settings)
        elif settings.postgres != DEFAULT_SERVER or postgresql_option(config, "exec"):
            state.installation()
        _check_settings(state)
    except UnansweredError as error:
        if not any(map(has_wider_fixtures, items)):
            refuse(session, _worded(error))
        # A fixture may start the server yet.
    except SeedError as error:
        refuse(session, _worded(error))


def _check_settings(state: SessionState) -> None:
    """Have PostgreSQL check the settings of all databases before its server runs.

    Raises:
        ServerError: it does not know one of them.
    """
    settings = state.settings
    if not settings.database or settings.server_url is not None or settings.server_fixture is not None:
        return
    try:
        installation = state.installation()
    except ServerError:
        # Where nothing is set, and no PostgreSQL is found, the other tests can be run.
        return
    from pytest_supaseed.postgres.server.programs import check_settings

    check_settings(installation, settings.database)


def check_meanings(session: pytest.Session) -> None:
    """Load the meanings of columns that installed packages register, if a selected test needs a server.

    Raises:
        pytest.UsageError: they cannot be used, in another process than a worker of pytest-xdist.
    """
    if not any(map(needs_server, session.items)) or not registrations():
        return
    try:
        with garbage_collection_paused():
            from pytest_supaseed.values.meanings.registry import meanings
        # Kept for the plans.
        meanings()
    except SeedError as error:
        refuse(session, _worded(error))


def _worded(error: SeedError) -> str:
    return printable(redacted(f"supaseed: {error}"))


def _check_fixture(name: str, items: Sequence[pytest.Item]) -> None:
    for item in items:
        definitions = fixture_definitions(item, name)
        if not definitions:
            raise ConfigError(unknown_fixture(name, fixture_names(item.session)))
        if definitions[-1].scope != "session":
            raise ConfigError(narrower_fixture(name))


def unknown_fixture(name: str, known: Iterable[str] = ()) -> str:
    """Return the error for a server that a fixture is to give which does not exist, or not for all tests."""
    return (
        f"supaseed_postgres is 'fixture:{name}', and there is no fixture {name}{did_you_mean(name, known)}: write the "
        "name of a process fixture that is visible to all tests, such as fixture:postgresql_proc"
    )


def narrower_fixture(name: str) -> str:
    """Return the error for a server that a fixture is to give which ends before the session."""
    return (
        f"supaseed_postgres is 'fixture:{name}', and {name} is a fixture of a narrower scope than the session: write "
        "the name of a process fixture of pytest-postgresql, such as fixture:postgresql_proc"
    )


def check_models(session: pytest.Session, state: SessionState) -> None:
    """Check that the models by which tests name their tables are those of which the ini's schema is made.

    Raises:
        pytest.UsageError: some are not, in another process than a worker of pytest-xdist.
    """
    schema = state.settings.schema
    items = [item for item in session.items if models_of(item) and uses_configured_schema(item)]
    # Only the schema of a dotted path is made of models.
    if not items or ":" not in schema:
        return
    from pytest_supaseed.sources.source import metadata_of, resolve

    try:
        known = metadata_of(resolve(schema, session.config.rootpath))
    except SeedError:
        # The tests that need the schema report the error.
        return
    problems = []
    for item in items if known else ():
        found = (other_metadata(model, known, schema) for model in models_of(item))
        texts = tuple(f"@pytest.mark.seed: {text}" for text in found if text)
        if texts:
            path, line, _ = item.location
            problems.append(ItemProblems(item.nodeid, f"{path}:{(line or 0) + 1}", texts, texts))
    if problems:
        refuse(session, usage_error(problems))


def _import_schema(config: pytest.Config, state: SessionState) -> None:
    from pytest_supaseed.sources.source import import_early

    capturing: Any = config.pluginmanager.getplugin("capturemanager")
    # Output of the modules is captured and discarded.
    if capturing is not None:
        capturing.resume_global_capture()
    try:
        with garbage_collection_paused():
            errors = list(import_early(state.settings.schema, config.rootpath))
    finally:
        if capturing is not None:
            capturing.suspend_global_capture()
            capturing.read_global_capture()
    # Retried when a test needs them, because a session fixture may first set what the import needs.
    state.unimportable.update({error.written: error for error in errors})


def pytest_report_collectionfinish(config: pytest.Config) -> list[str]:
    """Return the lines of the header that have not been printed before the collection, and name ignored keys."""
    state = _state(config)
    if state is None:
        return []
    wanted = not state.headed and config.get_verbosity() >= 0 and not config.getoption("no_header")
    registered = registrations() if config.get_verbosity() >= 0 and not config.getoption("no_header") else ()
    return [
        *(header_lines(config) if wanted else ()),
        *(f"supaseed: meanings of columns: {found}" for found in registered),
        *(
            f"supaseed: {place}: ignored, for they mean nothing here: {', '.join(keys)}"
            for place, keys in state.ignored.items()
        ),
    ]


def refuse(session: pytest.Session, message: str) -> None:
    """Run no test of a session.

    Raises:
        pytest.UsageError: with the message, in another process than a worker of pytest-xdist.
    """
    output = getattr(session.config, "workeroutput", None)
    if output is None:
        raise pytest.UsageError(message)
    # A worker of pytest-xdist cannot exit with a usage error: it runs nothing, and the controller raises the error.
    output[_PROBLEMS] = message
    session.items.clear()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Keep the problems and notices of a worker for the controller."""
    output = getattr(node, "workeroutput", {})
    if _PROBLEMS in output:
        node.config.stash[_REFUSED] = output[_PROBLEMS]
    resolved_state(node.config).notices += output.get(_NOTICES, ())


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    """Exit with a usage error where the workers have found problems."""
    output, state = getattr(session.config, "workeroutput", None), _state(session.config)
    if output is not None and state is not None:
        output[_NOTICES] = list(state.notices)
    if _DROPPED in session.config.stash:
        # That no test was run is no failure.
        dropped = session.config.stash[_DROPPED]
        session.exitstatus = pytest.ExitCode.OK if dropped else pytest.ExitCode.TESTS_FAILED
    yield
    if state is not None and state.server is not None:
        # No test has used it, or none has been run.
        state.close_server()
    message = session.config.stash.get(_REFUSED, None)
    if message is not None:
        raise pytest.UsageError(message)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Note which databases the next test will need."""
    state = _state(item.config)
    if state is not None:
        state.following = nextitem
        state.next_own = own_specs([nextitem] if nextitem is not None else [])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Advance the background work (prepared clones), and have the test seeded before its own fixtures."""
    state = _state(item.config)
    if state is None:
        return
    state.running = item
    if state.proceed is not None:
        state.proceed()
    if not state.settings.plan:
        seed_early(item, state)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Seed for a marker that a fixture has added to the test; let each example of Hypothesis start from the rows."""
    __tracebackhide__ = True
    state = _state(item.config)
    if state is None:
        return (yield)
    with without_traceback():
        unseeded = read_added_markers(item, state)
    if unseeded:
        item._request.getfixturevalue(SEEDED)  # type: ignore[attr-defined] # it has fixtures
    if "hypothesis" not in sys.modules:
        return (yield)
    from pytest_supaseed.plugin.examples import examples

    with examples(item, state):
        return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> None:
    """Say what to write where Django is the schema, before pytest-django connects to the server of its settings.

    Raises:
        ConfigError: a fixture names Django, which only the ini can do.
    """
    if fixturedef.argname != "django_db_setup" or request.config.pluginmanager.hasplugin(DJANGO):
        return
    with without_traceback():
        if _state(request.config) is not None and request.getfixturevalue("supaseed_schema") == "django":
            raise ConfigError(DJANGO_TOO_LATE)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Note that commits from now on are those of fixtures."""
    state = _state(item.config)
    if state is not None:
        state.running = None


def complete_report(item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport) -> None:
    """Add the start state of a failing test to its report."""
    state = _state(item.config)
    if call.excinfo is not None and state is not None:
        _add_outage(item, call.excinfo.value, report, state)
    start_state = item.stash.get(START_STATE, None)
    if call.when == "call" and start_state is not None:
        from pytest_supaseed.reports.text import failure_lines

        try:
            lines = failure_lines(start_state.plan(), start_state.counts, start_state.version, item.nodeid)
        except SeedError as error:
            # The database was seeded in an earlier session, and making its plan needs the server, which may be gone.
            lines = str(error).splitlines()[:1]
        report.sections.append(("supaseed", "\n".join(lines)))


@pytest.hookimpl(tryfirst=True)
def pytest_exception_interact(
    node: pytest.Item | pytest.Collector, call: pytest.CallInfo[Any], report: object
) -> None:
    """Print the database of a failing test before --pdb opens its prompt."""
    terminal = node.config.pluginmanager.getplugin("terminalreporter")
    if not node.config.getoption("usepdb", False) or terminal is None or call.when == "teardown":
        return
    lines = _open_databases(node)
    if lines:
        terminal.write("\n")
    for line in lines:
        terminal.write_line(f"supaseed: {line}")


def _open_databases(node: pytest.Item | pytest.Collector) -> list[str]:
    """Return how to look at the databases of a failing test; nothing if it has none."""
    if not isinstance(node, pytest.Item):
        return []
    state = node.config.stash[STATE]
    _, shared = node.stash.get(SHARED, (None, None))
    database = node.stash.get(OWN, None)
    lines: list[str] = []
    if shared is not None or database is not None:
        lines += _open_database(node, state, shared)
    for wider in wider_databases_of(state, node):
        lines += _open_database(node, state, wider.shared, wider.database)
    return lines


def _open_database(
    node: pytest.Item, state: SessionState, shared: RolledBack | None, database: SeededDatabase | None = None
) -> list[str]:
    """Return how to look at a database of a failing test.

    Args:
        shared: the database, if the test is rolled back on it.
        database: the database, if it is not the test's own.
    """
    from pytest_supaseed.connecting import without_password
    from pytest_supaseed.postgres.databases.maintenance import libpq_url
    from pytest_supaseed.reports.text import open_database_lines

    url = shared.url if shared is not None else (database or node.stash[OWN]).url
    ours = state.settings.server_url is None and state.settings.server_fixture is None
    if not ours or state.postgresql_options().password:
        # The user knows it; another one is drawn for the session.
        url = without_password(url)
    arguments = inspect.signature(node.function).parameters if isinstance(node, pytest.Function) else ()
    spec = node.stash.get(ASKED, None)
    tables = [] if spec is None else [table.name for table in spec.tables]
    visible = shared is None or node.stash.get(ADDED, False)
    visible = visible or (state.kept is not None and node.nodeid in state.kept.committed)
    names = [name for name in ("seeded_session", "seeded_connection") if name in arguments]
    return open_database_lines(libpq_url(url), names, tables, own=visible)


def _outages(error: BaseException) -> Iterator[Outage]:
    """The outages that an error consists of; none if it contains any other error."""
    inner = getattr(error, "exceptions", None)
    if isinstance(error, Outage):
        yield error
    elif isinstance(inner, tuple):
        found = [list(_outages(each)) for each in inner]
        if all(found):
            yield from chain.from_iterable(found)


def _add_outage(
    item: pytest.Item, error: BaseException, report: pytest.TestReport, state: SessionState
) -> None:
    """Add an outage of the server to the report of a failing test: in full the first time, then by reference."""
    # pytest groups the errors of several fixtures that are torn down after one test.
    outages = list(_outages(error))
    if outages:
        known = next((each for each in outages if each.key in state.outages), None)
        # For the controller of pytest-xdist, whose other workers may meet the same.
        told = known or outages[0]
        vars(report)["supaseed_outage"] = [told.key, told.reference]
        if known is not None:
            report.longrepr = _by_reference(known.reference, state.outages[known.key])
        else:
            state.outages[outages[0].key] = f"{item.nodeid} ({report.when})"
            # pytest groups the last teardown first, and only its error knows how the session goes on.
            report.longrepr = str(outages[0])
    elif state.interruption is not None and not state.outages:
        interruption = state.interruption(error, report.when == "call")
        if interruption is not None:
            report.sections.append(("supaseed: PostgreSQL", interruption))


def _by_reference(reference: str, test: str) -> str:
    return f"{reference}: see the error of {test}"


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Refer to the error of another worker of pytest-xdist, where it has shown the same outage in full."""
    key, reference = getattr(report, "supaseed_outage", (None, ""))
    config = getattr(getattr(report, "node", None), "config", None)
    if key is None or config is None:
        return
    shown = resolved_state(config).outages
    if key in shown:
        report.longrepr = _by_reference(reference, shown[key])
    else:
        shown[key] = f"{report.nodeid} ({report.when})"


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> bool | None:
    """Collect nothing for --supaseed-drop."""
    if not session.config.getoption("supaseed_drop"):
        return None
    session.items, session.testscollected = [], 0
    return True


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Print the plans in place of running tests, for --supaseed-plan; drop what was kept, for --supaseed-drop."""
    if session.config.getoption("supaseed_drop"):
        from pytest_supaseed.plugin.keeping import drop

        terminal = session.config.pluginmanager.getplugin("terminalreporter")
        session.config.stash[_DROPPED] = drop(session.config, terminal)
        return True
    if not session.config.getoption("supaseed_plan") or session.config.getoption("collectonly"):
        return None
    terminal = session.config.pluginmanager.getplugin("terminalreporter")
    seeded = [item for item in session.items if is_seeded(item)]
    for item, following in zip_longest(seeded, seeded[1:]):
        session.testsfailed += not _print_plan(item, following, terminal)
    if not seeded:
        terminal.write_line("supaseed: none of the selected tests has a marker or a fixture of ours")
    return True


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the notices of the session, each once."""
    state = config.stash.get(STATE, None)
    for line in dict.fromkeys(state.notices if state is not None else ()):
        terminalreporter.write_line(f"supaseed: {line}")


def _print_plan(item: pytest.Item, following: pytest.Item | None, terminal: Any) -> bool:
    """Print the plan of one test, and return whether there is one."""
    plans = item.stash[PLANNED] = []
    # The test's own fixtures are not set up.
    item.fixturenames = ["_supaseed_plan_lines"]  # type: ignore[attr-defined] # it is a function
    setup = pytest.CallInfo.from_call(lambda: item.ihook.pytest_runtest_setup(item=item), "setup")
    teardown = pytest.CallInfo.from_call(
        lambda: item.ihook.pytest_runtest_teardown(item=item, nextitem=following), "teardown"
    )
    error = next((call.excinfo.value for call in (setup, teardown) if call.excinfo), None)
    skipped = isinstance(error, pytest.skip.Exception)
    terminal.ensure_newline()
    if item.config.getoption("supaseed_plan_format") == "json":
        from pytest_supaseed.reports.plan_json import document_of_test

        terminal.write_line(json.dumps(document_of_test(item.nodeid, plans, error, skipped=skipped)))
        return error is None or skipped
    from pytest_supaseed.reports.text import plan_lines

    lines = [line for name, plan in plans for line in ([f"{name}:"] if name else []) + plan_lines(plan)]
    terminal.write_line(item.nodeid, bold=True)
    for line in lines if error is None else f"{'skipped: ' if skipped else ''}{error}".splitlines():
        terminal.write_line(f"    {line}", red=error is not None and not skipped)
    return error is None or skipped


def _postgresql_options(config: pytest.Config) -> ServerSettings:
    """Return the user's values of pytest-postgresql's options."""
    from pytest_supaseed.postgres.server.server import ServerSettings

    names = ("user", "password", "dbname", "options", "host", "unixsocketdir", "postgres_options")
    port = postgresql_option(config, "port")
    number = int(port) if port is not None and port.isdecimal() and len(port) <= _PORT_DIGITS else None
    if port is not None and not 0 < (number or 0) <= _GREATEST_PORT:
        raise ConfigError(
            f"postgresql_port is {shortened(port)}: write one number from 1 to {_GREATEST_PORT}, or leave it out for a "
            "Unix socket"
        )
    given = {name: postgresql_option(config, name) for name in names}
    for name, value in given.items():
        if value is not None and (problem := text_problem(value)):
            raise ConfigError(f"postgresql_{name} {problem}")
    settings = resolved_state(config).settings
    return ServerSettings(
        **given,
        port=number,
        loopback=settings.tcp,
        stays_up=settings.keep is not None,
        keep_folder=_keep_folder(config, settings),
    )


def _keep_folder(config: pytest.Config, settings: Settings) -> Path | None:
    """Return the folder for a server that stays up; None for one for temporary files.

    Raises:
        ConfigError: there is no such folder.
    """
    if settings.keep is None or not settings.keep.folder:
        return None
    folder = config.rootpath / Path(settings.keep.folder).expanduser()
    if not folder.is_dir():
        raise ConfigError(
            f"supaseed_keep_folder is {shortened(settings.keep.folder)}: there is no folder {folder}: make it, choose "
            "another one, or leave it out for one below TMPDIR"
        )
    return folder


def postgresql_option(config: pytest.Config, name: str) -> str | None:
    """Return the value of an option of pytest-postgresql; None where it has its default."""
    option = f"postgresql_{name}"
    found = _option(config, option)
    # getini() does not distinguish a given value from the default.
    if not found and ini.is_given(config, option):
        found = config.getini(option)
    return str(found) if found else None


def _cache_folder(config: pytest.Config) -> Path | None:
    """Return the folder for later sessions; None without a cache, or where other users may write to it."""
    cache: Any = getattr(config, "cache", None)
    if cache is None:
        return None
    # The path of cache.mkdir("supaseed"), which would follow links and leave the mode to the umask.
    from pytest_supaseed.filesystem import OwnFolder

    folder = Path(cache._cachedir, "d", "supaseed")
    try:
        if os.path.islink(folder.parent):
            return None
        if not os.path.lexists(folder):
            # This creates pytest's own folder with the files that pytest puts there, such as .gitignore. The name is
            # of this process alone, for another worker may be filling ours.
            cache.mkdir(f"supaseed-{token(4)}").rmdir()
        OwnFolder(folder, make=True).close()
    except OSError:
        # The checkout is read-only, or other users may write to the folder: nothing is kept.
        return None
    return folder


def _terminal(config: pytest.Config) -> AbstractContextManager[None]:
    """Return a context in which output goes to the terminal past the capture manager."""
    capturing: Any = config.pluginmanager.getplugin("capturemanager")
    if capturing is None:
        return nullcontext()
    disabled: AbstractContextManager[None] = capturing.global_and_fixture_disabled()
    return disabled
