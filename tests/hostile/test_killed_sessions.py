"""What a session leaves on a server that somebody else runs, whenever it is killed; and what is left alone."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from sqlalchemy import URL

from leftovers import until
from pytest_supaseed.postgres.databases.database import Background, Databases, PreparedClones
from pytest_supaseed.postgres.databases.maintenance import Maintenance, libpq_url, new_session, session_of
from pytest_supaseed.postgres.databases.templates import Templates, template_name
from servers import databases

needs_fork = pytest.mark.skipif(sys.platform == "win32", reason="there is no fork()")
# More statements than the session below has.
MOST = 60


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take a session that is not there for killed, without waiting for it."""
    monkeypatch.setattr("pytest_supaseed.postgres.databases.templates._ABSENT_SECONDS", 0.0)


@pytest.fixture
def next_session(server_url: URL) -> Iterator[Databases]:
    found = Databases(server_url)
    yield found
    found.drop_all()
    Templates(found).sweep()
    found.close()


def work(url: URL) -> None:
    """What a session does on a server: it makes a template, copies of it, and drops what it has made."""
    session = Databases(url)
    templates, clones = Templates(session), PreparedClones(session)
    templates.sweep()
    name = template_name("supaseed", "seed", f"{os.getpid():016x}")
    templates.get(name, lambda: (session.create(), {"counts": [1]}))
    clones.want(name, 2)
    taken = clones.take(name)
    session.create(name, "tmpl")
    clones.drop(taken)
    clones.proceed()
    clones.close(wait=True)
    session.drop_all()
    templates.sweep()
    session.close()


def killed_at(number: int) -> None:
    """Have this process kill itself at one of its statements that change something.

    One that is waited for: before it is sent. After it the server is as it is before the next one, and a statement that
    only reads leaves it so. One that runs in the background: before it is sent, or when it has been.
    """
    statements = 0

    def count() -> None:
        nonlocal statements
        statements += 1
        if statements == number:
            os.kill(os.getpid(), signal.SIGKILL)

    ask, send = Maintenance._ask, Background._send

    def counted_ask(self: Maintenance, query: Any, *parameters: Any) -> Any:
        if not str(query).lstrip().startswith(("SELECT", "SHOW")):
            count()
        return ask(self, query, *parameters)

    def counted_send(self: Background) -> None:
        count()
        send(self)
        count()

    Maintenance._ask = counted_ask  # type: ignore[method-assign]
    Background._send = counted_send  # type: ignore[method-assign]


def status_of_session(url: URL, number: int) -> int:
    child = os.fork()
    if child == 0:
        try:
            killed_at(number)
            work(url)
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1]


@needs_fork
def test_a_session_that_is_killed_at_any_statement_leaves_no_database(
    server_url: URL, next_session: Databases
) -> None:
    there = databases(server_url)
    templates = Templates(next_session)
    left: list[int] = []
    for number in range(1, MOST):
        status = status_of_session(server_url, number)
        # PostgreSQL ends a statement that it has begun, and only then notices.
        until(lambda: len(next_session.maintenance.present()) == 1)
        left.append(len(databases(server_url) - there))
        templates.sweep()
        assert databases(server_url) == there, f"killed at statement {number}"
        if not os.WIFSIGNALED(status):
            break
    assert status == 0, "the session has more statements, or has failed"
    assert number > 15
    # Before each sweep there was something to drop, most of the time.
    assert sum(map(bool, left)) > number / 2


OF_OTHERS = [
    "supaseed_mine",
    "supaseed_deadbeef_1",
    "supaseed_0123abcd_1",
    "supaseed_12345678_tmpl",
    "supaseed_0123456789abcdef0123_1",
    "supaseed_seed_0123456789abcdef",
    "Supaseed_0123456789abcdef0123_1",
]


@pytest.mark.parametrize("name", OF_OTHERS)
def test_a_database_of_another_origin_stays(server_url: URL, next_session: Databases, name: str) -> None:
    with a_database(next_session, name):
        Templates(next_session).sweep()
        assert name in databases(server_url)


def test_a_database_whose_check_digits_are_wrong_stays(server_url: URL, next_session: Databases) -> None:
    prefix = new_session()
    for at in range(len("supaseed_"), len(prefix)):
        changed = prefix[:at] + ("0" if prefix[at] != "0" else "1") + prefix[at + 1 :]
        assert session_of(f"{prefix}_1") == prefix
        assert session_of(f"{changed}_1") is None
    with a_database(next_session, f"{changed}_1"):
        Templates(next_session).sweep()
        assert f"{changed}_1" in databases(server_url)


