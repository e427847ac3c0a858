"""Schemas, specs and rows that tests build by hand, as a database would be read."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from faker import Faker

from pytest_supaseed.markers import parse_seed
from pytest_supaseed.model.declared import NOTHING_DECLARED, Declarations
from pytest_supaseed.model.schema import (
    Check,
    Column,
    ColumnType,
    Contents,
    ForeignKey,
    Schema,
    Snapshot,
    Table,
    TableName,
    Trigger,
    UniqueKey,
)
from pytest_supaseed.model.schema import Sequence as NumberSequence
from pytest_supaseed.pipeline import allocated
from pytest_supaseed.planning.plan import (
    Defaults,
    Generators,
    Key,
    Plan,
    ServerDefault,
    TablePlan,
    TableState,
)
from pytest_supaseed.planning.planner import make_plan
from pytest_supaseed.planning.requests import allocation_request, later_request
from pytest_supaseed.rows import blocks
from pytest_supaseed.rows.cells import Generated
from pytest_supaseed.rows.steps import MakeContext, Progress
from pytest_supaseed.spec import DEFAULT_DATE, SeedSpec

FAKER = Faker("en_US")

_TYPES = {
    "int4": ("integer", "N"),
    "int2": ("smallint", "N"),
    "text": ("text", "S"),
    "varchar": ("character varying", "S"),
    "bool": ("boolean", "B"),
    "timestamptz": ("timestamp with time zone", "D"),
    "uuid": ("uuid", "U"),
}

Part = Column | ForeignKey | UniqueKey | Check | Trigger


def name_of(spelling: str) -> TableName:
    """``users`` is in public, ``auth.users`` is not."""
    schema, _, name = spelling.rpartition(".")
    return TableName(schema or "public", name)


def column(name: str, kind: str = "text", *, nullable: bool = False, **more: Any) -> Column:
    """A column; it is NOT NULL, and ``labels`` make it an enum."""
    labels = tuple(more.pop("labels", ()))
    length = more.pop("length", None)
    text, category = _TYPES.get(kind, (kind, "E" if labels else "U"))
    text = f"{text}({length})" if length else text
    return Column(name, ColumnType(text, kind, category, length=length, labels=labels), nullable, **more)


def serial(name: str, table: str, **more: int) -> Column:
    """A serial column."""
    sequence = f"{table}_{name}_seq"
    return column(
        name,
        "int4",
        default=f"nextval('{sequence}'::regclass)",
        sequence=NumberSequence("public", sequence, **more),
    )


def reference(
    columns: str, to: str, referenced: str = "id", *, name: str | None = None, **more: Any
) -> ForeignKey:
    """A foreign key; several columns are separated by commas."""
    own = tuple(columns.split(", "))
    return ForeignKey(
        name or f"{'_'.join(own)}_fkey", own, name_of(to), tuple(referenced.split(", ")), **more
    )


def unique(*columns: str, name: str | None = None, **more: Any) -> UniqueKey:
    """A unique key."""
    return UniqueKey(name or f"{'_'.join(columns)}_key", columns, **more)


def index(where: str, *columns: str, **more: Any) -> UniqueKey:
    """A partial unique index."""
    definition = f"CREATE UNIQUE INDEX i ON public.t USING btree ({', '.join(columns)}) WHERE {where}"
    return unique(*columns, name="i", definition=definition, partial=True, **more)


def inserting(*targets: str, **more: Any) -> Trigger:
    """A trigger whose function inserts into tables, as they are spelt."""
    body = "\n".join(f"INSERT INTO {target} (note) VALUES ('made');" for target in targets)
    return Trigger("fill", "public.fill", f"BEGIN\n{body}\nRETURN NEW;\nEND", **more)


def table(
    spelling: str, *parts: Part, key: Sequence[str] | None = None, nullable: Iterable[str] = (), **more: Any
) -> Table:
    """A table.

    Args:
        spelling: with its schema, if that is not in the search path.
        parts: columns and constraints. A foreign key's columns that are not given are integers.
        key: the primary key; by default a serial column ``id``.
        nullable: those of the foreign keys' columns that take NULL.
        more: other attributes.
    """
    name = name_of(spelling)
    columns = {part.name: part for part in parts if isinstance(part, Column)}
    if key is None and "id" not in columns:
        columns = {"id": serial("id", name.name), **columns}
    foreign_keys = tuple(part for part in parts if isinstance(part, ForeignKey))
    for foreign_key in foreign_keys:
        for own in foreign_key.columns:
            columns.setdefault(own, column(own, "int4", nullable=own in nullable))
    primary_key = ("id",) if key is None else tuple(key)
    uniques = [part for part in parts if isinstance(part, UniqueKey)]
    if primary_key:
        uniques.insert(0, unique(*primary_key, name=f"{name.name}_pkey"))
    return Table(
        name,
        tuple(columns.values()),
        primary_key,
        tuple(uniques),
        tuple(sorted(foreign_keys, key=lambda foreign_key: foreign_key.name)),
        tuple(part for part in parts if isinstance(part, Check)),
        tuple(part for part in parts if isinstance(part, Trigger)),
        visible=more.pop("visible", name.schema == "public"),
        **more,
    )


def schema(*tables: Table, others: Mapping[str, str] | None = None) -> Schema:
    """The tables in the order in which a database is read; others by their kind."""
    return Schema(
        tuple(sorted(tables, key=lambda found: found.name)),
        tuple((name_of(spelling), kind) for spelling, kind in (others or {}).items()),
    )


def asked(*mapping: Mapping[str, Any], seed: int = 0, limit: int = 1000, **tables: Any) -> SeedSpec:
    """What a marker with these arguments asks for."""
    found, problems = parse_seed(mapping, tables)
    assert not problems
    return SeedSpec(found, seed, limit=limit)


def loaded(counts: Mapping[str, int], **shares: Sequence[int]) -> Contents:
    """What the load put there: rows by table; references as ``setups__user_id_fkey=(2, 1)``."""
    return Contents(
        {name_of(spelling): count for spelling, count in counts.items()},
        {
            (name_of(where.partition("__")[0]), where.partition("__")[2]): tuple(share)
            for where, share in shares.items()
        },
    )


def planned(
    *tables: Table,
    spec: SeedSpec,
    contents: Contents | None = None,
    generators: Generators | None = None,
    declared: Declarations = NOTHING_DECLARED,
) -> Plan:
    """The plan of a spec in these tables, of which models declare more."""
    snapshot = Snapshot(schema(*tables), contents or Contents())
    return make_plan(spec, snapshot, generators, defaults=Defaults(declared=declared))


def make_rows(
    plan: TablePlan,
    state: TableState,
    amount: int,
    seed: int,
    faker: Faker,
    progress: Progress = lambda rows: None,
    date: datetime.date = DEFAULT_DATE,
) -> Generated:
    """Allocate and make rows of a table, as the pipeline does."""
    allocation = allocated(plan, allocation_request(plan, state, amount, seed))
    return blocks.make_rows(plan, state, allocation, MakeContext(seed, lambda: faker, progress, date))


def later_references(
    plan: TablePlan, foreign_key: ForeignKey, state: TableState, rows: Sequence[Key], seed: int
) -> dict[Key, Key]:
    """The rows that a foreign key references that is set later, as the pipeline allocates them."""
    [references] = allocated(plan, later_request(plan, foreign_key, state, len(rows), seed)).parts
    return references.by_row(rows)


Rows = dict[str, list[dict[str, Any]]]


def made(plan: Plan) -> Rows:
    """Make the rows of a plan in an empty database, as the pipeline does; defaults are left out."""
    rows: Rows = {}
    for table_plan in plan.tables:
        state = state_of(table_plan, rows)
        generated = make_rows(table_plan, state, table_plan.total, plan.spec.seed, FAKER, date=plan.spec.date)
        rows[table_plan.table.label] = dicts(generated)
    for table_plan in plan.tables:
        for foreign_key in table_plan.later:
            own = rows[table_plan.table.label]
            places = [(number,) for number in range(len(own))]
            state = TableState(keys={foreign_key.name: referenced(foreign_key, rows)})
            found = later_references(table_plan, foreign_key, state, places, plan.spec.seed)
            for (place,), key in found.items():
                own[place].update(zip(foreign_key.columns, key, strict=True))
    return rows


def rows_of(generated: Generated) -> list[tuple[Any, ...]]:
    """All rows, as they would be written."""
    return [row for block in generated.blocks() for row in block.rows()]


def dicts(generated: Generated) -> list[dict[str, Any]]:
    """All rows, by the names of their columns."""
    return [dict(zip(generated.columns, row, strict=True)) for row in rows_of(generated)]


def referenced(foreign_key: ForeignKey, rows: Rows) -> list[Key]:
    """The rows that a foreign key can reference."""
    name = foreign_key.referenced
    parents = rows.get(name.name) or rows.get(str(name)) or []
    return sorted(tuple(row[column] for column in foreign_key.referenced_columns) for row in parents)


def state_of(table_plan: TablePlan, rows: Rows) -> TableState:
    """The state of an empty table among others that have rows."""
    foreign_keys = (*table_plan.roles.independent, *table_plan.roles.overlapping)
    return TableState(keys={key.name: referenced(key, rows) for key in foreign_keys})


def values_of(rows: Iterable[Mapping[str, Any]], *columns: str) -> list[Any]:
    """One column as a list of values, several as one of tuples."""
    if len(columns) == 1:
        return [row[columns[0]] for row in rows]
    return [tuple(row[column] for column in columns) for row in rows]


def counted(values: Iterable[Any]) -> list[int]:
    """How often each value occurs, the most frequent first."""
    return sorted(Counter(values).values(), reverse=True)


def omitted(table_plan: TablePlan) -> list[str]:
    """The columns that PostgreSQL computes."""
    return [column.column.name for column in table_plan.columns if isinstance(column.source, ServerDefault)]
