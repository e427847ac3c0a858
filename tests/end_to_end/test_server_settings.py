"""What is said of servers that cannot be used: a usage error before the first test, and which of the reasons it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import URL, create_engine, text

from pytest_supaseed.postgres.databases.maintenance import libpq_url
from pytest_supaseed.postgres.server.programs import find
from pytest_supaseed.postgres.server.server import ServerSettings, start_server

TESTS = """
    import pytest

    @pytest.mark.seed(users=1)
    def test_seeded(): ...
    def test_other(): ...
"""


@pytest.fixture(scope="module")
def guarded(choice: str) -> Iterator[URL]:
    """A server that asks for passwords, with a role that may create no databases and a database that it may not use."""
    server = start_server(find(choice), ServerSettings(password="s3cret", loopback=True))
    try:
        url = URL.create(
            "postgresql+psycopg2",
            server.user,
            server.password,
            server.host,
            server.port,
            server.maintenance_dbname,
        )
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in (
                "CREATE ROLE plain LOGIN PASSWORD 'plain'",
                "CREATE DATABASE closed",
                "REVOKE CONNECT ON DATABASE closed FROM PUBLIC",
            ):
                connection.execute(text(statement))
        engine.dispose()
        yield url
    finally:
        server.stop()


REFUSED: dict[str, tuple[Callable[[URL], URL], str]] = {
    "wrong password": (
        lambda url: url.set(password="wrong"),
        "The password in the URL is wrong, or the server has no role 'postgres': correct them.",
    ),
    "no password": (
        lambda url: URL.create("postgresql", url.username, None, url.host, url.port, url.database),
        "The server asks for a password: write it into the URL, after the user 'postgres' and a colon.",
    ),
    "misspelt database": (
        lambda url: url.set(database="posgres"),
        "The server has no database 'posgres' (did you mean 'postgres'?): correct the end of the URL.",
    ),
    "unknown database": (
        lambda url: url.set(database="xyz"),
        "The server has no database 'xyz', it has closed, postgres: correct the end of the URL.",
    ),
    "closed database": (
        lambda url: url.set(username="plain", password="plain", database="closed"),
        "The role 'plain' may not connect to the database 'closed': GRANT CONNECT ON DATABASE, or write another one "
        "into the URL, such as postgres.",
    ),
    "a role without CREATEDB": (
        lambda url: url.set(username="plain", password="plain"),
        "*The role 'plain' may not create databases on this server, and each test's rows live in one: ALTER ROLE "
        '"plain" CREATEDB, or choose another role in the URL.',
    ),
    "no SSL": (
        lambda url: url.update_query_dict({"sslmode": "require"}),
        "The server has no SSL, and the URL asks for it: leave out sslmode.",
    ),
    "no server": (
        lambda url: url.set(port=1),
        "Start that server, correct the URL, or leave out supaseed_postgres, and a throwaway server is started.",
    ),
    "no host": (
        lambda url: url.set(host="nowhere.invalid"),
        "Correct the URL: there is no such host.",
    ),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_a_server_that_cannot_be_used_is_a_usage_error(
    project: pytest.Pytester, guarded: URL, reason: str
) -> None:
    changed, said = REFUSED[reason]
    project.makepyfile(TESTS)
    result = project.runpytest_inprocess(f"--supaseed-postgres={libpq_url(changed(guarded))}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.assert_outcomes()
    result.stderr.fnmatch_lines(["ERROR: supaseed: *", said] if not said.startswith("*") else [said])
    assert "s3cret" not in result.stderr.str()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql+psycopg", "postgresql+asyncpg"])
def test_the_schemes_of_other_programs_are_taken(project: pytest.Pytester, guarded: URL, scheme: str) -> None:
    url = libpq_url(guarded).replace("postgresql", scheme, 1)
    project.makepyfile(TESTS)
    project.runpytest_inprocess(f"--supaseed-postgres={url}").assert_outcomes(passed=2)


NOWHERE = "--supaseed-postgres=postgresql://127.0.0.1:1/a"


def test_it_is_one_where_no_selected_test_uses_us_or_nothing_is_run(project: pytest.Pytester) -> None:
    project.makepyfile(TESTS)
    project.runpytest_inprocess(NOWHERE, "-k", "other").assert_outcomes(passed=1, deselected=1)
    assert project.runpytest_inprocess(NOWHERE, "--collect-only").ret == pytest.ExitCode.OK
    assert project.runpytest_inprocess(NOWHERE, "--supaseed-plan").ret == pytest.ExitCode.USAGE_ERROR


def test_it_is_one_under_pytest_xdist(project: pytest.Pytester) -> None:
    project.makepyfile(TESTS)
    result = project.runpytest_subprocess(NOWHERE, "-n", "2")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: supaseed: postgresql://127.0.0.1:1/a cannot be connected to: *"])


def test_a_server_that_a_fixture_may_start_is_waited_for(project: pytest.Pytester) -> None:
    project.makeconftest("""
        import pytest

        @pytest.fixture(scope="session", autouse=True)
        def compose():
            yield
    """)
    project.makepyfile(TESTS + "\n    def test_third(seeded_db): ...\n")
    result = project.runpytest_inprocess(NOWHERE)
    result.assert_outcomes(passed=1, errors=2)
    # In full once.
    assert sum("cannot be connected to" in line for line in result.outlines) <= 2
    result.stdout.fnmatch_lines(["There is no server: see the error of *::test_seeded (setup)"])


SETTINGS = {
    "a misspelt word": ("embeded", "*(did you mean 'embedded'?)"),
    "a missing folder": ("/nowhere/bin", "*'/nowhere/bin', which cannot be used: it does not exist."),
    "a folder without initdb": (
        "/",
        "*'/', which cannot be used: there is no postgres with an initdb in / or /bin.",
    ),
    "an address": (
        "localhost:5432/x",
        "*'localhost:5432/x': it looks like the address of a server, whose URL *",
    ),
    "a user": (
        "ann:s3cret@db/x",
        "*'ann:[*][*][*]@db/x': it looks like the address of a server, whose URL *",
    ),
    "an unreadable URL": ("postgresql://db:x/a", "*is a URL that cannot be read: write postgresql://user:*"),
    "a fixture": (
        "fixture:postgresql_prok",
        "*there is no fixture postgresql_prok (did you mean 'postgresql_proc'*",
    ),
    "a narrow fixture": (
        "fixture:tmp_path",
        "*tmp_path is a fixture of a narrower scope than the session: *",
    ),
}


@pytest.mark.parametrize("wrong", SETTINGS)
def test_settings_that_cannot_be_used_are_usage_errors(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    value, said = SETTINGS[wrong]
    project.makepyfile(TESTS)
    # From the environment, the ini and the command line.
    monkeypatch.setenv("SUPASEED_POSTGRES", value)
    result = project.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: supaseed: {said}"])
    assert "s3cret" not in result.stdout.str() + result.stderr.str()


FAILING = """
    import pytest

    @pytest.mark.parametrize("number", range(4))
    def test_a(seeded_db, number): ...

    @pytest.mark.seed(users=3)
    def test_b(): ...
