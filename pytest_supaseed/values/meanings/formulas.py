"""Numbers that are derived from other columns of the row.

:func:`formula` derives a number by :data:`DERIVED`, such as a total from quantity and price, an age from a birth date
or the coordinates of a city, or as the remainder of a sum that a CHECK fixes. :func:`bounds` finds bounds that follow
from column names alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_FLOOR, Decimal
from functools import partial
from random import Random

from pytest_supaseed.constraints.solving import sums
from pytest_supaseed.model.identifiers import spelt
from pytest_supaseed.model.schema import Column
from pytest_supaseed.model.type_families import is_date_or_timestamp, is_money, is_numeric
from pytest_supaseed.model.type_families import is_number as is_number_type
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.meaning import Declaration
from pytest_supaseed.values.meanings.places import PLACES, city_column, place_of

# Names of amounts in minor currency units.
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
_AMOUNT = re.compile(r"^_amount_$")
_RATES = tuple(map(Decimal, ("0.05", "0.07", "0.08", "0.1", "0.19", "0.2", "0.21")))
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Formula:
    """Derivation of a number from other columns of its row.

    Attributes:
        uses: the columns that it reads.
        value: takes the row and a random generator; returns None if a value is missing.
    """

    uses: tuple[str, ...]
    value: Callable[[_Row, Random], Decimal | None]


class Amounts:
    """A number's column, and the earlier amounts of its row in the same unit, cents or not; quantities and tax rates.

    Attributes:
        context: the column.
        words: its normalized name without the word for minor units.
        exact: whether it holds an amount; a float, or a numeric with few digits before its point, is probably a ratio.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self.words = _CENTS.sub("_", context.words)
        kind = context.column.type
        self.exact = is_money(kind) or (is_numeric(kind) and (kind.precision or 99) - (kind.scale or 0) > 3)
        cents = bool(_CENTS.search(context.words))
        self._columns = {
            other.name: _CENTS.sub("_", spelt(other.name))
            for other in context.earlier
            if is_number(other) and (bool(_CENTS.search(spelt(other.name))) == cents or _counts(other))
        }

    def find(self, pattern: re.Pattern[str]) -> str | None:
        """Return the first column whose normalized name matches a pattern."""
        return next((name for name, words in self._columns.items() if pattern.search(words)), None)

    @property
    def whole(self) -> str | None:
        """The total."""
        return self.find(_TOTAL) or self.find(_AMOUNT)

    @property
    def base(self) -> str | None:
        """The price that other prices follow; None if this column would be it."""
        found = self.find(_PLAIN_PRICE) or self.find(_PRICE)
        return None if found is not None and self._columns[found] == self.words else found


def _counts(column: Column) -> bool:
    return bool(_QUANTITY.search(spelt(column.name)) or _TAX_RATE.search(spelt(column.name)))


@dataclass(frozen=True)
class DerivedNumber(Declaration):
    """A number that follows from other columns of its row: the counterpart of a text's ``Meaning``.

    Attributes:
        name: what it is called.
        names: searched in the normalized name of a column, without the word for minor units if it is an amount.
        derive: returns the formula; None if the row has not the columns for it.
        amount: whether it is an amount of money.
        where: what the row must have besides for the name to mean this.
    """

    name: str
    names: re.Pattern[str]
    derive: Callable[[Amounts], Formula | None]
    amount: bool = True
    where: Callable[[Amounts], bool] | None = None

    def suits(self, amounts: Amounts) -> bool:
        """Whether a column is this number."""
        words = amounts.words if self.amount else amounts.context.words
        return self.names.search(words) is not None and (self.where is None or self.where(amounts))


def _underived(amounts: Amounts) -> Formula | None:
    return None


def _subtotal(amounts: Amounts) -> Formula | None:
    quantity, price = amounts.find(_QUANTITY), amounts.find(_UNIT_PRICE)
    return _product(quantity, price) if quantity and price else None


def _discount(amounts: Amounts) -> Formula | None:
    base = amounts.find(_SUBTOTAL) or amounts.find(_UNIT_PRICE)
    return _share(base, ("0", "0", "0.05", "0.1", "0.15", "0.2")) if base and amounts.exact else None


def _tax_amount(amounts: Amounts) -> Formula | None:
    return _tax(amounts.find(_SUBTOTAL) or amounts.find(_AMOUNT), amounts.find(_TAX_RATE))


def _total(amounts: Amounts) -> Formula | None:
    find = amounts.find
    subtotal, tax, discount = find(_SUBTOTAL), find(_TAX), find(_DISCOUNT)
    if subtotal:
        return _sum(subtotal, (tax, find(_SHIPPING)), (discount,))
    quantity, price = find(_QUANTITY), find(_UNIT_PRICE)
    return _product(quantity, price, discount, tax) if quantity and price else None


