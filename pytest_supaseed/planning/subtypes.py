"""Exclusive subtypes: tables of which a row of a common table may have a row in one only.

A deferred trigger of ``party`` that looks into ``person`` and ``company``, each of which has at most one row for a
party, wants to find one of them. So the rows of the one are for others than those of the other
(:func:`exclusive_tables`), and a column of ``party`` that says which it is has as many values of each as there will be
rows (:func:`subtype_values`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from pytest_supaseed.constraints.column import value_domain
from pytest_supaseed.model.schema import ForeignKey, Schema, Table, TableName
from pytest_supaseed.planning.plan import Origin, Supplier
from pytest_supaseed.planning.row_totals import Total


def exclusive_tables(
    schema: Schema, table: Table, named: Collection[TableName]
) -> tuple[tuple[str, TableName, tuple[str, ...]], ...]:
    """Return the tables that reference other rows of a common table than a table does.

    Args:
        named: the tables of the seed.

    Returns:
        The name of a foreign key of the table, another table that references the same table, and the columns that do.
    """
    found = []
    for key in _one_to_one(table):
        if not schema.has_table(key.referenced):
            continue
        words = [*_words(schema.table(key.referenced)), *({*each, _name(table)} for each in _words(table))]
        for name in named:
            other = schema.table(name)
            around = [*words, *({*each, _name(other)} for each in _words(other))]
            if other != table and any({_name(table), _name(other)} <= each for each in around):
                found += [
                    (key.name, name, beside.columns)
                    for beside in _one_to_one(other)
                    if (beside.referenced, beside.referenced_columns)
                    == (key.referenced, key.referenced_columns)
                ]
    return tuple(found)


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
