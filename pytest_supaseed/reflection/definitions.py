"""What ``pg_get_indexdef`` and ``pg_get_constraintdef`` print of an index or an EXCLUDE constraint, -> its parts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pytest_supaseed.schema import Table

_WORD = r'(?:"(?:[^"]|"")+"|[^\W\d][\w$]*)'
_NAME = re.compile(rf"{_WORD}(?:\.{_WORD})*")
_COLLATION = re.compile(rf"\s+COLLATE {_WORD}(?:\.{_WORD})*")
_OPERATOR = re.compile(r"\bWITH (OPERATOR\(.+\)|\S+)$")
_QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*\"""")


@dataclass(frozen=True)
class Element:
    """A part of a key.

    Attributes:
        expression: SQL, of a column or of several.
        operator: of an EXCLUDE constraint; ``=`` for an index.
    """

    expression: str
    operator: str = "="


@dataclass(frozen=True)
class Definition:
    """An index, or an EXCLUDE constraint.

    Attributes:
        elements: the parts of its key.
        where: SQL that says which rows it has; empty for all.
    """

    elements: tuple[Element, ...]
    where: str = ""

    def columns(self, table: Table) -> tuple[str, ...]:
        """Return the columns that it uses, those of its WHERE clause included, in the order of the table.

        Args:
            table: the table.
        """
        text = " ".join([*(element.expression for element in self.elements), self.where])
        bare = re.sub(r"'(?:[^']|'')*'", "''", text)
        words = {
            word[1:-1].replace('""', '"') if word.startswith('"') else word
            for word in re.findall(rf"{_WORD}", bare)
        }
        return tuple(column.name for column in table.columns if column.name in words)


def definition(text: str) -> Definition | None:
    """Take a definition apart.

    Args:
        text: as PostgreSQL prints it.

    Returns:
        Its parts; None where it has another form.

    Example:
        >>> definition("CREATE UNIQUE INDEX k ON public.a USING btree (lower(name)) WHERE (id > 5)")
        Definition(elements=(Element(expression='lower(name)', operator='='),), where='(id > 5)')
    """
    start = re.search(r"\bUSING \w+ \(", text)
    if start is None:
        return None
    end = _closing(text, start.end() - 1)
    if end is None:
        return None
    elements = []
    for part in _split(text[start.end() : end]):
        expression = _expression(part)
        if expression is None:
            return None
        operator = _OPERATOR.search(part)
        elements.append(Element(expression, operator[1] if operator else "="))
    where = re.search(r"\bWHERE (.+)$", text[end:], re.DOTALL)
    return Definition(tuple(elements), where[1] if where else "")


def _expression(part: str) -> str | None:
    """A column, a call or what is in parentheses, with its collation but without its operator class and order."""
    if part.startswith("("):
        end = _closing(part, 0)
    else:
        name = _NAME.match(part)
        if name is None:
            return None
        called = part[name.end() : name.end() + 1] == "("
        end = _closing(part, name.end()) if called else name.end() - 1
    if end is None:
        return None
    collation = _COLLATION.match(part, end + 1)
    return part[: collation.end() if collation else end + 1]


def _closing(text: str, start: int) -> int | None:
    """Where the parenthesis that opens at ``start`` is closed."""
    # What is quoted is as long as it was, and has no parentheses.
    bare = _QUOTED.sub(lambda match: "x" * len(match[0]), text)
    depth = 0
    for at in range(start, len(bare)):
        depth += {"(": 1, ")": -1}.get(bare[at], 0)
        if depth == 0:
            return at
    return None


def _split(text: str) -> list[str]:
    """What is between commas that are in no parentheses."""
    bare = _QUOTED.sub(lambda match: "x" * len(match[0]), text)
    parts, depth, first = [], 0, 0
    for at, character in enumerate(bare):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(character, 0)
        if character == "," and not depth:
            parts.append(text[first:at].strip())
            first = at + 1
    return [*parts, text[first:].strip()]
