"""Referenced rows that a table's own triggers make: a film's trigger inserts the medium that the film is.

Such a foreign key is no reason to wait for rows of the other table, and its values are new ones, or the trigger's own.
:func:`with_made_parents` returns a schema in which it is none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from pytest_supaseed.constraints.functions import assigned_by_triggers
from pytest_supaseed.constraints.insertions import insertions_in
from pytest_supaseed.model.schema import Column, ForeignKey, Schema, Sequence, Table, TableName
from pytest_supaseed.planning.plan import ColumnSource, Number


@dataclass(frozen=True)
class MadeParent:
    """A foreign key whose referenced rows the triggers of its own table insert.

    Attributes:
        foreign_key: the foreign key.
        assigned: whether the trigger sets its columns as well; otherwise the referenced row gets the row's values.
    """

    foreign_key: ForeignKey
    assigned: bool


def made_parents(
    schema: Schema, table: Table, has_rows: Callable[[TableName], bool], supplied: Collection[str] = ()
) -> tuple[MadeParent, ...]:
    """Return the foreign keys of a table whose referenced rows its triggers insert, by the text of their functions.

    Args:
        has_rows: whether another table has rows of its own to reference, which a trigger that inserts only what is
            missing leaves alone.
        supplied: columns whose values the user supplies.
    """
    found = {}
    for foreign_key in table.foreign_keys:
        if foreign_key.referenced != table.name and schema.has_table(foreign_key.referenced):
            for conditional, assigned in _made(schema, table, foreign_key):
                if not (conditional and has_rows(foreign_key.referenced)):
                    assigned = assigned and not any(name in supplied for name in foreign_key.columns)
                    found[foreign_key.name] = MadeParent(foreign_key, assigned)
    return tuple(found.values())


def _made(schema: Schema, table: Table, foreign_key: ForeignKey) -> Iterator[tuple[bool, bool]]:
    """For each INSERT of a referenced row: whether it is conditional, and whether the trigger assigns the key."""
    names = tuple(column.name for column in schema.table(foreign_key.referenced).columns)
    wanted = set(zip(foreign_key.referenced_columns, foreign_key.columns, strict=True))
    for trigger in table.triggers:
        if not trigger.on_insert or not (trigger.before or foreign_key.deferrable):
            continue
        alone = assigned_by_triggers(replace(table, triggers=(trigger,)))
        assigned = bool(alone.issuperset(foreign_key.columns))
        for insertion in insertions_in(trigger.source):
            target = schema.find(insertion.table)
            if target is None or target.name != foreign_key.referenced:
                continue
            pairs = {(insertion.column_of(number, names), own) for number, own in enumerate(insertion.own)}
            if assigned or wanted <= pairs:
                yield insertion.conditional, assigned


def with_made_parents(schema: Schema, made: Mapping[TableName, tuple[MadeParent, ...]]) -> Schema:
    """Return a schema without the foreign keys whose referenced rows triggers make.

    Columns that a trigger assigns are as if PostgreSQL computed them. The others take their numbers from the sequence
    of the column that they reference.

    Args:
        made: by table, what :func:`made_parents` returned.
    """
    changed = {name: _without(schema, name, made) for name, parents in made.items() if parents}
    if not changed:
        return schema
    return replace(schema, tables=tuple(changed.get(table.name, table) for table in schema.tables))


def _without(schema: Schema, name: TableName, made: Mapping[TableName, tuple[MadeParent, ...]]) -> Table:
    table = schema.table(name)
    dropped = {parent.foreign_key.name for parent in made[name]}
    columns = {column.name: column for column in table.columns}
    for parent in made[name]:
        key = parent.foreign_key
        for own, referenced in zip(key.columns, key.referenced_columns, strict=True):
            column = columns[own]
            if parent.assigned:
                columns[own] = replace(column, generated=True, default=None, nullable=True, identity=None)
            elif column.sequence is None and column.default is None:
                columns[own] = replace(column, sequence=_sequence(schema, key.referenced, referenced))
    return replace(
        table,
        columns=tuple(columns.values()),
        foreign_keys=tuple(key for key in table.foreign_keys if key.name not in dropped),
    )


def _referenced(schema: Schema, table: TableName, column: str) -> list[tuple[TableName, str]]:
    """A column, and the columns that it references, directly or not."""
    found = [(table, column)]
    for name, own in found:  # The list grows while it is read.
        for key in schema.table(name).foreign_keys:
            pairs = dict(zip(key.columns, key.referenced_columns, strict=True))
            place = (key.referenced, pairs.get(own, ""))
            if own in pairs and schema.has_table(key.referenced) and place not in found:
                found.append(place)
    return found


def _sequence(schema: Schema, table: TableName, column: str) -> Sequence | None:
    columns: list[Column] = [
        schema.table(name).column(own) for name, own in _referenced(schema, table, column)
    ]
    return next((column.sequence for column in columns if column.sequence is not None), None)


def numbered_beside(
    schema: Schema, sources: tuple[ColumnSource, ...], made: tuple[MadeParent, ...]
) -> tuple[ColumnSource, ...]:
    """Return column sources whose numbers are those of no row that the columns would have referenced.

    Args:
        schema: with all foreign keys.
        made: of the table, what :func:`made_parents` returned.
    """
    beside = {
        own: tuple(_referenced(schema, parent.foreign_key.referenced, referenced))
        for parent in made
        for own, referenced in zip(
            parent.foreign_key.columns, parent.foreign_key.referenced_columns, strict=True
        )
    }
    return tuple(
        replace(source, source=replace(source.source, beside=beside[source.column.name]))
        if isinstance(source.source, Number) and source.column.name in beside
        else source
        for source in sources
    )
