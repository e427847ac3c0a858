"""CHECKs that PostgreSQL evaluates on rows that are in no table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import URL, Connection

from pytest_supaseed.model.schema import Table
from pytest_supaseed.reflection.catalog import reflect
from pytest_supaseed.repair.evaluate import Evaluation
from tests.servers import run, schema_of

DDL = """
CREATE FUNCTION fails(x int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS
$$ BEGIN IF x = 13 THEN RAISE EXCEPTION 'unlucky'; END IF; RETURN x > 0; END $$;
CREATE DOMAIN short AS text CHECK (length(VALUE) < 4);
CREATE TABLE "Odd %s" (
    id serial PRIMARY KEY,
    a int CONSTRAINT one CHECK (fails(a)),
    "b c" text DEFAULT 'x',
    d date,
    e date,
    f int[],
    g int GENERATED ALWAYS AS (a * 2) STORED,
    h short,
    CONSTRAINT two CHECK ("b c" <> '%' OR a % 2 = 0),
    CONSTRAINT three CHECK (d < e),
    CONSTRAINT four CHECK (g < 100),
    CONSTRAINT five CHECK (cardinality(f) = 2),
    CONSTRAINT six CHECK (h IS DISTINCT FROM 'no')
);
"""


@contextmanager
def evaluation(database: URL, ddl: str = DDL) -> Iterator[tuple[Evaluation, Table, Connection]]:
    with schema_of(database, ddl) as connection:
        [table] = reflect(connection).tables
        yield Evaluation(connection, table), table, connection


def test_each_row_is_judged_by_each_check(empty_database: URL) -> None:
    rows = [
        {"a": 1, "b c": "y", "d": date(2024, 1, 1), "e": date(2024, 1, 2), "f": [1, 2], "h": "yes"},
        {"a": -1, "b c": "%", "d": date(2024, 1, 2), "e": date(2024, 1, 1), "f": [1], "h": "no"},
        {"a": None, "b c": None, "d": None, "e": None, "f": None, "h": None},
        {"a": 51},
        {"a": 13},
        {"a": 2, "h": "longer"},
        {},
    ]
    with evaluation(empty_database) as (evaluate, table, connection):
        refused = evaluate.refused_by(rows, table.checks)
        assert [{check.name for check in checks} for checks in refused] == [
            set(),
            {"one", "two", "three", "five", "six"},
            set(),
            {"four"},
            {"one"},  # the one that cannot be evaluated, not the others
            set(),  # the domain's own CHECK is asked by itself
            set(),
        ]
        assert run(connection, "SELECT 1") == [(1,)]


def test_what_stands_in_the_way_of_evaluating_is_told(empty_database: URL) -> None:
    with evaluation(empty_database) as (evaluate, table, connection):
        [one] = [check for check in table.checks if check.name == "one"]
        assert evaluate.failure({"a": 13}, one) == "unlucky"
        assert evaluate.failure({"a": -1}, one) is None
        assert run(connection, "SELECT 1") == [(1,)]


def test_a_check_that_can_be_evaluated_for_no_row_is_not_asked_for_each(empty_database: URL) -> None:
    with evaluation(empty_database) as (evaluate, table, connection):
        [one] = [check for check in table.checks if check.name == "one"]
        run(connection, "CREATE SEQUENCE asked")
        run(connection, "CREATE OR REPLACE FUNCTION fails(x int) RETURNS boolean LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM nextval('asked'); RAISE EXCEPTION 'always'; END $$")  # fmt: skip
        assert evaluate.refused_by([{"a": 1}] * 5_000, [one]) == [(one,)] * 5_000
        assert run(connection, "SELECT last_value < 200 FROM asked") == [(True,)]


def test_only_the_columns_that_are_used_are_cast(empty_database: URL) -> None:
    with evaluation(empty_database) as (evaluate, table, _):
        [three] = [check for check in table.checks if check.name == "three"]
        assert evaluate.refused_by([{"a": "no number", "d": "2024-01-02", "e": "2024-01-01"}], [three]) == [
            (three,)
        ]


def test_a_default_stands_for_a_value_that_is_left_to_it(empty_database: URL) -> None:
    ddl = "CREATE TABLE t (a int, b text DEFAULT 'x', CONSTRAINT c CHECK (a > 0 OR b <> 'x'))"
    with evaluation(empty_database, ddl) as (evaluate, table, _):
        rows = [{"a": 0}, {"a": 0, "b": "y"}, {"a": 0, "b": None}]
        assert [bool(refused) for refused in evaluate.refused_by(rows, table.checks)] == [True, False, False]


def test_no_number_is_taken_from_a_sequence(empty_database: URL) -> None:
    ddl = "CREATE TABLE t (id serial, CONSTRAINT c CHECK (id > 1))"
    with evaluation(empty_database, ddl) as (evaluate, table, connection):
        assert evaluate.refused_by([{}], table.checks) == [()]
        assert run(connection, "SELECT is_called FROM t_id_seq") == [(False,)]


def test_a_check_of_the_whole_row(empty_database: URL) -> None:
    ddl = "CREATE TABLE t (a int, b int, CONSTRAINT c CHECK (num_nulls(VARIADIC ARRAY[a, b]) = 1))"
    with evaluation(empty_database, ddl) as (evaluate, table, _):
        assert [
            len(refused) for refused in evaluate.refused_by([{"a": 1}, {"a": 1, "b": 2}], table.checks)
        ] == [0, 1]


def test_values_are_computed_from_others(empty_database: URL) -> None:
    ddl = "CREATE TABLE t (price numeric(8,2), quantity int, total numeric(8,2), a date, b date, c int[])"
    with evaluation(empty_database, ddl) as (evaluate, _, _):
        rows = [{"price": "2.50", "quantity": 4}, {"price": None, "quantity": 4}]
        assert evaluate.computed(rows, "total", "price * quantity::numeric") == ["10.00", None]
        assert evaluate.computed(rows[:1], "total", "price", 1) == ["3.50"]
        assert evaluate.computed([{"a": "2024-02-28"}], "b", "a", 1) == ["2024-02-29"]
        assert evaluate.computed([{"a": "2024-02-28"}], "b", "a", -1) == ["2024-02-27"]
        assert evaluate.computed([{"quantity": 1}, {"quantity": 0}], "quantity", "1 / quantity") == [
            "1",
            None,
        ]


def test_a_table_without_columns_has_nothing_to_judge(empty_database: URL) -> None:
    with evaluation(empty_database, "CREATE TABLE t (CONSTRAINT c CHECK (false))") as (evaluate, table, _):
        assert evaluate.refused_by([{}, {}], table.checks) == [table.checks, table.checks]
