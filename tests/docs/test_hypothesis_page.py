"""What docs/how-to/hypothesis.md tells people to paste is pasted and run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2].joinpath("docs", "how-to", "hypothesis.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^```python\n# (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))


def test_the_pages_tests_pass(project: pytest.Pytester) -> None:
    assert sorted(BLOCKS) == ["conftest.py", "test_blocks.py", "test_factory.py", "test_setups.py"]
    for name, content in BLOCKS.items():
        project.path.joinpath(name).write_text(content, encoding="utf-8")
    result = project.runpytest_subprocess("-p", "hypothesispytest", "--strict-markers")
    result.assert_outcomes(passed=4)
