"""COPY of generated rows into a table, all of them or an error; then setval for sequences, and late foreign keys.

Begin with :func:`insert`. Foreign keys in a cycle are set afterwards, by :func:`new_rows` and
:func:`set_references`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache, partial
from itertools import cycle, islice

import psycopg2.errors
from psycopg2 import sql
from psycopg2.extras import execute_batch
from sqlalchemy import Connection

from pytest_supaseed.errors import WriteError
from pytest_supaseed.model.references import optional
from pytest_supaseed.model.schema import ForeignKey, Table, TableName
from pytest_supaseed.planning.plan import Key
from pytest_supaseed.reflection.queries import SAVEPOINT, as_text, fetch, in_order, names, relation, savepoint
from pytest_supaseed.rows.cells import LARGE, Generated
from pytest_supaseed.values.meanings.stages import Rule
from pytest_supaseed.writing.bulk_check import check, despite_triggers, suspend
from pytest_supaseed.writing.feed import Feed
from pytest_supaseed.writing.refusals import dropped, misplaced, refusal

# UPDATEs per round trip.
_AT_ONCE = 200


def insert(
    connection: Connection,
    table: Table,
    generated: Generated,
    total: int,
    closed: Collection[TableName] = (),
    *,
    ours: bool = True,
) -> Mapping[str, int]:
    """Insert rows by COPY, while they are generated.

    A BEFORE trigger may move a row into a table that inherits from this one, whose rows count as this one's.

    Args:
        connection: in the transaction of the whole seed.
        total: the planned row count of the table, for messages.
        closed: inheriting tables into which no row may be moved, because they get rows of their own.
        ours: whether the database is one that this package has made, in which triggers may be suspended.

    Returns:
        By column that has a sequence, the number farthest along it.

    Raises:
        GenerateError: a row could not be generated.
        WriteError: PostgreSQL refuses a row, or a trigger drops one, or moves it into a closed table.
    """
    if not generated.amount:
        return {}
    feed = Feed(table, generated)
    large = generated.amount > LARGE
    moves = bool(table.heirs) and any(trigger.on_insert and trigger.before for trigger in table.triggers)
    watched = [table.name, *closed] if moves else []
    cursor = connection.connection.cursor()
    # What functions say without an error, of this statement alone.
    notices = connection.connection.notices
    del notices[:]
    try:
        before = _rows(connection, watched)
        suspends = ours and large and bool(table.foreign_keys)
        with savepoint(connection, begun=bool(generated.columns) and not suspends):
            if generated.columns:
                checks = suspend(cursor, relation(table.name)) if suspends else ()
                query = _copy_statement(table.name, generated.columns)
                cursor.copy_expert(query if suspends else f"{SAVEPOINT}; {query}", feed)
                inserted = cursor.rowcount
                check(cursor, checks)
            else:
                inserted = 0
                for _ in range(generated.amount):
                    cursor.execute(sql.SQL("INSERT INTO {} DEFAULT VALUES").format(relation(table.name)))
                    inserted += cursor.rowcount
            for name, had, has in zip(watched, before, _rows(connection, watched), strict=True):
                if name == table.name:
                    inserted = max(inserted, has - had)
                elif has > had:
                    raise misplaced(table, name, feed)
            if inserted < generated.amount:
                # The driver reads what came during a COPY with the next statement.
                cursor.execute("SELECT")
                raise dropped(table, generated.amount, inserted, feed, total, notices[:])
    except psycopg2.Error as error:
        if feed.error is not None:
            raise feed.error from None
        raise refusal(table, error, feed, total) from error
    finally:
        cursor.close()
    return feed.reached


@lru_cache(maxsize=64)
def _copy_statement(table: TableName, columns: tuple[str, ...]) -> str:
    """The statement, which is the same for each of the rows that are tried in the place of a refused one."""
    return as_text(sql.SQL("COPY {} ({}) FROM STDIN").format(relation(table), names(columns)))


def _rows(connection: Connection, tables: Collection[TableName]) -> list[int]:
    """The rows of tables, with those of the tables that inherit from them."""
    counts = sql.SQL(", ").join(
        sql.SQL("(SELECT count(*) FROM {})").format(relation(name)) for name in tables
    )
    return list(fetch(connection, sql.SQL("SELECT {}").format(counts))[0]) if tables else []


def move_sequences(connection: Connection, table: Table, numbers: Mapping[str, int]) -> None:
    """Move the sequences of a table past its rows, so that the next insert gets a number that is not used.

    Args:
        connection: in the transaction of the whole seed.
        numbers: as :func:`insert` returned them.

    Raises:
        WriteError: the role may not read or move a sequence.
    """
    for name, reached in numbers.items():
        found = table.column(name).sequence
        assert found is not None  # noqa: S101 for the type checker
        sequence = sql.Identifier(found.schema, found.name)
        quoted = sequence.as_string(connection.connection.cursor())
        query = sql.SQL("SELECT last_value, is_called FROM {}").format(sequence)
        try:
            [(last, called)] = fetch(connection, query)
            behind = reached < last if found.increment < 0 else reached > last
            if (behind or (reached == last and not called)) and found.minimum <= reached <= found.maximum:
                fetch(connection, sql.SQL("SELECT setval(%s::regclass, %s, true)"), [quoted, reached])
        except psycopg2.errors.InsufficientPrivilege as error:
            raise WriteError(
                f"{table.label}.{name} takes its numbers from the sequence {found.schema}.{found.name}, which has to "
                f"be moved past the new rows, and PostgreSQL says: {error.diag.message_primary}: have its owner run "
                f"GRANT SELECT, UPDATE ON SEQUENCE {quoted} TO the role of the URL, or seed as its owner"
            ) from error


def rows_without(connection: Connection, table: Table, rule: Rule) -> sql.Composable | None:
    """Return a condition of new rows that reference none, for they have not been through an event; None for no row.

    Args:
        connection: in the transaction of the whole seed.
        rule: what decides it, by one column.
    """
    [name] = rule.uses
    column = sql.Identifier("own", name)
    query = sql.SQL("SELECT DISTINCT {} FROM {} AS own WHERE age(own.xmin) <= 0")
    found = [value for (value,) in fetch(connection, query.format(column, relation(table.name)))]
    without = [value for value in found if rule.happened({name: value}) is False]
    if not without:
        return None
    return sql.SQL(" OR ").join(
        sql.SQL("{} IS NOT DISTINCT FROM {}").format(column, sql.Literal(value)) for value in without
    )


def new_rows(
    connection: Connection, table: Table, foreign_key: ForeignKey, without: sql.Composable | None = None
) -> list[Key]:
    """Find the rows that this transaction has inserted and whose foreign key is still to be set.

    Args:
        connection: in the transaction of the whole seed.
        foreign_key: where it is nullable, rows in which a trigger has set it are left out.
        without: a condition of rows, called ``own``, in which it stays as it is.

    Returns:
        ``tableoid`` and ``ctid`` of the rows, ordered by primary key, for physical order varies between runs.
    """
    by_key = [in_order([sql.Identifier(column)]) for column in table.primary_key]
    query = sql.SQL(
        "SELECT tableoid::bigint, ctid::text FROM {} AS own "
        # A savepoint is a subtransaction with an xid after its transaction's: the age of its rows is
        # negative.
        "WHERE age(xmin) <= 0 AND ({}) AND ({}) IS NOT TRUE "
        "ORDER BY {}"
    )
    unset: sql.Composable = sql.SQL("true")
    if optional(table, foreign_key):
        unset = sql.SQL(" OR ").join(
            sql.SQL("{} IS NULL").format(sql.Identifier(column)) for column in foreign_key.columns
        )
    by_place = sql.SQL("tableoid, ctid")
    order = sql.SQL(", ").join([*by_key, by_place])
    return fetch(connection, query.format(relation(table.name), unset, without or sql.SQL("false"), order))


def set_mutual_references(
    connection: Connection,
    table: Table,
    foreign_key: ForeignKey,
    referenced: Table,
    *,
    only_joined: bool = False,
    without: sql.Composable | None = None,
    ours: bool,
) -> frozenset[Key]:
    """Have rows reference rows that reference them.

    A lock's mode (``name, token``) references the lock that holds it, which references the mode by ``name``: no other
    lock will do, and ``name`` stays what it is. A team's captain is one of its players, and the second of two such
    references is another player, where there are several.

    Args:
        connection: in the transaction of the whole seed.
        foreign_key: of the table, whose referenced rows were inserted after the table's own.
        referenced: the table of those rows.
        only_joined: whether only those are set that have a column in common, as the lock and its mode have.
        without: a condition of rows, called ``own``, in which it stays as it is.
        ours: whether the database is one that this package has made, in which triggers may be suspended.

    Returns:
        ``tableoid`` and ``ctid`` of the rows whose foreign key is set.

    Raises:
        WriteError: PostgreSQL refuses a row, and no other reference will do.
    """
    pairs = set(zip(foreign_key.columns, foreign_key.referenced_columns, strict=True))
    backs = [key for key in referenced.foreign_keys if key.referenced == table.name and key.kind is None]
    joined = [
        key for key in backs if not pairs.isdisjoint(zip(key.referenced_columns, key.columns, strict=True))
    ]
    free = [] if only_joined or foreign_key.kind is not None else backs
    for back in (joined or free)[:1]:
        alike = [key for key in table.foreign_keys if key.referenced == foreign_key.referenced]
        statement, query = _mutual(table, foreign_key, referenced, back, alike.index(foreign_key))
        if without is not None and not joined:
            statement += sql.SQL(" AND ({}) IS NOT TRUE").format(without)
        cursor = connection.connection.cursor()
        try:
            despite_triggers(connection, partial(cursor.execute, statement), ours=ours)
        except psycopg2.Error as error:
            if joined:
                raise refusal(table, error) from error
            break
        finally:
            cursor.close()
        return frozenset(fetch(connection, query))
    return frozenset()


def _mutual(
    table: Table, foreign_key: ForeignKey, referenced: Table, back: ForeignKey, number: int
) -> tuple[sql.Composed, sql.Composed]:
    """The statement that sets a foreign key to rows that reference the row, and the query for the rows that have some.

    Args:
        back: the foreign key by which they reference it.
        number: which of them is taken: that of so many after the first, by their keys.
    """

    def of(alias: str, columns: Sequence[str]) -> sql.Composed:
        return sql.SQL(", ").join(sql.Identifier(alias, column) for column in columns)

    own = sql.SQL("{} AS own").format(relation(table.name))
    values = of("other", foreign_key.referenced_columns)
    others = sql.SQL("SELECT FROM {} AS other WHERE ({}) = ({})").format(
        relation(referenced.name), of("other", back.columns), of("own", back.referenced_columns)
    )
    mutual = sql.SQL("age(own.xmin) <= 0 AND EXISTS ({})").format(others)
    chosen = sql.SQL(
        "SELECT {other}.*, row_number() OVER (PARTITION BY {back} ORDER BY {order}) - 1 AS supaseed_place, "
        "count(*) OVER (PARTITION BY {back}) AS supaseed_places FROM {referenced} AS other"
    ).format(
        other=sql.Identifier("other"),
        back=of("other", back.columns),
        order=in_order([sql.Identifier("other", column) for column in foreign_key.referenced_columns]),
        referenced=relation(referenced.name),
    )
    statement = sql.SQL(
        "UPDATE {own} SET {set} FROM ({chosen}) AS chosen WHERE age(own.xmin) <= 0 AND ({back}) = ({key}) "
        "AND chosen.supaseed_place = {number} % chosen.supaseed_places "
        "AND NOT EXISTS ({others} AND ({values}) = ({now}))"
    ).format(
        own=own,
        set=sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(column), sql.Identifier("chosen", key))
            for column, key in zip(foreign_key.columns, foreign_key.referenced_columns, strict=True)
        ),
        chosen=chosen,
        back=of("chosen", back.columns),
        key=of("own", back.referenced_columns),
        number=sql.Literal(number),
        others=others,
        values=values,
        now=of("own", foreign_key.columns),
    )
    return statement, sql.SQL("SELECT tableoid::bigint, ctid::text FROM {} WHERE {}").format(own, mutual)


# Other rows that are tried for a row which may not reference the one that it should.
_OTHERS = 8


def _changed(connection: Connection, change: Callable[[], None], *, ours: bool) -> bool:
    """Whether a change was made that no CHECK refuses."""
    try:
        despite_triggers(connection, change, ours=ours)
    except psycopg2.errors.CheckViolation:
        return False
    return True


def set_references(
    connection: Connection,
    table: Table,
    foreign_key: ForeignKey,
    keys: Mapping[Key, Key],
    *,
    ours: bool,
) -> None:
    """Set a foreign key in rows that were inserted before the rows that they reference.

    Where a CHECK refuses what a row is to reference, it references another row, or none if it may be NULL.

    Args:
        connection: in the transaction of the whole seed.
        keys: by ``tableoid`` and ``ctid`` of a row, the values of the referenced columns.
        ours: whether the database is one that this package has made, in which triggers may be suspended.

    Raises:
        WriteError: PostgreSQL refuses a row.
    """
    assignments = sql.SQL(", ").join(
        sql.SQL("{} = %s").format(sql.Identifier(column)) for column in foreign_key.columns
    )
    query = sql.SQL("UPDATE {} SET {} WHERE tableoid = (%s)::bigint::oid AND ctid = %s::tid").format(
        relation(table.name), assignments
    )
    cursor = connection.connection.cursor()
    try:
        places = [[*key, *place] for place, key in keys.items()]
        try:
            despite_triggers(connection, partial(execute_batch, cursor, query, places, _AT_ONCE), ours=ours)
        except psycopg2.errors.CheckViolation as error:
            others = [*dict.fromkeys(keys.values())]
            for number, (place, key) in enumerate(keys.items()):
                fits = any(
                    _changed(connection, partial(cursor.execute, query, [*other, *place]), ours=ours)
                    for other in (key, *islice(cycle(others), number, number + min(_OTHERS, len(others))))
                )
                if not fits and not optional(table, foreign_key):
                    raise refusal(table, error) from error
    except psycopg2.Error as error:
        raise refusal(table, error) from error
    finally:
        cursor.close()
