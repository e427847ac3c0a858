"""Totals over rows that reference others, set by one UPDATE of each table, after all rows have been inserted.

:func:`write_totals` computes them in the server. An UPDATE writes each row anew, at the end of its table, and rows
would come in another order from a query without ORDER BY: in a database of the plugin's own, :func:`make_room` has
PostgreSQL leave room in each page beforehand, so that the new rows of a page are in it, in the order of the old ones.

No trigger fires by it, for ``session_replication_role`` is ``replica`` meanwhile. What a row's CHECKs or the range of
a type refuse stays as it was made, and so do rows that loading the schema has inserted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import psycopg2.errors
from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.model.schema import Column, ColumnType, Contents, Schema, Table, TableName
from pytest_supaseed.model.type_families import (
    integer_limits,
    is_date_or_timestamp,
    is_float,
    is_interval,
    is_number,
    is_numeric,
)
from pytest_supaseed.planning.plan import Dependent, Fitted, Plan, TableTotals
from pytest_supaseed.reflection.queries import (
    as_text,
    equal,
    execute,
    fetch,
    own_rows,
    relation,
    savepoint,
)
from pytest_supaseed.values.meanings.aggregates import Aggregate, Condition
from pytest_supaseed.values.meanings.formulas.arithmetic import (
    Evaluated,
    Product,
    Quotient,
    Rated,
    Share,
    Sum,
)
from pytest_supaseed.values.meanings.formulas.flags import Flag
from pytest_supaseed.values.meanings.windows import Window

# Per cent of a page that rows fill, together with those that replace them in each UPDATE.
_FILLED = 90
# So many rows are in one page, those that replace them included, and so many in the first two.
_ONE_PAGE, _TWO_PAGES = 8, 24
# What would fire though session_replication_role is replica, or rewrite the UPDATE.
_UNTOUCHED = """
WITH tree AS (
    SELECT name, relid FROM unnest(%s::text[]) AS name CROSS JOIN LATERAL (
        SELECT name::regclass::oid AS relid UNION SELECT relid::oid FROM pg_partition_tree(name::regclass)
    ) AS relations
)
SELECT DISTINCT name FROM tree
WHERE EXISTS (
    SELECT FROM pg_trigger t WHERE t.tgrelid = relid AND NOT t.tgisinternal AND (t.tgtype & 16) <> 0
    AND t.tgenabled = ANY (%s::text[])
) OR EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = relid AND r.ev_type = '2' AND r.ev_enabled <> 'D')
"""
_LEAVES = """
SELECT name, format('%%I.%%I', n.nspname, c.relname), c.reloptions::text[]
FROM unnest(%s::text[]) AS name CROSS JOIN LATERAL (
    SELECT name::regclass::oid AS relid UNION SELECT relid::oid FROM pg_partition_tree(name::regclass)
) AS tree JOIN pg_class c ON c.oid = relid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_am a ON a.oid = c.relam AND a.amname = 'heap'
WHERE c.relkind = 'r'
"""
# A total is beyond what a generated column or a constraint accepts, or a function of these raises an error, for reasons
# that only PostgreSQL knows: the rows stay as they were made.
_BEYOND = (
    psycopg2.DataError,
    psycopg2.IntegrityError,
    psycopg2.InternalError,
    psycopg2.ProgrammingError,
)
_REPLICA = "SET LOCAL session_replication_role = replica"
_ORIGIN = "SET LOCAL session_replication_role = DEFAULT"


def _is_superuser(connection: Connection) -> bool:
    query = "SELECT current_setting('is_superuser') = 'on' AND current_setting('session_replication_role') = 'origin'"
    return bool(fetch(connection, sql.SQL(query))[0][0])


@dataclass(frozen=True)
class Room:
    """Tables in whose pages room is left.

    Attributes:
        undo: the statements by which their fill factor is what it was.
    """

    undo: tuple[str, ...] = ()


def make_room(connection: Connection, schema: Schema, plan: Plan) -> Room:
    """Have PostgreSQL leave room in the pages of tables with totals, for the rows that are about to be inserted.

    Empty tables get new files: into such, COPY writes one page after another, and never a short row into what an
    earlier page has left.

    Args:
        connection: in the transaction of the whole seed, in a database that this package has made.
        schema: of the database.
        plan: of the seed.
    """
    new = {each.table.name: each.total - each.present for each in plan.tables}
    versions = {name: updates + 1 for name, updates in _updates(plan.totals).items()}
    names = [name for name, each in versions.items() if new.get(name, 0) * each > _ONE_PAGE]
    if not names or not _is_superuser(connection):
        return Room()
    statements, undo = [], []
    places = {as_text(relation(name)): name for name in names}
    for name, leaf, options in fetch(connection, sql.SQL(_LEAVES), [[*places]]):
        before = next((each for each in options or () if each.startswith("fillfactor=")), None)
        statements.append(f"ALTER TABLE {leaf} SET (fillfactor = {_FILLED // versions[places[name]]})")
        undo.append(f"ALTER TABLE {leaf} " + (f"SET ({before})" if before else "RESET (fillfactor)"))
    # Event triggers, and those of TRUNCATE, do not fire.
    execute(connection, "; ".join([_REPLICA, *statements]))
    large = [name for name in names if new[name] * versions[name] > _TWO_PAGES]
    emptied = _emptied(schema, plan.contents, large)
    if emptied:
        # A table that no seed fills may reference them, as one of an extension.
        truncate = sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(relation, emptied)))
        with suppress(psycopg2.errors.FeatureNotSupported), savepoint(connection):
            execute(connection, truncate)
    execute(connection, _ORIGIN)
    return Room(tuple(undo))


def _updates(totals: Iterable[TableTotals]) -> Counter[TableName]:
    """Return how often the rows of each table are updated: of a bill, before its payments are fitted and after."""
    found: Counter[TableName] = Counter()
    for each in totals:
        found[each.table.name] += 2 if each.fitted else 1
        found.update(fit.aggregate.child.name for fit in each.fitted)
    return found


def _emptied(schema: Schema, contents: Contents, names: Sequence[TableName]) -> list[TableName]:
    """The tables among some that are empty, with those that reference them, which are so too."""
    found: set[TableName] = set()
    for name in names:
        closure, waiting = {name}, [name]
        while waiting:
            each = waiting.pop()
            further = {
                other.name for other in schema.tables for key in other.foreign_keys if key.referenced == each
            }
            further |= {*schema.table(each).heirs} if schema.has_table(each) else set()
            waiting.extend(further - closure)
            closure |= further
        if not any(contents.counts.get(each) for each in closure):
            found |= closure
    return sorted(found)


def take_room_back(connection: Connection, room: Room) -> None:
    """Set the fill factors to what they were."""
    if room.undo:
        execute(connection, "; ".join([_REPLICA, *room.undo, _ORIGIN]))


Digest = Mapping[str, object]
# Takes the name of a column and returns its value as a numeric.
_Number = Callable[[str], sql.Composable]


def digest(connection: Connection, totals: TableTotals) -> Digest:
    """Return what stands for the values of the columns of totals, to see later whether a trigger has changed them."""
    columns = [each.column for each in totals.computed]
    query = sql.SQL("SELECT {} FROM {}").format(
        sql.SQL(", ").join(
            sql.SQL("sum(pg_catalog.hashtext({}::text)::numeric)").format(sql.Identifier(name))
            for name in columns
        ),
        own_rows(totals.table),
    )
    return dict(zip(columns, fetch(connection, query)[0], strict=True))


def write_totals(
    connection: Connection,
    totals: Sequence[TableTotals],
    before: Mapping[TableName, Digest],
    *,
    ours: bool,
) -> None:
    """Set the totals of tables, in their order.

    Args:
        connection: in the transaction of the whole seed, without pending triggers.
        before: by table, the digest of the columns after it was filled; those that have changed since are left.
        ours: whether the database is one that this package has made, in which triggers may be suspended.
    """
    if not totals:
        return
    suspended = ours and _is_superuser(connection)
    changed = [(each.table.name, *(fit.aggregate.child.name for fit in each.fitted)) for each in totals]
    names = {as_text(relation(name)): name for of_table in changed for name in of_table}
    enabled = ["A", "R"] if suspended else ["O", "A"]
    untouched = {names[name] for (name,) in fetch(connection, sql.SQL(_UNTOUCHED), [[*names], enabled])}
    execute(connection, "SET LOCAL work_mem = '256MB'")
    if suspended:
        execute(connection, _REPLICA)
    for each in totals:
        if each.table.name in untouched:
            continue
        known = before.get(each.table.name)
        if known is not None:
            now = digest(connection, each)
            each = each.without(name for name, value in known.items() if now[name] != value)
        fitted = [fit for fit in each.fitted if untouched.isdisjoint((fit.aggregate.child.name,))]
        if fitted:
            # What a bill comes to is known before its payments are.
            _set(connection, each.without(fit.aggregate.column for fit in fitted))
            for fit in fitted:
                with suppress(*_BEYOND), savepoint(connection):
                    execute(connection, fit_statement(each.table, fit))
        _set(connection, each)
    if suspended:
        execute(connection, _ORIGIN)
    execute(connection, "SET LOCAL work_mem TO DEFAULT")


def _set(connection: Connection, totals: TableTotals) -> None:
    if totals.columns:
        with suppress(*_BEYOND), savepoint(connection):
            execute(connection, update_statement(totals))


def fit_statement(table: Table, fit: Fitted) -> sql.Composed:
    """Return the UPDATE of payments whose sum is more than what their bill comes to, or less though it is paid.

    Each payment gets its share, so that they add up to it exactly; to half of a bill of which a part is paid.
    """
    each = fit.aggregate
    assert isinstance(each.value, str)  # noqa: S101 for the type checker
    [(_, key)] = each.path
    value, column = sql.Identifier(each.value), each.child.column(each.value)
    whole = sql.SQL("(p.{}::numeric / {} / CASE WHEN {} THEN 2 ELSE 1 END)").format(
        sql.Identifier(fit.whole), sql.SQL(str(each.factor)), _is_labelled(fit.partly)
    )
    paid = _is_labelled(fit.paid)
    scale = sql.SQL(str(_limits(column.type)[2]))
    return sql.SQL(
        "UPDATE {child} AS t SET {value} = s.v FROM (SELECT c.o, c.c, (round({whole} * c.upto / c.total, {scale}) "
        "- round({whole} * (c.upto - c.own) / c.total, {scale}))::{kind} AS v FROM (SELECT {keys}, "
        "c0.tableoid AS o, c0.ctid AS c, c0.{value}::numeric AS own, sum(c0.{value}::numeric) OVER bill AS total, "
        "sum(c0.{value}::numeric) OVER (bill ORDER BY c0.tableoid, c0.ctid) AS upto FROM {rows} AS c0 "
        "WHERE {counted} AND age(c0.xmin) <= 0 WINDOW bill AS (PARTITION BY {group})) AS c JOIN {bills} AS p ON {same} "
        "WHERE c.total > 0 AND {whole} > 0 AND (c.total > {whole} OR {paid}) ORDER BY c.o, c.c) AS s "
        "WHERE t.ctid = s.c AND t.tableoid = s.o"
    ).format(
        child=relation(each.child.name),
        value=value,
        whole=whole,
        scale=scale,
        kind=sql.SQL(column.type.spelling),
        keys=sql.SQL(", ").join(
            sql.SQL("c0.{} AS {}").format(sql.Identifier(name), sql.Identifier(f"k{number}"))
            for number, name in enumerate(key.columns)
        ),
        rows=own_rows(each.child),
        counted=_condition(each.where) if each.where is not None else sql.SQL("true"),
        group=sql.SQL(", ").join(sql.Identifier("c0", name) for name in key.columns),
        bills=own_rows(table),
        same=equal("p", key.referenced_columns, "c", [f"k{n}" for n in range(len(key.columns))]),
        paid=paid,
    )


def _is_labelled(labels: tuple[str, tuple[str, ...]] | None) -> sql.Composable:
    """Whether a bill has one of some statuses."""
    if labels is None or not labels[1]:
        return sql.SQL("false")
    return sql.SQL("coalesce(p.{}::text = ANY ({}), false)").format(
        sql.Identifier(labels[0]), sql.Literal([*labels[1]])
    )


def update_statement(totals: TableTotals) -> sql.Composed:
    """Return the UPDATE that sets the totals of a table's new rows, in their order."""
    return _Update(totals).statement()


