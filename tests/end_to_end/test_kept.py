"""Databases of failing tests that outlive the session: --supaseed-keep and --supaseed-drop."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy import URL

from forked import OUTPUT, start_pytest
from leftovers import until
from pytest_supaseed.postgres.databases.maintenance import libpq_url
from pytest_supaseed.postgres.server.kept import notes
from servers import databases

pytestmark = pytest.mark.skipif(
    shutil.which("psql") is None, reason="the lines that are printed are for psql"
)

SCHEMA = """
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE setups (
    id serial PRIMARY KEY, user_id bigint NOT NULL REFERENCES users DEFERRABLE INITIALLY DEFERRED, title text NOT NULL
);
"""
ALL = """
    import unittest
    import pytest
    from sqlalchemy import text

    pytestmark = pytest.mark.seed(users=5, setups=8)
    DELETE = "DELETE FROM setups WHERE id <= {}"

    def count(connection):
        return connection.scalar(text("SELECT count(*) FROM setups"))

    def test_whole(seeded_session):
        seeded_session.execute(text(DELETE.format(1)))
        seeded_session.commit()
        seeded_session.execute(text(DELETE.format(3)))
        raise AssertionError

    def test_after_it(seeded_session):
        assert count(seeded_session) == 8

    @pytest.mark.parametrize("name", ["Ann O'Hara", "x" * 100])
    def test_refused(seeded_connection, name):
        seeded_connection.execute(text(DELETE.format(1)))
        seeded_connection.commit()
        seeded_connection.execute(text(DELETE.format(3)))
        seeded_connection.execute(text("SELECT 1 / 0"))

    def test_violated(seeded_connection):
        seeded_connection.execute(text("UPDATE setups SET user_id = 99"))
        raise AssertionError

    def test_joined(seeded_connection, seeded_session):
        assert count(seeded_connection) == 8
        seeded_session.execute(text(DELETE.format(2)))
        raise AssertionError

    def test_own(seeded_db, seeded_engine):
        with seeded_engine.begin() as connection:
            connection.execute(text(DELETE.format(4)))
        raise AssertionError

    def test_marker_alone():
        raise AssertionError

    @pytest.mark.xfail
    def test_expected(seeded_session):
        raise AssertionError

    @pytest.mark.xfail(strict=True)
    def test_unexpected(seeded_session):
        seeded_session.execute(text(DELETE.format(5)))

    @pytest.fixture
    def broken(seeded_session):
        seeded_session.execute(text(DELETE.format(6)))
        raise ValueError

    def test_setup(broken): ...

    @pytest.fixture
    def broken_later(seeded_db):
        yield
        raise ValueError

    def test_teardown(broken_later): ...

    @pytest.fixture
    def broken_in_the_end(seeded_session):
        yield
        seeded_session.execute(text(DELETE.format(2)))
        raise ValueError

    def test_end(broken_in_the_end, seeded_session):
        seeded_session.execute(text(DELETE.format(1)))

    @pytest.fixture
    def broken_after_it(request, seeded_session):
        # The first of two fails, and the other one still sees its rows.
        request.addfinalizer(lambda: count(seeded_session))
        request.addfinalizer(lambda: pytest.fail("in the end"))

    def test_added(broken_after_it, seeded_session):
        seeded_session.execute(text(DELETE.format(3)))
        seeded_session.commit()

    @pytest.fixture
    def skipped_in_the_end(seeded_session):
        yield
        pytest.skip("in the end")

    def test_skipped(skipped_in_the_end): ...

    @pytest.fixture
    def broken_too_late():
        yield
        raise ValueError

    def test_undone(broken_too_late, seeded_session): ...

    class TestParts(unittest.TestCase):
        @pytest.fixture(autouse=True)
        def session(self, seeded_session):
            self.session = seeded_session

        def test_parts(self):
            for number in range(1, 4):
                with self.subTest(number=number):
                    self.session.execute(text(DELETE.format(number)))
                    assert number != 1
