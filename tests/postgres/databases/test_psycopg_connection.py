"""psycopg 3's connections of a test: what psycopg documents works on them, sync and async."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing
from functools import partial
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import dict_row
from sqlalchemy import URL

from pytest_supaseed.postgres.databases.maintenance import libpq_url
from pytest_supaseed.postgres.databases.psycopg_connection import (
    AsyncTestConnection,
    PooledAsyncConnection,
    TestConnection,
)
from rolledback import refused

COUNT = "SELECT count(*) FROM t"
ADD = "INSERT INTO t VALUES (1)"


@pytest.fixture(scope="module")
def dsn(create_database: Callable[[], URL]) -> str:
    """A database of this module, in which nothing stays."""
    found = libpq_url(create_database())
    with psycopg.connect(found) as connection:
        connection.execute("CREATE TABLE t (a int)")
    return found


@pytest.fixture
def driver(dsn: str) -> Iterator[TestConnection]:
    """The connection of a test that has begun."""
    with closing(TestConnection.connect(dsn)) as connection:
        connection.perform(connection.rolled_back.enter("SELECT 1"))
        yield connection


def run_async(dsn: str, do: Callable[[AsyncTestConnection], Awaitable[None]]) -> None:
    """Run a coroutine function with an async connection of a test that has begun."""

    @asynccontextmanager
    async def begun() -> AsyncIterator[AsyncTestConnection]:
        connection = await AsyncTestConnection.connect(dsn)
        await connection.perform_async(connection.rolled_back.enter("SELECT 1"))
        yield connection
        await connection.close()
        assert connection.rolled_back.undone

    async def main() -> None:
        async with begun() as connection:
            await do(connection)

    asyncio.run(main())


def one(driver: TestConnection, query: str = COUNT) -> Any:
    found = driver.execute(query).fetchone()
    return None if found is None else found[0]


def setting(driver: TestConnection, name: str) -> Any:
    return one(driver, f"SELECT current_setting('{name}', true)")


def test_a_block_is_a_transaction_where_nothing_was_executed(driver: TestConnection) -> None:
    with driver.transaction() as outer:
        driver.execute(ADD)
        with driver.transaction():
            driver.execute(ADD)
        with refused("22012"), driver.transaction():
            driver.execute("INSERT INTO t SELECT 1 / 0")
        with driver.transaction("mine", force_rollback=True) as mine:
            driver.execute(ADD)
            assert mine.savepoint_name == "mine"
        with pytest.raises(psycopg.ProgrammingError, match="forbidden within a Transaction"):
            driver.commit()
        with pytest.raises(psycopg.ProgrammingError, match="forbidden within a Transaction"):
            driver.rollback()
        assert outer.connection is driver
    driver.rollback()
    assert one(driver) == 2


def test_a_block_after_a_statement_is_a_savepoint(driver: TestConnection) -> None:
    driver.execute(ADD)
    with driver.transaction():
        driver.execute(ADD)
    driver.rollback()
    assert one(driver) == 0
    driver.commit()
    # The statement before was in a transaction that has ended.
    with driver.transaction():
        driver.execute(ADD)
    driver.rollback()
    assert one(driver) == 1


def test_blocks_that_are_rolled_back(driver: TestConnection) -> None:
    with driver.transaction() as outer, driver.transaction():
        driver.execute(ADD)
        raise psycopg.Rollback(outer)
    with driver.transaction():
        driver.execute(ADD)
        raise psycopg.Rollback
    with driver.transaction(force_rollback=True):
        driver.execute(ADD)
    with refused("22012"), driver.transaction():
        driver.execute("SELECT 1 / 0")
    assert one(driver) == 0
    driver.rollback()
    with driver.transaction():
        driver.execute(ADD)
    driver.rollback()
    assert one(driver) == 1


def test_a_block_within_a_block_that_is_rolled_back_is_undone_with_it(driver: TestConnection) -> None:
    with driver.transaction() as outer:
        with driver.transaction():
            driver.execute(ADD)
        raise psycopg.Rollback(outer)
    assert one(driver) == 0
    driver.rollback()
    with driver.transaction():
        with driver.transaction():
            pass
        driver.execute(ADD)
    driver.rollback()
    assert one(driver) == 1


def test_cursors_of_a_class_are_of_one_watched_class(driver: TestConnection) -> None:
    class Mine(psycopg.Cursor[Any]):
        pass

    kinds = []
    for _ in range(2):
        driver.cursor_factory = Mine
        kinds.append(type(driver.cursor()))
    assert kinds[0] is kinds[1]
    assert issubclass(kinds[0], Mine)


def test_a_pool_does_not_close_the_connection_of_a_running_test(dsn: str) -> None:
    async def main() -> None:
        connection = await PooledAsyncConnection.connect(dsn)
        await connection.perform_async(connection.rolled_back.enter("SELECT 1"))
        await connection.close()
        assert not connection.closed
        await connection.perform_async(connection.rolled_back.undo("SELECT 1"))
        await connection.close()
        assert connection.closed

    asyncio.run(main())


def test_a_commit_at_the_end_of_a_block_may_fail(driver: TestConnection) -> None:
    driver.execute("ALTER TABLE t ADD UNIQUE (a) DEFERRABLE INITIALLY DEFERRED")
    driver.commit()
    with refused("23505"), driver.transaction():
        driver.execute(ADD)
        driver.execute(ADD)
    assert one(driver) == 0


def test_a_pipeline(driver: TestConnection) -> None:
    with driver.pipeline():
        driver.execute(ADD)
        driver.execute("SET LOCAL work_mem = '7MB'")
        driver.commit()
        counted = driver.execute(COUNT)
        driver.execute(ADD)
        driver.rollback()
        with driver.transaction():
            driver.execute(ADD)
    assert counted.fetchone() == (1,)
    driver.rollback()
    assert one(driver) == 2
    assert setting(driver, "work_mem") != "7MB"
    assert not driver.rolled_back.left


def test_a_pipeline_in_which_a_statement_fails(driver: TestConnection) -> None:
    driver.execute(ADD)
    driver.commit()
    with refused("22012"), driver.pipeline():
        driver.execute("SELECT 1 / 0")
        driver.execute(ADD)
        driver.commit()
    driver.rollback()
    assert one(driver) == 1
    with driver.pipeline():
        with refused("22012"):
            driver.execute("SELECT 1 / 0").fetchone()
        driver.rollback()
        assert one(driver) == 1


def test_copy_and_stream(driver: TestConnection) -> None:
    with driver.cursor() as cursor:
        with cursor.copy("COPY t FROM STDIN") as copy:
            for number in range(3):
                copy.write_row((number,))
        driver.commit()
        with cursor.copy("COPY t FROM STDIN") as copy:
            copy.write_row((7,))
        driver.rollback()
        with cursor.copy("COPY t TO STDOUT") as copy:
            assert list(copy.rows()) == [("0",), ("1",), ("2",)]
        assert list(cursor.stream("SELECT a FROM t WHERE a > %s", [0])) == [(1,), (2,)]
        assert list(cursor.stream("SELECT set_config('app.a', %s, true)", ["7"])) == [("7",)]
    driver.commit()
    assert setting(driver, "app.a") == ""


def test_a_server_side_cursor_ends_with_the_transaction(driver: TestConnection) -> None:
    for end in (driver.commit, driver.rollback):
        cursor = driver.cursor("mine")
        cursor.execute("SELECT generate_series(1, 9)")
        assert cursor.fetchone() == (1,)
        assert cursor.fetchmany(2) == [(2,), (3,)]
        end()
        assert one(driver, "SELECT count(*) FROM pg_cursors") == 0
        for fetch in (cursor.fetchone, cursor.fetchall, iter(cursor).__next__, partial(cursor.scroll, 1)):
            with refused("34000"):
                fetch()
        # The transaction is none that has failed.
        assert one(driver) == 0
        cursor.close()
        assert one(driver) == 0
        with driver.cursor("mine") as again:
            again.execute("SELECT 1")
            end()
    with driver.cursor("held", withhold=True) as held:
        held.execute("SELECT generate_series(1, 3)")
        driver.commit()
        assert held.fetchall() == [(1,), (2,), (3,)]


EXECUTED: dict[str, Callable[[Any], object]] = {
    "values": lambda cursor: cursor.execute("SELECT set_config(%s, %s, true)", ["app.a", "7"]),
    "a mapping": lambda cursor: cursor.execute(
        "SELECT set_config(%(n)s, '7', %(l)s)", {"n": "app.a", "l": True}
    ),
    "bytes": lambda cursor: cursor.execute(b"SELECT set_config('app.a', '7', true)"),
    "composed": lambda cursor: cursor.execute(
        sql.SQL("SELECT set_config({}, {}, true)").format(sql.Literal("app.a"), sql.Placeholder()), ["7"]
    ),
    "many": lambda cursor: cursor.executemany(
        "SELECT set_config(%s, %s, true)", iter([("app.b", "7"), ("app.a", "7")])
    ),
    "the connection": lambda cursor: cursor.connection.execute("SET LOCAL app.a = '7'"),
    "prepared": lambda cursor: cursor.execute(
        "SELECT set_config(%s, %s, true)", ["app.a", "7"], prepare=True
    ),
}


@pytest.mark.parametrize("factory", [psycopg.Cursor, psycopg.ClientCursor])
@pytest.mark.parametrize("how", EXECUTED)
def test_a_setting_for_the_transaction_ends_at_a_commit(
    driver: TestConnection, how: str, factory: Any
) -> None:
    driver.cursor_factory = factory
    with driver.cursor() as cursor:
        assert isinstance(cursor, factory)
        EXECUTED[how](cursor)
    assert setting(driver, "app.a") == "7"
    driver.commit()
    assert setting(driver, "app.a") == ""
    assert not driver.rolled_back.differences


def test_values_by_number(driver: TestConnection) -> None:
    driver.cursor_factory = psycopg.RawCursor
    driver.execute("SELECT set_config($1, $2, $3)", ["app.a", "7", True])
    driver.execute("SELECT set_config($1, $2, $3)", ["app.b", "8", False])
    driver.commit()
    assert (setting(driver, "app.a"), setting(driver, "app.b")) == ("", "8")


def test_a_mistake_in_values_is_told_by_the_driver(driver: TestConnection) -> None:
    with pytest.raises(psycopg.ProgrammingError, match="the query has 2 placeholders but 1 parameters"):
        driver.execute("SELECT set_config(%s, %s, true)", ["app.a"])
    with pytest.raises(psycopg.ProgrammingError, match="query parameter missing: n"):
        driver.execute("SELECT set_config(%(n)s, 'a', true)", {"m": "app.a"})
    driver.rollback()
    assert one(driver) == 0


REFUSED: dict[str, tuple[Callable[[TestConnection], object], str]] = {
    "autocommit": (lambda driver: setattr(driver, "autocommit", True), "has no AUTOCOMMIT"),
    "set_autocommit": (lambda driver: driver.set_autocommit(True), "has no AUTOCOMMIT"),
    "isolation_level": (lambda driver: setattr(driver, "isolation_level", 4), "keeps its isolation level"),
    "set_isolation_level": (
        lambda driver: driver.set_isolation_level(psycopg.IsolationLevel.SERIALIZABLE),
        "keeps its isolation level",
    ),
    "read_only": (lambda driver: setattr(driver, "read_only", True), "stays one that may write"),
    "set_read_only": (lambda driver: driver.set_read_only(True), "stays one that may write"),
    "deferrable": (lambda driver: setattr(driver, "deferrable", True), "is not deferrable"),
    "set_deferrable": (lambda driver: driver.set_deferrable(True), "is not deferrable"),
    "two-phase": (lambda driver: driver.tpc_begin("x"), "has no two-phase commits"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_set_in_a_transaction_that_has_begun(driver: TestConnection, name: str) -> None:
    what, message = REFUSED[name]
    with pytest.raises(psycopg.ProgrammingError) as caught:
        what(driver)
    assert str(caught.value).startswith(
        "this connection works inside a transaction that is rolled back after the test, so it " + message
    )
    assert (driver.autocommit, driver.isolation_level, driver.read_only, driver.deferrable) == (
        False,
        None,
        None,
        None,
    )
    # What it is already can be set.
    driver.autocommit = False
    driver.set_autocommit(False)


def test_afterwards_it_is_an_ordinary_connection(driver: TestConnection) -> None:
    driver.execute(ADD)
    driver.perform(driver.rolled_back.undo())
    driver.autocommit = True
    assert one(driver) == 0
    driver.autocommit = False
    driver.isolation_level = psycopg.IsolationLevel.SERIALIZABLE
    driver.read_only = driver.deferrable = True
    with driver.transaction():
        assert setting(driver, "transaction_read_only") == "on"
        assert setting(driver, "transaction_isolation") == "serializable"
    driver.read_only = driver.deferrable = driver.isolation_level = None
    with driver.transaction():
        driver.execute("CREATE TEMP TABLE scratch ()")
    driver.rollback()
    assert one(driver, "SELECT count(*) FROM scratch") == 0


def test_prepared_statements_end_with_a_rollback(driver: TestConnection) -> None:
    driver.prepare_threshold = 0
    for turn in range(2):
        # In older versions of psycopg a statement that was prepared before an ALTER TABLE fails after it.
        query = f"SELECT * FROM t OFFSET {turn}"
        driver.execute("ALTER TABLE t ADD COLUMN b int")
        assert driver.execute(query).fetchall() == []
        driver.rollback()
        assert driver.execute(query).description is not None
        assert len(driver.execute(query).description or ()) == 1
    driver.perform(driver.rolled_back.undo(driver.deallocate, "SELECT 1"))
    driver.perform(driver.rolled_back.enter("SELECT 1"))
    assert driver.execute("SELECT * FROM t").fetchall() == []


def test_a_new_object_for_the_same_connection(dsn: str) -> None:
    first = TestConnection.connect(dsn)
    first.row_factory = dict_row
    process = first.info.backend_pid
    second = first.renewed()
    assert first.closed
    with pytest.raises(psycopg.OperationalError, match="the connection is closed"):
        first.execute("SELECT 1")
    assert second.info.backend_pid == process
    assert second.execute("SELECT 1").fetchone() == (1,)
    assert not second.rolled_back.inside
    second.close()


def test_as_a_context_it_commits_and_is_closed(driver: TestConnection) -> None:
    with driver as same:
        assert same is driver
        driver.execute(ADD)
    assert driver.closed
    assert (driver.rolled_back.undone, driver.rolled_back.left) == (True, False)


def test_the_same_async(dsn: str) -> None:
    async def do(driver: AsyncTestConnection) -> None:
        async def one(query: str = COUNT) -> Any:
            found = await (await driver.execute(query)).fetchone()
            return None if found is None else found[0]

        async with driver.transaction():
            await driver.execute(ADD)
            async with driver.transaction(force_rollback=True):
                await driver.execute(ADD)
        await driver.rollback()
        assert await one() == 1
        await driver.commit()
        async with driver.pipeline():
            await driver.execute(ADD)
            await driver.commit()
            await driver.execute(ADD)
            await driver.rollback()
        assert await one() == 2
        async with driver.cursor() as cursor:
            async with cursor.copy("COPY t FROM STDIN") as copy:
                await copy.write_row((7,))
            await cursor.executemany("SELECT set_config(%s, %s, true)", [("app.b", "7"), ("app.a", "7")])
            assert [row async for row in cursor.stream("SELECT a FROM t WHERE a > 1")] == [(7,)]
        await driver.commit()
        assert await one("SELECT current_setting('app.a', true)") == ""
        server_side = driver.cursor("mine")
        await server_side.execute("SELECT 1")
        await driver.commit()
        assert await one("SELECT count(*) FROM pg_cursors") == 0
        await server_side.close()
        await driver.rollback()
        for refuse, message in (
            (lambda: driver.set_autocommit(True), "has no AUTOCOMMIT"),
            (lambda: driver.set_isolation_level(psycopg.IsolationLevel.SERIALIZABLE), "keeps its isolation"),
            (lambda: driver.set_read_only(True), "may write"),
            (lambda: driver.set_deferrable(True), "not deferrable"),
            (lambda: driver.tpc_begin("x"), "two-phase"),
        ):
            with pytest.raises(psycopg.ProgrammingError, match=message):
                await refuse()
        await driver.set_autocommit(False)
        assert await one() == 3

    run_async(dsn, do)
