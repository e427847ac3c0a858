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
    differ that need not, and never too few. So is a key for some rows, unless it says by one column which; where
    that column keeps a constant default, the key is for all new rows or for none. A generated column is treated as
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
            if _constant(table, self._conditions[key.name], omitted) is not None:
                self._conditions[key.name] = None
        self.watched = tuple(key for key in watched if not any(name in omitted for name in self._used(key)))
        self._waiting = list(self.watched)

    def used(self, keys: Iterable[UniqueKey]) -> set[str]:
        """Return the columns whose values say what keys hold of a row.

        Args:
            keys: the keys.
        """
        return {name for key in keys for name in self._used(key)}

    def _used(self, key: UniqueKey) -> tuple[str, ...]:
        found = self._conditions[key.name]
        columns = self._columns[key.name]
        return (*columns, found.column) if found else columns

    def _normal(self, key: UniqueKey, row: Mapping[str, Any]) -> Any:
        """The values as the strictest collation and type would compare them; None if the key lets them be."""
        found = self._conditions[key.name]
        values = [row[column] for column in self._columns[key.name]]
        if found is not None and not found.holds(row):
            return None
        if key.nulls_distinct and any(value is None for value in values):
            return None
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


def of_no_new_row(table: Table, key: UniqueKey, omitted: Collection[str]) -> bool:
    """Whether a unique index has no row in which PostgreSQL sets the defaults.

    Args:
        table: the table.
        key: one of its keys.
        omitted: the columns whose defaults it sets.
    """
    found = condition(table, key)
    default = _constant(table, found, omitted)
    return found is not None and default is not None and not found.holds({found.column: default})


_DEFAULT = re.compile(r"\(*(?:'((?:[^']|'')*)'|(true|false|-?\d+))\)*(?:::[\w. \"]+\)*)?")


def _constant(table: Table, found: Condition | None, omitted: Collection[str]) -> str | None:
    """The text of the constant that PostgreSQL sets the column of a condition to, None if it sets no constant."""
    if found is None or found.column not in omitted:
        return None
    match = _DEFAULT.fullmatch(table.column(found.column).default or "")
    return None if match is None else match[2] or match[1].replace("''", "'")


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
            found[where.column] = None
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


def folded(value: Any) -> Any:
    """Return a value as the strictest collation and type would compare it, so that it can be hashed.

    Args:
        value: of a column.
    """
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
