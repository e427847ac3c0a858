"""Extensions that the server lacks, and what stands in for them."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from sqlalchemy import (
    DDL,
    URL,
    Column,
    Connection,
    MetaData,
    Table,
    Uuid,
    create_engine,
    event,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.sources import script
from pytest_supaseed.sources.extensions import (
    GENERAL,
    CreatedExtensions,
    Extensions,
    asked_for,
    created_extensions,
    report_header,
    stub_of,
    stubbed_in_engines,
    without_stubs,
)
from pytest_supaseed.sources.source import load as load_source
from pytest_supaseed.sources.source import resolve

Ask = Callable[..., Any]


class Lacking(Extensions):
    """The extensions of a server that has none, whichever server it is."""

    def _on(self, cursor: object) -> frozenset[str]:
        return frozenset()


@pytest.fixture
def connection(empty_database: URL) -> Iterator[psycopg2.extensions.connection]:
    parameters = dict(empty_database.get_dialect()().create_connect_args(empty_database)[1])
    opened = psycopg2.connect(**parameters)
    opened.autocommit = True
    yield opened
    opened.close()


@pytest.fixture
def load(connection: psycopg2.extensions.connection, tmp_path: Path) -> Callable[[str], None]:
    """Load a .sql file on a server without extensions."""
    extensions = Lacking()

    def load(content: str) -> None:
        path = tmp_path / "schema.sql"
        path.write_text(content, encoding="utf-8")
        script.execute(connection, script.read(path, tmp_path), extensions)

    return load


@pytest.fixture
def ask(connection: psycopg2.extensions.connection) -> Ask:
    """Ask for one value."""

    def ask(expression: str, *values: object) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {expression}", values)
            [(found,)] = cursor.fetchall()
            return bytes(found) if isinstance(found, memoryview) else found

    return ask


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("create extension pgcrypto", ["pgcrypto"]),
        ('CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA extensions;', ["uuid-ossp"]),
        ("CREATE EXTENSION pg_net SCHEMA x VERSION '1.0' CASCADE;", ["pg_net"]),
        ("DO $$ BEGIN\nCREATE EXTENSION\n  PG_CRON\n;END $$", ["pg_cron"]),
        ("RAISE NOTICE 'Run CREATE EXTENSION vector and try again';", []),
        ("DROP EXTENSION pgcrypto;", []),
        ("-- no statement", []),
    ],
)
def test_the_extensions_that_a_text_asks_for(text: str, names: list[str]) -> None:
    assert asked_for(text) == names


def test_only_some_extensions_are_stood_in_for() -> None:
    assert stub_of("pgcrypto") == GENERAL / "pgcrypto.sql"
    assert stub_of("postgis") is None
    # It is Supabase's projects that ask for it.
    assert stub_of("pg_net") is None


def test_what_is_stood_in_for_depends_on_nothing_outside() -> None:
    text = 'CREATE EXTENSION "uuid-ossp"; CREATE EXTENSION postgis;'
    assert without_stubs(text) == "; CREATE EXTENSION postgis;"


def test_identifiers_of_a_schema_come_from_the_stand_in(load: Callable[[str], None], ask: Ask) -> None:
    load(
        'CREATE SCHEMA extensions; CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA extensions;'
        "CREATE TABLE users (id uuid PRIMARY KEY DEFAULT extensions.uuid_generate_v4(), name text);"
        "INSERT INTO users (name) VALUES ('a'), ('b');"
    )
    assert ask("count(DISTINCT id) FROM users") == 2
    assert uuid.UUID(ask("max(id::text) FROM users")).version == 4


def test_identifiers_are_those_that_python_makes(load: Callable[[str], None], ask: Ask) -> None:
    load('CREATE EXTENSION "uuid-ossp";')
    for name in ("example.com", "", "ünïcode", "x" * 200):
        assert ask("uuid_generate_v5(uuid_ns_dns(), %s)::text", name) == str(
            uuid.uuid5(uuid.NAMESPACE_DNS, name)
        )
        assert ask("uuid_generate_v3(uuid_ns_url(), %s)::text", name) == str(
            uuid.uuid3(uuid.NAMESPACE_URL, name)
        )
    for name in ("v1", "v1mc"):
        found = uuid.UUID(ask(f"uuid_generate_{name}()::text"))
        assert (found.version, found.variant) == (1, uuid.RFC_4122)
        # Nobody's network card: the address is a multicast one.
        assert found.node >> 40 & 1
    assert ask("uuid_nil()::text") == str(uuid.UUID(int=0))


@pytest.mark.parametrize("name", ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"])
def test_hashes_are_those_that_python_makes(name: str, load: Callable[[str], None], ask: Ask) -> None:
    load("CREATE EXTENSION pgcrypto;")
    for length in (0, 1, 55, 56, 63, 64, 65, 119, 128, 200):
        data = bytes(range(length))
        assert ask("digest(%s::bytea, %s)", data, name) == hashlib.new(name, data).digest()
        # A key that is longer than a block is hashed.
        assert ask("hmac('data'::bytea, %s::bytea, %s)", data, name) == hmac.digest(data, b"data", name)
    assert ask("encode(digest('ü', %s), 'hex')", name) == hashlib.new(name, "ü".encode()).hexdigest()


def test_random_bytes_are_as_many_as_asked_for(load: Callable[[str], None], ask: Ask) -> None:
    load("CREATE EXTENSION pgcrypto;")
    assert [len(ask("gen_random_bytes(%s)", count)) for count in (1, 32, 33, 1024)] == [1, 32, 33, 1024]
    assert ask("gen_random_bytes(16)") != ask("gen_random_bytes(16)")
    assert uuid.UUID(ask("public.gen_random_uuid()::text")).version == 4


# From pgcrypto itself.
BCRYPT = [
    ("password123", "$2a$04$abcdefghijklmnopqrstuuK7Sjs7rFYArh/ytIZsOeM/z4RV2Fw2i"),
    ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
    ("", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"),
]


@pytest.mark.parametrize(("password", "hashed"), BCRYPT)
def test_passwords_are_hashed_as_bcrypt_does(
    password: str, hashed: str, load: Callable[[str], None], ask: Ask
) -> None:
    load("CREATE EXTENSION pgcrypto;")
    assert ask("crypt(%s, %s)", password, hashed) == hashed
    assert ask("crypt(%s, %s)", password + "x", hashed) != hashed


def test_a_salt_gets_the_lowest_cost(load: Callable[[str], None], ask: Ask) -> None:
    load("CREATE EXTENSION pgcrypto;")
    salt = ask("gen_salt('bf', 10)")
    assert salt.startswith("$2a$04$")
    assert len(salt) == 29
    assert salt != ask("gen_salt('bf')")
    hashed = ask("crypt('secret', %s)", salt)
    assert ask("crypt('secret', %s)", hashed) == hashed


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("pgp_sym_encrypt('a', 'b')", r"pgp_sym_encrypt\(\) of pgcrypto"),
        ("encrypt('a', 'b', 'aes')", r"encrypt\(\) of pgcrypto"),
        ("gen_salt('md5')", r"gen_salt\('md5'\) of pgcrypto"),
        ("crypt('a', '$1$salt')", r"crypt\(\) of pgcrypto has a stub for bcrypt only"),
        ("digest('a', 'whirlpool')", 'Cannot use "whirlpool"'),
    ],
)
def test_what_has_no_stand_in_says_so_when_it_is_called(
    expression: str, name: str, load: Callable[[str], None], ask: Ask
) -> None:
    load(
        f"CREATE EXTENSION pgcrypto; CREATE FUNCTION later() RETURNS text LANGUAGE sql AS $$ SELECT {expression} $$;"
    )
    with pytest.raises(psycopg2.Error, match=name):
        ask("later()")


def test_an_extension_that_a_block_creates(load: Callable[[str], None], ask: Ask) -> None:
    load(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'pgcrypto') THEN "
        "CREATE EXTENSION IF NOT EXISTS pgcrypto; END IF; END $$;"
        "CREATE EXTENSION IF NOT EXISTS pgcrypto; COMMENT ON EXTENSION pgcrypto IS 'hashes';"
        "DROP EXTENSION IF EXISTS pgcrypto; CREATE EXTENSION pgcrypto;"
    )
    assert ask("encode(digest('', 'md5'), 'hex')") == hashlib.md5().hexdigest()


def test_an_extension_that_is_there_is_not_made_again_elsewhere(
    load: Callable[[str], None], ask: Ask
) -> None:
    load("CREATE SCHEMA a; CREATE EXTENSION pgcrypto SCHEMA a; CREATE EXTENSION IF NOT EXISTS pgcrypto;")
    assert ask("to_regproc('public.gen_salt') IS NULL AND to_regprocedure('a.gen_salt(text)') IS NOT NULL")


def test_an_extension_that_moves(load: Callable[[str], None], ask: Ask) -> None:
    load("CREATE SCHEMA a; CREATE EXTENSION pgcrypto; ALTER EXTENSION pgcrypto SET SCHEMA a;")
    assert ask("encode(a.digest('', 'md5'), 'hex')") == hashlib.md5().hexdigest()


def test_an_extension_that_nobody_stands_in_for_is_refused(load: Callable[[str], None]) -> None:
    with pytest.raises(SchemaError, match="no_such_extension"):
        load("CREATE EXTENSION no_such_extension;")


def test_the_header_names_what_is_stood_in_for(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    share = tmp_path / "share" / "extension"
    share.mkdir(parents=True)
    for name in ("plpgsql", "citext"):
        (share / f"{name}.control").touch()
    (tmp_path / "schema.sql").write_text('CREATE EXTENSION citext; CREATE EXTENSION "uuid-ossp";')
    assert report_header("schema.sql", tmp_path, tmp_path / "bin", 18) == "stubs for uuid-ossp"
    assert (
        report_header("schema.sql", tmp_path, None, 0)
        == "stubs for uuid-ossp, as far as the server lacks them"
    )
    (share / "uuid-ossp.control").touch()
    assert report_header("schema.sql\nother:schema", tmp_path, tmp_path / "bin", 18) == ""


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever server it is, it has no extensions."""
    monkeypatch.setattr(Extensions, "_on", Lacking._on)


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg", "asyncpg"])
def test_stubs_take_the_place_of_what_engines_create(empty_database: URL, lacking: None, driver: str) -> None:
    told: list[str] = []
    url = redirected_url(empty_database, driver)
    statements = [
        'CREATE EXTENSION IF NOT EXISTS "uuid-ossp"',
        "CREATE EXTENSION IF NOT EXISTS pgcrypto;",
        "DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS pgcrypto; END $$",
        "COMMENT ON EXTENSION pgcrypto IS 'it is 100% a stub'",
        "CREATE TABLE items (id uuid PRIMARY KEY DEFAULT uuid_generate_v4())",
        "INSERT INTO items DEFAULT VALUES",
    ]

    def create(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement))

    with stubbed_in_engines("migrations", told.append):
        if driver == "asyncpg":

            async def run_all() -> None:
                engine = create_async_engine(url, poolclass=NullPool)
                async with engine.begin() as connection:
                    await connection.run_sync(create)
                await engine.dispose()

            asyncio.run(run_all())
        else:
            engine = create_engine(url, poolclass=NullPool)
            with engine.begin() as connection:
                create(connection)
            engine.dispose()
    engine = create_engine(empty_database, poolclass=NullPool)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM items")) == 1
        assert connection.scalar(text("SELECT count(*) FROM pg_extension WHERE extname <> 'plpgsql'")) == 0
        # Outside of the block a missing extension is missing.
        with pytest.raises(DBAPIError, match="nothing_like_it"):
            connection.execute(text("CREATE EXTENSION nothing_like_it"))
    engine.dispose()
    assert told == ["migrations: stubs stand in for extensions that the server lacks: pgcrypto, uuid-ossp"]


