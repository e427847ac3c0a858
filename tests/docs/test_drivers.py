"""What docs/how-to/drivers.md shows is run, and docs/explanation/isolation.md is right of fixtures and drivers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import async_modules  # noqa: F401 see there

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS.joinpath("how-to", "drivers.md").read_text(encoding="utf-8")
ISOLATION = DOCS.joinpath("explanation", "isolation.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_tests_of_the_page_pass(project: pytest.Pytester) -> None:
    [settings] = blocks("ini")
    project.makeini(f"{settings}asyncio_default_fixture_loop_scope = function\n")
    sources = blocks("python")
    project.makepyfile(**{f"test_{number}": source for number, source in enumerate(sources)})
    result = project.runpytest_inprocess("-p", "pytest_asyncio.plugin", "-W", "error")
    result.assert_outcomes(passed=len(sources))
    assert len(sources) == 5


def test_the_driver_of_each_fixture_is_the_one_of_the_table(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import os

        import pytest

        pytestmark = pytest.mark.seed(users=1)
        DRIVER = os.environ["EXPECTED_DRIVER"]

        @pytest.mark.parametrize("fixture", ["seeded_connection", "seeded_session", "seeded_engine"])
        def test_driver(request, fixture):
            value = request.getfixturevalue(fixture)
            value = getattr(value, "bind", value)
            assert value.dialect.driver == DRIVER

        def test_url(seeded_url, seeded_engine):
            assert seeded_url.get_driver_name() == DRIVER

        def test_psycopg(seeded_psycopg, seeded_connection):
            # One transaction, or a database of the test's own.
            seeded_connection.exec_driver_sql("DELETE FROM users")
            seen = seeded_psycopg.execute("SELECT count(*) FROM users").fetchone()[0]
            assert seen == (0 if DRIVER == "psycopg" else 1)
        """
    )
    with pytest.MonkeyPatch.context() as patched:
        for driver in ("psycopg2", "psycopg"):
            patched.setenv("EXPECTED_DRIVER", driver)
            result = project.runpytest_inprocess(f"--override-ini=supaseed_driver={driver}", "-W", "error")
            result.assert_outcomes(passed=5)


def test_the_fixtures_of_the_tables_are_those_that_there_are(project: pytest.Pytester) -> None:
    rows = re.findall(r"^\| (`seeded_.*?) \|", ISOLATION, re.MULTILINE)
    named = set(re.findall(r"`(seeded_\w+)`", " ".join(rows)))
    listing = project.runpytest_inprocess("--fixtures").outlines
    fixtures = {line.split()[0] for line in listing if re.match(r"seeded_\w+ .*-- ", line)}
    assert fixtures - named == {"seeded_db", "seeded_address"}
    assert named <= fixtures
