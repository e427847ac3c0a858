"""Marker arguments -> checked :mod:`~pytest_supaseed.spec` classes, or every problem at once."""

from __future__ import annotations

import enum
import inspect
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from pytest_supaseed.collection.dates import date_of, date_problem
from pytest_supaseed.nearest import did_you_mean
from pytest_supaseed.spec import (
    COUNT_KEYS,
    DEFAULT_LIMIT,
    SPREADS,
    Rows,
    SeedOptions,
    TableSpec,
    abbreviated,
    marker_arguments,
)


def parse_seed(
    args: tuple[Any, ...], kwargs: Mapping[str, Any], configured: Sequence[TableSpec] | None = None
) -> tuple[tuple[TableSpec, ...], list[str]]:
    """Read the arguments of one ``seed`` marker.

    Args:
        args: the positional arguments: none, or one mapping of table names to values.
        kwargs: table names to values.
        configured: what a file asks for that the marker names before them; None where it names none.

    Returns:
        What is asked of each table, and one message for each problem.

    Example:
        >>> parse_seed((), {"users": 5})[0][0].count
        5
    """
    problems: list[str] = []
    entries: list[tuple[str, Any]] = []
    if len(args) > 1:
        problems.append(
            f"takes one positional argument, a mapping of table names to counts, but got {len(args)}: "
            'write seed({"auth.users": 5, "public.setups": 8})'
        )
    elif args and not isinstance(args[0], Mapping):
        problems.append(
            f"takes a mapping of table names to counts, but got {abbreviated(args[0])}: "
            'write seed(users=5) or seed({"auth.users": 5})'
        )
    elif args:
        entries.extend(args[0].items())
    for name, value in kwargs.items():
        if any(name == earlier for earlier, _ in entries):
            problems.append(f"{name} is named twice, in the mapping and as a keyword: keep one of them")
        entries.append((name, value))
    problems += (
        f"{name} is named twice, in the configuration and beside it: name it in a marker of its own, nearer to "
        "the test, which wins"
        for name, _ in entries
        if any(name == table.name for table in configured or ())
    )
    if not entries and not problems and configured is None:
        problems.append("names no table: write how many rows each table shall hold, as in seed(users=5)")
    tables = []
    for name, value in entries:
        if not isinstance(name, str) or not name:
            problems.append(f"{name!r} is not the name of a table: write a string such as 'auth.users'")
            continue
        table, found = _parse_table(name, value)
        problems.extend(found)
        if table is not None:
            tables.append(table)
    return (*(configured or ()), *tables), problems


def _parse_table(name: str, value: Any) -> tuple[TableSpec | None, list[str]]:
    twice: list[Any] = []
    near = ""
    if isinstance(value, Rows):
        given: dict[str, Any] = {"count": value.count, "add": value.add, "per": value.per}
        amounts: dict[str, Any] = {key: amount for key, amount in given.items() if amount is not None}
        spread: Any = value.spread
        columns: Any = value.columns
    elif isinstance(value, Mapping):
        amounts = {key: value[key] for key in COUNT_KEYS if key in value}
        spread = value.get("spread", "even")
        columns = value.get("columns", {})
        others = {k: v for k, v in value.items() if k not in (*COUNT_KEYS, "spread", "columns")}
        near = next(filter(None, (did_you_mean(key, COUNT_KEYS) for key in others)), "")
        if isinstance(columns, Mapping):
            twice = [column for column in others if column in columns]
            columns = {**columns, **others}
    else:
        amounts, spread, columns = {"count": value}, "even", {}

    problems: list[str] = []
    if len(amounts) != 1:
        what = f"has {' and '.join(amounts)}" if amounts else "does not say how many rows"
        problems.append(
            f"{name} {what}: write exactly one of count, add and per, as in "
            + marker_arguments([(name, "{'count': 8}")])
            + ("" if amounts else near)
        )
    per: tuple[str, int] | None = None
    if "per" in amounts:
        per, found = _parse_per(name, amounts["per"])
        problems.extend(found)
    for key in ("count", "add"):
        if key in amounts:
            problems.extend(_number_problems(name, key, amounts[key]))
    if spread not in SPREADS:
        problems.append(
            f"{name} has spread={spread!r}: write one of {', '.join(map(repr, SPREADS))}"
            + did_you_mean(spread, SPREADS)
        )
    problems.extend(column_problems(name, columns))
    problems.extend(
        f"{name}.{column} is given twice, in columns and as a key of its own: keep one of them"
        for column in twice
    )
    if problems:
        return None, problems
    return TableSpec(
        name, amounts.get("count"), amounts.get("add"), per, spread, tuple(columns.items())
    ), problems


