"""How many rows the unique keys of a group allow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from test_allocate_assign import request, rows

from pytest_supaseed.allocation.allocate import assign
from pytest_supaseed.allocation.groups import most_rows

KEY = [("a", "b")]


@pytest.mark.parametrize(
    ("keys", "nullable", "more", "most"),
    [
        # NULL is one value more, in each column that takes it.
        ([("a",)], ("a",), {}, 3),
        (KEY, ("a",), {}, 9),
        (KEY, ("b",), {}, 8),
        (KEY, ("a", "b"), {}, 12),
        (KEY, ("a", "b"), {"finite": ("b",)}, 9),
        # The tightest key counts, and what is taken is gone.
        ([*KEY, ("b",)], ("a", "b"), {}, 4),
        (KEY, ("a",), {"taken": {"a+b": {(0, 0), (0, 1)}}}, 7),
    ],
)
def test_nulls_that_are_not_distinct_are_filled_to_the_last(
    keys: list[tuple[str, ...]], nullable: tuple[str, ...], more: dict[str, Any], most: int
) -> None:
    sizes = {"a": 2, "b": 3}
    wanted = request(most, sizes, *keys, nullable=nullable, nulls_distinct=False, **more)
    [group] = wanted.groups
    assert most_rows(wanted, group) == most
    drawn = rows(assign(wanted), *sizes)
    taken = more.get("taken", {}).get("a+b", set())
    for key in keys:
        found = [row[: len(key)] if key[0] == "a" else row[1:] for row in drawn]
        assert len(set(found) - taken) == most
    with pytest.raises(ValueError, match=f"t can take {most} more rows, not {most + 1}"):
        assign(replace(wanted, amount=most + 1))


@pytest.mark.parametrize("nullable", [("a",), ("b",), ("a", "b")])
def test_keys_whose_nulls_are_distinct_allow_any_number(nullable: tuple[str, ...]) -> None:
    wanted = request(99, {"a": 2, "b": 3}, *KEY, nullable=nullable)
    assert most_rows(wanted, wanted.groups[0]) is None
