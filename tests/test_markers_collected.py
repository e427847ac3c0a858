"""What tests ask for, merged with their session's settings, and what is wrong with it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pytest_supaseed.markers import Arguments, ItemProblems, Suite, asked_spec, usage_error
from pytest_supaseed.settings import Settings
from pytest_supaseed.spec import Rows, SeedSpec, TableSpec


def seed(*args: Any, **kwargs: Any) -> Arguments:
    """The arguments of a marker."""
    return args, kwargs


def spec_of(
    *markers: Arguments, options: tuple[Arguments, ...] = (), settings: Settings | None = None
) -> SeedSpec:
    spec, problems = asked_spec(markers, options, Suite(settings or Settings()))
    assert problems == ()
    return spec


def problems_of(
    *markers: Arguments,
    options: tuple[Arguments, ...] = (),
    settings: Settings | None = None,
    **more: bool,
) -> list[str]:
    return list(asked_spec(markers, options, Suite(settings or Settings()), **more)[1])


def test_a_marker_is_a_spec_with_the_defaults_of_the_options() -> None:
    assert spec_of(seed(users=5, setups=Rows(8, spread="random"))) == SeedSpec(
        (TableSpec("users", 5), TableSpec("setups", 8, spread="random")), 0, "en_US", 1000
    )


def test_no_marker_asks_for_nothing() -> None:
    assert spec_of() == SeedSpec()


def test_the_nearest_marker_wins_table_by_table() -> None:
    spec = spec_of(seed(setups=2), seed(setups=9, gear=1), seed(users=5, gear=7))
    assert spec.tables == (TableSpec("users", 5), TableSpec("gear", 1), TableSpec("setups", 2))


SETTINGS = Settings(max_records=50, seed=3, locale="de_DE", date=date(2024, 1, 31))


def test_the_nearest_date_wins_over_the_settings() -> None:
    assert asked_spec([], [], Suite(SETTINGS))[0].date == date(2024, 1, 31)
    options = [seed(date="2025-06-30"), seed(date="2025-05-31")]
    assert asked_spec([], options, Suite(SETTINGS))[0].date == date(2025, 6, 30)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), (3, "de_DE", 50)),
        ((seed(seed=7),), (7, "de_DE", 50)),
        ((seed(seed=0),), (0, "de_DE", 50)),
        ((seed(locale="fr_FR"),), (3, "fr_FR", 50)),
        ((seed(max_records=60),), (3, "de_DE", 60)),
        ((seed(max_records=40),), (3, "de_DE", 40)),
        ((seed(seed=1, locale="fr_FR", max_records=9),), (1, "fr_FR", 9)),
        # The nearest, key by key.
        ((seed(seed=1), seed(seed=2, locale="fr_FR"), seed(max_records=9, locale="nl_NL")), (1, "fr_FR", 9)),
    ],
)
def test_options_win_over_the_settings(
    options: tuple[Arguments, ...], expected: tuple[int, str, int]
) -> None:
    spec = spec_of(seed(users=5), options=options, settings=SETTINGS)
    assert (spec.seed, spec.locale, spec.limit) == expected


@pytest.mark.parametrize(("asked", "limit"), [(40, 40), (50, 50), (60, 50), (10**9, 50), (0, 0)])
def test_no_marker_raises_a_hard_limit(asked: int, limit: int) -> None:
    hard = Settings(max_records=50, hard=True)
    spec = spec_of(seed(users=0), options=(seed(max_records=asked),), settings=hard)
    assert spec.limit == limit


SOFT = (
    "asks for {0} rows in all, {1} above the limit of {2}: add @pytest.mark.seed_options(max_records={3}), or "
    "max_records={3} to a seeded_database(...), set supaseed_max_records = {3}, run with "
    "--supaseed-max-records {3}, or ask for fewer"
)
HARD = "asks for {0} rows in all, {1} above the limit of {2}: run with --supaseed-max-records {3}, or ask for fewer"


@pytest.mark.parametrize(
    ("markers", "options", "settings", "problem"),
    [
        (
            (seed(users=1001),),
            (),
            Settings(),
            "seed(users=1001) " + SOFT.format(1001, 1, 1000, 1252),
        ),
        # The sum over all markers.
        (
            (seed(setups=600), seed(users=500)),
            (),
            Settings(),
            "seed(users=500, setups=600) " + SOFT.format(1100, 100, 1000, 1375),
        ),
        (
            (seed(users=10),),
            (seed(max_records=9),),
            Settings(),
            "seed(users=10) " + SOFT.format(10, 1, 9, 13),
        ),
        (
            (seed(users=60),),
            (seed(max_records=60),),
            Settings(max_records=50, hard=True),
            "seed(users=60) " + HARD.format(60, 10, 50, 75),
        ),
        (
            (seed(users=20, setups=Rows(per={"users": 3})),),
            (),
            Settings(max_records=79),
            "seed(users=20, setups=Rows(per={'users': 3})) " + SOFT.format(80, 1, 79, 100),
        ),
    ],
)
def test_a_total_above_the_limit_is_a_problem(
    markers: tuple[Arguments, ...], options: tuple[Arguments, ...], settings: Settings, problem: str
) -> None:
    assert problems_of(*markers, options=options, settings=settings) == [problem]


def test_a_marker_that_is_overridden_does_not_count_against_the_limit() -> None:
    assert problems_of(seed(users=5), seed(users=5000)) == []


def test_every_problem_of_every_marker_is_told_with_the_marker_that_it_is_in() -> None:
    assert problems_of(
        seed(users=-1, setups=True),
        seed(gear="5"),
        options=(seed(sed=1), seed(locale="de_DR", max_records=-1)),
    ) == [
        "@pytest.mark.seed: users=-1: a count cannot be negative: write 0 for no rows",
        "@pytest.mark.seed: setups=True: a count is a whole number, not a bool: write 1",
        "@pytest.mark.seed: gear='5': a count is a whole number, not a string: write 5",
        "@pytest.mark.seed_options: has no option 'sed': write one of max_records, seed, locale, date, settings, "
        "vary_defaults "
        "(did you mean 'seed'?)",
        "@pytest.mark.seed_options: max_records=-1: a limit cannot be negative",
        "@pytest.mark.seed_options: locale='de_DR': Faker has no such locale (did you mean 'de_DE' or 'id_ID' or "
        "'es_AR'?)",
    ]


def test_a_declared_fixture_has_no_marker_to_name() -> None:
    assert problems_of(seed(users=-1), options=(seed(max_records=-1),), declared=True) == [
        "users=-1: a count cannot be negative: write 0 for no rows",
        "max_records=-1: a limit cannot be negative",
    ]


def test_of_a_marker_that_is_wrong_otherwise_the_total_is_not_told() -> None:
    assert problems_of(seed(users=5000, setups=-1)) == [
        "@pytest.mark.seed: setups=-1: a count cannot be negative: write 0 for no rows"
    ]


def test_the_tables_that_are_right_are_in_the_spec_all_the_same() -> None:
    spec, problems = asked_spec([seed(users=5, setups=-1)], [seed(seed="x")], Suite(Settings(seed=4)))
    assert spec == SeedSpec((TableSpec("users", 5),), seed=4)
    assert len(problems) == 2


def test_a_single_problem_is_worded_as_one() -> None:
    problem = ItemProblems("tests/test_a.py::test_a", "tests/test_a.py:12", ("users=-1: too few",), 1)
    assert usage_error([problem]) == (
        "supaseed: 1 problem in what the tests ask for; nothing was run.\n"
        "tests/test_a.py:12: tests/test_a.py::test_a\n"
        "    users=-1: too few"
    )


def test_tests_that_share_their_markers_are_told_once() -> None:
    class_marker, own_marker = object(), object()
    problems = [
        ItemProblems("a::test_1", "a.py:1", ("first", "second"), class_marker),
        ItemProblems("a::test_2", "a.py:5", ("third\nof two lines",), own_marker),
        ItemProblems("a::test_3", "a.py:9", ("first", "second"), class_marker),
        ItemProblems("a::test_4", "a.py:12", ("first", "second"), class_marker),
        # The same words of another marker are another problem.
        ItemProblems("a::test_5", "a.py:15", ("first", "second"), own_marker),
    ]
    assert usage_error(iter(problems)) == (
        "supaseed: 5 problems in what the tests ask for; nothing was run.\n"
        "a.py:1: a::test_1 and 2 more\n"
        "    first\n"
        "    second\n"
        "a.py:5: a::test_2\n"
        "    third\n"
        "    of two lines\n"
        "a.py:15: a::test_5\n"
        "    first\n"
        "    second"
    )


def test_tests_of_one_marker_with_other_problems_are_told_apart() -> None:
    problems = [
        ItemProblems("a::test_1", "a.py:1", ("one",), 1),
        ItemProblems("a::test_2", "a.py:1", ("two",), 1),
    ]
    assert usage_error(problems).splitlines() == [
        "supaseed: 2 problems in what the tests ask for; nothing was run.",
        "a.py:1: a::test_1",
        "    one",
        "a.py:1: a::test_2",
        "    two",
    ]
