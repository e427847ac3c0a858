"""Amounts that follow from others of their row: a total, a tax, a price that is lower than another."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from pytest_supaseed.constraints.literals import NUMBERS
from pytest_supaseed.schema import Column
from pytest_supaseed.values.context import Context
from pytest_supaseed.values.words import spelt

_Row = Mapping[str, object]
# What a cent's amount is called beside that of a currency's unit.
_CENTS = re.compile(r"_(cents|minor)_")
_QUANTITY = re.compile(r"^_(\w+_)?(quantity|units|pieces)_$")
_UNIT_PRICE = re.compile(r"^_(\w+_)?(unit_price|unit_cost|price|price_each|price_per_unit|rate)_$")
_SUBTOTAL = re.compile(r"^_(\w+_)?(subtotal|net|net_amount|net_total|amount_net|total_net|net_price)_$")
_TOTAL = re.compile(
    r"^_(\w+_)?(total|total_price|total_amount|line_total|grand_total|gross|gross_amount|amount_total|total_gross"
    r"|order_total|extended_price)_$"
)
_LINE_TOTAL = re.compile(
    r"^_(\w+_)?(total|total_price|total_amount|line_total|line_amount|amount|extended_price)_$"
)
_TAX = re.compile(r"^_(\w+_)?(tax|vat|tax_amount|vat_amount|sales_tax|tax_total|total_tax)_$")
_TAX_RATE = re.compile(r"_(tax|vat)_(rate|percent|percentage)_")
_DISCOUNT = re.compile(r"^_(\w+_)?(discount|discount_amount|discount_total|total_discount)_$")
_SHIPPING = re.compile(
    r"^_(\w+_)?(shipping|freight|shipping_cost|shipping_fee|delivery_fee|shipping_amount|shipping_total)_$"
)
_PAID = re.compile(r"^_(amount_paid|paid_amount|total_paid|paid|amount_received)_$")
_DUE = re.compile(r"^_(amount_due|balance_due|due_amount|balance|outstanding|amount_outstanding|remaining)_$")
_COST = re.compile(r"^_(\w+_)?(cost|cost_price|purchase_price|wholesale_price|unit_cost)_$")
_LOWER_PRICE = re.compile(r"^_(sale|special|discounted|discount|promo|offer)_price_$")
_HIGHER_PRICE = re.compile(r"^_(compare_at|list|msrp|original|regular|retail|old|compare)_(at_)?(price_)?$")
_PLAIN_PRICE = re.compile(r"^_(unit_|base_|net_)?price_$")
_PRICE = re.compile(r"^_(\w+_)?price_$|^_price_")
_YEARLY = re.compile(r"_(yearly|annual|annually|year)_")
_RATES = tuple(map(Decimal, ("0.05", "0.07", "0.08", "0.1", "0.19", "0.2", "0.21")))
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Formula:
    """How a number follows from others of its row.

    Attributes:
        uses: the columns.
        value: takes the row and draws; returns None where a value is missing.
    """

    uses: tuple[str, ...]
    value: Callable[[_Row, Random], Decimal | None]


class Sums:
    """The numbers of a row that are of the same kind as one of them: all in cents, or none."""

    def __init__(self, context: Context) -> None:
        self.words = _CENTS.sub("_", context.words)
        # A float, or a numeric with little before its point, holds a share.
        kind = context.column.type
        self.exact = kind.name == "money" or (
            kind.name == "numeric" and (kind.precision or 99) - (kind.scale or 0) > 3
        )
        cents = bool(_CENTS.search(context.words))
        self._columns = {
            other.name: _CENTS.sub("_", spelt(other.name))
            for other in context.earlier
            if is_number(other) and (bool(_CENTS.search(spelt(other.name))) == cents or _counts(other))
        }

    def find(self, pattern: re.Pattern[str]) -> str | None:
        """Return the first column whose name a pattern fits."""
        return next((name for name, words in self._columns.items() if pattern.search(words)), None)


def _counts(column: Column) -> bool:
    return bool(_QUANTITY.search(spelt(column.name)) or _TAX_RATE.search(spelt(column.name)))


def amount(sums: Sums) -> Formula | None:
    """Return how an amount follows from others of its row, None where it does not.

    Args:
        sums: the amounts that there are.
    """
    words, find = sums.words, sums.find
    quantity, price = find(_QUANTITY), find(_UNIT_PRICE)
    subtotal, tax, discount, shipping = find(_SUBTOTAL), find(_TAX), find(_DISCOUNT), find(_SHIPPING)
    if _TAX_RATE.search(words) or _QUANTITY.search(words):
        return None
    if _SUBTOTAL.search(words):
        return _product(quantity, price) if quantity and price else None
    if _DISCOUNT.search(words):
        base = subtotal or price
        return _share(base, ("0", "0", "0.05", "0.1", "0.15", "0.2")) if base and sums.exact else None
    if _TAX.search(words):
        return _tax(subtotal or find(re.compile(r"^_amount_$")), find(_TAX_RATE))
    if _TOTAL.search(words) or (_LINE_TOTAL.search(words) and quantity and price):
        if subtotal:
            return _sum(subtotal, (tax, shipping), (discount,))
        if quantity and price:
            return _product(quantity, price, discount, tax)
        return None
    whole = find(_TOTAL) or find(re.compile(r"^_amount_$"))
    if _PAID.search(words):
        return _share(whole, ("0", "0.5", "1", "1", "1", "1")) if whole else None
    if _DUE.search(words):
        paid = find(_PAID)
        return _sum(whole, (), (paid,)) if whole and paid else None
    base = find(_PLAIN_PRICE) or find(_PRICE)
    if base is None or sums._columns.get(base) == words:
        return None
    if _YEARLY.search(words) and _PRICE.search(words):
        return _share(base, ("10",))
    for pattern, shares in (
        (_COST, ("0.4", "0.5", "0.55", "0.6", "0.7")),
        (_LOWER_PRICE, ("0.7", "0.75", "0.8", "0.9")),
        (_HIGHER_PRICE, ("1.1", "1.2", "1.25", "1.5")),
    ):
        if pattern.search(words):
            return _share(base, shares)
    return None


def _product(quantity: str, price: str, less: str | None = None, more: str | None = None) -> Formula:
    def value(row: _Row, random: Random) -> Decimal | None:
        factors = decimal_of(row.get(quantity)), decimal_of(row.get(price))
        if factors[0] is None or factors[1] is None:
            return None
        found = factors[0] * factors[1]
        reduced = decimal_of(row.get(less)) if less else None
        if reduced is not None:
            # A discount of less than one is a share of the price.
            found = found * (1 - reduced) if 0 <= reduced < 1 else found - reduced
        return found + ((decimal_of(row.get(more)) if more else None) or 0)

    return Formula(tuple(name for name in (quantity, price, less, more) if name), value)


def _sum(base: str, plus: tuple[str | None, ...], minus: tuple[str | None, ...]) -> Formula:
    def value(row: _Row, random: Random) -> Decimal | None:
        found = decimal_of(row.get(base))
        if found is None:
            return None
        found += sum((decimal_of(row.get(name)) or Decimal(0) for name in plus if name), Decimal(0))
        return found - sum((decimal_of(row.get(name)) or Decimal(0) for name in minus if name), Decimal(0))

    return Formula(tuple(name for name in (base, *plus, *minus) if name), value)


def _share(base: str, shares: tuple[str, ...]) -> Formula:
    def value(row: _Row, random: Random) -> Decimal | None:
        found = decimal_of(row.get(base))
        share = Decimal(random.choice(shares))
        return None if found is None else found * share

    return Formula((base,), value)


def _tax(base: str | None, rate: str | None) -> Formula | None:
    if base is None:
        return None

    def value(row: _Row, random: Random) -> Decimal | None:
        found, share = decimal_of(row.get(base)), decimal_of(row.get(rate)) if rate else None
        drawn = random.choice(_RATES)
        if found is None:
            return None
        # A rate above one is one of a hundred.
        return found * (drawn if share is None else share / _HUNDRED if share > 1 else share)

    return Formula(tuple(name for name in (base, rate) if name), value)


def is_number(column: Column) -> bool:
    """Whether a column holds numbers."""
    return column.type.name in NUMBERS and not column.type.array


def decimal_of(value: object) -> Decimal | None:
    """Return a number as it is written, None for what is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
