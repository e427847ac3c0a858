"""What moments follow of the rows that their row references, and of its own beginning and end."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

import pytest

from builders import column, name_of, reference, schema, table
from pytest_supaseed.model.referenced import (
    is_of_referenced_row,
    referenced_tables,
)
from pytest_supaseed.model.schema import Column, ColumnType
from pytest_supaseed.values.meanings.parents import (
    after_parents,
    beginnings,
    ends,
    times_of_parents,
)
from pytest_supaseed.values.types.date_time import PlausibleMoments

TODAY = date(2025, 12, 31)
STAMP, DAY = ColumnType("timestamp", "timestamp"), ColumnType("date", "date")


def stamped(*names: str) -> list[Column]:
    return [column(name, "date" if name.endswith(("_on", "_date")) else "timestamptz") for name in names]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("created_at", "updated_at"), ["created_at"]),
        (("created_at", "ordered_at", "shipped_at"), ["created_at", "ordered_at"]),
        (("date_of_birth", "registered_at"), ["registered_at"]),
        (("visit_date",), ["visit_date"]),
        (("service_date", "t_date"), ["t_date"]),
        (("started_at", "signed_at"), ["started_at"]),
        (("effective_date", "expiration_date", "cancelled_date"), ["effective_date"]),
        (("resolved_at",), ["resolved_at"]),
        (("started_at", "ended_at"), ["started_at"]),
        (("scheduled_at",), ["scheduled_at"]),
        (("hired_on", "left_on"), ["hired_on"]),
        (("acquired_on", "retired_on"), ["acquired_on"]),
        (("created_at", "scheduled_at"), ["created_at"]),
        (("founded_on", "due_date", "expires_at", "birth_date"), []),
        ((), []),
    ],
)
def test_the_beginning_of_a_row(names: tuple[str, ...], expected: list[str]) -> None:
    assert list(beginnings(table("t", *stamped(*names)))) == expected


def test_what_has_not_begun_is_followed_by_its_plan() -> None:
    begun = column("started_at", "timestamptz", nullable=True)
    trips = table("trips", begun, *stamped("planned_departure", "planned_arrival"))
    assert beginnings(trips) == ("started_at", "planned_departure")


@pytest.mark.parametrize(
    ("name", "followed"), [("started_at", 2), ("checked_in_at", 2), ("created_at", 1), ("cancelled_at", 1)]
)
def test_what_takes_place_comes_after_its_appointment(name: str, followed: int) -> None:
    [moment] = stamped(name)
    found = schema(
        table("appointments", *stamped("created_at", "starts_at", "ends_at")),
        table("encounters", moment, reference("appointment_id", "appointments")),
    )
    of = found.tables[1]
    assert len(times_of_parents(moment, referenced_tables(found, of, of.foreign_keys)).since) == followed


@pytest.mark.parametrize(
    ("parent", "moments", "name", "expected"),
    [
        ("encounters", "encounter_date started_at signed_at", "measured_at", "started_at encounter_date"),
        ("encounters", "encounter_date started_at signed_at", "ordered_at", "started_at encounter_date"),
        (
            "visits",
            "created_at visit_date checked_in_at",
            "recorded_on",
            "created_at checked_in_at visit_date",
        ),
        ("trips", "created_at departed_at", "stopped_at", "created_at departed_at"),
        ("trips", "created_at departed_at", "booked_at", "created_at"),
        ("lab_orders", "ordered_at collected_at", "reported_at", "ordered_at collected_at"),
        ("lab_orders", "ordered_at collected_at", "created_at", "ordered_at"),
        ("policies", "effective_date expiration_date cancelled_date", "filed_on", "effective_date"),
        ("orders", "created_at shipped_at", "created_at", "created_at"),
    ],
)
def test_a_child_comes_after_what_its_parent_tells_of(
    parent: str, moments: str, name: str, expected: str
) -> None:
    [moment] = stamped(name)
    found = schema(table(parent, *stamped(*moments.split())), table("t", moment, reference("a_id", parent)))
    of = found.find("t")
    assert of is not None
    since = times_of_parents(moment, referenced_tables(found, of, of.foreign_keys), of).since
    assert [each.partition("a_")[2] for each in since] == expected.split()


@pytest.mark.parametrize(
    ("own", "parent", "moments", "expected"),
    [
        (
            "leases",
            "applications",
            "created_at submitted_at decided_at",
            "created_at submitted_at decided_at",
        ),
        ("leasing_lease", "leasing_application", "created_at decided_at", "created_at decided_at"),
        ("orders", "quotes", "created_at sent_at accepted_at rejected_at", "created_at sent_at accepted_at"),
        ("invoices", "estimates", "created_at approved_at", "created_at approved_at"),
        ("work_orders", "maintenance_requests", "created_at reported_at", "created_at reported_at"),
        ("repairs", "requests", "created_at approved_at resolved_at", "created_at approved_at"),
        ("refunds", "orders", "created_at paid_at shipped_at", "created_at paid_at"),
        ("shipments", "orders", "created_at confirmed_at delivered_at", "created_at confirmed_at"),
        ("stays", "bookings", "created_at confirmed_at cancelled_at", "created_at confirmed_at"),
        ("reviews", "orders", "created_at delivered_at", "created_at delivered_at"),
        ("certificates", "enrollments", "enrolled_at completed_at", "enrolled_at completed_at"),
        ("receipts", "invoices", "created_at issued_at sent_at", "created_at issued_at sent_at"),
        # What is public is referred to once it is.
        ("orders", "events", "created_at published_at starts_at", "created_at published_at"),
        ("comments", "posts", "created_at published_at", "created_at published_at"),
        ("bids", "auctions", "created_at published_at", "created_at published_at"),
        # Its own parts are there before.
        ("ticket_types", "events", "created_at published_at", "created_at"),
        ("images", "products", "created_at launched_at", "created_at"),
        # What is used within the time for which it holds.
        ("orders", "promo_codes", "created_at valid_from valid_until", "created_at valid_from < valid_until"),
        ("redemptions", "coupons", "created_at starts_at expires_at", "created_at starts_at < expires_at"),
        ("orders", "price_lists", "created_at valid_from valid_until", "created_at"),
    ],
)
def test_moments_of_what_is_made_out_of_another_row(
    own: str, parent: str, moments: str, expected: str
) -> None:
    [moment] = stamped("created_at")
    found = schema(table(parent, *stamped(*moments.split())), table(own, moment, reference("a_id", parent)))
    of = found.table(name_of(own))
    times = times_of_parents(moment, referenced_tables(found, of, of.foreign_keys), of)
    since, _, until = expected.partition(" < ")
    assert {each.partition("a_")[2] for each in times.since} == {*since.split()}
    assert {each.partition("a_")[2] for each in times.until} == {*until.split()}


def test_the_end_of_a_row() -> None:
    assert ends(table("t", *stamped("created_at", "closed_at", "completed_at", "deleted_at"))) == (
        "closed_at",
        "deleted_at",
    )


@pytest.mark.parametrize(
    ("name", "since", "until"),
    [
        ("created_at", 1, 1),
        ("ordered_at", 1, 1),
        ("started_at", 1, 1),
        ("joined_at", 1, 1),
        ("updated_at", 1, 0),
        ("shipped_at", 1, 0),
        ("hired_on", 1, 1),
        ("planned_departure", 1, 0),
        ("scheduled_for", 1, 0),
        ("date_of_birth", 0, 0),
        ("due_on", 0, 0),
        ("expires_at", 0, 0),
        ("valid_from", 1, 0),
        ("founded_on", 0, 0),
    ],
)
def test_which_moments_follow_parents(name: str, since: int, until: int) -> None:
    [moment] = stamped(name)
    tickets = table("tickets", *stamped("created_at", "closed_at"))
    found = schema(tickets, table("t", moment, reference("ticket_id", "tickets")))
    of = found.tables[1] if found.tables[1].name.name == "t" else found.tables[0]
    times = times_of_parents(moment, referenced_tables(found, of, of.foreign_keys))
    assert (len(times.since), len(times.until)) == (since, until)
    assert all(map(is_of_referenced_row, times.uses))


@pytest.mark.parametrize(
    ("usual", "since", "until", "kind", "expected"),
    [
        # Nothing is known.
        ((1, 365), [], [], STAMP, (1, 365)),
        # Of several parents, the last one counts.
        ((1, 100), [datetime(2025, 2, 1), datetime(2025, 3, 1)], [], STAMP, (60, 100)),
        # The whole range lies before the parent.
        ((1, 10), [datetime(2025, 3, 1)], [], STAMP, (60, 69)),
        ((1, 100), [datetime(2025, 2, 1, tzinfo=timezone.utc)], [datetime(2025, 2, 11)], STAMP, (32, 42)),
        # An end before the beginning bounds nothing.
        ((1, 100), [datetime(2025, 3, 1)], [datetime(2025, 1, 20)], STAMP, (60, 100)),
        # A date of the parent's own day is the midnight before.
        ((1, 100), [datetime(2025, 2, 1, 15)], [], DAY, (33, 100)),
        ((1, 100), [None, "infinity"], [None], STAMP, (1, 100)),
    ],
)
def test_moments_after_parents(
    usual: tuple[int, int], since: list[Any], until: list[Any], kind: ColumnType, expected: tuple[int, int]
) -> None:
    days = [datetime.strptime(f"2025 {day}", "%Y %j") for day in usual]
    found = after_parents(PlausibleMoments(*days), since, until, kind, TODAY)
    assert (found.first.timetuple().tm_yday, found.last.timetuple().tm_yday) == expected


def test_a_parent_later_than_today_is_followed() -> None:
    usual = PlausibleMoments(datetime(2025, 1, 1), datetime(2025, 12, 31, 23, 59, 59))
    found = after_parents(usual, [datetime(2026, 3, 1)], [], STAMP, TODAY)
    assert datetime(2026, 3, 1) == found.first <= found.last
