"""Which user a server runs as, and where its folders go."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_supaseed.errors import ServerError
from pytest_supaseed.postgres.server import account, space
from pytest_supaseed.postgres.server.account import Account, allows, make, new_folder, server_account

SOMEBODY = Account("somebody", 54321, 54321)


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Sets the folder for temporary files; there is no memory to prefer to it."""
    monkeypatch.setattr(space, "fits_into_memory", lambda seeds: False)

    def to(path: Path) -> None:
        monkeypatch.setattr(tempfile, "tempdir", str(path))

    return to


def test_an_ordinary_user_is_the_servers_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert server_account() is None


@pytest.mark.parametrize(
    ("users", "chosen"), [({"postgres": 101, "nobody": 65534}, "postgres"), ({"nobody": 65534}, "nobody")]
)
def test_root_takes_a_user_that_exists(
    monkeypatch: pytest.MonkeyPatch, users: dict[str, int], chosen: str
) -> None:
    import pwd

    def getpwnam(name: str) -> pwd.struct_passwd:
        uid = users[name]
        return pwd.struct_passwd((name, "x", uid, uid + 1, "", "/", "/bin/false"))

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", getpwnam)
    monkeypatch.setattr(account, "missing_privileges", lambda uid, gid: ())
    assert server_account() == Account(chosen, users[chosen], users[chosen] + 1)


def test_root_without_such_a_user_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    import pwd

    def getpwnam(name: str) -> pwd.struct_passwd:
        raise KeyError(name)

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", getpwnam)
    advice = r"Make one \(useradd --system postgres\), or run pytest as an ordinary user\.$"
    with pytest.raises(ServerError, match=advice):
        server_account()


@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "execute", "allowed"),
    [
        (0o755, 0o644, False, True),
        (0o755, 0o640, False, False),
        (0o700, 0o644, False, False),
        (0o711, 0o644, False, True),
        (0o755, 0o644, True, False),
        (0o755, 0o755, True, True),
    ],
)
def test_another_user_reads_what_the_modes_allow(
    folder_mode: int, file_mode: int, execute: bool, allowed: bool
) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as base:
        os.chmod(base, 0o755)
        inner = Path(base, "inner")
        inner.mkdir()
        file = inner / "file"
        file.touch()
        file.chmod(file_mode)
        inner.chmod(folder_mode)
        assert allows(file, SOMEBODY, execute=execute) is allowed
        inner.chmod(0o755)


def test_a_file_that_is_missing_cannot_be_read(tmp_path: Path) -> None:
    assert not allows(tmp_path / "missing", SOMEBODY)
    assert not allows(tmp_path / "missing", None)


def test_a_link_into_a_closed_folder_cannot_be_read() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as base:
        os.chmod(base, 0o755)
        closed = Path(base, "closed")
        closed.mkdir(0o700)
        (closed / "file").touch()
        (Path(base) / "link").symlink_to(closed / "file")
        assert not allows(Path(base, "link"), SOMEBODY)


def test_folders_are_made_for_one_user_only(tmp_path: Path) -> None:
    wanted = [tmp_path / "one", tmp_path / "two"]
    make(wanted, None)
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in wanted] == [0o700, 0o700]
    with pytest.raises(FileExistsError):
        make(wanted, None)


def test_a_new_folder_is_in_the_folder_for_temporary_files(
    tmp_path: Path, temporary: Callable[[Path], None]
) -> None:
    temporary(tmp_path)
    first, second = new_folder(None), new_folder(None)
    assert first.parent == second.parent == tmp_path
    assert first != second
    assert not first.exists()


def test_a_path_too_long_for_a_socket_is_replaced_by_a_short_one(
    tmp_path: Path, temporary: Callable[[Path], None]
) -> None:
    long = tmp_path / ("x" * 90)
    long.mkdir()
    temporary(long)
    assert new_folder(None).parent == long
    assert new_folder(None, sockets=True).parent == Path("/tmp")


def test_a_folder_that_the_servers_user_cannot_reach_is_not_taken(
    tmp_path: Path, temporary: Callable[[Path], None]
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(0o700)
    temporary(closed)
    assert new_folder(SOMEBODY).parent == Path("/tmp")


def test_programs_are_never_put_into_shared_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(space, "fits_into_memory", lambda seeds: True)
    assert new_folder(None, programs=True).parent != Path("/dev/shm")


def test_no_folder_at_all_lists_what_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account.space, "fits_into_memory", lambda seeds: False)
    monkeypatch.setattr(account, "temporary_folders", lambda: iter([Path("/nowhere"), Path("/proc/self/fd")]))
    with pytest.raises(ServerError) as error:
        new_folder(SOMEBODY)
    lines = str(error.value).splitlines()
    assert lines[0] == "There is no folder for the throwaway server's files. Looked at:"
    assert lines[1] == "  /nowhere: no such folder"
    assert lines[-1] == "Set the environment variable TMPDIR to a folder that somebody can use."
