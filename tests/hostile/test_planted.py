"""As root: what a process of the server's account plants leads root nowhere."""

from __future__ import annotations

import os
import shutil
import signal
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from namespaces import as_user
from pytest_supaseed.errors import ServerError
from pytest_supaseed.postgres.databases.templates import CreatedDatabase
from pytest_supaseed.postgres.server import archive, programs
from pytest_supaseed.postgres.server.account import server_account
from pytest_supaseed.postgres.server.archive import ClusterArchives
from pytest_supaseed.postgres.server.cluster import Cluster
from pytest_supaseed.postgres.server.programs import find
from pytest_supaseed.postgres.server.server import Server, ServerSettings
from pytest_supaseed.session.cluster_cache import ClusterCache

pytestmark = [
    pytest.mark.usefixtures("copied_clusters"),
    pytest.mark.skipif(
        os.name == "nt" or os.geteuid() != 0, reason="only as root the server runs as another user"
    ),
]
ACCOUNT = server_account()
# What postmaster.pid says of a server that is ready, so that root would believe it.
SECRET = b"1\n/data\n1\n4321\n/tmp\n\n0\nready\nsecret of root\n"


def as_the_account(*do: Callable[[], object]) -> str:
    """Do something in a process of the account, and return the names of the exceptions that it raised, if any."""
    assert ACCOUNT is not None

    def named() -> str:
        names = []
        for each in do:
            try:
                each()
            except Exception as error:
                names.append(type(error).__name__)
            else:
                names.append("")
        return " ".join(names)

    return as_user(ACCOUNT.uid, ACCOUNT.gid, named)


class Target:
    """What belongs to root, and has to stay as it is: a file and an empty folder.

    Args:
        folder: where they are made.
    """

    def __init__(self, folder: Path) -> None:
        self.file, self.folder = folder / "file", folder / "folder"
        self.file.write_bytes(SECRET)
        self.file.chmod(0o600)
        self.folder.mkdir(0o700)
        self._before = self._state()

    def _state(self) -> object:
        found = [path.lstat() for path in (self.file, self.folder)]
        return [(each.st_mode, each.st_uid, each.st_gid, each.st_size, each.st_mtime_ns) for each in found]

    def check(self) -> None:
        assert self._state() == self._before
        assert self.file.read_bytes() == SECRET
        assert os.listdir(self.folder) == []

    def plant(self, path: Path, kind: str) -> None:
        """Put something in the place of a file or folder, as the account would."""
        inner = path.parent

        def put() -> None:
            if os.path.lexists(path):
                path.rename(inner / f"away-{path.name}")
            # In the place of a file as well that the server has made since.
            new = inner / "new"
            if kind == "link":
                new.symlink_to(self.file)
            elif kind == "link to a folder":
                new.symlink_to(self.folder)
            elif kind == "pipe":
                os.mkfifo(new)
            if os.path.lexists(new):
                new.rename(path)

        assert as_the_account(put) == ""
        if kind == "hard link":
            # As a system allows it to the account that has no protected_hardlinks.
            os.link(self.file, path)

    def undo(self, path: Path) -> None:
        """Put back what was there before something was planted."""
        path.unlink()
        away = path.parent / f"away-{path.name}"
        if os.path.lexists(away):
            away.rename(path)


@pytest.fixture
def server(choice: str) -> Iterator[Server]:
    made = Server(find(choice), ServerSettings())
    yield made
    made.stop()


@pytest.fixture
def target(server: Server) -> Iterator[Target]:
    # A hard link has to be in the same file system.
    with TemporaryDirectory(dir=server.folder.parent) as folder:
        made = Target(Path(folder))
        yield made
        made.check()


def started(server: Server) -> Server:
    server.lifecycle.begin()
    server.lifecycle.initialised()
    server.lifecycle.run()
    server.ready()
    return server


NAMES_OF_OURS = (
    *("supaseed.conf", "pg_hba.conf", "pg_ident.conf", "server.log", "password", "fetched-0"),
    *("data", "socket", "anything"),
)


def test_beside_what_it_owns_the_account_can_plant_nothing(server: Server) -> None:
    folder = started(server).folder
    for name in NAMES_OF_OURS:
        path = folder / name
        refused = as_the_account(
            lambda path=path: path.with_name("planted").symlink_to("/"),
            lambda path=path: path.rename(path.with_name("away")),
            lambda path=path: os.link(path, path.with_name("second")),
            lambda path=path: path.write_bytes(b""),
        ).split()
        assert len(refused) == 4
        assert set(refused[:3]) <= {"PermissionError", "FileNotFoundError"}, name
        if path.is_file():
            assert path.stat().st_uid == 0
            assert refused[3] == "PermissionError"
    refused = as_the_account(
        lambda: os.chmod(folder, 0o777),
        lambda: os.listdir(folder),
        lambda: folder.rename(folder.with_name("away")),
    ).split()
    assert refused == ["PermissionError"] * 3


