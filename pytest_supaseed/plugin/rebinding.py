"""The public function :func:`rebind`: engines of an application lead to the database of the running test.

The fixture that it returns carries what it rebinds, by which :mod:`~pytest_supaseed.plugin.items` knows which of the
plugin's fixtures it will ask for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from pytest_supaseed.errors import SeedError
from pytest_supaseed.plugin.internals import is_async_test
from pytest_supaseed.plugin.state import (
    ASYNC_CONNECTION,
    ASYNC_DATABASE,
    CONNECTION,
    DATABASE,
    NO_USES,
    USES,
    without_traceback,
)

_NOTHING = object()


def rebind(*targets: Any, to: Any = _NOTHING, autouse: bool = False) -> Any:
    """Point engines or sessionmakers that an application has made at the database of the running test.

    Without ``to`` it returns a fixture: in each test that uses it they lead to the test's connection, which is rolled
    back, or to the test's own database, if the test has one. With ``to`` it returns a context manager for one block.
    Afterwards they are as before.

    Sessions of the application and ``seeded_session`` see one another's rows. On a rolled-back connection a transaction
    of the application is a savepoint.

    Args:
        targets: engines, sessionmakers, scoped sessions, the async ones of these, or the ``db`` of Flask-SQLAlchemy.
        to: what a fixture has given: ``seeded_connection``, ``seeded_session``, ``seeded_engine``, ``seeded_db``, or
            the async ones.
        autouse: whether all tests in reach of the fixture use it.

    Raises:
        SeedError: a target is of another kind.

    Example:
        >>> database = rebind(engine, autouse=True)  # doctest: +SKIP
        >>> with rebind(SessionLocal, to=seeded_session):  # doctest: +SKIP
        ...     register_user("me@example.com")
    """
    from pytest_supaseed.session.rebinding import engines_of, is_async

    if not targets:
        raise SeedError("rebind(): name what it is to rebind, as in rebind(engine) or rebind(SessionLocal)")
    for each in targets:
        engines_of(each)
    if to is not _NOTHING:
        return _block(targets, to)
    fixture = _async_fixture if any(map(is_async, targets)) else _fixture

    def rebound(request: pytest.FixtureRequest) -> Iterator[Any]:
        yield from fixture(request, targets)

    rebound.__doc__ = "Engines of the application lead to the database of the test."
    rebound.supaseed_rebinds = fixture is _async_fixture  # type: ignore[attr-defined] # read when tests are collected
    return pytest.fixture(autouse=autouse)(rebound)


def _block(targets: tuple[Any, ...], to: Any) -> AbstractContextManager[None]:
    from pytest_supaseed.session.rebinding import rebound

    return rebound(targets, to)


def _fixture(request: pytest.FixtureRequest, targets: tuple[Any, ...]) -> Iterator[Any]:
    uses = request.node.stash.get(USES, NO_USES)
    to = request.getfixturevalue(DATABASE if uses.own_database else CONNECTION)
    yield from _entered(targets, to)


def _async_fixture(request: pytest.FixtureRequest, targets: tuple[Any, ...]) -> Iterator[Any]:
    uses = request.node.stash.get(USES, NO_USES)
    if uses.own_database or not is_async_test(request.node):
        to = request.getfixturevalue(ASYNC_DATABASE).engine
    else:
        to = request.getfixturevalue(ASYNC_CONNECTION).connection
    yield from _entered(targets, to)


def _entered(targets: tuple[Any, ...], to: Any) -> Iterator[Any]:
    with without_traceback():
        block = _block(targets, to)
        block.__enter__()
    try:
        yield to
    finally:
        block.__exit__(None, None, None)