class _Update:
    """Composes the UPDATE of one table.

    Its rows are ``p``; each path of foreign keys to them is a subquery with a row for each of them, and each column
    that is computed a LATERAL subquery with one value, from which later ones are computed.
    """

    def __init__(self, totals: TableTotals) -> None:
        self._totals = totals
        self._table = totals.table
        self._paths: dict[tuple[object, ...], tuple[str, list[sql.Composable], Aggregate]] = {}
        self._new: dict[str, sql.Composable] = {}
        self._joins: list[sql.Composable] = []

    def statement(self) -> sql.Composed:
        computed = [
            (each.column, sql.Identifier("w", f"n{number}"))
            for number, each in enumerate(self._totals.windows)
        ]
        computed += [(each.column, self._aggregated(each)) for each in self._totals.aggregates]
        laterals = [self._lateral(name, value) for name, value in computed]
        for dependent in self._totals.dependents:
            laterals.append(self._lateral(dependent.column, self._of(dependent)))
        groups = tuple(_groups(self._totals))
        accepted = [self._accepted(number, group) for number, group in enumerate(groups)]
        of_group = {name: number for number, group in enumerate(groups) for name in group}
        columns = self._totals.columns
        values = sql.SQL(", ").join(
            sql.SQL("CASE WHEN {ok}.ok THEN {new} ELSE p.{old} END AS {alias}").format(
                ok=sql.Identifier(f"ok{of_group[name]}"),
                new=self._new[name],
                old=sql.Identifier(name),
                alias=sql.Identifier(f"v{number}"),
            )
            for number, name in enumerate(columns)
        )
        return sql.SQL(
            "UPDATE {table} AS t SET {assignments} FROM (SELECT p.tableoid AS o, p.ctid AS c, {values} "
            "FROM {rows} AS p {joins} WHERE age(p.xmin) <= 0 ORDER BY p.tableoid, p.ctid) AS s "
            "WHERE t.ctid = s.c AND t.tableoid = s.o"
        ).format(
            table=relation(self._table.name),
            assignments=sql.SQL(", ").join(
                sql.SQL("{} = s.{}").format(sql.Identifier(name), sql.Identifier(f"v{number}"))
                for number, name in enumerate(columns)
            ),
            values=values,
            rows=own_rows(self._table),
            joins=sql.SQL(" ").join([*self._subqueries(), *laterals, *accepted]),
        )

    def _aggregated(self, each: Aggregate) -> sql.Composable:
        """The value of a total, before it has the column's type."""
        through = (each.through[0].name, each.through[1].name) if each.through else None
        path = (tuple((table.name, key.name) for table, key in each.path), through)
        alias, selected, _ = self._paths.setdefault(path, (f"a{len(self._paths)}", [], each))
        name = f"n{len(selected)}"
        selected.append(sql.SQL("{} AS {}").format(_aggregation(each), sql.Identifier(name)))
        value: sql.Composable = sql.SQL("{}.{}").format(sql.Identifier(alias), sql.Identifier(name))
        column = self._table.column(each.column)
        old = sql.Identifier("p", each.column)
        if each.function in ("count", "sum", "share"):
            value = sql.SQL("coalesce({}, {})").format(
                value, sql.SQL("interval '0'") if is_interval(column.type) else sql.SQL("0")
            )
        elif not column.nullable:
            other = sql.SQL("0") if is_number(column.type) else old
            value = sql.SQL("coalesce({}, {})").format(value, other)
        for sign, names in ((" + ", each.plus), (" - ", each.minus)):
            for other_name in names:
                value = sql.SQL("{}{}coalesce(p.{}::numeric, 0)").format(
                    value, sql.SQL(sign), sql.Identifier(other_name)
                )
        return value

    def _subqueries(self) -> Iterator[sql.Composable]:
        """For each path, a row for each row of the table that has rows at its end; one with the windows before them."""
        if self._totals.windows:
            yield sql.SQL(
                "JOIN (SELECT c0.tableoid AS o, c0.ctid AS c, {windows} FROM {rows} AS c0) AS w "
                "ON w.o = p.tableoid AND w.c = p.ctid"
            ).format(
                windows=sql.SQL(", ").join(
                    sql.SQL("{} AS {}").format(_windowed(each), sql.Identifier(f"n{number}"))
                    for number, each in enumerate(self._totals.windows)
                ),
                rows=own_rows(self._table),
            )
        for alias, selected, each in self._paths.values():
            _, key = each.path[-1]
            group = sql.SQL(", ").join(
                sql.SQL("{}.{} AS {}").format(
                    sql.Identifier(f"c{len(each.path) - 1}"),
                    sql.Identifier(name),
                    sql.Identifier(f"k{number}"),
                )
                for number, name in enumerate(key.columns)
            )
            source: sql.Composable = sql.SQL("{} AS c0").format(own_rows(each.path[0][0]))
            for number, ((_, lower), (upper, _)) in enumerate(pairwise(each.path)):
                source = sql.SQL("{} JOIN {} AS {} ON {}").format(
                    source,
                    own_rows(upper),
                    sql.Identifier(f"c{number + 1}"),
                    equal(f"c{number}", lower.columns, f"c{number + 1}", lower.referenced_columns),
                )
            if each.through is not None:
                other, far = each.through
                source = sql.SQL("{} JOIN {} AS d ON {}").format(
                    source, own_rows(far), equal("c0", other.columns, "d", other.referenced_columns)
                )
            yield sql.SQL(
                "LEFT JOIN (SELECT {group}, {selected} FROM {source} GROUP BY {numbers}) AS {alias} ON {same}"
            ).format(
                group=group,
                selected=sql.SQL(", ").join(selected),
                source=source,
                numbers=sql.SQL(", ").join(sql.SQL(str(number + 1)) for number in range(len(key.columns))),
                alias=sql.Identifier(alias),
                same=equal("p", key.referenced_columns, alias, [f"k{n}" for n in range(len(key.columns))]),
            )

    def _lateral(self, name: str, value: sql.Composable) -> sql.Composable:
        """A subquery with the new value of a column, in its type."""
        alias = f"l{len(self._new)}"
        self._new[name] = sql.Identifier(alias, "v")
        return sql.SQL("CROSS JOIN LATERAL (SELECT {} AS v OFFSET 0) AS {}").format(
            fitted(self._table.column(name), value), sql.Identifier(alias)
        )

    def _now(self, name: str) -> sql.Composable:
        """The number that a column has in the end."""
        return sql.SQL("{}::numeric").format(self._new.get(name, sql.Identifier("p", name)))

    def _was(self, name: str) -> sql.Composable:
        return sql.SQL("{}::numeric").format(sql.Identifier("p", name))

    def _of(self, dependent: Dependent) -> sql.Composable:
        """The number that follows from totals of its row; what it was where a value is missing."""
        formula = dependent.formula
        if isinstance(formula, Flag):
            left, right = map(self._now, formula.uses)
            return sql.SQL("coalesce({} {} {}, p.{})").format(
                left, sql.SQL(formula.compares), right, sql.Identifier(dependent.column)
            )
        computed = _expression(formula, dependent.column, self._now, self._was)
        return sql.SQL("coalesce({}, {})").format(computed, self._was(dependent.column))

    def _accepted(self, number: int, group: frozenset[str]) -> sql.Composable:
        """Whether a row accepts the new values of some columns: its CHECKs, NOT NULL and the range of their types."""
        conditions: list[sql.Composable] = [
            sql.SQL("{} IS NOT NULL").format(self._new[name])
            for name in sorted(group)
            if not self._table.column(name).nullable
        ]
        for check in self._table.checks:
            if group.isdisjoint(check.columns):
                continue
            row = sql.SQL(", ").join(
                sql.SQL("{} AS {}").format(
                    self._new.get(name, sql.Identifier("p", name)), sql.Identifier(name)
                )
                for name in check.columns
            )
            conditions.append(
                sql.SQL("(SELECT ({check}) IS NOT FALSE FROM (SELECT {row}) AS {table})").format(
                    check=sql.SQL(check.expression), row=row, table=sql.Identifier(self._table.name.name)
                )
            )
        for name in sorted(group):
            for check in self._table.column(name).type.checks:
                conditions.append(
                    sql.SQL("(SELECT ({}) IS NOT FALSE FROM (SELECT {} AS value) AS checked)").format(
                        sql.SQL(check.expression), self._new[name]
                    )
                )
        return sql.SQL("CROSS JOIN LATERAL (SELECT {} AS ok OFFSET 0) AS {}").format(
            sql.SQL(" AND ").join(conditions) if conditions else sql.SQL("true"),
            sql.Identifier(f"ok{number}"),
        )


