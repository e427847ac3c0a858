"""Databases on a server: created, cloned and dropped. What is in them is others' business."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from typing import Any

import psycopg2
from psycopg2 import sql
from sqlalchemy import URL

from pytest_supaseed import clock
from pytest_supaseed.errors import NoRoomError, ServerError
from pytest_supaseed.libpq import Environment
from pytest_supaseed.postgres.databases.diagnosis import at_fault, told
from pytest_supaseed.postgres.databases.maintenance import (
    MARK,
    SHARED_PREFIX,
    Maintenance,
    new_session,
)
from pytest_supaseed.postgres.server.proof import Proof
from pytest_supaseed.postgres.server.space import DATABASE_BYTES, Place, Room, is_shortage

_STRATEGY_SINCE = 15


# Of databases for which there is no room in memory.
OVERFLOW = "supaseed_overflow"


_PATIENCE_SECONDS = 0.1


_POLL_SECONDS = 0.0005


# What is below the view pg_stat_activity, whose joins take longer than all the rest of it.
_CONNECTED = """
SELECT pid, application_name, query FROM pg_stat_get_activity(NULL)
WHERE datid = (SELECT oid FROM pg_database WHERE datname = %s) AND backend_type = 'client backend'
"""


class Databases:
    """The databases that a session makes on a server.

    Several processes may do so at once. What they agree upon is told by PostgreSQL: by comments on the databases,
    and by advisory locks in the maintenance database.

    Args:
        maintenance: URL of a database to connect to; nothing is written to it.
        prefix: what the names of this session's databases begin with; None for one of its own on a server that
            somebody else runs, where they are marked as ours.
        shared_prefix: what the names of databases begin with that sessions share.
        environment: which parameters of connections libpq's environment may give, where somebody else runs the server.
        proof: what proves that the server is ours; None where somebody else runs it.
        revive: starts the server where it has ended, as :class:`Maintenance` has it.
        room: what may be taken of memory and disk; None where somebody else runs the server.
        name: what the connections for it are called; None for that by which others know the session.

    Attributes:
        maintenance: the connection with which that is done.
        prefix: what the names of this session's databases begin with.
        shared_prefix: what the names of databases begin with that sessions share.
        foreign: whether somebody else runs the server.
        environment: which parameters of connections to the server libpq's environment may give.
        relief: what gives up a database of this session that is not needed just now, where there is no room; each
            returns whether there was one.

    Raises:
        ServerError: there is no server, it is too old, or it is not ours.
    """

    def __init__(
        self,
        maintenance: URL,
        prefix: str | None = None,
        shared_prefix: str = SHARED_PREFIX,
        environment: Environment = Environment.ALL,
        proof: Proof | None = None,
        revive: Callable[[], float] | None = None,
        room: Room | None = None,
        name: str | None = None,
    ) -> None:
        self.foreign = prefix is None
        self.environment = environment if self.foreign else Environment.NONE
        self.prefix = prefix or new_session()
        # Whoever finds our databases can tell by it whether we are still there.
        name = name or MARK + self.prefix
        self.maintenance = Maintenance(maintenance, name, self.environment, proof, revive)
        self.shared_prefix = shared_prefix
        self._numbers = itertools.count(1)
        # Where nothing is synced to a disk, copying files takes 5.6 ms and WAL_LOG 17; where it is, 32 and 15. With
        # PostgreSQL 18's file_copy_method=clone it is 5.1 and 5.5, where both can be had.
        synced = self.maintenance.query("SHOW fsync") == [("on",)]
        self._strategy = "WAL_LOG" if synced else "FILE_COPY"
        self._created: dict[str, None] = {}
        self.room = room
        self.relief: list[Callable[[], bool]] = []
        self._sizes: dict[str, int] = {}
        self._has_overflow = False

    def url(self, name: str) -> URL:
        """Return the URL of a database.

        Args:
            name: of the database.
        """
        return self.maintenance.url.set(database=name)

    def exists(self, name: str) -> bool:
        """Whether the server has a database.

        Args:
            name: of the database.
        """
        return bool(self.maintenance.query("SELECT FROM pg_database WHERE datname = %s", name))

    def new_name(self, last: str | None = None) -> str:
        """Return the name of a database that is about to be made, and count it as ours.

        Args:
            last: how it ends; None for the next number.
        """
        name = f"{self.prefix}_{last or next(self._numbers)}"
        self._created[name] = None
        return name

    def create(self, template: str | None = None, last: str | None = None, *, lasting: bool = False) -> str:
        """Create a database.

        Args:
            template: the database to copy, which nobody may be connected to; None for an empty one.
            last: how its name ends; None for the next number.
            lasting: whether it becomes a template.

        Returns:
            Its name.

        Raises:
            ServerError: PostgreSQL refuses.
            NoRoomError: there is no room for it.
        """
        name = self.new_name(last)
        if template is not None:
            self.await_nobody(template)
        try:
            self._create(name, template, lasting)
        except psycopg2.Error as error:
            del self._created[name]
            raise self.refusal(name, template, error) from error
        except NoRoomError:
            del self._created[name]
            raise
        if self.foreign:
            self.mark(name)
        return name

    def _create(self, name: str, template: str | None, lasting: bool) -> None:
        while True:
            try:
                query = self.create_query(name, template, lasting=lasting)
                self.maintenance.query(query, done=lambda: self.exists(name))
            except (psycopg2.Error, NoRoomError) as error:
                # With less for the tests that follow, there may be enough for this one.
                if not is_shortage(error) or not self._give_up_one():
                    raise
            else:
                return

    def _give_up_one(self) -> bool:
        """Drop a database of this session that is not needed just now; return whether there was one."""
        return self.room is not None and self.room.allows_drops() and any(each() for each in self.relief)

    def create_query(self, name: str, template: str | None, *, lasting: bool = False) -> sql.Composable:
        """Return the statement that creates a database.

        Args:
            name: of the new one.
            template: the database to copy; None for an empty one.
            lasting: whether it becomes a template.

        Raises:
            NoRoomError: there is no room for it.
        """
        query = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template is not None:
            query += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
            if self.maintenance.major >= _STRATEGY_SINCE:
                query += sql.SQL(" STRATEGY {}").format(sql.SQL(self._strategy))
        if self.room is None:
            return query
        place = self.room.place(self._size_of(template), lasting=lasting)
        if place is Place.NOWHERE:
            raise self.room.refusal(f"The database {name} could not be created")
        if place is Place.OVERFLOW:
            query += sql.SQL(" TABLESPACE {}").format(sql.Identifier(self._overflow(self.room)))
        return query

    def _size_of(self, template: str | None) -> int:
        """The bytes of a database that is only copied, or is about to be."""
        if template is None:
            return DATABASE_BYTES
        if template not in self._sizes:
            [(self._sizes[template],)] = self.maintenance.query("SELECT pg_database_size(%s)", template)
        return self._sizes[template]

    def _overflow(self, room: Room) -> str:
        """The tablespace for what has no room in memory; whichever process needs it first creates it."""
        if not self._has_overflow:
            with self.maintenance.locked(OVERFLOW):
                if not self.maintenance.query("SELECT FROM pg_tablespace WHERE spcname = %s", OVERFLOW):
                    self.maintenance.query(
                        sql.SQL("CREATE TABLESPACE {} LOCATION {}").format(
                            sql.Identifier(OVERFLOW), sql.Literal(room.overflow)
                        )
                    )
            self._has_overflow = True
        return OVERFLOW

    def drop_query(self, name: str) -> sql.Composable:
        """Return the statement that drops a database, whoever is connected to it.

        Args:
            name: of the database.
        """
        return sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))

    def refusal(self, name: str, template: str | None, error: psycopg2.Error) -> ServerError:
        """Word why a database could not be created.

        Args:
            name: of the database.
            template: the database to copy; None for an empty one.
            error: PostgreSQL's.
        """
        variables = told(at_fault(self.maintenance.parameters(), self.environment, self.trial(template)))
        if variables:
            return ServerError(f"The database {name} could not be created: {str(error).strip()}\n{variables}")
        if isinstance(error, psycopg2.errors.InsufficientPrivilege):
            user = self.maintenance.url.username
            return ServerError(
                f"The role {user!r} may not create databases on this server, and each test's rows live in one: "
                f'ALTER ROLE "{user}" CREATEDB, or choose another role in the URL.'
            )
        if self.room is not None and is_shortage(error):
            return self.room.refusal(f"The database {name} could not be created ({str(error).strip()})")
        return ServerError(f"The database {name} could not be created: {str(error).strip()}")

    def trial(self, template: str | None = None) -> Callable[[Any], None]:
        """Return what creates a database on a connection, only to see whether it can, and drops it again.

        Args:
            template: the database to copy; None for an empty one.
        """

        def create(connection: Any) -> None:
            name = self.new_name()
            with connection.cursor() as cursor:
                try:
                    cursor.execute(self.create_query(name, template))
                except psycopg2.Error:
                    self.forget(name)
                    raise
                cursor.execute("SET statement_timeout = 0")
                cursor.execute(self.drop_query(name))
            self.forget(name)

        return create

    def mark(self, name: str, notes: Mapping[str, Any] | None = None) -> None:
        """Mark a database as ours.

        Args:
            name: of the database.
            notes: what others have to know of it; None where it is for this session alone.
        """
        self.maintenance.query(self.mark_query(name, notes))

    def mark_query(self, name: str, notes: Mapping[str, Any] | None = None) -> sql.Composable:
        """Return the statement that marks a database as ours.

        Args:
            name: of the database.
            notes: what others have to know of it; None where it is for this session alone.
        """
        text = MARK + json.dumps({"session": self.prefix, "notes": notes})
        return sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(text))

    def drop(self, name: str) -> None:
        """Drop a database that :meth:`create` made, whoever is connected to it.

        Args:
            name: of the database; one that is not there is as good as dropped.

        Raises:
            ServerError: it is not one of ours, or PostgreSQL refuses.
        """
        self.check_created(name)
        self.await_nobody(name)
        self.drop_marked(name)
        del self._created[name]

    def check_created(self, name: str) -> None:
        """Make sure that a database may be dropped.

        Args:
            name: of the database.

        Raises:
            ServerError: it is not one that this session created.
        """
        if name not in self._created:
            raise ServerError(f"The database {name} is not one that this session created, and stays.")

    def drop_marked(self, name: str) -> None:
        """Drop a database of ours that no process uses any more.

        Args:
            name: of the database.

        Raises:
            ServerError: PostgreSQL refuses.
        """
        try:
            self.maintenance.query(self.drop_query(name))
        except psycopg2.Error as error:
            raise ServerError(f"The database {name} could not be dropped: {str(error).strip()}") from error

    def forget(self, name: str) -> None:
        """Count a database as dropped.

        Args:
            name: of a database that :meth:`new_name` named.
        """
        self._created.pop(name, None)

    def connected(self, name: str) -> list[tuple[Any, ...]]:
        """Return who is connected to a database: process id, application, and last statement.

        Args:
            name: of the database.
        """
        return self.maintenance.query(_CONNECTED, name)

    def await_nobody(self, name: str) -> None:
        """Wait a little for connections that have just been closed: PostgreSQL itself looks again after 100 ms.

        Args:
            name: of the database.
        """
        until = clock.monotonic() + _PATIENCE_SECONDS
        while self.maintenance.query("SELECT FROM pg_stat_activity WHERE datname = %s LIMIT 1", name):
            if clock.monotonic() > until:
                return
            clock.sleep(_POLL_SECONDS)

    def drop_all(self) -> None:
        """Drop what is left of the databases that this session made."""
        for name in reversed(tuple(self._created)):
            self.drop(name)

    def close(self) -> None:
        """End the connection to the server."""
        self.maintenance.close()
