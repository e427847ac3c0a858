"""Values that referenced rows need: a car references a vehicle whose kind is ``'car'``, since its own has to be."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle, islice
from typing import Any

from pytest_supaseed.constraints import column_facts
from pytest_supaseed.planning.references import optional
from pytest_supaseed.planning.totals import Total
from pytest_supaseed.schema import ForeignKey, Table, TableName

_Given = Mapping[str, tuple[str, Any]]


def wanted_values(
    found: Mapping[TableName, Total], given: Mapping[TableName, _Given]
) -> dict[TableName, dict[str, tuple[str, Any]]]:
    """Find what columns of new rows have to be, since rows that will reference them can be nothing else.

    Args:
        found: the tables of a spec, and their rows.
        given: by table the columns that have values already.

    Returns:
        By table and column what :func:`~pytest_supaseed.planning.patterns.given_columns` would return: where it
        comes from, and a value for each new row.
    """
    # By table and column: what is wanted by whom, and how many rows of it.
    demands: dict[tuple[TableName, str], dict[tuple[Any, ...], tuple[str, int]]] = {}
    for total in found.values():
        new = total.total - total.present
        for key in total.table.foreign_keys if new > 0 else ():
            parent = found.get(key.referenced)
            if parent is None or parent is total or len(key.columns) < 2 or optional(total.table, key):
                continue
            for name, referenced in zip(key.columns, key.referenced_columns, strict=True):
                values = _only_values(total.table, name)
                if not values or referenced in given[key.referenced] or not _may_be(parent.table, referenced):
                    continue
                number = new if _one_each(total.table, key) else 1
                known = demands.setdefault((key.referenced, referenced), {})
                origin, before = known.get(values, (f"{total.table.label}.{name}, which is nothing else", 0))
                known[values] = origin, max(before, number) if number == 1 else before + number
    result: dict[TableName, dict[str, tuple[str, Any]]] = {}
    for (table_name, column), known in demands.items():
        parent = found[table_name]
        if parent.total > parent.present:
            wanted = [each for values, (_, number) in known.items() for each in islice(cycle(values), number)]
            choices = _filled(parent.table, column, wanted, parent.total - parent.present)
            result.setdefault(table_name, {})[column] = (next(iter(known.values()))[0], choices)
    return result


def _only_values(table: Table, name: str) -> tuple[Any, ...]:
    column = table.column(name)
    return () if column.type.array else column_facts(table, column).allowed or ()


def _may_be(table: Table, name: str) -> bool:
    """Whether the values of a column are ours to choose, and may repeat."""
    column = table.column(name)
    return not (
        column.generated
        or column.identity
        or column.sequence
        or any(name in key.columns for key in table.foreign_keys)
        or any(key.columns == (name,) for key in table.uniques)
    )


def _one_each(table: Table, key: ForeignKey) -> bool:
    """Whether each row has to reference another one."""
    return any(set(unique.columns) <= set(key.columns) for unique in table.uniques if not unique.partial)


def _filled(table: Table, name: str, wanted: list[Any], new: int) -> list[Any]:
    """A value for each new row: what is wanted, and then what the column may be else."""
    others = [value for value in _only_values(table, name) if value not in wanted] or wanted
    return [*wanted[:new], *islice(cycle(others), max(0, new - len(wanted)))]
