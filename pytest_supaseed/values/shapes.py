"""Points, lines and areas in a plane, and in a cube: PostgreSQL's own types, and those of cube and seg."""

from __future__ import annotations

from math import cos, radians, sin
from typing import Any

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.schema import ColumnType
from pytest_supaseed.values.maker import Maker

# Of earthdistance, in metres.
_EARTH_RADIUS = 6378168


def _place(faker: Any, low: int = -90, high: int = 90) -> str:
    return f"({faker.random.randint(low, high)},{faker.random.randint(low, high)})"


def _places(faker: Any) -> str:
    random = faker.random
    x, y, size = random.randint(0, 50), random.randint(0, 50), random.randint(1, 20)
    return f"({x},{y}),({x + size},{y}),({x + size},{y + size})"


def _line(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    random = faker.random
    return f"{{{random.randint(1, 9)},{random.randint(-9, 9)},{random.randint(-9, 9)}}}"


def _segment(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    return f"[{_place(faker, 0, 90)},{_place(faker, -90, -1)}]"


def _circle(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    return f"<{_place(faker)},{faker.random.randint(1, 20)}>"


def _cube(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    random = faker.random
    if any("earth()" in check.expression for check in column_type.checks):
        # On the surface, as earthdistance's domain demands; to digits that any machine's sine has.
        latitude, longitude = radians(random.randint(-60, 70)), radians(random.randint(-170, 170))
        across = _EARTH_RADIUS * cos(latitude)
        at = across * cos(longitude), across * sin(longitude), _EARTH_RADIUS * sin(latitude)
        return f"({', '.join(f'{length:.2f}' for length in at)})"
    return f"({random.randint(1, 999)}, {random.randint(1, 999)})"


def _between(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    start = faker.random.randint(1, 999)
    return f"{start} .. {start + faker.random.randint(1, 20)}"


MAKERS: dict[str, Maker] = {
    "point": lambda faker, kind, facts: _place(faker),
    "line": _line,
    "lseg": _segment,
    "box": lambda faker, kind, facts: f"{_place(faker, 50, 90)},{_place(faker, -90, 40)}",
    "path": lambda faker, kind, facts: f"[{_places(faker)}]",
    "polygon": lambda faker, kind, facts: f"({_places(faker)})",
    "circle": _circle,
    "cube": _cube,
    "seg": _between,
}
