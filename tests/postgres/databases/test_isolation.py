"""Rolled-back isolation: whatever a test does, the next finds everything as at first."""

from __future__ import annotations

import asyncio
import gc
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any, TypeVar

import asyncpg
import psycopg
import psycopg2
import pytest
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.util.concurrency import greenlet_spawn

from builders import asked, name_of, schema, table
from conftest import SCHEMA
from pytest_supaseed.connecting import Address, DatabaseURL
from pytest_supaseed.errors import CountError, SeedError
from pytest_supaseed.postgres.databases import asyncpg_connection, isolation, psycopg_connection
from pytest_supaseed.postgres.databases.drivers import ENGINES
from pytest_supaseed.postgres.databases.isolation import Channel, EndState, MakeEngine, SharedDatabase
from pytest_supaseed.postgres.databases.maintenance import libpq_url
from pytest_supaseed.writing.counts import ExpectedCounts, Reason
from servers import clone_of
from test_fixtures import passes


@pytest.fixture(scope="session")
def server_version(server_url: URL) -> int:
    """The number of PostgreSQL's version."""
    engine = create_engine(server_url, poolclass=NullPool)
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())


# What the tests of this module begin with: five users, eight setups and two countries.
COUNTS = {"countries": 2, "setups": 8, "users": 5}
ROWS = """
INSERT INTO users (email) SELECT n || '@example.com' FROM generate_series(1, 5) n;
INSERT INTO setups (user_id, title, category) SELECT 1, n, 'van-life' FROM generate_series(1, 8) n;
"""
CAMP = schema(*map(table, COUNTS))
ADD = "INSERT INTO setups (user_id, title, category) VALUES (1, 'x', 'van-life') RETURNING id"


@pytest.fixture(scope="module")
def camp(create_database: Callable[[], URL]) -> URL:
    """The database that those of the tests are clones of."""
    url = create_database()
    with closing(psycopg2.connect(libpq_url(url))) as connection:
        connection.cursor().execute(SCHEMA + ROWS)
        connection.commit()
    return url


Result = TypeVar("Result")
# The event loops of databases on which an async driver works.
LOOPS: dict[SharedDatabase, asyncio.AbstractEventLoop] = {}
ASYNC_DRIVERS = ("asyncpg", "async psycopg")


def async_engine(driver: str) -> MakeEngine:
    """Makes the engine below an async one, with SQLAlchemy's own pool."""

    def make(channel: Channel, address: Address, options: Mapping[str, Any]) -> Engine:
        made = create_async_engine(DatabaseURL.of(address.url, driver), **options).sync_engine

        async def create(*args: Any, **kwargs: Any) -> Any:
            channel.opening()
            if driver == "asyncpg":
                kind = asyncpg_connection.TestConnection
                connection = await asyncpg.connect(*args, connection_class=kind, **kwargs)
            else:
                connection = await psycopg_connection.AsyncTestConnection.connect(*args, **kwargs)
            await connection.perform_async(channel.adopt(connection))
            return connection

        @event.listens_for(made, "do_connect")
        def connect(dialect: Any, record: object, arguments: Any, given: Any) -> Any:
            return dialect.connect(*arguments, async_creator_fn=create, **given)

        return made

    return make


@contextmanager
def shared_database(
    camp: URL, driver: str = "psycopg2", *, lasting: bool = False
) -> Iterator[SharedDatabase]:
    """A database of its own on which tests work in turn."""
    with clone_of(camp) as url:
        counts = ExpectedCounts(CAMP, {name_of(name): count for name, count in COUNTS.items()})
        make = async_engine(driver.split()[-1]) if driver in ASYNC_DRIVERS else ENGINES[driver]
        shared = SharedDatabase(str(url.database), Address(url), counts, make, lasting=lasting)
        if driver in ASYNC_DRIVERS:
            LOOPS[shared] = asyncio.new_event_loop()
        yield shared
        inside(shared, shared.close)
        if shared in LOOPS:
            loop = LOOPS.pop(shared)
            # For the transport of a connection that was ended without waiting.
            loop.run_until_complete(asyncio.sleep(0))
            loop.close()


def dsn_of(shared: SharedDatabase) -> str:
    """The database as psycopg2 is told of it."""
    return libpq_url(DatabaseURL.of(shared.engine.url, "psycopg2"))


def inside(shared: SharedDatabase, do: Callable[[], Result]) -> Result:
    """Call a function, for an async driver as SQLAlchemy does."""
    if shared not in LOOPS:
        return do()
    return LOOPS[shared].run_until_complete(greenlet_spawn(do))  # type: ignore[no-any-return]


@pytest.fixture(scope="module", params=[*ENGINES, *ASYNC_DRIVERS])
def used(camp: URL, request: pytest.FixtureRequest) -> Iterator[SharedDatabase]:
    """A database that each test of this module leaves as it was."""
    with shared_database(camp, request.param) as shared:
        yield shared


@pytest.fixture(params=[*ENGINES, *ASYNC_DRIVERS])
def own(camp: URL, request: pytest.FixtureRequest) -> Iterator[SharedDatabase]:
    """A database of the test's own, which may be left as it should not be."""
    with shared_database(camp, request.param) as shared:
        yield shared


def does(shared: SharedDatabase, body: str) -> EndState:
    """Run statements as a test that works on a database."""
    if shared in LOOPS and any(
        each in body for each in ("driver_connection", "detach()", "other = create_engine")
    ):
        pytest.skip("of drivers that are not awaited")
    return inside(shared, lambda: does_it(shared, body))


