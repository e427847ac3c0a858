"""Template databases, created once on a server by the first process that needs them, and cloned by all.

While it is filled, a database belongs to the process that makes it. When finished, it is renamed to a name that
contains a digest of its content (:func:`template_name`), and no process connects to it any more. Start with
:meth:`Templates.get`; :meth:`Templates.sweep`, :meth:`Templates.leave` and :meth:`Templates.end` drop databases that no
session uses any more.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

import psycopg2
from psycopg2 import sql

from pytest_supaseed import clock, connecting
from pytest_supaseed.errors import ServerError
from pytest_supaseed.model.schema import TableName
from pytest_supaseed.postgres.databases.database import Databases
from pytest_supaseed.postgres.databases.maintenance import MARK, SHARED_PREFIX, session_of

Notes = Mapping[str, Any]
# PostgreSQL sets datconnlimit to -2 when it begins to drop a database.
_OURS = """
SELECT datname, oid, shobj_description(oid, 'pg_database'), datconnlimit = -2 FROM pg_database
WHERE (shobj_description(oid, 'pg_database') LIKE %s OR datname LIKE %s)
  AND datdba = (SELECT oid FROM pg_roles WHERE rolname = current_user)
"""
_USED_SINCE = """
SELECT FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'
  AND greatest(backend_start, query_start, state_change) > %s::timestamptz LIMIT 1
"""
_UNLOGGED = "SELECT FROM pg_class WHERE relpersistence = 'u' LIMIT 1"
_END_CONNECTIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
# A session is known by the application_name of its connections; a role may terminate its own.
_END_SESSION = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = session_user AND application_name = %s
"""
_SWEEPING = "sweeping"
_ASKED = "asked for"
_RECOVERED = "recovered"
# The note of a database of a failing test that outlives its session: see session/kept.py. It is no template.
KEPT = "kept"
_OLD_SECONDS = 86_400.0
# How long a session whose connection has ended may take to reconnect before it counts as killed.
_ABSENT_SECONDS = 2.0
# How long terminated connections may take to end.
_END_SECONDS = 20.0
_END_POLL_SECONDS = 0.01
_PREFIX_BYTES = 32


def template_name(prefix: str, kind: str, digest: str) -> str:
    """Return the name of a template: the prefix that sessions share, and the kind and digest of its content.

    Example:
        >>> template_name("tests", "seed", "0123456789abcdef")
        'tests_seed_0123456789abcdef'
    """
    # Leaves enough of PostgreSQL's 63 bytes for the rest of the name.
    return f"{prefix.encode()[:_PREFIX_BYTES].decode(errors='ignore')}_{kind}_{digest}"


@dataclass(frozen=True)
class CreatedDatabase:
    """A database that this plugin created.

    Attributes:
        name: of the database.
        oid: of the database.
        session: the prefix of the session that created it.
        notes: what other sessions need to know of a template; None for a database of one session alone.
        whole: whether it is usable: no DROP DATABASE was begun.
    """

    name: str
    oid: int
    session: str
    notes: Notes | None
    whole: bool = True


@dataclass(frozen=True)
class Seed:
    """A template that was seeded once.

    Attributes:
        template: its name.
        counts: the rows of every table.
        asked: its rows that count against the limit.
        replaced: by table and what has refused rows there, how many were refused, and how many others were tried.
    """

    template: str
    counts: Mapping[TableName, int]
    asked: int
    replaced: tuple[tuple[str, str, int, int], ...] = ()


