"""Types of columns as data, and the CHECKs that domains add to them."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Check:
    """A CHECK constraint of a table or of a domain; of a partitioned table also what its partitions take.

    Attributes:
        name: the constraint's name.
        expression: its expression as PostgreSQL prints it.
        columns: the columns that it uses; empty for a domain's.
        partitions: whether it is no constraint, but says which rows the partitions of the table take.
        called: the bodies of the functions that it calls, those of PostgreSQL left out.
    """

    name: str
    expression: str
    columns: tuple[str, ...] = ()
    partitions: bool = False
    called: str = ""

    @property
    def text(self) -> str:
        """Its expression without the parentheses around all of it, for messages."""
        # A call has parentheses of its own: picky(luck).
        return self.expression[1:-1] if self.expression.startswith("(") else self.expression


@dataclass(frozen=True)
class ColumnType:
    """A column's type, with its domains resolved.

    Attributes:
        text: the type as DDL spells it, e.g. ``character varying(20)`` or ``app.email``.
        name: ``pg_type.typname`` of the base type below all domains (of the element, for an array), e.g.
            ``varchar``, ``int4``, ``timestamptz``; with its schema for a user's type that is called like a
            built-in one.
        category: ``pg_type.typcategory`` of that base type, ``E`` for an enum.
        array: whether the column holds an array of it.
        length: maximum of characters (or bits), None for no limit.
        precision: of a numeric: digits in all, None for no limit.
        scale: of a numeric: digits after the point, None for no limit.
        labels: of an enum: its labels in order.
        domain: the domain's name, None for a plain type.
        checks: CHECK expressions of the domains, with ``VALUE`` for the value; those of the elements come last.
        base: the base type as DDL spells it, with its modifiers, e.g. ``vector(3)``; empty where that is ``text``.
        dimensions: of an array.
        delimiter: what stands between the elements of an array of the base type: ``pg_type.typdelim``.
        element: of an array: the type of its elements, with its own domains.
        attributes: of a composite type, in order.
        subtype: of a range or a multirange: the type of its bounds.
        multirange: whether it is a multirange.
        own_checks: of an array: those of ``checks`` that are about the array.
        unavailable: why the server takes no value of the type, empty where it does.
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
        """Whether a value is a row of attributes."""
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
    """

    name: str
    type: ColumnType
    nullable: bool = True
