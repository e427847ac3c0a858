"""Schema metadata as frozen dataclasses: column types, columns, constraints, triggers, tables, row counts.

Reflection fills them. Begin with :class:`Table`; :class:`Schema` resolves table names along the search path.
:class:`DeclaredColumn` is what an application's models add, which no catalog has; see
:mod:`pytest_supaseed.model.declared`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from pytest_supaseed.fingerprint import CacheScope, Fingerprint
from pytest_supaseed.model.identifiers import separated_names, shortens, spelt, subject_of

# Metadata of fields that no catalog fills, so that no snapshot has them.
DECLARED: Mapping[str, bool] = {"declared": True}
_UNKNOWN_CODE = Fingerprint("code", CacheScope.PROCESS)


@dataclass(frozen=True)
class Check:
    """A CHECK constraint of a table or a domain, or the partition bounds of a partitioned table.

    Attributes:
        name: the constraint's name.
        expression: as PostgreSQL prints it.
        columns: the columns that it uses; empty for a domain's.
        partitions: whether it is no constraint but the partition bounds joined by OR (``false`` without partitions).
        called: the bodies of the user-defined functions that it calls.
        declared: whether it is no constraint of the database but a condition that the application's models declare.
    """

    name: str
    expression: str
    columns: tuple[str, ...] = ()
    partitions: bool = False
    called: str = ""
    declared: bool = field(default=False, metadata=DECLARED)

    @property
    def text(self) -> str:
        """The expression for messages, without the parentheses around it."""
        # The parentheses of a function call belong to it: picky(luck).
        return self.expression[1:-1] if self.expression.startswith("(") else self.expression


@dataclass(frozen=True)
class ColumnType:
    """A column's type, with its domains resolved.

    Attributes:
        text: as DDL spells it, e.g. ``character varying(20)`` or ``app.email``.
        name: ``pg_type.typname`` of the base type below all domains (of the element, for an array), e.g.
            ``varchar``, ``int4``, ``timestamptz``; schema-qualified for a user's type that has the name of a
            built-in one.
        category: ``pg_type.typcategory`` of that base type, ``E`` for an enum.
        array: whether the column holds an array of it.
        length: maximum number of characters (or bits), None for no limit.
        precision: of a numeric: number of digits, None for no limit.
        scale: of a numeric: digits after the point, None for no limit.
        labels: of an enum, in order.
        domain: the domain's name, None for a plain type.
        checks: CHECKs of the domains, with ``VALUE`` for the value; those of the elements come last.
        base: the base type as DDL spells it, with its modifiers, e.g. ``vector(3)``; empty where equal to ``text``.
        dimensions: of an array.
        delimiter: between the elements of an array of the base type: ``pg_type.typdelim``.
        element: of an array: the type of its elements, with their own domains.
        attributes: of a composite type, in order.
        subtype: of a range or a multirange: the type of its bounds.
        multirange: whether it is a multirange.
        own_checks: of an array: those of ``checks`` that apply to the array, not to its elements.
        unavailable: why the server accepts no value of the type, empty where it does.
    """

    text: str
    name: str
    category: str = "U"
    array: bool = False
    length: int | None = None
    precision: int | None = None
    scale: int | None = None
    labels: tuple[str, ...] = ()
    domain: str | None = None
    checks: tuple[Check, ...] = ()
    base: str = ""
    dimensions: int = 1
    delimiter: str = ","
    element: ColumnType | None = None
    attributes: tuple[Attribute, ...] = ()
    subtype: ColumnType | None = None
    multirange: bool = False
    own_checks: tuple[Check, ...] = ()
    unavailable: str = ""

    @property
    def spelling(self) -> str:
        """The base type as DDL spells it, with its modifiers."""
        return self.base or self.text

    @property
    def composite(self) -> bool:
        """Whether it is a composite type, and no array of one."""
        return self.category == "C" and not self.array

    @property
    def element_type(self) -> ColumnType:
        """The type of an array's elements."""
        return self.element or replace(self, array=False)


@dataclass(frozen=True)
class Attribute:
    """An attribute of a composite type.

    Attributes:
        name: its name.
        type: its type.
        nullable: whether its domain accepts NULL.
        declared: of a type that only the application has: what it declares of the values.
    """

    name: str
    type: ColumnType
    nullable: bool = True
    declared: DeclaredColumn | None = field(default=None, metadata=DECLARED)


