"""The ways in which a CHECK can hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pytest_supaseed.constraints.facts import ColumnFacts
from pytest_supaseed.schema import Table


@dataclass(frozen=True)
class Assignment:
    """A column whose value follows from others."""

    column: str
    operator: str
    expression: str
    uses: tuple[str, ...]


@dataclass(frozen=True)
class Branch:
    """One way in which a condition can hold."""

    facts: Mapping[str, ColumnFacts]
    assignments: tuple[Assignment, ...] = ()


def branches(table: Table, expression: str, most: int = 64) -> tuple[Branch, ...]:
    """Return the ways in which a CHECK can hold."""
    return ()
