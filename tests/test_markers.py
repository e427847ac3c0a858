"""The grammar of the markers, and the wording of every refusal."""

from __future__ import annotations

import enum
import functools
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_supaseed.markers import Suite, asked_spec, parse_options, parse_seed
from pytest_supaseed.settings import Settings
from pytest_supaseed.spec import SPREADS, Rows, SeedOptions, TableSpec
from pytest_supaseed.values.supplied import positional_parameters

DATE_PROBLEM = "write a date of the years 1900 to 2200 as year-month-day, such as 2025-12-31"


class Category(enum.Enum):
    OVERLANDING = "overlanding"


def unsigned(*args: object) -> str:
    """Tell as little of its arguments as some builtins do."""
    return "red"


unsigned.__signature__ = "?"  # type: ignore[attr-defined]


class Colours:
    def __call__(self, faker: object) -> str:
        return "red"

    def of(self, faker: object, row: object) -> str:
        return "red"


def nothing() -> str:
    return "red"


def one(faker: object) -> str:
    return "red"


def two(faker: object, row: object) -> str:
    return "red"


def three(faker: object, row: object, more: object) -> str:
    return "red"


def defaulted(faker: object, row: object = None, more: object = None) -> str:
    return "red"


def anything(*args: object) -> str:
    return "red"


def keywords(*, faker: object = None, row: object = None) -> str:
    return "red"


def one_and_keyword(faker: object, *, row: object) -> str:
    return "red"


ACCEPTED = [
    ((), {"users": 5, "setups": 8}, [TableSpec("users", 5), TableSpec("setups", 8)]),
    ((), {"users": 0}, [TableSpec("users", 0)]),
    ((), {"users": 10**12}, [TableSpec("users", 10**12)]),
    (({"auth.users": 5, "My Table": 8},), {}, [TableSpec("auth.users", 5), TableSpec("My Table", 8)]),
    (({"auth.users": 5},), {"setups": 8}, [TableSpec("auth.users", 5), TableSpec("setups", 8)]),
    ((MappingProxyType({"auth.users": 5}),), {}, [TableSpec("auth.users", 5)]),
    # A name in the search path and one with its schema are told apart when the schema is known.
    (({"public.users": 5},), {"users": 8}, [TableSpec("public.users", 5), TableSpec("users", 8)]),
    ((), {"setups": Rows(8)}, [TableSpec("setups", 8)]),
    ((), {"setups": Rows(0)}, [TableSpec("setups", 0)]),
    ((), {"setups": Rows(count=8, spread="random")}, [TableSpec("setups", 8, spread="random")]),
    ((), {"setups": Rows(add=5)}, [TableSpec("setups", add=5)]),
    ((), {"setups": Rows(add=0)}, [TableSpec("setups", add=0)]),
    ((), {"setups": Rows(per={"users": 2})}, [TableSpec("setups", per=("users", 2))]),
    ((), {"setups": Rows(per={"auth.users": 0})}, [TableSpec("setups", per=("auth.users", 0))]),
    (
        (),
        {"setups": Rows(8, columns={"is_public": True, "category": ["a", "b"]})},
        [TableSpec("setups", 8, columns=(("is_public", True), ("category", ["a", "b"])))],
    ),
    ((), {"setups": {"count": 8}}, [TableSpec("setups", 8)]),
    ((), {"setups": {"add": 8}}, [TableSpec("setups", add=8)]),
    ((), {"setups": {"per": {"users": 2}}}, [TableSpec("setups", per=("users", 2))]),
    (
        (),
        {"setups": {"count": 8, "spread": "skewed", "columns": {"count": 3}, "title": "x"}},
        [TableSpec("setups", 8, spread="skewed", columns=(("count", 3), ("title", "x")))],
    ),
    (
        (),
        {"setups": {"count": 8, "category": ["overlanding", "van-life"], "tags": {"a": []}, "note": None}},
        [
            TableSpec(
                "setups",
                8,
                columns=(("category", ["overlanding", "van-life"]), ("tags", {"a": []}), ("note", None)),
            )
        ],
    ),
    ((), {"setups": {"count": 8, "title": one}}, [TableSpec("setups", 8, columns=(("title", one),))]),
    ((), {"setups": {"count": 8, "title": two}}, [TableSpec("setups", 8, columns=(("title", two),))]),
    ((), {"setups": {"count": 8, "title": ("a",)}}, [TableSpec("setups", 8, columns=(("title", ("a",)),))]),
    (
        (),
        {"setups": {"count": 8, "kind": Category.OVERLANDING, "title": ""}},
        [TableSpec("setups", 8, columns=(("kind", Category.OVERLANDING), ("title", "")))],
    ),
]


