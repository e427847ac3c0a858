"""Numbers that are left of others: of a limit and what is used, a share, a change from before to after."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from random import Random

from pytest_supaseed.values.meanings.formulas.arithmetic import (
    Computed,
    Formula,
    Share,
    Sum,
    decimal_of,
)
from pytest_supaseed.values.meanings.formulas.row_numbers import (
    GONE,
    RATES,
    RESTS,
    WHOLES,
    NamedNumber,
    RowNumbers,
    roots,
    word_set,
)

_SHARES_OF_PART = ("0.1", "0.25", "0.4", "0.5", "0.75", "0.9")
_SHARES_OF_WHOLE = ("1", "1.1", "1.25", "1.5", "2")
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
        (
            r"(asking|current|new|final|reduced|net|discounted|sale|selling|special|offer|effective)_price",
            r"(original|list|initial|old|previous|regular|base|full|catalog|standard|retail)_price",
            r"(price_|list_)?(reduction|drop|discount|markdown|rebate)(_(amount|value))?",
        ),
        (
            r"(mortgage|loan|financed)(_amount)?|amount_financed",
            r"(sale|purchase|property|vehicle|total)_price|price",
            r"down_payment(_amount)?|deposit(_amount)?",
        ),
        (
            r"(amount_)?(below|under)_(asking|list|estimate|budget)(_(price|amount))?",
            r"(asking|list|original|estimated|budgeted)_(price|amount)|budget|estimate",
            r"amount|(offer|bid|sale|sold|actual|final)_(price|amount)|offer|bid",
        ),
        (
            r"(amount_)?(above|over)_(asking|list|estimate|budget|reserve)(_(price|amount))?",
            r"amount|(offer|bid|sale|sold|actual|final|hammer)_(price|amount)|offer|bid|hammer",
            r"(asking|list|original|estimated|budgeted|reserve)_(price|amount)|budget|estimate|reserve",
        ),
        (r"net_weight(_\w+)?", r"gross_weight(_\w+)?", r"tare(_weight)?(_\w+)?"),
        (
            r"(\w+_)?(variance|deviation|discrepancy|difference|var)(_(quantity|units|hours|cost))?",
            r"(actual|counted|physical)_\w+|\w+_(actual|counted)",
            r"(estimated|planned|expected|budget|budgeted|system|standard|forecast|target|est)_\w+"
            r"|\w+_(estimated|planned|expected|budget|budgeted)",
        ),
        (
            r"(\w+_)?(accepted|good|usable)(_(quantity|units|count))?",
            r"(\w+_)?(received|inspected|produced|delivered)(_(quantity|units|count))?",
            r"(\w+_)?(rejected|damaged|defective|scrapped)(_(quantity|units|count))?",
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
        (
            r"(\w+_)?(consumption|usage|used|consumed)(_(units|value))?",
            r"(current|present|closing|end|ending|new|final)_(value|reading|index|read|meter)",
            r"(previous|prior|opening|start|starting|old|last|initial)_(value|reading|index|read|meter)",
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


def difference(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """What is left of a whole: by names that belong together, else by words such as left, limit and used."""
    words = f"_{'_'.join(number.words)}_"
    for rest, whole, part in _DIFFERENCES:
        if not rest.search(words):
            continue
        _release(row, number, whole, part)
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
    return _left_over(row, number) or _places_left(row, number)


def _release(row: RowNumbers, number: NamedNumber, whole: re.Pattern[str], part: re.Pattern[str]) -> None:
    """Free a whole that is a share of what is left by its own name, where the row has what is taken off it."""
    if not row.matching(number, part):
        return
    for each in row.numbers:
        known = row.known[each.name]
        follows = isinstance(known, Share) and known.base == number.name
        if follows and whole.search(f"_{'_'.join(each.words)}_"):
            row.free(each.name)


_PLACES = roots(("spot", "seat", "place", "slot", "capacity", "opening"))
_MOST = frozenset(("max", "maximum", "limit", "capacity"))


def _places_left(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """What is left of the most that there may be: ``spots_left`` of ``max_members`` and ``member_count``."""
    if not number.has(RESTS) or not number.without(RESTS) <= _PLACES:
        return None
    likes = [each for each in row.others(number) if each.is_like(number) and not each.has(RESTS)]
    for most in likes:
        for count in likes:
            about = count.without(frozenset(("current",)))
            if most.has(_MOST) and not count.has(_MOST) and about and about == most.without(_MOST):
                return _limited(row, most, [count])
    return None


def _left_over(row: RowNumbers, number: NamedNumber) -> Formula | None:
    if not number.has(RESTS) or number.measure in ("price", "rate"):
        return None
    subject = number.without(RESTS)
    likes = [other for other in row.others(number) if other.is_like(number)]
    gone = [each for each in likes if each.has(GONE) and not each.has(RESTS)]
    wholes = [each for each in likes if each not in gone and not each.has(RESTS)]
    found = []
    for whole in wholes:
        named = whole.has(WHOLES)
        about = whole.without(WHOLES)
        if not named and about != subject:
            continue
        for part in gone:
            its = part.without(GONE)
            if part.has(WHOLES) and named and not its:
                continue
            of_whole = whole.without(frozenset()) & subject
            agree = len(about & its) + len(of_whole) + len(its & subject)
            strange = int(bool(subject and not of_whole and (about or not its & subject)))
            strange += bool(its and subject and not its & subject)
            strange += bool(its and about and not its & about)
            agree += number.has(_OWED) and part.has(_SETTLED)
            agree -= part.has(LOST)
            agree += whole.has(_SETTLED_ON)
            if strange and not agree:
                continue
            found.append((agree - 2 * strange + named, whole, part))
    if not found:
        return None
    best = max(score for score, _, _ in found)
    _, whole, part = next(each for each in found if each[0] == best)
    further = [
        each for each in gone if each != part and each.without(GONE) == part.without(GONE) and each.has(LOST)
    ]
    return _limited(row, whole, [part, *further])


# What is owed is left of what has been paid.
_OWED = frozenset(("outstanding", "due", "unpaid", "owed", "balance"))
# What has been settled on, rather than what was asked for.
_SETTLED_ON = frozenset(("awarded", "granted", "allocated"))
_SETTLED = frozenset(["paid", "received", "collected", "settled", "repaid", "billed"])
# What is gone besides: of what has been ordered, some is completed and some is scrap.
LOST = word_set("scrap scrapped returned waived written damaged lost cancelled rejected")
_MORE = frozenset(("change",))
_DEVIATIONS = frozenset(["variance", "deviation", "discrepancy", "difference", "var"])
_NEAR = ("0.8", "0.9", "1", "1", "1.1", "1.25")


def _covered(row: RowNumbers, whole: NamedNumber, part: NamedNumber) -> Sum:
    row.draw(whole.name, part.name, _SHARES_OF_WHOLE)
    return _limited(row, whole, [part])


def _limited(
    row: RowNumbers,
    whole: NamedNumber,
    parts: Sequence[NamedNumber],
    shares: tuple[str, ...] = _SHARES_OF_PART,
) -> Sum:
    """A whole less its parts, which are made so that something is left, where nothing else determines them."""
    for number, part in enumerate(parts):
        row.draw(part.name, whole.name, ("0", "0", "0.05") if number else shares)
        row.draw(whole.name, part.name, _SHARES_OF_WHOLE)
    return Sum(whole.name, (), tuple(part.name for part in parts))


_CUTS = frozenset(("share", "portion", "cut", "split"))


def _parted(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """The last of several commissions or fees of one amount: an agent's and an agency's of ``commission_amount``."""
    head = number.words[-1]
    if head not in ("commission", "fee", "royalty", "bonus") or len(number.words) != 2:
        return None
    parts = [each for each in row.numbers if each.is_like(number) and each.words[1:] == (head,)]
    parts = [each for each in parts if each.words[0] != "total"]
    wholes = [
        each for each in row.others(number) if each.words in ((head, "amount"), ("total", head), (head,))
    ]
    if len(parts) < 2 or not wholes or not wholes[0].is_like(number):
        return None
    if number != parts[-1]:
        return Share(wholes[0].name, ("0.2", "0.3", "0.4"))
    return Sum(wholes[0].name, (), tuple(each.name for each in parts[:-1]))


def last_share(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """What the other shares leave of an amount: of a price, the gym's share beside the trainer's."""
    parted = _parted(row, number)
    if parted is not None:
        return parted
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


def change(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """The change from what was before to what is after, as a number or in per cent, or what is after by the change."""
    about = number.without(_CHANGES | _AFTER | RATES)
    if number.measure == "rate":
        return _change_in_percent(row, number, about) if number.has(_CHANGES) else None
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


def _change_in_percent(row: RowNumbers, number: NamedNumber, about: frozenset[str]) -> Formula | None:
    numbers = [each for each in row.others(number) if each.measure != "rate" and not each.has(_CHANGES)]
    for first in numbers:
        for last in numbers:
            its = first.without(_BEFORE)
            if not first.has(_BEFORE) or not last.has(_AFTER) or last.without(_AFTER) != its:
                continue
            if its == about or not about:
                ends = (first.name, last.name)
                return Computed(ends, partial(_grown, *ends), empty=True)
    return None


def _grown(first: str, last: str, values: Mapping[str, object], random: Random) -> Decimal | None:
    before, after = decimal_of(values.get(first)), decimal_of(values.get(last))
    return None if not before or after is None else (after - before) * 100 / before


_CHANGED = re.compile(
    r"^_((quantity|points|stock|balance|amount)_)?(change|delta|adjustment|difference)_$|^_(amount|points|quantity)_$"
)
