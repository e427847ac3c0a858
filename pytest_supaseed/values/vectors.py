"""Vectors of pgvector, with as many dimensions as the column has."""

from __future__ import annotations

import re
from typing import Any

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.schema import ColumnType
from pytest_supaseed.values.maker import Maker

_DIMENSIONS = re.compile(r"\((\d+)\)")
_DEFAULT_DIMENSIONS = 3
_FEWEST_ENTRIES = 4


def _vector(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    size = _size(column_type)
    return "[" + ",".join(f"{faker.random.randint(-9999, 9999) / 10_000:.4f}" for _ in range(size)) + "]"


def _sparse_vector(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    size = _size(column_type)
    # Its indexes count from 1.
    places = sorted(faker.random.sample(range(1, size + 1), min(size, _FEWEST_ENTRIES)))
    entries = ",".join(f"{place}:{faker.random.randint(1, 9999) / 10_000:.4f}" for place in places)
    return f"{{{entries}}}/{size}"


def _size(column_type: ColumnType) -> int:
    found = _DIMENSIONS.search(column_type.spelling)
    return int(found[1]) if found else _DEFAULT_DIMENSIONS


MAKERS: dict[str, Maker] = {"vector": _vector, "halfvec": _vector, "sparsevec": _sparse_vector}
