"""Nobody's addresses and numbers: whatever is made up, for every kind of text and locale, reaches no real person."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import pytest
from faker.config import AVAILABLE_LOCALES
from faker.factory import Factory
from hypothesis import assume, given
from hypothesis import strategies as st

from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.model.schema import Column, Table, TableName
from pytest_supaseed.values.column import value_source
from pytest_supaseed.values.distinct import (
    next_distinct,
    numbered_texts,
    scattered_codes,
)
from pytest_supaseed.values.meanings.codes import TEST_CARDS
from pytest_supaseed.values.meanings.context import RowSetting
from pytest_supaseed.values.meanings.phones import phones_like
from pytest_supaseed.values.meanings.registry import next_reserved, reserved_like
from pytest_supaseed.values.types.text import around_number
from test_column_values import typed

HOST = re.compile(r"([a-z0-9-]+\.)*example\.(com|org|net)", re.IGNORECASE)
# Whatever looks like a host, an address of a network, or a telephone number.
MAIL = re.compile(r"[\w.+-]+@([\w.-]+)")
WEB = re.compile(r"https?://([^/\s]+)")
NETWORK = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3})(?![\d.])")
DIALLED = re.compile(r"\+\d[\d ().-]{6,}\d")
DOCUMENTATION = re.compile(r"(192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}")

TABLES = (
    "users",
    "companies",
    "messages",
    "orders",
    "logs",
    "addresses",
    "settings",
    "files",
    "countries",
    "things",
)
NAMES = (
    "email", "emailAddress", "contact_mail", "author_email", "sender", "to", "from", "cc", "reply_to",
    "phone", "mobile", "fax", "tel", "whatsapp", "home_phone", "emergency_phone", "contact", "url",
    "website", "homepage", "link", "avatar_url", "image", "logo", "webhook", "callback_url", "referrer",
    "domain", "host", "hostname", "subdomain", "ip", "ip_address", "author_ip", "last_ip", "description",
    "body", "bio", "notes", "value", "key", "name", "title", "username", "street", "address", "city", "zip",
    "company", "job_title", "iban", "bic", "card_number", "ssn", "account_number", "user_agent", "token",
    "path", "slug", "code", "sku", "normalized_email", "support_email", "created_by", "whatever",
)  # fmt: skip


def source_of(table: str, name: str, locale: str, length: int | None = None) -> Any:
    others = [
        Column(other, typed("text")) for other in ("first_name", "last_name", "company_name") if other != name
    ]
    column = Column(name, typed("varchar" if length else "text", length=length))
    found = Table(TableName("public", table), (*others, column))
    source = value_source(found, column, ValueDomain(), setting=RowSetting(locale=locale))
    assert source is not None
    return source


def is_fictional(text: str) -> bool:
    """Whether a text is a phone number reserved for fiction, with an extension or without an area code."""
    number = text.partition("x")[0].rstrip()
    return bool(phones_like(number) or re.fullmatch(r"55501\d\d", number))


def is_nobodys(text: str) -> bool:
    return (
        all(HOST.fullmatch(host) for host in MAIL.findall(text) + WEB.findall(text))
        and all(DOCUMENTATION.fullmatch(address) for address in NETWORK.findall(text))
        and all(is_fictional(number) for number in DIALLED.findall(text))
    )


# Faker warns of fr_QC, which is fr_CA.
LOCALES = sorted({*AVAILABLE_LOCALES} - {"fr_QC"})


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_that_is_made_up_reaches_anybody(locale: str) -> None:
    faker = Factory.create(locale)
    faker.random = Random(0)
    row = {"first_name": "Ann", "last_name": "Lee", "company_name": "Anchor Labs"}
    # Each locale with each name, each name in each table, and the table of one locale is not that of the next.
    for table in TABLES if locale == "en_US" else TABLES[LOCALES.index(locale) % 10 :: 10]:
        for name in NAMES:
            source = source_of(table, name, locale)
            for _ in range(2):
                text = source.choose(faker, row)
                assert is_nobodys(text), (table, name, text)


@pytest.mark.parametrize(
    "locale",
    [
        "en_US",
        "en_GB",
        "de_DE",
        "fr_FR",
        "en_AU",
        "ja_JP",
        "pt_BR",
        "es_ES",
        "it_IT",
        "nl_NL",
        "sv_SE",
        "en_IE",
    ],
)
@pytest.mark.parametrize("length", [None, 10, 12, 15, 20])
def test_every_telephone_number_is_one_for_fiction(locale: str, length: int | None) -> None:
    faker = Factory.create(locale)
    faker.random = Random(1)
    for name in ("phone", "fax", "mobileNo", "tel"):
        source = source_of("users", name, locale, length)
        assert all(is_fictional(source.choose(faker, {})) for _ in range(50))


def test_cards_and_accounts_are_those_of_tests() -> None:
    faker = Factory.create("en_US")
    faker.random = Random(0)
    cards, accounts = (source_of("payments", name, "en_US") for name in ("card_number", "iban"))
    assert all(cards.choose(faker, {}) in TEST_CARDS for _ in range(50))
    assert all(re.fullmatch(r"DE\d\d99\d{16}", accounts.choose(faker, {})) for _ in range(50))


SAMPLES = (
    "+1-202-555-0118", "+12025550118", "202-555-0118", "2025550118", "+44 20 7946 0123", "+447700900123", "07700900123",
    "+49 30 23125 123", "+49 171 3920012", "+33 1 99 00 1234", "+61 2 5550 1234", "192.0.2.7",
    "203.0.113.254", "2001:db8::1", "DE86990000000000000001", "000-12-3456", "4242424242424242", "378282246310005",
)  # fmt: skip


@pytest.mark.parametrize("value", SAMPLES)
def test_another_value_is_of_the_same_range(value: str) -> None:
    assert reserved_like(value) > 0
    column = Column("a", typed("text"))
    found = [
        next_distinct(value, number, column, ValueDomain())
        for number in range(1, min(900, reserved_like(value)))
    ]
    texts = [str(text) for text in found]
    assert len({value, *texts}) == len(texts) + 1
    assert all(reserved_like(text) for text in texts)
    assert not any(text in TEST_CARDS for text in texts) or value not in TEST_CARDS
    scattered = scattered_codes([value], column, ValueDomain())
    assert scattered is not None
    many = [scattered.value(number) for number in range(min(scattered.size, 2000))]
    assert all(reserved_like(str(text)) for text in many)
    assert len(set(many)) == len(many)
    assert numbered_texts([value], column, ValueDomain(), 99) == [None]


def test_varied_accounts_have_their_check_digits_and_varied_cards_have_not() -> None:
    for number in range(1, 300):
        account = next_reserved("DE86990000000000000001", number) or ""
        assert int(account[4:] + "1314" + account[2:4]) % 97 == 1
        card = next_reserved("4242424242424242", number) or ""
        digits = [int(digit) for digit in reversed(card)]
        assert sum(d if at % 2 == 0 else sum(divmod(2 * d, 10)) for at, d in enumerate(digits)) % 10


@given(st.sampled_from(SAMPLES), st.integers(0, 2**40))
def test_beyond_a_range_there_is_nothing(value: str, number: int) -> None:
    found = next_reserved(value, number)
    assert (found is None) == (number >= reserved_like(value))
    assert found is None or reserved_like(found)


@pytest.mark.parametrize(
    "value",
    [
        "shop.example.com",
        "https://shop.example.org",
        "https://example.com",
        "https://example.net/",
        "a1.example.net",
    ],
)
def test_a_number_leaves_a_domain_what_it_is(value: str) -> None:
    column = Column("a", typed("text"))
    texts = [str(next_distinct(value, number, column, ValueDomain())) for number in range(1, 50)]
    [template] = numbered_texts([value], column, ValueDomain(), 50)
    assert template is not None
    texts += [template.text(number) for number in range(50)]
    for text in texts:
        assert HOST.fullmatch(re.sub(r"^https?://", "", text).partition("/")[0]), text


@given(st.text())
def test_other_texts_are_of_no_range(value: str) -> None:
    # Hypothesis also draws constants of the code that it runs, such as the numbers of test cards.
    assume(sum(character.isdigit() for character in value) < len("192021"))
    assert reserved_like(value) == 0
    assert next_reserved(value, 0) is None
    assert around_number(value) is None