def does_it(shared: SharedDatabase, body: str) -> EndState:
    """Run statements, for an async driver within a greenlet."""
    connection = shared.begin("test_does", asked(**COUNTS))

    def run(*statements: str) -> None:
        for statement in statements:
            connection.execute(text(statement))

    names = {
        "ADD": ADD,
        "DBAPIError": DBAPIError,
        "NullPool": NullPool,
        "connection": connection,
        "create_engine": create_engine,
        "dsn": dsn_of(shared),
        "psycopg2": psycopg2,
        "pytest": pytest,
        "run": run,
        "text": text,
    }
    try:
        exec(textwrap.dedent(body), names)
    finally:
        end_state = shared.end()
    return end_state


def is_as_at_first(shared: SharedDatabase) -> None:
    """What the next test finds, and the one after it."""
    inside(shared, lambda: finds_it_as_at_first(shared))


def finds_it_as_at_first(shared: SharedDatabase) -> None:
    """What tests find, for an async driver within a greenlet."""
    for lock in range(2):
        connection = shared.begin(f"test_next_{lock}", asked(**COUNTS))

        def one(query: str, connection: Connection = connection) -> Any:
            return connection.scalar(text(query))

        assert one("SELECT count(*) FROM setups") == 8
        assert one("SELECT count(*) FROM users") == 5
        assert one("SELECT count(*) FROM setups WHERE title = 'changed'") == 0
        assert one("SHOW work_mem") != "7MB"
        assert one("SHOW search_path") == '"$user", public'
        assert one("SHOW transaction_read_only") == "off"
        assert one("SHOW transaction_isolation") == "read committed"
        assert one("SELECT current_user = session_user AND session_user = 'postgres'")
        assert one("SELECT current_setting('role')") == "none"
        assert one("SELECT to_regclass('pg_temp.scratch')") is None
        # asyncpg and SQLAlchemy keep statements that they have prepared themselves.
        assert one("SELECT count(*) FROM pg_prepared_statements WHERE from_sql") == 0
        assert one("SELECT count(*) FROM pg_cursors WHERE name = 'held'") == 0
        assert one("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0
        assert one("SELECT count(*) FROM pg_listening_channels()") == 0
        with pytest.raises(DBAPIError, match="lastval is not yet defined"), connection.begin_nested():
            one("SELECT lastval()")
        with pytest.raises(DBAPIError, match=r"currval .* is not yet defined"), connection.begin_nested():
            one("SELECT currval('setups_id_seq')")
        assert one("SELECT nextval('users_id_seq')") == 6
        assert one(ADD) == 9
        connection.rollback()
        assert shared.end() == EndState(clean=True)


BEGIN = """
    import psycopg2
    import pytest
    from sqlalchemy import create_engine, text
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.pool import NullPool

    pytestmark = pytest.mark.seed(users=5, setups=8)
    ADD = "INSERT INTO setups (user_id, title, category) VALUES (1, 'x', 'van-life') RETURNING id"
    COUNT = text("SELECT count(*) FROM setups")

    def as_at_first(connection):
        def one(query):
            return connection.scalar(text(query))

        assert one("SELECT count(*) FROM setups") == 8 and one("SELECT count(*) FROM users") == 5
        assert one("SELECT count(*) FROM setups WHERE title = 'changed'") == 0
        assert one("SHOW work_mem") != "7MB" and one("SHOW search_path") == '"$user", public'
        assert one("SHOW transaction_read_only") == "off"
        assert one("SHOW transaction_isolation") == "read committed"
        assert one("SELECT current_user = session_user AND session_user = 'postgres'")
        assert one("SELECT current_setting('role')") == "none"
        assert one("SELECT to_regclass('pg_temp.scratch')") is None
        assert one("SELECT count(*) FROM pg_prepared_statements") == 0
        assert one("SELECT count(*) FROM pg_cursors WHERE name = 'held'") == 0
        assert one("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0
        assert one("SELECT count(*) FROM pg_listening_channels()") == 0
        with pytest.raises(DBAPIError, match="lastval is not yet defined"), connection.begin_nested():
            one("SELECT lastval()")
        with pytest.raises(DBAPIError, match=r"currval .* is not yet defined"), connection.begin_nested():
            one("SELECT currval('setups_id_seq')")
        assert one("SELECT nextval('users_id_seq')") == 6
        assert one(ADD) == 9
        connection.rollback()
"""
NEXT = """
    def test_next(seeded_connection):
        as_at_first(seeded_connection)

    def test_next_but_one(seeded_session):
        assert seeded_session.scalar(text(ADD)) == 9
"""


# The server process of a connection ends, and nobody notices before the test is undone.
ENDED_UNNOTICED = """
    CHANGE = "UPDATE setups SET title = 'changed'"
    process = connection.scalar(text("SELECT pg_backend_pid()"))
    {}
    others = create_engine(connection.engine.url.set(database="postgres"), poolclass=NullPool)
    with others.connect() as other:
        assert other.scalar(text(f"SELECT pg_terminate_backend({{process}}, 10000)"))
    others.dispose()
    assert not connection.connection.driver_connection.closed
"""


def module(body: str, fixture: str = "seeded_connection") -> str:
    """A test that does something, between two that find everything as at first."""
    inner = textwrap.indent(textwrap.dedent(body).strip(), "    " * 2).strip()
    return f"""{BEGIN}
    def test_before({fixture}): ...

    def test_does(seeded_connection{"" if fixture == "seeded_connection" else ", " + fixture}):
        connection = seeded_connection
        def run(*statements):
            for statement in statements:
                connection.execute(text(statement))
        dsn = connection.engine.url.set(drivername="postgresql").render_as_string(False)
        {inner}
{NEXT}"""


@pytest.mark.parametrize(
    "body",
    [
        "run('SELECT 1')",
        "run(ADD); connection.commit(); run(ADD)",
        "run('DELETE FROM setups'); connection.commit(); run('DELETE FROM users'); connection.commit()",
        "run('TRUNCATE users, setups RESTART IDENTITY'); connection.commit()",
        "run(\"SELECT setval('setups_id_seq', 100, false)\", \"SELECT setval('users_id_seq', 8)\")",
        "run('DROP TABLE setups CASCADE'); connection.commit(); run('DROP TABLE users CASCADE')",
        "run('ALTER TABLE setups RENAME TO tents', 'ALTER SEQUENCE setups_id_seq RESTART 50'); connection.commit()",
        "run('CREATE TABLE more (id serial)', 'INSERT INTO more DEFAULT VALUES'); connection.commit()",
        "run('LOCK TABLE users, setups')",
        "run(\"SET work_mem = '7MB'\", 'SET search_path = pg_catalog'); connection.commit()",
        "run(\"SET LOCAL work_mem = '7MB'\")",
        "run('SET ROLE pg_read_all_data'); connection.commit()",
        "run('CREATE ROLE supaseed_someone', 'SET SESSION AUTHORIZATION supaseed_someone'); connection.commit()",
        "run('CREATE TEMP TABLE scratch ()'); connection.commit()",
        "run('PREPARE question AS SELECT 1'); connection.commit()",
        "run('DECLARE held CURSOR WITH HOLD FOR SELECT 1'); connection.commit()",
        "run('SELECT pg_advisory_lock(7)', 'SELECT pg_advisory_lock_shared(8)'); connection.commit()",
        "run('SELECT pg_advisory_xact_lock(7)')",
        "run('LISTEN news', \"NOTIFY news, 'hot'\")",
        "run('SET CONSTRAINTS ALL DEFERRED')",
        "run('SET TRANSACTION READ ONLY')",
        """
        with pytest.raises(DBAPIError, match="must (be called|not be called)"):
            run("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
        """,
        """
        with pytest.raises(DBAPIError):
            run("SELECT 1 / 0")
        """,
        """
        cursor = connection.connection.cursor()
        cursor.execute("DELETE FROM setups")
        """,
        """
        with connection.connection.driver_connection.cursor("named") as cursor:
            cursor.execute("SELECT id FROM setups")
            assert cursor.fetchone()
        """,
        """
        with connection.connection.driver_connection as driver:
            driver.cursor().execute("DELETE FROM setups")
        """,
        """
        run("DELETE FROM setups")
        connection.commit()
        connection.close()
        """,
        "run(\"UPDATE setups SET title = 'changed'\"); connection.commit(); connection.invalidate()",
        "run(\"UPDATE setups SET title = 'changed'\"); connection.commit(); connection.engine.dispose()",
        "run(ADD); connection.commit(); connection.connection.driver_connection.close()",
        "run(\"UPDATE setups SET title = 'changed'\"); connection.commit(); connection.detach()",
        """
        # What is done on the connection that replaces it is undone, too.
        run(ADD)
        connection.invalidate()
        connection.rollback()
        run("UPDATE setups SET title = 'changed'", ADD)
        connection.commit()
        """,
        """
        connection.engine.dispose()
        with connection.engine.begin() as other:
            other.execute(text("UPDATE setups SET title = 'changed'"))
            other.execute(text(ADD))
        """,
        """
        with connection.engine.begin() as other:
            other.execute(text("UPDATE setups SET title = 'changed'"))
        """,
    ],
)
def test_a_test_may_do_anything(used: SharedDatabase, body: str) -> None:
    assert does(used, body) == EndState(clean=True)
    is_as_at_first(used)


@pytest.mark.parametrize(
    "body",
    [
        """
        run("UPDATE setups SET title = 'changed'")
        with pytest.raises(DBAPIError, match="terminat"):
            run("SELECT pg_terminate_backend(pg_backend_pid())")
        """,
        ENDED_UNNOTICED.format("run(CHANGE); connection.commit()"),
        # Nobody can know what this did either.
        ENDED_UNNOTICED.format("run(CHANGE, 'COMMIT')"),
        """
        # Only the error tells that the connection has ended.
        def undo(*script):
            raise psycopg2.OperationalError("server closed the connection unexpectedly")

        run("UPDATE setups SET title = 'changed'")
        connection.connection.driver_connection.rolled_back.undo = undo
        """,
        """
        # Nobody can know what this did: the database is replaced.
        run("UPDATE setups SET title = 'changed'", "COMMIT")
        with pytest.raises(DBAPIError, match="terminat"):
            run("SELECT pg_terminate_backend(pg_backend_pid())")
        """,
    ],
)
def test_what_is_unknown_is_not_clean(own: SharedDatabase, body: str) -> None:
    assert does(own, body) == EndState(clean=False)


LEAVES = [
    "run(\"UPDATE setups SET title = 'changed'\", 'COMMIT')",
    "run(ADD, 'ROLLBACK')",
    """
        with pytest.raises(DBAPIError, match="prepared transactions are disabled"):
            run("UPDATE setups SET title = 'changed'", "PREPARE TRANSACTION 'mine'")
        connection.rollback()
        """,
    "run('COMMIT AND CHAIN')",
    "run('COMMIT'); run('BEGIN'); run('DELETE FROM setups')",
    "run('DELETE FROM setups', 'COMMIT'); connection.commit(); run(ADD); connection.commit()",
    "run(\"SET work_mem = '7MB'\", 'SET ROLE pg_read_all_data', 'CREATE TEMP TABLE scratch ()', 'COMMIT')",
    "run(\"UPDATE setups SET title = 'changed'\", 'COMMIT'); connection.connection.driver_connection.close()",
    "run(\"UPDATE setups SET title = 'changed'\", 'COMMIT'); connection.engine.dispose()",
    "run(\"UPDATE setups SET title = 'changed'\", 'COMMIT'); connection.invalidate(); "
    "connection.rollback(); run('SELECT 1')",
]


@pytest.mark.parametrize("body", LEAVES)
def test_a_test_that_leaves_the_transaction_is_named(own: SharedDatabase, body: str) -> None:
    end_state = does(own, body)
    assert not end_state.clean
    assert end_state.warning.startswith(
        "test_does ended the transaction that was to be undone after it, by a COMMIT or ROLLBACK in SQL; the database "
        "was replaced. Use"
    )


def test_databases_that_are_not_as_they_were_are_replaced(project: pytest.Pytester) -> None:
    result = passes(project, module(LEAVES[0]), passed=4, warnings=1)
    result.stdout.fnmatch_lines(
        "*SupaseedWarning: *::test_does ended the transaction that was to be undone *"
    )
    passes(project, module(ENDED_UNNOTICED.format("run(CHANGE, 'COMMIT')")), passed=4, warnings=0)


OTHERS = {
    "open": "other = create_engine(connection.engine.url).connect()",
    "read": """
        other = psycopg2.connect(dsn)
        other.cursor().execute("SELECT count(*) FROM setups")
    """,
    "uncommitted": """
        other = psycopg2.connect(dsn)
        other.cursor().execute("UPDATE users SET email = id::text")
    """,
    "closed": """
        psycopg2.connect(dsn).close()
    """,
    "committed": """
        other = create_engine(connection.engine.url)
        with other.begin() as theirs:
            theirs.execute(text("UPDATE setups SET title = 'changed'"))
        other.dispose()
    """,
    "gone": """
        # Our own connection is closed as well.
        psycopg2.connect(dsn).close()
        connection.connection.driver_connection.close()
    """,
}


@pytest.mark.parametrize("body", OTHERS.values(), ids=OTHERS)
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # what the test leaves open
def test_a_test_that_opens_another_connection_is_named(
    own: SharedDatabase, server_version: int, body: str
) -> None:
    if server_version < isolation.SESSIONS_SINCE:
        pytest.skip("PostgreSQL 14 tells too late")
    end_state = does(own, body)
    # What the test has left open warns here, and not in a later test.
    gc.collect()
    assert not end_state.clean
    assert end_state.warning.startswith(
        "test_does opened another connection to the shared database of its seed, which was replaced: "
    )
    assert "Ask for seeded_engine, seeded_url or seeded_db, " in end_state.warning


def test_a_test_with_a_session_that_opens_another_connection_is_named(
    project: pytest.Pytester, server_version: int
) -> None:
    if server_version < isolation.SESSIONS_SINCE:
        pytest.skip("PostgreSQL 14 tells too late")
    # What the test leaves open is nobody's business.
    body = OTHERS["uncommitted"]
    passes(
        project, module(body, "seeded_session"), "-W", "ignore::ResourceWarning", passed=4, warnings=1
    ).stdout.fnmatch_lines(
        "*SupaseedWarning: *::test_does opened another connection to the shared database of its seed, *Ask for "
        "seeded_engine, seeded_url or seeded_db, *"
    )


CHANGES = """
    other = create_engine(connection.engine.url)
    with other.begin() as theirs:
        theirs.execute(text("DELETE FROM setups WHERE id > 6"))
    other.dispose()
"""


@pytest.mark.parametrize("since", [isolation.SESSIONS_SINCE, 99_00_00])
def test_the_warning_shows_what_another_connection_has_changed(
    own: SharedDatabase, monkeypatch: pytest.MonkeyPatch, since: int
) -> None:
    # PostgreSQL 14 tells by its counts only.
    monkeypatch.setattr(isolation, "SESSIONS_SINCE", since)
    end_state = does(own, CHANGES)
    assert (end_state.clean, end_state.differs) == (False, "")
    assert end_state.warning.startswith("test_does opened another connection ")
    assert end_state.warning.endswith(
        "\nIts rows had changed:\n"
        "  table      expected  actual\n"
        "  countries         2       2\n"
        "  setups            8       6  <--\n"
        "  users             5       5"
    )


def test_who_only_reads_is_not_noticed_where_statistics_are_late(
    own: SharedDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolation, "SESSIONS_SINCE", 99_00_00)
    assert does(own, OTHERS["closed"]) == EndState(clean=True)
    is_as_at_first(own)


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE users, setups RESTART IDENTITY",
        "DROP TABLE setups",
        "LOCK TABLE users",
        # No test holds a lock on a sequence that it has not used.
        "ALTER SEQUENCE setups_id_seq RESTART 70",
    ],
)
@pytest.mark.parametrize("end", ["", "other.commit()"])
def test_another_connection_stops_nobody(
    own: SharedDatabase,
    monkeypatch: pytest.MonkeyPatch,
    server_version: int,
    statement: str,
    end: str,
) -> None:
    if server_version < isolation.SESSIONS_SINCE and (
        not statement.startswith(("TRUNCATE", "DROP")) or not end
    ):
        pytest.skip("PostgreSQL 14 tells too late")
    monkeypatch.setattr(isolation, "PATIENCE", "set_config('lock_timeout', '10ms', true)")
    body = f"""
    connection.rollback()
    other = psycopg2.connect(dsn)
    # What the test has been counted with holds a lock until it ends.
    cursor = other.cursor()
    cursor.execute("SET lock_timeout = '10ms'")
    try:
        cursor.execute("{statement}")
    except psycopg2.Error:
        other.rollback()
    {end}
    """
    end_state = does(own, body)
    assert not end_state.clean
    assert end_state.warning.startswith("test_does opened another connection ")


