"""Insertion of rows, with others tried in the place of those that PostgreSQL refuses.

Begin with :func:`insert_solved`: rows are copied in batches, a refused batch is narrowed down to the refused
row, and replacements for this row are tried one after another, each in a savepoint. :class:`Agreement` and
:mod:`pytest_supaseed.repair.documents` propose replacements from the source code of the table's triggers,
:class:`~pytest_supaseed.repair.propose.Proposals` proposes all others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property, partial
from itertools import chain, islice, permutations, takewhile
from math import inf
from typing import Any
from uuid import UUID

import psycopg2
from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.clock import monotonic
from pytest_supaseed.constraints.functions import columns_of_triggers, reads_row, values_of_triggers
from pytest_supaseed.constraints.insertions import called_names
from pytest_supaseed.errors import WriteError
from pytest_supaseed.model.references import can_be_null_in
from pytest_supaseed.model.schema import Check, ForeignKey, Table, TableName
from pytest_supaseed.reflection.catalog import bodies_of
from pytest_supaseed.reflection.queries import (
    Key,
    fetch,
    fetch_exact,
    printed,
    relation,
    savepoint,
    types_of,
    undone,
)
from pytest_supaseed.reflection.queries import names as quoted
from pytest_supaseed.repair.adjusting import Adjustment, orders
from pytest_supaseed.repair.bindings import Position
from pytest_supaseed.repair.climbing import Climb, Surroundings
from pytest_supaseed.repair.documents import DocumentKeys, NestedDocuments
from pytest_supaseed.repair.evaluate import Evaluation
from pytest_supaseed.repair.lookups import read_by_functions
from pytest_supaseed.repair.patience import Patience
from pytest_supaseed.repair.propose import Hints, Proposals, rotated
from pytest_supaseed.repair.signing_in import Memberships
from pytest_supaseed.repair.solve import all_checks, hints_in, reads_table, resolved
from pytest_supaseed.repair.validation import insert_validated
from pytest_supaseed.rows.cells import Block, Generated, Plain
from pytest_supaseed.rows.steps import Row
from pytest_supaseed.rows.unique import UniqueRows
from pytest_supaseed.writing.refusals import RefusedRowError

_PLAIN_TYPES = (str, int, Decimal, date, UUID)
_COLUMNS = """
SELECT a.attname::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE (n.nspname, c.relname) = (%s, %s) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
# Compared as texts: two columns of the same name may differ in type.
_SAME = sql.SQL("{}::text = (%s)::text")


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
        referencing = self._table.referencing
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
            "WHERE o.{other_key}::text = (%s)::text AND r.{key} IS NOT NULL ORDER BY r.{key}"
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


# Rows per COPY.
_BATCH = 100
# Replacements from one source of proposals.
ATTEMPTS = 150
_OF_OTHERS = 8
# Users that are signed in, one after another, for a refused row.
_USERS = 5
# Replacements for one row, after which hill climbing comes first for the next one.
_MOST_UNGUIDED = 20
# Replacements in all for one row, and the seconds in which they are tried: triggers may be slow.
MOST = 3_000
MOST_SECONDS = 15.0


def insert_solved(
    connection: Connection,
    proposals: Proposals,
    rows: Sequence[Row],
    unique: UniqueRows,
    surroundings: Surroundings,
    refused: RefusedRowError | None = None,
) -> Mapping[str, int]:
    """Insert rows, with others in the place of those that PostgreSQL refuses.

    Args:
        connection: in the transaction of the whole seed.
        rows: the rows, as the CHECKs accept them.
        unique: the unique keys, with all rows added.
        surroundings: what else the seed consists of.
        refused: PostgreSQL's error when these very rows were inserted; None where they were not.

    Returns:
        By column that has a sequence, the number farthest along it.

    Raises:
        WriteError: PostgreSQL refuses a row and each of its replacements.
    """
    return _Rows(connection, proposals, rows, unique, surroundings).insert(refused)


