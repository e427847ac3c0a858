"""Processes that share a server: pytest-xdist's workers, and sessions on a server that somebody else runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import URL

from forked import start_pytest
from leftovers import nothing_left, until
from pytest_supaseed.postgres.databases.maintenance import libpq_url
from servers import databases

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there each process has a server of its own")

# Each load and each made row is told to a file.
CONFTEST = """
    import pytest

    def told(name):
        with open(name, "a") as file:
            print(file=file)

    def load(connection):
        told("loads")
        connection.exec_driver_sql(
            "CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE, name text NOT NULL)"
        )

    def name(faker):
        told("names")
        return faker.name()

    @pytest.fixture(scope="session")
    def supaseed_schema():
        return load

    @pytest.fixture(scope="session")
    def supaseed_generators():
        return {"users.name": name}

    @pytest.fixture(autouse=True)
    def place(supaseed_postgres):
        with open("servers", "a") as file:
            print(supaseed_postgres.host, supaseed_postgres.port, file=file)
"""
TESTS = """
    import pytest

    @pytest.mark.parametrize("turn", range(6))
    @pytest.mark.parametrize("users", [pytest.param(n, marks=pytest.mark.seed(users=n)) for n in (1, 2, 3, 4, 5)])
    def test_users(seeded_db, seeded_session, users, turn):
        assert seeded_db.counts() == {"users": users}
"""


@pytest.fixture
def shared(pytester: pytest.Pytester, choice: str, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("SUPASEED_POSTGRES", choice)
    monkeypatch.delenv("CI", raising=False)
    pytester.makeini("[pytest]\naddopts = -p no:cacheprovider\n")
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(TESTS)
    return pytester


def lines(project: pytest.Pytester, name: str) -> list[str]:
    return (project.path / name).read_text(encoding="utf-8").splitlines()


def test_workers_share_a_server_and_make_each_seed_once(shared: pytest.Pytester) -> None:
    shared.runpytest_subprocess("-n", "3").assert_outcomes(passed=30)
    assert len(lines(shared, "loads")) == 1
    assert len(lines(shared, "names")) == 1 + 2 + 3 + 4 + 5
    [server] = {line.split()[0] for line in lines(shared, "servers")}
    # The last one out has stopped it.
    assert not server.startswith("/") or nothing_left(Path(server))


def test_a_worker_that_is_killed_takes_nothing_with_it(shared: pytest.Pytester) -> None:
    shared.makepyfile(
        test_killed="""
        import os, signal
        import pytest

        @pytest.mark.seed(users=2)
        def test_killed(seeded_db):
            os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    shared.runpytest_subprocess("-n", "2").assert_outcomes(passed=30, failed=1)
    assert len(lines(shared, "loads")) == 1
    [server] = {line.split()[0] for line in lines(shared, "servers")}
    until(lambda: not server.startswith("/") or nothing_left(Path(server)))


SLOW = """
    import pathlib, time
    import pytest

    @pytest.mark.seed(users=3)
    def test_slow(seeded_db):
        pathlib.Path("ready").touch()
        while not pathlib.Path("go").exists():
            time.sleep(0.01)
        assert seeded_db.counts() == {"users": 3}
"""


def session(project: pytest.Pytester, url: URL, *arguments: str) -> subprocess.Popen[bytes]:
    options = ["-q", f"--supaseed-postgres={libpq_url(url)}"]
    return start_pytest([*options, *arguments], cwd=project.path, stdout=subprocess.DEVNULL)


def with_content(project: pytest.Pytester) -> None:
    """Give the project a schema that sessions know again by its content."""
    project.path.joinpath("schema.sql").write_text(
        "CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE, made uuid DEFAULT gen_random_uuid())",
        encoding="utf-8",
    )
    project.makeini("[pytest]\nsupaseed_schema = schema.sql\naddopts = -p no:cacheprovider\n")
    project.path.joinpath("conftest.py").unlink()


def test_sessions_share_what_they_make_on_somebody_elses_server(
    shared: pytest.Pytester, server_url: URL
) -> None:
    with_content(shared)
    slow = shared.makepyfile(test_slow=SLOW)
    before = databases(server_url)
    first = session(shared, server_url, str(slow))
    try:
        until(lambda: (shared.path / "ready").exists() or first.poll() is not None)
        made = databases(server_url) - before
        [template] = [name for name in made if name.startswith("supaseed_seed_")]
        [schema] = [name for name in made if name.startswith("supaseed_tmpl_")]
        # The other session finds both, and leaves both where they are.
        assert session(shared, server_url, "-k", "test_users", "-n", "2").wait() == 0
        assert {template, schema} <= databases(server_url)
        (shared.path / "go").touch()
        assert first.wait() == 0
    finally:
        first.kill()
        first.wait()
    assert not databases(server_url) - before


def test_what_a_killed_session_has_left_goes_with_the_next(shared: pytest.Pytester, server_url: URL) -> None:
    with_content(shared)
    slow = shared.makepyfile(test_slow=SLOW)
    before = databases(server_url)
    killed = session(shared, server_url, str(slow))
    try:
        until(lambda: (shared.path / "ready").exists() or killed.poll() is not None)
    finally:
        killed.kill()
        killed.wait()
    assert databases(server_url) - before
    one = ("-k", "test_users and 1-0")
    assert session(shared, server_url, *one).wait() == 0
    until(lambda: not databases(server_url) - before or session(shared, server_url, *one).wait())
    assert not databases(server_url) - before
