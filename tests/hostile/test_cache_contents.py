"""Whatever is wrong with what a session finds in its cache means that it is not known, and is made anew."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import pickle
import shutil
import stat
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import pytest_supaseed
from pytest_supaseed.filesystem import OwnFolder
from pytest_supaseed.model.schema import (
    Attribute,
    Check,
    Column,
    ColumnType,
    Contents,
    Exclusion,
    ForeignKey,
    Schema,
    Sequence,
    Snapshot,
    Table,
    TableName,
    Trigger,
    UniqueKey,
)
from pytest_supaseed.postgres.server import space
from pytest_supaseed.postgres.server.archive import (
    CHECKSUM,
    FORMAT,
    HEADER,
    MAGIC,
    START,
    ClusterArchives,
    DamagedArchiveError,
)
from pytest_supaseed.postgres.server.launch import Rendezvous
from pytest_supaseed.reflection.snapshot_cache import Remembered, decoded, encoded

posix = pytest.mark.skipif(os.name == "nt", reason="modes, links and pipes of POSIX")
PACKAGE = Path(pytest_supaseed.__path__[0])


def test_nothing_that_is_read_can_run() -> None:
    for path in PACKAGE.rglob("*.py"):
        words = {"pickle", "marshal", "shelve", "dill", "yaml.load", "jsonpickle"}
        lines = path.read_text(encoding="utf-8").splitlines()
        imports = [line for line in lines if line.strip().startswith(("import ", "from "))]
        assert not [line for line in imports if any(word in line for word in words)], path


USERS, POSTS = TableName("public", "users"), TableName("app", 'po"sts\\ud800\n')
INTEGER = ColumnType("integer", "int4", "N")
CHECK = Check("positive", "((id > 0) AND (name ~ '\\u0000'))", ("id",))
POINT = ColumnType("point", "pt", "C", attributes=(Attribute("x", INTEGER, False),), checks=(CHECK,))
COLUMNS = (
    Column("id", INTEGER, False, sequence=Sequence("public", "ids", -1, -(2**63), 2**63 - 1)),
    Column("where", ColumnType("point[]", "pt", "C", array=True, element=POINT), comment="überall 🐘"),
)
LOADED = Snapshot(
    Schema(
        (
            Table(USERS, COLUMNS, ("id",), (UniqueKey("pk", ("id",)),), checks=(CHECK,)),
            Table(
                POSTS,
                COLUMNS[:1],
                foreign_keys=(ForeignKey("fk", ("id",), USERS, ("id",), match_full=True),),
                triggers=(Trigger("t", "public.f", "BEGIN RETURN NEW; END"),),
                exclusions=(Exclusion("no", ("id",)),),
                visible=False,
            ),
        ),
        ((TableName("public", "seen"), "view"),),
    ),
    Contents({USERS: 3, POSTS: 0}, {(POSTS, "fk"): (1, 2)}),
)


def test_what_is_kept_of_a_schema_is_the_schema() -> None:
    assert decoded(encoded(LOADED)) == LOADED
    assert decoded(encoded(Snapshot(Schema(), Contents()))) == Snapshot(Schema(), Contents())


def places(value: Any, path: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    """The ways to all parts of what JSON has held."""
    yield path
    if isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, (*path, number))


OTHERS = [None, True, -1, 10**30, 1.5, "text", [], [[]], {}, {"a": 1}, 2**63]


@pytest.mark.parametrize("other", OTHERS, ids=repr)
def test_another_value_in_any_place_is_an_error_or_a_schema(other: Any) -> None:
    for path in places(json.loads(encoded(LOADED))):
        changed = json.loads(encoded(LOADED))
        if not path:
            changed = other
        else:
            inner = changed
            for step in path[:-1]:
                inner = inner[step]
            inner[path[-1]] = other
        try:
            found = decoded(json.dumps(changed).encode())
        except ValueError:
            continue
        # Of the same form: a text in the place of another one, say.
        assert decoded(encoded(found)) == found


def signed(written: bytes) -> bytes:
    return hashlib.sha256(written).hexdigest().encode() + b"\n" + written


class Runs:
    """What would run if a pickle of it were read."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return print, ("it has run",)


