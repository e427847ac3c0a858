"""The texts of reports: the plan, the section of a failing test, the warning of connections left open."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence

from pytest_supaseed.allocation.spread import summary
from pytest_supaseed.notation import notation
from pytest_supaseed.planning.plan import Plan, Supplied, TablePlan
from pytest_supaseed.spec import SeedSpec
from pytest_supaseed.wording import shortened

# The number of choices of a column that are shown.
_FEW = 12


def left_connections(test: str, left: Sequence[str]) -> str:
    """Return the warning for connections that a test has left open.

    Args:
        test: the ID of the test; or of the class, the module or the fixture that the database belongs to.
        left: a description of each connection.
    """
    number = "1 connection" if len(left) == 1 else f"{len(left)} connections"
    return (
        f"{test} left {number} to its database open, which {'was' if len(left) == 1 else 'were'} ended: "
        f"{'; '.join(left)}. Close what the test opens: dispose() of an engine, close() of a pool."
    )


def open_database_lines(dsn: str, names: Sequence[str], tables: Sequence[str], *, own: bool) -> list[str]:
    """Return how to look at the database of a failing test while pdb holds the test open.

    Args:
        dsn: the connection string of the database.
        names: the test's arguments that are fixtures of ours and work inside of its transaction.
        tables: the tables that it asks for.
        own: whether other connections see what the test has done: the database is its own, or the test was committed
            for the database to be kept, or it has no connection.
    """
    lines = [f"psql {shlex.quote(dsn)}"]
    if own:
        return lines
    hidden = "What the test has done is in its open transaction, which only its own connection sees"
    if not names:
        return [*lines, f"{hidden}: in pdb, ask the session or connection that the test works on."]
    table = next((name for name in tables if name.isidentifier() and name.islower()), "...")
    name = names[0]
    connection = f"{name}.connection()" if name == "seeded_session" else name
    return [
        *lines,
        f"{hidden}. In pdb:",
        f'p {connection}.exec_driver_sql("TABLE {table}").all()',
        f"After a statement that failed, first {name}.rollback(): what the test had committed is there.",
    ]


def marker(spec: SeedSpec) -> str:
    """Spell a spec as the marker that asks for it."""
    return notation().seed((table.name, table.asked) for table in spec.tables)


def plan_lines(plan: Plan) -> list[str]:
    """Return the lines of a plan: tables in insertion order, counts, spreads, and the total against the limit."""
    spec = plan.spec
    lines = [f"{spec}, generator seed {spec.seed}, locale {spec.locale}{_settings(spec)}", *table_lines(plan)]
    return [*lines, *spec.notes, f"total {plan.asked} of at most {spec.limit}"]


def table_lines(plan: Plan) -> list[str]:
    """Return the lines of a plan on its tables: in insertion order, with counts, spreads and supplied values.

    References that can agree in some rows only are named as well, and what triggers make if they refuse rows.
    """
    if not plan.tables:
        return []
    rows = [("table", "rows", "of which new", "spread")]
    rows += [
        (t.spec.name, str(t.count), str(t.total - t.present), "; ".join(_spreads(t))) for t in plan.tables
    ]
    more = (line for table in plan.tables for line in (*_supplied(table), *_disagreeing(table)))
    totals = (line for table in plan.tables for line in _totals(plan, table))
    return [*_columns(rows), *more, *totals, *_made_otherwise(plan)]


def _made_otherwise(plan: Plan) -> Iterable[str]:
    """The rows that triggers make if they refuse to have others referenced."""
    for table, key in plan.made_by_alternative():
        yield (
            f"  {table.spec.name}: where its triggers refuse {', '.join(key.columns)} of rows of "
            f"{key.referenced.name} that are there, they insert all of these"
        )


def _totals(plan: Plan, table: TablePlan) -> Iterable[str]:
    """The columns that are computed over the rows that reference a table's, and those that follow from them."""
    totals = plan.totals_of(table.table.name)
    if totals is not None:
        for each in totals.computed:
            yield f"  {table.spec.name}.{each.column}: {each.words}"
        if totals.dependents:
            names = ", ".join(each.column for each in totals.dependents)
            yield f"  {table.spec.name}: from these {names}"
        for fit in totals.fitted:
            payments = f"{fit.aggregate.child.label}.{fit.aggregate.value}"
            yield f"  {table.spec.name}.{fit.aggregate.column}: {payments} is made to fit {fit.whole}"
        if any(not set(totals.columns).isdisjoint(check.columns) for check in table.table.checks):
            yield f"  {table.spec.name}: rows keep the totals that they were made with where a CHECK refuses others"
    if table.table.name in plan.untouched:
        yield f"  {table.spec.name}: no totals over other tables, as an UPDATE fires triggers"


def _settings(spec: SeedSpec) -> str:
    """PostgreSQL's settings of a spec, after what else decides its rows; empty for none."""
    return "".join(f", {name} = {shortened(value)}" for name, value in spec.settings)


def _supplied(table: TablePlan) -> Iterable[str]:
    """The choices that the user supplies for columns of a table that gets rows."""
    if table.total == table.present:
        return
    for column in table.columns:
        if isinstance(column.source, Supplied) and column.supplied:
            choices = column.source.choices
            shown = ", ".join(map(repr, choices[:_FEW])) + (", ..." if len(choices) > _FEW else "")
            yield f"  {table.spec.name}.{column.column.name}: {'only ' if len(choices) > 1 else ''}{shown}"


def _disagreeing(table: TablePlan) -> Iterable[str]:
    """The references of a table that lead to one row of a third table in some rows only, for their spread wins."""
    amount = table.total - table.present
    for diamond, most in zip(table.diamonds, table.agreeing, strict=False):
        if most < amount:
            first, second = (", ".join(key.columns) for key in diamond.foreign_keys)
            yield (
                f"  {table.spec.name}: {first} and {second} agree on {diamond.shared.name} in at most {most} of "
                f"{amount} rows, as these are spread"
            )


def _spreads(table: TablePlan) -> Iterable[str]:
    if table.total == table.present:
        return
    for foreign_key, shares in table.shares:
        yield f"{', '.join(foreign_key.columns)} -> {foreign_key.referenced.name}: {summary(shares)}"
    shown = {foreign_key.name for foreign_key, _ in table.shares}
    for foreign_key in (
        *table.roles.independent,
        *table.roles.overlapping,
        *table.roles.self_referencing,
        *table.later,
    ):
        if foreign_key.name not in shown:
            yield f"{', '.join(foreign_key.columns)} -> {foreign_key.referenced.name}: as it comes"


def failure_lines(plan: Plan, counts: Sequence[tuple[str, int]], version: str, test: str) -> list[str]:
    """Return the start state of a failing test, and the command that repeats the test with it.

    Args:
        plan: the plan of the test.
        counts: tables and their rows when the test started.
        version: of PostgreSQL.
        test: the ID of the test.
    """
    spec = plan.spec
    lines = [marker(spec)] if spec.tables else ["no marker: the schema as it was loaded"]
    held = [(name, str(number)) for name, number in counts if number]
    lines += _columns([("table", "rows at the start"), *held]) if held else ["no table had rows at the start"]
    lines.append(f"PostgreSQL {version}, generator seed {spec.seed}, locale {spec.locale}{_settings(spec)}")
    lines.append(f"again: pytest {shlex.quote(test)} --supaseed-seed={spec.seed}")
    return lines


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lay out rows of texts as a table, with numbers aligned to the right."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = []
    for row in rows:
        first, *others = (
            text.ljust(width) if at in (0, 3) else text.rjust(width)
            for at, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("  " + "  ".join([first, *others]).rstrip())
    return lines
