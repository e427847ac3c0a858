"""Small schemas on a real server: exactly the rows that are asked for, or a reason that is true."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import URL, Connection

from pytest_supaseed import Rows, pipeline
from pytest_supaseed.errors import SeedError
from pytest_supaseed.markers import parse_seed
from pytest_supaseed.spec import SeedSpec
from servers import run, schema_of

Tables = Mapping[str, Any]

USERS = "CREATE TABLE users (id serial PRIMARY KEY, name text, email text UNIQUE);"
SETUPS = (
    f"{USERS} CREATE TABLE setups (id serial PRIMARY KEY, user_id int NOT NULL REFERENCES users, title text);"
)
LOADED = f"""{SETUPS}
INSERT INTO users (email) VALUES ('a'), ('b'), ('c');
INSERT INTO setups (user_id, title) VALUES (1, 'x'), (1, 'y'), (2, 'z');"""
TRIGGER = """
CREATE TABLE users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text UNIQUE NOT NULL);
CREATE TABLE profiles (id serial PRIMARY KEY, user_id uuid REFERENCES users, email text);
CREATE FUNCTION make_profile() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO public.profiles (user_id, email) VALUES (new.id, new.email); RETURN new; END $$;
CREATE TRIGGER on_user AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION make_profile();"""
NAMES = """
CREATE TABLE "order" (id serial PRIMARY KEY, "group" text NOT NULL);
CREATE TABLE "My Table" (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "a%b" text UNIQUE, "naïve" int NOT NULL,
  "order" int NOT NULL REFERENCES "order", "x""y" varchar(3) NOT NULL CHECK (length("x""y") = 3));
