"""Values of ``json``, ``xml``, ``hstore``, ``ltree`` and the text search types.

:func:`with_members` gives a JSON object the members that CHECKs require.
"""

from __future__ import annotations

import json
import re
import uuid
from decimal import Decimal
from typing import Any

from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.model.schema import ColumnType
from pytest_supaseed.model.type_families import TEXT
from pytest_supaseed.values.types.pgtype import PgType
from pytest_supaseed.values.types.text import NOUNS, TextDomain

# The width of a number's range if it has only one bound.
_SPREAD = 100


def with_members(faker: Any, document: dict[str, Any], domain: ValueDomain) -> dict[str, Any]:
    """Set the members of a JSON object that CHECKs require, and remove those that they forbid.

    Args:
        faker: draws.
        document: the object, which is changed and returned.
        domain: the value domain; its ``json_members`` are the members' domains by path.
    """
    for path, member in domain.json_members:
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


def _member(faker: Any, domain: ValueDomain) -> Any:
    random = faker.random
    if domain.allowed:
        return random.choice(domain.allowed)
    if domain.json_type == "object":
        return {}
    if domain.json_type == "array":
        return [word(faker) for _ in range(max(domain.minimum_length or 0, 1))]
    if domain.json_type == "boolean":
        return random.random() < 0.5
    numeric = any(limit is not None for limit in (domain.minimum, domain.maximum, domain.multiple_of))
    if numeric or domain.json_type == "number":
        return _number(random, domain)
    text = TextDomain(TEXT, domain).drawn(lambda: word(faker), random)
    return str(uuid.UUID(int=random.getrandbits(128), version=4)) if text is None else text


def _number(random: Any, domain: ValueDomain) -> int | float:
    low, high = domain.minimum, domain.maximum
    if low is None:
        low = 0 if high is None else min(high - _SPREAD, 0)
    if high is None:
        high = max(low + _SPREAD, _SPREAD)
    whole = range(int(low) - 1, int(high) + 2)
    unit = int(domain.multiple_of or 1) or 1
    fitting = [
        number
        for number in (whole if len(whole) <= 10 * _SPREAD else range(int(low), int(low) + 10 * _SPREAD))
        if (number > low or (number == low and not domain.minimum_exclusive))
        and (number < high or (number == high and not domain.maximum_exclusive))
        and number not in domain.excluded
        and number % unit == 0
    ]
    return random.choice(fitting) if fitting else float((Decimal(low) + Decimal(high)) / 2)


def word(faker: Any) -> str:
    """Draw a word in lower case, of ASCII letters."""
    return str(faker.random.choice(NOUNS)).lower()


def _json(faker: Any, column_type: ColumnType, domain: ValueDomain) -> object:
    random = faker.random
    if domain.json_type == "array":
        least, most = domain.minimum_length or 1, domain.maximum_length
        size = max(random.randint(1, 3), least)
        return [word(faker) for _ in range(size if most is None else min(size, most))]
    if domain.json_type == "string":
        # A ``str`` is written to PostgreSQL unchanged, so a JSON string needs its quotes here.
        return json.dumps(word(faker))
    if domain.json_type == "number":
        return random.randint(1, 100)
    if domain.json_type == "boolean":
        return random.random() < 0.5
    if domain.json_type == "null":
        return "null"
    made = {word(faker): random.choice((word(faker), random.randint(1, 100), True)) for _ in range(2)}
    return with_members(faker, made, domain)


def _xml(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    name = word(faker)
    return f"<{name}>{faker.random.randint(1, 999)}</{name}>"


def _lexemes(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    words = [word(faker), word(faker), f"{word(faker)}{faker.random.randint(1, 99)}"]
    return " ".join(f"'{lexeme}':{at}" for at, lexeme in enumerate(words, 1))


def _text_query(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    return f"'{word(faker)}' & '{word(faker)}{faker.random.randint(1, 99)}'"


def _pairs(faker: Any, column_type: ColumnType, domain: ValueDomain) -> object:
    if domain.json_members:
        made = with_members(faker, {"number": faker.random.randint(1, 999)}, domain)
        return {key: value if value is None else str(value) for key, value in made.items()}
    return f'"{word(faker)}"=>"{word(faker)}", "number"=>"{faker.random.randint(1, 999)}"'


_NUMBER = re.compile(r'"number"\s*=>\s*"\d*"')


def _next_pairs(value: object, number: int, column_type: ColumnType, domain: ValueDomain) -> object | None:
    if isinstance(value, dict):
        return {**value, "number": str(number + 1)}
    if not isinstance(value, str):
        return None
    changed, found = _NUMBER.subn(rf'"number"=>"{number + 1}"', value)
    return changed if found else f'{value}{", " if value.strip() else ""}"number"=>"{number + 1}"'


def _path(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    return f"{word(faker)}.{word(faker)}.{word(faker)}"


def _cursor(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    return f"{word(faker)}_{faker.random.randint(1, 999)}"


def _next_document(value: object, number: int, column_type: ColumnType, domain: ValueDomain) -> object | None:
    if isinstance(value, (int, float)):
        return value + number
    if isinstance(value, dict):
        return {**value, "number": number + 1}
    if isinstance(value, list):
        return [*value, number + 1]
    if isinstance(value, str) and value.startswith('"'):
        return re.sub(r'\d*"$', f'{number + 1}"', value)
    return None


def _next_path(value: str, number: int, column_type: ColumnType, domain: ValueDomain) -> str:
    return f"{value}.n{number + 1}"


def _query_of_integers(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    return f"{faker.random.randint(1, 99)}&{faker.random.randint(100, 999)}"


JSON = PgType(
    ("json", "jsonb"),
    make=_json,
    values=(int, float, str, dict, list),
    next_distinct=_next_document,
)
TYPES = (
    JSON,
    PgType(("jsonpath",), make=lambda faker, kind, domain: f'$."{word(faker)}"'),
    PgType(("xml",), make=_xml),
    PgType(("tsvector",), make=_lexemes),
    PgType(("tsquery",), make=_text_query),
    PgType(("hstore",), make=_pairs, values=(str, dict), next_distinct=_next_pairs),
    PgType(("ltree",), make=_path, next_distinct=_next_path),
    PgType(("lquery",), make=lambda faker, kind, domain: f"*.{word(faker)}.*"),
    PgType(("ltxtquery",), make=lambda faker, kind, domain: f"{word(faker)} & {word(faker)}"),
    PgType(("query_int",), make=_query_of_integers),
    PgType(("refcursor",), make=_cursor),
)
