"""Times seeded tests beside the same work done with pytest-postgresql, SQLAlchemy and Faker, in the same run.

Run it by hand, in a virtualenv with ``pip install -e ".[embedded]"``::

    python benchmarks/compare.py --tests 50 --rounds 3

Every figure is a median, and what an empty pytest test or session takes is subtracted. Where the peer takes part
both sides work on one server that is started for the run, so that the peer works for root, too, and does not pay
for starting it; the other figures are those of a session with a server of its own. Sessions of all kinds alternate,
for these machines drift. ``large.py`` measures seeds of many rows.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_supaseed.postgres.databases.maintenance import libpq_url
from pytest_supaseed.postgres.server.external import fixture_url
from pytest_supaseed.postgres.server.programs import find
from pytest_supaseed.postgres.server.server import Server, start_server

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
ASYNC_PEER_CONFTEST = """
import pytest_asyncio
from faker import Faker
from pytest_postgresql import factories
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool

from models import Base, Setup, User


def load(**parameters):
    parameters.pop("autocommit", None)
    engine = create_engine("postgresql+psycopg2://", connect_args=parameters, poolclass=NullPool)
    Base.metadata.create_all(engine)


server = factories.postgresql_noproc(
    host={host!r}, port={port!r}, user={user!r}, password={password!r}, dbname="async_peer", load=[load]
)
client = factories.postgresql_async("server")


@pytest_asyncio.fixture
async def session(client):
    info = client.info
    parameters = dict(host=info.host, port=info.port, user=info.user, dbname=info.dbname, password=info.password)
    engine = create_async_engine("postgresql+psycopg://", connect_args=parameters, poolclass=NullPool)
    faker = Faker()
    async with AsyncSession(engine) as session:
        users = [User(email=faker.unique.email(), full_name=faker.name()) for _ in range({users})]
        session.add_all(users)
        await session.flush()
        for number in range({setups}):
            owner = users[number % len(users)].id
            session.add(Setup(user_id=owner, title=faker.sentence(3), category="van-life"))
        await session.commit()
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
ASYNC_COUNT = """
import pytest
from sqlalchemy import text

{marker}
@pytest.mark.parametrize("turn", range({tests}))
async def test_count({fixture}, turn):
    assert await {fixture}.scalar(text("SELECT count(*) FROM setups")) == {setups}
"""
ASYNC_EMPTY = EMPTY.replace("def test", "async def test")
# What asyncpg itself takes to connect, which a loop for each test needs anew.
ASYNCPG_CONNECT = """
import asyncpg
import pytest


@pytest.mark.parametrize("turn", range({tests}))
async def test_connects(turn):
    connection = await asyncpg.connect(host={host!r}, port={port!r}, user={user!r}, password={password!r},
                                       database="postgres")
    await connection.close()
"""
# An own loop for each test, and one for the session.
ASYNC_INI = "asyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\nasyncio_default_test_loop_scope = {}\n"
BY_SESSION = '{fixture}.scalar(text("SELECT count(*) FROM setups"))'
MARKER = "@pytest.mark.seed(users={users}, setups={setups})"
# Each test works for ten milliseconds of its own, as those of an application do at least.
WORKERS = """
import time

import pytest
from sqlalchemy import text


@pytest.mark.parametrize("turn", range(80))
@pytest.mark.parametrize("users", [pytest.param(n, marks=pytest.mark.seed(users=n)) for n in (1, 2, 3, 4, 5)])
def test_users(seeded_session, users, turn):
    assert seeded_session.scalar(text("SELECT count(*) FROM users")) == users
    until = time.process_time() + 0.01
    while time.process_time() < until:
        pass
"""
COUNTED_CONFTEST = """
import pytest


def name(faker):
    with open("names", "a") as file:
        print(file=file)
    return faker.name()


@pytest.fixture(scope="session")
def supaseed_generators():
    return {"users.full_name": name}
"""

