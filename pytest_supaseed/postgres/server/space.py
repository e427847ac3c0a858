"""Memory and disk space for a throwaway server: how much there is, where a database goes, and errors for a lack of it.

Before the server is created, its needs are estimated (:func:`fits_into_memory`, :func:`wanted_bytes`): the
server, a template for the schema and for each seed, and clones of the templates. Afterwards :class:`Room`
asks the file systems before each new database, since they know of the files of other processes, too.
"""

from __future__ import annotations

import enum
import errno
import functools
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pytest_supaseed.errors import NoRoomError
from pytest_supaseed.notation import notation

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 our folder in it has a random name and mode 0700
# The folder, in one of the run's on disk, of databases that do not fit into memory.
OVERFLOWING = "databases"
MEGABYTE = 1 << 20
# A new database has 7.5 MB of catalogs.
DATABASE_BYTES = 8 * MEGABYTE
# A new cluster has 30 MB including its WAL, which may grow to 64 MB.
_SERVER_BYTES = 96 * MEGABYTE
# A server with a template of the schema, one of a seed, a clone of the latter, and the reserve.
LEAST_BYTES = 56 * MEGABYTE
# Left free on any file system: PostgreSQL panics when its WAL cannot grow.
RESERVE_BYTES = 4 * MEGABYTE
# A new cluster has 1,000 files, and a database 300.
_FEW_FILES = 2000
# PostgreSQL panics when a checkpoint runs out of space, and DROP DATABASE requests a checkpoint.
_CHECKPOINT_BYTES = 2 * MEGABYTE
# How many clones all processes of a run have in memory, together.
_COPIES = 16
# The divisors for a run's share of what is available at its beginning: other processes need memory, and so do
# the tests.
_SHARE_OF_FILE_SYSTEM, _SHARE_OF_MEMORY = 2, 4
# Below these limits PostgreSQL gets smaller buffers, and a smaller WAL.
_SCARCE_MEMORY_BYTES = 1024 * MEGABYTE
# With the data files in memory, each page in shared_buffers is there twice.
_SMALL_BUFFERS = "32MB"
_SCARCE_ROOM_BYTES = 256 * MEGABYTE
_FULL = tuple(os.strerror(number) for number in (errno.ENOSPC, errno.EDQUOT))
_NUMBERS = (errno.ENOSPC, errno.EDQUOT)
_CGROUPS = Path("/sys/fs/cgroup")
# An unlimited cgroup of version 1 shows the greatest number of pages.
_UNLIMITED = 1 << 60


class Place(enum.Enum):
    """The location of a new database."""

    BESIDE = "where the server is"
    OVERFLOW = "in the other folder, which is on disk"
    NOWHERE = "there is no room"


def free_bytes(path: Path) -> int:
    """Return how much an unprivileged user can write to the file system of a folder.

    Raises:
        OSError: there is no such folder.
    """
    return shutil.disk_usage(path).free


def available_memory() -> int | None:
    """Return the memory available without swapping or killing, in bytes; None where the system does not tell.

    It is the minimum of what the machine has and what each cgroup of this process allows.
    """
    found = [
        available
        for available in (_of_machine(), *(_of_group(*names) for names in _groups()))
        if available is not None
    ]
    return min(found, default=None)


def _of_machine() -> int | None:
    for line in _lines(Path("/proc/meminfo")):
        name, _, value = line.partition(":")
        if name == "MemAvailable":
            return int(value.split()[0]) * 1024
    return None


def _of_group(limit: Path, used: Path, statistics: Path, reclaimable: str) -> int | None:
    [most] = _lines(limit) or ["max"]
    [current] = _lines(used) or [""]
    if not most.isdecimal() or not current.isdecimal():
        return None
    # The kernel counts its reclaimable page cache as used.
    forgettable = next(
        (int(line.split()[1]) for line in _lines(statistics) if line.startswith(f"{reclaimable} ")), 0
    )
    return max(0, int(most) - max(0, int(current) - forgettable))