GOOD = encoded(LOADED)
WRONG_SCHEMAS = {
    "nothing": b"",
    "cut off": signed(GOOD)[:-10],
    "cut off and signed": signed(GOOD[:-10]),
    "not signed": GOOD,
    "overwritten": signed(GOOD).replace(b"users", b"losers"),
    "a pickle": signed(pickle.dumps(Runs())),
    "a pickle of an earlier version": hashlib.sha256(pickle.dumps(Runs())).digest() + pickle.dumps(Runs()),
    "3,000 arrays": signed(b"[" * 3000 + b"]" * 3000),
    "100,000 arrays": signed(b"[" * 100_000),
    "no UTF-8": signed(GOOD.replace(b"users", b"user\xff")),
    "a zero byte": signed(GOOD.replace(b"users", b"user\\u0000")),
    "a surrogate": signed(GOOD.replace(b"users", b"user\\udc80")),
    "10,000 digits": signed(GOOD.replace(b"3]", b"9" * 10_000 + b"]", 1)),
    "no number": signed(b"[[0,NaN,Infinity]]"),
    "no database": signed(b'[[0,"public","users"]]'),
    "an object": signed(b'{"templates":5}'),
    "a number": signed(b"7"),
    "a record of nothing": signed(b"[[]]"),
    "a record that is none": signed(b"[null]"),
    "a class that is none": signed(b"[[99]]"),
    "zeros": bytes(5000),
}


