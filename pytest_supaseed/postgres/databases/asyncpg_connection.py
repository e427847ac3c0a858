"""asyncpg's connection of a test, whose commits are savepoints in a transaction that is undone.

asyncpg begins no transaction by itself: outside of ``transaction()`` each statement commits. On a test's connection it
does so as well, by a savepoint. SQLAlchemy begins one with ``transaction()`` before its first statement.

A connection of asyncpg belongs to an event loop, the session of the server that it has does not. :class:`ServerSession`
takes the session of a connection whose loop ends, for a connection in the next loop. Starting one costs milliseconds,
and so does each first statement about a table, which the server has to look up.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import socket
import struct
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import reduce
from operator import or_
from types import TracebackType
from typing import Any, TypeVar

import asyncpg
from sqlalchemy.util import await_only

from pytest_supaseed.postgres.databases.driver_errors import can_go_on
from pytest_supaseed.postgres.databases.effects import NO_EFFECTS, Effects, effects_of, with_values
from pytest_supaseed.postgres.databases.transaction import (
    Operation,
    Request,
    RolledBackTransaction,
    Rows,
    perform_async,
)
from pytest_supaseed.postgres.wire.messages import (
    AUTHENTICATION,
    AUTHENTICATION_OK,
    BACKEND_KEY,
    PARAMETER_STATUS,
    READY,
    TERMINATE,
    message,
)

Result = TypeVar("Result")
# Only what the test has prepared by SQL: the others are in the caches of asyncpg and SQLAlchemy.
_DEALLOCATE = """
DO $supaseed$ DECLARE names text[]; each text; BEGIN
    SELECT pg_catalog.array_agg(name) INTO names FROM pg_catalog.pg_prepared_statements WHERE from_sql;
    FOREACH each IN ARRAY COALESCE(names, '{}') LOOP EXECUTE pg_catalog.format('DEALLOCATE %I', each); END LOOP;
