"""Which columns repeat a value of a row that their own row references, and of which column."""

from __future__ import annotations

from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from test_aggregates import spelt_table

from builders import column, reference, schema, table, unique
from pytest_supaseed.constraints.column import value_domain
from pytest_supaseed.model.referenced import (
    ReferencedTable,
    referenced_tables,
    used_columns,
)
from pytest_supaseed.model.schema import Check, Column, Schema, Table, UniqueKey
from pytest_supaseed.values.column import value_source
from pytest_supaseed.values.meanings.copies import copied

CUSTOMERS = table(
    "customers",
    *(column(name) for name in ("email", "first_name", "last_name", "phone", "currency", "status", "notes")),
)
ADDRESSES = table(
    "addresses", *(column(name) for name in ("street", "city", "postal_code", "state", "country_code"))
)
PRODUCTS = table(
    "products",
    *(column(name) for name in ("sku", "name", "status")),
    column("price", "numeric"),
    column("weight", "numeric"),
    column("daily_rate", "numeric"),
    column("store_id", "int4"),
)


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("text", "customer_email", ["email"]),
        ("text", "customer_name", ["first_name", "last_name"]),
        ("varchar", "customer_phone", ["phone"]),
        ("text", "customer_email_address", ["email"]),
        ("text", "customer_mobile", ["phone"]),
        ("text", "cardholder_name", ["first_name", "last_name"]),
        ("text", "payer_email", ["email"]),
        ("text", "billing_email", ["email"]),
        ("text", "currency", ["currency"]),
        ("text", "product_sku", ["sku"]),
        ("text", "sku", ["sku"]),
        ("text", "product_name", ["name"]),
        ("numeric", "unit_price", ["price"]),
        ("numeric", "price", ["price"]),
        ("numeric", "daily_rate", ["daily_rate"]),
        ("text", "shipping_city", ["city"]),
        ("text", "ship_city", ["city"]),
        ("text", "shipping_zip", ["postal_code"]),
        ("text", "shipping_state", ["state"]),
        ("text", "shipping_address_city", ["city"]),
        ("int4", "store_id", ["store_id"]),
        # As it was then, by another noun, and of the person that the row is of.
        ("text", "name_snapshot", ["name"]),
        ("text", "original_sku", ["sku"]),
        ("text", "item_name", ["name"]),
        ("text", "client_phone", ["phone"]),
        ("text", "author_first_name", ["first_name"]),
        ("text", "reviewer_name", ["first_name", "last_name"]),
        ("text", "emboss_last_name", ["last_name"]),
        ("text", "dropoff_street", ["street"]),
        # What each row has for itself.
        ("text", "approver_name", []),
        ("text", "product_status", []),
        ("text", "status_snapshot", ["status"]),
        ("text", "customer_status", []),
        ("text", "customer_notes", []),
        ("text", "name", []),
        ("text", "status", []),
        ("text", "email", []),
        ("numeric", "weight", []),
        ("text", "passenger_name", []),
        ("text", "emergency_contact_name", []),
        ("int4", "unit_price_cents", []),
        # Of another type.
        ("int4", "customer_email", []),
        ("bool", "product_sku", []),
    ],
)
def test_copies(kind: str, name: str, expected: list[str]) -> None:
    lines, parents = line(column(name, kind))
    found = copied(lines, lines.column(name), parents)
    assert [each.column.name for each in (found.columns if found is not None else ())] == expected


def line(*parts: Column | UniqueKey | Check) -> tuple[Table, tuple[ReferencedTable, ...]]:
    """A table with columns that may be copies, and the tables that it references."""
    found = schema(
        CUSTOMERS,
        ADDRESSES,
        PRODUCTS,
        table(
            "lines",
            *parts,
            reference("customer_id", "customers"),
            reference("shipping_address_id", "addresses"),
            reference("product_id", "products"),
        ),
    )
    lines = next(each for each in found.tables if each.name.name == "lines")
    return lines, referenced_tables(found, lines, lines.foreign_keys)


