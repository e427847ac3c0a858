"""Rows -> database where PostgreSQL refuses some: the others as they are, and something else in the place of these."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from itertools import chain, islice, takewhile

from sqlalchemy import Connection

from pytest_supaseed.errors import WriteError
from pytest_supaseed.generation.cells import Block, Generated, Plain
from pytest_supaseed.generation.keys import UniqueRows
from pytest_supaseed.generation.steps import Row
from pytest_supaseed.oracle.agreeing import Agreement
from pytest_supaseed.oracle.documentkeys import DocumentKeys
from pytest_supaseed.oracle.domains import all_checks
from pytest_supaseed.oracle.proposals import Proposals
from pytest_supaseed.oracle.refusals import RefusedRowError
from pytest_supaseed.oracle.triggers import columns_of_triggers, values_of_triggers
from pytest_supaseed.planning.defaults import SignIn
from pytest_supaseed.schema import Table
from pytest_supaseed.writing.write import insert

# So many rows are written together, and so many are tried in the place of one.
_TOGETHER = 100
ATTEMPTS = 150
_USERS = 5
MOST = 3_000


def insert_solved(
    connection: Connection,
    proposals: Proposals,
    rows: Sequence[Row],
    unique: UniqueRows,
    total: int,
    sign_in: SignIn | None = None,
) -> Mapping[str, int]:
    """Insert rows; try others in the place of those that PostgreSQL refuses.

    Args:
        connection: in the transaction of the whole seed.
        proposals: what may be changed.
        rows: the rows, as the CHECKs accept them.
        unique: watches the unique keys; it has all rows.
        total: the rows that the table will hold, for a message.
        sign_in: signs a user in for what is refused because nobody is; None where nobody can be.

    Returns:
        By column that has a sequence, the number farthest along it.

    Raises:
        WriteError: PostgreSQL refuses a row, and whatever was tried in its place.
    """
    return _Rows(connection, proposals, rows, unique, total, sign_in).insert()


class _Rows:
    def __init__(
        self,
        connection: Connection,
        proposals: Proposals,
        rows: Sequence[Row],
        unique: UniqueRows,
        total: int,
        sign_in: SignIn | None,
    ) -> None:
        self._connection = connection
        self._proposals = proposals
        self._rows = rows
        self._unique = unique
        self._total = total
        self._sign_in = sign_in
        self._table = proposals.table
        self._agreement = Agreement(connection, proposals)
        self._document_keys = DocumentKeys(connection, proposals)

    def insert(self) -> Mapping[str, int]:
        """Insert the rows, as many of them together as go together."""
        reached: dict[str, int] = {}
        at = 0
        together = _TOGETHER
        while at < len(self._rows):
            part = _alike(self._rows[at : at + together])
            try:
                _note(self._table, reached, self._write(part))
                at += len(part)
                together = _TOGETHER
            except RefusedRowError as refused:
                if len(part) > 1:
                    # What is before the row that it names is right; where it names none, half of them may be.
                    together = max(1, len(part) // 2 if refused.line is None else refused.line - 1)
                    continue
                numbers = self._as_somebody(part[0], at)
                _note(self._table, reached, self._replace(at, refused) if numbers is None else numbers)
                at += 1
                together = _TOGETHER
        return reached

    def _write(self, rows: Sequence[Row]) -> Mapping[str, int]:
        names = tuple(column.name for column in self._table.columns if column.name in rows[0])
        values = tuple(Plain(self._table.column(name), [row[name] for row in rows]) for name in names)
        block = Block(len(rows), values)
        generated = Generated(names, len(rows), lambda: iter([block]), self._proposals.origins)
        return insert(self._connection, self._table, generated, self._total)

    def _as_somebody(self, row: Row, number: int) -> Mapping[str, int] | None:
        """Insert a row as it is while a user is signed in; None where it is refused from each of some users."""
        if self._sign_in is None:
            return None
        for place in range(_USERS):
            with self._sign_in(self._connection, number + place) as found:
                if not found:
                    break
                with suppress(RefusedRowError):
                    return self._write([row])
        return None

    def _replace(self, at: int, refused: RefusedRowError) -> Mapping[str, int]:
        """Insert another row in the place of one."""
        if refused.broken:
            raise WriteError(str(refused))
        watched, waiting = self._unique.watched, self._rows[at + 1 :]
        self._unique.discard(watched, self._rows[at])
        tried = 0
        taken: list[Row] = []
        others = islice(self._others(self._rows[at], at, refused), MOST)
        with closing(self._of_later(taken, waiting)) as later:
            for changed in chain(others, later):
                if self._unique.clash(watched, changed) is not None:
                    taken.append(changed)
                    continue
                tried += 1
                with suppress(RefusedRowError):
                    reached = self._write([changed])
                    self._unique.add(watched, changed)
                    return reached
        raise WriteError(_with(refused, tried))

    def _of_later(self, taken: Sequence[Row], waiting: Sequence[Row]) -> Generator[Row, None, None]:
        """What rows have that are not written yet: these will be replaced in their turn."""
        for row in waiting:
            self._unique.discard(self._unique.watched, row)
        try:
            yield from taken[:ATTEMPTS]
        finally:
            for row in waiting:
                self._unique.add(self._unique.watched, row)

    def _others(self, row: Row, number: int, refused: RefusedRowError) -> Iterator[Row]:
        """Rows to try in the place of one, by what PostgreSQL has said of it."""
        table, proposals = self._table, self._proposals
        checks = [check for check in all_checks(table) if check.name == refused.constraint]
        for candidate in proposals.by_branches(row, number, checks, ATTEMPTS // 4) if checks else ():
            if not candidate.assignments:
                yield candidate.row
        columns: Sequence[str] = refused.columns
        for exclusion in table.exclusions:
            if exclusion.name == refused.constraint:
                columns = exclusion.columns
                yield from proposals.apart(row, number, columns, exclusion.definition)
        hints = values_of_triggers(table)
        named = [name for name in columns_of_triggers(table) if name in row]
        yield from self._agreement.rows(row, number)
        yield from self._document_keys.rows(row, number)
        if not refused.inside_trigger:
            yield from proposals.every_combination(row, number, columns)
        # A column that a trigger computes is mended by what it is computed from.
        for part in (columns or (named if refused.inside_trigger else row), named, row):
            yield from proposals.by_chance(
                row, number, part, ATTEMPTS // 3, 0 if part is not row else ATTEMPTS, hints
            )


def _with(refused: RefusedRowError, tried: int) -> str:
    """What PostgreSQL has said, and before the advice how many other rows have been tried."""
    said, advice, rest = str(refused).partition("\n  give ")
    return (
        said
        + (f"\n  nor does it take any of {tried} other rows that were tried" if tried else "")
        + advice
        + rest
    )


def _alike(rows: Sequence[Row]) -> Sequence[Row]:
    """The first rows that have values for the same columns."""
    return list(takewhile(lambda row: row.keys() == rows[0].keys(), rows))


def _note(table: Table, reached: dict[str, int], numbers: Mapping[str, int]) -> None:
    for name, number in numbers.items():
        sequence = table.column(name).sequence
        farthest = min if sequence is not None and sequence.increment < 0 else max
        reached[name] = farthest(number, reached.get(name, number))
