"""What ends at a commit: on a connection that is rolled back the same as on one that is not, or a test is told."""

from __future__ import annotations

import json

import pytest

from test_fixtures import passes

SCHEMA = """
CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE notes (id int PRIMARY KEY, user_id int REFERENCES users INITIALLY DEFERRED);
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE FUNCTION sign_in(who int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN PERFORM set_config('app.user_id', who::text, true); END $$;
CREATE FUNCTION sign_in_sql(who int) RETURNS text LANGUAGE sql
    BEGIN ATOMIC; SELECT set_config('app.sql_id', coalesce(who, 0)::text, true); END;
CREATE FUNCTION set_any(name text, value text) RETURNS text LANGUAGE sql
    AS 'SELECT set_config(name, value, true)';
CREATE FUNCTION local_work() RETURNS void LANGUAGE plpgsql AS $$
BEGIN SET LOCAL work_mem = '7MB'; EXECUTE 'SET LOCAL search_path = pg_catalog'; SET LOCAL ROLE pg_read_all_data; END $$;
CREATE FUNCTION stamped() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM set_config('app.stamped', NEW.name, true); RETURN NEW; END $$;
CREATE TRIGGER stamped AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION stamped();
CREATE FUNCTION restricted() RETURNS text LANGUAGE sql SET app.inside = 'yes'
    AS $$ SELECT current_setting('app.inside', true) $$;
CREATE FUNCTION scratch() RETURNS void LANGUAGE plpgsql AS $$
BEGIN CREATE TEMP TABLE IF NOT EXISTS from_function (a int) ON COMMIT DROP;
INSERT INTO from_function VALUES (1); END $$;
CREATE FUNCTION opened() RETURNS refcursor LANGUAGE plpgsql AS $$
DECLARE c refcursor := 'from_function'; BEGIN OPEN c FOR SELECT 1; RETURN c; END $$;
CREATE FUNCTION either(value text, local boolean) RETURNS text LANGUAGE sql AS $$
SELECT set_config('app.either', value, local) $$;
CREATE TABLE secrets (id int PRIMARY KEY, owner int);
INSERT INTO secrets VALUES (1, 1), (2, 2);
ALTER TABLE secrets ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON secrets USING (owner::text = current_setting('app.owner', true));
GRANT SELECT ON secrets TO PUBLIC;
"""
EXISTS = "SELECT to_regclass('pg_temp.{}') IS NOT NULL"
ADVISORY = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
SETTING = "SELECT current_setting('{}', true)"
# What is done on one connection; what it returns, and the errors, are the same with real commits.
SAME = {
    "a setting of a function": [
        "SELECT sign_in(7)",
        SETTING.format("app.user_id"),
        "commit",
        SETTING.format("app.user_id"),
    ],
    "never made": [
        SETTING.format("app.user_id"),
        "commit",
        SETTING.format("app.user_id"),
        "SHOW app.user_id",
    ],
    "rolled back": [
        "SELECT sign_in(7)",
        "rollback",
        SETTING.format("app.user_id"),
        "commit",
        SETTING.format("app.user_id"),
    ],
    "of a function in SQL": ["SELECT sign_in_sql(7)", "commit", SETTING.format("app.sql_id")],
    "of a trigger": [
        "INSERT INTO users VALUES (9, 'nine')",
        SETTING.format("app.stamped"),
        "commit",
        SETTING.format("app.stamped"),
    ],
    "with a name that is an argument": [
        "SELECT set_any('app.owner', '1')",
        "commit",
        SETTING.format("app.owner"),
    ],
    "row-level security": [
        "SET ROLE pg_monitor",
        "SELECT set_any('app.owner', '1')",
        "SELECT id FROM secrets",
        "commit",
        "SELECT id FROM secrets",
    ],
    "of PostgreSQL and a role": [
        "SELECT local_work()",
        "SHOW work_mem",
        "commit",
        "SHOW work_mem",
        "SHOW search_path",
        "SELECT current_user = session_user",
    ],
    "of a DO block": [
        "DO $$ BEGIN PERFORM set_config('app.done', '1', true); END $$",
        "commit",
        SETTING.format("app.done"),
    ],
    "of a function with SET": [
        "SELECT restricted()",
        SETTING.format("app.inside"),
        "commit",
        SETTING.format("app.inside"),
    ],
    "of a function of the test": [
        "CREATE FUNCTION mine() RETURNS text LANGUAGE sql AS 'SELECT set_config(''app.mine'', ''1'', true)'",
        "commit",
        "SELECT mine()",
        SETTING.format("app.mine"),
        "commit",
        SETTING.format("app.mine"),
    ],
    "for the session": [
        "SET app.user_id = '1'",
        "commit",
        "SELECT sign_in(7)",
        "commit",
        SETTING.format("app.user_id"),
    ],
    "for the session, after": [
        "SELECT sign_in(7)",
        "SET app.user_id = '1'",
        "commit",
        SETTING.format("app.user_id"),
    ],
    "for the session, in between": [
        "SET LOCAL app.x = '1'",
        "commit",
        "SET app.x = '2'",
        "commit",
        "SET LOCAL app.x = '3'",
        "rollback",
        SETTING.format("app.x"),
        "commit",
        SETTING.format("app.x"),
    ],
    "for the session, rolled back": [
        "SET LOCAL app.x = '1'",
        "commit",
        "SET app.x = '2'",
        "rollback",
        "SELECT 1",
        "commit",
        SETTING.format("app.x"),
    ],
    "by set_config() for the session": [
        "SELECT sign_in(7)",
        "SELECT set_config('app.user_id', '3', false)",
        "commit",
        SETTING.format("app.user_id"),
    ],
    "reset": [
        "SET app.user_id = '1'",
        "commit",
        "RESET app.user_id",
        "commit",
        SETTING.format("app.user_id"),
    ],
    "UPDATE is no SET": ["SET LOCAL ROLE pg_monitor", "commit", "SELECT current_user = session_user"],
    "two in one statement": [
        "SELECT set_config('app.a', '1', false), set_config('app.b', '2', true)",
        "commit",
        SETTING.format("app.a"),
        SETTING.format("app.b"),
    ],
    "a table that a commit drops": [
        "CREATE TEMP TABLE scratch (a int) ON COMMIT DROP",
        EXISTS.format("scratch"),
        "commit",
        EXISTS.format("scratch"),
        "CREATE TEMPORARY TABLE scratch ON COMMIT DROP AS SELECT 1 AS a",
        "SELECT a FROM scratch",
        "commit",
        EXISTS.format("scratch"),
    ],
    "with a name in quotes": [
        'CREATE LOCAL TEMP TABLE "My ""T"" $$" (a int) ON COMMIT DROP',
        "commit",
        "SELECT count(*) FROM pg_class WHERE relname LIKE 'My%'",
    ],
    "of a function that makes a table": [
        "SELECT scratch()",
        EXISTS.format("from_function"),
        "commit",
        EXISTS.format("from_function"),
        "SELECT scratch()",
        "rollback",
        EXISTS.format("from_function"),
    ],
    "a table that a commit empties": [
        "CREATE TEMP TABLE scratch (a int) ON COMMIT DELETE ROWS",
        "INSERT INTO scratch VALUES (1)",
        "commit",
        "SELECT * FROM scratch",
        "INSERT INTO scratch VALUES (2)",
        "rollback",
        "SELECT * FROM scratch",
        "INSERT INTO scratch VALUES (3)",
        "commit",
        "SELECT * FROM scratch",
    ],
    "a table that a commit keeps": [
        "CREATE TEMP TABLE scratch ON COMMIT PRESERVE ROWS AS SELECT 1 AS a",
        "commit",
        "SELECT * FROM scratch",
    ],
    "a table that is rolled back": [
        "CREATE TEMP TABLE scratch (a int) ON COMMIT DROP",
        "rollback",
        "CREATE TABLE scratch (a int)",
        "commit",
        "SELECT * FROM scratch",
    ],
    "a cursor": ["DECLARE c CURSOR FOR SELECT generate_series(1, 3)", "FETCH c", "commit", "FETCH c"],
    "a cursor, rolled back": [
        "DECLARE c CURSOR FOR SELECT generate_series(1, 3)",
        "FETCH c",
        "rollback",
        "FETCH c",
    ],
    "a cursor with hold": [
        "DECLARE c CURSOR WITH HOLD FOR SELECT generate_series(1, 3)",
        "FETCH c",
        "commit",
        "FETCH c",
        "rollback",
        "FETCH c",
    ],
    "a cursor of a function": ["SELECT opened()", "FETCH from_function", "commit", "FETCH from_function"],
    "a cursor on a table that is altered": [
        "DECLARE c CURSOR FOR SELECT * FROM users",
        "FETCH c",
        "commit",
        "ALTER TABLE users ADD more int",
        "commit",
        "SELECT count(more) FROM users",
    ],
    "a transaction that may only read": [
        "CREATE TEMP TABLE scratch (a int) ON COMMIT DELETE ROWS",
        "INSERT INTO scratch VALUES (1)",
        "SET TRANSACTION READ ONLY",
        "commit",
        "SHOW transaction_read_only",
        "INSERT INTO users VALUES (9, 'nine')",
        "SELECT * FROM scratch",
    ],
    "a temporary table that is named by its schema": [
        "CREATE TABLE pg_temp.scratch (a int) ON COMMIT DROP",
        "commit",
        EXISTS.format("scratch"),
    ],
    "a temporary table with semicolons": [
        "CREATE TEMP TABLE scratch /* one; two */ (a text DEFAULT ';', -- it's; three\n b int) ON COMMIT DROP",
        "commit",
        EXISTS.format("scratch"),
    ],
    "a temporary table that only speaks of commits": [
        "CREATE TEMP TABLE scratch (a text DEFAULT 'on commit drop') -- on commit drop",
        "commit",
        EXISTS.format("scratch"),
    ],
    "a view on a temporary table": [
        "CREATE TEMP TABLE scratch (a int) ON COMMIT DROP",
        "CREATE VIEW pg_temp.seen AS SELECT * FROM scratch",
        "commit",
        EXISTS.format("scratch"),
        EXISTS.format("seen"),
    ],
    "temporary tables while acting in a role": [
        "CREATE TEMP TABLE scratch (a int) ON COMMIT DROP",
        "CREATE TEMP TABLE emptied (a int) ON COMMIT DELETE ROWS",
        "INSERT INTO emptied VALUES (1)",
        "GRANT SELECT ON emptied TO PUBLIC",
        "SET ROLE pg_read_all_settings",
        "commit",
        EXISTS.format("scratch"),
        "SELECT count(*), current_user FROM emptied",
        "RESET ROLE",
        "commit",
        "SELECT current_user = session_user",
        "SET SESSION AUTHORIZATION pg_read_all_settings",
        "commit",
        "SELECT count(*), session_user FROM emptied",
        "RESET SESSION AUTHORIZATION",
        "commit",
        "SELECT session_user = current_user, session_user = 'pg_read_all_settings'",
    ],
    "a body in quotes": [
        "DO 'BEGIN CREATE TEMP TABLE scratch (a text DEFAULT '';'') ON COMMIT DROP; END'",
        "commit",
        EXISTS.format("scratch"),
    ],
    "RESET ALL": [
        "SET app.x = 'session'",
        "commit",
        "SET LOCAL app.x = 'transaction'",
        "SET LOCAL ROLE pg_read_all_data",
        "RESET ALL",
        "commit",
        SETTING.format("app.x"),
        "SELECT current_user = session_user",
    ],
    "deferred constraints": ["INSERT INTO notes VALUES (1, 77)", "commit", "SELECT count(*) FROM notes"],
    "deferred constraints after a rollback": [
        "INSERT INTO users VALUES (9, 'nine')",
        "commit",
        "SELECT 1",
        "rollback",
        "INSERT INTO notes VALUES (1, 77)",
        "INSERT INTO users VALUES (77, 'x')",
        "commit",
        "SELECT count(*) FROM notes",
    ],
    "an enum that is new": [
        "CREATE TYPE colour AS ENUM ('red')",
        "commit",
        "SELECT 'red'::colour::text",
        "ALTER TYPE mood ADD VALUE 'angry'",
        "rollback",
        "commit",
    ],
    "a lock that a rollback releases": ["SELECT pg_advisory_xact_lock(7)", "rollback", ADVISORY, "commit"],
    "a lock of the session": ["SELECT pg_advisory_lock(7)", "commit", ADVISORY],
    "prepared statements": ["PREPARE p AS SELECT 1", "commit", "EXECUTE p"],
    "an error": ["SELECT sign_in(7)", "SELECT 1 / 0", "commit", SETTING.format("app.user_id")],
}
# What cannot be the same: what is done, what a savepoint leaves, and the part of the warning, where there is one.
DIFFERS = {
    "enum labels": (
        ["ALTER TYPE mood ADD VALUE 'angry'", "commit", "SELECT 'angry'::mood::text"],
        "the labels 'angry' were added to an enum, and cannot be used before the transaction ends (error 55P04)",
    ),
    "labels of an enum that is as new": (
        [
            "CREATE TYPE colour AS ENUM ('red', 'green')",
            "ALTER TYPE colour ADD VALUE 'blue'",
            "ALTER TYPE colour RENAME TO shade",
            "commit",
            "SELECT 'blue'::shade::text",
        ],
        "the labels 'blue' were added to an enum, and cannot be used before the transaction ends (error 55P04)",
    ),
    "labels of an enum that is new": (
        [
            "CREATE TYPE colour AS ENUM ('red')",
            "commit",
            "ALTER TYPE colour ADD VALUE 'blue'",
            "commit",
            "SELECT 'blue'::colour::text",
        ],
        "the labels 'blue' were added to an enum, and cannot be used before the transaction ends (error 55P04)",
    ),
    "locks of a transaction": (
        ["SELECT pg_advisory_xact_lock(7)", "commit", ADVISORY],
        "pg_advisory_xact_lock() was called, and its lock is held until the test ends",
    ),
    "notifications": (
        ["LISTEN news", "commit", "SELECT * FROM pg_listening_channels()"],
        "LISTEN was run, which begins when the transaction ends: notifications do not arrive",
    ),
    "settings that are made for either": (
        ["SELECT either('1', true)", "commit", SETTING.format("app.either")],
        "settings that functions make both for the transaction and for the session are kept (app.either)",
    ),
    "the time": (
        ["CREATE TEMP TABLE t AS SELECT now() AS at", "commit", "SELECT now() > at FROM t"],
        "",
    ),
    "the transaction's number": (
        [
            "CREATE TEMP TABLE t AS SELECT pg_current_xact_id() AS at",
            "commit",
            "SELECT pg_current_xact_id() <> at FROM t",
        ],
        "",
    ),
    "locks of tables": (
        [
            "LOCK TABLE users",
            "commit",
            "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND pid = pg_backend_pid()",
        ],
        "",
    ),
    "large objects": (
        [
            "SELECT lo_creat(-1) > 0",
            "SELECT lo_open(max(oid), 262144) FROM pg_largeobject_metadata",
            "commit",
            "SELECT lo_tell(0)",
        ],
        "",
    ),
    "statistics": (
        [
            "INSERT INTO users VALUES (9, 'nine')",
            "commit",
            "SELECT 1 FROM pg_stat_force_next_flush()",
            "commit",
            "SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'users'",
        ],
        "",
    ),
    "isolation levels": (
        ["commit", "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"],
        "",
    ),
    "CREATE DATABASE": (["commit", "autocommit", "CREATE DATABASE template0"], ""),
    "VACUUM": (["commit", "autocommit", "VACUUM users"], ""),
    "CREATE INDEX CONCURRENTLY": (["commit", "autocommit", "CREATE INDEX CONCURRENTLY ON users (name)"], ""),
}
TESTS = """
    import json
    import psycopg2
    import pytest

    CASES = json.loads({cases!r})
    found = {{}}

    def play(driver, steps):
        results = []
        for step in steps:
            try:
                if step in ("commit", "rollback"):
                    results.append(getattr(driver, step)())
                elif step == "autocommit":
                    driver.autocommit = True
                else:
                    cursor = driver.cursor()
                    cursor.execute(step)
                    results.append(cursor.fetchall() if cursor.description else None)
            except psycopg2.Error as error:
                results.append(error.pgcode or type(error).__name__)
                driver.rollback()
        return results

    @pytest.mark.seed(users=2)
    @pytest.mark.parametrize("name", CASES)
    def test_savepoint(name, seeded_connection):
        found[name] = play(seeded_connection.connection.driver_connection, CASES[name])

    @pytest.mark.seed(users=2)
    @pytest.mark.parametrize("name", CASES)
    def test_commit(name, seeded_db):
        driver = psycopg2.connect(seeded_db.dsn)
        try:
            real = play(driver, CASES[name])
        finally:
            driver.close()
        assert (found[name] == real) is {same}, (found[name], real)

    @pytest.mark.seed(users=2)
    @pytest.mark.parametrize(
        "name", ["app.user_id", "app.sql_id", "app.stamped", "app.owner", "app.done", "app.x", "app.either"]
    )
    def test_settings_are_as_at_first(name, seeded_session):
        driver = seeded_session.connection().connection.driver_connection
        assert play(driver, [f"SELECT current_setting('{{name}}', true)"]) == [[(None,)]]
"""


