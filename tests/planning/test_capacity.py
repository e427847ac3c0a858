"""How many rows unique keys hold where some are there already, and what is advised beyond."""

from __future__ import annotations

import pytest

from builders import Part, asked, column, loaded, reference, schema, table, unique
from pytest_supaseed.errors import PlanError
from pytest_supaseed.model.schema import Check, Column, Contents, Schema, Snapshot
from pytest_supaseed.planning.planner import make_plan
from pytest_supaseed.spec import Rows, SeedSpec

KIND = column("kind", "kind", labels=["a", "b", "c"])
FLAG = column("flag", "bool")


def total(spec: SeedSpec, found: Schema, contents: Contents | None = None, *, of: str = "owners") -> int:
    plan = make_plan(spec, Snapshot(found, contents or Contents()))
    [one] = [table_plan for table_plan in plan.tables if table_plan.table.label == of]
    return one.total


def problem(spec: SeedSpec, found: Schema, contents: Contents | None = None) -> str:
    with pytest.raises(PlanError) as caught:
        make_plan(spec, Snapshot(found, contents or Contents()))
    [only] = caught.value.problems
    return str(only)


def test_a_key_of_a_reference_and_a_column_counts_the_rows_that_are_there_once() -> None:
    keys = (unique("user_id", "kind"), unique("user_id", "flag"))
    found = schema(table("users"), table("owners", reference("user_id", "users"), KIND, FLAG, *keys))
    contents = loaded({"users": 2, "owners": 2}, owners__user_id_fkey=(1, 1))
    assert total(asked(owners=Rows(add=2)), found, contents) == 4
    assert problem(asked(owners=Rows(add=3)), found, contents) == (
        "owners asks for 5 rows, but user_id_flag_key makes user_id, flag unique, and 2 rows of users and 2 values of "
        "flag and 3 values of kind give 4 combinations: ask for at most 4, or for more of what is referenced"
    )


FULL = (
    "owners asks for {} rows, but user_id_kind_key makes user_id, kind unique, and 3 values of kind and 2 rows of "
    "users give 6 combinations: ask for at most 6, or for more of what is referenced"
)


@pytest.mark.parametrize("kind", [KIND, column("kind", "int4")], ids=["enum", "CHECK"])
def test_a_key_whose_column_is_named_before_its_reference_counts_the_rows_that_are_there(
    kind: Column,
) -> None:
    check = Check("levels", "((kind >= 1) AND (kind <= 3))", ("kind",))
    key = unique("user_id", "kind")
    owners = table("owners", reference("user_id", "users"), kind, key, *([check] if kind is not KIND else []))
    found = schema(table("users"), owners)
    contents = loaded({"users": 2, "owners": 3}, owners__user_id_fkey=(2, 1))
    assert total(asked(owners=6), found, contents) == 6
    assert problem(asked(owners=7), found, contents) == FULL.format(7)
    # New parents make room.
    assert total(asked(users=3, owners=9), found, contents) == 9
    # All values are given: as if none were.
    if kind is KIND:
        given = Rows(7, columns={"kind": ["a", "b", "c"]})
        assert problem(asked(owners=given), found, contents) == FULL.format(7)


@pytest.mark.parametrize("name", ["a_reference", "the_reference"])
def test_rows_that_are_there_may_have_other_values_than_those_that_are_given(name: str) -> None:
    owners = table("owners", reference("user_id", "users", name=name), KIND, unique("user_id", "kind"))
    found = schema(table("users"), owners)
    contents = loaded({"users": 2, "owners": 2}, **{f"owners__{name}": (1, 1)})
    given = {"kind": ["b", "c"]}
    assert total(asked(owners=Rows(6, columns=given)), found, contents) == 6
    parts = ["2 rows of users", "2 values of kind"]
    assert problem(asked(owners=Rows(7, columns=given)), found, contents) == (
        "owners asks for 7 rows, but user_id_kind_key makes user_id, kind unique, and "
        f"{' and '.join(parts if name < 'kind' else parts[::-1])} give 4 combinations beside the 2 rows present: ask "
        "for at most 6, or for more of what is referenced"
    )


