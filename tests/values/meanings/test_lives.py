"""Lives of rows: which events a row with some status has been through, and how often each status is usual."""

from __future__ import annotations

import re

import pytest

from pytest_supaseed.values.meanings.lives import (
    LIVES,
    canonical,
    event_word,
    label_word,
    stages_of,
    stem,
)

# The statuses and the thing, an event, and the statuses of the rows that have been through it; None if it is unknown.
HAPPENED: list[tuple[str, str, str, str | None]] = [
    (
        "pending confirmed paid processing shipped delivered cancelled refunded",
        "order",
        "paid",
        "paid processing shipped delivered refunded",
    ),
    ("pending paid shipped delivered cancelled", "order", "shipped", "shipped delivered"),
    ("pending paid shipped delivered cancelled", "order", "cancelled", "cancelled"),
    ("pending paid shipped delivered cancelled", "order", "closed", "delivered cancelled"),
    # No status says so, so no row has been.
    ("pending paid shipped delivered", "order", "refunded", ""),
    ("pending paid shipped delivered", "order", "archived", None),
    ("queued running succeeded failed", "job", "started", "running succeeded failed"),
    ("queued running succeeded failed", "job", "completed", "succeeded"),
    ("queued running succeeded failed", "job", "finished", "succeeded failed"),
    ("pending processing completed failed", "payment", "paid", "completed"),
    ("open in_progress resolved closed", "ticket", "resolved", "resolved closed"),
    ("open in_progress resolved closed", "ticket", "closed", "closed"),
    ("open in_progress done", "task", "closed", "done"),
    ("open pending resolved closed", "ticket", "responded", "pending resolved closed"),
    # A ticket that begins with pending has not been answered yet.
    ("pending resolved closed", "ticket", "responded", "resolved closed"),
    ("trialing active past_due canceled", "subscription", "started", "trialing active past_due canceled"),
    ("trialing active past_due canceled", "subscription", "activated", "active past_due canceled"),
    ("trialing active past_due canceled", "subscription", "ended", "canceled"),
    ("active paused cancelled", "subscription", "ended", "cancelled"),
    ("invited active suspended", "user", "joined", "active suspended"),
    ("invited active suspended", "user", "invited", "invited active suspended"),
    ("active locked banned", "user", "banned", "banned"),
    ("active locked", "user", "banned", "locked"),
    ("draft published archived", "post", "published", "published archived"),
    ("scheduled checked_in completed cancelled no_show", "appointment", "ended", "completed"),
    ("Draft Sent Paid Overdue Void", "invoice", "issued", "Sent Paid Overdue Void"),
    ("Draft Sent Paid Overdue Void", "invoice", "paid", "Paid"),
    ("borrowed returned overdue lost", "loan", "returned", "returned"),
    ("requested approved repaid rejected", "loan", "approved", "approved repaid"),
    ("applied accepted enrolled completed dropped", "enrollment", "enrolled", "enrolled completed dropped"),
    ("assigned submitted graded returned", "assignment", "graded", "graded returned"),
    ("queued sent delivered failed", "message", "sent", "sent delivered"),
    ("created in_transit delivered returned", "parcel", "shipped", "in_transit delivered returned"),
    # What is received first is received by whoever makes it.
    ("received preparing ready served cancelled", "order", "started", "preparing ready served"),
    (
        "applied screening interview offer hired rejected",
        "application",
        "screened",
        "interview offer hired rejected",
    ),
    ("open in_discovery settled dismissed closed", "claim", "settled", "settled closed"),
    ("provisioned online offline decommissioned", "device", "decommission", "decommissioned"),
    ("created processing settled failed reversed", "transfer", "reversal", "reversed"),
    ("pending accepted declined", "request", "responded", "accepted declined"),
    ("NEW ASSIGNED IN_PROGRESS ON_HOLD DONE", "order", "started", "IN_PROGRESS ON_HOLD DONE"),
    ("available pending adopted", "pet", "adopted", "adopted"),
    ("issued active blocked", "card", "activated", "active blocked"),
    ("pending in_transit paid failed", "payout", "paid", "paid"),
    ("draft in_review approved published", "document", "reviewed", "approved published"),
    # Words that no life knows are in the order in which they stand.
    ("raw grilled eaten cancelled", "burger", "grilled", "grilled eaten"),
    ("raw grilled eaten cancelled", "burger", "cancelled", "cancelled"),
    # An unknown word between known ones has the place between these.
    ("pending paid gift_wrapped shipped", "order", "paid", "paid gift_wrapped shipped"),
    ("awaiting_payment paid payment_failed", "order", "paid", "paid"),
    ("awaiting_payment paid payment_failed", "order", "failed", "payment_failed"),
]


