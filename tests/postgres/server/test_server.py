"""Real servers, of every installation that this machine has."""

from __future__ import annotations

import dataclasses
import inspect
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pytest_postgresql import factories
from pytest_postgresql.janitor import DatabaseJanitor

import pytest_supaseed
from forked import start
from leftovers import nothing_left, processes, shared_memory, until
from pytest_supaseed.errors import ServerError
from pytest_supaseed.postgres.server import programs
from pytest_supaseed.postgres.server import server as server_module
from pytest_supaseed.postgres.server.programs import Installation
from pytest_supaseed.postgres.server.server import Server, ServerSettings, start_server
from servers import INSTALLATIONS, NAMES

CHECKOUT = Path(pytest_supaseed.__path__[0]).parent


def connect(server: Server, **changes: Any) -> psycopg.Connection[Any]:
    parameters = {
        "host": server.host,
        "port": server.port,
        "user": server.user,
        "password": server.password,
        "dbname": server.maintenance_dbname,
    }
    return psycopg.connect(**{**parameters, **changes})


def value(server: Server, query: str) -> Any:
    with connect(server) as connection:
        row = connection.execute(query).fetchone()  # type: ignore[call-overload]
    assert row is not None
    return row[0]


def uid(server: Server) -> int:
    assert server.process is not None
    command = ["ps", "-o", "uid=", "-p", str(server.process.pid)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.fixture(scope="module", params=INSTALLATIONS, ids=NAMES)
def installation(request: pytest.FixtureRequest) -> Installation:
    found: Installation = request.param
    return found


@pytest.fixture(scope="module")
def server(installation: Installation) -> Iterator[Server]:
    with start_server(installation) as started:
        yield started


def test_this_machine_has_a_server() -> None:
    assert INSTALLATIONS


def test_it_is_the_postgresql_that_was_asked_for(server: Server, installation: Installation) -> None:
    assert str(value(server, "SHOW server_version")).split()[0] == installation.version == server.version
    assert server.installation is installation
    assert server.running()
    assert server.start() is server


def test_names_are_pytest_postgresqls(server: Server) -> None:
    assert (server.user, server.dbname, server.template_dbname, server.maintenance_dbname) == (
        "postgres",
        "tests",
        "tests_tmpl",
        "postgres",
    )
    assert (server.options, server.password) == ("", None)


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("fsync", "off"),
        ("synchronous_commit", "off"),
        ("full_page_writes", "off"),
        ("autovacuum", "off"),
        ("jit", "off"),
        ("wal_level", "minimal"),
        ("max_wal_senders", "0"),
        ("wal_segment_size", "1MB"),
        ("listen_addresses", ""),
        ("unix_socket_permissions", "0700"),
        ("server_encoding", "UTF8"),
        ("timezone", "UTC"),
        ("data_checksums", "off"),
        # Of the others, segments would stay behind when a server is killed.
        ("dynamic_shared_memory_type", "mmap"),
    ],
)
def test_settings(server: Server, name: str, setting: str) -> None:
    assert value(server, f"SHOW {name}") == setting


def test_texts_sort_and_fold_alike_on_every_machine(server: Server) -> None:
    query = "SELECT string_agg(word, ' ' ORDER BY word) FROM unnest(ARRAY['b', 'B', 'a', 'ä']) AS word"
    assert value(server, query) == "B a b ä"
    assert value(server, "SELECT lower('NAÏVE ÄÖÜ')") == "naïve äöü"


def test_nobody_else_can_enter_its_folder(server: Server) -> None:
    # As root, the server's user has to go through it.
    assert stat.S_IMODE(server.folder.stat().st_mode) == (0o710 if os.geteuid() == 0 else 0o700)
    assert server.folder.stat().st_uid == os.geteuid()
    assert server.host == str(server.folder / "socket")
    for inner in ("socket", "data"):
        assert stat.S_IMODE((server.folder / inner).stat().st_mode) == 0o700
        assert (server.folder / inner).stat().st_uid == uid(server)
    assert stat.S_ISSOCK((server.folder / "socket" / f".s.PGSQL.{server.port}").stat().st_mode)


def test_it_never_runs_as_root(server: Server) -> None:
    assert uid(server) != 0
    assert os.geteuid() in (0, uid(server))


if sys.platform == "linux":

    def test_it_listens_on_no_port(server: Server) -> None:
        assert server.process is not None
        handles = Path(f"/proc/{server.process.pid}/fd").iterdir()
        sockets = {os.readlink(handle) for handle in handles if handle.is_symlink()}
        assert any(name.startswith("socket:") for name in sockets)
        for table in ("tcp", "tcp6"):
            for line in Path("/proc/net", table).read_text().splitlines()[1:]:
                assert f"socket:[{line.split()[9]}]" not in sockets


