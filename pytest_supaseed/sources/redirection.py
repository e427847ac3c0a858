"""Redirecting the connections that SQLAlchemy opens to one database, whatever their URLs say.

The driver, and what of its arguments reaches no server, stay those of the engine; where the connection leads is
replaced as a whole, so that nothing is left of a host, a service, a TLS context or a function that connects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import psycopg2
from psycopg2.extensions import parse_dsn
from sqlalchemy import URL, Dialect, Engine, event
from sqlalchemy.pool import ConnectionPoolEntry, Pool

from pytest_supaseed import connecting
from pytest_supaseed.errors import SchemaError
from pytest_supaseed.libpq import Environment

DRIVERS = ("psycopg2", "psycopg", "asyncpg", "pg8000")


GIVEN = """Let env.py use what it is given, one of
    connection = config.attributes["connection"]
    url = config.get_main_option("sqlalchemy.url")"""


_LIBPQ = frozenset((
    *("application_name", "client_encoding", "connect_timeout", "tcp_user_timeout"),
    *("keepalives", "keepalives_count", "keepalives_idle", "keepalives_interval"),
))  # fmt: skip


# Arguments of theirs that say how to talk, and not with whom.
_KEPT: Mapping[str, frozenset[str]] = {
    "psycopg2": _LIBPQ | {"connection_factory", "cursor_factory"},
    "psycopg": _LIBPQ | {"autocommit", "context", "cursor_factory", "prepare_threshold", "row_factory"},
    "asyncpg": frozenset((
        *("command_timeout", "connection_class", "max_cacheable_statement_size", "max_cached_statement_lifetime"),
        *("prepared_statement_cache_size", "prepared_statement_name_func", "record_class"),
        *("statement_cache_size", "timeout"),
    )),
    "pg8000": frozenset(("application_name", "tcp_keepalive", "timeout")),
}  # fmt: skip


# What asyncpg reads of its dsn only.
_TLS = ("sslmode", "sslcert", "sslkey", "sslpassword", "sslrootcert", "sslcrl", "sslnegotiation")


_WITHOUT_TLS = ("", "disable", "allow", "prefer")


_WORD = re.compile(r"(?:\\.|\S)+", re.DOTALL)


_SETTING = re.compile(r"(?:-c|--)[\w.-]+=", re.ASCII)


_IN_FORCE: list[Redirection] = []


@dataclass(frozen=True)
class Place:
    """Where a connection leads.

    Attributes:
        database: its name; empty for the driver's default.
        host: a name, an address, the folder of a socket, or a service; empty for the driver's default.
        port: the port; empty for the driver's default.
    """

    database: str
    host: str
    port: str

    def __str__(self) -> str:
        database = repr(self.database) if self.database else "the default database"
        return f"{database} at {self.host or 'the default host'}{self.port and ':' + self.port}"


@dataclass
class Redirection:
    """What has been redirected, as long as that goes on.

    Attributes:
        description: what connects, for messages.
        parameters: of the database that all connections are to reach, as libpq calls them.
        environment: which of them libpq's environment may give.
        replaced: the places that they were to reach otherwise, in their order, without those that are the database.
        refusal: why the first connection was refused that could not be redirected; None while there is none.
    """

    description: str
    parameters: Mapping[str, Any]
    environment: Environment
    replaced: list[Place] = field(default_factory=list)
    refusal: SchemaError | None = None
    _made: list[tuple[Any, ConnectionPoolEntry]] = field(default_factory=list)

    def connect(
        self,
        dialect: Dialect,
        record: ConnectionPoolEntry,
        arguments: Sequence[Any],
        given: Mapping[str, Any],
    ) -> Any:
        """Open a connection to the database in the place of another one: a listener of ``do_connect``."""
        there = place_of(given, arguments)
        if dialect.name != "postgresql" or dialect.driver not in _KEPT:
            raise self._refused(
                f"env.py was about to connect to {there} with {dialect.name}+{dialect.driver}. Only connections of "
                f"PostgreSQL's drivers {', '.join(DRIVERS)} can be redirected to the throwaway database."
            )
        if there != place_of(self.parameters) and there not in self.replaced:
            if self.replaced:
                raise self._refused(
                    f"env.py connects to several databases, {self.replaced[0]} and {there}, and there is one "
                    "throwaway database."
                )
            self.replaced.append(there)
        # A connection that is returned is the last word: listeners of the user's engine could lead it elsewhere.
        with connecting.absent(self.environment):
            connection = dialect.connect(**_parameters(dialect.driver, self.parameters, given))
        self._made.append((connection, record))
        return connection

    def connected(self, connection: Any, record: ConnectionPoolEntry) -> None:
        """Refuse a connection that was opened by a function of the user's: a listener of a pool's ``connect``."""
        if not self._is_made(connection):
            connection.close()
            raise self._refused(
                "env.py's engine opens its connections by a function (creator=, async_creator=, pool=), and they "
                "cannot be redirected to the throwaway database."
            )

    def checked_out(self, connection: Any, record: ConnectionPoolEntry, proxy: Any) -> None:
        """Refuse a connection that was opened before: a listener of a pool's ``checkout``."""
        # SQLAlchemy closes what is refused here, and with it a database of SQLite in memory is lost.
        if not self._is_made(connection) and "sqlite" not in type(connection).__module__:
            raise self._refused(
                "env.py uses an engine that was connected to a database before, and its connections cannot be "
                "redirected to the throwaway database. Let nothing connect while modules are imported, or call "
                "dispose() on the engine where that is done."
            )

    def _is_made(self, connection: Any) -> bool:
        return any(each is connection for each, _ in self._made)

    def _refused(self, why: str) -> SchemaError:
        error = SchemaError(f"{self.description}: {why} It was stopped. {GIVEN}")
        self.refusal = self.refusal or error
        return error

    def returned(self, connection: Any, record: ConnectionPoolEntry) -> None:
        """Close a connection, which else stays in the pool of an engine that lives on: a listener of ``checkin``."""
        if self._is_made(connection):
            record.invalidate()

    def release(self) -> None:
        """Have connections replaced that are in use still, when they come back."""
        for connection, record in self._made:
            if record.dbapi_connection is connection:
                record.invalidate(soft=True)
        self._made.clear()


