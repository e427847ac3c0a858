"""Values that the functions of CHECKs and triggers look up in other tables, for rows that are refused.

A function may want a row of another table that has one of this row's values, without a foreign key between them:
``SELECT EXISTS (SELECT FROM area WHERE code = $1)``. :class:`LookedUp` reads what is there, and proposes it;
:func:`read_by_functions` tells which tables the functions read that have refused a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.constraints.functions import Lookup, functions_named, lookups_in, tables_in
from pytest_supaseed.model.schema import Check, Schema, Table, TableName
from pytest_supaseed.reflection.catalog import bodies_of
from pytest_supaseed.reflection.queries import Key, fetch, fetch_accepted, printed, types_of
from pytest_supaseed.repair.propose import rotated
from pytest_supaseed.writing.refusals import RefusedRowError

# Rows of a table that is looked into.
_MOST = 200
_COLUMNS = """
SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = to_regclass(%s) AND a.attnum > 0 AND NOT a.attisdropped
"""


def read_by_functions(
    connection: Connection, schema: Schema, refused: RefusedRowError
) -> frozenset[TableName]:
    """The tables that the functions which have refused a row read, by the text of those that triggers call.

    PostgreSQL counts no scan of an index for NULL, as of the user who is not signed in.
    """
    bodies = bodies_of(connection, functions_named(refused.said))
    return frozenset(name for body in bodies for name in tables_in(schema, body))


class LookedUp:
    """Proposes values that functions look up.

    Args:
        connection: in the transaction of the whole seed, in which the tables that are looked into have been written.
        table: the table whose rows are refused.
    """

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection = connection
        self._table = table
        self._columns: dict[str, frozenset[str]] = {}
        self._values: dict[tuple[str, tuple[tuple[str, str], ...]], list[Key]] = {}

    def of_checks(self, checks: Sequence[Check], number: int) -> Iterator[Mapping[str, Any]]:
        """Propose values for the columns of CHECKs that call functions.

        Args:
            number: of the row, which selects among the values.

        Returns:
            Values by column, of one row of the table that is looked into.
        """
        for check in checks:
            for lookup in lookups_in(check.called) if check.called else ():
                yield from self._of(lookup, check.columns, number)

    def of_triggers(self, number: int) -> Iterator[Mapping[str, Any]]:
        """Propose values for the columns that INSERT triggers compare with those of other tables."""
        for trigger in self._table.triggers:
            for lookup in lookups_in(trigger.source) if trigger.on_insert else ():
                yield from self._of(lookup, (), number)

    def _of(self, lookup: Lookup, parameters: Sequence[str], number: int) -> Iterator[Mapping[str, Any]]:
        there = self._there(lookup.table)
        named = {
            own: column for column, own in lookup.pairs if column in there and self._table.has_column(own)
        }
        if named:
            yield from self._rows(lookup.table, tuple((column, own) for own, column in named.items()), number)
        unnamed = dict.fromkeys(column for column, own in lookup.pairs if column in there and not own)
        if len(unnamed) == len(parameters) > 1:
            yield from self._rows(lookup.table, tuple(zip(unnamed, parameters, strict=True)), number)
        for column in unnamed:
            for own in parameters:
                yield from self._rows(lookup.table, ((column, own),), number)

    def _there(self, name: str) -> frozenset[str]:
        """The columns of a table, as its name stands in a function; none where there is no such table."""
        if name not in self._columns:
            self._columns[name] = frozenset(
                column for (column,) in fetch(self._connection, sql.SQL(_COLUMNS), [name])
            )
        return self._columns[name]

    def _rows(
        self, name: str, pairs: tuple[tuple[str, str], ...], number: int
    ) -> Iterator[Mapping[str, Any]]:
        if (name, pairs) not in self._values:
            self._values[name, pairs] = self._read(name, pairs)
        for values in rotated(self._values[name, pairs], number):
            yield {own: value for (_, own), value in zip(pairs, values, strict=True)}

    def _read(self, name: str, pairs: tuple[tuple[str, str], ...]) -> list[Key]:
        columns = [sql.Identifier(column) for column, _ in pairs]
        types = types_of(self._table, [own for _, own in pairs])
        [(relation,)] = fetch(self._connection, sql.SQL("SELECT to_regclass(%s)::text"), [name])
        query = sql.SQL("SELECT DISTINCT {} FROM {} WHERE {} ORDER BY {} LIMIT {}").format(
            sql.SQL(", ").join(map(printed, types, columns)),
            # regclass has quoted the name.
            sql.SQL(relation),
            sql.SQL(" AND ").join(sql.SQL("{} IS NOT NULL").format(column) for column in columns),
            sql.SQL(", ").join(sql.SQL(str(place)) for place in range(1, len(pairs) + 1)),
            sql.Literal(_MOST),
        )
        return fetch_accepted(self._connection, types, query)
