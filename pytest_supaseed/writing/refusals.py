"""Errors of PostgreSQL about rows, as messages: table, column, constraint, the row, and the override to write.

:func:`refusal` is for an error on a statement, :func:`late_refusal` for one of a deferred constraint or
trigger, :func:`dropped` for rows that a trigger discards without an error, and :func:`misplaced` for rows that it moves
into a table which the marker asks for as well. Each returns a
:class:`RefusedRowError`, from whose :class:`Cause` :mod:`pytest_supaseed.repair.insert` chooses replacements for the
row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pytest_supaseed.constraints.balances import sums_over
from pytest_supaseed.constraints.functions import (
    assigned_in,
    columns_of_triggers,
    functions_named,
    triggers_of,
)
from pytest_supaseed.errors import WriteError
from pytest_supaseed.model.schema import (
    Check,
    Column,
    Exclusion,
    ForeignKey,
    Schema,
    Table,
    TableName,
    Trigger,
    UniqueKey,
)
from pytest_supaseed.notation import Amount, Placeholder, notation, written_for
from pytest_supaseed.rows.unique import chosen_columns
from pytest_supaseed.wording import abbreviated
from pytest_supaseed.writing.feed import Feed

if TYPE_CHECKING:
    import psycopg2


# SQLSTATE classes of errors in a function's code, such as an undefined table, a missing RETURN, an undefined schema, or
# a feature that the server was built without. A function may raise them on purpose, too, because of a row.
_OF_THE_CODE = ("42", "2F", "3F", "0A")
_ON_PURPOSE = " at RAISE"
# A statement that is put together at run time, perhaps of the row's values.
_AT_EXECUTE = " at EXECUTE"
_WORD = re.compile(r"[^\W_]{3,}")
# insufficient_privilege is in class 42 as well, but triggers raise it where a row's user may not insert.
_NOT_ALLOWED = "42501"
_NOT_SUPPORTED = "0A000"
_FUNCTION = re.compile(r"\S+ function ")
_LINE = re.compile(r"\bline (\d+)")
_FOREIGN_KEY_VIOLATION = "23503"
_KEY = re.compile(r"Key \((?P<columns>.*)\)=\((?P<values>.*)\) is not present in table ")
_NOT_NULL_VIOLATION = "23502"


@dataclass(frozen=True)
class Advice:
    """What to do about a refused row, as far as is known; :meth:`words` is the only place that writes it.

    Attributes:
        table: the table of the row.
        total: its planned row count.
        columns: those whose values may be the reason; empty where that is not known.
        tried: whether other specs were tried, and none helped.
        unread: whether none of the row's values matters.
        others: the tables whose rows may be the reason, as markers spell them.
        settings: the settings that may be the reason.
        instead: what helps for certain; empty for nothing.
    """

    table: Table
    total: int
    columns: tuple[str, ...] = ()
    tried: bool = False
    unread: bool = False
    others: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    instead: str = ""

    def words(self) -> str:
        """Return the advice as the last line of a message.

        Example:
            >>> print(Advice(Table(TableName("public", "t")), 3, tried=True, unread=True).words())
              it looks at none of the row's values, so that no marker helps: leave t out
        """
        ways = [f"leave {self.table.label} out"]
        if self.others:
            ways.insert(0, f"give {' and '.join(self.others)} rows that it accepts")
        if self.settings:
            values = notation().options({"settings": dict.fromkeys(self.settings, "...")})
            ways.insert(0, f"set what it accepts, as in {values}")
        known = self.others or self.settings
        way = ", or ".join(ways)
        if self.instead:
            return f"  {self.instead}"
        if self.unread:
            return (
                f"  it looks at none of the row's values{'' if known else ', so that no marker helps'}: {way}"
            )
        if not self.columns:
            return f"  {'nothing that was tried helps: ' if self.tried else ''}{way}"
        given = tuple((column, Placeholder(listed=True)) for column in self.columns)
        values = notation().arguments([(self.table.label, Amount(self.total, columns=given))])
        values += notation().or_function
        if self.tried:
            return f"  nothing that was tried helps; not tried: values of yours, as in {values}"
        return f"  give values that it accepts: {values}"


@dataclass(frozen=True)
class AbsentKey:
    """A key that a row references, and that no row has.

    Attributes:
        table: of the row that references it.
        constraint: the foreign key.
        values: as texts, in the order of the foreign key's columns.
    """

    table: TableName
    constraint: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Cause:
    """What PostgreSQL says of a refused row.

    Attributes:
        line: number of the row, from 1; None where PostgreSQL names none.
        constraint: the constraint's name, empty where none is violated.
        columns: those that the error is about, as far as it says.
        inside_trigger: whether a trigger's function raised the error or dropped the row.
        broken: whether the function's code is wrong or needs a missing object, so that it refuses every row.
        place: the SQLSTATE, with the constraint or the line of the function: it is the same for two rows that are
            refused for one reason, whatever their values.
        triggers: the names of the triggers whose functions the error names.
        referencing: the table and the foreign key that a trigger's function violates elsewhere; None for none.
        absent: the key that no row has, where a foreign key is violated; None for none.
    """

    line: int | None = None
    constraint: str = ""
    columns: tuple[str, ...] = ()
    inside_trigger: bool = False
    broken: bool = False
    place: str = ""
    triggers: tuple[str, ...] = ()
    referencing: tuple[TableName, str] | None = None
    absent: AbsentKey | None = None

    @property
    def named(self) -> str:
        """What has refused the row, in words."""
        if self.triggers:
            return f"trigger {', '.join(self.triggers)}"
        return (
            f"constraint {self.constraint}"
            if self.constraint
            else "a trigger"
            if self.inside_trigger
            else "a type"
        )


@dataclass(frozen=True)
class LateRefusal:
    """A deferred trigger that raises an error once all rows are there.

    Attributes:
        table: of the trigger.
        trigger: its name.
        looked_up: the tables that it looks into before.
        error: PostgreSQL's.
    """

    table: Table
    trigger: Trigger
    looked_up: frozenset[TableName]
    error: psycopg2.Error


class RefusedRowError(WriteError):
    """Rows that PostgreSQL refused, all of which are rolled back.

    Args:
        message: the error, the row, and where it is refused.
        cause: what PostgreSQL says.
        advice: the last line of the message, as data; None for none.
        table: the table; None where it is not known.
        row: the refused row, values by column; empty where it is not known.

    Attributes:
        tried: how many other rows were tried in the place of the refused one.
        accepted: the rows that the table held then; None where that is not known.
        late: the deferred triggers that raise an error, if it is about such.
        looked_up: the tables that inserting the row was observed to look into; None where it was not observed.
    """

    def __init__(
        self,
        message: str,
        cause: Cause,
        advice: Advice | None,
        table: Table | None = None,
        row: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        super().__init__(message)
        self._reader = notation()
        self.said = message
        self.cause = cause
        self.advice = advice
        self.table = table
        self.row = row
        self.tried = 0
        self.accepted: int | None = None
        self.late: Sequence[LateRefusal] = ()
        self.looked_up: frozenset[TableName] | None = None

    def __str__(self) -> str:
        # Not made before it is asked for: of the rows that are tried, one at most is reported.
        with written_for(self._reader):
            return f"{self.said}\n{self.advice.words()}" if self.advice else self.said

    def after(
        self,
        tried: int,
        accepted: int,
        looked_up: frozenset[TableName] | None = None,
        seconds: float | None = None,
    ) -> RefusedRowError:
        """Return the error for a row in whose place others were refused, too.

        Args:
            tried: the number of the others.
            accepted: the rows that the table held.
            looked_up: as the attribute.
            seconds: after which no more were tried; None where there were no more to try.
        """
        within = f" in {seconds:g} s, after which no more are" if seconds is not None else ""
        others = f"\n  nor does it take any of {tried} other rows that were tried{within}" if tried else ""
        found = type(self)(self.said + others, self.cause, self.advice, self.table, self.row)
        found.tried, found.accepted, found.looked_up = tried, accepted, looked_up
        return found

    def advised(self, lines: Sequence[str]) -> WriteError:
        """Return the error with lines on its reason, and on what to do, in place of its own advice."""
        return WriteError("\n".join((self.said, *lines)))


def refusal(
    table: Table | None, error: psycopg2.Error, feed: Feed | None = None, total: int = 8
) -> RefusedRowError:
    """Return PostgreSQL's error about a row as a message.

    Args:
        table: that was written to; None if it is not known.
        feed: the rows that were written, in which the refused one is looked up.
        total: the planned row count of the table.
    """
    message = (error.diag.message_primary or str(error)).strip()
    context = error.diag.context or ""
    # The context lists a statement, which may have several lines, before the function that contains it; the names and
    # the data in it may contain the word.
    function = next(filter(_FUNCTION.match, context.splitlines()), None)
    line = _line(context, feed)
    row = feed.row(line) if feed is not None and line is not None else {}
    code = _code(table, error, row, function)
    columns = _columns_at_fault(table, error, row, code)
    broken = function is not None and _is_broken(error, row, function, message)
    lines = [*_about_error(table, error, message), *code.lines(error)]
    if not broken:
        lines += _about_row(columns, {name: row[name] for name in columns if name in row} or row, feed)
    elif error.pgcode == _NOT_SUPPORTED:
        lines.append("  no other row helps: this server does not do it")
    else:
        lines.append("  no other row helps: the function is wrong, or needs what the schema has not loaded")
    advice = None
    if not broken and table is not None:
        advice = Advice(table, total, _most_likely(columns, row, message)) if columns else None
    constraint = error.diag.constraint_name or ""
    cause = Cause(
        line,
        constraint,
        tuple(columns),
        code.of_trigger,
        broken,
        f"{error.pgcode or ''} {function or constraint or message}",
        tuple(trigger.name for trigger in code.triggers),
        _referencing(error) if code.of_trigger else None,
        _absent(error),
    )
    return RefusedRowError("\n".join(lines), cause, advice, table, row)


@dataclass(frozen=True)
class _Code:
    """The code of the schema that PostgreSQL's error about a row comes from.

    Attributes:
        function: the line of the error's context that names the function; None for none.
        triggers: those that run the function.
        computed: the columns whose expression runs the function, where no trigger does.
        emptying: the triggers that set a NOT NULL column to NULL, without an error of their own.
    """

    function: str | None
    triggers: tuple[Trigger, ...] = ()
    computed: tuple[Column, ...] = ()
    emptying: bool = False

    @property
    def of_trigger(self) -> bool:
        """Whether the error comes from a function, which is as good as a trigger's, or from what a trigger has set."""
        return self.function is not None or self.emptying

    def lines(self, error: psycopg2.Error) -> list[str]:
        """Return the line of the message about the code, if there is any."""
        if self.emptying:
            named = " or ".join(trigger.name for trigger in self.triggers)
            return [f"  in: trigger {named}, which sets {error.diag.column_name} to NULL"]
        if self.function is None:
            return []
        places = [f"trigger {trigger.name}" for trigger in self.triggers]
        places += [
            f"{column.name} {'GENERATED AS' if column.generated else 'DEFAULT'} {column.default}"
            for column in self.computed
        ]
        return [f"  in: {', '.join([*places, self.function])}"]


