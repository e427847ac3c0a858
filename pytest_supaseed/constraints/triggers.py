"""Triggers of a table: the columns that they read and assign, and the constants that they compare columns with.

These are heuristics over the text of the trigger functions, which is not parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pytest_supaseed.model.schema import Table


def columns_of_triggers(table: Table, context: str = "") -> tuple[str, ...]:
    """Return the columns that the INSERT triggers of a table mention as ``NEW.column``.

    Args:
        context: the CONTEXT of an error; where it names functions of triggers, only those triggers count.
    """
    called = _CALLED.findall(context)
    in_question = {t.name for t in table.triggers if t.function.rpartition(".")[2] in called}
    named = [
        name.lower() if quoted == "" else quoted
        for trigger in table.triggers
        if trigger.on_insert and (trigger.name in in_question or not in_question)
        for quoted, name in re.findall(r'\bnew\.(?:"([^"]+)"|(\w+))', trigger.source, re.IGNORECASE)
    ]
    return tuple(dict.fromkeys(name for name in named if table.has_column(name)))


_CALLED = re.compile(r'\bfunction (?:"?\w+"?\.)?"?(\w+)"?\(')
_FLAGS = re.IGNORECASE | re.DOTALL
_OPERATOR = r"(?:=|<>|!=|\bnot\s+in\b|\bin\b|\blike\b|\bis\s+distinct\s+from\b)"
_LITERAL = r"'((?:[^']|'')*)'"


def values_of_triggers(table: Table) -> dict[str, tuple[str, ...]]:
    """Return the constants that the INSERT triggers of a table compare its columns with, by column.

    ``CASE NEW.kind WHEN 'a' THEN ... ELSE RAISE`` and ``IF NEW.kind NOT IN ('a', 'b')`` show the values of ``kind``.
    """
    found: dict[str, dict[str, None]] = {}
    for trigger in table.triggers:
        for name in columns_of_triggers(table) if trigger.on_insert else ():
            for literal in _compared(trigger.source, name):
                found.setdefault(name, {})[literal.replace("''", "'")] = None
    return {name: tuple(values) for name, values in found.items()}


def _compared(source: str, name: str) -> Iterator[str]:
    """Yield the constants that a function compares with a column, or with a variable that has its value."""
    column = rf'\bnew\.(?:"{re.escape(name)}"|{re.escape(name)}\b)'
    # In a declaration the type follows the variable; in an assignment another word may precede the variable.
    assigned = re.findall(rf"\b(\w+)\s+(?:(\w+)\s*)?:=\s*{column}\s*;", source, re.IGNORECASE)
    variables = [word for words in assigned for word in words if word]
    subject = "(?:" + "|".join([column, *(rf"(?<!\.)\b{variable}\b" for variable in variables)]) + ")"
    for body in re.findall(rf"\bcase\s+{subject}(.*?)\bend\b\s*(?:case\b|;)", source, _FLAGS):
        for when in re.findall(rf"\bwhen\s+({_LITERAL}(?:\s*,\s*{_LITERAL})*)", body, _FLAGS):
            yield from re.findall(_LITERAL, when[0])
    for body in re.findall(rf"{subject}(?:::\w+)?\s*{_OPERATOR}(.*?)(?:\bthen\b|;)", source, _FLAGS):
        yield from re.findall(_LITERAL, body)


# An assignment of the whole row: "=" is one at the beginning of a statement only, elsewhere a comparison.
_WHOLE_ROW = re.compile(
    r"\bnew\s*:=|\binto\s+new\b(?!\.)|(?:^|;|\b(?:then|else|begin|loop)\b)(?:\s|--[^\n]*\n)*new\s*=",
    re.IGNORECASE,
)


def assigned_by_triggers(table: Table) -> set[str]:
    """Return the columns that BEFORE INSERT triggers assign."""
    assigned = re.compile(
        r'(?:^|[;\n]|\b(?:then|else|begin|loop|into|,))\s*new\.(?:"([^"]+)"|(\w+))', re.IGNORECASE
    )
    sources = [trigger.source for trigger in table.triggers if trigger.on_insert and trigger.before]
    if any(map(_WHOLE_ROW.search, sources)):
        return {column.name for column in table.columns}
    return {quoted or name.lower() for source in sources for quoted, name in assigned.findall(source)}
