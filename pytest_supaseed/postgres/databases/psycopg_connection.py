"""psycopg 3's connections of a test, sync and async, whose commits are savepoints in a transaction that is undone.

They are used as psycopg documents it: ``execute()``, cursors of any class, server-side cursors, ``copy()``,
``stream()``, ``transaction()`` blocks and ``pipeline()``. A block that begins when nothing was executed since the last
commit is a transaction to the test, and commits at its end; another one is a savepoint.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from operator import or_
from typing import Any, TypeVar

import psycopg
from psycopg import generators, sql
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy.util import await_only

from pytest_supaseed.postgres.databases.effects import (
    CURSORS,
    NO_EFFECTS,
    Effects,
    effects_of,
    with_values,
)
from pytest_supaseed.postgres.databases.event_loops import NO_LOOP, running_loop
from pytest_supaseed.postgres.databases.transaction import (
    Operation,
    Request,
    RolledBackTransaction,
    Rows,
    perform,
    perform_async,
)

Result = TypeVar("Result")
# Since psycopg 3.3 there are templates, too, which only a function knows.
_as_string = getattr(sql, "as_string", lambda query, context: query.as_string(context))
_OPENS = Effects(kinds=frozenset((CURSORS,)))


def _integers(value: bytes) -> list[int | None]:
    return [None if number == b"NULL" else int(number) for number in value[1:-1].split(b",") if number]


# How the values of our own queries are read, by the oids of their types; others are texts. A project may have
# registered other loaders with psycopg.
_VALUES: Mapping[int, Callable[[bytes], Any]] = {
    16: lambda value: value == b"t",
    **dict.fromkeys((20, 21, 23, 26), int),
    1016: _integers,
}


def _rows(result: Any, encoding: str) -> Rows:
    """Return the rows of a result of libpq."""
    types = [_VALUES.get(result.ftype(place)) for place in range(result.nfields)]
    return [
        tuple(
            None
            if (value := result.get_value(row, place)) is None
            else (read(value) if read is not None else value.decode(encoding))
            for place, read in enumerate(types)
        )
        for row in range(result.ntuples)
    ]


@cache
def _closed() -> Any:
    """Return a connection of libpq that is closed."""
    made = psycopg.pq.PGconn.connect_start(b"host=/nonexistent")
    made.finish()
    return made


@dataclass
class _Block:
    """A ``transaction()`` block.

    Attributes:
        outermost: whether it is a transaction to the test, and not a savepoint in one.
        succeeded: whether it has ended without being rolled back.
    """

    outermost: bool
    succeeded: bool = False

    @property
    def commits(self) -> bool:
        """Whether its end is a commit."""
        return self.outermost and self.succeeded


class _Connection(psycopg.BaseConnection[Any]):
    """What the sync and the async connection share; see :class:`~.transaction.RolledBackConnection`.

    Attributes:
        rolled_back: the state of the test's transaction.
        used: whether anything was executed on it.
    """

    deallocate = "DEALLOCATE ALL"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.rolled_back = RolledBackTransaction()
        # The last of the test's transactions in which it has executed anything, and the depth of its blocks.
        self._begun = -1
        self._blocks = 0
        self.used = False
        # Those that are entered.
        self._pipelines: list[Any] = []
        super().__init__(*args, **kwargs)
        # Kept, because a connection that was closed does not tell it.
        self._version = self.info.server_version

    @property
    def version(self) -> int:
        """The server's version."""
        return self._version

    @property
    def ended(self) -> bool:
        """Whether the connection is closed, or known to be broken."""
        return self.closed

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open on the server, failed or not."""
        return bool(not self.closed and self.info.transaction_status != TransactionStatus.IDLE)

    def renewed(self) -> Any:
        """Return a new object for the same connection to the server, for another test, and close this one.

        What a test has set on the object, such as its row factory and adapters, ends with it.
        """
        made = type(self)(self.pgconn)
        self.pgconn = _closed()
        return made

    def drop(self) -> None:
        """Close the connection without undoing anything."""
        self.pgconn.finish()

    def _exchange(self, request: Request) -> Generator[Any, Any, Rows]:
        """Run a request, by a generator that the connection waits for as for psycopg's own.

        All is sent at once, which no cursor does that has to begin a transaction.
        """
        begin = "BEGIN; " if request.begins and not self.in_transaction else ""
        encoding = self.info.encoding
        self.pgconn.send_query(f"{begin}{request.script}".encode(encoding))
        results = yield from generators.execute(self.pgconn)
        for result in results:
            if result.status == ExecStatus.FATAL_ERROR:
                raise psycopg.errors.error_from_result(result, encoding)
        yield from self._forget(request)
        return _rows(results[-1], encoding) if request.query is not None else []

    def _forget(self, request: Request) -> Generator[Any, Any, None]:
        """Forget what psycopg has prepared after a rollback, as it does: it may be about tables that are gone."""
        if any(statement.startswith("ROLLBACK") for statement in request.statements):
            self._prepared.clear()
            yield from self._prepared.maintain_gen(self)

    def effects(self, query: Any, values: Any = None) -> Effects:
        """Return the effects of a statement, with its values where they may matter."""
        self._begun, self.used = self.rolled_back.transactions, True
        if not self.rolled_back.inside:
            return NO_EFFECTS
        if isinstance(query, bytes):
            query = query.decode(self.info.encoding, errors="replace")
        elif not isinstance(query, str):
            # The statement itself reports a mistake in its parts.
            with suppress(Exception):
                query = _as_string(query, self)
        if not isinstance(query, str):
            return NO_EFFECTS
        return effects_of(with_values(query, values) if values and "set_config" in query.lower() else query)

    def all_effects(self, query: Any, values: Sequence[Any]) -> Effects:
        """Return the effects of a statement that is executed for each of several values."""
        each_differs = not isinstance(query, str) or "set_config" in query.lower()
        taken = values if each_differs else values[:1]
        return reduce(or_, (self.effects(query, each) for each in taken), NO_EFFECTS)

    @property
    def _ends_for_real(self) -> bool:
        """Whether commit() and rollback() are psycopg's: outside of a test, and in a block, where it refuses them."""
        return not self.rolled_back.inside or self._blocks > 0 or self.closed

    @contextmanager
    def _block(self) -> Iterator[_Block]:
        """Enter a transaction block, and tell at its end whether it commits."""
        begun = self._begun == self.rolled_back.transactions
        block = _Block(self.rolled_back.inside and not begun and not self._blocks)
        self._blocks += 1
        try:
            yield block
        finally:
            self._blocks -= 1
            if block.outermost:
                self._begun = -1

    def _refuse(self, name: str) -> None:
        refusal = self.rolled_back.refusal(name)
        if refusal:
            raise psycopg.ProgrammingError(refusal)


