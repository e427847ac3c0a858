"""Connections of our own: for a server that we started they say what they can, and libpq's environment is away.

For other servers libpq's environment holds as its documentation says.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import psycopg2
from psycopg2.extensions import parse_dsn
from sqlalchemy import URL, Engine, create_engine, event

from pytest_supaseed.libpq import Absence, Environment

DRIVER = "postgresql+psycopg2"
# One for each kind of server, so that threads which connect at once put back what was found first.
_ABSENT = {each: each.absent() for each in Environment}


def absent(environment: Environment) -> Absence:
    """Return the context in which libpq finds none of the variables that a connection must not follow.

    Args:
        environment: which parameters the environment may give.
    """
    return _ABSENT[environment]


def parameters(url: URL, environment: Environment) -> dict[str, Any]:
    """Return what psycopg2 connects with.

    Args:
        url: of the database.
        environment: which parameters the environment may give; the others are among the result.
    """
    given = dict(url.get_dialect()().create_connect_args(url)[1])
    return {**_said(environment), **given}


def connect(url: URL, environment: Environment, **more: Any) -> Any:
    """Connect to a database.

    Args:
        url: of the database.
        environment: which parameters the environment may give.
        more: parameters of :func:`psycopg2.connect`.

    Raises:
        psycopg2.Error: libpq or PostgreSQL refuses.
    """
    with absent(environment):
        return psycopg2.connect(**{**parameters(url, environment), **more})


def engine(
    url: URL, environment: Environment, *, connect_args: Mapping[str, Any] | None = None, **options: Any
) -> Engine:
    """Make an engine on a database.

    Args:
        url: of the database, which stays as it is.
        environment: which parameters the environment may give.
        connect_args: more parameters of :func:`psycopg2.connect`.
        options: of :func:`sqlalchemy.create_engine`.
    """
    said = {name: value for name, value in _said(environment).items() if name not in url.query}
    made = create_engine(url, connect_args={**said, **(connect_args or {})}, **options)
    if environment.refused:

        @event.listens_for(made, "do_connect")
        def connect_without(dialect: Any, record: object, arguments: Any, given: Any) -> Any:
            with absent(environment):
                return dialect.connect(*arguments, **given)

    return made


def _said(environment: Environment) -> dict[str, str]:
    """What connections say for the variables that they do not follow."""
    return {
        each.keyword: each.said
        for each in environment.refused
        if each.said is not None and _understood(each.keyword)
    }


@cache
def _understood(keyword: str) -> bool:
    """Whether the libpq that psycopg2 is linked with knows a parameter."""
    try:
        parse_dsn(f"{keyword}=''")
    except psycopg2.ProgrammingError:
        return False
    return True


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
