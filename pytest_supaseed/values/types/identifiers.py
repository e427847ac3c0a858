"""Identifiers: network addresses, UUIDs, PostgreSQL's catalog types (``regclass``, ``pg_lsn``), and extension ``isn``.

Addresses are of private ranges and documentation blocks. The check digits are those of EAN (and UPC, ISBN-13, ISSN),
ISBN-10, Luhn (cards, IMEI) and IBAN.
"""

from __future__ import annotations

import ipaddress
import re
import uuid
from typing import Any

from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.model.schema import Column, ColumnType, Table
from pytest_supaseed.values.types.pgtype import Maker, MakerFor, PgType, stated


def _address(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    random = faker.random
    return f"10.{random.randint(0, 255)}.{random.randint(0, 255)}.{random.randint(1, 254)}"


def _next_address(value: str, number: int, column_type: ColumnType, domain: ValueDomain) -> str | None:
    host, slash, mask = value.partition("/")
    address = ipaddress.ip_address(host)
    last = 2**address.max_prefixlen
    return f"{type(address)((int(address) + number) % last)}{slash}{mask}" if number < last else None


def _network(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    return f"10.{faker.random.randint(0, 255)}.{faker.random.randint(0, 255)}.0/24"


def version_6(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    """Draw an IPv6 address or network from the block that RFC 3849 reserves for documentation."""
    network = f"2001:db8:{faker.random.randint(1, 0xFFFF):x}::"
    return f"{network}/48" if column_type.name == "cidr" else f"{network}{faker.random.randint(1, 0xFFFF):x}"


def _stated_family(make: Maker) -> MakerFor:
    """Make IPv6 addresses where a CHECK states that the ``family()`` is 6."""

    def make_for(column: Column, table: Table, domain: ValueDomain) -> Maker:
        return version_6 if stated(column, table, "family{}(6)") else make

    return make_for


def _next_network(value: str, number: int, column_type: ColumnType, domain: ValueDomain) -> str | None:
    network = ipaddress.ip_network(value)
    size = 2**network.prefixlen
    if number >= size:
        return None
    place = (int(network.network_address) // network.num_addresses + number) % size
    return f"{ipaddress.ip_address(place * network.num_addresses)}/{network.prefixlen}"


def _hardware(size: int) -> Maker:
    def make(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
        # Locally administered addresses belong to no vendor.
        parts = [2, *(faker.random.randint(0, 255) for _ in range(size - 1))]
        return ":".join(f"{part:02x}" for part in parts)

    return make


def _next_hardware(value: str, number: int, column_type: ColumnType, domain: ValueDomain) -> str | None:
    digits = re.sub("[^0-9A-Fa-f]", "", value)
    size = 16 ** len(digits)
    if number >= size:
        return None
    found = f"{(int(digits, 16) + number) % size:0{len(digits)}x}"
    return ":".join(found[at : at + 2] for at in range(0, len(found), 2))


# Objects of every supported version of PostgreSQL, with names that are unambiguous.
_OBJECTS = {
    "regclass": "pg_class pg_type pg_proc pg_attribute pg_index pg_constraint pg_namespace pg_trigger pg_enum",
    "regtype": "integer text boolean numeric uuid jsonb date interval bytea inet point",
    "regproc": "pg_sleep version pi gen_random_uuid pg_backend_pid clock_timestamp now txid_current",
    "regprocedure": "lower(text) upper(text) initcap(text) md5(text) now() pi() abs(integer) sqrt(numeric)",
    "regoper": "96 98 91 410 411 412 416 417 521 523",
    "regoperator": "=(integer,integer) <(integer,integer) >(text,text) +(integer,integer) -(integer,integer)",
    "regnamespace": "pg_catalog information_schema pg_toast",
    "regrole": "pg_monitor pg_read_all_data pg_write_all_data pg_signal_backend pg_read_all_stats",
    "regconfig": "simple english german french spanish italian dutch danish swedish norwegian portuguese",
    "regdictionary": "simple english_stem german_stem french_stem spanish_stem italian_stem dutch_stem",
    "regcollation": '"default" "C" "POSIX" ucs_basic',
    "regdatabase": "postgres template1 template0",
}
_PRIVILEGES = ("r", "a", "w", "d", "ar", "arw", "arwd")


def _object(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    return str(faker.random.choice(_OBJECTS[column_type.name].split()))


# A reg... type accepts any number without a look-up; PostgreSQL's own objects have lower OIDs.
_FIRST_FREE_OID = 100_000


def _next_object(value: str, number: int, column_type: ColumnType, domain: ValueDomain) -> str:
    return str(_FIRST_FREE_OID + number)


def _number(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    return str(faker.random.randint(3, 10**6))


def _snapshot(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    first = faker.random.randint(100, 10**6)
    return f"{first}:{first + 9}:{first + faker.random.randint(1, 3)},{first + faker.random.randint(4, 8)}"


def _numbers(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    return " ".join(str(faker.random.randint(1, 999)) for _ in range(faker.random.randint(1, 3)))


def _log_position(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    return f"{faker.random.randint(0, 9):X}/{faker.random.randint(1, 2**24):X}"


def _next_log_position(value: str, number: int, column_type: ColumnType, domain: ValueDomain) -> str | None:
    high, _, low = value.partition("/")
    place = ((int(high, 16) << 32) + int(low, 16) + number) % 2**64
    return f"{place >> 32:X}/{place & 0xFFFFFFFF:X}" if number < 2**64 else None


def _place(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    return f"({faker.random.randint(0, 9999)},{faker.random.randint(1, 99)})"


def _privilege(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    # Granted to PUBLIC, by a role that exists on every server.
    return f"={faker.random.choice(_PRIVILEGES)}/pg_monitor"


# The prefixes by which ``isn`` tells its types apart, written as an EAN of thirteen digits.
_PREFIXES = {
    "ean13": "400",
    "isbn": "978",
    "isbn13": "978",
    "issn": "977",
    "issn13": "977",
    "ismn": "9790",
    "ismn13": "9790",
    "upc": "0",
}


def _article(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    prefix = _PREFIXES[column_type.name]
    # As an EAN, an ISSN has a variant of two digits before the check digit.
    end = "00" if column_type.name in ("issn", "issn13") else ""
    count = 12 - len(prefix) - len(end)
    digits = f"{prefix}{faker.random.randrange(10**count):0{count}}{end}"
    return f"{digits}{ean_check_digit(digits)}"


def ean_check_digit(digits: str) -> str:
    """Return the check digit of an EAN, UPC, ISBN-13 or ISSN as EAN: weights 3 and 1 in turn, the last digit has 3.

    Example:
        >>> ean_check_digit("978039304002")
        '9'
    """
    total = sum(int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def isbn_10_check_digit(digits: str) -> str:
    """Return the check digit of an ISBN-10, ``X`` for ten: weights from 10 down to 2, modulo 11.

    Example:
        >>> isbn_10_check_digit("039304002"), isbn_10_check_digit("080442957")
        ('X', 'X')
    """
    total = sum((10 - at) * int(digit) for at, digit in enumerate(digits))
    check = -total % 11
    return "X" if check == 10 else str(check)


def luhn_check_digit(digits: str) -> str:
    """Return the check digit of a card number or IMEI (ISO/IEC 7812): every other digit is doubled, the last one too.

    Example:
        >>> luhn_check_digit("424242424242424")
        '2'
    """
    total = sum(
        sum(divmod(2 * int(digit), 10)) if at % 2 == 0 else int(digit)
        for at, digit in enumerate(reversed(digits))
    )
    return str(-total % 10)


def iban_check_digits(country: str, account: str) -> str:
    """Return the two check digits of an IBAN (ISO 7064, MOD 97-10).

    Args:
        country: two capital letters.
        account: the digits after the check digits.

    Example:
        >>> iban_check_digits("DE", "370400440532013000")
        '89'
    """
    letters = "".join(str(int(letter, 36)) for letter in country)
    return f"{98 - int(f'{account}{letters}00') % 97:02}"


_RANDOM_BITS_OF_A_UUID = 62


def _uuid(faker: Any, column_type: ColumnType, domain: ValueDomain) -> uuid.UUID:
    return uuid.UUID(int=faker.random.getrandbits(128), version=4)


def _next_uuid(value: uuid.UUID, number: int, column_type: ColumnType, domain: ValueDomain) -> uuid.UUID:
    mask = 2**_RANDOM_BITS_OF_A_UUID - 1
    return uuid.UUID(int=(value.int & ~mask) | ((value.int + number) & mask))


UUID = PgType(("uuid",), make=_uuid, values=(uuid.UUID,), next_distinct=_next_uuid)
TYPES = (
    UUID,
    PgType(("inet",), make_for=_stated_family(_address), next_distinct=_next_address),
    PgType(("cidr",), make_for=_stated_family(_network), next_distinct=_next_network),
    PgType(("macaddr",), make=_hardware(6), next_distinct=_next_hardware),
    PgType(("macaddr8",), make=_hardware(8), next_distinct=_next_hardware),
    PgType(tuple(_OBJECTS), make=_object, next_distinct=_next_object),
    PgType(("xid", "xid8", "cid"), make=_number),
    PgType(("pg_snapshot", "txid_snapshot"), make=_snapshot),
    PgType(("int2vector", "oidvector"), make=_numbers),
    PgType(("tid",), make=_place),
    PgType(("pg_lsn",), make=_log_position, next_distinct=_next_log_position),
    PgType(("aclitem",), make=_privilege),
    PgType(tuple(_PREFIXES), make=_article),
)
