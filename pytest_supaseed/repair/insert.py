"""Insertion of rows, with others tried in the place of those that PostgreSQL refuses.

Begin with :func:`insert_solved`: rows are copied in batches, a refused batch is narrowed down to the refused
row, and replacements for this row are tried one after another, each in a savepoint. :class:`Agreement` and
:class:`DocumentKeys` propose replacements from the source code of the table's triggers,
:class:`~pytest_supaseed.repair.propose.Proposals` proposes all others.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain, islice, permutations, takewhile
from random import Random
from typing import Any
from uuid import UUID

import psycopg2
from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.constraints.functions import columns_of_triggers, values_of_triggers
from pytest_supaseed.errors import WriteError
from pytest_supaseed.model.schema import Check, Column, ForeignKey, Table, TableName
from pytest_supaseed.model.type_families import TEXT, is_json
from pytest_supaseed.reflection.queries import Key, fetch, fetch_exact, printed, relation, types_of
from pytest_supaseed.reflection.queries import names as quoted
from pytest_supaseed.repair.adjusting import Adjustment
from pytest_supaseed.repair.climbing import Climb, Surroundings
from pytest_supaseed.repair.evaluate import Evaluation
from pytest_supaseed.repair.moves import Position
from pytest_supaseed.repair.propose import Hints, Proposals
from pytest_supaseed.repair.signing_in import Memberships
from pytest_supaseed.repair.solve import all_checks, reads_table, resolved
from pytest_supaseed.repair.validation import insert_validated
from pytest_supaseed.rows.cells import Block, Generated, Plain
from pytest_supaseed.rows.steps import Row
from pytest_supaseed.rows.unique import UniqueRows
from pytest_supaseed.values.column import value_source
from pytest_supaseed.values.types.pgtype import random_alone
from pytest_supaseed.writing.refusals import RefusedRowError

_PLAIN_TYPES = (str, int, Decimal, date, UUID)
_COLUMNS = """
SELECT a.attname::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE (n.nspname, c.relname) = (%s, %s) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
# Compared as texts: two columns of the same name may differ in type.
_SAME = sql.SQL("{}::text = %s::text")


