"""Moments in the life of a row: a name that each is for, and the order in which they come."""

from __future__ import annotations

from itertools import permutations

import pytest

from builders import column
from pytest_supaseed.model.identifiers import spelt
from pytest_supaseed.model.schema import Table
from pytest_supaseed.values.meanings.moments import (
    MOMENTS,
    PERIOD,
    are_ends,
    is_appointed,
    lies_ahead,
    moment_of,
    moment_rank,
    precedes,
    same_days,
)
from pytest_supaseed.values.types.date_time import as_moment
from test_column_values import rows_of, table_of

# In the order of MOMENTS: moment, column, later moments of the same name.
CASES: list[tuple[str, str, tuple[str, ...]]] = [
    ("birth", "birth_date", ()),
    ("end of use", "deleted_at", ()),
    ("early end", "cancelled_at", ()),
    ("new beginning", "retried_at", ()),
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
    ("period within", "current_period_start", ("start",)),
    ("payment", "paid_at", ()),
    ("entry", "hired_on", ()),
    ("actual start", "started_at", ()),
    ("start", "starts_at", ()),
    ("confirmation", "confirmed_at", ()),
    ("interview", "interviewed_at", ()),
    ("review", "reviewed_at", ()),
    ("sending", "sent_at", ()),
    ("answer", "responded_at", ()),
    ("making of a document", "invoice_date", ()),
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


def of(text: str) -> Table:
    """Return a table of moments: its name, and its columns; those that end in _date, _on or _day are dates."""
    name, *names = text.split()
    kinds = (
        "date" if each.endswith(("_date", "_on", "_day", "datum", "termin")) else "timestamptz"
        for each in names
    )
    return table_of(name, *map(column, names, kinds))


@pytest.mark.parametrize(
    "story",
    [
        "encounters encounter_date<started_at<ended_at<signed_at",
        "encounters encounter_date<follow_up_date",
        "visits visit_date<checked_in_at<checked_out_at<signed_off_at",
        "visits visit_date<next_visit_date",
        "inspections inspected_on<reinspection_date",
        "invoices service_date<invoice_date<due_date",
        "invoices invoice_date<sent_on<payment_date",
        "payments payment_date<posted_at<reversed_at",
        "rent_payments payment_date<cleared_on<bounced_at",
        "lab_results analyzed_at<reported_at<verified_at<released_at",
        "reports report_date<generated_at<published_at<signed_at",
        "leases signed_on<start_date<move_in_date<move_out_date",
        "subscriptions started_at<current_period_start<current_period_end",
        "subscriptions started_at<trial_start<trial_end",
        "plays played_at<skipped_at",
        "plays played_at<paused_at<liked_at",
        "votes voted_at<counted_at",
        "jobs queued_at<started_at<failed_at<retried_at",
        "shifts clock_in_at<clock_out_at<approved_at",
        "timesheets submitted_at<approved_at<paid_at",
        "expense_reports submitted_at<approved_at<reimbursed_at",
        "leave_requests requested_at<approved_at<starts_at",
        "contracts signed_at<started_at",
        "damage_reports reported_at<repaired_at",
        "deliveries delivered_at<signed_at",
        "matches kickoff_at<final_whistle_at",
    ],
)
def test_the_moments_of_a_row_in_their_order(story: str) -> None:
    names = story.partition(" ")[2].split("<")
    for row in rows_of(of(story.replace("<", " ")), 20):
        moments = [as_moment(row[name]) for name in names]
        days = [moment.date() for moment in moments if moment is not None]
        # A date is the midnight before the times of its day.
        assert days == sorted(days), row


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("encounters encounter_date started_at ended_at", "started_at"),
        ("visits visit_date checked_in_at checked_out_at", "checked_in_at"),
        ("shifts shift_date clock_in_at clock_out_at", "clock_in_at"),
        ("flights flight_date departed_at landed_at", "departed_at"),
        ("game_results match_date kickoff_at confirmed_at", "kickoff_at"),
        ("trips date_on departed_at", ""),
        ("orders delivery_date shipped_at delivered_at", "delivered_at"),
        ("bills payment_date paid_at", "paid_at"),
        ("appointments appointment_date created_at booked_at", ""),
        ("subscriptions renewal_date started_at", ""),
        ("orders created_at shipped_at", ""),
    ],
)
def test_the_date_and_the_time_of_one_event(text: str, expected: str) -> None:
    table = of(text)
    assert same_days(table).get(text.split()[1], "") == expected
    for row in rows_of(table, 20) if expected else ():
        first, second = as_moment(row[text.split()[1]]), as_moment(row[expected])
        assert first is not None
        assert second is not None
        assert first.date() == second.date()


def test_what_names_say_of_moments_besides() -> None:
    assert lies_ahead("due_on")
    assert not lies_ahead("paid_at")
    assert is_appointed("starts_at")
    assert not is_appointed("created_at")
    assert PERIOD.pattern.search("_trial_period_")
    assert not PERIOD.pattern.search("_lap_time_")
