r"""Files of SQL on a real server: they run as in psql, or the message says what to write instead."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from sqlalchemy import URL

from pytest_supaseed.errors import SchemaError, SupaseedWarning
from pytest_supaseed.sources import script

Run = Callable[..., None]
Query = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def parameters(empty_database: URL) -> dict[str, object]:
    return dict(empty_database.get_dialect()().create_connect_args(empty_database)[1])


@pytest.fixture
def run(parameters: dict[str, object], tmp_path: Path) -> Run:
    """Run a file called schema.sql, beside others by their names."""

    def run(content: str | bytes, **others: str) -> None:
        for name, text in others.items():
            write(tmp_path / f"{name}.sql", text)
        path = tmp_path / "schema.sql"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        script.run(script.read(path, tmp_path), parameters)

    return run


@pytest.fixture
def query(parameters: dict[str, object]) -> Query:
    def query(sql: str) -> list[tuple[Any, ...]]:
        connection = psycopg2.connect(**parameters)
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                rows: list[tuple[Any, ...]] = cursor.fetchall()
                return rows
        finally:
            connection.close()

    return query


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def texts(path: Path, root: Path) -> list[str]:
    return [step.statement.text for step in script.read(path, root)]


def refusal(content: str | bytes, root: Path) -> str:
    with pytest.raises(SchemaError) as caught:
        script.read(write(root / "schema.sql", content), root)
    return str(caught.value)


def failure(run: Run, content: str | bytes, **others: str) -> str:
    with pytest.raises(SchemaError) as caught:
        run(content, **others)
    return str(caught.value)


def test_bodies_in_dollar_quotes(run: Run, query: Query) -> None:
    run(
        """
        CREATE FUNCTION add_one(a int) RETURNS int LANGUAGE plpgsql AS $body$
        BEGIN
            -- not; here
            RETURN a + 1;
        END;
        $body$;
        CREATE FUNCTION add_two(a int) RETURNS int BEGIN ATOMIC SELECT 1; SELECT add_one(a) + 1; END;
        DO $$ BEGIN CREATE TABLE made (a int); INSERT INTO made SELECT add_two(1); END $$;
        """
    )
    assert query("SELECT a FROM made") == [(3,)]


def test_percent_signs_and_colons_are_left_alone(run: Run, query: Query) -> None:
    run(
        """
        \\set name 'not this'
        \\set text 'nor this'
        CREATE TABLE signs (a text, b text DEFAULT '5 %', c text CHECK (c LIKE '%s%%'), d int[]);
        INSERT INTO signs (a, c, d) VALUES (':name :"name" %(a)s', 's%'::text, (ARRAY[1, 2, 3])[1:2]);
        INSERT INTO signs (a, d) VALUES (E':name\\'%', ARRAY[7 % 4]);
        """
    )
    assert query("SELECT a, b, c, d FROM signs") == [
        (':name :"name" %(a)s', "5 %", "s%", [1, 2]),
        (":name'%", "5 %", None, [3]),
    ]


def test_the_data_of_a_copy(run: Run, query: Query) -> None:
    run(
        "CREATE TABLE a (b int, c text);\n"
        "COPY a (b, c)\n  FROM stdin;\n1\tit's; %s :c\n2\t\\N\n3\t\\\\.\n\\.\n\n"
        'COPY a FROM STDIN WITH (FORMAT csv, HEADER);\r\nb,c\r\n4,"x\ny"\r\n\\.\r\n'
        "INSERT INTO a VALUES (5, 'last');\n"
        "COPY a FROM stdin;\n"
    )
    expected = [(1, "it's; %s :c"), (2, None), (3, "\\."), (4, "x\ny"), (5, "last")]
    assert query("SELECT b, c FROM a ORDER BY b") == expected


def test_each_statement_is_a_transaction_of_its_own(run: Run, query: Query) -> None:
    run(
        """
        CREATE TABLE a (b int);
        CREATE INDEX CONCURRENTLY a_b ON a (b);
        ALTER TABLE a ADD xact text;
        INSERT INTO a (xact) VALUES (pg_current_xact_id()::text);
        INSERT INTO a (xact) VALUES (pg_current_xact_id()::text);
        INSERT INTO a (xact) VALUES (pg_current_xact_id()::text) \\; INSERT INTO a SELECT 1, xact FROM a;
        VACUUM a;
        """
    )
    assert query("SELECT count(DISTINCT xact), count(*) FROM a") == [(3, 6)]


def test_a_transaction_that_the_file_ends(run: Run, query: Query) -> None:
    run(
        "BEGIN;\nCREATE TABLE a (b int);\nCOMMIT;\n"
        "START TRANSACTION;\nCREATE TABLE c (d int);\nROLLBACK;\n"
        "BEGIN; COMMIT AND CHAIN; CREATE TABLE e (f int); END;"
    )
    assert query("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1") == [
        ("a",),
        ("e",),
    ]


@pytest.mark.parametrize("end", ["", "SELECT 1;\n", "COMMIT AND CHAIN;\n", "SAVEPOINT a;\n"])
def test_a_transaction_left_open(end: str, run: Run, query: Query) -> None:
    message = failure(
        run, f"BEGIN;\nCOMMIT;\n\nBEGIN ISOLATION LEVEL SERIALIZABLE;\nCREATE TABLE a ();\n{end}"
    )
    assert message == (
        "schema.sql:4 begins a transaction that the file does not end: everything since then would be lost. "
        "Add COMMIT; at its end.\n  BEGIN ISOLATION LEVEL SERIALIZABLE;"
    )


def test_a_session_ends_with_its_file(parameters: dict[str, object], tmp_path: Path, query: Query) -> None:
    first = write(tmp_path / "1.sql", "CREATE SCHEMA app; SET search_path = app; CREATE TABLE a ();")
    second = write(tmp_path / "2.sql", "CREATE TABLE a ();")
    for path in (first, second):
        script.run(script.read(path, tmp_path), parameters)
    assert query("SELECT schemaname FROM pg_tables WHERE tablename = 'a' ORDER BY 1") == [
        ("app",),
        ("public",),
    ]


@pytest.mark.parametrize("content", ["", "\ufeff", "-- nothing\n", "\\echo nothing\n", ";;"])
def test_a_file_with_nothing_in_it(content: str, run: Run, tmp_path: Path) -> None:
    run(content)
    assert script.read(tmp_path / "schema.sql", tmp_path) == ()


def test_a_byte_order_mark_and_the_line_ends_of_windows(run: Run, query: Query) -> None:
    run(b"\xef\xbb\xbfCREATE TABLE a (b text);\r\nINSERT INTO a\r\nVALUES ('\xc3\xa9');\r\n")
    assert query("SELECT b FROM a") == [("é",)]


def test_another_encoding_that_the_file_declares(run: Run, query: Query) -> None:
    run(
        b"SET client_encoding = 'LATIN1';\nCREATE TABLE a (b text);\nINSERT INTO a VALUES ('caf\xe9');\n"
        b"COPY a FROM stdin;\nna\xefve\n\\.\n"
    )
    assert query("SELECT b FROM a ORDER BY b") == [("café",), ("naïve",)]


def test_another_encoding_that_it_does_not(run: Run) -> None:
    message = failure(run, b"CREATE TABLE a (b text);\nINSERT INTO a VALUES ('caf\xe9');\n")
    assert re.fullmatch(
        r'schema\.sql:2: invalid byte sequence for encoding "UTF8": 0xe9 0x27.*\n'
        r"  INSERT INTO a VALUES \('caf\ufffd'\);\n"
        r"Save the file as UTF-8, or begin it with what it is in, such as SET client_encoding = 'LATIN1';",
        message,
    )


def test_utf_16(tmp_path: Path) -> None:
    assert refusal("SELECT 1;".encode("utf-16"), tmp_path) == (
        "schema.sql is not text in UTF-8; PowerShell's > writes UTF-16. Save it as UTF-8."
    )


def test_an_archive_of_pg_dump(tmp_path: Path) -> None:
    assert refusal(b"PGDMP\x01\x0e\x00\x04\x08", tmp_path) == (
        "schema.sql is an archive of pg_dump, and not SQL. Make SQL of it: "
        "pg_restore --file=schema.sql schema.sql"
    )


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match=r"^gone\.sql cannot be read: No such file or directory\.$"):
        script.read(tmp_path / "gone.sql", tmp_path)


def test_files_are_named_from_the_root(tmp_path: Path) -> None:
    path = write(tmp_path / "a" / "b.sql", "SELECT 1;")
    assert [str(step) for step in script.read(path, tmp_path)] == ["a/b.sql:1"]
    assert [str(step) for step in script.read(path, tmp_path / "elsewhere")] == [f"{path}:1"]


def test_files_that_are_included(tmp_path: Path) -> None:
    write(tmp_path / "types.sql", "SELECT 'types';")
    write(tmp_path / "db" / "tables.sql", "SELECT 'tables';\\ir ../db/more/rows.sql\nSELECT 'end';")
    write(tmp_path / "db" / "more" / "rows.sql", "\n\\i types.sql\nSELECT 'rows'")
    write(tmp_path / "db" / "it's here.sql", "SELECT 'here';")
    path = write(
        tmp_path / "db" / "schema.sql",
        "\\i types.sql\n\\include 'types.sql';\n\\ir tables.sql;\n\\include_relative 'it''s here.sql'\n"
        f"\\i {tmp_path / 'types.sql'}\nSELECT 'schema';",
    )
    steps = [(str(step), step.statement.text) for step in script.read(path, tmp_path)]
    assert steps == [
        ("types.sql:1", "SELECT 'types';"),
        ("types.sql:1", "SELECT 'types';"),
        ("db/tables.sql:1", "SELECT 'tables';"),
        ("types.sql:1", "SELECT 'types';"),
        ("db/more/rows.sql:3", "SELECT 'rows'"),
        ("db/tables.sql:2", "SELECT 'end';"),
        ("db/it's here.sql:1", "SELECT 'here';"),
        ("types.sql:1", "SELECT 'types';"),
        ("db/schema.sql:6", "SELECT 'schema';"),
    ]


def test_an_included_file_runs_where_it_is_included(run: Run, query: Query) -> None:
    run(
        "BEGIN;\n\\ir first.sql\nINSERT INTO a VALUES (2);\n\\i last.sql\n",
        first="CREATE TABLE a (b int);\nINSERT INTO a VALUES (1)\n\\g\n",
        last="COPY a FROM stdin;\n3\n\\.\nCOMMIT;",
    )
    assert query("SELECT b FROM a ORDER BY b") == [(1,), (2,), (3,)]


@pytest.mark.parametrize(
    ("command", "missing"),
    [("\\i gone.sql", "gone.sql"), ("\\ir ../gone.sql", "gone.sql"), ("\\ir 'a b'", "db/a b"), ("\\i", ".")],
)
def test_a_file_to_include_that_is_missing(command: str, missing: str, tmp_path: Path) -> None:
    path = write(tmp_path / "db" / "schema.sql", f"SELECT 1;\n{command}\n")
    with pytest.raises(SchemaError) as caught:
        script.read(path, tmp_path)
    assert str(caught.value) == (
        f"db/schema.sql:2: {command}: there is no file {(tmp_path / missing).resolve()}. "
        "\\i is relative to pytest's rootdir, \\ir to the file that it is in."
    )


def test_files_that_include_each_other(tmp_path: Path) -> None:
    again = "includes a file that is being included already."
    assert refusal("\\i schema.sql", tmp_path) == f"schema.sql:1: \\i schema.sql {again}"
    write(tmp_path / "other.sql", "SELECT 1;\n\\ir schema.sql\n")
    assert refusal("\\i other.sql", tmp_path) == f"other.sql:2: \\ir schema.sql {again}"


def test_quitting_ends_the_file_that_it_is_in(tmp_path: Path) -> None:
    write(tmp_path / "other.sql", "SELECT 1;\n\\q\n\\copy a from b\nSELECT 2;")
    path = write(tmp_path / "schema.sql", "\\i other.sql\nSELECT 3;\n\\quit\nSELECT 4;")
    assert texts(path, tmp_path) == ["SELECT 1;", "SELECT 3;"]


HARMLESS = r"""
\echo loading :name \\ \qecho it
\set ON_ERROR_STOP on
\set QUIET
\unset QUIET
\pset pager off
\timing
\t on
\x auto
\a
\C 'a title'
\H
\o /dev/null
\o
\encoding
\encoding UTF8
\encoding utf-8
\d setups
\dt+ *.*
\dx
\df;
\l
\l+
\sf+ f
\conninfo
\p
\r
\h CREATE TABLE
\?
\warn careful
\restrict 5hGq2
\unrestrict 5hGq2
\setenv PAGER cat
\getenv home HOME
"""


def test_commands_of_psql_that_change_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "schema.sql", f"SELECT 1;\n{HARMLESS}SELECT 2;")
    assert texts(path, tmp_path) == ["SELECT 1;", "SELECT 2;"]


REMOVE = "Remove it, or do it in a callable that supaseed_schema names."
COMMANDS = {
    "\\! ls": "Run the program yourself, from a callable that supaseed_schema names.",
    "\\copy a from 'b.csv' csv": "Write COPY ... FROM stdin; with the data below it and \\. in a line "
    "of its own, or INSERT.",
    "\\encoding LATIN1": "Write SET client_encoding = '...'; in its place.",
    "\\g": "End the statement with a semicolon, and write it a second time if it is to run again.",
    "\\prompt a": REMOVE,
    "\\lo_import a": REMOVE,
    "\\password": REMOVE,
    "\\cd /": REMOVE,
    "\\nonsense": REMOVE,
    "\\": REMOVE,
}


@pytest.mark.parametrize(("command", "instead"), COMMANDS.items(), ids=COMMANDS.keys())
def test_commands_of_psql_that_are_refused(command: str, instead: str, tmp_path: Path) -> None:
    name = command[1:].split(" ")[0]
    assert refusal(f"SELECT 1;\n\n  {command}\nSELECT 2;", tmp_path) == (
        f"schema.sql:3: psql's \\{name} is not supported in a schema. {instead}\n  {command}"
    )


SENDING = {
    "\\gexec a": REMOVE,
    "\\if true": "Write the statements of the branch that is wanted, or use a DO block.",
    "\\gset": "Write the values themselves, or use a DO block.",
    "\\g out.txt": "End the statement with a semicolon, and write it a second time if it is to run again.",
    "\\gx (format=csv)": "End the statement with a semicolon, and "
    "write it a second time if it is to run again.",
    "\\gdesc": REMOVE,
    "\\crosstabview": REMOVE,
    "\\echo a": REMOVE,
    "\\set a b": REMOVE,
    "\\q": REMOVE,
    "\\i a.sql": REMOVE,
}


@pytest.mark.parametrize(("command", "instead"), SENDING.items(), ids=SENDING.keys())
def test_commands_that_follow_an_unfinished_statement(command: str, instead: str, tmp_path: Path) -> None:
    name = command[1:].split(" ")[0]
    assert refusal(f"SELECT 1 AS a\n  {command}\n", tmp_path) == (
        f"schema.sql:2: psql's \\{name} is not supported in a schema. {instead}\n  {command}"
    )


def test_what_is_refused_is_refused_before_anything_runs(run: Run, query: Query) -> None:
    failure(run, "CREATE TABLE a ();\n\\i other.sql\n", other="\\copy a from b\n")
    assert query("SELECT to_regclass('a')") == [(None,)]


@pytest.mark.parametrize("end", ["\\g", "\\gx", " \\g\n", "\n\n-- so\n\\g"])
def test_g_in_place_of_a_semicolon(end: str, run: Run, query: Query) -> None:
    run(f"CREATE TABLE a (b int){end}\nINSERT INTO a VALUES (1)\\g")
    assert query("SELECT b FROM a") == [(1,)]


def test_the_line_of_a_statement_that_g_ends(run: Run) -> None:
    message = failure(run, "SELECT 1;\nSELECT 1\n  + nope\n\n/* so */\n\\g\n")
    expected = 'schema.sql:3: column "nope" does not exist\n  SELECT 1\n  line 3: + nope'
    assert message == expected


def test_variables_of_psql(run: Run, query: Query) -> None:
    run(
        r"""
        \set table 'a b'
        \set value 'it''s \\ \x41'
        \set both :table -:value
        \set ON_ERROR_STOP on
        \set end 'b int); CREATE TABLE other ('
        CREATE TABLE :"table" (b text DEFAULT :'value', c text DEFAULT ':value', d bool DEFAULT :{?table});
        INSERT INTO :"table" (c) VALUES (:'both') /* :'nope' */;
        COPY :"table" (b) FROM stdin;
:value
\.
        CREATE TABLE first (:end c int) \g
        \unset table
        \set table :'ON_ERROR_STOP' "B"
        INSERT INTO "a b" (b, d) VALUES (:'table', :{?none});
        """
    )
    assert query('SELECT b, c, d FROM "a b"') == [
        ("it's \\ A", "a b-it's \\ A", True),
        (":value", ":value", True),
        ("'on'\"B\"", ":value", False),
    ]
    assert query("SELECT to_regclass('first') IS NULL, to_regclass('other') IS NULL") == [(False, False)]


def test_variables_of_another_file_and_in_its_name(run: Run, query: Query) -> None:
    run(
        "\\set name made\n\\i names.sql\n\\i :file'les'.sql\nDROP TABLE :name;",
        names="\\set file tab\n",
        tables="CREATE TABLE :name (); CREATE TABLE stays ();",
    )
    assert query("SELECT to_regclass('made'), to_regclass('stays')::text") == [(None, "stays")]


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("\\set owner `whoami`", "takes from the program `whoami`, and no program is run here"),
        ("\\getenv owner USER", "takes from the environment"),
        (
            "\\set x `a`\n\\set owner a:x",
            "takes from the variable x, which schema.sql:1 takes from the program `a`, and no program is run here",
        ),
    ],
)
def test_a_variable_whose_value_the_script_does_not_say(setting: str, said: str, tmp_path: Path) -> None:
    line = setting.count("\n") + 1
    assert refusal(f"{setting}\nALTER TABLE a\nOWNER TO :owner;", tmp_path) == (
        f"schema.sql:{line + 1} uses the variable owner, which schema.sql:{line} {said}. Write the value itself.\n"
        "  ALTER TABLE a"
    )
    # What is set anew, or not used, is no obstacle.
    assert script.read(write(tmp_path / "schema.sql", f"{setting}\n\\set owner a\nSELECT :owner;"), tmp_path)


def test_conditions_of_psql(run: Run, query: Query) -> None:
    run(
        r"""
        \if :{?role}
            \i nowhere.sql
        \else
            \set role app
        \endif
        \if FALSE
            \if :nope
            CREATE TABLE never ();
            \elif true
            \copy never from never
            \endif
        \elif :{?role}
            \if off
            \elif 0
            \else
            CREATE TABLE :role ();
            \endif
        \elif true
            CREATE TABLE never ();
        \else
            CREATE TABLE never ();
        \endif
        """
    )
    assert query(
        "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relname IN ('app', 'never')"
    ) == [("app",)]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("\\endif", "schema.sql:1: psql's \\endif has no \\if before it.\n  \\endif"),
        ("\\else\n", "schema.sql:1: psql's \\else has no \\if before it.\n  \\else"),
        (
            "\\if :a\n\\endif",
            "schema.sql:1: psql's \\if needs true or false, and :a is neither. Set the variable with \\set, or write "
            "the statements of the branch that is wanted.\n  \\if :a",
        ),
        (
            "\\set a `b`\n\\if :a\n\\endif",
            "schema.sql:2: psql's \\if depends on the variable a, which schema.sql:1 takes from the program `b`, and "
            "no program is run here. Write the statements of the branch that is wanted.\n  \\if :a",
        ),
        (
            "\\set a `b`\n\\i :a",
            "schema.sql:2 names the variable a, which schema.sql:1 takes from the program `b`, and no program is run "
            "here. Write the file itself.\n  \\i :a",
        ),
        (
            "\\if true",
            "schema.sql has an \\if without its \\endif: what it decides would go on in other files.",
        ),
    ],
)
def test_conditions_and_files_that_are_refused(source: str, said: str, tmp_path: Path) -> None:
    assert refusal(source, tmp_path) == said


def test_statements_that_a_query_returns(run: Run, query: Query) -> None:
    run(
        r"""
        SELECT format('CREATE TABLE %I ()', name), NULL, format('COMMENT ON TABLE %I IS ''so''', name)
        FROM unnest(ARRAY['a b', 'c']) AS given(name) \gexec
        SELECT 'CREATE DATABASE app' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'app')\gexec
        SELECT 'CREATE EXTENSION IF NOT EXISTS pgcrypto' \gexec
        """
    )
    assert query("SELECT obj_description('\"a b\"'::regclass), obj_description('c'::regclass)") == [
        ("so", "so")
    ]
    assert failure(run, "SELECT 1;\nSELECT 'nonsense'\n\\gexec") == (
        "schema.sql:2: syntax error at or near \"nonsense\"\n  SELECT 'nonsense'"
    )


@pytest.mark.parametrize(
    "statement",
    [
        "LOCK TABLE made IN ACCESS EXCLUSIVE MODE;",
        "SET LOCAL search_path = inner_one;",
        "SELECT pg_catalog.set_config('search_path', 'inner_one', true);",
        "CREATE TEMP TABLE names ON COMMIT DROP AS SELECT 'a' AS name;\nSELECT name FROM names;",
        "SAVEPOINT a;",
        "DECLARE c CURSOR FOR SELECT 1;\nFETCH c;",
    ],
)
def test_statements_that_mean_something_in_a_transaction_only(statement: str, run: Run, query: Query) -> None:
    run(f"CREATE SCHEMA inner_one; CREATE TABLE made ();\n{statement}\nCREATE TABLE here (a int);")
    schema = "inner_one" if "search_path" in statement else "public"
    assert query(
        "SELECT relnamespace::regnamespace::text FROM pg_class WHERE relname = 'here' AND relkind = 'r'"
    ) == [(schema,)]


def test_what_fails_at_the_end_of_such_a_file(run: Run) -> None:
    message = failure(
        run,
        "CREATE TABLE a (b int PRIMARY KEY, c int REFERENCES a DEFERRABLE);\n"
        "SET CONSTRAINTS ALL DEFERRED;\nINSERT INTO a VALUES (1, 2);",
    )
    assert message.startswith('schema.sql: insert or update on table "a" violates foreign key constraint')


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE LANGUAGE plpgsql;",
        "create or replace trusted procedural language 'plpgsql';",
        "CREATE SCHEMA public;",
        "DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;",
    ],
)
def test_what_a_new_database_has_already(statement: str, run: Run, query: Query) -> None:
    run(f"{statement}\nCREATE TABLE public.a ();")
    assert query("SELECT to_regclass('public.a') IS NULL") == [(False,)]


def test_a_variable_that_the_command_line_would_set(run: Run) -> None:
    assert failure(run, "SELECT 1;\nSELECT\n  :owner;") == (
        'schema.sql:3: syntax error at or near ":"\n  SELECT\n  line 3: :owner;\n'
        "Variables of psql (:name) are not replaced here. Write the value itself."
    )


LEFT_OUT = {
    "CREATE DATABASE app;": "CREATE DATABASE app;",
    "drop database if exists app;": "drop database if exists app;",
    "ALTER DATABASE app\nOWNER TO app;": "ALTER DATABASE app",
    "ALTER DATABASE app SET TABLESPACE fast;": "ALTER DATABASE app SET TABLESPACE fast;",
    "COMMENT ON DATABASE app IS 'a';": "COMMENT ON DATABASE app IS 'a';",
    "CREATE DATABASE app \\g": "CREATE DATABASE app",
    "\\connect app": "\\connect app",
    "\\c app": "\\c app",
}


@pytest.mark.parametrize(("content", "shown"), LEFT_OUT.items(), ids=LEFT_OUT.keys())
def test_what_is_about_databases_is_left_out(content: str, shown: str, tmp_path: Path) -> None:
    path = write(tmp_path / "schema.sql", f"SELECT 1;\n/* why */ {content}\nSELECT 2;")
    with pytest.warns(SupaseedWarning) as caught:
        assert texts(path, tmp_path) == ["SELECT 1;", "SELECT 2;"]
    [warning] = caught
    assert str(warning.message) == (
        "Left out of the schema, because the tests' databases are made and chosen for them:\n"
        f"  schema.sql:2: {shown}"
    )


# What is executed, with the name of the loaded database in the place of others.
OF_THIS_DATABASE = {
    "ALTER DATABASE app\nSET search_path = app;": "ALTER DATABASE x\nSET search_path = app;",
    'alter database /* why */ "My App" reset all;': "alter database /* why */ x reset all;",
    "ALTER DATABASE :DBNAME SET app.a = 1;": "ALTER DATABASE x SET app.a = 1;",
    "ALTER ROLE app IN DATABASE app SET app.a = 'app';": "ALTER ROLE app IN DATABASE x SET app.a = 'app';",
    'GRANT CONNECT, TEMP ON DATABASE app, "B" TO PUBLIC;': "GRANT CONNECT, TEMP ON DATABASE x TO PUBLIC;",
    "REVOKE GRANT OPTION FOR ALL ON DATABASE app FROM a;": "REVOKE GRANT OPTION FOR ALL ON DATABASE x FROM a;",
    "ALTER ROLE app SET app.a = 'IN DATABASE app';": "ALTER ROLE app SET app.a = 'IN DATABASE app';",
    "GRANT SELECT ON TABLE database TO app;": "GRANT SELECT ON TABLE database TO app;",
}


@pytest.mark.parametrize(("content", "executed"), OF_THIS_DATABASE.items(), ids=OF_THIS_DATABASE.keys())
def test_settings_and_privileges_are_those_of_the_loaded_database(
    content: str, executed: str, tmp_path: Path
) -> None:
    [step] = script.read(write(tmp_path / "schema.sql", content), tmp_path)
    assert step.text("x") == executed


def test_all_that_is_left_out_is_told_at_once(run: Run, query: Query) -> None:
    with pytest.warns(SupaseedWarning) as caught:
        run(
            "DROP DATABASE app;\nCREATE DATABASE app;\n\\connect app\n\\i other.sql\nCREATE TABLE a ();",
            other="\nCOMMENT ON DATABASE app IS 'a';",
        )
    [warning] = caught
    assert str(warning.message).splitlines()[1:] == [
        "  schema.sql:1: DROP DATABASE app;",
        "  schema.sql:2: CREATE DATABASE app;",
        "  schema.sql:3: \\connect app",
        "  other.sql:2: COMMENT ON DATABASE app IS 'a';",
    ]
    assert query("SELECT to_regclass('a')::text, count(*) FROM pg_database WHERE datname = 'app'") == [
        ("a", 0)
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE database (a int);",
        "COMMENT ON TABLE database IS 'ON DATABASE';",
        "GRANT SELECT ON TABLE database TO PUBLIC;",
        "SELECT 'CREATE DATABASE app';",
        "CREATE TABLE databases (a int);",
    ],
)
def test_what_only_looks_so_is_not_left_out(statement: str, tmp_path: Path) -> None:
    path = write(tmp_path / "schema.sql", statement)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert texts(path, tmp_path) == [statement]
    assert not caught


def test_an_error_names_the_line_that_it_is_in(run: Run) -> None:
    message = failure(run, "SELECT 1;\n\n-- who\nCREATE TABLE a (\n  b int,\n  c no_such_type\n);\n")
    assert message == (
        'schema.sql:6: type "no_such_type" does not exist\n  CREATE TABLE a (\n  line 6: c no_such_type'
    )


def test_an_error_in_the_first_line_of_a_statement_shows_it_once(run: Run) -> None:
    expected = 'schema.sql:2: relation "nope" does not exist\n  ALTER TABLE nope ADD a int;'
    assert failure(run, "SELECT 1;\nALTER TABLE nope ADD a int;") == expected


def test_an_error_in_a_file_that_is_included(run: Run) -> None:
    message = failure(run, "\n\\i other.sql", other="SELECT 1;\r\nSELECT\r\n  'é', nope;\r\n")
    assert message == "other.sql:3: column \"nope\" does not exist\n  SELECT\n  line 3: 'é', nope;"


def test_an_error_shows_what_postgresql_says_of_it(run: Run) -> None:
    content = "CREATE TABLE a (b int PRIMARY KEY);\nINSERT INTO a VALUES (1);\nINSERT INTO a VALUES (1);\n"
    assert failure(run, content) == (
        'schema.sql:3: duplicate key value violates unique constraint "a_pkey"\n  INSERT INTO a VALUES (1);\n'
        "  DETAIL: Key (b)=(1) already exists."
    )


def test_an_error_shows_the_hint_and_the_context_of_postgresql(run: Run) -> None:
    message = failure(
        run,
        "DO $$ BEGIN\n  RAISE EXCEPTION 'no %', 'setups' USING HINT = 'Make one.', "
        "DETAIL = 'None.';\nEND $$;",
    )
    assert message == (
        "schema.sql:1: no setups\n  DO $$ BEGIN\n  DETAIL: None.\n  HINT: Make one.\n"
        "  CONTEXT: PL/pgSQL function inline_code_block line 2 at RAISE"
    )


def test_an_error_in_the_data_of_a_copy(run: Run) -> None:
    message = failure(run, "CREATE TABLE a (\n  b int\n);\nCOPY a\n  FROM stdin;\n1\nx\n3\n\\.\nSELECT 1;\n")
    assert message == (
        'schema.sql:7: invalid input syntax for type integer: "x"\n  COPY a\n  line 7: x\n'
        '  CONTEXT: COPY a, line 2, column b: "x"'
    )


def test_an_error_in_a_copy_that_is_not_in_its_data(run: Run) -> None:
    expected = 'schema.sql:2: relation "nope" does not exist\n  COPY nope FROM stdin;'
    assert failure(run, "\nCOPY nope FROM stdin;\n1\n\\.\n") == expected


def test_a_copy_to_stdout(run: Run) -> None:
    message = failure(run, "COPY (SELECT 1) TO stdout;")
    assert message.endswith("\nCOPY ... TO stdout changes nothing in a database. Remove it.")


def test_our_advice_comes_last(run: Run) -> None:
    role = f"nobody_{os.getpid()}"
    assert failure(run, f"CREATE TABLE a ();\nALTER TABLE a OWNER TO {role};") == (
        f'schema.sql:2: role "{role}" does not exist\n  ALTER TABLE a OWNER TO {role};\n'
        f'List a .sql file before this one in supaseed_schema that creates it: CREATE ROLE "{role}";'
    )


def test_advice_knows_the_version_of_the_server(run: Run, query: Query) -> None:
    [(version,)] = query("SHOW server_version")
    message = failure(run, 'CREATE EXTENSION "no-such"')
    number = version.split(" ")[0]
    assert (
        f'The server is PostgreSQL {number}, installed without the extension "no-such". Choose a' in message
    )


def test_a_long_line_is_cut(run: Run) -> None:
    message = failure(run, f"SELECT nope, '{'x' * 200}';")
    assert message == f'schema.sql:1: column "nope" does not exist\n  SELECT nope, \'{"x" * 86}...'


def test_nothing_runs_after_an_error(run: Run, query: Query) -> None:
    failure(run, "CREATE TABLE a ();\nSELECT nope;\nCREATE TABLE b ();")
    assert query("SELECT to_regclass('a')::text, to_regclass('b')") == [("a", None)]


def test_an_open_quote_is_an_error_of_postgresql(run: Run) -> None:
    message = failure(run, "CREATE TABLE a ();\nSELECT 'it;\nSELECT 2;\n")
    assert message.startswith("schema.sql:2: unterminated quoted string at or near \"'it;")
