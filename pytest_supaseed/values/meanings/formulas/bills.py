"""Numbers that are sums of others: bills, charges, kinds, deductions, costs; and amounts by period."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from decimal import Decimal

from pytest_supaseed.constraints.domain import UNCONSTRAINED
from pytest_supaseed.model.identifiers import spelt, subject_of
from pytest_supaseed.model.schema import Table
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.formulas.arithmetic import (
    Formula,
    Product,
    Rated,
    Share,
    Sum,
)
from pytest_supaseed.values.meanings.formulas.derived import (
    DUE,
    PAID,
    paid_by,
)
from pytest_supaseed.values.meanings.formulas.row_numbers import (
    GONE,
    NO_PART,
    PAYROLL,
    RESTS,
    TOTALS,
    NamedNumber,
    RowNumbers,
    root,
    without_unit,
    word_set,
)
from pytest_supaseed.values.meanings.lives import states_of

# What a bill is for, the first of these that a row has; what is added to it; and what is subtracted.
_BASES = tuple(
    re.compile(rf"^_(?:{names})_$")
    for names in (
        r"(\w+_)?(subtotal|sub_total)(_(amount|price|value|cost))?|(items|lines|goods|products|services)_(total|amount)",
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
    r"^_(\w+_)?(discounts?|rebates?|coupon|promo|credits?|deductions?|writeoff|write_off|waiver|allowance|markdown"
    r"|adjustments?|concessions?|subsid(y|ies)|scholarships?|grants?|reductions?|savings)"
    r"(_(amount|total|value|applied))?_$"
)


def bill(row: RowNumbers, number: NamedNumber) -> Formula | None:
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
    if _is_period_of_year(row, number) or number.has(_GOODS | _PAID_ALREADY):
        return None
    of_kind = number.words[-1:]
    based = [each for each in likes if each.words[:1] == ("base",) and each.words[-1:] == of_kind]
    if not based and not _BILLS.search(words):
        return None
    if not number.has(_WHOLE_BILL) and any(
        each.has(_WHOLE_BILL) and not each.has(_GOODS) and _BILLS.search(f"_{'_'.join(each.words)}_")
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
                    and not each.has((GONE | RESTS) - {"net", "usage"})
                    and not (_BILLS.search(spelled[each]) and not each.has(_OF_GOODS))
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
        more += [each for each in likes if each not in (base, *more, *plus, *minus) and is_beside(each, base)]
    plus = [*more, *plus]
    known = row.known[base.name]
    if (
        base.has(frozenset(("net",)))
        and isinstance(known, Sum)
        and {*known.minus} & {each.name for each in plus}
    ):
        # What is charged is more than what fees leave of it.
        base = next(each for each in row.numbers if each.name == known.base)
        plus = [each for each in plus if each.name not in known.minus and each != base]
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


_LESSENED = re.compile(
    r"^_(\w+_)?(discounts?|rebates?|coupon|promo|waivers?|markdown|concessions?|subsid(y|ies)|scholarships?|grants?"
    r"|reductions?)(_(amount|total|value|applied))?_$"
)
_BEFORE = word_set("net gross original list base full total")


def net_of_reduction(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """What a discount or a waiver leaves of the amount that is called the same: ``net_fee`` of ``fee``."""
    if "net" not in number.words or number.measure not in ("amount", "money", "count"):
        return None
    likes = [each for each in row.numbers if each != number and each.is_like(number)]
    spelled = {each: f"_{'_'.join(each.words)}_" for each in likes}
    minus = [each for each in likes if _LESSENED.search(spelled[each])]
    if not minus:
        return None
    about = number.without(_BEFORE)
    bases = [
        each
        for each in likes
        if each not in minus
        and "net" not in each.words
        and each.without(_BEFORE) == about
        and not each.has(GONE | RESTS)
        and (about or each.words in _WHOLE_AMOUNTS)
    ]
    taxed = any(re.search(r"_(tax|taxes|vat|gst)_", text) for text in spelled.values())
    bases = [each for each in bases if not (taxed and each.has(frozenset(("gross", "total"))))]
    if len(bases) != 1:
        return None
    [base] = bases
    for part in minus:
        share = row.known[part.name]
        if isinstance(share, Share) and share.base == number.name:
            row.known[part.name] = Share(base.name, share.shares, share.by)
        elif row.follows(part.name, number.name):
            return None
    if row.follows(base.name, number.name):
        # By its own name it would be what the net amount makes with others.
        if not isinstance(row.known[base.name], Sum | Share):
            return None
        row.free(base.name)
    for part in minus:
        row.draw(part.name, base.name, ("0", "0", "0.05", "0.1", "0.25"))
    return Sum(base.name, (), tuple(each.name for each in minus))


_WHOLE_AMOUNTS = (("amount",), ("gross",), ("gross", "amount"), ("original", "amount"), ("list", "amount"),
                  ("base", "amount"), ("full", "amount"), ("gross", "total"))  # fmt: skip


def settle_reduced(row: RowNumbers, fixed: Collection[str]) -> None:
    """Have what is paid and what is due follow what a discount leaves of an amount, rather than the whole of it.

    Args:
        fixed: the numbers that a constraint or a comment determines.
    """
    others = [each for each in row.numbers if each.name not in fixed]
    for number in row.numbers:
        net = row.known[number.name]
        if not isinstance(net, Sum) or net.plus or not net.minus or "net" not in number.words:
            continue
        if not all(_LESSENED.search(without_unit(spelt(name))) for name in net.minus):
            continue
        paid_of_it = []
        for other in others:
            known = row.known[other.name]
            if not is_paid(other.name) or not other.is_like(number) or row.follows(number.name, other.name):
                continue
            if known is None or (isinstance(known, Share) and known.base == net.base):
                context = Context(row.table, row.table.column(other.name), UNCONSTRAINED, row.table.columns)
                shares = ("0", "0.5", "1", "1", "1", "1")
                row.known[other.name] = (
                    Share(number.name, known.shares, known.by)
                    if known is not None
                    else Share(number.name, shares, paid_by(context))
                )
                paid_of_it.append(other.name)
        for other in others:
            known = row.known[other.name]
            due = known is None or (isinstance(known, Sum) and known.base == net.base and not known.plus)
            minus = known.minus if isinstance(known, Sum) else tuple(paid_of_it)
            if due and minus and {*minus} <= {*paid_of_it} and other.is_like(number) and _is_due(other):
                row.known[other.name] = Sum(number.name, (), minus)


def _is_due(number: NamedNumber) -> bool:
    return DUE.search(f"_{'_'.join(number.words)}_") is not None


def net_of_pay(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """What is left of a pay, where its columns are called gross, tax and net alone; the tax is of the gross pay."""
    if subject_of(row.table.name.separated) not in PAYROLL or number.words not in _NETS:
        return None
    gross = next((each for each in row.numbers if each.words in _GROSSES), None)
    kept = [
        each
        for each in row.numbers
        if each.is_like(number) and each.has(_DEDUCTED | {"deduction", "deductions"}) and not each.has(TOTALS)
    ]
    if gross is None or not kept:
        return None
    row.free(gross.name)
    rates = [each for each in row.numbers if each.measure == "rate" and each.has(frozenset(("tax",)))]
    for each in kept:
        if rates and each.has(frozenset(("tax", "taxes"))):
            row.known[each.name] = Rated(gross.name, rates[0].name)
        else:
            row.known[each.name] = Share(gross.name, ("0.02", "0.05", "0.08", "0.1"))
    return Sum(gross.name, (), tuple(each.name for each in kept))


_NETS = (("net",), ("net", "amount"), ("net", "total"), ("total", "net"))
_GROSSES = (("gross",), ("gross", "amount"), ("gross", "total"), ("total", "gross"))


def is_beside(each: NamedNumber, base: NamedNumber) -> bool:
    """Whether a charge stands beside another one in a bill: for mileage, beside the base charge."""
    heads = {root(base.words[-1])} & {"charg", "cost", "fee", "premium", "fare"}
    return len(each.words) > 1 and root(each.words[-1]) in heads and not each.has(TOTALS | RESTS | GONE)


_PAID_ALREADY = frozenset(("paid", "repaid", "received", "refunded"))
_GOODS = frozenset(("goods", "items", "lines", "merchandise"))
_OF_GOODS = _GOODS | {"order", "net", "base"}
_WHOLE_BILL = frozenset(("total", "grand", "due", "payable", "final"))


def _is_base(each: NamedNumber, number: NamedNumber) -> bool:
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
        "likes comments shares saves reactions reposts retweets replies",
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
WHOLE_OF_KINDS = TOTALS | word_set(
    "inspected processed tested run attempted played count cast sent sampled checked examined used consumed "
    "worked records rows games matches questions party guests passengers answered produced ran payment "
    "installment engagement engagements interactions interaction reactions votes ballots"
)


def sum_of_kinds(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """A total of kinds, such as those that passed and those that failed."""
    if not number.has(WHOLE_OF_KINDS) and len(number.words) > 1:
        return None
    likes = [each for each in row.others(number) if each.is_like(number) and each.is_part]
    if len(likes) < 2:
        return None
    subject = number.without(WHOLE_OF_KINDS)
    for kinds in _KINDS:
        if number.has(kinds):
            continue
        ignored = kinds | WHOLE_OF_KINDS | _PIECES
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


def sum_of_charges(row: RowNumbers, number: NamedNumber) -> Formula | None:
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
    likes = [each for each in likes if not each.has((GONE - {"usage"}) | RESTS | TOTALS)]
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


_DEDUCTED = word_set(
    "tax taxes withholding withheld insurance pension retirement social security medicare contribution "
    "contributions dues garnishment garnishments health dental vision union fica superannuation levy advance"
)


def sum_of_deductions(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """All that is deducted from a pay."""
    if not {*number.words} & {"deductions", "deduction", "withholdings"} or not {*number.words} <= {
        *("total", "deductions", "deduction", "amount", "withholdings")
    }:
        return None
    parts = [
        each
        for each in row.numbers
        if each != number and each.is_like(number) and each.has(_DEDUCTED) and not each.has(TOTALS | NO_PART)
    ]
    parts = [each for each in parts if not row.follows(each.name, number.name)]
    return Sum(parts[0].name, tuple(each.name for each in parts[1:])) if len(parts) > 1 else None


def sum_of_same_head(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """A total of all that is called the same: costs of material, of labor and of overhead."""
    if not number.has(TOTALS) or number.measure in ("price", "rate") or len(number.words) < 2:
        return None
    head = [word for word in number.words if word not in TOTALS and word not in ("amount", "value")]
    if len(head) != 1:
        return _sum_of_portions(row, number, head)
    own = root(head[0])
    parts = [
        each
        for each in row.others(number)
        if each.is_like(number)
        and each.is_part
        and len(each.words) > 1
        and not each.has(TOTALS | RESTS | GONE)
        and own
        in (root(each.words[-1]), root(each.words[-2]) if each.words[-1] in ("amount", "total") else "")
    ]
    return Sum(parts[0].name, tuple(each.name for each in parts[1:])) if len(parts) > 1 else None


def _sum_of_portions(row: RowNumbers, number: NamedNumber, head: list[str]) -> Formula | None:
    """A total of portions whose names have one more word each: of ``free_so2_mg_l`` and ``bound_so2_mg_l``."""
    parts = [
        each
        for each in row.others(number)
        if each.is_like(number) and len(each.words) == len(head) + 1 and _without_one(each.words, head)
    ]
    if len(parts) < 2 or any(each.has(TOTALS | (NO_PART - {"number"})) for each in parts):
        return None
    if any(each.has(RESTS) for each in parts) and any(each.has(GONE) for each in parts):
        # It is the whole of what is gone and what is left.
        return None
    return Sum(parts[0].name, tuple(each.name for each in parts[1:]))


def _without_one(words: Sequence[str], rest: Sequence[str]) -> bool:
    return any([*words[:at], *words[at + 1 :]] == [*rest] for at in range(len(words)))


_A_YEAR = {"annual": 1, "yearly": 1, "annually": 1, "quarterly": 4, "monthly": 12, "weekly": 52}


def _is_period_of_year(row: RowNumbers, number: NamedNumber) -> bool:
    """Whether an amount is that of a month or a week, and the row has it for a year as well."""
    periods = frozenset(_A_YEAR)
    return bool({*number.words} & {"quarterly", "monthly", "weekly"}) and any(
        {*other.words} & {"annual", "yearly", "annually"}
        and other.without(periods) == number.without(periods)
        for other in row.numbers
    )


def of_period(row: RowNumbers, number: NamedNumber) -> Formula | None:
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


def paid(row: RowNumbers, number: NamedNumber) -> Formula | None:
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


_REFUNDED = re.compile(
    r"^_((total|amount)_)?(refunded|refunds?)(_(amount|total))?_$|^_refunded_\w*(amount|total)_$"
)
_REFUNDABLE = re.compile(
    r"^_((total|grand|order|payment|charge|charged|captured|paid|gross|transaction)_)*(amount|total|price|paid|captured|charged)"
    r"(_(total|amount|paid|captured|charged|price))?_$"
)
# What a status says of how much has been refunded.
_REFUNDED_IN = (
    ("0.5", word_set("partial partially partly part")),
    ("1", word_set("refunded refund reversed chargeback charged_back returned")),
)


def refunded(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """What has been refunded of an amount: never more than that, and nothing where its status tells of no refund."""
    wholes = refundable(row, number)
    if not wholes or row.follows(wholes[0].name, number.name):
        return None
    for column in row.table.columns:
        if not re.search(r"_(status|state)_", column.words):
            continue
        by = {
            value: next((share for share, words in _REFUNDED_IN if words & {*spelt(word).split("_")}), "0")
            for value, word in states_of(row.table, column)
        }
        if {*by.values()} != {"0"}:
            return Share(wholes[0].name, ("0",), (column.name, by))
    return Share(wholes[0].name, ("0", "0", "0", "0", "0.25", "1"))


def refundable(row: RowNumbers, number: NamedNumber) -> list[NamedNumber]:
    """The amounts of which a number may be what has been refunded, the one that was paid first."""
    if not is_refunded(number.name):
        return []
    found = [
        each
        for each in row.numbers
        if each.name != number.name
        and each.is_like(number)
        and _REFUNDABLE.search(f"_{'_'.join(each.words)}_")
        and not is_refunded(each.name)
    ]
    return sorted(found, key=lambda each: not each.has(frozenset(("paid", "captured", "charged"))))


def is_refunded(name: str) -> bool:
    """Whether a column holds what has been refunded, by its name."""
    return _REFUNDED.search(without_unit(spelt(name))) is not None


def is_paid(name: str) -> bool:
    """Whether a column holds what has been paid of a bill, by its name."""
    return PAID.search(without_unit(spelt(name))) is not None


def paid_labels(table: Table, share: str = "1") -> tuple[str, tuple[str, ...]] | None:
    """Return the column that says whether a bill is paid, and its values that say so; None where there is none.

    Args:
        share: that is paid, ``0.5`` for a part.
    """
    found = paid_by(Context(table, table.columns[0], UNCONSTRAINED, table.columns))
    if found is None:
        return None
    labels = (label for label, paid in found[1].items() if paid == share)
    return found[0], tuple("true" if label is True else str(label) for label in labels)
