"""The names of databases that are kept, and the lines that open them, by tables."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url

from pytest_supaseed.libpq import Environment
from pytest_supaseed.session.kept import database_name, password_line, place_of

NAMES = {
    "test_a.py::test_it": "supaseed_kept_test_it",
    "tests/test_a.py::TestIt::test_it": "supaseed_kept_test_it",
    "test_a.py::test_it[a-b]": "supaseed_kept_test_it_a_b",
    "test_a.py::test_it[a::b]": "supaseed_kept_test_it_a_b",
    "test_a.py::test_It[\u00e9\u00e8]": "supaseed_kept_test_it",
    "test_a.py::\u30c6\u30b9\u30c8": "supaseed_kept_test",
    "test_a.py": "supaseed_kept_test_a_py",
    f"test_a.py::test_{'x' * 80}": f"supaseed_kept_test_{'x' * 35}",
    f"test_a.py::test_{'x' * 34}[a]": f"supaseed_kept_test_{'x' * 34}",
}


@pytest.mark.parametrize(("test", "name"), NAMES.items())
def test_a_database_is_named_like_its_test(test: str, name: str) -> None:
    assert database_name(test) == name
    assert database_name(test, 2) == f"{name}_2"
    assert len(database_name(test, 999).encode()) <= 63


SOCKET = "postgresql+psycopg2://me@/x?host=/tmp/a%20b&port=5433"
LINES = {
    SOCKET: "psql -h '/tmp/a b' -p 5433 -U me -d kept",
    "postgresql+psycopg2://me:secret@db:5433/x": "PGPASSFILE=/notes/pgpass psql -h db -p 5433 -U me -d kept",
    "postgresql://o'hara@/x": """psql -U 'o'"'"'hara' -d kept""",
    "postgresql:///x": "psql -d kept",
    "postgresql://me@db/x?sslmode=require": "psql 'postgresql://me@db/kept?sslmode=require'",
    "postgresql://me@db/x?sslmode=require&sslpassword=x": "psql 'postgresql://me@db/kept?sslmode=require'",
    "postgresql://me:secret@[::1]:5433/x": "PGPASSFILE=/notes/pgpass psql -h ::1 -p 5433 -U me -d kept",
    "postgresql://me@/x?host=a&host=b": "psql 'postgresql://me@/kept?host=a&host=b'",
}


@pytest.mark.parametrize(("url", "line"), LINES.items())
def test_the_line_says_where_the_database_is(url: str, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    assert place_of(make_url(url), Environment.ALL, folder=Path("/notes")).psql_line("kept") == line


def test_a_server_of_ours_is_entered_by_its_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PGHOSTADDR", "PGOPTIONS"):
        monkeypatch.setenv(name, "x")
    url = URL.create("postgresql+psycopg2", "me", "drawn", "127.0.0.1", 5433, "x")
    place = place_of(url, Environment.NONE, sockets="/tmp/s", folder=Path("/notes"))
    assert place.psql_line("kept") == "env -u PGHOSTADDR -u PGOPTIONS psql -h /tmp/s -p 5433 -U me -d kept"
    assert place.tcp is not None
    assert place.tcp.render_as_string(hide_password=False) == "postgresql://me:drawn@127.0.0.1:5433/x"
    assert "drawn" not in repr(place)


def test_a_password_of_the_environment_does_not_win_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "another")
    place = place_of(make_url("postgresql://me:secret@db/x"), Environment.ALL, folder=Path("/notes"))
    assert place.psql_line("kept") == "env -u PGPASSWORD PGPASSFILE=/notes/pgpass psql -h db -U me -d kept"


def test_where_the_system_has_no_psql_that_of_the_server_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    ours = tmp_path / "psql"
    assert place_of(make_url(SOCKET), Environment.ALL, psql=ours).psql == "psql"
    ours.touch()
    assert place_of(make_url(SOCKET), Environment.ALL, psql=ours).psql == str(ours)


@pytest.mark.parametrize(
    ("password", "line"), [(None, None), ("", None), ("a:b\\c", "*:*:*:*:a\\:b\\\\c\n"), ("x", "*:*:*:*:x\n")]
)
def test_a_password_is_escaped_for_libpqs_file(password: str | None, line: str | None) -> None:
    assert password_line(URL.create("postgresql", "me", password)) == line
