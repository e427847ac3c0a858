"""The ways in which a CHECK can hold, as they are read from its text."""

from __future__ import annotations

import time
from dataclasses import fields
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_supaseed.constraints.cases import Case, cases_of_check, combined
from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.constraints.parser import deparse, parse
from pytest_supaseed.constraints.solving import Assignment
from pytest_supaseed.model.schema import Table
from tests.builders import column, reference, table

# At the end of what is expected: there are more, which matter less.
MORE: dict[str, Any] = {"...": "..."}
NULL: dict[str, Any] = {"allowed": (None,)}
SET: dict[str, Any] = {"required": True}


def of(*values: Any, **more: Any) -> dict[str, Any]:
    return {"allowed": values, **more}


def over(minimum: int, **more: Any) -> dict[str, Any]:
    return {"minimum": minimum, "minimum_exclusive": True, **more}


def things(*nullable: str) -> Table:
    """A table whose columns are nullable unless some are named."""
    kinds = {
        **dict.fromkeys("abcd", "int4"),
        **dict.fromkeys(("kind", "status", "t", "u"), "text"),
        **dict.fromkeys(("flag", "public"), "bool"),
        **dict.fromkeys(("started", "ended"), "timestamptz"),
        **dict.fromkeys(("quantity", "price", "total"), "numeric"),
        "x": "jsonb",
    }
    return table(
        "things",
        *(column(name, kind, nullable=not nullable or name in nullable) for name, kind in kinds.items()),
        column("mood", "mood", labels=("sad", "ok"), nullable=not nullable or "mood" in nullable),
        reference("owner_id", "owners"),
    )


def known(domain: ValueDomain) -> dict[str, Any]:
    found = {field.name: getattr(domain, field.name) for field in fields(domain)}
    found["json_members"] = {".".join(path): known(member) for path, member in domain.json_members}
    return {
        field.name: found[field.name]
        for field in fields(domain)
        if found[field.name] not in (field.default, {})
    }


