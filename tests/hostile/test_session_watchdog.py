"""The process that drops what a session has made on a server of a user's, where the session could not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from psycopg2 import sql
from sqlalchemy import URL

from forked import start_pytest
from leftovers import until
from pytest_supaseed.postgres.databases import watchdog
from pytest_supaseed.postgres.databases.database import Databases
from pytest_supaseed.postgres.databases.maintenance import LEAVING, libpq_url, new_session
from pytest_supaseed.postgres.databases.templates import Templates, template_name
from pytest_supaseed.postgres.server.programs import find
from pytest_supaseed.postgres.server.server import Server, start_server
from servers import databases

pytestmark = [
    pytest.mark.usefixtures("copied_clusters"),
    pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9"),
]

TESTS = """
    import os, pathlib, time
    import pytest

    @pytest.mark.seed(users=5, setups=8)
    @pytest.mark.parametrize("turn", range(2))
    def test_endless(seeded_db, seeded_session, seeded_engine, turn):
        pathlib.Path(f"part-{os.getpid()}").touch()
        pathlib.Path(f"part-{os.getpid()}").rename(f"ready-{os.getpid()}")
        time.sleep(600)
"""
PASSING = """
    import pytest

    @pytest.mark.seed(users=5, setups=8)
    def test_passing(seeded_db):
        assert seeded_db.counts() == {"countries": 2, "setups": 8, "users": 5}
"""
# For the start of a session on a busy machine.
SECONDS = 120.0
SECRET = "Tr0mbone-/@ %"


def watchdogs(parent: int) -> list[int]:
    """The watchdogs that a process has started and that are there, also as zombies: each session's, not a server's."""
    listing = subprocess.run(
        ["ps", "-axww", "-o", "pid=,ppid=,command="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 2) for line in listing.splitlines()]
    script = os.path.join("pytest_supaseed", "postgres", "databases", "watchdog.py")
    zombie = "<defunct>"
    return [
        int(pid)
        for pid, its_parent, command in rows
        if int(its_parent) == parent and (script in command or zombie in command)
    ]


def exists(pid: int) -> bool:
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return bool(found.stdout.strip()) and not found.stdout.startswith("Z")


def mine(url: URL, statement: str) -> None:
    connection = psycopg2.connect(libpq_url(url))
    connection.autocommit = True
    try:
        connection.cursor().execute(sql.SQL(statement).format(sql.Identifier("supaseed_mine")))
    finally:
        connection.close()


@pytest.fixture
def there(server_url: URL) -> Iterator[set[str]]:
    """The databases of the server, with one of a user's whose name could be ours."""
    mine(server_url, "CREATE DATABASE {}")
    yield databases(server_url)
    mine(server_url, "DROP DATABASE {}")


class Session:
    """A session that runs until it is killed."""

    def __init__(self, project: pytest.Pytester, *options: str, workers: int = 1) -> None:
        self.project = project
        project.makepyfile(TESTS)
        self.output = project.path / "output"
        with self.output.open("wb") as output:
            self.process = start_pytest(
                ["-p", "no:randomly", "-s", "-q", *options], cwd=project.path, stdout=output, stderr=output
            )
        try:
            deadline = time.monotonic() + SECONDS
            while len(self.ready()) < workers:
                assert self.process.poll() is None, self.output.read_text()
                assert time.monotonic() < deadline, self.output.read_text()
                time.sleep(0.02)
        except BaseException:
            self.kill()
            raise
        self.before = self.output.read_bytes()

    def ready(self) -> list[int]:
        return [int(path.name.removeprefix("ready-")) for path in self.project.path.glob("ready-*")]

    def watchdogs(self) -> list[int]:
        """Of the processes that run tests, one each."""
        return [pid for parent in self.ready() for pid in watchdogs(parent)]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.mark.parametrize("workers", [0, 2])
