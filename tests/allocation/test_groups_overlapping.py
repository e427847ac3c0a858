"""What has to be drawn together, and which parents have to agree."""

from __future__ import annotations

from typing import Any

import pytest

from builders import column, index, reference, schema, table, unique
from pytest_supaseed.allocation.groups import (
    linked_columns,
    most_rows_of_overlapping,
    overlapping_keys,
    ranks,
)
from pytest_supaseed.model.references import references
from pytest_supaseed.model.schema import Check, Table

USER = reference("tenant_id, user_id", "users", "tenant_id, id", name="user")
PROJECT = reference("tenant_id, project_id", "projects", "tenant_id, id", name="project")
TENANT = reference("tenant_id", "tenants", name="tenant")
GEAR = reference("gear_id", "gear", name="gear")
FLAG = column("flag", "bool")


def summary(found: Table, **more: Any) -> list[tuple[list[str], list[str], list[str]]]:
    return [
        (
            [key.name for key in overlapping.foreign_keys],
            [one.name for one in overlapping.finite],
            [key.name for key in overlapping.uniques],
        )
        for overlapping in overlapping_keys(found, references(found, ()), {"flag": (False, True)}, **more)
    ]


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([GEAR, FLAG], []),
        ([GEAR, FLAG, unique("gear_id", "flag")], []),
        ([USER, PROJECT], [(["project", "user"], [], [])]),
        ([USER, PROJECT, GEAR, FLAG], [(["project", "user"], [], [])]),
        # Unique keys bind others to them.
        (
            [USER, PROJECT, GEAR, FLAG, unique("tenant_id", "gear_id"), unique("gear_id", "flag")],
            [(["project", "user", "gear"], ["flag"], ["tenant_id_gear_id_key", "gear_id_flag_key"])],
        ),
        # A comparison adds to what overlaps.
        (
            [
                USER,
                PROJECT,
                GEAR,
                reference("other_id", "gear", name="other"),
                Check("same", "(gear_id = other_id)", ("gear_id", "other_id")),
            ],
            [(["gear", "other"], [], []), (["project", "user"], [], [])],
        ),
        # Two users of one tenant have the same value of a part of the reference.
        ([USER, FLAG, unique("tenant_id", "flag")], [(["user"], ["flag"], ["tenant_id_flag_key"])]),
        ([USER, FLAG, unique("tenant_id", "user_id", "flag")], []),
        ([USER, PROJECT, column("name"), unique("tenant_id", "name")], [(["project", "user"], [], [])]),
    ],
)
def test_what_shares_columns_is_drawn_together(
    parts: list[Any], found: list[tuple[list[str], list[str], list[str]]]
) -> None:
    assert summary(table("t", *parts)) == found


def test_what_a_row_needs_is_drawn_first() -> None:
    found = table("t", USER, PROJECT, TENANT, nullable=["project_id"])
    assert summary(found) == [(["user", "tenant", "project"], [], [])]
    # A row has a line of the order, if there is one, and its order with it.
    line = reference("order_id, line_no", "lines", "order_id, no", name="line")
    shipped = table("t", reference("order_id", "orders", name="order"), line, nullable=["line_no"])
    assert summary(shipped) == [(["line", "order"], [], [])]
    assert summary(found, first="tenant")[0][0][0] == "tenant"


def test_references_that_checks_compare_in_a_chain_are_drawn_together() -> None:
    keys = [reference(name, "users", name=name) for name in "abc"]
    one = Check("one", "(a < b)", ("a", "b"))
    other = Check("other", "(b < c)", ("b", "c"))
    assert summary(table("t", *keys, one)) == []
    assert summary(table("t", *keys, one, other)) == [(["a", "b", "c"], [], [])]
    # Exchanges between two rows do no harm to a key of other columns, nor to one that both of the two belong to.
    for key in (unique("gear_id", "flag"), unique("a", "b")):
        assert summary(table("t", *keys[:2], GEAR, FLAG, one, key)) == []
    # A key over one of two that are compared binds the other as well.
    assert summary(table("t", *keys, one, unique("a"))) == [(["a", "b"], [], ["a_key"])]