def read(expression: str, nullable: tuple[str, ...] = (), most: int = 64) -> list[dict[str, Any]]:
    """Each branch as its facts by column, and its assignments under their columns."""
    found = []
    for case in cases_of_check(things(*nullable), expression, most):
        shown: dict[str, Any] = {name: known(domain) for name, domain in case.domains.items()}
        for own in case.assignments:
            shown[f"{own.column} {own.operator}"] = own.expression
        found.append(shown)
    return found


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("((status <> 'done'::text) OR (ended IS NOT NULL))",
         [{"status": {"excluded": ("done",)}}, {"ended": SET}, {"status": of("done"), "ended": SET},
          {"status": {"excluded": ("done",)}, "ended": NULL}]),
        ("((a IS NULL) = (b IS NULL))", [{"a": SET, "b": SET}, {"a": NULL, "b": NULL}]),
        ("((a IS NULL) <> (b IS NULL))", [{"a": NULL, "b": SET}, {"a": SET, "b": NULL}]),
        ("(public = (started IS NOT NULL))",
         [{"public": of(True), "started": SET}, {"public": of(False), "started": NULL}]),
        ("(NOT (flag AND (a IS NULL)))", [{"flag": of(False)}, {"a": SET}, {"flag": of(True), "a": SET},
                                          {"flag": of(False), "a": NULL}]),
        ("(num_nonnulls(a, b) = 1)", [{"a": SET, "b": NULL}, {"a": NULL, "b": SET}]),
        ("(num_nulls(a, b) = 0)", [{"a": SET, "b": SET}]),
        ("(num_nonnulls(a, b) >= 1)", [{"a": SET}, {"b": SET}, {"a": SET, "b": SET}, {"a": SET, "b": NULL},
                                       {"a": NULL, "b": SET}]),
        ("(num_nonnulls(VARIADIC ARRAY[a, b]) < 1)", [{"a": NULL, "b": NULL}]),
        ("((((a IS NOT NULL))::integer + ((b IS NOT NULL))::integer) = 1)",
         [{"a": SET, "b": NULL}, {"a": NULL, "b": SET}]),
        ("((CASE WHEN (a IS NULL) THEN 0 ELSE 1 END + CASE WHEN (b IS NULL) THEN 0 ELSE 1 END) = 2)",
         [{"a": SET, "b": SET}]),
        ("CASE WHEN (kind = 'x'::text) THEN (a > 5) ELSE (b IS NULL) END",
         [{"kind": of("x", **SET), "a": over(5)}, {"kind": {"excluded": ("x",)}, "b": NULL}]),
        ("CASE kind WHEN 'x'::text THEN (a IS NOT NULL) ELSE false END", [{"kind": of("x", **SET), "a": SET}]),
        ("(COALESCE(a, b) IS NOT NULL)", [{"a": SET}, {"b": SET}]),
        ("COALESCE(flag, false)", [{"flag": of(True, **SET)}]),
        ("(COALESCE(flag, true) = false)", [{"flag": of(False, **SET)}]),
        ("(COALESCE(a, 0) > 0)", [{"a": over(0, **SET)}]),
        ("(COALESCE(a, 1) > 0)", [{"a": over(0, **SET)}, {"a": NULL}]),
        ("(NULLIF(btrim(t), ''::text) IS NOT NULL)", [{"t": {"minimum_length": 1, **SET}}]),
        ("flag", [{"flag": of(True)}]),
        ("(NOT flag)", [{"flag": of(False)}]),
        ("(flag IS NOT TRUE)", [{"flag": of(False)}]),
        ("((a > 5) IS TRUE)", [{"a": over(5, **SET)}]),
        ("((kind = ANY (ARRAY['x'::text, 'y'::text])) AND (a IS NULL))", [{"kind": of("x", "y"), "a": NULL}]),
        ("(((kind = 'p'::text) AND (num_nonnulls(a, b) = 2)) OR ((kind = 'c'::text) AND (b IS NULL)))",
         [{"kind": of("p"), "a": SET, "b": SET}, {"kind": of("c"), "b": NULL}]),
        ("(ROW(a, b) IS NOT NULL)", [{"a": SET, "b": SET}]),
        ("(NOT (ROW(a, b) IS NULL))", [{"a": SET}, {"b": SET}]),
        ("((a + b) = c)", [{"c =": '("a" + "b")'}, {"b =": '("c" - "a")'}, {"a =": '("c" - "b")'}, {"c": NULL}]),
        ("(total = (quantity * price))", [{"total =": '("quantity" * "price")'}, {"total": NULL}]),
        ("(ended > (started + '01:00:00'::interval))",
         [{"ended >": """("started" + ('01:00:00')::interval)"""},
          {"started <": """("ended" - ('01:00:00')::interval)"""}, {"ended": NULL}]),
        ("(t = lower(u))", [{"t =": 'lower("u")'}, {"u": NULL}]),
        ("(upper(t) = t)", [{"t": {"uppercase": True}}]),
        ("((char_length(t) + char_length(u)) > 0)",
         [{"t": {"minimum_length": 1}}, {"u": {"minimum_length": 1}},
          {"t": {"minimum_length": 1}, "u": {"maximum_length": 0}},
          {"t": {"maximum_length": 0}, "u": {"minimum_length": 1}}]),
        ("(length(TRIM(BOTH FROM t)) = 5)", [{"t": {"minimum_length": 5, "maximum_length": 5}}]),
        ("((a * 2) > 10)", [{"a": over(5)}, {"a": NULL}]),
        ("((a < b) AND (a < c) AND (d >= a))",
         [{"b >": '"a"', "c >": '"a"', "d >=": '"a"'}, MORE]),
        ("(GREATEST(a, b) <= c)", [{"c >=": 'GREATEST("a", "b")'}, MORE]),
        ("(a IS DISTINCT FROM b)",
         [{"a": SET, "b": SET, "b <>": '"a"'}, {"a": SET, "b": SET, "a <>": '"b"'},
          {"a": NULL, "b": SET}, {"a": SET, "b": NULL}]),
        ("(owner_id <> id)", [{"owner_id <>": '"id"'}]),
        ("((mood)::text <> ALL (ARRAY['sad'::text, 'ok'::text]))", [{"mood": NULL}]),
        ("((a = 1) AND (a = 2))", [{"a": NULL}]),
        ("((a = 1) AND (a = 2) AND (a IS NOT NULL))", []),
        ("((a > 1) AND (a < 2) AND (a IS NOT NULL))", []),
        ("(((a > 5) AND (a < 2)) OR (b = 1))", [{"b": of(1)}, {"a": NULL}, MORE]),
        ("(array_position(t, NULL::integer) IS NULL)", [{}, {"t": NULL}]),
        ("(lower(t) IS NULL)", [{"t": NULL}]),
        ("false", []),
        ("true", [{}]),
        ("satisfies_hash_partition('16385'::oid, 2, 0, id)", [{}]),
        ("public.is_fine(a, b)", [{}, {"a": NULL}, {"b": NULL}]),
        ("(a <", [{}]),
        ("((started IS NOT NULL) AND (started >= '2024-01-01 00:00:00+00'::timestamp with time zone))",
         [{"started": {"earliest": datetime(2024, 1, 1, tzinfo=timezone.utc), **SET}}]),
        ("((kind IS NOT NULL) AND (kind = ANY (ARRAY['eu'::text, 'us'::text])))",
         [{"kind": of("eu", "us", **SET)}]),
        ("(jsonb_typeof(x) = 'object'::text)", [{"x": {"json_type": "object"}}]),
        ("(x ? 'key'::text)", [{"x": {"json_members": {"key": SET}}}]),
        ("(NOT (x ? 'key'::text))", [{"x": {"json_members": {"key": NULL}}}]),
        ("(x ?& ARRAY['k'::text, 'l'::text])", [{"x": {"json_members": {"k": SET, "l": SET}}}]),
        ("((x ->> 'type'::text) = ANY (ARRAY['a'::text, 'b'::text]))",
         [{"x": {"json_members": {"type": of("a", "b")}}}]),
        ("(((x ->> 'n'::text))::integer >= 3)", [{"x": {"json_members": {"n": {"minimum": 3}}}}]),
        ("(x @> '{\"a\": {\"b\": 1}}'::jsonb)", [{"x": {"json_members": {"a.b": of(1, **SET)}}}]),
        ("(((x ->> 'v'::text) = 'a'::text) AND ((x ->> 'v'::text) = 'b'::text))",
         [{"x": {"json_members": {"v": of()}}}]),
    ],
)  # fmt: skip
def test_reads_the_ways_in_which_a_check_holds(expression: str, expected: list[dict[str, Any]]) -> None:
    found = read(expression)
    if expected[-1:] == [MORE]:
        expected = expected[:-1]
        assert len(found) > len(expected)
        found = found[: len(expected)]
    assert found == expected


