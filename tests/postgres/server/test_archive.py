"""Cluster archives: what is saved comes back as it was, or not at all."""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pytest_supaseed
from pytest_supaseed.errors import ServerError
from pytest_supaseed.postgres.server import archive
from pytest_supaseed.postgres.server.account import server_account
from pytest_supaseed.postgres.server.archive import (
    CHECKSUM,
    FORMAT,
    HEADER,
    MAGIC,
    START,
    ClusterArchive,
    ClusterArchives,
    DamagedArchiveError,
    key_of,
)
from pytest_supaseed.postgres.server.programs import Installation
from pytest_supaseed.postgres.server.server import Server, ServerSettings, start_server
from servers import INSTALLATIONS, NAMES

CHECKOUT = Path(pytest_supaseed.__path__[0]).parent
ACCOUNT = server_account()
MEGABYTE = 1 << 20
posix = pytest.mark.skipif(os.name == "nt", reason="modes and links of POSIX")

Tree = dict[str, "tuple[int, bytes | None]"]


def control(state: int = 1, checkpoint: int = 0) -> bytes:
    return struct.pack("=16xi12xQ", state, checkpoint) + b"and so on"


SMALL: Tree = {
    "PG_VERSION": (0o600, b"18\n"),
    "base": (0o700, None),
    "base/1": (0o700, None),
    "base/1/112": (0o600, b"pages" * 20),
    "base/4": (0o700, None),
    "base/4/112": (0o600, b"pages" * 20),
    "base/4/113": (0o600, b""),
    "global": (0o700, None),
    "global/pg_control": (0o600, control()),
    "pg_tblspc": (0o700, None),
}


def write_tree(folder: Path, tree: Tree) -> Path:
    """Write files and, for None, folders; a folder stands before what is in it."""
    folder.mkdir(exist_ok=True)
    for path, (mode, content) in tree.items():
        if content is None:
            (folder / path).mkdir(exist_ok=True)
        else:
            (folder / path).write_bytes(content)
        (folder / path).chmod(mode)
    return folder


def read_tree(folder: Path) -> Tree:
    found: Tree = {}
    for path in sorted(folder.rglob("*")):
        content = path.read_bytes() if path.is_file() else None
        found[path.relative_to(folder).as_posix()] = (stat.S_IMODE(path.stat().st_mode), content)
    return found


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def extracted(archive: ClusterArchive, target: Path) -> Tree:
    target.mkdir()
    with archive:
        archive.extract(target, None)
    return read_tree(target)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_tree(tmp_path / "data", SMALL)


@pytest.fixture
def kept(tmp_path: Path) -> ClusterArchives:
    return ClusterArchives(tmp_path / "packs")


def found(kept: ClusterArchives, key: str) -> ClusterArchive:
    archive = kept.find(key)
    assert archive is not None
    return archive


def craft(path: Path, index: object, contents: bytes = b"", **changes: Any) -> None:
    """Write a pack whose checksums are right, whatever is in it."""
    text = index if isinstance(index, bytes) else json.dumps(index).encode()
    fields = {
        "magic": MAGIC,
        "format": FORMAT,
        "start": START + len(contents),
        "length": len(text),
        **changes,
    }
    header = HEADER.pack(*fields.values(), zlib.crc32(text))
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(header + CHECKSUM.pack(zlib.crc32(header)) + contents + text)


def index(**changes: object) -> dict[str, object]:
    folders = [["", 0o700, [["a", 0o600, 0]]]]
    return {"key": "k", "notes": {}, "folders": folders, "contents": [[2, zlib.crc32(b"ab")]], **changes}


# What is saved comes back.


def test_a_round_trip(data: Path, kept: ClusterArchives, tmp_path: Path) -> None:
    assert kept.save("a_key-1", data, {"databases": {"tmpl": 16384}})
    archive = found(kept, "a_key-1")
    assert (archive.key, archive.notes) == ("a_key-1", {"databases": {"tmpl": 16384}})
    assert archive.path == tmp_path / "packs" / "a_key-1.pack"
    files = [path for path, (_, content) in SMALL.items() if content is not None]
    assert sorted(archive.paths) == sorted([*files, "pg_tblspc"])
    assert extracted(archive, tmp_path / "copy") == read_tree(data)


