"""What of a table's spec depends on the schema: :class:`Lookup`, and choices that depend on the rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from pytest_supaseed.randomness import random_for

if TYPE_CHECKING:
    from pytest_supaseed.spec import TableSpec


@dataclass(frozen=True)
class Drawn:
    """A number of rows for each row of another table, from 1 to a most, drawn from the seed.

    Attributes:
        most: rows for one of them.
        parents: names of the other table, the first that there is counts.
        shown: what it is called as long as it is not known which one it is.
        column: the referencing column that says which one it is instead; empty where the names do.
    """

    most: int
    parents: tuple[str, ...]
    shown: str
    column: str = ""

    def total(self, seed: int, table: str, parents: int) -> int:
        """Draw the number for each row, and return their sum.

        Args:
            seed: of the generator.
            table: the table that gets the rows, as its spec names it.
            parents: how many rows the other table has.
        """
        random = random_for(seed, table, "rows for each")
        return sum(random.randint(1, self.most) for _ in range(parents))


@dataclass(frozen=True)
class Lookup:
    """What is found out when the schema is known.

    Attributes:
        names: of the table: which of those that there are comes nearest; empty for the spec's own name.
        along: tables that get as many rows, where there are such tables.
        drawn: how many rows, where no number says it.
        categories: columns that ``categories`` may mean; the first that there is counts.
    """

    names: tuple[str, ...] = ()
    along: tuple[TableSpec, ...] = ()
    drawn: Drawn | None = None
    categories: tuple[str, ...] = ()


class RowChoices(ABC):
    """Choices for a column, at least as many as there are new rows; subclasses are frozen dataclasses."""

    # For fingerprints: the repr() of one says all that it depends on.
    known_by_repr: ClassVar[bool] = True

    @property
    @abstractmethod
    def needed(self) -> bool:
        """Whether it is an error if the table has no such column."""

    @abstractmethod
    def choices(self, rows: int, seed: int) -> Sequence[object]:
        """Return one value for each new row, all of them different.

        Args:
            rows: how many new rows there will be.
            seed: of the generator.
        """
