"""What the user reads where a request cannot be met."""

from __future__ import annotations

import pytest

from builders import asked, column, loaded, planned, reference, table, unique
from pytest_supaseed.allocation.allocate import allocate
from pytest_supaseed.allocation.allocation import TooFewError
from pytest_supaseed.model.schema import Check, ForeignKey, Table
from pytest_supaseed.planning.capacity import problem_beside_rows, unallocated
from pytest_supaseed.planning.plan import Key, TablePlan, TableState
from pytest_supaseed.planning.requests import allocation_request, later_request
from pytest_supaseed.spec import Rows, SeedSpec

USERS = table("users", column("name"))


def plan_of(one: Table, *others: Table, **counts: int) -> TablePlan:
    [found] = [
        plan for plan in planned(one, *others, spec=asked(**counts)).tables if plan.table.label == one.label
    ]
    return found


def message(plan: TablePlan, state: TableState, amount: int) -> str:
    request = allocation_request(plan, state, amount, 0)
    with pytest.raises(ValueError) as caught:  # noqa: PT011 the message is tested
        allocate(request)
    return str(unallocated(plan, request, caught.value))


def test_a_required_reference_that_no_row_fits() -> None:
    things = table("things", reference("user_id", "users"), Check("high", "(user_id > 9)", ("user_id",)))
    plan = plan_of(things, USERS, users=2, things=3)
    assert message(plan, TableState(keys={"user_id_fkey": [(1,), (2,)]}), 3) == (
        "things.user_id is NOT NULL and references id of public.users, but no row there has a value of it that high "
        "accepts (user_id_fkey): have users filled with values of id, as in users=Rows(..., columns={'id': [...]})"
    )


def test_a_unique_key_with_too_few_rows_to_reference() -> None:
    plan = plan_of(
        table("things", reference("user_id", "users"), unique("user_id")), USERS, users=4, things=4
    )
    state = TableState(keys={"user_id_fkey": [(1,), (2,)]})
    assert message(plan, state, 4) == "things: things can take 2 more rows, not 4: ask for fewer rows"


FOREIGN_KEYS: list[ForeignKey] = [
    reference("tenant, author", "members", "tenant, id"),
    reference("tenant, project", "projects", "tenant, id"),
]


def overlapping(members: list[Key], projects: list[Key], total: int, amount: int, *parts: object) -> str:
    parents = [
        table(name, column("tenant", "int4"), unique("tenant", "id")) for name in ("members", "projects")
    ]
    tasks = table("tasks", column("tenant", "int4"), *FOREIGN_KEYS, *parts)  # type: ignore[arg-type]
    plan = plan_of(tasks, *parents, members=4, projects=4, tasks=total)
    keys = dict(zip((key.name for key in FOREIGN_KEYS), (members, projects), strict=True))
    return message(plan, TableState(total - amount, keys), amount)


def test_overlapping_references_of_which_none_agree() -> None:
    assert overlapping([(1, 5)], [(2, 6)], 4, 4) == (
        "tasks asks for 4 rows, but no rows of members and projects agree in tenant (tenant_author_fkey, "
        "tenant_project_fkey): ask for more of members and projects, so that they do, or for none of tasks"
    )
    # Rows that are there already show that some agreed.
    assert overlapping([(1, 5)], [(2, 6)], 4, 3) == (
        "tasks asks for 4 rows, but there is no row whose references agree: ask for at most 1, or for more of "
        "what is referenced"
    )


def test_a_reference_that_may_be_null_is_not_asked_to_agree() -> None:
    label = reference("tenant, label", "members", "tenant, id")
    parents = [
        table(name, column("tenant", "int4"), unique("tenant", "id")) for name in ("members", "projects")
    ]
    tasks = table("tasks", column("tenant", "int4"), *FOREIGN_KEYS, label, nullable=["label"])
    plan = plan_of(tasks, *parents, members=4, projects=4, tasks=4)
    keys: dict[str, list[Key]] = {FOREIGN_KEYS[0].name: [(1, 5)], FOREIGN_KEYS[1].name: [(2, 6)]}
    assert message(plan, TableState(keys={**keys, label.name: [(1, 5)]}), 4).startswith(
        "tasks asks for 4 rows, but no rows of members and projects agree in tenant (tenant_author_fkey, "
        "tenant_project_fkey): "
    )


