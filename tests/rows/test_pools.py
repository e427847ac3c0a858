"""Large seeds without a database: pools, what differs by the way it is made, and what rows are compared for."""

from __future__ import annotations

import itertools
import re
import tracemalloc
import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from faker import Faker
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import (
    FAKER,
    asked,
    column,
    dicts,
    make_rows,
    planned,
    reference,
    rows_of,
    serial,
    table,
    unique,
    values_of,
)
from pytest_supaseed import Rows
from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.copy_text import copy_fields, copy_lines
from pytest_supaseed.errors import GenerateError
from pytest_supaseed.model.schema import Check, Table
from pytest_supaseed.planning.plan import Key, TableState
from pytest_supaseed.rows import steps
from pytest_supaseed.rows.cells import LARGE
from pytest_supaseed.rows.steps import MakeContext, OpenBlock, RandomUuids
from pytest_supaseed.values.column import value_source
from pytest_supaseed.values.distinct import next_distinct, numbered_texts, scattered_codes, scattered_numbers

AMOUNT = LARGE + 1_000
USERS = table("users", column("id", "uuid"), key=("id",))
OWNERS: list[Key] = [(uuid.UUID(int=number),) for number in range(50)]


def things(*parts: Any, key: tuple[str, ...] | None = None) -> Table:
    return table("things", *parts, key=key)


def generated(one: Table, amount: int = AMOUNT, seed: int = 0, faker: Faker = FAKER, **columns: Any) -> Any:
    spec = asked(users=50, things=Rows(amount, columns=columns), limit=10**7)
    plan = planned(USERS, one, spec=spec)
    keys = {
        foreign_key.name: OWNERS for foreign_key in one.foreign_keys if foreign_key.referenced != one.name
    }
    [of_things] = [found for found in plan.tables if found.table.label == "things"]
    return make_rows(of_things, TableState(keys=keys), amount, seed, faker)


def made(*parts: Any, key: tuple[str, ...] | None = None, **more: Any) -> list[dict[str, Any]]:
    return dicts(generated(things(*parts, key=key), **more))


