"""Marker arguments, parsed into checked specs or a list of all their problems.

:func:`asked_spec` merges the markers of one test; it uses :func:`parse_seed` and :func:`parse_options` for one marker
each. :func:`usage_error` words the problems of a session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pytest_supaseed.errors import Problem, close_names, did_you_mean
from pytest_supaseed.notation import Amount, Placeholder, notation
from pytest_supaseed.options import DEFAULT_LIMIT
from pytest_supaseed.settings import (
    Settings,
    date_of,
    date_problem,
    locale_problem,
    setting_problem,
    setting_text,
)
from pytest_supaseed.sources.model_classes import ModelTable, table_of
from pytest_supaseed.spec import (
    COUNT_KEYS,
    OPTION_NAMES,
    SPREADS,
    Configuration,
    DatabaseSettings,
    Rows,
    SeedOptions,
    SeedSpec,
    TableSpec,
    combined,
    configuration_of,
    limit_problem,
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
) -> tuple[tuple[TableSpec, ...], list[Problem]]:
    """Parse the arguments of one ``seed`` marker.

    Args:
        args: the positional arguments: none, or one mapping of table names to values.
        kwargs: table names to values.
        configured: tables of a configuration file that the marker names before the others; None for no file.

    Returns:
        The spec of each table, and the problems.

    Example:
        >>> parse_seed((), {"users": 5})[0][0].count
        5
    """
    problems: list[Problem] = []
    entries: list[tuple[Any, Any]] = []
    if len(args) > 1:
        problems.append(
            Problem(
                f"takes one positional argument, a mapping of table names to counts, but got {len(args)}",
                'write seed({"auth.users": 5, "public.setups": 8})',
            )
        )
    elif args and not isinstance(args[0], Mapping):
        problems.append(
            Problem(
                f"takes a mapping of table names to counts, but got {abbreviated(args[0])}",
                'write seed(users=5) or seed({"auth.users": 5}); if it is the marker of another plugin or yours, '
                "register it among the markers of the ini, and it is left alone",
            )
        )
    elif args:
        entries.extend(args[0].items())
    entries, models, problems_of_models = _without_models(entries)
    problems += problems_of_models
    twice = {name for name, _ in entries if isinstance(name, str)}
    for name, value in kwargs.items():
        if name in twice:
            wrong_twice = f"{name} is named twice, in the mapping and as a keyword"
            problems.append(Problem(wrong_twice, "keep one of them", table=name))
        entries.append((name, value))
    problems += (
        Problem(
            f"{name} is named twice, in the configuration and beside it",
            "name it in a marker of its own, nearer to the test, which wins",
            table=name,
        )
        for name, _ in entries
        if isinstance(name, str) and any(name == table.name for table in configured or ())
    )
    entries, wrong = _with_text_keys(entries)
    problems += wrong
    if not entries and not problems and configured is None:
        advice = "write how many rows each table shall hold, as in seed(users=5)"
        problems.append(Problem("names no table", advice))
    tables = []
    for name, value in entries:
        table, found = _parse_table(name, value)
        problems.extend(found)
        if table is not None:
            tables.append(_of_model(table, models[name]) if name in models else table)
    return (*(configured or ()), *tables), problems


def _without_models(
    entries: Sequence[tuple[Any, Any]],
) -> tuple[list[tuple[Any, Any]], dict[str, ModelTable], list[Problem]]:
    """Return the entries with the names of tables in place of models, the models by name, and their problems."""
    named: list[tuple[Any, Any]] = []
    models: dict[str, ModelTable] = {}
    problems = []
    for key, value in entries:
        model = None if isinstance(key, str) else table_of(key)
        if model is None:
            named.append((key, value))
        elif model.problem:
            problems.append(Problem(model.problem))
        elif any(model.name == name for name, _ in named):
            wrong = f"{model.name} is named twice, and {model.shown} is one of its names"
            problems.append(Problem(wrong, "keep one of them", table=model.name))
        else:
            named.append((model.name, value))
            models[model.name] = model
    return named, models, problems


def _of_model(table: TableSpec, model: ModelTable) -> TableSpec:
    """Return the spec of a table that a model names: columns may be given by the attributes of the class."""
    names = model.columns or {}
    columns = tuple((names.get(name, name), value) for name, value in table.columns)
    return replace(table, columns=columns, model=model)


def _with_text_keys(entries: Sequence[tuple[Any, Any]]) -> tuple[list[tuple[str, Any]], list[Problem]]:
    """Return the entries whose key is a table name, and the problems of the others."""
    named = []
    problems = []
    for name, value in entries:
        if not isinstance(name, str) or not name:
            wrong = f"{abbreviated(name)} is not the name of a table"
            problems.append(Problem(wrong, "write a string such as 'auth.users'"))
        else:
            # Subclasses of str, such as string enums and lazy texts, become plain strings.
            named.append((str.__str__(name), value))
    return named, problems


def _parse_table(name: str, value: Any) -> tuple[TableSpec | None, list[Problem]]:
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

    problems: list[Problem] = []
    if len(amounts) != 1:
        what = f"has {' and '.join(amounts)}" if amounts else "does not say how many rows"
        problems.append(
            Problem(
                f"{name} {what}",
                "write exactly one of count, add and per, as in "
                + notation().arguments([(name, Amount(8, mapping=True))])
                + ("" if amounts else near),
                table=name,
            )
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
            Problem(
                f"{name} has spread={abbreviated(spread)}",
                f"write one of {', '.join(map(repr, SPREADS))}" + did_you_mean(spread, SPREADS),
                table=name,
            )
        )
    problems.extend(column_problems(name, columns))
    problems.extend(
        Problem(
            f"{name}.{column} is given twice, in columns and as a key of its own",
            "keep one of them",
            table=name,
        )
        for column in twice
    )
    if problems:
        return None, problems
    count, add = (_plain_number(amounts.get(key)) for key in ("count", "add"))
    overrides = tuple((str.__str__(column), value) for column, value in columns.items())
    return TableSpec(name, count, add, per, str.__str__(spread), overrides), problems


def problems_in_any_schema(table: TableSpec) -> list[Problem]:
    """Return the problems of a table's spec that hold for every schema, although its types are right."""
    problems = []
    for name in (table.name, *table.per[:1]) if table.per else (table.name,):
        if problem := text_problem(name):
            problems.append(
                Problem(f"{abbreviated(name)} is not the name of a table: it {problem}", table=table.name)
            )
    number = next(filter(None, (table.count, table.add, table.per and table.per[1])), 0)
    if number > _MOST_ROWS:
        problems.append(Problem(f"{table.name}={abbreviated(number)}: {_beyond()}", table=table.name))
    return [*problems, *value_problems(table.name, table.columns)]


