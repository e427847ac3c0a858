"""A seeded database of one test's own, as fixtures return it: :class:`SeededDatabase`."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from psycopg2 import sql
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.pool import Pool, QueuePool

from pytest_supaseed import clock, connecting
from pytest_supaseed.errors import SeedError, SupaseedWarning, did_you_mean
from pytest_supaseed.model.references import foreign_key_to
from pytest_supaseed.model.schema import Schema, Table, TableName
from pytest_supaseed.model.type_families import is_hstore
from pytest_supaseed.postgres.databases.database import Databases
from pytest_supaseed.postgres.databases.driver_errors import connection_ended
from pytest_supaseed.postgres.databases.drivers import ENGINES
from pytest_supaseed.postgres.databases.isolation import EndState, SharedDatabase, held_open, shared_of
from pytest_supaseed.postgres.databases.maintenance import libpq_url
from pytest_supaseed.reflection.queries import names, referenced_rows, relation, statement
from pytest_supaseed.settings import installed_async_driver
from pytest_supaseed.sources.model_classes import table_of
from pytest_supaseed.spec import SeedSpec
from pytest_supaseed.wording import ConnectionString, abbreviated
from pytest_supaseed.writing.counts import ExpectedCounts, Reason, check_counts, row_counts

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from pytest_supaseed.planning.plan import Plan
    from pytest_supaseed.postgres.databases.async_engine import AsyncAccess, Raising


# A backend ends after its client has closed the connection, and when it gets the processor.
_PATIENCE_SECONDS = 2.0
_GRACE_SECONDS = 0.005
_FIRST_POLL_SECONDS = 0.0005
_LAST_POLL_SECONDS = 0.02


_NOT_UNDONE = "A connection of a block of rolled_back() has ended."
_IN_BLOCK = (
    "What is done in a block of rolled_back() is undone on the connections of engine only: work through it."
)


class SeededURL(connecting.DatabaseURL):
    """SQLAlchemy's URL of a database that tests see, which also tells what other libraries connect with."""

    @property
    def dsn(self) -> str:
        """The URL as libpq, ``psql`` and other drivers read it; its repr hides the password."""
        return ConnectionString(libpq_url(self.set(drivername="postgresql+psycopg")))