def test_equal_contents_are_stored_once(tmp_path: Path, kept: ClusterArchives) -> None:
    content = os.urandom(MEGABYTE)
    tree: Tree = {**SMALL, **{f"base/{name}/7": (0o600, content) for name in (1, 4)}}
    assert kept.save("k", write_tree(tmp_path / "data", tree), {})
    assert MEGABYTE < (tmp_path / "packs" / "k.pack").stat().st_size < MEGABYTE * 3 // 2


MODES = st.sampled_from([0o600, 0o640, 0o644, 0o700, 0o755] if os.name != "nt" else [0o666])
FOLDER_MODES = st.sampled_from([0o700, 0o750, 0o755] if os.name != "nt" else [0o777])
FILE_NAMES = st.text(
    st.characters(exclude_characters='/\\:*?"<>|\0', exclude_categories=["Cs", "Cc"]), max_size=9
)
LEAVES = st.tuples(MODES, st.binary(max_size=40) | st.sampled_from([0, 4, 9000]).map(bytes))
NESTED = st.recursive(
    LEAVES,
    lambda inner: st.dictionaries(FILE_NAMES.map(lambda name: f"n{name.casefold()}"), inner, max_size=4),
)


def flat(tree: object, path: str, modes: st.DataObject) -> Tree:
    if isinstance(tree, tuple):
        return {path: tree}
    result: Tree = {path: (modes.draw(FOLDER_MODES), None)}
    for name, inner in dict(tree).items():  # type: ignore[call-overload]
        result |= flat(inner, f"{path}/{name}", modes)
    return result


@given(tree=NESTED, modes=st.data(), wanted=st.data())
@settings(max_examples=60, deadline=None)
def test_any_tree_comes_back_at_once_or_in_two_parts(
    tree: object, modes: st.DataObject, wanted: st.DataObject
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        data = write_tree(folder / "data", SMALL | flat(tree, "x", modes))
        kept = ClusterArchives(folder / "packs")
        assert kept.save("k", data, {})
        assert extracted(found(kept, "k"), folder / "whole") == read_tree(data)
        (folder / "parts").mkdir()
        with found(kept, "k") as archive:
            first = wanted.draw(st.sets(st.sampled_from(archive.paths)))
            archive.extract(folder / "parts", None, wanted=first.__contains__)
            there = read_tree(folder / "parts")
            assert (
                {path for path, (_, content) in there.items() if content is not None} <= first <= there.keys()
            )
            archive.extract(folder / "parts", None, wanted=lambda path: path not in first)
        assert read_tree(folder / "parts") == read_tree(data)


def test_a_part_is_added_when_it_is_needed(data: Path, kept: ClusterArchives, tmp_path: Path) -> None:
    assert kept.save("k", data, {})
    target = tmp_path / "copy"
    target.mkdir()
    with found(kept, "k") as archive:
        archive.extract(target, None, wanted=lambda path: not path.startswith("base/"))
        assert names(target) == ["PG_VERSION", "global", "pg_tblspc"]
        archive.extract(target, None, wanted=lambda path: path.startswith("base/4/"))
        assert names(target / "base") == ["4"]
        (target / "base" / "4" / "113").write_bytes(b"of a server that runs")
        with pytest.raises(FileExistsError):
            archive.extract(target, None, wanted="base/4/113".__eq__)
    assert (target / "base" / "4" / "113").read_bytes() == b"of a server that runs"


@posix
def test_a_link_in_the_place_of_a_file_is_not_followed(
    data: Path, kept: ClusterArchives, tmp_path: Path
) -> None:
    assert kept.save("k", data, {})
    target = tmp_path / "copy"
    target.mkdir()
    (target / "PG_VERSION").symlink_to(tmp_path / "elsewhere")
    with found(kept, "k") as archive, pytest.raises(OSError, match="PG_VERSION"):
        archive.extract(target, None)
    assert not (tmp_path / "elsewhere").exists()


@posix
@pytest.mark.skipif(ACCOUNT is None, reason="only root can give files away")
def test_files_and_folders_are_given_to_the_servers_user(
    data: Path, kept: ClusterArchives, tmp_path: Path
) -> None:
    assert ACCOUNT is not None
    assert kept.save("k", data, {})
    target = tmp_path / "copy"
    target.mkdir()
    with found(kept, "k") as archive:
        archive.extract(target, ACCOUNT)
    owners = {(path.stat().st_uid, path.stat().st_gid) for path in target.rglob("*")}
    assert owners == {(ACCOUNT.uid, ACCOUNT.gid)}


@posix
@pytest.mark.parametrize("mask", [0o000, 0o077])
def test_the_umask_changes_no_mode(data: Path, kept: ClusterArchives, tmp_path: Path, mask: int) -> None:
    assert kept.save("k", data, {})
    archive = found(kept, "k")
    (tmp_path / "copy").mkdir()
    before = os.umask(mask)
    try:
        with archive:
            archive.extract(tmp_path / "copy", None)
    finally:
        os.umask(before)
    assert read_tree(tmp_path / "copy") == read_tree(data)


@posix
def test_nobody_else_can_read_what_is_kept(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "made" / "packs"
    assert ClusterArchives(folder).save("k", data, {})
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "k.pack").stat().st_mode) == 0o600
    folder.chmod(0o755)
    assert ClusterArchives(folder).save("k", data, {})
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_pack_stays_readable_when_another_takes_its_place(
    data: Path, kept: ClusterArchives, tmp_path: Path
) -> None:
    before = read_tree(data)
    assert kept.save("k", data, {"number": 1})
    first, second = found(kept, "k"), found(kept, "k")
    (data / "PG_VERSION").write_bytes(b"19\n")
    if os.name == "nt":  # which has a file in use stay where it is
        first.close()
        second.close()
        return
    assert kept.save("k", data, {"number": 2})
    assert extracted(first, tmp_path / "first") == before
    (tmp_path / "packs" / "k.pack").unlink()
    assert extracted(second, tmp_path / "second") == before