def _code(table: Table | None, error: psycopg2.Error, row: Mapping[str, Any], function: str | None) -> _Code:
    """Return the code that an error about a row of a table comes from."""
    if table is None:
        return _Code(function)
    if function is None:
        emptying = _emptying(table, error, row)
        return _Code(None, emptying, emptying=bool(emptying))
    triggers = triggers_of(table, error.diag.context or "")
    return _Code(function, triggers, () if triggers else tuple(_computed_by(table, function)))


def _line(context: str, feed: Feed | None) -> int | None:
    """Return the number of the refused row, from 1; None where the error does not tell."""
    found = _LINE.search(context.rpartition("COPY")[2]) if "COPY" in context else None
    if found is not None:
        return int(found[1])
    return 1 if feed is not None and feed.rows == 1 else None


def _columns_at_fault(
    table: Table | None, error: psycopg2.Error, row: Mapping[str, Any], code: _Code
) -> Sequence[str]:
    """Return the columns that an error is about, as far as it or the code's text says."""
    if table is None or not code.of_trigger:
        return _columns_concerned(table, error)
    if code.computed:
        return chosen_columns(table, [column.name for column in code.computed])
    context = error.diag.context or ""
    if code.emptying:
        context = " ".join(f"function {each.function}()" for each in code.triggers)
    return [name for name in columns_of_triggers(table, context) if name in row]


