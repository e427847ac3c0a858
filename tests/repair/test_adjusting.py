"""Rows that follow the last one, as a trigger compares them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import URL

from pytest_supaseed.errors import SeedError
from pytest_supaseed.model.schema import Table, TableName, Trigger
from pytest_supaseed.repair.adjusting import orders
from pytest_supaseed.spec import Rows
from tests.repair.test_insert import seeded
from tests.servers import run, schema_of

CHAINS = (Path(__file__).parents[1] / "schemas" / "chains.sql").read_text(encoding="utf-8")


def test_each_row_sees_the_last_one(empty_database: URL) -> None:
    with schema_of(empty_database, CHAINS) as connection:
        seeded(connection, {"blocks": 9, "records": 6})
        heights = run(
            connection, "SELECT height, previous = lag(hash) OVER (ORDER BY height) FROM blocks ORDER BY 1"
        )
        sealed = run(
            connection,
            "SELECT hash = md5(link || payload) AND link = lag(hash) OVER (ORDER BY id) FROM records OFFSET 1",
        )
    assert heights == [(heights[0][0], None), *((heights[0][0] + at, True) for at in range(1, 9))]
    assert sealed == [(True,)] * 5


def test_the_last_row_of_each_account(empty_database: URL) -> None:
    with schema_of(empty_database, CHAINS) as connection:
        seeded(connection, {"accounts": 3, "movements": 12})
        wrong = run(
            connection,
            "SELECT FROM (SELECT balance - amount - coalesce(lag(balance) OVER same, 0) AS off, "
            "at <= lag(at) OVER same AS early FROM movements WINDOW same AS (PARTITION BY account_id ORDER BY at)) "
            "AS compared WHERE off <> 0 OR early",
        )
        shares = run(connection, "SELECT count(*) FROM movements GROUP BY account_id")
    assert wrong == []
    assert shares == [(4,), (4,), (4,)]


def test_values_of_the_marker_are_left_alone(empty_database: URL) -> None:
    with schema_of(empty_database, CHAINS) as connection:
        with pytest.raises(SeedError, match="balance has to be"):
            seeded(connection, {"accounts": 1, "movements": Rows(3, columns={"balance": 5, "amount": 7})})
        connection.rollback()


ORDERED = (Path(__file__).parents[1] / "schemas" / "ordered_rows.sql").read_text(encoding="utf-8")


def test_rows_are_put_into_the_order_that_a_trigger_wants(empty_database: URL) -> None:
    with schema_of(empty_database, ORDERED) as connection:
        seeded(connection, {"blocks": 5, "entries": 20, "offers": 12, "readings": 12})
        shares = run(connection, "SELECT count(*) FROM entries GROUP BY block_number")
        early = run(
            connection,
            "SELECT FROM entries a JOIN entries b ON b.id > a.id "
            "AND (b.block_number, b.place) <= (a.block_number, a.place)",
        )
        numbers = run(connection, "SELECT min(id), max(id) FROM entries")
    # As evenly as without the trigger, and numbered as they are inserted.
    assert shares == [(4,)] * 5
    assert early == []
    assert numbers == [(1, 20)]


@pytest.mark.parametrize(
    ("source", "columns"),
    [
        ("IF new.a < (SELECT max(a) FROM t)", "a"),
        ("IF (SELECT max(a) FROM t) >= NEW.a", "a"),
        ("SELECT FROM t; IF new.b::date <= x OR new.a > y", "ba"),
        ('SELECT FROM t; IF 5 > new."a"', "a"),
        ("EXECUTE tg_table_name; IF new.a > 1", "a"),
        ("SELECT FROM t; IF new.a <> 1 OR new.a = 2 OR new.a @> 3 OR x <@ new.a OR new.a >> 1", ""),
        ("SELECT FROM other; IF new.a < 1", ""),
        ("SELECT FROM t; IF new.c < 1", ""),
        ("SELECT FROM t; IF new.d < 1", ""),
    ],
)
def test_orders(source: str, columns: str) -> None:
    table = Table(
        TableName("public", "t"),
        (),
        triggers=(
            Trigger("a", "public.f", source),
            Trigger("b", "public.g", "new.a < 1 FROM t", on_insert=False),
        ),
    )
    rows = [
        {"a": 2, "b": 1, "c": None, "d": []},
        {"a": 1, "b": 1, "c": 1, "d": {}},
        {"a": 3, "b": 0, "c": 2, "d": []},
    ]
    found = [*orders(table, rows)]
    rising = sorted(rows, key=lambda row: [row[name] for name in columns])
    assert found == ([each for each in (rising, rising[::-1]) if each != rows] if columns else [])


def test_rows_with_different_columns_are_not_put_into_an_order() -> None:
    table = Table(TableName("public", "t"), (), triggers=(Trigger("a", "public.f", "new.a < 1 FROM t"),))
    assert [*orders(table, [{"a": 2}, {"a": 1, "b": 1}])] == []
