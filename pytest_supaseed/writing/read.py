"""Contents of tables that planning and generation build on: counts, referenced keys, unique keys, next numbers.

:func:`read_contents` describes a database after its schema has been loaded, :func:`read_state` one table just
before rows are generated for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.model.polymorphic import PolymorphicReference, polymorphic_references
from pytest_supaseed.model.referenced import ReferencedColumn, hashable
from pytest_supaseed.model.schema import Contents, ForeignKey, Schema, Table, TableName
from pytest_supaseed.planning.diamonds import Diamond, Path, checked_with
from pytest_supaseed.planning.plan import Belongings, ColumnSource, Key, Number, TablePlan, TableState
from pytest_supaseed.reflection.queries import (
    fetch,
    fetch_exact,
    in_order,
    left_joined,
    names,
    printed,
    referenced_rows,
    relation,
    selected,
    types_of,
)
from pytest_supaseed.rows.targets import Targets
from pytest_supaseed.rows.unique import watched_columns
from pytest_supaseed.writing.counts import row_counts


def read_contents(connection: Connection, schema: Schema) -> Contents:
    """Read the rows that loading the schema has inserted: row counts, and the references to each referenced row."""
    counts = row_counts(connection, schema.tables, own=True)
    shares = {}
    for table in schema.tables:
        for foreign_key in table.foreign_keys:
            if counts[table.name] and foreign_key.referenced in counts:
                _, found, _ = referenced_rows(connection, table, foreign_key)
                shares[table.name, foreign_key.name] = tuple(share for share in found if share)
    return Contents(counts, shares)


def present(connection: Connection, table: TableName) -> bool:
    """Whether a table has rows."""
    [(found,)] = fetch(connection, sql.SQL("SELECT EXISTS (SELECT FROM {})").format(relation(table)))
    return bool(found)


def read_state(
    connection: Connection,
    table: Table,
    foreign_keys: Iterable[ForeignKey],
    sources: Iterable[ColumnSource] = (),
    followed: Sequence[ReferencedColumn] = (),
    diamonds: Sequence[Diamond] = (),
) -> TableState:
    """Read the state of a table before rows are generated for it.

    Args:
        foreign_keys: those whose referenced keys are needed.
        sources: of its columns; those of numbered columns need the next number.
        followed: columns of referenced rows that its own follow.
        diamonds: of its foreign keys.
    """
    present = row_counts(connection, [table], own=True)[table.name]
    keys: dict[str, Sequence[Key]] = {}
    shares: dict[str, Sequence[int]] = {}
    values: dict[str, Mapping[Key, Key]] = {}
    allocated = tuple(foreign_keys)
    more = tuple(dict.fromkeys(each.foreign_key for each in followed if each.foreign_key not in allocated))
    for foreign_key in (*allocated, *more):
        name = foreign_key.name
        wanted = [each for each in followed if each.foreign_key == foreign_key]
        found, numbers_of_rows, others = referenced_rows(connection, table, foreign_key, wanted)
        if wanted:
            values[name] = {hashable(key): row for key, row in zip(found, others, strict=True)}
        if foreign_key in allocated:
            keys[name], shares[name] = found, numbers_of_rows
    columns = watched_columns(table)
    rows: list[Key] = []
    if present and columns:
        query = sql.SQL("SELECT {} FROM {}").format(selected(table, columns), relation(table.name))
        rows = fetch_exact(connection, types_of(table, columns), query)
    numbers, greatest = {}, {}
    for source in sources:
        if isinstance(source.source, Number):
            name = source.column.name
            if source.source.within:
                greatest[name] = _greatest(connection, table, name, source.source.within) if present else {}
            else:
                numbers[name] = next_number(connection, table, source, present)
    belongings = [
        (_belongings(connection, diamond.first), _belongings(connection, diamond.second))
        for diamond in diamonds
    ]
    return TableState(present, keys, shares, rows, columns, numbers, greatest, values, belongings)


def _belongings(connection: Connection, path: Path) -> Belongings:
    """Read what referenced rows belong to; None where each belongs to itself."""
    if path.holder is None:
        return None
    holder, size = path.holder, len(path.foreign_key.columns)
    if path.members is not None:
        query = sql.SQL("SELECT {}, {} FROM {}").format(
            selected(holder, path.members.member.columns),
            selected(holder, path.columns),
            relation(path.members.table),
        )
    else:
        aliases = [f"p{number}" for number in range(len(path.hops))]
        joins = [
            left_joined(before, hop, alias)
            for hop, before, alias in zip(path.hops, aliases, aliases[1:], strict=False)
        ]
        query = sql.SQL("SELECT {}, {} FROM {} {} {}").format(
            sql.SQL(", ").join(
                printed(kind, sql.Identifier(aliases[0], column))
                for kind, column in zip(path.types, path.foreign_key.referenced_columns, strict=True)
            ),
            selected(holder, path.columns, aliases[-1]),
            relation(path.foreign_key.referenced),
            sql.Identifier(aliases[0]),
            sql.SQL(" ").join(joins),
        )
    found: dict[Key, set[Key]] = {}
    for row in fetch_exact(connection, [*path.types, *types_of(holder, path.columns)], query):
        if None not in row:
            found.setdefault(hashable(row[:size]), set()).add(hashable(row[size:]))
    return {key: frozenset(values) for key, values in found.items()}


def apart_and_together(
    connection: Connection, table: Table, state: TableState, amount: int, plan: TablePlan
) -> TableState:
    """Return a state without the rows that other tables reference, where enough are left, or with these first.

    Args:
        amount: how many rows are enough.
        plan: of the table, which says of which tables the rows are left alone, and of which they are wanted.
    """
    for name, other, columns in (*plan.exclusive, *plan.shared):
        if name not in state.keys:
            continue
        key = next(key for key in table.foreign_keys if key.name == name)
        types = types_of(table, key.columns)
        shown = sql.SQL(", ").join(
            printed(column_type, sql.Identifier(column))
            for column_type, column in zip(types, columns, strict=True)
        )
        query = sql.SQL("SELECT {} FROM {}").format(shown, relation(other))
        taken = set(fetch_exact(connection, types, query))
        pairs = [*zip(state.keys[name], state.shares[name], strict=True)]
        left = [pair for pair in pairs if pair[0] not in taken]
        if (name, other, columns) in plan.shared:
            both = [pair for pair in pairs if pair[0] in taken]
            left = [*both, *left[: max(amount - len(both), 0)]] if both else []
        if len(left) >= amount:
            state = replace(
                state,
                keys={**state.keys, name: [found for found, _ in left]},
                shares={**state.shares, name: [share for _, share in left]},
            )
    return state


def _greatest(connection: Connection, table: Table, column: str, within: tuple[str, ...]) -> dict[Key, int]:
    query = sql.SQL("SELECT {shown}, max({column}) FROM {table} GROUP BY {within}").format(
        shown=selected(table, within),
        within=names(within),
        column=sql.Identifier(column),
        table=relation(table.name),
    )
    found = fetch_exact(connection, types_of(table, within), query)
    return {row[:-1]: row[-1] for row in found if row[-1] is not None}


def next_number(connection: Connection, table: Table, source: ColumnSource, present: int) -> int:
    """Return the next number of a numbered column, past its sequence and past its present values."""
    assert isinstance(source.source, Number)  # noqa: S101 for the type checker
    sequence = source.column.sequence
    descending = sequence is not None and sequence.increment < 0
    following = source.source.start
    if sequence is not None:
        [(last, called)] = fetch(
            connection,
            sql.SQL("SELECT last_value, is_called FROM {}").format(
                sql.Identifier(sequence.schema, sequence.name)
            ),
        )
        following = last + sequence.increment if called else last
    places = [(table.name, source.column.name)] if present else []
    for name, column in (*places, *source.source.beside):
        [(extreme,)] = fetch(
            connection,
            sql.SQL("SELECT {}({}) FROM {}").format(
                sql.SQL("min" if descending else "max"), sql.Identifier(column), relation(name)
            ),
        )
        if extreme is not None and not descending:
            following = max(following, int(extreme) + (sequence.increment if sequence else 1))
        elif extreme is not None and sequence is not None:
            following = min(following, int(extreme) + sequence.increment)
    return following


def read_targets(connection: Connection, schema: Schema, table: Table) -> list[Targets]:
    """Read which rows the polymorphic references of a table may reference."""
    by_kind: dict[str, list[PolymorphicReference]] = {}
    for each in polymorphic_references(table):
        if schema.has_table(each.foreign_key.referenced):
            by_kind.setdefault(each.kind[0], []).append(each)
    found = []
    for references in by_kind.values():
        keys, agreeing, once = [], [], []
        for each in references:
            key = each.foreign_key
            compared = _compared_columns(schema, table, key)
            alone = any(unique.columns == key.columns for unique in table.uniques)
            free = sql.SQL("NOT EXISTS (SELECT FROM {} AS own WHERE {} = {})").format(
                relation(table.name),
                sql.Identifier("own", key.columns[0]),
                sql.Identifier("other", key.referenced_columns[0]),
            )
            referenced = schema.table(key.referenced)
            shown = (key.referenced_columns[0], *compared.values())
            query = sql.SQL("SELECT {} FROM {} AS other WHERE {} ORDER BY {}").format(
                selected(referenced, shown, "other"),
                relation(key.referenced),
                free if alone else sql.SQL("true"),
                in_order([sql.Identifier("other", shown[0])]),
            )
            rows = fetch_exact(connection, types_of(referenced, shown), query)
            keys.append([row[0] for row in rows])
            agreeing.append({name: [row[at] for row in rows] for at, name in enumerate(compared, 1)})
            once.append(alone)
        found.append(Targets(references, keys, agreeing, once))
    return found


def _compared_columns(schema: Schema, table: Table, key: ForeignKey) -> dict[str, str]:
    """By column of a table, the column of the row that a foreign key references which a trigger compares with it."""
    referenced = schema.table(key.referenced)
    found = {}
    for other in table.foreign_keys:
        for name in set(other.columns) & {*checked_with(table, key)}:
            if referenced.has_column(name):
                found[name] = name
            elif other.referenced == key.referenced:
                found[name] = other.referenced_columns[other.columns.index(name)]
    return found
