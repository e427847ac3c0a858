"""Exclusive subtypes: tables of which a row of a common table may have a row in one only.

A deferred trigger of ``party`` that looks into ``person`` and ``company``, each of which has at most one row for a
party, wants to find one of them. So the rows of the one are for others than those of the other
(:func:`exclusive_tables`), and a column of ``party`` that says which it is has as many values of each as there will be
rows (:func:`subtype_values`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from typing import Any

from pytest_supaseed.constraints.column import value_domain
from pytest_supaseed.model.schema import ForeignKey, Schema, Table, TableName
from pytest_supaseed.planning.plan import Origin, Others, Supplier
from pytest_supaseed.planning.row_totals import Total


@dataclass(frozen=True)
class Ancestor:
    """A table that a row of another one has at most one row of, directly or over others between.

    Attributes:
        table: the table.
        columns: its columns that have the values of the row's.
        key: the foreign key of the row with which that begins.
    """

    table: TableName
    columns: tuple[str, ...]
    key: ForeignKey


def exclusive_tables(schema: Schema, named: Collection[TableName]) -> dict[TableName, Others]:
    """Return for tables of a seed the others that reference other rows of a common table, over others between as well.

    Returns:
        By table, the name of a foreign key of it, another table, and the columns of this that have values which the
        foreign key had better not have.
    """
    tables = [schema.table(name) for name in named]
    above = {table.name: found for table in tables if (found := ancestors(schema, table))}
    words = {table.name: spoken for table in schema.tables if (spoken := _words(table))} if above else {}
    if not words:
        return {}
    # Tables both of which a row of some table has a row in do not exclude each other.
    joined = {
        frozenset(pair)
        for name, found in above.items()
        for pair in product((name, *(each.table for each in found)), repeat=2)
    }
    result: dict[TableName, dict[tuple[str, TableName, tuple[str, ...]], None]] = {}
    for one, other in permutations(above, 2):
        if frozenset((one, other)) in joined:
            continue
        common = {(each.table, each.columns) for each in above[one]} & {
            (each.table, each.columns) for each in above[other]
        }
        concerned = ({name for name, _ in common} | {one, other}) & words.keys()
        around = (each | {name.name.lower()} for name in concerned for each in words[name])
        if not common or not any({one.name.lower(), other.name.lower()} <= each for each in around):
            continue
        # What lies between them and the common table had better exclude the others as well.
        for here, there in product(_below(above, one, common), _below(above, other, common)):
            if frozenset((here.table, there.table)) not in joined:
                result.setdefault(here.table, {})[here.key.name, there.table, there.columns] = None
    # A table whose rows are to be those of another one excludes what this excludes.
    for name, shared in shared_tables(schema, named).items():
        for key, other, _ in shared:
            mine = {(each.table, each.columns) for each in above[name] if each.key.name == key}
            for _, third, _ in tuple(result.get(other, ())):
                for each in above.get(third, ()) if frozenset((name, third)) not in joined else ():
                    if (each.table, each.columns) in mine:
                        result.setdefault(name, {})[key, third, each.key.columns] = None
                        own = next(their.key for their in above[name] if their.key.name == key)
                        result.setdefault(third, {})[each.key.name, name, own.columns] = None
    return {name: tuple(found) for name, found in result.items()}


def shared_tables(schema: Schema, named: Collection[TableName]) -> dict[TableName, Others]:
    """Return for tables of a seed the others that should reference the same rows of a common table.

    A row of a further table has its row in both, by the same columns.

    Returns:
        As :func:`exclusive_tables`, with the columns that have values which the foreign key had better have.
    """
    tables = [schema.table(name) for name in named]
    result: dict[TableName, dict[tuple[str, TableName, tuple[str, ...]], None]] = {}
    for table in tables:
        for one, other in permutations(_one_to_one(table), 2):
            if one.columns != other.columns or not {one.referenced, other.referenced} <= {*named}:
                continue
            theirs = {
                (each.table, each.columns) for each in ancestors(schema, schema.table(other.referenced))
            }
            for each in ancestors(schema, schema.table(one.referenced)):
                if (each.table, each.columns) in theirs and each.key.columns == one.referenced_columns:
                    found = result.setdefault(one.referenced, {})
                    found[each.key.name, other.referenced, other.referenced_columns] = None
    return {name: tuple(found) for name, found in result.items()}


def _below(
    above: Mapping[TableName, Sequence[Ancestor]],
    name: TableName,
    common: Collection[tuple[TableName, tuple[str, ...]]],
) -> Iterator[Ancestor]:
    """A table, and those between it and a common one, each with its own foreign key."""
    found = dict.fromkeys([name, *(each.table for each in above[name])])
    for between in found:
        for each in above.get(between, ()):
            if (each.table, each.columns) in common:
                yield Ancestor(between, each.key.columns, each.key)
                break


def ancestors(schema: Schema, table: Table) -> list[Ancestor]:
    """Return the tables that one references one to one, those that these reference by the same columns, and so on."""
    found = [
        Ancestor(key.referenced, key.referenced_columns, key)
        for key in _one_to_one(table)
        if schema.has_table(key.referenced)
    ]
    for each in found:  # The list grows while it is read.
        for key in _one_to_one(schema.table(each.table)):
            beyond = Ancestor(key.referenced, key.referenced_columns, each.key)
            if key.columns == each.columns and schema.has_table(key.referenced) and beyond not in found:
                found.append(beyond)
    return found


def subtype_values(
    found: Mapping[TableName, Total], supplied: Mapping[TableName, Collection[str]]
) -> dict[TableName, dict[str, tuple[Origin, Any]]]:
    """Find the values of columns that say in which of several tables a row has its other half.

    Such a column has a value for each of these tables, and a trigger of one of the tables reads it.

    Args:
        found: the totals of the spec.
        supplied: by table, the columns that have values already.

    Returns:
        By table and column, the origin and a value for each new row; none where the numbers of rows do not agree.
    """
    result: dict[TableName, dict[str, tuple[Origin, Any]]] = {}
    halves: dict[TableName, list[Total]] = {}
    for child in found.values():
        for name in dict.fromkeys(key.referenced for key in _one_to_one(child.table)):
            halves.setdefault(name, []).append(child)
    for parent in found.values():
        children = halves.get(parent.table.name, [])
        new = {child.table.name: child.total - child.present for child in children}
        if not children or sum(new.values()) != parent.total - parent.present:
            continue
        tables = [parent.table, *(child.table for child in children)]
        words = {
            word
            for table in tables
            for trigger in table.triggers
            if trigger.on_insert
            for word in re.findall(r"\w+", trigger.source.lower())
        }
        for column in parent.table.columns:
            if column.name.lower() not in words or column.name in supplied.get(parent.table.name, ()):
                continue
            allowed = value_domain(parent.table, column).allowed or ()
            kinds = _kinds(allowed, (child.table for child in children))
            if kinds is not None:
                values = [value for name, value in kinds.items() for _ in range(new[name])]
                origin = Origin("the tables of its kinds", Supplier.PLAN)
                result.setdefault(parent.table.name, {})[column.name] = (origin, values)
    return result


def _kinds(values: Iterable[Any], tables: Iterable[Table]) -> dict[TableName, Any] | None:
    """The value that stands for each table; None where one has none, or two have the same."""
    texts = {value.lower(): value for value in values if isinstance(value, str)}
    found = {}
    for table in tables:
        fitting = [
            text for text in texts if _name(table) in (text, f"{text}s", f"{text}es", f"{text[:-1]}ies")
        ]
        if len(fitting) != 1:
            return None
        found[table.name] = texts[fitting[0]]
    return found if len({*found.values()}) == len(found) else None


def _name(table: Table) -> str:
    return table.name.name.lower()


def _words(table: Table) -> list[set[str]]:
    """The words of each function of a deferred trigger."""
    return [
        set(re.findall(r"\w+", trigger.source.lower()))
        for trigger in table.triggers
        if trigger.on_insert and trigger.deferrable
    ]


def _one_to_one(table: Table) -> Iterator[ForeignKey]:
    """The foreign keys with at most one row for each referenced one."""
    for key in table.foreign_keys:
        if key.referenced != table.name and any(
            set(unique.columns) <= set(key.columns) and not unique.partial for unique in table.uniques
        ):
            yield key
