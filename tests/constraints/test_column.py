"""What is read from the text of CHECK constraints, as PostgreSQL 14 to 18 print them."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date, datetime, time, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import column, table
from pytest_supaseed.constraints.column import comparisons, inlined, left_by_generated, value_domain
from pytest_supaseed.constraints.domain import Pattern, ValueDomain
from pytest_supaseed.constraints.solving import sums
from pytest_supaseed.model.schema import Check, Column, ColumnType, Table, TableName


def read(type_name: str, expression: str, **of_type: Any) -> dict[str, Any]:
    """The facts of column a that are not as without any CHECK."""
    column = Column("a", ColumnType(type_name, type_name, **of_type))
    table = Table(TableName("public", "t"), (column,), checks=(Check("c", expression, ("a",)),))
    return known(value_domain(table, column))


def read_domain(type_name: str, expression: str, **of_type: Any) -> dict[str, Any]:
    column = Column(
        "a", ColumnType("d", type_name, domain="public.d", checks=(Check("c", expression),), **of_type)
    )
    return known(value_domain(Table(TableName("public", "t"), (column,)), column))


def known(domain: ValueDomain) -> dict[str, Any]:
    return {
        field.name: getattr(domain, field.name)
        for field in fields(domain)
        if getattr(domain, field.name) not in (field.default, ValueDomain())
    }


@pytest.mark.parametrize(
    ("type_name", "expression", "expected"),
    [
        ("numeric", "(a >= (0)::numeric)", {"minimum": 0}),
        ("numeric", "(a > (0)::numeric)", {"minimum": 0, "minimum_exclusive": True}),
        ("numeric", "((0)::numeric < a)", {"minimum": 0, "minimum_exclusive": True}),
        ("int4", "(a > '-5'::integer)", {"minimum": -5, "minimum_exclusive": True}),
        ("int4", "((a >= 1) AND (a <= 5))", {"minimum": 1, "maximum": 5}),
        ("int4", "((a IS NULL) OR (a > 0))", {"minimum": 0, "minimum_exclusive": True}),
        ("int4", "(COALESCE(a, 0) >= 0)", {"minimum": 0}),
        ("int4", "((a % 5) = 0)", {"multiple_of": 5}),
        ("int4", "(mod(a, 5) = 0)", {"multiple_of": 5}),
        ("int4", "(a <> ALL (ARRAY[4, 13]))", {"excluded": (4, 13)}),
        ("int4", "(NOT (a > 5))", {"maximum": 5}),
        ("int4", "((a < 0) OR (a > 10))", {}),
        ("int4", "((a > 0) OR (a = '-1'::integer))", {"minimum": -1}),
        ("text", "((a = 'x'::text) OR (length(a) > 3))", {}),
        ("text", "(lower(TRIM(BOTH FROM a)) = a)",
         {"lowercase": True, "patterns": (Pattern(r"\A | \Z", negated=True),)}),
        ("jsonb", "(a ? 'k'::text)", {"json_members": ((("k",), ValueDomain(required=True)),)}),
        ("jsonb", "((a = '{}'::jsonb) OR (a = '[1]'::jsonb))", {"allowed": ({}, [1])}),
        ("jsonb", "(jsonb_array_length(a) > 2)", {"json_type": "array", "minimum_length": 3}),
        ("int4", "(((a >= 1) AND (a <= 2)) OR ((a >= 5) AND (a <= 9)))", {"minimum": 1, "maximum": 9}),
        ("int2", "(a = ANY (ARRAY[1, 2, 3]))", {"allowed": (1, 2, 3)}),
        ("int4", "((a = ANY (ARRAY[1, 2, 3])) AND (a <> 2))", {"allowed": (1, 3), "excluded": (2,)}),
        ("float8", "((a >= (0.0)::double precision) AND (a <= (1.0)::double precision))",
         {"minimum": 0, "maximum": 1}),
        ("numeric", "(abs(a) <= (90)::numeric)", {"minimum": -90, "maximum": 90}),
        ("numeric", "(a = round(a, 2))", {"decimals": 2}),
        ("money", "(a > (0)::money)", {"minimum": 0, "minimum_exclusive": True}),
        # A cast that rounds moves the limit.
        ("numeric", "((a)::integer >= 1)", {}),
        ("numeric", "(a >= 'NaN'::numeric)", {}),
        ("int4", "(a > NULL::integer)", {}),
        ("text", "(a = 'x'::text)", {"allowed": ("x",)}),
        ("text", "((a = 'x'::text) OR (a = 'y'::text))", {"allowed": ("x", "y")}),
        ("text", "(a = ANY (ARRAY['it''s'::text, 'b'::text]))", {"allowed": ("it's", "b")}),
        ("varchar", "((a)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
         {"allowed": ("a", "b")}),
        ("varchar",
         "((a)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text]))",
         {"allowed": ("a", "b")}),
        ("text", "(a = ANY ('{x,y}'::text[]))", {"allowed": ("x", "y")}),
        ("bpchar", "(a = ANY (ARRAY['USD'::bpchar, 'EUR'::bpchar]))", {"allowed": ("USD", "EUR")}),
        # What is compared with NULL is never refused.
        ("text", "(a = ANY (ARRAY['x'::text, NULL::text]))", {}),
        ("text", "((a = 'x'::text) OR NULL::boolean)", {}),
        ("text", "((a = 'x'::text) OR (b > 3))", {}),
        ("text", "((a = 'x'::text) AND (b > 3))", {"allowed": ("x",)}),
        ("text", "(((a = 'x'::text) AND (b IS NULL)) OR ((a = 'y'::text) AND (b = 1)))",
         {"allowed": ("x", "y")}),
        ("text", "(a <> ''::text)", {"minimum_length": 1}),
        ("text", "(a > ''::text)", {"minimum_length": 1}),
        ("text", "(btrim(a) <> ''::text)", {"minimum_length": 1}),
        ("text", "(TRIM(BOTH FROM a) <> ''::text)", {"minimum_length": 1}),
        ("text", "(length(TRIM(BOTH FROM a)) > 0)", {"minimum_length": 1}),
        ("text", "(length(TRIM(BOTH FROM a)) <= 5)", {}),
        ("text", "(char_length(a) > 3)", {"minimum_length": 4}),
        ("varchar", "((char_length((a)::text) >= 3) AND (char_length((a)::text) < 9))",
         {"minimum_length": 3, "maximum_length": 8}),
        ("text", "(length(a) = 7)", {"minimum_length": 7, "maximum_length": 7}),
        ("text", "(octet_length(a) <= 7)", {"maximum_length": 7}),
        ("bytea", "(octet_length(a) = 32)", {"minimum_length": 32, "maximum_length": 32}),
        ("text", "(a = lower(a))", {"lowercase": True}),
        ("varchar", "((a)::text = upper((a)::text))", {"uppercase": True}),
        ("text", "(a IS NOT NULL)", {"required": True}),
        ("text", "(a IS NULL)", {"allowed": (None,)}),
        ("bool", "a", {"allowed": (True,)}),
        ("bool", "(NOT a)", {"allowed": (False,)}),
        ("bool", "(a IS TRUE)", {"allowed": (True,)}),
        ("bool", "(a = false)", {"allowed": (False,)}),
        ("date", "(a >= '2020-01-01'::date)", {"earliest": date(2020, 1, 1)}),
        ("date", "(a < '2020-01-01'::date)", {"latest": date(2019, 12, 31)}),
        ("date", "(a > CURRENT_DATE)", {"after_clock": True}),
        ("timestamptz", "(a > (now() + '1 day'::interval))", {"after_clock": True}),
        ("date", "(a <= CURRENT_DATE)", {}),
        ("date", "(a <= (CURRENT_DATE - '18 years'::interval))", {"latest": date(2005, 12, 30)}),
        ("date", "((a >= (CURRENT_DATE - '120 years'::interval)) AND (a <= (CURRENT_DATE - 365)))",
         {"earliest": date(1930, 1, 3), "latest": date(2022, 12, 30)}),
        ("date", "(a > (CURRENT_DATE - '1 year'::interval))", {"after_clock": True}),
        ("timestamptz", "(age(a) >= '18 years'::interval)",
         {"latest": datetime(2005, 12, 30, tzinfo=timezone.utc)}),
        ("date", "(EXTRACT(year FROM age((a)::timestamp with time zone)) >= (18)::numeric)",
         {"latest": date(2005, 12, 30)}),
        ("date", "(date_part('year'::text, age((CURRENT_DATE)::timestamp with time zone, (a)::timestamp with time"
         " zone)) > (17)::double precision)", {"latest": date(2005, 12, 30)}),
        ("int4", "((a)::numeric <= (EXTRACT(year FROM CURRENT_DATE) + (1)::numeric))", {"maximum": 2025}),
        ("int4", "(a >= (date_part('year'::text, now()))::integer)", {}),
        ("date", "(EXTRACT(year FROM a) >= (2000)::numeric)", {"earliest": date(2000, 1, 1)}),
        ("date", "(date_part('year'::text, a) < (2000)::double precision)", {"latest": date(1999, 12, 31)}),
        ("timestamptz", "(a >= '2020-01-01 02:00:00+02'::timestamp with time zone)",
         {"earliest": datetime(2020, 1, 1, tzinfo=timezone.utc)}),
        ("timestamp", "(a > '2020-01-01 00:00:00'::timestamp without time zone)",
         {"earliest": datetime(2020, 1, 1, 0, 0, 0, 1)}),
        ("time", "(a >= '08:00:00'::time without time zone)", {"earliest": time(8)}),
        ("date", "(a > 'infinity'::date)", {}),
        ("jsonb", "(jsonb_typeof(a) = 'array'::text)", {"json_type": "array"}),
        ("text", "(num_nonnulls(a, b) = 1)", {}),
        ("text", "\nCASE\n    WHEN (a = 'x'::text) THEN true\n    ELSE false\nEND", {}),
        ("text", "public.is_valid(a)", {}),
        ("text", "((a)::integer > 5)", {}),
    ],
)  # fmt: skip
def test_reads_a_check(type_name: str, expression: str, expected: dict[str, Any]) -> None:
    assert read(type_name, expression) == expected


@pytest.mark.parametrize(
    ("type_name", "expression", "matches", "differs"),
    [
        ("text", "(a ~ '^\\d{5}$'::text)", ["12345"], ["1234", "12345\n", "a1234"]),
        ("text", "(a ~* '^[a-z]+@[a-z]+\\.com$'::text)", ["A@b.com"], ["a@b.org"]),
        ("text", "(a !~ '\\s'::text)", ["ab"], ["a b"]),
        ("text", "(a ~~ 'a\\_%'::text)", ["a_", "a_b\nc"], ["ab"]),
        ("text", "(a !~~ '%@%'::text)", ["ab"], ["a@b"]),
        ("text", "(a ~~* 'AB_'::text)", ["abc"], ["ab"]),
        ("text", "((a ~~ 'a%'::text) OR (a ~~ 'b%'::text))", ["ax", "bx"], ["cx"]),
        ("text", "(a ~ ANY (ARRAY['^a'::text, '^b'::text]))", ["ax", "bx"], ["cx"]),
        ("text", "(a ~ similar_to_escape('[0-9]+%'::text))", ["12x"], ["x12"]),
        ("text", "(a ~ '^[[:upper:]_]+$'::text)", ["AB_C"], ["ab"]),
        ("text", "(POSITION(('@'::text) IN (a)) > 1)", ["a@"], ["@a", "a"]),
        ("text", "(strpos(a, '@'::text) > 0)", ["@a"], ["a"]),
        ("text", "(lower(a) = ANY (ARRAY['x'::text, 'y'::text]))", ["X", "y"], ["z", "xx"]),
        ("text", "(a = btrim(a))", ["a b", ""], [" a", "a "]),
        ("varchar", "(ltrim((a)::text) = (a)::text)", ["a "], [" a"]),
        ("text", "(lower(TRIM(BOTH FROM a)) = a)", ["a b"], [" a", "a "]),
        ("text", "(lower(TRIM(BOTH FROM a)) <> 'x'::text)", ["y", "xx"], ["x", " X"]),
        ("text", "(\"left\"(a, 4) = 'dns:'::text)", ["dns:a"], ["a.dns:", "dn"]),
        ("text", "(\"right\"(TRIM(BOTH FROM a), 1) <> '/'::text)", ["a/b"], ["a/", "a/ "]),
        ("text", "(POSITION(('|'::text) IN (TRIM(BOTH FROM a))) = 0)", ["ab"], ["a|b"]),
        ("text", "(a ~ (('^'::text || '[a-z]'::text) || '+$'::text))", ["ab"], ["1"]),
        ("text", "starts_with(a, 'ab'::text)", ["abc"], ["cab"]),
        ("citext", "(a ~ '^[a-z]+$'::citext)", ["AB"], ["1"]),
        ("citext", "((a)::text ~ '^[a-z]+$'::text)", ["ab"], ["AB"]),
    ],
)
def test_reads_a_pattern(type_name: str, expression: str, matches: list[str], differs: list[str]) -> None:
    (pattern,) = read(type_name, expression)["patterns"]

    def agrees(text: str) -> bool:
        flags = re.DOTALL | (re.IGNORECASE if pattern.case_insensitive else 0)
        return bool(re.search(pattern.regex, text, flags)) != pattern.negated

    assert all(map(agrees, matches))
    assert not any(map(agrees, differs))


@pytest.mark.parametrize(
    ("expression", "regex"),
    [
        ("(a !~ '[^a-z]'::text)", r"^[a-z]*\Z"),
        (r"(a !~ '\D'::text)", r"^[\d]*\Z"),
        ("(regexp_replace(a, '[^0-9]'::text, ''::text, 'g'::text) = a)", r"^[0-9]*\Z"),
    ],
)
def test_what_a_text_must_not_have_tells_what_to_make_of_it(expression: str, regex: str) -> None:
    assert read("text", expression) == {"patterns": (Pattern(regex),)}


def test_what_is_replaced_by_something_says_nothing() -> None:
    assert read("text", "(regexp_replace(a, '[^0-9]'::text, '0'::text) = a)") == {}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("((a + b) = 100)", [("a", "b", 100)]),
        ("((100)::numeric = ((a)::numeric + COALESCE(b, 0)))", [("a", "b", 100)]),
        ("(((a + b) = 5) AND (a > 0))", [("a", "b", 5)]),
        ("((a + a) = 100)", []),
        ("((a + b) > 100)", []),
        ("((a - b) = 100)", []),
        ("((a + b) = a)", []),
        ("((a + c) = 1)", []),
        ("((a + b) =", []),
    ],
)
def test_reads_sums(expression: str, expected: list[tuple[str, str, int]]) -> None:
    columns = (column("a", "int4"), column("b", "int4"), column("c"))
    table = Table(TableName("public", "t"), columns, checks=(Check("c", expression, ("a", "b")),))
    assert [(*found.columns, found.total) for found in sums(table)] == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("(total > 5)", "((a * 2) > 5)"),
        ('("total" > 5)', "((a * 2) > 5)"),
        ("(subtotal > total)", "(subtotal > (a * 2))"),
        ("(a = 'total'::text)", "(a = 'total'::text)"),
        ("(total(a) > 5)", "(total(a) > 5)"),
    ],
)
def test_a_generated_column_stands_for_its_expression(expression: str, expected: str) -> None:
    total = replace(column("total", "int4"), generated=True, default="a * 2")
    assert inlined(Table(TableName("public", "t"), (column("a", "int4"), total)), expression) == expected


def test_a_text_that_is_padded_fills_its_column() -> None:
    assert read("bpchar", "(a ~ '^[a-z]+$'::text)", length=5)["minimum_length"] == 5
    assert "minimum_length" not in read("bpchar", "((a)::text ~ '^[a-z]+$'::text)", length=5)


def test_a_pattern_that_python_has_not_is_no_fact() -> None:
    assert read("text", "(a ~ '***=a.b'::text)") == {}
    assert read("text", "(a ~ '[[:<:]]a'::text)") == {}


@pytest.mark.parametrize(
    ("type_name", "expression", "expected"),
    [
        ("text", "(cardinality(a) > 0)", {"minimum_length": 1}),
        ("text", "(array_length(a, 1) <= 5)", {"maximum_length": 5}),
        ("text", "(a <> '{}'::text[])", {"minimum_length": 1}),
        ("text", "(a <@ ARRAY['x'::text, 'y'::text])", {"element": ValueDomain(allowed=("x", "y"))}),
        ("int4", "(0 < ALL (a))", {"element": ValueDomain(minimum=0, minimum_exclusive=True)}),
        ("text", "('x'::text = ANY (a))", {}),
        ("int4", "(a[1] > 0)", {}),
    ],
)
def test_reads_the_check_of_an_array(type_name: str, expression: str, expected: dict[str, Any]) -> None:
    assert read(type_name, expression, array=True) == expected


def test_reads_a_domain() -> None:
    five = Pattern(r"^\d{5}\Z")
    assert read_domain("text", "(VALUE ~ '^\\d{5}$'::text)") == {"patterns": (five,)}
    assert read_domain("text", "(VALUE ~ '^\\d{5}$'::text)", array=True) == {
        "element": ValueDomain(patterns=(five,))
    }
    assert read_domain("text", "(cardinality(VALUE) < 4)", array=True) == {"maximum_length": 3}
    assert read_domain("int4", "((VALUE >= 1901) AND (VALUE <= 2155))") == {"minimum": 1901, "maximum": 2155}


def test_a_column_called_value_is_not_the_value_of_a_domain() -> None:
    column = Column("value", ColumnType("d", "int4", checks=(Check("c", "(VALUE > 0)"),)))
    table = Table(TableName("public", "t"), (column,), checks=(Check("d", "(value < 9)", ("value",)),))
    assert known(value_domain(table, column)) == {"minimum": 0, "minimum_exclusive": True, "maximum": 9,
                                                  "maximum_exclusive": True}  # fmt: skip


def test_a_check_narrows_an_enum() -> None:
    labels = {"labels": ("sad", "ok", "happy"), "category": "E"}
    assert read("mood", "true", **labels) == {"allowed": ("sad", "ok", "happy")}
    assert read("mood", "(a = ANY (ARRAY['ok'::mood, 'sad'::mood]))", **labels) == {"allowed": ("sad", "ok")}
    assert read("mood", "((a)::text <> 'sad'::text)", **labels)["allowed"] == ("ok", "happy")
    assert read("mood", "true", array=True, **labels) == {
        "element": ValueDomain(allowed=("sad", "ok", "happy"))
    }


def test_a_length_is_a_fact() -> None:
    assert read("varchar", "true", length=7) == {"maximum_length": 7}
    assert read("varchar", "true", length=7, array=True) == {"element": ValueDomain(maximum_length=7)}


def test_numbers_come_as_the_column_has_them() -> None:
    assert type(read("int4", "(a >= (1)::integer)")["minimum"]) is int
    assert type(read("numeric", "(a >= (1)::numeric)")["minimum"]) is Decimal


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("(low <= high)", [("low", "<=", "high")]),
        ("((low)::numeric <= high)", [("low", "<=", "high")]),
        ("((ends_at IS NULL) OR (ends_at > starts_at))", [("ends_at", ">", "starts_at")]),
        (
            "((ends_at IS NULL) OR (starts_at IS NULL) OR (ends_at > starts_at))",
            [("ends_at", ">", "starts_at")],
        ),
        ("((low IS NULL) OR (ends_at > starts_at))", []),
        ("(NOT (low > high))", [("low", "<=", "high")]),
        ("((low < high) AND (starts_at <> ends_at))", [("low", "<", "high"), ("starts_at", "<>", "ends_at")]),
        ("(low IS DISTINCT FROM high)", [("low", "<>", "high")]),
        ("((low < high) OR (low > 100))", []),
        ("(low < (high * (2)::numeric))", []),
        ("(low < 5)", []),
        ("(low <", []),
    ],
)
def test_reads_comparisons(expression: str, expected: list[tuple[str, str, str]]) -> None:
    columns = [("low", "int4"), ("high", "numeric"), ("starts_at", "timestamptz"), ("ends_at", "timestamptz")]
    table = Table(
        TableName("public", "t"),
        tuple(Column(name, ColumnType(kind, kind)) for name, kind in columns),
        checks=(Check("c", expression, tuple(name for name, _ in columns)),),
    )
    assert [(c.left, c.operator, c.right) for c in comparisons(table)] == expected


FRAGMENTS = [
    "(", ")", "a", "b", "::", "text", "'x'", "5", "=", "<", "~", "ANY", "ARRAY[", "]", "AND", "OR", "NOT",
    "IS", "NULL", "CASE", "END", "VALUE", "length(", ",", "-", "E'\\x", "'", '"', ".", "TRIM(BOTH FROM",
    "%", "COALESCE(", "COLLATE", "[", "EXTRACT(year FROM", "mod(a, 0)", "OPERATOR(", "round(a",
]  # fmt: skip


@given(
    st.text() | st.lists(st.sampled_from(FRAGMENTS)).map(" ".join), st.sampled_from(["text", "int4", "date"])
)
def test_no_text_is_an_error(expression: str, type_name: str) -> None:
    for array in (False, True):
        assert isinstance(read(type_name, expression, array=array), dict)
        assert isinstance(read_domain(type_name, expression, array=array), dict)
    columns = (Column("a", ColumnType(type_name, type_name)), Column("b", ColumnType(type_name, type_name)))
    table = Table(TableName("public", "t"), columns, checks=(Check("c", expression, ("a", "b")),))
    assert isinstance(comparisons(table), tuple)


def test_what_is_nested_too_deeply_says_nothing() -> None:
    assert read("int4", "(" * 10_000 + "a > 0" + ")" * 10_000) == {}
    assert read("int4", "NOT " * 10_000 + "(a > 0)") == {}
    assert read("int4", "-" * 10_000 + "a") == {}


@pytest.mark.parametrize(
    ("expression", "longest"),
    [
        ("((a)::text || '-'::text)", 39),
        # The digits of md5() are 32, however short its argument is.
        ("((a)::text || md5((b)::text))", 8),
        # Any argument of coalesce() may be the one that counts.
        ("COALESCE((b)::text, (a)::text)", 20),
        ("((a)::text || COALESCE((b)::text, 'unknown'::text))", 16),
    ],
)
def test_a_concatenation_leaves_room_for_its_other_parts(expression: str, longest: int) -> None:
    whole = replace(column("whole", "varchar", length=40), generated=True, default=expression)
    a, b = column("a", "text"), column("b", "text")
    domain = left_by_generated(table("names", a, b, whole), a, ValueDomain())
    assert domain.maximum_length == longest
