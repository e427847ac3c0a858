"""Connections of psycopg 3 without SQLAlchemy, on a shared database: :class:`PlainEngine`.

A :class:`~.isolation.Channel` works on an engine of SQLAlchemy. For tests that use psycopg itself this engine takes its
place, so that no dialect changes what psycopg adapts. Each test gets a new object for the same connection to the
server: its row factory, cursor class and adapters are as psycopg makes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from sqlalchemy.util import await_only

from pytest_supaseed import connecting
from pytest_supaseed.postgres.databases.drivers import Adopting
from pytest_supaseed.postgres.databases.psycopg_connection import AsyncTestConnection, TestConnection

_ADVICE = (
    "let the test ask for seeded_db as well, and the connection is one to a database of the test's own, where "
    "transactions are real"
)


class PlainConnection:
    """What a channel needs of a connection of SQLAlchemy.

    Attributes:
        driver: psycopg's connection.
        closed: whether it was given back.
    """

    def __init__(self, driver: Any) -> None:
        self.driver = driver
        self.closed = False

    def close(self) -> None:
        """Give the connection back."""
        self.closed = True

    def invalidate(self) -> None:
        """Close psycopg's connection."""
        self.driver.drop()

    def in_transaction(self) -> bool:
        """Return True: psycopg tells itself whether a statement was executed."""
        return True

    def commit(self) -> None:
        """Commit as the test sees it."""
        self.driver.perform(self.driver.rolled_back.commit())

    def rollback(self) -> None:
        """Roll back to the test's last commit."""
        self.driver.perform(self.driver.rolled_back.rollback())

    def get_nested_transaction(self) -> None:
        """Return None: savepoints are psycopg's."""


class PlainEngine:
    """What a channel needs of an engine of SQLAlchemy, for psycopg 3.

    Args:
        channel: is told of each connection.
        address: of the database.
        awaited: whether the connections are async; then the engine is used within a greenlet of SQLAlchemy.
    """

    def __init__(self, channel: Adopting, address: connecting.Address, *, awaited: bool) -> None:
        self.dialect = SimpleNamespace(is_async=awaited)
        self._channel = channel
        self._address = address
        self._driver: Any = None

    def connect(self) -> PlainConnection:
        """Return the connection, which is opened where there is none."""
        if self._driver is None or self._driver.ended:
            self._channel.opening()
            self._adopt(self._opened())
        return PlainConnection(self._driver)

    def _adopt(self, driver: Any) -> None:
        self._driver = driver
        driver.rolled_back.advice = _ADVICE
        driver.perform(self._channel.adopt(driver))

    def _opened(self) -> Any:
        environment = self._address.environment
        parameters = connecting.psycopg_parameters(self._address.url, environment)
        with connecting.absent(environment):
            if self.dialect.is_async:
                return await_only(AsyncTestConnection.connect(**parameters))
            return TestConnection.connect(**parameters)

    def renew(self) -> None:
        """Make a new object for the connection, and close that of the last test."""
        if self._driver is not None and not self._driver.ended:
            self._adopt(self._driver.renewed())

    def dispose(self, close: bool = True) -> None:
        """Close the connection.

        Args:
            close: whether it is not closed yet.
        """
        if close and self._driver is not None:
            self._driver.drop()
        self._driver = None


def psycopg_engine(channel: Adopting, address: connecting.Address, options: Mapping[str, Any]) -> PlainEngine:
    """Make the engine of a channel for psycopg's connections."""
    return PlainEngine(channel, address, awaited=False)


def async_psycopg_engine(
    channel: Adopting, address: connecting.Address, options: Mapping[str, Any]
) -> PlainEngine:
    """Make the engine of a channel for psycopg's async connections."""
    return PlainEngine(channel, address, awaited=True)
