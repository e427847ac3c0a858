"""The same rows, byte for byte, on every server and Python: digests of what schemas in ``schemas/`` are given.

A change of the values that columns get raises ``VALUES_VERSION`` in ``pytest_supaseed/options.py``, which the header of
a session prints, and writes the digests anew, which is refused without that::

    PYTHONPATH=tests python tests/end_to_end/test_digests.py --write
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine
from sqlalchemy.pool import NullPool

from pytest_supaseed import pipeline
from pytest_supaseed.markers import parse_seed
from pytest_supaseed.model.schema import Schema
from pytest_supaseed.options import VALUES_VERSION
from pytest_supaseed.postgres.databases.database import Databases
from pytest_supaseed.postgres.server.external import fixture_url
from pytest_supaseed.postgres.server.programs import find
from pytest_supaseed.postgres.server.server import start_server
from pytest_supaseed.sources.source import load, resolve
from pytest_supaseed.spec import SeedSpec
from servers import run

FOLDER = Path(__file__).parents[1] / "schemas"
KEPT = Path(__file__).parents[1] / "digests.json"

# Nothing here depends on extensions, or on what only some servers have.
SPECS: dict[str, Mapping[str, int]] = {
    "arrays": {"lists": 9},
    "checks": {"products": 12, "singleton": 1, "ships": 5},
    "cycles_deferrable": {"orders": 5, "lines": 9, "husbands": 4, "wives": 4},
    "domains": {"people": 9, "lists": 6},
    "generated": {"products": 9, "orders": 6, "lines": 12},
    "identity": {
        "always": 3,
        "by_default": 4,
        "down": 5,
        "small": 6,
        "only_one": 2,
        "loaded": 7,
        "children": 8,
    },
    "implications": {"tasks": 20, "discounts": 15, "events": 15},
    "junction_full": {"a": 6, "b": 8, "ab": 48, "friends": 11, "roles": 60},
    "kinds": {"posts": 4, "users": 5, "events": 20, "reports": 15, "shapes": 10},
    "names": {"order": 3, "My Table": 9, "a.b": 7, "select": 8, "{}": 6},
    "one_of_several": {
        "posts": 3,
        "photos": 4,
        "users": 9,
        "comments": 12,
        "likes": 14,
        "contacts": 9,
        "payers": 8,
    },
    "other_schemas": {"auth.users": 6, "public.users": 5, "Billing %s.Invoices": 9, "notes": 8},
    "partitions_list": {"sales": 12, "orders": 20, "flags": 3, "others": 9},
    "ranges": {"spans": 9},
    "tenants": {"tenants": 3, "users": 10, "projects": 8, "members": 20, "tasks": 30},
    "totals": {
        "customers": 6,
        "products": 5,
        "orders": 9,
        "order_items": 20,
        "invoices": 5,
        "invoice_lines": 12,
        "payments": 6,
        "albums": 4,
        "artists": 2,
        "tracks": 9,
    },
    "trees": {"categories": 20, "employees": 15, "rooted": 6, "folders": 9},
    "two_uniques_sharing": {"setups": 8, "users": 5, "gear": 5, "loans": 40, "seats": 30},
}
# The same tables have the same rows where others are asked for as well.
PARTS: dict[str, Mapping[str, int]] = {
    "generated": {"orders": 6, "lines": 12},
    "identity": {"by_default": 4, "loaded": 7},
    "junction_full": {"a": 6, "friends": 11},
    "kinds": {"posts": 4, "users": 5, "events": 20},
    "tenants": {"tenants": 3, "users": 10, "projects": 8},
    "two_uniques_sharing": {"setups": 8, "users": 5, "gear": 5, "loans": 40},
}


def digests(url: URL, schema: str, tables: Mapping[str, int]) -> dict[str, str]:
    """Load a schema into an empty database, seed it, and return what stands for the rows of each table."""
    load(resolve(FOLDER / f"{schema}.sql", FOLDER), url)
    found, problems = parse_seed((tables,), {})
    assert not problems
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            run(connection, "SET timezone = 'UTC'")
            snapshot = pipeline.read(connection)
            pipeline.seed(connection, snapshot.schema, pipeline.plan(connection, snapshot, SeedSpec(found)))
            return {name: _digest(run(connection, _rows(snapshot.schema, name))) for name in tables}
    finally:
        engine.dispose()


def _rows(schema: Schema, spelling: str) -> str:
    table = schema.find(spelling)
    assert table is not None
    name = ".".join('"' + part.replace('"', '""') + '"' for part in (table.name.schema, table.name.name))
    return f'SELECT t::text FROM {name} AS t ORDER BY t::text COLLATE "C"'


def _digest(rows: list[tuple[str, ...]]) -> str:
    return hashlib.sha256("\n".join(row for (row,) in rows).encode()).hexdigest()


def kept() -> tuple[int, dict[str, dict[str, str]]]:
    """Return the version whose digests are kept, and the digests."""
    found = json.loads(KEPT.read_text(encoding="utf-8"))
    return found["version"], found["digests"]


def test_digests_of_this_version_are_kept() -> None:
    version, found = kept()
    assert version == VALUES_VERSION, "PYTHONPATH=tests python tests/end_to_end/test_digests.py --write"
    assert set(found) == set(SPECS)


@pytest.mark.parametrize("schema", SPECS)
def test_the_same_rows(empty_database: URL, schema: str) -> None:
    assert digests(empty_database, schema, SPECS[schema]) == kept()[1][schema]


@pytest.mark.parametrize("schema", PARTS)
def test_the_same_rows_whatever_else_is_asked_for(empty_database: URL, schema: str) -> None:
    whole = kept()[1][schema]
    assert digests(empty_database, schema, PARTS[schema]) == {name: whole[name] for name in PARTS[schema]}


def write() -> str:
    """Write the digests of this version, and return what has been done."""
    found = {}
    with start_server(find("auto")) as server:
        databases = Databases(fixture_url(server))
        for schema, tables in SPECS.items():
            name = databases.create()
            found[schema] = digests(databases.url(name), schema, tables)
            databases.drop(name)
        databases.close()
    if KEPT.exists():
        version, before = kept()
        changed = [schema for schema in before if schema in found and before[schema] != found[schema]]
        if changed and version >= VALUES_VERSION:
            sys.exit(
                f"{', '.join(changed)}: the rows are others than those of version {version}: raise VERSION in "
                "pytest_supaseed/values/__init__.py above it, or see that they stay the same; "
                "where the schema itself is another one, take its digests out of the file first"
            )
    text = json.dumps({"version": VALUES_VERSION, "digests": found}, indent=2)
    KEPT.write_text(text + "\n", encoding="utf-8")
    return f"{len(found)} schemas of version {VALUES_VERSION} written to {KEPT.name}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Renew the digests of the rows that schemas are given.")
    parser.add_argument("--write", action="store_true", required=True, help="write them")
    parser.parse_args()
    print(write())
