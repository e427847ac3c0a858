"""psycopg2's connection of a test, whose commits are savepoints in a transaction that is undone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache, reduce
from operator import or_
from typing import Any, TypeVar

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from psycopg2.extensions import connection as psycopg2_connection
from psycopg2.extensions import cursor as psycopg2_cursor

from pytest_supaseed.postgres.databases.effects import CURSORS, NO_EFFECTS, Effects, effects_of
from pytest_supaseed.postgres.databases.transaction import (
    Operation,
    Request,
    RolledBackTransaction,
    Rows,
    perform,
)
from pytest_supaseed.reflection.queries import count_as_usual, read_as_usual

Result = TypeVar("Result")
_CONNECTION_BAD = 1
# Characteristics of transactions, in the order of set_session().
_CHARACTERISTICS = ("isolation_level", "readonly", "deferrable")


class TestCursor(psycopg2_cursor):  # type: ignore[misc] # the driver has no types
    """The cursor of a test, which looks for effects that end with the transaction."""

    __test__ = False  # pytest must not collect it

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 the driver calls it so
        """Execute a statement."""
        connection = self.connection
        connection.catch_up()
        effects = _effects(self, query, vars)
        if effects is NO_EFFECTS:
            super().execute(query, vars)
            return
        with connection.watching(effects):
            super().execute(query, vars)

    def executemany(self, query: Any, vars_list: Any) -> None:
        """Execute a statement once for each item of `vars_list`."""
        values = list(vars_list)
        self.connection.catch_up()
        text = query if isinstance(query, str) else ""
        each_differs = not text or "set_config" in text.lower()
        found = [_effects(self, query, each) for each in (values if each_differs else values[:1])]
        effects = reduce(or_, found, NO_EFFECTS)
        with self.connection.watching(effects):
            super().executemany(query, values)

    def callproc(self, procname: str, parameters: Any = ()) -> Any:
        """Call a function."""
        self.connection.catch_up()
        values = list(parameters.values() if isinstance(parameters, Mapping) else parameters)
        effects = _effects(self, f"SELECT {procname}({', '.join(['%s'] * len(values))})", values)
        with self.connection.watching(effects):
            return super().callproc(procname, parameters)


def _effects(cursor: Any, query: Any, values: Any) -> Effects:
    """Return the effects of a statement, with its values where they may matter."""
    if isinstance(query, bytes):
        query = query.decode(errors="replace")
    if not isinstance(query, str):
        return effects_of(cursor.mogrify(query, values).decode(errors="replace"))
    if values and "set_config" in query.lower():
        # The statement itself reports a mistake in its values.
        with suppress(Exception):
            return effects_of(cursor.mogrify(query, values).decode(errors="replace"))
    return effects_of(query)


class _NamedCursor:
    """Mixin for named cursors of a test: what looks like the end of its transaction closes them."""

    _transaction = -1
    name: str
    withhold: bool
    connection: Any

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 the driver calls it so
        super().execute(query, vars)  # type: ignore[misc]
        self._transaction = self.connection.rolled_back.transactions
        if not self.withhold:
            self.connection.note(_OPENS)

    @property
    def _gone(self) -> bool:
        return not self.withhold and self._transaction not in (-1, self.connection.rolled_back.transactions)

    def close(self) -> None:
        # Closing it twice would be an error of the server, which aborts the transaction.
        self._valid()
        super().close()  # type: ignore[misc]

    def _valid(self) -> None:
        if self._gone:
            # psycopg2's own message.
            raise psycopg2.ProgrammingError("named cursor isn't valid anymore")

    def fetchone(self) -> Any:
        self._valid()
        return super().fetchone()  # type: ignore[misc]

    def fetchmany(self, *args: Any, **kwargs: Any) -> Any:
        self._valid()
        return super().fetchmany(*args, **kwargs)  # type: ignore[misc]

    def fetchall(self) -> Any:
        self._valid()
        return super().fetchall()  # type: ignore[misc]

    def scroll(self, *args: Any, **kwargs: Any) -> Any:
        self._valid()
        return super().scroll(*args, **kwargs)  # type: ignore[misc]

    def __next__(self) -> Any:
        self._valid()
        return super().__next__()  # type: ignore[misc]


_OPENS = Effects(kinds=frozenset((CURSORS,)))


@lru_cache(maxsize=64)
def _watched(factory: type, *, named: bool) -> type:
    """Return a subclass of a cursor class that behaves as a test's cursor."""
    bases: tuple[type, ...] = (factory,) if issubclass(factory, TestCursor) else (TestCursor, factory)
    if named:
        bases = (_NamedCursor, *bases)
    return factory if bases == (factory,) else type(f"Test{factory.__name__}", bases, {"__test__": False})


def _kept(name: str) -> property:
    """Return a property for a transaction characteristic, which cannot be set within a test."""
    own = getattr(psycopg2_connection, name)

    def read(connection: TestConnection) -> Any:
        return own.__get__(connection)

    def write(connection: TestConnection, value: Any) -> None:
        connection._refuse(name)
        own.__set__(connection, value)

    return property(read, write)


