"""Unique keys, watched while rows are made."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pytest_supaseed.allocation.keys import condition, of_new_rows, of_no_new_row
from pytest_supaseed.model.schema import Column, Table, UniqueKey
from pytest_supaseed.planning.state import TableState


class UniqueRows:
    """What the unique keys of a table hold: the rows that are there, and those made so far.

    A key on an expression is treated as one on the columns that it uses, whatever their case: that makes values
    differ that need not, and never too few. So is a key for some rows, unless it can be read which; where that is
    decided by a constant default, the key is for all new rows or for none. A generated column is treated as
    those that it is computed from.

    Args:
        table: the table.
        state: what is there.
        omitted: columns that PostgreSQL computes; what it computes for a key is its own affair.
        settled: names of keys whose values are known to differ.

    Attributes:
        watched: the keys that are watched.
    """

    def __init__(
        self, table: Table, state: TableState, omitted: Collection[str], settled: Collection[str] = ()
    ) -> None:
        self._conditions = {key.name: condition(table, key) for key in table.uniques}
        # "char" has so few values that each counts, and no collation.
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
        return not key.expression and [(kind.name, kind.array) for kind in types] == [("char", False)]

    def used(self, keys: Iterable[UniqueKey]) -> set[str]:
        """Return the columns whose values say what keys hold of a row.

        Args:
            keys: the keys.
        """
        return {name for key in keys for name in self._used(key)}

    def _used(self, key: UniqueKey) -> tuple[str, ...]:
        found = self._conditions[key.name]
        columns = self._columns[key.name]
        return (*columns, *found.columns) if found else columns

    def _normal(self, key: UniqueKey, row: Mapping[str, Any]) -> Any:
        """The values as the strictest collation and type would compare them; None if the key lets them be."""
        found = self._conditions[key.name]
        values = [row[column] for column in self._columns[key.name]]
        if found is not None and not found.holds(row):
            return None
        if key.nulls_distinct and any(value is None for value in values):
            return None
        if key.name in self._exact:
            return values[0]
        if len(values) == 1 and values[0] is not None:
            # One for each row is kept, so a tuple around it counts.
            return folded(values[0])
        return tuple(folded(value) for value in values)

    def completed_by(self, columns: Iterable[str]) -> list[UniqueKey]:
        """Return the keys whose last columns these are; each key once.

        Args:
            columns: columns that have values from now on.
        """
        self._set.update(columns)
        completed = [key for key in self._waiting if self._set.issuperset(self._used(key))]
        self._waiting = [key for key in self._waiting if key not in completed]
        return completed

    def clash(self, keys: Iterable[UniqueKey], row: Mapping[str, Any]) -> UniqueKey | None:
        """Return the first key that another row has already, None where there is none.

        Args:
            keys: the keys to look at.
            row: has values for their columns.
        """
        for key in keys:
            values = self._normal(key, row)
            if values is not None and values in self._held[key.name]:
                return key
        return None

    def add(self, keys: Iterable[UniqueKey], row: Mapping[str, Any]) -> None:
        """Hold a row.

        Args:
            keys: the keys to hold it for.
            row: has values for their columns.
        """
        for key in keys:
            values = self._normal(key, row)
            if values is not None:
                self._held[key.name].add(values)

    def discard(self, keys: Iterable[UniqueKey], row: Mapping[str, Any]) -> None:
        """Hold a row no longer.

        Args:
            keys: the keys that held it.
            row: has values for their columns.
        """
        for key in keys:
            self._held[key.name].discard(self._normal(key, row))


def watched_columns(table: Table) -> tuple[str, ...]:
    """Return the columns whose values say what the unique keys of a table hold.

    Args:
        table: the table.
    """
    found: dict[str, None] = {}
    for key in table.uniques:
        # The key's own as well: what is taken of a group is told by them.
        found.update(dict.fromkeys((*key.columns, *made_columns(table, key))))
        where = condition(table, key)
        if where is not None:
            found.update(dict.fromkeys(where.columns))
    return tuple(found)


def made_columns(table: Table, key: UniqueKey) -> tuple[str, ...]:
    """Return the columns that a key is about, and for a generated one those that it is computed from.

    Args:
        table: the table.
        key: one of its keys.
    """
    found: dict[str, None] = {}
    for name in key.columns:
        column = table.column(name)
        found.update(dict.fromkeys(sources_of(table, column) if column.generated else (name,)))
    return tuple(found)


def sources_of(table: Table, column: Column) -> tuple[str, ...]:
    """Return the columns that a generated column is computed from, by the text of its expression.

    Args:
        table: the table.
        column: one of its generated columns.
    """
    words = re.findall(r'"(?:[^"]|"")+"|\w+', re.sub(r"'(?:[^']|'')*'", "''", column.default or ""))
    named = {word[1:-1].replace('""', '"') if word.startswith('"') else word for word in words}
    return tuple(other.name for other in table.columns if other.name in named and not other.generated)


def chosen_columns(table: Table, names: Iterable[str]) -> tuple[str, ...]:
    """Return columns, in the place of those that are generated the ones that they are computed from.

    Args:
        table: the table.
        names: of its columns.
    """
    found: dict[str, None] = {}
    for name in names:
        column = table.column(name)
        found.update(dict.fromkeys(sources_of(table, column) if column.generated else (name,)))
    return tuple(found)


def folded(value: Any) -> Any:
    """Return a value as the strictest collation and type would compare it, so that it can be hashed.

    Args:
        value: of a column.
    """
    if isinstance(value, str):
        folded_text = value.strip().casefold()
        if folded_text.isascii():
            return folded_text
        # A collation that is not deterministic may take an accent for nothing.
        return "".join(c for c in unicodedata.normalize("NFKD", folded_text) if not unicodedata.combining(c))
    if isinstance(value, (dict, list, set, bytearray, memoryview)):
        return repr(value)
    try:
        hash(value)
    except TypeError:
        return repr(value)
    return value
