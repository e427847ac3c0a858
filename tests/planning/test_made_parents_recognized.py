"""Foreign keys whose referenced rows the triggers of their own table insert."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.model.schema import (
    Column,
    ColumnType,
    ForeignKey,
    Schema,
    Sequence,
    Table,
    TableName,
    Trigger,
)
from pytest_supaseed.planning.made_parents import (
    MadeParent,
    made_parents,
    numbered_beside,
    with_made_parents,
)
from pytest_supaseed.planning.plan import ColumnSource, Number, ServerDefault

INT = ColumnType("integer", "int4", "N")
ASSET, MEDIA, FILM = (TableName("public", name) for name in ("asset", "media", "film"))
IDS = Sequence("public", "asset_id_seq")
OF_ASSET = ForeignKey("media_id_fkey", ("id",), ASSET, ("id",))
OF_MEDIA = ForeignKey("film_id_fkey", ("id",), MEDIA, ("id",))
BEFORE = Trigger("make", "public.make", "INSERT INTO media (kind, id) VALUES ('film', new.id);", before=True)


def schema_with(*triggers: Trigger, key: ForeignKey = OF_MEDIA) -> Schema:
    return Schema(
        (
            Table(ASSET, (Column("id", INT, False, sequence=IDS),), ("id",), visible=True),
            Table(
                MEDIA,
                (Column("id", INT, False), Column("kind", INT)),
                ("id",),
                foreign_keys=(OF_ASSET,),
                visible=True,
            ),
            Table(
                FILM,
                (Column("id", INT, False),),
                ("id",),
                foreign_keys=(key,),
                triggers=triggers,
                visible=True,
            ),
        )
    )


def made(schema: Schema, *, rows: bool = False, supplied: tuple[str, ...] = ()) -> tuple[MadeParent, ...]:
    """The made parents of films, without what else is passed to them."""
    found = made_parents(schema, schema.table(FILM), lambda name: rows, supplied)
    return tuple(replace(parent, passed=(), found=()) for parent in found)


@pytest.mark.parametrize(
    ("source", "assigned"),
    [
        ("INSERT INTO media VALUES (new.id, 1);", False),
        ("INSERT INTO media (kind) VALUES (1) RETURNING id INTO new.id;", True),
        ("new.id := nextval('x'); INSERT INTO media VALUES (new.id);", True),
    ],
)
def test_a_before_trigger_makes_the_referenced_row(source: str, assigned: bool) -> None:
    schema = schema_with(replace(BEFORE, source=f"BEGIN {source} RETURN new; END"))
    assert made(schema, rows=True) == (MadeParent(OF_MEDIA, assigned),)


@pytest.mark.parametrize(
    "trigger",
    [
        replace(BEFORE, before=False),
        replace(BEFORE, on_insert=False),
        replace(BEFORE, source="INSERT INTO media (kind) VALUES (new.id);"),
        replace(BEFORE, source="INSERT INTO asset (id) VALUES (new.id);"),
    ],
)
def test_others_do_not(trigger: Trigger) -> None:
    assert made(schema_with(trigger)) == ()


def test_an_after_trigger_may_where_the_key_is_checked_later() -> None:
    deferrable = replace(OF_MEDIA, deferrable=True)
    assert made(schema_with(replace(BEFORE, before=False), key=deferrable)) == (
        MadeParent(deferrable, False),
    )


def test_what_is_inserted_only_if_missing_is_referenced_where_it_is_there() -> None:
    schema = schema_with(replace(BEFORE, source="INSERT INTO media VALUES (new.id) ON CONFLICT DO NOTHING;"))
    assert made(schema, rows=True) == ()
    assert made(schema) == (MadeParent(OF_MEDIA, False),)


def test_values_of_the_user_are_not_assigned_by_the_trigger() -> None:
    schema = schema_with(
        replace(BEFORE, source="; INSERT INTO media DEFAULT VALUES RETURNING id INTO new.id;")
    )
    assert made(schema, supplied=("id",)) == (MadeParent(OF_MEDIA, False),)


def test_the_column_takes_numbers_as_what_it_references_does() -> None:
    schema = schema_with(BEFORE)
    film = with_made_parents(schema, {FILM: made(schema)}).table(FILM)
    assert film.foreign_keys == ()
    assert film.column("id").sequence == IDS
    assert with_made_parents(schema, {FILM: ()}) is schema


def test_an_assigned_column_is_as_if_it_were_computed() -> None:
    schema = schema_with(BEFORE)
    film = with_made_parents(schema, {FILM: (MadeParent(OF_MEDIA, True),)}).table(FILM)
    assert film.column("id").generated
    assert film.column("id").nullable


def test_numbers_lie_beyond_those_of_all_referenced_tables() -> None:
    schema = schema_with(BEFORE)
    column = schema.table(FILM).column("id")
    number = ColumnSource(column, ValueDomain(), Number())
    default = ColumnSource(replace(column, name="other"), ValueDomain(), ServerDefault())
    found, same = numbered_beside(schema, (number, default), made(schema))
    assert found.source == Number(beside=((MEDIA, "id"), (ASSET, "id")))
    assert same is default
