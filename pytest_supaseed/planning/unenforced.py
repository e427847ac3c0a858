"""References that neither a foreign key nor a project declares, by the names of columns and the text of functions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import combinations, permutations

from pytest_supaseed.constraints.functions import tables_read
from pytest_supaseed.model.identifiers import singular
from pytest_supaseed.model.references import optional
from pytest_supaseed.model.schema import Schema, Table, TableName
from pytest_supaseed.planning.row_totals import Total


def references_by_name(schema: Schema, named: Collection[TableName]) -> Mapping[str, str]:
    """Return the columns that stand for keys of tables which the functions of their tables look into.

    ``event.room_id`` stands for ``room.id``, or ``room.room_id``, if a trigger or a CHECK of ``event`` reads ``room``.

    Args:
        named: the tables that get rows: others may be looked into for something else.

    Returns:
        By referencing column, the referenced one, both spelt ``schema.table.column``.
    """
    tables = set(named)
    return {
        f"{name}.{column}": f"{other}.{key}"
        for name in sorted(tables)
        for other in sorted(tables_read(schema, schema.table(name)) & tables)
        for column, key in _pairs(schema.table(name), schema.table(other))
        # The spelling has no quotes.
        if not any("." in part for part in (name.schema, name.name, other.schema, other.name, column, key))
    }


def references_by_shared_columns(schema: Schema, found: Mapping[TableName, Total]) -> Mapping[str, str]:
    """Return the keys that have to be those of another table, for a column that references both has one value.

    ``leave.person_id`` references ``profile.id`` and ``employee.user_id``: the keys of one of these are taken from
    the other one, which has as many rows at least.

    Args:
        found: the totals of the spec.

    Returns:
        As :func:`references_by_name` does.
    """
    result = {}
    for total in found.values():
        keys = [
            key
            for key in total.table.foreign_keys
            if len(key.columns) == 1 and not optional(total.table, key)
        ]
        for first, second in combinations(keys if total.total > total.present else (), 2):
            tables = (found.get(first.referenced), found.get(second.referenced))
            if first.columns != second.columns or first.referenced == second.referenced or None in tables:
                continue
            ends = [
                (other, key.referenced_columns[0])
                for key, other in zip((first, second), tables, strict=True)
                if other is not None
            ]
            if any(other.present for other, _ in ends):
                continue
            for (few, own), (many, referenced) in permutations(ends):
                if (
                    few.total <= many.total
                    and _chosen(few.table, own)
                    and f"{few.table.name}.{own}" not in result
                    and few.table.name not in _needed(schema, many.table.name)
                ):
                    result[f"{few.table.name}.{own}"] = f"{many.table.name}.{referenced}"
                    break
    return result


def _chosen(table: Table, name: str) -> bool:
    """Whether the values of a column are chosen freely by the plan."""
    column = table.column(name)
    of_sequence = column.sequence is not None or column.identity is not None or column.generated
    return not of_sequence and name not in table.referencing


def _needed(schema: Schema, name: TableName) -> set[TableName]:
    """The tables that a table references, directly or not."""
    found = [name]
    for each in found:  # The list grows while it is read.
        found += [
            key.referenced
            for key in schema.table(each).foreign_keys
            if schema.has_table(key.referenced) and key.referenced not in found
        ]
    return set(found[1:])


def _pairs(table: Table, other: Table) -> Iterator[tuple[str, str]]:
    keys = [unique.columns[0] for unique in other.uniques if len(unique.columns) == 1 and not unique.partial]
    referencing = table.referencing
    for key in dict.fromkeys((*other.primary_key[:1], *keys) if len(other.primary_key) == 1 else keys):
        named = {other.name.name, other.name.separated, other.name.thing}
        words = named | {*map(singular, named)}
        names = {f"{word}_{key}" for word in words}
        if key in {f"{word}_id" for word in words}:
            names.add(key)
        for column in table.columns:
            if (
                column.name in names
                and column.name not in referencing
                and not column.generated
                and column.sequence is None
                and other.has_column(key)
                and column.type.text == other.column(key).type.text
            ):
                yield column.name, key