"""
# For each test what is left of the eight rows, and a part of what is said of them.
KEPT = {
    "test_whole": (
        5,
        "as it was when the test failed (without objects that were not flushed, and temporary tables)",
    ),
    "test_refused[Ann O'Hara]": (
        7,
        "as at the test's last commit, or as seeded if there was none: a statement had",
    ),
    f"test_refused[{'x' * 100}]": (7, "as at the test's last commit"),
    "test_violated": (
        8,
        'as seeded if there was none: insert or update on table "setups" violates foreign key',
    ),
    "test_joined": (6, "as it was when the test failed"),
    "test_own": (4, "as the test and its fixtures have left it"),
    "test_marker_alone": (8, "as seeded: the test has a marker, and no fixture that gives it a connection"),
    "test_unexpected": (3, "as it was when the test failed"),
    "test_setup": (2, "as it was when the test failed"),
    "test_teardown": (8, "as the test and its fixtures have left it"),
    "test_end": (6, "as it was when the test failed"),
    "test_added": (5, "as it was when the test failed"),
    # Before pytest 9 it ends with the first of its parts that fails.
    "TestParts::test_parts": (5 if pytest.version_tuple >= (9,) else 7, "as it was when the test failed"),
}
WIDER = """
    from sqlalchemy import text
    from pytest_supaseed import seeded_database

    room = seeded_database(users=5, setups=8, scope="module", check=False)
    hall = seeded_database(users=5, setups=8, scope="module", rolled_back=True)
    cell = seeded_database(users=5, setups=8)

    def delete(database, number):
        with database.engine.begin() as connection:
            connection.execute(text(f"DELETE FROM setups WHERE id <= {number}"))

    def test_room(room):
        delete(room, 1)
        raise AssertionError

    def test_room_again(room):
        delete(room, 7)

    def test_hall(hall):
        delete(hall, 2)
        raise AssertionError

    def test_cell(cell):
        delete(cell, 3)
        raise AssertionError
"""
FAILING = """
    import pytest
    from sqlalchemy import text

    @pytest.mark.seed(users=5, setups=8)
    @pytest.mark.parametrize("number", range(4))
    def test_it(seeded_session, number):
        seeded_session.execute(text(f"DELETE FROM setups WHERE id <= {number}"))
        assert not seeded_session

    @pytest.mark.seed(users=5)
    def test_passing(seeded_session): ...
"""
COUNT = "SELECT count(*) FROM setups"


@pytest.fixture
def notes_folder(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of temporary files of sessions, in which they leave their notes."""
    folder = tmp_path_factory.mktemp("notes")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.fixture
def keeping(project: pytest.Pytester, notes_folder: Path) -> Iterator[pytest.Pytester]:
    """A project whose kept databases are dropped after the test."""
    project.path.joinpath("schema.sql").write_text(SCHEMA, encoding="utf-8")
    yield project
    for each, _ in notes():
        assert project.runpytest_inprocess("--supaseed-drop").ret == 0, each
    assert list(notes()) == []


@pytest.fixture
def throwaway(keeping: pytest.Pytester, own_server: pytest.Pytester) -> pytest.Pytester:
    """A project that starts a server of its own."""
    return keeping


def lines_of(output: str) -> dict[str, tuple[str, str]]:
    """The tests of the summary: what is said of each, and the line that opens its database."""
    found = re.findall(r"^  \S+?\.py::(.*?): (as .*)\n    (.*psql .*)$", output, re.MULTILINE)
    return {test: (state, line) for test, state, line in found}


def asked(line: str, query: str = COUNT, **options: object) -> str:
    """The answer to a query of the line that was printed, as it is pasted into a shell."""
    shell = f"{line} -Atc '{query}'"
    environment = {name: value for name, value in os.environ.items() if name != "PGPASSWORD"}
    ended = subprocess.run(
        ["/bin/sh", "-c", shell],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=environment,
        cwd="/",
        **options,  # type: ignore[call-overload]
    )
    return str(ended.stdout.strip() or ended.stderr)


