"""Marker arguments, parsed into checked specs or a list of all their problems.

:func:`asked_spec` merges the markers of one test; it uses :func:`parse_seed` and :func:`parse_options` for one marker
each. :func:`usage_error` words the problems of a session.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pytest_supaseed.errors import did_you_mean
from pytest_supaseed.options import DEFAULT_LIMIT
from pytest_supaseed.settings import Settings, date_of, date_problem, locale_problem
from pytest_supaseed.spec import (
    COUNT_KEYS,
    SPREADS,
    Configuration,
    Rows,
    SeedOptions,
    SeedSpec,
    TableSpec,
    configuration_of,
    limit_problem,
    marker_arguments,
    merge,
    merge_options,
)
from pytest_supaseed.values.supplied import column_problems, value_problems
from pytest_supaseed.wording import (
    MOST_DIGITS,
    abbreviated,
    printable,
    text_problem,
    too_long,
    too_many_digits,
)

_WORDS = frozenset((*COUNT_KEYS, "spread", "columns"))
_MOST_ROWS = 2**63 - 1


def parse_seed(
    args: tuple[Any, ...], kwargs: Mapping[str, Any], configured: Sequence[TableSpec] | None = None
) -> tuple[tuple[TableSpec, ...], list[str]]:
    """Parse the arguments of one ``seed`` marker.

    Args:
        args: the positional arguments: none, or one mapping of table names to values.
        kwargs: table names to values.
        configured: tables of a configuration file that the marker names before the others; None for no file.

    Returns:
        The spec of each table, and one message for each problem.

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
    """Return the entries whose key is a table name, and the problems of the others."""
    named = []
    problems = []
    for name, value in entries:
        if not isinstance(name, str) or not name:
            problems.append(
                f"{abbreviated(name)} is not the name of a table: write a string such as 'auth.users'"
            )
        else:
            # Subclasses of str, such as string enums and lazy texts, become plain strings.
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
        # Looked up by hash: a key of the user's class may raise in __eq__.
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
    """Return the problems of a table's spec that hold for every schema, although its types are right."""
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
    # A member of an IntEnum becomes a plain number.
    return None if value is None else int.__add__(value, 0)


def _whole(value: float) -> int:
    return max(0, int(value)) if abs(value) < 1e15 else DEFAULT_LIMIT


def _day(value: Any) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return date_of(f"{value.year:04}-{value.month:02}-{value.day:02}")
    return date_of(str.__str__(value)) if isinstance(value, str) else None


def parse_options(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[SeedOptions, list[str]]:
    """Parse the arguments of one ``seed_options`` marker.

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


Arguments = tuple[tuple[Any, ...], Mapping[str, Any]]


@dataclass(frozen=True)
class Problem:
    """The problems of one test's markers.

    Attributes:
        test: the ID of the test, or the name of the fixture.
        place: file and line, such as ``tests/test_a.py:12``.
        texts: what is wrong, and what to write instead.
        origin: equal for tests that share their markers, as those of a class do.
    """

    test: str
    place: str
    texts: tuple[str, ...]
    origin: object


def asked_spec(
    seed_markers: Sequence[Arguments],
    option_markers: Sequence[Arguments],
    settings: Settings,
    *,
    declared: bool = False,
    root: Path | None = None,
    base: Configuration | None = None,
) -> tuple[SeedSpec, tuple[str, ...]]:
    """Merge the markers of one test with the settings of its session.

    Args:
        seed_markers: positional and keyword arguments of each ``seed``, the nearest first.
        option_markers: likewise of each ``seed_options``.
        settings: of the session.
        declared: whether they are the arguments of a ``seeded_database(...)``, for the messages.
        root: pytest's rootdir, for files that markers name; None for the working directory.
        base: the configuration of the whole suite, farther than all markers.

    Returns:
        The spec of the test, and a message for each problem.

    Example:
        >>> asked_spec([((), {"users": 5})], [((), {"seed": 7})], Settings())[0].seed
        7
    """
    problems: list[str] = []
    where, where_options = ("", "") if declared else ("@pytest.mark.seed: ", "@pytest.mark.seed_options: ")
    tables: list[tuple[TableSpec, ...]] = []
    configurations: list[Configuration] = []
    for args, kwargs in seed_markers:
        file = configuration_of(args)
        configured: Sequence[TableSpec] | None = None
        if file is not None:
            configurations.append(file.read(root or Path()))
            configured = configurations[-1].tables
            problems += (f"{where}{problem}" for problem in configurations[-1].problems)
        try:
            found, wrong = parse_seed(args if file is None else args[1:], kwargs, configured)
        except Exception as error:
            found, wrong = (), [_unreadable(error)]
        wrong += (problem for table in found for problem in impossible(table))
        tables.append(found)
        problems += (f"{where}{problem}" for problem in wrong)
    if base is not None:
        configurations.append(base)
        tables.append(base.tables)
    readable = not problems
    given = []
    for args, kwargs in option_markers:
        try:
            options, wrong = parse_options(args, kwargs)
        except Exception as error:
            options, wrong = SeedOptions(), [_unreadable(error)]
        if options.locale is not None and (problem := locale_problem(options.locale)):
            wrong.append(f"locale={options.locale!r}: {problem}")
        given.append(options)
        # Without a readable max_records, the limit is unknown, so exceeding it is not reported.
        readable = readable and not any(
            problem.startswith("max_records=") or "'max_records'" in problem for problem in wrong
        )
        problems += (f"{where_options}{problem}" for problem in wrong)
    options = merge_options([*given, *(each.options for each in configurations)])
    limit = settings.max_records if options.max_records is None else options.max_records
    if settings.hard:
        limit = min(limit, settings.max_records)
    merged = merge(tables)
    spec = SeedSpec(
        merged,
        settings.seed if options.seed is None else options.seed,
        settings.locale if options.locale is None else options.locale,
        limit,
        settings.date if options.date is None else options.date,
        tuple({name: value for each in configurations[::-1] for name, value in each.project_options}.items()),
        tuple(note for each in configurations for note in each.notes),
        tuple(text for each in configurations for text in _of_what_is_left(each, merged)),
    )
    over = limit_problem(spec, hard=settings.hard) if readable else None
    return spec, (*problems, f"{spec} {over}") if over else tuple(problems)


def _unreadable(error: Exception) -> str:
    """Word the error that a class of the user's raises when an argument is read."""
    from pytest_supaseed.tracebacks import describe, is_users

    if not is_users(error):
        raise error
    return f"has an argument that cannot be read: {describe(error)}"


def _of_what_is_left(configuration: Configuration, tables: Sequence[TableSpec]) -> list[str]:
    """Return a configuration's warnings about tables that no nearer marker names."""
    left = {table.name for table in tables if any(table is own for own in configuration.tables)}
    return [text for table, text in configuration.warnings if table in left]


def usage_error(problems: Iterable[Problem]) -> str:
    """Word all problems of a session as one message.

    Args:
        problems: in the order of the tests; those of tests that share their markers appear once.
    """
    told: dict[object, list[Problem]] = {}
    for problem in problems:
        told.setdefault((problem.origin, problem.texts), []).append(problem)
    number = sum(len(same[0].texts) for same in told.values())
    lines = [
        f"supaseed: {number} problem{'' if number == 1 else 's'} in what the tests ask for; nothing was run."
    ]
    for first, *more in told.values():
        others = f" and {len(more)} more" if more else ""
        lines.append(f"{first.place}: {first.test}{others}")
        lines += (f"    {line}" for text in first.texts for line in text.splitlines())
    return printable("\n".join(lines))
