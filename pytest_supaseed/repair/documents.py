"""JSON, hstore and XML documents that have what the triggers of a table read in them, by the text of their functions.

:class:`DocumentKeys` proposes them for rows that are refused: in columns of these types, and in texts that a trigger
casts to them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from random import Random
from typing import Any
from xml.etree import ElementTree

from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.constraints.functions import columns_of_triggers
from pytest_supaseed.model.schema import Column, Table, TableName
from pytest_supaseed.model.type_families import TEXT, is_hstore, is_json, is_text, is_xml
from pytest_supaseed.reflection.queries import fetch, relation
from pytest_supaseed.repair.propose import Proposals, rotated
from pytest_supaseed.rows.steps import Row
from pytest_supaseed.values.column import value_source
from pytest_supaseed.values.types.pgtype import random_alone

# data ->> 'key', and the type of a cast around it or around NULLIF(data ->> 'key', '').
_KEY = re.compile(r"""->>\s*'(\w+)'(?:\s*,\s*'[^']*')?[\s)]*(?:::\s*(?:"?\w+"?\.)?"?(\w+)"?)?""")
_COMPARED = re.compile(
    r"->>\s*'(\w+)'[\s)]*(?:NOT\s+IN|IN|=|<>|!=)\s*\(?((?:\s*'[^']+'\s*,?)+)", re.IGNORECASE
)
# SELECT ... FROM table WHERE column = new.data -> 'outer' ->> 'key', or the other way round.
_IN_DOCUMENT = r"\(*\s*(?:new\.)?\w+\s*(?:->\s*'\w+'\s*)*->>\s*'(?P<{0}>\w+)'"
_LOOKED_UP = re.compile(
    r"\bfrom\s+(?:only\s+)?(?P<table>(?:\w+\.)?\w+)\b(?:(?!\bfrom\b)[^;])*?(?:"
    rf"\b(?P<column>\w+)\s*(?:::\s*\w+\s*)?=\s*{_IN_DOCUMENT.format('key')}"
    rf"|{_IN_DOCUMENT.format('first')}[\s)]*(?:::\s*\w+\s*)?=\s*(?:\w+\.)?(?P<second>\w+))",
    re.IGNORECASE,
)
_LITERAL = re.compile(r"'([^']+)'")
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
_HAS_COLUMN = """
SELECT a.attrelid::regclass::text FROM pg_attribute a
WHERE a.attrelid = to_regclass(%s) AND a.attname = %s AND a.attnum > 0 AND NOT a.attisdropped
"""
# The columns that foreign keys of a column of this name reference, in any table.
_REFERENCED = """
SELECT DISTINCT n.nspname::text, r.relname::text, k.attname::text
FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
JOIN pg_attribute k ON k.attrelid = c.confrelid AND k.attnum = c.confkey[1]
JOIN pg_class r ON r.oid = c.confrelid JOIN pg_namespace n ON n.oid = r.relnamespace
WHERE c.contype = 'f' AND cardinality(c.conkey) = 1 AND a.attname = %s ORDER BY 1, 2, 3
"""


