"""Values of ``bool``, ``bit``, ``varbit``, ``bytea`` and ``uuid``: types whose values are a number of bits."""

from __future__ import annotations

import uuid
from typing import Any

from pytest_supaseed.constraints.domain import ColumnFacts
from pytest_supaseed.model.schema import ColumnType
from pytest_supaseed.values.types.pgtype import PgType

_DEFAULT_BITS = 8
_MOST_BITS = 64
_FEWEST_BYTES = 16
_MOST_BYTES = 8
_RANDOM_BITS_OF_A_UUID = 62


def _boolean(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> bool:
    return bool(faker.random.choice((False, True)))


def _next_boolean(value: bool, number: int, column_type: ColumnType, facts: ColumnFacts) -> bool | None:
    return (not value) if number == 1 else None


def _booleans(column_type: ColumnType, facts: ColumnFacts) -> int:
    return len({False, True} - set(facts.excluded))


def _bit(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    length = column_type.length if column_type.length is not None else _DEFAULT_BITS
    return "".join(faker.random.choices("01", k=length))


def _next_bit(value: str, number: int, column_type: ColumnType, facts: ColumnFacts) -> str | None:
    size = 2 ** len(value)
    return f"{(int(value, 2) + number) % size:0{len(value)}b}" if value and number < size else None


def _bit_strings(column_type: ColumnType, facts: ColumnFacts) -> int:
    return 1 << min(column_type.length or 1, _MOST_BITS)


def _varbit(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    length = column_type.length if column_type.length is not None else _DEFAULT_BITS
    return "".join(faker.random.choices("01", k=max(1, min(length, _MOST_BITS))))


def _next_varbit(value: str, number: int, column_type: ColumnType, facts: ColumnFacts) -> str | None:
    # In the order of their lengths: the empty one, 0, 1, 00, 01 and so on.
    size = 2 ** (min(column_type.length or _MOST_BITS, _MOST_BITS) + 1) - 1
    place = (2 ** len(value) - 1 + int(value or "0", 2) + number) % size
    length = (place + 1).bit_length() - 1
    return (f"{place + 1 - 2**length:0{length}b}" if length else "") if number < size else None


def _bit_strings_up_to(column_type: ColumnType, facts: ColumnFacts) -> int | None:
    length = column_type.length
    return None if length is None else (1 << min(length, _MOST_BITS) + 1) - 1


def _bytes(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> bytes:
    size = _FEWEST_BYTES if facts.maximum_length is None else min(_FEWEST_BYTES, facts.maximum_length)
    size = max(size, facts.minimum_length or 0, 0)
    return bytes(faker.random.choices(range(256), k=size))


def _next_bytes(value: bytes, number: int, column_type: ColumnType, facts: ColumnFacts) -> bytes | None:
    size = 256 ** len(value)
    if number >= size:
        return None
    return int.to_bytes((int.from_bytes(value, "big") + number) % size, len(value), "big")


def _byte_strings(column_type: ColumnType, facts: ColumnFacts) -> int | None:
    if facts.maximum_length is None:
        return None
    least = max(facts.minimum_length or 0, 0)
    return sum(1 << 8 * size for size in range(least, min(facts.maximum_length, _MOST_BYTES) + 1))


def _uuid(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> uuid.UUID:
    return uuid.UUID(int=faker.random.getrandbits(128), version=4)


def _next_uuid(value: uuid.UUID, number: int, column_type: ColumnType, facts: ColumnFacts) -> uuid.UUID:
    mask = 2**_RANDOM_BITS_OF_A_UUID - 1
    return uuid.UUID(int=(value.int & ~mask) | ((value.int + number) & mask))


BOOLEAN = PgType(("bool",), make=_boolean, values=(bool,), next_distinct=_next_boolean, capacity=_booleans)
BYTEA = PgType(("bytea",), make=_bytes, values=(bytes,), next_distinct=_next_bytes, capacity=_byte_strings)
UUID = PgType(("uuid",), make=_uuid, values=(uuid.UUID,), next_distinct=_next_uuid)
TYPES = (
    BOOLEAN,
    BYTEA,
    UUID,
    PgType(("bit",), make=_bit, next_distinct=_next_bit, capacity=_bit_strings),
    PgType(("varbit",), make=_varbit, next_distinct=_next_varbit, capacity=_bit_strings_up_to),
)
