"""Collected tests (pytest items): their markers, the fixtures that they use, and the specs that follow from both.

:func:`read_items`, the place to begin reading, checks all selected tests after collection; the other public functions
answer questions of the hooks about one test.
"""

from __future__ import annotations

import inspect
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from pytest_supaseed.errors import ConfigError, close_names
from pytest_supaseed.markers import Arguments, ItemProblems, Suite, asked_spec, parse_seed
from pytest_supaseed.options import MARKERS as MARKER_LINES
from pytest_supaseed.plugin import ini
from pytest_supaseed.plugin.internals import fixture_definitions, fixture_names, is_async_test
from pytest_supaseed.plugin.state import (
    ADDED,
    ADDRESS,
    ASKED,
    ASYNC_CONNECTION,
    ASYNC_PSYCOPG,
    CHECKED,
    CONNECTION,
    DATABASE,
    DJANGO,
    EARLY_SEED,
    FIXTURES,
    ISOLATION,
    LEADING,
    MARKERS,
    NO_USES,
    PSYCOPG,
    SEEDED,
    USES,
    FixtureDeclaration,
    SessionState,
    Uses,
)
from pytest_supaseed.sources.model_classes import ModelTable
from pytest_supaseed.spec import Configuration, SeedSpec, configuration_of
from pytest_supaseed.wording import abbreviated

_EARLY = "_supaseed_early"
# Each gives a connection of its own that is rolled back.
_ROLLED_BACK = frozenset((CONNECTION, ASYNC_CONNECTION, PSYCOPG, ASYNC_PSYCOPG))
# Modules of fixtures of a wider scope that start no server.
_OF_NO_SERVER = ("_pytest.", "pytest_supaseed.", "pytest_asyncio.", "anyio.", "faker.", "xdist.")
# The fixtures that a conftest overrides, without the prefix.
_OVERRIDDEN = ("generators", "postgres", "schema")
_OF_TAG = (
    "the tag @seed becomes the marker of pytest-supaseed that says how many rows a test finds, and it says nothing: "
    "rename the tag; or, if it means something else, register it among the markers of the ini, as in 'seed: a tag of "
    "features', and it is left alone. Rows are asked for in Python: @pytest.mark.seed(users=5) above @scenario(...), "
    "or pytestmark beside scenarios(...)"
)
_WITH_ARGUMENTS = (
    "the tag @{}: a tag has no arguments. Rows are asked for in Python: @pytest.mark.seed(users=5) above "
    "@scenario(...), or pytestmark beside scenarios(...)"
)
_WITHOUT_ROWS = (
    "@pytest.mark.seed_options: the test has no @pytest.mark.seed that it could be about: add one, or leave it out; "
    "a seeded_database(...) takes max_records, seed and locale itself"
)


def read_items(items: Sequence[pytest.Item], state: SessionState) -> list[ItemProblems]:
    """Read the markers of all selected tests, and store with each its spec and the fixtures that it uses.

    Args:
        items: the selected tests. One with a marker and no fixture of the plugin gets one.
        state: of the session; it gets the specs.

    Returns:
        All problems.
    """
    if not items:
        return []
    problems: list[ItemProblems] = []
    base = None
    if state.settings.configuration:
        base, problem = _base(items[0].config, state)
        problems += [problem] if problem else []
    state.suite = Suite(state.settings, items[0].config.rootpath, base)
    problems += _misspelt_overrides(items)
    reader = _Reader(state, base)
    for item in items:
        problems += reader.read(item)
    return problems


