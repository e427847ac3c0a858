"""Documents with more keys: what a trigger reads of a JSON column, as of the metadata of somebody who signs up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.constraints.documents import JSON
from pytest_supaseed.generation.steps import Row
from pytest_supaseed.oracle.proposals import Proposals
from pytest_supaseed.oracle.triggers import columns_of_triggers
from pytest_supaseed.reflection.queries import fetch, relation
from pytest_supaseed.schema import Column, ColumnType, Table, TableName
from pytest_supaseed.values import value_source
from pytest_supaseed.values.maker import drawing

# data ->> 'key', and the type that it is cast to, maybe out of NULLIF(..., '').
_KEY = re.compile(r"""->>\s*'(\w+)'(?:\s*,\s*'[^']*')?[\s)]*(?:::\s*(?:"?\w+"?\.)?"?(\w+)"?)?""")
_COMPARED = re.compile(
    r"->>\s*'(\w+)'[\s)]*(?:NOT\s+IN|IN|=|<>|!=)\s*\(?((?:\s*'[^']+'\s*,?)+)", re.IGNORECASE
)
_LITERAL = re.compile(r"'([^']+)'")
_TEXT = ColumnType("text", "text", "S")
_TEXTS = ("", "text", "varchar", "citext", "name")
_MOST = 12
_PLAIN: dict[str, Sequence[Any]] = {
    **dict.fromkeys(("bool", "boolean"), (True, False)),
    **dict.fromkeys(("int", "integer", "bigint", "smallint", "int2", "int4", "int8", "numeric"), (1,)),
    **dict.fromkeys(("date", "timestamp", "timestamptz"), ("2000-05-17",)),
    **dict.fromkeys(("json", "jsonb"), ({},)),
}
_LABELS = """
SELECT e.enumlabel::text FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid
WHERE t.typname = %s ORDER BY t.oid, e.enumsortorder
"""
# The columns that columns of that name reference.
_REFERENCED = """
SELECT DISTINCT n.nspname::text, r.relname::text, k.attname::text
FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
JOIN pg_attribute k ON k.attrelid = c.confrelid AND k.attnum = c.confkey[1]
JOIN pg_class r ON r.oid = c.confrelid JOIN pg_namespace n ON n.oid = r.relnamespace
WHERE c.contype = 'f' AND cardinality(c.conkey) = 1 AND a.attname = %s ORDER BY 1, 2, 3
"""


class DocumentKeys:
    """Finds documents that have the keys that the triggers of a table read.

    Args:
        connection: in the transaction of the whole seed.
        proposals: what may be changed.
    """

    def __init__(self, connection: Connection, proposals: Proposals) -> None:
        self._connection = connection
        self._proposals = proposals
        self._table = proposals.table
        sources = "\n".join(trigger.source for trigger in self._table.triggers if trigger.on_insert)
        self._keys = {key: kind.lower() for key, kind in _KEY.findall(sources)}
        self._compared = {key: _LITERAL.findall(literals) for key, literals in _COMPARED.findall(sources)}

    def rows(self, row: Row, number: int) -> Iterator[Row]:
        """Propose rows in the place of one.

        Args:
            row: the row.
            number: of the row.

        Returns:
            Rows whose documents have all keys that texts are read from, or all keys, and one value after another for
            each: what the trigger compares it with, labels of an enum, what columns of its name reference.
        """
        for name in columns_of_triggers(self._table) if self._keys else ():
            of_json = self._table.column(name).type.name in JSON
            # What is left to a default is not in the row.
            document = row.get(name, {})
            if not (of_json and isinstance(document, dict) and self._proposals.may_complete(name)):
                continue
            missing = {key: kind for key, kind in self._keys.items() if key not in document}
            values = {key: self._values(key, kind, number) for key, kind in missing.items()}
            texts = {key: values[key][0] for key, kind in missing.items() if kind in _TEXTS}
            everything = {key: found[0] for key, found in values.items() if found}
            for added in (texts, everything):
                if added:
                    yield {**row, name: {**document, **added}}
                for key, found in values.items():
                    for value in found if added else ():
                        yield {**row, name: {**document, **added, key: value}}

    def _text(self, key: str, number: int) -> Any:
        column = Column(key, _TEXT)
        source = value_source(Table(self._table.name, (column,)), column, ColumnFacts())
        faker = drawing(Random(f"{key} {number}"))  # noqa: S311 nothing secret
        return source.choose(faker, {}) if source is not None else key

    def _values(self, key: str, kind: str, number: int) -> Sequence[Any]:
        if key in self._compared:
            return self._compared[key]
        if kind in _TEXTS:
            return (self._text(key, number),)
        if kind in _PLAIN:
            return _PLAIN[kind]
        labels = [label for (label,) in fetch(self._connection, sql.SQL(_LABELS), [kind])]
        if labels:
            return labels[:_MOST]
        return [value for found in self._referenced(key) for value in found[number % len(found) :][:1]]

    def _referenced(self, key: str) -> Iterator[list[str]]:
        """The values that columns of the key's name can reference."""
        for schema, table, column in fetch(self._connection, sql.SQL(_REFERENCED), [key]):
            query = sql.SQL("SELECT {}::text FROM {} ORDER BY 1 LIMIT 100")
            places = (sql.Identifier(column), relation(TableName(schema, table)))
            found = [value for (value,) in fetch(self._connection, query.format(*places))]
            if found:
                yield found
