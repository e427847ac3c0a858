"""Rows agree with those that they reference: in time, in what they copy, and where two references meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import NullPool

from pytest_supaseed import pipeline
from pytest_supaseed.markers import parse_seed
from pytest_supaseed.model.schema import Snapshot
from pytest_supaseed.rows.cells import LARGE
from pytest_supaseed.sources.source import load, resolve
from pytest_supaseed.spec import SeedSpec

FOLDER = Path(__file__).parents[1] / "schemas" / "agreement"
TABLES = (
    *("customers", "addresses", "products", "orders", "order_items", "reviews"),
    *("patients", "doctors", "appointments", "encounters", "prescriptions"),
    *("organizations", "users", "memberships", "projects", "tasks", "comments"),
    *("subscriptions", "invoices", "payments"),
    *("schools", "students", "courses", "enrollments", "warehouses", "shipments"),
)
# Table, its reference, and the two moments of which the first is the later one.
AGES = (
    ("addresses", "customer_id", "customers", "created_at", "created_at"),
    ("orders", "customer_id", "customers", "ordered_at", "created_at"),
    ("orders", "shipping_address_id", "addresses", "ordered_at", "created_at"),
    ("orders", "customer_id", "customers", "shipped_at", "created_at"),
    ("orders", "customer_id", "customers", "updated_at", "created_at"),
    ("order_items", "order_id", "orders", "created_at", "ordered_at"),
    ("order_items", "product_id", "products", "created_at", "created_at"),
    ("reviews", "product_id", "products", "posted_on", "created_at::date"),
    ("appointments", "patient_id", "patients", "created_at", "registered_at"),
    ("appointments", "doctor_id", "doctors", "created_at", "created_at"),
    ("encounters", "appointment_id", "appointments", "started_at", "created_at"),
    ("encounters", "patient_id", "patients", "started_at", "registered_at"),
    ("prescriptions", "encounter_id", "encounters", "prescribed_on", "started_at::date"),
    ("memberships", "organization_id", "organizations", "joined_at", "created_at"),
    ("memberships", "user_id", "users", "joined_at", "created_at"),
    ("projects", "organization_id", "organizations", "created_at", "created_at"),
    ("projects", "owner_id", "users", "created_at", "created_at"),
    ("tasks", "project_id", "projects", "created_at", "created_at"),
    ("tasks", "assignee_id", "users", "created_at", "created_at"),
    ("comments", "task_id", "tasks", "created_at", "created_at"),
    ("comments", "author_id", "users", "created_at", "created_at"),
    ("comments", "parent_id", "comments", "created_at", "created_at"),
    ("subscriptions", "organization_id", "organizations", "started_at", "created_at"),
    ("invoices", "subscription_id", "subscriptions", "issued_at", "started_at"),
    ("payments", "invoice_id", "invoices", "paid_at", "issued_at"),
    ("students", "school_id", "schools", "enrolled_on", "created_at::date"),
    ("courses", "school_id", "schools", "created_at", "created_at"),
    ("enrollments", "student_id", "students", "enrolled_at", "enrolled_on"),
    ("enrollments", "course_id", "courses", "enrolled_at", "created_at"),
    ("shipments", "order_id", "orders", "created_at", "ordered_at"),
    ("shipments", "warehouse_id", "warehouses", "created_at", "opened_on"),
    ("shipments", "order_id", "orders", "delivered_at", "ordered_at"),
)
# Table, its reference, and a column with what it copies.
COPIES = (
    ("orders", "customer_id", "customers", "customer_name", "p.first_name || ' ' || p.last_name"),
    ("orders", "customer_id", "customers", "customer_email", "p.email"),
    ("orders", "customer_id", "customers", "currency", "p.currency"),
    ("orders", "shipping_address_id", "addresses", "shipping_city", "p.city"),
    ("orders", "shipping_address_id", "addresses", "shipping_zip", "p.postal_code"),
    ("orders", "billing_address_id", "addresses", "billing_country", "p.country_code"),
    ("order_items", "product_id", "products", "sku", "p.sku"),
    ("order_items", "product_id", "products", "product_name", "p.name"),
    ("order_items", "product_id", "products", "unit_price", "p.price"),
    ("appointments", "patient_id", "patients", "patient_name", "p.first_name || ' ' || p.last_name"),
    ("prescriptions", "patient_id", "patients", "patient_mrn", "p.mrn"),
    ("tasks", "project_id", "projects", "organization_id", "p.organization_id"),
    # Of the row that the referenced one references.
    (
        "tasks",
        "project_id",
        "projects",
        "organization_slug",
        "(SELECT o.slug FROM organizations o WHERE o.id = p.organization_id)",
    ),
    ("invoices", "subscription_id", "subscriptions", "currency", "p.currency"),
    ("payments", "invoice_id", "invoices", "currency", "p.currency"),
    ("enrollments", "student_id", "students", "student_name", "p.full_name"),
    ("enrollments", "course_id", "courses", "course_title", "p.title"),
    ("shipments", "warehouse_id", "warehouses", "timezone", "p.timezone"),
)
_MEMBER = "EXISTS (SELECT FROM memberships m WHERE m.organization_id = {} AND m.user_id = {})"
# Table, what it is joined to, and what has to hold.
DIAMONDS = (
    ("orders", "JOIN addresses a ON a.id = t.shipping_address_id", "a.customer_id = t.customer_id"),
    ("orders", "JOIN addresses a ON a.id = t.billing_address_id", "a.customer_id = t.customer_id"),
    ("encounters", "JOIN appointments a ON a.id = t.appointment_id", "a.patient_id = t.patient_id"),
    ("encounters", "JOIN appointments a ON a.id = t.appointment_id", "a.doctor_id = t.doctor_id"),
    ("prescriptions", "JOIN encounters a ON a.id = t.encounter_id", "a.patient_id = t.patient_id"),
    ("projects", "", _MEMBER.format("t.organization_id", "t.owner_id")),
    (
        "tasks",
        "JOIN projects p ON p.id = t.project_id",
        _MEMBER.format("p.organization_id", "t.assignee_id"),
    ),
    (
        "comments",
        "JOIN tasks k ON k.id = t.task_id JOIN projects p ON p.id = k.project_id",
        _MEMBER.format("p.organization_id", "t.author_id"),
    ),
    ("comments", "JOIN comments a ON a.id = t.parent_id", "a.task_id = t.task_id"),
    ("invoices", "JOIN subscriptions a ON a.id = t.subscription_id", "a.organization_id = t.organization_id"),
    ("payments", "JOIN invoices a ON a.id = t.invoice_id", "a.organization_id = t.organization_id"),
    (
        "enrollments",
        "JOIN students a ON a.id = t.student_id JOIN courses c ON c.id = t.course_id",
        "a.school_id = c.school_id",
    ),
    ("shipments", "JOIN orders a ON a.id = t.order_id", "a.customer_id = t.customer_id"),
)


def rules(tables: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    """Yield the kind of a rule, its name, and the query of the rows that keep it and of all rows."""
    for table, key, parent, own, its in AGES:
        if {table, parent} <= tables.keys():
            yield (
                "age",
                f"{table}.{own} after {parent}.{its}",
                f"SELECT count(*) FILTER (WHERE t.{own} >= p.{its}), count(*) FROM {table} t "
                f"JOIN {parent} p ON p.id = t.{key} WHERE t.{own} IS NOT NULL",
            )
    for table, key, parent, own, its in COPIES:
        if {table, parent} <= tables.keys():
            yield (
                "copy",
                f"{table}.{own} of {parent}",
                f"SELECT count(*) FILTER (WHERE t.{own} IS NOT DISTINCT FROM {its}), count(*) FROM {table} t "
                f"JOIN {parent} p ON p.id = t.{key}",
            )
    for table, joined, condition in DIAMONDS:
        if table in tables:
            yield (
                "diamond",
                f"{table}: {condition}",
                f"SELECT count(*) FILTER (WHERE {condition}), count(*) FROM {table} t {joined}",
            )


@pytest.fixture(scope="module")
def agreeing(create_database: Callable[[], URL]) -> Iterator[tuple[Connection, Snapshot]]:
    url = create_database()
    load(resolve(FOLDER / "agreeing.sql", FOLDER), url)
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("SET timezone = 'UTC'")
        yield connection, pipeline.read(connection)
    engine.dispose()


def kept(
    agreeing: tuple[Connection, Snapshot], counts: Mapping[str, object]
) -> dict[str, list[tuple[str, int, int]]]:
    """Seed tables, and return by the kind of a rule each rule with the rows that keep it and all rows."""
    connection, snapshot = agreeing
    connection.rollback()
    found, problems = parse_seed((counts,), {})
    assert not problems
    spec = SeedSpec(found, limit=100_000)
    pipeline.seed(connection, snapshot.schema, pipeline.plan(connection, snapshot, spec))
    result: dict[str, list[tuple[str, int, int]]] = {}
    for kind, name, query in rules(counts):
        [(number, whole)] = connection.exec_driver_sql(query).all()
        result.setdefault(kind, []).append((name, number, whole))
    connection.rollback()
    return result


@pytest.mark.parametrize("rows", [1, 7, 50])
def test_rows_agree_with_those_that_they_reference(agreeing: tuple[Connection, Snapshot], rows: int) -> None:
    found = kept(agreeing, dict.fromkeys(TABLES, rows))
    assert {kind: [each for each in rules if each[1] < each[2]] for kind, rules in found.items()} == {
        "age": [],
        "copy": [],
        "diamond": [],
    }


def test_rows_of_large_tables_agree_as_well(agreeing: tuple[Connection, Snapshot]) -> None:
    counts = {"customers": 300, "addresses": 300, "products": 90, "orders": LARGE + 100}
    found = kept(agreeing, {**counts, "order_items": LARGE + 100})
    assert [each for rules in found.values() for each in rules if each[1] < each[2]] == []


def test_where_counts_differ_nearly_all_agree(agreeing: tuple[Connection, Snapshot]) -> None:
    counts = {"organizations": 6, "users": 20, "memberships": 40, "projects": 12, "tasks": 60, "comments": 90}
    found = kept(agreeing, {**counts, "subscriptions": 6, "invoices": 30, "payments": 30})
    assert all(number == whole for kind in ("age", "copy") for _, number, whole in found[kind])
    numbers = [(number, whole) for _, number, whole in found["diamond"]]
    assert sum(number for number, _ in numbers) >= 0.95 * sum(whole for _, whole in numbers)
