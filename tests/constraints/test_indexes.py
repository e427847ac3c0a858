"""Predicates of partial unique indexes."""

from __future__ import annotations

from typing import Any

import pytest

from builders import column, index, reference, table, unique
from pytest_supaseed.constraints.indexes import (
    Condition,
    Part,
    about_rows,
    condition,
    constant_default,
    of_new_rows,
    of_no_new_row,
    of_nulls,
)
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
        ("(a > 3)", [Part("a", ("3",), order=">")]),
        ("(flag AND (a <= '-1'::integer))", [Part("flag", ("true",)), Part("a", ("-1",), order="<=")]),
        # What is not understood is no condition: the key is taken to be for all rows.
        ("(flag OR (a IS NULL))", None),
        ("(state > 'x'::text)", None),
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
    assert of_nulls(table("t", reference("u_id", "u")), unique("a", "b", name="all")) is None


@pytest.mark.parametrize(
    ("default", "text"),
    [
        ("0", "0"),
        ("(-1)", "-1"),
        ("0.2000", "0.2000"),
        ("'-0.5'::numeric", "-0.5"),
        ("'it''s'::text", "it's"),
        ("true", "true"),
        ("now()", None),
        ("(0.2 * 2)", None),
        (None, None),
    ],
)
def test_constant_defaults(default: str | None, text: str | None) -> None:
    assert constant_default(table("t", column("a", "numeric", default=default)), "a") == text
