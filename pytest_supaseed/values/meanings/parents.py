"""The times of the rows that a row references, and of its own beginning and end.

:func:`times_of_parents` finds the times before which, and after which, no moment of a row lies: an order comes after
its customer. The values are read from the row, under the names of :mod:`~pytest_supaseed.model.referenced`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from pytest_supaseed.constraints.column import memoized_by_identity
from pytest_supaseed.model.identifiers import singular, spelt, subject_of
from pytest_supaseed.model.referenced import ReferencedTable
from pytest_supaseed.model.schema import Column, ColumnType, Table
from pytest_supaseed.model.type_families import (
    is_date,
    is_date_or_timestamp,
)
from pytest_supaseed.values.meanings.moments import (
    BIRTH,
    CREATED,
    is_agreement,
    lies_ahead,
    moment_rank,
    same_days,
)
from pytest_supaseed.values.types.date_time import DAY, END_OF_DAY, PlausibleMoments, as_moment

# Moments that say nothing of when the row came into being, though its name calls them a beginning.
_ELSEWHERE = (
    "birth|birthday|born|founded|established|release|released|manufactured|produced|effective|valid|warranty|passport"
    "|license|visa|policy|expiry|expires?|fiscal|vintage|model|previous"
)
_VALID_FROM = re.compile(r"^_(valid|effective|available|on_sale)_from_|^_effective_(date|on|at|since)_")
_OF_SOMETHING_ELSE = re.compile(rf"_({_ELSEWHERE})_")
_NO_BEGINNING = re.compile(
    rf"_({_ELSEWHERE}|scheduled|planned|expected|estimated|target|preferred|reminder|next|last)_"
)
_STARTED = re.compile(r"_(started|began|begun|opened|admitted|since|checkin|departed)_")
# The rank of a moment that ends the life of a row.
_ENDS = 60
_BEGUN = re.compile(
    r"_(started|began|begun|admitted|departed|occurred|happened|performed|visited|attended)_|_(checked|clocked?)_in_"
)
_ORDERED = re.compile(
    r"_(ordered|order|placed|requested|booked|booking|issued|issue|submitted|joined|enrolled|enrollment|signed|hired?"
    r"|subscribed|registered|registration)_"
)
# What begins with a report of it.
_GIVEN_NOTICE_OF = frozenset((
    "request", "maintenance_request", "maintenancerequest", "incident", "issue", "ticket", "defect", "complaint",
    "claim", "accident", "outage", "fault", "bug", "hazard", "violation", "case", "theft", "loss",
))  # fmt: skip
_LENT = re.compile(r"_(checked_out|borrowed|loaned|lent|rented)_")
# What is signed when it is made; a record is signed when it is complete.
_SIGNED = re.compile(r"_signed_(?!off_|out_|in_)")
# Events of a row, each with those of a referenced row that it follows: a result when its specimen was taken.
_AFTER = tuple(
    (re.compile(rf"_({events})_"), re.compile(rf"_({before})_(at|on|date|time)_"))
    for events, before in (
        (
            "reported|resulted|result|analy[sz]ed|measured|tested|examined|verified|validated|released|recorded|read"
            "|performed",
            "collected|sampled|drawn|received|taken|collection|sampling",
        ),
        ("delivered|unloaded|handed_over|dropped_off|served", "arrived|docked"),
        (
            "submitted|attempted|turned_in|handed_in|answered|viewed|downloaded|voted",
            "published|released|posted",
        ),
    )
)
# What is prepared for before it takes place, and how.
_PREPARED_WORDS = """
appointment booking class concert conference course event flight game lesson match meeting performance race
reservation retreat schedule screening season session show tour tournament trip voyage webinar workshop
"""
_PREPARED = frozenset(_PREPARED_WORDS.split())
_PREPARING = re.compile(
    r"_(created|booked|booking|reserved|registered|registration|invited|purchased|issued|ordered|requested|assigned|added"
    r"|enrolled|sent|submitted|paid|payment|scheduled|joined|signed)_"
)
_SCHEDULED = re.compile(r"_(scheduled|planned)_")
# Of a row that is about what has been agreed upon: the start of an encounter, after that of its appointment.
_TAKES_PLACE = re.compile(
    r"_(started|began|begun|admitted|attended|boarded|departed|loss|incident|accident)_|_checked_in_"
)
_APPOINTED = re.compile(
    r"_(starts?|begins?|scheduled|planned|checkin|departs|departure|appointment|effective)_|_check_in_"
)
_APPOINTED_END = re.compile(r"_(ends?|arrival|arrives|until|to|finish|return|by|period|trial)_")
_ENDED = re.compile(r"_(closed|ended|deleted|archived|removed|deactivated|terminated|discharged|disbanded)_")
_HAPPENED = re.compile(r"_date_$|^_(at|on|timestamp|day|time)_$|ed_(at_|on_)?$|_(made|sent|seen|paid|taken)_")
# What others may refer to only once it is open to them, and what they do with it then.
_PUBLIC = re.compile(
    r"_(published|launched|went_live|listed|released|announced|activated)_(at|on|date|time)_|_(publication|launch)_date_"
)
_REACTIONS = frozenset((
    "order", "booking", "reservation", "registration", "application", "enrollment", "comment", "review", "rating",
    "vote", "bid", "offer", "view", "impression", "click", "like", "reaction", "bookmark", "favorite", "share",
    "submission", "response", "answer", "attendance", "attendee", "participant", "rsvp", "signup", "subscription",
    "purchase", "sale", "donation", "pledge", "entry", "inquiry", "enquiry", "viewing", "check_in", "checkin",
    "download", "redemption", "ticket", "waitlist", "report",
))  # fmt: skip
# What is made out of another row, and the moments of that row which it follows beside the beginning.
_MADE_OUT_OF: tuple[tuple[frozenset[str], frozenset[str], re.Pattern[str]], ...] = tuple(
    (frozenset(made.split()), frozenset(out_of.split()), re.compile(rf"_({moments})_(at|on|date|time)_"))
    for made, out_of, moments in (
        ("refund chargeback dispute payout", "", "paid|captured|charged|settled|payment"),
        ("return rma", "order sale purchase shipment delivery", "paid|shipped|delivered|received"),
        ("review rating feedback testimonial",
         "order booking stay visit appointment rental trip ride job delivery session",
         "delivered|completed|checked_out|returned|finished|ended|received"),
        ("lease contract agreement policy loan membership enrollment employee employment placement hire account "
         "tenancy adoption grant admission student", "application proposal offer quote candidate applicant lead",
         "decided|decision|approved|accepted|submitted|applied"),
        ("order job project contract invoice booking deal agreement workorder work_order policy shipment",
         "quote quotation estimate proposal cart basket bid lead opportunity offer",
         "accepted|approved|sent|issued|won|converted|checked_out|submitted"),
        ("workorder work_order order job purchase visit inspection repair dispatch task incident response assignment",
         "request requisition maintenancerequest maintenance_request report complaint",
         "approved|reported|requested|triaged|accepted|submitted|acknowledged"),
        ("shipment delivery fulfillment package parcel dispatch consignment", "order sale purchase",
         "confirmed|paid|placed|approved"),
        ("stay visit rental encounter trip ride checkin check_in", "booking reservation appointment",
         "confirmed|booked|approved"),
        ("receipt goods_receipt receiving", "order purchase_order", "sent|ordered|approved|placed"),
        ("disbursement repayment installment", "loan claim grant credit", "approved|disbursed|funded"),
        ("settlement payment payout", "claim reimbursement expense", "approved|submitted|filed"),
        ("certificate diploma", "enrollment attempt course_enrollment registration", "completed|passed|graduated"),
        ("appeal", "decision claim application case", "decided|rejected|denied"),
        ("proof signature proof_of_delivery proofofdelivery", "stop delivery shipment visit",
         "arrived|delivered|completed"),
        ("payment receipt reminder", "invoice bill", "issued|sent|finalized"),
    )
)  # fmt: skip
# What holds for a while, within which it is used.
_VALID_FOR_A_WHILE = frozenset((
    "code", "coupon", "voucher", "discount", "promotion", "promo", "promo_code", "deal", "pass", "offer", "permit",
    "promocode", "gift_card",
))  # fmt: skip
_FROM = re.compile(
    r"^_(valid|active|effective|starts?|available|begins?)_(from|at|on|date|since)_$|^_(starts|begins)_$"
)
_UNTIL = re.compile(
    r"^_(valid|active|effective|available)_(until|to|till|through|thru)_$|^_(ends?|expires?|expiration|expiry)_(at|on|date)_$"
)


@dataclass(frozen=True)
class TimesOfParents:
    """The times of referenced rows that a moment follows.

    Attributes:
        since: names of times before which it does not lie.
        until: names of times after which it does not lie, where it can.
    """

    since: tuple[str, ...] = ()
    until: tuple[str, ...] = ()

    @property
    def uses(self) -> tuple[str, ...]:
        """All of the names."""
        return (*self.since, *self.until)


NO_TIMES = TimesOfParents()


def times_of_parents(
    column: Column, parents: Iterable[ReferencedTable], table: Table | None = None
) -> TimesOfParents:
    """Return the times of referenced rows that a moment of the row's own life follows.

    Args:
        column: a date or timestamp.
        parents: the tables that its row references.
        table: of the column; None where the column stands alone.
    """
    if not follows_parents(column):
        return NO_TIMES
    first = is_beginning(column)
    takes_place = _TAKES_PLACE.search(column.words) is not None or (
        table is not None and column.name in took_place(table)
    )
    since: list[str] = []
    until: list[str] = []
    told: dict[str, bool] = {}
    for parent in parents:
        if parent.via and told.get(parent.foreign_key.name, True):
            # What comes after the referenced row comes after those that this row references.
            continue
        begun = beginnings(parent.table)
        told.setdefault(parent.foreign_key.name, bool(begun))
        if parent.itself:
            # The rows of a table are made one after another: a reply after what it replies to.
            since += [parent.prefix + column.name] if column.name in begun else []
            continue
        since += [parent.prefix + name for name in begun]
        if table is not None:
            opened = (parent.prefix + name for name in _passed(table, parent.table))
            since += [found for found in opened if found not in since]
        since += [
            found
            for name in took_place(parent.table)
            if (found := parent.prefix + name) not in since
            and not (parent.subject.strip("_") in _PREPARED and _PREPARING.search(column.words))
        ]
        for events, before in _AFTER:
            if events.search(column.words):
                told_of = (
                    each for each in parent.table.columns if _is_moment(each) and before.search(each.words)
                )
                since += [found for each in told_of if (found := parent.prefix + each.name) not in since]
        if takes_place:
            appointed = appointed_starts(parent.table)
            since += [found for name in appointed if (found := parent.prefix + name) not in since]
        if first:
            until += [parent.prefix + name for name in ends(parent.table)]
            if not parent.via and not _VALID_FOR_A_WHILE.isdisjoint(_nouns(parent.table)):
                first_day, last_day = (_called(parent.table, pattern) for pattern in (_FROM, _UNTIL))
                since += [found for name in first_day if (found := parent.prefix + name) not in since]
                until += [parent.prefix + name for name in last_day]
    return TimesOfParents(tuple(since), tuple(until))


@memoized_by_identity
def _nouns(table: Table) -> frozenset[str]:
    """What a row of a table is, in its last word and in its last two: ``order`` and ``work_order``."""
    words = spelt(table.name.separated).strip("_").split("_")
    subject = subject_of(table.name.separated)
    return frozenset((subject, singular(words[-1]), "_".join([*words[-2:-1], singular(words[-1])])))


def _called(table: Table, pattern: re.Pattern[str]) -> list[str]:
    return [column.name for column in table.columns if _is_moment(column) and pattern.search(column.words)]


def _passed(table: Table, parent: Table) -> list[str]:
    """The moments of a referenced row which a row comes after, though it is older itself by then.

    Orders come after the event was published, a lease after the application was decided.
    """
    own, its = _nouns(table), _nouns(parent)
    patterns = [
        moments
        for made, out_of, moments in _MADE_OUT_OF
        if not made.isdisjoint(own) and (not out_of or not out_of.isdisjoint(its))
    ]
    if not own.isdisjoint(_REACTIONS):
        patterns.append(_PUBLIC)
    return [
        column.name
        for column in parent.columns
        if _is_moment(column)
        and not _NO_BEGINNING.search(column.words)
        and not lies_ahead(column.name)
        and any(pattern.search(column.words) for pattern in patterns)
    ]


def follows_parents(column: Column) -> bool:
    """Whether a column is a moment in the life of its row, which cannot come before the rows that it references."""
    if not is_date_or_timestamp(column.type) or column.type.array:
        return False
    words = column.words
    return (
        moment_rank(column.name) != BIRTH
        and not lies_ahead(column.name)
        and (_OF_SOMETHING_ELSE.search(words) is None or _VALID_FROM.search(words) is not None)
    )


def is_beginning(column: Column) -> bool:
    """Whether a moment is the first of its row's life."""
    words = column.words
    return moment_rank(column.name) == CREATED or bool(_ORDERED.search(words) or _STARTED.search(words))


