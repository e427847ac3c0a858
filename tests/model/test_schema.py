"""How tables and columns are found by name."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from pytest_supaseed.model.schema import (
    Column,
    ColumnType,
    Contents,
    ForeignKey,
    Schema,
    Sequence,
    Table,
    TableName,
    with_separated_names,
)

TEXT = ColumnType("text", "text", "S")
ID = Column("id", ColumnType("integer", "int4", "N"), nullable=False)
EMAIL = Column("email", TEXT)


def table(schema: str, name: str, *, visible: bool = False) -> Table:
    return Table(TableName(schema, name), (ID, EMAIL), visible=visible)


AUTH = table("auth", "users")
USERS = table("public", "users", visible=True)
DOTTED = table("public", "auth.users", visible=True)
QUOTED = table("app", "My Table")
SCHEMA = Schema((QUOTED, AUTH, USERS), ((TableName("public", "recent"), "view"),))


@pytest.mark.parametrize(
    ("spelling", "found"),
    [
        ("users", USERS),
        ("public.users", USERS),
        ("auth.users", AUTH),
        ("app.My Table", QUOTED),
        ("My Table", QUOTED),
        ("Users", None),
        ("recent", None),
        ("public.recent", None),
        ("", None),
    ],
)
def test_a_marker_finds_a_table(spelling: str, found: Table | None) -> None:
    assert SCHEMA.find(spelling) is found


def test_a_bare_name_wins_over_a_schema() -> None:
    assert Schema((AUTH, DOTTED)).find("auth.users") is DOTTED
    assert Schema((DOTTED, AUTH)).find("auth.users") is DOTTED
    assert Schema((AUTH, DOTTED)).find("public.auth.users") is DOTTED


def test_near_matches_are_looked_for_in_every_spelling() -> None:
    assert SCHEMA.spellings() == ("My Table", "app.My Table", "auth.users", "public.users", "users")
    assert Schema().spellings() == ()


def test_a_table_is_found_by_its_name() -> None:
    assert SCHEMA.table(TableName("auth", "users")) is AUTH
    assert SCHEMA.has_table(TableName("auth", "users"))
    assert not SCHEMA.has_table(TableName("app", "users"))
    with pytest.raises(KeyError, match="users"):
        SCHEMA.table(TableName("app", "users"))


@pytest.mark.parametrize(
    ("which", "label"), [(USERS, "users"), (AUTH, "auth.users"), (QUOTED, "app.My Table")]
)
def test_a_table_is_labelled_as_a_marker_spells_it(which: Table, label: str) -> None:
    assert which.label == label
    assert SCHEMA.find(label) is which


def test_names_are_sorted_by_schema_first() -> None:
    names = [TableName("public", "a"), TableName("auth", "z"), TableName("auth", "b")]
    assert list(map(str, sorted(names))) == ["auth.b", "auth.z", "public.a"]


def test_a_column_is_found_by_its_name() -> None:
    assert USERS.column("email") is EMAIL
    assert USERS.has_column("email")
    assert not USERS.has_column("Email")
    with pytest.raises(KeyError, match="Email"):
        USERS.column("Email")


def test_what_is_remembered_does_not_tell_equal_tables_apart() -> None:
    other = table("public", "users", visible=True)
    assert USERS.has_column("id")
    assert other == USERS
    assert hash(other) == hash(USERS)
    assert Schema((other,)) == Schema((USERS,))


def test_names_know_their_words_also_in_references() -> None:
    own = TableName("public", "shop_orderitem")
    key = ForeignKey("of", ("order_item_id",), own, ("id",))
    others = (table("public", "shop_order"), table("public", "shop_rebate"))
    returned = Table(
        TableName("public", "shop_return"), (ID, Column("order_item_id", ID.type)), foreign_keys=(key,)
    )
    item, _, _, found = with_separated_names((Table(own, (ID,)), *others, returned))
    for name in (item.name, found.foreign_keys[0].referenced, pickle.loads(pickle.dumps(item.name))):
        assert (name, name.separated, name.thing) == (own, "shop_order_item", "order_item")
    assert found.name.thing == "return"
    assert (own.separated, own.thing) == ("shop_orderitem", "shop_orderitem")
    with pytest.raises(AttributeError):
        item.name.separated = "other"


@pytest.mark.parametrize("frozen", [USERS, ID, TEXT, SCHEMA, Contents(), Sequence("public", "s"), USERS.name])
def test_a_schema_does_not_change(frozen: Any) -> None:
    # Of a frozen dataclass, and of a named tuple.
    with pytest.raises(AttributeError, match=r"cannot assign to field|can't set attribute"):
        frozen.name = "other"


def test_a_sequence_counts_as_postgresql_does_by_default() -> None:
    assert Sequence("public", "s") == Sequence("public", "s", 1, 1, 9223372036854775807)


def test_an_empty_database_has_no_contents() -> None:
    assert (Contents().counts, Contents().shares) == ({}, {})