def _parse_per(name: str, value: Any) -> tuple[tuple[str, int] | None, list[str]]:
    if not isinstance(value, Mapping) or len(value) != 1:
        suggestion = "Rows(per={'users': 2})"
        return None, [
            f"{name} has per={abbreviated(value)}: write one referenced table and the rows for each "
            f"of its rows, as in {marker_arguments([(name, suggestion)])}"
        ]
    [(parent, number)] = value.items()
    if not isinstance(parent, str):
        return None, [f"{name} has per={abbreviated(value)}: {parent!r} is not the name of a table"]
    return (parent, number), _number_problems(name, f"per {parent}", number)


def _number_problems(name: str, key: str, value: Any) -> list[str]:
    what = f"{name}={abbreviated(value)}" if key == "count" else f"{name} with {key}={abbreviated(value)}"
    if isinstance(value, bool):
        return [f"{what}: a count is a whole number, not a bool: write {int(value)}"]
    if isinstance(value, float):
        return [f"{what}: a count is a whole number, not a float: write {_whole(value)}"]
    if isinstance(value, str):
        digits = value.strip()
        number = int(digits) if digits.isdecimal() and len(digits) < 16 else 8
        return [f"{what}: a count is a whole number, not a string: write {number}"]
    if not isinstance(value, int):
        return [
            f"{what}: a count is a whole number, not a {type(value).__name__}: write "
            f"{marker_arguments([(name, '8')])}, or "
            + marker_arguments([(name, "{'count': 8, 'some_column': ...}")])
            + " for values of columns"
        ]
    if value < 0:
        return [f"{what}: a count cannot be negative: write 0 for no rows"]
    return []


def _whole(value: float) -> int:
    return max(0, int(value)) if abs(value) < 1e15 else DEFAULT_LIMIT


def column_problems(name: str, columns: Any) -> list[str]:
    """Say what is wrong with values for columns, as far as it can be told without the schema.

    Args:
        name: of the table, for the messages.
        columns: a mapping of column names to scalars, lists and functions, if it is right.
    """
    if not isinstance(columns, Mapping):
        suggestion = marker_arguments([(name, "Rows(8, columns={'is_public': True})")])
        return [
            f"{name} has columns={abbreviated(columns)}: write a mapping of column names to values, "
            f"as in {suggestion}"
        ]
    problems = []
    for column, value in columns.items():
        what = f"{name}.{column}"
        if not isinstance(column, str) or not column:
            problems.append(f"{name} has {column!r} for a column: write the column's name as a string")
        elif isinstance(value, (set, frozenset)):
            problems.append(
                f"{what}={abbreviated(value)}: a set has no order, and rows must not depend on chance: "
                "write a list"
            )
        elif isinstance(value, type) and issubclass(value, enum.Enum):
            problems.append(
                f"{what}={value.__name__}: an enum class is not a value: write list({value.__name__})"
            )
        elif isinstance(value, (list, tuple)) and not value:
            problems.append(
                f"{what}=[]: there is nothing to choose from: give at least one value, or leave it out"
            )
        elif callable(value) and positional_parameters(value) == 0:
            problems.append(
                f"{what}={abbreviated(value)}: the function is called with (faker) or (faker, row): "
                "let it take them"
            )
    return problems


def positional_parameters(function: Callable[..., Any]) -> int:
    """How many of ``(faker, row)`` a column function takes: 0, 1 or 2.

    Args:
        function: what the user gave for a column.

    Returns:
        The number of positional arguments that it may be called with, at most 2; 0 if these do not do.
    """
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # a builtin without a signature
        return 1
    for number in (2, 1):
        with suppress(TypeError):
            signature.bind(*range(number))
            return number
    return 0


def parse_options(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[SeedOptions, list[str]]:
    """Read the arguments of one ``seed_options`` marker.

    Args:
        args: positional arguments; there may be none.
        kwargs: ``max_records``, ``seed``, ``locale``, ``date``.

    Returns:
        The options, and one message for each problem.
    """
    problems = []
    values: dict[str, Any] = {}
    if args:
        problems.append(
            f"takes keywords only, but got {abbreviated(args[0])}: write seed_options(max_records=50_000)"
        )
    known = ("max_records", "seed", "locale", "date")
    for key, value in kwargs.items():
        if key not in known:
            problems.append(
                f"has no option {key!r}: write one of {', '.join(known)}" + did_you_mean(key, known)
            )
        elif key == "locale":
            if isinstance(value, str):
                values[key] = value
            else:
                problems.append(
                    f"locale={abbreviated(value)}: write the name of a Faker locale, such as 'de_DE'"
                )
        elif key == "date":
            day = date_of(str(value)) if isinstance(value, (str, date)) else None
            if day is None:
                problems.append(f"date={abbreviated(value)}: {date_problem()}")
            else:
                values[key] = day
        elif isinstance(value, bool) or not isinstance(value, int):
            problems.append(f"{key}={abbreviated(value)}: write a whole number")
        elif key == "max_records" and value < 0:
            problems.append(f"max_records={value}: a limit cannot be negative")
        else:
            values[key] = value
    return SeedOptions(**values), problems
