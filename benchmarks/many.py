"""Many tests, workers and seeds: what a run takes of memory and of shared memory, and whether it fails.

Run it where there is nothing else to measure: ``python benchmarks/many.py --tests 5000 --workers 8 --seeds 20``.

It makes a project whose tests ask for different numbers of rows in turn, runs it under pytest-xdist, and looks every
second at the processes of the run: pytest, its workers, PostgreSQL. Memory is the sum of their proportional set sizes
(PSS: what several processes share is counted once), and the files of its server in ``/dev/shm``, which count as memory
and belong to no process.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_SHARED_MEMORY = Path("/dev/shm")
_SECONDS = 1.0
_MEGABYTE = 1 << 20
_DATA = re.compile(r" -D (/dev/shm/\S+)")
_PROGRAM = re.compile(r"postgres:|\S*/(?:postgres|initdb) ")

_SCHEMA = """
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE setups (
    id serial PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users,
    title text NOT NULL,
    category text NOT NULL CHECK (category IN ('overlanding', 'van-life', 'car-camping'))
);
"""

_TESTS = """
import pytest
from sqlalchemy import text

SEEDS = {seeds}
CASES = [
    pytest.param(turn, marks=pytest.mark.seed(users=5, setups=10 + turn % SEEDS)) for turn in range({tests})
]

@pytest.mark.parametrize("turn", CASES)
def test_it(seeded_connection, turn):
    assert seeded_connection.scalar(text("SELECT count(*) FROM setups")) == 10 + turn % SEEDS
    seeded_connection.execute(text("UPDATE setups SET title = 'other'"))
    seeded_connection.commit()

@pytest.mark.parametrize("turn", CASES[::{every}])
def test_own(seeded_db, turn):
    assert seeded_db.counts()["setups"] == 10 + turn % SEEDS
"""
# One in so many tests has a database of its own.
_EVERY = 20


@dataclass
class Peak:
    """The greatest sizes that were seen, in bytes.

    Attributes:
        pytest: of pytest and its workers, by PSS.
        postgres: of PostgreSQL's processes, by PSS.
        shared_memory: of the server's files in /dev/shm.
        memory: of all together.
        number: of processes.
    """

    pytest: int = 0
    postgres: int = 0
    shared_memory: int = 0
    memory: int = 0
    number: int = 0


def write_project(folder: Path, tests: int, seeds: int) -> None:
    """Write a project.

    Args:
        folder: where to.
        tests: how many tests it has.
        seeds: how many different numbers of rows they ask for.
    """
    own = tests // _EVERY
    shared = tests - own
    content = _TESTS.format(seeds=seeds, tests=shared, every=max(1, shared // own) if own else shared + 1)
    (folder / "schema.sql").write_text(_SCHEMA, "utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nsupaseed_schema = schema.sql\n", "utf-8")
    (folder / "test_many.py").write_text(content, "utf-8")


def watch(process: subprocess.Popen[str]) -> Peak:
    """Look at a run until it ends.

    Args:
        process: pytest's.

    Returns:
        What it took at most.
    """
    peak = Peak()
    ours = {process.pid}
    while process.poll() is None:
        # A process whose parent has ended is another's child, and still ours.
        ours = _with_children(ours)
        commands = {pid: _read(pid, "cmdline").replace("\0", " ") for pid in ours}
        folders = {match[1] for command in commands.values() if (match := _DATA.search(command))}
        files = sum(_size(Path(folder)) for folder in folders)
        # A process of PostgreSQL shows its title in place of its command line.
        servers = {pid for pid, command in commands.items() if _PROGRAM.match(command)}
        pytest = sum(map(_proportional, ours - servers))
        postgres = sum(map(_proportional, servers))
        peak.pytest, peak.postgres = max(peak.pytest, pytest), max(peak.postgres, postgres)
        peak.shared_memory = max(peak.shared_memory, files)
        peak.memory = max(peak.memory, pytest + postgres + files)
        peak.number = max(peak.number, len(ours))
        time.sleep(_SECONDS)
    return peak


def _with_children(pids: set[int]) -> set[int]:
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            status = _read(int(entry), "stat")
            if status:
                parents[int(entry)] = int(status.rpartition(")")[2].split()[1])
    found = {pid for pid in pids if pid in parents}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _proportional(pid: int) -> int:
    lines = _read(pid, "smaps_rollup").splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _read(pid: int, name: str) -> str:
    try:
        return Path("/proc", str(pid), name).read_text("utf-8", "replace")
    except OSError:  # it ended while we looked
        return ""


def _size(folder: Path) -> int:
    size = 0
    for inner, _, names in os.walk(folder):
        for name in names:
            try:
                size += os.lstat(os.path.join(inner, name)).st_blocks * 512
            except OSError:  # it was dropped while we looked
                continue
    return size


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark.

    Args:
        arguments: of the command line.

    Returns:
        The exit status of pytest.
    """
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, default in (("tests", 5000), ("workers", 8), ("seeds", 20)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--postgres", default="auto", help="as --supaseed-postgres")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="many-") as name:
        folder = Path(name)
        write_project(folder, given.tests, given.seeds)
        free = os.statvfs(_SHARED_MEMORY)
        began = time.monotonic()
        command = [sys.executable, "-m", "pytest", "-q", "-n", str(given.workers), "--tb=short"]
        with open(folder / "output", "w+", encoding="utf-8") as output:
            process = subprocess.Popen(
                [*command, f"--supaseed-postgres={given.postgres}"], cwd=folder, stdout=output, text=True
            )
            peak = watch(process)
            output.seek(0)
            lines = output.read().splitlines()
        seconds = time.monotonic() - began
    print("\n".join(lines[-20:] if process.returncode else lines[-1:]))
    share = peak.shared_memory / (free.f_bavail * free.f_frsize)
    print(f"{given.tests} tests, {given.workers} workers, {given.seeds} seeds: {seconds:.0f} s")
    print(
        f"peak memory {peak.memory / _MEGABYTE:.0f} MB of {peak.number} processes (PSS of pytest "
        f"{peak.pytest / _MEGABYTE:.0f} MB, of PostgreSQL {peak.postgres / _MEGABYTE:.0f} MB, and its files); "
        f"peak of /dev/shm {peak.shared_memory / _MEGABYTE:.0f} MB, {share:.1%} of what was free"
    )
    return process.returncode


if __name__ == "__main__":
    sys.exit(main())
