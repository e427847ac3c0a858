"""Columns whose values are drawn together, as data: dimensions, and the sets of them that constraints connect.

A :class:`Group` connects independent foreign keys and finite columns, a :class:`Joint` overlapping foreign keys;
:func:`~pytest_supaseed.allocation.groups.groups` and :func:`~pytest_supaseed.allocation.joint.joints` find them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pytest_supaseed.model.schema import ForeignKey, UniqueKey


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


@dataclass(frozen=True)
class Joint:
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


def key_names(group: Group, key_name: str) -> list[str]:
    """Return the dimension names of a group's unique key, the anchor first."""
    key, others = next((key, others) for key, others in group.keys if key.name == key_name)
    names = [group.anchor.name] if anchored(key.columns, group) else []
    return [*names, *(other.name for other in others)]


def anchored(columns: Sequence[str], group: Group) -> bool:
    """Return whether a unique key over these columns contains the anchor of its group."""
    return any(column in group.anchor.columns for column in columns)
