"""Cluster archives: the data folder of a cleanly stopped cluster in one file, to start later servers from.

:class:`ClusterArchives` is the cache of archives, where to begin: it finds and saves them by a key from :func:`key_of`.
:func:`write_archive` writes an archive, :class:`ClusterArchive` reads, checks and extracts one.

A header of fixed size is followed by the contents and then by the index, in JSON, which maps each file to its
content. The databases of a cluster are copies of one another, so equal contents are stored once. An archive
may come from a restored cache: the index, the checksums and the server settings in it are checked before use.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import stat
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from io import BufferedReader
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, NamedTuple

from pytest_supaseed import filesystem
from pytest_supaseed.errors import ServerError
from pytest_supaseed.filesystem import OwnFolder, open_folder, opened_folder, read_file
from pytest_supaseed.postgres.server.account import Account

# Magic, format version, position and length of the index, checksum of the index; then a checksum of all
# these.
HEADER = struct.Struct("<16sIQQI")
CHECKSUM = struct.Struct("<I")
START = HEADER.size + CHECKSUM.size
MAGIC = b"supaseed pack\r\n\0"
FORMAT = 2
# PostgreSQL's own folders are at most four deep; a deeper tree is not PostgreSQL's and may be hostile.
DEEPEST = 32
# Files that make a server do anything but continue from its shutdown.
STEERING = frozenset(
    ("standby.signal", "recovery.signal", "recovery.conf", "backup_label", "tablespace_map", "postmaster.pid")
)
TABLESPACES = "pg_tblspc"
# What ALTER SYSTEM writes; a throwaway server reads no other configuration file of the data folder.
SETTINGS = "postgresql.auto.conf"
_MOST_SETTINGS_BYTES = 1 << 16
_SETTING = re.compile(rb"^[ \t]*[^#\s]", re.MULTILINE)
_NUMBER = re.compile(r"[1-9][0-9]{0,9}")
# Smaller OIDs are those of PostgreSQL's own databases, without which no server starts.
_FIRST_NUMBER = 16384
# Since equal contents are stored once, a small archive may expand beyond any disk. This is twice what
# sessions save.
MOST_BYTES = 1 << 30
_NAME = re.compile(r"(?!\.{1,2}\Z)[^/\\:\0]+")


class DamagedArchiveError(ServerError):
    """A cluster archive that differs from what was saved."""


class _File(NamedTuple):
    name: str
    mode: int
    content: int


class _Folder(NamedTuple):
    path: str
    mode: int
    files: tuple[_File, ...]

    def path_of(self, name: str) -> str:
        return f"{self.path}/{name}" if self.path else name


class _Content(NamedTuple):
    start: int
    size: int
    checksum: int


class ClusterArchive:
    """A cluster archive open for reading. It stays readable when its file is replaced or removed.

    Args:
        path: where the file is, for messages and :meth:`is_at_its_path`.
        file: the open file, which belongs to the current user and is not writable by others.

    Attributes:
        path: of the file.
        key: the key that it was saved under.
        notes: the metadata that was saved with it.

    Raises:
        OSError: the file cannot be read.
        DamagedArchiveError: the archive is damaged, incomplete, of another format, or contains server settings.
    """

    def __init__(self, path: Path, file: BufferedReader) -> None:
        self.path = path
        # No mmap: a file that is truncated meanwhile would kill this process with SIGBUS.
        self._file = file
        try:
            self._read_index(os.fstat(file.fileno()).st_size)
            self._refuse_settings()
        except BaseException:
            self.close()
            raise

    def _read_index(self, size: int) -> None:
        head = self._read(0, START)
        magic, version, start, length, checksum = HEADER.unpack_from(head)
        if (magic, version) != (MAGIC, FORMAT):
            raise DamagedArchiveError(f"{self.path} is no cluster archive of this format")
        if CHECKSUM.pack(zlib.crc32(head[: HEADER.size])) != head[HEADER.size :] or start + length != size:
            raise self._damage("its header")
        index = self._read(start, length)
        if zlib.crc32(index) != checksum:
            raise self._damage("its index")
        try:
            read = json.loads(index)
            self.key, self.notes = str(read["key"]), dict[str, Any](read["notes"])
            self._contents = tuple(_placed(read["contents"], start))
            self._folders = tuple(
                _Folder(path, mode, tuple(_File(*each) for each in files))
                for path, mode, files in read["folders"]
            )
            _check(self._folders, len(self._contents))
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            raise self._damage(f"its index ({error!r})") from error

    def _refuse_settings(self) -> None:
        """Refuse files that would make the server do anything but continue from its shutdown."""
        for folder in self._folders:
            if folder.path.startswith(f"{TABLESPACES}/") or (folder.path == TABLESPACES and folder.files):
                raise self._damage("it has tablespaces")
        for file in self._folders[0].files:
            if file.name in STEERING:
                raise self._damage(f"it has a {file.name}")
            if file.name == SETTINGS:
                content = self._contents[file.content]
                if content.size > _MOST_SETTINGS_BYTES or has_settings(
                    self._read(content.start, content.size)
                ):
                    raise self._damage("it has settings of ALTER SYSTEM")

    @property
    def templates(self) -> Mapping[str, str]:
        """The names of the archive's template databases by their OIDs; none where the notes do not say."""
        noted = self.notes.get("templates")
        if not isinstance(noted, dict):
            return {}
        return {
            oid: name
            for oid, name in noted.items()
            if _NUMBER.fullmatch(oid) and int(oid) >= _FIRST_NUMBER and isinstance(name, str)
        }

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of the files and of the empty folders, relative to the data folder, with slashes."""
        empty = self._empty()
        files = (folder.path_of(file.name) for folder in self._folders for file in folder.files)
        return (*files, *sorted(empty))

    def _empty(self) -> set[str]:
        parents = {_parent(folder.path) for folder in self._folders}
        return {
            each.path for each in self._folders if each.path and not each.files and each.path not in parents
        }

    def extract(
        self, target: Path, account: Account | None, *, wanted: Callable[[str], bool] | None = None
    ) -> None:
        """Write files and folders, checking their contents. No existing file is overwritten.

        Args:
            target: the data folder, which exists; with an `account`, it still belongs to the current user.
            account: the user that the files are for, when the current one is root; None for the current one.
            wanted: a predicate on the path of a file or empty folder; None for all.

        Raises:
            DamagedArchiveError: the archive is damaged; what was written so far is useless.
            OSError: a file exists already or cannot be written, or the target already belongs to another
                user, who could plant links in it.

        Example:
            >>> archive.extract(data, None, wanted=lambda path: not path.startswith("base/16384/"))  # doctest: +SKIP
        """
        if account is not None and os.lstat(target).st_uid != filesystem.user():
            raise PermissionError(f"{target} belongs to another user, who could lead files out of it")
        accepted = wanted or (lambda path: True)
        needed = {path for path in self._empty() if accepted(path)}
        of_content: dict[int, list[tuple[str, int]]] = {}
        for folder in self._folders:
            for name, mode, content in folder.files:
                path = folder.path_of(name)
                if accepted(path):
                    of_content.setdefault(content, []).append((path, mode))
                    needed.add(folder.path)
        size = sum(self._contents[content].size * len(files) for content, files in of_content.items())
        if size > MOST_BYTES:
            raise self._damage(f"its files would take {size >> 20} MB")
        if size > shutil.disk_usage(target).free:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))
        made = self._make_folders(target, needed, account)
        # One buffer for all contents: fresh memory costs as much as the copy into it.
        buffer = memoryview(bytearray(max((self._contents[each].size for each in of_content), default=0)))
        for number, files in sorted(of_content.items()):
            content_of_files = self._contents[number]
            view = buffer[: content_of_files.size]
            self._fill(view, content_of_files.start)
            if zlib.crc32(view) != content_of_files.checksum:
                raise self._damage(files[0][0])
            # shutil.copytree takes twice as long as this whole method, tarfile six times as long.
            for path, mode in files:
                _write_file(f"{target}/{path}", mode, view, account)
        for folder in reversed(made):
            os.chmod(target / folder.path, folder.mode)

    def _make_folders(self, target: Path, needed: set[str], account: Account | None) -> list[_Folder]:
        """Create folders and their parents; return the new ones in the order of creation."""
        for folder in reversed(self._folders):
            if folder.path in needed:
                needed.add(_parent(folder.path))
        made = []
        for folder in self._folders:
            if folder.path and folder.path in needed:
                # An earlier extraction may have created the folder.
                with suppress(FileExistsError):
                    os.mkdir(target / folder.path, 0o700)
                    if account is not None:
                        os.chown(target / folder.path, account.uid, account.gid)
                    made.append(folder)
        return made

    def _read(self, start: int, size: int) -> bytes:
        content = bytearray(size)
        self._fill(memoryview(content), start)
        return bytes(content)

    def _fill(self, view: memoryview, start: int) -> None:
        try:
            self._file.seek(start)
            count = self._file.readinto(view)
        except OSError as error:
            raise DamagedArchiveError(f"{self.path} cannot be read: {error}") from error
        if count != len(view):
            raise self._damage("its end")

    def _damage(self, what: str) -> DamagedArchiveError:
        return DamagedArchiveError(f"{self.path} is damaged: {what}")

    def is_at_its_path(self) -> bool:
        """Whether the path still leads to this file: another session may have replaced or removed it."""
        try:
            return os.path.samestat(os.fstat(self._file.fileno()), os.stat(self.path))
        except OSError:
            return False  # removed, or not accessible

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> ClusterArchive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def is_name(name: str) -> bool:
    """Whether a name is that of a file directly in a folder, valid on every system.

    Example:
        >>> is_name("112"), is_name("../112"), is_name("..")
        (True, False, False)
    """
    return _NAME.fullmatch(name) is not None


def has_settings(content: bytes) -> bool:
    r"""Whether the content of a configuration file has settings, not just comments.

    Example:
        >>> has_settings(b"# nothing\n"), has_settings(b"# one\nport = 1\n")
        (False, True)
    """
    return _SETTING.search(content) is not None


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _placed(sizes: Iterable[tuple[int, int]], end: int) -> Iterator[_Content]:
    """The contents with their positions: they lie one behind another between header and index."""
    start = START
    for size, checksum in sizes:
        if not isinstance(size, int) or size < 0:
            raise ValueError(f"a content of {size!r} bytes")
        yield _Content(start, size, checksum)
        start += size
    if start != end:
        raise ValueError(f"contents up to {start}, and an index at {end}")


def _check(folders: Iterable[_Folder], contents: int) -> None:
    """Refuse an index that :func:`write_archive` cannot have written, before it leads a file out of the target."""
    known: set[str] = set()
    for folder in folders:
        parent, slash, name = folder.path.rpartition("/")
        # The first is the data folder itself; each other one follows its parent.
        inside = is_name(name) and parent in known and bool(slash) == bool(parent)
        if folder.path.count("/") >= DEEPEST:
            raise ValueError(f"a folder that is {DEEPEST} deep")
        if folder.path in known or not (inside if known else folder.path == ""):
            raise ValueError(f"the folder {folder.path!r}")
        known.add(folder.path)
        names = {file.name for file in folder.files}
        if len(names) != len(folder.files) or not all(map(is_name, names)):
            raise ValueError(f"the names in {folder.path!r}")
        os.fsencode("".join((folder.path, *names)))  # raises for text that no file name can have
        _check_range((folder.mode, *(file.mode for file in folder.files)), 0o777)
        _check_range((file.content for file in folder.files), contents - 1)


def _check_range(numbers: Iterable[int], greatest: int) -> None:
    for number in numbers:
        if not isinstance(number, int) or not 0 <= number <= greatest:
            raise ValueError(f"the number {number!r}")


def _write_file(path: str, mode: int, content: memoryview, account: Account | None) -> None:
    descriptor = os.open(path, filesystem.NEW, 0o600)
    try:
        written = os.write(descriptor, content)
        while written < len(content):  # a nearly full disk accepts a part, and fails at the next write
            written += os.write(descriptor, content[written:])
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, mode)
        if account is not None:
            os.fchown(descriptor, account.uid, account.gid)
    finally:
        os.close(descriptor)
    if not hasattr(os, "fchmod"):
        os.chmod(path, mode)


# A stopped server needs nothing in these folders; pg_basebackup leaves out the same ones.
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
# A WAL segment's name has 24 digits: timeline, then 8 for the number of the 4 GB log file and 8 for the
# segment in it.
_SEGMENT = re.compile(r"[0-9A-F]{24}")
_LOG_FILE = 1 << 32
_PAGE = 1 << 13
_MOST_CONTROL_BYTES = 1 << 14


class _Found(NamedTuple):
    """A folder of the data folder, and its files.

    Attributes:
        path: relative to the data folder.
        mode: of the folder.
        files: names, and what lstat says of each.
        descriptor: of the folder, open until the next item of the iteration; None on Windows.
    """

    path: str
    mode: int
    files: list[tuple[str, os.stat_result]]
    descriptor: int | None


class UnfitDataError(ServerError):
    """A data folder that cannot be archived."""


def write_archive(
    file: BinaryIO, datadir: Path, key: str, notes: Mapping[str, Any], limit_bytes: int
) -> None:
    """Write a cluster archive.

    Args:
        file: a new file, open for writing.
        datadir: the data folder of a cleanly stopped server. Its owner may plant links in it at any time.
        key: the key that it is saved under.
        notes: metadata to save with it.
        limit_bytes: the largest size of an archive.

    Raises:
        UnfitDataError: the cluster is in use or was not stopped cleanly; it has links, such as those of
            tablespaces, or settings of ALTER SYSTEM; or the archive would exceed the limit.
        OSError: reading or writing failed.
        TypeError: JSON cannot hold the notes.
        ValueError: JSON cannot hold the notes.
    """
    # Invalid notes are an error of the caller, so they are checked before the data folder.
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
                raise UnfitDataError(f"the archive of {datadir} would be greater than {limit_bytes} bytes")
    index = json.dumps({**given, "folders": folders, "contents": contents}, separators=(",", ":")).encode()
    if place + len(index) > limit_bytes:
        raise UnfitDataError(f"the archive of {datadir} would be greater than {limit_bytes} bytes")
    file.write(index)
    header = HEADER.pack(MAGIC, FORMAT, place, len(index), zlib.crc32(index))
    # The header is written last: an incomplete file has none.
    file.seek(0)
    file.write(header + CHECKSUM.pack(zlib.crc32(header)))


def _tree(datadir: Path, owner: int) -> Iterator[_Found]:
    """The data folder and the folders in it, parents before children."""
    with opened_folder(datadir, owner=owner) as descriptor:
        yield from _folders(datadir, descriptor, "", 0o700, owner)


def _folders(datadir: Path, descriptor: int | None, path: str, mode: int, owner: int) -> Iterator[_Found]:
    """A folder with its files, then the folders in it."""
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
    """The WAL position of the shutdown checkpoint."""
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
    """Whether a WAL segment is a preallocated one, after the one with the shutdown checkpoint."""
    if not _SEGMENT.fullmatch(name) or not 0 < size <= _LOG_FILE:
        return False
    # The checkpoint record may extend into the next page, and so into the next segment.
    number = (checkpoint + _PAGE) // size
    last = f"{number // (_LOG_FILE // size):08X}{number % (_LOG_FILE // size):08X}"
    return name[8:] > last


# A new cluster takes 14 MB, and each template the size of its own tables.
LIMIT_BYTES = 256 << 20
_KEY = re.compile(r"[0-9a-z_-]+")
_ARCHIVE_NAME = re.compile(r"[0-9a-z_-]+\.pack")


def key_of(parts: Mapping[str, Any]) -> str:
    """Return a cache key for a JSON object, independent of the order of its keys.

    Returns:
        32 hexadecimal digits, of SHA-256.

    Raises:
        TypeError: JSON cannot hold a part.
        ValueError: JSON cannot hold a part.

    Example:
        >>> key_of({"seed": 1, "version": "18.6"}) == key_of({"version": "18.6", "seed": 1})
        True
    """
    canonical = dict(parts)
    _refuse_other_keys(canonical)
    written = json.dumps(canonical, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(written.encode("ascii")).hexdigest()[:32]


def _refuse_other_keys(value: object) -> None:
    """Refuse keys that are no strings: JSON would turn the key 1 into "1", which may be another one's cache key."""
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"the key {key!r} is no string")
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            _refuse_other_keys(each)