@pytest.mark.parametrize("nullable", [(), ("user_id",)])
def test_a_row_with_null_takes_a_combination_where_nulls_are_not_distinct(nullable: tuple[str, ...]) -> None:
    key = unique("user_id", "kind", nulls_distinct=False)
    kind = column("kind", "kind", labels=["a", "b", "c"], nullable=True)
    owners = table("owners", reference("user_id", "users"), kind, key, nullable=nullable)
    found = schema(table("users"), owners)
    contents = loaded({"users": 2, "owners": 3}, owners__user_id_fkey=(2, 1))
    most = 12 if nullable else 8
    assert total(asked(owners=most), found, contents) == most
    assert f"ask for at most {most}" in problem(asked(owners=most + 1), found, contents)


def test_rows_that_are_there_may_have_null_where_a_value_is_given() -> None:
    kind = column("kind", "kind", labels=["a", "b", "c"], nullable=True)
    owners = table("owners", reference("user_id", "users"), kind, unique("user_id", "kind"))
    found = schema(table("users"), owners)
    contents = loaded({"users": 1, "owners": 5}, owners__user_id_fkey=(5,))
    given = {"kind": ["a", "b", "c"]}
    assert total(asked(owners=Rows(add=3, columns=given)), found, contents) == 8
    assert "ask for at most 8" in problem(asked(owners=Rows(add=4, columns=given)), found, contents)


def test_rows_for_each_reference_fill_a_key_with_a_column_to_the_last() -> None:
    found = schema(
        table("users"), table("owners", reference("user_id", "users"), KIND, unique("user_id", "kind"))
    )
    contents = loaded({"users": 2, "owners": 3}, owners__user_id_fkey=(2, 1))
    assert total(asked(owners=Rows(per={"users": 3})), found, contents) == 6
    assert problem(asked(owners=Rows(per={"users": 4})), found, contents) == (
        "owners asks for 8 rows, but user_id_kind_key makes user_id, kind unique, and 2 rows of users and 3 values of "
        "kind give 6 combinations: ask for at most 6, or for more of what is referenced"
    )


def test_the_rows_that_are_there_use_up_values_of_a_column() -> None:
    found = schema(table("owners", KIND, unique("kind")))
    contents = loaded({"owners": 2})
    assert total(asked(owners=Rows(add=1)), found, contents) == 3
    advised = (
        "owners asks for {} rows, but kind_key makes kind unique, and 3 values of kind give 3 values: ask for at "
        "most 3"
    )
    assert problem(asked(owners=Rows(add=2)), found, contents) == advised.format(4)
    assert problem(asked(owners=5), found, contents) == advised.format(5)


def test_the_rows_that_are_there_need_not_have_the_values_that_are_given() -> None:
    found = schema(table("owners", column("slug"), unique("slug")))
    contents = loaded({"owners": 2})
    assert total(asked(owners=Rows(add=3, columns={"slug": ["a", "b", "c"]})), found, contents) == 5
    assert problem(asked(owners=Rows(add=4, columns={"slug": ["a", "b", "c"]})), found, contents) == (
        "owners.slug=['a', 'b', 'c'] for 4 rows: slug_key makes slug unique, so only 3 rows can have it: ask for at "
        "most 5, give 4 different values or a function, or leave slug out"
    )


@pytest.mark.parametrize("present", [0, 1])
def test_one_row_without_a_reference_where_nulls_are_not_distinct(present: int) -> None:
    one = table(
        "owners", reference("user_id", "users"), unique("user_id", nulls_distinct=False), nullable=["user_id"]
    )
    found = schema(table("users"), one)
    contents = loaded({"users": 3, "owners": present}, owners__user_id_fkey=(1,) * present)
    assert total(asked(users=3, owners=4), found, contents) == 4
    if not present:
        assert problem(asked(users=3, owners=5), found, contents) == (
            "owners asks for 5 rows, but user_id_key makes user_id unique, and 3 rows of users or NULL give 4 "
            "values: ask for at most 4, or for more of what is referenced"
        )


def test_the_rows_of_overlapping_references_that_are_there_stay() -> None:
    parents = [
        table(name, column("tenant", "int4"), unique("tenant", "id")) for name in ("members", "projects")
    ]
    owners = table(
        "owners",
        column("tenant", "int4"),
        reference("tenant, author", "members", "tenant, id"),
        reference("tenant, project", "projects", "tenant, id"),
        unique("author", "project"),
    )
    found = schema(*parents, owners)
    counts = {"members": 2, "projects": 3}
    advised = (
        "owners asks for {} rows, but author_project_key makes author, project unique, and 2 rows of members and 3 "
        "rows of projects give at most {} combinations: ask for at most {}, or for more of what is referenced"
    )
    assert total(asked(owners=6), found, loaded({**counts, "owners": 1})) == 6
    assert problem(asked(owners=7), found, loaded({**counts, "owners": 1})) == advised.format(7, 6, 6)
    # Rows that are there cannot be too many.
    assert total(asked(owners=7), found, loaded({**counts, "owners": 7})) == 7
    assert problem(asked(owners=8), found, loaded({**counts, "owners": 7})) == advised.format(8, 7, 7)


