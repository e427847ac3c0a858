"""What inserting a row does besides inserting it, by PostgreSQL's statistics of the transaction.

:class:`Watcher` inserts a row within a savepoint, which is rolled back, and compares ``pg_stat_xact_user_tables`` of
before and after: which tables the table's triggers, and the functions of its CHECKs, have scanned and written, in
whatever language they are. PostgreSQL keeps the numbers of subtransactions that are rolled back, so an
:class:`Observation` also has what a function looked at before it raised an error.

Foreign keys are checked by scans too, which are subtracted. Nothing is observed of tables with rules on INSERT, and
where ``track_counts`` is off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import psycopg2
from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.copy_text import text_of
from pytest_supaseed.model.schema import Schema, Table, TableName
from pytest_supaseed.reflection.queries import execute, fetch, names, relation, undone
from pytest_supaseed.writing.bulk_check import deferrable_triggers
from pytest_supaseed.writing.refusals import LateRefusal
from pytest_supaseed.writing.sequences import positions, set_back

# As pg_stat_xact_user_tables, in half the time. A partition counts as its partitioned table. Temporary tables, which
# triggers may create, are gone when the row is.
_COUNTERS = """
SELECT n.nspname::text, t.relname::text,
       sum(s.scans)::bigint, sum(s.inserted)::bigint, sum(s.updated)::bigint, sum(s.deleted)::bigint
FROM (
    SELECT oid, pg_stat_get_xact_numscans(oid) AS scans, pg_stat_get_xact_tuples_inserted(oid) AS inserted,
           pg_stat_get_xact_tuples_updated(oid) AS updated, pg_stat_get_xact_tuples_deleted(oid) AS deleted
    FROM pg_class WHERE oid >= 16384 AND relkind IN ('r', 'm')
    UNION ALL
    SELECT indrelid, pg_stat_get_xact_numscans(indexrelid), 0, 0, 0 FROM pg_index WHERE indexrelid >= 16384
) AS s
JOIN pg_class t ON t.oid = coalesce(pg_partition_root(s.oid), s.oid) AND t.relkind <> 't'
    AND t.relpersistence <> 't'
JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE s.scans + s.inserted + s.updated + s.deleted > 0
GROUP BY 1, 2
"""
_OBSERVABLE = """
SELECT current_setting('track_counts')::boolean
       AND NOT EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = %s::regclass AND r.ev_type = '3')
"""
_FOREIGN_KEY = "23503"
_WRITTEN = "SELECT {columns} FROM {table} AS written WHERE age(written.xmin) <= age({before}::text::xid)"


@dataclass(frozen=True)
class Activity:
    """What has been done with one table.

    Attributes:
        scans: how often its rows were looked up; a scan that finds nothing counts as well.
        inserted: rows inserted.
        updated: rows updated.
        deleted: rows deleted.
    """

    scans: int = 0
    inserted: int = 0
    updated: int = 0
    deleted: int = 0

    @property
    def written(self) -> bool:
        """Whether a row was inserted, updated or deleted."""
        return bool(self.inserted or self.updated or self.deleted)


@dataclass(frozen=True)
class Observation:
    """What inserting a row did.

    Attributes:
        tables: by table, the one that was inserted into included, what was done with it, without the row itself and
            the checks of foreign keys; of partitions, their partitioned table. Tables with which nothing was done are
            left out.
        row: the row as RETURNING gives it back, as texts by column; None where a trigger dropped it, or where there
            was an error.
        error: PostgreSQL's error; None where the row was inserted.
        written: rows that were inserted or updated besides it, as texts by column, by table; for a row that was
            inserted, where they were asked for.
        sequences: the sequences that moved, which were put back.
    """

    tables: Mapping[TableName, Activity]
    row: Mapping[str, str | None] | None = None
    error: psycopg2.Error | None = None
    written: Mapping[TableName, tuple[Mapping[str, str | None], ...]] = field(default_factory=dict)
    sequences: tuple[TableName, ...] = ()

    @property
    def looked_up(self) -> frozenset[TableName]:
        """The tables that were scanned."""
        return frozenset(name for name, activity in self.tables.items() if activity.scans)

    @property
    def made(self) -> frozenset[TableName]:
        """The tables into which rows were inserted besides the row itself."""
        return frozenset(name for name, activity in self.tables.items() if activity.inserted > 0)

    @property
    def deleted(self) -> frozenset[TableName]:
        """The tables of which rows were deleted, the row itself included."""
        return frozenset(name for name, activity in self.tables.items() if activity.deleted > 0)


class Counters:
    """The counters of a transaction as they are when this is made, for the difference to what they are later."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._before = self._now()

    def _now(self) -> dict[TableName, Activity]:
        found = fetch(self._connection, sql.SQL(_COUNTERS))
        return {TableName(schema, name): Activity(*counters) for schema, name, *counters in found}

    def since(self) -> dict[TableName, Activity]:
        """Return by table what has been done since; a partition counts as its partitioned table."""
        found = {}
        for name, now in self._now().items():
            before = self._before.get(name, Activity())
            if now != before:
                found[name] = Activity(
                    now.scans - before.scans,
                    now.inserted - before.inserted,
                    now.updated - before.updated,
                    now.deleted - before.deleted,
                )
        return found


