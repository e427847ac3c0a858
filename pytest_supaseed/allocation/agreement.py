"""Rows whose parts have to agree: references that share columns, and the unique keys over them.

A row takes an option of every relation: a referenced row of a foreign key, a value of a column that has few. Options
agree if they have the same values in the columns that they share. :mod:`pytest_supaseed.allocation.matching` draws
the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Values = tuple[Any, ...]


@dataclass(frozen=True)
class Unique:
    """A unique key.

    Attributes:
        name: its name.
        columns: its columns.
        nulls_distinct: whether two NULLs are two values.
        taken: the values that rows have already.
        where: tells which rows it is about, None for all.
        compared: the columns that this looks at.
    """

    name: str
    columns: tuple[str, ...]
    nulls_distinct: bool = True
    taken: Collection[Values] = frozenset()
    where: Callable[[Mapping[str, Any]], bool] | None = None
    compared: tuple[str, ...] = ()

    @property
    def uses(self) -> tuple[str, ...]:
        """The columns that say what it holds of a row."""
        return (*self.columns, *self.compared)

    def values(self, row: Mapping[str, Any]) -> Values | None:
        """The values of a row; None where the key lets them be."""
        if self.where is not None and not self.where(row):
            return None
        found = tuple(row[column] for column in self.columns)
        return None if self.nulls_distinct and None in found else found


@dataclass(frozen=True)
class Relation:
    """Columns that get their values together.

    Attributes:
        name: the constraint's, or the column's.
        columns: the columns.
        options: their values: of each referenced row, or each value of the column.
        present: rows that have each option already; missing where there are none.
        nullable: those of the columns that can be NULL where no option is left; empty if one has to be taken.
        match_full: whether all of its columns are NULL, or none.
        ranks: of options that equally many rows have, those of lower rank go first; empty for ranks that are drawn.
    """

    name: str
    columns: tuple[str, ...]
    options: Sequence[Values]
    present: Sequence[int] = ()
    nullable: tuple[str, ...] = ()
    match_full: bool = False
    ranks: Sequence[int] = ()


@dataclass(frozen=True)
class Limit:
    """What a CHECK says of some columns.

    Attributes:
        name: its name.
        columns: the columns.
        holds: whether it accepts their values.
    """

    name: str
    columns: tuple[str, ...]
    holds: Callable[..., bool]


@dataclass(frozen=True)
class Agreement:
    """What is to be drawn.

    Attributes:
        relations: the first is spread over its options, the others follow it.
        uniques: unique keys over their columns.
        amount: how many rows.
        spread: of the first relation: one of :data:`~pytest_supaseed.spec.SPREADS`.
        each: the exact number of rows for each option of the first relation, None for a spread.
        limits: what CHECKs say.
    """

    relations: Sequence[Relation]
    uniques: Sequence[Unique]
    amount: int
    spread: str = "even"
    each: int | None = None
    limits: Sequence[Limit] = field(default=())


class TooFewError(ValueError):
    """There are fewer rows than asked for.

    Attributes:
        found: how many there are.
        proved: whether there are no more, or no more were found.
        names: of the unique keys and CHECKs that are in the way.
    """

    def __init__(self, found: int, proved: bool, names: Sequence[str]) -> None:
        self.found, self.proved, self.names = found, proved, tuple(names)
        keys = f" that agree with {', '.join(names)}" if names else " whose references agree"
        super().__init__(
            f"there are only {found} rows{keys}" if proved else f"only {found} rows were found{keys}"
        )
