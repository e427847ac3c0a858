"""In which order tables are filled, what waits for a second pass, and what no order can fill."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import column, inserting, name_of, reference, schema, table
from pytest_supaseed.model.references import References
from pytest_supaseed.model.schema import ForeignKey, Schema, Table, Trigger
from pytest_supaseed.planning.order import Order, brought_forward, insertion_order
from pytest_supaseed.planning.plan import TablePlan
from pytest_supaseed.spec import TableSpec


def ordered(
    *tables: Table, named: Collection[str] | None = None, given: Mapping[str, Collection[str]] | None = None
) -> tuple[Order, list[str]]:
    names = [t.label for t in tables] if named is None else named
    order, problems = insertion_order(
        schema(*tables),
        [name_of(name) for name in names],
        {name_of(name): columns for name, columns in (given or {}).items()},
    )
    return order, [str(problem) for problem in problems]


def labels(order: Order) -> list[str]:
    return [str(name).removeprefix("public.") for name in order.tables]


def later(order: Order) -> dict[str, list[str]]:
    return {
        str(name).removeprefix("public."): [k.name for k in keys]
        for name, keys in order.later.items()
        if keys
    }


USERS = table("users")
SETUPS = table("setups", reference("user_id", "users"))
GEAR = table("gear", reference("setup_id", "setups"))


@pytest.mark.parametrize(
    ("tables", "order"),
    [
        ([], []),
        ([USERS], ["users"]),
        ([GEAR, SETUPS, USERS], ["users", "setups", "gear"]),
        # Nothing but names decides among those that need nothing.
        ([table("b"), table("a"), table("auth.z")], ["auth.z", "a", "b"]),
        # NULL is accepted, but there are rows to reference.
        ([USERS, table("a", reference("user_id", "users"), nullable=["user_id"])], ["users", "a"]),
        ([table("employees", reference("boss_id", "employees"))], ["employees"]),
    ],
)
def test_what_is_referenced_comes_first(tables: list[Table], order: list[str]) -> None:
    found, problems = ordered(*tables)
    assert problems == []
    assert labels(found) == order
    assert later(found) == {}
    assert found.filled == frozenset()


def test_what_waits_is_a_reference_within_the_cycle() -> None:
    # The reference to p could wait as well, and is first by its name.
    m = table("m", reference("p_id", "p"), reference("z_id", "z"), nullable=["p_id", "z_id"])
    found, problems = ordered(m, table("p"), table("z", reference("m_id", "m")))
    assert problems == []
    assert (labels(found), later(found)) == (["p", "m", "z"], {"m": ["z_id_fkey"]})


def test_what_is_partitioned_comes_before_a_reference_to_a_partition() -> None:
    # Which table the partition is of is not known: all that have any come first.
    tables = [
        table("a", reference("view_id", "seen")),
        table("b", reference("event_id", "events_1")),
        table("events", partitioned=True),
        table("visits", partitioned=True),
    ]
    read = schema(*tables, others={"events_1": "partition", "seen": "view"})
    found, problems = insertion_order(read, [t.name for t in read.tables], {})
    assert problems == []
    assert labels(found) == ["a", "events", "visits", "b"]


def test_a_partitioned_table_may_reference_a_partition_of_its_own() -> None:
    read = schema(
        table("events", reference("event_id", "events_1"), partitioned=True), others={"events_1": "partition"}
    )
    found, problems = insertion_order(read, [t.name for t in read.tables], {})
    assert problems == []
    assert labels(found) == ["events"]
    assert later(found) == {}


def test_only_the_tables_of_the_spec_are_ordered() -> None:
    found, problems = ordered(USERS, SETUPS, GEAR, named=["gear", "users"])
    assert problems == []
    assert labels(found) == ["gear", "users"]
    assert set(found.later) == {GEAR.name, USERS.name}


@pytest.mark.parametrize("nullable", [[], ["part_id"]])
def test_a_reference_to_a_partition_comes_after_the_partitioned_tables(nullable: list[str]) -> None:
    # By their names the children would be first.
    notes = table("a_notes", reference("part_id", "parts_1"), nullable=nullable)
    parts, plain = table("parts", partitioned=True), table("plain")
    found = schema(notes, parts, plain, others={"parts_1": "partition"})
    order, problems = insertion_order(found, [notes.name, parts.name, plain.name], {})
    assert problems == []
    assert labels(order) == ["parts", "a_notes", "plain"]
    assert later(order) == {}
    # Another table that gets no rows is waited for by nobody.
    elsewhere = schema(notes, parts, plain, table("parts_1"))
    assert labels(insertion_order(elsewhere, [notes.name, parts.name, plain.name], {})[0])[0] == "a_notes"


def test_a_partitioned_table_that_needs_what_references_its_partition_gives_way() -> None:
    notes = table("notes", reference("part_id", "parts_1"), partitioned=True)
    parts = table("parts", reference("note_id", "notes"), partitioned=True)
    found = schema(notes, parts, others={"parts_1": "partition"})
    order, problems = insertion_order(found, [notes.name, parts.name], {})
    assert problems == []
    assert labels(order) == ["notes", "parts"]


TEAMS = table("teams", reference("owner_id", "users"))
MEMBERS = table("users", reference("team_id", "teams"), nullable=["team_id"])


def test_a_nullable_reference_of_a_cycle_waits() -> None:
    found, problems = ordered(TEAMS, MEMBERS)
    assert problems == []
    assert labels(found) == ["users", "teams"]
    assert later(found) == {"users": ["team_id_fkey"]}
    assert found.later[MEMBERS.name] == MEMBERS.foreign_keys


def test_a_deferrable_reference_of_a_cycle_waits() -> None:
    members = table("users", reference("team_id", "teams", deferrable=True))
    found, problems = ordered(TEAMS, members)
    assert problems == []
    assert labels(found) == ["users", "teams"]
    assert later(found) == {"users": ["team_id_fkey"]}


@pytest.mark.parametrize(
    "picked", ["current_lease_id", "latest_lease_id", "active_lease_id", "last_lease_id", "primary_lease_id"]
)
def test_which_row_is_the_current_one_is_set_when_it_is_there(picked: str) -> None:
    key, waiting = reference("unit_id", "units"), reference("application_id", "applications")
    found, problems = ordered(
        table("applications", key),
        table("leases", column("application_id", nullable=True), waiting),
        table("units", column(picked, nullable=True), reference(picked, "leases")),
    )
    assert problems == []
    assert labels(found) == ["units", "applications", "leases"]
    assert later(found) == {"units": [f"{picked}_fkey"]}


def test_what_is_nullable_waits_only_if_it_must() -> None:
    tables = [
        table("teams", reference("owner_id", "users"), nullable=["owner_id"]),
        table("users", reference("team_id", "teams")),
    ]
    found, problems = ordered(*tables)
    assert problems == []
    assert labels(found) == ["teams", "users"]
    assert later(found) == {"teams": ["owner_id_fkey"]}


def test_where_every_reference_can_wait_one_does() -> None:
    tables = [
        table("teams", reference("owner_id", "users"), nullable=["owner_id"]),
        table("users", reference("team_id", "teams"), nullable=["team_id"]),
    ]
    found, problems = ordered(*tables)
    assert problems == []
    assert labels(found) == ["teams", "users"]
    assert later(found) == {"teams": ["owner_id_fkey"]}


def test_a_reference_that_may_be_null_waits_rather_than_one_that_may_not() -> None:
    tables = [
        table("stores", reference("credential_id", "tokens", deferrable=True)),
        table("tokens", reference("store_id", "stores"), nullable=["store_id"]),
    ]
    found, problems = ordered(*tables)
    assert problems == []
    assert labels(found) == ["tokens", "stores"]
    assert later(found) == {"tokens": ["store_id_fkey"]}


def test_rows_that_triggers_make_do_not_wait_nor_what_makes_them() -> None:
    tables = [
        table("hidden", reference("vault_id", "vaults", deferrable=True), inserting("secrets")),
        table("secrets", reference("vault_id", "vaults", deferrable=True)),
        table("vaults", reference("secret_id", "secrets", deferrable=True)),
    ]
    found, problems = ordered(*tables)
    assert problems == []
    assert labels(found) == ["vaults", "hidden", "secrets"]
    assert later(found) == {"vaults": ["secret_id_fkey"]}


def test_a_long_cycle_is_opened_where_it_can_be() -> None:
    found, problems = ordered(
        table("a", reference("b_id", "b")),
        table("b", reference("c_id", "c"), nullable=["c_id"]),
        table("c", reference("a_id", "a")),
    )
    assert problems == []
    assert labels(found) == ["b", "a", "c"]
    assert later(found) == {"b": ["c_id_fkey"]}


def test_all_nullable_references_that_come_too_early_wait() -> None:
    members = table(
        "users",
        reference("team_id", "teams"),
        reference("first_team_id", "teams"),
        nullable=["team_id", "first_team_id"],
    )
    found, problems = ordered(TEAMS, members)
    assert problems == []
    assert later(found) == {"users": ["first_team_id_fkey", "team_id_fkey"]}


def test_a_required_reference_beside_a_nullable_one_keeps_the_cycle_closed() -> None:
    members = table(
        "users", reference("team_id", "teams"), reference("first_team_id", "teams"), nullable=["team_id"]
    )
    _, problems = ordered(TEAMS, members)
    assert problems == [
        "teams -> users -> teams: each needs a row of the next one first, so no row can be inserted by itself: make "
        "a foreign key of this cycle nullable or DEFERRABLE"
    ]


def test_a_reference_of_two_columns_can_wait_if_one_is_nullable() -> None:
    def members(*nullable: str, full: bool = False) -> Table:
        key = reference("tenant_id, team_id", "teams", "tenant_id, id", match_full=full)
        return table("users", key, nullable=nullable)

    assert ordered(TEAMS, members("team_id"))[1] == []
    assert ordered(TEAMS, members("team_id", "tenant_id", full=True))[1] == []
    # Under MATCH FULL one NULL is as bad as none.
    assert len(ordered(TEAMS, members("team_id", full=True))[1]) == 1
    assert len(ordered(TEAMS, members())[1]) == 1


def test_a_column_that_the_user_sets_opens_a_cycle_and_waits_for_nothing() -> None:
    members = table("users", reference("team_id", "teams"))
    found, problems = ordered(TEAMS, members, given={"users": ["team_id"]})
    assert problems == []
    assert labels(found) == ["users", "teams"]
    assert later(found) == {}


@pytest.mark.parametrize(
    ("tables", "drawn"),
    [
        (
            [table("teams", reference("user_id", "users")), table("users", reference("team_id", "teams"))],
            ["teams -> users -> teams"],
        ),
        (
            [
                table("a", reference("b_id", "b")),
                table("b", reference("c_id", "app.c")),
                table("app.c", reference("a_id", "a")),
                table("d", reference("a_id", "a")),
            ],
            ["app.c -> a -> b -> app.c"],
        ),
        # The way out of a component that no row can leave is not drawn.
        (
            [
                table("a", reference("b_id", "b"), reference("x_id", "x"), nullable=["x_id"]),
                table("b", reference("a_id", "a")),
                table("x", reference("a_id", "a")),
            ],
            ["a -> b -> a"],
        ),
        (
            [
                table("a", reference("b_id", "b")),
                table("b", reference("a_id", "a")),
                table("c", reference("d_id", "d")),
                table("d", reference("c_id", "c"), reference("a_id", "a")),
            ],
            ["a -> b -> a", "c -> d -> c"],
        ),
    ],
)
def test_a_cycle_that_nothing_can_fill_is_drawn(tables: list[Table], drawn: list[str]) -> None:
    order, problems = ordered(*tables)
    assert problems == [
        f"{cycle}: each needs a row of the next one first, so no row can be inserted by itself: make a foreign key of "
        "this cycle nullable or DEFERRABLE"
        for cycle in drawn
    ]
    # It can still be planned, for the other problems of it.
    assert sorted(labels(order)) == sorted(t.label for t in tables)


def test_a_cycle_of_which_a_part_is_not_asked_for_is_none() -> None:
    members = table("users", reference("team_id", "teams"))
    assert ordered(TEAMS, members, named=["users"])[1] == []


def test_a_table_that_a_trigger_fills_comes_after_what_fires_it() -> None:
    users = table("users", inserting("accounts"))
    found, problems = ordered(users, table("accounts"))
    assert problems == []
    assert labels(found) == ["users", "accounts"]
    assert found.filled == {name_of("accounts")}


def looking(*tables: str) -> Trigger:
    """A trigger whose function reads tables."""
    return Trigger("looks", "public.looks", "".join(f"PERFORM 1 FROM {each};" for each in tables))


def test_a_table_that_is_looked_into_comes_before_what_looks() -> None:
    found, problems = ordered(table("a", looking("z")), table("b", looking("a")), table("z"))
    assert problems == []
    assert labels(found) == ["z", "a", "b"]


def test_what_a_cycle_does_without_first_is_what_is_only_looked_up() -> None:
    # The foreign key may be NULL, and would be set in a second pass.
    tables = [table("a", reference("z_id", "z"), nullable=["z_id"]), table("z", looking("a"))]
    found, problems = ordered(*tables)
    assert problems == []
    assert labels(found) == ["z", "a"]
    assert later(found) == {}
    filled, problems = ordered(
        table("a", inserting("z")), table("z", looking("a")), table("y", looking("y", "z"))
    )
    assert problems == []
    assert labels(filled) == ["a", "z", "y"]


def test_what_triggers_fill_is_found_along_a_chain() -> None:
    tables = [
        table("users", inserting("profiles")),
        table("profiles", inserting("auth.log")),
        table("auth.log"),
    ]
    found, problems = ordered(*tables, named=["users"])
    assert problems == []
    assert labels(found) == ["users"]
    assert found.filled == {name_of("profiles"), name_of("auth.log")}


def test_a_nullable_reference_waits_rather_than_rows_that_a_trigger_inserts() -> None:
    source = table("z", reference("a_id", "a"), inserting("a"), nullable=["a_id"])
    found, problems = ordered(table("a"), source)
    assert problems == []
    # The rows of z come first, for their trigger; their reference is set when those of a are there.
    assert (labels(found), later(found)) == (["z", "a"], {"z": ["a_id_fkey"]})


def test_triggers_that_fill_one_another_do_not_close_a_cycle() -> None:
    found, problems = ordered(table("a", inserting("b")), table("b", inserting("a")))
    assert problems == []
    assert labels(found) == ["a", "b"]
    assert found.filled == {name_of("a"), name_of("b")}


def test_a_required_reference_is_stronger_than_a_trigger() -> None:
    tables = [table("a", reference("z_id", "z"), inserting("z")), table("z")]
    found, problems = ordered(*tables)
    assert problems == []
    assert labels(found) == ["z", "a"]


def test_a_trigger_between_two_tables_of_the_spec_decides_through_one_that_is_not_named() -> None:
    # users fills profiles, and a row of badges needs one.
    users = table("users", inserting("profiles"))
    badges = table("badges", reference("profile_id", "profiles"))
    found, problems = ordered(users, table("profiles"), badges, named=["badges", "users"])
    assert problems == []
    assert labels(found) == ["users", "badges"]
    assert later(found) == {}


NAMES = "abcdef"
EDGES = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.booleans(), st.booleans()), max_size=12
)


def drawn_schema(edges: list[tuple[str, str, bool, bool]]) -> Schema:
    parts: dict[str, list[ForeignKey]] = {name: [] for name in NAMES}
    nullable: dict[str, list[str]] = {name: [] for name in NAMES}
    for at, (child, parent, null, deferrable) in enumerate(edges):
        parts[child].append(reference(f"c{at}", parent, deferrable=deferrable))
        if null:
            nullable[child].append(f"c{at}")
    return schema(*(table(name, *parts[name], nullable=nullable[name]) for name in NAMES))


@given(EDGES, st.permutations(NAMES))
@settings(deadline=None)
def test_every_reference_is_ready_or_waits_and_only_what_can_wait_does(
    edges: list[tuple[str, str, bool, bool]], names: list[str]
) -> None:
    found = drawn_schema(edges)
    order, problems = insertion_order(found, [name_of(name) for name in names], {})
    assert sorted(order.tables) == [t.name for t in found.tables]
    # Neither the order of the names nor chance is seen.
    assert insertion_order(found, [t.name for t in found.tables], {}) == (order, problems)
    position = {name: at for at, name in enumerate(order.tables)}
    for one in found.tables:
        for key in one.foreign_keys:
            waits = key in order.later[one.name]
            assert waits == (position[key.referenced] > position[one.name])
            if waits and not problems:
                assert key.deferrable or one.column(key.columns[0]).nullable


@given(EDGES)
@settings(deadline=None)
def test_a_cycle_is_stuck_only_if_none_of_its_references_can_wait(
    edges: list[tuple[str, str, bool, bool]],
) -> None:
    found = drawn_schema(edges)
    _, problems = insertion_order(found, [t.name for t in found.tables], {})
    hard = {
        name: {parent for child, parent, null, late in edges if child == name and not null and not late}
        - {name}
        for name in NAMES
    }
    for problem in problems:
        path = problem.wrong.partition(":")[0].split(" -> ")
        assert path[0] == path[-1]
        assert all(after in hard[before] for before, after in pairwise(path))
    # Taking away tables that need nothing, until there is none, leaves something just where a cycle is stuck.
    left = dict(hard)
    while ready := [name for name, needs in left.items() if not needs & set(left)]:
        left = {name: needs for name, needs in left.items() if name not in ready}
    assert bool(problems) == bool(left)


def test_a_column_named_as_a_table_means_nothing() -> None:
    found, problems = ordered(table("a", column("b")), table("b", column("a")))
    assert (labels(found), problems) == (["a", "b"], [])


def waiting(*tables: Table) -> list[TablePlan]:
    """Plans of tables, with the foreign keys that their order sets later."""
    order, problems = insertion_order(schema(*tables), [each.name for each in tables], {})
    assert problems == []
    known = {each.name: each for each in tables}
    return [
        TablePlan(known[name], TableSpec(name.name, 1), 1, 0, (), References(), (), later=order.later[name])
        for name in order.tables
    ]


@pytest.mark.parametrize(
    ("tables", "looked_up", "order"),
    [
        # With what it needs: its parent, what it reads, what fills it.
        ([table("a"), table("y"), table("z", reference("y_id", "y"))], ["z"], ["y", "z", "a"]),
        ([table("a"), table("y"), table("z", looking("y"))], ["z"], ["y", "z", "a"]),
        ([table("a"), table("y", inserting("z")), table("z")], ["z"], ["y", "z", "a"]),
        ([table("a"), table("b"), table("c")], ["c"], ["c", "a", "b"]),
        # What is not asked for, and the table itself, are none.
        ([table("a"), table("b")], ["elsewhere", "a"], ["a", "b"]),
        # It needs the table itself.
        ([table("a"), table("z", reference("a_id", "a"))], ["z"], ["a", "z"]),
        (
            [table("a"), table("m", reference("a_id", "a")), table("z", reference("m_id", "m"))],
            ["z"],
            ["a", "m", "z"],
        ),
        ([table("a", inserting("z")), table("z")], ["z"], ["a", "z"]),
        ([table("a"), table("y", reference("a_id", "a")), table("z")], ["y", "z"], ["z", "a", "y"]),
    ],
)
def test_what_is_seen_to_be_looked_up_comes_forward(
    tables: list[Table], looked_up: list[str], order: list[str]
) -> None:
    plans = waiting(*tables)
    assert plans[0].table.label == "a"
    found = brought_forward(schema(*tables), plans, {name_of(name) for name in looked_up})
    assert [plan.table.label for plan in found] == order
    assert set(map(id, found)) == set(map(id, plans))
