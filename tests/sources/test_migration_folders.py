"""Folders of migration tools: only what builds the schema is run, in the tool's order, or the tool is named."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import URL

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.sources.migration_folders import applied, read_folder
from pytest_supaseed.sources.source import load, resolve
from tests.servers import run, schema_of


def written(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


JOURNAL = json.dumps({
    "dialect": "postgresql",
    "entries": [{"idx": 1, "tag": "0001_late"}, {"idx": 0, "tag": "9999_first"}],
})  # fmt: skip
PLAN = """%syntax-version=1.0.0
%project=shop

schema 2024-01-01T00:00:00Z A <a@example.com> # first
names [schema] 2024-01-02T00:00:00Z A <a@example.com>
@v1 2024-01-03T00:00:00Z A <a@example.com>
@v2 2024-01-03T00:00:00Z A <a@example.com>
@v3 2024-01-03T00:00:00Z A <a@example.com>

names [names@v1] 2024-01-04T00:00:00Z A <a@example.com>
"""


@pytest.mark.parametrize(
    ("files", "tool", "order"),
    [
        ({"b.sql": "", "a.sql": "", "10.txt": ""}, "", ["a.sql", "b.sql"]),
        ({"10_b.sql": "", "2_a.sql": "", "1_c.SQL": ""}, "", ["1_c.SQL", "2_a.sql", "10_b.sql"]),
        # A name without a number: by names alone, as a shell lists them.
        ({"10_b.sql": "", "2_a.sql": "", "c.sql": ""}, "", ["10_b.sql", "2_a.sql", "c.sql"]),
        (
            {"20240102_b.sql": "-- migrate:up\n", "20240101_a.sql": "-- migrate:up transaction:false\n"},
            "dbmate",
            ["20240101_a.sql", "20240102_b.sql"],
        ),
        (
            {"10_b.sql": "-- +goose Up\n", "9_a.sql": "-- +goose Up\n-- +goose Down\n", "x_test.go": ""},
            "goose",
            ["9_a.sql", "10_b.sql"],
        ),
        (
            {"2_b.sql": "-- +migrate Up\n", "1_a.sql": "-- +migrate Up\n"},
            "sql-migrate",
            ["1_a.sql", "2_b.sql"],
        ),
        ({"1_a.sql": "-- Up Migration\n-- Down Migration\n"}, "node-pg-migrate", ["1_a.sql"]),
        ({"2.sql": "# --- !Ups\n", "1.sql": "-- !Ups\n"}, "Play", ["1.sql", "2.sql"]),
        (
            {"10_b.up.sql": "", "10_b.down.sql": "", "2_a.up.sql": "", "2_a.down.sql": "", "3_c.sql": ""},
            "golang-migrate",
            ["2_a.up.sql", "3_c.sql", "10_b.up.sql"],
        ),
        (
            {
                "V10__c.sql": "",
                "V1__a.sql": "",
                "V1_1__b.sql": "",
                "more/V2.0__d.sql": "",
                "U2__d.sql": "",
                "R__views.sql": "",
                "R__a.sql": "",
                "V1__a.sql.conf": "",
            },
            "Flyway",
            ["V1__a.sql", "V1_1__b.sql", "more/V2.0__d.sql", "V10__c.sql", "R__a.sql", "R__views.sql"],
        ),
        (
            {"B3__all.sql": "", "B2__some.sql": "", "V1__a.sql": "", "V3__b.sql": "", "V4__c.sql": ""},
            "Flyway",
            ["B3__all.sql", "V4__c.sql"],
        ),
        (
            {"20240102_b/migration.sql": "", "20240101_a/migration.sql": "", "migration_lock.toml": ""},
            "Prisma",
            ["20240101_a/migration.sql", "20240102_b/migration.sql"],
        ),
        (
            {
                "schema.prisma": "",
                "seed.sql": "",
                "migrations/1_a/migration.sql": "",
                "migrations/migration_lock.toml": 'provider = "postgresql"\n',
            },
            "Prisma",
            ["migrations/1_a/migration.sql"],
        ),
        (
            {"meta/_journal.json": JOURNAL, "9999_first.sql": "", "0001_late.sql": "", "unlisted.sql": ""},
            "Drizzle",
            ["9999_first.sql", "0001_late.sql"],
        ),
        (
            {"2024_b/migration.sql": "", "2024_b/snapshot.json": "{}", "2023_a/migration.sql": ""},
            "Drizzle",
            ["2023_a/migration.sql", "2024_b/migration.sql"],
        ),
        (
            {"2024-02_b/up.sql": "", "2024-02_b/down.sql": "", "2024-01_a/up.sql": ""},
            "Diesel or Hasura",
            ["2024-01_a/up.sql", "2024-02_b/up.sql"],
        ),
        (
            {
                "00000000000000_diesel_initial_setup/up.sql": "",
                "20170305231748_tables/up.sql": "",
                "2017-08-31-230457_invitations/up.sql": "",
                "2024-05-17-101112-0000_names/up.sql": "",
                "20240601000000_late/up.sql": "",
            },
            "Diesel or Hasura",
            [
                "00000000000000_diesel_initial_setup/up.sql",
                "20170305231748_tables/up.sql",
                "2017-08-31-230457_invitations/up.sql",
                "2024-05-17-101112-0000_names/up.sql",
                "20240601000000_late/up.sql",
            ],
        ),
        ({"default/1_a/up.sql": "", "default/1_a/down.sql": ""}, "Diesel or Hasura", ["default/1_a/up.sql"]),
        (
            {"atlas.sum": "", "1_a.sql": "", "2_all.sql": "-- atlas:checkpoint\n", "3_b.sql": ""},
            "Atlas",
            ["2_all.sql", "3_b.sql"],
        ),
        ({"atlas.sum": "", "1_a.sql": "", "2_b.sql": ""}, "Atlas", ["1_a.sql", "2_b.sql"]),
        (
            {
                "sqitch.plan": PLAN,
                "deploy/schema.sql": "",
                "deploy/names.sql": "",
                "deploy/names@v1.sql": "",
                "revert/names.sql": "",
            },
            "Sqitch",
            ["deploy/schema.sql", "deploy/names@v1.sql", "deploy/names.sql"],
        ),
        (
            # The last tag before the rework, as Sqitch writes it, where there are several.
            {
                "sqitch.plan": PLAN,
                "deploy/schema.sql": "",
                "deploy/names.sql": "",
                "deploy/names@v3.sql": "",
            },
            "Sqitch",
            ["deploy/schema.sql", "deploy/names@v3.sql", "deploy/names.sql"],
        ),
        (
            {
                "2_b.postgres.up.sql": "",
                "2_b.mysql.up.sql": "",
                "2_b.up.sql": "",
                "2_b.postgres.down.sql": "",
                "1_a.up.sql": "",
                "1_a.sqlite3.up.sql": "",
                "3_c.cockroach.autocommit.up.sql": "",
                "3_c.postgresql.autocommit.up.sql": "",
                "4_d.cockroach.up.sql": "",
                "5_e.autocommit.up.sql": "",
            },
            "Pop",
            [
                "1_a.up.sql",
                "2_b.postgres.up.sql",
                "3_c.postgresql.autocommit.up.sql",
                "5_e.autocommit.up.sql",
            ],
        ),
        (
            {
                "1.z.sql": "-- depends: 2.a\n",
                "2.a.sql": "",
                "2.a.rollback.sql": "",
                "3.b.sql": "-- depends: 1.z other\n",
            },
            "yoyo",
            ["2.a.sql", "1.z.sql", "3.b.sql"],
        ),
    ],
)
def test_files_are_run_in_the_order_of_their_tool(
    tmp_path: Path, files: dict[str, str], tool: str, order: list[str]
) -> None:
    found = read_folder(written(tmp_path, files))
    assert found.tool == tool
    assert [path.relative_to(tmp_path).as_posix() for path in found.paths] == order


@pytest.mark.parametrize(
    ("files", "where", "why"),
    [
        ({"V1__a.sql": "", "V2__b.java": ""}, "V2__b.java is Flyway's", "in a programming language"),
        ({"V1__a.sql": "CREATE SCHEMA ${schema};"}, "V1__a.sql is Flyway's", "${schema} stands for a value"),
        ({"V1__a.sql": "", "V01.0__b.sql": ""}, "is Flyway's", "has the same version"),
        ({"V1__a.sql": "", "afterMigrate.sql": ""}, "afterMigrate.sql is Flyway's", "it is a callback"),
        ({"1_a.sql": "-- +goose Up\n", "2_b.go": "package x"}, "2_b.go is goose's", "a migration in Go"),
        (
            {"1_a.sql": "-- +goose ENVSUB ON\n-- +goose Up\n"},
            "1_a.sql is goose's",
            "variables of the environment",
        ),
        ({"1_a.up.sql": "", "001_b.up.sql": ""}, "is golang-migrate's", "has the same version"),
        ({"1_a.postgres.up.sql": "", "1_b.postgres.up.sql": ""}, "is Pop's", "has the same version"),
        (
            {"sqitch.plan": PLAN, "deploy/schema.sql": "", "deploy/names.sql": ""},
            "sqitch.plan is Sqitch's",
            "it lists names@v1, and there is no file",
        ),
        (
            {"meta/_journal.json": JOURNAL},
            "_journal.json is Drizzle's",
            "it lists 9999_first.sql, 0001_late.sql",
        ),
        ({"meta/_journal.json": "[]"}, "_journal.json is Drizzle's", "cannot be read as a journal"),
        (
            {"meta/_journal.json": '{"dialect": "mysql"}'},
            "_journal.json is Drizzle's",
            "its dialect is mysql",
        ),
        (
            {"a/migration.sql": "", "migration_lock.toml": 'provider = "sqlite"'},
            "migration_lock.toml is Prisma's",
            "its provider is sqlite",
        ),
        ({"sqitch.plan": "a 2024\n"}, "sqitch.plan is Sqitch's", "it lists a, and there is no file"),
        (
            {"1.a.sql": "-- depends: 2.b\n", "2.b.sql": "-- depends: 1.a\n"},
            "is yoyo's",
            "depend on one another",
        ),
        (
            {"1.a.rollback.sql": "", "1.a.sql": "", "2.py": "from yoyo import step"},
            "2.py is yoyo's",
            "in Python",
        ),
        ({"a.sql": "--liquibase formatted sql\n"}, "a.sql is Liquibase's", "its changelog decides"),
        ({"log.xml": "<databaseChangeLog>", "a.sql": ""}, "log.xml is Liquibase's", "its changelog decides"),
        (
            {"1_a.rb": "class A < ActiveRecord::Migration[7.1]"},
            "1_a.rb is Rails's",
            "in a programming language",
        ),
        ({"1_a.exs": "use Ecto.Migration"}, "1_a.exs is Ecto's", "in a programming language"),
    ],
)
def test_what_sql_files_do_not_say_is_refused_with_the_name_of_the_tool(
    tmp_path: Path, files: dict[str, str], where: str, why: str
) -> None:
    with pytest.raises(SchemaError) as caught:
        read_folder(written(tmp_path, files))
    said = str(caught.value)
    assert where in said
    assert why in said
    assert said.endswith("or give a .sql file of a database that it has migrated: pg_dump --schema-only.")


@pytest.mark.parametrize(
    ("name", "text", "instead"),
    [
        ("0001_initial.py", "from django.db import migrations", "django"),
        ("ab12.py", "from alembic import op", "alembic.ini"),
    ],
)
def test_migrations_in_python_name_the_setting(tmp_path: Path, name: str, text: str, instead: str) -> None:
    with pytest.raises(SchemaError, match=f"supaseed_schema .*{instead}"):
        read_folder(written(tmp_path, {name: text}))


def test_one_database_of_several_is_named(tmp_path: Path) -> None:
    files = {"default/1_a/up.sql": "", "other/1_a/up.sql": ""}
    with pytest.raises(SchemaError, match=r"several databases, default, other: .* such as .*/default"):
        read_folder(written(tmp_path, files))


@pytest.mark.skipif(os.geteuid() == 0, reason="to root no folder is closed")
@pytest.mark.parametrize(
    ("beside", "closes"), [("a.sql", False), ("1_a/migration.sql", True), ("1_a/up.sql", True)]
)
def test_a_closed_folder_matters_only_beside_a_tools_folders(
    tmp_path: Path, beside: str, closes: bool
) -> None:
    folder = written(tmp_path, {beside: "", "2_closed/migration.sql": "", "2_closed/up.sql": ""})
    (folder / "2_closed").chmod(0)
    try:
        if closes:
            with pytest.raises(PermissionError):
                read_folder(folder)
        else:
            assert [path.name for path in read_folder(folder).paths] == ["a.sql"]
    finally:
        (folder / "2_closed").chmod(0o700)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("-- migrate:up\na\n-- migrate:down\nb\n", "-- migrate:up\na\n\n\n"),
        ("-- +goose Up\na\n-- +goose Down\nb\n-- +goose Up\nc", "-- +goose Up\na\n\n\n-- +goose Up\nc"),
        ("--+migrate  Down\nb\n--  +MIGRATE UP\na", "\n\n--  +MIGRATE UP\na"),
        ("before\n-- Down Migration\nb", "before\n\n"),
        ("# --- !Ups\r\na\r\n# --- !Downs\r\nb", "\na\r\n\n"),
        ("-- !Ups\na\n-- !Downs\nb", "-- !Ups\na\n\n"),
        ("-- rambler up\na\n-- rambler down\nb", "-- rambler up\na\n\n"),
        ("SELECT '-- migrate:down'; -- migrate:down", "SELECT '-- migrate:down'; -- migrate:down"),
        (
            "-- migration down the road\n-- +goose StatementBegin\na",
            "-- migration down the road\n-- +goose StatementBegin\na",
        ),
        ("-- migrate:downstairs\na", "-- migrate:downstairs\na"),
    ],
)
def test_what_takes_a_migration_back_is_left_out(text: str, kept: str) -> None:
    assert applied(text) == kept


@given(st.text() | st.lists(st.sampled_from(["-- +goose Down", "a", "-- migrate:up", ""])).map("\n".join))
def test_lines_keep_their_numbers(text: str) -> None:
    found = applied(text).split("\n")
    given_lines = text.split("\n")
    assert len(found) == len(given_lines)
    assert all(line in ("", before) for line, before in zip(found, given_lines, strict=True))


GOOSE = """-- +goose Up
CREATE TABLE items (id serial PRIMARY KEY);
-- +goose StatementBegin
CREATE FUNCTION two() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
    RETURN 2;