def test_references_of_several_columns_are_not_exchanged_for_a_comparison() -> None:
    parts = [reference(f"{name}_tenant, {name}", "users", "tenant_id, id", name=name) for name in "ab"]
    less = Check("less", "(a < b)", ("a", "b"))
    assert summary(table("t", *parts, less)) == [(["a", "b"], [], [])]
    alone = [reference(name, "users", name=name) for name in "ab"]
    assert summary(table("t", parts[0], alone[1], less)) == [(["a", "b"], [], [])]
    assert summary(table("t", alone[0], parts[1], less)) == [(["b", "a"], [], [])]
    # What stands for a row of one table is no row of another, nor is another column of it.
    for other in (reference("b", "gear", name="b"), reference("b", "users", "number", name="b")):
        assert summary(table("t", alone[0], other, less)) == [(["a", "b"], [], [])]
    assert summary(table("t", *alone, less)) == []


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([index("(gear_id IS NULL)", "team_id")], [(["gear", "team"], [], ["i"])]),
        # A column that nobody allocates decides as well.
        ([column("name"), index("(gear_id IS NULL)", "team_id", "name")], []),
        # NULL is not in a unique key anyway.
        ([index("(team_id IS NOT NULL)", "team_id")], []),
        (
            [USER, PROJECT, index("(gear_id IS NULL)", "team_id")],
            [(["gear", "team"], [], ["i"]), (["project", "user"], [], [])],
        ),
    ],
)
def test_references_whose_null_decides_of_an_index_are_drawn_together(
    parts: list[Any], found: list[tuple[list[str], list[str], list[str]]]
) -> None:
    one = table(
        "t", GEAR, reference("team_id", "teams", name="team"), *parts, nullable=["gear_id", "team_id"]
    )
    assert summary(one) == found


def test_a_reference_that_is_not_in_a_key_limits_nothing() -> None:
    keys = [unique("tenant_id", "user_id"), unique("tenant_id", "gear_id")]
    found = table("t", USER, PROJECT, GEAR, *keys)
    [overlapping] = overlapping_keys(found, references(found, ()), {})
    sizes = {"user": 3, "project": 4, "gear": 0}
    assert [most_rows_of_overlapping(found, overlapping, key, sizes) for key in keys] == [
        (3, "3 rows of users"),
        (0, "3 rows of users and 0 rows of gear"),
    ]


def test_a_key_has_no_more_rows_than_its_references() -> None:
    found = table(
        "t", USER, PROJECT, unique("tenant_id", "user_id", "project_id"), unique("tenant_id", "user_id")
    )
    [overlapping] = overlapping_keys(found, references(found, ()), {})
    sizes = {"user": 3, "project": 4}
    assert [most_rows_of_overlapping(found, overlapping, key, sizes) for key in overlapping.uniques] == [
        (12, "4 rows of projects and 3 rows of users"),
        (3, "3 rows of users"),
    ]
    optional = table("t", USER, PROJECT, unique("user_id", "project_id"), nullable=["project_id"])
    [overlapping] = overlapping_keys(optional, references(optional, ()), {})
    assert most_rows_of_overlapping(optional, overlapping, overlapping.uniques[0], sizes) is None


def test_the_parents_of_children_that_share_columns_are_linked() -> None:
    key = unique("tenant_id", "id")
    users = table("users", reference("tenant_id", "tenants"), key)
    projects = table("projects", reference("tenant_id", "tenants"), key)
    found = schema(table("tenants"), users, projects, table("t", USER, PROJECT))
    names = {str(name): set(columns) for name, columns in linked_columns(found).items()}
    assert names == {
        "public.users": {"tenant_id"},
        "public.projects": {"tenant_id"},
        "public.tenants": {"id"},
    }
    # Of a foreign key of several columns those that are shared.
    regional = table("users", reference("tenant_id, region", "tenants", "id, region"), key)
    found = schema(table("tenants"), regional, projects, table("t", USER, PROJECT))
    assert linked_columns(found)[regional.foreign_keys[0].referenced] == {"id"}
    # Rows of the table itself need not agree with those of others.
    own = reference("tenant_id, parent_id", "t", "tenant_id, id", name="own")
    assert linked_columns(schema(users, table("t", USER, own, key))) == {}
    # One that implies the other asks for nothing.
    assert linked_columns(schema(table("tenants"), users, table("t", USER, TENANT))) == {}


def test_ranks_are_those_of_what_is_shared() -> None:
    tenants = [(number,) for number in range(6)]
    of_tenants = ranks(0, TENANT, tenants, {"tenant_id"})
    assert sorted(of_tenants) == list(range(6))
    of_some = ranks(0, TENANT, tenants[3:], {"tenant_id"})
    assert sorted(range(3), key=of_some.__getitem__) == sorted(range(3), key=of_tenants[3:].__getitem__)
    assert ranks(1, TENANT, tenants, {"tenant_id"}) != of_tenants
    assert ranks(0, TENANT, tenants, ()) == []
