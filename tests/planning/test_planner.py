"""Spec and schema make a plan, or every problem at once."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import asked, column, inserting, loaded, planned, reference, schema, serial, table, unique
from pytest_supaseed.errors import PlanError
from pytest_supaseed.model.schema import Check, Column, Contents, Schema, Snapshot, Table, Trigger
from pytest_supaseed.planning.plan import (
    Function,
    Generated,
    Generators,
    Number,
    Origin,
    Plan,
    Referenced,
    ServerDefault,
    Supplied,
    Supplier,
)
from pytest_supaseed.planning.planner import make_plan
from pytest_supaseed.spec import SPREADS, Rows, SeedSpec, TableSpec

USERS = table(
    "users",
    column("email", "varchar", length=20),
    column("bio", nullable=True),
    column("is_public", "bool"),
    unique("email"),
)
SETUPS = table(
    "setups",
    reference("user_id", "users"),
    column("title"),
    column("category", "kind", labels=["overlanding", "van-life", "camping"]),
    column("search", "tsvector", generated=True),
)
GEAR = table("gear", reference("setup_id", "setups"), column("name"))
OWNERS = table(
    "owners", reference("user_id", "users"), reference("gear_id", "gear"), key=("user_id", "gear_id")
)
CAMP = schema(USERS, SETUPS, GEAR, OWNERS)


def problems_of(
    spec: SeedSpec,
    found: Schema = CAMP,
    contents: Contents | None = None,
    generators: Generators | None = None,
    *,
    hard: bool = False,
) -> list[str]:
    with pytest.raises(PlanError) as caught:
        make_plan(spec, Snapshot(found, contents or Contents()), generators, hard=hard)
    problems = [str(problem) for problem in caught.value.problems]
    assert str(caught.value) == "\n".join(problems)
    return problems


def totals_of(plan: Plan) -> dict[str, int]:
    return {table_plan.table.label: table_plan.total for table_plan in plan.tables}


def shares_of(plan: Plan, label: str) -> dict[str, tuple[int, ...]]:
    [found] = [table_plan for table_plan in plan.tables if table_plan.table.label == label]
    return {foreign_key.name: shares for foreign_key, shares in found.shares}


def source_of(plan: Plan, spelling: str) -> Any:
    label, _, name = spelling.partition(".")
    [found] = [table_plan for table_plan in plan.tables if table_plan.table.label == label]
    return next(column.source for column in found.columns if column.column.name == name)


def test_the_counts_of_the_spec_are_the_totals_in_insertion_order() -> None:
    plan = make_plan(asked(gear=3, setups=8, users=5), Snapshot(CAMP))
    assert totals_of(plan) == {"users": 5, "setups": 8, "gear": 3}
    assert list(totals_of(plan)) == ["users", "setups", "gear"]
    assert (plan.asked, plan.inserts) == (16, 16)
    assert plan.contents == Contents()


def test_a_spec_of_nothing_is_planned() -> None:
    plan = make_plan(SeedSpec(), Snapshot(CAMP))
    assert (plan.tables, plan.asked, plan.inserts) == ((), 0, 0)
    assert make_plan(SeedSpec(), Snapshot(Schema())).tables == ()


def test_no_rows_of_a_table_are_planned_last() -> None:
    plan = make_plan(asked(setups=0, users=5), Snapshot(CAMP))
    assert list(totals_of(plan).items()) == [("users", 5), ("setups", 0)]
    assert plan.tables[1].shares == ()


def test_rows_of_the_load_are_not_inserted_again() -> None:
    plan = make_plan(asked(users=5, setups=Rows(add=2)), Snapshot(CAMP, loaded({"users": 3, "setups": 4})))
    assert totals_of(plan) == {"users": 5, "setups": 6}
    assert [table_plan.present for table_plan in plan.tables] == [3, 4]
    assert (plan.asked, plan.inserts) == (7, 4)


def test_eight_setups_of_five_users() -> None:
    shares = shares_of(make_plan(asked(users=5, setups=8), Snapshot(CAMP)), "setups")
    assert {name: sorted(share, reverse=True) for name, share in shares.items()} == {
        "user_id_fkey": [2, 2, 2, 1, 1]
    }


def test_shares_of_rows_that_are_there_are_filled_up() -> None:
    contents = loaded({"users": 2, "setups": 5}, setups__user_id_fkey=(4, 1))
    plan = make_plan(asked(users=4, setups=8), Snapshot(CAMP, contents))
    assert sorted(shares_of(plan, "setups")["user_id_fkey"], reverse=True) == [4, 2, 1, 1]


def test_rows_for_each_row_are_shown_for_each() -> None:
    plan = make_plan(asked(users=4, setups=Rows(per={"users": 3})), Snapshot(CAMP))
    assert shares_of(plan, "setups") == {"user_id_fkey": (3, 3, 3, 3)}
    assert plan.tables[1].per == ("user_id_fkey", 3)


def test_each_foreign_key_has_its_shares() -> None:
    plan = make_plan(asked(users=2, setups=2, gear=3, owners=6), Snapshot(CAMP))
    assert shares_of(plan, "owners") == {"gear_id_fkey": (2, 2, 2), "user_id_fkey": (3, 3)}


def test_a_skewed_spread_gives_a_few_most_of_the_rows() -> None:
    plan = make_plan(asked(users=10, setups=Rows(100, spread="skewed")), Snapshot(CAMP))
    shares = sorted(shares_of(plan, "setups")["user_id_fkey"], reverse=True)
    assert shares[0] > 3 * shares[-1]
    assert sum(shares[:3]) > 50
    assert sum(shares) == 100


def test_a_random_spread_is_not_even() -> None:
    plan = make_plan(asked(users=10, setups=Rows(100, spread="random")), Snapshot(CAMP))
    shares = shares_of(plan, "setups")["user_id_fkey"]
    assert sum(shares) == 100
    assert max(shares) - min(shares) > 1


def test_the_seed_decides_who_gets_the_remainder() -> None:
    drawn = {
        shares_of(make_plan(asked(users=5, setups=8, seed=number), Snapshot(CAMP)), "setups")["user_id_fkey"]
        for number in range(20)
    }
    assert len(drawn) > 1
    assert {tuple(sorted(shares)) for shares in drawn} == {(1, 1, 2, 2, 2)}


@given(
    st.sampled_from(SPREADS),
    st.integers(0, 30),
    st.integers(0, 120),
    st.integers(0, 2**40),
    st.integers(0, 200),
)
@settings(deadline=None)
def test_a_plan_holds_what_is_asked_for_and_no_more_than_its_limit(
    spread: str, users: int, setups: int, seed: int, limit: int
) -> None:
    spec = asked(users=users, setups=Rows(setups, spread=spread), seed=seed, limit=limit)
    try:
        plan = make_plan(spec, Snapshot(CAMP))
    except PlanError:
        assert users + setups > limit or (setups and not users)
        return
    assert users + setups <= limit
    assert plan.asked == users + setups <= plan.spec.limit
    assert totals_of(plan) == {"users": users, "setups": setups}
    for shares in shares_of(plan, "setups").values():
        assert len(shares) == users
        assert sum(shares) == setups
        if spread == "even":
            assert max(shares) - min(shares) <= 1
            assert setups < users or min(shares) >= 1


@given(st.data(), st.integers(1, 8), st.integers(1, 8), st.sampled_from(SPREADS))
@settings(deadline=None)
def test_a_junction_table_takes_every_pair_and_not_one_more(
    data: st.DataObject, users: int, gear: int, spread: str
) -> None:
    amount = data.draw(st.integers(0, users * gear + 3))
    spec = asked(users=users, setups=1, gear=gear, owners=Rows(amount, spread=spread))
    if amount > users * gear:
        [problem] = problems_of(spec)
        assert problem.endswith(f"ask for at most {users * gear}, or for more of what is referenced")
        return
    plan = make_plan(spec, Snapshot(CAMP))
    for name, size, other in (("user_id_fkey", users, gear), ("gear_id_fkey", gear, users)):
        shares = dict(shares_of(plan, "owners")).get(name, (0,) * size)
        assert (len(shares), sum(shares)) == (size, amount)
        assert max(shares) <= other


@given(st.lists(st.integers(0, 6), max_size=5), st.integers(0, 5), st.integers(0, 30))
@settings(deadline=None)
def test_what_the_load_put_there_is_of_the_total(present: list[int], more: int, amount: int) -> None:
    referenced = [share for share in present if share]
    contents = loaded(
        {"users": len(present), "setups": sum(present)}, setups__user_id_fkey=sorted(referenced, reverse=True)
    )
    users = len(present) + more
    spec = asked(users=users, setups=Rows(add=amount))
    if amount and not users:
        assert "which is asked to be empty" in problems_of(spec, CAMP, contents)[0]
        return
    plan = make_plan(spec, Snapshot(CAMP, contents))
    assert totals_of(plan) == {"users": users, "setups": sum(present) + amount}
    assert plan.inserts == more + amount
    if amount:
        [shares] = shares_of(plan, "setups").values()
        assert sum(shares) == sum(present) + amount
        assert all(after >= before for after, before in zip(shares, sorted(referenced)[::-1], strict=False))


@pytest.mark.parametrize(
    ("spec", "contents", "problems"),
    [
        (
            asked(setups=8),
            {},
            [
                "setups needs rows of users for user_id, which would be empty: write "
                "@pytest.mark.seed(setups=8, users=1)"
            ],
        ),
        (
            asked(users=0, setups=8),
            {},
            [
                "setups needs rows of users for user_id, which is asked to be empty: write "
                "@pytest.mark.seed(users=1, setups=8)"
            ],
        ),
        # Parents of parents are in the marker as well.
        (
            asked(gear=4),
            {},
            [
                "gear needs rows of setups for setup_id, which would be empty: write "
                "@pytest.mark.seed(gear=4, setups=1, users=1)"
            ],
        ),
        (
            asked(owners=1, users=3),
            {},
            [
                "owners needs rows of gear for gear_id, which would be empty: write "
                "@pytest.mark.seed(owners=1, users=3, gear=1, setups=1)"
            ],
        ),
        # As many as the number for each row needs, if no pair may be there twice.
        (
            asked(users=2, owners=Rows(per={"users": 3})),
            {},
            [
                "owners needs rows of gear for gear_id, which would be empty: write "
                "@pytest.mark.seed(users=2, owners=Rows(per={'users': 3}), gear=3, setups=1)"
            ],
        ),
        # One message for each, and one marker for all.
        (
            asked(owners=1),
            {"setups": 1},
            [
                "owners needs rows of gear for gear_id, which would be empty: write "
                "@pytest.mark.seed(owners=1, gear=1, users=1)",
                "owners needs rows of users for user_id, which would be empty: write "
                "@pytest.mark.seed(owners=1, gear=1, users=1)",
            ],
        ),
        # What else is asked for stays in the marker.
        (
            asked(setups=Rows(add=2, spread="random", columns={"title": "a"})),
            {},
            [
                "setups needs rows of users for user_id, which would be empty: write @pytest.mark.seed("
                "setups=Rows(add=2, spread='random', columns={'title': 'a'}), users=1)"
            ],
        ),
    ],
)
def test_a_required_parent_that_would_be_empty_is_named_with_the_marker(
    spec: SeedSpec, contents: dict[str, int], problems: list[str]
) -> None:
    assert problems_of(spec, CAMP, loaded(contents)) == problems


SETTINGS = table("settings", reference("user_id", "users"), unique("user_id"))


@pytest.mark.parametrize(
    "spec",
    [
        asked(setups=8),
        asked(gear=4),
        asked(owners=1),
        asked(users=0, owners=1),
        asked(users=2, owners=Rows(per={"users": 3})),
        # A unique key takes one row for each user, and each pair once.
        asked(settings=5),
        asked(users=2, owners=6),
    ],
)
def test_the_printed_marker_works(spec: SeedSpec) -> None:
    found = schema(*CAMP.tables, SETTINGS)
    printed = [problem.partition("write @pytest.mark.seed")[2] for problem in problems_of(spec, found)]
    # Whatever lacks rows, the marker is the same.
    [code] = set(printed)
    planned = totals_of(make_plan(eval(f"asked{code}", {"asked": asked, "Rows": Rows}), Snapshot(found)))
    for table_spec in spec.tables:
        if table_spec.count:
            assert planned[table_spec.name] == table_spec.count
    assert 0 not in planned.values()


def test_names_that_are_no_identifiers_are_in_the_mapping() -> None:
    members = table("My Table", reference("user id", "auth.users"), key=())
    problems = problems_of(
        asked({"My Table": 2}), schema(members, table("auth.users"), column_table("class"))
    )
    assert problems == [
        "My Table needs rows of auth.users for user id, which would be empty: write "
        '@pytest.mark.seed({"My Table": 2, "auth.users": 1})'
    ]


def column_table(name: str) -> Table:
    return table(name, column("title"))


def test_a_name_that_is_a_word_of_python_is_in_the_mapping() -> None:
    lessons = table("lessons", reference("class_id", "class"))
    assert problems_of(asked(lessons=2), schema(lessons, column_table("class"))) == [
        "lessons needs rows of class for class_id, which would be empty: write "
        '@pytest.mark.seed({"class": 1}, lessons=2)'
    ]


def test_a_parent_is_not_missing_if_it_has_rows_or_need_not_have_them() -> None:
    assert totals_of(make_plan(asked(setups=8), Snapshot(CAMP, loaded({"users": 2})))) == {"setups": 8}
    assert totals_of(make_plan(asked(setups=0), Snapshot(CAMP))) == {"setups": 0}
    # The rows that need it are all there.
    assert totals_of(make_plan(asked(setups=3), Snapshot(CAMP, loaded({"setups": 3})))) == {"setups": 3}
    optional = table("setups", reference("user_id", "users"), nullable=["user_id"])
    plan = planned(USERS, optional, spec=asked(setups=2))
    assert shares_of(plan, "setups") == {}
    employees = table("employees", reference("boss_id", "employees"), nullable=["boss_id"])
    assert totals_of(planned(employees, spec=asked(employees=3))) == {"employees": 3}


def test_a_parent_that_a_trigger_fills_is_not_missing() -> None:
    users = table("users", inserting("profiles"))
    badges = table("badges", reference("profile_id", "profiles"))
    plan = planned(users, table("profiles"), badges, spec=asked(users=3, badges=5))
    assert totals_of(plan) == {"users": 3, "badges": 5}
    # Nobody knows how many there will be.
    assert shares_of(plan, "badges") == {}


def test_a_reference_whose_column_is_given_needs_no_parent() -> None:
    plan = make_plan(asked(setups={"count": 2, "user_id": lambda faker: 1}), Snapshot(CAMP))
    assert totals_of(plan) == {"setups": 2}
    plan = make_plan(asked(setups=2), Snapshot(CAMP), generators={"setups.user_id": lambda faker: 1})
    assert totals_of(plan) == {"setups": 2}


def test_no_rows_per_row_are_told_like_other_missing_parents() -> None:
    assert problems_of(asked(gear=1, setups=Rows(per={"users": 2}))) == [
        "gear needs rows of setups for setup_id, which is asked to be empty: write "
        "@pytest.mark.seed(gear=1, setups=Rows(per={'users': 2}), users=1)"
    ]


class Category(enum.Enum):
    OVERLANDING = "overlanding"
    CITY = "city"


@pytest.mark.parametrize(
    ("label", "columns", "problem"),
    [
        ("users", {"emial": "a"}, "users has no column 'emial' (did you mean 'email'?)"),
        ("users", {"spraed": "a"}, "users has no column 'spraed' (did you mean 'spread'?)"),
        ("users", {"qqq": "a"}, "users has no column 'qqq'; it has id, email, bio, is_public"),
        (
            "setups",
            {"search": "a"},
            "setups.search is a generated column, PostgreSQL computes it: leave it out",
        ),
        (
            "users",
            {"email": None},
            "users.email=None: the column is NOT NULL: give another value, or leave it out",
        ),
        (
            "users",
            {"email": ["a@example.org", None]},
            "users.email=None: the column is NOT NULL: give another value, or leave it out",
        ),
        (
            "users",
            {"email": "a.long.name@example.org"},
            "users.email='a.long.name@example.org': the column is character varying(20), and this has 23 "
            "characters",
        ),
        (
            "setups",
            {"category": "vanlife"},
            "setups.category='vanlife': the column takes only 'overlanding', 'van-life', 'camping' "
            "(did you mean 'van-life'?)",
        ),
        (
            "setups",
            {"category": ["camping", "qqq"]},
            "setups.category='qqq': the column takes only 'overlanding', 'van-life', 'camping'",
        ),
        (
            "setups",
            {"category": Category.CITY},
            "setups.category='city': the column takes only 'overlanding', 'van-life', 'camping'",
        ),
        (
            "users",
            {"email": [len]},
            "users.email=<built-in function len>: a list holds values, not functions: give the function itself",
        ),
        # SupaSeed's spelling.
        (
            "setups",
            {"categories": ["qqq"]},
            "setups.category='qqq': the column takes only 'overlanding', 'van-life', 'camping'",
        ),
        (
            "setups",
            {"category": "camping", "categories": ["camping"]},
            "setups.category is given twice, as category and as categories",
        ),
        (
            "users",
            {"categories": ["a"]},
            "users has no column 'categories'; it has id, email, bio, is_public",
        ),
    ],
)
def test_a_column_that_cannot_be_so_is_told(label: str, columns: Mapping[str, Any], problem: str) -> None:
    spec = asked(users=1) if label == "users" else asked(users=1, setups=1)
    tables = tuple(
        TableSpec(t.name, 3, columns=tuple(columns.items())) if t.name == label else t for t in spec.tables
    )
    assert problems_of(SeedSpec(tables)) == [problem]


@pytest.mark.parametrize(
    ("columns", "source"),
    [
        ({"title": "a"}, Supplied(("a",))),
        ({"title": ["a", "b"]}, Supplied(("a", "b"))),
        ({"title": ("a", "b")}, Supplied(("a", "b"))),
        ({"title": [Category.CITY, "b"]}, Supplied(("city", "b"))),
        ({"category": Category.OVERLANDING}, Supplied(("overlanding",))),
        ({"categories": ["van-life", "camping"]}, Supplied(("van-life", "camping"))),
        ({"category": "camping"}, Supplied(("camping",))),
    ],
)
def test_values_are_choices(columns: dict[str, Any], source: Supplied) -> None:
    plan = make_plan(asked(users=1, setups=Rows(4, columns=columns)), Snapshot(CAMP))
    name = next(iter(columns)).replace("categories", "category")
    assert source_of(plan, f"setups.{name}") == source


def test_a_column_called_categories_is_meant_where_there_is_one() -> None:
    setups = table("setups", column("category"), column("categories"))
    plan = planned(setups, spec=asked(setups={"count": 1, "categories": ["a"]}))
    assert source_of(plan, "setups.categories") == Supplied(("a",))
    assert isinstance(source_of(plan, "setups.category"), Generated)


def test_a_check_lists_what_a_column_takes() -> None:
    check = Check("kind", "((kind = ANY (ARRAY['a'::text, 'b'::text])))", ("kind",))
    things = table("things", column("kind"), check)
    assert problems_of(asked(things={"count": 1, "kind": "c"}), schema(things)) == [
        "things.kind='c': the column takes only 'a', 'b'"
    ]
    plan = planned(things, spec=asked(things={"count": 1, "kind": "b"}))
    assert source_of(plan, "things.kind") == Supplied(("b",))
    assert source_of(planned(things, spec=asked(things=1)), "things.kind") == Supplied(("a", "b"))


def test_a_number_can_be_written_as_a_text() -> None:
    check = Check("level", "((level = ANY (ARRAY[1, 2])))", ("level",))
    things = table("things", column("level", "int4"), check)
    plan = planned(things, spec=asked(things={"count": 2, "level": ["2", 1]}))
    assert source_of(plan, "things.level") == Supplied(("2", 1))
    assert problems_of(asked(things={"count": 1, "level": "3"}), schema(things)) == [
        "things.level='3': the column takes only 1, 2"
    ]


def test_where_values_come_from() -> None:
    things = table(
        "things",
        reference("user_id", "users"),
        column("position", "int4"),
        column("title"),
        column("is_public", "bool"),
        column("note", default="'none'::text"),
        column("created_at", "timestamptz", default="now()"),
        column("deleted_at", "timestamptz", nullable=True),
        column("search", "tsvector", generated=True),
        column("shape", "unknowable", nullable=True),
        unique("user_id", "position"),
    )

    def titled(faker: object, row: object) -> str:
        return "a"

    plan = planned(USERS, things, spec=asked(users=1, things={"count": 2, "title": titled}))
    assert source_of(plan, "things.id") == Number(last=2**31 - 1)
    assert source_of(plan, "things.user_id") == Referenced()
    assert source_of(plan, "things.position") == Number(("user_id",), last=2**31 - 1)
    assert source_of(plan, "things.title") == Function(
        titled, Origin("columns={'title': ...}", Supplier.MARKER), True
    )
    assert source_of(plan, "things.is_public") == Supplied((False, True))
    assert source_of(plan, "things.note") == ServerDefault()
    assert isinstance(source_of(plan, "things.created_at"), Generated)
    assert source_of(plan, "things.deleted_at") == Supplied((None,))
    assert source_of(plan, "things.search") == ServerDefault()
    assert source_of(plan, "things.shape") == Supplied((None,))


@pytest.mark.parametrize(
    ("generators", "origin"),
    [
        ({"*.title": len}, "*.title"),
        ({"*.title": len, "setups.title": len}, "setups.title"),
        ({"*.title": len, "setups.title": len, "public.setups.title": len}, "public.setups.title"),
    ],
)
def test_the_nearest_generator_of_the_user_wins(generators: dict[str, Any], origin: str) -> None:
    plan = make_plan(asked(users=1, setups=1), Snapshot(CAMP), generators=generators)
    expected = Origin(f"supaseed_generators[{origin!r}]", Supplier.GENERATORS)
    assert source_of(plan, "setups.title") == Function(len, expected, False)
    plan = make_plan(asked(users=1, setups={"count": 1, "title": "a"}), Snapshot(CAMP), generators=generators)
    assert source_of(plan, "setups.title") == Supplied(("a",))


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("setup.title", " (did you mean 'setups.title' or 'public.setups.title' or 'setups.id'?)"),
        ("*.tittle", " (did you mean '*.title' or 'setups.title'?)"),
        ("12", ""),
    ],
)
def test_a_generator_of_no_column_is_told(key: str, near: str) -> None:
    assert problems_of(asked(users=1), generators={key: len, "*.name": len}) == [
        f"supaseed_generators has {key!r}, which is no column: write 'table.column', 'schema.table.column' or "
        f"'*.column', or 'table.*' for a factory{near}"
    ]


def test_a_type_that_nothing_makes_is_asked_for() -> None:
    things = table("things", column("shape", "unknowable"))
    assert problems_of(asked(things=3), schema(things)) == [
        "things.shape is NOT NULL, and no value of type unknowable can be made: give some, as in "
        "things=Rows(3, columns={'shape': [...]}), or for every test by the fixture supaseed_generators: "
        "{'things.shape': lambda faker: ...}"
    ]
    assert totals_of(planned(things, spec=asked(things=0))) == {"things": 0}
    plan = planned(things, spec=asked(things={"count": 3, "shape": "?"}))
    assert source_of(plan, "things.shape") == Supplied(("?",))


def test_the_suggestion_for_a_type_that_nothing_makes_can_be_pasted() -> None:
    things = table("app.things", column("shape", "unknowable"))
    assert problems_of(asked({"app.things": 3}), schema(things)) == [
        "app.things.shape is NOT NULL, and no value of type unknowable can be made: give some, as in "
        "{\"app.things\": Rows(3, columns={'shape': [...]})}, or for every test by the fixture supaseed_generators: "
        "{'app.things.shape': lambda faker: ...}"
    ]


KIND = column("kind", "kind", labels=["a", "b", "c"])
CAPPED = (
    " asks for {asked} rows, but {key} makes {columns} unique, and {sizes} give {possible} {what}: ask for at most "
    "{possible}{more}"
)
MORE = ", or for more of what is referenced"


@pytest.mark.parametrize(
    ("one", "spec", "values"),
    [
        (
            table(
                "owners",
                reference("user_id", "users"),
                reference("gear_id", "gear"),
                key=("user_id", "gear_id"),
            ),
            asked(users=3, gear=4, owners=13),
            (
                "owners_pkey",
                "user_id, gear_id",
                "4 rows of gear and 3 rows of users",
                12,
                "combinations",
                MORE,
            ),
        ),
        # One to one.
        (
            table("owners", reference("user_id", "users"), unique("user_id")),
            asked(users=3, owners=4),
            ("user_id_key", "user_id", "3 rows of users", 3, "values", MORE),
        ),
        (
            table("owners", KIND, unique("kind")),
            asked(owners=4),
            ("kind_key", "kind", "3 values of kind", 3, "values", ""),
        ),
        (
            table("owners", reference("user_id", "users"), KIND, unique("user_id", "kind")),
            asked(users=2, owners=7),
            (
                "user_id_kind_key",
                "user_id, kind",
                "3 values of kind and 2 rows of users",
                6,
                "combinations",
                MORE,
            ),
        ),
        (
            table("owners", column("flag", "bool"), unique("flag")),
            asked(owners=3),
            ("flag_key", "flag", "2 values of flag", 2, "values", ""),
        ),
    ],
)
def test_more_rows_than_a_unique_key_holds_are_refused_with_the_number_that_is_possible(
    one: Table, spec: SeedSpec, values: tuple[Any, ...]
) -> None:
    key, columns, sizes, possible, what, more = values
    total = next(table_spec.count for table_spec in spec.tables if table_spec.name == "owners")
    found = schema(table("users"), table("gear"), one)
    assert problems_of(spec, found) == [
        "owners"
        + CAPPED.format(
            asked=total, key=key, columns=columns, sizes=sizes, possible=possible, what=what, more=more
        )
    ]
    fewer = tuple(
        TableSpec(t.name, possible if t.name == "owners" else t.count, columns=t.columns) for t in spec.tables
    )
    assert totals_of(make_plan(SeedSpec(fewer), Snapshot(found)))["owners"] == possible


@pytest.mark.parametrize(
    ("rows", "slug", "possible", "only"),
    [
        (3, ["a", "b"], 2, "2 rows"),
        (2, "a", 1, "one row"),
        (3, ["a", "b", "a"], 2, "2 rows"),
    ],
)
def test_what_the_marker_gives_is_all_that_there_is(
    rows: int, slug: str | list[str], possible: int, only: str
) -> None:
    found = schema(table("owners", column("slug"), unique("slug")))
    assert problems_of(asked(owners=Rows(rows, columns={"slug": slug})), found) == [
        f"owners.slug={slug!r} for {rows} rows: slug_key makes slug unique, so only {only} can have it: ask for "
        f"at most {possible}, give {rows} different values or a function, or leave slug out"
    ]
    fewer = asked(owners=Rows(possible, columns={"slug": slug}))
    assert totals_of(make_plan(fewer, Snapshot(found)))["owners"] == possible


def test_the_rows_that_are_there_take_room_in_a_unique_key() -> None:
    found = schema(USERS, table("settings", reference("user_id", "users"), unique("user_id")))
    contents = loaded({"users": 3, "settings": 2}, settings__user_id_fkey=(1, 1))
    assert problems_of(asked(settings=Rows(add=2)), found, contents) == [
        "settings asks for 4 rows, but user_id_key makes user_id unique, and 3 rows of users give 3 values: ask "
        "for at most 3, or for more of what is referenced"
    ]
    plan = make_plan(asked(settings=Rows(add=1)), Snapshot(found, contents))
    assert shares_of(plan, "settings") == {"user_id_fkey": (1, 1, 1)}


def test_rows_beyond_a_unique_key_can_do_without_what_is_nullable() -> None:
    found = schema(
        USERS, table("settings", reference("user_id", "users"), unique("user_id"), nullable=["user_id"])
    )
    plan = make_plan(asked(users=2, settings=5), Snapshot(found))
    assert shares_of(plan, "settings") == {"user_id_fkey": (1, 1)}


@pytest.mark.parametrize("more", [{"partial": True}, {"expression": True}])
def test_a_key_of_some_rows_or_of_an_expression_is_left_to_the_values(more: dict[str, Any]) -> None:
    found = schema(USERS, table("settings", reference("user_id", "users"), unique("user_id", **more)))
    assert totals_of(make_plan(asked(users=2, settings=5), Snapshot(found))) == {"users": 2, "settings": 5}


def test_a_stuck_cycle_is_a_problem() -> None:
    found = schema(table("a", reference("b_id", "b")), table("b", reference("a_id", "a")))
    assert problems_of(asked(a=1, b=1), found) == [
        "a -> b -> a: each needs a row of the next one first, so no row can be inserted by itself: make a foreign "
        "key of this cycle nullable or DEFERRABLE"
    ]


def test_a_cycle_that_can_be_opened_is_set_later() -> None:
    found = schema(
        table("teams", reference("owner_id", "users")),
        table("users", reference("team_id", "teams"), column("email"), nullable=["team_id"]),
    )
    plan = make_plan(asked(teams=2, users=3), Snapshot(found))
    assert list(totals_of(plan)) == ["users", "teams"]
    assert [[key.name for key in table_plan.later] for table_plan in plan.tables] == [["team_id_fkey"], []]
    assert source_of(plan, "users.team_id") == Supplied((None,))


def test_a_table_that_a_misspelt_name_may_mean_is_not_missed_as_well() -> None:
    assert problems_of(asked(user=5, setups=8)) == ["user is no table (did you mean 'users'?)"]
    assert problems_of(asked(usual=5, setups=8))[1:] == problems_of(asked(setups=8))


def test_all_problems_are_told_at_once() -> None:
    spec = asked(
        {"max_records": 1, "user": 1},
        setups={"count": 8, "tittle": "a", "category": "qqq", "search": "a"},
        owners=Rows(per={"qqq": 2}),
        gear=1000,
    )
    assert problems_of(spec, generators={"qqq": len}) == [
        "max_records is no table: it is an option, write @pytest.mark.seed_options(max_records=...)",
        "user is no table (did you mean 'users'?)",
        "supaseed_generators has 'qqq', which is no column: write 'table.column', 'schema.table.column' or "
        "'*.column', or 'table.*' for a factory",
        "owners with per={'qqq': ...}: owners does not reference qqq; it references gear, users: correct it, or "
        "give it a count",
        "asks for 1008 rows in all, 8 above the limit of 1000: add "
        "@pytest.mark.seed_options(max_records=1260), or max_records=1260 to a seeded_database(...), set "
        "supaseed_max_records = 1260, run with --supaseed-max-records 1260, or ask for fewer",
        "setups has no column 'tittle' (did you mean 'title'?)",
        "setups.category='qqq': the column takes only 'overlanding', 'van-life', 'camping'",
        "setups.search is a generated column, PostgreSQL computes it: leave it out",
    ]


def test_the_limit_of_the_command_line_is_told_as_hard() -> None:
    assert problems_of(asked(users=20, limit=10), hard=True) == [
        "asks for 20 rows in all, 10 above the limit of 10: run with --supaseed-max-records 25, or ask for fewer"
    ]


def test_the_order_of_the_names_does_not_change_the_plan() -> None:
    one = make_plan(asked(users=5, setups=8, gear=3), Snapshot(CAMP))
    other = make_plan(asked(gear=3, setups=8, users=5), Snapshot(CAMP))
    assert totals_of(one) == totals_of(other)
    assert [table_plan.shares for table_plan in one.tables] == [
        table_plan.shares for table_plan in other.tables
    ]


def test_another_table_changes_no_shares() -> None:
    few = make_plan(asked(users=5, setups=8), Snapshot(CAMP))
    more = make_plan(asked(users=5, setups=8, gear=3, owners=7), Snapshot(CAMP))
    assert shares_of(few, "setups") == shares_of(more, "setups")


def test_a_trigger_of_another_kind_is_no_source_of_rows() -> None:
    users = table("users", Trigger("t", "public.f", "UPDATE profiles SET a = 1"))
    found = schema(users, table("profiles"), table("badges", reference("profile_id", "profiles")))
    assert problems_of(asked(users=1, badges=2), found) == [
        "badges needs rows of profiles for profile_id, which would be empty: write "
        "@pytest.mark.seed(users=1, badges=2, profiles=1)"
    ]


def test_a_column_without_a_key_of_its_own_is_numbered() -> None:
    lines: Column = serial("line", "lines")
    plan = planned(table("lines", lines, key=()), spec=asked(lines=2))
    assert source_of(plan, "lines.line") == Number(last=2**31 - 1)


def test_deferrable_triggers_fire_before_the_tables_that_they_fill() -> None:
    audits, logs = table("audits", column("note")), table("logs", column("note"))
    users = table("users", inserting("audits", deferrable=True))
    gear = table("gear", inserting("logs"))
    plan = planned(users, gear, audits, logs, spec=asked(users=2, gear=2, audits=3, logs=3))
    assert {one.table.label for one in plan.tables if one.after_deferred} == {"audits"}


def test_a_problem_is_data() -> None:
    spec = asked(users=Rows(2, columns={"emial": "x"}), setups=Rows(3, columns={"category": "sea"}), owners=1)
    with pytest.raises(PlanError) as caught:
        make_plan(spec, Snapshot(CAMP))
    found = [(each.table, each.columns, each.constraint) for each in caught.value.problems]
    assert found == [
        ("users", ("emial",), ""),
        ("setups", ("category",), ""),
        ("owners", ("gear_id",), "gear_id_fkey"),
    ]
    assert caught.value.problems[-1].advice.startswith("write @pytest.mark.seed(")


def test_where_a_refused_value_comes_from_is_told() -> None:
    with pytest.raises(PlanError) as caught:
        make_plan(asked(users=1, setups=1), Snapshot(CAMP), {"setups.category": "sea"})
    [problem] = caught.value.problems
    assert (problem.table, problem.columns) == ("setups", ("category",))
    assert problem.origin == "supaseed_generators['setups.category']"
    assert str(problem).endswith(f" ({problem.origin})")
