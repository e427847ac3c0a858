"""Numbers that are derived from other columns of the row.

:func:`by_name` derives a number by :data:`DERIVED`, such as a total from quantity and price, an age from a birth date
or the coordinates of a city, or as the remainder of a sum that a CHECK fixes. :func:`bounds` finds bounds that follow
from column names alone.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from functools import cache, cached_property, lru_cache, partial
from random import Random

from pytest_supaseed.constraints.column import value_domain
from pytest_supaseed.constraints.solving import sums
from pytest_supaseed.model.identifiers import spelt
from pytest_supaseed.model.schema import Column, ColumnType
from pytest_supaseed.model.type_families import (
    is_boolean,
    is_date_or_timestamp,
    is_integer,
    is_money,
    is_numeric,
)
from pytest_supaseed.model.type_families import is_number as is_number_type
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.formulas import additions
from pytest_supaseed.values.meanings.formulas.arithmetic import (
    Computed,
    Formula,
    Product,
    Quotient,
    Rated,
    Reduction,
    Share,
    Sum,
    decimal_of,
)
from pytest_supaseed.values.meanings.formulas.divisions import (
    DIVISIONS,
    PERCENT,
    Division,
    any_of,
    division_of,
)
from pytest_supaseed.values.meanings.formulas.row_numbers import CENTS, without_unit
from pytest_supaseed.values.meanings.formulas.time_spans import (
    LENGTH,
    ends_of,
    length_between,
    measures_days,
    pause_of,
    unit_of,
    years_between,
)
from pytest_supaseed.values.meanings.gazetteer import (
    Record,
    cities,
    cities_of,
    countries,
    currencies,
    home,
    one_of_the_first,
)
from pytest_supaseed.values.meanings.meaning import Declaration, staged
from pytest_supaseed.values.meanings.places import Where, entity, whereabouts

_QUANTITY = re.compile(r"^_(\w+_)?(quantity|units|pieces)_((ordered|sold|purchased|requested)_)?$")
_UNIT_PRICE = re.compile(
    r"^_(?!total_|line_|extended_|net_|gross_|subtotal_|\w*(?:commission|tax|vat|interest|discount|exchange|share)_rate_)"
    r"(\w+_)?(unit_price|unit_cost|unit_amount|price|price_each"
    r"|cost_each|price_per_(unit|item|piece)|price_at_(purchase|order|time|sale)|rate)_$"
)
_UNIT_COST = re.compile(r"^_(\w+_)?(unit_cost|cost_per_unit|cost_each|cost_price)_$")
# Lengths of time, and prices for one unit of them.
_TIMES = tuple(
    (
        re.compile(rf"^_(\w+_)?{unit}s_(\w+_)?$"),
        re.compile(rf"^_(\w+_)?(({rate})_rate|(rate|price)_per_{unit}|({rate})_price)_$"),
    )
    for unit, rate in (
        ("hour", "hourly|billing|bill|billable|pay|charge|labor|labour|wage"),
        ("night", "nightly"),
        ("day", "daily"),
        ("seat", "seat"),
        ("month", "monthly"),
    )
)
# A price for one of anything, of which the row has a number: of a stream, a kilometre, a participant.
_PER = re.compile(r"^_(?:\w+_)?(?:rate|price|cost|fee|charge|fare|amount)_per_(\w+?)_$")
_SUBTOTAL = re.compile(
    r"^_(\w+_)?(subtotal|net|net_amount|net_total|amount_net|total_net|net_price|items_total|total_excl_tax)_$"
)
_TOTAL = re.compile(
    r"^_(?!(?:paid|payments?|refunded|received)_)(\w+_)?(total|total_price|total_amount|line_total|grand_total|gross|gross_amount|amount_total|total_gross"
    r"|order_total|extended_price|total_incl_tax)_$"
)
_LINE_TOTAL = re.compile(
    r"^_(?!(?:paid|payments?|refunded|received)_)(\w+_)?(total|total_price|total_amount|line_total|line_amount|line_price|amount|extended_price"
    r"|extended_amount|total_cost|total_value|market_value|line_value|line_cost|sum)_$"
    r"|^_(pay|earnings|wages|total_pay|billable_amount|labor_cost|room_total|rental_fee)_$"
)
_TAX = re.compile(r"^_(\w+_)?(tax|vat|gst|tax_amount|vat_amount|sales_tax|tax_total|total_tax|tax_value)_$")
_TAX_RATE = re.compile(r"_(tax|vat|gst)_(rate|percent|percentage)_|_(tax|vat|gst)_(bp|bps|basis_points)_")
_BASIS_POINTS = re.compile(r"_(bp|bps|basis_points)_")
_DISCOUNT = re.compile(r"^_(\w+_)?(discount|discount_amount|discount_total|total_discount|discounts)_$")
# What else is taken off a subtotal.
_ADJUSTED = re.compile(
    r"^_(\w+_)?(adjustments?|write_?offs?|concessions?|scholarships?|rebates?|markdowns?|waivers?)(_(amount|total))?_$"
)
_DISCOUNT_RATE = re.compile(
    r"_discount_(rate|percent|percentage|bp|bps|basis_points)_|_percent_off_|_percent_discount_"
)
_SHIPPING = re.compile(
    r"^_(\w+_)?(shipping|freight|shipping_cost|shipping_fee|delivery_fee|delivery_cost|shipping_amount|shipping_total"
    r"|shipping_price)_$"
)
_FURTHER = re.compile(
    r"^_(?!(platform|processing|merchant|refund|late|gross|net|sales)_)(\w+_)?(tip|tips|tip_amount|gratuity|fees?|fees_total"
    r"|total_fees|fees?_amount|surcharges?|handling)_$"
)
# What a net amount has been made from.
_BEFORE_DISCOUNT = re.compile(
    r"^_(gross|order|list|line|base|full)_(amount|total|price|value)_$|^_(gross|amount)_$"
)
_FARE = re.compile(r"^_(base_|ride_|trip_)?fare_$")
PAID = re.compile(
    r"^_(amount_paid|paid_amount|total_paid|paid|paid_total|amount_received|received_amount|paid_to_date"
    r"|amount_repaid|repaid_amount|total_repaid|repaid|repaid_total|principal_(paid|repaid))_$"
)
_PRINCIPAL = re.compile(
    r"^_(principal(_amount)?|loan_amount|amount_(borrowed|lent|financed)|borrowed_amount|original_(amount|balance)"
    r"|debt_amount)_$"
)
# Of a fine or a fee, whose row has no other amount in all.
_CHARGED = re.compile(r"^_(amount|fee|fine|charge|price|cost|rent)_$")
_DUE = re.compile(
    r"^_(amount_due|balance_due|due_amount|balance|outstanding|amount_outstanding|outstanding_amount"
    r"|outstanding_balance|outstanding_principal|principal_outstanding|principal_remaining|remaining_principal"
    r"|remaining_balance|remaining|amount_remaining|remaining_amount|unpaid|unpaid_amount|amount_open|open_amount)_$"
)
_COST = re.compile(r"^_(\w+_)?(cost|cost_price|purchase_price|wholesale_price|unit_cost)_$")
_LOWER_PRICE = re.compile(r"^_(sale|special|discounted|discount|promo|offer)_price_$")
_HIGHER_PRICE = re.compile(r"^_(compare_at|list|msrp|original|regular|retail|old|compare)_(at_)?(price_)?$")
_PLAIN_PRICE = re.compile(r"^_(unit_|base_|net_)?price_$")
_PRICE = re.compile(r"^_(\w+_)?price_$|^_price_")
_YEARLY = re.compile(r"_(yearly|annual|annually|year)_")
_AMOUNT = re.compile(r"^_amount_$")
_GROSS_PAY = re.compile(r"^_gross_(pay|salary|wage|wages|income|earnings)_$")
_NET_PAY = re.compile(r"^_(net_(pay|salary|wage|wages|income|earnings)|take_home_pay)_$")
_DEDUCTIONS = re.compile(
    r"^_(\w+_)?(deductions?|total_deductions|tax|taxes|income_tax|tax_amount|tax_withheld|withholding|social_security"
    r"|insurance|pension|withheld|contributions?|medicare|dues|garnishments?|(loan|advance)_repayment)_$"
)
_REVENUE = re.compile(r"^_(\w+_)?(revenue|sales|income|turnover|total_revenue|total_sales)_$")
_EXPENSES = re.compile(r"^_(\w+_)?(cost|costs|expenses|expense|total_cost|total_costs|total_expenses|cogs)_$")
_PROFIT = re.compile(r"^_(\w+_)?(profit|net_profit|gross_profit|net_income|margin_amount)_$")
# What is kept back from an amount before it is paid out.
_FEES = re.compile(r"^_(\w+_)?(fees?|fee_amount|fees_amount|commission|commission_amount)_$")
_BEFORE_FEES = re.compile(r"^_(gross|gross_amount|amount_gross|amount)_$")
# Parts of an amount, by what their names have in common.
_PARTS_OF_AMOUNTS = (
    re.compile(r"^_\w+_(part|portion|component)_$"),
    re.compile(r"^_(principal|interest|late_fee|fees?|escrow|penalty)(_(amount|paid|due))?_$"),
    re.compile(r"^_(base_)?(salary|bonus|commission|overtime)(_pay|_amount)?_$"),
    re.compile(r"^_\w+_charges?_$"),
    re.compile(r"^_(labou?r|materials?|parts|equipment)(_cost|_amount|_total|_charge)?_$"),
    re.compile(
        r"^_(rent|utilities|electricity|water|gas|heating|parking|late|cleaning|service|base|setup|delivery|insurance)"
        r"_(amount|fee|charge|cost|total)_$"
    ),
)
_OF_PARTS = re.compile(
    r"^_(amount|total|sum|payment|installment|instalment|grand_total|total_(amount|payment|cost|pay|compensation|price)"
    r"|payment_amount|amount_(paid|due|total)|installment_amount|total_due)_$"
)
_HUNDRED = Decimal(100)


class Amounts:
    """A number's column, and the earlier amounts of its row in the same unit, cents or not; quantities and tax rates.

    Attributes:
        context: the column.
        words: its normalized name without the word for minor units.
        exact: whether it holds an amount; a float, or a numeric with few digits before its point, is probably a ratio.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self.words = without_unit(context.words)
        self.exact = is_amount_of_money(context.column.type) or bool(CENTS.search(context.words))

    @cached_property
    def _columns(self) -> dict[str, str]:
        cents = bool(CENTS.search(self.context.words))
        return {
            other.name: without_unit(other.words)
            for other in self.context.earlier
            if is_number(other) and (bool(CENTS.search(other.words)) == cents or _counts(other))
        }

    @cached_property
    def numbers(self) -> dict[str, str]:
        """The earlier numbers of the row that are no amounts in another unit, by name: their normalized names."""
        cents = bool(CENTS.search(self.context.words))
        return {
            other.name: without_unit(other.words)
            for other in self.context.earlier
            if is_number(other) and bool(CENTS.search(other.words)) == cents
        }

    def find_number(self, pattern: str) -> str | None:
        """Return the first number of the row whose normalized name matches a pattern."""
        return next((name for name, words in self.numbers.items() if re.search(pattern, words)), None)

    def find(self, pattern: re.Pattern[str]) -> str | None:
        """Return the first column whose normalized name matches a pattern."""
        return next((name for name, words in self._columns.items() if pattern.search(words)), None)

    def has(self, pattern: re.Pattern[str]) -> bool:
        """Whether the row has a number whose normalized name matches a pattern, earlier or later."""
        return any(
            is_number(other) and pattern.search(without_unit(other.words))
            for other in self.context.table.columns
        )

    @cached_property
    def is_reduced(self) -> bool:
        """Whether a net amount of the row is what a discount leaves, of another amount or of several charges."""
        names = [without_unit(other.words) for other in self.context.table.columns if is_number(other)]
        charges = [name for name in names if re.search(r"_charges?_$", name)]
        return len(charges) > 1 or bool(before_discount(names))

    def words_of(self, name: str) -> str:
        """Return the normalized name of a column, without the word for minor units."""
        return self._columns[name]

    def all(self, pattern: re.Pattern[str]) -> tuple[str, ...]:
        """Return the columns whose normalized names match a pattern."""
        return tuple(name for name, words in self._columns.items() if pattern.search(words))

    def is_exact(self, name: str) -> bool:
        """Whether a column holds an amount of money, and no ratio of one."""
        return is_amount_of_money(self.context.table.column(name).type)

    def holds(self, name: str, number: int) -> bool:
        """Whether a column's type has room for a number."""
        kind = self.context.table.column(name).type
        return (
            not is_numeric(kind)
            or kind.precision is None
            or number < 10 ** (kind.precision - (kind.scale or 0))
        )

    @property
    def whole(self) -> str | None:
        """The total, with all taxes if the row has another one as well."""
        totals = self.all(_TOTAL)
        last = (name for name in totals if not _PART_OF_WHOLE.search(self.words_of(name)))
        return next(last, None) or next(iter(totals), None) or self.find(_AMOUNT)

    @property
    def base(self) -> str | None:
        """The price that other prices follow; None if this column would be it."""
        found = self.find(_PLAIN_PRICE) or self.find(_PRICE)
        return None if found is not None and self._columns[found] == self.words else found