# What of a data folder is not saved.


@pytest.mark.parametrize(
    "folder",
    [
        *("pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_stat_tmp", "pg_subtrans"),
        *("pg_wal/archive_status", "base/pgsql_tmp"),
    ],
)
def test_some_folders_are_saved_without_their_contents(
    folder: str, kept: ClusterArchives, tmp_path: Path
) -> None:
    tree: Tree = {**SMALL, "pg_wal": (0o700, None), folder: (0o700, None), f"{folder}/0000": (0o600, b"x")}
    data = write_tree(tmp_path / "data", tree)
    assert kept.save("k", data, {})
    copy = extracted(found(kept, "k"), tmp_path / "copy")
    assert copy.keys() == tree.keys() - {f"{folder}/0000"}


@posix
def test_what_is_no_file_is_not_saved(data: Path, kept: ClusterArchives, tmp_path: Path) -> None:
    (data / "postmaster.opts").write_text("postgres -D /data")
    (data / "base" / "postmaster.opts").write_text("of somebody else")
    os.mkfifo(data / "pipe")
    assert kept.save("k", data, {})
    copy = extracted(found(kept, "k"), tmp_path / "copy")
    assert copy.keys() == {*SMALL, "base/postmaster.opts"}


@pytest.mark.parametrize(
    ("checkpoint", "saved"),
    [
        (5 * MEGABYTE + 100, ["000000010000000000000005"]),
        # The record begins in one and may end in the next.
        (6 * MEGABYTE - 100, ["000000010000000000000005", "000000010000000000000006"]),
        ((1 << 32) + 100, None),
    ],
)
def test_the_log_is_saved_as_far_as_it_is_written(
    checkpoint: int, saved: list[str] | None, kept: ClusterArchives, tmp_path: Path
) -> None:
    segments = {
        f"pg_wal/{name}": (0o600, name.encode() + bytes(MEGABYTE - 24))
        for name in (
            *("000000010000000000000005", "000000010000000000000006", "000000010000000000000007"),
            *("000000010000000100000000", "000000010000000100000001"),
        )
    }
    tree: Tree = {**SMALL, "pg_wal": (0o700, None), **segments}
    tree |= {"global/pg_control": (0o600, control(1, checkpoint)), "pg_wal/00000002.history": (0o600, b"")}
    assert kept.save("k", write_tree(tmp_path / "data", tree), {})
    extracted(found(kept, "k"), tmp_path / "copy")
    expected = [path.removeprefix("pg_wal/") for path in segments][:-1] if saved is None else saved
    assert names(tmp_path / "copy" / "pg_wal") == [*expected, "00000002.history"]


def lock(data: Path) -> None:
    (data / "postmaster.pid").write_text("123\n")


def link_a_tablespace(data: Path) -> None:
    (data / "pg_tblspc" / "16384").symlink_to(data.parent)


