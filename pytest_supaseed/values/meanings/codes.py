"""Codes and identifiers: EAN, ISBN, VIN, IMEI and the like, versions, UUIDs, hashes and tokens, accounts and cards.

They are well formed, but those of vehicles, devices, persons and banks cannot exist or are published for tests.
"""

from __future__ import annotations

import re
from random import Random

from pytest_supaseed.values.meanings import own_words
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.meaning import Ask, Derived, Meaning, matched_range
from pytest_supaseed.values.types.identifiers import (
    ean_check_digit,
    iban_check_digits,
    isbn_10_check_digit,
    luhn_check_digit,
)

_VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"


def _digits(count: int, random: Random) -> str:
    return "".join(random.choices("0123456789", k=count))


def ean(most: int | None, random: Random) -> str:
    """An EAN from the range for in-store use (prefix 2), cut to ``most`` digits."""
    size = 13 if most is None or most >= 13 else 12 if most == 12 else 8
    digits = "2" + _digits(size - 2, random)
    return (digits + ean_check_digit(digits))[:most]


def isbn(ask: Ask) -> str:
    """An ISBN with its check digit: of 10 digits if the name says so or no more fit, else of 13."""
    digits = ask.digits(9)
    if "_10_" in ask.context.words or (ask.most or 13) < 13:
        return digits + isbn_10_check_digit(digits)
    return f"978{digits}{ean_check_digit('978' + digits)}"


def vin(ask: Ask) -> str:
    """A vehicle identification number that cannot exist: no region code is 0."""
    return "0" + "".join(ask.faker.random.choices(_VIN_LETTERS, k=16))


def imei(ask: Ask) -> str:
    """The IMEI of a test device (prefix 00), with its Luhn check digit."""
    digits = "00" + ask.digits(12)
    return digits + luhn_check_digit(digits)


def ssn(ask: Ask) -> str:
    """A US Social Security number in area 000, which is never assigned."""
    random = ask.faker.random
    return f"000-{random.randint(1, 99):02}-{random.randint(1, 9999):04}"


def _next_ssn(found: re.Match[str], number: int) -> str:
    place = (int(found[1] + found[2]) + number) % 10**6
    return f"000-{place // 10**4:02}-{place % 10**4:04}"


def secret(ask: Ask) -> str:
    """A hash, token or key."""
    most, words = ask.most, ask.context.words
    if "_password_" in words and (most is None or most >= 60):
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./"
        return "$2b$12$" + "".join(ask.faker.random.choices(letters, k=53))
    size = 32 if "_md_5_" in words else 40 if "_sha_1_" in words else 64
    return ask.hex(size if most is None else max(1, min(size, most)))


def code(ask: Ask) -> str:
    """An article number or similar code."""
    letters = "".join(ask.faker.random.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=3))
    most = 8 if ask.most is None else ask.most
    return f"{letters}-{ask.digits(4)}" if most >= 8 else f"{letters}{ask.digits(5)}"[: max(most, 1)]


def version(ask: Ask) -> str:
    """A version of three numbers."""
    return ".".join(str(ask.faker.random.randint(*range_)) for range_ in ((1, 5), (0, 12), (0, 9)))


def number(ask: Ask) -> str:
    """The number that an entity is known by: a version for a release, a running number for a build."""
    things = {*ask.context.things}
    if {"version", "release"} & things:
        return version(ask)
    if {"build", "job", "run", "issue", "page", "chapter", "episode", "track", "floor"} & things:
        return str(ask.faker.random.randint(1, 9_999))
    return code(ask)


def uuid(ask: Ask) -> str:
    """A random UUID (version 4) as text."""
    return f"{ask.hex(8)}-{ask.hex(4)}-4{ask.hex(3)}-a{ask.hex(3)}-{ask.hex(12)}"


REGISTRATIONS = (
    Meaning(
        "abbreviation",
        r"^_(abbreviation|abbr|initials)_$",
        lambda ask: "".join(ask.pick("ABCDEFGHKLMNPRSTW") for _ in range(3)),
    ),
    Meaning("registration", r"_(asin|mrn|isrc|license_plate|plate|registration|gtin|mpn)_$", code),
)
REFERENCES = (
    Meaning("tracking number", r"_(tracking)_", lambda ask: f"TRK{ask.digits(10)}"[: ask.most]),
    Meaning("UUID", r"_(uuid|guid|correlation_id|trace_id|request_id)_", uuid, essential="uuid"),
    Meaning("version", r"_(version|semver)_", version, essential="version"),
)
SYMBOLS = (
    Meaning(
        "ticker symbol",
        r"_(ticker|stock_symbol)_",
        lambda ask: "".join(ask.pick("ABCDEFGHKLMNPRSTX") for _ in range(4)),
    ),
    Meaning(
        "number of a room, seat or player",
        r"_(jersey|seat_no|room_no|room|room_number|table_no|lot|locker|row)_$",
        lambda ask: ask.digits(3),
    ),
)
CODES = (
    Meaning("number", r"^_(number|no)_$", number),
    Meaning(
        "code",
        r"_(sku|code|serial|reference|ref|number|no|coupon|voucher|plate)_$|_code_|_id_$",
        code,
        essential="code|sku|number|no|id",
    ),
)


