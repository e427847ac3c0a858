"""What a load says of the database itself: its settings and privileges by any name, and SET at the end of a session.

:func:`named_databases` finds the names in ``ALTER DATABASE ... SET`` and ``GRANT ... ON DATABASE``, in whose places the
name of the loaded database belongs. :class:`SessionSettings` watches the statements of a session, and makes what the
session ends with settings of the database, so that they hold in its clones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import psycopg2

from pytest_supaseed.reflection.database_properties import setting_statement

# A token of SQL that may name a database: a word, a quoted name, or a variable of psql such as :"DBNAME".
_NAMES = ("word", "quoted", "variable")


def named_databases(tokens: Sequence[re.Match[str]]) -> tuple[tuple[int, int], ...]:
    """Find the names of databases in a statement about the settings or privileges of databases.

    Args:
        tokens: of the statement, as the scanner of scripts returns them.

    Returns:
        Beginning and end of what names the databases; of a list, the whole list. Empty for another statement, such as
        ALTER DATABASE ... OWNER TO.
    """
    found = [token for token in tokens if token.lastgroup not in ("blank", "comment")]
    words = [token[0].upper() if token.lastgroup == "word" else "" for token in found]
    if words[:2] == ["ALTER", "DATABASE"]:
        sets = words[3:4] in (["SET"], ["RESET"]) and words[4:5] != ["TABLESPACE"]
        return ((found[2].start(), found[2].end()),) if sets and found[2].lastgroup in _NAMES else ()
    if words[:1] in (["GRANT"], ["REVOKE"]):
        for at in range(1, len(words) - 1):
            if words[at - 1 : at + 1] == ["ON", "DATABASE"]:
                end = next((n for n in range(at + 1, len(words)) if words[n] in ("TO", "FROM")), at + 1)
                return ((found[at + 1].start(), found[end - 1].end()),) if end > at + 1 else ()
    if words[:2] in (["ALTER", "ROLE"], ["ALTER", "USER"]) and words[3:5] == ["IN", "DATABASE"]:
        return ((found[5].start(), found[5].end()),) if len(found) > 5 else ()
    return ()


_CUSTOM = r"[a-z_][\w$]*(?:\.[a-z_][\w$]*)+"
_SET = re.compile(
    r"SET\s+(?:SESSION\s+)?(?!LOCAL\b|TRANSACTION\b|CONSTRAINTS\b|SESSION\b|ROLE\b)"
    rf"(?P<name>TIME\s+ZONE|SCHEMA|\"?{_CUSTOM}\"?|\"?\w+\"?)",
    re.IGNORECASE,
)
_SET_CONFIG = re.compile(
    r"\bset_config\s*\(\s*'(?P<name>[\w.$]+)'\s*,.*?,\s*(?:false|'f(?:alse)?'|'off')\s*\)", re.I | re.S
)
_SELECT = re.compile(r"SELECT\s+(?:pg_catalog\.)?set_config\b", re.IGNORECASE)
# What may follow at the end of a session without being a part of the load.
_NOTHING = re.compile(r"(?:RESET|SHOW|COMMIT|END|BEGIN|START\s+TRANSACTION|ANALYZE)\b", re.IGNORECASE)
_SYNTAX = {"time zone": "timezone", "schema": "search_path"}
# What a session sets for its own work, or what would have other rows, or none, come out of a test.
_OF_SESSION = frozenset(
    (
        *("application_name", "check_function_bodies", "client_encoding", "client_min_messages", "names"),
        *("default_transaction_read_only", "escape_string_warning", "role", "row_security", "seed"),
        *("session_authorization", "session_replication_role", "standard_conforming_strings"),
        *("synchronous_commit", "transaction_isolation", "transaction_read_only", "xmloption"),
    )
)
_VALUES = """
SELECT name, current_setting(name, true),
  EXISTS (SELECT FROM pg_settings s WHERE lower(s.name) = n.name AND source <> 'session')
FROM unnest(%s::text[]) n (name)
"""
_READ_BY_DEFAULTS = """
SELECT DISTINCT lower(found[1]) FROM pg_attrdef
CROSS JOIN LATERAL regexp_matches(pg_get_expr(adbin, adrelid), 'current_setting\\(''([^'']+)''', 'gi') AS found
"""


class SessionSettings:
    """The settings that a session of a load makes, and does not take back.

    Args:
        of_application_only: whether only the settings of applications count, whose names have a dot.
    """

    def __init__(self, *, of_application_only: bool = False) -> None:
        self._of_application_only = of_application_only
        self._last: dict[str, None] = {}
        self._earlier: dict[str, None] = {}

    def saw(self, text: str) -> None:
        """Take note of a statement, without comments before it, that the session has executed."""
        names = _names_set(text)
        if names:
            self._last.update(dict.fromkeys(names))
        elif not _NOTHING.match(text):
            self._earlier.update(self._last)
            self._last.clear()

    def keep(self, cursor: Any) -> None:
        """Make what was set last settings of the database.

        A setting of the application that a column's default reads counts also where statements follow it, as no row
        could be inserted without it.

        Args:
            cursor: of psycopg2, on the session before it ends.
        """
        names = list(self._last)
        if custom := [name for name in self._earlier if "." in name and name not in names]:
            cursor.execute(_READ_BY_DEFAULTS)
            read = {name for (name,) in cursor.fetchall()}
            names += [name for name in custom if name in read]
        if self._of_application_only:
            names = [name for name in names if "." in name]
        if not names:
            return
        cursor.execute(_VALUES, [names])
        for name, value, reset in cursor.fetchall():
            # What was set for a transaction only is empty after it.
            if value and not (reset and "." not in name):
                statement = setting_statement(cursor.connection.info.dbname, name, value)
                try:
                    cursor.execute(statement)
                except psycopg2.errors.InsufficientPrivilege:
                    # It held for the session alone, and PostgreSQL asks for a superuser where it is to last.
                    if not cursor.connection.autocommit:
                        raise


def _names_set(text: str) -> list[str]:
    """The names of the settings that a statement makes for the session; empty for another statement."""
    statement = text.lstrip()
    if found := _SET.match(statement):
        name = " ".join(found["name"].strip('"').lower().split())
        name = _SYNTAX.get(name, name)
        return [] if name in _OF_SESSION else [name]
    if _SELECT.match(statement):
        names = [found["name"].lower() for found in _SET_CONFIG.finditer(statement)]
        return [name for name in names if name not in _OF_SESSION]
    return []
