"""The reference has every option, ini key, marker and fixture, and nothing that is not there."""

from __future__ import annotations

import ast
import re
import sys

import pytest
from test_pages import check_answer

from pages import DOCS, ROOT, Page
from pytest_supaseed import options
from pytest_supaseed.values.meanings.registry import MEANINGS
from pytest_supaseed.values.types.registry import TYPES

sys.path.insert(0, str(DOCS))
import reference_tables  # beside the pages, where Sphinx finds it

MARKERS, OPTIONS, FIXTURES = (Page(f"reference/{name}.md") for name in ("markers", "options", "fixtures"))


@pytest.fixture
def help_text(project: pytest.Pytester) -> str:
    return project.runpytest_inprocess("--help").stdout.str()


def test_the_options_of_the_table_are_those_that_there_are(help_text: str) -> None:
    rows = reference_tables.options()
    flags = set(re.findall(r"--supaseed-[a-z-]+", help_text))
    assert {row.flag.split()[0] for row in rows if row.flag} == flags
    ini = set(re.findall(r"^  (supaseed_\w+)", help_text, re.MULTILINE))
    assert {row.ini for row in rows if row.ini} == ini
    assert len(ini) == 19
    assert [row.text for row in rows if not row.text] == []
    shown = reference_tables.TABLES["options"]()
    assert "| `--supaseed-max-records N` | `supaseed_max_records` | 1000 | The most rows" in shown


def test_the_fixtures_of_the_page_are_those_that_there_are(project: pytest.Pytester) -> None:
    listing = project.runpytest_inprocess("--fixtures").outlines
    fixtures = {line.split()[0] for line in listing if re.match(r"(seeded|supaseed)_\w+ .*-- ", line)}
    assert len(fixtures) == 15
    rows = " ".join(FIXTURES.first_column())
    assert fixtures == set(re.findall(r"`((?:seeded|supaseed)_\w+)`", rows))


def test_the_markers_of_the_page_are_those_that_there_are() -> None:
    signatures = [marker.partition("): ")[0] + ")" for marker in options.MARKERS]
    assert [text.strip() for text in MARKERS.of("text")] == signatures


def test_the_test_of_the_markers_passes(project: pytest.Pytester) -> None:
    MARKERS.write(project.path)
    assert len(MARKERS.blocks) == 3
    project.runpytest_inprocess("--strict-markers", "-W", "error").assert_outcomes(passed=1)


def test_the_plan_of_the_page_is_printed(project: pytest.Pytester) -> None:
    [answer] = OPTIONS.of("console")
    assert len(OPTIONS.blocks) == 1
    Page("index.md").write(project.path)
    check_answer(project, answer)


def test_the_markers_of_the_table_of_counts_leave_as_many_rows(project: pytest.Pytester) -> None:
    rows = re.findall(r"^\| `(seed\(.*\))` \| (\w+)", Page("explanation/counts.md").text, re.MULTILINE)
    assert len(rows) == 5
    tests = [
        f"@{marker}\ndef test_{number}(seeded_db):\n    assert seeded_db.counts()['setups'] == {count}"
        for number, (marker, count) in enumerate(
            (marker, count.replace("none", "0")) for marker, count in rows
        )
    ]
    project.makepyfile("from pytest_supaseed import Rows, seed\n\n" + "\n\n".join(tests))
    project.runpytest_inprocess("-W", "error").assert_outcomes(passed=5)


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("_first_name_", ["first_name"]),
        ("^_(key|code)_$", ["key", "code"]),
        (r"(?<!_mime)_type_$|^_kind_$", ["type", "kind"]),
        (r"_iso_(code_|2_)?$", ["iso", "iso_code", "iso_2"]),
        (r"^_(\w+_)?total_$", ["total", "…_total"]),
        (r"_allerg", ["allerg"]),
    ],
)
def test_names_of_a_pattern(pattern: str, names: list[str]) -> None:
    assert reference_tables.names_of(pattern) == names


def test_a_pattern_with_many_names_says_that_there_are_more() -> None:
    assert reference_tables.names_of("_(a|b|c)_", most=2) == ["a", "b", "…"]


def test_every_declaration_has_a_line() -> None:
    meanings = reference_tables.TABLES["meanings"]()
    assert meanings.count("\n") == 2 + sum(1 for each in MEANINGS if each.names)
    types = reference_tables.TABLES["types"]()
    assert all(f"`{name}`" in types for each in TYPES for name in each.names)
    assert "| latitude | `lat`, `latitude` | -60 | 70 |" in reference_tables.TABLES["numbers"]()
    assert reference_tables.TABLES["moments"]().splitlines()[2].startswith("| birth |")


def test_a_meaning_has_an_example_where_the_name_alone_says_enough() -> None:
    found = {each.name: reference_tables.example(each) for each in MEANINGS if each.names}
    assert re.fullmatch(r"[\w.]+@example\.(com|org|net)", found["e-mail address"])
    assert re.fullmatch(r"[A-Z]\w+", found["first name"])
    # In a table of settings alone.
    assert found["key of a setting"] == ""
    assert sum(map(bool, found.values())) > 0.7 * len(found)
    assert max(map(len, found.values())) <= 62


def test_a_cell_with_a_border_is_one_cell() -> None:
    assert reference_tables.table(("a",), [["x|y"]]) == "| a |\n| --- |\n| x\\|y |\n"


def pieces_of_messages() -> set[str]:
    """What the package's texts consist of, between the values that are put into them."""
    package = ROOT / "pytest_supaseed"
    # Functions of stubs say that they are not there.
    found = {path.read_text(encoding="utf-8") for path in package.rglob("*.sql")}
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and len(node.value.strip()) >= 10
            ):
                found.add(node.value.strip())
    return found


def test_each_message_of_the_table_is_one_of_the_package() -> None:
    pieces = pieces_of_messages()
    messages = [
        message
        for cell in Page("reference/messages.md").first_column()
        for message in re.findall(r"`([^`]+)`", cell)
    ]
    assert len(messages) >= 36
    for message in messages:
        parts = [part.strip() for part in message.split("...") if len(part.strip()) >= 10]
        assert parts, message
        assert any(part in piece or piece in part for part in parts for piece in pieces), message