@pytest.mark.parametrize(("labels", "thing", "event", "expected"), HAPPENED)
def test_what_rows_of_each_status_have_been_through(
    labels: str, thing: str, event: str, expected: str | None
) -> None:
    stages = stages_of(tuple(labels.split()), (thing,))
    found = {label: stages.happened(label, event) for label in labels.split()}
    if expected is None:
        assert set(found.values()) == {None}
    else:
        assert " ".join(label for label, happened in found.items() if happened) == expected
        assert None not in found.values()


@pytest.mark.parametrize(
    ("labels", "thing", "weights"),
    [
        ("pending paid shipped delivered cancelled", "order", (2, 2, 2, 8, 1)),
        ("queued running succeeded failed", "job", (2, 2, 8, 1)),
        ("invited active suspended", "user", (2, 8, 1)),
        ("draft published archived", "post", (2, 8, 1)),
        ("raw grilled eaten", "burger", (2, 2, 8)),
    ],
)
def test_most_rows_have_come_to_the_end_of_the_way(labels: str, thing: str, weights: tuple[int, ...]) -> None:
    stages = stages_of(tuple(labels.split()), (thing,))
    assert tuple(map(stages.weight, labels.split())) == weights


def test_what_is_no_status_tells_nothing() -> None:
    stages = stages_of(("pending", "paid"), ("order",))
    assert stages.happened("gizmo", "paid") is None
    assert stages.happened(None, "paid") is None
    assert stages.happened(3, "paid") is None


@pytest.mark.parametrize("life", LIVES, ids=lambda life: min(life.things))
def test_a_life_is_spelt_as_statuses_are_looked_up(life: object) -> None:
    assert isinstance(life, type(LIVES[0]))
    for word in (*life.places, *life.branches):
        assert (canonical(word), label_word(word)) == (word, word)
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", word)
    assert sorted(set(life.places.values())) == [*range(max(life.places.values()) + 1)]


@pytest.mark.parametrize(
    ("label", "word"),
    [
        ("In Progress", "in_progress"),
        ("inProgress", "in_progress"),
        ("NO-SHOW", "no_show"),
        ("on hold", "on_hold"),
        ("Überfällig", "overdue"),
        ("teilbezahlt", "partially_paid"),
        ("in Prüfung", "in_pruefung"),
    ],
)
def test_statuses_are_spelt_in_many_ways(label: str, word: str) -> None:
    assert label_word(label) == word


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ("cancellation", "cancelled"),
        ("canceled", "cancelled"),
        ("stop", "stopped"),
        ("abort", "aborted"),
        ("shipment", "shipped"),
        ("failure", "failed"),
        ("gizmo", None),
        ("name", None),
    ],
)
def test_forms_of_an_event(form: str, word: str | None) -> None:
    assert event_word(form) == word


@pytest.mark.parametrize(
    ("word", "left"),
    [("stopped", "stop"), ("called", "call"), ("passed", "pass"), ("red", "red"), ("late", "lat")],
)
def test_stems(word: str, left: str) -> None:
    assert stem(word) == left
