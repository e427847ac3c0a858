"""Intervals: how long PostgreSQL's texts of them are, and those that are drawn within limits."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg2 import sql
from sqlalchemy import URL, create_engine

from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.constraints.literals import NoConstantError, duration
from pytest_supaseed.model.schema import Column, ColumnType
from pytest_supaseed.reflection.queries import fetch
from pytest_supaseed.values.types.date_time import interval, longer

TEXTS = {
    "00:15:00": timedelta(minutes=15),
    "-00:00:01.5": timedelta(seconds=-1.5),
    "1 day": timedelta(days=1),
    "-1 days +02:03:00": timedelta(days=-1, hours=2, minutes=3),
    "1 mon": timedelta(days=30),
    "1 year 2 mons 3 days 04:05:06.789": timedelta(days=423, hours=4, minutes=5, seconds=6.789),
    "100:00:00": timedelta(hours=100),
}


@pytest.mark.parametrize("text", TEXTS)
def test_how_long_it_is(text: str) -> None:
    assert duration(text) == TEXTS[text]


def test_postgresql_says_the_same(empty_database: URL) -> None:
    engine = create_engine(empty_database)
    with engine.connect() as connection:
        for text, length in TEXTS.items():
            asked = f"SELECT interval '{text}' = interval '{length.total_seconds()} seconds', interval '{text}'::text"
            assert fetch(connection, sql.SQL(asked)) == [(True, text)]
    engine.dispose()


@pytest.mark.parametrize(
    "text", ["", "P1D", "1-2", "infinity", "@ 1 day", "1 fortnight", "1 day 2", "999999999999 days"]
)
def test_what_is_no_text_of_an_interval(text: str) -> None:
    with pytest.raises(NoConstantError):
        duration(text)


_LENGTHS = st.integers(-(10**7), 10**9).map(lambda seconds: timedelta(seconds=seconds))


@given(st.tuples(_LENGTHS, _LENGTHS).map(sorted), st.integers())
def test_one_that_is_drawn_is_within_its_limits(limits: list[timedelta], seed: int) -> None:
    column = Column("lasts", ColumnType("interval", "interval"))
    for domain in (
        ValueDomain(earliest=limits[0], latest=limits[1]),
        ValueDomain(earliest=limits[0]),
        ValueDomain(latest=limits[1]),
    ):
        found = interval(column.type, domain, Random(seed))
        assert isinstance(found, timedelta)
        assert domain.earliest is None or found >= domain.earliest
        assert domain.latest is None or found <= domain.latest


@pytest.mark.parametrize(
    ("spelling", "unit"),
    [("interval year", "years"), ("interval year to month", "months"), ("interval hour", "hours")],
)
def test_one_of_some_fields_is_written_in_them(spelling: str, unit: str) -> None:
    domain = ValueDomain(earliest=timedelta(days=1000), latest=timedelta(days=4000))
    found = interval(ColumnType(spelling, "interval"), domain, Random(1))
    assert isinstance(found, str)
    assert found.split(" ")[1] in (unit, "years")
    days = {"years": 360, "months": 30, "hours": 1 / 24}[found.split(" ")[1]]
    assert 1000 <= int(found.split(" ")[0]) * days <= 4000


@pytest.mark.parametrize(
    "spelling", ["year", "year to month", "month", "day", "day to hour", "hour to second"]
)
def test_one_has_the_fields_of_its_column(spelling: str) -> None:
    column = Column("lasts", ColumnType(f"interval {spelling}(2)", "interval"))
    made = interval(column.type, ValueDomain(), Random("interval"))
    assert isinstance(made, str)
    units = {"year": 0, "month": 1, "mon": 1, "day": 2, "hour": 3, "minute": 4, "second": 5}
    used = [units[word.rstrip("s")] for word in made.split()[1::2]]
    assert used[0] == units[spelling.split()[0]]
    assert used[-1] <= units[spelling.split()[-1]]


@pytest.mark.parametrize("text", ["interval", "interval(3)"])
def test_most_have_all_fields(text: str) -> None:
    column = Column("lasts", ColumnType(text, "interval"))
    assert isinstance(interval(column.type, ValueDomain(), Random(0)), timedelta)


def test_a_longer_one() -> None:
    assert longer("3 years 2 mons", 5) == "8 years 2 mons"
