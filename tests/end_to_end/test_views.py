"""Views show what was seeded, materialized ones too."""

from __future__ import annotations

import pytest

SCHEMA = """
CREATE TABLE items (id serial PRIMARY KEY, price int NOT NULL CHECK (price BETWEEN 1 AND 9));
CREATE MATERIALIZED VIEW totals AS SELECT count(*)::int AS n, sum(price)::int AS price FROM items WITH NO DATA;
CREATE SCHEMA app;
CREATE VIEW app.cheap AS SELECT id FROM items WHERE price < 5 ORDER BY id DESC;
"""
TESTS = """
    import pytest
    from sqlalchemy import text

    @pytest.mark.seed(items=5)
    def test_rows(seeded_db):
        items = seeded_db.rows("items")
        assert seeded_db.rows("totals") == [{"n": 5, "price": sum(item["price"] for item in items)}]
        cheap = [{"id": item["id"]} for item in reversed(items) if item["price"] < 5]
        assert seeded_db.rows("app.cheap") == seeded_db.rows("cheap") == cheap

    @pytest.mark.seed(items=3)
    def test_rolled_back(seeded_connection):
        assert seeded_connection.scalar(text("SELECT n FROM totals")) == 3

    def test_as_loaded(seeded_db):
        assert seeded_db.rows("totals") == [{"n": 0, "price": None}]
        with pytest.raises(Exception, match="There is no table 'total'"):
            seeded_db.rows("total")
"""


def test_views_are_read_and_materialized_ones_refreshed(project: pytest.Pytester) -> None:
    project.path.joinpath("schema.sql").write_text(SCHEMA, encoding="utf-8")
    project.makepyfile(TESTS)
    project.runpytest_inprocess("-W", "error").assert_outcomes(passed=3)
