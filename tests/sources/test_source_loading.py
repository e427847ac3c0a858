"""Loading a schema into an empty database, whatever it is made of."""

from __future__ import annotations

import enum
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    ARRAY,
    URL,
    Column,
    Connection,
    Enum,
    ForeignKey,
    Integer,
    MetaData,
    Sequence,
    String,
    Table,
    create_engine,
    text,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import NullPool
from sqlmodel import Field, SQLModel

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.sources.source import load, resolve

Load = Callable[..., None]
Query = Callable[[str], list[tuple[Any, ...]]]

TABLES = """
SELECT table_schema, table_name FROM information_schema.tables
WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2
"""


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A project of the user's, which leaves nothing in this process."""
    path, modules = list(sys.path), set(sys.modules)
    yield tmp_path
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


@pytest.fixture
def loads(empty_database: URL, root: Path) -> Load:
    def loads(value: object) -> None:
        load(resolve(value, root), empty_database)

    return loads


@pytest.fixture
def query(empty_database: URL) -> Query:
    def query(sql: str) -> list[tuple[Any, ...]]:
        engine = create_engine(empty_database, poolclass=NullPool)
        with engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql)]

    return query


def failure(loads: Load, value: object) -> str:
    with pytest.raises(SchemaError) as caught:
        loads(value)
    return str(caught.value)


def line_of(function: Callable[..., object], code: str) -> int:
    """The line of this file where `code` is in a function."""
    first = function.__code__.co_firstlineno
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if number >= first and code in line)


def test_nothing(loads: Load, query: Query) -> None:
    loads(None)
    assert query(TABLES) == []


def test_a_metadata(loads: Load, query: Query) -> None:
    metadata = MetaData()
    Table("users", metadata, Column("id", Integer, primary_key=True))
    Table("setups", metadata, Column("id", Integer, primary_key=True), Column("u", ForeignKey("users.id")))
    loads(metadata)
    assert query(TABLES) == [("public", "setups"), ("public", "users")]


class Kind(enum.Enum):
    """Of a setup."""

    VAN = "van"
    TRUCK = "truck"


def test_schemas_are_created_for_tables_enums_and_sequences(loads: Load, query: Query) -> None:
    metadata = MetaData(schema="app")
    Table(
        "setups",
        metadata,
        Column("id", Integer, Sequence("numbers", schema="counters"), primary_key=True),
        Column("kind", Enum(Kind, name="kind", schema="types", inherit_schema=False)),
        Column("others", ARRAY(Enum("a", "b", name="other", schema="Other Types", inherit_schema=False))),
        Column("parent", Integer),
    )
    Table("users", metadata, Column("id", Integer, primary_key=True), schema="auth")
    Table("plain", metadata, Column("id", Integer, primary_key=True), schema="public")
    loads(metadata)
    assert query(TABLES) == [("app", "setups"), ("auth", "users"), ("public", "plain")]
    assert query(
        "SELECT n.nspname, t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace "
        "WHERE typtype = 'e' ORDER BY 2"
    ) == [("types", "kind"), ("Other Types", "other")]
    assert ("counters", "numbers") in query("SELECT schemaname::text, sequencename::text FROM pg_sequences")


def test_a_declarative_base_and_a_sqlmodel(loads: Load, query: Query) -> None:
    class Base(DeclarativeBase):
        pass

    class Setup(Base):
        __tablename__ = "setups"
        id: Mapped[int] = mapped_column(primary_key=True)

    class Model(SQLModel):
        metadata = MetaData()

    class User(Model, table=True):
        id: int = Field(primary_key=True)

    loads(Setup)
    assert query(TABLES) == [("public", "setups")]
    loads([Model])
    assert query(TABLES) == [("public", "setups"), ("public", "user")]


def test_a_metadata_without_tables(loads: Load) -> None:
    assert failure(loads, MetaData()) == (
        "a MetaData has no tables. Models add theirs when their modules are imported: import those modules "
        "where it is defined, or let supaseed_schema name a callable, taking a SQLAlchemy Connection, that "
        "imports them and calls create_all."
    )


def test_a_metadata_that_postgresql_refuses(loads: Load, query: Query) -> None:
    metadata = MetaData()
    Table("a", metadata, Column("id", Integer, primary_key=True))
    Table("b", metadata, Column("c", String, server_default=text("nope()")))
    message = failure(loads, metadata)
    assert message.startswith(
        "a MetaData could not be loaded: UndefinedFunction: function nope() does not exist"
    )
    # SQLAlchemy's own words would be a page.
    assert "[SQL:" not in message
    assert "sqlalche.me" not in message
    assert query(TABLES) == []


def test_our_advice_on_what_postgresql_refuses(loads: Load, query: Query) -> None:
    def create(connection: Connection) -> None:
        connection.execute(text("CREATE EXTENSION nonesuch"))

    [(version,)] = query("SHOW server_version")
    number = version.split(" ")[0]
    line = line_of(create, "CREATE EXTENSION nonesuch")
    message = failure(loads, create)
    assert message.splitlines()[-2] == f"  at {__file__}:{line}, in create"
    assert message.splitlines()[-1].startswith(
        f'The server is PostgreSQL {number}, installed without the extension "nonesuch". Choose a server'
    )


