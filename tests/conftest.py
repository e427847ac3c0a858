"""A real server for the tests, and databases on it."""

from __future__ import annotations

import functools
import gc
import hashlib
import importlib
import importlib.metadata
import inspect
import itertools
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import faker.factory
import hypothesis
import pytest
from _pytest.fixtures import FixtureManager
from sqlalchemy import URL, Engine, create_engine, text

from forked import COMMAND, OUTPUT, WITHOUT_PLUGINS, start_pytest
from pytest_supaseed.postgres.databases.maintenance import libpq_url
from pytest_supaseed.postgres.server import cluster
from pytest_supaseed.postgres.server.account import hand_over, server_account
from pytest_supaseed.postgres.server.archive import ClusterArchives
from pytest_supaseed.postgres.server.programs import Installation, find
from pytest_supaseed.postgres.server.server import Server, start_server

pytest_plugins = ["pytester"]

# What a project that runs in this process imports first is forgotten after it, and imported anew by the next
# test: that takes long, SQLAlchemy warns of it, and the compiled modules of asyncpg do not survive it. What a session
# in a forked process imports, each imports anew.
for name in (
    "alembic.command",
    "asyncpg",
    "factory",
    "faker.proxy",
    "psycopg",
    "psycopg2.extras",
    "pytest_supaseed.pipeline",
    "pytest_supaseed.plugin.async_provisioning",
    "pytest_supaseed.plugin.django",
    "pytest_supaseed.plugin.examples",
    "pytest_supaseed.plugin.factory",
    "pytest_supaseed.plugin.items",
    "pytest_supaseed.plugin.psycopg_provisioning",
    "pytest_supaseed.postgres.databases.async_isolation",
    "pytest_supaseed.postgres.databases.asyncpg_connection",
    "pytest_supaseed.postgres.databases.psycopg_connection",
    "pytest_supaseed.reports.text",
    "pytest_supaseed.session.address",
    "pytest_supaseed.session.kept",
    "pytest_supaseed.session.session_server",
    "pytest_supaseed.sources.models",
    "pytest_supaseed.sources.script",
    "sqlalchemy.dialects.postgresql.asyncpg",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.postgresql.psycopg2",
    "sqlalchemy.orm",
    "tqdm",
    "xdist.dsession",
    "xdist.remote",
    "xdist.scheduler",
    "xdist.workermanage",
):
    importlib.import_module(name)

# How long an example takes says nothing on a machine that is busy. Each run draws other examples, and those that have
# failed before again; --hypothesis-profile=thorough draws more of them at once.
for profile, examples in (("busy", 50), ("thorough", 1000)):
    hypothesis.settings.register_profile(
        profile,
        deadline=None,
        max_examples=examples,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
    )
hypothesis.settings.load_profile("busy")
_NUMBERS = itertools.count(1)
# Sessions of tests do without the plugins of others unless a test names one, as runpytest("-p", "asyncio") does.
# Hypothesis's imports Hypothesis to write the summary, which each session in this process would do anew, and
# others warn of what a project has not set.
os.environ["PYTEST_ADDOPTS"] = WITHOUT_PLUGINS
_CHOICE = os.environ.get("SUPASEED_POSTGRES") or "auto"


class _Distribution(importlib.metadata.PathDistribution):
    """What is installed: its files are read once."""

    entry_points = functools.cached_property(importlib.metadata.PathDistribution.entry_points.fget)
    files = functools.cached_property(importlib.metadata.PathDistribution.files.fget)
    metadata = functools.cached_property(importlib.metadata.PathDistribution.metadata.fget)


@pytest.fixture(scope="session", autouse=True)
def installed_distributions() -> Iterator[None]:
    """Let what is installed be read once, and not by each session in this process anew."""
    found = [_Distribution(each._path) for each in importlib.metadata.distributions()]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(importlib.metadata, "distributions", lambda **context: iter(found))
        yield


