"""What docs/reference/database-settings.md tells people to paste is pasted and run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = (
    Path(__file__)
    .parents[2]
    .joinpath("docs", "reference", "database-settings.md")
    .read_text(encoding="utf-8")
)
BLOCKS = dict(re.findall(r"^```\w+\n(?:#|--) (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))


def test_the_pages_tests_pass(project: pytest.Pytester) -> None:
    assert sorted(BLOCKS) == ["pytest.ini", "schema.sql", "test_orders.py", "test_regions.py"]
    # The one of the fixture.
    project.path.joinpath("tox.ini").unlink()
    for name, content in BLOCKS.items():
        project.path.joinpath(name).write_text(content, encoding="utf-8")
    result = project.runpytest_inprocess("--strict-markers", "-W", "error")
    result.assert_outcomes(passed=3)
