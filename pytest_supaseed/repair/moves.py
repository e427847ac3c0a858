"""Changes of a refused row, and of rows that functions look up for it, that may make the functions accept the row.

:class:`Moves` reads the tables that have been looked up, whatever the text of the functions shows, and proposes
changes of a :class:`Position`: a column takes a value of such a table; a foreign key references another of its rows; a
date or a number comes from the row that is looked up; or that row is made to fit, if the seed has written it
(:class:`~pytest_supaseed.repair.fitting.Fitting`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import chain, combinations, islice, product
from typing import Any

from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.constraints.functions import values_of_triggers
from pytest_supaseed.model.references import can_be_null_in
from pytest_supaseed.model.schema import Column, ForeignKey, Schema, Table, TableName
from pytest_supaseed.model.type_families import is_boolean
from pytest_supaseed.planning.plan import TablePlan
from pytest_supaseed.reflection.queries import Key, relation
from pytest_supaseed.repair.bindings import (
    FAR,
    FEW,
    MANY,
    Binding,
    Kind,
    LookedUpTables,
    Move,
    PartOfDay,
    Position,
    Proposed,
    Update,
    comparable,
    steps,
)
from pytest_supaseed.repair.fitting import Fitting
from pytest_supaseed.repair.propose import Proposals, rotated

# Moves of one kind, before those of another are made.
_FIRST = 4


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
        self._schema = schema
        self._proposals = proposals
        self._table = proposals.table
        self._looked_up = LookedUpTables(connection, schema, plans, proposals.table)
        self._fitting = Fitting(schema, plans, proposals.table, self._looked_up)

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
        bindings = self._looked_up.bindings(position, tables)
        bound = {binding.table for binding in bindings}
        unbound = [table for table in tables if table.name not in bound]
        given = [table for table in unbound if table.name not in made]
        parts = (
            *(self._keys(table, number) for table in given),
            *(self._keys_by_day(table, position, number) for table in given),
            *(self._fitting.constants(table) for table in given),
            *(self._other_parents(table, position, number) for table in tables),
            self._parents_that_agree(tables, number),
            *(self._from_bound(binding, position) for binding in bindings),
            *(self._fitting.of(binding, bindings, position) for binding in bindings),
            self._compared(number),
            self._beyond_clock(position),
            self._emptied(position),
            *([self._beyond_present()] if self._table.name in looked_up else []),
            # A row may be looked up by something else than what references it.
            *(self._fitting.constants(table) for table in tables if table.name in bound),
        )
        # Where the first ones of each kind do not help, one of many may.
        more = []
        for kind, moves in chain.from_iterable(parts):
            if wanted(kind):
                proposed = moves()
                yield from islice(proposed, _FIRST)
                more.append(proposed)
        yield from chain.from_iterable(more)

    # A column, or several, take the values of a row of another table.

    def _keys(self, table: Table, number: int) -> Iterator[Proposed]:
        several = self._alike(table)
        if len(several) > 1:
            yield self._taken(table, several, number, MANY)
        pairs = [
            (there, own, exact)
            for there, own, exact in self._comparable(table)
            if self._proposals.may_change([own.name])
        ]
        for there, own, exact in pairs:
            yield self._taken(table, ((there.name, own.name),), number, MANY if exact else FEW)
        for there, own, _ in pairs:
            if own.type.array:
                continue
            for place in range(1, len(steps(there.type, sql.Identifier(there.name)))):
                yield self._beside(table, there, own, place)

    def _taken(self, table: Table, pairs: tuple[tuple[str, str], ...], number: int, most: int) -> Proposed:
        kind = ("key", table.name, pairs)

        def moves() -> Iterator[Move]:
            columns = [
                sql.SQL("ARRAY[{}]" if self._table.column(own).type.array else "{}").format(
                    sql.Identifier(there)
                )
                for there, own in pairs
            ]
            found = self._looked_up.values(table.name, columns, [own for _, own in pairs])
            for values in rotated(found, number)[:most]:
                given = {own: value for (_, own), value in zip(pairs, values, strict=True)}
                of_array = any(self._table.column(own).type.array for own in given)
                yield Move(kind, given, binding=None if of_array else Binding(table.name, pairs))

        return kind, moves

    def _beside(self, table: Table, there: Column, own: Column, place: int) -> Proposed:
        """Values just beside those of a column that has an order."""
        kind = ("beside", table.name, there.name, own.name, place)

        def moves() -> Iterator[Move]:
            expression = steps(there.type, sql.Identifier(there.name))[place]
            for values in self._looked_up.values(table.name, [expression], [own.name])[:FEW]:
                yield Move(kind, {own.name: values[0]})

        return kind, moves

    def _alike(self, table: Table) -> tuple[tuple[str, str], ...]:
        """Pairs of a table's column and one of the row that stand for the same: by name, or by what they reference."""
        found: dict[str, str] = {}
        for column in table.columns:
            own = column.name
            if self._table.has_column(own) and comparable(column.type, self._table.column(own).type):
                found[column.name] = own
        for key in table.foreign_keys:
            for other in self._table.foreign_keys:
                if (key.referenced, key.referenced_columns) == (other.referenced, other.referenced_columns):
                    found.update(zip(key.columns, other.columns, strict=True))
        keys = {name for unique in table.uniques for name in unique.columns} | table.referencing
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
            if own.generated or self._is_own_key(own.name) or not self._looked_up.own_matters(own):
                continue
            for there in table.columns:
                if (
                    not comparable(there.type, own.type)
                    or is_boolean(own.type)
                    or not self._looked_up.matters(there)
                ):
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

    def _compared(self, number: int) -> Iterator[Proposed]:
        for name, values in values_of_triggers(self._table).items():
            if self._proposals.may_change([name]):
                kind = ("literal", self._table.name, name)
                yield kind, partial(self._taking, kind, rotated([(value,) for value in values], number))

    @staticmethod
    def _taking(kind: Kind, values: Sequence[Key]) -> Iterator[Move]:
        for (value,) in values[:FEW]:
            yield Move(kind, {kind[2]: value})

    # A column whose values have an order lies beyond those that its own table has, above or below.

    def _beyond_present(self) -> Iterator[Proposed]:
        referencing = self._table.referencing
        for own in self._table.columns:
            if (
                own.generated
                or own.type.array
                or own.name in referencing
                or self._is_own_key(own.name)
                or not self._looked_up.own_matters(own)
                or not self._proposals.may_change([own.name])
            ):
                continue
            for place, bound in ((1, "max({})"), (2, "min({})")):
                kind = ("beyond", self._table.name, own.name, place)
                found = steps(own.type, sql.SQL(bound).format(sql.Identifier(own.name)))
                if len(found) > place:
                    yield kind, partial(self._taking_beyond, kind, found[place])

    def _taking_beyond(self, kind: Kind, expression: sql.Composable) -> Iterator[Move]:
        for (value,) in self._looked_up.values(self._table.name, [expression], [kind[2]]):
            yield Move(kind, {kind[2]: value})

    # A moment lies on the other side of the clock, or all moments of the row do, with what lies between them.

    def _beyond_clock(self, position: Position) -> Iterator[Proposed]:
        referencing = self._table.referencing
        moments = [
            own.name
            for own in self._table.columns
            if isinstance(position.row.get(own.name), date)
            and not own.generated
            and own.name not in referencing
            and self._proposals.may_change([own.name])
        ]
        alone = [name for name in moments if self._looked_up.own_matters(self._table.column(name))]
        if not (self._looked_up.of_clock and alone):
            return
        for names in dict.fromkeys((*((name,) for name in alone), tuple(moments))):
            for days in FAR:
                kind = ("beyond clock", self._table.name, names, days)
                moved = {name: position.row[name] + timedelta(days) for name in names}
                yield kind, partial(iter, [Move(kind, moved)])

    # A column that triggers want to be NULL: in the row itself, or in what they read of it once it is in its table.

    def _emptied(self, position: Position) -> Iterator[Proposed]:
        for column in self._table.columns:
            free = can_be_null_in(self._table, column.name) and self._proposals.may_change([column.name])
            if free and self._looked_up.named_null(column) and position.row.get(column.name) is not None:
                kind = ("null", self._table.name, column.name)
                yield kind, partial(iter, [Move(kind, {column.name: None})])

    # Keys of a table, and a day that has what its row says of days; or a row there that says it of the day.

    def _keys_by_day(self, table: Table, position: Position, number: int) -> Iterator[Proposed]:
        pairs = self._alike(table)
        if not pairs:
            return
        columns = [sql.Identifier(there) for there, _ in pairs]
        names_of_row = [own for _, own in pairs]

        def keys() -> Iterator[tuple[Mapping[str, Any], Binding]]:
            for values in rotated(self._looked_up.values(table.name, columns, names_of_row), number)[:FEW]:
                yield dict(zip(names_of_row, values, strict=True)), Binding(table.name, pairs)

        for there in table.columns:
            for day in self._looked_up.parts_of_days(there, position):
                kind = ("key by day", table.name, pairs, there.name, day.kind)
                if self._proposals.may_change([day.own]):
                    taken = ([*columns, day.latest], [*names_of_row, day.own])
                    yield kind, partial(self._by_day, kind, table.name, taken, number)
        for source in self._looked_up.adjustable(table):
            for day in self._looked_up.parts_of_days(source.column, position):
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
                        condition = self._looked_up.condition(binding, Position({**position.row, **given}))
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
        for values in rotated(self._looked_up.values(table, *taken), number)[:FEW]:
            yield Move(kind, dict(zip(taken[1], values, strict=True)))

    # A foreign key references another row.

    def _other_parents(self, table: Table, position: Position, number: int) -> Iterator[Proposed]:
        for key in self._table.foreign_keys:
            if key.referenced == table.name and all(
                self._proposals.may_change([name]) for name in key.columns
            ):
                kind = ("parent", table.name, key.name)
                yield kind, partial(self._references, kind, key, position, number)

    def _references(self, kind: Kind, key: ForeignKey, position: Position, number: int) -> Iterator[Move]:
        now = tuple(position.row.get(column) for column in key.columns)
        columns = [sql.Identifier(name) for name in key.referenced_columns]
        for values in rotated(self._looked_up.values(key.referenced, columns, key.columns), number):
            if values != now:
                yield Move(kind, dict(zip(key.columns, values, strict=True)))

    # Two foreign keys reference rows that agree.

    def _parents_that_agree(self, tables: Iterable[Table], number: int) -> Iterator[Proposed]:
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
                named = self._looked_up.matters(here) and self._looked_up.matters(there)
                if alike and named and not both_keys and comparable(here.type, there.type):
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
        for values in rotated(self._looked_up.values(source, expressions, own, condition), number):
            yield Move(kind, dict(zip(own, values, strict=True)))

    # A column follows the row that is looked up.

    def _from_bound(self, binding: Binding, position: Position) -> Iterator[Proposed]:
        referencing = self._table.referencing
        taken = {own for _, own in binding.pairs} if binding.over is None else set()
        for there in self._schema.table(binding.table).columns:
            for own in self._table.columns:
                if (
                    not own.generated
                    and own.name not in referencing | taken
                    and not self._is_own_key(own.name)
                    and not own.type.array
                    and comparable(there.type, own.type)
                    and self._proposals.may_change([own.name])
                    and self._looked_up.matters(there)
                    and self._looked_up.own_matters(own)
                ):
                    for place in range(len(steps(there.type, sql.Identifier(there.name)))):
                        kind = ("follow", binding.table, there.name, own.name, place)
                        yield kind, partial(self._following, kind, binding, position)

            for day in self._looked_up.parts_of_days(there, position):
                if self._proposals.may_change([day.own]):
                    of_day = ("day", binding.table, there.name, day.kind)
                    yield of_day, partial(self._following_day, of_day, day, binding, position)

    def _following_day(
        self, kind: Kind, day: PartOfDay, binding: Binding, position: Position
    ) -> Iterator[Move]:
        condition = self._looked_up.condition(binding, position)
        if condition is not None and self._looked_up.tells_days(binding.table, kind[2], day):
            for values in self._looked_up.values(binding.table, [day.latest], [day.own], condition):
                yield Move(kind, {day.own: values[0]})

    def _following(self, kind: Kind, binding: Binding, position: Position) -> Iterator[Move]:
        _, _, there, own, place = kind
        condition = self._looked_up.condition(binding, position)
        if condition is None:
            return
        column = self._schema.table(binding.table).column(there)
        expression = steps(column.type, sql.Identifier(there))[place]
        for values in self._looked_up.values(binding.table, [expression], [own], condition):
            if values[0] != position.row.get(own):
                yield Move(kind, {own: values[0]})


def _target(table: Table, name: str) -> tuple[TableName, str]:
    """The column that a column references, or itself."""
    for key in table.foreign_keys:
        if key.columns == (name,):
            return key.referenced, key.referenced_columns[0]
    return table.name, name
