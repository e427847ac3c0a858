"""A pack: one file that holds the data folder of a stopped cluster, for a later server to start from.

Behind a header of fixed size come the contents and then, as JSON, the index: which content each file has. The
databases of a cluster are copies of one another, so equal contents are stored once.
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

# Magic, version of the format, place and length of the index, its checksum; then the checksum of all that.
HEADER = struct.Struct("<16sIQQI")


CHECKSUM = struct.Struct("<I")


START = HEADER.size + CHECKSUM.size


MAGIC = b"supaseed pack\r\n\0"


FORMAT = 2


# PostgreSQL's own folders are four deep at most; what is deeper is somebody's attempt.
DEEPEST = 32


# Files and folders of a data folder which have a server do something else than go on where it was stopped.
STEERING = frozenset(
    ("standby.signal", "recovery.signal", "recovery.conf", "backup_label", "tablespace_map", "postmaster.pid")
)


TABLESPACES = "pg_tblspc"


# What ALTER SYSTEM writes; the other files with settings are not read by a server of ours.
SETTINGS = "postgresql.auto.conf"


_MOST_SETTINGS_BYTES = 1 << 16


_SETTING = re.compile(rb"^[ \t]*[^#\s]", re.MULTILINE)


_NUMBER = re.compile(r"[1-9][0-9]{0,9}")


# PostgreSQL numbers its own databases below, without which no server starts.
_FIRST_NUMBER = 16384


# Equal contents are stored once: a small pack may stand for more than any disk has. This is twice what sessions keep.
MOST_BYTES = 1 << 30


_NAME = re.compile(r"(?!\.{1,2}\Z)[^/\\:\0]+")


class DamagedPackError(ServerError):
    """A pack that is not what was saved."""


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


class Pack:
    """A pack that is open for reading. It stays readable when its file is replaced or removed.

    Args:
        path: of the file.
        file: the file, open for reading: the present user's, and nobody else may write to it.

    Attributes:
        path: of the file.
        key: what it was saved under.
        notes: what was saved with it.

    Raises:
        OSError: it cannot be read.
        DamagedPackError: it is damaged, half written or of another format, or has settings for the server.
    """

    def __init__(self, path: Path, file: BufferedReader) -> None:
        self.path = path
        # Not mapped into memory: a file that is cut off meanwhile would end this process.
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
            raise DamagedPackError(f"{self.path} is no pack of this format")
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
        """Refuse what would have the server do something else than go on where it was stopped."""
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
        """The names of the templates that it has, by their databases' numbers; none where the notes do not say."""
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
        """Write files and folders, after checking what is in them. Nothing that is there is overwritten.

        Args:
            target: the data folder, which exists; where the files are for another user, only the present one can
                enter it as yet.
            account: the user they are for, when the present one is root; None for the present one.
            wanted: tells by its path whether a file or an empty folder is wanted; None for all of them.

        Raises:
            DamagedPackError: something in the pack is damaged; what was written so far is of no use.
            OSError: a file exists already, or cannot be written; or the other user has the folder already.

        Example:
            >>> pack.extract(data, None, wanted=lambda path: not path.startswith("base/16384/"))  # doctest: +SKIP
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
        # One for all: new memory costs as much as what is copied into it.
        buffer = memoryview(bytearray(max((self._contents[each].size for each in of_content), default=0)))
        for number, files in sorted(of_content.items()):
            content_of_files = self._contents[number]
            view = buffer[: content_of_files.size]
            self._fill(view, content_of_files.start)
            if zlib.crc32(view) != content_of_files.checksum:
                raise self._damage(files[0][0])
            # shutil.copytree takes twice as long as all this, tarfile six times.
            for path, mode in files:
                _write_file(f"{target}/{path}", mode, view, account)
        for folder in reversed(made):
            os.chmod(target / folder.path, folder.mode)

    def _make_folders(self, target: Path, needed: set[str], account: Account | None) -> list[_Folder]:
        """Make folders and those that they are in; return the new ones, in the order that they were made."""
        for folder in reversed(self._folders):
            if folder.path in needed:
                needed.add(_parent(folder.path))
        made = []
        for folder in self._folders:
            if folder.path and folder.path in needed:
                # An earlier extraction has made it, perhaps.
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
            raise DamagedPackError(f"{self.path} cannot be read: {error}") from error
        if count != len(view):
            raise self._damage("its end")

    def _damage(self, what: str) -> DamagedPackError:
        return DamagedPackError(f"{self.path} is damaged: {what}")

    def is_at_its_path(self) -> bool:
        """Tell whether the file of that path is still this one.

        Returns:
            Whether it is; not so when another session has replaced or removed it.
        """
        try:
            return os.path.samestat(os.fstat(self._file.fileno()), os.stat(self.path))
        except OSError:
            return False  # it is nowhere, or nobody can tell

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Pack:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def is_name(name: str) -> bool:
    """Tell whether a name is that of a file in a folder, on every system, and leads nowhere else.

    Args:
        name: without the folder.

    Returns:
        Whether it is.

    Example:
        >>> is_name("112"), is_name("../112"), is_name("..")
        (True, False, False)
    """
    return _NAME.fullmatch(name) is not None


def has_settings(content: bytes) -> bool:
    r"""Tell whether a file of settings has any, besides comments.

    Args:
        content: of the file.

    Example:
        >>> has_settings(b"# nothing\n"), has_settings(b"# one\nport = 1\n")
        (False, True)
    """
    return _SETTING.search(content) is not None


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _placed(sizes: Iterable[tuple[int, int]], end: int) -> Iterator[_Content]:
    """The contents, which lie one behind another between header and index."""
    start = START
    for size, checksum in sizes:
        if not isinstance(size, int) or size < 0:
            raise ValueError(f"a content of {size!r} bytes")
        yield _Content(start, size, checksum)
        start += size
    if start != end:
        raise ValueError(f"contents up to {start}, and an index at {end}")


def _check(folders: Iterable[_Folder], contents: int) -> None:
    """Refuse an index that nobody has saved, before it leads a file out of the target."""
    known: set[str] = set()
    for folder in folders:
        parent, slash, name = folder.path.rpartition("/")
        # The first is the data folder itself, and each of the others is in one before it.
        inside = is_name(name) and parent in known and bool(slash) == bool(parent)
        if folder.path.count("/") >= DEEPEST:
            raise ValueError(f"a folder that is {DEEPEST} deep")
        if folder.path in known or not (inside if known else folder.path == ""):
            raise ValueError(f"the folder {folder.path!r}")
        known.add(folder.path)
        names = {file.name for file in folder.files}
        if len(names) != len(folder.files) or not all(map(is_name, names)):
            raise ValueError(f"the names in {folder.path!r}")
        os.fsencode("".join((folder.path, *names)))  # which no text from elsewhere has to allow
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
        while written < len(content):  # a nearly full disk takes a part, and says so the next time
            written += os.write(descriptor, content[written:])
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, mode)
        if account is not None:
            os.fchown(descriptor, account.uid, account.gid)
    finally:
        os.close(descriptor)
    if not hasattr(os, "fchmod"):
        os.chmod(path, mode)


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


# A new cluster takes 14 MB, and each of its templates what is in its own tables.
LIMIT_BYTES = 256 << 20


_KEY = re.compile(r"[0-9a-z_-]+")


_PACK = re.compile(r"[0-9a-z_-]+\.pack")


def key_of(parts: Mapping[str, Any]) -> str:
    """Return the key for what depends on several things.

    Args:
        parts: the things; what JSON can hold, in whatever order.

    Returns:
        32 hexadecimal digits, of SHA-256.

    Raises:
        TypeError: JSON cannot hold it.
        ValueError: likewise.

    Example:
        >>> key_of({"seed": 1, "version": "18.6"}) == key_of({"version": "18.6", "seed": 1})
        True
    """
    canonical = dict(parts)
    _refuse_other_keys(canonical)
    written = json.dumps(canonical, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(written.encode("ascii")).hexdigest()[:32]


def _refuse_other_keys(value: object) -> None:
    """The key 1 would become the key "1", and be another's."""
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"the key {key!r} is no string")
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            _refuse_other_keys(each)


