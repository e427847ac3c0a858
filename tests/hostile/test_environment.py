"""libpq's environment variables, its service files and its password files: what they do to a server that we started."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import asyncpg
import psycopg
import psycopg2
import pytest
from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from forked import OUTPUT, start_pytest
from pytest_supaseed import connecting
from pytest_supaseed.connecting import ServerAddress, server_url
from pytest_supaseed.errors import ServerError
from pytest_supaseed.libpq import VARIABLES, Absence, Environment
from pytest_supaseed.postgres.databases.database import Background, Databases, OwnServer
from pytest_supaseed.postgres.databases.maintenance import Maintenance, libpq_url
from pytest_supaseed.postgres.server.cluster import Proof
from pytest_supaseed.postgres.server.external import fixture_url
from pytest_supaseed.postgres.server.programs import find
from pytest_supaseed.postgres.server.server import Server, ServerSettings, start_server

pytestmark = pytest.mark.usefixtures("copied_clusters")

# The chapter "Environment Variables" of libpq's documentation.
OF_15 = """
PGHOST PGHOSTADDR PGPORT PGDATABASE PGUSER PGPASSWORD PGPASSFILE PGCHANNELBINDING PGSERVICE PGSERVICEFILE
PGOPTIONS PGAPPNAME PGSSLMODE PGREQUIRESSL PGSSLCOMPRESSION PGSSLCERT PGSSLKEY PGSSLROOTCERT PGSSLCRL
PGSSLCRLDIR PGSSLSNI PGREQUIREPEER PGSSLMINPROTOCOLVERSION PGSSLMAXPROTOCOLVERSION PGGSSENCMODE PGKRBSRVNAME
PGGSSLIB PGCONNECT_TIMEOUT PGCLIENTENCODING PGTARGETSESSIONATTRS PGDATESTYLE PGTZ PGGEQO PGSYSCONFDIR
PGLOCALEDIR
"""
SINCE = """
PGREQUIREAUTH PGSSLCERTMODE PGLOADBALANCEHOSTS PGGSSDELEGATION PGSSLNEGOTIATION PGMINPROTOCOLVERSION
PGMAXPROTOCOLVERSION
"""
NAMES = [variable.name for variable in VARIABLES]


def test_every_variable_of_the_documentation_is_known() -> None:
    assert sorted(NAMES) == sorted(f"{OF_15} {SINCE}".split())


def test_every_variable_of_libpq_is_known_with_its_keyword() -> None:
    own = {
        each.envvar.decode(): each.keyword.decode()
        for each in psycopg.pq.Conninfo.get_defaults()
        if each.envvar
    }
    assert len(own) > 30
    known = {each.name: each.keyword for each in VARIABLES}
    assert {name: known.get(name) for name in own} == own


def test_every_variable_has_a_reason() -> None:
    assert all(variable.because for variable in VARIABLES)


# What breaks or misleads a connection that follows it.
HOSTILE = {
    "PGHOST": ["nowhere.invalid", "/nowhere", "a,b,c"],
    "PGHOSTADDR": ["192.0.2.1", "nonsense", "127.0.0.1,127.0.0.1"],
    "PGPORT": ["1", "nonsense"],
    "PGDATABASE": ["nowhere", "host=/nowhere"],
    "PGUSER": ["nobody_here"],
    "PGPASSWORD": ["wrong"],
    "PGPASSFILE": ["/nowhere", "/dev/null"],
    "PGREQUIREAUTH": ["md5", "!none", "nonsense", ""],
    "PGCHANNELBINDING": ["require", "nonsense"],
    "PGSERVICE": ["nowhere", "", "elsewhere"],
    "PGSERVICEFILE": ["/nowhere"],
    "PGOPTIONS": [
        "-c default_transaction_read_only=on",
        "-c statement_timeout=1",
        "-c search_path=nowhere",
        "-c role=nobody_here",
        "-c no_such_setting=1",
        "-c timezone=Asia/Tokyo -c datestyle=german",
        "nonsense",
    ],
    "PGAPPNAME": ["pytest-supaseed x", "\u00e4"],
    "PGSSLMODE": ["require", "verify-full", "nonsense"],
    "PGREQUIRESSL": ["1"],
    "PGSSLNEGOTIATION": ["direct", "nonsense"],
    "PGSSLCOMPRESSION": ["nonsense"],
    "PGSSLCERT": ["/nowhere"],
    "PGSSLKEY": ["/nowhere"],
    "PGSSLCERTMODE": ["require", "nonsense"],
    "PGSSLROOTCERT": ["/nowhere", "system"],
    "PGSSLCRL": ["/nowhere"],
    "PGSSLCRLDIR": ["/nowhere"],
    "PGSSLSNI": ["nonsense"],
    "PGREQUIREPEER": ["nobody_here"],
    "PGSSLMINPROTOCOLVERSION": ["TLSv1.3", "nonsense"],
    "PGSSLMAXPROTOCOLVERSION": ["TLSv1", "nonsense"],
    "PGGSSENCMODE": ["require", "nonsense"],
    "PGKRBSRVNAME": ["nonsense"],
    "PGGSSLIB": ["gssapi", "nonsense"],
    "PGGSSDELEGATION": ["1", "nonsense"],
    "PGCONNECT_TIMEOUT": ["nonsense", "-1", "99999999999"],
    "PGCLIENTENCODING": ["SQL_ASCII", "LATIN1", "nonsense"],
    "PGTARGETSESSIONATTRS": ["standby", "read-only", "nonsense"],
    "PGLOADBALANCEHOSTS": ["random", "nonsense"],
    "PGMINPROTOCOLVERSION": ["3.2", "nonsense"],
    "PGMAXPROTOCOLVERSION": ["latest", "nonsense"],
    "PGDATESTYLE": ["German", "SQL, DMY", "nonsense"],
    "PGTZ": ["Asia/Tokyo", "nonsense"],
    "PGGEQO": ["off", "nonsense"],
    "PGSYSCONFDIR": ["/nowhere"],
    "PGLOCALEDIR": ["/nowhere"],
}
CASES = [(name, value) for name, values in HOSTILE.items() for value in values]

READ = """
SELECT '2025-03-04 05:06:07+00'::timestamptz::text, '2025-05-04'::date::text, '1 day'::interval::text, E'\\u00e4\u00e4',
    current_setting('search_path'), current_user::text, current_setting('client_encoding'),
    current_setting('statement_timeout'), current_setting('geqo'), current_setting('default_transaction_read_only'),
    current_database()::text, current_setting('supaseed.launch')
