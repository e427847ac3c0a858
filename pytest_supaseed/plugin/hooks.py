"""The plugin's entry point: options, markers and fixtures, and whether anything uses the plugin.

Every pytest run imports this module and the fixtures, and most runs use none of the plugin: all else is imported when
an option or an ini key is given, or when a selected test has one of our markers or fixtures (:func:`_asks`). Then
:mod:`~pytest_supaseed.plugin.running` resolves the settings, checks all markers, and follows the tests with hooks of
its own. tests/test_imports.py lists what an empty run may import.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

# rng and the clock are imported here so that they are bound before any test replaces what they bind.
from pytest_supaseed import clock, options, rng  # noqa: F401
from pytest_supaseed.plugin import fixtures, ini, internals

if TYPE_CHECKING:
    from pytest_supaseed.plugin.state import SessionState

_PACKAGE = "pytest_supaseed."
_FACTORY = "seeded_database"
_OF_FACTORY = (
    "seeded_database makes fixtures, and is none: write camp = seeded_database(users=5) in a module or a conftest, and "
    "ask for camp; or ask for seeded_db, with @pytest.mark.seed(users=5)"
)
# From how near on the name of a fixture is taken for a misspelling of one of ours.
_NEAR = 0.8


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add the options; register the fixtures so that fixtures of the same names in any other plugin override them."""
    pluginmanager.register(fixtures, "supaseed_fixtures")
    # pytest reads the fixtures of plugins in the order of this list, which is private to pluggy, and later ones
    # override. The plugins of "-p" were registered before, so the entry is moved to the front.
    registered = getattr(pluginmanager.hook.pytest_plugin_registered, "_call_history", None)
    if registered:
        registered.insert(0, registered.pop())
    group = parser.getgroup("supaseed", "exactly so many rows in PostgreSQL")
    for name, text in options.OPTIONS.items():
        flag = f"--supaseed-{name.replace('_', '-')}"
        group.addoption(
            flag, dest=f"supaseed_{name}", default=None, metavar=options.METAVARS[name], help=text
        )
        parser.addini(f"supaseed_{name}", text[0].upper() + text[1:], default="")
    group.addoption(
        "--supaseed-plan",
        action="store_true",
        dest="supaseed_plan",
        help="print which rows each selected test would find, and run nothing",
    )
    group.addoption(
        "--supaseed-plan-format",
        choices=("text", "json"),
        default="text",
        dest="supaseed_plan_format",
        help="how --supaseed-plan prints: text, or json for programs (default: text)",
    )
    group.addoption(
        "--supaseed-report",
        dest="supaseed_report",
        default=None,
        metavar="FILE",
        help="write a page of HTML with the schema, the rows of each seed, the tests and a timeline",
    )
    group.addoption(
        "--supaseed-tcp",
        action="store_true",
        dest="supaseed_tcp",
        help="the server also listens on 127.0.0.1, with a random password (default: a Unix socket only)",
    )
    group.addoption(
        "--supaseed-keep",
        action="store_true",
        dest="supaseed_keep",
        help="keep databases of failing tests after the session, and print how to look into them",
    )
    group.addoption(
        "--supaseed-drop",
        action="store_true",
        dest="supaseed_drop",
        help="drop what --supaseed-keep has kept of this rootdir, and run nothing",
    )
    for name, text in options.INI.items():
        parser.addini(f"supaseed_{name}", text, default="")
    for name, text in options.SWITCHES.items():
        parser.addini(f"supaseed_{name}", text, type="bool", default=False)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    """Refuse misspelt options, and do what has to precede the modules of the project, which conftests import.

    The files that they read are recorded if schemas that are code are kept, and the stable address is put into the
    environment if that is asked for.
    """
    if problem := ini.unknown_option(args, _options(early_config), _keys()):
        raise pytest.UsageError(f"supaseed: {problem}")
    if variables := ini.text_of(early_config, "env"):
        from pytest_supaseed.plugin.addressing import set_variables

        set_variables(early_config, variables)
    try:
        kept = ini.switch(early_config, "keep_code")
    except ValueError:
        # Reported by pytest_configure.
        return
    if kept:
        from pytest_supaseed.plugin.running import recorder

        recorder(early_config)


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, and resolve the settings if any is given."""
    for marker in options.MARKERS:
        config.addinivalue_line("markers", marker)
    if config.pluginmanager.hasplugin("supaseed_address"):
        from pytest_supaseed.plugin.running import forget_early_state

        forget_early_state(config)
    if problem := ini.unknown_key(config, _keys(), _options(config)):
        raise pytest.UsageError(f"supaseed: {problem}")
    if _is_given(config):
        _resolve(config)
        _register_django(config)


def _keys() -> list[str]:
    """Return the names of the ini keys, without the prefix."""
    return [*options.OPTIONS, *options.INI, *options.SWITCHES]


def _options(config: pytest.Config) -> list[str]:
    """Return the names of the options, without the prefix."""
    known = (name.partition("_") for name in vars(config.known_args_namespace))
    return [name for prefix, _, name in known if prefix == ini.PREFIX]


def _is_given(config: pytest.Config) -> bool:
    """Whether any option, ini key or variable of the plugin has a value."""
    return (
        any(config.getoption(f"supaseed_{name}") is not None for name in options.OPTIONS)
        or config.getoption("supaseed_plan")
        or config.getoption("supaseed_report") is not None
        or config.getoption("supaseed_tcp")
        or config.getoption("supaseed_keep")
        or config.getoption("supaseed_drop")
        or bool(os.environ.get(options.ENVIRONMENT))
        or any(ini.text_of(config, name) for name in (*options.OPTIONS, *options.INI))
        or any(_is_on(config, name) for name in options.SWITCHES)
    )


def _resolve(config: pytest.Config) -> SessionState:
    from pytest_supaseed.errors import ConfigError
    from pytest_supaseed.plugin.running import resolved_state
    from pytest_supaseed.wording import printable

    try:
        return resolved_state(config)
    except ConfigError as error:
        raise pytest.UsageError(printable(f"supaseed: {error}")) from None


def _register_django(config: pytest.Config) -> None:
    """Register the fixtures for Django's tests, where the schema is a Django project's and pytest-django is there."""
    words = ini.text_of(config, "schema").split()
    names = {str(getattr(plugin, "__name__", "")) for plugin in config.pluginmanager.get_plugins()}
    if "django" in words and "pytest_django.plugin" in names:
        from pytest_supaseed.plugin import django
        from pytest_supaseed.plugin.state import DJANGO

        # Registered after pytest-django, whose fixtures these override; those of a conftest override both.
        config.pluginmanager.register(django, DJANGO)


def _is_on(config: pytest.Config, name: str) -> bool:
    try:
        return ini.switch(config, name)
    except ValueError:
        # A value that is neither true nor false is refused when the settings are resolved.
        return True


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Hand seed and run token to a worker of pytest-xdist."""
    from pytest_supaseed.plugin.running import resolved_state

    state = resolved_state(node.config)
    node.workerinput["supaseed_seed"] = state.settings.seed
    node.workerinput["supaseed_run"] = state.run.token


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, Any, Any]:
    """Run --supaseed-plan and --supaseed-drop without pytest-xdist: only this process has the terminal."""
    alone = config.getoption("supaseed_plan") or config.getoption("supaseed_drop")
    if alone and hasattr(config.option, "numprocesses"):
        config.option.numprocesses = 0
        config.option.distload = False
        config.option.dist = "no"
        config.option.tx = []
    return (yield)


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Return the lines with the server, the seed, the limit, and the extension stubs for the schema.

    Where nothing is configured, no test may use the plugin: then the lines follow the collection, if one does. The
    controller of pytest-xdist collects no tests, so that it prints them here.
    """
    manager = config.pluginmanager
    if not (manager.hasplugin("supaseed_running") or manager.hasplugin("dsession")):
        return []
    from pytest_supaseed.plugin.running import header_lines

    return header_lines(config)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Read the markers of all selected tests, if any uses the plugin; if one is invalid, nothing is run.

    The modules of the schema are imported here, because a test may replace the clock, which their classes may read.
    """
    manager = session.config.pluginmanager
    running: Any = manager.getplugin("supaseed_running")
    if not (running is not None and running.reads_all(session.config)) and not any(map(_asks, session.items)):
        return
    from pytest_supaseed.plugin.running import (
        check_markers,
        check_meanings,
        check_models,
        check_server,
        import_schema,
        refuse,
    )

    try:
        state = _resolve(session.config)
    except pytest.UsageError as error:
        # A conftest has set the environment variable since pytest_configure.
        refuse(session, str(error))
        return
    if not check_markers(session, state):
        return
    if state.factories:
        from pytest_supaseed.plugin import factory

        # It has one more fixture.
        manager.register(factory, "supaseed_isolation")
        # Registered only where needed: these hooks cost every fixture time.
        if any(declaration.scope != "function" for declaration in state.factories):
            manager.register(factory.WiderFixtures(state), "supaseed_wider_fixtures")
    import_schema(session, state)
    check_models(session, state)
    check_meanings(session)
    check_server(session, state)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Complete the report of a failing test.

    The hook is here, because the wrappers of a project's conftest see only what those registered before them have done.
    """
    report = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, pytest.FixtureLookupError):
        _name_near_fixture(item, call.excinfo.value, report)
    if report.failed and item.config.pluginmanager.hasplugin("supaseed_running"):
        from pytest_supaseed.plugin.running import complete_report

        complete_report(item, call, report)
    return report


def _name_near_fixture(
    item: pytest.Item, error: pytest.FixtureLookupError, report: pytest.TestReport
) -> None:
    """Add to pytest's error on a fixture that does not exist which of ours may have been meant."""
    from difflib import get_close_matches

    name = str(error.argname)
    known = [each for each in vars(fixtures) if not each.startswith("_") and _is_fixture(each)]
    near = get_close_matches(name.casefold(), known, n=1, cutoff=_NEAR)
    if name == _FACTORY:
        report.sections.append(("supaseed", _OF_FACTORY))
    elif near and name not in internals.fixture_names(item.session):
        report.sections.append(("supaseed", f"there is no fixture {name}: did you mean {near[0]}?"))


