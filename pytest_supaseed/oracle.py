"""What PostgreSQL says of the values that a marker gives, asked before any row is made."""

from __future__ import annotations

from typing import Any

import psycopg2
from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.copytext import text_of
from pytest_supaseed.plain import plain
from pytest_supaseed.plan import SeedPlan
from pytest_supaseed.schema import Column, Table
from pytest_supaseed.sources import Given
from pytest_supaseed.spec import abbreviated


def refused_values(connection: Connection, plan: SeedPlan) -> list[str]:
    """Have every value that a marker gives cast to its column's type, and the column's own CHECKs evaluated.

    Args:
        connection: to the database; its transaction is left as it was.
        plan: whose overrides are asked about.

    Returns:
        A message for each value that PostgreSQL does not take.
    """
    problems = []
    for table_plan in plan.tables:
        by_name = {source.column.name: source for source in table_plan.columns}
        for name, _ in table_plan.spec.columns:
            spelling = name if table_plan.table.has_column(name) else "category"
            source = by_name[spelling].source
            if isinstance(source, Given):
                column = table_plan.table.column(spelling)
                for choice in source.choices:
                    problem = _problem(connection, table_plan.table, column, plain(column, choice))
                    if problem is not None:
                        problems.append(problem)
    return problems


def _problem(connection: Connection, table: Table, column: Column, value: Any) -> str | None:
    if value is None:
        return None
    what = f"{table.label}.{column.name}={abbreviated(value)}"
    # The type comes from the catalog's own text: format_type has quoted what needs quotes.
    cast = sql.SQL("CAST(%s AS {})").format(sql.SQL(column.type.text.replace("%", "%%")))
    cursor = connection.connection.cursor()
    try:
        cursor.execute("SAVEPOINT supaseed_question")
        try:
            cursor.execute(sql.SQL("SELECT {}").format(cast), [text_of(column, value)])
            for check in table.checks:
                if set(check.columns) == {column.name}:
                    question = sql.SQL("SELECT ({}) IS NOT FALSE FROM (SELECT {} AS {}) AS question").format(
                        sql.SQL(check.expression.replace("%", "%%")), cast, sql.Identifier(column.name)
                    )
                    cursor.execute(question, [text_of(column, value)])
                    if cursor.fetchone() == (False,):
                        expression = check.expression.removeprefix("(").removesuffix(")")
                        return f"{what}: {check.name} CHECK ({expression}) refuses it: give another value"
        except psycopg2.Error as error:
            return f"{what}: PostgreSQL says: {error.diag.message_primary or error}: give another value"
        finally:
            cursor.execute("ROLLBACK TO SAVEPOINT supaseed_question")
            cursor.execute("RELEASE SAVEPOINT supaseed_question")
    finally:
        cursor.close()
    return None
