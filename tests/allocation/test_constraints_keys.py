"""Unique keys as what they bind."""

from __future__ import annotations

import pytest

from builders import column, index, table, unique
from pytest_supaseed.allocation.constraints import bound_key, fills_index, unordered
from pytest_supaseed.model.schema import Table, UniqueKey

COLUMNS = [
    column("a", "int4", nullable=True),
    column("b", "int4"),
    column("flag", "bool", default="true"),
    column("state", default="'new'::text"),
    column("gone_at", "timestamptz", nullable=True),
]


def of(*keys: UniqueKey) -> Table:
    return table("t", *COLUMNS, *keys)


@pytest.mark.parametrize(
    ("where", "name", "fills"),
    [
        ("flag", "flag", True),
        ("(NOT flag)", "flag", False),
        ("(state = 'new'::text)", "state", True),
        ("(state = 'old'::text)", "state", False),
        ("flag", "b", False),
    ],
)
def test_a_default_fills_an_index_of_few(where: str, name: str, fills: bool) -> None:
    key = index(where, "b")
    assert fills_index(of(key), name, lambda column: column == "b") == fills
    assert not fills_index(of(key), name, lambda column: False)


def test_a_default_fills_no_index_in_which_a_column_has_many_values() -> None:
    assert not fills_index(of(index("flag", "a", "b")), "flag", lambda column: column == "b")
    assert fills_index(of(index("flag", "a", "b")), "flag", lambda column: column in ("a", "b"))


ALL = unique("a", "b", name="all")


@pytest.mark.parametrize(
    ("key", "others", "bound"),
    [
        (ALL, [], ALL),
        (index("(a IS NOT NULL)", "a", "b"), [], unique("a", "b", name="i")),
        # NULLs that another index takes once for each b are not distinct.
        (
            index("(a IS NOT NULL)", "a", "b"),
            [index("(a IS NULL)", "b")],
            unique("a", "b", name="i", nulls_distinct=False),
        ),
        # They are not where the rest can be NULL as well, or where the other index says something else.
        (
            index("(a IS NOT NULL)", "a", "gone_at"),
            [index("(a IS NULL)", "gone_at")],
            unique("a", "gone_at", name="i"),
        ),
        (
            index("((a IS NOT NULL) AND (gone_at IS NOT NULL))", "a", "gone_at", "b"),
            [index("(a IS NULL)", "b")],
            unique("a", "gone_at", "b", name="i"),
        ),
        (
            index("(a IS NOT NULL)", "a", "b"),
            [index("(a IS NULL)", "state"), index("flag", "b")],
            unique("a", "b", name="i"),
        ),
        # It is NOT NULL anyway.
        (index("(b IS NOT NULL)", "a"), [], unique("a", name="i")),
        (index("(b IS NULL)", "a"), [], None),
        (index("(a IS NOT NULL)", "b"), [], None),
        (index("(a IS NULL)", "b"), [], None),
        (index("flag", "b"), [], None),
        (index("opaque(a)", "a", "b"), [], None),
        (unique("a", "b", expression=True, definition="(lower(a), b)"), [], None),
    ],
)
def test_a_key_binds_columns_in_all_rows_or_is_another(
    key: UniqueKey, others: list[UniqueKey], bound: UniqueKey | None
) -> None:
    found = bound_key(of(key, *others), key)
    if found is not None:
        assert (found.columns, found.nulls_distinct, found.partial, found.expression) == (
            bound.columns if bound else None,
            bound.nulls_distinct if bound else None,
            False,
            False,
        )
    assert (found is None) == (bound is None)


@pytest.mark.parametrize(
    ("definition", "either"),
    [
        ("CREATE UNIQUE INDEX i ON t USING btree (LEAST(a, b), GREATEST(a, b))", ("a", "b")),
        ("CREATE UNIQUE INDEX i ON t USING btree (GREATEST(b, a), LEAST(a, b))", ("a", "b")),
        ("CREATE UNIQUE INDEX i ON t USING btree (LEAST(a, b), LEAST(a, b))", None),
        ("CREATE UNIQUE INDEX i ON t USING btree (LEAST(a, b))", None),
    ],
)
def test_the_lesser_and_the_greater_are_two_columns(definition: str, either: tuple[str, str] | None) -> None:
    key = unique("a", "b", expression=True, definition=definition)
    assert unordered(key) == either
