"""Sessions with async tests, under the plugins that run them."""

from __future__ import annotations

import importlib
from textwrap import dedent

import pytest

# Imported here, because what a session in this process imports first is imported anew by the next.
for name in (
    "anyio.pytest_plugin",
    "asyncpg",
    "psycopg",
    "pytest_asyncio.plugin",
    "pytest_supaseed.plugin.async_provisioning",
    "pytest_supaseed.postgres.databases.async_isolation",
    "pytest_supaseed.postgres.databases.asyncpg_connection",
    "pytest_supaseed.postgres.databases.psycopg_connection",
    "sqlalchemy.dialects.postgresql.asyncpg",
    "sqlalchemy.dialects.postgresql.psycopg",
):
    importlib.import_module(name)

# How a project lets its async tests run: lines of its ini, arguments of pytest, and the beginning of its tests.
STRICT = "import pytest_asyncio\nrun = pytest.mark.asyncio\nfixture = pytest_asyncio.fixture\n"
MODES = {
    "strict": ("", ("-p", "pytest_asyncio.plugin"), STRICT),
    "auto": (
        "asyncio_mode = auto",
        ("-p", "pytest_asyncio.plugin"),
        "run = lambda test: test\nfixture = pytest.fixture\n",
    ),
    "session loop": (
        "asyncio_mode = auto\nasyncio_default_test_loop_scope = session",
        ("-p", "pytest_asyncio.plugin"),
        "import functools, pytest_asyncio\nrun = lambda test: test\n"
        "fixture = functools.partial(pytest_asyncio.fixture, loop_scope='session')\n",
    ),
    "anyio": (
        "",
        ("-p", "anyio.pytest_plugin"),
        "run = pytest.mark.anyio\nfixture = pytest.fixture\n"
        "@pytest.fixture\ndef anyio_backend(): return 'asyncio'\n",
    ),
}
LOOP_SCOPE = "asyncio_default_fixture_loop_scope = function"
BEGIN = """
import asyncio
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

COUNT = text("SELECT count(*) FROM users")
ADD = text("INSERT INTO users (email) VALUES ('new') RETURNING id")
"""


@pytest.fixture(params=["asyncpg", "psycopg"])
def driver(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def run(
    project: pytest.Pytester, tests: str, *arguments: str, mode: str = "strict", driver: str = ""
) -> pytest.RunResult:
    """Run tests in a mode; warnings are errors."""
    ini, options, begin = MODES[mode]
    lines = ["[pytest]", "supaseed_schema = schema.sql", f"supaseed_async_driver = {driver}", ini]
    if "pytest_asyncio.plugin" in options:
        lines.append(LOOP_SCOPE)
    project.makeini("\n".join(lines))
    project.makepyfile(BEGIN + begin + dedent(tests))
    return project.runpytest_inprocess("-W", "error", *options, *arguments)


SEEDED = """
pytestmark = pytest.mark.seed(users=5, setups=8)


@fixture
async def added(seeded_async_session):
    assert await seeded_async_session.scalar(ADD) == 6
    await seeded_async_session.commit()
    yield
    # The changes of the test are still there.
    assert await seeded_async_session.scalar(COUNT) == 7


@run
async def test_commits(seeded_async_session, added):
    await seeded_async_session.execute(text("INSERT INTO users (email) VALUES ('newer')"))
    await seeded_async_session.commit()
    await seeded_async_session.rollback()
    assert await seeded_async_session.scalar(COUNT) == 7


@run
@pytest.mark.parametrize("turn", range(2))
async def test_finds_the_rows_again(seeded_async_connection, seeded_async_session, turn):
    assert await seeded_async_connection.scalar(ADD) == 6
    assert await seeded_async_session.scalar(COUNT) == 6
    await seeded_async_session.run_sync(lambda session: session.execute(text("DELETE FROM setups")))


@run
async def test_shares_rows_between_connections_of_an_engine(seeded_async_engine, seeded_async_session):
    async def count():
        async with AsyncSession(seeded_async_engine) as session:
            return await session.scalar(COUNT)

    await seeded_async_session.execute(ADD)
    assert await count() == 5
    await seeded_async_session.commit()
    assert await asyncio.gather(count(), count(), count()) == [6, 6, 6]


@run
async def test_finds_the_rows_again_after_them():
    pass


@run
async def test_goes_on_after_a_query_that_was_cancelled(seeded_async_session):
    await seeded_async_session.execute(ADD)
    await seeded_async_session.commit()
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(seeded_async_session.execute(text("SELECT pg_sleep(60)")), 0.01)
    await seeded_async_session.rollback()
    assert await seeded_async_session.scalar(COUNT) == 6


@run
async def test_has_a_database_of_its_own_with_a_sync_session(seeded_async_session, seeded_session):
    await seeded_async_session.execute(ADD)
    assert seeded_session.scalar(COUNT) == 5
    await seeded_async_session.commit()
    assert seeded_session.scalar(COUNT) == 6


def test_is_not_async(seeded_session):
    assert seeded_session.scalar(ADD) == 6
"""


@pytest.mark.parametrize("mode", MODES)
def test_async_tests_find_their_rows(project: pytest.Pytester, mode: str, driver: str) -> None:
    result = run(project, SEEDED, mode=mode, driver=driver)
    result.assert_outcomes(passed=8)
