"""What the effect of SQL depends on besides itself: files of the server, extensions, the time."""

from __future__ import annotations

import re
from collections.abc import Mapping

# Extensions that are part of PostgreSQL, and of the version that it has; others are updated on their own.
_CONTRIB = (
    "amcheck|autoinc|bloom|btree_gin|btree_gist|citext|cube|dict_int|dict_xsyn|earthdistance|fuzzystrmatch|hstore"
    "|insert_username|intarray|isn|lo|ltree|moddatetime|pageinspect|pg_buffercache|pg_freespacemap|pg_prewarm|pg_stat_statements|pg_trgm"
    "|pg_visibility|pgcrypto|pgrowlocks|pgstattuple|plpgsql|refint|seg|sslinfo|tablefunc|tcn|tsm_system_rows"
    "|tsm_system_time|unaccent|uuid-ossp"
)


# Each begins with its key, which Python finds in a long text a hundred times as fast as alternatives.
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


# What includes a file, or may be the end of what _COPY finds in one statement.
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
    """Tell whether it takes a look at each statement to know what a file depends on.

    Args:
        text: of the file.

    Returns:
        Whether it includes another file, perhaps, or one of its statements might depend on what is outside.
    """
    return _mentions(text, _of_suspects)


def depends_on_outside(statement: bytes) -> bool:
    """Tell whether a statement may take something from outside of the database, or act on the next start.

    Args:
        statement: its text, without the data of a COPY.

    Returns:
        Whether it may: when in doubt it does.

    Example:
        >>> depends_on_outside(b"COPY users FROM '/tmp/users'"), depends_on_outside(b"COPY users FROM stdin")
        (True, False)
    """
    return _mentions(statement, _of_outside + _of_copy)


def depends_on_time(text: bytes) -> bool:
    """Tell whether a text asks for the time, be it for a default only.

    Args:
        text: of a statement or of a whole file.

    Returns:
        Whether it may: when in doubt it does.

    Example:
        >>> depends_on_time(b"CREATE TABLE users (since date DEFAULT now())")
        True
    """
    return _mentions(text, _of_time)


def _mentions(text: bytes, patterns: _Patterns) -> bool:
    lowered = text.lower()
    return any(key in lowered and pattern.search(lowered) for key, pattern in patterns)
