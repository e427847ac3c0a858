"""Unique keys of a table, enforced while its rows are made.

:class:`UniqueRows` is the index of present and new rows; the functions after it find the columns that decide its
entries, with generated columns traced to the columns of their expressions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pytest_supaseed.constraints.indexes import condition, of_new_rows, of_no_new_row
from pytest_supaseed.model.schema import Column, Table, UniqueKey
from pytest_supaseed.model.type_families import is_single_byte
from pytest_supaseed.planning.plan import TableState


class UniqueRows:
    """Index of the present and new rows of a table by its unique keys.

    Where a key cannot be evaluated exactly, the index is stricter than PostgreSQL: values may differ needlessly, but
    never clash. A key on an expression is treated as one on the columns of the expression, regardless of case, and a
    partial key with an unreadable predicate as one for all rows. A predicate that a constant default decides applies
    to all new rows or to none. A generated column stands for the columns that it is computed from.

    Args:
        omitted: columns that PostgreSQL computes; keys over them are not watched.
        settled: names of keys that are satisfied by construction.

    Attributes:
        watched: the enforced keys.
    """

    def __init__(
        self, table: Table, state: TableState, omitted: Collection[str], settled: Collection[str] = ()
    ) -> None:
        self._conditions = {key.name: condition(table, key) for key in table.uniques}
        # Values of "char" are compared exactly: the type has few of them and no collation.
        self._exact = {key.name for key in table.uniques if self._is_of_characters(table, key)}
        self._columns = {key.name: made_columns(table, key) for key in table.uniques}
        watched = [
            key
            for key in table.uniques
            if key.name not in settled and self._columns[key.name] and not of_no_new_row(table, key, omitted)
        ]
        self._set: set[str] = set()
        self._held: dict[str, set[Any]] = {key.name: set() for key in watched}
        at = {column: position for position, column in enumerate(state.columns)}
        for row in state.rows if watched else ():
            self.add(watched, {column: row[position] for column, position in at.items()})
        for key in watched:
            self._conditions[key.name] = of_new_rows(table, key, omitted)
        self.watched = tuple(key for key in watched if not any(name in omitted for name in self._used(key)))
        self._waiting = list(self.watched)

    @staticmethod
    def _is_of_characters(table: Table, key: UniqueKey) -> bool:
        types = [table.column(name).type for name in key.columns]
        return not key.expression and len(types) == 1 and is_single_byte(types[0]) and not types[0].array

    def used(self, keys: Iterable[UniqueKey]) -> set[str]:
        """Return the columns that decide the entries of a row in the keys."""
        return {name for key in keys for name in self._used(key)}

    def _used(self, key: UniqueKey) -> tuple[str, ...]:
        found = self._conditions[key.name]
        columns = self._columns[key.name]
        return (*columns, *found.columns) if found else columns

    def _normal(self, key: UniqueKey, row: Mapping[str, Any]) -> Any:
        """Return the key of a row as the strictest collation and type would compare it; None where it has no entry."""
        found = self._conditions[key.name]
        values = [row[column] for column in self._columns[key.name]]
        if found is not None and not found.holds(row):
            return None
        if key.nulls_distinct and any(value is None for value in values):
            return None
        if key.name in self._exact:
            return values[0]
        if len(values) == 1 and values[0] is not None:
            # Without a tuple around each value, the index takes less memory.
            return folded(values[0])
        return tuple(folded(value) for value in values)

    def completed_by(self, columns: Iterable[str]) -> list[UniqueKey]:
        """Mark columns as set and return the keys that are complete since, each key once."""
        self._set.update(columns)
        completed = [key for key in self._waiting if self._set.issuperset(self._used(key))]
        self._waiting = [key for key in self._waiting if key not in completed]
        return completed

    def clash(self, keys: Iterable[UniqueKey], row: Mapping[str, Any]) -> UniqueKey | None:
        """Return the first of the keys that has an equal entry of another row, None where there is none."""
        for key in keys:
            values = self._normal(key, row)
            if values is not None and values in self._held[key.name]:
                return key
        return None

    def add(self, keys: Iterable[UniqueKey], row: Mapping[str, Any]) -> None:
        """Add a row, which has values for the columns of the keys."""
        for key in keys:
            values = self._normal(key, row)
            if values is not None:
                self._held[key.name].add(values)

    def discard(self, keys: Iterable[UniqueKey], row: Mapping[str, Any]) -> None:
        """Remove a row from the keys."""
        for key in keys:
            self._held[key.name].discard(self._normal(key, row))


def watched_columns(table: Table) -> tuple[str, ...]:
    """Return the columns that decide the entries in the unique keys of a table."""
    found: dict[str, None] = {}
    for key in table.uniques:
        # The columns of the key itself are needed to find the taken combinations of a group.
        found.update(dict.fromkeys((*key.columns, *made_columns(table, key))))
        where = condition(table, key)
        if where is not None:
            found.update(dict.fromkeys(where.columns))
    return tuple(found)


def made_columns(table: Table, key: UniqueKey) -> tuple[str, ...]:
    """Return the columns of a key, with a generated column replaced by those that it is computed from."""
    found: dict[str, None] = {}
    for name in key.columns:
        column = table.column(name)
        found.update(dict.fromkeys(sources_of(table, column) if column.generated else (name,)))
    return tuple(found)


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
