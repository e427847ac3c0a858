"""Which table each name of a spec is, and how many rows it shall hold."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import asked, loaded, name_of, reference, schema, table
from pytest_supaseed.model.references import foreign_key_to
from pytest_supaseed.model.schema import Contents, Schema, Table
from pytest_supaseed.planning.totals import Total, asked_rows, named_tables, totals
from pytest_supaseed.spec import Rows, SeedSpec, TableSpec, least_limit, limit_problem

USERS = table("users")
AUTH_USERS = table("auth.users")
SETUPS = table("setups", reference("user_id", "users"))
GEAR = table("gear", reference("setup_id", "setups"))
SCHEMA = schema(
    AUTH_USERS,
    USERS,
    SETUPS,
    GEAR,
    table("app.invoices"),
    table("old.invoices"),
    table("app.tags"),
    others={"recent": "view", "app.totals": "materialized view", "setups_2024": "partition"},
)
OTHER = (
    "2 tables have that name, app.invoices and old.invoices: write it with its schema, "
    'seed({"app.invoices": ...}) or seed({"old.invoices": ...})'
)
EVERYTHING = "app.invoices, app.tags, auth.users, old.invoices, gear, setups, users"


def worked_out(
    spec: SeedSpec, contents: Contents | None = None, *tables: Table
) -> tuple[dict[str, Total], list[str]]:
    named, problems = named_tables(spec, schema(*tables) if tables else SCHEMA)
    assert not problems
    found, problems = totals(named, contents or Contents())
    return {total.table.label: total for total in found.values()}, [str(problem) for problem in problems]


def test_names_are_tables_in_the_order_of_the_spec() -> None:
    named, problems = named_tables(asked({"auth.users": 1, "public.setups": 2}, users=3), SCHEMA)
    assert problems == []
    assert [(found, asked_of.name) for found, asked_of in named.values()] == [
        (AUTH_USERS, "auth.users"),
        (SETUPS, "public.setups"),
        (USERS, "users"),
    ]
    assert list(named) == [AUTH_USERS.name, SETUPS.name, USERS.name]


def test_a_name_that_only_one_table_has_needs_no_schema() -> None:
    named, problems = named_tables(asked({}, tags=2, users=3), SCHEMA)
    assert problems == []
    assert [str(name) for name in named] == ["app.tags", "public.users"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("user", "user is no table (did you mean 'users'?)"),
        ("Setups", "Setups is no table (did you mean 'setups' or 'public.setups'?)"),
        ("auth.user", "auth.user is no table (did you mean 'auth.users'?)"),
        ("qqq", f"qqq is no table; the database has {EVERYTHING}"),
        ("recent", "recent is a view, not a table: seed the tables behind it"),
        ("public.recent", "public.recent is a view, not a table: seed the tables behind it"),
        ("totals", "totals is a materialized view, not a table: seed the tables behind it"),
        ("setups_2024", "setups_2024 is a partition, not a table: seed the partitioned table instead"),
        ("invoices", f"invoices is not in the search path, and {OTHER}"),
        ("seed", "seed is no table: it is an option, write @pytest.mark.seed_options(seed=...)"),
        ("date", "date is no table: it is an option, write @pytest.mark.seed_options(date=...)"),
        ("locale", "locale is no table: it is an option, write @pytest.mark.seed_options(locale=...)"),
        (
            "max_records",
            "max_records is no table: it is an option, write @pytest.mark.seed_options(max_records=...)",
        ),
    ],
)
def test_a_name_that_is_no_table_is_explained(name: str, problem: str) -> None:
    named, problems = named_tables(asked({name: 1}, users=2), SCHEMA)
    assert [str(each) for each in problems] == [problem]
    assert list(named) == [USERS.name]


def test_a_database_without_tables_says_where_they_come_from() -> None:
    named, problems = named_tables(asked(users=1), Schema())
    assert named == {}
    assert [str(problem) for problem in problems] == [
        "users is no table, the database has none at all: set supaseed_schema to where your schema comes "
        "from: a .sql file, a folder of them, an alembic.ini, or 'package.module:Base'"
    ]


@pytest.mark.parametrize("name", ["seed", "locale", "max_records", "date"])
def test_a_table_called_as_an_option_is_a_table(name: str) -> None:
    named, problems = named_tables(asked({name: 3}), schema(table(name)))
    assert list(named) == [name_of(name)]
    assert problems == []


def test_a_table_of_two_spellings_is_asked_for_once() -> None:
    named, problems = named_tables(asked({"public.users": 3, "auth.users": 1}, users=5), SCHEMA)
    assert [str(each) for each in problems] == [
        "users and public.users are one table, public.users: keep one of them"
    ]
    assert [spec.count for _, spec in named.values()] == [3, 1]


def test_every_wrong_name_is_told() -> None:
    _, problems = named_tables(asked({"seed": 1}, user=1, recent=1, qqq=1), SCHEMA)
    assert [str(problem).split()[0] for problem in problems] == ["seed", "user", "recent", "qqq"]


@pytest.mark.parametrize(
    ("value", "present", "total", "counting"),
    [
        (5, 0, 5, 5),
        (0, 0, 0, 0),
        # The rows of the load are of the total.
        (5, 3, 5, 5),
        (5, 5, 5, 5),
        # They do not count against the limit where they are not asked for.
        (Rows(add=5), 0, 5, 5),
        (Rows(add=5), 3, 8, 5),
        (Rows(add=0), 3, 3, 0),
    ],
)
def test_a_count_is_a_total_and_add_comes_on_top(
    value: int | Rows, present: int, total: int, counting: int
) -> None:
    found, problems = worked_out(asked(users=value), loaded({"users": present}))
    assert problems == []
    assert (found["users"].total, found["users"].present, found["users"].asked) == (total, present, counting)
    assert found["users"].per is None


@pytest.mark.parametrize(
    ("count", "problem"),
    [
        (
            2,
            "users holds 3 rows that the schema's load put there, more than the 2 asked for: write users=3 or "
            "more, or users=Rows(add=2) for 2 more",
        ),
        (
            0,
            "users holds 3 rows that the schema's load put there, more than the 0 asked for: write users=3 or "
            "more",
        ),
    ],
)
def test_rows_that_are_there_are_not_removed(count: int, problem: str) -> None:
    _, problems = worked_out(asked(users=count), loaded({"users": 3}))
    assert [str(each) for each in problems] == [problem]


def test_a_suggestion_for_a_name_that_is_no_identifier_can_be_pasted() -> None:
    _, problems = worked_out(asked({"auth.users": 2}), loaded({"auth.users": 3}))
    assert problems == [
        "auth.users holds 3 rows that the schema's load put there, more than the 2 asked for: write "
        '{"auth.users": 3} or more, or {"auth.users": Rows(add=2)} for 2 more'
    ]


@pytest.mark.parametrize(
    ("contents", "users", "setups"),
    [
        ({}, 5, 10),
        ({"users": 2}, 5, 10),
        ({"users": 2, "setups": 3}, 5, 10),
    ],
)
def test_rows_per_row_are_multiplied(contents: dict[str, int], users: int, setups: int) -> None:
    found, problems = worked_out(asked(users=users, setups=Rows(per={"users": 2})), loaded(contents))
    assert problems == []
    assert found["setups"].total == setups
    assert found["setups"].per == ("user_id_fkey", 2)
    assert found["setups"].asked == setups


@pytest.mark.parametrize("parent", ["users", "public.users", "user_id"])
def test_what_the_rows_are_per_is_a_table_or_a_column(parent: str) -> None:
    found, problems = worked_out(asked(users=4, setups=Rows(per={parent: 3})))
    assert problems == []
    assert found["setups"].total == 12
    assert found["setups"].per == ("user_id_fkey", 3)


def test_rows_per_row_of_a_table_that_is_not_named_count_what_the_load_put_there() -> None:
    found, problems = worked_out(asked(setups=Rows(per={"users": 2})), loaded({"users": 7}))
    assert problems == []
    assert (found["setups"].total, list(found)) == (14, ["setups"])
    found, problems = worked_out(asked(setups=Rows(per={"users": 2})))
    assert problems == []
    assert found["setups"].total == 0


@pytest.mark.parametrize("backwards", [False, True])
def test_rows_per_row_per_row(backwards: bool) -> None:
    tables = {"users": Rows(add=3), "setups": Rows(per={"users": 2}), "gear": Rows(per={"setups": 4})}
    spec = asked(dict(reversed(tables.items())) if backwards else tables)
    found, problems = worked_out(spec, loaded({"users": 2}))
    assert problems == []
    assert {label: total.total for label, total in found.items()} == {"users": 5, "setups": 10, "gear": 40}


@given(st.lists(st.integers(0, 4), min_size=1, max_size=6), st.integers(0, 5), st.randoms())
@settings(deadline=None)
def test_a_chain_multiplies_in_whatever_order_it_is_written(
    numbers: list[int], first: int, random: Random
) -> None:
    tables = [table("t0")]
    values: dict[str, int | Rows] = {"t0": first}
    for at, number in enumerate(numbers, start=1):
        tables.append(table(f"t{at}", reference("parent_id", f"t{at - 1}")))
        values[f"t{at}"] = Rows(per={f"t{at - 1}": number})
    entries = list(values.items())
    random.shuffle(entries)
    found, problems = worked_out(asked(dict(entries)), None, *tables)
    assert problems == []
    expected = first
    for at, number in enumerate(numbers, start=1):
        expected *= number
        assert found[f"t{at}"].total == expected


EMPLOYEES = table("employees", reference("boss_id", "employees"), nullable=["boss_id"])
A = table("a", reference("b_id", "b"), nullable=["b_id"])
B = table("b", reference("a_id", "a"))
C = table("c", reference("a_id", "a"))


@pytest.mark.parametrize(
    ("spec", "tables", "problem"),
    [
        (
            asked(setups=Rows(per={"user": 2})),
            (USERS, SETUPS),
            "setups with per={'user': ...}: setups does not reference user (did you mean 'users'?): "
            "correct it, or give it a count",
        ),
        (
            asked(setups=Rows(per={"qqq": 2})),
            (USERS, SETUPS),
            "setups with per={'qqq': ...}: setups does not reference qqq; it references users: "
            "correct it, or give it a count",
        ),
        (
            asked(users=Rows(per={"setups": 2})),
            (USERS, SETUPS),
            "users with per={'setups': ...}: users references no other table: correct it, or give it a count",
        ),
        (
            asked(messages=Rows(per={"users": 2})),
            (USERS, table("messages", reference("from_id", "users"), reference("to_id", "users"))),
            "messages with per={'users': ...}: 2 columns reference users: name the column, 'from_id' or "
            "'to_id': correct it, or give it a count",
        ),
        (
            asked(employees=Rows(per={"employees": 2})),
            (EMPLOYEES,),
            "employees with per={'employees': ...}: employees references itself there, so the number has no "
            "beginning: correct it, or give it a count",
        ),
    ],
)
def test_rows_per_what_is_not_referenced_are_refused(
    spec: SeedSpec, tables: tuple[Table, ...], problem: str
) -> None:
    found, problems = worked_out(spec, None, *tables)
    assert [str(each) for each in problems] == [problem]
    assert found == {}


def test_the_column_decides_between_two_references_to_one_table() -> None:
    messages = table("messages", reference("from_id", "users"), reference("to_id", "users"))
    found, problems = worked_out(asked(users=3, messages=Rows(per={"to_id": 2})), loaded({}), USERS, messages)
    assert problems == []
    assert found["messages"].per == ("to_id_fkey", 2)


def test_the_same_table_name_in_two_schemas_is_told_apart() -> None:
    profiles = table("profiles", reference("id_1", "auth.users"), reference("id_2", "users"))
    assert foreign_key_to(profiles, "auth.users")[0] == reference("id_1", "auth.users")
    assert foreign_key_to(profiles, "public.users")[0] == reference("id_2", "users")


def test_tables_that_count_their_rows_per_one_another_are_refused() -> None:
    found, problems = worked_out(
        asked(a=Rows(per={"b": 1}), c=Rows(per={"a": 1}), b=Rows(per={"a": 2})), None, A, B, C
    )
    assert problems == ["a and c and b count their rows per one another: give one of them a count"]
    assert found == {}
    found, problems = worked_out(asked(a=3, b=Rows(per={"a": 2}), c=Rows(per={"a": 1})), None, A, B, C)
    assert problems == []
    assert {label: total.total for label, total in found.items()} == {"a": 3, "b": 6, "c": 3}


def test_more_rows_of_the_load_than_rows_per_row_are_refused() -> None:
    spec = asked(users=5, setups=Rows(per={"users": 2}))
    contents = loaded({"users": 2, "setups": 4}, setups__user_id_fkey=(3, 1))
    _, problems = worked_out(spec, contents)
    assert problems == [
        "setups already holds 3 rows for one of users, more than the 2 for each that were asked for: write "
        "per={'users': 3} or more"
    ]
    _, problems = worked_out(asked(users=5, setups=Rows(per={"users": 3})), contents)
    assert problems == []


@pytest.mark.parametrize("spread", [(), (1,), (1, 1)])
def test_per_that_the_load_has_reached_is_no_problem(spread: tuple[int, ...]) -> None:
    found, problems = worked_out(
        asked(users=2, setups=Rows(per={"users": 1})),
        loaded({"users": 2, "setups": len(spread)}, setups__user_id_fkey=spread),
    )
    assert problems == []
    assert found["setups"].total == 2


def limited(spec: SeedSpec, *, hard: bool = False, **counts: int) -> str | None:
    contents = loaded(counts)
    found, _ = totals(named_tables(spec, SCHEMA)[0], contents)
    problem = limit_problem(spec, asked_rows(found, contents), hard=hard)
    return None if problem is None else str(problem)


def test_the_limit_is_for_what_is_asked_for() -> None:
    assert limited(asked(users=5, setups=8, limit=13)) is None
    assert limited(asked(users=Rows(add=13), limit=13), users=900) is None
    assert limited(asked(users=13, limit=13), users=13) is None
    assert limited(asked(setups=Rows(per={"users": 2}), limit=14), users=7) is None


SOFT = (
    "asks for {0} rows in all, {1} above the limit of {2}: add @pytest.mark.seed_options(max_records={3}), or "
    "max_records={3} to a seeded_database(...), set supaseed_max_records = {3}, run with "
    "--supaseed-max-records {3}, or ask for fewer"
)
HARD = "asks for {0} rows in all, {1} above the limit of {2}: run with --supaseed-max-records {3}, or ask for fewer"


@pytest.mark.parametrize(("hard", "problem"), [(False, SOFT), (True, HARD)])
@pytest.mark.parametrize(
    ("spec", "counts", "numbers"),
    [
        (asked(users=5, setups=8, limit=12), {}, (13, 1, 12)),
        (asked(users=14, limit=13), {"users": 14}, (14, 1, 13)),
        # What only the schema tells.
        (asked(setups=Rows(per={"users": 2}), limit=13), {"users": 7}, (14, 1, 13)),
        (asked(users=Rows(add=1), setups=Rows(per={"users": 2}), limit=13), {"users": 6}, (15, 2, 13)),
    ],
)
def test_a_total_above_the_limit_is_refused(
    spec: SeedSpec, counts: dict[str, int], numbers: tuple[int, ...], hard: bool, problem: str
) -> None:
    assert limited(spec, hard=hard, **counts) == problem.format(*numbers, least_limit(numbers[0]))


def test_a_table_that_was_not_found_counts_against_the_limit() -> None:
    spec = SeedSpec((TableSpec("users", 5), TableSpec("qqq", 5)), limit=9)
    named, _ = named_tables(spec, SCHEMA)
    found, _ = totals(named, Contents())
    assert str(limit_problem(spec, asked_rows(found, Contents()), hard=True)) == HARD.format(10, 1, 9, 13)


PEOPLE = replace(table("people"), heirs=(name_of("managers"), name_of("staff")))
STAFF = replace(table("staff"), heirs=(name_of("managers"),))
FAMILY = schema(PEOPLE, STAFF, table("managers"))


@pytest.mark.parametrize(
    ("wanted", "own", "counts", "limited"),
    [
        # The marker, the rows of each table itself, those as SELECT count(*) counts them, and those of the limit.
        ({"people": 7}, {"people": 7}, {"people": 7}, 7),
        ({"people": 7, "staff": 3}, {"people": 4, "staff": 3}, {"people": 7, "staff": 3}, 7),
        ({"staff": 3, "people": 3}, {"people": 0, "staff": 3}, {"people": 3, "staff": 3}, 3),
        (
            {"people": 9, "staff": 5, "managers": 2},
            {"people": 4, "staff": 3, "managers": 2},
            {"people": 9, "staff": 5, "managers": 2},
            9,
        ),
        ({"people": 9, "managers": 2}, {"people": 7, "managers": 2}, {"people": 9, "managers": 2}, 9),
    ],
)
def test_a_count_includes_the_rows_of_inheriting_tables(
    wanted: dict[str, int], own: dict[str, int], counts: dict[str, int], limited: int
) -> None:
    found, problems = totals(named_tables(asked(wanted), FAMILY)[0], loaded(dict.fromkeys(FAMILY_NAMES, 0)))
    assert problems == []
    assert {name.name: total.total for name, total in found.items()} == own
    assert {name.name: total.total + total.of_heirs for name, total in found.items()} == counts
    assert asked_rows(found, loaded(dict.fromkeys(FAMILY_NAMES, 0))) == limited


FAMILY_NAMES = ("people", "staff", "managers")


def test_rows_that_the_load_put_into_inheriting_tables_count() -> None:
    contents = loaded({"people": 1, "staff": 2, "managers": 4})
    found, problems = totals(named_tables(asked(people=10, staff=8), FAMILY)[0], contents)
    assert problems == []
    assert {name.name: total.total for name, total in found.items()} == {"staff": 4, "people": 2}
    # Those of managers are shown by both, and count once.
    assert asked_rows(found, contents) == 10
    found, problems = totals(
        named_tables(asked(people=Rows(add=3), managers=Rows(add=1)), FAMILY)[0], contents
    )
    assert problems == []
    assert {name.name: total.total for name, total in found.items()} == {"managers": 5, "people": 3}
    assert asked_rows(found, contents) == 3


@pytest.mark.parametrize(
    ("spec", "contents", "problem"),
    [
        (
            asked(people=2, staff=3),
            {},
            "people is asked to have 2 rows, and the rows of the tables that inherit from it are rows of people as "
            "well: staff=3: write people=3 or more, which includes them",
        ),
        (
            asked(people=Rows(add=2), staff=Rows(add=3), managers=1),
            {"people": 1, "staff": 1},
            "people is asked to have 2 more rows, and the rows of the tables that inherit from it are rows of people "
            "as well: managers=1, staff=3: write people=5 or more, which includes them",
        ),
        (
            asked(people=6),
            {"people": 1, "staff": 2, "managers": 4},
            "people holds 7 rows that the schema's load put there, more than the 6 asked for: write people=7 or "
            "more, or people=Rows(add=6) for 6 more",
        ),
    ],
)
def test_a_count_below_those_of_inheriting_tables_is_refused(
    spec: SeedSpec, contents: dict[str, int], problem: str
) -> None:
    found = loaded({**dict.fromkeys(FAMILY_NAMES, 0), **contents})
    _, problems = totals(named_tables(spec, FAMILY)[0], found)
    assert [str(each) for each in problems] == [problem]