# Tables are looked up and compared by their names all the time: a tuple's hash and comparisons take no call in Python.
class _QualifiedName(NamedTuple):
    schema: str
    name: str


class TableName(_QualifiedName):
    """A table's schema and name, unquoted as in the catalog.

    Attributes:
        schema: the schema that it is in.
        name: its bare name.
        separated: the bare name with an underscore between its words, ``shop_order_item`` for ``shop_orderitem``;
            two names are equal whatever it is.
        application: what the name begins with that is an application's and no word for the row, as ``shop_``.
    """

    separated: str
    application: str

    def __new__(cls, schema: str, name: str, separated: str = "", application: str = "") -> TableName:
        """Return a name; without ``separated`` its words are those that its underscores separate."""
        made = super().__new__(cls, schema, name)
        made.__dict__.update(separated=separated or name, application=application)
        return made

    def __setattr__(self, attribute: str, value: object) -> None:
        """Refuse the assignment, as a named tuple does."""
        raise AttributeError(f"can't set attribute {attribute!r}")

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def thing(self) -> str:
        """What the table calls its rows: its name with separated words, without the application's."""
        return self.separated.removeprefix(self.application)


@dataclass(frozen=True)
class Sequence:
    """The sequence behind a serial or identity column.

    Attributes:
        schema: its schema.
        name: its name.
        increment: step between values, negative for a descending sequence.
        minimum: its smallest value.
        maximum: its largest value.
        following: its next value when the schema was read; None where that is not known.
    """

    schema: str
    name: str
    increment: int = 1
    minimum: int = 1
    maximum: int = 2**63 - 1
    following: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Validator:
    """A function of the application that judges the values of a column.

    Attributes:
        name: as messages name it, such as ``User.check_email``.
        accept: takes a value as the application has it, and the values of the row so far by column, as they are
            stored; returns the value to store, which may be another one. It raises an exception of any class for a
            value that it refuses.
        uses: the columns of the row that it reads.
        hints: values that it may accept, such as the literals in its code.
        patterns: regular expressions of Python, one of which an accepted text may have to match.
        fingerprint: of its code.
        of_null: whether it judges NULL as well, as it may in a row where another column has a certain value.
    """

    name: str
    accept: Callable[[Any, Mapping[str, Any]], Any]
    uses: tuple[str, ...] = ()
    hints: tuple[Any, ...] = ()
    patterns: tuple[str, ...] = ()
    fingerprint: Fingerprint = _UNKNOWN_CODE
    of_null: bool = False


@dataclass(frozen=True)
class Binding:
    """How values of the application become values of a column, where the two differ, such as by a ``TypeDecorator``.

    Attributes:
        name: of what converts them, for messages.
        type: PostgreSQL's type for the values of the application; None where these cannot be told.
        bind: takes a value of the application, never None; returns the value to store. It raises an exception of any
            class for a value that it does not take.
        load: the inverse; it raises an exception for a stored value that the application cannot read.
        fingerprint: of its code.
    """

    name: str
    type: ColumnType | None
    bind: Callable[[Any], Any]
    load: Callable[[Any], Any]
    fingerprint: Fingerprint = _UNKNOWN_CODE


