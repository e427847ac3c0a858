"""Schemas that are code are kept between sessions as long as nothing has changed that their load has read."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pytest_supaseed.session.cluster_cache import CodeRecords
from pytest_supaseed.sources.inputs import Recorder

ENV = """
from alembic import context

with open("runs", "a") as file:
    print("run", file=file)

{more}
context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
"""
REVISION = """
import sqlalchemy as sa
from alembic import op
from shop_names import TABLE
{more}
revision = "a1"
down_revision = None


def upgrade():
    op.create_table(TABLE, sa.Column("id", sa.Integer, primary_key=True), sa.Column("tag", sa.Uuid))
"""
SECOND = """
from alembic import op

revision = "b2"
down_revision = "a1"


def upgrade():
    op.execute("CREATE TABLE {table} (id int)")
"""
TESTS = """
import pytest
from sqlalchemy import text

@pytest.mark.seed(users=3)
def test_rows(seeded_connection):
    with open("rows", "a") as file:
        print(seeded_connection.execute(text("SELECT xmin, users FROM users ORDER BY id")).all(), file=file)
"""
CALLABLE = """
import pathlib
from shop_names import TABLE
{more}

def create(connection):
    with open("runs", "a") as file:
        print("run", file=file)
    {inside}
    connection.exec_driver_sql(f"CREATE TABLE {TABLE} (id int PRIMARY KEY, tag uuid)")
"""

REDIRECTED = """
from sqlalchemy import create_engine

engine = create_engine({url!r})
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
REDIRECTED_ASYNC = """
import asyncio
from sqlalchemy.ext.asyncio import create_async_engine


def move(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()


async def run():
    async with create_async_engine({url!r}).connect() as connection:
        await connection.run_sync(move)

asyncio.run(run())
"""


class Project:
    """A project whose sessions count how often its schema was loaded."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.path = pytester.path
        self.write("shop_names.py", "TABLE = 'users'\n")
        pytester.makepyfile(test_shop=TESTS)
        self.alembic()

    def write(self, name: str, content: str) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return path

    def configure(self, schema: str, keep: str = "true") -> None:
        self.pytester.makeini(
            f"[pytest]\nsupaseed_schema = {schema}\nsupaseed_keep_code = {keep}\naddopts = -W default\n"
        )

    def alembic(self, env: str = "", revision: str = "") -> None:
        self.configure("alembic.ini")
        self.write("alembic.ini", "[alembic]\nscript_location = %(here)s/moves\n")
        self.write("moves/env.py", ENV.replace("{more}", env))
        self.write("moves/versions/one.py", REVISION.replace("{more}", revision))

    def callable(self, more: str = "", inside: str = "pass") -> None:
        self.configure("shop_schema:create")
        self.write("shop_schema.py", CALLABLE.replace("{more}", more).replace("{inside}", inside))

    def run(self, *arguments: str, passed: int = 1) -> tuple[int, str]:
        """Run a session; return how often the schema has been loaded in it, and what its last test found."""
        before = self.runs
        run = self.pytester.runpytest_subprocess if "-n" in arguments else self.pytester.runpytest_inprocess
        run(*arguments).assert_outcomes(passed=passed)
        return self.runs - before, (self.path / "rows").read_text(encoding="utf-8").splitlines()[-1]

    def loads(self, *arguments: str) -> int:
        return self.run(*arguments)[0]

    @property
    def runs(self) -> int:
        path = self.path / "runs"
        return len(path.read_text(encoding="utf-8").splitlines()) if path.exists() else 0

    @property
    def records(self) -> list[Path]:
        return sorted((self.path / ".pytest_cache" / "d" / "supaseed").glob("*.code"))


@pytest.fixture
def shop(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Project:
    # Not on the server of this session: what is kept is a cluster of the plugin's own.
    choice = request.getfixturevalue("choice")
    if "://" in choice or choice.startswith("fixture:"):
        pytest.skip("nothing is kept of a server that others run")
    request.getfixturevalue("own_server")
    monkeypatch.delenv("CI", raising=False)
    return Project(pytester)


REDIRECTIONS = {
    "psycopg2": REDIRECTED,
    "psycopg": REDIRECTED,
    "psycopg_async": REDIRECTED_ASYNC,
    "asyncpg": REDIRECTED_ASYNC,
}


def test_migrations_whose_connections_are_redirected_are_kept(shop: Project) -> None:
    for driver in REDIRECTIONS:
        pytest.importorskip(driver.removesuffix("_async"))
    shop.alembic()
    # One after another: the first migrates, and of the others each one finds that all has been done.
    shop.write(
        "moves/env.py",
        ENV.partition("{more}")[0]
        + "".join(
            env.format(url=f"postgresql+{driver}://app:secret@production.invalid/app")
            + f'open("redirected", "a").write("{driver} ")\n'
            for driver, env in REDIRECTIONS.items()
        ),
    )
    # In processes of their own: packages keep submodules that pytester has forgotten.
    first = shop.run("-n", "0")
    assert first[0] == 1
    assert (shop.path / "redirected").read_text().split() == [*REDIRECTIONS]
    assert shop.run("-n", "0") == (0, first[1])


def test_workers_keep_them_for_others(shop: Project) -> None:
    loaded, rows = shop.run("-n", "2")
    assert loaded == 1
    assert shop.run("-n", "2") == (0, rows)
    # A process of its own, as the workers are.
    assert shop.run("-n", "0") == (0, rows)


def test_models_with_a_listener_are_not_created_again_while_nothing_has_changed(shop: Project) -> None:
    shop.configure("shop_models:metadata")
    models = """
