"""Casts to types with modifiers: those that change nothing are told, as PostgreSQL has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg2 import sql
from sqlalchemy import URL, create_engine

from pytest_supaseed.constraints.literals import constant
from pytest_supaseed.constraints.nodes import Cast
from pytest_supaseed.constraints.parser import parse
from pytest_supaseed.model.type_families import NUMERIC
from pytest_supaseed.reflection.queries import fetch

CASTS = [
    ("'eu'", "character varying(10)", "character varying", True),
    ("'eu'", "character varying(2)", "character varying", True),
    ("'asia'", "character varying(2)", "character varying", False),
    ("'ab '", "character(3)", "bpchar", True),
    ("'abcd'", "character(3)", "bpchar", False),
    ("'2020-01-01 00:00:00'", "timestamp(6) without time zone", "timestamp", True),
    ("'2020-01-01 00:00:00.5'", "timestamp(0) without time zone", "timestamp", False),
    ("'2020-01-01 00:00:00.25+00'", "timestamp(2) with time zone", "timestamptz", True),
    ("'10:00:00.125'", "time(3) without time zone", "time", True),
    ("'10:00:00.125'", "time(2) without time zone", "time", False),
    ("'2 days 03:00:00.5'", "interval(1)", "interval", True),
    ("'2 days 03:00:00.5'", "interval(0)", "interval", False),
    ("'2 days 03:00:00.5'", "interval day to minute", "interval", False),
    ("'2 days 03:00:00.5'", "interval day to second", "interval", True),
    ("'2 days 03:00:00.5'", "interval day to second(0)", "interval", False),
    ("'2 days 03:00:00.5'", "interval second(3)", "interval", True),
    ("'101'", "bit(3)", "bit varying", True),
    ("'1011'", "bit(3)", "bit varying", False),
    ("'10'", "bit varying(5)", "bit varying", True),
    ("'100.50'", "numeric(10,2)", "numeric", True),
    ("100.5", "numeric(4,1)", "numeric", True),
    ("'100.505'", "numeric(10,2)", "numeric", False),
    ("'-12.5'", "numeric(3,1)", "numeric", True),
    ("'7.5'", "numeric(3)", "numeric", False),
    ("'{ab,cd}'", "character varying(10)[]", "character varying[]", True),
    ("'{ab,abcd}'", "character varying(2)[]", "character varying[]", False),
]


@pytest.mark.parametrize(("literal", "type_name", "plain", "unchanged"), CASTS)
def test_what_a_cast_leaves_as_it_is(literal: str, type_name: str, plain: str, unchanged: bool) -> None:
    node = parse(f"{literal}::{type_name}")
    assert isinstance(node, Cast)
    assert node.modified is not unchanged
    of_column = parse(f"(a)::{type_name}")
    assert isinstance(of_column, Cast)
    assert of_column.modified


def test_postgresql_says_the_same(empty_database: URL) -> None:
    engine = create_engine(empty_database)
    with engine.connect() as connection:
        for literal, type_name, plain, unchanged in CASTS:
            asked = f"SELECT {literal}::{type_name} = {literal}::{plain}"
            [(same,)] = fetch(connection, sql.SQL(asked))
            assert same is unchanged, asked
    engine.dispose()


@pytest.mark.parametrize("cast", ["'NaN'::numeric(3)", "'[1,2]'::vector(2)", "'x'::geometry(Point,4326)"])
def test_what_is_not_known_may_change(cast: str) -> None:
    node = parse(cast)
    assert isinstance(node, Cast)
    assert node.modified


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-9999, max_value=9999))
def test_a_number_that_fits_is_a_constant(number: object) -> None:
    node = parse(f"'{number}'::numeric(7,3)")
    assert constant(node, NUMERIC) == number
