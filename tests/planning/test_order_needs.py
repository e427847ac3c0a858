"""The foreign keys without which a table can have no row."""

from __future__ import annotations

import pytest

from pytest_supaseed.errors import PlanError
from pytest_supaseed.model.schema import Check, Table, TableName
from pytest_supaseed.planning.order import needed_references
from tests.builders import asked, column, name_of, planned, reference, table

BOTH = ("post_id", "comment_id")


def likes(*checks: str, nullable: tuple[str, ...] = BOTH) -> Table:
    return table(
        "likes",
        reference("post_id", "posts"),
        reference("comment_id", "comments"),
        column("kind", labels=("post", "comment")),
        *(Check(f"c{number}", text, (*BOTH, "kind")) for number, text in enumerate(checks)),
        nullable=nullable,
    )


ONE = "(num_nonnulls(post_id, comment_id) = 1)"
CASES: dict[str, tuple[Table, set[str], dict[str, str | None]]] = {
    "nothing": (likes(), {"posts", "comments"}, {}),
    "not null": (likes(nullable=("comment_id",)), {"posts", "comments"}, {"post_id": None}),
    "one of two, neither has rows": (likes(ONE), {"posts", "comments"}, {"post_id": "c0"}),
    "one of two, one has rows": (likes(ONE), {"comments"}, {}),
    "both": (
        likes("(num_nonnulls(post_id, comment_id) = 2)"),
        {"posts", "comments"},
        dict.fromkeys(BOTH, "c0"),
    ),
    "another way": (likes("((post_id IS NOT NULL) OR (kind = 'comment'))"), {"posts"}, {}),
    "an implication": (
        likes("((kind <> 'post') OR (post_id IS NOT NULL))", "(kind = 'post')"),
        {"posts"},
        {},
    ),
    "what nobody understands": (likes("opaque(post_id, comment_id)"), {"posts", "comments"}, {}),
}


@pytest.mark.parametrize(("made", "empty", "expected"), CASES.values(), ids=list(CASES))
def test_needed_references(made: Table, empty: set[str], expected: dict[str, str | None]) -> None:
    found = needed_references(made, lambda name: name.name in empty)
    assert {key.columns[0]: check and check.name for key, check in found} == expected


def test_a_check_needs_a_reference_of_several_columns_by_one_of_them() -> None:
    made = table(
        "likes",
        reference("tenant_id, post_id", "posts", "tenant_id, id"),
        reference("tenant_id, comment_id", "comments", "tenant_id, id"),
        Check("c0", ONE, BOTH),
        nullable=BOTH,
    )
    # tenant_id is set in all rows, and post_id and comment_id are each in one case.
    found = needed_references(made, lambda name: True)
    assert [(key.columns, check and check.name) for key, check in found] == [(("tenant_id", "post_id"), "c0")]
    assert needed_references(made, lambda name: name == name_of("comments")) == ()


def test_a_row_of_the_table_itself_is_no_way_out_for_its_first_row() -> None:
    def links(text: str) -> Table:
        return table(
            "links",
            reference("redirect_from", "links"),
            reference("photo_id", "photos"),
            column("place"),
            Check("c0", text, ("redirect_from", "photo_id", "place")),
            nullable=("redirect_from", "photo_id", "place"),
        )

    either = links("((redirect_from IS NOT NULL) OR ((photo_id IS NOT NULL) AND (place IS NOT NULL)))")
    assert [key.columns for key, _ in needed_references(either, lambda name: True)] == [("photo_id",)]
    third = links("((redirect_from IS NOT NULL) OR (photo_id IS NOT NULL) OR (place IS NOT NULL))")
    assert needed_references(third, lambda name: True) == ()


def test_what_the_user_gives_needs_nothing() -> None:
    def is_empty(name: TableName) -> bool:
        return name == name_of("posts")

    assert needed_references(likes(nullable=()), is_empty, {"post_id"})[0][0].columns == ("comment_id",)


def test_a_reference_to_the_table_itself_needs_nothing() -> None:
    people = table("people", reference("boss_id", "people"), reference("team_id", "teams"))
    assert [key.columns for key, _ in needed_references(people, lambda name: True)] == [("team_id",)]
    assert needed_references(people, lambda name: True, {"team_id"}) == ()


def test_a_check_that_asks_for_a_parent_is_refused_in_the_plan_with_the_marker_to_write() -> None:
    with pytest.raises(PlanError) as caught:
        planned(likes(ONE), table("posts"), table("comments"), spec=asked(likes=3))
    [problem] = map(str, caught.value.problems)
    assert problem == (
        "likes needs rows of posts for post_id (c0), which would be empty: write "
        "@pytest.mark.seed(likes=3, posts=1)"
    )


def test_one_of_the_parents_is_enough() -> None:
    assert planned(likes(ONE), table("posts"), table("comments"), spec=asked(likes=3, posts=2)).inserts == 5
