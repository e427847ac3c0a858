"""Where the values of one column come from: :class:`ValueSource`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from pytest_supaseed.spec import DEFAULT_DATE

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
        nulls: in which share of the rows it is NULL instead.
        today: the day that the values take for today.
    """

    choose: Callable[[Generator, Row], object]
    uses: tuple[str, ...] = ()
    choices: tuple[object, ...] = ()
    nulls: Fraction = Fraction(0)
    today: date = DEFAULT_DATE
