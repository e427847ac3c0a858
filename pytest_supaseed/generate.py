"""The rows of one table, made column by column: no clock, no global randomness, no connection."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from pytest_supaseed.assign import Demand, Positions, assign
from pytest_supaseed.errors import GenerateError
from pytest_supaseed.graph import components
from pytest_supaseed.keys import UniqueRows
from pytest_supaseed.numbering import last_number
from pytest_supaseed.plan import TablePlan
from pytest_supaseed.references import optional
from pytest_supaseed.schema import ForeignKey, Table, UniqueKey
from pytest_supaseed.sources import Function, Given, Made, Number, Omitted, override
from pytest_supaseed.state import Key, TableState, taken
from pytest_supaseed.steps import (
    CallFunction,
    Count,
    Deal,
    FollowReference,
    MakeValue,
    Place,
    Row,
    Step,
    TakeSelfReference,
)
from pytest_supaseed.uniqueness import groups

if TYPE_CHECKING:
    from faker import Faker

# After so many rows of a column somebody may want to know how far it is.
_REPORTED = 500


@dataclass(frozen=True)
class Generated:
    """New rows of a table.

    Attributes:
        columns: the columns that have values; PostgreSQL computes the others.
        rows: a value for each of ``columns``.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def make_rows(
    plan: TablePlan,
    state: TableState,
    amount: int,
    seed: int,
    faker: Faker,
    progress: Callable[[float], None] = lambda rows: None,
) -> Generated:
    """Make the rows of a table.

    Args:
        plan: where the values of its columns come from.
        state: what is there already.
        amount: how many rows.
        seed: of the generator.
        faker: of the spec's locale; its random generator is replaced.
        progress: called with the rows that have been made since the last call, as parts of rows.

    Returns:
        The rows: the same for the same arguments.

    Raises:
        GenerateError: a unique key, or a value function, left no row to make.
    """
    omitted = [column.column.name for column in plan.columns if isinstance(column.source, Omitted)]
    rows: list[Row] = [dict.fromkeys(omitted) for _ in range(amount)]
    unique = UniqueRows(plan.table, state, omitted)
    steps = ordered_steps(_steps(plan, state, amount, seed))
    for step in steps:
        step.begin(rows, seed, faker)
        keys = unique.completed_by(step.columns)
        for number, row in enumerate(rows):
            clash = None
            for attempt in range(step.attempts):
                values = step.values(number, row, attempt)
                if values is None:
                    raise GenerateError(_out_of_values(plan, step, clash))
                row.update(values)
                clash = unique.clash(keys, row)
                if clash is None:
                    break
            if clash is not None and not step.vary(row, partial(_accepted, unique, keys, row)):
                raise GenerateError(_out_of_values(plan, step, clash))
            unique.add(keys, row)
            if number % _REPORTED == 0:
                progress(min(_REPORTED, amount - number) / len(steps))
    names = tuple(column.column.name for column in plan.columns if not isinstance(column.source, Omitted))
    return Generated(names, tuple(tuple(row[name] for name in names) for row in rows))


def _accepted(unique: UniqueRows, keys: Sequence[UniqueKey], row: Row) -> bool:
    return unique.clash(keys, row) is None


def _steps(plan: TablePlan, state: TableState, amount: int, seed: int) -> list[Step]:
    table = plan.table
    steps: list[Step] = []
    positions = assigned(plan, state, amount, seed)
    dimensions = {d.name: d for group in plan.groups for d in group.dimensions}
    for foreign_key in plan.roles.free:
        keys = state.keys[foreign_key.name]
        if amount and not keys and not optional(table, foreign_key):
            raise GenerateError(_nothing_to_reference(table, foreign_key))
        chosen = positions.get(foreign_key.name, [None] * amount)
        steps.append(Place(foreign_key.columns, [None if at is None else keys[at] for at in chosen]))
    dealt_columns = set()
    for name, dimension in dimensions.items():
        if dimension.foreign_key is None and name in positions:
            dealt_columns.add(name)
            chosen_values = [(dimension.choices[at],) for at in positions[name] if at is not None]
            steps.append(Place((name,), chosen_values))
    covered = {column for foreign_key in plan.roles.free for column in foreign_key.columns}
    for foreign_key in plan.roles.dependent:
        can_be_null = optional(table, foreign_key)
        keys = state.keys[foreign_key.name]
        steps.append(FollowReference(table, foreign_key, covered, keys, can_be_null))
        covered.update(foreign_key.columns)
    for foreign_key in plan.roles.own:
        if not covered.issuperset(foreign_key.columns):
            steps.append(TakeSelfReference(table, foreign_key, covered, optional(table, foreign_key)))
            covered.update(foreign_key.columns)
    others = {
        column.column.name
        for column in plan.columns
        if not (isinstance(column.source, Function) and column.source.takes_row)
    }
    for column in plan.columns:
        source, name = column.source, column.column.name
        if name in dealt_columns:
            continue
        if isinstance(source, Given):
            steps.append(Deal(table, name, source.choices))
        elif isinstance(source, Function):
            steps.append(
                CallFunction(table, column.column, source, tuple(sorted(others)) if source.takes_row else ())
            )
        elif isinstance(source, Number):
            steps.append(Count(column.column, source, state, last_number(column)))
        elif isinstance(source, Made):
            steps.append(MakeValue(table, column.column, column.facts, source.source))
    return steps


