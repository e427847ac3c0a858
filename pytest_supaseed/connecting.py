"""Connections, engines and URLs of the plugin, made with psycopg2 or psycopg 3 and SQLAlchemy.

For the plugin's own server they give all parameters explicitly and ignore libpq's environment variables; for other
servers these hold as libpq's documentation says. :mod:`~pytest_supaseed.libpq` has the table of the variables.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import psycopg2
from psycopg2.extensions import parse_dsn
from sqlalchemy import URL, Engine, create_engine, event

from pytest_supaseed.errors import SeedError
from pytest_supaseed.libpq import Absence, Environment

if TYPE_CHECKING:
    from typing_extensions import Self

DRIVER = "postgresql+psycopg2"
# Shared by all connections: then threads that connect at the same time restore the original values.
_ABSENT = {each: each.absent() for each in Environment}


@dataclass(frozen=True)
class Address:
    """How a database is connected to.

    Attributes:
        url: of the database, for the driver of the fixtures.
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


def async_classes(*names: str) -> tuple[type[Any], ...]:
    """Return classes of :mod:`sqlalchemy.ext.asyncio`, for :func:`isinstance`.

    Returns:
        None of them where nothing has imported the module: then no object is of them. SQLAlchemy can be installed
        without greenlet, and the module cannot be imported then.
    """
    module = sys.modules.get("sqlalchemy.ext.asyncio")
    return tuple(getattr(module, name) for name in names) if module is not None else ()


def check_greenlet() -> None:
    """Check that SQLAlchemy's async engines can work: since 2.1 it is installed without greenlet.

    Raises:
        SeedError: greenlet is not installed.
    """
    if find_spec("greenlet") is None:
        raise SeedError(
            "SQLAlchemy's async engines, and async fixtures, need the package greenlet, which is not installed: pip "
            'install "sqlalchemy[asyncio]"'
        )


# An attribute of a connection's info: the pool is not to keep the connection.
DISCARD = "supaseed_discard"


def absent(environment: Environment) -> Absence:
    """Return the context that hides the variables that a connection must not follow from libpq."""
    return _ABSENT[environment]


def parameters(url: URL, environment: Environment) -> dict[str, Any]:
    """Return psycopg2's arguments for a URL, with values for all parameters that the environment may not give."""
    given = dict(url.get_dialect()().create_connect_args(url)[1])
    return {**_said(environment, _understood), **given}


def psycopg_parameters(url: URL, environment: Environment) -> dict[str, Any]:
    """Return the arguments of psycopg 3's ``connect`` for a URL, as :func:`parameters` does for psycopg2."""
    url = DatabaseURL.of(url, "psycopg")
    given = dict(url.get_dialect()().create_connect_args(url)[1])
    return {**_said(environment, _understood_by_psycopg), **given}


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


# The words of libpq that asyncpg takes in a URL of SQLAlchemy; pg8000 takes one, and neither takes others.
_OF_ASYNCPG = frozenset(("host", "port", "passfile", "target_session_attrs", "krbsrvname", "gsslib"))
_OF_PG8000 = frozenset(("application_name",))
_SOCKET = ".s.PGSQL."


class DatabaseURL(URL):
    """A URL whose query changes with the driver, when :meth:`set` chooses another one.

    psycopg2 and psycopg read libpq's words. asyncpg and pg8000 have words of their own and refuse those of libpq that
    they do not know: these are left out.

    Example:
        >>> query = {"host": "/run", "port": "5432"}
        >>> url = DatabaseURL.of(URL.create("postgresql+psycopg2", database="x", query=query))
        >>> str(url.set(drivername="postgresql+pg8000"))
        'postgresql+pg8000:///x?unix_sock=%2Frun%2F.s.PGSQL.5432'
    """

    @classmethod
    def of(cls, url: URL, driver: str | None = None) -> Self:
        """Return a URL of another driver, or the same one.

        Args:
            url: as any driver reads it.
            driver: the name of its package; None for the URL's own.
        """
        made: Self = tuple.__new__(cls, url)
        return made if driver is None else made.set(drivername=f"postgresql+{driver}")

    def set(self, drivername: str | None = None, *args: Any, **more: Any) -> Self:
        """Return the URL with other parts; with another driver, as that driver reads it."""
        changed = super().set(drivername, *args, **more)
        if drivername is not None and drivername != self.drivername:
            changed = _SPELLINGS.get(drivername.partition("+")[2], _for_libpq)(changed)
        # The base makes a URL of the same class.
        assert isinstance(changed, type(self))  # noqa: S101 for the type checker
        return changed


def _for_libpq(url: URL) -> URL:
    """Return a URL of any driver as psycopg2 and psycopg read it."""
    query = dict(url.query)
    path = query.pop("unix_sock", None)
    if isinstance(path, str):
        folder, _, port = path.rpartition(f"/{_SOCKET}")
        query |= {"host": folder, "port": port}
    if "ssl" in query:
        query["sslmode"] = query.pop("ssl")
    return url.set(query=query)


def _for_asyncpg(url: URL) -> URL:
    url = _for_libpq(url)
    query = {name: value for name, value in url.query.items() if name in _OF_ASYNCPG}
    if "sslmode" in url.query:
        query["ssl"] = url.query["sslmode"]
    return url.set(query=query)


def _for_pg8000(url: URL) -> URL:
    url = _for_libpq(url)
    query = {name: value for name, value in url.query.items() if name in _OF_PG8000}
    host, port = url.query.get("host", url.host), url.query.get("port", url.port)
    if isinstance(host, str) and host.startswith(("/", "@")):
        return url.set(query={**query, "unix_sock": f"{host}/{_SOCKET}{port or 5432}"})
    if isinstance(host, str) and not isinstance(port, tuple):
        return url.set(host=host, port=int(port or 5432), query=query)
    return url.set(query=query)


_SPELLINGS: Mapping[str, Callable[[URL], URL]] = {"asyncpg": _for_asyncpg, "pg8000": _for_pg8000}


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