@memoized_by_identity
def beginnings(table: Table) -> tuple[str, ...]:
    """Return the moments at which a row of a table came into being, as its columns tell; empty where none does.

    Example:
        A user's ``created_at``, an order's ``created_at`` and ``ordered_at``, a visit's ``visit_date``.
    """
    moments = [(column.name, column.words) for column in table.columns if _is_moment(column)]
    own = [(name, words) for name, words in moments if not _NO_BEGINNING.search(words)]
    created = [name for name, _ in own if moment_rank(name) == CREATED]
    if any("_closed_" in words for _, words in moments):
        # What is opened and closed begins with the opening.
        created += [name for name, words in own if "_opened_" in words and not table.column(name).nullable]
    lent = any("_due_" in words for _, words in moments)
    record = any(_STARTED.search(words) for _, words in own) and not is_agreement(table)
    ordered = [
        name
        for name, words in own
        if (_ORDERED.search(words) or (lent and _LENT.search(words)))
        and name not in created
        and not (record and _SIGNED.search(words))
    ]
    if not ordered and not _GIVEN_NOTICE_OF.isdisjoint(_nouns(table)):
        ordered = [name for name, words in own if "_reported_" in words and not table.column(name).nullable]
    if created or ordered:
        return (*created, *ordered)
    started = [name for name, words in own if _STARTED.search(words)]
    subject = f"_{subject_of(table.name.separated)}_"
    happened = sorted(
        (name for name, words in own if _HAPPENED.search(words) and not lies_ahead(name)),
        key=lambda name: not table.column(name).words.startswith(subject),
    )
    # What ends a row's life tells of its beginning only where nothing else does.
    happened, ended = (
        [name for name in happened if (moment_rank(name) >= _ENDS) == late] for late in (False, True)
    )
    scheduled = [name for name, words in moments if _SCHEDULED.search(words)]
    valid = [name for name, words in moments if _VALID_FROM.search(words)]
    certain = [[name for name in names if not table.column(name).nullable] for names in (started, happened)]
    told = (*certain, started, happened, scheduled, valid, ended)
    found = next((names[:1] for names in told if names), [])
    if found and table.column(found[0]).nullable:
        # Of what has not begun, it is known when it shall.
        found += [name for name in scheduled[:1] if name not in found]
    return tuple(found)


