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
from typing import Any, BinaryIO

from pytest_supaseed.errors import ServerError
from pytest_supaseed.server.pack import CHECKSUM, FORMAT, HEADER, MAGIC, START, is_name

# A server at rest needs nothing of what is in them; pg_basebackup leaves out the same.
_EMPTIED = {
    *("pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_stat_tmp", "pg_subtrans"),
    *("pg_wal/archive_status", "base/pgsql_tmp"),
}
_LEFT_OUT = {"postmaster.opts"}
_LOCK = "postmaster.pid"
_TABLESPACES = "pg_tblspc"
_LOG = "pg_wal"
# pg_control since version 11: the state of the cluster, of which 1 is "shut down", and the last checkpoint.
_CONTROL = struct.Struct("=16xi12xQ")
_SHUT_DOWN = 1
# The log's files have names of 24 digits: time line, and twice 8 for the number, as of 4 GB and in them.
_SEGMENT = re.compile(r"[0-9A-F]{24}")
_LOG_FILE = 1 << 32
_PAGE = 1 << 13


class UnfitDataError(ServerError):
    """A data folder that cannot be kept in a pack."""


def pack_data(file: BinaryIO, datadir: Path, key: str, notes: Mapping[str, Any], limit_bytes: int) -> None:
    """Write a pack.

    Args:
        file: a new file, open for writing.
        datadir: the data folder, of a server that was stopped cleanly.
        key: what it is saved under.
        notes: what is saved with it.
        limit_bytes: a greater pack is not wanted.

    Raises:
        UnfitDataError: the cluster is in use, or was not stopped cleanly; it has links, such as those of
            tablespaces; or the pack would be greater than the limit.
        OSError: something cannot be read or written.
        TypeError: JSON cannot hold the notes.
        ValueError: likewise.
    """
    # First of all: what is wrong with the notes is wrong with the caller.
    given = {"key": key, "notes": json.loads(json.dumps(dict(notes), allow_nan=False))}
    checkpoint = _checkpoint(datadir)
    folders: list[tuple[str, int, list[tuple[str, int, int]]]] = []
    contents: list[tuple[int, int]] = []
    numbers: dict[bytes, int] = {}
    place = START
    file.write(bytes(START))
    for folder, mode, found in _folders(datadir, "", 0o700):
        files: list[tuple[str, int, int]] = []
        folders.append((folder, mode, files))
        for name, status in found:
            if folder == _LOG and _is_ahead(name, status.st_size, checkpoint):
                continue
            if status.st_size > limit_bytes:
                raise UnfitDataError(f"{folder}/{name} is greater than {limit_bytes} bytes")
            content = (datadir / folder / name).read_bytes()
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


def _folders(
    datadir: Path, path: str, mode: int
) -> Iterator[tuple[str, int, list[tuple[str, os.stat_result]]]]:
    """A folder, its mode and its files; then those in it."""
    with os.scandir(datadir / path) as found:
        entries = sorted((entry.name, entry.stat(follow_symlinks=False)) for entry in found)
    if path in _EMPTIED:
        entries.clear()
    if (entries and path == _TABLESPACES) or any(stat.S_ISLNK(status.st_mode) for _, status in entries):
        raise UnfitDataError(f"{datadir / path} has links, such as those of tablespaces")
    names = {name for name, _ in entries}
    if not path and _LOCK in names:
        raise UnfitDataError(f"a server uses {datadir}, or was killed while it did")
    if not all(map(is_name, names)):
        raise UnfitDataError(f"{datadir / path} has names that other systems do not allow")
    files = [(name, status) for name, status in entries if stat.S_ISREG(status.st_mode)]
    yield path, mode, files if path else [each for each in files if each[0] not in _LEFT_OUT]
    for name, status in entries:
        if stat.S_ISDIR(status.st_mode):
            yield from _folders(datadir, f"{path}/{name}" if path else name, status.st_mode & 0o777)


def _checkpoint(datadir: Path) -> int:
    """The place of the last checkpoint in the write-ahead log: with it the server was shut down."""
    try:
        content = (datadir / "global" / "pg_control").read_bytes()
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
