"""The client's end of connections: which of a server's backends are connected to an open connection of this process.

PostgreSQL lists a backend until it has ended, which on a busy machine is long after its client has closed the
connection. A driver's connection that is open here tells at once that its backend is no such one.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Collection, Iterator
from typing import Any


def _libpq_backend(connection: Any) -> tuple[int, str]:
    return connection.info.backend_pid, connection.info.dbname


def _asyncpg_backend(connection: Any) -> tuple[int, str]:
    return connection.get_server_pid(), connection._params.database


# A driver's module, its classes of connections, whether one is open, and the backend that it is connected to.
_DRIVERS: tuple[tuple[str, tuple[str, ...], Callable[[Any], bool], Callable[[Any], tuple[int, str]]], ...] = (
    ("psycopg2.extensions", ("connection",), lambda connection: not connection.closed, _libpq_backend),
    ("psycopg", ("Connection", "AsyncConnection"), lambda connection: not connection.closed, _libpq_backend),
    ("asyncpg.connection", ("Connection",), lambda connection: not connection.is_closed(), _asyncpg_backend),
)


def held_open(database: str, backends: Collection[int]) -> set[int]:
    """Return those of a database's backends whose client is a connection of this process that is open.

    Args:
        database: its name.
        backends: process ids of backends.

    Returns:
        Their process ids. One that is missing is connected to another process or through a driver that is not known
        here, or its client has closed the connection.
    """
    held = set()
    for process, name in _open_connections():
        if name == database and process in backends:
            held.add(process)
    return held


def _open_connections() -> Iterator[tuple[int, str]]:
    """The process ids and databases of the backends of all open connections of this process."""
    drivers = []
    for module, names, is_open, backend in _DRIVERS:
        loaded = sys.modules.get(module)
        if loaded is not None:
            drivers.append((tuple(getattr(loaded, name) for name in names), is_open, backend))
    # Of each type that there is: what tells of its objects, None for what is no connection.
    kinds: dict[type, Any] = {}
    # type() and issubclass(), not isinstance(), which asks proxies and mocks of the application for their classes.
    for each in gc.get_objects():
        kind = type(each)
        if kind not in kinds:
            kinds[kind] = next((driver for driver in drivers if issubclass(kind, driver[0])), None)
        if kinds[kind] is not None:
            _, is_open, backend = kinds[kind]
            try:
                found = backend(each) if is_open(each) else None
            except Exception:  # noqa: S112 one that is being opened or closed by another thread tells nothing
                continue
            if found is not None:
                yield found
