"""Connections that end, and servers: the next tests have exactly their rows, or one line that says why not."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy import URL

from forked import start_pytest
from leftovers import nothing_left, processes, until
from pytest_supaseed.errors import GoneError
from pytest_supaseed.plugin import provisioning
from pytest_supaseed.postgres.databases.database import Background, Databases, PreparedClones
from pytest_supaseed.postgres.databases.maintenance import Maintenance, libpq_url
from pytest_supaseed.postgres.databases.templates import Templates, template_name
from pytest_supaseed.postgres.server import watchdog
from pytest_supaseed.postgres.server.launch import Rendezvous
from pytest_supaseed.postgres.server.programs import find
from pytest_supaseed.postgres.server.server import Server, ServerSettings, start_server
from pytest_supaseed.postgres.server.watchdog import SharedFolders
from servers import databases

pytestmark = pytest.mark.usefixtures("copied_clusters")
needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")

HELPERS = """
    import contextlib, os, shutil, signal, time
    from pathlib import Path

    import pytest
    from sqlalchemy import text

    from pytest_supaseed import seeded_database

    pytestmark = pytest.mark.seed(users=5, setups=8)
    lasting = seeded_database(users=3, scope="module")

    def value(connection, query):
        return connection.scalar(text(query))

    def data(connection):
        return Path(value(connection, "SHOW data_directory"))

    def postmaster(connection):
        return int((data(connection) / "postmaster.pid").read_text().splitlines()[0])

    def terminate_all(connection):
        value(connection, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")

    def kill_backend(connection):
        here, pid, own = data(connection), postmaster(connection), value(connection, "SELECT pg_backend_pid()")
        before = running(here)
        os.kill(own, signal.SIGKILL)
        # The postmaster ends all others then: a test whose connection ends later is one that was running.
        until = time.monotonic() + 120
        while before & running(here) - {pid}:
            assert time.monotonic() < until
            time.sleep(0.01)

    def kill_postmaster(connection):
        here, pid = data(connection), postmaster(connection)
        os.kill(pid, signal.SIGKILL)
        await_end(pid, here)

    def await_end(pid, here):
        # Its processes notice it one by one: a test whose connection ends later is one that was running.
        until = time.monotonic() + 120
        while running(here) - {pid}:
            assert time.monotonic() < until
            time.sleep(0.01)

    def kill_all(connection):
        here = data(connection)
        for pid in [postmaster(connection), *running(here)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def running(here):
        pids = [int(name) for name in os.listdir("/proc") if name.isdigit()] if os.path.exists("/proc") else []
        return {pid for pid in pids if folder_of(pid) == str(here)}

    def folder_of(pid):
        try:
            return os.readlink(f"/proc/{pid}/cwd")
        except OSError:  # it has ended, or it is another user's
            return ""

    def remove_and_kill(connection):
        shutil.rmtree(data(connection) / "global")
        kill_postmaster(connection)

    def check_shared(session):
        assert (value(session, "SELECT count(*) FROM users"), value(session, "SELECT count(*) FROM setups")) == (5, 8)

    def check_own(database):
        database.verify()
        assert database.counts() == {"countries": 2, "setups": 8, "users": 5}
"""
BEFORE_AND_AFTER = """
    @pytest.mark.parametrize("turn", range(2))
    def test_shared_{when}(seeded_session, turn):
        check_shared(seeded_session)
        seeded_session.execute(text("DELETE FROM setups"))
        seeded_session.commit()

    @pytest.mark.parametrize("turn", range(2))
    def test_own_{when}(seeded_db, turn):
        check_own(seeded_db)

    @pytest.mark.parametrize("turn", range(2))
    def test_both_{when}(seeded_db, seeded_connection, turn):
        check_own(seeded_db)
        check_shared(seeded_connection)
"""
LASTING = """
    def test_lasting_{when}(lasting):
        assert lasting.counts() == {{"countries": 2, "setups": 0, "users": 3}}
"""
BETWEEN = """
    def test_between(seeded_{fixture}):
        if "{fixture}" != "db":
            return {what}(seeded_{fixture})
        connection = seeded_db.engine.connect()
        {what}(connection)
        connection.invalidate()
        connection.close()
"""
COUNT = 7


def module_of(what: str, fixture: str = "session", lasting: str = LASTING) -> str:
    """Tests of which one does something to the server: before and after it the same."""
    several = BEFORE_AND_AFTER + lasting
    between = BETWEEN.format(what=what, fixture=fixture)
    return HELPERS + several.format(when="before") + between + several.format(when="after")


@pytest.fixture
def throwaway(
    project: pytest.Pytester, own_server: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> pytest.Pytester:
    """A project that starts a server of its own, and that leaves nothing."""
    monkeypatch.setenv("PYTEST_ADDOPTS", f"{os.environ['PYTEST_ADDOPTS']} -p no:randomly")
    project.makeconftest("""
        import pytest

        @pytest.fixture(autouse=True, scope="session")
        def place(supaseed_postgres):
            with open("server", "w") as file:
                file.write(supaseed_postgres.host)
    """)
    return project


def place(project: pytest.Pytester) -> Path:
    return folder_of((project.path / "server").read_text(encoding="utf-8"))


def folder_of(host: str) -> Path:
    """The folder of a server, by its socket's."""
    found = Path(host).parent
    assert found.name.startswith("supaseed-")
    return found


def segments() -> set[str]:
    shown = Path("/proc/sysvipc/shm")
    return {line.split()[1] for line in shown.read_text().splitlines()[1:]} if shown.exists() else set()


@pytest.mark.parametrize("fixture", ["connection", "db"])
def test_a_test_that_ends_all_connections_ends_no_other_test(project: pytest.Pytester, fixture: str) -> None:
    project.makepyfile(module_of("terminate_all", fixture))
    result = project.runpytest_inprocess("-p", "no:randomly")
    result.assert_outcomes(passed=2 * COUNT + 1)


# What happens to a server, and with which fixture; that connections end, and not only the server, is tried with all
# fixtures above.
ENDS = [
    ("terminate_all", "session"),
    ("kill_backend", "db"),
    ("kill_postmaster", "session"),
    ("kill_postmaster", "db"),
    # Where the system shows which folder a process works in.
    *([("kill_all", "session")] if os.path.exists("/proc/self/cwd") else []),
]


@needs_signals
def test_a_throwaway_server_that_is_killed_again_and_again_goes_on(throwaway: pytest.Pytester) -> None:
    throwaway.makepyfile(**{f"test_{what}_{fixture}": module_of(what, fixture) for what, fixture in ENDS})
    result = throwaway.runpytest_subprocess()
    result.assert_outcomes(passed=len(ENDS) * (2 * COUNT + 1))
    assert nothing_left(place(throwaway))


@needs_signals
def test_the_test_that_was_running_says_what_has_happened(throwaway: pytest.Pytester) -> None:
    throwaway.makepyfile(
        HELPERS
        + """
    def test_running(seeded_connection):
        kill_postmaster(seeded_connection)
        while True:
            value(seeded_connection, "SELECT 1")

    def test_next(seeded_connection):
        check_shared(seeded_connection)
    """
    )
    result = throwaway.runpytest_subprocess()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines([
        "*- supaseed: PostgreSQL -*",
        "PostgreSQL * ended*, while tests ran. Its connections have ended; it is started again for the next test. "
        "The end of its log:",
    ])  # fmt: skip


@needs_signals
def test_what_a_crash_empties_is_made_anew(throwaway: pytest.Pytester) -> None:
    schema = throwaway.path / "schema.sql"
    schema.write_text(schema.read_text("utf-8").replace("CREATE TABLE", "CREATE UNLOGGED TABLE"), "utf-8")
    # A database that outlives its tests is in their hands: it cannot be replaced.
    throwaway.makepyfile(module_of("kill_postmaster", lasting=""))
    throwaway.runpytest_subprocess().assert_outcomes(passed=2 * COUNT - 1)


@needs_signals
def test_workers_agree_who_starts_the_server_again(throwaway: pytest.Pytester) -> None:
    throwaway.makepyfile(
        HELPERS
        + """
    @pytest.mark.parametrize("turn", range(20))
    def test_own(seeded_db, turn):
        check_own(seeded_db)
        if turn in (5, 12):
            with seeded_db.engine.connect() as connection:
                kill_postmaster(connection)
    """
    )
    result = throwaway.runpytest_subprocess("-n", "2", "--tb=line")
    outcomes = result.parseoutcomes()
    # A test that runs in the other worker when the server is killed fails with it; none is an error of ours.
    assert outcomes["passed"] >= 16
    assert outcomes["passed"] + outcomes.get("failed", 0) == 20
    until(lambda: nothing_left(place(throwaway)))


@needs_signals
@pytest.mark.parametrize("workers", [[], ["-n", "1"]])
def test_a_server_that_cannot_be_started_again_is_told_of_once(
    throwaway: pytest.Pytester, workers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = segments()
    temporary = throwaway.mkdir("temporary")
    temporary.chmod(0o1777)
    # Of the session, which is forked from this process or started anew.
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("TMPDIR", str(temporary))
    throwaway.makepyfile(module_of("remove_and_kill"))
    result = throwaway.runpytest_subprocess(*workers)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    outcomes = result.parseoutcomes()
    assert outcomes["passed"] in (COUNT, COUNT + 1)
    lines = result.outlines
    told = [line for line in lines if "It could not be started again: " in line and "- " not in line[:8]]
    assert len([line for line in told if not line.startswith(("ERROR", "FAILED"))]) == 1
    referring = [
        line for line in lines if line.startswith("PostgreSQL is no longer there: see the error of ")
    ]
    assert len(referring) >= COUNT
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*psycopg2*Error*")
    result.stderr.no_fnmatch_line("*Traceback*")
    until(lambda: nothing_left(place(throwaway)))
    until(lambda: not segments() - before or segments_of_others(before))
    # Not even the folder in which its workers met.
    until(lambda: not list(temporary.glob("supaseed-*")))


def segments_of_others(before: set[str]) -> bool:
    """Whether the new segments are in use: other servers are started meanwhile."""
    lines = Path("/proc/sysvipc/shm").read_text().splitlines()
    place = lines[0].split().index("nattch")
    return all(line.split()[place] != "0" for line in lines[1:] if line.split()[1] not in before)


@pytest.fixture
def other() -> Iterator[Server]:
    """A server that somebody else runs, and may stop."""
    with start_server(find(os.environ.get("SUPASEED_TEST_SERVER", "auto"))) as started:
        yield started


def url_of(server: Server) -> URL:
    return URL.create(
        "postgresql+psycopg2",
        username=server.user,
        database="postgres",
        query={"host": server.host, "port": str(server.port)},
    )


@needs_signals
def test_a_server_at_a_url_that_has_gone_is_told_of_once(
    project: pytest.Pytester, other: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pytest_supaseed.postgres.databases.maintenance._RESTART_SECONDS", 0.2)
    monkeypatch.setenv("SUPASEED_POSTGRES", libpq_url(url_of(other)))
    project.makepyfile(module_of("kill_postmaster"))
    result = project.runpytest_inprocess("-p", "no:randomly")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    told = [line for line in result.outlines if line.startswith("The server postgresql://")]
    assert len(told) == 1
    assert "is no longer there: " in told[0]
    line = "PostgreSQL is no longer there: see the error of "
    assert len([each for each in result.outlines if each.startswith(line)]) >= COUNT
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*sqlalchemy.exc.*")


@needs_signals
def test_a_server_at_a_url_may_be_restarted(
    project: pytest.Pytester, other: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = url_of(other)
    monkeypatch.setenv("SUPASEED_POSTGRES", libpq_url(url))
    there = databases(url)
    lifecycle = other.lifecycle

    def restart(connection: object) -> None:
        assert lifecycle.shut_down()
        lifecycle.run()
        lifecycle.ready()

    monkeypatch.setattr("builtins.restart_server", restart, raising=False)
    project.makepyfile(module_of("restart_server"))
    project.runpytest_inprocess("-p", "no:randomly").assert_outcomes(passed=2 * COUNT + 1)
    assert databases(url) == there


@pytest.fixture
def session(server_url: URL) -> Iterator[Databases]:
    found = Databases(server_url)
    yield found
    found.drop_all()
    Templates(found).sweep()
    found.close()


def end_connections(url: URL) -> None:
    connection = psycopg2.connect(libpq_url(url))
    connection.cursor().execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
        "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    connection.close()


def test_statements_are_run_again_on_another_connection(session: Databases) -> None:
    end_connections(session.maintenance.url)
    name = session.create()
    end_connections(session.maintenance.url)
    assert session.exists(name)
    end_connections(session.maintenance.url)
    session.drop(name)
    assert not session.exists(name)


@pytest.mark.parametrize("sent", [False, True], ids=["before it is sent", "after it has run"])
def test_a_database_whose_connection_ends_meanwhile_is_made_once(
    session: Databases, monkeypatch: pytest.MonkeyPatch, sent: bool
) -> None:
    ask = Maintenance._ask
    ended = []

    def end_while_creating(self: Maintenance, query: object, *parameters: object) -> list[tuple[object, ...]]:
        if "CREATE DATABASE" not in str(query) or ended:
            return ask(self, query, *parameters)  # type: ignore[arg-type]
        if sent:
            ask(self, query, *parameters)  # type: ignore[arg-type]
        end_connections(self.url)
        ended.append(query)
        return ask(self, "SELECT")

    monkeypatch.setattr(Maintenance, "_ask", end_while_creating)
    name = session.create()
    assert ended
    assert session.exists(name)


def test_what_is_made_in_the_background_is_made_once(
    session: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = template_name("supaseed", "seed", "background")
    Templates(session).get(name, lambda: (session.create(), {}))
    there = databases(session.maintenance.url)
    send = Background._send
    clones = PreparedClones(session)
    for _ in range(3):
        clones.want(name, 2)
        end_connections(session.maintenance.url)
        taken = [clones.take(name), clones.take(name)]
        for each in taken:
            clones.drop(each)
        clones.proceed()
        end_connections(session.maintenance.url)
    assert Background._send is send
    clones.close(wait=True)
    session.drop_all()
    assert databases(session.maintenance.url) == there


def test_a_lock_is_taken_again(session: Databases, server_url: URL) -> None:
    other = Databases(server_url)
    with session.maintenance.locked("one"):
        end_connections(server_url)
        assert session.exists("postgres")
        taken = other.maintenance.query(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = %s",
            session.maintenance._connection.info.backend_pid,
        )
        assert taken == [(1,)]
    with other.maintenance.locked("one"):
        pass
    other.close()


def test_a_template_that_another_session_has_published_meanwhile_is_taken(
    session: Databases, server_url: URL
) -> None:
    name = template_name("supaseed", "seed", "meanwhile")
    other = Databases(server_url)

    def make() -> tuple[str, dict[str, object]]:
        made = session.create()
        # Its lock has ended, and another session has been faster.
        end_connections(server_url)
        Templates(other).get(name, lambda: (other.create(), {"made by": "the other"}))
        return made, {"made by": "this one"}

    assert Templates(session).get(name, make)["made by"] == "the other"
    other.drop_all()
    other.close()


def test_a_session_that_is_closing_does_not_connect_again(session: Databases, server_url: URL) -> None:
    closing = Databases(server_url)
    closing.maintenance.closing()
    end_connections(server_url)
    with pytest.raises(GoneError, match="it ended while the session did"):
        closing.maintenance.ask()


if sys.platform == "linux":

    @pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
    def test_what_a_killed_postmaster_leaves_is_removed(busy: bool) -> None:
        server = start_server(find("auto"))
        lock = server.folder / "data" / "postmaster.pid"
        lines = lock.read_text().splitlines()
        number = lines[6].split()[1]
        connection = psycopg2.connect(libpq_url(url_of(server)), async_=1)
        wait(connection)
        pid = connection.info.backend_pid
        if busy:
            # It does not look whether its postmaster is there.
            connection.cursor().execute("DO $$ BEGIN LOOP END LOOP; END $$")
        assert number in segments()
        os.kill(int(lines[0]), signal.SIGKILL)
        assert server.process is not None
        server.process.wait()
        server.stop()
        # It goes with the last process that has it, which may have to end yet.
        until(lambda: number not in segments())
        assert nothing_left(server.folder)
        assert not os.path.exists(f"/proc/{pid}/cwd") or not os.readlink(f"/proc/{pid}/cwd").startswith("/")
        connection.close()

    @pytest.mark.timeout(60)
    def test_the_process_that_has_the_lock_of_a_shared_server_can_remove_what_a_killed_one_leaves() -> None:
        meeting = Rendezvous(f"killed{os.getpid()}")
        assert meeting.lock(wait=True)
        meeting.join()
        server = Server(find("auto"), ServerSettings(), SharedFolders(meeting.folder))
        server.lifecycle.begin(None)
        assert server.lifecycle.initialised()
        server.lifecycle.run()
        server.ready()
        process = server.lifecycle.process
        assert process is not None
        process.kill()
        process.wait()
        # Its watchdog has to clean up, and must not wait for the lock.
        server.stop()
        assert nothing_left(server.folder)
        assert not meeting.folder.exists()
        meeting.unlock()

    def test_a_segment_that_is_in_use_or_another_ones_stays(tmp_path: Path) -> None:
        with start_server(find("auto")) as server:
            lines = (server.folder / "data" / "postmaster.pid").read_text().splitlines()
            number = lines[6].split()[1]
            watchdog.remove_segment(str(server.folder))
            assert number in segments()
            # Another folder whose lock file names the segment: its creator or its owner is another one.
            for first in (lines[0], "1"):
                data = tmp_path / first / "data"
                data.mkdir(parents=True)
                (data / "postmaster.pid").write_text("\n".join([first, *lines[1:]]))
                watchdog.remove_segment(str(tmp_path / first))
                assert number in segments()

    def test_a_segment_is_removed_when_the_last_process_has_detached(tmp_path: Path) -> None:
        library = ctypes.CDLL(None)
        library.shmat.restype = ctypes.c_void_p
        library.shmdt.argtypes = [ctypes.c_void_p]
        number = library.shmget(0, 4096, 0o600)
        place = library.shmat(number, None, 0)
        data = tmp_path / "data"
        data.mkdir()
        (data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *"xxxxx", f"0 {number}"]))
        assert not watchdog.remove_segment(str(tmp_path))
        assert str(number) in segments()
        library.shmdt(place)
        assert watchdog.remove_segment(str(tmp_path))
        assert str(number) not in segments()

    def test_a_segment_that_the_lock_file_does_not_name_yet_is_known_by_its_key(tmp_path: Path) -> None:
        library = ctypes.CDLL(None)
        data = tmp_path / "data"
        data.mkdir()
        (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n0\n5432\n\n")
        others = library.shmget(0, 4096, 0o600)
        number = library.shmget(ctypes.c_int(data.stat().st_ino), 4096, 0o1600)
        assert watchdog.remove_segment(str(tmp_path))
        assert str(number) not in segments()
        assert str(others) in segments()
        library.shmctl(others, 0, None)

    def test_a_segment_is_known_by_its_key_where_the_lock_file_names_the_one_before(tmp_path: Path) -> None:
        # After the crash of a backend PostgreSQL makes another segment, and only then writes its ID.
        library = ctypes.CDLL(None)
        data = tmp_path / "data"
        data.mkdir()
        key = data.stat().st_ino % 2**31
        number = library.shmget(ctypes.c_int(key + 1), 4096, 0o1600)
        (data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *"xxxxx", f"{key} {number + 1}"]))
        assert watchdog.remove_segment(str(tmp_path))
        assert str(number) not in segments()

    def test_a_server_that_was_killed_while_it_started_leaves_no_segment_when_another_takes_its_place() -> (
        None
    ):
        server = start_server(find("auto"))
        with server:
            lock = server.folder / "data" / "postmaster.pid"
            number = lock.read_text().splitlines()[6].split()[1]
            assert number in segments()
            process = server.lifecycle.process
            assert process is not None
            process.kill()
            process.wait()
            server.lifecycle.begin_again(None)
            assert number not in segments()

    @pytest.mark.parametrize("content", ["", "1\n", "x\n" * 8, "1\n\n\n\n\n\n1\n", "\n" * 9, "é\0" * 100])
    def test_a_lock_file_that_cannot_be_read_is_none(tmp_path: Path, content: str) -> None:
        data = tmp_path / "data"
        data.mkdir()
        (data / "postmaster.pid").write_text(content, encoding="utf-8")
        before = segments()
        watchdog.remove_segment(str(tmp_path))
        assert not before - segments() or segments_of_others(before)


@needs_signals
def test_a_server_is_looked_for_at_once_where_the_process_of_its_lock_file_has_gone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    lock = data / "postmaster.pid"
    # Without the file it starts, or has been stopped.
    assert not watchdog._is_suspicious(str(tmp_path))
    ended = subprocess.Popen(["true"])
    ended.wait()
    for content, suspicious in (
        (f"{os.getpid()}\n", False),
        (f"{ended.pid}\n", True),
        ("", False),
        ("x", False),
    ):
        lock.write_text(content)
        assert watchdog._is_suspicious(str(tmp_path)) is suspicious, content
    lock.unlink()
    # It would block who reads it.
    os.mkfifo(lock)
    assert not watchdog._is_suspicious(str(tmp_path))


def wait(connection: psycopg2.extensions.connection) -> None:
    import select

    while connection.poll() != psycopg2.extensions.POLL_OK:
        select.select([connection.fileno()], [], [], 0.1)


ENDLESS = """
    import os, pathlib, time
    import pytest

    @pytest.mark.seed(users=1)
    @pytest.mark.parametrize("turn", range(2))
    def test_endless(seeded_db, supaseed_postgres, turn):
        pathlib.Path(f"part-{os.getpid()}").write_text(supaseed_postgres.host)
        pathlib.Path(f"part-{os.getpid()}").rename(f"ready-{os.getpid()}")
        while True:
            try:
                time.sleep(600)
            except KeyboardInterrupt:
                if HARD:
                    continue
                raise
"""


@needs_signals
@pytest.mark.parametrize("hard", [False, True], ids=["interrupted", "deaf"])
def test_workers_end_with_their_controller(
    throwaway: pytest.Pytester, hard: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of the workers, too, which are forked from this process.
    monkeypatch.setattr(provisioning, "_PATIENCE_SECONDS", 0.1)
    if hard:
        monkeypatch.setattr(provisioning, "_END_SECONDS", 0.3)
    throwaway.makepyfile(ENDLESS.replace("HARD", str(hard)))
    controller = start_pytest(["-n", "2"], cwd=throwaway.path, stdout=subprocess.DEVNULL)
    try:
        until(lambda: len(list(throwaway.path.glob("ready-*"))) == 2 or controller.poll() is not None)
        folder = folder_of(next(throwaway.path.glob("ready-*")).read_text(encoding="utf-8"))
        workers = [int(path.name.removeprefix("ready-")) for path in throwaway.path.glob("ready-*")]
        assert processes(folder)
        controller.kill()
        controller.wait()
        until(lambda: nothing_left(folder) and not any(map(is_running, workers)))
    finally:
        controller.kill()
        controller.wait()


def is_running(pid: int) -> bool:
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    # Of a zombie only its parent has yet to hear.
    return bool(found.stdout.strip()) and not found.stdout.startswith("Z")