def mount_a_tablespace(data: Path) -> None:
    (data / "pg_tblspc" / "16384").mkdir()


def link_the_log(data: Path) -> None:
    (data / "pg_wal").symlink_to(data.parent)


def name_for_one_system(data: Path) -> None:
    (data / "a:b").write_text("")


def crash(data: Path) -> None:
    (data / "global" / "pg_control").write_bytes(control(state=6))


def cut_control(data: Path) -> None:
    (data / "global" / "pg_control").write_bytes(control()[:30])


def no_control(data: Path) -> None:
    (data / "global" / "pg_control").unlink()


def no_data(data: Path) -> None:
    data.rename(data.with_name("elsewhere"))


def greater_than_the_limit(data: Path) -> None:
    (data / "base" / "1" / "1").write_bytes(bytes(5000))


def greater_together(data: Path) -> None:
    for number in range(3):
        (data / "base" / "1" / f"{number}").write_bytes(os.urandom(2000))


def many_files(data: Path) -> None:
    for number in range(300):
        (data / "base" / f"f{number}").write_bytes(b"")


@posix
@pytest.mark.parametrize(
    "change",
    [
        *(lock, link_a_tablespace, mount_a_tablespace, link_the_log, name_for_one_system, crash),
        *(cut_control, no_control, no_data, greater_than_the_limit, greater_together, many_files),
    ],
)
def test_what_cannot_be_kept_is_not_saved(change: Any, data: Path, tmp_path: Path) -> None:
    kept = ClusterArchives(tmp_path / "packs", limit_bytes=4000)
    assert kept.save("before", data, {})
    change(data)
    assert not kept.save("k", data, {})
    assert names(tmp_path / "packs") == ["before.pack"]


def test_a_full_disk_is_no_error(
    data: Path, kept: ClusterArchives, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: Any, *arguments: object) -> None:
        file.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    assert kept.save("k", data, {"number": 1})
    monkeypatch.setattr(archive, "write_archive", full)
    assert not kept.save("k", data, {"number": 2})
    assert names(tmp_path / "packs") == ["k.pack"]
    with found(kept, "k") as cluster_archive:
        assert cluster_archive.notes == {"number": 1}


def test_an_interrupted_save_leaves_nothing(
    data: Path, kept: ClusterArchives, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(archive, "write_archive", interrupted)
    with pytest.raises(KeyboardInterrupt):
        kept.save("k", data, {})
    assert names(tmp_path / "packs") == []


@posix
@pytest.mark.skipif(os.name != "nt" and os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_is_no_error(
    data: Path, kept: ClusterArchives, tmp_path: Path
) -> None:
    assert kept.save("k", data, {"number": 1})
    (tmp_path / "packs").chmod(0o500)
    tmp_path.chmod(0o500)
    try:
        with found(kept, "k") as archive:
            assert archive.notes == {"number": 1}
        assert not ClusterArchives(tmp_path / "other").save("k", data, {})
    finally:
        tmp_path.chmod(0o700)
    # Of our own folder we may change the mode.
    assert kept.save("k", data, {"number": 2})


def test_a_file_in_the_place_of_the_folder_is_no_error(
    data: Path, kept: ClusterArchives, tmp_path: Path
) -> None:
    (tmp_path / "packs").write_text("")
    assert not kept.save("k", data, {})
    assert kept.find("k") is None


@pytest.mark.parametrize("notes", [{"a": {1}}, {"a": float("nan")}, {"a": b""}])
def test_notes_are_json(notes: Mapping[str, Any], data: Path, kept: ClusterArchives, tmp_path: Path) -> None:
    with pytest.raises((TypeError, ValueError)):
        kept.save("k", data, notes)
    assert names(tmp_path / "packs") == []


@pytest.mark.parametrize("key", ["", "A", "a/b", "..", "a.b", "ä", "a\n"])
def test_a_key_is_a_name_on_every_system(key: str, data: Path, kept: ClusterArchives) -> None:
    with pytest.raises(ValueError, match="is no key"):
        kept.find(key)
    with pytest.raises(ValueError, match="is no key"):
        kept.save(key, data, {})


# What is damaged is not used.


def usable(kept: ClusterArchives, target: Path) -> bool:
    """Whether the pack gives what was saved; it may give nothing, and never something else."""
    archive = kept.find("k")
    if archive is None:
        return False
    target.mkdir()
    try:
        with archive:
            archive.extract(target, None)
            assert archive.notes == {"n": [1, 2]}
    except DamagedArchiveError:
        return False
    assert {path: content for path, (_, content) in read_tree(target).items()} == {
        path: content for path, (_, content) in SMALL.items()
    }
    return True


def test_every_byte_counts(data: Path, kept: ClusterArchives, tmp_path: Path) -> None:
    assert kept.save("k", data, {"n": [1, 2]})
    path = tmp_path / "packs" / "k.pack"
    content = path.read_bytes()
    for place in range(len(content)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1 << place % 8]) + content[place + 1 :])
        assert not usable(kept, tmp_path / f"overwritten{place}")
    for length in range(len(content)):
        path.write_bytes(content[:length])
        assert not usable(kept, tmp_path / f"cut{length}")
    path.write_bytes(content)
    assert usable(kept, tmp_path / "whole")


