"""A server that somebody else runs: named by a URL, or started by a fixture of pytest-postgresql."""

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
    """What the process fixtures of pytest-postgresql have."""

    host: str
    port: Any
    user: str
    password: str | None
    options: str

    @property
    def template_dbname(self) -> str:
        """The name of the database that their clients' databases are copies of."""


@dataclass(frozen=True)
class ExternalServer:
    """A running server, as pytest-postgresql's process fixtures describe theirs.

    Attributes:
        host: its name, address, or the folder of its Unix socket.
        port: its port.
        user: the role to connect as.
        password: of the role.
        options: libpq's ``options``.
        dbname: the name for the databases of client fixtures.
        template_dbname: the name of the database with the loaded schema, of which those are copies.
        maintenance_dbname: the database to connect to in order to create and drop others.
        version: PostgreSQL's version.
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
    """Read the URL of a server.

    Args:
        written: as the user gave it; ``postgres://`` will do, as libpq has it.

    Raises:
        ConfigError: it is no URL.
    """
    try:
        url = make_url(written)
    except (ArgumentError, ValueError):
        # The text of the error would show the password, and so would a traceback that has the error in it.
        raise _unreadable("") from None
    if "@" in (url.host or ""):
        # It is a part of the password, and would be looked up as a host, and shown.
        raise _unreadable("")
    # libpq takes these from either place, and the latter wins.
    user, password, database = (_last(url, name) for name in _IN_QUERY)
    url = url.difference_update_query(_IN_QUERY)
    if password is not None:
        url = url.set(password=password)
    if user is not None:
        url = url.set(username=user)
    url = url.set(drivername=DRIVER, database=database or url.database or "postgres")
    try:
        # Several hosts and ports are put together there.
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
    """The value of a parameter in the query of a URL; the last, if there are several."""
    found = url.query.get(name)
    return found if found is None or isinstance(found, str) else found[-1]


def _unreadable(why: str) -> ConfigError:
    return ConfigError(
        f"supaseed_postgres is a URL that cannot be read{why}: write "
        "postgresql://user:password@host:5432/postgres, with %40 for an @ in the password"
    )


def fixture_url(server: ProcessFixture) -> URL:
    """Return the URL of the maintenance database of a process fixture's server.

    Args:
        server: what the fixture returns.
    """
    maintenance = getattr(server, "maintenance_dbname", "postgres")
    return server_url(
        server.host, server.port, server.user, server.password, server.options or "", maintenance
    )


def described(url: URL, version: str, prefix: str, template: str) -> ExternalServer:
    """Describe the server of a URL.

    Args:
        url: of the maintenance database.
        version: PostgreSQL's.
        prefix: what the names of this session's databases begin with.
        template: the name of the database with the loaded schema.
    """
    parameters = url.get_dialect()().create_connect_args(url)[1]
    # Of several servers the first one is named, as it is the one that libpq tries first.
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
