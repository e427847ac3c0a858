"""Settings and privileges of databases, which CREATE DATABASE does not copy from a template.

``ALTER DATABASE ... SET``, ``ALTER ROLE ... IN DATABASE ... SET`` and ``GRANT ... ON DATABASE`` are stored beside a
database, not in it. :func:`read_properties` reads them, :func:`copying` composes the statement that gives them to a
clone, and :func:`confined` has a load change those of one database only: what it has changed of others is moved.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from psycopg2 import sql

# Settings whose value is a list of names, each of which is quoted by itself, as pg_dump lists them. The settings of
# extensions cannot be of this kind.
_LISTS = frozenset(
    ("local_preload_libraries", "search_path", "session_preload_libraries", "temp_tablespaces")
)
_PROPERTIES = """
SELECT datname, datacl IS NOT NULL,
  (SELECT json_agg(json_build_array(r.rolname, c.entry) ORDER BY r.rolname NULLS FIRST, c.at)
    FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole
    CROSS JOIN LATERAL unnest(s.setconfig) WITH ORDINALITY AS c (entry, at) WHERE s.setdatabase = d.oid)::text,
  (SELECT json_agg(json_build_array(r.rolname, a.privilege_type, a.is_grantable)
      ORDER BY r.rolname NULLS FIRST, a.privilege_type)
    FROM aclexplode(coalesce(datacl, acldefault('d', datdba))) a LEFT JOIN pg_roles r ON r.oid = a.grantee)::text,
  coalesce(shobj_description(oid, 'pg_database'), '')