END $supaseed$
"""


_ARRAY = "::bigint[]"


def _number(value: Any) -> Any:
    """Return a number or a truth value as it is, and the numbers of an array that was read as text."""
    if not isinstance(value, str) or not value.startswith("{"):
        return value
    return [None if each == "NULL" else int(each) for each in value[1:-1].split(",") if each]


def end(connection: Any) -> None:
    """Close a connection of asyncpg without waiting, also one whose event loop is closed."""
    transport = connection._transport
    try:
        asyncpg.Connection.terminate(connection)
    except RuntimeError:
        # A closed loop does not close the socket, and Python would warn of it.
        if (socket := getattr(transport, "_sock", None)) is not None:
            socket.close()
            transport._sock = None


# The settings of which a server tells each client.
_REPORTED = (
    *("application_name", "client_encoding", "DateStyle", "default_transaction_read_only", "in_hot_standby"),
    *(
        "integer_datetimes",
        "IntervalStyle",
        "is_superuser",
        "scram_iterations",
        "search_path",
        "server_encoding",
    ),
    *("server_version", "session_authorization", "standard_conforming_strings", "TimeZone"),
)


@dataclass(frozen=True)
class ServerSession:
    """The session of a server that a connection of asyncpg has left, for one in another event loop.

    Attributes:
        socket: on which the server waits for a statement.
        greeting: what a server sends when a session has begun.
    """

    socket: socket.socket
    greeting: bytes

    @classmethod
    def left_by(cls, connection: Any) -> ServerSession | None:
        """Return the session of an idle connection; None where it cannot be taken, as it is encrypted."""
        transport, protocol = connection._transport, connection._protocol
        if transport.get_extra_info("ssl_object") is not None or os.name != "posix":
            return None
        # asyncio and uvloop wrap the socket, each in its own way.
        duplicate = socket.socket(fileno=os.dup(transport.get_extra_info("socket").fileno()))
        settings = connection.get_settings()
        pairs = ((name, getattr(settings, name, None)) for name in _REPORTED)
        reported = (
            message(PARAMETER_STATUS, f"{name}\0{value}\0".encode())
            for name, value in pairs
            if value is not None
        )
        key = struct.pack("!ii", protocol.backend_pid, protocol.backend_secret)
        begun = message(AUTHENTICATION, struct.pack("!i", AUTHENTICATION_OK))
        return cls(duplicate, b"".join((begun, *reported, message(BACKEND_KEY, key), message(READY, b"I"))))

    async def connect(self, *args: Any, **kwargs: Any) -> Any:
        """Return a connection of asyncpg that has the session; it is the session's only one.

        Args:
            args: those of :func:`asyncpg.connect`, as the keyword arguments are.
        """
        loop = asyncio.get_running_loop()
        connection = await asyncpg.connect(
            *args, **{**kwargs, "ssl": False, "loop": _ResumingLoop(loop, self)}
        )
        connection._loop = loop
        return connection

    def end(self) -> None:
        """End the session, unless it has ended."""
        with suppress(OSError):
            self.socket.sendall(message(TERMINATE))
        self.socket.close()


class _ResumingLoop:
    """An event loop that gives a driver a session in the place of a new connection."""

    def __init__(self, loop: asyncio.AbstractEventLoop, session: ServerSession) -> None:
        self._loop = loop
        self._session = session

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loop, name)

    async def create_unix_connection(
        self, factory: Callable[[], Any], *address: Any, **options: Any
    ) -> tuple[asyncio.BaseTransport, Any]:
        """Return a transport of the session, and the driver's protocol, to which the session has begun just now."""
        taken = self._session.socket
        create = (
            self._loop.create_unix_connection
            if taken.family == getattr(socket, "AF_UNIX", None)
            else self._loop.create_connection
        )
        transport, _ = await create(asyncio.Protocol, sock=taken)
        protocol = factory()
        transport.set_protocol(protocol)
        protocol.connection_made(_GreetedTransport(transport))
        protocol.data_received(self._session.greeting)
        return transport, protocol

    create_connection = create_unix_connection


class _GreetedTransport:
    """A transport that does not send the first message of a client, which would begin another session."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.write: Callable[[bytes], None] = self._omit

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def _omit(self, data: bytes) -> None:
        self.write = self._transport.write


class TestTransaction:
    """A transaction of a test, or a savepoint in one, used as asyncpg's: in a block, or by its methods."""

    __test__ = False  # pytest must not collect it

    def __init__(self, connection: TestConnection) -> None:
        self._connection = connection
        self._state = "not yet started"
        self._name = ""
        self._managed = False

    async def __aenter__(self) -> None:
        if self._managed:
            raise asyncpg.InterfaceError("cannot enter context: already in an `async with` block")
        self._managed = True
        await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._managed = False
        await (self.commit() if kind is None else self.rollback())

    async def start(self) -> None:
        """Begin the transaction or the savepoint."""
        if self._state != "not yet started":
            raise asyncpg.InterfaceError(f"cannot start; the transaction is {self._state}")
        self._name = await self._connection.begin_block()
        self._state = "already started"

    async def commit(self) -> None:
        """Commit, or release the savepoint."""
        self._end("commit")
        await self._connection.end_block(self._name, commits=True)
        self._state = "already committed"

    async def rollback(self) -> None:
        """Roll back."""
        self._end("rollback")
        await self._connection.end_block(self._name, commits=False)
        self._state = "already rolled back"

    def _end(self, how: str) -> None:
        if self._managed:
            raise asyncpg.InterfaceError(f"cannot manually {how} from within an `async with` block")
        if self._state != "already started":
            raise asyncpg.InterfaceError(f"cannot {how}; the transaction is {self._state}")
        self._state = "in error state"


