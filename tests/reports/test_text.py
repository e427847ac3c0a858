"""What is shown of plans and of failing tests, to the letter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from builders import asked, column, inserting, loaded, planned, reference, table, unique
from pytest_supaseed.model.schema import Contents
from pytest_supaseed.planning.plan import Plan
from pytest_supaseed.reports.text import failure_lines, left_connections, marker, plan_lines
from pytest_supaseed.spec import Rows, SeedSpec, near_limit

USERS = table("users", column("email"))
SETUPS = table("setups", reference("user_id", "users"))
GEAR = table("gear", column("name"))


def warning(plan: Plan) -> str | None:
    return near_limit(plan.spec, plan.asked)


OWNERS = table(
    "owners", reference("user_id", "users"), reference("gear_id", "gear"), key=("user_id", "gear_id")
)
BOSS = table("auth.staff", reference("boss_id", "auth.staff"), nullable=["boss_id"])
PROFILES = table("profiles", reference("user_id", "users"))


def plan_of(spec: SeedSpec, contents: Contents | None = None) -> Plan:
    return planned(USERS, SETUPS, GEAR, OWNERS, BOSS, PROFILES, spec=spec, contents=contents)


@pytest.mark.parametrize(
    ("spec", "lines"),
    [
        (
            asked(users=5, setups=8),
            [
                "seed(users=5, setups=8), generator seed 0, locale en_US",
                "  table   rows  of which new  spread",
                "  users      5             5",
                "  setups     8             8  user_id -> users: 2, 2, 2, 1, 1",
                "total 13 of at most 1000",
            ],
        ),
        (
            replace(asked(users=5), settings=(("TimeZone", "UTC"), ("app.tenant", "7"))),
            [
                "seed(users=5), generator seed 0, locale en_US, TimeZone = 'UTC', app.tenant = '7'",
                "  table  rows  of which new  spread",
                "  users     5             5",
                "total 5 of at most 1000",
            ],
        ),
        # In the order in which they are filled, not in that of the marker.
        (
            asked(owners=6, gear=2, users=3, seed=7, limit=50),
            [
                "seed(owners=6, gear=2, users=3), generator seed 7, locale en_US",
                "  table   rows  of which new  spread",
                "  gear       2             2",
                "  users      3             3",
                "  owners     6             6  gear_id -> gear: 3, 3; user_id -> users: 2, 2, 2",
                "total 11 of at most 50",
            ],
        ),
        (
            asked({"auth.staff": Rows(3, columns={"boss_id": None})}, users=0),
            [
                """seed({"auth.staff": Rows(3, columns={'boss_id': None})}, users=0), """
                "generator seed 0, locale en_US",
                "  table       rows  of which new  spread",
                "  auth.staff     3             3",
                "  users          0             0",
                "  auth.staff.boss_id: None",
                "total 3 of at most 1000",
            ],
        ),
        (
            asked({"auth.staff": 1000}),
            [
                'seed({"auth.staff": 1000}), generator seed 0, locale en_US',
                "  table       rows  of which new  spread",
                "  auth.staff  1000          1000  boss_id -> staff: as it comes",
                "total 1000 of at most 1000",
            ],
        ),
        (
            SeedSpec(seed=3, locale="de_DE", limit=9),
            ["seed(), generator seed 3, locale de_DE", "total 0 of at most 9"],
        ),
        # The table as the marker spells it.
        (
            asked({"public.users": 1}),
            [
                'seed({"public.users": 1}), generator seed 0, locale en_US',
                "  table         rows  of which new  spread",
                "  public.users     1             1",
                "total 1 of at most 1000",
            ],
        ),
        (
            asked(users=14, setups=Rows(per={"users": 2})),
            [
                "seed(users=14, setups=Rows(per={'users': 2})), generator seed 0, locale en_US",
                "  table   rows  of which new  spread",
                "  users     14            14",
                "  setups    28            28  user_id -> users: 2 x 14",
                "total 42 of at most 1000",
            ],
        ),
    ],
)
def test_a_plan_is_drawn(spec: SeedSpec, lines: list[str]) -> None:
    assert plan_lines(plan_of(spec)) == lines


def test_rows_that_are_there_are_not_new() -> None:
    contents = loaded({"users": 2, "setups": 3}, setups__user_id_fkey=(2, 1))
    assert plan_lines(plan_of(asked(users=3, setups=Rows(add=2)), contents)) == [
        "seed(users=3, setups=Rows(add=2)), generator seed 0, locale en_US",
        "  table   rows  of which new  spread",
        "  users      3             1",
        "  setups     5             2  user_id -> users: 2, 2, 1",
        "total 5 of at most 1000",
    ]


def test_a_reference_that_waits_and_one_that_triggers_feed_come_as_they_come() -> None:
    users = table("users", reference("team_id", "teams"), inserting("profiles"), nullable=["team_id"])
    teams = table("teams", reference("owner_id", "users"))
    badges = table("badges", reference("profile_id", "profiles"))
    plan = planned(users, teams, table("profiles"), badges, spec=asked(users=3, teams=2, badges=4))
    assert plan_lines(plan) == [
        "seed(users=3, teams=2, badges=4), generator seed 0, locale en_US",
        "  table   rows  of which new  spread",
        "  users      3             3  team_id -> teams: as it comes",
        "  badges     4             4  profile_id -> profiles: as it comes",
        "  teams      2             2  owner_id -> users: 1, 1, 0",
        "total 9 of at most 1000",
    ]


def test_references_of_several_columns_are_drawn() -> None:
    tenants = table("tenants")
    members = table("members", reference("tenant_id", "tenants"), unique("tenant_id", "id"))
    tasks = table(
        "tasks",
        reference("tenant_id, author_id", "members", "tenant_id, id"),
        reference("tenant_id, reviewer_id", "members", "tenant_id, id"),
    )
    plan = planned(tenants, members, tasks, spec=asked(tenants=1, members=2, tasks=3))
    assert plan_lines(plan)[4] == (
        "  tasks       3             3  tenant_id, author_id -> members: as it comes; "
        "tenant_id, reviewer_id -> members: as it comes"
    )


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (asked(users=80, limit=100), False),
        (asked(users=81, limit=100), True),
        (asked(users=100, limit=100), True),
        (asked(users=800), False),
        (asked(users=801), True),
        # 80 % of 4 is 3.2.
        (asked(users=3, limit=4), False),
        (asked(users=4, limit=4), True),
        (SeedSpec(limit=0), False),
        (asked(users=0, limit=0), False),
        # Rows for each row, which only the schema tells, are counted.
        (asked(users=20, setups=Rows(per={"users": 3}), limit=99), True),
        (asked(users=20, setups=Rows(per={"users": 3}), limit=100), False),
    ],
)
def test_a_spec_near_its_limit_is_worth_a_warning(spec: SeedSpec, said: bool) -> None:
    assert (warning(plan_of(spec)) is not None) == said


def test_the_warning_says_what_to_write() -> None:
    assert warning(plan_of(asked(users=45, setups=40, limit=100))) == (
        "seed(users=45, setups=40) asks for 85 rows in all, over 80 % of the limit of 100: ask for fewer, or "
        "raise it, as in @pytest.mark.seed_options(max_records=200)"
    )


def test_rows_of_the_load_that_add_adds_to_are_not_asked_for() -> None:
    assert warning(plan_of(asked(users=Rows(add=5), limit=10), loaded({"users": 900}))) is None


@pytest.mark.parametrize(
    ("spec", "spelt"),
    [
        (asked(users=5), "@pytest.mark.seed(users=5)"),
        (
            asked({"auth.staff": 5}, users=Rows(add=1)),
            '@pytest.mark.seed({"auth.staff": 5}, users=Rows(add=1))',
        ),
        (SeedSpec(), "@pytest.mark.seed()"),
    ],
)
def test_a_spec_is_spelt_as_its_marker(spec: SeedSpec, spelt: str) -> None:
    assert marker(spec) == spelt


@pytest.mark.parametrize(
    ("spec", "counts", "test", "lines"),
    [
        (
            asked(users=5, setups=8, seed=7),
            [("users", 5), ("setups", 8), ("gear", 0)],
            "tests/test_a.py::test_b",
            [
                "@pytest.mark.seed(users=5, setups=8)",
                "  table   rows at the start",
                "  users                   5",
                "  setups                  8",
                "PostgreSQL 18.0, generator seed 7, locale en_US",
                "again: pytest tests/test_a.py::test_b --supaseed-seed=7",
            ],
        ),
        (
            SeedSpec(),
            [("a_table_of_a_long_name", 123456)],
            "tests/test_a.py::test_b[x y-1]",
            [
                "no marker: the schema as it was loaded",
                "  table                   rows at the start",
                "  a_table_of_a_long_name             123456",
                "PostgreSQL 18.0, generator seed 0, locale en_US",
                # The shell would split it.
                "again: pytest 'tests/test_a.py::test_b[x y-1]' --supaseed-seed=0",
            ],
        ),
        (
            asked(users=0),
            [("users", 0)],
            "test_a.py::test_b['it''s $HOME']",
            [
                "@pytest.mark.seed(users=0)",
                "no table had rows at the start",
                "PostgreSQL 18.0, generator seed 0, locale en_US",
                """again: pytest 'test_a.py::test_b['"'"'it'"'"''"'"'s $HOME'"'"']' --supaseed-seed=0""",
            ],
        ),
    ],
)
def test_a_failing_test_is_told_what_it_started_with(
    spec: SeedSpec, counts: list[tuple[str, int]], test: str, lines: list[str]
) -> None:
    assert failure_lines(plan_of(spec), counts, "18.0", test) == lines


@pytest.mark.parametrize("value", [8, Rows(8, spread="random"), {"count": 8, "id": [1, 2, 3, 4, 5, 6, 7, 8]}])
def test_the_first_line_of_a_plan_can_be_pasted(value: Any) -> None:
    spec = asked(users=value)
    code = plan_lines(plan_of(spec))[0].partition(", generator")[0]
    assert eval(code, {"seed": asked, "Rows": Rows}) == spec


def test_connections_that_a_test_has_left_are_named() -> None:
    assert left_connections("test_a.py::test_a", ["app (SELECT 1)"]) == (
        "test_a.py::test_a left 1 connection to its database open, which was ended: app (SELECT 1). Close what the "
        "test opens: dispose() of an engine, close() of a pool."
    )
    assert left_connections("t", ["a (b)", "no name (nothing)"]).startswith(
        "t left 2 connections to its database open, which were ended: a (b); no name (nothing). Close"
    )
