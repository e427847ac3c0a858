"""Where the values of each column come from: the user, a sequence, a referenced row, or ourselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.factories import RowFactory
from pytest_supaseed.schema import Column, Table
from pytest_supaseed.spec import abbreviated, marker_arguments
from pytest_supaseed.values import ValueSource


@dataclass(frozen=True)
class Omitted:
    """PostgreSQL computes the value: a default, or a generated column."""


@dataclass(frozen=True)
class Given:
    """A value, or several to be dealt out evenly.

    Attributes:
        choices: at least one value.
        origin: where the user wrote them, for messages; empty where they are ours.
    """

    choices: tuple[Any, ...]
    origin: str = field(default="", compare=False)


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
class Built:
    """An attribute of what a factory of the user builds for each row.

    Attributes:
        factory: the factory.
        origin: where the user wrote it, for messages.
        declared: the name that the factory declares.
        attribute: the attribute, or key, of what it builds.
    """

    factory: RowFactory
    origin: str
    declared: str
    attribute: str


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


Source = Omitted | Given | Function | Built | Referenced | Number | Made


@dataclass(frozen=True)
class ColumnSource:
    """A column, what is known of it, and where its values come from.

    Attributes:
        column: the column.
        facts: what is known of its values.
        source: where they come from.
        given: whether the user says so: then nobody else changes them.
    """

    column: Column
    facts: ColumnFacts
    source: Source
    given: bool = False


Generators = Mapping[str, Any]


def origins_of(sources: Iterable[ColumnSource]) -> dict[str, str]:
    """Say where the user has written what columns get, for messages.

    Args:
        sources: of the columns of a table.

    Returns:
        By column: the function or factory, and where it is given.
    """
    found = {}
    for column in sources:
        source = column.source
        if isinstance(source, Function):
            found[column.column.name] = f"{source.origin}, {abbreviated(source.function)}"
        elif isinstance(source, Built):
            found[column.column.name] = f"{source.origin}, {source.factory.name}"
        elif isinstance(source, Given) and source.origin:
            found[column.column.name] = source.origin
    return found


def override(table: Table, rows: int, column: str, value: str) -> str:
    """Spell the marker's argument that gives values for a column.

    Args:
        table: the table.
        rows: how many rows it asks for.
        column: the column's name.
        value: the values, as code.
    """
    return marker_arguments([(table.label, f"Rows({rows}, columns={{{column!r}: {value}}})")])
