"""Codes without a check digit: versions, UUIDs, hashes and tokens, codes of articles; and test numbers of cards.

Identifiers that have check digits, or an authority that assigns them, are in
:mod:`~pytest_supaseed.values.meanings.identifiers`.
"""

from __future__ import annotations

import re
from random import Random

from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.meaning import Ask, Derived, Meaning, matched_range
from pytest_supaseed.values.types.identifiers import luhn_check_digit


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
    """A key in the words of the table: ``claim_default``, ``history_2``."""
    thing = context.things[0]
    return lambda ask: f"{thing}_{ask.pick(_KINDS_OF_KEYS) or ask.faker.random.randint(2, 40)}", ()


# Beside a number, what tells things of one kind apart.
_KINDS_OF_KEYS = ("default", "main", "primary", "standard", "shared", "test", *("",) * 6)
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
