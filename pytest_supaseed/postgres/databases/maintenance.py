"""The names of a session's databases on a server that it does not run: each name proves whose database it is.

A database exists before a comment can mark it, and a session may be killed in between. So the mark is in the name:
digits that are drawn for the session, and as many that are computed from them. A name that another program or a
person has chosen does not have the right ones.
"""

from __future__ import annotations

import hashlib
import re
import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import psycopg2
from psycopg2 import sql
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from pytest_supaseed import clock, connecting
from pytest_supaseed.connecting import DRIVER
from pytest_supaseed.errors import GoneError, ServerError
from pytest_supaseed.libpq import Environment
from pytest_supaseed.postgres.databases.diagnosis import advice, at_fault, told
from pytest_supaseed.postgres.server.programs import OLDEST_MAJOR
from pytest_supaseed.postgres.server.proof import Proof
from pytest_supaseed.redaction import redacted, secrets_of
from pytest_supaseed.reflection.exact import read_as_usual
from pytest_supaseed.rng import token

SHARED_PREFIX = "supaseed"


# What comments on our databases and the names of our connections begin with.
MARK = "pytest-supaseed "


_DIGITS = 10


# No secret: it keeps chance apart from intention.
_KEY = b"pytest-supaseed database"


# By number what a session makes for its tests; by name what pytest-postgresql's client fixtures copy, and make.
_NAME = re.compile(
    rf"({SHARED_PREFIX}_([0-9a-f]{{{_DIGITS}}})([0-9a-f]{{{_DIGITS}}}))_(?:[1-9][0-9]*|tmpl|tests)", re.ASCII
)