def test_the_role_of_a_reference_counts_before_its_table() -> None:
    found = schema(
        table("employees", column("first_name"), column("last_name")),
        table(
            "leave_requests",
            column("employee_name"),
            column("approver_name"),
            reference("approver_id", "employees"),
            reference("employee_id", "employees"),
        ),
    )
    of = found.tables[1]
    parents = referenced_tables(found, of, of.foreign_keys)
    for name in ("employee", "approver"):
        copy = copied(of, of.column(f"{name}_name"), parents)
        assert copy is not None
        assert copy.parent.foreign_key.columns == (f"{name}_id",)


@pytest.mark.parametrize(
    ("parts", "name", "expected"),
    [
        ([column("salary_currency")], "currency", "salary_currency"),
        ([column("billing_currency")], "currency_code", "billing_currency"),
        ([column("base_currency"), column("quote_currency")], "currency", None),
        ([column("salary_currency")], "target_currency", None),
        ([column("email_address"), column("full_name")], "account_holder_name", "full_name"),
        ([column("work_email"), column("full_name")], "employee_email", "work_email"),
    ],
)
def test_what_a_parent_calls_otherwise(parts: list[Column], name: str, expected: str | None) -> None:
    found = schema(
        table("employees", *parts),
        table("payslips", column(name), reference("employee_id", "employees")),
    )
    of = found.tables[1]
    copy = copied(of, of.column(name), referenced_tables(found, of, of.foreign_keys))
    assert (copy and copy.columns[0].column.name) == expected


def test_the_currency_of_a_row_two_references_away() -> None:
    found = schema(
        table("plans", column("price_currency")),
        table("subscriptions", reference("plan_id", "plans")),
        table("invoices", column("currency"), reference("subscription_id", "subscriptions")),
    )
    of = next(each for each in found.tables if each.name.name == "invoices")
    copy = copied(of, of.column("currency"), referenced_tables(found, of, of.foreign_keys))
    assert copy is not None
    assert copy.columns[0].column.name == "price_currency"


def test_a_holder_of_two_persons_is_not_known() -> None:
    found = schema(
        table("clients", column("full_name")),
        table("agents", column("full_name")),
        table(
            "cards",
            column("cardholder_name"),
            reference("agent_id", "agents"),
            reference("client_id", "clients"),
        ),
    )
    of = next(each for each in found.tables if each.name.name == "cards")
    assert copied(of, of.column("cardholder_name"), referenced_tables(found, of, of.foreign_keys)) is None


def test_a_unique_column_copies_nothing() -> None:
    lines, parents = line(column("sku"), unique("sku"))
    assert copied(lines, lines.column("sku"), parents) is None


def value(parts: list[Column | Check], name: str, row: dict[str, Any]) -> object:
    """The value of a column whose row references rows with these values, by the names of their columns."""
    lines, parents = line(*parts)
    source = value_source(
        lines, lines.column(name), value_domain(lines, lines.column(name)), (), parents=parents
    )
    assert source is not None
    seen = {each.name: row.get(each.column.name) for each in used_columns(parents, source.uses)}
    keys = {key.columns[0]: 1 for key in lines.foreign_keys}
    return source.choose(SimpleNamespace(random=Random(0)), {**keys, **row.get("own", {}), **seen})  # type: ignore[arg-type]


def test_values_of_copies() -> None:
    assert (
        value([column("customer_email")], "customer_email", {"email": "ann@example.com"}) == "ann@example.com"
    )
    assert (
        value([column("customer_name")], "customer_name", {"first_name": "Ann", "last_name": "Lee"})
        == "Ann Lee"
    )
    assert value([column("sku", nullable=True)], "sku", {"sku": None}) is None


@pytest.mark.parametrize(
    ("parts", "name", "row"),
    [
        # Too long, refused by a CHECK, NULL where the column is NOT NULL, and no row that is referenced.
        ([column("sku", "varchar", length=4)], "sku", {"sku": "TOO-LONG"}),
        ([column("sku"), Check("c", "(sku <> 'A-1'::text)", ("sku",))], "sku", {"sku": "A-1"}),
        ([column("sku")], "sku", {"sku": None}),
        ([column("sku")], "sku", {"sku": "A-1", "own": {"product_id": None}}),
    ],
)
def test_what_a_column_does_not_take_is_not_copied(
    parts: list[Column | Check], name: str, row: dict[str, Any]
) -> None:
    found = value(parts, name, row)
    assert isinstance(found, str)
    assert found != row["sku"]