class DocumentKeys:
    """Proposes JSON documents that have the keys that the triggers of a table read.

    Args:
        connection: in the transaction of the whole seed.
    """

    def __init__(self, connection: Connection, proposals: Proposals) -> None:
        self._connection = connection
        self._proposals = proposals
        self._table = proposals.table
        sources = "\n".join(trigger.source for trigger in self._table.triggers if trigger.on_insert)
        self._keys = {key: kind.lower() for key, kind in _KEY.findall(sources)}
        self._compared = {key: _LITERAL.findall(literals) for key, literals in _COMPARED.findall(sources)}
        self._looked_up = {
            found["key"] or found["first"]: (found["table"], (found["column"] or found["second"]).lower())
            for found in _LOOKED_UP.finditer(sources)
        }

    def rows(self, row: Row, number: int) -> Iterator[Row]:
        """Propose replacements for a row.

        Args:
            number: of the row, which selects among values.

        Returns:
            Rows whose documents have all keys that are read as text, then rows with all keys; then one value
            after another for each key: literals that the trigger compares it with, labels of an enum, values
            of the columns that columns of the key's name reference.
        """
        for name in columns_of_triggers(self._table) if self._keys else ():
            of_json = is_json(self._table.column(name).type)
            # A column that is left to its server default is not in the row.
            document = row.get(name, {})
            if not (of_json and isinstance(document, dict) and self._proposals.may_complete(name)):
                continue
            missing = {key: kind for key, kind in self._keys.items() if key not in document}
            values = {key: self.values(key, kind, number) for key, kind in missing.items()}
            texts = {key: values[key][0] for key, kind in missing.items() if kind in _TEXTS}
            everything = {key: found[0] for key, found in values.items() if found}
            for added in (texts, everything):
                if added:
                    yield {**row, name: {**document, **added}}
                for key, found in values.items():
                    for value in found if added else ():
                        yield {**row, name: {**document, **added, key: value}}

    def _text(self, key: str, number: int) -> Any:
        column = Column(key, TEXT)
        source = value_source(Table(self._table.name, (column,)), column, ValueDomain())
        faker = random_alone(Random(f"{key} {number}"))  # noqa: S311 nothing secret
        return source.choose(faker, {}) if source is not None else key

    def values(self, key: str, kind: str, number: int) -> Sequence[Any]:
        """Return values for a key.

        Args:
            kind: the type that the trigger casts the value to, in lower case; empty for a text.
            number: of the row, which selects among values.
        """
        if key in self._compared:
            return self._compared[key]
        if key in self._looked_up:
            there = self._there(*self._looked_up[key])
            if there:
                return rotated(there, number)[:_MOST]
        if kind in _TEXTS:
            return (self._text(key, number),)
        if kind in _PLAIN:
            return _PLAIN[kind]
        labels = [label for (label,) in fetch(self._connection, sql.SQL(_LABELS), [kind])]
        if labels:
            return labels[:_MOST]
        return [value for found in self._referenced(key) for value in found[number % len(found) :][:1]]

    def _there(self, table: str, column: str) -> list[Any]:
        """The values of a column that is looked up, as texts; none where there is no such column."""
        query = sql.SQL(_HAS_COLUMN)
        for (found,) in fetch(self._connection, query, [table, column]):
            # regclass has quoted the name.
            values = sql.SQL("SELECT DISTINCT {0}::text FROM {1} WHERE {0} IS NOT NULL ORDER BY 1 LIMIT 100")
            rows = fetch(self._connection, values.format(sql.Identifier(column), sql.SQL(found)))
            return [value for (value,) in rows]
        return []

    def _referenced(self, key: str) -> Iterator[list[str]]:
        """The values of each column that columns of the key's name reference."""
        for schema, table, column in fetch(self._connection, sql.SQL(_REFERENCED), [key]):
            query = sql.SQL("SELECT {}::text FROM {} ORDER BY 1 LIMIT 100")
            places = (sql.Identifier(column), relation(TableName(schema, table)))
            found = [value for (value,) in fetch(self._connection, query.format(*places))]
            if found:
                yield found


# The keys that follow a variable or a column: data -> 'user' ->> 'email', and the type of a cast behind them.
_CHAIN = re.compile(
    r"""(?P<base>\w+)(?:\s*::\s*\w+)?[\s)]*(?P<keys>(?:->>?\s*'\w+'[\s)]*)+)(?:::\s*(?:"?\w+"?\.)?"?(?P<type>\w+)"?)?"""
)
_STEP = re.compile(r"->>?\s*'(\w+)'")
_AT_PATH = re.compile(r"#>>?\s*'\{([\w,\s]+)\}'")
_HAS_KEY = re.compile(r"\?\s*'(\w+)'")
_HAS_KEYS = re.compile(r"\?[&|]\s*(?:array\s*)?[\[{(]+([^\])}]+)", re.IGNORECASE)
_ASSIGNED = re.compile(r"\b(\w+)\s+(?:\w+\s*)?:=\s*(?:new\.)?(\w+)[^;]*?((?:->\s*'\w+'\s*)+);", re.IGNORECASE)
_OF_ARRAY = re.compile(
    r"(?:jsonb?_array_length|jsonb?_array_elements(?:_text)?)\s*\([^;]*?((?:->\s*'\w+'\s*)+)\)"
    r"|jsonb?_typeof\s*\([^;]*?((?:->\s*'\w+'\s*)+)\)\s*(?:=|<>|!=|is\s+distinct\s+from)\s*'array'",
    re.IGNORECASE,
)
_XPATH = re.compile(r"\b(?:xpath|xpath_exists|xpath_string|xmlexists)\s*\(\s*'([^']+)'", re.IGNORECASE)
_XPATH_STEP = re.compile(r"(//?)(@?[\w-]+)(?:\[[^\]]*\])?(?![\w(])")
_ROOT = "document"


