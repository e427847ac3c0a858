"""The steps that make a row, each by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.model.schema import Table
from pytest_supaseed.rows.steps import (
    ComparedColumn,
    LeaveIndex,
    MakeContext,
    MakeValue,
    OpenBlock,
    RandomUuids,
)
from pytest_supaseed.values.column import value_source
from tests.builders import FAKER, column, table

THINGS = table("things", column("code", nullable=True))
CODE = THINGS.column("code")


class Counted(MakeValue):
    """Gives NULL to row 0 and texts to the others."""

    def __init__(self) -> None:
        self.columns, self.uses, self.attempts, self.reason = ("code",), (), 3, ""

    def begin(self, amount: int, context: MakeContext) -> None:
        """Nothing is drawn."""

    def values(self, number: int, row: Mapping[str, Any], attempt: int) -> Mapping[str, Any]:
        return {"code": f"{number}-{attempt}" if number else None}


def test_a_row_that_leaves_an_index_gets_values_of_its_own() -> None:
    step = LeaveIndex(THINGS, ComparedColumn(CODE, ValueDomain()), Counted())
    step.begin(8, MakeContext(0, lambda: FAKER))
    row = dict(step.values(7, {}, 0) or {})
    assert row == {"code": "7-0"}
    assert step.make_distinct(row, lambda: row["code"] == "7-1")
    assert row == {"code": "7-1"}


def filled(kind: type[MakeValue], of: Table, name: str, amount: int) -> list[Any]:
    source = value_source(of, of.column(name), ValueDomain())
    assert source is not None

    def no_faker() -> Any:
        raise AssertionError(f"{name} needs Faker")

    step = kind(of, of.column(name), ValueDomain(), source)
    step.begin(amount, MakeContext(0, no_faker))
    [cells] = step.fill(OpenBlock(of, 0, [{} for _ in range(amount)]))
    return list(cells.values())


def test_uuids_of_one_draw_are_those_of_a_draw_for_each_row() -> None:
    things = table("things", column("token", "uuid"), column("parent_token", "uuid", nullable=True))
    for name in ("token", "parent_token"):
        assert filled(RandomUuids, things, name, 40) == filled(MakeValue, things, name, 40)


def test_english_values_need_no_faker() -> None:
    texts = [
        "first_name",
        "last_name",
        "full_name",
        "email",
        "username",
        "phone",
        "company",
        "job_title",
        "street",
        "address",
        "city",
        "state",
        "country",
        "postcode",
        "latitude",
        "url",
        "slug",
        "title",
        "description",
        "code",
        "iban",
        "currency",
        "color",
        "locale",
        "timezone",
        "ip_address",
        "file_name",
    ]
    people = table(
        "people",
        *(column(name) for name in texts),
        column("price", "numeric"),
        column("seen_at", "timestamptz"),
        column("settings", "jsonb"),
        column("place", "inet"),
    )
    for of in people.columns:
        if of.sequence is None:
            assert len(filled(MakeValue, people, of.name, 30)) == 30
