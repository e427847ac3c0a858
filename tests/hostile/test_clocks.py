"""Tests that freeze the clock, or replace what the standard library gives: nothing waits for ever or differs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from contextlib import nullcontext
from pathlib import Path

import freezegun
import pytest
import time_machine

from forked import start_pytest
from leftovers import interruptible
from pytest_supaseed import clock
from pytest_supaseed.rng import token
from pytest_supaseed.session import template
from pytest_supaseed.session.template import progress_line

pytestmark = pytest.mark.usefixtures("copied_clusters")
SECONDS = 120.0
_CHOICE = os.environ.get("SUPASEED_POSTGRES") or "auto"

# Each way to freeze a clock, at another moment.
MOMENTS = {
    "freezegun": "9999-12-31 23:59:59",
    "freezegun, ticking": "1969-07-20 20:17:40",
    "freezegun, a second at each look": "1999-12-31 23:59:59",
    "time-machine": "1970-01-01 00:00:00",
    "time-machine, ticking": "2038-01-19 03:14:08",
}
FREEZES = {
    "freezegun": "freezegun.freeze_time({moment!r})",
    "freezegun, ticking": "freezegun.freeze_time({moment!r}, tick=True)",
    "freezegun, a second at each look": "freezegun.freeze_time({moment!r}, auto_tick_seconds=1)",
    "time-machine": "time_machine.travel({moment!r}, tick=False)",
    "time-machine, ticking": "time_machine.travel({moment!r}, tick=True)",
}
FROZEN = """
    import freezegun
    import pytest
    import time_machine

    @pytest.fixture(autouse=True, scope={scope!r})
    def frozen():
        with {freeze}:
            yield
"""
SCHEMA = """
    CREATE TABLE users (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL, email text NOT NULL UNIQUE,
        born date NOT NULL, created_at timestamptz NOT NULL DEFAULT now(), seen_at timestamp, wakes_at time,
        expires_at timestamptz CHECK (expires_at > created_at), span interval, during tstzrange, year int
    );
    CREATE TABLE setups (id serial PRIMARY KEY, user_id uuid NOT NULL REFERENCES users, at timestamptz NOT NULL);
"""
TESTS = """
    import hashlib
    import psycopg2
    import pytest
    from sqlalchemy import text

    pytestmark = pytest.mark.seed(users=20, setups=30)
    ROWS = text(
        "SELECT md5(string_agg(u::text || s::text, ',' ORDER BY s.id)) FROM users u JOIN setups s ON user_id = u.id"
    )

    @pytest.mark.parametrize("turn", range(2))
    def test_rows(seeded_session, turn):
        print("rows", seeded_session.scalar(ROWS))
        seeded_session.execute(text("DELETE FROM setups"))
        seeded_session.commit()

    @pytest.mark.parametrize("turn", range(2))
    def test_own(seeded_db, turn):
        with seeded_db.engine.connect() as connection:
            print("rows", connection.scalar(ROWS))

    def test_leaves_a_connection_open(seeded_db):
        seeded_db.left = psycopg2.connect(seeded_db.dsn)

    def test_others_are_at_work_still(seeded_connection):
        print("rows", seeded_connection.scalar(ROWS))
"""


def run(folder: Path, *arguments: str) -> str:
    """The output of a session in a process of its own, which has a limit."""
    options = ["-rA", "--color=no", "-W", "default"]
    environment = {**os.environ, "SUPASEED_POSTGRES": _CHOICE}
    session = start_pytest(
        [*options, *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=interruptible,
    )
    try:
        output, _ = session.communicate(timeout=SECONDS)
    finally:
        session.kill()
        session.wait()
    return output


# A session that keeps its cluster does so when no fixture is there any more.
NOTHING_KEPT = ("-p", "no:cacheprovider")


def rows(output: str) -> set[str]:
    return set(re.findall(r"^rows (\w+)$", output, re.MULTILINE))


@pytest.fixture(scope="module")
def unfrozen(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The rows of a session with the machine's own clock."""
    folder = tmp_path_factory.mktemp("unfrozen")
    write(folder, "")
    output = run(folder, *NOTHING_KEPT)
    assert "6 passed" in output, output
    found = rows(output)
    assert len(found) == 1
    return found


def write(folder: Path, conftest: str) -> None:
    for name, content in (
        ("conftest.py", conftest),
        ("schema.sql", SCHEMA),
        ("test_rows.py", TESTS),
        ("pytest.ini", "[pytest]\nsupaseed_schema = schema.sql\n"),
    ):
        folder.joinpath(name).write_text(textwrap.dedent(content), encoding="utf-8")


COLD, WARM = ("cold",), ("cold", "warm")
# What a session does that starts from what an earlier one has kept is tried once with each library.
CASES = [
    *(
        (name, "session", moment, WARM if name in ("freezegun", "time-machine") else COLD)
        for name, moment in MOMENTS.items()
    ),
    *((name, "function", "2030-06-01", COLD) for name in ("freezegun", "time-machine")),
]


@pytest.mark.parametrize(("name", "scope", "moment", "starts"), CASES)
def test_a_frozen_session_has_the_same_rows_cold_and_warm_and_ends(
    tmp_path: Path, unfrozen: set[str], name: str, scope: str, moment: str, starts: tuple[str, ...]
) -> None:
    write(tmp_path, FROZEN.format(scope=scope, freeze=FREEZES[name].format(moment=moment)))
    for start in starts:
        output = run(tmp_path, *([] if starts == WARM else NOTHING_KEPT))
        assert "6 passed" in output, (start, output)
        assert rows(output) == unfrozen, start
        assert "test_leaves_a_connection_open left 1 connection to its database open" in output
        assert output.count("SupaseedWarning: ") == 1


