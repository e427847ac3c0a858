"""Geometries of PostGIS: of the kind, with the dimensions and in the reference system that the column has."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.schema import ColumnType
from pytest_supaseed.values.maker import Maker

_MODIFIERS = re.compile(r"\((\w+)(?:,\s*(\d+))?\)")
_KIND = re.compile(r"(\w+?)(ZM|Z|M)?", re.IGNORECASE)
_DEGREES = 4326
_Place = Callable[[float, float], str]


def _shape(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    found = _MODIFIERS.search(column_type.spelling)
    modifiers = _KIND.fullmatch(found[1]) if found else None
    kind, more = (modifiers[1].upper(), (modifiers[2] or "").upper()) if modifiers else ("GEOMETRY", "")
    system = int(found[2] or 0) if found else 0
    if column_type.name == "geography":
        system = system or _DEGREES
    random = faker.random
    x, y = random.randint(-170_000, 170_000) / 1000, random.randint(-60_000, 70_000) / 1000
    extra = "".join(f" {random.randint(1, 99)}" for _ in more)

    def place(east: float = 0, north: float = 0) -> str:
        return f"{x + east:.3f} {y + north:.3f}{extra}"

    text = _written(kind, more, place, random.randint(1, 500) / 1000)
    return f"SRID={system};{text}" if system else text


def _written(kind: str, more: str, place: Callable[..., str], size: float) -> str:
    corner = f"{place()}, {place(size)}, {place(size, size)}"
    ring = f"({corner}, {place()})"
    bodies = {
        "POINT": f"({place()})",
        "LINESTRING": f"({corner})",
        "POLYGON": f"({ring})",
        "MULTIPOINT": f"({place()}, {place(size)})",
        "MULTILINESTRING": f"(({corner}))",
        "MULTIPOLYGON": f"(({ring}))",
        "CIRCULARSTRING": f"({corner})",
        "COMPOUNDCURVE": f"(({corner}))",
        "CURVEPOLYGON": f"({ring})",
        "MULTICURVE": f"(({corner}))",
        "MULTISURFACE": f"(({ring}))",
        "TRIANGLE": f"({ring})",
        "TIN": f"(({ring}))",
        "POLYHEDRALSURFACE": f"(({ring}))",
    }
    suffix = f" {more}" if more else ""
    if kind == "GEOMETRYCOLLECTION":
        return f"GEOMETRYCOLLECTION{suffix} (POINT{suffix} ({place()}))"
    kind = kind if kind in bodies else "POINT"
    return f"{kind}{suffix} {bodies[kind]}"


def _box(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    random = faker.random
    x, y, size = random.randint(0, 99), random.randint(0, 99), random.randint(1, 9)
    if column_type.name == "box3d":
        return f"BOX3D({x} {y} 0,{x + size} {y + size} {size})"
    return f"BOX({x} {y},{x + size} {y + size})"


MAKERS: dict[str, Maker] = {
    **dict.fromkeys(("geometry", "geography"), _shape),
    **dict.fromkeys(("box2d", "box3d"), _box),
}