@dataclass(frozen=True)
class DeclaredColumn:
    """What an application's models declare of a column's values, other than NULL, beyond the database.

    Attributes:
        origin: where it is declared, for messages, such as ``shop.models.User.status``.
        allowed: all values, as they are stored; None where they are not enumerated.
        excluded: values that are refused.
        minimum: the smallest number.
        minimum_exclusive: whether ``minimum`` itself is refused.
        maximum: the largest number.
        maximum_exclusive: whether ``maximum`` itself is refused.
        multiple_of: a number has to be a multiple of it.
        decimals: the most digits after the point.
        minimum_length: in characters, or elements.
        maximum_length: in characters, or elements.
        patterns: regular expressions of Python, each of which a text has to match somewhere.
        lowercase: whether a text has to be in lower case.
        uppercase: whether a text has to be in upper case.
        required: whether NULL is refused.
        json_type: what a document has to be: ``object`` or ``array``.
        element: what is declared of the elements of an array.
        words: a name that tells what the values are, such as ``email``; empty where only the column's name does.
        validators: functions that judge the values, in the order in which they are called.
        binding: how the values of the application are stored; None where they are stored as they are. All other
            attributes but ``allowed`` and ``required`` are then about the values of the application.
    """

    origin: str = ""
    allowed: tuple[Any, ...] | None = None
    excluded: tuple[Any, ...] = ()
    minimum: int | Decimal | None = None
    minimum_exclusive: bool = False
    maximum: int | Decimal | None = None
    maximum_exclusive: bool = False
    multiple_of: int | Decimal | None = None
    decimals: int | None = None
    minimum_length: int | None = None
    maximum_length: int | None = None
    patterns: tuple[str, ...] = ()
    lowercase: bool = False
    uppercase: bool = False
    required: bool = False
    json_type: str | None = None
    element: DeclaredColumn | None = None
    words: str = ""
    validators: tuple[Validator, ...] = ()
    binding: Binding | None = None

    @property
    def judged(self) -> bool:
        """Whether the application's code judges or converts each value."""
        return bool(self.validators) or self.binding is not None

    @property
    def judges_null(self) -> bool:
        """Whether the application's code judges NULL as well."""
        return any(validator.of_null for validator in self.validators)


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: its name.
        type: its type.
        nullable: whether the column and its domain accept NULL, and no trigger refuses it in each new row.
        default: the default expression, or the expression of a generated column; None where there is none.
        identity: ``always``, ``by default``, or None.
        generated: whether it is GENERATED ALWAYS AS (expression).
        sequence: the sequence of a serial or identity column.
        comment: its COMMENT, empty where there is none.
        varying: whether its default differs between runs: it is random, or depends on the clock or the session.
        settings: PostgreSQL's settings that alone decide what its default gives, and their values in the database,
            empty for none.
        referenced_by_default: the key of a row of the load that its default references; None where it references none,
            or settings do not decide it.
        required_by: the trigger that raises an error for each new row in which the column is NULL, though the table
            accepts NULL; empty for none. Such a column is not ``nullable``.
        declared: what the application's models declare of it; None where they say nothing more than the database.
        prefix: what the names of all columns of its table begin with, such as ``cus_``; empty where they do not.
    """

    name: str
    type: ColumnType
    nullable: bool = True
    default: str | None = None
    identity: str | None = None
    generated: bool = False
    sequence: Sequence | None = None
    comment: str = ""
    varying: bool = False
    settings: tuple[tuple[str, str], ...] = ()
    referenced_by_default: str | None = None
    required_by: str = ""
    declared: DeclaredColumn | None = field(default=None, metadata=DECLARED)
    prefix: str = field(default="", compare=False)

    @cached_property
    def words(self) -> str:
        """The name without the prefix, as normalized by :func:`~pytest_supaseed.model.identifiers.spelt`."""
        return spelt(self.name.removeprefix(self.prefix))


@dataclass(frozen=True)
class ReferencedKind:
    """The kind of the rows that a foreign key may reference, where a model is mapped to several tables.

    The kind is told by a column of a table that has a row for each referenced row.

    Attributes:
        table: the table with that column.
        pairs: columns of the referenced table, each with the equal one of ``table``.
        column: the column that tells the kind.
        values: its values.
    """

    table: TableName
    pairs: tuple[tuple[str, str], ...]
    column: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class ReferencedLimit:
    """Which rows of a table a foreign key may reference by the application's models, as Django's ``limit_choices_to``.

    Attributes:
        name: of what says so, for messages.
        query: SQL that returns the values of the referenced column in these rows.
        values: columns of the referenced table, each with the values that it has in these rows; ``None`` is NULL.
        whole: whether ``values`` is all that ``query`` demands.
        check: a condition on a row of the referenced table that is true of these rows; None where none is known.
    """

    name: str
    query: str
    values: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    whole: bool = False
    check: Check | None = None


@dataclass(frozen=True)
class ForeignKey:
    """A FOREIGN KEY constraint.

    Attributes:
        name: the constraint's name.
        columns: the referencing columns.
        referenced: the referenced table.
        referenced_columns: in the order of ``columns``.
        deferrable: whether it is DEFERRABLE.
        match_full: MATCH FULL: all columns are NULL, or none.
        kind: which of the rows it may reference by the application's models; None where these do not say.
        limit: likewise, where the models say it of the foreign key alone.
        prefix: with which the names of nearly all columns of its table begin, if its columns do.
    """

    name: str
    columns: tuple[str, ...]
    referenced: TableName
    referenced_columns: tuple[str, ...]
    deferrable: bool = False
    match_full: bool = False
    kind: ReferencedKind | None = field(default=None, metadata=DECLARED)
    limit: ReferencedLimit | None = field(default=None, metadata=DECLARED)
    prefix: str = field(default="", compare=False)


@dataclass(frozen=True)
class UniqueKey:
    """A PRIMARY KEY, a UNIQUE constraint, or a unique index.

    Attributes:
        name: of the constraint or index.
        columns: its columns; of expressions, the columns that they use.
        definition: ``pg_get_indexdef``, for messages.
        nulls_distinct: False for NULLS NOT DISTINCT.
        partial: whether it has a WHERE clause.
        expression: whether a part of the key is an expression.
    """

    name: str
    columns: tuple[str, ...]
    definition: str = ""
    nulls_distinct: bool = True
    partial: bool = False
    expression: bool = False


@dataclass(frozen=True)
class Exclusion:
    """An EXCLUDE constraint.

    Attributes:
        name: the constraint's name.
        columns: the columns that it uses, those of its expressions included, in the order of the table.
        definition: ``pg_get_constraintdef``, for messages.
    """

    name: str
    columns: tuple[str, ...]
    definition: str = ""


@dataclass(frozen=True)
class Trigger:
    """A user-defined trigger.

    Attributes:
        name: its name.
        function: schema-qualified name of its function.
        source: the function's body, empty where it is not text.
        on_insert: whether an INSERT fires it.
        before: whether it is a BEFORE trigger, which can change or drop the row.
        deferrable: whether it is DEFERRABLE.
        called: the bodies of functions that it calls and that insert rows or read settings, with the arguments in place
            of parameters.
        on_update: whether an UPDATE fires it.
        arguments: that it passes to the function, which reads them as TG_ARGV.
    """

    name: str
    function: str
    source: str = ""
    on_insert: bool = True
    before: bool = False
    deferrable: bool = False
    called: str = ""
    on_update: bool = False
    arguments: tuple[str, ...] = ()

    @property
    def inserting(self) -> str:
        """The text in which what it inserts, and which settings it reads, is to be found."""
        return f"{self.source}\n;\n{self.called}" if self.called else self.source


# Values of Table.row_security: the role owns the table, upon whose owner the policies are forced; or it does not own
# it.
FORCED, ENFORCED = "forced", "enforced"


# A prefix is a word with an underscore, which at least four columns have, and of more than nine at least nine in ten.
_FIRST_WORD = re.compile(r"[A-Za-z]+_(?=\w)")
_LEAST_PREFIXED, _PREFIXED = 4, 10


@dataclass(frozen=True)
class Table:
    """A table that can hold rows of its own; a partitioned table stands for its partitions.

    Attributes:
        name: schema and name.
        columns: in the order of the table.
        primary_key: column names, empty where there is none.
        uniques: primary key, unique constraints and unique indexes.
        foreign_keys: in order of their names.
        checks: in order of their names.
        triggers: in the order in which PostgreSQL fires them.
        partitioned: whether its rows are stored in partitions.
        visible: whether the search path finds it by its bare name.
        comment: its COMMENT, empty where there is none.
        exclusions: in order of their names.
        heirs: the tables that inherit from it, directly or not, whose rows a query of it returns as well.
        row_security: why its policies hold for the role that has read it, :data:`FORCED` or :data:`ENFORCED`; empty
            where they do not.
    """

    name: TableName
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    uniques: tuple[UniqueKey, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[Check, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    partitioned: bool = False
    visible: bool = True
    comment: str = ""
    exclusions: tuple[Exclusion, ...] = ()
    heirs: tuple[TableName, ...] = ()
    row_security: str = ""

    def __post_init__(self) -> None:
        """Tell the columns and foreign keys the prefix of their names."""
        prefix = self._prefix()
        if prefix:
            columns = tuple(
                replace(column, prefix=prefix) if column.name.startswith(prefix) else column
                for column in self.columns
            )
            object.__setattr__(self, "columns", columns)
            foreign_keys = tuple(
                replace(key, prefix=prefix) if key.columns[-1].startswith(prefix) else key
                for key in self.foreign_keys
            )
            object.__setattr__(self, "foreign_keys", foreign_keys)

    def _prefix(self) -> str:
        """What the names of the key and of nearly all other columns begin with; a reference may have none.

        A few columns are enough where it shortens the name of the table, as ``coll_`` of *collateral* does.
        """
        if len(self.columns) < _LEAST_PREFIXED or not self.primary_key:
            return ""
        first = _FIRST_WORD.match(self.primary_key[0])
        if first is None or not all(name.startswith(first[0]) for name in self.primary_key):
            return ""
        if len(self.primary_key) == 1 and shortens(first[0].rstrip("_").lower(), subject_of(self.name.name)):
            return first[0]
        own = [column.name for column in self.columns if column.name not in self.referencing]
        others = sum(not name.startswith(first[0]) or name == first[0] for name in own)
        return "" if others * _PREFIXED > len(own) or len(own) < _LEAST_PREFIXED else first[0]

    @property
    def label(self) -> str:
        """The name as a marker spells it: bare if the search path finds it, else with its schema."""
        return self.name.name if self.visible else str(self.name)

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {column.name: place for place, column in enumerate(self.columns)}

    @cached_property
    def generated(self) -> tuple[Column, ...]:
        """The columns that PostgreSQL computes."""
        return tuple(column for column in self.columns if column.generated)

    @cached_property
    def referencing(self) -> frozenset[str]:
        """The columns of the foreign keys."""
        return frozenset(name for key in self.foreign_keys for name in key.columns)

    @cached_property
    def in_unique_keys(self) -> frozenset[str]:
        """The columns of unique keys, and those whose names stand in an expression or a condition of one."""
        columns = {name for key in self.uniques for name in key.columns}
        texts = [key.definition.partition(" USING ")[2] for key in self.uniques]
        return frozenset(
            column.name
            for column in self.columns
            if column.name in columns or any(column.name in text for text in texts)
        )

    def place(self, name: str) -> int:
        """Return the 0-based position of a column.

        Raises:
            KeyError: there is no such column.
        """
        return self._places[name]

    def column(self, name: str) -> Column:
        """Return the column of that name.

        Raises:
            KeyError: there is no such column.
        """
        return self._by_name[name]

    def has_column(self, name: str) -> bool:
        """Whether the table has a column of that name."""
        return name in self._by_name


@dataclass(frozen=True)
class Schema:
    """All tables of a database that a seed may name.

    Attributes:
        tables: in order of schema and name.
        others: relations that have rows but cannot be filled, with their kind: ``view``, ``partition``.
        names: further names of tables, such as those of an application's models.
    """

    tables: tuple[Table, ...] = field(default=())
    others: tuple[tuple[TableName, str], ...] = field(default=())
    names: tuple[tuple[str, TableName], ...] = field(default=(), metadata=DECLARED)

    @cached_property
    def countable(self) -> tuple[Table, ...]:
        """The tables whose rows a connection counts; those of the others depend on what their policies show it."""
        return tuple(table for table in self.tables if not table.row_security)

    @cached_property
    def _by_name(self) -> dict[TableName, Table]:
        return {table.name: table for table in self.tables}

    @cached_property
    def _by_spelling(self) -> dict[str, Table]:
        # Later entries win. A visible table comes last, because a table in public may be called "auth.users".
        spellings = {name: self._by_name[table] for name, table in self.names}
        spellings.update({table.name.name: table for table in self.tables if self.is_alone(table)})
        spellings.update({str(table.name): table for table in self.tables})
        spellings.update({table.name.name: table for table in self.tables if table.visible})
        return spellings

    @property
    def has_materialized_views(self) -> bool:
        """Whether the database has views that have to be refreshed."""
        return any(kind == "materialized view" for _, kind in self.others)

    def other(self, spelling: str) -> TableName | None:
        """Return the view, foreign table or partition of a name, bare or with its schema; None where none is meant."""
        found = [name for name, _ in self.others if spelling in (name.name, str(name))]
        exact = [name for name in found if str(name) == spelling]
        return exact[0] if exact else found[0] if len(found) == 1 else None

    def table(self, name: TableName) -> Table:
        """Return the table of that name.

        Raises:
            KeyError: there is no such table.
        """
        return self._by_name[name]

    def has_table(self, name: TableName) -> bool:
        """Whether the schema has that table."""
        return name in self._by_name

    @cached_property
    def _by_bare_name(self) -> dict[str, tuple[Table, ...]]:
        found: dict[str, list[Table]] = {}
        for table in self.tables:
            found.setdefault(table.name.name, []).append(table)
        return {name: tuple(tables) for name, tables in found.items()}

    @cached_property
    def _hidden(self) -> frozenset[str]:
        """Names of views and partitions that the search path may find."""
        others = {table.name.schema for table in self.tables if not table.visible}
        others -= {table.name.schema for table in self.tables if table.visible}
        return frozenset(name.name for name, _ in self.others if name.schema not in others)

    def is_alone(self, table: Table) -> bool:
        """Whether a table outside the search path is the only one of its name, so that the bare name means it."""
        name = table.name.name
        return not table.visible and name not in self._hidden and len(self._by_bare_name[name]) == 1

    def called(self, name: str) -> tuple[Table, ...]:
        """Return the tables with a bare name, of all schemas."""
        return self._by_bare_name.get(name, ())

    def find(self, spelling: str) -> Table | None:
        """Return the table that a marker means by ``users`` or ``auth.users``, None where there is none.

        A bare name means the table that the search path finds; where it finds none, the only table of that name.
        """
        return self._by_spelling.get(spelling)

    def keys(self, table: Table) -> tuple[str, ...]:
        """Return the spellings by which :meth:`find` finds a table, the longest first."""
        alone = (table.name.name,) if self.is_alone(table) else ()
        return tuple(dict.fromkeys((str(table.name), table.label, *alone)))

    def with_heirs(self, own: Mapping[TableName, int]) -> dict[TableName, int]:
        """Return row counts as ``SELECT count(*)`` returns them, which include the rows of inheriting tables.

        Args:
            own: the number of rows of each table itself.
        """
        return {table.name: own[table.name] + sum(own[heir] for heir in table.heirs) for table in self.tables}

    def spellings(self) -> tuple[str, ...]:
        """Return every name that :meth:`find` accepts, sorted, for suggestions of near matches."""
        return tuple(sorted(self._by_spelling))


def with_separated_names(tables: tuple[Table, ...]) -> tuple[Table, ...]:
    """Return tables whose names, also in foreign keys, know their words as the columns of all tables tell them."""
    columns = {column.name for table in tables for column in table.columns}
    separated, applications = separated_names([table.name.name for table in tables], columns)
    names = {
        table.name: TableName(
            *table.name,
            separated[table.name.name],
            next((each for each in applications if table.name.name.startswith(each)), ""),
        )
        for table in tables
    }
    told = {name for name, new in names.items() if new.thing != name.name}
    return tuple(
        replace(
            table,
            name=names[table.name],
            foreign_keys=tuple(
                replace(key, referenced=names[key.referenced]) if key.referenced in told else key
                for key in table.foreign_keys
            ),
        )
        if table.name in told or any(key.referenced in told for key in table.foreign_keys)
        else table
        for table in tables
    )


@dataclass(frozen=True)
class Contents:
    """Row counts of a database.

    Attributes:
        counts: by table, without the rows of tables that inherit from it.
        shares: by referencing table and name of its foreign key: the number of rows that reference each referenced
            row, without the rows that none references.
    """

    counts: Mapping[TableName, int] = field(default_factory=dict)
    shares: Mapping[tuple[TableName, str], tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Snapshot:
    """Snapshot of a database after its schema was loaded: the schema, and the rows that loading inserted."""

    schema: Schema
    contents: Contents = field(default_factory=Contents)
