"""Modifiers that a type has by a CHECK instead: the dimensions of a vector, the kind and system of a geometry."""

from __future__ import annotations

import re
from dataclasses import replace

from pytest_supaseed.schema import Column, ColumnType, Table

_VECTORS = ("vector", "halfvec", "sparsevec")
_GEOMETRIES = ("geometry", "geography")


def with_stated_modifiers(column: Column, table: Table) -> ColumnType:
    """Return a column's type with the modifiers that its CHECKs state.

    Args:
        column: the column.
        table: its table.

    Returns:
        The type, with another ``base`` where a type without modifiers has some by a CHECK.
    """
    kind = column.type
    if kind.name not in (*_VECTORS, *_GEOMETRIES) or "(" in kind.spelling:
        return kind
    checks = [check.expression for check in (*table.checks, *kind.checks)]
    about = rf'\("?(?:{re.escape(column.name)}|VALUE)"?\) = '
    if kind.name in _VECTORS:
        size = _stated(checks, rf"\bvector_dims{about}(\d+)")
        return kind if size is None else replace(kind, base=f"{kind.name}({size})")
    system = _stated(checks, rf"(?i)\bst_srid{about}(\d+)")
    shape = _stated(checks, rf"(?i)\b(?:st_)?geometrytype{about}'(?:st_)?(\w+)'")
    if system is None and shape is None:
        return kind
    return replace(kind, base=f"{kind.name}({shape or 'Point'},{system or 0})")


def _stated(checks: list[str], pattern: str) -> str | None:
    return next((found[1] for check in checks if (found := re.search(pattern, check))), None)
