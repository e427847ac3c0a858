"""The seed plan: for each table, the column sources, foreign key roles, unique key groups and expected shares.

Begin with :func:`make_plan`: a spec, a schema, the present rows and the user's generators become a :class:`SeedPlan` of
:class:`TablePlan` objects, or a :class:`~pytest_supaseed.errors.PlanError` with every problem found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pytest_supaseed.allocation.groups import Demand, Group, groups, narrowed, without
from pytest_supaseed.allocation.joint import Joint, joints, linked_columns, ranks
from pytest_supaseed.allocation.keys import finite_values
from pytest_supaseed.allocation.matching import shares as assigned_shares
from pytest_supaseed.allocation.pairs import paired_keys
from pytest_supaseed.constraints.column import forbids_self_reference
from pytest_supaseed.errors import PlanError, Problem
from pytest_supaseed.model.references import References, implied_keys, left_open, optional, references
from pytest_supaseed.model.schema import Contents, ForeignKey, Schema, Table, TableName
from pytest_supaseed.planning import messages
from pytest_supaseed.planning.capacity import capacity_problem, joint_problem, too_few
from pytest_supaseed.planning.columns import column_sources, number_problem
from pytest_supaseed.planning.order import Order, insertion_order, with_unenforced
from pytest_supaseed.planning.overrides import (
    GivenChoices,
    check_overrides,
    generator_problems,
    given_columns,
    usable_given,
)
from pytest_supaseed.planning.parents import missing_parents, wanted_values
from pytest_supaseed.planning.sources import ColumnSource, Defaults, Generators, Given, Made, Origin
from pytest_supaseed.planning.state import Key
from pytest_supaseed.planning.totals import Total, named_tables, resolved, total_problem, totals
from pytest_supaseed.spec import SeedSpec, TableSpec


def shares_of(
    plan: TablePlan, found: Mapping[TableName, Total], contents: Contents, order: Order, seed: int
) -> tuple[tuple[tuple[ForeignKey, tuple[int, ...]], ...], Problem | None]:
    """Compute how the rows of a table will be spread over their parents.

    Args:
        found: the totals of the spec.
        contents: the present rows.
        order: the insertion order, for the tables that triggers fill.

    Returns:
        By foreign key, the rows that each referenced row will have, where that is known; and a message if the unique
        keys allow fewer rows, else None.
    """
    sizes: dict[str, int] = {}
    present: dict[str, tuple[int, ...]] = {}
    for foreign_key in (*plan.roles.free, *plan.roles.dependent):
        parent = foreign_key.referenced
        if parent not in found and parent in order.filled:
            return (), None  # The triggers decide how many rows there will be.
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
            continue  # Which rows it can reference depends on their values, which are not made yet.
        whole = zip(demand.present_of(foreign_key.name), drawn[foreign_key.name], strict=True)
        found_shares.append((foreign_key, tuple(have + new for have, new in whole)))
    return tuple(found_shares), None


def self_problems(plan: TablePlan) -> list[Problem]:
    """Return a problem for each single row that would have to reference another row of its table."""
    table = plan.table
    checks = [forbids_self_reference(table, key) for key in plan.roles.own if not optional(table, key)]
    return [messages.alone(table, check) for check in checks if check is not None and plan.total == 1]


def later_problems(
    plan: TablePlan, found: Mapping[TableName, Total], contents: Contents, seed: int
) -> list[Problem]:
    """Return a problem for each deferred foreign key whose unique keys leave rows without a referenced row.

    Args:
        found: the totals of the spec.
        contents: the present rows.
    """
    problems: list[Problem] = []
    for foreign_key in plan.later:
        if foreign_key.referenced not in found:
            continue  # The triggers decide how many rows there will be.
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


@dataclass(frozen=True)
class TablePlan:
    """The plan of one table.

    Attributes:
        table: the table.
        spec: what the marker asks for.
        total: rows after the seed.
        present: rows before the seed; triggers may add to them before the table is filled.
        columns: the source of each column's values.
        roles: the roles of its foreign keys, without ``later``.
        groups: dimensions that unique keys connect.
        joints: overlapping foreign keys that are drawn together.
        later: foreign keys that are set after all tables have their rows.
        per: name of a foreign key and the exact number of rows for each referenced row.
        shares: by foreign key, the rows that each referenced row will have, where known.
        linked: columns whose values must agree with those of other tables.
    """

    table: Table
    spec: TableSpec
    total: int
    present: int
    columns: tuple[ColumnSource, ...]
    roles: References
    groups: tuple[Group, ...]
    joints: tuple[Joint, ...] = ()
    later: tuple[ForeignKey, ...] = ()
    per: tuple[str, int] | None = None
    shares: tuple[tuple[ForeignKey, tuple[int, ...]], ...] = ()
    linked: frozenset[str] = frozenset()

    def demand(
        self,
        amount: int,
        seed: int,
        sizes: Mapping[str, int],
        present: Mapping[str, Sequence[int]],
        keys: Mapping[str, Sequence[Key]] | None = None,
        **taken: Any,
    ) -> Demand:
        """Return the allocation request for ``amount`` new rows."""
        return Demand(
            self.table,
            amount,
            self.spec.spread,
            seed,
            self.roles.free,
            self.groups,
            sizes,
            present,
            per=self.per,
            paired=paired_keys(self.table, self.roles.free, sizes, keys or {}),
            ranks={
                key.name: ranks(seed, key, keys[key.name], self.linked)
                for key in self.roles.free
                if keys and key.name in keys
            },
            **taken,
        )


@dataclass(frozen=True)
class SeedPlan:
    """The plan of a whole seed.

    Attributes:
        spec: what the test asks for.
        tables: in insertion order.
        contents: the rows that loading the schema inserted.
        asked: rows that count against the limit.
    """

    spec: SeedSpec
    tables: tuple[TablePlan, ...]
    contents: Contents
    asked: int

    @property
    def inserts(self) -> int:
        """The number of rows to insert, including those that triggers insert into the tables of the plan."""
        return sum(table.total - table.present for table in self.tables)


def make_plan(
    spec: SeedSpec,
    schema: Schema,
    contents: Contents | None = None,
    generators: Generators | None = None,
    *,
    defaults: Defaults | None = None,
    hard: bool = False,
) -> SeedPlan:
    """Plan a seed.

    Args:
        contents: the present rows; None for empty tables.
        generators: the user's ``supaseed_generators``; None for none.
        defaults: what the schema's source knows of its rows; None for nothing.
        hard: whether the limit was given on the command line, for the message.

    Returns:
        The plan.

    Raises:
        PlanError: the schema cannot hold the rows asked for; with every problem.
    """
    contents = contents or Contents()
    generators = {} if generators is None else generators
    defaults = (defaults or Defaults()).with_options(dict(spec.project_options))
    settled, problems = resolved(spec, schema, contents)
    named, more = named_tables(settled, schema)
    problems += more
    problems += generator_problems(generators, schema)
    found, more = totals(named, contents, schema)
    problems += more
    over = total_problem(spec, found, hard=hard)
    if over is not None:
        problems.append(over)
    given: dict[TableName, dict[str, tuple[Origin, Any]]] = {}
    for name, total in found.items():
        columns, more = check_overrides(total.table, dict(total.spec.columns))
        problems += more
        given[name] = given_columns(total.table, columns, generators, schema, defaults)
        given[name], more = usable_given(total.table, given[name])
        problems += more
    for name, values in wanted_values(found, given).items():
        given[name] = {**values, **given[name]}
    if defaults.references:
        schema = with_unenforced(schema, defaults.references, given)
        found = {name: replace(total, table=schema.table(name)) for name, total in found.items()}
    order, more = insertion_order(schema, [name for name, total in found.items() if total.total], given)
    problems += more
    problems += missing_parents(schema, found, contents, order, given)
    linked = linked_columns(schema)
    tables = []
    for name in (*order.tables, *(name for name, total in found.items() if not total.total)):
        implied = implied_keys(schema, found[name].table)
        table_plan, more = _table_plan(found[name], found, contents, order, given[name], implied, spec)
        problems += more
        tables.append(replace(table_plan, linked=linked.get(name, frozenset())))
    if problems:
        raise PlanError(problems)
    return SeedPlan(spec, tuple(tables), contents, sum(total.asked for total in found.values()))


def _table_plan(
    total: Total,
    found: Mapping[TableName, Total],
    contents: Contents,
    order: Order,
    given: Mapping[str, tuple[Origin, Any]],
    implied: Mapping[str, frozenset[str]],
    spec: SeedSpec,
) -> tuple[TablePlan, list[Problem]]:
    table = total.table
    later = order.later.get(table.name, ())
    per = total.per[0] if total.per else None
    implied = {name: enough for name, enough in implied.items() if name != per}

    def is_empty(name: TableName) -> bool:
        rows = found[name].total if name in found else contents.counts.get(name, 0)
        return not rows and name not in order.filled

    open_keys = left_open(table, given, is_empty)
    later = tuple(key for key in later if key not in open_keys)
    roles = references(table, given, {key.name for key in (*later, *open_keys)}, implied)
    placeholders = {column for key in (*later, *open_keys) for column in key.columns}
    columns, problems = column_sources(table, given, roles, placeholders, spec.date, spec.locale, total.total)
    problems += filter(None, (number_problem(table, total.total, column) for column in columns))
    problems += _without_partitions(table, total.total)
    if total.total == total.present:
        # No row will be made, so the problems do not matter.
        problems = []
    finite = {
        column.column.name: values
        for column in columns
        if isinstance(column.source, (Given, Made)) and (values := _finite(column, total.total))
    }
    nullable = {
        column.column.name
        for column in columns
        if column.column.nullable and not column.facts.required and column.column.name not in given
    }
    together = joints(table, roles, finite, per, nullable)
    joined = {column for joint in together for column in joint.columns}
    roles = replace(
        roles,
        free=tuple(key for key in roles.free if joined.isdisjoint(key.columns)),
        dependent=tuple(key for joint in together for key in joint.foreign_keys),
    )
    apart = {name: values for name, values in finite.items() if name not in joined}
    bound = groups(table, roles.free, apart, per, nullable)
    result = TablePlan(
        table, total.spec, total.total, total.present, columns, roles, bound, together, later, total.per
    )
    if problems or total.total <= total.present:
        return result, problems
    problems += self_problems(result)
    problems += later_problems(result, found, contents, spec.seed)
    shares, problem = shares_of(result, found, contents, order, spec.seed)
    return replace(result, shares=shares), [*problems, problem] if problem else problems


def _without_partitions(table: Table, asked: int) -> list[Problem]:
    if not any(check.partitions and check.expression == "false" for check in table.checks):
        return []
    return [messages.without_partitions(table, asked)]


def _finite(column: ColumnSource, wanted: int) -> tuple[Any, ...]:
    if isinstance(column.source, Given):
        # NULLs are distinct, so a unique key cannot exhaust choices that include NULL.
        return () if None in column.source.choices else column.source.choices
    return finite_values(column.column, column.facts, ..., wanted)
