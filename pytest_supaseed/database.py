"""Databases on a server: created, cloned and dropped. What is in them is others' business."""

from __future__ import annotations

import secrets
import time

import psycopg2
from psycopg2 import sql
from sqlalchemy import URL

from pytest_supaseed.errors import ServerError
from pytest_supaseed.server.binaries import OLDEST_MAJOR

DRIVER = "postgresql+psycopg2"
_STRATEGY_SINCE = 15
_PATIENCE_SECONDS = 0.1
_POLL_SECONDS = 0.0005
_END_CONNECTIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"


def server_url(
    host: str, port: int | str, user: str, password: str | None, options: str, database: str
) -> URL:
    """Return the URL of a database on a server.

    Args:
        host: a name, an address, or the folder of a Unix socket.
        port: the port.
        user: the role.
        password: of the role; None or empty for none.
        options: libpq's ``options``; empty for none.
        database: the database.

    Example:
        >>> str(server_url("/run/pg", 5432, "me", None, "", "tests"))
        'postgresql+psycopg2://me@/tests?host=%2Frun%2Fpg&port=5432'
    """
    query = {"options": options} if options else {}
    socket = host.startswith(("/", "@"))
    return URL.create(
        DRIVER,
        username=user,
        password=password or None,
        host=None if socket else host,
        port=None if socket else int(port),
        database=database,
        query={**query, "host": host, "port": str(port)} if socket else query,
    )


def libpq_url(url: URL) -> str:
    """Return a URL as libpq, psql and other drivers read it, with its password.

    Args:
        url: SQLAlchemy's.
    """
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


class Databases:
    """The databases that a session makes on a server.

    Args:
        maintenance: URL of a database to connect to; nothing is written to it.
        prefix: what the names of new databases begin with; None for one of our own.

    Attributes:
        version: PostgreSQL's version, such as ``"18.6"``.

    Raises:
        ServerError: there is no server, or it is too old.
    """

    def __init__(self, maintenance: URL, prefix: str | None = None) -> None:
        self._maintenance = maintenance.set(drivername=DRIVER)
        self.prefix = prefix or f"supaseed_{secrets.token_hex(4)}"
        self._created: list[str] = []
        parameters = dict(self._maintenance.get_dialect()().create_connect_args(self._maintenance)[1])
        try:
            self._connection = psycopg2.connect(**parameters)
        except psycopg2.Error as error:
            raise ServerError(
                f"{maintenance.set(drivername='postgresql').render_as_string()} cannot be connected to: "
                f"{str(error).strip()}\nStart that server, correct the URL, or leave out supaseed_postgres, and a "
                "throwaway server is started."
            ) from error
        self._connection.autocommit = True
        number = self._connection.info.server_version
        self._major = number // 10_000
        self.version = f"{self._major}.{number % 10_000}"
        if self._major < OLDEST_MAJOR:
            self._connection.close()
            raise ServerError(
                f"The server is PostgreSQL {self.version}, and {OLDEST_MAJOR} is the oldest that works: choose "
                "another one with --supaseed-postgres."
            )

    def url(self, name: str) -> URL:
        """Return the URL of a database.

        Args:
            name: of the database.
        """
        return self._maintenance.set(database=name)

    def exists(self, name: str) -> bool:
        """Whether the server has a database.

        Args:
            name: of the database.
        """
        with self._connection.cursor() as cursor:
            cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
            return cursor.fetchone() is not None

    def create(self, template: str | None = None, name: str | None = None) -> str:
        """Create a database.

        Args:
            template: the database to copy, which nobody may be connected to; None for an empty one.
            name: of the new one; None for the next free name.

        Returns:
            Its name.

        Raises:
            ServerError: PostgreSQL refuses.
        """
        name = name or f"{self.prefix}_{len(self._created) + 1}"
        query = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template is not None:
            self._await_nobody(template)
            query += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
            if self._major >= _STRATEGY_SINCE:
                # Copying files beats writing every page to the log, where nothing is synced.
                query += sql.SQL(" STRATEGY FILE_COPY")
        try:
            with self._connection.cursor() as cursor:
                try:
                    cursor.execute(query)
                except psycopg2.errors.ObjectInUse:
                    # Somebody who loaded the schema has left a connection behind.
                    if template not in self._created:
                        raise
                    cursor.execute(_END_CONNECTIONS, [template])
                    cursor.execute(query)
        except psycopg2.errors.InsufficientPrivilege as error:
            user = self._maintenance.username
            raise ServerError(
                f"The role {user!r} may not create databases on this server, and each test's rows live in one: "
                f'ALTER ROLE "{user}" CREATEDB, or choose another role in the URL.'
            ) from error
        except psycopg2.Error as error:
            raise ServerError(f"The database {name} could not be created: {str(error).strip()}") from error
        self._created.append(name)
        return name

    def drop(self, name: str) -> None:
        """Drop a database that :meth:`create` made, whoever is connected to it.

        Args:
            name: of the database; one that is not there is as good as dropped.

        Raises:
            ServerError: it is not one of ours, or PostgreSQL refuses.
        """
        if name not in self._created:
            raise ServerError(f"The database {name} is not one that this session created, and stays.")
        self._await_nobody(name)
        query = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(query)
        except psycopg2.Error as error:
            raise ServerError(f"The database {name} could not be dropped: {str(error).strip()}") from error
        # The place stays: no name is used twice.
        self._created[self._created.index(name)] = ""

    def _await_nobody(self, name: str) -> None:
        """Wait for connections that have just been closed: PostgreSQL itself looks again after 100 ms only."""
        until = time.monotonic() + _PATIENCE_SECONDS
        with self._connection.cursor() as cursor:
            while time.monotonic() < until:
                cursor.execute("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = %s)", [name])
                if cursor.fetchone() == (False,):
                    return
                time.sleep(_POLL_SECONDS)

    def drop_all(self) -> None:
        """Drop what is left of the databases that :meth:`create` made."""
        for name in filter(None, reversed(self._created)):
            self.drop(name)

    def close(self) -> None:
        """End the connection to the server."""
        self._connection.close()