class ClusterArchives:
    """A folder of cluster archives, which several sessions may use at the same time.

    Args:
        folder: created when the first archive is saved.
        limit_bytes: for all archives together.
    """

    def __init__(self, folder: Path, limit_bytes: int = LIMIT_BYTES) -> None:
        self._folder = folder
        self._limit_bytes = limit_bytes

    def find(self, key: str) -> ClusterArchive | None:
        """Open an archive and mark it as the most recently used.

        Returns:
            The archive, to be closed by the caller; None where there is no usable one. A damaged archive is
            removed.

        Raises:
            ValueError: `key` has other characters than ``0-9``, ``a-z``, ``_`` and ``-``.
        """
        name = self._name(key)
        try:
            with OwnFolder(self._folder) as folder:
                try:
                    archive = ClusterArchive(self._folder / name, folder.open(name))
                except DamagedArchiveError:
                    folder.remove(name)
                    return None
                if archive.key != key:
                    archive.close()
                    folder.remove(name)
                    return None
                folder.use(name)
                return archive
        except OSError:
            return None  # no archive, or none that is safe to read

    def save(self, key: str, datadir: Path, notes: Mapping[str, Any]) -> bool:
        """Archive a data folder, then remove the least recently used other archives until all are within the limit.

        Args:
            key: the key to save it under.
            datadir: of a cleanly stopped server.
            notes: metadata to save with it, for JSON.

        Returns:
            Whether it was saved. It is not where the disk is full or not writable, where others may write to
            the folder of the archives, and where :func:`write_archive` raises :class:`UnfitDataError`.

        Raises:
            ValueError: `key` has other characters, or JSON cannot hold the notes.
            TypeError: JSON cannot hold the notes.
        """
        name = self._name(key)
        try:
            with OwnFolder(self._folder, make=True) as folder:
                folder.remove_unfinished()
                folder.write(name, lambda file: write_archive(file, datadir, key, notes, self._limit_bytes))
                with suppress(OSError):  # the folder is gone, and no limit exceeded
                    self._prune(folder, name)
        except (OSError, UnfitDataError):
            return False  # the next session works without an archive
        return True

    def tidy(self) -> None:
        """Remove incomplete files of killed sessions."""
        with suppress(OSError), OwnFolder(self._folder) as folder:
            folder.remove_unfinished()

    def discard(self, archive: ClusterArchive) -> None:
        """Close an archive that proved damaged and remove its file, unless another session has replaced the file."""
        ours = archive.is_at_its_path()
        archive.close()
        if ours:
            with suppress(OSError), OwnFolder(self._folder) as folder:
                folder.remove(archive.path.name)

    def _name(self, key: str) -> str:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key of an archive")
        return f"{key}.pack"

    def _prune(self, folder: OwnFolder, saved: str) -> None:
        """Remove the least recently used archives until the others are within the limit."""
        found = [
            (s.st_mtime_ns, name, s.st_size) for name, s in folder.files() if _ARCHIVE_NAME.fullmatch(name)
        ]
        total = sum(size for _, _, size in found)
        for _, name, size in sorted(found):
            if total <= self._limit_bytes:
                return
            if name != saved:
                folder.remove(name)
                total -= size