@dataclass(frozen=True)
class _Reader:
    """Reads the markers of one test after another.

    Attributes:
        state: of the session; it gets the specs.
        base: the configuration of the whole suite, None where it has none.
        known: the spec and the problems of markers, which the tests of a class share.
        used: the fixtures of the plugin that tests use, which those of a parametrized function share.
    """

    state: SessionState
    base: Configuration | None
    known: dict[tuple[int, ...], tuple[SeedSpec, tuple[str, ...]]] = field(default_factory=dict)
    used: dict[tuple[int, tuple[str, ...]], Uses] = field(default_factory=dict)

    def read(self, item: pytest.Item) -> Iterator[ItemProblems]:
        """Store with a test its spec and the fixtures that it uses, and yield its problems."""
        seeds, options = list(markers(item, "seed")), list(markers(item, "seed_options"))
        key = tuple(map(id, (*seeds, *options)))
        spec, found = self._spec(item, key, seeds, options)
        if found and (tag := _tag(item, seeds)):
            yield ItemProblems(item.nodeid, ":".join(map(str, tag)), (_OF_TAG,), tag)
            return
        yield from _misspelt(item)
        if self._is_without_rows(item, seeds, options):
            found = (*found, _WITHOUT_ROWS)
        if found:
            yield _problems_of(item, found, key)
        # Items other than functions, such as doctest text files, may have no fixtures.
        names = getattr(item, "fixturenames", None)
        if names is None:
            return
        item.stash[ASKED] = spec
        item.stash[MARKERS] = _number_of_markers(item)
        uses = self._uses(item, names)
        if "django" in self.state.settings.schema.split():
            uses, text = _django(item, uses, spec, self.state)
            if text:
                yield _problems_of(item, (text,), (key, text))
        uses = item.stash[USES] = self._with_fixtures(item, names, uses, seeded=bool(seeds))
        if uses.own_database or uses.connection:
            self.state.specs.append(spec)
            yield from _narrow_schema(item)
        yield from _declaration_problems(item, self.state)
        texts = _rolled_back_problems(item, spec if seeds else None, self.state)
        if texts:
            yield _problems_of(item, texts, (key, texts))

    def _spec(
        self,
        item: pytest.Item,
        key: tuple[int, ...],
        seeds: Sequence[pytest.Mark],
        options: Sequence[pytest.Mark],
    ) -> tuple[SeedSpec, tuple[str, ...]]:
        """The spec of a test's markers, and its problems."""
        if key not in self.known:
            self.known[key] = _asked(seeds, options, self.state)
            for mark in seeds:
                _remember_ignored(mark.args, item, self.state)
        return self.known[key]

    def _is_without_rows(
        self, item: pytest.Item, seeds: Sequence[pytest.Mark], options: Sequence[pytest.Mark]
    ) -> bool:
        """Whether a test has options of its own, and nothing that they could be about."""
        if not options or seeds or self.base is not None:
            return False
        return not any("settings" in mark.kwargs for mark in options) and _is_own(item, options[0])

    def _uses(self, item: pytest.Item, names: Sequence[str]) -> Uses:
        """The fixtures of the plugin that a test uses by itself."""
        key = id(getattr(item, "_fixtureinfo", None)), tuple(names)
        if key not in self.used:
            self.used[key] = _uses(item, self.state.settings.driver)
        return self.used[key]

    def _with_fixtures(self, item: pytest.Item, names: Sequence[str], uses: Uses, *, seeded: bool) -> Uses:
        """Give a test the fixtures that it needs besides, and return those that it uses then."""
        everywhere = bool(self.state.settings.variables)
        if seeded and not (uses.own_database or uses.connection):
            # A new list: the tests of a parametrized function share the old one.
            added = CHECKED if everywhere else SEEDED
            item.fixturenames = [*names, added]  # type: ignore[attr-defined] # it is a function
            uses = replace(uses, own_database=everywhere, connection=not everywhere)
            if not everywhere:
                item.stash[ADDED] = True
        if any(declaration.scope != "function" for _, declaration in uses.declarations):
            item.fixturenames = _with_isolation(item)  # type: ignore[attr-defined] # it is a function
        if uses.address or everywhere:
            item.fixturenames = _with_leading(item, first=everywhere)  # type: ignore[attr-defined] # it is a function
        return uses


def _problems_of(item: pytest.Item, texts: tuple[str, ...], key: object) -> ItemProblems:
    """What is wrong with a test, at the place of its function."""
    path, line, _ = item.location
    return ItemProblems(item.nodeid, f"{path}:{(line or 0) + 1}", texts, key)


def _asked(
    seeds: Sequence[pytest.Mark], options: Sequence[pytest.Mark], state: SessionState
) -> tuple[SeedSpec, tuple[str, ...]]:
    """Return the spec of a test's markers, and its problems."""
    return asked_spec(
        [(mark.args, mark.kwargs) for mark in seeds],
        [(mark.args, mark.kwargs) for mark in options],
        state.suite,
    )