@pytest.mark.parametrize(
    "last", ["", "_", "_0", "_01", "_1_copy", "_mine", "_1\n", "_TMPL", "_tests2", "_1 "]
)
def test_a_name_that_only_begins_like_one_of_ours_is_not(last: str) -> None:
    assert session_of(new_session() + last) is None


def test_a_database_on_which_another_comment_is_stays(server_url: URL, next_session: Databases) -> None:
    name = f"{new_session()}_1"
    with a_database(next_session, name):
        next_session.maintenance.query(f"""COMMENT ON DATABASE "{name}" IS 'keep this one'""")
        Templates(next_session).sweep()
        assert name in databases(server_url)


def test_a_database_of_another_role_stays(server_url: URL, next_session: Databases) -> None:
    name, role = f"{new_session()}_1", f"guest_{os.getpid()}"
    query = next_session.maintenance.query
    query(f"CREATE ROLE {role}")
    try:
        with a_database(next_session, name):
            query(f'ALTER DATABASE "{name}" OWNER TO {role}')
            Templates(next_session).sweep()
            assert name in databases(server_url)
    finally:
        query(f"DROP ROLE {role}")


def test_a_database_that_was_not_marked_goes(server_url: URL, next_session: Databases) -> None:
    name = f"{new_session()}_7"
    next_session.maintenance.query(f'CREATE DATABASE "{name}"')
    Templates(next_session).sweep()
    assert name not in databases(server_url)


@pytest.mark.parametrize("notes", [None, {"counts": []}], ids=["of a session", "of a template"])
def test_a_database_whose_dropping_was_broken_off_goes(
    server_url: URL, next_session: Databases, notes: dict[str, object] | None
) -> None:
    other = Databases(server_url)
    name = other.create()
    other.mark(name, notes)
    # As PostgreSQL leaves it.
    query = next_session.maintenance.query
    query("UPDATE pg_database SET datconnlimit = -2 WHERE datname = %s", name)
    other.close()
    until(lambda: len(next_session.maintenance.present()) == 1)
    Templates(next_session).sweep()
    assert name not in databases(server_url)


def test_a_template_whose_dropping_was_broken_off_is_made_anew(next_session: Databases) -> None:
    name = template_name("supaseed", "seed", "broken")
    templates = Templates(next_session)
    templates.get(name, lambda: (next_session.create(), {"made": 1}))
    next_session.maintenance.query("UPDATE pg_database SET datconnlimit = -2 WHERE datname = %s", name)
    assert name not in templates.names()
    assert templates.get(name, lambda: (next_session.create(), {"made": 2}))["made"] == 2
    next_session.create(name)


def test_a_session_that_connects_again_meanwhile_keeps_its_databases(
    server_url: URL, next_session: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Databases(server_url)
    name = other.create()
    end_connections(next_session)
    monkeypatch.setattr(
        "pytest_supaseed.postgres.databases.templates.clock.sleep", lambda seconds: other.maintenance.check()
    )
    Templates(next_session).sweep()
    assert other.exists(name)
    other.drop_all()
    other.close()


def test_a_database_that_is_used_meanwhile_stays(
    server_url: URL, next_session: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Databases(server_url)
    name = other.create()
    end_connections(next_session)
    used = []
    monkeypatch.setattr(
        "pytest_supaseed.postgres.databases.templates.clock.sleep",
        lambda seconds: used.append(psycopg2.connect(libpq_url(other.url(name)))),
    )
    Templates(next_session).sweep()
    assert used
    assert other.exists(name)
    used[0].close()
    other.drop_all()
    other.close()


def end_connections(session: Databases) -> None:
    session.maintenance.query(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
        "AND application_name LIKE 'pytest-supaseed %'"
    )


class a_database:  # noqa: N801 read as a block
    """A database that belongs to the server's owner."""

    def __init__(self, session: Databases, name: str) -> None:
        self.query, self.name = session.maintenance.query, name

    def __enter__(self) -> None:
        self.query(f'CREATE DATABASE "{self.name}"')

    def __exit__(self, *args: object) -> None:
        self.query(f'DROP DATABASE "{self.name}"')
