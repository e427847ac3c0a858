"""CHECKs that call functions hold for the rows as they lie, and not only when each was written."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import URL

from pytest_supaseed import Rows, pipeline
from pytest_supaseed.errors import WriteError
from pytest_supaseed.repair.validation import called_checks, validate
from tests.repair.test_insert import seeded
from tests.servers import run, schema_of
from violations import validations

SCHEMA = (Path(__file__).parents[1] / "schemas" / "checks_read_tables.sql").read_text(encoding="utf-8")


def broken(connection: object) -> list[str]:
    """The constraints that do not hold, as benchmarks/violations.py finds them by queries of its own."""
    return [each.label for each in validations(connection) if run(connection, each.query)]


@pytest.mark.parametrize(
    "asked",
    [
        {"nodes": 50},
        {"nodes": 300},
        {"sections": 50},
        {"teams": 10, "members": 50},
        {"guests": 30},
        {"nodes": Rows(20, columns={"is_folder": [True, False]}), "sections": 1},
    ],
    ids=str,
)
def test_every_row_holds_beside_the_others(empty_database: URL, asked: dict[str, object]) -> None:
    with schema_of(empty_database, SCHEMA) as connection:
        counts = seeded(connection, asked)
        assert sum(counts.values()) == sum(getattr(each, "count", each) for each in asked.values())
        assert broken(connection) == []


def test_children_are_kept_where_their_parents_let_them(empty_database: URL) -> None:
    with schema_of(empty_database, SCHEMA) as connection:
        seeded(connection, {"nodes": 60})
        [[children, parents]] = run(
            connection, "SELECT count(parent_id), count(DISTINCT parent_id) FROM nodes"
        )
    assert children >= 10
    assert parents >= 3


def test_rows_of_the_load_may_break_what_was_added_later(empty_database: URL) -> None:
    ddl = SCHEMA.replace(
        "ALTER TABLE nodes ADD CHECK",
        "INSERT INTO nodes (name, is_folder, parent_id) VALUES ('a', false, NULL), ('b', false, 1);"
        "ALTER TABLE nodes ADD CONSTRAINT folders CHECK",
    ).replace("is_folder(parent_id));", "is_folder(parent_id)) NOT VALID;", 1)
    with schema_of(empty_database, ddl) as connection:
        connection.connection.commit()
        assert seeded(connection, {"nodes": 20})["nodes"] == 20
        found = run(
            connection, "SELECT count(*) FROM nodes WHERE NOT (parent_id IS NULL OR is_folder(parent_id))"
        )
    assert found == [(1,)]


def test_given_values_that_do_not_hold_beside_the_others_are_refused(empty_database: URL) -> None:
    with schema_of(empty_database, SCHEMA) as connection, pytest.raises(WriteError) as caught:
        seeded(connection, {"teams": 1, "members": Rows(3, columns={"leads": True})})
    said = str(caught.value)
    assert said.startswith("members: ")
    assert "members_team_id_check CHECK (leaders(team_id) <= 1)" in said
    assert "columns={'team_id': [...]}" in said


LATER = """
CREATE TABLE accounts (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE bookings (id serial PRIMARY KEY, account_id int NOT NULL REFERENCES accounts);
CREATE FUNCTION booked(wanted int) RETURNS bigint LANGUAGE sql STABLE
    AS $$ SELECT count(*) FROM bookings WHERE account_id = wanted $$;
ALTER TABLE accounts ADD CONSTRAINT few CHECK (booked(id) < 3);
"""


def test_a_check_that_later_rows_break_is_refused_at_the_end(empty_database: URL) -> None:
    with schema_of(empty_database, LATER) as connection:
        connection.connection.commit()
        assert seeded(connection, {"accounts": 2, "bookings": 4}) == {"accounts": 2, "bookings": 4}
        connection.connection.rollback()
        run(connection, "ALTER SEQUENCE accounts_id_seq RESTART")
        with pytest.raises(WriteError) as caught:
            seeded(connection, {"accounts": 2, "bookings": 5})
    assert str(caught.value).splitlines() == [
        "accounts: few CHECK (booked(id) < 3) does not hold any more when all rows of the seed are there",
        "  row: id=1",
        "  PostgreSQL has evaluated it when the row was written; its function reads rows that came later: ask for "
        "fewer of them, or give columns= for which it holds beside them",
    ]


def test_a_check_that_raises_beside_later_rows_is_refused_with_its_words(empty_database: URL) -> None:
    ddl = LATER.replace(
        "LANGUAGE sql STABLE\n    AS $$ SELECT count(*) FROM bookings WHERE account_id = wanted $$",
        "LANGUAGE plpgsql AS $$ BEGIN IF (SELECT count(*) FROM bookings WHERE account_id = wanted) > 2 THEN "
        "RAISE 'too many of %', wanted; END IF; RETURN 0; END $$",
    )
    with schema_of(empty_database, ddl) as connection, pytest.raises(WriteError) as caught:
        seeded(connection, {"accounts": 1, "bookings": 3})
    assert "all rows of the seed are there, for its function raises: too many of 1" in str(caught.value)


@pytest.mark.parametrize("kind", ["PARTITION BY HASH (id)", "names"])
def test_partitions_and_odd_names_are_validated(empty_database: URL, kind: str) -> None:
    label = 'a "%(b" column' if kind == "names" else "crates"
    quoted = '"' + label.replace('"', '""') + '"'
    partitions = (
        ""
        if kind == "names"
        else f"{kind};"
        + "".join(
            f"CREATE TABLE part{number} PARTITION OF {quoted} FOR VALUES WITH (MODULUS 2, REMAINDER {number});"
            for number in range(2)
        )
    )
    ddl = (
        f"CREATE TABLE {quoted} (id int PRIMARY KEY, heavy boolean NOT NULL) {partitions or ';'}"
        f"CREATE FUNCTION weighed() RETURNS bigint LANGUAGE sql STABLE AS "
        f"$$ SELECT count(*) FROM {quoted} WHERE heavy $$;"
        f"ALTER TABLE {quoted} ADD CHECK (NOT heavy OR weighed() < 4);"
    )
    with schema_of(empty_database, ddl) as connection:
        assert seeded(connection, {label: 40}) == {label: 40}
        assert run(connection, f"SELECT count(*) < 4 FROM {quoted} WHERE heavy") == [(True,)]


def test_only_checks_that_call_functions_are_asked_again(empty_database: URL) -> None:
    with schema_of(empty_database, SCHEMA) as connection:
        schema = pipeline.read(connection).schema
        found = {table.name.name: [check.name for check in called_checks(table)] for table in schema.tables}
        # There is nothing to validate before a row is written.
        validate(connection, schema.tables)
    assert found == {
        "guests": ["badge_check"],
        "members": ["members_team_id_check"],
        "nodes": ["nodes_parent_id_check"],
        "sections": ["sections_check"],
        "teams": [],
    }
