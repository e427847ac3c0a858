"""Allocation requests: what a plan asks the allocation of referenced rows and finite values for.

:func:`allocation_request` writes the request of a table from its plan and its state, :func:`later_request` that of a
foreign key which is set after all tables have their rows. :func:`predicted_request` and :func:`predicted_later_request`
write the same from expected row counts, so that planning finds out whether an allocation will succeed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pytest_supaseed.allocation.allocation import (
    Agreement,
    AllocationRequest,
    Dimension,
    Group,
    IndependentRequest,
    Limit,
    OverlappingKeys,
    OverlappingRequest,
    Relation,
    Unique,
)
from pytest_supaseed.allocation.constraints import as_compared, compared, finite_values, paired_keys
from pytest_supaseed.allocation.correspondence import Correspondence
from pytest_supaseed.allocation.groups import groups, narrowed, ranks, without
from pytest_supaseed.constraints.domain import UNCONSTRAINED, ValueDomain, normalize
from pytest_supaseed.constraints.indexes import condition
from pytest_supaseed.errors import GenerateError
from pytest_supaseed.model.referenced import hashable
from pytest_supaseed.model.references import can_be_null_in, optional
from pytest_supaseed.model.schema import ColumnType, ForeignKey, Table, UniqueKey
from pytest_supaseed.model.type_families import is_padded_text
from pytest_supaseed.planning.diamonds import Path
from pytest_supaseed.planning.plan import Belongings, Key, TablePlan, TableState


def predicted_request(
    plan: TablePlan, sizes: Mapping[str, int], present: Mapping[str, Sequence[int]], seed: int
) -> IndependentRequest:
    """Return the request for the independent foreign keys of a table, from expected row counts.

    Args:
        sizes: by foreign key, the number of referenced rows.
        present: by foreign key, the present rows of each referenced row.
    """
    request = _independent(plan, TableState(shares=present), sizes, plan.total - plan.present, seed)
    return replace(request, occupied=_occupied(plan, request.groups, present))


def request_beside_rows(
    plan: TablePlan, sizes: Mapping[str, int], state: TableState, seed: int
) -> IndependentRequest:
    """Return what :func:`predicted_request` does, from expected row counts and the present rows.

    Args:
        sizes: by foreign key, the number of referenced rows, those to come included.
        state: the present rows, and the present referenced rows.
    """
    request = predicted_request(plan, sizes, state.shares, seed)
    return replace(request, taken=_taken(plan.table, request.groups, state), occupied={})


def predicted_later_request(
    plan: TablePlan, foreign_key: ForeignKey, size: int, present: Mapping[str, Sequence[int]], seed: int
) -> IndependentRequest:
    """Return the request for a foreign key that is set later, from expected row counts."""
    return IndependentRequest(
        plan.table,
        plan.total - plan.present,
        plan.spec.spread,
        seed,
        (foreign_key,),
        groups(plan.table, [foreign_key], {}),
        {foreign_key.name: size},
        present,
        per=plan.per,
    )


def allocation_request(plan: TablePlan, state: TableState, amount: int, seed: int) -> AllocationRequest:
    """Return the request for ``amount`` new rows of a table.

    Args:
        state: the present rows of the table, and the rows that its foreign keys can reference.
    """
    state = _referable(plan, state)
    sizes = {key.name: len(state.keys[key.name]) for key in plan.roles.independent}
    dimensions = [
        Dimension(key.columns, key, optional=optional(plan.table, key)) for key in plan.roles.independent
    ]
    finite = {d.name: d for group in plan.groups for d in group.dimensions if d.foreign_key is None}
    return AllocationRequest(
        _independent(plan, state, sizes, amount, seed),
        (*dimensions, *finite.values()),
        state.keys,
        tuple(
            OverlappingRequest(overlapping.foreign_keys, _agreement(plan, overlapping, state, amount, seed))
            for overlapping in plan.overlapping
        ),
    )


def later_request(
    plan: TablePlan, foreign_key: ForeignKey, state: TableState, amount: int, seed: int
) -> AllocationRequest:
    """Return the request for a foreign key that is set later, now NULL or a placeholder.

    Args:
        foreign_key: one of ``plan.later``.
        state: with the referenced rows.
        amount: number of rows in which it is to be set.

    Raises:
        GenerateError: the number of rows for each referenced row cannot be told.
    """
    keys = state.keys[foreign_key.name]
    exact = plan.per is not None and plan.per[0] == foreign_key.name
    if keys and exact and plan.present and not optional(plan.table, foreign_key):
        raise GenerateError(
            f"{plan.table.label}: rows per {foreign_key.referenced} cannot be told while {foreign_key.name} waits for "
            f"the end of the transaction and {plan.present} rows are there: ask for a count"
        )
    # The rows are in the table already. NULL counts as no reference, but a placeholder may happen to be a key, so
    # the counts of a NOT NULL foreign key are not used.
    present = state.shares if optional(plan.table, foreign_key) else {}
    request = replace(
        predicted_later_request(plan, foreign_key, len(keys), present, seed),
        amount=amount,
    )
    if not keys:
        # The rows keep the NULL or the placeholder that they have.
        request = replace(request, foreign_keys=(), groups=())
    dimension = Dimension(foreign_key.columns, foreign_key, optional=True)
    return AllocationRequest(request, (dimension,), state.keys)


def _independent(
    plan: TablePlan, state: TableState, sizes: Mapping[str, int], amount: int, seed: int
) -> IndependentRequest:
    """Return the request for the independent foreign keys that have a row to reference.

    Args:
        state: its referenced rows and its present rows may be unknown.
        sizes: by foreign key, the number of referenced rows.
    """
    foreign_keys = tuple(key for key in plan.roles.independent if sizes[key.name])
    bound = without(plan.groups, {key.name for key in plan.roles.independent if not sizes[key.name]})
    finite = {d.name: len(d.choices) for group in bound for d in group.dimensions if d.foreign_key is None}
    return IndependentRequest(
        plan.table,
        amount,
        plan.spec.spread,
        seed,
        foreign_keys,
        bound,
        {**sizes, **finite},
        state.shares,
        _taken(plan.table, bound, state),
        plan.per,
        paired_keys(plan.table, foreign_keys, sizes, state.keys),
        {
            key.name: ranks(seed, key, state.keys[key.name], plan.linked)
            for key in foreign_keys
            if key.name in state.keys
        },
        correspondences=_correspondences(plan, state),
    )


def _correspondences(plan: TablePlan, state: TableState) -> tuple[Correspondence, ...]:
    """Which referenced rows belong together; none where the referenced rows are not known."""
    found = []
    for diamond, (first, second) in zip(plan.diamonds, state.belongings, strict=False):
        one, other = diamond.foreign_keys
        if one.name in state.keys and other.name in state.keys:
            found.append(
                Correspondence(
                    one.name,
                    other.name,
                    _belonging(first, state.keys[one.name], diamond.first),
                    _belonging(second, state.keys[other.name], diamond.second),
                    diamond.required,
                )
            )
    return tuple(found)


def _belonging(known: Belongings, keys: Sequence[Key], path: Path) -> list[frozenset[Any] | None]:
    if known is None:
        return [frozenset((hashable(key),)) for key in keys]
    # Who is a member of nothing belongs to nothing; a row without a reference belongs to all.
    otherwise: frozenset[Any] | None = frozenset() if path.members is not None else None
    return [known.get(hashable(key), otherwise) for key in keys]


def _occupied(
    plan: TablePlan, groups: Iterable[Group], present: Mapping[str, Sequence[int]]
) -> dict[str, int]:
    """Return by unique key how many of its combinations present rows have, none where they may have other values."""
    found: dict[str, int] = {}
    for group in groups:
        for key, _ in group.keys:
            dimensions = group.of_key(key)
            if key.nulls_distinct and any(dimension.optional for dimension in dimensions):
                continue
            # A row that references no row, as a constraint that is not enforced allows, has no combination.
            referencing = [
                sum(present.get(dimension.name, ()))
                for dimension in dimensions
                if dimension.foreign_key is not None and not dimension.optional
            ]
            every = all(_has_every_value(plan, dimension) for dimension in dimensions)
            found[key.name] = min([plan.present, *referencing]) if every else 0
    return found


def _has_every_value(plan: TablePlan, dimension: Dimension) -> bool:
    """Whether present rows can have no other values in the columns of a dimension, NULL counted as a value."""
    if dimension.foreign_key is not None:
        return len(dimension.columns) == 1 or not dimension.optional
    [source] = [each for each in plan.columns if each.column.name == dimension.name]
    if source.column.nullable and not source.domain.required and not dimension.optional:
        return False
    every = finite_values(source.column, source.domain, ..., plan.total)
    return bool(every) and set(map(repr, every)) <= set(map(repr, dimension.choices))


def _taken(table: Table, groups: Iterable[Group], state: TableState) -> dict[str, set[tuple[int, ...]]]:
    """Return by unique key the combinations of present rows, as positions in their dimensions, the anchor's first."""
    found: dict[str, set[tuple[int, ...]]] = {}
    if not state.rows:
        return found
    at = {column: position for position, column in enumerate(state.columns)}
    for group in groups:
        for key, _ in group.keys:
            dimensions = group.of_key(key)
            positions = []
            for dimension in dimensions:
                if dimension.foreign_key is None:
                    values = [(choice,) for choice in dimension.choices]
                else:
                    values = list(state.keys[dimension.name])
                positions.append(
                    {_as_compared(table, dimension, value): number for number, value in enumerate(values)}
                )
            combinations = set()
            for row in state.rows:
                combination = tuple(
                    where.get(_as_compared(table, dimension, [row[at[name]] for name in dimension.columns]))
                    if all(column in at for column in dimension.columns)
                    else None
                    for where, dimension in zip(positions, dimensions, strict=True)
                )
                if None not in combination:
                    combinations.add(combination)
            found[key.name] = combinations  # type: ignore[assignment] # None was left out
    return found


