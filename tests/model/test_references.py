"""The roles of foreign keys."""

from __future__ import annotations

import pytest

from pytest_supaseed.model.declared import with_names
from pytest_supaseed.model.references import References, foreign_key_to, optional, redundant_keys, references
from pytest_supaseed.model.schema import Column, ColumnType, ForeignKey, Schema, Table, TableName

INTEGER = ColumnType("integer", "int4", "N")


def key(name: str, *columns: str, to: str = "other", match_full: bool = False) -> ForeignKey:
    return ForeignKey(name, columns, TableName("public", to), columns, match_full=match_full)


def table(*foreign_keys: ForeignKey, nullable: tuple[str, ...] = ()) -> Table:
    names = dict.fromkeys(name for foreign_key in foreign_keys for name in foreign_key.columns)
    columns = tuple(Column(name, INTEGER, nullable=name in nullable) for name in names)
    return Table(TableName("public", "t"), columns, foreign_keys=foreign_keys)


USER = key("user", "user_id")
GEAR = key("gear", "gear_id")
TENANT = key("tenant", "tenant_id")
FIRST_BY_NAME = key("a tenant", "tenant_id")
MEMBER = key("member", "tenant_id", "user_id")
PROJECT = key("project", "tenant_id", "project_id")
PARENT = key("parent", "parent_id", to="t")


@pytest.mark.parametrize(
    ("foreign_keys", "given", "without", "roles"),
    [
        ((), (), (), References()),
        ((USER, GEAR), (), (), References(independent=(GEAR, USER))),
        # Two that share a column have to agree.
        ((TENANT, MEMBER), (), (), References(overlapping=(MEMBER, TENANT))),
        ((USER, MEMBER, GEAR), (), (), References(independent=(GEAR,), overlapping=(MEMBER, USER))),
        ((TENANT, MEMBER, PROJECT), (), (), References(overlapping=(MEMBER, PROJECT, TENANT))),
        ((PARENT, USER), (), (), References(independent=(USER,), self_referencing=(PARENT,))),
        # A key of its own decides nothing for others.
        (
            (key("own", "tenant_id", "parent_id", to="t"), TENANT),
            (),
            (),
            References(
                independent=(TENANT,), self_referencing=(key("own", "tenant_id", "parent_id", to="t"),)
            ),
        ),
        ((USER, GEAR), ("user_id",), (), References(independent=(GEAR,), supplied=(USER,))),
        # One given column is enough; the other key then finds its value by itself.
        ((TENANT, MEMBER), ("user_id",), (), References(independent=(TENANT,), supplied=(MEMBER,))),
        ((PARENT,), ("parent_id",), (), References(supplied=(PARENT,))),
        ((USER, GEAR), ("title",), ("gear",), References(independent=(USER,))),
        ((TENANT, MEMBER), (), ("member",), References(independent=(TENANT,))),
        # Two keys over one column.
        (
            (key("b", "user_id"), key("a", "user_id")),
            (),
            (),
            References(overlapping=(key("a", "user_id"), key("b", "user_id"))),
        ),
    ],
)
def test_each_foreign_key_has_a_role(
    foreign_keys: tuple[ForeignKey, ...], given: tuple[str, ...], without: tuple[str, ...], roles: References
) -> None:
    assert references(table(*foreign_keys), given, without) == roles
    assert references(table(*foreign_keys[::-1]), set(given), set(without)) == roles


def test_what_another_key_implies_is_left_to_it() -> None:
    found = table(TENANT, MEMBER, PROJECT)
    redundant = {"tenant": {"member"}}
    assert references(found, (), (), redundant) == References(
        overlapping=(MEMBER, PROJECT), redundant=(TENANT,)
    )
    # Not where that one's columns are given, or it is left out.
    assert references(found, ("user_id",), (), redundant).redundant == ()
    assert references(found, (), ("member",), redundant).overlapping == (PROJECT, TENANT)


def members_of(*foreign_keys: ForeignKey) -> Schema:
    columns = tuple(Column(name, INTEGER, nullable=False) for name in ("tenant_id", "user_id"))
    other = Table(TableName("public", "other"), columns, foreign_keys=foreign_keys)
    return Schema((other, Table(TableName("public", "tenants"), columns)))


TENANTS = ForeignKey("tenants", ("tenant_id",), TableName("public", "tenants"), ("tenant_id",))


@pytest.mark.parametrize(
    ("parent", "nullable", "redundant"),
    [
        ((TENANTS,), (), {"tenants": {"member"}}),
        # NULL for both, or for none.
        ((TENANTS,), ("tenant_id", "user_id"), {"tenants": {"member"}}),
        # A row without a user has a tenant all the same.
        ((TENANTS,), ("user_id",), {}),
        # Nothing says that the tenant of a user is one.
        ((), (), {}),
        ((ForeignKey("x", ("user_id",), TableName("public", "tenants"), ("tenant_id",)),), (), {}),
    ],
)
def test_a_key_implies_what_the_referenced_row_has_to_reference(
    parent: tuple[ForeignKey, ...], nullable: tuple[str, ...], redundant: dict[str, set[str]]
) -> None:
    assert redundant_keys(members_of(*parent), table(TENANTS, MEMBER, nullable=nullable)) == redundant


def test_a_key_of_fewer_columns_to_the_same_row_is_implied() -> None:
    user = ForeignKey("user", ("user_id",), TableName("public", "other"), ("user_id",))
    assert redundant_keys(members_of(), table(user, MEMBER)) == {"user": {"member"}}


@pytest.mark.parametrize(
    ("nullable", "simple", "full"),
    [
        ((), False, False),
        (("tenant_id",), True, False),
        (("user_id",), True, False),
        (("tenant_id", "user_id"), True, True),
    ],
)
def test_a_reference_is_optional_where_null_is_accepted(
    nullable: tuple[str, ...], simple: bool, full: bool
) -> None:
    member = key("member", "tenant_id", "user_id", match_full=True)
    assert optional(table(MEMBER, nullable=nullable), MEMBER) == simple
    assert optional(table(member, nullable=nullable), member) == full


def test_a_table_is_referenced_by_another_of_its_names() -> None:
    known = Schema((table(USER), Table(TableName("public", "other"), (Column("user_id", INTEGER),))))
    found, problem = foreign_key_to(
        table(USER), "shop.Other", with_names(known, {"shop.Other": "public.other"})
    )
    assert (found, problem) == (USER, "")
    assert foreign_key_to(table(USER), "shop.Other", known)[0] is None
