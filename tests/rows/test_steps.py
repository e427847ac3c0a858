"""The steps that make a row, each by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_supaseed.constraints.domain import ColumnFacts
from pytest_supaseed.rows.steps import ComparedColumn, LeaveIndex, MakeContext, MakeValue
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
    step = LeaveIndex(THINGS, ComparedColumn(CODE, ColumnFacts()), Counted())
    step.begin(8, MakeContext(0, lambda: FAKER))
    row = dict(step.values(7, {}, 0) or {})
    assert row == {"code": "7-0"}
    assert step.vary(row, lambda: row["code"] == "7-1")
    assert row == {"code": "7-1"}
