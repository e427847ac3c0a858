"""Every project in examples/ is run as its README says, with the versions that are installed here.

A folder that is added is found: it has a README.md, a pyproject.toml or a requirements.txt, and tests.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from forked import OUTPUT, start_pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
FOLDERS = sorted(path for path in EXAMPLES.iterdir() if path.is_dir())
# Plugins that are installed here load themselves into every session; in an environment of its own, a project has those
# that it requires.
PLUGINS = {
    "anyio": ("anyio", "fastapi", "httpx"),
    "asyncio": ("pytest-asyncio",),
    "django": ("pytest-django",),
    "hypothesispytest": ("hypothesis",),
    "pytest-bdd": ("pytest-bdd",),
}


def requirements(folder: Path) -> list[Requirement]:
    """Return what a project requires, of pyproject.toml or requirements.txt."""
    if (folder / "requirements.txt").exists():
        lines = (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()
    else:
        text = (folder / "pyproject.toml").read_text(encoding="utf-8")
        lists = re.findall(r"^(?:dependencies|test) = \[(.*?)\]\n", text, re.MULTILINE | re.DOTALL)
        lines = [line for each in lists for line in re.findall(r'"([^"]+)"', each)]
    return [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]


def lines_of_code(path: Path) -> int:
    return sum(1 for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_example_passes(
    folder: Path,
    tmp_path: Path,
    server_url: object,
    choice: str,
    copied_clusters: None,
    request: pytest.FixtureRequest,
) -> None:
    if folder.name == "django":
        request.getfixturevalue("django_imported")
    project = tmp_path / folder.name
    shutil.copytree(folder, project, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    required = {each.name.lower() for each in requirements(folder)}
    absent = [name for name, packages in PLUGINS.items() if required.isdisjoint(packages)]
    options = [word for name in absent for word in ("-p", f"no:{name}")]
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    session = start_pytest(
        [*options, "-W", "error", "--color=no"],
        cwd=project,
        env={**environment, "SUPASEED_POSTGRES": choice},
        **OUTPUT,
    )
    output, _ = session.communicate(timeout=120)
    assert session.returncode == 0, output
    assert re.search(r"\d+ passed in", output), output


def test_the_example_project_starts_beside_the_plugins_that_our_tests_install() -> None:
    # Its warnings are errors, and a plugin may warn of what a project has not set.
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    session = start_pytest(
        # Hypothesis warns where its strategies were used before its plugin is loaded, as this process may have done.
        ["--collect-only", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"],
        cwd=EXAMPLES.with_name("example_project"),
        env=environment,
        **OUTPUT,
    )
    output, _ = session.communicate(timeout=120)
    assert session.returncode == 0, output
    assert re.search(r"\d+ tests collected in", output), output


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_example_is_short_and_its_readme_shows_it(folder: Path) -> None:
    readme = (folder / "README.md").read_text(encoding="utf-8")
    conftest = folder / "conftest.py"
    if conftest.exists():
        assert lines_of_code(conftest) <= 5
        assert conftest.read_text(encoding="utf-8") in readme
    tests = [*folder.glob("test_*.py"), *folder.glob("tests/test_*.py"), *folder.glob("*/tests.py")]
    shown = [path for path in tests if path.read_text(encoding="utf-8") in readme]
    assert shown
    assert all(lines_of_code(path) <= 10 for path in shown)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_example_requires_what_it_needs_at_least(folder: Path) -> None:
    required = requirements(folder)
    assert "pytest-supaseed" in {each.name for each in required}
    for each in required:
        assert [bound.operator for bound in each.specifier] == [">="], each
    assert not [path for path in folder.rglob("*") if path.name.endswith((".lock", "lock.json"))]
