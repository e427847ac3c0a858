"""What docs/how-to/models.md tells people to paste is pasted and run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2].joinpath("docs", "how-to", "models.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^```\w+\n# (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))


def test_the_pages_tests_pass(project: pytest.Pytester) -> None:
    assert sorted(BLOCKS) == ["pytest.ini", "shop.py", "test_shop.py"]
    for name, content in BLOCKS.items():
        project.path.joinpath(name).write_text(content, encoding="utf-8")
    project.path.joinpath("pytest.ini").write_text(
        "[pytest]\nsupaseed_schema = shop:Base\n", encoding="utf-8"
    )
    result = project.runpytest_subprocess("--strict-markers", "-W", "error")
    result.assert_outcomes(passed=3)


def test_the_pages_registration_leaves_a_mark_of_others_alone(project: pytest.Pytester) -> None:
    project.path.joinpath("pytest.ini").write_text(BLOCKS["pytest.ini"], encoding="utf-8")
    project.makepyfile("import pytest\n@pytest.mark.seed(42)\ndef test_it(): ...")
    project.runpytest_inprocess("--strict-markers", "-W", "error").assert_outcomes(passed=1)
