"""The fixtures of psycopg 3 and drivers without SQLAlchemy, as tests use them."""

from __future__ import annotations

import re
from typing import Any

import psycopg
import pytest

import async_modules  # noqa: F401 see there
from leftovers import collect_garbage
from test_fixtures import passes

BEGIN = """
    import psycopg
    import pytest
    from psycopg.rows import dict_row

    pytestmark = pytest.mark.seed(users=5, setups=8)
    ADD = "INSERT INTO setups (user_id, title, category) VALUES (1, 'x', 'van-life') RETURNING id"

    def count(connection):
        return connection.execute("SELECT count(*) FROM setups").fetchone()[0]
"""


def test_what_a_test_commits_is_undone(project: pytest.Pytester) -> None:
    passes(
        project,
        BEGIN
        + """
    seen = []

    @pytest.mark.parametrize("turn", range(3))
    def test_connection(seeded_psycopg, turn):
        assert isinstance(seeded_psycopg, psycopg.Connection)
        assert count(seeded_psycopg) == 8
        # The next number is the same in every test.
        assert seeded_psycopg.execute(ADD).fetchone() == (9,)
        seeded_psycopg.commit()
        seeded_psycopg.execute("DELETE FROM setups")
        seeded_psycopg.rollback()
        assert count(seeded_psycopg) == 9
        # The server's process is the same for all, and what a test sets on the object ends with the object.
        assert all(each.closed for each in seen)
        seen.append(seeded_psycopg)
        seeded_psycopg.row_factory = dict_row
        seeded_psycopg.cursor_factory = psycopg.ClientCursor
        seeded_psycopg.prepare_threshold = 0
        assert seeded_psycopg.execute("SELECT 1 AS one").fetchone() == {"one": 1}

    @pytest.mark.parametrize("turn", range(2))
    def test_blocks(seeded_psycopg, turn):
        with seeded_psycopg.transaction():
            seeded_psycopg.execute("DELETE FROM setups WHERE id = 1")
        with pytest.raises(ZeroDivisionError), seeded_psycopg.transaction():
            seeded_psycopg.execute("DELETE FROM setups")
            raise ZeroDivisionError
        seeded_psycopg.rollback()
        assert count(seeded_psycopg) == 7

    def test_the_connection_may_be_closed(seeded_psycopg):
        with seeded_psycopg as connection:
            connection.execute("DELETE FROM setups")
        assert seeded_psycopg.closed

    def test_at_last(seeded_psycopg):
        assert count(seeded_psycopg) == 8
        assert seeded_psycopg.prepare_threshold == 5

    def test_autocommit(seeded_psycopg):
        with pytest.raises(psycopg.ProgrammingError, match="has no AUTOCOMMIT: let the test ask for seeded_db as"):
            seeded_psycopg.autocommit = True
""",
        passed=8,
    )


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg"])
def test_with_other_fixtures_there_is_one_database(project: pytest.Pytester, driver: str) -> None:
    passes(
        project,
        BEGIN
        + f"""
    from sqlalchemy import text

    DRIVER = {driver!r}

    def test_own(seeded_psycopg, seeded_db, seeded_dsn):
        assert seeded_psycopg.info.dbname == seeded_db.url.database
        assert seeded_db.dsn == seeded_dsn
        seeded_psycopg.autocommit = True
        seeded_psycopg.execute("DELETE FROM setups")
        assert seeded_db.counts()["setups"] == 0

    def test_session(seeded_psycopg, seeded_session):
        assert seeded_session.get_bind().dialect.driver == DRIVER
        seeded_session.execute(text("DELETE FROM setups WHERE id = 1"))
        seeded_session.commit()
        assert count(seeded_psycopg) == 7
        seeded_psycopg.execute("DELETE FROM setups WHERE id = 2")
        seeded_psycopg.commit()
        assert seeded_session.scalar(text("SELECT count(*) FROM setups")) == 6
        # One transaction, or two on a database of the test's own.
        assert (seeded_session.connection().connection.driver_connection is seeded_psycopg) == (DRIVER == "psycopg")

    def test_next(seeded_session, seeded_connection):
        assert seeded_session.scalar(text("SELECT count(*) FROM setups")) == 8

    def test_next_but_one(seeded_psycopg):
        assert count(seeded_psycopg) == 8

    def test_asked_for_late(seeded_connection, request):
        with pytest.raises(pytest.fail.Exception, match="name seeded_psycopg among the arguments of the test"):
            request.getfixturevalue("seeded_psycopg")

    def test_only_a_marker(request):
        with pytest.raises(pytest.fail.Exception, match="for the marker before this test asked for seeded_psycopg"):
            request.getfixturevalue("seeded_psycopg")
""",
        f"--override-ini=supaseed_driver={driver}",
        passed=6,
    )


