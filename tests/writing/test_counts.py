"""Expected and actual counts, compared and drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg2 import extensions
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import NullPool

from builders import name_of, schema, table
from pytest_supaseed.errors import CountError
from pytest_supaseed.model.schema import Schema, TableName
from pytest_supaseed.reflection.catalog import reflect
from pytest_supaseed.reflection.queries import integers
from pytest_supaseed.writing.counts import (
    ExpectedCounts,
    Reason,
    check_counts,
    comparison,
    counting_query,
    row_counts,
)
from servers import run, schema_of

CAMP = schema(table("users"), table("setups"), table("auth.users"), table("gear"))


def counts(numbers: dict[str, int]) -> dict[TableName, int]:
    return {name_of(spelling): number for spelling, number in numbers.items()}


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ({}, {}),
        ({"users": 5}, {"users": 5}),
        ({"users": 0}, {"users": 0}),
        # What nobody expects anything of is not compared.
        ({"users": 5}, {"users": 5, "setups": 3}),
        ({}, {"users": 5}),
    ],
)
def test_equal_counts_are_not_drawn(expected: dict[str, int], actual: dict[str, int]) -> None:
    assert comparison(CAMP, counts(expected), counts(actual)) == ""
    check_counts(CAMP, counts(expected), counts(actual), Reason("The counts differ:", "do something"))


@pytest.mark.parametrize(
    ("expected", "actual", "drawn"),
    [
        (
            {"users": 5, "setups": 8},
            {"users": 5, "setups": 7},
            [
                "  table   expected  actual",
                "  users          5       5",
                "  setups         8       7  <--",
            ],
        ),
        # More is as wrong as less; tables without rows are left out.
        (
            {"users": 5, "setups": 8, "gear": 0},
            {"users": 6, "setups": 62342, "gear": 0},
            [
                "  table   expected  actual",
                "  users          5       6  <--",
                "  setups         8   62342  <--",
            ],
        ),
        (
            {"users": 0, "gear": 1},
            {"users": 2, "gear": 0},
            [
                "  table  expected  actual",
                "  users         0       2  <--",
                "  gear          1       0  <--",
            ],
        ),
        # A table that is gone has no rows.
        (
            {"users": 1},
            {},
            ["  table  expected  actual", "  users         1       0  <--"],
        ),
        (
            {"auth.users": 10, "users": 1},
            {"auth.users": 100, "users": 1},
            [
                "  table       expected  actual",
                "  auth.users        10     100  <--",
                "  users              1       1",
            ],
        ),
        (
            {"users": 123456789, "gear": 1},
            {"users": 1, "gear": 123456789},
            [
                "  table  expected  actual",
                "  users  123456789       1  <--",
                "  gear          1  123456789  <--",
            ],
        ),
    ],
)
def test_counts_that_differ_are_marked(
    expected: dict[str, int], actual: dict[str, int], drawn: list[str]
) -> None:
    assert comparison(CAMP, counts(expected), counts(actual)).splitlines() == drawn


def test_no_column_is_narrower_than_its_title() -> None:
    drawn = comparison(schema(table("a")), counts({"a": 1}), counts({"a": 2}))
    assert drawn.splitlines() == ["  table  expected  actual", "  a             1       2  <--"]


@pytest.mark.parametrize(
    ("advice", "after"),
    [
        ("", ""),
        ("do something", "\ndo something"),
        ("do something,\nand more", "\ndo something,\nand more"),
    ],
)
def test_reason_and_advice_stand_around_the_table(advice: str, after: str) -> None:
    with pytest.raises(CountError) as caught:
        check_counts(CAMP, counts({"users": 5}), counts({"users": 4}), Reason("The counts differ:", advice))
    assert str(caught.value) == (
        f"The counts differ:\n  table  expected  actual\n  users         5       4  <--{after}"
    )


NUMBERS = st.dictionaries(st.sampled_from([t.label for t in CAMP.tables]), st.integers(0, 3))


@given(NUMBERS, NUMBERS)
def test_just_what_differs_is_marked(expected: dict[str, int], actual: dict[str, int]) -> None:
    actual = {**dict.fromkeys(expected, 0), **actual}
    lines = comparison(CAMP, counts(expected), counts(actual)).splitlines()
    different = [label for label, number in expected.items() if actual[label] != number]
    assert bool(lines) == bool(different)
    if lines:
        shown = {line.split()[0]: line.split()[1:] for line in lines[1:]}
        assert list(shown) == [label for label, number in expected.items() if number or actual[label]]
        for label, cells in shown.items():
            mark = ["<--"] if label in different else []
            assert cells == [str(expected[label]), str(actual[label]), *mark]


def test_no_tables_are_no_problem() -> None:
    check_counts(Schema(), {}, {}, Reason(""))


NUMBERS_OF_CAMP = {"users": 5, "setups": 8, "auth.users": 10, "gear": 0}
EXPECTED = ExpectedCounts(CAMP, counts(NUMBERS_OF_CAMP))


def in_order(numbers: dict[str, int]) -> list[int]:
    """Counts as the query gives them."""
    return [numbers[table.label] for table in CAMP.tables]


def test_counts_that_are_expected_are_no_difference() -> None:
    found = in_order(NUMBERS_OF_CAMP)
    assert EXPECTED.comparison(found) == ""
    EXPECTED.check(found, lambda: pytest.fail("is only worded when it is needed"))


@pytest.mark.parametrize("change", [{"setups": 7}, {"gear": 1}, {"users": 0, "auth.users": 0}])
def test_counts_in_the_order_of_the_tables_are_compared_as_those_by_name(change: dict[str, int]) -> None:
    found = {**NUMBERS_OF_CAMP, **change}
    drawn = comparison(CAMP, counts(NUMBERS_OF_CAMP), counts(found))
    assert EXPECTED.comparison(in_order(found)) == drawn != ""
    with pytest.raises(CountError) as caught:
        EXPECTED.check(in_order(found), lambda: Reason("The counts differ:", "do something"))
    assert str(caught.value) == f"The counts differ:\n{drawn}\ndo something"


def test_counts_that_were_found_are_expected_from_then_on() -> None:
    found = {**NUMBERS_OF_CAMP, "setups": 7}
    taken = EXPECTED.taken(in_order(found))
    assert taken.expected == counts(found)
    assert taken.comparison(in_order(found)) == ""
    drawn = comparison(CAMP, counts(found), counts(NUMBERS_OF_CAMP))
    # Rows are in the order of the tables.
    assert sorted(taken.comparison(in_order(NUMBERS_OF_CAMP)).splitlines()) == sorted(drawn.splitlines())
    assert EXPECTED.expected == counts(NUMBERS_OF_CAMP)


@pytest.fixture
def connection(empty_database: URL) -> Iterator[Connection]:
    engine = create_engine(empty_database, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_rows_are_counted_as_a_query_counts_them(connection: Connection) -> None:
    connection.exec_driver_sql(
        "CREATE TABLE people (name text); CREATE TABLE staff () INHERITS (people); "
        "CREATE TABLE events (day int) PARTITION BY LIST (day); "
        "CREATE TABLE mondays PARTITION OF events FOR VALUES IN (1); "
        "CREATE TABLE others PARTITION OF events DEFAULT; "
        "INSERT INTO people VALUES ('a'); INSERT INTO staff VALUES ('b'), ('c'); "
        "INSERT INTO events VALUES (1), (1), (2), (3)"
    )
    tables = [table("staff"), table("people"), table("events", partitioned=True)]
    assert row_counts(connection, tables) == counts({"people": 3, "staff": 2, "events": 4})
    assert row_counts(connection, tables, own=True) == counts({"people": 1, "staff": 2, "events": 4})


def test_of_many_tables_those_that_were_never_written_to_have_no_rows(connection: Connection) -> None:
    ddl = """
    CREATE TABLE people (name text); CREATE TABLE staff () INHERITS (people); INSERT INTO staff VALUES ('b');
    CREATE TABLE events (day int) PARTITION BY LIST (day); CREATE TABLE others PARTITION OF events DEFAULT;
    INSERT INTO events VALUES (1);
    CREATE SCHEMA "O'Neill"; CREATE TABLE "O'Neill"."a %s" (n int); INSERT INTO "O'Neill"."a %s" VALUES (1);
    """
    ddl += "".join(f"CREATE TABLE t{number} (n int); " for number in range(9))
    ddl += """
    INSERT INTO t3 VALUES (1), (2); INSERT INTO t4 VALUES (1); DELETE FROM t4;
    INSERT INTO t5 VALUES (1); TRUNCATE t5; INSERT INTO t6 VALUES (1); TRUNCATE t6; INSERT INTO t6 VALUES (7);
    """
    run(connection, ddl)
    odd = TableName("O'Neill", "a %s")
    tables = [
        table("people"),
        table("staff"),
        table("events", partitioned=True),
        replace(table("odd"), name=odd),
        *(table(f"t{number}") for number in range(9)),
    ]
    filled = {"people": 1, "staff": 1, "events": 1, "t3": 2, "t6": 1}
    nothing = dict.fromkeys((f"t{number}" for number in range(9)), 0)
    assert row_counts(connection, tables) == {**counts(nothing | filled), odd: 1}
    assert row_counts(connection, tables, own=True)[name_of("people")] == 0


def test_counts_are_numbers_whatever_the_project_makes_of_an_array(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE people (name text); INSERT INTO people VALUES ('a')")
    # Of bigint[], for all cursors of the connection.
    texts = extensions.new_array_type((1016,), "TEXTS", extensions.UNICODE)
    extensions.register_type(texts, connection.connection.driver_connection)
    assert connection.exec_driver_sql("SELECT ARRAY[1]::bigint[]").scalar_one() == ["1"]
    assert row_counts(connection, [table("people")]) == counts({"people": 1})


FAMILIES = """
CREATE TABLE people (id serial PRIMARY KEY);
CREATE TABLE staff (salary int) INHERITS (people);
CREATE TABLE managers (bonus int) INHERITS (staff);
CREATE TABLE readings (id int NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE readings_1 PARTITION OF readings FOR VALUES FROM (1) TO (3);
CREATE TABLE readings_2 PARTITION OF readings FOR VALUES FROM (3) TO (9);
INSERT INTO people DEFAULT VALUES;
INSERT INTO staff SELECT FROM generate_series(1, 2);
INSERT INTO managers SELECT FROM generate_series(1, 4);
INSERT INTO readings SELECT generate_series(1, 8);
"""


def test_own_rows_of_tables_add_up_to_what_a_query_counts(empty_database: URL) -> None:
    with schema_of(empty_database, FAMILIES) as connection:
        schema = reflect(connection)
        own = row_counts(connection, schema.tables, own=True)
        found = row_counts(connection, schema.tables)
        queried = integers(connection.connection.cursor(), counting_query(schema.tables))
    assert own == counts({"people": 1, "staff": 2, "managers": 4, "readings": 8})
    assert queried == [found[each.name] for each in schema.tables]
    assert found == counts({"people": 7, "staff": 6, "managers": 4, "readings": 8}) == schema.with_heirs(own)
