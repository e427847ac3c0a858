"""Rows of a table that its foreign keys may reference by the application's models, as Django's ``limit_choices_to``.

The query of a :class:`~pytest_supaseed.model.schema.ReferencedLimit` tells which rows these are once they are there.
Before, the plan sees to it that there will be some: where a limit lists the values of columns, as many new rows as are
needed get them (:func:`allowed_values`); any other condition on a row alone becomes one of all new rows
(:func:`with_limit_checks`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import cycle, islice
from typing import Any

from pytest_supaseed.constraints.column import value_domain
from pytest_supaseed.constraints.domain import is_listed
from pytest_supaseed.errors import Problem
from pytest_supaseed.model.references import optional
from pytest_supaseed.model.schema import Check, ForeignKey, ReferencedLimit, Schema, Table, TableName
from pytest_supaseed.model.type_families import is_boolean
from pytest_supaseed.planning import messages
from pytest_supaseed.planning.plan import Built, Origin, Supplier
from pytest_supaseed.planning.row_totals import Total

_Supplied = Mapping[str, tuple[Origin, Any]]
_BY_USER = (Supplier.MARKER, Supplier.GENERATORS)


@dataclass(frozen=True)
class _Reference:
    """A limited foreign key of new rows to new rows of another table.

    Attributes:
        referencing: the total of its table.
        foreign_key: the foreign key.
        limit: its limit.
        parent: the total of the referenced table.
    """

    referencing: Total
    foreign_key: ForeignKey
    limit: ReferencedLimit
    parent: Total

    @property
    def rows(self) -> int:
        """The new rows of the referenced table."""
        return self.parent.total - self.parent.present

    @property
    def least(self) -> int:
        """How many rows have to be allowed, for all new rows to reference one."""
        table, per = self.referencing.table, self.referencing.per
        if per is not None and per[0] == self.foreign_key.name:
            return self.rows
        one_each = any(
            set(unique.columns) <= set(self.foreign_key.columns)
            for unique in table.uniques
            if not unique.partial
        )
        return self.referencing.total - self.referencing.present if one_each else 1

    @property
    def required(self) -> bool:
        """Whether there has to be a row to reference, and none is there before the seed."""
        return not self.parent.present and not optional(self.referencing.table, self.foreign_key)


def with_limit_checks(
    schema: Schema, found: dict[TableName, Total], supplied: Mapping[TableName, _Supplied]
) -> tuple[Schema, dict[TableName, Total]]:
    """Return schema and totals in which the conditions of limits that list no values are CHECKs of new rows.

    Args:
        found: the totals of the spec.
        supplied: by table, the columns that have values already.
    """
    alone = _limit_checks(found, supplied)
    if not alone:
        return schema, found
    tables = {name: schema.table(name) for name in alone}
    changed = {name: replace(table, checks=(*table.checks, alone[name])) for name, table in tables.items()}
    return (
        replace(schema, tables=tuple(changed.get(table.name, table) for table in schema.tables)),
        {name: replace(each, table=changed.get(name, each.table)) for name, each in found.items()},
    )


def allowed_values(
    found: Mapping[TableName, Total], supplied: Mapping[TableName, _Supplied]
) -> tuple[dict[TableName, dict[str, tuple[Origin, Any]]], list[Problem]]:
    """Return values with which new rows are among those that limited foreign keys may reference.

    Args:
        found: the totals of the spec.
        supplied: by table, the columns that have values already.

    Returns:
        By table and column, the origin and a value for each new row; and a problem for each foreign key that needs a
        row and may reference none.
    """
    problems: list[Problem] = []
    checks = _limit_checks(found, supplied)
    wanted: dict[tuple[TableName, str], list[tuple[_Reference, tuple[Any, ...]]]] = {}
    for each in _references(found, supplied):
        table = each.parent.table
        checked = each.limit.check is not None and checks.get(table.name) == each.limit.check
        by_user = [name for name, _ in each.limit.values if _is_of_user(supplied[table.name], name)]
        for name, allowed in each.limit.values:
            if name in by_user:
                continue
            domain = value_domain(table, table.column(name)).allowed
            possible = tuple(
                value for value in allowed if value is None or domain is None or _among(value, domain)
            )
            if not possible and each.required:
                problems.append(
                    messages.none_allowed(each.referencing.table, each.foreign_key, name, domain or ())
                )
            elif possible and not checked and _may_be(table, name, possible):
                wanted.setdefault((table.name, name), []).append((each, possible))
        for name in by_user:
            choices = _choices(supplied[table.name][name][1])
            allowed = dict(each.limit.values)[name]
            if each.required and choices and not any(_among(choice, allowed) for choice in choices):
                problems.append(
                    messages.none_allowed(each.referencing.table, each.foreign_key, name, choices)
                )
    values: dict[TableName, dict[str, tuple[Origin, Any]]] = {}
    for (table_name, name), demands in wanted.items():
        parent = found[table_name]
        new = parent.total - parent.present
        default = supplied[table_name].get(name, (None, ...))[1]
        shares = _shares(demands, new)
        if sum(number for _, number in shares) > new:
            # Those that can be NULL do without.
            demands = [(each, possible) for each, possible in demands if each.required]
            shares = _shares(demands, new)
        needed = sum(number for _, number in shares)
        if needed > new and len(shares) > 1:
            limits = (each.limit.name for each, _ in demands)
            problems.append(messages.too_few_allowed(parent.table, limits, new, needed))
        if not shares or needed > new:
            # That one foreign key alone needs more rows its unique key says.
            continue
        # Each column is dealt by itself: where a limit lists several, rows are sure to have all of them.
        several = any(len(each.limit.values) > 1 for each, _ in demands)
        chosen = [value for possible, number in shares for value in islice(cycle(possible), number)]
        rest = (
            [] if several else _others(parent, name, [v for possible, _ in shares for v in possible], default)
        )
        column_values = [*chosen, *islice(cycle(rest or chosen), max(0, new - len(chosen)))]
        origin = Origin(demands[0][0].limit.name, Supplier.PLAN)
        values.setdefault(table_name, {})[name] = origin, column_values
    return values, problems


def _limit_checks(
    found: Mapping[TableName, Total], supplied: Mapping[TableName, _Supplied]
) -> dict[TableName, Check]:
    """The conditions of limits that are those of all new rows, by table."""
    checks: dict[TableName, dict[str, Check]] = {}
    for each in _references(found, supplied):
        check, name = each.limit.check, each.parent.table.name
        if check is None or each.limit.whole or not check.columns:
            continue
        if not any(_is_of_user(supplied[name], column) for column in check.columns):
            checks.setdefault(name, {})[check.expression] = check
    # Where two limits differ, rows cannot be told to be of both.
    return {name: next(iter(of.values())) for name, of in checks.items() if len(of) == 1}


def _references(
    found: Mapping[TableName, Total], supplied: Mapping[TableName, _Supplied]
) -> Iterator[_Reference]:
    """The limited foreign keys of new rows to new rows of other tables."""
    for total in found.values():
        for key in total.table.foreign_keys if total.total > total.present else ():
            parent = found.get(key.referenced)
            if key.limit is None or parent is None or parent is total or parent.total <= parent.present:
                continue
            if not any(column in supplied[total.table.name] for column in key.columns):
                yield _Reference(total, key, key.limit, parent)


def _is_of_user(supplied: _Supplied, column: str) -> bool:
    return column in supplied and supplied[column][0].supplier in _BY_USER


def _choices(value: Any) -> tuple[Any, ...]:
    """The values that the user lists for a column; empty where they are not known before they are made."""
    if callable(value) or isinstance(value, Built):
        return ()
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


def _among(value: Any, values: Iterable[Any]) -> bool:
    # A member of an enum stands for its value.
    return is_listed(getattr(value, "value", value), values)


def _shares(demands: list[tuple[_Reference, tuple[Any, ...]]], new: int) -> list[tuple[tuple[Any, ...], int]]:
    """Return the sets of values that rows have to have, and how many rows of each; these may be more than there are."""
    least: dict[tuple[Any, ...], int] = {}
    for each, possible in demands:
        least[possible] = max(each.least, least.get(possible, 0))
    if len(least) > 1 and sum(least.values()) > new:
        # A row with a value that all of them allow serves all.
        first, *others = least
        common = tuple(value for value in first if all(_among(value, other) for other in others))
        if common:
            least = {common: max(least.values())}
    # As many rows as they need, else a fair part of all.
    fair = -(-new // (len(least) + 1))
    room = max(0, new - sum(least.values()))
    found = []
    for possible, number in least.items():
        more = max(0, min(fair - number, room))
        room -= more
        found.append((possible, number + more))
    return found


def _others(parent: Total, name: str, allowed: list[Any], default: Any) -> list[Any]:
    """The values of the rows that need none of the allowed ones."""
    if default is not ... and not callable(default) and not isinstance(default, Built):
        return list(_choices(default))
    column = parent.table.column(name)
    every: Iterable[Any] = value_domain(parent.table, column).allowed or ()
    if is_boolean(column.type) and not column.type.array:
        every = (True, False)
    return [value for value in every if not _among(value, allowed)]


def _may_be(table: Table, name: str, values: tuple[Any, ...]) -> bool:
    """Whether the values of a column can be chosen: as often as need be, and not those of referenced rows."""
    column = table.column(name)
    if name in table.referencing:
        return values == (None,) and column.nullable
    unique = any(key.columns == (name,) and not key.partial for key in table.uniques)
    return not (unique or column.generated or column.identity or column.sequence)