@given(st.data())
@settings(deadline=None)
def test_any_damage_is_found(draw: st.DataObject) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        kept = ClusterArchives(folder / "packs")
        assert kept.save("k", write_tree(folder / "data", SMALL), {"n": [1, 2]})
        path = folder / "packs" / "k.pack"
        content = bytearray(path.read_bytes())
        begin = draw.draw(st.integers(0, len(content)))
        end = draw.draw(st.integers(begin, min(len(content), begin + 64)))
        content[begin:end] = draw.draw(st.binary(max_size=64))
        unchanged = content == path.read_bytes()
        path.write_bytes(content)
        assert usable(kept, folder / "target") == unchanged


def test_zeros_in_the_place_of_what_a_crash_lost_are_found(
    data: Path, kept: ClusterArchives, tmp_path: Path
) -> None:
    assert kept.save("k", data, {})
    path = tmp_path / "packs" / "k.pack"
    path.write_bytes(bytes(path.stat().st_size))
    assert kept.find("k") is None
    assert names(tmp_path / "packs") == []


@pytest.mark.parametrize(
    ("content", "changes"),
    [
        (index(folders=[["", 0o700, [["../a", 0o600, 0]]]]), {}),
        (index(folders=[["", 0o700, [["..", 0o600, 0]]]]), {}),
        (index(folders=[["", 0o700, [["/a", 0o600, 0]]]]), {}),
        (index(folders=[["", 0o700, [["", 0o600, 0]]]]), {}),
        (index(folders=[["", 0o700, [["a\\b", 0o600, 0]]]]), {}),
        (index(folders=[["", 0o700, [["C:a", 0o600, 0]]]]), {}),
        (index(folders=[["", 0o700, [["a\0", 0o600, 0]]]]), {}),
        (index(folders=[["", 0o700, [["\ud800", 0o600, 0]]]]), {}),
        (index(folders=[["", 0o700, [["a", 0o600, 0], ["a", 0o600, 0]]]]), {}),
        (index(folders=[["", 0o700, [["a", 0o4755, 0]]]]), {}),
        (index(folders=[["", 0o700, [["a", "600", 0]]]]), {}),
        (index(folders=[["", 0o700, [["a", 0o600, 1]]]]), {}),
        (index(folders=[["", 0o700, [["a", 0o600, -1]]]]), {}),
        (index(folders=[["", 0o700, [["a", 0o600, 0.0]]]]), {}),
        (index(folders=[["", 0o700, [["a", 0o600]]]]), {}),
        (index(folders=[["", 0o700, [[1, 0o600, 0]]]]), {}),
        (index(folders=[["", 0o700, []], ["/tmp", 0o700, []]]), {}),
        (index(folders=[["", 0o700, []], ["..", 0o700, []]]), {}),
        (index(folders=[["", 0o700, []], ["a/../..", 0o700, []]]), {}),
        (index(folders=[["", 0o700, []], ["a/b", 0o700, []]]), {}),
        (index(folders=[["", 0o700, []], ["a", 0o700, []], ["a", 0o700, []]]), {}),
        (index(folders=[["", 0o700, []], ["a", 0o700, []], ["a/", 0o700, []]]), {}),
        (index(folders=[["", 0o700, []], ["", 0o700, []]]), {}),
        (index(folders=[["..", 0o700, []]]), {}),
        (index(folders=[["/", 0o700, []]]), {}),
        (index(folders=[[None, 0o700, []]]), {}),
        (index(folders=7), {}),
        (index(contents=[[1, 0]]), {}),
        (index(contents=[[2, 0], [-2, 0], [2, 0]]), {}),
        (index(contents=[[2.0, 0]]), {}),
        (index(contents=[[2]]), {}),
        (index(notes=None), {}),
        (index(key="another"), {}),
        ({}, {}),
        ([], {}),
        (b"", {}),
        (b"\xff", {}),
        (b"[" * 100_000, {}),
        (index(), {"format": FORMAT + 1}),
        (index(), {"magic": b"another program\0"}),
        (index(), {"start": START + 1}),
        (index(), {"length": 1 << 60}),
        (index(), {"start": (1 << 64) - 1}),
    ],
)
def test_what_nobody_has_saved_is_not_used(
    content: object, changes: Mapping[str, Any], kept: ClusterArchives, tmp_path: Path
) -> None:
    craft(tmp_path / "packs" / "k.pack", index(), b"ab")
    assert extracted(found(kept, "k"), tmp_path / "copy").keys() == {"a"}
    craft(tmp_path / "packs" / "k.pack", content, b"ab", **changes)
    assert kept.find("k") is None
    assert names(tmp_path / "packs") == []


