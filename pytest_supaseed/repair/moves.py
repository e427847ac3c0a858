"""Changes of a refused row, and of rows that functions look up for it, that may make the functions accept the row.

:class:`Moves` reads the tables that have been looked up, whatever the text of the functions shows, and proposes
changes of a :class:`Position`: a column takes a value of such a table; a foreign key references another of its rows; a
date or a number comes from the row that is looked up; or that row is made to fit, if the seed has written it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from itertools import chain, combinations, product
from typing import Any

from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.allocation.constraints import finite_values
from pytest_supaseed.constraints.functions import values_of_triggers
from pytest_supaseed.copy_text import text_of
from pytest_supaseed.model.references import can_be_null_in
from pytest_supaseed.model.schema import Column, ColumnType, ForeignKey, Schema, Table, TableName
from pytest_supaseed.model.type_families import (
    has_numeric_category,
    has_string_category,
    is_boolean,
    is_date_or_timestamp,
    is_enum,
    is_range,
)
from pytest_supaseed.planning.plan import ColumnSource, TablePlan
from pytest_supaseed.reflection.queries import Key, fetch_accepted, names, printed, relation, types_of
from pytest_supaseed.repair.lookups import JudgingTexts, judging_texts
from pytest_supaseed.repair.propose import Proposals, rotated
from pytest_supaseed.rows.steps import Row
from pytest_supaseed.writing.bulk_check import despite_triggers

# Values of one column that are tried in one place, and those of a column that looks like a key.
_FEW = 12
_MANY = 200
# The earliest and the latest day that rows which are looked up are given, the same every day.
_DAYS = ("2100-01-01", "1990-01-01")
# Tables beyond those that the ones which the row references reference.
_MOST_JOINED = 2
_NUMBERS = ("0", "1", "100", "100000", "100000000")
_WORD = re.compile(r"\w+")
_LITERAL = re.compile(r"'((?:[^']|'')*)'")
_NULL = re.compile(r'"?\b(\w+)"?\s+is\s+null\b', re.IGNORECASE)


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


_Proposed = tuple[Kind, Callable[[], Iterator[Move]]]
_FIELD = re.compile(r"\bextract\s*\(\s*'?(\w+)'?\s+from\b|\bdate_part\s*\(\s*'(\w+)'", re.IGNORECASE)
_OF_WEEK = re.compile(r"(?:iso)?dow|(?:FM)?(?:day|dy|i?d)", re.IGNORECASE)
_FORM = re.compile(r"\bto_char\s*\([^;]*?,\s*'([^']+)'\s*\)", re.IGNORECASE)


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


class Moves:
    """Proposes moves for the rows of one table.

    Args:
        connection: in the transaction of the whole seed.
        schema: of its database.
        plans: of the tables of the seed.
        proposals: those of the table.
    """

    def __init__(
        self,
        connection: Connection,
        schema: Schema,
        plans: Mapping[TableName, TablePlan],
        proposals: Proposals,
    ) -> None:
        self._connection = connection
        self._schema = schema
        self._plans = plans
        self._proposals = proposals
        self._table = proposals.table
        self._read: dict[str, list[Key]] = {}

    @cached_property
    def _texts(self) -> JudgingTexts:
        """What decides whether a row is accepted."""
        return judging_texts(self._connection, self._schema, self._table)

    def _named(self, column: Column) -> bool:
        return self._texts.words.issuperset(_WORD.findall(column.name.lower()))

    def _own_matters(self, column: Column) -> bool:
        """Whether what decides about a row may look at a column of it."""
        return not self._texts.name_own or self._named(column)

    def _matters(self, column: Column) -> bool:
        """Whether what decides about a row may look at a column of a row that is looked up."""
        return not self._texts.name_others or self._named(column)

    def of(
        self,
        position: Position,
        looked_up: Collection[TableName],
        number: int,
        wanted: Callable[[Kind], bool],
        made: Collection[TableName] = (),
    ) -> Iterator[Move]:
        """Propose moves, the most promising first.

        Args:
            looked_up: the tables that are looked up when the row is inserted.
            number: of the row, which selects among values.
            wanted: takes a kind of moves and returns whether moves of this kind are proposed.
            made: the tables into which triggers insert when the row is inserted: what is looked up there need not be,
                so that no keys are taken from there.
        """
        tables = [
            self._schema.table(name)
            for name in sorted(looked_up)
            if self._schema.has_table(name) and name != self._table.name
        ]
        bindings = self._bindings(position, tables)
        bound = {binding.table for binding in bindings}
        unbound = [table for table in tables if table.name not in bound]
        given = [table for table in unbound if table.name not in made]
        parts = (
            *(self._keys(table, number) for table in given),
            *(self._keys_by_day(table, position, number) for table in given),
            *(self._constants(table) for table in given),
            *(self._other_parents(table, position, number) for table in tables),
            self._parents_that_agree(tables, number),
            *(self._from_bound(binding, position) for binding in bindings),
            *(self._fitting(binding, bindings, position) for binding in bindings),
            self._compared(number),
            self._emptied(position),
        )
        for kind, moves in chain.from_iterable(parts):
            if wanted(kind):
                yield from moves()

    def _bindings(self, position: Position, tables: Iterable[Table]) -> list[Binding]:
        """Return how rows of tables that are looked up belong to the row."""
        wanted = {table.name for table in tables}
        direct = [
            Binding(key.referenced, _pairs(key))
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
            Binding(key.referenced, _pairs(key), over)
            for over in bindings
            if self._schema.has_table(over.table)
            for key in self._schema.table(over.table).foreign_keys
            if key.referenced != self._table.name and key.referenced not in over.tables
        ]

    # A column, or several, take the values of a row of another table.

    def _keys(self, table: Table, number: int) -> Iterator[_Proposed]:
        several = self._alike(table)
        if len(several) > 1:
            yield self._taken(table, several, number, _MANY)
        comparable = [
            (there, own, exact)
            for there, own, exact in self._comparable(table)
            if self._proposals.may_change([own.name])
        ]
        for there, own, exact in comparable:
            yield self._taken(table, ((there.name, own.name),), number, _MANY if exact else _FEW)
        for there, own, _ in comparable:
            if own.type.array:
                continue
            for place in range(1, len(_steps(there.type, sql.Identifier(there.name)))):
                yield self._beside(table, there, own, place)

    def _taken(self, table: Table, pairs: tuple[tuple[str, str], ...], number: int, most: int) -> _Proposed:
        kind = ("key", table.name, pairs)

        def moves() -> Iterator[Move]:
            columns = [
                sql.SQL("ARRAY[{}]" if self._table.column(own).type.array else "{}").format(
                    sql.Identifier(there)
                )
                for there, own in pairs
            ]
            found = self._values(table.name, columns, [own for _, own in pairs])
            for values in rotated(found, number)[:most]:
                given = {own: value for (_, own), value in zip(pairs, values, strict=True)}
                of_array = any(self._table.column(own).type.array for own in given)
                yield Move(kind, given, binding=None if of_array else Binding(table.name, pairs))

        return kind, moves

    def _beside(self, table: Table, there: Column, own: Column, place: int) -> _Proposed:
        """Values just beside those of a column that has an order."""
        kind = ("beside", table.name, there.name, own.name, place)

        def moves() -> Iterator[Move]:
            expression = _steps(there.type, sql.Identifier(there.name))[place]
            for values in self._values(table.name, [expression], [own.name])[:_FEW]:
                yield Move(kind, {own.name: values[0]})

        return kind, moves

    def _alike(self, table: Table) -> tuple[tuple[str, str], ...]:
        """Pairs of a table's column and one of the row that stand for the same: by name, or by what they reference."""
        found: dict[str, str] = {}
        for column in table.columns:
            own = column.name
            if self._table.has_column(own) and _comparable(column.type, self._table.column(own).type):
                found[column.name] = own
        for key in table.foreign_keys:
            for other in self._table.foreign_keys:
                if (key.referenced, key.referenced_columns) == (other.referenced, other.referenced_columns):
                    found.update(zip(key.columns, other.columns, strict=True))
        keys = {name for unique in table.uniques for name in unique.columns} | {
            name for key in table.foreign_keys for name in key.columns
        }
        return tuple(
            (there, own)
            for there, own in found.items()
            if there in keys and self._proposals.may_change([own]) and not self._is_own_key(own)
        )

    def _is_own_key(self, name: str) -> bool:
        return self._table.primary_key == (name,) and self._table.column(name).sequence is not None

    def _comparable(self, table: Table) -> list[tuple[Column, Column, bool]]:
        """Pairs of a column of a table and one of the row, those first that look like a key and what references it."""
        keys = {unique.columns[0] for unique in table.uniques if len(unique.columns) == 1}
        parents = {key.columns: key for key in self._table.foreign_keys}
        found = []
        for own in self._table.columns:
            if own.generated or self._is_own_key(own.name) or not self._own_matters(own):
                continue
            for there in table.columns:
                if not _comparable(there.type, own.type) or is_boolean(own.type) or not self._matters(there):
                    continue
                parent = parents.get((own.name,))
                if parent is not None and not any(
                    parent.referenced == key.referenced and key.columns == (there.name,)
                    for key in table.foreign_keys
                ):
                    continue
                alike = own.name in (there.name, f"{table.name.name}_{there.name}", table.name.name)
                rank = (not alike, there.name not in keys)
                found.append((rank, (there, own, True in (alike, there.name in keys))))
        return [pair for _, pair in sorted(found, key=lambda entry: entry[0])]

    # A column takes a constant that a trigger compares it with, before anything is looked up.

    def _compared(self, number: int) -> Iterator[_Proposed]:
        for name, values in values_of_triggers(self._table).items():
            if self._proposals.may_change([name]):
                kind = ("literal", self._table.name, name)
                yield kind, partial(self._taking, kind, rotated([(value,) for value in values], number))

    @staticmethod
    def _taking(kind: Kind, values: Sequence[Key]) -> Iterator[Move]:
        for (value,) in values[:_FEW]:
            yield Move(kind, {kind[2]: value})

    # A column that has to be NULL, as the text says of the row, or of what is read of it once it is in its table.

    def _emptied(self, position: Position) -> Iterator[_Proposed]:
        said = {name.lower() for name in _NULL.findall(self._bodies)}
        for column in self._table.columns:
            free = can_be_null_in(self._table, column.name) and self._proposals.may_change([column.name])
            if free and column.name.lower() in said and position.row.get(column.name) is not None:
                kind = ("null", self._table.name, column.name)
                yield kind, partial(iter, [Move(kind, {column.name: None})])

    # Keys of a table, and a day that has what its row says of days; or a row there that says it of the day.

    def _keys_by_day(self, table: Table, position: Position, number: int) -> Iterator[_Proposed]:
        pairs = self._alike(table)
        if not pairs:
            return
        columns = [sql.Identifier(there) for there, _ in pairs]
        names_of_row = [own for _, own in pairs]

        def keys() -> Iterator[tuple[Mapping[str, Any], Binding]]:
            for values in rotated(self._values(table.name, columns, names_of_row), number)[:_FEW]:
                yield dict(zip(names_of_row, values, strict=True)), Binding(table.name, pairs)

        for there in table.columns:
            for day in self._parts_of_days(there, position):
                kind = ("key by day", table.name, pairs, there.name, day.kind)
                if self._proposals.may_change([day.own]):
                    taken = ([*columns, day.latest], [*names_of_row, day.own])
                    yield kind, partial(self._by_day, kind, table.name, taken, number)
        for source in self._adjustable(table):
            for day in self._parts_of_days(source.column, position):
                kind = ("key and day", table.name, pairs, source.column.name, day.kind)
                said = sql.SQL("SET {column} = {value}").format(
                    column=sql.Identifier(source.column.name), value=day.made
                )
                unsaid = sql.SQL("({column} IS NULL OR {column} <> ALL ({every}))").format(
                    column=sql.Identifier(source.column.name), every=day.every
                )

                def fitted(
                    kind: Kind = kind, said: sql.Composed = said, unsaid: sql.Composed = unsaid
                ) -> Iterator[Move]:
                    for given, binding in keys():
                        condition = self._condition(binding, Position({**position.row, **given}))
                        if condition is not None:
                            # Other rows may have been made for a row that says it of some day.
                            statement = sql.SQL(
                                "UPDATE {table} {said} WHERE ctid = (SELECT ctid FROM {table} "
                                "WHERE {condition} AND age(xmin) <= 0 AND {unsaid} ORDER BY ctid LIMIT 1)"
                            ).format(
                                table=relation(table.name), said=said, condition=condition, unsaid=unsaid
                            )
                            yield Move(kind, given, Update(table.name, statement), binding)

                yield kind, fitted

    def _by_day(
        self, kind: Kind, table: TableName, taken: tuple[Sequence[sql.Composable], Sequence[str]], number: int
    ) -> Iterator[Move]:
        for values in rotated(self._values(table, *taken), number)[:_FEW]:
            yield Move(kind, dict(zip(taken[1], values, strict=True)))

    def _adjustable(self, table: Table) -> Iterator[ColumnSource]:
        """The columns of a table that the seed fills, and which neither are keys nor reference any."""
        plan = self._plans.get(table.name)
        keys = {*table.primary_key, *self._referenced_columns(table)}
        keys |= {name for key in table.foreign_keys for name in key.columns}
        for source in plan.columns if plan is not None else ():
            column = source.column
            numbered = column.generated or column.identity or column.sequence is not None
            if not (source.supplied or numbered or column.name in keys):
                yield source

    # A row that is looked up by a constant gets it.

    def _constants(self, table: Table) -> Iterator[_Proposed]:
        plan = self._plans.get(table.name)
        referencing = {name for key in table.foreign_keys for name in key.columns}
        for source in plan.columns if plan is not None else ():
            column = source.column
            if source.supplied or column.generated or column.name in referencing or not self._matters(column):
                continue
            literals = self._literals_for(column)
            for literal in literals:
                kind = ("constant", table.name, column.name, literal)
                yield kind, partial(self._with_constant, kind, literals)

    def _with_constant(self, kind: Kind, literals: Sequence[str]) -> Iterator[Move]:
        _, name, column, literal = kind
        # The first row that has no constant yet.
        statement = sql.SQL(
            "UPDATE {table} SET {column} = {value} WHERE ctid = (SELECT ctid FROM {table} WHERE age(xmin) <= 0 "
            "AND {column} <> ALL ({literals}) ORDER BY {column} LIMIT 1) "
            "AND NOT EXISTS (SELECT FROM {table} WHERE {column} = {value})"
        ).format(
            table=relation(name),
            column=sql.Identifier(column),
            value=sql.Literal(literal),
            literals=sql.Literal(list(literals)),
        )
        yield Move(kind, update=Update(name, statement))

    # A foreign key references another row.

    def _other_parents(self, table: Table, position: Position, number: int) -> Iterator[_Proposed]:
        for key in self._table.foreign_keys:
            if key.referenced == table.name and all(
                self._proposals.may_change([name]) for name in key.columns
            ):
                kind = ("parent", table.name, key.name)
                yield kind, partial(self._references, kind, key, position, number)

    def _references(self, kind: Kind, key: ForeignKey, position: Position, number: int) -> Iterator[Move]:
        now = tuple(position.row.get(column) for column in key.columns)
        columns = [sql.Identifier(name) for name in key.referenced_columns]
        for values in rotated(self._values(key.referenced, columns, key.columns), number):
            if values != now:
                yield Move(kind, dict(zip(key.columns, values, strict=True)))

    # Two foreign keys reference rows that agree.

    def _parents_that_agree(self, tables: Iterable[Table], number: int) -> Iterator[_Proposed]:
        among = {table.name: table for table in tables}
        keys = [
            key
            for key in self._table.foreign_keys
            if key.referenced in among and all(self._proposals.may_change([name]) for name in key.columns)
        ]
        for one, other in combinations(keys, 2):
            if not set(one.columns).isdisjoint(other.columns):
                continue
            for here, there in product(among[one.referenced].columns, among[other.referenced].columns):
                alike = here.name == there.name or _target(among[one.referenced], here.name) == _target(
                    among[other.referenced], there.name
                )
                both_keys = here.name in one.referenced_columns and there.name in other.referenced_columns
                named = self._matters(here) and self._matters(there)
                if alike and named and not both_keys and _comparable(here.type, there.type):
                    kind = ("pair", one.name, other.name, here.name, there.name)
                    yield kind, partial(self._agreeing, kind, one, other, number)

    def _agreeing(self, kind: Kind, one: ForeignKey, other: ForeignKey, number: int) -> Iterator[Move]:
        _, _, _, here, there = kind
        own = (*one.columns, *other.columns)
        expressions = [sql.Identifier("one", name) for name in one.referenced_columns]
        expressions += [sql.Identifier("other", name) for name in other.referenced_columns]
        condition = sql.SQL("{} = {}").format(sql.Identifier("one", here), sql.Identifier("other", there))
        source = sql.SQL("{} AS one, {} AS other").format(
            relation(one.referenced), relation(other.referenced)
        )
        for values in rotated(self._values(source, expressions, own, condition), number):
            yield Move(kind, dict(zip(own, values, strict=True)))

    # A column follows the row that is looked up.

    def _from_bound(self, binding: Binding, position: Position) -> Iterator[_Proposed]:
        referencing = {name for key in self._table.foreign_keys for name in key.columns}
        taken = {own for _, own in binding.pairs} if binding.over is None else set()
        for there in self._schema.table(binding.table).columns:
            for own in self._table.columns:
                if (
                    not own.generated
                    and own.name not in referencing | taken
                    and not self._is_own_key(own.name)
                    and not own.type.array
                    and _comparable(there.type, own.type)
                    and self._proposals.may_change([own.name])
                    and self._matters(there)
                    and self._own_matters(own)
                ):
                    for place in range(len(_steps(there.type, sql.Identifier(there.name)))):
                        kind = ("follow", binding.table, there.name, own.name, place)
                        yield kind, partial(self._following, kind, binding, position)

            for day in self._parts_of_days(there, position):
                if self._proposals.may_change([day.own]):
                    of_day = ("day", binding.table, there.name, day.kind)
                    yield of_day, partial(self._following_day, of_day, day, binding, position)

    def _following_day(
        self, kind: Kind, day: PartOfDay, binding: Binding, position: Position
    ) -> Iterator[Move]:
        condition = self._condition(binding, position)
        if condition is not None:
            for values in self._values(binding.table, [day.latest], [day.own], condition):
                yield Move(kind, {day.own: values[0]})

    def _following(self, kind: Kind, binding: Binding, position: Position) -> Iterator[Move]:
        _, _, there, own, place = kind
        condition = self._condition(binding, position)
        if condition is None:
            return
        column = self._schema.table(binding.table).column(there)
        expression = _steps(column.type, sql.Identifier(there))[place]
        for values in self._values(binding.table, [expression], [own], condition):
            if values[0] != position.row.get(own):
                yield Move(kind, {own: values[0]})

    # The row that is looked up is made to fit.

    def _fitting(
        self, binding: Binding, others: Sequence[Binding], position: Position
    ) -> Iterator[_Proposed]:
        plan = self._plans.get(binding.table)
        if plan is None:
            return
        unique = {name for key in plan.table.uniques for name in key.columns}
        for source in self._adjustable(plan.table):
            column = source.column
            if not self._matters(column):
                continue
            values: Iterable[tuple[Any, sql.Composable]]
            if column.name in unique:
                # A constant would not do for two rows.
                values = self._own_values(column, position)
            else:
                values = chain(
                    self._like(column, [other for other in others if other != binding], position),
                    self._wanted(source, position),
                )
            for form, value in values:
                kind = ("fit", binding.table, column.name, form)
                yield kind, partial(self._changed, kind, value, binding, position)
        fixed = {*plan.table.primary_key, *self._referenced_columns(plan.table)}
        supplied = {source.column.name for source in plan.columns if source.supplied}
        alone = Counter(name for key in plan.table.foreign_keys for name in key.columns)
        for key in plan.table.foreign_keys:
            [name, *more] = key.columns
            column = plan.table.column(name)
            if not (
                more
                or alone[name] > 1
                or name in fixed | unique | supplied
                or column.generated
                or not self._matters(column)
            ):
                for form, value in self._references_wanted(
                    key, column, [other for other in others if other != binding], position
                ):
                    kind = ("refer", binding.table, name, form)
                    yield kind, partial(self._changed, kind, value, binding, position, key)

    def _references_wanted(
        self, key: ForeignKey, column: Column, others: Sequence[Binding], position: Position
    ) -> Iterator[tuple[Any, sql.Composable]]:
        """Rows that a row which is looked up may have to reference: those that others reference, and constants."""
        target = (key.referenced, key.referenced_columns)
        spelling = sql.SQL(column.type.spelling)
        for other in others:
            condition = self._condition(other, position)
            for their in self._schema.table(other.table).foreign_keys if condition is not None else ():
                if other.table != key.referenced and (their.referenced, their.referenced_columns) == target:
                    yield (
                        ("like", other, their.columns[0]),
                        sql.SQL("(SELECT CAST({} AS {}) FROM {} WHERE {} LIMIT 1)").format(
                            sql.Identifier(their.columns[0]), spelling, relation(other.table), condition
                        ),
                    )
        for own in self._table.foreign_keys:
            value = position.row.get(own.columns[0])
            if (own.referenced, own.referenced_columns) == target and value is not None:
                yield own.columns[0], _typed(self._table.column(own.columns[0]), value)
        for text in self._literals_for(column):
            yield text, sql.Literal(text)

    def _referenced_columns(self, table: Table) -> set[str]:
        """The columns of a table that foreign keys reference."""
        return {
            name
            for other in self._schema.tables
            for key in other.foreign_keys
            if key.referenced == table.name
            for name in key.referenced_columns
        }

    def _own_values(self, column: Column, position: Position) -> Iterator[tuple[Any, sql.Composable]]:
        """The values of the row, for a column that is alike by name."""
        for own in self._table.columns:
            value = position.row.get(own.name)
            if own.name == column.name and value is not None and _comparable(own.type, column.type):
                spelling = sql.SQL(column.type.spelling)
                yield (own.name, 0), sql.SQL("CAST({} AS {})").format(_typed(own, value), spelling)

    def _changed(
        self,
        kind: Kind,
        value: sql.Composable,
        binding: Binding,
        position: Position,
        key: ForeignKey | None = None,
    ) -> Iterator[Move]:
        condition = self._condition(binding, position)
        if condition is None:
            return
        statement = sql.SQL(
            "UPDATE {table} SET {column} = {value} "
            "WHERE {condition} AND age(xmin) <= 0 AND {column} IS DISTINCT FROM {value} AND {referenced}"
        ).format(
            referenced=sql.SQL("true")
            if key is None
            else sql.SQL("EXISTS (SELECT FROM {} WHERE {}::text = {}::text)").format(
                relation(key.referenced), sql.Identifier(key.referenced_columns[0]), value
            ),
            table=relation(binding.table),
            column=sql.Identifier(kind[2]),
            value=value,
            condition=condition,
        )
        yield Move(kind, update=Update(binding.table, statement))

    def _like(
        self, column: Column, others: Sequence[Binding], position: Position
    ) -> Iterator[tuple[Any, sql.Composable]]:
        """What the other rows that are looked up have in a column of the same name."""
        for other in others:
            table = self._schema.table(other.table)
            condition = self._condition(other, position)
            if condition is not None and table.has_column(column.name):
                value = sql.SQL("(SELECT CAST({} AS {}) FROM {} WHERE {} LIMIT 1)").format(
                    sql.Identifier(column.name),
                    sql.SQL(column.type.spelling),
                    relation(other.table),
                    condition,
                )
                yield ("like", other), value

    def _wanted(self, source: ColumnSource, position: Position) -> Iterator[tuple[Any, sql.Composable]]:
        """Values that a function may want in a row that it looks up, and what they are."""
        column = source.column
        for text in self._literals_for(column):
            yield text, sql.Literal(text)
        for value in finite_values(column, source.domain, ..., _FEW)[:_FEW]:
            yield repr(value), sql.Literal(text_of(column, value))
        for own in self._table.columns:
            value = position.row.get(own.name)
            if value is not None and not own.type.array and _comparable(own.type, column.type):
                for place, expression in enumerate(_steps(column.type, _typed(own, value))):
                    given = sql.SQL("CAST({} AS {})").format(expression, sql.SQL(column.type.spelling))
                    yield (own.name, place), given
        for day in self._parts_of_days(column, position):
            # Other rows may have been made for a row that says it of some day.
            unsaid = sql.SQL("CASE WHEN {column} = ANY ({every}) THEN {column} ELSE {value} END")
            yield (
                day.kind,
                unsaid.format(column=sql.Identifier(column.name), every=day.every, value=day.made),
            )
        if has_numeric_category(column.type):
            for place, expression in enumerate(_steps(column.type, sql.Identifier(column.name))[1:], 1):
                yield place, expression
            for text in _NUMBERS:
                yield text, sql.Literal(text)
        elif is_date_or_timestamp(column.type):
            for text in _DAYS:
                yield text, sql.Literal(text)
        if column.nullable and not source.domain.required:
            yield None, sql.Literal(None)

    def _parts_of_days(self, column: Column, position: Position) -> Iterator[PartOfDay]:
        """What the functions take of the days of the row, such as their weekdays, for a column that has it."""
        number = has_numeric_category(column.type)
        if column.type.array or not (number or has_string_category(column.type)):
            return
        spelling = sql.SQL(column.type.spelling)
        forms: list[tuple[Any, sql.SQL, str]] = (
            [(name, sql.SQL("date_part({form}, {day})"), name) for name in self._parts.fields]
            if number
            else [
                ((form, change), sql.SQL(change.format("btrim(to_char({day}, {form}))")), form)
                for form in self._parts.forms
                for change in ("{}", "lower({})", "upper({})")
            ]
        )
        days = [
            (own, position.row[own.name])
            for own in self._table.columns
            if isinstance(position.row.get(own.name), date) and not own.generated
        ]
        for own, value in days:
            given = _typed(own, value)
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

    @cached_property
    def _parts(self) -> Parts:
        return parts_of_days(self._bodies)

    def _literals_for(self, column: Column) -> Sequence[str]:
        """The constants of the functions, for a column that takes any text."""
        if not has_string_category(column.type) or is_enum(column.type) or column.type.array:
            return ()
        return self._literals

    @cached_property
    def _literals(self) -> Sequence[str]:
        plain = (found.replace("''", "'") for found in _LITERAL.findall(self._bodies))
        # Messages and statements are no values.
        return list(dict.fromkeys(value for value in plain if value and len(value.split()) < 3))[:_FEW]

    @property
    def _bodies(self) -> str:
        return "\n".join(self._texts.direct)

    def _condition(self, binding: Binding, position: Position) -> sql.Composable | None:
        """The condition under which a row of a binding's table is the one that is looked up; None without any."""
        columns = [there for there, _ in binding.pairs]
        if binding.over is not None:
            over = self._condition(binding.over, position)
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

    def _values(
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
            most=sql.Literal(_MANY),
        )
        known = query.as_string(self._connection.connection.cursor())
        if known not in self._read:
            self._read[known] = fetch_accepted(self._connection, types, query)
        return self._read[known]