# Totals of a part of a bill, or of what has been paid of it.
_PART_OF_WHOLE = re.compile(
    r"_(net|sub|before|excl|tax|vat|gst|discounts?|shipping|freight|fees?|paid|payments?|refund(ed)?s?|credits?)_"
)


def before_discount(names: Iterable[str]) -> frozenset[str]:
    """Return the names of what a net amount has been made from: beside a tax, a gross amount is after it."""
    numbers = [*names]
    taxed = any(_TAX.search(name) for name in numbers)
    return frozenset(
        name for name in numbers if _BEFORE_DISCOUNT.search(name) and not (taxed and "_gross_" in name)
    )


def is_amount_of_money(kind: ColumnType) -> bool:
    """Whether a discount of a type is an amount of money: a numeric with few digits before its point is a ratio."""
    return (
        is_money(kind)
        or is_integer(kind)
        or (is_numeric(kind) and (kind.precision or 99) - (kind.scale or 0) > 3)
    )


# What multiplies amounts, whatever their unit.
_FACTORS = (_QUANTITY, _TAX_RATE, _DISCOUNT_RATE, *(times for times, _ in _TIMES))


def _counts(column: Column) -> bool:
    words = column.words
    return any(pattern.search(words) for pattern in _FACTORS)


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

    def is_named(self, words: str, amount: str) -> bool:
        """Whether a column has such a name: its normalized one, and the same without the word for minor units."""
        return self.names.search(amount if self.amount else words) is not None

    def suits(self, amounts: Amounts) -> bool:
        """Whether a column of such a name is this number, by the others of its row."""
        return self.where is None or self.where(amounts)


