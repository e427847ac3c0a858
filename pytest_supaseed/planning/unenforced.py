"""References that neither a foreign key nor a project declares, by the names of columns and the text of functions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from pytest_supaseed.constraints.functions import tables_read
from pytest_supaseed.model.identifiers import singular
from pytest_supaseed.model.schema import Schema, Table, TableName


def references_by_name(schema: Schema, named: Collection[TableName]) -> Mapping[str, str]:
    """Return the columns that stand for keys of tables which the functions of their tables look into.

    ``event.room_id`` stands for ``room.id``, or ``room.room_id``, if a trigger or a CHECK of ``event`` reads ``room``.

    Args:
        named: the tables that get rows: others may be looked into for something else.

    Returns:
        By referencing column, the referenced one, both spelt ``schema.table.column``.
    """
    return {
        f"{name}.{column}": f"{other}.{key}"
        for name in sorted(named)
        for other in sorted(tables_read(schema, schema.table(name)) & set(named))
        for column, key in _pairs(schema.table(name), schema.table(other))
        # The spelling has no quotes.
        if not any("." in part for part in (name.schema, name.name, other.schema, other.name, column, key))
    }


def _pairs(table: Table, other: Table) -> Iterator[tuple[str, str]]:
    keys = [unique.columns[0] for unique in other.uniques if len(unique.columns) == 1 and not unique.partial]
    referencing = {name for key in table.foreign_keys for name in key.columns}
    for key in dict.fromkeys((*other.primary_key[:1], *keys) if len(other.primary_key) == 1 else keys):
        words = {other.name.name, singular(other.name.name)}
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
