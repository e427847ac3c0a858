"""Files and folders that another process may have replaced by a link, a pipe or another user's file.

This matters where root starts the server as a less privileged account, and where a cache was restored from elsewhere.
The rule for both: all files of the plugin lie below a folder that the current user owns and that no other user can
write to. Entries directly in this folder are reached by path. Deeper, in a folder that the account owns, nothing is
written, moved or chowned by path: a file is created with ``O_EXCL``, and read only after ``fstat`` of its descriptor
has shown a regular file of the expected owner; a folder is opened with ``O_DIRECTORY``; both with ``O_NOFOLLOW``, one
path component at a time. A tree for the account is built while its top folder belongs to the current user; the top is
handed over last. Windows has none of these flags, but the server runs there as the current user.

The functions find, open, read and write single files and folders; :class:`OwnFolder` is a folder of the cache.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from pytest_supaseed import clock
from pytest_supaseed.rng import token

try:
    import fcntl
except ModuleNotFoundError:  # Windows, where an open file cannot be removed
    fcntl = None  # type: ignore[assignment]


PACKAGE = Path(__file__).parent
_BINARY = getattr(os, "O_BINARY", 0)
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
# O_NONBLOCK: opening a pipe without a writer returns at once; fstat then shows that it is no regular file.
_READ = os.O_RDONLY | _BINARY | _NOFOLLOW | getattr(os, "O_NONBLOCK", 0)
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY | _NOFOLLOW
_FOLDER = os.O_RDONLY | _NOFOLLOW | getattr(os, "O_DIRECTORY", 0)
_BY_DESCRIPTOR = os.open in os.supports_dir_fd and os.scandir in os.supports_fd
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_UNFINISHED = ".tmp"
# Age of an unfinished file where file locks do not work: writing one takes less.
_OLD_SECONDS = 3600.0
_CHUNK_BYTES = 1 << 16
_ATTEMPTS = 5


def user() -> int | None:
    """Return the effective user ID; None on Windows."""
    return os.geteuid() if hasattr(os, "geteuid") else None


def exists(path: Path) -> bool:
    """Whether there is a file or a folder at a path.

    The methods of ``pathlib`` take every error for a no since Python 3.14.

    Raises:
        OSError: it cannot be told, as the path is too long or leads through a closed folder.
        ValueError: the path has the character NUL.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def open_file(path: str | Path, *, owner: int | None, folder: int | None = None) -> int:
    """Open a regular file for reading.

    Args:
        path: its last component may not be a link.
        owner: the required user ID; None for any.
        folder: the descriptor of the folder that `path` is relative to.

    Returns:
        The descriptor.

    Raises:
        OSError: the file is absent, a link, a pipe or a device, or belongs to another user.
    """
    descriptor = os.open(path, _READ, dir_fd=folder)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(f"{path} is no regular file")
        if owner is not None and status.st_uid != owner:
            # This also refuses hard links to files of other users.
            raise PermissionError(f"{path} belongs to another user")
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def read_file(path: str | Path, most_bytes: int, *, owner: int | None, folder: int | None = None) -> bytes:
    """Read a regular file, as :func:`open_file` opens it.

    Raises:
        OSError: as :func:`open_file`, or the file is larger than `most_bytes`.
    """
    with open(open_file(path, owner=owner, folder=folder), "rb", buffering=0) as file:
        # Space for what is read is taken beforehand, and for as much as is allowed this takes longer than to read. One
        # byte more tells that the file does not grow meanwhile.
        expected = min(os.fstat(file.fileno()).st_size, most_bytes) + 1
        content = file.read(expected)
        while len(content) <= most_bytes and (more := file.read(_CHUNK_BYTES)):
            content += more
    if len(content) > most_bytes:
        raise OSError(f"{path} is greater than {most_bytes} bytes")
    return content


def write_file(path: Path, content: str, *, group: int | None) -> None:
    """Write a file, in place of an earlier one, into a folder that no other user can write to.

    Args:
        path: of the file.
        content: the text.
        group: the ID of the group that may read the file; None for the current user alone.

    Raises:
        OSError: the file cannot be written.
    """
    path.unlink(missing_ok=True)
    with open(os.open(path, NEW, 0o600), "wb") as file:
        # The content may name folders, whose names may have any bytes.
        file.write(content.encode("utf-8", "surrogateescape"))
        if group is not None:
            os.fchown(file.fileno(), -1, group)
            os.fchmod(file.fileno(), 0o640)


@contextmanager
def opened_folder(path: str | Path, *steps: str, owner: int | None) -> Iterator[int | None]:
    """Open a folder inside a folder that another user may write to.

    Args:
        path: of the folder above, which no other user can replace.
        steps: the path components below it, each of which has to be a folder and no link.
        owner: the required user ID of each; None for any.

    Yields:
        The descriptor; None on Windows, which cannot open folders.

    Raises:
        OSError: a component is no folder, or belongs to another user.
    """
    if not _BY_DESCRIPTOR:
        yield None
        return
    descriptor = os.open(path, _FOLDER)
    try:
        for step in steps:
            inner = open_folder(step, descriptor, owner=owner)
            os.close(descriptor)
            descriptor = inner
        yield descriptor
    finally:
        os.close(descriptor)


def open_folder(name: str, folder: int, *, owner: int | None) -> int:
    """Open a folder by its name in an open folder.

    Args:
        name: of the folder.
        folder: the descriptor of the folder above.
        owner: the required user ID; None for any.

    Returns:
        The descriptor.

    Raises:
        OSError: it is no folder, or belongs to another user.
    """
    descriptor = os.open(name, _FOLDER, dir_fd=folder)
    if owner is not None and os.fstat(descriptor).st_uid != owner:
        os.close(descriptor)
        raise PermissionError(f"{name} belongs to another user")
    return descriptor


