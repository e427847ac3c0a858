"""Which event the name of a column tells of."""

from __future__ import annotations

import pytest

from pytest_supaseed.values.meanings.events import Event, event_of

# Family, column, the word of its event and what stands before it; None where it tells of none.
EVENTS: list[tuple[str, str, str | None, tuple[str, ...]]] = [
    ("moment", "shipped_at", "shipped", ()),
    ("moment", "date_shipped", "shipped", ()),
    ("moment", "shippedOn", "shipped", ()),
    ("moment", "payment_failed_at", "failed", ("payment",)),
    ("moment", "payment_date", "paid", ()),
    ("moment", "cancellation_date", "cancelled", ()),
    ("moment", "first_response_at", "responded", ()),
    ("moment", "date_of_death", "deceased", ()),
    ("moment", "checked_in_at", "checked_in", ()),
    ("moment", "actual_delivery_date", "delivered", ()),
    ("moment", "last_login_at", "logged_in", ()),
    # Planned, whatever becomes of the row.
    ("moment", "expected_delivery_date", None, ()),
    ("moment", "due_on", None, ()),
    ("moment", "expires_at", None, ()),
    ("moment", "starts_at", None, ()),
    ("moment", "scheduled_for", None, ()),
    ("moment", "trial_ends_at", None, ()),
    ("flag", "is_paid", "paid", ()),
    ("flag", "email_verified", "verified", ("email",)),
    ("flag", "active", "active", ()),
    ("other", "cancelled_by", "cancelled", ()),
    ("other", "approved_by_id", "approved", ()),
    ("other", "deleted_by_user_id", "deleted", ()),
    ("other", "cancellation_reason", "cancelled", ()),
    ("other", "rejection_notes", "rejected", ()),
    ("other", "stop_reason", "stopped", ()),
    ("other", "failure_message", "failed", ()),
    ("other", "error", "failed", ()),
    ("other", "tracking_number", "shipped", ()),
    ("other", "cause_of_death", "deceased", ()),
    # Written before the event, or about something else.
    ("other", "delivery_notes", None, ()),
    ("other", "shipping_address", None, ()),
    ("other", "payment_method", None, ()),
    ("other", "name", None, ()),
    ("other", "sort_by_name", "sort", ()),
    ("number", "paid_amount", "paid", ()),
    ("number", "amount_refunded", "refunded", ()),
    ("number", "attempt_count", "started", ()),
    ("number", "refunded_cents", "refunded", ()),
    ("number", "refund_amount", "refunded", ()),
    ("number", "total_paid", "paid", ()),
    ("number", "quantity_received", "received", ()),
    ("number", "bezahlter_betrag", "paid", ()),
    ("number", "payment_amount", None, ()),
    ("number", "shipping_cost", None, ()),
    ("number", "price", None, ()),
    ("number", "total_amount", None, ()),
]


@pytest.mark.parametrize(("family", "name", "word", "about"), EVENTS)
def test_the_event_that_a_column_tells_of(
    family: str, name: str, word: str | None, about: tuple[str, ...]
) -> None:
    assert event_of(name, family) == (None if word is None else Event(word, about))
