"""The page of --supaseed-report: what a session writes, and what a browser makes of it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_supaseed.reports.page import Record, Reference, SeededTest, SeedRecord, TableBox, page

MODULE = """
import pytest
from pytest_supaseed import seeded_database

wider = seeded_database(users=3, scope="module")

@pytest.mark.seed(users=5, setups=8)
@pytest.mark.parametrize("number", [1, 2])
def test_shared(seeded_connection, number): ...

@pytest.mark.seed(users=2)
def test_own(seeded_db):
    assert seeded_db.counts()["users"] == 3

def test_wider(wider): ...

@pytest.mark.seed(setups=3)
def test_refused(seeded_db): ...

@pytest.mark.seed(users=2)
@pytest.mark.skip
def test_skipped(seeded_db): ...

def test_of_nothing(): ...
"""


def data_of(path: Path) -> Any:
    [data] = re.findall(r'id="data">(.*?)</script>', path.read_text(encoding="utf-8"), re.DOTALL)
    return json.loads(data)


@pytest.mark.parametrize("arguments", [[], ["-n", "2"]], ids=["alone", "workers"])
def test_a_session_writes_what_its_tests_were_given(project: pytest.Pytester, arguments: list[str]) -> None:
    project.makepyfile(MODULE)
    result = project.runpytest_subprocess("--supaseed-report=page.html", *arguments)
    result.assert_outcomes(passed=4, failed=1, skipped=1, errors=1)
    result.stdout.fnmatch_lines([f"supaseed: report of the seeds: {project.path / 'page.html'}"])
    found = data_of(project.path / "page.html")
    assert found["workers"] == (["gw0", "gw1"] if arguments else [""])
    tests = {test["id"].rpartition("::")[2]: test for test in found["tests"]}
    assert {key: (test["outcome"], test["isolation"]) for key, test in tests.items()} == {
        "test_shared[1]": ("passed", "shared, rolled back"),
        "test_shared[2]": ("passed", "shared, rolled back"),
        "test_own": ("failed", "its own"),
        "test_wider": ("passed", "of a wider fixture"),
        "test_refused": ("failed", ""),
        "test_skipped": ("skipped", ""),
    }
    assert (tests["test_refused"]["seeds"], tests["test_refused"]["asked"]) == ([], "seed(setups=3)")
    assert set(tests["test_own"]["phases"]) == {"setup", "call", "teardown"}
    seeds = {seed["marker"]: seed for seed in found["seeds"]}
    assert set(seeds) == {"seed(users=5, setups=8)", "seed(users=2)", "seed(users=3)"}
    seed = seeds["seed(users=5, setups=8)"]
    assert tests["test_shared[1]"]["seeds"] == tests["test_shared[2]"]["seeds"] == [seed["key"]]
    assert tests["test_wider"]["seeds"] == [seeds["seed(users=3)"]["key"]]
    assert (seed["counts"]["users"], seed["counts"]["setups"], seed["asked"]) == (5, 8, 13)
    assert len(seed["rows"]["setups"]["rows"]) == 8
    [spread] = seed["spread"]["setups"]
    assert (spread["columns"], sorted(spread["rows"])) == (["user_id"], [1, 1, 2, 2, 2])
    assert (seed["error"], seed["seconds"] is None) == ("", False)
    kinds = {event["kind"] for event in found["events"]}
    assert kinds == {"server", "load", "seed", "clone", "test"}
    assert all(event["began"] <= event["ended"] for event in found["events"])
    boxes = {box["name"]: box for box in found["schemas"][seed["schema"]]["tables"]}
    assert boxes["setups"]["x"] > boxes["users"]["x"]


FOLDER = "which is a folder: write a file, such as --supaseed-report=report.html"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--supaseed-report="], f"is '', {FOLDER}"),
        (["--supaseed-report=."], f"is '.', {FOLDER}"),
        (
            ["--supaseed-report=no/a.html"],
            "is 'no/a.html': there is no folder {root}/no: make it, or write another file",
        ),
        (
            ["--supaseed-report=a.html", "--supaseed-plan"],
            "is 'a.html', and --supaseed-plan runs no test: leave one of them out",
        ),
    ],
)
def test_a_page_that_cannot_be_written_is_a_usage_error(
    project: pytest.Pytester, arguments: list[str], problem: str
) -> None:
    result = project.runpytest_inprocess(*arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert f"ERROR: supaseed: --supaseed-report {problem.format(root=project.path)}" in result.errlines


def test_what_has_refused_rows_is_told_also_of_kept_seeds(project: pytest.Pytester) -> None:
    project.path.joinpath("schema.sql").write_text(
        """
        CREATE TABLE bids (id serial PRIMARY KEY, amount int NOT NULL);
        CREATE FUNCTION even() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF (new.amount + length(current_database())) % 3 > 4 OR mod(new.amount, 2) = 1 THEN RAISE 'odd'; END IF;
            RETURN new;
        END $$;
        CREATE TRIGGER even BEFORE INSERT ON bids FOR EACH ROW EXECUTE FUNCTION even();
        """
    )
    project.makepyfile("import pytest\n@pytest.mark.seed(bids=20)\ndef test_a(seeded_connection): ...")
    for _ in range(2):
        project.runpytest_subprocess("--supaseed-report=page.html").assert_outcomes(passed=1)
        [seed] = data_of(project.path / "page.html")["seeds"]
        [replaced] = seed["replaced"]
        assert (replaced["table"], replaced["by"]) == ("bids", "trigger even")
        assert 1 <= replaced["rows"] <= replaced["tried"]


def test_a_session_that_ends_early_writes_its_rows(project: pytest.Pytester) -> None:
    project.makepyfile(MODULE)
    result = project.runpytest_subprocess("--supaseed-report=page.html", "-x")
    result.assert_outcomes(passed=2, failed=1)
    found = data_of(project.path / "page.html")
    assert [len(seed["rows"]["users"]["rows"]) for seed in found["seeds"]] == [5, 2]


def test_a_session_without_seeded_tests_writes_an_empty_page(project: pytest.Pytester) -> None:
    project.makepyfile("def test_a(): ...")
    project.runpytest_inprocess("--supaseed-report=page.html").assert_outcomes(passed=1)
    found = data_of(project.path / "page.html")
    assert (found["tests"], found["seeds"], found["events"]) == ([], [], [])


CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def large() -> Record:
    """What a session with a schema of 300 tables has recorded."""
    boxes = [
        TableBox(f"t{n}", tuple(Reference((f"t{m}_id",), f"t{m}") for m in range(n) if (n * m) % 31 == 1))
        for n in range(300)
    ]
    rows = [[str(number), None if number % 2 else f"<b>value {number}</b>"] for number in range(120)]
    counts = {box.name: 120 for box in boxes}
    seeds = [
        SeedRecord(
            f"key {number}",
            "tmpl",
            f"seed(t0={number})",
            120,
            1000,
            counts,
            {
                box.name: [{"columns": list(r.columns), "rows": [1, 0, 3]} for r in box.references]
                for box in boxes
            },
            {"t0": {"columns": ["id", "name"], "rows": rows}},
        )
        for number in range(3)
    ]
    tests = [
        SeededTest(f"test_a.py::test_{n}", ["key 1"], "its own", "passed", {"setup": 0.1}, "")
        for n in range(2_000)
    ]
    return Record("PostgreSQL 18.6", 0, {"tmpl": boxes}, seeds, tests, [])


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Any]:
    """The page of a large schema in a browser, which must not raise errors, nor load anything."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium: install Debian's package chromium")
    playwright = pytest.importorskip("playwright.sync_api")
    path = tmp_path / "page.html"
    path.write_text(page("Seeds", [large()]), encoding="utf-8")
    problems: list[str] = []
    with playwright.sync_playwright() as started:
        # It is started as root in containers, where its sandbox is not available.
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        found = browser.new_page()
        found.on("pageerror", lambda error: problems.append(str(error)))
        found.on("console", lambda message: problems.append(message.text))
        found.on(
            "request", lambda request: problems.append(request.url) if request.url != path.as_uri() else None
        )
        found.goto(path.as_uri())
        yield found
        browser.close()
    assert problems == []


