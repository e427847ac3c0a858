"""The seed plan: for each table, the column sources, foreign key roles, unique key groups and expected shares.

Begin with :func:`make_plan`: a spec, a schema, the present rows and the user's generators become a
:class:`~pytest_supaseed.planning.plan.Plan`, or a :class:`~pytest_supaseed.errors.PlanError` with every problem
found.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from pytest_supaseed.allocation.allocate import shares as assigned_shares
from pytest_supaseed.allocation.constraints import finite_values
from pytest_supaseed.allocation.groups import groups, linked_columns, narrowed, overlapping_keys
from pytest_supaseed.constraints.column import forbids_self_reference, memoized_by_identity
from pytest_supaseed.constraints.functions import deferred_targets, inserts_into_itself
from pytest_supaseed.errors import PlanError, Problem, close_names
from pytest_supaseed.model.declared import Declarations, with_declared
from pytest_supaseed.model.referenced import referenced_tables, used_columns
from pytest_supaseed.model.references import left_open, optional, redundant_keys, references, with_unenforced
from pytest_supaseed.model.schema import ENFORCED, Contents, ForeignKey, Schema, Snapshot, Table, TableName
from pytest_supaseed.planning import messages
from pytest_supaseed.planning.aggregates import totals_of, with_counters
from pytest_supaseed.planning.capacity import capacity_problem, overlapping_keys_problem, too_few
from pytest_supaseed.planning.columns import column_sources, number_problem, referenced_by_settings
from pytest_supaseed.planning.diamonds import diamonds, most_that_agree, trees
from pytest_supaseed.planning.hierarchies import kinds_of_rows
from pytest_supaseed.planning.key_capacity import full_key_problem
from pytest_supaseed.planning.made_parents import MadeParent, made_parents, numbered_beside, with_made_parents
from pytest_supaseed.planning.missing_parents import missing_parents, wanted_domains, wanted_values
from pytest_supaseed.planning.order import Order, insertion_order
from pytest_supaseed.planning.overrides import (
    check_overrides,
    generator_problems,
    supplied_columns,
    usable_values,
)
from pytest_supaseed.planning.plan import (
    ColumnSource,
    Defaults,
    Generated,
    Generators,
    Origin,
    Plan,
    Supplied,
    TablePlan,
)
from pytest_supaseed.planning.referenced_limits import allowed_values, with_limit_checks
from pytest_supaseed.planning.requests import predicted_later_request, predicted_request
from pytest_supaseed.planning.row_totals import Total, asked_rows, named_tables, resolved, totals
from pytest_supaseed.planning.subtypes import exclusive_tables, shared_tables, subtype_values
from pytest_supaseed.planning.unenforced import references_by_name, references_by_shared_columns
from pytest_supaseed.spec import SeedSpec, limit_problem

# By table and column, the origin of given values, and the values.
_Supplied = Mapping[TableName, Mapping[str, tuple[Origin, Any]]]
# By table, the foreign keys whose referenced rows its triggers insert.
_Made = Mapping[TableName, tuple[MadeParent, ...]]


@dataclass(frozen=True)
class PlanContext:
    """What the plans of all tables of a spec are made from.

    Attributes:
        spec: what the test asks for.
        schema: with the references that no constraint enforces.
        contents: the present rows.
        totals: the rows asked for in each table.
        order: the insertion order, and the tables that triggers fill.
        supplied: by table, the supplied columns.
    """

    spec: SeedSpec
    schema: Schema
    contents: Contents
    totals: Mapping[TableName, Total]
    order: Order
    supplied: _Supplied

    def rows_of(self, name: TableName) -> int | None:
        """Return the rows of a table after the seed; None where triggers decide how many there will be."""
        if name in self.totals:
            return self.totals[name].total
        return None if name in self.order.filled else self.contents.counts.get(name, 0)


def shares_of(
    context: PlanContext, plan: TablePlan
) -> tuple[tuple[tuple[ForeignKey, tuple[int, ...]], ...], Problem | None]:
    """Compute how the rows of a table will be spread over their parents.

    Returns:
        By foreign key, the rows that each referenced row will have, where that is known; and a message if the unique
        keys allow fewer rows, else None.
    """
    sizes: dict[str, int] = {}
    present: dict[str, tuple[int, ...]] = {}
    for foreign_key in (*plan.roles.independent, *plan.roles.overlapping):
        # Of one kind, there are as many rows to reference as rows that reference them.
        of_kind = foreign_key.kind is not None
        size = plan.total if of_kind else context.rows_of(foreign_key.referenced)
        if size is None:
            return (), None
        sizes[foreign_key.name] = size
        present[foreign_key.name] = context.contents.shares.get((plan.table.name, foreign_key.name), ())
    for overlapping in plan.overlapping:
        problem = overlapping_keys_problem(plan, overlapping, sizes)
        if problem is not None:
            return (), problem
    request = predicted_request(plan, sizes, present, context.spec.seed)
    for group in request.groups:
        problem = capacity_problem(plan, request, group)
        if problem is not None:
            return (), problem
    try:
        drawn = assigned_shares(request)
    except ValueError as error:
        return (), too_few(plan, plan.present, error)
    domains = {column.column.name: column.domain for column in plan.columns}
    found_shares = []
    for foreign_key in request.foreign_keys:
        if narrowed(foreign_key, domains) or foreign_key.limit is not None:
            continue  # Which rows it can reference depends on their values, which are not made yet.
        whole = zip(request.present_of(foreign_key.name), drawn[foreign_key.name], strict=True)
        found_shares.append((foreign_key, tuple(have + new for have, new in whole)))
    return tuple(found_shares), None


def self_problems(plan: TablePlan) -> list[Problem]:
    """Return a problem for each single row that would have to reference another row of its table."""
    table = plan.table
    checks = [
        forbids_self_reference(table, key) for key in plan.roles.self_referencing if not optional(table, key)
    ]
    return [
        messages.single_row_needs_another(table, check)
        for check in checks
        if check is not None and plan.total == 1
    ]


def later_problems(context: PlanContext, plan: TablePlan) -> list[Problem]:
    """Return a problem for each deferred foreign key whose unique keys leave rows without a referenced row."""
    problems: list[Problem] = []
    for foreign_key in plan.later:
        if foreign_key.referenced not in context.totals:
            continue  # The triggers decide how many rows there will be.
        present = {foreign_key.name: context.contents.shares.get((plan.table.name, foreign_key.name), ())}
        size = context.totals[foreign_key.referenced].total
        request = predicted_later_request(plan, foreign_key, size, present, context.spec.seed)
        problems += filter(None, (capacity_problem(plan, request, group) for group in request.groups))
    return problems


def make_plan(
    spec: SeedSpec,
    snapshot: Snapshot,
    generators: Generators | None = None,
    *,
    defaults: Defaults | None = None,
    hard: bool = False,
    making: bool = False,
) -> Plan:
    """Plan a seed.

    Args:
        snapshot: the schema and the present rows.
        generators: the user's ``supaseed_generators``; None for none.
        defaults: what the schema's source knows of its rows; None for nothing.
        hard: whether the limit was given on the command line, for the message.
        making: whether rows to reference that triggers insert where they are missing are all made by them, also where
            the spec asks for such rows.

    Returns:
        The plan.

    Raises:
        PlanError: the schema cannot hold the rows asked for; with every problem.
    """
    generators = {} if generators is None else generators
    defaults = (defaults or Defaults()).with_options(dict(spec.project_options))
    snapshot = _declared_snapshot(snapshot, defaults.declared)
    schema, contents = snapshot.schema, snapshot.contents
    resolved_spec, problems = resolved(spec, snapshot)
    named, more = named_tables(resolved_spec, schema)
    problems += more
    problems += generator_problems(generators, schema)
    found, more = totals(named, contents, schema)
    problems += more
    asked = asked_rows(found, contents)
    over = limit_problem(spec, asked, hard=hard)
    if over is not None:
        problems.append(over)
    supplied, more = _supplied(spec, snapshot, found, generators, defaults)
    problems += more
    schema, found = with_limit_checks(schema, found, supplied)
    referencing = _with_references(schema, found, supplied, defaults)
    always, where_missing = _made_parents(referencing, found, contents, supplied)
    made = where_missing if making else always
    planned_schema = with_made_parents(referencing, made)
    if planned_schema is not schema:
        found = {name: replace(total, table=planned_schema.table(name)) for name, total in found.items()}
    for name, wanted in wanted_domains(found).items():
        found[name] = replace(found[name], wanted=wanted)
    order, more = insertion_order(planned_schema, _with_rows(found), supplied)
    problems += more
    problems += missing_parents(planned_schema, found, _with_meant(contents, spec, schema), order, supplied)
    context = PlanContext(spec, planned_schema, contents, found, order, supplied)
    tables, more = _table_plans(context)
    problems += more
    if problems:
        raise PlanError(problems)
    tables = [
        replace(each, columns=numbered_beside(referencing, each.columns, made[each.table.name]))
        for each in tables
    ]
    tables = [with_counters(planned_schema, each) for each in tables]
    alternative = None
    if where_missing != made:
        with suppress(PlanError):
            alternative = make_plan(spec, snapshot, generators, defaults=defaults, hard=hard, making=True)
    return Plan(
        spec,
        tuple(tables),
        contents,
        asked,
        generators,
        totals_of(planned_schema, tables, resolved_spec),
        alternative=alternative,
    )


def _with_rows(found: Mapping[TableName, Total]) -> list[TableName]:
    return [name for name, total in found.items() if total.total]


def _supplied(
    spec: SeedSpec,
    snapshot: Snapshot,
    found: Mapping[TableName, Total],
    generators: Generators,
    defaults: Defaults,
) -> tuple[_Supplied, list[Problem]]:
    """Return by table the columns whose values are not made by type and name, and what is wrong with such values.

    What the user gives wins over what settings say, rows that reference the table want, and models know of subtypes.
    """
    supplied: dict[TableName, dict[str, tuple[Origin, Any]]] = {}
    problems: list[Problem] = []
    for name, total in found.items():
        columns, more = check_overrides(total.table, dict(total.spec.columns))
        problems += more
        given, more = usable_values(
            total.table, supplied_columns(total.table, columns, generators, snapshot.schema, defaults)
        )
        problems += more
        supplied[name] = {**referenced_by_settings(total, spec), **given}
    allowed, more = allowed_values(found, supplied)
    problems += more
    for name, values in allowed.items():
        # What the models demand wins over what the source of the schema gives.
        supplied[name] = {**supplied[name], **values}
    for values_of in (wanted_values, subtype_values):
        for name, values in values_of(found, supplied).items():
            supplied[name] = {**values, **supplied[name]}
    hierarchies = defaults.declared.hierarchies
    kinds, more = kinds_of_rows(hierarchies, snapshot.schema, found, snapshot.contents, supplied)
    for name, values in kinds.items():
        supplied[name] = {**values, **supplied[name]}
    return supplied, [*problems, *more]


def _with_references(
    schema: Schema,
    found: Mapping[TableName, Total],
    supplied: _Supplied,
    defaults: Defaults,
) -> Schema:
    """Return a schema in which references that no constraint enforces are foreign keys, planned like others."""
    unenforced = {
        **references_by_shared_columns(schema, found),
        **references_by_name(schema, _with_rows(found)),
        **defaults.references,
    }
    return with_unenforced(schema, unenforced, supplied) if unenforced else schema


def _made_parents(
    schema: Schema,
    found: Mapping[TableName, Total],
    contents: Contents,
    supplied: Mapping[TableName, Collection[str]],
) -> tuple[_Made, _Made]:
    """Return by table the rows to reference that its triggers insert, and the same where no table had any rows."""

    def made(has_rows: Callable[[TableName], bool]) -> _Made:
        return {
            name: made_parents(schema, schema.table(name), has_rows, supplied.get(name, ())) for name in found
        }

    return made(partial(_has_rows, found, contents)), made(lambda name: False)


def _table_plans(context: PlanContext) -> tuple[list[TablePlan], list[Problem]]:
    """Return the plans of all tables in the order in which they are filled, and what is wrong with them."""
    schema, found, order = context.schema, context.totals, context.order
    linked, deferred = linked_columns(schema), deferred_targets(schema)
    exclusive, shared = exclusive_tables(schema, found), shared_tables(schema, found)
    tables: list[TablePlan] = []
    problems: list[Problem] = []
    for name in (*order.tables, *(name for name, total in found.items() if not total.total)):
        plan, more = _table_plan(context, found[name], redundant_keys(schema, found[name].table))
        problems += more
        tables.append(
            replace(
                plan,
                linked=linked.get(name, frozenset()),
                after_deferred=name in deferred,
                fills_itself=inserts_into_itself(schema, plan.table),
                exclusive=exclusive.get(name, ()),
                shared=shared.get(name, ()),
                closed=tuple(heir for heir in plan.table.heirs if heir in found),
            )
        )
    return tables, problems


# Once for all specs, for the value domains of columns are known by the identity of these.
@memoized_by_identity
def _declared_snapshot(snapshot: Snapshot, declarations: Declarations) -> Snapshot:
    """Return a snapshot whose schema has what models declare of it."""
    return replace(snapshot, schema=with_declared(snapshot.schema, declarations))


def _table_plan(
    context: PlanContext, total: Total, redundant: Mapping[str, frozenset[str]]
) -> tuple[TablePlan, list[Problem]]:
    table = total.table
    supplied = context.supplied[table.name]
    later = context.order.later.get(table.name, ())
    per = total.per[0] if total.per else None
    redundant = {name: enough for name, enough in redundant.items() if name != per}

    def is_empty(name: TableName) -> bool:
        return context.rows_of(name) == 0 and name not in context.order.filled

    open_keys = left_open(table, supplied, is_empty)
    later = tuple(key for key in later if key not in open_keys)
    roles = references(table, supplied, {key.name for key in (*later, *open_keys)}, redundant)
    placeholders = {column for key in (*later, *open_keys) for column in key.columns}
    parents = referenced_tables(
        context.schema,
        table,
        (*roles.independent, *roles.overlapping, *roles.redundant, *roles.supplied, *roles.self_referencing),
    )
    columns, problems = column_sources(total, supplied, roles, placeholders, context.spec, parents)
    problems += filter(None, (number_problem(table, total, column) for column in columns))
    problems += _without_partitions(table, total.total)
    if table.row_security == ENFORCED:
        problems.append(messages.row_security_holds(table))
    if total.total == total.present:
        # No row will be made, so the problems do not matter.
        problems = []
    finite = {
        column.column.name: values
        for column in columns
        if isinstance(column.source, (Supplied, Generated)) and (values := _finite(column, total.total))
    }
    nullable = {
        column.column.name
        for column in columns
        if column.column.nullable and not column.domain.required and column.column.name not in supplied
    }
    overlapping = overlapping_keys(table, roles, finite, per, nullable)
    joined = {column for keys_together in overlapping for column in keys_together.columns}
    roles = replace(
        roles,
        independent=tuple(key for key in roles.independent if joined.isdisjoint(key.columns)),
        overlapping=tuple(key for keys_together in overlapping for key in keys_together.foreign_keys),
    )
    separate = {name: values for name, values in finite.items() if name not in joined}
    bound = groups(table, roles.independent, separate, per, nullable)
    result = TablePlan(
        table,
        total.spec,
        total.total,
        total.present,
        columns,
        roles,
        bound,
        overlapping,
        later,
        total.per,
        of_heirs=total.of_heirs,
        parents=parents,
        followed=used_columns(parents, _used(columns)),
        diamonds=diamonds(
            context.schema, table, [key for key in roles.independent if context.rows_of(key.referenced) != 0]
        ),
        trees=trees(context.schema, table, roles.self_referencing),
    )
    if problems or total.total <= total.present:
        return result, problems
    problems += self_problems(result)
    problems += later_problems(context, result)
    shares, problem = shares_of(context, result)
    problem = full_key_problem(result, context.rows_of, only_checked=problem is not None) or problem
    by_name = {key.name: of_rows for key, of_rows in shares} if not result.present else {}
    agreeing = (most_that_agree(each, result.total, by_name, context.rows_of) for each in result.diamonds)
    result = replace(result, shares=shares, agreeing=tuple(agreeing))
    return result, [*problems, problem] if problem else problems


def _used(columns: Iterable[ColumnSource]) -> Iterator[str]:
    for column in columns:
        if isinstance(column.source, Generated):
            yield from column.source.source.uses


def _with_meant(contents: Contents, spec: SeedSpec, schema: Schema) -> Contents:
    """Return contents with a row of each table that a misspelt name may mean, so that it is not missed as well."""
    unknown = [
        asked.name for asked in spec.tables if asked.lookup is None and schema.find(asked.name) is None
    ]
    meant = {
        table.name: 1
        for table in schema.tables
        if any(close_names(name, (table.label, table.name.name)) for name in unknown)
    }
    return replace(
        contents, counts={**meant, **{n: max(c, meant.get(n, 0)) for n, c in contents.counts.items()}}
    )


def _has_rows(found: Mapping[TableName, Total], contents: Contents, name: TableName) -> bool:
    return bool(found[name].total if name in found else contents.counts.get(name))


def _without_partitions(table: Table, asked: int) -> list[Problem]:
    if not any(check.partitions and check.expression == "false" for check in table.checks):
        return []
    return [messages.without_partitions(table, asked)]


def _finite(column: ColumnSource, wanted: int) -> tuple[Any, ...]:
    if isinstance(column.source, Supplied):
        # NULLs are distinct, so a unique key cannot exhaust choices that include NULL.
        return () if None in column.source.choices else column.source.choices
    return finite_values(column.column, column.domain, ..., wanted)
