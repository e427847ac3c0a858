"""Who can connect to a server that the plugin starts: nobody else, however it is told to listen."""

from __future__ import annotations

import importlib
import os
import socket
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import psycopg2
import pytest

from namespaces import as_user
from pytest_supaseed.errors import ServerError
from pytest_supaseed.postgres.server.programs import find
from pytest_supaseed.postgres.server.server import Server, ServerSettings, start_server

pytestmark = pytest.mark.usefixtures("copied_clusters")

# Not to be forgotten, and loaded once more, with what a project in this process has imported.
for name in ("asyncpg", "pydantic", "psycopg"):
    with suppress(ImportError):
        importlib.import_module(name)

posix = pytest.mark.skipif(os.name == "nt", reason="Unix sockets and modes")
as_root = pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can become another user")
NOBODY = 65534


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def connected(conninfo: str, user: int | None = None) -> str:
    """Connect as a user of this machine; ``connected``, or what was said against it."""

    def connect() -> str:
        # The user may not be able to run this Python, or to import a module.
        try:
            psycopg2.connect(conninfo).close()
        except Exception as error:
            return str(error)
        return "connected"

    return as_user(user, user, connect)


@pytest.mark.parametrize(
    "options",
    [
        "-c listen_addresses=127.0.0.1 -c port={port}",
        "-c listen_addresses=* -p {port}",
        "--listen-addresses=127.0.0.1 --port={port}",
        "-h 127.0.0.1 -p {port}",
        "-i -p {port}",
    ],
)
@posix
def test_an_address_in_the_options_lets_nobody_in(options: str, choice: str) -> None:
    port = free_port()
    options = f"{options.format(port=port)} -c wal_level=replica -c max_wal_senders=1"
    settings = ServerSettings(postgres_options=options)
    with start_server(find(choice), settings) as server:
        assert server.port == port
        with psycopg.connect(host=server.host, port=port, user="postgres", dbname="postgres") as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
            # It does listen; what lets nobody in is our own file, and no other one is read.
            assert connection.execute("SHOW listen_addresses").fetchone() != ("",)
            assert connection.execute("SHOW hba_file").fetchone() == (str(server.folder / "pg_hba.conf"),)
        for mode in ("dbname=postgres", "replication=true"):
            with pytest.raises(psycopg.OperationalError, match=r"pg_hba.conf rejects"):
                psycopg.connect(f"host=127.0.0.1 port={port} user=postgres sslmode=disable {mode}")


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ("-D /srv/data", "-D /srv/data"),
        ("-FD/srv/data", "-FD/srv/data"),
        ("-c data_directory=/srv/data", "data_directory=/srv/data"),
        ("--data-directory=/srv/data", "--data-directory=/srv/data"),
        ("-c Data_Directory=/srv/data", "Data_Directory=/srv/data"),
        ("-F -c work_mem=1MB -c config_file=/etc/a.conf", "config_file=/etc/a.conf"),
        ("-cconfig-file=/etc/a.conf", "-cconfig-file=/etc/a.conf"),
        ("-c supaseed.launch=mine", "supaseed.launch=mine"),
        ("-C port", "-C port"),
    ],
)
def test_other_data_and_other_settings_are_refused_before_anything_runs_on_them(
    options: str, word: str, choice: str
) -> None:
    with pytest.raises(ServerError) as caught:
        start_server(find(choice), ServerSettings(postgres_options=options))
    assert f"{word!r} would have it serve other data, or read other settings, than" in str(caught.value)
    assert f"postgresql_postgres_options, {options!r}: correct them, or leave them out." in str(caught.value)


def test_of_options_that_are_not_recognised_ours_win(choice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_supaseed.postgres.server.cluster.steering", lambda options: iter(()))
    settings = ServerSettings(postgres_options="-D /srv -c data_directory=/srv -c config_file=/srv/a.conf")
    with start_server(find(choice), settings) as server, closing(psycopg2.connect(
        host=server.host, port=server.port, user=server.user, dbname="postgres"
    )) as connection, connection.cursor() as cursor:  # fmt: skip
        cursor.execute("SELECT current_setting('data_directory'), current_setting('config_file')")
        assert cursor.fetchone() == (server.datadir, str(server.folder / "supaseed.conf"))


@posix
def test_what_lies_in_the_data_folder_lets_nobody_in(choice: str) -> None:
    server = Server(find(choice), ServerSettings())
    server.lifecycle.begin()
    server.lifecycle.initialised()
    data = Path(server.datadir)
    port = free_port()
    (data / "pg_hba.conf").write_text("host all all all trust\n")
    with open(data / "postgresql.conf", "a") as file:
        file.write(f"listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_permissions = 0777\n")
    try:
        server.lifecycle.run()
        server.ready()
        with psycopg.connect(host=server.host, user="postgres", dbname="postgres") as connection:
            query = "SELECT current_setting('listen_addresses'), current_setting('unix_socket_permissions')"
            assert connection.execute(query).fetchone() == ("", "0700")
            rules = connection.execute("SELECT type, auth_method FROM pg_hba_file_rules").fetchall()
        assert set(rules) == {("local", "trust"), ("host", "reject")}
    finally:
        server.stop()


@as_root
@pytest.mark.parametrize("where", ["its own folder", "another folder"])
def test_another_user_does_not_reach_the_socket(where: str, choice: str) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o1777)
        options = f"-k {folder}" if where == "another folder" else None
        with start_server(find(choice), ServerSettings(postgres_options=options)) as server:
            place = folder if options else server.host
            [found] = Path(place).glob(".s.PGSQL.*[0-9]")
            assert stat.S_IMODE(found.stat().st_mode) == 0o700
            conninfo = f"host={place} port={server.port} user=postgres dbname=postgres"
            assert connected(conninfo) == "connected"
            assert "Permission denied" in connected(conninfo, user=NOBODY)


