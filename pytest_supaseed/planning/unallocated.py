"""Error messages for allocation requests that cannot be met, now that the rows to reference are known."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_supaseed.allocation.agreement import TooFewError
from pytest_supaseed.allocation.allocate import NothingToReferenceError
from pytest_supaseed.allocation.request import AllocationRequest
from pytest_supaseed.model.references import optional
from pytest_supaseed.model.schema import ForeignKey, Table
from pytest_supaseed.planning.capacity import too_few
from pytest_supaseed.planning.plans import TablePlan


def unallocated(plan: TablePlan, request: AllocationRequest, error: ValueError) -> str:
    """Return the message for an error that :func:`~pytest_supaseed.allocation.allocate.allocate` has raised.

    Args:
        request: the request that the plan made.
    """
    table = plan.table
    if isinstance(error, NothingToReferenceError):
        return _nothing_to_reference(table, error.foreign_key)
    if any(foreign_key in plan.later for foreign_key in request.independent.foreign_keys):
        return f"{table.label}: {error}: ask for fewer rows"
    present = plan.total - request.amount
    if isinstance(error, TooFewError) and not error.found and not present:
        for overlapping in request.overlapping:
            names = {foreign_key.name for foreign_key in overlapping.foreign_keys}
            if names <= set(error.relations) and not overlapping.agreement.limits:
                return _disjoint(table, overlapping.foreign_keys, request.amount)
    return too_few(table, plan.total, present, error)


def _nothing_to_reference(table: Table, foreign_key: ForeignKey) -> str:
    referenced, columns = foreign_key.referenced, ", ".join(foreign_key.referenced_columns)
    checks = [check.name for check in table.checks if set(check.columns) & set(foreign_key.columns)]
    judged = {column for check in table.checks for column in check.columns}
    pairs = zip(foreign_key.columns, foreign_key.referenced_columns, strict=True)
    # Only the column that a CHECK reads decides whether it accepts a composite key, so the message names that one.
    decisive = next((there for here, there in pairs if here in judged), foreign_key.referenced_columns[0])
    fitting = f" that {' and '.join(checks)} accept{'s' if len(checks) == 1 else ''}" if checks else ""
    return (
        f"{table.label}.{', '.join(foreign_key.columns)} is NOT NULL and references {columns} of {referenced}, but no "
        f"row there has a value of it{fitting} ({foreign_key.name}): have {referenced.name} filled with values of "
        f"{columns}, as in {referenced.name}=Rows(..., columns={{{decisive!r}: [...]}})"
    )


def _disjoint(table: Table, foreign_keys: Sequence[ForeignKey], amount: int) -> str:
    keys = [key for key in foreign_keys if not optional(table, key)] or list(foreign_keys)
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
