"""Validation of supplied values by PostgreSQL, before any row is written.

Begin with :func:`refused_values`: it asks a :class:`Question` for each type, CHECK, unique key, EXCLUDE
constraint and foreign key all of whose columns have values from a marker or a generator, all of a table's
questions in one query.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg2
from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.constraints.functions import assigned_by_triggers
from pytest_supaseed.errors import Problem
from pytest_supaseed.model.references import optional
from pytest_supaseed.model.schema import Check, Exclusion, ForeignKey, Table, UniqueKey
from pytest_supaseed.planning import messages
from pytest_supaseed.planning.capacity import problem_beside_rows
from pytest_supaseed.planning.overrides import SuppliedChoices
from pytest_supaseed.planning.plan import ColumnSource, Number, Plan, TablePlan
from pytest_supaseed.reflection.catalog import definition
from pytest_supaseed.reflection.queries import fetch, referenced_rows, undone
from pytest_supaseed.repair.evaluate import (
    distinct_keys,
    excluded,
    holds_in_rows,
    reads,
    references_something,
)
from pytest_supaseed.writing.read import next_number, read_state


@dataclass(frozen=True)
class Question:
    """A question to PostgreSQL about supplied values, and the problems that its answers show.

    Attributes:
        asked: an expression for the SELECT list.
        columns: the columns that it is about.
        judge: returns the problems that PostgreSQL's answer shows, none where all is right.
        failed: returns the problems for the error that PostgreSQL raises in place of an answer.
        parts: the same question about one value each, asked to find the values for which it raises an error.
        reading: whether it asks if the type reads the values; if not, no other question about the columns is
            asked.
    """

    asked: sql.Composable
    columns: frozenset[str]
    judge: Callable[[Any], list[Problem]]
    failed: Callable[[str], list[Problem]] = lambda said: []
    parts: tuple[Question, ...] = ()
    reading: bool = False


def reading(supplied: SuppliedChoices) -> Iterator[Question]:
    """Ask whether types and domains read the values."""
    for source in supplied.columns:
        values = [choice for choice in supplied.choices(source) if choice is not None]
        if values:
            yield _reading(
                supplied, source, values, [_reading(supplied, source, [value]) for value in values]
            )


def _reading(
    supplied_choices: SuppliedChoices,
    source: ColumnSource,
    values: Sequence[Any],
    parts: Sequence[Question] = (),
) -> Question:
    name = source.column.name
    return Question(
        reads(source.column, values),
        frozenset((name,)),
        lambda answer: [],
        lambda said: [messages.value_not_parsed(supplied_choices.supplied([name], {name: values[0]}), said)],
        tuple(parts),
        reading=True,
    )


def checking(supplied: SuppliedChoices, check: Check) -> Iterator[Question]:
    """Ask whether a CHECK accepts the values of its columns.

    Args:
        check: of the table, or the partition bounds as a CHECK.
    """
    rows = supplied.combinations(check.columns)
    # Which combinations of two lists the rows get is open: it is a problem only if the CHECK refuses all.
    several = sum(len(supplied.choices(supplied.by_name[name])) > 1 for name in check.columns) > 1
    if rows:
        parts = [_checking(supplied, check, [row]) for row in rows] if len(rows) > 1 and not several else ()
        yield _checking(supplied, check, rows, several=several, parts=parts)


def _checking(
    supplied_choices: SuppliedChoices,
    check: Check,
    rows: Sequence[Mapping[str, Any]],
    *,
    several: bool = False,
    parts: Sequence[Question] = (),
) -> Question:

    def judge(answer: Sequence[bool]) -> list[Problem]:
        refused = [row for row, holds in zip(rows, answer, strict=True) if not holds]
        if several and len(refused) < len(rows):
            return []
        shown = [None] if several and refused else refused
        return [
            messages.refused_by_check(supplied_choices.supplied(check.columns, row), check, each=several)
            for row in shown
        ]

    return Question(
        holds_in_rows(supplied_choices.table, check.expression, rows),
        frozenset(check.columns),
        judge,
        lambda said: (
            []
            if several
            else [messages.failed_check(supplied_choices.supplied(check.columns, rows[0]), check, said)]
        ),
        tuple(parts),
    )


def differing(
    supplied_choices: SuppliedChoices, key: UniqueKey, new: int, present: int
) -> Iterator[Question]:
    """Ask whether the values allow as many distinct keys of a unique key as there will be new rows."""
    index = definition(key.definition)
    columns = index.columns(supplied_choices.table) if index else ()
    rows = supplied_choices.combinations(columns) if supplied_choices.has(columns) else []
    if index is not None and rows:
        yield Question(
            distinct_keys(
                supplied_choices.table, index, rows, nulls_distinct=key.nulls_distinct, beside=present > 0
            ),
            frozenset(columns),
            lambda most: (
                [messages.too_few_distinct(supplied_choices.supplied(columns), key, most, new, present)]
                if most is not None and most < new
                else []
            ),
        )


def excluding(supplied_choices: SuppliedChoices, exclusion: Exclusion, new: int) -> Iterator[Question]:
    """Ask whether an EXCLUDE constraint allows two rows with the values."""
    found = definition(exclusion.definition)
    columns = found.columns(supplied_choices.table) if found else ()
    rows = supplied_choices.combinations(columns) if supplied_choices.has(columns) and new > 1 else []
    if found is not None and rows:
        problem = messages.values_excluded(supplied_choices.supplied(columns), exclusion, new)
        yield Question(
            excluded(supplied_choices.table, found, rows),
            frozenset(columns),
            lambda answer: [problem] if answer else [],
        )


def referencing(
    supplied_choices: SuppliedChoices, foreign_key: ForeignKey, numbers: range
) -> Iterator[Question]:
    """Ask whether the rows that values reference exist, or will be generated.

    Two lists of values are not checked, for their combinations are open.

    Args:
        numbers: the keys that rows of the plan will have.
    """
    text = f", which are numbered {numbers[0]} to {numbers[-1]}" if numbers else ""
    # The user may have written a number as text.
    known = set(map(str, numbers))
    own = foreign_key.columns
    rows = supplied_choices.combinations(own)
    several = sum(len(supplied_choices.choices(supplied_choices.by_name[name])) > 1 for name in own) > 1

    def judge(answer: Sequence[bool]) -> list[Problem]:
        return [
            messages.references_nothing(supplied_choices.supplied(own, row), foreign_key, text)
            for row, there in zip(rows, answer, strict=True)
            if not there and str(row[own[0]]).strip() not in known
        ]

    if rows and not several:
        yield Question(references_something(supplied_choices.table, foreign_key, rows), frozenset(own), judge)


def reachable_numbers(connection: Connection, plan: Plan, foreign_key: ForeignKey) -> range | None:
    """Predict the sequence numbers of new rows that a foreign key will be able to reference.

    Returns:
        The numbers, none where no rows are made; None where the keys are unknown before rows are made.
    """
    if any(_inserts(table.table) for table in plan.tables):
        return None
    parent = next((t for t in plan.tables if t.table.name == foreign_key.referenced), None)
    if parent is None or parent.total <= parent.present:
        return range(0)
    [first, *more] = foreign_key.referenced_columns
    source = next(source for source in parent.columns if source.column.name == first)
    if more or not isinstance(source.source, Number) or source.source.within:
        return None
    step = source.column.sequence.increment if source.column.sequence else 1
    start = next_number(connection, parent.table, source, parent.present)
    return range(start, start + (parent.total - parent.present) * step, step)


def _inserts(table: Table) -> bool:
    """Whether a trigger may insert rows into other tables."""
    return any(
        trigger.on_insert and (not trigger.source or re.search(r"\binsert\b", trigger.source, re.IGNORECASE))
        for trigger in table.triggers
    )


def refused_values(connection: Connection, plan: Plan) -> list[Problem]:
    """Return a problem for each value, or combination, that a marker or a generator supplies and PostgreSQL refuses.

    Types and domains have to read the values; CHECKs all of whose columns are supplied have to accept them;
    unique keys and EXCLUDE constraints have to allow the planned number of rows; referenced rows have to
    exist, as far as that is known before rows are written. Of columns that a trigger assigns only the types
    are checked. Rows that a table holds already have to leave room for the new ones.

    Args:
        connection: to the database; each query is rolled back to a savepoint.
    """
    problems = [
        problem
        for table_plan in plan.tables
        for problem in _answered(connection, list(_questions(connection, plan, table_plan)))
    ]
    return problems or _none_allowed(connection, plan) or _crowded(connection, plan)


def _none_allowed(connection: Connection, plan: Plan) -> list[Problem]:
    """The problems of foreign keys that the models allow to reference none of the rows that there are."""
    growing = {each.table.name for each in plan.tables if each.total > each.present}
    return [
        messages.nothing_to_reference(each.table, key)
        for each in plan.tables
        if each.table.name in growing and not _inserts(each.table)
        for key in (*each.roles.independent, *each.roles.overlapping)
        if key.limit is not None and key.referenced not in growing and not optional(each.table, key)
        if not referenced_rows(connection, each.table, key)[0]
    ]


def _crowded(connection: Connection, plan: Plan) -> list[Problem]:
    """The problems of tables whose present rows leave too few combinations of referenced rows and finite values."""
    if any(_inserts(table.table) for table in plan.tables):
        return []  # The triggers decide how many rows there will be.
    problems = []
    for table_plan in plan.tables:
        table, roles = table_plan.table, table_plan.roles
        if 0 < table_plan.present < table_plan.total and (table_plan.groups or table_plan.overlapping):
            state = read_state(connection, table, (*roles.independent, *roles.overlapping))
            problems.append(problem_beside_rows(plan, table_plan, state))
    return [problem for problem in problems if problem is not None]


def _questions(connection: Connection, plan: Plan, table_plan: TablePlan) -> Iterator[Question]:
    table = table_plan.table
    supplied = SuppliedChoices(table, table_plan.columns)
    if not supplied.columns:
        return
    yield from reading(supplied)
    supplied = SuppliedChoices(table, table_plan.columns, assigned_by_triggers(table))
    for check in table.checks:
        if check.columns and supplied.has(check.columns):
            yield from checking(supplied, check)
    new = table_plan.total - table_plan.present
    if new <= 0:
        return
    for key in table.uniques:
        yield from differing(supplied, key, new, table_plan.present)
    for exclusion in table.exclusions:
        yield from excluding(supplied, exclusion, new)
    for foreign_key in table.foreign_keys:
        if supplied.has(foreign_key.columns):
            numbers = reachable_numbers(connection, plan, foreign_key)
            if numbers is not None:
                yield from referencing(supplied, foreign_key, numbers)


def _answered(connection: Connection, asked: Sequence[Question]) -> list[Problem]:
    if not asked:
        return []
    try:
        answers = _ask(connection, asked)
    except psycopg2.Error:
        return _answered_one_by_one(connection, asked)
    return [
        problem for question, answer in zip(asked, answers, strict=True) for problem in question.judge(answer)
    ]


def _answered_one_by_one(connection: Connection, asked: Sequence[Question]) -> list[Problem]:
    """The problems of questions one of which raises an error."""
    problems: list[Problem] = []
    unread: set[str] = set()
    for question in asked:
        # A column whose type does not read its values has its problem, and every other question would fail.
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
    # As when the rows are written: there a time without a zone is in UTC. Without parameters: a % in an expression
    # would be taken for a placeholder.
    query = sql.SQL("SET LOCAL TIME ZONE 'UTC'; SELECT {}")
    with undone(connection):
        [row] = fetch(connection, query.format(sql.SQL(", ").join(question.asked for question in asked)))
        return row