@pytest.mark.parametrize("contents", [[[2, 7]], [[2, "7"]], [[2, None]]])
def test_a_content_is_checked_when_it_is_extracted(
    contents: object, kept: ClusterArchives, tmp_path: Path
) -> None:
    craft(tmp_path / "packs" / "k.pack", index(contents=contents), b"ab")
    archive = found(kept, "k")
    (tmp_path / "copy").mkdir()
    with archive:
        archive.extract(tmp_path / "copy", None, wanted=lambda path: False)
        with pytest.raises(DamagedArchiveError, match="is damaged: a"):
            archive.extract(tmp_path / "copy", None)
    assert names(tmp_path / "copy") == []


def test_a_pack_that_is_cut_off_while_it_is_open(data: Path, kept: ClusterArchives, tmp_path: Path) -> None:
    (data / "base" / "1" / "1").write_bytes(os.urandom(MEGABYTE))
    assert kept.save("k", data, {})
    (tmp_path / "copy").mkdir()
    with found(kept, "k") as archive:
        os.truncate(tmp_path / "packs" / "k.pack", 1000)
        with pytest.raises(ServerError, match="is damaged"):
            archive.extract(tmp_path / "copy", None)
        kept.discard(archive)
    assert names(tmp_path / "packs") == []


@posix
def test_only_what_is_still_there_is_discarded(data: Path, kept: ClusterArchives, tmp_path: Path) -> None:
    assert kept.save("k", data, {"number": 1})
    first = found(kept, "k")
    assert kept.save("k", data, {"number": 2})
    kept.discard(first)
    with found(kept, "k") as second:
        assert second.notes == {"number": 2}
        (tmp_path / "packs" / "k.pack").unlink()
        kept.discard(second)


@posix
def test_what_is_no_file_is_not_used(kept: ClusterArchives, data: Path, tmp_path: Path) -> None:
    (tmp_path / "packs" / "folder.pack").mkdir(parents=True)
    os.mkfifo(tmp_path / "packs" / "pipe.pack")
    (tmp_path / "packs" / "link.pack").symlink_to(tmp_path / "nowhere")
    for key in ("folder", "pipe", "link", "nothing", "x" * 300):
        assert kept.find(key) is None
    assert not kept.save("folder", data, {})
    assert not kept.save("x" * 300, data, {})
    assert names(tmp_path / "packs") == ["folder.pack", "link.pack", "pipe.pack"]


@posix
def test_somebody_elses_pack_is_not_used(
    kept: ClusterArchives, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kept.save("k", data, {})
    user = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: user + 1)
    assert kept.find("k") is None
    assert names(tmp_path / "packs") == ["k.pack"]