class Packs:
    """The packs in a folder, which several sessions may use at the same time.

    Args:
        folder: where they are; it is made when the first one is saved.
        limit_bytes: of all packs together.
    """

    def __init__(self, folder: Path, limit_bytes: int = LIMIT_BYTES) -> None:
        self._folder = folder
        self._limit_bytes = limit_bytes

    def find(self, key: str) -> Pack | None:
        """Open a pack; of all packs it is the last used, then.

        Args:
            key: what it was saved under.

        Returns:
            The pack, to be closed by the caller; None where there is none that could be used. What is
            damaged is removed.

        Raises:
            ValueError: `key` has other characters than ``0-9``, ``a-z``, ``_`` and ``-``.
        """
        name = self._name(key)
        try:
            with OwnFolder(self._folder) as folder:
                try:
                    pack = Pack(self._folder / name, folder.open(name))
                except DamagedPackError:
                    folder.remove(name)
                    return None
                if pack.key != key:
                    pack.close()
                    folder.remove(name)
                    return None
                folder.use(name)
                return pack
        except OSError:
            return None  # there is none, or none that is ours to read

    def save(self, key: str, datadir: Path, notes: Mapping[str, Any]) -> bool:
        """Keep a data folder, in place of what the key has had; then remove what was not used for longest.

        Args:
            key: what to save it under.
            datadir: of a server that was stopped cleanly.
            notes: what to save with it; what JSON can hold.

        Returns:
            Whether it was saved. It is not where the disk is full or cannot be written to, where the pack
            would be greater than the limit, and where the data folder is not fit to be kept: it has
            tablespaces or other links, settings of ALTER SYSTEM, or a server that runs or was killed. Nor is it
            where others may write to the folder of the packs.

        Raises:
            ValueError: `key` has other characters, or JSON cannot hold the notes.
            TypeError: JSON cannot hold the notes.
        """
        name = self._name(key)
        try:
            with OwnFolder(self._folder, make=True) as folder:
                folder.remove_unfinished()
                folder.write(name, lambda file: pack_data(file, datadir, key, notes, self._limit_bytes))
                with suppress(OSError):  # the folder is gone: nothing is over the limit
                    self._prune(folder, name)
        except (OSError, UnfitDataError):
            return False  # the next session does without
        return True

    def tidy(self) -> None:
        """Remove what killed sessions have left half written."""
        with suppress(OSError), OwnFolder(self._folder) as folder:
            folder.remove_unfinished()

    def discard(self, pack: Pack) -> None:
        """Close a pack and remove its file, unless another session has replaced it: it turned out damaged.

        Args:
            pack: as :meth:`find` returned it.
        """
        ours = pack.is_at_its_path()
        pack.close()
        if ours:
            with suppress(OSError), OwnFolder(self._folder) as folder:
                folder.remove(pack.path.name)

    def _name(self, key: str) -> str:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key of a pack")
        return f"{key}.pack"

    def _prune(self, folder: OwnFolder, saved: str) -> None:
        """Remove the packs that were not used for longest, until the rest is within the limit."""
        found = [(s.st_mtime_ns, name, s.st_size) for name, s in folder.files() if _PACK.fullmatch(name)]
        total = sum(size for _, _, size in found)
        for _, name, size in sorted(found):
            if total <= self._limit_bytes:
                return
            if name != saved:
                folder.remove(name)
                total -= size
