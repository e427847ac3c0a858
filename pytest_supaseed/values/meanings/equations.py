"""Equations between the numbers of a row, read off the words of all their names: rests, sums, shares, prices for one.

:func:`equations` looks at a whole table, where :mod:`~pytest_supaseed.values.meanings.formulas` looks at one column:
``available_credit`` is the limit less the balance because the table has both, and ``standard_cost`` the sum of the
other costs. A column that one of :data:`~pytest_supaseed.values.meanings.formulas.DERIVED` determines keeps its
formula. :func:`stage_of` returns when a number is made, so that what it follows from is there.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from pytest_supaseed.constraints.column import memoized_by_identity, value_domain
from pytest_supaseed.constraints.domain import UNCONSTRAINED
from pytest_supaseed.constraints.solving import sums
from pytest_supaseed.model.identifiers import singular, spelt
from pytest_supaseed.model.schema import Column, Table
from pytest_supaseed.model.type_families import is_date_or_timestamp, is_integer, is_numeric
from pytest_supaseed.values.meanings.arithmetic import (
    Computed,
    Formula,
    Product,
    Quotient,
    Rated,
    Share,
    Sum,
    decimal_of,
)
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.formulas import (
    AFTER_MOMENTS,
    PAID,
    by_name,
    is_number,
    paid_by,
    stage_by_name,
)
from pytest_supaseed.values.meanings.lives import canonical, stem
from pytest_supaseed.values.meanings.moments import CREATED, lies_ahead, moment_rank
from pytest_supaseed.values.meanings.spans import (
    ends_of,
    length_between,
    measures_days,
    months_between,
    term_of,
    unit_of,
)

_CENTS = re.compile(r"_(cents|minor)_")


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


_TIMES = word_set(
    "hour hours minute minutes min mins hrs second seconds secs day days night nights week weeks ms milliseconds"
)
_COUNTED = frozenset(("quantity", "units", "pieces", "count"))
_RATES = word_set("percent percentage rate ratio fraction bp bps")
_PERIODS = {"hourly": "hour", "daily": "day", "nightly": "night"}
# What stands in the name of a price, a limit or a forecast, which is no part of a sum.
_NO_PART = word_set(
    "per unit each average avg mean min max minimum maximum median previous last next target limit goal expected "
    "estimated planned budget budgeted forecast projected original list weight height width depth length distance "
    "year month number position sort version rank index latitude longitude rating lat lng"
)
_TOTAL = word_set("total standard sum overall combined gross full landed loaded all grand final aggregate")
_FILLING = word_set("amount amounts value count number total sum of the quantity no num")

# What is left of a whole, what has gone, and what the whole is called.
_REST = word_set(
    "left remaining remainder rest available outstanding due unpaid owed unused unspent unsold unfilled open free "
    "vacant backordered pending balance missing net undelivered unallocated uninvested bo short"
)
_GONE = word_set(
    "used taken spent spend consumed sold paid repaid received shipped delivered completed allocated reserved "
    "committed booked occupied redeemed drawn billed invoiced collected raised returned scrapped issued assigned "
    "filled enrolled registered claimed disbursed depreciation amortization withheld deducted finished produced "
    "picked fulfilled applied utilized usage transferred waived settled cleared attended scrap"
)
_WHOLE = word_set(
    "total limit max maximum quota allowance allotted allotment entitled entitlement granted capacity budget "
    "budgeted planned target goal ordered order requested purchased initial original starting opening approved "
    "reserve gross principal coverage volume required pledged hand contracted invoiced billed loaned full"
)
_SHARES_OF_PART = ("0.1", "0.25", "0.4", "0.5", "0.75", "0.9")
_SHARES_OF_WHOLE = ("1", "1.1", "1.25", "1.5", "2")


@dataclass(frozen=True)
class _Number:
    """A number of a row, by its name.

    Attributes:
        name: the column.
        words: of its name, without those for minor units.
        measure: what it is in: ``money`` in minor units, ``amount``, ``count``, ``price`` for one, ``rate``, ``time``.
        unit: of a time, in seconds.
    """

    name: str
    words: tuple[str, ...]
    measure: str
    unit: Decimal | None = None

    def has(self, words: frozenset[str]) -> bool:
        """Whether one of some words is in the name."""
        return not words.isdisjoint(self.words)

    def without(self, words: frozenset[str]) -> frozenset[str]:
        """The stems of the other words."""
        return frozenset(_root(word) for word in self.words if word not in words and word not in _FILLING)

    @property
    def is_part(self) -> bool:
        """Whether it may be added to others."""
        return self.measure not in ("price", "rate") and not self.has(_NO_PART)

    def is_like(self, other: _Number) -> bool:
        """Whether both are of one measure, so that they may be added."""
        return (self.measure, self.unit) == (other.measure, other.unit)


def _root(word: str) -> str:
    return stem(singular(word))


def _roots(words: Sequence[str]) -> frozenset[str]:
    return frozenset(map(_root, words))


def _number_of(column: Column) -> _Number:
    all_words = tuple(word for word in spelt(column.name).strip("_").split("_") if word)
    words = tuple(word for word in all_words if word not in ("cents", "minor"))
    measure, unit = "count" if is_integer(column.type) else "amount", None
    if len(words) < len(all_words):
        measure = "money"
    if ({"per", "each", *_PERIODS} & {*words} and not _COUNTED & {words[0]}) or words[:1] == ("unit",):
        return _Number(column.name, words, "price")
    if not _RATES.isdisjoint(words):
        return _Number(column.name, words, "rate")
    if not (_TIMES - {"min"}).isdisjoint(words) or words[-1] == "min":
        return _Number(column.name, words, "time", unit_of("_" + "_".join(words) + "_", ""))
    return _Number(column.name, words, measure, unit)


@dataclass(frozen=True)
class _Row:
    """The numbers of a table's rows.

    Attributes:
        table: the table.
        numbers: its numbers that are neither keys nor references.
        known: by column, the formula that it has so far.
        drawn: columns that are shares of others, where nothing determines them.
        freed: columns that follow from no other one, though their names say so.
    """

    table: Table
    numbers: tuple[_Number, ...]
    known: dict[str, Formula | None]
    drawn: list[tuple[str, Share]] = field(default_factory=list)
    freed: set[str] = field(default_factory=set)

    def free(self, name: str) -> None:
        """Have a column follow from no other one, whatever its own name says."""
        self.known[name] = None
        self.freed.add(name)

    def draw(self, name: str, base: str, shares: tuple[str, ...]) -> None:
        """Have a column be a share of another one, where nothing determines it in the end."""
        self.drawn.append((name, Share(base, shares)))

    def follows(self, name: str, other: str) -> bool:
        """Whether a column is made from another one, directly or by others."""
        waiting, seen = [name], {name}
        while waiting:
            found = self.known.get(waiting.pop())
            for used in found.uses if found is not None else ():
                if used == other:
                    return True
                if used not in seen:
                    seen.add(used)
                    waiting.append(used)
        return False

    def others(self, number: _Number) -> Iterator[_Number]:
        """The numbers from which one may be made."""
        return (
            other
            for other in self.numbers
            if other.name != number.name and not self.follows(other.name, number.name)
        )

    def matching(self, number: _Number, pattern: re.Pattern[str]) -> list[_Number]:
        """The numbers of the same measure whose words match a pattern, without those that follow from the number."""
        return [
            other
            for other in self.others(number)
            if other.is_like(number) and pattern.search(f"_{'_'.join(other.words)}_")
        ]


# By name, what is left, the whole, and what is taken off.
_DIFFERENCES = tuple(
    tuple(re.compile(f"^_(?:{names})_$") for names in each)
    for each in (
        (
            r"(\w+_)?(margin|profit|markup)(_amount)?",
            r"(\w+_)?(price|revenue|sales|list_price|selling_price)(_amount)?",
            r"(\w+_)?(cost|costs|cogs|expenses?)(_price|_amount)?",
        ),
        (
            r"change(_due|_given|_amount|_returned)?",
            r"(amount_)?(tendered|cash_received|cash_given)(_amount)?|cash_tendered",
            r"amount(_due)?|total(_amount)?|grand_total",
        ),
        (
            r"((current|net|present)_)?(book_)?value|(net_)?book_value|depreciated_value",
            r"(purchase|original|acquisition|initial)_(value|price|cost)",
            r"(accumulated_|total_)?depreciation(_amount)?",
        ),
        (
            r"(available|remaining)_credit|credit_(available|remaining|left)",
            r"credit_limit",
            r"((current|outstanding|account)_)?balance|credit_used|used_credit|balance_due",
        ),
        (
            r"(\w+_)?(share|payout|earnings|proceeds|take_home)(_amount)?",
            r"(total_|gross_|sale_)?(amount|price|total|revenue)|gross|subtotal",
            r"(\w+_)?(fees?|commission)(_(amount|total))?",
        ),
        (r"net_weight(_\w+)?", r"gross_weight(_\w+)?", r"tare(_weight)?(_\w+)?"),
        (
            r"(\w+_)?(variance|deviation|discrepancy|difference|var)",
            r"(actual|counted|physical)_\w+|\w+_(actual|counted)",
            r"(estimated|planned|expected|budget|budgeted|system|standard|forecast|target|est)_\w+"
            r"|\w+_(estimated|planned|expected|budget|budgeted)",
        ),
        (r"(goal_difference|goals_difference)", r"goals_(for|scored)", r"goals_(against|conceded)"),
        (
            r"(net_votes|vote_score|karma|net_score|score)",
            r"(up_?votes?|up_?votes?_count|votes_up|likes?(_count)?)",
            r"(down_?votes?|down_?votes?_count|votes_down|dislikes?(_count)?)",
        ),
        (
            r"(net_(cash|flow|cash_flow|change|amount|movement)|cash_flow)",
            r"(\w+_)?(cash_in|inflows?|deposits|credits?|income)(_total)?",
            r"(\w+_)?(cash_out|outflows?|withdrawals|debits?|expenses?)(_total)?",
        ),
        (r"(net_worth|equity|net_assets)", r"(total_)?assets", r"(total_)?liabilities"),
        (
            r"taxable_(income|amount|pay)",
            r"gross(_(income|amount|pay|salary))?",
            r"(pre_?tax_)?(deductions?|exemptions?|allowances?)|pre_tax_deductions",
        ),
        (r"(bid_ask_)?spread", r"ask(_price)?", r"bid(_price)?"),
        (
            r"(net|payout|net_payout|take_home|seller)(_(amount|revenue|proceeds|pay|salary|earnings|total))?",
            r"gross(_(amount|revenue|proceeds|pay|salary|earnings|total|sales))?|sale_amount|sale_price",
            r"(\w+_)?(fees?|commission|deductions?|withholding|tax|refunds?|chargebacks?|returns)(_(amount|total))?"
            r"|(total_)?deductions",
        ),
        (
            r"net(_(amount|total|price|sales|value))?|discounted_(price|amount|total)",
            r"(order|gross|list|line|total|base|original|full)_(amount|price|total|sales|value)|subtotal|gross|amount|price",
            r"(\w+_)?(discounts?|rebates?)(_(amount|total))?",
        ),
        (
            r"(insurance|patient|customer|member|client)_(responsibility|portion|share|pays|owes|amount)|patient_(balance|due)"
            r"|copay_due",
            r"(total_|billed_|charge_)?(amount|charge|charges|fee|total|cost)(_billed)?|billed",
            r"(insurance|insurer|plan|payer)_(paid|covered|portion|amount|share|coverage|payment)|covered_amount",
        ),
    )
)


def _difference(row: _Row, number: _Number) -> Formula | None:
    """What is left of a whole: by names that belong together, else by words such as left, limit and used."""
    words = f"_{'_'.join(number.words)}_"
    for rest, whole, part in _DIFFERENCES:
        if not rest.search(words):
            continue
        wholes = [
            each for each in row.matching(number, whole) if not part.search(f"_{'_'.join(each.words)}_")
        ]
        parts = [each for each in row.matching(number, part) if each not in wholes]
        shared = number.without(frozenset())
        wholes.sort(key=lambda each: -len(shared & each.without(frozenset())))
        if wholes and parts:
            chosen = parts if len(parts) > 1 and "net" in number.words else parts[:1]
            if number.has(_MORE):
                # What is handed over is made after what is to be paid.
                return _covered(row, wholes[0], chosen[0])
            return _limited(row, wholes[0], chosen, _NEAR if number.has(_DEVIATIONS) else _SHARES_OF_PART)
    return _left_over(row, number)


def _left_over(row: _Row, number: _Number) -> Formula | None:
    if not number.has(_REST) or number.measure in ("price", "rate"):
        return None
    subject = number.without(_REST)
    likes = [other for other in row.others(number) if other.is_like(number)]
    gone = [each for each in likes if each.has(_GONE) and not each.has(_REST)]
    wholes = [each for each in likes if each not in gone and not each.has(_REST)]
    found = []
    for whole in wholes:
        named = whole.has(_WHOLE)
        about = whole.without(_WHOLE)
        if not named and about != subject:
            continue
        for part in gone:
            its = part.without(_GONE)
            if part.has(_WHOLE) and named and not its:
                continue
            of_whole = whole.without(frozenset()) & subject
            agree = len(about & its) + len(of_whole) + len(its & subject)
            strange = int(bool(subject and not of_whole and (about or not its & subject)))
            strange += bool(its and subject and not its & subject)
            strange += bool(its and about and not its & about)
            agree += number.has(_OWED) and part.has(_SETTLED)
            agree -= part.has(_LOST)
            if strange and not agree:
                continue
            found.append((agree - 2 * strange + named, whole, part))
    if not found:
        return None
    best = max(score for score, _, _ in found)
    _, whole, part = next(each for each in found if each[0] == best)
    further = [
        each
        for each in gone
        if each != part and each.without(_GONE) == part.without(_GONE) and each.has(_LOST)
    ]
    return _limited(row, whole, [part, *further])


# What is owed is left of what has been paid.
_OWED = frozenset(("outstanding", "due", "unpaid", "owed", "balance"))
_SETTLED = frozenset(["paid", "received", "collected", "settled", "repaid", "billed"])
# What is gone besides: of what has been ordered, some is completed and some is scrap.
_LOST = word_set("scrap scrapped returned waived written damaged lost cancelled rejected")


_MORE = frozenset(("change",))
_DEVIATIONS = frozenset(["variance", "deviation", "discrepancy", "difference", "var"])
_NEAR = ("0.8", "0.9", "1", "1", "1.1", "1.25")


def _covered(row: _Row, whole: _Number, part: _Number) -> Sum:
    row.draw(whole.name, part.name, _SHARES_OF_WHOLE)
    return _limited(row, whole, [part])


def _limited(
    row: _Row, whole: _Number, parts: Sequence[_Number], shares: tuple[str, ...] = _SHARES_OF_PART
) -> Sum:
    """A whole less its parts, which are made so that something is left, where nothing else determines them."""
    for number, part in enumerate(parts):
        row.draw(part.name, whole.name, ("0", "0", "0.05") if number else shares)
        row.draw(whole.name, part.name, _SHARES_OF_WHOLE)
    return Sum(whole.name, (), tuple(part.name for part in parts))


# What a bill is for, the first of these that a row has; what is added to it; and what is subtracted.
_BASES = tuple(
    re.compile(rf"^_(?:{names})_$")
    for names in (
        r"(\w+_)?(subtotal|sub_total)|(items|lines|goods|products|services)_(total|amount)",
        r"(\w+_)?net(_(amount|total|price|premium|value))?|taxable_amount|amount_before_tax|pre_tax_(amount|total)",
        r"base_(\w+)|(\w+_)?base",
        r"(\w+_)?(premium|fare|rent|price|tuition|principal|salary)(_(amount|due))?",
        r"(order|usage|service|monthly|recurring|plan|ticket|room|invoice|hammer|parts|labor|energy)_"
        r"(amount|total|price|charges?|cost)",
        r"amount|charges?|cost|hours_amount",
    )
)
_BILLS = re.compile(
    r"^_((\w+_)?(total|grand_total)(_(amount|price|cost|due|charges?|premium|fare|rent|payable|payment|bill|value))?"
    r"|amount_(due|payable|total|charged)|total_(\w+)|(invoice|order|bill|final|gross|full|annual|payable|billed|charged|landed)_"
    r"(total|amount|price|premium|cost)|gross|payable)_$"
)
_ADDED = re.compile(
    r"^_(\w+_)?(tax|taxes|vat|gst|sales_tax|duty|levy|fees?|shipping|freight|tips?|gratuity|surcharges?|handling"
    r"|insurance|interest|penalty|penalties|late_charge|service_charge|delivery|postage|markup|premium_tax|buyers_premium"
    r"|extras|addons?|add_ons)(_(amount|total|cost|fee|charge|price))?_$|^_(tax|fees?)_(total|amount)_$"
)
_TAKEN_OFF = re.compile(
    r"^_(\w+_)?(discounts?|rebates?|coupon|promo|credits?|deductions?|writeoff|write_off|waiver|allowance|markdown)"
    r"(_(amount|total|value|applied))?_$"
)


def _bill(row: _Row, number: _Number) -> Formula | None:
    """The total of a bill: what it is for, with taxes and fees, without discounts."""
    words = f"_{'_'.join(number.words)}_"
    likes = [
        each
        for each in row.others(number)
        if (each.is_like(number) and each.is_part) or _is_base(each, number)
    ]
    spelled = {each: f"_{'_'.join(each.words)}_" for each in likes}
    plus = [each for each, text in spelled.items() if _ADDED.search(text) and not _TAKEN_OFF.search(text)]
    minus = [each for each, text in spelled.items() if _TAKEN_OFF.search(text)]
    if not plus and not minus:
        return None
    if _is_period_of_year(row, number):
        return None
    of_kind = number.words[-1:]
    based = [each for each in likes if each.words[:1] == ("base",) and each.words[-1:] == of_kind]
    if not based and not _BILLS.search(words):
        return None
    if not number.has(_WHOLE_BILL) and any(
        each.has(_WHOLE_BILL) and _BILLS.search(f"_{'_'.join(each.words)}_")
        for each in row.numbers
        if each != number
    ):
        # The amount of an order, beside what is due in all.
        return None
    bases = based or next(
        (
            found
            for pattern in _BASES
            if (
                found := [
                    each
                    for each in likes
                    if pattern.search(spelled[each])
                    and each not in plus
                    and each not in minus
                    and not each.has((_GONE | _REST) - {"net", "usage"})
                    and not (
                        _BILLS.search(spelled[each]) and not each.has(frozenset(("order", "net", "base")))
                    )
                ]
            )
        ),
        [],
    )
    if not bases and number.has(_WHOLE_BILL) and len(plus) > 1:
        # Of fees alone.
        bases, plus = plus[:1], plus[1:]
    if not bases or (len(bases) > 1 and not number.has(_WHOLE_BILL)):
        return None
    base, *more = bases
    if number.has(_WHOLE_BILL):
        more += [
            each for each in likes if each not in (base, *more, *plus, *minus) and _is_beside(each, base)
        ]
    plus = [*more, *plus]
    if base.has(frozenset(("net",))):
        # A net amount is after its discount.
        minus = [] if row.known.get(base.name) is not None else minus
        plus = [each for each in plus if not row.follows(base.name, each.name)]
        if not plus and not minus:
            return None
    for part in plus + minus:
        rates = ("0", "0", "0.05", "0.1") if part in minus else ("0.02", "0.05", "0.08", "0.1")
        row.draw(part.name, base.name, rates)
    return Sum(base.name, tuple(each.name for each in plus), tuple(each.name for each in minus))


def _is_beside(each: _Number, base: _Number) -> bool:
    """Whether a charge stands beside another one in a bill: for mileage, beside the base charge."""
    heads = {_root(base.words[-1])} & {"charg", "cost", "fee", "premium", "fare"}
    return len(each.words) > 1 and _root(each.words[-1]) in heads and not each.has(_TOTAL | _REST | _GONE)


_WHOLE_BILL = frozenset(("total", "grand", "due", "payable", "final"))


def _is_base(each: _Number, number: _Number) -> bool:
    return each.words[:1] == ("base",) and each.measure == number.measure


# Kinds into which all things of one name fall.
_KINDS = tuple(
    frozenset(words.split())
    for words in (
        "pass fail passed failed skipped errored",
        "accepted rejected",
        "wins losses draws ties won lost drawn win loss",
        "up down",
        "upvotes downvotes",
        "yes no abstain abstained abstentions",
        "male female",
        "correct incorrect wrong skipped unanswered",
        "adults children infants adult child infant senior seniors",
        "succeeded successful success failed failure error errors",
        "positive negative neutral",
        "good bad defective scrap rejected",
        "hits misses",
        "present absent late excused",
        "inbound outbound",
        "new returning",
        "peak offpeak off shoulder",
        "regular normal standard overtime holiday weekend double",
        "desktop mobile tablet",
        "organic paid",
        "indemnity expense",
        "labor labour material materials parts overhead subcontract",
        "principal interest escrow penalty",
        "setup run teardown cleanup",
        "inserted updated deleted skipped failed created",
        "domestic international",
        "fixed variable",
        "day night",
        "local long roaming",
        "voice data sms",
        "cash card",
        "federal state local",
        "full half",
        "economy business first",
        "employee employer",
        "fuel toll tolls parking maintenance",
        "protein carbs fat",
        "home away",
        "technical written oral practical",
        "billable nonbillable",
        "income expense",
    )
)
_WHOLE_OF_KINDS = _TOTAL | word_set(
    "inspected processed tested run attempted played count cast sent sampled checked examined used consumed "
    "worked records rows games matches questions party guests passengers answered produced ran payment "
    "installment"
)


def _sum_of_kinds(row: _Row, number: _Number) -> Formula | None:
    """A total of kinds, such as those that passed and those that failed."""
    if not number.has(_WHOLE_OF_KINDS) and len(number.words) > 1:
        return None
    likes = [each for each in row.others(number) if each.is_like(number) and each.is_part]
    subject = number.without(_WHOLE_OF_KINDS)
    for kinds in _KINDS:
        if number.has(kinds):
            continue
        ignored = kinds | _WHOLE_OF_KINDS | _PIECES
        parts = [
            each for each in likes if each.has(kinds) and (not subject or each.without(ignored) <= subject)
        ]
        if len(parts) < 2 or len({tuple(sorted(kinds & {*each.words})) for each in parts}) < len(parts):
            continue
        named = any(each.without(ignored) & subject for each in parts)
        if subject and not named and not number.has(frozenset(("total", "payment", "installment"))):
            continue
        return Sum(parts[0].name, tuple(each.name for each in parts[1:]))
    return None


_PIECES = frozenset(["part", "portion", "component", "share"])


def _sum_of_charges(row: _Row, number: _Number) -> Formula | None:
    """A net amount of several charges, less discounts."""
    if not {*number.words} <= {
        "net",
        "subtotal",
        "amount",
        "total",
        "charges",
        "before",
        "tax",
    } or not number.has(frozenset(("net", "subtotal", "before"))):
        return None
    likes = [each for each in row.others(number) if each.is_like(number) and each.is_part]
    likes = [each for each in likes if not each.has((_GONE - {"usage"}) | _REST | _TOTAL)]
    charges = [
        each
        for each in likes
        if each.words[-1] in ("charges", "charge", "fees", "costs") and len(each.words) > 1
    ]
    minus = [each for each in likes if _TAKEN_OFF.search(f"_{'_'.join(each.words)}_")]
    if len(charges) < 2:
        return None
    for part in minus:
        row.draw(part.name, charges[0].name, ("0", "0", "0.05", "0.1"))
    return Sum(charges[0].name, tuple(each.name for each in charges[1:]), tuple(each.name for each in minus))


def _threshold(row: _Row, number: _Number) -> Formula | None:
    """What has to be reached of the most that there is: ``passing_score`` of ``max_score``."""
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


_CUTS = frozenset(("share", "portion", "cut", "split"))


def _last_share(row: _Row, number: _Number) -> Formula | None:
    """What the other shares leave of an amount: of a price, the gym's share beside the trainer's."""
    if number.words[-1] not in _CUTS and number.words[-2:-1] not in [(word,) for word in _CUTS]:
        return None
    shares = [each for each in row.numbers if each.is_like(number) and each.has(_CUTS)]
    if len(shares) < 2 or shares[-1] != number:
        return None
    wholes = [
        each
        for each in row.others(number)
        if each.is_like(number) and _SHARED.search(f"_{'_'.join(each.words)}_") and each not in shares
    ]
    if not wholes:
        return None
    for share in shares[:-1]:
        row.draw(share.name, wholes[0].name, ("0.1", "0.2", "0.3", "0.4"))
    return Sum(wholes[0].name, (), tuple(share.name for share in shares[:-1]))


_SHARED = re.compile(
    r"^_(total_|gross_|sale_)?(price|amount|fee|total|revenue|cost|bill|rent|charge|payment)(_amount)?_$"
)
_AFTER = word_set("after new current end ending closing final to present latest")
_BEFORE = word_set("before old previous prior start starting opening initial from beginning last")
_CHANGES = word_set("change delta difference diff gain growth movement increase adjustment net")


def _change(row: _Row, number: _Number) -> Formula | None:
    """The change from what was before to what is after, or what is after by the change."""
    about = number.without(_CHANGES | _AFTER)
    likes = [each for each in row.others(number) if each.measure == number.measure]
    before = [each for each in likes if each.has(_BEFORE) and not each.has(_CHANGES)]
    if number.has(_CHANGES):
        for first in before:
            for last in likes:
                its = first.without(_BEFORE)
                if last.has(_AFTER) and last.without(_AFTER) == its and (its == about or not about):
                    return Sum(last.name, (), (first.name,))
        return None
    if number.has(_AFTER):
        changes = [each for each in likes if _CHANGED.search(f"_{'_'.join(each.words)}_")]
        for first in before:
            if first.without(_BEFORE) == about and len(changes) == 1:
                return Sum(first.name, (changes[0].name,))
    return None


_CHANGED = re.compile(
    r"^_((quantity|points|stock|balance|amount)_)?(change|delta|adjustment|difference)_$|^_(amount|points|quantity)_$"
)
_DEDUCTED = word_set(
    "tax taxes withholding withheld insurance pension retirement social security medicare contribution "
    "contributions dues garnishment garnishments health dental vision union fica superannuation levy advance"
)


def _sum_of_deductions(row: _Row, number: _Number) -> Formula | None:
    """All that is deducted from a pay."""
    if not {*number.words} & {"deductions", "deduction", "withholdings"} or not {*number.words} <= {
        *("total", "deductions", "deduction", "amount", "withholdings")
    }:
        return None
    parts = [
        each
        for each in row.numbers
        if each != number and each.is_like(number) and each.has(_DEDUCTED) and not each.has(_TOTAL | _NO_PART)
    ]
    parts = [each for each in parts if not row.follows(each.name, number.name)]
    return Sum(parts[0].name, tuple(each.name for each in parts[1:])) if len(parts) > 1 else None


def _sum_of_same_head(row: _Row, number: _Number) -> Formula | None:
    """A total of all that is called the same: costs of material, of labor and of overhead."""
    if not number.has(_TOTAL) or number.measure in ("price", "rate") or len(number.words) < 2:
        return None
    head = [word for word in number.words if word not in _TOTAL and word not in ("amount", "value")]
    if len(head) != 1:
        return None
    own = _root(head[0])
    parts = [
        each
        for each in row.others(number)
        if each.is_like(number)
        and each.is_part
        and len(each.words) > 1
        and not each.has(_TOTAL | _REST | _GONE)
        and own
        in (_root(each.words[-1]), _root(each.words[-2]) if each.words[-1] in ("amount", "total") else "")
    ]
    return Sum(parts[0].name, tuple(each.name for each in parts[1:])) if len(parts) > 1 else None


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


def _reduced(row: _Row, number: _Number) -> Formula | None:
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
        and not each.has(_REDUCED | _GONE | _REST)
        and each.without(_REDUCED | word_set("original list base regular full gross standard")) == about
    ]
    if not wholes:
        return None
    rate, known = rates[0], row.known[wholes[0].name]
    if isinstance(known, Share) and known.base == number.name:
        # By its own name the former price follows the reduced one.
        row.free(wholes[0].name)
    return Rated(wholes[0].name, rate.name, _unit(row.table.column(rate.name), rate), rest=True)


def _rated(row: _Row, number: _Number) -> Formula | None:
    """A share of an amount at a rate that the row has: a commission, a discount, a tax."""
    if number.measure in ("price", "rate", "time"):
        return None
    subject = number.without(frozenset(("fee", "charge", "charged", "earned")))
    if not subject:
        return None
    rates = [
        each
        for each in row.numbers
        if each.measure == "rate"
        and (about := each.without(_RATES | {"fee", "applied"}))
        and (
            about == subject
            or (len(about) == 1 and about <= subject and number.words[-1] not in _PERIOD_WORDS)
        )
        and not row.follows(each.name, number.name)
    ]
    if not rates:
        return None
    part = frozenset(
        _root(word) for word in ("tax", "vat", "discount", "commission", "fee", "tip", "interest")
    )
    of_discount = not subject.isdisjoint(_roots(("discount", "rebate", "markdown")))
    for pattern in (
        (*_RATED[2:], *_RATED[:2]) if of_discount and not row.matching(number, _RATED[0]) else _RATED
    ):
        for base in row.matching(number, pattern):
            about = {_root(word) for word in base.words}
            if (
                about & part
                or about == subject
                or base.has(_GONE | ((_NO_PART | _REST) - {"per", "unit", "net"}))
            ):
                continue
            return Rated(base.name, rates[0].name, _unit(row.table.column(rates[0].name), rates[0]))
    return None


_PERIOD_WORDS = frozenset(("count",))


def _unit(column: Column, rate: _Number) -> int | None:
    """What a rate is a share of: 100 for percent, 10000 for basis points, 1 for a ratio; None where its value tells."""
    if rate.has(frozenset(("bp", "bps", "basis"))):
        return 10_000
    if rate.has(frozenset(("percent", "percentage"))):
        return 100
    kind = column.type
    small = is_numeric(kind) and kind.precision is not None and kind.precision - (kind.scale or 0) <= 1
    return 1 if small or rate.has(frozenset(("ratio", "fraction"))) else None


_INNER = word_set("average avg mean nominal median typical optimal midpoint likely")
_READ = re.compile(
    r"^_(?:(\w+_)?(measured|observed)(_value)?|(test_|lab_)?(value|result|reading|measurement)(_value)?)_$"
)
_LOW, _HIGH = (
    frozenset(["low", "lower", "min", "minimum", "resting"]),
    frozenset(["high", "upper", "max", "maximum"]),
)


def _ends_of(row: _Row, number: _Number) -> tuple[str, str] | None:
    """The least and the greatest number of what a number is one of, or of what has been measured."""
    about = number.without(_INNER)
    measured = _READ.search(f"_{'_'.join(number.words)}_") is not None
    lows = [each for each in row.others(number) if each.has(_LOW) and not each.has(_HIGH)]
    for low in lows:
        for high in row.others(number):
            its = low.without(_LOW)
            if not high.has(_HIGH) or high.has(_LOW) or high.without(_HIGH) != its or not high.is_like(low):
                continue
            if (
                its == about
                or (measured and not its.isdisjoint(_REFERENCES))
                or (number.has(_INNER) and not about)
            ):
                return low.name, high.name
    return None


_REFERENCES = _roots(["reference", "limit", "range", "tolerance", "normal", "spec", "specification", "ref"])


def _between(row: _Row, number: _Number) -> Formula | None:
    """An average between the least and the greatest, or what has been measured, which may lie beyond what is normal."""
    measured = _READ.search(f"_{'_'.join(number.words)}_") is not None
    if not measured and not number.has(_INNER):
        return None
    ends = _ends_of(row, number)
    if ends is None:
        return None
    tenths = (-2, 12) if measured else (3, 7)

    def value(values: Mapping[str, object], random: Random) -> Decimal | None:
        low, high = (decimal_of(values.get(name)) for name in ends)
        if low is None or high is None:
            return None
        return low + (high - low) * random.randint(*tenths) / 10

    return Computed(ends, value)


_A_YEAR = {"annual": 1, "yearly": 1, "annually": 1, "quarterly": 4, "monthly": 12, "weekly": 52}


def _is_period_of_year(row: _Row, number: _Number) -> bool:
    """Whether an amount is that of a month or a week, and the row has it for a year as well."""
    periods = frozenset(_A_YEAR)
    return bool({*number.words} & {"quarterly", "monthly", "weekly"}) and any(
        {*other.words} & {"annual", "yearly", "annually"}
        and other.without(periods) == number.without(periods)
        for other in row.numbers
    )


def _of_period(row: _Row, number: _Number) -> Formula | None:
    """An amount for a month from that for a year, or the other way round."""
    own = [word for word in number.words if word in _A_YEAR]
    if len(own) != 1 or number.measure == "rate":
        return None
    periods = frozenset(_A_YEAR)
    for other in row.others(number):
        its = [word for word in other.words if word in _A_YEAR]
        if len(its) == 1 and other.is_like(number) and other.without(periods) == number.without(periods):
            if _A_YEAR[its[0]] == _A_YEAR[own[0]]:
                continue
            return Share(other.name, (str(Decimal(_A_YEAR[its[0]]) / _A_YEAR[own[0]]),))
    return None


_ORDERED = ("ordered", "order", "billed", "required", "purchased")
_LINE = word_set("amount total cost price value charge fee pay wage wages earnings extended line payout")
_FOR_ONE = word_set("price cost rate fee amount wage charge value")


_NO_LINE = word_set(
    "tax vat gst discount deposit refund tip gratuity shipping commission insurance credit bonus penalty security "
    "cleaning late interest net"
)


def _line(row: _Row, number: _Number) -> Formula | None:
    """What a number of things, or of hours, comes to at the price for one."""
    if (
        number.measure not in ("amount", "money", "count")
        or not number.has(_LINE)
        or number.has((_NO_PART - {"estimated", "planned"}) | _REST | (_GONE - {"billed"}) | _NO_LINE)
    ):
        return None
    if number.has(_TOTAL) and any(_is_beside(each, number) for each in row.numbers if each.is_like(number)):
        # The total of several charges.
        return None
    money = number.measure == "money"
    prices = [
        each
        for each in row.others(number)
        if each.measure == "price" and each.has(_FOR_ONE) and _is_in_cents(row, each) == money
    ]
    for price in prices:
        unit = next((_PERIODS[word] for word in price.words if word in _PERIODS), None) or _after_per(price)
        if unit in ("hour", "minute", "day", "night") and _is_for_time(number, price):
            timed = _timed(row, number, price, unit)
            if timed is not None:
                return timed
    counts = [
        each
        for each in row.others(number)
        if each.has(_COUNTED) and each.measure in ("count", "amount") and not each.has(_REST | _LOST)
    ]
    counts.sort(key=lambda each: (not any(word in _ORDERED for word in each.words), row.numbers.index(each)))
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


def _is_for_time(number: _Number, price: _Number) -> bool:
    """Whether an amount is for the time alone, or what the price is for stands in both names."""
    told = {*number.words} - _LINE - _TOTAL
    return told <= _FOR_TIME or bool(_roots([*told]) & _roots(price.words))


def _is_in_cents(row: _Row, number: _Number) -> bool:
    return bool(re.search(r"_(cents|minor)_", spelt(number.name)))


def _after_per(price: _Number) -> str:
    at = price.words.index("per") + 1 if "per" in price.words else len(price.words)
    return singular(price.words[at]) if at < len(price.words) else ""


def _timed(row: _Row, number: _Number, price: _Number, unit: str) -> Product | None:
    seconds = unit_of(f"_{unit}s_", "")
    times = [
        each
        for each in row.others(number)
        if each.measure == "time"
        and not each.has(_NO_PART | frozenset(("break", "pause", "lunch", "setup", "ot")))
    ]
    times.sort(
        key=lambda each: (
            not each.has(_TOTAL | {"worked", "billable", "actual", "billed"}),
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


_MEAN = frozenset(("average", "avg", "mean"))


def _quotient(row: _Row, number: _Number) -> Formula | None:
    """A share in per cent, or an amount for each of some: by the words of part and whole."""
    if number.measure == "price" and "per" in number.words:
        at = number.words.index("per")
        before, after = number.words[:at], number.words[at + 1 :]
        of = {_root(word) for word in after}
        above = [
            each
            for each in row.others(number)
            if each.is_part | each.has(frozenset(("total",)))
            and each.measure != "price"
            and _is_in_cents(row, each) == _is_in_cents(row, number)
            and not _roots(before).isdisjoint(_roots(each.words) | _meaning(each))
            and each.name != number.name
        ]
        below = [each for each in row.others(number) if of & _roots(each.words) and each not in above]
        if above and below and not row.follows(above[0].name, number.name):
            return Quotient(above[0].name, below[0].name, 1)
        return None
    if number.measure != "rate":
        return None
    subject = number.without(_RATES | {"score"})
    if not subject:
        return None
    parts = [
        each
        for each in row.others(number)
        if each.measure in ("count", "amount", "money", "time")
        and each.without(_TOTAL)
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
        and (each.has(_WHOLE_OF_KINDS | _WHOLE | _OUT_OF) or "price" in each.words or "revenue" in each.words)
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
    "win": "wins won", "succes": "succeeded successful passed", "fill": "filled sold booked",
    "defect": "defects failed", "accept": "accepted", "complet": "completed done", "yield": "good passed",
    "click": "clicks", "engag": "engagements", "attend": "attended present", "margin": "margin profit",
    "delinquency": "overdue late", "churn": "churned lost",
}  # fmt: skip


def _synonyms(number: _Number) -> set[str]:
    return {share for share, words in _SAME_SHARE.items() if not {*words.split()}.isdisjoint(number.words)}


def _meaning(number: _Number) -> frozenset[str]:
    return (
        _roots(("cost", "price"))
        if number.has(frozenset(("spend", "spent", "amount", "total")))
        else frozenset()
    )


def _hundred(column: Column, number: _Number) -> int:
    return 1 if _unit(column, number) == 1 else 100


_NO_SPAN = word_set("total average avg max min maximum minimum trial grace free lead notice validity")
_SPANS = word_set(
    "duration time elapsed to in of until between from lag turnaround processing waiting wait spent taken open "
    "age since before after delay days hours minutes seconds day"
)


def _term(row: _Row, number: _Number) -> Formula | None:
    """The months of a term."""
    term = term_of(row.table)
    if term is None or term.length != number.name:
        return None

    def length(values: Mapping[str, object], random: Random) -> Decimal | None:
        months = months_between(values.get(term.start), values.get(term.end))
        return None if months is None else Decimal(months // term.months)

    return Computed((term.start, term.end), length, empty=True)


_OF_SPANS = word_set(
    "downtime repair service processing outage treatment hospital absence leave stay visit work run cycle project"
    " vacation travel flight talk call watch study practice transit parked parking session meeting class event campaign"
    " job task rental charged billed trip course program shift"
)


def _whole_span(row: _Row, number: _Number) -> Formula | None:
    """The time between the only two ends of a row."""
    if not {*number.words} <= _OF_SPANS | _SPANS | _TIMES:
        return None
    columns = tuple(column for column in row.table.columns if not column.generated)
    context = Context(row.table, row.table.column(number.name), UNCONSTRAINED, columns)
    ends, unit = ends_of(context), number.unit
    if ends is None and number.has(_UNTIL_SOLVED):
        ends = _until_solved(columns)
    if ends is None or unit is None or not measures_days(context, ends):
        return None
    return Computed(ends, lambda values, random: length_between(values, ends, unit), empty=True)


_UNTIL_SOLVED = frozenset(("downtime", "outage", "repair", "resolution", "disruption"))
_SOLVED = re.compile(r"_(resolved|fixed|restored|repaired|recovered|solved)_")
_NOTICED = re.compile(r"_(detected|reported|logged|opened|started|occurred|raised|created)_")


def _until_solved(columns: Sequence[Column]) -> tuple[str, str] | None:
    """The moments at which a fault was noticed and solved."""
    moments = [each for each in columns if is_date_or_timestamp(each.type) and not each.type.array]
    last = next((each for each in moments if _SOLVED.search(spelt(each.name))), None)
    first = next((each for each in moments if _NOTICED.search(spelt(each.name))), None)
    return (first.name, last.name) if first is not None and last is not None else None


def _event(word: str) -> str:
    return stem(canonical(singular(word)))


def _span(row: _Row, number: _Number) -> Formula | None:
    """The time from one moment of the row to another, which the name tells: ``days_to_report``."""
    if number.measure != "time" or number.unit is None or number.has(_NO_SPAN):
        return None
    moments = [
        column
        for column in row.table.columns
        if is_date_or_timestamp(column.type) and not column.type.array and not column.generated
    ]
    events = {_event(word) for word in number.words if word not in _SPANS | _TIMES}
    named = [
        column
        for column in moments
        if events & {*map(_event, spelt(column.name).strip("_").split("_"))} and not lies_ahead(column.name)
    ]
    if not named:
        return _whole_span(row, number)
    last = max(named, key=lambda column: moment_rank(column.name))
    before = [
        column
        for column in moments
        if column.name != last.name
        and column.type == last.type
        and (moment_rank(column.name), column.name in {c.name for c in named})
        < (moment_rank(last.name), True)
        and not lies_ahead(column.name)
    ]
    own = [column for column in before if moment_rank(column.name) != CREATED] or before
    if not own:
        return None
    start = next((column for column in named if column in own), None) or own[0]
    ends, unit = (start.name, last.name), number.unit
    return Computed(ends, lambda values, random: length_between(values, ends, unit), empty=True)


def _paid(row: _Row, number: _Number) -> Formula | None:
    """What has been paid of a bill, as its status says."""
    if not PAID.search(f"_{'_'.join(number.words)}_"):
        return None
    bills = [
        each
        for each in row.others(number)
        if each.is_like(number)
        and isinstance(row.known[each.name], Sum | Product)
        and _BILLS.search(f"_{'_'.join(each.words)}_")
    ]
    if not bills:
        return None
    bill = next((each for each in bills if each.has(_WHOLE_BILL)), bills[0])
    context = Context(row.table, row.table.column(number.name), UNCONSTRAINED, row.table.columns)
    return Share(bill.name, ("0", "0.5", "1", "1", "1", "1"), paid_by(context))


_READINGS: tuple[Callable[[_Row, _Number], Formula | None], ...] = (
    _term,
    _span,
    _between,
    _difference,
    _line,
    _rated,
    _sum_of_charges,
    _threshold,
    _reduced,
    _change,
    _last_share,
    _sum_of_kinds,
    _sum_of_deductions,
    _bill,
    _sum_of_same_head,
    _of_period,
)


@dataclass(frozen=True)
class Equations:
    """The numbers of a table that follow from others of the row.

    Attributes:
        formulas: by column.
        stages: by column, when it is made, of those that are made later than their names alone would say.
        free: columns that follow from no other one, though their names say so.
    """

    formulas: Mapping[str, Formula]
    stages: Mapping[str, int]
    free: frozenset[str] = frozenset()


NO_EQUATIONS = Equations({}, {})


@memoized_by_identity
def equations(table: Table) -> Equations:
    """Return the equations of a table's numbers that the words of their names tell."""
    bound = {name for key in (*table.foreign_keys, *table.uniques) for name in key.columns}
    columns = [
        column
        for column in table.columns
        if is_number(column)
        and column.name not in bound
        and not column.identity
        and column.sequence is None
        and not column.generated
        and not (column.declared and column.declared.binding)
    ]
    fixed = {name for each in sums(table) for name in each.columns}
    if not columns:
        return NO_EQUATIONS
    order = {column.name: (stage_by_name(spelt(column.name)), table.place(column.name)) for column in columns}
    known: dict[str, Formula | None] = {}
    for column in sorted(columns, key=lambda each: order[each.name]):
        earlier = tuple(
            other
            for other in table.columns
            if not other.generated
            and other.name != column.name
            and (other.name not in order or order[other.name] < order[column.name])
        )
        known[column.name] = by_name(Context(table, column, value_domain(table, column), earlier))
    row = _Row(table, tuple(map(_number_of, columns)), dict(known))
    for readings in (_READINGS, (_quotient, _paid)):
        for number in row.numbers:
            if number.name in fixed or _is_exact(row.known[number.name]):
                continue
            for reading in readings:
                found = reading(row, number)
                if found is not None and not any(row.follows(name, number.name) for name in found.uses):
                    row.known[number.name] = found
                    break
    for name, share in row.drawn:
        if row.known[name] is None and name not in fixed and not row.follows(share.base, name):
            row.known[name] = share
    formulas = {
        name: found for name, found in row.known.items() if found is not None and found is not known[name]
    }
    free = frozenset(row.freed) - formulas.keys()
    return Equations(formulas, _stages(row.known, order), free) if formulas else NO_EQUATIONS