def _is_broken(error: psycopg2.Error, row: Mapping[str, Any], function: str, message: str) -> bool:
    """Whether the function's code is wrong or needs a missing object, so that it refuses every row."""
    code = error.pgcode or ""
    return (
        code[:2] in _OF_THE_CODE
        and code != _NOT_ALLOWED
        and not function.endswith(_ON_PURPOSE)
        and not (function.endswith(_AT_EXECUTE) and _speaks_of(row, f"{message} {error.diag.internal_query}"))
    )


def _about_error(table: Table | None, error: psycopg2.Error, message: str) -> Iterator[str]:
    """Yield the lines of PostgreSQL's own message, constraint and detail."""
    diagnostics = error.diag
    label = table.label if table else (diagnostics.table_name or "the database")
    yield f"{label}: PostgreSQL refuses a row: {message}"
    if constraint := _constraint(table, diagnostics.constraint_name):
        yield f"  constraint: {constraint}"
    if diagnostics.message_detail and "Failing row" not in diagnostics.message_detail:
        yield f"  detail: {diagnostics.message_detail}"


def _emptying(table: Table, error: psycopg2.Error, row: Mapping[str, Any]) -> tuple[Trigger, ...]:
    """The BEFORE triggers that may have set to NULL what a row has in a NOT NULL column; by their text, or all."""
    name = error.diag.column_name
    if (
        error.pgcode != _NOT_NULL_VIOLATION
        or error.diag.table_name != table.name.name
        or row.get(name) is None
    ):
        return ()
    before = tuple(trigger for trigger in table.triggers if trigger.on_insert and trigger.before)
    return tuple(each for each in before if name in assigned_in([each.source], row)) or before


