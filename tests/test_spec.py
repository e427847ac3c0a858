"""What a test asks for: how specs are spelt, compared, merged and summed."""

from __future__ import annotations

import enum
import re
from dataclasses import FrozenInstanceError, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_supaseed.markers import parse_seed
from pytest_supaseed.notation import PYTEST
from pytest_supaseed.options import DEFAULT_LIMIT
from pytest_supaseed.spec import (
    DEFAULT_LOCALE,
    SPREADS,
    Rows,
    SeedOptions,
    SeedSpec,
    TableSpec,
    limit_problem,
    merge,
    merge_options,
    near_limit,
)
from pytest_supaseed.wording import abbreviated

USERS = TableSpec("users", 5)
SETUPS = TableSpec("setups", 8)
NUMBERS = st.integers(0, 10_000)
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
COLUMNS = st.dictionaries(
    st.text(min_size=1, max_size=5), SCALARS | st.lists(SCALARS, min_size=1), max_size=3
)


@st.composite
def table_specs(draw: st.DrawFn, name: str) -> TableSpec:
    amounts: dict[str, Any] = draw(
        st.sampled_from(("count", "add", "per")).flatmap(
            lambda key: st.fixed_dictionaries(
                {key: st.tuples(st.text(min_size=1, max_size=5), NUMBERS) if key == "per" else NUMBERS}
            )
        )
    )
    columns = tuple(draw(COLUMNS).items())
    return TableSpec(name, spread=draw(st.sampled_from(SPREADS)), columns=columns, **amounts)


# A table is named as the user likes; some names are no identifiers, and some only look like one.
NAMES = st.sampled_from(
    ("users", "auth.users", "order", "class", "My Table", "a%b", "naïve", 'x"y', "back\\slash", "ﬁle", "日本")
) | st.text(min_size=1, max_size=8)
SPECS = st.lists(NAMES, unique=True, max_size=4).flatmap(
    lambda names: st.tuples(*(table_specs(name) for name in names))
)


def colour(faker: object) -> str:
    return "red"


class Category(enum.Enum):
    OVERLANDING = "overlanding"


class Loud(str):
    """Prints like another string."""


