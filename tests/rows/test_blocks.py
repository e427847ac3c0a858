"""The rows of tables: exactly as many as planned, the same for the same seed, and unique where they must be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from faker import Faker
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import (
    FAKER,
    asked,
    column,
    counted,
    dicts,
    later_references,
    loaded,
    made,
    make_rows,
    planned,
    reference,
    rows_of,
    serial,
    table,
    unique,
    values_of,
)
from pytest_supaseed.constraints.indexes import condition
from pytest_supaseed.errors import GenerateError, PlanError
from pytest_supaseed.model.schema import Check, Column, Table, UniqueKey
from pytest_supaseed.planning.plan import Key, Plan, TablePlan, TableState
from pytest_supaseed.rows.recipe import ordered_steps
from pytest_supaseed.rows.steps import Place, Row, RowStep, Step
from pytest_supaseed.spec import SPREADS, Rows

SEEDS = st.integers(0, 2**40)
KINDS = ["overlanding", "van-life", "camping"]
USERS = table(
    "users",
    column("email"),
    column("first_name"),
    column("age", "int4"),
    column("created_at", "timestamptz"),
    column("updated_at", "timestamptz"),
    column("deleted_at", "timestamptz", nullable=True),
    unique("email"),
)
SETUPS = table(
    "setups",
    reference("user_id", "users"),
    column("title"),
    column("kind", "kind", labels=KINDS),
    column("is_public", "bool"),
    column("search", "tsvector", generated=True),
)
GEAR = table("gear", column("name"))
OWNERS = table(
    "owners", reference("user_id", "users"), reference("gear_id", "gear"), key=("user_id", "gear_id")
)
CAMP = (USERS, SETUPS, GEAR, OWNERS)


def plan_of(plan: Plan, label: str) -> TablePlan:
    return next(table_plan for table_plan in plan.tables if table_plan.table.label == label)


def things_of(*parts: Any, seed: int = 0, amount: int = 12, **columns: Any) -> list[dict[str, Any]]:
    """Rows of a table of these parts, which references users where it has ``user_id``."""
    one = table("things", *parts)
    users = 4 if one.has_column("user_id") else 0
    spec = asked(users=users, things=Rows(amount, columns=columns), seed=seed)
    return made(planned(USERS, one, spec=spec))["things"]


def rows_with(
    state: TableState, *parts: Any, amount: int = 3, seed: int = 0, key: tuple[str, ...] | None = None
) -> list[dict[str, Any]]:
    """New rows of a table that holds some."""
    plan = planned(USERS, table("things", *parts, key=key), spec=asked(users=9, things=amount))
    return dicts(make_rows(plan_of(plan, "things"), state, amount, seed, FAKER))


def test_the_columns_are_those_that_postgresql_does_not_compute() -> None:
    plan = planned(*CAMP, spec=asked(users=2, setups=3))
    state = TableState(keys={"user_id_fkey": [(1,), (2,)]})
    generated = make_rows(plan_of(plan, "setups"), state, 3, 0, FAKER)
    assert generated.columns == ("id", "title", "kind", "is_public", "user_id")
    rows = rows_of(generated)
    assert [row[0] for row in rows] == [1, 2, 3]
    assert {type(value) for row in rows for value in row} == {int, str, bool}


def test_a_table_of_defaults_has_rows_without_values() -> None:
    notes = table("notes", column("note", default="'none'::text"), key=())
    notes = replace(notes, columns=notes.columns[1:])
    plan = planned(notes, spec=asked(notes=3))
    generated = make_rows(plan.tables[0], TableState(), 3, 0, FAKER)
    assert generated.columns == ()
    assert rows_of(generated) == [(), (), ()]


@given(
    st.sampled_from(SPREADS),
    st.integers(1, 8),
    st.integers(0, 20),
    st.integers(0, 8),
    SEEDS,
)
@settings(deadline=None, max_examples=40)
def test_there_are_exactly_as_many_rows_as_asked_for(
    spread: str, users: int, setups: int, gear: int, seed: int
) -> None:
    owners = users * gear // 2
    spec = asked(
        users=users,
        setups=Rows(setups, spread=spread),
        gear=gear,
        owners=Rows(owners, spread=spread),
        seed=seed,
    )
    plan = planned(*CAMP, spec=spec)
    rows = made(plan)
    assert {label: len(found) for label, found in rows.items()} == {
        "users": users,
        "setups": setups,
        "gear": gear,
        "owners": owners,
    }
    assert {row["user_id"] for row in rows["setups"]} <= {row["id"] for row in rows["users"]}
    assert len(set(values_of(rows["users"], "email"))) == users
    assert len(set(values_of(rows["owners"], "user_id", "gear_id"))) == owners
    # The plan has shown what has been made.
    for table_plan in plan.tables:
        for foreign_key, shares in table_plan.shares:
            found = values_of(rows[table_plan.table.label], *foreign_key.columns)
            assert [found.count(parent) for parent in range(1, len(shares) + 1)] == list(shares)
    assert made(planned(*CAMP, spec=spec)) == rows


def test_the_same_seed_gives_the_same_rows_whatever_was_made_before() -> None:
    spec = asked(users=9, setups=20, gear=3, owners=8, seed=4)
    one = made(planned(*CAMP, spec=spec))
    made(planned(*CAMP, spec=asked(users=3, seed=1)))
    FAKER.seed_instance(99)
    assert made(planned(*CAMP, spec=spec)) == one
    assert repr(one) == repr(made(planned(*CAMP, spec=spec)))


def test_another_faker_gives_the_same_rows() -> None:
    plan = planned(*CAMP, spec=asked(users=9))
    first = rows_of(make_rows(plan.tables[0], TableState(), 9, 0, Faker("en_US")))
    assert rows_of(make_rows(plan.tables[0], TableState(), 9, 0, Faker("en_US"))) == first
    german = planned(*CAMP, spec=replace(asked(users=9), locale="de_DE"))
    assert rows_of(make_rows(german.tables[0], TableState(), 9, 0, Faker("de_DE"))) != first


@pytest.mark.parametrize("name", ["email", "first_name", "age", "created_at", "updated_at"])
def test_another_seed_gives_other_values(name: str) -> None:
    one, other = (
        values_of(made(planned(*CAMP, spec=asked(users=12, seed=number)))["users"], name) for number in (0, 1)
    )
    assert one != other


def test_the_values_of_two_columns_are_drawn_apart() -> None:
    rows = things_of(column("a", "int4"), column("b", "int4"))
    assert values_of(rows, "a") != values_of(rows, "b")


POSSIBLE: dict[str, Column] = {
    found.name: found
    for found in (
        column("amount", "int4"),
        column("note"),
        column("level", "kind", labels=KINDS),
        column("flag", "bool"),
        column("token", "uuid"),
        column("code", "varchar", length=8),
        column("started_at", "timestamptz"),
        column("extra", default="'none'::text"),
    )
}


@given(st.lists(st.sampled_from(sorted(POSSIBLE)), unique=True, min_size=1), st.data(), SEEDS)
@settings(deadline=None, max_examples=40)
def test_another_column_changes_no_values(names: list[str], data: st.DataObject, seed: int) -> None:
    more = data.draw(
        st.permutations(names + data.draw(st.sets(st.sampled_from(sorted(POSSIBLE))).map(sorted)))
    )
    few = things_of(*(POSSIBLE[name] for name in names), seed=seed)
    many = things_of(
        *(POSSIBLE[name] for name in dict.fromkeys(more)), reference("user_id", "users"), seed=seed
    )
    shown = [name for name in names if name != "extra"]
    assert values_of(few, "id", *shown) == values_of(many, "id", *shown)


def test_another_table_changes_no_values() -> None:
    few = made(planned(USERS, SETUPS, spec=asked(users=4, setups=9)))
    many = made(planned(*CAMP, spec=asked(gear=3, owners=5, users=4, setups=9)))
    assert few == {label: many[label] for label in few}


def test_more_rows_begin_with_the_same_values() -> None:
    few, many = (things_of(column("note"), column("amount", "int4"), amount=number) for number in (5, 12))
    assert values_of(many, "note", "amount")[:5] == values_of(few, "note", "amount")


UNIQUE_COLUMNS = [
    column("email"),
    column("slug"),
    column("code", "varchar", length=3),
    column("number", "int4"),
    column("token", "uuid"),
    column("started_at", "timestamptz"),
    column("first_name"),
    column("day", "date"),
    column("name", nullable=True),
]


@given(st.sampled_from(UNIQUE_COLUMNS), st.integers(0, 150), SEEDS)
@settings(deadline=None, max_examples=60)
def test_a_unique_column_stays_unique(one: Column, amount: int, seed: int) -> None:
    values = values_of(things_of(one, unique(one.name), amount=amount, seed=seed), one.name)
    assert len(values) == amount
    # A collation may take two spellings for one.
    assert len({str(value).casefold() for value in values}) == amount


@given(
    st.sampled_from([column("first_name"), column("note"), column("amount", "int4"), column("day", "date")]),
    st.integers(0, 60),
    SEEDS,
)
@settings(deadline=None, max_examples=40)
def test_a_combination_stays_unique(one: Column, amount: int, seed: int) -> None:
    rows = things_of(
        reference("user_id", "users"),
        column("level", "kind", labels=KINDS),
        one,
        unique("user_id", one.name),
        unique(one.name, "level"),
        amount=amount,
        seed=seed,
    )
    assert len(rows) == amount
    assert len(set(values_of(rows, "user_id", one.name))) == amount
    assert len(set(values_of(rows, one.name, "level"))) == amount
    # The reference is spread as evenly as without the keys.
    shares = [values_of(rows, "user_id").count(user) for user in range(1, 5)]
    assert max(shares) - min(shares) <= 1


def test_a_unique_combination_of_few_values_is_filled_to_the_last() -> None:
    rows = things_of(
        column("level", "kind", labels=KINDS), column("flag", "bool"), unique("level", "flag"), amount=6
    )
    assert sorted(values_of(rows, "level", "flag")) == [(k, f) for k in sorted(KINDS) for f in (False, True)]


def test_a_junction_table_is_filled_to_the_last_pair() -> None:
    rows = made(planned(*CAMP, spec=asked(users=7, gear=5, owners=35)))["owners"]
    assert sorted(values_of(rows, "user_id", "gear_id")) == [(u, g) for u in range(1, 8) for g in range(1, 6)]


@given(st.sets(st.tuples(st.integers(1, 5), st.integers(1, 4))), SEEDS)
@settings(deadline=None)
def test_a_junction_table_that_holds_rows_is_filled_to_the_last_pair(pairs: set[Key], seed: int) -> None:
    users, gear = [(user,) for user in range(1, 6)], [(thing,) for thing in range(1, 5)]
    amount = 20 - len(pairs)
    plan = planned(
        *CAMP,
        spec=asked(owners=20),
        contents=loaded(
            {"users": 5, "gear": 4, "owners": len(pairs)},
            owners__user_id_fkey=counted(user for user, _ in pairs),
            owners__gear_id_fkey=counted(thing for _, thing in pairs),
        ),
    )
    state = TableState(
        len(pairs),
        {"user_id_fkey": users, "gear_id_fkey": gear},
        {
            "user_id_fkey": [sum(pair[0] == user for pair in pairs) for (user,) in users],
            "gear_id_fkey": [sum(pair[1] == thing for pair in pairs) for (thing,) in gear],
        },
        sorted(pairs),
        ("user_id", "gear_id"),
    )
    found = {
        (row["user_id"], row["gear_id"])
        for row in dicts(make_rows(plan.tables[0], state, amount, seed, FAKER))
    }
    assert len(found) == amount
    assert found.isdisjoint(pairs)
    assert found | pairs == {(user, thing) for (user,) in users for (thing,) in gear}


@given(st.lists(st.integers(0, 9), min_size=1, max_size=5), st.integers(0, 40), SEEDS)
@settings(deadline=None)
def test_choices_are_dealt_evenly(choices: list[int], amount: int, seed: int) -> None:
    values = values_of(things_of(column("level", "int4"), level=choices, amount=amount, seed=seed), "level")
    assert len(values) == amount
    for choice in set(choices):
        least = amount // len(choices) * choices.count(choice)
        assert least <= values.count(choice) <= least + choices.count(choice)


def test_eight_rows_of_two_choices_are_four_of_each_and_not_in_turn() -> None:
    values = values_of(things_of(column("kind"), kind=["a", "b"], amount=8), "kind")
    assert sorted(values) == ["a"] * 4 + ["b"] * 4
    orders = {
        "".join(values_of(things_of(column("kind"), kind=["a", "b"], amount=8, seed=seed), "kind"))
        for seed in range(9)
    }
    assert len(orders) > 1


def test_a_scalar_is_the_value_of_every_row() -> None:
    rows = things_of(column("kind"), column("note", nullable=True), kind="a", note=None, amount=4)
    assert values_of(rows, "kind", "note") == [("a", None)] * 4


@pytest.mark.parametrize("extra", [(), (column("flag", "bool"),)])
def test_labels_are_dealt_evenly_without_being_asked_for(extra: tuple[Column, ...]) -> None:
    rows = things_of(column("level", "kind", labels=KINDS), *extra, amount=9)
    assert counted(values_of(rows, "level")) == [3, 3, 3]


def test_choices_that_a_unique_key_binds_are_used_once() -> None:
    rows = things_of(column("slug"), unique("slug"), slug=["a", "b", "c", "d"], amount=4)
    assert sorted(values_of(rows, "slug")) == ["a", "b", "c", "d"]
    rows = things_of(column("slug", nullable=True), unique("slug"), slug=["a", None], amount=5)
    assert values_of(rows, "slug").count("a") == 1
    assert values_of(rows, "slug").count(None) == 4


def test_a_function_gets_faker_and_draws_the_same_each_time() -> None:
    def number(faker: Any) -> int:
        return int(faker.random_int(1, 10**6))

    rows = things_of(column("level", "int4"), column("other", "int4"), level=number, other=number)
    assert len(set(values_of(rows, "level"))) == 12
    assert values_of(rows, "level") != values_of(rows, "other")
    assert rows == things_of(column("level", "int4"), column("other", "int4"), level=number, other=number)


def test_a_function_gets_the_rest_of_the_row() -> None:
    seen: list[dict[str, Any]] = []

    def line(faker: Any, row: Mapping[str, Any]) -> str:
        seen.append(dict(row))
        return f"{row['id']} of {row['user_id']}: {row['note']}, {row['level']}, {row['double']}"

    rows = things_of(
        # It is called last, wherever it stands.
        column("line"),
        column("note"),
        reference("user_id", "users"),
        column("level", "int4"),
        column("double", "int4"),
        line=line,
        level=[1, 2, 3],
        double=lambda faker: 2,
    )
    for number, row in enumerate(rows, start=1):
        assert row["line"] == f"{number} of {row['user_id']}: {row['note']}, {row['level']}, 2"
    assert seen[0].keys() == {"id", "user_id", "note", "level", "double"}


def test_a_function_cannot_change_the_row() -> None:
    def change(faker: Any, row: Any) -> str:
        row["note"] = "b"
        return "a"

    with pytest.raises(
        GenerateError, match=r"^things\.kind: columns=\{'kind': \.\.\.\}, change, raised TypeError: "
    ):
        things_of(column("kind"), column("note"), kind=change)


def test_a_function_of_one_argument_is_not_given_the_row() -> None:
    def kind(faker: Any, *, row: str = "none") -> str:
        return row

    assert set(values_of(things_of(column("kind"), kind=kind), "kind")) == {"none"}


def broken(faker: Any) -> str:
    raise ValueError("no such thing")


def missing(faker: Any, row: Mapping[str, Any]) -> Any:
    return row["qqq"]


def nothing(faker: Any) -> None:
    return None


def always(faker: Any) -> str:
    return "same"


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (broken, "things.kind: columns={'kind': ...}, broken, raised ValueError: no such thing"),
        (missing, "things.kind: columns={'kind': ...}, missing, raised KeyError: 'qqq'"),
        (
            nothing,
            "things.kind is NOT NULL, but columns={'kind': ...}, nothing, returned None: return a value",
        ),
        (
            always,
            "things.kind: columns={'kind': ...}, always, returned no more values that differ, and kind_key makes kind "
            "unique: give values of your own, as in things=Rows(12, columns={'kind': lambda faker, row: ...}), "
            "or ask for fewer rows",
        ),
    ],
)
def test_what_is_wrong_with_a_function_is_told(function: Callable[..., Any], message: str) -> None:
    with pytest.raises(GenerateError) as caught:
        things_of(column("kind"), unique("kind"), kind=function)
    assert str(caught.value) == message


def test_the_error_of_a_function_is_the_cause() -> None:
    with pytest.raises(GenerateError) as caught:
        things_of(column("kind"), kind=broken)
    assert isinstance(caught.value.__cause__, ValueError)


def test_a_generator_of_the_user_is_named_as_it_is_spelt() -> None:
    plan = planned(table("things", column("kind")), spec=asked(things=1), generators={"*.kind": broken})
    with pytest.raises(GenerateError) as caught:
        made(plan)
    assert str(caught.value) == (
        "things.kind: supaseed_generators['*.kind'], broken, raised ValueError: no such thing"
    )


def test_a_function_may_return_none_where_null_is_accepted() -> None:
    assert set(values_of(things_of(column("kind", nullable=True), kind=nothing), "kind")) == {None}


def test_a_function_is_called_again_for_a_value_that_is_taken() -> None:
    def kind(faker: Any) -> str:
        return str(faker.random_int(1, 12))

    values = values_of(things_of(column("kind"), unique("kind"), kind=kind, amount=6), "kind")
    assert len(set(values)) == 6


def test_values_that_run_out_are_told() -> None:
    # What the plan counts is told before: here it does not know.
    check = Check("c", "((code ~ '^a$|^b$'::text))", ("code",))
    assert len(things_of(column("code"), unique("code"), check, amount=2)) == 2
    with pytest.raises(GenerateError) as caught:
        things_of(column("code"), unique("code"), check, amount=3)
    assert str(caught.value) == (
        "things.code: no more values could be made that differ, and code_key makes code unique: give values of "
        "your own, as in things=Rows(3, columns={'code': lambda faker, row: ...}), or ask for fewer rows"
    )


def test_the_suggestion_for_a_name_that_is_no_identifier_can_be_pasted() -> None:
    plan = planned(
        table("app.things", column("kind"), unique("kind")),
        spec=asked({"app.things": {"count": 2, "kind": always}}),
    )
    with pytest.raises(GenerateError) as caught:
        made(plan)
    assert str(caught.value) == (
        "app.things.kind: columns={'kind': ...}, always, returned no more values that differ, and kind_key makes kind "
        "unique: give values of your own, as in "
        "{\"app.things\": Rows(2, columns={'kind': lambda faker, row: ...})}, or ask for fewer rows"
    )


def test_numbers_go_on_after_the_rows_that_are_there() -> None:
    rows = rows_with(TableState(3, numbers={"id": 8}))
    assert values_of(rows, "id") == [8, 9, 10]
    assert values_of(rows_with(TableState()), "id") == [1, 2, 3]


@pytest.mark.parametrize(("increment", "first", "numbers"), [(5, 10, [10, 15, 20]), (-2, -1, [-1, -3, -5])])
def test_numbers_step_as_their_sequence(increment: int, first: int, numbers: list[int]) -> None:
    rows = rows_with(TableState(numbers={"id": first}), serial("id", "things", increment=increment))
    assert values_of(rows, "id") == numbers


def test_numbers_within_a_reference_go_on_as_well() -> None:
    state = TableState(
        3,
        {"user_id_fkey": [(1,), (2,), (3,)]},
        {"user_id_fkey": [2, 1, 0]},
        [(1, 1), (1, 4), (2, 7)],
        ("user_id", "line_no"),
        greatest={"line_no": {(1,): 4, (2,): 7}},
    )
    rows = rows_with(
        state,
        reference("user_id", "users"),
        column("line_no", "int4"),
        key=("user_id", "line_no"),
        amount=6,
    )
    assert sorted(values_of(rows, "user_id", "line_no")) == [(1, 5), (2, 8), (2, 9), (3, 1), (3, 2), (3, 3)]


@given(st.lists(st.sampled_from(["a@example.org", "b@example.org", "c@example.org"]), unique=True), SEEDS)
@settings(deadline=None, derandomize=True)
def test_values_of_rows_that_are_there_are_taken(emails: list[str], seed: int) -> None:
    choices = ["a@example.org", "B@example.org", "c@example.org"]
    plan = planned(
        table("things", column("email"), unique("email")),
        spec=asked(
            things=Rows(add=3 - len(emails), columns={"email": lambda faker: faker.random_element(choices)})
        ),
    )
    state = TableState(len(emails), rows=list(enumerate(emails)), columns=("id", "email"), numbers={"id": 9})
    rows = dicts(make_rows(plan.tables[0], state, 3 - len(emails), seed, FAKER))
    # "B" may be "b" for the collation of the column.
    assert {row["email"].lower() for row in rows} == {choice.lower() for choice in choices} - set(emails)


def test_what_is_unique_in_one_column_is_not_taken_for_another() -> None:
    def number(faker: Faker) -> int:
        return int(faker.unique.random_int(1, 8))

    asked_for = {name: Rows(8, columns={"n": number}) for name in ("one", "two")}
    tables = [table(name, column("n", "int4")) for name in asked_for]
    rows = made(planned(*tables, spec=asked(asked_for)))
    assert all(sorted(row["n"] for row in rows[name]) == [*range(1, 9)] for name in asked_for)
    # Another table changes no value.
    assert made(planned(tables[1], spec=asked(two=asked_for["two"])))["two"] == rows["two"]


@pytest.mark.parametrize(
    ("choices", "present", "expected"),
    [
        ([True, 1], [], [True, 1]),
        ([{"x": True}, {"x": 1}], [], [{"x": True}, {"x": 1}]),
        ([[1], [True], [1.0]], [], [[1], [True]]),
        # A document with a fraction is read as its text, and a number has no trailing zeros.
        ([{"x": 0.1}, {"x": 2}], ['{"x": 0.10}'], [{"x": 2}]),
        ([1.5, "1.50", "2.5"], [], [1.5, "2.5"]),
    ],
)
def test_documents_that_differ_in_json_are_different_choices(
    choices: list[Any], present: list[str], expected: list[Any]
) -> None:
    parts = column("doc", "jsonb"), column("n", "int4"), unique("doc", "n")
    columns = {"doc": choices, "n": [7]}
    plan = planned(table("docs", *parts), spec=asked(docs=Rows(add=len(expected), columns=columns)))
    taken = [(document, 7) for document in present]
    state = TableState(len(present), rows=taken, columns=("doc", "n"), numbers={"id": 9})
    rows = dicts(make_rows(plan.tables[0], state, len(expected), 0, FAKER))
    assert sorted(repr(row["doc"]) for row in rows) == sorted(map(repr, expected))


BOSS = reference("boss_id", "employees")


def forest(rows: list[dict[str, Any]], parent: str = "boss_id") -> list[int]:
    """The level of each row; fails where a row is its own ancestor."""
    by_id = {row["id"]: row for row in rows}
    levels = []
    for row in rows:
        seen: list[int] = []
        while row[parent] is not None and row[parent] != row["id"]:
            assert row["id"] not in seen
            seen.append(row["id"])
            row = by_id[row[parent]]
        levels.append(len(seen))
    return levels


@given(st.integers(0, 80), st.booleans(), SEEDS)
@settings(deadline=None)
def test_self_references_form_a_forest(amount: int, nullable: bool, seed: int) -> None:
    employees = table("employees", BOSS, nullable=["boss_id"] if nullable else [])
    rows = made(planned(employees, spec=asked(employees=amount, seed=seed)))["employees"]
    assert len(rows) == amount
    levels = forest(rows)
    roots = levels.count(0)
    assert roots == (1 + (amount - 1) // 20 if amount else 0)
    assert all(
        (row["boss_id"] is None) == (nullable and not level) for row, level in zip(rows, levels, strict=True)
    )
    # A row comes after the one that it references, for the order in which they are inserted.
    assert all(row["boss_id"] is None or row["boss_id"] <= row["id"] for row in rows)


def test_a_forest_has_levels() -> None:
    employees = table("employees", BOSS, nullable=["boss_id"])
    levels = forest(made(planned(employees, spec=asked(employees=100)))["employees"])
    assert max(levels) >= 3


def test_self_references_that_are_unique_form_a_chain() -> None:
    steps = table("steps", reference("after_id", "steps"), unique("after_id"), nullable=["after_id"])
    rows = made(planned(steps, spec=asked(steps=6)))["steps"]
    assert values_of(rows, "after_id") == [None, 1, 2, 3, 4, 5]


APART = Check("apart", "(after_id <> id)", ("after_id", "id"))


@pytest.mark.parametrize("unique_", [False, True])
@pytest.mark.parametrize("amount", [2, 3, 7, 50])
def test_a_row_that_may_not_reference_itself_references_another(unique_: bool, amount: int) -> None:
    steps = table("steps", reference("after_id", "steps"), APART, *([unique("after_id")] if unique_ else []))
    rows = made(planned(steps, spec=asked(steps=amount)))["steps"]
    assert all(row["after_id"] in range(1, amount + 1) and row["after_id"] != row["id"] for row in rows)
    assert not unique_ or len(set(values_of(rows, "after_id"))) == amount
    with pytest.raises(PlanError, match=r"^steps asks for 1 row, but apart forbids it .* at least 2,"):
        planned(steps, spec=asked(steps=1))


def test_rows_that_are_referenced_once_and_need_a_reference_reference_themselves() -> None:
    steps = table("steps", reference("after_id", "steps"), unique("after_id"))
    rows = made(planned(steps, spec=asked(steps=7)))["steps"]
    assert all(row["after_id"] == row["id"] for row in rows)


def test_a_column_that_a_self_reference_shares_with_itself_is_made() -> None:
    folders = table(
        "folders",
        column("owner", "int4"),
        reference("owner, parent_id", "folders", "owner, id"),
        unique("owner", "id"),
        nullable=["parent_id"],
    )
    rows = made(planned(folders, spec=asked(folders=20)))["folders"]
    places = set(values_of(rows, "owner", "id"))
    assert all(row["owner"] is not None for row in rows)
    assert all(row["parent_id"] is None or (row["owner"], row["parent_id"]) in places for row in rows)


def test_few_values_beside_a_self_reference_leave_it_others_to_choose() -> None:
    kind = column("kind", "kind", labels=["a", "b"])
    nodes = table("nodes", reference("parent_id", "nodes"), kind, unique("parent_id", "kind"))
    rows = made(planned(nodes, spec=asked(nodes=50)))["nodes"]
    assert len(set(values_of(rows, "parent_id", "kind"))) == 50


@pytest.mark.parametrize(
    ("columns", "where"),
    [
        ([column("is_main", "bool")], "is_main"),
        ([column("is_main", "bool", default="true")], "is_main"),
        ([column("deleted_at", "timestamptz", nullable=True)], "(deleted_at IS NULL)"),
        ([column("state", "state", labels=["new", "old"], default="'new'::state")], "(state = 'new'::state)"),
        (
            [column("is_main", "bool"), column("ended_at", "timestamptz", nullable=True)],
            "(is_main AND (ended_at IS NULL))",
        ),
    ],
)
def test_one_row_of_each_is_in_a_partial_index_and_the_others_leave_it(
    columns: list[Column], where: str
) -> None:
    definition = f"CREATE UNIQUE INDEX one ON public.t USING btree (user_id) WHERE {where}"
    key = unique("user_id", name="one", partial=True, definition=definition)
    one = table("t", reference("user_id", "users"), *columns, key)
    rows = made(planned(table("users"), one, spec=asked(users=3, t=20)))["t"]
    found = condition(one, key)
    assert found is not None
    inside = counted(row["user_id"] for row in rows if found.holds(row))
    assert len(rows) == 20
    assert max(inside, default=1) == 1


def test_rows_that_leave_an_index_take_the_date_of_the_spec_for_today() -> None:
    definition = "CREATE UNIQUE INDEX one ON public.t USING btree (user_id) WHERE (deleted_at IS NULL)"
    key = unique("user_id", name="one", partial=True, definition=definition)
    one = table("t", reference("user_id", "users"), column("deleted_at", "timestamptz", nullable=True), key)
    spec = replace(asked(users=3, t=20), date=date(2019, 5, 4))
    deleted = [row["deleted_at"] for row in made(planned(table("users"), one, spec=spec))["t"]]
    assert sum(value is None for value in deleted) <= 3
    assert {value.date() <= spec.date for value in deleted if value is not None} == {True}


@given(st.integers(1, 5), st.integers(0, 40), SEEDS)
@settings(deadline=None)
def test_self_references_stay_within_their_tenant(tenants: int, amount: int, seed: int) -> None:
    folders = table(
        "folders",
        reference("tenant_id", "tenants"),
        reference("tenant_id, parent_id", "folders", "tenant_id, id"),
        unique("tenant_id", "id"),
        nullable=["parent_id"],
    )
    spec = asked(tenants=tenants, folders=amount, seed=seed)
    rows = made(planned(table("tenants"), folders, spec=spec))["folders"]
    assert len(rows) == amount
    forest(rows, "parent_id")
    by_id = {row["id"]: row for row in rows}
    for row in rows:
        assert row["parent_id"] is None or by_id[row["parent_id"]]["tenant_id"] == row["tenant_id"]


def test_a_reference_follows_what_it_shares_with_another() -> None:
    members = table("members", reference("tenant_id", "tenants"), unique("tenant_id", "id"))
    tasks = table(
        "tasks",
        reference("tenant_id", "tenants"),
        reference("tenant_id, author_id", "members", "tenant_id, id"),
        reference("tenant_id, reviewer_id", "members", "tenant_id, id"),
    )
    spec = asked(tenants=3, members=9, tasks=30)
    rows = made(planned(table("tenants"), members, tasks, spec=spec))
    pairs = set(values_of(rows["members"], "tenant_id", "id"))
    assert set(values_of(rows["tasks"], "tenant_id", "author_id")) == pairs
    assert set(values_of(rows["tasks"], "tenant_id", "reviewer_id")) == pairs
    assert values_of(rows["tasks"], "author_id") != values_of(rows["tasks"], "reviewer_id")


def tasks_of(*nullable: str, **more: Any) -> list[Table]:
    """Tasks whose author and project are of the same tenant."""
    key = unique("tenant_id", "id")
    return [
        table("tenants"),
        table("projects", reference("tenant_id", "tenants"), key),
        table("members", reference("tenant_id", "tenants"), key),
        table(
            "tasks",
            reference("tenant_id, author_id", "members", "tenant_id, id"),
            reference("tenant_id, project_id", "projects", "tenant_id, id"),
            *more.pop("parts", ()),
            nullable=nullable,
        ),
    ]


def test_rows_go_where_all_that_they_reference_agrees() -> None:
    # Of four tenants one has a project, and it has a member as well.
    rows = made(planned(*tasks_of(), spec=asked(tenants=4, members=4, projects=1, tasks=8)))
    [project] = rows["projects"]
    assert values_of(rows["tasks"], "tenant_id") == [project["tenant_id"]] * 8
    assert len(set(values_of(rows["tasks"], "author_id"))) == 1


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9), st.integers(1, 30), SEEDS)
@settings(deadline=None)
def test_parents_are_made_so_that_children_agree(
    tenants: int, members: int, projects: int, amount: int, seed: int
) -> None:
    spec = asked(tenants=tenants, members=members, projects=projects, tasks=amount, seed=seed)
    rows = made(planned(*tasks_of(), spec=spec))
    assert len(rows["tasks"]) == amount
    for column_, parent in (("author_id", "members"), ("project_id", "projects")):
        pairs = set(values_of(rows[parent], "tenant_id", "id"))
        assert pairs.issuperset(values_of(rows["tasks"], "tenant_id", column_))
    both = set(values_of(rows["members"], "tenant_id")) & set(values_of(rows["projects"], "tenant_id"))
    authors = [row["id"] for row in rows["members"] if row["tenant_id"] in both]
    counts = Counter(values_of(rows["tasks"], "author_id"))
    shares = [counts[author] for author in authors]
    assert sum(shares) == amount
    assert max(shares) - min(shares) <= 1


def test_what_nothing_agrees_with_is_null_or_told() -> None:
    tenants, projects, members, tasks = tasks_of()
    places = {"members": [(1, 5), (2, 6)], "projects": [(3, 7)]}

    def rows(one: Table) -> list[dict[str, Any]]:
        spec = asked(tenants=3, members=2, projects=1, tasks=4)
        [plan] = [p for p in planned(tenants, projects, members, one, spec=spec).tables if p.table is one]
        keys = {key.name: places[key.referenced.name] for key in plan.roles.overlapping}
        return dicts(make_rows(plan, TableState(keys=keys), 4, 0, FAKER))

    with pytest.raises(GenerateError) as caught:
        rows(tasks)
    assert str(caught.value) == (
        "tasks asks for 4 rows, but no rows of members and projects agree in tenant_id (tenant_id_author_id_fkey, "
        "tenant_id_project_id_fkey): ask for more of members and projects, so that they do, or for none of tasks"
    )
    found = rows(tasks_of("project_id")[-1])
    assert sorted(values_of(found, "tenant_id", "author_id")) == [(1, 5), (1, 5), (2, 6), (2, 6)]
    assert values_of(found, "project_id") == [None] * 4


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 5), st.data())
@settings(deadline=None)
def test_a_key_over_references_that_agree_is_filled_to_the_last(
    tenants: int, members: int, projects: int, data: st.DataObject
) -> None:
    tables = tasks_of(parts=[unique("tenant_id", "author_id", "project_id")])
    counts = {"tenants": tenants, "members": members, "projects": projects}
    rows = made(planned(*tables, spec=asked(**counts)))
    users, plans = (Counter(values_of(rows[name], "tenant_id")) for name in ("members", "projects"))
    most = sum(users[tenant] * plans[tenant] for tenant in users)
    amount = data.draw(st.integers(1, most))
    found = made(planned(*tables, spec=asked(**counts, tasks=amount)))["tasks"]
    assert len(set(values_of(found, "author_id", "project_id"))) == amount
    with pytest.raises((GenerateError, PlanError), match=rf"at most {most}\b|at most \d+ combinations"):
        made(planned(*tables, spec=asked(**counts, tasks=most + 1)))


@given(st.integers(1, 40), SEEDS)
@settings(deadline=None)
def test_a_row_is_created_before_it_is_updated(amount: int, seed: int) -> None:
    rows = made(planned(USERS, spec=asked(users=amount, seed=seed)))["users"]
    assert all(row["created_at"] <= row["updated_at"] for row in rows)
    assert all(row["deleted_at"] is None or row["deleted_at"] > row["created_at"] for row in rows)


def test_later_references_are_shared_out_like_others() -> None:
    users = table("users", reference("team_id", "teams"), nullable=["team_id"])
    teams = table("teams", reference("owner_id", "users"))
    rows = made(planned(users, teams, spec=asked(users=8, teams=5)))
    assert counted(values_of(rows["users"], "team_id")) == [2, 2, 2, 1, 1]
    assert counted(values_of(rows["teams"], "owner_id")) == [1, 1, 1, 1, 1]


def later(
    amount: int, keys: int, *parts: UniqueKey, nullable: bool = True, spread: str = "even", seed: int = 0
) -> dict[Key, Key]:
    key = reference("team_id", "teams", deferrable=True)
    users = table("users", key, *parts, nullable=["team_id"] if nullable else [])
    teams = table("teams", reference("owner_id", "users"))
    plan = planned(users, teams, spec=asked(users=Rows(amount, spread=spread), teams=keys))
    state = TableState(keys={key.name: [(number,) for number in range(keys)]})
    places = [("place", number) for number in range(amount)]
    return later_references(plan_of(plan, "users"), key, state, places, seed)


@given(st.sampled_from(SPREADS), st.integers(1, 30), st.integers(1, 9), SEEDS)
@settings(deadline=None)
def test_every_row_gets_its_later_reference(spread: str, amount: int, keys: int, seed: int) -> None:
    found = later(amount, keys, spread=spread, seed=seed)
    assert list(found) == [("place", number) for number in range(amount)]
    assert set(found.values()) <= {(number,) for number in range(keys)}
    if spread == "even":
        shares = [list(found.values()).count((number,)) for number in range(keys)]
        assert max(shares) - min(shares) <= 1
    assert later(amount, keys, spread=spread, seed=seed) == found


def test_later_references_that_are_unique_are_used_once() -> None:
    assert sorted(later(4, 4, unique("team_id")).values()) == [(0,), (1,), (2,), (3,)]
    # Some are left without one.
    found = later(6, 4, unique("team_id"))
    assert (len(found), len(set(found.values()))) == (4, 4)
    with pytest.raises(PlanError) as caught:
        later(6, 4, unique("team_id"), nullable=False)
    assert str(caught.value) == (
        "users asks for 6 rows, but team_id_key makes team_id unique, and 4 rows of teams give 4 values: ask for at "
        "most 4, or for more of what is referenced"
    )


def test_later_references_to_nothing_stay_as_they_are() -> None:
    assert later(3, 0) == {}


def test_a_later_reference_that_is_not_null_has_a_value_until_then() -> None:
    users = table("users", reference("team_id", "teams", deferrable=True))
    teams = table("teams", reference("owner_id", "users"))
    plan = planned(users, teams, spec=asked(users=4, teams=2))
    values = values_of(dicts(make_rows(plan_of(plan, "users"), TableState(), 4, 0, FAKER)), "team_id")
    assert len(values) == 4
    assert None not in values


class Named(RowStep):
    """A step of a name, for the order of steps."""

    def __init__(self, columns: str, uses: str = "", rank: int = 0) -> None:
        super().__init__(tuple(columns), tuple(uses))
        self.rank = rank

    def values(self, number: int, row: Row, attempt: int) -> Mapping[str, Any] | None:
        return {}


@pytest.mark.parametrize(
    ("steps", "order"),
    [
        ([], []),
        ([Named("b"), Named("a")], ["a", "b"]),
        ([Named("a", rank=2), Named("b", rank=1)], ["b", "a"]),
        # What is used comes first, whatever its rank.
        ([Named("a", "b"), Named("b", rank=4)], ["b", "a"]),
        ([Named("a", "b"), Named("b", "c"), Named("c")], ["c", "b", "a"]),
        ([Named("ab", "c"), Named("c", "d"), Named("d", rank=3)], ["d", "c", "ab"]),
        # What nobody sets is not waited for.
        ([Named("a", "z")], ["a"]),
        # A ring is made in the order of the names.
        ([Named("b", "a"), Named("a", "b")], ["a", "b"]),
    ],
)
def test_a_step_finds_the_columns_that_it_uses(steps: list[Step], order: list[str]) -> None:
    assert ["".join(step.columns) for step in ordered_steps(steps)] == order
    assert ["".join(step.columns) for step in ordered_steps(steps[::-1])] == order


def test_no_referenced_row_is_null_in_all_columns() -> None:
    step = Place((column("a", "int4"), column("b", "int4")), [(1, 2)], [0, None])
    assert [step.values(number, {}, 0) for number in range(2)] == [{"a": 1, "b": 2}, {"a": None, "b": None}]


@given(st.integers(0, 1200))
@settings(deadline=None, max_examples=15)
def test_progress_sums_up_to_the_rows(amount: int) -> None:
    plan = planned(table("things", column("kind")), spec=asked(things={"count": 1, "kind": "a"}, limit=2000))
    told: list[float] = []
    rows_of(make_rows(plan.tables[0], TableState(), amount, 0, FAKER, told.append))
    assert sum(told) == pytest.approx(amount)
    assert all(number > 0 for number in told)


def test_advice_is_for_the_rows_that_are_asked_for() -> None:
    check = Check("c", "((a > 5) AND (a < 6))", ("a",))
    with pytest.raises(GenerateError, match=r"as in things=Rows\(50, columns=\{'a': \[...\]\}\)"):
        made(planned(table("things", column("a", "int4"), check), spec=asked(things=50)))


@given(st.integers(0, 50))
@settings(deadline=None)
def test_a_single_row_has_the_default_of_a_column_with_few_values(seed: int) -> None:
    listed = Check("c", "(state = ANY (ARRAY['new'::text, 'paid'::text, 'gone'::text]))", ("state",))
    state = replace(column("state"), default="'paid'::text")
    for rows in (1, 2):
        plan = planned(table("things", state, listed), spec=asked(things=rows, seed=seed))
        assert "paid" in values_of(made(plan)["things"], "state")
    given = asked(things={"count": 1, "state": ["new", "gone"]}, seed=seed)
    assert values_of(made(planned(table("things", state, listed), spec=given))["things"], "state") != ["paid"]


def test_an_optional_reference_to_nothing_is_null() -> None:
    things = table("things", reference("user_id", "users"), nullable=["user_id"])
    rows = made(planned(USERS, things, spec=asked(things=3)))["things"]
    assert values_of(rows, "user_id") == [None] * 3


def test_rows_beyond_a_unique_reference_are_null() -> None:
    things = table("things", reference("user_id", "users"), unique("user_id"), nullable=["user_id"])
    rows = made(planned(USERS, things, spec=asked(users=2, things=5)))["things"]
    assert sorted(str(value) for value in values_of(rows, "user_id")) == ["1", "2", "None", "None", "None"]


def test_unique_keys_that_no_rows_agree_with_are_told_when_the_rows_are_made() -> None:
    plan = planned(*CAMP, spec=asked(users=3, gear=2, owners=6))
    state = TableState(keys={"user_id_fkey": [(1,), (2,)], "gear_id_fkey": [(1,), (2,)]})
    with pytest.raises(GenerateError) as caught:
        make_rows(plan_of(plan, "owners"), state, 6, 0, FAKER)
    assert str(caught.value) == "owners: owners can take 4 more rows, not 6: ask for fewer rows"
