"""Values of ``inet``, ``cidr``, ``macaddr`` and ``macaddr8``, from private ranges and documentation blocks."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from pytest_supaseed.constraints.domain import ColumnFacts
from pytest_supaseed.model.schema import Column, ColumnType, Table
from pytest_supaseed.values.types.pgtype import Maker, MakerFor, PgType


def _address(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    random = faker.random
    return f"10.{random.randint(0, 255)}.{random.randint(0, 255)}.{random.randint(1, 254)}"


def _next_address(value: str, number: int, column_type: ColumnType, facts: ColumnFacts) -> str | None:
    host, slash, mask = value.partition("/")
    address = ipaddress.ip_address(host)
    last = 2**address.max_prefixlen
    return f"{type(address)((int(address) + number) % last)}{slash}{mask}" if number < last else None


def _network(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    return f"10.{faker.random.randint(0, 255)}.{faker.random.randint(0, 255)}.0/24"


def version_6(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    """Draw an IPv6 address or network from the block that RFC 3849 reserves for documentation."""
    network = f"2001:db8:{faker.random.randint(1, 0xFFFF):x}::"
    return f"{network}/48" if column_type.name == "cidr" else f"{network}{faker.random.randint(1, 0xFFFF):x}"


def _stated(make: Maker) -> MakerFor:
    """Make IPv6 addresses where a CHECK states that the ``family()`` is 6."""

    def make_for(column: Column, table: Table, facts: ColumnFacts) -> Maker:
        about = re.compile(rf'family\("?(?:{re.escape(column.name)}|VALUE)"?\) = 6')
        checks = (check.expression for check in (*table.checks, *column.type.checks))
        return version_6 if any(map(about.search, checks)) else make

    return make_for


def _next_network(value: str, number: int, column_type: ColumnType, facts: ColumnFacts) -> str | None:
    network = ipaddress.ip_network(value)
    size = 2**network.prefixlen
    if number >= size:
        return None
    place = (int(network.network_address) // network.num_addresses + number) % size
    return f"{ipaddress.ip_address(place * network.num_addresses)}/{network.prefixlen}"


def _hardware(size: int) -> Maker:
    def make(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
        # Locally administered addresses belong to no vendor.
        parts = [2, *(faker.random.randint(0, 255) for _ in range(size - 1))]
        return ":".join(f"{part:02x}" for part in parts)

    return make


def _next_hardware(value: str, number: int, column_type: ColumnType, facts: ColumnFacts) -> str | None:
    digits = re.sub("[^0-9A-Fa-f]", "", value)
    size = 16 ** len(digits)
    if number >= size:
        return None
    found = f"{(int(digits, 16) + number) % size:0{len(digits)}x}"
    return ":".join(found[at : at + 2] for at in range(0, len(found), 2))


TYPES = (
    PgType(("inet",), make_for=_stated(_address), next_distinct=_next_address),
    PgType(("cidr",), make_for=_stated(_network), next_distinct=_next_network),
    PgType(("macaddr",), make=_hardware(6), next_distinct=_next_hardware),
    PgType(("macaddr8",), make=_hardware(8), next_distinct=_next_hardware),
)
