"""Hill climbing towards a row that the functions of triggers and CHECKs accept, by how far each attempt comes.

Neither what a function wants of the row nor by which columns it searches a table has to be read from its text.
:class:`Climb` makes one move at a time (:mod:`pytest_supaseed.repair.moves`) and inserts the row: it has come further
if the error is raised at a later line, or by another function, or after more lookups. Moves that have led to a row are
made first for later rows.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import psycopg2
from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.constraints.functions import tables_read
from pytest_supaseed.model.schema import Schema, Table, TableName
from pytest_supaseed.planning.plan import SignIn, TablePlan
from pytest_supaseed.reflection.catalog import bodies_of
from pytest_supaseed.reflection.queries import fetch, undone
from pytest_supaseed.repair.bindings import Binding, Kind, Move, Position
from pytest_supaseed.repair.moves import Moves
from pytest_supaseed.repair.propose import Proposals
from pytest_supaseed.repair.watching import (
    Counters,
    Observation,
    Watcher,
    insert_statement,
    sequences_put_back,
)
from pytest_supaseed.rows.steps import Row
from pytest_supaseed.writing.read import present
from pytest_supaseed.writing.refusals import Cause

# Attempts for one row, those for one row of a seed that is only tried, those that are many, and those with two moves at
# once from one position.
MOST_ATTEMPTS = 400
FEW_ATTEMPTS = 80
# Those for one row while tables that are looked up have no rows: these are what is missing, most probably.
_WITHOUT_ROWS = 40
_MANY = 50
_MOST_PAIRS = 80
# Searches without success, before none is begun any more.
_MOST_VAIN = 3
# Sequences of moves that are made again, and the values for which each is.
_MOST_PATHS = 3
_MOST_AGAIN = 6
# Moves, one upon the other.
_DEEPEST = 6
_SCANS = "SELECT coalesce(sum(pg_stat_get_xact_numscans(oid)), 0)::bigint FROM unnest('{{{}}}'::oid[]) AS oid"
# Tables, partitions of them, and the indexes of both.
_SCANNED = """
SELECT s.oid::bigint FROM (
    SELECT oid, oid AS owner FROM pg_class WHERE oid >= 16384 AND relkind IN ('r', 'm')
    UNION ALL SELECT indexrelid, indrelid FROM pg_index WHERE indexrelid >= 16384
) AS s
JOIN pg_class t ON t.oid = coalesce(pg_partition_root(s.owner), s.owner)
JOIN pg_namespace n ON n.oid = t.relnamespace WHERE (n.nspname, t.relname) IN ({})
"""
# The innermost function comes first in the context of an error.
_FUNCTION = re.compile(r"^(?:\S+ )?function (?P<name>.*?)(?: line (?P<line>\d+).*)?$")
_WORD = re.compile(r"\w+")
_RETURNS_NULL = re.compile(r"\breturn\s+null\b", re.IGNORECASE)
# What is said of a row that was not inserted without an error.
_DROPPED = "dropped"
_VARYING = re.compile(r"\d+|\"[^\"]*\"|'[^']*'")


@dataclass(frozen=True)
class Outcome:
    """How far an attempt to insert a row has come.

    Attributes:
        accepted: whether the row was inserted.
        itself: whether a constraint of the table, or a type, refuses the row before any function has judged it.
        function: that raised the error, with those that called it; empty for none.
        lines: their lines, the outermost first.
        said: the message, without what varies from row to row.
        scans: how many lookups there were.
        fired: the place of the trigger that raised the error in the order in which they fire; None where it is unknown.
    """

    accepted: bool = False
    itself: bool = False
    function: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    said: str = ""
    scans: int = 0
    fired: int | None = None

    def further(self, before: Outcome) -> bool:
        """Whether this attempt has come further than another one."""
        if self.accepted or before.accepted:
            return self.accepted
        if self.itself:
            return False
        if self.function == before.function:
            return (self.lines, self.scans) > (before.lines, before.scans) or (
                self.lines == before.lines and self.said != before.said
            )
        if self.function[:1] != before.function[:1]:
            # Another trigger, which comes further only if it fires later.
            return self.fired is None or before.fired is None or self.fired > before.fired
        # A function that the other one calls.
        return self.lines[:1] >= before.lines[:1]


def _firing_order(table: Table) -> Mapping[str, int]:
    """Return the place of each trigger function in the order in which the triggers of a new row fire."""
    triggers = [trigger for trigger in table.triggers if trigger.on_insert]
    names = [
        _last_name(trigger.function)
        for trigger in sorted(triggers, key=lambda each: (not each.before, each.deferrable, each.name))
    ]
    # What fires twice tells no place.
    return {name: place for place, name in enumerate(names) if names.count(name) == 1}


def _last_name(function: str) -> str:
    return function.partition("(")[0].rpartition(".")[2].strip('"')


def _texts(kind: Iterable[Any]) -> Iterator[str]:
    """The texts of a kind of moves, those within tuples included."""
    for part in kind:
        if isinstance(part, str):
            yield part
        elif type(part) is tuple:
            yield from _texts(part)


def _named(name: str, words: frozenset[str]) -> bool:
    """Whether words have each word of a column's name."""
    return words.issuperset(_WORD.findall(name.lower()))