class TestCursor(psycopg.Cursor[Any]):
    """The cursor of a test, which looks for effects that end with the transaction."""

    __test__ = False  # pytest must not collect it
    connection: TestConnection

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """Execute a statement."""
        with self.connection.watching(self.connection.effects(query, params)):
            return super().execute(query, params, **options)

    def executemany(self, query: Any, params_seq: Iterable[Any], **options: Any) -> None:
        """Execute a statement once for each item of `params_seq`."""
        values = list(params_seq)
        with self.connection.watching(self.connection.all_effects(query, values)):
            super().executemany(query, values, **options)

    def stream(self, query: Any, params: Any = None, **options: Any) -> Iterator[Any]:
        """Execute a statement, and yield its rows as they arrive."""
        with self.connection.watching(self.connection.effects(query, params)):
            yield from super().stream(query, params, **options)

    @contextmanager
    def copy(self, statement: Any, params: Any = None, **options: Any) -> Iterator[Any]:
        """Begin a COPY."""
        with (
            self.connection.watching(self.connection.effects(statement, params)),
            super().copy(statement, params, **options) as copy,
        ):
            yield copy


class _EndingCursor:
    """Mixin for server-side cursors of a test, sync and async: what looks like the end of its transaction closes them.

    psycopg would send a statement for a cursor that is closed, whose error would abort the test's transaction. The
    methods are psycopg's generators, which its sync and async cursors share.
    """

    _opened_in = -1
    connection: Any
    name: str
    withhold: bool

    @property
    def _gone(self) -> bool:
        now = self.connection.rolled_back.transactions
        return not self.withhold and self._opened_in not in (-1, now)

    def _opened(self) -> Operation[None]:
        self._opened_in = self.connection.rolled_back.transactions
        return self.connection.rolled_back.before(_OPENS)  # type: ignore[no-any-return] # of a test's connection

    def _refuse(self) -> None:
        if self._gone:
            raise psycopg.errors.InvalidCursorName(f'cursor "{self.name}" does not exist')

    def _fetch_gen(self, *args: Any) -> Any:
        self._refuse()
        return super()._fetch_gen(*args)  # type: ignore[misc] # of psycopg's class

    def _scroll_gen(self, *args: Any) -> Any:
        self._refuse()
        return super()._scroll_gen(*args)  # type: ignore[misc]

    def _close_gen(self) -> Any:
        if not self._gone:
            yield from super()._close_gen()  # type: ignore[misc]


