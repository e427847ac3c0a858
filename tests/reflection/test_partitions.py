"""Constraints that only partitions have, as constraints of the partitioned table."""

from __future__ import annotations

import pytest
from sqlalchemy import URL, create_engine
from sqlalchemy.pool import NullPool

from pytest_supaseed.model.schema import Check, Table, TableName
from pytest_supaseed.reflection.catalog import reflect

BEGIN = """
CREATE TABLE a_stores (id int PRIMARY KEY);
CREATE TABLE b_stores (id int PRIMARY KEY);
CREATE TABLE sales (region text NOT NULL, store_id int, "No." int, code text) PARTITION BY LIST (region);
CREATE TABLE sales_a PARTITION OF sales FOR VALUES IN ('a');
CREATE TABLE sales_b PARTITION OF sales FOR VALUES IN ('b');
"""
IN_A, IN_B = (
    "((region IS NOT NULL) AND (region = 'a'::text))",
    "((region IS NOT NULL) AND (region = 'b'::text))",
)


def read(url: URL, ddl: str) -> Table:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute(BEGIN + ddl)
        [found] = [table for table in reflect(connection).tables if table.name.name == "sales"]
    engine.dispose()
    return found


def test_bounds_alone(empty_database: URL) -> None:
    table = read(
        empty_database,
        "CREATE UNIQUE INDEX ON sales (region, code); ALTER TABLE sales ADD CHECK (code <> '');",
    )
    assert [check.expression for check in table.checks] == ["(code <> ''::text)", f"(({IN_A}) OR ({IN_B}))"]
    assert [key.partial for key in table.uniques] == [False]
    assert table.foreign_keys == ()


def test_a_default_partition_takes_any_row(empty_database: URL) -> None:
    assert read(empty_database, "CREATE TABLE sales_rest PARTITION OF sales DEFAULT").checks == ()


def test_checks_and_not_null_follow_the_bounds(empty_database: URL) -> None:
    table = read(
        empty_database,
        'ALTER TABLE sales_a ALTER "No." SET NOT NULL, ADD CHECK ("No." > 3);'
        "CREATE TABLE sales_rest PARTITION OF sales DEFAULT",
    )
    rest = "(NOT ((region IS NOT NULL) AND (region = ANY (ARRAY['a'::text, 'b'::text]))))"
    [check] = table.checks
    assert check.columns == ("No.", "region")
    assert check.expression == f'(({IN_A} AND ("No." IS NOT NULL) AND (("No." > 3))) OR ({IN_B}) OR ({rest}))'


@pytest.mark.parametrize("keys", ["PRIMARY KEY (code)", "UNIQUE (code)"])
def test_a_key_that_each_partition_has_is_one_of_all_rows(empty_database: URL, keys: str) -> None:
    table = read(empty_database, f"ALTER TABLE sales_a ADD {keys}; ALTER TABLE sales_b ADD {keys};")
    [key] = table.uniques
    assert (key.columns, key.partial) == (("code",), False)


def test_a_key_of_one_partition_is_partial(empty_database: URL) -> None:
    table = read(
        empty_database,
        "CREATE UNIQUE INDEX ON sales_a (code); CREATE UNIQUE INDEX ON sales_b (store_id) WHERE store_id > 3;",
    )
    first, second = table.uniques
    assert (first.partial, second.partial) == (True, True)
    assert first.definition.endswith(f" WHERE ({IN_A})")
    assert second.definition.endswith(f" WHERE ({IN_B} AND (store_id > 3))")


def test_a_foreign_key_is_one_of_all_rows_and_null_where_another_one_is(empty_database: URL) -> None:
    table = read(
        empty_database,
        "ALTER TABLE sales_a ADD FOREIGN KEY (store_id) REFERENCES a_stores;"
        "ALTER TABLE sales_b ADD FOREIGN KEY (store_id) REFERENCES b_stores;",
    )
    [key] = table.foreign_keys
    assert key.referenced == TableName("public", "a_stores")
    assert table.checks == (
        Check(
            "the partitions of sales",
            f'(({IN_A}) OR ({IN_B} AND ("store_id" IS NULL)))',
            ("region", "store_id"),
            True,
        ),
    )
