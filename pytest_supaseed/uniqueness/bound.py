"""Unique keys as what they bind: the values of columns in all rows, whatever their spelling."""

from __future__ import annotations

import re
from dataclasses import replace

from pytest_supaseed.schema import Table, UniqueKey
from pytest_supaseed.uniqueness.partial import Condition, Part, condition

_UNORDERED = re.compile(
    r"\((?:LEAST\(([^()]*)\), GREATEST\(([^()]*)\)|GREATEST\(([^()]*)\), LEAST\(([^()]*)\))\)$"
)


def bound_key(table: Table, key: UniqueKey) -> UniqueKey | None:
    """Return a unique key as one on the values of its columns in all rows, None where it is another.

    ``UNIQUE (a, b) WHERE a IS NOT NULL`` says no more than without its WHERE; together with ``UNIQUE (b) WHERE a IS
    NULL`` it says that NULLs are not distinct. ``UNIQUE (least(a, b), greatest(a, b))`` is one on ``a`` and ``b``
    of which one is the lesser (:mod:`pytest_supaseed.uniqueness.pairs`).

    Args:
        table: the table.
        key: one of its keys.
    """
    if key.expression:
        either = unordered(key)
        return replace(key, columns=either, expression=False) if either else None
    if not key.partial:
        return key
    where = condition(table, key)
    if where is None:
        return None
    parts = [part for part in where.parts if not (part.of_nulls and not table.column(part.column).nullable)]
    if not about_rows(table, where):
        return None
    if not parts:
        return replace(key, partial=False)
    if not key.nulls_distinct or not all(
        part.of_nulls and part.negated and part.column in key.columns for part in parts
    ):
        return None
    nullable = tuple(dict.fromkeys(part.column for part in parts))
    return replace(key, partial=False, nulls_distinct=not _once_without(table, key, nullable))


def about_rows(table: Table, where: Condition) -> bool:
    """Whether a condition can hold: none asks for NULL in a column that is NOT NULL.

    Args:
        table: the table.
        where: what a unique index says of its rows.
    """
    nulls = (part.column for part in where.parts if part.of_nulls and not part.negated)
    return all(table.column(column).nullable for column in nulls)


def of_nulls(table: Table, key: UniqueKey) -> Condition | None:
    """Return the condition of a unique index that only asks which columns are NULL, None for another.

    Args:
        table: the table.
        key: one of its keys.
    """
    where = None if key.expression else condition(table, key)
    return where if where is not None and all(part.of_nulls for part in where.parts) else None


def _once_without(table: Table, key: UniqueKey, nullable: tuple[str, ...]) -> bool:
    """Whether another index is about the rows that this one leaves out because of a NULL."""
    rest = {name for name in key.columns if name not in nullable}
    if len(nullable) != 1 or any(table.column(name).nullable for name in rest):
        return False
    wanted = Condition((Part(nullable[0], (None,)),))
    return any(
        set(o.columns) == rest and not o.expression and condition(table, o) == wanted for o in table.uniques
    )


def unordered(key: UniqueKey) -> tuple[str, str] | None:
    """Return the two columns of ``UNIQUE (least(a, b), greatest(a, b))``, None for another key.

    Args:
        key: a unique key.
    """
    match = None if key.partial else _UNORDERED.search(key.definition)
    if match is None or len(key.columns) != 2:
        return None
    pairs = [sorted(name.strip().strip('"') for name in part.split(",")) for part in match.groups() if part]
    return (key.columns[0], key.columns[1]) if pairs == [sorted(key.columns)] * 2 else None
