"""SQL that makes the rows of a seed again, in another database with the same schema.

:func:`script` compares two databases, one as the schema's load has left it and one with the seed. Everything that the
seed has changed is written, rows of triggers included; so the triggers of the other database are kept from firing once
more (``session_replication_role``), which takes a superuser or a role that may set this setting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from enum import Enum

from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.copy_text import copy_fields, copy_lines
from pytest_supaseed.errors import SeedError
from pytest_supaseed.model.schema import Column, Schema, Table
from pytest_supaseed.model.type_families import TEXT
from pytest_supaseed.reflection.queries import as_text, fetch, in_order, names, own_rows, relation

_SEQUENCES = """
SELECT schemaname, sequencename, last_value::bigint FROM pg_sequences WHERE last_value IS NOT NULL ORDER BY 1, 2
"""
_VIEWS = "SELECT schemaname, matviewname FROM pg_matviews WHERE ispopulated ORDER BY 1, 2"
# Rows of one INSERT.
_AT_ONCE = 100

Texts = tuple[str | None, ...]
# Values are read as texts, whatever their types.
_TEXT = Column("", TEXT)
# How the texts are written, and have to be read.
_STYLES = (
    "DateStyle = ISO",
    "IntervalStyle = postgres",
    "TimeZone = 'UTC'",
    "bytea_output = hex",
    "xmloption = content",
)


class Form(Enum):
    """How rows are written."""

    INSERT = "insert"
    COPY = "copy"


def script(loaded: Connection, seeded: Connection, schema: Schema, form: Form) -> Iterator[str]:
    """Yield the lines of a script.

    Args:
        loaded: to a database as the schema's load has left it.
        seeded: to one with the seed.
        schema: of both.
        form: ``INSERT`` is understood everywhere; ``COPY`` is faster, and understood by psql.

    Raises:
        SeedError: the seed has changed rows that cannot be named, as their table has no primary key.
    """
    for connection in (loaded, seeded):
        # Names in values, as of regclass, are written with their schemas.
        connection.exec_driver_sql("SET LOCAL search_path = ''")
        connection.exec_driver_sql("SET LOCAL row_security = off")
        for style in _STYLES:
            connection.exec_driver_sql(f"SET LOCAL {style}")
    yield "BEGIN;"
    yield "SET LOCAL client_encoding = 'UTF8';"
    yield "SET LOCAL standard_conforming_strings = on;"
    yield from (f"SET LOCAL {style};" for style in _STYLES)
    yield "-- The rows that triggers have made are among these: no trigger is to make them again."
    yield "SET LOCAL session_replication_role = replica;"
    for table in schema.tables:
        yield from _rows(loaded, seeded, table, form)
    before = {(name, sequence): last for name, sequence, last in fetch(loaded, sql.SQL(_SEQUENCES))}
    for name, sequence, last in fetch(seeded, sql.SQL(_SEQUENCES)):
        if before.get((name, sequence)) != last:
            quoted = as_text(sql.Literal(as_text(sql.Identifier(name, sequence))))
            yield f"SELECT pg_catalog.setval({quoted}, {last}, true);"
    for name, view in fetch(seeded, sql.SQL(_VIEWS)):
        yield f"REFRESH MATERIALIZED VIEW {as_text(sql.Identifier(name, view))};"
    yield "COMMIT;"


def _rows(loaded: Connection, seeded: Connection, table: Table, form: Form) -> Iterator[str]:
    columns = [column.name for column in table.columns if not column.generated]
    if not columns:
        # Its rows are all alike.
        query = sql.SQL("SELECT count(*) FROM {}").format(own_rows(table))
        [(there,)], [(wanted,)] = fetch(loaded, query), fetch(seeded, query)
        yield from [f"INSERT INTO {as_text(relation(table.name))} DEFAULT VALUES;"] * (wanted - there)
        return
    before, after = Counter(_texts(loaded, table, columns)), _texts(seeded, table, columns)
    gone = before - Counter(after)
    kept = before - gone
    new = []
    for row in after:
        if kept[row]:
            kept[row] -= 1
        else:
            new.append(row)
    if gone:
        yield from _removed(table, columns, list(gone.elements()))
    if not new:
        return
    target = f"{as_text(relation(table.name))} ({as_text(names(columns))})"
    if form is Form.COPY:
        yield f"COPY {target} FROM stdin;"
        yield copy_lines(copy_fields(_TEXT, values) for values in zip(*new, strict=True)).removesuffix("\n")
        yield "\\."
        return
    always = any(column.identity == "always" for column in table.columns)
    overriding = " OVERRIDING SYSTEM VALUE" if always else ""
    for start in range(0, len(new), _AT_ONCE):
        yield f"INSERT INTO {target}{overriding} VALUES"
        rows = new[start : start + _AT_ONCE]
        yield ",\n".join(f"    ({', '.join(map(_literal, row))})" for row in rows) + ";"


def _removed(table: Table, columns: Sequence[str], rows: Sequence[Texts]) -> Iterator[str]:
    """Yield the statements that remove rows of the load, which the seed has changed or deleted."""
    key = table.primary_key
    if not key:
        raise SeedError(
            f"a trigger has changed rows of {table.label} that the schema's load has put there, and without a primary "
            "key a script cannot name them: use supaseed seed on a database"
        )
    for row in rows:
        values = dict(zip(columns, row, strict=True))
        where = " AND ".join(f"{as_text(sql.Identifier(name))} = {_literal(values[name])}" for name in key)
        # Its parts are quoted.
        yield f"DELETE FROM {as_text(own_rows(table))} WHERE {where};"  # noqa: S608


def _texts(connection: Connection, table: Table, columns: Sequence[str]) -> list[Texts]:
    """Read a table's own rows as texts, in an order that does not depend on where they lie."""
    shown = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in columns)
    key: Sequence[str] = table.primary_key or columns
    order = in_order(map(sql.Identifier, key))
    query = sql.SQL("SELECT {} FROM {} ORDER BY {}").format(shown, own_rows(table), order)
    return [tuple(row) for row in fetch(connection, query)]


def _literal(value: str | None) -> str:
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"
