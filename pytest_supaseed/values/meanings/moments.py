"""Plausible ranges of dates, timestamps and times of day, each at a column's place in a row's life.

The place is a rank by name: ``created_at`` before ``updated_at``. :func:`followed` returns the columns whose moments a
column must come after, :func:`believable_moments` the range after these, from which
:mod:`~pytest_supaseed.values.types.date_time` draws what the column's type and value domain accept.

:data:`RARE_STATES` are states that few rows are in, such as deleted, by the word in the names of their columns:
booleans (``is_deleted``), moments (``deleted_at``) and other optional columns (``deleted_by``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from pytest_supaseed.constraints.column import memoized_by_identity
from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.model.identifiers import spelt, subject_of
from pytest_supaseed.model.schema import Column, ColumnType, Table
from pytest_supaseed.model.type_families import is_date, is_date_or_timestamp, is_interval, is_time
from pytest_supaseed.spec import DEFAULT_DATE
from pytest_supaseed.values.meanings.lives import canonical, stem
from pytest_supaseed.values.meanings.meaning import Declaration, Meaning
from pytest_supaseed.values.types.date_time import (
    DAY,
    END_OF_DAY,
    QUARTER,
    YEAR,
    PlausibleMoments,
    any_moment,
    as_moment,
    interval,
)


@dataclass(frozen=True)
class RareState:
    """A state that few rows are in.

    Attributes:
        word: as it stands in names of columns.
        false: whether a boolean named after it is false in ordinary rows.
        unset: whether a nullable date or time of it is NULL in most rows, whatever its table.
        last: whether its moment comes after all others in a row's life.
        mostly_null: whether any optional column named after it is NULL in most rows.
    """

    word: str
    false: bool = False
    unset: bool = False
    last: bool = False
    mostly_null: bool = False


RARE_STATES = (
    RareState("deleted", false=True, unset=True, last=True),
    RareState("archived", false=True, unset=True, last=True),
    RareState("removed", false=True, unset=True, last=True),
    RareState("revoked", false=True, unset=True),
    RareState("canceled", false=True, unset=True, mostly_null=True),
    RareState("cancelled", false=True, unset=True, mostly_null=True),
    RareState("banned", false=True, unset=True, mostly_null=True),
    RareState("suspended", false=True, unset=True, mostly_null=True),
    RareState("locked", false=True, unset=True, mostly_null=True),
    RareState("blocked", false=True, unset=True, mostly_null=True),
    RareState("disabled", false=True, unset=True),
    RareState("hidden", false=True),
    RareState("spam", false=True),
    RareState("deactivated", unset=True),
    RareState("expunged", unset=True),
    RareState("purged", last=True),
    RareState("died", last=True, mostly_null=True),
    RareState("death", last=True, mostly_null=True),
    RareState("deceased", last=True, mostly_null=True),
    *(
        RareState(word, mostly_null=True)
        for word in (
            "terminated", "termination", "resigned", "lockout", "error", "exception", "refunded", "cancel",
            "cancellation", "lost", "rejected", "rejection", "failure",
        )
    ),
)  # fmt: skip
# Alternatives of regular expressions.
FALSE_WORDS = "|".join(state.word for state in RARE_STATES if state.false)
UNSET_WORDS = "|".join(state.word for state in RARE_STATES if state.unset)
LAST_WORDS = "|".join(state.word for state in RARE_STATES if state.last)
MOSTLY_NULL_WORDS = "|".join(state.word for state in RARE_STATES if state.mostly_null)


BIRTH, CREATED, UPDATED, DELETED = 0, 10, 90, 95
_ORDERED, _START, _ENTRY, _END, _DUE, _LAST, _LEFT, _EVALUATED, _AGAIN = 20, 40, 41, 60, 70, 80, 85, 87, 88
_OTHER = 25


@dataclass(frozen=True)
class Moment(Declaration):
    """An event in the life of a row: the counterpart of a text's ``Meaning``.

    Attributes:
        name: what it is called.
        rank: its place in the row's life; a greater one is later.
        names: searched in the normalized name of a column.
    """

    name: str
    rank: int
    names: re.Pattern[str]


def _moment(name: str, rank: int, names: str, essential: str = "", optional: str = "") -> Moment:
    return Moment(name, rank, re.compile(names), essential=essential, optional=optional)


# The first whose names a column has counts.
MOMENTS = (
    _moment("birth", BIRTH, r"_(birth|birthday|born)_"),
    _moment("end of use", DELETED, rf"_({LAST_WORDS})_"),
    _moment(
        "early end",
        _LEFT,
        r"_(canceled|cancelled|cancellation|revoked|banned|deactivated|suspended|rejected|declined|denied|failed|failure|voided"
        r"|withdrawn|retired|disposed|discontinued|decommissioned|aborted|lost|bounced|dropped(?!_off)|disabled|blocked|locked"
        r"|frozen|unsubscribed|reversed|missed|uncollectible|skipped|abandoned|interrupted|discarded|quit)_|_expired_at_",
    ),
    _moment(
        "new beginning",
        _AGAIN,
        r"_(retried|resumed|reopened|restored|unlocked|unblocked|reinstated|reactivated|unsuspended|recovered)_",
    ),
    _moment(
        "change",
        UPDATED,
        r"_(updated?|modified|changed|edited|synced|refreshed|mtime)_|_last_(change|edit|modification|update)_",
        essential="updated",
    ),
    _moment("last of several", _LAST, r"_last_|_latest_", optional=r"last_(login|sign|seen|active)\w*"),
    _moment(
        "deadline",
        _DUE,
        r"_(expires?|expired|expiry|expiration|maturity|matures|due|deadline|renews?|renewal|next|required"
        r"|followup|revisit|recheck|reinspection|retest|callback|recall)_|_follow_up_(?!completed|done)",
    ),
    _moment("actual end", 86, r"_ended_|_moved?_out_"),
    _moment("evaluation", _EVALUATED, r"_(rated|scored|billed|reconciled|transcribed)_|_signed_off_"),
    _moment("repayment", 64, r"_(refunded|repaid|reimbursed)_"),
    _moment("close", 62, r"_(closed|graded)_|_close_date_"),
    _moment("solution", 58, r"_(resolved|solved|resulted|fixed)_"),
    _moment(
        "end",
        _END,
        r"_(end|ends|ending|finish|finishes|finished|complete|completed|close|closes|closing|until|through"
        r"|checkout|dropoff|arrival|arrives|arrived|return|returned|stop|stopped|left|thru|till"
        r"|termination|terminated|resigned|discharged|graduated|graduation|exited|exit|vacated)_"
        r"|_(check|clock|punch|sign)(ed)?_out_"
        r"|_(valid|effective|active|available|date)_to_|_to_(date|time|at)_|^_to_$|_drop(ped)?_off_",
        essential="end|ends|to|out",
    ),
    _moment(
        "reading",
        52,
        r"_(read|seen|opened(?!_(on|date)_)(?<!_date_opened)|clicked|answered|replied|acknowledged)_",
    ),
    _moment("outcome", 55, r"_(settled|cleared|sold|funded|adopted|won|landed|filled|redeemed|fulfilled)_"),
    _moment("delivery", 50, r"_(delivered|delivery|received|installed|served)_"),
    _moment("shipment", 45, r"_(shipped|shipping|dispatched|collected)_|_picked_up_"),
    _moment("packing", 44, r"_packed_"),
    _moment("processing", 43, r"_(processed|prepared|ready|picked)_"),
    _moment("period within", 43, r"_(current_\w+|trial)_(start|starts|begin|begins|from)_"),
    _moment("payment", 42, r"_(paid|captured|activated|published|disbursed)_|_payment_(date|time|at|on)_"),
    _moment("entry", _ENTRY, r"_(hired|hire|joined|enrolled|enrollment)_"),
    _moment(
        "actual start",
        41,
        r"_(started|began|begun|departed|admitted|boarded|launched|listed|seated|deployed|entered)_"
        r"|_(checked|clock|clocked|punch|punched)_in_|_moved?_in_",
    ),
    _moment(
        "start",
        _START,
        r"_(start|starts|starting|begin|begins|beginning|from|checkin|pickup|departure|departs|opens|opening)_"
        r"|_check_in_|_pick_up_|_since_",
        essential="start|starts|started|begin|from|in",
    ),
    _moment(
        "confirmation",
        39,
        r"_(confirmed|approved|accepted|verified|signed|authorized|viewed|decided|offered)_",
    ),
    _moment("interview", 38, r"_(interviewed)_"),
    _moment("review", 37, r"_(reviewed|screened|assessed)_"),
    _moment("sending", 35, r"_sent_"),
    _moment("answer", 28, r"_(responded|response|contacted)_"),
    _moment("making of a document", 27, r"_(invoiced|generated|compiled)_|_invoice_(date|at|on)_"),
    _moment("assignment", 26, r"_(assigned|triaged)_"),
    _moment(
        "order",
        _ORDERED,
        r"_(ordered|order|placed|requested|scheduled|booked|issued|issue|submitted|invited|reported|applied|detected"
        r"|queued|filed)_|_opened_on_|_date_opened_|_opened_date_",
    ),
    _moment(
        "occurrence",
        15,
        r"_(occurred|happened|acquired|purchased|commissioned|manufactured|incident|accident)_|_date_of_service_"
        r"|_(service|treatment|procedure)_(date|on|day)_"
        r"|_(loss|injury|onset)_(date|on|at|time)_|_date_of_(loss|injury|onset)_",
    ),
    _moment(
        "creation",
        CREATED,
        r"_(created|creation|inserted|registered|added|founded|established|ctime)_",
        essential="created|inserted|registered|date",
    ),
)
# Two columns whose names differ only in these words are the start and the end of one interval.
_FIRST_WORDS = frozenset((
    "start", "starts", "started", "starting", "begin", "begins", "began", "beginning", "from", "in",
    "checkin", "open", "opens", "opened", "opening", "departure", "departs", "pickup", "since", "admitted",
    "hire", "hired", "joined", "enrolled", "entered", "entry",
))  # fmt: skip
_LAST_WORDS = frozenset((
    "end", "ends", "ended", "ending", "finish", "finishes", "finished", "complete", "completed", "close",
    "closes", "closed", "closing", "until", "through", "to", "out", "checkout", "dropoff", "arrival",
    "arrives", "arrived", "return", "returned", "stop", "stopped", "left", "thru", "till", "discharged",
    "termination", "terminated", "graduated", "resigned", "exited", "exit",
))  # fmt: skip


def moment_of(words: str) -> Moment | None:
    """Return which moment a column is by its normalized name, None if that is unknown."""
    return next((found for found in MOMENTS if found.names.search(words)), None)


@lru_cache(maxsize=4096)
def moment_rank(name: str) -> int:
    """Return the place of a column's moment in a row's life: ``created_at`` before ``updated_at``."""
    found = moment_of(spelt(name))
    return _OTHER if found is None else found.rank


def precedes(first: str, second: str) -> bool:
    """Whether the moment of the column named ``first`` comes before that of ``second`` in a row's life."""
    before, after = moment_rank(first), moment_rank(second)
    # A birth date lies before all generated moments anyway, and an event may happen before it is due.
    if BIRTH in (before, after) or before == _DUE:
        return False
    if is_old(second):
        # Whoever is hired has applied before.
        return after == _ENTRY and _ORDERED <= before < _START and has_happened(first)
    if after in (UPDATED, DELETED, _LEFT):
        # Of planned moments only few have come when a row changes.
        return before < after and (before in (CREATED, UPDATED, _ORDERED) or has_happened(first))
    return before < after