@pytest.mark.parametrize("how", WRONG_SCHEMAS)
def test_a_schema_that_is_not_what_was_kept_is_not_known(
    how: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    remembered = Remembered(tmp_path / "kept")
    digest = remembered.save("k", LOADED)
    assert remembered.find("k", digest) == LOADED
    (tmp_path / "kept" / "k.schema").write_bytes(WRONG_SCHEMAS[how])
    assert remembered.find("k", digest) is None
    digest = remembered.save("k", LOADED)
    assert remembered.find("k", digest) == LOADED
    assert capsys.readouterr().out == ""


def test_what_another_template_has_been_read_as_is_not_known(tmp_path: Path) -> None:
    remembered = Remembered(tmp_path)
    digest = remembered.save("k", LOADED)
    tables = LOADED.schema.tables[:-1]
    other = replace(LOADED, schema=replace(LOADED.schema, tables=tables))
    assert remembered.save("other", other) != digest
    (tmp_path / "k.schema").write_bytes((tmp_path / "other.schema").read_bytes())
    assert remembered.find("k", digest) is None
    assert remembered.find("other", None) is None


def replace_file(path: Path, how: str) -> None:
    """Put something else in the place of a file that is of the right content."""
    if how == "others may write":
        path.chmod(0o602)
    elif how == "a group may write":
        path.chmod(0o620)
    elif how == "a link":
        path.rename(path.with_name("elsewhere"))
        path.symlink_to(path.with_name("elsewhere"))
    elif how == "a pipe":
        path.unlink()
        os.mkfifo(path)
    elif how == "a folder":
        path.unlink()
        path.mkdir()
    elif how == "another owner":
        os.chown(path, 65534, -1)


def is_tried(how: str) -> None:
    if how == "another owner" and os.geteuid() != 0:
        pytest.skip("only root can give files away")


REPLACED = ["others may write", "a group may write", "a link", "a pipe", "a folder", "another owner"]


@posix
@pytest.mark.parametrize("how", REPLACED)
def test_a_file_that_is_not_ours_alone_is_not_read(how: str, tmp_path: Path) -> None:
    is_tried(how)
    remembered = Remembered(tmp_path / "kept")
    digest = remembered.save("k", LOADED)
    path = tmp_path / "kept" / "k.schema"
    replace_file(path, how)
    before = path.lstat()
    assert remembered.find("k", digest) is None
    with OwnFolder(tmp_path / "kept") as folder, pytest.raises(OSError, match=r"."):
        folder.read("k.schema", 1 << 20)
    assert path.lstat() == before
    # It is replaced, and what a link leads to stays as it is.
    digest = remembered.save("k", LOADED)
    assert (remembered.find("k", digest) is None) == (how == "a folder")


@posix
@pytest.mark.parametrize(
    "how", ["others may write", "a group may write", "a link", "a link to nowhere", "another owner"]
)
def test_a_folder_that_is_not_ours_alone_is_not_used(how: str, tmp_path: Path) -> None:
    is_tried(how)
    kept = tmp_path / "kept"
    digest = Remembered(kept).save("k", LOADED)
    kept.chmod({"others may write": 0o707, "a group may write": 0o770}.get(how, 0o700))
    if how == "a link":
        kept.rename(tmp_path / "elsewhere")
        kept.symlink_to(tmp_path / "elsewhere")
    elif how == "a link to nowhere":
        kept.rename(tmp_path / "elsewhere")
        kept.symlink_to(tmp_path / "nowhere")
    elif how == "another owner":
        os.chown(kept, 65534, -1)

    def state() -> object:
        there = kept.exists()
        return kept.lstat(), there and kept.stat(), there and sorted(os.listdir(kept))

    before = state()
    assert Remembered(kept).find("k", digest) is None
    Remembered(kept).save("other", LOADED)
    data = tmp_path / "data"
    (data / "global").mkdir(parents=True)
    (data / "global" / "pg_control").write_bytes(bytes(16) + b"\1\0\0\0" + bytes(100))
    assert not ClusterArchives(kept).save("p", data, {})
    ClusterArchives(kept).tidy()
    assert state() == before


ANNOUNCED = {
    "host": "/run/x", "port": 5432, "user": "me", "password": None, "options": "", "maintenance": "postgres",
    "folders": ["/run/x"], "room": {}, "datadir": "/run/x/data", "secret": "s", "socket folder": "",
    "command": ["/bin/postgres"], "template": None, "pack": None,
}  # fmt: skip


@posix
@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"7", b"[]", b"{}", b"\xff", b"[" * 100_000, json.dumps(ANNOUNCED).encode()[:-5]),
        *(
            json.dumps({**ANNOUNCED, name: value}).encode()
            for name, value in {
                "host": None, "port": "5432", "user": 5, "password": 7, "options": None, "maintenance": [],
                "folders": "/", "datadir": {}, "template": 5, "pack": 5, "more": 1,
            }.items()
        ),
        json.dumps({**ANNOUNCED, "folders": [5]}).encode(),
        json.dumps({**ANNOUNCED, "folders": ["relative"]}).encode(),
    ],
)  # fmt: skip
def test_a_server_that_is_not_announced_properly_is_none(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    meeting = Rendezvous("token")
    assert meeting.lock(wait=True)
    try:
        meeting.announce(ANNOUNCED)
        assert stat.S_IMODE((meeting.folder / "server.json").stat().st_mode) == 0o600
        assert meeting.server() == ANNOUNCED
        (meeting.folder / "server.json").write_bytes(content)
        assert meeting.server() is None
    finally:
        meeting.leave()
        meeting.unlock()


KILLED = """
import os, signal, sys
from pathlib import Path
from pytest_supaseed.filesystem import OwnFolder

def write(file):
    file.write(b"half")
    file.flush()
    print("written", flush=True)
    sys.stdin.read()

with OwnFolder(Path(sys.argv[1]), make=True) as folder:
    folder.write("k.pack", write)
"""


@posix
def test_what_a_killed_session_was_writing_goes_with_the_next_and_not_before(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(kept)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=PACKAGE.parent,
    ) as session:
        assert session.stdout is not None
        assert session.stdout.readline() == b"written\n"
        ClusterArchives(kept).tidy()
        [unfinished] = os.listdir(kept)
        assert unfinished.endswith(".tmp")
        session.kill()
        session.wait()
    ClusterArchives(kept).tidy()
    assert os.listdir(kept) == []


# Whole sessions.

TESTS = """
    import pytest

    @pytest.mark.seed(users=3)
    def test_users(seeded_db, seeded_connection):
        assert seeded_db.counts()["users"] == 3
        setting = seeded_connection.exec_driver_sql("SHOW archive_command").scalar()
        assert "planted" not in setting
"""


@pytest.fixture
def warm(project: pytest.Pytester, choice: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.Pytester]:
    """A project whose servers live in a folder of their own, in which nothing stays."""
    monkeypatch.setenv("SUPASEED_POSTGRES", choice)
    monkeypatch.setattr(space, "fits_into_memory", lambda seeds: False)
    project.makeini("[pytest]\nsupaseed_schema = schema.sql\n")
    project.makepyfile(TESTS)
    with tempfile.TemporaryDirectory(dir="/tmp") as temporary:
        os.chmod(temporary, 0o755)
        monkeypatch.setattr(tempfile, "tempdir", temporary)
        yield project
        assert os.listdir(temporary) == []


@pytest.fixture(scope="module")
def first_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the cache of the first session of the project is, once a test has run one."""
    return tmp_path_factory.mktemp("first") / "cache"


@pytest.fixture
def cached(warm: pytest.Pytester, first_cache: Path) -> pytest.Pytester:
    """The same project after its first session, which is run for the first test that asks."""
    if not first_cache.exists():
        passes(warm)
        shutil.copytree(cache_of(warm), first_cache)
    else:
        shutil.copytree(first_cache, cache_of(warm))
    return warm


def passes(project: pytest.Pytester) -> None:
    result = project.runpytest_inprocess("-n0", "-W", "error")
    result.assert_outcomes(passed=1)
    assert "Traceback" not in result.stdout.str() + result.stderr.str()


def cache_of(project: pytest.Pytester) -> Path:
    return project.path / ".pytest_cache" / "d" / "supaseed"


def rewrite(path: Path, change: Callable[[dict[str, Any], bytearray], None]) -> None:
    """Change a pack, with the right checksums."""
    content = path.read_bytes()
    _, _, start, length, _ = HEADER.unpack_from(content)
    index, contents = json.loads(content[start : start + length]), bytearray(content[START:start])
    change(index, contents)
    text = json.dumps(index).encode()
    header = HEADER.pack(MAGIC, FORMAT, START + len(contents), len(text), zlib.crc32(text))
    path.write_bytes(header + CHECKSUM.pack(zlib.crc32(header)) + contents + text)


def add_file(
    index: dict[str, Any], contents: bytearray, name: str, content: bytes, *, folder: str = ""
) -> None:
    """Put a file into the data folder of a pack, or into a folder there, or in the place of one."""
    top = next(each for each in index["folders"] if each[0] == folder)
    top[2] = [each for each in top[2] if each[0] != name] + [[name, 0o600, len(index["contents"])]]
    index["contents"].append([len(content), zlib.crc32(content)])
    contents += content


def noted_otherwise(index: dict[str, Any], contents: bytearray) -> None:
    index["notes"] = {"templates": 5}


def noted_nonsense(index: dict[str, Any], contents: bytearray) -> None:
    index["notes"] = {"templates": {"../..": "a", "": 7, "1": "x", "99999999999": None}}


def noted_as_templates(index: dict[str, Any], contents: bytearray) -> None:
    # Without these databases, which PostgreSQL numbers itself, no server starts.
    index["notes"] = {"templates": {"1": "a", "4": "b", "5": "c"}}


def without_roles(index: dict[str, Any], contents: bytearray) -> None:
    add_file(index, contents, "1260", b"", folder="global")


def of_damaged_catalogs(index: dict[str, Any], contents: bytearray) -> None:
    for number in (1, 5):
        add_file(index, contents, "1259", b"\xff" * 8192 * 14, folder=f"base/{number}")


def nested(index: dict[str, Any], contents: bytearray) -> None:
    path = ""
    for _ in range(3000):
        path = f"{path}/a" if path else "a"
        index["folders"].append([path, 0o700, []])


def with_settings(index: dict[str, Any], contents: bytearray) -> None:
    add_file(index, contents, "postgresql.auto.conf", b"# harmless\n  archive_command = 'planted'\n")


def with_settings_in_other_files(index: dict[str, Any], contents: bytearray) -> None:
    for name in ("postgresql.conf", "supaseed.conf"):
        add_file(index, contents, name, b"archive_command = 'planted'\nlisten_addresses = '*'\n")
    add_file(index, contents, "pg_hba.conf", b"local all all reject\n")


def a_standby(index: dict[str, Any], contents: bytearray) -> None:
    add_file(index, contents, "standby.signal", b"")


def a_backup(index: dict[str, Any], contents: bytearray) -> None:
    add_file(index, contents, "backup_label", b"START WAL LOCATION: 0/9000028\n")


def a_tablespace(index: dict[str, Any], contents: bytearray) -> None:
    index["folders"].append(["pg_tblspc/16384", 0o700, []])


def another_version(index: dict[str, Any], contents: bytearray) -> None:
    add_file(index, contents, "PG_VERSION", b"9\n")


REFUSED = [nested, with_settings, a_standby, a_backup, a_tablespace]
EXTRACTED = [
    *(noted_otherwise, noted_nonsense, noted_as_templates, with_settings_in_other_files),
    *(another_version, without_roles, of_damaged_catalogs),
]


@posix
@pytest.mark.parametrize("change", [*REFUSED, *EXTRACTED])
def test_a_pack_with_what_a_server_would_follow_is_not_known(
    tmp_path: Path, change: Callable[[dict[str, Any], bytearray], None]
) -> None:
    data = tmp_path / "data"
    for folder in ("global", "base/1", "base/5"):
        (data / folder).mkdir(parents=True)
    (data / "global" / "pg_control").write_bytes(bytes(16) + b"\1\0\0\0" + bytes(100))
    archives = ClusterArchives(tmp_path / "kept")
    assert archives.save("p", data, {})
    rewrite(tmp_path / "kept" / "p.pack", change)
    archive = archives.find("p")
    assert (archive is None) == (change in REFUSED)
    if archive is not None:
        archive.close()


# With these no server starts, and the next pack is tried.
UNUSABLE = [another_version, without_roles, of_damaged_catalogs]


@posix
@pytest.mark.parametrize(
    "changes",
    [REFUSED[:2], *([each] * 2 for each in EXTRACTED if each not in UNUSABLE), UNUSABLE[:2], UNUSABLE[1:]],
    ids=lambda changes: changes[0].__name__,
)
def test_a_session_passes_whatever_has_become_of_the_packs(
    cached: pytest.Pytester, changes: list[Callable[[dict[str, Any], bytearray], None]]
) -> None:
    packs = sorted(cache_of(cached).glob("*.pack"))
    for path, change in zip(packs, changes, strict=True):
        rewrite(path, change)
    before = [path.read_bytes() for path in packs]
    passes(cached)
    if changes[0] in (*REFUSED, *UNUSABLE):
        assert not any(path.read_bytes() == damaged for path, damaged in zip(packs, before, strict=True))


@posix
def test_a_session_passes_whatever_has_become_of_the_small_files(cached: pytest.Pytester) -> None:
    small = [path for path in cache_of(cached).iterdir() if path.suffix != ".pack"]
    contents = {".last": b"[" * 5000, ".schema": b"\xff" * 32}
    assert {path.suffix for path in small} == set(contents)
    for path in small:
        path.write_bytes(contents[path.suffix])
    passes(cached)


@posix
def test_a_session_passes_whatever_lies_in_the_place_of_its_files(cached: pytest.Pytester) -> None:
    target = cached.path / "target"
    target.write_bytes(b"of somebody else")
    target.chmod(0o640)
    before = target.stat()
    # Of each file there is another kind of thing; each kind in the place of each file is tried above.
    kinds = itertools.cycle(["a link", "a pipe", *(["another owner"] if os.geteuid() == 0 else [])])
    files = sorted(cache_of(cached).iterdir())
    assert len(files) >= 4
    for path, how in zip(files, kinds, strict=False):
        if how == "a link":
            path.unlink()
            path.symlink_to(target)
        else:
            replace_file(path, how)
    passes(cached)
    after = target.stat()
    assert target.read_bytes() == b"of somebody else"
    assert (after.st_mode, after.st_uid, after.st_mtime_ns) == (
        before.st_mode,
        before.st_uid,
        before.st_mtime_ns,
    )


# Folders that others may write to are tried above.
@posix
@pytest.mark.parametrize("how", ["a link", "a link above", "another owner"])
def test_a_session_leaves_a_cache_folder_alone_that_is_not_its_own(warm: pytest.Pytester, how: str) -> None:
    is_tried(how)
    folder = cache_of(warm)
    target = warm.path / "target"
    target.mkdir(0o755)
    if how == "a link above":
        folder.parent.parent.mkdir()
        folder.parent.symlink_to(target)
    else:
        folder.parent.mkdir(parents=True)
        if how == "a link":
            folder.symlink_to(target)
        else:
            folder.mkdir(0o700)
            os.chown(folder, 65534, -1)
    before = folder.lstat() if os.path.lexists(folder) else None
    passes(warm)
    assert os.listdir(target) == []
    assert stat.S_IMODE(target.stat().st_mode) == 0o755
    if before is not None:
        assert folder.lstat() == before
        assert not folder.is_dir() or os.listdir(folder) == []


@posix
def test_a_pack_that_stands_for_more_than_is_ever_kept_is_refused_before_it_is_written(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    (data / "global").mkdir(parents=True)
    (data / "global" / "pg_control").write_bytes(bytes(16) + b"\1\0\0\0" + bytes(100))
    (data / "large").write_bytes(bytes(8 << 20))
    archives = ClusterArchives(tmp_path / "kept")
    assert archives.save("p", data, {})

    def many(index: dict[str, Any], contents: bytearray) -> None:
        top = index["folders"][0]
        [(_, mode, content)] = [each for each in top[2] if each[0] == "large"]
        top[2] += [[f"copy{number}", mode, content] for number in range(200)]

    rewrite(tmp_path / "kept" / "p.pack", many)
    target = tmp_path / "target"
    target.mkdir()
    archive = archives.find("p")
    assert archive is not None
    with archive, pytest.raises(DamagedArchiveError, match=r"its files would take 1608 MB"):
        archive.extract(target, None)
    assert os.listdir(target) == []
