"""Rows that functions look up when a row is inserted: which they are, what they hold, and how they may be changed.

A :class:`Binding` says how a row of a table that is looked up belongs to the row that is to be inserted; a
:class:`Position` is such a row, with the changes to make before. :class:`LookedUpTables` reads the tables, and knows
from the functions' text which columns may matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import Any

from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.constraints.comparisons import CLOCKS
from pytest_supaseed.copy_text import text_of
from pytest_supaseed.model.schema import Column, ColumnType, ForeignKey, Schema, Table, TableName
from pytest_supaseed.model.type_families import (
    has_numeric_category,
    has_string_category,
    is_date_or_timestamp,
    is_enum,
    is_money,
    is_range,
)
from pytest_supaseed.planning.plan import ColumnSource, TablePlan
from pytest_supaseed.reflection.queries import Key, fetch, fetch_accepted, names, printed, relation, types_of
from pytest_supaseed.repair.lookups import JudgingTexts, judging_texts
from pytest_supaseed.rows.steps import Row
from pytest_supaseed.writing.bulk_check import despite_triggers

# Values of one column that are tried in one place, and all that are read.
FEW = 12
MANY = 200
# Tables beyond those that the ones which the row references reference.
_MOST_JOINED = 2
_WORD = re.compile(r"\w+")
# Days between a moment and one that is certainly on the other side of the clock, the same every day: 84 and 28 years,
# which are whole weeks.
FAR = (30_681, -10_227)
# The role of the session, by which functions look up who is at work.
_ROLE = re.compile(r"\b(?:session|current)_(?:user|role)\b", re.IGNORECASE)
_LITERAL = re.compile(r"'((?:[^']|'')*)'")
_NULL = re.compile(r'"?\b(\w+)"?\s+is\s+null\b', re.IGNORECASE)
_FIELD = re.compile(r"\bextract\s*\(\s*'?(\w+)'?\s+from\b|\bdate_part\s*\(\s*'(\w+)'", re.IGNORECASE)
_OF_WEEK = re.compile(r"(?:iso)?dow|(?:FM)?(?:day|dy|i?d)", re.IGNORECASE)
# Names of days and months, which may be written in capitals or small letters, as numbers are not.
_NAMED = re.compile(r"day|dy|mon", re.IGNORECASE)
_FORM = re.compile(r"\bto_char\s*\([^;]*?,\s*'([^']+)'\s*\)", re.IGNORECASE)


@dataclass(frozen=True)
class Binding:
    """How a row of a table that is looked up belongs to the row that is to be inserted.

    Attributes:
        table: the table.
        pairs: its columns, each with the equal column of the row, or of a row of ``over``.
        over: the binding of the table that references it; None where the row itself does.
    """

    table: TableName
    pairs: tuple[tuple[str, str], ...]
    over: Binding | None = None

    @property
    def tables(self) -> tuple[TableName, ...]:
        """The table, and those through which it is reached."""
        return (self.table, *(self.over.tables if self.over is not None else ()))

    @property
    def first(self) -> Binding:
        """The binding of the row itself, through which the table is reached."""
        return self if self.over is None else self.over.first


@dataclass(frozen=True)
class Update:
    """A change of a row that is looked up.

    Attributes:
        table: its table.
        statement: what changes it, if the seed has written it.
    """

    table: TableName
    statement: sql.Composed

    def make(self, connection: Connection, *, ours: bool) -> int:
        """Make the change, also where a trigger refuses it, in a database of our own; return how many rows it changes.

        Raises:
            psycopg2.Error: PostgreSQL refuses it.
        """
        cursor = connection.connection.cursor()
        try:
            despite_triggers(connection, partial(cursor.execute, self.statement), ours=ours)
            return int(cursor.rowcount)
        finally:
            cursor.close()


@dataclass(frozen=True)
class Position:
    """A row to insert, and what to change before.

    Attributes:
        row: the row.
        updates: the changes of other rows.
        bindings: those that have been found, besides those of foreign keys.
    """

    row: Row
    updates: tuple[Update, ...] = ()
    bindings: tuple[Binding, ...] = ()


# What a move changes, and where the value comes from, but not the value.
Kind = tuple[Any, ...]


@dataclass(frozen=True)
class Move:
    """One change of a position.

    Attributes:
        kind: what is changed, and how; moves of the kind that has helped one row may help others.
        values: new values of the row.
        update: a change of another row.
        binding: to which row the row belongs by the move.
    """

    kind: Kind
    values: Mapping[str, Any] = field(default_factory=dict)
    update: Update | None = None
    binding: Binding | None = None

    def of(self, position: Position) -> Position:
        """Return the position after the move."""
        return Position(
            {**position.row, **self.values},
            position.updates if self.update is None else (*position.updates, self.update),
            position.bindings if self.binding is None else (*position.bindings, self.binding),
        )


Proposed = tuple[Kind, Callable[[], Iterator[Move]]]


@dataclass(frozen=True)
class Parts:
    """What functions take of days.

    Attributes:
        fields: as ``date_part`` names them.
        forms: as ``to_char`` takes them.
    """

    fields: tuple[str, ...]
    forms: tuple[str, ...]


@dataclass(frozen=True)
class PartOfDay:
    """A part of a day of a row, for a column of a table that is looked up.

    Attributes:
        kind: which part of which column.
        own: the column with the day.
        made: the part, in SQL.
        every: a query of it for each day of a year.
        latest: the latest day, up to that of the row, that has what the column says.
    """

    kind: Kind
    own: str
    made: sql.Composable
    every: sql.Composable
    latest: sql.Composable


def parts_of_days(text: str) -> Parts:
    """Return what the text of functions takes of days; Sunday may be the last day of the week as well as the first.

    Example:
        >>> parts_of_days("d := extract(dow from new.day); to_char(new.day, 'Day')")
        Parts(fields=('dow', 'isodow'), forms=('Day',))
    """
    fields = [(first or second).lower() for first, second in _FIELD.findall(text)]
    both = [other for name in fields for other in (("dow", "isodow") if name == "dow" else (name,))]
    return Parts(tuple(dict.fromkeys(both)), tuple(dict.fromkeys(_FORM.findall(text))))


class LookedUpTables:
    """Reads the tables that are looked up when rows of one table are inserted.

    Args:
        connection: in the transaction of the whole seed.
        schema: of its database.
        plans: of the tables of the seed.
        table: the table whose rows are inserted.
    """

    def __init__(
        self, connection: Connection, schema: Schema, plans: Mapping[TableName, TablePlan], table: Table
    ) -> None:
        self._connection = connection
        self._schema = schema
        self._plans = plans
        self._table = table
        self._read: dict[str, list[Key]] = {}
        self._of_days: dict[tuple[Any, ...], bool] = {}

    @cached_property
    def _texts(self) -> JudgingTexts:
        """What decides whether a row is accepted."""
        return judging_texts(self._connection, self._schema, self._table)

    def _named(self, column: Column) -> bool:
        return self._texts.words.issuperset(_WORD.findall(column.name.lower()))

    def own_matters(self, column: Column) -> bool:
        """Whether what decides about a row may look at a column of it."""
        return not self._texts.name_own or self._named(column)

    def matters(self, column: Column) -> bool:
        """Whether what decides about a row may look at a column of a row that is looked up."""
        return not self._texts.name_others or self._named(column)

    def named_null(self, column: Column) -> bool:
        """Whether a function of the row's table asks whether a column of this name is NULL."""
        return column.name.lower() in self._null

    @cached_property
    def of_clock(self) -> bool:
        """Whether what decides about a row may ask what time it is."""
        return not self._texts.words.isdisjoint(CLOCKS)

    @cached_property
    def _null(self) -> frozenset[str]:
        return frozenset(name.lower() for name in _NULL.findall(self._bodies))

    def bindings(self, position: Position, tables: Iterable[Table]) -> list[Binding]:
        """Return how rows of tables that are looked up belong to the row."""
        wanted = {table.name for table in tables}
        direct = [
            Binding(key.referenced, pairs_of(key))
            for key in self._table.foreign_keys
            if key.referenced != self._table.name
            and all(position.row.get(column) is not None for column in key.columns)
        ]
        direct += position.bindings
        found = [*direct, *self._beyond(direct)]
        nearer = found[len(direct) :]
        for _ in range(_MOST_JOINED):
            # Further on, each table is looked up as well: functions join them.
            nearer = self._beyond([over for over in nearer if over.table in wanted])
            found += nearer
        return [binding for binding in found if binding.table in wanted]

    def _beyond(self, bindings: Iterable[Binding]) -> list[Binding]:
        """The bindings of the tables that the rows of other bindings reference."""
        return [
            Binding(key.referenced, pairs_of(key), over)
            for over in bindings
            if self._schema.has_table(over.table)
            for key in self._schema.table(over.table).foreign_keys
            if key.referenced != self._table.name and key.referenced not in over.tables
        ]

    def adjustable(self, table: Table) -> Iterator[ColumnSource]:
        """The columns of a table that the seed fills, and which neither are keys nor reference any."""
        plan = self._plans.get(table.name)
        keys = {*table.primary_key, *self.referenced_columns(table)}
        keys |= table.referencing
        for source in plan.columns if plan is not None else ():
            column = source.column
            numbered = column.generated or column.identity or column.sequence is not None
            if not (source.supplied or numbered or column.name in keys):
                yield source

    def referenced_columns(self, table: Table) -> set[str]:
        """The columns of a table that foreign keys reference."""
        return {
            name
            for other in self._schema.tables
            for key in other.foreign_keys
            if key.referenced == table.name
            for name in key.referenced_columns
        }

    def parts_of_days(self, column: Column, position: Position) -> Iterator[PartOfDay]:
        """What the functions take of the days of the row, such as their weekdays, for a column that has it."""
        number = has_numeric_category(column.type)
        if column.type.array or not (number or has_string_category(column.type)) or not self.matters(column):
            return
        spelling = sql.SQL(column.type.spelling)
        forms: list[tuple[Any, sql.SQL, str]] = (
            [(name, sql.SQL("date_part({form}, {day})"), name) for name in self._parts.fields]
            if number
            else [
                ((form, change), sql.SQL(change.format("btrim(to_char({day}, {form}))")), form)
                for form in self._parts.forms
                for change in (("{}", "lower({})", "upper({})") if _NAMED.search(form) else ("{}",))
            ]
        )
        days = [
            (own, position.row[own.name])
            for own in self._table.columns
            if isinstance(position.row.get(own.name), date) and not own.generated and self.own_matters(own)
        ]
        for own, value in days:
            given = typed(own, value)
            for kind, part, form in forms:
                made, each = (
                    sql.SQL("CAST({} AS {})").format(part.format(form=sql.Literal(form), day=day), spelling)
                    for day in (given, sql.SQL("each_day"))
                )
                # A week, or a year with all its days.
                span, last = ("6 days", "07") if _OF_WEEK.fullmatch(form) else ("1 year", "31")
                every = sql.SQL(
                    "SELECT {each} FROM generate_series(date '2024-{month}-01', date '2024-12-{last}', "
                    "interval '1 day') AS each_day"
                ).format(each=each, month=sql.SQL("12" if last == "07" else "01"), last=sql.SQL(last))
                latest = sql.SQL(
                    "(SELECT max(each_day) FROM generate_series({given} - interval {span}, {given}, "
                    "interval '1 day') AS each_day WHERE {each} = {column})"
                ).format(given=given, span=sql.Literal(span), each=each, column=sql.Identifier(column.name))
                yield PartOfDay((own.name, kind), own.name, made, every, latest)

    def tells_days(self, table: TableName, column: str, day: PartOfDay) -> bool:
        """Return whether a column of any row of a table has such a part of any day."""
        known = (table, column, day.kind[1])
        if known not in self._of_days:
            query = sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE {} = ANY ({}))").format(
                relation(table), sql.Identifier(column), day.every
            )
            [(self._of_days[known],)] = fetch(self._connection, query)
        return self._of_days[known]

    @cached_property
    def _parts(self) -> Parts:
        return parts_of_days(self._bodies)

    def literals_for(self, column: Column) -> Sequence[str]:
        """The constants of the functions, for a column that takes any text."""
        if not has_string_category(column.type) or is_enum(column.type) or column.type.array:
            return ()
        return self._literals

    @cached_property
    def _literals(self) -> Sequence[str]:
        plain = [found.replace("''", "'") for found in _LITERAL.findall(self._bodies)]
        if _ROLE.search(self._bodies):
            [role] = fetch(self._connection, sql.SQL("SELECT session_user, current_user"))
            plain = [*map(str, role), *plain]
        # Messages and statements are no values.
        return list(dict.fromkeys(value for value in plain if value and len(value.split()) < 3))[:FEW]

    @property
    def _bodies(self) -> str:
        return "\n".join(self._texts.direct)

    def condition(self, binding: Binding, position: Position) -> sql.Composable | None:
        """The condition under which a row of a binding's table is the one that is looked up; None without any."""
        columns = [there for there, _ in binding.pairs]
        if binding.over is not None:
            over = self.condition(binding.over, position)
            if over is None:
                return None
            return sql.SQL("({}) IN (SELECT {} FROM {} WHERE {})").format(
                names(columns), names([own for _, own in binding.pairs]), relation(binding.over.table), over
            )
        values = [(there, self._table.column(own), position.row.get(own)) for there, own in binding.pairs]
        if any(value is None for _, _, value in values):
            return None
        return sql.SQL(" AND ").join(
            sql.SQL("{} = {}").format(sql.Identifier(there), sql.Literal(text_of(own, value)))
            for there, own, value in values
        )

    def values(
        self,
        source: TableName | sql.Composable,
        expressions: Sequence[sql.Composable],
        own: Sequence[str],
        condition: sql.Composable | None = None,
    ) -> list[Key]:
        """Distinct values of expressions in the columns of a table, or a join, as columns of the row take them."""
        types = types_of(self._table, own)
        aliases = [sql.Identifier(f"value{place}") for place in range(len(own))]
        query = sql.SQL(
            "SELECT DISTINCT ON ({texts}) {values} FROM (SELECT {expressions} FROM {table} WHERE {condition}) AS found "
            "WHERE {present} ORDER BY {texts} LIMIT {most}"
        ).format(
            texts=sql.SQL(", ").join(
                sql.SQL('CAST({} AS text) COLLATE "C"').format(each) for each in aliases
            ),
            values=sql.SQL(", ").join(map(printed, types, aliases)),
            expressions=sql.SQL(", ").join(
                sql.SQL("CAST({} AS {}) AS {}").format(expression, sql.SQL(each.spelling), alias)
                for each, expression, alias in zip(types, expressions, aliases, strict=True)
            ),
            table=relation(source) if isinstance(source, TableName) else source,
            condition=condition if condition is not None else sql.SQL("true"),
            present=sql.SQL(" AND ").join(
                sql.SQL("{} IS DISTINCT FROM NULL").format(each) for each in aliases
            ),
            most=sql.Literal(MANY),
        )
        if source == self._table.name:
            # It has another row each time.
            return fetch_accepted(self._connection, types, query)
        known = query.as_string(self._connection.connection.cursor())
        if known not in self._read:
            self._read[known] = fetch_accepted(self._connection, types, query)
        return self._read[known]


