"""The page of --supaseed-report: where tables are placed, what of several processes it shows, and what it escapes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from pytest_supaseed.reports.page import (
    Event,
    Record,
    Reference,
    SeededTest,
    SeedRecord,
    TableBox,
    document,
    page,
    placed,
)


def box(name: str, *referenced: str) -> TableBox:
    return TableBox(name, tuple(Reference((f"{other}_id",), other) for other in referenced))


def columns_of(tables: list[TableBox]) -> list[list[str]]:
    """The names of the tables from left to right, and in each column from top to bottom."""
    found: dict[float, list[dict[str, Any]]] = {}
    for entry in placed(tables)["tables"]:
        found.setdefault(entry["x"], []).append(entry)
    return [
        [each["name"] for each in sorted(found[x], key=lambda each: float(each["y"]))] for x in sorted(found)
    ]


@pytest.mark.parametrize(
    ("tables", "columns"),
    [
        ([], []),
        ([box("a")], [["a"]]),
        ([box("b", "a"), box("a"), box("c", "b", "a")], [["a"], ["b"], ["c"]]),
        # A table stands beyond all that it references.
        ([box("a"), box("b"), box("c", "b"), box("d", "a", "c")], [["a", "b"], ["c"], ["d"]]),
        # Near what it references.
        ([box("a"), box("b"), box("c", "b"), box("d", "a")], [["a", "b"], ["d", "c"]]),
        # Tables that reference one another stand together, and so does what references itself.
        ([box("a", "b"), box("b", "a"), box("c", "b", "c")], [["a", "b"], ["c"]]),
        # A table outside of the schema is not drawn.
        ([box("a", "absent")], [["a"]]),
    ],
)
def test_tables_stand_beyond_what_they_reference(tables: list[TableBox], columns: list[list[str]]) -> None:
    assert columns_of(tables) == columns


def test_no_two_tables_overlap() -> None:
    tables = [box(f"t{n}", *(f"t{m}" for m in range(n) if (n * m) % 7 == 1)) for n in range(300)]
    found = placed(tables)
    assert len(found["tables"]) == 300
    for one in found["tables"]:
        assert one["x"] + one["width"] <= found["width"]
        assert one["y"] + one["height"] <= found["height"]
        for other in found["tables"]:
            apart = (
                one["x"] + one["width"] <= other["x"]
                or other["x"] + other["width"] <= one["x"]
                or one["y"] + one["height"] <= other["y"]
                or other["y"] + other["height"] <= one["y"]
            )
            assert one is other or apart


def test_a_chain_of_a_thousand_tables_is_placed() -> None:
    tables = [box("t0"), *(box(f"t{n}", f"t{n - 1}") for n in range(1, 1_000))]
    assert len(columns_of(tables)) == 1_000


def test_long_names_are_cut() -> None:
    [entry] = placed([box("a" * 70, "b" * 70)])["tables"]
    assert (entry["shown"], entry["name"]) == ("a" * 29 + "…", "a" * 70)
    assert entry["references"][0]["shown"] == "b" * 29 + "…"
    assert 300 < entry["width"] <= 340


SEED = SeedRecord(
    "key",
    "tmpl",
    "seed(users=2)",
    2,
    1000,
    {"users": 2},
    {},
    {"users": {"columns": ["a"], "rows": [["</script>"]]}},
)
RECORD = Record(
    "PostgreSQL 18.6",
    7,
    {"tmpl": [box("users"), box("setups", "users")]},
    [SEED],
    [SeededTest("test_a", ["key"], "its own", "passed", {"setup": 0.5}, "gw0")],
    [Event("test", "test_a", 2.0, 3.0, "gw0"), Event("seed", "seed(users=2)", 1.0, 2.5, "gw0")],
)


def test_a_record_is_the_same_after_it_was_handed_on() -> None:
    found = Record.of(RECORD.text())
    assert (found.text(), found.schemas, found.tests, found.events) == (
        RECORD.text(),
        RECORD.schemas,
        RECORD.tests,
        RECORD.events,
    )


def test_of_a_seed_that_several_have_found_the_one_that_has_made_it_counts() -> None:
    made = replace(
        RECORD, seeds=[replace(SEED, seconds=0.25)], tests=[], events=[Event("load", "a", 0.5, 1, "gw1")]
    )
    for records in ([RECORD, made], [made, RECORD]):
        found = document(records)
        assert [seed["seconds"] for seed in found["seeds"]] == [0.25]
        assert [event["kind"] for event in found["events"]] == ["load", "seed", "test"]
        assert (found["workers"], found["server"], found["seed"]) == (["gw0", "gw1"], "PostgreSQL 18.6", 7)
        assert [test["id"] for test in found["tests"]] == ["test_a"]
    assert document([])["seeds"] == []


def test_values_are_data_and_never_markup() -> None:
    text = page('a <b> & "c"', [RECORD])
    assert text.count("<title>a &lt;b&gt; &amp; &quot;c&quot;</title>") == 1
    [data] = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert "<" not in data
    assert json.loads(data) == json.loads(json.dumps(document([RECORD])))
    assert json.loads(data)["seeds"][0]["rows"]["users"]["rows"] == [["</script>"]]
    assert not re.findall(r"https?://(?!www\.w3\.org/2000/svg)", text)
