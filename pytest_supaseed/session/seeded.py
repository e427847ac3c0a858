"""What a test gets that asks for a database of its own: :class:`SeededDatabase`."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from pytest_supaseed import clock, connecting
from pytest_supaseed.errors import SeedError, did_you_mean
from pytest_supaseed.libpq import Environment
from pytest_supaseed.model.references import foreign_key_to
from pytest_supaseed.model.schema import Schema, Table, TableName
from pytest_supaseed.postgres.databases.database import Databases
from pytest_supaseed.postgres.databases.isolation import held_open
from pytest_supaseed.postgres.databases.maintenance import connection_ended, libpq_url
from pytest_supaseed.redaction import ConnectionString
from pytest_supaseed.reflection.queries import names, referenced_rows, relation
from pytest_supaseed.spec import SeedSpec
from pytest_supaseed.writing.counts import check_counts, row_counts

if TYPE_CHECKING:
    from pytest_supaseed.planning.plan import SeedPlan


# A backend ends when its client has closed the connection, and when it gets the processor.
_PATIENCE_SECONDS = 2.0


_GRACE_SECONDS = 0.005


_FIRST_POLL_SECONDS = 0.0005


_LAST_POLL_SECONDS = 0.02


class SeededDatabase:
    """A database that holds what was asked for, and that nobody else uses.

    Args:
        url: of the database.
        schema: what is in it.
        spec: what was asked for.
        plan: plans it, when it is asked for first.
        expected: the rows that each table was left with.
        environment: which parameters of the engine's connections libpq's environment may give.
        revive: called when the engine's connections have ended: the server may be being restarted.
        engine: on the database; None for one that opens as many connections as are asked for.

    Attributes:
        url: SQLAlchemy's URL of the database, for psycopg2.
        spec: what was asked for.

    Example:
        >>> @pytest.mark.seed(users=5, setups=8)  # doctest: +SKIP
        ... def test_setups(seeded_db):
        ...     assert seeded_db.counts()["setups"] == 8
        ...     assert sorted(seeded_db.spread("setups", "users").values()) == [1, 1, 2, 2, 2]
    """

    def __init__(
        self,
        url: URL,
        schema: Schema,
        spec: SeedSpec,
        plan: Callable[[], SeedPlan],
        expected: Mapping[TableName, int],
        environment: Environment = Environment.ALL,
        revive: Callable[[], None] = lambda: None,
        engine: Engine | None = None,
    ) -> None:
        self._revive = revive
        self.url = url
        self.spec = spec
        self._make_plan = plan
        self._schema = schema
        self._expected = expected
        self._environment = environment
        self._moved = False
        self._given_engine = engine
        self._processes: set[int] = set()

    @cached_property
    def plan(self) -> SeedPlan:
        """What was made, table by table in insertion order."""
        return self._make_plan()

    @property
    def dsn(self) -> str:
        """The URL as libpq, ``psql`` and other drivers read it; its password is not in its repr."""
        return ConnectionString(libpq_url(self.url))

    @cached_property
    def engine(self) -> Engine:
        """An engine on the database; its pool is closed after the test.

        One that is rolled back after each test has one connection, and all that work on it share its transaction.
        """
        # To ask for hstore's number takes a millisecond, and most schemas have none.
        hstore = any(column.type.name == "hstore" for t in self._schema.tables for column in t.columns)
        engine = self._given_engine or connecting.engine(
            self.url, self._environment, use_native_hstore=hstore
        )

        @event.listens_for(engine, "connect")
        def connected(connection: Any, record: object) -> None:
            self._processes.add(connection.info.backend_pid)

        return engine

    def counts(self) -> dict[str, int]:
        """Count the rows of every table, as they are now.

        Returns:
            Table names, as the marker spells them, and their rows; other spellings of a table find its rows, too.
        """
        with self._reading() as connection:
            found = row_counts(connection, self._schema.tables)
        # A configuration file has names of its own for tables.
        named = (table.name for table in self.spec.tables if table.lookup is None)
        asked = ((self._schema.find(name), name) for name in named)
        spelt = {table.name: name for table, name in asked if table is not None}
        return _Counts(
            {spelt.get(t.name, t.label): found[t.name] for t in self._schema.tables}, self._schema, found
        )

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Read all rows of a table, in the order of its primary key.

        Args:
            table: its name, as a marker spells it.

        Returns:
            One mapping of column names to values for each row.

        Raises:
            SeedError: there is no such table.
        """
        found = self._table(table)
        query = sql.SQL("SELECT * FROM {}").format(relation(found.name))
        if found.primary_key:
            query += sql.SQL(" ORDER BY {}").format(names(found.primary_key))
        with self._reading() as connection:
            cursor = connection.connection.cursor()
            cursor.execute(query)
            columns = [column[0] for column in cursor.description]
            rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
            cursor.close()
        return rows

    def spread(self, child: str, parent: str) -> dict[Any, int]:
        """Count how many rows of a table reference each row of another.

        Args:
            child: the referencing table, as a marker spells it.
            parent: the referenced table; or the referencing column, where several reference one table.

        Returns:
            The key of each referenced row, a tuple if it has several columns, and the rows that reference
            it: 0 for those that none does.

        Raises:
            SeedError: there is no such table, or no one reference between them.
        """
        table = self._table(child)
        foreign_key, problem = foreign_key_to(table, parent, self._schema)
        if foreign_key is None:
            raise SeedError(f"{table.label} does not tell its spread: {problem}")
        with self._reading() as connection:
            keys, shares = referenced_rows(connection, table, foreign_key)
        found = dict(zip((tuple(map(_hashable, key)) for key in keys), shares, strict=True))
        return {key[0] if len(key) == 1 else key: found[key] for key in sorted(found, key=_in_order)}

    def verify(self) -> None:
        """Count the rows of every table, and compare them with what they were at first.

        In a database that outlives a test, what fixtures of wider scope than the test's have done is part of it.

        Raises:
            CountError: a table holds another number of rows.
        """
        reason = self.reason()
        try:
            self._verify(reason)
        except (psycopg2.Error, DBAPIError) as error:
            if not connection_ended(error):
                raise
            # Those in the pool have been ended since they were used last.
            self.engine.dispose()
            self._revive()
            self._verify(reason)

    def _verify(self, reason: str) -> None:
        with self._reading() as connection:
            try:
                self.check(connection, reason)
            except psycopg2.Error as error:
                if connection_ended(error):
                    connection.invalidate()
                raise

    def reason(self) -> str:
        """The first line of the message that the database holds other numbers of rows than it should."""
        expected = str(self.spec) if self.spec.tables else "The schema as it was loaded"
        moved = ", with what fixtures have done," if self._moved else ""
        return f"{expected}{moved} is no longer what the database holds:"

    def settle(self, expected: Mapping[TableName, int] | None = None) -> None:
        """Take the rows that there are for those that there should be: fixtures have made some of them.

        Args:
            expected: the rows; None to count them.
        """
        if expected is None:
            with self._reading() as connection:
                expected = row_counts(connection, self._schema.tables)
        self._moved = self._moved or expected != self._expected
        self._expected = expected

    def check(self, connection: Connection, reason: str) -> None:
        """Compare the counts that a connection sees with those that there should be.

        Args:
            connection: to this database.
            reason: the first line of the message, and below it what to do.

        Raises:
            CountError: a table holds another number of rows.
        """
        check_counts(self._schema, self._expected, row_counts(connection, self._schema.tables), reason)

    def close(self, databases: Databases) -> list[str]:
        """End the engine's connections.

        Args:
            databases: of the session.

        Returns:
            Who is connected to the database all the same, such as a pool of the application: for each connection
            the name of the application, and what it ran last.
        """
        closing: set[int] = set()
        if "engine" in self.__dict__:
            pool = self.engine.pool
            if not (isinstance(pool, QueuePool) and pool.checkedout()):
                closing = self._processes
            self.engine.dispose()
        left = self._still_connected(databases, closing)
        return [f"{application or 'no name'} ({query or 'nothing'})" for _, application, query in left]

    def _still_connected(self, databases: Databases, closing: Collection[int]) -> list[tuple[Any, ...]]:
        """Wait for backends to end, as long as their clients may have closed their connections.

        Args:
            databases: of the session.
            closing: backends that are known to end.
        """
        name = str(self.url.database)
        began, pause = clock.monotonic(), _FIRST_POLL_SECONDS
        held: set[int] | None = None
        while left := [each for each in databases.connected(name) if each[0] not in closing]:
            waited = clock.monotonic() - began
            if held is None and waited >= _GRACE_SECONDS:
                # What the application has left is as a rule in this process, and certain without a long wait.
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
        """A connection to read on, which leaves a transaction that is open on it as it is, and opens none."""
        with self.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            idle = driver.get_transaction_status() == TRANSACTION_STATUS_IDLE
            yield connection
            if idle and not driver.closed:
                driver.rollback()

    def _table(self, name: str) -> Table:
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
    """The rows of tables: a table that is spelt in another way than its key is found as a marker finds it."""

    def __init__(self, counts: Mapping[str, int], schema: Schema, found: Mapping[TableName, int]) -> None:
        super().__init__(counts)
        self._schema = schema
        self._found = found

    def __missing__(self, name: str) -> int:
        table = self._schema.find(name)
        if table is None:
            raise KeyError(name)
        return self._found[table.name]


def _hashable(value: Any) -> Any:
    """A value as the key of a dict: an array as a tuple, a document as its text."""
    if isinstance(value, list):
        return tuple(map(_hashable, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def _in_order(key: tuple[Any, ...]) -> tuple[Any, ...]:
    # Keys of one table have one type, but not every type has an order.
    return tuple(value if isinstance(value, (int, str)) else str(value) for value in key)
