"""What there is to ask PostgreSQL about the given values of a table, and what its answers mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg2 import sql

from pytest_supaseed.oracle import questions
from pytest_supaseed.planning.choices import GivenChoices
from pytest_supaseed.planning.reachable import ReachableKeys
from pytest_supaseed.planning.sources import ColumnSource
from pytest_supaseed.reflection.definitions import definition
from pytest_supaseed.schema import Check, Exclusion, ForeignKey, UniqueKey


@dataclass(frozen=True)
class Question:
    """Something to ask.

    Attributes:
        asked: an expression of a SELECT.
        columns: that it is about.
        judge: what is wrong, by what PostgreSQL answers.
        failed: what is wrong if it cannot answer, by what it says instead.
        parts: the same for one value each, to find out for which of them it cannot answer.
        reading: whether it asks if the values are any of their type: else there is nothing more to ask.
    """

    asked: sql.Composable
    columns: frozenset[str]
    judge: Callable[[Any], list[str]]
    failed: Callable[[str], list[str]] = lambda said: []
    parts: tuple[Question, ...] = ()
    reading: bool = False


def reading(given: GivenChoices) -> Iterator[Question]:
    """Ask whether types and domains read the values.

    Args:
        given: the values.
    """
    for source in given.columns:
        values = [choice for choice in given.choices(source) if choice is not None]
        if values:
            yield _reading(given, source, values, [_reading(given, source, [value]) for value in values])


def _reading(
    given: GivenChoices, source: ColumnSource, values: Sequence[Any], parts: Sequence[Question] = ()
) -> Question:
    name = source.column.name
    return Question(
        questions.reads(source.column, values),
        frozenset((name,)),
        lambda answer: [],
        lambda said: [
            f"{given.row({name: values[0]})}: PostgreSQL says: {said}: give another value{given.origin([name])}"
        ],
        tuple(parts),
        reading=True,
    )


def checking(given: GivenChoices, check: Check) -> Iterator[Question]:
    """Ask whether a CHECK accepts the values of its columns.

    Args:
        given: the values.
        check: of the table, or what its partitions take.
    """
    rows = given.combinations(check.columns)
    # Of two lists nobody knows which of their combinations will be dealt.
    several = sum(len(given.choices(given.by_name[name])) > 1 for name in check.columns) > 1
    if rows:
        parts = [_checking(given, check, [row]) for row in rows] if len(rows) > 1 and not several else ()
        yield _checking(given, check, rows, several=several, parts=parts)


def _checking(
    given: GivenChoices,
    check: Check,
    rows: Sequence[Mapping[str, Any]],
    *,
    several: bool = False,
    parts: Sequence[Question] = (),
) -> Question:
    them, others = ("it", "another value") if len(check.columns) == 1 else ("them", "others")
    name = f"{check.name} CHECK ({check.text})"
    ending = f": give {others}{given.origin(check.columns)}"

    def judge(answer: Sequence[bool]) -> list[str]:
        refused = [row for row, holds in zip(rows, answer, strict=True) if not holds]
        if several and len(refused) < len(rows):
            return []
        shown = [given.what(check.columns)] if several and refused else map(given.row, refused)
        each = "each combination of " if several else ""
        if check.partitions:
            return [f"{row}: no partition takes {each}{them}{ending}" for row in shown]
        return [f"{row}: {name} refuses {each}{them}{ending}" for row in shown]

    return Question(
        questions.holds(given.table, check.expression, rows),
        frozenset(check.columns),
        judge,
        lambda said: [] if several else [f"{given.row(rows[0])}: {name}: PostgreSQL says: {said}{ending}"],
        tuple(parts),
    )


def differing(given: GivenChoices, key: UniqueKey, new: int, present: int) -> Iterator[Question]:
    """Ask whether a unique key leaves as many rows as there will be new ones.

    Args:
        given: the values.
        key: of the table.
        new: how many rows will be made.
        present: how many are there.
    """
    index = definition(key.definition)
    columns = index.columns(given.table) if index else ()
    rows = given.combinations(columns) if given.has(columns) else []
    if index is not None and rows:
        yield Question(
            questions.distinct_keys(given.table, index, rows, nulls_distinct=key.nulls_distinct),
            frozenset(columns),
            lambda most: (
                [given.too_few(key, columns, most, new, present)] if most is not None and most < new else []
            ),
        )


def apart(given: GivenChoices, exclusion: Exclusion, new: int) -> Iterator[Question]:
    """Ask whether an EXCLUDE constraint lets two of the rows be together.

    Args:
        given: the values.
        exclusion: of the table.
        new: how many rows will be made.
    """
    found = definition(exclusion.definition)
    columns = found.columns(given.table) if found else ()
    rows = given.combinations(columns) if given.has(columns) and new > 1 else []
    if found is not None and rows:
        message = (
            f"{given.what(columns)} for {new} rows: {exclusion.name} {exclusion.definition} lets only one row have "
            "them: give a function that takes (faker, row), or leave one of them out"
        )
        yield Question(
            questions.excluded(given.table, found, rows),
            frozenset(columns),
            lambda answer: [message + given.origin(columns)] if answer else [],
        )


def referencing(given: GivenChoices, foreign_key: ForeignKey, keys: ReachableKeys) -> Iterator[Question]:
    """Ask whether the rows that values reference are there, or will be.

    Args:
        given: the values.
        foreign_key: of the table.
        keys: what can be referenced beside the rows that are there.
    """
    own = foreign_key.columns
    rows = given.combinations(own)
    several = sum(len(given.choices(given.by_name[name])) > 1 for name in own) > 1
    them, others = ("it", "a value") if len(own) == 1 else ("them", "values")

    def judge(answer: Sequence[bool]) -> list[str]:
        return [
            f"{given.row(row)}: {foreign_key.name} references {', '.join(foreign_key.referenced_columns)} of "
            f"{foreign_key.referenced}, and no row there will have {them}{keys.text}: give {others} that a row has, "
            f"or leave {', '.join(own)} out{given.origin(own)}"
            for row, there in zip(rows, answer, strict=True)
            if not there and not keys.has(tuple(row[name] for name in own))
        ]

    if rows and not several:
        yield Question(questions.references_something(given.table, foreign_key, rows), frozenset(own), judge)
