"""Rows -> database where PostgreSQL refuses some: the others as they are, and something else in the place of these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, takewhile

from sqlalchemy import Connection

from pytest_supaseed.errors import WriteError
from pytest_supaseed.generation.cells import Block, Generated, Plain
from pytest_supaseed.generation.keys import UniqueRows
from pytest_supaseed.generation.steps import Row
from pytest_supaseed.oracle.domains import all_checks
from pytest_supaseed.oracle.proposals import Proposals
from pytest_supaseed.oracle.refusals import RefusedRowError
from pytest_supaseed.oracle.triggers import columns_of_triggers, values_of_triggers
from pytest_supaseed.schema import Table
from pytest_supaseed.writing.write import insert

# So many rows are written together, and so many are tried in the place of one.
_TOGETHER = 100
ATTEMPTS = 150
MOST = 3_000


def insert_solved(
    connection: Connection, proposals: Proposals, rows: Sequence[Row], unique: UniqueRows, total: int
) -> Mapping[str, int]:
    """Insert rows; try others in the place of those that PostgreSQL refuses.

    Args:
        connection: in the transaction of the whole seed.
        proposals: what may be changed.
        rows: the rows, as the CHECKs accept them.
        unique: watches the unique keys; it has all rows.
        total: the rows that the table will hold, for a message.

    Returns:
        By column that has a sequence, the number farthest along it.

    Raises:
        WriteError: PostgreSQL refuses a row, and whatever was tried in its place.
    """
    table = proposals.table
    reached: dict[str, int] = {}
    at = 0
    together = _TOGETHER
    while at < len(rows):
        part = _alike(rows[at : at + together])
        try:
            _note(table, reached, insert(connection, table, _generated(proposals, part), total))
            at += len(part)
            together = _TOGETHER
        except RefusedRowError as refused:
            if len(part) > 1:
                # What is before the row that it names is right; where it names none, half of them may be.
                together = max(1, len(part) // 2 if refused.line is None else refused.line - 1)
                continue
            _note(table, reached, _replace(connection, proposals, part[0], at, unique, total, refused))
            at += 1
            together = _TOGETHER
    return reached


def _replace(
    connection: Connection,
    proposals: Proposals,
    row: Row,
    number: int,
    unique: UniqueRows,
    total: int,
    refused: RefusedRowError,
) -> Mapping[str, int]:
    table = proposals.table
    if refused.broken:
        raise WriteError(str(refused))
    unique.discard(unique.watched, row)
    tried = 0
    for changed in islice(_others(proposals, row, number, refused), MOST):
        if unique.clash(unique.watched, changed) is not None:
            continue
        tried += 1
        try:
            reached = insert(connection, table, _generated(proposals, [changed]), total)
        except RefusedRowError:
            continue
        unique.add(unique.watched, changed)
        return reached
    raise WriteError(_with(refused, tried))


def _with(refused: RefusedRowError, tried: int) -> str:
    """What PostgreSQL has said, and before the advice how many other rows have been tried."""
    said, advice, rest = str(refused).partition("\n  give ")
    return (
        said
        + (f"\n  nor does it take any of {tried} other rows that were tried" if tried else "")
        + advice
        + rest
    )


def _others(proposals: Proposals, row: Row, number: int, refused: RefusedRowError) -> Iterator[Row]:
    """Rows to try in the place of one, by what PostgreSQL has said of it."""
    table = proposals.table
    checks = [check for check in all_checks(table) if check.name == refused.constraint]
    for candidate in proposals.by_branches(row, number, checks, ATTEMPTS // 4) if checks else ():
        if not candidate.assignments:
            yield candidate.row
    columns: Sequence[str] = refused.columns
    for exclusion in table.exclusions:
        if exclusion.name == refused.constraint:
            columns = exclusion.columns
            yield from proposals.apart(row, number, columns, exclusion.definition)
    if not refused.inside_trigger:
        yield from proposals.every_combination(row, number, columns)
    hints = values_of_triggers(table)
    named = [name for name in columns_of_triggers(table) if name in row]
    # A column that a trigger computes is mended by what it is computed from.
    for part in (columns or (named if refused.inside_trigger else row), named, row):
        yield from proposals.by_chance(
            row, number, part, ATTEMPTS // 3, 0 if part is not row else ATTEMPTS, hints
        )


def _alike(rows: Sequence[Row]) -> Sequence[Row]:
    """The first rows that have values for the same columns."""
    return list(takewhile(lambda row: row.keys() == rows[0].keys(), rows))


def _generated(proposals: Proposals, rows: Sequence[Row]) -> Generated:
    table = proposals.table
    names = tuple(column.name for column in table.columns if column.name in rows[0])
    block = Block(len(rows), tuple(Plain(table.column(name), [row[name] for row in rows]) for name in names))
    return Generated(names, len(rows), lambda: iter([block]), proposals.origins)


def _note(table: Table, reached: dict[str, int], numbers: Mapping[str, int]) -> None:
    for name, number in numbers.items():
        sequence = table.column(name).sequence
        farthest = min if sequence is not None and sequence.increment < 0 else max
        reached[name] = farthest(number, reached.get(name, number))
