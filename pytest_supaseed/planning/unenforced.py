"""References that no constraint enforces, but that an application keeps: a seed keeps them as well."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from pytest_supaseed.schema import ForeignKey, Schema, Table, TableName


def with_unenforced(
    schema: Schema, references: Mapping[str, str], given: Mapping[TableName, Collection[str]]
) -> Schema:
    """Return a schema with foreign keys besides its own.

    Args:
        schema: what is there.
        references: by referencing column, the referenced one, both spelt ``schema.table.column``; what the schema does
            not have, or not as a key, is left out.
        given: by table, the columns whose values are given: these need not reference anything.

    Example:
        >>> found = with_unenforced(schema, {"storage.objects.owner": "auth.users.id"}, {})  # doctest: +SKIP
    """
    added: dict[TableName, tuple[ForeignKey, ...]] = {}
    for column, referenced in references.items():
        table, name = _split(column)
        other, key = _split(referenced)
        if (
            _has(schema, table, name)
            and _has(schema, other, key)
            and name not in given.get(table, ())
            and any(unique.columns == (key,) for unique in schema.table(other).uniques)
            and not any(name in foreign_key.columns for foreign_key in schema.table(table).foreign_keys)
        ):
            added[table] = (*added.get(table, ()), ForeignKey(column, (name,), other, (key,)))
    if not added:
        return schema
    return replace(schema, tables=tuple(_with(table, added.get(table.name, ())) for table in schema.tables))


def _with(table: Table, foreign_keys: tuple[ForeignKey, ...]) -> Table:
    return replace(table, foreign_keys=(*table.foreign_keys, *foreign_keys)) if foreign_keys else table


def _has(schema: Schema, table: TableName, column: str) -> bool:
    return schema.has_table(table) and schema.table(table).has_column(column)


def _split(spelling: str) -> tuple[TableName, str]:
    schema, table, column = spelling.split(".")
    return TableName(schema, table), column
