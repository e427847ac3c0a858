"""Digests of schema sources: the same for what loads the same, and none where nobody can tell."""

from __future__ import annotations

import enum
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import URL, Column, Connection, Engine, ForeignKey, Integer, MetaData, Table, Text, event
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import Pool
from sqlalchemy.schema import ExecutableDDLElement
from sqlalchemy.types import TypeDecorator, UserDefinedType
from sqlmodel import SQLModel

import pytest_supaseed
from pytest_supaseed.sources import digest
from pytest_supaseed.sources.digest import ddl_of, source_digest
from pytest_supaseed.sources.source import SchemaSource, load, resolve

# SQLAlchemy gives its arguments no types.
DDL: Any = sa.DDL
CHECKOUT = Path(pytest_supaseed.__path__[0]).parent
VERSION = (18, 6)
USERS = "CREATE TABLE users (id bigint PRIMARY KEY);\n"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of the person who runs the tests."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)


def of(value: object, root: Path, version: tuple[int, ...] | None = VERSION) -> str | None:
    return source_digest(resolve(value, root), version)


def known(value: object, root: Path) -> str:
    found = of(value, root)
    assert found is not None
    assert re.fullmatch("[0-9a-f]{64}", found)
    return found


def of_sql(content: str | bytes, root: Path) -> str | None:
    data = content if isinstance(content, bytes) else content.encode()
    (root / "schema.sql").write_bytes(data)
    return of("schema.sql", root)


def on_day(day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "_today", lambda: day)


# Files.


def test_no_schema_is_always_the_same(tmp_path: Path) -> None:
    assert known(None, tmp_path) == known("", tmp_path / "elsewhere")


def test_a_file_is_its_content(tmp_path: Path) -> None:
    first = of_sql(USERS, tmp_path)
    assert first is not None
    assert of_sql(USERS, tmp_path) == first
    (tmp_path / "copy").mkdir()
    assert of_sql(USERS, tmp_path / "copy") == first
    assert of_sql(USERS + "-- and a comment", tmp_path) not in (first, None)
    assert of_sql(USERS.encode() + b"\xff", tmp_path) not in (first, None)


def test_a_folder_is_its_files_and_their_order(tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "1.sql").write_text(USERS)
    one = known("migrations", tmp_path)
    (folder / "2.sql").write_text("SELECT 1;")
    two = known("migrations", tmp_path)
    (folder / "1.sql").rename(folder / "3.sql")
    assert len({one, two, known("migrations", tmp_path)}) == 3
    (folder / "notes.txt").write_text("not loaded")
    (folder / "3.sql").rename(folder / "1.sql")
    assert known("migrations", tmp_path) == two


def test_what_is_in_which_file_counts(tmp_path: Path) -> None:
    found = set()
    for number, (first, second) in enumerate(
        [("SELECT 1;", "SELECT 2;"), ("SELECT 1;SELECT 2;", ""), ("", "")]
    ):
        root = tmp_path / f"{number}"
        (root / "m").mkdir(parents=True)
        (root / "m" / "1.sql").write_text(first)
        (root / "m" / "2.sql").write_text(second)
        found.add(known("m", root))
    assert len(found) == 3