@functools.cache
def _groups() -> tuple[tuple[Path, Path, Path, str], ...]:
    """The files of this process's cgroups, of both versions, that have a limit.

    A limit that is set later is not seen: reading a cgroup's usage costs more than everything else here.
    """
    found = []
    for line in _lines(Path("/proc/self/cgroup")):
        _, controllers, name = line.split(":", 2)
        if controllers == "":
            mounted, names, reclaimable = (
                _CGROUPS,
                ("memory.max", "memory.current", "memory.stat"),
                "inactive_file",
            )
        elif "memory" in controllers.split(","):
            mounted, names, reclaimable = (
                _CGROUPS / "memory",
                ("memory.limit_in_bytes", "memory.usage_in_bytes", "memory.stat"),
                "total_inactive_file",
            )
        else:
            continue
        # In a container the name may be the one on the host, while the cgroup is mounted at the root.
        for folder in _with_parents(mounted, name):
            limit, used, statistics = (folder / each for each in names)
            [most] = _lines(limit) or ["max"]
            if most.isdecimal() and int(most) < _UNLIMITED:
                found.append((limit, used, statistics, reclaimable))
    return tuple(found)


def _with_parents(mounted: Path, name: str) -> Iterator[Path]:
    parts = [part for part in name.split("/") if part not in ("", "..")]
    for count in range(len(parts), -1, -1):
        yield mounted.joinpath(*parts[:count])


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("ascii").splitlines()
    except (OSError, ValueError):
        return []


def _server_and_templates(seeds: int, size: int) -> int:
    return _SERVER_BYTES + (1 + seeds) * size


def wanted_bytes(seeds: int) -> int:
    """Return how many free bytes a server on disk should find.

    Args:
        seeds: how many different seeds the run asks for.
    """
    return _server_and_templates(seeds, DATABASE_BYTES) + _COPIES * DATABASE_BYTES


def fits_into_memory(seeds: int) -> bool:
    """Whether a server with a template for each seed may live in shared memory.

    Args:
        seeds: how many different seeds the run asks for.
    """
    if not SHARED_MEMORY.is_dir():
        return False
    most = _most(free_bytes(SHARED_MEMORY), available_memory())
    return most >= _server_and_templates(seeds, DATABASE_BYTES)


def _most(free: int, memory: int | None) -> int:
    """How much of shared memory a run may take."""
    share = free // _SHARE_OF_FILE_SYSTEM
    return share if memory is None else min(share, memory // _SHARE_OF_MEMORY)


@dataclass(frozen=True)
class Room:
    """How much a run may take of the file systems of its server.

    Attributes:
        folder: the folder of the server's data.
        in_memory: whether that is in shared memory.
        overflow: the tablespace folder on disk for databases that do not fit into memory; None for none.
        seeds: how many different seeds the run asks for.
        free: the free bytes of `folder`'s file system at the beginning of the run.
        memory: the available bytes of memory at that time; None where the system does not tell.
    """

    folder: str
    in_memory: bool
    overflow: str | None
    seeds: int
    free: int
    memory: int | None

    @classmethod
    def measured(cls, folder: Path, overflow: Path | None, seeds: int) -> Room:
        """Measure the room for a server that is about to be created.

        Args:
            folder: where it will be; the parent exists.
            overflow: the folder for databases that do not fit into memory; None for none.
            seeds: how many different seeds the run asks for.
        """
        return cls(
            str(folder),
            folder.parent == SHARED_MEMORY,
            None if overflow is None else str(overflow),
            seeds,
            free_bytes(folder.parent),
            available_memory(),
        )

    def notes(self) -> Mapping[str, Any]:
        """Return the fields for JSON, from which another process makes the same object."""
        return asdict(self)

    def settings(self) -> dict[str, str]:
        """Return PostgreSQL settings for little space, little memory, or files in memory."""
        settings = {}
        if self.in_memory or (self.memory is not None and self.memory < _SCARCE_MEMORY_BYTES):
            settings["shared_buffers"] = _SMALL_BUFFERS
        if self.free < _SCARCE_ROOM_BYTES:
            settings["max_wal_size"] = "8MB"
        return settings

    def place(self, size: int, *, lasting: bool) -> Place:
        """Choose where a new database goes.

        Args:
            size: its bytes.
            lasting: whether it is a template, which serves all processes of the run and later runs.
        """
        here = free_bytes(Path(self.folder))
        if not self.in_memory:
            return Place.BESIDE if here - size >= RESERVE_BYTES else Place.NOWHERE
        most = _most(self.free, self.memory)
        if not lasting:
            each = max(size, DATABASE_BYTES)
            most = min(most, _server_and_templates(self.seeds, each) + _COPIES * each)
        memory = available_memory()
        if here - size >= max(self.free - most, RESERVE_BYTES) and (
            memory is None or self.memory is None or memory - size >= self.memory // 2
        ):
            return Place.BESIDE
        overflow = self.overflow
        enough = overflow is not None and free_bytes(Path(overflow)) - size >= RESERVE_BYTES
        return Place.OVERFLOW if enough else Place.NOWHERE

    def allows_drops(self) -> bool:
        """Whether there is enough space for the checkpoint of a DROP DATABASE."""
        return free_bytes(Path(self.folder)) >= _CHECKPOINT_BYTES

    def overflowed(self, oid: int) -> bool:
        """Whether the database with an OID is in the folder on disk."""
        return self.overflow is not None and any(Path(self.overflow).glob(f"PG_*/{oid}"))

    def refusal(self, what: str) -> NoRoomError:
        """Return the error for a lack of space.

        Args:
            what: could not be done: the beginning of the message.
        """
        return NoRoomError(f"{what}: {shortage(Path(self.overflow or self.folder), Path(self.folder))}")


def is_shortage(problem: BaseException | str) -> bool:
    """Whether something failed for lack of disk space.

    Args:
        problem: an error, whose causes are examined, too; or the output of a program.
    """
    if isinstance(problem, str):
        return any(words in problem for words in _FULL)
    seen: set[int] = set()
    error: BaseException | None = problem
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, NoRoomError) or (isinstance(error, OSError) and error.errno in _NUMBERS):
            return True
        if is_shortage(str(error)):
            return True
        error = error.__cause__ or error.__context__
    return False