def test_each_kind_of_failing_test_is_kept_as_the_summary_says(throwaway: pytest.Pytester) -> None:
    throwaway.makepyfile(test_all=ALL)
    result = throwaway.runpytest_subprocess("--supaseed-keep", "--supaseed-keep-most=14", "-W", "error")
    output = result.stdout.str()
    found = lines_of(output)
    assert list(found) == list(KEPT)
    for test, (rows, state) in KEPT.items():
        assert state in found[test][0]
        assert asked(found[test][1]) == str(rows), test
    names = [line.rpartition(" -d ")[2] for _, line in found.values()]
    assert names[0] == "supaseed_kept_test_whole"
    assert "supaseed_kept_test_refused_ann_o_hara" in names
    assert all(len(name) <= 63 for name in names)
    assert len(set(names)) == len(names)
    result.stdout.fnmatch_lines([
        "supaseed: no database of test_all.py::test_undone is kept: what it had done was undone with its transaction",
        "supaseed: 13 databases of failing tests, kept for 60 minutes, until the next run with --supaseed-keep, or *",
    ])  # fmt: skip
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    line = found["test_whole"][1]
    # What is typed in there works as in any database: the numbers of sequences are those at the failure.
    insert = "INSERT INTO setups (user_id, title) VALUES (1, $$new$$) RETURNING id"
    assert asked(line, insert).splitlines()[0] == "9"
    # Nothing else is left on the server.
    assert asked(line, "SELECT count(*) FROM pg_database") == str(3 + len(KEPT))
    if os.name != "nt" and os.geteuid() == 0:
        assert "Permission denied" in asked(line, user="nobody", group="nogroup", extra_groups=[])


ASYNC = """
    import pytest
    from sqlalchemy import text

    pytestmark = [pytest.mark.seed(users=5, setups=8), pytest.mark.{mark}]

    async def test_whole(seeded_async_session):
        await seeded_async_session.execute(text("DELETE FROM setups WHERE id <= 1"))
        await seeded_async_session.commit()
        await seeded_async_session.execute(text("DELETE FROM setups WHERE id <= 3"))
        raise AssertionError

    async def test_after_it(seeded_async_connection):
        assert await seeded_async_connection.scalar(text("SELECT count(*) FROM setups")) == 8

    async def test_refused(seeded_async_connection):
        await seeded_async_connection.execute(text("DELETE FROM setups WHERE id <= 1"))
        await seeded_async_connection.commit()
        await seeded_async_connection.execute(text("DELETE FROM setups WHERE id <= 3"))
        await seeded_async_connection.execute(text("SELECT 1 / 0"))

    async def test_own(seeded_async_engine):
        async with seeded_async_engine.begin() as connection:
            await connection.execute(text("DELETE FROM setups WHERE id <= 4"))
        raise AssertionError

    @pytest.mark.xfail
    async def test_expected(seeded_async_session):
        await seeded_async_session.execute(text("DELETE FROM setups WHERE id <= 4"))
        raise AssertionError

    async def test_last(seeded_async_session):
        assert await seeded_async_session.scalar(text("SELECT count(*) FROM setups")) == 8
"""


@pytest.mark.parametrize(("plugin", "driver"), [("asyncio", "asyncpg"), ("anyio", "psycopg")])
def test_an_async_test_is_kept_as_it_was_when_it_failed(
    keeping: pytest.Pytester, plugin: str, driver: str
) -> None:
    keeping.makepyfile(test_async=ASYNC.format(mark=plugin))
    options = ["-o", f"supaseed_async_driver={driver}", "-W", "error"]
    if plugin == "asyncio":
        options += ["-p", "pytest_asyncio.plugin", "-o", "asyncio_default_fixture_loop_scope=function"]
    else:
        options += ["-p", "anyio"]
        keeping.makeconftest(
            "import pytest\n\n@pytest.fixture(scope='session')\ndef anyio_backend():\n    return 'asyncio'\n"
        )
    result = keeping.runpytest_subprocess("--supaseed-keep", *options)
    result.assert_outcomes(failed=3, passed=2, xfailed=1)
    found = lines_of(result.stdout.str())
    assert {test: asked(line) for test, (_, line) in found.items()} == {
        "test_whole": "5",
        "test_refused": "7",
        "test_own": "4",
    }
    assert "without objects that were not flushed" in found["test_whole"][0]
    assert "as at the test's last commit" in found["test_refused"][0]


