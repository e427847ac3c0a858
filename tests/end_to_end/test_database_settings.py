"""Settings and privileges of the database: in every copy, while seeding, and nowhere else after it."""

from __future__ import annotations

import psycopg2
import pytest
from sqlalchemy import URL

from pytest_supaseed.postgres.databases.maintenance import libpq_url
from test_fixtures import passes

# Roles belong to the server.
SCHEMA = """
CREATE SCHEMA app;
CREATE FUNCTION app.tenant() RETURNS text STABLE LANGUAGE sql AS $$ SELECT current_setting('app.tenant') $$;
CREATE TABLE app.items (
    id serial PRIMARY KEY,
    tenant text NOT NULL DEFAULT app.tenant(),
    owner uuid NOT NULL DEFAULT nullif(current_setting('app.owner', true), '')::uuid,
    level int NOT NULL DEFAULT current_setting('app.level')::int CHECK (level < 100),
    region text DEFAULT current_setting('app.region', true),
    local_hour int NOT NULL DEFAULT 0 CHECK (local_hour >= 0)
);
CREATE TABLE app.seen AS SELECT 'in the load' AS what, current_setting('app.level', true) AS level;
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'reader_settings') THEN CREATE ROLE reader_settings; END IF;
    EXECUTE format('ALTER DATABASE %I SET app.tenant = %L', current_database(), 'seven');
    EXECUTE 'ALTER DATABASE postgres SET app.owner = ''6f9619ff-8b86-4d01-b42d-00cf4fc964ff''';
    EXECUTE 'GRANT CREATE ON DATABASE postgres TO reader_settings';
END $$;
ALTER DATABASE shop SET search_path TO app, public;
ALTER DATABASE "Shop" SET timezone = 'Asia/Tokyo';
REVOKE TEMPORARY ON DATABASE shop FROM PUBLIC;
ALTER ROLE reader_settings IN DATABASE shop SET app.tenant = 'of the role';
SET app.last = 'x y';
"""
INI = """
[pytest]
supaseed_schema = schema.sql
addopts = --strict-markers -W default
supaseed_settings =
    app.level = 5
    statement_timeout = '30s'
"""
BEGIN = """
    import pytest
    from sqlalchemy import text

    pytestmark = pytest.mark.seed({"app.items": 3})
    SETTINGS = {
        "search_path": "app, public", "timezone": "Asia/Tokyo", "app.tenant": "seven", "app.level": "5",
        "app.last": "x y",
        "app.owner": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "statement_timeout": "30s",
    }
    READ = [f"SELECT current_setting('{name}', true)" for name in SETTINGS]
    ROWS = "SELECT DISTINCT tenant, owner::text, level FROM items"
    PRIVILEGES = (
        "SELECT has_database_privilege('reader_settings', current_database(), 'CREATE'), "
        "has_database_privilege('reader_settings', current_database(), 'TEMP'), "
        "has_database_privilege('reader_settings', 'postgres', 'CREATE')"
    )
    ELSEWHERE = (
        "SELECT count(*) FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase WHERE datname = 'postgres'"
    )
    LOAD = "SELECT level FROM seen"

    def check(ask, **changed):
        expected = {**SETTINGS, **{name.replace("__", "."): value for name, value in changed.items()}}
        assert dict(zip(SETTINGS, (ask(query)[0][0] for query in READ))) == expected
        assert [tuple(row) for row in ask(ROWS)] == [
            (expected["app.tenant"], expected["app.owner"], int(expected["app.level"]))
        ]
        assert tuple(ask(PRIVILEGES)[0]) == (True, False, False)
        assert ask(ELSEWHERE)[0][0] == 0
        assert ask(LOAD)[0][0] == "5"

    def asking(connection):
        return lambda query: connection.execute(text(query)).all()
"""
TESTS = """
    def test_shared(seeded_connection):
        check(asking(seeded_connection))
        seeded_connection.execute(text("SET app.tenant = 'other'"))
        seeded_connection.commit()

    def test_session(seeded_session):
        check(asking(seeded_session))

    @pytest.mark.parametrize("turn", range(3))
    def test_own(seeded_engine, seeded_db, turn):
        with seeded_engine.connect() as connection:
            check(asking(connection))
        with seeded_db.rolled_back(), seeded_engine.connect() as connection:
            check(asking(connection))

    def test_psycopg(seeded_psycopg):
        check(lambda query: seeded_psycopg.execute(query).fetchall())

    def test_dsn(seeded_dsn):
        import psycopg2
        connection = psycopg2.connect(seeded_dsn)
        with connection.cursor() as cursor:
            def ask(query):
                cursor.execute(query)
                return cursor.fetchall()
            check(ask)
        connection.close()

    @pytest.mark.seed_options(settings={"app.tenant": "eight", "app.level": 6, "TimeZone": "UTC"})
    class TestMarker:
        def test_shared(self, seeded_connection):
            check(asking(seeded_connection), app__tenant="eight", app__level="6", timezone="UTC")

        @pytest.mark.seed_options(settings={"APP.Tenant": True})
        def test_nearer(self, seeded_engine):
            with seeded_engine.connect() as connection:
                check(asking(connection), app__tenant="on", app__level="6", timezone="UTC")

    @pytest.mark.seed_options(settings={"app.region": "north"})
    def test_a_nullable_column(seeded_connection):
        assert asking(seeded_connection)("SELECT DISTINCT region FROM items") == [("north",)]

    def test_reset(seeded_connection):
        seeded_connection.execute(text("RESET ALL"))
        check(asking(seeded_connection))
"""


