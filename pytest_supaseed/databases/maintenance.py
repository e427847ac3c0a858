"""The connection to a server's maintenance database: its version, and locks that all processes on it see."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from psycopg2 import sql
from sqlalchemy import URL

from pytest_supaseed import clock
from pytest_supaseed.errors import ServerError
from pytest_supaseed.reflection.exact import read_as_usual
from pytest_supaseed.server.binaries import OLDEST_MAJOR

DRIVER = "postgresql+psycopg2"
_LOCK_POLL_SECONDS = 0.005
_PRESENT = (
    "SELECT application_name FROM pg_stat_activity WHERE usename = current_user AND application_name <> ''"
)


class Maintenance:
    """A connection to a server's maintenance database, in which nothing is written.

    Its advisory locks are how processes that share a server agree; its name tells that its session is there. Both
    end with the connection.

    Args:
        url: of the database.
        name: by which other sessions know this one.

    Attributes:
        url: of the database, for psycopg2.
        major: PostgreSQL's major version.
        version: PostgreSQL's version, such as ``"18.6"``.

    Raises:
        ServerError: there is no server, or it is too old.
    """

    def __init__(self, url: URL, name: str) -> None:
        self.url = url.set(drivername=DRIVER)
        try:
            self._connection = psycopg2.connect(**{**self.parameters(), "application_name": name})
        except psycopg2.Error as error:
            raise ServerError(
                f"{url.set(drivername='postgresql').render_as_string()} cannot be connected to: "
                f"{str(error).strip()}\nStart that server, correct the URL, or leave out supaseed_postgres, and a "
                "throwaway server is started."
            ) from error
        self._connection.autocommit = True
        read_as_usual(self._connection)
        number = self._connection.info.server_version
        self.major = number // 10_000
        self.version = f"{self.major}.{number % 10_000}"
        if self.major < OLDEST_MAJOR:
            self._connection.close()
            raise ServerError(
                f"The server is PostgreSQL {self.version}, and {OLDEST_MAJOR} is the oldest that works: choose "
                "another one with --supaseed-postgres."
            )

    def parameters(self) -> dict[str, Any]:
        """Return what psycopg2 connects with."""
        return dict(self.url.get_dialect()().create_connect_args(self.url)[1])

    def query(self, query: str | sql.Composable, *parameters: Any) -> list[tuple[Any, ...]]:
        """Run a statement, which is a transaction of its own.

        Args:
            query: the statement.
            parameters: for its placeholders; without any a ``%`` is a ``%``.

        Returns:
            Its rows; none for a statement that gives none.
        """
        with self._connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            return cursor.fetchall() if cursor.description is not None else []

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Be the only process that holds a name.

        Args:
            name: of what is to be done once.
        """
        number = _number_of(name)
        # Not pg_advisory_lock(): no Ctrl-C would end that wait.
        while self.query("SELECT pg_try_advisory_lock(%s)", number) != [(True,)]:
            clock.sleep(_LOCK_POLL_SECONDS)
        try:
            yield
        finally:
            self.query("SELECT pg_advisory_unlock(%s)", number)

    def present(self) -> set[str]:
        """Return the names under which this role is connected to the server, as ours and other sessions are."""
        return {name for (name,) in self.query(_PRESENT)}

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


def _number_of(name: str) -> int:
    """The number of an advisory lock."""
    return int.from_bytes(hashlib.sha256(f"pytest-supaseed {name}".encode()).digest()[:8], "big", signed=True)
