"""Rows that agree with those that they reference: what triggers look up, as that a subcategory is of the category."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import permutations
from uuid import UUID

from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.generation.steps import Row
from pytest_supaseed.oracle.proposals import Proposals
from pytest_supaseed.reflection.exact import printed
from pytest_supaseed.reflection.queries import Key, fetch, fetch_exact, relation, types_of
from pytest_supaseed.reflection.queries import names as quoted
from pytest_supaseed.schema import ForeignKey, TableName

_PLAIN = (str, int, Decimal, date, UUID)
_COLUMNS = """
SELECT a.attname::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE (n.nspname, c.relname) = (%s, %s) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""

# By their texts: columns of one name need not have one type.
_SAME = sql.SQL("{}::text = %s::text")


class Agreement:
    """Finds rows whose columns agree with those of the same name in the rows that they reference.

    Args:
        connection: in the transaction of the whole seed, in which what is referenced has been written.
        proposals: what may be changed.
    """

    def __init__(self, connection: Connection, proposals: Proposals) -> None:
        self._connection = connection
        self._proposals = proposals
        self._table = proposals.table
        self._columns: dict[TableName, list[str]] = {}
        sources = " ".join(trigger.source for trigger in proposals.table.triggers if trigger.on_insert)
        self._words = set(re.findall(r"\w+", sources.lower()))

    def rows(self, row: Row, number: int) -> Iterator[Row]:
        """Propose rows in the place of one.

        Args:
            row: the row.
            number: of the row: the next one is offered other rows to reference.

        Returns:
            Rows that reference others, then rows that say what the referenced ones say; none where no trigger looks
            anything up.
        """
        if not self._words:
            return
        keys = [
            key
            for key in self._table.foreign_keys
            if len(key.columns) == 1 and row.get(key.columns[0]) is not None
        ]
        shared = {key: self._shared(key, row) for key in keys}
        free = [key for key in keys if self._proposals.may_change(key.columns)]
        referencing = {name for key in self._table.foreign_keys for name in key.columns}
        for wanted in (referencing, {*row}):
            changed = dict(row)
            for key in free:
                names = [name for name in shared[key] if name in wanted]
                changed.update(self._another(key, changed, names, number) if names else {})
            if changed != row:
                yield changed
        for key, other in permutations(keys, 2):
            for name in self._common(key, other) if key in free else ():
                changed = {**row, **self._beside(key, other, name, row, number)}
                if changed != row:
                    yield changed
        for key in keys:
            changed = {**row, **self._said(key, row, list(filter(self._may_change, shared[key])))}
            if changed != row:
                yield changed

    def _may_change(self, name: str) -> bool:
        return self._proposals.may_change([name])

    def _of(self, table: TableName) -> list[str]:
        """The columns of a table that triggers speak of."""
        if table not in self._columns:
            found = fetch(self._connection, sql.SQL(_COLUMNS), (table.schema, table.name))
            self._columns[table] = [name for (name,) in found if name.lower() in self._words]
        return self._columns[table]

    def _shared(self, key: ForeignKey, row: Row) -> list[str]:
        """The columns that the referenced table has as well."""
        own = {*self._table.primary_key, *key.columns}
        return [
            name for name in self._of(key.referenced) if name not in own and isinstance(row.get(name), _PLAIN)
        ]

    def _common(self, key: ForeignKey, other: ForeignKey) -> list[str]:
        """The columns that two referenced tables have, besides what is referenced."""
        keys = {*key.referenced_columns, *other.referenced_columns}
        there = {*self._of(other.referenced)} - keys
        return (
            [name for name in self._of(key.referenced) if name in there]
            if key.referenced != other.referenced
            else []
        )

    def _another(self, key: ForeignKey, row: Row, names: list[str], number: int) -> Row:
        """The reference to a row that says of some columns what this one says; nothing where there is none."""
        same = sql.SQL(" AND ").join(_SAME.format(sql.Identifier(name)) for name in names)
        types = types_of(self._table, key.columns[:1])
        column = sql.Identifier(key.referenced_columns[0])
        query = sql.SQL("SELECT {3} FROM {1} WHERE {2} AND {0} IS NOT NULL ORDER BY {0}").format(
            column, relation(key.referenced), same, printed(types[0], column)
        )
        found = fetch_exact(self._connection, types, query, [row[name] for name in names])
        return self._reference(key, row, found, number)

    def _beside(self, key: ForeignKey, other: ForeignKey, name: str, row: Row, number: int) -> Row:
        """The reference to a row that says of a column what the row says that another key references."""
        types = types_of(self._table, key.columns[:1])
        query = sql.SQL(
            "SELECT {shown} FROM {table} r JOIN {other} o ON o.{name}::text = r.{name}::text "
            "WHERE o.{other_key}::text = %s::text AND r.{key} IS NOT NULL ORDER BY r.{key}"
        ).format(
            shown=printed(types[0], sql.Identifier("r", key.referenced_columns[0])),
            key=sql.Identifier(key.referenced_columns[0]),
            table=relation(key.referenced),
            other=relation(other.referenced),
            other_key=sql.Identifier(other.referenced_columns[0]),
            name=sql.Identifier(name),
        )
        found = fetch_exact(self._connection, types, query, [row[other.columns[0]]])
        return self._reference(key, row, found, number)

    @staticmethod
    def _reference(key: ForeignKey, row: Row, found: Sequence[Key], number: int) -> Row:
        if not found or (row[key.columns[0]],) in found:
            return {}
        return {key.columns[0]: found[number % len(found)][0]}

    def _said(self, key: ForeignKey, row: Row, names: list[str]) -> Row:
        """What the referenced row says of some columns."""
        if not names:
            return {}
        same = _SAME.format(sql.Identifier(key.referenced_columns[0]))
        query = sql.SQL("SELECT {} FROM {} WHERE {}").format(quoted(names), relation(key.referenced), same)
        for values in fetch(self._connection, query, [row[key.columns[0]]]):
            return {
                name: value for name, value in zip(names, values, strict=True) if isinstance(value, _PLAIN)
            }
        return {}
