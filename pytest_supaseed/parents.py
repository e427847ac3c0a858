"""Required parents that would be empty, and the marker that would fill them."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, prod

from pytest_supaseed.order import Order
from pytest_supaseed.references import optional
from pytest_supaseed.schema import Contents, ForeignKey, Schema, Table, TableName
from pytest_supaseed.spec import marker_arguments
from pytest_supaseed.totals import Total


def missing_parents(
    schema: Schema,
    found: Mapping[TableName, Total],
    contents: Contents,
    order: Order,
    given: Mapping[TableName, Mapping[str, object]],
) -> list[str]:
    """Find required parents that would be empty.

    Args:
        schema: the schema.
        found: what is asked of each table.
        contents: the rows that are there.
        order: of the tables; knows those that triggers fill.
        given: by table, the columns that the user's values set.

    Returns:
        A message for each, with the marker that names them, and theirs.
    """

    def rows(name: TableName) -> int:
        return found[name].total if name in found else contents.counts.get(name, 0)

    needed: dict[TableName, int] = {}
    problems = []
    waiting = [(total.table, total.total - total.present) for total in found.values()]
    for table, amount in waiting:  # which grows: a parent has parents
        if amount <= 0:
            continue
        for foreign_key in table.foreign_keys:
            parent = foreign_key.referenced
            if (
                parent == table.name
                or rows(parent)
                or parent in order.filled
                or optional(table, foreign_key)
                or any(column in given.get(table.name, ()) for column in foreign_key.columns)
            ):
                continue
            if table.name in found and table.name not in needed:
                why = "is asked to be empty" if parent in found else "would be empty"
                problems.append(
                    f"{table.label} needs rows of {schema.table(parent).label} for "
                    f"{', '.join(foreign_key.columns)}, which {why}"
                )
            least = _least(table, foreign_key, amount, {**contents.counts, **_totals(found), **needed})
            if least > needed.get(parent, 0):
                needed[parent] = least
                waiting.append((schema.table(parent), least))
    if not problems:
        return []
    pairs = {total.table.label: total.spec.asked for total in found.values()}
    for name, number in needed.items():
        # So many for each of none: it is the parent of that table that is missing.
        if name not in found or found[name].per is None:
            pairs[schema.table(name).label] = str(number)
    marker = f"@pytest.mark.seed({marker_arguments(pairs.items())})"
    return [f"{problem}: write {marker}" for problem in problems]


def _totals(found: Mapping[TableName, Total]) -> dict[TableName, int]:
    return {name: total.total for name, total in found.items()}


def _least(table: Table, foreign_key: ForeignKey, amount: int, rows: Mapping[TableName, int]) -> int:
    """The fewest referenced rows with which the unique keys of a table hold so many rows."""
    of_column = {column: key for key in table.foreign_keys for column in key.columns}
    least = 1
    for key in table.uniques:
        keys = {of_column[column].name: of_column[column] for column in key.columns if column in of_column}
        whole = all(column in of_column for column in key.columns)
        if whole and foreign_key.name in keys and not key.partial and not key.expression:
            others = [max(rows.get(o.referenced, 0), 1) for o in keys.values() if o.name != foreign_key.name]
            least = max(least, ceil(amount / prod(others)))
    return least
