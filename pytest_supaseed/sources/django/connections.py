"""Django's connections, pointed at a throwaway database in the place of the one that the settings name.

:func:`pointed_settings` computes the settings of a connection; :class:`Pointer` gives them to Django, and closes the
connections of all threads before. The settings' own database is neither connected to nor changed:
:func:`without_database` keeps code of the project from it that runs before there is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any
from weakref import WeakSet

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

# libpq's words of an address and of what authenticates there; those of the settings are for another server.
_ADDRESS = re.compile(
    r"service|servicefile|passfile|host|hostaddr|port|user|password|dbname|channel_binding|require_?auth|requirepeer"
    r"|target_session_attrs|load_balance_hosts|gss\w+|krbsrvname|ssl\w*|replication|sslnegotiation"
)
_OWN_KEYS = {"NAME": "dbname", "HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
# Two aliases with the same of these are one database.
_PLACE = ("ENGINE", "NAME", "HOST", "PORT")
_ABORTED = "25P02"  # in_failed_sql_transaction


def pointed_settings(given: Mapping[str, Any], parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of ``DATABASES[...]`` that lead to a database.

    Args:
        given: the settings as the project has them, whose ``OPTIONS`` are kept as far as they are no address.
        parameters: of the database, with libpq's names.

    Returns:
        ``NAME``, ``HOST``, ``PORT``, ``USER``, ``PASSWORD`` and ``OPTIONS``.

    Example:
        >>> given = {"NAME": "shop", "HOST": "db", "OPTIONS": {"sslmode": "require", "pool": True}}
        >>> pointed_settings(given, {"dbname": "test_1", "host": "/tmp/s", "port": "5433", "user": "me"})["OPTIONS"]
        {'pool': True}
    """
    found: dict[str, Any] = {key: str(parameters.get(word) or "") for key, word in _OWN_KEYS.items()}
    theirs = given.get("OPTIONS") or {}
    options = {name: value for name, value in theirs.items() if not _ADDRESS.fullmatch(name)}
    own = _OWN_KEYS.values()
    options.update({
        name: value
        for name, value in parameters.items()
        if name not in own and _ADDRESS.fullmatch(name) and value
    })  # fmt: skip
    startup = " ".join(filter(None, (str(parameters.get("options") or ""), str(theirs.get("options") or ""))))
    if startup:
        options["options"] = startup
    return {**found, "OPTIONS": options}


class DatabaseNeededError(Exception):
    """Code of the project needs a database, which has no rows yet."""


@contextmanager
def without_database() -> Iterator[None]:
    """Let code of the project reach no database: the one of its settings is not that of the tests."""

    def refuse(self: BaseDatabaseWrapper) -> None:
        raise DatabaseNeededError

    connect = BaseDatabaseWrapper.ensure_connection
    BaseDatabaseWrapper.ensure_connection = refuse
    try:
        yield
    finally:
        BaseDatabaseWrapper.ensure_connection = connect