def assigned(plan: TablePlan, state: TableState, amount: int, seed: int) -> Positions:
    """Share out new rows over what they reference, as the plan has shown it.

    Args:
        plan: of the table.
        state: what is there already.
        amount: how many rows.
        seed: of the generator.

    Returns:
        What :func:`~pytest_supaseed.assign.assign` returns; nothing for a foreign key that has no rows to
        reference.

    Raises:
        GenerateError: unique keys cannot take that many rows.
    """
    empty = {key.name for key in plan.roles.free if not state.keys[key.name]}
    roles = replace(plan.roles, free=tuple(key for key in plan.roles.free if key.name not in empty))
    groups = tuple(g for g in plan.groups if not empty & {d.name for d in g.dimensions})
    sizes = {key.name: len(state.keys[key.name]) for key in roles.free}
    for group in groups:
        sizes.update({d.name: len(d.choices) for d in group.dimensions if d.foreign_key is None})
    demand = replace(plan, roles=roles, groups=groups).demand(
        amount, seed, sizes, state.shares, state.keys, taken=taken(groups, state)
    )
    try:
        return assign(demand)
    except ValueError as error:
        raise GenerateError(f"{plan.table.label}: {error}: ask for fewer rows") from error


def ordered_steps(steps: Sequence[Step]) -> list[Step]:
    """Order steps so that each finds the columns that it uses; else by their ranks and columns.

    Args:
        steps: of one table.
    """
    by_node = {(step.rank, step.columns): step for step in steps}
    by_column = {column: node for node, step in by_node.items() for column in step.columns}
    needs: Mapping[Any, list[Any]] = {
        node: [by_column[column] for column in step.uses if column in by_column]
        for node, step in by_node.items()
    }
    # Columns that use one another in a ring are made in the order of their names.
    return [by_node[node] for component in components(by_node, needs) for node in component]


def _nothing_to_reference(table: Table, foreign_key: ForeignKey) -> str:
    referenced, columns = foreign_key.referenced, ", ".join(foreign_key.referenced_columns)
    return (
        f"{table.label}.{', '.join(foreign_key.columns)} is NOT NULL and references {columns} of {referenced}, but no "
        f"row there has a value of it ({foreign_key.name}): have {referenced.name} filled with values of {columns}"
    )


def _out_of_values(plan: TablePlan, step: Step, clash: UniqueKey | None) -> str:
    label = plan.table.label
    why = f", and {clash.name} makes {', '.join(clash.columns)} unique" if clash else ""
    return (
        f"{label}.{', '.join(step.columns)}: {step.reason}{why}: give values of your own, as in "
        f"{override(plan.table, plan.total, step.columns[0], 'lambda faker, row: ...')}, or ask for fewer rows"
    )


def later_references(
    plan: TablePlan, foreign_key: ForeignKey, state: TableState, rows: Sequence[Key], seed: int
) -> dict[Key, Key]:
    """Share out rows over the referenced rows of a foreign key that was left open until now.

    Args:
        plan: of the referencing table.
        foreign_key: one of ``plan.later``.
        state: with the referenced rows.
        rows: what identifies each referencing row.
        seed: of the generator.

    Returns:
        By row the values of the referenced columns; nothing if there is no referenced row.

    Raises:
        GenerateError: a unique key cannot take that many rows.
    """
    keys = state.keys[foreign_key.name]
    if not keys:
        return {}
    bound = groups(plan.table, [foreign_key], {})
    exact = plan.per is not None and plan.per[0] == foreign_key.name
    if exact and plan.present and not optional(plan.table, foreign_key):
        raise GenerateError(
            f"{plan.table.label}: rows per {foreign_key.referenced} cannot be told while {foreign_key.name} waits for "
            f"the end of the transaction and {plan.present} rows are there: ask for a count"
        )
    # The rows in question are counted as having none: NULL, or a placeholder that may happen to be a key.
    present = state.shares if optional(plan.table, foreign_key) else {}
    sizes = {foreign_key.name: len(keys)}
    demand = Demand(
        plan.table, len(rows), plan.spec.spread, seed, [foreign_key], bound, sizes, present, per=plan.per
    )
    try:
        positions = assign(demand)[foreign_key.name]
    except ValueError as error:
        raise GenerateError(f"{plan.table.label}: {error}: ask for fewer rows") from error
    return {row: keys[at] for row, at in zip(rows, positions, strict=True) if at is not None}
