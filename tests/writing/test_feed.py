"""The file that COPY reads: which rows it still knows, where numbers end, what went wrong."""

from __future__ import annotations

from typing import Any

import pytest

from builders import FAKER, asked, column, make_rows, planned, table
from pytest_supaseed import Rows
from pytest_supaseed.errors import GenerateError
from pytest_supaseed.planning.plan import TableState
from pytest_supaseed.writing.feed import Feed

THINGS = table("things", column("body"))


def fed(amount: int, **columns: Any) -> Feed:
    plan = planned(THINGS, spec=asked(things=Rows(amount, columns=columns), limit=10**7))
    return Feed(THINGS, make_rows(plan.tables[0], TableState(), amount, 0, FAKER))


def test_the_feed_shows_rows_of_late_and_knows_where_the_numbers_end() -> None:
    feed = fed(12_000)
    lines = []
    while text := feed.read(8192):
        lines += text.splitlines()
    assert len(lines) == 12_000
    assert feed.reached == {"id": 12_000}
    assert feed.row(11_999)["id"] == 11_999
    assert feed.row(11_999)["body"] == lines[11_998].partition("\t")[2]
    assert feed.row(12_001) == {}


def test_the_feed_keeps_what_went_wrong() -> None:
    def fails(faker: object) -> str:
        raise ValueError("no")

    feed = fed(6_000, body=fails)
    with pytest.raises(GenerateError):
        feed.read()
    assert isinstance(feed.error, GenerateError)
