"""The global random generators of other libraries, lent to a table and given back as they were."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, cast


class RandomSource(Protocol):
    """A :class:`random.Random`, or the module :mod:`random`, which is one as well."""

    def seed(self, a: str) -> None:
        """Begin again."""

    def getstate(self) -> Any:
        """Return what :meth:`setstate` takes."""

    def setstate(self, state: Any) -> None:
        """Go on from where it was."""


@dataclass(frozen=True)
class Lent:
    """A random source, and what it is for.

    Attributes:
        role: sources of one role begin alike, so that it does not matter whether a factory has one of its own.
        source: draws.
    """

    role: str
    source: RandomSource


def common_sources() -> list[Lent]:
    """Return what functions of users draw from: Python's own generator, and the one that Fakers share."""
    found = [Lent("python", cast(RandomSource, random))]
    generator = sys.modules.get("faker.generator")
    if generator is not None:
        found.append(Lent("faker", generator.mod_random))
    return found


def of_faker(faker: Any) -> list[Lent]:
    """Return what a Faker draws from: something of its own, if somebody has seeded it.

    Args:
        faker: of the user's, of any number of locales.
    """
    return [Lent("faker", generator.random) for generator in faker.factories]


@contextmanager
def lent(sources: Iterable[Lent]) -> Iterator[tuple[Lent, ...]]:
    """Have sources be as they were when this ends.

    Args:
        sources: some of them maybe several times.

    Returns:
        Each of them once.
    """
    once = tuple({id(found.source): found for found in sources}.values())
    states = [(found.source, found.source.getstate()) for found in once]
    try:
        yield once
    finally:
        for source, state in states:
            source.setstate(state)


def reseed(sources: Iterable[Lent], *names: str) -> None:
    """Begin anew.

    Args:
        sources: which.
        names: what is drawn: the seed, the table, the row.
    """
    for found in sources:
        found.source.seed("\x00".join((*names, found.role)))