@pytest.mark.parametrize(
    ("expression", "nullable", "expected"),
    [
        ("((a IS NULL) OR (b > 1))", ("b",), [{"b": over(1)}]),
        ("(num_nonnulls(a, b) = 1)", ("b",), [{"b": NULL}]),
        ("((a = 1) AND (a = 2))", ("b",), []),
        ("(a < b)", ("c",), [{"b >": '"a"'}, {"a <": '"b"'}]),
    ],
)
def test_what_is_not_null_is_never_null(
    expression: str, nullable: tuple[str, ...], expected: list[dict[str, Any]]
) -> None:
    assert read(expression, nullable) == expected


def test_what_is_easy_to_choose_is_assigned() -> None:
    owned = table("t", column("low", "int4"), reference("high", "highs"), column("id", "int4"))
    [first, *_] = cases_of_check(owned, "(low < high)")
    assert first.assignments == (Assignment("low", "<", '"high"', ("high",)),)
    generated = table("t", column("a", "int4"), column("b", "int4", generated=True))
    [first, *_] = cases_of_check(generated, "(a < b)")
    assert first.assignments == (Assignment("a", "<", '"b"', ("b",)),)


def test_what_others_use_is_computed_first() -> None:
    [first, *_] = cases_of_check(things(), "((d > c) AND (c > b) AND (b > a))")
    assert [own.column for own in first.assignments] == ["b", "c", "d"]


def test_no_more_ways_than_asked_for() -> None:
    expression = "(num_nonnulls(a, b, c, d, kind, status, t, u) >= 2)"
    assert len(cases_of_check(things(), expression)) == 64
    assert cases_of_check(things(), expression, 5) == cases_of_check(things(), expression)[:5]
    assert all(len(case.domains) == 2 for case in cases_of_check(things(), expression, 5))


def test_ways_are_combined() -> None:
    one, other = (Case({"a": ValueDomain(minimum=low, maximum=low + 3)}) for low in (1, 3))
    assert combined(things(), [one, other]) == Case({"a": ValueDomain(minimum=3, maximum=4)})
    far = Case({"a": ValueDomain(minimum=9, required=True)})
    assert combined(things(), [one, far]) is None
    assert combined(things(), []) == Case()


