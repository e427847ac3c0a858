"""Unique keys as what they bind, and the WHERE clauses of partial ones."""

from __future__ import annotations

from typing import Any

import pytest

from builders import column, reference, table, unique
from pytest_supaseed.allocation.keys import (
    Condition,
    Part,
    about_rows,
    bound_key,
    condition,
    fills_index,
    of_new_rows,
    of_no_new_row,
    of_nulls,
    unordered,
)
from pytest_supaseed.model.schema import Table, UniqueKey

COLUMNS = [
    column("a", "int4", nullable=True),
    column("b", "int4"),
    column("flag", "bool", default="true"),
    column("state", default="'new'::text"),
    column("gone_at", "timestamptz", nullable=True),
]


def index(where: str, *columns: str, **more: Any) -> UniqueKey:
    definition = f"CREATE UNIQUE INDEX i ON public.t USING btree ({', '.join(columns)}) WHERE {where}"
    return unique(*columns, name="i", definition=definition, partial=True, **more)


def of(*keys: UniqueKey) -> Table:
    return table("t", *COLUMNS, *keys)


@pytest.mark.parametrize(
    ("where", "parts"),
    [
        ("flag", [Part("flag", ("true",))]),
        ("(NOT flag)", [Part("flag", ("false",))]),
        ("(flag = true)", [Part("flag", ("true",))]),
        ("(flag IS NOT TRUE)", [Part("flag", ("true",), True)]),
        ("(gone_at IS NULL)", [Part("gone_at", (None,))]),
        ("(a IS NOT NULL)", [Part("a", (None,), True)]),
        ("(state = 'new'::text)", [Part("state", ("new",))]),
        ("((state)::text <> 'it''s'::text)", [Part("state", ("it's",), True)]),
        ("(state = ANY (ARRAY['x'::text, 'y'::text]))", [Part("state", ("x", "y"))]),
        ("(state <> ALL (ARRAY['x'::text, 'y'::text]))", [Part("state", ("x", "y"), True)]),
        ("(flag AND (gone_at IS NULL))", [Part("flag", ("true",)), Part("gone_at", (None,))]),
        ('((a = 1) AND ("b" = 2))', [Part("a", ("1",)), Part("b", ("2",))]),
        # What is not understood is no condition: the key is taken to be for all rows.
        ("(a > 3)", None),
        ("(flag OR (a IS NULL))", None),
        ("(flag AND (a > 3))", None),
        ("(lower(state) = 'x'::text)", None),
        ("(elsewhere IS NULL)", None),
        ("(((", None),
    ],
)
def test_a_where_clause_is_read(where: str, parts: list[Part] | None) -> None:
    key = index(where, "b")
    assert condition(of(key), key) == (Condition(tuple(parts)) if parts else None)


@pytest.mark.parametrize(
    ("part", "inside", "outside"),
    [
        (Part("flag", ("true",)), [True], [False, None]),
        (Part("flag", ("true",), True), [False], [True, None]),
        (Part("a", (None,)), [None], [1]),
        (Part("a", (None,), True), [1], [None]),
        (Part("state", ("x", "y")), ["x", "y"], ["z", None]),
        (Part("state", ("x",), True), ["z"], ["x", None]),
        (Part("a", ("1",)), [1], [2]),
    ],
)
def test_a_row_is_in_an_index_or_not(part: Part, inside: list[Any], outside: list[Any]) -> None:
    assert [part.holds(value) for value in (*inside, *outside)] == [True] * len(inside) + [False] * len(
        outside
    )


def test_what_defaults_decide_is_decided() -> None:
    key = index("(flag AND (a IS NULL))", "b")
    found = of(key)
    assert of_new_rows(found, key, ["flag"]) == Condition((Part("a", (None,)),))
    assert not of_no_new_row(found, key, ["flag"])
    never = index("(NOT flag)", "b")
    assert of_new_rows(of(never), never, ["flag"]) is None
    assert of_no_new_row(of(never), never, ["flag"])
    assert not of_no_new_row(of(never), never, [])


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
        # It is NOT NULL anyway.
        (index("(b IS NOT NULL)", "a"), [], unique("a", name="i")),
        (index("(b IS NULL)", "a"), [], None),
        (index("(a IS NOT NULL)", "b"), [], None),
        (index("(a IS NULL)", "b"), [], None),
        (index("flag", "b"), [], None),
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


def test_a_condition_of_nulls_alone_is_told() -> None:
    key = index("((a IS NULL) AND (gone_at IS NOT NULL))", "b")
    where = of_nulls(of(key), key)
    assert where is not None
    assert about_rows(of(key), where)
    assert of_nulls(of(key), index("(flag AND (a IS NULL))", "b")) is None
    nobody = index("(b IS NULL)", "a")
    found = of_nulls(of(nobody), nobody)
    assert found is not None
    assert not about_rows(of(nobody), found)
    assert of_nulls(table("t", reference("u_id", "u")), ALL) is None
