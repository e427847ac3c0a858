"""What inserting a row does besides inserting it is observed, and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import URL, Connection

from pytest_supaseed import pipeline
from pytest_supaseed.model.schema import TableName
from pytest_supaseed.repair.watching import Activity, Observation, Watcher
from tests.servers import run, schema_of

DDL = """
CREATE TABLE areas (code text PRIMARY KEY);
CREATE TABLE owners (id serial PRIMARY KEY);
CREATE TABLE logs (id serial PRIMARY KEY, owner_id int REFERENCES owners, what text);
CREATE TABLE places (
    id serial PRIMARY KEY, code text, owner_id int NOT NULL REFERENCES owners,
    note text, at timestamptz DEFAULT now()
);
INSERT INTO owners DEFAULT VALUES;
"""
FUNCTION = """
CREATE FUNCTION judge() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE found text; BEGIN
    {body}
    RETURN {given};
END $$;
CREATE TRIGGER judge {when} INSERT ON places FOR EACH ROW EXECUTE FUNCTION judge();
"""
LOOKS = "EXECUTE format('SELECT code FROM %I WHERE code = $1', 'areas') INTO found USING new.code;"
ROW = {"id": 7, "code": "here", "owner_id": 1}


def function(body: str, *, when: str = "BEFORE", given: str = "new") -> str:
    return FUNCTION.format(body=body, when=when, given=given)


def watched(
    connection: Connection, row: Mapping[str, Any] = ROW, table: str = "places", **how: bool
) -> Observation | None:
    schema = pipeline.read(connection).schema
    found = schema.find(table)
    assert found is not None
    return Watcher(connection, schema, found).watch(row, **how)


def activities(observation: Observation | None) -> dict[str, Activity]:
    assert observation is not None
    return {name.name: activity for name, activity in observation.tables.items()}


@pytest.mark.parametrize(
    ("ddl", "expected"),
    [
        # Without triggers: the check of the foreign key is no lookup.
        ("", {}),
        (function(LOOKS), {"areas": Activity(1)}),
        (function(LOOKS, when="AFTER"), {"areas": Activity(1)}),
        (function(LOOKS + "RAISE EXCEPTION 'no';"), {"areas": Activity(1)}),
        (function(LOOKS + "RAISE EXCEPTION 'no';", when="AFTER"), {"areas": Activity(1)}),
        (function("PERFORM 1 FROM owners WHERE id = new.owner_id;"), {"owners": Activity(1)}),
        (function("PERFORM 1 FROM owners; RAISE EXCEPTION 'no';"), {"owners": Activity(1)}),
        (function("INSERT INTO logs (owner_id) VALUES (1), (1);"), {"logs": Activity(0, 2)}),
        (
            function("INSERT INTO places (owner_id) VALUES (1);", when="AFTER").replace(
                "EXECUTE", "WHEN (new.code IS NOT NULL) EXECUTE"
            ),
            {"places": Activity(0, 1)},
        ),
        (function("", given="NULL"), {}),
        (function("INSERT INTO logs (what) VALUES ('x');", given="NULL"), {"logs": Activity(0, 1)}),
    ],
)
def test_what_triggers_do(empty_database: URL, ddl: str, expected: Mapping[str, Activity]) -> None:
    with schema_of(empty_database, DDL + ddl) as connection:
        assert activities(watched(connection)) == expected
        assert run(connection, "SELECT count(*) FROM places") == [(0,)]
        assert run(connection, "SELECT count(*) FROM logs") == [(0,)]


def test_rows_that_are_changed_and_removed(empty_database: URL) -> None:
    body = "UPDATE logs SET what = 'b' WHERE what = 'a'; DELETE FROM logs WHERE what = 'x';"
    ddl = DDL + "INSERT INTO logs (what) VALUES ('a'), ('a'), ('x');" + function(body)
    with schema_of(empty_database, ddl) as connection:
        found = watched(connection, rows=True)
        assert activities(found)["logs"] == Activity(2, 0, 2, 1)
        assert found is not None
        assert [row["what"] for row in found.written[TableName("public", "logs")]] == ["b", "b"]


def test_the_row_as_it_was_inserted_and_the_others(empty_database: URL) -> None:
    body = "new.note := upper(new.code); INSERT INTO logs (owner_id, what) VALUES (1, new.code);"
    with schema_of(empty_database, DDL + function(body)) as connection:
        found = watched(connection, rows=True)
        assert found is not None
        assert found.row is not None
        assert (found.row["id"], found.row["note"]) == ("7", "HERE")
        [written] = found.written[TableName("public", "logs")]
        assert written == {"id": "1", "owner_id": "1", "what": "here"}
        assert found.sequences == (TableName("public", "logs_id_seq"),)
        # As if nothing had been inserted.
        assert run(connection, "SELECT last_value, is_called FROM logs_id_seq") == [(1, False)]


def test_the_row_itself_is_not_among_those_of_its_table(empty_database: URL) -> None:
    body = "IF new.note IS NULL THEN INSERT INTO places (owner_id, note) VALUES (1, 'made'); END IF;"
    with schema_of(empty_database, DDL + function(body)) as connection:
        found = watched(connection, rows=True)
        assert found is not None
        assert [row["note"] for row in found.written[TableName("public", "places")]] == ["made"]


def test_errors_of_the_row(empty_database: URL) -> None:
    with schema_of(empty_database, DDL + function("RAISE EXCEPTION 'never %', new.code;")) as connection:
        found = watched(connection)
        assert found is not None
        assert found.row is None
        assert "never here" in str(found.error)


def test_functions_of_checks(empty_database: URL) -> None:
    ddl = DDL + (
        "CREATE FUNCTION is_area(wanted text) RETURNS boolean LANGUAGE plpgsql AS $$ DECLARE found boolean; BEGIN"
        " EXECUTE 'SELECT EXISTS (SELECT FROM areas WHERE code = $1)' INTO found USING wanted; RETURN found; END $$;"
        "ALTER TABLE places ADD CHECK (is_area(code));"
    )
    with schema_of(empty_database, ddl) as connection:
        found = watched(connection)
        assert found is not None
        assert found.error is not None
        assert {name.name for name in found.looked_up} == {"areas"}


def test_deferred_triggers_are_observed_where_they_are_asked_for(empty_database: URL) -> None:
    ddl = DDL + function(LOOKS, when="AFTER").replace("CREATE TRIGGER", "CREATE CONSTRAINT TRIGGER").replace(
        "FOR EACH ROW", "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
    )
    with schema_of(empty_database, ddl) as connection:
        assert activities(watched(connection)) == {}
        assert activities(watched(connection, deferred=True)) == {"areas": Activity(1)}
        # Earlier rows are none of this one's.
        run(connection, "INSERT INTO places (owner_id) VALUES (1), (1), (1)")
        assert activities(watched(connection, deferred=True)) == {"areas": Activity(1)}


def test_a_partition_counts_as_its_table(empty_database: URL) -> None:
    ddl = (
        "CREATE TABLE spots (code text) PARTITION BY LIST (code);"
        "CREATE TABLE spots_here PARTITION OF spots FOR VALUES IN ('here');"
        + DDL
        + function("PERFORM 1 FROM spots WHERE code = new.code;")
    )
    with schema_of(empty_database, ddl) as connection:
        assert activities(watched(connection)) == {"spots": Activity(1)}


@pytest.mark.parametrize(
    "ddl",
    [
        "CREATE RULE also AS ON INSERT TO places DO ALSO INSERT INTO logs (what) VALUES ('x');",
        "SET track_counts = off;",
    ],
)
def test_what_cannot_be_observed(empty_database: URL, ddl: str) -> None:
    with schema_of(empty_database, DDL + function(LOOKS) + ddl) as connection:
        assert watched(connection) is None


def test_a_table_without_columns_to_write(empty_database: URL) -> None:
    with schema_of(empty_database, DDL) as connection:
        found = watched(connection, {}, "owners")
        assert found is not None
        assert found.row == {"id": "2"}
        assert found.sequences == (TableName("public", "owners_id_seq"),)
        assert run(connection, "SELECT nextval('owners_id_seq')") == [(2,)]


def test_a_lookup_before_a_unique_key_refuses_the_row_is_no_check_of_a_foreign_key(
    empty_database: URL,
) -> None:
    looks = function("PERFORM FROM owners WHERE id = new.owner_id AND code_of(id);")
    code_of = "CREATE FUNCTION code_of(int) RETURNS boolean LANGUAGE sql AS 'SELECT $1 > 0';"
    taken = "ALTER TABLE places ADD UNIQUE (code); INSERT INTO places (code, owner_id) VALUES ('here', 1);"
    with schema_of(empty_database, DDL + code_of + looks + taken) as connection:
        found = watched(connection)
    assert found is not None
    assert found.error is not None
    assert found.error.pgcode == "23505"
    assert found.looked_up == {TableName("public", "owners")}
