"""What a person would believe: texts and numbers in many schemas' dialects, and rows whose values fit one another."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from faker.factory import Factory
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import asked, column, planned, table, unique
from builders import made as made_rows
from pytest_supaseed.constraints.column import value_domain
from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.model.schema import Check, Column, Table, Trigger
from pytest_supaseed.planning.plan import ServerDefault, Supplied
from pytest_supaseed.values.column import value_source
from pytest_supaseed.values.meanings.context import RowSetting
from pytest_supaseed.values.meanings.gazetteer import cities, countries
from pytest_supaseed.values.meanings.generation_order import MOSTLY, SOMETIMES, null_rows, share_of_nulls
from pytest_supaseed.values.meanings.places import NO_POSTCODE
from test_column_values import checked, made, rows_of, table_of, typed

EMAIL = r"[a-z0-9._]+@example\.(com|org|net)"
PHONE = r"\+1-\d{3}-555-01\d\d"
NAME = r"[A-Z]\w+"
PERSON = r"[A-Z]\w+ [A-Z]\w+"
URL = r"https://[\w.-]*example\.(com|org|net)(/.*)?"
CODE = r"[A-Z]{3}-\d{4}"
WORDS = r"[a-z_]+( [a-z_]+)*"


def one_of(*words: str) -> str:
    return "|".join(map(re.escape, words))


@pytest.mark.parametrize(
    ("table", "name", "pattern"),
    [
        # Abbreviations, prefixes and ways to write a name.
        ("usr", "usr_fname", NAME),
        ("usr", "usr_lname", NAME),
        ("usr", "usr_email", EMAIL),
        ("usr", "usr_tel", PHONE),
        ("cust", "cust_nm", PERSON),
        ("cust", "cust_mail", EMAIL),
        ("cust", "cust_ph", PHONE),
        ("cust", "custZip", r"\d{5}"),
        ("Person", "givenName", NAME),
        ("Person", "familyName", NAME),
        ("Person", "GivenName", NAME),
        ("person", "forename", NAME),
        ("person", "surname", NAME),
        ("person", "e_mail", EMAIL),
        ("person", "mail", EMAIL),
        ("person", "eMail", EMAIL),
        ("AspNetUsers", "PasswordHash", r"\$2b\$12\$.{53}"),
        ("AspNetUsers", "NormalizedEmail", r"[A-Z0-9._@]+"),
        ("users", "mobile", PHONE),
        ("users", "fax", PHONE),
        # Other languages.
        ("kunden", "vorname", NAME),
        ("kunden", "nachname", NAME),
        ("kunden", "plz", r"\d{5}"),
        ("kunden", "telefon", PHONE),
        ("kunden", "ort", r"[A-Z].+"),
        ("clientes", "apellido", NAME),
        ("clients", "prenom", NAME),
        ("utilisateurs", "courriel", EMAIL),
        ("kunden", "beschreibung", r"[A-Z].+\."),
        # Places.
        ("places", "country", r"[A-Z].+"),
        ("places", "country_code", r"[A-Z]{2}"),
        ("places", "iso_code", r"[A-Z]{2}"),
        ("users", "nationality", r"[A-Z].+"),
        ("orders", "currency", r"[A-Z]{3}"),
        ("orders", "currency_code", r"[A-Z]{3}"),
        ("users", "lang", r"[a-z]{2}"),
        ("users", "tz", r"\w+(/[\w-]+)+"),
        ("users", "timeZone", r"\w+(/[\w-]+)+"),
        ("addresses", "house_no", r"\d+"),
        ("addresses", "po_box", r"PO Box \d+"),
        ("addresses", "pincode", r"\d{5}"),
        # By the table.
        ("countries", "name", r"[A-Z].+"),
        ("countries", "capital", r"[A-Z].+"),
        ("countries", "calling_code", r"\+\d+"),
        ("currencies", "name", r"[A-Z].+"),
        ("currencies", "code", r"[A-Z]{3}"),
        ("languages", "name", r"[A-Z]\w+( \w+)*"),
        ("languages", "code", r"[a-z]{2}"),
        ("roles", "name", r"[a-z]+"),
        ("permissions", "name", r"[a-z]+\.[a-z]+"),
        ("plans", "name", NAME),
        ("tags", "name", r"[a-z-]+"),
        ("films", "title", r"[A-Z].+"),
        ("tracks", "name", r"[A-Z].+"),
        ("artists", "name", r"[A-Z].+"),
        ("albums", "title", r"[A-Z].+"),
        ("courses", "title", r"[A-Z].+"),
        ("teams", "name", NAME),
        ("departments", "name", r"[A-Z].+"),
        ("hotels", "name", r"[A-Z].+"),
        ("tasks", "title", r"[A-Z][a-z]+ .+"),
        ("settings", "key", r"[a-z_]+\.[a-z_]+"),
        ("files", "name", r"\w+-\d{4}\.\w+"),
        ("books", "author", PERSON),
        ("messages", "sender", EMAIL),
        ("messages", "to", EMAIL),
        ("documents", "verified_by", PERSON),
        ("students", "guardian_name", PERSON),
        ("claims", "insurance_provider", r"[A-Z].+"),
        ("accounts", "provider", one_of("apple", "email", "github", "google")),
        ("tbl_customer", "name", PERSON),
        ("user_info", "name", PERSON),
        # Short words.
        ("orders", "status", one_of("pending", "processing", "shipped", "delivered", "cancelled")),
        ("orders", "payment_status", one_of("pending", "completed", "failed", "refunded")),
        ("posts", "status", one_of("draft", "published", "archived")),
        ("posts", "state", one_of("draft", "published", "archived")),
        ("invoices", "status", one_of("draft", "sent", "paid", "overdue", "void")),
        ("logs", "level", one_of("debug", "info", "warning", "error")),
        ("tasks", "priority", one_of("low", "medium", "high", "urgent")),
        ("addresses", "address_type", one_of("billing", "shipping", "home", "office")),
        ("employees", "employment_type", one_of("full_time", "part_time", "contract", "internship")),
        ("requests", "method", one_of("GET", "POST", "PUT", "DELETE")),
        ("payments", "method", one_of("card", "cash", "invoice", "transfer")),
        ("users", "gender", one_of("female", "male", "other")),
        ("plans", "interval", one_of("daily", "weekly", "monthly", "yearly")),
        ("patients", "blood_type", r"(A|B|AB|O)[+-]"),
        # Codes and addresses of things.
        ("products", "sku", CODE),
        ("products", "ean", r"2\d{12}"),
        ("products", "upc", r"2\d{11}"),
        ("books", "isbn", r"978\d{10}"),
        ("books", "isbn_10", r"\d{9}[\dX]"),
        ("cars", "vin", r"0[A-HJ-NPR-Z0-9]{16}"),
        ("phones", "imei", r"00\d{13}"),
        ("products", "hex_color", r"#[0-9a-f]{6}"),
        ("users", "website", URL),
        ("users", "link", URL),
        ("companies", "website", URL),
        ("companies", "domain", r"\w+\.example\.(com|org|net)"),
        ("products", "image", URL + r"\.jpg"),
        ("posts", "og_image", URL + r"\.jpg"),
        ("logs", "ip", r"(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+"),
        ("logs", "ipAddr", r"(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+"),
        ("files", "content_type", r"\w+/\w+"),
        ("files", "ext", r"[a-z0-9]{3}"),
        ("files", "md5", r"[0-9a-f]{32}"),
        ("files", "checksum", r"[0-9a-f]{64}"),
        ("events", "uuid", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ("cards", "card_number", r"\d{14,16}"),
        ("cards", "last4", r"\d{4}"),
        ("people", "ssn", r"000-\d\d-\d{4}"),
        ("orders", "order_number", r"ORD-\d{4}-\d{6}"),
        ("orders", "tracking_number", r"TRK\d{10}"),
        # What a person is and does.
        ("users", "company", r"[A-Z].+"),
        ("users", "job_title", r"[A-Z].+"),
        ("employees", "department", r"[A-Z].+"),
        ("contacts", "salutation", r"Mr\.|Ms\.|Dr\.|Prof\."),
        ("players", "position", r"[A-Z][a-z]+"),
    ],
)
def test_texts_by_name(table: str, name: str, pattern: str) -> None:
    values = made(name, typed("text"), table)
    assert all(re.fullmatch(pattern, value) for value in values), values[:5]
    assert len(set(values)) > 1


@pytest.mark.parametrize(
    ("name", "comment", "pattern"),
    [
        ("wdgt_c", "contact e-mail of the owner", EMAIL),
        ("f1", "Phone number", PHONE),
        ("f2", "ISO currency code", r"[A-Z]{3}"),
        ("f3", "The user's first name. May be empty.", NAME),
        # The name says enough.
        ("city", "An e-mail address", r"[A-Z].+"),
        ("f4", "Does not say anything either", r"[A-Z][a-z]+"),
    ],
)
def test_a_comment_tells_what_a_name_does_not(name: str, comment: str, pattern: str) -> None:
    found = rows_of(table_of("widgets", Column(name, typed("text"), comment=comment)))
    assert all(re.fullmatch(pattern, row[name]) for row in found), found[:3]


def test_a_comment_tells_what_a_number_is() -> None:
    found = rows_of(
        table_of("widgets", Column("n1", typed("int4"), comment="Age in years"), Column("n2", typed("int4")))
    )
    assert all(18 <= row["n1"] <= 90 for row in found)
    assert max(row["n2"] for row in found) > 90


@pytest.mark.parametrize(
    ("table", "name", "kind", "low", "high"),
    [
        ("orders", "ord_qty", "int4", 1, 10),
        ("orders", "amt", "numeric", 5, 500),
        ("orders", "pct", "numeric", 0, 100),
        ("cities", "population", "int8", 5000, 900_000),
        ("books", "pages", "int4", 90, 700),
        ("logs", "status_code", "int4", 200, 500),
        ("people", "height", "int4", 150, 200),
        ("boxes", "height", "int4", 1, 200),
        ("people", "weight", "numeric", 48, 110),
        ("students", "gpa", "numeric", 1, 4),
        ("cards", "exp_year", "int4", 2026, 2032),
        ("cards", "exp_month", "int2", 1, 12),
        ("leads", "probability", "int4", 0, 100),
        ("leads", "probability", "numeric", 0, 1),
        ("patients", "heart_rate", "int4", 60, 160),
        ("companies", "founded", "int4", 1980, 2023),
        ("people", "birth_year", "int4", 1950, 2005),
        ("users", "phone", "int8", 2025550100, 2025550199),
        ("orders", "total_cents", "int4", 500, 50_000),
        ("places", "lon", "float8", -180, 180),
        ("places", "lat", "float8", -60, 70),
        ("jobs", "available_at", "int4", 1735603200, 1767225600),
    ],
)
def test_numbers_by_name(table: str, name: str, kind: str, low: float, high: float) -> None:
    values = made(name, typed(kind), table)
    assert all(low <= value <= high for value in values), values
    assert len(set(values)) > 1


# Rows whose values fit one another.


def columns(kind: str, *names: str) -> list[Column]:
    return [Column(name, typed(kind)) for name in names]


def test_who_has_a_name_has_the_address_of_that_name() -> None:
    names = ("author_email", "author_name", "reviewer_email", "reviewer_name")
    for row in rows_of(table_of("comments", *columns("text", *names))):
        for who in ("author", "reviewer"):
            assert row[f"{who}_name"].split()[1].lower() in row[f"{who}_email"]
    for row in rows_of(table_of("users", *columns("text", "email", "username"))):
        assert row["email"].partition("@")[0] == row["username"]


def test_somebody_else_has_another_name() -> None:
    names = ("name", "email", "emergency_contact_name", "emergency_contact_email", "father_name")
    names += ("guardian_name", "guardian_email")
    found = rows_of(table_of("patients", *columns("text", *names)))
    for row in found:
        assert row["name"].split()[1].lower() in row["email"]
        assert row["emergency_contact_name"].split()[1].lower() in row["emergency_contact_email"]
    assert any(row["name"] != row["emergency_contact_name"] for row in found)
    for row in found:
        assert row["guardian_name"].split()[1].lower() in row["guardian_email"]
    assert any(row["name"] != row["father_name"] for row in found)
    assert any(row["name"] != row["guardian_name"] for row in found)


def test_a_text_is_said_once_in_an_array() -> None:
    column_type = replace(typed("text"), text="text[]", array=True)
    for row in rows_of(table_of("posts", Column("tags", column_type), Column("conditions", column_type))):
        assert len({*row["tags"]}) == len(row["tags"])
        assert len({*row["conditions"]}) == len(row["conditions"])


def test_a_company_has_addresses_of_its_own() -> None:
    for row in rows_of(
        table_of("companies", *columns("text", "email", "website", "name", "legal_name", "ceo", "slug"))
    ):
        own = re.sub(r"[^a-z0-9]", "", row["name"].lower())
        assert re.fullmatch(rf"(info|hello|office|contact)@{own}\.example\.(com|org|net)", row["email"])
        assert re.fullmatch(rf"https://{own}\.example\.(com|org|net)", row["website"])
        assert row["legal_name"] == row["name"]
        assert row["slug"] == re.sub(r"[^a-z0-9]+", "-", row["name"].lower()).strip("-")
        assert re.fullmatch(PERSON, row["ceo"])


def test_a_gender_is_that_of_the_first_name() -> None:
    found = rows_of(table_of("people", *columns("text", "sex", "first_name", "salutation")), 200)
    by_name: dict[str, set[str]] = {}
    for row in found:
        by_name.setdefault(row["first_name"], set()).add(row["sex"])
        assert {"female": "Ms.", "male": "Mr."}[row["sex"]] == row["salutation"] or row["salutation"] == "Dr."
    assert all(len(sexes) == 1 for sexes in by_name.values())
    assert {row["sex"] for row in found} == {"female", "male"}


def test_a_city_is_in_its_region_and_country() -> None:
    names = ("country", "state", "city", "zip", "country_code", "timezone", "ship_city", "ship_country")
    place = table_of("addresses", *columns("text", *names), *columns("float8", "lat", "lng"))
    for row in rows_of(place, 60):
        known = cities().find("city", row["city"])
        assert known is not None
        nation = countries().find("code", cities().of(known, "country"))
        assert nation is not None
        assert row["state"] == (cities().of(known, "region") or row["city"])
        assert row["country"] == countries().of(nation, "name")
        assert row["country_code"] == countries().of(nation, "code")
        assert row["timezone"] == cities().of(known, "timezone")
        template = cities().of(known, "zip") or countries().of(nation, "zip") or NO_POSTCODE
        assert re.fullmatch(template.replace("#", r"\d").replace("@", "[A-Z]"), row["zip"])
        assert abs(row["lat"] - float(cities().of(known, "latitude"))) < 0.1
        assert abs(row["lng"] - float(cities().of(known, "longitude"))) < 0.1
        other = cities().find("city", row["ship_city"])
        assert other is not None
        assert row["ship_country"] == countries().of(
            countries().find("code", cities().of(other, "country")) or (), "name"
        )


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ("countries", ("name", "iso2", "iso3", "capital", "currency_code", "calling_code")),
        ("currencies", ("code", "name", "symbol")),
        ("languages", ("name", "code", "native_name")),
    ],
)
def test_what_belongs_together_comes_together(table: str, names: tuple[str, ...]) -> None:
    found = rows_of(table_of(table, *columns("text", *names)), 200)
    assert len({tuple(row.values()) for row in found}) == len({row[names[0]] for row in found}) > 5


def test_a_file_has_the_type_that_its_name_says() -> None:
    types = {
        "pdf": "application/pdf",
        "jpg": "image/jpeg",
        "png": "image/png",
        "csv": "text/csv",
        "txt": "text/plain",
        "mp4": "video/mp4",
    }
    for row in rows_of(table_of("files", *columns("text", "mime_type", "file_name", "extension"))):
        assert row["extension"] == row["file_name"].rpartition(".")[2]
        assert row["mime_type"] == types[row["extension"]]


def exact(name: str) -> Column:
    return Column(name, typed("numeric", precision=10, scale=2))


@pytest.mark.parametrize("seed", ["", "a", "b"])
def test_amounts_add_up(seed: str) -> None:
    items = table_of("items", exact("total"), Column("quantity", typed("int4")), exact("unit_price"))
    for row in rows_of(items, 50, seed):
        assert row["total"] == row["quantity"] * row["unit_price"]
    names = ("total", "tax", "discount", "shipping", "subtotal")
    for row in rows_of(table_of("orders", *map(exact, names)), 50, seed):
        assert row["total"] == row["subtotal"] + row["tax"] + row["shipping"] - row["discount"]
        assert 0 <= row["discount"] < row["subtotal"]
        assert 0 < row["tax"] < row["subtotal"]
    bill = table_of(
        "invoices",
        *map(exact, ("gross", "vat", "net", "amount_paid", "balance")),
        Column("vat_rate", typed("int4")),
    )
    for row in rows_of(bill, 50, seed):
        assert abs(row["vat"] - row["net"] * row["vat_rate"] / 100) <= Decimal("0.01") or row["vat_rate"] <= 1
        assert row["gross"] == row["net"] + row["vat"]
        assert row["balance"] == row["gross"] - row["amount_paid"] >= 0
    whole = table_of("lines", *columns("int4", "total_cents", "unit_price_cents", "quantity"))
    assert all(
        row["total_cents"] == row["quantity"] * row["unit_price_cents"] for row in rows_of(whole, 50, seed)
    )


def test_prices_compare_as_their_names_say() -> None:
    names = ("cost", "sale_price", "price", "compare_at_price", "min_amount", "max_amount")
    for row in rows_of(table_of("products", *map(exact, names)), 100):
        assert row["cost"] < row["price"] > row["sale_price"]
        assert row["price"] < row["compare_at_price"]
        assert row["min_amount"] <= row["max_amount"]


def test_a_check_wins_over_a_formula() -> None:
    checks = checked("((total <= (10)::numeric) AND (quantity > 5))", "total", "quantity")
    items = table_of(
        "items", Column("quantity", typed("int4")), exact("price"), exact("total"), checks=checks
    )
    assert all(row["total"] <= 10 and row["quantity"] > 5 for row in rows_of(items))


def test_an_age_and_nights_are_counted() -> None:
    stays = table_of(
        "guests", *columns("int4", "age", "nights"), *columns("date", "birth_date", "check_in", "check_out")
    )
    for row in rows_of(stays):
        birthday = row["birth_date"].replace(year=2025, day=min(row["birth_date"].day, 28))
        assert row["age"] == 2025 - row["birth_date"].year - (birthday > date(2025, 12, 31))
        assert row["nights"] == (row["check_out"] - row["check_in"]).days > 0


# Times.


@pytest.mark.parametrize("today", [date(1999, 2, 28), date(2025, 12, 31), date(2031, 7, 1)])
@pytest.mark.parametrize(
    "name", ["created_at", "createdAt", "ordered_on", "happened", "published_at", "last_login"]
)
def test_times_are_of_the_year_before_the_day_that_is_given(name: str, today: date) -> None:
    found = Column(name, typed("timestamptz"))
    source = value_source(table_of("things", found), found, ValueDomain(), (), RowSetting(today))
    assert source is not None
    faker = Factory.create("en_US")
    faker.random = Random(0)
    values: list[Any] = [source.choose(faker, {}) for _ in range(200)]
    end = datetime(today.year, today.month, today.day, tzinfo=timezone.utc) + timedelta(days=1)
    assert all(end - timedelta(days=367) < value < end for value in values)
    assert len({value.month for value in values}) == 12


@pytest.mark.parametrize(
    "names",
    [
        ("created_at", "updated_at", "deleted_at"),
        ("starts_at", "ends_at"),
        ("birth_date", "hired_at", "terminated_at"),
        ("valid_from", "valid_to"),
        ("trial_start", "trial_end"),
        ("current_period_start", "current_period_end"),
        ("check_in", "check_out"),
        ("opens_at", "closes_at"),
        ("departure_time", "arrival_time"),
        ("sent_at", "read_at"),
        ("ordered_at", "paid_at", "shipped_at", "delivered_at"),
        ("issued_at", "due_at"),
        ("enrolled_on", "graduated_on"),
        ("erstellt_am", "geaendert_am"),
        ("dob", "hire_date"),
        ("created", "modified"),
        ("admitted_at", "discharged_at"),
    ],
)
@pytest.mark.parametrize("kind", ["timestamptz", "date"])
def test_moments_come_in_order(names: tuple[str, ...], kind: str) -> None:
    for order in (names, names[::-1]):
        for row in rows_of(table_of("things", *columns(kind, *order)), 100):
            moments = [row[name] for name in names]
            assert moments == sorted(moments)
            assert kind == "date" or len(set(moments)) == len(moments)


def test_each_span_has_its_own_end() -> None:
    names = ("trial_end", "trial_start", "starts_at", "ends_at")
    for row in rows_of(table_of("things", *columns("timestamptz", *names)), 100):
        assert timedelta(days=7) <= row["trial_end"] - row["trial_start"] <= timedelta(days=30)
        assert timedelta(0) < row["ends_at"] - row["starts_at"] <= timedelta(hours=4)
        assert row["starts_at"].minute % 15 == 0 == row["starts_at"].second


def test_what_has_not_come_has_no_moment() -> None:
    messages = table_of("messages", Column("read_at", typed("timestamptz")), Column("is_read", typed("bool")))
    found = rows_of(messages, 60)
    assert {(row["is_read"], row["read_at"] is None) for row in found} == {(True, False), (False, True)}


# NULLs.


@pytest.mark.parametrize(
    ("found", "share"),
    [
        (column("bio", nullable=True), SOMETIMES),
        (column("phone", nullable=True), SOMETIMES),
        (column("rating", "int4", nullable=True), SOMETIMES),
        (column("last_login_at", "timestamptz", nullable=True), SOMETIMES),
        (column("middle_name", nullable=True), SOMETIMES),
        (column("mood", labels=("sad", "ok"), nullable=True), SOMETIMES),
        (column("died_at", "timestamptz", nullable=True), MOSTLY),
        (column("cancel_reason", nullable=True), MOSTLY),
        (column("bio"), 0),
        (column("is_active", "bool", nullable=True), 0),
        (column("name", nullable=True), 0),
        (column("email", nullable=True), 0),
        (column("created_at", "timestamptz", nullable=True), 0),
        (column("total", "int4", nullable=True), 0),
    ],
)
def test_optional_columns_are_sometimes_null(found: Column, share: object) -> None:
    assert share_of_nulls(table("things", found), found, ValueDomain()) == share


BIO = column("bio", nullable=True)


@pytest.mark.parametrize(
    "spoken",
    [
        table("things", BIO, unique("bio")),
        table(
            "things",
            BIO,
            unique(
                "id", name="k", definition="CREATE ... USING btree (id) WHERE (bio IS NULL)", partial=True
            ),
        ),
        table("things", BIO, column("a"), Check("c", "((bio IS NULL) = (a IS NULL))", ("bio", "a"))),
        table("things", BIO, Trigger("t", "public.f", "BEGIN IF NEW.bio IS NULL THEN RAISE; END IF; END")),
        table("things", BIO, column("search", "tsvector", generated=True, default="to_tsvector(bio)")),
        replace(table("things", BIO), partitioned=True),
    ],
)
def test_what_others_look_at_is_filled(spoken: Table) -> None:
    assert share_of_nulls(spoken, BIO, value_domain(spoken, BIO)) == 0


def test_a_check_that_refuses_null_is_heeded() -> None:
    checks = Check("c", "(bio IS NOT NULL)", ("bio",))
    filled = table("things", BIO, checks)
    assert share_of_nulls(filled, BIO, value_domain(filled, BIO)) == 0


@given(st.integers(0, 300), st.integers())
def test_about_one_in_eight_is_null_and_never_all(amount: int, seed: int) -> None:
    found = null_rows(SOMETIMES, amount, Random(seed))
    assert amount // 8 <= len(found) <= amount // 8 + 1
    assert len(found) < max(amount, 1)
    assert found <= set(range(amount))
    # Of few rows none is gone.
    left = amount - len(null_rows(MOSTLY, amount, Random(seed)))
    assert left == amount // 16


def test_nulls_change_no_other_value() -> None:
    filled = table("things", column("a"), column("bio"), column("z"))
    empty = table("things", column("a"), BIO, column("z"))
    one, other = (made_rows(planned(found, spec=asked(things=40)))["things"] for found in (filled, empty))
    assert [(row["a"], row["z"]) for row in one] == [(row["a"], row["z"]) for row in other]
    assert 5 <= sum(row["bio"] is None for row in other) <= 6
    single = made_rows(planned(empty, spec=asked(things=1)))["things"]
    assert single[0]["bio"] is not None


@pytest.mark.parametrize(("amount", "gone"), [(1, 0), (7, 0), (15, 0), (50, 3)])
def test_few_rows_are_live_and_of_many_some_are_gone(amount: int, gone: int) -> None:
    users = table(
        "users", column("deleted_at", "timestamptz", nullable=True), column("created_at", "timestamptz")
    )
    found = made_rows(planned(users, spec=asked(users=amount)))["users"]
    deleted = [row for row in found if row["deleted_at"] is not None]
    assert len(deleted) == gone
    assert all(row["deleted_at"] > row["created_at"] for row in deleted)


@pytest.mark.parametrize(
    ("name", "default", "source"),
    [
        ("is_public", "false", Supplied((False, False, False, True))),
        ("accepts_mail", "true", Supplied((True, True, True, False))),
        ("is_active", "true", ServerDefault()),
        ("is_deleted", "false", ServerDefault()),
        ("is_admin", "false", ServerDefault()),
        ("is_default", "false", ServerDefault()),
    ],
)
def test_booleans_vary_around_their_default(name: str, default: str, source: object) -> None:
    things = table("things", column(name, "bool", default=default))
    plan = planned(things, spec=asked(things=8))
    assert next(found.source for found in plan.tables[0].columns if found.column.name == name) == source


def test_a_boolean_that_a_partial_key_is_about_keeps_its_default() -> None:
    key = unique("a", definition="CREATE UNIQUE INDEX k ON t USING btree (a) WHERE is_open", partial=True)
    things = table("things", column("a"), column("is_open", "bool", default="true"), key)
    plan = planned(things, spec=asked(things=8))
    assert isinstance(plan.tables[0].columns[-1].source, ServerDefault)


# Locales.

BRITAIN = ("England", "Scotland", "Wales", "Northern Ireland")

PROPER: dict[str, Callable[[dict[str, Any]], object]] = {
    "de_DE": lambda row: (
        row["country"] == "Deutschland" and row["phone"].startswith("+49 ") and row["zip"].isdigit()
    ),
    "fr_FR": lambda row: row["country"] == "France" and row["phone"].startswith("+33 "),
    "ja_JP": lambda row: not row["last_name"].isascii() and re.fullmatch(r"\d{3}-\d{4}", row["zip"]),
    "en_GB": lambda row: row["phone"].startswith("+44 ") and row["region"] in BRITAIN,
    "sv_SE": lambda row: row["country"] == "Sverige",
}


@pytest.mark.parametrize("locale", PROPER)
def test_a_locale_is_respected(locale: str) -> None:
    names = (
        "first_name",
        "last_name",
        "email",
        "street",
        "city",
        "zip",
        "region",
        "country",
        "phone",
        "company",
        "job",
    )
    people = table_of("people", *columns("text", *names))
    for row in localized(people, locale, 20):
        assert all(row.values())
        assert PROPER[locale](row), row


def localized(found: Table, locale: str, count: int) -> list[dict[str, Any]]:
    return rows_of(found, count, faker=Factory.create(locale), locale=locale)


@settings(max_examples=30)
@given(st.integers())
def test_another_column_changes_no_value(seed: int) -> None:
    names = ("email", "city", "status", "title")
    one = rows_of(table_of("users", *columns("text", *names)), 5, str(seed))
    more = rows_of(table_of("users", *columns("text", *names, "note", "sku", "phone")), 5, str(seed))
    assert [{name: row[name] for name in names} for row in more] == one
