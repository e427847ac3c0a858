"""The maintenance connection to a server, and database names that prove which session created them.

:class:`Maintenance` runs single statements, reconnects after a crash or restart, and holds the advisory locks by which
processes coordinate. :func:`is_broken` recognises the end of a connection.

:func:`new_session` and :func:`session_of` make and recognise names. A session may be killed between CREATE DATABASE and
the comment that marks the database, so the name itself is the mark: random digits, and as many check digits computed
from them, which a name chosen by a person or another program does not have.
"""

from __future__ import annotations

import hashlib
import re
import select
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import psycopg2
import psycopg2.errors
from psycopg2 import sql
from sqlalchemy import URL

from pytest_supaseed import clock, connecting
from pytest_supaseed.connecting import DRIVER
from pytest_supaseed.errors import GoneError, ServerError, UnansweredError
from pytest_supaseed.libpq import Environment
from pytest_supaseed.notation import notation
from pytest_supaseed.postgres.databases.driver_errors import connection_ended
from pytest_supaseed.postgres.server.cluster import Proof
from pytest_supaseed.postgres.server.external import ask_server, at_fault, refusal, variables_sentence
from pytest_supaseed.reflection.queries import read_as_usual
from pytest_supaseed.rng import token
from pytest_supaseed.settings import OLDEST_MAJOR, advice_on_unknown, refused_setting
from pytest_supaseed.spec import DatabaseSettings
from pytest_supaseed.wording import redacted, secrets_of

SHARED_PREFIX = "supaseed"
# Prefix of the comments on this plugin's databases and of its application_name.
MARK = "pytest-supaseed "
# The application_name, without MARK, of a session that ends, and of the watchdog of one that has ended.
LEAVING = "pytest-supaseed-leaving"
_DIGITS = 10
# Not a secret: the check digits only rule out coincidence.
_KEY = b"pytest-supaseed database"
# Numbered databases are for tests; tmpl and tests are cloned and created by pytest-postgresql's client fixtures.
_NAME = re.compile(
    rf"({SHARED_PREFIX}_([0-9a-f]{{{_DIGITS}}})([0-9a-f]{{{_DIGITS}}}))_(?:[1-9][0-9]*|tmpl|tests)", re.ASCII
)


