"""E-mail addresses of the users that SupaSeed's keys ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count

from pytest_supaseed.lookup import RowChoices
from pytest_supaseed.randomness import random_for

# SupaSeed's createStandardTestEmails, in its order.
STANDARD = (
    "test@makerkit.dev",
    "owner@makerkit.dev",
    "member@makerkit.dev",
    "custom@makerkit.dev",
    "super-admin@makerkit.dev",
)
DEFAULT_DOMAIN = "supaseed.test"
PERSONA_DOMAIN = "supaseed-personas.test"
_FIRST = (
    "ada", "ben", "carla", "dario", "elena", "finn", "grace", "hugo", "ines", "jonas", "kira", "liam",
    "mara", "noah", "olga", "paul", "rosa", "sven", "tara", "viktor",
)  # fmt: skip
_LAST = (
    "adler", "brook", "castillo", "dahl", "ellis", "fischer", "garcia", "holm", "ito", "jensen", "kaya",
    "larsen", "meyer", "novak", "okafor", "pereira", "rossi", "silva", "tanaka", "weber",
)  # fmt: skip
_NO_LOCAL = re.compile(r"[^a-z0-9._-]+")


@dataclass(frozen=True)
class Emails(RowChoices):
    """Addresses for the new users: first these, then one for each persona in turn, then names at a domain.

    Attributes:
        first: whole addresses.
        personas: names that the others begin with; empty for names of people.
        domain: of the others.
    """

    first: tuple[str, ...] = ()
    personas: tuple[str, ...] = ()
    domain: str = DEFAULT_DOMAIN

    @property
    def needed(self) -> bool:
        """Whether somebody will look for one of them."""
        return bool(self.first or self.personas)

    def choices(self, rows: int, seed: int) -> Sequence[str]:
        """Return that many different addresses.

        Args:
            rows: how many.
            seed: of the generator; the names of people depend on it.

        Example:
            >>> Emails(("ann@example.com",), ("van_life",)).choices(3, 0)
            ['ann@example.com', 'van_life@supaseed.test', 'van_life2@supaseed.test']
        """
        found: dict[str, None] = {}
        for address in chain(self.first, self._personas() if self.personas else self._people(seed)):
            if len(found) == rows:
                break
            found[address] = None
        return list(found)

    def _personas(self) -> Iterator[str]:
        for turn in count(1):
            for persona in self.personas:
                yield f"{local_part(persona)}{'' if turn == 1 else turn}@{self.domain}"

    def _people(self, seed: int) -> Iterator[str]:
        names = [f"{first}.{last}" for first in _FIRST for last in _LAST]
        random_for(seed, "e-mail addresses", self.domain).shuffle(names)
        for turn in count(1):
            for name in names:
                yield f"{name}{'' if turn == 1 else turn}@{self.domain}"


def local_part(persona: str) -> str:
    """Return what an address of a persona begins with.

    Args:
        persona: as the configuration names it.

    Example:
        >>> local_part("Van Life")
        'van_life'
    """
    return _NO_LOCAL.sub("_", persona.strip().lower()).strip("._") or "user"
