"""The steps that make the rows of a table, derived from its plan and ordered by their dependencies.

Begin with :func:`steps_of`.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pytest_supaseed.allocation.allocation import Allocation
from pytest_supaseed.allocation.constraints import finite_values
from pytest_supaseed.constraints.indexes import condition
from pytest_supaseed.constraints.literals import NoConstantError, constant
from pytest_supaseed.constraints.nodes import ExpressionError
from pytest_supaseed.constraints.parser import parse
from pytest_supaseed.model.graph import components
from pytest_supaseed.model.referenced import hashable
from pytest_supaseed.model.references import optional
from pytest_supaseed.model.schema import Column, ForeignKey, Table
from pytest_supaseed.model.type_families import is_date_or_timestamp
from pytest_supaseed.planning.plan import (
    Built,
    Function,
    Generated,
    Number,
    ServerDefault,
    Supplied,
    TablePlan,
    TableState,
)
from pytest_supaseed.rows.steps import (
    BuildRow,
    CallFunction,
    Count,
    Deal,
    LookUp,
    MakeDownTheTree,
    MakeValue,
    Place,
    RandomUuids,
    Step,
    TakeSelfReference,
    leaving,
)
from pytest_supaseed.values.meanings.stages import Rule, rule_of


def steps_of(plan: TablePlan, state: TableState, allocation: Allocation) -> list[Step]:
    """Return the steps that set the columns of a table, in order."""
    table = plan.table
    rules = list(_rules(plan, allocation))
    settled = {key.columns for diamond in plan.diamonds for key in diamond.foreign_keys}
    steps: list[Step] = [
        Place(
            [table.column(name) for name in part.columns],
            part.options,
            part.positions,
            rule,
            settled=part.columns in settled,
        )
        for part, rule in zip(allocation.parts, rules, strict=True)
    ]
    allocated = allocation.columns
    covered = set(allocated)
    for foreign_key in plan.roles.self_referencing:
        pairs = zip(foreign_key.columns, foreign_key.referenced_columns, strict=True)
        if any(own != to and own not in covered for own, to in pairs):
            before = few_values_beside(plan, foreign_key)
            can_be_null = optional(table, foreign_key)
            alike = plan.trees.get(foreign_key.name, ())
            steps.append(TakeSelfReference(table, foreign_key, covered, can_be_null, before, alike))
            # A column that references itself has its value from elsewhere, maybe from a later key.
            covered.update(steps[-1].columns)
    ruled = {part.columns for part, rule in zip(allocation.parts, rules, strict=True) if rule is not None}
    steps += _looking_up(plan, state, allocation, ruled)
    others = {
        column.column.name
        for column in plan.columns
        if not (isinstance(column.source, Function) and column.source.takes_row)
    }
    for column in plan.columns:
        source, name = column.source, column.column.name
        if name in allocated:
            continue
        if isinstance(source, Supplied):
            usual = _default_among(column.column, source)
            steps.append(Deal(table, column.column, source.choices, usual, source.weights))
        elif isinstance(source, Function):
            steps.append(
                CallFunction(table, column.column, source, tuple(sorted(others)) if source.takes_row else ())
            )
        elif isinstance(source, Number):
            steps.append(Count(column.column, source, state))
        elif isinstance(source, Generated):
            suits = RandomUuids.suits(column.column, column.domain, source.source)
            tree = _followed_tree(plan, source, steps)
            make = RandomUuids if suits else MakeValue
            steps.append(
                make(table, column.column, column.domain, source.source)
                if tree is None
                else MakeDownTheTree(table, column.column, column.domain, source.source, tree)
            )
    partial = [key for key in table.uniques if key.partial]
    if partial:
        domains = {
            c.column.name: c.domain
            for c in plan.columns
            if not isinstance(c.source, (ServerDefault, Function))
        }
        ours = {name: known for name, known in domains.items() if name not in dict(plan.spec.columns)}
        few = {
            c.column.name
            for c in plan.columns
            if isinstance(c.source, Supplied)
            or (isinstance(c.source, Generated) and finite_values(c.column, c.domain, ...))
        }
        steps = leaving(table, partial, steps, covered | few, ours)
    steps += _building(plan, state)
    _conditions_first(table, steps)
    return ordered_steps(steps)


def _looking_up(
    plan: TablePlan, state: TableState, allocation: Allocation, ruled: Container[tuple[str, ...]]
) -> Iterator[Step]:
    """The steps that set what a row follows of the rows that it references, which a rule leaves out of some rows."""
    placed = {part.columns: part for part in allocation.parts if part.columns not in ruled}
    for foreign_key in dict.fromkeys(each.foreign_key for each in plan.followed):
        values = state.followed.get(foreign_key.name)
        followed = [each for each in plan.followed if each.foreign_key == foreign_key]
        if values is None:
            continue
        part = placed.get(foreign_key.columns)
        if part is None:
            yield LookUp(foreign_key, followed, values)
        else:
            none = (None,) * len(followed)
            options = [values.get(hashable(key), none) for key in part.options]
            columns = [replace(each.column, name=each.name) for each in followed]
            yield Place(columns, options, part.positions)


def _rules(plan: TablePlan, allocation: Allocation) -> Iterator[Rule | None]:
    """Yield which rows reference a row, by the stage that each has: a row that was not cancelled was so by no user."""
    supplied = {
        each.column.name
        for each in plan.columns
        if each.supplied and not (isinstance(each.source, Function) and each.source.takes_row)
    }
    for part in allocation.parts:
        column = plan.table.column(part.columns[0])
        optional = len(part.columns) == 1 and column.nullable and column.name not in supplied
        counted = plan.per is not None and any(
            key.name == plan.per[0] and column.name in key.columns for key in plan.table.foreign_keys
        )
        of_key = any(key.columns == part.columns for key in plan.table.foreign_keys)
        yield rule_of(plan.table, column, supplied) if optional and of_key and not counted else None


def rule_of_later(plan: TablePlan, foreign_key: ForeignKey) -> Rule | None:
    """Return what decides which rows have a foreign key that is set after them, by a status or a boolean of the row."""
    if len(foreign_key.columns) > 1 or not optional(plan.table, foreign_key):
        return None
    rule = rule_of(plan.table, plan.table.column(foreign_key.columns[0]))
    if rule is None or len(rule.uses) > 1 or not plan.table.has_column(rule.uses[0]):
        return None
    return None if is_date_or_timestamp(plan.table.column(rule.uses[0]).type) else rule


def _followed_tree(
    plan: TablePlan, source: Generated, steps: Iterable[Step]
) -> tuple[str, TakeSelfReference] | None:
    """The step that tells which row of the table is above a row, if a column follows it, and the name of its value."""
    for parent in plan.parents:
        for step in steps:
            if parent.itself and isinstance(step, TakeSelfReference) and step.is_of(parent.foreign_key):
                names = (parent.column(column.name).name for column in plan.table.columns)
                found = next((name for name in names if name in source.source.uses), None)
                if found is not None:
                    return found, step
    return None


def _default_among(column: Column, source: Supplied) -> int | None:
    """Return the position of a column's default among its choices: a single row gets it, as in an application."""
    if source.origin or column.default is None or column.type.array:
        return None
    try:
        default = constant(parse(column.default), column.type)
    except (ExpressionError, NoConstantError):
        return None
    return source.choices.index(default) if default in source.choices else None


