"""Times large seeds beside a COPY written by hand, in the same run and by turns.

Run it by hand, in a virtualenv with ``pip install -e ".[embedded]"``::

    python benchmarks/large.py --rounds 5

One throwaway server is started for the run. What is compared is whole processes: of ours a pytest session with one
test that has a database of its own with all the rows, started, seeded, counted, copied and torn down; of the peer a
Python script that makes pools of values with Faker, creates a database and the same tables, writes the same numbers
of rows by one COPY for each table, and commits. Neither starts a server. Memory is the greatest that the
pytest process ever had (VmHWM), above that of a session without a seed. Time per row is that of planning, seeding
and committing within a process. Every figure is a median.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from pytest_supaseed import pipeline
from pytest_supaseed.postgres.databases.database import Databases
from pytest_supaseed.postgres.databases.maintenance import libpq_url
from pytest_supaseed.postgres.server.external import fixture_url
from pytest_supaseed.postgres.server.programs import find
from pytest_supaseed.postgres.server.server import start_server
from pytest_supaseed.spec import SeedSpec, TableSpec

SCHEMA = """
CREATE TABLE users (
    id uuid PRIMARY KEY,
    email text NOT NULL UNIQUE,
    full_name text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TABLE setups (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users,
    title text NOT NULL,
    category text NOT NULL CHECK (category IN ('overlanding', 'van-life', 'car-camping')),
    price numeric(8, 2) NOT NULL,
    created_at timestamptz NOT NULL
);
"""
CONFTEST = """
import json, os, resource

def pytest_sessionfinish():
    try:
        lines = open("/proc/self/status").read().splitlines()
        kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    except OSError:
        kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with open(os.environ["BENCHMARK_MEMORY"], "w") as file:
        json.dump(kilobytes, file)
"""
SEEDED = """
import pytest

@pytest.mark.seed(users={users}, setups={setups})
def test_large(seeded_db):
    assert seeded_db.counts()["setups"] == {setups}
"""
EMPTY = "def test_empty(): ...\n"
# Values from pools, or with --fakes one made for each cell.
BY_HAND = """
import io, random, sys, uuid
import psycopg2
from faker import Faker

url, name, schema, users, setups, pooled = sys.argv[1:]
users, setups, pooled = int(users), int(setups), pooled == "pooled"
faker, draw = Faker(), random.Random(0)
Faker.seed(0)

def column(make, rows):
    if not pooled:
        return [make() for _ in range(rows)]
    return draw.choices([make() for _ in range(2000)], k=rows)

def moments(rows):
    return column(lambda: str(faker.date_time_between("-2y")), rows)

def uuids(rows):
    return [str(uuid.UUID(int=draw.getrandbits(128), version=4)) for _ in range(rows)]

def copy(table, *columns):
    text = "\\n".join(map("\\t".join, zip(*columns)))
    cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO(text), 65536)

maintenance = psycopg2.connect(url)
maintenance.autocommit = True
maintenance.cursor().execute(f"CREATE DATABASE {name}")
connection = psycopg2.connect(url, dbname=name)
cursor = connection.cursor()
cursor.execute(schema)
ids, people = uuids(users), column(faker.name, users)
emails = [f"{who.lower().replace(' ', '.')}{number}@example.com" for number, who in enumerate(people)]
copy("users", ids, emails, people, moments(users))
copy(
    "setups",
    uuids(setups),
    draw.choices(ids, k=setups),
    column(lambda: faker.sentence(nb_words=4), setups),
    draw.choices(("overlanding", "van-life", "car-camping"), k=setups),
    column(lambda: f"{draw.randint(500, 50000) / 100:.2f}", setups),
    moments(setups),
)
connection.commit()
connection.close()
maintenance.cursor().execute(f"DROP DATABASE {name}")
"""
_SEEDS = itertools.count(1)


def project(folder: Path, name: str, test: str) -> Path:
    """Write a project, and return its folder."""
    place = folder / name
    place.mkdir()
    (place / "schema.sql").write_text(SCHEMA, encoding="utf-8")
    (place / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (place / "test_it.py").write_text(test, encoding="utf-8")
    options = "supaseed_schema = schema.sql\nsupaseed_max_records = 100000000\n"
    (place / "pytest.ini").write_text(f"[pytest]\n{options}", encoding="utf-8")
    return place


def timed(command: list[str], **more: object) -> float:
    """Run a process, and return its seconds."""
    began = time.perf_counter()
    ended = subprocess.run(command, capture_output=True, text=True, **more)  # type: ignore[call-overload]
    seconds = time.perf_counter() - began
    if ended.returncode:
        sys.exit(f"{' '.join(command[:4])} failed:\n{ended.stdout}{ended.stderr}")
    return seconds


def session(place: Path, server: str) -> tuple[float, float]:
    """Run a project's tests; return the seconds, and the megabytes of the process."""
    memory = place / "memory.json"
    environment = {**os.environ, "BENCHMARK_MEMORY": str(memory), "SUPASEED_POSTGRES": server}
    # Another seed each time: what an earlier round has made would only be copied.
    seed = f"--supaseed-seed={next(_SEEDS)}"
    seconds = timed([sys.executable, "-m", "pytest", "-q", seed], cwd=place, env=environment)
    return seconds, json.loads(memory.read_text(encoding="utf-8")) / 1024


def medians(found: Mapping[str, list[float]]) -> dict[str, float]:
    """Return the median of each figure."""
    return {name: statistics.median(values) for name, values in found.items()}