@memoized_by_identity
def took_place(table: Table) -> tuple[str, ...]:
    """Return the moments at which what a row of a table tells of has taken place, where each row has taken place.

    Example:
        ``encounter_date`` and ``started_at`` of an encounter, neither of which may be NULL.
    """
    begun = [
        column.name
        for column in table.columns
        if _is_moment(column)
        and not column.nullable
        and _BEGUN.search(column.words)
        and not _NO_BEGINNING.search(column.words)
    ]
    days = same_days(table)
    return (*begun, *(days[name] for name in begun if name in days))


def _is_moment(column: Column) -> bool:
    return is_date_or_timestamp(column.type) and not column.type.array


@memoized_by_identity
def appointed_starts(table: Table) -> tuple[str, ...]:
    """Return the moments at which what a row of a table is about shall start: what takes place then comes after it."""
    return tuple(
        column.name
        for column in table.columns
        if is_date_or_timestamp(column.type)
        and not column.type.array
        and _APPOINTED.search(column.words)
        and not _APPOINTED_END.search(column.words)
    )


@memoized_by_identity
def ends(table: Table) -> tuple[str, ...]:
    """Return the moments after which nothing new belongs to a row of a table."""
    return tuple(
        column.name for column in table.columns if _is_moment(column) and _ENDED.search(column.words)
    )


