"""What the fixtures for psycopg 3 without SQLAlchemy give: its connections, sync and async.

An async connection of psycopg belongs to no event loop: it is opened and ended by a plain fixture, in a loop of our
own, and works in any loop between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from pytest_supaseed import connecting
from pytest_supaseed.errors import CountError, SupaseedWarning
from pytest_supaseed.plugin.async_provisioning import NOT_ASYNC
from pytest_supaseed.plugin.internals import is_async_test
from pytest_supaseed.plugin.keeping import end_shared
from pytest_supaseed.plugin.provisioning import begin_test, claim, report_end_state, rolled_back_wider
from pytest_supaseed.plugin.running import session_state
from pytest_supaseed.plugin.state import (
    ASYNC_PSYCOPG,
    CHANNEL,
    CONNECTION,
    DATABASE,
    OWN_DATABASE,
    PSYCOPG,
    SHARED,
    USES,
    without_traceback,
)

if TYPE_CHECKING:
    import psycopg

    from pytest_supaseed.postgres.databases.isolation import MakeEngine, SharedDatabase


_WIDER = (
    "{fixture} is opened on the database that the test uses and that has rolled_back=True, and this one is worked on "
    "with {driver}: {advice}"
)
_BUSY = (
    "{} has ended while a task was running a statement on seeded_async_psycopg, which was cancelled. Await the tasks "
    "that a test begins, or cancel them, before it ends."
)


def connection(
    request: pytest.FixtureRequest, schema: object, generators: Mapping[str, Any]
) -> Iterator[psycopg.Connection[Any]]:
    """Yield psycopg's connection, rolled back after the test, or to the test's own database."""
    node = request.node
    if _has_own(node):
        import psycopg

        absent, parameters = request.getfixturevalue(DATABASE).connecting_psycopg()
        with absent:
            opened = psycopg.connect(**parameters)
        yield opened
        opened.close()
        return
    follows = session_state(request.config).settings.driver == "psycopg"
    wider = rolled_back_wider(node)
    if (wider is not None and follows) or node.stash[USES].psycopg_shares:
        through = wider if wider is not None else request.getfixturevalue(CONNECTION)
        driver: Any = through.connection.driver_connection
        # What the test sets on the object, such as its row factory, ends with the object.
        driver.rolled_back.spoilt = True
        yield driver
        return
    _refuse_wider(node, "seeded_psycopg")
    from pytest_supaseed.postgres.databases.plain_engine import psycopg_engine

    yield from _shared(request, schema, generators, PSYCOPG, psycopg_engine, lambda do: do())


def async_connection(
    request: pytest.FixtureRequest, schema: object, generators: Mapping[str, Any]
) -> Iterator[psycopg.AsyncConnection[Any]]:
    """Yield psycopg's async connection, rolled back after the test, or to the test's own database."""
    node = request.node
    if _has_own(node):
        yield from _own_async(request)
        return
    with without_traceback():
        connecting.check_greenlet()
    _refuse_wider(node, "seeded_async_psycopg")
    from pytest_supaseed.postgres.databases.plain_engine import async_psycopg_engine

    sharing = _shared(request, schema, generators, ASYNC_PSYCOPG, async_psycopg_engine, _in_greenlet)
    driver = next(sharing)
    node.stash[CHANNEL] = _Keeping(node.stash[SHARED][1], driver)
    yield driver
    try:
        _end_statement(node, driver)
    finally:
        # It ends the test.
        next(sharing, None)
    _check_use(request, driver.used)


@dataclass
class _Keeping:
    """Undoes, or commits, what a test has done on psycopg's async connection."""

    shared: SharedDatabase
    driver: psycopg.AsyncConnection[Any]

    def block(self) -> AbstractAsyncContextManager[None]:
        """Undo in the end what the test does in the block."""
        from pytest_supaseed.postgres.databases.async_engine import spawned

        return spawned(self.shared.block())

    async def keep_here(self) -> str | None:
        """Commit it, in the event loop in which the test works."""
        from sqlalchemy.util.concurrency import greenlet_spawn

        if self.driver.lock.locked():
            # No other statement can run before the end of this one.
            self.driver.pgconn.finish()
        return await greenlet_spawn(self.shared.keep)

    def keep(self) -> str | None:
        """Commit it, from outside of the loops."""
        from pytest_supaseed.postgres.databases.event_loops import run_apart

        found: list[str | None] = []

        async def keep() -> None:
            found.append(await self.keep_here())

        run_apart(keep)
        return found[0]