from sqlalchemy import Column, Integer, MetaData, Table, event

metadata = MetaData()
Table("users", metadata, Column("id", Integer, primary_key=True))


@event.listens_for(metadata, "after_create")
def created(target, connection, **options):
    with open("runs", "a") as file:
        print("run", file=file)
"""
    shop.write("shop_models.py", models)
    assert [shop.loads(), shop.loads()] == [1, 0]
    shop.write("shop_models.py", models + "# more\n")
    assert shop.loads() == 1


def test_a_list_of_files_and_migrations(shop: Project) -> None:
    shop.configure("before.sql\n  alembic.ini")
    shop.write("before.sql", "CREATE TABLE before (id int);\n")
    assert [shop.loads(), shop.loads()] == [1, 0]
    shop.write("before.sql", "CREATE TABLE before (id bigint);\n")
    assert shop.loads() == 1


def test_code_is_run_again_unless_it_is_to_be_kept(shop: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Recorder] = []
    start = Recorder.start

    def noted(recorder: Recorder) -> None:
        started.append(recorder)
        start(recorder)

    monkeypatch.setattr(Recorder, "start", noted)
    shop.configure("alembic.ini", "false")
    assert [shop.loads(), shop.loads()] == [1, 1]
    assert shop.records == []
    # Nothing listens where nothing is kept.
    assert not started
    shop.configure("alembic.ini", "true")
    shop.loads()
    assert started


@pytest.mark.parametrize("keep", ["perhaps", "2"])
def test_what_is_no_truth_value_is_a_usage_error(shop: Project, keep: str) -> None:
    shop.configure("alembic.ini", keep)
    result = shop.pytester.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [f"ERROR: supaseed: supaseed_keep_code: invalid truth value '{keep}': write true or false"]
    )


def _environment(shop: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_COUNTRY", "de")


def _named_variable(shop: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_SHOP", "de")


def _distribution(shop: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    (shop.path / "installed" / "shop_tools-1.0.dist-info").rename(
        shop.path / "installed" / "shop_tools-1.1.dist-info"
    )


CHANGES: dict[str, Callable[[Project, pytest.MonkeyPatch], object]] = {
    "a migration": lambda shop, _: shop.write("moves/versions/one.py", REVISION.replace("{more}", "# more")),
    "alembic.ini": lambda shop, _: shop.write(
        "alembic.ini", "[alembic]\nscript_location = %(here)s/moves\nshop = 1\n"
    ),
    "a new migration": lambda shop, _: shop.write(
        "moves/versions/two.py", SECOND.replace("{table}", "setups")
    ),
    "a module of the project": lambda shop, _: shop.write("shop_names.py", "TABLE = 'users'  # more\n"),
    "a file that the load reads": lambda shop, _: shop.write("moves/data.txt", "b"),
    "a file that a module reads": lambda shop, _: shop.write("shop.toml", "b"),
    "a file that was not there": lambda shop, _: shop.write("moves/missing.txt", "b"),
    "a folder that is listed": lambda shop, _: shop.write("parts/two", ""),
    "a file of settings": lambda shop, _: shop.write(".env", "SHOP=1"),
    "a module that tests import": lambda shop, _: shop.write("conftest.py", "import shop_config\n# more\n"),
    "the environment": _environment,
    "a variable that is named": _named_variable,
    "a distribution": _distribution,
    "env.py": lambda shop, _: shop.write("moves/env.py", ENV.replace("{more}", "# more")),
}


UNCHANGED: dict[str, Callable[[Project, pytest.MonkeyPatch], object]] = {
    "the tests": lambda shop, _: shop.write("test_shop.py", TESTS + "\n# more\n"),
    "a document": lambda shop, _: shop.write("README.md", "more"),
    "a variable of the terminal": lambda _, monkeypatch: monkeypatch.setenv("TERM_SESSION_ID", "7"),
    "a variable of the run": lambda _, monkeypatch: monkeypatch.setenv("GITHUB_RUN_ID", "7"),
    "the time of a file": lambda shop, _: os.utime(shop.path / "shop_names.py", (1, 1)),
}


DAMAGE: dict[str, Callable[[Path], object]] = {
    "emptied": lambda path: path.write_bytes(b""),
    "another type": lambda path: path.write_text('{"templates": 5}'),
    "nested": lambda path: path.write_text("[" * 3000),
    "no text": lambda path: path.write_bytes(b"\xff\xfe"),
    "a key more": lambda path: path.write_text(json.dumps([{**json.loads(path.read_text())[0], "more": 1}])),
    "numbers": lambda path: path.write_text(json.dumps([{**json.loads(path.read_text())[0], "files": {"a": 1}}])),
    "writable by others": lambda path: path.chmod(0o666),
    "a link": lambda path: (path.rename(path.with_name("kept")), path.symlink_to(path.with_name("kept"))),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
}  # fmt: skip


# What a session writes while it runs.
OF_THE_SESSION = re.compile(r"\.pytest_cache|runpytest-|std(out|err)$|runs$|rows$|.*__pycache__")


@contextmanager
def restored(shop: Project) -> Iterator[None]:
    """Undo what the block does to the project's files and to its records."""

    def paths() -> list[Path]:
        found = [
            path
            for path in shop.path.rglob("*")
            if not OF_THE_SESSION.match(str(path.relative_to(shop.path)))
        ]
        return sorted([*found, *shop.records])

    before = {path: None if path.is_dir() else (path.read_bytes(), path.stat().st_mode) for path in paths()}
    yield
    for path in reversed([*paths(), *(each.with_name("kept") for each in shop.records)]):
        if path.is_dir() and not path.is_symlink():
            if before.get(path, ()) is not None:
                path.rmdir()
        elif os.path.lexists(path):
            path.unlink()
    for path, file in before.items():
        if file is None:
            path.mkdir(exist_ok=True)
        else:
            path.write_bytes(file[0])
            path.chmod(file[1])