def after_parents(
    plausible: PlausibleMoments,
    since: Iterable[object],
    until: Iterable[object],
    column_type: ColumnType,
    today: date,
) -> PlausibleMoments:
    """Return the part of a plausible range that lies after the beginning of parents, and before their end.

    Args:
        plausible: of the moment, by its own row.
        since: times of referenced rows before which it does not lie; a parent's time wins over the range.
        until: times after which it does not lie, where this leaves any.
        column_type: of the moment.
        today: the upper end, as far as the parents are not later.

    Example:
        >>> usual = PlausibleMoments(datetime(2025, 1, 1), datetime(2025, 12, 31))
        >>> type_ = ColumnType("timestamp", "timestamp")
        >>> after_parents(usual, [datetime(2025, 12, 30)], [], type_, date(2025, 12, 31)).first
        datetime.datetime(2025, 12, 30, 0, 0)
    """
    first, last = plausible.first, plausible.last
    start = latest_of(since, column_type, today)
    if start is not None and start > first:
        now = datetime.combine(today, END_OF_DAY)
        span = last - first
        first = start
        if plausible.last >= now:
            # Further moments may follow.
            last = max(first, now - (now - first) / 8)
        elif first >= last:
            last = first + (min(span, (now - first) / 2) if first < now else _AFTERWARDS)
    limits = [found for found in map(as_moment, until) if found is not None and found >= first]
    if limits:
        last = min(last, *limits)
    return plausible._replace(first=first, last=max(first, last))


def latest_of(since: Iterable[object], column_type: ColumnType, today: date) -> datetime | None:
    """Return the moment before which no value of a column lies, None where there is none.

    Args:
        since: times of referenced rows.
        column_type: of the column: of the day of a time, a date is the midnight before.
        today: the upper end.
    """
    start = max((found for found in map(as_moment, since) if found is not None), default=None)
    if start is not None and is_date(column_type) and start.time() > time() and start.date() < today:
        return datetime.combine(start.date() + DAY, time())
    return start


# After a parent that is later than today, as the rows of a load may be.
_AFTERWARDS = timedelta(days=25)