# In one test, for a browser takes seconds to draw the page.
def test_a_browser_shows_the_page_and_leads_through_it(opened: Any) -> None:
    assert (
        opened.locator("#summary").inner_text()
        == "PostgreSQL 18.6 · 2,000 seeded tests · 3 seeds · generator seed 0"
    )
    assert opened.locator("#diagram svg a").count() == 300
    assert opened.locator("#diagram svg .bar").count() > 300
    assert opened.locator("#page").inner_text() == "1 to 50 of 120 rows"
    # Values are texts, and NULL is told from them.
    assert opened.locator("#cells td").all_inner_texts()[:4] == ["0", "<b>value 0</b>", "1", "NULL"]
    assert opened.locator("#matching").inner_text() == "2,000 tests, the first 500 are shown"
    rows_are_paged_and_searched_by_keyboard(opened)
    a_box_of_the_diagram_leads_to_the_rows_and_a_test_to_its_seed(opened)
    for scheme in ("light", "dark"):
        the_text_stands_out_from_the_page(opened, scheme)


def rows_are_paged_and_searched_by_keyboard(opened: Any) -> None:
    opened.focus("#next")
    opened.keyboard.press("Enter")
    opened.keyboard.press("Enter")
    assert opened.locator("#page").inner_text() == "101 to 120 of 120 rows"
    assert opened.locator("#next").is_disabled()
    opened.focus("#search")
    opened.keyboard.type("VALUE 11")
    assert opened.locator("#page").inner_text() == "1 to 5 of 5 found in 120 rows"
    opened.fill("#search", "absent")
    assert opened.locator("#page").inner_text() == "none found in 120 rows"
    opened.fill("#search", "")


def a_box_of_the_diagram_leads_to_the_rows_and_a_test_to_its_seed(opened: Any) -> None:
    opened.locator("#diagram svg a").last.focus()
    opened.keyboard.press("Enter")
    assert opened.evaluate("document.activeElement.id") == "rows"
    assert opened.locator("#page").inner_text() == "no rows"
    opened.locator("#list a").first.click()
    assert opened.locator("#asked code").inner_text() == "seed(t0=1)"


def the_text_stands_out_from_the_page(opened: Any, scheme: str) -> None:
    opened.emulate_media(color_scheme=scheme)
    colours = opened.evaluate(
        "['color', 'backgroundColor'].map((name) => getComputedStyle(document.body)[name].match(/\\d+/g).map(Number))"
    )
    light = [sum(colour[:3]) / 3 for colour in colours]
    assert (light[0] < 60 < 200 < light[1]) if scheme == "light" else (light[1] < 60 < 200 < light[0])