@lru_cache(maxsize=4096)
def has_happened(name: str) -> bool:
    """Whether a moment is that of an event in the past by its name, such as ``shipped_at``, and not a planned one.

    Example:
        >>> has_happened("shipped_at"), has_happened("starts_at"), has_happened("due_on")
        (True, False, False)
    """
    words = [word for word in spelt(name).strip("_").split("_") if word not in ("at", "on", "date", "time")]
    if not words or moment_rank(name) == _DUE:
        return False
    return _HAPPENED.fullmatch(words[-1]) is not None or _HAPPENED.fullmatch(words[0]) is not None


_HAPPENED = re.compile(
    r"(?!due|planned|expected|estimated|promised)\w+ed|paid|payment|sent|read|seen|left|lost|won|begun|began"
)


@lru_cache(maxsize=4096)
def is_old(name: str) -> bool:
    """Whether a moment may lie years before the row was created, as the date of a hiring or a film's release."""
    return bool(
        re.search(
            r"_(hired?|joined(?!_at)|enrolled|founded|established|release|released_on|published_on|purchase|licensed|qualified"
            r"|built|constructed|manufactured|planted|incorporated|ordained)_|_(license|passport|certificate|visa)_issued?_",
            spelt(name),
        )
    )


# What is arrived at before it is left, other than a journey.
_STAYS = frozenset(
    (
        "stop",
        "visit",
        "stay",
        "guest",
        "booking",
        "reservation",
        "layover",
        "stopover",
        "accommodation",
        "waypoint",
    )
)