class SeededDatabase:
    """A database that holds the rows of a spec, and that no other test uses.

    Args:
        plan: plans the spec, when the plan is first asked for.
        expected: the rows of each table.

    Attributes:
        url: SQLAlchemy's URL of the database, for the driver that supaseed_driver names: psycopg2 by default.
        spec: what the test asked for.
        async_driver: the package of the async engine's driver; empty for the one that is installed.
        async_misuse: makes the error for what cannot work on the async engine.

    Example:
        >>> @pytest.mark.seed(users=5, setups=8)  # doctest: +SKIP
        ... def test_setups(seeded_db):
        ...     assert seeded_db.counts()["setups"] == 8
        ...     assert sorted(seeded_db.spread("setups", "users").values()) == [1, 1, 2, 2, 2]
    """

    def __init__(
        self,
        address: connecting.Address,
        schema: Schema,
        spec: SeedSpec,
        plan: Callable[[], Plan],
        expected: Mapping[TableName, int],
    ) -> None:
        self._revive = address.revive
        self.url = address.url
        self.spec = spec
        self._make_plan = plan
        self._schema = schema
        self._expected = expected
        self._environment = address.environment
        self._moved = False
        self._address = address
        self._given_engine = address.engine
        # Connections of fixtures, which are open while the test runs.
        self._lent: list[Connection] = []
        # The isolation of blocks that are undone, once there has been one; and whether there is one now.
        self._isolation: SharedDatabase | None = None
        self._in_block = False
        self._processes: set[int] = set()
        self.async_driver = ""
        self.async_misuse: Raising = SeedError

    @cached_property
    def plan(self) -> Plan:
        """The plan of the rows, table by table in insertion order."""
        return self._make_plan()

    @property
    def dsn(self) -> str:
        """The URL as libpq, ``psql`` and other drivers read it; its repr hides the password."""
        return SeededURL.of(self.url).dsn

    def connecting_psycopg(self) -> tuple[AbstractContextManager[object], dict[str, Any]]:
        """Return a context for connecting with psycopg 3, and the arguments of its ``connect``."""
        environment = self._environment
        return connecting.absent(environment), connecting.psycopg_parameters(self.url, environment)

    def url_for(self, driver: str) -> URL:
        """Return SQLAlchemy's URL of the database for another driver: ``asyncpg``, ``psycopg``, ``pg8000``, ...

        asyncpg and pg8000 have their own words for a socket and for other parameters, and refuse those of libpq that
        they do not know. ``seeded_url.set(drivername="postgresql+asyncpg")`` gives the same.

        Example:
            >>> engine = create_async_engine(seeded_db.url_for("asyncpg"))  # doctest: +SKIP
        """
        return connecting.DatabaseURL.of(self.url, driver)

    @cached_property
    def engine(self) -> Engine:
        """An engine on the database; its pool is closed after the test.

        On a database that is rolled back after each test, it has one connection, whose transaction all users share.
        """
        # Looking up hstore's oid takes a millisecond, and most schemas have no hstore.
        hstore = any(is_hstore(column.type) for t in self._schema.tables for column in t.columns)
        engine = self._given_engine or connecting.engine(
            self.url, self._environment, use_native_hstore=hstore
        )

        @event.listens_for(engine, "connect")
        def connected(connection: Any, record: object) -> None:
            self._processes.add(connection.info.backend_pid)

        return engine

    @property
    def async_engine(self) -> AsyncEngine:
        """An async engine on the database, for use in any event loop; its connections end with their loops.

        Raises:
            SeedError: SQLAlchemy lacks greenlet, or the database is rolled back after each test.

        Example:
            >>> async with seeded_db.async_engine.connect() as connection:  # doctest: +SKIP
            ...     assert await connection.scalar(text("SELECT count(*) FROM setups")) == 8
        """
        return self.async_access.engine

    @cached_property
    def async_access(self) -> AsyncAccess:
        """What async fixtures hand out of the database."""
        if self._given_engine is not None:
            raise SeedError(
                "This database has rolled_back=True: what is undone is the transaction of one connection, which is not "
                "async. Leave rolled_back=True out, or work on its engine"
            )
        # Imported here, because most sessions have no async test.
        from pytest_supaseed.postgres.databases.async_engine import AsyncAccess, async_engine

        driver = self.async_driver or installed_async_driver()
        access = AsyncAccess(async_engine(self.url, driver, self._environment, self.async_misuse))
        access.pool.closing.append(access.close_in)
        return access

    def counts(self) -> dict[str, int]:
        """Count the rows of every table, as they are now.

        Returns:
            Row counts by table name as the marker spells it; other spellings of a table are found, too, and its model.
        """
        with self._reading() as connection:
            found = row_counts(connection, self._schema.tables)
        # Tables from a configuration file have names of their own.
        named = (table.name for table in self.spec.tables if table.lookup is None)
        asked = ((self._schema.find(name), name) for name in named)
        spelt = {table.name: name for table, name in asked if table is not None}
        return _Counts(
            {spelt.get(t.name, t.label): found[t.name] for t in self._schema.tables}, self._schema, found
        )

    def rows(self, table: str | type[Any]) -> list[dict[str, Any]]:
        """Read all rows of a table, in the order of its primary key; or those of a view, in the view's own order.

        Args:
            table: its name, as a marker spells it, or its model; or the name of a view.

        Returns:
            For each row, its values by column name.

        Raises:
            SeedError: there is no such table or view.
        """
        __tracebackhide__ = True
        named = _name_of(table)
        view = self._schema.other(named) if self._schema.find(named) is None else None
        if view is not None:
            query = sql.SQL("SELECT * FROM {}").format(relation(view))
        else:
            found = self._table(table)
            query = sql.SQL("SELECT * FROM {}").format(relation(found.name))
            if found.primary_key:
                query += sql.SQL(" ORDER BY {}").format(names(found.primary_key))
        with self._reading() as connection:
            cursor = connection.connection.cursor()
            cursor.execute(statement(cursor, query))
            columns = [column[0] for column in cursor.description]
            rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
            cursor.close()
        return rows

    def spread(self, child: str | type[Any], parent: str | type[Any]) -> dict[Any, int]:
        """Count how many rows of a table reference each row of another.

        Args:
            child: the referencing table, as a marker spells it, or its model.
            parent: the referenced table or its model; or the referencing column, where several reference one table.

        Returns:
            The number of referencing rows, 0 included, by the referenced row's key; a key of several columns is a
            tuple.

        Raises:
            SeedError: there is no such table, or not exactly one foreign key between them.
        """
        __tracebackhide__ = True
        table = self._table(child)
        foreign_key, problem = foreign_key_to(table, _name_of(parent), self._schema)
        if foreign_key is None:
            raise SeedError(f"{table.label} does not tell its spread: {problem}")
        with self._reading() as connection:
            keys, shares, _ = referenced_rows(connection, table, foreign_key)
        found = dict(zip((tuple(map(_hashable, key)) for key in keys), shares, strict=True))
        return {key[0] if len(key) == 1 else key: found[key] for key in sorted(found, key=_in_order)}

    def connect(self) -> Connection:
        """Open a connection for a fixture, which stays usable in and after :meth:`rolled_back`."""
        connection = self.engine.connect()
        self._lent.append(connection)
        return connection

    @contextmanager
    def rolled_back(self) -> Iterator[None]:
        """Undo in the end what is done in the block through ``engine``, commits and positions of sequences included.

        In the block ``engine`` has one connection, whose transaction all of its users share, and commits are
        savepoints, as on ``seeded_connection``. What is done on connections that are opened through ``url`` or ``dsn``
        is not undone, and is an error where the server tells it (PostgreSQL 15 and later).

        Raises:
            SeedError: connections of ``engine`` are open, or what was done in the block cannot be undone.

        Example:
            >>> with seeded_db.rolled_back(), seeded_db.engine.begin() as connection:  # doctest: +SKIP
            ...     connection.execute(text("DELETE FROM setups"))
        """
        if self._given_engine is not None:
            shared = shared_of(self._given_engine)
            assert shared is not None  # noqa: S101 its engine is that of a shared database
            with shared.block():
                yield
            return
        if self._in_block:
            raise SeedError("rolled_back() is called within a block of rolled_back() on the same database.")
        engine, own = self.engine, self.engine.pool
        self._release(own)
        if self._isolation is None:
            make_engine = ENGINES[engine.dialect.driver]
            counts = ExpectedCounts(self._schema, self._expected)
            self._isolation = SharedDatabase(
                str(self.url.database), self._address, counts, make_engine, lasting=True
            )
        isolation, self._in_block = self._isolation, True
        engine.pool = isolation.engine.pool
        # The rows that are there are those to go back to.
        isolation.begin_wider("A block of rolled_back()", self.reason, moved=True, accept=True)
        try:
            yield
        except BaseException:
            self._end_block(isolation, own)
            raise
        end_state = self._end_block(isolation, own)
        if not end_state.clean:
            # The advice is for tests without a database of their own.
            what = end_state.warning.partition(" Ask for ")[0].partition(", or ask for ")[0]
            raise SeedError(f"{what or _NOT_UNDONE}\n{_IN_BLOCK}")
        if end_state.differs:
            warnings.warn(SupaseedWarning(end_state.differs), stacklevel=3)

    def keep_block(self) -> str:
        """Commit what was done in the running block of :meth:`rolled_back`, and return in words what is there."""
        assert self._isolation is not None  # noqa: S101 in a block there is one
        return self._isolation.keep()

    def _release(self, pool: Pool) -> None:
        """Have the connections of fixtures connect again when they are used next.

        Raises:
            SeedError: one has a transaction open, or others are open.
        """
        for connection in self._lent:
            if not connection.closed and connection.in_transaction():
                raise SeedError(
                    "seeded_session or seeded_connection has a transaction open, which a block of rolled_back() would "
                    "not see: end it by commit(), rollback() or close() before."
                )
            if not connection.closed and not connection.invalidated:
                connection.invalidate()
        number = pool.checkedout() if isinstance(pool, QueuePool) else 0
        if number:
            held = "1 connection" if number == 1 else f"{number} connections"
            raise SeedError(
                f"{held} of the engine of {self.url.database} {'is' if number == 1 else 'are'} open before a block of "
                "rolled_back(), which does not undo what is done there: close what was opened before, or open it in "
                "the block."
            )

    def _end_block(self, isolation: SharedDatabase, own: Pool) -> EndState:
        self._in_block = False
        for connection in self._lent:
            if not connection.closed and connection.in_transaction():
                connection.rollback()
        end_state = isolation.end()
        self.engine.pool = own
        for connection in self._lent:
            # The connection of the block is not that of the fixture.
            if not connection.closed and not connection.invalidated:
                connection.invalidate()
        return end_state

    def verify(self) -> None:
        """Compare the row counts of every table with the expected ones.

        In a database that outlives a test, the changes made by fixtures with a wider scope are expected.

        Raises:
            CountError: a table holds another number of rows.
        """
        __tracebackhide__ = True
        reason = self.reason()
        try:
            self._verify(reason)
        except Exception as error:
            if not connection_ended(error):
                raise
            # The connections in the pool have ended since their last use.
            self.engine.dispose()
            self._revive()
            self._verify(reason)

    def _verify(self, reason: Reason) -> None:
        with self._reading() as connection:
            try:
                self.check(connection, reason)
            except Exception as error:
                if connection_ended(error):
                    connection.invalidate()
                raise

    def reason(self) -> Reason:
        """Return the beginning of the message that the row counts differ from the expected ones."""
        __tracebackhide__ = True
        expected = str(self.spec) if self.spec.tables else "The schema as it was loaded"
        moved = ", with what fixtures have done," if self._moved else ""
        return Reason(f"{expected}{moved} is no longer what the database holds:")

    def accept_counts(self, expected: Mapping[TableName, int] | None = None) -> None:
        """Make the present row counts the expected ones, because fixtures have made some of the rows.

        Args:
            expected: the row counts; None to count.
        """
        if expected is None:
            with self._reading() as connection:
                expected = row_counts(connection, self._schema.countable)
        expected = {**self._expected, **expected}
        self._moved = self._moved or expected != self._expected
        self._expected = expected

    @property
    def expected(self) -> Mapping[TableName, int]:
        """The expected row counts."""
        return self._expected

    @property
    def schema(self) -> Schema:
        """The schema, as it was read when it had been loaded."""
        return self._schema

    def check(self, connection: Connection, reason: Reason) -> None:
        """Compare the row counts that a connection sees with the expected ones.

        Args:
            reason: what stands around the table in the message.

        Raises:
            CountError: a table holds another number of rows.
        """
        found = row_counts(connection, self._schema.countable)
        expected = {name: self._expected[name] for name in found}
        check_counts(self._schema, expected, found, reason)

    def close(self, databases: Databases) -> list[str]:
        """Close the engine's connections.

        Returns:
            The other connections to the database, such as an application's pool: the application name and last
            statement of each.
        """
        closing: set[int] = set()
        left_in_use: list[str] = []
        if "async_access" in self.__dict__:
            self.async_access.pool.finish()
            left_in_use = [f"no name ({statement})" for statement in self.async_access.pool.left]
        if self._isolation is not None:
            self._isolation.close()
        if "engine" in self.__dict__:
            pool = self.engine.pool
            if not (isinstance(pool, QueuePool) and pool.checkedout()):
                closing = self._processes
            self.engine.dispose()
        left = self._still_connected(databases, closing)
        return [
            *left_in_use,
            *(f"{application or 'no name'} ({query or 'nothing'})" for _, application, query in left),
        ]

    def _still_connected(self, databases: Databases, closing: Collection[int]) -> list[tuple[Any, ...]]:
        """Return the backends that are left, after waiting for those whose clients may have closed their connections.

        Args:
            closing: backends that are known to end.
        """
        name = str(self.url.database)
        began, pause = clock.monotonic(), _FIRST_POLL_SECONDS
        held: set[int] | None = None
        while left := [each for each in databases.connected(name) if each[0] not in closing]:
            waited = clock.monotonic() - began
            if held is None and waited >= _GRACE_SECONDS:
                # A leftover connection is usually one of this process, which is certain without a long wait.
                held = held_open(name, [each[0] for each in left])
            if waited >= _PATIENCE_SECONDS or (
                held is not None and held.issuperset(each[0] for each in left)
            ):
                break
            clock.sleep(pause)
            pause = min(2 * pause, _LAST_POLL_SECONDS)
        return left

    def __repr__(self) -> str:
        return f"<SeededDatabase {self.url.database}: {self.spec}>"

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """Yield a connection to read on, which leaves an open transaction as it is, and opens none."""
        with self.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            idle = driver.info.transaction_status == TRANSACTION_STATUS_IDLE
            yield connection
            if idle and not driver.closed:
                driver.rollback()

    def _table(self, named: object) -> Table:
        __tracebackhide__ = True
        name = _name_of(named)
        found = self._schema.find(name)
        several = self._schema.called(name)
        if found is None and len(several) > 1:
            spelt = " or ".join(repr(str(table.name)) for table in several)
            raise SeedError(
                f"{len(several)} tables are called {name!r}, in no schema of the search path: {spelt}"
            )
        if found is None:
            near = did_you_mean(name, self._schema.spellings())
            tables = ", ".join(table.label for table in self._schema.tables) or "none"
            raise SeedError(f"There is no table {name!r}{near or f'; the database has {tables}'}")
        return found