def _target(table: Table, name: str) -> tuple[TableName, str]:
    """The column that a column references, or itself."""
    for key in table.foreign_keys:
        if key.columns == (name,):
            return key.referenced, key.referenced_columns[0]
    return table.name, name


def _pairs(key: ForeignKey) -> tuple[tuple[str, str], ...]:
    return tuple(zip(key.referenced_columns, key.columns, strict=True))


def _typed(column: Column, value: Any) -> sql.Composable:
    return sql.SQL("CAST({} AS {})").format(
        sql.Literal(text_of(column, value)), sql.SQL(column.type.spelling)
    )


def _comparable(there: ColumnType, own: ColumnType) -> bool:
    """Whether functions may compare the values of two types."""
    if own.array and there.array:
        return False
    own, there = (each.element_type if each.array else each for each in (own, there))
    if is_range(there) and there.subtype is not None:
        there = there.subtype
    for family in (has_string_category, has_numeric_category, is_date_or_timestamp):
        if family(there) or family(own):
            return family(there) and family(own)
    return there.name == own.name


def _steps(column_type: ColumnType, expression: sql.Composable) -> list[sql.Composable]:
    """A value, and those just above and below it, where its type has an order; of a range, those at its bounds.

    Of an array, its elements.
    """
    if column_type.array:
        return [sql.SQL("unnest({})").format(expression)]
    if is_range(column_type) and column_type.subtype is not None:
        lower, upper = (sql.SQL(bound + "({})").format(expression) for bound in ("lower", "upper"))
        return [lower, _steps(column_type.subtype, lower)[1], _steps(column_type.subtype, upper)[-1]]
    if has_numeric_category(column_type):
        step: sql.Composable = sql.SQL("1")
    elif is_date_or_timestamp(column_type):
        step = sql.SQL("interval '1 day'")
    else:
        return [expression]
    return [
        expression,
        *(sql.SQL("({} {} {})").format(expression, sql.SQL(sign), step) for sign in ("+", "-")),
    ]
