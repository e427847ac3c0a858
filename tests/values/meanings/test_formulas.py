"""Numbers that follow from others of their row: a name that each is for, and the columns that it is derived from."""

from __future__ import annotations

import pytest

from builders import column
from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.model.schema import Column
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.formulas.derived import DERIVED, Amounts, derived_number
from pytest_supaseed.values.meanings.formulas.equations import formula
from pytest_supaseed.values.meanings.generation_order import columns_before
from test_column_values import table_of, typed

DATES = ("birth_date", "check_in", "check_out")
# In the order of DERIVED: number, column, columns before it, those that it is derived from, later numbers of the name.
CASES: list[tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = [
    ("numeric code of a country", "countries.numeric_code", ("code",), ("code",), ()),
    ("calling code of a country", "countries.dial_code", ("code",), ("code",), ()),
    ("minor units of a currency", "currencies.minor_units", ("code",), ("code",), ("quantity",)),
    ("latitude", "lat", ("city",), ("city",), ()),
    ("longitude", "lng", ("city", "lat"), ("city", "lat"), ()),
    ("age", "age", ("birth_date",), ("birth_date",), ()),
    ("body mass index", "bmi", ("weight_kg", "height_cm"), ("weight_kg", "height_cm"), ()),
    ("duration", "nights", ("check_in", "check_out"), ("check_in", "check_out"), ()),
    ("tax rate", "tax_rate", ("price",), (), ()),
    ("gross pay", "gross_pay", ("hours_worked", "hourly_rate"), ("hours_worked", "hourly_rate"), ()),
    ("deductions", "pension", ("gross_pay",), ("gross_pay",), ()),
    ("net pay", "net_pay", ("gross_pay", "tax", "pension"), ("gross_pay", "tax", "pension"), ()),
    ("charge", "fuel_cost", ("liters", "price_per_liter"), ("liters", "price_per_liter"), ("cost",)),
    ("later reading", "end_odometer", ("start_odometer",), ("start_odometer",), ()),
    (
        "between two readings",
        "distance_km",
        ("start_odometer", "end_odometer"),
        ("end_odometer", "start_odometer"),
        (),
    ),
    ("outgoing", "issued", ("opening_stock",), ("opening_stock",), ()),
    ("closing", "closing_stock", ("opening_stock", "issued"), ("opening_stock", "issued"), ()),
    (
        "variance",
        "variance",
        ("counted_quantity", "expected_quantity"),
        ("counted_quantity", "expected_quantity"),
        (),
    ),
    (
        "sum of kinds",
        "total_hours",
        ("regular_hours", "overtime_hours"),
        ("regular_hours", "overtime_hours"),
        (),
    ),
    ("quantity", "quantity", ("price",), (), ()),
    (
        "share of a whole",
        "progress",
        ("total_tasks", "completed_tasks"),
        ("completed_tasks", "total_tasks"),
        (),
    ),
    ("rest of a whole", "available_seats", ("capacity", "booked_seats"), ("capacity", "booked_seats"), ()),
    ("part of a whole", "used_storage", ("storage_quota",), ("storage_quota",), ()),
    ("subtotal", "subtotal", ("quantity", "unit_price"), ("quantity", "unit_price"), ()),
    ("discount", "discount", ("unit_price",), ("unit_price",), ()),
    ("tax", "tax", ("subtotal", "tax_rate"), ("subtotal", "tax_rate"), ()),
    (
        "total",
        "total",
        ("subtotal", "tax", "shipping", "discount"),
        ("subtotal", "tax", "shipping", "discount"),
        (),
    ),
    ("total of a line", "amount", ("quantity", "unit_price"), ("quantity", "unit_price"), ()),
    (
        "sum of parts",
        "amount",
        ("principal_part", "interest_part"),
        ("principal_part", "interest_part"),
        (),
    ),
    ("amount paid", "amount_paid", ("total",), ("total",), ()),
    ("amount due", "amount_due", ("total", "amount_paid"), ("total", "amount_paid"), ()),
    (
        "volume",
        "volume_cm3",
        ("length_cm", "width_cm", "height_cm"),
        ("length_cm", "width_cm", "height_cm"),
        (),
    ),
    ("profit", "profit", ("revenue", "costs"), ("revenue", "costs"), ()),
    ("price for a year", "price_yearly", ("price",), ("price",), ()),
    ("cost", "cost", ("price",), ("price",), ()),
    ("reduced price", "sale_price", ("price",), ("price",), ()),
    ("former price", "compare_at_price", ("price",), ("price",), ()),
]


def context_of(name: str, before: tuple[str, ...]) -> Context:
    of_table, _, name = name.rpartition(".")
    columns = [
        column(other, "date")
        if other in DATES
        else column(other)
        if other in ("city", "code")
        else Column(other, typed("numeric", precision=12, scale=2))
        for other in (*before, name)
    ]
    table = table_of(of_table or "things", *columns)
    # The others are given, so that they may be used whatever the order in which columns are generated.
    of = table.column(name)
    return Context(table, of, ValueDomain(), columns_before(table, of, before))


@pytest.mark.parametrize(("number", "name", "before", "follows", "later"), CASES)
def test_a_number_follows_from_columns_of_its_row(
    number: str, name: str, before: tuple[str, ...], follows: tuple[str, ...], later: tuple[str, ...]
) -> None:
    context = context_of(name, before)
    amounts = Amounts(context)
    found = derived_number(amounts)
    assert found is not None
    assert found.name == number
    assert (
        tuple(
            other.name
            for other in DERIVED
            if other is not found and other.is_named(context.words, amounts.words) and other.suits(amounts)
        )
        == later
    )
    derived = formula(context)
    assert (derived.uses if derived is not None else ()) == follows


def test_every_derived_number_has_a_case() -> None:
    assert [case[0] for case in CASES] == [found.name for found in DERIVED]


def test_amounts_follow_from_those_in_the_same_unit() -> None:
    found = formula(context_of("total_cents", ("subtotal", "subtotal_cents", "tax_cents", "tax")))
    assert found is not None
    assert found.uses == ("subtotal_cents", "tax_cents")


def test_the_price_that_others_follow_is_not_derived() -> None:
    assert formula(context_of("price", ("quantity",))) is None


@pytest.mark.parametrize("name", ["weight", "amount"])
def test_a_number_that_follows_from_none(name: str) -> None:
    assert formula(context_of(name, ("price",))) is None
