"""Unique keys of a table, enforced while its rows are made.

:class:`UniqueRows` is the index of present and new rows; the functions after it find the columns that decide its
entries, with generated columns traced to the columns of their expressions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from pytest_supaseed.constraints.indexes import condition, of_new_rows, of_no_new_row
from pytest_supaseed.model.schema import Column, Table, UniqueKey
from pytest_supaseed.model.type_families import is_single_byte
from pytest_supaseed.planning.plan import ServerDefault, TablePlan, TableState


class UniqueRows:
    """Index of the present and new rows of a table by its unique keys.

    Where a key cannot be evaluated exactly, the index is stricter than PostgreSQL: values may differ needlessly, but
    never clash. A key on an expression is treated as one on the columns of the expression, regardless of case, and a
    partial key with an unreadable predicate as one for all rows. A predicate that a constant default decides applies
    to all new rows or to none. A generated column stands for the columns that it is computed from.

    Args:
        server_defaults: columns that PostgreSQL computes; keys over them are not watched.
        satisfied: names of keys that are satisfied by construction; they are not watched either.

    Attributes:
        watched: the enforced keys.
    """

    def __init__(
        self,
        table: Table,
        state: TableState,
        server_defaults: Collection[str],
        satisfied: Collection[str] = (),
    ) -> None:
        watched = [
            key
            for key in table.uniques
            if key.name not in satisfied
            and columns_to_generate(table, key)
            and not of_no_new_row(table, key, server_defaults)
        ]
        self._indexes = {key.name: _Index(table, key) for key in watched}
        self._set: set[str] = set()
        at = {column: position for position, column in enumerate(state.columns)}
        for row in state.rows if watched else ():
            self.add(watched, {column: row[position] for column, position in at.items()})
        for key in watched:
            self._indexes[key.name].condition = of_new_rows(table, key, server_defaults)
        self.watched = tuple(key for key in watched if self.used([key]).isdisjoint(server_defaults))
        self._waiting = list(self.watched)

    def used(self, keys: Iterable[UniqueKey]) -> set[str]:
        """Return the columns that decide the entries of a row in the keys."""
        return {name for key in keys for name in self._indexes[key.name].used}

    def completed_by(self, columns: Iterable[str]) -> list[UniqueKey]:
        """Mark columns as set and return the keys that are complete since, each key once."""
        self._set.update(columns)
        completed = [key for key in self._waiting if self._set.issuperset(self._indexes[key.name].used)]
        self._waiting = [key for key in self._waiting if key not in completed]
        return completed

    def entering(self, keys: Iterable[UniqueKey]) -> Callable[[Mapping[str, Any]], UniqueKey | None]:
        """Return what enters a row into keys: the first that has an equal entry, or None once the row is entered."""
        indexes = [self._indexes[key.name] for key in keys]

        def enter(row: Mapping[str, Any]) -> UniqueKey | None:
            entries = [index.entry(row) for index in indexes]
            for index, entry in zip(indexes, entries, strict=True):
                if entry is not None and entry in index.held:
                    return index.key
            for index, entry in zip(indexes, entries, strict=True):
                if entry is not None:
                    index.held.add(entry)
            return None

        return enter

    def clash(self, keys: Iterable[UniqueKey], row: Mapping[str, Any]) -> UniqueKey | None:
        """Return the first of the keys that has an equal entry of another row, None where there is none."""
        for key in keys:
            index = self._indexes[key.name]
            entry = index.entry(row)
            if entry is not None and entry in index.held:
                return key
        return None

    def add(self, keys: Iterable[UniqueKey], row: Mapping[str, Any]) -> None:
        """Add a row, which has values for the columns of the keys."""
        for index in (self._indexes[key.name] for key in keys):
            entry = index.entry(row)
            if entry is not None:
                index.held.add(entry)

    def discard(self, keys: Iterable[UniqueKey], row: Mapping[str, Any]) -> None:
        """Remove a row from the keys."""
        for index in (self._indexes[key.name] for key in keys):
            index.held.discard(index.entry(row))


class _Index:
    """The entries of one unique key.

    Attributes:
        condition: the predicate that rows of the index satisfy; None for all rows.
        held: the entries.
    """

    def __init__(self, table: Table, key: UniqueKey) -> None:
        self.key = key
        self.condition = condition(table, key)
        self.held: set[Any] = set()
        self._columns = columns_to_generate(table, key)
        types = [table.column(name).type for name in key.columns]
        # Values of "char" are compared exactly: the type has few of them and no collation.
        self._exact = (
            not key.expression and len(types) == 1 and is_single_byte(types[0]) and not types[0].array
        )

    @property
    def used(self) -> tuple[str, ...]:
        """The columns that decide the entry of a row."""
        return (*self._columns, *self.condition.columns) if self.condition else self._columns

    def entry(self, row: Mapping[str, Any]) -> Any:
        """Return the key of a row as the strictest collation and type would compare it; None where it has no entry."""
        if self.condition is not None and not self.condition.holds(row):
            return None
        if len(self._columns) == 1:
            # Without a tuple around each value, the index takes less memory.
            value = row[self._columns[0]]
            if value is not None:
                return value if self._exact else folded(value)
            return None if self.key.nulls_distinct else (None,)
        values = [row[column] for column in self._columns]
        if self.key.nulls_distinct and None in values:
            return None
        return tuple(map(folded, values))


def watched_columns(table: Table) -> tuple[str, ...]:
    """Return the columns that decide the entries in the unique keys of a table."""
    found: dict[str, None] = {}
    for key in table.uniques:
        where = condition(table, key)
        # The columns of the key itself are needed to find the taken combinations of a group.
        columns = (
            *key.columns,
            *columns_to_generate(table, key),
            *(where.columns if where is not None else ()),
        )
        found.update(dict.fromkeys(columns))
    return tuple(found)


def columns_with_server_defaults(plan: TablePlan) -> list[str]:
    """Return the columns that PostgreSQL computes, or fills with their defaults."""
    return [column.column.name for column in plan.columns if isinstance(column.source, ServerDefault)]


def columns_to_generate(table: Table, key: UniqueKey) -> tuple[str, ...]:
    """Return the columns of a key, with a generated column replaced by those that it is computed from."""
    return chosen_columns(table, key.columns)


def sources_of(table: Table, column: Column) -> tuple[str, ...]:
    """Return the columns that a generated column is computed from, by the text of its expression."""
    words = re.findall(r'"(?:[^"]|"")+"|\w+', re.sub(r"'(?:[^']|'')*'", "''", column.default or ""))
    named = {word[1:-1].replace('""', '"') if word.startswith('"') else word for word in words}
    return tuple(other.name for other in table.columns if other.name in named and not other.generated)


def chosen_columns(table: Table, names: Iterable[str]) -> tuple[str, ...]:
    """Return columns, with generated ones replaced by those that they are computed from."""
    found: dict[str, None] = {}
    for name in names:
        column = table.column(name)
        found.update(dict.fromkeys(sources_of(table, column) if column.generated else (name,)))
    return tuple(found)


def folded(value: Any) -> Any:
    """Return a hashable value that is equal for values which the strictest collation and type would take as equal."""
    if isinstance(value, str):
        folded_text = value.strip().casefold()
        if folded_text.isascii():
            return folded_text
        # A nondeterministic collation may ignore accents.
        return "".join(c for c in unicodedata.normalize("NFKD", folded_text) if not unicodedata.combining(c))
    if isinstance(value, (dict, list, set, bytearray, memoryview)):
        return repr(value)
    try:
        hash(value)
    except TypeError:
        return repr(value)
    return value
