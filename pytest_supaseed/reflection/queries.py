"""Queries run by psycopg2 itself, the quoted names in them, and values that can be written back unchanged.

:func:`fetch` returns psycopg2's values, :func:`fetch_exact` values as PostgreSQL prints them. psycopg2's are not exact:
an interval of a year becomes 365 days, ``infinity`` and ``24:00`` other moments, a date BC an error; and a project can
register other type casters for all connections. :func:`printed` returns what to select, and :func:`exact` converts the
rows. :func:`read_as_usual` restores psycopg2's own type casters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

import psycopg2.errors
from psycopg2 import extensions, sql
from sqlalchemy import Connection

from pytest_supaseed.model.referenced import ReferencedColumn
from pytest_supaseed.model.schema import ColumnType, ForeignKey, ReferencedKind, Table, TableName

# psycopg2's own type casters; a project may have registered others for all connections.
_STANDARD = tuple(
    getattr(extensions, f"{name}{array}")
    for name in ("INTEGER", "LONGINTEGER", "FLOAT", "DECIMAL", "BOOLEAN", "UNICODE", "PYDATE", "PYTIME", "PYDATETIME",
                 "PYDATETIMETZ", "PYINTERVAL")
    for array in ("", "ARRAY")
)  # fmt: skip
_COUNTS = (extensions.INTEGER, extensions.LONGINTEGER, extensions.LONGINTEGERARRAY)
# Types whose psycopg2 value is written back as it was read.
_AS_THE_DRIVER = frozenset(
    ("int2", "int4", "int8", "oid", "numeric", "float4", "float8", "bool", "text", "varchar", "bpchar", "name", "uuid")
)  # fmt: skip
# PostgreSQL reads what these settings print under any others.
SETTINGS = (
    "SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL extra_float_digits = 1; "
    "SET LOCAL bytea_output = 'hex'"
)
_CLOCK = r"([01]\d|2[0-3]):(\d\d):(\d\d)(?:\.(\d{1,6}))?"
_ZONE = r"(?:([+-]\d\d)(:\d\d)?(:\d\d)?)?"
_MOMENT = re.compile(rf"(\d{{4}}-\d\d-\d\d) {_CLOCK}{_ZONE}")
# As most timestamps are printed.
_USUAL = "2025-12-31 23:59:59+00"
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(rf"{_CLOCK}{_ZONE}")
_INTERVAL = re.compile(rf"(?=.)(?:(-?\d+) days?)?(?: ?([+-])?{_CLOCK})?")


def read_as_usual(reader: Any) -> None:
    """Register psycopg2's own casters of common types, whatever a project has registered for all connections.

    Args:
        reader: a cursor, or a connection that only this package uses.
    """
    for caster in _STANDARD:
        extensions.register_type(caster, reader)


def count_as_usual(cursor: Any) -> None:
    """Register psycopg2's own casters of counts on a cursor; only these, because each test pays for it."""
    for caster in _COUNTS:
        extensions.register_type(caster, cursor)


def statement(cursor: Any, composed: sql.Composable) -> Any:
    """Return a composed statement as a cursor takes it: as text, where it is not psycopg2's."""
    return composed if isinstance(cursor, extensions.cursor) else as_text(composed)


def integers(cursor: Any, query: sql.Composable) -> list[int]:
    """Run a query of one array of integers on a cursor of any driver, and return them."""
    if isinstance(cursor, extensions.cursor):
        count_as_usual(cursor)
    cursor.execute(statement(cursor, query))
    [[found]] = cursor.fetchall()
    return list(found)


def as_text(composed: sql.Composable) -> str:
    """Return a composed statement as text, quoted without a connection, for drivers other than psycopg2 as well.

    Args:
        composed: of identifiers, and of literals that are texts, numbers, truth values, None or lists of these.

    Example:
        >>> as_text(sql.SQL("SELECT {} FROM {}").format(sql.Literal(7), sql.Identifier("app", "users")))
        'SELECT 7 FROM "app"."users"'
    """
    if isinstance(composed, sql.Composed):
        return "".join(map(as_text, composed.seq))
    if isinstance(composed, sql.Identifier):
        return ".".join('"' + name.replace('"', '""') + '"' for name in composed.strings)
    if isinstance(composed, sql.Literal):
        return _constant(composed.wrapped)
    if isinstance(composed, sql.SQL):
        return composed.string  # type: ignore[no-any-return] # the driver has no types
    raise TypeError(f"{composed!r} has no text without values")