class _Counts(dict[str, int]):
    """Row counts by table name, which also find other spellings of a name, as a marker does."""

    def __init__(self, counts: Mapping[str, int], schema: Schema, found: Mapping[TableName, int]) -> None:
        super().__init__(counts)
        self._schema = schema
        self._found = found

    def __missing__(self, name: object) -> int:
        table = self._schema.find(_name_of(name))
        if table is None:
            __tracebackhide__ = True
            raise KeyError(f"There is no table {name!r}{did_you_mean(name, self._schema.spellings())}")
        return self._found[table.name]


def _name_of(table: object) -> str:
    """Return the name of a table that is given by its name or by its model.

    Raises:
        SeedError: it is given by a class without a table.
    """
    __tracebackhide__ = True
    if isinstance(table, str):
        return table
    model = table_of(table)
    if model is None or model.problem:
        raise SeedError(model.problem if model else f"{abbreviated(table)} is no table: write its name")
    return model.name


def _hashable(value: Any) -> Any:
    """Return a value as the key of a dict: an array as a tuple, a JSON object as its text."""
    if isinstance(value, list):
        return tuple(map(_hashable, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def _in_order(key: tuple[Any, ...]) -> tuple[Any, ...]:
    # Keys of one table have one type, but not every type is ordered.
    return tuple(value if isinstance(value, (int, str)) else str(value) for value in key)
