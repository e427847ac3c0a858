"""One address for the whole session, behind which each test finds its own database."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest
from sqlalchemy import URL

from leftovers import until
from pytest_supaseed.postgres.databases.maintenance import libpq_url

ARGUMENTS = ("-W", "error")
CLIENTS = """
    import asyncio, io, subprocess, sys, threading
    import asyncpg, psycopg, psycopg2, psycopg_pool, pytest
    from sqlalchemy import create_engine, text

    USERS = "SELECT count(*) FROM users"
    DATABASES = "SELECT count(*) FROM pg_database"

    @pytest.fixture(scope="session")
    def dsn(seeded_address):
        return seeded_address.set(drivername="postgresql").render_as_string(hide_password=False)

    @pytest.fixture(scope="session")
    def engine(seeded_address):
        made = create_engine(seeded_address, pool_pre_ping=True)
        yield made
        made.dispose()

    @pytest.fixture(scope="session")
    def pool(dsn):
        # check= has a connection replaced that was ended with the last test.
        with psycopg_pool.ConnectionPool(
            dsn, min_size=0, max_size=2, open=True, check=psycopg_pool.ConnectionPool.check_connection
        ) as made:
            yield made

    @pytest.fixture(scope="session")
    def loop():
        # It runs between the tests, too, as that of a live server does.
        made = asyncio.new_event_loop()
        thread = threading.Thread(target=made.run_forever)
        thread.start()
        yield lambda coroutine: asyncio.run_coroutine_threadsafe(coroutine, made).result()
        made.call_soon_threadsafe(made.stop)
        thread.join()
        made.close()

    @pytest.fixture(scope="session")
    def asyncpgs(dsn, loop):
        async def pool():
            return await asyncpg.create_pool(dsn, min_size=0)
        made = loop(pool())
        yield made
        loop(made.close())

    @pytest.mark.parametrize("users", [pytest.param(n, marks=pytest.mark.seed(users=n)) for n in (3, 1, 3, 2)])
    def test_each_pool_finds_the_rows_of_each_test(users, dsn, engine, pool, asyncpgs, loop, seeded_db):
        connection = psycopg2.connect(dsn)
        with connection, connection.cursor() as cursor:
            cursor.execute(USERS)
            assert cursor.fetchone() == (users,)
        connection.close()
        with engine.begin() as connection:
            assert connection.scalar(text(USERS)) == users
            connection.execute(text("INSERT INTO users (email) VALUES ('x')"))
        with pool.connection() as connection:
            assert connection.execute(USERS).fetchone() == (users + 1,)
            connection.execute("DELETE FROM users")
        assert loop(asyncpgs.fetchval(USERS)) == 0
        assert seeded_db.counts()["users"] == 0

    PROGRAM = '''
    import sys, psycopg2
    for line in sys.stdin:
        connection = psycopg2.connect(sys.argv[1])
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM users")
            [[found]] = cursor.fetchall()
        connection.close()
        print(found, flush=True)
    '''

    @pytest.fixture(scope="session")
    def worker(dsn):
        with subprocess.Popen(
            [sys.executable, "-c", PROGRAM, dsn], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            yield process
            process.stdin.close()

    @pytest.mark.parametrize("users", [pytest.param(n, marks=pytest.mark.seed(users=n)) for n in (2, 4)])
    def test_a_worker_in_a_process_of_its_own(users, worker):
        worker.stdin.write("go\\n")
        worker.stdin.flush()
        assert worker.stdout.readline() == f"{users}\\n"

    @pytest.mark.seed(users=2)
    def test_all_fixtures_see_one_database(engine, seeded_session, seeded_engine, seeded_url):
        seeded_session.execute(text("DELETE FROM users"))
        seeded_session.commit()
        with engine.connect() as one, seeded_engine.connect() as other:
            assert one.scalar(text(USERS)) == other.scalar(text(USERS)) == 0
            assert one.scalar(text("SELECT current_database()")) == seeded_url.database

    def test_without_a_marker_there_is_the_schema_as_it_was_loaded(engine):
        with engine.connect() as connection:
            assert connection.scalar(text(USERS)) == 0
            assert connection.scalar(text("SELECT count(*) FROM countries")) == 2

    class TestClones:
        @pytest.fixture
        def maintenance(self, supaseed_postgres):
            server = supaseed_postgres
            connection = psycopg2.connect(
                host=server.host, port=server.port, user=server.user, dbname=server.maintenance_dbname
            )
            connection.autocommit = True
            yield connection.cursor()
            connection.close()

        @pytest.mark.seed(users=2)
        @pytest.mark.parametrize("turn", range(2))
        def test_none_is_made_for_a_test_that_does_not_connect(self, maintenance, dsn, request, turn):
            query = "SELECT datname FROM pg_database"
            maintenance.execute(query)
            before = set(maintenance.fetchall())
            connection = psycopg2.connect(dsn)
            maintenance.execute(query)
            assert len(set(maintenance.fetchall()) - before) == 1
            connection.close()

    @pytest.mark.seed(users=2)
    def test_a_running_query_is_cancelled(dsn):
        connection, ended = psycopg2.connect(dsn), threading.Event()
        def cancel():
            # As often as it comes too early, before the query has begun.
            while not ended.wait(0.05):
                connection.cancel()
        thread = threading.Thread(target=cancel)
        thread.start()
        with pytest.raises(psycopg2.errors.QueryCanceled):
            connection.cursor().execute("SELECT pg_sleep(60)")
        ended.set()
        thread.join()
        connection.close()

    ENDED = []

    @pytest.mark.seed(users=2)
    def test_a_query_runs_when_the_test_ends(dsn):
        connection, there = psycopg.connect(dsn), threading.Event()
        def query():
            try:
                with connection.cursor() as cursor:
                    there.set()
                    cursor.execute("SELECT pg_sleep(60)")
            except psycopg.OperationalError as error:
                ENDED.append(str(error))
        thread = threading.Thread(target=query)
        thread.start()
        there.wait()
        ENDED.append(thread)

    @pytest.mark.seed(users=3)
    def test_it_has_ended_with_the_test(engine):
        thread, *_ = ENDED
        thread.join()
        [_, said] = ENDED
        assert "terminating connection" in said
        with engine.connect() as connection:
            assert connection.scalar(text(USERS)) == 3

    @pytest.mark.seed(users=2)
    def test_fifty_at_once(dsn):
        found, gate = [], threading.Barrier(50)
        def client():
            gate.wait()
            connection = psycopg2.connect(dsn)
            with connection, connection.cursor() as cursor:
                cursor.execute(USERS)
                found.append(cursor.fetchone()[0])
            gate.wait()
            connection.close()
        threads = [threading.Thread(target=client) for _ in range(50)]
        for each in threads: each.start()
        for each in threads: each.join()
        assert found == [2] * 50

    @pytest.mark.seed(users=1)
    def test_another_name_is_none_of_its_databases(dsn):
        with pytest.raises(psycopg2.OperationalError, match='database "other" does not exist: this address leads to'):
            psycopg2.connect(dsn.replace("/tests", "/other"))
"""


def test_each_client_finds_the_rows_of_the_running_test(project: pytest.Pytester) -> None:
    project.makepyfile(CLIENTS)
    result = project.runpytest_inprocess(*ARGUMENTS, "-p", "no:randomly")
    result.assert_outcomes(passed=15)


APPLICATION = """
    import os
    from fastapi import FastAPI
    from sqlalchemy import create_engine, text

    engine = create_engine(os.environ["SHOP_DATABASE"], pool_pre_ping=True)
    app = FastAPI()

    @app.get("/users")
    def users() -> int:
        with engine.connect() as connection:
            return connection.scalar(text("SELECT count(*) FROM users"))

    @app.delete("/users")
    def delete() -> None:
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM users"))
"""
SERVERS = """
    import os, socket, subprocess, sys, threading
    import httpx, pytest, uvicorn

    @pytest.fixture(scope="session")
    def dsn(seeded_address):
        return seeded_address.render_as_string(hide_password=False)

    @pytest.fixture(scope="session")
    def in_a_thread(dsn):
        os.environ["SHOP_DATABASE"] = dsn
        import shop

        server = uvicorn.Server(uvicorn.Config(shop.app, port=0, log_level="error", lifespan="off"))
        listener = socket.create_server(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()
        listener.close()
        shop.engine.dispose()

    @pytest.fixture(scope="session")
    def in_a_process(dsn):
        listener = socket.create_server(("127.0.0.1", 0))
        with subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "shop:app", "--fd", str(listener.fileno()), "--log-level", "error"],
            pass_fds=[listener.fileno()],
            env={**os.environ, "SHOP_DATABASE": dsn},
        ) as process:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            process.terminate()
        listener.close()

    @pytest.mark.parametrize("users", [pytest.param(n, marks=pytest.mark.seed(users=n)) for n in (3, 1, 4)])
    @pytest.mark.parametrize("server", ["in_a_thread", "in_a_process"])
    def test_a_live_server(users, server, in_a_thread, in_a_process, seeded_db):
        place = {"in_a_thread": in_a_thread, "in_a_process": in_a_process}[server]
        with httpx.Client(base_url=place, timeout=30) as client:
            assert client.get("/users").json() == users
            client.delete("/users").raise_for_status()
            assert client.get("/users").json() == 0
        assert seeded_db.counts()["users"] == 0
