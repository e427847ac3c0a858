"""Large seeds on a real server: what PostgreSQL enforces is enforced, and what it would do is done."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from psycopg2 import sql
from sqlalchemy import URL, Connection

from pytest_supaseed import Rows, pipeline
from pytest_supaseed.errors import GenerateError, WriteError
from pytest_supaseed.markers import parse_seed
from pytest_supaseed.rows.cells import LARGE
from pytest_supaseed.spec import SeedSpec
from pytest_supaseed.writing.bulk_check import suspend
from servers import run, schema_of

MANY = LARGE + 1_000
USERS = """
CREATE TABLE users (
    id uuid PRIMARY KEY, email text NOT NULL UNIQUE CHECK (email ~* '^[^@ ]+@[a-z.]+$'), full_name text NOT NULL,
    username varchar(15) UNIQUE, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
    CHECK (updated_at >= created_at)
);
CREATE UNIQUE INDEX ON users (lower(email));"""
SETUPS = f"""{USERS}
CREATE TABLE setups (
    id serial PRIMARY KEY, user_id uuid NOT NULL REFERENCES users, parent_id int REFERENCES setups,
    title text NOT NULL, code char(8) UNIQUE CHECK (code ~ '^[A-Z]{{2}}-[0-9]{{5}}$'),
    category text NOT NULL CHECK (category IN ('a', 'b', 'c')), price numeric(8, 2) NOT NULL CHECK (price > 0),
    lower_title text GENERATED ALWAYS AS (lower(title)) STORED, UNIQUE (user_id, title)
);"""
TRIGGER = """
CREATE TABLE users (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE setups (id serial PRIMARY KEY, user_id int NOT NULL REFERENCES users, title text NOT NULL);
CREATE TABLE log (setup_id int NOT NULL);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO public.log (setup_id) VALUES (new.id); RETURN new; END $$;
CREATE TRIGGER noted AFTER INSERT ON setups FOR EACH ROW EXECUTE FUNCTION noted();"""
PLAIN = """
CREATE TABLE users (id int PRIMARY KEY, a int, b int, UNIQUE (a, b));
CREATE TABLE t (id serial PRIMARY KEY, user_id int {key} REFERENCES users {more});
"""


def seeded(connection: Connection, tables: Mapping[str, Any], seed: int = 0) -> dict[str, int]:
    found, problems = parse_seed((tables,), {})
    assert not problems
    snapshot = pipeline.read(connection)
    plan = pipeline.plan(connection, snapshot, SeedSpec(found, seed, limit=10**6))
    counts = pipeline.seed(connection, snapshot.schema, plan)
    return {snapshot.schema.table(name).label: count for name, count in counts.items()}


def test_exactly_so_many_rows_that_all_constraints_accept(empty_database: URL) -> None:
    with schema_of(empty_database, SETUPS) as connection:
        counts = seeded(connection, {"users": MANY, "setups": 2 * MANY})
        [(owners, fewest, most)] = run(
            connection,
            "SELECT count(*), min(n), max(n) FROM (SELECT count(*) AS n FROM setups GROUP BY user_id) AS s",
        )
        [replica] = run(connection, "SHOW session_replication_role")
        run(
            connection,
            "INSERT INTO setups (user_id, title, category, price) SELECT id, 'x', 'a', 1 FROM users LIMIT 1",
        )
    assert counts == {"users": MANY, "setups": 2 * MANY}
    assert (owners, fewest, most) == (MANY, 2, 2)
    assert replica == ("origin",)


def test_the_same_rows_in_another_database(empty_database: URL) -> None:
    found = []
    for seed in (0, 0, 1):
        with schema_of(empty_database, USERS) as connection:
            seeded(connection, {"users": MANY}, seed)
            found.append(set(run(connection, "SELECT u::text FROM users AS u")))
    assert found[0] == found[1]
    assert not found[0] & found[2]


def test_triggers_fire(empty_database: URL) -> None:
    with schema_of(empty_database, TRIGGER) as connection:
        counts = seeded(connection, {"users": 10, "setups": MANY})
    assert counts == {"users": 10, "setups": MANY, "log": MANY}


def one_bad_price(number: int) -> Callable[[object], int]:
    numbers = itertools.count(1)
    return lambda faker: -1 if next(numbers) == number else 1


def test_a_row_that_references_nothing_is_refused_as_among_few(empty_database: URL) -> None:
    messages = []
    for rows in (40, MANY):
        columns = {"user_id": lambda faker: 99}
        ddl = PLAIN.format(key="", more="")
        with schema_of(empty_database, ddl) as connection, pytest.raises(WriteError) as caught:
            seeded(connection, {"users": 9, "t": Rows(rows, columns=columns)})
        messages.append(str(caught.value).replace(str(rows), "..."))
    assert messages[0] == messages[1]
    lines = messages[0].splitlines()
    assert lines[:3] == [
        't: PostgreSQL refuses a row: insert or update on table "t" violates foreign key constraint "t_user_id_fkey"',
        "  constraint: t_user_id_fkey",
        '  detail: Key (user_id)=(99) is not present in table "users".',
    ]
    assert "columns={'user_id': ...}, <lambda>" in lines[3]
    assert re.fullmatch(r"  at .*test_large\.py:\d+, in <lambda>", lines[4])
    assert lines[5:] == [
        "  no row of users has id 99: give it to one, as in users=Rows(9, columns={'id': [...]})"
    ]


@pytest.mark.parametrize("number", [1, 999, 1001, MANY])
def test_the_row_that_postgresql_refuses_is_shown(empty_database: URL, number: int) -> None:
    columns = {"price": one_bad_price(number), "title": "unlike"}
    table = (
        "CREATE TABLE setups (id serial PRIMARY KEY, title text, price int CONSTRAINT dear CHECK (price > 0))"
    )
    with schema_of(empty_database, table) as connection, pytest.raises(WriteError) as caught:
        seeded(connection, {"setups": Rows(MANY, columns=columns)})
    assert "constraint: dear CHECK" in str(caught.value)
    assert "\n  row: price=-1\n" in str(caught.value)


def test_the_row_of_a_pool_that_nothing_can_replace_is_shown(empty_database: URL) -> None:
    table = (
        "CREATE TABLE setups (id serial PRIMARY KEY, title text NOT NULL CHECK (md5(title) < '0'), at date)"
    )
    with schema_of(empty_database, table) as connection, pytest.raises(WriteError) as caught:
        seeded(connection, {"setups": MANY})
    assert "setups_title_check CHECK (md5(title) < '0'::text) accepts, in 12 rounds" in str(caught.value)
    assert "\n  row tried: title='" in str(caught.value)


def test_what_goes_wrong_while_rows_are_made_is_told(empty_database: URL) -> None:
    numbers = itertools.count()

    def fails(faker: object) -> int:
        if next(numbers) == LARGE:
            raise ValueError("no more")
        return 1

    table = "CREATE TABLE setups (id serial PRIMARY KEY, price int)"
    with schema_of(empty_database, table) as connection, pytest.raises(GenerateError) as caught:
        seeded(connection, {"setups": Rows(MANY, columns={"price": fails})})
    assert "fails, raised ValueError: no more" in str(caught.value)


def test_more_rows_than_a_sequence_has_numbers_left(empty_database: URL) -> None:
    table = f"CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY (MAXVALUE {MANY}) PRIMARY KEY, note text)"
    with schema_of(empty_database, table) as connection:
        assert seeded(connection, {"t": MANY}) == {"t": MANY}
        assert run(connection, "SELECT last_value, is_called FROM t_id_seq") == [(MANY, True)]


# Whether the foreign keys of a table can be checked at once.
AT_ONCE = {
    "a foreign key": (PLAIN.format(key="", more=""), 1),
    "of several columns": (
        PLAIN.format(key="", more="")
        + "ALTER TABLE t ADD a int, ADD b int, ADD FOREIGN KEY (a, b) REFERENCES users (a, b)",
        2,
    ),
    "of a partitioned table": (
        "CREATE TABLE users (id int PRIMARY KEY);"
        "CREATE TABLE t (id int, user_id int REFERENCES users) PARTITION BY RANGE (id);"
        "CREATE TABLE p PARTITION OF t FOR VALUES FROM (0) TO (9); CREATE TABLE q PARTITION OF t DEFAULT",
        1,
    ),
    "a trigger that is disabled": (
        PLAIN.format(key="", more="") + "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION "
        "suppress_redundant_updates_trigger(); ALTER TABLE t DISABLE TRIGGER x",
        1,
    ),
    "no foreign key": ("CREATE TABLE t (id int)", 0),
    "a trigger": (
        PLAIN.format(key="", more="") + "CREATE TRIGGER x BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION "
        "suppress_redundant_updates_trigger()",
        0,
    ),
    "a trigger of a partition": (
        "CREATE TABLE users (id int PRIMARY KEY);"
        "CREATE TABLE t (id int, user_id int REFERENCES users) PARTITION BY RANGE (id);"
        "CREATE TABLE p PARTITION OF t DEFAULT; CREATE TRIGGER x BEFORE UPDATE ON p FOR EACH ROW EXECUTE FUNCTION "
        "suppress_redundant_updates_trigger()",
        0,
    ),
    "deferrable": (PLAIN.format(key="", more="DEFERRABLE"), 0),
    "a unique key that is deferrable": (PLAIN.format(key="UNIQUE DEFERRABLE", more=""), 0),
    "MATCH FULL": (PLAIN.format(key="", more="MATCH FULL"), 0),
    "not valid": (
        PLAIN.format(key="", more="") + "ALTER TABLE t ADD o int; "
        "ALTER TABLE t ADD FOREIGN KEY (o) REFERENCES users NOT VALID",
        0,
    ),
    "a generated column": (
        PLAIN.format(key="", more="") + "ALTER TABLE t ADD o int GENERATED ALWAYS AS (user_id) STORED; "
        "ALTER TABLE t ADD FOREIGN KEY (o) REFERENCES users",
        0,
    ),
    "a function in a default": (
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
        + PLAIN.format(key="DEFAULT f()", more=""),
        0,
    ),
    "another role": (
        PLAIN.format(key="", more="") + "CREATE ROLE {role}; GRANT ALL ON t TO {role}; SET ROLE {role}",
        0,
    ),
}


@pytest.mark.parametrize(("ddl", "checks"), AT_ONCE.values(), ids=list(AT_ONCE))
def test_when_foreign_keys_are_checked_at_once(empty_database: URL, ddl: str, checks: int) -> None:
    with schema_of(empty_database, ddl.replace("{role}", f"nobody_{empty_database.database}")) as connection:
        cursor = connection.connection.cursor()
        assert len(suspend(cursor, sql.Identifier("public", "t"))) == checks
        [(role,)] = run(connection, "SHOW session_replication_role")
    assert role == ("replica" if checks else "origin")


def test_a_violation_in_a_partition_is_found(empty_database: URL) -> None:
    ddl = AT_ONCE["of a partitioned table"][0]
    ids = itertools.count(0)
    columns = {
        "id": lambda faker: next(ids),
        "user_id": lambda faker, row: 99 if row["id"] == MANY - 1 else 1,
    }
    with schema_of(empty_database, ddl) as connection, pytest.raises(WriteError) as caught:
        seeded(connection, {"users": 3, "t": Rows(MANY, columns=columns)})
    assert 'Key (user_id)=(99) is not present in table "users".' in str(caught.value)


@pytest.mark.parametrize(
    ("condition", "distinct"),
    [("WHERE sso = false", MANY), ("WHERE NOT sso", MANY), ("WHERE sso", None), ("", MANY)],
)
@pytest.mark.parametrize("rows", [60, MANY], ids=["few", "many"])
def test_a_key_for_the_rows_with_a_default(
    empty_database: URL, condition: str, distinct: int | None, rows: int
) -> None:
    table = (
        "CREATE TABLE users (id serial PRIMARY KEY, first_name text, email text, sso boolean NOT NULL DEFAULT false);"
        f"CREATE UNIQUE INDEX ON users (email) {condition};"
        "INSERT INTO users (email, sso) SELECT n || '@example.com', true FROM generate_series(1, 9) AS n"
    )
    with schema_of(empty_database, table) as connection:
        seeded(connection, {"users": Rows(add=rows, columns={"first_name": "Ann"})})
        [(different,)] = run(connection, "SELECT count(DISTINCT email) FROM users WHERE NOT sso")
    assert different == rows if distinct else different <= rows


def test_a_key_with_a_column_that_keeps_its_default(empty_database: URL) -> None:
    table = (
        "CREATE TABLE users (id serial PRIMARY KEY, tenant text NOT NULL DEFAULT current_user, email text NOT NULL, "
        "UNIQUE (tenant, email))"
    )
    with schema_of(empty_database, table) as connection:
        assert seeded(connection, {"users": MANY}) == {"users": MANY}