@posix
@pytest.mark.skipif(os.name != "nt" and os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_not_used(kept: ClusterArchives, data: Path, tmp_path: Path) -> None:
    assert kept.save("k", data, {})
    (tmp_path / "packs" / "k.pack").chmod(0)
    assert kept.find("k") is None


# What is kept does not grow.


def aged(folder: Path, **ages: int) -> None:
    for name, age in ages.items():
        os.utime(folder / f"{name}.pack", (1_000_000_000 - age, 1_000_000_000 - age))


def test_what_was_not_used_for_longest_goes_first(data: Path, kept: ClusterArchives, tmp_path: Path) -> None:
    folder = tmp_path / "packs"
    for key in ("a", "b", "c"):
        assert kept.save(key, data, {})
    size = (folder / "a.pack").stat().st_size
    aged(folder, a=3, b=2, c=1)
    (folder / "of-somebody.txt").write_bytes(bytes(9 * size))
    found(kept, "a").close()
    assert ClusterArchives(folder, limit_bytes=3 * size + 20).save("d", data, {})
    assert names(folder) == ["a.pack", "c.pack", "d.pack", "of-somebody.txt"]
    aged(folder, a=1, c=2, d=3)
    # The one that is saved stays, though it was the oldest.
    assert ClusterArchives(folder, limit_bytes=size + 20).save("d", data, {})
    assert names(folder) == ["d.pack", "of-somebody.txt"]


@posix
def test_what_killed_sessions_left_is_removed(data: Path, kept: ClusterArchives, tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl", reason="the locks of POSIX")
    folder = tmp_path / "packs"
    assert kept.save("k", data, {})
    dead, alive = folder / f"k.pack.{'0' * 16}.tmp", folder / f"k.pack.{'1' * 16}.tmp"
    for path in (dead, alive, folder / "another.tmp"):
        path.write_bytes(b"half")
    with open(alive, "rb") as file:
        # Its session writes it.
        fcntl.flock(file, fcntl.LOCK_EX)
        kept.tidy()
        assert names(folder) == ["another.tmp", "k.pack", alive.name]
        assert kept.save("k", data, {})
        assert names(folder) == ["another.tmp", "k.pack", alive.name]
    kept.tidy()
    assert names(folder) == ["another.tmp", "k.pack"]


WORKER = """
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from pytest_supaseed.postgres.server.archive import ClusterArchives

folder, data, limit = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
kept, used = ClusterArchives(folder, limit), 0
for number in range(40):
    kept.save(f"k{number % 3}", data, {})
    pack = kept.find(f"k{number * 2 % 3}")
    if pack is not None:
        with pack, TemporaryDirectory() as target:
            pack.extract(Path(target), None)
            used += 1
print(used)
"""


def test_sessions_do_not_disturb_one_another(data: Path, kept: ClusterArchives, tmp_path: Path) -> None:
    folder = tmp_path / "packs"
    assert kept.save("k0", data, {})
    # Room for two of the three.
    limit = str((folder / "k0.pack").stat().st_size * 5 // 2)
    command = [sys.executable, "-W", "error", "-c", WORKER, str(folder), str(data), limit]
    workers = [
        subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    ended = [(worker.communicate(), worker.returncode) for worker in workers]
    assert [(errors, status) for (_, errors), status in ended] == [("", 0)] * 4
    assert sum(int(output) for (output, _), _ in ended) > 0
    assert {name.partition(".")[2] for name in names(folder)} == {"pack"}
    assert kept.save("k0", data, {})


# Keys.


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"a": 1, "b": {"c": [1], "d": None}}, {"b": {"d": None, "c": (1,)}, "a": 1}, True),
        ({"a": 1}, {"a": "1"}, False),
        ({"a": 1}, {"a": True}, False),
        ({"a": 1}, {"a": 1.0}, False),
        ({"a": ["b", "c"]}, {"a": ["c", "b"]}, False),
        ({"a": "bc"}, {"ab": "c"}, False),
        ({"a": "ä"}, {"a": "a"}, False),
        ({"a": "\ud800"}, {"a": "\ud801"}, False),
        ({}, {"a": None}, False),
    ],
)
def test_keys_are_of_what_they_depend_on(one: Any, other: Any, same: bool) -> None:
    assert (key_of(one) == key_of(other)) is same


def test_a_key_is_the_same_everywhere() -> None:
    assert key_of({"version": "18.6", "seed": 0, "é": [1.5, None]}) == "c644f62a87fc6f5616fca99b88e375ec"


@pytest.mark.parametrize(
    "parts",
    [{1: "a"}, {"a": {1: "b"}}, {"a": [{None: 1}]}, {"a": {1, 2}}, {"a": b"b"}, {"a": Path("b")}],
)
def test_what_json_cannot_hold_has_no_key(parts: Any) -> None:
    with pytest.raises(TypeError):
        key_of(parts)


def test_no_number_has_no_key() -> None:
    with pytest.raises(ValueError, match="JSON"):
        key_of({"a": float("nan")})