"""


def test_a_live_server_in_a_thread_and_in_a_process(project: pytest.Pytester) -> None:
    project.makepyfile(shop=APPLICATION, test_servers=SERVERS)
    project.runpytest_inprocess("-W", "default").assert_outcomes(passed=6)


REFUSED = """
    import psycopg2, pytest
    from sqlalchemy import text

    @pytest.fixture(scope="module")
    def address(request):
        found = request.getfixturevalue("seeded_address")
        return found.set(drivername="postgresql").render_as_string(hide_password=False)

    def refused(dsn, match):
        with pytest.raises(psycopg2.OperationalError, match=match) as error:
            psycopg2.connect(dsn)

    @pytest.mark.seed(users=1)
    def test_not_named(address):
        refused(address, "test_not_named has no database behind this address: name seeded_address among")

    @pytest.fixture(scope="module")
    def between(seeded_address):
        dsn = seeded_address.set(drivername="postgresql").render_as_string(hide_password=False)
        yield dsn
        refused(dsn, "test_named has ended, and its database with it")

    @pytest.mark.seed(users=1)
    def test_named(between):
        psycopg2.connect(between).close()
"""


def test_where_there_is_no_database_a_sentence_says_why(project: pytest.Pytester) -> None:
    project.makepyfile(REFUSED)
    project.runpytest_inprocess(*ARGUMENTS).assert_outcomes(passed=2)


def test_what_is_wrong_with_the_rows_is_an_error_of_the_test(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import psycopg2, pytest

        @pytest.fixture(scope="session")
        def server(seeded_address):
            raise ZeroDivisionError("the server is started before it is known that there are no rows")

        @pytest.mark.seed(setups=8)
        def test_plan(server):
            pass

        @pytest.mark.seed(users=2)
        def test_left(seeded_address, seeded_engine):
            # A connection past the address is named, as ever; those by the address are not.
            global left
            left = psycopg2.connect(seeded_engine.url.set(drivername="postgresql").render_as_string(False))
            psycopg2.connect(seeded_address.set(drivername="postgresql").render_as_string(False))
        """
    )
    result = project.runpytest_inprocess("-W", "default")
    result.assert_outcomes(errors=1, passed=1, warnings=1)
    result.stdout.fnmatch_lines(
        ["*setups needs rows of users*", "*test_left left 1 connection to its database open*"]
    )


