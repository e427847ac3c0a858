"""Types without a server: how many values they have, how values are spelt, and what generated columns leave."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_supaseed.constraints.column import value_domain
from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.copy_text import typed_text
from pytest_supaseed.model.schema import Attribute, Column, ColumnType, Table, TableName
from pytest_supaseed.values.distinct import capacity_of, next_distinct
from pytest_supaseed.values.types.text import short_text

INTEGER = ColumnType("integer", "int4", "N")
TEXT = ColumnType("text", "text", "S")
BOOL = ColumnType("boolean", "bool", "B")
JSONB = ColumnType("jsonb", "jsonb")
MOOD = ColumnType("mood", "mood", "E", labels=("sad", "ok", "glad"))


def array_of(element: ColumnType, dimensions: int = 1) -> ColumnType:
    return ColumnType(
        f"{element.text}[]", element.name, element.category, True, dimensions=dimensions, element=element,
        delimiter=element.delimiter, labels=element.labels,
    )  # fmt: skip


def composite(*types: ColumnType) -> ColumnType:
    attributes = tuple(Attribute(name, of) for name, of in zip("abcdef", types))  # noqa: B905 as many as there are
    return ColumnType("app.pair", "pair", "C", attributes=attributes)


def bits(name: str, length: int) -> ColumnType:
    return ColumnType(f"{name}({length})", name, length=length)


@pytest.mark.parametrize(
    ("column_type", "domain", "capacity"),
    [
        (BOOL, ValueDomain(), 2),
        (BOOL, ValueDomain(excluded=(True,)), 1),
        (MOOD, ValueDomain(), 3),
        (MOOD, ValueDomain(allowed=("sad", "ok")), 2),
        (ColumnType('"char"', "char", "Z"), ValueDomain(maximum_length=1), 128),
        (bits("bit", 3), ValueDomain(), 8),
        (bits("varbit", 3), ValueDomain(), 15),
        (bits("bit", 64), ValueDomain(), None),
        (ColumnType("smallint", "int2", "N"), ValueDomain(), 65536),
        (INTEGER, ValueDomain(), None),
        (INTEGER, ValueDomain(minimum=3, maximum=9), 7),
        (INTEGER, ValueDomain(minimum=3, minimum_exclusive=True, maximum=9, excluded=(5, 77)), 5),
        (ColumnType("numeric(2,1)", "numeric", "N", precision=2, scale=1), ValueDomain(), 199),
        (ColumnType("numeric(1,-2)", "numeric", "N", precision=1, scale=-2), ValueDomain(), 19),
        (ColumnType("numeric(1,2)", "numeric", "N", precision=1, scale=2), ValueDomain(), 19),
        (
            ColumnType("numeric(2,1)", "numeric", "N", precision=2, scale=1),
            ValueDomain(minimum=Decimal(9)),
            10,
        ),
        (ColumnType("numeric", "numeric", "N"), ValueDomain(minimum=0, maximum=1), None),
        (ColumnType("real", "float4", "N"), ValueDomain(minimum=0, maximum=1), None),
        (TEXT, ValueDomain(maximum_length=1), None),
        (
            ColumnType("date", "date", "D"),
            ValueDomain(earliest=date(2024, 1, 1), latest=date(2024, 1, 31)),
            31,
        ),
        (ColumnType("bytea", "bytea"), ValueDomain(minimum_length=1, maximum_length=1), 256),
        (ColumnType("bytea", "bytea"), ValueDomain(), None),
        (ColumnType("bytea", "bytea"), ValueDomain(minimum_length=1, maximum_length=2), 256 + 65536),
        (ColumnType("bytea", "bytea"), ValueDomain(minimum_length=20, maximum_length=20), None),
        (ColumnType("bytea", "bytea"), ValueDomain(maximum_length=9), None),
        (array_of(BOOL), ValueDomain(), None),
        (array_of(BOOL), ValueDomain(maximum_length=2), 1 + 2 + 4),
        (array_of(MOOD), ValueDomain(minimum_length=2, maximum_length=2), 1 + 9),
        (array_of(TEXT), ValueDomain(maximum_length=2), None),
        (composite(BOOL, bits("bit", 2)), ValueDomain(), 8),
        (composite(BOOL, TEXT), ValueDomain(), None),
        (ColumnType("opaque", "opaque"), ValueDomain(), None),
    ],
)
def test_how_many_values_there_are(
    column_type: ColumnType, domain: ValueDomain, capacity: int | None
) -> None:
    assert capacity_of(column_type, domain) == capacity


@pytest.mark.parametrize(
    ("first", "column_type"),
    [
        ("A", ColumnType('"char"', "char", "Z")),
        ("010", bits("bit", 3)),
        ("01", bits("varbit", 2)),
        ((True, "00"), composite(BOOL, bits("bit", 2))),
        (("sad", True), composite(MOOD, BOOL)),
        (((True,), "ok"), composite(composite(BOOL), MOOD)),
    ],
)
def test_every_value_of_a_small_type_is_reached(first: object, column_type: ColumnType) -> None:
    column = Column("v", column_type)
    domain = value_domain(Table(TableName("public", "t"), (column,)), column)
    capacity = capacity_of(column_type, domain)
    assert capacity is not None
    found = [first, *(next_distinct(first, number, column, domain) for number in range(1, capacity))]
    assert len(set(found)) == capacity
    assert None not in found
    assert next_distinct(first, capacity, column, domain) is None


@pytest.mark.parametrize(
    ("first", "column_type"),
    [
        ([True], array_of(BOOL)),
        ([["sad", "ok"]], array_of(MOOD, 2)),
        ([["a", "b"], ["c", "d"]], array_of(TEXT, 2)),
        ([(1, "a")], array_of(composite(INTEGER, TEXT))),
        ((1, [True]), composite(INTEGER, array_of(BOOL))),
        ((True, "a"), composite(BOOL, TEXT)),
        ('"word"', JSONB),
        (7, JSONB),
        ("3 years", ColumnType("interval year", "interval", "T")),
        ("pg_class", ColumnType("regclass", "regclass", "N")),
        ("[1,5)", ColumnType("int4range", "int4range", "R", subtype=INTEGER)),
        ("a", ColumnType("character varying(1)", "varchar", "S", length=1)),
        ("AB", ColumnType("character(2)", "bpchar", "S", length=2)),
        ("1:2:", ColumnType("pg_snapshot", "pg_snapshot")),
    ],
)
def test_there_are_many_values_of_other_types(first: object, column_type: ColumnType) -> None:
    column = Column("v", column_type)
    domain = value_domain(Table(TableName("public", "t"), (column,)), column)
    found = [first, *(next_distinct(first, number, column, domain) for number in range(1, 120))]
    distinct = {typed_text(column_type, value).casefold() for value in found if value is not None}
    assert len(distinct) >= 60


@given(st.integers(1, 2000), st.integers(1, 2000), st.integers(1, 3))
def test_short_texts_differ_by_more_than_their_case(one: int, other: int, most: int) -> None:
    first, second = short_text(one, most), short_text(other, most)
    assert first is not None or most == 2
    assert all(text is None or 1 <= len(text) <= most for text in (first, second))
    if one != other and first is not None and second is not None:
        assert first.strip().casefold() != second.strip().casefold()


@pytest.mark.parametrize(
    ("column_type", "value", "text"),
    [
        (array_of(TEXT), ["a", None, "", 'x"y', "p\\q", "NULL", "{,}"], '{"a",NULL,"","x\\"y","p\\\\q","NULL","{,}"}'),
        (array_of(INTEGER, 2), [[1, 2], [3, None]], '{{"1","2"},{"3",NULL}}'),
        (array_of(ColumnType("box", "box", "G", delimiter=";")), ["(1,2),(0,0)"] * 2, '{"(1,2),(0,0)";"(1,2),(0,0)"}'),
        (array_of(JSONB), [{"a": 1}, [1], "null"], '{"{\\"a\\": 1}","[1]","null"}'),
        (array_of(array_of(INTEGER)), [[1, 2], [3]], '{"{\\"1\\",\\"2\\"}","{\\"3\\"}"}'),
        (composite(INTEGER, TEXT, BOOL), (1, None, True), '("1",,"t")'),
        (composite(INTEGER, TEXT), {"b": 'x"y\\', "a": 2}, '("2","x\\"y\\\\")'),
        (composite(composite(TEXT), array_of(TEXT)), (("a,b",), ["c"]), '("(\\"a,b\\")","{\\"c\\"}")'),
        (composite(TEXT), ("a", "too many"), '("a","too many")'),
        (array_of(composite(TEXT)), [("a",), None], '{"(\\"a\\")",NULL}'),
        (ColumnType("hstore", "hstore"), {'k"': "v", "n": None}, '"k\\""=>"v", "n"=>NULL'),
        (ColumnType("bytea", "bytea"), b"\x00\xff", "\\x00ff"),
        (ColumnType("interval", "interval"), timedelta(days=1, seconds=2), "1 days 2.000000 seconds"),
        (JSONB, ["a"], '["a"]'),
        (composite(TEXT), "(as it is)", "(as it is)"),
    ],
)  # fmt: skip
def test_values_are_spelt_as_postgresql_reads_them(column_type: ColumnType, value: Any, text: str) -> None:
    assert typed_text(column_type, value) == text


def generated(name: str, column_type: ColumnType, expression: str) -> Column:
    return Column(name, column_type, default=expression, generated=True)


def varying(length: int) -> ColumnType:
    return ColumnType(f"character varying({length})", "varchar", "S", length=length)


NAMES = "(((a)::text || ' '::text) || (b)::text)"
NUMERIC = ColumnType("numeric(6,2)", "numeric", "N", precision=6, scale=2)


@pytest.mark.parametrize(
    ("of_a", "of_b", "result", "expression", "longest", "greatest"),
    [
        (TEXT, TEXT, varying(11), NAMES, (5, 5), (None, None)),
        (TEXT, varying(3), varying(11), NAMES, (7, 3), (None, None)),
        (varying(50), varying(50), varying(200), NAMES, (50, 50), (None, None)),
        (TEXT, INTEGER, varying(7), "((lower(a) || '-'::text) || b)", (3, None), (None, 999)),
        (TEXT, TEXT, varying(11), "upper(a)", (11, None), (None, None)),
        (TEXT, TEXT, varying(11), "md5(repeat(a, 3))", (None, None), (None, None)),
        (TEXT, TEXT, varying(11), "((a || b))::character varying(11)", (None, None), (None, None)),
        (TEXT, TEXT, TEXT, NAMES, (None, None), (None, None)),
        (INTEGER, INTEGER, NUMERIC, "((a * b))::numeric", (None, None), (99, 99)),
        (INTEGER, INTEGER, NUMERIC, "(a + (b * 10))", (None, None), (909, 909)),
        (INTEGER, INTEGER, ColumnType("smallint", "int2", "N"), "(a * 100)", (None, None), (327, None)),
        (INTEGER, INTEGER, NUMERIC, "(a / 100)", (None, None), (999900, None)),
        (INTEGER, INTEGER, NUMERIC, "(a / b)", (None, None), (None, None)),
        (INTEGER, INTEGER, ColumnType("bigint", "int8", "N"), "(a + b)", (None, None), (None, None)),
    ],
)
def test_generated_columns_leave_room(
    of_a: ColumnType,
    of_b: ColumnType,
    result: ColumnType,
    expression: str,
    longest: tuple[int | None, int | None],
    greatest: tuple[int | None, int | None],
) -> None:
    columns = (Column("a", of_a), Column("b", of_b), generated("c", result, expression))
    facts = [value_domain(Table(TableName("public", "t"), columns), column) for column in columns[:2]]
    assert tuple(found.maximum_length for found in facts) == longest
    assert tuple(found.maximum for found in facts) == greatest


def test_a_generated_column_takes_nothing_that_is_demanded() -> None:
    columns = (Column("a", INTEGER), generated("c", NUMERIC, "(a * 1000)"))
    table = Table(TableName("public", "t"), columns)
    assert value_domain(table, columns[0]).maximum == 9