class Agreement:
    """Proposes rows whose columns agree with the columns of the same name in the rows that they reference.

    Triggers may demand this, as that an item's subcategory belongs to its category. Only column names that
    occur in the source code of the table's triggers are considered.

    Args:
        connection: in the transaction of the whole seed, in which the referenced rows have been written.
    """

    def __init__(self, connection: Connection, proposals: Proposals) -> None:
        self._connection = connection
        self._proposals = proposals
        self._table = proposals.table
        self._columns: dict[TableName, list[str]] = {}
        sources = " ".join(trigger.source for trigger in proposals.table.triggers if trigger.on_insert)
        self._words = set(re.findall(r"\w+", sources.lower()))

    def rows(self, row: Row, number: int) -> Iterator[Row]:
        """Propose replacements for a row.

        Args:
            number: of the row, which selects among the rows that it may reference.

        Returns:
            First rows with other references, then rows with the values of the rows that they reference; none
            where the table has no trigger on INSERT.
        """
        if not self._words:
            return
        keys = [
            key
            for key in self._table.foreign_keys
            if len(key.columns) == 1 and row.get(key.columns[0]) is not None
        ]
        shared = {key: self._shared(key, row) for key in keys}
        unbound = [key for key in keys if self._proposals.may_change(key.columns)]
        referencing = {name for key in self._table.foreign_keys for name in key.columns}
        for wanted in (referencing, {*row}):
            changed = dict(row)
            for key in unbound:
                names = [name for name in shared[key] if name in wanted]
                changed.update(self._present_reference(key, changed, names, number) if names else {})
            if changed != row:
                yield changed
        for key, other in permutations(keys, 2):
            for name in self._common(key, other) if key in unbound else ():
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
        """The columns of a table whose names occur in the triggers."""
        if table not in self._columns:
            found = fetch(self._connection, sql.SQL(_COLUMNS), (table.schema, table.name))
            self._columns[table] = [name for (name,) in found if name.lower() in self._words]
        return self._columns[table]

    def _shared(self, key: ForeignKey, row: Row) -> list[str]:
        """The row's columns that the referenced table has as well."""
        own = {*self._table.primary_key, *key.columns}
        return [
            name
            for name in self._of(key.referenced)
            if name not in own and isinstance(row.get(name), _PLAIN_TYPES)
        ]

    def _common(self, key: ForeignKey, other: ForeignKey) -> list[str]:
        """The columns, other than the referenced ones, that two referenced tables have in common."""
        keys = {*key.referenced_columns, *other.referenced_columns}
        there = {*self._of(other.referenced)} - keys
        return (
            [name for name in self._of(key.referenced) if name in there]
            if key.referenced != other.referenced
            else []
        )

    def _present_reference(self, key: ForeignKey, row: Row, names: list[str], number: int) -> Row:
        """A reference to a row with this row's values in some columns; empty where there is none."""
        same = sql.SQL(" AND ").join(_SAME.format(sql.Identifier(name)) for name in names)
        types = types_of(self._table, key.columns[:1])
        column = sql.Identifier(key.referenced_columns[0])
        query = sql.SQL("SELECT {3} FROM {1} WHERE {2} AND {0} IS NOT NULL ORDER BY {0}").format(
            column, relation(key.referenced), same, printed(types[0], column)
        )
        found = fetch_exact(self._connection, types, query, [row[name] for name in names])
        return self._reference(key, row, found, number)

    def _beside(self, key: ForeignKey, other: ForeignKey, name: str, row: Row, number: int) -> Row:
        """A reference to a row that shares a column's value with the row that another foreign key references."""
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
        """The values that the referenced row has in some columns."""
        if not names:
            return {}
        same = _SAME.format(sql.Identifier(key.referenced_columns[0]))
        query = sql.SQL("SELECT {} FROM {} WHERE {}").format(quoted(names), relation(key.referenced), same)
        for values in fetch(self._connection, query, [row[key.columns[0]]]):
            return {
                name: value
                for name, value in zip(names, values, strict=True)
                if isinstance(value, _PLAIN_TYPES)
            }
        return {}


