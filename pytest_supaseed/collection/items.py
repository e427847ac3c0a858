"""What the items of a session ask for: their markers and fixtures, as pytest has collected them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from pytest_supaseed.collection.collected import Problem, asked_spec
from pytest_supaseed.collection.configured import Configuration, configuration_of
from pytest_supaseed.fixtures import OWN, SEEDED, supaseed_schema
from pytest_supaseed.session.stash import ADDED, ASKED, DECLARED, Declared, SessionState
from pytest_supaseed.spec import SeedSpec

_EARLY = "_supaseed_early"
_WITHOUT_ROWS = (
    "@pytest.mark.seed_options: the test has no @pytest.mark.seed that it could be about: add one, or leave it out; "
    "a seeded_database(...) takes max_records, seed and locale itself"
)


def read_items(items: Sequence[pytest.Item], state: SessionState) -> list[Problem]:
    """Read the markers of all selected tests, and keep with each what it asks for.

    Args:
        items: the selected tests. One with a marker and none of our fixtures gets one.
        state: of the session; gets what is asked for.

    Returns:
        What is wrong.
    """
    problems: list[Problem] = []
    # The tests of a class ask for the same.
    known: dict[tuple[int, ...], tuple[SeedSpec, tuple[str, ...]]] = {}
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
                state.settings,
                root=item.config.rootpath,
                base=base,
            )
            for mark in seeds:
                _remember_ignored(mark.args, item, state)
        spec, found = known[key]
        if options and not seeds and base is None and _is_own(item, options[0]):
            found = (*found, _WITHOUT_ROWS)
        if found:
            path, line, _ = item.location
            problems.append(Problem(item.nodeid, f"{path}:{(line or 0) + 1}", found, key))
        # What is no function, such as a text file of doctests, has no fixtures either.
        names = getattr(item, "fixturenames", None)
        if names is None:
            continue
        item.stash[ASKED] = spec
        if seeds and not SEEDED.intersection(names):
            names.append("seeded_connection")
            item.stash[ADDED] = True
        if SEEDED.intersection(names):
            state.specs.append(spec)
        item.stash[DECLARED] = list(_declared(item))
        problems += _declared_problems(item, state)
    return problems


def _base(config: pytest.Config, state: SessionState) -> tuple[Configuration | None, Problem | None]:
    """What the whole suite asks for, or what is wrong with it."""
    # Few projects have one.
    from pytest_supaseed.supabase.from_supaseed import SupaseedFile

    name = state.settings.configuration
    found = SupaseedFile(name, config.rootpath).read(config.rootpath)
    if found.problems:
        place = config.inipath.name if config.inipath else "supaseed_config"
        return None, Problem(f"supaseed_config = {name}", place, found.problems, "supaseed_config")
    state.ignored.update({found.place: found.ignored} if found.ignored else {})
    return found, None


def _remember_ignored(args: tuple[Any, ...], item: pytest.Item, state: SessionState) -> None:
    file = configuration_of(args)
    found = file.read(item.config.rootpath) if file is not None else None
    if found is not None and found.ignored and not found.problems:
        state.ignored[found.place] = found.ignored


def markers(item: pytest.Item, name: str) -> Iterator[pytest.Mark]:
    """Give the markers of a test, the nearest first: of ``pytest.param``, function, class, module, package.

    Args:
        item: the test.
        name: of the marker.
    """
    for node in reversed(item.listchain()):
        found = [mark for mark in node.own_markers if mark.name == name]
        distance: dict[int, int] = {}
        if isinstance(node, pytest.Class):
            # pytest lists those of the base classes first.
            for number, ancestor in enumerate(node.obj.__mro__):
                distance.update(dict.fromkeys(map(id, _marks_of(ancestor)), number + 1))
        elif isinstance(node, pytest.Function) and hasattr(node, "callspec"):
            distance = dict.fromkeys(map(id, found), 1) | dict.fromkeys(map(id, node.callspec.marks), 0)
        yield from sorted(found, key=lambda mark: distance.get(id(mark), 0))


def _is_own(item: pytest.Item, mark: pytest.Mark) -> bool:
    """Whether a marker is a test's alone: that of a class, a module or all parameters may be meant for others."""
    callspec = getattr(item, "callspec", None)
    own = item.own_markers if callspec is None else callspec.marks
    return any(mark is other for other in own)


