"""Rolled-back connections of every driver, used in the same way by the tests of what holds for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest

from pytest_supaseed.postgres.databases.psycopg2_connection import TestConnection
from pytest_supaseed.postgres.databases.transaction import RolledBackTransaction, sqlstate


class Driven:
    """A connection of psycopg2, and the base of those of other drivers."""

    def __init__(self, dsn: str) -> None:
        self.connection: Any = self.connect(dsn)

    def connect(self, dsn: str) -> Any:
        return psycopg2.connect(dsn, connection_factory=TestConnection)

    @property
    def state(self) -> RolledBackTransaction:
        return self.connection.rolled_back  # type: ignore[no-any-return] # of any driver

    def run(self, *statements: Any) -> Any:
        """The rows of the last statement."""
        with self.connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else None

    def one(self, statement: Any) -> Any:
        [[value]] = self.run(statement)
        return value

    def setting(self, name: str) -> str | None:
        return self.one(f"SELECT current_setting('{name}', true)")  # type: ignore[no-any-return]

    def commit(self) -> None:
        self.connection.commit()

    def rollback(self) -> None:
        self.connection.rollback()

    def close(self) -> None:
        self.connection.close()

    def perform(self, operation: Any) -> Any:
        return self.connection.perform(operation)

    def enter(self, *script: str) -> Any:
        return self.perform(self.state.enter(*script))

    def undo(self, *script: str) -> Any:
        return self.perform(self.state.undo(*script))

    def ask(self, *script: str) -> Any:
        return self.perform(self.state.ask(*script))

    @property
    def process(self) -> int:
        return int(self.connection.info.backend_pid)


DRIVERS: dict[str, type[Driven]] = {"psycopg2": Driven}


@contextmanager
def refused(code: str) -> Iterator[None]:
    """The server refuses a statement of the block with an SQLSTATE."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 each driver has its own
        yield
    assert sqlstate(caught.value) == code
