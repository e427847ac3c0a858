"""Little shared memory, little memory, little room on a disk: where a server lives then, and what is said."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import psycopg2
import pytest

from namespaces import Machine, Session
from pytest_supaseed.errors import NoRoomError
from pytest_supaseed.postgres.server import space
from pytest_supaseed.postgres.server.space import MEGABYTE, Place, Room, is_shortage

HEAD = """
import os
import pytest
from sqlalchemy import text

def seeds(*counts):
    return pytest.mark.parametrize("n", [pytest.param(n, marks=pytest.mark.seed(users=n)) for n in counts])

def folder(supaseed_postgres):
    return os.path.dirname(supaseed_postgres.unixsocketdir)
"""
SCHEMA = "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL UNIQUE);\n"
# What every copy of the schema has: 14 MB.
FILLER = "CREATE TABLE filler AS SELECT repeat(md5(g::text), 20) AS x FROM generate_series(1, 20000) g;\n"


@pytest.fixture
def run(choice: str) -> Iterator[Callable[..., tuple[str, list[str]]]]:
    """Runs tests on a machine: returns the output, and what they left in the folders for temporary files."""
    made: list[Path] = []

    def run(
        machine: Machine,
        tests: str,
        schema: str = SCHEMA,
        *arguments: str,
        before: tuple[str | Session, ...] = (),
        initdb: bool = False,
        **environment: str,
    ) -> tuple[str, list[str]]:
        reason = machine.reason_to_skip()
        if reason:
            pytest.skip(reason)
        suite = Path(tempfile.mkdtemp(dir="/var/tmp"))
        made.append(suite)
        suite.chmod(0o755)
        ini = f"[pytest]\nsupaseed_schema = schema.sql\nsupaseed_postgres = {choice}\n"
        for name, content in {"schema.sql": schema, "pytest.ini": ini, "test_it.py": HEAD + tests}.items():
            (suite / name).write_text(content, "utf-8")
        variables = {"SUPASEED_POSTGRES": None, "PYTHONPATH": os.getcwd(), **environment}
        commands = (*before, Session(("-rA", *arguments), initdb=initdb), "echo left:; ls -A /dev/shm /mnt")
        output, _, left = machine.run(*commands, environment=variables, folder=suite).partition("left:\n")
        return output, [line for line in left.splitlines() if "supaseed" in line]

    yield run
    for suite in made:
        shutil.rmtree(suite)


Run = Callable[..., tuple[str, list[str]]]

WHERE = """
@pytest.mark.seed(users=1)
def test_where(seeded_connection, supaseed_postgres):
    print("lives in", folder(supaseed_postgres))
"""


@pytest.mark.parametrize(
    ("machine", "place"),
    [
        (Machine(shared_memory="64m", temporary="400m"), "/mnt"),
        (Machine(shared_memory="400m", temporary="400m"), "/dev/shm"),
        # What cannot be had without programs in it, may have a server's data.
        (Machine(shared_memory="64m", temporary="400m", temporary_options="noexec"), "/mnt"),
    ],
    ids=["small shared memory", "enough of it", "noexec"],
)
def test_a_server_lives_where_there_is_room(run: Run, machine: Machine, place: str) -> None:
    output, left = run(machine, WHERE)
    assert f"lives in {place}" in output, output
    assert not left


@pytest.mark.parametrize("folder", ["/nowhere", "/usr"])
def test_a_folder_that_cannot_be_used_is_not_taken(run: Run, folder: str) -> None:
    # As an ordinary user, for whom a mode is a limit.
    machine = Machine(shared_memory="64m", uid=65534)
    output, left = run(machine, WHERE, TMPDIR=folder)
    assert "lives in /tmp" in output, output
    assert not left


SHARED = """
@seeds(1, 2, 3)
def test_shared(seeded_connection, n):
    assert seeded_connection.scalar(text("SELECT count(*) FROM users")) == n
    print("tablespaces", seeded_connection.scalars(text(
        "SELECT spcname FROM pg_database d JOIN pg_tablespace t ON t.oid = dattablespace ORDER BY d.oid"
    )).all())
    status = os.statvfs("/dev/shm")
    assert status.f_bfree * 2 >= status.f_blocks