CREATE TABLE "a%b" ("a%b" text PRIMARY KEY, "My Col" int NOT NULL REFERENCES "My Table", UNIQUE ("My Col", "a%b"));
CREATE TABLE "naïve" (id serial PRIMARY KEY, "ü" text NOT NULL);
CREATE TABLE "x""y" ("x""y" serial PRIMARY KEY, "%s" int NOT NULL CHECK ("%s" > 3), p int REFERENCES "x""y",
  "naïve" int NOT NULL REFERENCES "naïve");"""
JUNCTION = """
CREATE TABLE a (id serial PRIMARY KEY); CREATE TABLE b (id uuid PRIMARY KEY DEFAULT gen_random_uuid());
CREATE TABLE ab (a_id int REFERENCES a, b_id uuid REFERENCES b, PRIMARY KEY (a_id, b_id));"""
TYPES = """
CREATE TYPE mood AS ENUM ('a b', 'O''x', '%s', 'ü');
CREATE DOMAIN small AS int CHECK (VALUE > 0 AND VALUE < 5);
CREATE TABLE t (m mood NOT NULL, ms mood[] NOT NULL, p small NOT NULL, c char(2) NOT NULL, v varchar(1) NOT NULL,
  s text NOT NULL CHECK (s IN ('x', 'y')), r int NOT NULL CHECK (r BETWEEN 3 AND 9),
  n numeric(4, 2) NOT NULL CHECK (n >= 10));"""
KEYS = """
CREATE TABLE a (id uuid PRIMARY KEY DEFAULT gen_random_uuid()); CREATE TABLE b (code text PRIMARY KEY);
CREATE TABLE c (id smallserial PRIMARY KEY, a uuid NOT NULL REFERENCES a, b text NOT NULL REFERENCES b,
  g text GENERATED ALWAYS AS (b || '!') STORED);"""
FRIENDS = """
CREATE TABLE users (id {type} PRIMARY KEY); CREATE TABLE friends (a {type} NOT NULL REFERENCES users,
  b {type} NOT NULL REFERENCES users, {key} CONSTRAINT two_users CHECK (a {operator} b));"""
IDENTITY = """
CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);
INSERT INTO t (name) VALUES ('a'), ('b');"""
TIMES = """
CREATE TABLE t (created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz, start_date date NOT NULL,
  end_date date NOT NULL, CHECK (end_date >= start_date));"""
DEFAULTS = """
CREATE TABLE t (id text PRIMARY KEY DEFAULT md5(random()::text), year text DEFAULT to_char(now(), 'YYYY'),
  token text NOT NULL DEFAULT substr(gen_random_uuid()::text, 1, 8));"""
KINDS = """
CREATE TABLE accounts (code text, kind text, PRIMARY KEY (code, kind));
CREATE TABLE t (account text NOT NULL, kind text NOT NULL CONSTRAINT of_cash CHECK (kind = 'cash'),
  FOREIGN KEY (account, kind) REFERENCES accounts);"""


def cycle(*, b_id: str = "int", deferrable: str = "", rows: str = "") -> str:
    return f"""
    CREATE TABLE a (id serial PRIMARY KEY, b_id {b_id});
    CREATE TABLE b (id serial PRIMARY KEY, a_id int NOT NULL REFERENCES a);
    ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b {deferrable}; {rows}"""


CYCLE_LOADED = "INSERT INTO a (id) VALUES (100); INSERT INTO b (a_id) VALUES (100); UPDATE a SET b_id = 1;"


def friends(*, kind: str = "int", key: str = "PRIMARY KEY (a, b),", operator: str = "<>") -> str:
    return FRIENDS.format(type=kind, key=key, operator=operator)


def asked(tables: Tables, seed: int = 0) -> SeedSpec:
    found, problems = parse_seed((tables,), {})
    assert not problems
    return SeedSpec(found, seed)


def seeded(connection: Connection, tables: Tables) -> dict[str, int]:
    snapshot = pipeline.read(connection)
    plan = pipeline.plan(connection, snapshot, asked(tables))
    counts = pipeline.seed(connection, snapshot.schema, plan)
    return {snapshot.schema.table(name).label: count for name, count in counts.items()}


def refusal(connection: Connection, tables: Tables) -> str:
    with pytest.raises(SeedError) as caught:
        seeded(connection, tables)
    return str(caught.value)


# The schema, what is asked for, and the counts that are not said by it.
EXACT: dict[str, tuple[str, Tables, dict[str, int]]] = {
    "no setups": (SETUPS, {"users": 10, "setups": 0}, {}),
    "a trigger fills": (TRIGGER, {"users": 5}, {"profiles": 5}),
    "a trigger fills what is asked for": (TRIGGER, {"users": 5, "profiles": 5}, {}),
    "a trigger fills a part": (TRIGGER, {"users": 5, "profiles": 7}, {}),
    "names": (NAMES, {"order": 3, "My Table": 9, "a%b": 7, "naïve": 4, 'x"y': 8}, {}),
    "unique": (
        "CREATE TABLE t (a char(1) PRIMARY KEY, b smallint UNIQUE, c date UNIQUE NOT NULL)",
        {"t": 26},
        {},
    ),
    "unique together": (
        "CREATE TABLE t (a int, b text NOT NULL, c bool NOT NULL, UNIQUE (b, c))",
        {"t": 90},
        {},
    ),
    "the last pair": (JUNCTION, {"a": 6, "b": 8, "ab": 48}, {}),
    "types": (TYPES, {"t": 60}, {}),
    "keys": (KEYS, {"a": 5, "b": 5, "c": 20}, {}),
    "one partition of a list": (
        "CREATE TABLE t (k text NOT NULL) PARTITION BY LIST (k); CREATE TABLE p PARTITION OF t FOR VALUES IN ('a')",
        {"t": 3},
        {},
    ),
    "partitions with a gap": (
        "CREATE TABLE t (at date) PARTITION BY RANGE (at);"
        "CREATE TABLE p PARTITION OF t FOR VALUES FROM ('2001-01-01') TO ('2001-01-03') PARTITION BY LIST (at);"
        "CREATE TABLE q PARTITION OF p FOR VALUES IN ('2001-01-02');"
        "CREATE TABLE r PARTITION OF t FOR VALUES FROM ('2031-01-01') TO ('2032-01-01')",
        {"t": 50},
        {},
    ),
    "an exclusion": (
        "CREATE TABLE t (d int4range NOT NULL, CONSTRAINT apart EXCLUDE USING gist (d WITH &&))",
        {"t": 60},
        {},
    ),
    "a unique generated column": (
        "CREATE TABLE t (x varchar(2) NOT NULL, y text GENERATED ALWAYS AS (lower(x)) STORED UNIQUE)",
        {"t": 60},
        {},
    ),
    "a unique index of some rows that are there": (
        "CREATE TABLE t (email text, gone bool DEFAULT false); INSERT INTO t VALUES ('a'); "
        "CREATE UNIQUE INDEX ON t (email) WHERE NOT gone",
        {"t": 20},
        {},
    ),
    "references to itself": (
        "CREATE TABLE t (id serial PRIMARY KEY, p int REFERENCES t, q int NOT NULL REFERENCES t)",
        {"t": 20},
        {},
    ),
    "nobody is their own friend": (friends(), {"users": 6, "friends": 30}, {}),
    "each two friends once": (friends(kind="uuid", operator="<"), {"users": 6, "friends": 15}, {}),
    "friends without a key": (friends(key=""), {"users": 6, "friends": 40}, {}),
    "the numbers of a CHECK": ("CREATE TABLE t (id int PRIMARY KEY CHECK (id IN (10, 20)))", {"t": 2}, {}),
    "a row that is there once": (
        "CREATE TABLE t (id int PRIMARY KEY DEFAULT 1 CHECK (id = 1))",
        {"t": 1},
        {},
    ),
    "a cycle": (cycle(), {"a": 5, "b": 7}, {}),
    "a cycle that is deferred": (
        cycle(b_id="int NOT NULL", deferrable="DEFERRABLE INITIALLY DEFERRED"),
        {"a": 5, "b": 7},
        {},
    ),
    "a cycle that can be deferred": (
        cycle(b_id="int NOT NULL UNIQUE", deferrable="DEFERRABLE"),
        {"a": 5, "b": 7},
        {},
    ),
    "the load's rows": (LOADED, {"users": 5, "setups": 12}, {}),
    "more than the load's rows": (
        LOADED,
        {"users": Rows(add=2), "setups": Rows(add=4)},
        {"users": 5, "setups": 7},
    ),
    "the load's rows and per": (LOADED, {"users": 5, "setups": Rows(per={"users": 3})}, {"setups": 15}),
    "drawn": (SETUPS, {"users": 7, "setups": Rows(53, spread="random")}, {"setups": 53}),
    "skewed": (SETUPS, {"users": 7, "setups": Rows(53, spread="skewed")}, {"setups": 53}),
}


@pytest.mark.parametrize(("ddl", "tables", "expected"), EXACT.values(), ids=list(EXACT))
def test_exactly(empty_database: URL, ddl: str, tables: Tables, expected: dict[str, int]) -> None:
    wanted = {**{name: count for name, count in tables.items() if isinstance(count, int)}, **expected}
    with schema_of(empty_database, ddl) as connection:
        counts = seeded(connection, tables)
    assert {name: counts[name] for name in wanted} == wanted


SHARES = "SELECT array_agg(n ORDER BY n DESC) FROM (SELECT count(*)::int AS n FROM {} GROUP BY {}) AS shares"
# What a query finds afterwards.
FOUND: dict[str, tuple[str, Tables, str, Any]] = {
    "8 of 10": (SETUPS, {"users": 10, "setups": 8}, SHARES.format("setups", "user_id"), [1] * 8),
    "12 of 5": (SETUPS, {"users": 5, "setups": 12}, SHARES.format("setups", "user_id"), [3, 3, 2, 2, 2]),
    "3 of 10": (SETUPS, {"users": 10, "setups": 3}, SHARES.format("setups", "user_id"), [1, 1, 1]),
    "the load's rows": (
        LOADED,
        {"users": 5, "setups": 12},
        SHARES.format("setups", "user_id"),
        [3, 3, 2, 2, 2],
    ),
    "per": (LOADED, {"setups": Rows(per={"users": 3})}, SHARES.format("setups", "user_id"), [3, 3, 3]),
    "per and a trigger": (
        TRIGGER,
        {"users": 3, "profiles": Rows(per={"users": 2})},
        SHARES.format("profiles", "user_id"),
        [2, 2, 2],
    ),
    "a friend has a share": (
        friends(key=""),
        {"users": 6, "friends": 12},
        SHARES.format("friends", "b"),
        [2] * 6,
    ),
    "a cycle is closed": (cycle(), {"a": 8, "b": 4}, SHARES.format("a", "b_id"), [2, 2, 2, 2]),
    "a cycle with rows": (
        cycle(b_id="int UNIQUE", rows=CYCLE_LOADED),
        {"a": 5, "b": 5},
        SHARES.format("a", "b_id"),
        [1] * 5,
    ),
    "created before updated": (TIMES, {"t": 90}, "SELECT count(*) FROM t WHERE created_at > updated_at", 0),
    "a callable": (
        SETUPS,
        {"users": 3, "setups": Rows(5, columns={"title": lambda faker, row: f"of {row['user_id']}"})},
        "SELECT count(*) FROM setups WHERE title = 'of ' || user_id",
        5,
    ),
}


@pytest.mark.parametrize(("ddl", "tables", "query", "expected"), FOUND.values(), ids=list(FOUND))
def test_found(empty_database: URL, ddl: str, tables: Tables, query: str, expected: Any) -> None:
    with schema_of(empty_database, ddl) as connection:
        seeded(connection, tables)
        assert run(connection, query) == [(expected,)]


@pytest.mark.parametrize(
    ("ddl", "tables", "statement"),
    [
        (USERS, {"users": 5}, "INSERT INTO users (name) VALUES ('new')"),
        (IDENTITY, {"t": 5}, "INSERT INTO t (name) VALUES ('new')"),
        (IDENTITY, {"t": Rows(5, columns={"id": [11, 12, 13]})}, "INSERT INTO t (name) VALUES ('new')"),
        (NAMES, {"naïve": 2, 'x"y': 3}, 'INSERT INTO "x""y" ("%s", "naïve") VALUES (5, 1)'),
        (
            "CREATE SEQUENCE s INCREMENT -1; CREATE TABLE t (id int PRIMARY KEY DEFAULT nextval('s'), n int)",
            {"t": 5},
            "INSERT INTO t (n) VALUES (1)",
        ),
        (
            "CREATE TABLE t (id serial PRIMARY KEY, n int); INSERT INTO t VALUES (7, 1), (3, 1)",
            {"t": 5},
            "INSERT INTO t (n) VALUES (1)",
        ),
    ],
)
def test_the_next_insert_works(empty_database: URL, ddl: str, tables: Tables, statement: str) -> None:
    with schema_of(empty_database, ddl) as connection:
        seeded(connection, tables)
        run(connection, statement)


def returns_one_value(faker: object) -> str:
    return "the same"


# The schema, what is asked for, and parts of the message.
REFUSED: dict[str, tuple[str, Tables, list[str]]] = {
    "fewer than a trigger makes": (
        TRIGGER,
        {"users": 5, "profiles": 3},
        ["profiles holds 5 rows", "more than the 3 asked for", "triggers", "write profiles=5"],
    ),
    "more than pairs": (
        JUNCTION,
        {"a": 6, "b": 8, "ab": 49},
        ["ab asks for 49 rows", "ab_pkey", "a_id, b_id", "at most 48"],
    ),
    "more than friends": (
        friends(),
        {"users": 6, "friends": 31},
        ["friends_pkey", "two_users", "at most 30"],
    ),
    "more than labels": (
        "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE t (m mood UNIQUE NOT NULL)",
        {"t": 3},
        ["t_m_key", "at most 2"],
    ),
    "more than a CHECK numbers": (
        "CREATE TABLE t (id int PRIMARY KEY CONSTRAINT few CHECK (id BETWEEN 5 AND 10))",
        {"t": 7},
        ["CHECK few lets t.id count only from 5 to 10", "at most 6"],
    ),
    "more than a sequence numbers": (
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY (MAXVALUE 5), n int)",
        {"t": 6},
        ["the sequence public.t_id_seq lets t.id count only from 1 to 5", "at most 5"],
    ),
    "a sequence that has begun": (
        "CREATE SEQUENCE s MAXVALUE 5; SELECT nextval('s'); CREATE TABLE t (id int PRIMARY KEY DEFAULT nextval('s'))",
        {"t": 5},
        ["the sequence public.s lets t.id count only from 2 to 5: ask for at most 4"],
    ),
    "more than choices": (
        USERS,
        {"users": Rows(3, columns={"email": ["x", "y"]})},
        ["users_email_key", "email", "at most 2"],
    ),
    "one value of a function": (
        USERS,
        {"users": Rows(2, columns={"email": returns_one_value})},
        ["users.email", "users_email_key", "users=Rows(2, columns={'email': lambda faker, row: ...})"],
    ),
    "no parents": (SETUPS, {"setups": 3}, ["users for user_id", "@pytest.mark.seed(setups=3, users=1)"]),
    "fewer than the load's": (LOADED, {"users": 2}, ["users holds 3 rows", "users=3 or more"]),
    "none of the load's": (LOADED, {"setups": 0}, ["setups holds 3 rows", "setups=3 or more"]),
    "no parents with a key": (
        "CREATE TABLE u (code text UNIQUE); CREATE TABLE t (c text NOT NULL REFERENCES u (code))",
        {"u": Rows(3, columns={"code": None}), "t": 2},
        ["t.c is NOT NULL", "code of public.u", "t_c_fkey"],
    ),
    "no parents of the kind": (
        KINDS,
        {"accounts": Rows(3, columns={"kind": ["debt"]}), "t": 2},
        ["t.account, kind is NOT NULL", "of_cash", "accounts=Rows(..., columns={'kind': [...]})"],
    ),
    "a cycle that nothing opens": (
        cycle(b_id="int NOT NULL"),
        {"a": 1, "b": 1},
        ["a -> b -> a", "DEFERRABLE"],
    ),
    "a cycle without room": (
        cycle(b_id="int NOT NULL UNIQUE", deferrable="DEFERRABLE"),
        {"a": 7, "b": 6},
        ["a asks for 7 rows", "a_b_id_key", "at most 6"],
    ),
    "no partition": (
        "CREATE TABLE t (k text NOT NULL) PARTITION BY LIST (k)",
        {"t": 3},
        ["t asks for 3 rows, but it is partitioned and has no partition", "CREATE TABLE ... PARTITION OF t"],
    ),
    "a partition that takes other values": (
        "CREATE TABLE t (k text NOT NULL) PARTITION BY LIST (k); CREATE TABLE p PARTITION OF t FOR VALUES IN ('a')",
        {"t": Rows(3, columns={"k": "b"})},
        ["t.k='b'", "only 'a'"],
    ),
    "an exclusion of all but one": (
        "CREATE TABLE t (d int4range NOT NULL, CONSTRAINT one EXCLUDE USING btree ((d IS NULL) WITH =))",
        {"t": 3},
        ["constraint: one", "nor does it take any of", "ask for at most 1: write @pytest.mark.seed(t=1)"],
    ),
    "a generated column": (
        "CREATE TABLE t (x int NOT NULL CHECK (x > 0), y int GENERATED ALWAYS AS (x % 2) STORED UNIQUE)",
        {"t": 3},
        ["t_y_key", "ask for at most 2: write @pytest.mark.seed(t=2)"],
    ),
}


@pytest.mark.parametrize(("ddl", "tables", "parts"), REFUSED.values(), ids=list(REFUSED))
def test_refused(empty_database: URL, ddl: str, tables: Tables, parts: list[str]) -> None:
    with schema_of(empty_database, ddl) as connection:
        message = refusal(connection, tables)
    for part in parts:
        assert part in message
    assert "Sample" not in message  # nothing of Python's own


@pytest.mark.parametrize(
    ("ddl", "tables"),
    [
        # What the messages of the cases above say to write.
        (
            "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE t (m mood UNIQUE)",
            {"t": Rows(3, columns={"m": ["a", "b", None]})},
        ),
        (
            "CREATE TABLE t (k text NOT NULL) PARTITION BY LIST (k); "
            "CREATE TABLE p PARTITION OF t FOR VALUES IN ('a')",
            {"t": Rows(3, columns={"k": ["a"]})},
        ),
        (
            "CREATE TABLE t (x int NOT NULL, y int GENERATED ALWAYS AS (x % 2) STORED UNIQUE)",
            {"t": Rows(2, columns={"x": [1, 2]})},
        ),
        (KINDS, {"accounts": Rows(3, columns={"kind": ["cash"]}), "t": Rows(2)}),
    ],
)
def test_the_override_of_a_message_works(empty_database: URL, ddl: str, tables: Tables) -> None:
    with schema_of(empty_database, ddl) as connection:
        assert seeded(connection, tables)["t"] == tables["t"].count


SAME = {"keys": (KEYS, {"a": 5, "b": 5, "c": 20}, "c"), "defaults": (DEFAULTS, {"t": 9}, "t")}


def rows_of_same(url: URL) -> list[object]:
    """The rows of each of these cases."""
    found = []
    for ddl, tables, table in SAME.values():
        with schema_of(url, ddl) as connection:
            seeded(connection, tables)
            found.append(run(connection, f"SELECT t::text FROM {table} AS t ORDER BY 1"))
    return found


def test_the_same_rows_twice_and_in_another_process(empty_database: URL) -> None:
    found = [rows_of_same(empty_database) for _ in range(2)]
    script = (
        "import sys; from test_cases_on_server import *; from sqlalchemy.engine import make_url\n"
        "print(rows_of_same(make_url(sys.argv[1])))"
    )
    url = empty_database.render_as_string(hide_password=False)
    other = subprocess.run(
        [sys.executable, "-c", script, url],
        capture_output=True,
        text=True,
        check=True,
        cwd=__file__.rpartition("/tests/")[0],
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert found[0] == found[1]
    assert other.stdout.strip() == str(found[0])
