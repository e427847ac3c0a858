"""Engines whose connections are rolled back after each test, by driver.

Each function makes the engine of a :class:`~.isolation.Channel`: its connections are of a class that imitates commits
(:class:`~.transaction.RolledBackConnection`), and the channel is told of each.
"""

from __future__ import annotations

from collections.abc import Mapping
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

    return connecting.engine(
        address.url, address.environment, connect_args={"connection_factory": connect}, **options
    )
