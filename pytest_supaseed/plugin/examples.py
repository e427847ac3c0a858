"""Hypothesis in seeded tests: each example of ``@given`` starts from the rows that the test starts from.

Hypothesis sets up a test's fixtures once for all examples, and its health check refuses fixtures of scope "function".
Where all of those that the test names are ours, and can be rolled back, :func:`examples` lets each example run in a
block that is undone, and silences that health check for the test; otherwise Hypothesis decides as ever.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

import pytest

from pytest_supaseed.plugin.internals import fixture_definitions
from pytest_supaseed.plugin.state import CONNECTION, DATABASE, FIXTURES, NO_USES, USES, SessionState

# Fixtures of ours whose changes a block undoes. What is done through a URL, or in an event loop, is not undone.
_UNDONE = frozenset(("seeded_connection", "seeded_session", "seeded_db", "seeded_engine"))
_SETTINGS = "_hypothesis_internal_use_settings"

Block = Callable[[], AbstractContextManager[Any]]


@contextmanager
def examples(item: pytest.Item, state: SessionState) -> Iterator[None]:
    """Have each example of a test undone, where all function-scoped fixtures that the test names are ours.

    Args:
        item: the test, whose fixtures are set up.
        state: of the session.
    """
    function = getattr(item, "obj", None)
    handle: Any = getattr(function, "hypothesis", None) if "hypothesis" in sys.modules else None
    if not hasattr(handle, "inner_test") or not _are_undone(item):
        yield
        return
    blocks = list(_blocks(item, state))
    if not blocks:
        yield
        return
    for block in blocks:
        # The first takes longer, which Hypothesis would count as the time of an example.
        with block():
            pass
    plain: Any = getattr(function, "__func__", function)
    settings, inner = getattr(plain, _SETTINGS, None), handle.inner_test
    keeps = state.kept is not None
    setattr(plain, _SETTINGS, _silenced(settings, single=keeps))
    handle.inner_test = _each_undone(inner, blocks, functools.partial(_keep, item) if keeps else None)
    try:
        yield
    finally:
        handle.inner_test = inner
        if settings is None:
            delattr(plain, _SETTINGS)
        else:
            setattr(plain, _SETTINGS, settings)


def _are_undone(item: pytest.Item) -> bool:
    """Whether all function-scoped fixtures that a test names are ours, and can be rolled back."""
    names = getattr(getattr(item, "_fixtureinfo", None), "argnames", ())
    definitions = [found[-1] for name in names if (found := fixture_definitions(item, name))]
    return all(_is_undone(each.func) for each in definitions if each.scope == "function")


def _is_undone(function: Callable[..., object]) -> bool:
    if getattr(function, "supaseed_declaration", None) is not None:
        return True
    return function.__module__ == FIXTURES and function.__qualname__ in _UNDONE


def _blocks(item: pytest.Item, state: SessionState) -> Iterator[Block]:
    """Yield what begins a block that is undone, for each database that a test uses."""
    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

    from pytest_supaseed.postgres.databases.isolation import shared_of
    from pytest_supaseed.session.seeded import SeededDatabase

    values: dict[str, Any] = getattr(item, "funcargs", {})
    sessions = [value for value in values.values() if isinstance(value, Session)]
    uses = item.stash.get(USES, NO_USES)
    given: Any = item._request  # type: ignore[attr-defined] # it is a function
    found: dict[int, Block] = {}
    if uses.own_database:
        database = given.getfixturevalue(DATABASE)
        found[id(database)] = database.rolled_back
    elif uses.connection:
        connection = given.getfixturevalue(CONNECTION)
        shared = shared_of(connection) if isinstance(connection, Connection) else None
        if shared is not None:
            found[id(shared)] = shared.block
    for wider in state.wider_databases:
        if wider.shared is not None and wider.connection is not None:
            found[id(wider.shared)] = wider.shared.block
    for name, declaration in uses.declarations:
        value = values.get(name)
        if declaration.scope == "function" and isinstance(value, SeededDatabase):
            found[id(value)] = value.rolled_back
    for block in found.values():
        yield functools.partial(_with_sessions, block, sessions)


@contextmanager
def _with_sessions(block: Block, sessions: list[Any]) -> Iterator[None]:
    """Undo a block in which ORM sessions are used, which forget their objects in the end."""
    for session in sessions:
        session.commit()
    with block():
        try:
            yield
        finally:
            for session in sessions:
                session.close()


def _keep(item: pytest.Item) -> None:
    """Keep what a failing example has done, if Hypothesis has shrunk it and will report it."""
    from hypothesis.control import current_build_context

    from pytest_supaseed.plugin.keeping import keep_example

    if current_build_context().is_final:
        given: Any = item._request  # type: ignore[attr-defined] # it is a function
        own = item.stash.get(USES, NO_USES).own_database
        keep_example(item, given.getfixturevalue(DATABASE) if own else None)


def _silenced(settings: Any, *, single: bool) -> Any:
    """Return settings of Hypothesis without the health check of function-scoped fixtures.

    Args:
        settings: of the test; None for the profile's.
        single: whether one failing example ends the test: a database can be kept for one only.
    """
    from hypothesis import HealthCheck
    from hypothesis import settings as settings_class

    parent: Any = settings or settings_class.default
    suppressed = {*parent.suppress_health_check, HealthCheck.function_scoped_fixture}
    return settings_class(
        parent=parent,
        suppress_health_check=sorted(suppressed, key=lambda each: each.value),
        report_multiple_bugs=parent.report_multiple_bugs and not single,
    )


def _each_undone(
    inner: Callable[..., Any], blocks: list[Block], keep: Callable[[], None] | None
) -> Callable[..., Any]:
    """Return a function that runs an example and undoes it, unless it fails and is kept."""

    @functools.wraps(inner)
    def example(*arguments: Any, **values: Any) -> Any:
        __tracebackhide__ = True
        with ExitStack() as stack:
            for block in blocks:
                stack.enter_context(block())
            try:
                return inner(*arguments, **values)
            except (Exception, pytest.fail.Exception):
                if keep is not None:
                    keep()
                raise

    return example
