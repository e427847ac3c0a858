"""Positions, running balances, the one default of a parent, and copies by their meaning, on a server."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, create_engine
from sqlalchemy.pool import NullPool

from pytest_supaseed import pipeline
from pytest_supaseed.markers import parse_seed
from pytest_supaseed.sources.source import load, resolve
from pytest_supaseed.spec import SeedSpec
from servers import run

FOLDER = Path(__file__).parents[1] / "schemas"
COUNTS = {"holders": 4, "holder_addresses": 11, "wallets": 5, "wallet_entries": 23, "statements": 6}
# What is wrong with a row, each as a query of such rows.
WRONG = {
    "positions": """SELECT * FROM (SELECT position, row_number() OVER (PARTITION BY holder_id ORDER BY id) AS n
        FROM holder_addresses) AS a WHERE position <> n""",
    "defaults": "SELECT holder_id FROM holder_addresses GROUP BY 1 HAVING count(*) FILTER (WHERE is_primary) <> 1",
    "balances": """SELECT * FROM (SELECT balance_before, balance_after, amount, kind, sum(CASE kind WHEN 'deposit'
        THEN amount ELSE -amount END) OVER (PARTITION BY wallet_id ORDER BY booked_at, id) AS n
        FROM wallet_entries) AS e WHERE balance_after <> n
        OR balance_before <> n - CASE kind WHEN 'deposit' THEN amount ELSE -amount END""",
    "totals": """SELECT * FROM wallets w WHERE balance <> (SELECT coalesce(sum(CASE kind WHEN 'deposit' THEN amount
        ELSE -amount END), 0) FROM wallet_entries e WHERE e.wallet_id = w.id)""",
    "copies": """SELECT * FROM statements s JOIN holders h ON h.id = s.holder_id JOIN holder_addresses a
        ON a.id = s.address_id WHERE s.author_first_name <> h.first_name OR s.fee_percent <> h.fee_percent
        OR s.delivery_city <> a.city""",
    "fees": """SELECT * FROM statements WHERE service_fee <> round(subtotal * fee_percent / 100, 2)
        OR total <> subtotal + service_fee""",
}


def test_rows_agree_with_those_beside_and_above_them(empty_database: URL) -> None:
    load(resolve(FOLDER / "beside.sql", FOLDER), empty_database)
    found, problems = parse_seed((COUNTS,), {})
    assert not problems
    engine = create_engine(empty_database, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            snapshot = pipeline.read(connection)
            pipeline.seed(connection, snapshot.schema, pipeline.plan(connection, snapshot, SeedSpec(found)))
            assert {name: run(connection, query) for name, query in WRONG.items()} == {
                name: [] for name in WRONG
            }
            for table, count in COUNTS.items():
                assert run(connection, f"SELECT count(*) FROM {table}") == [(count,)]
            connection.rollback()
    finally:
        engine.dispose()
