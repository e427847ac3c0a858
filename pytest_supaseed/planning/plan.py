"""Plans, as data: :class:`Plan` is that of a whole seed, :class:`TablePlan` that of one table.

A :class:`ColumnSource` says where a column's values come from. :data:`Source` is one of :class:`ServerDefault` (server
default), :class:`Supplied` (supplied values), :class:`Function`, :class:`Built` (factory), :class:`Referenced`,
:class:`Number` and :class:`Generated` (generated). :class:`Defaults` is what a schema source knows of its rows,
where the user's ``supaseed_generators`` have no key. :class:`TableState` is what a table holds when it is filled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

from pytest_supaseed.model.declared import NOTHING_DECLARED, Declarations
from pytest_supaseed.model.referenced import ReferencedColumn, ReferencedTable
from pytest_supaseed.model.references import References
from pytest_supaseed.model.schema import Column, Contents, ForeignKey, Table, TableName
from pytest_supaseed.notation import Amount, Placeholder, notation
from pytest_supaseed.spec import SeedSpec, TableSpec
from pytest_supaseed.wording import abbreviated, place

# A session whose rows are kept makes none, and imports nothing that makes them.
if TYPE_CHECKING:
    from pytest_supaseed.allocation.allocation import Group, OverlappingKeys
    from pytest_supaseed.constraints.domain import ValueDomain
    from pytest_supaseed.factories.base import RowFactory
    from pytest_supaseed.planning.diamonds import Diamond
    from pytest_supaseed.values.meanings.aggregates import Aggregate
    from pytest_supaseed.values.meanings.context import ValueSource
    from pytest_supaseed.values.meanings.formulas.arithmetic import Evaluated
    from pytest_supaseed.values.meanings.formulas.flags import Flag
from pytest_supaseed.values.meanings.windows import Window


@dataclass(frozen=True)
class ServerDefault:
    """PostgreSQL computes the value: a server default, or a generated column."""


class Supplier(Enum):
    """Who supplies the values of a column."""

    MARKER = "a marker"
    GENERATORS = "the fixture supaseed_generators"
    SCHEMA_SOURCE = "the source of the schema"
    PLAN = "the plan, for rows that reference them"


@dataclass(frozen=True)
class Origin:
    """Where the values of a column come from.

    Attributes:
        text: for messages.
        supplier: who supplies them.
    """

    text: str
    supplier: Supplier

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Supplied:
    """Fixed values, dealt out evenly or by their weights.

    Attributes:
        choices: at least one value.
        origin: where they come from; None if the package chose them.
        weights: of each value, how often it is dealt beside the others; empty if all are dealt equally often.
    """

    choices: tuple[Any, ...]
    origin: Origin | None = field(default=None, compare=False)
    weights: tuple[int, ...] = ()


@dataclass(frozen=True)
class Function:
    """A function of the user.

    Attributes:
        function: takes ``(faker)`` or ``(faker, row)``.
        origin: where the user wrote it.
        takes_row: whether it takes the row as well.
    """

    function: Callable[..., Any]
    origin: Origin
    takes_row: bool


@dataclass(frozen=True)
class Built:
    """An attribute of the object that a user's factory builds for each row.

    Attributes:
        factory: the factory.
        origin: where the user wrote it.
        declared: the name in the factory's declaration.
        attribute: the attribute, or key, of the object.
    """

    factory: RowFactory
    origin: Origin
    declared: str
    attribute: str


@dataclass(frozen=True)
class Referenced:
    """A foreign key sets the value."""


@dataclass(frozen=True)
class Number:
    """The next number of a sequence, or the one after the greatest present number.

    Attributes:
        within: columns within whose values rows are numbered; empty for the whole table.
        start: the first number in an empty table.
        last: the greatest number that an ascending column can take, None where it is unknown.
        beside: columns of other tables whose numbers are not taken either.
    """

    within: tuple[str, ...] = ()
    start: int = 1
    last: int | None = None
    beside: tuple[tuple[TableName, str], ...] = ()


@dataclass(frozen=True)
class Generated:
    """A value generated from the column's name, type and constraints.

    Attributes:
        source: the generator of the values.
    """

    source: ValueSource


Source = ServerDefault | Supplied | Function | Built | Referenced | Number | Generated


@dataclass(frozen=True)
class ColumnSource:
    """A column, its value domain and the source of its values.

    Attributes:
        column: the column.
        domain: value domain of the column.
        source: the source of its values.
        supplied: whether the user supplies them, so that no other step may change them.
    """

    column: Column
    domain: ValueDomain
    source: Source
    supplied: bool = False


Generators = Mapping[str, Any]


def origins_of(sources: Iterable[ColumnSource]) -> dict[str, str]:
    """Return by column where the user wrote its values, with the function or factory, for messages."""
    found = {}
    for column in sources:
        source = column.source
        if isinstance(source, Function):
            written = f"{source.origin}, {abbreviated(source.function)}"
            found[column.column.name] = written + place(source.function)
        elif isinstance(source, Built):
            found[column.column.name] = f"{source.origin}, {source.factory.name}{source.factory.place}"
        elif isinstance(source, Supplied) and source.origin:
            found[column.column.name] = source.origin.text
    return found


def calls_user_code(sources: Iterable[ColumnSource]) -> bool:
    """Whether functions or factories of the user make values, which may differ in each call."""
    return any(isinstance(column.source, (Function, Built)) for column in sources)


def supplied_by(sources: Iterable[ColumnSource], supplier: Supplier) -> frozenset[str]:
    """Return the columns whose values a supplier gives."""
    return frozenset(
        column.column.name
        for column in sources
        if isinstance(column.source, (Supplied, Function, Built))
        and column.source.origin is not None
        and column.source.origin.supplier is supplier
    )


def override(
    table: Table,
    rows: int,
    column: str,
    value: Placeholder = Placeholder(listed=True),  # noqa: B008 frozen
) -> str:
    """Return what supplies values for a column, for messages."""
    return notation().arguments([(table.label, Amount(rows, columns=((column, value),)))])


class SignIn(Protocol):
    """Signs a user in."""

    def __call__(
        self, connection: Any, number: int, among: Sequence[Any] = ()
    ) -> AbstractContextManager[bool]:
        """Sign a user in within the context, which yields whether there is one.

        Args:
            connection: in the transaction of the whole seed.
            number: of the user, from 0; after the last one comes the first.
            among: the keys of the users; empty for all users.
        """


@dataclass(frozen=True)
class Completion:
    """SQL that completes the new rows of a table.

    Attributes:
        statement: the SQL.
        columns: those that it sets; where the user supplies one of them, it is not executed.
    """

    statement: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Defaults:
    """Default values, and further knowledge of its rows, that a schema source provides.

    Attributes:
        generators: values by column, spelt ``schema.table.column`` as in ``supaseed_generators``.
        afterwards: by table, ``schema.table``: what completes its new rows after all rows have been inserted.
        references: by column, the column that it references without a constraint, both spelt likewise.
        sign_in: signs a user in, for triggers that refuse rows without an owner; None where no user can sign in.
        fingerprint: fingerprint of what the defaults depend on besides this package.
        of_options: takes a spec's options of the project kind and returns the values that follow from them, spelt
            likewise.
        declared: what the application's models declare of the schema beyond the database.
    """

    generators: Mapping[str, Any] = field(default_factory=dict)
    afterwards: Mapping[str, Completion] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)
    sign_in: SignIn | None = None
    fingerprint: str = ""
    of_options: Callable[[Mapping[str, str]], Mapping[str, Any]] = field(default=lambda options: {})
    declared: Declarations = NOTHING_DECLARED

    def with_options(self, options: Mapping[str, str]) -> Defaults:
        """Return the defaults for the options of a spec; without options they are unchanged."""
        if not options:
            return self
        return replace(self, generators={**self.generators, **self.of_options(options)})


# The name of a foreign key, and a column or several of another table that may have the same values.
Others = tuple[tuple[str, TableName, tuple[str, ...]], ...]


@dataclass(frozen=True)
class TablePlan:
    """The plan of one table.

    Attributes:
        table: the table.
        spec: what the marker asks for.
        total: rows after the seed, without those of tables that inherit from it.
        present: rows before the seed, likewise; triggers may add to them before the table is filled.
        columns: the source of each column's values.
        roles: the roles of its foreign keys, without ``later``.
        groups: dimensions that unique keys connect.
        overlapping: overlapping foreign keys that are drawn together.
        later: foreign keys that are set after all tables have their rows.
        per: name of a foreign key and the exact number of rows for each referenced row.
        shares: by foreign key, the rows that each referenced row will have, where known.
        linked: columns whose values must agree with those of other tables.
        after_deferred: whether deferrable triggers insert into the table, and have to fire before it is filled.
        of_heirs: rows after the seed of the tables that inherit from it.
        fills_itself: whether its triggers insert into it as well, as far as their text tells.
        exclusive: foreign keys, by name, with other tables that reference the same table, and the columns of these:
            rows that these reference are left alone where there are enough others.
        shared: the same of tables that had better reference the same rows, for further tables have rows in both.
        closed: the tables that inherit from it and are filled by themselves, so that its triggers may not fill them.
        parents: the tables that its rows reference, whose columns its own may follow.
        followed: the columns of referenced rows that its own follow.
        diamonds: the foreign keys whose referenced rows should belong together.
        agreeing: for each of ``diamonds``, at most how many new rows it can hold for, as far as row counts tell.
        trees: by self-referencing foreign key, columns in which a row should be equal to the row that it references.
    """

    table: Table
    spec: TableSpec
    total: int
    present: int
    columns: tuple[ColumnSource, ...]
    roles: References
    groups: tuple[Group, ...]
    overlapping: tuple[OverlappingKeys, ...] = ()
    later: tuple[ForeignKey, ...] = ()
    per: tuple[str, int] | None = None
    shares: tuple[tuple[ForeignKey, tuple[int, ...]], ...] = ()
    linked: frozenset[str] = frozenset()
    after_deferred: bool = False
    of_heirs: int = 0
    fills_itself: bool = False
    exclusive: Others = ()
    shared: Others = ()
    closed: tuple[TableName, ...] = ()
    parents: tuple[ReferencedTable, ...] = ()
    followed: tuple[ReferencedColumn, ...] = ()
    diamonds: tuple[Diamond, ...] = ()
    agreeing: tuple[int, ...] = ()
    trees: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """The number of rows that a query of the table returns after the seed, as a marker asks for it."""
        return self.total + self.of_heirs


@dataclass(frozen=True)
class Dependent:
    """A column that follows from totals of its row.

    Attributes:
        column: its name.
        formula: how it is computed.
    """

    column: str
    formula: Evaluated | Flag


@dataclass(frozen=True)
class Fitted:
    """Payments that are made to fit their bill: no more than it comes to, all of it once it is paid, half in part.

    Attributes:
        aggregate: the sum of the payments.
        whole: the column with what the bill comes to.
        paid: the column with the bill's status, and the labels of a bill that is paid; None where it has none.
        partly: the same with the labels of a bill of which a part is paid.
    """

    aggregate: Aggregate
    whole: str
    paid: tuple[str, tuple[str, ...]] | None = None
    partly: tuple[str, tuple[str, ...]] | None = None


@dataclass(frozen=True)
class TableTotals:
    """The totals of one table.

    Attributes:
        table: the table.
        aggregates: computed over the rows that reference the table's.
        dependents: the columns of the same row that follow from these, in the order in which they are computed.
        fitted: aggregates over amounts that are made to fit the row first.
        windows: computed over the rows beside theirs.
    """

    table: Table
    aggregates: tuple[Aggregate, ...]
    dependents: tuple[Dependent, ...] = ()
    fitted: tuple[Fitted, ...] = ()
    windows: tuple[Window, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that are computed."""
        return (*(each.column for each in self.computed), *(each.column for each in self.dependents))

    @property
    def computed(self) -> tuple[Window | Aggregate, ...]:
        """What is computed over rows, those beside the row first."""
        return (*self.windows, *self.aggregates)

    def without(self, columns: Iterable[str]) -> TableTotals:
        """Return the same without some columns, and what follows from these."""
        left = set(columns)
        aggregates = tuple(each for each in self.aggregates if each.column not in left)
        changed = {each.column for each in aggregates}
        kept = []
        for each in self.dependents:
            if each.column not in left and not changed.isdisjoint(each.formula.uses):
                kept.append(each)
                changed.add(each.column)
        fitted = tuple(each for each in self.fitted if each.aggregate in aggregates)
        windows = tuple(each for each in self.windows if each.column not in left)
        return TableTotals(self.table, aggregates, tuple(kept), fitted, windows)