def compared(arguments: argparse.Namespace, folder: Path, url: str) -> dict[str, float]:
    """Run all processes by turns, after one turn that is not counted, and return the medians."""
    sizes = {"users": arguments.users, "setups": arguments.setups}
    seeded, empty = project(folder, "seeded", SEEDED.format(**sizes)), project(folder, "empty", EMPTY)
    by_hand = folder / "by_hand.py"
    by_hand.write_text(BY_HAND, encoding="utf-8")
    peer = [sys.executable, str(by_hand), url, "by_hand", SCHEMA, str(arguments.users), str(arguments.setups)]
    found: dict[str, list[float]] = {}

    def keep(turn: int, **figures: float) -> None:
        for name, figure in figures.items() if turn else ():
            found.setdefault(name, []).append(figure)

    for turn in range(arguments.rounds + 1):
        seconds, megabytes = session(seeded, url)
        keep(turn, ours=seconds, megabytes=megabytes)
        keep(turn, peer=timed([*peer, "pooled"]))
        seconds, megabytes = session(empty, url)
        keep(turn, empty=seconds, empty_megabytes=megabytes)
        if turn and found["ours"]:
            keep(turn, ratio=found["ours"][-1] / found["peer"][-1])
    if arguments.fakes:
        keep(1, fakes=timed([*peer, "fakes"]))
    return medians(found)


def growth(arguments: argparse.Namespace, folder: Path, databases: Databases) -> Iterator[tuple[int, float]]:
    """Seed 1,000 rows, 2,000 and so on, and yield microseconds per row: the sizes by turns."""
    sizes = [1000 * 2**power for power in range(11) if 1000 * 2**power < arguments.most] + [arguments.most]
    found: dict[str, list[float]] = {str(size): [] for size in sizes}
    base = databases.create()
    engine = create_engine(databases.url(base), poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(SCHEMA)
        snapshot = pipeline.read(connection)
    engine.dispose()
    for turn in range(arguments.rounds + 1):
        for size in sizes:
            users = size // 11
            spec = SeedSpec((TableSpec("users", users), TableSpec("setups", size - users)), limit=size)
            name = databases.create(base)
            engine = create_engine(databases.url(name), poolclass=NullPool)
            with engine.connect() as connection, connection.begin() as transaction:
                began = time.perf_counter()
                pipeline.seed(connection, snapshot.schema, pipeline.plan(connection, snapshot, spec))
                transaction.commit()
                if turn:
                    found[str(size)].append((time.perf_counter() - began) / size * 1e6)
            engine.dispose()
            databases.drop(name)
    yield from ((int(size), figure) for size, figure in medians(found).items())


def row(figure: str, ours: str, peer: str = "", ratio: str = "", goal: str = "") -> str:
    """Return a line of the table."""
    return f"| {figure:<66} | {ours:>10} | {peer:>10} | {ratio:>6} | {goal:>8} |"


def report(arguments: argparse.Namespace, folder: Path, url: str, databases: Databases) -> Iterator[str]:
    """Measure, and give the lines of the table."""
    rows = arguments.users + arguments.setups
    yield row("figure (medians)", "ours", "peer", "ratio", "goal")
    yield "|" + "-" * 68 + "|" + ("-" * 11 + ":|") * 2 + "-" * 7 + ":|" + "-" * 9 + ":|"
    found = compared(arguments, folder, url)
    ours, peer = found["ours"], found["peer"]
    what = f"{arguments.users} users and {arguments.setups} setups"
    yield row(
        f"{what}, whole process; COPY by hand",
        f"{ours:.2f} s",
        f"{peer:.2f} s",
        f"{found['ratio']:.2f}",
        "<= 1.5",
    )
    yield row("  rows per second", f"{rows / ours:.0f}", f"{rows / peer:.0f}")
    yield row("  of that a session without a seed", f"{found['empty']:.2f} s")
    if "fakes" in found:
        fakes = found["fakes"]
        yield row("  a Faker call for each cell and COPY", "", f"{fakes:.2f} s", f"{ours / fakes:.2f}")
    above = found["megabytes"] - found["empty_megabytes"]
    yield row("  memory of the process above an empty session", f"{above:.0f} MB", goal="<= 150")
    first = None
    for size, microseconds in growth(arguments, folder, databases):
        first = first or microseconds
        yield row(
            f"microseconds per row, {size} rows; in times of {1000}",
            f"{microseconds:.1f}",
            ratio=f"{microseconds / first:.2f}",
            goal="<= 1.2",
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--users", type=int, default=20_000, help="rows of users (default: 20000)")
    parser.add_argument("--setups", type=int, default=200_000, help="rows of setups (default: 200000)")
    parser.add_argument("--rounds", type=int, default=3, help="counted runs of each kind (default: 3)")
    parser.add_argument(
        "--most", type=int, default=1_000_000, help="rows of the largest seed (default: 1000000)"
    )
    parser.add_argument(
        "--fakes", action="store_true", help="time a Faker call for each cell as well, once: it takes minutes"
    )
    parser.add_argument(
        "--postgres", default="auto", help="auto, embedded, system or a bin folder (default: auto)"
    )
    arguments = parser.parse_args()
    with start_server(find(arguments.postgres)) as server, tempfile.TemporaryDirectory() as folder:
        url = fixture_url(server)
        print(
            f"PostgreSQL {server.version}, Python {sys.version.split()[0]}, {os.cpu_count()} CPUs\n",
            flush=True,
        )
        databases = Databases(url)
        for line in report(arguments, Path(folder), libpq_url(url), databases):
            print(line, flush=True)
        databases.close()


if __name__ == "__main__":
    main()