@given(st.dictionaries(st.text(), st.integers() | st.text() | st.lists(st.text()), min_size=1))
def test_any_key_can_be_that_of_a_pack(parts: dict[str, Any]) -> None:
    key = key_of(dict(reversed(parts.items())))
    assert key == key_of(parts)
    assert len(key) == 32
    assert ClusterArchives(CHECKOUT / "nowhere").find(key) is None


# Real clusters.


@pytest.fixture(params=INSTALLATIONS, ids=NAMES)
def installation(request: pytest.FixtureRequest) -> Installation:
    given: Installation = request.param
    return given


@contextmanager
def connection(server: Server, dbname: str = "postgres") -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(
        host=server.host, port=server.port, user=server.user, dbname=dbname, autocommit=True
    ) as opened:
        yield opened


def value(server: Server, query: str, dbname: str = "postgres") -> Any:
    with connection(server, dbname) as opened:
        row = opened.execute(query).fetchone()
    return row and row[0]


def fill(server: Server) -> str:
    """Make a database with a row in it, and return the folder that it is in."""
    with connection(server) as opened:
        opened.execute("CREATE DATABASE loaded")
    with connection(server, "loaded") as opened:
        opened.execute("CREATE TABLE setups (title text PRIMARY KEY)")
        opened.execute("INSERT INTO setups VALUES ('Hilux')")
    return f"base/{value(server, 'SELECT oid FROM pg_database WHERE datname = ' + repr('loaded'))}/"


def shut_down(server: Server, sig: signal.Signals) -> None:
    assert server.process is not None
    server.process.send_signal(sig)
    server.process.wait()


@contextmanager
def started_from(archive: ClusterArchive, installation: Installation) -> Iterator[Server]:
    server = Server(installation, ServerSettings())
    server.lifecycle.begin(archive)
    try:
        assert not server.lifecycle.initialised()
        server.ready()
        yield server
    finally:
        server.stop()


@posix
def test_a_server_starts_from_a_pack(installation: Installation, kept: ClusterArchives) -> None:
    with start_server(installation) as server:
        folder = fill(server)
        shut_down(server, signal.SIGINT)
        number = folder.split("/")[1]
        assert kept.save("k", Path(server.datadir), {"templates": {number: "loaded"}})
    archive = found(kept, "k")
    with archive, started_from(archive, installation) as server:
        assert not Path(server.datadir, folder).exists()
        # While the server runs, a template comes when it is needed.
        aside = server.folder / "aside"
        aside.mkdir(mode=0o700)
        archive.extract(aside, ACCOUNT, wanted=lambda path: path.startswith(folder))
        (aside / folder).rename(Path(server.datadir, folder))
        with connection(server) as opened:
            opened.execute("CREATE DATABASE clone TEMPLATE loaded")
        assert value(server, "SELECT title FROM setups", "clone") == "Hilux"
        with connection(server, "clone") as opened:
            opened.execute("INSERT INTO setups SELECT i::text FROM generate_series(1, 50000) AS i")
            opened.execute("CHECKPOINT")
        assert value(server, "SELECT count(*) FROM setups", "clone") == 50001
        shut_down(server, signal.SIGINT)
        assert kept.save("k", Path(server.datadir), {})
    again = found(kept, "k")
    with again, started_from(again, installation) as server:
        assert value(server, "SELECT count(*) FROM setups", "clone") == 50001
        assert value(server, "SELECT title FROM setups", "loaded") == "Hilux"


@posix
def test_a_cluster_as_initdb_made_it_can_be_kept(installation: Installation, kept: ClusterArchives) -> None:
    server = Server(installation, ServerSettings())
    server.lifecycle.begin()
    try:
        assert server.lifecycle.initialised()
        assert kept.save("k", server.lifecycle.cluster.datadir, {})
    finally:
        server.stop()
    archive = found(kept, "k")
    with archive, started_from(archive, installation) as server:
        assert value(server, "SELECT 1") == 1


@posix
def test_a_server_that_runs_or_was_not_shut_down_is_not_kept(
    installation: Installation, kept: ClusterArchives
) -> None:
    with start_server(installation) as server:
        data = Path(server.datadir)
        assert not kept.save("k", data, {})
        shut_down(server, signal.SIGQUIT)
        (data / "postmaster.pid").unlink(missing_ok=True)
        assert not kept.save("k", data, {})
    assert kept.find("k") is None
