"""Names of wholes, of their parts, of what remains of them, and of the shares that the parts are: :data:`DIVISIONS`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Division:
    """Names of a whole, of its part, of what remains of it, and of how much of it the part is.

    Attributes:
        whole: regular expression of the whole.
        part: of the part.
        rest: of what remains; empty for none.
        quotient: of the part's share of the whole; empty for none.
        shares: of the whole, which a part is.
    """

    whole: str
    part: str
    rest: str = ""
    quotient: str = ""
    shares: tuple[str, ...] = ("0.1", "0.25", "0.4", "0.5", "0.6", "0.75", "0.9")


_USED = r"used|consumed|taken|spent|spend|usage"
_CLAIMED = r"^_(claimed|requested|billed|claim)_amount_$|^_amount_(claimed|requested|billed)_$"
_GRANTED = r"(approved|allowed|awarded|granted|covered)"
DIVISIONS = (
    Division(
        rf"^_{_GRANTED}_amount_$|^_amount_{_GRANTED}_$",
        r"^_(payout|settlement|disbursed)_amount_$|^_amount_disbursed_$",
        shares=("1",),
    ),
    Division(
        _CLAIMED,
        rf"^_{_GRANTED}_amount_$|^_amount_{_GRANTED}_$|^_(payout|settlement)_amount_$",
        shares=("0.6", "0.75", "0.8", "0.9", "1", "1"),
    ),
    Division(
        r"_(max|maximum|possible|out_of)_(score|points|marks|grade)?|_(total|possible)_(marks|points)_",
        r"^_(score|points|marks|obtained_marks|marks_obtained|points_earned|earned_points|grade|raw_score)_$",
        quotient=r"^_(score_|grade_)?(percent|percentage)_(score_)?$",
        shares=("0.55", "0.65", "0.7", "0.8", "0.85", "0.9", "0.95", "1"),
    ),
    Division(
        r"^_(total|question|questions|item|items)_(questions|count|items|answers)_$|^_(question|questions)_$",
        r"_(correct|passed)_(answers|count|questions)?|_correct_",
        r"_(incorrect|wrong|failed)_",
        r"^_(score_|pass_|success_)(percent|percentage|rate)_$|^_(percent|percentage)_$",
    ),
    Division(
        r"_(capacity|(total|max)_(seats|spots|rooms|tickets|participants|attendees|students|guests|places))_"
        r"|^_(seats|spots|tickets|places|rooms)_((total|count)_)?$|_(total_copies|copies_total|copies_owned|copies_count)_",
        r"_(booked|reserved|occupied|sold|loaned|lent|borrowed|enrolled|registered|filled|taken|attendees|participants|enrollment)_",
        r"_(available|free|remaining|left|vacant)_",
        r"_(occupancy|utilization|fill)_|^_(percent|percentage)_(full|filled|sold)_$",
    ),
    Division(
        r"_(on_hand|in_stock|stock|total_quantity|quantity_total)_",
        r"_(reserved|allocated|committed)_",
        r"_available_|_free_",
    ),
    Division(
        r"_(limit|quota|allowance|allotment|allotted|entitlement|entitled|granted|allocated|total_days|max_uses|usage_limit"
        r"|max_redemptions|initial_quantity|budget|budget_amount|total_budget|credits_total|total_credits|storage_total)_"
        r"|^_amount_$",
        rf"_({_USED}|redemptions|redeemed|uses|carried)_",
        r"_(remaining|left|available|unused|balance)_",
        rf"_(usage|used|utilization|consumed|spent)_(percent|percentage|rate|ratio)_|^_(percent|percentage)_({_USED})_$",
    ),
    Division(
        r"_(goal|target|goal_amount|target_amount|funding_goal)_",
        r"_(raised|collected|pledged|achieved|current|saved|actual|current_amount|progress_value)_",
        r"_(remaining|missing|left)_",
        r"_(progress|funded|achievement|completion)_|^_(percent|percentage)_$",
    ),
    Division(
        r"_(total|planned|expected|estimated)_(tasks|steps|items|lessons|modules|units|jobs|records|rows|pages|quantity)?"
        r"|_(tasks|steps|items|lessons|modules|records|rows|pages|task|step|item|lesson|record|row|page)_(total|count)_",
        r"_(completed|done|finished|processed|imported|delivered|fulfilled|closed|current_page|pages_read)_",
        r"_(remaining|left|pending|open|outstanding)_",
        r"_(progress|completion|complete)_|^_(percent|percentage)_$",
    ),
    Division(
        r"_(impressions|views|sent|delivered)_",
        r"_(clicks|clicked)_",
        quotient=r"_(click|ctr|clickthrough)_|_click_through_",
        shares=("0.01", "0.02", "0.04", "0.08"),
    ),
    Division(
        r"_(sent|delivered|recipients|recipient_count)_",
        r"_(opens|opened|open_count)_",
        quotient=r"_open_rate_",
        shares=("0.2", "0.3", "0.45"),
    ),
    Division(
        r"_(visits|visitors|sessions|clicks)_",
        r"_(conversions|converted|signups|orders)_",
        quotient=r"_conversion_",
        shares=("0.01", "0.02", "0.05"),
    ),
)
# What stands beside the name of anything that is divided: ``vacation_days_total``, ``_used`` and ``_left``.
_WHOLE = (
    r"total|max|maximum|limit|quota|allowance|allowed|allotted|entitled|entitlement|granted|included|purchased|issued"
    r"|initial|planned|budgeted|capacity"
)
_PART = (
    r"used|taken|spent|spend|consumed|booked|reserved|sold|redeemed|drawn|completed|attended|done|occupied|filled"
    r"|assigned|lent"
)
_REST = r"left|remaining|available|unused|unspent|unsold|free|vacant"
# What comes in several prices or rates is no part of a whole.
_UNDIVIDED = re.compile(r"_(price|rate|percent|percentage|balance|score|weight|height|date|year)_")
_NAMED_PART = re.compile(rf"_({_WHOLE}|{_PART}|{_REST})_")


@lru_cache(maxsize=4096)
def division_of(words: str) -> Division | None:
    """Return how anything is divided that a column is the part or the rest of by its normalized name, None if nothing.

    Example:
        >>> found = division_of("_vacation_days_left_")
        >>> bool(re.search(found.whole, "_total_vacation_days_")), bool(re.search(found.part, "_vacation_days_used_"))
        (True, True)
        >>> division_of("_left_") is None
        True
    """
    stem = _NAMED_PART.sub("_", words)
    if stem == words or not stem.strip("_") or _UNDIVIDED.search(stem):
        return None

    def names(kind: str) -> str:
        return rf"^(_({kind}){stem}|{stem}({kind})_)$"

    return Division(rf"{names(_WHOLE)}|^{stem}$", names(_PART), names(_REST))


PERCENT = re.compile(
    r"_(percent|percentage|progress|completion|complete|rate|ratio|fraction|utilization|occupancy|funded|ctr)_"
)


def any_of(kind: str) -> str:
    """Return a regular expression of all names of a kind.

    Args:
        kind: ``whole``, ``part``, ``rest`` or ``quotient``.
    """
    named = [names for division in DIVISIONS if (names := getattr(division, kind))]
    words = {"whole": _WHOLE, "part": _PART, "rest": _REST}.get(kind)
    return "|".join(f"(?:{names})" for names in (*named, *((f"_({words})_",) if words else ())))
