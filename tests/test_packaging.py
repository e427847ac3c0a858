"""What pyproject.toml, tox.ini and the workflows promise is one promise, and lower bounds are those that are tried."""

from __future__ import annotations

import re
import sys

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from pages import DOCS, ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text(encoding="utf-8"))["project"]
TOX = ROOT.joinpath("tox.ini").read_text(encoding="utf-8")
TESTS = ROOT.joinpath(".github", "workflows", "tests.yml").read_text(encoding="utf-8")
YAML = sorted([*ROOT.glob(".github/**/*.yml"), *ROOT.glob(".*.yaml")])
PYTHONS = ["3.10", "3.11", "3.12", "3.13", "3.14"]


def listed(name: str) -> list[str]:
    found = re.search(rf"^ +{name}: \[(.*)\]$", TESTS, re.MULTILINE)
    assert found is not None
    return re.findall(r"[\w.-]+", found[1])


def test_each_python_is_named_everywhere() -> None:
    classifiers = [each.rpartition(" ")[2] for each in PROJECT["classifiers"] if " :: Python :: 3." in each]
    assert classifiers == listed("python") == PYTHONS
    assert SpecifierSet(PROJECT["requires-python"]).contains(PYTHONS[0])
    assert not SpecifierSet(PROJECT["requires-python"]).contains("3.9")
    [numbers] = re.findall(r"^ +py\{([\d,]+)\}$", TOX, re.MULTILINE)
    assert numbers.split(",") == [version.replace(".", "") for version in PYTHONS]
    platforms = DOCS.joinpath("platforms.md").read_text(encoding="utf-8")
    assert f"Python {PYTHONS[0]} to {PYTHONS[-1]}, PostgreSQL 14 to 18" in platforms


def test_each_postgresql_and_system_is_tried() -> None:
    assert listed("postgresql") == ["14", "15", "16", "17", "18"]
    assert listed("system") == ["ubuntu-latest", "macos-latest", "windows-latest"]


def test_no_system_is_promised_on_which_nothing_was_run() -> None:
    systems = [each for each in PROJECT["classifiers"] if each.startswith("Operating System")]
    assert systems == ["Operating System :: POSIX :: Linux"]


@pytest.mark.parametrize(
    "text",
    [
        *PROJECT["dependencies"],
        *(each for extra in PROJECT["optional-dependencies"].values() for each in extra),
    ],
)
def test_a_requirement_has_a_lower_bound_and_no_upper_one(text: str) -> None:
    assert [bound.operator for bound in Requirement(text).specifier] == [">="]


def test_the_oldest_dependencies_are_the_lower_bounds() -> None:
    [section] = re.findall(r"^\[testenv:py310-oldest\]\n(.*?)^\[", TOX, re.MULTILINE | re.DOTALL)
    oldest = {
        Requirement(line.strip()).name: next(iter(Requirement(line.strip()).specifier)).version
        for line in section.splitlines()
        if "==" in line
    }
    bounds = {
        Requirement(text).name: next(iter(Requirement(text).specifier)).version
        for text in PROJECT["dependencies"]
    }
    assert set(oldest) == set(bounds) - {"tqdm", "tomli"}
    for name, version in oldest.items():
        assert (version.removesuffix(".*") + ".0.0").startswith(bounds[name]), name


@pytest.mark.parametrize("path", YAML, ids=lambda path: path.name)
def test_a_workflow_is_yaml_with_few_rights(path: object) -> None:
    yaml = pytest.importorskip("yaml", reason="PyYAML comes with the documentation's requirements")
    content = yaml.safe_load(path.read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    assert isinstance(content, dict)
    if path.parent.name == "workflows":  # type: ignore[attr-defined]
        assert content["permissions"] == {"contents": "read"}
        for job in content["jobs"].values():
            assert job.get("permissions", {}) in ({}, {"id-token": "write"})
            assert job["runs-on"]


def test_what_the_documents_name_is_there() -> None:
    for name in ("CODE_OF_CONDUCT", "CONTRIBUTING", "SECURITY", "RELEASING", "CITATION", "CHANGELOG"):
        text = ROOT.joinpath(f"{name}.md").read_text(encoding="utf-8")
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
            assert ROOT.joinpath(link).exists(), (name, link)
    changelog = ROOT.joinpath("CHANGELOG.md").read_text(encoding="utf-8")
    assert f"<!-- towncrier release notes start -->\n\n## [{PROJECT['version']}]" in changelog
