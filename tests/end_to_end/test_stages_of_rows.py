"""Rows that agree with their stage, on a server: ``schemas/stages.sql`` by the rules of ``schemas/stages.rules``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import NullPool

from believable import judge, parse_rules
from pytest_supaseed import pipeline
from pytest_supaseed.markers import parse_seed
from pytest_supaseed.sources.source import load, resolve
from pytest_supaseed.spec import SeedSpec
from servers import run

FOLDER = Path(__file__).parents[1] / "schemas"
RULES = parse_rules((FOLDER / "stages.rules").read_text(encoding="utf-8"))
# As many rows as are needed for each status to appear, and to be usual.
COUNTS = {table: 20 for rule in RULES for table in (rule.table,)} | {"orders": 40}


@contextmanager
def seeded(url: URL, tables: Mapping[str, Any]) -> Iterator[tuple[Connection, Any]]:
    """Load the schema, seed some of its tables, and yield the connection and the schema."""
    found, problems = parse_seed((tables,), {})
    assert not problems
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            snapshot = pipeline.read(connection)
            spec = SeedSpec(found, limit=20_000)
            pipeline.seed(connection, snapshot.schema, pipeline.plan(connection, snapshot, spec))
            yield connection, snapshot.schema
            connection.rollback()
    finally:
        engine.dispose()


def broken(connection: Connection, schema: Any, tables: Mapping[str, Any]) -> list[str]:
    """Return the rules of these tables that rows break, each with such a row."""
    verdicts = [judge(connection, schema, rule) for rule in RULES if rule.table in tables]
    assert all(each.concerned for each in verdicts), [each.rule for each in verdicts if not each.concerned]
    return [f"{each.rule}: {each.breaking}" for each in verdicts if each.kept < each.concerned]


@pytest.fixture
def stages(empty_database: URL) -> URL:
    """Load the schema."""
    load(resolve(FOLDER / "stages.sql", FOLDER), empty_database)
    return empty_database


def test_columns_agree_with_the_stage_of_their_row(stages: URL) -> None:
    with seeded(stages, COUNTS) as (connection, schema):
        assert broken(connection, schema, COUNTS) == []
        for table, expected in {
            # Shares by weight: each status once at least, and most rows at the end of the way.
            "jobs": "failed 2, queued 3, running 3, succeeded 12",
            "orders": "cancelled 2, confirmed 4, delivered 16, draft 4, pending 4, processing 4, refunded 2, shipped 4",
            # The default stays.
            "articles": "draft 20",
        }.items():
            rows = run(connection, f"SELECT status::text, count(*) FROM {table} GROUP BY 1 ORDER BY 1")
            assert ", ".join(f"{status} {count}" for status, count in rows) == expected


def test_they_agree_in_large_tables(stages: URL) -> None:
    counts = {"staff": 10, "orders": 5_001}
    with seeded(stages, counts) as (connection, schema):
        assert broken(connection, schema, {"orders": 0}) == []


def test_what_is_given_rules_the_other_columns(stages: URL) -> None:
    given = {
        "staff": 4,
        "jobs": {"count": 6, "status": "failed"},
        "tickets": {"count": 4, "resolved_at": ["2025-03-01", None]},
        "appointments": {"count": 5, "is_no_show": True},
        "orders": {"count": 5, "status": ["cancelled", "delivered"]},
        "patients": {"count": 4, "deleted_by": [1, None], "deceased_on": None, "is_deceased": False},
    }
    with seeded(stages, given) as (connection, _):
        assert run(connection, "SELECT DISTINCT attempts > 0, error_message IS NULL FROM jobs") == [
            (True, False)
        ]
        assert run(
            connection,
            """SELECT DISTINCT "State" IN ('Resolved', 'Closed') = (resolved_at IS NOT NULL),
            resolved_by IS NULL = (resolved_at IS NULL) FROM tickets""",
        ) == [(True, True)]
        assert run(connection, "SELECT DISTINCT status, no_show_reason IS NULL FROM appointments") == [
            ("no_show", False)
        ]
        assert run(
            connection,
            "SELECT DISTINCT status::text, payment_status IN ('refunded', 'voided') FROM orders ORDER BY 1",
        ) == [("cancelled", True), ("delivered", False)]
        assert run(
            connection,
            "SELECT DISTINCT deleted_by IS NULL, deleted_at IS NULL, deletion_reason IS NULL FROM patients ORDER BY 1",
        ) == [(False, False, False), (True, True, True)]