"""


def test_every_variable_has_hostile_values() -> None:
    assert list(HOSTILE) == NAMES
    assert len(CASES) > 70


@pytest.fixture(scope="module")
def undisturbed(server: Server) -> object:
    """What is read where no variable is set."""
    with Absence(NAMES), closing(connecting.connect(fixture_url(server), Environment.NONE)) as connection:
        return read(connection)


def read(connection: psycopg2.extensions.connection) -> object:
    with connection.cursor() as cursor:
        cursor.execute(READ)
        return cursor.fetchone()


@pytest.mark.parametrize(("name", "value"), CASES)
def test_connections_of_ours_do_not_follow_a_variable(
    server: Server, undisturbed: object, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    # As where a test sets it while the session goes on.
    monkeypatch.setenv(name, value)
    url = fixture_url(server)
    with closing(connecting.connect(url, Environment.NONE)) as connection:
        assert read(connection) == undisturbed
    engine = connecting.engine(url, Environment.NONE, poolclass=NullPool)
    with engine.connect() as found:
        assert tuple(found.execute(text(READ.replace(":", r"\:"))).one()) == undisturbed
    databases = Databases(url, OwnServer("hostile", proof=server.proof))
    background, ended = Background(databases), []
    background.run(psycopg2.sql.SQL("SELECT 1/1"), ended.append)
    background.finish()
    background.close()
    databases.close()
    assert ended == [None]
    assert os.environ[name] == value


@pytest.mark.parametrize("name", [variable.keyword for variable in VARIABLES if variable.said is not None])
def test_what_a_connection_says_wins_over_what_only_libpq_sees(name: str) -> None:
    [variable] = [each for each in VARIABLES if each.keyword == name]
    said = connecting.parameters(server_url(ServerAddress("/run/pg", 5432, "me"), "tests"), Environment.NONE)
    try:
        psycopg2.extensions.parse_dsn(f"{name}=''")
    except psycopg2.ProgrammingError:
        # A libpq that is older than the parameter refuses it.
        assert name not in said
    else:
        assert said[name] == variable.said


def test_options_that_were_given_are_said() -> None:
    url = server_url(ServerAddress("/run/pg", 5432, "me", options="-c lock_timeout=2s"), "tests")
    assert connecting.parameters(url, Environment.NONE)["options"] == "-c lock_timeout=2s"
    assert connecting.parameters(url, Environment.ALL)["options"] == "-c lock_timeout=2s"
    assert "hostaddr" not in connecting.parameters(url, Environment.ALL)
    assert connecting.parameters(url, Environment.NO_ADDRESS).keys() - connecting.parameters(
        url, Environment.ALL
    ).keys() == {"hostaddr"}


def test_what_was_taken_out_is_put_back_and_what_was_set_meanwhile_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PGTZ", "before")
    monkeypatch.setenv("PGOPTIONS", "before")
    monkeypatch.setenv("PGGEQO", "after")
    monkeypatch.delenv("PGGEQO")
    absence = Environment.NONE.absent()
    with absence:
        assert "PGTZ" not in os.environ
        with absence:
            assert "PGTZ" not in os.environ
        assert "PGTZ" not in os.environ
        os.environ["PGOPTIONS"] = "meanwhile"
        os.environ["PGGEQO"] = "meanwhile"
        with absence:
            assert "PGGEQO" not in os.environ
    assert (os.environ["PGTZ"], os.environ["PGOPTIONS"]) == ("before", "meanwhile")
    assert os.environ["PGGEQO"] == "meanwhile"


# A server of somebody else's, at a place where libpq's variables may lead.


class Other:
    """A running server that belongs to others, on which something precious is."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.bin = server.installation.bin
        with closing(psycopg2.connect(self.dsn)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("CREATE ROLE precious LOGIN; ALTER ROLE precious SET work_mem = '5MB'")
                cursor.execute("CREATE DATABASE precious OWNER precious")
        precious = libpq_url(fixture_url(server).set(database="precious"))
        with closing(psycopg2.connect(precious)) as connection, connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE kept AS SELECT generate_series(1, 3) AS id")

    @property
    def dsn(self) -> str:
        return libpq_url(fixture_url(self.server))

    def dump(self) -> str:
        # It hands no password of a connection string on to pg_dump.
        environment = {**os.environ, "PGPASSWORD": self.server.password or ""}
        command = [str(self.bin / "pg_dumpall"), "-d", self.dsn]
        found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
        # They have a random word.
        return re.sub(r"^\\(un)?restrict .*$", "", found, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def other(choice: str) -> Iterator[Other]:
    # Of one's own there is no such address on other systems than Linux.
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux has more than one loopback address")
    installation = find(choice)
    if not (installation.bin / "pg_dumpall").exists():
        pytest.skip("this PostgreSQL has no pg_dumpall")
    # The port that our servers have in folders of their own: no port of a URL of ours leads elsewhere.
    with start_server(
        installation, ServerSettings(host=f"127.0.{os.getpid() % 250}.77", port=5432)
    ) as server:
        yield Other(server)


SCHEMA = """
CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL UNIQUE,
    born date NOT NULL,
    seen_at timestamptz NOT NULL,
    at time NOT NULL
);
CREATE TABLE places (name text);
INSERT INTO places VALUES ('K\u00f6ln');
"""
# Where it is read, in place of in which database and on which server.
IN_SESSIONS = READ.replace(", current_setting('supaseed.launch')", "")
IN_SESSIONS = IN_SESSIONS.replace("current_database()", "inet_server_addr()")
TESTS = f"""
    import os, subprocess, sys
    from pathlib import Path
    import psycopg2, pytest
    from sqlalchemy import create_engine, text

    READ = {IN_SESSIONS!r}
    ROWS = "SELECT string_agg(u::text, ' ' ORDER BY id), (SELECT name FROM places) FROM users u"
    CHILD = "import psycopg2, sys; c = psycopg2.connect(sys.argv[1]).cursor();" \\
        "print([c.execute(statement) or ascii(c.fetchone()) for statement in sys.argv[2:]])"

    def keep(*what):
        with open("read.txt", "a") as file:
            print(*map(ascii, what), file=file)

    @pytest.mark.seed(users=3)
    def test_rolled_back(seeded_connection):
        for statement in (READ, ROWS):
            keep(tuple(seeded_connection.execute(text(statement.replace(":", "\\\\:"))).one()))
        assert seeded_connection.scalar(text("SELECT count(*) FROM users")) == 3

    @pytest.mark.seed(users=4)
    def test_own(seeded_db, seeded_url):
        assert seeded_db.counts()["users"] == 4
        keep(seeded_db.rows("users"))
        for connected in (psycopg2.connect(seeded_db.dsn), create_engine(seeded_url).raw_connection()):
            cursor = connected.cursor()
            for statement in (READ, ROWS):
                cursor.execute(statement)
                keep(cursor.fetchone())
            connected.close()
        keep(subprocess.run(
            [sys.executable, "-c", CHILD, seeded_db.dsn, READ, ROWS],
            check=True, capture_output=True, text=True).stdout)
"""
CONFTEST = """
    import os

    def pytest_configure(config):
        config.before = {name: value for name, value in os.environ.items() if name.startswith("PG")}

    def pytest_unconfigure(config):
        assert config.before == {name: value for name, value in os.environ.items() if name.startswith("PG")}
"""


class Sessions:
    """Sessions of one project, each a process with other variables."""

    def __init__(self, pytester: pytest.Pytester, choice: str) -> None:
        self.pytester = pytester
        self.read = pytester.path / "read.txt"
        pytester.path.joinpath("schema.sql").write_text(SCHEMA, encoding="utf-8")
        pytester.makeini("[pytest]\nsupaseed_schema = schema.sql\n")
        pytester.makeconftest(CONFTEST)
        pytester.makepyfile(TESTS)
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in NAMES},
            "SUPASEED_POSTGRES": choice,
        }

    def run(self, variables: Mapping[str, str], *arguments: str) -> tuple[str, str]:
        """Run a session, and return its output and what its tests have read."""
        self.read.unlink(missing_ok=True)
        command = ["-p", "no:randomly", *arguments]
        environment = {**self.environment, **variables}
        with start_pytest(command, cwd=self.pytester.path, env=environment, **OUTPUT) as session:
            output, _ = session.communicate(timeout=120)
        assert session.returncode == 0, output
        assert " 2 passed" in output
        return output, self.read.read_text(encoding="utf-8")