@pytest.mark.seed(users=2)
def test_own(seeded_db):
    assert seeded_db.counts()["users"] == 2
"""


def test_what_has_no_room_in_memory_is_on_disk_and_is_not_kept(run: Run) -> None:
    machine = Machine(shared_memory="280m", temporary="300m")
    cached = ("-p", "cacheprovider")
    before = (Session(("-q", *cached), initdb=False), "du -m .pytest_cache/d/supaseed/*.pack")
    output, left = run(machine, SHARED, SCHEMA + FILLER, *cached, before=before)
    assert output.count("4 passed") == 2, output
    assert "supaseed_overflow" in output
    # The schema with two of three seeds, of which each has the rows of the schema in files of its own.
    assert any(line.endswith(".pack") and int(line.split()[0]) > 20 for line in output.splitlines())
    assert not left


@pytest.mark.parametrize("size", ["30m", "40m"])
def test_too_small_a_disk_is_named_once(run: Run, size: str) -> None:
    output, left = run(Machine(shared_memory="64m", temporary=size), SHARED)
    assert "There is no folder for the throwaway server's files. Looked at:" in output, output
    assert f"/mnt: only {size.removesuffix('m')}.0 MB are free" in output
    assert "and that has 56.0 MB free." in output
    assert output.count("Set the environment variable TMPDIR") == 1
    assert "There is no room for PostgreSQL: see the error of test_it.py::test_shared[1] (setup)" in output
    assert "Traceback" not in output
    assert not left


def test_a_disk_for_few_files(run: Run) -> None:
    machine = Machine(shared_memory="64m", temporary="400m", temporary_options="nr_inodes=800")
    output, left = run(machine, SHARED, initdb=True)
    assert "did not start: initdb exited with status 1. The end of its log:" in output, output
    assert "files can be made." in output or "and a quota may allow less." in output
    assert "Try another server" not in output
    assert output.count("Make room there, or set the environment variable TMPDIR") == 1
    assert "Traceback" not in output
    assert not left


def test_databases_that_no_test_uses_make_room(run: Run) -> None:
    # For the schema, a seed, and one copy at a time.
    tests = """
@pytest.mark.seed(users=1)
def test_shared(seeded_connection): ...

@pytest.mark.seed(users=1)
def test_own(seeded_db): ...

@pytest.mark.seed(users=1)
def test_shared_again(seeded_connection): ...
"""
    output, left = run(Machine(shared_memory="64m", temporary="60m"), tests)
    assert "3 passed" in output, output
    assert not left


FILLED = """
@seeds(1)
def test_before(seeded_connection, n): ...

@seeds(1)
def test_fills(seeded_connection, n):
    with open("/mnt/filler", "wb") as file, pytest.raises(OSError):
        while True:
            file.write(bytes(1 << 16))
            file.flush()
    os.truncate("/mnt/filler", os.path.getsize("/mnt/filler") - (2 << 20))

@seeds(1)
def test_after(seeded_connection, n): ...

@seeds(1)
def test_writes(seeded_connection, n):
    seeded_connection.execute(text("CREATE TABLE large AS SELECT repeat('x', 1000) FROM generate_series(1, 10000)"))

@seeds(2, 3)
def test_another(seeded_connection, n): ...

def test_empties():
    os.remove("/mnt/filler")

