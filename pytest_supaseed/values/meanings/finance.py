"""Financial identifiers, and numbers that are derived from other columns of the row.

Identifiers (EAN, ISBN, IBAN, card, ...) are well formed, but those of accounts, cards, vehicles, devices and persons
come from test ranges or ranges that are never assigned. :func:`formula` derives a number: a total from quantity and
price, an age from a birth date, the coordinates of a city, the remainder of a sum that a CHECK fixes.
:func:`bounds` finds bounds that follow from column names alone.
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
from pytest_supaseed.values.meanings.places import PLACES, city_column, place_of

# Test numbers that payment services publish.
TEST_CARDS = (
    "4242424242424242", "4000056655665556", "4111111111111111", "5555555555554444", "5105105105105100",
    "2223003122003222", "378282246310005", "371449635398431", "6011111111111117", "3056930009020004",
)  # fmt: skip
_VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"


def _digits(count: int, random: Random) -> str:
    return "".join(random.choices("0123456789", k=count))


def check_digit(digits: str) -> str:
    """Return the check digit of an EAN, UPC or ISBN-13: weights alternate between 3 and 1, the last digit has 3."""
    total = sum(int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def ean(most: int | None, random: Random) -> str:
    """An EAN from the range for in-store use (prefix 2), cut to ``most`` digits."""
    size = 13 if most is None or most >= 13 else 12 if most == 12 else 8
    digits = "2" + _digits(size - 2, random)
    return (digits + check_digit(digits))[:most]


def isbn_number(short: bool, random: Random) -> str:
    """An ISBN-13, or an ISBN-10 if ``short``."""
    digits = _digits(9, random)
    if short:
        total = sum((10 - at) * int(digit) for at, digit in enumerate(digits))
        check = -total % 11
        return digits + ("X" if check == 10 else str(check))
    return f"978{digits}{check_digit('978' + digits)}"


def iban(random: Random) -> str:
    """An IBAN with valid check digits, of a bank that cannot exist: no German sort code begins with 9."""
    account = "99" + _digits(16, random)
    # ISO 7064, MOD 97-10; 131400 is ``DE00`` in digits.
    check = 98 - int(account + "131400") % 97
    return f"DE{check:02}{account}"


def bic(most: int | None, random: Random) -> str:
    """The BIC of a fictitious bank."""
    return f"{random.choice(('EXAM', 'TEST', 'DEMO'))}{random.choice(('DE', 'FR', 'GB', 'US'))}00"[:most]


def card(random: Random) -> str:
    """A test card number."""
    return random.choice(TEST_CARDS)


def vin(random: Random) -> str:
    """A vehicle identification number that cannot exist: no region code is 0."""
    return "0" + "".join(random.choices(_VIN_LETTERS, k=16))


def imei(random: Random) -> str:
    """The IMEI of a test device (prefix 00), with its Luhn check digit."""
    digits = "00" + _digits(12, random)
    total = sum(
        int(digit) if at % 2 == 0 else sum(divmod(2 * int(digit), 10)) for at, digit in enumerate(digits)
    )
    return digits + str(-total % 10)


def ssn(random: Random) -> str:
    """A US Social Security number in area 000, which is never assigned."""
    return f"000-{random.randint(1, 99):02}-{random.randint(1, 9999):04}"


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


class Sums:
    """The earlier amounts of a row in the unit of one column, cents or not; and its quantities and tax rates."""

    def __init__(self, context: Context) -> None:
        self.words = _CENTS.sub("_", context.words)
        # A float, or a numeric with few digits before its point, probably holds a ratio instead of an amount.
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


def _counts(column: Column) -> bool:
    return bool(_QUANTITY.search(spelt(column.name)) or _TAX_RATE.search(spelt(column.name)))


def amount(sums: Sums) -> Formula | None:
    """Return how an amount follows from other amounts of its row, None if it does not."""
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
    words = context.words
    if re.search(r"_(lat|latitude)_", words):
        return _latitude(context)
    if re.search(r"_(lng|lon|long|longitude)_", words):
        return _longitude(context)
    if words in ("_age_", "_nights_", "_days_", "_age_years_"):
        return _days(context)
    return amount(Sums(context))


def bounds(context: Context) -> tuple[tuple[str, str], ...]:
    """Return operators and earlier columns that bound a number by the names alone, as ``max_x >= min_x``."""
    words = context.words
    found = []
    for low, high in (
        ("min", "max"),
        ("minimum", "maximum"),
        ("low", "high"),
        ("lower", "upper"),
        ("from", "to"),
    ):
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


def _days(context: Context) -> Formula | None:
    """Formula of an age from a birth date, or of nights from arrival and departure."""
    by_words = {
        spelt(other.name): other.name for other in context.earlier if is_date_or_timestamp(other.type)
    }
    if context.words.startswith("_age_"):
        born = next(
            (name for words, name in by_words.items() if re.search(r"_(birth|birthday|born)_", words)), None
        )
        if born is None:
            return None

        def age(row: _Row, random: Random) -> Decimal | None:
            day = row.get(born)
            if not isinstance(day, date):
                return None
            today = context.today
            return Decimal(today.year - day.year - ((today.month, today.day) < (day.month, day.day)))

        return Formula((born,), age)
    ends = tuple(
        next((name for words, name in by_words.items() if re.search(pattern, words)), "")
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


def _latitude(context: Context) -> Formula:
    city = city_column(context)

    def value(row: _Row, random: Random) -> Decimal | None:
        place = place_of(row.get(city)) if city is not None else None
        return _near(place or random.choice(PLACES.rows), "latitude", random)

    return Formula((city,) if city is not None else (), value)


def _longitude(context: Context) -> Formula | None:
    """Formula of the longitude of the city, else of the place with the nearest latitude."""
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
