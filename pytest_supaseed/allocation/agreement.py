"""Overlapping foreign keys, finite columns, unique keys and CHECKs of one table as a constraint satisfaction problem.

:class:`Agreement` states the problem: each new row takes one option of every :class:`Relation` (a referenced row, or a
value of a finite column), the options of a row are equal in the columns that they share, and the row satisfies every
:class:`Unique` and :class:`Limit`. :func:`pytest_supaseed.allocation.matching.agreeing_rows` solves it or raises
:class:`TooFewError`.
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
        taken: the values of present rows.
        where: the predicate of a partial index, None for all rows.
        compared: the columns that ``where`` reads.
    """

    name: str
    columns: tuple[str, ...]
    nulls_distinct: bool = True
    taken: Collection[Values] = frozenset()
    where: Callable[[Mapping[str, Any]], bool] | None = None
    compared: tuple[str, ...] = ()

    @property
    def uses(self) -> tuple[str, ...]:
        """The columns that decide which entry the index has for a row."""
        return (*self.columns, *self.compared)

    def values(self, row: Mapping[str, Any]) -> Values | None:
        """Return the index entry of a row; None where the index has none, or one that NULL makes distinct."""
        if self.where is not None and not self.where(row):
            return None
        found = tuple(row[column] for column in self.columns)
        return None if self.nulls_distinct and None in found else found


@dataclass(frozen=True)
class Relation:
    """Columns whose values are taken together from a list of options.

    Attributes:
        name: name of the foreign key, or of the finite column.
        columns: the columns.
        options: the values of each referenced row, or each value of the column.
        present: number of present rows that have each option; missing entries are 0.
        nullable: the columns that may be NULL where no option is left; empty if an option is required.
        match_full: whether the foreign key is MATCH FULL: all of its columns are NULL, or none.
        ranks: order among options that have equal numbers of rows, lower first; empty for a random order.
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
    """A CHECK on some columns.

    Attributes:
        name: its name.
        columns: the columns, in the order of the arguments of ``holds``.
        holds: returns whether the CHECK accepts their values.
    """

    name: str
    columns: tuple[str, ...]
    holds: Callable[..., bool]


@dataclass(frozen=True)
class Agreement:
    """The problem: how many rows, of which relations, under which constraints.

    Attributes:
        relations: the first is spread over its options, the others follow it.
        uniques: unique keys over their columns.
        amount: number of rows.
        spread: of the first relation: one of :data:`~pytest_supaseed.spec.SPREADS`.
        each: the exact number of rows for each option of the first relation, None for a spread.
        limits: CHECKs over their columns.
    """

    relations: Sequence[Relation]
    uniques: Sequence[Unique]
    amount: int
    spread: str = "even"
    each: int | None = None
    limits: Sequence[Limit] = field(default=())


class TooFewError(ValueError):
    """The constraints admit fewer rows than the request asks for.

    Attributes:
        found: number of rows found.
        proved: whether ``found`` is known to be the maximum; else the search stopped at its limits.
        names: the unique keys and CHECKs in the way.
        relations: the foreign keys and finite columns whose values are taken together.
    """

    def __init__(self, found: int, proved: bool, names: Sequence[str], relations: Sequence[str] = ()) -> None:
        self.found, self.proved, self.names = found, proved, tuple(names)
        self.relations = tuple(relations)
        keys = f" that agree with {', '.join(names)}" if names else " whose references agree"
        super().__init__(
            f"there are only {found} rows{keys}" if proved else f"only {found} rows were found{keys}"
        )
