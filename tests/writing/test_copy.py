"""Rows that are written, and foreign keys that are set in them afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import psycopg2
import pytest
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import NullPool

from pytest_supaseed import pipeline
from pytest_supaseed.errors import GenerateError, WriteError
from pytest_supaseed.model.schema import Table
from pytest_supaseed.reflection.catalog import reflect
from pytest_supaseed.rows.cells import Block, Generated, Plain
from pytest_supaseed.spec import Rows
from pytest_supaseed.writing import bulk_check, copy
from pytest_supaseed.writing.copy import insert, move_sequences, new_rows, set_references
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


ITEMS = """
CREATE TABLE kinds (id int PRIMARY KEY);
INSERT INTO kinds VALUES (1), (2);
CREATE TABLE items (
    id serial PRIMARY KEY, down int NOT NULL, kind_id int NOT NULL REFERENCES kinds, name text UNIQUE
);
CREATE SEQUENCE downs INCREMENT -1;
ALTER TABLE items ALTER down SET DEFAULT nextval('downs');
ALTER SEQUENCE downs OWNED BY items.down;
"""
COLUMNS = ("id", "down", "kind_id", "name")
Item = tuple[int, int, int, str]


@pytest.fixture
def items(shared_url: URL) -> Iterator[Connection]:
    """A connection to a database with a table of two sequences and a reference."""
    with schema_of(shared_url, ITEMS) as connection:
        yield connection


@pytest.fixture(scope="module")
def shared_url(create_database: Callable[[], URL]) -> URL:
    """The URL of a database in which nothing stays."""
    return create_database()


def table_of(connection: Connection) -> Table:
    found = reflect(connection).find("items")
    assert found is not None
    return found


def copied(
    connection: Connection, rows: list[Item], then: Exception | None = None, *, total: int = 9
) -> Mapping[str, int]:
    """Write rows in blocks of two, and perhaps fail to make more."""
    table = table_of(connection)
    columns = [table.column(name) for name in COLUMNS]

    def blocks() -> Iterator[Block]:
        for at in range(0, len(rows), 2):
            block = rows[at : at + 2]
            yield Block(len(block), tuple(map(Plain, columns, zip(*block, strict=True))))
        if then is not None:
            raise then

    return insert(connection, table, Generated(COLUMNS, len(rows), blocks), total)


@pytest.mark.parametrize("amount", [0, 1, 5])
def test_rows_are_copied_and_the_farthest_numbers_told(items: Connection, amount: int) -> None:
    rows = [(number + 3, -number - 3, 1 + number % 2, f"a{number}") for number in range(amount)]
    reached = copied(items, rows[::-1])
    assert run(items, "SELECT * FROM items ORDER BY id") == rows
    assert reached == ({"id": amount + 2, "down": -amount - 2} if amount else {})
    with pytest.raises(psycopg2.errors.InvalidSavepointSpecification):
        run(items, "RELEASE SAVEPOINT supaseed")


@pytest.mark.parametrize("after", ["", "SELECT nextval('items_id_seq'), nextval('downs')"])
@pytest.mark.parametrize(("reached", "following"), [(0, (1, -1)), (1, (2, -2)), (7, (8, -8))])
def test_sequences_go_on_after_the_rows(
    items: Connection, after: str, reached: int, following: tuple[int, int]
) -> None:
    if after:
        run(items, after)
        following = (max(2, following[0]), min(-2, following[1]))
    # What lies outside of a sequence does not move it.
    move_sequences(items, table_of(items), {"id": reached, "down": -reached})
    assert run(items, "SELECT nextval('items_id_seq'), nextval('downs')") == [following]


def test_numbers_beyond_a_sequence_do_not_move_it(items: Connection) -> None:
    run(items, "ALTER SEQUENCE items_id_seq MAXVALUE 5; ALTER SEQUENCE downs MINVALUE -5")
    move_sequences(items, table_of(items), {"id": 6, "down": -6})
    assert run(items, "SELECT nextval('items_id_seq'), nextval('downs')") == [(1, -1)]
    move_sequences(items, table_of(items), {"id": 5, "down": -5})
    assert run(items, "SELECT last_value FROM items_id_seq UNION ALL SELECT last_value FROM downs") == [
        (5,),
        (-5,),
    ]


@pytest.mark.parametrize(
    ("granted", "said"),
    [
        ("", "permission denied for sequence items_id_seq"),
        (
            "GRANT SELECT ON SEQUENCE items_id_seq TO pg_monitor",
            "permission denied for sequence items_id_seq",
        ),
    ],
)
def test_a_sequence_that_the_role_may_not_move(items: Connection, granted: str, said: str) -> None:
    table = table_of(items)
    run(items, f"{granted}; SET LOCAL ROLE pg_monitor")
    with pytest.raises(WriteError) as caught:
        move_sequences(items, table, {"id": 5})
    assert str(caught.value) == (
        "items.id takes its numbers from the sequence public.items_id_seq, which has to be moved past the new rows, "
        f"and PostgreSQL says: {said}: have its owner run GRANT SELECT, UPDATE ON SEQUENCE "
        '"public"."items_id_seq" TO the role of the URL, or seed as its owner'
    )


def test_a_row_that_is_refused_is_shown_and_takes_the_others_with_it(items: Connection) -> None:
    run(items, "INSERT INTO items (kind_id, name) VALUES (1, 'mine')")
    with pytest.raises(RefusedRowError) as caught:
        copied(items, [(5, -5, 1, "a"), (6, -6, 1, "b"), (7, -7, 1, "mine")])
    assert "duplicate key value violates unique constraint" in str(caught.value)
    assert "name='mine'" in str(caught.value)
    # The transaction goes on.
    assert run(items, "SELECT name FROM items") == [("mine",)]
    copied(items, [(5, -5, 1, "a")])


def test_an_error_while_rows_are_made_is_raised_as_it_is(items: Connection) -> None:
    with pytest.raises(GenerateError, match=r"^no more names$"):
        copied(items, [(5, -5, 1, "a")], GenerateError("no more names"))


@pytest.mark.parametrize("large", [False, True])
def test_references_of_many_rows_are_checked_at_once(
    items: Connection, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    if large:
        monkeypatch.setattr(copy, "LARGE", 2)
    suspended: list[bool] = []

    def suspend(*arguments: Any) -> Any:
        found = bulk_check.suspend(*arguments)
        suspended.append(bool(found))
        return found

    monkeypatch.setattr(copy, "suspend", suspend)
    rows = [(number, -number, 1, f"a{number}") for number in (5, 6, 7)]
    copied(items, rows)
    assert suspended == ([True] if large else [])
    with pytest.raises(RefusedRowError) as caught:
        copied(items, [(8, -8, 1, "b"), (9, -9, 2, "c"), (10, -10, 3, "d")])
    assert "violates foreign key constraint" in str(caught.value)
    assert run(items, "SELECT count(*) FROM items") == [(3,)]
    assert run(items, "SHOW session_replication_role") == [("origin",)]


def test_a_table_without_references_has_none_to_check(
    items: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copy, "LARGE", 1)
    monkeypatch.setattr(copy, "suspend", lambda *arguments: pytest.fail("nothing is to be suspended"))
    kinds = reflect(items).find("kinds")
    assert kinds is not None
    block = Block(2, (Plain(kinds.column("id"), [3, 4]),))
    assert insert(items, kinds, Generated(("id",), 2, lambda: iter([block])), 4) == {}
    assert run(items, "SELECT id FROM kinds ORDER BY id") == [(1,), (2,), (3,), (4,)]


def test_a_trigger_that_drops_rows_is_told(items: Connection) -> None:
    run(items, SKIPS.replace("ON stamps", "ON items"))
    with pytest.raises(RefusedRowError, match=r"^items: 1 of 3 rows were not inserted"):
        copied(items, [(4, -4, 1, "a"), (5, -5, 1, "b"), (6, -6, 1, "c")])
    assert run(items, "SELECT count(*) FROM items") == [(0,)]


def test_references_are_set_in_the_rows_that_wait(items: Connection) -> None:
    run(items, "INSERT INTO items (kind_id, name) SELECT 1, n FROM generate_series(1, 5) n")
    table = table_of(items)
    [foreign_key] = table.foreign_keys
    places = new_rows(items, table, foreign_key)
    # A placeholder is no reference, so all of them wait, in the order of their key.
    assert len(places) == 5
    set_references(items, table, foreign_key, {places[0]: (2,), places[3]: (2,)}, ours=True)
    assert run(items, "SELECT kind_id FROM items ORDER BY id") == [(2,), (1,), (1,), (2,), (1,)]
    with pytest.raises(RefusedRowError, match="violates foreign key constraint"):
        set_references(items, table, foreign_key, {new_rows(items, table, foreign_key)[0]: (9,)}, ours=True)


def test_a_row_that_may_not_reference_what_it_should_references_another_row(items: Connection) -> None:
    run(items, "INSERT INTO items (kind_id, name) SELECT 1, n FROM generate_series(1, 2) n")
    run(items, "ALTER TABLE items ADD CONSTRAINT small CHECK (id <> 1 OR kind_id = 1)")
    table = table_of(items)
    [foreign_key] = table.foreign_keys
    first, second = new_rows(items, table, foreign_key)
    set_references(items, table, foreign_key, {first: (2,), second: (1,)}, ours=True)
    assert run(items, "SELECT kind_id FROM items ORDER BY id") == [(1,), (1,)]
    # A reference that may not be NULL, and no other row to reference.
    place = new_rows(items, table, foreign_key)[0]
    with pytest.raises(RefusedRowError, match='violates check constraint "small"'):
        set_references(items, table, foreign_key, {place: (2,)}, ours=True)
    run(items, "ALTER TABLE items ALTER kind_id DROP NOT NULL")
    set_references(items, table_of(items), foreign_key, {place: (2,)}, ours=True)
    assert run(items, "SELECT kind_id FROM items ORDER BY id") == [(1,), (1,)]


PLACES = """
CREATE TABLE places (country text, code text, PRIMARY KEY (country, code));
INSERT INTO places VALUES ('DE', 'B'), ('DE', 'M'), ('FR', 'P');
CREATE TABLE trips (id int PRIMARY KEY, country text, code text, FOREIGN KEY (country, code) REFERENCES places);
INSERT INTO trips (id) VALUES (1), (2), (3);
"""


def test_references_of_two_columns_are_set_together(shared_url: URL) -> None:
    with schema_of(shared_url, PLACES) as connection:
        trips = reflect(connection).find("trips")
        assert trips is not None
        [foreign_key] = trips.foreign_keys
        first, _, third = new_rows(connection, trips, foreign_key)
        set_references(connection, trips, foreign_key, {first: ("FR", "P"), third: ("DE", "M")}, ours=True)
        assert run(connection, "SELECT country, code FROM trips ORDER BY id") == [
            ("FR", "P"),
            (None, None),
            ("DE", "M"),
        ]
        # The other one waits still.
        assert len(new_rows(connection, trips, foreign_key)) == 1
