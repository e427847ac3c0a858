"""Hypothesis in seeded tests: each example of ``@given`` starts from the rows that the test starts from.

Hypothesis sets up a test's fixtures once for all examples, and its health check refuses fixtures of scope "function".
Where all of those that the test names are ours, and can be rolled back, :func:`examples` lets each example run in a
block that is undone, and silences that health check for the test. Where all are ours, and one cannot be rolled back, it
says what to write instead; otherwise Hypothesis decides as ever.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, ExitStack, contextmanager
from typing import Any

import pytest

from pytest_supaseed.plugin.internals import as_written, fixture_definitions, is_async_test
from pytest_supaseed.plugin.state import (
    ADDED,
    CHANNEL,
    CONNECTION,
    DATABASE,
    FIXTURES,
    NO_USES,
    SHARED,
    STATE,
    USES,
    SessionState,
)

# Fixtures of ours whose changes a block undoes: always, and where the test has no database of its own.
_ALWAYS = frozenset(("seeded_connection", "seeded_session", "seeded_db", "seeded_engine"))
_SHARED = frozenset(("seeded_psycopg",))
_ASYNC = frozenset(("seeded_async_connection", "seeded_async_session", "seeded_async_psycopg"))
_SETTINGS = "_hypothesis_internal_use_settings"
_NOT_UNDONE = (
    "{test} is run for many examples of @given, and what they do through {fixture} cannot be undone after each: "
    "{instead}; or set the rows back in the test, and write "
    "@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])"
)
_INSTEAD = {
    "seeded_psycopg": "leave the fixtures out that give the test a database of its own",
    "seeded_async_connection": "let it be async def, and leave the fixtures out that give it a database of its own",
    "seeded_async_engine": "ask for seeded_async_session or seeded_async_connection",
    "seeded_dsn": "ask for seeded_psycopg, seeded_db or seeded_engine",
}
_INSTEAD["seeded_async_session"] = _INSTEAD["seeded_async_psycopg"] = _INSTEAD["seeded_async_connection"]

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
    if not hasattr(handle, "inner_test"):
        yield
        return
    plain: Any = getattr(function, "__func__", function)
    settings, inner = getattr(plain, _SETTINGS, None), handle.inner_test
    remaining = _not_undone(item)
    if remaining:
        if not any(remaining) and not _is_suppressed(settings):
            _refuse(item)
        yield
        return
    blocks = list(_blocks(item, state))
    channel = item.stash.get(CHANNEL, None)
    if not blocks and channel is None:
        yield
        return
    for block in blocks:
        # The first takes longer, which Hypothesis would count as the time of an example.
        with block():
            pass
    setattr(plain, _SETTINGS, _silenced(settings, single=state.kept is not None))
    written = as_written(inner)
    if inspect.iscoroutinefunction(written):
        handle.inner_test = _each_undone_in_loop(item, written, blocks)
    else:
        handle.inner_test = _each_undone(item, inner, blocks)
    try:
        yield
    finally:
        handle.inner_test = inner
        if settings is None:
            delattr(plain, _SETTINGS)
        else:
            setattr(plain, _SETTINGS, settings)


def _not_undone(item: pytest.Item) -> list[bool]:
    """Return for each function-scoped fixture that a test names, and that no block undoes, whether it is not ours."""
    names = getattr(getattr(item, "_fixtureinfo", None), "argnames", ())
    undone = _undone(item)
    found = [definitions[-1] for name in names if (definitions := fixture_definitions(item, name))]
    return [
        not _is_ours(each.func)
        for each in found
        if each.scope == "function" and not (_is_ours(each.func) and _is_undone(each.func, undone))
    ]


def _undone(item: pytest.Item) -> frozenset[str]:
    """Return the names of our fixtures whose changes in a test a block undoes."""
    if item.stash.get(USES, NO_USES).own_database:
        return _ALWAYS
    return _ALWAYS | _SHARED | (_ASYNC if is_async_test(item) else frozenset())


def _is_ours(function: Callable[..., object]) -> bool:
    return (
        getattr(function, "supaseed_declaration", None) is not None
        or getattr(function, "__module__", "") == FIXTURES
    )


def _is_undone(function: Callable[..., object], undone: frozenset[str]) -> bool:
    return getattr(function, "supaseed_declaration", None) is not None or function.__qualname__ in undone


def _is_suppressed(settings: Any) -> bool:
    """Whether the health check of function-scoped fixtures is silenced for a test, or for all."""
    from hypothesis import HealthCheck
    from hypothesis import settings as settings_class

    given: Any = settings or settings_class.default
    return HealthCheck.function_scoped_fixture in given.suppress_health_check


def _refuse(item: pytest.Item) -> None:
    """Fail a test that names a fixture of ours whose changes cannot be undone after each example.

    Raises:
        pytest.fail.Exception: always, with what to write.
    """
    undone = _undone(item)
    names = getattr(getattr(item, "_fixtureinfo", None), "argnames", ())
    functions = [found[-1].func for name in names if (found := fixture_definitions(item, name))]
    fixture = next(each.__qualname__ for each in functions if _is_ours(each) and not _is_undone(each, undone))
    instead = _INSTEAD.get(fixture, "ask for seeded_db or seeded_engine")
    pytest.fail(_NOT_UNDONE.format(test=item.nodeid, fixture=fixture, instead=instead), pytrace=False)


def _blocks(item: pytest.Item, state: SessionState) -> Iterator[Block]:
    """Yield what begins a block that is undone, for each database that a test uses."""
    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

    from pytest_supaseed.postgres.databases.isolation import SharedDatabase, shared_of
    from pytest_supaseed.session.seeded import SeededDatabase

    values: dict[str, Any] = getattr(item, "funcargs", {})
    sessions = [value for value in values.values() if isinstance(value, Session)]
    uses = item.stash.get(USES, NO_USES)
    given: Any = item._request  # type: ignore[attr-defined] # it is a function
    found: dict[int, Block] = {}
    if uses.own_database:
        database = given.getfixturevalue(DATABASE)
        found[id(database)] = database.rolled_back
    elif CHANNEL in item.stash:
        # It is undone in the event loop.
        pass
    elif SHARED in item.stash and not item.stash.get(ADDED, False):
        shared = item.stash[SHARED][1]
        if isinstance(shared, SharedDatabase):
            found[id(shared)] = shared.block
    elif uses.connection:
        # A database of wider scope.
        connection = given.getfixturevalue(CONNECTION)
        of_connection = shared_of(connection) if isinstance(connection, Connection) else None
        if of_connection is not None:
            found[id(of_connection)] = of_connection.block
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


def _is_kept(error: BaseException | None) -> bool:
    """Whether what an example has done is to be kept: it has failed, and is the one that Hypothesis reports."""
    from hypothesis.control import current_build_context

    return isinstance(error, (Exception, pytest.fail.Exception)) and bool(current_build_context().is_final)


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


def _each_undone(item: pytest.Item, inner: Callable[..., Any], blocks: Sequence[Block]) -> Callable[..., Any]:
    """Return a function that runs an example and undoes it, unless it fails and is kept."""
    keeps = item.config.stash[STATE].kept is not None

    @functools.wraps(inner)
    def example(*arguments: Any, **values: Any) -> Any:
        __tracebackhide__ = True
        with ExitStack() as stack:
            for block in blocks:
                stack.enter_context(block())
            if keeps:
                stack.push(functools.partial(_keep, item))
            return inner(*arguments, **values)

    return example


def _keep(item: pytest.Item, kind: object, error: BaseException | None, trace: object) -> None:
    from pytest_supaseed.plugin.keeping import keep_example

    if _is_kept(error):
        given: Any = item._request  # type: ignore[attr-defined] # it is a function
        own = item.stash.get(USES, NO_USES).own_database
        keep_example(item, given.getfixturevalue(DATABASE) if own else None)


def _each_undone_in_loop(
    item: pytest.Item, inner: Callable[..., Any], blocks: Sequence[Block]
) -> Callable[..., Any]:
    """Return a coroutine function that does the same, also with what is done in the event loop that runs it."""
    keeps = item.config.stash[STATE].kept is not None
    channel = item.stash.get(CHANNEL, None)

    @functools.wraps(inner)
    async def example(*arguments: Any, **values: Any) -> Any:
        __tracebackhide__ = True
        async with AsyncExitStack() as stack:
            for block in blocks:
                stack.enter_context(block())
            if channel is not None:
                await stack.enter_async_context(channel.block())
                if keeps:
                    stack.push_async_exit(functools.partial(_keep_here, item))
            elif keeps:
                stack.push(functools.partial(_keep, item))
            return await inner(*arguments, **values)

    return example


async def _keep_here(item: pytest.Item, kind: object, error: BaseException | None, trace: object) -> None:
    from pytest_supaseed.plugin.keeping import keep_example_here

    if _is_kept(error):
        await keep_example_here(item)
