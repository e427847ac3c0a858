"""Kills sessions and servers at random moments, and counts what is left after at most five seconds.

    python benchmarks/kills.py --times 200
    python benchmarks/kills.py --times 10 --seed 7 --places throwaway --victims postmaster,watchdog

A kill is one process of a session: the controller (pytest itself), a worker of pytest-xdist, the postmaster, one of the
server's processes, or the watchdog. It comes at a random moment of a phase: while the session starts (with nothing kept
from earlier sessions, or with something), while it seeds, while its tests run, or while it ends and keeps its cluster
(at a URL: drops its databases). The server is a throwaway one, also one that keeps databases of failing tests
(``--supaseed-keep``), or one at a URL: its postmaster is run again when it was killed. Where the victim was not the
session, the session goes on, and is let to.

After the end of the session it is counted what there is, until nothing is left or five seconds have passed: its
processes, folders in ``/dev/shm`` and the folder for temporary files, System V segments that no process uses, and its
databases on the server at the URL. Then another session has to pass, whose tests count their rows; and after it nothing
may be left either, nor a half-written pack. Where databases are kept, it is counted after ``pytest --supaseed-drop``.
Some kills are at work at once, each in a project of its own; where the system allows it (as root) their segments and
``/dev/shm`` are in namespaces of their own, so that nothing of other sessions is counted. Elsewhere those are counted
that belong to processes which were seen.
"""

from __future__ import annotations

import argparse
import ctypes
import itertools
import multiprocessing
import os
import queue
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

import psycopg2
from sqlalchemy import URL

from pytest_supaseed.postgres.databases.maintenance import libpq_url
from pytest_supaseed.postgres.server.programs import find
from pytest_supaseed.postgres.server.server import Server, start_server

VICTIMS = ("controller", "worker", "postmaster", "backend", "watchdog")
PHASES = ("cold", "warm", "seeding", "testing", "packing")
PLACES = ("throwaway", "keep", "url")
AFTER_SECONDS = 5.0
# A session that lasts longer than that hangs.
SESSION_SECONDS = 120.0
# Sessions in which a kill that came too late is tried again.
TRIES = 8
# A kill comes at most so long after its phase has begun.
SPAN_SECONDS = {"cold": 2.5, "warm": 1.5, "seeding": 0.6, "testing": 1.0, "packing": 0.3}
# The environment variable that says how often each test of a session is repeated, kept's aside.
TURNS = "TURNS_OF_KILLS"
COUNTED = ("processes", "folders", "segments", "databases")
COLUMNS = ("kills", "missed", "hung", *COUNTED, "next failed", "left after the next")
FAILURES = COLUMNS[2:]
ROOT = Path(__file__).resolve().parents[1]
SHARED_MEMORY = Path("/dev/shm")
# Linux's, for unshare() and mount().
CLONE_NEWNS, CLONE_NEWIPC, MS_REC, MS_PRIVATE = 0x20000, 0x8000000, 0x4000, 0x40000
SCHEMA = """
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE setups (id serial PRIMARY KEY, user_id int NOT NULL REFERENCES users, title text NOT NULL);
"""
TESTS = """
import os
import pathlib

import pytest

pytestmark = pytest.mark.seed_options(max_records=100_000)
turns = pytest.mark.parametrize("turn", range(int(os.environ["TURNS_OF_KILLS"])))


def begun(phase):
    pathlib.Path(f"phase-{phase}").touch()


def slow(faker):
    begun("seeding")
    return faker.name()


@pytest.fixture(scope="session", autouse=True)
def _last(_supaseed_provided):
    yield
    # Torn down before what it asks for, which then ends and keeps its cluster.
    begun("packing")


@pytest.fixture(scope="session")
def supaseed_generators():
    return {"setups.title": slow}


@pytest.mark.parametrize("turn", range(3))
@pytest.mark.seed(users=5, setups=8)
def test_kept(seeded_connection, turn):
    seeded_connection.exec_driver_sql("DELETE FROM setups")
    assert "SUPASEED_KILLS_FAIL" not in os.environ


@turns
@pytest.mark.seed(users=50, setups=200)
def test_own(seeded_db, turn):
    begun("testing")
    assert seeded_db.counts() == {"users": 50, "setups": 200}
    assert len(seeded_db.rows("setups")) == 200


@turns
@pytest.mark.seed(users=5, setups=8)
def test_shared(seeded_session, seeded_connection, turn):
    begun("testing")
    for table, count in (("users", 5), ("setups", 8)):
        assert seeded_connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == count
"""


