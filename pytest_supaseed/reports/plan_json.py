"""A plan as JSON, for programs that read what a test or the command ``supaseed`` would make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pytest_supaseed.planning.plan import Plan, Supplied, TablePlan
from pytest_supaseed.wording import abbreviated


def plan_document(plan: Plan) -> dict[str, Any]:
    """Return a plan as values that :mod:`json` can write.

    Returns:
        ``spec`` as a marker or the command spells it, ``seed``, ``locale``, ``date``, the ``total`` that counts against
        the ``limit``, and ``tables`` in their order of filling. Each has its ``table``, the ``rows`` that it will hold,
        how many of these are ``new``, the ``spread`` of its references, which of these ``agree``, the values ``given``
        for columns, and the columns that are ``totals`` over the rows that reference its own, or follow from such, each
        with what it is.
    """
    spec = plan.spec
    return {
        "spec": str(spec),
        "seed": spec.seed,
        "locale": spec.locale,
        "date": spec.date.isoformat(),
        "total": plan.asked,
        "limit": spec.limit,
        "tables": [_table(each, plan) for each in plan.tables],
    }


def document_of_test(
    test: str, plans: Sequence[tuple[str, Plan]], error: object = None, *, skipped: bool = False
) -> dict[str, Any]:
    """Return the plans of one test as values that :mod:`json` can write.

    Args:
        test: the ID of the test.
        plans: each with the name of the fixture that asks for it; empty for the test itself.
        error: why there is no plan; None for nothing.
        skipped: whether the error is that the test is skipped.

    Returns:
        ``test``, ``plans`` by the name of the fixture, and ``error`` or ``skipped`` where there is no plan.
    """
    if error is not None:
        return {"test": test, "skipped" if skipped else "error": str(error)}
    return {"test": test, "plans": {name or "test": plan_document(plan) for name, plan in plans}}


def _table(plan: TablePlan, whole: Plan) -> Mapping[str, Any]:
    totals = whole.totals_of(plan.table.name)
    given = {
        each.column.name: [_value(choice) for choice in each.source.choices]
        for each in plan.columns
        if isinstance(each.source, Supplied) and each.supplied
    }
    return {
        "table": str(plan.table.name),
        "rows": plan.count,
        "new": plan.total - plan.present,
        "spread": [
            {
                "columns": list(foreign_key.columns),
                "references": str(foreign_key.referenced),
                # How many rows each referenced row gets, in the order of the referenced rows.
                "rows": list(shares),
            }
            for foreign_key, shares in plan.shares
        ],
        "agree": [
            {
                "columns": [list(key.columns) for key in diamond.foreign_keys],
                "on": str(diamond.shared),
                # How many of the new rows can agree, as far as row counts tell.
                "at_most": most,
            }
            for diamond, most in zip(plan.diamonds, plan.agreeing, strict=False)
        ],
        "given": given,
        "totals": {
            **{each.column: each.words for each in (totals.computed if totals else ())},
            **{
                each.column: f"from {', '.join(each.formula.uses)}"
                for each in (totals.dependents if totals else ())
            },
        },
    }


def _value(value: Any) -> Any:
    return value if value is None or isinstance(value, (bool, int, float, str)) else abbreviated(value)