class ServerTestCursor(_EndingCursor, TestCursor):
    """Mixin for server-side cursors of a test."""

    connection: TestConnection

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """Declare the cursor."""
        found = super().execute(query, params, **options)
        self.connection.perform(self._opened())
        return found


class AsyncTestCursor(psycopg.AsyncCursor[Any]):
    """The async cursor of a test, which looks for effects that end with the transaction."""

    __test__ = False  # pytest must not collect it
    connection: AsyncTestConnection

    async def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """Execute a statement."""
        async with self.connection.watching(self.connection.effects(query, params)):
            return await super().execute(query, params, **options)

    async def executemany(self, query: Any, params_seq: Iterable[Any], **options: Any) -> None:
        """Execute a statement once for each item of `params_seq`."""
        values = list(params_seq)
        async with self.connection.watching(self.connection.all_effects(query, values)):
            await super().executemany(query, values, **options)

    async def stream(self, query: Any, params: Any = None, **options: Any) -> AsyncIterator[Any]:
        """Execute a statement, and yield its rows as they arrive."""
        async with self.connection.watching(self.connection.effects(query, params)):
            async for row in super().stream(query, params, **options):
                yield row

    @asynccontextmanager
    async def copy(self, statement: Any, params: Any = None, **options: Any) -> AsyncIterator[Any]:
        """Begin a COPY."""
        async with (
            self.connection.watching(self.connection.effects(statement, params)),
            super().copy(statement, params, **options) as copy,
        ):
            yield copy


class AsyncServerTestCursor(_EndingCursor, AsyncTestCursor):
    """Mixin for async server-side cursors of a test."""

    connection: AsyncTestConnection

    async def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """Declare the cursor."""
        found = await super().execute(query, params, **options)
        await self.connection.perform_async(self._opened())
        return found


@lru_cache(maxsize=64)
def _watched(factory: type, kind: type) -> type:
    """Return a subclass of a cursor class that behaves as a test's cursor."""
    if issubclass(factory, kind):
        return factory
    return type(f"Test{factory.__name__}", (kind, factory), {"__test__": False})


def _watching_factory(name: str, kind: type) -> Any:
    """Return a property for the cursor class of a connection, of which a watched subclass is used."""

    def read(connection: Any) -> Any:
        return connection.__dict__[name]

    def write(connection: Any, factory: Any) -> None:
        connection.__dict__[name] = _watched(factory, kind) if isinstance(factory, type) else factory

    return property(read, write)


def _kept(name: str, refusal: str) -> Any:
    """Return a property for a characteristic of transactions, which cannot be set within a test."""
    own = getattr(psycopg.Connection, name)

    def write(connection: TestConnection, value: Any) -> None:
        connection._refuse(refusal)
        own.fset(connection, value)

    return property(own.fget, write)


