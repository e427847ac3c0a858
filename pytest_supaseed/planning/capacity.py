"""Rows that unique keys and referenced rows do not allow: the problems, or None.

:func:`capacity_problem` and :func:`overlapping_keys_problem` find them from row counts, :func:`problem_beside_rows`
from the rows that a table holds; :func:`unallocated` words what an allocation has raised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from pytest_supaseed.allocation.allocate import NothingToReferenceError, allocate, assign
from pytest_supaseed.allocation.allocation import (
    AllocationRequest,
    Dimension,
    Group,
    IndependentRequest,
    OverlappingKeys,
    TooFewError,
)
from pytest_supaseed.allocation.groups import most_of_key, most_rows, most_rows_of_overlapping, overflows
from pytest_supaseed.errors import Problem
from pytest_supaseed.model.references import optional
from pytest_supaseed.model.schema import ForeignKey, Table
from pytest_supaseed.planning import messages
from pytest_supaseed.planning.overrides import SuppliedChoices
from pytest_supaseed.planning.plan import Plan, TablePlan, TableState
from pytest_supaseed.planning.requests import allocation_request, request_beside_rows


def capacity_problem(plan: TablePlan, request: IndependentRequest, group: Group) -> Problem | None:
    """Explain why the unique keys of a group do not allow the rows asked for.

    Returns:
        The problem; None where there is room, or where only an allocation tells.
    """
    present, supplied_choices = plan.present, SuppliedChoices(plan.table, plan.columns)
    most = most_rows(request, group)
    if most is None or request.amount <= most or overflows(request, group):
        return None
    bounds = [(most_of_key(request, group, key), len(others), key) for key, others in group.keys]
    for bound, _, key in bounds:
        if bound is not None and bound < request.amount and supplied_choices.has(key.columns):
            supplied = supplied_choices.supplied(key.columns)
            return messages.too_few_distinct(supplied, key, bound, request.amount, present)
    *_, smallest = min((b for b in bounds if b[0] is not None), key=lambda bound: bound[:2])
    sizes = " and ".join(_size(dimension, request.sizes[dimension.name]) for dimension in group.dimensions)
    what, accepted = "combination" if len(smallest.columns) > 1 else "value", _accepted_by(request, group)
    combinations = prod(request.sizes[each.name] + each.optional for each in group.of_key(smallest))
    if most + present <= combinations:
        made = f"{_counted(most + present, what)}{accepted}"
    else:
        # Present rows have other values than those that are given.
        made = f"{_counted(most, what)}{accepted} beside the {present} row{'s' * (present > 1)} present"
    more = any(dimension.foreign_key for dimension in group.dimensions)
    give = "gives" if sizes.startswith("1 ") and len(group.dimensions) == 1 else "give"
    return messages.unique_key_full(plan, most + present, smallest, f"{sizes} {give} {made}", more=more)


def overlapping_keys_problem(
    plan: TablePlan, overlapping: OverlappingKeys, sizes: Mapping[str, int]
) -> Problem | None:
    """Explain why the unique keys of overlapping foreign keys do not allow the rows asked for, whichever rows agree.

    Args:
        sizes: number of referenced rows by the name of a foreign key.

    Returns:
        The problem; None where there may be room.
    """
    for key in overlapping.uniques:
        found = most_rows_of_overlapping(plan.table, overlapping, key, sizes)
        # The bound includes present rows.
        if found is not None and plan.total > max(found[0], plan.present):
            most, given_by = found
            possible = max(most, plan.present)
            what = "combinations" if len(key.columns) > 1 else "values"
            made = f"{given_by} give at most {possible} {what}"
            return messages.unique_key_full(plan, possible, key, made, more=True)
    return None


def problem_beside_rows(seed_plan: Plan, plan: TablePlan, state: TableState) -> Problem | None:
    """Explain why the rows asked for find no place beside those that a table holds already.

    Where no referenced table gets rows, the allocation itself is tried.

    Args:
        state: the present rows of the table, and the present rows that its foreign keys reference.
    """
    seed = seed_plan.spec.seed
    growing = {other.table.name: other.total for other in seed_plan.tables if other.total > other.present}
    sizes = {
        key.name: growing.get(key.referenced, len(state.keys[key.name]))
        for key in (*plan.roles.independent, *plan.roles.overlapping)
    }
    whole = None
    if all(key.referenced not in growing for key in (*plan.roles.independent, *plan.roles.overlapping)):
        whole = allocation_request(plan, state, plan.total - plan.present, seed)
    request = request_beside_rows(plan, sizes, state, seed) if whole is None else whole.independent
    for group in request.groups:
        problem = capacity_problem(plan, request, group)
        if problem is not None:
            return problem
    try:
        if whole is not None:
            allocate(whole)
        else:
            assign(request)
    except ValueError as error:
        return too_few(plan, plan.present, error) if whole is None else unallocated(plan, whole, error)
    return None


def too_few(plan: TablePlan, present: int, error: ValueError) -> Problem:
    """Return the problem for an error that an allocation has raised."""
    if not isinstance(error, TooFewError):
        return messages.not_allocated(plan.table, error)
    return messages.fewer_allocated(plan.table, plan.total, error.found + present, error)


def _size(dimension: Dimension, number: int) -> str:
    null = " or NULL" if dimension.optional else ""
    if dimension.foreign_key is None:
        return f"{_counted(number, 'value')} of {dimension.name}{null}"
    return f"{_counted(number, 'row')} of {dimension.foreign_key.referenced.name}{null}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


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
