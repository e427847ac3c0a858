"""Kills sessions and servers at random moments, and counts what is left five seconds later.

    python benchmarks/kills.py --times 200
    python benchmarks/kills.py --times 10 --seed 7 --places throwaway --victims postmaster,guardian

A kill is one process of a session: the controller (pytest itself), a worker of pytest-xdist, the postmaster, one of the
server's processes, or the guardian. It comes at a random moment of a phase: while the session starts (with nothing kept
from earlier sessions, or with something), while it seeds, while its tests run, or while it ends and keeps its cluster.
Where the victim was not the session, the session goes on, and is let to. Five seconds after the end of the session it
is counted what there is: processes and folders, System V segments that no process uses, and databases. Then another
session has to pass.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2
from sqlalchemy import URL

from pytest_supaseed.databases.database import libpq_url
from pytest_supaseed.server.binaries import find
from pytest_supaseed.server.server import Server, start_server

VICTIMS = ("controller", "worker", "postmaster", "backend", "guardian")
PHASES = ("cold", "warm", "seeding", "testing", "packing")
PLACES = ("throwaway", "url")
AFTER_SECONDS = 5.0
# A session that lasts longer than that hangs.
SESSION_SECONDS = 120.0
# A kill comes at most so long after its phase has begun.
SPAN_SECONDS = {"cold": 2.5, "warm": 1.5, "seeding": 0.6, "testing": 1.0, "packing": 0.3}
COLUMNS = ("kills", "processes", "folders", "segments", "databases", "next failed", "hung")
SCHEMA = """
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE setups (id serial PRIMARY KEY, user_id int NOT NULL REFERENCES users, title text NOT NULL);
"""
TESTS = """
import pathlib

import pytest

pytestmark = pytest.mark.seed_options(max_records=100_000)


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


@pytest.mark.parametrize("turn", range(30))
@pytest.mark.seed(users=50, setups=200)
def test_own(seeded_db, turn):
    begun("testing")
    assert seeded_db.counts() == {"users": 50, "setups": 200}


@pytest.mark.parametrize("turn", range(30))
@pytest.mark.seed(users=5, setups=8)
def test_shared(seeded_session, seeded_connection, turn):
    begun("testing")
    assert seeded_connection.exec_driver_sql("SELECT count(*) FROM setups").scalar() == 8
