"""Columns of referenced rows, as the rows that reference them see them while they are made.

A row has the values of other rows under names that no column can have: each begins with the character NUL, which no
name in PostgreSQL contains. :func:`referenced_tables` names the tables that a row references, :func:`used_columns`
finds the columns of theirs that are used.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from pytest_supaseed.model.identifiers import spelt, subject_of
from pytest_supaseed.model.schema import Column, ForeignKey, Schema, Table

_MARK = "\0"
_KEY_WORDS = re.compile(r"_(id|uuid|guid|code|key|iso|fk|ref|nr|number)_$")


@dataclass(frozen=True)
class ReferencedColumn:
    """A column of a referenced row.

    Attributes:
        name: the name under which the referencing row has its value.
        foreign_key: the foreign key.
        column: the column of the referenced table.
        via: the foreign key of the referenced row that leads to the row of the column; empty for its own column.
    """

    name: str
    foreign_key: ForeignKey
    column: Column
    via: tuple[ForeignKey, ...] = ()


@dataclass(frozen=True)
class ReferencedTable:
    """A table that a row references.

    Attributes:
        foreign_key: the foreign key.
        table: the referenced table.
        place: the number of the foreign key among those of the row.
        itself: whether the row's own table is referenced.
        via: of a table that the referenced row references in turn, that row's foreign key; empty for its own table.
    """

    foreign_key: ForeignKey
    table: Table
    place: int
    itself: bool = False
    via: tuple[ForeignKey, ...] = ()

    @cached_property
    def role(self) -> str:
        """What the referencing columns call the row, in normalized words: ``_billing_address_``."""
        return role_of(self.via[-1] if self.via else self.foreign_key)

    @cached_property
    def subject(self) -> str:
        """What a row of the table is, by its name, in normalized words: ``_address_``."""
        return f"_{subject_of(self.table.name.separated)}_"

    @cached_property
    def prefix(self) -> str:
        """What the names begin with under which the referencing row has the columns of the table."""
        return f"{_MARK * (self.place + 1)}{self.role.strip('_')}_"

    def column(self, name: str) -> ReferencedColumn:
        """Return a column of the table as the referencing row sees it."""
        return ReferencedColumn(self.prefix + name, self.foreign_key, self.table.column(name), self.via)


def role_of(foreign_key: ForeignKey) -> str:
    """Return what the columns of a foreign key call the referenced row, in normalized words: ``_billing_address_``."""
    return _role(foreign_key.columns[-1].removeprefix(foreign_key.prefix))


@lru_cache(maxsize=32_768)
def _role(name: str) -> str:
    return _KEY_WORDS.sub("_", spelt(name))


def is_of_referenced_row(name: str) -> bool:
    """Whether a row has the value of a referenced row's column under a name."""
    return name.startswith(_MARK)


def hashable(key: Sequence[Any]) -> Any:
    """Return the values of a foreign key's columns as what a referenced row is found by."""
    found = tuple(key)
    try:
        hash(found)
    except TypeError:
        return tuple(value if isinstance(value, Hashable) else repr(value) for value in found)
    return found


def referenced_tables(
    schema: Schema, table: Table, foreign_keys: Iterable[ForeignKey]
) -> tuple[ReferencedTable, ...]:
    """Return the tables that foreign keys of a table reference, as far as the schema has them.

    Those that the referenced rows reference in turn come after them.
    """
    known = [key for key in foreign_keys if schema.has_table(key.referenced)]
    found = [(key, key.referenced, ()) for key in known] + [
        (key, further.referenced, (further,))
        for key in known
        if key.referenced != table.name
        for further in schema.table(key.referenced).foreign_keys
        if further.referenced not in (table.name, key.referenced) and schema.has_table(further.referenced)
    ]
    return tuple(
        ReferencedTable(key, schema.table(name), place, name == table.name, via)
        for place, (key, name, via) in enumerate(found)
    )


def used_columns(tables: Sequence[ReferencedTable], names: Iterable[str]) -> tuple[ReferencedColumn, ...]:
    """Return the columns of other tables' rows among the names that columns of a row use, each once."""
    wanted = dict.fromkeys(name for name in names if is_of_referenced_row(name))
    if not wanted:
        return ()
    return tuple(
        table.column(column.name)
        for table in tables
        if not table.itself and any(name.startswith(table.prefix) for name in wanted)
        for column in table.table.columns
        if table.prefix + column.name in wanted
    )
