"""Exclusive subtypes, by the functions of deferred triggers."""

from __future__ import annotations

from dataclasses import replace

from pytest_supaseed.model.schema import (
    Check,
    Column,
    ColumnType,
    ForeignKey,
    Schema,
    Table,
    TableName,
    Trigger,
    UniqueKey,
)
from pytest_supaseed.planning.row_totals import Total
from pytest_supaseed.planning.subtypes import exclusive_tables, subtype_values
from pytest_supaseed.spec import TableSpec

INT, TEXT = ColumnType("integer", "int4", "N"), ColumnType("text", "text", "S")
PARTY, PERSON, COMPANY = (TableName("public", name) for name in ("party", "persons", "companies"))
LOOKS = Trigger(
    "looks", "public.looks", "new.kind; SELECT FROM persons; SELECT FROM companies", deferrable=True
)
KINDS = Check("kinds", "(kind = ANY (ARRAY['person'::text, 'company'::text]))", ("kind",))


def child(name: TableName) -> Table:
    key = ForeignKey(f"{name.name}_fkey", ("party_id",), PARTY, ("id",))
    unique = UniqueKey(f"{name.name}_pkey", ("party_id",))
    return Table(name, (Column("party_id", INT, False),), ("party_id",), (unique,), (key,), visible=True)


def schema_with(trigger: Trigger = LOOKS) -> Schema:
    columns = (Column("id", INT, False), Column("kind", TEXT, False))
    party = Table(PARTY, columns, ("id",), checks=(KINDS,), triggers=(trigger,), visible=True)
    return Schema((child(COMPANY), party, child(PERSON)))


def totals(schema: Schema, **rows: int) -> dict[TableName, Total]:
    tables = {table.name: table for table in schema.tables if table.name.name in rows}
    return {
        name: Total(table, TableSpec(name.name, rows[name.name]), rows[name.name], 0)
        for name, table in tables.items()
    }


def test_tables_that_a_deferred_trigger_looks_into_exclude_one_another() -> None:
    schema = schema_with()
    assert exclusive_tables(schema, [PERSON, COMPANY, PARTY]) == {
        PERSON: (("persons_fkey", COMPANY, ("party_id",)),),
        COMPANY: (("companies_fkey", PERSON, ("party_id",)),),
    }
    assert exclusive_tables(schema, [PERSON, PARTY]) == {}


def test_a_trigger_of_one_of_them_may_look_into_the_other() -> None:
    company, party, person = schema_with(replace(LOOKS, source="")).tables
    asks = replace(LOOKS, source="SELECT FROM companies")
    assert exclusive_tables(Schema((company, party, person)), [PERSON, COMPANY]) == {}
    assert exclusive_tables(
        Schema((company, party, replace(person, triggers=(asks,)))), [PERSON, COMPANY]
    ).keys() == {PERSON, COMPANY}


def test_other_triggers_say_nothing() -> None:
    for trigger in (replace(LOOKS, deferrable=False), replace(LOOKS, on_insert=False)):
        schema = schema_with(trigger)
        assert exclusive_tables(schema, [PERSON, COMPANY]) == {}


def test_a_kind_has_as_many_values_as_there_are_rows() -> None:
    [(column, (_, values))] = subtype_values(totals(schema_with(), party=5, persons=2, companies=3), {})[
        PARTY
    ].items()
    assert column == "kind"
    assert sorted(values) == ["company"] * 3 + ["person"] * 2


def test_kinds_are_left_alone_where_the_numbers_do_not_agree() -> None:
    assert subtype_values(totals(schema_with(), party=6, persons=2, companies=3), {}) == {}
    assert subtype_values(totals(schema_with(), party=6), {}) == {}
    agreed = totals(schema_with(), party=5, persons=2, companies=3)
    assert subtype_values(agreed, {PARTY: ["kind"]}) == {}
    unread = schema_with(replace(LOOKS, source="SELECT FROM persons, companies"))
    assert subtype_values(totals(unread, party=5, persons=2, companies=3), {}) == {}