def test_a_forwarder_that_was_killed_is_told(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import os, signal
        from pytest_supaseed.plugin.addressing import bound

        def test_kills_it(seeded_address, request):
            process = bound(request.config).address._forwarder._process
            os.kill(process.pid, signal.SIGKILL)
            process.wait()

        def test_next(seeded_address):
            pass
        """
    )
    result = project.runpytest_inprocess(*ARGUMENTS)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["The process that forwards connections to 127.0.0.1:*, has ended: it was killed, *"]
    )


def test_with_workers_each_has_an_address_of_its_own(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import psycopg2, pytest

        @pytest.mark.parametrize("n", [pytest.param(n, marks=pytest.mark.seed(users=n)) for n in range(1, 9)])
        def test_it(n, seeded_address):
            with open("ports", "a") as file:
                print(seeded_address.port, file=file)
            connection = psycopg2.connect(seeded_address.set(drivername="postgresql").render_as_string(False))
            with connection, connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM users")
                assert cursor.fetchone() == (n,)
            connection.close()
        """
    )
    project.runpytest_subprocess("-n", "2", "--dist", "load").assert_outcomes(passed=8)
    assert len(set((project.path / "ports").read_text().split())) == 2


ENVIRONMENT = """
    import os

    import psycopg2, pytest
    from sqlalchemy import text
    from sqlalchemy.orm import Session
    from shop.db import User, engine

    def users():
        with Session(engine) as session:
            return session.query(User).count()

    # While tests are collected there is the schema as it was loaded.
    assert users() == 0

    @pytest.mark.seed(users=4)
    @pytest.mark.parametrize("turn", range(2))
    def test_rows(turn):
        assert users() == 4
        with Session(engine) as session:
            session.add(User(email="x"))
            session.commit()
        assert users() == 5

    def test_no_marker():
        assert users() == 0

    def test_parts():
        url = os.environ["ASYNC_URL"]
        assert url.startswith("postgresql+asyncpg://")
        assert url.endswith(f"@{os.environ['DB_HOST']}:{os.environ['DB_PORT']}/{os.environ['DB_NAME']}")
        assert f"//{os.environ['DB_USER']}:{os.environ['DB_PASSWORD']}@" in url

    @pytest.mark.seed(users=2)
    def test_rolled_back(seeded_session):
        assert seeded_session.query(User).count() == 2
        with pytest.raises(Exception, match="works on seeded_connection or seeded_session, whose rows no other"):
            users()

    @pytest.mark.seed(users=3)
    def test_database(seeded_db):
        assert users() == 3 == seeded_db.counts()["users"]

    @pytest.fixture(scope="module")
    def wider():
        return users()

    @pytest.mark.seed(users=2)
    def test_fixtures_of_wider_scope_find_the_rows_of_the_test_that_sets_them_up(wider):
        assert wider == 2
"""
MODELS = """
    import os
    from sqlalchemy import create_engine
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    class Base(DeclarativeBase):
        pass

    class User(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
        email: Mapped[str]
"""
ENGINE = """
    import os
    from sqlalchemy import create_engine
    from shop.models import Base, User

    engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
    Base.metadata.create_all(engine)
"""
INI = """
    [pytest]
    supaseed_schema = shop.models:Base
    supaseed_env =
        DATABASE_URL ASYNC_URL=postgresql+asyncpg
        DB_HOST=host DB_PORT=port DB_USER=user DB_PASSWORD=password DB_NAME=database
"""


