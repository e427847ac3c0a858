"""Pages of the documentation are run as they stand: their files are written, and what pytest prints is compared."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from pages import DOCS, PAGES, ROOT, Page, is_shown

# Pages with a module of their own, which knows what belongs to them.
OWN = {
    "explanation/isolation.md": "docs/test_drivers.py",
    "explanation/rows-that-models-load.md": "docs/test_rows_that_models_load.py",
    "how-to/async.md": "docs/test_async_page.py",
    "how-to/django.md": "docs/test_django.py",
    "how-to/drivers.md": "docs/test_drivers.py",
    "how-to/failing-tests.md": "docs/test_failing_tests.py",
    "how-to/flask.md": "docs/test_flask.py",
    "how-to/hypothesis.md": "docs/test_hypothesis_page.py",
    "how-to/live-servers.md": "docs/test_live_servers.py",
    "how-to/meanings.md": "docs/test_meanings_page.py",
    "how-to/migrating-from-supa-seed.md": "test_migration_guide.py",
    "how-to/models.md": "docs/test_models.py",
    "how-to/own-values.md": "docs/test_own_values.py",
    "reference/command.md": "docs/test_command_page.py",
    "reference/database-settings.md": "docs/test_database_settings_page.py",
    "reference/markers.md": "docs/test_reference_pages.py",
    "reference/options.md": "docs/test_reference_pages.py",
    "reference/stacks.md": "docs/test_stacks.py",
    "tutorial/first-tests.md": "docs/test_tutorial.py",
}
HERE = [page for page in PAGES if page.name not in OWN and page.blocks]
# What a page's libraries say that is not of the page.
OPTIONS = {"how-to/fastapi.md": ("-W", "ignore:Using `httpx`")}


@pytest.mark.parametrize("page", HERE, ids=lambda page: page.name)
def test_the_files_of_a_page_are_tests_that_pass(project: pytest.Pytester, page: Page) -> None:
    # Everything is a file, or an answer of pytest, or marked.
    for block in page.blocks:
        assert block.not_run or block.file or block.language == "console", block
    files = page.files()
    number = sum(len(re.findall(r"^(?:async )?def test_", text, re.MULTILINE)) for text in files.values())
    number += sum(len(eval(values)) - 1 for text in files.values() for values in parameters(text))
    if not files:
        return
    if "pytest.ini" in files:
        project.path.joinpath("tox.ini").unlink()
    page.write(project.path)
    result = project.runpytest_inprocess("--strict-markers", "-W", "error", *OPTIONS.get(page.name, ()))
    result.assert_outcomes(passed=number)
    for answer in page.of("console"):
        check_answer(project, answer)


def parameters(text: str) -> list[str]:
    """Return the values that tests are parametrized with, as they are written."""
    return re.findall(r"^@pytest\.mark\.parametrize\(\"\w+\", (.*)\)$", text, re.MULTILINE)


def check_answer(project: pytest.Pytester, answer: str) -> None:
    """Run the command of a block, and compare what it prints with what the block shows."""
    command, _, shown = answer.partition("\n")
    dollar, program, *arguments = shlex.split(command)
    assert (dollar, program) == ("$", "pytest")
    printed = project.runpytest_subprocess(*arguments).stdout.str()
    assert is_shown(shown, printed), printed


@pytest.mark.parametrize(
    ("shown", "printed", "agrees"),
    [
        ("a\nb\n", "a\nb", True),
        ("a\n", "a\nb\n", False),
        ("b\n", "a\nb\n", False),
        ("...\nb\n", "a\nb\n", True),
        ("a\n...\nd\n", "a\nb\n\nc\nd\n", True),
        ("a\n...\nd\n", "a\nb\nc\n", False),
        ("a\n...\n", "a\n", True),
        ("1 passed in 0.94s\n", "1 passed in 2.10s\n", True),
        ("....\n", "a\n", False),
    ],
)
def test_what_is_left_out_of_an_output_has_to_be_marked(shown: str, printed: str, agrees: bool) -> None:
    assert is_shown(shown, printed) == agrees


def test_each_page_of_a_module_is_read_by_it() -> None:
    names = {page.name for page in PAGES}
    assert set(OWN) <= names
    for page, module in OWN.items():
        text = ROOT.joinpath("tests", module).read_text(encoding="utf-8")
        assert Path(page).stem in text, page


def test_what_no_test_runs_says_why() -> None:
    reasons = {block.not_run for page in PAGES for block in page.blocks if block.not_run}
    assert reasons == {"a CI file"}


def test_the_index_leads_to_every_page() -> None:
    index = DOCS.joinpath("index.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^([\w/-]+)$", index, re.MULTILINE))
    assert {page.name.removesuffix(".md") for page in PAGES} - listed == {"index"}