def _is_fixture(name: str) -> bool:
    return name.startswith(("seeded", "supaseed"))


def _asks(item: pytest.Item) -> bool:
    """Whether a test has a marker of the plugin, or may use one of its fixtures: an overridden one counts, too."""
    if any(_is_ours(mark, item.config) for mark in item.iter_markers()):
        return True
    known: dict[str, Any] = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {})
    functions = (definition.func for definition in _definitions(item, known))
    return any(str(getattr(each, "__module__", "")).startswith(_PACKAGE) for each in functions)


def _is_ours(mark: pytest.Mark, config: pytest.Config) -> bool:
    """Whether a marker is one of the plugin, or was meant to be one."""
    if mark.name in (ini.SEED, ini.SEED_OPTIONS):
        return not ini.is_foreign(mark, config, options.MARKERS)
    # Few names begin like ours.
    return mark.name[:1] in "sS" and ini.is_misspelt(mark, config, options.MARKERS)


def _definitions(item: pytest.Item, known: dict[str, Any]) -> Iterator[Any]:
    """Yield the definitions of the fixtures that a test may use.

    Before pytest 9 `known` lacks what only an overridden fixture requests; and it lacks names that were added to the
    test after pytest has resolved them.
    """
    waiting = [*dict.fromkeys((*known, *getattr(item, "fixturenames", ())))]
    seen = set(waiting)
    while waiting:
        name = waiting.pop()
        for definition in known.get(name) or internals.fixture_definitions(item, name):
            yield definition
            missing = set(definition.argnames) - seen
            seen |= missing
            waiting += missing