def _beyond() -> str:
    return f"PostgreSQL counts no further than {_MOST_ROWS}: write fewer"


def _parse_per(name: str, value: Any) -> tuple[tuple[str, int] | None, list[Problem]]:
    if not isinstance(value, Mapping) or len(value) != 1:
        return None, [
            Problem(
                f"{name} has per={abbreviated(value)}",
                "write one referenced table and the rows for each of its rows, as in "
                f"{notation().arguments([(name, Amount(per=('users', 2)))])}",
                table=name,
            )
        ]
    [(parent, number)] = value.items()
    model = None if isinstance(parent, str) else table_of(parent)
    if model is not None and model.problem:
        return None, [Problem(f"{name} has per={abbreviated(value)}", model.problem, table=name)]
    parent = parent if model is None else model.name
    if not isinstance(parent, str):
        what = f"{name} has per={abbreviated(value)}: {abbreviated(parent)} is not the name of a table"
        return None, [Problem(what, table=name)]
    problems = _number_problems(name, f"per {parent}", number)
    return (str.__str__(parent), number if problems else _plain_number(number)), problems


def _number_problems(name: str, key: str, value: Any) -> list[Problem]:
    what = f"{name}={abbreviated(value)}" if key == "count" else f"{name} with {key}={abbreviated(value)}"
    wrong, advice = "", ""
    if isinstance(value, bool):
        wrong, advice = "a count is a whole number, not a bool", f"write {int(value)}"
    elif isinstance(value, float):
        wrong, advice = "a count is a whole number, not a float", f"write {_whole(value)}"
    elif isinstance(value, str):
        digits = str.__str__(value).strip()
        number = int(digits) if digits.isdecimal() and len(digits) < 16 else 8
        wrong, advice = "a count is a whole number, not a string", f"write {number}"
    elif not isinstance(value, int):
        wrong = f"a count is a whole number, not a {type(value).__name__}"
        columns = notation().arguments(
            [(name, Amount(8, columns=(("some_column", Placeholder()),), mapping=True))]
        )
        advice = f"write {notation().arguments([(name, Amount(8))])}, or {columns} for values of columns"
    elif int.__lt__(value, 0):
        wrong, advice = "a count cannot be negative", "write 0 for no rows"
    elif too_many_digits(int.__add__(value, 0)):
        wrong = _beyond()
    return [Problem(f"{what}: {wrong}", advice, table=name)] if wrong else []


