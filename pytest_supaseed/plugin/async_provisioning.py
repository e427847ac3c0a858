"""What the async fixtures of the plugin give: they are plain fixtures, whose values connect in the loop that uses them.

An async fixture would need a plugin that runs it, and might run in another event loop than the test. What is open when
the test ends is ended in its loop (:mod:`~pytest_supaseed.postgres.databases.event_loops`), when this loop shuts down
or when the fixtures here are torn down, whichever comes first: the teardown of the test's own async fixtures comes
before both, and may still use the session.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from pytest_supaseed import connecting
from pytest_supaseed.errors import CountError, SupaseedWarning
from pytest_supaseed.plugin.internals import is_async_test
from pytest_supaseed.plugin.keeping import end_shared
from pytest_supaseed.plugin.provisioning import begin_test, claim, report_end_state
from pytest_supaseed.plugin.running import session_state
from pytest_supaseed.plugin.state import (
    ADDED,
    ASYNC_CONNECTION,
    ASYNC_DATABASE,
    CHANNEL,
    OWN_DATABASE,
    SHARED,
    USES,
    without_traceback,
)
from pytest_supaseed.settings import installed_async_driver
from pytest_supaseed.wording import printable, shortened

if TYPE_CHECKING:
    from pytest_supaseed.postgres.databases.async_engine import AsyncAccess
    from pytest_supaseed.session.seeded import SeededDatabase


_FIXTURES = ("seeded_async_session", "seeded_async_connection", "seeded_async_engine")
NOT_ASYNC = (
    "{test} asks for {fixture}, and is not async, so that nothing has used it in an event loop: write "
    "async def {function}(...), and let pytest-asyncio or anyio run it; or ask for {twin}, which is not async. A test "
    "that sends requests through a TestClient hands {fixture} to the application"
)

_CANCELLED = (
    "{} has ended while a task was running a statement, which was cancelled: {}. Await the tasks that a test begins, "
    "or cancel them, before it ends."
)


def own_database(request: pytest.FixtureRequest, database: SeededDatabase) -> Iterator[AsyncAccess]:
    """Yield async access to the test's own database."""
    database.async_driver = session_state(request.config).settings.async_driver
    database.async_misuse = _sentence
    with without_traceback():
        access = database.async_access
    yield access
    # What is left open is reported when the database is dropped.
    with without_traceback():
        access.pool.finish()
    _report_cancelled(request.node, access)
    _check_use(request, access)


def rolled_back(
    request: pytest.FixtureRequest, schema: object, generators: Mapping[str, Any]
) -> Iterator[AsyncAccess]:
    """Yield async access to a connection that is rolled back after the test, or to the test's own database."""
    node = request.node
    uses = node.stash.get(USES, None)
    # A test with a marker that asks with getfixturevalue() works on the shared database already.
    late = node.stash.get(ADDED, False)
    if late or node.stash.get(OWN_DATABASE, False) or (uses is not None and uses.own_database):
        yield request.getfixturevalue(ASYNC_DATABASE)
        return
    claim(node, ASYNC_CONNECTION)
    with without_traceback():
        connecting.check_greenlet()
        prepared = begin_test(request, schema, generators)
        template, spec = prepared.template, prepared.spec
        shared = template.shared(spec)
        channel = shared.async_channel
        if channel is None:
            from pytest_supaseed.postgres.databases.async_isolation import AsyncChannel

            driver = session_state(request.config).settings.async_driver or installed_async_driver()
            channel = shared.async_channel = AsyncChannel(shared, driver, _sentence)

    def begin() -> None:
        with without_traceback():
            try:
                shared.begin(node.nodeid, spec, channel.channel)
            except CountError:
                end_shared(node, template, spec, changed=True)
                raise

    access = channel.begin(begin)
    node.stash[SHARED], node.stash[CHANNEL] = (template, shared), channel
    yield access
    try:
        end_state = channel.end()
    except Exception:
        end_shared(node, template, spec)
        raise
    report_end_state(node, prepared, end_state)
    _report_cancelled(node, access)
    _check_use(request, access)


def _sentence(text: str) -> BaseException:
    """Return the error of a test for a sentence on what cannot work; applications do not handle it as one of theirs."""
    return pytest.fail.Exception(printable(text), pytrace=False)


def _report_cancelled(node: pytest.Item, access: AsyncAccess) -> None:
    cancelled, access.pool.cancelled = access.pool.cancelled, []
    for statement in cancelled:
        with without_traceback():
            node.warn(SupaseedWarning(_CANCELLED.format(node.nodeid, shortened(statement))))


def _check_use(request: pytest.FixtureRequest, access: AsyncAccess) -> None:
    """Fail a test that is not async, names an async fixture among its arguments, and lets nothing use it."""
    node = request.node
    asked = [name for name in _FIXTURES if name in getattr(node._fixtureinfo, "argnames", ())]
    if asked and not access.pool.used and not is_async_test(node):
        message = NOT_ASYNC.format(
            test=node.nodeid,
            fixture=asked[0],
            function=node.originalname,
            twin=asked[0].replace("_async", ""),
        )
        pytest.fail(message, pytrace=False)
