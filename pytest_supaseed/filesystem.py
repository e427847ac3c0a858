"""Files and folders in which another process may have planted a link, a pipe or a file of someone else's.

Root starts the server as a less privileged account, and a cache may have been restored from anywhere. The rule for
both: everything of ours lies below a folder that the present user owns and that no other user can write to. What lies
in it directly is reached by its path. Of what lies deeper, in a folder that the account owns, nothing is written,
moved or given away by a path: a file is made with ``O_EXCL``, and read only after its descriptor has shown a regular
file of the expected owner; a folder is opened with ``O_DIRECTORY``; both with ``O_NOFOLLOW``, one step at a time. A
tree for the account is built while its top belongs to the present user alone; the top is handed over last. Windows has
none of these flags, and no server of ours runs there as another user.
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
except ModuleNotFoundError:  # Windows, where a file that is open cannot be removed
    fcntl = None  # type: ignore[assignment]


PACKAGE = Path(__file__).parent


_BINARY = getattr(os, "O_BINARY", 0)


_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)


# O_NONBLOCK: a pipe that has no writer is opened at once, and is refused then.
_READ = os.O_RDONLY | _BINARY | _NOFOLLOW | getattr(os, "O_NONBLOCK", 0)


NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY | _NOFOLLOW


_FOLDER = os.O_RDONLY | _NOFOLLOW | getattr(os, "O_DIRECTORY", 0)


_BY_DESCRIPTOR = os.open in os.supports_dir_fd and os.scandir in os.supports_fd


_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


_UNFINISHED = ".tmp"


# For systems whose locks do not work: nothing of ours takes so long to write.
_OLD_SECONDS = 3600.0


_ATTEMPTS = 5


def user() -> int | None:
    """Return the number of the present user; None on Windows, which has none."""
    return os.geteuid() if hasattr(os, "geteuid") else None


def open_file(path: str | Path, *, owner: int | None, folder: int | None = None) -> int:
    """Open a regular file for reading, and nothing else that has its name.

    Args:
        path: of the file; its last step is not followed.
        owner: the number of the user whom it has to belong to; None for any.
        folder: the descriptor of the folder that `path` is relative to.

    Returns:
        The descriptor.

    Raises:
        OSError: it is absent, is a link, a pipe or a device, or belongs to another user.
    """
    descriptor = os.open(path, _READ, dir_fd=folder)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(f"{path} is no regular file")
        if owner is not None and status.st_uid != owner:
            # A hard link has the owner of the file, wherever it lies.
            raise PermissionError(f"{path} belongs to another user")
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def read_file(path: str | Path, most_bytes: int, *, owner: int | None, folder: int | None = None) -> bytes:
    """Read a regular file.

    Args:
        path: of the file; its last step is not followed.
        most_bytes: that it may have.
        owner: the number of the user whom it has to belong to; None for any.
        folder: the descriptor of the folder that `path` is relative to.

    Returns:
        Its content.

    Raises:
        OSError: as :func:`open_file` raises it, or it is greater.
    """
    with open(open_file(path, owner=owner, folder=folder), "rb") as file:
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise OSError(f"{path} is greater than {most_bytes} bytes")
    return content


def write_file(path: Path, content: str, *, group: int | None) -> None:
    """Write a file into a folder that no other user can write to, in place of an earlier one.

    Args:
        path: of the file.
        content: what it shall say.
        group: the number of the group that may read it; None for the present user alone.

    Raises:
        OSError: it cannot be written.
    """
    path.unlink(missing_ok=True)
    with open(os.open(path, NEW, 0o600), "wb") as file:
        # A folder's name may be of any bytes.
        file.write(content.encode("utf-8", "surrogateescape"))
        if group is not None:
            os.fchown(file.fileno(), -1, group)
            os.fchmod(file.fileno(), 0o640)


@contextmanager
def opened_folder(path: str | Path, *steps: str, owner: int | None) -> Iterator[int | None]:
    """Open a folder that lies in a folder of another user.

    Args:
        path: of the folder above it, which no other user can replace.
        steps: the names of the folders on the way down, each of which has to be a folder and no link.
        owner: the number of the user whom each has to belong to; None for any.

    Yields:
        The descriptor; None on Windows, which cannot open folders.

    Raises:
        OSError: a step is no folder, or belongs to another user.
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
    """Open a folder in an open folder.

    Args:
        name: of the folder.
        folder: the descriptor of the one that it is in.
        owner: the number of the user whom it has to belong to; None for any.

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
    """A folder that the present user owns and no other user can write to, held open: a part of a cache.

    Args:
        path: of the folder; its last step is not followed.
        make: whether it is made where there is none.

    Raises:
        OSError: there is none, it is a link, it belongs to another user, or others may write to it.
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

        Args:
            name: of the file.

        Raises:
            OSError: there is none, it is no regular file, or it is not ours alone to write.
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
        """Read a file; of all files it is the last used, then.

        Args:
            name: of the file.
            most_bytes: that it may have.

        Raises:
            OSError: as :meth:`open` raises it, or it is greater.
        """
        with self.open(name) as file:
            content = file.read(most_bytes + 1)
        if len(content) > most_bytes:
            raise OSError(f"{name} is greater than {most_bytes} bytes")
        self.use(name)
        return content

    def use(self, name: str) -> None:
        """Note that a file has just been used, where the folder can be written to.

        Args:
            name: of the file.
        """
        # A folder that cannot be written to is not pruned, either.
        with suppress(OSError, NotImplementedError):
            if self._descriptor is None:
                os.utime(self.path / name)
            else:
                os.utime(name, dir_fd=self._descriptor, follow_symlinks=False)

    def write(self, name: str, write: Callable[[BinaryIO], object]) -> None:
        """Write a file, wholly or not at all, in place of one of that name.

        Args:
            name: of the file; what a session that is killed leaves of it, another one removes.
            write: writes to the new file.

        Raises:
            OSError: it cannot be written, or a folder has that name.
        """
        unfinished, descriptor = self._new(name)
        try:
            with open(descriptor, "wb") as file:
                write(file)
                if fcntl is not None:  # while it is open, others see by its lock that it is being written
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
            with suppress(OSError):  # no locks work here
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            # Another session may have taken it for what a killed one has left, a moment before it was locked.
            if os.fstat(descriptor).st_nlink:
                return unfinished, descriptor
            os.close(descriptor)
        raise OSError(f"other sessions remove what is written to {self.path}")

    def _replace(self, old: str, new: str) -> None:
        os.replace(self._at(old), self._at(new), src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)

    def remove(self, name: str) -> None:
        """Remove a file; one that cannot be removed, or is there no longer, is left alone.

        Args:
            name: of the file.
        """
        # Another session was faster, or the folder cannot be written to, or Windows has the file in use.
        with suppress(OSError):
            os.unlink(self._at(name), dir_fd=self._descriptor)

    def files(self) -> Iterator[tuple[str, os.stat_result]]:
        """The names of the files, and what the system knows of each; links are none.

        Raises:
            OSError: the folder cannot be read.
        """
        with os.scandir(self.path if self._descriptor is None else self._descriptor) as entries:
            for entry in entries:
                # Another session may have removed it just now.
                with suppress(FileNotFoundError):
                    status = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(status.st_mode):
                        yield entry.name, status

    def remove_unfinished(self) -> None:
        """Remove what killed sessions have left half written."""
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
                return  # its session writes it
            except OSError:
                if status.st_mtime > clock.now() - _OLD_SECONDS:
                    return
            self.remove(name)

    def close(self) -> None:
        """Let go of the folder."""
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._descriptor = None

    def __enter__(self) -> OwnFolder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
