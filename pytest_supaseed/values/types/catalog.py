"""Values of PostgreSQL's catalog types (``regclass``, ``xid``, ``pg_lsn``, ...) and of extension ``isn``."""

from __future__ import annotations

from typing import Any

from pytest_supaseed.constraints.domain import ColumnFacts
from pytest_supaseed.model.schema import ColumnType
from pytest_supaseed.values.types.checkdigits import ean_check_digit
from pytest_supaseed.values.types.pgtype import PgType

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


def _object(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    return str(faker.random.choice(_OBJECTS[column_type.name].split()))


# A reg... type accepts any number without a look-up; PostgreSQL's own objects have lower OIDs.
_FIRST_FREE_OID = 100_000


def _next_object(value: str, number: int, column_type: ColumnType, facts: ColumnFacts) -> str:
    return str(_FIRST_FREE_OID + number)


def _number(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    return str(faker.random.randint(3, 10**6))


def _snapshot(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    first = faker.random.randint(100, 10**6)
    return f"{first}:{first + 9}:{first + faker.random.randint(1, 3)},{first + faker.random.randint(4, 8)}"


def _numbers(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    return " ".join(str(faker.random.randint(1, 999)) for _ in range(faker.random.randint(1, 3)))


def _log_position(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    return f"{faker.random.randint(0, 9):X}/{faker.random.randint(1, 2**24):X}"


def _next_log_position(value: str, number: int, column_type: ColumnType, facts: ColumnFacts) -> str | None:
    high, _, low = value.partition("/")
    place = ((int(high, 16) << 32) + int(low, 16) + number) % 2**64
    return f"{place >> 32:X}/{place & 0xFFFFFFFF:X}" if number < 2**64 else None


def _place(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    return f"({faker.random.randint(0, 9999)},{faker.random.randint(1, 99)})"


def _privilege(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
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


def _article(faker: Any, column_type: ColumnType, facts: ColumnFacts) -> str:
    prefix = _PREFIXES[column_type.name]
    # As an EAN, an ISSN has a variant of two digits before the check digit.
    end = "00" if column_type.name in ("issn", "issn13") else ""
    count = 12 - len(prefix) - len(end)
    digits = f"{prefix}{faker.random.randrange(10**count):0{count}}{end}"
    return f"{digits}{ean_check_digit(digits)}"


TYPES = (
    PgType(tuple(_OBJECTS), make=_object, next_distinct=_next_object),
    PgType(("xid", "xid8", "cid"), make=_number),
    PgType(("pg_snapshot", "txid_snapshot"), make=_snapshot),
    PgType(("int2vector", "oidvector"), make=_numbers),
    PgType(("tid",), make=_place),
    PgType(("pg_lsn",), make=_log_position, next_distinct=_next_log_position),
    PgType(("aclitem",), make=_privilege),
    PgType(tuple(_PREFIXES), make=_article),
)