@dataclass(frozen=True)
class Plan:
    """The plan of a whole seed.

    Attributes:
        spec: what the test asks for.
        tables: in insertion order.
        contents: the rows that loading the schema inserted.
        asked: rows that count against the limit.
        generators: the user's ``supaseed_generators``, from which it was made.
        totals: what is computed over the rows that reference others, in the order in which it is.
        untouched: tables whose totals are left, as triggers would fire by an UPDATE of them.
        alternative: another plan, by which triggers make all the rows that they insert where they are missing; None
            where no trigger does so.
    """

    spec: SeedSpec
    tables: tuple[TablePlan, ...]
    contents: Contents
    asked: int
    generators: Generators = field(default_factory=dict, compare=False, repr=False)
    totals: tuple[TableTotals, ...] = ()
    untouched: tuple[TableName, ...] = ()
    alternative: Plan | None = field(default=None, compare=False, repr=False)

    def made_by_alternative(self) -> Iterator[tuple[TablePlan, ForeignKey]]:
        """Yield each foreign key whose referenced rows triggers make by the alternative alone, and its table."""
        others = self.alternative.tables if self.alternative is not None else ()
        left = {(each.table.name, key.name) for each in others for key in each.table.foreign_keys}
        for table_plan in self.tables if others else ():
            for key in table_plan.table.foreign_keys:
                if (table_plan.table.name, key.name) not in left:
                    yield table_plan, key

    def totals_of(self, name: TableName) -> TableTotals | None:
        """Return the totals of a table, None if it has none."""
        return next((each for each in self.totals if each.table.name == name), None)

    @property
    def sparing_triggers(self) -> Plan:
        """The plan for a database in which triggers cannot be suspended: without totals where an UPDATE fires some."""
        fires = {each.table.name for each in self.totals if any(t.on_update for t in each.table.triggers)}
        return replace(
            self,
            totals=tuple(each for each in self.totals if each.table.name not in fires),
            untouched=tuple(each.table.name for each in self.totals if each.table.name in fires),
        )

    @property
    def inserts(self) -> int:
        """The number of rows to insert, including those that triggers insert into the tables of the plan."""
        return sum(table.total - table.present for table in self.tables)

    def without(self, added: Mapping[TableName, int]) -> Plan | None:
        """Return the plan with fewer rows of tables to which triggers add rows; None where it has not so many.

        Args:
            added: by table, the rows that are added.
        """
        tables = tuple(
            replace(table, total=table.total - added.get(table.table.name, 0)) for table in self.tables
        )
        if any(rows < 0 for rows in added.values()) or any(table.total < table.present for table in tables):
            return None
        return replace(self, tables=tables)