def new_session() -> str:
    """Return what the names of a new session's databases begin with.

    Example:
        >>> session_of(new_session() + "_1") is not None
        True
    """
    drawn = token(_DIGITS // 2)
    return f"{SHARED_PREFIX}_{drawn}{_check_digits(drawn)}"


def session_of(name: str) -> str | None:
    """Return the session whose name a database bears.

    Args:
        name: of a database.

    Returns:
        What the names of the session's databases begin with; None for a database of another origin.

    Example:
        >>> session_of("supaseed_mine"), session_of("supaseed_0123abcd_1")
        (None, None)
    """
    found = _NAME.fullmatch(name)
    if found is None or found[3] != _check_digits(found[2]):
        return None
    return found[1]


def _check_digits(drawn: str) -> str:
    return hashlib.blake2b(drawn.encode("ascii"), key=_KEY, digest_size=_DIGITS // 2).hexdigest()


_LOCK_POLL_SECONDS = 0.005


_RECONNECT_POLL_SECONDS = 0.05


# How long a server may take that is being restarted.
_RESTART_SECONDS = 10.0


ATTEMPTS = 3


# Of a session's own role: PostgreSQL shows the names of others' connections to superusers only. No lock tells it, as a
# test may look for locks, and would see ours.
_PRESENT = """
SELECT application_name FROM pg_stat_activity
WHERE usename = session_user AND starts_with(application_name, %s)
"""


# PostgreSQL discards its statistics when it recovers from a crash, and only then or when it is asked to.
_RECOVERED = "SELECT extract(epoch FROM stats_reset)::text FROM pg_stat_bgwriter"


_CONNECTION_BAD = 1


_LOCK = "SELECT pg_try_advisory_lock(%s)"


# Ended by a command, by a crash, about to start or to stop, or idle for too long.
_OF_CONNECTIONS = (psycopg2.OperationalError, psycopg2.InterfaceError)


_ENDED = ("57P01", "57P02", "57P03", "57P05")


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
    end with the connection. One that has ended is replaced by another one, which takes the locks again.

    Args:
        url: of the database.
        name: by which other sessions know this one.
        environment: which parameters of connections to the server libpq's environment may give.
        proof: what proves that the server is ours; None where somebody else runs it.
        revive: called when the connection has ended, before another one is tried: starts the server where it has
            ended, and returns for how many seconds to try. None where the server is somebody else's.

    Attributes:
        url: of the database, for psycopg2.
        name: by which other sessions know this one.
        environment: which parameters of connections to the server libpq's environment may give.
        major: PostgreSQL's major version.
        version: PostgreSQL's version, such as ``"18.6"``.
        crashes: how often the server has recovered from a crash since this session began.
        recovered: when it did so last, in PostgreSQL's words.

    Raises:
        ServerError: there is no server, it is too old, or it is not ours.
    """

    def __init__(
        self,
        url: URL,
        name: str,
        environment: Environment = Environment.ALL,
        proof: Proof | None = None,
        revive: Callable[[], float] | None = None,
    ) -> None:
        self.url = url.set(drivername=DRIVER)
        self.environment = environment
        self.name = name
        self._proof = proof
        self._revive = revive
        self._held: list[int] = []
        self._gone: str | None = None
        self._closing = False
        self.crashes = 0
        self.recovered = ""
        try:
            self._connection = self._first_connection()
        except psycopg2.Error as error:
            raise self._unreachable(error) from error
        number = self._connection.info.server_version
        self.major = number // 10_000
        self.version = f"{self.major}.{number % 10_000}"
        if self.major < OLDEST_MAJOR:
            self._connection.close()
            raise ServerError(
                f"The server is PostgreSQL {self.version}, and {OLDEST_MAJOR} is the oldest that works: choose "
                "another one with --supaseed-postgres."
            )

    @property
    def _shown(self) -> str:
        return redacted(self.url.set(drivername="postgresql").render_as_string())

    def parameters(self) -> dict[str, Any]:
        """Return what psycopg2 connects with."""
        return connecting.parameters(self.url, self.environment)

    def _unreachable(self, error: psycopg2.Error) -> ServerError:
        """Word why the server could not be connected to, and what to do about it."""
        said = redacted(str(error).strip(), secrets_of(libpq_url(self.url)))
        what = told(at_fault(self.parameters(), self.environment)) or advice(self.parameters())
        return ServerError(f"{self._shown} cannot be connected to: {said}\n{what}")

    def named_parameters(self) -> dict[str, Any]:
        """Return what psycopg2 connects with to work for this session, under its name."""
        return {**self.parameters(), "application_name": self.name}

    def _first_connection(self) -> psycopg2.extensions.connection:
        try:
            return self._connect()
        except psycopg2.Error as error:
            if self._revive is None or not connection_ended(error):
                raise
            # It has been killed since it was started.
            return self._connect_again()

    def _connect(self) -> psycopg2.extensions.connection:
        connection = connecting.connect(self.url, self.environment, application_name=self.name)
        try:
            connection.autocommit = True
            read_as_usual(connection)
            if self._proof is not None:
                self._proof.demand(connection)
            with connection.cursor() as cursor:
                cursor.execute(_RECOVERED)
                [(recovered,)] = cursor.fetchall()
        except BaseException:
            connection.close()
            raise
        if self.recovered and recovered != self.recovered:
            self.crashes += 1
        self.recovered = recovered or ""
        return connection

    def query(
        self, query: str | sql.Composable, *parameters: Any, done: Callable[[], bool] | None = None
    ) -> list[tuple[Any, ...]]:
        """Run a statement, which is a transaction of its own; once more where the connection ends meanwhile.

        Args:
            query: the statement.
            parameters: for its placeholders; without any a ``%`` is a ``%``.
            done: tells whether the statement has had its effect; None for one that may be run twice.

        Returns:
            Its rows; none for a statement that gives none.

        Raises:
            GoneError: the server is no longer there.
        """
        for attempt in range(ATTEMPTS):
            try:
                if attempt:
                    self._reconnect()
                    if done is not None and done():
                        return []
                return self._ask(query, *parameters)
            except psycopg2.Error as error:
                if not is_broken(self._connection, error):
                    raise
                lost = error
        raise self._no_longer_there(str(lost).strip()) from lost

    def _ask(self, query: str | sql.Composable, *parameters: Any) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            return cursor.fetchall() if cursor.description is not None else []

    def lost(self) -> bool:
        """Whether the connection seems to have ended; without asking the server."""
        if is_broken(self._connection):
            return True
        # Each test asks this: of what waits for descriptors, it is the one that the system need not make first.
        waiting = select.poll()
        waiting.register(self._connection.fileno(), select.POLLIN)
        # Whoever has asked for nothing gets nothing, apart from the news that it was the last.
        return bool(waiting.poll(0))

    def ask(self) -> None:
        """Ask the server whether it is there, and connect again where the connection has ended.

        Raises:
            GoneError: the server is no longer there.
        """
        self.query("SELECT")

    def check(self) -> None:
        """Connect again where the connection is known to have ended.

        Raises:
            GoneError: the server is no longer there.
        """
        if self.lost():
            self.ask()

    def _reconnect(self) -> None:
        if self._gone is not None:
            raise GoneError(self._gone)
        if self._closing:
            raise self._no_longer_there("it ended while the session did")
        self._connection.close()
        try:
            self._connection = self._connect_again()
        except (ServerError, psycopg2.Error) as error:
            raise self._no_longer_there(str(error).strip()) from error
        # They ended with the connection. Another process may be at work under them now, and is waited for.
        for number in self._held:
            while self._ask(_LOCK, number) != [(True,)]:
                clock.sleep(_LOCK_POLL_SECONDS)

    def _connect_again(self) -> psycopg2.extensions.connection:
        began = clock.monotonic()
        while True:
            # Each time: what was about to end may have ended by now.
            seconds = _RESTART_SECONDS if self._revive is None else self._revive()
            try:
                return self._connect()
            except psycopg2.Error:
                if clock.monotonic() - began > seconds:
                    raise
                clock.sleep(_RECONNECT_POLL_SECONDS)

    def _no_longer_there(self, why: str) -> GoneError:
        if self._gone is None:
            ours = self._revive is not None
            self._gone = why if ours else f"The server {self._shown} is no longer there: {why}"
        return GoneError(self._gone)

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Be the only process that holds a name.

        Where the connection ends meanwhile, another process may hold the name until this one has connected again.

        Args:
            name: of what is to be done once.
        """
        number = _number_of(name)
        # Not pg_advisory_lock(): no Ctrl-C would end that wait.
        while self.query(_LOCK, number) != [(True,)]:
            clock.sleep(_LOCK_POLL_SECONDS)
        self._held.append(number)
        try:
            yield
        finally:
            self._held.remove(number)
            try:
                self._ask("SELECT pg_advisory_unlock(%s)", number)
            except psycopg2.Error as error:
                # With the connection the lock has ended, too.
                if not is_broken(self._connection, error):
                    raise

    def present(self) -> set[str]:
        """Return the names of the sessions that are connected to the server as this role."""
        return {name for (name,) in self.query(_PRESENT, MARK)}

    def closing(self) -> None:
        """Let a connection that ends from now on have ended: the session ends, too."""
        self._closing = True

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


def is_broken(connection: psycopg2.extensions.connection, error: psycopg2.Error | None = None) -> bool:
    """Whether a driver's connection is known to have ended.

    Args:
        connection: psycopg2's.
        error: its last; after the crash of another server process the driver knows only by its error.
    """
    return bool(connection.closed or connection.info.status == _CONNECTION_BAD or connection_ended(error))


def connection_ended(error: BaseException | None) -> bool:
    """Whether an error came because a connection to a server had ended, or could not be made.

    Args:
        error: psycopg2's, SQLAlchemy's, or one of ours that was raised from such a one.
    """
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        # Where the end comes in the middle of an answer, psycopg2 takes the most general of its classes.
        if type(error) is psycopg2.DatabaseError or isinstance(error, _OF_CONNECTIONS):
            code = getattr(error, "pgcode", None)
            return code is None or code in _ENDED
        error = error.orig if isinstance(error, DBAPIError) else error.__cause__ or error.__context__
    return False


def ends_again(error: Exception) -> ServerError:
    """Word that connections end as soon as they are made.

    Args:
        error: the last one's.
    """
    return ServerError(
        f"The connection to PostgreSQL ended {ATTEMPTS} times while this test was prepared: "
        f"{str(getattr(error, 'orig', None) or error).strip()}"
    )


def _number_of(name: str) -> int:
    """The number of an advisory lock."""
    return int.from_bytes(hashlib.sha256(f"pytest-supaseed {name}".encode()).digest()[:8], "big", signed=True)