@pytest.fixture
def sessions(pytester: pytest.Pytester, choice: str) -> Sessions:
    return Sessions(pytester, choice)


def service(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["[elsewhere]", *lines, ""]), encoding="utf-8")
    return path


def test_nothing_that_libpq_reads_leads_a_session_to_another_server(
    sessions: Sessions, other: Other, tmp_path: Path
) -> None:
    address, password = other.server.host, other.server.password or ""
    place = (f"hostaddr={address}", "dbname=precious", f"password={password}", "options=-c datestyle=german")
    home = tmp_path / "home"
    service(home / ".pg_service.conf", *place)
    passwords = home / ".pgpass"
    passwords.write_text(f"*:*:*:*:{password}\n", encoding="utf-8")
    passwords.chmod(0o600)
    of_system = service(tmp_path / "system" / "pg_service.conf", *place).parent
    (tmp_path / "empty").mkdir()
    before = other.dump()
    assert "precious" in before
    _, expected = sessions.run({})
    environments = [
        {"PGHOSTADDR": address, "PGPASSWORD": password},
        {
            "PGHOSTADDR": address,
            "PGPASSFILE": str(passwords),
            "HOME": str(home),
            "PGHOST": address,
            "PGDATABASE": "precious",
        },
        {"PGSERVICE": "elsewhere", "PGSERVICEFILE": str(service(tmp_path / "own.conf", *place))},
        {"PGSERVICE": "elsewhere", "HOME": str(home)},
        {"PGSERVICE": "elsewhere", "PGSYSCONFDIR": str(of_system), "HOME": str(tmp_path / "empty")},
    ]
    for environment in environments:
        output, found = sessions.run(environment)
        assert found == expected, environment
        [line] = [line for line in output.splitlines() if "taken out of the environment" in line]
        assert line == (
            "supaseed: not for this server, so taken out of the environment while it runs: "
            + ("PGHOSTADDR" if "PGHOSTADDR" in environment else "PGSERVICE")
        )
        assert address not in output
    assert other.dump() == before


