"""What moment of a row's life a date or a time is of, and which moments it follows."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pytest_supaseed.schema import Column
from pytest_supaseed.values.words import spelt

BIRTH, CREATED, UPDATED, DELETED = 0, 10, 90, 95
_HIRED, _START, _END, _DUE, _LAST = 20, 30, 60, 70, 80
_OTHER = 25
# In the order in which they come about.
_RANKS: tuple[tuple[int, str], ...] = (
    (BIRTH, r"_(birth|birthday|born)_"),
    (DELETED, r"_(deleted|archived|removed|cancell?ed|revoked|banned|purged|deactivated|died|death|deceased)_"),
    (
        UPDATED,
        r"_(updated?|modified|changed|edited|synced|refreshed|mtime)_|_last_(change|edit|modification|update)_",
    ),
    (_LAST, r"_last_|_latest_"),
    (_DUE, r"_(expires?|expired|expiry|expiration|due|deadline|renews?|renewal|next|required)_"),
    (
        _END,
        r"_(end|ends|ended|ending|finish|finishes|finished|complete|completed|close|closes|closed|closing|until|through"
        r"|resolved|checkout|dropoff|arrival|arrives|arrived|return|returned|refunded|stop|stopped|left|thru|till"
        r"|termination|terminated|resigned|discharged|graduated|graduation)_|_check_out_"
        r"|_(valid|effective|active|available|date)_to_|_to_(date|time|at)_|^_to_$|_drop_off_",
    ),
    (50, r"_(delivered|delivery|received|installed)_"),
    (45, r"_(shipped|shipping|dispatched)_"),
    (
        40,
        r"_(paid|confirmed|approved|accepted|verified|processed|packed|read|seen|opened|reviewed|published|answered)_",
    ),
    (35, r"_sent_"),
    (
        _START,
        r"_(start|starts|started|starting|begin|begins|began|beginning|from|checkin|pickup|departure|departs|opens|opening"
        r"|admitted)_|_check_in_|_pick_up_|_since_",
    ),
    (_HIRED, r"_(ordered|order|placed|requested|scheduled|booked|issued|issue|submitted|invited|hired|hire|joined"
                r"|enrolled)_"),
    (CREATED, r"_(created|creation|inserted|registered|added|founded|established|opened|ctime)_"),
)  # fmt: skip
_COMPILED = tuple((rank, re.compile(pattern)) for rank, pattern in _RANKS)
# Two moments whose names are the same but for these words are the ends of one span.
_FIRST_WORDS = frozenset((
    "start", "starts", "started", "starting", "begin", "begins", "began", "beginning", "from", "in",
    "checkin", "open", "opens", "opened", "opening", "departure", "departs", "pickup", "since", "admitted",
    "hire", "hired", "joined", "enrolled",
))  # fmt: skip
_LAST_WORDS = frozenset((
    "end", "ends", "ended", "ending", "finish", "finishes", "finished", "complete", "completed", "close",
    "closes", "closed", "closing", "until", "through", "to", "out", "checkout", "dropoff", "arrival",
    "arrives", "arrived", "return", "returned", "stop", "stopped", "left", "thru", "till", "discharged",
    "termination", "terminated", "graduated", "resigned",
))  # fmt: skip


def moment_rank(name: str) -> int:
    """Where in a row's life a column's moment lies: ``created_at`` before ``updated_at``.

    Args:
        name: the column's name.
    """
    words = spelt(name)
    return next((rank for rank, pattern in _COMPILED if pattern.search(words)), _OTHER)


def precedes(first: str, second: str) -> bool:
    """Whether a column's moment comes before another's in a row's life.

    Args:
        first: a column's name.
        second: another's.
    """
    before, after = moment_rank(first), moment_rank(second)
    # A birthday is before all that is made up anyway; and what is due may come about earlier.
    if BIRTH in (before, after) or before == _DUE or is_old(second):
        return False
    if after in (UPDATED, DELETED):
        return before < after and before in (CREATED, UPDATED, _HIRED)
    return before < after


def is_old(name: str) -> bool:
    """Whether a moment may lie years before the row was made, as when somebody was hired or a film released."""
    return bool(
        re.search(
            r"_(hired?|joined|enrolled|founded|established|release|released|published_on|purchase)_",
            spelt(name),
        )
    )


def followed(name: str, others: Iterable[Column]) -> tuple[str, ...]:
    """Return the columns whose moments a column's moment comes after.

    Args:
        name: the column's name.
        others: columns with moments that may be used.
    """
    names = [other.name for other in others]
    partner = next((other for other in names if are_ends(other, name)), None)
    if partner is not None:
        return (partner,)
    return tuple(other for other in names if precedes(other, name))


def are_ends(first: str, second: str) -> bool:
    """Whether two columns are the beginning and the end of one span.

    Args:
        first: a column's name.
        second: another's.

    Example:
        >>> are_ends("trial_start", "trial_end"), are_ends("trial_start", "period_end")
        (True, False)
    """
    before, after = spelt(first).strip("_").split("_"), spelt(second).strip("_").split("_")
    return (
        not _FIRST_WORDS.isdisjoint(before)
        and not _LAST_WORDS.isdisjoint(after)
        and _kind(before, _FIRST_WORDS) == _kind(after, _LAST_WORDS)
    )


def _kind(words: list[str], ends: frozenset[str]) -> list[str]:
    return [
        word for word in words if word not in ends and word not in ("at", "on", "date", "time", "timestamp")
    ]


def lies_ahead(name: str) -> bool:
    """Whether a moment is still to come, as a deadline is."""
    return moment_rank(name) == _DUE


def is_appointed(name: str) -> bool:
    """Whether a moment is one that people agree upon, at a full quarter of an hour."""
    return bool(
        re.search(
            r"_(starts?|starting|begins?|ends?|ending|opens?|opening|closes?|closing|departure|departs|arrival|arrives"
            r"|scheduled|appointment|due|deadline|pickup|meeting)_",
            spelt(name),
        )
    )