def _windowed(each: Window) -> sql.Composable:
    """The window function over the rows of a table, which are ``c0``."""
    order = [sql.Identifier("c0", name) for name in each.order]
    if each.function == "last":
        order = [sql.SQL("{} DESC").format(name) for name in order]
    partition: sql.Composable = sql.SQL("")
    if each.partition:
        names = sql.SQL(", ").join(sql.Identifier("c0", name) for name in each.partition)
        partition = sql.SQL("PARTITION BY {}").format(names)
    over = sql.SQL("OVER ({} ORDER BY {}{})").format(
        partition,
        sql.SQL(", ").join(order),
        sql.SQL({"after": _UP_TO_ROW, "before": _UP_TO_LAST}.get(each.function, "")),
    )
    if each.value is not None:
        return sql.SQL("coalesce({} {}, 0)").format(_aggregation(each.value), over)
    number = sql.SQL("row_number() {}").format(over)
    if each.function == "number":
        return number
    if each.function in ("left", "right"):
        return sql.SQL("2 * {} - {}").format(number, sql.Literal(1 if each.function == "left" else 0))
    if each.labels:
        yes, no = map(sql.Literal, each.labels)
        return sql.SQL("CASE WHEN {} = 1 THEN {} ELSE {} END").format(number, yes, no)
    return sql.SQL("{} = 1").format(number)


