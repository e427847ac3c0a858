"""JSON documents by the names of their columns: their members, agreement within a row, and CHECKs that come first."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_supaseed.model.schema import Column
from pytest_supaseed.values.meanings.objects import NAMED, SHAPES
from test_column_values import checked, made, rows_of, table_of, typed

JSONB = typed("jsonb")


@pytest.mark.parametrize(
    ("table", "name", "members"),
    [
        ("stores", "opening_hours", {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}),
        ("users", "address", {"street", "city", "state", "postal_code", "country"}),
        ("orders", "shippingAddress", {"street", "city", "state", "postal_code", "country"}),
        ("users", "notification_preferences", {"email", "push", "sms", "digest"}),
        ("webhooks", "headers", {"content-type", "user-agent", "x-request-id"}),
        ("events", "payload", {"id", "type", "created_at", "data"}),
        ("places", "coordinates", {"lat", "lng"}),
        ("sites", "boundary", {"type", "coordinates"}),
        ("products", "dimensions", {"length", "width", "height", "unit"}),
        ("products", "attributes", {"color", "size", "material"}),
        ("patients", "emergency_contact", {"name", "relationship", "phone"}),
        ("members", "permissions", {"read", "write", "delete", "admin"}),
        ("things", "metadata", {"source", "version", "reference"}),
        ("jobs", "usage", {"users", "storage_gb", "api_calls"}),
        ("pages", "seo", {"title", "description"}),
        ("players", "stats", {"strength", "agility", "stamina"}),
        ("articles", "stats", {"views", "visitors", "conversions"}),
        ("players", "settings", {"volume", "quality", "invert_y", "sensitivity"}),
    ],
)
def test_members_of_objects(table: str, name: str, members: set[str]) -> None:
    assert all(value.keys() == members for value in made(name, JSONB, table))


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("invoices", "line_items"),
        ("posts", "tags"),
        ("products", "images"),
        ("tasks", "checklist"),
        ("jobs", "errors"),
        ("mails", "recipients"),
        ("hotels", "amenities"),
    ],
)
def test_arrays(table: str, name: str) -> None:
    assert all(isinstance(value, list) and value for value in made(name, JSONB, table))


def test_positions_are_on_land_that_is_known_and_polygons_are_closed() -> None:
    for value in made("coordinates", JSONB):
        assert -60 <= value["lat"] <= 70
        assert -180 <= value["lng"] <= 180
    for value in made("boundary", JSONB):
        assert value["coordinates"][0][0] == value["coordinates"][0][-1]


def test_amounts_of_lines_are_products() -> None:
    for value in made("line_items", JSONB, "invoices"):
        assert all(line["amount"] == line["quantity"] * line["unit_price"] for line in value)


@pytest.mark.parametrize(
    "names", [("old_values", "new_values", "changes"), ("changes", "new_values", "old_values")]
)
def test_values_before_and_after_a_change_are_of_the_same_fields(names: tuple[str, ...]) -> None:
    table = table_of("audit_logs", *(Column(name, JSONB) for name in names))
    for row in rows_of(table):
        old, new, changes = row["old_values"], row["new_values"], row["changes"]
        assert old.keys() == new.keys() == changes.keys()
        assert all(old[name] != new[name] for name in old)
        assert all(changes[name] == {"old": old[name], "new": new[name]} for name in old)


@pytest.mark.parametrize(
    ("check", "fits"),
    [
        ("(jsonb_typeof(settings) = 'array'::text)", lambda value: isinstance(value, list)),
        ("(jsonb_typeof(settings) = 'object'::text)", lambda value: isinstance(value, dict)),
        ("(settings ? 'plan'::text)", lambda value: "plan" in value),
    ],
)
def test_checks_come_before_names(check: str, fits: Any) -> None:
    assert all(fits(value) for value in made("settings", JSONB, checks=checked(check, "settings")))


def test_every_name_has_a_shape_and_every_shape_a_name() -> None:
    assert {line.text for line in NAMED.declared} == {*SHAPES}


def test_a_name_that_says_nothing_says_whether_there_are_several() -> None:
    assert all({*value} == {"name", "active", "value", "updated_on"} for value in made("c17", JSONB))
    assert all({*entry} == {"name", "active", "value"} for value in made("rollups", JSONB) for entry in value)