NAMES = ["a", "b", "kind", "t", "flag", "started", "x", "mood", "quantity"]
LEAVES = st.sampled_from(
    [*NAMES, "1", "0", "'x'::text", "NULL", "true", "false", "'{}'::jsonb", "ARRAY['x'::text]", "now()"]
)


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inner, min_size=1, max_size=4)
    binary = st.sampled_from(
        ["=", "<>", "<", ">=", "+", "-", "*", "/", "||", "~", "->>", "?", "@>", "IS DISTINCT FROM"]
    )
    return st.one_of(
        st.tuples(inner, binary, inner).map(lambda parts: f"({' '.join(parts)})"),
        st.tuples(several, st.sampled_from([" AND ", " OR "])).map(lambda both: f"({both[1].join(both[0])})"),
        inner.map(lambda text: f"(NOT {text})"),
        st.tuples(inner, st.sampled_from(["NULL", "NOT NULL", "TRUE", "NOT FALSE", "UNKNOWN"])).map(
            lambda both: f"({both[0]} IS {both[1]})"
        ),
        st.tuples(
            st.sampled_from(["COALESCE", "num_nonnulls", "num_nulls", "GREATEST", "lower", "length", "NULLIF",
                             "ROW", "abs", "f", "jsonb_typeof", "position", "mod", "extract"]),
            several,
        ).map(lambda both: f"{both[0]}({', '.join(both[1])})"),
        st.tuples(inner, inner, inner).map(lambda parts: "CASE WHEN {} THEN {} ELSE {} END".format(*parts)),
        inner.map(lambda text: f"({text})::integer"),
        st.tuples(inner, several).map(lambda both: f"({both[0]} = ANY (ARRAY[{', '.join(both[1])}]))"),
    )  # fmt: skip


EXPRESSIONS = st.recursive(LEAVES, grown, max_leaves=25)


@settings(deadline=None)
@given(EXPRESSIONS)
def test_any_expression_is_read_within_bounds(expression: str) -> None:
    started = time.perf_counter()
    found = cases_of_check(things(), expression, 16)
    assert time.perf_counter() - started < 5
    assert len(found) <= 16
    assert found == cases_of_check(things(), expression, 16)


@given(EXPRESSIONS)
def test_an_expression_is_read_again_as_it_is_written(expression: str) -> None:
    node = parse(expression)
    assert parse(deparse(node)) == node


@pytest.mark.parametrize(
    "expression",
    [
        "CASE kind WHEN 'a'::text THEN (b > 1) END",
        "((x)::timestamp(0) without time zone > '2020-01-01'::date)",
        "EXTRACT(year FROM a) = 3",
        "POSITION(('@'::text) IN (a)) > 1",
        "TRIM(BOTH 'x' FROM y)",
        "SUBSTRING(a FROM 1 FOR 2)",
        "(ROW(a, b) = ROW(c, d))",
        "(x[1] > 0)",
        "((x)[1:2] = ARRAY[1, 2])",
        "((x)[:2] = '{}'::integer[])",
        "((p).x > 1)",
        "(a AT TIME ZONE 'UTC'::text)",
        "num_nonnulls(VARIADIC ARRAY[a, b])",
        "((a IS JSON OBJECT WITH UNIQUE KEYS) AND b)",
        "((m)::app.\"My, (type)\" = 'x')",
        '("Group" > app."My f"(a))',
        "((a, b) OVERLAPS (c, d))",
        "(v ~ E'\\\\d''')",
        "(a < (- 5))",
        "(CURRENT_DATE > d)",
        "(X'1F' = b)",
        "(d)::numeric(10,2)[]",
        "(a IS NFC NORMALIZED)",
        '(a COLLATE "C" > (b)::"char")',
        "(a <> ALL (ARRAY['a'::text]))",
        "(VALUE > 0)",
    ],
)
def test_every_form_is_written_as_it_is_read(expression: str) -> None:
    node = parse(expression)
    assert parse(deparse(node)) == node


def test_a_type_is_written_as_it_was_read() -> None:
    assert deparse(parse('((a)::app."Mood"(1)[])')) == '("a")::app."Mood"(1)[]'
    assert deparse(parse("(a)::timestamp(0) without time zone")) == '("a")::timestamp(0) without time zone'


@pytest.mark.parametrize(
    "expression", ["(NOT (abs((a - b)) <= 10))", "(NOT (abs((a - b)) < 11))", "(abs((a - b)) > 10)"]
)
def test_what_does_not_follow_from_a_simpler_condition_is_not_refuted_by_its_opposite(
    expression: str,
) -> None:
    found = read(expression, ("kind",))
    assert {name.rstrip("=") for branch in found for name in branch} == {"a <", "a >", "b <", "b >"}


def test_a_sum_of_lengths_differs_where_one_of_them_exceeds_it() -> None:
    least = {6}
    found = read("((length(t) + length(u)) <> 5)")
    assert {max(facts.get("minimum_length", 0) for facts in branch.values()) for branch in found} == least