_LENT = frozenset(("rental", "loan", "lending", "borrowing", "checkout", "circulation"))
_ANSWERED = frozenset(("attempt", "response", "test", "exam", "quiz", "survey"))
_OPENED = frozenset(
    (
        "account",
        "wallet",
        "position",
        "vacancy",
        "job",
        "case",
        "ticket",
        "dispute",
        "claim",
        "branch",
        "store",
        "shop",
        "policy",
        "file",
        "incident",
        "issue",
        "tab",
        "shift",
        "session",
        "register",
    )
)


# What lasts for years after it is opened, built or taken into use.
_LASTING_WORDS = """
aircraft airport appliance arena bakery boat branch brewery bridge building campus center chair church cinema clinic
depot elevator equipment estate facility factory farm gallery garage gym harbor hospital hotel house library lift
location machine marina mine museum office park pier plant pool practice quarry reservoir restaurant school ship shop
site slope stadium station store studio substation tank terminal theater tower train tram tunnel vehicle venue vessel
vineyard warehouse winery
"""
_LASTING = frozenset(_LASTING_WORDS.split())
_IN_USE = re.compile(
    r"_(opened|opening|built|commissioned|installed|constructed|acquired|bought)_(on|date|at)?_?$"
)


@lru_cache(maxsize=4096)
def event_of(name: str, subject: str) -> str:
    """Return a column's name as that of an event: an arrival begins a stay, and ends a journey.

    Args:
        subject: the entity that a row describes.

    Example:
        >>> event_of("arrival_date", "reservation"), event_of("arrival_date", "flight")
        ('_checkin_date_', 'arrival_date')
    """
    if subject in _LASTING and _IN_USE.search(spelt(name)):
        return "founded_on"
    if subject in _OPENED and spelt(name) == "_opened_at_":
        # An account is opened before anything happens to it; a message, when it is read.
        return "opened_on"
    words = spelt(name)
    changed = words
    for subjects, pattern, replacement in _RENAMED:
        if subject in subjects:
            changed = pattern.sub(replacement, changed)
    if changed == words and moment_rank(words) == _OTHER and _is_own_event(words, subject):
        changed = "_occurred_at_"
    return name if changed == words else changed