def test_several_sources(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.sql").write_text(f"CREATE TABLE {name} ();")
    both = known(["a.sql", "b.sql"], tmp_path)
    assert len({both, known(["b.sql", "a.sql"], tmp_path), known(["a.sql", "c.sql"], tmp_path)}) == 3
    assert known(["a.sql", models()], tmp_path) != known(["a.sql"], tmp_path)
    assert of(["a.sql", print_nothing], tmp_path) is None


@pytest.mark.parametrize("command", ["\\i", "\\include", "\\ir", "\\include_relative"])
def test_an_included_file_is_part_of_it(command: str, tmp_path: Path) -> None:
    relative = command in ("\\ir", "\\include_relative")
    (tmp_path / "sub").mkdir()
    inner = "inner.sql" if relative else "sub/inner.sql"
    (tmp_path / "sub" / "outer.sql").write_text(f"{USERS}{command} {inner}\n")
    (tmp_path / "sub" / "inner.sql").write_text("\\ir innermost.sql")
    (tmp_path / "sub" / "innermost.sql").write_text("SELECT 1;")
    first = known("sub/outer.sql", tmp_path)
    assert known("sub/outer.sql", tmp_path) == first
    (tmp_path / "sub" / "innermost.sql").write_text("SELECT 2;")
    assert known("sub/outer.sql", tmp_path) != first
    (tmp_path / "sub" / "innermost.sql").write_text("COPY users FROM stdin;\n1\n\\.\n")
    data = known("sub/outer.sql", tmp_path)
    (tmp_path / "sub" / "innermost.sql").write_text("COPY users FROM stdin;\n2\n\\.\n")
    assert known("sub/outer.sql", tmp_path) != data
    (tmp_path / "sub" / "innermost.sql").write_text("COPY users FROM '/srv/users';")
    assert of("sub/outer.sql", tmp_path) is None
    (tmp_path / "sub" / "innermost.sql").unlink()
    assert of("sub/outer.sql", tmp_path) is None


def test_what_cannot_be_read_has_none(tmp_path: Path) -> None:
    assert of_sql(USERS, tmp_path)
    source = resolve("schema.sql", tmp_path)
    (tmp_path / "schema.sql").unlink()
    assert source_digest(source) is None


def test_nothing_is_warned_of_twice(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert of_sql("CREATE DATABASE shop;\n\\ir other.sql", tmp_path) is None
        (tmp_path / "other.sql").write_text(USERS)
        assert known("schema.sql", tmp_path)


@pytest.mark.parametrize(
    "sql",
    [
        "COPY users FROM '/srv/users.csv';",
        "copy users (id)\nfrom program 'curl example.org';",
        "COPY users FROM /* here */ '/srv/users.csv';",
        "COPY users FROM -- here\n  E'/srv/users.csv';",
        "DO $$ BEGIN EXECUTE format('COPY users FROM %L', '/srv/users'); END $$;",
        "DO $$ BEGIN EXECUTE 'COPY users FROM ' || quote_literal('/srv/users'); END $$;",
        "INSERT INTO notes SELECT pg_read_file('/etc/motd');",
        "SELECT pg_catalog.pg_ls_dir('.');",
        "SELECT (pg_stat_file('x')).size;",
        "SELECT lo_import('/srv/logo.png');",
        "SELECT * FROM dblink('dbname=other', 'SELECT 1') AS t (a int);",
        "CREATE EXTENSION IF NOT EXISTS dblink;",
        "CREATE SERVER other FOREIGN DATA WRAPPER postgres_fdw;",
        "IMPORT FOREIGN SCHEMA public FROM SERVER other INTO public;",
        "create extension postgis;",
        'CREATE EXTENSION "vector" WITH SCHEMA extensions;',
        "CREATE EXTENSION hstore_plpython3u;",
        "CREATE EXTENSION\n IF  NOT EXISTS\n timescaledb;",
        "DO $$ BEGIN EXECUTE format('CREATE EXTENSION %I', 'x'); END $$;",
        "ALTER EXTENSION pgcrypto UPDATE;",
        "ALTER SYSTEM SET wal_level = logical;",
        "alter\tsystem reset all;",
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpython3u AS 'return 1';",
        "CREATE FUNCTION f() RETURNS int AS 'lib' LANGUAGE C;",
        "LOAD 'auto_explain';",
    ],
)
def test_what_comes_from_outside_of_the_file_has_none(sql: str, tmp_path: Path) -> None:
    assert of_sql(USERS + sql, tmp_path) is None


@pytest.mark.parametrize(
    "sql",
    [
        "COPY users (id) FROM stdin;\n1\n\\.\n",
        "COPY users FROM STDIN WITH (FORMAT csv);\n'a' from 'b'; copy from '/srv'\n\\.\n",
        "-- Copy the rows from 'here'; CREATE EXTENSION postgis;\nSELECT 1;",
        "INSERT INTO users SELECT substring('12' from '^1')::int;",
        "CREATE EXTENSION pgcrypto;",
        'CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA extensions;',
        "create extension if not exists citext with schema public;",
        "COMMENT ON EXTENSION postgis IS 'none of ours';",
        "CREATE TABLE files (extension text, copy int, load int, server text, foreign_id int);",
        "ALTER TABLE users ADD FOREIGN KEY (id) REFERENCES users;",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;",
    ],
)
def test_what_is_in_the_file_has_one(sql: str, tmp_path: Path) -> None:
    assert of_sql(USERS + sql, tmp_path) is not None


@pytest.mark.parametrize(
    ("sql", "asks"),
    [
        ("CREATE TABLE a (at timestamptz DEFAULT now());", True),
        ("INSERT INTO a VALUES ('today');", True),
        ("INSERT INTO a VALUES (CURRENT_DATE + 30);", True),
        ("INSERT INTO a SELECT clock_timestamp();", True),
        ("INSERT INTO a SELECT age (at) FROM b;", True),
        ("COPY a FROM stdin;\nnow\n\\.\n", True),
        ("\\ir other.sql", True),
        ("INSERT INTO a VALUES ('I know, Nowhere, page(1)');", False),
        ("CREATE TABLE a (age int, nowadays int, at date DEFAULT '2020-01-01');", False),
        ("INSERT INTO a VALUES (random(), gen_random_uuid());", False),
    ],
)
def test_what_asks_for_the_time_is_kept_for_a_day(
    sql: str, asks: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other.sql").write_text("SELECT now();")
    on_day(date(2024, 2, 28), monkeypatch)
    first = of_sql(sql, tmp_path)
    assert of_sql(sql, tmp_path) == first is not None
    on_day(date(2024, 2, 29), monkeypatch)
    assert (of_sql(sql, tmp_path) != first) is asks


def test_the_day_is_that_of_the_server(tmp_path: Path) -> None:
    assert abs((digest._today() - date.today()).days) <= 1


@pytest.mark.parametrize("name", ["PGTZ", "PGOPTIONS", "PGDATESTYLE", "PGCLIENTENCODING"])
def test_what_libpq_takes_from_the_environment_counts(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = of_sql(USERS, tmp_path)
    monkeypatch.setenv(name, "")
    assert of_sql(USERS, tmp_path) == first
    monkeypatch.setenv(name, "one")
    second = of_sql(USERS, tmp_path)
    monkeypatch.setenv(name, "two")
    assert len({first, second, of_sql(USERS, tmp_path)} - {None}) == 3
    monkeypatch.setenv("PGSERVICE", "mine")
    assert of_sql(USERS, tmp_path) is None


# What nobody can tell.


def print_nothing(connection: Connection) -> None:
    """Create nothing."""


def test_a_callable_and_migrations_have_none(tmp_path: Path) -> None:
    (tmp_path / "alembic.ini").write_text("[alembic]\n")
    assert of(print_nothing, tmp_path) is None
    assert of("alembic.ini", tmp_path) is None


# Models.


def models(*columns: Column[Any], **options: Any) -> MetaData:
    metadata = MetaData()
    Table("setups", metadata, Column("id", Integer, primary_key=True), *columns, **options)
    return metadata


class Color(enum.Enum):
    RED = 1


class Colors(enum.Enum):
    RED = 1
    BLUE = 2


def with_index() -> MetaData:
    metadata = models(Column("a", Text))
    sa.Index("by_a", metadata.tables["setups"].c.a, postgresql_where=sa.text("a <> ''"))
    return metadata


def with_statement(name: str, statement: str) -> MetaData:
    metadata = models()
    event.listen(metadata, name, DDL(statement))
    return metadata


def with_sequence() -> MetaData:
    metadata = models()
    sa.Sequence("numbers", start=5, metadata=metadata)
    return metadata


DIFFERENT: list[Callable[[], MetaData]] = [
    models,
    lambda: models(Column("a", Text)),
    lambda: models(Column("a", Text, nullable=False)),
    lambda: models(Column("a", Text, unique=True)),
    lambda: models(Column("a", Text, index=True)),
    lambda: models(Column("a", sa.String(5))),
    lambda: models(Column("a", Text, server_default="x")),
    lambda: models(Column("a", Text, server_default="x\\")),
    lambda: models(Column("a", Text, comment="x")),
    lambda: models(Column("a", sa.Enum(Color, name="color"))),
    lambda: models(Column("a", sa.Enum(Colors, name="color"))),
    lambda: models(Column("a", sa.Enum(Color, name="color", schema="types"))),
    lambda: models(Column("a", sa.Enum(Color, name="color", schema="types", native_enum=False))),
    lambda: models(Column("a", postgresql.ARRAY(sa.Enum(Color, name="color")))),
    lambda: models(Column("a", postgresql.DOMAIN("short", Text, check=sa.text("length(value) < 5")))),
    lambda: models(Column("a", Integer, sa.Sequence("numbers"))),
    lambda: models(Column("a", Integer, sa.Identity(start=5))),
    lambda: models(Column("a", Integer, sa.Computed("id * 2", persisted=True))),
    lambda: models(Column("a", Integer, ForeignKey("setups.id", ondelete="CASCADE"))),
    lambda: models(schema="other"),
    lambda: models(comment="x"),
    lambda: models(postgresql_partition_by="RANGE (id)"),
    with_index,
    with_sequence,
    lambda: with_statement("before_create", "CREATE EXTENSION citext"),
    lambda: with_statement("after_create", "CREATE EXTENSION citext"),
    lambda: with_statement("after_create", "INSERT INTO setups VALUES (1)"),
]


def test_models_are_what_they_create(tmp_path: Path) -> None:
    found = [known(make(), tmp_path) for make in DIFFERENT]
    assert found == [known(make(), tmp_path) for make in DIFFERENT]
    assert len(set(found)) == len(DIFFERENT)


def test_what_creates_nothing_in_the_database_does_not_count(tmp_path: Path) -> None:
    plain = models(Column("a", Text))
    assert known(models(Column("a", Text, default=lambda: "x", info={"x": 1})), tmp_path) == known(
        plain, tmp_path
    )

    class Base(DeclarativeBase):
        pass

    class Setup(Base):
        __tablename__ = "setups"
        id = Column(Integer, primary_key=True)
        a = Column(Text)

    assert known(Base, tmp_path) == known(plain, tmp_path)


def test_sqlmodel(tmp_path: Path) -> None:
    class Model(SQLModel):
        metadata = models(Column("a", Text))

    assert known(Model, tmp_path) == known(Model.metadata, tmp_path)


def test_models_need_tables_and_the_servers_version(tmp_path: Path) -> None:
    assert of(models(), tmp_path, None) is None
    assert of(MetaData(), tmp_path) is None
    assert of(models(), tmp_path, (18, 6)) != of(models(), tmp_path, (15, 4))


def test_models_that_ask_for_the_time_make_no_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def plain() -> MetaData:
        return models(Column("at", sa.DateTime, server_default=sa.func.now()))

    def with_rows() -> MetaData:
        metadata = plain()
        event.listen(metadata, "after_create", DDL("INSERT INTO setups DEFAULT VALUES"))
        return metadata

    on_day(date(2024, 2, 28), monkeypatch)
    before = [known(make(), tmp_path) for make in (plain, with_rows)]
    on_day(date(2024, 2, 29), monkeypatch)
    after = [known(make(), tmp_path) for make in (plain, with_rows)]
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False]


class CreateView(ExecutableDDLElement):
    pass


@compiles(CreateView)
def compile_view(element: CreateView, compiler: Any, **options: Any) -> str:
    return "CREATE VIEW titles AS SELECT 1 AS title"


class WithCall(CreateView):
    def __call__(self, target: Any, bind: Any, **options: Any) -> None:
        raise AssertionError("it must not be called")


def never(*arguments: object, **options: object) -> Any:
    raise AssertionError("it must not be called")


def test_a_statement_of_the_users_own_class(tmp_path: Path) -> None:
    metadata = models()
    event.listen(metadata, "after_create", CreateView())
    assert known(metadata, tmp_path) != known(models(), tmp_path)


def test_a_statement_for_another_database_does_not_count(tmp_path: Path) -> None:
    metadata = models()
    event.listen(metadata, "after_create", DDL("PRAGMA x").execute_if(dialect="sqlite"))
    assert known(metadata, tmp_path) == known(models(), tmp_path)


def listened(attach: Callable[[MetaData, Table], object]) -> MetaData:
    metadata = models(
        Column("a", sa.Enum(Color, name="color")),
        Column("b", Integer, sa.Sequence("numbers")),
        Column("c", Text, index=True),
    )
    attach(metadata, metadata.tables["setups"])
    return metadata


ENUM = postgresql.ENUM(Color, name="other_color")


@pytest.mark.parametrize(
    "attach",
    [
        lambda metadata, table: event.listen(metadata, "before_create", never),
        lambda metadata, table: event.listen(metadata, "after_create", never),
        lambda metadata, table: event.listen(metadata, "after_create", never, once=True),
        lambda metadata, table: event.listen(table, "before_create", never),
        lambda metadata, table: event.listen(table, "after_create", never, named=True),
        lambda metadata, table: event.listen(next(iter(table.indexes)), "after_create", never),
        lambda metadata, table: event.listen(table.c.b.default, "before_create", never),
        lambda metadata, table: event.listen(metadata, "after_create", WithCall()),
        lambda metadata, table: event.listen(
            metadata, "after_create", DDL("SELECT 1").execute_if(callable_=never)
        ),
        lambda metadata, table: next(iter(table.indexes)).ddl_if(callable_=never),
        lambda metadata, table: table.append_constraint(sa.CheckConstraint("id > 0").ddl_if(callable_=never)),
        lambda metadata, table: event.listen(metadata, "after_create", DDL("COPY setups FROM '/srv/setups'")),
        lambda metadata, table: event.listen(metadata, "before_create", DDL("CREATE EXTENSION postgis")),
    ],
)
def test_functions_that_take_part_are_not_called(
    attach: Callable[[MetaData, Table], object], tmp_path: Path
) -> None:
    assert of(listened(lambda metadata, table: None), tmp_path) is not None
    assert of(listened(attach), tmp_path) is None


def test_functions_that_take_part_in_other_things_do_not_count(tmp_path: Path) -> None:
    metadata = models()
    event.listen(metadata, "before_drop", never)
    assert known(metadata, tmp_path) == known(models(), tmp_path)


@pytest.fixture
def listening() -> Iterator[Callable[[Any, str], None]]:
    attached: list[tuple[Any, str]] = []

    def listen(target: Any, name: str) -> None:
        event.listen(target, name, never)
        attached.append((target, name))

    yield listen
    for target, name in attached:
        event.remove(target, name, never)


@pytest.mark.parametrize(
    ("target", "name"),
    [
        (Table, "after_create"),
        (MetaData, "before_create"),
        (Engine, "before_execute"),
        (Engine, "before_cursor_execute"),
        (Engine, "do_connect"),
        (Engine, "connect"),
        (Pool, "connect"),
        (Pool, "checkout"),
    ],
)
def test_listeners_to_everything_count(
    target: Any, name: str, tmp_path: Path, listening: Callable[[Any, str], None]
) -> None:
    assert of(models(), tmp_path) is not None
    listening(target, name)
    assert of(models(), tmp_path) is None


class Point(UserDefinedType[Any]):
    cache_ok = True

    def get_col_spec(self, **options: Any) -> str:
        return "POINT"


class Versioned(TypeDecorator[Any]):
    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        return dialect.type_descriptor(Integer() if dialect.server_version_info >= (17,) else Text())


class Broken(UserDefinedType[Any]):
    cache_ok = True

    def get_col_spec(self, **options: Any) -> str:
        raise RuntimeError("no specification")


def test_types_of_the_users_own(tmp_path: Path) -> None:
    assert known(models(Column("a", Point())), tmp_path) != known(models(Column("a", Text)), tmp_path)
    assert of(models(Column("a", Broken())), tmp_path) is None
    statements = {
        version: ddl_of(resolve(models(Column("a", Versioned())), tmp_path), (version, 0))
        for version in (16, 17)
    }
    assert ["a INTEGER" in str(each) for each in statements.values()] == [False, True]


def test_what_cannot_be_compiled_has_none(tmp_path: Path) -> None:
    assert of(models(Column("a", sa.types.NullType())), tmp_path) is None
    assert of(models(Column("a", Integer, ForeignKey("nowhere.id"))), tmp_path) is None


PROGRAM = """
import enum
from pathlib import Path
import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, Text
from pytest_supaseed.sources.digest import source_digest
from pytest_supaseed.sources.source import resolve

junk = [object() for _ in range(hash("a") % 1000)]  # so that the memory looks different
metadata = MetaData(naming_convention={"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s"})
enums = [sa.Enum(*"xyz", name=f"kind{n}", schema=s) for n, s in enumerate(["app", "auth", None])]
for schema in ("app", "auth", None):
    for number in range(4):
        table = Table(
            f"t{number}", metadata, Column("id", Integer, primary_key=True), schema=schema,
            comment=f"number {number}",
            *(Column(f"e{n}", kind, index=True) for n, kind in enumerate(enums)),
            *(Column(f"u{n}", Integer, sa.Sequence(f"s{schema}{number}{n}"), unique=True) for n in range(4)),
            *(Column(f"r{n}", ForeignKey(f"{schema + '.' if schema else ''}t{n}.id")) for n in range(4)),
        )
        for n in range(4):
            sa.Index(f"both{n}", table.c.id, table.c[f"u{n}"])
            table.append_constraint(sa.CheckConstraint(f"id > {n}", name=f"c{n}", comment=f"at least {n}"))
print(source_digest(resolve(metadata, Path("/project")), (18, 6)))
"""


def test_every_process_has_the_same(tmp_path: Path) -> None:
    found = set()
    for seed in ("0", "1", "2"):
        command = [sys.executable, "-W", "error::DeprecationWarning", "-c", PROGRAM]
        ended = subprocess.run(
            command,
            cwd=CHECKOUT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
        )
        assert ended.returncode == 0, ended.stderr
        found.add(ended.stdout.strip())
    assert len(found) == 1
    assert re.fullmatch("[0-9a-f]{64}", found.pop())


@pytest.mark.parametrize("number", range(len(DIFFERENT)))
def test_it_is_what_loading_executes(number: int, empty_database: URL, tmp_path: Path) -> None:
    source: SchemaSource = resolve(DIFFERENT[number](), tmp_path)
    executed: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *others: Any) -> None:
        executed.append(statement)

    engine = sa.create_engine(empty_database)
    with engine.connect() as connection:
        version: Any = connection.dialect.server_version_info
    engine.dispose()
    told = ddl_of(source, version)
    event.listen(Engine, "before_cursor_execute", note)
    try:
        load(source, empty_database)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert told is not None
    # What it asks the catalog is of the other kind.
    changes = [each for each in executed if not each.lstrip().startswith(("SELECT", "select", "show"))]
    assert sorted(changes) == sorted(told.statements[1:])