def _number_of_markers(item: pytest.Item) -> int:
    return sum(len(node.own_markers) for node in item.listchain())


def read_added_markers(item: pytest.Item, state: SessionState) -> bool:
    """Read the markers of a running test again if a fixture has added one, by applymarker() or add_marker().

    Returns:
        Whether the test has a ``seed`` and nothing that seeds it, so that it has to be given a fixture of the plugin.

    Raises:
        ConfigError: the markers are invalid.
    """
    number = _number_of_markers(item)
    if item.stash.get(MARKERS, number) == number:
        return False
    item.stash[MARKERS] = number
    seeds, options = list(markers(item, "seed")), list(markers(item, "seed_options"))
    spec, problems = _asked(seeds, options, state)
    if problems:
        raise ConfigError(f"A fixture has added a marker to {item.nodeid}:\n" + "\n".join(problems))
    # The same object for equal markers: seeds are found by it.
    item.stash[ASKED] = state.added_specs.setdefault((spec.fingerprint.text, spec.limit), spec)
    uses = item.stash.get(USES, NO_USES)
    return bool(seeds) and not (uses.own_database or uses.connection)


def _base(config: pytest.Config, state: SessionState) -> tuple[Configuration | None, ItemProblems | None]:
    """Return the configuration of the whole suite, or its problem."""
    # Imported here: few projects have a configuration file.
    from pytest_supaseed.sources.projects import configuration_file

    name = state.settings.configuration
    found = configuration_file(name, config.rootpath).read(config.rootpath)
    if found.problems:
        place = config.inipath.name if config.inipath else "supaseed_config"
        return None, ItemProblems(f"supaseed_config = {name}", place, found.problems, "supaseed_config")
    state.ignored.update({found.place: found.ignored} if found.ignored else {})
    return found, None


def _remember_ignored(args: tuple[Any, ...], item: pytest.Item, state: SessionState) -> None:
    file = configuration_of(args)
    found = file.read(item.config.rootpath) if file is not None else None
    if found is not None and found.ignored and not found.problems:
        state.ignored[found.place] = found.ignored


def markers(item: pytest.Item | pytest.Collector, name: str) -> Iterator[pytest.Mark]:
    """Yield the markers of a test or a class, nearest first: of ``pytest.param``, function, class, module, package."""
    for node in reversed(item.listchain()):
        found = [
            mark
            for mark in node.own_markers
            if mark.name == name and not ini.is_foreign(mark, item.config, MARKER_LINES)
        ]
        distance: dict[int, int] = {}
        if isinstance(node, pytest.Class):
            # own_markers lists the markers of base classes first.
            for number, ancestor in enumerate(node.obj.__mro__):
                distance.update(dict.fromkeys(map(id, _marks_of(ancestor)), number + 1))
        elif isinstance(node, pytest.Function) and hasattr(node, "callspec"):
            distance = dict.fromkeys(map(id, found), 1) | dict.fromkeys(map(id, node.callspec.marks), 0)
        yield from sorted(found, key=lambda mark: distance.get(id(mark), 0))


def _misspelt(item: pytest.Item) -> Iterator[ItemProblems]:
    """Yield the problems of markers whose names are misspellings of ours, and whose arguments ours could have."""
    for mark in item.iter_markers():
        meant = ini.resembles(mark.name) if mark.name[:1] in "sS" else ""
        if not meant or not ini.is_misspelt(mark, item.config, MARKER_LINES):
            continue
        path, line, _ = item.location
        place = f"{path}:{(line or 0) + 1}"
        if mark.name.startswith(f"{ini.SEED}("):
            file, number = _scenario_place(item) or (path, (line or 0) + 1)
            yield ItemProblems(
                item.nodeid, f"{file}:{number}", (_WITH_ARGUMENTS.format(mark.name),), mark.name
            )
        elif meant == ini.SEED_OPTIONS or _asks_for_rows(mark):
            text = (
                f"@pytest.mark.{mark.name}: there is no such marker: did you mean @pytest.mark.{meant}? If it is one "
                "of yours, register it among the markers of the ini"
            )
            yield ItemProblems(item.nodeid, place, (text,), id(mark))


