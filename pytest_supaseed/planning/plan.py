"""Spec + schema -> :class:`SeedPlan`: what will be inserted where, or every problem at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pytest_supaseed.errors import PlanError
from pytest_supaseed.planning.deciding import column_sources
from pytest_supaseed.planning.defaults import WithDefaults
from pytest_supaseed.planning.numbering import number_problem
from pytest_supaseed.planning.order import Order, insertion_order
from pytest_supaseed.planning.overrides import check_overrides, usable_given
from pytest_supaseed.planning.parents import missing_parents
from pytest_supaseed.planning.patterns import generator_problems, given_columns
from pytest_supaseed.planning.references import References, implied_keys, left_open, references
from pytest_supaseed.planning.resolve import resolved
from pytest_supaseed.planning.sharing import later_problems, self_problems, shares_of
from pytest_supaseed.planning.sources import ColumnSource, Generators, Given, Made
from pytest_supaseed.planning.state import Key
from pytest_supaseed.planning.totals import Total, named_tables, total_problem, totals
from pytest_supaseed.planning.unenforced import with_unenforced
from pytest_supaseed.planning.wanted import wanted_values
from pytest_supaseed.schema import Contents, ForeignKey, Schema, Table, TableName
from pytest_supaseed.spec import SeedSpec, TableSpec, marker_arguments
from pytest_supaseed.uniqueness.demand import Demand
from pytest_supaseed.uniqueness.finite import finite_values
from pytest_supaseed.uniqueness.joints import Joint, joints
from pytest_supaseed.uniqueness.links import linked_columns, ranks
from pytest_supaseed.uniqueness.pairs import paired_keys
from pytest_supaseed.uniqueness.uniqueness import Group, groups


@dataclass(frozen=True)
class TablePlan:
    """What will be done to one table.

    Attributes:
        table: the table.
        spec: what the marker says of it.
        total: the rows that it will hold.
        present: the rows that it held before the seed; triggers may add to them before its turn.
        columns: where the values of each column come from.
        roles: the roles of its foreign keys, without ``later``.
        groups: what unique keys bind together.
        joints: what has to be drawn together because foreign keys share columns.
        later: foreign keys that are set after all tables have their rows.
        per: name of a foreign key and the exact number of rows for each referenced row.
        shares: by foreign key, how many of the rows each referenced row will have, where that is known.
        linked: columns whose values have to agree with those of other tables.
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
        """What is to be shared out for a number of new rows."""
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
    """Everything that will be done for a spec.

    Attributes:
        spec: what was asked for.
        tables: in insertion order.
        contents: the rows that the schema's load put there.
        asked: rows that count against the limit.
    """

    spec: SeedSpec
    tables: tuple[TablePlan, ...]
    contents: Contents
    asked: int

    @property
    def inserts(self) -> int:
        """The rows that will be inserted, those that triggers insert included."""
        return sum(table.total - table.present for table in self.tables)


def make_plan(
    spec: SeedSpec,
    schema: Schema,
    contents: Contents | None = None,
    generators: Generators | None = None,
    *,
    hard: bool = False,
) -> SeedPlan:
    """Plan a seed.

    Args:
        spec: what is asked for.
        schema: what is there.
        contents: the rows that are there; None for none.
        generators: the user's ``supaseed_generators``; None for none.
        hard: whether the limit was given on the command line, for the message.

    Returns:
        The plan.

    Raises:
        PlanError: the schema cannot hold what is asked for; with every problem.
    """
    contents = contents or Contents()
    generators = {} if generators is None else generators
    if isinstance(generators, WithDefaults):
        generators = generators.with_password(spec.user_password)
    settled, problems = resolved(spec, schema, contents)
    named, more = named_tables(settled, schema)
    problems += more
    problems += generator_problems(generators, schema)
    found, more = totals(named, contents, schema)
    problems += more
    over = total_problem(spec, found, hard=hard)
    if over is not None:
        problems.append(over)
    given: dict[TableName, dict[str, tuple[str, Any]]] = {}
    for name, total in found.items():
        columns, more = check_overrides(total.table, dict(total.spec.columns))
        problems += more
        given[name] = given_columns(total.table, columns, generators, schema)
        given[name], more = usable_given(total.table, given[name])
        problems += more
    for name, values in wanted_values(found, given).items():
        given[name] = {**values, **given[name]}
    if isinstance(generators, WithDefaults) and generators.defaults.references:
        schema = with_unenforced(schema, generators.defaults.references, given)
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
    given: Mapping[str, tuple[str, Any]],
    implied: Mapping[str, frozenset[str]],
    spec: SeedSpec,
) -> tuple[TablePlan, list[str]]:
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
        # Nothing of it will be made, so nothing can go wrong.
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


def _without_partitions(table: Table, asked: int) -> list[str]:
    if not any(check.partitions and check.expression == "false" for check in table.checks):
        return []
    return [
        f"{table.label} asks for {asked} rows, but it is partitioned and has no partition: have the schema make one, "
        f"CREATE TABLE ... PARTITION OF {table.label} DEFAULT, or write {marker_arguments([(table.label, '0')])}"
    ]


def _finite(column: ColumnSource, wanted: int) -> tuple[Any, ...]:
    if isinstance(column.source, Given):
        # A NULL is no value that a unique key could run out of.
        return () if None in column.source.choices else column.source.choices
    return finite_values(column.column, column.facts, ..., wanted)
