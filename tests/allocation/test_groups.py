"""Which columns unique keys bind together, and how many rows they let in."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_supaseed.allocation.allocation import Dimension, Group, IndependentRequest
from pytest_supaseed.allocation.groups import groups, most_of_key, narrowed, without
from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.model.schema import Column, ColumnType, ForeignKey, Table, TableName, UniqueKey

INTEGER = ColumnType("integer", "int4", "N")


def column(name: str, type_name: str = "int4", *, array: bool = False) -> Column:
    return Column(name, ColumnType(type_name, type_name, array=array), nullable=False)


def references(*columns: str, name: str | None = None) -> ForeignKey:
    return ForeignKey(
        name or f"{columns[-1]}_fkey", columns, TableName("public", f"parents_of_{columns[-1]}"), columns
    )


def unique(*columns: str, name: str | None = None, **more: Any) -> UniqueKey:
    return UniqueKey(name or "_".join((*columns, "key")), columns, **more)


def table(*uniques: UniqueKey, foreign_keys: list[ForeignKey] | None = None) -> Table:
    constraints = [*uniques, *(foreign_keys or ())]
    names = dict.fromkeys(name for key in constraints for name in key.columns)
    return Table(TableName("public", "t"), tuple(map(column, names)), uniques=uniques)


def summary(found: tuple[Group, ...]) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    return [
        (group.anchor.name, [(key.name, [other.name for other in others]) for key, others in group.keys])
        for group in found
    ]


USER, GEAR, TEAM = references("user_id"), references("gear_id"), references("team_id")


def test_a_junction_table_is_one_group() -> None:
    key = unique("user_id", "gear_id", name="t_pkey")
    [group] = groups(table(key), [USER, GEAR], {})
    assert group == Group(Dimension(("gear_id",), GEAR), ((key, (Dimension(("user_id",), USER),)),))
    assert group.dimensions == (Dimension(("gear_id",), GEAR), Dimension(("user_id",), USER))


@pytest.mark.parametrize(
    ("keys", "foreign_keys", "finite", "found"),
    [
        ([], [USER], {}, []),
        # One to one.
        ([unique("user_id")], [USER], {}, [("user_id_fkey", [("user_id_key", [])])]),
        ([unique("kind")], [], {"kind": ["a", "b"]}, [("kind", [("kind_key", [])])]),
        # Endless columns make a key that nothing can fill up.
        ([unique("id")], [USER], {}, []),
        ([unique("user_id", "slug")], [USER], {}, []),
        (
            [unique("user_id", "kind")],
            [USER],
            {"kind": ["a"]},
            [("kind", [("user_id_kind_key", ["user_id_fkey"])])],
        ),
        ([unique("user_id", partial=True)], [USER], {}, []),
        ([unique("user_id", expression=True)], [USER], {}, []),
        # Keys that share nothing stay apart.
        (
            [unique("user_id"), unique("gear_id")],
            [USER, GEAR],
            {},
            [("user_id_fkey", [("user_id_key", [])]), ("gear_id_fkey", [("gear_id_key", [])])],
        ),
        # The one in most keys is the anchor; the shortest key comes first.
        (
            [unique("team_id", "kind", "user_id"), unique("team_id", "gear_id")],
            [USER, GEAR, TEAM],
            {"kind": "ab"},
            [
                (
                    "team_id_fkey",
                    [
                        ("team_id_gear_id_key", ["gear_id_fkey"]),
                        ("team_id_kind_user_id_key", ["kind", "user_id_fkey"]),
                    ],
                )
            ],
        ),
        # A third key joins two that shared nothing.
        (
            [unique("user_id"), unique("gear_id"), unique("gear_id", "user_id")],
            [USER, GEAR],
            {},
            [
                (
                    "gear_id_fkey",
                    [
                        ("gear_id_key", []),
                        ("user_id_key", ["user_id_fkey"]),
                        ("gear_id_user_id_key", ["user_id_fkey"]),
                    ],
                )
            ],
        ),
        # A foreign key of two columns is one dimension.
        (
            [unique("tenant_id", "user_id", "gear_id")],
            [references("tenant_id", "user_id"), GEAR],
            {},
            [("gear_id_fkey", [("tenant_id_user_id_gear_id_key", ["user_id_fkey"])])],
        ),
        # What a foreign key sets is no choice of its own.
        ([unique("user_id")], [USER], {"user_id": [1, 2]}, [("user_id_fkey", [("user_id_key", [])])]),
    ],
)
def test_unique_keys_bind_columns(
    keys: list[UniqueKey],
    foreign_keys: list[ForeignKey],
    finite: dict[str, list[str]],
    found: list[tuple[str, list[tuple[str, list[str]]]]],
) -> None:
    assert summary(groups(table(*keys, foreign_keys=foreign_keys), foreign_keys, finite)) == found


@pytest.mark.parametrize("first", ["user_id_fkey", "gear_id_fkey", "kind"])
def test_the_anchor_can_be_asked_for(first: str) -> None:
    keys = [unique("user_id", "gear_id"), unique("gear_id", "kind")]
    [group] = groups(table(*keys), [USER, GEAR], {"kind": "ab"}, first)
    assert group.anchor.name == first
    assert {dimension.name for dimension in group.dimensions} == {"user_id_fkey", "gear_id_fkey", "kind"}


def test_an_anchor_of_another_group_changes_nothing() -> None:
    keys = [unique("user_id", "gear_id"), unique("team_id")]
    found = groups(table(*keys), [USER, GEAR, TEAM], {}, "team_id_fkey")
    assert [group.anchor.name for group in found] == ["gear_id_fkey", "team_id_fkey"]


def test_the_order_of_the_keys_does_not_matter_to_a_group() -> None:
    keys = [unique("user_id", "gear_id"), unique("gear_id", "team_id"), unique("team_id", "user_id")]
    assert groups(table(*keys), [USER, GEAR, TEAM], {}) == groups(table(*keys[::-1]), [TEAM, GEAR, USER], {})


@pytest.mark.parametrize(
    ("choices", "values"),
    [
        (["a", "b", "a"], ("a", "b")),
        ([{"a": 1}, {"b": 1}, {"a": 1}], ({"a": 1}, {"b": 1})),
        ([["a"], ["a"]], (["a"],)),
        ([(["a"],), (["a"],)], ((["a"],),)),
        ("aab", ("a", "b")),
    ],
)
def test_a_unique_key_takes_a_choice_that_is_given_twice_once(
    choices: list[Any], values: tuple[Any, ...]
) -> None:
    [group] = groups(table(unique("kind")), [], {"kind": choices})
    assert group.anchor.choices == values


@pytest.mark.parametrize(
    ("which", "rows"),
    [("gear_id_user_id_key", 12), ("gear_id_kind_key", 6), ("kind_user_id_key", 8), ("gear_id_key", 3)],
)
def test_a_key_holds_as_many_rows_as_there_are_combinations(which: str, rows: int) -> None:
    keys = [
        unique("gear_id"),
        unique("gear_id", "user_id"),
        unique("gear_id", "kind"),
        # This one is beside the anchor.
        unique("kind", "user_id"),
    ]
    [group] = groups(table(*keys), [USER, GEAR], {"kind": "ab"})
    assert group.anchor.name == "gear_id_fkey"
    [key] = [key for key, _ in group.keys if key.name == which]
    sizes = {"gear_id_fkey": 3, "user_id_fkey": 4, "kind": 2}
    request = IndependentRequest(table(*keys), 0, "even", 0, (USER, GEAR), [group], sizes)
    assert most_of_key(request, group, key) == rows


@pytest.mark.parametrize(
    ("empty", "left"),
    [
        (
            (),
            [
                ("gear_id_fkey", ["gear_id_user_id_key", "gear_id_team_id_key", "kind_user_id_key"]),
                ("size", ["size_key"]),
            ],
        ),
        (("user_id_fkey",), [("gear_id_fkey", ["gear_id_team_id_key"]), ("size", ["size_key"])]),
        # Keys without the anchor remain.
        (("gear_id_fkey",), [("kind", ["kind_user_id_key"]), ("size", ["size_key"])]),
        (("gear_id_fkey", "user_id_fkey"), [("size", ["size_key"])]),
        (("user_id_fkey", "team_id_fkey"), [("size", ["size_key"])]),
        (("size",), [("gear_id_fkey", ["gear_id_user_id_key", "gear_id_team_id_key", "kind_user_id_key"])]),
    ],
)
def test_keys_over_what_has_no_row_to_reference_are_left_out(
    empty: tuple[str, ...], left: list[tuple[str, list[str]]]
) -> None:
    keys = [
        unique("gear_id", "user_id"),
        unique("gear_id", "team_id"),
        unique("kind", "user_id"),
        unique("size"),
    ]
    found = groups(table(*keys), [USER, GEAR, TEAM], {"kind": "ab", "size": "abc"})
    assert [
        (group.anchor.name, sorted(key.name for key, _ in group.keys)) for group in without(found, empty)
    ] == [(anchor, sorted(names)) for anchor, names in left]


def test_without_an_anchor_the_keys_beside_it_are_groups() -> None:
    keys = [unique("gear_id", name) for name in ("user_id", "team_id")]
    keys += [unique("gear_id", "kind"), unique("user_id", "kind"), unique("team_id", "size")]
    found = groups(table(*keys), [USER, GEAR, TEAM], {"kind": "ab", "size": "abc"}, "gear_id_fkey")
    left = without(found, {"gear_id_fkey"})
    assert summary(left) == [
        ("team_id_fkey", [("team_id_size_key", ["size"])]),
        ("user_id_fkey", [("user_id_kind_key", ["kind"])]),
    ]
    assert without(found, ()) == found


def test_columns_that_may_be_null_are_optional() -> None:
    [group] = groups(table(unique("kind", "size")), [], {"kind": "ab", "size": "abc"}, nullable={"size"})
    assert {each.name: each.optional for each in group.dimensions} == {"kind": False, "size": True}


@pytest.mark.parametrize(
    ("domains", "expected"),
    [
        ({}, False),
        ({"user_id": ValueDomain(required=True)}, False),
        ({"user_id": ValueDomain(minimum=5)}, True),
        ({"tenant_id": ValueDomain(required=True), "user_id": ValueDomain(required=True, minimum=5)}, True),
        ({"kind": ValueDomain(minimum=5)}, False),
    ],
)
def test_a_reference_is_narrowed_by_a_check_on_its_columns(
    domains: dict[str, ValueDomain], expected: bool
) -> None:
    assert narrowed(references("tenant_id", "user_id"), domains) is expected