class TestStatement:
    """A prepared statement of a test, which is asyncpg's, executed as the connection executes statements."""

    __test__ = False  # pytest must not collect it

    def __init__(self, connection: TestConnection, statement: Any) -> None:
        self._connection = connection
        self._statement = statement

    def __getattr__(self, name: str) -> Any:
        return getattr(self._statement, name)

    async def fetch(self, *args: Any, **options: Any) -> Any:
        """Execute the statement, and return its rows."""
        async with self._connection.executing(self._statement.get_query(), args):
            return await self._statement.fetch(*args, **options)

    async def fetchval(self, *args: Any, **options: Any) -> Any:
        """Execute the statement, and return a value of its first row."""
        async with self._connection.executing(self._statement.get_query(), args):
            return await self._statement.fetchval(*args, **options)

    async def fetchrow(self, *args: Any, **options: Any) -> Any:
        """Execute the statement, and return its first row."""
        async with self._connection.executing(self._statement.get_query(), args):
            return await self._statement.fetchrow(*args, **options)

    async def fetchmany(self, args: Iterable[Any], **options: Any) -> Any:
        """Execute the statement for each item of `args`, and return all rows."""
        values = list(args)
        async with self._connection.executing(self._statement.get_query(), *values):
            return await self._statement.fetchmany(values, **options)

    async def executemany(self, args: Iterable[Any], **options: Any) -> Any:
        """Execute the statement for each item of `args`."""
        values = list(args)
        async with self._connection.executing(self._statement.get_query(), *values):
            return await self._statement.executemany(values, **options)


class _Execution:
    """The execution of a statement, as a context.

    It is no generator: an event loop that shuts down, in which a test may end, refuses new ones.
    """

    def __init__(self, connection: TestConnection, query: str, each: Sequence[Iterable[Any]]) -> None:
        self._connection = connection
        self._query = query
        self._each = each
        self._alone = False
        self._effects: Effects | None = None

    async def __aenter__(self) -> None:
        connection = self._connection
        if not connection.rolled_back.inside:
            return
        await connection.catch_up()
        self._alone = not connection.open_blocks()
        found = (connection.effects(self._query, values) for values in self._each)
        self._effects = reduce(or_, found, NO_EFFECTS)
        await connection.perform_async(connection.rolled_back.before(self._effects))

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        state, perform = self._connection.rolled_back, self._connection.perform_async
        if self._effects is None:
            return
        if error is None:
            await perform(state.after(self._effects))
            if self._alone:
                await perform(state.commit())
        elif self._alone and can_go_on(error):
            await perform(state.rollback())


