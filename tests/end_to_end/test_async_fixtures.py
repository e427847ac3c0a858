"""Sessions with async tests, under the plugins that run them."""

from __future__ import annotations

from textwrap import dedent

import pytest

import async_modules  # noqa: F401 see there
from leftovers import collect_garbage

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
    # Workers have pipes, which execnet leaves open.
    ran = project.runpytest_subprocess if "-n" in arguments else project.runpytest_inprocess
    return ran("-W", "error", *options, *arguments)


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


# What psycopg does with a loop for each test, test_what_tests_do_with_them says as well.
FOUND = [*((mode, "asyncpg") for mode in MODES), ("session loop", "psycopg"), ("anyio", "psycopg")]


@pytest.mark.parametrize(("mode", "driver"), FOUND)
def test_async_tests_find_their_rows(project: pytest.Pytester, mode: str, driver: str) -> None:
    result = run(project, SEEDED, mode=mode, driver=driver)
    result.assert_outcomes(passed=8)


USES = """
pytestmark = pytest.mark.seed(users=5, setups=8)


@run
async def test_session_in_blocks(seeded_async_session, seeded_async_connection):
    async with seeded_async_session.begin():
        await seeded_async_session.execute(ADD)
        async with seeded_async_session.begin_nested():
            await seeded_async_session.execute(text("DELETE FROM setups"))
    async with seeded_async_connection as same:
        assert await same.scalar(text("SELECT count(*) FROM setups")) == 0


@run
async def test_sessions_of_the_application(seeded_async_connection):
    for bind in (seeded_async_connection, seeded_async_connection.engine):
        async with AsyncSession(bind) as session:
            await session.execute(text("INSERT INTO users (email) VALUES (now()::text || random())"))
            await session.commit()
    await seeded_async_connection.engine.dispose()
    assert await seeded_async_connection.scalar(COUNT) == 7


@run
async def test_a_session_that_the_application_closes(seeded_async_session):
    async with seeded_async_session:
        await seeded_async_session.execute(ADD)
        await seeded_async_session.commit()
    assert await seeded_async_session.scalar(COUNT) == 6


@run
async def test_a_stream(seeded_async_session):
    found = await seeded_async_session.stream(text("SELECT id FROM users ORDER BY id"))
    assert [row.id async for row in found] == [1, 2, 3, 4, 5]


@run
async def test_the_driver_itself(seeded_async_connection):
    driver = (await seeded_async_connection.get_raw_connection()).driver_connection
    async with driver.transaction():
        await driver.execute("INSERT INTO users (email) VALUES ('raw')")
    assert await seeded_async_connection.scalar(COUNT) == 6


@run
async def test_an_error(seeded_async_session):
    await seeded_async_session.execute(ADD)
    await seeded_async_session.commit()
    with pytest.raises(Exception, match="duplicate key"):
        await seeded_async_session.execute(ADD)
    await seeded_async_session.rollback()
    assert await seeded_async_session.scalar(COUNT) == 6


@run
async def test_an_isolation_level(seeded_async_connection):
    with pytest.raises(Exception, match="keeps its isolation level"):
        connection = await seeded_async_connection.execution_options(isolation_level="SERIALIZABLE")
        await connection.scalar(COUNT)


@run
async def test_what_a_rollback_does_not_undo(seeded_async_session):
    for statement in ("SET work_mem = '1MB'", "CREATE TEMP TABLE mine ()", "PREPARE mine AS SELECT 1",
                      "SET ROLE pg_monitor", "SELECT pg_advisory_lock(7)", "RESET ROLE"):
        await seeded_async_session.execute(text(statement))
    await seeded_async_session.execute(
        text("SELECT set_config(:name, :value, true)"), {"name": "app.user", "value": "7"}
    )
    await seeded_async_session.execute(ADD)
    await seeded_async_session.commit()
    assert not await seeded_async_session.scalar(text("SELECT current_setting('app.user', true)"))
    await seeded_async_session.execute(text("ALTER TABLE users ADD COLUMN age int"))
    assert "age" in (await seeded_async_session.execute(text("SELECT * FROM users"))).keys()
    await seeded_async_session.commit()


@run
async def test_is_put_back(seeded_async_session):
    assert await seeded_async_session.scalar(ADD) == 6
    [found] = await seeded_async_session.execute(text('''
        SELECT current_setting('work_mem') <> '1MB' AS setting, current_setting('role') AS role,
            to_regclass('mine') IS NULL AS dropped, current_setting('app.user', true) AS local,
            (SELECT count(*) FROM pg_prepared_statements WHERE from_sql) AS prepared,
            (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory') AS locks
    '''))
    assert tuple(found) == (True, "none", True, None, 0, 0)
    assert "age" not in (await seeded_async_session.execute(text("SELECT * FROM users"))).keys()


@run
async def test_ends_all_connections_but_its_own(seeded_async_session):
    await seeded_async_session.execute(text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    ))
    assert await seeded_async_session.scalar(ADD) == 6
    await seeded_async_session.commit()


@run
async def test_begins_after_that(seeded_async_session):
    assert await seeded_async_session.scalar(ADD) == 6


PROCESSES = set()


@run
@pytest.mark.parametrize("turn", range(3))
async def test_one_session_of_the_server_serves_each_loop(seeded_async_session, turn):
    PROCESSES.add(await seeded_async_session.scalar(text("SELECT pg_backend_pid()")))
    await seeded_async_session.scalar(ADD)
    await seeded_async_session.commit()
    assert len(PROCESSES) == 1


@run
async def test_a_connection_that_is_ended(seeded_async_session):
    with pytest.raises(Exception):
        await seeded_async_session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    await seeded_async_session.rollback()
    assert await seeded_async_session.scalar(COUNT) == 5


@run
async def test_after_it(seeded_async_session):
    assert await seeded_async_session.scalar(ADD) == 6


def test_asyncio_run_in_a_test_that_is_not_async(seeded_async_session):
    async def main():
        await seeded_async_session.execute(ADD)
        await seeded_async_session.commit()
        return await seeded_async_session.scalar(COUNT)

    assert asyncio.run(main()) == 6


def test_one_loop_after_another_on_an_engine(seeded_async_engine):
    async def count():
        async with seeded_async_engine.connect() as connection:
            return await connection.scalar(COUNT)

    assert [asyncio.run(count()), asyncio.run(count())] == [5, 5]


@pytest.mark.parametrize("fixture", ["seeded_async_engine", "seeded_async_connection"])
def test_a_loop_that_is_closed_without_more_ado(fixture, request):
    place = request.getfixturevalue(fixture)

    async def add():
        await place.scalar(ADD) if fixture.endswith("connection") else None
        async with AsyncSession(place) as session:
            await session.scalar(COUNT)

    loop = asyncio.new_event_loop()
    loop.run_until_complete(add())
    loop.close()


class TestCase(__import__("unittest").IsolatedAsyncioTestCase):
    @pytest.fixture(autouse=True)
    def use(self, seeded_async_session):
        self.session = seeded_async_session

    async def asyncSetUp(self):
        assert await self.session.scalar(ADD) == 6

    async def test_unittest(self):
        assert await self.session.scalar(COUNT) == 6

    async def asyncTearDown(self):
        assert await self.session.scalar(COUNT) == 6
"""