@pytest.mark.parametrize("library", ["freezegun", "time-machine"])
def test_waiting_for_a_process_ends_under_a_frozen_clock(library: str) -> None:
    frozen = (
        freezegun.freeze_time("2030-01-01")
        if library == "freezegun"
        else time_machine.travel("2030-01-01", tick=False)
    )
    endless = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        with frozen:
            assert clock.wait_for(endless, 0.01) is None
            endless.kill()
            assert clock.wait_for(endless, SECONDS) not in (None, 0)
            assert clock.wait_for(endless, 0.0) == endless.returncode
    finally:
        endless.kill()
        endless.communicate()


@pytest.mark.parametrize("library", ["freezegun", "time-machine"])
def test_the_progress_line_shows_the_time_that_passes(
    library: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seconds = iter(range(0, 1000, 5))
    monkeypatch.setattr(clock, "monotonic", lambda: float(next(seconds)))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    frozen = (
        freezegun.freeze_time("2030-01-01")
        if library == "freezegun"
        else time_machine.travel("2030-01-01", tick=False)
    )
    with frozen, progress_line(100, nullcontext) as advance:
        advance(20)
        advance(40)
    shown = re.findall(r"\[(\d\d:\d\d)<", capsys.readouterr().err)
    assert len(shown) >= 2
    assert shown == sorted(set(shown)), "each line shows a later time"
    assert template.clock is clock


REPLACED = {
    "clocks": """
        for name in ("time.time", "time.monotonic", "time.perf_counter"):
            monkeypatch.setattr(name, lambda: 0.0)
        monkeypatch.setattr("time.sleep", refuse)
    """,
    "randomness, and sleep returns at once": """
        monkeypatch.setattr("time.sleep", lambda seconds: None)
        random.seed(0)
        monkeypatch.setattr("uuid.uuid4", lambda: uuid.UUID(int=0))
        monkeypatch.setattr("secrets.token_hex", lambda size=0: "always the same/")
        monkeypatch.setattr("secrets.token_bytes", lambda size=0: b"x" * (size or 1))
        monkeypatch.setattr("os.urandom", lambda size: bytes(size))
    """,
    "an empty environment, a folder that has gone, no sockets": """
        stack.enter_context(unittest.mock.patch.dict(os.environ, clear=True))
        tmp_path.joinpath("gone").mkdir()
        stack.callback(os.chdir, os.getcwd())
        os.chdir(tmp_path / "gone")
        os.rmdir(tmp_path / "gone")
        monkeypatch.setattr("socket.socket", refuse)
        monkeypatch.setattr("socket.create_connection", refuse)
    """,
    "the interpreter": """
        gc.disable()
        logging.disable()
        stack.callback(os.umask, os.umask(0o077))
        stack.callback(sys.setrecursionlimit, sys.getrecursionlimit())
        sys.setrecursionlimit(400)
        signal.signal(signal.SIGALRM, lambda *args: None)
        signal.setitimer(signal.ITIMER_REAL, 0.005, 0.005)
        stack.callback(signal.setitimer, signal.ITIMER_REAL, 0)
    """,
}
REPLACES = """
    import gc, logging, os, random, signal, sys, unittest.mock, uuid
    from contextlib import ExitStack

    import pytest

    def refuse(*args, **kwargs):
        raise AssertionError("this test may not do that")

    @pytest.fixture(autouse=True)
    def replaced(monkeypatch, tmp_path):
        with ExitStack() as stack:
            {statements}
            yield
"""


@pytest.mark.parametrize("name", REPLACED)
def test_what_a_fixture_replaces_before_ours_is_not_what_we_use(
    tmp_path: Path, unfrozen: set[str], name: str
) -> None:
    write(
        tmp_path,
        REPLACES.format(statements=textwrap.dedent(REPLACED[name]).strip().replace("\n", "\n" + " " * 12)),
    )
    output = run(tmp_path, "-W", "ignore::ResourceWarning", *NOTHING_KEPT)
    assert "6 passed" in output, output
    assert rows(output) == unfrozen


def test_tokens_differ_whatever_a_test_replaces(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("secrets.token_hex", "secrets.token_bytes", "os.urandom", "random.getrandbits"):
        monkeypatch.setattr(name, lambda size: bytes(size))
    drawn = {token(8) for _ in range(100)}
    assert len(drawn) == 100
    assert {len(each) for each in drawn} == {16}


def test_a_skipped_test_leaves_the_early_seed_to_the_next(project: pytest.Pytester) -> None:
    project.makepyfile("""
        import freezegun
        import pytest

        pytestmark = pytest.mark.seed(users=3)
        AT = []

        @pytest.fixture(scope="session")
        def supaseed_generators():
            import datetime
            return {"users.email": lambda faker: AT.append(datetime.date.today()) or faker.unique.email()}

        @pytest.fixture
        def frozen():
            with freezegun.freeze_time("1999-12-31"):
                yield

        @pytest.mark.skip
        def test_skipped(frozen, seeded_db): ...

        @pytest.mark.skipif("True", reason="never")
        def test_skipped_too(frozen, seeded_db): ...

        def test_frozen(frozen, seeded_db):
            assert len(AT) >= 3
            assert {each.year for each in AT}.isdisjoint({1999})
    """)
    project.runpytest_inprocess().assert_outcomes(passed=1, skipped=2)