def _underived(amounts: Amounts) -> Formula | None:
    return None


def _factors(amounts: Amounts) -> tuple[str, ...] | None:
    """The quantity and the price that a line is of, and how many times it is."""
    for times, rate in _TIMES:
        length, price = amounts.find(times), amounts.find(rate)
        if length and price:
            # So many of something for so long.
            number = amounts.find(_QUANTITY)
            return (length, price) if number in (None, length, price) else (length, price, number)
    for price in amounts.all(_PER):
        count = _counted(amounts, price)
        if count:
            return count, price
    quantity = amounts.find(_QUANTITY)
    price = (amounts.find(_UNIT_COST) if "_cost_" in amounts.words else None) or amounts.find(_UNIT_PRICE)
    return (quantity, price) if quantity and price else None


def _counted(amounts: Amounts, price: str) -> str | None:
    """The number of what a price is for one of: ``streams`` for ``rate_per_stream``, ``km`` for ``price_per_km``."""
    found = _PER.search(without_unit(spelt(price)))
    unit = found[1] if found else ""
    names = rf"^_(\w+_)?({unit}(e?s)?|{unit.removesuffix('y')}ies|{_PLURALS.get(unit, unit)})_(count_|total_|\w+ed_)?$"
    return next(
        (
            other.name
            for other in amounts.context.earlier
            if is_number(other)
            and re.search(names, other.words)
            and not any(other_names.search(other.words) for other_names in _NOT_COUNTED)
        ),
        None,
    )


_NOT_COUNTED = (_PER, additions.EARLIER_READING, additions.LATER_READING)
_PLURALS = {"person": "people", "child": "children", "night": "nights"}


def _charge(amounts: Amounts) -> Formula | None:
    """Formula of a charge for what has been measured: ``fuel_cost`` of ``fuel_liters`` and ``price_per_liter``."""
    found = additions.CHARGE.search(amounts.words)
    if found is None or _is_total_of_charges(amounts, found[2] or "", found[3]):
        return None
    pairs = [
        (count, price, _PER.search(without_unit(spelt(price))))
        for price in amounts.all(_PER)
        if (count := _counted(amounts, price))
    ]
    units = [(count, price, named[1]) for count, price, named in pairs if named]
    for (times, rate), unit in zip(_TIMES, ("hour", "night", "day", "seat", "month"), strict=True):
        length, price = amounts.find(times), amounts.find(rate)
        if length and price:
            units.append((length, price, unit))
    for count, price, unit in units:
        if additions.is_charged_by(found[2] or "", unit, spelt(count) + spelt(price)):
            return Product((count, price))
    return None


def _is_total_of_charges(amounts: Amounts, before: str, head: str) -> bool:
    """Whether a total charge is that of several: the row has another one beside what it charges for."""
    others = re.compile(rf"^_(?!total_|unit_|hourly_|daily_|nightly_)(?!\w*_per_)\w+_{head}_$")
    return "total" in before.split("_") and amounts.has(others)


def _later_reading(amounts: Amounts) -> Formula | None:
    """Formula of a meter's second reading: some units above the first."""
    first = amounts.find_number(additions.EARLIER_READING.pattern)
    if first is None and amounts.has(additions.BETWEEN_READINGS):
        first = amounts.find_number(additions.EARLIER_VALUE.pattern)
    elif additions.LATER_VALUE.search(amounts.words):
        first = None
    if first is None:
        return None

    def value(row: _Row, random: Random) -> Decimal | None:
        found = decimal_of(row.get(first))
        return None if found is None else found + random.randint(4, 480)

    return Computed((first,), value, empty=True)


def _between_readings(amounts: Amounts) -> Formula | None:
    first = amounts.find_number(additions.EARLIER_READING.pattern)
    last = amounts.find_number(additions.LATER_READING.pattern)
    first = first or amounts.find_number(additions.EARLIER_VALUE.pattern)
    last = last or amounts.find_number(additions.LATER_VALUE.pattern)
    return Sum(last, (), (first,)) if first and last else None


def _closing(amounts: Amounts) -> Formula | None:
    """Formula of what is there in the end: what was there, and what came, less what went."""
    opening = amounts.find(additions.OPENING)
    coming, going = amounts.all(additions.COMING), amounts.all(additions.GOING)
    return Sum(opening, coming, going) if opening and (coming or going) else None


def _going(amounts: Amounts) -> Formula | None:
    # Of two that go, no more goes than was there.
    opening = amounts.find(additions.OPENING)
    return Share(opening, ("0", "0.1", "0.2", "0.25", "0.4")) if opening else None


def _variance(amounts: Amounts) -> Formula | None:
    actual, expected = amounts.find(additions.ACTUAL), amounts.find(additions.EXPECTED)
    return Sum(actual, (), (expected,)) if actual and expected else None


def _sum_of_kinds(amounts: Amounts) -> Formula | None:
    """Formula of a total of kinds: of regular and overtime hours, of wins, losses and draws."""
    for names in additions.kinds_of(amounts.words):
        parts = amounts.all(names)
        if len(parts) > 1:
            return Sum(parts[0], parts[1:])
    return None


def _rate_unit(amounts: Amounts, rate: str) -> int | None:
    """What a rate is a share of: 10000 for basis points, 100 for percent; None where its value tells."""
    words = spelt(rate)
    if _BASIS_POINTS.search(words):
        return 10_000
    return 100 if re.search(r"_(percent|percentage)_", words) else None


