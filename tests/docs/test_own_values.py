"""What docs/how-to/own-values.md tells people to paste is pasted and run."""

from __future__ import annotations

import pytest

from pages import Page

PAGE = Page("how-to/own-values.md")
CONFTESTS = [block.content for block in PAGE.blocks if block.file == "conftest.py"]
[TEST] = [block.content for block in PAGE.blocks if block.file == "test_categories.py"]


@pytest.mark.parametrize("conftest", ["", *CONFTESTS], ids=["plain", "generators", "factory"])
def test_the_test_of_the_page_passes(project: pytest.Pytester, conftest: str) -> None:
    project.makeconftest(conftest)
    project.makepyfile(TEST)
    project.runpytest_inprocess("--strict-markers", "-W", "error").assert_outcomes(passed=1)


def test_there_is_no_other_block() -> None:
    assert len(PAGE.blocks) == 3