def test_it_cannot_change_the_programs_that_were_copied_for_it(tmp_path: Path, choice: str) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(0o700)
    moved = programs.move(find(choice), closed, None)
    for folder in moved.folders:
        folder.chmod(0o700)
    server = Server(moved, ServerSettings())
    try:
        started(server)
        copies = server.lifecycle.folders[1]
        for path in (copies, *copies.rglob("*")):
            assert path.lstat().st_uid == 0
            assert not path.lstat().st_mode & 0o022 or path.is_symlink()
        program = Path(server.lifecycle.command[0])
        assert as_the_account(program.unlink) == "PermissionError"
        assert as_the_account(lambda: copies.joinpath("new").touch()) == "PermissionError"
    finally:
        server.stop()


@pytest.mark.parametrize("kind", ["link", "hard link", "pipe"])
def test_what_is_planted_before_the_server_runs_is_no_business_of_ours(
    kind: str, server: Server, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure = Cluster.configure

    def plant(self: Cluster, major: int) -> None:
        for name in ("postgresql.conf", "pg_hba.conf", "supaseed.conf", "server.log", "password"):
            target.plant(self.datadir / name, kind)
        configure(self, major)

    monkeypatch.setattr(Cluster, "configure", plant)
    started(server)
    with psycopg.connect(host=server.host, user="postgres", dbname="postgres") as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("off",)
    server.stop()
    assert not server.folder.exists()


@pytest.mark.parametrize("kind", ["link", "hard link", "pipe"])
def test_a_planted_lock_file_is_not_read(
    kind: str, server: Server, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = started(server).lifecycle.cluster
    assert cluster.ready_port() == server.port
    target.plant(cluster.datadir / "postmaster.pid", kind)
    with pytest.raises(OSError, match=r"postmaster.pid|Too many levels"):
        cluster.ready_port()
    # PostgreSQL reads it before it ends: from a pipe for ever, until it is killed.
    with monkeypatch.context() as impatient:
        impatient.setattr("pytest_supaseed.postgres.server.server._STOP_SECONDS", 0.5)
        server.stop()
    assert not server.folder.exists()


def test_a_lock_file_that_is_planted_while_we_wait_is_an_error_of_ours(
    server: Server, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait = Cluster.wait_until_ready

    def plant(self: Cluster, *arguments: Any) -> int:
        target.plant(self.datadir / "postmaster.pid", "link")
        return wait(self, *arguments)

    monkeypatch.setattr(Cluster, "wait_until_ready", plant)
    with pytest.raises(ServerError, match="did not start") as error:
        started(server)
    assert "secret" not in str(error.value)
    assert not server.folder.exists()


@pytest.fixture(scope="module")
def data(choice: str) -> Iterator[Path]:
    """The data folder of a server that was stopped cleanly, which all tests use and put in order again."""
    server = Server(find(choice), ServerSettings())
    try:
        assert started(server).process is not None
        server.lifecycle.process.send_signal(signal.SIGINT)  # type: ignore[union-attr]
        server.lifecycle.process.wait()  # type: ignore[union-attr]
        yield Path(server.datadir)
    finally:
        server.stop()


@pytest.fixture
def beside(data: Path) -> Iterator[Target]:
    """A target in the same file system as the data folder."""
    with TemporaryDirectory(dir=data.parent.parent) as folder:
        made = Target(Path(folder))
        yield made
        made.check()


@pytest.mark.parametrize("kind", ["link", "hard link", "link to a folder"])
@pytest.mark.parametrize("name", ["base/1/planted", "planted", "global/pg_control", "base/1/112"])
def test_what_is_planted_in_the_data_is_not_packed(
    kind: str, name: str, data: Path, beside: Target, tmp_path: Path
) -> None:
    kept = ClusterArchives(tmp_path / "packs")
    beside.plant(data / name, kind)
    assert not kept.save("k", data, {})
    assert kept.find("k") is None
    beside.undo(data / name)


def test_what_is_not_planted_in_the_data_is_packed(data: Path, tmp_path: Path) -> None:
    assert ClusterArchives(tmp_path / "packs").save("k", data, {})


@pytest.mark.parametrize("kind", ["link", "hard link", "pipe"])
def test_what_is_planted_while_the_data_is_packed_is_not_read(
    kind: str, data: Path, beside: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, planted = archive.read_file, data / "base/1/pg_filenode.map"

    def plant(path: Any, *arguments: Any, **options: Any) -> bytes:
        if path == planted.name and not os.path.lexists(planted.with_name(f"away-{path}")):
            beside.plant(planted, kind)
        return read(path, *arguments, **options)

    monkeypatch.setattr(archive, "read_file", plant)
    assert not ClusterArchives(tmp_path / "packs").save("k", data, {})
    assert os.path.lexists(planted.with_name(f"away-{planted.name}"))
    beside.undo(planted)


def test_a_folder_that_is_planted_while_the_data_is_packed_is_not_entered(
    data: Path, beside: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter = archive.open_folder
    planted = []

    def plant(name: str, *arguments: Any, **options: Any) -> int:
        if name == "pg_wal":
            planted.append(data / name)
            beside.plant(data / name, "link to a folder")
        return enter(name, *arguments, **options)

    monkeypatch.setattr(archive, "open_folder", plant)
    assert not ClusterArchives(tmp_path / "packs").save("k", data, {})
    [folder] = planted
    beside.undo(folder)


@pytest.fixture(scope="module")
def packs(data: Path, tmp_path_factory: pytest.TempPathFactory) -> ClusterArchives:
    made = ClusterArchives(tmp_path_factory.mktemp("packs") / "packs")
    assert made.save("k", data, {"templates": {"5": "loaded"}})
    return made


@pytest.fixture
def packed(packs: ClusterArchives) -> Iterator[archive.ClusterArchive]:
    found = packs.find("k")
    assert found is not None
    with found:
        yield found


def test_nothing_can_be_planted_while_a_pack_is_extracted(
    packed: archive.ClusterArchive, choice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(find(choice), ServerSettings())
    write = archive._write_file
    answers = set()

    def plant(path: str, *arguments: Any) -> None:
        answers.add(as_the_account(lambda: Path(server.datadir, "base", "planted").symlink_to("/")))
        answers.add(as_the_account(lambda: Path(server.datadir, "planted").symlink_to("/")))
        monkeypatch.setattr(archive, "_write_file", write)
        write(path, *arguments)

    monkeypatch.setattr(archive, "_write_file", plant)
    try:
        server.lifecycle.begin(packed)
        server.ready()
        assert answers == {"PermissionError"}
        assert ACCOUNT is not None
        owners = {path.lstat().st_uid for path in Path(server.datadir).rglob("*")}
        assert owners == {ACCOUNT.uid} == {Path(server.datadir).stat().st_uid}
    finally:
        server.stop()


def test_a_pack_is_not_extracted_into_what_the_account_owns(
    packed: archive.ClusterArchive, data: Path
) -> None:
    with pytest.raises(PermissionError, match="belongs to another user"):
        packed.extract(data, ACCOUNT)


def test_a_template_is_fetched_into_the_data_folder(packed: archive.ClusterArchive, data: Path) -> None:
    assert as_the_account(lambda: (data / "base/5").rename(data / "base/away")) == ""
    launch: Any = SimpleNamespace(
        datadir=data,
        archive=packed,
        owner=ACCOUNT and ACCOUNT.uid,
        account=ACCOUNT,
        room=SimpleNamespace(overflowed=lambda oid: False),
    )
    assert ClusterCache(launch).fetch(CreatedDatabase("loaded", 5, "tests", None))
    assert sorted(os.listdir(data / "base/5")) == sorted(os.listdir(data / "base/away"))
    assert stat.S_IMODE((data / "base/5").stat().st_mode) == 0o700
    shutil.rmtree(data / "base/5")
    (data / "base/away").rename(data / "base/5")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("base", "link to a folder"),
        ("base/5", "link to a folder"),
        ("base/5", "link"),
        ("base/5", "hard link"),
    ],
)
def test_a_template_is_not_fetched_to_where_a_link_leads(
    name: str, kind: str, packed: archive.ClusterArchive, data: Path, beside: Target
) -> None:
    beside.plant(data / name, kind)
    launch: Any = SimpleNamespace(
        datadir=data,
        archive=packed,
        owner=ACCOUNT and ACCOUNT.uid,
        account=ACCOUNT,
        room=SimpleNamespace(overflowed=lambda oid: False),
    )
    assert not ClusterCache(launch).fetch(CreatedDatabase("loaded", 5, "tests", None))
    assert not list(data.parent.glob("fetched-*"))
    beside.undo(data / name)


def test_links_are_removed_and_not_what_they_lead_to(server: Server, target: Target) -> None:
    data = Path(started(server).datadir)
    (target.folder.parent / "kept").mkdir()
    (target.folder.parent / "kept" / "file").touch()
    links = {"file": target.file, "folder": target.folder, "kept": target.folder.parent / "kept"}
    for name, to in links.items():
        assert as_the_account(lambda name=name, to=to: (data / name).symlink_to(to)) == ""
    server.stop()
    assert not server.folder.exists()
    assert (target.folder.parent / "kept" / "file").exists()


def test_what_is_very_deep_is_removed(server: Server) -> None:
    data = Path(started(server).datadir)

    def dig() -> None:
        os.chdir(data)
        for _ in range(3000):
            os.mkdir("a")
            os.chdir("a")
        os.symlink("/", "b")

    assert as_the_account(dig) == ""
    server.stop()
    assert not server.folder.exists()
