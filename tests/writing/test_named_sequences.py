"""The next number that an application draws is free, also where only a name ties the sequence to a key."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import URL

from tests.repair.test_insert import seeded
from tests.servers import run, schema_of

SCHEMA = (Path(__file__).parents[1] / "schemas" / "named_sequences.sql").read_text(encoding="utf-8")


def test_the_next_number_is_free(empty_database: URL) -> None:
    with schema_of(empty_database, SCHEMA) as connection:
        seeded(connection, {"orders": 7, "clients": 4, "details": 3, "plain": 2})
        [[greatest, drawn]] = run(connection, "SELECT max(id), nextval('orders_seq') FROM orders")
        # A range of 50 ends, or begins, at the number that is drawn.
        assert greatest <= drawn - 50
        [[least, greatest, drawn]] = run(
            connection, "SELECT min(client_id), max(client_id), nextval('clients_client_id_seq') FROM clients"
        )
        assert least == 10
        assert drawn == greatest + 1
        # A key that references another takes that one's values.
        assert run(connection, "SELECT nextval('details_seq')") == [(1,)]


@pytest.mark.parametrize("loaded", [0, 3])
def test_one_sequence_for_all_tables(empty_database: URL, loaded: int) -> None:
    ddl = """
    CREATE SEQUENCE hibernate_sequence;
    CREATE TABLE a (id bigint PRIMARY KEY);
    CREATE TABLE b (id bigint PRIMARY KEY, name text);
    """ + "INSERT INTO a VALUES (nextval('hibernate_sequence'));" * loaded  # fmt: skip
    with schema_of(empty_database, ddl) as connection:
        seeded(connection, {"a": 5, "b": 5})
        [[greatest, drawn]] = run(
            connection,
            "SELECT max(id), nextval('hibernate_sequence') FROM (SELECT id FROM a UNION SELECT id FROM b) AS ids",
        )
    assert drawn > greatest
