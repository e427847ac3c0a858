"""Moments on weekdays and within office hours, where the name or the table says so."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from builders import column
from pytest_supaseed.values.meanings.moments import is_at_work
from test_column_values import checked, made, rows_of, table_of, typed


@pytest.mark.parametrize(
    ("table", "name", "working"),
    [
        ("appointments", "scheduled_at", True),
        ("appointments", "starts_at", True),
        ("invoices", "issue_date", True),
        ("invoices", "due_date", True),
        ("employees", "hire_date", True),
        ("orders", "delivered_at", True),
        ("interviews", "scheduled_at", True),
        ("orders", "placed_at", False),
        ("users", "last_login_at", False),
        ("appointments", "created_at", False),
        ("concerts", "starts_at", False),
    ],
)
def test_which_moments_are_at_work(table: str, name: str, working: bool) -> None:
    assert is_at_work(name, table.removesuffix("s")) is working


@pytest.mark.parametrize(("table", "name"), [("appointments", "scheduled_at"), ("orders", "delivered_at")])
def test_timestamps_lie_on_weekdays_in_office_hours(table: str, name: str) -> None:
    for value in made(name, typed("timestamptz"), table, 200):
        assert isinstance(value, datetime)
        assert value.weekday() < 5
        assert 8 <= value.hour < 18


def test_dates_lie_on_weekdays() -> None:
    values = made("issue_date", typed("date"), "invoices", 200)
    assert all(isinstance(value, date) and value.weekday() < 5 for value in values)
    assert {value.weekday() for value in values} == {0, 1, 2, 3, 4}


@pytest.mark.parametrize(
    ("table", "least", "most"), [("students", 7, 22), ("children", 1, 16), ("users", 19, 76)]
)
def test_births_suit_the_entity(table: str, least: int, most: int) -> None:
    ages = {2025 - value.year for value in made("date_of_birth", typed("date"), table, 100)}
    assert least <= min(ages)
    assert max(ages) <= most


def test_checks_come_before_weekdays() -> None:
    weekend = checked("((due_on >= '2025-06-07'::date) AND (due_on <= '2025-06-08'::date))", "due_on")
    values = made("due_on", typed("date"), "invoices", checks=weekend)
    assert {str(value) for value in values} == {"2025-06-07", "2025-06-08"}


def test_the_end_of_an_appointment_follows_its_start() -> None:
    table = table_of("appointments", column("starts_at", "timestamptz"), column("ends_at", "timestamptz"))
    assert all(row["starts_at"] < row["ends_at"] for row in rows_of(table, 200))


def test_what_happens_at_any_hour_keeps_its_nights_and_weekends() -> None:
    values = made("created_at", typed("timestamptz"), "appointments", 200)
    assert {value.weekday() for value in values} == {*range(7)}
    assert min(value.hour for value in values) < 6