END $$;
-- +goose StatementEnd
-- +goose Down
DROP FUNCTION two();
DROP TABLE items;
"""


def test_a_folder_of_a_tool_is_loaded(tmp_path: Path, empty_database: URL) -> None:
    written(
        tmp_path / "db",
        {
            "00001_items.sql": GOOSE,
            "00002_more.sql": "-- +goose Up\nLOCK TABLE items;\nALTER TABLE items ADD a int;",
            # The tool begins a transaction, and ends what the file leaves open.
            "00003_last.sql": "-- +goose Up\nCOMMIT;\nBEGIN;\nINSERT INTO items (a) VALUES (1);",
        },
    )
    source = resolve("db", tmp_path)
    assert source.description == "db (3 files of goose)"
    load(source, empty_database)
    with schema_of(empty_database, "SELECT") as connection:
        assert run(connection, "SELECT two(), count(a) FROM items") == [(2, 1)]


def test_an_error_in_a_migration_names_its_line(tmp_path: Path, empty_database: URL) -> None:
    text = "-- migrate:down\nDROP TABLE a;\n-- migrate:up\nSELECT nothing;\n"
    source = resolve("db", written(tmp_path, {"db/1.sql": text}))
    with pytest.raises(SchemaError, match=r"^db/1\.sql:4: "):
        load(source, empty_database)