def _nouns(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What is written down of something that has taken place: it is approved, verified and signed afterwards.
_RECORDS = _nouns("""
analysis assessment attendance audit consultation dive encounter examination exam finding game inspection lab match
measurement note observation operation procedure race reading record report result sample specimen surgery survey test
timesheet trip
""")
# Of these, an expense report, a timesheet and a trip are approved before they are paid.
_CONFIRMED_LAST = _RECORDS - {"report", "timesheet", "trip"}
_FINDINGS = _nouns("analysis examination finding lab measurement panel reading result sample scan specimen")
_WORKED = frozenset(("shift", "session", "visit", "delivery", "shipment", "call", "job"))
_ATTENDED = _nouns("""
appointment class concert event flight lesson meeting performance ride screening show therapy tour training treatment
walk work workout
""")
_CLAIMED = _nouns("claim reimbursement grant compensation benefit rebate")
# What is made public before it begins.
_ANNOUNCED = _ATTENDED | _nouns("""
auction campaign cohort competition conference contest course election exhibition expo fair festival fundraiser game
gathering hackathon hike match meetup program promotion raffle race retreat sale season semester session survey
tournament trip voyage webinar workshop
""")
_AGREEMENTS = _nouns("""
agreement amendment application consent contract deal document enrollment envelope estimate form grant hire lease loan
mortgage offer order petition policy proposal quote registration rental subscription tenancy transfer waiver
""")
_MOVED_MONEY = _nouns("""
bill charge credit debit deposit donation entry expense journal ledger payment payout posting receipt refund
remittance settlement transaction transfer withdrawal
""")
# By what a row is, words of other events for words in the names of its moments.
_RENAMED = tuple(
    (subjects, re.compile(pattern), replacement)
    for subjects, pattern, replacement in (
        # What is checked out is lent, and checked in when it comes back.
        (_LENT, r"_checked_out_|_checkout_|_check_out_", "_borrowed_start_"),
        (_LENT, r"_checked_in_|_checkin_|_check_in_", "_returned_"),
        # An attempt is begun before it is handed in.
        (_ANSWERED, r"_(submitted|handed_in|turned_in)_", "_finished_"),
        (_STAYS, r"_(arrival|arrived|arrives|arriving)_", "_checkin_"),
        (_STAYS, r"_(departure|departed|departs|departing|left)_", "_checkout_"),
        (
            _CONFIRMED_LAST,
            r"_(approved|verified|confirmed|reviewed|validated|authorized|countersigned|released)_",
            "_signed_off_",
        ),
        # A record is signed when it is complete, an agreement before it begins.
        (_RECORDS | _WORKED | _ATTENDED, r"_signed_(?!in_|up_|out_|off_)", "_signed_off_"),
        (_WORKED, r"_(approved|reviewed|verified)_", "_signed_off_"),
        (_FINDINGS, r"_reported_", "_resulted_"),
        # What is claimed is decided before it is paid.
        (_CLAIMED, r"_(resolved|adjudicated|determined|assessed)_", "_approved_"),
        (_CLAIMED, r"_acknowledged_", "_responded_"),
        (_ANNOUNCED, r"_(published|announced|publication|announcement|publicized)_", "_confirmed_"),
        (_MOVED_MONEY, r"_(posted|cleared|booked)_", "_settled_"),
    )
)


def is_agreement(table: Table) -> bool:
    """Whether a row of a table is signed before what it is about begins, as a contract is."""
    return subject_of(table.name.separated) in _AGREEMENTS


def _is_own_event(words: str, subject: str) -> bool:
    """Whether the verb of a moment is what the row is called after: ``played_at`` of a play."""
    verb = [word for word in words.strip("_").split("_") if word not in ("at", "on", "date", "time")]
    return len(verb) == 1 and len(subject) > 2 and verb[0] != subject and stem(verb[0]) == stem(subject)


def followed(name: str, others: Iterable[Column], subject: str = "") -> tuple[str, ...]:
    """Return the columns whose moments a column's moment follows: for the end of an interval, its start alone.

    Args:
        subject: the entity that a row describes.
    """
    names = {other.name: event_of(other.name, subject) for other in others}
    event = event_of(name, subject)
    partner = next((other for other, first in names.items() if are_ends(first, event)), None)
    if partner is not None:
        # What has happened has also come after what has happened in between.
        between = (
            other
            for other, first in names.items()
            if other != partner and has_happened(other) and precedes(first, event)
        )
        return (partner, *(between if has_happened(name) else ()))
    return tuple(
        other
        for other, first in names.items()
        if precedes(first, event)
        or (moment_rank(first) == moment_rank(event) and _is_unranked(first) and _is_unranked(event))
    )


def _is_unranked(name: str) -> bool:
    """Whether a moment happens without a known place in the row's life, so that its place in the table counts."""
    return moment_rank(name) in (_OTHER, _EVALUATED) and (has_happened(name) or spelt(name).endswith("_at_"))


# What takes place on a day, by the noun in the name of that day's column.
_TAKES_PLACE = _RECORDS | _WORKED | _ATTENDED
_DAY = re.compile(r"^_(?:date|day|date_of_(\w+)|(\w+)_(?:date|day|on))_$")
_WRITTEN_DOWN = re.compile(
    r"_(recorded|entered|logged|reported|generated|compiled|exported|imported|synced|printed|current|trial|period|valid"
    r"|expected|estimated|planned)_"
)


@memoized_by_identity
def same_days(table: Table) -> Mapping[str, str]:
    """Return the columns that tell of one event, a date and a timestamp, each by the other's name.

    Example:
        ``visit_date`` and ``checked_in_at`` of a visit, ``delivery_date`` and ``delivered_at`` of an order.
    """
    subject = subject_of(table.name.separated)
    columns = [column for column in table.columns if not column.type.array and not column.generated]
    times = [
        (column.name, moment_rank(event_of(column.name, subject)))
        for column in columns
        if is_date_or_timestamp(column.type)
        and not is_date(column.type)
        and not _WRITTEN_DOWN.search(column.words)
    ]
    begun = [name for name, rank in times if _START <= rank <= _ENTRY]
    begun += [name for name, rank in times if rank == _OTHER]
    found: dict[str, str] = {}
    for column in columns:
        day = _DAY.search(column.words) if is_date(column.type) else None
        if day is None:
            continue
        noun = day[1] or day[2] or subject
        own = [name for name, _ in times if _verb_of(name) == canonical(noun) != noun]
        if not own and (noun == subject or noun.split("_")[-1] in _TAKES_PLACE):
            own = begun if moment_rank(column.name) <= _OTHER else []
        if own and own[0] not in found:
            found |= {own[0]: column.name, column.name: own[0]}
    return found


def _verb_of(name: str) -> str:
    words = [
        word for word in spelt(name).strip("_").split("_") if word not in ("at", "on", "time", "timestamp")
    ]
    return canonical("_".join(words))


def on_day(
    name: str, day: object, earlier: Iterable[object], column_type: ColumnType
) -> PlausibleMoments | None:
    """Return the range of a moment on the day of another one, after earlier ones of that day.

    Returns:
        None without the other one, and where what ends or follows has come later than it.
    """
    found = as_moment(day)
    if found is None:
        return None
    midnight = datetime.combine(found.date(), time())
    if is_date(column_type):
        return PlausibleMoments(midnight, midnight)
    last = midnight + _CLOSING
    known = [moment for moment in map(as_moment, earlier) if moment is not None]
    if moment_rank(name) > _ENTRY and any(moment.date() > midnight.date() for moment in known):
        return None
    first = max(
        midnight + _OPENING,
        *(moment + _MINUTE for moment in known if (moment + _MINUTE).date() == midnight.date()),
    )
    return PlausibleMoments(first, max(first, last))


_OPENING, _CLOSING, _MINUTE = timedelta(hours=8), timedelta(hours=18), timedelta(minutes=1)
# The longest that lasts what takes place on a day.
LONGEST_OF_A_DAY = timedelta(hours=5)


def are_ends(first: str, second: str) -> bool:
    """Whether two columns, by name, are the start and the end of one interval.

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
    """Whether a moment usually lies in the future, as a deadline does."""
    return moment_rank(name) == _DUE


PERIOD = Meaning(
    "period of days",
    r"_(days?|period|age|term|trial)_",
    lambda ask: interval(ask.context.column.type, ask.context.domain, ask.faker.random, days=True),
    types=is_interval,
    comments=False,
)


@lru_cache(maxsize=4096)
def is_appointed(name: str) -> bool:
    """Whether a moment is agreed upon by people, at a full quarter of an hour."""
    return bool(
        re.search(
            r"_(starts?|starting|begins?|ends?|ending|opens?|opening|closes?|closing|departure|departs|arrival|arrives"
            r"|scheduled|appointment|due|deadline|pickup|meeting)_",
            spelt(name),
        )
    )


_AT_WORK = re.compile(
    r"_(appointment|meeting|interview|invoice|invoiced|issue|issued|shift|delivery|delivered|dispatched|inspection"
    r"|inspected|viewing|hearing|consultation|hire|hired|hiring|payday|payroll|pay_date|due|audit|audited|training|exam"
    r"|exam_date|lesson|class|approved|reviewed|posted_on|work_date|enrollment)_"
)
_AGREED = re.compile(
    r"_(starts?|started|starting|ends?|ending|scheduled|begins?|held|date|on|at|for|from|to)_$"
)
_WORKING = frozenset((
    "appointment", "meeting", "interview", "invoice", "shift", "delivery", "inspection", "viewing", "hearing",
    "consultation", "lesson", "class", "training", "exam", "timesheet", "encounter", "visit", "audit", "expense",
))  # fmt: skip
# What happens at any hour.
_ANY_HOUR = re.compile(r"_(created|updated|modified|deleted|login|logged|seen|read|opened|expires?|birth)_")


@lru_cache(maxsize=4096)
def is_at_work(name: str, subject: str) -> bool:
    """Whether a moment lies on a weekday and within office hours, as an appointment does, by name and entity."""
    words = spelt(name)
    if _ANY_HOUR.search(words):
        return False
    return bool(_AT_WORK.search(words) or (subject in _WORKING and _AGREED.search(words)))


# The least and the greatest age, in years, of those that are no grown persons.
_AGES = {
    **dict.fromkeys(("student", "pupil"), (7, 22)),
    **dict.fromkeys(("child", "kid", "minor"), (1, 16)),
    **dict.fromkeys(("pet", "animal", "dog", "cat"), (1, 14)),
}


def of_age(name: str, subject: str, plausible: PlausibleMoments, today: date) -> PlausibleMoments:
    """Return the range of a birth that suits the entity, of any other moment the range as it is."""
    ages = _AGES.get(subject)
    if ages is None or moment_rank(name) != BIRTH:
        return plausible
    now = datetime.combine(today, END_OF_DAY)
    return plausible._replace(first=now - ages[1] * YEAR, last=now - ages[0] * YEAR)


# The age of persons.
_OLDEST, _YOUNGEST = 75 * YEAR, 20 * YEAR
_LONGEST_STEP = timedelta(days=25)
# From the first day to the last, by the word in the names of both.
_CALENDAR = {
    "week": (6 * DAY, 6 * DAY),
    "fortnight": (13 * DAY, 13 * DAY),
    "month": (27 * DAY, 30 * DAY),
    "quarter": (89 * DAY, 91 * DAY),
    "period": (27 * DAY, 30 * DAY),
}


def believable_moments(
    name: str,
    column_type: ColumnType,
    domain: ValueDomain,
    after: Iterable[object] = (),
    today: date = DEFAULT_DATE,
) -> PlausibleMoments:
    """Return the plausible range of a moment.

    Args:
        name: the column's name.
        column_type: a date, a timestamp with or without time zone, or a time of day.
        domain: the column's value domain.
        after: moments of the row that this one follows, unless a constraint says otherwise.
        today: the reference date of the rows.
    """
    earlier = [found for found in map(as_moment, after) if found is not None]
    if is_time(column_type):
        if earlier:
            start = min(max(earlier) + QUARTER, datetime(2000, 1, 1, 23, 59, 59))
            return PlausibleMoments(start, max(start, datetime(2000, 1, 1, 22)), quarters=True)
        usual = any_moment(column_type, domain, today)
        opening = re.search(r"_(opens?|opening)_", spelt(name))
        return usual._replace(last=datetime(2000, 1, 1, 10)) if opening else usual
    if domain.after_clock:
        return any_moment(column_type, domain, today)._replace(quarters=is_appointed(name))
    now = datetime.combine(today, END_OF_DAY)
    return PlausibleMoments(*_of_life(name, column_type, earlier, now), quarters=is_appointed(name))


def _of_life(
    name: str, column_type: ColumnType, earlier: Sequence[datetime], now: datetime
) -> tuple[datetime, datetime]:
    """The range of a date or timestamp, by its place in the row's life."""
    words = spelt(name)
    if moment_rank(name) == BIRTH:
        return now - _OLDEST, now - _YOUNGEST
    if is_old(name) and not earlier:
        years = 30 if re.search(r"_(founded|established|release|released)_", words) else 10
        return now - years * YEAR, now - 30 * DAY
    for_years = _FOR_YEARS.search(words) is not None
    if not earlier:
        # A due date that follows no other moment lies around the reference date.
        ahead = 3 * YEAR if for_years else 60 * DAY
        return (now - 60 * DAY, now + ahead) if lies_ahead(name) else (now - YEAR, now)
    start = max(earlier)
    if lies_ahead(name):
        return (start + YEAR, start + 6 * YEAR) if for_years else (start + DAY, start + 60 * DAY)
    least, most = _length(words, is_date(column_type))
    if _GIVEN_UP.search(words) and now - start > 2 * YEAR:
        least, most = YEAR / 2, now - start
    if start + least > now:
        return start + least, start + most
    # At most half of the time that is left, because further moments may follow this one.
    return start + least, max(start + least, min(start + most, start + (now - start) / 2))


# What expires after years, and the end of what has been there for years.
_FOR_YEARS = re.compile(
    r"_(license|passport|certificate|certification|visa|warranty|insurance|accreditation|guarantee|registration)_"
)
_GIVEN_UP = re.compile(
    r"_(left|closed|sold|retired|decommissioned|discontinued|scrapped|demolished|disbanded|resigned|terminated|removed)_"
)


@lru_cache(maxsize=4096)
def _length(words: str, dated: bool) -> tuple[timedelta, timedelta]:
    """The least and the greatest plausible duration of an interval, by its end: the name, and whether it is a date."""
    if "_trial_" in words:
        return 7 * DAY, 30 * DAY
    if dated:
        found = next((length for word, length in _CALENDAR.items() if f"_{word}_" in words), None)
        if found:
            return found
    if re.search(
        r"_(period|valid|effective|contract|membership|lease|policy|warranty|subscription|termination)_",
        words,
    ):
        return 30 * DAY, YEAR
    if re.search(r"_(checked_in|arrived|boarded)_", words) and not dated:
        return timedelta(minutes=1), 3 * QUARTER
    if re.search(r"_(started|began|finished|ended)_", words) and not dated:
        return timedelta(minutes=1), 32 * QUARTER
    if re.search(r"_(graduated|graduation|resigned)_", words):
        return YEAR, 4 * YEAR
    if dated:
        return DAY, 14 * DAY
    if re.search(r"_(ends?|ending|arrival|arrives|finish|closes)_", words):
        return 2 * QUARTER, 16 * QUARTER
    return timedelta(minutes=10), _LONGEST_STEP
