"""Column sources: server default, sequence number, reference, supplied or generated value, for each column of a table.

:func:`column_sources` decides; :func:`numbered_within` finds columns that are numbered per parent, such as the line
number of an order; :func:`number_problem` checks the range of numbered columns.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Any

from pytest_supaseed.allocation.constraints import fills_index, has_few
from pytest_supaseed.constraints.column import usual_domain
from pytest_supaseed.constraints.domain import ValueDomain, intersect, normalize
from pytest_supaseed.constraints.functions import VARYING
from pytest_supaseed.errors import Problem
from pytest_supaseed.model.referenced import ReferencedTable
from pytest_supaseed.model.references import References
from pytest_supaseed.model.schema import Column, Table
from pytest_supaseed.model.type_families import (
    has_numeric_category,
    integer_limits,
    is_boolean,
    is_datetime,
    is_integer,
    is_uuid,
)
from pytest_supaseed.planning import messages
from pytest_supaseed.planning.overrides import plain
from pytest_supaseed.planning.plan import (
    Built,
    ColumnSource,
    Function,
    Generated,
    Number,
    Origin,
    Referenced,
    ServerDefault,
    Source,
    Supplied,
    Supplier,
)
from pytest_supaseed.planning.row_totals import Total
from pytest_supaseed.spec import SeedSpec
from pytest_supaseed.values.column import value_source
from pytest_supaseed.values.meanings.context import RowSetting, ValueSource
from pytest_supaseed.values.meanings.copies import copies
from pytest_supaseed.values.meanings.formulas.equations import equations
from pytest_supaseed.values.meanings.formulas.flags import flag_of, level_of
from pytest_supaseed.values.meanings.generation_order import (
    MOSTLY,
    is_spoken_of,
    is_unset,
    may_be_gone,
    usual_booleans,
)
from pytest_supaseed.values.meanings.numbers import is_amount, is_ordinal
from pytest_supaseed.values.meanings.stages import choice_of, rule_of
from pytest_supaseed.values.supplied import positional_parameters


def numbered_within(
    table: Table, column: Column, domain: ValueDomain, referencing: Collection[str]
) -> tuple[str, ...]:
    """Return the other columns of a key in which a column numbers rows: ``order_id`` for ``(order_id, line_no)``.

    Args:
        domain: value domain of the column.
        referencing: the columns that foreign keys set.

    Returns:
        The other columns; empty where the column is no such number.
    """
    listed = domain.allowed is not None or domain.maximum is not None
    if not is_integer(column.type) or column.type.array or listed:
        return ()
    for key in table.uniques:
        rest = tuple(name for name in key.columns if name != column.name)
        if (
            column.name in key.columns
            and rest
            and not key.expression
            and not any({column.name, *rest} <= set(other.columns) for other in table.foreign_keys)
            and not any(_follows(table, name, column.name) for name in rest)
            and all(name in referencing for name in rest)
            and (column.name in table.primary_key or is_ordinal(column.name))
        ):
            return rest
    return ()


def _follows(table: Table, name: str, number: str) -> bool:
    """Whether a column references a row of the same table by its number, so that the number must be set first."""
    return any(
        key.referenced == table.name
        and number in key.referenced_columns
        and dict(zip(key.columns, key.referenced_columns, strict=True)).get(name, name) != name
        for key in table.foreign_keys
    )


_CONSTANT = re.compile(
    r"\(*-?[\d.]+\)*(::[\w \"]+)?|true|false|NULL(::.*)?|'.*'::[^()]*(\(\d+\))?", re.DOTALL
)
_EMPTY_TEXT = re.compile(r"''::.*")


@dataclass(frozen=True)
class _ColumnOfTable:
    """A column, and what the source of its values depends on.

    Attributes:
        table: the table.
        column: the column.
        domain: value domain of the column.
        referencing: the columns that foreign keys set.
        rows: rows asked for; 0 where the table has rows, whose numbers are counted on.
        settings: the names of PostgreSQL's settings that a test makes, in lower case.
        vary_defaults: whether columns with a constant default get other values, too.
    """

    table: Table
    column: Column
    domain: ValueDomain
    referencing: Collection[str]
    rows: int
    settings: Collection[str] = ()
    vary_defaults: bool = False


def column_sources(
    total: Total,
    supplied: Mapping[str, tuple[Origin, Any]],
    roles: References,
    placeholders: Collection[str],
    spec: SeedSpec,
    parents: tuple[ReferencedTable, ...] = (),
) -> tuple[tuple[ColumnSource, ...], list[Problem]]:
    """Decide the source of each column's values.

    Args:
        supplied: what :func:`~pytest_supaseed.planning.overrides.supplied_columns` returns.
        placeholders: columns of foreign keys whose rows are made later: NULL, or any value, until then.
        parents: the tables that the rows reference.

    Returns:
        The sources in the order of the columns, and a problem for each column that nothing can fill.
    """
    table = total.table
    referencing = {
        name for foreign_key in (*roles.independent, *roles.overlapping) for name in foreign_key.columns
    }
    # (tenant_id, parent_id) that references (tenant_id, id) of the same table does not set tenant_id.
    referencing |= {
        own
        for foreign_key in roles.self_referencing
        for own, referenced in zip(foreign_key.columns, foreign_key.referenced_columns, strict=True)
        if own != referenced
    }
    rows = 0 if total.present else total.total
    settings = {name.lower() for name, value in spec.settings if value}
    columns = [
        _ColumnOfTable(table, column, _domain(total, column), referencing, rows, settings, spec.vary_defaults)
        for column in table.columns
    ]
    by_user: dict[str, Source] = {}
    for each in columns:
        found = _supplied(each, *supplied[each.column.name]) if each.column.name in supplied else None
        if found is not None:
            by_user[each.column.name] = found
    # A function that takes the row is called last, so no other column can be derived from its value.
    known = {name for name, found in by_user.items() if not (isinstance(found, Function) and found.takes_row)}
    sources, problems = [], []
    setting = RowSetting(spec.date, spec.locale)
    for each in columns:
        column, domain = each.column, each.domain
        source: Source | None
        if column.name in by_user:
            source = by_user[column.name]
        elif column.generated:
            source = ServerDefault()
        elif column.name in referencing:
            source = Referenced()
        elif column.name in placeholders and column.nullable:
            source = Supplied((None,))
        else:
            placeholder = column.name in placeholders
            copied = not placeholder and copies(table, column, parents)
            source = None if copied else _not_generated(each, placeholder=placeholder)
            if source is None or (not placeholder and _is_ruled(each, source, known, parents)):
                made = value_source(table, column, domain, known, setting, () if placeholder else parents)
                # A rule may leave the default as it is, where the column does not accept what it would set.
                if source is None or (made is not None and made.ruled):
                    source = _generated(column, made)
        if source is None:
            problems.append(messages.no_value(table, column, total.total))
        else:
            sources.append(ColumnSource(column, domain, source, column.name in by_user))
    return tuple(sources), problems


def _domain(total: Total, column: Column) -> ValueDomain:
    domain = usual_domain(total.table, column)
    wanted = total.wanted.get(column.name)
    return domain if wanted is None else normalize(intersect(domain, wanted))


def referenced_by_settings(total: Total, spec: SeedSpec) -> dict[str, tuple[Origin, Any]]:
    """Return the keys of loaded rows that columns reference by default, as settings of the database have it.

    Returns:
        By column; empty where the spec has other settings, or asks for rows ``per`` row of another table.
    """
    made = {name.lower(): value for name, value in spec.settings}
    found: dict[str, tuple[Origin, Any]] = {}
    for column in total.table.columns if total.spec.per is None else ():
        key = column.referenced_by_default
        if key is None or any(made.get(name.lower(), value) != value for name, value in column.settings):
            continue
        settings = ", ".join(name for name, _ in column.settings)
        origin = Origin(f"its default, which reads {settings}", Supplier.SCHEMA_SOURCE)
        found[column.name] = origin, int(key) if is_integer(column.type) else key
    return found


def _supplied(of: _ColumnOfTable, origin: Origin, value: Any) -> Source | None:
    """Return the source of a supplied value; None for a key that a factory builds and the package generates instead."""
    if isinstance(value, Built):
        alone = of.table.primary_key == (of.column.name,)
        # A factory's uuid4() would differ in every process.
        ours = _number(of) or (alone and is_uuid(of.column.type))
        return None if ours else value
    if callable(value):
        return Function(value, origin, positional_parameters(value) > 1)
    # A list is a set of choices for array and JSON columns too, so that a marker means the same for every type.
    choices = value if isinstance(value, (list, tuple)) else (value,)
    return Supplied(tuple(plain(of.column, choice, of.domain.allowed) for choice in choices), origin)


def _number(of: _ColumnOfTable, *, alone: bool = False) -> Number | None:
    """Return the source of a numbered column, else None; ``alone`` ignores numbering within other columns."""
    if of.column.sequence is not None or _is_integer_key(of):
        return Number((), _first(of), _last(of.column, of.domain))
    within = () if alone else numbered_within(of.table, of.column, of.domain, of.referencing)
    return Number(within, _start(of.domain), _last(of.column, of.domain)) if within else None


def _not_generated(of: _ColumnOfTable, *, placeholder: bool) -> Source | None:
    """Return a source that is not generated: a number, the server default, or NULL; None where there is none."""
    table, column = of.table, of.column
    numbered = _number(of, alone=placeholder)
    if numbered is not None:
        return numbered
    kept = column.default is not None and not placeholder and _keeps_default(of)
    if kept and not fills_index(table, column.name, lambda name: has_few(table, name, of.referencing)):
        usual = usual_booleans(table, column, unusual=of.vary_defaults)
        return Supplied(usual) if usual else ServerDefault()
    if _is_unset(column):
        return None if may_be_gone(table, column) else Supplied((None,))
    return None


def _is_ruled(
    of: _ColumnOfTable,
    source: Source,
    supplied: Collection[str],
    parents: tuple[ReferencedTable, ...],
) -> bool:
    """Whether the stage of the row decides a value that would be the default's, or NULL."""
    if not isinstance(source, (ServerDefault, Supplied)):
        return False
    told = rule_of(of.table, of.column, supplied, parents) or choice_of(
        of.table, of.column, supplied, parents
    )
    return told is not None or any(tell(of.table, of.column) is not None for tell in (flag_of, level_of))