"""


@pytest.mark.parametrize("arguments", [(), ("-n", "2")])
def test_a_schema_that_does_not_load_is_told_once(
    project: pytest.Pytester, arguments: tuple[str, ...]
) -> None:
    project.path.joinpath("schema.sql").write_text("CREATE TABLE users (id int;", encoding="utf-8")
    project.makepyfile(FAILING)
    result = project.runpytest_subprocess(*arguments)
    result.assert_outcomes(errors=5)
    lines = [line for line in result.outlines if "(setup)" in line and not line.startswith("ERROR ")]
    assert len(lines) == 4
    assert len(set(lines)) == 1
    assert lines[0].startswith("The schema could not be loaded: see the error of ")
    assert [line for line in result.outlines if line.startswith("schema.sql:1: syntax error")] != []
    assert sum(line.startswith("schema.sql:1: syntax error") for line in result.outlines) == 1


def test_two_schemas_that_do_not_load_are_told_once_each(project: pytest.Pytester) -> None:
    for name in ("one", "two"):
        folder = project.mkdir(name)
        folder.joinpath("schema.sql").write_text(f"CREATE TABLE {name} (", encoding="utf-8")
        folder.joinpath("conftest.py").write_text(
            "import pytest\n@pytest.fixture(scope='session')\n"
            f"def supaseed_schema(): return '{name}/schema.sql'\n",
            encoding="utf-8",
        )
        folder.joinpath(f"test_{name}.py").write_text(
            "def test_1(seeded_db): ...\ndef test_2(seeded_db): ...\n", encoding="utf-8"
        )
    result = project.runpytest_inprocess()
    result.assert_outcomes(errors=4)
    for name in ("one", "two"):
        assert sum(line.startswith(f"{name}/schema.sql:1: ") for line in result.outlines) == 1
        result.stdout.fnmatch_lines(
            [f"The schema could not be loaded: see the error of {name}/test_{name}.py::test_1 (setup)"]
        )