def _constant(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if value >= 0 else f"({value})"
    if isinstance(value, list):
        return f"ARRAY[{', '.join(map(_constant, value))}]"
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no constant whose text is known here")
    quoted = value.replace("'", "''")
    # A backslash is one in E'' whatever standard_conforming_strings says.
    return f"'{quoted}'" if "\\" not in value else " E'" + quoted.replace("\\", "\\\\") + "'"


def printed(column_type: ColumnType, value: sql.Composable) -> sql.Composable:
    """Return what to select for a value that will be written back."""
    if _is_as_the_driver(column_type):
        return value
    # concat() calls the type's output function: some types have a cast to text that loses information. num_nonnulls(),
    # because a row of NULLs is not NULL.
    return sql.SQL("CASE pg_catalog.num_nonnulls({0}) WHEN 1 THEN pg_catalog.concat({0}) END").format(value)


def exact(types: Sequence[ColumnType], rows: Iterable[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Return rows of printed values as Python values, as far as these are written back as they were read.

    Args:
        types: of the first columns; the others are left as they are.
        rows: selected as :func:`printed` says.

    Example:
        >>> exact([ColumnType("interval", "interval", "T")], [("1 day",), ("1 year",)])
        [(datetime.timedelta(days=1),), ('1 year',)]
    """
    reading = [None if _is_as_the_driver(each) else _READERS.get(_kind(each)) for each in types]
    if not any(reading):
        return [tuple(row) for row in rows]
    columns: list[Iterable[Any]] = [*zip(*rows, strict=True)]
    for at, (read, column) in enumerate(zip(reading, columns, strict=False)):
        if read is not None:
            columns[at] = [None if value is None else read(value) for value in column]
    return [*zip(*columns, strict=True)]


def _is_as_the_driver(column_type: ColumnType) -> bool:
    element = column_type.element_type if column_type.array else column_type
    # psycopg2 does not know an array of a domain, and returns its text.
    return element.name in _AS_THE_DRIVER and not element.array and not element.domain


def _kind(column_type: ColumnType) -> str:
    return "" if column_type.array else column_type.name


def _clock(hour: str, minute: str, second: str, fraction: str | None) -> str:
    return f"{hour}:{minute}:{second}.{(fraction or '').ljust(6, '0')}"


def _offset(hours: str | None, minutes: str | None, seconds: str | None) -> str:
    return f"{hours}{minutes or ':00'}{seconds or ''}" if hours else ""


def _date(text: str) -> Any:
    return date.fromisoformat(text) if _DATE.fullmatch(text) else text


def _moment(text: str) -> Any:
    if len(text) == len(_USUAL) and text[10] == " " and text.endswith("+00"):
        return datetime.fromisoformat(f"{text}:00")
    found = _MOMENT.fullmatch(text)
    if found is None:
        return text
    day, *parts = found.groups()
    return datetime.fromisoformat(f"{day}T{_clock(*parts[:4])}{_offset(*parts[4:])}")


def _time(text: str) -> Any:
    found = _TIME.fullmatch(text)
    if found is None:
        return text
    parts = found.groups()
    return time.fromisoformat(_clock(*parts[:4]) + _offset(*parts[4:]))


def _interval(text: str) -> Any:
    found = _INTERVAL.fullmatch(text)
    if found is None:
        return text
    days, sign, hours, minutes, seconds, fraction = found.groups()
    clock = timedelta(
        hours=int(hours or 0),
        minutes=int(minutes or 0),
        seconds=int(seconds or 0),
        microseconds=int((fraction or "").ljust(6, "0")),
    )
    try:
        return timedelta(days=int(days or 0)) + (-clock if sign == "-" else clock)
    except OverflowError:
        return text


def _bytes(text: str) -> Any:
    return bytes.fromhex(text[2:]) if text.startswith("\\x") else text


def _json(text: str) -> Any:
    try:
        # A number with a fraction may have more digits than a float.
        found = json.loads(text, parse_float=_refuse)
    except ValueError:
        return text
    # A JSON string stays JSON, because a Python str would be written as the JSON document itself.
    return text if isinstance(found, str) else found


def _refuse(number: str) -> float:
    raise ValueError(number)


_READERS: dict[str, Callable[[str], Any]] = {
    "date": _date,
    "timestamp": _moment,
    "timestamptz": _moment,
    "time": _time,
    "timetz": _time,
    "interval": _interval,
    "bytea": _bytes,
    "jsonb": _json,
}


Key = tuple[Any, ...]

SAVEPOINT = "SAVEPOINT supaseed"
_ROLL_BACK = "ROLLBACK TO SAVEPOINT supaseed"
_RELEASE = "RELEASE SAVEPOINT supaseed"
_UNDO = f"{_ROLL_BACK}; {_RELEASE}"


def own_rows(table: Table) -> sql.Composable:
    """Return a table as FROM reads its own rows, without those of inheriting tables; partitions are its own."""
    return sql.SQL("{}{}").format(sql.SQL("" if table.partitioned else "ONLY "), relation(table.name))


def relation(table: TableName) -> sql.Composable:
    """Return a table's quoted name."""
    return sql.Identifier(table.schema, table.name)


def names(columns: Iterable[str]) -> sql.Composable:
    """Return quoted column names, separated by commas."""
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def in_order(columns: Iterable[sql.Composable]) -> sql.Composable:
    """Return what ORDER BY says of columns, for rows to come in the same order on every server.

    Bytes sort alike whatever collation the server has.
    """
    return sql.SQL(", ").join(
        sql.SQL('length({0}::text), {0}::text COLLATE "C"').format(column) for column in columns
    )


def fetch(
    connection: Connection, query: sql.Composable, parameters: Sequence[Any] | None = None
) -> list[Key]:
    """Run a query composed by psycopg2, in the transaction of a SQLAlchemy connection.

    Args:
        parameters: for its placeholders; without any, ``%`` is not doubled.
    """
    cursor = connection.connection.cursor()
    try:
        read_as_usual(cursor)
        cursor.execute(query, parameters)
        return [tuple(row) for row in cursor.fetchall()]
    finally:
        cursor.close()


def execute(connection: Connection, query: sql.Composable | str) -> None:
    """Execute statements of which no rows are wanted, such as those of savepoints."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(query if isinstance(query, str) else as_text(query))
    finally:
        cursor.close()


@contextmanager
def savepoint(connection: Connection, *, begun: bool = False) -> Iterator[None]:
    """Undo what the block does where the block raises an exception; the transaction goes on.

    Savepoints of one name hide one another while blocks are within blocks, and each is released: PostgreSQL slows
    down with those that are kept.

    Args:
        begun: whether the block's own first statement begins with :data:`SAVEPOINT`, which saves a round trip.
    """
    if not begun:
        execute(connection, SAVEPOINT)
    try:
        yield
    except Exception:
        execute(connection, _UNDO)
        raise
    execute(connection, _RELEASE)


@contextmanager
def undone(connection: Connection) -> Iterator[Callable[[], None]]:
    """Undo what the block does in any case, and raise its error, if there is one.

    Returns:
        A function that undoes what the block has done so far.
    """
    execute(connection, SAVEPOINT)
    try:
        yield lambda: execute(connection, _ROLL_BACK)
    finally:
        execute(connection, _UNDO)


def fetch_exact(
    connection: Connection,
    types: Sequence[ColumnType],
    query: sql.Composable,
    parameters: Sequence[Any] | None = None,
) -> list[Key]:
    """Run a query whose values will be written back, and leave the transaction's settings as they were.

    Args:
        types: of the first columns, which are selected as :func:`printed` says.
        parameters: for its placeholders; without any, ``%`` is not doubled.
    """
    cursor = connection.connection.cursor()
    try:
        begin = sql.SQL("{}; {}").format(sql.SQL(SAVEPOINT), sql.SQL(SETTINGS))
        if isinstance(cursor, extensions.cursor):
            read_as_usual(cursor)
            cursor.execute(sql.SQL("{}; {}").format(begin, query), parameters)
        else:
            # Of the driver that the tests use, in whose connection this is only read.
            cursor.execute(as_text(begin))
            cursor.execute(as_text(query), parameters)
        found = cursor.fetchall()
        cursor.execute(_UNDO)
    finally:
        cursor.close()
    return exact(types, found)


def fetch_accepted(connection: Connection, types: Sequence[ColumnType], query: sql.Composable) -> list[Key]:
    """Run a query as :func:`fetch_exact` does; without rows where PostgreSQL refuses it.

    A type may have no order, as ``json`` has none, and a value of one type may be none of another.
    """
    try:
        with undone(connection):
            return fetch_exact(connection, types, query)
    except psycopg2.Error:
        return []


def selected(table: Table, columns: Iterable[str], alias: str | None = None) -> sql.Composable:
    """Return the select list for columns whose values will be written back."""
    return sql.SQL(", ").join(
        printed(table.column(name).type, sql.Identifier(*([alias] if alias else []), name))
        for name in columns
    )


def types_of(table: Table, columns: Iterable[str]) -> list[ColumnType]:
    """Return the types of columns."""
    return [table.column(name).type for name in columns]


def referenced_rows(
    connection: Connection, table: Table, foreign_key: ForeignKey, columns: Sequence[ReferencedColumn] = ()
) -> tuple[list[Key], list[int], list[Key]]:
    """Read the rows that a foreign key can reference, those with most references first.

    Args:
        columns: further columns of the referenced rows, or of those that these reference in turn.

    Returns:
        The values of the referenced columns, the number of rows that reference them already, and the values of the
        further columns.
    """
    # A referencing column has the type of the referenced one, or one that is read alike.
    size = len(foreign_key.columns)
    types = [*types_of(table, foreign_key.columns), *(each.column.type for each in columns)]
    further = {each.via: f"further{number}" for number, each in enumerate(columns) if each.via}
    numbers = range(size)
    shown = (
        *map(_of_parent, foreign_key.referenced_columns),
        *(sql.Identifier(further.get(each.via, "p"), each.column.name) for each in columns),
    )
    aliases = [sql.Identifier(f"column{number}") for number in numbers]
    query = sql.SQL(
        "SELECT {referenced}, coalesce(c.total, 0) FROM {parent} p "
        "LEFT JOIN (SELECT {own}, count(*) FROM {table} GROUP BY {own}) AS c ({aliases}, total) ON {same} {further} "
        # Rows of inheriting tables cannot be referenced; those of partitions can.
        "WHERE {present} AND {kind} AND {limit} AND (p.tableoid = {name}::regclass "
        "OR (SELECT q.relispartition FROM pg_class q WHERE q.oid = p.tableoid)) "
        "ORDER BY coalesce(c.total, 0) DESC, {order}"
    ).format(
        referenced=sql.SQL(", ").join(map(printed, types, shown)),
        parent=relation(foreign_key.referenced),
        name=sql.Literal(as_text(relation(foreign_key.referenced))),
        own=names(foreign_key.columns),
        table=relation(table.name),
        aliases=sql.SQL(", ").join(aliases),
        same=_all(
            sql.SQL("c.{} = {}").format(alias, sql.Identifier("p", column))
            for alias, column in zip(aliases, foreign_key.referenced_columns, strict=True)
        ),
        present=_all(
            # IS NOT NULL is false for a composite value with a NULL attribute.
            sql.SQL("{} IS DISTINCT FROM NULL").format(sql.Identifier("p", column))
            for column in foreign_key.referenced_columns
        ),
        kind=_of_kind(foreign_key.kind),
        limit=sql.SQL("true")
        if foreign_key.limit is None
        else sql.SQL("{} IN ({})").format(
            _of_parent(foreign_key.referenced_columns[0]), sql.SQL(foreign_key.limit.query)
        ),
        further=sql.SQL(" ").join(left_joined("p", key, alias) for (key,), alias in further.items()),
        order=in_order(sql.Identifier("p", column) for column in foreign_key.referenced_columns),
    )
    found = fetch_exact(connection, types, query)
    return [row[:size] for row in found], [row[-1] for row in found], [row[size:-1] for row in found]


def left_joined(row: str, foreign_key: ForeignKey, referenced: str) -> sql.Composable:
    """Return the join of a row with the one that it references.

    Args:
        row: its alias.
        foreign_key: of its table.
        referenced: the alias of the referenced row.
    """
    return sql.SQL("LEFT JOIN {} {} ON {}").format(
        relation(foreign_key.referenced),
        sql.Identifier(referenced),
        equal(referenced, foreign_key.referenced_columns, row, foreign_key.columns),
    )


def equal(alias: str, columns: Sequence[str], other: str, others: Sequence[str]) -> sql.Composable:
    """Return the condition that columns of one row are equal to columns of another one, by the aliases of the rows."""
    return _all(
        sql.SQL("{} = {}").format(sql.Identifier(alias, left), sql.Identifier(other, right))
        for left, right in zip(columns, others, strict=True)
    )


def _of_kind(kind: ReferencedKind | None) -> sql.Composable:
    """Return the condition that a referenced row, ``p``, is of a kind; true without one."""
    if kind is None:
        return sql.SQL("true")
    same = _all(
        sql.SQL("k.{} = p.{}").format(sql.Identifier(there), sql.Identifier(here))
        for here, there in kind.pairs
    )
    # As texts: the column may be of an enum.
    return sql.SQL("EXISTS (SELECT FROM {} k WHERE {} AND k.{}::text = ANY ({}))").format(
        relation(kind.table),
        same,
        sql.Identifier(kind.column),
        sql.Literal([str(value) for value in kind.values]),
    )


def reads_xml(connection: Connection) -> bool:
    """Whether the server was built with libxml, which only an attempt tells; the transaction is left as it was."""
    try:
        with undone(connection):
            execute(connection, "SELECT '<a/>'::xml")
    except psycopg2.errors.FeatureNotSupported:
        return False
    return True


def _of_parent(column: str) -> sql.Composable:
    return sql.Identifier("p", column)


def _all(conditions: Iterable[sql.Composable]) -> sql.Composable:
    return sql.SQL(" AND ").join(conditions)