def test_ctrl_c_does_not_reach_it(server: Server) -> None:
    assert server.process is not None
    assert os.getpgid(server.process.pid) == server.process.pid != os.getpgid(0)


def test_a_forked_process_leaves_it_alone(server: Server) -> None:
    child = os.fork()
    if child == 0:
        answers = server.running() and server.stop() is server and server.kill() is server
        os._exit(0 if answers else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert value(server, "SELECT 1") == 1


def test_pytest_postgresqls_janitor_works_on_it(server: Server) -> None:
    parameters = inspect.signature(DatabaseJanitor.__init__).parameters
    version = {} if parameters["version"].default is None else {"version": server.version}
    arguments: dict[str, Any] = {
        "user": server.user,
        "host": server.host,
        "port": server.port,
        "dbname": "janitors",
        "password": server.password,
        **version,
    }
    query = "SELECT count(*) FROM pg_database WHERE datname = 'janitors'"
    with DatabaseJanitor(**arguments):
        assert value(server, query) == 1
    assert value(server, query) == 0


@pytest.fixture(scope="module")
def server_with_template(server: Server) -> Iterator[Server]:
    with connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{server.template_dbname}"')  # type: ignore[call-overload]
    with connect(server, dbname=server.template_dbname) as connection:
        connection.execute("CREATE TABLE loaded ()")
    yield server
    with connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{server.template_dbname}"')  # type: ignore[call-overload]


client = factories.postgresql("server_with_template")


def test_pytest_postgresqls_client_factory_works_on_it(
    server_with_template: Server, client: psycopg.Connection[Any]
) -> None:
    assert client.info.host == server_with_template.host
    assert client.info.dbname == "tests"
    assert client.execute("SELECT count(*) FROM loaded").fetchone() == (0,)


def test_stopping_leaves_nothing(installation: Installation) -> None:
    server = start_server(installation)
    folders = folders_in_charge(server.folder)
    assert server.folder in folders
    assert server.stop() is server
    assert nothing_left(*folders)
    assert not server.running()
    assert server.stop() is server


def folders_in_charge(folder: Path) -> list[Path]:
    """The folders that a watchdog was told of, which are all that was made for a server."""
    (command,) = [each for each in processes(folder) if "watchdog.py" in each]
    return [Path(name) for name in command.split("watchdog.py ")[1].split()]


# As a server is in the background of a shell, where SIGINT and SIGQUIT are ignored until it handles them itself.
DEAF_AT_FIRST = """
import signal
received = []
def handle(number, frame):
    received.append(number)
    if len(received) == 2:
        raise SystemExit
signal.signal(signal.SIGINT, handle)
print("ready", flush=True)
while True:
    signal.pause()
"""


@pytest.fixture
def deaf(installation: Installation) -> Iterator[Server]:
    server = Server(installation, ServerSettings())
    with subprocess.Popen([sys.executable, "-c", DEAF_AT_FIRST], stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"ready\n"
        server.lifecycle.process = running
        yield server
        running.kill()


def test_a_signal_that_is_lost_is_sent_again(deaf: Server) -> None:
    assert deaf.lifecycle.shut_down()


def test_nothing_is_started_beside_a_server_that_does_not_stop(
    deaf: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "_STOP_SECONDS", 0.0)
    with pytest.raises(ServerError, match="the server in its place did not stop within 0 seconds"):
        deaf.lifecycle.begin_again(None)


@pytest.mark.usefixtures("copied_clusters")
def test_it_can_be_started_again(installation: Installation) -> None:
    with start_server(installation) as server:
        with connect(server) as connection:
            connection.execute("CREATE TABLE kept ()")
        with server.stopped():
            assert not server.running()
        assert value(server, "SELECT to_regclass('kept') IS NULL")


def test_what_is_found_in_the_environment_is_not_for_it(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    misleading = {
        "PGPORT": "1",
        "PGDATA": "/nowhere",
        "PGOPTIONS": "-c x",
        "LC_ALL": "xx_XX",
        "TZ": "Asia/Tokyo",
    }
    for name, setting in misleading.items():
        monkeypatch.setenv(name, setting)
    with start_server(installation) as server:
        monkeypatch.undo()
        assert value(server, "SELECT 1") == 1


def test_names_and_options_are_the_users(installation: Installation) -> None:
    settings = ServerSettings(
        user="my user",
        dbname="mine",
        options="-c statement_timeout=5000",
        postgres_options="-c 'work_mem=5MB' -p 7654",
    )
    with start_server(installation, settings) as server:
        assert (server.user, server.dbname, server.template_dbname) == ("my user", "mine", "mine_tmpl")
        assert server.options == "-c statement_timeout=5000"
        assert server.port == 7654
        assert value(server, "SHOW work_mem") == "5MB"
        assert value(server, "SELECT current_user") == "my user"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    ("given", "password"), [("host", "a b'c\\"), ("port", None)], ids=["host-given", "port-random"]
)
def test_a_host_or_a_port_means_tcp_with_a_password(
    installation: Installation, given: str, password: str | None
) -> None:
    port = free_port()
    settings = (
        ServerSettings(host="localhost", password=password)
        if given == "host"
        else ServerSettings(port=port, password=password)
    )
    with start_server(installation, settings) as server:
        assert server.host == ("localhost" if given == "host" else "127.0.0.1")
        assert given == "host" or server.port == port
        assert server.password == password if password else len(server.password or "") > 20
        assert value(server, "SELECT 1") == 1
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            connect(server, password="wrong")
        assert not list(server.folder.glob(".s.PGSQL*"))
        assert not (server.folder / "password").exists()


def test_a_port_that_is_taken(installation: Installation) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ServerError) as error:
            start_server(installation, ServerSettings(port=port))
    message = str(error.value)
    assert "Address already in use" in message
    assert message.endswith(
        f"It was to listen on 127.0.0.1, port {port}: choose another postgresql_host or postgresql_port, or "
        "give neither, and it has a Unix socket."
    )


@pytest.mark.usefixtures("copied_clusters")
def test_a_folder_for_the_socket_stays(installation: Installation) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o1777)
        with start_server(installation, ServerSettings(unixsocketdir=folder)) as server:
            assert server.host == folder
            assert value(server, "SELECT 1") == 1
            assert stat.S_IMODE(Path(folder, f".s.PGSQL.{server.port}").stat().st_mode) == 0o700
        assert os.listdir(folder) == []
        assert stat.S_IMODE(os.stat(folder).st_mode) == 0o1777