Key = tuple[Any, ...]
# What each referenced row belongs to, by its key: to itself where there is no such mapping.
Belongings = Mapping[Key, frozenset[Any]] | None


@dataclass(frozen=True)
class TableState:
    """The present rows of a table when new ones are about to be made, as far as these depend on them.

    Attributes:
        present: number of rows.
        keys: by foreign key: the referenced rows' values, in an order that does not depend on the server's.
        shares: by foreign key: number of present rows that reference each of ``keys``.
        rows: the present rows, values of ``columns`` only, where a unique key needs them.
        columns: the columns of ``rows``.
        numbers: by numbered column: the next number.
        greatest: by column numbered within others: the greatest number for each tuple of their values.
        followed: by foreign key, and by the values of its columns: those of the columns of the referenced row that the
            plan says are followed.
        belongings: by diamond, for each of its two foreign keys: by the values of its columns, what the referenced row
            belongs to.
    """

    present: int = 0
    keys: Mapping[str, Sequence[Key]] = field(default_factory=dict)
    shares: Mapping[str, Sequence[int]] = field(default_factory=dict)
    rows: Sequence[Key] = ()
    columns: tuple[str, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)
    greatest: Mapping[str, Mapping[Key, int]] = field(default_factory=dict)
    followed: Mapping[str, Mapping[Key, Key]] = field(default_factory=dict)
    belongings: Sequence[tuple[Belongings, Belongings]] = ()