ASYNC = (
    BEGIN.replace("pytest.mark.seed(users=5, setups=8)", "[pytest.mark.seed(users=5, setups=8)]")
    + """
    import asyncio

    async def count(connection):
        return (await (await connection.execute("SELECT count(*) FROM setups")).fetchone())[0]
"""
)
# pytest-asyncio warns where this is not set.
SCOPE = "--override-ini=asyncio_default_fixture_loop_scope=function"
PLUGINS = {
    "pytest-asyncio, strict": ("pytest_asyncio.plugin", "pytestmark.append(pytest.mark.asyncio)", (SCOPE,)),
    "pytest-asyncio, auto": ("pytest_asyncio.plugin", "", (SCOPE, "--override-ini=asyncio_mode=auto")),
    "pytest-asyncio, one loop": (
        "pytest_asyncio.plugin",
        'pytestmark.append(pytest.mark.asyncio(loop_scope="session"))',
        (SCOPE,),
    ),
    "anyio": ("anyio.pytest_plugin", "pytestmark.append(pytest.mark.anyio)", ()),
}


@pytest.mark.parametrize("plugin", PLUGINS)
def test_what_an_async_test_commits_is_undone(project: pytest.Pytester, plugin: str) -> None:
    module, mark, args = PLUGINS[plugin]
    fixture = "" if plugin != "anyio" else "@pytest.fixture\n    def anyio_backend(): return 'asyncio'"
    passes(
        project,
        ASYNC
        + f"""
    {mark}
    seen = []

    {fixture}

    @pytest.mark.parametrize("turn", range(3))
    async def test_connection(seeded_async_psycopg, turn):
        assert isinstance(seeded_async_psycopg, psycopg.AsyncConnection)
        assert await count(seeded_async_psycopg) == 8
        assert (await (await seeded_async_psycopg.execute(ADD)).fetchone()) == (9,)
        await seeded_async_psycopg.commit()
        await seeded_async_psycopg.execute("DELETE FROM setups")
        await seeded_async_psycopg.rollback()
        assert await count(seeded_async_psycopg) == 9
        assert all(each.closed for each in seen)
        seen.append(seeded_async_psycopg)

    async def test_blocks(seeded_async_psycopg):
        async with seeded_async_psycopg.transaction():
            await seeded_async_psycopg.execute("DELETE FROM setups WHERE id = 1")
        with pytest.raises(ZeroDivisionError):
            async with seeded_async_psycopg.transaction():
                await seeded_async_psycopg.execute("DELETE FROM setups")
                raise ZeroDivisionError
        await seeded_async_psycopg.rollback()
        assert await count(seeded_async_psycopg) == 7

    async def test_own(seeded_async_psycopg, seeded_db):
        await seeded_async_psycopg.execute("DELETE FROM setups")
        assert seeded_db.counts()["setups"] == 8
        await seeded_async_psycopg.commit()
        assert seeded_db.counts()["setups"] == 0

    async def test_both(seeded_async_psycopg, seeded_psycopg):
        await seeded_async_psycopg.execute("DELETE FROM setups")
        await seeded_async_psycopg.commit()
        assert seeded_psycopg.execute("SELECT count(*) FROM setups").fetchone() == (0,)
""",
        "-p",
        module,
        *args,
        "-W",
        "error",
        passed=6,
    )