def shortage(folder: Path, datadir: Path | None = None) -> str:
    """Describe which file system is full, what this run has there, and what helps.

    Args:
        folder: where something could not be written.
        datadir: of the server, whose databases are counted; None where there is none yet.
    """
    place = next((each for each in (folder, *folder.parents) if each.is_dir()), folder)
    total = shutil.disk_usage(place).total
    # Windows has no statvfs, and no limit on the number of files.
    status = os.statvfs(place) if hasattr(os, "statvfs") else None
    mounted, free = _mounted(place), free_bytes(place)
    limit = ""
    if status is not None and status.f_files and status.f_favail < _FEW_FILES:
        limit = f", and no more than {status.f_favail} files can be made"
    elif free >= LEAST_BYTES:
        limit = ", and a quota may allow less"
    ours = ""
    if datadir is not None:
        # Includes the databases in the tablespace folder.
        sizes = [
            _size(each) for root in {datadir, folder} for each in _databases(root) if each.name.isdecimal()
        ]
        if sizes:
            ours = f" This run's databases are {len(sizes)}, of {megabytes(sum(sizes))} in all."
    return (
        f"the file system {mounted} with the folder {place} has too little room: {megabytes(free)} of "
        f"{megabytes(total)} are free{limit}.{ours}\n"
        "Make room there, or set the environment variable TMPDIR to a folder with more; or have fewer workers of "
        "pytest-xdist, which share fewer databases; or "
        f"{notation().other_server}"
    )


def _mounted(folder: Path) -> Path:
    real = folder.resolve()
    return next((each for each in (real, *real.parents) if each.is_mount()), real)


def _databases(root: Path) -> Iterator[Path]:
    for pattern in ("base/*", "data/base/*", "PG_*/*"):
        yield from root.glob(pattern)


def _size(folder: Path) -> int:
    try:
        with os.scandir(folder) as entries:
            return sum(entry.stat(follow_symlinks=False).st_size for entry in entries)
    except OSError:
        # The database has just been dropped.
        return 0


def megabytes(size: int) -> str:
    """Return a number of bytes in megabytes, for messages."""
    return f"{size / MEGABYTE:.1f} MB"
