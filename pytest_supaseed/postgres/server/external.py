"""An external server: one named by a URL, or started by a process fixture of pytest-postgresql.

:func:`given_url` and :func:`fixture_url` return the URL of its maintenance database; :func:`described`
describes it as pytest-postgresql's fixtures would. Why a server cannot be used is found out by connection attempts
instead of guesses: :func:`at_fault` finds the environment variables of libpq without which the failed attempt works,
:func:`variables_sentence` words them for a message, and :func:`refusal` says what to do where none is at fault.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import psycopg2
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from pytest_supaseed import clock
from pytest_supaseed.connecting import DRIVER, ServerAddress, server_url
from pytest_supaseed.errors import ConfigError, did_you_mean
from pytest_supaseed.libpq import Absence, Environment, Variable, set_variables
from pytest_supaseed.notation import notation
from pytest_supaseed.wording import text_problem

_IN_QUERY = ("user", "password", "dbname")


class ProcessFixture(Protocol):
    """The attributes of pytest-postgresql's process fixtures."""

    host: str
    port: Any
    user: str
    password: str | None
    options: str

    @property
    def template_dbname(self) -> str:
        """The database that the client fixtures' databases are copies of."""


@dataclass(frozen=True)
class ExternalServer:
    """A running server, with the attributes of pytest-postgresql's process fixtures.

    Attributes:
        host: a name, an address, or the folder of a Unix socket.
        port: the port.
        user: the role to connect as.
        password: of the role.
        options: libpq's ``options``.
        dbname: the name for the databases of client fixtures.
        template_dbname: the database with the loaded schema, which the client databases are copies of.
        maintenance_dbname: the database to connect to in order to create and drop others.
        version: of PostgreSQL.
    """

    host: str
    port: int
    user: str
    password: str | None = field(repr=False)
    options: str
    dbname: str
    template_dbname: str
    maintenance_dbname: str
    version: str


def given_url(written: str) -> URL:
    """Parse the URL of a server.

    Args:
        written: as the user gave it; ``postgres://`` is accepted, as in libpq.

    Raises:
        ConfigError: it is not a valid URL.
    """
    try:
        url = make_url(written)
    except (ArgumentError, ValueError):
        # The error's text, and a traceback with that error in it, would show the password.
        raise _unreadable("") from None
    if "@" in (url.host or ""):
        # An unescaped @ has put a part of the password into the host, which would be looked up and shown.
        raise _unreadable("")
    # libpq accepts these in the query, too, and prefers them there.
    user, password, database = (_last(url, name) for name in _IN_QUERY)
    url = url.difference_update_query(_IN_QUERY)
    if password is not None:
        url = url.set(password=password)
    if user is not None:
        url = url.set(username=user)
    url = url.set(drivername=DRIVER, database=database or url.database or "postgres")
    try:
        # create_connect_args combines several hosts and ports, and may reject them.
        parameters = url.get_dialect()().create_connect_args(url)[1]
    except (ArgumentError, ValueError, TypeError):
        raise _unreadable("") from None
    for name, value in parameters.items():
        if isinstance(value, (list, tuple)):
            raise _unreadable(f" (it has {name} twice)")
        if problem := text_problem(str(value)):
            raise _unreadable(f" (its {name} {problem})")
    return url


def _last(url: URL, name: str) -> str | None:
    """The last value of a parameter in the query of a URL."""
    found = url.query.get(name)
    return found if found is None or isinstance(found, str) else found[-1]


def _unreadable(why: str) -> ConfigError:
    return ConfigError(
        f"{notation().server_setting} is a URL that cannot be read{why}: write "
        "postgresql://user:password@host:5432/postgres, with %40 for an @ in the password"
    )


def fixture_url(server: ProcessFixture) -> URL:
    """Return the URL of the maintenance database of a process fixture's server."""
    maintenance = getattr(server, "maintenance_dbname", "postgres")
    address = ServerAddress(server.host, server.port, server.user, server.password, server.options or "")
    return server_url(address, maintenance)