def test_a_warning_that_is_an_error_is_one_of_the_test(project: pytest.Pytester) -> None:
    result = passes(project, module(CHANGES), "-W", "error", passed=4, errors=1)
    result.stdout.fnmatch_lines(
        [
            "*ERROR at teardown of test_does*",
            "*::test_does opened another connection *",
            "Its rows had changed:",
        ]
    )


def test_what_changes_between_tests_is_an_error_that_names_the_test_before(project: pytest.Pytester) -> None:
    result = passes(
        project,
        """
        import psycopg2
        import pytest
        from sqlalchemy import text

        pytestmark = pytest.mark.seed(users=5, setups=8)

        @pytest.fixture
        def after():
            found = []
            yield found
            other = psycopg2.connect(found[0])
            other.cursor().execute("DELETE FROM setups WHERE id > 6")
            other.commit()
            other.close()

        def test_outside(after, seeded_connection):
            after.append(seeded_connection.connection.driver_connection.dsn)

        def test_notices(seeded_connection): ...

        def test_has_another(seeded_connection):
            assert seeded_connection.scalar(text("SELECT count(*) FROM setups")) == 8
        """,
        passed=2,
        errors=1,
    )
    result.stdout.fnmatch_lines(
        [
            "The shared database of seed(users=5, setups=8) has changed after *::test_outside, which worked on it *",
            "  table      expected  actual",
            "  countries         2       2",
            "  setups            8       6  <--",
            "  users             5       5",
            "What a test commits through seeded_connection or seeded_session is undone; this was committed on *",
        ]
    )


