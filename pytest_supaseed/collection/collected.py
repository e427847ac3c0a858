"""What the collected tests ask for: their markers and the session's settings -> specs, or every problem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_supaseed.collection.configured import Configuration, configuration_of
from pytest_supaseed.collection.marker import impossible, parse_options, parse_seed
from pytest_supaseed.config import Settings, locale_problem
from pytest_supaseed.spec import SeedOptions, SeedSpec, TableSpec, limit_problem, merge, merge_options
from pytest_supaseed.wording import printable

Arguments = tuple[tuple[Any, ...], Mapping[str, Any]]


@dataclass(frozen=True)
class Problem:
    """What is wrong with what a test asks for.

    Attributes:
        test: the test's id, or the fixture's name.
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
        base: what the whole suite asks for: it is farther than all markers.

    Returns:
        What the test asks for, and a message for each thing that is wrong with it.

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
        # A limit that is misspelt may have been meant to be high enough.
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
        next((each.user_password for each in configurations if each.user_password is not None), None),
        tuple(note for each in configurations for note in each.notes),
        tuple(text for each in configurations for text in _of_what_is_left(each, merged)),
    )
    over = limit_problem(spec, hard=settings.hard) if readable else None
    return spec, (*problems, f"{spec} {over}") if over else tuple(problems)


def _unreadable(error: Exception) -> str:
    """What is wrong with arguments that cannot be read, because a class of the user's own raises."""
    from pytest_supaseed.loading.frames import describe, is_users

    if not is_users(error):
        raise error
    return f"has an argument that cannot be read: {describe(error)}"


def _of_what_is_left(configuration: Configuration, tables: Sequence[TableSpec]) -> list[str]:
    """Its warnings about tables that no marker nearer than it has named."""
    left = {table.name for table in tables if any(table is own for own in configuration.tables)}
    return [text for table, text in configuration.warnings if table in left]


def usage_error(problems: Iterable[Problem]) -> str:
    """Word all problems of a session as one message.

    Args:
        problems: in the order of the tests; those of tests that share their markers are told once.
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
