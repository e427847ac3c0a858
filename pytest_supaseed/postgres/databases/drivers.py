"""Engines whose connections are rolled back after each test, by driver.

Each function makes the engine of a :class:`~.isolation.Channel`: its connections are of a class that imitates commits
(:class:`~.transaction.RolledBackConnection`), and the channel is told of each.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from sqlalchemy import Engine

from pytest_supaseed import connecting
from pytest_supaseed.postgres.databases.psycopg2_connection import TestConnection
from pytest_supaseed.postgres.databases.transaction import Operation, RolledBackConnection


class Adopting(Protocol):
    """What is told of the driver connections of an engine: a :class:`~.isolation.Channel`."""

    def opening(self) -> None:
        """Count a connection that is about to be opened."""

    def adopt(self, driver: RolledBackConnection) -> Operation[None]:
        """Take a connection that was opened, and return what it has to run first."""


def psycopg2_engine(channel: Adopting, address: connecting.Address, options: Mapping[str, Any]) -> Engine:
    """Make an engine of psycopg2."""

    def connect(*args: Any, **kwargs: Any) -> TestConnection:
        channel.opening()
        driver = TestConnection(*args, **kwargs)
        driver.perform(channel.adopt(driver))
        return driver

    url = connecting.DatabaseURL.of(address.url, "psycopg2")
    return connecting.engine(
        url, address.environment, connect_args={"connection_factory": connect}, **options
    )


def psycopg_engine(channel: Adopting, address: connecting.Address, options: Mapping[str, Any]) -> Engine:
    """Make an engine of psycopg 3."""
    from pytest_supaseed.postgres.databases import psycopg_connection

    def connect(*args: Any, **kwargs: Any) -> psycopg_connection.TestConnection:
        channel.opening()
        driver = psycopg_connection.TestConnection.connect(*args, **kwargs)
        driver.perform(channel.adopt(driver))
        return driver

    url = connecting.DatabaseURL.of(address.url, "psycopg")
    return connecting.engine(url, address.environment, connect=connect, **options)


# The makers of engines, by the names of drivers.
ENGINES: Mapping[str, Callable[[Adopting, connecting.Address, Mapping[str, Any]], Engine]] = {
    "psycopg2": psycopg2_engine,
    "psycopg": psycopg_engine,
}


def async_creator(driver: str, channel: Adopting, session: Any = None) -> Callable[..., Awaitable[Any]]:
    """Return the coroutine function that opens the connections of an async engine.

    It is for the argument ``async_creator`` of :func:`sqlalchemy.ext.asyncio.create_async_engine`, or for
    ``async_creator_fn`` of the dialect's ``connect()``, from which it gets the driver's arguments.

    Args:
        driver: asyncpg or psycopg.
        channel: is told of each connection.
        session: that the connection has, as :class:`~.asyncpg_connection.ServerSession` is; None for a new one.
    """

    async def opened(*args: Any, **kwargs: Any) -> Any:
        if driver == "asyncpg":
            import asyncpg

            from pytest_supaseed.postgres.databases.asyncpg_connection import PooledConnection

            connect = asyncpg.connect if session is None else session.connect
            return await connect(*args, connection_class=PooledConnection, **kwargs)
        from pytest_supaseed.postgres.databases.psycopg_connection import PooledAsyncConnection

        return await PooledAsyncConnection.connect(*args, **kwargs)

    async def create(*args: Any, **kwargs: Any) -> Any:
        if session is None:
            channel.opening()
        connection = await opened(*args, **kwargs)
        await connection.perform_async(channel.adopt(connection))
        return connection

    return create