@pytest.fixture(scope="module")
def listening(choice: str) -> Iterator[Server]:
    with start_server(find(choice), ServerSettings(loopback=True)) as server:
        yield server


@as_root
@pytest.mark.parametrize(
    ("password", "answer"),
    [("", "no password supplied"), ("postgres", "password authentication failed"), (None, "connected")],
)
def test_another_user_needs_the_password(listening: Server, password: str | None, answer: str) -> None:
    password = listening.password if password is None else password
    assert listening.host == "127.0.0.1"
    conninfo = f"host=127.0.0.1 port={listening.port} user=postgres dbname=postgres password='{password}'"
    assert answer in connected(conninfo, user=NOBODY)


@as_root
def test_another_user_does_not_reach_the_socket_of_a_server_that_listens(listening: Server) -> None:
    sockets = listening.folder / "socket"
    conninfo = f"host={sockets} port={listening.port} user=postgres dbname=postgres"
    assert connected(conninfo) == "connected"
    assert "Permission denied" in connected(conninfo, user=NOBODY)


@posix
def test_its_password_is_in_no_file_and_no_log(listening: Server) -> None:
    assert len(listening.password or "") > 20
    for path in listening.folder.rglob("*"):
        if path.is_file():
            assert (listening.password or "").encode() not in path.read_bytes()


TESTS = """
    import asyncio
    import configparser

    import asyncpg
    import psycopg
    import psycopg2
    import pytest
    from sqlalchemy import create_engine, text

    QUERY = "SELECT count(*) FROM users"

    @pytest.mark.seed(users=3)
    def test_drivers(seeded_db, seeded_url, supaseed_postgres):
        dsn = seeded_db.dsn
        assert supaseed_postgres.password in dsn
        assert (seeded_url.host, seeded_url.port) == (supaseed_postgres.host, supaseed_postgres.port)
        assert supaseed_postgres.host == "127.0.0.1"
        for driver in psycopg2, psycopg:
            connection = driver.connect(dsn)
            cursor = connection.cursor()
            cursor.execute(QUERY)
            assert cursor.fetchone() == (3,)
            connection.close()
        async def ask():
            connection = await asyncpg.connect(dsn)
            found = await connection.fetchval(QUERY)
            await connection.close()
            return found
        assert asyncio.run(ask()) == 3
        for name in "postgresql+psycopg2", "postgresql+psycopg":
            engine = create_engine(seeded_url.set(drivername=name))
            with engine.connect() as connection:
                assert connection.scalar(text(QUERY)) == 3
            engine.dispose()

    @pytest.mark.seed(users=2)
    def test_settings(seeded_db):
        pydantic = pytest.importorskip("pydantic", reason="pydantic is not installed")
        assert str(pydantic.TypeAdapter(pydantic.PostgresDsn).validate_python(seeded_db.dsn)) == seeded_db.dsn
        parser = configparser.ConfigParser()
        parser.read_string(f"[alembic]\\nsqlalchemy.url = {seeded_db.dsn}\\n")
        assert parser["alembic"]["sqlalchemy.url"] == seeded_db.dsn

    @pytest.mark.seed(users=2)
    def test_rolled_back(seeded_session, supaseed_postgres):
        assert seeded_session.scalar(text(QUERY)) == 2
        with open("passwords", "a") as file:
            print(supaseed_postgres.password, supaseed_postgres.port, file=file)
"""


@pytest.fixture
def reachable(project: pytest.Pytester, own_server: pytest.Pytester) -> pytest.Pytester:
    """A project whose throwaway server listens, and whose tests want to be told how to connect."""
    project.makeini("[pytest]\nsupaseed_schema = schema.sql\nsupaseed_tcp = true\n")
    project.makepyfile(TESTS)
    return project


