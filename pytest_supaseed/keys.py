"""Unique keys, watched while rows are made."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pytest_supaseed.schema import Column, Table, UniqueKey
from pytest_supaseed.state import TableState


class UniqueRows:
    """What the unique keys of a table hold: the rows that are there, and those made so far.

    A key on an expression is treated as one on the columns that it uses, whatever their case: that makes values
    differ that need not, and never too few. So is a key for some rows, unless it says by one column which. A
    generated column is treated as those that it is computed from.

    Args:
        table: the table.
        state: what is there.
        omitted: columns that PostgreSQL computes; what it computes for a key is its own affair.
    """

    def __init__(self, table: Table, state: TableState, omitted: Collection[str]) -> None:
        self._conditions = {key.name: condition(table, key) for key in table.uniques}
        self._columns = {key.name: _made_columns(table, key) for key in table.uniques}
        self._waiting = [
            key
            for key in table.uniques
            if self._columns[key.name] and not any(name in omitted for name in self._used(key))
        ]
        self._set: set[str] = set()
        self._held: dict[str, set[tuple[Any, ...]]] = {}
        at = {column: position for position, column in enumerate(state.columns)}
        for key in self._waiting:
            self._held[key.name] = set()
            for row in state.rows:
                self.add([key], {column: row[position] for column, position in at.items()})

    def _used(self, key: UniqueKey) -> tuple[str, ...]:
        found = self._conditions[key.name]
        columns = self._columns[key.name]
        return (*columns, found.column) if found else columns

    def _normal(self, key: UniqueKey, row: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The values as the strictest collation and type would compare them; None if the key lets them be."""
        found = self._conditions[key.name]
        values = [row[column] for column in self._columns[key.name]]
        if found is not None and not found.holds(row):
            return None
        if key.nulls_distinct and any(value is None for value in values):
            return None
        return tuple(_folded(value) for value in values)

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


def watched_columns(table: Table) -> tuple[str, ...]:
    """Return the columns whose values say what the unique keys of a table hold.

    Args:
        table: the table.
    """
    found: dict[str, None] = {}
    for key in table.uniques:
        # The key's own as well: what is taken of a group is told by them.
        found.update(dict.fromkeys((*key.columns, *_made_columns(table, key))))
        where = condition(table, key)
        if where is not None:
            found[where.column] = None
    return tuple(found)


def _made_columns(table: Table, key: UniqueKey) -> tuple[str, ...]:
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


def _folded(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip().casefold()
    if isinstance(value, (dict, list, set, bytearray, memoryview)):
        return repr(value)
    try:
        hash(value)
    except TypeError:
        return repr(value)
    return value


@dataclass(frozen=True)
class Condition:
    """The WHERE clause of a unique index, where it compares one column.

    Attributes:
        column: the column.
        value: the text of the value that it must have, None for NULL.
        negated: whether it must not have it.
    """

    column: str
    value: str | None
    negated: bool = False

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether the index has the row."""
        value = row[self.column]
        text = str(value).lower() if isinstance(value, bool) else None if value is None else str(value)
        return (text == self.value) != self.negated


_CONDITION = re.compile(
    r"""WHERE\ \(*(?P<not>NOT\ )?(?:"(?P<quoted>(?:[^"]|"")+)"|(?P<plain>\w+))\)*(?:::\w+\)*)?
    (?:\ (?P<operator>=|<>|IS\ NULL|IS\ NOT\ NULL)
       (?:\ \(?(?:'(?P<text>(?:[^']|'')*)'|(?P<word>[\w.]+))(?:::[\w. "]+)?)?)?\)*$""",
    re.VERBOSE,
)


def condition(table: Table, key: UniqueKey) -> Condition | None:
    """Read the WHERE clause of a unique index.

    Args:
        table: the table.
        key: one of its keys.

    Returns:
        The condition; None where there is none, or one of another form.
    """
    match = _CONDITION.search(key.definition) if key.partial else None
    if match is None:
        return None
    column = match["plain"] or match["quoted"].replace('""', '"')
    if not table.has_column(column):
        return None
    operator = match["operator"]
    if operator is None:
        return Condition(column, "false" if match["not"] else "true")
    if operator.startswith("IS"):
        return Condition(column, None, operator == "IS NOT NULL")
    text = match["word"] if match["text"] is None else match["text"].replace("''", "'")
    return None if text is None or match["not"] else Condition(column, text, operator == "<>")
