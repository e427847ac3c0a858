"""Addresses of hosts, networks and network cards that are nobody's."""

from __future__ import annotations

from typing import Any

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.schema import ColumnType
from pytest_supaseed.values.maker import Maker


def _network(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    random = faker.random
    if column_type.name == "cidr":
        return f"10.{random.randint(0, 255)}.{random.randint(0, 255)}.0/24"
    return f"10.{random.randint(0, 255)}.{random.randint(0, 255)}.{random.randint(1, 254)}"


def _hardware(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    # Locally administered: nobody's.
    parts = [2, *(faker.random.randint(0, 255) for _ in range(7 if column_type.name == "macaddr8" else 5))]
    return ":".join(f"{part:02x}" for part in parts)


MAKERS: dict[str, Maker] = {
    **dict.fromkeys(("inet", "cidr"), _network),
    **dict.fromkeys(("macaddr", "macaddr8"), _hardware),
}
