"""Rows of whole schemas tell one story: rules that no constraint states, and no generator knows, hold for most rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import URL, create_engine
from sqlalchemy.pool import NullPool

from believable import Verdict, judge, parse_rules, seeded
from pytest_supaseed.sources.source import load, resolve

FOLDER = Path(__file__).parents[1] / "schemas" / "stories"
# Of a hundred rows that the rules of a subject concern, how many keep them at least.
GOALS = {
    "stages": 99,
    "children": 100,
    "diamonds": 95,
    "copies": 95,
    "totals": 90,
    "formulas": 100,
    "order": 100,
    "measures": 96,
    "identifiers": 96,
    "places": 100,
}


def verdicts_of(path: Path, url: URL) -> list[Verdict]:
    load(resolve(path, path.parent), url)
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            schema = seeded(connection, url, 8)
            rules = parse_rules(path.with_suffix(".rules").read_text(encoding="utf-8"))
            return [judge(connection, schema, rule) for rule in rules]
    finally:
        engine.dispose()


def test_rows_keep_rules_that_no_constraint_states(create_database: Callable[[], URL]) -> None:
    found = [
        verdict for path in sorted(FOLDER.glob("*.sql")) for verdict in verdicts_of(path, create_database())
    ]
    assert len(found) > 200
    missed = {}
    for subject, goal in GOALS.items():
        among = [verdict for verdict in found if verdict.rule.subject == subject]
        kept, concerned = sum(verdict.kept for verdict in among), sum(verdict.concerned for verdict in among)
        if 100 * kept < goal * concerned:
            missed[subject] = kept, concerned, [v.rule for v in among if v.kept < v.concerned]
    assert missed == {}
