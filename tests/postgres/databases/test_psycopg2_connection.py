"""psycopg2's connection of a test."""

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

from pytest_supaseed.postgres.databases.psycopg2_connection import TestConnection, TestCursor
from rolledback import ADD, COUNT, SIGN_IN, loaded


@pytest.fixture(scope="module")
def dsn(create_database: Callable[[], URL]) -> str:
    """A database of this module, in which nothing stays."""
    return loaded(create_database())


@pytest.fixture
def driver(dsn: str) -> Iterator[TestConnection]:
    """The connection of a test that has begun."""
    with closing(psycopg2.connect(dsn, connection_factory=TestConnection)) as connection:
        connection.rolled_back.expect(SIGN_IN, {"app.who": None})
        connection.rolled_back.may_defer = True
        enter(connection, "SELECT 1")
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


def enter(driver: TestConnection, *script: str) -> Any:
    return driver.perform(driver.rolled_back.enter(*script))


def undo(driver: TestConnection, *script: str) -> Any:
    return driver.perform(driver.rolled_back.undo(*script))


@pytest.mark.parametrize("lazy", [False, True])
def test_a_rollback_may_wait_for_the_next_statement(driver: TestConnection, lazy: bool) -> None:
    driver.rolled_back.lazy = lazy
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
    assert undo(driver, COUNT) == (0,)
    enter(driver, "SELECT 1")
    assert not driver.rolled_back.lazy


def test_a_rollback_that_waits_is_not_done_before(driver: TestConnection) -> None:
    driver.rolled_back.lazy = True
    run(driver, ADD)
    driver.rollback()
    assert driver.rolled_back.transactions == 1
    # The driver's own cursor class, which tells nothing to the connection.
    with psycopg2_connection.cursor(driver, cursor_factory=psycopg2_cursor) as plain:
        plain.execute(COUNT)
        assert plain.fetchone() == (1,)
    driver.catch_up()
    assert one(driver, COUNT) == 0


def test_afterwards_it_is_an_ordinary_connection(driver: TestConnection) -> None:
    undo(driver)
    run(driver, "CREATE TEMP TABLE scratch (a int)")
    driver.commit()
    assert driver.rolled_back.transactions == 1
    run(driver, "INSERT INTO scratch VALUES (1)")
    driver.rollback()
    assert one(driver, "SELECT count(*) FROM scratch") == 0
    driver.rollback()
    assert driver.perform(driver.rolled_back.ask("SELECT count(*), 2 FROM scratch")) == [(0, 2)]
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
    assert not driver.rolled_back.differences
    # There was none before, and no rollback takes it away.
    undo(driver)
    assert driver.rolled_back.spoilt


def test_what_a_function_that_the_driver_calls_sets_ends_at_a_commit(driver: TestConnection) -> None:
    with driver.cursor() as cursor:
        cursor.callproc("sign_in", {"who": 7})
        assert cursor.fetchone() == ("7",)
    assert setting(driver, "app.who") == "7"
    driver.commit()
    assert setting(driver, "app.who") == ""


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


def test_a_mistake_in_values_is_told_by_the_driver(driver: TestConnection) -> None:
    with pytest.raises(IndexError), driver.cursor() as cursor:
        cursor.execute(TEXT, ["app.a"])
    with driver.cursor() as cursor:
        cursor.execute("SELECT %s", [7])
        assert cursor.fetchone() == (7,)
        with pytest.raises(psycopg2.ProgrammingError):
            cursor.execute("SELECT %s, 'set_config'", [object()])


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
    undo(driver)
    assert type(driver.cursor()) is DictCursor


def test_a_connection_that_is_closed_has_ended(dsn: str) -> None:
    connection = psycopg2.connect(dsn, connection_factory=TestConnection)
    assert connection.ended is False
    connection.close()
    assert connection.ended is True


def test_a_reset_of_an_ordinary_connection_is_the_drivers(driver: TestConnection) -> None:
    undo(driver)
    run(driver, "SET work_mem = '7MB'")
    driver.commit()
    driver.autocommit = True
    driver.reset()
    assert setting(driver, "work_mem") != "7MB"
    assert not driver.autocommit
