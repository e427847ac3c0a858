"""What a load says of the database itself: its settings and privileges by any name, and SET at the end of a session.

:func:`named_databases` finds the names in ``ALTER DATABASE ... SET`` and ``GRANT ... ON DATABASE``, in whose places the
name of the loaded database belongs. :class:`SessionSettings` watches the statements of a session, and makes what the
session ends with settings of the database, so that they hold in its clones.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg2
from sqlalchemy import URL, Connection, Engine, event

from pytest_supaseed import connecting
from pytest_supaseed.errors import SupaseedWarning
from pytest_supaseed.libpq import Environment
from pytest_supaseed.options import DRIVERS
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
    r"SET\s+(?!SESSION\s+(?:AUTHORIZATION|CHARACTERISTICS)\b|(?:LOCAL|TRANSACTION|CONSTRAINTS|ROLE)\b)(?:SESSION\s+)?"
    rf"(?P<name>TIME\s+ZONE|SCHEMA|\"?{_CUSTOM}\"?|\"?\w+\"?)",
    re.IGNORECASE,
)
_SET_CONFIG = re.compile(
    r"\bset_config\s*\(\s*'(?P<name>[\w.$]+)'\s*,.*?,\s*(?:false|'f(?:alse)?'|'off')\s*\)", re.I | re.S
)
_SELECT = re.compile(r"SELECT\s+(?:pg_catalog\.)?set_config\b", re.IGNORECASE)
# What may follow at the end of a session without being a part of the load.
_NOTHING = re.compile(
    r"\s*(?:(?:RESET|SET|SHOW|COMMIT|END|BEGIN|START\s+TRANSACTION|SAVEPOINT|RELEASE|ANALYZE)\b"
    # What Alembic does after each migration.
    r"|(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(?:\"?\w+\"?\.)?\"?alembic_version\b)",
    re.IGNORECASE,
)
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
  EXISTS (SELECT FROM pg_catalog.pg_settings s WHERE lower(s.name) = n.name AND source <> 'session')
FROM unnest(%s::text[]) n (name)
"""
_READ_BY_DEFAULTS = """
SELECT DISTINCT lower(found[1]) FROM pg_catalog.pg_attrdef
CROSS JOIN LATERAL pg_catalog.regexp_matches(
    pg_catalog.pg_get_expr(adbin, adrelid), 'current_setting\\(''([^'']+)''', 'gi'
) AS found
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
        elif not (_NOTHING.match(text) or _SELECT.match(text.lstrip())):
            self._earlier.update(self._last)
            self._last.clear()

    @property
    def found(self) -> bool:
        """Whether the session has made a setting."""
        return bool(self._last or self._earlier)

    def values(self, cursor: Any) -> dict[str, str]:
        """Return the values of what was set last, by name.

        A setting of the application that a column's default reads counts also where statements follow it, as no row
        could be inserted without it.

        Args:
            cursor: on the session, before it ends.
        """
        names = list(self._last)
        custom = [name for name in self._earlier if "." in name and name not in self._last]
        if custom:
            cursor.execute(_READ_BY_DEFAULTS)
            read = {name for (name,) in cursor.fetchall()}
            names += [name for name in custom if name in read]
        if self._of_application_only:
            names = [name for name in names if "." in name]
        if not names:
            return {}
        cursor.execute(_VALUES, [names])
        # What was set for a transaction only is empty after it.
        return {name: value for name, value, reset in cursor.fetchall() if value and not reset}


def keep(cursor: Any, values: Mapping[str, str], place: str) -> None:
    """Make settings of a session settings of the database.

    Args:
        cursor: of psycopg2, in autocommit mode.
        values: of the settings, by name.
        place: what has set them, for messages.

    Raises:
        SupaseedWarning: as a warning, about a setting that the role may not make.
    """
    for name, value in values.items():
        try:
            cursor.execute(setting_statement(cursor.connection.info.dbname, name, value))
        except psycopg2.errors.InsufficientPrivilege as error:
            reason = error.diag.message_primary or str(error).strip()
            warnings.warn(
                f"{place} ends with SET {name}, which holds for its own session only: {reason}. A superuser can "
                f"let the role do so: GRANT SET ON PARAMETER {name} TO ... (PostgreSQL 15 and later).",
                SupaseedWarning,
                stacklevel=2,
            )


@contextmanager
def kept_in_engines(url: URL, environment: Environment, place: str) -> Iterator[None]:
    """Make what sessions of SQLAlchemy's engines set at the end of a block settings of the database.

    Args:
        url: of the database.
        environment: which connection parameters libpq's environment may supply.
        place: what the block runs, for messages.
    """
    settings, values = SessionSettings(), dict[str, str]()

    def executed(
        connection: Any, cursor: Any, text: str, parameters: Any, context: object, many: bool
    ) -> None:
        settings.saw(text)

    def committing(connection: Connection) -> None:
        if connection.dialect.driver not in DRIVERS or not settings.found:
            return
        cursor = connection.connection.cursor()
        try:
            values.clear()
            values.update(settings.values(cursor))
        finally:
            cursor.close()

    event.listen(Engine, "after_cursor_execute", executed)
    event.listen(Engine, "commit", committing)
    try:
        yield
    finally:
        event.remove(Engine, "after_cursor_execute", executed)
        event.remove(Engine, "commit", committing)
    if not values:
        return
    connection = connecting.connect(url, environment)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            keep(cursor, values, place)
    finally:
        connection.close()


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
