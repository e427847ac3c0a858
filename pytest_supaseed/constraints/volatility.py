"""Volatility: which default expressions differ between runs, because they are random or depend on the clock or session.

An IMMUTABLE function never does. A built-in or C function does if it is VOLATILE, except for sequence functions, or if
it is a STABLE one that reads the clock or the session. A user-defined function does if its body calls such a function,
directly or not; otherwise it counts as repeatable even if it is VOLATILE, because it then counts or reads tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

# Functions by OID. The body is in pg_proc.prosqlbody for SQL-standard syntax, else in prosrc.
CALLED = """
SELECT p.oid, p.proname AS name, p.provolatile::text AS volatility, l.lanname AS language,
       coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) AS body, n.nspname <> 'pg_catalog' AS own
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
WHERE p.oid = ANY (%(relations)s)
"""
# All functions that the body of a user-defined function may call in turn.
BODIES = """
SELECT p.oid, p.proname AS name, p.provolatile::text AS volatility, l.lanname AS language,
       coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) AS body, true AS own
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
WHERE n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema' AND p.provolatile <> 'i'
ORDER BY p.oid
"""
VARYING = re.compile(
    r"\b(now|current_(date|time|timestamp|user|role|setting|catalog|database|query)|session_user|localtime|"
    r"(clock|statement|transaction)_timestamp|timeofday|random|gen_random_|gen_salt|uuid_generate_|uuidv\d|"
    r"txid_current|pg_current_|pg_backend_pid|pg_postmaster_|inet_(client|server)_|version\(\))",
    re.IGNORECASE,
)
_COUNTING = ("nextval", "currval", "lastval", "setval")
_CALLS = re.compile(r":(?:opfuncid|funcid) (\d+)")
# Node of CURRENT_DATE, CURRENT_USER and the like.
_OF_THE_SESSION = "{SQLVALUEFUNCTION "
_Record = Mapping[str, Any]


def functions_in(tree: str) -> tuple[int, ...]:
    """Return the OIDs of the functions that an expression tree (``pg_attrdef.adbin``) calls."""
    return tuple(dict.fromkeys(map(int, _CALLS.findall(tree))))


class VaryingFunctions:
    """The functions that return different values in different runs.

    Args:
        called: rows of :data:`CALLED` for the functions that defaults call.
        bodies: rows of :data:`BODIES`; not needed where no function is user-defined.
    """

    def __init__(self, called: Iterable[_Record], bodies: Iterable[_Record] = ()) -> None:
        known = {record["oid"]: record for record in (*bodies, *called)}
        self._found = {oid for oid, record in known.items() if _varies(record)}
        names = {known[oid]["name"] for oid in self._found if known[oid]["own"]}
        # Transitive closure over the callers.
        while names:
            calling = re.compile(rf"\b({'|'.join(map(re.escape, sorted(names)))})\"?\s*\(")
            more = [
                oid
                for oid, record in known.items()
                if oid not in self._found and _judged_by_body(record) and calling.search(record["body"] or "")
            ]
            self._found.update(more)
            names = {known[oid]["name"] for oid in more}

    def in_tree(self, tree: str | None) -> bool:
        """Whether an expression may have another value in another run.

        Args:
            tree: the expression as in ``pg_attrdef.adbin``, None for no expression.
        """
        return tree is not None and (
            _OF_THE_SESSION in tree or not self._found.isdisjoint(functions_in(tree))
        )


def _judged_by_body(record: _Record) -> bool:
    return bool(record["own"] and record["volatility"] != "i" and record["language"] not in ("c", "internal"))


def _varies(record: _Record) -> bool:
    if record["volatility"] == "i":
        return False
    if _judged_by_body(record):
        return VARYING.search(record["body"] or "") is not None
    # The body of a C function is unknown; a VOLATILE one of an extension is most likely random.
    volatile = record["volatility"] == "v" and record["name"] not in _COUNTING
    return volatile or VARYING.match(f"{record['name']}()") is not None
