"""Codes and identifiers: EAN, ISBN, VIN, IMEI and the like, article numbers, versions, UUIDs, hashes and tokens.

They are well formed, but those of vehicles, devices and persons come from ranges that are never assigned.
"""

from __future__ import annotations

import re
from random import Random

from pytest_supaseed.values.meanings.meaning import Meaning, matched_range
from pytest_supaseed.values.meanings.writer import Ask, noun, word
from pytest_supaseed.values.types.checkdigits import ean_check_digit, isbn_10_check_digit, luhn_check_digit

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
    return ".".join(str(ask.faker.random.randint(low, 20)) for low in (1, 0, 0))


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


SECRET = Meaning(
    "hash, token or key",
    r"_(password|passwd|hash|digest|checksum|salt|token|secret|signature|fingerprint|sha|md|etag|jwt|nonce|stamp|bytea)_"
    r"|_(api|access|private|public|secret|encryption|license)_key_|_session_id_|_hashed_",
    secret,
    essential="password|hash|token|salt|secret",
)
ABBREVIATION = Meaning(
    "abbreviation",
    r"^_(abbreviation|abbr|initials)_$",
    lambda ask: "".join(ask.pick("ABCDEFGHKLMNPRSTW") for _ in range(3)),
)
REGISTRATION = Meaning("registration", r"_(asin|mrn|isrc|license_plate|plate|registration|gtin|mpn)_$", code)
ISBN = Meaning("ISBN", r"_(isbn)_", isbn)
EAN = Meaning("EAN", r"_(ean|gtin|barcode|ean_13|jan)_", lambda ask: ean(ask.most, ask.faker.random))
UPC = Meaning("UPC", r"_upc_", lambda ask: ean(min(12, ask.most or 12), ask.faker.random))
VIN = Meaning("VIN", r"_vin_", vin)
IMEI = Meaning("IMEI", r"_imei_", imei)
SSN = Meaning(
    "Social Security number",
    r"_ssn_|_social_security_",
    ssn,
    reserved=matched_range(r"000-(\d\d)-(\d{4})", 10**6, _next_ssn),
)
TRACKING = Meaning("tracking number", r"_(tracking)_", lambda ask: f"TRK{ask.digits(10)}"[: ask.most])
UUID = Meaning("UUID", r"_(uuid|guid|correlation_id|trace_id|request_id)_", uuid, essential="uuid")
VERSION = Meaning("version", r"_(version|semver)_", version, essential="version")
TICKER = Meaning(
    "ticker symbol",
    r"_(ticker|stock_symbol)_",
    lambda ask: "".join(ask.pick("ABCDEFGHKLMNPRSTX") for _ in range(4)),
)
ROOM_NUMBER = Meaning(
    "number of a room, seat or player",
    r"_(jersey|seat_no|room_no|room|room_number|table_no|lot|locker|row)_$",
    lambda ask: ask.digits(3),
)
NUMBER = Meaning("number", r"^_(number|no)_$", number)
CODE = Meaning(
    "code",
    r"_(sku|code|serial|reference|ref|number|no|coupon|voucher|plate)_$|_code_|_id_$",
    code,
    essential="code|sku|number|no|id",
)
KEY = Meaning(
    "key",
    r"_(key|identifier|namespace|group|prefix)_$",
    lambda ask: f"{word(ask)}_{noun(ask).lower()}",
    essential="key",
)