def test_drivers_and_settings_take_what_seeded_url_and_dsn_say(reachable: pytest.Pytester) -> None:
    reachable.runpytest_inprocess("-n0").assert_outcomes(passed=3)
    # From what the first session has kept, with another password; workers share one server.
    reachable.runpytest_inprocess("-n0").assert_outcomes(passed=3)
    reachable.runpytest_subprocess("-n2").assert_outcomes(passed=3)
    passwords = [line.split()[0] for line in (reachable.path / "passwords").read_text().splitlines()]
    assert len(set(passwords)) == len(passwords) == 3
    kept = reachable.path / ".pytest_cache" / "d" / "supaseed"
    # The cluster as it was made, and with the schema: one for all of these sessions.
    assert len(list(kept.glob("*.pack"))) == 2
    # A session that does not listen starts from it, too.
    reachable.makepyfile(
        test_without_tcp="""
        import pytest

        @pytest.mark.seed(users=3)
        def test_socket(seeded_url, seeded_connection):
            assert seeded_url.password is None
            assert seeded_url.host is None
            query = "SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'"
            assert seeded_connection.exec_driver_sql(query).scalar() is None
        """
    )
    reachable.runpytest_inprocess("-n0", "-o", "supaseed_tcp=false", "test_without_tcp.py").assert_outcomes(
        passed=1
    )
    assert len(list(kept.glob("*.pack"))) == 2


METHOD = """
    import psycopg2
    import pytest

    def test_it(supaseed_postgres):
        server = supaseed_postgres
        connect = dict(host=server.host, port=server.port, user=server.user, dbname="postgres")
        connection = psycopg2.connect(password=server.password, **connect)
        with connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT auth_method, count(*) FROM pg_hba_file_rules WHERE type <> 'local' GROUP BY 1 ORDER BY 1"
            )
            rules = dict(cursor.fetchall())
            cursor.execute("SELECT split_part(rolpassword, ':', 1) FROM pg_authid WHERE rolname = 'postgres'")
            [[verifier]] = cursor.fetchall()
        connection.close()
        print("rules", *sorted(rules), verifier)
        for wrong in "", "wrong", "postgres":
            with pytest.raises(psycopg2.OperationalError, match="password"):
                psycopg2.connect(password=wrong, **connect)
"""


@pytest.mark.parametrize(
    ("ini", "found"),
    [
        # Every driver can send it, no key is derived, and what is drawn for one session is no use to anyone else.
        ("supaseed_tcp = true", "rules password reject SCRAM-SHA-256$1"),
        # A person may have chosen it, and uses it elsewhere.
        ("supaseed_tcp = true\npostgresql_password = mine", "rules reject scram-sha-256 SCRAM-SHA-256$4096"),
        # This address may be that of another machine's network.
        ("postgresql_host = 127.0.0.1", "rules reject scram-sha-256 SCRAM-SHA-256$4096"),
    ],
)
@posix
def test_a_password_is_asked_for_always_and_sent_as_it_is_where_it_was_drawn(
    reachable: pytest.Pytester, ini: str, found: str
) -> None:
    reachable.makeini(f"[pytest]\nsupaseed_schema = schema.sql\n{ini}\n")
    reachable.makepyfile(METHOD)
    result = reachable.runpytest_inprocess("-s")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([f"*{found}*"])


ASKED = """
    def test_it(supaseed_postgres):
        print("listens" if supaseed_postgres.host == "127.0.0.1" else "has a socket")
"""


@pytest.mark.parametrize(
    ("ini", "arguments", "found"),
    [
        # The other words of a switch are those of tests/plugin/test_ini.py.
        ("supaseed_tcp = on", [], "listens"),
        ("supaseed_tcp = 0", [], "has a socket"),
        ("supaseed_tcp = false", ["--supaseed-tcp"], "listens"),
        ("", ["-osupaseed_tcp=yes"], "listens"),
    ],
)
@posix
def test_it_is_asked_for_in_the_ini_or_on_the_command_line(
    reachable: pytest.Pytester, ini: str, arguments: list[str], found: str
) -> None:
    reachable.makeini(f"[pytest]\nsupaseed_schema = schema.sql\n{ini}\n")
    reachable.makepyfile(ASKED)
    result = reachable.runpytest_inprocess("-s", *arguments)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([f"*{found}*"])


@pytest.mark.parametrize("value", ["", "maybe", "tru", "2", "127.0.0.1"])
def test_what_is_neither_true_nor_false_is_a_usage_error(reachable: pytest.Pytester, value: str) -> None:
    reachable.makeini(f"[pytest]\nsupaseed_schema = schema.sql\nsupaseed_tcp = {value}\n")
    result = reachable.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: supaseed: supaseed_tcp: *: write true or false"])


@pytest.mark.parametrize(("value", "found"), [("true", "listens"), ("false", "has a socket")])
@posix
def test_it_can_be_given_in_a_pyproject(reachable: pytest.Pytester, value: str, found: str) -> None:
    (reachable.path / "tox.ini").unlink()
    reachable.makepyprojecttoml(
        f'[tool.pytest.ini_options]\nsupaseed_schema = "schema.sql"\nsupaseed_tcp = {value}\n'
    )
    reachable.makepyfile(ASKED)
    result = reachable.runpytest_inprocess("-s")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([f"*{found}*"])


def test_for_a_server_that_runs_already_it_is_ignored_with_a_word(project: pytest.Pytester) -> None:
    project.makepyfile("def test_it(supaseed_postgres): pass")
    result = project.runpytest_inprocess("--supaseed-tcp")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([
        "supaseed: supaseed_tcp is ignored: it is for a server that the plugin starts, and this one runs already"
    ])  # fmt: skip