@pytest.fixture
def schema(project: pytest.Pytester) -> pytest.Pytester:
    project.path.joinpath("schema.sql").write_text(SCHEMA, encoding="utf-8")
    return project


def test_what_ends_at_a_commit_ends_at_a_savepoint(schema: pytest.Pytester) -> None:
    source = TESTS.format(cases=json.dumps(SAME), same=True)
    arguments = ("-W", "error::pytest_supaseed.SupaseedWarning")
    passes(schema, source, *arguments, passed=2 * len(SAME) + 7)


def test_what_cannot_end_at_a_savepoint_is_told(schema: pytest.Pytester) -> None:
    cases = {name: steps for name, (steps, _) in DIFFERS.items()}
    source = TESTS.format(cases=json.dumps(cases), same=False)
    told = {name: warning for name, (_, warning) in DIFFERS.items() if warning}
    result = passes(schema, source, passed=2 * len(DIFFERS) + 7, warnings=len(told))
    for name, warning in told.items():
        [line] = [
            line
            for line in result.outlines
            if f"test_savepoint[{name}] has committed, which is a savepoint" in line
        ]
        assert (
            f"differs from a real commit: {warning}. Ask for seeded_db, seeded_engine or seeded_url" in line
        )


DYNAMIC = """
CREATE TABLE users (id int PRIMARY KEY);
CREATE FUNCTION make(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN EXECUTE format('CREATE TEMP TABLE %I (a int) ON COMMIT DROP', name); END $$;
CREATE FUNCTION keep(name text, value text) RETURNS text LANGUAGE sql AS $$ SELECT set_config(name, value, false) $$;
CREATE FUNCTION sign_in() RETURNS text LANGUAGE sql AS $$ SELECT set_config('app.user', '1', true) $$;
"""