def test_an_async_test_may_leave_a_statement_running(project: pytest.Pytester) -> None:
    result = passes(
        project,
        ASYNC
        + """
    def test_leaves(seeded_async_psycopg):
        loop = asyncio.new_event_loop()

        async def leave():
            global task
            task = asyncio.create_task(seeded_async_psycopg.execute("SELECT pg_sleep(60)"))
            await asyncio.sleep(0)
            await asyncio.sleep(0)

        loop.run_until_complete(leave())
        task.add_done_callback(lambda done: done.cancelled() or done.exception())

    def test_next(seeded_async_psycopg):
        assert asyncio.run(count(seeded_async_psycopg)) == 8

    def test_is_not_async(seeded_async_psycopg): ...
""",
        "-W",
        "ignore::pytest.PytestUnraisableExceptionWarning",
        "-W",
        "ignore::ResourceWarning",
        passed=3,
        errors=1,
        warnings=1,
    )
    result.stdout.fnmatch_lines(
        [
            "*::test_is_not_async asks for seeded_async_psycopg, and is not async, *or ask for seeded_psycopg, *",
            "*SupaseedWarning: *::test_leaves has ended while a task was running a statement on *",
        ]
    )
    # With it the event loop was left.
    collect_garbage()


def test_drivers_without_sqlalchemy_connect_to_a_database_of_the_tests_own(project: pytest.Pytester) -> None:
    passes(
        project,
        BEGIN
        + """
    import asyncio
    import asyncpg
    import psycopg2
    from sqlalchemy import create_engine, text
    from sqlalchemy.ext.asyncio import create_async_engine

    def test_dsn(seeded_dsn):
        with psycopg.connect(seeded_dsn, autocommit=True) as connection:
            connection.execute("DELETE FROM setups WHERE id = 1")
        other = psycopg2.connect(seeded_dsn)
        with other.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM setups")
            assert cursor.fetchone() == (7,)
        other.close()

        async def counted():
            connection = await asyncpg.connect(seeded_dsn)
            try:
                return await connection.fetchval("SELECT count(*) FROM setups")
            finally:
                await connection.close()

        assert asyncio.run(counted()) == 7

    @pytest.mark.parametrize("driver", ["psycopg2", "psycopg", "pg8000"])
    def test_url(seeded_db, seeded_url, driver):
        for url in (seeded_db.url_for(driver), seeded_url.set(drivername=f"postgresql+{driver}")):
            engine = create_engine(url)
            with engine.connect() as connection:
                assert connection.dialect.driver == driver
                assert connection.scalar(text("SELECT count(*) FROM setups")) == 8
            engine.dispose()

    @pytest.mark.parametrize("driver", ["asyncpg", "psycopg"])
    def test_async_url(seeded_db, seeded_url, driver):
        async def counted(url):
            engine = create_async_engine(url)
            async with engine.connect() as connection:
                found = await connection.scalar(text("SELECT count(*) FROM setups"))
            await engine.dispose()
            return found

        assert asyncio.run(counted(seeded_db.url_for(driver))) == 8
        assert asyncio.run(counted(seeded_url.set(drivername=f"postgresql+{driver}"))) == 8
""",
        "-W",
        "error",
        passed=6,
    )