_UP_TO_ROW = " ROWS UNBOUNDED PRECEDING"
_UP_TO_LAST = " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"


def _condition(condition: Condition) -> sql.Composable:
    column = sql.Identifier("c0", condition.column)
    if condition.values is None:
        return sql.SQL("{} IS NOT NULL").format(column)
    if not condition.values:
        return sql.SQL("{} IS NULL").format(column)
    found = sql.SQL("coalesce({}::text = ANY ({}), false)").format(column, sql.Literal([*condition.values]))
    return sql.SQL("NOT {}").format(found) if condition.other else found


def _aggregation(each: Aggregate) -> sql.Composable:
    """The aggregate function over the rows of a path, the first of which are ``c0``."""
    where: sql.Composable = sql.SQL("")
    if each.where is not None:
        where = sql.SQL(" FILTER (WHERE {})").format(_condition(each.where))
    if each.value is None:
        if each.function == "share" and each.where is not None:
            return sql.SQL("100 * avg(({})::int)").format(_condition(each.where))
        return sql.SQL("count(*){}").format(where)
    child = each.through[1] if each.through is not None else each.child
    alias = "d" if each.through is not None else "c0"
    if isinstance(each.value, Product):
        value = _product(each.value, lambda name: sql.SQL("{}::numeric").format(sql.Identifier(alias, name)))
    else:
        value = sql.Identifier(alias, each.value)
        kind = child.column(each.value).type
        if is_date_or_timestamp(kind) or is_interval(kind):
            return sql.SQL("{}({}){}").format(sql.SQL(each.function), value, where)
        # A sum of floats depends on their order.
        value = sql.SQL("{}::numeric").format(value)
    if each.also is not None:
        value = sql.SQL("coalesce({}, 0) - coalesce({}::numeric, 0)").format(
            value, sql.Identifier(alias, each.also)
        )
    if each.negative is not None:
        value = sql.SQL("CASE WHEN {} THEN -abs({}) ELSE {} END").format(
            _condition(each.negative), value, value
        )
    if each.factor != 1:
        value = sql.SQL("({}) * {}").format(value, sql.SQL(str(each.factor)))
    return sql.SQL("{}({}){}").format(sql.SQL(each.function), value, where)


