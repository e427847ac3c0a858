"""What PostgreSQL says of rows, in words: table, column, constraint, the row, and what to write."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import psycopg2

from pytest_supaseed.constraints.triggers import columns_of_triggers
from pytest_supaseed.errors import WriteError
from pytest_supaseed.model.schema import Check, Exclusion, ForeignKey, Schema, Table, UniqueKey
from pytest_supaseed.planning.sources import override
from pytest_supaseed.rows.blocks import Feed
from pytest_supaseed.rows.unique import chosen_columns
from pytest_supaseed.spec import marker_arguments
from pytest_supaseed.wording import abbreviated

# Classes of errors that are about a function, not about what it was called for: no such table, no RETURN.
_OF_THE_CODE = ("42", "2F")


# Of that class as well, but triggers raise it for whom they do not let in.
_NOT_ALLOWED = "42501"


_FUNCTION = re.compile(r"\S+ function ")


_LINE = re.compile(r"\bline (\d+)")


class RefusedRowError(WriteError):
    """PostgreSQL refused some rows, all of which are undone; what it said, in words.

    Args:
        message: for the user.
        line: of the rows, from 1, the one that it refuses; None where it does not tell.
        constraint: name of the constraint, empty where it is none.
        columns: what it is about, as far as that can be told.
        inside_trigger: whether a trigger's function raised the error, or dropped the row.
        broken: whether the function itself is wrong, or needs what is not there: no row will do.
    """

    def __init__(
        self,
        message: str,
        line: int | None = None,
        constraint: str = "",
        columns: Sequence[str] = (),
        *,
        inside_trigger: bool = False,
        broken: bool = False,
    ) -> None:
        super().__init__(message)
        self.line = line
        self.constraint = constraint
        self.columns = tuple(columns)
        self.inside_trigger = inside_trigger
        self.broken = broken


def refusal(
    table: Table | None, error: psycopg2.Error, feed: Feed | None = None, total: int = 8
) -> RefusedRowError:
    """Word what PostgreSQL says of a row: table, column, constraint, the row, and the override to write.

    Args:
        table: the table that was written to, None if it is not known.
        error: PostgreSQL's.
        feed: the rows, for the one that it refuses.
        total: the rows that the table will hold.
    """
    diagnostics = error.diag
    label = table.label if table else (diagnostics.table_name or "the database")
    columns = _columns_concerned(table, error)
    message = (diagnostics.message_primary or str(error)).strip()
    lines = [f"{label}: PostgreSQL refuses a row: {message}"]
    constraint = _constraint(table, diagnostics.constraint_name)
    if constraint:
        lines.append(f"  constraint: {constraint}")
    if diagnostics.message_detail and "Failing row" not in diagnostics.message_detail:
        lines.append(f"  detail: {diagnostics.message_detail}")
    context = diagnostics.context or ""
    inside_trigger = "function" in context
    if inside_trigger:
        # A statement comes before the function that it is in, and may run over several lines.
        parts = context.splitlines()
        where = next(filter(_FUNCTION.match, parts), parts[0])
        lines.append(f"  in: {where}")
    found = _LINE.search(context.rpartition("COPY")[2]) if "COPY" in context else None
    line = int(found[1]) if found is not None else None
    if line is None and feed is not None and feed.rows == 1:
        line = 1
    row = feed.row(line) if feed is not None and line is not None else {}
    if inside_trigger and table is not None:
        columns = [name for name in columns_of_triggers(table, context) if name in row]
    shown = {name: row[name] for name in columns if name in row} or row
    code = error.pgcode or ""
    broken = inside_trigger and code[:2] in _OF_THE_CODE and code != _NOT_ALLOWED
    if broken:
        lines.append("  no other row helps: the function is wrong, or needs what the schema has not loaded")
    else:
        lines += _about_row(table, columns, shown, feed, total)
    return RefusedRowError(
        "\n".join(lines),
        line,
        diagnostics.constraint_name or "",
        columns,
        inside_trigger=inside_trigger,
        broken=broken,
    )


def _about_row(
    table: Table | None, columns: Sequence[str], shown: Mapping[str, Any], feed: Feed | None, total: int
) -> Iterator[str]:
    """The row, where its values come from, and what to write instead."""
    if shown:
        yield "  row: " + ", ".join(f"{name}={abbreviated(value)}" for name, value in shown.items())
    origins = feed.origins if feed is not None else {}
    yield from (f"  {name} comes from {origins[name]}" for name in shown or columns if name in origins)
    if table is not None and columns:
        argument = override(table, total, columns[0], "[...]")
        yield f"  give values that it accepts: {argument}, or a function that takes (faker, row)"


def late_refusal(schema: Schema, error: psycopg2.Error) -> RefusedRowError:
    """Word what PostgreSQL says when all rows are there: of a deferred constraint or trigger.

    Args:
        schema: the schema.
        error: PostgreSQL's.
    """
    called = re.search(r"function (?:[\w\"]+\.)?\"?(\w+)\"?\(", error.diag.context or "")
    for table in schema.tables:
        if table.name.name == error.diag.table_name:
            return refusal(table, error)
        for trigger in table.triggers:
            if called and trigger.deferrable and trigger.function.rpartition(".")[2] == called[1]:
                words = set(re.findall(r"\w+", trigger.source))
                others = [
                    other.label for other in schema.tables if other.name.name in words and other != table
                ]
                asked = marker_arguments([(other, "...") for other in others])
                return RefusedRowError(
                    str(refusal(table, error))
                    + f"\n  trigger: {trigger.name}, when all rows are there"
                    + (
                        f"\n  its function looks at {', '.join(others)}: ask for rows there, {asked}"
                        if others
                        else ""
                    ),
                    inside_trigger=True,
                )
    return refusal(None, error)


def dropped(table: Table, amount: int, inserted: int, feed: Feed) -> RefusedRowError:
    """Word that a trigger has dropped rows: one that is fired before a row is there can do so without a word.

    Args:
        table: the table.
        amount: the rows that were written.
        inserted: those of them that are there.
        feed: the rows.
    """
    triggers = [trigger for trigger in table.triggers if trigger.on_insert and trigger.before]
    called = " or ".join(f"{trigger.name} ({trigger.function})" for trigger in triggers)
    lines = [
        f"{table.label}: {amount - inserted} of {amount} rows were not inserted: the trigger {called} returned "
        "NULL for them"
    ]
    if amount == 1:
        shown = ", ".join(f"{name}={abbreviated(value)}" for name, value in feed.row(1).items())
        lines.append(f"  row: {shown}")
    lines.append(f"  give values that it lets pass, or leave {table.label} out")
    return RefusedRowError("\n".join(lines), inside_trigger=True)


def _columns_concerned(table: Table | None, error: psycopg2.Error) -> Sequence[str]:
    """The columns that a refusal is about; for a generated one those that it is computed from."""
    if table is None:
        return ()
    return chosen_columns(table, filter(table.has_column, _columns_named(table, error)))


def _columns_named(table: Table, error: psycopg2.Error) -> Sequence[str]:
    name = error.diag.constraint_name
    if name:
        constraints: list[UniqueKey | ForeignKey | Check | Exclusion] = [
            *table.uniques,
            *table.foreign_keys,
            *table.checks,
            *table.exclusions,
        ]
        for constraint in constraints:
            if constraint.name == name and constraint.columns:
                return constraint.columns
        for column in table.columns:
            if any(check.name == name for check in column.type.checks):
                return (column.name,)
    if error.diag.column_name:
        return (error.diag.column_name,)
    match = re.search(r"COPY .*, column ([^:]+):", error.diag.context or "")
    if match:
        return (match[1],)
    # Of a partition key only the detail tells the columns.
    match = re.search(r"\((.+?)\) ?= ?\(", error.diag.message_detail or "")
    return [part.strip('"') for part in match[1].split(", ")] if match else ()


def _constraint(table: Table | None, name: str | None) -> str:
    if not name:
        return ""
    if table is not None:
        checks = [*table.checks, *(check for column in table.columns for check in column.type.checks)]
        for check in checks:
            if check.name == name:
                return f"{name} CHECK ({check.text})"
        for unique in table.uniques:
            if unique.name == name:
                return unique.definition or name
        for exclusion in table.exclusions:
            if exclusion.name == name:
                return f"{name} {exclusion.definition}"
    return name