# Takes a table, why PostgreSQL has refused one of its rows, and how many others were tried.
Replaced = Callable[[Table, Cause, int], None]


@dataclass(frozen=True)
class Surroundings:
    """What a seed consists of besides the rows of one table.

    Attributes:
        schema: of the database.
        plans: of the tables of the seed, by name.
        sign_in: signs a user in for a refused row, whose trigger may ask for one; None where there are no users.
        unfilled: the tables that get their rows later, and may get them before.
        attempts: that may be made for one row.
        replaced: is told of each refused row in whose place another one was inserted.
        ours: whether the database is one that this package has made, in which triggers may be suspended.
        expired: whether no other rows are tried any more, for a seed that is only tried has taken too long.
    """

    schema: Schema
    plans: Mapping[TableName, TablePlan]
    sign_in: SignIn | None = None
    unfilled: frozenset[TableName] = frozenset()
    attempts: int = MOST_ATTEMPTS
    replaced: Replaced = lambda table, cause, tried: None
    ours: bool = True
    expired: Callable[[], bool] = lambda: False


class LooksUpUnfilledError(Exception):
    """Functions look up tables that get their rows later.

    Args:
        tables: those tables.
        refused: whether a row is refused without their rows.
    """

    def __init__(self, tables: frozenset[TableName], *, refused: bool = False) -> None:
        super().__init__(f"looked up: {', '.join(map(str, sorted(tables)))}")
        self.tables = tables
        self.refused = refused