def _plain_number(value: Any) -> Any:
    # A member of an IntEnum becomes a plain number.
    return None if value is None else int.__add__(value, 0)


def _whole(value: float) -> int:
    return max(0, int(value)) if abs(value) < 1e15 else DEFAULT_LIMIT


def _day(value: Any) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return date_of(f"{value.year:04}-{value.month:02}-{value.day:02}")
    return date_of(str.__str__(value)) if isinstance(value, str) else None


def parse_options(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[SeedOptions, list[Problem]]:
    """Parse the arguments of one ``seed_options`` marker.

    Returns:
        The options, and the problems.
    """
    problems = []
    values: dict[str, Any] = {}
    if args:
        problems.append(
            Problem(
                f"takes keywords only, but got {abbreviated(args[0])}",
                "write seed_options(max_records=50_000)",
            )
        )
    for key, value in kwargs.items():
        if key not in OPTION_NAMES:
            problems.append(
                Problem(
                    f"has no option {abbreviated(key)}",
                    f"write one of {', '.join(OPTION_NAMES)}{did_you_mean(key, OPTION_NAMES)}",
                    # The option that was meant.
                    option=next(iter(close_names(key, OPTION_NAMES)), ""),
                )
            )
            continue
        read, wrong = _READERS[key](key, value)
        problems += wrong
        if not wrong:
            values[key] = read
    return SeedOptions(**values), problems


def _locale(key: str, value: Any) -> tuple[str | None, list[Problem]]:
    if isinstance(value, str) and not text_problem(value):
        return str.__str__(value), []
    return _unusable(key, value, "write the name of a Faker locale, such as 'de_DE'")


def _date(key: str, value: Any) -> tuple[date | None, list[Problem]]:
    day = _day(value)
    return _unusable(key, value, date_problem()) if day is None else (day, [])


def _switch(key: str, value: Any) -> tuple[bool | None, list[Problem]]:
    return (value, []) if isinstance(value, bool) else _unusable(key, value, "write True or False")


def _number(key: str, value: Any) -> tuple[int | None, list[Problem]]:
    if isinstance(value, bool) or not isinstance(value, int):
        return _unusable(key, value, "write a whole number")
    if key == "max_records" and int.__lt__(value, 0):
        return None, [Problem(f"{key}={abbreviated(value)}: a limit cannot be negative", option=key)]
    if too_long(value):
        return _unusable(key, value, f"write a number of at most {MOST_DIGITS} digits")
    return int.__add__(value, 0), []


def _unusable(key: str, value: Any, advice: str) -> tuple[None, list[Problem]]:
    return None, [Problem(f"{key}={abbreviated(value)}", advice, option=key)]


def _settings(key: str, value: Any) -> tuple[DatabaseSettings | None, list[Problem]]:
    """Read the mapping of PostgreSQL's settings of a ``seed_options`` marker."""
    if not isinstance(value, Mapping):
        return _unusable(
            key, value, "write a mapping of PostgreSQL's settings, as in settings={'app.tenant': 7}"
        )
    found: dict[str, tuple[str, str]] = {}
    problems = []
    for name, text in value.items():
        shown = f"settings={{{abbreviated(name)}: {abbreviated(text)}}}"
        if problem := setting_problem(name, text):
            problems.append(Problem(shown, problem, option="settings"))
        elif name.lower() in found:
            problems.append(Problem(shown, f"{name} is set twice: write it once", option="settings"))
        else:
            found[name.lower()] = str.__str__(name), setting_text(text)
    return combined(tuple(found.values())), problems


# What reads the value of each option of ``seed_options``.
_READERS: Mapping[str, Callable[[str, Any], tuple[Any, list[Problem]]]] = {
    "max_records": _number,
    "seed": _number,
    "locale": _locale,
    "date": _date,
    "settings": _settings,
    "vary_defaults": _switch,
}


Arguments = tuple[tuple[Any, ...], Mapping[str, Any]]


@dataclass(frozen=True)
class ItemProblems:
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


@dataclass(frozen=True)
class Suite:
    """What the markers of all tests of a session are merged with.

    Attributes:
        settings: of the session.
        root: pytest's rootdir, for files that markers name.
        base: the configuration of the whole suite, farther than all markers.
    """

    settings: Settings
    root: Path = Path()
    base: Configuration | None = None


def asked_spec(
    seed_markers: Sequence[Arguments],
    option_markers: Sequence[Arguments],
    suite: Suite,
    *,
    declared: bool = False,
) -> tuple[SeedSpec, tuple[str, ...]]:
    """Merge the markers of one test with the settings and the configuration of its suite.

    Args:
        seed_markers: positional and keyword arguments of each ``seed``, the nearest first.
        option_markers: likewise of each ``seed_options``.
        declared: whether they are the arguments of a ``seeded_database(...)``, for the messages.

    Returns:
        The spec of the test, and a message for each problem.

    Example:
        >>> asked_spec([((), {"users": 5})], [((), {"seed": 7})], Suite(Settings()))[0].seed
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
            configurations.append(file.read(suite.root))
            configured = configurations[-1].tables
            problems += (f"{where}{problem}" for problem in configurations[-1].problems)
        try:
            found, wrong = parse_seed(args if file is None else args[1:], kwargs, configured)
        except Exception as error:
            found, wrong = (), [Problem(_unreadable(error))]
        wrong += (problem for table in found for problem in problems_in_any_schema(table))
        tables.append(found)
        problems += (f"{where}{problem}" for problem in wrong)
    if suite.base is not None:
        configurations.append(suite.base)
        tables.append(suite.base.tables)
    readable = not problems
    given = []
    for args, kwargs in option_markers:
        try:
            options, wrong = parse_options(args, kwargs)
            if not (args or kwargs or declared):
                wrong.append(Problem("names no option", "write one, as in seed_options(max_records=50_000)"))
        except Exception as error:
            options, wrong = SeedOptions(), [Problem(_unreadable(error))]
        if options.locale is not None and (problem := locale_problem(options.locale)):
            wrong.append(Problem(f"locale={options.locale!r}: {problem}", option="locale"))
        given.append(options)
        # Without a readable max_records, the limit is unknown, so exceeding it is not reported.
        readable = readable and not any(problem.option == "max_records" for problem in wrong)
        problems += (f"{where_options}{problem}" for problem in wrong)
    options = merge_options([*given, *(each.options for each in configurations)])
    merged, settings = merge(tables), suite.settings
    spec = SeedSpec(
        merged,
        seed=settings.seed if options.seed is None else options.seed,
        locale=settings.locale if options.locale is None else options.locale,
        limit=settings.limit(options.max_records),
        date=settings.date if options.date is None else options.date,
        project_options=tuple(
            {name: value for each in configurations[::-1] for name, value in each.project_options}.items()
        ),
        notes=tuple(note for each in configurations for note in each.notes),
        warnings=tuple(text for each in configurations for text in _warnings_that_hold(each, merged)),
        settings=combined(settings.database, options.settings or ()),
        vary_defaults=settings.vary_defaults if options.vary_defaults is None else options.vary_defaults,
    )
    over = limit_problem(spec, hard=settings.hard) if readable else None
    return spec, (*problems, f"{spec} {over}") if over else tuple(problems)


def _unreadable(error: Exception) -> str:
    """Word the error that a class of the user's raises when an argument is read."""
    from pytest_supaseed.tracebacks import describe, is_users

    if not is_users(error):
        raise error
    return f"has an argument that cannot be read: {describe(error)}"


def _warnings_that_hold(configuration: Configuration, tables: Sequence[TableSpec]) -> list[str]:
    """Return a configuration's warnings about tables that no nearer marker names."""
    left = {table.name for table in tables if any(table is own for own in configuration.tables)}
    return [text for table, text in configuration.warnings if table in left]


def usage_error(problems: Iterable[ItemProblems]) -> str:
    """Word all problems of a session as one message.

    Args:
        problems: in the order of the tests; those of tests that share their markers appear once.
    """
    told: dict[object, list[ItemProblems]] = {}
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
