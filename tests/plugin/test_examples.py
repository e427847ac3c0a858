"""Hypothesis in seeded tests, and blocks that are undone."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

HEAD = """
    import pytest
    from hypothesis import HealthCheck, example, given, settings
    from hypothesis import strategies as st
    from pytest_supaseed import seeded_database
    from sqlalchemy import text

    settings.register_profile("ours", max_examples=5, deadline=None, database=None)
    settings.load_profile("ours")
    pytestmark = pytest.mark.seed(users=3)
    COUNT = text("SELECT count(*) FROM users")
    ADD = text("INSERT INTO users (email) VALUES (:email) RETURNING id")
    wide = seeded_database(users=3, scope="module", rolled_back=True)
    mine = seeded_database(users=3)
    RUNS = []
"""
EXAMPLES = """
    @settings(max_examples=15)
    @given(st.integers())
    def test_connection(seeded_connection, number):
        RUNS.append(number)
        assert seeded_connection.scalar(COUNT) == 3
        # Sequences are set back, too.
        assert seeded_connection.scalar(ADD, {"email": str(number)}) == 4
        seeded_connection.commit()

    @given(number=st.integers())
    @example(number=3)
    def test_session(seeded_session, number):
        assert seeded_session.scalar(COUNT) == 3
        assert seeded_session.scalar(ADD, {"email": str(number)}) == 4
        if number % 2:
            seeded_session.commit()

    @given(number=st.integers())
    def test_own_database(seeded_db, seeded_session, number):
        assert seeded_db.counts()["users"] == 3
        assert seeded_session.scalar(ADD, {"email": str(number)}) == 4
        seeded_session.commit()
        with seeded_db.engine.begin() as connection:
            assert connection.scalar(COUNT) == 4

    @given(number=st.integers())
    def test_engine(seeded_engine, number):
        with seeded_engine.begin() as connection:
            assert connection.scalar(ADD, {"email": str(number)}) == 4

    @given(number=st.integers())
    def test_wider(wide, seeded_session, number):
        assert wide.counts()["users"] == 3
        assert seeded_session.scalar(ADD, {"email": str(number)}) == 4
        seeded_session.commit()

    @given(number=st.integers())
    def test_factory(mine, number):
        with mine.engine.begin() as connection:
            assert connection.scalar(ADD, {"email": str(number)}) == 4

    class TestClass:
        @pytest.fixture(autouse=True)
        def one_more(self, seeded_session):
            seeded_session.execute(ADD, {"email": "one more"})
            seeded_session.commit()

        @pytest.mark.parametrize("parameter", [1, 2])
        @given(number=st.integers())
        def test_method(self, seeded_session, parameter, number):
            assert seeded_session.scalar(COUNT) == 4
            assert seeded_session.scalar(ADD, {"email": str(number)}) == 5

    @given(number=st.integers())
    def test_refused_statement(seeded_session, number):
        with pytest.raises(Exception, match="division by zero"):
            seeded_session.execute(text("SELECT 1 / 0"))

    @given(number=st.integers())
    def test_without_a_fixture_of_ours(number): ...

    def test_there_were_several(seeded_connection):
        assert len(RUNS) >= 10
        assert seeded_connection.scalar(COUNT) == 3
"""


def with_hypothesis(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, *arguments: str
) -> pytest.RunResult:
    """Run a session with Hypothesis's plugin, and warnings as errors.

    But for its warning of strategies that are used before the plugin is loaded, as these tests have done.
    """
    # Hypothesis reads the code of the whole package for constants, and keeps there what it has found.
    monkeypatch.setenv("HYPOTHESIS_STORAGE_DIRECTORY", str(Path(__file__).parents[2] / ".hypothesis"))
    used_before = "ignore::hypothesis.errors.HypothesisSideeffectWarning"
    return project.runpytest_subprocess(
        "-p", "hypothesispytest", "-W", "error", "-W", used_before, *arguments
    )


def test_each_example_starts_from_the_seeded_rows(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.makepyfile(HEAD + EXAMPLES)
    with_hypothesis(project, monkeypatch).assert_outcomes(passed=11)


REFUSED = """
    @given(number=st.integers())
    def test_beside_another(seeded_session, tmp_path, number): ...

    @given(number=st.integers())
    def test_url(seeded_url, number): ...

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(number=st.integers())
    def test_suppressed(seeded_session, tmp_path, number): ...

    @settings(max_examples=100)
    @given(number=st.integers())
    def test_falsified(seeded_session, number):
        seeded_session.execute(ADD, {"email": str(number)})
        seeded_session.commit()
        assert number < 10
