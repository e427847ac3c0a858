"""What numbers measure: a name that each measure is for, its numbers, and other measures that the name would have."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pytest_supaseed.model.identifiers import spelt
from pytest_supaseed.values.meanings.numbers import MEASURES, is_amount, is_ordinal, measure_of
from test_column_values import made, typed

# In the order of MEASURES: measure, column, least and greatest number, later measures of the same name.
CASES: list[tuple[str, str, float, float, tuple[str, ...]]] = [
    ("latitude", "lat", -60, 70, ()),
    ("longitude", "lng", -170, 170, ()),
    ("HTTP status", "status_code", 100, 599, ()),
    ("amount in minor units", "total_cents", 500, 50000, ("amount",)),
    ("percentage", "battery_level", 0, 100, ("priority",)),
    ("tax or interest rate", "tax_rate", 0, 25, ("fee", "rate")),
    ("heart rate", "heart_rate", 60, 160, ("rate",)),
    ("body temperature", "body_temperature", 36.2, 39.5, ("temperature",)),
    ("exchange rate", "exchange_rate", 0.5, 2, ("rate",)),
    ("pay or price for a time", "hourly_rate", 15, 120, ("rate",)),
    ("limit of a rate", "rate_limit", 10, 1000, ("rate",)),
    ("ratio", "probability", 0, 1, ()),
    ("discount", "discount", 0, 0.3, ()),
    ("grade point average", "gpa", 1, 4, ()),
    ("rating", "stars", 1, 5, ()),
    ("salary", "salary", 30000, 150000, ()),
    ("budget", "budget", 10000, 5000000, ()),
    ("balance", "account_balance", 100, 20000, ()),
    ("fee", "delivery_fee", 1, 50, ()),
    ("amount", "price", 5, 500, ()),
    ("flag", "is_active", 0, 1, ()),
    ("stock", "stock", 0, 200, ()),
    ("quantity", "quantity", 1, 10, ()),
    ("population", "population", 5000, 900000, ()),
    ("employees", "headcount", 5, 800, ()),
    ("reactions", "likes", 0, 5000, ()),
    ("downvotes", "downvotes", 0, 300, ()),
    ("guests", "guests", 1, 6, ()),
    ("capacity", "capacity", 2, 200, ()),
    ("attempts", "attempts", 0, 5, ()),
    ("pages", "page_count", 90, 700, ("count",)),
    ("count", "comment_count", 0, 50, ()),
    ("age", "age", 18, 90, ()),
    ("year of birth", "birth_year", 1950, 2005, ("year",)),
    ("year of expiry", "expiry_year", 2026, 2032, ("year",)),
    ("year of foundation", "founded", 1980, 2023, ()),
    ("year", "model_year", 1990, 2025, ()),
    ("month", "month", 1, 12, ()),
    ("weekday", "day_of_week", 0, 6, ("day of a month",)),
    ("day of a month", "day", 1, 28, ()),
    ("hour", "opening_hour", 0, 23, ()),
    ("rate", "growth_rate", 0, 100, ()),
    ("size of a file", "file_size", 1000, 5000000, ("length",)),
    ("height of a person", "height_cm", 150, 200, ("length",)),
    ("weight of a person", "weight_kg", 48, 110, ("weight",)),
    ("weight", "weight", 0.1, 50, ()),
    ("length", "length", 1, 200, ()),
    ("elevation", "elevation", 10, 3000, ()),
    ("distance", "distance", 1, 300, ()),
    ("mileage", "mileage", 500, 150000, ()),
    ("temperature", "temperature", -10, 40, ()),
    ("milliseconds", "milliseconds", 120000, 420000, ()),
    ("latency", "latency", 5, 900, ()),
    ("time for a meal or text", "prep_time", 3, 60, ()),
    ("duration", "duration", 5, 240, ()),
    ("estimate", "estimate", 1, 13, ()),
    ("hours or days", "nights", 1, 30, ()),
    ("edition", "edition", 1, 12, ()),
    ("number of a track", "track_number", 1, 16, ()),
    ("calories", "calories", 80, 900, ()),
    ("goals", "goals", 0, 20, ()),
    ("shirt number", "jersey", 1, 99, ()),
    ("doors", "doors", 3, 5, ()),
    ("decimals", "decimals", 2, 2, ()),
    ("area", "area", 20, 400, ()),
    ("priority", "severity", 1, 5, ()),
    ("place in an order", "position", 1, 100, ()),
    ("port", "port", 1024, 49151, ()),
    ("version", "version", 1, 9, ()),
    ("postcode", "zip", 10000, 99999, ()),
    ("phone number", "phone", 2025550100, 2025550199, ()),
    ("rooms", "bedrooms", 1, 6, ()),
    ("depth of a tree", "generation", 0, 4, ()),
]


@pytest.mark.parametrize(("measure", "name", "first", "last", "later"), CASES)
def test_what_a_number_measures(
    measure: str, name: str, first: float, last: float, later: tuple[str, ...]
) -> None:
    words = spelt(name)
    found = measure_of(words)
    assert found is not None
    assert found.name == measure
    assert (
        tuple(other.name for other in MEASURES if other is not found and other.names.search(words)) == later
    )
    for number in made(name, typed("numeric")):
        assert Decimal(str(first)) <= number <= Decimal(str(last))


def test_every_measure_has_a_case() -> None:
    assert [case[0] for case in CASES] == [found.name for found in MEASURES]


def test_an_unknown_name_measures_nothing() -> None:
    assert measure_of("_c_17_") is None


@pytest.mark.parametrize(
    ("name", "amount", "ordinal"),
    [
        ("unitPrice", True, False),
        ("paper", False, False),
        ("line_no", False, True),
        ("sortOrder", False, True),
        ("note", False, False),
        ("itemCount", True, False),
    ],
)
def test_what_defaults_and_numbering_depend_on(name: str, amount: bool, ordinal: bool) -> None:
    assert (is_amount(name), is_ordinal(name)) == (amount, ordinal)
