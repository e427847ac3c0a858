"""How many rows to write where triggers insert into the same table."""

from __future__ import annotations

import pytest
from sqlalchemy import URL

from pytest_supaseed.errors import CountError
from pytest_supaseed.repair.amounts import Made, next_amount
from tests.repair.test_insert import seeded
from tests.servers import run, schema_of


@pytest.mark.parametrize(
    ("wanted", "below", "above", "expected"),
    [
        (8, Made(0, 0), None, 1),
        (8, Made(1, 2), None, 4),
        (8, Made(1, 1), None, 8),
        (7, Made(1, 5), None, 2),
        (8, Made(0, 0), Made(8, 16), 4),
        (9, Made(3, 6), Made(9, 15), 5),
        (9, Made(3, 8), Made(9, 10), 6),
        (7, Made(3, 6), Made(4, 8), None),
        (1, Made(0, 0), Made(1, 2), None),
    ],
)
def test_the_next_number(wanted: int, below: Made, above: Made | None, expected: int | None) -> None:
    assert next_amount(wanted, below, above) == expected


INBOX = """
CREATE TABLE folder (id serial PRIMARY KEY, name text);
INSERT INTO folder (name) VALUES ('loaded');
CREATE TABLE log (id serial PRIMARY KEY);
CREATE FUNCTION inbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO log DEFAULT VALUES;
    IF pg_trigger_depth() = 1 THEN INSERT INTO folder (name) VALUES ('inbox'); END IF;
    RETURN new;
END $$;
CREATE TRIGGER inbox AFTER INSERT ON folder FOR EACH ROW EXECUTE FUNCTION inbox();
"""


def test_rows_of_the_load_are_part_of_the_count_and_no_number_is_lost(empty_database: URL) -> None:
    with schema_of(empty_database, INBOX) as connection:
        assert seeded(connection, {"folder": 9})["folder"] == 9
        assert run(connection, "SELECT max(id), nextval('folder_id_seq') FROM folder") == [(9, 10)]
        assert run(connection, "SELECT max(id), nextval('log_id_seq') FROM log") == [(8, 9)]


def test_the_nearest_numbers_are_named(empty_database: URL) -> None:
    with schema_of(empty_database, INBOX) as connection:
        with pytest.raises(CountError) as caught:
            seeded(connection, {"folder": 8})
        connection.rollback()
    assert str(caught.value) == (
        "folder cannot get exactly 7 new rows, for its triggers (inbox) insert into it as well: 3 written make 6 and "
        "4 written make 8: write folder=7 or folder=9"
    )


def test_a_function_that_does_not_name_its_table_is_found_out(empty_database: URL) -> None:
    by_chance = INBOX.replace("INSERT INTO folder (name) VALUES ('inbox')", "EXECUTE more('folder')").replace(
        "CREATE FUNCTION inbox",
        """CREATE FUNCTION more(name text) RETURNS text IMMUTABLE
        RETURN format('INSERT INTO %s (id, name) SELECT max(id) + 100, $$inbox$$ FROM %s', name, name);
        CREATE FUNCTION inbox""",
    )
    with schema_of(empty_database, by_chance) as connection:
        assert seeded(connection, {"folder": 9})["folder"] == 9
