"""Async engines of SQLAlchemy for tests: their connections belong to event loops, and end in them.

:func:`async_engine` makes one. Its :class:`LoopPool` keeps connections for the loop in which they were opened, and
closes them there. :class:`AsyncAccess` is what the fixtures of one test hand out of it: a connection and a session that
connect at their first statement, in the loop that is running then. A connection that is used in another loop, or by two
tasks at once, raises a :class:`~pytest_supaseed.errors.SeedError` that says so; the drivers would fail in obscure ways.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, Pool
from sqlalchemy.util.concurrency import greenlet_spawn

from pytest_supaseed import connecting
from pytest_supaseed.errors import SeedError
from pytest_supaseed.libpq import Environment
from pytest_supaseed.postgres.databases.event_loops import (
    NO_LOOP,
    LoopEnding,
    cancel,
    current_task,
    running_loop,
)

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection


# Whose connections can be used in one loop after another.
FREE_OF_LOOPS = frozenset(("psycopg",))
# The key in the information of a pooled connection for its ConnectionUse.
_USE = "supaseed_use"
_TWO_LOOPS = (
    "a connection of {driver} was opened {opened}, and is used {used} in another event loop, where it cannot work. Let "
    "the test and its fixtures run in one loop (with pytest-asyncio, the same loop_scope for both), or write "
    "supaseed_async_driver = psycopg in the ini, whose connections work in any loop"
)
_TWO_TASKS = (
    "two tasks use one connection at once, {first} and {second}: like a session, it does one thing after another. Let "
    "them await each other's turn, or give each a session of its own: AsyncSession(seeded_async_engine), on a database "
    "of the test's own"
)


@asynccontextmanager
async def spawned(block: AbstractContextManager[object]) -> AsyncIterator[None]:
    """Enter and leave a context, whose code works through an async connection, within greenlets of SQLAlchemy."""
    await greenlet_spawn(block.__enter__)
    try:
        yield
    finally:
        # It raises the error again, if there is one.
        await greenlet_spawn(block.__exit__, *sys.exc_info())


@dataclass
class ConnectionUse:
    """The use of a pooled connection.

    Attributes:
        loop: the event loop in which it was opened.
        opened: the test, and its phase, that opened it, for messages.
        task: the task whose statement is running; None for none.
        statement: the last statement.
        refused: whether another task was refused while one was running.
    """

    loop: asyncio.AbstractEventLoop
    opened: str
    task: asyncio.Task[Any] | None = None
    statement: str = ""
    refused: bool = False

    def loop_problem(self, driver: str) -> str:
        """Return what is wrong if the running loop is not the connection's; empty if it is."""
        if self.loop is running_loop() or driver in FREE_OF_LOOPS:
            return ""
        return _TWO_LOOPS.format(driver=driver, opened=self.opened, used=_phase())

    def begin(self, statement: str) -> str:
        """Note that a statement of the current task runs; return what is wrong if one of another task does."""
        task = current_task()
        if self.task is not None and self.running:
            self.refused = True
            return _TWO_TASKS.format(first=_name(self.task), second=_name(task))
        self.task, self.statement, self.refused = task, statement, False
        return ""

    @property
    def running(self) -> bool:
        """Whether a statement of another task is running."""
        return self.task is not None and not self.task.done() and self.task is not current_task()


def _phase() -> str:
    """Return the running test and its phase, for messages: ``in test_it.py::test_x (setup)``."""
    return f"in {os.environ.get('PYTEST_CURRENT_TEST', 'no test')}"


def _name(task: asyncio.Task[Any] | None) -> str:
    coroutine = getattr(task, "get_coro", lambda: None)()
    return (
        f"{getattr(task, 'get_name', lambda: 'no task')()} ({getattr(coroutine, '__qualname__', coroutine)})"
    )