class Templates:
    """The templates on a server, as one session uses them.

    Args:
        databases: of the session.
        fetch: makes the files of a template from an earlier session available; returns whether they are.
    """

    def __init__(
        self, databases: Databases, fetch: Callable[[CreatedDatabase], bool] = lambda created: True
    ) -> None:
        self._databases = databases
        self._maintenance = databases.maintenance
        self._fetch = fetch

    def get(self, name: str, make: Callable[[], tuple[str, Notes]], *, copied: bool = True) -> Notes:
        """Return the notes of a template, which is made if it does not exist.

        Args:
            name: of the template; equal for equal content.
            make: makes a database of this session, without open connections; returns its name, and notes that JSON can
                hold. Only one process calls it at a time.
            copied: whether the template is about to be cloned; otherwise its files need not be available yet.

        Raises:
            SeedError: raised by `make`, or PostgreSQL refuses.
        """
        with self._maintenance.locked(name):
            found = self._found(name)
            if found is not None:
                if found.notes is not None and (not copied or (self._survived(found) and self._fetch(found))):
                    return found.notes
                if found.notes is not None or not found.whole:
                    self._databases.drop_unused(name)
            made, notes = make()
            return self._publish(made, name, notes)

    def _found(self, name: str) -> CreatedDatabase | None:
        if not self._databases.foreign:
            found = next((each for each in self.all() if each.name == name), None)
        else:
            # A process that is sweeping now may not have seen this session; a later sweep sees it.
            with self._maintenance.locked(_SWEEPING):
                found = next((each for each in self.all() if each.name == name), None)
                if found is not None and found.notes is not None and found.whole:
                    self._databases.mark(name, {**found.notes, _ASKED: clock.now()})
        return found if found is None or found.whole else replace(found, notes=None)

    def _survived(self, found: CreatedDatabase) -> bool:
        """Whether a template still has all its rows, although the server may have crashed since it was made."""
        maintenance = self._maintenance
        assert found.notes is not None  # noqa: S101 for the type checker
        if found.notes.get(_RECOVERED) == maintenance.recovered:
            return True
        if not self._databases.foreign and not maintenance.crashes:
            # It comes from the archive of a cluster that was shut down cleanly.
            return True
        # Logged tables are complete: the mark was logged after their rows. Recovery empties unlogged tables.
        connection = connecting.connect(
            self._databases.url(found.name), maintenance.environment, application_name=maintenance.name
        )
        try:
            with connection.cursor() as cursor:
                cursor.execute(_UNLOGGED)
                emptied = bool(cursor.rowcount)
        finally:
            connection.close()
        if not emptied:
            self._databases.mark(found.name, {**found.notes, _RECOVERED: maintenance.recovered})
        return not emptied

    def _publish(self, made: str, name: str, notes: Notes) -> Notes:
        marked = {**notes, _ASKED: clock.now(), _RECOVERED: self._maintenance.recovered}
        try:
            # Code that loaded the schema may have left a connection open.
            self.end_connections(made)
            self._databases.mark(made, marked)
            self._maintenance.query(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(made), sql.Identifier(name)),
                done=lambda: not self._databases.exists(made),
            )
        except psycopg2.errors.DuplicateDatabase as error:
            # Another process has made it: one that locks in another maintenance database, or while this process had
            # lost its connection.
            found = self._found(name)
            if found is None or found.notes is None:
                raise ServerError(
                    f"There is a database {name} that pytest-supaseed did not make, or that is not whole: rename or "
                    "drop it, for the name tells what pytest-supaseed has in it."
                ) from error
            self._databases.drop(made)
            return found.notes
        except psycopg2.Error as error:
            raise ServerError(f"The database {made} could not become {name}: {str(error).strip()}") from error
        self._databases.forget(made)
        return notes

    def names(self) -> set[str]:
        """Return the names of all usable templates, whichever session made them."""
        return {
            each.name for each in self.all() if each.notes is not None and each.whole and not _is_kept(each)
        }

    def kept(self) -> list[CreatedDatabase]:
        """Return the databases of failing tests that outlive their sessions, whichever session has kept them."""
        return [each for each in self.all() if each.whole and _is_kept(each)]

    def drop_kept(self, names: AbstractSet[str]) -> None:
        """Drop such databases.

        Args:
            names: theirs; what bears one of them by now and was not kept is left alone.

        Raises:
            ServerError: PostgreSQL refuses.
        """
        for each in self.kept():
            if each.name in names:
                self._databases.drop_unused(each.name)

    def end_connections(self, name: str) -> None:
        """End the connections to a database."""
        self._databases.await_disconnection(name)
        self._maintenance.query(_END_CONNECTIONS, name)

    def all(self) -> list[CreatedDatabase]:
        """Return the databases that are marked or named as this plugin's and belong to this role, of all sessions."""
        found = []
        for name, oid, text, broken in self._maintenance.query(_OURS, f"{MARK}%", rf"{SHARED_PREFIX}\_%"):
            session = session_of(name)
            if text is None:
                if session is not None:
                    found.append(CreatedDatabase(name, oid, session, None, not broken))
            elif text.startswith(MARK):
                try:
                    mark = json.loads(text.removeprefix(MARK))
                    # A marked database that still has a session's name is not yet a template.
                    notes = mark["notes"] if session is None else None
                    found.append(CreatedDatabase(name, oid, session or mark["session"], notes, not broken))
                except (ValueError, KeyError, TypeError):
                    # The comment is not one of this plugin.
                    continue
        return found

    def sweep(self) -> None:
        """Drop the databases of killed sessions, and unused templates.

        A template is unused when no other session is connected, or when none has asked for the template for a day. A
        database is left by a killed session when that session is not connected, still is not a while later, and no
        connection has used the database meanwhile. One that a session has kept stays until its time is up.

        Raises:
            ServerError: PostgreSQL refuses.
        """
        self._drop_left()
        with self._maintenance.locked(_SWEEPING):
            self._drop_unused()

    def _drop_left(self) -> None:
        """Drop the databases of killed sessions."""
        [(began,)] = self._maintenance.query("SELECT clock_timestamp()::text")
        left = self._left()
        if not left:
            return
        clock.sleep(_ABSENT_SECONDS)
        with self._maintenance.locked(_SWEEPING):
            for name in left & self._left():
                if not self._maintenance.query(_USED_SINCE, name, began):
                    self._databases.drop_unused(name)

    def _drop_unused(self) -> None:
        """Drop the templates that no session uses."""
        present = self._maintenance.present()
        others = present - {MARK + self._databases.prefix}
        for each in self._external():
            if each.notes is None:
                continue
            if _is_kept(each) and each.whole:
                if f"{MARK}{each.session}" not in present and clock.now() > _kept_until(each):
                    self._databases.drop_unused(each.name)
            elif not others or not each.whole or clock.now() - each.notes.get(_ASKED, 0) > _OLD_SECONDS:
                self._databases.drop_unused(each.name)

    def _external(self) -> Iterator[CreatedDatabase]:
        """Yield the databases that are named as those on an external server: nothing else is dropped there."""
        return (each for each in self.all() if each.name.startswith(f"{SHARED_PREFIX}_"))

    def leave(self) -> None:
        """Drop this session's databases, and what :meth:`sweep` drops, as the session's last act.

        The names of the databases are read from the server: one that this process no longer remembers may have come
        back when the server recovered from a crash.

        Raises:
            ServerError: PostgreSQL refuses.
        """
        self._drop_left()
        # Of two sessions that end at once, the second must not count the first, which is about to go.
        self._maintenance.leave()
        self.end(self._databases.prefix)

    def end(self, session: str) -> None:
        """Drop the databases of a session that has ended, and unused templates.

        The session's connections are terminated first: PostgreSQL is slow to notice that a client is gone, and would
        finish the running statement.

        Args:
            session: the prefix of the session's database names.

        Raises:
            ServerError: PostgreSQL refuses.
        """
        name = MARK + session
        until = clock.monotonic() + _END_SECONDS
        self._maintenance.query(_END_SESSION, name)
        while name in self._maintenance.present():
            if clock.monotonic() > until:
                # The next session's sweep drops its databases.
                return
            clock.sleep(_END_POLL_SECONDS)
        with self._maintenance.locked(_SWEEPING):
            for each in self._external():
                if each.session == session and each.notes is None:
                    self._databases.drop_unused(each.name)
            self._drop_unused()

    def _left(self) -> set[str]:
        """Return the databases of sessions that are not connected."""
        present = self._maintenance.present()
        return {
            each.name
            for each in self._external()
            if each.notes is None and f"{MARK}{each.session}" not in present
        }


def _is_kept(created: CreatedDatabase) -> bool:
    """Whether a database is one of a failing test that outlives its session."""
    return created.notes is not None and isinstance(created.notes.get(KEPT), dict)


def _kept_until(created: CreatedDatabase) -> float:
    """Return the time until which a database is kept, in epoch seconds; 0 where its note is not as we write it."""
    until = created.notes[KEPT].get("until") if created.notes is not None else None
    return float(until) if isinstance(until, (int, float)) else 0.0
