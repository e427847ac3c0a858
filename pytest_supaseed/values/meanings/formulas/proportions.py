"""Numbers at a rate of others: lines of so many at a price, taxes and commissions, reduced prices, quotients."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random

from pytest_supaseed.model.identifiers import singular, spelt
from pytest_supaseed.model.schema import Column
from pytest_supaseed.model.type_families import is_numeric
from pytest_supaseed.values.meanings.formulas.arithmetic import (
    Computed,
    Formula,
    Product,
    Quotient,
    Rated,
    Reduction,
    Share,
    Sum,
)
from pytest_supaseed.values.meanings.formulas.bills import WHOLE_OF_KINDS, is_beside
from pytest_supaseed.values.meanings.formulas.derived import before_discount
from pytest_supaseed.values.meanings.formulas.differences import LOST
from pytest_supaseed.values.meanings.formulas.row_numbers import (
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
    number_of,
    root,
    roots,
    word_set,
)
from pytest_supaseed.values.meanings.formulas.time_spans import (
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


# What some of those that are counted are.
_SOME = word_set(
    "abnormal failed failing completed done open closed active inactive approved rejected pending resolved "
    "unresolved verified unverified valid invalid passed skipped defective damaged returned cancelled canceled "
    "late overdue missed absent present new billable critical positive negative correct incorrect answered "
    "unanswered read unread successful unsuccessful accepted declined used occupied delivered undelivered checked "
    "confirmed paid unpaid published draft flagged duplicate blocked enabled disabled processed unprocessed "
    "finished opened clicked bounced matched unmatched picked packed shipped received fulfilled filled graded "
    "submitted attended converted qualified"
)


def some_of(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """How many of those that the row counts are so: ``abnormal_result_count`` of the ``result_count``."""
    if number.measure != "count" or not number.has(_SOME) or number.has(NO_PART):
        return None
    about = number.without(_SOME)
    wholes = [
        each
        for each in row.others(number)
        if each.is_like(number)
        and not each.has(_SOME | NO_PART)
        and (each.without(TOTALS) == about if about else each.words in (("total",), ("total", "count")))
    ]
    return Share(wholes[0].name, ("0", "0", "0.25", "0.5", "1")) if len(wholes) == 1 else None


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
    if (
        not rates
        and fee
        and len(fees := [each for each in row.numbers if each.has(frozenset(("fee",)))]) == 2
    ):
        # The only fee, at the rate of "the fee".
        rates = [each for each in fees if each.measure == "rate" and each != number]
    if not rates:
        return None
    _before_fee(row, number)
    part = frozenset(
        root(word) for word in ("tax", "vat", "discount", "commission", "fee", "tip", "interest")
    )
    of_discount = not subject.isdisjoint(roots(("discount", "rebate", "markdown")))
    usual = {"per", "unit", "net"} | ({"list", "original"} if of_discount else set())
    for pattern in (
        (*_RATED[2:], *_RATED[:2]) if of_discount and not row.matching(number, _RATED[0]) else _RATED
    ):
        for base in row.matching(number, pattern):
            own = roots(base.words)
            if of_discount and base.has(_REDUCED - {"net"}):
                continue
            if own & part or own == subject or base.has(GONE | ((NO_PART | RESTS) - usual)):
                continue
            former = row.known[base.name]
            follows = isinstance(former, Share) and number_of(row.table.column(former.base)).has(_REDUCED)
            if of_discount and follows:
                # By its own name the former price follows the reduced one.
                row.free(base.name)
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


def net_of_line(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """What a line comes to after its discount, where the row does not tell what it is before that."""
    known = row.known[number.name]
    if "net" not in number.words or not isinstance(known, Product) or known.less is not None:
        return None
    if before_discount(f"_{'_'.join(each.words)}_" for each in row.numbers):
        return None
    discounts = [
        each for each in row.numbers if each.has(_REDUCTIONS) and each.name not in (number.name, *known.uses)
    ]
    if len(discounts) != 1 or discounts[0].has(frozenset(("tax", "vat"))):
        return None
    [discount] = discounts
    price = known.factors[-1]
    unit = None
    if discount.measure == "rate":
        unit = _unit(row.table.column(discount.name), discount) or 100
    elif is_in_cents(discount) != is_in_cents(number):
        return None
    else:
        row.known[discount.name] = Share(price, ("0", "0", "0.05", "0.1", "0.15", "0.2"))
    for other in row.numbers:
        summed = row.known[other.name]
        if isinstance(summed, Sum) and summed.base == number.name and discount.name in summed.minus:
            minus = tuple(name for name in summed.minus if name != discount.name)
            row.known[other.name] = Sum(summed.base, summed.plus, minus)
    return Product(known.factors, Reduction(discount.name, unit), known.more, known.unit)


def _per_counted(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """A price for each of what the row counts: ``price`` of so many ``words`` at a ``price_per_word``."""
    for price in row.others(number):
        of = _after_per(price) if price.measure == "price" else ""
        counts = [
            each
            for each in row.others(number)
            if of and each.measure == "count" and each != price and of in map(singular, each.words)
        ]
        if len(counts) == 1 and is_in_cents(price) == is_in_cents(number):
            return Product((counts[0].name, price.name))
    return None


_PLAIN_PRICES = (
    ("price",),
    ("total", "price"),
    ("cost",),
    ("fee",),
    ("charge",),
    ("quote",),
    ("quoted", "price"),
)
_NO_AMOUNT = frozenset(("no", "number", "nr", "position", "index", "sequence", "rank", "sort"))


def line(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """What a number of things, or of hours, comes to at the price for one."""
    if number.words in _PLAIN_PRICES:
        counted = _per_counted(row, number)
        if counted is not None:
            return counted
    if number.has(_NO_AMOUNT):
        return None
    if (
        number.measure not in ("amount", "money", "count")
        or not number.has(_LINE)
        or number.has((NO_PART - {"estimated", "planned"}) | (GONE - {"billed"}) | _NO_LINE)
        or (number.has(RESTS) and not _is_all_due(row, number))
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
    if same and not counts:
        counts = _only_measure(row, number)
    if counts and same and ("extended" in number.words or "line" in number.words or len(number.words) <= 2):
        return Product((counts[0].name, same[0].name))
    return _for_term(row, number) or _for_each(row, number, prices)


# What is sold by the head, each at the price of what it is of.
_HEADS = word_set(
    "seats seat licenses license users tickets guests participants attendees copies nights heads places"
)


def _for_each(row: RowNumbers, number: NamedNumber, prices: Sequence[NamedNumber]) -> Formula | None:
    """What so many seats come to at the only price of the row: ``monthly_amount`` of ``seats`` at a ``plan_price``."""
    counts = [each for each in row.others(number) if each.has(_HEADS) and each.measure == "count"]
    single = [
        each
        for each in row.others(number)
        if each.words[-1] in ("price", "fee", "rate")
        and not each.has(TOTALS | frozenset(("setup", "late", "tax", "discount")))
        and is_in_cents(each) == is_in_cents(number)
        and each.measure in ("amount", "money", "count", "price")
    ]
    if len(counts) != 1 or len(single) != 1 or prices:
        return None
    return Product((counts[0].name, single[0].name))


def _is_all_due(row: RowNumbers, number: NamedNumber) -> bool:
    """Whether what is due is all that a row comes to, for it does not tell what has been paid."""
    return number.words in (("total", "due"), ("amount", "due")) and not any(
        each.has(GONE) for each in row.numbers if each.is_like(number)
    )


# Units in which an amount is given for one of another: a dose in litres for a hectare.
_UNITS = word_set(
    "mg g kg oz lb t ml cl l liter litre liters litres hl m mm cm km ft mile miles kb mb gb wh kwh mwh second seconds "
    "sec minute minutes min hour hours h day days ha acre acres sqm sqft unit units piece pieces"
)


def by_units(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """What an amount for one unit comes to: ``volume_l`` of ``dose_l_ha`` on ``treated_area_ha``."""
    unit = number.words[-1]
    if unit not in _UNITS or len(number.words) < _WITH_UNIT:
        return None
    for each in row.others(number):
        words = [word for word in each.words if word != "per"]
        if len(words) < _WITH_UNIT + 1 or words[-2] != unit or words[-1] not in _UNITS:
            continue
        for other in row.others(number):
            if other.words[-1] == words[-1] and other != each and len({*other.words} & _UNITS) == 1:
                return Product((each.name, other.name))
    return None


_WITH_UNIT = 2
_MONEY = _LINE | _NO_LINE | word_set("subtotal balance due paid budget limit salary bonus")


def _only_measure(row: RowNumbers, number: NamedNumber) -> list[NamedNumber]:
    """The only number of a row that can be how much there is of what has a price: what was consumed, or litres."""
    found = [
        each
        for each in row.others(number)
        if each.measure in ("count", "amount") and each.is_part and not each.has(_MONEY | RESTS | LOST)
    ]
    computed = [each for each in found if row.known[each.name] is not None]
    found = computed if len(computed) == 1 else found
    return found if len(found) == 1 else []


# Lengths of a term, by what is paid for each of their units.
_OF_TERM = {"monthly": "month", "weekly": "week", "yearly": "year", "annual": "year", "quarterly": "quarter"}
_FOR_TERM = _LINE | word_set(
    "contract lease rent subscription term membership commitment gross estimated all rental due"
)


def _for_term(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """What a contract comes to: ``contract_value`` of ``months`` at a ``monthly_fee``."""
    if not {*number.words} <= _FOR_TERM | TOTALS:
        return None
    for each in row.others(number):
        unit = next((_OF_TERM[word] for word in each.words if word in _OF_TERM), None)
        unit = unit or (_after_per(each) if each.measure == "price" else None)
        if (
            unit not in _OF_TERM.values()
            or each.measure == "rate"
            or is_in_cents(each) != is_in_cents(number)
        ):
            continue
        lengths = [
            other
            for other in row.others(number)
            if singular(other.words[-1]) == unit or {singular(other.words[0])} == {unit}
            if other.measure == "count" and other != each
        ]
        if lengths:
            return Product((lengths[0].name, each.name))
    return None


_FOR_TIME = word_set(
    "base labor labour room rental hire parking lodging stay accommodation session operation oper service time"
    " consulting tutoring coaching training billable billed quoted estimated planned subtotal worked regular standard"
    " job work lesson class rent lease storage"
)


def _is_for_time(number: NamedNumber, price: NamedNumber) -> bool:
    """Whether an amount is for the time alone, or what the price is for stands in both names."""
    told = {*number.words} - _LINE - TOTALS - {"due"}
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


# What is measured in several units, each with what one of it is.
_SCALES = tuple(
    {word: Decimal(size) for each in units.split(", ") for *words, size in [each.split()] for word in words}
    for units in (
        "mg 0.001, g gram 1, kg kilogram kilo 1000, oz ounce 28.349523, lb pound 453.59237, t ton tonne 1000000",
        "ml 1, cl 10, dl 100, l liter litre 1000, hl 100000, gallon 3785.411784",
        "mm 0.001, cm 0.01, m meter metre 1, km kilometer kilometre 1000, ft foot 0.3048, mi mile 1609.344",
        "kb 1, mb 1000, gb 1000000, tb 1000000000",
        "wh 1, kwh 1000, mwh 1000000",
        "second sec s 1, minute min 60, hour hr h 3600, day night 86400, week 604800",
    )
)


def _measured_in_another(
    row: RowNumbers, number: NamedNumber, after: tuple[str, ...]
) -> tuple[list[NamedNumber], Decimal]:
    """The number of what a price is for, in another unit: ``weight_g`` of kilograms; and what to multiply by."""
    many = Decimal(after[0]) if after and after[0].isdecimal() else Decimal(1)
    wanted = [singular(word) for word in after if not word.isdecimal()]
    for scale in _SCALES:
        if len(wanted) != 1 or wanted[0] not in scale:
            continue
        for other in row.others(number):
            unit = singular(other.words[-1])
            if unit in scale and other.measure not in ("price", "rate", "money"):
                return [other], many * scale[wanted[0]] / scale[unit]
    return [], many


# By abbreviation, or by the words around "to", what a ratio is of.
_RATIOS = {
    "ltv": ("loan", "value"), "dti": ("debt", "income"), "pe": ("price", "earnings"), "roi": ("profit", "cost"),
    "roas": ("revenue", "spend"), "acos": ("spend", "sales"),
}  # fmt: skip
_RATIO_WORDS = {
    "loan": r"(loan_|original_|outstanding_)?(principal|amount|balance)|loan|mortgage(_amount)?|outstanding_principal",
    "value": r"(\w+_)?(value|valuation|appraisal|appraised_value)|purchase_price",
    "debt": r"(\w+_)?(debts?|payments?|obligations?)(_amount)?",
    "income": r"(\w+_)?(income|salary)",
    "earnings": r"(\w+_)?(earnings|eps)",
    "profit": r"(\w+_)?(profit|gain|return)(_amount)?",
    "cost": r"(\w+_)?(cost|invested|investment|spend)(_amount)?",
    "spend": r"(\w+_)?(spend|spent|ad_cost|cost)(_amount)?",
    "revenue": r"(\w+_)?(revenue|sales)(_amount)?",
    "sales": r"(\w+_)?(revenue|sales)(_amount)?",
}  # fmt: skip
# A loan is no greater than what secures it.
_LOANS = ("0.5", "0.6", "0.7", "0.75", "0.8", "0.9")


def _of_two(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """A ratio that is called after its two numbers: ``loan_to_value``, ``debt_to_income_pct``, ``ltv``."""
    words = [word for word in number.words if word not in RATES]
    pair = _RATIOS.get(words[0]) if len(words) == 1 else None
    if "to" in words[1:-1]:
        at = words.index("to")
        pair = ("_".join(words[:at]), "_".join(words[at + 1 :]))
    if pair is None:
        return None
    found = []
    for each in pair:
        pattern = re.compile(rf"^_(?:{_RATIO_WORDS.get(each, each + '(_count|_amount|s)?')})_$")
        named = [
            other
            for other in row.others(number)
            if other.measure not in ("rate", "time")
            and pattern.search(f"_{'_'.join(other.words)}_")
            and other not in found
        ]
        if not named:
            return None
        found.append(named[0])
    part, whole = found
    if pair[0] == "loan":
        row.draw(part.name, whole.name, _LOANS)
    column = row.table.column(number.name)
    ratio = number.has(frozenset(("ratio", "fraction"))) or not _holds_hundred(column)
    return Quotient(part.name, whole.name, 1 if ratio else 100)


def _holds_hundred(column: Column) -> bool:
    kind = column.type
    return not is_numeric(kind) or kind.precision is None or kind.precision - (kind.scale or 0) > 2


# Amounts of one row in two currencies, and what one of the first is in the second.
_EXCHANGE = re.compile(r"^_(\w+_)?(exchange|fx|conversion|currency|forex)_(rate|factor)_$|^_fx_$")
_CONVERTED = re.compile(
    r"^_(\w+_)?(target|converted|destination|received|to|credited|base|home|local|functional|reporting|settlement"
    r"|settled|quote|counter)_(\w+_)?(amount|value|total|currency)_(\w+_)?$"
    r"|^_(amount|value|total)_((in|target|converted|destination|base|home|local|to|received)_)*(\w+_)?$"
)
_SOURCE = re.compile(
    r"^_(source|original|from|sent|foreign|transaction|debited|paid)_(\w+_)?(amount|value|total)_$"
    r"|^_(amount|value|total)_((source|original|from|sent|foreign)_)*$|^_(gross|net|total)_amount_$"
)


def converted(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """An amount in another currency, at the exchange rate of the row."""
    words = spelt(number.name)
    if number.measure not in ("amount", "money", "count") or not _CONVERTED.search(words):
        return None
    rates = [each for each in row.numbers if _EXCHANGE.search(spelt(each.name))]
    if len(rates) != 1:
        return None
    sources = [
        each
        for each in row.others(number)
        if each.measure == number.measure and _SOURCE.search(spelt(each.name)) and each not in rates
    ]
    if not sources or (_SOURCE.search(words) and len({*words}) <= len({*spelt(sources[0].name)})):
        return None
    return Rated(sources[0].name, rates[0].name, 1)


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
            if (each.is_part or each.has(frozenset(("total",))) or not each.has(NO_PART - {*before}))
            and each.measure != "price"
            and is_in_cents(each) == is_in_cents(number)
            and not roots(before).isdisjoint(roots(each.words) | _meaning(each))
            and each.name != number.name
        ]
        above.sort(key=lambda each: each.words[-1:] != before[-1:])
        below = [each for each in row.others(number) if of & roots(each.words) and each not in above]
        unit = Decimal(after[0]) if after and after[0].isdecimal() else Decimal(1)
        if not below:
            below, unit = _measured_in_another(row, number, after)
        if above and below and not row.follows(above[0].name, number.name):
            return Quotient(above[0].name, below[0].name, unit)
        return None
    ratio = _of_two(row, number) if number.measure in ("amount", "rate") else None
    if ratio is not None:
        return ratio
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
    summed = row.known[part.name]
    if isinstance(summed, Sum) and not summed.minus:
        # What the part consists of is no whole of it.
        wholes = [each for each in wholes if each.name not in summed.uses]
    wholes.sort(key=lambda each: part.name not in (known.uses if (known := row.known[each.name]) else ()))
    return (
        Quotient(part.name, wholes[0].name, _hundred(row.table.column(number.name), number))
        if wholes
        else None
    )


_OUT_OF = word_set(
    "impressions sent visitors sessions visits attempts delivered clicks views invited shots games recipients "
    "emails shipped orders requests trials eligible registered entitled electorate enrolled"
)
_SAME_SHARE = {
    "conver": "converted conversions", "occupancy": "occupied booked reserved sold", "utiliz": "used utilized",
    "win": "wins won", "succes": "succeeded successful passed", "fill": "filled sold booked", "fund": "raised pledged",
    "defect": "defects failed", "accept": "accepted", "complet": "completed done", "yield": "good passed",
    "click": "clicks", "engag": "engagements engagement", "attend": "attended present", "turnout": "cast voted ballots",
    "margin": "margin profit",
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
