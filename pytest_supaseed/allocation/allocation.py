"""Allocation requests and allocations, as data.

:class:`AllocationRequest` is what :func:`~pytest_supaseed.allocation.allocate.allocate` takes: the new rows of one
table, what each of them chooses from, and the constraints on the choice. It has one :class:`IndependentRequest`, whose
:class:`Group` objects connect independent foreign keys and finite columns, and an :class:`OverlappingRequest` for each
:class:`OverlappingKeys` of overlapping foreign keys. :class:`Allocation` is the result.

:class:`Agreement` states an overlapping request as a constraint satisfaction problem: each new row takes one option of
every :class:`Relation` (a referenced row, or a value of a finite column), the options of a row are equal in the columns
that they share, and the row satisfies every :class:`Unique` and :class:`Limit`. Where there is no solution,
:class:`TooFewError` is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pytest_supaseed.allocation.constraints import PairedKeys
from pytest_supaseed.allocation.correspondence import Correspondence
from pytest_supaseed.model.schema import ForeignKey, Table, UniqueKey


@dataclass(frozen=True)
class Dimension:
    """Columns whose values are taken together from a list: a foreign key, or a finite column.

    Attributes:
        columns: the columns.
        foreign_key: the foreign key whose referenced rows are the list, None for a finite column.
        choices: the values of a finite column, empty for a foreign key.
        optional: whether a row may have NULL instead.
    """

    columns: tuple[str, ...]
    foreign_key: ForeignKey | None = None
    choices: tuple[Any, ...] = ()
    optional: bool = False

    @property
    def name(self) -> str:
        """The name of the constraint, or of the column."""
        return self.foreign_key.name if self.foreign_key else self.columns[0]


@dataclass(frozen=True)
class Group:
    """Dimensions that unique keys connect, so that their values are drawn together.

    Attributes:
        anchor: the dimension that most of the keys contain; its shares are set first.
        keys: each unique key with its dimensions besides the anchor.
    """

    anchor: Dimension
    keys: tuple[tuple[UniqueKey, tuple[Dimension, ...]], ...]

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """All dimensions, each once, the anchor first."""
        seen = {self.anchor.name: self.anchor}
        for _, others in self.keys:
            seen.update({other.name: other for other in others})
        return tuple(seen.values())

    def anchors(self, key: UniqueKey) -> bool:
        """Return whether one of the keys contains the anchor."""
        return any(column in self.anchor.columns for column in key.columns)

    def of_key(self, key: UniqueKey) -> tuple[Dimension, ...]:
        """Return the dimensions of one of the keys, the anchor first."""
        others = next(others for other, others in self.keys if other.name == key.name)
        return (self.anchor, *others) if self.anchors(key) else others

    def names_of(self, key: UniqueKey) -> tuple[str, ...]:
        """Return the names of the dimensions of one of the keys, the anchor first."""
        return tuple(dimension.name for dimension in self.of_key(key))


@dataclass(frozen=True)
class OverlappingKeys:
    """Foreign keys and finite columns that are drawn together.

    Attributes:
        foreign_keys: in the order in which they are drawn.
        finite: finite columns.
        uniques: unique keys over their columns.
    """

    foreign_keys: tuple[ForeignKey, ...]
    finite: tuple[Dimension, ...] = ()
    uniques: tuple[UniqueKey, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All of the columns, each once."""
        parts = (*(key.columns for key in self.foreign_keys), *(one.columns for one in self.finite))
        return tuple(dict.fromkeys(column for part in parts for column in part))


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
        """Return the index entry of a row; None where the index has none, or one that NULL makes distinct.

        A row may lack a column of foreign keys that NULLs in others disable; it counts as NULL.
        """
        if self.where is not None and not self.where(row):
            return None
        found = tuple(row.get(column) for column in self.columns)
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
        rows = f"only {found} rows" if found > 1 else "only 1 row" if found else "no row"
        agreeing = (
            f"that agree{'s' * (found < 2)} with {', '.join(names)}" if names else "whose references agree"
        )
        are, were = ("are", "were") if found > 1 else ("is", "was")
        super().__init__(f"there {are} {rows} {agreeing}" if proved else f"{rows} {were} found {agreeing}")