# A unique column, and what its values look like.
UNIQUE = {
    "email": (column("email"), r"[\w.+-]+@example\.(com|org|net)"),
    "username": (column("username", "varchar", length=20), r"\S{1,20}"),
    "title": (column("title"), r".+"),
    "slug": (column("slug"), r"[a-z0-9-]+"),
    "code": (column("code", "varchar", length=12), r".{1,12}"),
    "number": (column("quantity", "int4"), r"\d+"),
    "price": (column("price", "numeric"), r"[\d.]+"),
    "uuid": (column("token", "uuid"), r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
    "moment": (column("seen_at", "timestamptz"), r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+00:00"),
    "day": (column("day", "date"), r"\d{4}-\d\d-\d\d"),
    "address": (column("place", "inet"), r"[\d.]+(/32)?"),
}


@pytest.mark.parametrize(("part", "pattern"), UNIQUE.values(), ids=list(UNIQUE))
def test_the_values_of_a_unique_column_differ(part: Any, pattern: str) -> None:
    values = [str(value) for value in values_of(made(part, unique(part.name)), part.name)]
    assert len({value.casefold() for value in values}) == AMOUNT
    assert all(re.fullmatch(pattern, value) for value in values)


def test_new_values_differ_from_those_that_are_there() -> None:
    parts = (column("email"), unique("email"), column("code", "varchar", length=6), unique("code"))
    one = things(*parts)
    first = dicts(generated(one))
    plan = planned(one, spec=asked(things=2 * AMOUNT, limit=10**6)).tables[0]
    columns = ("id", "email", "code")
    present = [tuple(row[name] for name in columns) for row in first]
    state = TableState(AMOUNT, rows=present, columns=columns, numbers={"id": AMOUNT + 1})
    second = dicts(make_rows(plan, state, AMOUNT, 0, FAKER))
    for name in columns:
        assert len({row[name] for row in (*first, *second)}) == 2 * AMOUNT


def test_there_are_thousands_of_values() -> None:
    rows = made(column("full_name"), column("price", "numeric"), column("created_at", "timestamptz"))
    for name in ("full_name", "price", "created_at"):
        assert len(set(values_of(rows, name))) > 1_500
    assert max(Counter(values_of(rows, "full_name")).values()) < AMOUNT / 200


def test_the_columns_of_a_row_fit_one_another() -> None:
    parts = (
        column("first_name"),
        column("last_name"),
        column("email"),
        unique("email"),
        column("created_at", "timestamptz"),
        column("updated_at", "timestamptz"),
        column("low", "int4"),
        column("high", "int4"),
        Check("ordered", "(high > low)", ("high", "low")),
    )
    rows = made(*parts)
    assert all(row["updated_at"] >= row["created_at"] for row in rows)
    assert all(row["high"] > row["low"] for row in rows)
    fitting = [
        row["last_name"].lower() in row["email"] or row["first_name"].lower() in row["email"] for row in rows
    ]
    assert sum(fitting) > 0.99 * AMOUNT


def test_columns_fit_what_is_dealt_to_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def next_value(value: object, number: int, *more: Any) -> object | None:
        tried.append(number)
        return next_distinct(value, number, *more)

    monkeypatch.setattr(steps, "next_distinct", next_value)
    rows = made(column("full_name"), column("email"), unique("email"), full_name=["Ann Lee", "Bob Ray"])
    assert Counter(values_of(rows, "full_name")) == {"Ann Lee": AMOUNT // 2, "Bob Ray": AMOUNT // 2}
    assert all(("lee" in row["email"]) == (row["full_name"] == "Ann Lee") for row in rows)
    assert len({row["email"] for row in rows}) == AMOUNT
    # alee7@example.com and alee31@example.com become the same addresses: what one has taken, the other does not try.
    assert 1 <= len(tried) < 3 * AMOUNT


def test_columns_fit_what_every_row_is_given() -> None:
    rows = made(column("full_name"), column("email"), full_name="Ann Lee")
    assert all("lee" in row["email"] for row in rows)
    assert len(set(values_of(rows, "email"))) > 50


def test_choices_are_dealt_out_evenly() -> None:
    kinds = ["a", "b", "c", None]
    rows = made(column("kind", nullable=True), reference("user_id", "users"), kind=kinds)
    assert set(Counter(values_of(rows, "kind")).values()) == {AMOUNT // 4}
    assert set(Counter(values_of(rows, "user_id")).values()) == {AMOUNT // 50}


def test_a_function_is_called_for_every_row_in_their_order() -> None:
    numbers = itertools.count()
    rows = made(
        column("code"),
        column("note"),
        code=lambda faker: f"c{next(numbers)}",
        note=lambda faker, row: row["code"],
    )
    assert values_of(rows, "code", "note") == [(f"c{number}",) * 2 for number in range(AMOUNT)]


def test_a_composite_key_has_no_value_twice() -> None:
    rows = made(column("name"), reference("user_id", "users"), unique("user_id", "name"))
    assert len({(row["user_id"], row["name"].casefold()) for row in rows}) == AMOUNT


def test_a_key_of_references_has_no_value_twice() -> None:
    parts = (reference("user_id", "users"), reference("other_id", "users"), column("kind", "int4"))
    rows = made(*parts, unique("user_id", "other_id", "kind"), kind=[1, 2, 3, 4])
    assert len({(row["user_id"], row["other_id"], row["kind"]) for row in rows}) == AMOUNT


def test_a_table_that_references_itself_is_a_forest() -> None:
    parent = reference("parent_id", "things")
    rows = dicts(generated(table("things", parent, column("title"), nullable=["parent_id"])))
    places = {row["id"]: number for number, row in enumerate(rows)}
    assert all(row["parent_id"] is None or places[row["parent_id"]] < places[row["id"]] for row in rows)
    assert sum(row["parent_id"] is None for row in rows) == 1 + (AMOUNT - 1) // 20


@pytest.mark.parametrize("amount", [LARGE + 1, AMOUNT])
def test_each_row_references_another_one_once(amount: int) -> None:
    apart = Check("apart", "(after_id <> id)", ("after_id", "id"))
    rows = dicts(generated(things(reference("after_id", "things"), apart, unique("after_id")), amount))
    # The first row comes after the last one, though that is in another block.
    assert rows[0]["after_id"] == rows[-1]["id"]
    assert [row["after_id"] for row in rows[1:]] == [row["id"] for row in rows[:-1]]


def test_a_row_may_reference_a_later_one_of_its_tenant() -> None:
    apart = Check("apart", "(above_id <> id)", ("above_id", "id"))
    above = reference("tenant_id, above_id", "things", "tenant_id, id")
    parts = reference("tenant_id", "users"), above, apart, unique("tenant_id", "id")
    rows = dicts(generated(things(*parts)))
    assert set(values_of(rows, "tenant_id", "above_id")) <= set(values_of(rows, "tenant_id", "id"))
    assert not any(row["above_id"] == row["id"] for row in rows)


def test_the_same_seed_gives_the_same_rows() -> None:
    one = things(column("email"), unique("email"), column("full_name"), column("token", "uuid"))
    first = rows_of(generated(one, faker=Faker("en_US")))
    assert rows_of(generated(one, faker=Faker("en_US"))) == first
    other = rows_of(generated(one, seed=1))
    assert not {row[1:] for row in first} & {row[1:] for row in other}


def test_another_column_changes_no_other() -> None:
    names = ("email", "price", "token", "created_at")
    parts = (column("email"), unique("email"), column("price", "numeric"), column("token", "uuid"))
    parts += (column("created_at", "timestamptz"),)
    more = (column("title"), column("stock", "int4"), column("seen", "bool"))
    assert values_of(made(*parts), *names) == values_of(made(*more, *parts), *names)


def test_a_row_is_the_same_as_the_line_that_is_written() -> None:
    one = things(
        column("email"),
        unique("email"),
        column("token", "uuid"),
        column("body"),
        reference("user_id", "users"),
    )
    columns = [one.column(name) for name in generated(one).columns]
    for block in itertools.islice(generated(one).blocks(), 2):
        spelt = copy_lines(
            copy_fields(of, values)
            for of, values in zip(columns, zip(*block.rows(), strict=True), strict=True)
        )
        assert block.lines().replace("-", "") == spelt.replace("-", "")


def test_numbers_that_end_are_told() -> None:
    ends = things(column("note"))
    few = serial("id", "things", maximum=AMOUNT - 1)
    spec = asked(things=AMOUNT - 1, limit=10**6)
    plan = planned(table("things", few, column("note")), spec=spec).tables[0]
    with pytest.raises(GenerateError, match=r"^things\.id: its numbers end at 5999: give values"):
        rows_of(make_rows(plan, TableState(), AMOUNT, 0, FAKER))
    assert len(rows_of(generated(ends))) == AMOUNT


@pytest.mark.parametrize(
    "parts",
    [
        (column("email"), unique("email"), column("full_name"), column("token", "uuid"), unique("token")),
        (column("code", "varchar", length=9), unique("code"), column("stock", "int4"), unique("stock")),
    ],
    ids=["texts", "counted"],
)
def test_memory_does_not_grow_with_the_rows(parts: tuple[Any, ...]) -> None:
    def peak(amount: int) -> int:
        blocks: Iterator[Any] = generated(things(*parts), amount).blocks()
        tracemalloc.start()
        for block in blocks:
            block.lines()
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(6_000)
    assert peak(24_000) < 1.5 * peak(8_000) + 300_000


@given(st.integers(LARGE + 1, LARGE + 3_000))
@settings(deadline=None, max_examples=4)
def test_progress_sums_up_to_the_rows(amount: int) -> None:
    for parts in [(column("note"),), (column("at", "timestamptz"), unique("at"), column("note"))]:
        told: list[float] = []
        plan = planned(things(*parts), spec=asked(things=amount, limit=10**6)).tables[0]
        rows_of(make_rows(plan, TableState(), amount, 0, FAKER, told.append))
        assert sum(told) == pytest.approx(amount)


@given(st.integers(1, 100), st.integers(0, 1000))
def test_uuids_are_of_version_4(count: int, seed: int) -> None:
    one = things(column("token", "uuid"))
    source = value_source(one, one.column("token"), ValueDomain())
    assert source is not None
    step = RandomUuids(one, one.column("token"), ValueDomain(), source)
    step.begin(count, MakeContext(seed, lambda: FAKER))
    [cells] = step.fill(OpenBlock(one, 0, [{} for _ in range(count)]))
    assert {found.version for found in cells.values()} == {4}
    assert {found.variant for found in cells.values()} == {uuid.RFC_4122}
    assert len(set(cells.fields())) == count


TEXTS = st.one_of(
    st.from_regex(r"[a-z]{1,8}[._-]?[a-z0-9]{0,4}@(a|b)\.example", fullmatch=True),
    st.from_regex(r"[A-Za-z]{1,6}([ -][A-Za-z0-9]{1,4})?[0-9]{0,2}", fullmatch=True),
)


@given(st.lists(TEXTS, min_size=1, max_size=30), st.sampled_from([None, 12, 20]))
@settings(deadline=None)
def test_numbered_texts_never_meet(texts: list[str], length: int | None) -> None:
    of = column("name", "varchar", length=length) if length else column("name")
    templates = [
        template for template in numbered_texts(texts, of, ValueDomain(), 120) if template is not None
    ]
    values = [template.text(number).casefold() for template in templates for number in range(121)]
    assert len(set(values)) == len(values)
    assert length is None or all(len(value) <= length for value in values)


@given(st.from_regex(r"[A-Z]{1,2}-?[0-9]{1,3}", fullmatch=True))
@settings(deadline=None, max_examples=30)
def test_counted_codes_never_meet(code: str) -> None:
    found = scattered_codes([code], column("code"), ValueDomain())
    assert found is not None
    values = [found.value(number) for number in range(min(found.size, 3_000))]
    assert len(set(values)) == len(values)


@given(st.sampled_from(["int2", "int4", "numeric", "float8"]), st.integers(1, 40_000))
@settings(deadline=None, max_examples=30)
def test_scattered_numbers_never_meet(kind: str, wanted: int) -> None:
    found = scattered_numbers(column("stock", kind), ValueDomain(minimum=0), wanted)
    assert found is not None
    assert kind == "int2" or found.size >= wanted
    values = [found.value(number) for number in range(min(found.size, wanted, 2_000))]
    assert len(set(values)) == len(values)
