"""Settings and privileges of the database in scripts, callables and migrations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy import URL, Connection, create_engine, text

from pytest_supaseed.errors import SupaseedWarning
from pytest_supaseed.postgres.databases.maintenance import libpq_url
from pytest_supaseed.sources.database_statements import SessionSettings
from pytest_supaseed.sources.source import load, resolve

Settings = Callable[[], dict[str, str]]


@pytest.fixture
def settings(empty_database: URL) -> Settings:
    def read() -> dict[str, str]:
        connection = psycopg2.connect(libpq_url(empty_database))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT unnest(setconfig) FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase "
                "WHERE datname = current_database() AND setrole = 0"
            )
            found = dict(setting.split("=", 1) for (setting,) in cursor.fetchall())
        connection.close()
        return found

    return read


@pytest.fixture
def role(server_url: URL) -> Iterator[str]:
    """A role that may log in and make databases, and nothing else."""
    connection = psycopg2.connect(libpq_url(server_url))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE plain_settings LOGIN CREATEDB PASSWORD 'plain'")
    yield "plain_settings"
    with connection.cursor() as cursor:
        cursor.execute("DROP OWNED BY plain_settings; DROP ROLE plain_settings")
    connection.close()


def load_sql(root: Path, url: URL, *files: str) -> None:
    for number, content in enumerate(files):
        root.joinpath(f"{number}.sql").write_text(content, encoding="utf-8")
    load(resolve([f"{number}.sql" for number in range(len(files))] if len(files) > 1 else "0.sql", root), url)


LOADS: dict[str, tuple[str, dict[str, str]]] = {
    "any name": (
        "ALTER DATABASE shop SET search_path TO app, public; ALTER DATABASE \"Old One\" SET app.tenant = '7';",
        {"search_path": "app, public", "app.tenant": "7"},
    ),
    "in a transaction": ("BEGIN; ALTER DATABASE shop SET app.a = 1; COMMIT;", {"app.a": "1"}),
    "reset": ("ALTER DATABASE a SET app.a = 1; ALTER DATABASE b RESET app.a;", {}),
    "psql's name": ('ALTER DATABASE :"DBNAME" SET app.a = 1;', {"app.a": "1"}),
    "a DO block": (
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET app.a = %L', current_database(), 'x'); END $$;",
        {"app.a": "x"},
    ),
    "at the end": (
        "CREATE TABLE t (); SET search_path TO app, \"B b\"; SET app.tenant = 'it''s'; -- that is all",
        {"search_path": 'app, "B b"', "app.tenant": "it's"},
    ),
    "at the end, by a function": (
        "CREATE TABLE t (); SELECT set_config('app.tenant', '7', false), set_config('app.local', '8', true);",
        {"app.tenant": "7"},
    ),
    "at the end of a transaction": (
        "BEGIN; CREATE TABLE t (); SET SESSION app.a = 1; COMMIT;",
        {"app.a": "1"},
    ),
    "time zones have a syntax of their own": ("SET TIME ZONE 'Asia/Tokyo'", {"timezone": "Asia/Tokyo"}),
    "not rolled back": ("BEGIN; SET app.a = 1; ROLLBACK;", {}),
    "not local": ("BEGIN; SET LOCAL app.a = 1; COMMIT;", {}),
    "not taken back": ("SET app.a = 1; SET search_path = app; RESET search_path;", {"app.a": "1"}),
    "not for statements that follow": ("SET app.a = 1; SET search_path = public; CREATE TABLE t ();", {}),
    "for a default that reads it": (
        "SET app.a = 1; SET app.b = 2; CREATE TABLE t (a text DEFAULT current_setting('app.a'));",
        {"app.a": "1"},
    ),
    "not what pg_dump sets": (
        "SET statement_timeout = 0; SET client_encoding = 'UTF8'; SET row_security = off;"
        "SELECT pg_catalog.set_config('search_path', '', false); SET check_function_bodies = false;",
        {"statement_timeout": "0"},
    ),
    "not the role": (
        "SET ROLE pg_monitor; SET SESSION AUTHORIZATION DEFAULT; SET session_replication_role = replica",
        {},
    ),
}


@pytest.mark.parametrize(("script", "expected"), LOADS.values(), ids=LOADS)
def test_what_a_script_sets(
    script: str, expected: dict[str, str], empty_database: URL, tmp_path: Path, settings: Settings
) -> None:
    load_sql(tmp_path, empty_database, script)
    found = {name.lower(): value for name, value in settings().items()}
    assert found == expected


def test_only_the_last_file_of_a_folder_ends_the_load(
    empty_database: URL, tmp_path: Path, settings: Settings
) -> None:
    folder = tmp_path / "sql"
    folder.mkdir()
    folder.joinpath("1.sql").write_text("CREATE TABLE t (); SET app.a = 1; SET search_path = nowhere;")
    folder.joinpath("2.sql").write_text("CREATE TABLE u (); SET work_mem = '5MB';")
    load(resolve("sql", tmp_path), empty_database)
    assert settings() == {"app.a": "1", "work_mem": "5MB"}


def test_what_a_callable_sets(empty_database: URL, tmp_path: Path, settings: Settings) -> None:
    def schema(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE t ()"))
        connection.execute(text("SET app.early = 1"))
        connection.commit()
        connection.execute(text("CREATE TABLE u ()"))
        connection.execute(text("SELECT set_config('app.tenant', :value, false)"), {"value": "7 %"})

    load(resolve(schema, tmp_path), empty_database)
    assert settings() == {"app.tenant": "7 %"}


def test_what_a_callable_sets_through_an_engine_of_its_own(
    empty_database: URL, tmp_path: Path, settings: Settings
) -> None:
    def schema(connection: Connection) -> None:
        engine = create_engine(empty_database.set(drivername="postgresql+psycopg"))
        with engine.begin() as other:
            other.execute(text("SET app.tenant = '7'"))
            other.execute(text("INSERT INTO alembic_version SELECT 1 WHERE false"))
        engine.dispose()

    def prepared(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE alembic_version (version_num int)"))

    load(resolve([prepared, schema], tmp_path), empty_database)
    assert settings() == {"app.tenant": "7"}


def test_what_the_server_refuses_is_left_out(
    empty_database: URL, tmp_path: Path, settings: Settings, role: str
) -> None:
    script = (
        "BEGIN;\nCREATE TABLE t ();\nGRANT CONNECT ON DATABASE shop TO no_such_role;\n"
        "ALTER DATABASE shop SET no_such = 1;\n"
        "ALTER DATABASE shop SET work_mem = '5MB';\nCOMMIT;"
    )
    with pytest.warns(SupaseedWarning) as caught:
        load_sql(tmp_path, empty_database, script)
    assert [str(warning.message) for warning in caught] == [
        "Left out of the schema, because the server refuses it: 0.sql:3: GRANT CONNECT ON DATABASE shop TO "
        'no_such_role;: role "no_such_role" does not exist',
        "Left out of the schema, because the server refuses it: 0.sql:4: ALTER DATABASE shop SET no_such = 1;: "
        'unrecognized configuration parameter "no_such"',
    ]
    assert settings() == {"work_mem": "5MB"}


def test_a_setting_that_only_a_superuser_may_make_last(server_url: URL, tmp_path: Path, role: str) -> None:
    url = server_url.set(username=role, password="plain")
    connection = psycopg2.connect(libpq_url(server_url))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE plain_settings OWNER {role}")
    try:
        with pytest.warns(
            SupaseedWarning, match="0.sql ends with SET app.a, which holds for its own session only: "
        ):
            load_sql(tmp_path, url.set(database="plain_settings"), "SET app.a = 1; SET work_mem = '5MB';")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE plain_settings WITH (FORCE)")
        connection.close()


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("SET app.a = 1", True),
        ("  SET SESSION search_path TO a, b;", True),
        ("SET SCHEMA 'a'", True),
        ('SET "app"."a" TO \'x\'', True),
        ("SELECT set_config('app.a', current_user, 'false')", True),
        ("SELECT set_config('app.a', '1', true)", False),
        ("SET LOCAL app.a = 1", False),
        ("SET ROLE a", False),
        ("SET SESSION AUTHORIZATION a", False),
        ("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", False),
        ("SET CONSTRAINTS ALL DEFERRED", False),
        ("SET row_security = off", False),
        ("UPDATE t SET a = 1", False),
        (
            "CREATE FUNCTION f() RETURNS text SET app.a = 1 AS $$ SELECT set_config('app.a', '1', false) $$",
            False,
        ),
    ],
)
def test_which_statements_make_settings(statement: str, found: bool) -> None:
    settings = SessionSettings()
    settings.saw(statement)
    assert settings.found is found
