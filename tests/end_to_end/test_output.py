"""What people see: the header, plans, the section of a failing test, the progress line."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import pytest
from sqlalchemy import URL, make_url

from forked import start_pytest
from pytest_supaseed.options import ENVIRONMENT, VALUES_VERSION
from pytest_supaseed.postgres.databases.maintenance import libpq_url
from pytest_supaseed.session import template
from pytest_supaseed.session.template import progress_line

TESTS = """
    import pytest
    from pytest_supaseed import Rows, seeded_database

    camp = seeded_database(users=3, setups=7, scope="module")

    @pytest.mark.seed(users=5, setups=Rows(8, spread="skewed"), countries=Rows(add=1))
    def test_seeded(seeded_session):
        raise AssertionError

    @pytest.mark.seed(users=2)
    @pytest.mark.seed_options(seed=4, max_records=20)
    def test_both(camp):
        raise AssertionError

    def test_neither():
        raise AssertionError

    def test_fixture(seeded_db):
        raise AssertionError
"""


def test_plans_are_printed_for_programs(project: pytest.Pytester) -> None:
    project.makepyfile(test_planned=TESTS)
    result = project.runpytest_inprocess("--supaseed-plan", "--supaseed-plan-format=json", "-q")
    assert result.ret == pytest.ExitCode.OK
    documents = [json.loads(line) for line in result.outlines if line.startswith("{")]
    seeded = next(each for each in documents if each["test"] == "test_planned.py::test_seeded")
    plan = seeded["plans"]["test"]
    assert [(table["table"], table["rows"], table["new"]) for table in plan["tables"]] == [
        ("public.countries", 3, 1),
        ("public.users", 5, 5),
        ("public.setups", 8, 8),
    ]
    assert plan["tables"][2]["spread"] == [
        {"columns": ["user_id"], "references": "public.users", "rows": [2, 3, 1, 1, 1]}
    ]
    assert (plan["total"], plan["limit"], plan["seed"]) == (14, 1000, 0)


def test_the_plan_of_each_selected_test_is_printed_and_nothing_runs(project: pytest.Pytester) -> None:
    project.makepyfile(test_planned=TESTS)
    result = project.runpytest_inprocess("--supaseed-plan")
    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes()
    start = result.outlines.index("test_planned.py::test_seeded")
    assert [line for line in result.outlines[start:] if line][:-1] == [
        "test_planned.py::test_seeded",
        "    seed(users=5, setups=Rows(8, spread='skewed'), countries=Rows(add=1)), generator seed 0, locale en_US",
        "      table      rows  of which new  spread",
        "      countries     3             1",
        "      users         5             5",
        "      setups        8             8  user_id -> users: 3, 2, 1, 1, 1",
        "    total 14 of at most 1000",
        "test_planned.py::test_both",
        "    seed(users=2), generator seed 4, locale en_US",
        "      table  rows  of which new  spread",
        "      users     2             2",
        "    total 2 of at most 20",
        "    camp:",
        "    seed(users=3, setups=7), generator seed 0, locale en_US",
        "      table   rows  of which new  spread",
        "      users      3             3",
        "      setups     7             7  user_id -> users: 3, 2, 2",
        "    total 10 of at most 1000",
        "test_planned.py::test_fixture",
        "    seed(), generator seed 0, locale en_US",
        "    total 0 of at most 1000",
    ]


def test_a_plan_that_cannot_be_made_is_told_in_its_place(project: pytest.Pytester) -> None:
    project.makepyfile("""
        import pytest

        @pytest.mark.seed(setups=3)
        def test_refused(): ...

        @pytest.mark.skip(reason="later")
        @pytest.mark.seed(users=1)
        def test_skipped(): ...

        @pytest.mark.seed(users=1)
        def test_fine(): ...
    """)
    result = project.runpytest_inprocess("--supaseed-plan")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "    setups needs rows of users for user_id, which would be empty: write *(setups=3, users=1)",
            "    skipped: later",
            "    total 1 of at most 1000",
        ]
    )


def test_plans_are_printed_by_the_controller_of_xdist(project: pytest.Pytester) -> None:
    project.makepyfile(TESTS)
    result = project.runpytest_subprocess("--supaseed-plan", "-n", "2")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["      setups        8             8  user_id -> users: 3, 2, 1, 1, 1"])


def test_no_plan_is_needed_where_nothing_is_seeded(project: pytest.Pytester) -> None:
    project.makepyfile("def test_a(): ...")
    result = project.runpytest_inprocess("--supaseed-plan")
    result.stdout.fnmatch_lines("supaseed: none of the selected tests has a marker or a fixture of ours")


def test_a_failing_test_says_what_it_started_with_and_how_to_start_it_again(project: pytest.Pytester) -> None:
    project.makepyfile(test_failing=TESTS)
    result = project.runpytest_inprocess("-k", "test_seeded")
    version = result.outlines[
        next(n for n, line in enumerate(result.outlines) if line.startswith("PostgreSQL "))
    ]
    result.stdout.fnmatch_lines(
        [
            "*- supaseed -*",
            "@pytest.mark.seed(users=5, setups=Rows(8, spread='skewed'), countries=Rows(add=1))",
            "  table      rows at the start",
            "  countries                  3",
            "  setups                     8",
            "  users                      5",
            version,
            "again: pytest test_failing.py::test_seeded --supaseed-seed=0",
        ],
        consecutive=True,
    )
    assert version.endswith(", generator seed 0, locale en_US")


def test_the_hooks_of_a_projects_conftest_see_the_section_of_a_failing_test(project: pytest.Pytester) -> None:
    project.makeconftest("""
        import pytest

        @pytest.hookimpl(wrapper=True)
        def pytest_runtest_makereport():
            report = yield
            if report.failed:
                print("sections:", [name for name, _ in report.sections])
            return report
    """)
    project.makepyfile(TESTS)
    result = project.runpytest_inprocess("-k", "test_seeded", "-s")
    result.stdout.fnmatch_lines(["*sections: *'supaseed'*"])


def test_a_server_that_a_conftest_names_badly_is_a_usage_error(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SUPASEED_POSTGRES", raising=False)
    folder = pytester.mkdir("sub")
    (folder / "conftest.py").write_text("import os\nos.environ['SUPASEED_POSTGRES'] = 'mysql://x'\n")
    (folder / "test_it.py").write_text("def test_it(seeded_db): ...\n")
    result = pytester.runpytest_subprocess("sub")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: supaseed: the environment variable SUPASEED_POSTGRES is 'mysql://x'*"]
    )


def test_a_fixture_that_only_an_overridden_one_asks_for_counts(project: pytest.Pytester) -> None:
    project.makeconftest("""
        import pytest
        from pytest_supaseed import seeded_database

        camp = seeded_database(users=5, scope="module")

        @pytest.fixture
        def client(camp):
            return camp
    """)
    folder = project.mkdir("sub")
    (folder / "conftest.py").write_text(
        "import pytest\n@pytest.fixture\ndef client(client):\n    return client\n"
    )
    (folder / "test_it.py").write_text(
        "def test_a(client):\n    assert client.counts()['users'] == 5\n"
        "def test_b(client):\n    assert client.counts()['users'] == 5\n"
    )
    project.runpytest_inprocess("sub").assert_outcomes(passed=2)


def test_a_passing_test_has_no_section(project: pytest.Pytester) -> None:
    project.makepyfile("import pytest\n@pytest.mark.seed(users=1)\ndef test_a(): ...")
    project.runpytest_inprocess("-rA").stdout.no_fnmatch_line("*- supaseed -*")


HEADERS = {
    "system": f"PostgreSQL 1?.* (system, */bin), seed 0, limit 1000 rows, values version {VALUES_VERSION}",
    "fixture:my_proc": f"PostgreSQL of the fixture my_proc, seed 0, limit 1000 rows, values version {VALUES_VERSION}",
    "postgresql://me:secret@db.example:5433/postgres": "PostgreSQL at "
    f"postgresql://me:[*][*][*]@db.example:5433/postgres, seed 0, limit 1000 rows, values version {VALUES_VERSION}",
    "/nowhere": "no server (supaseed_postgres is '/nowhere', which cannot be used: it does not exist.), *",
}


@pytest.mark.parametrize("choice", HEADERS)
def test_the_header_says_which_server_there_will_be(project: pytest.Pytester, choice: str) -> None:
    project.makepyfile("def test_a(): ...")
    result = project.runpytest_inprocess(f"--supaseed-postgres={choice}")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(f"supaseed: {HEADERS[choice]}")
    assert "secret" not in result.stdout.str()


@pytest.mark.parametrize("arguments", [(), ("-q",), ("--no-header",)])
def test_where_nothing_is_configured_the_header_is_that_of_runs_with_our_tests(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    pytester.makepyfile(test_a="def test_a(): ...")
    pytester.runpytest_inprocess("--collect-only", *arguments).stdout.no_fnmatch_line("supaseed: *")
    pytester.makepyfile(test_b="def test_b(seeded_db): ...")
    result = pytester.runpytest_inprocess("--collect-only", *arguments)
    if arguments:
        result.stdout.no_fnmatch_line("supaseed: *")
    else:
        result.stdout.fnmatch_lines(
            ["collected 2 items", f"supaseed: *, seed 0, limit 1000 rows, values version {VALUES_VERSION}"]
        )


def test_with_pytest_xdist_the_header_is_printed_before_the_workers_collect(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    pytester.makepyfile("def test_a(): ...")
    result = pytester.runpytest_subprocess("-n", "1")
    result.stdout.fnmatch_lines(f"supaseed: *, seed 0, limit 1000 rows, values version {VALUES_VERSION}")


def test_a_drawn_seed_is_printed_and_used(project: pytest.Pytester) -> None:
    project.makepyfile("""
        import pytest

        @pytest.mark.seed(users=1)
        def test_a(seeded_db, pytestconfig):
            print("drawn", seeded_db.spec.seed)
    """)
    result = project.runpytest_inprocess("--supaseed-seed=random", "-s")
    header = next(line for line in result.outlines if line.startswith("supaseed: "))
    drawn = header.partition(", seed ")[2].partition(" (drawn)")[0]
    result.stdout.fnmatch_lines(f"*drawn {int(drawn)}")


def test_a_password_is_never_shown(project: pytest.Pytester, server_url: URL) -> None:
    wrong = make_url(libpq_url(server_url)).set(username="nobody_here", password="secret")
    project.makepyfile("import pytest\n@pytest.mark.seed(users=1)\ndef test_a(): ...")
    result = project.runpytest_inprocess(f"--supaseed-postgres={libpq_url(wrong)}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            "ERROR: supaseed: postgresql://nobody_here:[*][*][*]@/* cannot be connected to: *nobody_here*",
            "The server has no role 'nobody_here' that may log in: correct the user in the URL, or CREATE ROLE.",
        ]
    )
    assert "secret" not in result.stdout.str() + result.stderr.str()


def test_a_quick_seed_shows_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_line(10, nullcontext) as advance:
        advance(10)
    assert capsys.readouterr().err == ""


def test_a_slow_seed_shows_how_far_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template, "_SILENT_SECONDS", 0.0)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress_line(200, nullcontext) as advance:
        advance(50.5)
        assert "supaseed:  25% of 200 rows [" in capsys.readouterr().err
        advance(149.5)
    assert "supaseed: 100% of 200 rows [" in capsys.readouterr().err


@pytest.mark.parametrize("terminal", [None, nullcontext])
def test_nothing_is_shown_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    terminal: Callable[[], AbstractContextManager[None]] | None,
) -> None:
    monkeypatch.setattr(template, "_SILENT_SECONDS", 0.0)
    with progress_line(200, terminal) as advance:
        advance(200)
    assert capsys.readouterr().err == ""


def test_progress_is_shown_past_the_capturing_of_output(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.makepyfile("import pytest\n@pytest.mark.seed(users=3)\ndef test_a(): print('captured')")
    project.makeconftest("from pytest_supaseed.session import template\ntemplate._SILENT_SECONDS = 0.0")
    result = project.runpytest_subprocess()
    result.assert_outcomes(passed=1)
    # A log has no progress.
    assert result.stderr.str() == ""
    assert "captured" not in result.stdout.str()
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 120, 0, 0))
    with start_pytest([], cwd=project.path, stdout=subprocess.DEVNULL, stderr=terminal) as session:
        os.close(terminal)
        assert session.wait(timeout=60) == pytest.ExitCode.OK
    assert b"supaseed: 100% of 3 rows" in os.read(controller, 10_000)
    os.close(controller)