@dataclass(frozen=True)
class Case:
    """One kill.

    Attributes:
        number: of the kill, from 1.
        victim: which process is killed.
        phase: when.
        place: which server the session works on.
        moment: when in the phase, from 0 to 1; it also decides whether there are workers, and which of several
            processes it is.
    """

    number: int
    victim: str
    phase: str
    place: str
    moment: float


@dataclass
class Result:
    """What one kill has left.

    Attributes:
        case: the kill.
        left: by column of the table.
        output: the end of what the next session printed, where it did not pass; or this one, where it was not killed.
    """

    case: Case
    left: Counter[str] = field(default_factory=Counter)
    output: str = ""


def main() -> int:
    """Kill, count and print; the exit status is 0 where nothing was left and all next sessions passed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**31))
    parser.add_argument("--victims", default=",".join(VICTIMS))
    parser.add_argument("--phases", default=",".join(PHASES))
    parser.add_argument("--places", default=",".join(PLACES))
    parser.add_argument("--server", default="auto", help="auto, embedded, system, or a folder")
    parser.add_argument("--at-once", type=int, default=max(1, min(4, os.cpu_count() or 1)))
    parser.add_argument("--turns", type=int, default=20, help="how often a session repeats its tests")
    arguments = parser.parse_args()
    # For the sessions, which inherit it.
    os.environ[TURNS] = str(arguments.turns)
    print(f"seed {arguments.seed}", flush=True)
    choices = [value.split(",") for value in (arguments.victims, arguments.phases, arguments.places)]
    cases = drawn(arguments.seed, arguments.times, choices)
    context = multiprocessing.get_context("fork")
    results: list[Result] = []
    found: multiprocessing.Queue[Result] = context.Queue()
    # All that is at work ends as with Ctrl-C, and stops its servers.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))
    lanes = [
        context.Process(target=lane, args=(cases[at :: arguments.at_once], arguments.server, found))
        for at in range(arguments.at_once)
    ]
    for each in lanes:
        each.start()
    try:
        while len(results) < len(cases):
            try:
                results.append(found.get(timeout=1))
            except queue.Empty:
                if not any(each.is_alive() for each in lanes):
                    break
                continue
            print_line(results[-1])
    finally:
        for each in lanes:
            if len(results) < len(cases):
                each.terminate()
            each.join()
    print_table(results)
    failed = len(results) < len(cases) or any(each.left[name] for each in results for name in FAILURES)
    return int(failed)


def drawn(seed: int, times: int, choices: Sequence[Sequence[str]]) -> list[Case]:
    """The kills, of each combination equally many, as far as that is possible."""
    chance = random.Random(seed)
    combinations: list[tuple[str, ...]] = []
    while len(combinations) < times:
        each = list(itertools.product(*choices))
        chance.shuffle(each)
        combinations += each
    return [
        Case(number, victim, phase, place, chance.random())
        for number, (victim, phase, place) in enumerate(combinations[:times], 1)
    ]


def lane(cases: Sequence[Case], server: str, found: multiprocessing.Queue[Result]) -> None:
    """One kill after another."""
    alone = in_own_namespaces()
    with tempfile.TemporaryDirectory() as kept, start_server(find(server)) as outside:
        warm = Path(kept, "warm")
        environment = project(warm, server, None)
        whole_session(["-q"], warm, environment)
        for case in cases:
            found.put(killed(case, server, outside, warm, alone=alone))


def killed(case: Case, server: str, outside: Server, warm: Path, *, alone: bool) -> Result:
    """What a kill has left; where it came too late, the same one comes earlier in another session."""
    for _ in range(TRIES):
        with tempfile.TemporaryDirectory() as folder:
            result = Kill(case, server, outside, warm, Path(folder), alone=alone).result()
        if not result.left["missed"]:
            break
        case = replace(case, moment=case.moment / 2)
    return result


def in_own_namespaces() -> bool:
    """Have this process see its own segments and its own /dev/shm only; False where that cannot be."""
    library = ctypes.CDLL(None, use_errno=True)
    if sys.platform != "linux" or library.unshare(CLONE_NEWNS | CLONE_NEWIPC) != 0:
        return False
    if library.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None) != 0:
        raise OSError(ctypes.get_errno(), "mount")
    if library.mount(b"tmpfs", b"/dev/shm", b"tmpfs", 0, b"mode=1777") != 0:
        raise OSError(ctypes.get_errno(), "mount")
    return True


class Kill:
    """A session of which one process is killed, and what it has left.

    Args:
        case: which process, and when.
        server: the programs.
        outside: the server at the URL.
        warm: a project in which a session has kept what later ones may use.
        here: an empty folder.
        alone: whether all segments, and all that is in /dev/shm, are of this kill or of `outside`.
    """

    def __init__(
        self, case: Case, server: str, outside: Server, warm: Path, here: Path, *, alone: bool
    ) -> None:
        self.case = case
        self.outside = outside if case.place == "url" else None
        self.keeps = case.place == "keep"
        self.here = here
        self.alone = alone
        if case.phase != "cold":
            shutil.copytree(warm / ".pytest_cache", here / ".pytest_cache")
        self.environment = project(here, server, url_of(outside) if case.place == "url" else None)
        if case.phase in ("seeding", "packing"):
            # Another seed, which no session has made and kept.
            self.environment["PYTEST_ADDOPTS"] += f" --supaseed-seed={int(case.moment * 1e6) + 1}"
        # Of folders and processes of servers, as they are seen.
        self.folders: set[str] = set()
        self.seen: set[int] = set()
        self.there = self.shared_memory(), unused_segments(), self.databases()

    def result(self) -> Result:
        """Run the session, kill, and count."""
        result = Result(self.case)
        workers = self.case.victim == "worker" or self.case.moment < 0.5
        printed = self.here / "output"
        with printed.open("wb") as output:
            options = [*(["-n", "2"] if workers else []), *(["--supaseed-keep"] if self.keeps else [])]
            environment = {**self.environment, **({"SUPASEED_KILLS_FAIL": "1"} if self.keeps else {})}
            session = victim_session(["-q", *options], self.here, environment, output)
        try:
            result.left["kills" if self.kill(session) else "missed"] += 1
            until = time.monotonic() + SESSION_SECONDS
            while session.poll() is None and time.monotonic() < until:
                self.look()
                time.sleep(0.05)
        finally:
            result.left["hung"] += session.poll() is None
            session.kill()
            session.wait()
        if result.left["missed"]:
            # It ended before its phase began, or while it was looked for a victim.
            result.output = printed.read_text(errors="replace")[-3000:]
        if self.keeps:
            time.sleep(AFTER_SECONDS)
            self.look()
            self.drop(result)
        result.left.update(self.left_at_last())
        try:
            after = whole_session(["-q"], self.here, self.environment)
        except subprocess.TimeoutExpired:
            result.left["next failed"] += 1
            result.output = "it did not end"
            return result
        if after.returncode != 0 or f"{3 + 2 * int(self.environment[TURNS])} passed" not in after.stdout:
            result.left["next failed"] += 1
            result.output = after.stdout[-3000:]
        result.left["left after the next"] += sum(self.left().values()) + len(self.unfinished())
        return result

    def drop(self, result: Result) -> None:
        """Have what was kept dropped, as its user would who is told of it."""
        dropped = whole_session(["--supaseed-drop"], self.here, self.environment)
        if dropped.returncode != 0:
            result.left["next failed"] += 1
            result.output = dropped.stdout[-3000:]

    def kill(self, session: subprocess.Popen[bytes]) -> bool:
        """Kill the victim at its moment; False where the session has ended by then, or has no such process."""
        if self.case.phase not in ("cold", "warm"):
            begun = self.here / f"phase-{self.case.phase}"
            while not begun.exists():
                if session.poll() is not None:
                    return False
                time.sleep(0.002)
        time.sleep(self.case.moment * SPAN_SECONDS[self.case.phase])
        until = time.monotonic() + SESSION_SECONDS
        while session.poll() is None and time.monotonic() < until:
            self.look()
            found = self.victims(session)
            if found:
                pid = found[int(self.case.moment * 1e6) % len(found)]
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
                if self.outside is not None and self.case.victim == "postmaster":
                    self.run_again(self.outside)
                return True
            time.sleep(0.01)
        return False

    def run_again(self, server: Server) -> None:
        """Do what the user does whose server was killed."""
        assert server.lifecycle.process is not None
        server.lifecycle.process.wait()
        server.lifecycle.run_again()
        server.lifecycle.ready()

    def victims(self, session: subprocess.Popen[bytes]) -> list[int]:
        """The processes of the session, or of its server, that play the part."""
        if self.case.victim == "controller":
            return [session.pid]
        if self.outside is not None and self.case.victim in ("postmaster", "backend"):
            assert self.outside.lifecycle.process is not None
            postmaster = self.outside.lifecycle.process.pid
            if self.case.victim == "postmaster":
                return [postmaster]
            return [pid for pid, command in children(postmaster) if command.startswith("postgres: ")]
        found = []
        started = {pid for pid, _ in children(session.pid)}
        for pid, command in self.processes():
            name = os.path.basename(command.split("\0")[0])
            plays = {
                # Watchdogs do without packages.
                "worker": pid in started and name.startswith("python") and "\0-S\0" not in command,
                "watchdog": "watchdog.py" in command,
                "postmaster": name == "postgres" and "\0-D\0" in command and "\0-c\0" in command,
                "backend": command.startswith("postgres: "),
            }
            if plays[self.case.victim]:
                found.append(pid)
        return found

    def look(self) -> None:
        """Take note of folders and of servers."""
        for pid, command in self.processes():
            self.seen.add(pid)
            for each in command.split("\0"):
                if os.path.basename(each).startswith("supaseed-"):
                    self.folders.add(each)

    def processes(self) -> Iterator[tuple[int, str]]:
        """The processes of the session, with their command lines; no zombies.

        They are known by the folder of the package, or of the server, in their command lines, by the project's name in
        their environment, which most of them inherit, or by the folder in which they work.
        """
        package, marker = str(self.here), f"SUPASEED_KILLS={self.here}\0".encode()
        inside = tuple(f"{folder}/" for folder in self.folders)
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                command = os.fsdecode(Path("/proc", entry, "cmdline").read_bytes())
                environment = Path("/proc", entry, "environ").read_bytes()
                folder = os.readlink(f"/proc/{entry}/cwd")
            except OSError:  # it ended, or it is another user's
                continue
            ours = package in command or marker in environment or folder == package
            if command and (ours or (inside and f"{folder}/".startswith(inside))):
                yield int(entry), command

    def left_at_last(self) -> Counter[str]:
        """What there is of the session five seconds from now, or nothing as soon as there is nothing."""
        until = time.monotonic() + AFTER_SECONDS
        left = self.left()
        while left.total() and time.monotonic() < until:
            time.sleep(0.1)
            self.look()
            left = self.left()
        return left

    def left(self) -> Counter[str]:
        """What there is of the session now."""
        shared_memory, segments, databases = self.there
        folders = self.shared_memory() - shared_memory
        folders |= {str(path) for path in (self.here / "tmp").glob("supaseed-*")}
        folders |= set(filter(os.path.exists, self.folders))
        return Counter({
            "processes": len(list(self.processes())),
            "folders": len(folders),
            "segments": len([
                number
                for number, creator in unused_segments().items()
                if number not in segments and (self.alone or creator in self.seen)
            ]),
            "databases": len(self.databases() - databases),
        })  # fmt: skip

    def shared_memory(self) -> set[str]:
        """What is in /dev/shm, where nobody else is."""
        return {str(path) for path in SHARED_MEMORY.iterdir()} if self.alone else set()

    def unfinished(self) -> list[Path]:
        """What a session has begun to keep for later ones, and has not finished."""
        return list(self.here.glob(".pytest_cache/d/supaseed/**/*.tmp"))

    def databases(self) -> set[str]:
        """The databases on the server at the URL."""
        return databases_of(self.outside) if self.outside is not None else set()


def victim_session(
    arguments: Sequence[str], here: Path, environment: Mapping[str, str], output: BinaryIO
) -> subprocess.Popen[Any]:
    """Start a session of which a process will be killed."""
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=here,
        env=environment,
        stdout=output,
        stderr=output,
        start_new_session=True,
    )


def whole_session(
    arguments: Sequence[str], here: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a session that is not killed, and return what it printed, errors included."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=here,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SESSION_SECONDS,
    )


def children(parent: int) -> Iterator[tuple[int, str]]:
    """The processes that a process has started, with their command lines; no zombies."""
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                status = Path("/proc", entry, "stat").read_text()
                command = os.fsdecode(Path("/proc", entry, "cmdline").read_bytes())
            except OSError:  # it ended
                continue
            if command and int(status.rpartition(")")[2].split()[1]) == parent:
                yield int(entry), command


def unused_segments() -> dict[str, int]:
    """The System V segments that no process uses, and which process has made each."""
    lines = Path("/proc/sysvipc/shm").read_text().splitlines()
    names = lines[0].split()
    segments = [dict(zip(names, line.split(), strict=False)) for line in lines[1:]]
    return {each["shmid"]: int(each["cpid"]) for each in segments if each["nattch"] == "0"}


def project(here: Path, server: str, url: URL | None) -> dict[str, str]:
    """Make a project, and the environment for its sessions, whose folders are in it."""
    (here / "tmp").mkdir(parents=True, exist_ok=True)
    here.chmod(0o755)
    (here / "tmp").chmod(0o1777)
    (here / "schema.sql").write_text(SCHEMA)
    (here / "pytest.ini").write_text("[pytest]\nsupaseed_schema = schema.sql\n")
    (here / "test_kills.py").write_text(TESTS)
    # By this path in their command lines watchdogs are known, whose environment has nothing of the session's.
    (here / "package").mkdir()
    (here / "package" / "pytest_supaseed").symlink_to(ROOT / "pytest_supaseed")
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "SUPASEED"))
    }
    return {
        **inherited,
        "TMPDIR": str(here / "tmp"),
        "SUPASEED_POSTGRES": server if url is None else libpq_url(url),
        "SUPASEED_KILLS": str(here),
        "PYTHONPATH": str(here / "package"),
        "PYTHONDONTWRITEBYTECODE": "1",
        # Such as the plugins that these sessions do without.
        "PYTEST_ADDOPTS": os.environ.get("PYTEST_ADDOPTS", ""),
    }


def url_of(server: Server) -> URL:
    """The URL of a server of ours, as if it were somebody else's."""
    return URL.create(
        "postgresql+psycopg2",
        username=server.user,
        database="postgres",
        query={"host": server.host, "port": str(server.port)},
    )