def _misspelt_overrides(items: Sequence[pytest.Item]) -> Iterator[ItemProblems]:
    """Yield the problems of fixtures that begin like those which a conftest overrides, and that no test uses."""
    session, config = items[0].session, items[0].config
    meant: dict[str, str] = {}
    for name in fixture_names(session):
        rest = name.removeprefix(ini.PREFIX).lstrip("_")
        if name.startswith(ini.PREFIX) and rest not in _OVERRIDDEN:
            meant.update((name, near) for near in close_names(rest, _OVERRIDDEN)[:1])
    if not meant:
        return
    used = {name for item in items for name in getattr(item, "fixturenames", ())}
    for name in sorted(meant.keys() - used):
        definitions = next(filter(None, (fixture_definitions(item, name) for item in items)), ())
        if definitions and not definitions[-1].func.__module__.startswith("pytest_supaseed."):
            code = inspect.unwrap(definitions[-1].func).__code__
            place = f"{_relative(Path(code.co_filename), config)}:{code.co_firstlineno}"
            wanted = f"{ini.PREFIX}_{meant[name]}"
            text = f"no test asks for this fixture: did you mean {wanted}, which takes the place of ours?"
            yield ItemProblems(f"the fixture {name}", place, (text,), name)


def _narrow_schema(item: pytest.Item) -> Iterator[ItemProblems]:
    """Yield the problem of a fixture supaseed_schema that ends before the server, which outlives the tests."""
    definitions = _schema_definitions(item)
    if not definitions or definitions[-1].scope == "session":
        return
    code = inspect.unwrap(definitions[-1].func).__code__
    place = f"{_relative(Path(code.co_filename), item.config)}:{code.co_firstlineno}"
    text = f'it has scope "{definitions[-1].scope}": write @pytest.fixture(scope="session")'
    yield ItemProblems("the fixture supaseed_schema", place, (text,), place)


def _asks_for_rows(mark: pytest.Mark) -> bool:
    try:
        return not parse_seed(mark.args, mark.kwargs)[1]
    except Exception:  # an object of another's marker may raise whenever it is looked at
        return False


def _tag(item: pytest.Item, seeds: Sequence[pytest.Mark]) -> tuple[str, int] | None:
    """Return file and line of the pytest-bdd scenario whose tag has become a ``seed`` without arguments, else None."""
    if all(mark.args or mark.kwargs for mark in seeds):
        return None
    return _scenario_place(item, ini.SEED)


def _scenario(function: Any) -> Any:
    """Return the scenario of pytest-bdd that a test function runs, None for none."""
    # Since pytest-bdd 8 in a registry, before as an attribute.
    registry = getattr(sys.modules.get("pytest_bdd.scenario"), "scenario_wrapper_template_registry", {})
    attribute = getattr(function, "__scenario__", None)
    return registry.get(function, attribute) if inspect.isfunction(function) else None


def _scenario_place(item: pytest.Item, tag: str = "") -> tuple[str, int] | None:
    """Return file and line of the pytest-bdd scenario of a test; None without one, or where it lacks the tag."""
    scenario = _scenario(getattr(item, "obj", None))
    feature = getattr(scenario, "feature", None)
    if feature is None:
        return None
    tagged = [scenario, *getattr(scenario, "examples", ()), getattr(scenario, "rule", None), feature]
    found = next((each for each in tagged if not tag or tag in (getattr(each, "tags", None) or ())), None)
    if found is None:
        return None
    shown = _relative(Path(feature.filename), item.config)
    return shown, int(getattr(found, "line_number", None) or feature.line_number)


def _relative(path: Path, config: pytest.Config) -> str:
    """Return a path relative to pytest's rootdir, as messages name it."""
    return str(path.relative_to(config.rootpath) if path.is_relative_to(config.rootpath) else path)


def _is_own(item: pytest.Item, mark: pytest.Mark) -> bool:
    """Whether a marker belongs to this test only, and not to its class, its module or all its parameters."""
    callspec = getattr(item, "callspec", None)
    own = item.own_markers if callspec is None else callspec.marks
    return any(mark is other for other in own)