@pytest.fixture(scope="session", autouse=True)
def providers_of_faker() -> Iterator[None]:
    """Let the folders of Faker's providers be listed once, and not for each locale anew."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(faker.factory, "list_module", functools.cache(faker.factory.list_module))
        yield


@pytest.fixture(scope="session", autouse=True)
def plugins_without_fixtures() -> Iterator[None]:
    """Let what is installed be searched for fixtures once, and not by each session in this process anew."""
    packages = (str(Path(pytest.__file__).parents[1]), str(Path(__file__).parents[1] / "pytest_supaseed"))
    searched: dict[object, bool] = {}
    search = FixtureManager.parsefactories

    def may_have_fixtures(holder: object, kind: object) -> bool:
        module = kind if isinstance(kind, ModuleType) else sys.modules.get(getattr(kind, "__module__", ""))
        installed = str(getattr(module, "__file__", "")).startswith(packages)
        # Nodes stand for the modules and classes of tests.
        if not installed or isinstance(holder, pytest.Item | pytest.Collector):
            return True
        attributes = [inspect.getattr_static(holder, name, None) for name in dir(holder)]
        # Of pytest from 8.4 on, and before.
        return any(
            type(each).__name__ == "FixtureFunctionDefinition" or hasattr(each, "_pytestfixturefunction")
            for each in attributes
        )

    def once(manager: FixtureManager, *arguments: Any, **options: Any) -> None:
        holder = options["holder"] if "holder" in options else arguments[0]
        kind = holder if isinstance(holder, ModuleType) else type(holder)
        if kind not in searched:
            searched[kind] = may_have_fixtures(holder, kind)
        if searched[kind]:
            search(manager, *arguments, **options)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(FixtureManager, "parsefactories", once)
        yield


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Run one worker more than there are processors, because many tests wait for servers and other processes."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return processors + 1


# The collection of all tests, and sessions in this process, make and drop as many objects as would have it run hundreds
# of times.
gc.set_threshold(50_000, 10, 10)


def pytest_collection_finish() -> None:
    """Take all tests out of the garbage collector's sight."""
    _freeze()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Take what the tests of a module leave for good, such as schemas and caches, out of its sight as well.

    A session of pytest collects garbage when it ends, and in a fork each object that it looks at is copied: with two
    million in sight it takes 0.7 seconds longer.
    """
    if nextitem is not None and nextitem.path != item.path:
        _freeze()


def _freeze() -> None:
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server of this session, which ``SUPASEED_POSTGRES`` chooses."""
    started = start_server(find(_CHOICE))
    yield started
    started.stop()


@pytest.fixture(scope="session")
def server_url(server: Server) -> Iterator[URL]:
    """The URL of the maintenance database."""
    url = URL.create(
        "postgresql+psycopg2",
        username=server.user,
        password=server.password,
        database=server.maintenance_dbname,
        query={"host": server.host, "port": str(server.port)},
    )
    yield url
    _maintenance(url).dispose()


@functools.cache
def _maintenance(server_url: URL) -> Engine:
    # One connection for all databases: a test may end it.
    return create_engine(server_url, isolation_level="AUTOCOMMIT", pool_size=1, pool_pre_ping=True)


@contextmanager
def new_database(server_url: URL) -> Iterator[URL]:
    """Make an empty database that belongs to no session of the plugin, and drop it afterwards."""
    # The process is in the name, because a server that SUPASEED_POSTGRES names may have other guests.
    name = f"empty_{os.getpid()}_{next(_NUMBERS)}"
    maintenance = _maintenance(server_url)
    quoted = maintenance.dialect.identifier_preparer.quote_identifier(name)
    with maintenance.connect() as connection:
        [version] = connection.scalars(text("SELECT current_setting('server_version_num')::int"))
        # A copy of the files takes half as long as one through the log, which older servers do not have.
        strategy = "STRATEGY file_copy" if version >= 150000 else ""
        connection.execute(text(f"CREATE DATABASE {quoted} TEMPLATE template0 {strategy}"))
    yield server_url.set(database=name)
    with maintenance.connect() as connection:
        connection.execute(text(f"DROP DATABASE {quoted} WITH (FORCE)"))


@pytest.fixture
def empty_database(server_url: URL) -> Iterator[URL]:
    """The URL of a new database of the test's own."""
    with new_database(server_url) as url:
        yield url


@pytest.fixture(scope="session")
def create_database(server_url: URL) -> Iterator[Callable[[], URL]]:
    """Makes databases that all tests share, and returns their URLs."""
    with ExitStack() as databases:
        yield lambda: databases.enter_context(new_database(server_url))


# Of what sessions import of Django, what asks for no settings, and not for the driver.
DJANGO = (
    "django.contrib.auth.hashers",
    "django.core.management.commands.migrate",
    "django.core.serializers.json",
    "django.core.servers.basehttp",
    "django.test",
    "django.views.generic",
)


@pytest.fixture(scope="module")
def django_imported() -> Iterator[None]:
    """Have Django imported in the process from which sessions are forked, but not set up."""
    before = set(sys.modules)
    for name in DJANGO:
        importlib.import_module(name)
    yield
    for name in set(sys.modules) - before:
        if name.partition(".")[0] == "django":
            del sys.modules[name]


SCHEMA = """
CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL UNIQUE
);
CREATE TABLE setups (
    id serial PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users,
    title text NOT NULL,
    category text NOT NULL CHECK (category IN ('overlanding', 'van-life', 'car-camping')),
    is_public boolean NOT NULL DEFAULT true
);
CREATE TABLE countries (code char(2) PRIMARY KEY, name text NOT NULL);
INSERT INTO countries VALUES ('DE', 'Germany'), ('FR', 'France');
"""


