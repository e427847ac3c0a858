"""The columns that BEFORE INSERT triggers assign."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_supaseed.constraints.functions import (
    Lookup,
    assigned_by_triggers,
    expiring,
    lookups_in,
    tables_read,
    trigger_targets,
    values_of_triggers,
)
from pytest_supaseed.model.schema import Check, Trigger
from tests.builders import column, inserting, name_of, schema, table

THINGS = table("things", column("a", "int4"), column("b", "int4"))


def assigned(body: str, *, on_insert: bool = True, before: bool = True) -> set[str]:
    trigger = Trigger("sets", "public.sets", body, on_insert=on_insert, before=before)
    return assigned_by_triggers(replace(THINGS, triggers=(trigger,)))


@pytest.mark.parametrize(
    "body",
    [
        "BEGIN NEW := f(NEW); RETURN NEW; END",
        "BEGIN\n  -- the whole row\n  new = f(new);\n  RETURN new; END",
        "BEGIN IF true THEN NEW = f(NEW); END IF; RETURN NEW; END",
        "BEGIN SELECT * INTO NEW FROM things; RETURN NEW; END",
    ],
)
def test_a_row_that_is_assigned_as_a_whole_is_assigned_in_all_columns(body: str) -> None:
    assert assigned(body) == {"id", "a", "b"}


def test_a_comparison_of_rows_assigns_nothing() -> None:
    assert assigned("BEGIN IF NEW.a > 0 AND NEW = OLD THEN RETURN NULL; END IF; RETURN NEW; END") == set()
    assert assigned("BEGIN IF NEW = OLD THEN NEW.b := 1; END IF; RETURN NEW; END") == {"b"}


@pytest.mark.parametrize(
    ("body", "columns"),
    [
        ("BEGIN NEW.a := 1; RETURN NEW; END", {"a"}),
        ("BEGIN new.a = 1; new.b[1] := 2; RETURN new; END", {"a", "b"}),
        ("BEGIN SELECT x, y INTO STRICT new.a, new.b FROM t; RETURN new; END", {"a", "b"}),
        ("BEGIN SELECT x INTO found FROM t WHERE y = new.b; RETURN new; END", set()),
        # Values that are passed on, each on a line of its own, or compared.
        ("BEGIN INSERT INTO t (x, y) VALUES (new.a, new.b); RETURN new; END", set()),
        ("BEGIN INSERT INTO t\n (x, y)\n VALUES\n (\n new.a,\n new.b); RETURN new; END", set()),
        ("BEGIN PERFORM f(1, new.a); IF x OR\n new.b == 1 THEN RETURN NULL; END IF; RETURN new; END", set()),
    ],
)
def test_columns_are_assigned_where_a_value_goes_into_them(body: str, columns: set[str]) -> None:
    assert assigned(body) == columns


def test_triggers_that_cannot_change_a_new_row_assign_nothing() -> None:
    body = "BEGIN NEW := f(NEW); RETURN NEW; END"
    assert assigned(body, on_insert=False) == set()
    assert assigned(body, before=False) == set()


PLAIN = [
    table("users"),
    table("notes"),
    table("app.log"),
    table("auth.users"),
    table('we"ird'),
    table("My Table"),
]


@pytest.mark.parametrize(
    ("source", "targets"),
    [
        ("", []),
        ("RETURN NEW;", []),
        ("INSERT INTO notes VALUES (1)", ["notes"]),
        ("insert   into\n\tnotes(a) values (1)", ["notes"]),
        ("INSERT INTO public.notes (a) SELECT 1", ["notes"]),
        ('INSERT INTO "notes" VALUES (1)', ["notes"]),
        ('INSERT INTO "public"."notes" VALUES (1)', ["notes"]),
        ('INSERT INTO public."notes" VALUES (1)', ["notes"]),
        ('INSERT INTO "My Table" VALUES (1)', ["My Table"]),
        ('INSERT INTO public."My Table" VALUES (1)', ["My Table"]),
        ('INSERT INTO "we""ird" VALUES (1)', ['we"ird']),
        ("INSERT INTO app.log VALUES (1); INSERT INTO notes VALUES (2)", ["app.log", "notes"]),
        ("INSERT INTO auth.users VALUES (1)", ["auth.users"]),
        # Names are folded as PostgreSQL folds them.
        ("INSERT INTO Notes VALUES (1)", ["notes"]),
        ("INSERT INTO Public.NOTES VALUES (1)", ["notes"]),
        # Its own rows are not another table's.
        ("INSERT INTO users VALUES (1)", []),
        ("INSERT INTO public.users VALUES (1)", []),
        ("INSERT INTO nothing VALUES (1)", []),
        ("SELECT 1 FROM notes", []),
        ("UPDATE notes SET a = 1", []),
        ("PERFORM reinsert into_notes", []),
    ],
)
def test_where_a_trigger_inserts_is_read_from_its_text(source: str, targets: list[str]) -> None:
    fired = table("users", Trigger("t", "public.f", source))
    found = trigger_targets(schema(fired, *PLAIN[1:]), fired)
    assert found == {name_of(target) for target in targets}


def test_a_table_of_another_schema_is_not_one_of_that_name() -> None:
    fired = table("users", inserting("audit.notes"))
    assert trigger_targets(schema(fired, table("notes"), table("audit.notes")), fired) == {
        name_of("audit.notes")
    }
    # It inserts into something that is not known, and not into the notes of public.
    assert trigger_targets(schema(fired, table("notes")), fired) == frozenset()


def test_a_trigger_that_no_insert_fires_inserts_nothing() -> None:
    fired = table("users", inserting("notes", on_insert=False), inserting("gear"))
    assert trigger_targets(schema(fired, table("notes"), table("gear")), fired) == {name_of("gear")}


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("SELECT 1 FROM notes WHERE id = 1", ["notes"]),
        ("PERFORM 1 FROM ONLY Notes n, app.log l WHERE n.id = l.id", ["app.log", "notes"]),
        ('SELECT count(*) FROM users JOIN "My Table" t USING (id)', ["My Table", "users"]),
        ("IF EXISTS (SELECT FROM notes) AND new.a IN (SELECT id FROM app.log) THEN", ["app.log", "notes"]),
        ("DELETE FROM notes WHERE id = new.id", []),
        ("-- SELECT FROM notes\n/* FROM users */ SELECT 1 FROM things, elsewhere", []),
        ("INSERT INTO notes VALUES (1)", []),
        ("IF new.a IS DISTINCT FROM old.a THEN", []),
    ],
)
def test_tables_that_a_function_reads(source: str, read: list[str]) -> None:
    others = [*PLAIN, THINGS]
    trigger = Trigger("looks", "public.looks", source)
    of_trigger = replace(THINGS, triggers=(trigger,))
    of_check = replace(THINGS, checks=(Check("fits", "looks(a)", ("a",), called=source),))
    for each in (of_trigger, of_check):
        assert (
            sorted(str(name).removeprefix("public.") for name in tables_read(schema(*others), each)) == read
        )
    updating = replace(THINGS, triggers=(replace(trigger, on_insert=False),))
    assert tables_read(schema(*others), updating) == frozenset()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("SELECT EXISTS (SELECT FROM area a WHERE a.code = new.place)", {"area": [("code", "place")]}),
        ('SELECT 1 FROM area WHERE new."The Place" = area.code;', {"area": [("code", "The Place")]}),
        ("SELECT EXISTS (SELECT 1 FROM area WHERE code = $1)", {"area": [("code", "")]}),
        (
            "SELECT EXISTS (SELECT 1 FROM app.area WHERE code = wanted)",
            {"app.area": [("code", ""), ("wanted", "")]},
        ),
        (
            "SELECT rate INTO r FROM rate WHERE currency = new.currency; IF r = new.other THEN",
            {"rate": [("currency", "currency")]},
        ),
        ("PERFORM 1 FROM season WHERE new.day BETWEEN starts AND ends;", {"season": [("starts", "day")]}),
        ("IF new.x NOT IN (SELECT code FROM area) THEN", {"area": [("code", "x")]}),
        ("SELECT 1 FROM area WHERE code IS NOT DISTINCT FROM NEW.x", {"area": [("code", "x")]}),
        ("-- FROM area WHERE code = new.x\nRETURN new;", {}),
        ("SELECT count(*) FROM area;", {}),
    ],
)
def test_what_a_function_compares_with_what_it_reads(
    source: str, found: dict[str, list[tuple[str, str]]]
) -> None:
    assert sorted(lookups_in(source), key=lambda each: each.table) == [
        Lookup(name, tuple(pairs)) for name, pairs in found.items()
    ]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("DELETE FROM things WHERE a < now();", {"a": "<"}),
        ("DELETE FROM ONLY public.things t WHERE t.a <= clock_timestamp()::timestamp;", {"a": "<="}),
        ("DELETE FROM things AS t WHERE b = 1 AND CURRENT_DATE - 30 > t.a;", {"a": "<"}),
        (
            "DELETE FROM \"things\" WHERE a > now() + interval '1 day' OR b >= current_timestamp;",
            {"a": ">", "b": ">="},
        ),
        ("DELETE FROM notes WHERE a < now();", {}),
        ("DELETE FROM app.things WHERE a < now();", {}),
        ("DELETE FROM things WHERE id = new.id; IF new.a < now() THEN", {}),
        ("-- DELETE FROM things WHERE a < now();\nRETURN new;", {}),
    ],
)
def test_columns_whose_rows_are_deleted_for_their_age(source: str, found: dict[str, str]) -> None:
    trigger = Trigger("purges", "public.purges", source)
    assert expiring(replace(THINGS, triggers=(trigger,))) == found
    assert expiring(replace(THINGS, triggers=(replace(trigger, on_insert=False),))) == {}


def test_constants_that_the_type_of_a_column_does_not_take_are_no_values_of_it() -> None:
    body = (
        "BEGIN NEW.a = nextval(TG_TABLE_NAME || '_id_seq'); "
        "IF NEW.b NOT IN ('4', 'x', '5') THEN RAISE 'no'; END IF; END"
    )
    triggers = (Trigger("sets", "public.sets", body, before=True),)
    assert values_of_triggers(replace(THINGS, triggers=triggers)) == {"b": ("4", "5")}