class TestConnection(asyncpg.Connection):  # type: ignore[misc] # the driver's class is Any to mypy
    """asyncpg's connection of a test, whose work can be undone; see :class:`~.transaction.RolledBackConnection`.

    Attributes:
        rolled_back: the state of the test's transaction.
    """

    __test__ = False  # pytest must not collect it
    deallocate = _DEALLOCATE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.rolled_back = RolledBackTransaction()
        super().__init__(*args, **kwargs)
        # The savepoints of the open transaction() blocks, outermost first, and the test's transaction that they are in.
        self._blocks: list[str] = []
        self._blocks_in = 0
        self._numbers = itertools.count(1)

    @property
    def _top_xact(self) -> Any:
        """The outermost transaction: until asyncpg 0.31 cursors ask for it, later ones ask the server's state."""
        if self._outermost is None and self.rolled_back.inside and self.open_blocks():
            return TestTransaction(self)
        return self._outermost

    @_top_xact.setter
    def _top_xact(self, transaction: Any) -> None:
        self._outermost = transaction

    @property
    def ended(self) -> bool:
        """Whether the connection is closed, or known to be broken."""
        return bool(self.is_closed())

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open on the server, failed or not."""
        return not self.is_closed() and bool(self.is_in_transaction())

    @property
    def version(self) -> int:
        """The server's version."""
        found = self.get_server_version()
        return int(found.major * 10_000 + found.micro)

    def perform(self, operation: Operation[Result]) -> Result:
        """Run an operation on the test's transaction, within a greenlet of SQLAlchemy."""
        return await_only(self.perform_async(operation))

    async def perform_async(self, operation: Operation[Result]) -> Result:
        """Run an operation on the test's transaction."""
        return await perform_async(operation, self._run)

    async def _run(self, request: Request) -> Rows:
        statements = [*(["BEGIN"] if request.begins else []), *request.statements]
        if statements:
            # Several statements at once return no rows.
            await super().execute("; ".join(statements))
        if request.query is None:
            return []
        # asyncpg asks the catalog for the type of an array, on each connection anew, which takes longer than all else.
        query = request.query if request.texts else request.query.replace(_ARRAY, f"{_ARRAY}::text")
        rows = await super().fetch(query, record_class=asyncpg.Record)
        return [tuple(row) if request.texts else tuple(map(_number, row)) for row in rows]

    def leave_autocommit(self) -> None:
        """Do nothing: whether statements commit is not a state of asyncpg's connection."""

    def drop(self) -> None:
        """Close the connection without undoing anything."""
        end(self)

    def executing(self, query: str, *each: Iterable[Any]) -> _Execution:
        """Execute a statement in an ``async with`` block, with what has to be read before and after it.

        Args:
            query: its text.
            each: the values for each of its executions.
        """
        return _Execution(self, query, each)

    def effects(self, query: str, values: Iterable[Any]) -> Effects:
        """Return the effects of a statement, with its values where they may matter."""
        given = list(values)
        return effects_of(with_values(query, given) if given and "set_config" in query.lower() else query)

    async def catch_up(self) -> None:
        """Run a rollback that was deferred."""
        if self.rolled_back.waiting:
            await self.perform_async(self.rolled_back.catch_up())

    def open_blocks(self) -> list[str]:
        """Return the savepoints of the open blocks; those that an earlier test has left open are forgotten."""
        if self._blocks_in != self.rolled_back.transactions:
            self._blocks, self._blocks_in = [], self.rolled_back.transactions
        return self._blocks

    async def begin_block(self) -> str:
        """Begin a transaction of the test, or a savepoint in one, and return the name of the block."""
        await self.catch_up()
        name = f"supaseed_block_{next(self._numbers)}"
        blocks = self.open_blocks()
        if blocks:
            await super().execute(f"SAVEPOINT {name}")
        blocks.append(name)
        return name

    async def end_block(self, name: str, *, commits: bool) -> None:
        """End a transaction of the test, or a savepoint in one; one of an earlier test has ended with it.

        Args:
            name: of the block.
            commits: whether its changes stay.
        """
        blocks = self.open_blocks()
        if not self.rolled_back.inside or name not in blocks:
            return
        place = blocks.index(name)
        del blocks[place:]
        if place:
            await super().execute(f"{'RELEASE' if commits else 'ROLLBACK TO'} SAVEPOINT {name}")
        else:
            transaction = self.rolled_back
            await self.perform_async(transaction.commit() if commits else transaction.rollback())

    def transaction(
        self, *, isolation: str | None = None, readonly: bool = False, deferrable: bool = False
    ) -> Any:
        """Return a transaction, or a savepoint in one."""
        if not self.rolled_back.inside:
            return super().transaction(isolation=isolation, readonly=readonly, deferrable=deferrable)
        given = {"isolation_level": isolation, "readonly": readonly, "deferrable": deferrable}
        for name, value in given.items():
            if value and value != "read_committed":
                raise asyncpg.InterfaceError(self.rolled_back.refusal(name))
        return TestTransaction(self)

    async def close(self, **options: Any) -> None:
        """Close the connection, after finding out whether the test has left the transaction."""
        if self.rolled_back.inside and not self.is_closed():
            # If this fails, it stays unknown whether the test has left it.
            with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                await self.perform_async(self.rolled_back.undo())
        await super().close(**options)

    async def execute(self, query: str, *args: Any, **options: Any) -> Any:
        """Execute a statement, or several without values."""
        async with self.executing(query, args):
            return await super().execute(query, *args, **options)

    async def executemany(self, command: str, args: Iterable[Any], **options: Any) -> Any:
        """Execute a statement for each item of `args`."""
        values = list(args)
        async with self.executing(command, *values):
            return await super().executemany(command, values, **options)

    async def fetch(self, query: str, *args: Any, **options: Any) -> Any:
        """Execute a statement, and return its rows."""
        async with self.executing(query, args):
            return await super().fetch(query, *args, **options)

    async def fetchval(self, query: str, *args: Any, **options: Any) -> Any:
        """Execute a statement, and return a value of its first row."""
        async with self.executing(query, args):
            return await super().fetchval(query, *args, **options)

    async def fetchrow(self, query: str, *args: Any, **options: Any) -> Any:
        """Execute a statement, and return its first row."""
        async with self.executing(query, args):
            return await super().fetchrow(query, *args, **options)

    async def fetchmany(self, query: str, args: Iterable[Any], **options: Any) -> Any:
        """Execute a statement for each item of `args`, and return all rows."""
        values = list(args)
        async with self.executing(query, *values):
            return await super().fetchmany(query, values, **options)

    async def prepare(self, query: str, **options: Any) -> Any:
        """Prepare a statement."""
        await self.catch_up()
        return TestStatement(self, await super().prepare(query, **options))

    async def copy_from_table(self, *args: Any, **options: Any) -> Any:
        """Copy a table to a file."""
        async with self.executing("", ()):
            return await super().copy_from_table(*args, **options)

    async def copy_from_query(self, query: str, *args: Any, **options: Any) -> Any:
        """Copy the rows of a query to a file."""
        async with self.executing(query, args):
            return await super().copy_from_query(query, *args, **options)

    async def copy_to_table(self, *args: Any, **options: Any) -> Any:
        """Copy a file into a table."""
        async with self.executing("", ()):
            return await super().copy_to_table(*args, **options)

    async def copy_records_to_table(self, *args: Any, **options: Any) -> Any:
        """Copy records into a table."""
        async with self.executing("", ()):
            return await super().copy_records_to_table(*args, **options)


