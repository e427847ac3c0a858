"""Errors of PostgreSQL about rows, told from their diagnostics."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_supaseed.model.schema import Schema, Trigger
from pytest_supaseed.rows.cells import Block, Generated, Plain
from pytest_supaseed.writing.feed import Feed
from pytest_supaseed.writing.refusals import late_refusal, refusal
from tests.builders import column, table

FUNCTIONS = table("functions", column("function", "text"))


def error(code: str = "23514", **diagnostics: Any) -> Any:
    """What psycopg2 raises, as far as it is read."""
    names = (
        "table_name",
        "schema_name",
        "column_name",
        "constraint_name",
        "message_primary",
        "message_detail",
        "context",
    )
    known = {**dict.fromkeys(names), "message_primary": "no", **diagnostics}
    return SimpleNamespace(diag=SimpleNamespace(**known), pgcode=code)


@pytest.mark.parametrize(
    ("context", "inside"),
    [
        ("PL/pgSQL function public.f() line 3 at RAISE\nCOPY things, line 2", True),
        ('SQL statement "INSERT INTO a\nVALUES (1)"\nPL/pgSQL function f() line 3 at SQL statement', True),
        ('COPY functions, line 2: "a"', False),
        ('COPY things, line 2, column function: "a"', False),
        ('COPY things, line 2: "a function of b"', False),
    ],
)
def test_a_name_or_a_value_with_the_word_function_is_no_trigger(context: str, inside: bool) -> None:
    refused = refusal(FUNCTIONS, error(context=context))
    assert refused.cause.inside_trigger is inside
    assert ("  in: " in str(refused)) is inside


@pytest.mark.parametrize(
    ("code", "place", "broken"),
    [
        ("42P01", "SQL statement", True),
        ("3F000", "PERFORM", True),
        ("0A000", "assignment", True),
        ("2F005", "RETURN", True),
        ("42501", "SQL statement", False),
        ("0A000", "RAISE", False),
        ("42704", "RAISE", False),
        ("P0001", "RAISE", False),
        ("23514", "SQL statement", False),
    ],
)
def test_what_is_wrong_with_the_code_is_told_from_what_is_wrong_with_the_row(
    code: str, place: str, broken: bool
) -> None:
    refused = refusal(FUNCTIONS, error(code, context=f"PL/pgSQL function f() line 3 at {place}"))
    assert refused.cause.broken is broken
    assert ("no other row helps" in str(refused)) is broken


@pytest.mark.parametrize(
    ("sources", "named"),
    [
        (["new.code := upper(NULL);", "new.rank := 1;"], "first"),
        (["RAISE NOTICE 'no';", "SELECT o.code INTO new.code FROM o;"], "second"),
        (["PERFORM f();", "PERFORM g();"], "first or second"),
    ],
)
def test_triggers_that_set_to_null_what_the_row_has_are_named(sources: list[str], named: str) -> None:
    triggers = tuple(
        Trigger(name, f"public.{name}", f"BEGIN {source} RETURN new; END", before=True)
        for name, source in zip(("first", "second"), sources, strict=True)
    )
    codes = replace(table("codes", column("code", "text", nullable=False)), triggers=triggers)
    null = error("23502", table_name="codes", column_name="code", context="COPY codes, line 1")
    for value, inside in (("a", True), (None, False)):
        block = Block(1, (Plain(codes.column("code"), [value]),))
        feed = Feed(codes, Generated(("code",), 1, lambda block=block: iter([block]), {}))
        feed.read()
        refused = refusal(codes, null, feed)
        assert refused.cause.inside_trigger is inside
        assert (f"  in: trigger {named}, which sets code to NULL" in str(refused)) is inside


def test_tables_of_one_name_are_told_apart_by_their_schemas() -> None:
    schema = Schema((table("public.notes", column("a")), table("audit.notes", column("b"))))
    refused = late_refusal(schema, error(table_name="notes", schema_name="audit"))
    assert str(refused).startswith("audit.notes: ")
    assert str(late_refusal(schema, error(table_name="notes"))).startswith(schema.tables[0].label)
