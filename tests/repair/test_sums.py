"""Rows over which triggers compare sums."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import URL

from pytest_supaseed.errors import SeedError
from pytest_supaseed.spec import Rows
from tests.repair.test_insert import seeded
from tests.servers import run, schema_of

SUMS = (Path(__file__).parents[1] / "schemas" / "sums_over_rows.sql").read_text(encoding="utf-8")


def test_entries_balance_and_have_several_lines_each(empty_database: URL) -> None:
    with schema_of(empty_database, SUMS) as connection:
        seeded(connection, {"accounts": 3, "entries": 7, "lines": 8, "postings": 9})
        lines = run(
            connection, "SELECT count(*), sum(amount), min(abs(amount)) > 0 FROM lines GROUP BY entry_id"
        )
        postings = run(
            connection,
            "SELECT count(*) > 1, sum(CASE side WHEN 'debit' THEN amount ELSE -amount END) FROM postings "
            "GROUP BY entry_id, currency",
        )
    assert lines == [(2, 0, True)] * 4
    assert set(postings) == {(True, 0)}


def test_a_spread_that_balances_is_kept(empty_database: URL) -> None:
    with schema_of(empty_database, SUMS) as connection:
        seeded(connection, {"accounts": 3, "entries": 4, "lines": 10})
        shares = run(connection, "SELECT count(*) FROM lines GROUP BY entry_id ORDER BY 1")
    assert shares == [(2,), (2,), (3,), (3,)]


def test_a_total_is_the_sum_of_its_lines_or_is_divided_among_them(empty_database: URL) -> None:
    right = (
        "SELECT total = (SELECT sum(quantity * price) FROM bill_lines WHERE bill_id = bills.id) FROM bills"
    )
    with schema_of(empty_database, SUMS) as connection:
        seeded(connection, {"bills": 2, "bill_lines": 5})
        assert run(connection, right) == [(True,), (True,)]
        connection.rollback()
    single = SUMS.replace("l.quantity * l.price", "l.price")
    given = {"bills": Rows(2, columns={"total": [100, 50]}), "bill_lines": 5}
    with schema_of(empty_database, single) as connection:
        seeded(connection, given)
        totals = run(connection, "SELECT sum(price) FROM bill_lines GROUP BY bill_id ORDER BY 1")
    assert totals == [(50,), (100,)]


def test_values_of_the_marker_are_left_alone(empty_database: URL) -> None:
    with schema_of(empty_database, SUMS) as connection:
        with pytest.raises(SeedError, match="does not balance"):
            seeded(connection, {"accounts": 1, "entries": 1, "lines": Rows(2, columns={"amount": 5})})
        connection.rollback()


def test_a_trigger_that_sums_without_a_complaint_changes_nothing(empty_database: URL) -> None:
    values = "SELECT entry_id, amount FROM lines ORDER BY id"
    lenient = SUMS.replace("HAVING sum(amount) <> 0", "HAVING sum(amount) IS NULL")
    asked = {"accounts": 1, "entries": 4, "lines": 9}
    with schema_of(empty_database, lenient) as connection:
        seeded(connection, asked)
        found = run(connection, values)
        connection.rollback()
    without = SUMS.replace("CREATE TRIGGER lines_balance", "--").replace(
        "    FOR EACH STATEMENT EXECUTE", "--"
    )
    with schema_of(empty_database, without) as connection:
        seeded(connection, asked)
        assert run(connection, values) == found