def _product(product: Product, number: _Number) -> sql.Composable:
    value: sql.Composable = sql.SQL(" * ").join(number(name) for name in product.factors)
    if product.unit != 1:
        value = sql.SQL("{} / {}").format(value, sql.SQL(str(product.unit)))
    if product.less is not None:
        less = sql.SQL("coalesce({}, 0)").format(number(product.less.column))
        unit = product.less.unit
        value = (
            sql.SQL("({} - {})").format(value, less)
            if unit is None
            else sql.SQL("{} * (1 - {} / {})").format(value, less, sql.SQL(f"{unit}.0"))
        )
    if product.more is not None:
        value = sql.SQL("{} + coalesce({}, 0)").format(value, number(product.more))
    return value


def _expression(found: Evaluated, column: str, now: _Number, was: _Number) -> sql.Composable:
    """A formula of a column in SQL, in the numbers that columns have in the end, and those that they had."""
    if isinstance(found, Product):
        return _product(found, now)
    if isinstance(found, Sum):
        value: sql.Composable = now(found.base)
        for sign, names in ((" + ", found.plus), (" - ", found.minus)):
            for name in names:
                value = sql.SQL("{}{}coalesce({}, 0)").format(value, sql.SQL(sign), now(name))
        return value
    if isinstance(found, Share):
        ratio = sql.SQL("{} / nullif({}, 0)").format(was(column), was(found.base))
        return sql.SQL("{} * {}").format(_nearest(ratio, found.shares), now(found.base))
    if isinstance(found, Rated):
        rate = now(found.rate)
        unit = (
            sql.SQL(str(found.unit))
            if found.unit
            else sql.SQL("CASE WHEN {} > 1 THEN 100 ELSE 1 END").format(rate)
        )
        part = sql.SQL("{} * {} / ({})").format(now(found.base), rate, unit)
        return sql.SQL("{} - {}").format(now(found.base), part) if found.rest else part
    assert isinstance(found, Quotient)  # noqa: S101 for the type checker
    return sql.SQL("coalesce({} * {} / nullif({}, 0), 0)").format(
        now(found.part),
        sql.SQL(str(found.unit)),
        now(found.whole),
    )


