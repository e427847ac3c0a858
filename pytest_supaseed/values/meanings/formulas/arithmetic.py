"""Formulas of numbers that follow from other columns of their row: sums, products, shares, quotients.

A :class:`Formula` computes a number for a row that is being made. Those of :data:`Evaluated` can be evaluated by
PostgreSQL as well, for rows whose columns have changed, as :mod:`pytest_supaseed.writing.aggregates` does it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Protocol

_Row = Mapping[str, object]


def decimal_of(value: object) -> Decimal | None:
    """Return a number as Decimal, a float by its shortest decimal form; None for any other value."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


class Formula(Protocol):
    """Derivation of a number from other columns of its row."""

    @property
    def uses(self) -> tuple[str, ...]:
        """The columns that it reads."""

    def value(self, row: _Row, random: Random) -> Decimal | None:
        """Return the number for a row, None if a value is missing."""


@dataclass(frozen=True)
class Computed:
    """A formula that only Python evaluates.

    Attributes:
        uses: the columns that it reads.
        function: takes the row and a random generator.
        empty: whether the number is NULL where a value is missing, in a column that may be NULL.
    """

    uses: tuple[str, ...]
    function: Callable[[_Row, Random], Decimal | None]
    empty: bool = False

    def value(self, row: _Row, random: Random) -> Decimal | None:
        """Return the number for a row."""
        return self.function(row, random)


@dataclass(frozen=True)
class Reduction:
    """A discount.

    Attributes:
        column: that has it.
        unit: what 1 is of the price, as a divisor: 1 for a ratio, 100 for percent; None for an amount of money.
    """

    column: str
    unit: int | None = None


@dataclass(frozen=True)
class Product:
    """A quantity times a price, less a discount, plus a tax.

    Attributes:
        factors: the quantity and the price, and how many times it is.
        less: the discount; None for none.
        more: the column of an amount that is added; None for none.
        unit: how many of the quantity the price is for, as 60 minutes at a price for an hour.
    """

    factors: tuple[str, ...]
    less: Reduction | None = None
    more: str | None = None
    unit: int = 1

    @property
    def uses(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return tuple(name for name in (*self.factors, self.less and self.less.column, self.more) if name)

    def value(self, row: _Row, random: Random) -> Decimal | None:
        """Return the product; a discount or tax of NULL is none."""
        found = Decimal(1)
        for name in self.factors:
            factor = decimal_of(row.get(name))
            if factor is None:
                return None
            found = found * factor
        found = found / self.unit
        reduced = decimal_of(row.get(self.less.column)) if self.less else None
        if reduced is not None and self.less is not None:
            found = found - reduced if self.less.unit is None else found * (1 - reduced / self.less.unit)
        return found + ((decimal_of(row.get(self.more)) if self.more else None) or 0)


@dataclass(frozen=True)
class Sum:
    """An amount, with others added and subtracted, of which NULL is nothing.

    Attributes:
        base: the column of the amount.
        plus: columns that are added.
        minus: columns that are subtracted.
    """

    base: str
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()

    @property
    def uses(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return (self.base, *self.plus, *self.minus)

    def value(self, row: _Row, random: Random) -> Decimal | None:
        """Return the sum."""
        found = decimal_of(row.get(self.base))
        if found is None:
            return None
        found += sum((decimal_of(row.get(name)) or Decimal(0) for name in self.plus), Decimal(0))
        return found - sum((decimal_of(row.get(name)) or Decimal(0) for name in self.minus), Decimal(0))


@dataclass(frozen=True)
class Share:
    """A random share of another number.

    Attributes:
        base: the column of the other number.
        shares: those that are drawn from.
        by: a column that decides instead, as a status does of what has been paid, and the share by its value; empty
            for none.
    """

    base: str
    shares: tuple[str, ...]
    by: tuple[str, Mapping[object, str]] | None = field(default=None, hash=False)

    @property
    def uses(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return (self.base, self.by[0]) if self.by else (self.base,)

    def value(self, row: _Row, random: Random) -> Decimal | None:
        """Return a share."""
        found = decimal_of(row.get(self.base))
        share = random.choice(self.shares)
        if self.by is not None:
            share = self.by[1].get(row.get(self.by[0]), share)
        return None if found is None else found * Decimal(share)


@dataclass(frozen=True)
class Rated:
    """An amount times a rate.

    Attributes:
        base: the column of the amount.
        rate: the column of the rate.
        unit: what 1 is of the amount, as a divisor; None where a rate above one is a percentage.
        rest: whether it is what the rate leaves of the amount, as a discount does.
    """

    base: str
    rate: str
    unit: int | None = None
    rest: bool = False

    @property
    def uses(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return (self.base, self.rate)

    def value(self, row: _Row, random: Random) -> Decimal | None:
        """Return the product."""
        found, rate = decimal_of(row.get(self.base)), decimal_of(row.get(self.rate))
        if found is None or rate is None:
            return None
        part = found * rate / (self.unit or (100 if rate > 1 else 1))
        return found - part if self.rest else part


@dataclass(frozen=True)
class Quotient:
    """How much of a whole a part is.

    Attributes:
        part: the column of the part.
        whole: the column of the whole.
        unit: what the whole is: 100 for a percentage, 1 for a ratio; how many of its units a price is for.
    """

    part: str
    whole: str
    unit: int | Decimal = 100

    @property
    def uses(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return (self.part, self.whole)

    def value(self, row: _Row, random: Random) -> Decimal | None:
        """Return the quotient; nothing of nothing is nothing."""
        part, whole = decimal_of(row.get(self.part)), decimal_of(row.get(self.whole))
        if part is None or whole is None:
            return None
        return part * self.unit / whole if whole else Decimal(0)


Evaluated = Product | Sum | Share | Rated | Quotient
