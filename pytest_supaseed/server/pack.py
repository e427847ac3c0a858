"""A pack: one file that holds the data folder of a stopped cluster, for a later server to start from.

Behind a header of fixed size come the contents and then, as JSON, the index: which content each file has. The
databases of a cluster are copies of one another, so equal contents are stored once.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from io import BufferedReader
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from pytest_supaseed import filesystem
from pytest_supaseed.errors import ServerError
from pytest_supaseed.server.folders import Account

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
