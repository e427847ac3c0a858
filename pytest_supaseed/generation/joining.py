"""The step that sets foreign keys that share columns: the rows that they reference agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pytest_supaseed.distribution.drawing import agreeing_rows
from pytest_supaseed.distribution.exchange import Unique
from pytest_supaseed.errors import GenerateError
from pytest_supaseed.generation.steps import Place
from pytest_supaseed.planning.plan import TablePlan
from pytest_supaseed.planning.references import can_be_null_in, optional
from pytest_supaseed.planning.state import TableState
from pytest_supaseed.randomness import random_for
from pytest_supaseed.schema import ForeignKey, Table, UniqueKey
from pytest_supaseed.uniqueness.agreement import Agreement, Limit, Relation, TooFewError
from pytest_supaseed.uniqueness.capacity import too_few
from pytest_supaseed.uniqueness.joints import Joint
from pytest_supaseed.uniqueness.links import ranks
from pytest_supaseed.uniqueness.pairs import compared
from pytest_supaseed.uniqueness.partial import condition


def joint_step(plan: TablePlan, joint: Joint, state: TableState, amount: int, seed: int) -> Place:
    """Draw the values of a joint for all rows.

    Args:
        plan: of the table.
        joint: one of its joints.
        state: what is there already.
        amount: how many rows.
        seed: of the generator.

    Raises:
        GenerateError: the references do not agree, or unique keys leave too few.
    """
    table = plan.table
    relations = [_relation(plan, key, state, seed) for key in joint.foreign_keys]
    relations += [
        Relation(
            dimension.name,
            dimension.columns,
            [(choice,) for choice in dimension.choices],
            nullable=dimension.columns if dimension.optional else (),
        )
        for dimension in joint.finite
    ]
    uniques = [_unique(table, key, state) for key in joint.uniques]
    limits = [
        Limit(pair.name, (pair.left, pair.right), pair.holds) for pair in compared(table, joint.columns)
    ]
    per = plan.per[1] if plan.per is not None and plan.per[0] == relations[0].name else None
    random = random_for(seed, str(table.name), *(key.name for key in joint.foreign_keys))
    try:
        rows = agreeing_rows(Agreement(relations, uniques, amount, plan.spec.spread, per, limits), random)
    except TooFewError as error:
        message = too_few(table, plan.total, plan.total - amount, error)
        if not error.found and not state.present and not limits:
            message = _apart(table, joint, amount)
        raise GenerateError(message) from error
    columns = joint.columns
    completed = (_completed(row, number, joint, state) for number, row in enumerate(rows))
    keys = [tuple(row[column] for column in columns) for row in completed]
    return Place([table.column(name) for name in columns], keys, range(amount))


def _completed(row: Mapping[str, Any], number: int, joint: Joint, state: TableState) -> Mapping[str, Any]:
    """A row with values for what stays beside a NULL: they reference nothing, and are as those that could be."""
    if all(name in row for name in joint.columns):
        return row
    completed = dict(row)
    for key in joint.foreign_keys:
        keys = state.keys[key.name]
        for place, name in enumerate(key.columns):
            if name not in completed and keys:
                completed[name] = keys[number % len(keys)][place]
    return completed


def _unique(table: Table, key: UniqueKey, state: TableState) -> Unique:
    where = condition(table, key)
    rows = [dict(zip(state.columns, row, strict=True)) for row in state.rows]
    return Unique(
        key.name,
        key.columns,
        key.nulls_distinct,
        frozenset(
            tuple(row[column] for column in key.columns) for row in rows if where is None or where.holds(row)
        ),
        where.holds if where else None,
        where.columns if where else (),
    )


def _relation(plan: TablePlan, key: ForeignKey, state: TableState, seed: int) -> Relation:
    table, keys = plan.table, state.keys[key.name]
    nullable = tuple(name for name in key.columns if can_be_null_in(table, name))
    return Relation(
        key.name,
        key.columns,
        keys,
        state.shares.get(key.name, ()),
        nullable if optional(table, key) else (),
        key.match_full,
        ranks(seed, key, keys, plan.linked),
    )


def _apart(table: Table, joint: Joint, amount: int) -> str:
    keys = [key for key in joint.foreign_keys if not optional(table, key)] or list(joint.foreign_keys)
    tables = " and ".join(dict.fromkeys(key.referenced.name for key in keys))
    names = ", ".join(key.name for key in keys)
    if len(keys) == 1:
        return (
            f"{table.label} asks for {amount} rows, but there is no row of {tables} for {names}: ask for some"
        )
    return (
        f"{table.label} asks for {amount} rows, but no rows of {tables} agree in {', '.join(_shared(keys))} ({names}): "
        f"ask for more of {tables}, so that they do, or for none of {table.label}"
    )


def _shared(keys: Sequence[ForeignKey]) -> list[str]:
    columns = [column for key in keys for column in key.columns]
    return [column for column in dict.fromkeys(columns) if columns.count(column) > 1] or list(
        dict.fromkeys(columns)
    )
