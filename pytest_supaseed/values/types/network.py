"""Values of ``inet``, ``cidr``, ``macaddr`` and ``macaddr8``, from private ranges and documentation blocks."""

from __future__ import annotations

import re
from typing import Any

from pytest_supaseed.constraints.domain import ColumnFacts
from pytest_supaseed.model.identifiers import spelt
from pytest_supaseed.model.schema import Column, ColumnType, Table
from pytest_supaseed.values.types.maker import Maker


def _network(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    random = faker.random
    if column_type.name == "cidr":
        return f"10.{random.randint(0, 255)}.{random.randint(0, 255)}.0/24"
    return f"10.{random.randint(0, 255)}.{random.randint(0, 255)}.{random.randint(1, 254)}"


def _hardware(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    # Locally administered addresses belong to no vendor.
    parts = [2, *(faker.random.randint(0, 255) for _ in range(7 if column_type.name == "macaddr8" else 5))]
    return ":".join(f"{part:02x}" for part in parts)


_VERSION_6 = re.compile(r"_(ipv6|ip6|v6|inet6)_")


def is_version_6(column: Column, table: Table) -> bool:
    """Whether a column takes IPv6 addresses, by its name or a CHECK that its ``family()`` is 6."""
    about = re.compile(rf'family\("?(?:{re.escape(column.name)}|VALUE)"?\) = 6')
    checks = [check.expression for check in (*table.checks, *column.type.checks)]
    return bool(_VERSION_6.search(spelt(column.name)) or any(map(about.search, checks)))


def version_6(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    """Draw an ``inet`` or ``cidr`` from the IPv6 block that RFC 3849 reserves for documentation."""
    network = f"2001:db8:{faker.random.randint(1, 0xFFFF):x}:"
    if column_type.name == "cidr":
        return f"{network}:/48"
    return f"{network}:{faker.random.randint(1, 0xFFFF):x}"


NETWORK_MAKERS: dict[str, Maker] = {
    **dict.fromkeys(("inet", "cidr"), _network),
    **dict.fromkeys(("macaddr", "macaddr8"), _hardware),
}
