"""The context in which rows are made: it is the same for all tables of a seed."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_supaseed.spec import DEFAULT_DATE, DEFAULT_LOCALE

if TYPE_CHECKING:
    from faker import Faker

# Called with the number of rows made since the last call, which may be a fraction.
Progress = Callable[[float], None]


@dataclass(frozen=True)
class MakeContext:
    """What rows are made with.

    Attributes:
        seed: seed of the random generators.
        faker: of the spec's locale; each column replaces its random generator.
        progress: called while rows are made.
        date: the day that rows take for today.
        locale: of ``faker``.
    """

    seed: int
    faker: Faker
    progress: Progress = lambda rows: None
    date: datetime.date = DEFAULT_DATE
    locale: str = DEFAULT_LOCALE