def _is_unset(column: Column) -> bool:
    """Whether most rows have no such moment: of an application's rows, few are deleted or banned."""
    return column.nullable and is_datetime(column.type) and is_unset(column.name)


def _generated(column: Column, source: ValueSource | None) -> Source | None:
    if source is None:
        if column.default is not None:
            return ServerDefault()
        return Supplied((None,)) if column.nullable else None
    if _is_unset(column) and not source.ruled:
        source = replace(source, nulls=MOSTLY)
    if source.choices and not source.nulls and not source.ranked:
        return Supplied(source.choices, weights=source.weights)
    return Generated(source)


def _is_integer_key(of: _ColumnOfTable) -> bool:
    column = of.column
    return (
        of.table.primary_key == (column.name,)
        and is_integer(column.type)
        and not column.type.array
        and of.domain.allowed is None
        and of.domain.multiple_of is None
        and (column.default is None or bool(_CONSTANT.fullmatch(column.default)))
    )


def _start(domain: ValueDomain) -> int:
    if domain.minimum is None or domain.minimum < 1:
        return 1
    return int(domain.minimum) + (1 if domain.minimum_exclusive else 0)


def _first(of: _ColumnOfTable) -> int:
    """The first number of a column: 1, or below where a CHECK leaves fewer numbers beyond it than there are rows."""
    first, last = _start(of.domain), _last(of.column, of.domain)
    limits = integer_limits(of.column.type)
    if of.domain.maximum is None or of.column.sequence is not None or last is None or limits is None:
        return first
    if last - first + 1 >= of.rows:
        return first
    least = limits[0] if of.domain.minimum is None else ceil(of.domain.minimum)
    if of.domain.minimum_exclusive and least == of.domain.minimum:
        least += 1
    return min(first, max(least, last - of.rows + 1))


