"""Meanings of text columns: a name that each is for, what it writes, and which other meanings the name would have.

The meanings in the last place of a case come later in the registry and give way: a name that falls to several stands
here, and a new meaning that takes or shares a name shows.
"""

from __future__ import annotations

import re
from collections import Counter

import pytest

from builders import column
from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.model.schema import Column, ColumnType, Table
from pytest_supaseed.values.meanings import contacts, identifiers, objects, vocabulary
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.meaning import Meaning
from pytest_supaseed.values.meanings.registry import (
    MEANINGS,
    meaning_of,
    next_reserved,
    reserved_like,
)
from pytest_supaseed.values.meanings.wordlists import LISTED
from test_column_values import rows_of, table_of, typed

EMAIL = r"[a-z0-9._]+@example\.(com|org|net)"
PERSON = r"[A-Z]\w+ [A-Z]\w+"
TITLE = r"[A-Z][\w.&'-]*( [\w.&'-]+)*"


SUBJECT = "word or phrase of a subject"
# In the order of the registry: meaning, table, column, pattern of the texts, other meanings.
CASES: list[tuple[str, str, str, str, tuple[str, ...]]] = [
    ("National Provider Identifier", "providers", "npi", r"2\d{9}", ()),
    ("DEA number", "providers", "dea_number", r"Z[A-Z]\d{7}", ("code",)),
    ("ISIN", "securities", "isin", r"ZZ[A-Z0-9]{9}\d", ()),
    ("CUSIP", "securities", "cusip", r"\d{3}99\d{4}", ()),
    ("SEDOL", "securities", "sedol", r"9[A-Z0-9]{5}\d", ()),
    ("Legal Entity Identifier", "companies", "lei", r"9999[A-Z0-9]{14}\d\d", ()),
    ("ISSN", "journals", "issn", r"0000-\d{3}[\dX]", ()),
    ("ORCID iD", "authors", "orcid", r"0000-0005-\d{4}-\d{3}[\dX]", ()),
    ("ISNI", "artists", "isni", r"00000005\d{7}[\dX]", ()),
    ("IMO number", "vessels", "imo_number", r"0\d{6}", ("code",)),
    ("MMSI", "vessels", "mmsi", r"799\d{6}", ()),
    ("container number", "containers", "container_number", r"ZZZU\d{7}", ("code",)),
    ("routing number", "branches", "routing_number", r"99\d{7}", ("account number", "code")),
    ("air waybill", "shipments", "awb_number", r"999-\d{8}", ("code",)),
    ("postal item", "shipments", "postal_item_number", r"RR\d{9}ZZ", ("postcode", "code")),
    ("GTIN-14", "products", "gtin_14", r"02\d{12}", ("EAN",)),
    ("title of a review", "reviews", "title", r"[A-Z].+", ("title",)),
    ("answer to a review", "reviews", "owner_response", r"[A-Z].+", ()),
    ("review", "reviews", "body", r"[A-Z].+\.", (SUBJECT, "prose")),
    ("code beside what it stands for", "airports", "iata_code", r"[A-Z]{3}", ("code",)),
    ("words that are searched", "articles", "search_vector", r"'[a-z]+':\d.*", ()),
    ("sender or recipient of a message", "messages", "reply_to", EMAIL, ()),
    ("key of a setting", "settings", "key", r"[a-z_.]+", ("key",)),
    ("value of a setting", "settings", "value", r"\w+", ("value",)),
    ("key of a permission", "permissions", "slug", r"[a-z]+\.[a-z]+", ("slug",)),
    ("type of an appointed event", "events", "type", "conference|workshop|meetup|webinar|concert", ("type",)),
    ("label of an address", "addresses", "label", "Home|Work|Billing|Shipping", ("name",)),
    ("type of an address", "addresses", "kind", "home|work|billing", ("type",)),
    ("direction of a script", "languages", "direction", r"ltr", ("listed direction",)),
    ("record label", "albums", "label", TITLE, ("name",)),
    ("make or model of a vehicle", "vehicles", "make", TITLE, ("model of a device",)),
    ("person by role", "books", "author", PERSON, ()),
    ("person who did something", "orders", "created_by", PERSON, ()),
    ("title of a person", "employees", "job_title", TITLE, ("job title", "title")),
    ("product", "orders", "product", TITLE, ()),
    ("position of a player", "players", "position", "Goalkeeper|Defender|Midfielder|Forward", ("position",)),
    ("rating of a film", "films", "rating", r"G|PG|PG-13|R", ()),
    ("size of a company", "companies", "size", r"\d+-\d+|500\+", ("listed dress",)),
    ("normalized text", "users", "normalized_email", r"[A-Z0-9._]+", ("e-mail address",)),
    ("e-mail address", "users", "email_address", EMAIL, ("street",)),
    ("first name", "users", "first_name", r"[A-Z]\w+", ("name",)),
    ("middle name", "users", "middle_name", r"[A-Z]\w+", ("name",)),
    ("initial", "users", "middle_initial", r"[A-Z]", ()),
    ("last name", "users", "last_name", r"[A-Z]\w+", ("name",)),
    ("maiden name", "users", "maiden_name", r"[A-Z]\w+", ("name",)),
    ("account name", "users", "login", r"[a-z0-9_.]+", ()),
    ("gender", "users", "gender", "female|male|other", ()),
    ("salutation", "users", "salutation", r"Mr\.|Ms\.|Dr\.|Prof\.", ()),
    ("type of another entity", "payments", "card_type", "visa|mastercard|amex", ("type", "listed card")),
    ("type", "rooms", "type", "single|double|suite", ()),
    ("status", "orders", "status", "pending|processing|shipped|delivered|cancelled", ()),
    ("field of a country, currency, language, region, city or time zone", "countries", "capital", TITLE, ()),
    ("country", "orders", "country", TITLE, ()),
    ("ISO code of a country", "things", "iso_2", r"[A-Z]{2}", ()),
    ("city", "orders", "city", TITLE, ()),
    ("region", "orders", "shipping_state", TITLE, ()),
    ("postcode", "orders", "postal_code", r"\d{5}", ()),
    ("time zone", "users", "timezone", r"[A-Z]\w+/\w+(/\w+)?", ()),
    ("currency", "orders", "currency", r"[A-Z]{3}", ()),
    ("language", "users", "language", r"[a-z]{2}", ()),
    ("house number", "orders", "house_no", r"\d+", ("code",)),
    ("post office box", "orders", "po_box", r"PO Box \d+", ()),
    ("copy of a title or name", "pages", "meta_title", TITLE, ("title",)),
    ("company name", "orders", "company_name", TITLE, ("name",)),
    ("full name", "users", "display_name", PERSON, ("name",)),
    ("card number", "payments", "card_number", r"\d{14,16}", ("code",)),
    ("last four digits of a card", "payments", "last4", r"\d{4}", ()),
    ("card verification value", "payments", "cvv", r"\d{3}", ()),
    ("hash, token or key", "users", "token", r"[0-9a-f]{64}", ()),
    ("calling code", "things", "calling_code", r"\+\d+", ("code",)),
    ("phone number", "users", "phone", r"\+1-\d{3}-555-01\d\d", ()),
    ("file name", "uploads", "file_name", r"[a-z]+-\d{4}\.\w{3}", ("name",)),
    ("file extension", "uploads", "extension", r"\w{3}", ()),
    ("MIME type", "uploads", "content_type", r"\w+/\w+", ("prose",)),
    ("brand", "products", "brand", TITLE, ()),
    ("abbreviation", "things", "abbr", r"[A-Z]{3}", ()),
    ("registration", "products", "asin", r"[A-Z]{3}-\d{4}", ()),
    ("folder", "uploads", "directory", r"/[a-z]+/[a-z]+", ()),
    ("path", "uploads", "path", r"/[a-z]+/[a-z]+-\d{4}\.\w{3}", ()),
    ("host name", "sites", "hostname", r"[a-z]+\.example\.(com|org|net)", ()),
    ("URL", "users", "avatar", r"https://example\.(com|org|net)/images/[a-z]+-[0-9a-f]{6}\.jpg", ()),
    ("slug", "posts", "slug", r"[a-z0-9]+(-[a-z0-9]+)*", ()),
    ("IPv6 address", "visits", "ipv6", r"2001:db8:[0-9a-f]{1,4}::[0-9a-f]{1,4}", ()),
    ("IP address", "visits", "ip", r"(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+", ()),
    ("MAC address", "hosts", "mac", r"02(:[0-9a-f]{2}){5}", ()),
    ("locale", "users", "locale", r"[a-z]{2}_[A-Z]{2}", ()),
    ("second line of an address", "orders", "suite", r"Apt\. \d+", ()),
    ("street name", "orders", "street_name", TITLE, ("street", "name")),
    ("street", "orders", "street", r"\d+ [A-Z]\w+ [A-Z]\w+", ()),
    ("job title", "things", "occupation", TITLE, ()),
    ("ISBN", "books", "isbn", r"978\d{10}", ()),
    ("IBAN", "accounts", "iban", r"DE\d{20}", ()),
    ("BIC", "accounts", "swift", r"(EXAM|TEST|DEMO)[A-Z]{2}00", ()),
    ("EAN", "products", "barcode", r"2\d{12}", ()),
    ("UPC", "products", "upc", r"2\d{11}", ()),
    ("VIN", "cars", "vin", r"0[A-Z0-9]{16}", ()),
    ("IMEI", "devices", "imei", r"00\d{13}", ()),
    ("Social Security number", "users", "ssn", r"000-\d\d-\d{4}", ()),
    ("account number", "accounts", "account_number", r"\d{9}", ("code",)),
    ("color", "products", "color", r"[a-z]+", ()),
    ("tracking number", "orders", "tracking_number", r"TRK\d{10}", ("code",)),
    ("UUID", "logs", "trace_id", r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}", ("code",)),
    ("version", "releases", "version", r"\d+\.\d+\.\d+", ()),
    ("method", "logs", "method", "GET|POST|PUT|DELETE", ("payment method",)),
    ("ticker symbol", "companies", "ticker", r"[A-Z]{4}", ()),
    ("number of a room, seat or player", "players", "jersey", r"\d{3}", ()),
    ("model of a device", "devices", "model", r"\w+ [A-Z]\d\d", ()),
    ("prose", "products", "plot", r"[A-Z].*\.", ()),
    ("sentence", "photos", "caption_short", r"[A-Z].*\.", ()),
    ("role", "members", "role", "admin|editor|member|viewer", ()),
    ("priority", "tasks", "priority", "low|medium|high|urgent", ()),
    ("level", "alerts", "severity", "low|medium|high|critical", ()),
    ("number", "builds", "number", r"\d{1,4}", ("code",)),
    ("code", "products", "sku", r"[A-Z]{3}-\d{4}", ()),
    ("payment method", "things", "method_name", "card|cash|invoice|transfer", ("name",)),
    ("plan", "users", "plan", r"[a-z]+", ()),
    ("genre", "films", "genre", TITLE, ()),
    ("tag", "posts", "tags", r"[a-z-]+( [a-z]+)*", ()),
    ("skill", "users", "skill", r".+", ()),
    ("department", "users", "department", TITLE, ()),
    ("diagnosis", "visits", "diagnosis", r"[A-Z][\w ]+", ()),
    ("medication", "visits", "medication", r"[A-Z][\w ]+", ()),
    ("ingredient", "things", "ingredient", TITLE, ()),
    ("category", "products", "category", r"[A-Z][\w& -]+", ()),
    ("category of any table", "things", "category", r"[A-Z][a-z]+", ()),
    ("question", "things", "question", r".+\?", ()),
    ("title", "things", "title", r".+", ()),
    ("artist", "things", "artist", r".+", ()),
    ("album", "things", "album", TITLE, ()),
    ("venue", "things", "venue", TITLE, ()),
    ("campaign", "things", "campaign", r"[A-Z][\w -]+", ()),
    ("team", "things", "team", TITLE, ()),
    ("project", "things", "project", r"[A-Z][\w -]+", ()),
    ("company", "things", "manufacturer", TITLE, ()),
    ("position", "things", "position", TITLE, ()),
    ("name", "products", "name", TITLE, ()),
    ("key", "things", "namespace", r"[a-z]+_([a-z]+|\d+)", ()),
    ("value", "things", "value", r"\w+", ()),
    ("period of days", "things", "trial", r"\d+ days?, 0:00:00", ()),
]  # fmt: skip
# Meanings of columns that are no texts.
KINDS = {"words that are searched": "tsvector", "IPv6 address": "inet", "period of days": "interval"}
# Of the lists that are not called by a whole name.
LISTED_NAMES = {
    "blood": "blood_group",
    "card": "card_brand",
    "dress": "shoe_size",
    "http": "http_method",
    "reason": "reason_code",
    "oauth": "auth_provider",
    "payment": "payment_method",
    "region": "subregion",
    "shipping": "shipping_method",
    "writing": "text_direction_code",
}