def test_functions_that_tell_no_names(project: pytest.Pytester) -> None:
    project.path.joinpath("schema.sql").write_text(DYNAMIC, encoding="utf-8")
    source = """
        from sqlalchemy import text

        def test_table(seeded_connection):
            seeded_connection.execute(text("SELECT make('scratch')"))
            seeded_connection.commit()

        def test_setting(seeded_connection):
            seeded_connection.execute(text("SELECT sign_in()"))
            seeded_connection.commit()
            assert seeded_connection.scalar(text("SELECT current_setting('app.user')")) == "1"

        def test_nothing(seeded_connection):
            assert seeded_connection.scalar(text("SELECT current_setting('app.user', true)")) is None
            seeded_connection.commit()
    """
    result = passes(project, source, passed=3, warnings=2)
    result.stdout.fnmatch_lines(
        [
            "*test_table has committed, *: temporary tables are left (scratch), and the function that makes them "
            "with ON COMMIT tells no name. Ask *",
            "*test_setting has committed, *: settings that functions make both for the transaction and for the session "
            "are kept (app.user). Ask *",
        ]
    )


def test_named_cursors_of_the_driver(schema: pytest.Pytester) -> None:
    source = """
        import psycopg2
        import pytest
        from psycopg2.extras import DictCursor
        from sqlalchemy import text

        pytestmark = pytest.mark.seed(users=3)

        @pytest.fixture(params=["savepoint", "commit"])
        def driver(request):
            if request.param == "savepoint":
                yield request.getfixturevalue("seeded_connection").connection.driver_connection
            else:
                connection = psycopg2.connect(request.getfixturevalue("seeded_dsn_of_database"))
                yield connection
                connection.close()

        @pytest.fixture
        def seeded_dsn_of_database(request):
            from pytest_supaseed import SeededDatabase
            return request.getfixturevalue("own").dsn

        from pytest_supaseed import seeded_database
        own = seeded_database(users=3)

        @pytest.fixture(autouse=True)
        def checked(own): ...

        @pytest.mark.parametrize("end", ["commit", "rollback"])
        @pytest.mark.parametrize("factory", [None, DictCursor])
        def test_ends(driver, end, factory):
            named = driver.cursor("mine", cursor_factory=factory)
            named.itersize = 1
            named.execute("SELECT id FROM users ORDER BY id")
            assert len(named.fetchone()) == 1 and len(named.fetchmany(1)) == 1
            getattr(driver, end)()
            for fetch in (named.fetchone, named.fetchmany, named.fetchall, lambda: next(named), named.close):
                with pytest.raises(psycopg2.ProgrammingError, match="named cursor isn't valid anymore"):
                    fetch()
            with driver.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM users")
                assert cursor.fetchone() == (3,)

        def test_with_hold(driver):
            with driver.cursor("mine", withhold=True) as named:
                named.execute("SELECT id FROM users ORDER BY id")
                assert named.fetchone()
                driver.commit()
                assert len(named.fetchall()) == 2

        def test_in_use(driver):
            with driver.cursor("mine") as named:
                named.itersize = 1
                named.execute("SELECT id FROM users ORDER BY id")
                assert len(list(named)) == 3

        def test_streamed(seeded_connection):
            options = {"stream_results": True, "max_row_buffer": 1}
            result = seeded_connection.execution_options(**options).execute(text("SELECT id FROM users"))
            assert result.fetchone()
            seeded_connection.commit()
            result.close()
            assert seeded_connection.scalar(text("SELECT count(*) FROM users")) == 3
    """
    passes(schema, source, "-W", "error::pytest_supaseed.SupaseedWarning", passed=13)


