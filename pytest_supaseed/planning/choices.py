"""The values that a user gives for the columns of a table: their combinations, and how messages spell them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

from pytest_supaseed.planning.sources import ColumnSource, Given
from pytest_supaseed.schema import Table, UniqueKey
from pytest_supaseed.spec import abbreviated

# Of more combinations nothing is said before rows are written.
_MOST = 1_000


class GivenChoices:
    """What is given for a table.

    Args:
        table: the table.
        sources: where the values of its columns come from.
        leaving: columns to leave out.

    Attributes:
        table: the table.
        columns: those that have given values, functions and factories left out.
        by_name: the same by their names.
    """

    def __init__(self, table: Table, sources: Iterable[ColumnSource], leaving: Collection[str] = ()) -> None:
        self.table = table
        self.columns = [
            source
            for source in sources
            if source.given and isinstance(source.source, Given) and source.column.name not in leaving
        ]
        self.by_name = {source.column.name: source for source in self.columns}

    def has(self, columns: Iterable[str]) -> bool:
        """Whether values for all of some columns are given.

        Args:
            columns: which.
        """
        return all(name in self.by_name for name in columns)

    def choices(self, source: ColumnSource) -> tuple[Any, ...]:
        """Return the values that are given for a column.

        Args:
            source: one of ``columns``.
        """
        assert isinstance(source.source, Given)  # noqa: S101 for the type checker
        return source.source.choices

    def combinations(self, columns: Sequence[str]) -> list[dict[str, Any]]:
        """Return every combination of the values of some columns; nothing where there are too many.

        Args:
            columns: which.
        """
        values = [self.choices(self.by_name[name]) for name in columns]
        if not columns or prod(map(len, values)) > _MOST:
            return []
        return [dict(zip(columns, combination, strict=True)) for combination in product(*values)]

    def row(self, row: Mapping[str, Any]) -> str:
        """Spell a combination for a message.

        Args:
            row: values by column.
        """
        return f"{self.table.label}." + ", ".join(
            f"{name}={abbreviated(value)}" for name, value in row.items()
        )

    def what(self, columns: Sequence[str]) -> str:
        """Spell what is given for columns, as the user has written it.

        Args:
            columns: which.
        """
        return self.row({name: _as_written(self.choices(self.by_name[name])) for name in columns})

    def origin(self, columns: Iterable[str]) -> str:
        """Say where the values come from, where that is no marker.

        Args:
            columns: which.
        """
        sources = (self.by_name[name].source for name in columns)
        found = dict.fromkeys(source.origin for source in sources if isinstance(source, Given))
        generators = [origin for origin in found if origin.startswith("supaseed_generators")]
        return f" ({', '.join(generators)})" if generators else ""

    def too_few(self, key: UniqueKey, columns: Sequence[str], most: int, new: int, present: int) -> str:
        """Word that a unique key leaves fewer rows than are asked for.

        Args:
            key: the key.
            columns: that it is about.
            most: how many rows.
            new: how many are to be made.
            present: the rows that are there.
        """
        unique = ", ".join(key.columns)
        if key.partial or key.expression:
            unique = f"rows unique by {key.definition.partition(' USING ')[2]}"
        else:
            unique = f"{unique} unique"
        return (
            f"{self.what(columns)} for {new} rows: {key.name} makes {unique}, so only "
            f"{'one row' if most == 1 else f'{most} rows'} can have {'it' if len(columns) == 1 else 'them'}: ask for "
            f"at most {most + present}, give {new} different values or a function, or leave {' or '.join(columns)} out"
            + self.origin(columns)
        )


def _as_written(choices: tuple[Any, ...]) -> Any:
    return choices[0] if len(choices) == 1 else list(choices)


def assigned_by_triggers(table: Table) -> set[str]:
    """Return the columns that triggers assign before a row is there, by the text of their functions.

    Args:
        table: the table.
    """
    assigned = re.compile(
        r'(?:^|[;\n]|\b(?:then|else|begin|loop|into|,))\s*new\.(?:"([^"]+)"|(\w+))', re.IGNORECASE
    )
    names = {
        quoted or name.lower()
        for trigger in table.triggers
        if trigger.on_insert and trigger.before
        for quoted, name in assigned.findall(trigger.source)
    }
    # Or the row as a whole.
    if any(re.search(r"\bnew\s*:?=|\binto\s+new\b(?!\.)", t.source, re.IGNORECASE) for t in table.triggers):
        return {column.name for column in table.columns}
    return names