def _marks_of(ancestor: type) -> Iterator[pytest.Mark]:
    marks = ancestor.__dict__.get("pytestmark", [])
    for mark in marks if isinstance(marks, list) else [marks]:
        yield mark.mark if isinstance(mark, pytest.MarkDecorator) else mark


def _declared(item: pytest.Item) -> Iterator[tuple[str, Declared]]:
    """The ``seeded_database(...)`` that a test uses, directly or through other fixtures."""
    information = getattr(item, "_fixtureinfo", None)
    for name, definitions in information.name2fixturedefs.items() if information else ():
        found = getattr(definitions[-1].func, "supaseed_declared", None)
        if isinstance(found, Declared):
            yield name, found


def is_seeded(item: pytest.Item) -> bool:
    """Whether a test has rows of ours.

    Args:
        item: the test.
    """
    return bool(SEEDED.intersection(getattr(item, "fixturenames", ())) or item.stash.get(DECLARED, ()))


def seed_early(item: pytest.Item, state: SessionState) -> None:
    """Have what a test is the first to ask for loaded and seeded before its own fixtures are set up.

    A fixture of the session's or an earlier one may be needed by the schema; one of a module, a class or the test may
    be a clock that stands still.

    Args:
        item: the test, before any of its fixtures is set up.
        state: of the session.
    """
    names = getattr(item, "fixturenames", ())
    if SEEDED.isdisjoint(names):
        return
    spec = item.stash[ASKED]
    definitions = _schema_definitions(item)
    key = definitions and definitions[-1], spec.identity.text, spec.limit
    if key in state.met:
        return
    state.met.add(key)
    known = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined] # it has fixtures
    last = max(
        (place for place, name in enumerate(names) if _scope(known.get(name)) == "session"), default=-1
    )
    # Not in place: the list is that of all parameters of a function.
    item.fixturenames = [*names[: last + 1], _EARLY, *names[last + 1 :]]  # type: ignore[attr-defined]


def _scope(definitions: Sequence[Any] | None) -> str:
    return definitions[-1].scope if definitions else ""


def _schema_definitions(item: pytest.Item) -> Sequence[Any]:
    """What defines the fixture supaseed_schema for a test; the last one counts."""
    known = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined] # it has fixtures
    if "supaseed_schema" in known:
        return known["supaseed_schema"]  # type: ignore[no-any-return] # of pytest's own
    # One that the marker has added a fixture to.
    manager: Any = item.session._fixturemanager
    return manager.getfixturedefs("supaseed_schema", item) or ()


def uses_configured_schema(item: pytest.Item) -> bool:
    """Whether a test works on the schema that the ini names.

    Args:
        item: the test.
    """
    if not is_seeded(item) and "supaseed_postgres" not in getattr(item, "fixturenames", ()):
        return False
    definitions = _schema_definitions(item)
    return bool(definitions) and definitions[-1].func.__module__ == supaseed_schema.__module__


def own_specs(items: Sequence[pytest.Item]) -> list[SeedSpec]:
    """Return what tests ask for as databases of their own.

    Args:
        items: the tests.
    """
    return [item.stash[ASKED] for item in items if OWN.intersection(getattr(item, "fixturenames", ()))]


def _declared_problems(item: pytest.Item, state: SessionState) -> Iterator[Problem]:
    for name, found in item.stash[DECLARED]:
        if found not in state.factories:
            root = item.config.rootpath
            spec, wrong = asked_spec([found.seed], [found.options], state.settings, declared=True, root=root)
            state.factories[found] = spec
            _remember_ignored(found.seed[0], item, state)
            if wrong:
                yield Problem(
                    f"{name} = seeded_database(...)", found.place(item.config.rootpath), wrong, found
                )