def test_the_first_constraint_that_waits_is_made_by_the_test(project: pytest.Pytester) -> None:
    project.path.joinpath("schema.sql").write_text("CREATE TABLE t (id int PRIMARY KEY, parent int);")
    source = """
        import psycopg2
        import pytest
        from sqlalchemy import text

        MAKE = text("ALTER TABLE t ADD FOREIGN KEY (parent) REFERENCES t DEFERRABLE INITIALLY DEFERRED")
        WRONG = text("INSERT INTO t VALUES (1, 7)")

        @pytest.mark.parametrize("alone", [True, False])
        def test_it_is_checked_at_commits(seeded_connection, alone):
            seeded_connection.execute(MAKE)
            if alone:
                seeded_connection.commit()
            seeded_connection.execute(WRONG)
            with pytest.raises(Exception, match="violates foreign key constraint"):
                seeded_connection.commit()

        def test_it_waits_again(seeded_connection):
            seeded_connection.execute(MAKE)
            seeded_connection.commit()
            seeded_connection.execute(WRONG)
            seeded_connection.execute(text("INSERT INTO t VALUES (7, 1)"))
            seeded_connection.commit()

        def test_it_is_not_there(seeded_connection):
            seeded_connection.execute(WRONG)
            seeded_connection.commit()
    """
    passes(project, source, passed=4)


