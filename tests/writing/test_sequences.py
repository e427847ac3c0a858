"""Positions of sequences, read and set back."""

from __future__ import annotations

from sqlalchemy import URL

from pytest_supaseed.model.schema import Column, ColumnType, Sequence, Table, TableName
from pytest_supaseed.writing.sequences import last_numbers, positions, set_back
from tests.servers import run, schema_of

DDL = """
CREATE SEQUENCE "used Before"; SELECT nextval('"used Before"');
CREATE SEQUENCE unused START 5; CREATE SEQUENCE set_only; SELECT setval('set_only', 9, false);
CREATE TEMPORARY SEQUENCE of_the_session;
"""


def test_what_moves_is_set_back_exactly(empty_database: URL) -> None:
    with schema_of(empty_database, DDL) as connection:
        before = positions(connection)
        assert {name.name: position for name, position in before.items()} == {
            "used Before": (1, True),
            "unused": (5, False),
            "set_only": (9, False),
        }
        run(
            connection,
            "SELECT nextval('\"used Before\"'), nextval('unused'), nextval('set_only'), setval('set_only', 90)",
        )
        assert {name.name for name in set_back(connection, before)} == {"used Before", "unused", "set_only"}
        assert positions(connection) == before
        assert set_back(connection, before) == []


def test_the_last_numbers_of_columns_with_a_sequence() -> None:
    number = ColumnType("integer", "int4", "N")
    down = Sequence("public", "down", -2, -100, -1)
    table = Table(
        TableName("public", "t"),
        (
            Column("id", number, sequence=Sequence("public", "up")),
            Column("d", number, sequence=down),
            Column("n", number),
        ),
    )
    assert last_numbers(table, {"id": 4, "d": -3, "n": 7}, 3) == {"id": 6, "d": -7}
