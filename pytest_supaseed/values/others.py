"""Values of the types that are neither texts, numbers nor times, as what the driver and COPY take."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.schema import ColumnType
from pytest_supaseed.values.members import with_members
from pytest_supaseed.values.vocabulary import NOUNS

_Make = Callable[[Any, ColumnType, ColumnFacts], object]
_VECTOR = re.compile(r"\((\d+)\)")
_DEFAULT_DIMENSIONS = 3
_START = date(2024, 1, 1)


def _word(faker: Any) -> str:
    return str(faker.random.choice(NOUNS)).lower()


def _place(faker: Any, low: int = -90, high: int = 90) -> str:
    return f"({faker.random.randint(low, high)},{faker.random.randint(low, high)})"


def _places(faker: Any) -> str:
    random = faker.random
    x, y, size = random.randint(0, 50), random.randint(0, 50), random.randint(1, 20)
    return f"({x},{y}),({x + size},{y}),({x + size},{y + size})"


def _bits(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    length = column_type.length if column_type.length is not None else 8
    return "".join(
        faker.random.choices("01", k=length if column_type.name == "bit" else max(1, min(length, 64)))
    )


def _bytes(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> bytes:
    size = 16 if facts.maximum_length is None else min(16, facts.maximum_length)
    size = max(size, facts.minimum_length or 0, 0)
    return bytes(faker.random.choices(range(256), k=size))


def _json(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> object:
    random = faker.random
    if facts.json_type == "array":
        least, most = facts.minimum_length or 1, facts.maximum_length
        size = max(random.randint(1, 3), least)
        return [_word(faker) for _ in range(size if most is None else min(size, most))]
    if facts.json_type == "string":
        return _word(faker)
    if facts.json_type == "number":
        return random.randint(1, 100)
    if facts.json_type == "boolean":
        return random.random() < 0.5
    made = {_word(faker): random.choice((_word(faker), random.randint(1, 100), True)) for _ in range(2)}
    return with_members(faker, made, facts)


def _network(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    random = faker.random
    if column_type.name == "cidr":
        return f"10.{random.randint(0, 255)}.{random.randint(0, 255)}.0/24"
    return f"10.{random.randint(0, 255)}.{random.randint(0, 255)}.{random.randint(1, 254)}"


def _hardware(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    # Locally administered: nobody's.
    parts = [2, *(faker.random.randint(0, 255) for _ in range(7 if column_type.name == "macaddr8" else 5))]
    return ":".join(f"{part:02x}" for part in parts)


def _range(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    random = faker.random
    start, size = random.randint(1, 500), random.randint(1, 30)
    kind = column_type.name.replace("multirange", "range")
    if kind == "daterange":
        text = f"[{_START + timedelta(days=start)},{_START + timedelta(days=start + size)})"
    elif kind in ("tsrange", "tstzrange"):
        zone = "+00" if kind == "tstzrange" else ""
        first, last = (_START + timedelta(days=days) for days in (start, start + size))
        text = f"[{first} 09:00:00{zone},{last} 17:00:00{zone})"
    else:
        text = f"[{start},{start + size})"
    return f"{{{text}}}" if "multirange" in column_type.name else text


def _vector(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    found = _VECTOR.search(column_type.text)
    size = int(found[1]) if found else _DEFAULT_DIMENSIONS
    if column_type.name == "sparsevec":
        return f"{{1:{faker.random.randint(1, 9)}}}/{size}"
    return "[" + ",".join(f"{faker.random.uniform(-1, 1):.4f}" for _ in range(size)) + "]"


def _geography(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    random = faker.random
    found = re.search(r",\s*(\d+)\)", column_type.text)
    longitude, latitude = random.uniform(-170, 170), random.uniform(-60, 70)
    return f"SRID={found[1] if found else 4326};POINT({longitude:.5f} {latitude:.5f})"


def _circle(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    return f"<{_place(faker)},{faker.random.randint(1, 20)}>"


def _xml(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    word = _word(faker)
    return f"<{word}>{faker.random.randint(1, 999)}</{word}>"


_MAKERS: dict[str, _Make] = {
    "uuid": lambda faker, kind, facts: uuid.UUID(int=faker.random.getrandbits(128), version=4),
    "json": _json,
    "jsonb": _json,
    "bytea": _bytes,
    **dict.fromkeys(("inet", "cidr"), _network),
    **dict.fromkeys(("macaddr", "macaddr8"), _hardware),
    **dict.fromkeys(("bit", "varbit"), _bits),
    "point": lambda faker, kind, facts: _place(faker),
    "line": lambda faker, kind, facts: (
        f"{{{faker.random.randint(1, 9)},{faker.random.randint(-9, 9)},{faker.random.randint(-9, 9)}}}"
    ),
    "lseg": lambda faker, kind, facts: f"[{_place(faker)},{_place(faker)}]",
    "box": lambda faker, kind, facts: f"{_place(faker, 50, 90)},{_place(faker, -90, 40)}",
    "path": lambda faker, kind, facts: f"[{_places(faker)}]",
    "polygon": lambda faker, kind, facts: f"({_places(faker)})",
    "circle": _circle,
    "tsvector": lambda faker, kind, facts: f"'{_word(faker)}':1 '{_word(faker)}':2",
    "tsquery": lambda faker, kind, facts: f"'{_word(faker)}' & '{_word(faker)}'",
    "xml": _xml,
    **dict.fromkeys(
        [
            f"{kind}{plural}range"
            for kind in ("int4", "int8", "num", "ts", "tstz", "date")
            for plural in ("", "multi")
        ],
        _range,
    ),
    "pg_lsn": lambda faker, kind, facts: f"{faker.random.randint(0, 9):X}/{faker.random.randint(1, 2**24):X}",
    "hstore": lambda faker, kind, facts: f'"{_word(faker)}"=>"{_word(faker)}"',
    "ltree": lambda faker, kind, facts: f"{_word(faker)}.{_word(faker)}",
    "cube": lambda faker, kind, facts: f"({faker.random.randint(1, 99)}, {faker.random.randint(1, 99)})",
    **dict.fromkeys(("vector", "halfvec", "sparsevec"), _vector),
    **dict.fromkeys(("geometry", "geography"), _geography),
    "xid": lambda faker, kind, facts: str(faker.random.randint(3, 10**6)),
    "xid8": lambda faker, kind, facts: str(faker.random.randint(3, 10**6)),
    "cid": lambda faker, kind, facts: str(faker.random.randint(0, 10**6)),
    "tid": lambda faker, kind, facts: f"({faker.random.randint(0, 999)},{faker.random.randint(1, 99)})",
    "regclass": lambda faker, kind, facts: faker.random.choice(("pg_class", "pg_type", "pg_proc")),
    "regtype": lambda faker, kind, facts: faker.random.choice(("integer", "text", "boolean")),
    "jsonpath": lambda faker, kind, facts: f'$."{_word(faker)}"',
}


def maker(column_type: ColumnType) -> _Make | None:
    """Return what makes values of a type, None where nothing does.

    Args:
        column_type: the type, of the element for an array.
    """
    return _MAKERS.get(column_type.name)
