"""The data folder of a stopped cluster -> a pack."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from pytest_supaseed.errors import ServerError
from pytest_supaseed.filesystem import open_folder, opened_folder, read_file
from pytest_supaseed.server.pack import (
    CHECKSUM,
    DEEPEST,
    FORMAT,
    HEADER,
    MAGIC,
    SETTINGS,
    START,
    STEERING,
    TABLESPACES,
    has_settings,
    is_name,
)

# A server at rest needs nothing of what is in them; pg_basebackup leaves out the same.
_EMPTIED = {
    *("pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_stat_tmp", "pg_subtrans"),
    *("pg_wal/archive_status", "base/pgsql_tmp"),
}
_LEFT_OUT = {"postmaster.opts"}
_LOCK = "postmaster.pid"
_LOG = "pg_wal"
# pg_control since version 11: the state of the cluster, of which 1 is "shut down", and the last checkpoint.
_CONTROL = struct.Struct("=16xi12xQ")
_SHUT_DOWN = 1
# The log's files have names of 24 digits: time line, and twice 8 for the number, as of 4 GB and in them.
_SEGMENT = re.compile(r"[0-9A-F]{24}")
_LOG_FILE = 1 << 32
_PAGE = 1 << 13
_MOST_CONTROL_BYTES = 1 << 14


class _Found(NamedTuple):
    """A folder of the data folder, and its files.

    Attributes:
        path: of the folder, relative to the data folder.
        mode: of the folder.
        files: their names, and what the system knows of each.
        descriptor: of the folder, open until the next one is asked for; None on Windows.
    """

    path: str
    mode: int
    files: list[tuple[str, os.stat_result]]
    descriptor: int | None


class UnfitDataError(ServerError):
    """A data folder that cannot be kept in a pack."""


def pack_data(file: BinaryIO, datadir: Path, key: str, notes: Mapping[str, Any], limit_bytes: int) -> None:
    """Write a pack.

    Args:
        file: a new file, open for writing.
        datadir: the data folder, of a server that was stopped cleanly. Its owner may plant links in it, also now.
        key: what it is saved under.
        notes: what is saved with it.
        limit_bytes: a greater pack is not wanted.

    Raises:
        UnfitDataError: the cluster is in use, or was not stopped cleanly; it has links, such as those of
            tablespaces, or settings of ALTER SYSTEM; or the pack would be greater than the limit.
        OSError: something cannot be read or written.
        TypeError: JSON cannot hold the notes.
        ValueError: likewise.
    """
    # First of all: what is wrong with the notes is wrong with the caller.
    given = {"key": key, "notes": json.loads(json.dumps(dict(notes), allow_nan=False))}
    owner = os.lstat(datadir).st_uid
    checkpoint = _checkpoint(datadir, owner)
    folders: list[tuple[str, int, list[tuple[str, int, int]]]] = []
    contents: list[tuple[int, int]] = []
    numbers: dict[bytes, int] = {}
    place = START
    file.write(bytes(START))
    for folder, mode, found, descriptor in _tree(datadir, owner):
        files: list[tuple[str, int, int]] = []
        folders.append((folder, mode, files))
        for name, status in found:
            if folder == _LOG and _is_ahead(name, status.st_size, checkpoint):
                continue
            if status.st_size > limit_bytes:
                raise UnfitDataError(f"{folder}/{name} is greater than {limit_bytes} bytes")
            there = datadir / folder / name if descriptor is None else name
            content = read_file(there, limit_bytes, owner=owner, folder=descriptor)
            if (folder, name) == ("", SETTINGS) and has_settings(content):
                raise UnfitDataError(f"{datadir} has settings of ALTER SYSTEM")
            number = numbers.setdefault(hashlib.sha256(content).digest(), len(contents))
            files.append((name, stat.S_IMODE(status.st_mode) & 0o777, number))
            if number == len(contents):
                contents.append((len(content), zlib.crc32(content)))
                file.write(content)
                place += len(content)
            if place > limit_bytes:
                raise UnfitDataError(f"the pack of {datadir} would be greater than {limit_bytes} bytes")
    index = json.dumps({**given, "folders": folders, "contents": contents}, separators=(",", ":")).encode()
    if place + len(index) > limit_bytes:
        raise UnfitDataError(f"the pack of {datadir} would be greater than {limit_bytes} bytes")
    file.write(index)
    header = HEADER.pack(MAGIC, FORMAT, place, len(index), zlib.crc32(index))
    # Last of all: what is half written has no header.
    file.seek(0)
    file.write(header + CHECKSUM.pack(zlib.crc32(header)))


def _tree(datadir: Path, owner: int) -> Iterator[_Found]:
    """The data folder, and the folders in it, each after the one that it is in."""
    with opened_folder(datadir, owner=owner) as descriptor:
        yield from _folders(datadir, descriptor, "", 0o700, owner)


def _folders(datadir: Path, descriptor: int | None, path: str, mode: int, owner: int) -> Iterator[_Found]:
    """A folder and its files; then those in it."""
    with os.scandir(datadir / path if descriptor is None else descriptor) as found:
        entries = sorted((entry.name, entry.stat(follow_symlinks=False)) for entry in found)
    if path in _EMPTIED:
        entries.clear()
    if (entries and path == TABLESPACES) or any(stat.S_ISLNK(status.st_mode) for _, status in entries):
        raise UnfitDataError(f"{datadir / path} has links, such as those of tablespaces")
    names = {name for name, _ in entries}
    if not path and _LOCK in names:
        raise UnfitDataError(f"a server uses {datadir}, or was killed while it did")
    if not path and names & STEERING:
        raise UnfitDataError(f"{datadir} has a {min(names & STEERING)}")
    if not all(map(is_name, names)):
        raise UnfitDataError(f"{datadir / path} has names that other systems do not allow")
    if path.count("/") >= DEEPEST - 1:
        raise UnfitDataError(f"{datadir} has folders that are {DEEPEST} deep")
    files = [(name, status) for name, status in entries if stat.S_ISREG(status.st_mode)]
    kept = files if path else [each for each in files if each[0] not in _LEFT_OUT]
    yield _Found(path, mode, kept, descriptor)
    for name, status in entries:
        if stat.S_ISDIR(status.st_mode):
            inner = open_folder(name, descriptor, owner=owner) if descriptor is not None else None
            try:
                below = f"{path}/{name}" if path else name
                yield from _folders(datadir, inner, below, status.st_mode & 0o777, owner)
            finally:
                if inner is not None:
                    os.close(inner)


def _checkpoint(datadir: Path, owner: int) -> int:
    """The place of the last checkpoint in the write-ahead log: with it the server was shut down."""
    name = "pg_control"
    try:
        with opened_folder(datadir, "global", owner=owner) as folder:
            path = datadir / "global" / name if folder is None else name
            content = read_file(path, _MOST_CONTROL_BYTES, owner=owner, folder=folder)
        state, checkpoint = _CONTROL.unpack_from(content)
    except struct.error as error:
        raise UnfitDataError(f"{datadir} has a pg_control that is cut off") from error
    if state != _SHUT_DOWN:
        raise UnfitDataError(f"the server of {datadir} was not shut down")
    return int(checkpoint)


def _is_ahead(name: str, size: int, checkpoint: int) -> bool:
    """Whether a file of the write-ahead log waits for what has not been written yet."""
    if not _SEGMENT.fullmatch(name) or not 0 < size <= _LOG_FILE:
        return False
    # The record may reach into the next page, and so into the next file.
    number = (checkpoint + _PAGE) // size
    last = f"{number // (_LOG_FILE // size):08X}{number % (_LOG_FILE // size):08X}"
    return name[8:] > last