def test_what_a_transaction_that_has_begun_keeps(schema: pytest.Pytester) -> None:
    source = """
        import psycopg2
        import pytest
        from sqlalchemy import text

        REFUSED = {
            "isolation_level": lambda driver: setattr(driver, "isolation_level", "SERIALIZABLE"),
            "readonly": lambda driver: setattr(driver, "readonly", True),
            "deferrable": lambda driver: setattr(driver, "deferrable", True),
            "isolation level": lambda driver: driver.set_session("SERIALIZABLE"),
            "may write": lambda driver: driver.set_session(readonly=True),
            "AUTOCOMMIT": lambda driver: driver.set_session(autocommit=True),
            "two-phase": lambda driver: driver.tpc_begin("x"),
        }

        @pytest.mark.parametrize("name", REFUSED)
        def test_refused(seeded_connection, name):
            driver = seeded_connection.connection.driver_connection
            with pytest.raises(psycopg2.ProgrammingError, match="seeded_engine or seeded_url") as caught:
                REFUSED[name](driver)
            assert "is rolled back after the test, so it" in str(caught.value)

        def test_of_engines(seeded_connection):
            with pytest.raises(Exception, match="stays one that may write"):
                seeded_connection.execution_options(postgresql_readonly=True)

        def test_reset(seeded_connection):
            driver = seeded_connection.connection.driver_connection
            seeded_connection.execute(text("INSERT INTO users VALUES (9, 'nine')"))
            seeded_connection.execute(text("SET app.x = '1'"))
            seeded_connection.commit()
            seeded_connection.execute(text("INSERT INTO users VALUES (10, 'ten')"))
            seeded_connection.execute(text("SET SESSION AUTHORIZATION pg_read_all_settings"))
            driver.reset()
            read = text("SELECT count(*), current_setting('app.x'), session_user = current_user FROM users")
            assert seeded_connection.execute(read).all() == [(1, "", True)]
            driver.rollback()
            assert seeded_connection.execute(read).all() == [(1, "", True)]

        @pytest.mark.seed(users=2)
        def test_it_may_be_read_and_set_elsewhere(seeded_db):
            with seeded_db.engine.connect() as connection:
                connection.execution_options(postgresql_readonly=True)
                assert connection.connection.driver_connection.readonly is True
    """
    passes(schema, source, "-W", "error::pytest_supaseed.SupaseedWarning", passed=10)