def seen(table: Table, name: str) -> Context:
    return Context(table, table.column(name), ValueDomain())


def with_column(table: str, name: str, kind: str = "text") -> Table:
    return table_of(table, column("starts_on", "date"), Column(name, typed(kind)))


def found_in(context: Context) -> tuple[Meaning, Context]:
    found = meaning_of(context)
    assert found is not None
    return found


def others(context: Context, found: Meaning) -> tuple[str, ...]:
    return tuple(
        meaning.name
        for meaning in MEANINGS
        if meaning is not found and meaning.pattern.search(context.words) and meaning.suits(context)
    )


@pytest.mark.parametrize(("meaning", "table", "name", "pattern", "later"), CASES)
def test_the_meaning_of_a_column(
    meaning: str, table: str, name: str, pattern: str, later: tuple[str, ...]
) -> None:
    tables = with_column(table, name, KINDS.get(meaning, "text"))
    context = seen(tables, name)
    found, _ = found_in(context)
    assert found.name == meaning
    assert others(context, found) == later
    for row in rows_of(tables):
        assert re.fullmatch(pattern, str(row[name])), row[name]


@pytest.mark.parametrize("meaning", LISTED, ids=lambda meaning: meaning.name)
def test_columns_with_well_known_texts(meaning: Meaning) -> None:
    first = meaning.name.removeprefix("listed ")
    name = LISTED_NAMES.get(first, first)
    context = seen(with_column("things", name), name)
    found, _ = found_in(context)
    assert found is meaning
    listed = [name for name in others(context, found) if name.startswith("listed ")]
    assert listed == (["listed unit"] if first == "quantity_per_unit" else [])


