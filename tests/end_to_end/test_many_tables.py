"""A large schema is read with the same statements as a small one."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import psycopg2
from sqlalchemy import URL

from pytest_supaseed import pipeline
from pytest_supaseed.constraints.column import memoized_by_identity
from pytest_supaseed.reflection.catalog import reflect
from pytest_supaseed.spec import SeedSpec, TableSpec
from pytest_supaseed.writing.counts import row_counts
from servers import schema_of

PLACE = Path(__file__).parents[2] / "benchmarks" / "catalog.py"


def ddl(tables: int) -> str:
    """The schema of the benchmark."""
    return str(runpy.run_path(str(PLACE))["ddl"](tables))


def statements(url: URL, tables: int) -> dict[str, list[str]]:
    """What is sent to the server while so many tables are read, planned and counted."""
    with schema_of(url, ddl(tables)) as connection:
        seen: list[str] = []

        class Cursor(psycopg2.extensions.cursor):
            def execute(self, query: Any, parameters: Any = None) -> None:
                seen.append(query if isinstance(query, str) else query.as_string(self))
                super().execute(query, parameters)

        connection.connection.driver_connection.cursor_factory = Cursor
        found = {}
        schema = reflect(connection)
        assert len(schema.tables) == tables
        assert all(len(table.columns) == 20 for table in schema.tables)
        found["read"], seen[:] = list(seen), []
        row_counts(connection, schema.tables)
        found["counted"], seen[:] = list(seen), []
        snapshot = pipeline.read(connection)
        seen[:] = []
        spec = SeedSpec(tuple(TableSpec(f"table{number}", 2) for number in range(tables)))
        plan = pipeline.plan(connection, snapshot, spec, {"*.description": "The same"})
        found["planned"] = [text for text in seen if "SAVEPOINT" not in text]
        assert len(plan.tables) == tables
        return found


def test_the_number_of_queries_does_not_depend_on_the_number_of_tables(empty_database: URL) -> None:
    few = statements(empty_database, 3)
    many = statements(empty_database, 30)
    assert many["read"] == few["read"]
    assert len(few["read"]) < 15
    assert len(many["counted"]) == 1
    # One question for each table that has given values, and nothing else.
    assert (len(few["planned"]), len(many["planned"])) == (3, 30)


def test_what_is_kept_is_kept_for_the_same_objects_only() -> None:
    asked = []

    @memoized_by_identity
    def size(one: list[int]) -> int:
        asked.append(one)
        return len(one)

    first, second = [1, 2], [1, 2]
    assert [size(first), size(second), size(first)] == [2, 2, 2]
    assert len(asked) == 2
