"""Numbers by unit and measure, in tables of each subject: what a name says, and that the numbers keep to it."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from pytest_supaseed.model.identifiers import spelt
from pytest_supaseed.values.meanings.endings import Endings, lines
from pytest_supaseed.values.meanings.measures import MEASURED, measured, of_unit
from test_column_values import checked, made, typed

# Table, column, type, least and greatest number.
CASES: list[tuple[str, str, str, float, float]] = [
    # A clinic.
    ("vitals", "systolic", "int4", 100, 145),
    ("vitals", "bp_systolic_mmhg", "int2", 100, 145),
    ("vital_sign", "systolic_bp", "int2", 100, 145),
    ("vital_sign", "diastolic_bp", "int2", 60, 90),
    ("observations", "diastolic_pressure", "int4", 60, 90),
    ("vitals", "diastolic", "int4", 60, 90),
    ("vitals", "bloodPressureDiastolic", "int4", 60, 90),
    ("vitals", "temperature_c", "numeric", 36, 39),
    ("vitals", "temperature_f", "numeric", 97, 102),
    ("vitals", "spo2", "numeric", 93, 100),
    ("vitals", "oxygen_saturation", "int4", 93, 100),
    ("vitals", "respiratory_rate", "int4", 12, 20),
    ("patients", "bmi", "numeric", 18, 35),
    ("patients", "weight_lbs", "numeric", 100, 250),
    ("patients", "height", "int4", 150, 200),
    ("prescriptions", "refills", "int4", 0, 5),
    ("prescriptions", "days_supply", "int4", 7, 90),
    ("appointments", "copay_cents", "int4", 1000, 5000),
    # A shop.
    ("products", "weight_grams", "int4", 40, 4800),
    ("products", "warranty_months", "int4", 6, 36),
    ("order_items", "vat_rate", "numeric", 0, 21),
    ("coupons", "discount_percent", "int4", 5, 50),
    ("shipments", "length_cm", "numeric", 5, 80),
    # A service on the web.
    ("invoices", "tax_rate_bps", "int4", 500, 2100),
    ("webhooks", "timeout_ms", "int4", 1000, 30000),
    ("webhook_deliveries", "response_status", "int4", 200, 503),
    ("deployments", "exit_code", "int4", 0, 137),
    ("tasks", "story_points", "int4", 1, 13),
    ("support_tickets", "nps_score", "int4", 0, 10),
    ("images", "width", "int4", 640, 3840),
    ("plans", "trial_days", "int4", 0, 30),
    # A school, a library.
    ("exam_results", "marks_obtained", "numeric", 50, 100),
    ("students", "grade_level", "int4", 1, 12),
    ("classes", "capacity", "int4", 18, 40),
    ("books", "pages", "int4", 90, 720),
    ("invoices", "page_count", "int4", 1, 24),
    # Transport.
    ("vessels", "length_m", "numeric", 85, 370),
    ("vehicles", "engine_rpm", "int4", 750, 4200),
    ("vehicles", "tire_pressure_psi", "numeric", 28, 42),
    ("containers", "setpoint_c", "numeric", -22, 14),
    ("tracking_events", "heading_degrees", "int4", 0, 359),
    ("warehouses", "area_sqm", "int4", 800, 24000),
    # Music, games, hotels, property, banks.
    ("tracks", "duration_ms", "int4", 100_000, 420_000),
    # Amounts in cents are those of the amount.
    ("books", "list_price_cents", "int4", 600, 4_500),
    ("leases", "monthly_rent_cents", "int4", 65_000, 380_000),
    ("fines", "daily_rate_cents", "int4", 10, 50),
    ("loan_applications", "requested_amount", "numeric", 2_000, 80_000),
    ("releases", "minor", "int4", 0, 20),
    ("deals", "amount", "numeric", 1_500, 90_000),
    ("organizations", "fee_percent", "numeric", 1, 12),
    ("tracks", "bpm", "int4", 60, 180),
    ("albums", "total_tracks", "int4", 8, 16),
    ("players", "elo_rating", "int4", 800, 2400),
    ("hotels", "star_rating", "numeric", 2, 5),
    ("rooms", "temperature_setpoint_c", "numeric", 19, 23),
    ("properties", "price", "numeric", 100_000, 1_000_000),
    ("properties", "bathrooms", "numeric", 1, 3),
    ("cards", "apr", "numeric", 14, 30),
    ("loans", "apr", "numeric", 1, 10),
    ("rides", "rate_per_km", "numeric", 0.3, 2.4),
    ("ads", "cost_per_click", "numeric", 0.1, 3.6),
    ("loans", "annual_rate_pct", "numeric", 1, 10),
    ("cards", "expires_year", "int2", 2026, 2031),
    ("cards", "expires_month", "int2", 1, 12),
    ("room_types", "bed_count", "int2", 1, 4),
    ("wards", "bed_count", "int4", 2, 48),
    ("guests", "total_stays", "int4", 0, 24),
    ("customers", "fico_score", "int4", 580, 840),
    # Sensors.
    ("readings", "co2_ppm", "int4", 400, 1400),
    ("readings", "pressure_hpa", "numeric", 980, 1040),
    ("readings", "ph", "numeric", 5, 9),
    ("devices", "rssi", "int4", -98, -46),
    ("devices", "battery_voltage_mv", "int4", 3300, 4200),
    # By the unit alone.
    ("things", "gadget_ms", "int4", 12, 1900),
    ("things", "gadget_pct", "numeric", 0, 100),
    ("things", "gadget_px", "int4", 16, 512),
    ("things", "gadget_km", "numeric", 1, 480),
]


@pytest.mark.parametrize(("table", "name", "kind", "first", "last"), CASES)
def test_numbers_of_a_measure(table: str, name: str, kind: str, first: float, last: float) -> None:
    values = made(name, typed(kind), table)
    assert all(Decimal(str(first)) <= Decimal(str(value)) <= Decimal(str(last)) for value in values), values
    assert len(set(values)) > 2


def test_a_check_limits_what_a_measure_says() -> None:
    values = made("systolic", typed("int4"), "vitals", checks=checked("(systolic > 120)", "systolic"))
    assert all(120 < value <= 142 for value in values)


def test_a_word_that_changes_no_number_is_left_out() -> None:
    assert measured("_bmi_current_", ()) == measured("_bmi_", ())
    assert measured("_c_17_", ()) is None
    assert of_unit("_distance_flown_km_") == of_unit("_km_")


def test_every_range_can_be_read() -> None:
    for line in MEASURED.declared:
        about = {part for entity in line.entities for part in re.split("(?=@)", entity)} | line.entities
        plausible = MEASURED.find(f"_{line.names[0].lstrip('^')}_", about)
        assert plausible is not None
        assert plausible.first <= plausible.last, line
        assert not plausible.few or {plausible.first, plausible.last} <= set(plausible.few)


def test_names_are_declared_as_they_are_looked_up() -> None:
    for name in (name.lstrip("^") for line in MEASURED.declared for name in line.names):
        assert spelt(name) == f"_{name}_", f"write ~{name}"


def test_no_name_is_declared_twice_for_one_entity() -> None:
    seen = set()
    for line in MEASURED.declared:
        for name in line.names:
            for entity in line.entities or {""}:
                assert (name, entity) not in seen, (name, entity)
                seen.add((name, entity))


def test_declarations_are_read_line_by_line() -> None:
    text = "a b_c ~g_pct [d @e]: 1 2\n 3\n^f: 4\n"
    assert [(line.names, sorted(line.entities), line.text) for line in lines(text)] == [
        (("a", "b_c", "g_percent"), ["@e", "d"], "1 2 3"),
        (("^f",), [], "4"),
    ]


@pytest.mark.parametrize(
    ("words", "about", "expected"),
    [
        ("_x_b_c_", {"d"}, "entity"),
        ("_x_b_c_", set(), "any"),
        ("_c_", {"d"}, "short"),
        ("_x_c_", set(), "short"),
        ("_f_", set(), "whole"),
        ("_x_f_", set(), None),
    ],
)
def test_the_longest_ending_that_fits_counts(words: str, about: set[str], expected: str | None) -> None:
    endings = Endings(("b_c: any\nb_c [d]: entity\nc: short\n^f: whole\n",), str)
    assert endings.find(words, about) == expected