@pytest.mark.parametrize("mode", ["strict", "session loop"])
def test_what_tests_do_with_them(project: pytest.Pytester, mode: str, driver: str) -> None:
    result = run(project, USES, mode=mode, driver=driver)
    result.assert_outcomes(passed=21)


MISTAKES = """
import psycopg2

pytestmark = pytest.mark.seed(users=5, setups=8)


@run
async def test_two_tasks(seeded_async_session):
    await seeded_async_session.execute(COUNT)
    await asyncio.gather(*(seeded_async_session.execute(COUNT) for _ in range(2)))


@run
async def test_leaves_a_task(seeded_async_session):
    task = asyncio.create_task(seeded_async_session.execute(text("SELECT pg_sleep(60)")))
    while not (await other(seeded_async_session)):
        await asyncio.sleep(0.001)
    tasks.append(task)


async def other(session):
    # Whether the statement of the task is running.
    use = session.bind.sync_connection.info if not session.bind.sync_connection.invalidated else {}
    return any(getattr(each, "statement", "").startswith("SELECT pg_sleep") for each in use.values())


tasks = []


@run
async def test_leaves_a_connection(seeded_async_engine):
    tasks.append(await seeded_async_engine.connect())
    await tasks[-1].scalar(COUNT)


@run
async def test_opens_another_connection(seeded_async_session):
    parameters = await seeded_async_session.run_sync(
        lambda session: session.get_bind().engine.url.render_as_string(hide_password=False)
    )
    driver = parameters.partition("://")[0]
    psycopg2.connect(parameters.replace(driver, "postgresql").replace("asyncpg", "psycopg2")).close()
    await seeded_async_session.execute(ADD)


@run
async def test_commits_in_sql(seeded_async_session):
    await seeded_async_session.execute(ADD)
    await seeded_async_session.execute(text("COMMIT"))


@run
async def test_listens(seeded_async_session):
    await seeded_async_session.execute(text("LISTEN news"))
    await seeded_async_session.commit()


@run
async def test_finds_its_rows(seeded_async_session):
    assert await seeded_async_session.scalar(ADD) == 6


def test_is_not_async(seeded_async_session):
    pass


def test_is_not_async_and_asks_indirectly(indirect):
    pass


@pytest.fixture
def indirect(seeded_async_session):
    return seeded_async_session


@run
async def test_asks_late(request, seeded_async_session):
    await seeded_async_session.scalar(COUNT)
    request.getfixturevalue("seeded_db")
"""


