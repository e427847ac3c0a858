"""Numbers at a rate of others: lines of so many at a price, taxes and commissions, reduced prices, quotients."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from random import Random

from pytest_supaseed.model.identifiers import singular
from pytest_supaseed.model.schema import Column
from pytest_supaseed.model.type_families import is_numeric
from pytest_supaseed.values.meanings.arithmetic import (
    Computed,
    Formula,
    Product,
    Quotient,
    Rated,
    Share,
    Sum,
)
from pytest_supaseed.values.meanings.bills import WHOLE_OF_KINDS, is_beside
from pytest_supaseed.values.meanings.differences import LOST
from pytest_supaseed.values.meanings.row_numbers import (
    COUNTED,
    GONE,
    NO_PART,
    PERIODS,
    RATES,
    RESTS,
    TOTALS,
    WHOLES,
    NamedNumber,
    RowNumbers,
    is_in_cents,
    root,
    roots,
    word_set,
)
from pytest_supaseed.values.meanings.spans import (
    unit_of,
)

_GRANTED = frozenset(("awarded", "approved", "granted"))
_ASKED = frozenset(("requested", "claimed", "applied", "asked"))


def threshold(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """What has to be reached of the most that there is, ``passing_score``, or is granted of what was asked for."""
    if number.has(_GRANTED):
        asked = [each for each in row.others(number) if each.is_like(number) and each.has(_ASKED)]
        asked = [each for each in asked if each.without(_ASKED) == number.without(_GRANTED)]
        return Share(asked[0].name, ("0.6", "0.75", "0.8", "1", "1")) if asked else None
    if not {*number.words} & {"pass", "passing"} or not {*number.words} & {
        "score",
        "marks",
        "mark",
        "points",
        "grade",
    }:
        return None
    about = number.without(frozenset(("pass", "passing")))
    most = [
        each
        for each in row.others(number)
        if {*each.words} & {"max", "maximum", "total"}
        and each.without(word_set("max maximum total")) == about
    ]
    return Share(most[0].name, ("0.5", "0.6", "0.7")) if most else None


# Of what a percentage is taken, the first that a row has.
_RATED = tuple(
    re.compile(rf"^_(?:{names})_$")
    for names in (
        r"(\w+_)?subtotal",
        r"taxable_(amount|income)|net(_(amount|price|total))?|amount_before_tax",
        r"(order|base|line|sale|sales|invoice|transaction|gross)_(amount|total|price|value)|gross|gross_(pay|salary)",
        r"premium|annual_premium|hammer_price|principal|principal_amount|loan_amount|sale_price|selling_price",
        r"amount|price|(unit_)?price|fare|rent|fee|salary|base_salary|cost",
        r"total(_(amount|price|sales|revenue|value|cost))?|grand_total|revenue|sales",
        r"(\w+_)?(balance|value|amount|price|premium|revenue|sales|cost|charge|salary|pay)",
    )
)
_REDUCED = word_set("net discounted final reduced sale special offer effective")
_REDUCTIONS = word_set("discount reduction off markdown rebate waiver")


def reduced(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """What a discount in per cent leaves of a price or an amount."""
    if not number.has(_REDUCED) or number.measure in ("rate", "time"):
        return None
    rates = [each for each in row.numbers if each.measure == "rate" and each.has(_REDUCTIONS)]
    if not rates or any(each.has(_REDUCTIONS) and each.measure != "rate" for each in row.numbers):
        return None
    about = number.without(_REDUCED)
    wholes = [
        each
        for each in row.numbers
        if each != number
        and each.measure == number.measure
        and not each.has(_REDUCED | GONE | RESTS)
        and each.without(_REDUCED | word_set("original list base regular full gross standard")) == about
    ]
    if not wholes:
        return None
    rate, known = rates[0], row.known[wholes[0].name]
    if isinstance(known, Share) and known.base == number.name:
        # By its own name the former price follows the reduced one.
        row.free(wholes[0].name)
    return Rated(wholes[0].name, rate.name, _unit(row.table.column(rate.name), rate), rest=True)


def _usual_rate(values: Mapping[str, object], random: Random) -> Decimal:
    return Decimal(random.randint(2, 30)) / 200


def _before_fee(row: RowNumbers, number: NamedNumber) -> None:
    """Have a net amount follow the amount and the fee at a rate, where by its name the amount would follow them."""
    for other in row.numbers:
        known = row.known[other.name]
        if not isinstance(known, Sum) or number.name not in known.plus or row.known.get(known.base):
            continue
        if other.words in (("amount",), ("gross",), ("gross", "amount")):
            row.free(other.name)
            row.known[known.base] = Sum(other.name, (), known.plus)


def rated(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """A share of an amount at a rate that the row has: a commission, a discount, a tax."""
    if number.measure in ("price", "rate", "time"):
        return None
    subject = number.without(frozenset(("charge", "charged", "earned")))
    fee = {"fee"} if len(subject) > 1 else set()
    if not subject - fee:
        return None
    rates = [
        each
        for each in row.numbers
        if each.measure == "rate"
        and (about := each.without(RATES | {"applied"}) - fee)
        and (about == subject - fee or (len(about) == 1 and about <= subject))
        and not row.follows(each.name, number.name)
    ]
    if not rates:
        return None
    _before_fee(row, number)
    part = frozenset(
        root(word) for word in ("tax", "vat", "discount", "commission", "fee", "tip", "interest")
    )
    of_discount = not subject.isdisjoint(roots(("discount", "rebate", "markdown")))
    for pattern in (
        (*_RATED[2:], *_RATED[:2]) if of_discount and not row.matching(number, _RATED[0]) else _RATED
    ):
        for base in row.matching(number, pattern):
            own = roots(base.words)
            if own & part or own == subject or base.has(GONE | ((NO_PART | RESTS) - {"per", "unit", "net"})):
                continue
            unit = _unit(row.table.column(rates[0].name), rates[0])
            if unit == 1 and row.known.get(rates[0].name) is None:
                row.known[rates[0].name] = Computed((), _usual_rate)
            return Rated(base.name, rates[0].name, unit)
    return None


def _unit(column: Column, rate: NamedNumber) -> int | None:
    """What a rate is a share of: 100 for percent, 10000 for basis points, 1 for a ratio; None where its value tells."""
    if rate.has(frozenset(("bp", "bps", "basis"))):
        return 10_000
    if rate.has(frozenset(("percent", "percentage"))):
        return 100
    kind = column.type
    small = is_numeric(kind) and kind.precision is not None and kind.precision - (kind.scale or 0) <= 1
    return 1 if small or rate.has(frozenset(("ratio", "fraction"))) else None


_ORDERED = ("ordered", "order", "billed", "required", "purchased")
_LINE = word_set("amount total cost price value charge fee pay wage wages earnings extended line payout")
_FOR_ONE = word_set("price cost rate fee amount wage charge value")
_NO_LINE = word_set(
    "tax vat gst discount deposit refund tip gratuity shipping commission insurance credit bonus penalty security "
    "cleaning late interest net"
)


def line(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """What a number of things, or of hours, comes to at the price for one."""
    if (
        number.measure not in ("amount", "money", "count")
        or not number.has(_LINE)
        or number.has((NO_PART - {"estimated", "planned"}) | RESTS | (GONE - {"billed"}) | _NO_LINE)
    ):
        return None
    if number.has(TOTALS) and any(is_beside(each, number) for each in row.numbers if each.is_like(number)):
        # The total of several charges.
        return None
    money = number.measure == "money"
    prices = [
        each
        for each in row.others(number)
        if each.measure == "price" and each.has(_FOR_ONE) and is_in_cents(each) == money
    ]
    for price in prices:
        unit = next((PERIODS[word] for word in price.words if word in PERIODS), None) or _after_per(price)
        if unit in ("hour", "minute", "day", "night") and _is_for_time(number, price):
            timed = _timed(row, number, price, unit)
            if timed is not None:
                return timed
    counts = [
        each
        for each in row.others(number)
        if each.has(COUNTED) and each.measure in ("count", "amount") and not each.has(RESTS | LOST)
    ]
    about = number.without(_LINE)
    counts.sort(
        key=lambda each: (
            -len(about & each.without(frozenset())),
            not any(word in _ORDERED for word in each.words),
            row.numbers.index(each),
        )
    )
    priced = [each for each in prices if each.words[:1] == ("unit",) or "each" in each.words]
    same = [each for each in priced if {"cost"} & {*each.words} == {"cost"} & {*number.words}] or priced
    if counts and same and ("extended" in number.words or "line" in number.words or len(number.words) <= 2):
        return Product((counts[0].name, same[0].name))
    return None


_FOR_TIME = word_set(
    "base labor labour room rental hire parking lodging stay accommodation session operation oper service time"
    " consulting tutoring coaching training billable billed quoted estimated planned subtotal worked regular standard"
    " job work lesson class rent lease storage"
)


def _is_for_time(number: NamedNumber, price: NamedNumber) -> bool:
    """Whether an amount is for the time alone, or what the price is for stands in both names."""
    told = {*number.words} - _LINE - TOTALS
    return told <= _FOR_TIME or bool(roots([*told]) & roots(price.words))


def _after_per(price: NamedNumber) -> str:
    at = price.words.index("per") + 1 if "per" in price.words else len(price.words)
    return singular(price.words[at]) if at < len(price.words) else ""


def _timed(row: RowNumbers, number: NamedNumber, price: NamedNumber, unit: str) -> Product | None:
    seconds = unit_of(f"_{unit}s_", "")
    times = [
        each
        for each in row.others(number)
        if each.measure == "time"
        and not each.has(NO_PART | frozenset(("break", "pause", "lunch", "setup", "ot")))
    ]
    times.sort(
        key=lambda each: (
            not each.has(TOTALS | {"worked", "billable", "actual", "billed"}),
            each.unit != seconds,
        )
    )
    if not times or times[0].unit is None:
        return None
    first = times[0]
    if first.unit == seconds and first.unit >= 86_400 and len(times) > 1:
        return None
    assert first.unit is not None  # noqa: S101 for the type checker
    ratio = seconds / first.unit
    if ratio != ratio.to_integral_value():
        return None
    return Product((first.name, price.name), unit=int(ratio))


_COST_OF_ONE = {"cpc": "click", "cpa": "conversion", "cpl": "lead", "cpi": "install"}


def _cost_of_one(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """What one click or lead has cost, by the usual abbreviation."""
    of = _COST_OF_ONE.get(number.words[0])
    spent = [
        each
        for each in row.others(number)
        if each.has(frozenset(("spent", "spend", "cost"))) and is_in_cents(each) == is_in_cents(number)
    ]
    counts = [each for each in row.others(number) if of is not None and roots((of,)) & roots(each.words)]
    return Quotient(spent[0].name, counts[0].name, 1) if spent and counts else None


def _one_of_several(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """One of equal parts of an amount: ``installment_amount`` beside the number of ``installments``."""
    own = [word for word in number.words if word not in ("amount", "value")]
    counts = [
        each
        for each in row.others(number)
        if own
        and each.measure == "count"
        and each.words[-1] != own[-1]
        and [*map(singular, each.words)] == own
    ]
    wholes = [each for each in row.others(number) if each.is_like(number) and {*each.words} <= _ALL_OF_IT]
    return Quotient(wholes[0].name, counts[0].name, 1) if counts and wholes else None


_ALL_OF_IT = frozenset(("amount", "total", "price", "principal"))


def quotient(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """A share in per cent, or an amount for each of some: by the words of part and whole."""
    if number.measure == "price" and "per" in number.words:
        at = number.words.index("per")
        before, after = number.words[:at], number.words[at + 1 :]
        of = {root(word) for word in after}
        above = [
            each
            for each in row.others(number)
            if each.is_part | each.has(frozenset(("total",)))
            and each.measure != "price"
            and is_in_cents(each) == is_in_cents(number)
            and not roots(before).isdisjoint(roots(each.words) | _meaning(each))
            and each.name != number.name
        ]
        above.sort(key=lambda each: each.words[-1:] != before[-1:])
        below = [each for each in row.others(number) if of & roots(each.words) and each not in above]
        if above and below and not row.follows(above[0].name, number.name):
            return Quotient(above[0].name, below[0].name, 1)
        return None
    if number.measure in ("amount", "money", "count"):
        return _cost_of_one(row, number) or _one_of_several(row, number)
    if number.measure != "rate":
        return None
    subject = number.without(RATES | {"score"})
    if not subject:
        return None
    parts = [
        each
        for each in row.others(number)
        if each.measure in ("count", "amount", "money", "time")
        and each.without(TOTALS)
        and (subject <= each.without(frozenset()) | _meaning(each) or subject & _synonyms(each))
        and not each.has(frozenset(("limit", "max", "min", "target", "capacity")))
    ]
    if not parts:
        return None
    part = parts[0]
    wholes = [
        each
        for each in row.others(number)
        if each.is_like(part)
        and each != part
        and (each.has(WHOLE_OF_KINDS | WHOLES | _OUT_OF) or "price" in each.words or "revenue" in each.words)
        and not each.without(frozenset()) & subject
    ]
    # Best that of which the part is one.
    wholes.sort(key=lambda each: part.name not in (known.uses if (known := row.known[each.name]) else ()))
    return (
        Quotient(part.name, wholes[0].name, _hundred(row.table.column(number.name), number))
        if wholes
        else None
    )


_OUT_OF = word_set(
    "impressions sent visitors sessions visits attempts delivered clicks views invited shots games recipients "
    "emails shipped orders requests trials"
)
_SAME_SHARE = {
    "conver": "converted conversions", "occupancy": "occupied booked reserved sold", "utiliz": "used utilized",
    "win": "wins won", "succes": "succeeded successful passed", "fill": "filled sold booked", "fund": "raised pledged",
    "defect": "defects failed", "accept": "accepted", "complet": "completed done", "yield": "good passed",
    "click": "clicks", "engag": "engagements engagement", "attend": "attended present", "margin": "margin profit",
    "delinquency": "overdue late", "churn": "churned lost",
}  # fmt: skip


def _synonyms(number: NamedNumber) -> set[str]:
    return {share for share, words in _SAME_SHARE.items() if not {*words.split()}.isdisjoint(number.words)}


def _meaning(number: NamedNumber) -> frozenset[str]:
    return (
        roots(("cost", "price"))
        if number.has(frozenset(("spend", "spent", "amount", "total")))
        else frozenset()
    )


def _hundred(column: Column, number: NamedNumber) -> int:
    return 1 if _unit(column, number) == 1 else 100
