"""Which source each column of a table gets."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from pytest_supaseed.collection.marker import positional_parameters
from pytest_supaseed.constraints import ColumnFacts, column_facts
from pytest_supaseed.planning.counting import counted_within
from pytest_supaseed.planning.plain import plain
from pytest_supaseed.planning.references import References
from pytest_supaseed.planning.sources import (
    Built,
    ColumnSource,
    Function,
    Given,
    Made,
    Number,
    Omitted,
    Referenced,
    Source,
    override,
)
from pytest_supaseed.reflection.volatility import VARYING
from pytest_supaseed.schema import Column, Table
from pytest_supaseed.spec import DEFAULT_DATE, DEFAULT_LOCALE
from pytest_supaseed.uniqueness.finite import has_few
from pytest_supaseed.uniqueness.partial import fills_index
from pytest_supaseed.uniqueness.uniqueness import INTEGER_TYPES
from pytest_supaseed.values import ValueSource, value_source
from pytest_supaseed.values.optional import MOSTLY, may_be_gone, usual_booleans

DATE_TYPES = ("date", "time", "timetz", "timestamp", "timestamptz")
_CLOCK = re.compile(r"\b(now|current_|localtime|timezone|clock_timestamp|statement_timestamp)", re.IGNORECASE)
_CONSTANT = re.compile(
    r"\(*-?[\d.]+\)*(::[\w \"]+)?|true|false|NULL(::.*)?|'.*'::[^()]*(\(\d+\))?", re.DOTALL
)
_EMPTY_TEXT = re.compile(r"''::.*")
# Zero is a poor price: a default of such a column only keeps an INSERT short.
_MEASURE = re.compile(
    r"price|amount|cost|total|quantity|qty|stock|rating|score|weight|height|width|length|age$|salary|fee|count$",
    re.IGNORECASE,
)
# A row that is there is, as a rule, neither deleted nor banned.
_GONE = re.compile(
    r"(deleted|removed|archived|cancell?ed|revoked|banned|suspended|deactivated|locked|blocked|disabled|expunged)"
    r"_?(at|on|date|time|timestamp)",
    re.IGNORECASE,
)


def column_sources(
    table: Table,
    given: Mapping[str, tuple[str, Any]],
    roles: References,
    placeholders: Collection[str] = (),
    today: date = DEFAULT_DATE,
    locale: str = DEFAULT_LOCALE,
    rows: int = 8,
) -> tuple[tuple[ColumnSource, ...], list[str]]:
    """Decide where the values of each column come from.

    Args:
        table: the table.
        given: what :func:`~pytest_supaseed.planning.patterns.given_columns` found.
        roles: the roles of its foreign keys.
        placeholders: columns of foreign keys whose rows are made later: NULL, or any value, until then.
        today: the day that the rows take for today.
        locale: Faker's locale.
        rows: that the table will hold, for a message.

    Returns:
        The sources in the order of the columns, and a message for each column that nothing can fill.
    """
    referencing = {name for foreign_key in (*roles.free, *roles.dependent) for name in foreign_key.columns}
    # (tenant_id, parent_id) that references (tenant_id, id) of the same table says nothing of tenant_id.
    referencing |= {
        own
        for foreign_key in roles.own
        for own, referenced in zip(foreign_key.columns, foreign_key.referenced_columns, strict=True)
        if own != referenced
    }
    by_user: dict[str, Source] = {}
    for name, (origin, value) in given.items():
        column = table.column(name)
        found = _given(table, column, column_facts(table, column), referencing, origin, value)
        if found is not None:
            by_user[name] = found
    # What takes the row comes last, so nothing can be fitted to it.
    known = {name for name, found in by_user.items() if not (isinstance(found, Function) and found.takes_row)}
    sources, problems = [], []
    for column in table.columns:
        facts = column_facts(table, column)
        source: Source | None
        if column.name in by_user:
            source = by_user[column.name]
        elif column.generated:
            source = Omitted()
        elif column.name in referencing:
            source = Referenced()
        elif column.name in placeholders and column.nullable:
            source = Given((None,))
        else:
            placeholder = column.name in placeholders
            source = _kept(table, column, facts, referencing, placeholder=placeholder)
            if source is None:
                source = _made(column, value_source(table, column, facts, known, today, locale))
        if source is None:
            problems.append(_unmakeable(table, column, rows))
        else:
            sources.append(ColumnSource(column, facts, source, column.name in by_user))
    return tuple(sources), problems


def _unmakeable(table: Table, column: Column, rows: int) -> str:
    why = f" ({column.type.unavailable})" if column.type.unavailable else ""
    return (
        f"{table.label}.{column.name} is NOT NULL, and no value of type {column.type.text} can be made{why}: "
        f"give some, as in {override(table, rows, column.name, '[...]')}, or for every test by the fixture "
        f"supaseed_generators: {{'{table.label}.{column.name}': lambda faker: ...}}"
    )


def _given(
    table: Table,
    column: Column,
    facts: ColumnFacts,
    referencing: Collection[str],
    origin: str,
    value: Any,
) -> Source | None:
    """What the user gives; None where a key that a factory has is ours to make."""
    if isinstance(value, Built):
        alone = table.primary_key == (column.name,)
        # A factory's uuid4() would be another one in every process.
        ours = _number(table, column, facts, referencing) or (alone and column.type.name == "uuid")
        return None if ours else value
    if callable(value):
        return Function(value, origin, positional_parameters(value) > 1)
    # A list for an array or a JSON column is a set of choices all the same: a marker means one thing by it.
    choices = value if isinstance(value, (list, tuple)) else (value,)
    return Given(tuple(plain(column, choice, facts.allowed) for choice in choices), origin)


def _number(
    table: Table, column: Column, facts: ColumnFacts, referencing: Collection[str], *, alone: bool = False
) -> Number | None:
    """How a column is numbered, None where it is not; ``alone`` for one that is not numbered within others."""
    if column.sequence is not None or _is_integer_key(table, column, facts):
        return Number(start=_start(facts))
    within = () if alone else counted_within(table, column, facts, referencing)
    return Number(within, _start(facts)) if within else None


def _kept(
    table: Table, column: Column, facts: ColumnFacts, referencing: Collection[str], *, placeholder: bool
) -> Source | None:
    """Where a value comes from that is not made up; None where it is."""
    numbered = _number(table, column, facts, referencing, alone=placeholder)
    if numbered is not None:
        return numbered
    kept = column.default is not None and not placeholder and _keeps_default(table, column, facts)
    if kept and not fills_index(table, column.name, lambda name: has_few(table, name, referencing)):
        usual = usual_booleans(table, column)
        return Given(usual) if usual else Omitted()
    if column.nullable and column.type.name in DATE_TYPES and _GONE.fullmatch(column.name):
        return None if may_be_gone(table, column) else Given((None,))
    return None


def _made(column: Column, made: ValueSource | None) -> Source | None:
    if made is None:
        if column.default is not None:
            return Omitted()
        return Given((None,)) if column.nullable else None
    if _GONE.fullmatch(column.name) and column.nullable and column.type.name in DATE_TYPES:
        made = replace(made, nulls=MOSTLY)
    return Given(made.choices) if made.choices and not made.nulls else Made(made)


def _is_integer_key(table: Table, column: Column, facts: ColumnFacts) -> bool:
    return (
        table.primary_key == (column.name,)
        and column.type.name in INTEGER_TYPES
        and not column.type.array
        and facts.allowed is None
        and (column.default is None or bool(_CONSTANT.fullmatch(column.default)))
    )


def _start(facts: ColumnFacts) -> int:
    if facts.minimum is None or facts.minimum < 1:
        return 1
    return int(facts.minimum) + (1 if facts.minimum_exclusive else 0)


def _keeps_default(table: Table, column: Column, facts: ColumnFacts) -> bool:
    default = column.default or ""
    if column.type.name == "uuid" and not column.type.array:
        return False
    if column.type.name in DATE_TYPES and _CLOCK.search(default):
        return False
    if not _CONSTANT.fullmatch(default):
        # What would be another value in another run is made instead.
        return not (column.varying or VARYING.search(default))
    in_key = any(column.name in key.columns for key in table.uniques)
    listed = facts.allowed is not None and column.type.name != "bool" and not column.type.array
    measured = column.type.category == "N" and bool(_MEASURE.search(column.name))
    return not (in_key or listed or measured or _EMPTY_TEXT.fullmatch(default))
