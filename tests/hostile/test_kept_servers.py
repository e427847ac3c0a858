"""A server that stays up with databases of failing tests never stays for good, and is nobody else's."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy import URL

from forked import OUTPUT, start_pytest
from leftovers import nothing_left, processes, until
from namespaces import TEMPORARY, Machine, Session
from pytest_supaseed.postgres.databases.database import Databases
from pytest_supaseed.postgres.databases.maintenance import libpq_url
from pytest_supaseed.postgres.databases.templates import Templates
from pytest_supaseed.postgres.server import kept, watchdog
from pytest_supaseed.postgres.server.kept import KeptDatabase, Note, notes, remove_overdue, write_note
from pytest_supaseed.session.kept import Keeper, Retention
from servers import databases

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
FAILING = """
    import pytest

    @pytest.mark.seed(users=5, setups=8)
    def test_it(seeded_db):
        raise AssertionError

    @pytest.mark.seed(users=5, setups=8)
    def test_passing(seeded_db): ...
"""


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of temporary files of sessions, in which they leave their notes."""
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


class Kept:
    """A server that a session has left running."""

    def __init__(self, project: pytest.Pytester, *options: str) -> None:
        self.project = project
        self.output = project.runpytest_subprocess("--supaseed-keep", "-k", "test_it", *options).stdout.str()
        [(self.folder, self.note)] = notes()
        self.folders = [*map(Path, self.note.folders), self.folder]

    def watchdogs(self) -> list[int]:
        listing = subprocess.run(
            ["ps", "-axww", "-o", "pid=,stat=,command="], capture_output=True, text=True, check=True
        ).stdout
        rows = [line.split(None, 2) for line in listing.splitlines()]
        return sorted(
            int(pid) for pid, state, command in rows if str(self.folder) in command and state[0] != "Z"
        )

    @property
    def gone(self) -> bool:
        return nothing_left(*self.folders)


@pytest.fixture
def standing(project: pytest.Pytester, own_server: pytest.Pytester, temporary: Path) -> Iterator[Kept]:
    project.makepyfile(FAILING)
    found = Kept(project)
    yield found
    project.runpytest_inprocess("--supaseed-drop")
    until(lambda: found.gone)


def test_a_watchdog_that_is_killed_has_a_successor_and_the_last_ends_on_sigterm(
    standing: Kept, temporary: Path
) -> None:
    for _ in range(3):
        first, second = standing.watchdogs()
        [killed] = [
            pid for pid in (first, second) if f"\nPPid:\t{pid}\n" in _status(_other(pid, first, second))
        ]
        os.kill(killed, signal.SIGKILL)
        until(lambda gone=killed: gone not in standing.watchdogs() and len(standing.watchdogs()) == 2)
        assert processes(standing.folders[0])
    first, second = standing.watchdogs()
    [waiting] = [pid for pid in (first, second) if f"\nPPid:\t{pid}\n" in _status(_other(pid, first, second))]
    # A session that ends, as at a logout, sends this to all of its processes.
    os.kill(waiting, signal.SIGHUP)
    os.kill(_other(waiting, first, second), signal.SIGTERM)
    os.kill(waiting, signal.SIGTERM)
    until(lambda: standing.gone)
    assert list(temporary.iterdir()) == []


def _other(pid: int, first: int, second: int) -> int:
    return second if pid == first else first


def _status(pid: int) -> str:
    return Path(f"/proc/{pid}/status").read_text()


def test_what_a_restart_of_the_machine_leaves_goes_with_the_next_session(standing: Kept) -> None:
    for pid in standing.watchdogs():
        os.kill(pid, signal.SIGSTOP)
    for pid in standing.watchdogs():
        os.kill(pid, signal.SIGKILL)
    until(lambda: not standing.watchdogs())
    # It is not overdue yet, and a session that does not keep leaves it alone.
    standing.project.runpytest_inprocess("-k", "passing").assert_outcomes(passed=1, deselected=1)
    assert processes(standing.folders[0])
    path = standing.folder / "kept.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "until": time.time() - 100}))
    remove_overdue()
    until(lambda: standing.gone)