DJANGO_SETTINGS = """
SECRET_KEY = "benchmark"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "shop"]
DATABASES = {{"default": {{
    "ENGINE": "django.db.backends.postgresql",
    "NAME": "shop",
    "HOST": {host!r},
    "PORT": {port!r},
    "USER": {user!r},
    "PASSWORD": {password!r},
}}}}
"""
DJANGO_MODELS = """
from django.db import models


class Owner(models.Model):
    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=100)


class Setup(models.Model):
    owner = models.ForeignKey(Owner, on_delete=models.CASCADE)
    title = models.CharField(max_length=100)
    category = models.CharField(max_length=20, choices=[("van-life", "Van"), ("overlanding", "Overlanding")])
"""
DJANGO_FACTORIES = """
import factory
import pytest
from shop.models import Owner, Setup


class OwnerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Owner

    email = factory.Sequence(lambda number: f"owner{{number}}@example.org")
    full_name = factory.Faker("name")


class SetupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Setup

    title = factory.Faker("sentence", nb_words=3)
    category = "van-life"


@pytest.fixture
def rows():
    owners = OwnerFactory.create_batch({users})
    for number in range({setups}):
        SetupFactory(owner=owners[number % len(owners)])
"""
DJANGO_COUNT = """
import pytest
from shop.models import Setup

{marker}
@pytest.mark.django_db(transaction={transaction})
@pytest.mark.parametrize("turn", range({tests}))
def test_count({fixture}turn):
    assert Setup.objects.count() == {setups}
"""


def project(folder: Path, name: str, test: str, conftest: str = "") -> Path:
    """Write a project, and return its folder."""
    place = folder / name
    place.mkdir()
    (place / "models.py").write_text(MODELS, encoding="utf-8")
    (place / "conftest.py").write_text(CONFTEST + conftest, encoding="utf-8")
    (place / "test_it.py").write_text(test, encoding="utf-8")
    (place / "pytest.ini").write_text("[pytest]\nsupaseed_schema = models:Base\n", encoding="utf-8")
    return place


