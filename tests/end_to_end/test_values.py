"""PostgreSQL takes what is made: every built-in type, and columns with every form of CHECK."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from random import Random

import psycopg2
import psycopg2.errors
import pytest
from faker import Generator
from faker.factory import Factory
from psycopg2 import sql
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import NullPool

from pytest_supaseed.constraints.column import value_domain
from pytest_supaseed.model.schema import Table
from pytest_supaseed.reflection.catalog import reflect
from pytest_supaseed.values.column import value_source
from pytest_supaseed.values.distinct import next_distinct
from pytest_supaseed.values.meanings.context import ValueSource

ROWS = 200

TYPES = """
bool, smallint, integer, bigint, numeric, numeric(1), numeric(3,2), numeric(12,4), numeric(1000),
money, real, double precision, text, varchar, varchar(1), varchar(7), char, char(4), char(30), name,
"char", date, time, timetz, timestamp, timestamp(0), timestamptz, interval, uuid, json, jsonb,
bytea, inet, cidr, macaddr, macaddr8, bit, bit(5), varbit, varbit(3), point, line, lseg, box, path,
polygon, circle, tsvector, tsquery, xml, oid, pg_lsn, int4range, int8range, numrange, tsrange,
tstzrange, daterange, int4multirange, int8multirange, nummultirange, tsmultirange, tstzmultirange,
datemultirange, jsonpath, xid, tid, cid, regclass, regtype
"""

# Nobody has a column of these.
UNUSUAL = [
    "pg_node_tree", "pg_ndistinct", "pg_dependencies", "pg_mcv_list", "pg_brin_bloom_summary",
    "gtsvector", "pg_brin_minmax_multi_summary", "aclitem", "refcursor", "int2vector", "oidvector",
    "pg_snapshot", "txid_snapshot", "xid8", "regproc", "regprocedure", "regoper", "regoperator",
    "regrole", "regnamespace", "regconfig", "regdictionary", "regcollation", "regdatabase",
]  # fmt: skip

COLUMNS = r"""
numeric(10,2) CHECK (a >= 0)
numeric(3,2) CHECK (a > 9.98)
numeric CHECK (a > 0 AND a < 1)
numeric CHECK (a = round(a, 1) AND a BETWEEN 0.25 AND 0.45)
numeric CHECK (a % 0.25 = 0)
int CHECK (a BETWEEN 1 AND 5)
int CHECK (a < -1000000)
int CHECK (a >= 2000000000)
int CHECK (a % 7 = 0 AND a > 100)
int CHECK (a NOT IN (1, 2, 3) AND a BETWEEN 1 AND 4)
bigint CHECK (a > 9000000000000000000)
smallint CHECK (abs(a) < 2)
real CHECK (a > 0.5 AND a < 0.6)
double precision CHECK (a BETWEEN -90 AND -89)
varchar(10) CHECK (a IN ('a', 'b'))
text CHECK (a = 'x' OR a = 'y')
text CHECK (char_length(a) > 300)
text CHECK (length(a) = 2 AND upper(a) = a)
text CHECK (length(trim(a)) > 0 AND a <> '')
text CHECK (a ~* '^[A-Z0-9._%+-]+@[A-Z0-9.-]+\.[A-Z]{2,}$')
text CHECK (a ~ '^#[0-9a-f]{6}$')
text CHECK (a ~ '^[a-z0-9]+(?:-[a-z0-9]+)*$')
text CHECK (a ~ '^(foo|bar)-\d{3,5}(x|yz)?$')
text CHECK (a ~ '^[^aeiou\s]+$')
text CHECK (a ~ '^\+[1-9]\d{6,14}$')
text CHECK (a ~ '^[[:upper:]]{2}[[:digit:]]{2}$')
text CHECK (a ~ '^(\w)\1\w*$' AND length(a) >= 12)
text CHECK (a ~ '[0-9]' AND a ~ '[A-Z]' AND a ~ '^.{8,}$')
text CHECK (a !~ '\s' AND length(a) >= 5)
text CHECK (a LIKE 'ab\_%' AND a NOT LIKE '%z%')
text CHECK (a ILIKE '%Xyz')
text CHECK (a SIMILAR TO '[0-9]+(a|b)%')
text CHECK (lower(a) IN ('on', 'off'))
text CHECK (position('@' in a) > 1)
text CHECK (starts_with(a, 'cus_'))
text CHECK (lower(a) = a)
char(3) CHECK (a ~ '^[A-Z]{3}$')
date CHECK (a > current_date)
date CHECK (a BETWEEN '1900-01-01' AND '1900-01-03')
date CHECK (extract(year from a) = 1999)
timestamp CHECK (a < '1970-01-01')
timestamptz CHECK (a > now() + interval '1 year')
timestamptz CHECK (a >= '2030-01-01' AND a < '2030-01-02')
time CHECK (a >= '22:00' AND a < '23:00')
bytea CHECK (octet_length(a) = 32)
uuid CHECK (a <> '00000000-0000-0000-0000-000000000000')
jsonb CHECK (jsonb_typeof(a) = 'array')
jsonb CHECK (jsonb_typeof(a) = 'object')
money CHECK (a > 5::money AND a < 6::money)
bool CHECK (a)
text[] CHECK (cardinality(a) BETWEEN 2 AND 2 AND a <@ ARRAY['x', 'y'])
int[] CHECK (array_length(a, 1) >= 4 AND 0 < ALL (a))
mood CHECK (a IN ('sad', 'ok'))
mood[] CHECK (cardinality(a) > 0)
zip
zip[]
zips
small_positive
"""

TOGETHER = """
CREATE TABLE together (
    low int, high int CHECK (high <= 10), middle numeric(4,1),
    price numeric(6,2) CHECK (price > 0), cost numeric(6,2), sale_price numeric(6,2),
    first_name text, last_name varchar(12), name text, email varchar(30) UNIQUE, slug text UNIQUE,
    created_at timestamptz NOT NULL, updated_at timestamptz, deleted_at timestamptz,
    start_date date, end_date date, due timestamp, opens time, closes time,
    kind text CHECK (kind IN ('a', 'b', 'c')), other_kind text CHECK (other_kind IN ('b', 'c')),
    valid_from date, valid_until date CHECK (valid_until <= '2024-02-01'),
    CHECK (low < middle AND middle < high), CHECK (cost <= price),
    CHECK (sale_price IS NULL OR sale_price < price),
    CHECK (updated_at >= created_at), CHECK (deleted_at > updated_at), CHECK (start_date < end_date),
    CHECK (due > end_date), CHECK (opens < closes), CHECK (kind <> other_kind),
    CHECK (valid_until > valid_from)
)
"""


@pytest.fixture(scope="module")
def own_database(create_database: Callable[[], URL]) -> URL:
    return create_database()


@pytest.fixture
def connection(own_database: URL) -> Iterator[Connection]:
    """A connection that is rolled back."""
    engine = create_engine(own_database, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


def adapted(value: object, table: Table, column: str) -> object:
    """A value as psycopg2 takes it."""
    kind = table.column(column).type
    if kind.name in ("json", "jsonb") and not kind.array:
        return json.dumps(value)
    if isinstance(value, list):
        return [adapted_element(element) for element in value]
    return adapted_element(value)


def adapted_element(value: object) -> object:
    if isinstance(value, uuid.UUID):
        return str(value)
    return json.dumps(value) if isinstance(value, (dict, list)) else value


def generator() -> Generator:
    return Factory.create("en_US")


def made_rows(table: Table, count: int) -> list[dict[str, object]]:
    """Rows as the pipeline makes them: each column by itself, in the order in which they use one another."""
    faker = generator()
    sources: dict[str, ValueSource] = {}
    for column in table.columns:
        source = value_source(table, column, value_domain(table, column))
        assert source is not None, column
        sources[column.name] = source
    rows: list[dict[str, object]] = [{} for _ in range(count)]
    waiting = list(sources)
    while waiting:
        name = next(name for name in waiting if not set(sources[name].uses) & set(waiting))
        waiting.remove(name)
        faker.random = Random(name)
        for row in rows:
            row[name] = sources[name].choose(faker, row)
    return rows


def insert(connection: Connection, table: Table, rows: list[dict[str, object]]) -> None:
    names = list(rows[0])
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table.name.schema, table.name.name),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        # psycopg2 types an array as text[]: the cast is what COPY does.
        sql.SQL(", ").join(
            sql.SQL("{}::").format(sql.Placeholder()) + sql.SQL(table.column(name).type.text)
            for name in names
        ),
    )
    with connection.connection.cursor() as cursor:
        for row in rows:
            cursor.execute(statement, [adapted(row[name], table, name) for name in names])


def reflected(connection: Connection) -> Mapping[str, Table]:
    return {table.name.name: table for table in reflect(connection).tables}


def make_types(connection: Connection) -> None:
    execute(connection, "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')")
    execute(connection, r"CREATE DOMAIN zip AS text CHECK (VALUE ~ '^\d{5}$') CHECK (VALUE <> '00000')")
    execute(connection, "CREATE DOMAIN zips AS text[] CHECK (cardinality(VALUE) < 2)")
    execute(connection, "CREATE DOMAIN small_positive AS int CHECK (VALUE > 0 AND VALUE < 3)")


def execute(connection: Connection, statement: str) -> None:
    with connection.connection.cursor() as cursor:
        cursor.execute(statement)


def type_names() -> list[str]:
    return [name.strip() for name in re.split(r",(?!\d)", TYPES)]


def test_every_built_in_type(connection: Connection) -> None:
    names = [name for name in type_names() if name != "xml" or has_xml(connection)]
    columns = ", ".join(f"c{number} {name}" for number, name in enumerate(names))
    arrays = ", ".join(f"a{number} {name}[]" for number, name in enumerate(names))
    execute(connection, f"CREATE TABLE everything ({columns}, {arrays})")
    table = reflected(connection)["everything"]
    insert(connection, table, made_rows(table, ROWS))
    with connection.connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM everything")
        assert cursor.fetchone() == (ROWS,)


def has_xml(connection: Connection) -> bool:
    """A server may be built without it."""
    with connection.connection.cursor() as cursor:
        cursor.execute("SAVEPOINT xml")
        try:
            cursor.execute("SELECT '<a/>'::xml")
        except psycopg2.errors.FeatureNotSupported:
            return False
        finally:
            cursor.execute("ROLLBACK TO SAVEPOINT xml")
    return True


def test_the_list_of_types_is_complete(connection: Connection) -> None:
    """What a later PostgreSQL adds is found here."""
    with connection.connection.cursor() as cursor:
        cursor.execute(
            "SELECT typname FROM pg_type WHERE typtype IN ('b', 'r', 'm') AND typelem = 0"
            " AND typname NOT LIKE '\\_%%'"
            " AND typnamespace = 'pg_catalog'::regnamespace AND NOT typname = ANY (%s)",
            (UNUSUAL,),
        )
        expected = {name for (name,) in cursor.fetchall()}
        names = type_names()
        cursor.execute("SELECT " + ", ".join(f"NULL::{name}" for name in names))
        oids = tuple(found.type_code for found in cursor.description or ())
        cursor.execute("SELECT typname FROM pg_type WHERE oid IN %s", (oids,))
        assert expected - {name for (name,) in cursor.fetchall()} == set()


@pytest.mark.parametrize("column", [line for line in COLUMNS.splitlines() if line])
def test_checked_columns(connection: Connection, column: str) -> None:
    make_types(connection)
    execute(connection, f"CREATE TABLE checked (a {column})")
    table = reflected(connection)["checked"]
    insert(connection, table, made_rows(table, ROWS))


def test_columns_that_depend_on_one_another(connection: Connection) -> None:
    execute(connection, TOGETHER)
    table = reflected(connection)["together"]
    rows = made_rows(table, ROWS)
    for name in ("email", "slug"):
        distinct(table, name, rows)
    insert(connection, table, rows)


def distinct(table: Table, name: str, rows: list[dict[str, object]]) -> None:
    column = table.column(name)
    domain = value_domain(table, column)
    taken: set[object] = set()
    for row in rows:
        value, number = row[name], 0
        while row[name] in taken:
            number += 1
            row[name] = next_distinct(value, number, column, domain)
            assert row[name] is not None
        taken.add(row[name])


@pytest.mark.parametrize(
    "column",
    [
        line
        for line in COLUMNS.splitlines()
        if line
        and not re.search(
            r" IN \(|a = 'x'|bool|jsonb|abs|BETWEEN|> 9.98|small|, 'y'|mood|zips|\[\]|\\1|a < 0.6|1999", line
        )
    ],
)
def test_varied_values_are_accepted(connection: Connection, column: str) -> None:
    make_types(connection)
    execute(connection, f"CREATE TABLE varied (a {column} UNIQUE)")
    table = reflected(connection)["varied"]
    found = table.column("a")
    domain = value_domain(table, found)
    (first,) = made_rows(table, 1)
    distinct = [next_distinct(first["a"], number, found, domain) for number in range(1, 50)]
    # One number alone gives the value itself.
    assert distinct.count(None) <= 1
    insert(connection, table, [first, *({"a": value} for value in distinct if value is not None)])


@pytest.mark.parametrize(
    "column",
    [
        "uuid",
        "timestamptz",
        "date",
        "inet",
        "cidr",
        "macaddr",
        "bytea",
        "bit(8)",
        "int4range",
        "interval",
        "time",
        "numeric(6,2)",
        "varchar(4)",
        "char(3)",
        "real",
    ],
)
def test_varied_values_of_other_types_are_distinct(connection: Connection, column: str) -> None:
    execute(connection, f"CREATE TABLE varied (a {column} UNIQUE)")
    table = reflected(connection)["varied"]
    found = table.column("a")
    domain = value_domain(table, found)
    (first,) = made_rows(table, 1)
    rows = [first, *({"a": next_distinct(first["a"], number, found, domain)} for number in range(1, 100))]
    insert(connection, table, rows)
