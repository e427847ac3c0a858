"""What docs/how-to/django.md tells people to paste is pasted and run, in the project of the tests."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from forked import WITHOUT_PLUGINS

pytestmark = pytest.mark.usefixtures("django_imported")

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent.joinpath("docs", "how-to", "django.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^```\w+\n# (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))


def test_the_pages_tests_pass(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", WITHOUT_PLUGINS.replace("-p no:django", ""))
    project.path.joinpath("tox.ini").unlink()
    shutil.copytree(TESTS / "django_project", project.path, dirs_exist_ok=True)
    assert sorted(BLOCKS) == ["pytest.ini", "test_posts.py"]
    for name, content in BLOCKS.items():
        project.path.joinpath(name).write_text(content, encoding="utf-8")
    project.runpytest_subprocess("--strict-markers", "-W", "error").assert_outcomes(passed=4)
