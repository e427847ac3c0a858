"""Connections and engines of the plugin, made with psycopg2 and SQLAlchemy.

For the plugin's own server they give all parameters explicitly and ignore libpq's environment variables; for other
servers these hold as libpq's documentation says. :mod:`~pytest_supaseed.libpq` has the table of the variables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import psycopg2
from psycopg2.extensions import parse_dsn
from sqlalchemy import URL, Engine, create_engine, event

from pytest_supaseed.libpq import Absence, Environment

DRIVER = "postgresql+psycopg2"
# Shared by all connections: then threads that connect at the same time restore the original values.
_ABSENT = {each: each.absent() for each in Environment}


@dataclass(frozen=True)
class Address:
    """How a database is connected to.

    Attributes:
        url: of the database, for psycopg2.
        environment: which parameters of its connections libpq's environment may supply.
        revive: called when a connection has ended, before the next is opened: the server may be restarting.
        engine: through which all connect; None for engines of their own.
    """

    url: URL
    environment: Environment = Environment.ALL
    revive: Callable[[], None] = lambda: None
    engine: Engine | None = None


def without_password(url: URL) -> URL:
    """Return a URL without its password, which ``URL.set(password=None)`` leaves in place.

    Example:
        >>> without_password(URL.create("postgresql", "me", "secret", "db"))
        postgresql://me@db
    """
    return url._replace(password=None)


def absent(environment: Environment) -> Absence:
    """Return the context that hides the variables that a connection must not follow from libpq."""
    return _ABSENT[environment]


def parameters(url: URL, environment: Environment) -> dict[str, Any]:
    """Return psycopg2's arguments for a URL, with values for all parameters that the environment may not give."""
    given = dict(url.get_dialect()().create_connect_args(url)[1])
    return {**_said(environment, _understood), **given}


def connect(url: URL, environment: Environment, **more: Any) -> Any:
    """Connect to a database.

    Args:
        url: of the database.
        environment: which parameters libpq's environment may give.
        more: arguments of :func:`psycopg2.connect`.

    Raises:
        psycopg2.Error: libpq or PostgreSQL refuses.
    """
    with absent(environment):
        return psycopg2.connect(**{**parameters(url, environment), **more})


def engine(
    url: URL,
    environment: Environment,
    *,
    connect_args: Mapping[str, Any] | None = None,
    connect: Callable[..., Any] | None = None,
    **options: Any,
) -> Engine:
    """Create an engine, with the URL unchanged.

    Args:
        url: of the database, for psycopg2 or psycopg 3.
        environment: which parameters libpq's environment may give.
        connect_args: more arguments of the driver's function ``connect``.
        connect: called in place of that function.
        options: of :func:`sqlalchemy.create_engine`.
    """
    understood = _understood if url.get_driver_name() == "psycopg2" else _understood_by_psycopg
    said = {name: value for name, value in _said(environment, understood).items() if name not in url.query}
    made = create_engine(url, connect_args={**said, **(connect_args or {})}, **options)
    if environment.refused or connect is not None:

        @event.listens_for(made, "do_connect")
        def connect_without(dialect: Any, record: object, arguments: Any, given: Any) -> Any:
            with absent(environment):
                return (connect or dialect.connect)(*arguments, **given)

    return made


def _said(environment: Environment, understood: Callable[[str], bool]) -> dict[str, str]:
    """Return explicit parameters in place of the variables that connections do not follow.

    Args:
        understood: whether the driver's libpq knows a parameter.
    """
    return {
        each.keyword: each.said
        for each in environment.refused
        if each.said is not None and understood(each.keyword)
    }


@cache
def _understood(keyword: str) -> bool:
    """Whether the libpq of psycopg2 knows a connection parameter."""
    try:
        parse_dsn(f"{keyword}=''")
    except psycopg2.ProgrammingError:
        return False
    return True


@cache
def _understood_by_psycopg(keyword: str) -> bool:
    """Whether the libpq of psycopg 3, which may be another version, knows a connection parameter."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import make_conninfo

    try:
        make_conninfo(**{keyword: ""})
    except ProgrammingError:
        return False
    return True


@dataclass(frozen=True)
class ServerAddress:
    """How a server is connected to.

    Attributes:
        host: a name, an address, or the folder of a Unix socket.
        port: the port.
        user: the role.
        password: of the role; None or empty for none.
        options: libpq's ``options``; empty for none.
    """

    host: str
    port: int | str
    user: str
    password: str | None = field(default=None, repr=False)
    options: str = ""


def server_url(server: ServerAddress, database: str) -> URL:
    """Return the URL of a database on a server.

    Example:
        >>> str(server_url(ServerAddress("/run/pg", 5432, "me"), "tests"))
        'postgresql+psycopg2://me@/tests?host=%2Frun%2Fpg&port=5432'
    """
    query = {"options": server.options} if server.options else {}
    socket = server.host.startswith(("/", "@"))
    return URL.create(
        DRIVER,
        username=server.user,
        password=server.password or None,
        host=None if socket else server.host,
        port=None if socket else int(server.port),
        database=database,
        query={**query, "host": server.host, "port": str(server.port)} if socket else query,
    )
