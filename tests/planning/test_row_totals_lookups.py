"""Which table and how many rows a spec means that a configuration file leaves to the schema."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from builders import column, loaded, reference, schema, table
from pytest_supaseed.model.schema import Schema, Snapshot, Table
from pytest_supaseed.planning.row_totals import nearest_table, resolved
from pytest_supaseed.spec import Drawn, Lookup, RowChoices, SeedSpec, TableSpec

USERS = table("users", column("email"))
SETUPS = table("setups", reference("user_id", "users"), column("category"))
SCHEMA = schema(USERS, SETUPS)


@dataclass(frozen=True)
class Numbered(RowChoices):
    """``0 of 3``, ``1 of 3``, ..."""

    needed: bool = True

    def choices(self, rows: int, seed: int) -> Sequence[object]:
        return [f"{row} of {rows} with {seed}" for row in range(rows)]


def looked_up(name: str, count: int | None = None, *, lookup: Lookup | None = None, **more: Any) -> TableSpec:
    return TableSpec(name, count, lookup=lookup or Lookup(), **more)


def found_in(read: Schema, *asked: TableSpec, **counts: int) -> tuple[dict[str, TableSpec], list[str]]:
    spec, problems = resolved(SeedSpec(asked, 7), Snapshot(read, loaded(counts)))
    assert all(each.lookup is None for each in spec.tables)
    return {each.name: each for each in spec.tables}, problems


def test_a_spec_without_lookups_is_left_alone() -> None:
    spec = SeedSpec((TableSpec("users", 5),))
    assert resolved(spec, Snapshot(SCHEMA)) == (spec, [])


def test_the_first_name_that_there_is_counts() -> None:
    found, problems = found_in(SCHEMA, looked_up("people", 5, lookup=Lookup(("persons", "users", "setups"))))
    assert problems == []
    assert found == {"users": TableSpec("users", 5)}


def test_without_other_names_its_own_counts() -> None:
    assert found_in(SCHEMA, looked_up("setups", 5)) == ({"setups": TableSpec("setups", 5)}, [])


def test_a_name_that_no_table_has_is_left_for_the_message() -> None:
    assert found_in(SCHEMA, looked_up("gear", 5)) == ({"gear": TableSpec("gear", 5)}, [])


def test_a_table_that_a_marker_names_wins_over_the_configuration() -> None:
    found, _ = found_in(SCHEMA, TableSpec("users", 2), looked_up("people", 5, lookup=Lookup(("users",))))
    assert found == {"users": TableSpec("users", 2)}


@pytest.mark.parametrize(
    ("names", "asked", "tables", "label"),
    [
        # That of the spec, then one that it references, then the first.
        (("a", "b"), ["b"], [table("a"), table("b")], "b"),
        (("a", "b"), ["c"], [table("a"), table("b"), table("c", reference("b_id", "b"))], "b"),
        (("a", "b"), ["c", "a"], [table("a"), table("b"), table("c", reference("b_id", "b"))], "a"),
        (("a", "b"), ["c"], [table("a"), table("b"), table("c")], "a"),
        (("b", "a"), [], [table("a"), table("b")], "b"),
        # One in the search path wins over one that is found because no other schema has its name.
        (("a", "b"), [], [table("other.a"), table("b")], "b"),
        (("other.a", "b"), [], [table("other.a"), table("b")], "other.a"),
        (("a",), [], [table("other.a"), table("b")], "other.a"),
    ],
)
def test_the_nearest_table_is_of_the_spec_or_referenced_by_it(
    names: tuple[str, ...], asked: list[str], tables: list[Table], label: str
) -> None:
    spec = SeedSpec(tuple(TableSpec(name, 1) for name in asked))
    found = nearest_table(names, spec, schema(*tables))
    assert found is not None
    assert found.label == label


def test_no_table_is_near_where_none_has_the_name() -> None:
    assert nearest_table(("gear", "things"), SeedSpec(()), SCHEMA) is None


PROFILES = Lookup(along=(TableSpec("profiles", columns=(("email", Numbered()),)), TableSpec("gone")))


def test_tables_along_get_as_many_rows_where_there_are_such() -> None:
    profiles = table("profiles", reference("id", "users"), column("email"), key=["id"])
    found, problems = found_in(schema(USERS, profiles), looked_up("users", 2, lookup=PROFILES))
    assert problems == []
    emails = ["0 of 2 with 7", "1 of 2 with 7"]
    assert found == {
        "users": TableSpec("users", 2),
        "profiles": TableSpec("profiles", 2, columns=(("email", emails),)),
    }
    found, _ = found_in(
        schema(USERS, profiles), TableSpec("profiles", 9), looked_up("users", 2, lookup=PROFILES)
    )
    assert (found["users"].count, found["profiles"].count) == (2, 9)
    # A number for each row of another table is none that a second table could have.
    per_team = TableSpec("users", per=("teams", 2))
    found, _ = found_in(schema(USERS, profiles), per_team, looked_up("users", 2, lookup=PROFILES))
    assert found == {"users": per_team}


@pytest.mark.parametrize(("along", "left"), [(PROFILES, ()), (Lookup(), ("address",))])
def test_choices_that_a_table_along_takes_are_left_out_where_there_is_no_column(
    along: Lookup, left: tuple[str, ...]
) -> None:
    profiles = table("profiles", reference("id", "users"), column("email"), key=["id"])
    asked = looked_up("users", 2, lookup=along, columns=(("email", Numbered()), ("address", Numbered())))
    found, _ = found_in(schema(USERS, profiles), asked)
    assert tuple(name for name, _ in found["users"].columns) == ("email", *left)


@pytest.mark.parametrize(
    ("asked", "present", "rows"),
    [
        ({"count": 5}, 0, 5),
        ({"count": 5}, 3, 2),
        ({"count": 5}, 5, 0),
        ({"count": 5}, 7, 0),
        ({"add": 4}, 3, 4),
    ],
)
def test_there_are_as_many_choices_as_new_rows(asked: dict[str, int], present: int, rows: int) -> None:
    columns = (("email", Numbered()), ("id", 3))
    found, problems = found_in(SCHEMA, looked_up("users", columns=columns, **asked), users=present)
    assert problems == []
    values = dict(found["users"].columns)
    assert values.pop("id") == 3
    assert values == ({"email": [f"{row} of {rows} with 7" for row in range(rows)]} if rows else {})


def test_choices_for_a_column_that_is_not_there_are_needed_or_left_out() -> None:
    columns = (("address", Numbered()), ("phone", Numbered(needed=False)))
    found, _ = found_in(SCHEMA, looked_up("users", 1, columns=columns))
    assert [name for name, _ in found["users"].columns] == ["address"]


@pytest.mark.parametrize(
    ("names", "name"),
    [(("kind", "category", "title"), "category"), (("kind",), "categories"), ((), "categories")],
)
def test_categories_are_the_first_column_that_there_is(names: tuple[str, ...], name: str) -> None:
    asked = looked_up("setups", 1, lookup=Lookup(categories=names), columns=(("categories", ["a"]),))
    found, _ = found_in(SCHEMA, asked)
    assert found["setups"].columns == ((name, ["a"]),)


def drawing(**more: Any) -> TableSpec:
    return looked_up("setups", lookup=Lookup(drawn=Drawn(1, ("people", "users"), "people", **more)))


@pytest.mark.parametrize(
    ("asked", "counts", "number"),
    [
        ([TableSpec("users", 4)], {}, 4),
        ([TableSpec("users", 4)], {"users": 3}, 4),
        ([TableSpec("users", add=4)], {"users": 3}, 7),
        ([], {"users": 3}, 3),
        ([looked_up("people", 6, lookup=Lookup(("users",)))], {}, 6),
    ],
)
@pytest.mark.parametrize("more", [{}, {"column": "user_id"}])
def test_a_number_is_drawn_for_each_row_of_the_parent(
    asked: list[TableSpec], counts: dict[str, int], number: int, more: dict[str, str]
) -> None:
    found, problems = found_in(SCHEMA, *asked, drawing(**more), **counts)
    assert problems == []
    # One for each.
    assert found["setups"].count == number


def test_what_nothing_can_be_drawn_for_is_refused() -> None:
    assert list(map(str, found_in(SCHEMA, drawing())[1])) == [
        "setups gets 1 to 1 rows for each of users, which is empty: have the schema's load put rows there, or ask "
        "for some"
    ]
    assert list(map(str, found_in(SCHEMA, drawing(column="user"))[1])) == [
        "setups gets 1 to 1 rows for each row that user references, but it has no such foreign key (did you mean "
        "'user_id'?): write the count of setups"
    ]
    assert list(map(str, found_in(schema(table("setups")), drawing())[1])) == [
        "setups gets 1 to 1 rows for each of people, and there is no table people or users: write the count of "
        "setups"
    ]