@pytest.mark.parametrize("what", ["postmaster", "folder", "note"])
def test_it_ends_with_what_it_is_made_of(standing: Kept, what: str) -> None:
    if what == "postmaster":
        for pid in watchdog.servers([str(standing.folders[0])]):
            os.kill(pid, signal.SIGKILL)
    elif what == "folder":
        shutil.rmtree(standing.folders[0])
    else:
        standing.folder.joinpath("kept.json").unlink()
    until(lambda: standing.gone)


def test_a_session_that_is_killed_leaves_no_server(
    project: pytest.Pytester, own_server: pytest.Pytester, temporary: Path
) -> None:
    project.makepyfile("""
        import pathlib, time
        import pytest

        @pytest.mark.seed(users=5, setups=8)
        def test_fails(seeded_db):
            pathlib.Path("folder").write_text(seeded_db.url.query["host"])
            raise AssertionError

        @pytest.mark.seed(users=5, setups=8)
        def test_hangs(seeded_session):
            pathlib.Path("ready").touch()
            time.sleep(600)
    """)
    with start_pytest(["--supaseed-keep"], cwd=project.path, **OUTPUT) as session:
        until(lambda: project.path.joinpath("ready").exists() or session.poll() is not None)
        folder = Path(project.path.joinpath("folder").read_text()).parent
        assert processes(folder)
        session.kill()
        session.communicate()
    until(lambda: nothing_left(folder))
    assert list(notes()) == []


def test_of_many_workers_one_removes_what_was_kept(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[object] = []
    monkeypatch.setattr(kept.ServerWatchdog, "__init__", lambda self, folders, shared: begun.append(folders))
    monkeypatch.setattr(kept.ServerWatchdog, "clean_up_soon", lambda self: None)
    folder, note = kept.notes_folder() / "a", Note("/root", 0.0, (), (str(temporary / "supaseed-1"),))
    write_note(folder, note)
    for _ in range(3):
        kept.remove_server_soon(folder, note)
    assert len(begun) == 1
    # The process that was to do it was killed.
    os.utime(folder / "removed", (1.0, 1.0))
    kept.remove_server_soon(folder, note)
    assert len(begun) == 2


def test_a_session_with_another_folder_for_temporary_files_finds_it_and_no_other_account(
    standing: Kept, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    modes = {
        path: path.stat().st_mode & 0o777
        for path in (standing.folders[0], standing.folder, standing.folder.parent)
    }
    assert {mode & 0o7 for mode in modes.values()} == {0}
    assert standing.folder.stat().st_mode & 0o77 == 0
    assert standing.folder.joinpath("kept.json").stat().st_mode & 0o77 == 0
    [line] = re.findall(r"^    (psql .*)$", standing.output, re.MULTILINE)
    commands = (f"{line} -c 'SELECT 1'", f"ls {standing.folders[0]}", f"cat {standing.folder}/kept.json")
    for command in commands if os.geteuid() == 0 else ():
        refused = subprocess.run(
            ["/bin/sh", "-c", command],
            user="nobody",
            group="nogroup",
            extra_groups=[],
            capture_output=True,
            text=True,
        )
        assert "Permission denied" in refused.stderr, command
        assert refused.stdout == ""
    with monkeypatch.context() as another:
        another.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("another")))
        assert list(notes()) == []
        dropped = standing.project.runpytest_inprocess("--supaseed-drop")
    dropped.stdout.fnmatch_lines("supaseed: dropped supaseed_kept_test_it, of *::test_it")
    until(lambda: standing.gone)


def small(**properties: object) -> Machine:
    """A machine whose folders for temporary files are its own."""
    return Machine(shared_memory="64m", temporary="300m", **properties)  # type: ignore[arg-type]