def pairs_of(key: ForeignKey) -> tuple[tuple[str, str], ...]:
    """Return the columns that a foreign key references, each with the referencing one."""
    return tuple(zip(key.referenced_columns, key.columns, strict=True))


def typed(column: Column, value: Any) -> sql.Composable:
    """Return a value of a column in SQL."""
    return sql.SQL("CAST({} AS {})").format(
        sql.Literal(text_of(column, value)), sql.SQL(column.type.spelling)
    )


def comparable(there: ColumnType, own: ColumnType) -> bool:
    """Return whether functions may compare the values of two types."""
    if own.array and there.array:
        return False
    own, there = (each.element_type if each.array else each for each in (own, there))
    if is_range(there) and there.subtype is not None:
        there = there.subtype
    for family in (has_string_category, has_numeric_category, is_date_or_timestamp):
        if family(there) or family(own):
            return family(there) and family(own)
    return there.name == own.name


def steps(column_type: ColumnType, expression: sql.Composable) -> list[sql.Composable]:
    """Return a value, and those just above and below it, where its type has an order; of a range, those at its bounds.

    Of an array, its elements.
    """
    if column_type.array:
        return [sql.SQL("unnest({})").format(expression)]
    if is_range(column_type) and column_type.subtype is not None:
        lower, upper = (sql.SQL(bound + "({})").format(expression) for bound in ("lower", "upper"))
        return [lower, steps(column_type.subtype, lower)[1], steps(column_type.subtype, upper)[-1]]
    if has_numeric_category(column_type):
        # Money takes no number.
        step: sql.Composable = sql.SQL("CAST(1 AS money)" if is_money(column_type) else "1")
    elif is_date_or_timestamp(column_type):
        step = sql.SQL("interval '1 day'")
    else:
        return [expression]
    return [
        expression,
        *(sql.SQL("({} {} {})").format(expression, sql.SQL(sign), step) for sign in ("+", "-")),
    ]
