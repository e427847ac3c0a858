"""Values that the functions of CHECKs and triggers look up in other tables, for rows that are refused.

A function may want a row of another table that has one of this row's values, without a foreign key between them:
``SELECT EXISTS (SELECT FROM area WHERE code = $1)``. :class:`LookedUp` reads what is there, and proposes it;
:func:`read_by_functions` tells which tables the functions read that have refused a row, and :func:`judging_texts` is
all that decides about a row, whose words tell which columns may matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.constraints.functions import Lookup, functions_named, lookups_in, tables_in
from pytest_supaseed.model.schema import Check, Schema, Table, TableName
from pytest_supaseed.reflection.catalog import bodies_of
from pytest_supaseed.reflection.queries import (
    Key,
    as_text,
    fetch,
    fetch_accepted,
    printed,
    relation,
    types_of,
)
from pytest_supaseed.repair.propose import rotated
from pytest_supaseed.writing.refusals import RefusedRowError

# Rows of a table that is looked into.
_MOST = 200
_COLUMNS = """
SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = to_regclass(%s) AND a.attnum > 0 AND NOT a.attisdropped
"""
_VIEWS = """
SELECT c.relname::text, pg_get_viewdef(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ORDER BY 1, 2
"""
_WORD = re.compile(r"\w+")
_CALL = re.compile(r'(\w+)"?\s*\(')
_WRITTEN = re.compile(r'\b(insert\s+into|update)\s+(?:only\s+)?(?:"?\w+"?\s*\.\s*)?"?(\w+)', re.IGNORECASE)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
# Statements that are put together at run time, and a row that is passed on or compared as a whole.
_HIDDEN = re.compile(r"\bexecute\b|\bspi_|\bplpy\.|\bplv8\.|\bnatural\b", re.IGNORECASE)
_LOOKS_UP = re.compile(r"(?<!\bdistinct\s)\b(?:from|join)\b", re.IGNORECASE)
_WHOLE = re.compile(r'(?<!\breturn\s)\bnew\b(?!\s*\.\s*["\w])', re.IGNORECASE)


@dataclass(frozen=True)
class JudgingTexts:
    """The texts that decide whether a row of a table is accepted, without comments.

    Attributes:
        direct: the bodies of the table's triggers, its CHECKs that call functions, and all that these call.
        indirect: the queries of views that they name, the triggers that fire as they write to other tables, and what
            these call in turn.
    """

    direct: tuple[str, ...]
    indirect: tuple[str, ...] = ()

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of all texts, in lower case."""
        return frozenset(
            word.lower() for text in (*self.direct, *self.indirect) for word in _WORD.findall(text)
        )

    @cached_property
    def name_own(self) -> bool:
        """Whether the columns of the row that matter are among the words.

        Example:
            >>> JudgingTexts(("IF new.day < t.starts THEN RAISE 'early'; END IF; RETURN new;",)).name_own
            True
            >>> JudgingTexts(("PERFORM FROM rates WHERE row = to_jsonb(new);",)).name_own
            False
        """
        return all(
            text.strip() and not _HIDDEN.search(text) and not _WHOLE.search(text) for text in self.direct
        )

    @cached_property
    def name_others(self) -> bool:
        """Whether the columns that matter of rows which are looked up are among the words.

        Example:
            >>> JudgingTexts(("EXECUTE format('SELECT FROM %I', tg_argv[0])",)).name_others
            False
        """
        return self.name_own and not any(
            _HIDDEN.search(text) and _LOOKS_UP.search(text) for text in self.indirect
        )


def judging_texts(connection: Connection, schema: Schema, table: Table) -> JudgingTexts:
    """Return the texts that decide whether a row of a table is accepted."""
    checks = (*table.checks, *(check for column in table.columns for check in column.type.checks))
    direct = [trigger.source for trigger in table.triggers if trigger.on_insert]
    direct += [text for check in checks if check.called for text in (check.expression, check.called)]
    direct = [_COMMENT.sub(" ", text) for text in direct]
    called: set[str] = set()

    def with_called(texts: list[str]) -> None:
        for text in texts:  # The list grows while it is read.
            calls = set(_CALL.findall(text)) - called
            called.update(calls)
            texts += [_COMMENT.sub(" ", body) for body in bodies_of(connection, calls) if body]

    with_called(direct)
    views = fetch(connection, sql.SQL(_VIEWS))
    indirect: list[str] = []
    known: set[tuple[str, str]] = set()
    for text in chain(direct, indirect):  # The second list grows while it is read.
        words = set(_WORD.findall(text))
        fired = {(name, event.split()[0].lower()) for event, name in _WRITTEN.findall(text)}
        more = [body for name, body in views if name in words and (name, "") not in known]
        more += [
            _COMMENT.sub(" ", trigger.source)
            for other in schema.tables
            for trigger in other.triggers
            for event in ("insert", "update")
            if (other.name.name, event) in fired - known
            and (trigger.on_insert if event == "insert" else trigger.on_update)
            # The others of the table are among the direct ones.
            and not (other.name == table.name and trigger.on_insert)
        ]
        known |= {(name, "") for name in words} | fired
        with_called(more)
        indirect += more
    return JudgingTexts(tuple(direct), tuple(indirect))


def read_by_functions(
    connection: Connection, schema: Schema, refused: RefusedRowError
) -> frozenset[TableName]:
    """The tables that the functions which have refused a row read, by the text of those that triggers call.

    PostgreSQL counts no scan of an index for NULL, as of the user who is not signed in.
    """
    bodies = bodies_of(connection, functions_named(refused.said))
    return frozenset(name for body in bodies for name in tables_in(schema, body))


class LookedUp:
    """Proposes values that functions look up.

    Args:
        connection: in the transaction of the whole seed, in which the tables that are looked into have been written.
        table: the table whose rows are refused.
    """

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection = connection
        self._table = table
        self._columns: dict[str, frozenset[str]] = {}
        self._values: dict[tuple[str, tuple[tuple[str, str], ...]], list[Key]] = {}

    def of_checks(self, checks: Sequence[Check], number: int) -> Iterator[Mapping[str, Any]]:
        """Propose values for the columns of CHECKs that call functions.

        Args:
            number: of the row, which selects among the values.

        Returns:
            Values by column, of one row of the table that is looked into.
        """
        for check in checks:
            for lookup in lookups_in(check.called) if check.called else ():
                yield from self._of(lookup, check.columns, number)

    def of_present_rows(self, checks: Sequence[Check], number: int) -> Iterator[Mapping[str, Any]]:
        """Propose values that CHECKs which call functions accept already: those of present rows, and of the default."""
        for check in checks:
            if check.called and check.columns:
                pairs = tuple((name, name) for name in check.columns)
                yield from self._rows(as_text(relation(self._table.name)), pairs, number)
                default = self._table.column(check.columns[0]).default
                if len(check.columns) == 1 and default and "nextval(" not in default:
                    types = types_of(self._table, check.columns)
                    query = sql.SQL("SELECT {}").format(printed(types[0], sql.SQL(f"({default})")))
                    for (value,) in fetch_accepted(self._connection, types, query):
                        yield {check.columns[0]: value}

    def of_triggers(self, number: int) -> Iterator[Mapping[str, Any]]:
        """Propose values for the columns that INSERT triggers compare with those of other tables."""
        for trigger in self._table.triggers:
            for lookup in lookups_in(trigger.source) if trigger.on_insert else ():
                yield from self._of(lookup, (), number)

    def _of(self, lookup: Lookup, parameters: Sequence[str], number: int) -> Iterator[Mapping[str, Any]]:
        there = self._there(lookup.table)
        named = {
            own: column for column, own in lookup.pairs if column in there and self._table.has_column(own)
        }
        if named:
            yield from self._rows(lookup.table, tuple((column, own) for own, column in named.items()), number)
        unnamed = dict.fromkeys(column for column, own in lookup.pairs if column in there and not own)
        if len(unnamed) == len(parameters) > 1:
            yield from self._rows(lookup.table, tuple(zip(unnamed, parameters, strict=True)), number)
        for column in unnamed:
            for own in parameters:
                yield from self._rows(lookup.table, ((column, own),), number)

    def _there(self, name: str) -> frozenset[str]:
        """The columns of a table, as its name stands in a function; none where there is no such table."""
        if name not in self._columns:
            self._columns[name] = frozenset(
                column for (column,) in fetch(self._connection, sql.SQL(_COLUMNS), [name])
            )
        return self._columns[name]

    def _rows(
        self, name: str, pairs: tuple[tuple[str, str], ...], number: int
    ) -> Iterator[Mapping[str, Any]]:
        if (name, pairs) not in self._values:
            self._values[name, pairs] = self._read(name, pairs)
        for values in rotated(self._values[name, pairs], number):
            yield {own: value for (_, own), value in zip(pairs, values, strict=True)}

    def _read(self, name: str, pairs: tuple[tuple[str, str], ...]) -> list[Key]:
        columns = [sql.Identifier(column) for column, _ in pairs]
        types = types_of(self._table, [own for _, own in pairs])
        [(quoted,)] = fetch(self._connection, sql.SQL("SELECT to_regclass(%s)::text"), [name])
        query = sql.SQL("SELECT DISTINCT {} FROM {} WHERE {} ORDER BY {} LIMIT {}").format(
            sql.SQL(", ").join(map(printed, types, columns)),
            # regclass has quoted the name.
            sql.SQL(quoted),
            sql.SQL(" AND ").join(sql.SQL("{} IS NOT NULL").format(column) for column in columns),
            sql.SQL(", ").join(sql.SQL(str(place)) for place in range(1, len(pairs) + 1)),
            sql.Literal(_MOST),
        )
        return fetch_accepted(self._connection, types, query)