@dataclass(frozen=True)
class Flag:
    """A boolean that numbers of its row decide.

    Attributes:
        uses: the numbers.
        holds: takes their values; None where one is missing.
    """

    uses: tuple[str, ...]
    holds: Callable[..., bool]

    def value(self, row: Mapping[str, object]) -> bool | None:
        """Return whether it is true of a row, None where a number is missing."""
        numbers = [decimal_of(row.get(name)) for name in self.uses]
        return None if None in numbers else self.holds(*numbers)


_INSIDE = re.compile(
    r"^_(is_)?((within|in)_(tolerance|tol|range|spec|limits?)|normal|conforming|compliant)_$"
)
_OUTSIDE = re.compile(
    r"^_(is_)?((out_of|outside)_(tolerance|range|spec|limits?)|abnormal|out_of_range)(_flag)?_$"
)
# By name, what has to reach, or to stay below, what.
_THRESHOLDS: tuple[tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], Callable[..., bool]], ...] = (
    tuple(
        (
            re.compile(f"^_(?:is_|has_)?(?:{flag})_$"),
            re.compile(f"^_(?:{left})_$"),
            re.compile(f"^_(?:{right})_$"),
            holds,
        )
        for flag, left, right, holds in (
            (
                r"low_stock|low|needs_reorder|reorder_needed|below_(minimum|threshold|reorder_point)|needs_restock",
                r"(\w+_)?(on_hand|stock|available|in_stock)|quantity|stock_(quantity|level|count)|quantity_\w+|current_stock",
                r"reorder_(level|point|threshold|quantity)|min(imum)?_(stock|quantity|level)(_level)?|low_stock_threshold"
                r"|safety_stock",
                operator.le,
            ),
            (
                r"pass|passed|passing",
                r"(final_|total_|raw_)?(score|mark|grade|points)(_percent)?",
                r"pass(ing)?_(score|mark|grade|points|threshold)",
                operator.ge,
            ),
            (
                r"over_budget|exceeded",
                r"(actual|spent|total)(_(amount|cost|spend))?|(actual|amount)_spent",
                r"(planned_|total_|approved_)?budget(_amount)?|budgeted_\w+",
                operator.gt,
            ),
            (
                r"full|sold_out",
                r"(\w+_)?(enrolled|registered|booked|sold|occupied|filled|attendees?)(_count)?|current_(occupancy|enrollment)",
                r"(max_)?(capacity|seats|spots|enrollment)|max_\w+",
                operator.ge,
            ),
            (
                r"goal_(met|reached)|funded|target_(met|reached)|successful",
                r"(amount_|total_)?(raised|pledged|collected)(_amount)?|current_(amount|value)|actual(_value)?",
                r"(funding_)?(goal|target)(_amount|_value)?|target",
                operator.ge,
            ),
            (
                r"reserve_met",
                r"(current|highest|winning)_(bid|price)(_amount)?",
                r"reserve_price",
                operator.ge,
            ),
        )
    )
)


