"""Marker arguments -> checked :mod:`~pytest_supaseed.spec` classes, or every problem at once."""

from __future__ import annotations

import enum
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from pytest_supaseed.collection.dates import date_of, date_problem
from pytest_supaseed.lookup import RowChoices
from pytest_supaseed.nearest import did_you_mean
from pytest_supaseed.spec import (
    COUNT_KEYS,
    DEFAULT_LIMIT,
    SPREADS,
    Rows,
    SeedOptions,
    TableSpec,
    marker_arguments,
)
from pytest_supaseed.usable import value_problem
from pytest_supaseed.wording import MOST_DIGITS, abbreviated, text_problem, too_long, too_many_digits

_WORDS = frozenset((*COUNT_KEYS, "spread", "columns"))
_MOST_ROWS = 2**63 - 1


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
    twice = {name for name, _ in entries if isinstance(name, str)}
    for name, value in kwargs.items():
        if name in twice:
            problems.append(f"{name} is named twice, in the mapping and as a keyword: keep one of them")
        entries.append((name, value))
    problems += (
        f"{name} is named twice, in the configuration and beside it: name it in a marker of its own, nearer to "
        "the test, which wins"
        for name, _ in entries
        if isinstance(name, str) and any(name == table.name for table in configured or ())
    )
    entries, wrong = _named(entries)
    problems += wrong
    if not entries and not problems and configured is None:
        problems.append("names no table: write how many rows each table shall hold, as in seed(users=5)")
    tables = []
    for name, value in entries:
        table, found = _parse_table(name, value)
        problems.extend(found)
        if table is not None:
            tables.append(table)
    return (*(configured or ()), *tables), problems


def _named(entries: Sequence[tuple[Any, Any]]) -> tuple[list[tuple[str, Any]], list[str]]:
    """Those of a marker's entries that name a table, and what is wrong with the others."""
    named = []
    problems = []
    for name, value in entries:
        if not isinstance(name, str) or not name:
            problems.append(
                f"{abbreviated(name)} is not the name of a table: write a string such as 'auth.users'"
            )
        else:
            # A member of an enum of texts, and a lazy text, are what they stand for.
            named.append((str.__str__(name), value))
    return named, problems


def _parse_table(name: str, value: Any) -> tuple[TableSpec | None, list[str]]:
    twice: list[Any] = []
    near = ""
    if isinstance(value, Rows):
        given: dict[str, Any] = {"count": value.count, "add": value.add, "per": value.per}
        amounts: dict[str, Any] = {key: amount for key, amount in given.items() if amount is not None}
        spread: Any = value.spread
        columns: Any = value.columns
    elif isinstance(value, Mapping):
        value = dict(value)
        amounts = {key: value[key] for key in COUNT_KEYS if key in value}
        spread = value.get("spread", "even")
        columns = value.get("columns", {})
        # By their hash: a key of the user's own class may refuse to be compared.
        others = {k: v for k, v in value.items() if k not in _WORDS}
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
    if not isinstance(spread, str) or spread not in SPREADS:
        problems.append(
            f"{name} has spread={abbreviated(spread)}: write one of {', '.join(map(repr, SPREADS))}"
            + did_you_mean(spread, SPREADS)
        )
    problems.extend(column_problems(name, columns))
    problems.extend(
        f"{name}.{column} is given twice, in columns and as a key of its own: keep one of them"
        for column in twice
    )
    if problems:
        return None, problems
    count, add = (_plain_number(amounts.get(key)) for key in ("count", "add"))
    overrides = tuple((str.__str__(column), value) for column, value in columns.items())
    return TableSpec(name, count, add, per, str.__str__(spread), overrides), problems


def impossible(table: TableSpec) -> list[str]:
    """Say what of a table's spec no schema could have, although it is of the right kind.

    Args:
        table: what is asked of it.
    """
    problems = []
    for name in (table.name, *table.per[:1]) if table.per else (table.name,):
        if problem := text_problem(name):
            problems.append(f"{abbreviated(name)} is not the name of a table: it {problem}")
    number = next(filter(None, (table.count, table.add, table.per and table.per[1])), 0)
    if number > _MOST_ROWS:
        problems.append(f"{table.name}={abbreviated(number)}: {_beyond()}")
    return [*problems, *value_problems(table.name, table.columns)]


def _beyond() -> str:
    return f"PostgreSQL counts no further than {_MOST_ROWS}: write fewer"