def test_a_connection_that_is_ended_between_tests_is_made_anew(project: pytest.Pytester) -> None:
    passes(
        project,
        BEGIN
        + """
    def test_before(seeded_connection):
        as_at_first(seeded_connection)

    def test_ends_all_others(seeded_engine):
        with seeded_engine.connect() as connection:
            connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname <> current_database()"
                     " AND datname LIKE 'supaseed%' AND backend_type = 'client backend'")
            )
"""
        + NEXT,
        passed=4,
        warnings=0,
    )


def test_what_is_set_for_a_transaction_ends_with_it(project: pytest.Pytester) -> None:
    passes(
        project,
        BEGIN
        + """
    @pytest.mark.parametrize("turn", range(2))
    @pytest.mark.parametrize("end", ["commit", "rollback"])
    def test_local(seeded_connection, end, turn):
        connection = seeded_connection
        def one(query, **values):
            return connection.scalar(text(query), values)

        zone, memory = one("SHOW timezone"), one("SHOW work_mem")
        one("SELECT set_config('app.lasting', :value, false)", value="kept, true)")
        connection.commit()
        for _ in range(2):
            connection.execute(text("SET LOCAL work_mem = '7MB'"))
            connection.execute(text("set local role pg_read_all_data"))
            connection.execute(text("SET  LOCAL TIME ZONE 'Asia/Tokyo'"))
            one("SELECT set_config(:name, :value, true)", name="request.jwt.claims", value="it's a (role)")
            assert one("SHOW work_mem") == "7MB" and one("SELECT current_user") == "pg_read_all_data"
            assert one("SHOW timezone") == "Asia/Tokyo"
            assert one("SELECT current_setting('request.jwt.claims')") == "it's a (role)"
            # Once more: what the first has set is not what was there before.
            connection.execute(text("SET LOCAL work_mem = '9MB'"))
            one("SELECT set_config('request.jwt.claims', 'another', true)")
            assert one("SHOW work_mem") == "9MB"
            getattr(connection, end)()
            assert one("SHOW work_mem") == memory and one("SELECT current_user") == "postgres"
            assert one("SHOW timezone") == zone
            assert one("SELECT current_setting('request.jwt.claims')") == ""
            assert one("SELECT current_setting('app.lasting')") == "kept, true)"

    def test_set_lasts(seeded_session):
        seeded_session.execute(text("SET work_mem = '7MB'"))
        seeded_session.commit()
        assert seeded_session.scalar(text("SHOW work_mem")) == "7MB"

    def test_an_error_in_between(seeded_session):
        with pytest.raises(DBAPIError):
            seeded_session.execute(text("SELECT 1 / 0"))
        with pytest.raises(DBAPIError, match="aborted"):
            seeded_session.execute(text("SET LOCAL work_mem = '7MB'"))
        seeded_session.commit()
        assert seeded_session.scalar(text("SHOW work_mem")) != "7MB"
"""
        + NEXT,
        passed=8,
    )