def test_a_callable(loads: Load, query: Query) -> None:
    def create(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE a (b int)"))
        connection.execute(text("INSERT INTO a VALUES (:b)"), [{"b": 1}, {"b": 2}])

    loads(create)
    assert query("SELECT b FROM a ORDER BY b") == [(1,), (2,)]


def test_create_all_is_a_callable(loads: Load, query: Query) -> None:
    metadata = MetaData()
    Table("users", metadata, Column("id", Integer, primary_key=True))
    loads(metadata.create_all)
    assert query(TABLES) == [("public", "users")]


def commit_and_go_on(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE a ()"))
    connection.commit()
    connection.execute(text("CREATE TABLE b ()"))


def begin_by_itself(connection: Connection) -> None:
    with connection.begin():
        connection.execute(text("CREATE TABLE a ()"))
    connection.begin()
    connection.execute(text("CREATE TABLE b ()"))


def commit_each(connection: Connection) -> None:
    connection = connection.execution_options(isolation_level="AUTOCOMMIT")
    connection.execute(text("CREATE TABLE a ()"))
    connection.execute(text("CREATE TABLE b ()"))
    connection.execute(text("VACUUM a"))


def leave_a_savepoint(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE a ()"))
    connection.begin_nested()
    connection.execute(text("CREATE TABLE b ()"))


def try_in_a_savepoint(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE a ()"))
    with pytest.raises(SQLAlchemyError), connection.begin_nested():
        connection.execute(text("SELECT nope"))
    connection.execute(text("CREATE TABLE b ()"))


def begin_again(connection: Connection) -> None:
    with pytest.raises(SQLAlchemyError):
        connection.execute(text("SELECT nope"))
    connection.rollback()
    connection.execute(text("CREATE TABLE a ()"))
    connection.execute(text("CREATE TABLE b ()"))


@pytest.mark.parametrize(
    "create",
    [commit_and_go_on, begin_by_itself, commit_each, leave_a_savepoint, try_in_a_savepoint, begin_again],
)
def test_a_callable_that_ends_its_transactions_as_it_likes(
    create: Callable[[Connection], None], loads: Load, query: Query
) -> None:
    loads(create)
    assert query(TABLES) == [("public", "a"), ("public", "b")]


def test_a_callable_that_closes_the_connection(loads: Load) -> None:
    def create(connection: Connection) -> None:
        with connection:
            connection.execute(text("CREATE TABLE a ()"))

    name = f"{__name__}.{create.__qualname__}"
    assert failure(loads, create) == (
        f"{name} closed the connection that it was given, and what it did may be lost. Let it leave the "
        "connection open: it is committed and closed for it."
    )


def test_a_callable_that_goes_on_after_an_error(loads: Load) -> None:
    def create(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE a ()"))
        with pytest.raises(SQLAlchemyError):
            connection.execute(text("CREATE TABLE a ()"))

    name = f"{__name__}.{create.__qualname__}"
    assert failure(loads, create) == (
        f"{name} caught an error of PostgreSQL and went on, and what it did in that transaction is lost. Let "
        "it try in a savepoint what may fail: with connection.begin_nested()."
    )


def test_a_callable_that_raises(root: Path, loads: Load, query: Query) -> None:
    (root / "making.py").write_text(
        "from sqlalchemy import text\n\n\ndef create(connection):\n"
        "    connection.execute(text('CREATE TABLE a ()'))\n    helper()\n\n\n"
        "def helper():\n    raise RuntimeError('no settings')\n"
    )
    assert failure(loads, "making:create") == (
        "making:create could not be loaded: RuntimeError: no settings\n"
        f"  at {root / 'making.py'}:10, in helper"
    )
    assert query(TABLES) == []


def test_a_callable_whose_sql_is_wrong(root: Path, loads: Load) -> None:
    (root / "wrong.py").write_text(
        "from sqlalchemy import text\n\ndef create(connection):\n"
        "    connection.execute(text('SELECT nope'))\n"
    )
    message = failure(loads, "wrong:create")
    assert message.startswith(
        'wrong:create could not be loaded: UndefinedColumn: column "nope" does not exist'
    )
    assert message.endswith(f"\n  at {root / 'wrong.py'}:4, in create")


def test_a_callable_whose_commit_fails(loads: Load) -> None:
    def create(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE a (b int UNIQUE DEFERRABLE INITIALLY DEFERRED)"))
        connection.execute(text("INSERT INTO a VALUES (1), (1)"))

    assert "could not be loaded: UniqueViolation: duplicate key value" in failure(loads, create)


def test_a_callable_that_exits(loads: Load) -> None:
    def create(connection: Connection) -> None:
        sys.exit("no settings")

    line = line_of(create, "sys.exit(")
    assert failure(loads, create).endswith(
        f" could not be loaded: SystemExit: no settings\n  at {__file__}:{line}, in create"
    )


def test_a_callable_that_reports_as_we_do(loads: Load) -> None:
    def create(connection: Connection) -> None:
        raise SchemaError("In our own words.")

    assert failure(loads, create) == "In our own words."


def test_a_callable_that_skips(loads: Load) -> None:
    def create(connection: Connection) -> None:
        pytest.skip("not here")

    with pytest.raises(pytest.skip.Exception, match="not here"):
        loads(create)


def test_a_callable_that_returns_an_awaitable(loads: Load) -> None:
    async def create(connection: Connection) -> None: ...

    def start(connection: Connection) -> Awaitable[None]:
        return create(connection)

    # A coroutine that nobody awaits would be a warning, and so an error of this test.
    assert failure(loads, start) == (
        f"{__name__}.{start.__qualname__} returned an awaitable. Give a plain function, which takes a "
        "SQLAlchemy Connection."
    )


def test_a_file(root: Path, loads: Load, query: Query) -> None:
    (root / "schema.sql").write_text("CREATE TABLE a (b int); INSERT INTO a VALUES (1);")
    loads("schema.sql")
    assert query("SELECT b FROM a") == [(1,)]


def test_a_dump_of_a_later_pg_dump(root: Path, loads: Load, query: Query) -> None:
    head = "SET statement_timeout = 0;\nSET transaction_timeout = 0;\nSET client_encoding = 'UTF8';\n"
    (root / "schema.sql").write_text(head + "CREATE TABLE users (id int);\n", encoding="utf-8")
    loads("schema.sql")
    assert query("SELECT count(*) FROM users") == [(0,)]


def test_a_folder_in_the_order_of_its_names(root: Path, loads: Load, query: Query) -> None:
    folder = root / "migrations"
    folder.mkdir()
    (folder / "30_c.sql").write_text("INSERT INTO a VALUES (3);")
    (folder / "10_a.sql").write_text("CREATE TABLE a (id serial, b int); SET search_path = pg_catalog;")
    # The search path of the one before is not for this one.
    (folder / "20_b.sql").write_text("INSERT INTO a (b) SELECT max(b) FROM a; ALTER TABLE a DROP id;")
    loads("migrations")
    assert query("SELECT b FROM a ORDER BY b") == [(3,), (None,)]


def test_an_error_in_a_folder_names_its_file(root: Path, loads: Load) -> None:
    folder = root / "migrations"
    folder.mkdir()
    (folder / "1.sql").write_text("CREATE TABLE a ();")
    (folder / "2.sql").write_text("-- again\nCREATE TABLE a ();")
    expected = 'migrations/2.sql:2: relation "a" already exists\n  CREATE TABLE a ();'
    assert failure(loads, "migrations") == expected


def test_several_one_after_another(root: Path, loads: Load, query: Query) -> None:
    (root / "roles.sql").write_text("CREATE SCHEMA auth; CREATE TABLE auth.users (id int PRIMARY KEY);")
    (root / "more").mkdir()
    (root / "more" / "1.sql").write_text("INSERT INTO auth.users VALUES (7);")
    metadata = MetaData()
    Table("users", metadata, Column("id", Integer, primary_key=True), schema="auth")
    Table("setups", metadata, Column("user_id", ForeignKey("auth.users.id")))

    def fill(connection: Connection) -> None:
        connection.execute(text("INSERT INTO setups SELECT id FROM auth.users"))

    loads(["roles.sql", metadata, ["more", fill]])
    assert query("SELECT user_id FROM setups") == [(7,)]


def test_the_first_of_several_that_fails_is_the_last(root: Path, loads: Load, query: Query) -> None:
    for name, content in {"1": "CREATE TABLE a ();", "2": "SELECT nope;", "3": "CREATE TABLE b ();"}.items():
        (root / f"{name}.sql").write_text(content)
    assert failure(loads, "1.sql\n2.sql\n3.sql").startswith('2.sql:1: column "nope" does not exist')
    assert query(TABLES) == [("public", "a")]


def test_no_connection_is_left(root: Path, loads: Load, empty_database: URL, server_url: URL) -> None:
    def fail(connection: Connection) -> None:
        connection.execute(text("SELECT nope"))

    (root / "good.sql").write_text("SELECT 1;")
    (root / "bad.sql").write_text("BEGIN; SELECT nope;")
    loads(["good.sql", commit_and_go_on])
    # The tracebacks would keep a connection alive that was not closed.
    kept = []
    for value in ("bad.sql", fail):
        with pytest.raises(SchemaError) as caught:
            loads(value)
        kept.append(caught)
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    copy = f"{empty_database.database}_copy"
    with engine.connect() as connection:
        # PostgreSQL refuses to copy a database that somebody is connected to, once those had time to leave.
        connection.exec_driver_sql(f"CREATE DATABASE {copy} TEMPLATE {empty_database.database}")
        connection.exec_driver_sql(f"DROP DATABASE {copy}")


def test_any_driver_may_be_in_the_url(root: Path, empty_database: URL, query: Query) -> None:
    (root / "a.sql").write_text("CREATE TABLE a ();")
    source = resolve(["a.sql", MetaData().create_all], root)
    load(source, empty_database.set(drivername="postgresql"))
    assert query(TABLES) == [("public", "a")]