@memoized_by_identity
def flag_of(table: Table, column: Column) -> Flag | None:
    """Return which numbers of the row decide a boolean, None if none do."""
    if any(column.name in key.columns or column.name in key.definition for key in table.uniques):
        return None
    if any(column.name in trigger.source for trigger in table.triggers):
        return None
    words = spelt(column.name)
    numbers = {
        other.name: _CENTS.sub("_", spelt(other.name))
        for other in table.columns
        if is_number(other) and not other.generated
    }
    inside, outside = _INSIDE.search(words), _OUTSIDE.search(words)
    if inside or outside:
        row = _Row(table, tuple(_number_of(table.column(name)) for name in numbers), {})
        for number in row.numbers:
            ends = _ends_of(row, number) if _READ.search(f"_{'_'.join(number.words)}_") else None
            if ends is not None:
                uses = (*ends, number.name)
                return Flag(uses, _is_inside if inside else _is_outside)
    for flag, left, right, holds in _THRESHOLDS:
        if flag.search(words):
            limits = [name for name, its in numbers.items() if right.search(its)]
            reached = [name for name, its in numbers.items() if left.search(its) and name not in limits]
            if limits and reached:
                return Flag((reached[0], limits[0]), holds)
    return None


def _is_inside(low: Decimal, high: Decimal, value: Decimal) -> bool:
    return low <= value <= high


