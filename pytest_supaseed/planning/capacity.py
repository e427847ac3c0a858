"""Rows that unique keys and referenced rows do not allow: the problems, or None.

:func:`capacity_problem` and :func:`joint_problem` find them before anything is allocated, :func:`unallocated` words
what an allocation has raised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from pytest_supaseed.allocation.allocate import NothingToReferenceError
from pytest_supaseed.allocation.allocation import (
    AllocationRequest,
    Dimension,
    Group,
    IndependentRequest,
    Joint,
    TooFewError,
)
from pytest_supaseed.allocation.groups import most_rows, most_rows_of_joint, overflows
from pytest_supaseed.errors import Problem
from pytest_supaseed.model.references import optional
from pytest_supaseed.model.schema import ForeignKey, Table
from pytest_supaseed.planning import messages
from pytest_supaseed.planning.overrides import GivenChoices
from pytest_supaseed.planning.plan import TablePlan


def capacity_problem(plan: TablePlan, request: IndependentRequest, group: Group) -> Problem | None:
    """Explain why the unique keys of a group do not allow the rows asked for.

    Returns:
        The problem; None where there is room, or where only an allocation tells.
    """
    present, given = plan.present, GivenChoices(plan.table, plan.columns)
    most = most_rows(request, group)
    of_columns = not any(dimension.foreign_key for dimension in group.dimensions)
    if (
        most is not None
        and of_columns
        and not any(given.has(dimension.columns) for dimension in group.dimensions)
    ):
        # Present rows use up some of the values; which ones is not known here.
        most = max(0, most - present)
    if most is None or request.amount <= most or overflows(request, group):
        return None
    for key, _ in group.keys:
        combinations = prod(request.sizes[name] for name in key.columns) if given.has(key.columns) else None
        if combinations is not None and combinations < request.amount:
            supplied = given.supplied(key.columns)
            return messages.too_few_distinct(supplied, key, combinations, request.amount, present)
    smallest = min(group.keys, key=lambda entry: len(entry[1]))[0]
    sizes = " and ".join(_size(dimension, request.sizes[dimension.name]) for dimension in group.dimensions)
    what = ("combinations" if len(smallest.columns) > 1 else "values") + _accepted_by(request, group)
    return messages.unique_key_full(
        plan,
        most + present,
        smallest,
        f"{sizes} give {most + present} {what}",
        more=any(dimension.foreign_key for dimension in group.dimensions),
    )


def joint_problem(plan: TablePlan, joint: Joint, sizes: Mapping[str, int]) -> Problem | None:
    """Explain why the unique keys of overlapping foreign keys do not allow the rows asked for, whichever rows agree.

    Args:
        sizes: number of referenced rows by the name of a foreign key.

    Returns:
        The problem; None where there may be room.
    """
    for key in joint.uniques:
        found = most_rows_of_joint(plan.table, joint, key, sizes)
        # The bound includes present rows.
        if found is not None and plan.total > max(found[0], plan.present):
            most, given_by = found
            possible = max(most, plan.present)
            what = "combinations" if len(key.columns) > 1 else "values"
            made = f"{given_by} give at most {possible} {what}"
            return messages.unique_key_full(plan, possible, key, made, more=True)
    return None


def too_few(plan: TablePlan, present: int, error: ValueError) -> Problem:
    """Return the problem for an error that an allocation has raised.

    Args:
        present: rows before the allocation.
    """
    if not isinstance(error, TooFewError):
        return messages.not_allocated(plan.table, error)
    return messages.fewer_allocated(plan.table, plan.total, error.found + present, error)


def _size(dimension: Dimension, number: int) -> str:
    null = " or NULL" if dimension.optional else ""
    if dimension.foreign_key is None:
        return f"{number} values of {dimension.name}{null}"
    return f"{number} rows of {dimension.foreign_key.referenced.name}{null}"


def _accepted_by(request: IndependentRequest, group: Group) -> str:
    names = {dimension.name for dimension in group.dimensions}
    checks = [paired.pair.check for paired in request.paired if paired.names() <= names]
    return f" that {' and '.join(checks)} accept{'s' if len(checks) == 1 else ''}" if checks else ""


def unallocated(plan: TablePlan, request: AllocationRequest, error: ValueError) -> Problem:
    """Return the problem for an error that :func:`~pytest_supaseed.allocation.allocate.allocate` has raised.

    Args:
        request: the request that the plan made.
    """
    table = plan.table
    if isinstance(error, NothingToReferenceError):
        return messages.nothing_to_reference(table, error.foreign_key)
    if any(foreign_key in plan.later for foreign_key in request.independent.foreign_keys):
        return messages.not_allocated(table, error)
    present = plan.total - request.amount
    if isinstance(error, TooFewError) and not error.found and not present:
        for overlapping in request.overlapping:
            names = {foreign_key.name for foreign_key in overlapping.foreign_keys}
            if names <= set(error.relations) and not overlapping.agreement.limits:
                return messages.none_agree(table, _required(table, overlapping.foreign_keys), request.amount)
    return too_few(plan, present, error)


def _required(table: Table, foreign_keys: Sequence[ForeignKey]) -> Sequence[ForeignKey]:
    # A row can do without the others.
    return [key for key in foreign_keys if not optional(table, key)] or foreign_keys