class Watcher:
    """Inserts rows of one table, observes what happens, and takes them back.

    Args:
        connection: in the transaction of the whole seed.
        schema: of its database.
        table: the table.
    """

    def __init__(self, connection: Connection, schema: Schema, table: Table) -> None:
        self._connection = connection
        self._schema = schema
        self._table = table
        self._observable: bool | None = None

    @property
    def observable(self) -> bool:
        """Whether inserting a row can be observed."""
        if self._observable is None:
            quoted = relation(self._table.name).as_string(self._connection.connection.cursor())
            [(self._observable,)] = fetch(self._connection, sql.SQL(_OBSERVABLE), [quoted])
        return self._observable

    def watch(
        self, row: Mapping[str, Any], *, deferred: bool = False, rows: bool = False, put_back: bool = True
    ) -> Observation | None:
        """Insert a row, observe what its triggers and the functions of its CHECKs do, and take it back.

        Args:
            row: values by column, as they are made for COPY.
            deferred: whether deferred triggers, which would fire later, are observed as well. Those that earlier rows
                have left are fired before; where that raises an error, only those of this table are, or none.
            rows: whether the rows are read that were written besides it.
            put_back: whether sequences are put back, which the caller may do for many rows at once.

        Returns:
            The observation; None where the table cannot be observed.
        """
        if not self.observable:
            return None
        cursor = self._connection.connection.cursor()
        try:
            kept: AbstractContextManager[Iterable[TableName]] = (
                sequences_put_back(self._connection) if put_back else nullcontext(())
            )
            with kept as moved, undone(self._connection) as undo:
                if deferred:
                    _fire_before(cursor, self._table, undo)
                found = self._inserted(cursor, row, undo, rows=rows)
            return replace(found, sequences=tuple(moved))
        finally:
            cursor.close()

    def _inserted(
        self, cursor: Any, row: Mapping[str, Any], undo: Callable[[], None], *, rows: bool
    ) -> Observation:
        before = ""
        if rows:
            cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")
            [[before]] = cursor.fetchall()
        counters = Counters(self._connection)
        error, returned = None, None
        try:
            cursor.execute(insert_statement(self._table, row))
            returned = cursor.fetchone()
        except psycopg2.Error as raised:
            error = raised
            undo()
        dropped = returned is None and error is None
        # A constraint of the table has refused the row, after its BEFORE triggers and before foreign keys are checked.
        unchecked = error is not None and not error.diag.context and error.pgcode != _FOREIGN_KEY
        tables = self._without_itself(
            counters.since(), row, refused=error is not None, dropped=dropped, unchecked=unchecked
        )
        if error is not None:
            return Observation(tables, error=error)
        columns = [column.name for column in self._table.columns]
        given = None if returned is None else dict(zip(columns, returned, strict=True))
        written = [name for name, activity in tables.items() if activity.inserted or activity.updated]
        found = {name: self._written(name, before, given) for name in written} if rows else {}
        return Observation(tables, given, written=found)

    def _without_itself(
        self,
        done: Mapping[TableName, Activity],
        row: Mapping[str, Any],
        *,
        refused: bool,
        dropped: bool,
        unchecked: bool,
    ) -> dict[TableName, Activity]:
        """Subtract the row itself, and the checks of foreign keys, which are made after BEFORE triggers."""
        checks: dict[TableName, int] = {}
        for name, activity in done.items():
            for key in self._schema.table(name).foreign_keys if self._schema.has_table(name) else ():
                absent = name == self._table.name and (
                    unchecked or any(row.get(column) is None for column in key.columns)
                )
                if not absent and not (refused and key.deferrable):
                    checks[key.referenced] = checks.get(key.referenced, 0) + activity.inserted
        itself = not dropped and done.get(self._table.name, Activity()).inserted > 0
        found = {}
        for name, activity in done.items():
            without = replace(
                activity,
                scans=max(0, activity.scans - checks.get(name, 0)),
                inserted=activity.inserted - (name == self._table.name and itself),
            )
            if without.scans or without.written:
                found[name] = without
        return found

    def _written(
        self, name: TableName, before: str, itself: Mapping[str, str | None] | None
    ) -> tuple[Mapping[str, str | None], ...]:
        """The rows of a table that were written since a transaction ID, but for the one that was inserted."""
        if not self._schema.has_table(name):
            return ()
        columns = [column.name for column in self._schema.table(name).columns]
        query = sql.SQL(_WRITTEN).format(
            columns=sql.SQL(", ").join(
                sql.SQL("{}::text").format(sql.Identifier("written", column)) for column in columns
            ),
            table=relation(name),
            before=sql.Literal(before),
        )
        found = [dict(zip(columns, values, strict=True)) for values in fetch(self._connection, query)]
        if name == self._table.name and itself is not None and itself in found:
            del found[found.index(dict(itself))]
        return tuple(found)


