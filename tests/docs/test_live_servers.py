"""What docs/how-to/live-servers.md tells people to paste is pasted and run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy

PAGE = Path(__file__).parents[2].joinpath("docs", "how-to", "live-servers.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^```\w+\n# (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))


def write(project: pytest.Pytester, *names: str) -> None:
    for name in names:
        project.path.joinpath(name).write_text(BLOCKS[name], encoding="utf-8")


def test_each_block_is_run_by_a_test_below() -> None:
    assert sorted(BLOCKS) == sorted([
        "shop.py", "conftest.py", "test_shop.py", "pytest.ini", "models.py", "application.py", "test_application.py",
        "conftest_rebind.py", "test_rebind.py",
    ])  # fmt: skip
    assert len(re.findall(r"^```\w", PAGE, re.MULTILINE)) == len(BLOCKS)


def test_a_live_server(project: pytest.Pytester) -> None:
    write(project, "shop.py", "conftest.py", "test_shop.py")
    project.runpytest_inprocess("--strict-markers", "-W", "error").assert_outcomes(passed=2)


def test_an_engine_that_is_rebound(project: pytest.Pytester) -> None:
    write(project, "pytest.ini", "models.py", "application.py", "test_rebind.py")
    project.path.joinpath("conftest.py").write_text(BLOCKS["conftest_rebind.py"], encoding="utf-8")
    options = ("-o", "supaseed_driver=psycopg") if sqlalchemy.__version__ >= "2.1" else ()
    project.runpytest_subprocess("--strict-markers", "-W", "error", *options).assert_outcomes(passed=1)


def test_an_engine_that_is_made_at_import(project: pytest.Pytester) -> None:
    write(project, "pytest.ini", "models.py", "application.py", "test_application.py")
    project.runpytest_subprocess("--strict-markers", "-W", "error").assert_outcomes(passed=2)
