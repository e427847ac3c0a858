"""Rows that follow the last one, as a trigger compares them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import URL

from pytest_supaseed.errors import SeedError
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