def redirected_url(url: URL, driver: str) -> URL:
    """The URL as a driver spells it."""
    if driver == "asyncpg":
        return url.set(drivername="postgresql+asyncpg")
    return url.set(drivername=f"postgresql+{driver}")


def test_models_that_create_an_extension_are_loaded(
    empty_database: URL, lacking: None, tmp_path: Path
) -> None:
    metadata = MetaData()
    Table("items", metadata, Column("id", Uuid, primary_key=True, server_default=text("uuid_generate_v4()")))
    event.listen(metadata, "before_create", DDL('CREATE EXTENSION IF NOT EXISTS "uuid-ossp"'))
    told: list[str] = []
    load_source(resolve(metadata, tmp_path), empty_database, tell=told.append)
    assert told == ["a MetaData: stubs stand in for extensions that the server lacks: uuid-ossp"]


def test_nothing_is_said_where_no_stub_is_needed(empty_database: URL, tmp_path: Path) -> None:
    metadata = MetaData()
    Table("items", metadata, Column("extension", Uuid, primary_key=True))
    told: list[str] = []
    load_source(resolve(metadata, tmp_path), empty_database, tell=told.append)
    assert told == []


ALEMBIC, DJANGO = "db/versions/1.py", "blog/migrations/0001.py"
TWO_FILES = {"a.sql": "create extension if not exists citext", "b.sql": 'CREATE EXTENSION "uuid-ossp";'}
QUOTED = """op.execute('create extension \\"uuid-ossp\\"')"""
OPERATIONS = "[CryptoExtension(), TrigramExtension(), CreateExtension('hstore')]"