class TestConnection(_Connection, psycopg.Connection[Any]):
    """psycopg 3's connection of a test, whose work can be undone."""

    __test__ = False  # pytest must not collect it
    cursor_factory = _watching_factory("cursor_factory", TestCursor)
    server_cursor_factory = _watching_factory("server_cursor_factory", ServerTestCursor)

    def perform(self, operation: Operation[Result]) -> Result:
        """Run an operation on the test's transaction."""
        return perform(operation, self._run)

    def _run(self, request: Request) -> Rows:
        if not self._pipelines:
            with self.lock:
                return self.wait(self._exchange(request))
        # psycopg's own class, whose statements are not watched. In a pipeline each is sent by itself.
        with psycopg.Cursor(self) as cursor:
            for statement in (*request.statements, *([] if request.query is None else [request.query])):
                cursor.execute(statement, prepare=False)
            self._sync()
            self.wait(self._forget(request))
            return _rows(cursor.pgresult, self.info.encoding) if request.query is not None else []

    def leave_autocommit(self) -> None:
        """Have statements begin transactions."""
        if self.autocommit:
            self.autocommit = False

    @contextmanager
    def watching(self, effects: Effects) -> Iterator[None]:
        """Have the statements of the block executed with what has to be read before and after them."""
        self._catch_up()
        if effects is NO_EFFECTS:
            yield
            return
        self.perform(self.rolled_back.before(effects))
        yield
        self.perform(self.rolled_back.after(effects))

    def _catch_up(self) -> None:
        if self.rolled_back.waiting:
            self.perform(self.rolled_back.catch_up())

    def close(self) -> None:
        """Close the connection, after finding out whether the test has left the transaction."""
        if self.rolled_back.inside and not self.closed:
            # If this fails, it stays unknown whether the test has left it.
            with suppress(psycopg.Error):
                self.perform(self.rolled_back.undo())
        super().close()

    def commit(self) -> None:
        """Commit as the test sees it."""
        if self._ends_for_real:
            super().commit()
            return
        self._sync()
        self.perform(self.rolled_back.commit())

    def rollback(self) -> None:
        """Roll back to the test's last commit."""
        if self._ends_for_real:
            super().rollback()
            return
        self._sync()
        self.perform(self.rolled_back.rollback())

    def _sync(self) -> None:
        if self._pipelines:
            self._pipelines[-1].sync()

    @contextmanager
    def transaction(
        self, savepoint_name: str | None = None, force_rollback: bool = False
    ) -> Iterator[psycopg.Transaction]:
        """Begin a block that is a transaction to the test, or a savepoint in one."""
        self._catch_up()
        with self._block() as block, super().transaction(savepoint_name, force_rollback) as transaction:
            yield transaction
            block.succeeded = not transaction.force_rollback
        if block.commits:
            self.commit()

    @contextmanager
    def pipeline(self) -> Iterator[psycopg.Pipeline]:
        """Begin a block whose statements are sent without waiting for their results."""
        with super().pipeline() as pipeline:
            self._pipelines.append(pipeline)
            try:
                yield pipeline
            finally:
                self._pipelines.pop()

    @property
    def autocommit(self) -> bool:
        """Whether each statement is a transaction; cannot be set within a test."""
        return super().autocommit

    @autocommit.setter
    def autocommit(self, value: bool) -> None:
        if value:
            self._refuse("autocommit")
        if value != self.autocommit:
            psycopg.Connection.autocommit.fset(self, value)  # type: ignore[attr-defined]

    isolation_level = _kept("isolation_level", "isolation_level")
    read_only = _kept("read_only", "readonly")
    deferrable = _kept("deferrable", "deferrable")

    def set_autocommit(self, value: bool) -> None:
        """Set whether each statement is a transaction; refused within a test."""
        if value:
            self._refuse("autocommit")
        if value != self.autocommit:
            super().set_autocommit(value)

    def set_isolation_level(self, value: psycopg.IsolationLevel | None) -> None:
        """Set the isolation level; refused within a test, whose transaction has begun."""
        self._refuse("isolation_level")
        super().set_isolation_level(value)

    def set_read_only(self, value: bool | None) -> None:
        """Set whether transactions may write; refused within a test."""
        self._refuse("readonly")
        super().set_read_only(value)

    def set_deferrable(self, value: bool | None) -> None:
        """Set whether transactions are deferrable; refused within a test."""
        self._refuse("deferrable")
        super().set_deferrable(value)

    def tpc_begin(self, xid: Any) -> None:
        """Begin a transaction with two-phase commit; refused within a test."""
        self._refuse("two-phase")
        super().tpc_begin(xid)


class LoopConnection(psycopg.AsyncConnection[Any]):
    """An async connection of psycopg 3 that says where it cannot work: it waits in event loops of asyncio only."""

    async def wait(self, *args: Any, **options: Any) -> Any:
        """Wait for the end of one of psycopg's generators."""
        if running_loop() is None:
            raise psycopg.InterfaceError(NO_LOOP)
        return await super().wait(*args, **options)


