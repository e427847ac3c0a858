"""Columns that follow from the rows beside theirs, by name and type."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders import column, reference, schema, table, unique
from pytest_supaseed.model.schema import Column, Table
from pytest_supaseed.values.meanings.windows import Window, windows_of

STAMP = column("created_at", "timestamptz")


def found(name: str, *parts: object) -> list[Window]:
    """The windows of a table that references lists and products, beside a list that an owner has."""
    known = schema(
        table("owners", column("name")),
        table("lists", column("name"), reference("owner_id", "owners")),
        table("products", column("name")),
        table(name, *parts),  # type: ignore[arg-type]
    )
    of: Table = next(each for each in known.tables if each.name.name == name)
    return list(windows_of(known, of, {each.name for each in of.columns}))


@pytest.mark.parametrize(
    ("part", "function"),
    [
        (column("position", "int4"), "number"),
        (column("sort_order", "int2"), "number"),
        (column("lineNo", "int4"), "number"),
        (replace(column("round", "int4"), comment="1 for the first of a list, then 2"), "number"),
        (column("is_default", "bool"), "first"),
        (column("is_current", "bool"), "last"),
        (column("position", "text"), None),
        (column("round", "int4"), None),
        (column("order_number", "text"), None),
    ],
)
def test_what_follows_from_rows_beside_it(part: Column, function: str | None) -> None:
    windows = found(
        "list_items", reference("product_id", "products"), reference("list_id", "lists"), STAMP, part
    )
    assert [(each.function, each.partition, each.order) for each in windows] == (
        [] if function is None else [(function, ("list_id",), ("created_at", "id"))]
    )


def test_bounds_of_a_nested_set() -> None:
    windows = found("categories", column("lft", "int4"), column("rgt", "int4"), column("name"))
    assert [(each.column, each.function) for each in windows] == [("lft", "left"), ("rgt", "right")]
    assert not found("pages", column("lft", "int4"))


def test_a_letter_says_yes() -> None:
    kind = replace(column("main_flag", "varchar", length=1), default="'N'::character varying")
    [window] = found("list_items", reference("list_id", "lists"), kind)
    assert (window.function, window.labels) == ("first", ("Y", "N"))


def test_what_is_current_beside_its_end_is_no_latest_row() -> None:
    ended = column("end_date", "date", nullable=True)
    assert found("list_prices", reference("list_id", "lists"), column("is_current", "bool"), ended) == []


def test_a_row_is_of_the_nearest_of_two_parents() -> None:
    windows = found(
        "entries", reference("owner_id", "owners"), reference("list_id", "lists"), column("position", "int4")
    )
    assert [each.partition for each in windows] == [("list_id",)]


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("balance_after", "after"),
        ("running_balance", "after"),
        ("balance_before", "before"),
        ("weight_after", None),
    ],
)
def test_running_balances(name: str, function: str | None) -> None:
    windows = found(
        "ledger_entries",
        reference("owner_id", "owners"),
        column("entry_no", "int4"),
        column("amount", "numeric"),
        column(name, "numeric"),
        column("booked_at", "timestamptz"),
        unique("owner_id", "entry_no"),
    )
    assert [each.function for each in windows if each.column == name] == ([function] if function else [])
    if function:
        [window] = [each for each in windows if each.column == name]
        assert window.order[0] == "entry_no"
        assert window.value is not None
        assert window.value.value == "amount"
        assert window.words == f"balance {function} the row of one owner_id by {', '.join(window.order)}"