def _parse_per(name: str, value: Any) -> tuple[tuple[str, int] | None, list[str]]:
    if not isinstance(value, Mapping) or len(value) != 1:
        suggestion = "Rows(per={'users': 2})"
        return None, [
            f"{name} has per={abbreviated(value)}: write one referenced table and the rows for each "
            f"of its rows, as in {marker_arguments([(name, suggestion)])}"
        ]
    [(parent, number)] = value.items()
    if not isinstance(parent, str):
        return None, [
            f"{name} has per={abbreviated(value)}: {abbreviated(parent)} is not the name of a table"
        ]
    problems = _number_problems(name, f"per {parent}", number)
    return (str.__str__(parent), number if problems else _plain_number(number)), problems


def _number_problems(name: str, key: str, value: Any) -> list[str]:
    what = f"{name}={abbreviated(value)}" if key == "count" else f"{name} with {key}={abbreviated(value)}"
    if isinstance(value, bool):
        return [f"{what}: a count is a whole number, not a bool: write {int(value)}"]
    if isinstance(value, float):
        return [f"{what}: a count is a whole number, not a float: write {_whole(value)}"]
    if isinstance(value, str):
        digits = str.__str__(value).strip()
        number = int(digits) if digits.isdecimal() and len(digits) < 16 else 8
        return [f"{what}: a count is a whole number, not a string: write {number}"]
    if not isinstance(value, int):
        return [
            f"{what}: a count is a whole number, not a {type(value).__name__}: write "
            f"{marker_arguments([(name, '8')])}, or "
            + marker_arguments([(name, "{'count': 8, 'some_column': ...}")])
            + " for values of columns"
        ]
    number = int.__add__(value, 0)
    if number < 0:
        return [f"{what}: a count cannot be negative: write 0 for no rows"]
    return [f"{what}: {_beyond()}"] if too_many_digits(number) else []


def _plain_number(value: Any) -> Any:
    # A member of an IntEnum is its number.
    return None if value is None else int.__add__(value, 0)


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
        what = f"{name}.{column if type(column) is str else abbreviated(column)}"
        if not isinstance(column, str) or not column:
            problems.append(
                f"{name} has {abbreviated(column)} for a column: write the column's name as a string"
            )
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
        elif _is_async(value):
            problems.append(
                f"{what}={abbreviated(value)}: the function is async, and a column gets what it returns: write a plain "
                "function"
            )
        elif inspect.isgeneratorfunction(value):
            problems.append(
                f"{what}={abbreviated(value)}: the function is a generator: let it return one value, it is called for "
                "each row"
            )
    return problems


def _is_async(value: Any) -> bool:
    return inspect.iscoroutinefunction(value) or inspect.isasyncgenfunction(value)


def value_problems(name: str, columns: Iterable[tuple[str, Any]]) -> list[str]:
    """Say which values for columns PostgreSQL cannot have, whatever the types of the columns are.

    Args:
        name: of the table, for the messages.
        columns: names of columns, and what :func:`column_problems` has nothing to say of.
    """
    problems = []
    for column, value in columns:
        if problem := text_problem(column):
            problems.append(f"{name} has {abbreviated(column)} for a column: its name {problem}")
            continue
        for choice in value if isinstance(value, (list, tuple)) else [value]:
            # What is wrong with a function in a list is said when the column is known.
            if callable(choice) or isinstance(choice, RowChoices) or not (problem := value_problem(choice)):
                continue
            problems.append(
                f"{name}.{column}={abbreviated(choice)}: {problem}: give a value that is the same in every run, a list "
                "of them, or a function that returns one"
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
    except Exception:  # a builtin without a signature, or one that a user's own class has and cannot tell
        return 1
    for number in (2, 1):
        with suppress(TypeError):
            signature.bind(*range(number))
            return number
    return 0


def _day(value: Any) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return date_of(f"{value.year:04}-{value.month:02}-{value.day:02}")
    return date_of(str.__str__(value)) if isinstance(value, str) else None


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
                f"has no option {abbreviated(key)}: write one of {', '.join(known)}"
                + did_you_mean(key, known)
            )
        elif key == "locale":
            if isinstance(value, str) and not text_problem(value):
                values[key] = str.__str__(value)
            else:
                problems.append(
                    f"locale={abbreviated(value)}: write the name of a Faker locale, such as 'de_DE'"
                )
        elif key == "date":
            day = _day(value)
            if day is None:
                problems.append(f"date={abbreviated(value)}: {date_problem()}")
            else:
                values[key] = day
        elif isinstance(value, bool) or not isinstance(value, int):
            problems.append(f"{key}={abbreviated(value)}: write a whole number")
        elif key == "max_records" and int.__lt__(value, 0):
            problems.append(f"max_records={abbreviated(value)}: a limit cannot be negative")
        elif too_long(value):
            problems.append(f"{key}={abbreviated(value)}: write a number of at most {MOST_DIGITS} digits")
        else:
            values[key] = int.__add__(value, 0)
    return SeedOptions(**values), problems
