"""Values of PostgreSQL's geometric types and of the extensions ``cube``, ``seg``, PostGIS and pgvector."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from math import cos, radians, sin
from typing import Any

from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.model.schema import Column, ColumnType, Table
from pytest_supaseed.values.types.pgtype import Maker, MakerFor, PgType, stated

# The ``earth()`` of extension ``earthdistance``, in metres.
_EARTH_RADIUS = 6378168


def _place(faker: Any, low: int = -90, high: int = 90) -> str:
    return f"({faker.random.randint(low, high)},{faker.random.randint(low, high)})"


def _places(faker: Any) -> str:
    random = faker.random
    x, y, size = random.randint(0, 50), random.randint(0, 50), random.randint(1, 20)
    return f"({x},{y}),({x + size},{y}),({x + size},{y + size})"


def _line(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    random = faker.random
    return f"{{{random.randint(1, 9)},{random.randint(-9, 9)},{random.randint(-9, 9)}}}"


def _segment(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    return f"[{_place(faker, 0, 90)},{_place(faker, -90, -1)}]"


def _circle(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    return f"<{_place(faker)},{faker.random.randint(1, 20)}>"


def _cube(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    random = faker.random
    if any("earth()" in check.expression for check in column_type.checks):
        # On the surface, as earthdistance's domain requires; rounded, so that every platform's sine gives one text.
        latitude, longitude = radians(random.randint(-60, 70)), radians(random.randint(-170, 170))
        across = _EARTH_RADIUS * cos(latitude)
        at = across * cos(longitude), across * sin(longitude), _EARTH_RADIUS * sin(latitude)
        return f"({', '.join(f'{length:.2f}' for length in at)})"
    return f"({random.randint(1, 999)}, {random.randint(1, 999)})"


def _between(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    start = faker.random.randint(1, 999)
    return f"{start} .. {start + faker.random.randint(1, 20)}"


_MODIFIERS = re.compile(r"\((\w+)(?:,\s*(\d+))?\)")
_KIND = re.compile(r"(\w+?)(ZM|Z|M)?", re.IGNORECASE)
_DEGREES = 4326


def _shape(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
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


def _box(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    random = faker.random
    x, y, size = random.randint(0, 99), random.randint(0, 99), random.randint(1, 9)
    if column_type.name == "box3d":
        return f"BOX3D({x} {y} 0,{x + size} {y + size} {size})"
    return f"BOX({x} {y},{x + size} {y + size})"


def _stated_shape(column: Column, table: Table, domain: ValueDomain) -> Maker:
    """The maker of geometries, with the kind and the SRID that CHECKs state where the type has no modifiers."""
    system = stated(column, table, r"(?i)\bst_srid{}(\d+)")
    shape = stated(column, table, r"(?i)\b(?:st_)?geometrytype{}'(?:st_)?(\w+)'")
    if "(" in column.type.spelling or (system is None and shape is None):
        return _shape
    return _of_type(
        replace(column.type, base=f"{column.type.name}({shape or 'Point'},{system or 0})"), _shape
    )


def _of_type(column_type: ColumnType, make: Maker) -> Maker:
    return lambda faker, _, domain: make(faker, column_type, domain)


_DIMENSIONS = re.compile(r"\((\d+)\)")
_DEFAULT_DIMENSIONS = 3
_FEWEST_ENTRIES = 4


def _vector(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    size = _size(column_type)
    return "[" + ",".join(f"{faker.random.randint(-9999, 9999) / 10_000:.4f}" for _ in range(size)) + "]"


def _sparse_vector(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    size = _size(column_type)
    # Indexes of a ``sparsevec`` begin at 1.
    places = sorted(faker.random.sample(range(1, size + 1), min(size, _FEWEST_ENTRIES)))
    entries = ",".join(f"{place}:{faker.random.randint(1, 9999) / 10_000:.4f}" for place in places)
    return f"{{{entries}}}/{size}"


def _size(column_type: ColumnType) -> int:
    found = _DIMENSIONS.search(column_type.spelling)
    return int(found[1]) if found else _DEFAULT_DIMENSIONS


def _stated_size(make: Maker) -> MakerFor:
    """Make vectors with the dimensions that a CHECK states where the type has no modifiers."""

    def make_for(column: Column, table: Table, domain: ValueDomain) -> Maker:
        size = stated(column, table, r"\bvector_dims{}(\d+)")
        if "(" in column.type.spelling or size is None:
            return make
        return _of_type(replace(column.type, base=f"{column.type.name}({size})"), make)

    return make_for


TYPES = (
    PgType(("point",), make=lambda faker, kind, domain: _place(faker)),
    PgType(("line",), make=_line),
    PgType(("lseg",), make=_segment),
    PgType(("box",), make=lambda faker, kind, domain: f"{_place(faker, 50, 90)},{_place(faker, -90, 40)}"),
    PgType(("path",), make=lambda faker, kind, domain: f"[{_places(faker)}]"),
    PgType(("polygon",), make=lambda faker, kind, domain: f"({_places(faker)})"),
    PgType(("circle",), make=_circle),
    PgType(("cube",), make=_cube),
    PgType(("seg",), make=_between),
    PgType(("geometry", "geography"), make_for=_stated_shape),
    PgType(("box2d", "box3d"), make=_box),
    PgType(("vector", "halfvec"), make_for=_stated_size(_vector)),
    PgType(("sparsevec",), make_for=_stated_size(_sparse_vector)),
)