@pytest.mark.parametrize(
    ("schema", "files", "names", "stubs"),
    [
        ("schema.sql", {"schema.sql": "CREATE EXTENSION vector;"}, "vector", ""),
        ("a.sql\nb.sql", TWO_FILES, "citext uuid-ossp", "uuid-ossp"),
        ("alembic.ini", {ALEMBIC: 'op.execute("CREATE EXTENSION IF NOT EXISTS vector")'}, "vector", ""),
        ("alembic.ini", {ALEMBIC: QUOTED}, "uuid-ossp", "uuid-ossp"),
        ("django", {DJANGO: OPERATIONS}, "hstore pgcrypto pg_trgm", "pgcrypto"),
        ("django", {DJANGO: "[VectorExtension(), OurExtension()]"}, "vector", ""),
        ("django", {f".venv/lib/{DJANGO}": OPERATIONS, f"node_modules/{DJANGO}": OPERATIONS}, "", ""),
        ("models:Base", {"models.py": "CREATE EXTENSION vector"}, "", ""),
        ("missing.sql", {}, "", ""),
        ("missing.ini", {}, "", ""),
    ],
)  # fmt: skip
def test_the_extensions_that_a_schema_creates(
    tmp_path: Path, schema: str, files: dict[str, str], names: str, stubs: str
) -> None:
    for name, content in files.items():
        tmp_path.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        tmp_path.joinpath(name).write_text(content, encoding="utf-8")
    expected = CreatedExtensions(tuple(names.split()), frozenset(stubs.split()))
    assert created_extensions(schema, tmp_path) == expected
