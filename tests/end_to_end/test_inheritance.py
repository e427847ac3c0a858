"""A count is what SELECT count(*) returns, also of tables that others inherit from."""

from __future__ import annotations

import pytest

SCHEMA = """
CREATE TABLE attr (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE attr_a (size int NOT NULL) INHERITS (attr);
CREATE TABLE attr_b () INHERITS (attr_a);
INSERT INTO attr_b (name, size) VALUES ('loaded', 1);
"""
TESTS = """
    import pytest
    from pytest_supaseed import Rows
    from sqlalchemy import text

    def counts(connection):
        return [
            connection.scalar(text(f"SELECT count(*) FROM {source}"))
            for source in ("attr", "ONLY attr", "attr_a", "ONLY attr_a", "attr_b")
        ]

    @pytest.mark.seed(attr=7, attr_a=4)
    def test_parent_and_child(seeded_connection):
        assert counts(seeded_connection) == [7, 3, 4, 3, 1]

    @pytest.mark.seed(attr=7)
    def test_parent_alone(seeded_db):
        with seeded_db.engine.connect() as connection:
            assert counts(connection) == [7, 6, 1, 0, 1]
        assert seeded_db.counts() == {"attr": 7, "attr_a": 1, "attr_b": 1}
        assert len(seeded_db.rows("attr")) == 7
        seeded_db.verify()

    @pytest.mark.seed(attr_a=Rows(add=2))
    def test_child_alone(seeded_connection):
        assert counts(seeded_connection) == [3, 0, 3, 2, 1]

    def test_as_loaded(seeded_db):
        assert seeded_db.counts() == {"attr": 1, "attr_a": 1, "attr_b": 1}
        seeded_db.verify()

    @pytest.mark.seed(attr=10, attr_a=10)
    @pytest.mark.seed_options(max_records=20)
    def test_all_are_children(seeded_connection):
        assert counts(seeded_connection) == [10, 0, 10, 9, 1]

    @pytest.mark.seed(attr=2, attr_a=3)
    def test_too_few(seeded_connection): ...
"""


def test_counts_include_the_rows_of_inheriting_tables(project: pytest.Pytester) -> None:
    project.path.joinpath("schema.sql").write_text(SCHEMA, encoding="utf-8")
    project.makepyfile(TESTS)
    result = project.runpytest_inprocess("-rA")
    result.assert_outcomes(passed=5, errors=1)
    result.stdout.fnmatch_lines([
        "*attr is asked to have 2 rows, and the rows of the tables that inherit from it are rows of attr as well: "
        "attr_a=2, attr_b=1: write attr=3 or more, which includes them*",
    ])  # fmt: skip


def test_the_plan_shows_the_count_that_was_asked_for(project: pytest.Pytester) -> None:
    project.path.joinpath("schema.sql").write_text(SCHEMA, encoding="utf-8")
    project.makepyfile("import pytest\n@pytest.mark.seed(attr=7, attr_a=4)\ndef test_a(): ...")
    result = project.runpytest_inprocess("--supaseed-plan")
    result.stdout.fnmatch_lines(["*attr * 7 * 3*", "*attr_a * 4 * 3*", "*total 7 of at most 1000*"])