def _nearest(ratio: sql.Composable, shares: Sequence[str]) -> sql.Composable:
    """The share that was drawn for a row, whose value was rounded."""
    numbers = sorted({Decimal(share) for share in shares})
    cases = [
        sql.SQL("WHEN r < {} THEN {}").format(sql.SQL(str((low + high) / 2)), sql.SQL(str(low)))
        for low, high in pairwise(numbers)
    ]
    return sql.SQL(
        "(SELECT CASE {} WHEN r IS NOT NULL THEN {} END FROM (SELECT {} AS r OFFSET 0) AS drawn)"
    ).format(sql.SQL(" ").join(cases), sql.SQL(str(numbers[-1])), ratio)


def fitted(column: Column, value: sql.Composable) -> sql.Composable:
    """Return a computed value as a column's type stores it; NULL where it is beyond the range of the type."""
    kind = column.type
    base = sql.SQL(kind.spelling)
    if not is_number(kind):
        return sql.SQL("({})::{}").format(value, base)
    low, high, scale = _limits(kind)
    rounded = sql.SQL("round(({})::numeric, {})").format(value, sql.SQL(str(scale)))
    if low is None or high is None:
        return sql.SQL("{}::{}").format(rounded, base)
    # Computed once, though it is read twice.
    return sql.SQL(
        "(SELECT CASE WHEN x BETWEEN {} AND {} THEN x::{} END FROM (SELECT {} AS x OFFSET 0) AS rounded)"
    ).format(sql.SQL(f"({low})"), sql.SQL(str(high)), base, rounded)