# Rows that are watched until one is refused.
_MOST_WATCHED = 10


def tables_looked_up(watcher: Watcher, rows: Iterable[Mapping[str, Any]]) -> frozenset[TableName]:
    """Return the tables that are looked up when rows are inserted, one by one, up to the first that is refused."""
    found: set[TableName] = set()
    for row in islice(rows, _MOST_WATCHED):
        observation = watcher.watch(row)
        if observation is None:
            break
        found |= observation.looked_up
        if observation.row is None:
            break
    return frozenset(found)


def late_refusals(connection: Connection, schema: Schema) -> list[LateRefusal]:
    """Return the deferred triggers that raise an error if they fire now, each with what it looks into before.

    Functions are shared by triggers that differ in their arguments, so that the error alone does not tell which it is.
    """
    found, known = [], set()
    for table in schema.tables:
        for trigger in table.triggers:
            place = table.name.schema, trigger.name
            if not trigger.deferrable or place in known:
                continue
            known.add(place)
            statement = sql.SQL("SET CONSTRAINTS {} IMMEDIATE").format(sql.Identifier(*place))
            with undone(connection) as undo:
                try:
                    execute(connection, statement)
                except psycopg2.Error as error:
                    undo()
                    counters = Counters(connection)
                    # Once more, now that it is known to raise an error: counting takes longer than most triggers.
                    with suppress(psycopg2.Error):
                        execute(connection, statement)
                    undo()
                    looked_up = frozenset(name for name, done in counters.since().items() if done.scans)
                    found.append(LateRefusal(table, trigger, looked_up - {table.name}, error))
    return found


def insert_statement(table: Table, row: Mapping[str, Any]) -> sql.Composed:
    """Return the statement that inserts a row and returns it, all columns as texts.

    Args:
        row: values by column, as they are made for COPY.
    """
    columns = [column for column in table.columns if column.name in row]
    returned = sql.SQL(", ").join(
        sql.SQL("{}::text").format(sql.Identifier(column.name)) for column in table.columns
    )
    if not columns:
        return sql.SQL("INSERT INTO {} DEFAULT VALUES RETURNING {}").format(relation(table.name), returned)
    # Untyped literals, which the types of the columns read as COPY does.
    values = [None if row[column.name] is None else text_of(column, row[column.name]) for column in columns]
    return sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({}) RETURNING {}").format(
        relation(table.name),
        names([column.name for column in columns]),
        sql.SQL(", ").join(map(sql.Literal, values)),
        returned,
    )


def _fire_before(cursor: Any, table: Table, undo: Callable[[], None]) -> None:
    statement = sql.SQL("SET CONSTRAINTS {} IMMEDIATE")
    # Rows of other tables may wait for rows that are not there yet, and so may earlier ones of this table.
    for triggers in ([sql.SQL("ALL")], deferrable_triggers(table)):
        # Not in a savepoint of its own: what is set in one that is released is not undone with the one around it.
        try:
            if triggers:
                cursor.execute(statement.format(sql.SQL(", ").join(triggers)))
            return
        except psycopg2.Error:
            undo()


@contextmanager
def sequences_put_back(connection: Connection) -> Iterator[list[TableName]]:
    """Put the sequences that move within the block back to where they were, as no rollback does.

    Returns:
        A list, to which the sequences that have moved are added at the end of the block.
    """
    before = positions(connection)
    moved: list[TableName] = []
    try:
        yield moved
    finally:
        moved += set_back(connection, before)
