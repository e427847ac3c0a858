"""The members of a JSON object that its CHECKs speak of."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.schema import ColumnType
from pytest_supaseed.values.texts import accepted_text
from pytest_supaseed.values.vocabulary import NOUNS

_TEXT = ColumnType("text", "text", "S")
# How far from its only limit a number lies at most.
_SPREAD = 100


def with_members(faker: Any, document: dict[str, Any], facts: ColumnFacts) -> dict[str, Any]:
    """Put members into a JSON object, and take out those that have to be missing.

    Args:
        faker: draws.
        document: the object; it is changed.
        facts: whose ``json_members`` say what is to be in it.

    Returns:
        The object.
    """
    for path, member in facts.json_members:
        *outer, key = path
        place = document
        for name in outer:
            if not isinstance(place.get(name), dict):
                place[name] = {}
            place = place[name]
        if member.allowed == (None,):
            place.pop(key, None)
        else:
            place[key] = _member(faker, member)
    return document


def _member(faker: Any, facts: ColumnFacts) -> Any:
    random = faker.random
    if facts.allowed:
        return random.choice(facts.allowed)
    if facts.json_type == "object":
        return {}
    if facts.json_type == "array":
        return [_word(faker) for _ in range(max(facts.minimum_length or 0, 1))]
    if facts.json_type == "boolean":
        return random.random() < 0.5
    numeric = any(limit is not None for limit in (facts.minimum, facts.maximum, facts.multiple_of))
    if numeric or facts.json_type == "number":
        return _number(random, facts)
    text = accepted_text(lambda: _word(faker), _TEXT, facts, random)
    return str(uuid.UUID(int=random.getrandbits(128), version=4)) if text is None else text


def _number(random: Any, facts: ColumnFacts) -> int | float:
    low, high = facts.minimum, facts.maximum
    if low is None:
        low = 0 if high is None else min(high - _SPREAD, 0)
    if high is None:
        high = max(low + _SPREAD, _SPREAD)
    whole = range(int(low) - 1, int(high) + 2)
    unit = int(facts.multiple_of or 1) or 1
    fitting = [
        number
        for number in (whole if len(whole) <= 10 * _SPREAD else range(int(low), int(low) + 10 * _SPREAD))
        if (number > low or (number == low and not facts.minimum_exclusive))
        and (number < high or (number == high and not facts.maximum_exclusive))
        and number not in facts.excluded
        and number % unit == 0
    ]
    return random.choice(fitting) if fitting else float((Decimal(low) + Decimal(high)) / 2)


def _word(faker: Any) -> str:
    return str(faker.random.choice(NOUNS)).lower()