# Digits after the point of types without a scale.
_SCALE, _SCALE_OF_FLOATS = 2, 4


def _limits(kind: ColumnType) -> tuple[Decimal | int | None, Decimal | int | None, int]:
    """The least and the greatest number of a type, and the digits after the point."""
    whole = integer_limits(kind)
    if whole is not None:
        return *whole, 0
    if is_numeric(kind) and kind.precision is not None:
        scale = kind.scale or 0
        greatest = Decimal(10**kind.precision - 1).scaleb(-scale)
        return -greatest, greatest, scale
    return None, None, _SCALE_OF_FLOATS if is_float(kind) else _SCALE


def _groups(totals: TableTotals) -> Iterator[frozenset[str]]:
    """The columns that are set together or not at all: those that follow from one another, or share a CHECK."""
    columns = set(totals.columns)
    groups = [{name} for name in totals.columns]
    links = [{each.column, *each.formula.uses} & columns for each in totals.dependents]
    links += [{each.column, *each.plus, *each.minus} & columns for each in totals.aggregates]
    links += [set(check.columns) & columns for check in totals.table.checks]
    for link in links:
        joined = [group for group in groups if not group.isdisjoint(link)]
        if len(joined) > 1:
            groups = [group for group in groups if group not in joined] + [set().union(*joined)]
    return map(frozenset, groups)
