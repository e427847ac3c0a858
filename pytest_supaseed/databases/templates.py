"""Databases that are made once on a server, by whichever process comes first, and copied by all that want them.

One that is finished gets the name that tells what is in it, and from then on nobody connects to it: it is only
copied. Until then it is a database of the process that makes it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg2
from psycopg2 import sql

from pytest_supaseed import clock
from pytest_supaseed.databases.database import MARK, SHARED_PREFIX, Databases
from pytest_supaseed.errors import ServerError
from pytest_supaseed.schema import TableName

Notes = Mapping[str, Any]

_MARKED = """
SELECT datname, oid, shobj_description(oid, 'pg_database') FROM pg_database
WHERE shobj_description(oid, 'pg_database') LIKE %s
  AND datdba = (SELECT oid FROM pg_roles WHERE rolname = current_user)
"""
_END_CONNECTIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
_SWEEPING = "sweeping"
_ASKED = "asked for"
_OLD_SECONDS = 86_400.0
_PREFIX_BYTES = 32


def template_name(prefix: str, kind: str, digest: str) -> str:
    """Return the name of a template.

    Args:
        prefix: of the names of databases that sessions share.
        kind: of its content.
        digest: of its content.

    Example:
        >>> template_name("tests", "seed", "0123456789abcdef")
        'tests_seed_0123456789abcdef'
    """
    # With the rest of the name there is room enough in the 63 bytes that PostgreSQL takes.
    return f"{prefix.encode()[:_PREFIX_BYTES].decode(errors='ignore')}_{kind}_{digest}"


@dataclass(frozen=True)
class Marked:
    """A database of ours.

    Attributes:
        name: of the database.
        oid: its number.
        session: the prefix of the session that made it.
        notes: what others have to know of a template; None for a database of one session alone.
    """

    name: str
    oid: int
    session: str
    notes: Notes | None


@dataclass(frozen=True)
class Seed:
    """A database that was seeded once, and that is copied for whoever wants it.

    Attributes:
        template: its name.
        counts: the rows that every table was left with.
        asked: its rows that count against the limit.
    """

    template: str
    counts: Mapping[TableName, int]
    asked: int


class Templates:
    """The templates on a server, as one session uses them.

    Args:
        databases: of the session.
        fetch: has the files of a template at hand that an earlier session has left; tells whether they are.
    """

    def __init__(self, databases: Databases, fetch: Callable[[Marked], bool] = lambda marked: True) -> None:
        self._databases = databases
        self._maintenance = databases.maintenance
        self._fetch = fetch

    def get(self, name: str, make: Callable[[], tuple[str, Notes]], *, copied: bool = True) -> Notes:
        """Return what is to be known of a template, which is made unless it is there.

        Args:
            name: of the template; equal for what is equal.
            make: makes a database of this session, to which nobody is connected any more; returns its name, and
                notes that JSON can hold. It is called by one process at a time.
            copied: whether it is about to be copied; if not, its files need not be at hand yet.

        Returns:
            The notes, whoever made them.

        Raises:
            SeedError: what `make` raises, or PostgreSQL refuses.
        """
        with self._maintenance.locked(name):
            found = self._found(name)
            if found is not None and found.notes is not None:
                if not copied or self._fetch(found):
                    return found.notes
                self._databases.drop_marked(name)
            made, notes = make()
            self._publish(made, name, notes)
        return notes

    def _found(self, name: str) -> Marked | None:
        if not self._databases.foreign:
            return next((each for each in self.all() if each.name == name), None)
        # Who sweeps now has not seen us, perhaps; who does it later has.
        with self._maintenance.locked(_SWEEPING):
            found = next((each for each in self.all() if each.name == name), None)
            if found is not None and found.notes is not None:
                self._databases.mark(name, {**found.notes, _ASKED: clock.now()})
        return found

    def _publish(self, made: str, name: str, notes: Notes) -> None:
        self._databases.await_nobody(made)
        try:
            # Somebody who loaded the schema may have left a connection behind.
            self._maintenance.query(_END_CONNECTIONS, made)
            self._databases.mark(made, {**notes, _ASKED: clock.now()})
            self._maintenance.query(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(made), sql.Identifier(name))
            )
        except psycopg2.Error as error:
            raise ServerError(f"The database {made} could not become {name}: {str(error).strip()}") from error
        self._databases.forget(made)

    def names(self) -> set[str]:
        """Return the names of all templates, whichever session made them."""
        return {each.name for each in self.all() if each.notes is not None}

    def all(self) -> list[Marked]:
        """Return all databases that are marked as ours and belong to our role, whichever session made them."""
        found = []
        for name, oid, text in self._maintenance.query(_MARKED, MARK + "%"):
            try:
                mark = json.loads(text.removeprefix(MARK))
                found.append(Marked(name, oid, mark["session"], mark["notes"]))
            except (ValueError, KeyError, TypeError):
                # Somebody else's words.
                continue
        return found

    def sweep(self) -> None:
        """Drop what sessions that were killed have left, and templates that nobody uses.

        A template is nobody's when there is no other session, or when none has asked for it for a day.

        Raises:
            ServerError: PostgreSQL refuses.
        """
        with self._maintenance.locked(_SWEEPING):
            present = {
                name.removeprefix(MARK) for name in self._maintenance.present() if name.startswith(MARK)
            }
            others = present - {self._databases.prefix}
            for each in self.all():
                if not each.name.startswith(f"{SHARED_PREFIX}_"):
                    continue
                if each.notes is None:
                    unused = each.session not in present
                else:
                    unused = not others or clock.now() - each.notes.get(_ASKED, 0) > _OLD_SECONDS
                if unused:
                    self._databases.drop_marked(each.name)
