"""An external server: one named by a URL, or started by a process fixture of pytest-postgresql.

:func:`given_url` and :func:`fixture_url` return the URL of its maintenance database; :func:`described`
describes it as pytest-postgresql's fixtures would.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from pytest_supaseed.connecting import DRIVER, server_url
from pytest_supaseed.errors import ConfigError
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
        f"supaseed_postgres is a URL that cannot be read{why}: write "
        "postgresql://user:password@host:5432/postgres, with %40 for an @ in the password"
    )


def fixture_url(server: ProcessFixture) -> URL:
    """Return the URL of the maintenance database of a process fixture's server."""
    maintenance = getattr(server, "maintenance_dbname", "postgres")
    return server_url(
        server.host, server.port, server.user, server.password, server.options or "", maintenance
    )


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
