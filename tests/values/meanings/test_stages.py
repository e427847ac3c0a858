"""Columns that follow the stage of their row: what decides whether the event of each has happened."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from builders import column
from pytest_supaseed.constraints.column import value_domain
from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.model.referenced import ReferencedTable
from pytest_supaseed.model.schema import (
    Check,
    Column,
    DeclaredColumn,
    ForeignKey,
    Table,
    TableName,
    UniqueKey,
)
from pytest_supaseed.values.column import value_source
from pytest_supaseed.values.meanings.stages import choice_of, rule_of, statuses_of, weights_of
from test_column_values import GENERATOR, table_of


def maybe(name: str, kind: str = "timestamptz", **more: Any) -> Column:
    """A nullable column."""
    return column(name, kind, nullable=True, **more)


STATUS = column("status", labels=("pending", "paid", "shipped", "cancelled"))
PAYMENT = column("payment_status", labels=("unpaid", "paid", "refunded"))
STATE = column("shipping_state", labels=("pending", "in_transit", "delivered"))

# A column, the others of its table, and the column that rules it; None where none does.
RULED: list[tuple[Column, tuple[Column, ...], str | None]] = [
    (maybe("paid_at"), (STATUS,), "status"),
    (maybe("paid_at"), (STATUS, PAYMENT), "payment_status"),
    (maybe("shipped_at"), (STATUS, PAYMENT), "status"),
    (maybe("shipped_at"), (STATUS, PAYMENT, STATE), "shipping_state"),
    (maybe("cancelled_at"), (STATUS, PAYMENT), "status"),
    (maybe("cancelled_by", "uuid"), (STATUS,), "status"),
    (maybe("cancellation_reason", "text"), (STATUS,), "status"),
    (column("is_paid", "bool"), (STATUS,), "status"),
    (column("is_paid", "bool", default="false"), (PAYMENT,), "payment_status"),
    (column("amount_paid", "numeric"), (STATUS,), "status"),
    # Another thing's event.
    (maybe("deposit_paid_at"), (STATUS,), None),
    (maybe("phone_verified_at"), (STATUS,), None),
    (maybe("order_paid_at"), (STATUS,), "status"),
    # A required time has to be there.
    (column("paid_at", "timestamptz"), (STATUS,), None),
    # Booleans.
    (maybe("read_at"), (column("is_read", "bool"),), "is_read"),
    (maybe("verified_at"), (column("email_verified", "bool"),), "email_verified"),
    (maybe("deactivated_at"), (column("is_active", "bool"),), "is_active"),
    (maybe("disabled_at"), (column("enabled", "bool"),), "enabled"),
    (maybe("left_on", "date"), (column("employed", "bool"),), "employed"),
    (maybe("deceased_on", "date"), (column("is_deceased", "bool"),), "is_deceased"),
    (maybe("death_date", "date"), (column("deceased", "bool"),), "deceased"),
    (maybe("deleted_by", "uuid"), (maybe("deleted_at"), column("is_deleted", "bool")), "is_deleted"),
    (maybe("discontinued_at"), (column("is_active", "bool"),), "is_active"),
    (maybe("unpublished_at"), (column("is_published", "bool"),), "is_published"),
    (maybe("skipped_at"), (column("is_completed", "bool"),), "is_completed"),
    (maybe("failed_at"), (column("delivered", "bool"),), "delivered"),
    (maybe("refunded_at"), (column("is_paid", "bool"),), None),
    # What booleans ask for, allow or include.
    (maybe("follow_up_date", "date"), (column("follow_up_required", "bool"),), "follow_up_required"),
    (maybe("follow_up_on", "date"), (column("needs_follow_up", "bool"),), "needs_follow_up"),
    (maybe("two_factor_secret", "text"), (column("two_factor_enabled", "bool"),), "two_factor_enabled"),
    (maybe("recurrence_rule", "text"), (column("is_recurring", "bool"),), "is_recurring"),
    (maybe("allergies", "text"), (column("has_allergies", "bool"),), "has_allergies"),
    (maybe("insurance_company", "text"), (column("is_insured", "bool"),), "is_insured"),
    (maybe("meeting_url", "text"), (column("is_virtual", "bool"),), "is_virtual"),
    (column("deposit_amount", "numeric"), (column("deposit_required", "bool"),), "deposit_required"),
    (column("insurance_fee_cents", "int4"), (column("insurance_included", "bool"),), "insurance_included"),
    (column("tax_amount", "numeric"), (column("is_taxable", "bool"),), "is_taxable"),
    (column("billable_amount", "numeric"), (column("is_billable", "bool"),), "is_billable"),
    (column("price", "numeric"), (column("is_free", "bool"),), "is_free"),
    (column("price_cents", "int4"), (column("plan", labels=("free", "pro")),), "plan"),
    (column("passing_score", "int4"), (column("passed", "bool"),), None),
    (column("active_users", "int4"), (column("is_active", "bool"),), None),
    (maybe("end_date", "date"), (column("is_ongoing", "bool"),), "is_ongoing"),
    (maybe("expires_at"), (column("never_expires", "bool"),), "never_expires"),
    # What ends with the row.
    (column("auto_renew", "bool"), (column("status", labels=("active", "cancelled")),), "status"),
    (maybe("next_billing_date", "date"), (column("status", labels=("active", "expired")),), "status"),
    (maybe("next_visit_date", "date"), (STATUS,), None),
    (column("outstanding_balance", "numeric"), (column("status", labels=("active", "paid_off")),), "status"),
    (column("refunded_cents", "int4"), (STATUS,), "status"),
    (column("quantity_received", "int4"), (column("status", labels=("ordered", "received")),), "status"),
    # Columns of one event.
    (maybe("deleted_by", "uuid"), (maybe("deleted_at"),), "deleted_at"),
    (maybe("deletion_reason", "text"), (maybe("deleted_at"),), "deleted_at"),
    (maybe("deletion_reason", "text"), (column("deleted_at", "timestamptz"),), None),
    (maybe("deleted_at"), (maybe("deleted_by", "uuid"),), None),
    (column("login_count", "int4"), (maybe("last_login_at"),), "last_login_at"),
    (column("use_count", "int4", default="0"), (maybe("last_used_at"),), "last_used_at"),
    (maybe("revoked_at"), (column("revoked", "bool", default="false"),), "revoked"),
    (maybe("gift_message", "text"), (column("is_gift", "bool"),), "is_gift"),
    (maybe("winner_id", "int4"), (column("state", labels=("planned", "running", "finished")),), "state"),
    (maybe("assigned_to", "int4"), (column("status", labels=("new", "assigned", "done")),), "status"),
    # One value of another column.
    (maybe("card_brand", "text"), (column("method", labels=("card", "cash")),), "method"),
    (maybe("damage_description", "text"), (column("event", labels=("found", "damaged")),), "event"),
    (maybe("minutes_late", "int4"), (column("status", labels=("present", "late")),), "status"),
    (maybe("new_price", "numeric"), (column("status", labels=("new", "used")),), None),
    (maybe("premium_since"), (column("plan", labels=("free", "premium")),), "plan"),
    (maybe("filled_on", "date"), (column("is_open", "bool"),), "is_open"),
    # What a thing has whether it is in use or not.
    (maybe("current_mileage", "int4"), (column("status", labels=("available", "in_use")),), None),
    (maybe("current_location_id", "int4"), (column("status", labels=("available", "in_use")),), None),
    # No plan, as an end is.
    (
        maybe("termination_date", "date"),
        (column("hire_date", "date"), column("state", labels=("active", "terminated"))),
        "state",
    ),
    # What is planned beside what has happened.
    (maybe("delivery_date", "date"), (STATE,), "shipping_state"),
    (maybe("delivery_date", "date"), (STATE, maybe("delivered_at")), None),
]


@pytest.mark.parametrize(("ruled", "others", "by"), RULED, ids=lambda value: getattr(value, "name", None))
def test_what_rules_a_column(ruled: Column, others: tuple[Column, ...], by: str | None) -> None:
    for columns in ((*others, ruled), (ruled, *others)):
        rule = rule_of(table_of("orders", *columns), ruled)
        assert (rule and rule.uses) == (None if by is None else (by,))


def test_a_rule_tells_of_each_row() -> None:
    rule = rule_of(table_of("orders", STATUS, paid := maybe("paid_at")), paid)
    assert rule is not None
    assert [rule.happened({"status": label}) for label in STATUS.type.labels] == [False, True, True, False]
    assert rule.happened({"status": "gizmo"}) is None
    assert rule.happened({}) is None


def test_a_boolean_that_keeps_its_default_rules_all_rows() -> None:
    for default, expected in (("true", False), ("false", True)):
        flag = column("is_active", "bool", default=default)
        rule = rule_of(table_of("users", flag, gone := maybe("deactivated_at")), gone)
        assert rule is not None
        assert rule.happened({"is_active": None}) is expected


def test_a_boolean_tells_of_a_state_or_of_an_event() -> None:
    status = column("status", labels=("new", "online", "offline", "paid"))
    table = table_of("devices", status, online := column("is_online", "bool"))
    rule = rule_of(table, online)
    assert rule is not None
    assert [rule.happened({"status": label}) for label in ("new", "online", "offline")] == [
        False,
        True,
        False,
    ]


def test_a_status_that_keeps_its_default_rules_all_rows() -> None:
    status = column("status", default="'draft'::text")
    rule = rule_of(table_of("posts", status, published := maybe("published_at")), published)
    assert rule is not None
    # PostgreSQL sets the default, so the row has no value yet.
    assert rule.happened({"status": None}) is False


# A table, the only word of its status, the columns of which none has a value, and those of which it does not say it.
KEPT = [
    (
        "organisers",
        "pending",
        "verified_at suspended_at deactivated_at rejected_at",
        "updated_at last_seen_at",
    ),
    ("tickets", "valid", "voided_at void_reason used_at redeemed_at refunded_at expired_at", "issued_at"),
    (
        "gizmos",
        "pending",
        "approved_at rejected_at rejection_reason completed_at certified_at endorsed_by",
        "created_at",
    ),
    ("gizmos", "draft", "published_at archived_at ratified_at", "saved_at generated_at"),
    ("leases", "active", "terminated_at termination_reason expired_at", "signed_on_paper"),
    ("reports", "pending", "finalized_at failed_at failure_reason", "requested_at generated_at"),
    ("accounts", "active", "suspended_at suspension_reason closed_at banned_by", "last_login_at"),
    ("documents", "draft", "finalized_at rejected_at", "uploaded_at"),
    ("keys", "active", "revoked_at revoked_by", "rotated_at"),
    ("bids", "open", "withdrawn_at accepted_at", "placed_at"),
    ("gizmos", "standard", "cancelled_at suspended_at", "verified_at"),
]


@pytest.mark.parametrize(("name", "word", "empty", "open_"), KEPT)
def test_a_status_that_is_not_listed_has_come_to_no_end(name: str, word: str, empty: str, open_: str) -> None:
    status = column("status", default=f"'{word}'::character varying")
    names = [*empty.split(), *open_.split()]
    others = [maybe(each, "timestamptz" if each.endswith("_at") else "text") for each in names]
    table = table_of(name, status, *others)
    rules = {each.name: rule_of(table, each) for each in others}
    told = {each for each, rule in rules.items() if rule is not None and rule.happened({}) is False}
    assert told == {*empty.split()}


@pytest.mark.parametrize(
    ("status", "name", "rows"),
    [
        (("pending", "rejected", "approved"), "rejection_reason", [True, False, True]),
        (("active", "terminated"), "termination_reason", [True, False]),
        (("pending", "failed"), "failure_reason", [True, False]),
        (("pending", "failed"), "error_message", [True, False]),
        (("open", "resolved"), "resolution", [True, False]),
        (("new", "shipped"), "tracking_number", [True, False]),
        (("active", "cancelled"), "cancellation_notes", [True, False]),
        (("active", "cancelled"), "reason", None),
        (("active", "suspended"), "name", None),
    ],
)
def test_a_text_that_may_not_be_null_is_blank_without_its_event(
    status: tuple[str, ...], name: str, rows: list[bool] | None
) -> None:
    for told, blank in (
        (column(name, "text"), True),
        (column(name, "text", default="'none'::text"), False),
        (column(name, "text", declared=DeclaredColumn("m", minimum_length=1)), False),
    ):
        table = table_of("gizmos", column("status", labels=status), told)
        source = value_source(table, told, ValueDomain())
        assert source is not None
        if rows is None or not blank:
            assert "status" not in source.uses
        else:
            made = [source.choose(GENERATOR, {"status": label}) for label in status]
            assert [value == "" for value in made] == rows
            source = value_source(table, told, ValueDomain(minimum_length=1))
            assert source is not None
            assert "status" not in source.uses


@pytest.mark.parametrize(
    ("name", "labels", "ruled", "rows"),
    [
        ("units", ("vacant", "occupied", "offline"), "current_lease_id", [False, True, None]),
        ("rooms", ("available", "occupied"), "guest_id", [False, True]),
        ("beds", ("free", "taken"), "patient_id", [False, True]),
        ("vehicles", ("idle", "in_use"), "current_driver_id", [False, True]),
        ("copies", ("available", "on_loan", "lost"), "borrower_id", [False, True, None]),
        ("lockers", ("empty", "rented"), "assigned_to", [False, True]),
    ],
)
def test_what_is_vacant_is_nobodys(
    name: str, labels: tuple[str, ...], ruled: str, rows: list[bool | None]
) -> None:
    of = maybe(ruled, "int4")
    rule = rule_of(table_of(name, column("status", labels=labels), of), of)
    assert rule is not None
    assert [rule.happened({"status": label}) for label in labels] == rows


def test_an_inspection_finds_nothing_before_it_is_completed() -> None:
    for name in ("issue_count", "defects_found", "score"):
        found = maybe(name, "int4")
        rule = rule_of(table_of("inspections", maybe("completed_at"), found), found)
        assert rule is not None
        assert rule.uses == ("completed_at",)


PAID = maybe("paid_at")
NAME = TableName("public", "orders")
BOUND = {
    "a key": Table(NAME, (STATUS, PAID), uniques=(UniqueKey("k", ("paid_at",)),)),
    "a predicate": Table(
        NAME,
        (STATUS, PAID),
        uniques=(UniqueKey("k", ("status",), definition="x USING btree (status) WHERE paid_at IS NULL"),),
    ),
    "a composite reference": Table(
        NAME, (STATUS, PAID), foreign_keys=(ForeignKey("f", ("status", "paid_at"), NAME, ("a", "b")),)
    ),
    "a generated column": Table(
        NAME, (STATUS, PAID, column("was_paid", "bool", generated=True, default="(paid_at IS NOT NULL)"))
    ),
}


@pytest.mark.parametrize("table", BOUND.values(), ids=BOUND)
def test_constraints_win(table: Table) -> None:
    assert rule_of(table, PAID) is None


@pytest.mark.parametrize(
    ("name", "kind", "before", "after"),
    [
        ("is_paid", "bool", {False}, {True}),
        ("paid_amount", "numeric", {0}, {Decimal(30)}),
        ("attempt_count", "int4", {0}, None),
        ("paid_by", "text", {None}, None),
        ("paid_at", "timestamptz", {None}, None),
    ],
)
def test_what_is_written_before_and_after_the_event(
    name: str, kind: str, before: set[object], after: set[object] | None
) -> None:
    ruled = column(name, kind, nullable=kind in ("text", "timestamptz"))
    status = column("status", labels=("queued", "running")) if name == "attempt_count" else STATUS
    table = table_of("orders", status, column("total", "numeric"), ruled)
    source = value_source(table, ruled, value_domain(table, ruled))
    assert source is not None
    assert source.ruled
    first, second = status.type.labels[:2]
    found = {
        label: {source.choose(GENERATOR, {"status": label, "total": Decimal(30)}) for _ in range(20)}
        for label in (first, second)
    }
    assert found[first] == before
    if after is None:
        assert not found[second] & {None, 0}
    else:
        assert found[second] == after


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        # A status or a boolean, what is whole, a part of it, and by value of the first what that may be.
        (
            "draft|partially_paid|paid|void total_amount:numeric paid_amount:numeric",
            {"draft": (0, 0), "partially_paid": (1, 29), "paid": (30, 30), "void": (0, 0)},
        ),
        (
            "unpaid|partial|paid amount_cents paid_cents",
            {"unpaid": (0, 0), "partial": (1, 29), "paid": (30, 30)},
        ),
        (
            "captured|refunded|partially_refunded amount_cents refunded_cents",
            {"captured": (0, 0), "refunded": (30, 30), "partially_refunded": (1, 29)},
        ),
        ("failed|captured amount_cents captured_cents", {"failed": (0, 0), "captured": (30, 30)}),
        (
            "ordered|partially_received|received quantity_ordered quantity_received",
            {"ordered": (0, 0), "partially_received": (1, 29), "received": (30, 30)},
        ),
        (
            "entwurf|teilbezahlt|bezahlt|storniert gesamtbetrag:numeric bezahlter_betrag:numeric",
            {"entwurf": (0, 0), "teilbezahlt": (1, 29), "bezahlt": (30, 30), "storniert": (0, 0)},
        ),
        (
            "active|paid_off principal:numeric outstanding_balance:numeric",
            {"active": (1, 29), "paid_off": (0, 0)},
        ),
        (
            "submitted|rejected|paid approved_amount:numeric paid_amount:numeric",
            {"submitted": (0, 0), "rejected": (0, 0), "paid": (30, 30)},
        ),
    ],
)
def test_a_status_bounds_what_is_a_part_of_an_amount(text: str, rows: dict[str, tuple[int, int]]) -> None:
    labels, *numbers = text.split()
    kinds = (each.partition(":") for each in numbers)
    first, last = (column(name, kind or "int4", default="0") for name, _, kind in kinds)
    table = table_of("invoices", column("status", labels=tuple(labels.split("|"))), first, last)
    source = value_source(table, last, value_domain(table, last))
    assert source is not None
    assert source.ruled
    whole = Decimal(30) if last.type.name == "numeric" else 30
    for label, (least, most) in rows.items():
        for _ in range(5):
            found: Any = source.choose(GENERATOR, {"status": label, first.name: whole})
            assert least <= found <= most, label


# The noun of a row, its statuses, the table that it references with the statuses of that, and by these the row's own.
PARTS: list[tuple[str, str, str, str, dict[str, set[str]]]] = [
    (
        "payments", "PENDING POSTED REVERSED", "invoices", "DRAFT ISSUED PARTIALLY_PAID PAID VOID",
        {"DRAFT": {"PENDING"}, "VOID": {"PENDING"}, "PARTIALLY_PAID": {"POSTED"}, "PAID": {"POSTED"}},
    ),
    (
        "payments", "pending captured failed refunded", "orders", "pending paid shipped cancelled refunded",
        {"pending": {"pending", "failed"}, "shipped": {"captured"}, "refunded": {"refunded"}},
    ),
    (
        "refunds", "pending succeeded failed", "payments", "pending captured failed refunded",
        {"failed": {"pending", "failed"}, "captured": {"pending", "failed"}, "refunded": {"succeeded"}},
    ),
    (
        "refunds", "pending succeeded failed", "payments", "pending captured failed",
        {"failed": {"pending", "failed"}, "captured": {"pending", "succeeded", "failed"}},
    ),
    (
        "shipments", "pending in_transit delivered", "orders", "pending paid shipped delivered",
        {"pending": {"pending"}, "paid": {"pending"}, "shipped": {"in_transit"}, "delivered": {"delivered"}},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "own", "parent", "its", "rows"), PARTS)
def test_the_status_of_a_part_agrees_with_that_of_the_whole(
    name: str, own: str, parent: str, its: str, rows: dict[str, set[str]]
) -> None:
    status = column("status", labels=tuple(own.split()))
    whole = Table(TableName("", parent), (column("id", "int4"), column("status", labels=tuple(its.split()))))
    key = ForeignKey("k", ("whole_id",), whole.name, ("id",))
    part = Table(TableName("", name), (column("whole_id", "int4"), status), foreign_keys=(key,))
    parents = (ReferencedTable(key, whole, 0),)
    choice = choice_of(part, status, (), parents)
    assert choice is not None
    assert {label: {*choice.weighted({choice.uses[0]: label})[0]} for label in rows} == rows
    assert choice_of(part, status, ("status",), parents) is None


def test_a_reference_of_some_kinds_of_rows() -> None:
    labels = ("task_assigned", "comment_added", "invoice_paid")
    kind, task = column("type", labels=labels), maybe("task_id", "int4")
    key = ForeignKey("k", ("task_id",), TableName("", "tasks"), ("id",))
    table = Table(TableName("", "notifications"), (kind, task), foreign_keys=(key,))
    rule = rule_of(table, task)
    assert rule is not None
    assert [rule.happened({"type": label}) for label in labels] == [True, True, False]


def test_a_column_that_a_check_requires_keeps_its_values() -> None:
    check = Check("c", "(paid_at IS NOT NULL)", ("paid_at",))
    table = Table(NAME, (STATUS, PAID), checks=(check,))
    source = value_source(table, PAID, value_domain(table, PAID))
    assert source is not None
    assert not source.ruled


# By the row's status the statuses of its payment and its delivery, of those that have no better one.
AGREEING = [
    ("pending", {"unpaid"}, {"pending"}),
    ("paid", {"paid"}, {"pending"}),
    ("shipped", {"paid"}, {"in_transit"}),
    ("cancelled", {"refunded"}, {"pending"}),
]


@pytest.mark.parametrize(("status", "payments", "deliveries"), AGREEING)
def test_statuses_of_one_row_agree(status: str, payments: set[str], deliveries: set[str]) -> None:
    table = table_of("orders", PAYMENT, STATE, STATUS)
    assert [each.column.name for each in statuses_of(table)] == ["status", "payment_status", "shipping_state"]
    for following, expected in ((PAYMENT, payments), (STATE, deliveries)):
        choice = choice_of(table, following)
        assert choice is not None
        assert choice.uses == ("status",)
        labels, weights = choice.weighted({"status": status})
        assert set(labels) == expected
        assert len(weights) == len(labels)
    assert choice_of(table, STATUS) is None


@pytest.mark.parametrize(
    ("given", "labels"),
    [
        ({"paid_at": "2025-01-01"}, ["paid", "shipped"]),
        ({"paid_at": None}, ["pending", "cancelled"]),
        ({"is_cancelled": True}, ["cancelled"]),
        ({"is_cancelled": False}, ["pending", "paid", "shipped"]),
        ({"payment_status": "paid"}, ["paid", "shipped"]),
    ],
)
def test_a_status_follows_what_is_given(given: dict[str, object], labels: list[str]) -> None:
    table = table_of("orders", STATUS, PAID, column("is_cancelled", "bool"), PAYMENT)
    choice = choice_of(table, STATUS, given)
    assert choice is not None
    assert choice.weighted(given)[0] == labels


def test_a_status_whose_default_stays_follows_nothing() -> None:
    payment = column("payment_status", default="'unpaid'::text")
    assert choice_of(table_of("orders", STATUS, payment), payment) is None


def test_a_status_is_dealt_by_its_weights() -> None:
    table = table_of("orders", STATUS)
    source = value_source(table, STATUS, value_domain(table, STATUS))
    assert source is not None
    assert (source.choices, source.weights) == (STATUS.type.labels, (2, 2, 8, 1))
    assert weights_of(table, column("kind", labels=("a", "b")), ("a", "b")) == ()
    # A text that lists no statuses has those of its table.
    free = column("status")
    source = value_source(table_of("jobs", free), free, value_domain(table_of("jobs", free), free))
    assert source is not None
    assert (source.choices, source.weights) == (("queued", "running", "succeeded", "failed"), (2, 2, 8, 1))
    narrow = column("status", length=6)
    source = value_source(table_of("jobs", narrow), narrow, value_domain(table_of("jobs", narrow), narrow))
    assert source is not None
    assert source.choices == ()


@pytest.mark.parametrize("others", [("city", "zip"), ("country",)])
def test_a_state_of_an_address_is_no_status(others: tuple[str, ...]) -> None:
    assert statuses_of(table_of("addresses", column("state"), *map(column, others))) == ()


def _with_reference(labels: tuple[str, ...], *more: Column) -> tuple[Table, tuple[ReferencedTable, ...]]:
    """Orders that reference a table of statuses, and that table as the orders see it."""
    checks = (
        (Check("c", f"(code = ANY (ARRAY[{', '.join(map(repr, labels))}]))", ("code",)),) if labels else ()
    )
    statuses = Table(
        TableName("public", "order_statuses"), (column("id", "int4"), column("code")), ("id",), checks=checks
    )
    key = ForeignKey("k", ("status_id",), statuses.name, ("id",))
    orders = Table(TableName("public", "orders"), (column("status_id", "int4"), *more), foreign_keys=(key,))
    return orders, (ReferencedTable(key, statuses, 0),)


@pytest.mark.parametrize("labels", [("NEW", "PAID", "SHIPPED", "CANC"), ()])
@pytest.mark.parametrize(
    ("name", "label", "happened"),
    [
        ("shipped_at", "NEW", False),
        ("shipped_at", "SHIPPED", True),
        ("paid_at", "SHIPPED", True),
        ("cancelled_at", "CANC", True),
        ("cancelled_at", "PAID", False),
        ("cancellation_reason", "CANC", True),
    ],
)
def test_statuses_of_a_referenced_table(
    labels: tuple[str, ...], name: str, label: str, happened: bool
) -> None:
    followed = column(name, "text" if "reason" in name else "timestamptz", nullable=True)
    orders, parents = _with_reference(labels, followed)
    rule = rule_of(orders, followed, parents=parents)
    assert rule is not None
    assert rule.happened({parents[0].column("code").name: label}) is happened


# Columns, the last of which has a value in some rows, its comment, and the rows: the value of the first, and whether.
TOLD: list[tuple[tuple[Column, ...], str, dict[object, bool | None]]] = [
    ((column("is_gift", "bool"), column("gift_message")), "", {True: True, False: False}),
    ((column("hasPets", "bool"), column("petNotes")), "", {True: True, False: False}),
    ((column("accepted", "bool"), column("rejection_reason")), "", {True: False, False: True}),
    ((column("is_active", "bool"), column("discontinued_on", "date")), "", {True: False, False: True}),
    ((column("is_completed", "bool"), column("skipped_at", "timestamptz")), "", {True: False, False: None}),
    (
        (column("follow_up_required", "bool"), column("follow_up_date", "date")),
        "",
        {True: True, False: False},
    ),
    ((column("is_refundable", "bool"), column("refund_deadline", "date")), "", {True: None, False: False}),
    ((column("fee_waived", "bool"), column("fee_amount", "numeric")), "", {True: False, False: True}),
    ((column("auto_renew_x", "bool"), column("next_billing_date", "date")), "", {True: None}),
    ((column("is_active", "bool"), column("inactive_since", "date")), "", {True: False, False: True}),
    (
        (column("is_airport", "bool"), column("iata_code")),
        "only for airport stations",
        {True: True, False: False},
    ),
    (
        (column("is_mobile", "bool"), column("plate")),
        "Only mobile sites have a vehicle",
        {True: True, False: False},
    ),
    (
        (
            column("status", "int2", comment="0 = open, 1 = in progress, 2 = resolved"),
            column("resolved_at", "timestamptz"),
        ),
        "",
        {0: False, 1: False, 2: True},
    ),
    (
        (column("state", "s", labels=("booked", "moored", "departed")), column("arrived_at", "timestamptz")),
        "",
        {"booked": False, "moored": True, "departed": True},
    ),
    (
        (column("state", "s", labels=("ongoing", "completed", "voided")), column("exited_at", "timestamptz")),
        "",
        {"ongoing": False, "completed": True},
    ),
    (
        (
            column("stage", "s", labels=("fermenting", "ageing", "bottled")),
            column("fermentation_ended_at", "timestamptz"),
        ),
        "",
        {"fermenting": False, "ageing": True, "bottled": True},
    ),
    (
        (column("status", "s", labels=("issued", "paid", "waived")), column("paid_at", "timestamptz")),
        "",
        {"issued": False, "paid": True, "waived": False},
    ),
    (
        (column("state", "s", labels=("open", "rejected", "accepted")), column("decided_at", "timestamptz")),
        "",
        {"open": False, "rejected": True, "accepted": True},
    ),
    (
        (
            column("state", "s", labels=("reported", "on_scene", "closed")),
            column("first_on_scene_at", "timestamptz"),
        ),
        "",
        {"reported": False, "on_scene": True, "closed": True},
    ),
    (
        (column("method", "s", labels=("cash", "card")), column("receipt")),
        "set only if paid in cash",
        {"cash": True, "card": False},
    ),
    ((column("is_gift", "bool"), column("note")), "a text of any kind", {True: None}),
    # A decision is what a case is resolved by, a draft is not final, and a journey under way has no end.
    *(
        ((column("status", "s", labels=tuple(rows)), column(name, kind)), "", rows)
        for name, kind, rows in (
            (
                "resolved_at",
                "timestamptz",
                {"open": False, "under_review": False, "approved": True, "paid": True},
            ),
            (
                "adjudicated_at",
                "timestamptz",
                {"filed": False, "denied": True, "approved": True, "settled": True},
            ),
            ("resolved_at", "timestamptz", {"pending": False, "upheld": True, "dismissed": True}),
            (
                "resolved_at",
                "timestamptz",
                {"open": False, "pending": False, "resolved": True, "closed": True},
            ),
            ("finalized_at", "timestamptz", {"provisional": False, "final": True}),
            ("finalised_at", "timestamptz", {"preliminary": False, "final": True, "amended": True}),
            ("finalized_at", "timestamptz", {"draft": False, "finalized": True, "paid": True}),
            ("end_odometer_km", "int4", {"planned": False, "in_progress": False, "completed": True}),
            ("return_odometer", "int4", {"reserved": False, "active": False, "returned": True}),
            ("end_latitude", "float8", {"requested": False, "ongoing": False, "finished": True}),
            ("minutes_late", "int4", {"present": False, "absent": False, "late": True, "excused": False}),
            ("late_minutes", "int4", {"on_time": False, "late": True, "absent": False}),
            ("early_minutes", "int4", {"present": False, "left_early": True, "late": False}),
        )
    ),
]


@pytest.mark.parametrize(("columns", "comment", "rows"), TOLD)
def test_what_tells_of_a_column(
    columns: tuple[Column, ...], comment: str, rows: dict[object, bool | None]
) -> None:
    first, last = columns
    last = replace(last, nullable=True, comment=comment)
    rule = rule_of(table_of("things", first, last), last)
    told = {value: None if rule is None else rule.happened({first.name: value}) for value in rows}
    assert told == rows
