"""Columns that stand for keys of tables which functions read, though no foreign key says so."""

from __future__ import annotations

import pytest

from builders import column, reference, schema, table, unique
from pytest_supaseed.model.schema import Table, Trigger, with_separated_names
from pytest_supaseed.planning.unenforced import references_by_name


def looking(*tables: str) -> Trigger:
    """A trigger whose function reads tables."""
    return Trigger("looks", "public.looks", "".join(f"PERFORM 1 FROM {each};" for each in tables))


def found(*tables: Table) -> dict[str, str]:
    named = with_separated_names(tables)
    return dict(references_by_name(schema(*named), [each.name for each in named]))


@pytest.mark.parametrize(
    ("name", "parent", "key"),
    [
        ("room_id", "room", "id"),
        ("room_id", "rooms", "id"),
        ("rooms_id", "rooms", "id"),
        ("room_id", "rooms", "room_id"),
        ("company_code", "companies", "code"),
        ("order_item_id", "orderitems", "id"),
    ],
)
def test_a_column_is_named_like_the_key(name: str, parent: str, key: str) -> None:
    rooms = table(parent, column(key, "int4"), key=[key])
    events = table("events", column(name, "int4"), looking(parent))
    assert found(rooms, events) == {f"public.events.{name}": f"public.{parent}.{key}"}


ROOMS = table("rooms", column("id", "int4"), column("code"), unique("code"), key=["id"])


def test_another_unique_column_is_a_key_as_well() -> None:
    events = table("events", column("room_id", "int4"), column("room_code"), looking("rooms"))
    assert found(ROOMS, events) == {
        "public.events.room_id": "public.rooms.id",
        "public.events.room_code": "public.rooms.code",
    }


@pytest.mark.parametrize(
    "events",
    [
        # Nothing reads the other table.
        table("events", column("room_id", "int4")),
        # It is a foreign key, of another type, generated, or named otherwise.
        table("events", reference("room_id", "rooms"), looking("rooms")),
        table("events", column("room_id", "text"), looking("rooms")),
        table("events", column("room_id", "int4", generated=True, default="1"), looking("rooms")),
        table("events", column("place", "int4"), column("id", "int4"), looking("rooms")),
    ],
)
def test_what_stands_for_no_key(events: Table) -> None:
    assert found(ROOMS, events) == {}


def test_a_key_of_two_columns_is_none() -> None:
    rooms = table("rooms", column("id", "int4"), column("house", "int4"), key=["id", "house"])
    assert found(rooms, table("events", column("room_id", "int4"), looking("rooms"))) == {}


def test_a_table_that_is_not_asked_for_is_left_alone() -> None:
    events = table("events", column("room_id", "int4"), looking("rooms"))
    assert references_by_name(schema(ROOMS, events), [events.name]) == {}


def test_a_name_with_a_dot_cannot_be_spelt() -> None:
    rooms = table("rooms", column("i.d", "int4"), key=["i.d"])
    assert found(rooms, table("events", column("room_i.d", "int4"), looking("rooms"))) == {}
