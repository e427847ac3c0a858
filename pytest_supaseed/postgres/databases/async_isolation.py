"""Test isolation by rollback for async drivers: :class:`AsyncChannel`, through which tests work on a shared database.

The rules are those of :class:`~.isolation.SharedDatabase`, whose code runs within a greenlet of SQLAlchemy. What is
added is the question of when, and in which event loop. A connection of asyncpg belongs to a loop: a test begins with
its first statement, in the loop that runs it, and ends when this loop shuts down or when the fixture is torn down. One
of psycopg does not: the test begins and ends with its fixture, in a loop of our own, and may use any others.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from enum import Enum
from functools import partial
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util.concurrency import greenlet_spawn

from pytest_supaseed import connecting
from pytest_supaseed.postgres.databases.async_engine import (
    FREE_OF_LOOPS,
    AsyncAccess,
    Raising,
    SinglePool,
    async_engine,
    spawned,
)
from pytest_supaseed.postgres.databases.drivers import async_creator
from pytest_supaseed.postgres.databases.event_loops import (
    cancel,
    current_task,
    run_apart,
    run_in,
    running_loop,
)
from pytest_supaseed.postgres.databases.isolation import Channel, EndState, SharedDatabase

# After a rollback of these, statements that asyncpg and SQLAlchemy have prepared meanwhile are about other types.
_DEFINITIONS = ("create", "alter", "drop", "do", "call")
_OVER = (
    "an async connection or session of a test is used after the test has ended: what the test begins, such as a task, "
    "has to end with it"
)
_ANOTHER_LOOP = (
    "the test works in two event loops: its connection was opened in one that has shut down since, and what was done "
    "on it is undone. With a TestClient, open it once, in a with statement; let the test ask for seeded_db as well, a "
    "database of its own, to which each loop may connect; or write supaseed_async_driver = psycopg in the ini, whose "
    "connections work in any loop"
)


class _Stage(Enum):
    """Where a test is that works through a channel."""

    NONE = "no test"
    WAITING = "its first statement has not come"
    BEGINNING = "it begins"
    RUNNING = "it runs"
    REFUSED = "it could not begin"
    ENDING = "it ends"
    OVER = "its event loop has ended it"


class AsyncChannel:
    """A channel of a shared database for an async driver.

    Args:
        shared: the database.
        driver: the package of the driver.
        raising: makes the error for a sentence on what cannot work.
    """

    def __init__(self, shared: SharedDatabase, driver: str, raising: Raising) -> None:
        self._shared = shared
        self._driver = driver
        self._raising = raising
        self._stage = _Stage.NONE
        self._refusal: BaseException | None = None
        self._end_state: EndState | None = None
        self._error: Exception | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        # With whose statement the test begins.
        self._task: asyncio.Task[Any] | None = None
        self._begin: Callable[[], object] = lambda: None
        self._access: AsyncAccess
        self._engine: AsyncEngine
        self.channel = shared.channel(self._make_engine)

    def _make_engine(
        self, channel: Channel, address: connecting.Address, options: Mapping[str, Any]
    ) -> Engine:
        self._engine = async_engine(
            address.url,
            self._driver,
            address.environment,
            self._raising,
            connect=lambda dialect, arguments: self._connect(dialect, channel, arguments),
            **{**options, "poolclass": SinglePool},
        )
        self._pool.bound = self._driver not in FREE_OF_LOOPS
        self._pool.admit = self._admit
        self._pool.closing.append(self._end_in)
        if self._pool.bound:
            event.listen(self._engine.sync_engine, "before_cursor_execute", self._note_definition)
        return self._engine.sync_engine

    def _connect(self, dialect: Any, channel: Channel, arguments: Mapping[str, Any]) -> Any:
        """Connect within a greenlet; a running test gets the connection again that SQLAlchemy has given up."""
        driver = self._current
        if driver is None or driver.ended or not driver.rolled_back.inside:
            session = driver.take_session() if driver is not None and self._pool.bound else None
            create = async_creator(self._driver, channel, session)
            return dialect.dbapi.connect(async_creator_fn=create, **arguments)
        driver.perform(driver.rolled_back.rollback())

        async def again() -> Any:
            return driver

        return dialect.dbapi.connect(async_creator_fn=again)

    @property
    def _current(self) -> Any:
        """The driver connection of the test, or of the last one, a :class:`RolledBackConnection`; None for none."""
        return self.channel.drivers[-1] if self.channel.drivers else None

    def _note_definition(self, connection: object, cursor: object, statement: str, *more: object) -> None:
        """Have the next test use another connection if a statement of this one changes types, which is undone."""
        if self._current is not None and statement.lstrip().lower().startswith(_DEFINITIONS):
            self._current.rolled_back.spoilt = True

    @property
    def _pool(self) -> SinglePool:
        pool = self._engine.pool
        assert isinstance(pool, SinglePool)  # noqa: S101 for the type checker
        return pool

    def begin(self, begin: Callable[[], object]) -> AsyncAccess:
        """Let a test begin, now or with its first statement.

        Args:
            begin: calls :meth:`~.isolation.SharedDatabase.begin` with :attr:`channel`.
        """
        self._begin, self._stage = begin, _Stage.WAITING
        self._end_state = self._error = self._refusal = None
        self._access = AsyncAccess(self._engine)
        if not self._pool.bound:
            run_apart(lambda: greenlet_spawn(self._admit))
        self._pool.used = False
        return self._access

    def _admit(self) -> None:
        """Begin the test before it gets its connection for the first time, within a greenlet."""
        loop = running_loop()
        if self._stage is _Stage.WAITING:
            self._stage, self._loop, self._task = _Stage.BEGINNING, loop, current_task()
            # A test before this one may have worked in another loop.
            self._pool.forget_others(self._current)
            try:
                self._begin()
            except BaseException as error:
                self._stage, self._refusal = _Stage.REFUSED, error
                raise
            self._stage = _Stage.RUNNING
        elif self._refusal is not None:
            raise self._refusal
        elif self._stage is _Stage.NONE:
            raise self._raising(_OVER)
        elif self._stage is _Stage.OVER or (self._pool.bound and loop is not self._loop):
            raise self._raising(_ANOTHER_LOOP)

    async def _end_in(self, loop: asyncio.AbstractEventLoop) -> None:
        """End the test in its event loop, which shuts down; the session of its connection goes to the next loop."""
        if loop is self._loop:
            await self._end()
        if self._current is not None:
            await self._current.leave()

    async def _end(self) -> None:
        """End the test, if it has begun, in its event loop."""
        if self._stage is _Stage.BEGINNING and self._task is not None:
            self._pool.cancelled.append("the first one, which connects")
            await cancel(self._task)
        if self._stage is not _Stage.RUNNING:
            return
        self._stage = _Stage.ENDING
        try:
            self._shared.put_off_rollbacks()
            await self._access.close()
            self._end_state = await greenlet_spawn(self._shared.end)
            await greenlet_spawn(self._close_lost)
        except Exception as error:
            self._error = error
            self._drop()
        finally:
            self._stage = _Stage.OVER

    @asynccontextmanager
    async def block(self) -> AsyncIterator[None]:
        """Undo in the end what the test does in the block, in its event loop: see :meth:`~.SharedDatabase.block`."""
        connection = self._access.connection
        # The test begins with its first statement.
        await connection.exec_driver_sql("SELECT 1")
        for session in self._access.sessions:
            await session.commit()
        if connection.in_transaction():
            await connection.commit()
        async with spawned(self._shared.block()):
            try:
                yield
            finally:
                for session in self._access.sessions:
                    await session.close()
                if connection.in_transaction():
                    await connection.rollback()

    async def keep_here(self) -> str | None:
        """Commit what the test has done, in the event loop in which it works: see :meth:`~.SharedDatabase.keep`.

        Returns:
            In words, what the database holds from now on; None where the test has not begun, or is over.
        """
        if self._stage is not _Stage.RUNNING:
            return None
        use = self._access.use
        if use is not None and use.task not in (None, current_task()) and not use.task.done():
            # No other statement can run before the end of this one.
            self._pool.cancelled += [] if use.refused else [use.statement]
            await cancel(use.task)
        return await greenlet_spawn(self._shared.keep)

    def keep(self) -> str | None:
        """Do what :meth:`keep_here` does from outside of the loops; None also where the test's loop is closed."""
        found: list[str | None] = []

        async def keep() -> None:
            found.append(await self.keep_here())

        if self._stage is not _Stage.RUNNING:
            return None
        if not self._pool.bound:
            self._cancel()
            run_apart(keep)
        elif self._loop is not None:
            run_in(self._loop, keep)
        return found[0] if found else None

    def _drop(self) -> None:
        """Close the connections of the test without waiting."""
        for driver in self.channel.drivers:
            driver.drop()

    def _cancel(self) -> None:
        """Cancel a task whose statement is running, in its own loop, from outside of the loops."""
        use = self._access.use
        if use is not None and use.task is not None and not use.task.done():
            self._pool.cancelled += [] if use.refused else [use.statement]
            run_in(use.task.get_loop(), partial(cancel, use.task))

    def _close_lost(self) -> None:
        """Close connections that SQLAlchemy gave up, as after a query that was cancelled, within a greenlet."""
        held = self._pool.connections()
        for driver in self.channel.drivers:
            if not any(driver is each for each in held):
                driver.drop()

    def end(self) -> EndState | None:
        """End the test, from outside of the loops; return the state of the database, None if the test has not begun."""
        if self._stage in (_Stage.BEGINNING, _Stage.RUNNING):
            if not self._pool.bound:
                self._cancel()
                run_apart(self._end)
            elif self._loop is None or not run_in(self._loop, self._end):
                self._drop()
                self._end_state = self._shared.end()
        self._stage, self._loop = _Stage.NONE, None
        if self._error is not None:
            raise self._error
        return self._end_state