def databases_of(server: Server) -> set[str]:
    """The databases on a server, which may be recovering."""
    until = time.monotonic() + SESSION_SECONDS
    while True:
        try:
            connection = psycopg2.connect(libpq_url(url_of(server)))
            break
        except psycopg2.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database")
            return {name for (name,) in cursor.fetchall()}
    finally:
        connection.close()


def print_line(result: Result) -> None:
    """Print what one kill has left."""
    case = result.case
    left = ", ".join(f"{name} {count}" for name, count in result.left.items() if name != "kills" and count)
    print(
        f"{case.number:4} {case.victim:10} {case.phase:8} {case.place:9} {case.moment:.3f}  {left or 'nothing left'}",
        flush=True,
    )
    if result.output:
        print("\n".join(f"     | {line}" for line in result.output.splitlines()), flush=True)


def print_table(results: Sequence[Result]) -> None:
    """Print what was left, by place and victim."""
    print(f"\n{'':22}" + "".join(f"{name:>{len(name) + 2}}" for name in COLUMNS))
    total: Counter[str] = Counter()
    for place, victim in itertools.product(PLACES, VICTIMS):
        found: Counter[str] = Counter()
        for each in results:
            if (each.case.place, each.case.victim) == (place, victim):
                found.update(each.left)
        if found:
            total.update(found)
            print(f"{place:10} {victim:11}" + "".join(f"{found[name]:>{len(name) + 2}}" for name in COLUMNS))
    print(f"{'together':22}" + "".join(f"{total[name]:>{len(name) + 2}}" for name in COLUMNS))


if __name__ == "__main__":
    sys.exit(main())
