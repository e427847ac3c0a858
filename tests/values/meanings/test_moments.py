"""Moments in the life of a row: a name that each is for, and the order in which they come."""

from __future__ import annotations

from itertools import permutations

import pytest

from pytest_supaseed.model.identifiers import spelt
from pytest_supaseed.values.meanings.moments import (
    MOMENTS,
    PERIOD,
    are_ends,
    is_appointed,
    lies_ahead,
    moment_of,
    moment_rank,
    precedes,
)

# In the order of MOMENTS: moment, column, later moments of the same name.
CASES: list[tuple[str, str, tuple[str, ...]]] = [
    ("birth", "birth_date", ()),
    ("end of use", "deleted_at", ()),
    ("early end", "cancelled_at", ()),
    ("change", "updated_at", ()),
    ("last of several", "last_login_at", ()),
    ("deadline", "expires_at", ()),
    ("actual end", "ended_at", ()),
    ("evaluation", "rated_at", ()),
    ("repayment", "refunded_at", ()),
    ("close", "closed_at", ()),
    ("solution", "resolved_at", ()),
    ("end", "ends_at", ()),
    ("reading", "read_at", ()),
    ("outcome", "settled_at", ()),
    ("delivery", "delivered_at", ()),
    ("shipment", "shipped_at", ()),
    ("packing", "packed_at", ()),
    ("processing", "processed_at", ()),
    ("payment", "paid_at", ()),
    ("entry", "hired_on", ()),
    ("actual start", "started_at", ()),
    ("start", "starts_at", ()),
    ("confirmation", "confirmed_at", ()),
    ("interview", "interviewed_at", ()),
    ("review", "reviewed_at", ()),
    ("sending", "sent_at", ()),
    ("answer", "responded_at", ()),
    ("assignment", "assigned_at", ()),
    ("order", "ordered_at", ()),
    ("occurrence", "occurred_at", ()),
    ("creation", "created_at", ()),
]
LIFE = (
    "created_at",
    "occurred_at",
    "ordered_at",
    "assigned_at",
    "first_response_at",
    "sent_at",
    "reviewed_at",
    "confirmed_at",
    "starts_at",
    "checked_in_at",
    "paid_at",
    "processed_at",
    "packed_at",
    "shipped_at",
    "delivered_at",
    "resolved_at",
    "ends_at",
    "closed_at",
    "refunded_at",
)


@pytest.mark.parametrize(("moment", "name", "later"), CASES)
def test_the_moment_of_a_column(moment: str, name: str, later: tuple[str, ...]) -> None:
    words = spelt(name)
    found = moment_of(words)
    assert found is not None
    assert (found.name, found.rank) == (moment, moment_rank(name))
    assert tuple(other.name for other in MOMENTS if other is not found and other.names.search(words)) == later


def test_every_moment_has_a_case() -> None:
    assert [case[0] for case in CASES] == [found.name for found in MOMENTS]


@pytest.mark.parametrize(("first", "second"), [*permutations(LIFE, 2)])
def test_moments_come_in_the_order_of_a_life(first: str, second: str) -> None:
    assert precedes(first, second) == (LIFE.index(first) < LIFE.index(second))


@pytest.mark.parametrize(
    ("first", "second", "result"),
    [
        ("birth_date", "created_at", False),
        ("due_on", "paid_at", False),
        ("created_at", "hired_on", False),
        ("created_at", "deleted_at", True),
        ("paid_at", "deleted_at", True),
        ("starts_at", "cancelled_at", False),
        ("confirmed_at", "cancelled_at", True),
        ("cancelled_at", "updated_at", True),
        ("delivered_at", "updated_at", True),
        ("ends_at", "updated_at", False),
        ("applied_on", "enrolled_on", True),
        ("accepted_on", "enrolled_on", True),
        ("updated_at", "deleted_at", True),
    ],
)
def test_moments_that_no_life_orders(first: str, second: str, result: bool) -> None:
    assert precedes(first, second) == result


@pytest.mark.parametrize(
    ("first", "second", "result"),
    [
        ("valid_from", "valid_to", True),
        ("check_in", "check_out", True),
        ("valid_to", "valid_from", False),
        ("trial_start", "period_end", False),
    ],
)
def test_the_ends_of_an_interval(first: str, second: str, result: bool) -> None:
    assert are_ends(first, second) == result


def test_what_names_say_of_moments_besides() -> None:
    assert lies_ahead("due_on")
    assert not lies_ahead("paid_at")
    assert is_appointed("starts_at")
    assert not is_appointed("created_at")
    assert PERIOD.pattern.search("_trial_period_")
    assert not PERIOD.pattern.search("_lap_time_")