GROUPS = [
    {"PGTZ": "Asia/Tokyo", "PGDATESTYLE": "German", "PGGEQO": "off", "PGCLIENTENCODING": "LATIN1"},
    {name: values[-1] for name, values in HOSTILE.items()},
    {name: values[0] for name, values in HOSTILE.items()},
]


def test_what_tests_read_is_the_same_whatever_is_set(sessions: Sessions) -> None:
    _, expected = sessions.run({})
    for group in GROUPS:
        output, found = sessions.run(group)
        assert found == expected, group
        listed = output.partition("while it runs: ")[2].partition("\n")[0].split(", ")
        assert listed == [each.name for each in VARIABLES if each.name in group and each.misleads]
    output, _ = sessions.run(GROUPS[-1], "-n", "2")
    assert "while it runs: PGHOSTADDR, " in output


def test_a_project_that_does_not_use_the_plugin_keeps_its_environment(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, choice: str
) -> None:
    monkeypatch.setenv("SUPASEED_POSTGRES", choice)
    for name, values in HOSTILE.items():
        monkeypatch.setenv(name, values[0])
    project.makepyfile(f"""
        import os

        def test_environment():
            assert all(os.environ[name] == values[0] for name, values in {HOSTILE!r}.items())
    """)
    project.runpytest_inprocess().assert_outcomes(passed=1)


