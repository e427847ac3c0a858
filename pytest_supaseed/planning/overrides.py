"""Whether what a marker gives for columns can be used, as far as that is known without a server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pytest_supaseed.constraints import column_facts
from pytest_supaseed.nearest import did_you_mean
from pytest_supaseed.planning.plain import plain
from pytest_supaseed.planning.sources import Built
from pytest_supaseed.schema import Column, Table
from pytest_supaseed.spec import abbreviated
from pytest_supaseed.usable import UnusableError


def check_overrides(table: Table, columns: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Check the columns that a marker gives.

    Args:
        table: the table.
        columns: column names to values, lists or functions, as the marker spells them.

    Returns:
        The columns that can be used, by their names in the table, and a message for each problem.
    """
    usable: dict[str, Any] = {}
    problems = []
    names = [column.name for column in table.columns]
    for name, value in columns.items():
        spelling = name
        if name == "categories" and not table.has_column(name) and table.has_column("category"):
            # SupaSeed's spelling.
            spelling = "category"
        if not table.has_column(spelling):
            near = did_you_mean(name, names)
            problems.append(
                f"{table.label} has no column {name!r}{near}"
                + ("" if near else f"; it has {', '.join(names)}")
            )
            continue
        if spelling in usable:
            problems.append(f"{table.label}.{spelling} is given twice, as category and as categories")
            continue
        column = table.column(spelling)
        if column.generated:
            problems.append(
                f"{table.label}.{name} is a generated column, PostgreSQL computes it: leave it out"
            )
            continue
        found = [] if callable(value) else _value_problems(table, column, value)
        problems += found
        if not found:
            usable[spelling] = value
    return usable, problems


def usable_given(
    table: Table, given: Mapping[str, tuple[str, Any]]
) -> tuple[dict[str, tuple[str, Any]], list[str]]:
    """Check the values that generators give for columns of a table; those of a marker have been checked.

    Args:
        table: the table.
        given: what :func:`~pytest_supaseed.planning.patterns.given_columns` found.

    Returns:
        What can be used of it, and a message for each problem.
    """
    usable: dict[str, tuple[str, Any]] = {}
    problems = []
    for name, (origin, value) in given.items():
        own = (
            origin.startswith("supaseed_generators") and not callable(value) and not isinstance(value, Built)
        )
        found = _value_problems(table, table.column(name), value) if own else []
        problems += [f"{problem} ({origin})" for problem in found]
        if not found:
            usable[name] = origin, value
    return usable, problems


def _value_problems(table: Table, column: Column, value: Any) -> list[str]:
    choices = value if isinstance(value, (list, tuple)) else [value]
    facts = column_facts(table, column)
    problems = []
    for given in choices:
        what = f"{table.label}.{column.name}={abbreviated(given)}"
        try:
            choice = given if callable(given) else plain(column, given)
        except UnusableError as error:
            problems.append(f"{what}: {error}")
            continue
        what = f"{table.label}.{column.name}={abbreviated(choice)}"
        if callable(choice):
            problems.append(f"{what}: a list holds values, not functions: give the function itself")
        elif choice is None:
            if not column.nullable:
                problems.append(f"{what}: the column is NOT NULL: give another value, or leave it out")
        elif facts.allowed is not None and not column.type.array and not _listed(choice, facts.allowed):
            allowed = ", ".join(repr(value) for value in facts.allowed)
            near = did_you_mean(choice, map(str, facts.allowed))
            problems.append(f"{what}: the column takes only {allowed}{near}")
        elif _too_long(choice, column):
            problems.append(
                f"{what}: the column is {column.type.text}, and this has {len(choice)} characters"
            )
    return problems


def _too_long(value: object, column: Column) -> bool:
    most = None if column.type.array else column.type.length
    return isinstance(value, str) and most is not None and len(value) > most


def _listed(value: object, allowed: Iterable[object]) -> bool:
    return any(value == other or str(value) == str(other) for other in allowed)
