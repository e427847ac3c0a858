"""Values that a schema's source knows of, below those that the user gives and above those that are made up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Defaults:
    """What a schema's source knows of its rows.

    Attributes:
        generators: values for columns, spelt ``schema.table.column``, as in ``supaseed_generators``.
        afterwards: by table, ``schema.table``: SQL that completes its new rows, when all rows have been inserted.
        made_of: what they depend on, besides this package.
    """

    generators: Mapping[str, Any] = field(default_factory=dict)
    afterwards: Mapping[str, str] = field(default_factory=dict)
    made_of: str = ""


class WithDefaults(Mapping[str, Any]):
    """The user's ``supaseed_generators``, and what counts where they say nothing.

    Args:
        given: the user's.
        defaults: the source's.

    Attributes:
        defaults: the source's.
    """

    def __init__(self, given: Mapping[str, Any], defaults: Defaults) -> None:
        self._given = given
        self.defaults = defaults

    def __getitem__(self, key: str) -> Any:
        return self._given[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)
