"""What docs/explanation/rows-that-models-load.md tells to paste is pasted and run, and its errors are printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = (
    Path(__file__)
    .parents[2]
    .joinpath("docs", "explanation", "rows-that-models-load.md")
    .read_text(encoding="utf-8")
)
BLOCKS = dict(re.findall(r"^```python\n# (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
MESSAGES = re.findall(r"^```text\n(.*?)\n```$", PAGE, re.MULTILINE | re.DOTALL)


def write(project: pytest.Pytester, **files: str) -> None:
    for name, content in files.items():
        project.path.joinpath(f"{name}.py").write_text(content, encoding="utf-8")
    project.path.joinpath("pytest.ini").write_text(
        "[pytest]\nsupaseed_schema = shop:Base\n", encoding="utf-8"
    )


def test_the_pages_tests_pass(project: pytest.Pytester) -> None:
    assert sorted(BLOCKS) == ["shop.py", "test_opaque.py", "test_shop.py"]
    write(project, **{name.removesuffix(".py"): content for name, content in BLOCKS.items()})
    result = project.runpytest_subprocess("--strict-markers", "-W", "error")
    result.assert_outcomes(passed=4)


def test_the_pages_errors_are_printed(project: pytest.Pytester) -> None:
    without = re.sub(
        r"@pytest.fixture\(scope=\"session\"\)\ndef supaseed_generators.*?\n\n\n",
        "",
        BLOCKS["test_opaque.py"],
        flags=re.DOTALL,
    )
    counts = (
        "import pytest\n@pytest.mark.seed(employee=4, manager=2, engineer=3)\ndef test_it(seeded_db): ..."
    )
    write(project, shop=BLOCKS["shop.py"], test_opaque=without, test_counts=counts)
    result = project.runpytest_subprocess()
    result.assert_outcomes(errors=2)
    for message in MESSAGES:
        assert message in result.stdout.str()