def _last(column: Column, domain: ValueDomain) -> int | None:
    return min(_bounds(column, domain).values(), default=None)


def _keeps_default(of: _ColumnOfTable) -> bool:
    column = of.column
    default = column.default or ""
    if column.settings and all(value or name.lower() in of.settings for name, value in column.settings):
        return True
    if is_uuid(column.type) and not column.type.array:
        return False
    if not _CONSTANT.fullmatch(default):
        # A default that differs between runs is replaced by a generated value.
        return not (column.varying or VARYING.search(default))
    if of.vary_defaults and not is_boolean(column.type) and not is_spoken_of(of.table, column):
        return False
    in_key = any(column.name in key.columns for key in of.table.uniques)
    listed = of.domain.allowed is not None and not is_boolean(column.type) and not column.type.array
    # The default of a measure, such as a price of 0, only shortens an INSERT and is no realistic value.
    measured = has_numeric_category(column.type) and (
        is_amount(column.name)
        or (not is_integer(column.type) and bool(equations(of.table).uses.get(column.name)))
    )
    return not (in_key or listed or measured or _EMPTY_TEXT.fullmatch(default))


_CHECK = "CHECK"


def number_problem(table: Table, total: Total, source: ColumnSource) -> Problem | None:
    """Explain why a numbered column has fewer numbers than the table gets rows; None where it has enough."""
    column, numbers = source.column, source.source
    if not isinstance(numbers, Number) or numbers.within or _goes_down(column):
        return None
    bounds = _bounds(column, source.domain)
    if not bounds:
        return None
    reason, last = min(bounds.items(), key=lambda bound: bound[1])
    if reason == _CHECK:
        checks = [check for check in table.checks if column.name in check.columns] + [*column.type.checks]
        reason = f"{_CHECK} {' and '.join(check.name for check in checks)}"
    first = column.sequence.minimum if column.sequence else numbers.start
    step = column.sequence.increment if column.sequence else 1
    possible = max(0, (last - first) // step + 1)
    if column.sequence is not None and column.sequence.following is not None:
        # Numbers that are taken are not given again.
        first = column.sequence.following
        possible = total.present + max(0, (last - first) // step + 1)
    if total.total <= possible:
        return None
    return messages.numbers_end(table, column, total.total, reason, (first, last, possible))


def _bounds(column: Column, domain: ValueDomain) -> dict[str, int]:
    """Return the greatest numbers that the column's type, its sequence and its CHECKs allow, by the name of each."""
    bounds: dict[str, int] = {}
    if _goes_down(column):
        return bounds
    if domain.maximum is not None:
        most = ceil(domain.maximum) - 1 if domain.maximum_exclusive else floor(domain.maximum)
        bounds[_CHECK] = most
    if column.sequence is not None:
        bounds[f"the sequence {column.sequence.schema}.{column.sequence.name}"] = column.sequence.maximum
    limits = integer_limits(column.type)
    if limits is not None:
        bounds[f"the type {column.type.text}"] = limits[1]
    return bounds


def _goes_down(column: Column) -> bool:
    return column.sequence is not None and column.sequence.increment < 0
