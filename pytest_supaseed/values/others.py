"""What makes values of the types that are neither texts, numbers nor times, by the names of the types."""

from __future__ import annotations

import uuid
from typing import Any

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.schema import ColumnType
from pytest_supaseed.values import (
    articles,
    catalog,
    documents,
    geometries,
    networks,
    ranges,
    shapes,
    vectors,
)
from pytest_supaseed.values.maker import Maker

_DEFAULT_BITS = 8
_MOST_BITS = 64


def _bits(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    length = column_type.length if column_type.length is not None else _DEFAULT_BITS
    fixed = column_type.name == "bit"
    return "".join(faker.random.choices("01", k=length if fixed else max(1, min(length, _MOST_BITS))))


def _uuid(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> uuid.UUID:
    return uuid.UUID(int=faker.random.getrandbits(128), version=4)


_MAKERS: dict[str, Maker] = {
    "uuid": _uuid,
    **dict.fromkeys(("bit", "varbit"), _bits),
    **articles.MAKERS,
    **catalog.MAKERS,
    **documents.MAKERS,
    **geometries.MAKERS,
    **networks.MAKERS,
    **ranges.MAKERS,
    **shapes.MAKERS,
    **vectors.MAKERS,
}


def maker(column_type: ColumnType) -> Maker | None:
    """Return what makes values of a type, None where nothing does.

    Args:
        column_type: the type, of the element for an array.
    """
    # A composite type may be called like a type of an extension.
    if column_type.unavailable or column_type.category in ("C", "E"):
        return None
    return _MAKERS.get(column_type.name)
