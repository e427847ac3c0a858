"""The connection to a server's maintenance database: its version, and locks that all processes on it see."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import psycopg2
from psycopg2 import sql
from sqlalchemy import URL

from pytest_supaseed import clock, connecting
from pytest_supaseed.databases.diagnosis import advice, at_fault, told
from pytest_supaseed.errors import ServerError
from pytest_supaseed.libpq import Environment
from pytest_supaseed.redaction import redacted, secrets_of
from pytest_supaseed.server.binaries import OLDEST_MAJOR
from pytest_supaseed.server.proof import Proof

DRIVER = "postgresql+psycopg2"
_LOCK_POLL_SECONDS = 0.005
_PRESENT = (
    "SELECT application_name FROM pg_stat_activity WHERE usename = current_user AND application_name <> ''"
)


def libpq_url(url: URL) -> str:
    """Return a URL as libpq, psql and other drivers read it, with its password.

    Args:
        url: SQLAlchemy's.

    Example:
        >>> libpq_url(URL.create("postgresql+psycopg2", "me", "a b", "db", database="x", query={"options": "-c a=b"}))
        'postgresql://me:a%20b@db/x?options=-c%20a%3Db'
    """
    # Not SQLAlchemy's own: it writes a + for a blank, which libpq takes for a +.
    user = quote(url.username or "", safe="")
    password = "" if url.password is None else ":" + quote(str(url.password), safe="")
    host = url.host or ""
    place = f"[{host}]" if ":" in host else quote(host, safe=",")
    port = "" if url.port is None else f":{url.port}"
    query = "&".join(
        f"{quote(name, safe='')}={quote(value, safe='')}"
        for name, values in sorted(url.query.items())
        for value in ([values] if isinstance(values, str) else values)
    )
    userinfo = f"{user}{password}@" if user or password else ""
    database = quote(url.database or "", safe="")
    return f"postgresql://{userinfo}{place}{port}/{database}{'?' if query else ''}{query}"


class Maintenance:
    """A connection to a server's maintenance database, in which nothing is written.

    Its advisory locks are how processes that share a server agree; its name tells that its session is there. Both
    end with the connection.

    Args:
        url: of the database.
        name: by which other sessions know this one.
        environment: which parameters of connections to the server libpq's environment may give.
        proof: what proves that the server is ours; None where somebody else runs it.

    Attributes:
        url: of the database, for psycopg2.
        environment: which parameters of connections to the server libpq's environment may give.
        major: PostgreSQL's major version.
        version: PostgreSQL's version, such as ``"18.6"``.

    Raises:
        ServerError: there is no server, it is too old, or it is not ours.
    """

    def __init__(
        self, url: URL, name: str, environment: Environment = Environment.ALL, proof: Proof | None = None
    ) -> None:
        self.url = url.set(drivername=DRIVER)
        self.environment = environment
        try:
            self._connection = connecting.connect(self.url, environment, application_name=name)
        except psycopg2.Error as error:
            raise self._unreachable(error) from error
        self._connection.autocommit = True
        if proof is not None:
            try:
                proof.demand(self._connection)
            except ServerError:
                self._connection.close()
                raise
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
        return connecting.parameters(self.url, self.environment)

    def _unreachable(self, error: psycopg2.Error) -> ServerError:
        """Word why the server could not be connected to, and what to do about it."""
        shown = self.url.set(drivername="postgresql").render_as_string()
        said = redacted(str(error).strip(), secrets_of(libpq_url(self.url)))
        what = told(at_fault(self.parameters(), self.environment)) or advice(self.parameters())
        return ServerError(f"{redacted(shown)} cannot be connected to: {said}\n{what}")

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
