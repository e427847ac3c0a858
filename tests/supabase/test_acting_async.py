"""Role and claims of a request on async connections."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from typing import Any

import psycopg2
import pytest
from sqlalchemy import URL, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from test_acting_requests import ANN, ROLE, SCHEMA

from pytest_supaseed import acting_as, acting_as_anon, acting_as_service_role
from pytest_supaseed.errors import SeedError
from pytest_supaseed.postgres.databases.maintenance import libpq_url


@pytest.fixture(scope="module")
def users_url(create_database: Callable[[], URL]) -> URL:
    url = create_database()
    with closing(psycopg2.connect(libpq_url(url))) as connection:
        connection.cursor().execute(SCHEMA)
        connection.commit()
    return url


@pytest.fixture(params=["asyncpg", "psycopg"])
def url(users_url: URL, request: pytest.FixtureRequest) -> URL:
    return users_url.set(drivername=f"postgresql+{request.param}")


@asynccontextmanager
async def opened(url: URL) -> AsyncIterator[tuple[AsyncEngine, AsyncConnection]]:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            yield engine, connection
    finally:
        async with engine.begin() as connection:
            await connection.execute(text("TRUNCATE notes"))
        await engine.dispose()


async def setting(place: AsyncConnection | AsyncSession, name: str) -> Any:
    return await place.scalar(text(f"SELECT current_setting('{name}', true)"))


async def role(place: AsyncConnection | AsyncSession) -> Any:
    return await setting(place, "role")


async def claims(place: AsyncConnection | AsyncSession) -> Any:
    return json.loads(await setting(place, "request.jwt.claims") or "null")


ADD = text("INSERT INTO notes VALUES (1)")


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_role_and_claims_are_set_in_each_transaction(url: URL, end: str) -> None:
    async def test() -> None:
        async with opened(url) as (_, connection):
            async with acting_as(connection, ANN, aal="aal2") as acting:
                assert acting is connection
                for _ in range(2):
                    await connection.execute(ADD)
                    await getattr(connection, end)()
                    assert await role(connection) == ROLE
                found = await claims(connection)
                assert (found["sub"], found["aal"]) == (str(ANN), "aal2")
                assert (found["app_metadata"], found["user_metadata"]) == ({"admin": True}, {"name": "Ann"})
            assert await role(connection) == "none"
            await connection.commit()
            assert await role(connection) == "none"
            count = await connection.scalar(text("SELECT count(*) FROM notes"))
            assert count == (2 if end == "commit" else 0)

    asyncio.run(test())


@pytest.mark.parametrize("commits", [False, True])
def test_after_an_error_what_came_before_the_block_stays(url: URL, commits: bool) -> None:
    async def test() -> None:
        async with opened(url) as (_, connection):
            await connection.execute(ADD)
            async with acting_as(connection, ANN):
                if commits:
                    await connection.commit()
                await connection.execute(ADD)
                with pytest.raises(DBAPIError):
                    await connection.execute(text("SELECT 1 / 0"))
                with pytest.raises(DBAPIError, match="current transaction is aborted"):
                    await role(connection)
            assert await role(connection) == "none"
            assert await connection.scalar(text("SELECT count(*) FROM notes")) == 1
            await connection.rollback()

    asyncio.run(test())


def test_sessions_and_engines_act(url: URL) -> None:
    async def test() -> None:
        async with opened(url) as (engine, _):
            async with AsyncSession(engine) as session:
                async with acting_as(session, ANN) as acting:
                    assert acting is session
                    await session.commit()
                    assert await role(session) == ROLE
                await session.commit()
                assert await role(session) == "none"
            async with acting_as(engine, ANN) as acting:
                assert isinstance(acting, AsyncConnection)
                assert await role(acting) == ROLE
            assert acting.closed
            async with engine.connect() as connection:
                assert await setting(connection, "request.jwt.claims") is None

    asyncio.run(test())


def test_what_cannot_act_is_told(url: URL, users_url: URL) -> None:
    async def test() -> None:
        async with opened(url) as (engine, connection):
            with pytest.raises(
                SeedError, match="AsyncConnection, is async: write async with in place of with"
            ):
                acting_as(connection, ANN).__enter__()
            with pytest.raises(SeedError, match="is not async: write with in place of async with"):
                await acting_as(create_engine(users_url), ANN).__aenter__()
            with pytest.raises(SeedError, match="The connection is not open: await its start"):
                await acting_as(engine.connect(), ANN).__aenter__()
            for context in (acting_as_anon, acting_as_service_role):
                with pytest.raises(SeedError, match=r"^The role '\w+' cannot be acted as: .*does not exist"):
                    async with context(connection):
                        pass
                with pytest.raises(SeedError, match="cannot be acted as"):
                    await context(engine).__aenter__()
            assert await role(connection) == "none"
            # No other connection is left open than the one of this test.
            assert engine.pool.checkedout() == 1  # type: ignore[attr-defined] # of a pool that counts them

    asyncio.run(test())
