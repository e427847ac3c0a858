"""Given values that PostgreSQL refuses are refused before a row is written."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any

import factory
import psycopg2
import pytest
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import NullPool

from builders import FAKER, make_rows
from pytest_supaseed import Rows, pipeline
from pytest_supaseed.errors import PlanError, SeedError
from pytest_supaseed.markers import parse_seed
from pytest_supaseed.model.schema import Snapshot
from pytest_supaseed.planning.plan import TableState
from pytest_supaseed.planning.planner import make_plan
from pytest_supaseed.repair.supplied_values import refused_values
from pytest_supaseed.rows.blocks import all_rows
from pytest_supaseed.spec import SeedSpec
from servers import run, schema_of

SCHEMA = """
CREATE TYPE mood AS ENUM ('happy', 'sad');
CREATE DOMAIN slug AS varchar(12) CONSTRAINT slug_shape CHECK (VALUE ~ '^[a-z-]+$');
CREATE FUNCTION normal(text) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT lower(replace($1, '-', '_')) $$;
CREATE FUNCTION picky(int) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS
$$ BEGIN IF $1 = 13 THEN RAISE EXCEPTION 'bad luck'; END IF; RETURN true; END $$;
CREATE TABLE countries (code text PRIMARY KEY);
INSERT INTO countries VALUES ('DE'), ('FR');
CREATE TABLE users (
    id serial PRIMARY KEY, email text UNIQUE, handle text, slug slug, mood mood, tags text[],
    country text REFERENCES countries, luck int CONSTRAINT lucky CHECK (picky(luck)),
    percent numeric(4, 2) CHECK (percent < 50), birth date, zone timestamptz,
    deleted boolean NOT NULL DEFAULT false, tenant int, boss int REFERENCES users, "a%b" int CHECK ("a%b" % 2 = 0)
);
CREATE UNIQUE INDEX one_handle ON users (normal(handle));
CREATE UNIQUE INDEX one_live ON users (tenant, lower(slug)) WHERE NOT deleted;
CREATE TABLE bookings (
    id serial PRIMARY KEY, user_id int NOT NULL REFERENCES users, room int NOT NULL,
    starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL, cancelled boolean NOT NULL DEFAULT false,
    during tsrange, kind text, amount int,
    CONSTRAINT in_order CHECK (starts_at < ends_at),
    CONSTRAINT paid CHECK (kind <> 'paid' OR amount IS NOT NULL),
    CONSTRAINT apart EXCLUDE USING gist (int4range(room, room, '[]') WITH =, during WITH &&) WHERE (NOT cancelled),
    UNIQUE (room, starts_at)
);
CREATE TABLE events (id serial, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE posts (id serial PRIMARY KEY, title text CHECK (title = lower(title)));
CREATE FUNCTION lowered() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN new.title := lower(new.title); RETURN new; END $$;
CREATE TRIGGER lowered BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION lowered();
"""


@pytest.fixture(scope="module")
def connection(server_url: URL) -> Iterator[Connection]:
    """A connection to a database with the schema, in which nothing is written."""
    name = f"oracle_{os.getpid()}"
    maintenance = create_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with maintenance.connect() as other:
        other.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0")
    with schema_of(server_url.set(database=name), SCHEMA) as connection:
        yield connection
    with maintenance.connect() as other:
        other.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    maintenance.dispose()


@pytest.fixture(scope="module")
def loaded(connection: Connection) -> Snapshot:
    return pipeline.read(connection)


@contextmanager
def undone(connection: Connection) -> Iterator[None]:
    """Undo what is done, sequences included."""
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
        run(connection, "SELECT setval('users_id_seq', 1, false), setval('bookings_id_seq', 1, false)")


def problems_of(
    connection: Connection, snapshot: Snapshot, tables: Mapping[str, Any], generators: Mapping[str, Any]
) -> list[str]:
    """What is wrong before a row is written."""
    spec = SeedSpec(parse_seed((tables,), {})[0])
    try:
        pipeline.plan(connection, snapshot, spec, generators)
    except PlanError as error:
        return str(error).splitlines()
    return []


def users(rows: int = 2, **columns: Any) -> dict[str, Any]:
    return {"users": Rows(rows, columns=columns)}


def bookings(rows: int = 2, **columns: Any) -> dict[str, Any]:
    return {"users": 3, "bookings": Rows(rows, columns=columns)}


EARLY, LATE = "2024-02-01", "2024-02-02"
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no label": (users(mood="angry"), "users.mood='angry': the column takes only 'happy', 'sad'"),
    "a domain": (users(slug="A B"), "users.slug='A B': PostgreSQL says: value for domain slug violates check "
                 "constraint \"slug_shape\": give another value"),
    "too long for a domain": (users(slug="a" * 13), "users.slug='aaaaaaaaaaaaa': the column is slug, and this has 13"),
    "no number": (users(luck=["1", "x"]), "users.luck='x': PostgreSQL says: invalid input syntax for type integer"),
    "no day": (users(birth="2024-02-30"), "users.birth='2024-02-30': PostgreSQL says: date/time field value out of"),
    "an overflow": (users(percent=123.5), "users.percent=123.5: PostgreSQL says: numeric field overflow"),
    "a check": (users(percent=[10, 60]), "users.percent=60: users_percent_check CHECK (percent < (50)"),
    "a percent sign": (users(**{"a%b": 3}), "users.a%b=3: users_a%b_check CHECK (("),
    "a check that raises": (users(luck=[12, 13]), "users.luck=13: lucky CHECK (picky(luck)): PostgreSQL says: bad"),
    "a null": (bookings(room=None), "bookings.room=None: the column is NOT NULL"),
    "two columns": (bookings(starts_at=LATE, ends_at=EARLY), "bookings.starts_at='2024-02-02', ends_at='2024-02-01': "
                    "in_order CHECK (starts_at < ends_at) refuses them: give others"),
    "one of a list": (bookings(starts_at="2024-02-02", ends_at=["2024-02-03", "2024-02-01"]),
                      "bookings.starts_at='2024-02-02', ends_at='2024-02-01': in_order CHECK"),
    "each of two lists": (bookings(starts_at=["2024-02-02", "2024-02-03"], ends_at=["2024-01-02", "2024-01-03"]),
                          "ends_at=['2024-01-02', '2024-01-03']: in_order CHECK (starts_at < ends_at) refuses each "
                          "combination of them: give others"),
    "a null in a check": (bookings(kind="paid", amount=None), "bookings.kind='paid', amount=None: paid CHECK"),
    "no partition": ({"events": Rows(1, columns={"at": "2030-01-01"})}, "events.at='2030-01-01': no partition takes"),
    "unique": (users(email="a@b.c"), "users.email='a@b.c' for 2 rows: users_email_key makes email unique, so only one "
               "row can have it: ask for at most 1, give 2 different values or a function, or leave email out"),
    "too few": (users(3, email=["a", "b"]), "users.email=['a', 'b'] for 3 rows: users_email_key makes email unique, so "
                "only 2 rows can have it: ask for at most 2, give 3 different values"),
    "unique by a function": (users(handle=["a-b", "A_b"]), "users.handle=['a-b', 'A_b'] for 2 rows: one_handle makes "
                             "rows unique by btree (normal(handle)), so only one row can have it"),
    "unique for some rows": (users(tenant=1, slug="a", deleted=False), "users.slug='a', deleted=False, tenant=1 for 2 "
                             "rows: one_live makes rows unique by btree (tenant, lower((slug)::text)) WHERE (NOT "
                             "deleted), so only one row can have them"),
    "unique together": (bookings(room=1, starts_at=EARLY), "bookings.room=1, starts_at='2024-02-01' for 2 rows: "
                        "bookings_room_starts_at_key makes room, starts_at unique"),
    "excluded": (bookings(room=1, during="[2024-01-01,2024-01-02]", cancelled=False),
                 "bookings.room=1, cancelled=False, during='[2024-01-01,2024-01-02]' for 2 rows: apart EXCLUDE"),
    "no such row": (users(country="XX"), "users.country='XX': users_country_fkey references code of public.countries, "
                    "and no row there will have it: give a value that a row has, or leave country out"),
    "no such number": (bookings(user_id=999), "bookings.user_id=999: bookings_user_id_fkey references id of "
                       "public.users, and no row there will have it, which are numbered 1 to 3: give a value"),
    "no such row of its own": (users(boss=3), "users.boss=3: users_boss_fkey references id of public.users, and"),
    "an array": (users(tags=["{a", "b"]), "users.tags='{a': PostgreSQL says: malformed array literal"),
}  # fmt: skip


@pytest.mark.parametrize(("tables", "message"), REFUSED.values(), ids=REFUSED)
def test_what_postgresql_refuses_is_told_before(
    connection: Connection, loaded: Snapshot, tables: dict[str, Any], message: str
) -> None:
    [problem] = problems_of(connection, loaded, tables, {})
    assert message in problem


ACCEPTED: dict[str, dict[str, Any]] = {
    "choices": users(2, mood=["happy", "sad"], slug="a-b", percent=49.5, birth="2001-05-06", luck=1),
    "two lists that may fit": bookings(2, starts_at=["2024-02-02", "2024-02-05"], ends_at=["2024-02-03", "2024-02-06"]),
    "a list that a unique key splits": users(2, handle=["a-b", "c"]),
    "rows that the index leaves out": users(2, tenant=1, slug="a", deleted=[True, False]),
    "rows that are all left out": users(5, tenant=1, slug="a", deleted=True),
    "nulls": users(3, email=[None, "a"]),
    "some cancelled": bookings(2, room=1, during="[2024-01-01,2024-01-02]", cancelled=[True, False]),
    "ranges apart": bookings(2, room=[1, 2], during="[2024-01-01,2024-01-02]", cancelled=False),
    "one row": bookings(1, room=1, starts_at=EARLY, during="[2024-01-01,2024-01-02]", cancelled=False),
    "rows of the load": users(4, country=["DE", "FR", None]),
    "rows to come": bookings(3, user_id=[1, "3"]),
    "rows of its own": users(3, boss=[1, None]),
    "what a trigger changes": {"posts": Rows(2, columns={"title": "Loud"})},
    "nothing made": users(0, email="a@b.c"),
    "spaces at the end": {"users": Rows(1, columns={"slug": "a-b"})},
}  # fmt: skip


@pytest.mark.parametrize("tables", ACCEPTED.values(), ids=ACCEPTED)
def test_what_postgresql_accepts_is_seeded(
    connection: Connection, loaded: Snapshot, tables: dict[str, Any]
) -> None:
    spec = SeedSpec(parse_seed((tables,), {})[0])
    plan = pipeline.plan(connection, loaded, spec)
    with undone(connection):
        pipeline.seed(connection, loaded.schema, plan)


def test_values_of_generators_are_judged_and_named(connection: Connection, loaded: Snapshot) -> None:
    generators = {
        "*.percent": 70,
        "users.country": ["DE", "XX"],
        "users.*": {"mood": "angry"},
        "users.id": len,
    }
    assert problems_of(connection, loaded, users(), {"users.*": {"mood": "angry"}, "users.luck": 13}) == [
        "users.mood='angry': the column takes only 'happy', 'sad' (supaseed_generators['users.*']['mood'])"
    ]
    del generators["users.*"]
    assert problems_of(connection, loaded, users(), generators) == [
        "users.percent=70: users_percent_check CHECK (percent < (50)::numeric) refuses it: give another value "
        "(supaseed_generators['*.percent'])",
        "users.country='XX': users_country_fkey references code of public.countries, and no row there will have it: "
        "give a value that a row has, or leave country out (supaseed_generators['users.country'])",
    ]


def test_all_that_is_wrong_is_told_at_once(connection: Connection, loaded: Snapshot) -> None:
    tables = {**users(birth="never", percent=99, luck=[13, "x"]), **bookings(room="x")}
    tables["users"] = users(birth="never", percent=99, luck=[13, "x"])["users"]
    assert [problem.partition(":")[0] for problem in problems_of(connection, loaded, tables, {})] == [
        "users.luck='x'",
        "users.birth='never'",
        "users.percent=99",
        "bookings.room='x'",
    ]


def statements(connection: Connection, snapshot: Snapshot, tables: dict[str, Any]) -> list[str]:
    """The statements by which values are judged."""
    plan = make_plan(SeedSpec(parse_seed((tables,), {})[0]), snapshot)
    seen = []

    class Cursor(psycopg2.extensions.cursor):
        def execute(self, query: Any, parameters: Any = None) -> None:
            seen.append(query if isinstance(query, str) else query.as_string(self))
            super().execute(query, parameters)

    raw = connection.connection.driver_connection
    before, raw.cursor_factory = raw.cursor_factory, Cursor
    try:
        assert refused_values(connection, plan) == []
    finally:
        raw.cursor_factory = before
    return [statement for statement in seen if "SAVEPOINT" not in statement]


def test_one_query_for_each_table(connection: Connection, loaded: Snapshot) -> None:
    many = users(
        3, mood=["happy", "sad"], slug="a-b", percent=[1, 2, 3], birth="2001-05-06", luck=[1, 2], country="DE"
    )
    assert len(statements(connection, loaded, many)) == 1
    assert len(statements(connection, loaded, {**many, "posts": Rows(1, columns={"title": "x"})})) == 2
    assert statements(connection, loaded, {"users": 3}) == []


WRITTEN: dict[str, tuple[dict[str, Any], dict[str, Any], list[str]]] = {
    "a function": (
        users(luck=lambda faker: 13),
        {},
        ["lucky CHECK (picky(luck))", "luck=13", "luck comes from columns={'luck': ...}, <lambda>"],
    ),
    "a function of a generator": (
        users(),
        {"users.percent": lambda faker, row: 60},
        [
            "constraint: users_percent_check CHECK (percent < (50)::numeric)",
            "percent comes from supaseed_generators['users.percent'], <lambda>",
        ],
    ),
    "no value of its type": (
        users(),
        {"*.birth": lambda faker: "yesterday or so"},
        ["invalid input syntax for type date", "birth comes from supaseed_generators['*.birth'], <lambda>"],
    ),
    "a reference": (
        bookings(user_id=lambda faker: 999),
        {},
        ["violates foreign key constraint", "user_id comes from columns={'user_id': ...}, <lambda>"],
    ),
    "a factory": (
        users(),
        {"users.*": type("Unlucky", (factory.DictFactory,), {"percent": 60})},
        ["users_percent_check", "percent comes from supaseed_generators['users.*'], Unlucky"],
    ),
}


@pytest.mark.parametrize(("tables", "generators", "parts"), WRITTEN.values(), ids=WRITTEN)
def test_what_is_told_when_rows_are_written_names_the_function(
    connection: Connection,
    loaded: Snapshot,
    tables: dict[str, Any],
    generators: dict[str, Any],
    parts: list[str],
) -> None:
    plan = pipeline.plan(connection, loaded, SeedSpec(parse_seed((tables,), {})[0]), generators)
    with undone(connection), pytest.raises(SeedError) as caught:
        pipeline.seed(connection, loaded.schema, plan)
    for part in parts:
        assert part in str(caught.value)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
@pytest.mark.parametrize(
    "starts_at",
    [
        "2031-05-01 12:00",
        "2031-05-01",
        lambda faker: "2031-05-01 12:00:00",
        lambda faker: "2031-05-01T00:00Z",
    ],
)
def test_a_time_without_a_zone_is_in_utc(
    connection: Connection, loaded: Snapshot, starts_at: Any, zone: str
) -> None:
    with undone(connection):
        run(connection, f"SET LOCAL TIME ZONE '{zone}'")
        spec = SeedSpec(
            parse_seed(
                (bookings(5, starts_at=starts_at, room=lambda faker: faker.random.getrandbits(30)),), {}
            )[0]
        )
        plan = pipeline.plan(connection, loaded, spec)
        # Made to fit: nothing is refused that would have to be solved.
        [made] = [one for one in plan.tables if one.table.label == "bookings"]
        state = TableState(keys={"bookings_user_id_fkey": [(1,)]})
        for row in all_rows(make_rows(made, state, 5, 0, FAKER)):
            assert row["ends_at"] > datetime(2031, 5, 1, tzinfo=timezone.utc)
        pipeline.seed(connection, loaded.schema, plan)
        [(least,)] = run(connection, "SELECT min(starts_at) AT TIME ZONE 'UTC' FROM bookings")
        assert least in (datetime(2031, 5, 1), datetime(2031, 5, 1, 12))
