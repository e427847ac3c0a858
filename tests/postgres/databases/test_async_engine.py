"""Async engines whose connections end with their loops."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncSession

import async_modules  # noqa: F401 see there
from pytest_supaseed.errors import SeedError
from pytest_supaseed.libpq import Environment
from pytest_supaseed.postgres.databases.async_engine import AsyncAccess, async_engine

PROCESS = text("SELECT pg_backend_pid()")
SLEEP = text("SELECT pg_sleep(60)")


DRIVERS = ("asyncpg", "psycopg")


@pytest.fixture(params=DRIVERS)
def access(server_url: URL, request: pytest.FixtureRequest) -> Iterator[AsyncAccess]:
    made = AsyncAccess(async_engine(server_url, request.param, Environment.NONE, SeedError))
    made.pool.closing.append(made.close_in)
    yield made
    made.pool.finish()


def test_connections_are_used_again_in_their_loop_only(access: AsyncAccess) -> None:
    async def process() -> int:
        async with access.engine.connect() as connection:
            return int(await connection.scalar(PROCESS))

    async def twice() -> list[int]:
        return [await process(), await process()]

    first, second = asyncio.run(twice()), asyncio.run(twice())
    assert first[0] == first[1]
    assert second[0] == second[1] != first[0]
    assert access.pool.status() == "LoopPool: 0 idle, 0 in use"


@pytest.mark.parametrize("driver", DRIVERS)
def test_the_options_of_a_server_hold_with_every_driver(server_url: URL, driver: str) -> None:
    url = server_url.update_query_dict({"options": "-c work_mem=7MB -c geqo=off"})
    access = AsyncAccess(async_engine(url, driver, Environment.NONE, SeedError))

    async def main() -> tuple[str, str]:
        async with access.engine.connect() as connection:
            found = await connection.execute(
                text("SELECT current_setting('work_mem'), current_setting('geqo')")
            )
            row = found.one()
        await access.engine.dispose()
        return row[0], row[1]

    assert asyncio.run(main()) == ("7MB", "off")


def test_the_engine_can_be_disposed_of_and_used_again(access: AsyncAccess) -> None:
    async def main() -> None:
        async with access.engine.connect() as connection:
            process = await connection.scalar(PROCESS)
        await access.engine.dispose()
        async with access.engine.connect() as connection:
            assert await connection.scalar(PROCESS) != process

    asyncio.run(main())


def test_nothing_is_connected_before_the_first_statement(access: AsyncAccess) -> None:
    session, connection = access.session(), access.connection
    assert not access.pool.used
    assert access.use is None

    async def main() -> None:
        assert await session.scalar(PROCESS) == await connection.scalar(PROCESS)
        async with connection as same:
            assert same is connection
        assert connection.closed

    asyncio.run(main())
    assert access.pool.used


def test_a_session_and_its_connection_end_with_the_loop(access: AsyncAccess) -> None:
    session = access.session()
    asyncio.run(session.scalar(PROCESS))
    assert access.connection.closed
    assert access.pool.left == []


def test_what_is_left_in_use_is_named_and_closed(access: AsyncAccess) -> None:
    held = []

    async def main() -> None:
        held.append(await access.engine.connect())
        await held[0].scalar(PROCESS)

    asyncio.run(main())
    assert access.pool.left == ["SELECT pg_backend_pid()"]


def test_two_tasks_on_one_connection_are_refused(access: AsyncAccess) -> None:
    async def main() -> None:
        await access.connection.scalar(PROCESS)
        running = asyncio.create_task(access.connection.execute(SLEEP))
        while access.use is None or access.use.task is not running:
            await asyncio.sleep(0)
        with pytest.raises(
            SeedError, match=r"^two tasks use one connection at once, Task-\d+ \(.*\) and Task-"
        ):
            await access.connection.execute(PROCESS)
        assert not running.done()

    asyncio.run(main())


def test_another_loop_is_refused_where_the_driver_cannot_work_in_it(access: AsyncAccess) -> None:
    loop = asyncio.new_event_loop()
    loop.run_until_complete(access.connection.scalar(PROCESS))
    if access.engine.dialect.driver == "psycopg":
        assert asyncio.run(access.connection.scalar(PROCESS))
    else:
        for use in (access.connection.scalar(PROCESS), access.connection.rollback()):
            with pytest.raises(
                SeedError, match=r"^a connection of asyncpg was opened in .* in another event loop"
            ):
                asyncio.run(use)
    access.pool.finish()
    loop.close()


def test_without_a_loop_of_asyncio_it_is_said(access: AsyncAccess) -> None:
    with pytest.raises(SeedError, match=r"^no event loop of asyncio is running here"):
        access.engine.sync_engine.connect()


def test_sessions_of_one_engine_work_at_once(access: AsyncAccess) -> None:
    async def process() -> int:
        async with AsyncSession(access.engine) as session:
            return int(await session.scalar(PROCESS) or 0)

    async def main() -> list[int]:
        return await asyncio.gather(process(), process(), process())

    assert len(set(asyncio.run(main()))) == 3