def _conditions_first(table: Table, steps: Sequence[Step]) -> None:
    """Order a column that the predicate of a unique index reads before the columns of its key."""
    made = {step.columns[0]: step for step in steps if isinstance(step, MakeValue)}
    for key in table.uniques:
        found = condition(table, key)
        for column in found.columns if found is not None else ():
            for name in key.columns:
                if column in made and name in made and name not in (column, *made[column].uses):
                    made[name].uses = (*made[name].uses, column)


def few_values_beside(plan: TablePlan, foreign_key: ForeignKey) -> list[str]:
    """Return the columns with few values that share a unique key with a self-referencing foreign key."""
    bound = {
        name
        for key in plan.table.uniques
        if set(key.columns) & set(foreign_key.columns)
        for name in key.columns
    }
    return [
        column.column.name
        for column in plan.columns
        if column.column.name in bound
        and isinstance(column.source, (Supplied, Generated))
        and (isinstance(column.source, Supplied) or finite_values(column.column, column.domain, ...))
    ]


def _building(plan: TablePlan, state: TableState) -> list[Step]:
    """Return a step for each factory that supplies values for the table."""
    built = [column for column in plan.columns if isinstance(column.source, Built)]
    steps: list[Step] = []
    for factory in dict.fromkeys(
        column.source.factory for column in built if isinstance(column.source, Built)
    ):
        declared = {name: known for name, (known, _) in factory.columns(plan.table).items()}
        # Columns that must exist before the factory runs: it is called with their values.
        known = {
            column.column.name: declared[column.column.name]
            for column in plan.columns
            if column.column.name in declared
            and not isinstance(column.source, (Built, ServerDefault))
            and not (isinstance(column.source, Function) and column.source.takes_row)
        }
        own = [c for c in built if isinstance(c.source, Built) and c.source.factory is factory]
        steps.append(BuildRow(plan.table, own, known, state.present))
    return steps


def ordered_steps(steps: Sequence[Step]) -> list[Step]:
    """Sort steps of one table topologically by the columns that they use, then by rank and columns."""
    by_node = {(step.rank, step.columns): step for step in steps}
    by_column = {column: node for node, step in by_node.items() for column in step.columns}
    needs: Mapping[Any, list[Any]] = {
        node: [by_column[column] for column in step.uses if column in by_column]
        for node, step in by_node.items()
    }
    # Columns that depend on one another in a cycle are made in the order of rank and name.
    return [by_node[node] for component in components(by_node, needs) for node in component]