@pytest.fixture
def shop(project: pytest.Pytester) -> pytest.Pytester:
    """An application that makes its engine, and connects, when it is imported."""
    folder = project.mkpydir("shop")
    for name, source in ("models", MODELS), ("db", ENGINE):
        (folder / f"{name}.py").write_text("\n".join(line[4:] for line in source.splitlines()))
    project.makeini("\n".join(line[4:] for line in INI.splitlines()))
    project.makeconftest("import shop.db")
    project.makepyfile(ENVIRONMENT)
    return project


def test_an_engine_that_is_made_at_import_finds_the_rows_of_the_running_test(
    shop: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite://")
    shop.makeconftest(
        """
        import os
        import shop.db

        def pytest_unconfigure():
            # The address is there until the end.
            print("ends with", os.environ["DATABASE_URL"].partition(":")[0])
        """
    )
    result = shop.runpytest_subprocess("-s", "-W", "error")
    result.assert_outcomes(passed=7)
    result.stdout.fnmatch_lines([
        "supaseed: DATABASE_URL, ASYNC_URL, DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME lead to the database of "
        "the running test, by 127.0.0.1:*; what DATABASE_URL had is put back at the end",
        "ends with postgresql",
    ])  # fmt: skip


def test_the_environment_is_put_back(shop: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.setenv("DATABASE_URL", "sqlite://")
    shop.makeconftest("")
    shop.makepyfile("import os\ndef test_it(): os.environ['DB_NAME'] = 'mine'")
    shop.runpytest_inprocess().assert_outcomes(passed=1)
    assert os.environ["DATABASE_URL"] == "sqlite://"
    assert "DB_HOST" not in os.environ
    # What the tests have set is theirs.
    assert os.environ.pop("DB_NAME") == "mine"


def test_no_server_is_started_where_nothing_connects(
    shop: pytest.Pytester, own_server: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pytest_supaseed.postgres.server import launch

    def launched(*arguments: object) -> None:
        raise AssertionError("a server was started")

    monkeypatch.setattr(launch, "launched", launched)
    shop.makeconftest("")
    shop.makepyfile("def test_it(): pass")
    shop.runpytest_inprocess().assert_outcomes(passed=1)


def test_a_server_of_ours_starts_for_a_connection_while_conftests_are_imported(
    shop: pytest.Pytester, own_server: pytest.Pytester
) -> None:
    shop.runpytest_subprocess("-W", "error").assert_outcomes(passed=7)
    # Where no test is run, it has ended as well.
    shop.runpytest_subprocess("-W", "error", "--collect-only").stdout.fnmatch_lines(["*7 tests collected*"])
    shop.runpytest_subprocess("-n", "2", "-W", "error").assert_outcomes(passed=7)


def test_a_schema_that_is_imported_by_what_connects_is_refused_with_a_sentence(shop: pytest.Pytester) -> None:
    source = "\n".join(line[4:] for line in MODELS.splitlines())
    (shop.path / "shop" / "models.py").write_text(
        f"{source}\ncreate_engine(os.environ['DATABASE_URL']).connect()\n"
    )
    shop.makepyfile("def test_it(): pass")
    result = shop.runpytest_subprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["*the schema cannot be loaded while a module that it imports connects to the database*"]
    )


def test_what_loads_the_schema_cannot_connect_by_the_address(shop: pytest.Pytester) -> None:
    shop.makeini("[pytest]\nsupaseed_schema = loads:load\nsupaseed_env = DATABASE_URL")
    shop.makeconftest("")
    shop.makepyfile(
        loads="""
        import os, psycopg2

        def load(connection):
            psycopg2.connect(os.environ["DATABASE_URL"])
        """,
        test_it="""
        import pytest

        @pytest.mark.seed(users=1)
        def test_it(): pass
        """,
    )
    result = shop.runpytest_inprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["*the schema is being loaded, and this address leads to no database before that*"]
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("DATABASE-URL", "supaseed_env has 'DATABASE-URL': write the name of an environment variable*"),
        (
            "DATABASE_URL=mysql",
            "supaseed_env has 'DATABASE_URL=mysql': write DATABASE_URL for a URL, DATABASE_URL=postgresql+asyncpg for "
            "another driver's, or DATABASE_URL= with a part of it: host, port, user, password, database",
        ),
        ("DB=databse", "*(did you mean 'database'?)"),
        ("A A", "supaseed_env has A twice: write it once"),
        (
            "PGPASSWORD=password",
            "supaseed_env has PGPASSWORD, which connections to the server in supaseed_postgres *",
        ),
    ],
)
def test_a_value_that_means_nothing_is_a_usage_error(project: pytest.Pytester, value: str, said: str) -> None:
    project.makeini(f"[pytest]\nsupaseed_env = {value}\n")
    project.makepyfile("def test_it(): pass")
    result = project.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: supaseed: {said}"])