# data ->> 'key', and the type of a cast around it or around NULLIF(data ->> 'key', '').
_KEY = re.compile(r"""->>\s*'(\w+)'(?:\s*,\s*'[^']*')?[\s)]*(?:::\s*(?:"?\w+"?\.)?"?(\w+)"?)?""")
_COMPARED = re.compile(
    r"->>\s*'(\w+)'[\s)]*(?:NOT\s+IN|IN|=|<>|!=)\s*\(?((?:\s*'[^']+'\s*,?)+)", re.IGNORECASE
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
        column = Column(key, TEXT)
        source = value_source(Table(self._table.name, (column,)), column, ValueDomain())
        faker = random_alone(Random(f"{key} {number}"))  # noqa: S311 nothing secret
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
        """The values of each column that columns of the key's name reference."""
        for schema, table, column in fetch(self._connection, sql.SQL(_REFERENCED), [key]):
            query = sql.SQL("SELECT {}::text FROM {} ORDER BY 1 LIMIT 100")
            places = (sql.Identifier(column), relation(TableName(schema, table)))
            found = [value for (value,) in fetch(self._connection, query.format(*places))]
            if found:
                yield found


# Rows per COPY.
_BATCH = 100
# Replacements from one source of proposals.
ATTEMPTS = 150
# Users that are signed in, one after another, for a refused row.
_USERS = 5
# Replacements for one row, after which hill climbing comes first for the next one.
_MOST_UNGUIDED = 20
# Replacements in all for one row.
MOST = 3_000


def insert_solved(
    connection: Connection,
    proposals: Proposals,
    rows: Sequence[Row],
    unique: UniqueRows,
    surroundings: Surroundings,
) -> Mapping[str, int]:
    """Insert rows, with others in the place of those that PostgreSQL refuses.

    Args:
        connection: in the transaction of the whole seed.
        rows: the rows, as the CHECKs accept them.
        unique: the unique keys, with all rows added.
        surroundings: what else the seed consists of.

    Returns:
        By column that has a sequence, the number farthest along it.

    Raises:
        WriteError: PostgreSQL refuses a row and each of its replacements.
    """
    return _Rows(connection, proposals, rows, unique, surroundings).insert()


class _Rows:
    def __init__(
        self,
        connection: Connection,
        proposals: Proposals,
        rows: Sequence[Row],
        unique: UniqueRows,
        surroundings: Surroundings,
    ) -> None:
        self._connection = connection
        self._proposals = proposals
        self._rows = rows
        self._unique = unique
        self._sign_in = surroundings.sign_in
        self._table = proposals.table
        self._evaluation = Evaluation(connection, proposals.table)
        self._agreement = Agreement(connection, proposals)
        self._document_keys = DocumentKeys(connection, proposals)
        self._adjustment = Adjustment(connection, proposals, self._evaluation)
        # Whether the last row was adjusted: the next one follows it.
        self._adjusting = False
        # How users are found for a refused row, what has helped last first.
        self._ways = [self._members, self._anybody, self._elsewhere]
        self._climb = Climb(connection, surroundings, proposals)
        # Others that were tried in the place of the last row that was replaced.
        self._tried = 0
        # Whether that was a row which agrees with those that it references.
        self._agreed = False

    def insert(self) -> Mapping[str, int]:
        """Insert the rows, in batches as large as PostgreSQL accepts."""
        reached: dict[str, int] = {}
        at = 0
        batch = _BATCH
        replaced = -1
        while at < len(self._rows):
            adjusted = self._adjusted(at) if self._adjusting else None
            if adjusted is not None:
                _note(self._table, reached, adjusted)
                at += 1
                continue
            part = _alike(self._rows[at : at + batch])
            try:
                _note(self._table, reached, self._write(part))
                at += len(part)
                batch = min(_BATCH, 2 * batch) if replaced >= 0 else _BATCH
            except RefusedRowError as refused:
                if len(part) > 1:
                    # The rows before the refused one are accepted; where PostgreSQL names no line, the batch
                    # is halved.
                    batch = max(1, len(part) // 2 if refused.cause.line is None else refused.cause.line - 1)
                    continue
                numbers = self._as_user(part[0], at)
                _note(self._table, reached, self._replace(at, refused) if numbers is None else numbers)
                # Where each row is refused, each is written by itself.
                batch = 1 if replaced == at - 1 else _BATCH
                replaced = at
                at += 1
        return reached

    def _write(self, rows: Sequence[Row]) -> Mapping[str, int]:
        names = tuple(column.name for column in self._table.columns if column.name in rows[0])
        values = tuple(Plain(self._table.column(name), [row[name] for row in rows]) for name in names)
        block = Block(len(rows), values)
        generated = Generated(names, len(rows), lambda: iter([block]), self._proposals.origins)
        proposals = self._proposals
        return insert_validated(self._connection, self._table, generated, proposals.total, proposals.closed)

    def _adjusted(self, at: int) -> Mapping[str, int] | None:
        """Insert a row as the triggers adjust it; None where they leave it alone, or do not accept it either."""
        watched, row = self._unique.watched, self._rows[at]
        for changed in self._adjustment.rows(row):
            self._unique.discard(watched, row)
            if self._unique.clash(watched, changed) is None:
                with suppress(RefusedRowError):
                    reached = self._write([changed])
                    self._unique.add(watched, changed)
                    return reached
            self._unique.add(watched, row)
        return None

    def _as_user(self, row: Row, number: int) -> Mapping[str, int] | None:
        """Insert a row while a user is signed in; None where it is refused for each of a few users."""
        if self._sign_in is None:
            return None
        for way in tuple(self._ways):
            for changed, place, among in way(row, number):
                reached = self._signed_in(row, changed, place, among)
                if reached is not None:
                    # Most rows of a table need the same.
                    self._ways.remove(way)
                    self._ways.insert(0, way)
                    return reached
        return None

    @cached_property
    def _memberships(self) -> Memberships:
        return Memberships(self._connection, self._table)

    def _members(self, row: Row, number: int) -> Iterator[tuple[Row, int, Sequence[Any]]]:
        """The row, and users who belong to what it references."""
        found = self._memberships.of_row(row)
        yield from ((row, number + place, found) for place in range(min(_USERS, len(found))))

    def _anybody(self, row: Row, number: int) -> Iterator[tuple[Row, int, Sequence[Any]]]:
        """The row, and any users."""
        yield from ((row, number + place, ()) for place in range(_USERS))

    def _elsewhere(self, row: Row, number: int) -> Iterator[tuple[Row, int, Sequence[Any]]]:
        """The row with other references, and users who belong to what is referenced then."""
        for changed, user in islice(self._memberships.with_members(row, number), ATTEMPTS):
            names = [name for name in changed if changed[name] != row[name]]
            if names and self._proposals.may_change(names):
                yield changed, 0, [user]

    def _signed_in(
        self, row: Row, changed: Row, number: int, among: Sequence[Any]
    ) -> Mapping[str, int] | None:
        """Insert a row in the place of another one while a user is signed in; None where it is refused."""
        assert self._sign_in is not None  # noqa: S101 for the type checker
        watched = self._unique.watched
        if changed is not row:
            self._unique.discard(watched, row)
            if self._unique.clash(watched, changed) is not None:
                self._unique.add(watched, row)
                return None
        with self._sign_in(self._connection, number, among) as found:
            if found:
                with suppress(RefusedRowError):
                    reached = self._write([changed])
                    if changed is not row:
                        self._unique.add(watched, changed)
                    return reached
        if changed is not row:
            self._unique.add(watched, row)
        return None

    def _replace(self, at: int, refused: RefusedRowError) -> Mapping[str, int]:
        """Insert a replacement for a refused row."""
        if refused.cause.broken:
            raise WriteError(str(refused))
        watched, waiting = self._unique.watched, self._rows[at + 1 :]
        self._unique.discard(watched, self._rows[at])
        tried = 0
        taken: list[Row] = []
        others = islice(self._others(self._rows[at], at, refused), MOST)
        with closing(self._of_later(taken, waiting)) as later:
            for changed in chain(others, later):
                if isinstance(changed, Position):
                    reached = self._write_position(changed)
                    if reached is not None:
                        self._unique.add(watched, changed.row)
                        return reached
                    continue
                if self._unique.clash(watched, changed) is not None:
                    taken.append(changed)
                    continue
                tried += 1
                with suppress(RefusedRowError):
                    reached = self._write([changed])
                    self._unique.add(watched, changed)
                    self._tried = tried
                    self._adjusting = tried == 1
                    return reached
        raise refused.after(tried)

    def _write_position(self, position: Position) -> Mapping[str, int] | None:
        """Insert a row for which others are changed before; None where it is refused."""
        cursor = self._connection.connection.cursor()
        try:
            cursor.execute("SAVEPOINT supaseed_position")
            try:
                for update in position.updates:
                    cursor.execute(update.statement)
                reached = self._write([position.row])
            except (psycopg2.Error, RefusedRowError):
                cursor.execute("ROLLBACK TO SAVEPOINT supaseed_position")
                return None
            finally:
                cursor.execute("RELEASE SAVEPOINT supaseed_position")
            return reached
        finally:
            cursor.close()

    def _climbed(self, row: Row, number: int) -> Iterator[Position]:
        """The row to which hill climbing leads, if there is one."""
        watched = self._unique.watched
        found = self._climb.find(row, number, lambda changed: self._unique.clash(watched, changed) is None)
        if found is not None:
            yield found

    def _of_later(self, taken: Sequence[Row], waiting: Sequence[Row]) -> Generator[Row, None, None]:
        """The clashing replacements again, without the keys of unwritten rows, which are replaced when refused."""
        for row in waiting:
            self._unique.discard(self._unique.watched, row)
        try:
            yield from taken[:ATTEMPTS]
        finally:
            for row in waiting:
                self._unique.add(self._unique.watched, row)

    def _others(self, row: Row, number: int, refused: RefusedRowError) -> Iterator[Row | Position]:
        """The replacements to try for a row, chosen by PostgreSQL's error, the most promising first."""
        table, proposals = self._table, self._proposals
        if refused.cause.inside_trigger:
            yield from self._adjustment.rows(row)
        if self._agreed:
            yield from self._agreement.rows(row, number)
        # The last row took many others, which looking at how far each comes may save.
        climbing = not self._climb.costly and (self._climb.learnt or self._tried > _MOST_UNGUIDED)
        if climbing:
            yield from self._climbed(row, number)
        checks = [check for check in all_checks(table) if check.name == refused.cause.constraint]
        candidates = proposals.by_cases(row, number, checks, ATTEMPTS // 4) if checks else []
        computed = resolved(self._evaluation, table, [(number, candidate) for candidate in candidates])
        yield from (changed for _, changed in computed)
        if refused.cause.inside_trigger:
            yield from self._of_other_cases(row, number)
        if any(reads_table(check, table) for check in checks):
            yield from self._beside_present(row, number, checks)
        columns: Sequence[str] = refused.cause.columns
        for exclusion in table.exclusions:
            if exclusion.name == refused.cause.constraint:
                columns = exclusion.columns
                yield from proposals.disjoint_ranges(row, number, columns, exclusion.definition)
        lookups = self._evaluation.lookups
        looked_up = chain(lookups.of_checks(checks, number), lookups.of_triggers(number))
        for values in islice(looked_up, ATTEMPTS):
            if all(proposals.may_change([name]) for name in values):
                yield {**row, **values}
        hints = Hints(values_of_triggers(table))
        named = [name for name in columns_of_triggers(table) if name in row]
        self._agreed = True
        yield from self._agreement.rows(row, number)
        self._agreed = False
        yield from self._document_keys.rows(row, number)
        if not climbing:
            yield from self._climbed(row, number)
        if not refused.cause.inside_trigger:
            yield from proposals.every_combination(row, number, columns)
        # The columns of the error, those that triggers use, all: a trigger may compute the former from the
        # others.
        for part in (columns or (named if refused.cause.inside_trigger else row), named, row):
            first = 0 if part is not row else ATTEMPTS
            yield from proposals.by_chance(row, number, part, range(first, first + ATTEMPTS // 3), hints)

    def _of_other_cases(self, row: Row, number: int) -> Iterator[Row]:
        """The row in other cases of the table's CHECKs: a trigger may refuse one kind of rows, and take another."""
        for check in all_checks(self._table):
            candidates = self._proposals.by_cases(row, number, [check], ATTEMPTS // 4)
            found = resolved(self._evaluation, self._table, [(number, each) for each in candidates])
            yield from (changed for _, changed in found)

    def _beside_present(self, row: Row, number: int, checks: Sequence[Check]) -> Iterator[Row]:
        """The row with references to other rows of its own table, which a CHECK's function looks at."""
        table = self._table
        concerned = {name for check in checks for name in check.columns}
        for key in table.foreign_keys:
            if key.referenced != table.name or not concerned.intersection(key.columns):
                continue
            if not all(self._proposals.may_change([name]) for name in key.columns):
                continue
            columns = [sql.Identifier(name) for name in key.referenced_columns]
            types = types_of(table, key.columns)
            query = sql.SQL("SELECT {} FROM {} ORDER BY {}").format(
                sql.SQL(", ").join(map(printed, types, columns)),
                relation(table.name),
                sql.SQL(", ").join(columns),
            )
            found = fetch_exact(self._connection, types, query)
            first = number % len(found) if found else 0
            for values in (*found[first:], *found[:first])[:ATTEMPTS]:
                yield {**row, **dict(zip(key.columns, values, strict=True))}


def _alike(rows: Sequence[Row]) -> Sequence[Row]:
    """The first rows, as long as they have values for the same columns."""
    return list(takewhile(lambda row: row.keys() == rows[0].keys(), rows))


def _note(table: Table, reached: dict[str, int], numbers: Mapping[str, int]) -> None:
    for name, number in numbers.items():
        sequence = table.column(name).sequence
        farthest = min if sequence is not None and sequence.increment < 0 else max
        reached[name] = farthest(number, reached.get(name, number))
