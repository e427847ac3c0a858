"""The words of planning: a function for each :class:`~pytest_supaseed.errors.Problem` that a spec can have.

What decides that there is a problem calls one of them with the tables, columns and numbers that it is about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from pytest_supaseed.errors import Problem, did_you_mean
from pytest_supaseed.model.schema import (
    Check,
    Column,
    Exclusion,
    ForeignKey,
    ReferencedLimit,
    Schema,
    Table,
    TableName,
    UniqueKey,
)
from pytest_supaseed.notation import Amount, Placeholder, notation
from pytest_supaseed.planning.plan import Origin, TablePlan, override
from pytest_supaseed.spec import COUNT_KEYS, OPTION_NAMES, Drawn, TableSpec
from pytest_supaseed.wording import abbreviated

# ---- tables and totals


def one_table(name: str, other: str, table: TableName) -> Problem:
    """Two names of a spec stand for one table."""
    return Problem(f"{name} and {other} are one table, {table}", "keep one of them", table=str(table))


def unknown_table(name: str, schema: Schema) -> Problem:
    """A name of a spec is no table, or not the only one of that name."""
    several = schema.called(name)
    if len(several) > 1:
        names = ", ".join(str(table.name) for table in several[:-1])
        spelt = " or ".join(notation().spec([(str(table.name), Amount(Placeholder()))]) for table in several)
        return Problem(
            f"{name} is not in the search path, and {len(several)} tables have that name, {names} and "
            f"{several[-1].name}",
            f"write it with its schema, {spelt}",
            table=name,
        )
    for other, kind in schema.others:
        if name in (str(other), other.name):
            what = (
                "seed the partitioned table instead" if kind == "partition" else "seed the tables behind it"
            )
            return Problem(f"{name} is a {kind}, not a table", what, table=name)
    if name in OPTION_NAMES:
        advice = f"it is an option, write {notation().options({name: Placeholder()})}"
        return Problem(f"{name} is no table", advice, table=name)
    if not schema.tables:
        return Problem(
            f"{name} is no table, the database has none at all",
            f"{notation().no_schema}: a .sql file, a folder of them, an alembic.ini, or 'package.module:Base'",
            table=name,
        )
    near = did_you_mean(name, schema.spellings())
    tables = ", ".join(table.label for table in schema.tables)
    return Problem(
        f"{name} is no table{near}" if near else f"{name} is no table; the database has {tables}", table=name
    )


def counted_per_one_another(tables: Iterable[Table]) -> Problem:
    """Tables ask for rows per one another."""
    names = " and ".join(table.label for table in tables)
    return Problem(f"{names} count their rows per one another", "give one of them a count")


def holds_more_for_one(table: Table, per: tuple[str, int], most: int, constraint: str) -> Problem:
    """A row of a parent has more rows already than the spec asks for."""
    parent, number = per
    return Problem(
        f"{table.label} already holds {most} rows for one of {parent}, more than the {number} for each that were "
        "asked for",
        f"write per={{{parent!r}: {most}}} or more",
        table=table.label,
        constraint=constraint,
    )


def holds_more(table: Table, present: int, count: int) -> Problem:
    """A table has more rows already than the spec asks for."""
    more = (
        f", or {notation().arguments([(table.label, Amount(add=count))])} for {count} more" if count else ""
    )
    return Problem(
        f"{table.label} holds {present} row{'s' if present > 1 else ''} {notation().loaded}, more than the {count} "
        "asked for",
        f"write {notation().arguments([(table.label, Amount(present))])} or more{more}",
        table=table.label,
    )


def heirs_hold_more(table: Table, asked: TableSpec, present: int, heirs: Mapping[TableName, int]) -> Problem:
    """The tables that inherit from a table will have more rows than the table is asked to have with them.

    Args:
        present: the table's own rows that the load put there.
        heirs: rows after the seed of the inheriting tables.
    """
    shown = ", ".join(f"{name.name}={count}" for name, count in heirs.items() if count)
    least = present + sum(heirs.values())
    wanted = f"{asked.add} more rows" if asked.add is not None else f"{asked.count} rows"
    return Problem(
        f"{table.label} is asked to have {wanted}, and the rows of the tables that inherit from it are rows of "
        f"{table.label} as well: {shown}",
        f"write {notation().arguments([(table.label, Amount(least))])} or more, which includes them",
        table=table.label,
    )


def not_counted_per(table: Table, parent: str, why: str) -> Problem:
    """A table does not reference the parent for whose rows its own are counted."""
    return Problem(
        f"{table.label} with per={{{parent!r}: ...}}: {why}",
        "correct it, or give it a count",
        table=table.label,
    )


def drawn_without_reference(table: Table, drawn: Drawn) -> Problem:
    """The column that determines the parent of a drawn number is in no foreign key."""
    near = did_you_mean(drawn.column, [name for key in table.foreign_keys for name in key.columns])
    return Problem(
        f"{table.label} gets 1 to {drawn.most} rows for each row that {drawn.column} references, but it has "
        f"no such foreign key{near}",
        f"write the count of {table.label}",
        table=table.label,
        columns=(drawn.column,),
    )


def drawn_without_parent(table: Table, drawn: Drawn) -> Problem:
    """The parent of a drawn number does not exist."""
    return Problem(
        f"{table.label} gets 1 to {drawn.most} rows for each of {drawn.shown}, and there is no table "
        f"{' or '.join(drawn.parents)}",
        f"write the count of {table.label}",
        table=table.label,
    )


def drawn_for_none(table: Table, drawn: Drawn, parent: Table) -> Problem:
    """The parent of a drawn number is empty."""
    return Problem(
        f"{table.label} gets 1 to {drawn.most} rows for each of {parent.label}, which is empty",
        "have the schema's load put rows there, or ask for some",
        table=table.label,
    )


def empty_parent(
    table: Table, foreign_key: ForeignKey, parent: Table, why: str, check: Check | None
) -> Problem:
    """A required parent would be empty; ``missing_parents`` adds the advice when it knows all of them."""
    triggers = dict.fromkeys(table.column(name).required_by for name in foreign_key.columns)
    by = check.name if check else ", ".join(f"trigger {name}" for name in triggers if name)
    return Problem(
        f"{table.label} needs rows of {parent.label} for "
        f"{', '.join(foreign_key.columns)}{f' ({by})' if by else ''}, which {why}",
        table=table.label,
        columns=foreign_key.columns,
        constraint=foreign_key.name,
    )


def too_few_for_joined(table: Table, total: int, joined: Sequence[tuple[str, int]], own: int) -> Problem:
    """A table has fewer rows than those of the tables that join it, each of which is one of its own.

    Args:
        joined: the name and the rows of each table that joins it.
        own: present rows that no other table joins.
    """
    parts = [f"{label}={rows}" for label, rows in joined if rows]
    if own:
        parts.append(f"{own} that {'is' if own == 1 else 'are'} there already")
    needed = sum(rows for _, rows in joined) + own
    return Problem(
        f"{table.label} asks for {total} row{'' if total == 1 else 's'}, but {' and '.join(parts)} are {needed} rows "
        "of it: a model that inherits from another one has a row in both tables",
        table=table.label,
    )


def nothing_but_joined(table: Table, total: int, joined: Sequence[tuple[str, int]]) -> Problem:
    """A table has rows that would be of no class, because all classes have joined tables."""
    parts = " or ".join(label for label, _ in joined)
    asked = [f"{label}={rows}" for label, rows in joined if rows]
    others = f", and there are {' and '.join(asked)}" if asked else ""
    return Problem(
        f"{table.label} asks for {total} row{'' if total == 1 else 's'}, each of which has to be one of {parts}"
        f"{others}: no model has rows in that table alone",
        table=table.label,
    )


def required_cycle(tables: Sequence[Table]) -> Problem:
    """Tables require rows of one another.

    Args:
        tables: along the cycle, the first again at the end.
    """
    drawn = " -> ".join(table.label for table in tables)
    return Problem(
        f"{drawn}: each needs a row of the next one first, so no row can be inserted by itself",
        "make a foreign key of this cycle nullable or DEFERRABLE",
    )


def single_row_needs_another(table: Table, check: Check) -> Problem:
    """A single row would have to reference another one of its table."""
    return Problem(
        f"{table.label} asks for 1 row, but {check.name} forbids it to reference itself, and there is no other",
        "ask for at least 2, which reference each other",
        table=table.label,
        columns=tuple(check.columns),
        constraint=check.name,
    )


def without_partitions(table: Table, asked: int) -> Problem:
    """A partitioned table has no partition."""
    return Problem(
        f"{table.label} asks for {asked} rows, but it is partitioned and has no partition",
        f"have the schema make one, CREATE TABLE ... PARTITION OF {table.label} DEFAULT, or write "
        f"{notation().arguments([(table.label, Amount(0))])}",
        table=table.label,
    )


def row_security_holds(table: Table) -> Problem:
    """The policies of a table hold for the role that seeds it, which does not own it."""
    return Problem(
        f"{table.label} has row-level security, which holds for the role that seeds it: it does not own the table, "
        "and lacks BYPASSRLS",
        "have that role create the table, or be a member of its owner; or name a superuser, or a role with BYPASSRLS, "
        f"in {notation().server}; or write {notation().arguments([(table.label, Amount(0))])}",
        table=table.label,
    )


# ---- unique keys and ranges


def unique_key_full(plan: TablePlan, possible: int, key: UniqueKey, given_by: str, *, more: bool) -> Problem:
    """Rows cannot be allocated: there are too few rows, or values, for a unique key to combine.

    Args:
        possible: the most rows that the key allows.
        given_by: what makes its values, and how many.
        more: whether more rows of referenced tables would help.
    """
    others = ", or for more of what is referenced" if more else ""
    return Problem(
        f"{plan.table.label} asks for {plan.count} rows, but {key.name} makes {', '.join(key.columns)} unique, and "
        f"{given_by}",
        f"ask for at most {possible}{others}",
        table=plan.table.label,
        columns=tuple(key.columns),
        constraint=key.name,
    )


def unique_key_exhausted(plan: TablePlan, possible: int, key: UniqueKey, given_by: str) -> Problem:
    """The columns of a unique key have too few values by themselves.

    Args:
        possible: the most rows that the key allows, present ones included.
        given_by: what limits them, as a clause.
    """
    what = ", ".join(key.columns)
    if key.expression or key.partial:
        what = key.definition.partition(" USING ")[2].partition(" ")[2] or what
    return Problem(
        f"{plan.table.label} asks for {plan.count} rows, but {key.name} makes {what} unique, and {given_by}",
        f"ask for at most {possible}",
        table=plan.table.label,
        columns=tuple(key.columns),
        constraint=key.name,
    )


def one_row_only(plan: TablePlan, exclusion: Exclusion) -> Problem:
    """An EXCLUDE constraint compares constants, so that a table can have one row."""
    return Problem(
        f"{plan.table.label} asks for {plan.count} rows, but any two rows conflict by {exclusion.name} "
        f"{exclusion.definition}",
        "ask for at most 1",
        table=plan.table.label,
        constraint=exclusion.name,
    )


def not_allocated(table: Table, why: object) -> Problem:
    """No allocation was found."""
    return Problem(f"{table.label}: {why}", "ask for fewer rows", table=table.label)


def fewer_allocated(table: Table, total: int, possible: int, why: object) -> Problem:
    """An allocation was found for fewer rows only."""
    fewer = f"ask for at most {possible}" if possible else "ask for none"
    return Problem(
        f"{table.label} asks for {total} rows, but {why}",
        f"{fewer}, or for more of what is referenced",
        table=table.label,
    )


def none_allowed(table: Table, foreign_key: ForeignKey, column: str, values: Collection[object]) -> Problem:
    """No row that a required foreign key may reference by the models can be among those with the only values."""
    assert foreign_key.limit is not None  # noqa: S101 for the type checker
    allowed = dict(foreign_key.limit.values)[column]
    value: object = allowed[0] if len(allowed) == 1 else list(allowed)
    parent = foreign_key.referenced.name
    filled = (parent, Amount(Placeholder(), columns=((column, value),)))
    return Problem(
        f"{table.label}.{', '.join(foreign_key.columns)} is NOT NULL, and {foreign_key.limit.name} allows rows of "
        f"{parent} whose {column} is {_or(allowed)}, but all of them have {_or(values)}",
        f"have some with a value that it allows, as in {notation().arguments([filled])}",
        table=table.label,
        columns=foreign_key.columns,
        constraint=foreign_key.name,
    )


def _or(values: Collection[object]) -> str:
    return " or ".join(abbreviated(value) for value in islice(values, 5)) or "no value"


def too_few_allowed(parent: Table, limits: Iterable[str], rows: int, needed: int) -> Problem:
    """A table has fewer rows than limits that exclude one another."""
    return Problem(
        f"{parent.label} gets {rows} row{'' if rows == 1 else 's'}, and no row is allowed by "
        f"{' and by '.join(dict.fromkeys(limits))} at once",
        f"ask for at least {needed}",
        table=parent.label,
    )


def nothing_to_reference(table: Table, foreign_key: ForeignKey) -> Problem:
    """A required foreign key has no value that a row of the referenced table has."""
    if foreign_key.limit is not None:
        return _none_within(table, foreign_key, foreign_key.limit)
    referenced, columns = foreign_key.referenced, ", ".join(foreign_key.referenced_columns)
    checks = [check.name for check in table.checks if set(check.columns) & set(foreign_key.columns)]
    judged = {column for check in table.checks for column in check.columns}
    pairs = zip(foreign_key.columns, foreign_key.referenced_columns, strict=True)
    # Only the column that a CHECK reads decides whether it accepts a composite key, so the message names that one.
    decisive = next((there for here, there in pairs if here in judged), foreign_key.referenced_columns[0])
    fitting = f" that {' and '.join(checks)} accept{'s' if len(checks) == 1 else ''}" if checks else ""
    filled = (referenced.name, Amount(Placeholder(), columns=((decisive, Placeholder(listed=True)),)))
    return Problem(
        f"{table.label}.{', '.join(foreign_key.columns)} is NOT NULL and references {columns} of {referenced}, but no "
        f"row there has a value of it{fitting} ({foreign_key.name})",
        f"have {referenced.name} filled with values of {columns}, as in {notation().arguments([filled])}",
        table=table.label,
        columns=foreign_key.columns,
        constraint=foreign_key.name,
    )


def _none_within(table: Table, foreign_key: ForeignKey, limit: ReferencedLimit) -> Problem:
    """A required foreign key may reference none of the rows that there are by the models."""
    parent = foreign_key.referenced.name
    demanded = " and ".join(f"{column} = {_or(values)}" for column, values in limit.values)
    columns: list[tuple[str, object]] = [(column, values[0]) for column, values in limit.values if values]
    if not limit.whole and limit.check is not None:
        demanded = limit.check.text
        columns = [(column, Placeholder(listed=True)) for column in limit.check.columns]
    shown = notation().arguments([(parent, Amount(Placeholder(), columns=tuple(columns)))])
    return Problem(
        f"{table.label}.{', '.join(foreign_key.columns)} is NOT NULL, but {limit.name} allows no row of {parent} that "
        f"there is{f', for it demands {demanded}' if demanded else ''} ({foreign_key.name})",
        f"have {parent} filled with rows that it allows{f', as in {shown}' if columns else ''}",
        table=table.label,
        columns=foreign_key.columns,
        constraint=foreign_key.name,
    )


def none_agree(table: Table, foreign_keys: Sequence[ForeignKey], amount: int) -> Problem:
    """No referenced rows have the same values in the columns that foreign keys share."""
    tables = " and ".join(dict.fromkeys(key.referenced.name for key in foreign_keys))
    names = ", ".join(key.name for key in foreign_keys)
    every = [column for key in foreign_keys for column in key.columns]
    columns = tuple(dict.fromkeys(every))
    if len(foreign_keys) == 1:
        return Problem(
            f"{table.label} asks for {amount} rows, but there is no row of {tables} for {names}",
            "ask for some",
            table=table.label,
            columns=columns,
            constraint=names,
        )
    shared = tuple(column for column in columns if every.count(column) > 1) or columns
    return Problem(
        f"{table.label} asks for {amount} rows, but no rows of {tables} agree in {', '.join(shared)} ({names})",
        f"ask for more of {tables}, so that they do, or for none of {table.label}",
        table=table.label,
        columns=shared,
    )


def numbers_end(
    table: Table, column: Column, total: int, reason: str, numbers: tuple[int, int, int]
) -> Problem:
    """A numbered column has fewer numbers than there are rows.

    Args:
        total: rows asked for.
        reason: what limits the numbers.
        numbers: the first, the last, and how many there are.
    """
    first, last, possible = numbers
    left = f"count only from {first} to {last}"
    if first > last and column.sequence is not None and column.sequence.following is not None:
        left = f"count only to {last}, and all of its numbers are taken"
    return Problem(
        f"{table.label} asks for {total} rows, but {reason} lets {table.label}.{column.name} {left}",
        f"ask for at most {possible}",
        table=table.label,
        columns=(column.name,),
    )


# ---- columns and supplied values


def no_value(table: Table, column: Column, rows: int) -> Problem:
    """A column is NOT NULL, and the package makes no values of its type."""
    binding = column.declared.binding if column.declared is not None else None
    of_type = f"no value of type {column.type.text} can be made"
    if binding is not None and binding.type is None:
        of_type = f"what {binding.name} takes cannot be told from it"
    elif column.type.unavailable:
        of_type += f" ({column.type.unavailable})"
    return Problem(
        f"{table.label}.{column.name} is NOT NULL, and {of_type}",
        f"give some, as in {override(table, rows, column.name)}"
        f"{notation().everywhere(f'{table.label}.{column.name}')}",
        table=table.label,
        columns=(column.name,),
    )


def unknown_column(table: Table, name: str) -> Problem:
    """A marker has a value for a column that does not exist."""
    names = [column.name for column in table.columns]
    # In the long form of a count, columns stand beside its own words.
    near = did_you_mean(name, names) or did_you_mean(name, (*COUNT_KEYS, "spread", "columns"))
    return Problem(
        f"{table.label} has no column {name!r}{near}" + ("" if near else f"; it has {', '.join(names)}"),
        table=table.label,
        columns=(name,),
    )


def category_twice(table: Table, column: str) -> Problem:
    """A marker has a column by its name, and by the name that a configuration gives it."""
    what = f"{table.label}.{column} is given twice, as category and as categories"
    return Problem(what, table=table.label, columns=(column,))


def value_of_generated_column(table: Table, column: str) -> Problem:
    """A marker has a value for a generated column."""
    return Problem(
        f"{table.label}.{column} is a generated column, PostgreSQL computes it",
        "leave it out",
        table=table.label,
        columns=(column,),
    )


def unusable_value(table: Table, column: Column, value: object, why: object) -> Problem:
    """A supplied value is none that a column can store."""
    what = f"{table.label}.{column.name}={abbreviated(value)}"
    return Problem(f"{what}: {why}", table=table.label, columns=(column.name,))


def function_in_list(table: Table, column: Column, value: object) -> Problem:
    """A list of choices has a function."""
    return replace(
        unusable_value(table, column, value, "a list holds values, not functions"),
        advice="give the function itself",
    )


def not_null(table: Table, column: Column, value: object) -> Problem:
    """NULL is supplied for a column that is NOT NULL."""
    by = f"trigger {column.required_by} refuses NULL" if column.required_by else "the column is NOT NULL"
    return replace(unusable_value(table, column, value, by), advice="give another value, or leave it out")


def not_allowed(table: Table, column: Column, value: object, allowed: Collection[object]) -> Problem:
    """A supplied value is not among those that a column allows."""
    listed = ", ".join(map(repr, allowed))
    near = did_you_mean(value, map(str, allowed))
    return unusable_value(table, column, value, f"the column takes only {listed}{near}")


def too_long(table: Table, column: Column, value: str) -> Problem:
    """A supplied text is longer than its column."""
    return unusable_value(
        table, column, value, f"the column is {column.type.text}, and this has {len(value)} characters"
    )


# ---- supaseed_generators

_FIXTURE = "supaseed_generators"


def key_no_text(key: object) -> Problem:
    """A key of the generators is no text."""
    return Problem(
        f"{_FIXTURE} has the key {abbreviated(key)}, which is no text",
        "write 'table.column', 'schema.table.column', '*.column' or 'table.*'",
    )


def key_is_table(key: str) -> Problem:
    """A key of the generators is a table."""
    return Problem(
        f"{_FIXTURE} has {key!r}, which is a table",
        f"write '{key}.*' for a factory, or for a mapping of columns",
        table=key,
    )


def key_of_several(key: str, tables: Sequence[Table]) -> Problem:
    """A key of the generators stands for columns of several tables."""
    name, _, column = key.rpartition(".")
    keys = [f"'{table.name}.{column}'" for table in tables]
    return Problem(
        f"{_FIXTURE} has {key!r}, and {len(tables)} tables that are not in the search path are called {name}",
        f"write {' or '.join(keys)}",
        table=name,
        columns=(column,),
    )


def unknown_key(key: str, known: Iterable[str]) -> Problem:
    """A key of the generators is no column."""
    return Problem(
        f"{_FIXTURE} has {key!r}, which is no column",
        "write 'table.column', 'schema.table.column' or '*.column', or 'table.*' for a factory"
        f"{did_you_mean(key, sorted(known))}",
    )


def unreadable_mapping(table: Table, origin: Origin, why: str) -> Problem:
    """A mapping among the generators raises when it is read."""
    return Problem(f"{origin} is a mapping that cannot be read: {why}", table=table.label)


def unknown_column_of_mapping(table: Table, origin: Origin, name: object) -> Problem:
    """A mapping among the generators has a key that is no column."""
    names = [column.name for column in table.columns]
    return Problem(
        f"{origin} has {abbreviated(name)}, and {table.label} has no such column"
        + (did_you_mean(name, names) or f"; it has {', '.join(names)}"),
        table=table.label,
    )


def no_factory(table: Table, origin: Origin, value: object) -> Problem:
    """The generator of a whole table is neither a factory nor a mapping."""
    return Problem(
        f"{origin} is {abbreviated(value)}",
        "write a factory of factory_boy or polyfactory, or a mapping of column names to values, lists and functions",
        table=table.label,
    )


def factory_without_model(table: Table, origin: Origin, factory: str) -> Problem:
    """A factory among the generators is abstract."""
    what = f"{origin} is {factory}, which has no model to build"
    return Problem(what, "write one of its subclasses", table=table.label)


def factory_of_another(table: Table, origin: Origin, factory: str, model: object) -> Problem:
    """A factory among the generators has none of the columns."""
    names = ", ".join(column.name for column in table.columns)
    return Problem(
        f"{origin} is {factory}, which has none of the columns of {table.label}: {names}; it builds "
        f"{getattr(model, '__name__', model)}",
        table=table.label,
    )


def factory_for_column(table: str, origin: Origin, factory: str) -> Problem:
    """A factory stands for a single column."""
    return Problem(
        f"{origin} is {factory}, a factory, which has values for all columns of a table",
        f"write '{'table' if table == '*' else table}.*'",
        table=table,
    )


def computed_key(key: str, origin: Origin) -> Problem:
    """A key of the generators is a generated column."""
    return Problem(
        f"{origin}: {key} is a generated column, PostgreSQL computes it",
        "leave it out",
        table=key.rpartition(".")[0],
    )


# ---- what PostgreSQL says of supplied values


@dataclass(frozen=True)
class SuppliedValues:
    """Values that a marker or a generator supplies for some columns, as messages show them.

    Attributes:
        table: the table.
        columns: the columns.
        text: the columns with their values.
        origin: the generators that supply them; empty for a marker.
    """

    table: Table
    columns: tuple[str, ...]
    text: str
    origin: str

    @property
    def them(self) -> str:
        """``it`` or ``them``, for a sentence about the values."""
        return "it" if len(self.columns) == 1 else "them"

    def problem(self, wrong: str, advice: str, constraint: str = "") -> Problem:
        """Return a problem of the values."""
        return Problem(
            f"{self.text}{wrong}",
            advice,
            table=self.table.label,
            columns=self.columns,
            constraint=constraint,
            origin=self.origin,
        )


def value_not_parsed(supplied: SuppliedValues, said: str) -> Problem:
    """The type of a column does not read a value."""
    return supplied.problem(f": PostgreSQL says: {said}", "give another value")


def _others(supplied: SuppliedValues) -> str:
    return "give another value" if len(supplied.columns) == 1 else "give others"


def refused_by_check(supplied: SuppliedValues, check: Check, *, each: bool) -> Problem:
    """A CHECK, or the bounds of all partitions, refuse values.

    Args:
        each: whether it is each combination of several lists.
    """
    them = f"{'each combination of ' if each else ''}{supplied.them}"
    refuses = f"no partition takes {them}" if check.partitions else f"{_worded(check)} refuses {them}"
    return supplied.problem(f": {refuses}", _others(supplied), check.name)


def failed_check(supplied: SuppliedValues, check: Check, said: str) -> Problem:
    """The expression of a CHECK raises an error."""
    return supplied.problem(f": {_worded(check)}: PostgreSQL says: {said}", _others(supplied), check.name)


def _worded(check: Check) -> str:
    return f"{check.name} CHECK ({check.text})"


def too_few_distinct(supplied: SuppliedValues, key: UniqueKey, most: int, new: int, present: int) -> Problem:
    """A unique key allows fewer rows with the supplied values than the spec asks for.

    Args:
        most: the most rows that it allows.
        new: the new rows asked for.
        present: rows before the seed.
    """
    unique = f"{', '.join(key.columns)} unique"
    rows = {0: "no more rows can", 1: "only one row can"}.get(most, f"only {most} rows can")
    if key.partial or key.expression:
        unique = f"rows unique by {key.definition.partition(' USING ')[2]}"
    function = " or a function" if notation().functions else ""
    return supplied.problem(
        f" for {new} rows: {key.name} makes {unique}, so {rows} have {supplied.them}",
        f"ask for at most {most + present}, give {new} different values{function}, or leave "
        f"{' or '.join(supplied.columns)} out",
        key.name,
    )


def values_excluded(supplied: SuppliedValues, exclusion: Exclusion, new: int) -> Problem:
    """An EXCLUDE constraint allows only one row with the values."""
    given = "a function that takes (faker, row)" if notation().functions else "more values"
    return supplied.problem(
        f" for {new} rows: {exclusion.name} {exclusion.definition} lets only one row have them",
        f"give {given}, or leave one of them out",
        exclusion.name,
    )


def references_nothing(supplied: SuppliedValues, foreign_key: ForeignKey, keys: str) -> Problem:
    """No row has the values that a foreign key references.

    Args:
        keys: which keys the rows of the plan will have.
    """
    own = supplied.columns
    others = "a value" if len(own) == 1 else "values"
    return supplied.problem(
        f": {foreign_key.name} references {', '.join(foreign_key.referenced_columns)} of "
        f"{foreign_key.referenced}, and no row there will have {supplied.them}{keys}",
        f"give {others} that a row has, or leave {', '.join(own)} out",
        foreign_key.name,
    )
