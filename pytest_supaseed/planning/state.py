"""Table state: the rows of a table when new ones are about to be made; read by :mod:`pytest_supaseed.writing.read`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Key = tuple[Any, ...]


@dataclass(frozen=True)
class TableState:
    """The present rows of a table, as far as new rows depend on them.

    Attributes:
        present: number of rows.
        keys: by foreign key: the referenced rows' values, in an order that does not depend on the server's.
        shares: by foreign key: number of present rows that reference each of ``keys``.
        rows: the present rows, values of ``columns`` only, where a unique key needs them.
        columns: the columns of ``rows``.
        numbers: by numbered column: the next number.
        greatest: by column numbered within others: the greatest number for each tuple of their values.
    """

    present: int = 0
    keys: Mapping[str, Sequence[Key]] = field(default_factory=dict)
    shares: Mapping[str, Sequence[int]] = field(default_factory=dict)
    rows: Sequence[Key] = ()
    columns: tuple[str, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)
    greatest: Mapping[str, Mapping[Key, int]] = field(default_factory=dict)