def test_databases_of_a_wider_scope_are_kept_when_that_ends(keeping: pytest.Pytester) -> None:
    keeping.makepyfile(test_wider=WIDER)
    result = keeping.runpytest_inprocess("--supaseed-keep", "-W", "error")
    result.assert_outcomes(failed=3, passed=1)
    found = lines_of(result.stdout.str())
    assert {test: (state, asked(line)) for test, (state, line) in found.items()} == {
        "test_cell": ("as the test and its fixtures have left it", "5"),
        "test_hall": ("as test_wider.py has left it: what its tests have done was undone", "8"),
        "test_room": ("as test_wider.py has left it", "1"),
    }


def test_a_test_that_is_over_holds_no_engine(project: pytest.Pytester) -> None:
    project.makepyfile("""
        import gc, weakref
        import pytest

        pytestmark = pytest.mark.seed(users=5)
        engines = []

        @pytest.mark.parametrize("turn", range(3))
        def test_own(seeded_db, turn):
            engines.append(weakref.ref(seeded_db.engine))

        def test_last(seeded_session):
            gc.collect()
            assert [engine() for engine in engines] == [None] * 3
    """)
    project.runpytest_inprocess().assert_outcomes(passed=4)


def test_other_rows_than_a_test_asks_for_are_kept(keeping: pytest.Pytester) -> None:
    keeping.makepyfile("""
        import psycopg2
        import pytest
        from pytest_supaseed.plugin.state import SHARED

        pytestmark = pytest.mark.seed(users=5, setups=8)

        def test_before(seeded_session, request):
            _, shared = request.node.stash[SHARED]
            end = shared.end

            def end_and_change():
                # As another process does between two tests.
                state = end()
                url = shared.url.set(drivername="postgresql").render_as_string(hide_password=False)
                connection = psycopg2.connect(url)
                connection.cursor().execute("DELETE FROM setups WHERE id <= 2")
                connection.commit()
                connection.close()
                return state

            shared.end = end_and_change

        def test_finds_fewer(seeded_session): ...

        def test_after(seeded_session): ...
    """)
    result = keeping.runpytest_inprocess("--supaseed-keep")
    result.assert_outcomes(errors=1, passed=2)
    found = lines_of(result.stdout.str())
    assert {test: (state, asked(line)) for test, (state, line) in found.items()} == {
        "test_finds_fewer": ("as the test has found it, with other rows than it asks for", "6")
    }


def test_what_is_kept_stays_until_another_run_keeps(throwaway: pytest.Pytester) -> None:
    throwaway.makepyfile(FAILING)
    options = ["--supaseed-keep", "-o", "supaseed_driver=psycopg", "-k", "test_it"]
    before = throwaway.runpytest_subprocess(*options).stdout.str()
    lines = [line for _, line in lines_of(before).values()]
    assert len(lines) == 4
    # A run that does not keep leaves it alone, and says nothing of it.
    other = throwaway.runpytest_subprocess("-k", "passing or 1")
    other.assert_outcomes(passed=1, failed=1)
    other.stdout.no_fnmatch_line("*of *failing test*")
    assert [asked(line) for line in lines] == ["8", "7", "6", "5"]
    throwaway.runpytest_subprocess("--supaseed-keep", "-k", "passing").stdout.no_fnmatch_line(
        "*of *failing test*"
    )
    until(lambda: not list(notes()))
    assert "No such file or directory" in asked(lines[0])


def test_drop_says_what_it_drops_and_runs_nothing(throwaway: pytest.Pytester) -> None:
    throwaway.makepyfile(FAILING, test_broken="raise ValueError")
    nothing = throwaway.runpytest_subprocess("--supaseed-drop", "-n", "2")
    nothing.stdout.fnmatch_lines(f"supaseed: nothing is kept of {throwaway.path}")
    nothing.assert_outcomes()
    assert nothing.ret == 0
    kept = throwaway.runpytest_subprocess(
        "--supaseed-keep", "-k", "1 or 2", "test_drop_says_what_it_drops_and_runs_nothing.py"
    )
    [(_, line), _] = lines_of(kept.stdout.str()).values()
    assert asked(line) == "7"
    dropped = throwaway.runpytest_inprocess("--supaseed-drop", "--supaseed-keep")
    dropped.stdout.fnmatch_lines([
        "supaseed: dropped supaseed_kept_test_it_1, of *::test_it[[]1]",
        "supaseed: dropped supaseed_kept_test_it_2, of *::test_it[[]2]",
    ])  # fmt: skip
    dropped.assert_outcomes()
    assert dropped.ret == 0
    assert "No such file or directory" in asked(line)


