"""Materialized views show the rows of the seed."""

from __future__ import annotations

import warnings

import pytest
from sqlalchemy import URL

from pytest_supaseed import pipeline
from pytest_supaseed.errors import SupaseedWarning
from pytest_supaseed.writing.materialized_views import refresh
from tests.repair.test_insert import seeded
from tests.servers import run, schema_of

# Named so that each comes before what it reads; one through a plain view.
SCHEMA = """
CREATE TABLE items (id serial PRIMARY KEY, price int NOT NULL CHECK (price > 0));
CREATE MATERIALIZED VIEW z AS SELECT count(*) AS n FROM items WITH NO DATA;
CREATE VIEW between_them AS SELECT n FROM z;
CREATE MATERIALIZED VIEW a AS SELECT n + 1 AS n FROM between_them WITH NO DATA;
CREATE MATERIALIZED VIEW "odd ""%s" AS SELECT n FROM a JOIN z USING (n) WITH NO DATA;
"""


def test_views_are_refreshed_after_what_they_read(empty_database: URL) -> None:
    with schema_of(empty_database, SCHEMA) as connection:
        assert seeded(connection, {"items": 4}) == {"items": 4}
        assert run(connection, "SELECT a.n, z.n FROM a, z") == [(5, 4)]


def test_after_a_load_only_unpopulated_views_are_refreshed(empty_database: URL) -> None:
    ddl = """
    CREATE TABLE items (id serial PRIMARY KEY);
    CREATE MATERIALIZED VIEW there AS SELECT count(*) AS n FROM items;
    CREATE MATERIALIZED VIEW missing AS SELECT count(*) AS n FROM items WITH NO DATA;
    INSERT INTO items DEFAULT VALUES;
    """
    with schema_of(empty_database, ddl) as connection:
        snapshot = pipeline.read_loaded(connection)
        assert snapshot.schema.has_materialized_views
        assert run(connection, "SELECT there.n, missing.n FROM there, missing") == [(0, 1)]


BROKEN = """
CREATE TABLE items (id serial PRIMARY KEY);
CREATE MATERIALIZED VIEW one AS SELECT 1 / (4 - count(*)) AS n FROM items;
CREATE MATERIALIZED VIEW other AS SELECT count(*) AS n FROM items;
"""


def test_a_view_that_cannot_be_computed_is_named_and_the_others_are(empty_database: URL) -> None:
    with schema_of(empty_database, BROKEN) as connection:
        with pytest.warns(SupaseedWarning) as caught:
            assert seeded(connection, {"items": 4}) == {"items": 4}
        assert run(connection, "SELECT one.n, other.n FROM one, other") == [(0, 4)]
    assert [str(each.message) for each in caught] == [
        "the materialized view public.one cannot be refreshed, and stays as the load left it: division by zero"
    ]


def test_a_database_without_views_is_left_alone(empty_database: URL) -> None:
    with schema_of(empty_database, "CREATE TABLE items (id int)") as connection, warnings.catch_warnings():
        assert not pipeline.read_loaded(connection).schema.has_materialized_views
        refresh(connection)
