"""Which defaults are other values in another run: random, or of the clock, the session or the machine.

What is declared IMMUTABLE never is. A built-in function is if it is VOLATILE, except for those that count along a
sequence, and if it is one of the STABLE ones that look at the clock or the session. A function of the user is if its
body calls such a function, by whatever way; one whose body calls none is left to PostgreSQL, even if it is VOLATILE:
it counts, or looks into a table, and gives the same in every run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

# Functions by their identifiers. A body in SQL's own syntax is kept apart from that in quotes.
CALLED = """
SELECT p.oid, p.proname AS name, p.provolatile::text AS volatility, l.lanname AS language,
       coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) AS body, n.nspname <> 'pg_catalog' AS own
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
WHERE p.oid = ANY (%(relations)s)
"""


# All that a body of the user's may call in turn.
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


# CURRENT_DATE, CURRENT_USER and the like.
_OF_THE_SESSION = "{SQLVALUEFUNCTION "


_Record = Mapping[str, Any]


def functions_in(tree: str) -> tuple[int, ...]:
    """Return the identifiers of the functions that an expression calls.

    Args:
        tree: the expression as ``pg_attrdef.adbin`` has it.
    """
    return tuple(dict.fromkeys(map(int, _CALLS.findall(tree))))


class VaryingFunctions:
    """The functions that return something else in another run.

    Args:
        called: what :data:`CALLED` returns of those that defaults call.
        bodies: what :data:`BODIES` returns; not needed where no function is the user's.
    """

    def __init__(self, called: Iterable[_Record], bodies: Iterable[_Record] = ()) -> None:
        known = {record["oid"]: record for record in (*bodies, *called)}
        self._found = {oid for oid, record in known.items() if _varies(record)}
        names = {known[oid]["name"] for oid in self._found if known[oid]["own"]}
        # As long as one more is found that calls one of those.
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
            tree: the expression as ``pg_attrdef.adbin`` has it, None for no expression.
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
    # What is written in C cannot be looked into, but an extension has little reason to be VOLATILE than chance.
    volatile = record["volatility"] == "v" and record["name"] not in _COUNTING
    return volatile or VARYING.match(f"{record['name']}()") is not None