FROM pg_database d
"""
_ELEMENT = re.compile(r'"((?:[^"]|"")+)"|([^\s,"][^,"]*)')
_OF_ONE = "WHERE datname = %s"

# Role and name of a setting; the role is None for all.
SettingKey = tuple[str | None, str]
# Grantee (None for PUBLIC), privilege, and whether the grantee may grant it.
Privilege = tuple[str | None, str, bool]
# Runs a statement with parameters, and returns its rows.
Ask = Callable[..., list[tuple[Any, ...]]]


@dataclass(frozen=True)
class DatabaseProperties:
    """What is stored beside a database.

    Attributes:
        settings: the values of settings, by role and name, as PostgreSQL stores them.
        privileges: of all roles on the database.
        granted: whether a privilege was ever granted or revoked; otherwise they are PostgreSQL's defaults.
        comment: on the database; empty for none.
    """

    settings: Mapping[SettingKey, str]
    privileges: frozenset[Privilege] = frozenset()
    granted: bool = False
    comment: str = ""


def read_properties(ask: Ask, name: str | None = None) -> dict[str, DatabaseProperties]:
    """Return the properties of databases by name.

    Args:
        ask: runs a query on the server.
        name: of one database; None for all.
    """
    rows = ask(_PROPERTIES + _OF_ONE, name) if name is not None else ask(_PROPERTIES)
    found = {}
    for datname, granted, settings, privileges, comment in rows:
        entries = [(role, *entry.split("=", 1)) for role, entry in json.loads(settings or "[]")]
        found[str(datname)] = DatabaseProperties(
            {(role, key): value for role, key, value in entries},
            frozenset(
                (grantee, word, may_grant) for grantee, word, may_grant in json.loads(privileges or "[]")
            ),
            granted,
            comment,
        )
    return found


def setting_statement(database: str, name: str, value: str | None, role: str | None = None) -> sql.Composable:
    r"""Return the statement that makes a setting of a database.

    Args:
        name: of the setting, such as ``search_path`` or ``app.tenant``.
        value: as PostgreSQL stores it, so a list of names is quoted already; None to reset it.
        role: for which alone it is made; None for all.

    Example:
        >>> from pytest_supaseed.reflection.queries import as_text
        >>> as_text(setting_statement("shop", "search_path", '"$user", app'))
        'ALTER DATABASE "shop" SET "search_path" TO \'$user\', \'app\''
    """
    target = sql.SQL("ALTER DATABASE {}").format(sql.Identifier(database))
    if role is not None:
        target = sql.SQL("ALTER ROLE {} IN DATABASE {}").format(
            sql.Identifier(role), sql.Identifier(database)
        )
    quoted = sql.SQL(".").join(map(sql.Identifier, name.split(".")))
    if value is None:
        return sql.SQL("{} RESET {}").format(target, quoted)
    values = listed(value) if name.lower() in _LISTS else [value]
    return sql.SQL("{} SET {} TO {}").format(target, quoted, sql.SQL(", ").join(map(sql.Literal, values)))


def listed(value: str) -> list[str]:
    """Split a list of names as PostgreSQL stores it in a setting.

    Returns:
        The names without quotes; one empty name for an empty list, as SET takes it.

    Example:
        >>> listed('"$user", App, "a ""b"", c"')
        ['$user', 'app', 'a "b", c']
    """
    names = [quoted.replace('""', '"') or plain.strip().lower() for quoted, plain in _ELEMENT.findall(value)]
    return names or [""]


def copying(database: str, properties: DatabaseProperties) -> sql.Composable | None:
    """Return the statement that gives a new database the properties of another one; None where it has them.

    Args:
        database: the new one, of the same role.
    """
    statements = [
        setting_statement(database, name, value, role) for (role, name), value in properties.settings.items()
    ]
    if properties.granted:
        statements += _granting(database, _DEFAULTS | properties.privileges, granted=False)
        statements += _granting(database, properties.privileges, granted=True)
    return sql.SQL("; ").join(statements) if statements else None


_DEFAULTS: frozenset[Privilege] = frozenset({(None, "ALL", False)})


def _granting(database: str, privileges: Iterable[Privilege], *, granted: bool) -> list[sql.Composable]:
    """The statements that grant privileges on a database, or revoke them."""
    statements = []
    for grantee, word, may_grant in sorted(privileges, key=lambda each: (each[0] or "", *each[1:])):
        role = sql.SQL("PUBLIC") if grantee is None else sql.Identifier(grantee)
        name, privilege = sql.Identifier(database), sql.SQL(word)
        if granted:
            ending = sql.SQL(" WITH GRANT OPTION" if may_grant else "")
            statement = sql.SQL("GRANT {} ON DATABASE {} TO {}{}").format(privilege, name, role, ending)
        else:
            statement = sql.SQL("REVOKE {} ON DATABASE {} FROM {}").format(privilege, name, role)
        statements.append(statement)
    return statements


@contextmanager
def confined(ask: Ask, database: str, is_ours: Callable[[str, str], bool]) -> Iterator[None]:
    """Have what a block changes of the properties of other databases hold for one database, and take it back there.

    A script or a migration may name the database that the project has elsewhere. Where the block fails, the changes are
    only taken back.

    Args:
        ask: runs statements on the server.
        database: the one for which they are meant.
        is_ours: whether a database, by its name and comment, is one of this package, of any session.
    """
    before = read_properties(ask)
    try:
        yield
    except BaseException:
        _take_back(ask, database, before, is_ours, move=False)
        raise
    _take_back(ask, database, before, is_ours, move=True)


def _take_back(
    ask: Ask,
    database: str,
    before: Mapping[str, DatabaseProperties],
    is_ours: Callable[[str, str], bool],
    *,
    move: bool,
) -> None:
    after = read_properties(ask)
    own_before, own = before.get(database), after.get(database)
    statements: list[sql.Composable] = []
    for name, now in after.items():
        earlier = before.get(name)
        if name == database or earlier is None or is_ours(name, now.comment):
            continue
        for key in sorted(
            earlier.settings.keys() | now.settings.keys(), key=lambda key: (key[0] or "", key[1])
        ):
            value, previous = now.settings.get(key), earlier.settings.get(key)
            if value == previous:
                continue
            role, parameter = key
            statements.append(setting_statement(name, parameter, previous, role))
            # What was set on the database itself, by its own name, is meant for it.
            untouched = (
                own is not None
                and own_before is not None
                and own.settings.get(key) == own_before.settings.get(key)
            )
            if move and untouched:
                statements.append(setting_statement(database, parameter, value, role))
        added, removed = now.privileges - earlier.privileges, earlier.privileges - now.privileges
        statements += _granting(name, added, granted=False) + _granting(name, removed, granted=True)
        if move:
            statements += _granting(database, removed, granted=False) + _granting(
                database, added, granted=True
            )
    if statements:
        ask(sql.SQL("; ").join(statements))
