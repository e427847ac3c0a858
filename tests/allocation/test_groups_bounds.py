"""How many rows the unique keys of a group allow, and which combinations they exclude."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from test_allocate_assign import request

from pytest_supaseed.allocation.constraints import Pair, PairedKeys
from pytest_supaseed.allocation.groups import ExcludedCombinations, most_rows, overflows, room


@pytest.mark.parametrize(
    ("keys", "sizes", "more", "most"),
    [
        ([("a",)], {"a": 3}, {}, [1, 1, 1]),
        ([("a",)], {"a": 3}, {"present": {"a": [1, 0]}}, [0, 1, 1]),
        ([("a", "b")], {"a": 2, "b": 5}, {}, [5, 5]),
        ([("a", "b")], {"a": 2, "b": 5}, {"present": {"a": [6, 2]}}, [0, 3]),
        ([("a", "b", "c")], {"a": 1, "b": 5, "c": 4}, {}, [20]),
        ([("a", "b"), ("a", "c")], {"a": 2, "b": 5, "c": 3}, {}, [3, 3]),
        (
            [("a", "b"), ("a", "c")],
            {"a": 2, "b": 5, "c": 3},
            {"taken": {"a+b": {(0, 0), (0, 1), (0, 2)}, "a+c": {(1, 0)}}},
            [2, 2],
        ),
    ],
)
def test_room_is_what_the_tightest_key_leaves(
    keys: list[tuple[str, ...]], sizes: dict[str, int], more: dict[str, Any], most: list[int]
) -> None:
    wanted = request(1, sizes, *keys, **more)
    assert room(wanted, wanted.groups[0]) == most


def test_a_comparison_leaves_room_for_what_it_accepts() -> None:
    wanted = request(1, {"a": 3, "b": 3, "c": 2}, ("a", "b", "c"))
    less = PairedKeys(Pair("a", "<", "b"), (1, 2, 3), (1, 2, 3))
    of_others = PairedKeys(Pair("b", "<>", "c"), (1, 2, 3), (1, 2))
    assert room(wanted, wanted.groups[0]) == [6, 6, 6]
    assert room(replace(wanted, paired=(less, of_others)), wanted.groups[0]) == [4, 2, 0]
    never_the_first = PairedKeys(Pair("a", "<=", "b"), (2, 2, 9), (1, 2, 3))
    assert room(replace(wanted, paired=(less, never_the_first)), wanted.groups[0]) == [4, 2, 0]
    assert room(replace(wanted, paired=(never_the_first,)), wanted.groups[0]) == [4, 4, 0]


@pytest.mark.parametrize(
    ("nullable", "keys", "more", "can"),
    [
        (("a",), [("a",)], {}, True),
        ((), [("a",)], {}, False),
        (("a",), [("a",)], {"nulls_distinct": False}, False),
        (("a",), [("a",)], {"per": ("a", 1)}, False),
        (("a",), [("a",)], {"finite": ("a",)}, False),
        (("a",), [("a", "b")], {}, True),
        (("b",), [("a", "b")], {}, False),
    ],
)
def test_rows_without_a_reference_have_room(
    nullable: tuple[str, ...], keys: list[tuple[str, ...]], more: dict[str, Any], can: bool
) -> None:
    wanted = request(9, {"a": 2, "b": 2}, *keys, nullable=nullable, **more)
    assert overflows(wanted, wanted.groups[0]) == can


def test_a_key_beside_the_anchor_leaves_no_room_for_more() -> None:
    sizes, nullable = {"a": 2, "b": 2, "c": 2}, ("a", "b", "c")
    chain = request(9, sizes, ("a", "b"), ("b", "c"), nullable=nullable)
    assert chain.groups[0].anchor.name == "b"
    assert overflows(chain, chain.groups[0])
    ring = request(9, sizes, ("a", "b"), ("b", "c"), ("a", "c"), nullable=nullable)
    assert not overflows(ring, ring.groups[0])


def test_a_foreign_key_of_several_columns_is_left_out_where_each_can_be_null() -> None:
    wanted = request(9, {"a": 2}, ("a",), nullable=("a",))
    [group] = wanted.groups
    assert group.anchor.foreign_key is not None
    wider = replace(group.anchor, foreign_key=replace(group.anchor.foreign_key, columns=("a", "b")))
    both = request(9, {"a": 2, "b": 2}, ("a",), nullable=("a", "b"))
    one = request(9, {"a": 2, "b": 2}, ("a",), nullable=("b",))
    assert overflows(both, replace(group, anchor=wider))
    assert not overflows(one, replace(group, anchor=wider))


@pytest.mark.parametrize(
    ("keys", "sizes", "more", "most"),
    [
        # Without NULL all is said by the anchor.
        ([("a", "b")], {"a": 2, "b": 5}, {}, 10),
        ([("a", "b")], {"a": 2, "b": 5}, {"present": {"a": [6, 2]}}, 3),
        # A NULL is different from every other.
        ([("a", "b")], {"a": 2, "b": 5}, {"nullable": ("b",)}, None),
        # A NULL is a value more.
        ([("a", "b")], {"a": 2, "b": 5}, {"nullable": ("b",), "nulls_distinct": False}, 12),
        ([("a", "b")], {"a": 2, "b": 5}, {"nullable": ("a", "b"), "nulls_distinct": False}, 18),
        (
            [("a", "b")],
            {"a": 2, "b": 5},
            {"nullable": ("b",), "nulls_distinct": False, "taken": {"a+b": {(0, 0), (1, 4)}}},
            10,
        ),
        # The tightest key decides, and one over a column that can be NULL decides nothing.
        ([("a", "b"), ("a", "c")], {"a": 2, "b": 5, "c": 3}, {"nullable": ("b",)}, 6),
        ([("a", "c"), ("a", "b")], {"a": 2, "b": 5, "c": 3}, {"nullable": ("b",)}, 6),
        (
            [("a", "b"), ("a", "c")],
            {"a": 2, "b": 3, "c": 5},
            {"nullable": ("a",), "nulls_distinct": False},
            9,
        ),
    ],
)
def test_a_group_takes_no_more_rows_than_its_keys_allow(
    keys: list[tuple[str, ...]], sizes: dict[str, int], more: dict[str, Any], most: int | None
) -> None:
    wanted = request(1, sizes, *keys, **more)
    assert most_rows(wanted, wanted.groups[0]) == most


def test_combinations_of_present_rows_are_excluded() -> None:
    wanted = request(1, {"a": 2, "b": 2}, ("a", "b"), taken={"a+b": {(0, 1)}, "other": {(1, 1)}})
    excluded = ExcludedCombinations(wanted, "a+b", ("a", "b"))
    assert (0, 1) in excluded
    assert (1, 1) not in excluded
    assert (1, 1) not in ExcludedCombinations(wanted, "a", ("a", "b"))


def test_combinations_that_a_comparison_refuses_are_excluded() -> None:
    wanted = request(
        1,
        {"a": 3, "b": 3, "c": 3},
        ("a", "b"),
        taken={"a+b": {(0, 1)}},
        paired=(
            PairedKeys(Pair("a", "<", "b"), (1, 2, 3), (1, 2, 3)),
            PairedKeys(Pair("b", "<>", "c"), (1, 2, 3), (1, 2, 3)),
        ),
    )
    excluded = ExcludedCombinations(wanted, "a+b", ("a", "b"))
    accepted = [(a, b) for a in range(3) for b in range(3) if (a, b) not in excluded]
    assert accepted == [(0, 2), (1, 2)]
    # The names are those of the positions, in any order.
    swapped = ExcludedCombinations(replace(wanted, taken={}), "a+b", ("b", "a"))
    assert [(b, a) for b in range(3) for a in range(3) if (b, a) not in swapped] == [(1, 0), (2, 0), (2, 1)]
    # The second comparison needs c.
    all_three = ExcludedCombinations(wanted, "a+b", ("a", "b", "c"))
    assert (0, 2, 2) in all_three
    assert (0, 2, 1) not in all_three
    assert "no combination" not in excluded