def test_workers_keep_together_what_one_process_would(throwaway: pytest.Pytester) -> None:
    throwaway.makepyfile(FAILING)
    result = throwaway.runpytest_subprocess("--supaseed-keep", "--supaseed-keep-most=3", "-n", "2")
    found = lines_of(result.stdout.str())
    assert len(found) == 3
    for test, (_, line) in found.items():
        number = int(re.findall(r"\d", test)[0])
        assert asked(line) == str(8 - number)
    output = result.stdout.str()
    assert output.count("databases of failing tests") == 1
    assert output.count("psql") == 3
    result.stdout.fnmatch_lines("*  and 1 more not kept: --supaseed-keep-most=4 keeps them all")


@pytest.mark.parametrize("workers", [0, 2])
def test_the_first_failure_ends_the_session_and_is_kept(throwaway: pytest.Pytester, workers: int) -> None:
    throwaway.makepyfile(FAILING)
    options = ["-n", str(workers)] if workers else []
    result = throwaway.runpytest_subprocess("--supaseed-keep", "-x", *options)
    found = lines_of(result.stdout.str())
    assert found
    for test, (_, line) in found.items():
        assert asked(line) == str(8 - int(re.findall(r"\d", test)[0]))


@pytest.mark.skipif(sys.platform == "win32", reason="there is no Ctrl-C to send")
def test_what_was_kept_before_ctrl_c_stays(throwaway: pytest.Pytester) -> None:
    throwaway.makepyfile("""
        import pathlib, time
        import pytest

        @pytest.mark.seed(users=5, setups=8)
        def test_fails(seeded_db):
            raise AssertionError

        @pytest.mark.seed(users=5, setups=8)
        def test_hangs(seeded_session):
            pathlib.Path("ready").touch()
            time.sleep(600)
    """)

    def listen() -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)

    with start_pytest(["--supaseed-keep"], cwd=throwaway.path, preexec_fn=listen, **OUTPUT) as session:
        until(lambda: throwaway.path.joinpath("ready").exists() or session.poll() is not None)
        session.send_signal(signal.SIGINT)
        output, _ = session.communicate(timeout=120)
    [(test, (_, line))] = lines_of(output).items()
    assert (test, asked(line)) == ("test_fails", "8")


def test_a_test_that_is_run_again_is_kept_as_it_was_last(throwaway: pytest.Pytester) -> None:
    pytest.importorskip("pytest_rerunfailures")
    throwaway.makepyfile("""
        import pytest
        from sqlalchemy import text

        runs = []

        @pytest.mark.seed(users=5, setups=8)
        def test_often(seeded_session):
            runs.append(1)
            seeded_session.execute(text(f"DELETE FROM setups WHERE id <= {len(runs)}"))
            raise AssertionError

        @pytest.mark.seed(users=5, setups=8)
        def test_passes_at_last(seeded_db):
            runs.append(1)
            assert len(runs) == 5
    """)
    options = ["-p", "rerunfailures", "--reruns=2", "--supaseed-keep"]
    result = throwaway.runpytest_subprocess(*options)
    result.assert_outcomes(failed=1, passed=1)
    [(test, (_, line))] = lines_of(result.stdout.str()).items()
    assert (test, asked(line)) == ("test_often", "5")


def test_with_tcp_there_is_a_url_for_programs_that_know_no_sockets(throwaway: pytest.Pytester) -> None:
    throwaway.makepyfile(FAILING)
    result = throwaway.runpytest_subprocess("--supaseed-keep", "--supaseed-tcp", "-k", "it and 3")
    [(_, line)] = lines_of(result.stdout.str()).values()
    assert asked(line) == "5"
    [url] = re.findall(
        r"^    (postgresql://postgres:\w+@127\.0\.0\.1:\d+/supaseed_kept_test_it_3)$",
        result.stdout.str(),
        re.M,
    )
    assert rows(url) == 5
    with pytest.raises(psycopg2.OperationalError, match="password"):
        rows(re.sub(r":\w+@", ":wrong@", url))
    # A password of the user's is not printed.
    given = ["--postgresql-password=Tr0mbone", "--supaseed-tcp", "--supaseed-keep"]
    output = throwaway.runpytest_subprocess(*given, "-k", "it and 3").stdout.str()
    assert re.search(
        r"^    postgresql://postgres@127\.0\.0\.1:\d+/supaseed_kept_test_it_3$", output, re.MULTILINE
    )
    assert "Tr0mbone" not in output