def test_constraints_that_can_wait(project: pytest.Pytester) -> None:
    project.path.joinpath("schema.sql").write_text(
        "CREATE TABLE users (id serial PRIMARY KEY);"
        "CREATE TABLE posts (id serial PRIMARY KEY, user_id int NOT NULL REFERENCES users DEFERRABLE);"
        "CREATE TABLE notes (id serial PRIMARY KEY, user_id int NOT NULL REFERENCES users INITIALLY DEFERRED);",
        encoding="utf-8",
    )
    passes(
        project,
        """
        import pytest
        from sqlalchemy import text
        from sqlalchemy.exc import IntegrityError

        pytestmark = pytest.mark.seed(users=2, posts=3, notes=1)
        NEW_POST, NEW_NOTE = (text(f"INSERT INTO {name} (user_id) VALUES (7)") for name in ("posts", "notes"))

        def test_set_deferred(seeded_connection):
            seeded_connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))
            seeded_connection.execute(NEW_POST)
            with pytest.raises(IntegrityError):
                seeded_connection.commit()
            seeded_connection.rollback()
            assert seeded_connection.scalar(text("SELECT count(*) FROM posts")) == 3

        def test_that_is_over_after_a_commit(seeded_connection):
            seeded_connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))
            seeded_connection.commit()
            seeded_connection.execute(NEW_NOTE)
            with pytest.raises(IntegrityError):
                seeded_connection.execute(NEW_POST)

        def test_a_constraint_that_is_gone(seeded_connection):
            seeded_connection.execute(text("DROP TABLE notes"))
            seeded_connection.commit()
            seeded_connection.execute(text("DROP TABLE posts"))
            seeded_connection.commit()

        def test_a_constraint_that_is_new(seeded_connection):
            seeded_connection.execute(
                text('CREATE TABLE "New" (id int CONSTRAINT "Its" REFERENCES users INITIALLY DEFERRED)')
            )
            seeded_connection.commit()
            seeded_connection.execute(text('INSERT INTO "New" VALUES (7)'))
            with pytest.raises(IntegrityError):
                seeded_connection.commit()
        """,
        passed=4,
    )