class OwnFolder:
    """A folder of the cache, held open, that the current user owns and no other user can write to.

    Args:
        path: its last component may not be a link.
        make: whether to create the folder where it is absent.

    Raises:
        OSError: the folder is absent or a link, belongs to another user, or others may write to it.
    """

    def __init__(self, path: Path, *, make: bool = False) -> None:
        self.path = path
        self._descriptor: int | None = None
        if make:
            with suppress(FileExistsError):
                os.makedirs(path.parent, exist_ok=True)
                os.mkdir(path, 0o700)
        if _BY_DESCRIPTOR:
            self._descriptor = os.open(path, _FOLDER)
        try:
            status = path.lstat() if self._descriptor is None else os.fstat(self._descriptor)
            if not stat.S_ISDIR(status.st_mode):
                raise NotADirectoryError(f"{path} is no folder")
            self._check_owner(status, path)
            if make and self._descriptor is not None and stat.S_IMODE(status.st_mode) != 0o700:
                os.fchmod(self._descriptor, 0o700)
        except BaseException:
            self.close()
            raise

    @staticmethod
    def _check_owner(status: os.stat_result, path: Path) -> None:
        if user() is not None and (status.st_uid != user() or status.st_mode & _OTHERS_WRITE):
            raise PermissionError(f"{path} belongs to another user, or others may write to it")

    def _at(self, name: str) -> str | Path:
        return self.path / name if self._descriptor is None else name

    def open(self, name: str) -> BufferedReader:
        """Open a file for reading.

        Raises:
            OSError: it is absent, no regular file, or other users own it or may write to it.
        """
        descriptor = open_file(self._at(name), owner=user(), folder=self._descriptor)
        file = open(descriptor, "rb")  # noqa: SIM115 its caller closes it
        try:
            self._check_owner(os.fstat(file.fileno()), self.path / name)
        except BaseException:
            file.close()
            raise
        return file

    def read(self, name: str, most_bytes: int) -> bytes:
        """Read a file, and mark it as used.

        Raises:
            OSError: as :meth:`open`, or the file is larger than `most_bytes`.
        """
        with self.open(name) as file:
            content = file.read(most_bytes + 1)
        if len(content) > most_bytes:
            raise OSError(f"{name} is greater than {most_bytes} bytes")
        self.use(name)
        return content

    def use(self, name: str) -> None:
        """Set the modification time of a file, by which a cache is pruned, to now, where the folder is writable."""
        # A read-only folder is not pruned, so its times do not matter.
        with suppress(OSError, NotImplementedError):
            if self._descriptor is None:
                os.utime(self.path / name)
            else:
                os.utime(name, dir_fd=self._descriptor, follow_symlinks=False)

    def write(self, name: str, write: Callable[[BinaryIO], object]) -> None:
        """Write a file atomically, in place of an earlier one of its name.

        Args:
            name: of the file; the unfinished file of a killed session is removed by a later one.
            write: writes to the new file.

        Raises:
            OSError: the file cannot be written, or a folder has its name.
        """
        unfinished, descriptor = self._new(name)
        try:
            with open(descriptor, "wb") as file:
                write(file)
                if fcntl is not None:  # the open file's lock keeps other sessions off
                    file.flush()
                    self._replace(unfinished, name)
            if fcntl is None:
                self._replace(unfinished, name)
        except BaseException:
            self.remove(unfinished)
            raise

    def _new(self, name: str) -> tuple[str, int]:
        for _ in range(_ATTEMPTS):
            unfinished = f"{name}.{token(8)}{_UNFINISHED}"
            descriptor = os.open(self._at(unfinished), NEW, 0o600, dir_fd=self._descriptor)
            if fcntl is None:
                return unfinished, descriptor
            with suppress(OSError):  # a file system without locks
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            # Before the lock was taken, another session may have removed the file as one of a killed session.
            if os.fstat(descriptor).st_nlink:
                return unfinished, descriptor
            os.close(descriptor)
        raise OSError(f"other sessions remove what is written to {self.path}")

    def _replace(self, old: str, new: str) -> None:
        os.replace(self._at(old), self._at(new), src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)

    def remove(self, name: str) -> None:
        """Remove a file, if it exists and can be removed."""
        # It fails where another session was faster, the folder is read-only, or Windows has the file in use.
        with suppress(OSError):
            os.unlink(self._at(name), dir_fd=self._descriptor)

    def files(self) -> Iterator[tuple[str, os.stat_result]]:
        """The regular files, without links: name and ``stat`` of each.

        Raises:
            OSError: the folder cannot be read.
        """
        with os.scandir(self.path if self._descriptor is None else self._descriptor) as entries:
            for entry in entries:
                # Another session may have removed the file since the listing.
                with suppress(FileNotFoundError):
                    status = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(status.st_mode):
                        yield entry.name, status

    def remove_unfinished(self) -> None:
        """Remove the unfinished files of killed sessions."""
        with suppress(OSError):
            for name, status in list(self.files()):
                if name.endswith(_UNFINISHED) and len(name.split(".")[-2]) == 16:
                    self._remove_unfinished(name, status)

    def _remove_unfinished(self, name: str, status: os.stat_result) -> None:
        if fcntl is None:
            self.remove(name)
            return
        with suppress(OSError), open(open_file(name, owner=user(), folder=self._descriptor), "rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return  # another session is writing the file
            except OSError:
                if status.st_mtime > clock.now() - _OLD_SECONDS:
                    return
            self.remove(name)

    def close(self) -> None:
        """Close the descriptor of the folder."""
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._descriptor = None

    def __enter__(self) -> OwnFolder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