def _marks_of(ancestor: type) -> Iterator[pytest.Mark]:
    marks = ancestor.__dict__.get("pytestmark", [])
    for mark in marks if isinstance(marks, list) else [marks]:
        yield mark.mark if isinstance(mark, pytest.MarkDecorator) else mark


def _uses(item: pytest.Item, driver: str) -> Uses:
    """Return the fixtures of the plugin that a test uses, found by their functions.

    The name alone does not identify one, because a project may define a ``seeded_db`` of its own.

    Args:
        driver: of the fixtures for SQLAlchemy.
    """
    gives: set[str] = set()
    declarations: dict[tuple[str, FixtureDeclaration], None] = {}
    for name, function in _functions(item):
        if getattr(function, "__module__", "") == FIXTURES:
            gives.add(function.__qualname__)
        rebinds = getattr(function, "supaseed_rebinds", None)
        if rebinds is not None:
            gives.add(_rebound(item, is_async=rebinds))
        found = getattr(function, "supaseed_declaration", None)
        if isinstance(found, FixtureDeclaration):
            declarations[name, found] = None
    rolled_back, address = gives & _ROLLED_BACK, ADDRESS in gives
    shares = driver == "psycopg" and {CONNECTION, PSYCOPG} <= rolled_back
    if shares:
        rolled_back -= {PSYCOPG}
    # Of several connections, each would see only its own transaction: they work on a database of the test's own.
    own = DATABASE in gives or len(rolled_back) > 1 or address
    names = tuple(declarations)
    return Uses(own, bool(rolled_back), names, address, ASYNC_CONNECTION in gives, psycopg_shares=shares)


def _rebound(item: pytest.Item, *, is_async: bool) -> str:
    """Return the fixture to which an application's engines are rebound in a test.

    A test that is not async runs an async application in a loop that no fixture knows, as Starlette's TestClient does.
    """
    if not is_async:
        return CONNECTION
    return ASYNC_CONNECTION if is_async_test(item) else DATABASE


def _django(item: pytest.Item, uses: Uses, spec: SeedSpec, state: SessionState) -> tuple[Uses, str]:
    """Give a test that uses Django's database the fixtures for it.

    Returns:
        The fixtures of the plugin that it uses then, and what is wrong; empty for nothing.
    """
    from pytest_supaseed.plugin.django_items import (
        USE,
        added_fixtures,
        class_problem,
        is_configured,
        read_use,
        without_pytest_django,
    )

    if not item.config.pluginmanager.hasplugin(DJANGO):
        return uses, without_pytest_django(item) if spec.tables else ""
    use = read_use(item, uses, seeded=bool(spec.tables)) if is_configured() else None
    if use is None:
        return uses, ""
    item.stash[USE] = use
    problem = ""
    if use.test_case:
        of_class, _ = asked_spec(
            _farther(item, "seed"),
            _farther(item, "seed_options"),
            Suite(state.settings, item.config.rootpath),
        )
        problem = class_problem(item, use, spec, of_class, uses)
    item.fixturenames = added_fixtures(item, use)  # type: ignore[attr-defined] # it is a function
    if use.seeded:
        uses = replace(uses, own_database=uses.own_database or use.own, connection=not use.own)
    return uses, problem


def _farther(item: pytest.Item, name: str) -> list[Arguments]:
    """Return the arguments of the markers that a test has from its class, module and package."""
    found = markers(item.parent, name) if isinstance(item.parent, pytest.Collector) else ()
    return [(mark.args, mark.kwargs) for mark in found]


def _with_isolation(item: pytest.Item) -> list[str]:
    """Return the names of a test's fixtures, with :data:`ISOLATION` before the first function-scoped one."""
    information: Any = item._fixtureinfo  # type: ignore[attr-defined] # it has fixtures
    names: list[str] = list(item.fixturenames)  # type: ignore[attr-defined] # it is a function
    definitions = [information.name2fixturedefs.get(name) for name in names]
    place = next(
        (place for place, found in enumerate(definitions) if not found or found[-1].scope == "function"),
        len(names),
    )
    return [*names[:place], ISOLATION, *names[place:]]


