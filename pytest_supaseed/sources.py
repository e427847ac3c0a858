"""Where the values of each column come from: the user, a sequence, a referenced row, or ourselves."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pytest_supaseed.constraints import ColumnFacts, column_facts
from pytest_supaseed.counting import counted_within
from pytest_supaseed.finite import has_few
from pytest_supaseed.marker import positional_parameters
from pytest_supaseed.partial import fills_index
from pytest_supaseed.references import References
from pytest_supaseed.schema import Column, Table
from pytest_supaseed.spec import marker_arguments
from pytest_supaseed.uniqueness import INTEGER_TYPES
from pytest_supaseed.values import ValueSource, value_source

DATE_TYPES = ("date", "time", "timetz", "timestamp", "timestamptz")
# A default of these types and kinds is replaced by a value that is the same in every run.
_VARYING = re.compile(
    r"\b(now|current_(date|time)|localtime|(clock|statement|transaction)_timestamp|random|gen_random_|uuid_generate_|"
    r"uuidv\d)",
    re.IGNORECASE,
)
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


@dataclass(frozen=True)
class Omitted:
    """PostgreSQL computes the value: a default, or a generated column."""


@dataclass(frozen=True)
class Given:
    """A value, or several to be dealt out evenly.

    Attributes:
        choices: at least one value.
    """

    choices: tuple[Any, ...]


@dataclass(frozen=True)
class Function:
    """A function of the user.

    Attributes:
        function: takes ``(faker)`` or ``(faker, row)``.
        origin: where the user wrote it, for messages.
        takes_row: whether it takes the row as well.
    """

    function: Callable[..., Any]
    origin: str
    takes_row: bool


@dataclass(frozen=True)
class Referenced:
    """A foreign key sets the value."""


@dataclass(frozen=True)
class Number:
    """The next number, of a sequence or after the greatest one that is there.

    Attributes:
        within: columns within whose values it counts; empty for the whole table.
        start: the first number in an empty table.
    """

    within: tuple[str, ...] = ()
    start: int = 1


@dataclass(frozen=True)
class Made:
    """Made up from the column's name, type and constraints.

    Attributes:
        source: makes it.
    """

    source: ValueSource


Source = Omitted | Given | Function | Referenced | Number | Made


@dataclass(frozen=True)
class ColumnSource:
    """A column, what is known of it, and where its values come from."""

    column: Column
    facts: ColumnFacts
    source: Source


Generators = Mapping[str, Any]


def overrides(table: Table, columns: Mapping[str, Any], generators: Generators) -> dict[str, tuple[str, Any]]:
    """Collect what the user gives for the columns of a table: the marker's, then the generators'.

    Args:
        table: the table.
        columns: the marker's, of columns that the table has.
        generators: ``supaseed_generators``: ``schema.table.column``, ``table.column`` or ``*.column``.

    Returns:
        By column: where the user wrote it, and the value, list or function.
    """
    found: dict[str, tuple[str, Any]] = {}
    for column in table.columns:
        if column.name in columns:
            found[column.name] = (f"columns={{{column.name!r}: ...}}", columns[column.name])
            continue
        if column.generated:
            continue
        for key in (f"{table.name}.{column.name}", f"{table.label}.{column.name}", f"*.{column.name}"):
            if key in generators:
                found[column.name] = (f"supaseed_generators[{key!r}]", generators[key])
                break
    return found


def column_sources(
    table: Table, given: Mapping[str, tuple[str, Any]], roles: References, placeholders: Collection[str] = ()
) -> tuple[tuple[ColumnSource, ...], list[str]]:
    """Decide where the values of each column come from.

    Args:
        table: the table.
        given: what :func:`overrides` found.
        roles: the roles of its foreign keys.
        placeholders: columns of foreign keys whose rows are made later: NULL, or any value, until then.

    Returns:
        The sources in the order of the columns, and a message for each column that nothing can fill.
    """
    referencing = {name for foreign_key in (*roles.free, *roles.dependent) for name in foreign_key.columns}
    # (tenant_id, parent_id) -> (tenant_id, id) of the same table says nothing of tenant_id.
    referencing |= {
        own
        for foreign_key in roles.own
        for own, referenced in zip(foreign_key.columns, foreign_key.referenced_columns, strict=True)
        if own != referenced
    }
    # What takes the row comes last, so nothing can be fitted to it.
    known = {
        name for name, (_, value) in given.items() if not callable(value) or positional_parameters(value) < 2
    }
    sources, problems = [], []
    for column in table.columns:
        facts = column_facts(table, column)
        source: Source | None
        if column.name in given:
            source = _given(column, *given[column.name])
        elif column.generated:
            source = Omitted()
        elif column.name in referencing:
            source = Referenced()
        elif column.name in placeholders and column.nullable:
            source = Given((None,))
        else:
            source = _chosen(
                table, column, facts, referencing, known, placeholder=column.name in placeholders
            )
        if source is None:
            problems.append(
                f"{table.label}.{column.name} is NOT NULL, and no value of type {column.type.text} can be made: "
                f"give some, as in {override(table, 8, column.name, '[...]')}"
            )
        else:
            sources.append(ColumnSource(column, facts, source))
    return tuple(sources), problems


def override(table: Table, rows: int, column: str, value: str) -> str:
    """Spell the marker's argument that gives values for a column.

    Args:
        table: the table.
        rows: how many rows it asks for.
        column: the column's name.
        value: the values, as code.
    """
    return marker_arguments([(table.label, f"Rows({rows}, columns={{{column!r}: {value}}})")])


def plain(column: Column, value: Any) -> Any:
    """Return the value of an enum's member as the column stores it: by its name or by its value."""
    if not isinstance(value, enum.Enum):
        return value
    return value.name if value.name in column.type.labels else value.value


def _given(column: Column, origin: str, value: Any) -> Source:
    if callable(value):
        return Function(value, origin, positional_parameters(value) > 1)
    # A list for an array or a JSON column is a set of choices all the same: a marker means one thing by it.
    choices = value if isinstance(value, (list, tuple)) else (value,)
    return Given(tuple(plain(column, choice) for choice in choices))


def _chosen(
    table: Table,
    column: Column,
    facts: ColumnFacts,
    referencing: Collection[str],
    known: Collection[str],
    *,
    placeholder: bool,
) -> Source | None:
    if column.sequence is not None or _is_integer_key(table, column, facts):
        return Number(start=_start(facts))
    within = counted_within(table, column, facts, referencing)
    if within and not placeholder:
        return Number(within, _start(facts))
    kept = column.default is not None and not placeholder and _keeps_default(table, column, facts)
    if kept and not fills_index(table, column.name, lambda name: has_few(table, name, referencing)):
        return Omitted()
    if column.nullable and column.type.name in DATE_TYPES and _GONE.fullmatch(column.name):
        return Given((None,))
    made = value_source(table, column, facts, known)
    if made is None:
        if column.default is not None:
            return Omitted()
        return Given((None,)) if column.nullable else None
    return Given(made.choices) if made.choices else Made(made)


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
        return not _VARYING.search(default)
    in_key = any(column.name in key.columns for key in table.uniques)
    listed = facts.allowed is not None and column.type.name != "bool" and not column.type.array
    measured = column.type.category == "N" and bool(_MEASURE.search(column.name))
    return not (in_key or listed or measured or _EMPTY_TEXT.fullmatch(default))
