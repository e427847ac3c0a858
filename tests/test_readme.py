"""What the README tells people to paste is pasted and run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

README = Path(__file__).parents[1].joinpath("README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


CONFTESTS = [block for block in blocks("python") if block.startswith("# conftest.py\n")]
SUPABASE = [block for block in blocks("python") if "acting_as" in block]
TESTS = [block for block in blocks("python") if block not in (*CONFTESTS, *SUPABASE)]


@pytest.mark.parametrize("source", TESTS, ids=lambda source: re.findall(r"def (test_\w+)", source)[0])
@pytest.mark.parametrize(
    "conftest", ["", *CONFTESTS], ids=["plain", *(f"conftest{n}" for n, _ in enumerate(CONFTESTS))]
)
def test_the_readmes_tests_pass(project: pytest.Pytester, source: str, conftest: str) -> None:
    [ini] = blocks("ini")
    project.makeini(ini)
    project.makeconftest(conftest)
    project.makepyfile(source)
    result = project.runpytest_inprocess("--strict-markers", "-W", "error")
    result.assert_outcomes(passed=len(re.findall(r"^def test_", source, re.MULTILINE)))


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg"])
def test_the_readmes_policies_are_what_its_tests_say(
    project: pytest.Pytester, choice: str, driver: str
) -> None:
    [source] = SUPABASE
    [migration] = blocks("sql")
    path = project.path / migration.splitlines()[0].removeprefix("-- ")
    path.parent.mkdir(parents=True)
    path.write_text(migration, encoding="utf-8")
    project.makeini(f"[pytest]\nsupaseed_schema = supabase\nsupaseed_driver = {driver}")
    project.makepyfile(source)
    result = project.runpytest_inprocess("--strict-markers", "-W", "error", f"--supaseed-postgres={choice}")
    result.assert_outcomes(passed=3)


def test_there_are_tests_to_paste() -> None:
    assert len(TESTS) >= 4
    assert len(CONFTESTS) == 2


def test_the_plan_that_the_readme_shows_is_what_is_printed(project: pytest.Pytester) -> None:
    [shown] = blocks("text")
    project.makepyfile(test_setups=TESTS[0])
    result = project.runpytest_inprocess("--supaseed-plan")
    result.stdout.fnmatch_lines([line.replace("[", "[[]") for line in shown.splitlines()], consecutive=True)


def test_options_and_fixtures_of_the_readme_are_those_that_there_are(project: pytest.Pytester) -> None:
    text = project.runpytest_inprocess("--help").stdout.str()
    assert set(re.findall(r"--supaseed-[a-z-]+", text)) == set(re.findall(r"--supaseed-[a-z-]+", README))
    ini = set(re.findall(r"^  (supaseed_\w+)", text, re.MULTILINE))
    assert len(ini) == 18
    assert ini <= set(re.findall(r"supaseed_\w+", README))
    listing = project.runpytest_inprocess("--fixtures").outlines
    fixtures = {line.split()[0] for line in listing if re.match(r"(seeded|supaseed)_\w+ .*-- ", line)}
    assert len(fixtures) == 15
    described = README.partition("## Fixtures")[2].partition("## Servers")[0]
    rows = re.findall(r"^\| (.*?) \|", described, re.MULTILINE)
    assert fixtures == set(re.findall(r"`((?:seeded|supaseed)_\w+)`", " ".join(rows)))
