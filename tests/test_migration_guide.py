"""What the guide for SupaSeed's users tells them to paste is pasted and run, and it leaves out no key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pytest_supaseed.spec import Configuration
from pytest_supaseed.supabase.from_supaseed import IGNORED, READ, read_file

GUIDE = (
    Path(__file__)
    .parents[1]
    .joinpath("docs", "how-to", "migrating-from-supa-seed.md")
    .read_text(encoding="utf-8")
)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


PYTHON = blocks("python")
[JSON] = blocks("json")
[JAVASCRIPT] = blocks("js")
[INI] = blocks("ini")


def test_every_block_is_one_that_is_tried() -> None:
    assert len(PYTHON) == 3
    assert len(re.findall(r"^```\w+$", GUIDE, re.MULTILINE)) == len(PYTHON) + 3


@pytest.mark.parametrize("source", PYTHON)
def test_the_tests_pass(project: pytest.Pytester, source: str) -> None:
    project.path.joinpath("supa-seed.config.json").write_text(JSON, encoding="utf-8")
    project.makepyfile(source)
    project.runpytest_inprocess("--strict-markers", "-W", "error").assert_outcomes(passed=1)


def test_the_ini_asks_for_the_same(project: pytest.Pytester) -> None:
    project.path.joinpath("supa-seed.config.json").write_text(JSON, encoding="utf-8")
    project.makeini(INI)
    project.makepyfile("def test_it(seeded_db): assert seeded_db.counts()['setups'] == 8")
    project.runpytest_inprocess("-W", "error").assert_outcomes(passed=1)


def test_the_marker_gives_the_rows_of_the_configuration(project: pytest.Pytester) -> None:
    project.path.joinpath("supa-seed.config.json").write_text(JSON, encoding="utf-8")
    marker = "\n".join(line for line in PYTHON[1].splitlines() if line.startswith("@"))
    project.makepyfile(
        f"""
import pytest
from pytest_supaseed import from_supaseed

@pytest.mark.seed(from_supaseed("supa-seed.config.json"))
def test_old(seeded_db, record):
    record.append([seeded_db.rows(name) for name in ("users", "setups")])

{marker}
def test_new(seeded_db, record):
    record.append([seeded_db.rows(name) for name in ("users", "setups")])
    assert record[0] == record[1]

@pytest.fixture(scope="module")
def record():
    return []
"""
    )
    project.runpytest_inprocess("-W", "error").assert_outcomes(passed=2)


def test_the_twin_in_javascript_says_the_same(tmp_path: Path) -> None:
    def read(text: str, name: str) -> Configuration:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return read_file(path, name)

    old, twin = read(JSON, "a.json"), read(JAVASCRIPT, "a.js")
    assert old.problems == twin.problems == ()
    assert (old.tables, old.options) == (twin.tables, twin.options)


ROWS = re.findall(r"^\| (.*?) \| .* \|$", GUIDE.partition("## Every key")[2], re.MULTILINE)
NAMED = {name for row in ROWS for name in re.findall(r"`([^`]+)`", row)}


def spelt(place: str, key: str) -> str:
    """A key as the guide spells it; in the tables of a list it stands by itself."""
    path = f"{place}.{key}" if place else key
    if path.startswith("schema.optionalTables.") and key not in IGNORED["schema"]:
        return path if path in NAMED else key
    return path.replace("*", "NAME")


@pytest.mark.parametrize("keys", [READ, IGNORED], ids=["read", "ignored"])
def test_no_key_is_left_out(keys: dict[str, tuple[str, ...]]) -> None:
    known = {spelt(place, key) for place, names in keys.items() for key in names}
    assert known <= NAMED


def test_no_key_is_made_up() -> None:
    both = [*READ.items(), *IGNORED.items()]
    known = {spelt(place, key) for place, names in both for key in names}
    known |= {"tables.users.count", "//"}
    assert known >= NAMED