class PooledConnection(TestConnection):
    """A connection of a test in the pool of SQLAlchemy, which does not close it while the test is running.

    Otherwise a query that is cancelled would take with it what the test has committed. The pool gets it again when it
    connects.

    Attributes:
        session: that the connection has left; None for none.
    """

    __test__ = False  # pytest must not collect it

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session: ServerSession | None = None

    async def leave(self) -> None:
        """Close the connection, whose loop ends, but not its session, where another connection can have it."""
        if (
            self.ended
            or self.rolled_back.inside
            or self._loop is not asyncio.get_running_loop()
            or self._cancellations
        ):
            return
        await asyncpg.Connection.execute(self, "DEALLOCATE ALL")
        self.session = ServerSession.left_by(self)
        if self.session is not None:
            # terminate() would end the session.
            self._transport.abort()
            while not self.ended:
                await asyncio.sleep(0)

    def take_session(self) -> ServerSession | None:
        """Return the session that the connection has left; once."""
        taken, self.session = self.session, None
        return taken

    async def close(self, **options: Any) -> None:
        """Close the connection, unless a test is running on it."""
        if not self.rolled_back.inside or self.ended:
            await super().close(**options)

    def terminate(self) -> None:
        """Close the connection without waiting, unless a test is running on it."""
        if not self.rolled_back.inside or self.ended:
            super().terminate()

    def drop(self) -> None:
        """Close the connection without undoing anything, and end the session that it has left."""
        if (left := self.take_session()) is not None:
            left.end()
        end(self)
