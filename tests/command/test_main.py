"""The subcommands that need a server of their own, what they print, and their exit codes."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import URL

from forked import start
from pytest_supaseed.command.main import DONE, REFUSED, UNUSABLE, main
from tests.servers import run, schema_of

SCHEMA = """
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE, note text, feels mood, data bytea,
    spans int4range);
CREATE TABLE "Set ups" (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id int NOT NULL REFERENCES users,
    title text NOT NULL, price numeric(8, 2) CHECK (price > 0), twice numeric GENERATED ALWAYS AS (price * 2) STORED,
    tags text[], doc jsonb);
CREATE TABLE log (title text, at timestamptz);
CREATE TABLE bare ();
CREATE TABLE totals (id int PRIMARY KEY, rows int);
CREATE FUNCTION logged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO log VALUES (new.title || E'\\t\\\\ it''s', '2020-01-01'); UPDATE totals SET rows = rows + 1; RETURN new;
END $$;
CREATE TRIGGER logged AFTER INSERT ON "Set ups" FOR EACH ROW EXECUTE FUNCTION logged();
CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'never'; END $$;
CREATE TABLE closed (id int);
CREATE TRIGGER never BEFORE INSERT ON closed FOR EACH ROW EXECUTE FUNCTION never();
INSERT INTO users (email) VALUES ('there@example.com');
INSERT INTO totals VALUES (1, 0);
CREATE MATERIALIZED VIEW titles AS SELECT title FROM "Set ups";
"""
TABLES = ("users", '"Set ups"', "log", "bare", "totals", "titles")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server_url: URL) -> Path:
    """A folder with a schema, and a server that is there."""
    monkeypatch.chdir(tmp_path)
    url = server_url.set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("SUPASEED_POSTGRES", url)
    (tmp_path / "schema.sql").write_text(SCHEMA, encoding="utf-8")
    return tmp_path


def contents(url: URL, ddl: str) -> list[list[str]]:
    """The rows of the tables of a database after some SQL."""
    with schema_of(url, ddl) as connection:
        connection.connection.commit()
        return [
            sorted(row[0] for row in run(connection, f"SELECT t::text FROM {table} t")) for table in TABLES
        ]


def test_rows_as_sql_are_the_rows_of_the_seed(
    folder: Path, create_database: Callable[[], URL], capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["users=5", "Set ups=8", "bare=2"]
    assert main(["sql", "schema.sql", *words]) == DONE
    printed = capsys.readouterr().out
    assert main(["sql", "schema.sql", *words, "--copy", "-o", "copied.sql"]) == DONE
    assert capsys.readouterr().out == f"Wrote copied.sql: {' '.join(words)}, generator seed 0.\n"
    found = contents(create_database(), SCHEMA + printed)
    assert list(map(len, found)) == [5, 8, 8, 2, 1, 8]
    assert found[4] == ["(1,8)"]
    copied = create_database()
    with schema_of(copied, SCHEMA) as connection:
        connection.connection.commit()
    psql = Path(
        sys.executable
    )  # replaced below: psycopg2 reads COPY of a script no more than INSERT's server does
    assert psql.exists()
    text = (folder / "copied.sql").read_text(encoding="utf-8")
    assert executed_as_psql_does(copied, text) == found


def executed_as_psql_does(url: URL, script: str) -> list[list[str]]:
    """Run a script statement by statement, with the data of COPY where psql reads it; return the rows of the tables."""
    with schema_of(url, "SELECT 1") as connection:
        cursor = connection.connection.cursor()
        lines = iter(script.splitlines())
        for line in lines:
            if line.startswith("COPY "):
                data = []
                for each in lines:
                    if each == "\\.":
                        break
                    data.append(each)
                cursor.copy_expert(line.removesuffix(";"), io.StringIO("".join(f"{each}\n" for each in data)))
            elif line and not line.startswith("--"):
                cursor.execute(line)
        connection.connection.commit()
        return [
            sorted(row[0] for row in run(connection, f"SELECT t::text FROM {table} t")) for table in TABLES
        ]


def test_a_plan_is_printed_for_people_and_for_programs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", "schema.sql", "users=5", "Set ups=2/users"]) == DONE
    assert capsys.readouterr().out.splitlines() == [
        "users=5 Set ups=2/users, generator seed 0, locale en_US",
        "  table    rows  of which new  spread",
        "  users       5             4",
        "  Set ups    10            10  user_id -> users: 2, 2, 2, 2, 2",
        "total 15 of at most 1000",
    ]
    (folder / "supaseed.toml").write_text('schema = "schema.sql"\n[tables]\nusers = 3\n', encoding="utf-8")
    assert main(["plan", "--json", "Set ups=2"]) == DONE
    document = json.loads(capsys.readouterr().out)
    assert {table["table"]: (table["rows"], table["new"]) for table in document["tables"]} == {
        "public.users": (3, 2),
        "public.Set ups": (2, 2),
    }
    assert document["total"] == 5


def test_defaults_vary_where_the_command_line_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "kinds.sql").write_text(
        "CREATE TABLE kinds (id int PRIMARY KEY, mood text DEFAULT 'sad' CHECK (mood <> ''), open bool DEFAULT true)",
        encoding="utf-8",
    )
    found = []
    for option in ((), ("--vary-defaults",), ("--no-vary-defaults",)):
        assert main(["sql", "kinds.sql", "kinds=20", *option]) == DONE
        found.append(capsys.readouterr().out)
    assert "'sad'" not in found[1]
    assert found[0] == found[2] != found[1]


def test_each_table_of_a_schema_is_tried(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "schema.sql", "--rows", "3"]) == DONE
    said = capsys.readouterr().out
    assert "Set ups  exact    Set ups=3\n" in said
    assert "closed   refused  closed=3\n" in said
    assert "never" in said
    assert "6 of 7 tables are exact" in said or "5 of 6 tables are exact" in said
    assert main(["schema", "schema.sql", "--table", "users", "--json"]) == DONE
    assert json.loads(capsys.readouterr().out) == [
        {"table": "users", "asked": "users=+7", "exact": True, "why": ""}
    ]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["plan", "schema.sql", "users=many"], UNUSABLE, "'users=many' does not say how many rows"),
        (["plan", "schema.sql"], UNUSABLE, "there is no table: write how many rows"),
        (["plan", "users=5"], UNUSABLE, "there is no schema: name a .sql file"),
        (["plan", "nowhere.sql", "users=5"], REFUSED, "there is no file or folder"),
        (["plan", "schema.sql", "userz=5"], REFUSED, "userz is no table (did you mean 'users'?)"),
        (
            ["plan", "schema.sql", "users=5", "--postgres", "fixture:x"],
            UNUSABLE,
            "write auto, embedded, system",
        ),
        (["plan", "schema.sql", "users=5", "--postgres", "x"], UNUSABLE, "--postgres is 'x': write auto"),
        (
            ["sql", "schema.sql", "users=5", "-o", "no/where.sql"],
            UNUSABLE,
            "--output no/where.sql cannot be written",
        ),
        (["sql", "schema.sql", "users=1001"], UNUSABLE, "write --max-records 1001, or ask for fewer"),
        (["schema", "schema.sql", "users=5"], UNUSABLE, "leave TABLE=N out"),
        (["schema", "schema.sql", "--rows", "0"], UNUSABLE, "--rows is 0: write a whole number of rows"),
        (["schema", "schema.sql", "--table", "x"], UNUSABLE, "--table is 'x', which is no table; there are "),
    ],
)
def test_mistakes_are_told(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    assert main(words) == code
    error = capsys.readouterr().err
    assert error.startswith("supaseed: ")
    assert said in error


def test_unknown_options_are_usage_errors(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["plan", "schema.sql", "users=5", "--jsn"])
    assert end.value.code == UNUSABLE
    assert "unrecognized arguments: --jsn" in capsys.readouterr().err


def test_the_shell_is_psql_on_a_database_with_the_rows(folder: Path, tmp_path: Path) -> None:
    """With a server of the command's own, which is gone afterwards."""
    fake = tmp_path / "psql"
    fake.write_text(
        f"#!{sys.executable}\nimport sys\nprint('opened', sys.argv[1])\nsys.exit(3)\n", encoding="utf-8"
    )
    fake.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"

    def shell() -> int:
        os.environ["PATH"] = path
        return main(["shell", "schema.sql", "users=5"])

    with start(
        [sys.executable, "-m", "pytest_supaseed", "shell", "schema.sql", "users=5"],
        shell,
        cwd=folder,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        printed, said = process.communicate(timeout=120)
    assert process.returncode == 3, said
    assert printed.startswith("opened postgresql://")
    assert "the database is gone when psql ends" in said


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (["plan", "schema.sql", "Set ups=2"], "write 'Set ups=2' users=1"),
        (["plan", "schema.sql", "users=5000"], "write --max-records 5000, or ask for fewer"),
        (
            ["plan"],
            "name a .sql file, a folder of migrations, an alembic.ini or package.module:name as the first",
        ),
    ],
)
def test_advice_is_in_the_words_of_the_command(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], advice: str
) -> None:
    (folder / "schema.sql").write_text(SCHEMA.replace("INSERT INTO users", "--"), encoding="utf-8")
    assert main(words if len(words) > 1 else ["plan", "users=5"]) != DONE
    said = capsys.readouterr().err
    assert advice in said
    assert "pytest.mark" not in said
