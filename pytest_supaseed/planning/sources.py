"""Where the values of each column come from: the user, a sequence, a referenced row, or ourselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any

from pytest_supaseed.constraints.domain import ColumnFacts
from pytest_supaseed.factories.base import RowFactory
from pytest_supaseed.model.schema import Column, Table
from pytest_supaseed.spec import marker_arguments
from pytest_supaseed.values.meanings.context import ValueSource
from pytest_supaseed.wording import abbreviated


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


# Where a message says that a value comes from.
ORIGIN = "the default of "


# Takes a connection and the number of a user, and has that one signed in; whether there is one.
SignIn = Callable[[Any, int], AbstractContextManager[bool]]


@dataclass(frozen=True)
class Defaults:
    """What a schema's source knows of its rows.

    Attributes:
        generators: values for columns, spelt ``schema.table.column``, as in ``supaseed_generators``.
        afterwards: by table, ``schema.table``: SQL that completes its new rows, when all rows have been inserted.
        references: by column, the column that it references without a constraint, both spelt likewise.
        sign_in: signs a user in, for triggers that refuse what is nobody's; None where nobody can be.
        made_of: what they depend on, besides this package.
        of_password: takes a password that a spec gives the users, and returns the values that hold it, spelt likewise.
    """

    generators: Mapping[str, Any] = field(default_factory=dict)
    afterwards: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)
    sign_in: SignIn | None = None
    made_of: str = ""
    of_password: Callable[[str], Mapping[str, Any]] = field(default=lambda password: {})

    def with_password(self, password: str | None) -> Defaults:
        """Return what the source knows where a spec says what password its users have.

        Args:
            password: the spec's; None where it does not say.
        """
        if password is None:
            return self
        return replace(self, generators={**self.generators, **self.of_password(password)})


class WithDefaults(Mapping[str, Any]):
    """The user's ``supaseed_generators``, and what counts where they say nothing.

    Args:
        given: the user's.
        defaults: the source's.

    Attributes:
        defaults: the source's.
    """

    def __init__(self, given: Mapping[str, Any], defaults: Defaults) -> None:
        self._given = given
        self.defaults = defaults

    def with_password(self, password: str | None) -> WithDefaults:
        """Return the same with what a spec says of its users' password.

        Args:
            password: the spec's; None where it does not say.
        """
        return WithDefaults(self._given, self.defaults.with_password(password))

    def __getitem__(self, key: str) -> Any:
        return self._given[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)