def new_session() -> str:
    """Return a new prefix for the names of a session's databases.

    Example:
        >>> session_of(new_session() + "_1") is not None
        True
    """
    drawn = token(_DIGITS // 2)
    return f"{SHARED_PREFIX}_{drawn}{_check_digits(drawn)}"


def session_of(name: str) -> str | None:
    """Return the prefix of the session that created a database, by the database's name; None for any other name.

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
# How long to try to reconnect to an external server that is being restarted.
_RESTART_SECONDS = 10.0
ATTEMPTS = 3
# Limited to the session's role: PostgreSQL shows the names of other roles' connections to superusers only. Not found by
# an advisory lock, because a test that lists locks would see it.
_PRESENT = """
SELECT application_name FROM pg_stat_activity
WHERE usename = session_user AND starts_with(application_name, %s)
"""
# PostgreSQL resets its statistics when it recovers from a crash, and otherwise only on request.
_RECOVERED = "SELECT extract(epoch FROM stats_reset)::text FROM pg_stat_bgwriter"
_MAY_CREATE = "SELECT current_user, rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
_CONNECTION_BAD = 1
_LOCK = "SELECT pg_try_advisory_lock(%s)"


def libpq_url(url: URL) -> str:
    """Return a SQLAlchemy URL as libpq, psql and other drivers read it, with its password.

    Example:
        >>> libpq_url(URL.create("postgresql+psycopg2", "me", "a b", "db", database="x", query={"options": "-c a=b"}))
        'postgresql://me:a%20b@db/x?options=-c%20a%3Db'
    """
    # SQLAlchemy writes a blank as +, which libpq takes for a plus sign.
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
    """The connection to a server's maintenance database, to which nothing is written.

    Processes that share a server coordinate by its advisory locks, and its ``application_name`` shows that the session
    is there. Both end with the connection; its replacement takes the locks again.

    Args:
        name: ``application_name``, by which other sessions recognise this one.
        environment: which connection parameters libpq's environment may supply.
        proof: proves that the server is the one this run started; None for an external server.
        revive: called before each attempt to reconnect: starts the server where it has ended, and returns for how many
            seconds to try. None for an external server.

    Attributes:
        url: of the database, for psycopg2.
        name: ``application_name``, by which other sessions recognise this one.
        environment: which connection parameters libpq's environment may supply.
        major: PostgreSQL's major version.
        version: PostgreSQL's version, such as ``"18.6"``.
        crashes: how often the server has recovered from a crash since this session began.
        recovered: the time of its last recovery, in epoch seconds as text; empty if it has never recovered.

    Raises:
        ServerError: there is no server, it is too old, or it is not the one this run started.
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
                f"another one with {notation().switch('postgres')}."
            )

    @property
    def _shown(self) -> str:
        return redacted(self.url.set(drivername="postgresql").render_as_string())

    def parameters(self) -> dict[str, Any]:
        """Return the arguments of :func:`psycopg2.connect`."""
        return connecting.parameters(self.url, self.environment)

    def _unreachable(self, error: psycopg2.Error) -> ServerError:
        """Return the error for a server that cannot be connected to, with advice."""
        said = redacted(str(error).strip(), secrets_of(libpq_url(self.url)))
        # With a statement_timeout of a millisecond a short statement passes sometimes.
        attempts = (ask_server,) if isinstance(error, psycopg2.errors.QueryCanceled) else ()
        what = variables_sentence(at_fault(self.parameters(), self.environment, *attempts))
        if what:
            return ServerError(f"{self._shown} cannot be connected to: {said}\n{what}")
        with connecting.absent(self.environment):
            what, answers = refusal(self.parameters(), said)
        kind = ServerError if answers else UnansweredError
        return kind(f"{self._shown} cannot be connected to: {said}\n{what}")

    def named_parameters(self) -> dict[str, Any]:
        """Return the arguments of :func:`psycopg2.connect`, with the session's ``application_name``."""
        return {**self.parameters(), "application_name": self.name}

    def parameters_in_use(self) -> dict[str, str]:
        """Return libpq's parameters of the connection, with what its environment and files have supplied."""
        info = self._connection.info
        found = {name: str(value) for name, value in info.dsn_parameters.items() if value is not None}
        return {
            **found,
            "host": str(info.host or ""),
            "port": str(info.port),
            "user": str(info.user),
            "password": str(info.password or ""),
        }

    def terminate(self, processes: Collection[int]) -> None:
        """Terminate backends, as far as this role may."""
        for process in processes:
            try:
                self.query("SELECT pg_terminate_backend(%s)", process)
            except psycopg2.errors.InsufficientPrivilege:
                # A test has connected as another role, and its connection is closed by the client's side.
                continue

    def _first_connection(self) -> psycopg2.extensions.connection:
        try:
            return self._connect()
        except psycopg2.Error as error:
            if self._revive is None or not connection_ended(error):
                raise
            # The server was killed after it was started.
            return self._connect_again()

    def _connect(self) -> psycopg2.extensions.connection:
        connection = connecting.connect(self.url, self.environment, application_name=self.name)
        try:
            connection.autocommit = True
            read_as_usual(connection)
            if self._proof is not None:
                self._proof.require(connection)
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
        """Run a statement in autocommit, again if the connection ends meanwhile, and return its rows, if any.

        Args:
            parameters: for its placeholders; without any, ``%`` is not doubled.
            done: after a reconnection, whether the statement has had its effect; None for one that may run twice.

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
        """Whether the connection seems to have ended, without a round trip."""
        if is_broken(self._connection):
            return True
        # Each test calls this: poll(), unlike epoll and kqueue, allocates nothing in the kernel first.
        waiting = select.poll()
        waiting.register(self._connection.fileno(), select.POLLIN)
        # An idle connection receives nothing but the notice of its end.
        return bool(waiting.poll(0))

    def ask(self) -> None:
        """Check that the server answers, and reconnect if the connection has ended.

        Raises:
            GoneError: the server is no longer there.
        """
        self.query("SELECT")

    def check(self) -> None:
        """Reconnect if the connection is known to have ended.

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
        # The locks ended with the connection. If another process holds one by now, wait for it.
        for number in self._held:
            while self._ask(_LOCK, number) != [(True,)]:
                clock.sleep(_LOCK_POLL_SECONDS)

    def _connect_again(self) -> psycopg2.extensions.connection:
        began = clock.monotonic()
        while True:
            # Called on each attempt: a server that was about to end may have ended by now.
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
    def locked(self, name: str, seconds: float | None = None) -> Iterator[None]:
        """Hold the advisory lock of a name, waiting for it first.

        If the connection ends meanwhile, another process may hold the lock until this one has reconnected.

        Args:
            seconds: how long to wait before the block runs without the lock; None for as long as it takes.
        """
        number = _number_of(name)
        until = None if seconds is None else clock.monotonic() + seconds
        # Not pg_advisory_lock(), whose wait Ctrl-C would not end.
        while self.query(_LOCK, number) != [(True,)]:
            if until is not None and clock.monotonic() > until:
                yield
                return
            clock.sleep(_LOCK_POLL_SECONDS)
        self._held.append(number)
        try:
            yield
        finally:
            self._held.remove(number)
            try:
                self._ask("SELECT pg_advisory_unlock(%s)", number)
            except psycopg2.Error as error:
                # The lock ended with the connection.
                if not is_broken(self._connection, error):
                    raise

    def present(self) -> set[str]:
        """Return the names of the sessions that are connected to the server as this role."""
        return {name for (name,) in self.query(_PRESENT, MARK)}

    def leave(self) -> None:
        """Take a name by which other sessions do not recognise this one any more, because the session ends."""
        self.name = LEAVING
        self.query("SELECT set_config('application_name', %s, false)", self.name)

    def closing(self) -> None:
        """Stop reconnecting, because the session ends."""
        self._closing = True

    def refused_setting(self, setting: tuple[str, str], error: psycopg2.Error) -> ServerError:
        """Return the error for a setting that cannot be made, with what to write instead."""
        name, value = setting
        said = error.diag.message_primary or str(error).strip()
        hint = f" ({error.diag.message_hint})" if error.diag.message_hint else ""
        advice = "leave it out of supaseed_settings and seed_options, or set it in the server's configuration"
        if isinstance(error, psycopg2.errors.UndefinedObject):
            advice = advice_on_unknown(
                name, [known for (known,) in self.query("SELECT name FROM pg_settings")]
            )
        elif isinstance(error, psycopg2.errors.InvalidParameterValue):
            advice = "correct the value"
        elif isinstance(error, psycopg2.errors.InsufficientPrivilege):
            role = self.parameters_in_use()["user"]
            advice = (
                f"have a superuser run GRANT SET ON PARAMETER {name} TO {role} (PostgreSQL 15 and later), choose a "
                "superuser in the URL, or leave the setting out"
            )
        return ServerError(refused_setting((name, value), f"{said}{hint}", advice))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def check_server(url: URL, environment: Environment, settings: DatabaseSettings = ()) -> None:
    """Check that an external server can be used: it answers, is new enough, and lets the role create databases.

    Args:
        settings: of the databases, which the server has to know.

    Raises:
        UnansweredError: there is no server.
        ServerError: it cannot be used, or does not know a setting.
    """
    maintenance = Maintenance(url, LEAVING, environment)
    try:
        [(user, may_create)] = maintenance.query(_MAY_CREATE)
        for name, value in settings:
            try:
                maintenance.query("SELECT set_config(%s, %s, false)", name, value)
            except (psycopg2.errors.UndefinedObject, psycopg2.errors.InvalidParameterValue) as error:
                raise maintenance.refused_setting((name, value), error) from error
    finally:
        maintenance.close()
    if not may_create:
        raise may_not_create(user)


def may_not_create(user: str) -> ServerError:
    """Return the error for a role that may not create databases."""
    return ServerError(
        f"The role {user!r} may not create databases on this server, and each test's rows live in one: "
        f'ALTER ROLE "{user}" CREATEDB, or choose another role in the URL.'
    )


def is_broken(connection: psycopg2.extensions.connection, error: psycopg2.Error | None = None) -> bool:
    """Whether a psycopg2 connection is known to have ended.

    Args:
        error: its last; after the crash of another server process only the error tells the driver.
    """
    return bool(connection.closed or connection.info.status == _CONNECTION_BAD or connection_ended(error))


def ends_again(error: Exception) -> ServerError:
    """Return the error for connections that end as soon as they are made, given the last error."""
    return ServerError(
        f"The connection to PostgreSQL ended {ATTEMPTS} times while this test was prepared: "
        f"{str(getattr(error, 'orig', None) or error).strip()}"
    )


def _number_of(name: str) -> int:
    """Return the number of the advisory lock of a name."""
    return int.from_bytes(hashlib.sha256(f"pytest-supaseed {name}".encode()).digest()[:8], "big", signed=True)
