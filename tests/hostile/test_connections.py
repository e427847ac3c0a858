"""Connections that tests leave open are named; those that they have closed never are, however busy the machine is."""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from sqlalchemy import URL

from pytest_supaseed import clock
from pytest_supaseed.postgres.databases.database import Databases
from pytest_supaseed.postgres.databases.maintenance import libpq_url
from pytest_supaseed.session import seeded
from test_fixtures import passes

HEAD = """
    import psycopg2
    import pytest
    from sqlalchemy import create_engine, text

    pytestmark = pytest.mark.seed(users=2)
"""


@pytest.fixture
def bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patience without an end, and a limit of pauses: a verdict has to come from what is known."""
    pauses = itertools.count()
    sleep = clock.sleep

    def limited(seconds: float) -> None:
        assert next(pauses) < 2000, "no verdict"
        sleep(seconds)

    monkeypatch.setattr(seeded, "_PATIENCE_SECONDS", float("inf"))
    monkeypatch.setattr(clock, "sleep", limited)


LEFT = (
    "left.callback(psycopg2.connect(seeded_db.dsn).close)",
    "import psycopg; left.callback(psycopg.connect(seeded_db.dsn).close)",
    "left.callback(engine(seeded_db.url).dispose)",
    "left.callback(engine(seeded_db.url.set(drivername='postgresql+psycopg')).dispose)",
    "left.callback(seeded_db.engine.connect().close)",
    """import asyncio, asyncpg
        loop = asyncio.new_event_loop()
        left.callback(loop.close)
        connection = loop.run_until_complete(asyncpg.connect(seeded_db.dsn))
        left.callback(lambda: loop.run_until_complete(asyncio.sleep(0)))
        left.callback(connection.terminate)""",
)


def test_what_is_left_open_in_this_process_is_named_without_a_wait(
    project: pytest.Pytester, bounded: None
) -> None:
    source = f"""{HEAD}
    from contextlib import ExitStack

    @pytest.fixture(scope="module")
    def left():
        with ExitStack() as stack:
            yield stack

    def engine(url):
        application = create_engine(url)
        application.connect().close()
        return application
"""
    for number, leave in enumerate(LEFT):
        source += f"""
    def test_leaves_{number}(left, seeded_db):
        {leave}

    def test_next_{number}(seeded_db): ...
"""
    result = passes(project, source, passed=2 * len(LEFT), warnings=len(LEFT))
    for number in range(len(LEFT)):
        result.stdout.fnmatch_lines(
            f"*SupaseedWarning: *::test_leaves_{number} left 1 connection to its database open, which was ended: *"
        )


CLOSES = f"""{HEAD}
    def test_closes(seeded_db, seeded_engine):
        application = create_engine(seeded_db.url)
        with application.connect() as connection, seeded_engine.connect() as ours:
            assert connection.scalar(text("SELECT count(*) FROM users")) == 2
        application.dispose()
        connection = psycopg2.connect(seeded_db.dsn)
        about_to_close(connection.info.backend_pid)
        connection.close()

    def test_closes_while_ours_is_in_use(seeded_db, seeded_engine):
        connection = psycopg2.connect(seeded_db.dsn)
        about_to_close(connection.info.backend_pid)
        connection.close()
"""


def test_a_list_that_is_late_accuses_no_test(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected, late = Databases.connected, itertools.count()

    def stale(self: Databases, name: str) -> list[tuple[Any, ...]]:
        # As of a busy machine: what has been closed is listed twenty-four times more.
        found = connected(self, name)
        return found or ([(-1, "closed", "SELECT")] if next(late) % 25 < 24 else [])

    monkeypatch.setattr(Databases, "connected", stale)
    # However busy this machine is, the list catches up in time.
    monkeypatch.setattr(seeded, "_PATIENCE_SECONDS", 300.0)
    source = CLOSES.replace(
        "    def test_closes(", "    def about_to_close(process): ...\n\n    def test_closes("
    )
    passes(project, source, "-W", "error::pytest_supaseed.SupaseedWarning", passed=2)
    assert next(late) >= 25


STOPS = """
    import os, signal, threading

    def about_to_close(process):
        # As on a busy machine: the backend gets the processor long after its client has closed the connection.
        os.kill(process, signal.SIGSTOP)
        threading.Timer(0.4, os.kill, (process, signal.SIGCONT)).start()

    def test_closes("""


def test_a_backend_that_has_not_had_the_processor_accuses_no_test(
    project: pytest.Pytester, server_url: URL
) -> None:
    connection = psycopg2.connect(libpq_url(server_url))
    try:
        os.kill(connection.info.backend_pid, signal.SIGCONT)
    except (PermissionError, ProcessLookupError):
        pytest.skip("the server's processes cannot be stopped by this user")
    finally:
        connection.close()
    source = CLOSES.replace("\n    def test_closes(", STOPS)
    passes(project, source, "-W", "error::pytest_supaseed.SupaseedWarning", passed=2)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(seeded, "_PATIENCE_SECONDS", 0.02)
    return


def test_what_another_process_has_left_open_is_named_in_the_end(
    project: pytest.Pytester, impatient: None
) -> None:
    source = f"""{HEAD}
    import subprocess, sys

    @pytest.fixture(scope="module")
    def processes():
        started = []
        yield started
        for process in started:
            process.kill()
            process.communicate()

    def test_leaves(processes, seeded_db):
        code = "import psycopg2, sys; c = psycopg2.connect(sys.argv[1]); print('up', flush=True); input()"
        process = subprocess.Popen(
            [sys.executable, "-c", code, seeded_db.dsn], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        processes.append(process)
        assert process.stdout.readline() == b"up\\n"
    """
    passes(project, source, passed=1, warnings=1).stdout.fnmatch_lines(
        "*SupaseedWarning: *::test_leaves left 1 connection to its database open, which was ended: no name (nothing)*"
    )


def test_what_is_left_in_a_database_of_the_session_names_the_fixture(
    project: pytest.Pytester, bounded: None
) -> None:
    source = f"""{HEAD}
    from pytest_supaseed import seeded_database

    camp = seeded_database(users=1, scope="session")
    left = []

    @pytest.fixture(scope="session", autouse=True)
    def closed():
        yield
        for connection in left:
            connection.close()

    def test_leaves(camp):
        left.append(psycopg2.connect(camp.dsn))
    """
    passes(project, source, passed=1, warnings=1).stdout.fnmatch_lines(
        "*SupaseedWarning: The fixture camp left 1 connection to its database open, which was ended: *"
    )
