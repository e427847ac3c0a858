"""What the WHERE clause of a partial unique index says of rows."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_supaseed.constraints.indexes import condition
from pytest_supaseed.model.schema import Column, ColumnType, Table, TableName, UniqueKey

TEXT = ColumnType("text", "text")
TABLE = Table(TableName("public", "users"), (Column("token", TEXT), Column("state", TEXT)))


def holds(where: str, **row: Any) -> bool | None:
    key = UniqueKey(
        "key", ("token",), partial=True, definition=f"CREATE UNIQUE INDEX key ON users (token) WHERE {where}"
    )
    found = condition(TABLE, key)
    return None if found is None else found.holds({"token": None, "state": None, **row})


@pytest.mark.parametrize(
    ("where", "inside", "outside"),
    [
        ("((token)::text !~ '^[0-9 ]*$'::text)", ["a", "1a"], ["", "1 2", None]),
        ("(token ~ '^[a-z]+$'::text)", ["ab"], ["", "1", None]),
        ("(token <> ''::text)", ["a"], ["", None]),
        ("(token IS NOT NULL)", ["a", ""], [None]),
    ],
)
def test_which_values_are_in_the_index(where: str, inside: list[Any], outside: list[Any]) -> None:
    assert [holds(where, token=value) for value in inside] == [True] * len(inside)
    assert [holds(where, token=value) for value in outside] == [False] * len(outside)


def test_conditions_that_all_have_to_hold() -> None:
    where = "((token !~ '^ *$'::text) AND (state = 'open'::text))"
    assert holds(where, token="a", state="open")
    assert not holds(where, token=" ", state="open")
    assert not holds(where, token="a", state="done")


@pytest.mark.parametrize("where", ["(token ~ state)", "(lower(token) ~ 'a'::text)"])
def test_what_is_not_read(where: str) -> None:
    assert holds(where, token="a") is None
