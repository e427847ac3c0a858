"""Collected tests (pytest items): their markers, the fixtures that they use, and the specs that follow from both.

:func:`read_items`, the place to begin reading, checks all selected tests after collection; the other public functions
answer questions of the hooks about one test.
"""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from pytest_supaseed.plugin.markers import ItemProblems, Suite, asked_spec
from pytest_supaseed.plugin.state import (
    ADDED,
    ADDRESS,
    ASKED,
    CHECKED,
    CONNECTION,
    DATABASE,
    FIXTURES,
    ISOLATION,
    LEADING,
    NO_USES,
    SEEDED,
    USES,
    FixtureDeclaration,
    SessionState,
    Uses,
)
from pytest_supaseed.spec import Configuration, SeedSpec, configuration_of
from pytest_supaseed.wording import abbreviated

_EARLY = "_supaseed_early"
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
    problems: list[ItemProblems] = []
    # The tests of a class share their markers.
    known: dict[tuple[int, ...], tuple[SeedSpec, tuple[str, ...]]] = {}
    # The tests of a parametrized function share their fixtures.
    used: dict[tuple[int, tuple[str, ...]], Uses] = {}
    base = None
    if items and state.settings.configuration:
        base, problem = _base(items[0].config, state)
        problems += [problem] if problem else []
    for item in items:
        seeds, options = list(markers(item, "seed")), list(markers(item, "seed_options"))
        key = tuple(map(id, (*seeds, *options)))
        if key not in known:
            known[key] = asked_spec(
                [(mark.args, mark.kwargs) for mark in seeds],
                [(mark.args, mark.kwargs) for mark in options],
                Suite(state.settings, item.config.rootpath, base),
            )
            for mark in seeds:
                _remember_ignored(mark.args, item, state)
        spec, found = known[key]
        if options and not seeds and base is None and _is_own(item, options[0]):
            found = (*found, _WITHOUT_ROWS)
        if found:
            path, line, _ = item.location
            problems.append(ItemProblems(item.nodeid, f"{path}:{(line or 0) + 1}", found, key))
        # Items other than functions, such as doctest text files, may have no fixtures.
        names = getattr(item, "fixturenames", None)
        if names is None:
            continue
        same = id(getattr(item, "_fixtureinfo", None)), tuple(names)
        if same not in used:
            used[same] = _uses(item)
        uses = used[same]
        item.stash[ASKED] = spec
        everywhere = bool(state.settings.variables)
        if seeds and everywhere and not (uses.own_database or uses.connection):
            item.fixturenames = [*names, CHECKED]  # type: ignore[attr-defined] # it is a function
            uses = replace(uses, own_database=True)
        elif seeds and not (uses.own_database or uses.connection):
            # A new list: the tests of a parametrized function share the old one.
            item.fixturenames = [*names, SEEDED]  # type: ignore[attr-defined] # it is a function
            uses = replace(uses, connection=True)
            item.stash[ADDED] = True
        if any(declaration.scope != "function" for _, declaration in uses.declarations):
            item.fixturenames = _with_isolation(item)  # type: ignore[attr-defined] # it is a function
        if uses.address or everywhere:
            item.fixturenames = _with_leading(item, first=everywhere)  # type: ignore[attr-defined] # it is a function
        if uses.own_database or uses.connection:
            state.specs.append(spec)
        item.stash[USES] = uses
        problems += _declaration_problems(item, state)
        texts = _rolled_back_problems(item, spec if seeds else None, state)
        if texts:
            path, line, _ = item.location
            problems.append(ItemProblems(item.nodeid, f"{path}:{(line or 0) + 1}", texts, (key, texts)))
    return problems


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


def markers(item: pytest.Item, name: str) -> Iterator[pytest.Mark]:
    """Yield the markers of a test, nearest first: of ``pytest.param``, function, class, module, package."""
    for node in reversed(item.listchain()):
        found = [mark for mark in node.own_markers if mark.name == name]
        distance: dict[int, int] = {}
        if isinstance(node, pytest.Class):
            # own_markers lists the markers of base classes first.
            for number, ancestor in enumerate(node.obj.__mro__):
                distance.update(dict.fromkeys(map(id, _marks_of(ancestor)), number + 1))
        elif isinstance(node, pytest.Function) and hasattr(node, "callspec"):
            distance = dict.fromkeys(map(id, found), 1) | dict.fromkeys(map(id, node.callspec.marks), 0)
        yield from sorted(found, key=lambda mark: distance.get(id(mark), 0))


def _is_own(item: pytest.Item, mark: pytest.Mark) -> bool:
    """Whether a marker belongs to this test only, and not to its class, its module or all its parameters."""
    callspec = getattr(item, "callspec", None)
    own = item.own_markers if callspec is None else callspec.marks
    return any(mark is other for other in own)


def _marks_of(ancestor: type) -> Iterator[pytest.Mark]:
    marks = ancestor.__dict__.get("pytestmark", [])
    for mark in marks if isinstance(marks, list) else [marks]:
        yield mark.mark if isinstance(mark, pytest.MarkDecorator) else mark


def _uses(item: pytest.Item) -> Uses:
    """Return the fixtures of the plugin that a test uses, found by their functions.

    The name alone does not identify one, because a project may define a ``seeded_db`` of its own.
    """
    gives: set[str] = set()
    declarations: dict[tuple[str, FixtureDeclaration], None] = {}
    for name, function in _functions(item):
        if getattr(function, "__module__", "") == FIXTURES:
            gives.add(function.__qualname__)
        found = getattr(function, "supaseed_declaration", None)
        if isinstance(found, FixtureDeclaration):
            declarations[name, found] = None
    address = ADDRESS in gives
    return Uses(DATABASE in gives or address, CONNECTION in gives, tuple(declarations), address)


def _visible(manager: Any, name: str, item: pytest.Item) -> Sequence[Any]:
    """Return the definitions of a fixture that a test can see, for a name that pytest has not resolved."""
    if name == "request":
        # The fixture request has no definition.
        return ()
    by_id = "nodeid" in inspect.signature(manager.getfixturedefs).parameters  # pytest 8.0
    return manager.getfixturedefs(name, item.nodeid if by_id else item) or ()


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
    manager: Any = getattr(item.session, "_fixturemanager", None)
    if information is None or manager is None:
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
        definitions = information.name2fixturedefs.get(name) or _visible(manager, name, item)
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
    if key in state.met:
        return
    state.met.add(key)
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
    return _visible(item.session._fixturemanager, "supaseed_schema", item)


def uses_configured_schema(item: pytest.Item) -> bool:
    """Whether a test uses the schema that the ini names."""
    if not is_seeded(item) and "supaseed_postgres" not in getattr(item, "fixturenames", ()):
        return False
    definitions = _schema_definitions(item)
    return bool(definitions) and definitions[-1].func.__module__ == FIXTURES


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
