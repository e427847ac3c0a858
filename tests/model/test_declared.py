"""What models declare, merged into a schema."""

from __future__ import annotations

import pytest

from builders import column, name_of, reference, schema, serial, table
from pytest_supaseed.constraints.column import value_domain
from pytest_supaseed.fingerprint import CacheScope, Fingerprint
from pytest_supaseed.model.declared import NOTHING_DECLARED, Declarations, Hierarchy, Kind, with_declared
from pytest_supaseed.model.schema import (
    Binding,
    Column,
    ColumnType,
    DeclaredColumn,
    ReferencedKind,
    Sequence,
    Validator,
)

USERS = table("users", column("status"), column("age", "int4"))


def declared_of(found: DeclaredColumn, name: str = "status") -> Column:
    users = with_declared(schema(USERS), Declarations({("users", name): found})).table(name_of("users"))
    return users.column(name)


def test_nothing_declared_leaves_the_schema_as_it_is() -> None:
    known = schema(USERS)
    assert with_declared(known, NOTHING_DECLARED) is known
    assert not NOTHING_DECLARED


def test_tables_and_columns_that_the_database_lacks_are_left_out() -> None:
    nowhere = {("orders", "status"): DeclaredColumn(required=True), ("users", "name"): DeclaredColumn()}
    assert with_declared(schema(USERS), Declarations(nowhere)) == schema(USERS)


@pytest.mark.parametrize(
    ("declared", "field", "value"),
    [
        (DeclaredColumn(allowed=("new", "old")), "allowed", ("new", "old")),
        (DeclaredColumn(minimum=1, minimum_exclusive=True), "minimum_exclusive", True),
        (DeclaredColumn(maximum=9), "maximum", 9),
        (DeclaredColumn(minimum_length=2, maximum_length=3), "maximum_length", 3),
        (DeclaredColumn(multiple_of=5), "multiple_of", 5),
        (DeclaredColumn(required=True), "required", True),
        (DeclaredColumn(uppercase=True), "uppercase", True),
        (DeclaredColumn(json_type="array"), "json_type", "array"),
    ],
)
def test_declarations_are_part_of_the_value_domain(
    declared: DeclaredColumn, field: str, value: object
) -> None:
    found = declared_of(declared)
    assert getattr(value_domain(table("users", found), found), field) == value


def test_a_database_that_allows_fewer_values_wins() -> None:
    kind = column("status", "mood", labels=("new", "old"))
    users = table("users", kind)
    declared = Declarations({("public.users", "status"): DeclaredColumn(allowed=("old", "gone"))})
    users = with_declared(schema(users), declared).table(users.name)
    assert value_domain(users, users.column("status")).allowed == ("old",)


def test_only_listed_values_and_required_ones_are_about_what_is_stored() -> None:
    binding = Binding("Money", ColumnType("numeric", "numeric"), int, float)
    found = declared_of(DeclaredColumn(binding=binding, minimum=5, required=True), "age")
    domain = value_domain(table("users", found), found)
    assert (domain.minimum, domain.required) == (None, True)


def test_a_sequence_that_only_the_application_draws_from_is_the_columns_own() -> None:
    numbers = Sequence("public", "users_seq", increment=5)
    users = table("users", column("id", "int4"), column("status"))
    declared = Declarations({("users", "id"): DeclaredColumn()}, sequences={("users", "id"): numbers})
    found = with_declared(schema(users), declared).table(users.name)
    assert found.column("id").sequence == numbers
    assert found.column("id").declared == DeclaredColumn()
    # The sequence of a serial column is known already.
    again = with_declared(schema(USERS), Declarations(sequences={("users", "id"): numbers}))
    assert again.table(USERS.name).column("id").sequence == serial("id", "users").sequence


def test_foreign_keys_of_joined_tables_reference_rows_of_their_kind() -> None:
    employee = table("employee", column("type"))
    manager = table("manager", column("id", "int4"), reference("id", "employee"))
    director = table("director", column("id", "int4"), reference("id", "manager"))
    hierarchy = Hierarchy(
        "employee",
        "type",
        (
            Kind(("manager",), ("employee", "manager")),
            Kind(("director", "chief"), ("employee", "manager", "director")),
        ),
        {"manager": ("employee", ("id",), ("id",)), "director": ("manager", ("id",), ("id",))},
    )
    found = with_declared(schema(employee, manager, director), Declarations(hierarchies=(hierarchy,)))
    [key] = found.table(manager.name).foreign_keys
    pairs = (("id", "id"),)
    assert key.kind == ReferencedKind(employee.name, pairs, "type", ("manager", "director", "chief"))
    [key] = found.table(director.name).foreign_keys
    assert key.kind == ReferencedKind(employee.name, pairs, "type", ("director", "chief"))
    assert found.table(employee.name) == employee


def test_equal_declarations_have_equal_fingerprints() -> None:
    def of(declared: DeclaredColumn) -> Fingerprint:
        return Declarations({("users", "status"): declared}).fingerprint

    assert of(DeclaredColumn(allowed=("a",))) == of(DeclaredColumn(allowed=("a",)))
    assert of(DeclaredColumn(allowed=("a",))) != of(DeclaredColumn(allowed=("b",)))
    assert of(DeclaredColumn(minimum=1)) != of(DeclaredColumn(maximum=1))
    assert of(DeclaredColumn(allowed=("a",))).scope is CacheScope.CONTENT


def test_the_fingerprint_of_code_is_that_of_the_code() -> None:
    def accept(value: object, row: object) -> object:
        return value

    def of(code: Fingerprint) -> Fingerprint:
        declared = DeclaredColumn(validators=(Validator("check", accept, fingerprint=code),))
        return Declarations({("users", "status"): declared}).fingerprint

    assert of(Fingerprint("a", CacheScope.RUN)) != of(Fingerprint("b", CacheScope.RUN))
    assert of(Fingerprint("a", CacheScope.RUN)).scope is CacheScope.RUN


def test_tables_are_found_by_further_names_after_their_own() -> None:
    known = schema(USERS, table("posts", column("title")))
    # A name of a model that is the name of another table stays that table's.
    names = {"shop.User": "users", "posts": "users", "shop.Gone": "gone"}
    found = with_declared(known, Declarations(names=names))
    assert found.find("shop.User") is found.table(name_of("users"))
    assert found.find("posts") is found.table(name_of("posts"))
    assert found.find("shop.Gone") is None
    assert "shop.User" in found.spellings()
    # The snapshot of the database has none of it.
    assert known.find("shop.User") is None


def test_columns_that_models_make_distinct_are_a_unique_key() -> None:
    found = with_declared(
        schema(USERS), Declarations(uniques={"users": (("status", "age"), ("gone",)), "gone": (("id",),)})
    )
    *_, key = found.table(name_of("users")).uniques
    assert (key.columns, key.partial) == (("status", "age"), False)
    assert Declarations(uniques={"users": (("status",),)}).fingerprint != Declarations().fingerprint
