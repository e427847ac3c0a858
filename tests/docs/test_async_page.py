"""What docs/how-to/async.md shows is pasted and run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import async_modules  # noqa: F401 see there

PAGE = Path(__file__).parents[2].joinpath("docs", "how-to", "async.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n# (\w+)\.py\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
CONFTEST = """
import pytest


@pytest.fixture
def anyio_backend():
    return "asyncio"
"""


@pytest.mark.parametrize("driver", ["asyncpg", "psycopg"])
def test_the_tests_of_the_page_pass(project: pytest.Pytester, driver: str) -> None:
    project.makeini(
        "[pytest]\nsupaseed_schema = schema.sql\nasyncio_default_fixture_loop_scope = function\n"
        f"supaseed_async_driver = {driver}"
    )
    # anyio would run each test with every backend that is installed.
    project.makeconftest(CONFTEST)
    project.makepyfile(**dict(BLOCKS))
    plugins = ("-p", "pytest_asyncio.plugin", "-p", "anyio.pytest_plugin")
    result = project.runpytest_inprocess("-W", "error", *plugins)
    result.assert_outcomes(passed=len(re.findall(r"^async def test_", PAGE, re.MULTILINE)))


def test_the_page_has_tests_to_paste() -> None:
    assert len(BLOCKS) == 4
    assert len(re.findall(r"^```python$", PAGE, re.MULTILINE)) == len(BLOCKS)


def test_the_fixtures_of_the_page_are_there(project: pytest.Pytester) -> None:
    listing = project.runpytest_inprocess("--fixtures").stdout.str()
    for fixture in set(re.findall(r"^\| `(seeded_\w+)`", PAGE, re.MULTILINE)):
        assert f"{fixture} -- " in listing