# Tables as ``name(column type, column>table, ...)``, a column of the first one, and what it copies; None for nothing.
COPIES: list[tuple[str, str, str | None]] = [
    # Of what is two references away, where the reference between is called after it.
    ("lines(product_variant_id>product_variants, product_name text); product_variants(product_id>products, title text);"
     " products(name text)", "product_name", "products.name"),
    ("lines(variant_id>variants, product_title text, variant_title text); variants(product_id>products, title text);"
     " products(name text)", "product_title", "products.name"),
    ("lines(variant_id>variants, product_title text, variant_title text); variants(product_id>products, title text);"
     " products(name text)", "variant_title", "variants.title"),
    ("tickets(movie_showing_id>movie_showings, movie_title text); movie_showings(movie_id>movies, title text);"
     " movies(title text)", "movie_title", "movies.title"),
    ("enrollments(course_section_id>course_sections, course_name text); course_sections(course_id>courses, name text);"
     " courses(title text)", "course_name", "courses.title"),
    ("bookings(room_id>rooms, room_type_name text); rooms(room_type_id>room_types, name text); room_types(name text)",
     "room_type_name", "room_types.name"),
    ("returns(order_item_id>order_items, order_number text); order_items(order_id>orders, name text);"
     " orders(order_number text)", "order_number", "orders.order_number"),
    ("loans(copy_id>copies, book_title text); copies(title_id>books, barcode text); books(title text)",
     "book_title", "books.title"),
    ("bids(lot_id>lots, seller_name text); lots(consigned_by>sellers, title text); sellers(name text)",
     "seller_name", "sellers.name"),
    ("messages(sent_by>clients, chat_id>chats, client_name text); chats(owner_id>clients, name text);"
     " clients(name text)", "client_name", "clients.name"),
    # Parts of the one address of a row.
    ("shipments(address_id>addresses, postal_code text); addresses(city text, postal_code text)", "postal_code",
     "addresses.postal_code"),
    ("deliveries(address_id>addresses, zip text); addresses(town text, postcode text)", "zip", "addresses.postcode"),
    ("parcels(delivery_address_id>addresses, recipient_name text); addresses(city text, recipient_name text)",
     "recipient_name", "addresses.recipient_name"),
    ("jobs(site_id>sites, city text); sites(name text, city text, street text)", "city", "sites.city"),
    ("events(venue_id>venues, city text, name text); venues(name text, city text)", "city", "venues.city"),
    ("events(venue_id>venues, city text, name text); venues(name text, city text)", "name", None),
    ("orders(shipping_address_id>addresses, billing_address_id>addresses, postal_code text);"
     " addresses(city text, postal_code text)", "postal_code", "addresses.postal_code"),
    ("orders(from_address_id>addresses, to_address_id>addresses, city text); addresses(city text)", "city", None),
    ("customers(address_id>addresses, city text); addresses(city text)", "city", None),
    ("visits(clinic_id>clinics, city text); clinics(city text)", "city", None),
    # The day of what a row is about.
    ("encounter(appointment_id>appointment, encounter_date date); appointment(appointment_date date)",
     "encounter_date", "appointment.appointment_date"),
    ("visits(appointment_id>appointments, visit_date date); appointments(scheduled_at timestamptz)", "visit_date",
     "appointments.scheduled_at"),
    ("visits(appointment_id>appointments, visit_date date); appointments(start_time time, appointment_date date)",
     "visit_date", "appointments.appointment_date"),
    ("treatments(consultation_id>consultations, treatment_date date); consultations(consultation_date date)",
     "treatment_date", "consultations.consultation_date"),
    ("invoices(encounter_id>encounters, service_date date); encounters(encounter_date date)", "service_date",
     "encounters.encounter_date"),
    ("claims(visit_id>visits, date_of_service date); visits(started_at timestamptz)", "date_of_service",
     "visits.started_at"),
    ("claim_lines(claim_id>claims, service_date date); claims(service_date date)", "service_date",
     "claims.service_date"),
    ("attendances(lesson_id>lessons, lesson_date date); lessons(date date)", "lesson_date", "lessons.date"),
    ("attendances(class_session_id>class_sessions, session_date date); class_sessions(starts_at timestamptz)",
     "session_date", "class_sessions.starts_at"),
    ("tickets(screening_id>screenings, show_date date); screenings(starts_at timestamptz)", "show_date", None),
    ("tickets(screening_id>screenings, event_date date); screenings(starts_at timestamptz)", "event_date",
     "screenings.starts_at"),
    ("timesheets(shift_id>shifts, work_date date); shifts(shift_date date)", "work_date", "shifts.shift_date"),
    ("bookings(trip_id>trips, travel_date date); trips(departure_date date)", "travel_date", "trips.departure_date"),
    ("claims(incident_id>incidents, loss_date date); incidents(incident_date date)", "loss_date",
     "incidents.incident_date"),
    ("payments(invoice_id>invoices, invoice_date date); invoices(invoice_date date)", "invoice_date",
     "invoices.invoice_date"),
    ("payments(invoice_id>invoices, payment_date date); invoices(invoice_date date)", "payment_date", None),
    ("invoices(order_id>orders, due_date date); orders(due_date date)", "due_date", None),
    ("prescriptions(encounter_id>encounters, prescribed_date date); encounters(encounter_date date)",
     "prescribed_date", None),
    ("invoices(encounter_id>encounters, invoice_date date); encounters(encounter_date date)", "invoice_date", None),
    ("visits(patient_id>patients, visit_date date); patients(registration_date date)", "visit_date", None),
    ("departments(company_id>companies, open_date date); companies(open_date date)", "open_date", None),
    ("inspections(booking_id>bookings, inspection_date date); bookings(booking_date date)", "inspection_date", None),
    # What records repeat of persons, journeys and things, and lines of what is sold.
    ("enrollments(student_id>students, grade_level int4);"
     " students(grade_level int4)", "grade_level", "students.grade_level"),
    ("reservations(room_type_id>room_types, nightly_rate numeric(9,2));"
     " room_types(base_rate numeric(9,2))", "nightly_rate", "room_types.base_rate"),
    ("reservations(room_type_id>room_types, nightly_rate numeric(9,2));"
     " room_types(nightly_rate numeric(9,2))", "nightly_rate", "room_types.nightly_rate"),
    ("tracking_events(shipment_id>shipments, tracking_number text);"
     " shipments(tracking_number text)", "tracking_number", "shipments.tracking_number"),
    ("deliveries(vehicle_id>vehicles, vehicle_plate text);"
     " vehicles(plate_number text)", "vehicle_plate", "vehicles.plate_number"),
    ("bookings(flight_id>flights, origin text, destination text);"
     " flights(origin text, destination text)", "origin", "flights.origin"),
    ("bookings(flight_id>flights, departure_at timestamptz);"
     " flights(departure_at timestamptz)", "departure_at", "flights.departure_at"),
    ("payslips(employee_id>employees, job_title text);"
     " employees(job_title text)", "job_title", "employees.job_title"),
    ("visits(patient_id>patients, date_of_birth date);"
     " patients(date_of_birth date)", "date_of_birth", "patients.date_of_birth"),
    ("claims(policy_id>policies, policy_holder_name text);"
     " policies(customer_id>customers); customers(name text)", "policy_holder_name", "customers.name"),
    ("comments(user_id>users, username text);"
     " users(username text)", "username", "users.username"),
    ("comments(author_id>users, avatar_url text);"
     " users(avatar_url text)", "avatar_url", "users.avatar_url"),
    ("work_orders(asset_id>assets, serial_number text);"
     " assets(serial_number text)", "serial_number", "assets.serial_number"),
    ("lines(product_id>products, unit_of_measure text, quantity int4);"
     " products(uom text, price numeric(9,2))", "unit_of_measure", "products.uom"),
    ("lines(product_id>products, image_url text, quantity int4);"
     " products(image_url text, price numeric(9,2))", "image_url", "products.image_url"),
    ("gradebook(assignment_id>assignments, points_possible int4, points int4);"
     " assignments(points_possible int4)", "points_possible", "assignments.points_possible"),
    ("orders(customer_id>customers, shipping_city text, shipping_postal_code text);"
     " customers(city text, postal_code text)", "shipping_city", "customers.city"),
    ("invoices(customer_id>customers, tax_id text);"
     " customers(tax_id text)", "tax_id", "customers.tax_id"),
    ("invoices(customer_id>customers, payment_terms_days int4);"
     " customers(payment_terms_days int4)", "payment_terms_days", "customers.payment_terms_days"),
    ("invoices(subscription_id>subscriptions, period_start date);"
     " subscriptions(current_period_start date)", "period_start", "subscriptions.current_period_start"),
    ("employment_history(employee_id>employees, job_title text); employees(job_title text)", "job_title", None),
    ("pets(owner_id>owners, sex text); owners(first_name text, sex text)", "sex", None),
    ("students(guardian_id>guardians, date_of_birth date); guardians(date_of_birth date)", "date_of_birth", None),
    ("components(asset_id>assets, serial_number text); assets(serial_number text)", "serial_number", None),
    ("stops(trip_id>trips, departure_at timestamptz); trips(departure_at timestamptz)", "departure_at", None),
    ("rate_plans(room_type_id>room_types, nightly_rate numeric(9,2)); room_types(base_rate numeric(9,2))",
     "nightly_rate", None),
    ("invoices(organization_id>organizations, billing_name text); organizations(owner_id>users, name text);"
     " users(full_name text)", "billing_name", "organizations.name"),
    # The price for the period that the row has.
    ("subscriptions(plan_id>plans, billing_interval enum month|year, unit_price_cents int4);"
     " plans(monthly_price_cents int4, yearly_price_cents int4)", "unit_price_cents",
     "plans.monthly_price_cents|yearly_price_cents"),
    ("subscriptions(plan_id>plans, billing_cycle enum monthly|annual, price numeric(9,2));"
     " plans(price_monthly numeric(9,2), price_annual numeric(9,2))", "price", "plans.price_monthly|price_annual"),
    ("memberships(tier_id>tiers, billing_period enum MONTHLY|YEARLY, amount numeric(9,2));"
     " tiers(monthly_fee numeric(9,2), annual_fee numeric(9,2))", "amount", "tiers.monthly_fee|annual_fee"),
    ("rentals(vehicle_id>vehicles, rate_type enum daily|weekly, rate numeric(9,2));"
     " vehicles(daily_rate numeric(9,2), weekly_rate numeric(9,2))", "rate", "vehicles.daily_rate|weekly_rate"),
    ("subscriptions(plan_id>plans, frequency enum weekly|monthly|yearly, plan_price_cents int4);"
     " plans(monthly_price_cents int4, yearly_price_cents int4, setup_fee_cents int4)", "plan_price_cents",
     "plans.monthly_price_cents|yearly_price_cents"),
    ("subscriptions(plan_id>plans, billing_interval enum month|year, unit_price_cents int4);"
     " plans(price_cents int4)", "unit_price_cents", "plans.price_cents"),
    ("subscriptions(plan_id>plans, billing_interval enum month|year, price numeric(9,2));"
     " plans(monthly_price_cents int4, yearly_price_cents int4)", "price", None),
]  # fmt: skip


@pytest.mark.parametrize(("tables", "name", "expected"), COPIES)
def test_copies_among_tables(tables: str, name: str, expected: str | None) -> None:
    found = Schema(tuple(map(spelt_table, tables.split("; "))))
    first = found.tables[0]
    copy = copied(first, first.column(name), referenced_tables(found, first, first.foreign_keys))
    said = None
    if copy is not None:
        said = f"{copy.parent.table.name.name}.{'|'.join(each.column.name for each in copy.columns)}"
    assert said == expected