class TestConnection(psycopg2_connection):  # type: ignore[misc] # the driver has no types
    """psycopg2 connection of a test, whose work can be undone; see :class:`RolledBackConnection`.

    Attributes:
        rolled_back: the state of the test's transaction.
    """

    __test__ = False  # pytest must not collect it
    deallocate = "DEALLOCATE ALL"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cursor_factory = TestCursor
        self.rolled_back = RolledBackTransaction()
        # The transaction has ended, but the driver has not been told, because that costs a round trip.
        self._idle = False

    @property
    def ended(self) -> bool:
        """Whether the connection is closed, or known to be broken."""
        return bool(self.closed or self.info.status == _CONNECTION_BAD)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open on the server, failed or not."""
        return bool(self.get_transaction_status() != TRANSACTION_STATUS_IDLE)

    @property
    def version(self) -> int:
        """The server's version."""
        return int(self.server_version)

    def perform(self, operation: Operation[Result]) -> Result:
        """Run an operation on the test's transaction."""
        return perform(operation, self._run)

    def _run(self, request: Request) -> Rows:
        script = request.script
        if self._idle:
            if request.begins:
                # The driver believes that a transaction is open, and begins none.
                script = f"BEGIN; {script}"
            else:
                super().rollback()
            self._idle = False
        with super().cursor(cursor_factory=psycopg2_cursor) as cursor:
            if request.query is not None:
                (read_as_usual if request.texts else count_as_usual)(cursor)
            cursor.execute(script)
            rows = cursor.fetchall() if request.query is not None else []
        self._idle = request.ends
        return rows

    def leave_autocommit(self) -> None:
        """Have statements begin transactions."""
        if self.autocommit:
            self.autocommit = False

    def drop(self) -> None:
        """Close the connection without undoing anything."""
        super().close()

    @contextmanager
    def watching(self, effects: Effects) -> Iterator[None]:
        """Have the statements of the block executed with what has to be read before and after them."""
        self.perform(self.rolled_back.before(effects))
        yield
        self.perform(self.rolled_back.after(effects))

    def note(self, effects: Effects) -> None:
        """Note effects of a statement that was executed."""
        self.perform(self.rolled_back.before(effects))

    def cursor(self, *args: Any, **kwargs: Any) -> Any:
        """Open a cursor."""
        self.catch_up()
        if not args and not kwargs and self.cursor_factory is TestCursor:
            return super().cursor()
        names = dict(zip(("name", "cursor_factory", "withhold", "scrollable"), args, strict=False)) | kwargs
        factory = names.get("cursor_factory") or self.cursor_factory
        # psycopg2's own class is used by this module only.
        if factory is not psycopg2_cursor and isinstance(factory, type) and self.rolled_back.inside:
            names["cursor_factory"] = _watched(factory, named=names.get("name") is not None)
        return super().cursor(**names)

    def catch_up(self) -> None:
        """Run a rollback that was deferred, or tell the driver that the transaction has ended."""
        if self._idle:
            self._idle = False
            super().rollback()
        elif self.rolled_back.waiting:
            self.perform(self.rolled_back.catch_up())

    def close(self) -> None:
        """Close the connection, after finding out whether the test has left the transaction."""
        if self.rolled_back.inside and not self.closed:
            # If this fails, it stays unknown whether the test has left it.
            with suppress(psycopg2.Error):
                self.perform(self.rolled_back.undo())
        super().close()

    def commit(self) -> None:
        """Commit as the test sees it."""
        if self.rolled_back.inside:
            self.perform(self.rolled_back.commit())
        else:
            self.catch_up()
            super().commit()

    def rollback(self) -> None:
        """Roll back to the test's last commit."""
        if self.rolled_back.inside:
            self.perform(self.rolled_back.rollback())
        elif not self._idle:
            super().rollback()

    @property
    def autocommit(self) -> bool:
        """Whether each statement is a transaction; cannot be set within a test."""
        return bool(super().autocommit)

    @autocommit.setter
    def autocommit(self, value: bool) -> None:
        if value:
            self._refuse("autocommit")
        else:
            self.catch_up()
        psycopg2_connection.autocommit.__set__(self, value)

    def set_isolation_level(self, level: Any) -> None:
        """Set the isolation level; refused within a test, whose transaction has begun."""
        self._refuse("autocommit" if level == 0 else "isolation_level")
        super().set_isolation_level(level)

    def set_session(self, *args: Any, **kwargs: Any) -> None:
        """Set transaction characteristics; refused within a test, whose transaction has begun."""
        given = dict(zip((*_CHARACTERISTICS, "autocommit"), args, strict=False)) | kwargs
        if given.get("autocommit"):
            self._refuse("autocommit")
        for name in _CHARACTERISTICS:
            if given.get(name) is not None:
                self._refuse(name)
        super().set_session(*args, **kwargs)

    isolation_level = _kept("isolation_level")
    readonly = _kept("readonly")
    deferrable = _kept("deferrable")

    def tpc_begin(self, xid: Any) -> None:
        """Begin a transaction with two-phase commit; refused within a test."""
        self._refuse("two-phase")
        super().tpc_begin(xid)

    def reset(self) -> None:
        """Roll back to the test's last commit, and reset all settings of the session."""
        if not self.rolled_back.inside:
            super().reset()
            return
        self.rollback()
        with self.cursor() as cursor:
            cursor.execute("RESET ALL; SET SESSION AUTHORIZATION DEFAULT")
        self.commit()

    def _refuse(self, name: str) -> None:
        """Refuse to change a characteristic of transactions within a test."""
        refusal = self.rolled_back.refusal(name)
        if refusal:
            raise psycopg2.ProgrammingError(refusal)
        # The driver changes none while it believes that a transaction is open.
        self.catch_up()