def in_order(
    connection: Connection, proposals: Proposals, rows: Sequence[Row], refused: RefusedRowError | None
) -> Sequence[Row]:
    """Return rows in the order in which the triggers of their table accept most of them.

    A trigger may compare each row with those before it, as one that wants later numbers in later rows. Tried are the
    orders of the columns that the triggers which refuse a row compare.

    Args:
        refused: PostgreSQL's error when the rows were inserted as they were made; None where they were not.
    """
    others = [*orders(proposals.table, rows)] if refused is None or refused.cause.inside_trigger else []
    best, accepted = rows, 0
    for ordered in (rows, *others) if others else ():
        try:
            with undone(connection):
                _write(connection, proposals, ordered)
            return ordered
        except RefusedRowError as again:
            if (again.cause.line or 1) > accepted:
                best, accepted = ordered, again.cause.line or 1
    return best


def _write(connection: Connection, proposals: Proposals, rows: Sequence[Row]) -> Mapping[str, int]:
    """Insert rows with values for the same columns, in one COPY."""
    table = proposals.table
    names = tuple(column.name for column in table.columns if column.name in rows[0])
    values = tuple(Plain(table.column(name), [row[name] for row in rows]) for name in names)
    block = Block(len(rows), values)
    generated = Generated(names, len(rows), lambda: iter([block]), proposals.origins)
    return insert_validated(connection, table, generated, proposals.total, proposals.closed)


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
        self._nested = NestedDocuments(self._document_keys, proposals)
        self._adjustment = Adjustment(connection, proposals, self._evaluation, ours=surroundings.ours)
        # Whether the last row was adjusted: the next one follows it.
        self._adjusting = False
        # How users are found for a refused row, what has helped last first.
        self._ways = [self._members, self._of_looked_up, self._anybody, self._elsewhere]
        self._schema = surroundings.schema
        # The tables that the functions which have refused the last row read.
        self._read: frozenset[TableName] = frozenset()
        # Until when others are tried in the place of the present row.
        self._until = inf
        self._surroundings_expired = surroundings.expired
        self._climb = Climb(connection, replace(surroundings, expired=self._expired), proposals)
        self._replaced = surroundings.replaced
        self._ours = surroundings.ours
        # Others that were tried in the place of the last row that was replaced.
        self._tried = 0
        # Which source of replacements that one came from.
        self._helped = ""
        # A row that was inserted.
        self._accepted: Row = {}

    def insert(self, known: RefusedRowError | None) -> Mapping[str, int]:
        """Insert the rows, in batches as large as PostgreSQL accepts.

        Args:
            known: PostgreSQL's error when all of them were inserted at once; None where they were not.
        """
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
                if known is not None:
                    raised, known = known, None
                    raise raised
                _note(self._table, reached, self._write(part))
                self._accepted = part[-1]
                at += len(part)
                batch = min(_BATCH, 2 * batch) if replaced >= 0 else _BATCH
            except RefusedRowError as refused:
                line = refused.cause.line
                if len(part) > 1 and line != 1:
                    # The rows before the refused one are accepted; where PostgreSQL names no line, the batch
                    # is halved.
                    batch = max(1, len(part) // 2 if line is None else min(_BATCH, line - 1))
                    continue
                if self._sign_in is not None:
                    self._read = read_by_functions(self._connection, self._schema, refused)
                numbers = self._as_user(part[0], at)
                _note(self._table, reached, self._replace(at, refused) if numbers is None else numbers)
                # Where each row is refused, each is written by itself.
                batch = 1 if replaced == at - 1 else _BATCH
                replaced = at
                at += 1
        return reached

    def _write(self, rows: Sequence[Row]) -> Mapping[str, int]:
        return _write(self._connection, self._proposals, rows)

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

    def _of_looked_up(self, row: Row, number: int) -> Iterator[tuple[Row, int, Sequence[Any]]]:
        """The row, and users of tables that functions look up without anything of the row."""
        found = self._memberships.of_tables(self._read) if self._read else []
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
        self._until = monotonic() + MOST_SECONDS
        patience = Patience(refused, row_matters=_row_matters(self._table, refused))
        taken: list[Row] = []
        sources = self._sources(self._rows[at], at, refused)
        with closing(self._of_later(taken, waiting)) as later:
            names, proposed = [*sources, ""], islice(patience.rows((*sources.values(), lambda: later)), MOST)
            for changed in takewhile(lambda _: not self._expired(), proposed):
                if isinstance(changed, Position):
                    reached = self._write_position(changed)
                    if reached is not None:
                        self._helped = ""
                        self._unique.add(watched, changed.row)
                        self._replaced(self._table, refused.cause, patience.tried + 1)
                        return reached
                    continue
                if self._unique.clash(watched, changed) is not None:
                    taken.append(changed)
                    continue
                try:
                    reached = self._write([changed])
                except RefusedRowError as again:
                    patience.refused(again)
                    if self._climb.lacks_rows:
                        patience.rows_are_missing()
                    continue
                self._unique.add(watched, changed)
                self._accepted = changed
                helped = names[patience.source]
                # What chance has found tells nothing of the next row.
                self._helped = "" if helped.startswith("by chance") else helped
                self._tried = patience.tried + 1
                self._replaced(self._table, refused.cause, self._tried)
                self._adjusting = not patience.tried
                return reached
        looked_up = self._climb.looked_up(self._rows[at])
        seconds = MOST_SECONDS if monotonic() >= self._until else None
        raise refused.after(patience.tried, self._proposals.present + at, looked_up, seconds)

    def _expired(self) -> bool:
        """Whether no other rows are tried any more."""
        return monotonic() >= self._until or self._surroundings_expired()

    def _write_position(self, position: Position) -> Mapping[str, int] | None:
        """Insert a row for which others are changed before; None where it is refused."""
        with suppress(psycopg2.Error, RefusedRowError), savepoint(self._connection):
            for update in position.updates:
                update.make(self._connection, ours=self._ours)
            return self._write([position.row])
        return None

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

    def _sources(
        self, row: Row, number: int, refused: RefusedRowError
    ) -> Mapping[str, Callable[[], Iterable[Row | Position]]]:
        """The replacements to try for a row, chosen by PostgreSQL's error, the most promising first."""
        table, proposals, inside = self._table, self._proposals, refused.cause.inside_trigger
        checks = [check for check in all_checks(table) if check.name == refused.cause.constraint]
        columns: Sequence[str] = refused.cause.columns
        exclusions = [each for each in table.exclusions if each.name == refused.cause.constraint]
        columns = exclusions[0].columns if exclusions else columns
        named = [name for name in columns_of_triggers(table) if name in row]
        first = columns or (named if inside else [*row])
        # Chance need not try again what it has tried; numbers of a sequence tell nothing.
        free = {name for name in row if self._may_change(name) and table.column(name).sequence is None}
        computed = any(key.name == refused.cause.constraint and key.expression for key in table.uniques)
        chance = partial(proposals.by_chance, row, number)
        few = ATTEMPTS // 3
        # Where it is known which columns a trigger reads, the others hardly matter.
        last = few if not named else _OF_OTHERS
        sources: dict[str, Callable[[], Iterable[Row | Position]] | None] = {
            "adjusted": partial(self._adjustment.rows, row) if inside else None,
            "by cases": partial(self._by_cases, row, number, checks),
            "of other cases": partial(self._of_other_cases, row, number) if inside else None,
            "beside present": partial(self._beside_present, row, number, checks),
            **{
                f"within {each.name}": partial(
                    proposals.disjoint_ranges, row, number, each.columns, each.definition
                )
                for each in exclusions
            },
            "looked up": partial(self._looked_up, row, number, checks),
            "agreeing": partial(self._agreement.rows, row, number),
            "keys in documents": partial(self._document_keys.rows, row, number),
            "documents": partial(self._nested.rows, row, number),
            "climbed": partial(self._climbed, row, number),
            "combined": None if inside else partial(proposals.every_combination, row, number, columns),
            "earlier": partial(proposals.earlier, row, number, columns) if computed else None,
            "by patterns": partial(proposals.by_patterns, row, number, self._hints),
            # The columns of the error, those that triggers use, all: a trigger may compute the former from the others.
            "by chance": partial(chance, first, range(few), self._hints),
            "as accepted": partial(self._as_accepted, row, named) if inside else None,
            "emptied": partial(self._emptied, row, named) if inside else None,
            "by chance for triggers": partial(chance, named, range(few), self._hints)
            if not free.intersection(named) <= {*first}
            else None,
            "by chance in all": partial(chance, [*row], range(ATTEMPTS, ATTEMPTS + last), self._hints)
            if not free <= {*first}
            else None,
        }
        # The last row took many others, which looking at how far each comes may save.
        climbing = not self._climb.costly and (self._climb.learnt or self._tried > _MOST_UNGUIDED)
        # What has helped the last row comes first for the next one.
        promising = ("adjusted", self._helped, "climbed" if climbing else "adjusted")
        order = dict.fromkeys((*filter(sources.__contains__, promising), *sources))
        return {name: source for name in order if (source := sources[name]) is not None}

    @cached_property
    def _hints(self) -> Hints:
        """What the triggers, and the functions that they call, compare columns with."""
        sources = " ".join(trigger.source for trigger in self._table.triggers if trigger.on_insert)
        bodies = bodies_of(self._connection, called_names(sources))
        found = hints_in("\n".join(bodies), self._table, columns_of_triggers(self._table))
        values = values_of_triggers(self._table)
        return Hints(
            {
                name: (*values.get(name, ()), *found.values.get(name, ()))
                for name in {**values, **found.values}
            },
            found.patterns,
        )

    def _by_cases(self, row: Row, number: int, checks: Sequence[Check]) -> Iterator[Row]:
        candidates = self._proposals.by_cases(row, number, checks, ATTEMPTS // 4) if checks else []
        computed = resolved(
            self._evaluation, self._proposals, [(number, candidate) for candidate in candidates]
        )
        yield from (changed for _, changed in computed)

    def _looked_up(self, row: Row, number: int, checks: Sequence[Check]) -> Iterator[Row]:
        """The row with values that the functions of CHECKs and triggers look up in other tables."""
        lookups = self._evaluation.lookups
        for values in islice(chain(lookups.of_checks(checks, number), lookups.of_triggers(number)), ATTEMPTS):
            if all(self._proposals.may_change([name]) for name in values):
                yield {**row, **values}

    def _of_other_cases(self, row: Row, number: int) -> Iterator[Row]:
        """The row in other cases of the table's CHECKs: a trigger may refuse one kind of rows, and take another."""
        for check in all_checks(self._table):
            candidates = self._proposals.by_cases(row, number, [check], ATTEMPTS // 4)
            found = resolved(self._evaluation, self._proposals, [(number, each) for each in candidates])
            yield from (changed for _, changed in found)

    def _as_accepted(self, row: Row, named: Sequence[str]) -> Iterator[Row]:
        """The row with the references of a row that was inserted, and with what triggers read of it."""
        referencing = [name for key in self._table.foreign_keys for name in key.columns]
        for names in (referencing, [*referencing, *named]):
            given = {
                name: self._accepted[name]
                for name in names
                if name in self._accepted and self._may_change(name)
            }
            if {**row, **given} != row:
                yield {**row, **given}

    def _emptied(self, row: Row, named: Sequence[str]) -> Iterator[Row]:
        """The row without what need not be there of what triggers read; of all where their text names no column."""
        empty = {
            name: None
            for name in named or row
            if row[name] is not None and can_be_null_in(self._table, name) and self._may_change(name)
        }
        if empty:
            yield {**row, **empty}

    def _may_change(self, name: str) -> bool:
        return self._proposals.may_change([name])

    def _beside_present(self, row: Row, number: int, checks: Sequence[Check]) -> Iterator[Row]:
        """The row with references to other rows of its own table, which a CHECK's function looks at."""
        table = self._table
        checks = [check for check in checks if reads_table(check, table)]
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
            for values in rotated(found, number)[:ATTEMPTS]:
                yield {**row, **dict(zip(key.columns, values, strict=True))}


def _row_matters(table: Table, refused: RefusedRowError) -> bool:
    """Whether the values of a refused row may be the reason, by the text of the triggers that refuse it."""
    deciding = [trigger for trigger in table.triggers if trigger.name in refused.cause.triggers]
    return not deciding or any(map(reads_row, deciding))


def _alike(rows: Sequence[Row]) -> Sequence[Row]:
    """The first rows, as long as they have values for the same columns."""
    return list(takewhile(lambda row: row.keys() == rows[0].keys(), rows))


def _note(table: Table, reached: dict[str, int], numbers: Mapping[str, int]) -> None:
    for name, number in numbers.items():
        sequence = table.column(name).sequence
        farthest = min if sequence is not None and sequence.increment < 0 else max
        reached[name] = farthest(number, reached.get(name, number))