"""


@dataclass
class Result:
    """What one kill has left."""

    victim: str
    phase: str
    place: str
    left: Counter[str] = field(default_factory=Counter)


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
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    chance = random.Random(arguments.seed)
    choices = [tuple(value.split(",")) for value in (arguments.victims, arguments.phases, arguments.places)]
    results = []
    with start_server(find(arguments.server)) as outside, tempfile.TemporaryDirectory() as kept:
        warm = Path(kept, "warm")
        run(project(warm, arguments.server, None), warm, None)
        for number in range(arguments.times):
            victim, phase, place = (chance.choice(choice) for choice in choices)
            moment = chance.random()
            result = kill(victim, phase, place, moment, arguments.server, outside, warm)
            results.append(result)
            left = ", ".join(
                f"{name} {count}" for name, count in result.left.items() if name != "kills" and count
            )
            print(
                f"{number + 1:4} {victim:10} {phase:8} {place:9} {moment:.3f}  {left or 'nothing left'}",
                flush=True,
            )
    print_table(results)
    return int(
        any(count for each in results for name, count in each.left.items() if name not in ("kills", "missed"))
    )


def kill(
    victim: str, phase: str, place: str, moment: float, server: str, outside: Server, warm: Path
) -> Result:
    """Run a session, kill one of its processes, and count what is left."""
    result = Result(victim, phase, place)
    url = None if place == "throwaway" else url_of(outside)
    databases, segments = databases_of(outside), unused_segments()
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        if phase != "cold":
            shutil.copytree(warm / ".pytest_cache", here / ".pytest_cache")
        environment = project(here, server, url)
        if phase in ("seeding", "packing"):
            # Another seed, which no session has made and kept.
            environment["PYTEST_ADDOPTS"] = f"--supaseed-seed={int(moment * 1e6) + 1}"
        # A token of this run in the environment of all its processes: the guardian's and the server's, too.
        token = f"kills-{os.getpid()}-{moment}"
        environment["SUPASEED_KILLS"] = token
        workers = 2 if victim == "worker" or moment < 0.5 else 0
        session = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", *(["-n", "2"] if workers else [])],
            cwd=here,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            folders: set[str] = set()
            done = kill_one(session, victim, phase, moment, here, token, folders)
            result.left["missed" if not done else "kills"] += 1
            until = time.monotonic() + SESSION_SECONDS
            while session.poll() is None and time.monotonic() < until:
                folders |= folders_of(token)
                time.sleep(0.05)
        finally:
            result.left["hung"] += session.poll() is None
            session.kill()
            session.wait()
        time.sleep(AFTER_SECONDS)
        ours = list(processes_of(token))
        result.left["processes"] += len(ours)
        left = [*filter(os.path.exists, folders), *(here / "tmp").glob("supaseed-*"), *kept_unfinished(here)]
        result.left["folders"] += len(set(map(str, left)))
        result.left["segments"] += len(unused_segments() - segments)
        result.left["databases"] += len(databases_of(outside) - databases)
        environment.pop("SUPASEED_KILLS")
        result.left["next failed"] += run(environment, here, url)
        result.left["databases after the next"] += len(databases_of(outside) - databases)
    return result


def kill_one(
    session: subprocess.Popen[bytes],
    victim: str,
    phase: str,
    moment: float,
    here: Path,
    token: str,
    folders: set[str],
) -> bool:
    """Kill the victim at its moment; False where the session had ended by then, or there was no such process.

    What folders there were just before is added to `folders`.
    """
    if phase not in ("cold", "warm"):
        begun = here / f"phase-{phase}"
        while not begun.exists():
            if session.poll() is not None:
                return False
            time.sleep(0.002)
    time.sleep(moment * SPAN_SECONDS[phase])
    until = time.monotonic() + SESSION_SECONDS
    while session.poll() is None and time.monotonic() < until:
        found = victims(session, victim, token)
        folders |= folders_of(token)
        if found:
            os.kill(found[int(moment * 1e6) % len(found)], signal.SIGKILL)
            return True
        time.sleep(0.01)
    return False


def victims(session: subprocess.Popen[bytes], victim: str, token: str) -> list[int]:
    """The processes of a session that play a part."""
    if victim == "controller":
        return [session.pid]
    found = []
    for pid, command in processes_of(token):
        name = os.path.basename(command.split("\0")[0])
        plays = {
            "worker": pid != session.pid and "sys.stdin.readline" in command,
            "guardian": "guardian.py" in command,
            "postmaster": name == "postgres" and "\0-D\0" in command,
            "backend": command.startswith("postgres: "),
        }
        if plays[victim]:
            found.append(pid)
    return found


def processes_of(token: str) -> Iterator[tuple[int, str]]:
    """The processes that have a token in their environment, with their command lines; no zombies."""
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                environment = Path("/proc", entry, "environ").read_bytes()
                command = os.fsdecode(Path("/proc", entry, "cmdline").read_bytes())
            except OSError:  # it ended, or it is another user's
                continue
            if f"SUPASEED_KILLS={token}".encode() in environment and command:
                yield int(entry), command


def folders_of(token: str) -> set[str]:
    """The folders that the guardians of a session know of."""
    commands = [command.split("\0") for _, command in processes_of(token) if "guardian.py" in command]
    return {
        each for command in commands for each in command if os.path.basename(each).startswith("supaseed-")
    }


def kept_unfinished(here: Path) -> Iterator[Path]:
    """What a session has begun to keep for later ones, and has not finished."""
    return here.glob(".pytest_cache/d/supaseed/*.tmp")


def unused_segments() -> set[str]:
    """The System V segments that no process uses."""
    lines = Path("/proc/sysvipc/shm").read_text().splitlines()
    number, users = (lines[0].split().index(name) for name in ("shmid", "nattch"))
    return {line.split()[number] for line in lines[1:] if line.split()[users] == "0"}


def project(here: Path, server: str, url: URL | None) -> dict[str, str]:
    """Make a project, and the environment for its sessions, whose folders are in it."""
    (here / "tmp").mkdir(parents=True, exist_ok=True)
    here.chmod(0o755)
    (here / "tmp").chmod(0o1777)
    (here / "schema.sql").write_text(SCHEMA)
    (here / "pytest.ini").write_text("[pytest]\nsupaseed_schema = schema.sql\n")
    (here / "test_kills.py").write_text(TESTS)
    return {
        **os.environ,
        "TMPDIR": str(here / "tmp"),
        "SUPASEED_POSTGRES": server if url is None else libpq_url(url),
        "PYTHONPATH": str(Path(__file__).resolve().parents[1]),
    }


def run(environment: dict[str, str], here: Path, url: URL | None) -> int:
    """Run a session to its end; 1 where it did not pass."""
    try:
        return int(
            subprocess.run(
                [sys.executable, "-m", "pytest", "-q"],
                cwd=here,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=SESSION_SECONDS,
            ).returncode
            != 0
        )
    except subprocess.TimeoutExpired:
        return 1


def url_of(server: Server) -> URL:
    """The URL of a server of ours, as if it were somebody else's."""
    return URL.create(
        "postgresql+psycopg2",
        username=server.user,
        database="postgres",
        query={"host": server.host, "port": str(server.port)},
    )


def databases_of(server: Server) -> set[str]:
    """The databases on a server."""
    connection = psycopg2.connect(libpq_url(url_of(server)))
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database")
            return {name for (name,) in cursor.fetchall()}
    finally:
        connection.close()


def print_table(results: list[Result]) -> None:
    """Print what was left, by victim and place."""
    columns = (*COLUMNS, "databases after the next", "missed")
    print(f"\n{'':22}" + "".join(f"{name:>{len(name) + 2}}" for name in columns))
    total: Counter[str] = Counter()
    for place in PLACES:
        for victim in VICTIMS:
            found: Counter[str] = Counter()
            for each in results:
                if (each.place, each.victim) == (place, victim):
                    found.update(each.left)
            if found:
                total.update(found)
                print(
                    f"{place:10} {victim:11}" + "".join(f"{found[name]:>{len(name) + 2}}" for name in columns)
                )
    print(f"{'together':22}" + "".join(f"{total[name]:>{len(name) + 2}}" for name in columns))


if __name__ == "__main__":
    sys.exit(main())
