"""How much room there is for a throwaway server, in memory and on disk, and what to say where there is too little.

What a run will hold is counted before its server is made: the server itself, a template for the schema and for each
seed, and copies of them. From then on the file systems are asked before each database that is made, for they know
of everything that takes room, of other processes, too.
"""

from __future__ import annotations

import enum
import errno
import functools
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pytest_supaseed.errors import NoRoomError

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 our folder in it has a random name and mode 0700


# In a folder of ours on disk: the databases for which there is no room in memory.
OVERFLOWING = "databases"


MEGABYTE = 1 << 20


# A new database has 7.5 MB of catalogs.
DATABASE_BYTES = 8 * MEGABYTE


# A new cluster has 30 MB with its write-ahead log, which may grow to 64 MB.
_SERVER_BYTES = 96 * MEGABYTE


# With a template of the schema, one of a seed, a copy of that, and what stays free.
LEAST_BYTES = 56 * MEGABYTE


# What stays free on any file system: without room for its write-ahead log PostgreSQL dies.
RESERVE_BYTES = 4 * MEGABYTE


# A new cluster has 1,000 files, and a database 300.
_FEW_FILES = 2000


# Without that, PostgreSQL dies of a checkpoint, and to drop a database takes one.
_CHECKPOINT_BYTES = 2 * MEGABYTE


# How many copies of templates all processes of a run have in memory, together.
_COPIES = 16


# What a run may take of the memory that there is when it begins: others need some, and its tests themselves.
_SHARE_OF_FILE_SYSTEM, _SHARE_OF_MEMORY = 2, 4


# With less memory PostgreSQL has smaller buffers, with less room a smaller write-ahead log.
_SCARCE_MEMORY_BYTES = 1024 * MEGABYTE


# Where the files are in memory themselves, a page in PostgreSQL's buffers is there twice.
_SMALL_BUFFERS = "32MB"


_SCARCE_ROOM_BYTES = 256 * MEGABYTE


_FULL = tuple(os.strerror(number) for number in (errno.ENOSPC, errno.EDQUOT))


_NUMBERS = (errno.ENOSPC, errno.EDQUOT)


_CGROUPS = Path("/sys/fs/cgroup")


# A control group of version 1 without a limit has the greatest number of pages.
_UNLIMITED = 1 << 60


class Place(enum.Enum):
    """Where a new database goes."""

    BESIDE = "where the server is"
    OVERFLOW = "in the other folder, which is on disk"
    NOWHERE = "there is no room"


def free_bytes(path: Path) -> int:
    """Return how much an ordinary user can write into the file system of a folder.

    Args:
        path: the folder.

    Raises:
        OSError: there is no such folder.
    """
    status = os.statvfs(path)
    return status.f_bavail * status.f_frsize


def available_memory() -> int | None:
    """Return how much memory there is before something is swapped or killed; None where the system does not tell.

    It is the least of what the machine has and what each of the control groups that this process is in allows.
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
    # What was read from files, and may be forgotten, is counted as used.
    forgettable = next(
        (int(line.split()[1]) for line in _lines(statistics) if line.startswith(f"{reclaimable} ")), 0
    )
    return max(0, int(most) - max(0, int(current) - forgettable))


@functools.cache
def _groups() -> tuple[tuple[Path, Path, Path, str], ...]:
    """The files of the control groups of both versions that this process is in, and that have a limit.

    A limit that is set later is not seen: to read what a group uses costs more than all the rest.
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
        # In a container the name may be that of the machine outside, and the group is where it is mounted.
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
    """Return what a server on disk should find free.

    Args:
        seeds: how many different seeds the run asks for.
    """
    return _server_and_templates(seeds, DATABASE_BYTES) + _COPIES * DATABASE_BYTES