@pytest.fixture
def pytester(
    pytester: pytest.Pytester, copied_clusters: None, monkeypatch: pytest.MonkeyPatch
) -> pytest.Pytester:
    """pytest's, whose sessions do without the plugins of others.

    Sessions in processes of their own are forked, and their servers do without initdb.
    """

    def popen(command: Sequence[str], stdin: object, **options: Any) -> subprocess.Popen[Any]:
        assert tuple(command[: len(COMMAND)]) == COMMAND
        assert stdin is pytester.CLOSE_STDIN
        return start_pytest(command[len(COMMAND) :], stdin=subprocess.DEVNULL, **options)

    monkeypatch.setenv("PYTEST_ADDOPTS", WITHOUT_PLUGINS)
    # A test of ours may have imported it, and projects that have get its sessions.
    monkeypatch.delitem(sys.modules, "sqlmodel", raising=False)
    monkeypatch.setattr(pytester, "_getpytestargs", lambda: COMMAND)
    monkeypatch.setattr(pytester, "popen", popen)
    return pytester


@pytest.fixture
def project(pytester: pytest.Pytester, server_url: URL, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project of a user, whose tests run on the server of this session."""
    monkeypatch.setenv("SUPASEED_POSTGRES", libpq_url(server_url))
    # pytest prints more where it finds itself in a CI.
    monkeypatch.delenv("CI", raising=False)
    pytester.path.joinpath("schema.sql").write_text(SCHEMA, encoding="utf-8")
    pytester.makeini("[pytest]\nsupaseed_schema = schema.sql\naddopts = --strict-markers -W default")
    return pytester


@pytest.fixture(scope="session")
def choice() -> str:
    """The server that ``SUPASEED_POSTGRES`` chooses for the whole session, before a test changes it."""
    return _CHOICE


# Where a project keeps what later sessions start from.
CACHE = Path(".pytest_cache", "d", "supaseed")


@pytest.fixture(scope="session")
def empty_cluster(choice: str, tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """What a session has kept of its cluster before it loaded a schema; None on a server that others run."""
    folder = tmp_path_factory.mktemp("empty_cluster")
    folder.joinpath("schema.sql").write_text("CREATE TABLE empty ()", encoding="utf-8")
    folder.joinpath("pytest.ini").write_text("[pytest]\nsupaseed_schema = schema.sql\n", encoding="utf-8")
    folder.joinpath("test_it.py").write_text("def test_it(seeded_db): pass\n", encoding="utf-8")
    environment = {**os.environ, "SUPASEED_POSTGRES": choice}
    with start_pytest([], cwd=folder, env=environment, **OUTPUT) as session:
        output, _ = session.communicate(timeout=120)
    assert session.returncode == 0, output
    archives = ClusterArchives(folder / CACHE)
    for path in [*(folder / CACHE).glob("*")]:
        archive = archives.find(path.stem) if path.suffix == ".pack" else None
        if archive is None or archive.templates:
            path.unlink()
        if archive is not None:
            archive.close()
    return folder / CACHE if (folder / CACHE).exists() else None


@pytest.fixture(scope="session")
def cluster_folder() -> Iterator[Path]:
    """A folder of the account that runs servers."""
    with tempfile.TemporaryDirectory() as folder:
        hand_over(Path(folder), server_account())
        yield Path(folder)


@pytest.fixture
def copied_clusters(cluster_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers whose clusters are copies of the one that initdb makes first; for tests of what comes after it."""
    made = cluster.initdb_commands

    def commands(
        installation: Installation,
        datadir: str,
        *,
        user: str,
        authentication: str,
        password_file: Path | None = None,
    ) -> Iterator[list[str]]:
        found = made(
            installation, datadir, user=user, authentication=authentication, password_file=password_file
        )
        if password_file is not None or os.name == "nt":
            yield from found
            return
        name = hashlib.sha256(repr((installation.bin, user, authentication)).encode()).hexdigest()
        copy, data = (shlex.quote(str(path)) for path in (cluster_folder / name, datadir))
        for command in found:
            copied = f"if [ -d {copy} ]; then exec cp -Rp {copy}/. {data}; fi"
            # Under another name until it is whole: another process may look for it.
            kept = f"cp -Rp {data} {copy}.$$ && {{ [ -d {copy} ] || mv {copy}.$$ {copy}; }}"
            yield ["sh", "-c", f"{copied}; {shlex.join(command)} && {kept}"]

    monkeypatch.setattr(cluster, "initdb_commands", commands)


@pytest.fixture
def own_server(
    pytester: pytest.Pytester,
    choice: str,
    empty_cluster: Path | None,
    monkeypatch: pytest.MonkeyPatch,
) -> pytest.Pytester:
    """A project whose sessions start servers of their own; the first does without initdb."""
    monkeypatch.setenv("SUPASEED_POSTGRES", choice)
    if empty_cluster is not None:
        shutil.copytree(empty_cluster, pytester.path / CACHE)
    return pytester
