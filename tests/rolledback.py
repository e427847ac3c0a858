"""Rolled-back connections of every driver, used in the same way by the tests of what holds for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import asyncpg
import psycopg2
import pytest
from sqlalchemy import URL

from pytest_supaseed.postgres.databases import asyncpg_connection, psycopg_connection
from pytest_supaseed.postgres.databases.driver_errors import sqlstate
from pytest_supaseed.postgres.databases.effects import Effects
from pytest_supaseed.postgres.databases.maintenance import libpq_url
from pytest_supaseed.postgres.databases.psycopg2_connection import TestConnection
from pytest_supaseed.postgres.databases.transaction import RolledBackTransaction

SCHEMA = """
CREATE TABLE t (a int);
CREATE TABLE pairs (id int PRIMARY KEY);
CREATE TABLE children (parent int REFERENCES pairs DEFERRABLE INITIALLY DEFERRED);
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE FUNCTION sign_in(who int) RETURNS text LANGUAGE sql AS $$ SELECT set_config('app.who', who::text, true) $$;
"""
ADD = "INSERT INTO t VALUES (1)"
COUNT = "SELECT count(*) FROM t"
# What the functions of the schema do, and what their setting is outside of a transaction.
SIGN_IN = Effects(local=frozenset(["app.who"]))


def loaded(url: URL) -> str:
    """Load the schema into a database, and return the database's connection string."""
    dsn = libpq_url(url)
    with closing(psycopg2.connect(dsn)) as connection:
        connection.cursor().execute(SCHEMA)
        connection.commit()
    return dsn


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


class PsycopgDriven(Driven):
    """A connection of psycopg 3."""

    def connect(self, dsn: str) -> Any:
        return psycopg_connection.TestConnection.connect(dsn)


class AsyncDriven(Driven):
    """An async connection of psycopg 3, awaited in a loop of its own."""

    def __init__(self, dsn: str) -> None:
        self.loop = asyncio.new_event_loop()
        super().__init__(dsn)

    def wait(self, awaitable: Any) -> Any:
        return self.loop.run_until_complete(awaitable)

    def connect(self, dsn: str) -> Any:
        return self.wait(psycopg_connection.AsyncTestConnection.connect(dsn))

    def run(self, *statements: Any) -> Any:
        async def execute() -> Any:
            async with self.connection.cursor() as cursor:
                for statement in statements:
                    await cursor.execute(statement)
                return await cursor.fetchall() if cursor.description else None

        return self.wait(execute())

    def commit(self) -> None:
        self.wait(self.connection.commit())

    def rollback(self) -> None:
        self.wait(self.connection.rollback())

    def close(self) -> None:
        if self.loop.is_closed():
            return
        self.wait(self.connection.close())
        if self.connection.ended:
            self.loop.close()

    def perform(self, operation: Any) -> Any:
        return self.wait(self.connection.perform_async(operation))


class AsyncpgDriven(AsyncDriven):
    """A connection of asyncpg, whose statements run in a transaction, as SQLAlchemy has them."""

    block: Any = None

    def connect(self, dsn: str) -> Any:
        return self.wait(asyncpg.connect(dsn, connection_class=asyncpg_connection.TestConnection))

    def run(self, *statements: Any) -> Any:
        async def execute() -> Any:
            if self.block is None:
                self.block = self.connection.transaction()
                await self.block.start()
            for statement in statements[:-1]:
                await self.connection.execute(statement)
            return [tuple(row) for row in await self.connection.fetch(statements[-1])]

        return self.wait(execute())

    def commit(self) -> None:
        self.end("commit")

    def rollback(self) -> None:
        self.end("rollback")

    def end(self, how: str) -> None:
        if self.block is None:
            if how == "rollback" and not self.state.inside:
                return
            self.block = self.connection.transaction()
            self.wait(self.block.start())
        block, self.block = self.block, None
        self.wait(getattr(block, how)())

    def undo(self, *script: str) -> Any:
        self.block = None
        return super().undo(*script)

    @property
    def process(self) -> int:
        return int(self.connection.get_server_pid())


DRIVERS: dict[str, type[Driven]] = {
    "psycopg2": Driven,
    "psycopg": PsycopgDriven,
    "async psycopg": AsyncDriven,
    "asyncpg": AsyncpgDriven,
}


@contextmanager
def refused(code: str) -> Iterator[None]:
    """The server refuses a statement of the block with an SQLSTATE."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 each driver has its own
        yield
    assert sqlstate(caught.value) == code