@pytest.mark.parametrize(("args", "kwargs", "tables"), ACCEPTED)
def test_a_marker_is_read(args: tuple[Any, ...], kwargs: dict[str, Any], tables: list[TableSpec]) -> None:
    assert parse_seed(args, kwargs) == (tuple(tables), [])


REFUSED = [
    ((), {}, "names no table: write how many rows each table shall hold, as in seed(users=5)"),
    (({},), {}, "names no table: write how many rows each table shall hold, as in seed(users=5)"),
    (
        ({"users": 1}, {"setups": 2}),
        {},
        "takes one positional argument, a mapping of table names to counts, but got 2: "
        'write seed({"auth.users": 5, "public.setups": 8})',
    ),
    (
        (5,),
        {},
        'takes a mapping of table names to counts, but got 5: write seed(users=5) or seed({"auth.users": 5}); '
        "if it is the marker of another plugin or yours, register it among the markers of the ini, and it is left "
        "alone",
    ),
    (
        ("users",),
        {},
        "takes a mapping of table names to counts, but got 'users': "
        'write seed(users=5) or seed({"auth.users": 5}); '
        "if it is the marker of another plugin or yours, register it among the markers of the ini, and it is left "
        "alone",
    ),
    (
        ({"users": 5},),
        {"users": 5},
        "users is named twice, in the mapping and as a keyword: keep one of them",
    ),
    (({5: 5},), {}, "5 is not the name of a table: write a string such as 'auth.users'"),
    (({"": 5},), {}, "'' is not the name of a table: write a string such as 'auth.users'"),
    # Counts.
    ((), {"users": -1}, "users=-1: a count cannot be negative: write 0 for no rows"),
    ((), {"users": True}, "users=True: a count is a whole number, not a bool: write 1"),
    ((), {"users": False}, "users=False: a count is a whole number, not a bool: write 0"),
    ((), {"users": 5.0}, "users=5.0: a count is a whole number, not a float: write 5"),
    ((), {"users": 2.9}, "users=2.9: a count is a whole number, not a float: write 2"),
    ((), {"users": -2.5}, "users=-2.5: a count is a whole number, not a float: write 0"),
    ((), {"users": 1e30}, "users=1e+30: a count is a whole number, not a float: write 1000"),
    ((), {"users": float("inf")}, "users=inf: a count is a whole number, not a float: write 1000"),
    ((), {"users": float("nan")}, "users=nan: a count is a whole number, not a float: write 1000"),
    ((), {"users": "5"}, "users='5': a count is a whole number, not a string: write 5"),
    ((), {"users": " 5 "}, "users=' 5 ': a count is a whole number, not a string: write 5"),
    ((), {"users": "007"}, "users='007': a count is a whole number, not a string: write 7"),
    ((), {"users": "five"}, "users='five': a count is a whole number, not a string: write 8"),
    ((), {"users": "²"}, "users='²': a count is a whole number, not a string: write 8"),
    ((), {"users": "-5"}, "users='-5': a count is a whole number, not a string: write 8"),
    ((), {"users": "9" * 50}, f"users='{'9' * 50}': a count is a whole number, not a string: write 8"),
    (
        (),
        {"users": None},
        "users=None: a count is a whole number, not a NoneType: write users=8, "
        "or users={'count': 8, 'some_column': ...} for values of columns",
    ),
    (
        ({"auth.users": [5]},),
        {},
        'auth.users=[5]: a count is a whole number, not a list: write {"auth.users": 8}, '
        "or {\"auth.users\": {'count': 8, 'some_column': ...}} for values of columns",
    ),
    ((), {"users": Rows(-1)}, "users=-1: a count cannot be negative: write 0 for no rows"),
    ((), {"users": Rows(add=-1)}, "users with add=-1: a count cannot be negative: write 0 for no rows"),
    ((), {"users": Rows(add=True)}, "users with add=True: a count is a whole number, not a bool: write 1"),
    ((), {"users": {"count": 5.0}}, "users=5.0: a count is a whole number, not a float: write 5"),
    # Exactly one of the three.
    (
        (),
        {"users": Rows()},
        "users does not say how many rows: write exactly one of count, add and per, as in users={'count': 8}",
    ),
    (
        ({"auth.users": {}},),
        {},
        "auth.users does not say how many rows: write exactly one of count, add and per, "
        "as in {\"auth.users\": {'count': 8}}",
    ),
    (
        (),
        {"users": Rows(5, add=3)},
        "users has count and add: write exactly one of count, add and per, as in users={'count': 8}",
    ),
    (
        (),
        {"users": {"per": {"teams": 1}, "add": 1, "count": 5}},
        "users has count and add and per: write exactly one of count, add and per, as in users={'count': 8}",
    ),
    # Rows for each row.
    (
        (),
        {"setups": Rows(per={})},
        "setups has per={}: write one referenced table and the rows for each of its rows, "
        "as in setups=Rows(per={'users': 2})",
    ),
    (
        ({"public.setups": {"per": {"users": 2, "teams": 1}}},),
        {},
        "public.setups has per={'users': 2, 'teams': 1}: write one referenced table and the rows for each "
        "of its rows, as in {\"public.setups\": Rows(per={'users': 2})}",
    ),
    (
        (),
        {"setups": {"per": 2}},
        "setups has per=2: write one referenced table and the rows for each of its rows, "
        "as in setups=Rows(per={'users': 2})",
    ),
    ((), {"setups": Rows(per={3: 2})}, "setups has per={3: 2}: 3 is not the name of a table"),  # type: ignore[dict-item]
    (
        (),
        {"setups": Rows(per={"users": -2})},
        "setups with per users=-2: a count cannot be negative: write 0 for no rows",
    ),
    (
        (),
        {"setups": {"per": {"users": "2"}}},
        "setups with per users='2': a count is a whole number, not a string: write 2",
    ),
    # Spreads.
    (
        (),
        {"setups": Rows(8, spread="Random")},
        "setups has spread='Random': write one of 'even', 'random', 'skewed' (did you mean 'random'?)",
    ),
    (
        (),
        {"setups": {"count": 8, "spread": None}},
        "setups has spread=None: write one of 'even', 'random', 'skewed'",
    ),
    # Columns.
    (
        (),
        {"setups": Rows(8, columns=["is_public"])},  # type: ignore[arg-type]
        "setups has columns=['is_public']: write a mapping of column names to values, "
        "as in setups=Rows(8, columns={'is_public': True})",
    ),
    (
        ({"public.setups": {"count": 8, "columns": None}},),
        {},
        "public.setups has columns=None: write a mapping of column names to values, "
        "as in {\"public.setups\": Rows(8, columns={'is_public': True})}",
    ),
    (
        (),
        {"setups": {"count": 8, "columns": {"title": "x"}, "title": "y"}},
        "setups.title is given twice, in columns and as a key of its own: keep one of them",
    ),
    (
        (),
        {"setups": {"count": 8, 5: "x"}},
        "setups has 5 for a column: write the column's name as a string",
    ),
    (
        (),
        {"setups": Rows(8, columns={"": "x"})},
        "setups has '' for a column: write the column's name as a string",
    ),
    (
        (),
        {"setups": {"count": 8, "category": {"van-life"}}},
        "setups.category={'van-life'}: a set has no order, and rows must not depend on chance: write a list",
    ),
    (
        (),
        {"setups": {"count": 8, "category": frozenset({1})}},
        "setups.category=frozenset({1}): a set has no order, and rows must not depend on chance: "
        "write a list",
    ),
    (
        (),
        {"setups": {"count": 8, "category": Category}},
        "setups.category=Category: an enum class is not a value: write list(Category)",
    ),
    (
        (),
        {"setups": {"count": 8, "category": []}},
        "setups.category=[]: there is nothing to choose from: give at least one value, or leave it out",
    ),
    (
        (),
        {"setups": {"count": 8, "category": ()}},
        "setups.category=[]: there is nothing to choose from: give at least one value, or leave it out",
    ),
    (
        (),
        {"setups": {"count": 8, "title": nothing}},
        "setups.title=nothing: the function is called with (faker) or (faker, row): let it take them",
    ),
    (
        (),
        {"setups": {"count": 8, "title": three}},
        "setups.title=three: the function is called with (faker) or (faker, row): let it take them",
    ),
    (
        (),
        {"setups": {"count": 8, "id": uuid.uuid4}},
        "setups.id=uuid4: the function is called with (faker) or (faker, row): let it take them",
    ),
]