def test_rows_without_a_reference_are_not_counted_by_its_key() -> None:
    owners = table("owners", reference("user_id", "users"), unique("user_id"), nullable=["user_id"])
    assert total(asked(users=2, owners=5), schema(table("users"), owners)) == 5


def test_the_key_of_the_fewest_columns_is_named() -> None:
    grade = column("grade", "grade", labels=["a", "b", "c", "d"])
    keys = (unique("user_id", "flag", "grade"), unique("user_id", "kind"))
    found = schema(table("users"), table("owners", reference("user_id", "users"), KIND, FLAG, grade, *keys))
    assert problem(asked(users=2, owners=7), found).startswith(
        "owners asks for 7 rows, but user_id_kind_key makes user_id, kind unique, and 2 rows of users and "
    )


def test_the_check_that_refuses_pairs_is_named() -> None:
    differ = Check("differ", "(a <> b)", ("a", "b"))
    friends = table("friends", reference("a", "users"), reference("b", "users"), differ, key=("a", "b"))
    found = schema(table("users"), friends)
    assert total(asked(users=3, friends=6), found, of="friends") == 6
    assert problem(asked(users=3, friends=7), found) == (
        "friends asks for 7 rows, but friends_pkey makes a, b unique, and 3 rows of users and 3 rows of users give 6 "
        "combinations that differ accepts: ask for at most 6, or for more of what is referenced"
    )


def test_overlapping_references_that_may_be_null_limit_nothing() -> None:
    parents = [
        table(name, column("tenant", "int4"), unique("tenant", "id")) for name in ("members", "projects")
    ]
    owners = table(
        "owners",
        column("tenant", "int4"),
        reference("tenant, author", "members", "tenant, id"),
        reference("tenant, project", "projects", "tenant, id"),
        unique("author", "project"),
        nullable=["project"],
    )
    found = schema(*parents, owners)
    assert total(asked(members=2, projects=2, owners=9), found) == 9


ONE_KIND = column("kind", "kind", labels=["a"])
FIRST = reference("user_id", "users", name="a_reference")
TWO = [reference("a", "users"), reference("b", "users")]


@pytest.mark.parametrize(
    ("parts", "spec", "present", "told"),
    [
        (
            [FIRST, unique("user_id")],
            {"users": 1, "owners": 2},
            {},
            "1 row of users gives 1 value: ask for at most 1",
        ),
        ([ONE_KIND, unique("kind")], {"owners": 2}, {}, "1 value of kind gives 1 value: ask for at most 1"),
        ([FIRST, unique("user_id")], {"users": 10, "owners": 11}, {}, "10 rows of users give 10 values: ask"),
        (
            [FIRST, KIND, unique("user_id", "kind")],
            {"users": 1, "owners": 4},
            {},
            "1 row of users and 3 values of kind give 3 combinations: ask",
        ),
        (
            [column("kind", "kind", labels=["a", "b"], nullable=True), unique("kind", nulls_distinct=False)],
            {"owners": 4},
            {},
            "2 values of kind or NULL give 3 values: ask",
        ),
        (
            [FIRST, KIND, unique("user_id", "kind")],
            {"owners": Rows(6, columns={"kind": ["b", "c"]})},
            {"users": 2, "owners": 1},
            "2 rows of users and 2 values of kind give 4 combinations beside the 1 row present: ask for at most 5",
        ),
        (
            [
                *TWO,
                unique("a", "b", name="both"),
                Check("less", "(a < b)", ("a", "b")),
                Check("differ", "(a <> b)", ("a", "b")),
            ],
            {"users": 3, "owners": 4},
            {},
            "give 3 combinations that less and differ accept: ask for at most 3",
        ),
    ],
)
def test_numbers_are_told_in_singular_and_plural(
    parts: list[Part], spec: dict[str, Rows | int], present: dict[str, int], told: str
) -> None:
    shares = {"owners__a_reference": (1,)} if present else {}
    found = schema(table("users"), table("owners", *parts))
    assert told in problem(asked(**spec), found, loaded(present, **shares))
