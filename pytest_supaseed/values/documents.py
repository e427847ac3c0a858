"""Values of the types that hold something written: JSON, XML, bytes, texts to be searched, paths."""

from __future__ import annotations

import json
from typing import Any

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.schema import ColumnType
from pytest_supaseed.values.maker import Maker
from pytest_supaseed.values.members import with_members
from pytest_supaseed.values.vocabulary import NOUNS

_FEWEST_BYTES = 16


def word(faker: Any) -> str:
    """Draw a word in lower case, of ASCII letters.

    Args:
        faker: draws.
    """
    return str(faker.random.choice(NOUNS)).lower()


def _json(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> object:
    random = faker.random
    if facts.json_type == "array":
        least, most = facts.minimum_length or 1, facts.maximum_length
        size = max(random.randint(1, 3), least)
        return [word(faker) for _ in range(size if most is None else min(size, most))]
    if facts.json_type == "string":
        # A text is written as it is.
        return json.dumps(word(faker))
    if facts.json_type == "number":
        return random.randint(1, 100)
    if facts.json_type == "boolean":
        return random.random() < 0.5
    if facts.json_type == "null":
        return "null"
    made = {word(faker): random.choice((word(faker), random.randint(1, 100), True)) for _ in range(2)}
    return with_members(faker, made, facts)


def _bytes(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> bytes:
    size = _FEWEST_BYTES if facts.maximum_length is None else min(_FEWEST_BYTES, facts.maximum_length)
    size = max(size, facts.minimum_length or 0, 0)
    return bytes(faker.random.choices(range(256), k=size))


def _xml(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    name = word(faker)
    return f"<{name}>{faker.random.randint(1, 999)}</{name}>"


def _lexemes(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    words = [word(faker), word(faker), f"{word(faker)}{faker.random.randint(1, 99)}"]
    return " ".join(f"'{lexeme}':{at}" for at, lexeme in enumerate(words, 1))


def _text_query(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    return f"'{word(faker)}' & '{word(faker)}{faker.random.randint(1, 99)}'"


def _pairs(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    return f'"{word(faker)}"=>"{word(faker)}", "number"=>"{faker.random.randint(1, 999)}"'


def _path(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    return f"{word(faker)}.{word(faker)}.{word(faker)}"


def _cursor(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    return f"{word(faker)}_{faker.random.randint(1, 999)}"


MAKERS: dict[str, Maker] = {
    **dict.fromkeys(("json", "jsonb"), _json),
    "jsonpath": lambda faker, kind, facts: f'$."{word(faker)}"',
    "bytea": _bytes,
    "xml": _xml,
    "tsvector": _lexemes,
    "tsquery": _text_query,
    "hstore": _pairs,
    "ltree": _path,
    "lquery": lambda faker, kind, facts: f"*.{word(faker)}.*",
    "ltxtquery": lambda faker, kind, facts: f"{word(faker)} & {word(faker)}",
    "query_int": lambda faker, kind, facts: f"{faker.random.randint(1, 99)}&{faker.random.randint(100, 999)}",
    "refcursor": _cursor,
}