def _reduction(amounts: Amounts) -> Reduction | None:
    """The discount of a line."""
    found = amounts.find(_DISCOUNT)
    if found is not None:
        return Reduction(found, None if amounts.is_exact(found) else 1)
    rate = amounts.find(_DISCOUNT_RATE)
    if rate is None:
        return None
    return Reduction(rate, _rate_unit(amounts, rate) or (100 if amounts.holds(rate, 10) else 1))


def _subtotal(amounts: Amounts) -> Formula | None:
    factors = _factors(amounts)
    return Product(factors) if factors else None


def _discount(amounts: Amounts) -> Formula | None:
    base = amounts.find(_SUBTOTAL)
    if base is None and _DISCOUNT.search(amounts.words):
        base = amounts.find(_UNIT_PRICE)
    if base is None or not amounts.exact or ("_net_" in amounts.words_of(base) and amounts.is_reduced):
        return None
    rate = amounts.find(_DISCOUNT_RATE)
    if rate is not None and base == amounts.find(_SUBTOTAL):
        return Rated(base, rate, _rate_unit(amounts, rate) or (100 if amounts.holds(rate, 10) else 1))
    return Share(base, ("0", "0", "0.05", "0.1", "0.15", "0.2"))


# Per cent.
_USUAL_TAXES = (5, 7, 8, 10, 19, 20, 21)


def _tax_rate(amounts: Amounts) -> Formula:
    context = amounts.context
    name, most = context.column.name, context.domain.maximum
    if _BASIS_POINTS.search(context.words):
        unit = Decimal(100)
    elif amounts.holds(name, 21) and (most is None or most >= min(_USUAL_TAXES)):
        unit = Decimal(1)
    else:
        unit = 1 / _HUNDRED
    return Computed((), lambda row, random: random.choice(_USUAL_TAXES) * unit)


def _tax_amount(amounts: Amounts) -> Formula | None:
    base, rate = amounts.find(_SUBTOTAL) or amounts.find(_AMOUNT), amounts.find(_TAX_RATE)
    if base is None:
        return None
    return Rated(base, rate, _rate_unit(amounts, rate)) if rate else Share(base, _RATES)


_RATES = tuple(str(rate / _HUNDRED) for rate in map(Decimal, _USUAL_TAXES))


def _total(amounts: Amounts) -> Formula | None:
    find = amounts.find
    subtotal = find(_SUBTOTAL)
    before_fees = _before_fees(amounts)
    if before_fees is not None:
        return before_fees
    if subtotal:
        reduced = "_net_" in amounts.words_of(subtotal) and amounts.is_reduced
        more = _each_once(*_named(find(_TAX), find(_SHIPPING)), *amounts.all(_FURTHER))
        less = _each_once(*_named(find(_DISCOUNT)), *amounts.all(_ADJUSTED))
        return Sum(subtotal, more, () if reduced else less)
    fare = find(_FARE)
    if fare and (find(_TAX) or find(_FURTHER)):
        return Sum(fare, (*_named(find(_TAX)), *amounts.all(_FURTHER)), _named(find(_DISCOUNT)))
    line = line_of(amounts)
    parts = _of_parts(amounts)
    if parts is not None and (line is None or _is_one_of(line, parts) or _has_line(parts)):
        return parts
    if line is not None and _PARTIAL.search(amounts.words):
        return Product(line.factors)
    return _of_partial_totals(amounts) or line


_PARTIAL = re.compile(
    r"^_(?!order|cart|invoice|line|item|row|extended|grand|tax|vat|discount|shipping|sub|amount|net|gross|price|cost|sum"
    r"|bill|final|running|payment|booking|reservation|sale|purchase)\w+_total_$"
)


def _of_partial_totals(amounts: Amounts) -> Formula | None:
    """Formula of a total of totals: of a room, of meals and of extras."""
    parts = amounts.all(_PARTIAL)
    if not parts or not re.search(r"^_(grand_)?total_(amount_)?$", amounts.words):
        return None
    more = _each_once(*_named(amounts.find(_TAX), amounts.find(_SHIPPING)), *amounts.all(_FURTHER))
    return Sum(parts[0], (*parts[1:], *more), _named(amounts.find(_DISCOUNT)))


def _is_one_of(line: Product, parts: Formula) -> bool:
    """Whether what a line comes to is one of the parts of an amount, as an energy charge beside a standing charge."""
    unit = _PER.search(without_unit(spelt(line.factors[1])))
    charges = [additions.CHARGE.search(without_unit(spelt(name))) for name in parts.uses]
    factors = "".join(map(spelt, line.factors))
    return unit is not None and any(
        charge is not None and additions.is_charged_by(charge[2] or "", unit[1], factors)
        for charge in charges
    )


def _has_line(parts: Formula) -> bool:
    """Whether one of the parts of an amount is what a time or a number of things comes to."""
    return any(
        re.search(r"_(labou?r|base|room|rental|usage|energy|hours)_", spelt(name)) for name in parts.uses
    )


def _before_fees(amounts: Amounts) -> Formula | None:
    """Formula of an amount of which fees are kept back, so that a net amount is paid out."""
    net, fees = amounts.find(_SUBTOTAL), amounts.all(_FEES)
    known = net is not None and fees and not amounts.find(_TAX) and _BEFORE_FEES.search(amounts.words)
    return Sum(net, fees) if net is not None and known else None


def _of_parts(amounts: Amounts) -> Formula | None:
    """Formula of an amount whose parts the row has: principal and interest, labor and materials."""
    if not _OF_PARTS.search(amounts.words) or (PAID.search(amounts.words) and amounts.has(_TOTAL)):
        return None
    before_fees = _before_fees(amounts)
    if before_fees is not None:
        return before_fees
    for pattern in _PARTS_OF_AMOUNTS:
        parts = amounts.all(pattern)
        if len(parts) > 1:
            return Sum(parts[0], (*parts[1:], *_named(amounts.find(_TAX))))
    return None


def line_of(amounts: Amounts) -> Product | None:
    """Return what a line of a row's quantity and price comes to, less its discount, plus its tax."""
    factors = _factors(amounts)
    return Product(factors, _reduction(amounts), amounts.find(_TAX)) if factors else None


def _named(*names: str | None) -> tuple[str, ...]:
    return tuple(name for name in names if name)


