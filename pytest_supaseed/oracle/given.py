"""What PostgreSQL says of the values that a user gives, asked before any row is made: one query for each table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import psycopg2
from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.oracle.judging import Question, apart, checking, differing, reading, referencing
from pytest_supaseed.planning.choices import GivenChoices, assigned_by_triggers
from pytest_supaseed.planning.plan import SeedPlan, TablePlan
from pytest_supaseed.planning.reachable import reachable_keys
from pytest_supaseed.writing.read import next_number


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