def test_mistakes_are_told(project: pytest.Pytester, driver: str) -> None:
    result = run(project, MISTAKES, "-W", "default", mode="session loop", driver=driver)
    result.assert_outcomes(passed=8, failed=2, errors=1, warnings=5)
    result.stdout.fnmatch_lines_random(
        [
            "two tasks use one connection at once, Task-* and Task-*: like a session, it does one thing after *",
            "*::test_leaves_a_task has ended while a task was running a statement, which was cancelled: "
            "'SELECT pg_sleep(60)'*",
            "*::test_leaves_a_connection left 1 connection to its database open, which was ended: no name "
            "(SELECT count(*) FROM users)*",
            "*::test_opens_another_connection opened another connection to the shared database*",
            "*::test_commits_in_sql ended the transaction that was to be undone*",
            "*::test_listens has committed*LISTEN was run*",
            "*::test_is_not_async asks for seeded_async_session, and is not async, so that nothing has used it in an "
            "event loop: write async def test_is_not_async(...), *; or ask for seeded_session, which is not async*",
        ]
    )


LOOPS = """
@pytest_asyncio.fixture(loop_scope="session")
async def added(seeded_async_session):
    await seeded_async_session.execute(ADD)


@pytest.mark.asyncio
async def test_uses_another_loop_than_its_fixture(added, seeded_async_session):
    assert await seeded_async_session.scalar(COUNT) == 1


def test_uses_two_loops(seeded_async_session):
    asyncio.run(seeded_async_session.execute(ADD))
    assert asyncio.run(seeded_async_session.scalar(COUNT)) == 1
"""


def test_two_loops_are_told_or_work(project: pytest.Pytester, driver: str) -> None:
    result = run(project, LOOPS, driver=driver)
    if driver == "psycopg":
        result.assert_outcomes(passed=2)
        return
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            "a connection of asyncpg was opened in *::test_uses_another_loop_than_its_fixture (setup), and is used in "
            "*::test_uses_another_loop_than_its_fixture (call) in another event loop, where it cannot work. *",
            "the test works in two event loops: its connection was opened in one that has shut down since, *",
        ]
    )