class NestedDocuments:
    """Proposes whole documents with everything that the triggers of a table read in them.

    Args:
        keys: gives the values of keys.
        proposals: of the table.
    """

    def __init__(self, keys: DocumentKeys, proposals: Proposals) -> None:
        self._keys = keys
        self._proposals = proposals
        self._table = proposals.table
        self._source = "\n".join(trigger.source for trigger in self._table.triggers if trigger.on_insert)

    def rows(self, row: Row, number: int) -> Iterator[Row]:
        """Propose a replacement for a row: each document in it has what the triggers read.

        Args:
            number: of the row, which selects among values.
        """
        changed = dict(row)
        for name in columns_of_triggers(self._table):
            column = self._table.column(name)
            if column.type.array or not self._proposals.may_complete(name):
                continue
            before = row.get(name)
            if is_json(column.type) or is_hstore(column.type):
                found = self._document(number)
                if found and is_hstore(column.type):
                    changed[name] = {key: str(value) for key, value in found.items()}
                elif found:
                    changed[name] = _merged(before, found) if isinstance(before, dict) else found
            elif is_text(column.type) and self._is_cast(name, "jsonb?"):
                changed[name] = json.dumps(self._document(number))
            elif is_xml(column.type) or (is_text(column.type) and self._is_cast(name, "xml")):
                changed[name] = self._xml(number)
        if changed != row:
            yield changed

    def _is_cast(self, name: str, kind: str) -> bool:
        """Whether a trigger casts a column to a type, or parses it as one, within a declaration or elsewhere."""
        column = rf'new\.(?:"{re.escape(name)}"|{re.escape(name)}\b)'
        cast = (
            rf"{column}\s*\)?\s*::\s*{kind}\b|cast\s*\(\s*{column}\s+as\s+{kind}\b"
            rf"|xmlparse\s*\(\s*(?:document|content)\s+{column}|\b{kind}\s*:=\s*{column}"
        )
        if kind != "xml":
            cast = cast.replace(r"|xmlparse\s*\(\s*(?:document|content)\s+" + column, "")
        return re.search(cast, self._source, re.IGNORECASE) is not None

    def _document(self, number: int) -> dict[str, Any]:
        document: dict[str, Any] = {}
        within = {
            variable.lower(): tuple(_STEP.findall(keys))
            for variable, _, keys in _ASSIGNED.findall(self._source)
        }
        for found in _CHAIN.finditer(self._source):
            path = (*within.get(found["base"].lower(), ()), *_STEP.findall(found["keys"]))
            kind = (found["type"] or "").lower()
            last = found["keys"].rstrip(" )").rpartition("->")[2]
            whole = not last.startswith(">")
            self._set(document, path, {} if whole and not kind else self._value(path[-1], kind, number))
        for keys in _AT_PATH.findall(self._source):
            path = tuple(key.strip() for key in keys.split(","))
            self._set(document, path, self._value(path[-1], "", number))
        listed = [key for keys in _HAS_KEYS.findall(self._source) for key in re.findall(r"\w+", keys)]
        for key in (*_HAS_KEY.findall(self._source), *listed):
            if key not in document:
                document[key] = self._value(key, "", number)
        element = {key: value for key, value in document.items() if not isinstance(value, (dict, list))}
        for matched in _OF_ARRAY.finditer(self._source):
            self._set(document, tuple(_STEP.findall(matched[1] or matched[2])), [element], whole=True)
        return document

    def _value(self, key: str, kind: str, number: int) -> Any:
        return next(iter(self._keys.values(key, kind, number)), key)

    @staticmethod
    def _set(document: dict[str, Any], path: Sequence[str], value: Any, *, whole: bool = False) -> None:
        *outer, key = path
        for name in outer:
            inner = document.get(name)
            if not isinstance(inner, dict):
                inner = document[name] = {}
            document = inner
        if whole or key not in document or document[key] == {}:
            document[key] = value

    def _xml(self, number: int) -> str:
        """A document with the elements and attributes of the XPath expressions; each has a number as its text."""
        paths = [_XPATH_STEP.findall(path) for path in _XPATH.findall(self._source)]
        absolute = [steps[0][1] for steps in paths if steps and steps[0][0] == "/"]
        root = ElementTree.Element(absolute[0] if absolute else _ROOT)
        for steps in paths:
            place = root
            for at, (_, name) in enumerate(steps):
                if name.startswith("@"):
                    place.set(name[1:], str(number + 1))
                elif at or name != root.tag:
                    inner = place.find(name)
                    place = ElementTree.SubElement(place, name) if inner is None else inner
            if place is not root and not len(place):
                place.text = str(number + 1)
        return ElementTree.tostring(root, encoding="unicode")


def _merged(document: Mapping[str, Any], added: Mapping[str, Any]) -> dict[str, Any]:
    """A document with other keys; those of both keep the first one's value, unless both have objects."""
    result = deepcopy(dict(document))
    for key, value in added.items():
        known = result.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            result[key] = _merged(known, value)
        else:
            result.setdefault(key, value)
    return result