def test_a_session_puts_back_what_it_has_taken_out_also_where_it_fails(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, choice: str
) -> None:
    monkeypatch.setenv("SUPASEED_POSTGRES", choice)
    monkeypatch.setenv("PGTZ", "Asia/Tokyo")
    monkeypatch.setenv("PGOPTIONS", "-c role=nobody")
    project.makepyfile("""
        import os

        def test_a(seeded_db):
            assert "PGTZ" not in os.environ
            os.environ["PGOPTIONS"] = "-c work_mem=1MB"
    """)
    project.runpytest_inprocess().assert_outcomes(passed=1)
    assert (os.environ["PGTZ"], os.environ["PGOPTIONS"]) == ("Asia/Tokyo", "-c work_mem=1MB")
    monkeypatch.setenv("PGOPTIONS", "-c role=nobody")
    project.runpytest_inprocess("-o", "postgresql_postgres_options=-c nonsense").assert_outcomes(errors=1)
    assert (os.environ["PGTZ"], os.environ["PGOPTIONS"]) == ("Asia/Tokyo", "-c role=nobody")


def test_the_header_says_nothing_of_a_server_that_somebody_else_runs(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGTZ", "Asia/Tokyo")
    project.makepyfile("""
        import os

        def test_a(seeded_connection):
            assert os.environ["PGTZ"] == "Asia/Tokyo"
            assert seeded_connection.exec_driver_sql("SHOW timezone").scalar() == "Asia/Tokyo"
    """)
    result = project.runpytest_inprocess()
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*taken out of the environment*")


# The proof.


def names(url: URL) -> set[str]:
    with closing(psycopg2.connect(libpq_url(url))) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {name for (name,) in cursor.fetchall()}


def wrong_proofs(server: Server) -> dict[str, Proof]:
    return {
        "folder": Proof(Path("/nowhere/data"), server.proof.secret),
        "secret": Proof(server.proof.datadir, "0" * 32),
        "both": Proof(Path("/nowhere/data"), "0" * 32),
    }


@pytest.mark.parametrize("wrong", ["folder", "secret", "both"])
def test_nothing_is_created_on_a_server_that_is_not_proved_to_be_ours(server: Server, wrong: str) -> None:
    before = names(fixture_url(server))
    proof = wrong_proofs(server)[wrong]
    with pytest.raises(ServerError) as caught:
        Databases(fixture_url(server), OwnServer("tests", proof=proof))
    said = str(caught.value)
    assert said.startswith(
        "Another server has answered in the place of the one that was started for these tests: PostgreSQL "
        f"{server.version.partition('.')[0]}"
    )
    assert f"works in {server.datadir}, and ours works in {proof.datadir}. Nothing was created there." in said
    assert f"the Unix socket in {server.host}, port {server.port}" in said
    assert proof.secret not in said
    assert names(fixture_url(server)) == before


def test_a_role_that_may_not_see_the_folder_is_not_ours(server: Server) -> None:
    with closing(psycopg2.connect(libpq_url(fixture_url(server)))) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("CREATE ROLE hostile_guest LOGIN")
        try:
            with pytest.raises(ServerError, match="does not say in which folder it works"):
                Databases(
                    fixture_url(server).set(username="hostile_guest"), OwnServer("tests", proof=server.proof)
                )
        finally:
            cursor.execute("DROP ROLE hostile_guest")


def test_a_server_that_is_started_directly_is_proved(
    choice: str, other: Other, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGHOSTADDR", other.server.host)
    with start_server(find(choice)) as started:
        Maintenance(fixture_url(started), "a test", Environment.NONE, started.proof).close()
        assert started.proof.secret != other.server.proof.secret
        monkeypatch.setattr(
            "pytest_supaseed.connecting.connect", lambda *_, **__: psycopg2.connect(other.dsn)
        )
        with pytest.raises(ServerError, match=rf"at {re.escape(other.server.host)}, port 5432 works in"):
            started._prove()


# What is dropped.


def test_databases_that_tests_have_made_are_not_dropped_and_their_cluster_is_not_kept(
    pytester: pytest.Pytester, choice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPASEED_POSTGRES", choice)
    pytester.path.joinpath("schema.sql").write_text(SCHEMA, encoding="utf-8")
    pytester.makeini("[pytest]\nsupaseed_schema = schema.sql\n")
    pytester.makeconftest("""
        import pytest
        from pytest_supaseed.session import cluster_cache

        def ran(databases, templates, names, drop_others=cluster_cache.drop_others):
            verdict = drop_others(databases, templates, names)
            found = {name for (name,) in databases.maintenance.query("SELECT datname FROM pg_database")}
            with open("kept.txt", "a") as file:
                print(verdict, *sorted(name for name in found if "mine" in name), len(found), file=file)
            return verdict

        cluster_cache.drop_others = ran
    """)
    pytester.makepyfile("""
        import psycopg2, pytest

        @pytest.mark.seed(users=1)
        @pytest.mark.parametrize("name", ["mine", "tests_mine", "tests_1_mine"])
        def test_a(supaseed_postgres, seeded_db, name):
            connection = psycopg2.connect(seeded_db.dsn)
            connection.autocommit = True
            connection.cursor().execute(f"CREATE DATABASE {name}")
            connection.close()

        @pytest.mark.seed(users=2)
        def test_b(seeded_db):
            pass
    """)
    pytester.runpytest_subprocess().assert_outcomes(passed=4)
    pytester.runpytest_subprocess("-k", "test_b").assert_outcomes(passed=1)
    first, second = pytester.path.joinpath("kept.txt").read_text(encoding="utf-8").splitlines()
    assert first.startswith("False mine tests_1_mine tests_mine ")
    # postgres, two templates of PostgreSQL's, the schema and the seed
    assert second == "True 5"


# What users connect with.


@pytest.fixture(params=["socket", "TCP"])
def reached(request: pytest.FixtureRequest, server: Server) -> Iterator[URL]:
    """The URL of a server, which asks for a password with characters that URLs have to encode."""
    if request.param == "socket":
        yield fixture_url(server)
        return
    settings = ServerSettings(
        host="127.0.0.1", password="p@ss:w/r d%40+?#&='", user="ann +%/:@o", options="-c geqo=off"
    )
    with start_server(server.installation, settings) as started:
        yield fixture_url(started)


def test_a_dsn_is_for_libpq_and_asyncpg(reached: URL) -> None:
    dsn = libpq_url(reached)
    with closing(psycopg2.connect(dsn)) as connection:
        assert connection.info.user == reached.username
    with psycopg.connect(dsn) as modern:
        assert modern.execute("SELECT 1").fetchone() == (1,)
    programs = {shutil.which("psql"), *(str(each) for each in [find("system").bin / "psql"] if each.exists())}
    for program in filter(None, programs):
        ended = subprocess.run([program, dsn, "-Atc", "SELECT 1"], capture_output=True, text=True, check=True)
        assert ended.stdout == "1\n"

    async def ask() -> object:
        connection = await asyncpg.connect(dsn)
        try:
            return await connection.fetchval("SELECT current_user::text")
        finally:
            await connection.close()

    assert asyncio.run(ask()) == reached.username


@pytest.mark.parametrize("driver", ["asyncpg", "psycopg"])
def test_a_url_of_ours_serves_other_drivers(server: Server, driver: str) -> None:
    url = fixture_url(server).set(drivername=f"postgresql+{driver}")

    async def ask() -> object:
        engine = create_async_engine(url, poolclass=NullPool)
        async with engine.connect() as connection:
            return await connection.scalar(text("SELECT 1"))

    assert asyncio.run(ask()) == 1


def test_asyncpg_follows_no_variable_in_a_session(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, choice: str
) -> None:
    monkeypatch.setenv("SUPASEED_POSTGRES", choice)
    for name, values in HOSTILE.items():
        monkeypatch.setenv(name, values[-1])
    project.makepyfile("""
        import asyncio, asyncpg, psycopg

        def test_a(seeded_db):
            async def ask():
                connection = await asyncpg.connect(seeded_db.dsn)
                found = await connection.fetchval("SHOW timezone")
                await connection.close()
                return found
            assert asyncio.run(ask()) == "UTC"
            with psycopg.connect(seeded_db.dsn) as connection:
                assert connection.execute("SHOW timezone").fetchone() == ("UTC",)
    """)
    result = project.runpytest_inprocess()
    result.assert_outcomes(passed=1)
