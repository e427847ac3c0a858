"""Every declared type: its values are made within their domain, written, counted, and have distinct successors."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import pytest

from builders import FAKER
from pytest_supaseed.constraints.column import value_domain
from pytest_supaseed.constraints.domain import UNCONSTRAINED, Pattern, ValueDomain, accepts
from pytest_supaseed.constraints.literals import typed
from pytest_supaseed.copy_text import typed_text
from pytest_supaseed.model.schema import Check, Column, ColumnType, Table, TableName
from pytest_supaseed.values.column import value_source
from pytest_supaseed.values.distinct import capacity_of, next_distinct
from pytest_supaseed.values.types.pgtype import PgType, random_alone
from pytest_supaseed.values.types.registry import TYPES, type_of, type_of_value
from pytest_supaseed.values.types.text import accepted

COUNT = 30
NAMES = sorted(name for each in TYPES for name in each.names)
DECLARING = sorted(name for each in TYPES if each.next_distinct is not None for name in each.names)
COUNTED = {
    "bool": (UNCONSTRAINED, 2),
    "char": (UNCONSTRAINED, 128),
    "bit": (UNCONSTRAINED, 2),
    "varbit": (UNCONSTRAINED, None),
    "bytea": (ValueDomain(minimum_length=1, maximum_length=1), 256),
    "date": (ValueDomain(earliest=date(2024, 2, 1), latest=date(2024, 2, 29)), 29),
    **dict.fromkeys(("int2", "int4", "int8", "oid"), (ValueDomain(minimum=3, maximum=9), 7)),
    "numeric": (ValueDomain(minimum=3, maximum=9, decimals=1), 61),
    "money": (ValueDomain(minimum=3, maximum=9), 601),
}
CONSTANTS = {
    "bool": ("t", True),
    **dict.fromkeys(("int2", "int4", "int8", "oid"), ("7", 7)),
    **dict.fromkeys(("numeric", "float4", "float8"), ("7.5", Decimal("7.5"))),
    "money": ("$1,007.50", Decimal("1007.50")),
    "date": ("2024-02-29", date(2024, 2, 29)),
    "timestamp": ("2024-02-29 09:30:00", datetime(2024, 2, 29, 9, 30)),
    "timestamptz": ("2024-02-29 09:30:00+02", datetime(2024, 2, 29, 7, 30, tzinfo=timezone.utc)),
    "time": ("09:30:00", datetime(2024, 2, 29, 9, 30).time()),
    "uuid": ("6f9619ff-8b86-4d01-b42d-00cf4fc964ff", UUID("6f9619ff-8b86-4d01-b42d-00cf4fc964ff")),
    **dict.fromkeys(("json", "jsonb"), ('{"a": [1]}', {"a": [1]})),
}


def column_of(name: str) -> Column:
    return Column("v", ColumnType(name, name, length=3 if name == "bit" else None))


def table_of(column: Column, *checks: str) -> Table:
    found = tuple(Check(f"c{at}", expression, ("v",)) for at, expression in enumerate(checks))
    return Table(TableName("public", "t"), (column,), checks=found)


def made(column: Column, *checks: str, domain: ValueDomain | None = None) -> list[Any]:
    table = table_of(column, *checks)
    source = value_source(table, column, value_domain(table, column) if domain is None else domain)
    assert source is not None
    FAKER.seed_instance(1)
    return [source.choose(FAKER, {}) for _ in range(COUNT)]


def texts_of(column_type: ColumnType, values: list[Any]) -> list[str]:
    return [typed_text(column_type, value) for value in values]


def test_a_name_is_declared_once() -> None:
    assert len(NAMES) == len({*NAMES})
    assert all(type_of(ColumnType(name, name)) is each for each in TYPES for name in each.names)


@pytest.mark.parametrize(
    ("name", "declared"),
    [
        # Up to PostgreSQL 14 these are of the category of strings.
        ("pg_node_tree", False),
        ("pg_ndistinct", False),
        ("pg_dependencies", False),
        ("pg_mcv_list", False),
        ("pg_brin_bloom_summary", False),
        ("pg_brin_minmax_multi_summary", False),
        ("a_string_of_an_extension", True),
    ],
)
def test_a_type_of_the_category_of_strings_is_a_text_if_postgresql_reads_it(
    name: str, declared: bool
) -> None:
    assert (type_of(ColumnType(name, name, "S")) is not None) == declared


@pytest.mark.parametrize("name", NAMES)
def test_values_are_made_and_written(name: str) -> None:
    column = column_of(name)
    values = made(column)
    assert values == made(column)
    assert all(accepts(value_domain(table_of(column), column), value) for value in values)
    assert len({*texts_of(column.type, values)}) > 1


@pytest.mark.parametrize("name", NAMES)
def test_a_type_makes_values_by_itself(name: str) -> None:
    column = column_of(name)
    pg_type = type_of(column.type)
    assert pg_type is not None
    domain = value_domain(table_of(column), column)
    make = pg_type.maker(column, table_of(column), domain)
    random = random_alone(Random(1))
    values = [make(random, column.type, domain) for _ in range(COUNT)]
    assert all(accepts(domain, value) for value in values)
    assert len({*texts_of(column.type, values)}) > 1


def test_a_declaration_says_how_values_are_made() -> None:
    with pytest.raises(TypeError, match="oid8: either make or make_for"):
        PgType(("oid8",))


@pytest.mark.parametrize("name", sorted({*NAMES} - {"bool"}))
def test_a_refused_value_is_not_made(name: str) -> None:
    column = column_of(name)
    refused = made(column)[0]
    assert refused not in made(column, domain=ValueDomain(excluded=(refused,)))


@pytest.mark.parametrize("name", DECLARING)
def test_the_next_values_are_distinct(name: str) -> None:
    column = column_of(name)
    pg_type = type_of(column.type)
    first = next(value for value in made(column) if pg_type is not None and pg_type.holds(value))
    found = [first, *(next_distinct(first, number, column, UNCONSTRAINED) for number in range(1, COUNT))]
    texts = texts_of(column.type, [value for value in found if value is not None])
    assert len({*texts}) == len(texts) == min(COUNT, capacity_of(column.type) or COUNT)


@pytest.mark.parametrize("name", sorted(COUNTED))
def test_values_are_counted(name: str) -> None:
    domain, size = COUNTED[name]
    assert capacity_of(ColumnType(name, name), domain) == size


def test_every_type_with_a_capacity_is_counted_here() -> None:
    assert {*COUNTED} == {name for each in TYPES if each.capacity is not None for name in each.names}


@pytest.mark.parametrize("name", NAMES)
def test_a_constant_is_read_as_its_value(name: str) -> None:
    text, value = CONSTANTS.get(name, ("any text", "any text"))
    found = typed(text, ColumnType(name, name))
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize("name", sorted(CONSTANTS))
def test_a_value_is_read_from_the_text_that_is_written(name: str) -> None:
    column_type = ColumnType(name, name)
    for value in made(column_of(name)):
        text = typed_text(column_type, value)
        read = typed(text, column_type)
        assert read == (Decimal(text) if isinstance(value, float) else value)


@pytest.mark.parametrize(
    ("value", "name", "another"),
    [
        (True, "int4", False),
        (date(2024, 2, 28), "text", date(2024, 2, 29)),
        (timedelta(1), "text", timedelta(1, 1)),
        (UUID(int=7), "text", UUID(int=8)),
        (b"\1", "text", b"\2"),
        ({"a": 1}, "hstore", {"a": 1, "number": "2"}),
        ('"a"=>"1"', "hstore", '"a"=>"1", "number"=>"2"'),
        ('"number"=>"1", "b"=>"2"', "hstore", '"number"=>"2", "b"=>"2"'),
        (7, "text", None),
        ("7", "int4", None),
        (Decimal(7), "uuid", None),
    ],
)
def test_a_value_of_another_class_varies_by_its_class(value: Any, name: str, another: Any) -> None:
    assert next_distinct(value, 1, column_of(name), UNCONSTRAINED) == another


def test_texts_and_numbers_have_no_type_of_their_own() -> None:
    assert [type_of_value(value) for value in ("a", 1, 1.5, Decimal(1), None)] == [None] * 5


@pytest.mark.parametrize("category", ["C", "E"])
def test_a_users_type_is_not_the_extensions_of_its_name(category: str) -> None:
    assert type_of(ColumnType("app.vector", "vector", category)) is None
    assert type_of(ColumnType("vector", "vector", unavailable="it is a shell type")) is None


def test_a_string_of_an_extension_is_a_text() -> None:
    assert type_of(ColumnType("slug", "slug", "S")) is type_of(ColumnType("text", "text"))
    assert type_of(ColumnType("slug", "slug")) is None


@pytest.mark.parametrize(
    ("name", "check", "pattern"),
    [
        ("vector", "(vector_dims(v) = 2)", r"\[[^,]+,[^,]+\]"),
        ("sparsevec", "(vector_dims(v) = 9)", r"\{.*\}/9"),
        ("geometry", "(st_srid(v) = 4326)", r"SRID=4326;POINT .*"),
        ("geometry", "(geometrytype(v) = 'POLYGON'::text)", r"POLYGON .*"),
        ("inet", "(family(v) = 6)", "2001:db8:.*"),
        ("cidr", "(family(v) = 6)", "2001:db8:.*/48"),
    ],
)
def test_a_check_may_say_more_than_the_type(name: str, check: str, pattern: str) -> None:
    values = made(column_of(name), check)
    assert all(re.fullmatch(pattern, value) for value in values)


@pytest.mark.parametrize(
    ("value", "another"),
    [
        ("10.0.0.255", "10.0.1.0"),
        ("10.0.0.255/24", "10.0.1.0/24"),
        ("255.255.255.255/8", "0.0.0.0/8"),
        ("2001:db8::ffff/64", "2001:db8::1:0/64"),
    ],
)
def test_an_address_keeps_its_mask(value: str, another: str) -> None:
    assert next_distinct(value, 1, column_of("inet"), UNCONSTRAINED) == another


@pytest.mark.parametrize(
    ("domain", "size"),
    [
        (UNCONSTRAINED, 128),
        (ValueDomain(minimum_length=1), 127),
        (ValueDomain(excluded=("", "a")), 126),
        (ValueDomain(patterns=(Pattern("^[A-Z]$"),)), 26),
    ],
)
@pytest.mark.parametrize("first", ["A", "Z", "é"])
def test_the_single_bytes_of_a_domain(domain: ValueDomain, size: int, first: str) -> None:
    column = column_of("char")
    assert capacity_of(column.type, domain) == size
    others = [next_distinct(first, number, column, domain) for number in range(1, size + (first == "é"))]
    assert len({first, *others}) == size + (first == "é")
    assert all(isinstance(other, str) and accepted(other, column.type, domain) for other in others)
    assert next_distinct(first, size + 1, column, domain) is None


def test_a_log_position() -> None:
    column = column_of("pg_lsn")
    assert all(0 <= int(part, 16) < 2**32 for value in made(column) for part in value.split("/"))
    assert next_distinct("0/1FFFFF", 1, column, UNCONSTRAINED) == "0/200000"
    assert next_distinct("0/FFFFFFFF", 2, column, UNCONSTRAINED) == "1/1"


@pytest.mark.parametrize(
    ("name", "value", "another"),
    [
        ("macaddr", "02:00:00:00:00:FF", "02:00:00:00:01:00"),
        ("macaddr", "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00"),
        ("macaddr8", "02:00:00:00:00:00:00:1a", "02:00:00:00:00:00:00:1b"),
    ],
)
def test_a_hardware_address(name: str, value: str, another: str) -> None:
    assert next_distinct(value, 1, column_of(name), UNCONSTRAINED) == another