def _with_leading(item: pytest.Item, *, first: bool) -> list[str]:
    """Return the names of a test's fixtures, with the one that leads the address before those that may connect by it.

    Args:
        first: whether any of them may; otherwise those that use ``seeded_address``.
    """
    names: list[str] = list(item.fixturenames)  # type: ignore[attr-defined] # it is a function
    place = (
        0
        if first
        else next(
            (
                place
                for place, name in enumerate(names)
                if any(_is_address(each) for _, each in _functions(item, [name]))
            ),
            len(names),
        )
    )
    return [*names[:place], LEADING, *names[place:]]


def _is_address(function: Callable[..., Any]) -> bool:
    return getattr(function, "__module__", "") == FIXTURES and function.__qualname__ == ADDRESS


def _functions(
    item: pytest.Item, names: Sequence[str] | None = None
) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield names and functions of the fixtures that a test uses, as pytest will resolve them.

    A fixture that requests its own name, directly or through others, gets the one that it overrides.

    Args:
        names: those with which to begin; None for all of the test's.
    """
    information: Any = getattr(item, "_fixtureinfo", None)
    if information is None:
        return
    # Pairs: the name of a fixture, and the overriding fixtures through which it is requested.
    first = names if names is not None else item.fixturenames  # type: ignore[attr-defined] # it is a function
    waiting: deque[tuple[str, tuple[str, ...]]] = deque((name, ()) for name in first)
    seen: set[tuple[str, tuple[str, ...]]] = set()
    while waiting:
        name, within = waiting.popleft()
        if (name, within) in seen:
            continue
        seen.add((name, within))
        definitions = information.name2fixturedefs.get(name) or fixture_definitions(item, name)
        level = within.count(name) + 1
        if level > len(definitions):
            # The fixture does not exist, or requests itself: pytest reports that.
            continue
        definition = definitions[-level]
        yield name, definition.func
        inner = tuple(sorted((*within, name))) if len(definitions) > 1 else within
        waiting.extend((argument, inner) for argument in definition.argnames)


def is_seeded(item: pytest.Item) -> bool:
    """Whether a test uses a fixture of the plugin that gives it rows."""
    return item.stash.get(USES, NO_USES) != NO_USES


def seed_early(item: pytest.Item, state: SessionState) -> None:
    """Have the spec of a test seeded before its own fixtures, where no earlier test has the same spec.

    The seeding comes after the fixtures of session scope, which the schema may need, and before those of narrower
    scope, which may freeze the clock.
    """
    uses = item.stash.get(USES, NO_USES)
    if not (uses.own_database or uses.connection):
        return
    names: list[str] = item.fixturenames  # type: ignore[attr-defined] # it has fixtures
    spec = item.stash[ASKED]
    definitions = _schema_definitions(item)
    key = definitions and definitions[-1], spec.fingerprint.text, spec.limit
    if key in state.met or _EARLY in names:
        return
    # Noted by the fixture, because the test may be skipped.
    item.stash[EARLY_SEED] = key
    known = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined] # it has fixtures
    last = max(
        (place for place, name in enumerate(names) if _scope(known.get(name)) == "session"), default=-1
    )
    # A new list: the tests of a parametrized function share the old one.
    item.fixturenames = [*names[: last + 1], _EARLY, *names[last + 1 :]]  # type: ignore[attr-defined]


def _scope(definitions: Sequence[Any] | None) -> str:
    return definitions[-1].scope if definitions else ""


def _schema_definitions(item: pytest.Item) -> Sequence[Any]:
    """Return the definitions of the fixture supaseed_schema for a test; the last one counts."""
    known = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined] # it has fixtures
    if "supaseed_schema" in known:
        return known["supaseed_schema"]  # type: ignore[no-any-return] # of pytest's own
    # The test has its fixture only through the marker, so pytest has not resolved the name.
    return fixture_definitions(item, "supaseed_schema")


def needs_server(item: pytest.Item) -> bool:
    """Whether a test uses the server of the session."""
    return is_seeded(item) or "supaseed_postgres" in getattr(item, "fixturenames", ())


def has_wider_fixtures(item: pytest.Item) -> bool:
    """Whether a test uses a fixture of the project or of another plugin that is set up before the server is needed."""
    known = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {}).values()
    return any(
        found[-1].scope != "function" and not found[-1].func.__module__.startswith(_OF_NO_SERVER)
        for found in known
        if found
    )


def uses_configured_schema(item: pytest.Item) -> bool:
    """Whether a test uses the schema that the ini names."""
    if not needs_server(item):
        return False
    definitions = _schema_definitions(item)
    return bool(definitions) and definitions[-1].func.__module__ == FIXTURES


def models_of(item: pytest.Item) -> list[ModelTable]:
    """Return the models by which a test names its tables."""
    spec = item.stash.get(ASKED, None)
    return [table.model for table in spec.tables if isinstance(table.model, ModelTable)] if spec else []


def own_specs(items: Sequence[pytest.Item]) -> list[SeedSpec]:
    """Return the specs of tests that are certain to use a database of their own."""
    # Behind an address it is made when something connects.
    return [
        item.stash[ASKED]
        for item in items
        if item.stash.get(USES, NO_USES).own_database and LEADING not in getattr(item, "fixturenames", ())
    ]


def _declaration_problems(item: pytest.Item, state: SessionState) -> Iterator[ItemProblems]:
    for name, found in item.stash[USES].declarations:
        if found not in state.factories:
            root = item.config.rootpath
            seeds = [] if _names_nothing(found) else [found.seed]
            spec, wrong = asked_spec(seeds, [found.options], Suite(state.settings, root), declared=True)
            wrong = (*wrong, *_argument_problems(found))
            state.factories[found] = spec
            _remember_ignored(found.seed[0], item, state)
            if wrong:
                yield ItemProblems(
                    f"{name} = seeded_database(...)", found.place(item.config.rootpath), wrong, found
                )


def _names_nothing(found: FixtureDeclaration) -> bool:
    """Whether a declaration names no table, so that its database holds the schema as it was loaded."""
    tables, counts = found.seed
    # Objects of other types may raise on any access; asked_spec reports their errors.
    return not counts and all(type(each) is dict and not each for each in tables)


def _argument_problems(found: FixtureDeclaration) -> Iterator[str]:
    for name, value in (("check", found.check), ("rolled_back", found.rolled_back)):
        if not isinstance(value, bool):
            yield (
                f"{name}={abbreviated(value)}: write True or False; if it is a table, name it in the mapping, as in "
                f'seeded_database({{"{name}": {abbreviated(value)}}})'
            )
    if found.rolled_back is True and found.scope == "function":
        yield (
            'rolled_back=True is for a database that outlives a test: write scope="module", "class", "package" or '
            '"session"; one of scope "function" is dropped after the test'
        )


def _rolled_back_problems(item: pytest.Item, spec: SeedSpec | None, state: SessionState) -> tuple[str, ...]:
    """Return why ``seeded_connection`` of a test cannot be opened on a rolled-back database of wider scope.

    Args:
        item: the test.
        spec: of its markers; None where it has none.
        state: of the session.
    """
    uses = item.stash[USES]
    found = {declaration: name for name, declaration in uses.declarations if declaration.rolled_back}
    if uses.own_database or not uses.connection or not found:
        return ()
    if uses.async_connection:
        name, *_ = found.values()
        return (
            f"seeded_async_connection and seeded_async_session cannot be opened on {name}, which has rolled_back=True: "
            "what is undone there is the transaction of one connection, which is not async. Leave rolled_back=True out "
            f"and use {name}.async_engine, or leave {name} out and give the test a marker of its own",
        )
    if len(found) > 1:
        first, second, *_ = found.values()
        return (
            f"seeded_connection and seeded_session are opened on the database that the test uses and that has "
            f"rolled_back=True, and there are {len(found)}, {' and '.join(found.values())}: work on {first}.engine and "
            f"{second}.engine instead, or use one of them only",
        )
    [(declaration, name)] = found.items()
    asked = state.factories[declaration]
    if spec is None or spec.fingerprint == asked.fingerprint:
        return ()
    place = declaration.place(item.config.rootpath)
    return (
        f"@pytest.mark.seed: the test asks for {spec}, and works on {name}, which has {asked}: {place} declares it "
        f"with rolled_back=True, so that seeded_connection and seeded_session are opened on it. Leave the marker out"
        + (f", write @pytest.mark.{asked}, too" if asked.tables else "")
        + ", or ask for seeded_db, which is a database of the test's own",
    )