def _as_compared(table: Table, dimension: Dimension, values: Sequence[Any]) -> Key:
    """Return what is equal for equal values of a dimension's columns."""
    return tuple(
        as_compared(value, table.column(name).type)
        for name, value in zip(dimension.columns, values, strict=True)
    )


def _agreement(
    plan: TablePlan, overlapping: OverlappingKeys, state: TableState, amount: int, seed: int
) -> Agreement:
    """Return the constraints on overlapping foreign keys and the finite columns drawn with them."""
    table = plan.table
    relations = [_relation(plan, key, state, seed) for key in overlapping.foreign_keys]
    relations += [
        Relation(
            dimension.name,
            dimension.columns,
            [(choice,) for choice in dimension.choices],
            nullable=dimension.columns if dimension.optional else (),
        )
        for dimension in overlapping.finite
    ]
    uniques = [_unique(table, key, state) for key in overlapping.uniques]
    limits = [
        Limit(pair.name, (pair.left, pair.right), pair.holds) for pair in compared(table, overlapping.columns)
    ]
    per = plan.per[1] if plan.per is not None and plan.per[0] == relations[0].name else None
    return Agreement(relations, uniques, amount, plan.spec.spread, per, limits)


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


def _referable(plan: TablePlan, state: TableState) -> TableState:
    """Return the state without the referenced rows whose values a CHECK on the referencing columns refuses."""
    domains = {
        column.column.name: replace(column.domain, required=False, patterns=())
        for column in plan.columns
        if not column.column.type.array
    }
    keys, shares = dict(state.keys), dict(state.shares)
    for foreign_key in (*plan.roles.independent, *plan.roles.overlapping):
        if not narrowed(foreign_key, domains):
            continue
        known = [
            (domains.get(name, UNCONSTRAINED), plan.table.column(name).type) for name in foreign_key.columns
        ]
        kept = [
            at
            for at, key in enumerate(keys[foreign_key.name])
            if all(
                _accepted(_stored(value, kind), domain)
                for value, (domain, kind) in zip(key, known, strict=True)
            )
        ]
        keys[foreign_key.name] = [keys[foreign_key.name][at] for at in kept]
        if foreign_key.name in shares:
            shares[foreign_key.name] = [shares[foreign_key.name][at] for at in kept]
    return replace(state, keys=keys, shares=shares)


def _stored(value: Any, column_type: ColumnType) -> Any:
    """Return a value without the blanks at its end that mean nothing to a type, or that it cuts off."""
    if not isinstance(value, str) or not value.endswith(" "):
        return value
    if is_padded_text(column_type):
        return value.rstrip(" ")
    length = column_type.length
    return value if length is None else value[:length] + value[length:].rstrip(" ")


def _accepted(value: Any, domain: ValueDomain) -> bool:
    if domain == UNCONSTRAINED:
        return True
    if domain.allowed is not None and value not in domain.allowed:
        return False
    return normalize(replace(domain, allowed=(value,))).allowed == (value,)