@pytest.mark.parametrize(
    ("settings", "what", "log", "advice"),
    [
        (
            ServerSettings(postgres_options="-c shared_buffers=lots"),
            "postgres exited with status 1. The end of its log:",
            'invalid value for parameter "shared_buffers": "lots"',
            "Its command line has postgresql_postgres_options, '-c shared_buffers=lots': correct them, or "
            "leave them out.",
        ),
        (
            ServerSettings(postgres_options="-c 'work_mem"),
            "its options cannot be split into words: No closing quotation.",
            "",
            'Its command line has postgresql_postgres_options, "-c \'work_mem": correct them, or '
            "leave them out.",
        ),
        (
            ServerSettings(user="pg_me"),
            "initdb exited with status 1. The end of its log:",
            'superuser name "pg_me" is disallowed',
            "Try another server: --supaseed-postgres=embedded or system, or the path of a folder with "
            "postgres and initdb.",
        ),
    ],
    ids=["value", "quotes", "user"],
)
def test_a_server_that_does_not_start_says_why_and_leaves_nothing(
    installation: Installation, settings: ServerSettings, what: str, log: str, advice: str
) -> None:
    server = Server(installation, settings)
    with pytest.raises(ServerError) as error:
        server.start()
    first, *middle, last = str(error.value).splitlines()
    assert first.startswith(
        f"PostgreSQL {installation.version} ({installation.origin}) did not start: {what}"
    )
    assert log in "\n".join(middle)
    assert last == advice
    assert nothing_left(server.folder)


def test_programs_that_cannot_be_executed_are_an_error_of_ours(installation: Installation) -> None:
    missing = dataclasses.replace(installation, bin=Path("/nowhere/bin"), folders=())
    with pytest.raises(ServerError, match="/nowhere/bin"):
        start_server(missing)


SCRIPT = """
import os, sys, time
from pathlib import Path
from pytest_supaseed.postgres.server.programs import find
from pytest_supaseed.postgres.server.server import Server, ServerSettings

server = Server(find(sys.argv[1]), ServerSettings())
print(server.folder, flush=True)
server.start()
"""
READY = "print('ready', flush=True)\n"
WAIT = "time.sleep(600)\n"
FORK = "child = os.fork()\nif child == 0:\n    time.sleep(600)\nprint(child, flush=True)\n"
INTERRUPTED = """
try:
    print("ready", flush=True)
    time.sleep(600)
except KeyboardInterrupt:
    print("alive" if server.running() else "dead", flush=True)
    raise
"""