ACCOUNTS = {
    "root": small(),
    "nobody": small(uid=65534),
    "root of a container without capabilities": small(without=("all",)),
    "root of a container with one user": small(one_user=True),
    "root that may not read all files": small(without=("dac_override",)),
}


@pytest.mark.parametrize("machine", ACCOUNTS.values(), ids=ACCOUNTS)
def test_the_account_that_ran_pytest_pastes_the_line(machine: Machine, choice: str) -> None:
    if reason := machine.reason_to_skip():
        pytest.skip(reason)
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        for name, content in {
            "schema.sql": "CREATE TABLE users (id bigint PRIMARY KEY)",
            "pytest.ini": f"[pytest]\nsupaseed_schema = schema.sql\nsupaseed_postgres = {choice}\n",
            "test_it.py": "import pytest\n\n@pytest.mark.seed(users=3)\ndef test_it(seeded_session): assert 0\n",
        }.items():
            Path(folder, name).write_text(content)
        Path(folder).chmod(0o755)
        variables = {"SUPASEED_POSTGRES": None, "LD_PRELOAD": None, "PYTHONPATH": os.getcwd()}
        output = machine.run(
            Session(("--supaseed-keep",), TEMPORARY / "output", initdb=False),
            """
            cat $TMPDIR/output
            sh -c "$(grep -E '^    .*psql -h' $TMPDIR/output) -Atc 'SELECT 1000 + count(*) FROM users'"
            """,
            Session(("--supaseed-drop",)),
            "ls -A $TMPDIR /dev/shm | grep supaseed || echo nothing left",
            environment=variables,
            folder=Path(folder),
        )
    assert "\n1003\n" in output, output
    assert "supaseed: dropped supaseed_kept_test_it, of test_it.py::test_it" in output, output
    assert output.endswith("nothing left\n"), output


def test_a_note_that_cannot_be_written_keeps_nothing(
    project: pytest.Pytester, own_server: pytest.Pytester, temporary: Path
) -> None:
    project.makepyfile(FAILING)
    # As on a full disk, or where another user was faster.
    kept.notes_folder().write_text("")
    result = project.runpytest_inprocess("--supaseed-keep")
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines("supaseed: supaseed_kept_test_it, of failing tests, cannot be kept: *")
    result.stdout.no_fnmatch_line("*psql*")
    assert processes(temporary) == []


def test_a_note_of_another_user_is_not_believed(temporary: Path, tmp_path: Path) -> None:
    victim = tmp_path / "supaseed-mine"
    victim.mkdir()
    note = Note("/root", 0.0, (KeptDatabase("x", "y", "z"),), (str(victim),))
    write_note(kept.notes_folder() / "a", note)
    assert [each for _, each in notes()] == [note]
    kept.notes_folder().joinpath("a", "kept.json").chmod(0o666)
    assert list(notes()) == []
    kept.notes_folder().joinpath("a", "kept.json").chmod(0o600)
    kept.notes_folder().chmod(0o777)
    assert list(notes()) == []
    kept.notes_folder().chmod(0o700)
    moved = kept.notes_folder().rename(temporary / "elsewhere")
    kept.notes_folder().symlink_to(moved)
    assert list(notes()) == []
    remove_overdue()
    assert victim.is_dir()


@pytest.mark.parametrize(
    "change",
    [
        {"folders": ["/etc"]},
        {"folders": ["supaseed-relative"]},
        {"folders": "supaseed-"},
        {"until": "soon"},
        {"root": None},
        {"databases": [{"name": "x"}]},
        {"more": 1},
    ],
    ids=str,
)
def test_a_note_of_another_form_is_not_believed(temporary: Path, change: dict[str, object]) -> None:
    folder = kept.notes_folder() / "a"
    write_note(folder, Note("/root", 0.0, ()))
    assert len(list(notes())) == 1
    path = folder / "kept.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    assert list(notes()) == []