def rows(url: str) -> int:
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(COUNT)
            [(number,)] = cursor.fetchall()
            return int(number)
    finally:
        connection.close()


@pytest.fixture
def mine(server_url: URL) -> Iterator[Callable[[], set[str]]]:
    """The databases that are there besides one of the user's, whose name could be ours."""
    connection = psycopg2.connect(libpq_url(server_url))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE supaseed_kept_mine")
        before = databases(server_url)
        yield lambda: databases(server_url) - before
        assert "supaseed_kept_mine" in databases(server_url)
        cursor.execute("DROP DATABASE supaseed_kept_mine")
    connection.close()


@pytest.mark.parametrize("workers", [0, 2])
def test_on_a_server_of_the_users_they_stay_there(
    keeping: pytest.Pytester, mine: Callable[[], set[str]], workers: int
) -> None:
    keeping.makepyfile(FAILING)
    options = ["-n", str(workers)] if workers else []
    result = keeping.runpytest_subprocess("--supaseed-keep", "--supaseed-keep-most=3", *options)
    found = lines_of(result.stdout.str())
    names = {line.rpartition(" -d ")[2] for _, line in found.values()}
    assert len(names) == 3
    assert mine() == names
    for test, (_, line) in found.items():
        assert asked(line) == str(8 - int(re.findall(r"\d", test)[0]))
    # A later session sweeps what a killed one has left, and leaves these.
    keeping.runpytest_inprocess("-k", "passing").assert_outcomes(passed=1)
    assert mine() == names
    # The server is no longer set, and what is noted of it is found.
    dropped = keeping.runpytest_inprocess("--supaseed-drop", "--supaseed-postgres=auto")
    assert dropped.stdout.str().count("supaseed: dropped supaseed_kept_test_it_") == 3
    assert mine() == set()


def test_where_the_note_is_lost_the_server_itself_tells(
    keeping: pytest.Pytester, mine: Callable[[], set[str]]
) -> None:
    keeping.makepyfile(FAILING)
    keeping.runpytest_inprocess("--supaseed-keep", "-k", "it and 1")
    [(folder, _)] = notes()
    shutil.rmtree(folder)
    assert mine() == {"supaseed_kept_test_it_1"}
    # Of another rootdir.
    other = keeping.mkdir("other")
    other.joinpath("pytest.ini").write_text("[pytest]\n")
    assert (
        keeping.runpytest_inprocess(
            "--supaseed-drop", f"--rootdir={other}", "-c", str(other / "pytest.ini")
        ).ret
        == 0
    )
    assert mine() == {"supaseed_kept_test_it_1"}
    dropped = keeping.runpytest_inprocess("--supaseed-drop")
    dropped.stdout.fnmatch_lines("supaseed: dropped supaseed_kept_test_it_1, of *::test_it[[]1]")
    assert mine() == set()