def test_a_load_is_known_again_unless_something_has_changed_that_it_reads(
    shop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", "open-sesame")
    (shop.path / "installed" / "shop_tools-1.0.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(shop.path / "installed")
    monkeypatch.setenv("PYTHONPATH", str(shop.path / "installed"))
    shop.write("shop_config.py", "import pathlib\npathlib.Path('shop.toml').read_text()\n")
    shop.write("conftest.py", "import shop_config\n")
    shop.write("shop.toml", "a")
    shop.write("parts/one", "")
    shop.write("moves/data.txt", "a")
    shop.alembic(
        env=(
            "import os\nimport pathlib\nos.environ.get('GITHUB_SHOP')\n"
            "open('moves/data.txt').close()\nos.listdir('parts')\n"
            "try:\n    pathlib.Path('moves/missing.txt').read_text()\nexcept FileNotFoundError:\n    pass\n"
        )
    )
    # In processes of their own: this file names variables and tests, and is a module of this process.
    assert shop.loads("-n", "0") == 1
    [record] = shop.records
    assert record.stat().st_mode & 0o077 == 0
    assert "open-sesame" not in record.read_text(encoding="utf-8")
    look_up = CodeRecords.fingerprint

    def try_changes(*arguments: Any) -> Any:
        """Look the schema up as it is, and after each change: another fingerprint has it loaded."""

        def text() -> str:
            found = look_up(*arguments)
            assert found is not None
            return found[0].text

        known = text()
        for changes, expected in ((UNCHANGED, True), (CHANGES, False)):
            for name, change in changes.items():
                with restored(shop), pytest.MonkeyPatch.context() as patched:
                    change(shop, patched)
                    assert (text() == known) is expected, name
                assert text() == known, f"{name}, undone"
        for name, damage in DAMAGE.items():
            with restored(shop):
                damage(record)
                assert text() != known, name
            assert text() == known, f"{name}, undone"
        (shop.path / "tried").touch()
        return look_up(*arguments)

    monkeypatch.setattr(CodeRecords, "fingerprint", try_changes)
    assert shop.loads("-n", "0") == 0
    assert (shop.path / "tried").exists()
    monkeypatch.undo()


def test_migrations_are_run_again_and_kept_only_when_something_has_changed(
    shop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = shop.run()
    assert first[0] == 1
    assert shop.run() == (0, first[1])
    CHANGES["a migration"](shop, monkeypatch)
    assert [shop.loads(), shop.loads()] == [1, 0]
    for record in shop.records:
        DAMAGE["a key more"](record)
    assert [shop.loads(), shop.loads()] == [1, 0]


UNKNOWN = {
    "a process": "import subprocess, sys; subprocess.run([sys.executable, '-c', ''], check=True)",
    "a command": "import os; os.system('true')",
    "a connection": (
        "import socket; server = socket.create_server(('127.0.0.1', 0)); "
        "socket.create_connection(server.getsockname()).close(); server.close()"
    ),
    "a datagram": (
        "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); "
        "s.sendto(b'', ('127.0.0.1', 9)); s.close()"
    ),
    "SQLite": "import sqlite3; sqlite3.connect('shop.db').close()",
    "the kernel": "open('/dev/zero').close()",
    "a file that changes": "open('changing', 'w').close(); open('changing').close()",
}


SQL = "connection.exec_driver_sql(\"SELECT pg_read_file('PG_VERSION')\")"
PROCESS, CONNECTION = "a process that was started", "a connection to another server"
# What is noticed does not depend on when it is: each once, and at each time several.
GROUPS = {
    "alembic": (
        ["a process", "a connection", "SQLite"],
        f"{PROCESS}, {CONNECTION}, a database of SQLite",
    ),
    "callable": (["a datagram", "SQL"], f"{CONNECTION}, SQL that reads what is outside of the database"),
    "module": (["a command"], PROCESS),
    "callable, the kernel": (["the kernel"], "/dev/zero, which is made when it is read"),
    "module, changing": (["a file that changes"], "*changing, which has changed since the session began"),
}


@pytest.mark.parametrize("kind", GROUPS)
def test_code_is_run_again_that_depends_on_more(shop: Project, kind: str) -> None:
    names, reasons = GROUPS[kind]
    code = "; ".join({**UNKNOWN, "SQL": SQL}[name] for name in names)
    if kind == "alembic":
        shop.alembic(env=code)
    elif kind.startswith("callable"):
        shop.callable(inside=code)
    else:
        shop.callable(more=code)
    result = shop.pytester.runpytest_inprocess()
    result.assert_outcomes(passed=1)
    schema = "alembic.ini" if kind == "alembic" else "shop_schema:create"
    result.stdout.fnmatch_lines([
        f"supaseed: {schema} is not kept for later sessions, for its load depends on {reasons}"
    ])  # fmt: skip
    assert shop.records == []
    # The rows are not kept either: there is the cluster as initdb has made it.
    assert len(list((shop.path / ".pytest_cache" / "d" / "supaseed").glob("*.pack"))) == 1
    if kind == "alembic":
        assert [shop.runs, shop.loads()] == [1, 1]


def test_a_callable_whose_sql_asks_for_the_time_is_called_again_on_another_day_only(
    shop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pytest_supaseed import clock

    shop.callable(inside='connection.exec_driver_sql("CREATE TABLE days AS SELECT now() AS day")')
    first = shop.run()
    assert first[0] == 1
    assert shop.run() == (0, first[1])
    day = clock.today()
    monkeypatch.setattr(clock, "today", lambda: day.replace(year=day.year + 1, day=1))
    assert shop.loads() == 1


def test_a_process_that_tests_start_is_none_of_the_schema_s(shop: Project) -> None:
    shop.write(
        "test_a.py",
        "import subprocess, sys\n\ndef test_process():\n    subprocess.run([sys.executable, '-c', ''], check=True)\n",
    )
    assert shop.run(passed=2)[0] == 1
    assert shop.run(passed=2)[0] == 0


def test_a_callable_of_a_conftest(shop: Project) -> None:
    shop.configure("")
    conftest = """
        import pytest

        def create(connection):
            with open("runs", "a") as file:
                print("run", file=file)
            connection.exec_driver_sql("CREATE TABLE users (id int PRIMARY KEY, tag uuid)")

        @pytest.fixture(scope="session")
        def supaseed_schema():
            return create
    """
    shop.pytester.makeconftest(conftest)
    assert [shop.loads(), shop.loads()] == [1, 0]
    shop.pytester.makeconftest(conftest + "    # more\n")
    assert shop.loads() == 1


def test_another_selection_of_tests_has_a_record_of_its_own(shop: Project) -> None:
    shop.write("shop_more.py", "")
    shop.pytester.makepyfile(test_more="import shop_more\n" + TESTS)
    assert shop.run("test_shop.py")[0] == 1
    assert shop.run(passed=2)[0] == 1
    assert shop.run("test_shop.py")[0] == 0
    assert shop.run(passed=2)[0] == 0