@pytest.mark.parametrize("seconds", [0.2, -5.0])
def test_the_time_that_is_up_is_waited_for(tmp_path: Path, seconds: float) -> None:
    write_note(tmp_path / "notes" / "a", Note("/root", time.time() + seconds, ()))
    began = time.monotonic()
    program = [
        sys.executable,
        "-I",
        "-S",
        watchdog.__file__,
        "--kept",
        str(tmp_path / "notes" / "a"),
        str(tmp_path / "x"),
    ]
    # The folder of a server, without a server, would end it at once.
    code = f"import sys; sys.path.insert(0, {str(Path(watchdog.__file__).parent)!r}); import watchdog; "
    code += f"watchdog.await_end({str(tmp_path / 'notes' / 'a')!r})"
    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True)
    assert time.monotonic() - began >= seconds
    subprocess.run(program, stdin=subprocess.DEVNULL, check=True)
    assert not (tmp_path / "notes").exists()


@pytest.fixture
def retention(server_url: URL) -> Retention:
    return Retention("/root of this test", f"run {os.getpid()}", 3, 3600.0)


def keep_on(url: URL, retention: Retention, test: str = "test_it") -> str:
    """Keep a database as a session does that ends at once; return its name."""
    session = Databases(url)
    keeper = Keeper(session, Templates(session), retention)
    assert keeper.keep(session.create(), test, "as it was")
    [found] = [each for each in keeper.finish(all_of_run=False) if each.test == test]
    session.drop_all()
    # As sessions do, since PostgreSQL may tell of a connection for a moment after its end.
    session.maintenance.leave()
    session.close()
    return found.name


def sweep(url: URL) -> None:
    session = Databases(url)
    Templates(session).sweep()
    Templates(session).leave()
    session.close()


@pytest.fixture
def there(server_url: URL) -> Iterator[set[str]]:
    before = databases(server_url)
    yield before
    connection = psycopg2.connect(libpq_url(server_url))
    connection.autocommit = True
    with connection.cursor() as cursor:
        for name in databases(server_url) - before:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    connection.close()


def test_a_later_session_sweeps_what_is_overdue_and_nothing_else(
    server_url: URL, retention: Retention, there: set[str]
) -> None:
    name = keep_on(server_url, retention)
    overdue = keep_on(server_url, Retention(retention.root, "another run", 3, -1.0))
    assert overdue == f"{name}_2"
    sweep(server_url)
    assert databases(server_url) - there == {name}


def test_what_a_running_session_keeps_is_never_overdue(server_url: URL, there: set[str]) -> None:
    session = Databases(server_url)
    keeper = Keeper(session, Templates(session), Retention("/root", "run", 3, -1.0))
    assert keeper.keep(session.create(), "test_it", "as it was")
    sweep(server_url)
    assert databases(server_url) - there == {"supaseed_kept_test_it"}
    session.maintenance.leave()
    session.close()
    sweep(server_url)
    assert databases(server_url) == there


def test_what_is_named_alike_is_not_ours(server_url: URL, retention: Retention, there: set[str]) -> None:
    session = Databases(server_url)
    query = session.maintenance.query
    try:
        query('CREATE DATABASE "supaseed_kept_test_it"')
        name = keep_on(server_url, retention)
        assert name == "supaseed_kept_test_it_2"
        query("""COMMENT ON DATABASE "supaseed_kept_test_it" IS 'pytest-supaseed {"notes": {"kept": 1}}'""")
        Keeper(session, Templates(session), Retention(retention.root, "next", 3, 1.0)).drop_previous()
        assert databases(server_url) - there == {"supaseed_kept_test_it"}
    finally:
        session.close()


def test_what_another_rootdir_keeps_stays(server_url: URL, retention: Retention, there: set[str]) -> None:
    name = keep_on(server_url, retention)
    session = Databases(server_url)
    Keeper(session, Templates(session), Retention("/another", "next", 3, 1.0)).drop_previous()
    assert databases(server_url) - there == {name}
    session.close()