def test_every_meaning_has_a_case_and_a_name_of_its_own() -> None:
    assert [case[0] for case in CASES] == [
        # Those of many names have cases in tests of their own.
        found.name
        for found in MEANINGS
        if found
        not in (*LISTED, identifiers.FORM, vocabulary.SUBJECT, objects.DOCUMENT, contacts.FORM_OF_ADDRESS)
    ]
    assert max(Counter(found.name for found in MEANINGS).values()) == 1


@pytest.mark.parametrize(
    ("table", "names", "addressed"),
    [
        ("guests", ("title", "given_name", "surname"), True),
        ("patients", ("first_name", "last_name", "title"), True),
        ("employees", ("title", "first_name", "last_name"), False),
        ("guests", ("title", "remark"), False),
    ],
)
def test_who_is_addressed_by_a_title(table: str, names: tuple[str, ...], addressed: bool) -> None:
    rows = rows_of(table_of(table, *(Column(name, typed("text")) for name in names)))
    forms = {"Mr.", "Ms.", "Dr.", "Prof."}
    assert all((row["title"] in forms) is addressed for row in rows)


def test_a_nationality_of_two_letters_is_a_code() -> None:
    codes = [
        row["nationality"]
        for row in rows_of(table_of("guests", Column("nationality", typed("bpchar", length=2))))
    ]
    assert all(re.fullmatch("[A-Z]{2}", code) for code in codes), codes


