"""What the functions that a CHECK calls compare its columns with, as far as the text of their bodies tells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from pytest_supaseed.constraints.facts import ColumnFacts, Pattern
from pytest_supaseed.constraints.regex import from_like, from_postgres
from pytest_supaseed.generation.keys import chosen_columns
from pytest_supaseed.schema import Check, Table

_COMMENTS = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_LITERAL = re.compile(
    r"(?P<operator>!?~~?\*?|\b(?:not\s+)?i?like|\bsimilar\s+to)?\s*\(?\s*E?'(?P<text>(?:[^']|'')*)'",
    re.IGNORECASE,
)
# A body with more of them is no list of what a column may be.
_MOST = 200


@dataclass
class Hints:
    """What columns may have to be.

    Attributes:
        values: by column, as texts.
        patterns: by column, each of them enough.
    """

    values: dict[str, list[str]] = field(default_factory=dict)
    patterns: dict[str, list[ColumnFacts]] = field(default_factory=dict)


def hints_of(table: Table, checks: Iterable[Check]) -> Hints:
    """Read what the functions that CHECKs call compare with.

    ``RETURN value ~ '^[A-Z]{3}$'`` and ``SELECT code IN ('EUR', 'USD')`` tell what a column may be, whichever of the
    function's arguments it is.

    Args:
        table: the table.
        checks: of the table.
    """
    hints = Hints()
    for check in checks:
        for name in chosen_columns(table, check.columns) if check.called else ():
            kind = table.column(name).type
            for part in _read(check.called) if kind.category in ("S", "E") and not kind.array else ():
                if isinstance(part, str):
                    hints.values.setdefault(name, []).append(part)
                else:
                    hints.patterns.setdefault(name, []).append(part)
    return hints


@lru_cache(maxsize=256)
def _read(bodies: str) -> tuple[str | ColumnFacts, ...]:
    found = list(_LITERAL.finditer(_COMMENTS.sub("", bodies)))
    parts = (_part((each["operator"] or "").lower(), each["text"].replace("''", "'")) for each in found)
    return tuple(part for part in parts if part is not None) if len(found) <= _MOST else ()


def _part(operator: str, text: str) -> str | ColumnFacts | None:
    """What a column may have to be: a value, or what matches a pattern; None where it must not."""
    if not operator:
        return text
    if operator.startswith(("!", "not")):
        return None
    like = "~~" in operator or "like" in operator
    regex = from_like(text) if like else from_postgres(text) if operator in ("~", "~*") else None
    ignoring = operator in ("~*", "~~*", "ilike")
    return None if regex is None else ColumnFacts(patterns=(Pattern(regex, ignoring),))