def _each_once(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _has_parts(amounts: Amounts) -> bool:
    return _factors(amounts) is not None


_OWED = re.compile(
    r"^_(amount_due|total_due|amount_owed|due_amount|fee_amount|amount_billed|billed_amount)_$"
)
# Of a bill, by the words of its status.
_PAID_SHARES = {
    "1": "paid|repaid|settled|succeeded|completed|complete|cleared|refunded|fulfilled|shipped|delivered|closed",
    "0.5": "partial|partially|partly|disbursed|repaying|defaulted",
    "0": "pending|unpaid|open|draft|overdue|sent|issued|void|voided|cancelled|canceled|failed|new|due|outstanding|late"
    "|uncollectible|expired|processing|authorized|past|applied|approved|declined|rejected|submitted",
}


def _paid(amounts: Amounts) -> Formula | None:
    whole, by = amounts.whole or amounts.find(_PRINCIPAL), paid_by(amounts.context)
    if whole:
        return Share(whole, ("0", "0.5", "1", "1", "1", "1"), by)
    owed = any(_OWED.search(without_unit(other.words)) for other in amounts.context.table.columns)
    if not owed or by is None:
        return None
    # What is owed follows.
    return Computed((by[0],), lambda row, random: Decimal(0) if by[1].get(row.get(by[0])) == "0" else None)


def paid_by(context: Context) -> tuple[str, Mapping[object, str]] | None:
    """The column that says whether a bill is paid, and the share that is, by its value."""
    for column in context.earlier:
        words = column.words
        if is_boolean(column.type) and re.search(r"^_(is_|fully_)?paid_(flag_)?$", words):
            return column.name, {True: "1", False: "0"}
        if not re.search(r"_(status|state)_", words):
            continue
        labels = column.type.labels or value_domain(context.table, column).allowed or ()
        found: dict[object, str] = {}
        for label in labels:
            parts = spelt(str(label)).strip("_").split("_")
            share = next(
                (
                    share
                    for share in ("0.5", "0", "1")
                    if not {*_PAID_SHARES[share].split("|")}.isdisjoint(parts)
                ),
                None,
            )
            if share is not None:
                found[label] = share
        if "1" in found.values():
            return column.name, found
    return None


def _due(amounts: Amounts) -> Formula | None:
    whole = amounts.whole or amounts.find(_OWED) or amounts.find(_PRINCIPAL) or amounts.find(_CHARGED)
    paid = amounts.find(PAID)
    if whole and paid:
        return Sum(whole, (), (paid,))
    return _owed(paid, paid_by(amounts.context)) if paid and _OWED.search(amounts.words) else None


def _is_due(amounts: Amounts) -> bool:
    return bool(_DUE.search(amounts.words)) and isinstance(_due(amounts), Sum)


def _owed(paid: str, by: tuple[str, Mapping[object, str]] | None) -> Formula:
    """Formula of what is owed in all, of which a part has been paid."""

    def value(row: _Row, random: Random) -> Decimal | None:
        found = decimal_of(row.get(paid))
        share = random.choice(("1", "1", "0.5"))
        if by is not None:
            share = by[1].get(row.get(by[0]), share)
        return found / Decimal(share) if found and share != "0" else None

    return Computed((paid, *(by[:1] if by else ())), value)


def _net_pay(amounts: Amounts) -> Formula | None:
    gross = amounts.find(_GROSS_PAY)
    less = amounts.find(re.compile(r"^_(total_)?deductions?_$"))
    parts = (less,) if less else amounts.all(_DEDUCTIONS)
    return Sum(gross, (), parts) if gross and parts else None


def _deductions(amounts: Amounts) -> Formula | None:
    gross = amounts.find(_GROSS_PAY)
    return Share(gross, ("0.02", "0.05", "0.08", "0.1", "0.15")) if gross else None


def _profit(amounts: Amounts) -> Formula | None:
    revenue, expenses = amounts.find(_REVENUE), amounts.find(_EXPENSES)
    return Sum(revenue, (), (expenses,)) if revenue and expenses else None


def _volume(amounts: Amounts) -> Formula | None:
    """Formula of a volume or an area of edges, from their unit to its own: from centimetres to cubic metres."""
    found = _VOLUME.search(amounts.context.words)
    if found is None:
        return None
    sides = ("length", "width", "height|depth") if found["volume"] else ("length", "width")
    edges = [amounts.find_number(rf"^_(\w+_)?({edge})_(\w+_)?$") for edge in sides]
    names = tuple(name for name in edges if name)
    if len(names) < len(sides):
        return None
    measured = [next((word for word in spelt(name).split("_") if word in _EDGES), "") for name in names]
    if len({*measured}) > 1:
        return None
    unit = next((word for word in amounts.context.words.split("_") if word in _EDGES), "")
    ratio = _EDGES[measured[0]] / _EDGES[unit] if unit and measured[0] else Decimal(1)

    def value(row: _Row, random: Random) -> Decimal | None:
        size = Decimal(1)
        for name in names:
            number = decimal_of(row.get(name))
            if number is None:
                return None
            size *= number * ratio
        return size

    return Computed(names, value, empty=True)


_VOLUME = re.compile(
    r"^_(?P<volume>(\w+_)?volume|cbm|cubic_meters|cubic_feet)_(\w+_)?$|^_((floor|total|surface)_)?area_(\w+_)?$"
)
# Units of edges in metres, and of the areas and volumes that have names of their own.
_EDGES = {
    "mm": Decimal("0.001"), "cm": Decimal("0.01"), "dm": Decimal("0.1"), "m": Decimal(1), "meters": Decimal(1),
    "metres": Decimal(1), "in": Decimal("0.0254"), "inches": Decimal("0.0254"), "ft": Decimal("0.3048"),
    "feet": Decimal("0.3048"), "cbm": Decimal(1), "sqm": Decimal(1), "sqft": Decimal("0.3048"),
    "l": Decimal("0.1"), "liters": Decimal("0.1"), "litres": Decimal("0.1"), "ml": Decimal("0.01"),
}  # fmt: skip


def _of_price(*shares: str) -> Callable[[Amounts], Formula | None]:
    """Return what derives another price from the row's: it times one of the shares."""

    def derive(amounts: Amounts) -> Formula | None:
        base = amounts.base
        return None if base is None else Share(base, shares)

    return derive


def is_number(column: Column) -> bool:
    """Whether a column holds numbers."""
    return is_number_type(column.type) and not column.type.array


_Row = Mapping[str, object]
# Roughly the radius of a city, in degrees.
_AROUND = Decimal("0.05")


def by_name(context: Context) -> Formula | None:
    """Return how a number follows from other columns of its row by its own name, None if it does not."""
    if context.unique:
        return None
    part = _part(context)
    if part is not None:
        return part
    amounts = Amounts(context)
    found = derived_number(amounts)
    return None if found is None else found.derive(amounts)


_ENDS = (
    ("min", "max"),
    ("resting", "max"),
    ("minimum", "maximum"),
    ("low", "high"),
    ("lower", "upper"),
    ("from", "to"),
    ("start", "end"),
    ("first", "last"),
    ("base", "top"),
    ("bottom", "top"),
    ("shortest", "longest"),
    ("odometer_out", "odometer_in"),
    ("meter_out", "meter_in"),
)
# The greater of two numbers, which is made after the other: of ``lft`` and ``rgt`` in a nested set, too.
_LAST_YEAR = (
    r"_(end|ended|to|until|last|disbanded|dissolved|closed|closing|graduation|graduated|retired|retirement|death|died"
    r"|discontinued|demolished|final)_year_|_year_(end|ended|to|until|disbanded|dissolved|closed|graduated|retired|died"
    r"|discontinued|demolished)_|_year_of_(death|retirement|graduation)_"
)
_FIRST_YEAR = re.compile(
    r"_(start|started|from|first|formed|founded|established|opened|opening|enrollment|enrolled|entry|birth|born|joined"
    r"|launched|introduced|built|active_since)_year_|_year_(start|started|from|formed|founded|established|opened|enrolled"
    r"|born|joined|launched|introduced|built)_|_year_of_(birth|foundation|enrollment|construction)_"
)
UPPER = Declaration(
    stages={1: rf"_(max|maximum|high|upper|rgt|end|last|top|longest)_|_(odometer|meter)_in_|{_LAST_YEAR}"}
)


def bounds(context: Context) -> tuple[tuple[str, str], ...]:
    """Return operators and earlier columns that bound a number by the names alone, as ``max_x >= min_x``."""
    words = context.words
    found = []
    for low, high in _ENDS:
        if f"_{high}_" in words:
            wanted = words.replace(f"_{high}_", f"_{low}_")
            found += [
                (">=", other.name) for other in context.earlier if is_number(other) and other.words == wanted
            ]
    if "_year_" in words:
        # Of a band: formed and disbanded; of a study: its start and its end.
        found += [
            (">=", other.name)
            for other in context.earlier
            if is_number(other) and "_year_" in other.words and _are_years(other.words, words)
        ]
    if words == "_rgt_":
        found += [(">", other.name) for other in context.earlier if other.words == "_lft_"]
    return tuple(found)


def _are_years(first: str, last: str) -> bool:
    return bool(_FIRST_YEAR.search(first) and re.search(_LAST_YEAR, last))


def _part(context: Context) -> Formula | None:
    """Formula of a column in a sum that a CHECK fixes; the column generated last gets the remainder."""
    earlier = {column.name for column in context.earlier}
    for found in sums(context.table):
        if context.column.name not in found.columns:
            continue
        others = tuple(name for name in found.columns if name != context.column.name)
        if earlier.issuperset(others):
            return Computed(others, partial(_left, found.total, others))
        # At most an equal share for each of the others, so that the remainder cannot be negative.
        return Computed((), partial(_some, found.total / len(others)))
    return None


def _left(total: Decimal, others: tuple[str, ...], row: _Row, random: Random) -> Decimal:
    values = [decimal_of(row.get(name)) for name in others]
    return total - sum(value for value in values if value is not None)


def _some(most: Decimal, row: _Row, random: Random) -> Decimal:
    value = most * random.randint(0, 20) / 20
    return value.to_integral_value(ROUND_FLOOR) if value > 1 else value


def _date_column(context: Context, pattern: str) -> str:
    """The earlier date or timestamp whose normalized name matches, the last of those of one name; empty if none."""
    by_words = {other.words: other.name for other in context.earlier if is_date_or_timestamp(other.type)}
    return next((name for words, name in by_words.items() if re.search(pattern, words)), "")


def _age(amounts: Amounts) -> Formula | None:
    context = amounts.context
    born = _date_column(context, r"_(birth|birthday|born|dob)_")
    if not born:
        return None
    at = re.search(r"_(?:at|on)_(\w+?)_$", context.words)
    if at is None:
        return Computed((born,), lambda row, random: years_between(row.get(born), context.today), empty=True)
    then = _date_column(context, rf"_{at[1][:4]}")
    if not then or then == born:
        return None
    return Computed((born, then), lambda row, random: years_between(row.get(born), row.get(then)), empty=True)


def _duration(amounts: Amounts) -> Formula | None:
    context = amounts.context
    ends = ends_of(context)
    if ends is None:
        return None
    unit = unit_of(context.words, context.subject)
    pause = pause_of(context)
    if pause is None:
        return Computed(ends, lambda row, random: length_between(row, ends, unit), empty=True)
    paused, paused_unit = pause

    def worked(row: _Row, random: Random) -> Decimal | None:
        length = length_between(row, ends, unit)
        less = (decimal_of(row.get(paused)) or Decimal(0)) * paused_unit / unit
        return None if length is None else max(length - less, Decimal(0))

    return Computed((*ends, paused), worked, empty=True)


def _has_ends(amounts: Amounts) -> bool:
    ends = ends_of(amounts.context)
    return ends is not None and measures_days(amounts.context, ends)


def _bmi(amounts: Amounts) -> Formula | None:
    weight = amounts.find_number(r"^_(\w+_)?weight_(kg_|kilograms_)?$")
    height = amounts.find_number(r"^_(\w+_)?height_(cm_|m_|centimeters_|meters_)?$")
    if weight is None or height is None:
        return None
    metres = bool(re.search(r"_(m|meters)_", spelt(height)))

    def value(row: _Row, random: Random) -> Decimal | None:
        mass, length = decimal_of(row.get(weight)), decimal_of(row.get(height))
        if not mass or not length:
            return None
        length = length if metres else length / _HUNDRED
        return mass / (length * length)

    return Computed((weight, height), value)


def _divided(amounts: Amounts, kind: str) -> tuple[Division, str, str] | None:
    """The division that a column is the part, the rest or the quotient of, with the columns of whole and part."""
    words = amounts.words
    own = division_of(words)
    for division in _divisions(words, kind):
        others = amounts.numbers
        whole = next(
            (
                n
                for n, w in others.items()
                if re.search(division.whole, w)
                and not PERCENT.search(w)
                and not re.search(division.part, w)
                and is_timed(w) == is_timed(words)
            ),
            None,
        )
        if whole is None:
            continue
        if kind == "part":
            if not re.search(division.whole, words) and not re.search(division.rest or "$^", words):
                return division, whole, ""
            continue
        part = next(
            (
                n
                for n, w in others.items()
                if n != whole
                and re.search(division.part, w)
                and not PERCENT.search(w)
                and not re.search(division.rest or "$^", w)
            ),
            None,
        )
        if part is not None or (kind == "rest" and division is not own):
            return division, whole, part or ""
    return None


@lru_cache(maxsize=8192)
def _divisions(words: str, kind: str) -> tuple[Division, ...]:
    """The divisions of which a number is the part, the rest or the quotient by its normalized name."""
    if kind not in ("rest", "part") and not PERCENT.search(words):
        return ()
    own = division_of(words)
    return tuple(
        division
        for division in (*((own,) if own else ()), *DIVISIONS)
        if (names := getattr(division, kind)) and re.search(names, words)
    )


def is_timed(words: str) -> bool:
    """Whether a number is a length of time by its normalized name: hours are no part of pieces."""
    return _TIMED.search(words) is not None


_TIMED = re.compile(r"_(hours?|minutes?|mins|hrs|seconds?|secs)_")


def _is_divided(kind: str) -> Callable[[Amounts], bool]:
    return lambda amounts: _divided(amounts, kind) is not None


def _part_of_whole(amounts: Amounts) -> Formula | None:
    found = _divided(amounts, "part")
    return Share(found[1], found[0].shares) if found else None


def _rest(amounts: Amounts) -> Formula | None:
    found = _divided(amounts, "rest")
    if found is None:
        return None
    return Sum(found[1], (), (found[2],)) if found[2] else Share(found[1], found[0].shares)


def _quotient(amounts: Amounts) -> Formula | None:
    found = _divided(amounts, "quotient")
    if found is None:
        return None
    context = amounts.context
    most = context.domain.maximum
    ratio = re.search(r"_(ratio|fraction)_", context.words) or not amounts.holds(context.column.name, 100)
    return Quotient(found[2], found[1], 1 if ratio or (most is not None and most <= 1) else 100)


def _latitude(amounts: Amounts) -> Formula:
    context = amounts.context
    told = whereabouts(context)

    def value(row: _Row, random: Random) -> Decimal | None:
        where = told.of(row)
        city = where.city or one_of_the_first(random, _cities_around(context, where))
        return _near(city, "latitude", random)

    return Computed(told.uses, value)


def _longitude(amounts: Amounts) -> Formula:
    """Formula of the longitude of the city, else of the city with the nearest latitude."""
    context = amounts.context
    told = whereabouts(context)
    latitude = next(
        (c.name for c in context.earlier if is_number(c) and re.search(r"_(lat|latitude)_", c.words)),
        None,
    )

    def value(row: _Row, random: Random) -> Decimal | None:
        where = told.of(row)
        city, near = where.city, _cities_around(context, where)
        north = decimal_of(row.get(latitude)) if latitude is not None else None
        if city is None and north is not None:
            city = _at_latitude(near, float(north))
        return _near(city or one_of_the_first(random, near), "longitude", random)

    return Computed(tuple(name for name in (*told.uses, latitude) if name is not None), value)


def _cities_around(context: Context, where: Where) -> tuple[Record, ...]:
    """The cities of the row's country, else of the locale's, else all."""
    country = where.country or home(context.locale)
    return (cities_of(country[0]) if country is not None else ()) or cities().rows


def _at_latitude(rows: tuple[Record, ...], north: float) -> Record:
    """The city whose latitude is the nearest."""
    latitudes, ordered = _by_latitude(rows)
    at = bisect(latitudes, north)
    return min(ordered[max(0, at - 1) : at + 1], key=lambda row: abs(_latitude_of(row) - north))


@cache
def _by_latitude(rows: tuple[Record, ...]) -> tuple[list[float], list[Record]]:
    ordered = sorted(rows, key=_latitude_of)
    return [_latitude_of(row) for row in ordered], ordered


def _latitude_of(row: Record) -> float:
    return float(cities().of(row, "latitude"))


def _near(city: Record, name: str, random: Random) -> Decimal:
    return Decimal(cities().of(city, name)) + _AROUND * random.randint(-1000, 1000) / 1000


def _of_records(names: Callable[[Where], str]) -> Callable[[Amounts], Formula | None]:
    """Return what derives a number from the country or currency that a row is about."""

    def derive(amounts: Amounts) -> Formula | None:
        told = whereabouts(amounts.context)
        if not told.uses:
            return None

        def value(row: _Row, random: Random) -> Decimal | None:
            text = names(told.of(row))
            return Decimal(text) if text else None

        return Computed(told.uses, value)

    return derive


def _minor_units(amounts: Amounts) -> Formula | None:
    """Formula of the digits after the point of a currency's amounts, by the code of ISO 4217."""
    codes = [c.name for c in amounts.context.earlier if re.search(r"_(code|iso|id|currency)_", c.words)]
    if not codes:
        return None

    def value(row: _Row, random: Random) -> Decimal | None:
        known = (currencies().find("code", text) for name in codes if isinstance(text := row.get(name), str))
        found = next(filter(None, known), None)
        return Decimal(currencies().of(found, "digits")) if found is not None else None

    return Computed(tuple(codes), value)


def _is_of(subject: str) -> Callable[[Amounts], bool]:
    return lambda amounts: entity(amounts.context) == subject


# Totals of other things than what is bought: these come before it.
_PARTS = (
    r"tax|vat|gst|discounts?|shipping|freight|deductions?|tip|gratuity|fee|pay|salary|wages?|income|earnings"
    r"|rate|percent"
)
_LATER = f"{additions.LATER_READING.pattern}|{additions.LATER_VALUE.pattern}"
_MEASURED_USE = rf"(?:{additions.LATER_READING.pattern}|{additions.BETWEEN_READINGS.pattern})"
_OF_PARTIAL = f"{_PARTIAL.pattern.removesuffix('$')}((cents|minor)_)?$"
# The first that a column is counts.
DERIVED = (
    DerivedNumber(
        "numeric code of a country",
        re.compile(r"_numeric_"),
        _of_records(lambda where: "" if where.country is None else countries().of(where.country, "numeric")),
        amount=False,
        where=_is_of("country"),
        stages={1: r"_numeric_"},
    ),
    DerivedNumber(
        "calling code of a country",
        re.compile(r"_(calling|dial|dialing|phone)_(code_|prefix_)?$"),
        _of_records(
            lambda where: "" if where.country is None else countries().of(where.country, "calling")[1:]
        ),
        amount=False,
        where=_is_of("country"),
        stages={1: r"_(calling|dial|dialing|phone)_"},
    ),
    DerivedNumber(
        "minor units of a currency",
        re.compile(r"_(decimals?|digits|minor_units?|exponent|precision|fraction)_|_decimal_places_"),
        _minor_units,
        amount=False,
        where=_is_of("currency"),
        stages={1: r"_(decimals?|digits|minor|exponent|precision|fraction)_"},
    ),
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
    DerivedNumber(
        "age",
        re.compile(r"^_age_((in_)?years_)?$|^_age_(at|on)_\w+_$"),
        _age,
        amount=False,
        stages={2: r"_age_"},
    ),
    DerivedNumber(
        "body mass index",
        re.compile(r"^_bmi_|_body_mass_index_"),
        _bmi,
        amount=False,
        stages={2: r"_bmi_|_mass_index_"},
    ),
    # Below the quantities and prices that lengths of time are multiplied with.
    DerivedNumber("duration", LENGTH, _duration, amount=False, where=_has_ends, stages={1: LENGTH.pattern}),
    DerivedNumber("tax rate", _TAX_RATE, _tax_rate, amount=False),
    DerivedNumber("gross pay", _GROSS_PAY, _subtotal, where=_has_parts, stages={2: _GROSS_PAY.pattern}),
    DerivedNumber(
        "deductions",
        _DEDUCTIONS,
        _deductions,
        where=lambda amounts: _deductions(amounts) is not None,
        stages={4: r"_(deductions?|withheld|withholding|income_tax|social_security|insurance|pension)_"},
    ),
    DerivedNumber(
        "net pay",
        _NET_PAY,
        _net_pay,
        where=lambda amounts: _net_pay(amounts) is not None,
        stages={7: _NET_PAY.pattern},
    ),
    DerivedNumber(
        "charge",
        additions.CHARGE,
        _charge,
        where=lambda amounts: _charge(amounts) is not None,
        stages={
            3: r"^_(fare|fee|charge|spend)_((cents|minor)_)?$"
            r"|_(fuel|energy|electricity|water|usage|mileage|rental|call|room|distance)_(cost|charge|fee)_"
        },
    ),
    DerivedNumber(
        "later reading",
        re.compile(_LATER),
        _later_reading,
        amount=False,
        where=lambda amounts: _later_reading(amounts) is not None,
        stages={1: _LATER},
    ),
    DerivedNumber(
        "between two readings",
        additions.BETWEEN_READINGS,
        _between_readings,
        amount=False,
        where=lambda amounts: _between_readings(amounts) is not None,
        stages={2: additions.BETWEEN_READINGS.pattern},
    ),
    DerivedNumber(
        "outgoing",
        additions.GOING,
        _going,
        where=lambda amounts: _going(amounts) is not None,
        stages={7: additions.GOING.pattern},
    ),
    DerivedNumber(
        "closing",
        additions.CLOSING,
        _closing,
        where=lambda amounts: _closing(amounts) is not None,
        stages={8: rf"{additions.CLOSING.pattern.removesuffix('$')}((cents|minor)_)?$"},
    ),
    DerivedNumber(
        "variance",
        additions.VARIANCE,
        _variance,
        where=lambda amounts: _variance(amounts) is not None,
        stages={9: r"_(variance|discrepancy|deviation|difference)_"},
    ),
    DerivedNumber(
        "sum of kinds",
        re.compile(additions.SUM_OF_KINDS),
        _sum_of_kinds,
        amount=False,
        where=lambda amounts: _sum_of_kinds(amounts) is not None,
        stages={6: r"^_(matches|games)_played_$|^_(guest_count|guests|number_of_guests|party_size)_$"},
    ),
    DerivedNumber(
        "quantity",
        _QUANTITY,
        _underived,
        where=lambda amounts: not any(_is_divided(kind)(amounts) for kind in ("part", "rest")),
    ),
    DerivedNumber(
        "share of a whole",
        re.compile(any_of("quotient")),
        _quotient,
        where=_is_divided("quotient"),
        # No price for one click.
        stages={9: rf"^(?!\w*_per_)(?=.*?(?:{any_of('quotient')}))"},
    ),
    DerivedNumber(
        "rest of a whole",
        re.compile(any_of("rest")),
        _rest,
        # What is left of an amount of which some is paid is due.
        where=lambda amounts: not _is_due(amounts) and _is_divided("rest")(amounts),
        stages={8: any_of("rest")},
    ),
    DerivedNumber(
        "part of a whole",
        re.compile(any_of("part")),
        _part_of_whole,
        where=lambda amounts: not _is_due(amounts) and _is_divided("part")(amounts),
        # Below the charges for what has been used.
        stages={7: rf"^(?!{_MEASURED_USE})(?=.*?(?:{any_of('part')}))"},
    ),
    DerivedNumber("subtotal", _SUBTOTAL, _subtotal, stages={3: r"_(subtotal|net)_"}),
    DerivedNumber(
        "discount",
        re.compile(f"{_DISCOUNT.pattern}|{_ADJUSTED.pattern}"),
        _discount,
        stages={4: rf"_discounts?_|_discounted_|{_ADJUSTED.pattern}"},
    ),
    DerivedNumber(
        "tax", _TAX, _tax_amount, stages={5: r"_(tax|vat|gst)_((amount|total|value)_)?(cents_|minor_)?$"}
    ),
    DerivedNumber(
        "total",
        _TOTAL,
        _total,
        stages={
            # Below the totals that they are parts of.
            5: rf"{_OF_PARTIAL}|^_labou?r_(cost|total)_((cents|minor)_)?$",
            6: rf"^(?!\w*_({_PARTS})_)(?!{_OF_PARTIAL.removeprefix('^')})"
            r"\w*_(total|gross|grand|extended)_|^_amount_((cents|minor)_)?$"
            r"|_line_(amount|value|price|cost)_|_market_value_|^_sum_$"
            r"|^_(pay|earnings|wages|billable_amount|rental_fee)_((cents|minor)_)?$",
        },
    ),
    DerivedNumber("total of a line", _LINE_TOTAL, _total, where=_has_parts),
    DerivedNumber(
        "sum of parts",
        _OF_PARTS,
        _of_parts,
        where=lambda amounts: _of_parts(amounts) is not None,
        stages={6: r"^_(payment|installment|instalment)_(amount_)?((cents|minor)_)?$"},
    ),
    DerivedNumber(
        "amount paid",
        PAID,
        _paid,
        stages={7: rf"^(?!{_MEASURED_USE})\w*_(paid|repaid|used|redeemed|received)_"},
    ),
    DerivedNumber(
        "amount due",
        _DUE,
        _due,
        stages={
            8: r"_(due|outstanding|change|unpaid(?!_(break|lunch))|profit)_|_amount_open_|_open_amount_",
            10: r"^(?!_(opening|beginning|starting|initial)_)\w*_(balance|remaining)_",
        },
    ),
    DerivedNumber("volume", _VOLUME, _volume, amount=False, stages={2: _VOLUME.pattern}),
    DerivedNumber("profit", _PROFIT, _profit, where=lambda amounts: _profit(amounts) is not None),
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
    names = amounts.context.words, amounts.words
    at = _next_named(*names, 0)
    while at is not None:
        if DERIVED[at].suits(amounts):
            return DERIVED[at]
        at = _next_named(*names, at + 1)
    return None


@lru_cache(maxsize=8192)
def _next_named(words: str, amount: str, start: int) -> int | None:
    """The number of the first derived number from ``start`` that has a column's name."""
    return next(
        (at for at, found in enumerate(DERIVED[start:], start) if found.is_named(words, amount)), None
    )


# Derived numbers may use dates and times: their stages lie above all moment ranks.
AFTER_MOMENTS = 100
_STAGES = staged((UPPER, *DERIVED))


@lru_cache(maxsize=10_000)
def stage_by_name(words: str) -> int:
    """Return when a number is made, by its normalized name: those of lower stages before it."""
    found = next((stage for stage, pattern in _STAGES if pattern.search(words)), 0)
    return found + AFTER_MOMENTS if found else 0