@pytest.mark.parametrize(("args", "kwargs", "problem"), REFUSED)
def test_a_mistake_is_named(args: tuple[Any, ...], kwargs: dict[str, Any], problem: str) -> None:
    tables, problems = parse_seed(args, kwargs)
    assert [str(each) for each in problems] == [problem]
    # What is named twice could be either; nothing else is guessed at.
    assert len(tables) == (2 if "named twice" in problem else 0)


def test_all_mistakes_are_named_together() -> None:
    tables, problems = parse_seed(
        ({"auth.users": -1, "gear": 3},),
        {
            "gear": 4,
            "setups": {"count": "8", "add": 1, "spread": "evenly", "category": [], "title": nothing},
            "photos": Rows(per={"setups": 1.5}, columns={"kind": set()}),  # type: ignore[dict-item]
            "tags": 9,
        },
    )
    assert [str(problem) for problem in problems] == [
        "gear is named twice, in the mapping and as a keyword: keep one of them",
        "auth.users=-1: a count cannot be negative: write 0 for no rows",
        "setups has count and add: write exactly one of count, add and per, as in setups={'count': 8}",
        "setups='8': a count is a whole number, not a string: write 8",
        "setups has spread='evenly': write one of 'even', 'random', 'skewed' (did you mean 'even'?)",
        "setups.category=[]: there is nothing to choose from: give at least one value, or leave it out",
        "setups.title=nothing: the function is called with (faker) or (faker, row): let it take them",
        "photos with per setups=1.5: a count is a whole number, not a float: write 1",
        "photos.kind=set(): a set has no order, and rows must not depend on chance: write a list",
    ]
    assert [table.name for table in tables] == ["gear", "gear", "tags"]