@pytest.fixture
def session(installation: Installation) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Starts a Python that starts a server and then does what a test wants."""
    started: list[subprocess.Popen[str]] = []

    def start_script(code: str) -> subprocess.Popen[str]:
        arguments = ["-c", str(installation.bin)]

        def script() -> int:
            sys.argv[:] = arguments
            try:
                exec(SCRIPT + code, {"__name__": "__main__"})
            except (Exception, KeyboardInterrupt):
                # As an interpreter does, which then calls what is registered for its end.
                traceback.print_exc()
                return 1
            return 0

        process = start(
            [sys.executable, "-c", SCRIPT + code, *arguments[1:]],
            script,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd="/",
            env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start_script
    for process in started:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.usefixtures("copied_clusters")
def test_a_killed_session_leaves_nothing(session: Callable[[str], subprocess.Popen[str]]) -> None:
    process = session(READY + WAIT)
    folder = Path(line(process))
    assert line(process) == "ready"
    folders = folders_in_charge(folder)
    process.kill()
    until(lambda: nothing_left(*folders))


@pytest.mark.parametrize("ended_by", [signal.SIGKILL, signal.SIGINT])
def test_a_session_that_is_ended_within_initdb_leaves_nothing(
    session: Callable[[str], subprocess.Popen[str]], ended_by: signal.Signals
) -> None:
    before = shared_memory()
    process = session(READY)
    folder = Path(line(process))
    until(lambda: (folder / "data/global").exists())
    # Those of others come and go.
    until(lambda: len(shared_memory() - before) > 1 or not Path("/dev/shm").is_dir())
    made = shared_memory() - before
    process.send_signal(ended_by)
    until(lambda: nothing_left(folder))
    assert line(process) == ""
    until(lambda: not made & shared_memory())


@pytest.mark.usefixtures("copied_clusters")
def test_a_killed_session_leaves_nothing_though_its_child_lives_on(
    session: Callable[[str], subprocess.Popen[str]],
) -> None:
    process = session(FORK + WAIT)
    folder = Path(line(process))
    child = int(line(process))
    process.kill()
    until(lambda: nothing_left(folder))
    os.kill(child, signal.SIGKILL)


@pytest.mark.usefixtures("copied_clusters")
@pytest.mark.parametrize(
    "code",
    [READY, "sys.exit(3)", "raise ValueError", FORK.replace("time.sleep(600)", "sys.exit()")],
    ids=["end", "exit", "exception", "after a forked process"],
)
def test_a_session_that_ends_leaves_nothing(
    session: Callable[[str], subprocess.Popen[str]], code: str
) -> None:
    process = session(code)
    folder = Path(line(process))
    process.communicate()
    assert nothing_left(folder)


@pytest.mark.usefixtures("copied_clusters")
def test_the_server_outlives_ctrl_c_until_the_session_is_done(
    session: Callable[[str], subprocess.Popen[str]],
) -> None:
    process = session(INTERRUPTED)
    folder = Path(line(process))
    assert line(process) == "ready"
    os.killpg(process.pid, signal.SIGINT)
    assert line(process) == "alive"
    process.communicate()
    assert nothing_left(folder)


if hasattr(os, "geteuid") and os.geteuid() == 0:

    def states(folder: Path) -> dict[Path, tuple[int, ...]]:
        found = {path: path.lstat() for path in (folder, *folder.rglob("*"))}
        return {
            path: (each.st_mode, each.st_uid, each.st_gid, each.st_nlink, each.st_mtime_ns, each.st_ctime_ns)
            for path, each in found.items()
        }

    def test_programs_out_of_the_users_reach_are_copied(installation: Installation, tmp_path: Path) -> None:
        closed = tmp_path / "closed"
        closed.mkdir(0o700)
        unreadable = programs.move(installation, closed, None)
        for folder in unreadable.folders:
            folder.chmod(0o700)
        before = states(closed)
        with start_server(unreadable) as server:
            assert server.installation is unreadable
            folders = folders_in_charge(server.folder)
            # For the data, for the programs, and on disk for what has no room in memory.
            assert len(folders) == 2 + (server.room.overflow is not None)
            assert uid(server) != 0
            assert value(server, "SELECT count(*) FROM pg_timezone_names") > 100
            with connect(server) as connection:
                connection.execute("DO $$ BEGIN PERFORM 1; END $$")
        assert nothing_left(*folders)
        assert states(closed) == before
