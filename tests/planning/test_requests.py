"""What a plan asks an allocation for, before and after the rows to reference are known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders import asked, column, loaded, name_of, planned, reference, table, unique
from pytest_supaseed.errors import GenerateError
from pytest_supaseed.model.schema import Check, Column, ForeignKey, Table
from pytest_supaseed.planning.plan import TablePlan, TableState
from pytest_supaseed.planning.requests import (
    allocation_request,
    later_request,
    predicted_request,
    request_beside_rows,
)
from pytest_supaseed.spec import Rows

USERS = table("users", column("name"))
KINDS = ["new", "old"]


def plan_of(one: Table, *others: Table, **counts: object) -> TablePlan:
    spec = asked(**counts)
    [found] = [plan for plan in planned(one, *others, spec=spec).tables if plan.table.label == one.label]
    return found


def test_a_request_has_the_rows_that_are_read() -> None:
    kind = column("kind", "kind", labels=KINDS)
    things = table("things", reference("user_id", "users"), kind, unique("user_id", "kind"))
    plan = plan_of(things, USERS, users=3, things=5)
    state = TableState(
        1, {"user_id_fkey": [(4,), (7,)]}, {"user_id_fkey": [0, 1]}, [(7, "old")], ("user_id", "kind")
    )
    request = allocation_request(plan, state, 3, 9)
    assert (request.amount, request.independent.seed, request.independent.spread) == (3, 9, "even")
    assert [dimension.name for dimension in request.dimensions] == ["user_id_fkey", "kind"]
    assert request.keys == {"user_id_fkey": [(4,), (7,)]}
    assert request.independent.sizes == {"user_id_fkey": 2, "kind": 2}
    assert request.independent.present == {"user_id_fkey": [0, 1]}
    [group] = request.independent.groups
    order = [dimension.name for dimension in group.dimensions]
    taken = {"user_id_fkey": 1, "kind": 1}
    assert request.independent.taken == {"user_id_kind_key": {tuple(taken[name] for name in order)}}


def test_a_prediction_asks_for_what_is_asked_for_later() -> None:
    things = table("things", reference("user_id", "users"), unique("user_id"))
    plan = plan_of(things, USERS, users=3, things=2)
    request = allocation_request(plan, TableState(keys={"user_id_fkey": [(1,), (2,), (3,)]}), 2, 0)
    predicted = predicted_request(plan, {"user_id_fkey": 3}, {}, 0)
    assert (predicted.amount, predicted.foreign_keys) == (2, request.independent.foreign_keys)
    assert (predicted.groups, predicted.sizes) == (request.independent.groups, request.independent.sizes)


def test_the_rows_that_are_there_are_not_asked_for_again() -> None:
    plan = plan_of(table("things", reference("user_id", "users")), USERS, users=3, things=5)
    assert predicted_request(replace(plan, present=2), {"user_id_fkey": 3}, {}, 0).amount == 3


def test_a_row_takes_no_combination_where_a_column_of_the_reference_is_unknown() -> None:
    user = reference("tenant_id, user_id", "users", "tenant_id, id")
    things = table("things", user, reference("gear_id", "gear"), unique("tenant_id", "user_id", "gear_id"))
    others = (table("users", column("tenant_id", "int4")), table("gear"))
    plan = plan_of(things, *others, users=2, gear=2, things=2)
    keys = {user.name: [(1, 5), (2, 6)], "gear_id_fkey": [(7,), (8,)]}
    known = TableState(1, keys, {}, [(2, 6, 7)], ("tenant_id", "user_id", "gear_id"))
    [taken] = allocation_request(plan, known, 2, 0).independent.taken.values()
    assert taken == {(0, 1)}
    unknown = replace(known, rows=[(6, 7)], columns=("user_id", "gear_id"))
    [taken] = allocation_request(plan, unknown, 2, 0).independent.taken.values()
    assert taken == set()


def test_overlapping_references_are_drawn_with_the_values_of_their_keys() -> None:
    user = reference("tenant_id, user_id", "users", "tenant_id, id", name="a")
    gear = reference("tenant_id, gear_id", "gear", "tenant_id, id", name="b")
    kind = column("kind", "kind", nullable=True, labels=KINDS)
    things = table(
        "things", user, gear, kind, column("note"), unique("user_id", "kind", nulls_distinct=False)
    )
    others = [table(name, column("tenant_id", "int4")) for name in ("users", "gear")]
    plan = plan_of(things, *others, users=2, gear=2, things=Rows(4, spread="random"))
    keys = {"a": [(1, 5), (1, 6)], "b": [(1, 7), (1, 8)]}
    state = TableState(1, keys, {"a": [1]}, [(5, "new", None)], ("user_id", "kind", "note"))
    [overlapping] = allocation_request(plan, state, 3, 0).overlapping
    agreement = overlapping.agreement
    assert [(each.name, each.options, each.present, each.nullable) for each in agreement.relations] == [
        ("a", keys["a"], [1], ()),
        ("b", keys["b"], (), ()),
        ("kind", [("new",), ("old",)], (), ("kind",)),
    ]
    [key] = agreement.uniques
    assert (key.columns, key.nulls_distinct, key.taken) == (("user_id", "kind"), False, {(5, "new")})
    assert (agreement.amount, agreement.spread, agreement.each) == (3, "random", None)
    # A number for each row is that of the first reference only.
    for name, each in (("a", 2), ("b", None)):
        [overlapping] = allocation_request(replace(plan, per=(name, 2)), state, 3, 0).overlapping
        assert overlapping.agreement.each == each


@pytest.mark.parametrize(
    "text", ["(user_id > 2)", "(user_id = ANY (ARRAY[3, 4, 9]))", "(user_id <> ALL (ARRAY[1, 2]))"]
)
def test_rows_that_a_check_refuses_cannot_be_referenced(text: str) -> None:
    check = Check("high", text, ("user_id",))
    things = table("things", reference("user_id", "users"), check)
    plan = plan_of(things, USERS, users=4, things=2)
    state = TableState(keys={"user_id_fkey": [(1,), (2,), (3,), (4,)]}, shares={"user_id_fkey": [5, 6, 7, 8]})
    request = allocation_request(plan, state, 2, 0)
    assert request.keys == {"user_id_fkey": [(3,), (4,)]}
    assert request.independent.present == {"user_id_fkey": [7, 8]}


def test_the_blanks_at_the_end_of_a_padded_text_mean_nothing_to_a_check() -> None:
    things = table(
        "things",
        column("kind_code", "bpchar", length=4),
        ForeignKey("kind", ("kind_code",), name_of("kinds"), ("code",)),
        Check("listed", "(kind_code = ANY (ARRAY['a'::bpchar, 'b'::bpchar]))", ("kind_code",)),
    )
    kinds = table("kinds", column("code", "bpchar", length=4), unique("code"))
    plan = plan_of(things, kinds, kinds=3, things=2)
    state = TableState(keys={"kind": [("a   ",), ("b   ",), ("c   ",)]})
    assert allocation_request(plan, state, 2, 0).keys == {"kind": [("a   ",), ("b   ",)]}


def test_references_correspond_where_the_rows_of_both_are_known() -> None:
    customer, address = reference("customer_id", "customers"), reference("address_id", "addresses")
    addresses = table("addresses", customer)
    plan = plan_of(
        table("orders", address, customer), addresses, table("customers"), customers=2, addresses=2, orders=2
    )
    keys: dict[str, list[tuple[object, ...]]] = {address.name: [(1,), (2,)], customer.name: [(5,), (6,)]}
    known = [({(1,): frozenset(((6,),)), (2,): frozenset(((5,),))}, None)]
    state = TableState(keys=keys, belongings=known)
    [found] = allocation_request(plan, state, 2, 0).independent.correspondences
    assert (found.first, found.second) == (address.name, customer.name)
    assert found.of_first == [{(6,)}, {(5,)}]
    assert found.of_second == [{(5,)}, {(6,)}]
    # Where one of the two is set later, its rows are not read yet.
    for key in (address, customer):
        early = replace(plan, roles=replace(plan.roles, independent=(key,)))
        state = TableState(keys={key.name: keys[key.name]}, belongings=known)
        assert allocation_request(early, state, 2, 0).independent.correspondences == ()


def test_a_row_is_refused_by_any_of_its_columns() -> None:
    user = reference("tenant_id, user_id", "users", "tenant_id, id")
    things = table("things", user, Check("high", "(user_id > 2)", ("user_id",)))
    plan = plan_of(things, table("users", column("tenant_id", "int4")), users=4, things=2)
    keys = {user.name: [(1, 1), (1, 3), (2, 2), (2, 4)]}
    assert allocation_request(plan, TableState(keys=keys), 2, 0).keys == {user.name: [(1, 3), (2, 4)]}


def test_a_foreign_key_without_rows_is_in_no_group() -> None:
    things = table("things", reference("user_id", "users"), unique("user_id"), nullable=["user_id"])
    plan = plan_of(things, USERS, things=2)
    request = allocation_request(plan, TableState(keys={"user_id_fkey": []}), 2, 0)
    assert (request.independent.foreign_keys, request.independent.groups) == ((), ())
    [dimension] = request.dimensions
    assert (dimension.name, dimension.optional) == ("user_id_fkey", True)


def later_plan(users: Rows) -> TablePlan:
    return plan_of(
        table("users", reference("team_id", "teams", deferrable=True), column("name")),
        table("teams", reference("owner_id", "users")),
        users=users,
        teams=2,
    )


def test_a_later_request_is_for_one_foreign_key() -> None:
    plan = later_plan(Rows(4))
    [foreign_key] = plan.later
    state = TableState(4, {foreign_key.name: [(1,), (2,)]}, {foreign_key.name: [3, 1]})
    request = later_request(plan, foreign_key, state, 4, 0)
    assert (request.amount, request.independent.foreign_keys) == (4, (foreign_key,))
    # The rows have placeholders, which are no references.
    assert request.independent.present == {}
    assert (
        later_request(
            plan, foreign_key, TableState(keys={foreign_key.name: []}), 4, 0
        ).independent.foreign_keys
        == ()
    )


def test_rows_for_each_referenced_row_are_not_told_from_placeholders() -> None:
    plan = later_plan(Rows(4))
    [foreign_key] = plan.later
    state = TableState(4, {foreign_key.name: [(1,), (2,)]})
    exact = replace(plan, per=(foreign_key.name, 2))
    assert later_request(exact, foreign_key, state, 4, 0).independent.per == (foreign_key.name, 2)
    with pytest.raises(GenerateError, match="and 1 rows are there: ask for a count"):
        later_request(replace(exact, present=1), foreign_key, state, 3, 0)


def test_rows_for_each_referenced_row_are_told_from_null() -> None:
    users = table("users", reference("team_id", "teams"), column("name"), nullable=["team_id"])
    plan = plan_of(users, table("teams", reference("owner_id", "users")), users=Rows(4), teams=2)
    [foreign_key] = plan.later
    state = TableState(4, {foreign_key.name: [(1,), (2,)]}, {foreign_key.name: [1, 0]})
    exact = replace(plan, per=(foreign_key.name, 2), present=1)
    request = later_request(exact, foreign_key, state, 3, 0).independent
    assert (request.per, request.present) == ((foreign_key.name, 2), {foreign_key.name: [1, 0]})


KIND = column("kind", "kind", labels=KINDS)
NO_KIND = column("kind", "kind", labels=KINDS, nullable=True)


@pytest.mark.parametrize(
    ("kind", "given", "key", "nullable", "occupied"),
    [
        (KIND, {}, {}, [], {"user_id_kind_key": 3}),
        (KIND, {"kind": ["old", "new"]}, {}, [], {"user_id_kind_key": 3}),
        # Present rows may have the other values, or NULL.
        (KIND, {"kind": ["old"]}, {}, [], {"user_id_kind_key": 0}),
        (NO_KIND, {"kind": KINDS}, {}, [], {"user_id_kind_key": 0}),
        (column("kind"), {"kind": KINDS}, {}, [], {"user_id_kind_key": 0}),
        # A row with a NULL that is distinct takes no combination, and one that is not distinct takes one.
        (NO_KIND, {}, {}, [], {}),
        (KIND, {}, {}, ["user_id"], {}),
        (NO_KIND, {}, {"nulls_distinct": False}, [], {"user_id_kind_key": 3}),
        (KIND, {}, {"nulls_distinct": False}, ["user_id"], {"user_id_kind_key": 4}),
    ],
)
def test_a_prediction_counts_the_combinations_that_present_rows_have_for_certain(
    kind: Column,
    given: dict[str, object],
    key: dict[str, bool],
    nullable: list[str],
    occupied: dict[str, int],
) -> None:
    things = table(
        "things", reference("user_id", "users"), kind, unique("user_id", "kind", **key), nullable=nullable
    )
    # One of the rows references nobody.
    contents = loaded({"users": 3, "things": 4}, things__user_id_fkey=(2, 1))
    [plan] = planned(things, USERS, spec=asked(things=Rows(add=1, columns=given)), contents=contents).tables
    request = predicted_request(plan, {"user_id_fkey": 3}, {"user_id_fkey": (2, 1)}, 0)
    assert (request.amount, request.occupied) == (1, occupied)
    assert request.taken == {}


def test_rows_that_are_read_take_the_place_of_what_is_certain() -> None:
    things = table("things", reference("user_id", "users"), KIND, unique("user_id", "kind"))
    contents = loaded({"users": 2, "things": 2}, things__user_id_fkey=(1, 1))
    [plan] = planned(things, USERS, spec=asked(things=3), contents=contents).tables
    keys = {"user_id_fkey": [(7,), (4,)]}
    rows = [(4, "old"), (7, "new")]
    state = TableState(2, keys, {"user_id_fkey": [1, 1]}, rows, ("user_id", "kind"))
    request = request_beside_rows(plan, {"user_id_fkey": 3}, state, 0)
    [group] = request.groups
    at = [{"user_id_fkey": user, "kind": kind} for user, kind in ((1, 1), (0, 0))]
    names = [dimension.name for dimension in group.dimensions]
    assert request.taken == {"user_id_kind_key": {tuple(one[name] for name in names) for one in at}}
    assert (request.occupied, request.amount, request.sizes) == ({}, 1, {"user_id_fkey": 3, "kind": 2})


def test_finite_columns_are_drawn_with_overlapping_references() -> None:
    author = reference("tenant, author", "members", "tenant, id", name="author")
    project = reference("tenant, project", "projects", "tenant, id", name="project")
    parents = [
        table(name, column("tenant", "int4"), unique("tenant", "id")) for name in ("members", "projects")
    ]
    parts = (column("tenant", "int4"), author, project, KIND, unique("author", "project", "kind"))
    asks = {"members": 1, "projects": 2, "tasks": Rows(per={"projects": 2})}
    plan = plan_of(table("tasks", *parts), *parents, **asks)
    state = TableState(keys={"author": [(1, 1)], "project": [(1, 1), (1, 2)]})
    [overlapping] = allocation_request(plan, state, 4, 0).overlapping
    [first, second, kind] = overlapping.agreement.relations
    assert (first.name, second.name) == ("project", "author")
    assert (kind.columns, kind.options, kind.nullable) == (("kind",), [("new",), ("old",)], ())
    assert overlapping.agreement.each == 2
