"""asyncpg's connection of a test: what asyncpg documents works on it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest
from sqlalchemy import URL

from pytest_supaseed.postgres.databases.asyncpg_connection import (
    PooledConnection,
    ServerSession,
    TestConnection,
)
from pytest_supaseed.postgres.databases.driver_errors import connection_ended
from pytest_supaseed.postgres.databases.maintenance import libpq_url
from rolledback import refused

COUNT = "SELECT count(*) FROM t"
ADD = "INSERT INTO t VALUES (1)"


@pytest.fixture(scope="module")
def dsn(create_database: Callable[[], URL]) -> str:
    """A database of this module, in which nothing stays."""
    found = libpq_url(create_database())

    async def create() -> None:
        connection = await asyncpg.connect(found)
        await connection.execute("CREATE TABLE t (a int)")
        await connection.close()

    asyncio.run(create())
    return found


@pytest.fixture
def run(dsn: str) -> Callable[[Callable[[Any], Awaitable[None]]], None]:
    """Runs a coroutine function with the connection of a test that has begun."""

    async def main(do: Callable[[Any], Awaitable[None]]) -> None:
        connection = await asyncpg.connect(dsn, connection_class=TestConnection)
        await connection.perform_async(connection.rolled_back.enter("SELECT 1"))
        try:
            await do(connection)
        finally:
            await connection.close()
        assert (connection.rolled_back.undone, connection.rolled_back.left) == (True, False)

    return lambda do: asyncio.run(main(do))


Run = Callable[[Callable[[Any], Awaitable[None]]], None]


def test_a_statement_outside_of_a_block_commits(run: Run) -> None:
    async def do(driver: Any) -> None:
        await driver.execute(ADD)
        with refused("22012"):
            await driver.execute("INSERT INTO t SELECT 1 / 0")
        assert await driver.fetchval(COUNT) == 1
        with refused("22012"):
            async with driver.transaction():
                await driver.execute("INSERT INTO t SELECT 1 / 0")
        assert await driver.fetchval(COUNT) == 1
        # Several in one text are one transaction.
        with refused("22012"):
            await driver.execute(f"{ADD}; SELECT 1 / 0")
        assert await driver.fetchval(COUNT) == 1

    run(do)


def test_blocks(run: Run) -> None:
    async def do(driver: Any) -> None:
        async with driver.transaction():
            await driver.execute(ADD)
            async with driver.transaction():
                await driver.execute(ADD)
            with refused("22012"):
                async with driver.transaction():
                    await driver.execute("SELECT 1 / 0")
            outer = driver.transaction(isolation="read_committed")
            await outer.start()
            await driver.execute(ADD)
            await outer.rollback()
        assert await driver.fetchval(COUNT) == 2
        block = driver.transaction()
        with pytest.raises(asyncpg.InterfaceError, match="cannot commit; the transaction is not yet started"):
            await block.commit()
        await block.start()
        with pytest.raises(asyncpg.InterfaceError, match="cannot start; the transaction is already started"):
            await block.start()
        await driver.execute(ADD)
        await block.rollback()
        with pytest.raises(
            asyncpg.InterfaceError, match="cannot rollback; the transaction is already rolled"
        ):
            await block.rollback()
        async with (managed := driver.transaction()):
            with pytest.raises(asyncpg.InterfaceError, match="cannot manually commit from within an"):
                await managed.commit()
        assert await driver.fetchval(COUNT) == 2

    run(do)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"isolation": "serializable"}, "keeps its isolation level"),
        ({"readonly": True}, "stays one that may write"),
        ({"deferrable": True}, "is not deferrable"),
    ],
)
def test_what_cannot_be_set_in_a_transaction_that_has_begun(
    run: Run, given: dict[str, Any], message: str
) -> None:
    async def do(driver: Any) -> None:
        with pytest.raises(asyncpg.InterfaceError, match=message):
            driver.transaction(**given)

    run(do)


def test_each_way_to_execute_a_statement(run: Run) -> None:
    async def do(driver: Any) -> None:
        text = "SELECT set_config($1, $2, true)"
        async with driver.transaction():
            statement = await driver.prepare(text)
            assert statement.get_query() == text
            assert await statement.fetchval("app.a", "1") == "1"
            assert (await statement.fetchrow("app.b", "1"))[0] == "1"
            assert [tuple(row) for row in await statement.fetch("app.c", "1")] == [("1",)]
            await statement.executemany([("app.d", "1")])
            assert await driver.fetchval(text, "app.e", "1") == "1"
            assert (await driver.fetchrow(text, "app.f", "1"))[0] == "1"
            assert len(await driver.fetch(text, "app.g", "1")) == 1
            await driver.executemany(text, iter([("app.h", "1")]))
            await driver.execute(text, "app.i", "1")
            settings = (
                "SELECT current_setting('app.' || n, true) FROM regexp_split_to_table('abcdefghi', '') n"
            )
            assert {row[0] for row in await driver.fetch(settings)} == {"1"}
            async for row in driver.cursor("SELECT 7"):
                assert row[0] == 7
        # They end at the commit.
        assert {row[0] for row in await driver.fetch(settings)} == {""}
        await driver.copy_records_to_table("t", records=[(5,), (6,)])
        async with driver.transaction():
            await driver.execute("DELETE FROM t WHERE a = 5")
        assert await driver.fetchval(COUNT) == 1

    run(do)


def test_afterwards_it_is_an_ordinary_connection(run: Run) -> None:
    async def do(driver: Any) -> None:
        await driver.execute("PREPARE mine AS SELECT 1")
        await driver.perform_async(driver.rolled_back.undo(driver.deallocate, "SELECT 1"))
        assert await driver.fetchval("SELECT count(*) FROM pg_prepared_statements WHERE from_sql") == 0
        async with driver.transaction(isolation="serializable", readonly=True):
            assert await driver.fetchval("SHOW transaction_isolation") == "serializable"
        assert not driver.in_transaction
        driver.leave_autocommit()

    run(do)


def test_a_block_that_outlives_its_test_does_nothing(run: Run) -> None:
    async def do(driver: Any) -> None:
        block = driver.transaction()
        await block.start()
        await driver.execute(ADD)
        await driver.perform_async(driver.rolled_back.undo())
        await driver.perform_async(driver.rolled_back.enter("SELECT 1"))
        await driver.execute(ADD)
        await block.rollback()
        assert await driver.fetchval(COUNT) == 1

    run(do)


def test_a_session_goes_on_in_another_loop(dsn: str) -> None:
    told: list[tuple[int, str]] = []

    async def begin() -> ServerSession:
        connection = await asyncpg.connect(dsn, connection_class=PooledConnection)
        await connection.perform_async(connection.rolled_back.enter())
        await connection.leave()  # not within a test
        assert connection.session is None
        await connection.perform_async(connection.rolled_back.undo())
        await connection.execute("SET TimeZone = 'Asia/Tokyo'")
        await connection.prepare("SELECT 1")
        told.append((connection.get_server_pid(), connection.get_settings().TimeZone))
        await connection.leave()
        left = connection.take_session()
        assert (connection.is_closed(), connection.take_session()) == (True, None)
        assert left is not None
        return left

    async def go_on(left: ServerSession) -> ServerSession:
        connection = await left.connect(dsn, connection_class=PooledConnection)
        told.append((connection.get_server_pid(), connection.get_settings().TimeZone))
        assert await connection.fetchval("SELECT count(*) FROM pg_prepared_statements WHERE name <> ''") <= 1
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(connection.execute("SELECT pg_sleep(60)"), 0.01)
        with pytest.raises(asyncpg.QueryCanceledError):
            await connection.execute("SET LOCAL statement_timeout = 1; SELECT pg_sleep(60)")
        assert await connection.fetchval("SELECT $1::int + 1", 1) == 2
        await connection.leave()
        again = connection.take_session()
        assert again is not None
        return again

    async def other_loop(connection: Any) -> None:
        await connection.leave()
        assert connection.session is None

    left = asyncio.run(begin())
    for _ in range(2):
        left = asyncio.run(go_on(left))
    assert set(told) == {told[0]}
    assert told[0][1] == "Asia/Tokyo"
    left.end()

    async def ended() -> None:
        connection = await asyncpg.connect(dsn, connection_class=PooledConnection)
        while await connection.fetchval("SELECT count(*) FROM pg_stat_activity WHERE pid = $1", told[0][0]):
            await asyncio.sleep(0.01)
        await asyncio.to_thread(asyncio.run, other_loop(connection))
        await connection.close()

    asyncio.run(ended())
    left.end()  # it has ended


def test_an_encrypted_session_is_not_taken() -> None:
    class Transport:
        def get_extra_info(self, name: str) -> object:
            return object()

    class Connection:
        _transport = Transport()
        _protocol = None

    assert ServerSession.left_by(Connection()) is None


def test_a_session_that_the_server_has_ended(dsn: str) -> None:
    async def begin() -> ServerSession:
        connection = await asyncpg.connect(dsn, connection_class=PooledConnection)
        await connection.leave()
        left = connection.take_session()
        assert left is not None
        other = await asyncpg.connect(dsn)
        await other.execute("SELECT pg_terminate_backend($1)", process(left))
        await other.close()
        return left

    def process(left: ServerSession) -> int:
        # BackendKeyData comes before the last message, ReadyForQuery of six bytes.
        return int.from_bytes(left.greeting[-14:-10], "big")

    async def go_on(left: ServerSession) -> None:
        connection = await left.connect(dsn, connection_class=PooledConnection)
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)) as caught:
            await connection.execute("SELECT 1")
        assert connection_ended(caught.value)
        await connection.close()

    asyncio.run(go_on(asyncio.run(begin())))
