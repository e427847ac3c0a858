"""Folders of every name: for temporary files, and of a project; what cannot be used is passed over, or said."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine
from sqlalchemy.pool import NullPool

from pytest_supaseed.errors import ServerError
from pytest_supaseed.postgres.server import space
from pytest_supaseed.postgres.server.account import new_folder
from pytest_supaseed.postgres.server.programs import find
from pytest_supaseed.postgres.server.server import start_server

USED = [
    b"a b",
    b"a'b",
    b'a"b',
    b"a\\b",
    b"a%b",
    b"a=b",
    b"a;b$(x)",
    b"#a",
    b"\xc3\xa4",
    b"a?b&c",
    b" a ",
    b"@a",
    b"-a",
]
PASSED_OVER = {
    b"\xff": "its name is no UTF-8",
    b"a\nb": "its name has a comma or a line break",
    b"a\rb": "its name has a comma or a line break",
    b"a,b": "its name has a comma or a line break",
    b"x" * 90: "too long for a Unix socket's path",
}


@pytest.fixture
def base(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a short name that every account can enter; shared memory is not taken."""
    monkeypatch.setattr(space, "fits_into_memory", lambda seeds: False)
    made = Path(tempfile.mkdtemp(dir="/tmp", prefix="h"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def temporary(base: Path, name: bytes, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = base / os.fsdecode(name)
    folder.mkdir()
    folder.chmod(0o1777)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize("name", USED)
def test_names_that_postgresql_takes(name: bytes, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = temporary(base, name, monkeypatch)
    assert new_folder(None, sockets=True).parent == folder
    assert new_folder(None, programs=True).parent == folder


@pytest.mark.parametrize("name", PASSED_OVER)
def test_names_that_postgresql_does_not_take(
    name: bytes, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = temporary(base, name, monkeypatch)
    assert new_folder(None, sockets=True).parent in (Path("/tmp"), Path("/var/tmp"))
    with pytest.raises(ServerError, match=PASSED_OVER[name]) as caught:
        new_folder(None, sockets=True, bases=[folder])
    str(caught.value).encode()


def test_a_file_in_the_place_of_a_folder(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (base / "file").write_text("")
    monkeypatch.setattr(tempfile, "tempdir", str(base / "file"))
    assert new_folder(None).parent in (Path("/tmp"), Path("/var/tmp"))
    monkeypatch.setattr(tempfile, "tempdir", str(base / "circular"))
    (base / "circular").symlink_to("circular")
    assert new_folder(None).parent in (Path("/tmp"), Path("/var/tmp"))


def test_a_relative_folder(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (base / "relative").mkdir()
    monkeypatch.chdir(base)
    monkeypatch.setattr(tempfile, "tempdir", "relative")
    assert new_folder(None).parent == base / "relative"


def test_no_folder_for_temporary_files(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing() -> str:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", nothing)
    assert new_folder(None).parent in (Path("/tmp"), Path("/var/tmp"))


@pytest.mark.parametrize("name", [b" a'b\"c\\d ", b"#\xc3\xa4%=;$(x)?&@"])
def test_a_server_runs_there(name: bytes, base: Path, monkeypatch: pytest.MonkeyPatch, choice: str) -> None:
    if "://" in choice:
        pytest.skip("the server is one at a URL")
    folder = temporary(base, name, monkeypatch)
    server = start_server(find(choice))
    try:
        assert Path(server.host).is_relative_to(folder)
        url = URL.create(
            "postgresql+psycopg2",
            username=server.user,
            password=server.password,
            database=server.maintenance_dbname,
            query={"host": server.host, "port": str(server.port)},
        )
        with create_engine(url, poolclass=NullPool).connect() as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    finally:
        server.stop()
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "name", [b"a'b\"c d\\e%s", b"\xff", b"a\nb"], ids=["quotes", "no UTF-8", "a line break"]
)
def test_a_project_lies_there(name: bytes, project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = project.path / os.fsdecode(name)
    folder.mkdir()
    for each in ("schema.sql", "tox.ini"):
        shutil.copy(project.path / each, folder)
    (folder / "test_it.py").write_text(
        "import pytest\nfrom pytest_supaseed import Rows\n"
        "@pytest.mark.seed(users=2)\ndef test_a(seeded_db): pass\n"
        "@pytest.mark.seed(users=Rows(2, columns={'email': lambda faker: 1 / 0}))\ndef test_b(seeded_db): pass\n"
    )
    monkeypatch.chdir(folder)
    found = {
        report.nodeid.rpartition("::")[2]: f"{report.longrepr or ''}"
        for report in project.inline_run("--rootdir=.", "-c", "tox.ini").getreports(
            "pytest_runtest_logreport"
        )
        if report.when == "setup"
    }
    assert found["test_a"] == ""
    assert found["test_b"].startswith(
        "users.email: columns={'email': ...}, <lambda>, raised ZeroDivisionError: division by zero\n  at "
    )
    found["test_b"].encode()
