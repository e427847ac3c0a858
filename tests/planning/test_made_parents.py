"""References and keys of a row that a trigger makes are those of the row whose values it gets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders import column, name_of, reference, schema, table, unique
from pytest_supaseed.model.schema import Schema, Table, Trigger
from pytest_supaseed.planning.made_parents import made_parents, with_made_parents

INSERT = "INSERT INTO stores (id, project_id, name) VALUES (new.id, new.project_id, new.name);"


def made(source: str) -> Table:
    """The table of vaults, whose trigger makes stores, as it is planned."""
    stores = table(
        "stores",
        column("id"),
        reference("project_id", "projects"),
        column("name", "text"),
        unique("project_id", "name"),
    )
    vaults = table(
        "vaults",
        reference("id", "stores"),
        column("project_id", nullable=True),
        column("name", "text", nullable=True),
    )
    trigger = Trigger("make_store", "public.make_store", f"BEGIN {source} RETURN new; END", before=True)
    vaults = replace(vaults, triggers=(trigger,))
    found: Schema = schema(table("projects", column("id")), stores, vaults)
    return with_made_parents(found, {vaults.name: made_parents(found, vaults, lambda name: True)}).table(
        vaults.name
    )


def test_what_the_made_row_gets_is_bound_as_it_is_there() -> None:
    vaults = made(INSERT)
    [key] = vaults.foreign_keys
    assert (key.columns, key.referenced, key.referenced_columns) == (
        ("project_id",),
        name_of("projects"),
        ("id",),
    )
    assert ("project_id", "name") in [unique.columns for unique in vaults.uniques]
    assert not vaults.column("project_id").nullable
    assert not vaults.column("name").nullable


@pytest.mark.parametrize(
    "source",
    [
        "INSERT INTO stores (id, project_id, name) VALUES (new.id, 7, 'store');",
        f"new.project_id := 7; new.name = 'store'; {INSERT}",
        f"SELECT id, 'store' INTO new.project_id, new.name FROM projects LIMIT 1; {INSERT}",
    ],
)
def test_what_the_trigger_sets_is_free(source: str) -> None:
    vaults = made(source)
    assert vaults.foreign_keys == ()
    assert vaults.column("project_id").nullable
    assert vaults.column("name").nullable


def test_a_trigger_that_makes_nothing_leaves_the_reference() -> None:
    [key] = made("PERFORM 1;").foreign_keys
    assert key.referenced == name_of("stores")
