"""The package that docs/how-to/meanings.md shows is installed, and its test is run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from forked import COMMAND, WITHOUT_PLUGINS

PAGE = Path(__file__).parents[2].joinpath("docs", "how-to", "meanings.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^```\w+\n(?:#|--) (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
[HEADER] = re.findall(r"^```text\n(.*)\n```$", PAGE, re.MULTILINE)
[GROUP, ENTRY_POINT] = re.findall(
    r'^\[project.entry-points."(.+)"\]\n(.+)$', BLOCKS["pyproject.toml"], re.MULTILINE
)[0]


def installed(folder: Path, entry_point: str) -> None:
    """Install the page's package into a folder, as pip would."""
    information = folder / "acme_columns-1.0.dist-info"
    information.mkdir(parents=True)
    information.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: acme-columns\nVersion: 1.0\n")
    information.joinpath("entry_points.txt").write_text(f"[{GROUP}]\n{entry_point}\n")
    folder.joinpath("acme_columns.py").write_text(BLOCKS["acme_columns.py"], encoding="utf-8")


@pytest.fixture
def run(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], subprocess.CompletedProcess[str]]:
    """Run the page's test where a package with an entry point is installed, in an interpreter that knows none yet."""

    def session(entry_point: str) -> subprocess.CompletedProcess[str]:
        folder = project.path / "packages"
        installed(folder, entry_point)
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), *filter(None, sys.path)]))
        for name in ("schema.sql", "test_flights.py"):
            project.path.joinpath(name).write_text(BLOCKS[name], encoding="utf-8")
        return subprocess.run(
            [*COMMAND, *WITHOUT_PLUGINS.split()],
            cwd=project.path,
            capture_output=True,
            text=True,
            check=False,
        )

    return session


def test_the_pages_test_passes(run: Callable[[str], subprocess.CompletedProcess[str]]) -> None:
    done = run(ENTRY_POINT.replace('"', ""))
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines().count(HEADER) == 1


def test_an_entry_point_that_cannot_be_loaded_is_a_usage_error(
    run: Callable[[str], subprocess.CompletedProcess[str]],
) -> None:
    done = run("acme = acme_columns:MEANING")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR, done.stdout
    assert done.stderr.startswith(
        "ERROR: supaseed: the meanings of columns that acme-columns registers cannot be used: acme "
        "(acme_columns:MEANING) of acme-columns 1.0: it could not be loaded: AttributeError: module 'acme_columns' has "
        "no attribute 'MEANING'"
    )