def described(url: URL, version: str, prefix: str, template: str) -> ExternalServer:
    """Describe the server of a URL.

    Args:
        url: of the maintenance database.
        version: of PostgreSQL.
        prefix: the beginning of the names of this session's databases.
        template: the database with the loaded schema.
    """
    parameters = url.get_dialect()().create_connect_args(url)[1]
    # Of several servers libpq tries the first one first.
    port = str(parameters.get("port", "")).partition(",")[0]
    return ExternalServer(
        str(parameters.get("host", "")),
        int(port) if port else 5432,
        url.username or "",
        url.password,
        str(url.query.get("options", "")),
        f"{prefix}_tests",
        template,
        url.database or "postgres",
        version,
    )


Attempt = Callable[[Any], None]
_CONNECT_SECONDS = 3
_ALL_SECONDS = 15.0
# Sent instead of the user's password where a variable that protects the connection is left out.
_NO_PASSWORD = "pytest-supaseed-looks-for-a-fault"  # noqa: S105
_PORT = 5432
_FEW_NAMES = 8


def at_fault(
    parameters: Mapping[str, Any], environment: Environment, attempt: Attempt = lambda connection: None
) -> tuple[str, ...]:
    """Find the environment variables of libpq without which a server can be used.

    Args:
        parameters: of :func:`psycopg2.connect`, with which it cannot be used.
        environment: which parameters the environment supplies to them.
        attempt: does on a new connection what has failed, and undoes its own effects.

    Returns:
        The variable at fault, or the variables that are at fault together; empty where none is, or where the search
        takes too long.
    """
    present = [each for each in set_variables() if each not in environment.refused]
    return _Trial(parameters, attempt).at_fault(present) if present else ()