def test_a_comment_tells_what_a_name_does_not() -> None:
    table = table_of(
        "things", Column("c17", typed("text"), comment="IBAN of the payee. Not its e-mail address.")
    )
    found, about = found_in(seen(table, "c17"))
    assert (found.name, about.words) == ("IBAN", "_iban_of_the_payee_")


def test_a_comment_does_not_count_where_the_name_tells() -> None:
    table = table_of("things", Column("city", typed("text"), comment="IBAN"))
    assert found_in(seen(table, "city"))[0].name == "city"


def test_what_the_entity_decides_is_decided_by_names_alone() -> None:
    table = table_of("films", Column("c17", typed("text"), comment="Rating."))
    assert meaning_of(seen(table, "c17")) is None


@pytest.mark.parametrize(
    ("column_type", "pattern"),
    [(typed("bpchar", length=3), r"[A-Z]{3}"), (typed("text"), r"[A-Z][a-z]+")],
)
def test_a_text_that_no_meaning_is_for_is_made_by_its_type(column_type: ColumnType, pattern: str) -> None:
    table = table_of("things", Column("c17", column_type))
    assert meaning_of(seen(table, "c17")) is None
    assert all(re.fullmatch(pattern, row["c17"]) for row in rows_of(table))


@pytest.mark.parametrize("kind", ["int4", "inet", "uuid", "jsonb"])
def test_a_meaning_is_for_its_types_alone(kind: str) -> None:
    assert meaning_of(seen(with_column("users", "email", kind), "email")) is None


@pytest.mark.parametrize("name", ["ipv6", "ip6", "ip_v6", "client_ipv6", "inet6", "addrV6"])
@pytest.mark.parametrize(
    ("kind", "pattern"), [("inet", r"2001:db8:\w+::\w+"), ("cidr", r"2001:db8:\w+::/48")]
)
def test_addresses_of_version_6(name: str, kind: str, pattern: str) -> None:
    rows = rows_of(with_column("hosts", name, kind))
    assert all(re.fullmatch(pattern, row[name]) for row in rows)
    assert all(row["ip"].startswith("10.") for row in rows_of(with_column("hosts", "ip", kind)))


@pytest.mark.parametrize(
    "meaning", [found for found in MEANINGS if found.reserved], ids=lambda found: found.name
)
def test_texts_of_a_reserved_range_are_followed_by_others_of_it(meaning: Meaning) -> None:
    table, name = next(case[1:3] for case in CASES if case[0] == meaning.name)
    for row in rows_of(with_column(table, name)):
        assert reserved_like(row[name]) > 9
        found = [next_reserved(row[name], number) for number in range(9)]
        assert found[0] == row[name]
        assert len({*found}) == 9
        assert all(text is not None and reserved_like(text) for text in found)


def test_a_declaration_says_how_texts_are_written() -> None:
    with pytest.raises(TypeError, match="tenor: either write or derive"):
        Meaning("tenor", "_tenor_")