class Pointer:
    """What points one alias of ``DATABASES``, and the aliases that mirror it, at one database after another.

    Args:
        alias: of the connection.

    Attributes:
        name: of the database that it points at; None for that of the settings.
        aliases: the alias, and those of ``TEST["MIRROR"]`` and of the same database.
    """

    def __init__(self, alias: str = DEFAULT_DB_ALIAS) -> None:
        self.name: str | None = None
        self._alias = alias
        self.aliases = (alias, *_mirrors(alias))
        self._given = {each: _copied(connections.settings[each]) for each in self.aliases}
        self._made: WeakSet[BaseDatabaseWrapper] = WeakSet()
        connection_created.connect(self._created)

    def _created(self, sender: object, connection: BaseDatabaseWrapper, **more: object) -> None:
        # Of any thread: live servers and asynchronous views have connections of their own.
        self._made.add(connection)

    @property
    def in_transaction(self) -> bool:
        """Whether this thread's connection is within ``atomic``."""
        return any(connections[alias].in_atomic_block for alias in self.aliases)

    def point(self, parameters: Mapping[str, Any]) -> None:
        """Point the alias at a database; nothing is done where it points there already.

        Args:
            parameters: of the database, with libpq's names.
        """
        name = str(parameters["dbname"])
        if name == self.name:
            return
        self.close()
        for alias in self.aliases:
            _give(alias, pointed_settings(self._given[alias], parameters))
        self.name = name

    def restore(self) -> None:
        """Point the alias at the database of the settings again, without connecting to it."""
        self.close()
        for alias in self.aliases:
            _give(alias, self._given[alias])
        self.name = None
        connection_created.disconnect(self._created)

    def close(self) -> None:
        """Close the connections of all threads, so that the next use of each connects anew."""
        mine = [connections[alias] for alias in self.aliases]
        for connection in dict.fromkeys((*mine, *self._made)):
            if connection.alias in self.aliases:
                _close(connection)
        for connection in mine:
            # Django 5.1 and later: one pool for all threads.
            if connection.alias in getattr(connection, "_connection_pools", {}):
                connection.close_pool()

    def keep(self) -> str:
        """Commit what was done in the open transaction of this thread, and go on in another, with the same savepoints.

        Returns:
            Why only what had been done at the last savepoint is committed; empty if all of it is.
        """
        connection, reason = connections[self._alias], ""
        driver = connection.connection
        names = [connection.ops.quote_name(each) for each in connection.savepoint_ids if each]
        with closing(driver.cursor()) as cursor:
            try:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            except connection.Database.Error as error:
                failed = getattr(error, "pgcode", None) or getattr(error, "sqlstate", None)
                reason = (
                    "a statement had failed" if failed == _ABORTED else str(error).strip().partition("\n")[0]
                )
                if names:
                    cursor.execute(f"ROLLBACK TO SAVEPOINT {names[-1]}")
                else:
                    driver.rollback()
            driver.commit()
            for name in names:
                cursor.execute(f"SAVEPOINT {name}")
        return reason

    def execute(self, query: str) -> list[tuple[Any, ...]]:
        """Execute a query on the driver's connection, in its transaction, past what counts or blocks queries.

        Args:
            query: one that returns rows.
        """
        connection = connections[self._alias]
        connection.ensure_connection()
        cursor = connection.connection.cursor()
        try:
            cursor.execute(query)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        finally:
            cursor.close()
        return found


@contextmanager
def pointed(alias: str, parameters: Mapping[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    """Point an alias at a database in the block, and where it pointed before after it.

    Yields:
        Django's connection of this thread.
    """
    connection = connections[alias]
    before = _copied(connections.settings[alias])
    connection.close()
    _give(alias, pointed_settings(before, parameters))
    try:
        yield connection
    finally:
        _close(connection)
        if alias in getattr(connection, "_connection_pools", {}):
            connection.close_pool()
        _give(alias, before)


def _mirrors(alias: str) -> list[str]:
    """Return the aliases that are to read the same database, such as that of a replica."""
    # The settings only, for the driver of another engine need not be installed.
    every = connections.settings
    own = [every[alias].get(key) for key in _PLACE]
    return [
        each
        for each, given in every.items()
        if each != alias and (given["TEST"]["MIRROR"] == alias or [given.get(key) for key in _PLACE] == own)
    ]


def _copied(given: Mapping[str, Any]) -> dict[str, Any]:
    keys = (*_OWN_KEYS, "OPTIONS")
    return {key: given[key] for key in keys if key in given}


def _give(alias: str, found: Mapping[str, Any]) -> None:
    # New connections, those of other threads as well, read the one dict; this thread's may have a copy.
    connections.settings[alias].update(found)
    connections[alias].settings_dict.update(found)


def _close(connection: BaseDatabaseWrapper) -> None:
    connection.inc_thread_sharing()
    try:
        connection.close()
    finally:
        connection.dec_thread_sharing()
    if connection.in_atomic_block:
        # A test has left a transaction open, which would refuse the next connection.
        connection.connection = None
        connection.closed_in_transaction = connection.in_atomic_block = False