@given(st.dictionaries(st.text(min_size=1), st.integers(min_value=0)).filter(bool))
@settings(deadline=None)
def test_whole_numbers_are_counts_of_any_name(counts: dict[str, int]) -> None:
    expected = tuple(TableSpec(name, count) for name, count in counts.items())
    assert parse_seed((counts,), {}) == (expected, [])
    assert parse_seed((), counts) == (expected, [])


AMOUNTS = (
    st.integers(0) | st.integers() | st.floats() | st.booleans() | st.text() | st.none() | st.lists(st.none())
)
VALUES = (
    AMOUNTS
    | st.builds(
        Rows,
        st.none() | AMOUNTS,
        st.none() | AMOUNTS,
        st.none() | AMOUNTS | st.dictionaries(st.text() | st.integers(), AMOUNTS),
        st.sampled_from(SPREADS) | AMOUNTS,
        AMOUNTS | st.dictionaries(st.text() | st.integers(), AMOUNTS),
    )
    | st.dictionaries(
        st.sampled_from(("count", "add", "per", "spread", "columns", "title")) | st.text() | st.integers(),
        AMOUNTS | st.dictionaries(st.text(), AMOUNTS),
    )
)


@given(
    st.lists(VALUES | st.dictionaries(st.text() | st.integers(), VALUES)), st.dictionaries(st.text(), VALUES)
)
@settings(deadline=None)
def test_whatever_a_user_writes_is_either_checked_or_refused(args: list[Any], kwargs: dict[str, Any]) -> None:
    tables, problems = parse_seed(tuple(args), kwargs)
    assert tables or problems
    for table in tables:
        amounts = [table.count, table.add, table.per and table.per[1]]
        assert [type(amount) for amount in amounts if amount is not None] == [int]
        assert all(amount is None or amount >= 0 for amount in amounts)
        assert table.spread in SPREADS
        assert all(isinstance(column, str) and column for column, _ in table.columns)
    if not problems:
        named = [*(args[0] if args else ()), *kwargs]
        assert [table.name for table in tables] == named


@pytest.mark.parametrize(
    ("function", "number"),
    [
        (nothing, 0),
        (one, 1),
        (two, 2),
        (three, 0),
        (defaulted, 2),
        (anything, 2),
        (keywords, 0),
        (one_and_keyword, 0),
        (lambda faker: 1, 1),
        (lambda faker, row: 1, 2),
        (Colours(), 1),
        (Colours().of, 2),
        (functools.partial(two, "x"), 1),
        (functools.partial(one_and_keyword, row=1), 1),
        (unsigned, 1),
    ],
)
def test_a_function_gets_what_it_takes(function: Callable[..., Any], number: int) -> None:
    assert positional_parameters(function) == number


@pytest.mark.parametrize(
    ("kwargs", "options"),
    [
        ({}, SeedOptions()),
        ({"max_records": 50_000, "seed": 7}, SeedOptions(50_000, 7)),
        ({"max_records": 0}, SeedOptions(0)),
        ({"seed": -1}, SeedOptions(seed=-1)),
        ({"locale": "de_DE"}, SeedOptions(locale="de_DE")),
        ({"date": "2024-02-29"}, SeedOptions(date=date(2024, 2, 29))),
        ({"date": date(2024, 2, 29)}, SeedOptions(date=date(2024, 2, 29))),
        (
            {"settings": {"b": 7, "App.a": True, "c": "x", "d": 1.5}},
            SeedOptions(settings=(("App.a", "on"), ("b", "7"), ("c", "x"), ("d", "1.5"))),
        ),
    ],
)
def test_options_are_read(kwargs: dict[str, Any], options: SeedOptions) -> None:
    assert parse_options((), kwargs) == (options, [])


