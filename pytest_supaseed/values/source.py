"""Where the values of one column come from: :class:`ValueSource`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faker import Generator

Row = Mapping[str, object]


@dataclass(frozen=True)
class ValueSource:
    """Where the values of one column come from.

    Attributes:
        choose: takes Faker's generator, whose ``random`` the caller has set to the column's own, and the row
            so far; returns a value.
        uses: columns of the same row that have to be set before ``choose`` is called. They never form a
            cycle.
        choices: a finite list that the caller deals out evenly instead of calling ``choose``; empty where
            there is none.
    """

    choose: Callable[[Generator, Row], object]
    uses: tuple[str, ...] = ()
    choices: tuple[object, ...] = ()
