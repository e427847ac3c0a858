"""Rows that PostgreSQL refuses when they are written are replaced, and deferred triggers are counted."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

import pytest
from sqlalchemy import URL, Connection

from pytest_supaseed import pipeline
from pytest_supaseed.errors import SeedError, WriteError
from tests.builders import asked
from tests.servers import run, schema_of


def seeded(connection: Connection, tables: Mapping[str, Any]) -> dict[str, int]:
    snapshot = pipeline.read(connection)
    plan = pipeline.plan(connection, snapshot, asked(tables, limit=10_000))
    counts = pipeline.seed(connection, snapshot.schema, plan)
    return {name.name: count for name, count in counts.items()}


RAISES = """
CREATE FUNCTION odd() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN IF new.a % 2 = 0 THEN RAISE EXCEPTION 'a must be odd, not %', new.a; END IF; RETURN new; END $$;
CREATE TABLE t (id serial PRIMARY KEY, a int NOT NULL, b text);
CREATE TRIGGER odd BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION odd();
"""


def test_a_trigger_that_raises_gets_other_rows_and_the_others_stay(empty_database: URL) -> None:
    with schema_of(empty_database, RAISES) as connection:
        assert seeded(connection, {"t": 50}) == {"t": 50}
        assert run(connection, "SELECT count(*) FILTER (WHERE a % 2 = 0), count(DISTINCT id) FROM t") == [
            (0, 50)
        ]
        untouched = run(connection, "SELECT id, a, b FROM t")
    plain = RAISES.replace("CREATE TRIGGER", "CREATE TABLE unused (); --")
    with schema_of(empty_database, plain) as connection:
        connection.connection.rollback()
    assert untouched


# The CHECK makes keys negative, which are looked up while the trigger refuses the row.
BELOW_ZERO = """
CREATE TABLE items (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    day date,
    amount smallint NOT NULL,
    above bigint REFERENCES items,
    UNIQUE (day, above),
    CHECK (amount + above <= 90)
);
CREATE FUNCTION dated() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN IF new.day IS NULL THEN RAISE EXCEPTION 'no day'; END IF; RETURN new; END $$;
CREATE TRIGGER dated BEFORE INSERT ON items FOR EACH ROW EXECUTE FUNCTION dated();
"""


def test_negative_keys_are_looked_up_for_rows_that_a_trigger_refuses(empty_database: URL) -> None:
    with schema_of(empty_database, BELOW_ZERO) as connection:
        assert seeded(connection, {"items": 6}) == {"items": 6}


def test_many_rows_of_which_few_are_refused(empty_database: URL) -> None:
    ddl = RAISES.replace("new.a % 2 = 0", "new.id % 500 = 7 AND new.a % 2 = 0")
    with schema_of(empty_database, ddl) as connection:
        assert seeded(connection, {"t": 1_200}) == {"t": 1_200}


def test_what_the_user_gives_is_not_replaced(empty_database: URL) -> None:
    from pytest_supaseed import Rows

    with schema_of(empty_database, RAISES) as connection, pytest.raises(WriteError) as caught:
        seeded(connection, {"t": Rows(3, columns={"a": 4})})
    assert "a must be odd, not 4" in str(caught.value)
    assert "odd() line 1 at RAISE" in str(caught.value)
    assert "t=Rows(3, columns={'a': [...]})" in str(caught.value)


def test_a_row_that_a_trigger_drops_is_replaced(empty_database: URL) -> None:
    ddl = RAISES.replace("RAISE EXCEPTION 'a must be odd, not %', new.a", "RETURN NULL")
    with schema_of(empty_database, ddl) as connection:
        assert seeded(connection, {"t": 20}) == {"t": 20}


def test_a_trigger_that_drops_every_row_is_named(empty_database: URL) -> None:
    ddl = RAISES.replace(
        "IF new.a % 2 = 0 THEN RAISE EXCEPTION 'a must be odd, not %', new.a; END IF; RETURN new",
        "RETURN NULL",
    )
    with schema_of(empty_database, ddl) as connection, pytest.raises(WriteError) as caught:
        seeded(connection, {"t": 20})
    message = str(caught.value)
    assert message.startswith(
        "t: the row was not inserted: the trigger odd (public.odd) returned NULL for it\n"
    )
    assert "nor does it take any of" in message
    assert message.endswith("\n  it looks at none of the row's values, so that no marker helps: leave t out")


def test_rows_are_tried_for_some_seconds_only(empty_database: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    ddl = """
    CREATE TABLE visits (id serial PRIMARY KEY, name text NOT NULL, n int NOT NULL);
    CREATE FUNCTION judge() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF md5(new.name || new.n) <> 'x' THEN RAISE 'no'; END IF; RETURN new; END $$;
    CREATE TRIGGER judges BEFORE INSERT ON visits FOR EACH ROW EXECUTE FUNCTION judge();
    """
    # A clock that runs fast: each look at it takes a second.
    monkeypatch.setattr("pytest_supaseed.repair.insert.monotonic", count().__next__)
    with schema_of(empty_database, ddl) as connection, pytest.raises(WriteError) as caught:
        seeded(connection, {"visits": 2})
    [said] = [line for line in str(caught.value).splitlines() if "nor does it take" in line]
    assert said.endswith(" other rows that were tried in 15 s, after which no more are")


def test_constants_of_a_trigger_are_tried(empty_database: URL) -> None:
    ddl = """
    CREATE TABLE events (id serial PRIMARY KEY, kind text NOT NULL);
    CREATE FUNCTION known() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE what text := new.kind;
    BEGIN
        IF what NOT IN ('opened', 'closed') THEN RAISE EXCEPTION 'unknown %', what; END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER known AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION known();
    """
    with schema_of(empty_database, ddl) as connection:
        assert seeded(connection, {"events": 30}) == {"events": 30}
        assert run(connection, "SELECT DISTINCT kind FROM events ORDER BY 1") == [("closed",), ("opened",)]


def test_ranges_lie_apart(empty_database: URL) -> None:
    ddl = """
    CREATE TABLE bookings (
        id serial PRIMARY KEY, starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL, span daterange NOT NULL,
        CHECK (starts_at < ends_at),
        CONSTRAINT one_at_a_time EXCLUDE USING gist (tstzrange(starts_at, ends_at) WITH &&),
        EXCLUDE USING gist (span WITH &&)
    )
    """
    with schema_of(empty_database, ddl) as connection:
        assert seeded(connection, {"bookings": 60}) == {"bookings": 60}


DEFERRED = """
CREATE TABLE orders (id serial PRIMARY KEY);
CREATE TABLE lines (id serial PRIMARY KEY, order_id int NOT NULL REFERENCES orders);
CREATE FUNCTION has_lines() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT FROM lines WHERE order_id = new.id) THEN RAISE EXCEPTION 'order % is empty', new.id; END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER has_lines AFTER INSERT ON orders DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION has_lines();
"""


def test_a_deferred_trigger_looks_when_all_rows_are_there(empty_database: URL) -> None:
    with schema_of(empty_database, DEFERRED) as connection:
        assert seeded(connection, {"orders": 4, "lines": 4}) == {"orders": 4, "lines": 4}


def test_a_deferred_trigger_that_raises_says_which_tables_it_looks_at(empty_database: URL) -> None:
    with schema_of(empty_database, DEFERRED) as connection, pytest.raises(SeedError) as caught:
        seeded(connection, {"orders": 4})
    lines = str(caught.value).splitlines()
    assert lines[0] == "orders: PostgreSQL refuses a row: order 1 is empty"
    assert lines[-3:] == [
        "  trigger: has_lines, when all rows are there",
        "  it looks into lines, which has no rows",
        "  ask for rows there: write @pytest.mark.seed(lines=4, orders=4)",
    ]


def test_functions_find_what_is_in_the_schemas_of_tables(empty_database: URL) -> None:
    ddl = """
    CREATE SCHEMA app;
    CREATE TABLE app.log (note text);
    CREATE TABLE app.users (id serial PRIMARY KEY);
    CREATE FUNCTION app.note() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO log VALUES ('made'); RETURN new; END $$;
    CREATE TRIGGER note BEFORE INSERT ON app.users FOR EACH ROW EXECUTE FUNCTION app.note();
    """
    with schema_of(empty_database, ddl) as connection:
        assert seeded(connection, {"app.users": 3}) == {"users": 3, "log": 3}