def _own_async(request: pytest.FixtureRequest) -> Iterator[psycopg.AsyncConnection[Any]]:
    from pytest_supaseed.postgres.databases.event_loops import run_apart
    from pytest_supaseed.postgres.databases.psycopg_connection import LoopConnection

    absent, parameters = request.getfixturevalue(DATABASE).connecting_psycopg()
    opened: list[Any] = []

    async def connect() -> None:
        opened.append(await LoopConnection.connect(**parameters))

    async def close() -> None:
        await opened[0].close()

    with absent:
        run_apart(connect)
    yield opened[0]
    try:
        _end_statement(request.node, opened[0])
    finally:
        run_apart(close)


def _shared(
    request: pytest.FixtureRequest,
    schema: object,
    generators: Mapping[str, Any],
    fixture: str,
    make_engine: MakeEngine,
    run: Callable[[Callable[[], Any]], Any],
) -> Iterator[Any]:
    """Yield a connection to the database that tests with the same spec share.

    Args:
        request: of the fixture.
        schema: the value of ``supaseed_schema``.
        generators: the value of ``supaseed_generators``.
        fixture: its name.
        make_engine: of the channel.
        run: calls a function that works through the channel.
    """
    node = request.node
    claim(node, fixture)
    with without_traceback():
        prepared = begin_test(request, schema, generators)
        template, spec = prepared.template, prepared.spec
        shared = template.shared(spec)
        channel = shared.channel_of(make_engine)
        try:
            entered = run(lambda: shared.begin(node.nodeid, spec, channel))
        except CountError:
            end_shared(node, template, spec, changed=True)
            raise
    node.stash[SHARED] = template, shared
    yield entered.driver

    def end() -> Any:
        end_state = shared.end()
        channel.engine.renew()  # type: ignore[attr-defined] # a plain engine
        return end_state

    report_end_state(node, prepared, run(end))


def _in_greenlet(do: Callable[[], Any]) -> Any:
    """Call a function within a greenlet of SQLAlchemy, in an event loop of its own."""
    from sqlalchemy.util.concurrency import greenlet_spawn

    from pytest_supaseed.postgres.databases.event_loops import run_apart

    found: list[Any] = []

    async def call() -> None:
        found.append(await greenlet_spawn(do))

    run_apart(call)
    return found[0]


def _has_own(node: pytest.Item) -> bool:
    """Whether a test has a database of its own."""
    uses = node.stash.get(USES, None)
    return bool(node.stash.get(OWN_DATABASE, False) or (uses is not None and uses.own_database))


def _refuse_wider(node: pytest.Item, fixture: str) -> None:
    """Fail a test whose rolled-back database of wider scope is worked on with another connection."""
    if rolled_back_wider(node) is None:
        return
    driver = session_state(node.config).settings.driver
    advice = (
        "write supaseed_driver = psycopg in the ini, or work on the engine of that database"
        if fixture == "seeded_psycopg" and driver != "psycopg"
        else "work on the engine of that database, or ask for seeded_dsn, which is a database of the test's own"
    )
    pytest.fail(_WIDER.format(fixture=fixture, driver=driver, advice=advice), pytrace=False)


def _end_statement(node: pytest.Item, driver: psycopg.AsyncConnection[Any]) -> None:
    """Close a connection on which a task of the test is still running a statement, and warn of it."""
    if driver.lock.locked() and not driver.closed:
        driver.pgconn.finish()
        with without_traceback():
            node.warn(SupaseedWarning(_BUSY.format(node.nodeid)))


def _check_use(request: pytest.FixtureRequest, used: bool) -> None:
    """Fail a test that is not async, names the async fixture among its arguments, and lets nothing use it."""
    node = request.node
    asked = "seeded_async_psycopg" in getattr(node._fixtureinfo, "argnames", ())
    if asked and not used and not is_async_test(node):
        message = NOT_ASYNC.format(
            test=node.nodeid,
            fixture="seeded_async_psycopg",
            function=node.originalname,
            twin="seeded_psycopg",
        )
        pytest.fail(message, pytrace=False)