def test_sequences_that_gave_no_number_yet(project: pytest.Pytester) -> None:
    project.path.joinpath("schema.sql").write_text(
        'CREATE SCHEMA "a b"; CREATE SEQUENCE "a b"."it\'s %s" START 5; CREATE TABLE users (id serial);',
        encoding="utf-8",
    )
    passes(
        project,
        """
        import pytest
        from sqlalchemy import text

        pytestmark = pytest.mark.seed(users=0)

        @pytest.mark.parametrize("statement", ["SELECT 1", "SELECT nextval({})", "SELECT setval({}, 30, false)"] * 2)
        def test_numbers(seeded_connection, statement):
            for name, first in (("users_id_seq", 1), ('"a b"."it\\'\\'s %s"', 5)):
                cursor = seeded_connection.connection.cursor()
                cursor.execute(statement.format(f"'{name}'"))
                seeded_connection.rollback()
                if "set" not in statement:
                    cursor.execute(f"SELECT nextval('{name}')")
                    assert cursor.fetchone()[0] == first + ("next" in statement)
        """,
        passed=6,
    )


def test_a_schema_without_sequences_or_tables(project: pytest.Pytester) -> None:
    project.path.joinpath("schema.sql").write_text("SELECT 1;", encoding="utf-8")
    passes(
        project,
        """
        import pytest
        from sqlalchemy import text

        @pytest.mark.parametrize("turn", range(2))
        def test_nothing(seeded_session, turn):
            seeded_session.execute(text("CREATE TABLE users ()"))
            seeded_session.commit()
        """,
        passed=2,
    )


def test_the_rollback_of_the_session_is_done_for_who_comes_after_it(project: pytest.Pytester) -> None:
    passes(
        project,
        BEGIN
        + """
    @pytest.fixture
    def after(seeded_connection):
        # Opened before the session is.
        cursor = seeded_connection.connection.cursor()
        yield
        cursor.execute("SELECT count(*) FROM setups")
        assert cursor.fetchone() == (7,)
        assert seeded_connection.scalar(COUNT) == 7

    @pytest.fixture
    def commits_after(seeded_connection):
        yield
        seeded_connection.commit()
        assert seeded_connection.scalar(COUNT) == 7

    @pytest.mark.parametrize("fixture", ["after", "commits_after"])
    def test_session(request, fixture):
        request.getfixturevalue(fixture)
        session = request.getfixturevalue("seeded_session")
        session.execute(text("DELETE FROM setups WHERE id = 1"))
        session.commit()
        session.execute(text("DELETE FROM setups"))
        if fixture == "after":
            with pytest.raises(DBAPIError):
                session.execute(text("SELECT 1 / 0"))
"""
        + NEXT,
        passed=4,
    )


def test_a_connection_that_outlives_its_test_is_an_ordinary_one(project: pytest.Pytester) -> None:
    passes(
        project,
        BEGIN
        + """
    @pytest.fixture
    def after():
        found = []
        yield found
        with found[0].engine.connect() as connection:
            connection.execute(text("DELETE FROM setups"))

    def test_before(after, seeded_connection):
        after.append(seeded_connection)
"""
        + NEXT,
        passed=3,
        warnings=0,
    )


