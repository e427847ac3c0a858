"""The marker that a message prints for parents that would be empty: following it works."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import asked, column, inserting, loaded, made, reference, schema, serial, table, unique
from pytest_supaseed.errors import PlanError
from pytest_supaseed.model.schema import Check, Column, Snapshot, Table
from pytest_supaseed.planning.plan import Plan, Supplied
from pytest_supaseed.planning.planner import make_plan
from pytest_supaseed.spec import Rows

KIND = column("kind", "kind", labels=["a", "b"])


def advice(tables: list[Table], **counts: int) -> dict[str, Any]:
    """What the one marker of the messages asks for."""
    with pytest.raises(PlanError) as caught:
        make_plan(asked(**counts), Snapshot(schema(*tables)))
    markers = set(re.findall(r"write @pytest\.mark\.seed(\(.*\))$", str(caught.value), re.MULTILINE))
    assert len(markers) == 1, str(caught.value)
    return eval(f"dict{markers.pop()}", {"Rows": Rows, "dict": dict})  # type: ignore[no-any-return]


def problems_of(tables: list[Table], counts: dict[str, Any]) -> str:
    try:
        make_plan(asked(**counts), Snapshot(schema(*tables)))
    except PlanError as error:
        return str(error)
    return ""


@st.composite
def families(draw: st.DrawFn) -> list[Table]:
    """Tables, each of which references some before it, with unique keys over the references."""
    tables = [table("t0")]
    for number in range(1, draw(st.integers(2, 4))):
        parents = draw(st.lists(st.integers(0, number - 1), min_size=1, max_size=3))
        columns = [f"r{at}" for at in range(len(parents))]
        keys = draw(
            st.lists(st.lists(st.sampled_from([*columns, "kind"]), min_size=1, unique=True), max_size=2)
        )
        keys = [key for key in keys if key != ["kind"]]
        distinct = {tuple(key): unique(*key) for key in keys}
        references = [reference(own, f"t{at}") for own, at in zip(columns, parents, strict=True)]
        tables.append(table(f"t{number}", *references, KIND, *distinct.values()))
    return tables


@given(families(), st.integers(1, 12), st.integers(0, 3))
@settings(deadline=None)
def test_following_the_marker_works(tables: list[Table], amount: int, parents: int) -> None:
    last = tables[-1].name.name
    counts = {last: amount, **({"t0": parents} if parents else {})}
    problems = problems_of(tables, counts)
    if "write @pytest" in problems:
        counts = advice(tables, **counts)
    elif problems:
        # All of its parents have rows, and what is asked is too much for them.
        assert parents
        assert "at most" in problems
        return
    rows = made(make_plan(asked(**counts), Snapshot(schema(*tables))))
    assert len(rows[last]) == amount


TENANTS = table("tenants")
USERS = table("users", reference("tenant_id", "tenants"), unique("tenant_id", "id"))
PROJECTS = table("projects", reference("tenant_id", "tenants"), unique("tenant_id", "id"))


@pytest.mark.parametrize(
    "key", [(), ("tenant_id", "user_id"), ("tenant_id", "user_id", "project_id"), ("project_id",)]
)
@pytest.mark.parametrize("amount", [1, 7, 50])
@pytest.mark.parametrize("given", [{}, {"tenants": 5}, {"tenants": 5, "projects": 3}])
def test_parents_that_have_to_agree_are_asked_for_in_numbers_that_do(
    key: tuple[str, ...], amount: int, given: dict[str, int]
) -> None:
    members = table(
        "members",
        reference("tenant_id, user_id", "users", "tenant_id, id"),
        reference("tenant_id, project_id", "projects", "tenant_id, id"),
        *([unique(*key)] if key else []),
    )
    tables = [TENANTS, USERS, PROJECTS, members]
    spec = asked(**advice(tables, members=amount, **given))
    assert len(made(make_plan(spec, Snapshot(schema(*tables))))["members"]) == amount


@pytest.mark.parametrize(
    ("operator", "amount", "users"), [("<>", 1, 2), ("<>", 7, 4), ("<", 7, 5), ("<", 10, 5)]
)
def test_two_that_differ_need_two_rows_and_more_for_more_pairs(
    operator: str, amount: int, users: int
) -> None:
    differ = Check("two", f"(a {operator} b)", ("a", "b"))
    friends = table("friends", reference("a", "users"), reference("b", "users"), differ, key=("a", "b"))
    tables = [table("users"), friends]
    found = advice(tables, friends=amount)
    assert found == {"friends": amount, "users": users}
    assert len(made(make_plan(asked(**found), Snapshot(schema(*tables))))["friends"]) == amount


@pytest.mark.parametrize(
    ("key", "projects", "labels"),
    [((), 1, 1), (("label_id",), 1, 6), (("project_id",), 6, 1), (("project_id", "label_id"), 6, 6)],
)
def test_a_key_of_a_reference_asks_for_rows_of_those_that_have_to_agree_with_it_alone(
    key: tuple[str, ...], projects: int, labels: int
) -> None:
    members = table(
        "members",
        reference("tenant_id, user_id", "users", "tenant_id, id"),
        reference("tenant_id, project_id", "projects", "tenant_id, id"),
        reference("label_id", "labels"),
        *([unique(*key)] if key else []),
    )
    found = advice([TENANTS, USERS, PROJECTS, table("labels"), members], members=6)
    # The users have the tenants of the projects.
    expected = {"members": 6, "labels": labels, "projects": projects, "users": projects, "tenants": 1}
    assert found == expected


def test_a_parent_that_is_asked_to_be_empty_is_told_from_one_that_is_not_asked_for() -> None:
    tables = [TENANTS, USERS, table("posts", reference("user_id", "users"))]
    advised = "posts needs rows of users for user_id, which {}: write @pytest.mark.seed(posts=1, users=1, tenants=1)"
    assert problems_of(tables, {"posts": 1, "users": 0}) == advised.format("is asked to be empty")
    assert problems_of(tables, {"posts": 1}) == advised.format("would be empty")


def test_two_that_differ_need_as_many_rows_as_a_key_of_one_of_them() -> None:
    differ = Check("two", "(a <> b)", ("a", "b"))
    friends = table("friends", reference("a", "users"), reference("b", "users"), differ, unique("a"))
    assert advice([table("users"), friends], friends=7) == {"friends": 7, "users": 7}


def test_a_parent_that_may_not_reference_itself_needs_another() -> None:
    apart = Check("apart", "(boss_id <> id)", ("boss_id", "id"))
    desks = table("desks", reference("owner_id", "people"))
    for checks, people in (([apart], 2), ([], 1)):
        tables = [table("people", reference("boss_id", "people"), *checks), desks]
        assert advice(tables, desks=3) == {"desks": 3, "people": people}


def test_a_chain_of_one_to_one_needs_as_many_everywhere() -> None:
    chain = [table("a")] + [
        table(name, reference("id", before), key=("id",)) for before, name in zip("abc", "bcd", strict=True)
    ]
    assert advice(chain, d=7) == {"d": 7, "c": 7, "b": 7, "a": 7}
    # What is there is too few as well.
    assert advice(chain, d=7, a=2) == {"d": 7, "c": 7, "b": 7, "a": 7}


def test_few_values_beside_a_reference_count() -> None:
    settings_ = table("settings", reference("user_id", "users"), KIND, unique("user_id", "kind"))
    assert advice([table("users"), settings_], settings=7) == {"settings": 7, "users": 4}
    # NULL is one more value, or as many as there are rows.
    for distinct, users in ((False, 4), (True, 1)):
        kind = replace(KIND, nullable=True)
        key = unique("user_id", "kind", nulls_distinct=distinct)
        settings_ = table("settings", reference("user_id", "users"), kind, key)
        assert advice([table("users"), settings_], settings=7) == {"settings": 7, "users": users}


def test_a_reference_to_no_table_of_ours_is_left_to_the_rows() -> None:
    made_elsewhere = schema(table("t", reference("p_id", "parts_1")), others={"public.parts_1": "partition"})
    make_plan(asked(t=1), Snapshot(made_elsewhere))


def test_rows_that_are_there_need_no_parents() -> None:
    tables = schema(table("users"), table("posts", reference("user_id", "users")))
    make_plan(asked(posts=3), Snapshot(tables, loaded({"posts": 3})))
    with pytest.raises(PlanError, match="posts needs rows of users"):
        make_plan(asked(posts=4), Snapshot(tables, loaded({"posts": 3})))


def test_one_of_two_parents_is_asked_for_if_neither_has_rows() -> None:
    one = Check("one", "(num_nonnulls(post_id, photo_id) = 1)", ("post_id", "photo_id"))
    references = (reference("photo_id", "photos"), reference("post_id", "posts"))
    likes = table("likes", *references, one, nullable=["post_id", "photo_id"])
    tables = [table("photos"), table("posts"), likes]
    assert advice(tables, likes=2) == {"likes": 2, "posts": 1}
    make_plan(asked(likes=2, photos=1), Snapshot(schema(*tables)))
    make_plan(asked(likes=2), Snapshot(schema(*tables), loaded({"photos": 1})))
    # What a trigger fills will have rows, and so will what another table needs.
    make_plan(asked(likes=2, albums=1), Snapshot(schema(*tables, table("albums", inserting("photos")))))
    albums = table("albums", reference("photo_id", "photos"))
    assert advice([*tables, albums], albums=1, likes=2) == {"albums": 1, "likes": 2, "photos": 1}


KINDS = ["book", "film", "song"]
WORKS = table("works", column("kind", "kind", labels=KINDS), unique("id", "kind"))


def of_works(name: str, kind: str, **more: Any) -> Table:
    """A table whose rows reference works of one kind."""
    only = Check("only", f"(kind = '{kind}'::kind)", ("kind",))
    works = reference("work_id, kind", "works", "id, kind")
    return table(name, column("kind", "kind", labels=KINDS), works, only, **more)


CHAPTERS, TRACKS = of_works("chapters", "book"), of_works("tracks", "song")
# One for each work.
COVERS, POSTERS = (of_works(name, "song", key=("work_id",)) for name in ("covers", "posters"))


@pytest.mark.parametrize(
    ("counts", "kinds"),
    [
        ({"tracks": 5, "works": 1}, {"song": 1}),
        ({"tracks": 5, "works": 4}, {"song": 1, "book": 2, "film": 1}),
        ({"tracks": 5, "chapters": 2, "works": 2}, {"song": 1, "book": 1}),
        ({"covers": 3, "works": 4}, {"song": 3, "book": 1}),
        ({"covers": 3, "works": 3}, {"song": 3}),
        ({"covers": 2, "posters": 2, "works": 6}, {"song": 4, "book": 1, "film": 1}),
        ({"covers": 2, "posters": 2, "works": 3}, {"song": 3}),
        ({"covers": 2, "tracks": 9, "works": 3}, {"song": 2, "book": 1}),
        # Nothing references them, and every value is as good as another.
        ({"tracks": 0, "works": 3}, {"book": 1, "film": 1, "song": 1}),
    ],
)
def test_the_parents_of_what_has_one_value_have_it(counts: dict[str, int], kinds: dict[str, int]) -> None:
    tables = schema(WORKS, CHAPTERS, TRACKS, COVERS, POSTERS)
    rows = made(make_plan(asked(**counts), Snapshot(tables)))
    assert Counter(row["kind"] for row in rows["works"]) == kinds
    assert {name: len(found) for name, found in rows.items() if found} == {
        name: count for name, count in counts.items() if count
    }


def test_values_that_are_given_to_parents_stay() -> None:
    works = Rows(2, columns={"kind": ["film", "song"]})
    rows = made(make_plan(asked(tracks=1, works=works), Snapshot(schema(WORKS, TRACKS))))
    assert Counter(row["kind"] for row in rows["works"]) == {"film": 1, "song": 1}


def is_chosen(plan: Plan, name: str) -> bool:
    """Whether the plan has values for a column of the works."""
    [works] = [each for each in plan.tables if each.table.label == "works"]
    return any(each.supplied for each in works.columns if each.column.name == name)


@pytest.mark.parametrize(
    ("number", "more", "chosen"),
    [
        (column("n", "int4"), [], True),
        (serial("n", "works"), [], False),
        (column("n", "int4", identity="always"), [], False),
        (column("n", "int4", generated="(1)"), [], False),
        (column("n", "int4"), [unique("n")], False),
        (column("n", "int4"), [unique("n", "id")], True),
        (column("n", "int4"), [reference("n", "numbers")], False),
    ],
)
def test_values_that_parents_cannot_choose_are_left_to_their_column(
    number: Column, more: list[Any], chosen: bool
) -> None:
    seven = Check("seven", "(n = 7)", ("n",))
    tables = schema(
        table("numbers"),
        table("works", number, unique("id", "n", name="key"), *more),
        table("tracks", column("n", "int4"), reference("work_id, n", "works", "id, n"), seven),
    )
    plan = make_plan(asked(numbers=9, works=2, tracks=2), Snapshot(tables))
    assert is_chosen(plan, "n") is chosen


def test_values_are_chosen_for_new_parents_only() -> None:
    contents = loaded({"works": 2})
    plan = make_plan(asked(tracks=1, works=5), Snapshot(schema(WORKS, TRACKS), contents))
    [source] = [each.source for each in plan.tables[0].columns if each.column.name == "kind"]
    assert isinstance(source, Supplied)
    assert source.choices == ("song", "book", "film")
    # None are made.
    assert not is_chosen(
        make_plan(asked(tracks=1, works=2), Snapshot(schema(WORKS, TRACKS), contents)), "kind"
    )


def test_a_column_that_may_have_any_value_wants_none() -> None:
    works = table("works", column("n", "int4"), unique("id", "n"))
    tracks = table("tracks", reference("work_id, n", "works", "id, n"))
    assert not is_chosen(make_plan(asked(works=2, tracks=2), Snapshot(schema(works, tracks))), "n")


def test_nothing_is_wanted_of_parents_that_need_not_be_referenced() -> None:
    kinds = column("kind", "kind", labels=KINDS)
    song = Check("only", "(kind = 'song'::kind)", ("kind",))
    works = reference("work_id, kind", "works", "id, kind")
    optional = table("tracks", kinds, works, song, nullable=["work_id"])
    alone = table("plays", reference("kind", "works", "kind"), kinds, song)
    for child, chosen in ((TRACKS, True), (optional, False), (alone, False)):
        plan = make_plan(asked(**{child.label: 1, "works": 1}), Snapshot(schema(WORKS, child)))
        assert is_chosen(plan, "kind") is chosen, child.label


def test_a_key_of_two_references_needs_as_many_of_one_as_the_other_lacks() -> None:
    members = table(
        "members", reference("user_id", "users"), reference("team_id", "teams"), key=("user_id", "team_id")
    )
    tables = [table("users"), table("teams"), members]
    assert advice(tables, members=7, users=3) == {"members": 7, "users": 3, "teams": 3}
    assert advice(tables, members=7, users=5) == {"members": 7, "users": 5, "teams": 2}
    assert advice(tables, members=7) == {"members": 7, "users": 3, "teams": 3}
    # What is asked for stays, in whichever order the foreign keys are, as long as other rows suffice.
    assert advice(tables, members=60, users=20) == {"members": 60, "users": 20, "teams": 3}
    assert advice(tables, members=60, teams=20) == {"members": 60, "users": 3, "teams": 20}
    three = table("visits", *(reference(f"{name}_id", name) for name in "abc"), key=("a_id", "b_id", "c_id"))
    tables = [table("a"), table("b"), table("c"), three]
    assert advice(tables, visits=60) == {"visits": 60, "a": 4, "b": 4, "c": 4}
    assert advice(tables, visits=60, b=30) == {"visits": 60, "a": 2, "b": 30, "c": 1}


def test_a_nullable_reference_that_others_reference_needs_its_parent() -> None:
    users = table("users", column("id"))
    employees = table(
        "employees", column("id"), reference("user_id", "users"), unique("user_id"), nullable=("user_id",)
    )
    absences = table("absences", column("id"), reference("employee_id", "employees", "user_id"))
    tables = [users, employees, absences]
    assert advice(tables, employees=3, absences=5) == {"employees": 3, "absences": 5, "users": 3}
    assert problems_of(tables, {"employees": 3}) == ""
    assert problems_of(tables, {"employees": 3, "absences": 5, "users": 3}) == ""
    optional = table(
        "absences", column("id"), reference("employee_id", "employees", "user_id"), nullable=("employee_id",)
    )
    assert problems_of([users, employees, optional], {"employees": 3, "absences": 5}) == ""