def test_sqlalchemys_fixtures_follow_the_driver(project: pytest.Pytester) -> None:
    passes(
        project,
        BEGIN
        + """
    from psycopg.types.json import set_json_dumps
    from sqlalchemy import create_engine, text
    from sqlalchemy.exc import IntegrityError
    from pytest_supaseed import SeededDatabase, seeded_database

    module_db = seeded_database(users=5, setups=8, scope="module", rolled_back=True)

    def test_own(seeded_engine, seeded_url, seeded_db):
        assert seeded_engine.dialect.driver == "psycopg"
        assert seeded_url.drivername == "postgresql+psycopg"
        assert seeded_db.url == seeded_url == seeded_engine.url
        assert seeded_db.dsn.startswith("postgresql://")
        with seeded_engine.begin() as connection:
            assert isinstance(connection.connection.driver_connection, psycopg.Connection)
            connection.execute(text("DELETE FROM setups WHERE id = 1"))
        assert seeded_db.counts() == {"countries": 2, "setups": 7, "users": 5}
        assert [row["code"] for row in seeded_db.rows("countries")] == ["DE", "FR"]
        assert sum(seeded_db.spread("setups", "users").values()) == 7

    @pytest.mark.parametrize("turn", range(2))
    def test_session(seeded_session, turn):
        with pytest.raises(IntegrityError) as caught:
            seeded_session.execute(text("DELETE FROM users"))
        assert isinstance(caught.value.orig, psycopg.errors.ForeignKeyViolation)
        seeded_session.rollback()
        seeded_session.execute(text("DELETE FROM setups WHERE id = 1"))
        seeded_session.commit()
        assert seeded_session.scalar(text("SELECT count(*) FROM setups")) == 7

    @pytest.mark.parametrize("turn", range(2))
    def test_wider(module_db, turn):
        with module_db.engine.begin() as connection:
            connection.execute(text("DELETE FROM setups"))
        assert module_db.counts()["setups"] == 0

    def test_wider_connection(module_db, seeded_psycopg):
        assert seeded_psycopg.info.dbname == module_db.url.database
        seeded_psycopg.execute("DELETE FROM setups WHERE id = 1")
        seeded_psycopg.commit()
        assert module_db.counts()["setups"] == 7

    def test_wider_at_last(module_db):
        assert module_db.counts()["setups"] == 8
""",
        "--override-ini=supaseed_driver=psycopg",
        passed=7,
    )


def test_a_wider_database_of_another_driver_is_told(project: pytest.Pytester) -> None:
    result = passes(
        project,
        BEGIN
        + """
    from pytest_supaseed import seeded_database

    module_db = seeded_database(users=5, setups=8, scope="module", rolled_back=True)

    def test_wider(module_db, seeded_psycopg): ...

    def test_wider_async(module_db, seeded_async_psycopg): ...
""",
        errors=2,
    )
    result.stdout.fnmatch_lines(
        [
            "seeded_psycopg is opened on the database that the test uses and that has rolled_back=True, and this "
            "one is worked on with psycopg2: write supaseed_driver = psycopg in the ini, *",
            "seeded_async_psycopg is opened on *: work on the engine of that database, or ask for seeded_dsn, *",
        ]
    )


def test_a_driver_that_cannot_be_used_is_a_usage_error(project: pytest.Pytester) -> None:
    project.makepyfile("def test_it(seeded_db): pass")
    result = project.runpytest_inprocess("--override-ini=supaseed_driver=psycopg3")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines("*supaseed_driver is 'psycopg3': write psycopg")


def test_what_a_failing_test_has_committed_is_kept(
    project: pytest.Pytester, choice: str, monkeypatch: Any
) -> None:
    monkeypatch.setenv("SUPASEED_POSTGRES", choice)
    project.makepyfile(
        ASYNC
        + """
    def test_sync(seeded_psycopg):
        with seeded_psycopg.transaction():
            seeded_psycopg.execute("DELETE FROM setups WHERE id = 1")
        assert 0

    @pytest.mark.asyncio
    async def test_async(seeded_async_psycopg):
        async with seeded_async_psycopg.transaction():
            await seeded_async_psycopg.execute("DELETE FROM setups WHERE id = 1")
        assert 0

    def test_in_a_loop_of_its_own(seeded_async_psycopg):
        asyncio.run(test_async(seeded_async_psycopg))

    @pytest.mark.asyncio
    async def test_next(seeded_async_psycopg):
        assert await count(seeded_async_psycopg) == 8

    def test_next_but_one(seeded_psycopg):
        assert seeded_psycopg.execute("SELECT count(*) FROM setups").fetchone() == (8,)
"""
    )
    try:
        result = project.runpytest_subprocess("-p", "pytest_asyncio.plugin", SCOPE, "--supaseed-keep")
        result.assert_outcomes(failed=3, passed=2)
        lines = re.findall(r"psql -h (\S+) -p (\d+) -U (\w+) -d (\w+)", result.stdout.str())
        counted = []
        for host, port, user, name in dict.fromkeys(lines):
            with psycopg.connect(host=host, port=port, user=user, dbname=name) as connection:
                counted.append(connection.execute("SELECT count(*) FROM setups").fetchone())
        assert counted == [(7,)] * 3
    finally:
        project.runpytest_inprocess("--supaseed-drop")
