"""The rules by which benchmarks/ tells how far rows are believable."""

from __future__ import annotations

import pytest
from sqlalchemy import URL, create_engine
from sqlalchemy.pool import NullPool

from believable import Rule, by_subject, judge, parse_rules, table_lines
from pytest_supaseed import pipeline
from servers import run


def test_rules_stand_below_their_subject() -> None:
    assert parse_rules(
        "# a shop\n[stages]\norders: paid => paid_at IS NOT NULL\n\n[order]\n  b.terms: a < b\n"
    ) == [
        Rule("stages", "orders", "CASE WHEN paid THEN paid_at IS NOT NULL END"),
        Rule("order", "b.terms", "a < b"),
    ]


@pytest.mark.parametrize("text", ["orders: a < b", "[stages]\norders", "[two words]\norders: a"])
def test_what_is_no_rule_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(ValueError, match=r"line [12]: neither \[subject\] nor a rule"):
        parse_rules(text)


def test_rows_are_counted_where_a_rule_concerns_them(empty_database: URL) -> None:
    engine = create_engine(empty_database, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            run(
                connection,
                "CREATE TABLE a (n int, m int); INSERT INTO a VALUES (1, 2), (2, 1), (NULL, 3), (9, 10)",
            )
            schema = pipeline.read(connection).schema
            [rule, other] = parse_rules("[order]\na: n < 9 => n < m\na: n IS NULL\n")
            verdict = judge(connection, schema, rule)
            assert (verdict.kept, verdict.concerned, verdict.breaking) == (1, 2, '{"m": 1, "n": 2}')
            assert by_subject([verdict, judge(connection, schema, other)]) == {"order": "2 of 6, 33 %"}
            with pytest.raises(ValueError, match="b: no such table"):
                judge(connection, schema, Rule("order", "b", "true"))
    finally:
        engine.dispose()


def test_the_table_has_a_column_for_each_schema() -> None:
    lines = list(table_lines({"shop": {"order": "1 of 2, 50 %"}, "clinic": {"stages": "-"}}))
    assert [" ".join(line.split()) for line in lines[2:]] == [
        "| order | 1 of 2, 50 % | - |",
        "| stages | - | - |",
    ]