def test_a_session_that_is_killed_leaves_no_database_and_shows_no_password(
    project: pytest.Pytester,
    server_url: URL,
    there: set[str],
    workers: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SUPASEED_POSTGRES", libpq_url(server_url.set(password=SECRET)))
    monkeypatch.setenv("PGPASSWORD", SECRET)
    monkeypatch.setenv("DATABASE_URL", f"postgresql://me:{SECRET}@db/x")
    options = ["-n", str(workers)] if workers else []
    session = Session(project, *options, workers=max(workers, 1))
    found = session.watchdogs()
    try:
        assert len(found) == max(workers, 1)
        assert databases(server_url) - there
        # Not every system shows the environment of a process.
        for pid in found if os.path.exists("/proc/self/environ") else ():
            shown = Path(f"/proc/{pid}/environ").read_bytes() + Path(f"/proc/{pid}/cmdline").read_bytes()
            assert os.fsencode(os.path.join("postgres", "databases", "watchdog.py")) in shown
            assert b"Tr0mbone" not in shown
    finally:
        session.kill()
    # It has been told the password, all the same.
    until(lambda: databases(server_url) == there)
    until(lambda: not any(map(exists, found)))
    # Workers may tell of their end; watchdogs of nothing.
    if not workers:
        assert session.output.read_bytes() == session.before


def test_a_worker_that_is_killed_leaves_no_database(
    project: pytest.Pytester, server_url: URL, there: set[str]
) -> None:
    session = Session(project, "-n", "2", "--max-worker-restart=0", workers=2)
    try:
        for pid in session.ready():
            os.kill(pid, signal.SIGKILL)
        until(lambda: databases(server_url) == there)
    finally:
        session.kill()


def test_where_the_watchdog_was_killed_the_next_session_drops_what_is_left(
    project: pytest.Pytester, server_url: URL, there: set[str]
) -> None:
    session = Session(project)
    try:
        [pid] = session.watchdogs()
        os.kill(pid, signal.SIGKILL)
    finally:
        session.kill()
    assert databases(server_url) > there
    project.makepyfile(test_next=PASSING)
    project.runpytest_inprocess("test_next.py").assert_outcomes(passed=1)
    assert databases(server_url) == there


def test_a_session_whose_watchdog_was_killed_ends_as_always(
    project: pytest.Pytester, server_url: URL, there: set[str]
) -> None:
    project.makeconftest("""
        import os, signal
        import pytest
        from test_session_watchdog import watchdogs

        @pytest.fixture(autouse=True)
        def killing(seeded_db):
            for pid in watchdogs(os.getpid()):
                os.kill(pid, signal.SIGKILL)
    """)
    project.syspathinsert(Path(__file__).parent)
    project.makepyfile(PASSING)
    project.runpytest_inprocess().assert_outcomes(passed=1)
    assert databases(server_url) == there
    assert not watchdogs(os.getpid())


@pytest.mark.parametrize("content", [PASSING, PASSING.replace("8}", "9}")], ids=["passes", "fails"])
def test_the_watchdog_is_dismissed_and_waited_for(
    project: pytest.Pytester, server_url: URL, there: set[str], content: str
) -> None:
    project.makepyfile(content)
    before = watchdogs(os.getpid())
    result = project.runpytest_inprocess("-W", "error")
    assert sum(result.parseoutcomes().get(each, 0) for each in ("passed", "failed")) == 1
    assert watchdogs(os.getpid()) == before
    assert databases(server_url) == there


def test_the_watchdog_of_a_server_that_has_gone_ends_without_a_word(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    with start_server(find(os.environ.get("SUPASEED_TEST_SERVER", "auto"))) as other:
        monkeypatch.setenv("SUPASEED_POSTGRES", libpq_url(url_of(other)))
        session = Session(project)
        found = session.watchdogs()
    session.kill()
    assert len(found) == 1
    until(lambda: not exists(found[0]))
    assert session.output.read_bytes() == session.before


def url_of(server: Server) -> URL:
    return URL.create(
        "postgresql+psycopg2",
        username=server.user,
        database="postgres",
        query={"host": server.host, "port": str(server.port)},
    )


def test_the_server_of_a_process_fixture_is_cleaned_up_too(project: pytest.Pytester) -> None:
    with start_server(find(os.environ.get("SUPASEED_TEST_SERVER", "auto"))) as other:
        project.makeconftest(f"""
            from pytest_postgresql import factories
            here = factories.postgresql_noproc(host={other.host!r}, port={other.port}, user={other.user!r})
        """)
        session = Session(project, "--supaseed-postgres=fixture:here")
        assert ours(other)
        session.kill()
        # The fixture's own template is the fixture's.
        until(lambda: not ours(other))


def ours(server: Server) -> set[str]:
    return {name for name in databases(url_of(server)) if name.startswith("supaseed_")}


@pytest.fixture
def living(server_url: URL) -> Iterator[Databases]:
    found = Databases(server_url)
    yield found
    found.drop_all()
    Templates(found).sweep()
    found.close()


@pytest.fixture
def ending(server_url: URL) -> Iterator[Templates]:
    """What a watchdog works with."""
    found = Databases(server_url, name=LEAVING)
    yield Templates(found)
    found.close()


def template_of(session: Databases) -> str:
    name = template_name("supaseed", "seed", f"{os.getpid():016x}")
    Templates(session).get(name, lambda: (session.create(), {"counts": [1]}))
    return name


def test_what_another_session_has_stays(server_url: URL, living: Databases, ending: Templates) -> None:
    ended = Databases(server_url)
    own, template = living.create(), template_of(ended)
    gone = [ended.create(), ended.create(last="tmpl")]
    ending.end(ended.prefix)
    there = databases(server_url)
    assert not there.intersection(gone)
    assert {own, template} <= there
    # Its connection has been ended.
    with pytest.raises(psycopg2.Error):
        ended.maintenance._ask("SELECT 1")


def test_a_template_goes_with_the_last_session(server_url: URL, ending: Templates) -> None:
    there = databases(server_url)
    first, second = Databases(server_url), Databases(server_url)
    template = template_of(first)
    first.create()
    second.create()
    ending.end(first.prefix)
    assert template in databases(server_url)
    # Another watchdog's connection is no session.
    ending.end(second.prefix)
    assert databases(server_url) == there


def test_a_statement_that_is_under_way_is_ended(server_url: URL, ending: Templates) -> None:
    ended = Databases(server_url)
    there = databases(server_url)
    ended.create()
    busy = psycopg2.connect(**ended.maintenance.named_parameters())
    pid = busy.info.backend_pid
    busy.cursor().execute("SELECT pg_backend_pid()")
    ending.end(ended.prefix)
    assert databases(server_url) == there
    assert not ending._maintenance.query("SELECT FROM pg_stat_activity WHERE pid = %s", pid)


OF_OTHERS = ["supaseed_mine", "supaseed_0123abcd_1", "{}x_1", "{}_01", "{}_mine", "{}"]


@pytest.mark.parametrize("name", OF_OTHERS)
def test_a_database_of_another_origin_stays(server_url: URL, ending: Templates, name: str) -> None:
    prefix = new_session()
    written = name.format(prefix)
    query = ending._maintenance.query
    query(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(written)))
    try:
        ending.end(prefix)
        assert written in databases(server_url)
    finally:
        query(sql.SQL("DROP DATABASE {}").format(sql.Identifier(written)))


@pytest.mark.parametrize("kind", ["comment", "role"])
def test_a_database_that_has_become_another_ones_stays(server_url: URL, ending: Templates, kind: str) -> None:
    prefix, role = new_session(), f"guest_{os.getpid()}"
    name = sql.Identifier(f"{prefix}_1")
    query = ending._maintenance.query
    query(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
    query(sql.SQL("CREATE DATABASE {}").format(name))
    try:
        if kind == "comment":
            query(sql.SQL("COMMENT ON DATABASE {} IS 'keep this one'").format(name))
        else:
            query(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(name, sql.Identifier(role)))
        ending.end(prefix)
        assert f"{prefix}_1" in databases(server_url)
    finally:
        query(sql.SQL("DROP DATABASE {}").format(name))
        query(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


@pytest.mark.parametrize("told", [b"", b"{", b'{"path": [], "folder"'])
def test_a_session_that_was_killed_while_it_told_has_made_nothing(told: bytes) -> None:
    result = subprocess.run(
        [sys.executable, "-I", "-S", watchdog.__file__], input=told, capture_output=True, timeout=60
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