@contextmanager
def redirected(url: URL, description: str, environment: Environment) -> Iterator[Redirection]:
    """Redirect all connections that SQLAlchemy opens.

    Args:
        url: of the database, for psycopg2.
        description: what connects, for messages.
        environment: which parameters of connections libpq's environment may give.

    Yields:
        What has been redirected.
    """
    redirection = Redirection(description, connecting.parameters(url, environment), environment)
    listeners = (
        (Engine, "do_connect", redirection.connect),
        (Pool, "connect", redirection.connected),
        (Pool, "checkout", redirection.checked_out),
        (Pool, "checkin", redirection.returned),
    )
    for target, name, listener in listeners:
        event.listen(target, name, listener, insert=True)
    _IN_FORCE.append(redirection)
    try:
        yield redirection
    finally:
        _IN_FORCE.remove(redirection)
        for target, name, listener in listeners:
            event.remove(target, name, listener)
        redirection.release()


def is_redirecting() -> bool:
    """Whether no connection that SQLAlchemy opens now leads anywhere but to the database of a redirection."""
    return bool(_IN_FORCE)


def place_of(given: Mapping[str, Any], arguments: Sequence[Any] = ()) -> Place:
    """Return where the arguments of any driver lead; a password is no part of it.

    Args:
        given: arguments with names.
        arguments: those without.
    """
    dsn = given.get("dsn") or next((each for each in arguments if each), "")
    written: Mapping[str, Any] = {}
    if dsn:
        try:
            written = parse_dsn(str(dsn))
        except psycopg2.ProgrammingError:
            # The file of SQLite, which comes as an argument.
            written = {"dbname": dsn if "=" not in str(dsn) and "://" not in str(dsn) else ""}

    def first(*names: str) -> str:
        found = next((value for name in names if (value := given.get(name) or written.get(name))), "")
        return ",".join(map(str, found)) if isinstance(found, list | tuple) else str(found)

    return Place(
        first("dbname", "database"), first("hostaddr", "host", "unix_sock", "service"), first("port")
    )


def _parameters(driver: str, ours: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments with which a driver reaches the database, and what is kept of those that it was given."""
    kept = {name: value for name, value in given.items() if name in _KEPT[driver]}
    options = " ".join(filter(None, (str(ours.get("options") or ""), _settings(given.get("options")))))
    if driver == "asyncpg":
        theirs = dict(given.get("server_settings") or {})
        return {**kept, **_for_asyncpg({**ours, "options": options}, theirs)}
    if driver == "pg8000":
        return {**kept, **_for_pg8000(ours)}
    return {**ours, **kept, **({"options": options} if options else {})}


def _settings(options: object) -> str:
    """The settings among libpq's ``options``; what a pooler or a hosted server reads there is left out.

    Example:
        >>> _settings("-csearch_path=app endpoint=ep-1 -c jit=off")
        '-csearch_path=app -c jit=off'
    """
    words = iter(_WORD.findall(str(options or "")))
    found = []
    for word in words:
        whole = f"-c {next(words, '')}" if word == "-c" else word
        if _SETTING.match(whole.replace("-c ", "-c", 1)):
            found.append(whole)
    return " ".join(found)


def _for_asyncpg(ours: Mapping[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    hosts = str(ours.get("hostaddr") or ours.get("host") or "").split(",")
    ports = [int(port) for port in str(ours.get("port") or 5432).split(",")]
    sent = {
        name: str(ours[name]) for name in ("application_name", "client_encoding", "options") if ours.get(name)
    }
    found: dict[str, Any] = {
        "host": hosts if len(hosts) > 1 else hosts[0] or None,
        "port": ports if len(ports) > 1 else ports[0],
        "user": ours.get("user"),
        "password": ours.get("password"),
        "database": ours.get("dbname"),
        "server_settings": {**sent, **settings},
    }
    if ours.get("passfile"):
        found["passfile"] = ours["passfile"]
    if ours.get("target_session_attrs"):
        found["target_session_attrs"] = ours["target_session_attrs"]
    # Without a limit, libpq says zero, which asyncpg takes for a time that has passed.
    if (seconds := float(ours.get("connect_timeout") or 0)) > 0:
        found["timeout"] = seconds
    tls = {name: ours[name] for name in _TLS if ours.get(name)}
    if tls:
        found["dsn"] = f"postgresql://?{urlencode(tls)}"
    return found


def _for_pg8000(ours: Mapping[str, Any]) -> dict[str, Any]:
    host, port = str(ours.get("hostaddr") or ours.get("host") or "localhost"), int(ours.get("port") or 5432)
    found = {"user": ours.get("user") or "", "password": ours.get("password"), "database": ours.get("dbname")}
    if host.startswith("/"):
        return {**found, "unix_sock": f"{host}/.s.PGSQL.{port}"}
    if str(ours.get("sslmode") or "") not in _WITHOUT_TLS:
        raise SchemaError(
            "env.py connects with pg8000, and the server of supaseed_postgres asks for TLS, for which the two have no "
            "words in common: let env.py use psycopg, psycopg2 or asyncpg."
        )
    return {**found, "host": host, "port": port}