def django_project(folder: Path, name: str, test: str, settings: str, factories: str = "") -> Path:
    """Write a Django project, which has the schema of the plugin unless it has factories, and return its folder."""
    place = project(folder, name, test)
    app = place / "shop"
    app.mkdir()
    (app / "__init__.py").write_text("", encoding="utf-8")
    (app / "models.py").write_text(DJANGO_MODELS, encoding="utf-8")
    (place / "settings.py").write_text(settings, encoding="utf-8")
    (place / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (place / "test_it.py").write_text(factories + test, encoding="utf-8")
    schema = "" if factories else "supaseed_schema = django"
    ini = f"[pytest]\nDJANGO_SETTINGS_MODULE = settings\npythonpath = .\n{schema}\n"
    (place / "pytest.ini").write_text(ini, encoding="utf-8")
    return place


@dataclass(frozen=True)
class Session:
    """A kind of session that is measured.

    Attributes:
        place: the project's folder.
        server: as ``SUPASEED_POSTGRES`` names it.
        arguments: of pytest.
    """

    place: Path
    server: str
    arguments: tuple[str, ...] = ()

    def run(self) -> dict[str, float]:
        """Run it, and return what was measured, in seconds."""
        times = self.place / "times.json"
        environment = {**os.environ, "BENCHMARK_TIMES": str(times), "SUPASEED_POSTGRES": self.server}
        # Else pytest compiles all plugins anew in each session, which hides everything else.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        command = [sys.executable, "-m", "pytest", "-q", *self.arguments]
        began = time.time()
        subprocess.run(command, cwd=self.place, env=environment, check=True, stdout=subprocess.DEVNULL)
        wall = time.time() - began
        tests: list[tuple[float, float, float]] = json.loads(times.read_text(encoding="utf-8"))
        # The first test pays for the session, the second for the first copy of the seed. Of tests in workers it is
        # not known here when they ended.
        of_tests = [(start, call, end or start) for start, call, end in tests[2:] or tests]
        return {
            "wall": wall,
            "start": (tests[0][1] or tests[0][0]) - began,
            "test": statistics.median(end - start for start, _, end in of_tests),
            # Here nothing that happens between the tests is left out.
            "spacing": (of_tests[-1][2] - of_tests[0][0]) / len(of_tests),
        }


def rounds(number: int, sessions: Mapping[str, Session]) -> dict[str, dict[str, float]]:
    """Run sessions in turns, after a turn that is not counted, and return the medians."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in sessions}
    for turn in range(number + 1):
        for name, session in sessions.items():
            measured = session.run()
            if turn:
                found[name].append(measured)
    return {
        name: {key: statistics.median(each[key] for each in runs) for key in runs[0]}
        for name, runs in found.items()
    }


def row(name: str, ours: str, peer: str, ratio: str, goal: str) -> str:
    """Return a line of the table."""
    return f"| {name:<62} | {ours:>8} | {peer:>8} | {ratio:>5} | {goal:<24} |"


def per_test(arguments: argparse.Namespace, server: Server, folder: Path) -> Iterator[str]:
    """Measure what a test costs, beside the peer, and give the lines of the table."""
    sizes: dict[str, Any] = {"users": 5, "setups": 8, "tests": arguments.tests}
    marker = MARKER.format(**sizes)
    url = libpq_url(fixture_url(server))
    parameters = {name: getattr(server, name) for name in ("host", "port", "user", "password")}
    by_session = BY_SESSION.format(fixture="seeded_session")
    shared = COUNT.format(marker=marker, fixture="seeded_session", count=by_session, **sizes)
    own = COUNT.format(marker=marker, fixture="seeded_db", count='seeded_db.counts()["setups"]', **sizes)
    peer = COUNT.format(marker="", fixture="session", count=BY_SESSION.format(fixture="session"), **sizes)
    found = rounds(
        arguments.rounds,
        {
            "empty": Session(project(folder, "empty", EMPTY.format(**sizes)), url),
            "shared": Session(project(folder, "shared", shared), url),
            "own": Session(project(folder, "own", own), url),
            "peer": Session(project(folder, "peer", peer, PEER_CONFTEST.format(**parameters, **sizes)), url),
        },
    )
    for name, title, goal in (
        ("shared", "rolled back", "at most 1 ms, 70 times less"),
        ("own", "a database of its own", "at most 10 ms"),
    ):
        here, there = (found[each]["test"] - found["empty"]["test"] for each in (name, "peer"))
        yield row(
            f"a test, 5 users and 8 setups, {title}",
            f"{here * 1000:.1f} ms",
            f"{there * 1000:.1f} ms",
            f"{there / here:.0f}",
            goal,
        )


def per_async_test(arguments: argparse.Namespace, server: Server, folder: Path) -> Iterator[str]:
    """Measure what an async test costs, rolled back, beside the peer, and give the lines of the table."""
    sizes: dict[str, Any] = {"users": 5, "setups": 8, "tests": arguments.tests}
    url = libpq_url(fixture_url(server))
    parameters = {name: getattr(server, name) for name in ("host", "port", "user", "password")}
    ours = ASYNC_COUNT.format(marker=MARKER.format(**sizes), fixture="seeded_async_session", **sizes)
    peer = ASYNC_COUNT.format(marker="", fixture="session", **sizes)
    sessions: dict[str, Session] = {}
    for scope in ("function", "session"):
        sources = {
            f"empty, {scope}": (ASYNC_EMPTY.format(**sizes), "", ""),
            f"asyncpg, {scope}": (ours, "", "asyncpg"),
            f"psycopg, {scope}": (ours, "", "psycopg"),
        }
        if scope == "function":
            connect = ASYNCPG_CONNECT.format(**parameters, **sizes)
            sources["connect"] = (connect, "", "asyncpg")
            sources["peer"] = (peer, ASYNC_PEER_CONFTEST.format(**parameters, **sizes), "psycopg")
        for name, (source, conftest, driver) in sources.items():
            place = project(folder, "async_" + name.replace(", ", "_"), source, conftest)
            with (place / "pytest.ini").open("a", encoding="utf-8") as ini:
                ini.write(f"supaseed_async_driver = {driver}\n{ASYNC_INI.format(scope)}")
            sessions[name] = Session(place, url)
    found = rounds(arguments.rounds, sessions)
    connect_time = found["connect"]["test"] - found["empty, function"]["test"]
    there = found["peer"]["test"] - found["empty, function"]["test"]
    for driver, scope, goal in (
        ("asyncpg", "function", connect_time + 0.003),
        ("psycopg", "function", 0.004),
        ("asyncpg", "session", 0.004),
        ("psycopg", "session", 0.004),
    ):
        here = found[f"{driver}, {scope}"]["test"] - found[f"empty, {scope}"]["test"]
        loop = "a loop for each test" if scope == "function" else "one loop"
        yield row(
            f"an async test, rolled back, {driver}, {loop}",
            f"{here * 1000:.1f} ms",
            f"{there * 1000:.1f} ms",
            f"{there / here:.0f}",
            f"at most {goal * 1000:.1f} ms",
        )


def django(arguments: argparse.Namespace, server: Server, folder: Path) -> Iterator[str]:
    """Measure what a test of a Django project costs, beside pytest-django with factory_boy."""
    sizes: dict[str, Any] = {"users": 5, "setups": 8, "tests": arguments.tests}
    url = libpq_url(fixture_url(server))
    parameters = {name: getattr(server, name) for name in ("host", "port", "user", "password")}
    settings = DJANGO_SETTINGS.format(**parameters)
    marker = "@pytest.mark.seed(shop_owner={users}, shop_setup={setups})".format(**sizes)
    sessions = {
        "empty": Session(django_project(folder, "django_empty", EMPTY.format(**sizes), settings), url)
    }
    for transaction in (False, True):
        ours = DJANGO_COUNT.format(marker=marker, fixture="", transaction=transaction, **sizes)
        peer = DJANGO_COUNT.format(marker="", fixture="rows, ", transaction=transaction, **sizes)
        place = django_project(folder, f"django_ours{transaction}", ours, settings)
        sessions[f"ours{transaction}"] = Session(place, url)
        place = django_project(
            folder, f"django_peer{transaction}", peer, settings, DJANGO_FACTORIES.format(**sizes)
        )
        sessions[f"peer{transaction}"] = Session(place, url)
    found = rounds(arguments.rounds, sessions)
    for transaction, title in ((False, "django_db"), (True, "django_db(transaction=True)")):
        here, there = (
            found[f"{name}{transaction}"]["test"] - found["empty"]["test"] for name in ("ours", "peer")
        )
        yield row(
            f"a test of Django, 5 and 8 rows, {title}",
            f"{here * 1000:.1f} ms",
            f"{there * 1000:.1f} ms",
            f"{there / here:.0f}",
            "less than factory_boy",
        )


def session_start(arguments: argparse.Namespace, choice: str, folder: Path) -> Iterator[str]:
    """Measure the start of a session to its first test's body, with a server of its own."""
    sizes: dict[str, Any] = {"users": 5, "setups": 8, "tests": 1}
    count = BY_SESSION.format(fixture="seeded_session")
    test = COUNT.format(marker=MARKER.format(**sizes), fixture="seeded_session", count=count, **sizes)
    found = rounds(
        arguments.rounds,
        {
            "empty": Session(project(folder, "empty_start", EMPTY.format(**sizes)), choice),
            "cold": Session(project(folder, "cold", test), choice, ("--cache-clear",)),
            "warm": Session(project(folder, "warm", test), choice),
        },
    )
    for name, title, goal in (
        ("cold", "nothing is kept of earlier ones", "at most 0.9 s"),
        ("warm", "cluster and rows were kept", "at most 0.35 s"),
    ):
        above = found[name]["start"] - found["empty"]["start"]
        yield row(f"start of a session with its server, {title}", f"{above:.2f} s", "", "", goal)


def workers(arguments: argparse.Namespace, choice: str, folder: Path) -> Iterator[str]:
    """Measure 400 tests of five seeds with one process and with two workers."""
    place = project(folder, "workers", WORKERS, COUNTED_CONFTEST)
    found = rounds(
        arguments.rounds,
        {
            "one": Session(place, choice, ("-p", "no:cacheprovider", "-n", "0")),
            "two": Session(place, choice, ("-p", "no:cacheprovider", "-n", "2")),
        },
    )
    sessions = 2 * (arguments.rounds + 1)
    made = (place / "names").read_text(encoding="utf-8").count("\n") / sessions
    one, two = found["one"]["wall"], found["two"]["wall"]
    yield row(
        "400 tests of 10 ms and five seeds, -n 2 beside -n 0",
        f"{two:.2f} s",
        f"{one:.2f} s",
        f"{one / two:.1f}",
        "less time",
    )
    yield row("  rows made of the 15 that the five seeds have", f"{made:.0f}", "", "", "15: each seed once")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tests", type=int, default=200, help="tests in a session (default: 200)")
    parser.add_argument("--rounds", type=int, default=5, help="counted sessions of each kind (default: 5)")
    parser.add_argument(
        "--postgres", default="auto", help="auto, embedded, system or a bin folder (default: auto)"
    )
    arguments = parser.parse_args()
    installation = find(arguments.postgres)
    print(
        f"PostgreSQL {installation.version}, Python {sys.version.split()[0]}, {os.cpu_count()} CPUs; medians of "
        f"{arguments.rounds} rounds\n"
    )
    print(row("figure", "ours", "peer", "ratio", "goal"))
    print(row("-" * 62, "-" * 7 + ":", "-" * 7 + ":", "-" * 4 + ":", "-" * 24), flush=True)
    choice = installation.bin.as_posix()
    with tempfile.TemporaryDirectory() as folder:
        with start_server(installation) as server:
            for compared in (per_test, per_async_test, django):
                for line in compared(arguments, server, Path(folder)):
                    print(line, flush=True)
        for measure in (session_start, workers):
            for line in measure(arguments, choice, Path(folder)):
                print(line, flush=True)


if __name__ == "__main__":
    main()