@pytest.fixture
def tenants(project: pytest.Pytester, server_url: URL) -> pytest.Pytester:
    project.path.joinpath("schema.sql").write_text(SCHEMA, encoding="utf-8")
    project.makeini(INI)
    return project


def test_settings_and_privileges_hold_in_every_copy(tenants: pytest.Pytester, server_url: URL) -> None:
    passes(tenants, BEGIN + TESTS, passed=11)
    connection = psycopg2.connect(libpq_url(server_url))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_db_role_setting WHERE setdatabase <> 0")
        assert cursor.fetchall() == [(0,)]
        cursor.execute("DROP ROLE IF EXISTS reader_settings")
    connection.commit()
    connection.close()


def test_async_fixtures_and_databases_of_fixtures_have_them(project: pytest.Pytester) -> None:
    project.path.joinpath("schema.sql").write_text(
        "CREATE TABLE items (id serial PRIMARY KEY, tenant text NOT NULL DEFAULT current_setting('app.tenant'));"
        "CREATE TABLE settings (id serial PRIMARY KEY);"
        "ALTER DATABASE any SET app.tenant = 'seven'",
        encoding="utf-8",
    )
    passes(
        project,
        """
        import pytest
        from pytest_supaseed import seed_options, seeded_database
        from sqlalchemy import text

        eight = seeded_database(items=3, settings={"app.tenant": "eight"})
        nine = seeded_database(items=2, settings={"app.tenant": "nine"}, scope="module", rolled_back=True)
        table = seeded_database(items=2, settings=4)
        TENANTS = text("SELECT DISTINCT tenant, current_setting('app.tenant') FROM items")

        @pytest.mark.seed(items=4)
        @pytest.mark.parametrize(
            "tenant", ["seven", pytest.param("six", marks=seed_options(settings={"app.tenant": "six"}))]
        )
        async def test_async(seeded_async_session, tenant):
            assert (await seeded_async_session.execute(TENANTS)).all() == [(tenant, tenant)]

        @pytest.mark.parametrize("turn", range(2))
        def test_fixtures(eight, nine, table, turn):
            with eight.engine.begin() as connection:
                assert connection.execute(TENANTS).all() == [("eight", "eight")]
            with nine.engine.begin() as connection:
                assert connection.execute(TENANTS).all() == [("nine", "nine")]
            assert table.counts() == {"items": 2, "settings": 4}

        @seed_options(settings={"app.tenant": "ten"})
        def test_without_rows(seeded_connection):
            assert seeded_connection.scalar(text("SELECT current_setting('app.tenant')")) == "ten"

        @pytest.mark.seed(items=2, settings=3)
        def test_a_table_of_that_name(seeded_db):
            assert seeded_db.counts() == {"items": 2, "settings": 3}
        """,
        "-p",
        "asyncio",
        "-o",
        "asyncio_mode=auto",
        "-o",
        "asyncio_default_fixture_loop_scope=function",
        passed=6,
    )


def test_kept_databases_have_them(tenants: pytest.Pytester, server_url: URL) -> None:
    tenants.makepyfile(BEGIN + "    def test_fails(seeded_db): assert False")
    result = tenants.runpytest_inprocess("--supaseed-keep", "--supaseed-keep-minutes=1")
    assert any("psql" in line for line in result.outlines)
    connection = psycopg2.connect(libpq_url(server_url.set(database="supaseed_kept_test_fails")))
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tenant, current_setting('app.tenant') FROM items")
        assert cursor.fetchall() == [("seven", "seven")]
    connection.close()
    assert tenants.runpytest_inprocess("--supaseed-drop").ret == 0