"""


def test_beside_other_fixtures_the_health_check_stays_and_failures_are_shrunk(
    project: pytest.Pytester,
) -> None:
    project.makepyfile(HEAD + REFUSED)
    result = project.runpytest_subprocess("-p", "hypothesispytest")
    result.assert_outcomes(passed=1, failed=3)
    result.stdout.fnmatch_lines(
        [
            "*unction-scoped fixture 'seeded_session'*",
            "*::test_url is run for many examples of @given, and what they do through seeded_url cannot be undone *"
            "ask for seeded_db or seeded_engine; or set the rows back *",
            "E * test_falsified(*",
            "E * number=10,",
        ]
    )
    # No line of ours.
    result.stdout.no_fnmatch_line("*/pytest_supaseed/plugin/*")


ASYNC = """
    import asyncio

    pytestmark = [pytestmark, pytest.mark.{mark}]

    @pytest.fixture
    def anyio_backend():
        return "asyncio"

    @fixture
    async def before(seeded_async_session):
        await seeded_async_session.execute(ADD, {{"email": "before"}})
        await seeded_async_session.commit()

    @given(number=st.integers())
    @pytest.mark.parametrize("turn", range(2))
    async def test_session(seeded_async_session, turn, number):
        assert await seeded_async_session.scalar(COUNT) == 3
        assert await seeded_async_session.scalar(ADD, {{"email": str(number)}}) == 4
        if number % 2:
            await seeded_async_session.commit()

    @pytest.mark.usefixtures("before")
    @given(number=st.integers())
    async def test_connection(seeded_async_connection, seeded_async_session, number):
        assert await seeded_async_connection.scalar(COUNT) == 4
        assert await seeded_async_session.scalar(ADD, {{"email": str(number)}}) == 5
        await seeded_async_connection.commit()

    @given(number=st.integers())
    async def test_psycopg(seeded_async_psycopg, number):
        async with seeded_async_psycopg.cursor() as cursor:
            await cursor.execute("INSERT INTO users (email) VALUES (%s) RETURNING id", [str(number)])
            assert await cursor.fetchone() == (4,)
        await seeded_async_psycopg.commit()

    @given(number=st.integers())
    async def test_sync_session(seeded_session, number):
        assert seeded_session.scalar(ADD, {{"email": str(number)}}) == 4
        seeded_session.commit()

    @given(number=st.integers())
    async def test_refused_statement(seeded_async_session, number):
        with pytest.raises(Exception, match="division by zero"):
            await seeded_async_session.execute(text("SELECT 1 / 0"))

    @settings(max_examples=100)
    @given(number=st.integers())
    async def test_falsified(seeded_async_session, number):
        assert await seeded_async_session.scalar(ADD, {{"email": f"{{number}}@example.com"}}) == 4
        assert number < 10

    @given(number=st.integers())
    async def test_engine(seeded_async_engine, number): ...

    @given(number=st.integers())
    async def test_two_kinds(seeded_async_session, seeded_db, number): ...

    async def test_after_them(seeded_async_session):
        assert await seeded_async_session.scalar(COUNT) == 3
"""
SYNC = """
    pytestmark = pytest.mark.seed(users=3)

    @given(number=st.integers())
    def test_psycopg(seeded_psycopg, number):
        row = seeded_psycopg.execute("INSERT INTO users (email) VALUES (%s) RETURNING id", [str(number)]).fetchone()
        assert row == (4,)
        seeded_psycopg.commit()

    @given(number=st.integers())
    def test_dsn(seeded_dsn, number): ...

    @given(number=st.integers())
    def test_not_async(seeded_async_session, number): ...
