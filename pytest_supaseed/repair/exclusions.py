"""Rows changed so that EXCLUDE constraints accept them beside one another, before they are written one by one.

:func:`apart` has two kinds of constraint in mind. ``EXCLUDE (zoo_id WITH =, species WITH <>)`` wants rows of one zoo to
be of one species: they get that of the first. ``EXCLUDE (room_id WITH =, tstzrange(starts, ends) WITH &&)`` wants
ranges that do not overlap: a range is moved behind the one before it, and keeps its length. Ranges of one column, and
whatever is left, are replaced when PostgreSQL refuses the row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.model.schema import Exclusion, Table
from pytest_supaseed.reflection.queries import fetch_exact, relation, selected, types_of
from pytest_supaseed.repair.propose import Proposals
from pytest_supaseed.rows.steps import Row

_ELEMENTS = re.compile(
    r"EXCLUDE USING \w+ \((.*?)\)(?: INCLUDE .*| WITH \(.*| WHERE .*| DEFERRABLE.*)?$", re.DOTALL
)
_PLAIN = re.compile(r'^"?(\w+)"? WITH (=|<>|&&)$')
_RANGE = re.compile(r'range\("?(\w+)"?, "?(\w+)"?(?:, \'(..)\'(?:::text)?)?\)')


@dataclass(frozen=True)
class _Ends:
    """The columns that a range is computed from.

    Attributes:
        closed: whether the range contains its upper bound.
    """

    lower: str
    upper: str
    closed: bool


@dataclass(frozen=True)
class _Elements:
    """What an EXCLUDE constraint compares.

    Attributes:
        equal: the columns that are compared by ``=``.
        different: those that are compared by ``<>``.
        ends: of the ranges that must not overlap; None where there are none of two columns.
    """

    equal: tuple[str, ...]
    different: tuple[str, ...]
    ends: _Ends | None


def apart(connection: Connection, proposals: Proposals, rows: Sequence[Row]) -> list[Row]:
    """Return rows of which the EXCLUDE constraints of their table refuse fewer.

    Args:
        connection: in the transaction of the whole seed.
        rows: as they were made; they stay as they are.
    """
    table = proposals.table
    result = [dict(row) for row in rows]
    for exclusion in table.exclusions:
        elements = _elements(table, exclusion)
        if elements is None:
            continue
        if elements.different and _may_change(proposals, elements.different):
            _agree(result, elements, _present(connection, table, (*elements.equal, *elements.different)))
        elif elements.ends is not None and _may_change(proposals, (elements.ends.lower, elements.ends.upper)):
            ends = (elements.ends.lower, elements.ends.upper)
            _move(result, elements, _present(connection, table, (*elements.equal, *ends)))
    return result


def _may_change(proposals: Proposals, columns: Iterable[str]) -> bool:
    """Whether each of the columns may change without another one: none is a part of a composite foreign key."""
    composite = {name for key in proposals.table.foreign_keys if len(key.columns) > 1 for name in key.columns}
    return all(name not in composite and proposals.may_change([name]) for name in columns)


def _elements(table: Table, exclusion: Exclusion) -> _Elements | None:
    """What a constraint compares; None where it compares something else as well."""
    found = _ELEMENTS.match(exclusion.definition)
    equal: list[str] = []
    different: list[str] = []
    ends = None
    for part in re.split(r", (?=[^()]*(?:\([^()]*\)[^()]*)*$)", found[1]) if found else ():
        plain = _PLAIN.match(part)
        name = plain[1] if plain is not None else ""
        if plain is not None and not table.has_column(name):
            return None
        if plain is not None and plain[2] != "&&":
            (equal if plain[2] == "=" else different).append(name)
            continue
        if not part.endswith(" WITH &&"):
            return None
        computed = (table.column(name).default or "") if name and table.column(name).generated else part
        range_of = _RANGE.search(computed)
        if range_of is None or not all(map(table.has_column, range_of.group(1, 2))):
            return None
        ends = _Ends(range_of[1], range_of[2], (range_of[3] or "[)").endswith("]"))
    return _Elements(tuple(equal), tuple(different), ends) if different or ends else None


def _present(connection: Connection, table: Table, columns: Sequence[str]) -> list[Row]:
    """The values of the rows that are there."""
    query = sql.SQL("SELECT {} FROM {}").format(selected(table, columns), relation(table.name))
    found = fetch_exact(connection, types_of(table, columns), query)
    return [dict(zip(columns, values, strict=True)) for values in found]


def _group(row: Mapping[str, Any], columns: Sequence[str]) -> tuple[str, ...] | None:
    values = [row.get(name) for name in columns]
    return None if any(value is None for value in values) else tuple(map(str, values))


def _agree(rows: Sequence[dict[str, Any]], elements: _Elements, present: Sequence[Row]) -> None:
    """Give the rows of each group the values of its first row."""
    first: dict[tuple[str, ...], Row] = {}
    for row in (*present, *rows):
        group = _group(row, elements.equal)
        if group is None or any(row.get(name) is None for name in elements.different):
            continue
        known = first.setdefault(group, row)
        if known is not row and isinstance(row, dict):
            row.update({name: known[name] for name in elements.different})


def _move(rows: Sequence[dict[str, Any]], elements: _Elements, present: Sequence[Row]) -> None:
    """Move ranges that overlap behind one another, each group by itself."""
    ends = elements.ends
    assert ends is not None  # noqa: S101 for the type checker
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        group = _group(row, elements.equal)
        if group is not None and _is_range(row.get(ends.lower), row.get(ends.upper)):
            groups.setdefault(group, []).append(row)
    last = {
        group: row[ends.upper]
        for row in sorted(
            (row for row in present if row.get(ends.upper) is not None), key=lambda row: row[ends.upper]
        )
        if (group := _group(row, elements.equal)) is not None
    }
    for group, inside in groups.items():
        before: Any = last.get(group)
        for row in sorted(inside, key=lambda row: row[ends.lower]):
            lower, upper = row[ends.lower], row[ends.upper]
            try:
                if before is not None and (lower < before or (ends.closed and lower == before)):
                    start = before + _unit(lower) if ends.closed else before
                    lower, upper = start, start + (upper - lower)
            except (TypeError, OverflowError):
                continue  # A value that a marker gives, such as a text.
            row[ends.lower], row[ends.upper] = lower, upper
            before = upper


def _is_range(lower: Any, upper: Any) -> bool:
    known = isinstance(lower, (date, int, Decimal)) and type(lower) is type(upper)
    return known and not isinstance(lower, bool) and bool(lower < upper)


def _unit(value: Any) -> Any:
    if isinstance(value, datetime):
        return timedelta(minutes=1)
    return timedelta(days=1) if isinstance(value, date) else 1