def _has_parts(amounts: Amounts) -> bool:
    return amounts.find(_QUANTITY) is not None and amounts.find(_UNIT_PRICE) is not None


def _paid(amounts: Amounts) -> Formula | None:
    whole = amounts.whole
    return _share(whole, ("0", "0.5", "1", "1", "1", "1")) if whole else None


def _due(amounts: Amounts) -> Formula | None:
    whole, paid = amounts.whole, amounts.find(_PAID)
    return _sum(whole, (), (paid,)) if whole and paid else None


def _of_price(*shares: str) -> Callable[[Amounts], Formula | None]:
    """Return what derives another price from the row's: it times one of the shares."""

    def derive(amounts: Amounts) -> Formula | None:
        base = amounts.base
        return None if base is None else _share(base, shares)

    return derive


def _product(quantity: str, price: str, less: str | None = None, more: str | None = None) -> Formula:
    def value(row: _Row, random: Random) -> Decimal | None:
        factors = decimal_of(row.get(quantity)), decimal_of(row.get(price))
        if factors[0] is None or factors[1] is None:
            return None
        found = factors[0] * factors[1]
        reduced = decimal_of(row.get(less)) if less else None
        if reduced is not None:
            # A discount below one is a ratio of the price.
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
        # A rate above one is a percentage.
        return found * (drawn if share is None else share / _HUNDRED if share > 1 else share)

    return Formula(tuple(name for name in (base, rate) if name), value)


def is_number(column: Column) -> bool:
    """Whether a column holds numbers."""
    return is_number_type(column.type) and not column.type.array


