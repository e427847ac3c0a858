"""The transaction of a test: its commits are savepoints, and all of it is undone, with every driver."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg2
import pytest
from sqlalchemy import URL

from pytest_supaseed.postgres.databases.effects import effects_of
from rolledback import ADD, COUNT, DRIVERS, SIGN_IN, Driven, loaded, refused


@pytest.fixture(scope="module")
def dsn(create_database: Callable[[], URL]) -> str:
    """A database of this module, in which nothing stays."""
    return loaded(create_database())


@pytest.fixture(params=DRIVERS)
def driver(dsn: str, request: pytest.FixtureRequest) -> Iterator[Driven]:
    """The connection of a test that has begun."""
    with closing(DRIVERS[request.param](dsn)) as driven:
        driven.state.expect(SIGN_IN, {"app.who": None})
        driven.state.may_defer = True
        driven.enter("SELECT 1")
        yield driven


@pytest.mark.parametrize("name", DRIVERS)
def test_it_begins_and_is_undone(dsn: str, name: str) -> None:
    with closing(DRIVERS[name](dsn)) as driver:
        state = driver.state
        assert (state.undone, state.left, state.spoilt, state.lazy) == (True, False, False, False)
        assert driver.enter("SELECT 1, 2") == (1, 2)
        assert (driver.state.undone, driver.state.left, driver.state.transactions) == (False, False, 0)
        driver.run(ADD)
        driver.commit()
        assert driver.undo("SELECT count(*), 7 FROM t") == (0, 7)
        assert (driver.state.undone, driver.state.left, driver.state.spoilt) == (True, False, False)
        # Once more, without a query.
        assert driver.enter("SELECT 3") == (3,)
        assert not driver.state.undone
        driver.run(ADD)
        assert driver.undo() == ()
        assert driver.one(COUNT) == 0


def test_commits_and_rollbacks_are_counted(driver: Driven) -> None:
    driver.run(ADD)
    assert driver.state.transactions == 0
    driver.commit()
    assert driver.state.transactions == 1
    driver.run(ADD)
    driver.rollback()
    assert (driver.state.transactions, driver.one(COUNT)) == (2, 1)
    driver.undo()
    assert driver.state.transactions == 3


def test_a_commit_of_a_failed_transaction_is_a_rollback(driver: Driven) -> None:
    driver.run(ADD)
    driver.commit()
    driver.run(ADD)
    with refused("22012"):
        driver.run("SELECT 1 / 0")
    driver.commit()
    assert driver.one(COUNT) == 1


def test_a_commit_that_fails_rolls_back_to_the_last_one(driver: Driven) -> None:
    driver.run(ADD)
    driver.commit()
    driver.run(ADD, "INSERT INTO children VALUES (7)")
    with refused("23503"):
        driver.commit()
    assert driver.one(COUNT) == 1
    # The constraint waits again.
    driver.run("INSERT INTO children VALUES (7)", "INSERT INTO pairs VALUES (7)")
    driver.commit()
    driver.run("INSERT INTO children VALUES (8)", "INSERT INTO pairs VALUES (8)")
    driver.commit()
    assert driver.one("SELECT count(*) FROM children") == 2


def test_constraints_are_checked_where_some_may_wait(driver: Driven) -> None:
    driver.state.may_defer = False
    driver.run("INSERT INTO children VALUES (7)")
    driver.commit()
    driver.undo()
    driver.enter("SELECT 1")
    # The test itself makes one.
    driver.run("ALTER TABLE t ADD UNIQUE (a) DEFERRABLE INITIALLY DEFERRED", ADD, ADD)
    with refused("23505"):
        driver.commit()


@pytest.mark.parametrize("end", ["COMMIT", "ROLLBACK"])
@pytest.mark.parametrize("then", ["commit", "rollback", "undo", "close"])
def test_a_test_that_ends_the_transaction_itself_is_noticed(driver: Driven, end: str, then: str) -> None:
    driver.run(end)
    assert not driver.state.left
    assert getattr(driver, then)() is None
    assert driver.state.left
    if then in ("commit", "rollback"):
        # It goes on in a transaction of its own.
        driver.run("CREATE TEMP TABLE scratch ()")
        driver.rollback()
        assert driver.one("SELECT to_regclass('pg_temp.scratch')") is None
        assert driver.undo("SELECT 1") is None
    assert not driver.state.undone
    if then != "close":
        # An ordinary connection again.
        assert not driver.connection.in_transaction
        driver.run("CREATE TEMP TABLE scratch ()")
        driver.rollback()
        assert driver.one("SELECT to_regclass('pg_temp.scratch')") is None


def test_an_error_while_it_is_undone_is_raised_and_the_connection_can_be_used(driver: Driven) -> None:
    driver.run(ADD)
    with refused("22012"):
        driver.undo("SELECT 1 / 0")
    assert not driver.connection.in_transaction
    assert not driver.state.undone
    driver.run(ADD)
    driver.rollback()
    assert driver.one(COUNT) == 0


def test_to_close_it_undoes_it(driver: Driven) -> None:
    driver.close()
    assert driver.connection.ended
    assert (driver.state.undone, driver.state.left, driver.state.transactions) == (True, False, 1)
    driver.close()


def test_to_close_an_ordinary_connection_undoes_nothing(driver: Driven) -> None:
    driver.undo()
    driver.close()
    assert driver.connection.ended
    assert (driver.state.undone, driver.state.left, driver.state.transactions) == (True, False, 1)


def test_one_that_has_ended_can_be_closed(driver: Driven, dsn: str) -> None:
    process = driver.process
    with closing(psycopg2.connect(dsn)) as other, other.cursor() as cursor:
        cursor.execute(f"SELECT pg_terminate_backend({process}, 10000)")
    driver.close()
    assert driver.connection.ended
    assert not driver.state.undone


def test_a_setting_that_was_there_is_set_back(driver: Driven) -> None:
    before = driver.setting("work_mem")
    for end in (driver.commit, driver.rollback):
        driver.run("SET LOCAL work_mem = '7MB'")
        # A second one: what the first has made is not what was there before.
        driver.run("SET LOCAL work_mem = '8MB'")
        end()
        assert driver.setting("work_mem") == before
    driver.run("SET work_mem = '9MB'")
    driver.commit()
    driver.run("SET LOCAL work_mem = '7MB'")
    driver.commit()
    assert driver.setting("work_mem") == "9MB"
    driver.undo()
    assert not driver.state.spoilt
    driver.enter("SELECT 1")
    assert driver.setting("work_mem") == before


def test_settings_of_the_functions_of_the_schema_are_set_back(driver: Driven) -> None:
    driver.run("SELECT sign_in(7)")
    driver.rollback()
    driver.run("SELECT sign_in(8)")
    assert driver.setting("app.who") == "8"
    driver.commit()
    assert not driver.setting("app.who")
    # One for the session is known from then on, and what a rollback takes back is not.
    driver.run("SET app.who = '9'")
    driver.rollback()
    driver.run("SET app.who = '1'")
    driver.commit()
    driver.run("SELECT sign_in(2)")
    driver.commit()
    assert driver.setting("app.who") == "1"
    driver.run("RESET ALL")
    driver.commit()
    driver.run("SELECT sign_in(3)")
    driver.commit()
    assert not driver.setting("app.who")
    driver.undo()
    assert not driver.state.spoilt


def test_the_role_is_set_back_before_other_settings(driver: Driven) -> None:
    # That role may not set log_statement, so the role has to go back first.
    before = driver.setting("log_statement")
    driver.run("SET LOCAL log_statement = 'all'", "SET LOCAL ROLE pg_read_all_settings")
    driver.commit()
    assert (driver.setting("role"), driver.setting("log_statement")) == ("none", before)


def test_a_reset_of_all_does_not_reset_the_role(driver: Driven) -> None:
    driver.run("SET ROLE pg_read_all_settings")
    driver.commit()
    driver.run("SET LOCAL ROLE pg_monitor")
    driver.run("RESET ALL")
    driver.commit()
    assert driver.setting("role") == "pg_read_all_settings"


def test_in_a_failed_transaction_nothing_is_read(driver: Driven) -> None:
    with refused("22012"):
        driver.run("SELECT 1 / 0")
    with refused("25P02"):
        driver.run("SET LOCAL work_mem = '7MB'")
    driver.rollback()
    assert driver.one("SELECT 1") == 1


@pytest.mark.parametrize("role", ["", "SET ROLE pg_monitor", "SET SESSION AUTHORIZATION pg_monitor"])
def test_temporary_tables_end_at_a_commit(driver: Driven, role: str) -> None:
    driver.run(
        'CREATE TEMP TABLE "Dropped" (a int) ON COMMIT DROP',
        "CREATE TEMP TABLE emptied (a int) ON COMMIT DELETE ROWS",
        "INSERT INTO emptied VALUES (1)",
        "GRANT SELECT ON emptied TO PUBLIC",
        'CREATE VIEW pg_temp.seen AS SELECT * FROM "Dropped"',
    )
    if role:
        driver.run(role)
    driver.commit()
    assert driver.one("SELECT count(*) FROM emptied") == 0
    assert driver.one("SELECT to_regclass('pg_temp.\"Dropped\"')") is None
    assert driver.one("SELECT current_user = 'pg_monitor'") is bool(role)
    # They stay ended at a rollback.
    driver.rollback()
    assert driver.one("SELECT to_regclass('pg_temp.\"Dropped\"')") is None


def test_constraints_wait_again_after_temporary_tables_have_ended(driver: Driven) -> None:
    driver.run("CREATE TEMP TABLE emptied (a int) ON COMMIT DELETE ROWS")
    driver.commit()
    driver.run("SELECT 1")
    driver.rollback()
    driver.run("INSERT INTO children VALUES (7)", "INSERT INTO pairs VALUES (7)")
    driver.commit()
    assert driver.one("SELECT count(*) FROM children") == 1


def test_cursors_end_at_a_commit(driver: Driven) -> None:
    driver.run("DECLARE c CURSOR FOR SELECT 1", "DECLARE held CURSOR WITH HOLD FOR SELECT 2")
    driver.commit()
    assert driver.one("FETCH held") == 2
    with refused("34000"):
        driver.run("FETCH c")


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
def test_how_a_commit_differed_from_a_real_one(driver: Driven, statement: str) -> None:
    driver.run(statement)
    # What is rolled back differs in nothing.
    driver.rollback()
    driver.commit()
    assert not driver.state.differences
    driver.run(statement)
    driver.commit()
    assert list(driver.state.differences) == [DIFFERENT[statement]]
    driver.undo()
    driver.enter("SELECT 1")
    driver.commit()
    assert not driver.state.differences


def test_notifications_do_not_arrive(driver: Driven) -> None:
    driver.run("LISTEN news")
    driver.commit()
    [difference] = driver.state.differences
    assert difference == "LISTEN was run, which begins when the transaction ends: notifications do not arrive"


def test_a_lock_of_the_session_is_no_difference(driver: Driven) -> None:
    # The text of this statement does not say whether the lock is of the session or of the transaction.
    driver.run("DO $$ BEGIN EXECUTE 'SELECT pg_advisory' || '_lock(7)'; END $$")
    driver.commit()
    assert not driver.state.differences
    driver.run("SELECT pg_advisory_unlock(7)")
    driver.undo()
    driver.enter("SELECT 1")
    driver.run("SELECT pg_advisory_lock(7)", "SELECT pg_advisory_xact_lock(8)")
    driver.commit()
    assert not driver.state.differences
    driver.run("SELECT pg_advisory_unlock(7)")


@pytest.mark.parametrize(
    ("schema", "kept"),
    [
        ("SELECT set_config('app.who', v, local)", "7"),
        ("SELECT set_config(name, v, false)", "7"),
        ("SELECT set_config('app.other', v, false)", ""),
    ],
)
def test_settings_made_for_either_are_kept_and_told(driver: Driven, schema: str, kept: str) -> None:
    driver.undo()
    driver.state.expect(SIGN_IN | effects_of(schema), {"app.who": None})
    driver.enter("SELECT 1")
    driver.run("SELECT set_config('app.' || 'who', '7', true)")
    driver.commit()
    assert driver.setting("app.who") == kept
    told = "settings that functions make both for the transaction and for the session are kept (app.who)"
    assert list(driver.state.differences) == ([told] if kept else [])


def test_functions_of_the_test_make_settings_for_the_session_too(driver: Driven) -> None:
    kept = "CREATE FUNCTION {0}() RETURNS text LANGUAGE sql AS $$ SELECT set_config('app.{1}', '5', false) $$"
    # The second one takes back nothing of what the first one is known for.
    driver.run(kept.format("keep", "who"), kept.format("keep_other", "other"), "SELECT keep()")
    driver.commit()
    assert driver.setting("app.who") == "5"
    told = "settings that functions make both for the transaction and for the session are kept (app.who)"
    assert list(driver.state.differences) == [told]


@pytest.mark.parametrize(
    "statement", ["SET app.unheard = 'x'", "SELECT set_config('app.unheard', 'x', false)"]
)
def test_a_setting_for_the_session_that_had_never_been_made_spoils_the_connection(
    driver: Driven, statement: str
) -> None:
    driver.run("SET work_mem = '9MB'")
    driver.commit()
    assert not driver.state.spoilt
    driver.run(statement)
    driver.commit()
    assert driver.setting("app.unheard") == "x"
    driver.undo()
    # A rollback leaves the empty text in the place of NULL.
    assert driver.state.spoilt