def test_on_the_server_of_a_fixture(project: pytest.Pytester, server_url: URL) -> None:
    project.makeini(
        "[pytest]\nsupaseed_schema = schema.sql\nsupaseed_postgres = fixture:theirs\nsupaseed_env = DATABASE_URL"
    )
    project.makeconftest(
        f"""
        import pytest

        @pytest.fixture(scope="session")
        def theirs():
            class Theirs:
                host, port = {server_url.query["host"]!r}, {server_url.query["port"]!r}
                user, password, options, template_dbname = {server_url.username!r}, "", "", "none_such"
            return Theirs
        """
    )
    project.makepyfile(
        """
        import os, psycopg2, pytest

        with pytest.raises(psycopg2.OperationalError, match="that of the fixture theirs, set up with the first test"):
            psycopg2.connect(os.environ["DATABASE_URL"])

        def asked():
            connection = psycopg2.connect(os.environ["DATABASE_URL"])
            with connection, connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM users")
                [[found]] = cursor.fetchall()
            connection.close()
            return found

        @pytest.mark.seed(users=3)
        def test_rows(): assert asked() == 3

        def test_none(): assert asked() == 0

        @pytest.mark.seed(users=2)
        def test_address(seeded_address): assert asked() == 2
        """
    )
    result = project.runpytest_inprocess("--supaseed-postgres=fixture:theirs")
    result.assert_outcomes(passed=3)


def test_a_password_of_the_users_server_does_not_get_into_the_address(
    project: pytest.Pytester, server_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPASEED_POSTGRES", libpq_url(server_url.set(password="of-the-server")))
    project.makepyfile(
        """
        def test_it(seeded_address):
            assert "of-the-server" not in seeded_address.render_as_string(hide_password=False)
            assert seeded_address.password not in repr(seeded_address)
        """
    )
    project.runpytest_inprocess(*ARGUMENTS).assert_outcomes(passed=1)


@pytest.mark.skipif(sys.platform == "win32", reason="there it is a thread of the session")
def test_a_killed_session_takes_the_address_with_it(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import os, signal, psycopg2

        def test_it(seeded_address):
            dsn = seeded_address.set(drivername="postgresql").render_as_string(hide_password=False)
            psycopg2.connect(dsn)
            with open("port", "w") as file:
                file.write(str(seeded_address.port))
            os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    project.runpytest_subprocess()

    def refused() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", int((project.path / "port").read_text()))) != 0

    until(refused)


if sys.platform == "linux":

    def test_the_password_is_on_no_command_line(project: pytest.Pytester) -> None:
        project.makepyfile(
            """
            from pathlib import Path

            def test_it(seeded_address):
                for path in Path("/proc").glob("[0-9]*/cmdline"):
                    try:
                        assert seeded_address.password.encode() not in path.read_bytes()
                    except (FileNotFoundError, ProcessLookupError):
                        pass
            """
        )
        project.runpytest_inprocess(*ARGUMENTS).assert_outcomes(passed=1)
        assert Path("/proc/self/cmdline").exists()