@seeds(4)
def test_later(seeded_connection, n): ...
"""


def test_a_disk_that_is_filled_while_tests_run(run: Run) -> None:
    output, left = run(Machine(shared_memory="64m", temporary="120m"), FILLED)
    assert "PASSED test_it.py::test_after[1]" in output, output
    # What a test itself could not write is said in its report.
    assert "- supaseed: PostgreSQL -" in output
    assert "PostgreSQL could not write: the file system /mnt with the folder /mnt/supaseed-" in output
    assert "of 120.0 MB are free. This run's databases are " in output
    assert "or have fewer workers of pytest-xdist" in output
    assert "see the error of test_it.py::test_another[2] (setup)" in output
    assert "PASSED test_it.py::test_later[4]" in output
    assert not left


def test_a_schema_that_is_too_large_for_the_disk(run: Run) -> None:
    schema = SCHEMA + FILLER.replace("20000", "200000")
    output, left = run(Machine(shared_memory="64m", temporary="70m"), SHARED, schema)
    assert "What the schema and the seeds write has no place: the file system /mnt" in output, output
    assert "Traceback" not in output
    assert not left


@pytest.mark.parametrize("before", ["ln -s /dev/full .pytest_cache", "touch .pytest_cache"])
def test_a_cache_that_cannot_be_written_is_done_without(run: Run, before: str) -> None:
    machine = Machine(shared_memory="64m", temporary="200m")
    output, left = run(machine, WHERE, SCHEMA, "-p", "cacheprovider", before=(before,))
    assert "1 passed" in output, output
    assert not left


def room(monkeypatch: pytest.MonkeyPatch, here: int, disk: int, memory: int | None) -> None:
    """Have so many megabytes free, in memory and on disk."""
    sizes = {Path("/dev/shm/ours"): here, Path("/disk/ours"): disk}
    monkeypatch.setattr(space, "free_bytes", lambda path: sizes[path] * MEGABYTE)
    monkeypatch.setattr(space, "available_memory", lambda: None if memory is None else memory * MEGABYTE)


@pytest.mark.parametrize(
    ("here", "disk", "memory", "size", "lasting", "place"),
    [
        (1900, 999, None, 8, False, Place.BESIDE),
        # 96 MB for the server, 8 for the schema and each of 20 seeds, 16 copies of 8.
        (2000 - 392 + 8, 999, None, 8, False, Place.BESIDE),
        (2000 - 392 + 7, 999, None, 8, False, Place.OVERFLOW),
        (2000 - 392 + 7, 999, None, 8, True, Place.BESIDE),
        # Large ones may take more, but never more than half.
        (2000 - 392 + 7, 999, None, 16, False, Place.BESIDE),
        (1007, 999, None, 8, True, Place.OVERFLOW),
        (1007, 11, None, 8, True, Place.NOWHERE),
        # A quarter of the memory there was, and half of it is for others.
        (2000 - 250 + 7, 999, 1000, 8, True, Place.OVERFLOW),
        (2000 - 250 + 8, 999, 1000, 8, True, Place.BESIDE),
        (1900, 999, 507, 8, True, Place.OVERFLOW),
        (1900, 999, 508, 8, True, Place.BESIDE),
    ],
)
def test_where_a_database_goes(
    monkeypatch: pytest.MonkeyPatch,
    here: int,
    disk: int,
    memory: int | None,
    size: int,
    lasting: bool,
    place: Place,
) -> None:
    room(monkeypatch, here, disk, memory)
    began = None if memory is None else 1000 * MEGABYTE
    ours = Room("/dev/shm/ours", True, "/disk/ours", 20, 2000 * MEGABYTE, began)
    assert ours.place(size * MEGABYTE, lasting=lasting) is place
    assert Room(**ours.notes()) == ours


@pytest.mark.parametrize(("free", "place"), [(12, Place.BESIDE), (11, Place.NOWHERE)])
def test_on_disk_a_little_stays_free(monkeypatch: pytest.MonkeyPatch, free: int, place: Place) -> None:
    room(monkeypatch, 0, free, None)
    ours = Room("/disk/ours", False, None, 20, 2000 * MEGABYTE, None)
    assert ours.place(8 * MEGABYTE, lasting=True) is place


@pytest.mark.parametrize(
    ("free", "memory", "seeds", "fits"),
    [
        (64, None, 0, False),
        (208, None, 0, True),
        (207, None, 0, False),
        (208, None, 1, False),
        (24_000, 512, 4, False),
        (24_000, 512, 3, True),
        (24_000, 24_000, 500, True),
        (24_000, 300, 0, False),
    ],
)
def test_shared_memory_is_taken_where_the_server_and_its_templates_fit(
    monkeypatch: pytest.MonkeyPatch, free: int, memory: int | None, seeds: int, fits: bool
) -> None:
    monkeypatch.setattr(space, "free_bytes", lambda path: free * MEGABYTE)
    monkeypatch.setattr(space, "available_memory", lambda: memory and memory * MEGABYTE)
    monkeypatch.setattr(space, "SHARED_MEMORY", Path("/"))
    assert space.fits_into_memory(seeds) is fits


@pytest.mark.parametrize(
    ("files", "available"),
    [
        ({"memory.max": "1000", "memory.current": "300", "memory.stat": "anon 1\ninactive_file 50\n"}, 750),
        ({"memory.max": "max", "memory.current": "300", "memory.stat": ""}, None),
        ({"memory.max": "1000", "memory.current": "1200", "memory.stat": "inactive_file 50\n"}, 0),
        ({}, None),
    ],
)
def test_what_a_control_group_allows(tmp_path: Path, files: dict[str, str], available: int | None) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content, "ascii")
    names = (tmp_path / name for name in ("memory.max", "memory.current", "memory.stat"))
    assert space._of_group(*names, "inactive_file") == available


@pytest.mark.parametrize(
    ("written", "folders"),
    [
        ("0::/a/b\n", ["a/b", "a", ""]),
        ("0::/a/b/unlimited\n", ["a/b", "a", ""]),
        ("4:memory:/version1\n", ["memory"]),
        ("0::/../outside\n", [""]),
        ("4:memory:/docker/x\n1:cpu:/y\n0::/\n", ["memory", ""]),
    ],
)
def test_all_control_groups_above_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, folders: list[str]
) -> None:
    limits = {"memory": ("memory.limit_in_bytes", "memory.usage_in_bytes")}
    limited = {"a/b": "1000", "a": "1000", "": "1000", "memory": "1000"}
    unlimited = {"a/b/unlimited": "max", "memory/version1": "9223372036854771712"}
    for folder, limit in {**limited, **unlimited}.items():
        (tmp_path / folder).mkdir(exist_ok=True, parents=True)
        for name in limits.get(folder.partition("/")[0], ("memory.max", "memory.current")):
            (tmp_path / folder / name).write_text(f"{limit}\n", "ascii")
    lines = space._lines
    monkeypatch.setattr(space, "_CGROUPS", tmp_path)
    monkeypatch.setattr(
        space,
        "_lines",
        lambda path: written.splitlines() if path == Path("/proc/self/cgroup") else lines(path),
    )
    found = [str(limit.parent.relative_to(tmp_path)) for limit, *_ in space._groups.__wrapped__()]
    assert found == [folder or "." for folder in folders]


def chained(cause: Exception) -> Exception:
    try:
        try:
            raise cause
        except Exception as error:
            raise RuntimeError("it could not be done") from error
    except RuntimeError as error:
        return error


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (OSError(errno.ENOSPC, "x"), True),
        (OSError(errno.EDQUOT, "x"), True),
        (OSError(errno.EACCES, "x"), False),
        (chained(OSError(errno.ENOSPC, "x")), True),
        (chained(ValueError("x")), False),
        (psycopg2.OperationalError('could not extend file "base/1/2": No space left on device'), True),
        (psycopg2.OperationalError("server closed the connection unexpectedly"), False),
        (NoRoomError("x"), True),
        ('PANIC:  could not write to file "pg_wal/xlogtemp.1": Disk quota exceeded', True),
        ("", False),
    ],
)
def test_what_a_full_disk_is_known_by(problem: Exception | str, expected: bool) -> None:
    assert is_shortage(problem) is expected


def test_windows_tells_the_room_without_statvfs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    names = {name: value for name, value in vars(os).items() if name != "statvfs"}
    monkeypatch.setattr(space, "os", SimpleNamespace(**names))
    assert space.free_bytes(tmp_path) > 0
    assert " are free" in space.shortage(tmp_path)
