"""Rows that are written, and foreign keys that are set in them afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import NullPool

from pytest_supaseed import pipeline
from pytest_supaseed.reflection.catalog import reflect
from pytest_supaseed.rows.cells import Block, Generated
from pytest_supaseed.spec import Rows
from pytest_supaseed.writing.copy import insert, new_rows
from pytest_supaseed.writing.refusals import RefusedRowError
from tests.builders import asked
from tests.servers import run, schema_of

STAMPS = "CREATE TABLE stamps (id int GENERATED ALWAYS AS IDENTITY, at timestamptz DEFAULT now());"
SKIPS = """
CREATE FUNCTION skips() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN IF new.id % 3 = 0 THEN RETURN NULL; END IF; RETURN new; END $$;
CREATE TRIGGER skips BEFORE INSERT ON stamps FOR EACH ROW EXECUTE FUNCTION skips();
"""


def write(connection: Connection, amount: int) -> None:
    """Write rows of which PostgreSQL computes every column."""
    [table] = reflect(connection).tables
    insert(connection, table, Generated((), amount, lambda: iter([Block(amount, ())])), amount)


@pytest.mark.parametrize("amount", [0, 1, 5])
def test_rows_of_defaults_alone_are_written(empty_database: URL, amount: int) -> None:
    with schema_of(empty_database, STAMPS) as connection:
        write(connection, amount)
        assert run(connection, "SELECT count(*) FROM stamps") == [(amount,)]


@pytest.mark.parametrize(("amount", "missing"), [(3, 1), (5, 1), (6, 2), (8, 2)])
def test_rows_of_defaults_alone_that_a_trigger_drops_are_counted(
    empty_database: URL, amount: int, missing: int
) -> None:
    with schema_of(empty_database, STAMPS + SKIPS) as connection:
        with pytest.raises(RefusedRowError, match=f"^stamps: {missing} of {amount} rows were not inserted"):
            write(connection, amount)
        # The others are gone, too.
        assert run(connection, "SELECT count(*) FROM stamps") == [(0,)]


TEAMS = """
CREATE TABLE teams (id serial PRIMARY KEY, owner_id int NOT NULL);
CREATE TABLE users (id serial PRIMARY KEY, team_id int REFERENCES teams);
ALTER TABLE teams ADD FOREIGN KEY (owner_id) REFERENCES users;
INSERT INTO users (team_id) VALUES (NULL), (NULL), (NULL);
INSERT INTO teams (owner_id) VALUES (1);
INSERT INTO users (team_id) VALUES (1);
"""
REFERENCES = "SELECT id, team_id FROM users WHERE id <= 4 ORDER BY id"


@pytest.fixture
def loaded(empty_database: URL) -> Iterator[Connection]:
    """A connection to a database whose rows were committed when its schema was loaded."""
    with schema_of(empty_database, TEAMS) as connection:
        connection.connection.commit()
    engine = create_engine(empty_database, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


def test_rows_of_the_load_keep_their_null_in_the_second_pass(loaded: Connection) -> None:
    before = run(loaded, REFERENCES)
    found = pipeline.read(loaded)
    plan = pipeline.plan(loaded, found, asked(users=Rows(add=5), teams=Rows(add=2)))
    [users] = [table_plan for table_plan in plan.tables if table_plan.table.label == "users"]
    assert [key.columns for key in users.later] == [("team_id",)]
    pipeline.seed(loaded, found.schema, plan)
    assert run(loaded, REFERENCES) == before == [(1, None), (2, None), (3, None), (4, 1)]
    assert run(loaded, "SELECT count(*), count(team_id) FROM users WHERE id > 4") == [(5, 5)]


def test_the_rows_that_wait_are_those_of_this_transaction_without_a_reference(loaded: Connection) -> None:
    users = reflect(loaded).find("users")
    assert users is not None
    [foreign_key] = users.foreign_keys
    assert new_rows(loaded, users, foreign_key) == []
    run(loaded, "INSERT INTO users (team_id) VALUES (NULL), (1)")
    # As COPY writes them.
    run(loaded, "SAVEPOINT a; INSERT INTO users (team_id) VALUES (1), (NULL); RELEASE SAVEPOINT a")
    waiting = [place for _, place in new_rows(loaded, users, foreign_key)]
    assert waiting == [place for [place] in run(loaded, "SELECT ctid::text FROM users WHERE id IN (5, 8)")]
