"""Referenced rows that a table's own triggers make: a film's trigger inserts the medium that the film is.

Such a foreign key is no reason to wait for rows of the other table, and its values are new ones, or the trigger's own.
:func:`with_made_parents` returns a schema in which it is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from pytest_supaseed.constraints.functions import assigned_by_triggers
from pytest_supaseed.constraints.insertions import insertions_in
from pytest_supaseed.constraints.nodes import ExpressionError, renamed
from pytest_supaseed.constraints.parser import deparse, parse
from pytest_supaseed.model.schema import (
    Check,
    Column,
    ForeignKey,
    Schema,
    Sequence,
    Table,
    TableName,
    UniqueKey,
)
from pytest_supaseed.planning.plan import ColumnSource, Number


@dataclass(frozen=True)
class MadeParent:
    """A foreign key whose referenced rows the triggers of its own table insert.

    Attributes:
        foreign_key: the foreign key.
        assigned: whether the trigger sets its columns as well; otherwise the referenced row gets the row's values.
        passed: columns of the referenced row that get values of the row, each with the row's column.
        found: those that get values of the row which the trigger has set before, as it found them elsewhere.
    """

    foreign_key: ForeignKey
    assigned: bool
    passed: tuple[tuple[str, str], ...] = ()
    found: tuple[tuple[str, str], ...] = ()


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
            for conditional, made in _made(schema, table, foreign_key):
                if not (conditional and has_rows(foreign_key.referenced)):
                    given = any(name in supplied for name in foreign_key.columns)
                    found[foreign_key.name] = replace(made, assigned=made.assigned and not given)
    return tuple(found.values())


def _made(schema: Schema, table: Table, foreign_key: ForeignKey) -> Iterator[tuple[bool, MadeParent]]:
    """For each INSERT of a referenced row: whether it is conditional, and what it makes."""
    names = tuple(column.name for column in schema.table(foreign_key.referenced).columns)
    wanted = set(zip(foreign_key.referenced_columns, foreign_key.columns, strict=True))
    for trigger in table.triggers:
        if not trigger.on_insert or not (trigger.before or foreign_key.deferrable):
            continue
        alone = assigned_by_triggers(replace(table, triggers=(trigger,)))
        assigned = bool(alone.issuperset(foreign_key.columns))
        for insertion in insertions_in(trigger.inserting):
            target = schema.find(insertion.table)
            if target is None or target.name != foreign_key.referenced:
                continue
            pairs = {(insertion.column_of(number, names), own) for number, own in enumerate(insertion.own)}
            if assigned or wanted <= pairs:
                given = sorted(
                    (column, own)
                    for column, own in pairs
                    if column in names and own and table.has_column(own)
                )
                passed = tuple(pair for pair in given if not _sets(trigger.source, pair[1]))
                others = tuple(pair for pair in given if pair not in passed)
                yield insertion.conditional, MadeParent(foreign_key, assigned, passed, others)


def _sets(source: str, column: str) -> bool:
    """Whether the text of a trigger's function may set a column of the row."""
    own = rf'\bnew\."?{re.escape(column)}"?'
    set_ = rf'{own}\s*:?=|(?<!\binsert)\s+into\s+(?:strict\s+)?(?:[\w."]+\s*,\s*)*{own}\b'
    return re.search(set_, source, re.IGNORECASE) is not None


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
    kept = [key for key in table.foreign_keys if key.name not in dropped]
    uniques, checks = list(table.uniques), list(table.checks)
    for parent in made[name]:
        base, passed = schema.table(parent.foreign_key.referenced), dict(parent.passed)
        for column in base.columns:
            if column.name in passed and not column.nullable:
                own = passed[column.name]
                columns[own] = replace(columns[own], nullable=columns[own].generated)
        more = {each.foreign_key.name for each in made_parents(schema, base, lambda table: False)}
        kept += _inherited_references(schema, parent, table, kept, more)
        uniques += _inherited_uniques(base, passed, uniques)
        checks += _inherited_checks(base, passed, table)
    return replace(
        table,
        columns=tuple(columns.values()),
        foreign_keys=tuple(kept),
        uniques=tuple(uniques),
        checks=tuple(checks),
    )


def _inherited_references(
    schema: Schema, parent: MadeParent, table: Table, kept: Collection[ForeignKey], made: Collection[str]
) -> Iterator[ForeignKey]:
    """The foreign keys of a made row that are the row's as well, but for those whose rows are made in turn.

    Where the columns that the row gives identify the referenced row, the others are as the trigger finds them there.
    """
    base, passed, found = schema.table(parent.foreign_key.referenced), dict(parent.passed), dict(parent.found)
    known = {(key.columns, key.referenced) for key in kept}
    for key in base.foreign_keys:
        if key.name in made or key.referenced in (base.name, table.name):
            continue
        pairs = [pair for pair in zip(key.columns, key.referenced_columns, strict=True) if pair[0] in passed]
        if len(pairs) < len(key.columns):
            if not _identifies(schema, key.referenced, [there for _, there in pairs]):
                continue
            if {*key.columns} <= {*passed, *found}:
                pairs = [*zip(key.columns, key.referenced_columns, strict=True)]
        own = tuple(passed.get(column) or found[column] for column, _ in pairs)
        if (own, key.referenced) not in known:
            yield replace(
                key,
                name=f"{base.name.name}.{key.name}",
                columns=own,
                referenced_columns=tuple(there for _, there in pairs),
            )


def _identifies(schema: Schema, name: TableName, columns: Collection[str]) -> bool:
    """Whether columns of a table, or some of them, are a unique key."""
    return schema.has_table(name) and any(
        set(key.columns) <= set(columns)
        for key in schema.table(name).uniques
        if key.columns and not key.partial and not key.expression
    )


def _inherited_uniques(
    base: Table, passed: Mapping[str, str], known: Collection[UniqueKey]
) -> Iterator[UniqueKey]:
    """The unique keys of a made row that are the row's as well."""
    for key in base.uniques:
        if key.partial or key.expression or not set(key.columns) <= set(passed):
            continue
        own = tuple(passed[column] for column in key.columns)
        if not any(
            not each.partial and not each.expression and set(each.columns) <= set(own) for each in known
        ):
            yield replace(key, name=f"{base.name.name}.{key.name}", columns=own)


def _inherited_checks(base: Table, passed: Mapping[str, str], table: Table) -> Iterator[Check]:
    """The CHECKs of a made row, and of its columns' domains, that are the row's as well."""
    checks = [(check, passed) for check in base.checks if check.columns and not check.partitions]
    checks += [
        (replace(check, columns=(column.name,)), {**passed, "VALUE": passed[column.name]})
        for column in base.columns
        if column.name in passed and not column.type.array
        for check in column.type.checks
        if check not in table.column(passed[column.name]).type.checks
    ]
    for check, own in checks:
        if not set(check.columns) <= set(passed) or any(
            table.column(own[name]).generated for name in check.columns
        ):
            continue
        try:
            expression = deparse(renamed(parse(check.expression), own))
        except ExpressionError:
            continue
        yield replace(
            check,
            name=f"{base.name.name}.{check.name}",
            expression=expression,
            columns=tuple(own[name] for name in check.columns),
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