def fits_into_memory(seeds: int) -> bool:
    """Tell whether a server, and a template for each seed, may live in shared memory.

    Args:
        seeds: how many different seeds the run asks for.
    """
    if not SHARED_MEMORY.is_dir():
        return False
    most = _most(free_bytes(SHARED_MEMORY), available_memory())
    return most >= _server_and_templates(seeds, DATABASE_BYTES)


def _most(free: int, memory: int | None) -> int:
    """What a run may take of shared memory."""
    share = free // _SHARE_OF_FILE_SYSTEM
    return share if memory is None else min(share, memory // _SHARE_OF_MEMORY)


@dataclass(frozen=True)
class Room:
    """What a run may take of the file systems on which its server is.

    Attributes:
        folder: where the server's data is.
        in_memory: whether that is shared memory.
        overflow: where databases go for which there is no room in memory; None where there is no such folder.
        seeds: how many different seeds the run asks for.
        free: what the file system of `folder` had free when the run began.
        memory: what memory there was then; None where the system does not tell.
    """

    folder: str
    in_memory: bool
    overflow: str | None
    seeds: int
    free: int
    memory: int | None

    @classmethod
    def measured(cls, folder: Path, overflow: Path | None, seeds: int) -> Room:
        """Measure the room for a server that is about to be made.

        Args:
            folder: where it will be; the parent exists.
            overflow: where databases go for which there is no room in memory; None where there is no such folder.
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
        """Return what another process makes the same room of, in what JSON can hold."""
        return asdict(self)

    def settings(self) -> dict[str, str]:
        """Return PostgreSQL's settings for where there is little, or where its files take memory."""
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
            lasting: whether it is a template, which is of use to all processes of the run and to later runs.
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
        """Whether the server may survive that a database is dropped."""
        return free_bytes(Path(self.folder)) >= _CHECKPOINT_BYTES

    def overflowed(self, oid: int) -> bool:
        """Tell whether a database is in the folder on disk.

        Args:
            oid: PostgreSQL's number of the database.
        """
        return self.overflow is not None and any(Path(self.overflow).glob(f"PG_*/{oid}"))

    def refusal(self, what: str) -> NoRoomError:
        """Word that there is no room.

        Args:
            what: could not be done, as a sentence begins.
        """
        return NoRoomError(f"{what}: {shortage(Path(self.overflow or self.folder), Path(self.folder))}")


def is_shortage(problem: BaseException | str) -> bool:
    """Tell whether something failed for want of room on a disk.

    Args:
        problem: an error, whose causes count, too; or what a program has said.
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
    """Word which folder is full, what of ours is there, and what helps.

    Args:
        folder: where something could not be written.
        datadir: of the server, whose databases are counted; None where there is none yet.
    """
    place = next((each for each in (folder, *folder.parents) if each.is_dir()), folder)
    status = os.statvfs(place)
    total = status.f_blocks * status.f_frsize
    mounted, free = _mounted(place), free_bytes(place)
    limit = ""
    if status.f_files and status.f_favail < _FEW_FILES:
        limit = f", and no more than {status.f_favail} files can be made"
    elif free >= LEAST_BYTES:
        limit = ", and a quota may allow less"
    ours = ""
    if datadir is not None:
        # Of tablespaces, too.
        sizes = [
            _size(each) for root in {datadir, folder} for each in _databases(root) if each.name.isdecimal()
        ]
        if sizes:
            ours = f" This run's databases are {len(sizes)}, of {megabytes(sum(sizes))} in all."
    return (
        f"the file system {mounted} with the folder {place} has too little room: {megabytes(free)} of "
        f"{megabytes(total)} are free{limit}.{ours}\n"
        "Make room there, or set the environment variable TMPDIR to a folder with more; or have fewer workers of "
        "pytest-xdist, which share fewer databases; or name a server that runs already: "
        "--supaseed-postgres=postgresql://user:password@host:5432/postgres"
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
        # It has just been dropped.
        return 0


def megabytes(size: int) -> str:
    """Return a number of bytes as messages have it.

    Args:
        size: the number.
    """
    return f"{size / MEGABYTE:.1f} MB"
