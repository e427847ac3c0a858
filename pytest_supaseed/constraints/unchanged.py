"""Values that a function leaves as they are: ``x = lower(x)``, ``x = btrim(x)``, ``x = round(x, 2)``."""

from __future__ import annotations

from pytest_supaseed.constraints.facts import NOTHING, ColumnFacts, Pattern, both
from pytest_supaseed.constraints.literals import constant
from pytest_supaseed.constraints.regex import from_postgres, nowhere
from pytest_supaseed.constraints.subject import Subject
from pytest_supaseed.constraints.syntax import Call, Node, uncast

WHOLE = ("round", "trunc", "floor", "ceil", "ceiling")
_ENDS = {"btrim": r"\A | \Z", "trim": r"\A | \Z", "ltrim": r"\A ", "rtrim": r" \Z"}
_KNOWN = (*WHOLE, *_ENDS, "lower", "upper", "regexp_replace")


def is_function_of(node: Node, subject: Subject) -> bool:
    """Whether an expression is made from a column by functions that may leave it as it is.

    Args:
        node: the expression.
        subject: the column.
    """
    inner = node
    while not subject.is_in(inner):
        inner = uncast(inner)
        if not (isinstance(inner, Call) and inner.arguments and inner.name in _KNOWN):
            return False
        inner = inner.arguments[0]
    return inner is not node


def unchanged(operator: str, node: Node, subject: Subject) -> ColumnFacts:
    """Read what holds of a column that is what some functions make of it.

    Args:
        operator: of the comparison.
        node: for which :func:`is_function_of` holds.
        subject: the column.
    """
    if operator != "=":
        return NOTHING
    facts = NOTHING
    while not subject.is_in(node):
        call = uncast(node)
        if not isinstance(call, Call):
            return NOTHING
        facts = both(facts, _left_alone(call))
        node = call.arguments[0]
    return facts


def _left_alone(call: Call) -> ColumnFacts:
    if call.name in ("lower", "upper"):
        return ColumnFacts(lowercase=call.name == "lower", uppercase=call.name == "upper")
    if call.name == "regexp_replace":
        return _nothing_replaced(call)
    if call.name in _ENDS:
        return (
            ColumnFacts(patterns=(Pattern(_ENDS[call.name], negated=True),))
            if len(call.arguments) == 1
            else NOTHING
        )
    digits = constant(call.arguments[1], "int4") if len(call.arguments) > 1 else 0
    return ColumnFacts(decimals=digits) if isinstance(digits, int) and digits >= 0 else NOTHING


def _nothing_replaced(call: Call) -> ColumnFacts:
    """``regexp_replace(code, '[^0-9]', '', 'g') = code``: there is nothing in it to replace."""
    if not 3 <= len(call.arguments) <= 4:
        return NOTHING
    text, replacement = constant(call.arguments[1], "text"), constant(call.arguments[2], "text")
    flags = constant(call.arguments[3], "text") if len(call.arguments) == 4 else ""
    regex = (
        from_postgres(text) if text and replacement == "" and flags in ("", "g", "i", "gi", "ig") else None
    )
    return NOTHING if regex is None else ColumnFacts(patterns=(nowhere(regex, "i" in flags),))