"""
REFUSALS = {
    "test_engine": "seeded_async_engine cannot be undone after each: ask for seeded_async_session or *",
    "test_two_kinds": "seeded_async_session cannot be undone after each: let it be async def, and leave *",
    "test_not_async": "seeded_async_session cannot be undone after each: let it be async def, *",
    "test_dsn": "seeded_dsn cannot be undone after each: ask for seeded_psycopg, *",
}


# asyncpg's connections are of one loop each, which the plugins make in different places.
@pytest.mark.parametrize(
    ("plugin", "driver"), [("asyncio", "asyncpg"), ("anyio", "asyncpg"), ("anyio", "psycopg")]
)
def test_each_example_of_an_async_test_starts_from_the_seeded_rows(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, plugin: str, driver: str
) -> None:
    if plugin == "anyio" and driver == "asyncpg":
        # A loop for each example, in none of which a connection of asyncpg survives, but for an async fixture's.
        kept = "\n    @pytest.fixture(autouse=True)\n    async def loop(): yield\n"
    else:
        kept = ""
    ini = f"supaseed_schema = schema.sql\nsupaseed_async_driver = {driver}"
    if plugin == "asyncio":
        ini += "\nasyncio_default_fixture_loop_scope = function"
    project.makeini(f"[pytest]\n{ini}\n")
    begin = "    import pytest_asyncio\n    fixture = pytest_asyncio.fixture\n" if plugin == "asyncio" else ""
    head = HEAD + (begin or "    fixture = pytest.fixture\n") + kept
    project.makepyfile(test_async=head + ASYNC.format(mark=plugin), test_sync=HEAD + SYNC)
    module = "pytest_asyncio.plugin" if plugin == "asyncio" else "anyio.pytest_plugin"
    result = with_hypothesis(project, monkeypatch, "-p", module)
    # That nothing uses an async fixture is an error, too.
    result.assert_outcomes(passed=8, failed=5, errors=1)
    result.stdout.fnmatch_lines_random(
        [
            f"*::{test} is run for many examples of @given, and what they do through {said}"
            for test, said in REFUSALS.items()
        ]
    )
    result.stdout.fnmatch_lines(["*number=10,*"])


KEPT = """
    @settings(max_examples=100)
    @given(number=st.integers())
    def test_session(seeded_session, number):
        assert seeded_session.scalar(COUNT) == 3
        seeded_session.execute(ADD, {"email": f"{number}@example.com"})
        seeded_session.commit()
        assert number < 10

    @settings(max_examples=100)
    @given(number=st.integers())
    def test_own(seeded_db, number):
        with seeded_db.engine.begin() as connection:
            assert connection.scalar(COUNT) == 3
            connection.execute(ADD, {"email": f"{number}@example.com"})
        assert number < 20

    @given(number=st.integers())
    @example(number=7)
    def test_explicit(seeded_connection, number):
        seeded_connection.execute(ADD, {"email": f"{number}@example.com"})
        assert number != 7

    @settings(max_examples=100)
    @given(number=st.integers())
    def test_two_bugs(seeded_session, number):
        seeded_session.execute(ADD, {"email": f"{number}@example.com"})
        if number > 50:
            raise ValueError
        assert number > -60

    def test_after_them(seeded_connection):
        assert seeded_connection.scalar(COUNT) == 3