def _keys(context: Context) -> Derived:
    """A key in the words of the table: ``owner_default``."""
    parts = tuple(part.replace(" ", "_") for part in own_words.details(context))
    return lambda ask: f"{ask.pick(parts)}_{ask.pick(_KINDS_OF_KEYS)}", ()


_KINDS_OF_KEYS = (
    "default",
    "main",
    "primary",
    "legacy",
    "internal",
    "external",
    "shared",
    "test",
    "global",
    "local",
)
KEY = Meaning(
    "key",
    r"_(key|identifier|namespace|prefix)_$",
    derive=_keys,
    essential="key",
)


# Test numbers that payment services publish.
TEST_CARDS = (
    "4242424242424242", "4000056655665556", "4111111111111111", "5555555555554444", "5105105105105100",
    "2223003122003222", "378282246310005", "371449635398431", "6011111111111117", "3056930009020004",
)  # fmt: skip


def card(random: Random) -> str:
    """A test card number."""
    return random.choice(TEST_CARDS)


def _next_card(found: re.Match[str], number: int) -> str:
    """A card number that cannot exist, because its check digit is wrong."""
    head, digits = found[1], len(found[2])
    place = int(found[2][:-1]) + number
    body = f"{head}{place % 10 ** (digits - 1):0{digits - 1}}"
    return body + str((int(luhn_check_digit(body)) + 5) % 10)


def _german_iban(account: int) -> str:
    """An IBAN of a bank that cannot exist: no German sort code begins with 9."""
    digits = f"99{account % 10**16:016}"
    return f"DE{iban_check_digits('DE', digits)}{digits}"


def bic(most: int | None, random: Random) -> str:
    """The BIC of a fictitious bank."""
    return f"{random.choice(('EXAM', 'TEST', 'DEMO'))}{random.choice(('DE', 'FR', 'GB', 'US'))}00"[:most]


def account_number(ask: Ask) -> str:
    """The number of an account, customer, policy or the like: digits."""
    return ask.digits(min(9, ask.most or 9))


SECRETS = (
    Meaning(
        "card number",
        r"_(card|cc)_(number|no)_|_card_$",
        lambda ask: card(ask.faker.random),
        reserved=matched_range(
            r"(4242424242|4000056655|4111111111|5555555555|5105105105|2223003122|3782822463|3714496353|6011111111"
            r"|3056930009)(\d{4,6})",
            10**3,
            _next_card,
        ),
    ),
    Meaning(
        "last four digits of a card",
        r"_(last_4|last_four|card_last)_",
        lambda ask: card(ask.faker.random)[-4:],
    ),
    Meaning("card verification value", r"_(cvv|cvc|csc)_", lambda ask: ask.digits(3)),
    Meaning(
        "hash, token or key",
        r"_(password|passwd|hash|digest|checksum|salt|token|secret|fingerprint|sha|md|etag|jwt|nonce|stamp|bytea)_|_signature_$"
        r"|_(api|access|private|public|secret|encryption|license)_key_|_session_id_|_hashed_",
        secret,
        essential="password|hash|token|salt|secret",
    ),
)
NUMBERS = (
    Meaning("ISBN", r"_(isbn)_", isbn),
    Meaning(
        "IBAN",
        r"_iban_",
        lambda ask: _german_iban(int(ask.digits(16))),
        reserved=matched_range(
            r"DE\d\d99(\d{16})", 10**16, lambda found, number: _german_iban(int(found[1]) + number)
        ),
    ),
    Meaning("BIC", r"_(bic|swift)_", lambda ask: bic(ask.most, ask.faker.random)),
    Meaning("EAN", r"_(ean|gtin|barcode|ean_13|jan)_", lambda ask: ean(ask.most, ask.faker.random)),
    Meaning("UPC", r"_upc_", lambda ask: ean(min(12, ask.most or 12), ask.faker.random)),
    Meaning("VIN", r"_vin_", vin),
    Meaning("IMEI", r"_imei_", imei),
    Meaning(
        "Social Security number",
        r"_ssn_|_social_security_",
        ssn,
        reserved=matched_range(r"000-(\d\d)-(\d{4})", 10**6, _next_ssn),
    ),
    Meaning(
        "account number",
        r"_(account|routing|customer|registration|passport|insurance|policy|phone_id|tax|vat|duns)_(number|no|id)_|_duns_",
        account_number,
    ),
)
