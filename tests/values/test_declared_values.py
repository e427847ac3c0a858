"""Values that validators and types of an application judge."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest

from builders import asked, column, made, planned, table, unique
from pytest_supaseed.errors import GenerateError, PlanError
from pytest_supaseed.model.declared import Declarations
from pytest_supaseed.model.schema import Binding, Column, ColumnType, DeclaredColumn, Table, Validator

TEXT, JSONB = ColumnType("text", "text", "S"), ColumnType("jsonb", "jsonb")
NUMERIC = ColumnType("numeric(9,2)", "numeric", "N", precision=9, scale=2)


def values(
    *parts: Any, rows: int = 12, declared: DeclaredColumn, of: str = "users", **columns: Any
) -> list[Any]:
    """The values of the first column in new rows."""
    users = table(of, *parts)
    spec = asked({of: {"count": rows, **columns}}, limit=10_000)
    plan = planned(users, spec=spec, declared=Declarations({(of, parts[0].name): declared}))
    return [row[parts[0].name] for row in made(plan)[of]]


def validator(check: Any, **more: Any) -> DeclaredColumn:
    def accept(value: Any, row: Mapping[str, Any]) -> Any:
        if not check(value):
            raise ValueError(f"{value!r} is no value")
        return value

    return DeclaredColumn("User.name", validators=(Validator("User.check", accept, **more),))


def test_values_that_a_validator_refuses_are_replaced() -> None:
    found = values(column("name"), declared=validator(lambda value: "a" not in value))
    assert all("a" not in each for each in found)
    assert len(set(found)) > 3


@pytest.mark.parametrize("check", [str.islower, str.isupper, str.isalnum])
def test_usual_forms_are_offered(check: Any) -> None:
    assert all(map(check, values(column("title"), declared=validator(check))))


def test_what_the_code_of_a_validator_mentions_is_offered() -> None:
    declared = validator(lambda value: value.startswith("ACME-"), hints=("ACME-",))
    assert all(each.startswith("ACME-") for each in values(column("title"), declared=declared))
    declared = validator(lambda value: re.fullmatch(r"[A-Z]{3}-\d+", value), patterns=(r"^[A-Z]{3}-\d+$",))
    assert all(re.fullmatch(r"[A-Z]{3}-\d+", each) for each in values(column("title"), declared=declared))


def test_what_a_validator_returns_is_stored() -> None:
    declared = DeclaredColumn(validators=(Validator("User.low", lambda value, row: value.lower()),))
    found = values(column("title"), declared=declared)
    assert all(each == each.lower() for each in found)


def test_a_validator_that_accepts_nothing_is_named() -> None:
    with pytest.raises(GenerateError) as caught:
        values(column("name"), declared=validator(lambda value: False))
    text = str(caught.value)
    assert text.startswith(
        "users.name (text): no value could be made: User.name takes none of the values tried: "
    )
    assert "User.check raised ValueError: " in text
    assert text.endswith("give some that fit, as in users=Rows(12, columns={'name': [...]})")


def test_a_column_whose_validator_accepts_nothing_is_null_where_it_may_be() -> None:
    asked_about: list[Any] = []

    def refuse(value: Any) -> bool:
        asked_about.append(value)
        return False

    found = values(column("name", nullable=True), declared=validator(refuse))
    assert set(found) == {None}
    # Later rows need not ask again.
    assert len(asked_about) < 400


def test_unique_values_are_judged_as_well() -> None:
    found = values(
        column("name"),
        unique("name"),
        rows=40,
        declared=validator(lambda value: not re.search("[xyz]", value)),
    )
    assert len(set(found)) == 40
    assert not any(re.search("[xyz]", each) for each in found)


def test_values_of_many_rows_are_judged() -> None:
    found = values(
        column("code"),
        unique("code"),
        rows=5_200,
        declared=validator(lambda value: not value.startswith("A")),
    )
    assert len(set(found)) == 5_200
    assert not any(each.startswith("A") for each in found)


def test_a_validator_sees_the_columns_that_it_reads() -> None:
    def accept(value: Any, row: Mapping[str, Any]) -> Any:
        if value <= row["low"]:
            raise ValueError(value)
        return value

    bounds = table("bounds", column("low", "int4"), column("high", "int4"))
    declared = DeclaredColumn(validators=(Validator("Bounds.check", accept, uses=("low",)),))
    plan = planned(bounds, spec=asked(bounds=20), declared=Declarations({("bounds", "high"): declared}))
    assert all(row["low"] < row["high"] for row in made(plan)["bounds"])


def test_listed_values_are_judged_before_they_are_dealt_out() -> None:
    declared = validator(lambda value: value != "old")
    found = values(column("status", "mood", labels=("new", "old")), declared=declared)
    assert set(found) == {"new"}


DOCUMENTS = Binding("Document", JSONB, lambda value: json.dumps(value, sort_keys=True), json.loads)
CENTS = Binding("Cents", NUMERIC, lambda value: int(value * 100), lambda value: Decimal(value) / 100)


def test_values_of_the_application_are_stored_as_it_does() -> None:
    found = values(column("settings"), declared=DeclaredColumn(binding=DOCUMENTS))
    assert all(isinstance(json.loads(each), dict) for each in found)
    found = values(column("price", "int4"), declared=DeclaredColumn(binding=CENTS, minimum=5, maximum=6))
    assert all(500 <= each <= 600 for each in found)


def test_what_the_type_refuses_is_not_stored() -> None:
    def bind(value: str) -> str:
        if len(value) % 2:
            raise ValueError("odd")
        return value[::-1]

    declared = DeclaredColumn(binding=Binding("Even", TEXT, bind, lambda value: value[::-1]))
    assert all(len(each) % 2 == 0 for each in values(column("title"), declared=declared))
    declared = DeclaredColumn(binding=Binding("Never", TEXT, int, str))
    with pytest.raises(
        GenerateError, match=r"Never takes none of the values tried: .*Never raised ValueError"
    ):
        values(column("title"), declared=declared)


def test_unique_values_of_the_application_differ() -> None:
    reverse = Binding("Reverse", TEXT, lambda value: value[::-1], lambda value: value[::-1])
    found = values(column("email"), unique("email"), rows=300, declared=DeclaredColumn(binding=reverse))
    assert len(set(found)) == 300
    assert all(each[::-1].partition("@")[2] for each in found)


def test_a_stored_value_has_to_fit_its_column() -> None:
    twice = Binding("Twice", TEXT, lambda value: value * 2, lambda value: value[: len(value) // 2])
    found = values(column("title", "varchar", length=20), declared=DeclaredColumn(binding=twice))
    assert all(len(each) <= 20 for each in found)


class Colour(Enum):
    RED = 1
    BLUE = 2


def test_supplied_values_are_values_of_the_application() -> None:
    declared = DeclaredColumn(binding=DOCUMENTS)
    assert set(values(column("settings"), declared=declared, settings={"a": 1})) == {'{"a": 1}'}
    assert set(values(column("settings"), declared=declared, settings=lambda faker: [1])) == {"[1]"}
    by_name = DeclaredColumn(allowed=("RED", "BLUE"))
    assert set(values(column("colour"), declared=by_name, colour=[Colour.RED])) == {"RED"}
    assert set(values(column("colour"), declared=by_name, colour=lambda faker: Colour.BLUE)) == {"BLUE"}
    with pytest.raises(PlanError, match=r"users.colour='GREEN': the column takes only 'RED', 'BLUE'"):
        values(column("colour"), declared=by_name, colour="GREEN")
    number = Binding("Number", ColumnType("integer", "int4", "N"), int, int)
    with pytest.raises(PlanError, match=r"users.size='a': Number does not take it: ValueError"):
        values(column("size"), declared=DeclaredColumn(binding=number), size="a")


def test_a_type_that_tells_nothing_is_refused_with_what_to_write() -> None:
    secret = DeclaredColumn(binding=Binding("app.Secret", None, str, str))
    with pytest.raises(PlanError) as caught:
        values(column("key"), declared=secret)
    assert str(caught.value) == (
        "users.key is NOT NULL, and what app.Secret takes cannot be told from it: give some, as in "
        "users=Rows(12, columns={'key': [...]}), or for every test by the fixture supaseed_generators: "
        "{'users.key': lambda faker: ...}"
    )
    assert set(values(column("key"), declared=secret, key="x")) == {"x"}


def test_words_tell_what_values_are() -> None:
    found = values(column("contact"), declared=DeclaredColumn(words="email"))
    assert all("@" in each for each in found)
    assert not any("@" in each for each in values(column("contact"), declared=DeclaredColumn()))


def test_columns_are_typed() -> None:
    # For the type checker: what is declared is a plain attribute of a column.
    users: Table = table("users", column("name"))
    found: Column = users.column("name")
    assert found.declared is None