"""
LEFT = {"test_session": "10@", "test_own": "20@", "test_explicit": "7@"}


@pytest.mark.skipif(shutil.which("psql") is None, reason="the lines that are printed are for psql")
def test_a_failing_example_is_kept(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("notes")))
    project.makepyfile(HEAD + KEPT)
    result = with_hypothesis(project, monkeypatch, "--supaseed-keep")
    try:
        result.assert_outcomes(failed=4, passed=1)
        found = re.findall(
            r"^  \S+::(.*?): as it was when the test failed.*\n    (psql .*)$",
            result.stdout.str(),
            re.MULTILINE,
        )
        left = {}
        for test, line in found:
            command = f"{line} -Atc 'SELECT email FROM users WHERE id > 3'"
            left[test] = subprocess.run(
                ["/bin/sh", "-c", command], capture_output=True, text=True, check=True
            ).stdout
        assert left.pop("test_two_bugs") in ("51@example.com\n", "-60@example.com\n")
        assert left == {test: f"{email}example.com\n" for test, email in LEFT.items()}
    finally:
        project.runpytest_subprocess("--supaseed-drop")


BLOCKS = """
    import pytest
    import sqlalchemy
    from pytest_supaseed import SeedError, seeded_database
    from sqlalchemy import text

    pytestmark = pytest.mark.seed(users=3)
    COUNT = text("SELECT count(*) FROM users")
    ADD = text("INSERT INTO users (email) VALUES (:email) RETURNING id")
    wide = seeded_database(users=3, scope="module", rolled_back=True)

    def add(database, email):
        with database.engine.begin() as connection:
            return connection.scalar(ADD, {"email": email})

    def test_block(seeded_db):
        assert add(seeded_db, "before") == 4
        for turn in range(3):
            with seeded_db.rolled_back():
                assert add(seeded_db, "within") == 5
                # Several connections, one transaction.
                with seeded_db.engine.connect() as one, seeded_db.engine.connect() as other:
                    one.execute(text("CREATE TABLE more ()"))
                    assert other.scalar(text("SELECT count(*) FROM more")) == 0
                assert seeded_db.counts()["users"] == 5
            assert seeded_db.counts()["users"] == 4
        assert add(seeded_db, "after") == 5

    def test_block_that_fails(seeded_db):
        with pytest.raises(ZeroDivisionError), seeded_db.rolled_back():
            add(seeded_db, "within")
            1 / 0
        with seeded_db.rolled_back():
            assert add(seeded_db, "within") == 4
        assert seeded_db.counts()["users"] == 3

    def test_block_beside_a_session(seeded_db, seeded_session, seeded_connection):
        for turn in range(2):
            with seeded_db.rolled_back():
                assert seeded_session.scalar(ADD, {"email": "within"}) == 4
                seeded_session.commit()
                assert seeded_db.counts()["users"] == 4
                assert seeded_connection.scalar(COUNT) == 4
                seeded_session.close()
            assert seeded_session.scalar(COUNT) == 3
            with pytest.raises(SeedError, match="has a transaction open, which a block of rolled_back"):
                with seeded_db.rolled_back(): ...
            seeded_session.rollback()

    def test_block_of_a_wider_database(wide):
        assert add(wide, "before") == 4
        for turn in range(2):
            with wide.rolled_back():
                assert add(wide, "within") == 5
                with wide.rolled_back():
                    assert add(wide, "deeper") == 6
                assert wide.counts()["users"] == 5
            assert wide.counts()["users"] == 4

    def test_wider_database_is_as_it_was(wide):
        assert wide.counts()["users"] == 3

    def test_block_within_a_block(seeded_db):
        with seeded_db.rolled_back():
            with pytest.raises(SeedError, match="within a block of rolled_back"):
                with seeded_db.rolled_back(): ...

    def test_open_connection(seeded_db):
        with seeded_db.engine.connect():
            with pytest.raises(SeedError, match="^1 connection of the engine of .* is open before a block of"):
                with seeded_db.rolled_back(): ...
        with seeded_db.rolled_back(): ...

    def test_transaction_that_is_ended_in_sql(seeded_db):
        with pytest.raises(SeedError, match="(?s)by a COMMIT or ROLLBACK in SQL.*connections of engine only"):
            with seeded_db.rolled_back():
                with seeded_db.engine.connect() as connection:
                    connection.execute(text("COMMIT"))
"""
VISITED = """
    def test_other_connection(seeded_db):
        engine = sqlalchemy.create_engine(seeded_db.url)
        with pytest.raises(SeedError, match="(?s)opened another connection.*connections of engine only"):
            with seeded_db.rolled_back(), engine.begin() as connection:
                connection.execute(ADD, {"email": "elsewhere"})
        engine.dispose()
"""


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg"])
def test_blocks_are_undone(project: pytest.Pytester, server_url: object, driver: str) -> None:
    project.makeini(f"[pytest]\nsupaseed_schema = schema.sql\nsupaseed_driver = {driver}\n")
    project.makepyfile(BLOCKS + VISITED)
    project.runpytest_subprocess("-W", "error").assert_outcomes(passed=9)