def test_databases_whose_connection_was_ended_for_others_are_used_again(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pytest_supaseed.session.template._MOST_CONNECTIONS_OF_RUN", 1)
    monkeypatch.setattr("pytest_supaseed.session.template._LEAST_CONNECTIONS", 1)
    project.makepyfile(
        """
        import pytest
        from sqlalchemy import text

        @pytest.mark.parametrize(
            "users", [pytest.param(n, marks=pytest.mark.seed(users=n)) for n in (1, 2, 3)]
        )
        @pytest.mark.parametrize("turn", range(3))
        def test_it(seeded_connection, users, turn):
            assert seeded_connection.scalar(text("SELECT count(*) FROM users")) == users
            seeded_connection.execute(text("DELETE FROM users"))
            seeded_connection.commit()
        """
    )
    project.runpytest("-n0", "-W", "error").assert_outcomes(passed=9)


def connect_psycopg2(url: str) -> tuple[int, Callable[[], object]]:
    connection = psycopg2.connect(url)
    return connection.info.backend_pid, connection.close


def connect_psycopg(url: str) -> tuple[int, Callable[[], object]]:
    connection = psycopg.connect(url)
    return connection.info.backend_pid, connection.close


def connect_asyncpg(url: str) -> tuple[int, Callable[[], object]]:
    loop = asyncio.new_event_loop()
    connection = loop.run_until_complete(asyncpg.connect(url))

    def close() -> None:
        loop.run_until_complete(connection.close())
        loop.close()

    return connection.get_server_pid(), close


@pytest.mark.parametrize("connect", [connect_psycopg2, connect_psycopg, connect_asyncpg])
def test_an_open_connection_of_this_process_is_known_by_its_backend(
    empty_database: URL, connect: Callable[[str], tuple[int, Callable[[], object]]]
) -> None:
    name = str(empty_database.database)
    process, close = connect(libpq_url(empty_database))
    assert isolation.held_open(name, {process, -1}) == {process}
    assert isolation.held_open(name, {-1}) == isolation.held_open("another", {process}) == set()
    close()
    assert isolation.held_open(name, {process}) == set()


def test_objects_of_the_application_are_not_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    class Proxy:
        @property
        def __class__(self) -> Any:
            raise AssertionError("a proxy was asked for its class")

    proxy = Proxy()
    assert gc.is_tracked(proxy)
    assert isolation.held_open("any", {1}) == set()
    monkeypatch.setattr(
        isolation, "_DRIVERS", (("no such module", ("Connection",), bool, lambda each: (1, "")),)
    )
    assert isolation.held_open("any", {1}) == set()


def reason() -> Reason:
    return Reason("The counts differ:", "Ask for another database.")


@pytest.fixture(params=ENGINES)
def lasting(camp: URL, request: pytest.FixtureRequest) -> Iterator[SharedDatabase]:
    """A database on which fixtures work as well as tests."""
    with shared_database(camp, request.param, lasting=True) as shared:
        yield shared


def count(shared: SharedDatabase) -> int:
    """The setups that are committed, as another connection sees them."""
    with closing(psycopg2.connect(dsn_of(shared))) as other:
        cursor = other.cursor()
        cursor.execute("SELECT count(*) FROM setups")
        [[found]] = cursor.fetchall()
    return int(found)


def works(
    shared: SharedDatabase, body: Callable[[Connection], object], *, moved: bool = False, accept: bool = False
) -> EndState:
    """Run a test on a database on which fixtures work, too."""
    connection = shared.begin_wider("test_does", reason, moved=moved, accept=accept)
    try:
        body(connection)
    finally:
        end_state = shared.end()
    return end_state


def adds(connection: Connection) -> int:
    return int(connection.scalar(text(ADD)))


def test_what_fixtures_have_done_stays_and_what_tests_do_is_undone(lasting: SharedDatabase) -> None:
    assert not lasting.in_use
    with lasting.engine.begin() as connection:
        assert adds(connection) == 9
    # Committed or not.
    fixture = lasting.engine.connect()
    assert adds(fixture) == 10
    found = []

    def body(connection: Connection) -> None:
        assert lasting.in_use
        found.append(adds(connection))
        connection.commit()
        connection.execute(text("DELETE FROM setups"))
        connection.commit()

    assert works(lasting, body, moved=True, accept=True) == EndState(clean=True)
    assert not lasting.in_use
    assert lasting.expected == {name_of("countries"): 2, name_of("setups"): 10, name_of("users"): 5}
    # The next one has the same numbers, and the same rows.
    assert works(lasting, body) == EndState(clean=True)
    assert found == [11, 11]
    assert lasting.last_test == "test_does"
    with lasting.engine.begin() as connection:
        assert adds(connection) == 11


def test_a_change_that_no_fixture_is_known_to_have_made_is_told(lasting: SharedDatabase) -> None:
    with lasting.engine.begin() as connection:
        connection.execute(text("DELETE FROM setups WHERE id > 6"))
    with pytest.raises(CountError) as caught:
        lasting.begin_wider("test_does", reason, moved=False, accept=False)
    assert str(caught.value) == (
        "The counts differ:\n"
        "  table      expected  actual\n"
        "  countries         2       2\n"
        "  setups            8       6  <--\n"
        "  users             5       5\n"
        "Ask for another database."
    )
    assert (lasting.in_use, lasting.last_test) == (False, None)
    # It is as fixtures left it, and they can go on.
    with lasting.engine.begin() as connection:
        adds(connection)
    assert count(lasting) == 7
    assert works(lasting, adds, moved=True, accept=True).clean


def test_a_failed_transaction_of_a_fixture_is_rolled_back(lasting: SharedDatabase) -> None:
    fixture = lasting.engine.connect()
    adds(fixture)
    with pytest.raises(DBAPIError):
        fixture.execute(text("SELECT 1 / 0"))
    assert works(lasting, adds, moved=True) == EndState(clean=True)


def test_a_fixture_may_have_had_every_statement_commit(lasting: SharedDatabase) -> None:
    with lasting.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.autocommit = True
        assert adds(connection) == 9
        assert works(lasting, adds, moved=True, accept=True) == EndState(clean=True)
        assert not driver.autocommit
    assert count(lasting) == 9


def test_a_database_that_lasts_is_not_replaced(lasting: SharedDatabase) -> None:
    before = []

    def body(connection: Connection) -> None:
        before.append(connection.scalar(text("SHOW work_mem")))
        connection.execute(text("SET work_mem = '7MB'"))
        connection.execute(text("COMMIT"))

    end_state = works(lasting, body)
    assert not end_state.clean
    assert end_state.warning.startswith(
        "test_does ended the transaction that was to be undone after it, by a COMMIT or ROLLBACK in SQL; what it had "
        "done by then stays in the database. Use"
    )
    # Its settings do not stay with the connection of the next test.
    works(lasting, body)
    assert before[1:] == before[:1] != ["7MB"]
    assert works(lasting, adds) == EndState(clean=True)


def test_another_connection_to_a_database_that_lasts_is_told_once(
    lasting: SharedDatabase, server_version: int
) -> None:
    if server_version < isolation.SESSIONS_SINCE:
        pytest.skip("PostgreSQL 14 tells too late")
    end_state = works(lasting, lambda connection: count(lasting))
    assert not end_state.clean
    assert end_state.warning.startswith(
        "test_does opened another connection to a database that is rolled back after each test, which was not "
        "replaced: "
    )
    assert works(lasting, adds) == EndState(clean=True)
    # Those of fixtures are their own business.
    count(lasting)
    assert works(lasting, adds, moved=True) == EndState(clean=True)


SMALLER = """
    other = psycopg2.connect(dsn)
    other.cursor().execute("ALTER SEQUENCE setups_id_seq MINVALUE 100 START 100 RESTART 100")
    other.commit()
    other.close()
    run(ADD)
"""


def test_a_database_that_cannot_be_set_back_is_replaced(own: SharedDatabase, lasting: SharedDatabase) -> None:
    end_state = does(own, SMALLER)
    assert not end_state.clean
    assert end_state.warning.startswith(
        "The shared database of test_does could not be set back after it, and was replaced: setval: value 8 is out of "
    )


def test_a_transaction_is_left_for_a_while_unless_it_has_written(lasting: SharedDatabase) -> None:
    connection = lasting.begin_wider("test_does", reason, moved=False, accept=False)
    connection.scalar(text("SELECT 1"))
    assert lasting.pause()
    connection.rollback()
    assert not lasting.pause(), "it was left before"
    # A fixture that is set up by the test.
    assert adds(connection) == 9
    connection.commit()
    lasting.resume()
    assert adds(connection) == 10
    assert not lasting.pause()
    connection.commit()
    assert lasting.end() == EndState(clean=True)
    assert count(lasting) == 9
    assert lasting.expected[name_of("setups")] == 9


FUNCTIONS = """
CREATE FUNCTION sign_in(who int) RETURNS text LANGUAGE sql AS $$ SELECT set_config('app.who', who::text, true) $$;
CREATE FUNCTION set_any(name text, value text) RETURNS text LANGUAGE sql AS $$ SELECT set_config(name, value, true) $$;
CREATE VIEW owned AS SELECT id FROM setups WHERE user_id::text = current_setting('app.owner', true);
"""


def test_settings_that_functions_make_end_at_a_commit(lasting: SharedDatabase) -> None:
    with lasting.engine.begin() as connection:
        connection.exec_driver_sql(FUNCTIONS)

    def body(connection: Connection) -> None:
        def settings() -> list[Any]:
            names = ("app.who", "app.owner")
            return [connection.scalar(text(f"SELECT current_setting('{name}', true)")) for name in names]

        assert settings() == [None, None]
        connection.exec_driver_sql("SELECT sign_in(7), set_any('app.owner', '1')")
        assert settings() == ["7", "1"]
        connection.commit()
        assert settings() == ["", ""]

    # Twice: the next test finds them undefined again.
    for _ in range(2):
        assert works(lasting, body, moved=True) == EndState(clean=True)


def test_a_transaction_of_the_tests_own_is_not_left(lasting: SharedDatabase) -> None:
    connection = lasting.begin_wider("test_does", reason, moved=False, accept=False)
    for statement in ("COMMIT", "BEGIN"):
        connection.execute(text(statement))
    assert not lasting.pause()
    assert not lasting.end().clean


CLOSES = "connection.connection.driver_connection.close()"


def test_a_server_that_accepts_no_other_connection_is_the_next_tests_business(
    own: SharedDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise psycopg2.OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as patched:
        patched.setattr(own, "_renewed", gone)
        assert does(own, CLOSES) == EndState(clean=False)
    is_as_at_first(own)


def test_an_error_of_another_kind_is_raised_at_the_end(
    own: SharedDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused() -> None:
        raise psycopg2.errors.InsufficientPrivilege("no")

    monkeypatch.setattr(own, "_renewed", refused)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        does(own, CLOSES)


def test_rollbacks_are_put_off_to_the_end_of_a_test(own: SharedDatabase) -> None:
    def body() -> None:
        connection = own.begin("test_does", asked(**COUNTS))
        adds(connection)
        connection.rollback()
        adds(connection)
        isolation.put_off_rollbacks(connection)
        connection.rollback()
        # A statement after it finds it done.
        assert connection.scalar(text("SELECT count(*) FROM setups")) == 8
        adds(connection)
        isolation.close(connection)
        assert own.end() == EndState(clean=True)

    inside(own, body)
    is_as_at_first(own)


def test_what_a_block_does_is_undone_and_what_is_before_it_stays(own: SharedDatabase) -> None:
    def body() -> None:
        connection = own.begin("test_does", asked(**COUNTS))
        assert adds(connection) == 9
        for _ in range(2):
            with own.block():
                # The number of a sequence is undone, too, and so is what was committed.
                assert adds(connection) == 10
                connection.commit()
                assert adds(connection) == 11
            assert connection.scalar(text("SELECT count(*) FROM setups")) == 9
        with pytest.raises(DBAPIError), own.block():
            connection.execute(text(f"WITH added AS ({ADD}) SELECT id / 0 FROM added"))
        assert connection.scalar(text("SELECT count(*) FROM setups")) == 9
        isolation.close(connection)
        assert own.end() == EndState(clean=True)

    inside(own, body)
    is_as_at_first(own)


def test_a_block_whose_connection_has_ended_is_not_called_undone(own: SharedDatabase) -> None:
    message = "test_does ended the transaction that was to be undone after a block, or its connection"

    def reconnect(connection: Connection) -> None:
        connection.invalidate()
        connection.rollback()
        adds(connection)

    def body() -> None:
        connection = own.begin("test_does", asked(**COUNTS))
        with pytest.raises(SeedError, match=message), own.block():
            reconnect(connection)
        isolation.close(connection)
        own.end()

    inside(own, body)
    with pytest.raises(SeedError, match="No test works on the database"), own.block():
        pass


def test_rollbacks_of_another_engine_are_not_put_off(camp: URL) -> None:
    with create_engine(camp, poolclass=NullPool).connect() as other:
        isolation.put_off_rollbacks(other)
        assert other.scalar(text("SELECT 1")) == 1


def test_the_message_tells_whether_a_test_had_worked_on_it(own: SharedDatabase) -> None:
    with closing(psycopg2.connect(dsn_of(own))) as other:
        other.cursor().execute("DELETE FROM countries")
        other.commit()
    with pytest.raises(CountError) as caught:
        inside(own, lambda: own.begin("test_does", asked(setups=8, users=5)))
    assert str(caught.value).startswith(
        "The shared database of seed(setups=8, users=5) has changed though no test worked on it:\n  table "
    )
    assert str(caught.value).endswith("seeded_url, which give it a database of its own.")
    assert not own.in_use


def test_an_error_of_another_kind_is_raised_when_a_session_is_closed() -> None:
    class Closing:
        def __init__(self, error: Exception) -> None:
            self.error = error

        def close(self) -> None:
            raise self.error

    isolation.close(Closing(psycopg2.OperationalError("server closed the connection unexpectedly")))
    with pytest.raises(psycopg2.errors.UndefinedTable):
        isolation.close(Closing(psycopg2.errors.UndefinedTable("no table")))
