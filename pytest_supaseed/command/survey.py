"""What is understood of a schema: which of its tables are exact, and why others are refused.

Each table is seeded by itself, with the tables that its required references need, in a transaction that is rolled back.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from pytest_supaseed import pipeline
from pytest_supaseed.errors import SeedError
from pytest_supaseed.model.references import optional
from pytest_supaseed.model.schema import Snapshot, Table, TableName
from pytest_supaseed.planning.order import needed_references
from pytest_supaseed.planning.plan import Defaults
from pytest_supaseed.spec import SeedSpec, TableSpec


@dataclass(frozen=True)
class Finding:
    """What came of seeding one table.

    Attributes:
        table: as the command line spells it.
        spec: what was asked for: the table and its parents.
        refusal: why it is refused; empty where the rows are exact.
    """

    table: str
    spec: SeedSpec
    refusal: str = ""


def needed(snapshot: Snapshot, table: Table) -> list[Table]:
    """Return the tables that a row of a table needs rows of, and those that they need."""
    found: dict[TableName, None] = {}

    def is_empty(name: TableName) -> bool:
        return name not in found and not snapshot.contents.counts.get(name)

    waiting = [table]
    while waiting:
        child = waiting.pop()
        for foreign_key, _ in needed_references(child, is_empty):
            name = foreign_key.referenced
            if name != table.name and name not in found and snapshot.schema.has_table(name):
                found[name] = None
                waiting.append(snapshot.schema.table(name))
    return [snapshot.schema.table(name) for name in found]


def spec_for(snapshot: Snapshot, table: Table, rows: int, *, more: bool = False) -> SeedSpec:
    """Return what is asked for: some rows of a table and of its parents, on top of those of the load.

    A parent that the load has filled is a list of countries as a rule, and keeps its rows, unless each row that
    references it needs one of its own.

    Args:
        more: whether such parents get more rows, too.
    """

    def filled(each: Table) -> int:
        return held.get(each.name, 0)

    held = snapshot.schema.with_heirs(snapshot.contents.counts)
    parents = needed(snapshot, table)
    one_to_one = {
        foreign_key.referenced
        for child in (table, *parents)
        for foreign_key in child.foreign_keys
        if not optional(child, foreign_key)
        and any(set(unique.columns) <= set(foreign_key.columns) for unique in child.uniques)
    }
    asked = [parent for parent in parents if more or not filled(parent) or parent.name in one_to_one]
    return SeedSpec(
        tuple(
            TableSpec(each.label, add=rows) if filled(each) else TableSpec(each.label, rows)
            for each in (*asked, table)
        ),
        limit=sys.maxsize,
    )


def survey(
    connection: Connection, snapshot: Snapshot, defaults: Defaults, rows: int, table: str | None = None
) -> Iterator[Finding]:
    """Seed each table, and undo it.

    Args:
        connection: to a database of the schema, in which nothing stays but positions of sequences.
        snapshot: of the database.
        defaults: what the schema's source knows of its rows.
        rows: of each table.
        table: the only table to look at, by its name; None for all.
    """
    for each in snapshot.schema.tables:
        if table not in (None, each.label, each.name.name, str(each.name)):
            continue
        finding = _seeded(connection, snapshot, defaults, each, spec_for(snapshot, each, rows))
        fuller = spec_for(snapshot, each, rows, more=True)
        if finding.refusal and fuller != finding.spec:
            again = _seeded(connection, snapshot, defaults, each, fuller)
            finding = finding if again.refusal else again
        yield finding


def _seeded(
    connection: Connection, snapshot: Snapshot, defaults: Defaults, table: Table, spec: SeedSpec
) -> Finding:
    try:
        plan = pipeline.plan(connection, snapshot, spec, defaults=defaults)
        pipeline.seed(connection, snapshot.schema, plan, defaults=defaults)
        return Finding(table.label, spec)
    except SeedError as error:
        return Finding(table.label, spec, str(error))
    finally:
        connection.rollback()
        # What psycopg2 has begun by itself, SQLAlchemy does not know.
        connection.connection.rollback()
