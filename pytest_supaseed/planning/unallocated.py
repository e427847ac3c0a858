"""Problems of allocation requests that cannot be met, now that the rows to reference are known."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_supaseed.allocation.allocate import NothingToReferenceError
from pytest_supaseed.allocation.allocation import AllocationRequest, TooFewError
from pytest_supaseed.errors import Problem
from pytest_supaseed.model.references import optional
from pytest_supaseed.model.schema import ForeignKey, Table
from pytest_supaseed.planning import messages
from pytest_supaseed.planning.capacity import too_few
from pytest_supaseed.planning.plan import TablePlan


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
    return too_few(table, plan.total, present, error)


def _required(table: Table, foreign_keys: Sequence[ForeignKey]) -> Sequence[ForeignKey]:
    # A row can do without the others.
    return [key for key in foreign_keys if not optional(table, key)] or foreign_keys
