"""Value makers (:data:`Maker`): functions that draw a value of a type that is neither text, number nor time."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from types import SimpleNamespace
from typing import Any

from pytest_supaseed.constraints.domain import ColumnFacts
from pytest_supaseed.model.schema import ColumnType

# Takes Faker's generator, of which only ``random`` is used, the type and the value domain.
Maker = Callable[[Any, ColumnType, ColumnFacts], object]


def drawing(random: Random) -> Any:
    """Return an object that has ``random`` alone of Faker's generator, which is all that makers use."""
    return SimpleNamespace(random=random)