def _speaks_of(row: Mapping[str, Any], said: str) -> bool:
    """Whether a message and a statement have a word of a row's values, or nothing is known of the row."""
    words = {word for value in row.values() for word in _WORD.findall(str(value))}
    return not row or not words.isdisjoint(re.split(r"[\W_]+", said))


def _computed_by(table: Table, where: str) -> list[Column]:
    """The columns whose default or expression calls a function that raises an error."""
    called = functions_named(where)
    return [
        column
        for column in table.columns
        if column.default and not called.isdisjoint(re.findall(r"(\w+)\"?\s*\(", column.default))
    ]


def _referencing(error: psycopg2.Error) -> tuple[TableName, str] | None:
    """The table and the foreign key that an error is about."""
    diagnostics = error.diag
    if error.pgcode != _FOREIGN_KEY_VIOLATION or not diagnostics.table_name:
        return None
    return TableName(diagnostics.schema_name or "", diagnostics.table_name), diagnostics.constraint_name or ""


def _absent(error: psycopg2.Error) -> AbsentKey | None:
    """The key that is missing, by an error's detail: ``Key (country)=(US) is not present in table "countries"``."""
    found, key = _referencing(error), _KEY.match(error.diag.message_detail or "")
    if found is None or key is None:
        return None
    values = key["values"].split(", ")
    return AbsentKey(*found, tuple(values)) if len(values) == len(key["columns"].split(", ")) else None


def _most_likely(columns: Sequence[str], row: Mapping[str, Any], message: str) -> tuple[str, ...]:
    """The columns that an error is about: one whose value is in the message, or all."""
    found = [name for name in columns if len(text := str(row.get(name, ""))) > 1 and text in message]
    return tuple(found[:1] or columns)


@dataclass(frozen=True)
class Refused:
    """A row that a CHECK is false of.

    Attributes:
        row: its values by column; empty where it is not known.
        line: its number among the rows that were written, from 1; None where it is not known.
        origins: for each column, where its values come from.
    """

    row: Mapping[str, Any]
    line: int | None
    origins: Mapping[str, str]


def not_valid(
    table: Table, check: Check, refused: Refused, total: int, *, error: str = ""
) -> RefusedRowError:
    """Return a message about a row that PostgreSQL has accepted, and that a CHECK is false of beside the other rows.

    Args:
        check: a CHECK that calls a function.
        total: the planned row count of the table.
        error: what the function raises; empty where the CHECK is false.
    """
    columns = chosen_columns(table, check.columns)
    raised = f", for its function raises: {error}" if error else ""
    lines = [
        f"{table.label}: a row breaks a CHECK once the other rows are there{raised}",
        f"  constraint: {check.name} CHECK ({check.text})",
    ]
    shown = {name: refused.row[name] for name in columns if name in refused.row} or refused.row
    if shown:
        lines.append("  row: " + ", ".join(f"{name}={abbreviated(value)}" for name, value in shown.items()))
    lines += [f"  {name} comes from {refused.origins[name]}" for name in shown if name in refused.origins]
    cause = Cause(refused.line, check.name, tuple(columns), place=check.name)
    advice = Advice(table, total, tuple(columns)) if columns else None
    return RefusedRowError("\n".join(lines), cause, advice, table)


def _about_row(columns: Sequence[str], shown: Mapping[str, Any], feed: Feed | None) -> Iterator[str]:
    """The row, and the origins of its values."""
    if shown:
        yield "  row: " + ", ".join(f"{name}={abbreviated(value)}" for name, value in shown.items())
    origins = feed.origins if feed is not None else {}
    yield from (f"  {name} comes from {origins[name]}" for name in shown or columns if name in origins)