def test_overlapping_references_of_which_too_few_agree() -> None:
    assert overlapping([(1, 5)], [(1, 6), (2, 7)], 4, 4, unique("author", "project")) == (
        "tasks asks for 4 rows, but there is only 1 row that agrees with author_project_key: ask for at most 1, or "
        "for more of what is referenced"
    )


def test_a_later_reference_is_told_in_short() -> None:
    users = table("users", reference("team_id", "teams", deferrable=True), unique("team_id"))
    plan = plan_of(users, table("teams", reference("owner_id", "users")), users=3, teams=3)
    [foreign_key] = plan.later
    request = later_request(plan, foreign_key, TableState(keys={foreign_key.name: [(1,), (2,)]}), 3, 0)
    with pytest.raises(ValueError, match="users can take 2 more rows, not 3") as caught:
        allocate(request)
    assert str(unallocated(plan, request, caught.value)) == (
        "users: users can take 2 more rows, not 3: ask for fewer rows"
    )
    # A search that gave up has no other words for it.
    assert str(unallocated(plan, request, TooFewError(2, False, ["team_id_key"]))) == (
        "users: only 2 rows were found that agree with team_id_key: ask for fewer rows"
    )


def beside(spec: SeedSpec, state: TableState, one: Table, *others: Table, **present: int) -> str:
    """What is wrong with rows beside those that a table holds; empty for nothing."""
    plan = planned(one, *others, spec=spec, contents=loaded(present))
    [found] = [each for each in plan.tables if each.table.label == one.label]
    return str(problem_beside_rows(plan, found, state) or "")


def test_rows_find_no_place_beside_those_that_have_the_values() -> None:
    kind = column("kind", "kind", labels=["a", "b"])
    owners = table("owners", reference("user_id", "users"), kind, unique("user_id", "kind"))
    keys = {"user_id_fkey": [(1,), (2,)]}
    state = TableState(2, keys, {"user_id_fkey": [1, 1]}, [(1, "a"), (2, "b")], ("user_id", "kind"))
    for spec, full in (
        (asked(owners=Rows(3, columns={"kind": ["a"]})), False),
        (asked(owners=Rows(4, columns={"kind": ["a"]})), True),
        # Users that are to come have room for one each.
        (asked(users=3, owners=Rows(4, columns={"kind": ["a"]})), False),
        (asked(users=3, owners=Rows(5, columns={"kind": ["a"]})), True),
    ):
        found = beside(spec, state, owners, USERS, users=2, owners=2)
        assert bool(found) is full, found
        assert found.startswith("owners asks for " if full else "")


def test_references_to_what_grows_and_to_what_does_not() -> None:
    owners = table(
        "owners", reference("user_id", "users"), reference("gear_id", "gear"), unique("user_id", "gear_id")
    )
    keys: dict[str, list[Key]] = {"user_id_fkey": [(1,), (2,)], "gear_id_fkey": [(1,)]}
    shares = {"user_id_fkey": [1, 1], "gear_id_fkey": [2]}
    state = TableState(2, keys, shares, [(1, 1), (2, 1)], ("user_id", "gear_id"))
    present = {"users": 2, "gear": 1, "owners": 2}
    assert beside(asked(users=3, owners=3), state, owners, USERS, table("gear"), **present) == ""


def test_the_allocation_is_tried_where_all_rows_to_reference_are_there() -> None:
    parents = [
        table(name, column("tenant", "int4"), unique("tenant", "id")) for name in ("members", "projects")
    ]
    tasks = table("tasks", column("tenant", "int4"), *FOREIGN_KEYS)
    keys: dict[str, list[Key]] = {FOREIGN_KEYS[0].name: [(1, 5)], FOREIGN_KEYS[1].name: [(2, 6)]}
    state = TableState(keys=keys)
    assert "but no rows of members and projects agree" in beside(
        asked(tasks=1), state, tasks, *parents, members=1, projects=1
    )
    # It is not known which of those to come will agree.
    assert beside(asked(members=2, tasks=1), state, tasks, *parents, members=1, projects=1) == ""
