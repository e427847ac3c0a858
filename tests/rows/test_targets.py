"""Rows reference rows of one of several tables equally often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from builders import column, reference, table
from pytest_supaseed.model.polymorphic import PolymorphicReference
from pytest_supaseed.rows.cells import Block, Generated, Plain
from pytest_supaseed.rows.targets import Targets

MARKS = table("marks", column("kind"), column("key", "int4"), column("tenant", "int4"))
REFERENCES = [
    PolymorphicReference(reference("post_id", "posts"), ("kind", "post"), "key"),
    PolymorphicReference(reference("photo_id", "photos"), ("kind", "photo"), "key"),
]


def referenced(targets: Targets, tenants: Sequence[int]) -> list[tuple[Any, ...]]:
    """Kind, key and tenant of rows that are of these tenants at first."""
    names = ("kind", "key", "tenant")
    cells = ([""] * len(tenants), [0] * len(tenants), list(tenants))
    block = Block(
        len(tenants), tuple(Plain(MARKS.column(name), each) for name, each in zip(names, cells, strict=True))
    )
    generated = targets.given(MARKS, Generated(names, len(tenants), lambda: iter([block])))
    return [tuple(row) for block in generated.blocks() for row in block.rows()]


def targets(
    *keys: Sequence[int], once: bool = False, tenants: Sequence[Mapping[str, Sequence[int]]] = ({}, {})
) -> Targets:
    return Targets(REFERENCES, keys, tenants, [once] * len(keys))


def test_all_are_referenced_equally_often() -> None:
    rows = referenced(targets([1, 2, 3], [7, 8]), [0] * 12)
    assert set(Counter(row[:2] for row in rows).values()) == {2, 3}
    # Each table in turn, as long as all of its rows have been referenced as often.
    assert [row[0] for row in rows[:4]] == ["post", "photo", "post", "photo"]
    assert {row[:2] for row in rows[:5]} == {
        ("post", 1),
        ("post", 2),
        ("post", 3),
        ("photo", 7),
        ("photo", 8),
    }


def test_rows_that_agree_come_before_others() -> None:
    by_tenant = targets([1, 2], [7], tenants=({"tenant": [5, 6]}, {"tenant": [6]}))
    rows = referenced(by_tenant, [6, 6, 5, 5, 6])
    assert [row[:2] for row in rows] == [("post", 2), ("photo", 7), ("post", 1), ("post", 1), ("photo", 7)]
    # Where none agrees, the row takes what the referenced one has.
    assert referenced(targets([1], [], tenants=({"tenant": [5]}, {})), [9]) == [("post", 1, 5)]


def test_what_may_be_referenced_once_is_referenced_once() -> None:
    rows = referenced(targets([1, 2], [7], once=True), [0] * 4)
    assert {row[:2] for row in rows[:3]} == {("post", 1), ("post", 2), ("photo", 7)}
    # The last row keeps what it had.
    assert rows[3] == ("", 0, 0)


def test_without_rows_to_reference_nothing_changes() -> None:
    assert referenced(targets([], []), [3]) == [("", 0, 3)]
