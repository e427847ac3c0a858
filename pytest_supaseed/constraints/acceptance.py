"""Whether what is known of a column lets it take a value, as far as that can be told without PostgreSQL."""

from __future__ import annotations

import json
import re
from collections.abc import Sized
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from pytest_supaseed.constraints.facts import ColumnFacts, Pattern

_JSON_TYPES = {
    dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number",
    type(None): "null",
}  # fmt: skip


def accepts(facts: ColumnFacts, value: Any) -> bool:
    """Tell whether nothing that is known of a column speaks against a value.

    Args:
        facts: what is known.
        value: as Python has it; None for NULL.

    Example:
        >>> accepts(ColumnFacts(minimum=1), 0), accepts(ColumnFacts(required=True), None)
        (False, False)
    """
    if value is None:
        return not facts.required and (facts.allowed is None or None in facts.allowed)
    if facts.allowed is not None and not any(_same(value, allowed) for allowed in facts.allowed):
        return False
    if any(_same(value, excluded) for excluded in facts.excluded):
        return False
    if facts.json_type is not None or facts.json_members:
        return _document(facts, value)
    if isinstance(value, str):
        return _text(facts, value)
    if isinstance(value, (date, time, timedelta)):
        return _moment(facts, value)
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return _number(facts, Decimal(str(value)))
    return not isinstance(value, (list, tuple, bytes)) or _measured(facts, value)


def _same(value: Any, other: Any) -> bool:
    # True is equal to 1, but a boolean column's value is never a number's.
    return isinstance(value, bool) == isinstance(other, bool) and bool(value == other)


def _text(facts: ColumnFacts, value: str) -> bool:
    return (
        _measured(facts, value)
        and all(_matches(pattern, value) for pattern in facts.patterns)
        and not (facts.lowercase and value != value.lower())
        and not (facts.uppercase and value != value.upper())
    )


def _document(facts: ColumnFacts, value: Any) -> bool:
    if isinstance(value, str):
        # A text is written as it is: it spells a document.
        try:
            value = json.loads(value)
        except ValueError:
            return False
    if facts.json_type is not None and facts.json_type != _JSON_TYPES.get(type(value)):
        return False
    return (not isinstance(value, list) or _measured(facts, value)) and all(
        accepts(member, _member(value, path)) for path, member in facts.json_members
    )


def _member(document: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        document = document.get(key) if isinstance(document, dict) else None
    return document


def _measured(facts: ColumnFacts, value: Sized) -> bool:
    least, most = facts.minimum_length or 0, facts.maximum_length
    return least <= len(value) and (most is None or len(value) <= most)


def _matches(pattern: Pattern, value: str) -> bool:
    flags = re.DOTALL | (re.IGNORECASE if pattern.case_insensitive else 0)
    return (re.search(pattern.regex, value, flags) is None) == pattern.negated


def _moment(facts: ColumnFacts, value: date | time | timedelta) -> bool:
    found: Any = _comparable(value)
    earliest, latest = _comparable(facts.earliest), _comparable(facts.latest)
    try:
        return (earliest is None or found >= earliest) and (latest is None or found <= latest)
    except TypeError:  # a date and a timestamp, or a time with a zone and one without
        return True


def _comparable(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=timezone.utc)
    return value


def _number(facts: ColumnFacts, value: Decimal) -> bool:
    if facts.minimum is not None and (
        value < facts.minimum or (facts.minimum_exclusive and value == facts.minimum)
    ):
        return False
    if facts.maximum is not None and (
        value > facts.maximum or (facts.maximum_exclusive and value == facts.maximum)
    ):
        return False
    if facts.decimals is not None and value.is_finite() and round(value, facts.decimals) != value:
        return False
    return facts.multiple_of is None or value % Decimal(facts.multiple_of) == 0
