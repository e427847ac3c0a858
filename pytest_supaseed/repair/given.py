"""What there is to ask PostgreSQL about the given values of a table, and what its answers mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg2
from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.constraints.triggers import assigned_by_triggers
from pytest_supaseed.model.schema import Check, Exclusion, ForeignKey, UniqueKey
from pytest_supaseed.planning.overrides import GivenChoices
from pytest_supaseed.planning.plan import SeedPlan, TablePlan
from pytest_supaseed.planning.reachable import ReachableKeys, reachable_keys
from pytest_supaseed.planning.sources import ColumnSource
from pytest_supaseed.reflection.catalog import definition
from pytest_supaseed.repair.evaluate import (
    distinct_keys,
    excluded,
    holds_in_rows,
    reads,
    references_something,
)
from pytest_supaseed.writing.read import next_number


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
        reads(source.column, values),
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
        holds_in_rows(given.table, check.expression, rows),
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
            distinct_keys(given.table, index, rows, nulls_distinct=key.nulls_distinct),
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
            excluded(given.table, found, rows),
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
        yield Question(references_something(given.table, foreign_key, rows), frozenset(own), judge)


def refused_values(connection: Connection, plan: SeedPlan) -> list[str]:
    """Ask PostgreSQL about the values that a marker or a generator gives for columns.

    Their types and domains have to read them; CHECKs all of whose columns are given have to accept them; unique
    keys and EXCLUDE constraints have to leave as many rows as are asked for; and what they reference has to be
    there, as far as that is known before. What a trigger assigns is not judged.

    Args:
        connection: to the database; its transaction is left as it was.
        plan: whose values are asked about.

    Returns:
        A message for each value, or combination, that PostgreSQL does not take.
    """
    return [
        problem
        for table_plan in plan.tables
        for problem in _answered(connection, list(_questions(connection, plan, table_plan)))
    ]


def _questions(connection: Connection, plan: SeedPlan, table_plan: TablePlan) -> Iterator[Question]:
    table = table_plan.table
    given = GivenChoices(table, table_plan.columns)
    if not given.columns:
        return
    yield from reading(given)
    given = GivenChoices(table, table_plan.columns, assigned_by_triggers(table))
    for check in table.checks:
        if check.columns and given.has(check.columns):
            yield from checking(given, check)
    new = table_plan.total - table_plan.present
    if new <= 0:
        return
    for key in table.uniques:
        yield from differing(given, key, new, table_plan.present)
    for exclusion in table.exclusions:
        yield from apart(given, exclusion, new)
    for foreign_key in table.foreign_keys:
        if given.has(foreign_key.columns):
            keys = reachable_keys(
                plan,
                foreign_key,
                lambda parent, source: next_number(connection, parent.table, source, parent.present),
            )
            if keys is not None:
                yield from referencing(given, foreign_key, keys)


def _answered(connection: Connection, asked: Sequence[Question]) -> list[str]:
    if not asked:
        return []
    try:
        answers = _ask(connection, asked)
    except psycopg2.Error:
        return _answered_one_by_one(connection, asked)
    return [
        problem for question, answer in zip(asked, answers, strict=True) for problem in question.judge(answer)
    ]


def _answered_one_by_one(connection: Connection, asked: Sequence[Question]) -> list[str]:
    """What is wrong, where PostgreSQL cannot answer one of the questions."""
    problems: list[str] = []
    unread: set[str] = set()
    for question in asked:
        # What is no value of its type has been told, and nothing more can be asked about it.
        if not unread.isdisjoint(question.columns):
            continue
        try:
            found = question.judge(_ask(connection, [question])[0])
        except psycopg2.Error as error:
            found = question.failed(error.diag.message_primary or str(error))
            if question.parts:
                found = _answered_one_by_one(connection, question.parts)
            if question.reading:
                unread |= question.columns
        problems += found
    return problems


def _ask(connection: Connection, asked: Sequence[Question]) -> tuple[Any, ...]:
    cursor = connection.connection.cursor()
    try:
        # A time without a zone is what it will be when it is written.
        cursor.execute("SAVEPOINT supaseed_question; SET LOCAL TIME ZONE 'UTC'")
        try:
            # Without parameters: an expression of the schema may have a % of its own.
            cursor.execute(
                sql.SQL("SELECT {}").format(sql.SQL(", ").join(question.asked for question in asked))
            )
            [row] = cursor.fetchall()
            return tuple(row)
        finally:
            cursor.execute("ROLLBACK TO SAVEPOINT supaseed_question; RELEASE SAVEPOINT supaseed_question")
    finally:
        cursor.close()