def ask_server(connection: Any) -> None:
    """Do what a server must be able to do in a session, answer, even if that takes a while: for :func:`at_fault`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.1), count(*) FROM pg_database")


def variables_sentence(names: Sequence[str]) -> str:
    """Return the sentence for a message about the variables at fault; empty for no variables."""
    if not names:
        return ""
    if len(names) == 1:
        return (
            f"The environment variable {names[0]} is at fault: without it, it works. Correct it, or unset it for "
            "this run."
        )
    return (
        f"The environment variables {', '.join(names)} are at fault: without them, it works. Correct them, or "
        "unset them for this run."
    )


class _Trial:
    """Connection attempts to one server, each without some variables."""

    def __init__(self, parameters: Mapping[str, Any], attempt: Attempt) -> None:
        self._parameters = parameters
        self._attempt = attempt
        self._until = clock.monotonic() + _ALL_SECONDS
        self._protected: str | None = None

    def at_fault(self, present: Sequence[Variable]) -> tuple[str, ...]:
        """Leave out each variable alone; if none suffices, leave out all, and restore those that do no harm."""
        if not self._failure(()):
            # This attempt works, and differs from the user's only in its timeout.
            timeouts = [each.name for each in present if each.keyword == "connect_timeout"]
            return tuple(timeouts)
        for each in present:
            if self._works_without([each]):
                return (each.name,)
        left = list(present)
        if not self._works_without(left):
            return ()
        for each in present:
            fewer = [other for other in left if other is not each]
            if self._works_without(fewer):
                left = fewer
        return tuple(each.name for each in left)

    def _works_without(self, variables: Sequence[Variable]) -> bool:
        """Whether the attempt works without some variables.

        Without a variable that protects the connection only a false password is sent. The variable counts as at fault
        if the failure then differs from that of the false password with all variables.
        """
        if clock.monotonic() > self._until:
            return False
        if not (self._has_password() and any(each.guards for each in variables)):
            return not self._failure(variables)
        if self._protected is None:
            self._protected = self._failure((), password=_NO_PASSWORD)
        failure = self._failure(variables, password=_NO_PASSWORD)
        return not failure or failure != self._protected

    def refusal(self, said: str) -> str:
        """Return what to do about the answer of a server that refuses a connection."""
        user, database = self._parameters.get("user") or "", str(self._parameters.get("dbname") or "")
        known: list[str] = []
        trial = _Trial(self._parameters, lambda connection: known.extend(_database_names(connection)))
        for other in ("postgres", "template1"):
            # An empty text: the attempt works, so that the database is the reason.
            if other != database and not trial._failure((), dbname=other):
                return _no_database(database, known, user)
        folded = said.lower()
        for words, what in _REFUSALS:
            if words in folded:
                return what.format(user=user)
        return (
            "There is a server, and it does not let you in: correct the user, the password or the database in the "
            "URL, or what the server has of them."
        )

    def _has_password(self) -> bool:
        if self._parameters.get("password"):
            return True
        files = (self._parameters.get("passfile"), Path("~/.pgpass").expanduser())
        return any(each.keyword in ("password", "passfile") for each in set_variables()) or any(
            each and Path(each).exists() for each in files
        )

    def _failure(self, absent: Sequence[Variable], **more: Any) -> str:
        """Return the error message of an attempt without some variables; empty where it works."""
        given = {**self._parameters, "connect_timeout": _CONNECT_SECONDS, **more}
        try:
            with Absence(each.name for each in absent):
                connection = psycopg2.connect(**given)
            with closing(connection):
                connection.autocommit = True
                self._attempt(connection)
        except (psycopg2.Error, UnicodeError) as error:
            return str(error).strip() or type(error).__name__
        return ""


def refusal(parameters: Mapping[str, Any], said: str) -> tuple[str, bool]:
    """Return what to do about a server that refuses a connection or does not exist, and whether one answers.

    Args:
        parameters: of :func:`psycopg2.connect`, with which it cannot be connected to.
        said: the error.
    """
    answers = _answers(str(parameters.get("host") or ""), str(parameters.get("port") or _PORT))
    if answers is None:
        return "Correct the URL: there is no such host.", False
    # The default host of libpq, and several hosts, are not tried.
    if not answers and "FATAL" not in said:
        return (
            f"Start that server, correct the URL, or leave out {notation().server_setting}, and a throwaway server is "
            "started.",
            False,
        )
    return _Trial(parameters, lambda connection: None).refusal(said), True


# What PostgreSQL and libpq say in English, and the advice; of a server in another language a trial tells the database.
_REFUSALS = (
    (
        "no password supplied",
        "The server asks for a password: write it into the URL, after the user {user!r} and a colon.",
    ),
    (
        "password authentication failed",
        "The password in the URL is wrong, or the server has no role {user!r}: correct them.",
    ),
    (
        "authentication failed",
        "The server does not let the role {user!r} in this way: correct the user in the URL, or the server's "
        "pg_hba.conf.",
    ),
    (
        'role "',
        "The server has no role {user!r} that may log in: correct the user in the URL, or CREATE ROLE.",
    ),
    ("no pg_hba.conf entry", "No line of the server's pg_hba.conf lets {user!r} in from here: add one."),
    (
        "no encryption",
        "No line of the server's pg_hba.conf lets {user!r} in without SSL: add ?sslmode=require.",
    ),
    ("does not support ssl", "The server has no SSL, and the URL asks for it: leave out sslmode."),
    ("connection slots", "The server has no connection left: end some, or raise its max_connections."),
    ("too many c", "The server has no connection left: end some, or raise its max_connections."),
    ("starting up", "The server is just starting: run again when it has."),
    ("shutting down", "The server is just ending: start it again."),
)


def _no_database(database: str, known: Sequence[str], user: str) -> str:
    """Return what to do about a database to which a connection is refused, while others accept it."""
    if database in known:
        return (
            f"The role {user!r} may not connect to the database {database!r}: GRANT CONNECT ON DATABASE, or write "
            "another one into the URL, such as postgres."
        )
    # Not those that sessions of tests make.
    others = [name for name in known if not name.startswith(("supaseed_", "tests_"))][:_FEW_NAMES]
    near = did_you_mean(database, others) or f", it has {', '.join(others)}"
    return f"The server has no database {database!r}{near}: correct the end of the URL."


def _database_names(connection: Any) -> list[str]:
    """Return the databases of a server that are no templates."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY datname")
        return [name for (name,) in cursor.fetchall()]


def _answers(host: str, port: str) -> bool | None:
    """Whether a server listens at an address; None where there is no such host."""
    if not port.isdecimal() or "," in host or not host:
        # Several hosts, or libpq's default, are not tried.
        return False
    try:
        if host.startswith(("/", "@")):
            path = f"{host}/.s.PGSQL.{port}"
            with socket.socket(socket.AF_UNIX) as probe:
                probe.settimeout(_CONNECT_SECONDS)
                probe.connect("\0" + path[1:] if host.startswith("@") else path)
        else:
            socket.create_connection((host, int(port)), _CONNECT_SECONDS).close()
    except (socket.gaierror, UnicodeError):
        return None
    except (OSError, OverflowError, ValueError, AttributeError):
        return False
    return True
