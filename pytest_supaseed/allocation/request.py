"""Allocation requests: the new rows of one table, what each of them chooses from, and the constraints on the choice.

:class:`AllocationRequest` is what :func:`pytest_supaseed.allocation.allocate.allocate` takes. It has one
:class:`IndependentRequest` and an :class:`OverlappingRequest` for each set of overlapping foreign keys.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from pytest_supaseed.allocation.agreement import Agreement, Values
from pytest_supaseed.allocation.dimensions import Dimension, Group
from pytest_supaseed.allocation.pairs import PairedKeys
from pytest_supaseed.model.schema import ForeignKey, Table


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
