"""For a server that somebody else runs libpq's variables hold, and a message names the one that is at fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import URL

from pytest_supaseed.libpq import Environment
from pytest_supaseed.postgres.databases.maintenance import libpq_url
from pytest_supaseed.postgres.server.external import at_fault, refusal, variables_sentence
from servers import databases

TEST = """
    import pytest

    @pytest.mark.seed(users=2)
    def test_a(seeded_db):
        assert seeded_db.counts()["users"] == 2
"""
# With these the server cannot be connected to.
UNREACHABLE = [
    ("PGHOSTADDR", "nonsense"),
    ("PGREQUIREAUTH", "md5"),
    ("PGREQUIREAUTH", "nonsense"),
    ("PGCHANNELBINDING", "nonsense"),
    ("PGSERVICE", "nowhere"),
    ("PGOPTIONS", "-c no_such_setting=1"),
    ("PGOPTIONS", "-c role=nobody_here"),
    ("PGOPTIONS", "nonsense"),
    ("PGSSLMODE", "nonsense"),
    ("PGSSLNEGOTIATION", "nonsense"),
    ("PGSSLCERTMODE", "nonsense"),
    ("PGREQUIREPEER", "nobody_here"),
    ("PGSSLMINPROTOCOLVERSION", "nonsense"),
    ("PGGSSENCMODE", "nonsense"),
    ("PGCONNECT_TIMEOUT", "nonsense"),
    ("PGCLIENTENCODING", "nonsense"),
    ("PGTARGETSESSIONATTRS", "standby"),
    ("PGTARGETSESSIONATTRS", "nonsense"),
    ("PGLOADBALANCEHOSTS", "nonsense"),
    ("PGDATESTYLE", "nonsense"),
    ("PGTZ", "nonsense"),
    ("PGGEQO", "nonsense"),
]
# With these it can, and something else fails.
UNUSABLE = [
    ("PGOPTIONS", "-c default_transaction_read_only=on", "could not be created"),
    ("PGOPTIONS", "-c statement_timeout=1", "*"),
    ("PGOPTIONS", "-c search_path=nowhere", "no schema has been selected to create in"),
]
HARMLESS = [
    ("PGCLIENTENCODING", "SQL_ASCII"),
    ("PGTZ", "Asia/Tokyo"),
    ("PGDATESTYLE", "German"),
    ("PGCHANNELBINDING", "prefer"),
    ("PGTARGETSESSIONATTRS", "primary"),
    ("PGREQUIREAUTH", "none"),
    ("PGPASSWORD", "wrong"),
    ("PGSERVICEFILE", "/nowhere"),
]


def said_by(result: pytest.RunResult) -> pytest.LineMatcher:
    """What a session has said in which nothing could work: a usage error, or the error of its test."""
    if result.ret == pytest.ExitCode.USAGE_ERROR:
        return result.stderr
    result.assert_outcomes(errors=1)
    return result.stdout


def fault(name: str) -> str:
    return f"The environment variable {name} is at fault: without it, it works. Correct it, or unset it for this run."


@pytest.mark.parametrize(("name", "value"), UNREACHABLE)
def test_the_variable_that_no_connection_is_made_with_is_named(
    project: pytest.Pytester, server_url: URL, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    before = databases(server_url)
    with monkeypatch.context() as patched:
        patched.setenv(name, value)
        project.makepyfile(TEST)
        result = project.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*postgresql://* cannot be connected to: *", f"*{fault(name)}"])
    result.stderr.no_fnmatch_line("*Start that server*")
    assert databases(server_url) == before


@pytest.mark.parametrize(("name", "value", "said"), UNUSABLE)
def test_the_variable_that_something_else_fails_with_is_named(
    project: pytest.Pytester,
    server_url: URL,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    said: str,
) -> None:
    before = databases(server_url)
    with monkeypatch.context() as patched:
        patched.setenv(name, value)
        project.makepyfile(TEST)
        result = project.runpytest_inprocess()
    said_by(result).fnmatch_lines([f"*{said}*", f"*{fault(name)}"])
    assert databases(server_url) == before


def test_what_breaks_nothing_is_followed(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    # Of what one breaks, no other one makes up for.
    for name, value in HARMLESS:
        monkeypatch.setenv(name, value)
    project.makepyfile(TEST)
    project.runpytest_inprocess().assert_outcomes(passed=1)


def test_variables_that_are_at_fault_together_are_named(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGTZ", "nonsense")
    monkeypatch.setenv("PGAPPNAME", "mine")
    monkeypatch.setenv("PGSSLMODE", "nonsense")
    project.makepyfile(TEST)
    result = project.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        "*The environment variables PGSSLMODE, PGTZ are at fault: without them, it works. Correct them, or unset them "
        "for this run."
    )


def test_a_variable_that_is_not_at_fault_is_not_named(
    project: pytest.Pytester, server_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGTZ", "Asia/Tokyo")
    monkeypatch.setenv("PGSSLMODE", "prefer")
    project.makepyfile(TEST)
    result = project.runpytest_inprocess(
        f"--supaseed-postgres={libpq_url(server_url.set(database='nowhere'))}"
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            '*cannot be connected to: *database "nowhere" does not exist',
            "*The server has no database 'nowhere'*: correct the end of the URL.",
        ]
    )
    result.stderr.no_fnmatch_line("*at fault*")
    result.stderr.no_fnmatch_line("*Start that server*")


def test_a_password_is_not_sent_without_what_protects_it(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[dict[str, object]] = []

    def connect(**parameters: object) -> None:
        import os

        import psycopg2

        tried.append({**parameters, "protected": "PGREQUIREAUTH" in os.environ, "tz": "PGTZ" in os.environ})
        raise psycopg2.OperationalError("refused" if tried[-1]["protected"] else "refused otherwise")

    monkeypatch.setattr("pytest_supaseed.postgres.server.external.psycopg2.connect", connect)
    monkeypatch.setenv("PGREQUIREAUTH", "scram-sha-256")
    monkeypatch.setenv("PGTZ", "UTC")
    assert at_fault({"host": "db", "password": "s3cret"}, Environment.ALL) == ("PGREQUIREAUTH",)
    assert all(each["protected"] for each in tried if each["password"] == "s3cret")
    assert any(not each["protected"] for each in tried)


def test_variables_that_are_not_followed_are_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGTZ", "nonsense")
    monkeypatch.setattr("pytest_supaseed.postgres.server.external.psycopg2.connect", None)
    assert at_fault({}, Environment.NONE) == ()


def test_no_fault_is_no_word() -> None:
    assert variables_sentence(()) == ""


def test_advice_depends_on_what_listens(server_url: URL, tmp_path: Path) -> None:
    host, port = str(server_url.query["host"]), str(server_url.query["port"])
    refused = 'FATAL:  role "nobody_here" does not exist'
    advice, answers = refusal({"host": host, "port": port, "user": "nobody_here"}, refused)
    assert advice.startswith("The server has no role 'nobody_here' that may log in: ")
    assert answers
    start = "Start that server, correct the URL, or leave out supaseed_postgres, and a throwaway server is started."
    for parameters in ({"host": str(tmp_path)}, {"host": "127.0.0.1", "port": "1"}, {}, {"host": "a,b"}):
        assert refusal(parameters, "no such file") == (start, False)
    for name in ("nowhere.invalid", "-.-", "et@localhost", "x" * 70):
        assert refusal({"host": name}, "unknown") == ("Correct the URL: there is no such host.", False)
    assert refusal({"host": "127.0.0.1", "port": "99999999"}, "no") == (start, False)
    assert refusal({"host": "127.0.0.1", "port": "nonsense"}, "no") == (start, False)


def test_the_fixture_says_where_its_server_is(
    project: pytest.Pytester, server_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGHOSTADDR", "192.0.2.1")
    monkeypatch.setenv("PGTZ", "Asia/Tokyo")
    project.makeconftest(f"""
        import pytest
        from types import SimpleNamespace

        @pytest.fixture(scope="session")
        def theirs():
            return SimpleNamespace(
                host={server_url.query["host"]!r}, port={server_url.query["port"]!r}, user={server_url.username!r},
                password=None, options="", template_dbname="nowhere")
    """)
    project.makepyfile("""
        import os
        import psycopg2, pytest

        @pytest.mark.seed(users=2)
        def test_a(seeded_db, seeded_url):
            assert seeded_db.counts()["users"] == 2
            assert "PGHOSTADDR" not in os.environ and os.environ["PGTZ"] == "Asia/Tokyo"
            psycopg2.connect(seeded_db.dsn).close()
    """)
    result = project.runpytest_inprocess("--supaseed-postgres=fixture:theirs")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines("supaseed: not for this server, so taken out of the environment*: PGHOSTADDR")
