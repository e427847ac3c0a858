"""What a comparison of a part of a text, or of the text in another case, says of the text."""

from __future__ import annotations

import re

from pytest_supaseed.constraints.facts import NOTHING, ColumnFacts, Pattern
from pytest_supaseed.constraints.literals import constant
from pytest_supaseed.constraints.subject import Subject
from pytest_supaseed.constraints.syntax import Call, Node
from pytest_supaseed.constraints.unchanged import is_function_of, unchanged

TRIMS = ("btrim", "ltrim", "rtrim", "trim")


def place(call: Call, operator: str, right: Node, subject: Subject) -> ColumnFacts | None:
    """``position('@' in email) > 1``: the text has the part, and something before it."""
    if len(call.arguments) != 2:
        return None
    part, whole = call.arguments if call.name == "position" else call.arguments[::-1]
    trims = isinstance(whole, Call) and whole.name in TRIMS and len(whole.arguments) == 1
    if not subject.textual or not subject.is_in(
        whole.arguments[0] if isinstance(whole, Call) and trims else whole
    ):
        return None
    text, number = constant(part, "text"), constant(right, "int4")
    if not text or not isinstance(number, int) or (trims and text.strip() != text):
        return NOTHING
    ignoring = subject.type.name == "citext"
    if operator == "=" and number == 0:
        return ColumnFacts(patterns=(Pattern(re.escape(text), ignoring, negated=True),))
    first = {">": number + 1, ">=": number, "<>": 1 if number == 0 else 0}.get(operator, 0)
    if first < 1:
        return NOTHING
    return ColumnFacts(patterns=(Pattern(("." if first > 1 else "") + re.escape(text), ignoring),))


def cased(call: Call, operator: str, right: Node, subject: Subject) -> ColumnFacts | None:
    """``lower(status) = 'open'``, ``lower(trim(status)) <> 'open'``."""
    inner = call.arguments[0] if len(call.arguments) == 1 else call
    trims = isinstance(inner, Call) and inner.name in TRIMS and len(inner.arguments) == 1
    inner = inner.arguments[0] if isinstance(inner, Call) and trims else inner
    if not subject.textual or not subject.is_in(inner):
        return None
    if subject.is_in(right):
        return unchanged(operator, call, subject) if is_function_of(call, subject) else NOTHING
    text = constant(right, "text")
    if text is None:
        return NOTHING
    if operator == "<>" and text == "":
        return ColumnFacts(minimum_length=1)
    if operator not in ("=", "<>"):
        return NOTHING
    spaces = " *" if trims else ""
    pattern = Pattern(f"^{spaces}{re.escape(text)}{spaces}\\Z", case_insensitive=True)
    if operator == "=":
        return ColumnFacts(patterns=(pattern,))
    # What is not in that case at all differs as well.
    fits = text == (text.lower() if call.name == "lower" else text.upper())
    return ColumnFacts(patterns=(Pattern(pattern.regex, True, negated=True),)) if fits else NOTHING


def trimmed(call: Call, operator: str, right: Node, subject: Subject) -> ColumnFacts | None:
    """``trim(name) <> ''``, ``trim(name) = name``."""
    if not call.arguments or not subject.textual or not subject.is_in(call.arguments[0]):
        return None
    if subject.is_in(right):
        return unchanged(operator, call, subject)
    refused = operator in ("<>", ">") and constant(right, "text") == ""
    return ColumnFacts(minimum_length=1) if refused else NOTHING


def end(call: Call, operator: str, right: Node, subject: Subject) -> ColumnFacts | None:
    """``left(address, 4) = 'dns:'``, ``right(name, 1) <> '/'``."""
    if len(call.arguments) != 2 or not subject.textual:
        return None
    inner = call.arguments[0]
    trims = isinstance(inner, Call) and inner.name in TRIMS and len(inner.arguments) == 1
    if not subject.is_in(inner.arguments[0] if isinstance(inner, Call) and trims else inner):
        return None
    text, number = constant(right, "text"), constant(call.arguments[1], "int4")
    if operator not in ("=", "<>") or not text or number != len(text):
        return NOTHING
    spaces = " *" if trims else ""
    found = f"^{spaces}{re.escape(text)}" if call.name == "left" else f"{re.escape(text)}{spaces}\\Z"
    return ColumnFacts(patterns=(Pattern(found, subject.type.name == "citext", operator == "<>"),))
