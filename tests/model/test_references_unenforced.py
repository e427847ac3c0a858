"""References that no constraint enforces."""

from __future__ import annotations

import pytest

from builders import column, name_of, reference, schema, table, unique
from pytest_supaseed.model.references import with_unenforced
from pytest_supaseed.model.schema import ForeignKey

USERS = table("auth.users", column("id", "uuid"), unique("id"), column("email"))
OBJECTS = table("storage.objects", column("owner", "uuid", nullable=True), column("name"))
REFERENCES = {"storage.objects.owner": "auth.users.id"}
OWNER = ForeignKey("storage.objects.owner", ("owner",), USERS.name, ("id",))


def test_a_reference_is_added_to_the_schema() -> None:
    found = with_unenforced(schema(USERS, OBJECTS), REFERENCES, {})
    assert found.table(OBJECTS.name).foreign_keys == (OWNER,)
    assert found.table(USERS.name) == USERS


def test_the_referenced_column_is_one_key_of_several() -> None:
    users = table("auth.users", column("id", "uuid"), unique("email"), unique("id"), column("email"))
    found = with_unenforced(schema(users, OBJECTS), REFERENCES, {})
    assert found.table(OBJECTS.name).foreign_keys == (OWNER,)


@pytest.mark.parametrize(
    "references",
    [
        {"storage.objects.nobody": "auth.users.id"},
        {"storage.objects.owner": "auth.users.email"},
        {"storage.objects.owner": "auth.users.nothing"},
        {"storage.objects.owner": "auth.people.id"},
        {"storage.buckets.owner": "auth.users.id"},
        {},
    ],
)
def test_what_the_schema_does_not_have_is_left_out(references: dict[str, str]) -> None:
    found = schema(USERS, OBJECTS)
    assert with_unenforced(found, references, {}) is found


def test_what_is_given_references_nothing() -> None:
    found = schema(USERS, OBJECTS)
    assert with_unenforced(found, REFERENCES, {name_of("storage.objects"): ("owner",)}) is found
    assert with_unenforced(found, REFERENCES, {name_of("storage.objects"): ("name",)}) is not found


def test_a_constraint_is_enough() -> None:
    found = schema(USERS, table("storage.objects", reference("owner", "auth.users")))
    assert with_unenforced(found, REFERENCES, {}) is found
