"""Values of new rows that foreign keys may reference by the models, and specs that leave none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pytest_supaseed.model.schema import (
    Check,
    Column,
    ColumnType,
    ForeignKey,
    ReferencedLimit,
    Schema,
    Table,
    TableName,
    UniqueKey,
)
from pytest_supaseed.model.type_families import BOOLEAN, INTEGER, TEXT
from pytest_supaseed.planning.plan import Origin, Supplier
from pytest_supaseed.planning.referenced_limits import allowed_values, with_limit_checks
from pytest_supaseed.planning.row_totals import Total
from pytest_supaseed.spec import TableSpec

PERSON = TableName("public", "person")
KINDS = Check("kinds", "(kind = ANY (ARRAY['boss'::text, 'writer'::text, 'reader'::text]))", ("kind",))
ADULT = Check("limit", '("age" >= 18)', ("age",), declared=True)


def column(name: str, kind: ColumnType = INTEGER, *, nullable: bool = False) -> Column:
    return Column(name, kind, nullable)


PEOPLE = Table(
    PERSON,
    (column("id"), column("kind", TEXT), column("staff", BOOLEAN), column("age")),
    ("id",),
    checks=(KINDS,),
    visible=True,
)


def limit(check: Check | None = None, **values: Any) -> ReferencedLimit:
    listed = tuple((name, tuple(each)) for name, each in values.items())
    return ReferencedLimit("the limit", "SELECT 1", listed, check is None, check)


def referencing(name: str, given: ReferencedLimit, *, once: bool = False, nullable: bool = False) -> Table:
    key = ForeignKey(f"{name}_fkey", ("person_id",), PERSON, ("id",), limit=given)
    uniques = (UniqueKey(f"{name}_key", ("person_id",)),) if once else ()
    columns = (column("person_id", nullable=nullable),)
    return Table(TableName("public", name), columns, (), uniques, (key,), visible=True)


def totals(people: int, *tables: Table, rows: int = 2) -> dict[TableName, Total]:
    numbers = [(PEOPLE, people), *((table, rows) for table in tables)]
    return {
        table.name: Total(table, TableSpec(table.name.name, number), number, 0) for table, number in numbers
    }


def found(
    people: int, *tables: Table, rows: int = 2, **supplied: tuple[Origin, Any]
) -> tuple[dict[str, Any], list[str]]:
    total = totals(people, *tables, rows=rows)
    given = {name: supplied if name == PERSON else {} for name in total}
    values, problems = allowed_values(total, given)
    return {name: each for name, (_, each) in values.get(PERSON, {}).items()}, [
        str(problem) for problem in problems
    ]


WRITER, BOSS, STAFF = (limit(kind=["writer"]), limit(kind=["boss"]), limit(staff=[True]))
MARKER, SOURCE = Origin("a marker", Supplier.MARKER), Origin("Django", Supplier.SCHEMA_SOURCE)


@pytest.mark.parametrize(
    ("people", "tables", "rows", "values"),
    [
        (4, [referencing("a", WRITER)], 9, {"kind": ["writer", "writer", "boss", "reader"]}),
        (1, [referencing("a", WRITER)], 9, {"kind": ["writer"]}),
        # Each row of the referencing table needs one of its own.
        (4, [referencing("a", WRITER, once=True)], 3, {"kind": ["writer"] * 3 + ["boss"]}),
        (3, [referencing("a", WRITER), referencing("b", BOSS)], 2, {"kind": ["writer", "boss", "reader"]}),
        # What may be NULL gives way.
        (1, [referencing("a", WRITER), referencing("b", BOSS, nullable=True)], 2, {"kind": ["writer"]}),
        # A value that both allow.
        (
            1,
            [
                referencing("a", limit(kind=["boss", "writer"])),
                referencing("b", limit(kind=["reader", "boss"])),
            ],
            2,
            {"kind": ["boss"]},
        ),
        (4, [referencing("a", STAFF)], 2, {"staff": [True, True, False, False]}),
        # Columns are dealt one by one, so rows with all of a limit's values need them in all rows.
        (
            2,
            [referencing("a", limit(kind=["boss"], staff=[True]))],
            2,
            {"kind": ["boss"] * 2, "staff": [True] * 2},
        ),
        (2, [referencing("a", limit(id=[7]))], 2, {"id": [7, 7]}),
        (2, [], 2, {}),
    ],
)
def test_as_many_rows_as_are_needed_are_allowed(
    people: int, tables: list[Table], rows: int, values: dict[str, Any]
) -> None:
    assert found(people, *tables, rows=rows) == (values, [])


@pytest.mark.parametrize(
    ("people", "tables", "supplied", "said"),
    [
        (2, [referencing("a", WRITER)], {"kind": (MARKER, ["boss"])}, "but all of them have 'boss'"),
        (
            2,
            [referencing("a", limit(kind=["nobody"]))],
            {},
            "but all of them have 'boss' or 'writer' or 'reader'",
        ),
        (
            1,
            [referencing("a", WRITER), referencing("b", BOSS)],
            {},
            "person gets 1 row, and no row is allowed by",
        ),
    ],
)
def test_a_spec_that_leaves_none_is_refused(
    people: int, tables: list[Table], supplied: dict[str, Any], said: str
) -> None:
    _, [problem] = found(people, *tables, **supplied)
    assert said in problem


def test_supplied_values_stay_and_those_of_the_source_give_way() -> None:
    assert found(3, referencing("a", STAFF), staff=(MARKER, [True, False])) == ({}, [])
    assert found(3, referencing("a", STAFF), staff=(MARKER, lambda faker: False)) == ({}, [])
    assert found(3, referencing("a", STAFF), staff=(SOURCE, False)) == ({"staff": [True, True, False]}, [])
    assert found(3, referencing("a", WRITER, nullable=True), kind=(MARKER, "boss")) == ({}, [])


def test_other_conditions_hold_for_all_new_rows() -> None:
    grown = referencing("a", limit(ADULT))
    schema = Schema((PEOPLE, grown))
    nothing: dict[TableName, dict[str, tuple[Origin, Any]]] = {PERSON: {}, grown.name: {}}
    changed, found_totals = with_limit_checks(schema, totals(3, grown), nothing)
    assert changed.table(PERSON).checks == found_totals[PERSON].table.checks == (KINDS, ADULT)
    other = referencing("b", limit(replace(ADULT, expression='("age" < 18)')))
    for tables, supplied in (
        # Rows cannot be of both, and values of the user's stay.
        ((grown, other), {}),
        ((grown,), {"age": (MARKER, [3, 40])}),
        ((referencing("a", WRITER),), {}),
    ):
        given = {PERSON: supplied, **{table.name: {} for table in tables}}
        assert with_limit_checks(schema, totals(3, *tables), given)[0] is schema
