"""How the rows of a table will be shared out over what they reference, or why they cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_supaseed.distribution.assign import shares as assigned_shares
from pytest_supaseed.generation.referring import apart
from pytest_supaseed.planning.choices import GivenChoices
from pytest_supaseed.planning.order import Order
from pytest_supaseed.planning.references import References, optional
from pytest_supaseed.planning.totals import Total
from pytest_supaseed.schema import Contents, ForeignKey, TableName
from pytest_supaseed.uniqueness.capacity import capacity_problem, joint_problem, too_few
from pytest_supaseed.uniqueness.uniqueness import groups, narrowed, without

if TYPE_CHECKING:
    from pytest_supaseed.planning.plan import TablePlan


def shares_of(
    plan: TablePlan, found: Mapping[TableName, Total], contents: Contents, order: Order, seed: int
) -> tuple[tuple[tuple[ForeignKey, tuple[int, ...]], ...], str | None]:
    """Say how rows will be shared out.

    Args:
        plan: of the table.
        found: what is asked of each table.
        contents: the rows that are there.
        order: of the tables; knows those that triggers fill.
        seed: of the generator.

    Returns:
        By foreign key, how many of the rows each referenced row will have, where that is known; and a message, None
        where there is room for the rows.
    """
    sizes: dict[str, int] = {}
    present: dict[str, tuple[int, ...]] = {}
    for foreign_key in (*plan.roles.free, *plan.roles.dependent):
        parent = foreign_key.referenced
        if parent not in found and parent in order.filled:
            return (), None  # only the triggers know how many there will be
        sizes[foreign_key.name] = found[parent].total if parent in found else contents.counts.get(parent, 0)
        present[foreign_key.name] = contents.shares.get((plan.table.name, foreign_key.name), ())
    for joint in plan.joints:
        problem = joint_problem(plan.table, joint, plan.total, plan.present, sizes)
        if problem is not None:
            return (), problem
    roles = replace(plan.roles, free=tuple(key for key in plan.roles.free if sizes[key.name]))
    empty = {key.name for key in plan.roles.free if not sizes[key.name]}
    bound = without(plan.groups, empty)
    for group in bound:
        sizes.update({d.name: len(d.choices) for d in group.dimensions if d.foreign_key is None})
    demand = replace(plan, roles=roles, groups=bound).demand(plan.total - plan.present, seed, sizes, present)
    for group in bound:
        problem = capacity_problem(
            plan.table, plan.total, plan.present, demand, group, GivenChoices(plan.table, plan.columns)
        )
        if problem is not None:
            return (), problem
    try:
        drawn = assigned_shares(demand)
    except ValueError as error:
        return (), too_few(plan.table, plan.total, plan.present, error)
    facts = {column.column.name: column.facts for column in plan.columns}
    found_shares = []
    for foreign_key in roles.free:
        if narrowed(foreign_key, facts):
            continue  # which of the rows it can reference is seen when they are there
        whole = zip(demand.present_of(foreign_key.name), drawn[foreign_key.name], strict=True)
        found_shares.append((foreign_key, tuple(have + new for have, new in whole)))
    return tuple(found_shares), None


def self_problems(plan: TablePlan) -> list[str]:
    """Find a single row that would have to reference another one.

    Args:
        plan: of the table.
    """
    table = plan.table
    checks = [apart(table, key) for key in plan.roles.own if not optional(table, key)]
    return [
        f"{table.label} asks for 1 row, but {check.name} forbids it to reference itself, and there is no other: "
        "ask for at least 2, which reference each other"
        for check in checks
        if check is not None and plan.total == 1
    ]


def later_problems(
    plan: TablePlan, found: Mapping[TableName, Total], contents: Contents, seed: int
) -> list[str]:
    """Find foreign keys that are set last, and whose unique keys leave no referenced row to some rows.

    Args:
        plan: of the table.
        found: what is asked of each table.
        contents: the rows that are there.
        seed: of the generator.
    """
    problems: list[str] = []
    for foreign_key in plan.later:
        if foreign_key.referenced not in found:
            continue  # only the triggers know how many there will be
        roles = References(free=(foreign_key,))
        alone = replace(plan, roles=roles, groups=groups(plan.table, roles.free, {}))
        sizes = {foreign_key.name: found[foreign_key.referenced].total}
        shares = {foreign_key.name: contents.shares.get((plan.table.name, foreign_key.name), ())}
        demand = alone.demand(plan.total - plan.present, seed, sizes, shares)
        problems += filter(
            None,
            (
                capacity_problem(
                    plan.table,
                    plan.total,
                    plan.present,
                    demand,
                    group,
                    GivenChoices(plan.table, plan.columns),
                )
                for group in alone.groups
            ),
        )
    return problems