def evaluated(code: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Call a function with the arguments that the code spells, as the decorator of a test does."""

    def called(*args: Any, **kwargs: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return args, kwargs

    result: tuple[tuple[Any, ...], dict[str, Any]] = eval(f"called({code})", {"called": called, "Rows": Rows})
    return result


@pytest.mark.parametrize(
    ("table", "asked"),
    [
        (TableSpec("t", 8), "8"),
        (TableSpec("t", 0), "0"),
        (TableSpec("t", add=5), "Rows(add=5)"),
        (TableSpec("t", add=0), "Rows(add=0)"),
        (TableSpec("t", per=("users", 2)), "Rows(per={'users': 2})"),
        (TableSpec("t", 8, spread="random"), "Rows(8, spread='random')"),
        (TableSpec("t", add=1, spread="skewed"), "Rows(add=1, spread='skewed')"),
        (
            TableSpec("t", 8, columns=(("is_public", True), ("category", ["a", "b"]))),
            "Rows(8, columns={'is_public': True, 'category': ['a', 'b']})",
        ),
        (TableSpec("t", 8, columns=(("hue", colour),)), "Rows(8, columns={'hue': colour})"),
    ],
)
def test_a_table_is_spelt_as_its_marker(table: TableSpec, asked: str) -> None:
    assert PYTEST.arguments([("t", table.asked)]) == f"t={asked}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        ("five", "'five'"),
        (colour, "colour"),
        (Category, "<enum 'Category'>"),
        ("x" * 58, repr("x" * 58)),
        ("x" * 59, "'" + "x" * 56 + "..."),
    ],
)
def test_a_value_is_short_enough_for_a_message(value: object, text: str) -> None:
    assert abbreviated(value) == text
    assert len(text) <= 60


@given(SPECS)
@settings(deadline=None)
def test_a_printed_spec_can_be_pasted(tables: tuple[TableSpec, ...]) -> None:
    # What is abbreviated is for reading only.
    tables = tuple(t for t in tables if all(len(repr(value)) <= 60 for _, value in t.columns))
    spec = SeedSpec(tables)
    assert str(spec).startswith("seed(")
    parsed, problems = parse_seed(*evaluated(str(spec)[len("seed(") : -1]))
    assert [str(problem) for problem in problems] == (
        [] if tables else ["names no table: write how many rows each table shall hold, as in seed(users=5)"]
    )
    assert set(map(repr, parsed)) == set(map(repr, tables))


def test_a_spec_of_no_tables_is_printed() -> None:
    assert str(SeedSpec()) == "seed()"


def test_the_defaults_are_those_of_the_options() -> None:
    assert (DEFAULT_LIMIT, DEFAULT_LOCALE) == (1000, "en_US")
    assert SeedSpec() == SeedSpec((), 0, "en_US", 1000)
    assert Rows() == Rows(None, None, None, "even", {})


@pytest.mark.parametrize("frozen", [Rows(8), USERS, SeedSpec(), SeedOptions()])
def test_what_is_asked_does_not_change(frozen: Any) -> None:
    with pytest.raises(FrozenInstanceError):
        frozen.seed = 3


SAME = [
    (SeedSpec((USERS, SETUPS)), SeedSpec((SETUPS, USERS))),
    (SeedSpec((USERS,), limit=10), SeedSpec((USERS,), limit=10_000)),
    (
        SeedSpec((TableSpec("t", 8, columns=(("a", 1), ("b", "x"))),)),
        SeedSpec((TableSpec("t", 8, columns=(("b", "x"), ("a", 1))),)),
    ),
    (
        SeedSpec((TableSpec("t", 8, columns=(("a", ["x", "y"]),)),)),
        SeedSpec((TableSpec("t", 8, columns=(("a", ("x", "y")),)),)),
    ),
    (
        SeedSpec((TableSpec("t", 8, columns=(("a", colour),)),)),
        SeedSpec((TableSpec("t", 8, columns=(("a", colour),)),)),
    ),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_specs_of_the_same_rows_have_one_identity(one: SeedSpec, other: SeedSpec) -> None:
    assert one.fingerprint == other.fingerprint


def columns(**values: Any) -> TableSpec:
    return TableSpec("t", 8, columns=tuple(values.items()))


DIFFERENT = [
    TableSpec("t", 8),
    TableSpec("t", 9),
    TableSpec("T", 8),
    TableSpec("t", add=8),
    TableSpec("t", per=("users", 8)),
    TableSpec("t", per=("owners", 8)),
    TableSpec("t", per=("users", 9)),
    TableSpec("t", 8, spread="random"),
    TableSpec("t", 8, spread="skewed"),
    columns(a=1),
    columns(a="1"),
    columns(a=True),
    columns(a=1.0),
    columns(b=1),
    columns(a=None),
    columns(a="None"),
    columns(a=[1]),
    columns(a=[1, 2]),
    columns(a=[2, 1]),
    columns(a=["1, int:2"]),
    columns(a=colour),
    columns(a="colour"),
    columns(a=lambda faker: "red"),
    columns(a=lambda faker: "blue"),
    columns(a=[lambda faker: "red"]),
    columns(a=Category.OVERLANDING),
    columns(a="overlanding"),
    columns(a=Loud("overlanding")),
    columns(a=1, b=1),
]


def test_specs_of_other_rows_have_other_identities() -> None:
    specs = [SeedSpec((table,)) for table in DIFFERENT]
    specs += [SeedSpec(), SeedSpec((DIFFERENT[0], USERS)), SeedSpec((DIFFERENT[0],), seed=1)]
    specs += [SeedSpec((DIFFERENT[0],), locale="de_DE"), SeedSpec((DIFFERENT[0],), date=date(2024, 1, 1))]
    assert len({spec.fingerprint for spec in specs}) == len(specs)


@given(SPECS, SPECS, st.integers(0, 1), st.integers(0, 1))
@settings(deadline=None)
def test_an_identity_is_the_same_for_the_same_rows_only(
    one: tuple[TableSpec, ...], other: tuple[TableSpec, ...], seed: int, other_seed: int
) -> None:
    def rows(tables: tuple[TableSpec, ...]) -> set[str]:
        return {repr(replace(t, columns=tuple(sorted(t.columns, key=repr)))) for t in tables}

    same = (rows(one), seed) == (rows(other), other_seed)
    first, second = SeedSpec(one, seed), SeedSpec(other, other_seed)
    assert (first.fingerprint == second.fingerprint) == same
    assert first.fingerprint == SeedSpec(one[::-1], seed, limit=1).fingerprint


@pytest.mark.parametrize(
    ("tables", "total"),
    [
        ((), 0),
        ((USERS, SETUPS), 13),
        ((TableSpec("users", 0),), 0),
        ((USERS, TableSpec("setups", add=8)), 13),
        ((USERS, TableSpec("setups", per=("users", 3))), 20),
        ((TableSpec("setups", per=("users", 3)), USERS), 20),
        # At least the rows that are added have three each.
        ((TableSpec("users", add=2), TableSpec("setups", per=("users", 3))), 8),
        # Nobody knows yet how many users there are.
        ((TableSpec("setups", per=("users", 3)),), 0),
        ((TableSpec("auth.users", 5), TableSpec("setups", per=("users", 3))), 5),
        ((USERS, TableSpec("setups", per=("users", 3)), TableSpec("photos", per=("setups", 100))), 1520),
        # Refused when the schema is known.
        ((TableSpec("a", per=("b", 2)), TableSpec("b", per=("a", 2))), 0),
        ((TableSpec("a", per=("a", 2)),), 0),
    ],
)
def test_the_total_is_known_as_far_as_it_can_be(tables: tuple[TableSpec, ...], total: int) -> None:
    assert SeedSpec(tables).known_total() == total


@given(st.lists(NUMBERS), st.lists(NUMBERS))
@settings(deadline=None)
def test_the_known_total_is_the_sum(counts: list[int], additions: list[int]) -> None:
    tables = [TableSpec(f"c{number}", count) for number, count in enumerate(counts)]
    tables += [TableSpec(f"a{number}", add=add) for number, add in enumerate(additions)]
    assert SeedSpec(tuple(tables)).known_total() == sum(counts) + sum(additions)


def test_the_nearest_marker_wins_table_by_table() -> None:
    function = (TableSpec("setups", 1), TableSpec("gear", 2))
    klass = (TableSpec("setups", 3, spread="random"), TableSpec("photos", add=4))
    module = (TableSpec("users", 5), TableSpec("setups", 6, columns=(("a", 1),)))
    assert merge([function, klass, module]) == (
        TableSpec("users", 5),
        TableSpec("setups", 1),
        TableSpec("photos", add=4),
        TableSpec("gear", 2),
    )


def test_merging_nothing_asks_for_nothing() -> None:
    assert merge([]) == merge([(), ()]) == ()


@given(st.lists(st.lists(st.tuples(st.sampled_from("abcdef"), NUMBERS), unique_by=lambda pair: pair[0])))
@settings(deadline=None)
def test_merging_keeps_the_nearest_of_each_table(markers: list[list[tuple[str, int]]]) -> None:
    merged = merge(tuple(TableSpec(name, count) for name, count in marker) for marker in markers)
    expected: dict[str, int] = {}
    for marker in markers:
        for name, count in marker:
            expected.setdefault(name, count)
    assert {table.name: table.count for table in merged} == expected
    assert len(merged) == len(expected)
    # The order is the one in which somebody reads the file from the top.
    order = list(dict.fromkeys(name for marker in reversed(markers) for name, _ in marker))
    assert [table.name for table in merged] == order


@pytest.mark.parametrize(
    ("nearest_first", "options"),
    [
        ([], SeedOptions()),
        ([SeedOptions(seed=1), SeedOptions(seed=2)], SeedOptions(seed=1)),
        ([SeedOptions(seed=0), SeedOptions(seed=2)], SeedOptions(seed=0)),
        ([SeedOptions(max_records=0), SeedOptions(max_records=9)], SeedOptions(max_records=0)),
        (
            [SeedOptions(locale="de_DE"), SeedOptions(seed=2, locale="fr_FR"), SeedOptions(10, 3)],
            SeedOptions(10, 2, "de_DE"),
        ),
        ([SeedOptions(date=date(2024, 1, 1)), SeedOptions(1)], SeedOptions(1, date=date(2024, 1, 1))),
    ],
)
def test_the_nearest_options_win_key_by_key(nearest_first: list[SeedOptions], options: SeedOptions) -> None:
    assert merge_options(nearest_first) == options


def test_a_total_up_to_the_limit_is_no_problem() -> None:
    assert limit_problem(SeedSpec((TableSpec("t", 1000),)), hard=False) is None
    assert limit_problem(SeedSpec((TableSpec("t", 0),), limit=0), hard=True) is None


def test_a_total_above_the_limit_says_how_to_raise_it() -> None:
    spec = SeedSpec((TableSpec("users", 1), TableSpec("setups", per=("users", 1000))))
    problem = limit_problem(spec, hard=False)
    assert problem == limit_problem(SeedSpec(limit=1000), 1001, hard=False)
    assert problem is not None
    assert problem.option == "max_records"
    assert str(problem) == (
        "asks for 1001 rows in all, 1 above the limit of 1000: "
        "add @pytest.mark.seed_options(max_records=1252), or max_records=1252 to a seeded_database(...), "
        "set supaseed_max_records = 1252, run with --supaseed-max-records 1252, or ask for fewer"
    )


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 5, 8, 79, 80, 81, 1001, 5000, 62_342, 10**12])
def test_the_advised_limit_refuses_nothing_and_warns_of_nothing(rows: int) -> None:
    tables = (TableSpec("users", rows),)
    refused = str(limit_problem(SeedSpec(tables, limit=0), hard=True))
    found = re.search(r"--supaseed-max-records (\d+)", refused)
    assert found is not None
    advised, least = SeedSpec(tables, limit=int(found[1])), SeedSpec(tables, limit=int(found[1]) - 1)
    assert (limit_problem(advised, hard=True), near_limit(advised, rows)) == (None, None)
    assert limit_problem(least, hard=True) or near_limit(least, rows)


def test_a_hard_limit_is_not_said_to_be_raised_by_a_marker() -> None:
    spec = SeedSpec((TableSpec("users", 62_342),), limit=8)
    assert str(limit_problem(spec, hard=True)) == (
        "asks for 62342 rows in all, 62334 above the limit of 8: "
        "run with --supaseed-max-records 77928, or ask for fewer"
    )