class Climb:
    """Searches rows of one table.

    Args:
        connection: in the transaction of the whole seed.
        surroundings: what else the seed consists of.
        proposals: those of the table.
    """

    def __init__(self, connection: Connection, surroundings: Surroundings, proposals: Proposals) -> None:
        self._connection = connection
        self._schema = schema = surroundings.schema
        self._plans = plans = surroundings.plans
        self._unfilled = surroundings.unfilled
        self._ours = surroundings.ours
        self._expired = surroundings.expired
        self._table = proposals.table
        self._firing = _firing_order(proposals.table)
        # The words of functions, by name.
        self._bodies: dict[str, frozenset[str]] = {}
        self._watcher = Watcher(connection, schema, proposals.table)
        self._moves = Moves(connection, schema, plans, proposals)
        self._proposals = proposals
        # Kinds of moves that have led to a row, and the tables that were looked up then.
        self._helpful: dict[Kind, None] = {}
        self._tables: set[TableName] = set()
        # Their sequences, the last one first, and the searches that have found nothing.
        self._paths: list[tuple[Kind, ...]] = []
        self._vain = 0
        # The tables that are looked up and have rows.
        self._filled: set[TableName] = set()
        self._most = self._limit = surroundings.attempts
        # Attempts of the last search.
        self._made = 0
        # What was observed last, and of which position; and what of the first row of the last search.
        self._last: tuple[Position, Observation | None] | None = None
        self._first: tuple[Row, Observation | None] | None = None
        # Counts the scans of the tables that are looked up at the first position of a search; all tables take long.
        self._counted: tuple[frozenset[TableName], str] = (frozenset(), "SELECT 0")

    @property
    def learnt(self) -> bool:
        """Whether moves are known that have led to a row."""
        return bool(self._helpful)

    @property
    def lacks_rows(self) -> bool:
        """Whether tables that the last search has looked up have no rows."""
        return self._limit < self._most

    def looked_up(self, row: Row) -> frozenset[TableName] | None:
        """The tables that a row was observed to look up in the last search; None where it was not."""
        if self._first is None or self._first[0] is not row or self._first[1] is None:
            return None
        return self._first[1].looked_up

    @property
    def costly(self) -> bool:
        """Whether the last search took many attempts."""
        return self._made > _MANY

    @property
    def _exhausted(self) -> bool:
        return self._made >= self._limit or self._expired()

    def find(self, row: Row, number: int, free: Callable[[Row], bool]) -> Position | None:
        """Search a row in the place of a refused one.

        Args:
            number: of the row, which selects among values.
            free: whether the unique keys allow a row.

        Returns:
            The row that is accepted, with what has to be changed before; None where none was found.

        Raises:
            LooksUpUnfilledError: functions look up what may be filled before.
        """
        if self._vain >= _MOST_VAIN:
            return None
        self._made, self._limit = 0, self._most
        found = self._again(row, number, free)
        if found is None:
            with sequences_put_back(self._connection):
                first = Position(dict(row))
                self._count_scans(first)
                self._first = row, self._observed(first)
                found = self._from(first, self._attempt(first), (), number, free)
        if found is None:
            self._vain += 1
            return None
        position, path = found
        kinds = tuple(move.kind for move in path)
        self._helpful.update(dict.fromkeys(kinds))
        self._paths = [kinds, *(known for known in self._paths if known != kinds)][:_MOST_PATHS]
        return position

    def _again(
        self, row: Row, number: int, free: Callable[[Row], bool]
    ) -> tuple[Position, tuple[Move, ...]] | None:
        """Make the moves that have led to other rows, without looking how far each comes."""
        for kinds in self._paths:
            for place in range(_MOST_AGAIN):
                position = Position(dict(row))
                path: list[Move] = []
                for kind in kinds:
                    moves = self._moves.of(position, self._tables, number + place, kind.__eq__)
                    reached = ((move, move.of(position)) for move in moves)
                    move, following = next(filter(lambda each: free(each[1].row), reached), (None, position))
                    if move is None:
                        break
                    path.append(move)
                    position = following
                else:
                    # What has changed nothing else for one row, changes nothing else for others.
                    if self._attempt(position).accepted:
                        return position, tuple(path)
        return None

    def _from(
        self,
        position: Position,
        outcome: Outcome,
        path: tuple[Move, ...],
        number: int,
        free: Callable[[Row], bool],
    ) -> tuple[Position, tuple[Move, ...]] | None:
        if outcome.accepted:
            return (position, path) if free(position.row) and self._harmless(position) else None
        if len(path) >= _DEEPEST:
            return None
        single: dict[Kind, Move] = {}
        for move in self._proposed(position, number, outcome):
            if self._exhausted:
                return None
            following = move.of(position)
            if not (self._within(move) and free(following.row)):
                continue
            reached = self._attempt(following)
            if outcome.itself or not reached.itself:
                single.setdefault(move.kind[:3], move)
            if reached.further(outcome):
                found = self._from(following, reached, (*path, move), number, free)
                if found is not None:
                    return found
        return self._two(position, outcome, single, path, number, free)

    def _two(
        self,
        position: Position,
        outcome: Outcome,
        single: Mapping[Kind, Move],
        path: tuple[Move, ...],
        number: int,
        free: Callable[[Row], bool],
    ) -> tuple[Position, tuple[Move, ...]] | None:
        """Make two moves at once, for conditions that are raised in one place.

        The first moves take turns: one of them may have more second moves than are tried in all.
        """
        tried = 0
        turns: deque[tuple[Move, Position, Iterator[Move]]] = deque()
        for first in single.values():
            halfway = first.of(position)
            turns.append((first, halfway, self._proposed(halfway, number, outcome)))
        while turns:
            first, halfway, seconds = turns.popleft()
            second = next(seconds, None)
            if second is None:
                continue
            turns.append((first, halfway, seconds))
            following = second.of(halfway)
            if second.kind[:3] == first.kind[:3] or not (self._within(second) and free(following.row)):
                continue
            tried += 1
            if self._exhausted or tried > _MOST_PAIRS:
                return None
            if self._attempt(following).accepted and self._harmless(following):
                return following, (*path, first, second)
        return None

    def _within(self, move: Move) -> bool:
        """Whether a CHECK of the row cannot refuse the numbers of a move after a BEFORE trigger has accepted them."""
        return all(self._proposals.may_be(name, value) for name, value in move.values.items())

    def _proposed(self, position: Position, number: int, outcome: Outcome) -> Iterator[Move]:
        """The moves from a position: those that have helped other rows, those of which the raising function speaks."""
        helpful = dict(self._helpful)
        if helpful:
            yield from self._moves.of(position, self._tables, number, helpful.__contains__)
        observed = self._observed(position)
        looked_up = tables_read(self._schema, self._table) if observed is None else observed.looked_up
        known = {*self._tables}
        self._tables |= looked_up
        if looked_up & self._unfilled:
            raise LooksUpUnfilledError(looked_up & self._unfilled, refused=True)
        made = frozenset() if observed is None else observed.made
        if any(not self._present(name) for name in looked_up - made - {self._table.name}):
            self._limit = min(self._limit, _WITHOUT_ROWS)
        words = self._words(outcome)
        new = partial(self._new, helpful, words)
        for spoken_of in (True, False) if words else (None,):
            yield from self._moves.of(position, looked_up, number, partial(new, spoken_of), made)
        if not looked_up:
            # It is refused before anything is looked up: by what it references, or by what other rows have been.
            referenced = {key.referenced for key in self._table.foreign_keys}
            yield from self._moves.of(position, known or referenced, number, partial(new, None), made)

    def _new(
        self, helpful: Container[Kind], words: frozenset[str], spoken_of: bool | None, kind: Kind
    ) -> bool:
        """Whether a kind of moves has not helped yet and is spoken of, or is not; None for either."""
        return kind not in helpful and (spoken_of is None or spoken_of == self._spoken_of(kind, words))

    def _words(self, outcome: Outcome) -> frozenset[str]:
        """The words of the innermost function that has raised an error, or of those that may have dropped the row.

        None where it is not known.
        """
        if outcome.said == _DROPPED:
            return self._dropping
        name = _last_name(outcome.function[-1]) if outcome.function else ""
        if name not in self._bodies:
            bodies = [
                trigger.source
                for table in self._schema.tables
                for trigger in table.triggers
                if name and _last_name(trigger.function) == name
            ] or bodies_of(self._connection, [name] if name else [])
            self._bodies[name] = frozenset(word for body in bodies for word in _WORD.findall(body.lower()))
        return self._bodies[name]

    @cached_property
    def _dropping(self) -> frozenset[str]:
        """The words of the table's triggers that may return NULL for a row."""
        return frozenset(
            word
            for trigger in self._table.triggers
            if trigger.on_insert and trigger.before and _RETURNS_NULL.search(trigger.source)
            for word in _WORD.findall(trigger.source.lower())
        )

    def _spoken_of(self, kind: Kind, words: frozenset[str]) -> bool:
        """Whether all columns that a kind of moves is about occur among words."""
        named = {self._table.name, *(part for part in kind if isinstance(part, TableName))}
        columns = {
            column.name
            for name in named
            if self._schema.has_table(name)
            for column in self._schema.table(name).columns
        }
        keys = {key.name: key.columns for key in self._table.foreign_keys}
        about = [name for part in _texts(kind) for name in keys.get(part, (part,)) if name in columns]
        # Of what the row references, what other references than those which are spoken of lead to.
        led_by = {name for part in kind if isinstance(part, Binding) for _, name in part.first.pairs}
        references = {name for columns in keys.values() for name in columns if _named(name, words)}
        return all(_named(name, words) for name in about) and (not references or led_by <= references)

    def _present(self, name: TableName) -> bool:
        """Whether a table that is looked up has a row, as far as the schema has it."""
        if name in self._filled or not self._schema.has_table(name) or present(self._connection, name):
            self._filled.add(name)
        return name in self._filled

    def _observed(self, position: Position) -> Observation | None:
        if self._last is None or self._last[0] is not position:
            with undone(self._connection):
                for update in position.updates:
                    update.make(self._connection, ours=self._ours)
                # The search puts the sequences back at its end.
                self._last = position, self._watcher.watch(position.row, put_back=False)
        return self._last[1]

    def _count_scans(self, position: Position) -> None:
        """Count the scans of what is looked up at a position from now on."""
        observed = self._observed(position)
        tables = tables_read(self._schema, self._table) | (observed.looked_up if observed else frozenset())
        if tables != self._counted[0]:
            query = sql.SQL(_SCANNED).format(
                sql.SQL(", ").join(
                    sql.SQL("({}, {})").format(sql.Literal(name.schema), sql.Literal(name.name))
                    for name in sorted(tables)
                )
            )
            found = fetch(self._connection, query) if tables else []
            self._counted = tables, _SCANS.format(",".join(str(oid) for (oid,) in found))

    def _attempt(self, position: Position) -> Outcome:
        """Insert a row and take it back."""
        self._made += 1
        cursor = self._connection.connection.cursor()
        error, returned = None, None
        try:
            cursor.execute("SAVEPOINT supaseed_attempt")
            try:
                fitting = self._fit(position)
                cursor.execute(self._counted[1])
                [[before]] = cursor.fetchall()
                if fitting:
                    cursor.execute(insert_statement(self._table, position.row))
                    returned = cursor.fetchone()
            except psycopg2.Error as raised:
                error = raised
            cursor.execute(
                "ROLLBACK TO SAVEPOINT supaseed_attempt; RELEASE SAVEPOINT supaseed_attempt; "
                + self._counted[1]
            )
            [[after]] = cursor.fetchall()
        finally:
            cursor.close()
        if error is not None:
            return self._refused(error, after - before, position.row)
        if not fitting:
            return Outcome(itself=True)
        return (
            Outcome(accepted=True) if returned is not None else Outcome(said=_DROPPED, scans=after - before)
        )

    def _fit(self, position: Position) -> bool:
        """Change the rows that are looked up; return whether each change has found its row."""
        for update in position.updates:
            try:
                if update.make(self._connection, ours=self._ours) != 1:
                    return False
            except psycopg2.Error:
                return False
        return True

    def _refused(self, error: psycopg2.Error, scans: int, row: Row) -> Outcome:
        context = (error.diag.context or "").splitlines()
        calls = [match for line in reversed(context) if (match := _FUNCTION.match(line))]
        said = error.diag.message_primary or ""
        for value in sorted(
            {str(value) for value in row.values() if value is not None}, key=len, reverse=True
        ):
            said = said.replace(value, "") if len(value) > 1 else said
        said = _VARYING.sub("", said)
        if not calls:
            constraint = error.diag.constraint_name or error.diag.column_name or ""
            return Outcome(itself=True, said=f"{error.pgcode} {constraint}", scans=scans)
        return Outcome(
            function=tuple(match["name"] for match in calls),
            lines=tuple(int(match["line"] or 0) for match in calls),
            said=said,
            scans=scans,
            fired=self._firing.get(_last_name(calls[0]["name"])),
        )

    def _harmless(self, position: Position) -> bool:
        """Whether changes of other rows change nothing else that the seed has asked for."""
        if not position.updates:
            return True
        counters = Counters(self._connection)
        with undone(self._connection):
            for update in position.updates:
                update.make(self._connection, ours=self._ours)
            done = counters.since()
        changed = {update.table for update in position.updates}
        return not any(
            (name in self._plans and (activity.inserted or activity.deleted))
            or (name not in changed and activity.updated)
            for name, activity in done.items()
        )