CLIENT = """
import warnings

from fastapi import Depends, FastAPI

with warnings.catch_warnings():
    # Which client it wants changes with its versions.
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

pytestmark = pytest.mark.seed(users=5)
app = FastAPI()


async def get_session():
    raise NotImplementedError


@app.post("/users")
async def add(session=Depends(get_session)):
    await session.execute(ADD)
    await session.commit()
    return await session.scalar(COUNT)


@app.get("/users")
async def count(session=Depends(get_session)):
    return await session.scalar(COUNT)


def test_client(seeded_async_session):
    app.dependency_overrides[get_session] = lambda: seeded_async_session
    with TestClient(app) as client:
        assert [client.post("/users").json(), client.get("/users").json()] == [6, 6]


def test_client_of_one_loop_for_each_request(seeded_async_engine):
    async def session():
        async with AsyncSession(seeded_async_engine) as session:
            yield session

    app.dependency_overrides[get_session] = session
    client = TestClient(app)
    assert [client.post("/users").json(), client.get("/users").json()] == [6, 6]
"""


def test_a_test_client_works_on_them(project: pytest.Pytester, driver: str) -> None:
    run(project, CLIENT, driver=driver).assert_outcomes(passed=2)
    # Older releases of Starlette leave streams of anyio open.
    collect_garbage()


WIDER = """
from pytest_supaseed import seeded_database

camp = seeded_database(users=5, scope="module")
site = seeded_database(users=5, scope="module", rolled_back=True)


@run
@pytest.mark.parametrize("turn", range(2))
async def test_reads(camp, turn):
    async with AsyncSession(camp.async_engine) as session:
        assert await session.scalar(COUNT) == 5


@pytest.mark.seed(users=5)
def test_own(seeded_db):
    async def count():
        async with seeded_db.async_engine.connect() as connection:
            return await connection.scalar(COUNT)

    assert asyncio.run(count()) == 5


def test_is_refused(site):
    with pytest.raises(Exception, match="This database has rolled_back=True: .*which is not async"):
        site.async_engine
"""


def test_databases_have_async_engines(project: pytest.Pytester, driver: str) -> None:
    run(project, WIDER, driver=driver).assert_outcomes(passed=4)


def test_a_rolled_back_database_has_no_async_session(project: pytest.Pytester) -> None:
    result = run(project, WIDER + "\n\n@run\nasync def test_it(site, seeded_async_session): ...\n")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["    seeded_async_connection and seeded_async_session cannot be opened on site, which has *"]
    )


@pytest.mark.parametrize("fixture", ["seeded_async_session", "seeded_async_engine", "seeded_async_psycopg"])
def test_greenlet_is_asked_for(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, fixture: str
) -> None:
    monkeypatch.setattr("pytest_supaseed.connecting.find_spec", lambda name: None)
    result = run(project, f"@run\nasync def test_it({fixture}): ...\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["SQLAlchemy's async engines, and async fixtures, need the package greenlet, *"]
    )


SQLMODEL = """
from sqlmodel import Field, SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession as SQLModelSession


class User(SQLModel, table=True):
    __tablename__ = "users"
    id: int | None = Field(default=None, primary_key=True)
    email: str


@run
@pytest.mark.seed(users=5)
async def test_models(seeded_async_session):
    assert isinstance(seeded_async_session, SQLModelSession)
    user = (await seeded_async_session.exec(select(User).where(User.id == 3))).one()
    user.email = "new"
    await seeded_async_session.commit()
    # Its objects stay loaded.
    assert user.email == "new"
"""


def test_the_session_is_sqlmodels(project: pytest.Pytester) -> None:
    run(project, SQLMODEL).assert_outcomes(passed=1)


def test_the_rows_are_counted_before_the_first_statement(project: pytest.Pytester) -> None:
    tests = """
        import psycopg2

        @run
        @pytest.mark.seed(users=5)
        @pytest.mark.parametrize("turn", range(3))
        async def test_it(seeded_async_session, turn):
            if turn == 1:
                return
            assert await seeded_async_session.scalar(COUNT) == 5
            url = seeded_async_session.bind.engine.url
            with psycopg2.connect(host=url.query["host"], port=url.query["port"], user=url.username,
                                  dbname=url.database) as connection:
                connection.cursor().execute("DELETE FROM users")
            connection.close()
    """
    result = run(project, tests, "-W", "default", "-n", "2")
    result.assert_outcomes(passed=3, warnings=2)
