"""What the triggers of a table look at and do, as far as the text of their functions tells."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pytest_supaseed.model.schema import Table


def columns_of_triggers(table: Table, context: str = "") -> tuple[str, ...]:
    """Return the columns that the triggers of a table look at when a row is inserted, by the text of their functions.

    Args:
        table: the table.
        context: of an error, as PostgreSQL tells it; where it names triggers' functions, only theirs are returned.
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
    """Return the constants that the triggers of a table compare its columns with, by the text of their functions.

    ``CASE NEW.kind WHEN 'a' THEN ... ELSE RAISE`` and ``IF NEW.kind NOT IN ('a', 'b')`` tell what ``kind`` may be.

    Args:
        table: the table.
    """
    found: dict[str, dict[str, None]] = {}
    for trigger in table.triggers:
        for name in columns_of_triggers(table) if trigger.on_insert else ():
            for literal in _compared(trigger.source, name):
                found.setdefault(name, {})[literal.replace("''", "'")] = None
    return {name: tuple(values) for name, values in found.items()}


def _compared(source: str, name: str) -> Iterator[str]:
    """The constants with which a function compares a column, or a variable that has its value."""
    column = rf'\bnew\.(?:"{re.escape(name)}"|{re.escape(name)}\b)'
    # Where a variable is declared its type stands between, and where it is set some other word may stand before.
    assigned = re.findall(rf"\b(\w+)\s+(?:(\w+)\s*)?:=\s*{column}\s*;", source, re.IGNORECASE)
    variables = [word for words in assigned for word in words if word]
    subject = "(?:" + "|".join([column, *(rf"(?<!\.)\b{variable}\b" for variable in variables)]) + ")"
    for body in re.findall(rf"\bcase\s+{subject}(.*?)\bend\b\s*(?:case\b|;)", source, _FLAGS):
        for when in re.findall(rf"\bwhen\s+({_LITERAL}(?:\s*,\s*{_LITERAL})*)", body, _FLAGS):
            yield from re.findall(_LITERAL, when[0])
    for body in re.findall(rf"{subject}(?:::\w+)?\s*{_OPERATOR}(.*?)(?:\bthen\b|;)", source, _FLAGS):
        yield from re.findall(_LITERAL, body)


def assigned_by_triggers(table: Table) -> set[str]:
    """Return the columns that triggers assign before a row is there, by the text of their functions.

    Args:
        table: the table.
    """
    assigned = re.compile(
        r'(?:^|[;\n]|\b(?:then|else|begin|loop|into|,))\s*new\.(?:"([^"]+)"|(\w+))', re.IGNORECASE
    )
    names = {
        quoted or name.lower()
        for trigger in table.triggers
        if trigger.on_insert and trigger.before
        for quoted, name in assigned.findall(trigger.source)
    }
    # Or the row as a whole.
    if any(re.search(r"\bnew\s*:?=|\binto\s+new\b(?!\.)", t.source, re.IGNORECASE) for t in table.triggers):
        return {column.name for column in table.columns}
    return names
