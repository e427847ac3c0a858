"""The values of one column, from its name, its type and what is known of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.schema import Column, Table
from pytest_supaseed.values.source import Row, ValueSource

if TYPE_CHECKING:
    from faker import Generator

__all__ = ["Row", "ValueSource", "value_source", "vary"]

_START = datetime(2024, 1, 1, tzinfo=timezone.utc)


def _moment(generator: Generator) -> datetime:
    return _START + timedelta(seconds=generator.random.randrange(540 * 86400))


def value_source(
    table: Table, column: Column, facts: ColumnFacts, given: Collection[str] = ()
) -> ValueSource | None:
    """Return where a column's values come from, None where no value can be made for its type."""
    kind = column.type.name
    length = facts.maximum_length or column.type.length or 200
    makers: dict[str, Callable[[Generator], object]] = {
        "bool": lambda g: g.random.random() < 0.5,
        "numeric": lambda g: Decimal(g.random.randint(1, 9)),
        "uuid": lambda g: uuid.UUID(int=g.random.getrandbits(128), version=4),
        "date": lambda g: _moment(g).date(),
        "timestamp": lambda g: _moment(g).replace(tzinfo=None),
        "timestamptz": _moment,
        "json": lambda g: {"key": g.word()},
        "jsonb": lambda g: {"key": g.word()},
        "bytea": lambda g: g.random.getrandbits(64).to_bytes(8, "big"),
    }
    makers.update({name: lambda g: g.random.randint(1, 100) for name in ("int2", "int4", "int8")})
    makers.update({name: lambda g: round(g.random.uniform(1, 100), 2) for name in ("float4", "float8")})
    words = column.name.lower()

    def text(g: Generator) -> str:
        value = g.safe_email() if "email" in words else g.name() if words == "name" else g.sentence(3)
        return str(value)[:length].strip()

    makers.update(dict.fromkeys(("text", "varchar", "bpchar", "citext", "name"), text))
    choices = facts.allowed if facts.allowed is not None else (False, True) if kind == "bool" else ()
    if not choices and kind not in makers:
        return None
    if column.type.array:
        return ValueSource(
            lambda g, row: [g.random.choice(choices) if choices else makers[kind](g) for _ in range(2)]
        )
    if choices:
        return ValueSource(lambda g, row: g.random.choice(choices), (), tuple(choices))
    return ValueSource(lambda g, row: makers[kind](g))


def vary(value: object, number: int, column: Column, facts: ColumnFacts) -> object | None:
    """Return another value for a unique column, distinct for distinct numbers, None where there is none."""
    if isinstance(value, str):
        if "@" in value:
            user, _, host = value.partition("@")
            return f"{user}{number + 1}@{host}"
        return f"{value} {number + 1}"
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return value + number * 1000
    if isinstance(value, uuid.UUID):
        return uuid.UUID(int=(value.int + number) % 2**128, version=4)
    return None
