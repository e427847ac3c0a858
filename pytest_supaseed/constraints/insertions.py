"""INSERT statements of trigger functions, by their text: :func:`insertions_in`.

As in :mod:`pytest_supaseed.constraints.functions`, the text is not parsed: what is read is a proposal, and PostgreSQL
says what the trigger does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_NAME = r'(?:"(?:[^"]|"")+"|[\w.])+'
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_INSERT = re.compile(rf"\binsert\s+into\s+(?P<table>{_NAME})(?:\s+as\s+\w+)?\s*", re.IGNORECASE)
_VALUES = re.compile(r"(?:overriding\s+\w+\s+value\s+)?values\s*\(", re.IGNORECASE)
_SELECT = re.compile(
    r"select\s+(?P<list>.*?)(?=\bfrom\b|\bwhere\b|\bon\s+conflict\b|\breturning\b|$)",
    re.IGNORECASE | re.DOTALL,
)
_OWN = re.compile(r'new\s*\.\s*(?:"(?P<quoted>[^"]+)"|(?P<plain>\w+))(?:\s*::\s*[\w.\[\]]+)?', re.IGNORECASE)
_CONDITIONAL = re.compile(r"\bon\s+conflict\b|\bwhere\s+not\s+exists\b", re.IGNORECASE)
_GUARD = re.compile(
    r"\bif\s+(?:not\s+(?:exists|found)\b|new\s*\.\s*\S+\s+is\s+null\b)(?:(?!\bend\s+if\b).)*$",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Insertion:
    """An INSERT statement.

    Attributes:
        table: the table, as the statement spells it.
        columns: the columns that are listed; empty where none are, so that the values are those of the first columns.
        own: for each value, the column of the new row that it is; None for another expression.
        conditional: whether rows may be there already: it has ON CONFLICT, or stands behind IF NOT EXISTS or a test
            for NULL.
    """

    table: str
    columns: tuple[str, ...]
    own: tuple[str | None, ...]
    conditional: bool = False

    def column_of(self, number: int, names: tuple[str, ...]) -> str | None:
        """Return the column that the value of a number is for, the first one being 0; None where there is none.

        Args:
            names: the columns of the table.
        """
        columns = self.columns or names
        return columns[number] if number < len(columns) else None


@lru_cache(maxsize=256)
def insertions_in(source: str) -> tuple[Insertion, ...]:
    """Return the INSERT statements of a function with what they insert of ``NEW``.

    Example:
        >>> insertions_in("INSERT INTO media (id, kind) VALUES (new.id, 'film');")
        (Insertion(table='media', columns=('id', 'kind'), own=('id', None), conditional=False),)
    """
    plain = _COMMENT.sub(" ", source)
    found = []
    for match in _INSERT.finditer(plain):
        rest = plain[match.end() :].partition(";")[0]
        columns: tuple[str, ...] = ()
        if rest.startswith("("):
            inside, rest = _parenthesized(rest)
            columns = tuple(_as_stored(part) for part in _parts(inside))
            rest = rest.lstrip()
        values = _VALUES.match(rest)
        selected = _SELECT.match(rest)
        if values is not None:
            listed = _parenthesized(rest[values.end() - 1 :])[0]
        else:
            listed = selected["list"] if selected is not None else ""
        conditional = (
            _CONDITIONAL.search(rest) is not None or _GUARD.search(plain[: match.start()]) is not None
        )
        found.append(Insertion(match["table"], columns, tuple(map(_own, _parts(listed))), conditional))
    return tuple(found)


def _parenthesized(text: str) -> tuple[str, str]:
    """What stands within the parentheses that a text begins with, and what follows them."""
    depth, quoted = 0, False
    for place, character in enumerate(text):
        if character == "'":
            quoted = not quoted
        elif not quoted and character in "()":
            depth += 1 if character == "(" else -1
            if not depth:
                return text[1:place], text[place + 1 :]
    return text[1:], ""


def _parts(listed: str) -> list[str]:
    """The parts of a list, without commas within parentheses and strings."""
    parts, depth, quoted, begin = [], 0, False, 0
    for place, character in enumerate(listed):
        if character == "'":
            quoted = not quoted
        elif quoted:
            continue
        elif character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif character == "," and not depth:
            parts.append(listed[begin:place].strip())
            begin = place + 1
    last = listed[begin:].strip()
    return [*parts, last] if last or parts else []


def _own(expression: str) -> str | None:
    match = _OWN.fullmatch(expression)
    return (match["quoted"] or match["plain"].lower()) if match is not None else None


def _as_stored(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()