def decimal_of(value: object) -> Decimal | None:
    """Return a number as Decimal, a float by its shortest decimal form; None for any other value."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


_Row = Mapping[str, object]
# Roughly the radius of a city, in degrees.
_AROUND = Decimal("0.05")


def formula(context: Context) -> Formula | None:
    """Return how a number follows from other columns of its row, None if it does not."""
    if context.unique:
        return None
    part = _part(context)
    if part is not None:
        return part
    amounts = Amounts(context)
    found = derived_number(amounts)
    return None if found is None else found.derive(amounts)


_ENDS = (("min", "max"), ("minimum", "maximum"), ("low", "high"), ("lower", "upper"), ("from", "to"))
# The greater of two numbers, which is made after the other: of ``lft`` and ``rgt`` in a nested set, too.
UPPER = Declaration(stages={1: r"_(max|maximum|high|upper|rgt)_"})


def bounds(context: Context) -> tuple[tuple[str, str], ...]:
    """Return operators and earlier columns that bound a number by the names alone, as ``max_x >= min_x``."""
    words = context.words
    found = []
    for low, high in _ENDS:
        if f"_{high}_" in words:
            wanted = words.replace(f"_{high}_", f"_{low}_")
            found += [
                (">=", other.name)
                for other in context.earlier
                if is_number(other) and spelt(other.name) == wanted
            ]
    if words == "_rgt_":
        found += [(">", other.name) for other in context.earlier if spelt(other.name) == "_lft_"]
    return tuple(found)


def _part(context: Context) -> Formula | None:
    """Formula of a column in a sum that a CHECK fixes; the column generated last gets the remainder."""
    earlier = {column.name for column in context.earlier}
    for found in sums(context.table):
        if context.column.name not in found.columns:
            continue
        others = tuple(name for name in found.columns if name != context.column.name)
        if earlier.issuperset(others):
            return Formula(others, partial(_left, found.total, others))
        # At most an equal share for each of the others, so that the remainder cannot be negative.
        return Formula((), partial(_some, found.total / len(others)))
    return None


def _left(total: Decimal, others: tuple[str, ...], row: _Row, random: Random) -> Decimal:
    values = [decimal_of(row.get(name)) for name in others]
    return total - sum(value for value in values if value is not None)


def _some(most: Decimal, row: _Row, random: Random) -> Decimal:
    value = most * random.randint(0, 20) / 20
    return value.to_integral_value(ROUND_FLOOR) if value > 1 else value


def _date_column(context: Context, pattern: str) -> str:
    """The earlier date or timestamp whose normalized name matches, the last of those of one name; empty if none."""
    by_words = {
        spelt(other.name): other.name for other in context.earlier if is_date_or_timestamp(other.type)
    }
    return next((name for words, name in by_words.items() if re.search(pattern, words)), "")


def _age(amounts: Amounts) -> Formula | None:
    today = amounts.context.today
    born = _date_column(amounts.context, r"_(birth|birthday|born)_")
    if not born:
        return None

    def age(row: _Row, random: Random) -> Decimal | None:
        day = row.get(born)
        if not isinstance(day, date):
            return None
        return Decimal(today.year - day.year - ((today.month, today.day) < (day.month, day.day)))

    return Formula((born,), age)


def _nights(amounts: Amounts) -> Formula | None:
    """Formula of the nights between arrival and departure."""
    ends = tuple(
        _date_column(amounts.context, pattern)
        for pattern in (
            r"_check_?in_|_(arrival|start|from|starts)_",
            r"_check_?out_|_(departure|end|until|ends)_|_to_date_",
        )
    )
    if not all(ends):
        return None

    def nights(row: _Row, random: Random) -> Decimal | None:
        first, last = (_day(row.get(name)) for name in ends)
        return None if first is None or last is None else Decimal((last - first).days)

    return Formula(ends, nights)


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _latitude(amounts: Amounts) -> Formula:
    city = city_column(amounts.context)

    def value(row: _Row, random: Random) -> Decimal | None:
        place = place_of(row.get(city)) if city is not None else None
        return _near(place or random.choice(PLACES.rows), "latitude", random)

    return Formula((city,) if city is not None else (), value)


def _longitude(amounts: Amounts) -> Formula:
    """Formula of the longitude of the city, else of the place with the nearest latitude."""
    context = amounts.context
    city = city_column(context)
    latitude = next(
        (c.name for c in context.earlier if is_number(c) and re.search(r"_(lat|latitude)_", spelt(c.name))),
        None,
    )

    def value(row: _Row, random: Random) -> Decimal | None:
        place = place_of(row.get(city)) if city is not None else None
        north = decimal_of(row.get(latitude)) if latitude is not None else None
        if place is None and north is not None:
            place = min(PLACES.rows, key=lambda found: abs(Decimal(PLACES.of(found, "latitude")) - north))
        return _near(place or random.choice(PLACES.rows), "longitude", random)

    return Formula(tuple(name for name in (city, latitude) if name is not None), value)


def _near(place: tuple[str, ...], name: str, random: Random) -> Decimal:
    return Decimal(PLACES.of(place, name)) + _AROUND * random.randint(-1000, 1000) / 1000


# The first that a column is counts.
DERIVED = (
    DerivedNumber(
        "latitude", re.compile(r"_(lat|latitude)_"), _latitude, amount=False, stages={1: r"_(latitude|lat)_"}
    ),
    DerivedNumber(
        "longitude",
        re.compile(r"_(lng|lon|long|longitude)_"),
        _longitude,
        amount=False,
        stages={1: r"_(longitude|lng|lon|long)_"},
    ),
    DerivedNumber("age", re.compile(r"^_age_(years_)?$"), _age, amount=False, stages={2: r"_age_"}),
    DerivedNumber("nights", re.compile(r"^_(nights|days)_$"), _nights, amount=False, stages={2: r"_nights_"}),
    DerivedNumber("tax rate", _TAX_RATE, _underived),
    DerivedNumber("quantity", _QUANTITY, _underived),
    DerivedNumber("subtotal", _SUBTOTAL, _subtotal, stages={3: r"_(subtotal|net)_"}),
    DerivedNumber("discount", _DISCOUNT, _discount, stages={4: r"_discount_|_discounted_"}),
    DerivedNumber("tax", _TAX, _tax_amount, stages={5: r"_(tax|vat)_(amount_)?(cents_)?$"}),
    DerivedNumber("total", _TOTAL, _total, stages={6: r"_(total|gross|grand|extended)_|^_amount_$"}),
    DerivedNumber("total of a line", _LINE_TOTAL, _total, where=_has_parts),
    DerivedNumber("amount paid", _PAID, _paid, stages={7: r"_(paid|used|redeemed|received)_"}),
    DerivedNumber("amount due", _DUE, _due, stages={8: r"_(balance|due|outstanding|remaining|change)_"}),
    DerivedNumber(
        "price for a year",
        _PRICE,
        _of_price("10"),
        where=lambda amounts: bool(_YEARLY.search(amounts.words)),
        stages={2: r"_(yearly|annual|monthly_yearly)_"},
    ),
    DerivedNumber("cost", _COST, _of_price("0.4", "0.5", "0.55", "0.6", "0.7"), stages={1: r"_cost_"}),
    DerivedNumber(
        "reduced price", _LOWER_PRICE, _of_price("0.7", "0.75", "0.8", "0.9"), stages={1: r"_(sale|special)_"}
    ),
    DerivedNumber(
        "former price",
        _HIGHER_PRICE,
        _of_price("1.1", "1.2", "1.25", "1.5"),
        stages={1: r"_(compare|list|msrp|original|regular|retail|old)_"},
    ),
)


def derived_number(amounts: Amounts) -> DerivedNumber | None:
    """Return which derived number a column is, None if it is none."""
    return next((found for found in DERIVED if found.suits(amounts)), None)