class LoopPool(Pool):
    """A pool whose connections are used again only in the event loop in which they were opened, and end in it.

    Attributes:
        closing: coroutine functions that are called with a loop before its connections are closed.
        left: the last statements of connections that were still in use when their loop ended.
        cancelled: the last statements of tasks that were still running one when their loop ended.
        used: whether anything has asked for a connection.
        raising: makes the error for a sentence.
        error: that the end of a loop has raised.
    """

    _is_asyncio = True

    def __init__(self, creator: Callable[[], DBAPIConnection], **options: Any) -> None:
        super().__init__(creator, **options)
        self.closing: list[Callable[[asyncio.AbstractEventLoop], Any]] = []
        self.left: list[str] = []
        self.cancelled: list[str] = []
        self.used = False
        self.raising: Raising = SeedError
        self.error: Exception | None = None
        self._idle: dict[asyncio.AbstractEventLoop | None, list[ConnectionPoolEntry]] = {}
        self._used: dict[ConnectionPoolEntry, asyncio.AbstractEventLoop] = {}
        self._endings: dict[asyncio.AbstractEventLoop, LoopEnding] = {}

    def _do_get(self) -> ConnectionPoolEntry:
        loop = self._entered_loop()
        idle = self._idle[loop]
        entry = idle.pop() if idle else self._create_connection()
        self._used[entry] = loop
        return entry

    def _entered_loop(self) -> asyncio.AbstractEventLoop:
        """Return the running loop, at whose end its connections will be closed."""
        loop = running_loop()
        if loop is None:
            raise self.raising(NO_LOOP)
        self.used = True
        if loop not in self._endings:
            self._endings[loop] = LoopEnding(partial(self._end, loop), partial(self._abandon, loop))
        self._idle.setdefault(loop, [])
        return loop

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        loop = self._used.pop(record, None)
        if loop is None:
            # It was closed with its loop, and is found by the garbage collector.
            return
        if record.info.pop(connecting.DISCARD, False):
            record.close()
        else:
            self._idle[loop].append(record)

    async def _end(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            await self._end_all(loop)
        except Exception as error:
            # A loop that shuts down would only log it.
            self.error = error
        finally:
            self._endings.pop(loop, None)

    async def _end_all(self, loop: asyncio.AbstractEventLoop) -> None:
        for close in self.closing:
            await close(loop)
        for record in [record for record, each in self._used.items() if each is loop]:
            use = record.info.get(_USE)
            if use is not None and use.task is not None and use.running:
                self.cancelled.append(use.statement)
                await cancel(use.task)
        await greenlet_spawn(self._close, loop)

    def _close(self, loop: asyncio.AbstractEventLoop) -> None:
        """Close the connections of a loop; also those that a test has left in use, which are noted."""
        for record in self._idle.pop(loop, ()):
            record.close()
        for record in [record for record, each in self._used.items() if each is loop]:
            del self._used[record]
            if record.dbapi_connection is not None:
                self.left.append(record.info[_USE].statement)
                record.close()

    def _abandon(self, loop: asyncio.AbstractEventLoop) -> None:
        """Close the connections of a loop that was closed before them, without waiting."""
        self._endings.pop(loop, None)
        for record in [*self._idle.pop(loop, ()), *(each for each, of in self._used.items() if of is loop)]:
            if record.driver_connection is not None:
                _drop(record.driver_connection)
            # Else SQLAlchemy warns when it finds a connection that was never returned.
            record.dbapi_connection = record.fairy_ref = None
            self._used.pop(record, None)

    def finish(self) -> None:
        """End what is open in any loop, from outside of the loops."""
        for ending in tuple(self._endings.values()):
            ending.finish()
        self._endings.clear()
        if self.error is not None:
            raise self.error

    def status(self) -> str:
        """Return how many connections are idle, and in use."""
        return f"LoopPool: {sum(map(len, self._idle.values()))} idle, {len(self._used)} in use"

    def dispose(self) -> None:
        """Close the idle connections of the running loop."""
        loop = running_loop()
        if loop is not None:
            for record in self._idle.pop(loop, ()):
                record.close()

    def recreate(self) -> LoopPool:
        """Return this pool: after :meth:`dispose` it is as good as a new one, and still ends with the test."""
        return self


def _drop(driver: Any) -> None:
    """Close a driver connection without its event loop."""
    if hasattr(driver, "pgconn"):
        driver.pgconn.finish()
        return
    from pytest_supaseed.postgres.databases.asyncpg_connection import end

    end(driver)


class SinglePool(LoopPool):
    """A :class:`LoopPool` with one connection for each event loop, which all users in the loop share.

    Attributes:
        bound: whether connections belong to loops; otherwise there is one connection, and no loop ends it.
        admit: called before a connection is handed out.
    """

    bound = True
    admit: Callable[[], None] = staticmethod(lambda: None)

    def _do_get(self) -> ConnectionPoolEntry:
        self.used = True
        loop = self._entered_loop() if self.bound else None
        self.admit()
        idle = self._idle.setdefault(loop, [])
        if not idle:
            idle.append(self._create_connection())
        return idle[0]

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        """Leave the connection where it is."""

    def recreate(self) -> LoopPool:
        """Return this pool, without the connections that it had; those on which no test works are closed."""
        for connection in self.connections():
            # Of another loop than the one that disposes of them, no other code knows it any more.
            if connection is not None and not connection.rolled_back.inside:
                connection.drop()
        self._idle.clear()
        return self

    def forget_others(self, connection: Any) -> None:
        """Close the connection of the running loop if it is another than this one, within a greenlet."""
        for record in self._idle.get(running_loop(), ()) if self.bound else ():
            if record.dbapi_connection is not None and record.driver_connection is not connection:
                record.close()

    def connections(self) -> list[Any]:
        """Return the driver connections that the pool keeps."""
        return [record.driver_connection for records in self._idle.values() for record in records]


Raising = Callable[[str], BaseException]


def async_engine(
    url: URL,
    driver: str,
    environment: Environment,
    raising: Raising,
    connect: Callable[[Any, Mapping[str, Any]], Any] | None = None,
    **options: Any,
) -> AsyncEngine:
    """Create an async engine whose connections end with their event loops.

    Args:
        url: of the database, for psycopg2.
        driver: the name of the async driver's package.
        environment: which parameters libpq's environment may give.
        raising: makes the error for a sentence on what cannot work.
        connect: opens a connection, from the dialect and the driver's arguments; None for the dialect's own function.
        options: of :func:`sqlalchemy.ext.asyncio.create_async_engine`; its pool is a :class:`LoopPool`, unless they
            name a subclass.

    Raises:
        SeedError: SQLAlchemy lacks greenlet.
    """
    connecting.check_greenlet()
    # asyncpg has no parameter for libpq's ``options``, which the server takes as such from any driver.
    startup = {name: value for name, value in url.query.items() if name == "options" and driver == "asyncpg"}
    made = create_async_engine(
        connecting.DatabaseURL.of(url, driver),
        **{"poolclass": LoopPool, **options},
        connect_args={"server_settings": startup} if startup else {},
    )
    engine = made.sync_engine
    _pool(made).raising = raising

    refusals: WeakSet[BaseException] = WeakSet()

    def check(problem: str) -> None:
        if problem:
            error = raising(problem)
            refusals.add(error)
            raise error

    @event.listens_for(engine, "do_connect")
    def open_connection(dialect: Any, record: Any, arguments: Any, given: Any) -> Any:
        with connecting.absent(environment):
            return dialect.connect(*arguments, **given) if connect is None else connect(dialect, given)

    @event.listens_for(engine, "connect")
    def opened(connection: Any, record: Any) -> None:
        record.info[_USE] = ConnectionUse(asyncio.get_running_loop(), _phase())

    @event.listens_for(engine, "before_cursor_execute")
    def before(connection: Connection, cursor: Any, statement: str, *more: Any) -> None:
        use: ConnectionUse = connection.info[_USE]
        check(use.loop_problem(driver) or use.begin(statement))

    @event.listens_for(engine, "after_cursor_execute")
    def after(connection: Connection, *more: Any) -> None:
        connection.info[_USE].task = None

    @event.listens_for(engine, "handle_error")
    def failed(context: Any) -> None:
        if context.original_exception in refusals:
            # It may be no Exception, after which SQLAlchemy would close the connection: the other task goes on.
            context.is_disconnect = False
        elif context.connection is not None and not context.connection.invalidated:
            context.connection.info[_USE].task = None

    @event.listens_for(engine, "commit")
    @event.listens_for(engine, "rollback")
    def ends(connection: Connection) -> None:
        if not connection.invalidated:
            check(connection.info[_USE].loop_problem(driver))

    return made


def _pool(engine: AsyncEngine) -> LoopPool:
    pool = engine.pool
    assert isinstance(pool, LoopPool)  # noqa: S101 for the type checker
    return pool


class UnconnectedConnection(Connection):
    """A connection that takes one from its engine's pool at its first statement.

    SQLAlchemy connects at once, except for a connection that was invalidated: it is in the state of such a one.
    """

    def __init__(self, engine: Any) -> None:
        super().__init__(engine, connection=_NOT_CONNECTED)  # type: ignore[arg-type]
        self._dbapi_connection = None

    def _revalidate_connection(self) -> Any:
        pool = self.engine.pool
        if self.closed and isinstance(pool, SinglePool):
            # It tells why, where a test has ended.
            pool.admit()
        return super()._revalidate_connection()


_NOT_CONNECTED = object()


class UnconnectedAsyncConnection(AsyncConnection):
    """An async connection that needs no ``await`` to be connected, and does so at its first statement."""

    async def start(self, is_ctxmanager: bool = False) -> AsyncConnection:
        """Return the connection: it is as good as started."""
        return self


@dataclass
class AsyncAccess:
    """What the async fixtures of one test hand out: an engine, and a connection and a session on it.

    Attributes:
        engine: whose pool is a :class:`LoopPool`.
    """

    engine: AsyncEngine
    _sessions: list[AsyncSession] = field(default_factory=list)

    @property
    def pool(self) -> LoopPool:
        """The engine's pool."""
        return _pool(self.engine)

    @cached_property
    def connection(self) -> AsyncConnection:
        """A connection, which connects at its first statement."""
        return UnconnectedAsyncConnection(self.engine, UnconnectedConnection(self.engine.sync_engine))

    def session(self) -> AsyncSession:
        """Return a session on the connection; SQLModel's, where the tests have imported SQLModel."""
        kind: type[AsyncSession] = AsyncSession
        if "sqlmodel" in sys.modules:
            from sqlmodel.ext.asyncio import session

            kind = session.AsyncSession
        made = kind(self.connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        self._sessions.append(made)
        return made

    @property
    def sessions(self) -> Sequence[AsyncSession]:
        """The sessions that were handed out."""
        return self._sessions

    @property
    def use(self) -> ConnectionUse | None:
        """The use of the connection; None while it is not connected."""
        connection = self.connection.sync_connection
        if connection is None or connection.closed or connection.invalidated:
            return None
        return connection.info[_USE]  # type: ignore[no-any-return] # of SQLAlchemy's own

    async def close_in(self, loop: asyncio.AbstractEventLoop) -> None:
        """Close sessions and connection, if they are connected in a loop."""
        use = self.use
        if use is not None and use.loop is loop:
            await self.close()

    async def close(self) -> None:
        """Close sessions and connection, after the end of a statement that is running."""
        use = self.use
        if use is not None and use.task is not None and use.running:
            # A test that was refused says itself what was wrong.
            self.pool.cancelled += [] if use.refused else [use.statement]
            await cancel(use.task)
        for session in self._sessions:
            await session.close()
        await self.connection.close()

    def finish(self) -> list[str]:
        """End what is open, from outside of the loops, and return the last statements of connections in use."""
        self.pool.finish()
        return self.pool.left