def late_refusal(schema: Schema, error: psycopg2.Error, late: Sequence[LateRefusal] = ()) -> RefusedRowError:
    """Return the error of a deferred constraint or trigger as a message.

    Args:
        late: the triggers that raise errors, where they are known; the message is about the first one.
    """
    if late:
        first = late[0]
        found = _of_trigger(schema, first.table, first.trigger, first.error)
        found.late = late
        return found
    called = re.search(r"function (?:[\w\"]+\.)?\"?(\w+)\"?\(", error.diag.context or "")
    for table in schema.tables:
        # A function that raises the error may give the name without the schema.
        if table.name.name == error.diag.table_name and error.diag.schema_name in (None, table.name.schema):
            return refusal(table, error)
        for trigger in table.triggers:
            if called and trigger.deferrable and trigger.function.rpartition(".")[2] == called[1]:
                return _of_trigger(schema, table, trigger, error)
    return refusal(None, error)


def _of_trigger(schema: Schema, table: Table, trigger: Trigger, error: psycopg2.Error) -> RefusedRowError:
    found = refusal(replace(table, triggers=(trigger,)), error)
    summed = [other.label for other in schema.tables if _sums(trigger, other)]
    looks = ""
    if summed:
        looks = (
            f"\n  its function compares sums over the rows of {' and '.join(summed)}: ask for two rows "
            "there or more for each row that a sum is about"
        )
    return RefusedRowError(
        f"{found.said}\n  trigger: {trigger.name}, when all rows are there{looks}",
        replace(found.cause, triggers=(trigger.name,)),
        found.advice,
        table,
    )


def _sums(trigger: Trigger, table: Table) -> bool:
    """Whether the function of a trigger sums a column of a table."""
    words = set(re.findall(r"\w+", trigger.source))
    return table.name.name in words and bool(sums_over(trigger.source, table))


def dropped(
    table: Table, amount: int, inserted: int, feed: Feed, total: int, notices: Sequence[str] = ()
) -> RefusedRowError:
    """Return a message about rows for which a BEFORE trigger returned NULL, which PostgreSQL does not report.

    Args:
        amount: the number of rows that were written.
        inserted: the number of rows that were inserted.
        total: the planned row count of the table.
        notices: what PostgreSQL has sent besides, such as ``NOTICE:  too late``.
    """
    missing = "the row was" if amount == 1 else f"{amount - inserted} of {amount} rows were"
    it = "it" if amount == 1 else "them"
    lines = [
        f"{table.label}: {missing} not inserted: the trigger {_before(table)} returned NULL for {it}",
        *(f"  it says: {_said(notice)}" for notice in notices[-1:]),
        *_only_row(feed),
    ]
    row = feed.row(1) if amount == 1 else {}
    columns = tuple(name for name in columns_of_triggers(table) if name in row)
    return RefusedRowError(
        "\n".join(lines),
        Cause(
            inside_trigger=True,
            place="dropped",
            triggers=tuple(
                trigger.name for trigger in table.triggers if trigger.on_insert and trigger.before
            ),
        ),
        Advice(table, total, columns),
        table,
        row,
    )


def _said(notice: str) -> str:
    """The message of a notice, without its severity and what follows it."""
    return (notice.splitlines() or [""])[0].partition(":")[2].strip()


def misplaced(table: Table, heir: TableName, feed: Feed) -> RefusedRowError:
    """Return a message about rows that a BEFORE trigger moved into an inheriting table which gets rows of its own.

    Args:
        heir: the inheriting table.
    """
    lines = [
        f"{table.label}: the trigger {_before(table)} moves a row into {heir}, whose rows are asked for by "
        "themselves",
        *_only_row(feed),
    ]
    return RefusedRowError(
        "\n".join(lines),
        Cause(inside_trigger=True),
        Advice(
            table,
            feed.rows,
            instead=f"leave {heir.name} out, whose rows count as rows of {table.label}, or give values of which the "
            "trigger makes rows of other tables",
        ),
    )


def _before(table: Table) -> str:
    """The BEFORE INSERT triggers of a table, with their functions."""
    triggers = [trigger for trigger in table.triggers if trigger.on_insert and trigger.before]
    return " or ".join(f"{trigger.name} ({trigger.function})" for trigger in triggers)


def _only_row(feed: Feed) -> Iterator[str]:
    """The row, where only one was written."""
    if feed.rows == 1:
        yield "  row: " + ", ".join(f"{name}={abbreviated(value)}" for name, value in feed.row(1).items())


def _columns_concerned(table: Table | None, error: psycopg2.Error) -> Sequence[str]:
    """The columns that an error is about; a generated column is replaced by those that it is computed from."""
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
    # An error about a partition key names the columns in its detail only.
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
