"""What a test gets that asks for a database of its own: :class:`SeededDatabase`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import psycopg2
from psycopg2 import sql
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from pytest_supaseed import clock
from pytest_supaseed.databases.database import Databases, libpq_url
from pytest_supaseed.databases.maintenance import connection_ended
from pytest_supaseed.errors import SeedError
from pytest_supaseed.nearest import did_you_mean
from pytest_supaseed.planning.references import foreign_key_to
from pytest_supaseed.reflection.queries import names, referenced_rows, relation
from pytest_supaseed.schema import Schema, Table, TableName
from pytest_supaseed.spec import SeedSpec
from pytest_supaseed.writing.verify import check_counts, row_counts

if TYPE_CHECKING:
    from pytest_supaseed.planning.plan import SeedPlan

_PATIENCE_SECONDS = 0.02
_POLL_SECONDS = 0.001


class SeededDatabase:
    """A database that holds what was asked for, and that nobody else uses.

    Args:
        url: of the database.
        schema: what is in it.
        spec: what was asked for.
        plan: plans it, when it is asked for first.
        expected: the rows that each table was left with.
        revive: called when the engine's connections have ended: the server may be being restarted.

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
        revive: Callable[[], None] = lambda: None,
    ) -> None:
        self._revive = revive
        self.url = url
        self.spec = spec
        self._make_plan = plan
        self._schema = schema
        self._expected = expected
        self._processes: set[int] = set()

    @cached_property
    def plan(self) -> SeedPlan:
        """What was made, table by table in insertion order."""
        return self._make_plan()

    @property
    def dsn(self) -> str:
        """The URL as libpq, ``psql`` and other drivers read it."""
        return libpq_url(self.url)

    @cached_property
    def engine(self) -> Engine:
        """An engine on the database; its pool is closed after the test."""
        # To ask for hstore's number takes a millisecond, and most schemas have none.
        hstore = any(column.type.name == "hstore" for t in self._schema.tables for column in t.columns)
        engine = create_engine(self.url, use_native_hstore=hstore)

        @event.listens_for(engine, "connect")
        def connected(connection: Any, record: object) -> None:
            self._processes.add(connection.info.backend_pid)

        return engine

    def counts(self) -> dict[str, int]:
        """Count the rows of every table, as they are now.

        Returns:
            Table names, as the marker spells them, and their rows.
        """
        with self.engine.connect() as connection:
            found = row_counts(connection, self._schema.tables)
        asked = ((self._schema.find(table.name), table.name) for table in self.spec.tables)
        spelt = {table.name: name for table, name in asked if table is not None}
        return {spelt.get(t.name, t.label): found[t.name] for t in self._schema.tables}

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
        with self.engine.connect() as connection:
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
        foreign_key, problem = foreign_key_to(table, parent)
        if foreign_key is None:
            raise SeedError(f"{table.label} does not tell its spread: {problem}")
        with self.engine.connect() as connection:
            keys, shares = referenced_rows(connection, table, foreign_key)
        found = dict(zip(keys, shares, strict=True))
        return {key[0] if len(key) == 1 else key: found[key] for key in sorted(found, key=_in_order)}

    def verify(self) -> None:
        """Count the rows of every table, and compare them with what they were at first.

        Raises:
            CountError: a table holds another number of rows.
        """
        reason = f"{self.spec} is no longer what the database holds:"
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
        with self.engine.connect() as connection:
            try:
                self.check(connection, reason)
            except psycopg2.Error as error:
                if connection_ended(error):
                    connection.invalidate()
                raise

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
        name = str(self.url.database)
        until = clock.monotonic() + _PATIENCE_SECONDS
        while True:
            left = [each for each in databases.connected(name) if each[0] not in closing]
            # What the test has closed a moment ago may need another one.
            if not left or clock.monotonic() > until:
                return [
                    f"{application or 'no name'} ({query or 'nothing'})" for _, application, query in left
                ]
            clock.sleep(_POLL_SECONDS)

    def __repr__(self) -> str:
        return f"<SeededDatabase {self.url.database}: {self.spec}>"

    def _table(self, name: str) -> Table:
        found = self._schema.find(name)
        if found is None:
            near = did_you_mean(name, self._schema.spellings())
            tables = ", ".join(table.label for table in self._schema.tables) or "none"
            raise SeedError(f"There is no table {name!r}{near or f'; the database has {tables}'}")
        return found


def _in_order(key: tuple[Any, ...]) -> tuple[Any, ...]:
    # Keys of one table have one type, but not every type has an order.
    return tuple(value if isinstance(value, (int, str)) else str(value) for value in key)