def test_a_password_is_in_a_file_and_not_in_the_line(
    keeping: pytest.Pytester, server_url: URL, mine: Callable[[], set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPASEED_POSTGRES", libpq_url(server_url.set(password="se:cr\\@t")))
    keeping.makepyfile(FAILING)
    result = keeping.runpytest_inprocess("--supaseed-keep", "-k", "it and 1")
    [(_, line)] = lines_of(result.stdout.str()).values()
    [(folder, _)] = notes()
    assert line.startswith(f"PGPASSFILE={folder}/pgpass psql ")
    assert folder.joinpath("pgpass").read_text() == "*:*:*:*:se\\:cr\\\\@t\n"
    assert folder.joinpath("pgpass").stat().st_mode & 0o77 == 0
    assert "se:" not in folder.joinpath("kept.json").read_text().replace("%3A", ":")
    assert asked(line) == "7"


def test_the_server_of_a_process_fixture_ends_with_the_session(
    keeping: pytest.Pytester, server_url: URL
) -> None:
    keeping.makeconftest(f"""
        import pytest
        from types import SimpleNamespace

        @pytest.fixture(scope="session")
        def proc():
            return SimpleNamespace(
                host={server_url.query["host"]!r}, port={server_url.query["port"]!r}, user={server_url.username!r},
                password=None, options="", template_dbname="no_template", stop=lambda: None,
            )
    """)
    keeping.makepyfile(FAILING)
    result = keeping.runpytest_inprocess(
        "--supaseed-keep", "-k", "it and 1", "--supaseed-postgres=fixture:proc"
    )
    result.assert_outcomes(failed=1, deselected=4)
    result.stdout.fnmatch_lines(
        "supaseed: no database of a failing test is kept: the server of fixture:proc ends with the session"
    )
    assert lines_of(result.stdout.str()) == {}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--supaseed-keep", "--supaseed-keep-most=0"],
            "*--supaseed-keep-most is '0': write a whole number of databases from 1 to 10080, such as 10",
        ),
        (
            ["--supaseed-keep", "--supaseed-keep-minutes=soon"],
            "*--supaseed-keep-minutes is 'soon': write a whole number of minutes from 1 to 10080, such as 60",
        ),
        (
            ["--supaseed-keep-most=3", "--supaseed-keep-folder=x"],
            "*--supaseed-keep-most and --supaseed-keep-folder: nothing is kept without --supaseed-keep: add it, or *",
        ),
    ],
)
def test_options_that_cannot_be_are_refused(
    project: pytest.Pytester, options: list[str], message: str
) -> None:
    project.makepyfile(FAILING)
    result = project.runpytest_inprocess(*options)
    result.stderr.fnmatch_lines(message)
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_a_folder_that_cannot_be_is_named(throwaway: pytest.Pytester) -> None:
    throwaway.makepyfile(FAILING)
    result = throwaway.runpytest_inprocess("--supaseed-keep", "--supaseed-keep-folder=nowhere", "-k", "1")
    result.stderr.fnmatch_lines(
        f"*supaseed_keep_folder is 'nowhere': there is no folder {throwaway.path}/nowhere: make it, choose another *"
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    throwaway.mkdir("x" * 60)
    result = throwaway.runpytest_inprocess("--supaseed-keep", f"--supaseed-keep-folder={'x' * 60}", "-k", "1")
    result.stdout.fnmatch_lines(
        "*supaseed_keep_folder is *: choose another folder, or leave it out for one below *"
    )


def test_pdb_is_told_the_database(project: pytest.Pytester) -> None:
    project.makepyfile("""
        import pytest
        from sqlalchemy import text

        pytestmark = pytest.mark.seed(users=5, setups=8)

        def test_session(seeded_session):
            seeded_session.execute(text("DELETE FROM setups WHERE id <= 3"))
            raise AssertionError

        @pytest.fixture
        def mine(seeded_connection):
            return seeded_connection

        def test_indirect(mine):
            raise AssertionError

        def test_own(seeded_db):
            raise AssertionError

        def test_alone():
            raise AssertionError

        from pytest_supaseed import seeded_database

        room = seeded_database(users=5, scope="module")

        def test_wider(room, seeded_db):
            raise AssertionError
    """)
    typed = 'p seeded_session.connection().exec_driver_sql("TABLE setups").all()\nc\nc\nc\nc\nc\n'
    with start_pytest(["--pdb", "--tb=no"], cwd=project.path, stdin=subprocess.PIPE, **OUTPUT) as session:
        output, _ = session.communicate(typed, timeout=120)
    shown = re.findall(r"^supaseed: (.*)$", output, re.MULTILINE)[1:]
    assert [line for line in shown if not line.startswith("psql")] == [
        "What the test has done is in its open transaction, which only its own connection sees. In pdb:",
        'p seeded_session.connection().exec_driver_sql("TABLE users").all()',
        "After a statement that failed, first seeded_session.rollback(): what the test had committed is there.",
        "What the test has done is in its open transaction, which only its own connection sees: in pdb, ask the "
        "session or connection that the test works on.",
    ]
    assert sum(line.startswith("psql 'postgresql://") for line in shown) == 6
    [answer] = re.findall(r"\(Pdb\) (\[\(.*\)\])", output)
    assert len(eval(answer)) == 5
