"""Who is signed in while a row is inserted: for triggers that ask for the current user, and for a membership.

A trigger may take the current user from a setting (``request.jwt.claims``, ``app.current_user_id``), directly or
through a function such as ``auth.uid()``. :func:`plain_sign_in` makes such settings where the source of the schema
knows nothing of users; :class:`Memberships` finds users who belong to what a row references, as a trigger may look it
up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.constraints.functions import settings_read
from pytest_supaseed.constraints.insertions import called_names
from pytest_supaseed.model.schema import Table, TableName
from pytest_supaseed.planning.plan import SignIn
from pytest_supaseed.reflection.catalog import bodies_of
from pytest_supaseed.reflection.queries import fetch, relation
from pytest_supaseed.repair.propose import rotated
from pytest_supaseed.rows.steps import Row

_CLAIMS, _CLAIM = "request.jwt.claims", "request.jwt.claim."
# Tables with a primary key of one column.
_KEYS = """
SELECT n.nspname::text, c.relname::text, a.attname::text FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
WHERE i.indisprimary AND i.indnkeyatts = 1 AND n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema'
ORDER BY n.nspname <> 'auth', n.nspname, c.relname
"""
# Foreign keys of one column: table, column, referenced table and column.
_REFERENCES = """
SELECT n.nspname::text, c.relname::text, a.attname::text, m.nspname::text, r.relname::text, k.attname::text
FROM pg_constraint f
JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class r ON r.oid = f.confrelid JOIN pg_namespace m ON m.oid = r.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = f.conkey[1]
JOIN pg_attribute k ON k.attrelid = r.oid AND k.attnum = f.confkey[1]
WHERE f.contype = 'f' AND cardinality(f.conkey) = 1 AND f.conparentid = 0
ORDER BY 1, 2, 3, 4, 5
"""
# Names of tables of users, the likeliest first.
_USERS = (
    "users",
    "user",
    "app_users",
    "accounts",
    "account",
    "profiles",
    "profile",
    "people",
    "persons",
    "person",
)
# What the name of a setting says beside the table that it is about: app.current_user_id.
_NOT_A_TABLE = frozenset(
    ("app", "current", "id", "jwt", "my", "request", "session", "sub", "the", "uid", "uuid")
)
_MOST_MEMBERSHIPS = 200


@dataclass(frozen=True)
class CurrentUser:
    """How the current user is told.

    Attributes:
        settings: those that tell it.
        users: the table of users, and the column of their keys.
    """

    settings: tuple[str, ...]
    users: tuple[TableName, str]


def current_user(connection: Connection, table: Table) -> CurrentUser | None:
    """Return how the triggers of a table learn of the current user; None where they do not ask.

    Args:
        connection: in the transaction of the whole seed. Settings that the database has are as they shall be.
    """
    text = " ".join(trigger.source for trigger in table.triggers if trigger.on_insert)
    if not text:
        return None
    settings = _settings_of(connection, text)
    missing = [name for name in sorted(settings) if not _value(connection, name)]
    if not missing:
        return None
    keys = [(TableName(schema, name), column) for schema, name, column in fetch(connection, sql.SQL(_KEYS))]
    for setting in missing:
        for name in _names_of_users(setting):
            for users, column in keys:
                if users.name.lower() == name and users != table.name:
                    told = tuple(
                        each for each in missing if _names_of_users(each) == _names_of_users(setting)
                    )
                    return CurrentUser(told, (users, column))
    return None


def _settings_of(connection: Connection, text: str) -> set[str]:
    """The settings that a text reads, and the functions that it calls, directly or not."""
    found, texts = settings_read(text), [text]
    known: set[str] = set()
    while names := set().union(*map(called_names, texts)) - known:
        known |= names
        texts = bodies_of(connection, names)
        found = found.union(*map(settings_read, texts))
    return found


def _value(connection: Connection, name: str) -> str | None:
    [(value,)] = fetch(connection, sql.SQL("SELECT current_setting(%s, true)"), [name])
    return value or None


def _names_of_users(setting: str) -> tuple[str, ...]:
    """The names of the tables whose keys a setting may hold."""
    if setting == _CLAIMS or setting == f"{_CLAIM}sub":
        return _USERS
    if setting.startswith(_CLAIM):
        return ()
    words = [
        word for word in re.split(r"[._]+", setting.lower().partition(".")[2]) if word not in _NOT_A_TABLE
    ]
    found: list[str] = []
    for start in range(len(words)):
        name = "_".join(words[start:])
        plurals = (f"{name}s", f"{name}es", f"{name.removesuffix('y')}ies")
        found += _USERS if name in ("user", "username") else (*plurals, name)
    return tuple(found)


def plain_sign_in(connection: Connection, table: Table) -> SignIn | None:
    """Return what signs a user in for the triggers of a table; None where they ask for none.

    Args:
        connection: in the transaction of the whole seed.
    """
    told = current_user(connection, table)
    if told is None:
        return None

    @contextmanager
    def sign_in(connection: Any, number: int, among: Sequence[Any] = ()) -> Iterator[bool]:
        users = among or _all_users(connection, told)
        if not users:
            yield False
            return
        user = str(users[number % len(users)])
        claims = {"sub": user, "role": "authenticated", "aud": "authenticated"}
        for setting in told.settings:
            _set(connection, setting, json.dumps(claims) if setting == _CLAIMS else user)
        yield True
        for setting in told.settings:
            # A setting of the application's may have to be a number: it stays, for it cannot be unmade.
            if setting.startswith("request.jwt."):
                _set(connection, setting, "")

    return sign_in


def _set(connection: Connection, name: str, value: str) -> None:
    fetch(connection, sql.SQL("SELECT set_config(%s, %s, true)"), [name, value])


def _all_users(connection: Connection, told: CurrentUser) -> list[Any]:
    users, column = told.users
    return _column(connection, users, column, sql.SQL("true"), [])


def _column(
    connection: Connection, table: TableName, column: str, where: sql.Composable, values: Sequence[Any]
) -> list[Any]:
    query = sql.SQL(
        "SELECT DISTINCT {0}::text FROM {1} WHERE {2} AND {0} IS NOT NULL ORDER BY 1 LIMIT {3}"
    ).format(sql.Identifier(column), relation(table), where, sql.Literal(_MOST_MEMBERSHIPS))
    return [value for (value,) in fetch(connection, query, values)]


class Memberships:
    """The users who belong to what a row references, as a trigger may look it up.

    Args:
        connection: in the transaction of the whole seed.
        table: the row's table.
    """

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection = connection
        self._table = table
        found = fetch(connection, sql.SQL(_REFERENCES))
        self._references = [
            (TableName(row[0], row[1]), row[2], TableName(row[3], row[4]), row[5]) for row in found
        ]
        self._users = {users for _, _, users, _ in self._references if users.name.lower() in _USERS}

    def of_row(self, row: Row) -> list[Any]:
        """Return the keys of users whom the row references, and of those who belong to what it references."""
        found: dict[Any, None] = {}
        for key in self._single(row):
            value = row[key.columns[0]]
            if key.referenced in self._users:
                found[str(value)] = None
            for table, member, user in self._lists(key.referenced):
                same = sql.SQL("{}::text = (%s)::text").format(sql.Identifier(member))
                found.update(dict.fromkeys(_column(self._connection, table, user, same, [value])))
        return list(found)

    def of_tables(self, tables: Collection[TableName]) -> list[str]:
        """Return the keys of users whom rows of some tables reference."""
        found: dict[str, None] = {}
        for table, column, users, _ in self._references:
            if table in tables and users in self._users:
                found.update(dict.fromkeys(_column(self._connection, table, column, sql.SQL("true"), [])))
        return list(found)

    def with_members(self, row: Row, number: int) -> Iterator[tuple[Row, str]]:
        """Yield the row with other references, to what a user belongs to, and that user.

        Args:
            number: of the row, which selects among them.
        """
        for key in self._single(row):
            for table, member, user in self._lists(key.referenced):
                query = sql.SQL(
                    "SELECT {0}, {1}::text FROM {2} WHERE {0} IS NOT NULL AND {1} IS NOT NULL "
                    "ORDER BY {0}::text, 2 LIMIT {3}"
                ).format(
                    sql.Identifier(member),
                    sql.Identifier(user),
                    relation(table),
                    sql.Literal(_MOST_MEMBERSHIPS),
                )
                found = fetch(self._connection, query)
                for value, who in rotated(found, number):
                    yield {**row, key.columns[0]: value}, who

    def _single(self, row: Row) -> list[Any]:
        return [
            key
            for key in self._table.foreign_keys
            if len(key.columns) == 1 and row.get(key.columns[0]) is not None
        ]

    def _lists(self, referenced: TableName) -> list[tuple[TableName, str, str]]:
        """Tables of owners or members: their columns for the referenced row, and for a user."""
        to_users = [(table, column) for table, column, users, _ in self._references if users in self._users]
        owners = [
            (table, key, column)
            for table, column in to_users
            if table == referenced
            for _, _, other, key in self._references
            if other == referenced
        ]
        members = [
            (table, member, column)
            for table, column in to_users
            for other, member, parent, _ in self._references
            if other == table and parent == referenced and member != column and table != self._table.name
        ]
        return list(dict.fromkeys([*members, *owners]))