@dataclass(frozen=True)
class IndependentRequest:
    """The part of a request that concerns independent foreign keys, and finite columns in unique keys.

    Attributes:
        table: the table that gets the rows.
        amount: number of new rows.
        spread: one of :data:`~pytest_supaseed.spec.SPREADS`.
        seed: seed of the random generators.
        foreign_keys: the independent foreign keys, none of which shares a column with another.
        groups: dimensions that unique keys connect.
        sizes: number of referenced rows, or of values, of each dimension.
        present: by foreign key, the present rows of each referenced row; missing entries are 0.
        taken: by unique key, the combinations of present rows as positions, the anchor's first.
        per: name of a foreign key and the exact number of rows for each referenced row.
        paired: foreign keys that a CHECK compares.
        ranks: by foreign key, which referenced rows get the remainder of an even spread; random where missing.
        occupied: by unique key without ``taken``, how many of its combinations present rows have for certain; a missing
            entry is as many as ``present`` says.
        correspondences: foreign keys whose referenced rows should belong together; those that follow others come after
            these.
    """

    table: Table
    amount: int
    spread: str
    seed: int
    foreign_keys: Sequence[ForeignKey]
    groups: Sequence[Group]
    sizes: Mapping[str, int]
    present: Mapping[str, Sequence[int]] = field(default_factory=dict)
    taken: Mapping[str, Collection[tuple[int, ...]]] = field(default_factory=dict)
    per: tuple[str, int] | None = None
    paired: Sequence[PairedKeys] = ()
    ranks: Mapping[str, Sequence[int]] = field(default_factory=dict)
    occupied: Mapping[str, int] = field(default_factory=dict)
    correspondences: Sequence[Correspondence] = ()

    def present_of(self, name: str) -> list[int]:
        """Return the present rows of each referenced row, padded with zeros to the number of referenced rows."""
        present = list(self.present.get(name, ()))
        return present + [0] * (self.sizes[name] - len(present))


@dataclass(frozen=True)
class OverlappingRequest:
    """The part of a request that concerns overlapping foreign keys, whose referenced rows must agree.

    Attributes:
        foreign_keys: the foreign keys; their names seed the random generator.
        agreement: the options of the foreign keys and of finite columns drawn with them, and their constraints.
    """

    foreign_keys: tuple[ForeignKey, ...]
    agreement: Agreement


@dataclass(frozen=True)
class AllocationRequest:
    """Everything that is to be allocated to the new rows of one table.

    Attributes:
        independent: the foreign keys that have a row to reference, and the groups that unique keys make of them.
        dimensions: all independent foreign keys, and the finite columns in unique keys.
        keys: by foreign key, the referenced rows.
        overlapping: one for each set of overlapping foreign keys.
    """

    independent: IndependentRequest
    dimensions: tuple[Dimension, ...] = ()
    keys: Mapping[str, Sequence[Values]] = field(default_factory=dict)
    overlapping: tuple[OverlappingRequest, ...] = ()

    @property
    def amount(self) -> int:
        """Number of new rows."""
        return self.independent.amount


Row = TypeVar("Row")


@dataclass(frozen=True)
class AllocatedColumns:
    """Columns whose values are taken together from a list of options.

    Attributes:
        columns: the columns.
        options: the values of each referenced row, or each value of a finite column.
        positions: for each new row the position of its option; None for NULL in all of the columns.
    """

    columns: tuple[str, ...]
    options: Sequence[Values]
    positions: Sequence[int | None]

    def by_row(self, rows: Sequence[Row]) -> dict[Row, Values]:
        """Return the values that each of the rows gets; rows that get NULL are left out."""
        return {row: self.options[at] for row, at in zip(rows, self.positions, strict=True) if at is not None}


@dataclass(frozen=True)
class Allocation:
    """What is allocated to the new rows of one table.

    Attributes:
        amount: number of new rows.
        parts: the allocated columns; no column is in two of them.
        satisfied: names of the unique keys of independent columns, which the new rows satisfy.
    """

    amount: int
    parts: tuple[AllocatedColumns, ...] = ()
    satisfied: frozenset[str] = frozenset()

    @property
    def columns(self) -> frozenset[str]:
        """All allocated columns."""
        return frozenset(name for part in self.parts for name in part.columns)
