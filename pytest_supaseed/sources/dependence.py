"""Volatility of SQL: whether its effect depends on files of the server, other extensions, other servers, or the time.

The functions search the text for keywords and err on the side of volatility.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# Extensions that are released with PostgreSQL; all others have versions of their own.
_CONTRIB = (
    "amcheck|autoinc|bloom|btree_gin|btree_gist|citext|cube|dict_int|dict_xsyn|earthdistance|fuzzystrmatch|hstore"
    "|insert_username|intarray|isn|lo|ltree|moddatetime|pageinspect|pg_buffercache|pg_freespacemap|pg_prewarm|pg_stat_statements|pg_trgm"
    "|pg_visibility|pgcrypto|pgrowlocks|pgstattuple|plpgsql|refint|seg|sslinfo|tablefunc|tcn|tsm_system_rows"
    "|tsm_system_time|unaccent|uuid-ossp"
)
# By keyword, what has to follow it: Python finds a keyword in a long text a hundred times as fast as a
# pattern with alternatives.
_OUTSIDE = {
    "alter": r"\s+(?:extension|server|system)\b",
    "create": r"\s+(?:server\b|extension\s+(?:if\s+not\s+exists\s+)?"
    rf"""(?!if\s+not\s+exists|"?(?:{_CONTRIB})(?![\w-]))\S)""",
    "dblink": "",
    "foreign": r"\s+(?:data|schema|table)\b",
    "language": r"\s+'?c\b",
    "lo_import": "",
    "load": r"(?<!\wload)\s+['$%]",
    "pg_ls_": "",
    "pg_read_": "",
    "pg_stat_file": "",
    "plperlu": "",
    "plpython": "",
    "pltclu": "",
}
_COPY = {"copy": r"(?<!\wcopy)\b[^;]*?\bfrom\b(?!\s+stdin\b)"}
# An include of psql, or what may end a match of _COPY, which spans a whole statement.
_SUSPECT = {"\\i": "", "from": r"(?:\s|--[^\n]*|/\*[^*]*\*/)*(?:program\b|(?:e|u&)?'|\$|%)"}
_TIME = {
    "age": r"(?<!\wage)\s*\(",
    "clock_timestamp": "",
    "current_date": "",
    "current_time": "",
    "localtime": "",
    "now": r"(?<!\wnow)\b",
    "statement_timestamp": "",
    "timeofday": "",
    "today": r"(?<!\wtoday)\b",
    "tomorrow": r"(?<!\wtomorrow)\b",
    "transaction_timestamp": "",
    "uuid_generate_v1": "",
    "uuidv7": "",
    "yesterday": r"(?<!\wyesterday)\b",
}
_Patterns = list[tuple[bytes, re.Pattern[bytes]]]


def _compiled(patterns: Mapping[str, str]) -> _Patterns:
    return [(key.encode(), re.compile((re.escape(key) + rest).encode())) for key, rest in patterns.items()]


_of_outside, _of_copy = _compiled(_OUTSIDE), _compiled(_COPY)
_of_suspects, _of_time = _compiled({**_SUSPECT, **_OUTSIDE}), _compiled(_TIME)


def is_suspect(text: bytes) -> bool:
    """Whether the statements of a file have to be examined one by one to know its volatility.

    Returns:
        True if the file may include another one, or one of its statements may depend on what is outside of
        the database.
    """
    return _mentions(text, _of_suspects)


def depends_on_outside(statement: bytes) -> bool:
    """Whether a statement may read what is outside of the database, or take effect on the server's next start.

    Args:
        statement: its text, without the data of a COPY.

    Example:
        >>> depends_on_outside(b"COPY users FROM '/tmp/users'"), depends_on_outside(b"COPY users FROM stdin")
        (True, False)
    """
    return _mentions(statement, _of_outside + _of_copy)


def depends_on_time(text: bytes) -> bool:
    """Whether SQL may read the clock, a column's default included.

    Example:
        >>> depends_on_time(b"CREATE TABLE users (since date DEFAULT now())")
        True
    """
    return _mentions(text, _of_time)


def _mentions(text: bytes, patterns: _Patterns) -> bool:
    lowered = text.lower()
    return any(key in lowered and pattern.search(lowered) for key, pattern in patterns)