class AsyncTestConnection(_Connection, LoopConnection):
    """psycopg 3's async connection of a test, whose work can be undone."""

    __test__ = False  # pytest must not collect it
    cursor_factory = _watching_factory("cursor_factory", AsyncTestCursor)
    server_cursor_factory = _watching_factory("server_cursor_factory", AsyncServerTestCursor)

    def perform(self, operation: Operation[Result]) -> Result:
        """Run an operation on the test's transaction, within a greenlet of SQLAlchemy."""
        return await_only(self.perform_async(operation))

    async def perform_async(self, operation: Operation[Result]) -> Result:
        """Run an operation on the test's transaction."""
        return await perform_async(operation, self._run)

    async def _run(self, request: Request) -> Rows:
        if not self._pipelines:
            async with self.lock:
                rows: Rows = await self.wait(self._exchange(request))
                return rows
        async with psycopg.AsyncCursor(self) as cursor:
            for statement in (*request.statements, *([] if request.query is None else [request.query])):
                await cursor.execute(statement, prepare=False)
            await self._sync()
            await self.wait(self._forget(request))
            return _rows(cursor.pgresult, self.info.encoding) if request.query is not None else []

    def leave_autocommit(self) -> None:
        """Have statements begin transactions; within a greenlet of SQLAlchemy."""
        if self.autocommit:
            await_only(self.set_autocommit(False))

    @asynccontextmanager
    async def watching(self, effects: Effects) -> AsyncIterator[None]:
        """Have the statements of the block executed with what has to be read before and after them."""
        await self._catch_up()
        if effects is NO_EFFECTS:
            yield
            return
        await self.perform_async(self.rolled_back.before(effects))
        yield
        await self.perform_async(self.rolled_back.after(effects))

    async def _catch_up(self) -> None:
        if self.rolled_back.waiting:
            await self.perform_async(self.rolled_back.catch_up())

    async def close(self) -> None:
        """Close the connection, after finding out whether the test has left the transaction."""
        if self.rolled_back.inside and not self.closed:
            # If this fails, it stays unknown whether the test has left it.
            with suppress(psycopg.Error):
                await self.perform_async(self.rolled_back.undo())
        await super().close()

    async def commit(self) -> None:
        """Commit as the test sees it."""
        if self._ends_for_real:
            await super().commit()
            return
        await self._sync()
        await self.perform_async(self.rolled_back.commit())

    async def rollback(self) -> None:
        """Roll back to the test's last commit."""
        if self._ends_for_real:
            await super().rollback()
            return
        await self._sync()
        await self.perform_async(self.rolled_back.rollback())

    async def _sync(self) -> None:
        if self._pipelines:
            await self._pipelines[-1].sync()

    @asynccontextmanager
    async def transaction(
        self, savepoint_name: str | None = None, force_rollback: bool = False
    ) -> AsyncIterator[psycopg.AsyncTransaction]:
        """Begin a block that is a transaction to the test, or a savepoint in one."""
        await self._catch_up()
        with self._block() as block:
            async with super().transaction(savepoint_name, force_rollback) as transaction:
                yield transaction
                block.succeeded = not transaction.force_rollback
        if block.commits:
            await self.commit()

    @asynccontextmanager
    async def pipeline(self) -> AsyncIterator[psycopg.AsyncPipeline]:
        """Begin a block whose statements are sent without waiting for their results."""
        async with super().pipeline() as pipeline:
            self._pipelines.append(pipeline)
            try:
                yield pipeline
            finally:
                self._pipelines.pop()

    async def set_autocommit(self, value: bool) -> None:
        """Set whether each statement is a transaction; refused within a test."""
        if value:
            self._refuse("autocommit")
        if value != self.autocommit:
            await super().set_autocommit(value)

    async def set_isolation_level(self, value: psycopg.IsolationLevel | None) -> None:
        """Set the isolation level; refused within a test, whose transaction has begun."""
        self._refuse("isolation_level")
        await super().set_isolation_level(value)

    async def set_read_only(self, value: bool | None) -> None:
        """Set whether transactions may write; refused within a test."""
        self._refuse("readonly")
        await super().set_read_only(value)

    async def set_deferrable(self, value: bool | None) -> None:
        """Set whether transactions are deferrable; refused within a test."""
        self._refuse("deferrable")
        await super().set_deferrable(value)

    async def tpc_begin(self, xid: Any) -> None:
        """Begin a transaction with two-phase commit; refused within a test."""
        self._refuse("two-phase")
        await super().tpc_begin(xid)


class PooledAsyncConnection(AsyncTestConnection):
    """An async connection of a test in the pool of SQLAlchemy, which does not close it while the test is running.

    Otherwise a query that is cancelled would take with it what the test has committed. The pool gets it again when it
    connects.
    """

    __test__ = False  # pytest must not collect it

    async def close(self) -> None:
        """Close the connection, unless a test is running on it."""
        if not self.rolled_back.inside or self.closed:
            await super().close()
