"""The connection of a test: its commits are savepoints in a transaction that is undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import psycopg2
import pytest
from psycopg2 import sql
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from psycopg2.extensions import connection as psycopg2_connection
from psycopg2.extensions import cursor as psycopg2_cursor
from psycopg2.extras import DictCursor
from sqlalchemy import URL

from pytest_supaseed.postgres.databases.maintenance import libpq_url
from pytest_supaseed.postgres.databases.testconnection import Effects, TestConnection, TestCursor, effects_of

SCHEMA = """
CREATE TABLE t (a int);
CREATE TABLE pairs (id int PRIMARY KEY);
CREATE TABLE children (parent int REFERENCES pairs DEFERRABLE INITIALLY DEFERRED);
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE FUNCTION sign_in(who int) RETURNS text LANGUAGE sql AS $$ SELECT set_config('app.who', who::text, true) $$;
"""
ADD = "INSERT INTO t VALUES (1)"
COUNT = "SELECT count(*) FROM t"
# What the functions of the schema do, and what their setting is outside of a transaction.
SIGN_IN = Effects(local=frozenset(["app.who"]))


@pytest.fixture(scope="module")
def dsn(create_database: Callable[[], URL]) -> str:
    """A database of this module, in which nothing stays."""
    dsn = libpq_url(create_database())
    with closing(psycopg2.connect(dsn)) as connection:
        connection.cursor().execute(SCHEMA)
        connection.commit()
    return dsn


@pytest.fixture
def driver(dsn: str) -> Iterator[TestConnection]:
    """The connection of a test that has begun."""
    with closing(psycopg2.connect(dsn, connection_factory=TestConnection)) as connection:
        connection.expect(SIGN_IN, {"app.who": None})
        connection.may_defer = True
        connection.enter("SELECT 1")
        yield connection


def run(driver: psycopg2_connection, *statements: Any) -> Any:
    """The rows of the last statement."""
    with driver.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall() if cursor.description else None


def one(driver: psycopg2_connection, statement: Any) -> Any:
    [[value]] = run(driver, statement)
    return value


def setting(driver: psycopg2_connection, name: str) -> str | None:
    return one(driver, f"SELECT current_setting('{name}', true)")  # type: ignore[no-any-return]


def test_it_begins_and_is_undone(dsn: str) -> None:
    with closing(psycopg2.connect(dsn, connection_factory=TestConnection)) as driver:
        assert (driver.undone, driver.left, driver.spoilt, driver.lazy) == (True, False, False, False)
        assert driver.enter("SELECT 1, 2") == (1, 2)
        assert (driver.undone, driver.left, driver.transactions) == (False, False, 0)
        run(driver, ADD)
        driver.commit()
        assert driver.undo("SELECT count(*), 7 FROM t") == (0, 7)
        assert (driver.undone, driver.left, driver.spoilt) == (True, False, False)
        # Once more, without a query.
        assert driver.enter("SELECT 3") == (3,)
        assert not driver.undone
        run(driver, ADD)
        assert driver.undo() == ()
        assert one(driver, COUNT) == 0


def test_commits_and_rollbacks_are_counted(driver: TestConnection) -> None:
    run(driver, ADD)
    assert driver.transactions == 0
    driver.commit()
    assert driver.transactions == 1
    run(driver, ADD)
    driver.rollback()
    assert (driver.transactions, one(driver, COUNT)) == (2, 1)
    driver.undo()
    assert driver.transactions == 3


def test_a_commit_of_a_failed_transaction_is_a_rollback(driver: TestConnection) -> None:
    run(driver, ADD)
    driver.commit()
    run(driver, ADD)
    with pytest.raises(psycopg2.errors.DivisionByZero):
        run(driver, "SELECT 1 / 0")
    driver.commit()
    assert one(driver, COUNT) == 1


def test_a_commit_that_fails_rolls_back_to_the_last_one(driver: TestConnection) -> None:
    run(driver, ADD)
    driver.commit()
    run(driver, ADD, "INSERT INTO children VALUES (7)")
    with pytest.raises(psycopg2.errors.ForeignKeyViolation):
        driver.commit()
    assert one(driver, COUNT) == 1
    # The constraint waits again.
    run(driver, "INSERT INTO children VALUES (7)", "INSERT INTO pairs VALUES (7)")
    driver.commit()
    run(driver, "INSERT INTO children VALUES (8)", "INSERT INTO pairs VALUES (8)")
    driver.commit()
    assert one(driver, "SELECT count(*) FROM children") == 2


def test_constraints_are_checked_where_some_may_wait(driver: TestConnection) -> None:
    driver.may_defer = False
    run(driver, "INSERT INTO children VALUES (7)")
    driver.commit()
    driver.undo()
    driver.enter("SELECT 1")
    # The test itself makes one.
    run(driver, "ALTER TABLE t ADD UNIQUE (a) DEFERRABLE INITIALLY DEFERRED", ADD, ADD)
    with pytest.raises(psycopg2.errors.UniqueViolation):
        driver.commit()


@pytest.mark.parametrize("lazy", [False, True])
def test_a_rollback_may_wait_for_the_next_statement(driver: TestConnection, lazy: bool) -> None:
    driver.lazy = lazy
    cursor = driver.cursor()
    cursor.execute(ADD)
    driver.rollback()
    # Another cursor than one that is opened now, which would catch up.
    with driver.cursor(cursor_factory=psycopg2_cursor) as plain:
        plain.execute(COUNT)
        assert plain.fetchone() == (0,)
    cursor.execute(ADD)
    driver.rollback()
    cursor.execute(COUNT)
    assert cursor.fetchone() == (0,)
    cursor.execute(ADD)
    driver.rollback()
    driver.commit()
    cursor.execute(COUNT)
    assert cursor.fetchone() == (0,)
    run(driver, ADD)
    driver.rollback()
    assert driver.undo(COUNT) == (0,)
    driver.enter("SELECT 1")
    assert not driver.lazy


def test_a_rollback_that_waits_is_not_done_before(driver: TestConnection) -> None:
    driver.lazy = True
    run(driver, ADD)
    driver.rollback()
    assert driver.transactions == 1
    # The driver's own cursor class, which tells nothing to the connection.
    with psycopg2_connection.cursor(driver, cursor_factory=psycopg2_cursor) as plain:
        plain.execute(COUNT)
        assert plain.fetchone() == (1,)
    driver.catch_up()
    assert one(driver, COUNT) == 0


@pytest.mark.parametrize("end", ["COMMIT", "ROLLBACK"])
@pytest.mark.parametrize("then", ["commit", "rollback", "undo", "close"])
def test_a_test_that_ends_the_transaction_itself_is_noticed(
    driver: TestConnection, end: str, then: str
) -> None:
    run(driver, end)
    assert not driver.left
    assert getattr(driver, then)() is None
    assert driver.left
    if then in ("commit", "rollback"):
        # It goes on in a transaction of its own.
        run(driver, "CREATE TEMP TABLE scratch ()")
        driver.rollback()
        assert one(driver, "SELECT to_regclass('pg_temp.scratch')") is None
        assert driver.undo("SELECT 1") is None
    assert not driver.undone
    if then != "close":
        # An ordinary connection again.
        assert driver.get_transaction_status() == TRANSACTION_STATUS_IDLE
        run(driver, "CREATE TEMP TABLE scratch ()")
        driver.rollback()
        assert one(driver, "SELECT to_regclass('pg_temp.scratch')") is None


def test_afterwards_it_is_an_ordinary_connection(driver: TestConnection) -> None:
    driver.undo()
    run(driver, "CREATE TEMP TABLE scratch (a int)")
    driver.commit()
    assert driver.transactions == 1
    run(driver, "INSERT INTO scratch VALUES (1)")
    driver.rollback()
    assert one(driver, "SELECT count(*) FROM scratch") == 0
    driver.rollback()
    assert driver.ask("SELECT count(*), 2 FROM scratch") == (0, 2)
    assert driver.get_transaction_status() == TRANSACTION_STATUS_IDLE
    driver.autocommit = True
    assert driver.autocommit
    driver.autocommit = False
    driver.set_isolation_level(3)
    assert driver.isolation_level == 3
    driver.set_session(readonly=True, deferrable=True)
    assert (driver.readonly, driver.deferrable) == (True, True)
    driver.readonly = driver.deferrable = None
    driver.isolation_level = None
    run(driver, "SET app.x = '1'")
    driver.reset()
    assert setting(driver, "app.x") in (None, "")


def test_an_error_while_it_is_undone_is_raised_and_the_connection_can_be_used(driver: TestConnection) -> None:
    run(driver, ADD)
    with pytest.raises(psycopg2.errors.DivisionByZero):
        driver.undo("SELECT 1 / 0")
    assert driver.get_transaction_status() == TRANSACTION_STATUS_IDLE
    assert not driver.undone
    run(driver, ADD)
    driver.rollback()
    assert one(driver, COUNT) == 0


def test_to_close_it_undoes_it(driver: TestConnection) -> None:
    driver.close()
    assert driver.closed
    assert (driver.undone, driver.left, driver.transactions) == (True, False, 1)
    driver.close()


def test_to_close_an_ordinary_connection_undoes_nothing(driver: TestConnection) -> None:
    driver.undo()
    driver.close()
    assert driver.closed
    assert (driver.undone, driver.left, driver.transactions) == (True, False, 1)


def test_one_that_has_ended_can_be_closed(driver: TestConnection, dsn: str) -> None:
    process = driver.info.backend_pid
    with closing(psycopg2.connect(dsn)) as other:
        assert one(other, f"SELECT pg_terminate_backend({process}, 10000)")
    driver.close()
    assert driver.closed
    assert not driver.undone


REFUSED: dict[str, tuple[Callable[[TestConnection], object], str]] = {
    "isolation_level": (lambda driver: setattr(driver, "isolation_level", 3), "keeps its isolation level"),
    "readonly": (
        lambda driver: setattr(driver, "readonly", True),
        "stays one that may write (SET TRANSACTION",
    ),
    "deferrable": (lambda driver: setattr(driver, "deferrable", True), "is not deferrable"),
    "autocommit": (lambda driver: setattr(driver, "autocommit", True), "has no AUTOCOMMIT"),
    "level 0": (lambda driver: driver.set_isolation_level(0), "has no AUTOCOMMIT"),
    "level 3": (lambda driver: driver.set_isolation_level(3), "keeps its isolation level"),
    "session level": (lambda driver: driver.set_session("SERIALIZABLE"), "keeps its isolation level"),
    "session readonly": (lambda driver: driver.set_session(None, True), "stays one that may write"),
    "session deferrable": (lambda driver: driver.set_session(deferrable=False), "is not deferrable"),
    "session autocommit": (lambda driver: driver.set_session(autocommit=True), "has no AUTOCOMMIT"),
    "two-phase": (lambda driver: driver.tpc_begin("x"), "has no two-phase commits"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_set_in_a_transaction_that_has_begun(driver: TestConnection, name: str) -> None:
    what, message = REFUSED[name]
    with pytest.raises(psycopg2.ProgrammingError) as caught:
        what(driver)
    assert str(caught.value).startswith(
        "this connection works inside a transaction that is rolled back after the test, so it " + message
    )
    assert str(caught.value).endswith(
        ": let the test ask for seeded_engine or seeded_url, which have a database of their own"
    )
    assert (driver.autocommit, driver.isolation_level) == (False, None)
    assert (driver.readonly, driver.deferrable) == (None, None)


def test_a_reset_rolls_back_and_resets_the_settings(driver: TestConnection) -> None:
    run(driver, ADD)
    driver.commit()
    run(driver, ADD, "SET work_mem = '7MB'", "SET SESSION AUTHORIZATION pg_read_all_settings")
    driver.commit()
    run(driver, "RESET SESSION AUTHORIZATION", ADD)
    driver.reset()
    assert (one(driver, COUNT), one(driver, "SELECT session_user = current_user")) == (2, True)
    assert setting(driver, "work_mem") != "7MB"
    # It has committed.
    driver.rollback()
    assert setting(driver, "work_mem") != "7MB"


TEXT = "SELECT set_config(%s, %s, true)"
EXECUTED: dict[str, Callable[[Any], object]] = {
    "values": lambda cursor: cursor.execute(TEXT, ["app.a", "7"]),
    "a mapping": lambda cursor: cursor.execute("SELECT set_config(%(n)s, '7', true)", {"n": "app.a"}),
    "bytes": lambda cursor: cursor.execute(b"SELECT set_config('app.a', '7', true)"),
    "bytes and values": lambda cursor: cursor.execute(TEXT.encode(), ["app.a", "7"]),
    "composed": lambda cursor: cursor.execute(
        sql.SQL("SELECT set_config({}, {}, true)").format(sql.Literal("app.a"), sql.Placeholder()), ["7"]
    ),
    "many": lambda cursor: cursor.executemany(TEXT, iter([("app.b", "7"), ("app.a", "7")])),
    "many of the same": lambda cursor: cursor.executemany("SET LOCAL app.a = %s", [("6",), ("7",)]),
    "many, composed": lambda cursor: cursor.executemany(sql.SQL(TEXT), [("app.b", "7"), ("app.a", "7")]),
    "a call": lambda cursor: cursor.callproc("set_config", ["app.a", "7", True]),
}


@pytest.mark.parametrize("how", EXECUTED)
def test_a_setting_for_the_transaction_ends_at_a_commit(driver: TestConnection, how: str) -> None:
    with driver.cursor() as cursor:
        EXECUTED[how](cursor)
    assert setting(driver, "app.a") == "7"
    driver.commit()
    assert setting(driver, "app.a") == ""
    assert not driver.differences
    # There was none before, and no rollback takes it away.
    driver.undo()
    assert driver.spoilt


def test_what_a_function_that_the_driver_calls_sets_ends_at_a_commit(driver: TestConnection) -> None:
    with driver.cursor() as cursor:
        cursor.callproc("sign_in", {"who": 7})
        assert cursor.fetchone() == ("7",)
    assert setting(driver, "app.who") == "7"
    driver.commit()
    assert setting(driver, "app.who") == ""


def test_a_setting_that_was_there_is_set_back(driver: TestConnection) -> None:
    before = setting(driver, "work_mem")
    for end in (driver.commit, driver.rollback):
        run(driver, "SET LOCAL work_mem = '7MB'")
        # A second one: what the first has made is not what was there before.
        run(driver, "SET LOCAL work_mem = '8MB'")
        end()
        assert setting(driver, "work_mem") == before
    run(driver, "SET work_mem = '9MB'")
    driver.commit()
    run(driver, "SET LOCAL work_mem = '7MB'")
    driver.commit()
    assert setting(driver, "work_mem") == "9MB"
    driver.undo()
    assert not driver.spoilt
    driver.enter("SELECT 1")
    assert setting(driver, "work_mem") == before


LASTING: dict[str, Callable[[Any], object]] = {
    "a statement": lambda cursor: cursor.execute("SELECT set_config('work_mem', '9MB', false)"),
    "many": lambda cursor: cursor.executemany("SET work_mem = %s", [("8MB",), ("9MB",)]),
    "a call": lambda cursor: cursor.callproc("set_config", ["work_mem", "9MB", False]),
}


@pytest.mark.parametrize("how", LASTING)
def test_a_setting_for_the_session_stays_after_one_for_the_transaction(
    driver: TestConnection, how: str
) -> None:
    run(driver, "SET LOCAL work_mem = '7MB'")
    with driver.cursor() as cursor:
        LASTING[how](cursor)
    driver.commit()
    assert setting(driver, "work_mem") == "9MB"


def test_settings_are_known_in_every_encoding(driver: TestConnection) -> None:
    run(driver, "SET client_encoding = 'LATIN1'")
    with driver.cursor() as cursor:
        cursor.execute(TEXT, ["app.a", "\u00e4"])
        cursor.execute("SELECT set_config('app.b', '\u00e4', true)".encode("latin-1"))
        cursor.execute(sql.SQL(TEXT), ["app.c", "\u00e4"])
    driver.commit()
    assert [setting(driver, f"app.{name}") for name in "abc"] == [""] * 3


def test_settings_of_the_functions_of_the_schema_are_set_back(driver: TestConnection) -> None:
    run(driver, "SELECT sign_in(7)")
    driver.rollback()
    run(driver, "SELECT sign_in(8)")
    assert setting(driver, "app.who") == "8"
    driver.commit()
    assert not setting(driver, "app.who")
    # One for the session is known from then on, and what a rollback takes back is not.
    run(driver, "SET app.who = '9'")
    driver.rollback()
    run(driver, "SET app.who = '1'")
    driver.commit()
    run(driver, "SELECT sign_in(2)")
    driver.commit()
    assert setting(driver, "app.who") == "1"
    run(driver, "RESET ALL")
    driver.commit()
    run(driver, "SELECT sign_in(3)")
    driver.commit()
    assert not setting(driver, "app.who")
    driver.undo()
    assert not driver.spoilt


def test_the_role_is_set_back_before_other_settings(driver: TestConnection) -> None:
    # Who may not set it in the role that was taken.
    before = setting(driver, "log_statement")
    run(driver, "SET LOCAL log_statement = 'all'", "SET LOCAL ROLE pg_read_all_settings")
    driver.commit()
    assert (setting(driver, "role"), setting(driver, "log_statement")) == ("none", before)


def test_a_reset_of_all_does_not_reset_the_role(driver: TestConnection) -> None:
    run(driver, "SET ROLE pg_read_all_settings")
    driver.commit()
    run(driver, "SET LOCAL ROLE pg_monitor")
    run(driver, "RESET ALL")
    driver.commit()
    assert setting(driver, "role") == "pg_read_all_settings"


def test_a_mistake_in_values_is_told_by_the_driver(driver: TestConnection) -> None:
    with pytest.raises(IndexError), driver.cursor() as cursor:
        cursor.execute(TEXT, ["app.a"])
    with driver.cursor() as cursor:
        cursor.execute("SELECT %s", [7])
        assert cursor.fetchone() == (7,)
        with pytest.raises(psycopg2.ProgrammingError):
            cursor.execute("SELECT %s, 'set_config'", [object()])


def test_in_a_failed_transaction_nothing_is_read(driver: TestConnection) -> None:
    with pytest.raises(psycopg2.errors.DivisionByZero):
        run(driver, "SELECT 1 / 0")
    with pytest.raises(psycopg2.errors.InFailedSqlTransaction):
        run(driver, "SET LOCAL work_mem = '7MB'")
    driver.rollback()
    assert one(driver, "SELECT 1") == 1


@pytest.mark.parametrize("role", ["", "SET ROLE pg_monitor", "SET SESSION AUTHORIZATION pg_monitor"])
def test_temporary_tables_end_at_a_commit(driver: TestConnection, role: str) -> None:
    run(
        driver,
        'CREATE TEMP TABLE "Dropped" (a int) ON COMMIT DROP',
        "CREATE TEMP TABLE emptied (a int) ON COMMIT DELETE ROWS",
        "INSERT INTO emptied VALUES (1)",
        "GRANT SELECT ON emptied TO PUBLIC",
        'CREATE VIEW pg_temp.seen AS SELECT * FROM "Dropped"',
    )
    if role:
        run(driver, role)
    driver.commit()
    assert one(driver, "SELECT count(*) FROM emptied") == 0
    assert one(driver, "SELECT to_regclass('pg_temp.\"Dropped\"')") is None
    assert one(driver, "SELECT current_user = 'pg_monitor'") is bool(role)
    # They stay ended at a rollback.
    driver.rollback()
    assert one(driver, "SELECT to_regclass('pg_temp.\"Dropped\"')") is None


def test_constraints_wait_again_after_temporary_tables_have_ended(driver: TestConnection) -> None:
    run(driver, "CREATE TEMP TABLE emptied (a int) ON COMMIT DELETE ROWS")
    driver.commit()
    run(driver, "SELECT 1")
    driver.rollback()
    run(driver, "INSERT INTO children VALUES (7)", "INSERT INTO pairs VALUES (7)")
    driver.commit()
    assert one(driver, "SELECT count(*) FROM children") == 1


def test_cursors_end_at_a_commit(driver: TestConnection) -> None:
    run(driver, "DECLARE c CURSOR FOR SELECT 1", "DECLARE held CURSOR WITH HOLD FOR SELECT 2")
    driver.commit()
    assert one(driver, "FETCH held") == 2
    with pytest.raises(psycopg2.errors.InvalidCursorName):
        run(driver, "FETCH c")


@pytest.mark.parametrize("end", ["commit", "rollback"])
@pytest.mark.parametrize("factory", [None, DictCursor])
def test_named_cursors_end_with_the_transaction(driver: TestConnection, end: str, factory: Any) -> None:
    named = driver.cursor("mine", cursor_factory=factory)
    named.itersize = 1
    driver.rollback()
    named.execute("SELECT generate_series(1, 9)")
    assert next(named)[0] == 1
    assert named.fetchone()[0] == 2
    assert [row[0] for row in named.fetchmany(2)] == [3, 4]
    named.scroll(1)
    assert [row[0] for row in named.fetchall()] == [6, 7, 8, 9]
    getattr(driver, end)()
    for fetch in (
        named.fetchone,
        lambda: named.fetchmany(1),
        named.fetchall,
        lambda: named.scroll(1),
        lambda: next(named),
        named.close,
    ):
        with pytest.raises(psycopg2.ProgrammingError, match="named cursor isn't valid anymore"):
            fetch()
    assert one(driver, "SELECT count(*) FROM pg_cursors") == 0


def test_a_named_cursor_that_was_not_used_can_be_closed(driver: TestConnection) -> None:
    driver.commit()
    driver.cursor("unused").close()
    assert one(driver, "SELECT 1") == 1


def test_a_named_cursor_with_hold_stays(driver: TestConnection) -> None:
    for arguments in ({"withhold": True}, {"withhold": True, "cursor_factory": DictCursor}):
        with driver.cursor("mine", **arguments) as named:
            named.execute("SELECT generate_series(1, 3)")
            assert named.fetchone()[0] == 1
            driver.commit()
            assert len(named.fetchall()) == 2
    with driver.cursor("mine", None, True) as named:
        named.execute("SELECT 1")
        driver.commit()
        assert named.fetchone() == (1,)
    with driver.cursor("mine", scrollable=True) as named:
        named.execute("SELECT generate_series(1, 3)")
        assert (named.scrollable, named.withhold, len(named.fetchall())) == (True, False, 3)


class OfTheTest(TestCursor):
    """One that is watched already."""


def test_cursors_of_any_class_are_watched(driver: TestConnection) -> None:
    assert type(driver.cursor()) is TestCursor
    assert type(driver.cursor(cursor_factory=OfTheTest)) is OfTheTest
    assert type(driver.cursor(cursor_factory=psycopg2_cursor)) is psycopg2_cursor
    watched = driver.cursor(cursor_factory=DictCursor)
    assert isinstance(watched, TestCursor)
    assert isinstance(watched, DictCursor)
    assert (type(watched).__name__, type(watched).__test__) == ("TestDictCursor", False)
    # Of the same class each time.
    assert type(driver.cursor(None, DictCursor)) is type(watched)
    driver.cursor_factory = DictCursor
    assert type(driver.cursor()) is type(watched)
    # Any callable will do.
    assert type(driver.cursor(cursor_factory=lambda *args, **kwargs: OfTheTest(*args, **kwargs))) is OfTheTest
    driver.undo()
    assert type(driver.cursor()) is DictCursor


DIFFERENT = {
    "ALTER TYPE mood ADD VALUE 'angry'": (
        "the labels 'angry' were added to an enum, and cannot be used before the transaction ends (error 55P04)"
    ),
    "SELECT pg_advisory_xact_lock(7)": "pg_advisory_xact_lock() was called, and its lock is held until the test ends",
    "DO $$ BEGIN EXECUTE format('CREATE TEMP TABLE %I (a int) ON COMMIT DROP', 'scratch'); END $$": (
        "temporary tables are left (scratch), and the function that makes them with ON COMMIT tells no name"
    ),
}


@pytest.mark.parametrize("statement", DIFFERENT)
def test_how_a_commit_differed_from_a_real_one(driver: TestConnection, statement: str) -> None:
    run(driver, statement)
    # What is rolled back differs in nothing.
    driver.rollback()
    driver.commit()
    assert not driver.differences
    run(driver, statement)
    driver.commit()
    assert list(driver.differences) == [DIFFERENT[statement]]
    driver.undo()
    driver.enter("SELECT 1")
    driver.commit()
    assert not driver.differences


def test_notifications_do_not_arrive(driver: TestConnection) -> None:
    run(driver, "LISTEN news")
    driver.commit()
    [difference] = driver.differences
    assert difference == "LISTEN was run, which begins when the transaction ends: notifications do not arrive"


def test_a_lock_of_the_session_is_no_difference(driver: TestConnection) -> None:
    # Of one that no text tells it is not known whose it is.
    run(driver, "DO $$ BEGIN EXECUTE 'SELECT pg_advisory' || '_lock(7)'; END $$")
    driver.commit()
    assert not driver.differences
    run(driver, "SELECT pg_advisory_unlock(7)")
    driver.undo()
    driver.enter("SELECT 1")
    run(driver, "SELECT pg_advisory_lock(7)", "SELECT pg_advisory_xact_lock(8)")
    driver.commit()
    assert not driver.differences
    run(driver, "SELECT pg_advisory_unlock(7)")


@pytest.mark.parametrize(
    ("schema", "kept"),
    [
        ("SELECT set_config('app.who', v, local)", "7"),
        ("SELECT set_config(name, v, false)", "7"),
        ("SELECT set_config('app.other', v, false)", ""),
    ],
)
def test_settings_made_for_either_are_kept_and_told(driver: TestConnection, schema: str, kept: str) -> None:
    driver.undo()
    driver.expect(SIGN_IN | effects_of(schema), {"app.who": None})
    driver.enter("SELECT 1")
    run(driver, "SELECT set_config('app.' || 'who', '7', true)")
    driver.commit()
    assert setting(driver, "app.who") == kept
    told = "settings that functions make both for the transaction and for the session are kept (app.who)"
    assert list(driver.differences) == ([told] if kept else [])


def test_functions_of_the_test_make_settings_for_the_session_too(driver: TestConnection) -> None:
    kept = "CREATE FUNCTION {0}() RETURNS text LANGUAGE sql AS $$ SELECT set_config('app.{1}', '5', false) $$"
    # The second one takes back nothing of what the first one is known for.
    run(driver, kept.format("keep", "who"), kept.format("keep_other", "other"), "SELECT keep()")
    driver.commit()
    assert setting(driver, "app.who") == "5"
    told = "settings that functions make both for the transaction and for the session are kept (app.who)"
    assert list(driver.differences) == [told]


def test_a_reset_of_an_ordinary_connection_is_the_drivers(driver: TestConnection) -> None:
    driver.undo()
    run(driver, "SET work_mem = '7MB'")
    driver.commit()
    driver.autocommit = True
    driver.reset()
    assert setting(driver, "work_mem") != "7MB"
    assert not driver.autocommit
