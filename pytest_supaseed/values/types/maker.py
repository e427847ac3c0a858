"""What makes a value of a type that is neither text, number nor time: :data:`Maker`."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from types import SimpleNamespace
from typing import Any

from pytest_supaseed.constraints.domain import ColumnFacts
from pytest_supaseed.model.schema import ColumnType

# Takes Faker's generator, of which only ``random`` is used, the type and the facts.
Maker = Callable[[Any, ColumnType, ColumnFacts], object]


def drawing(random: Random) -> Any:
    """Return what draws like Faker's generator, for makers that use nothing else of it.

    Args:
        random: draws.
    """
    return SimpleNamespace(random=random)