def test_foreign_keys_whose_default_is_a_setting(project: pytest.Pytester) -> None:
    project.path.joinpath("schema.sql").write_text(
        """
        CREATE TABLE tenants (id uuid PRIMARY KEY, name text NOT NULL);
        INSERT INTO tenants VALUES ('6f9619ff-8b86-4d01-b42d-00cf4fc964ff', 'acme'),
            ('7f9619ff-8b86-4d01-b42d-00cf4fc964ff', 'globex');
        CREATE TABLE orgs (id serial PRIMARY KEY);
        INSERT INTO orgs VALUES (1), (2);
        CREATE FUNCTION tenant() RETURNS uuid STABLE LANGUAGE sql AS $$ SELECT current_setting('app.tenant')::uuid $$;
        CREATE TABLE items (
            id serial PRIMARY KEY,
            tenant_id uuid NOT NULL DEFAULT tenant() REFERENCES tenants,
            org_id int NOT NULL DEFAULT current_setting('app.org')::int REFERENCES orgs
        );
        CREATE TABLE wrong (id serial, org_id int DEFAULT current_setting('app.tenant')::int REFERENCES orgs);
        ALTER DATABASE any SET app.tenant = '7f9619ff-8b86-4d01-b42d-00cf4fc964ff';
        ALTER DATABASE any SET app.org = 2;
        """,
        encoding="utf-8",
    )
    passes(
        project,
        """
        import pytest
        from pytest_supaseed import Rows
        from sqlalchemy import text

        QUERY = text(
            "SELECT name, org_id, count(*) FROM items JOIN tenants t ON t.id = tenant_id GROUP BY 1, 2 ORDER BY 1, 2"
        )

        @pytest.mark.seed(items=6)
        def test_rows_of_the_load(seeded_session):
            assert seeded_session.execute(QUERY).all() == [("globex", 2, 6)]

        @pytest.mark.seed(items=6, tenants=4)
        def test_beside_others(seeded_session):
            assert seeded_session.execute(QUERY).all() == [("globex", 2, 6)]

        @pytest.mark.seed(items=Rows(per={"orgs": 2}))
        def test_per(seeded_session):
            assert [row[1:] for row in seeded_session.execute(QUERY)] == [(1, 1), (2, 1), (1, 1), (2, 1)]

        @pytest.mark.seed(items=Rows(4, columns={"org_id": 1}))
        def test_given(seeded_session):
            assert seeded_session.execute(QUERY).all() == [("globex", 1, 4)]

        @pytest.mark.seed(wrong=4)
        def test_a_default_that_fails(seeded_session): ...
        """,
        passed=5,
    )


MISTAKES = {
    "a setting that does not exist": (
        "settings={'time_zone': 'UTC'}",
        "*The setting time_zone = 'UTC' of the tests' databases: unrecognized configuration parameter \"time_zone\": "
        "correct it (did you mean 'TimeZone' or 'log_timezone'?)*",
    ),
    "a bad value": (
        "settings={'TimeZone': 'Europe/Berln'}",
        '*invalid value for parameter "TimeZone": "Europe/Berln": correct the value.*',
    ),
}


@pytest.mark.parametrize(("options", "message"), MISTAKES.values(), ids=MISTAKES)
def test_what_only_the_server_knows(project: pytest.Pytester, options: str, message: str) -> None:
    project.makepyfile(
        f"""
        import pytest

        @pytest.mark.seed(users=1)
        @pytest.mark.seed_options({options})
        def test_bad(seeded_db): ...

        @pytest.mark.seed(users=1)
        def test_good(seeded_db): ...
        """
    )
    result = project.runpytest_inprocess()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines([message.replace("[", "[[]")])


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        (
            "time_zone = UTC",
            "*The setting time_zone = 'UTC' of the tests' databases: unrecognized configuration parameter "
            "\"time_zone\": correct it (did you mean 'TimeZone' or 'log_timezone'?)*",
        ),
        (
            "work_mem = 4 kg",
            '*\'4 kg\' of the tests\' databases: invalid value for parameter "work_mem": "4 kg" (Valid units for this '
            "parameter are *): correct the value.",
        ),
    ],
)
def test_what_only_the_server_knows_of_the_ini(project: pytest.Pytester, setting: str, message: str) -> None:
    project.makeini(
        f"[pytest]\nsupaseed_schema = schema.sql\nsupaseed_settings =\n  app.tenant = 7\n  {setting}"
    )
    project.makepyfile("def test_it(seeded_db): ...\ndef test_without(): ...")
    result = project.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])
    result.assert_outcomes()
    # Tests that need no server run.
    project.runpytest_inprocess("-k", "without").assert_outcomes(passed=1, deselected=1)


def test_what_is_wrong_in_the_ini(project: pytest.Pytester) -> None:
    project.makeini(
        "[pytest]\nsupaseed_schema = schema.sql\nsupaseed_settings =\n  app.tenant 7\n  role = app\n"
        "  app.a = 1\n  App.A = 2"
    )
    project.makepyfile("def test_it(seeded_db): ...")
    result = project.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            "*supaseed_settings has 'app.tenant 7': write a setting and its value in each line, as in app.tenant = 7",
            "supaseed_settings has 'role = app': it cannot be set for a whole database: let the test run SET ROLE, *",
            "supaseed_settings has App.A twice: write it once",
        ]
    )