def _is_outside(low: Decimal, high: Decimal, value: Decimal) -> bool:
    return not low <= value <= high


def _is_exact(found: Formula | None) -> bool:
    """Whether a formula determines a number, and none is drawn."""
    if isinstance(found, Share):
        return len(found.shares) == 1 or found.by is not None
    return found is not None and (not isinstance(found, Computed) or found.empty)


def _stages(known: Mapping[str, Formula | None], order: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    """When the numbers are made that are made later than by their names alone."""
    found: dict[str, tuple[int, int]] = {}

    def stage(name: str) -> tuple[int, int]:
        if name not in found:
            own, place = order[name]
            follows = known.get(name)
            for used in follows.uses if follows is not None else ():
                if used not in order:
                    own = max(own, AFTER_MOMENTS)
                else:
                    its = stage(used)
                    own = max(own, its[0] if its[1] < place else its[0] + 1)
            found[name] = own, place
        return found[name]

    return {name: stage(name)[0] for name in order if stage(name)[0] > order[name][0]}


def stage_of(table: Table, column: Column) -> int:
    """Return when a number of a table is made, by its name and the equations of its row."""
    later = equations(table).stages.get(column.name)
    return stage_by_name(spelt(column.name)) if later is None else later


def formula(context: Context) -> Formula | None:
    """Return how a number follows from other columns of its row, None if it does not."""
    if not context.unique and context.column.name in equations(context.table).free:
        return None
    found = None if context.unique else equations(context.table).formulas.get(context.column.name)
    if found is not None and {*found.uses} <= {column.name for column in context.earlier}:
        return found
    return by_name(context)


def is_paid(name: str) -> bool:
    """Whether a column holds what has been paid of a bill, by its name."""
    return PAID.search(_CENTS.sub("_", spelt(name))) is not None


def paid_labels(table: Table) -> tuple[str, tuple[str, ...]] | None:
    """Return the column that says whether a bill is paid, and its values that say so; None where there is none."""
    found = paid_by(Context(table, table.columns[0], UNCONSTRAINED, table.columns))
    if found is None:
        return None
    labels = (label for label, share in found[1].items() if share == "1")
    return found[0], tuple("true" if label is True else str(label) for label in labels)


def is_determined(context: Context) -> bool:
    """Whether a number is what others of its row make of it, so that it is NULL only where these leave nothing."""
    if not is_number(context.column):
        return False
    found = formula(context)
    return isinstance(found, (Product, Sum, Rated, Quotient)) or (isinstance(found, Computed) and found.empty)
