"""What the plugin reads of pytest's private parts, which differ between its versions.

Every pytest run imports this module.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest


def ini_values(config: pytest.Config) -> Mapping[str, Any]:
    """Return the ini values as the file has them; since pytest 9 each is a ConfigValue, and inicfg is deprecated."""
    found: Mapping[str, Any] = config._inicfg if hasattr(config, "_inicfg") else config.inicfg
    return found


def fixture_names(session: pytest.Session) -> set[str]:
    """Return the names of all fixtures of a session, whether a test can see them or not."""
    manager = getattr(session, "_fixturemanager", None)
    names = (
        "_arg2fixturedefs",
        "_arg2node2fixturedefs",
        "_arg2nodeid2fixturedefs",
    )  # the first until pytest 9.1
    return {name for attribute in names for name in getattr(manager, attribute, ())}


def fixture_definitions(item: pytest.Item, name: str) -> Sequence[Any]:
    """Return the definitions of a fixture that a test can see, the one that counts last; empty for none."""
    manager: Any = getattr(item.session, "_fixturemanager", None)
    if name == "request" or manager is None:
        # The fixture request has no definition.
        return ()
    by_id = "nodeid" in inspect.signature(manager.getfixturedefs).parameters  # pytest 8.0
    return manager.getfixturedefs(name, item.nodeid if by_id else item) or ()


def watch_finalizers(
    fixture: pytest.FixtureDef[Any], watch: Callable[[Callable[[], object]], Callable[[], object]]
) -> None:
    """Replace each finalizer that a fixture has by now: what runs after its ``yield``, and what it has added."""
    finalizers: list[Callable[[], object]] = fixture._finalizers
    finalizers[:] = map(watch, finalizers)


def tear_down_class(item: pytest.Item) -> None:
    """Tear down a method of a class and the class itself, which is set up anew for the next of its methods."""
    cls = item.getparent(pytest.Class)
    state: Any = item.session._setupstate
    if cls is not None:
        state.teardown_exact(cls.parent)


def is_async_test(node: Any) -> bool:
    """Whether a test is a coroutine function."""
    function = getattr(node, "obj", None)
    return inspect.iscoroutinefunction(
        as_written(getattr(getattr(function, "hypothesis", None), "inner_test", function))
    )


def as_written(function: Any) -> Any:
    """Return the function of a test, without what async plugins have wrapped it in."""
    for wrapped in ("_anyio_original_func", "_raw_test_func"):  # the second until pytest-asyncio 1.0
        function = getattr(function, wrapped, function)
    return function