SETTING_NAME = "write the name of a setting, such as 'TimeZone', or 'app.tenant' for one of the application's"


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        (
            "app.a = 1",
            "settings='app.a = 1': write a mapping of PostgreSQL's settings, as in settings={'app.tenant': 7}",
        ),
        ({"app.a": None}, "settings={'app.a': None}: write a text, a number, True or False"),
        ({"app.a": [1]}, "settings={'app.a': [1]}: write a text, a number, True or False"),
        ({7: 1}, f"settings={{7: 1}}: {SETTING_NAME}"),
        ({"a b": 1}, f"settings={{'a b': 1}}: {SETTING_NAME}"),
        ({"app.a": 1, "APP.A": 2}, "settings={'APP.A': 2}: APP.A is set twice: write it once"),
        (
            {"session_replication_role": "replica"},
            "settings={'session_replication_role': 'replica'}: it cannot be set for a whole database: triggers and "
            "foreign keys would not hold: let the test run SET LOCAL",
        ),
    ],
)
def test_a_mistaken_setting_is_named(settings: object, problem: str) -> None:
    _, problems = parse_options((), {"settings": settings})
    assert [str(each) for each in problems] == [problem]


def test_settings_merge_name_by_name() -> None:
    spec, problems = asked_spec(
        [((), {"users": 5})],
        [((), {"settings": {"app.a": 1}}), ((), {"seed": 7, "settings": {"APP.A": 2, "app.b": 3}})],
        Suite(Settings(database=(("app.b", "0"), ("app.c", "4")))),
    )
    assert (spec.settings, problems) == ((("app.a", "1"), ("app.b", "3"), ("app.c", "4")), ())
    assert spec.fingerprint != replace(spec, settings=()).fingerprint


@pytest.mark.parametrize(
    ("args", "kwargs", "problem"),
    [
        ((1000,), {}, "takes keywords only, but got 1000: write seed_options(max_records=50_000)"),
        (
            (),
            {"max_record": 5},
            "has no option 'max_record': write one of max_records, seed, locale, date, settings, vary_defaults "
            "(did you mean 'max_records'?)",
        ),
        (
            (),
            {"users": 5},
            "has no option 'users': write one of max_records, seed, locale, date, settings, vary_defaults",
        ),
        ((), {"max_records": -1}, "max_records=-1: a limit cannot be negative"),
        ((), {"max_records": "5"}, "max_records='5': write a whole number"),
        ((), {"max_records": True}, "max_records=True: write a whole number"),
        ((), {"max_records": None}, "max_records=None: write a whole number"),
        ((), {"seed": 1.5}, "seed=1.5: write a whole number"),
        ((), {"seed": "random"}, "seed='random': write a whole number"),
        ((), {"date": "2025-02-29"}, f"date='2025-02-29': {DATE_PROBLEM}"),
        ((), {"date": 2025}, f"date=2025: {DATE_PROBLEM}"),
        (
            (),
            {"date": datetime(2025, 1, 1, 12)},
            f"date=datetime.datetime(2025, 1, 1, 12, 0): {DATE_PROBLEM}",
        ),
        ((), {"locale": 5}, "locale=5: write the name of a Faker locale, such as 'de_DE'"),
        ((), {"locale": ["de_DE"]}, "locale=['de_DE']: write the name of a Faker locale, such as 'de_DE'"),
    ],
)
def test_a_mistaken_option_is_named(args: tuple[Any, ...], kwargs: dict[str, Any], problem: str) -> None:
    options, problems = parse_options(args, kwargs)
    assert (options, [str(each) for each in problems]) == (SeedOptions(), [problem])


def test_all_mistaken_options_are_named_and_the_good_ones_kept() -> None:
    options, problems = parse_options((5,), {"seeds": 1, "max_records": -1, "locale": None, "seed": 3})
    assert options == SeedOptions(seed=3)
    assert [problem.option for problem in problems] == ["", "seed", "max_records", "locale"]
    assert [str(problem) for problem in problems] == [
        "takes keywords only, but got 5: write seed_options(max_records=50_000)",
        "has no option 'seeds': write one of max_records, seed, locale, date, settings, "
        "vary_defaults (did you mean 'seed'?)",
        "max_records=-1: a limit cannot be negative",
        "locale=None: write the name of a Faker locale, such as 'de_DE'",
    ]
