"""The lives of rows, as data: the words of a status, in the order in which a row passes through them.

:data:`LIVES` declares each life: a way of places, each with its words, and branches that leave the way at a place.
:func:`life_of` finds the life of a status column by its words and its table; :meth:`Life.happened` tells whether a
row with some status has been through an event, by the event's word: a shipped order has been paid for and has not been
delivered. :func:`canonical` maps the forms of a word to one: ``shipment`` and ``dispatched`` are ``shipped``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from pytest_supaseed.constraints.column import memoized_by_identity, value_domain
from pytest_supaseed.model.identifiers import in_ascii
from pytest_supaseed.model.schema import Column, Table
from pytest_supaseed.model.translations import STATES
from pytest_supaseed.model.type_families import is_integer, is_string

# Words of statuses and of columns that mean the same everywhere, after the word that stands for them.
_FORMS = """
cancelled: canceled cancel cancellation cancelation canceling cancelling called_off canc cncl cxl
rejected: reject rejection declined decline denied denial refused refusal disapproved turned_down
failed: fail failure error errored exception
completed: complete completion compl cmpl
succeeded: success successful ok
finished: finish
fulfilled: fulfillment fulfilment fulfill
shipped: ship shipping shipment dispatched dispatch shp shpd
delivered: deliver delivery dlv dlvd
paid: pay payment payout
captured: capture
approved: approve approval appr apprv
accepted: accept acceptance
confirmed: confirm confirmation conf
verified: verify verification
submitted: submit submission
refunded: refund
returned: return
published: publish publication
resolved: resolve resolution
closed: close closing closure clsd
archived: archive archival
deleted: delete deletion removed removal trashed
suspended: suspend suspension
deceased: death died dead_on
terminated: terminate termination
void: voided voiding
waived: waive waiver
started: start began begun
ended: end
assigned: assign assignment
enrolled: enroll enrollment enrolment
discharged: discharge
admitted: admit admission
graded: grading
signed: signature signing
checked_in: check_in checkin
checked_out: check_out checkout
no_show: noshow dna did_not_attend nshow
sent: send
acknowledged: ack acknowledge acknowledgement
locked: lock
blocked: block
banned: ban
deactivated: inactive disabled deactivation disable
activated: activation
withdrawn: withdraw withdrawal
invited: invite invitation
revoked: revoke revocation
dismissed: dismiss dismissal
lost: loss
dropped: drop dropout
responded: response first_response first_responded replied reply
logged_in: login sign_in signed_in last_login last_sign_in last_signed_in last_logged_in
processed: process
received: receive receipt recd rcvd
collected: collect collection
dispensed: dispense
abandoned: abandonment
in_progress: inprogress wip inprog in_prog
on_hold: hold
used: use
trialing: trial trialling
decided: decision
disbursed: disburse disbursement disbursal
defaulted: in_default
paid_off: payoff
reversed: reversal reverse
"""


def _forms() -> dict[str, str]:
    found = {}
    for line in _FORMS.strip().splitlines():
        word, _, others = line.partition(":")
        found.update(dict.fromkeys(others.split(), word))
    return found


FORMS = _forms()
_NO_WORD = re.compile(r"[^0-9a-z]+")


@lru_cache(maxsize=8192)
def label_word(label: str) -> str:
    """Return a status as lives spell it: ``In Progress``, ``IN-PROGRESS`` and ``inProgress`` are ``in_progress``."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", label)
    words = _NO_WORD.sub("_", (spaced if spaced.isascii() else in_ascii(spaced)).lower()).strip("_")
    return "_".join(STATES.get(word, word) for word in words.split("_"))


# A comment that is nothing but a list of values: "active, suspended or expired", "one of: open | closed".
_LIST = re.compile(
    r"^(?:[A-Za-z][A-Za-z ]{0,28}:\s*|(?:one of|either|can be|may be)\s+)?"
    r"[(\[]?(?P<list>['\"]?[A-Za-z][\w-]*['\"]?(?:\s*(?:,\s*or\b|,|/|\||->|→|;|\bor\b)\s*['\"]?[A-Za-z][\w-]*['\"]?)+)"
    r"[)\]]?\.?$",
    re.IGNORECASE,
)


def listed_in(comment: str, default: str | None = None) -> tuple[str, ...]:
    """Return the values that a comment is a list of; empty where it is none, or leaves out the default.

    Example:
        >>> listed_in("active, suspended or expired"), listed_in("what it costs")
        (('active', 'suspended', 'expired'), ())
    """
    found = _LIST.match(comment.strip()) if comment else None
    if found is None:
        return ()
    labels = tuple(dict.fromkeys(re.findall(r"(?!or\b)[A-Za-z][\w-]*", found["list"])))
    return labels if default is None or default in labels else ()


# What the values of a status stand for, in a comment: "0 = open, 1 = paid".
_CODE = re.compile(
    r"(?<![\w.])(?P<code>\d+|[A-Z]{1,3})\s*(?:=|:|->|–|\bis\b|\bmeans\b|(?<=\s)-(?=\s))\s*'?"
    r"(?P<word>[A-Za-z][A-Za-z _-]*[A-Za-z])"
)
_FEWEST_CODES = 2


def codes_of(column: Column) -> dict[object, str]:
    """Return the statuses that the values of a column stand for, by value; none where its comment does not say it."""
    if not column.comment:
        return {}
    numbers = is_integer(column.type)
    found: dict[object, str] = {}
    for match in _CODE.finditer(column.comment):
        if match["code"].isdecimal() == numbers:
            found[int(match["code"]) if numbers else match["code"]] = match["word"].strip().replace(" ", "_")
    return found if len(found) >= _FEWEST_CODES else {}


@memoized_by_identity
def states_of(table: Table, column: Column) -> tuple[tuple[object, str], ...]:
    """Return the values that a column may have, each with the word for it; empty where they are not listed.

    A comment says the words of numbers and letters.
    """
    texts = is_string(column.type)
    codes = codes_of(column) if texts or is_integer(column.type) else {}
    if codes:
        return tuple(codes.items())
    labels: Sequence[object] = column.type.labels
    if texts and not labels:
        labels = value_domain(table, column).allowed or listed_in(column.comment)
    return tuple((label, label) for label in labels if isinstance(label, str))


def canonical(word: str) -> str:
    """Return the word that stands for all forms of it, the word itself if it has only one.

    Example:
        >>> canonical("cancellation"), canonical("paid")
        ('cancelled', 'paid')
    """
    return FORMS.get(word, word)


@dataclass(frozen=True)
class Life:
    """A way of places, and its branches.

    Attributes:
        things: nouns of the rows whose life it is.
        places: by word, the place on the way, from 0.
        branches: by word, the place that the row had reached when it left the way.
        synonyms: by word of a branch, the word that stands for the branch.
    """

    things: frozenset[str]
    places: dict[str, int] = field(hash=False)
    branches: dict[str, int] = field(hash=False)
    synonyms: dict[str, str] = field(hash=False)

    def knows(self, word: str) -> bool:
        """Whether a word is one of the life's."""
        return word in self.places or word in self.branches


def _life(things: str, way: str, branches: str) -> Life:
    """Read the declaration of a life.

    Args:
        things: nouns of the rows whose life it is.
        way: places, each with its words joined by ``=``.
        branches: words joined by ``=``, and after ``<`` the place that the row has reached by then.
    """
    places: dict[str, int] = {}
    for place, words in enumerate(way.split()):
        for word in map(canonical, words.split("=")):
            places.setdefault(word, place)
    reached: dict[str, int] = {}
    first: dict[str, str] = {}
    for branch in branches.split():
        words, _, left = branch.partition("<")
        forms = [*map(canonical, words.split("="))]
        for word in forms:
            reached[word], first[word] = places[canonical(left)], forms[0]
    return Life(frozenset(things.split()), places, reached, first)


# fmt: off
LIVES = (
    _life(
        "order cart checkout basket sale preorder",
        "draft=created=cart new=pending=placed=submitted=open=ordered=unpaid=awaiting_payment=requested "
        "confirmed=accepted=approved=acknowledged authorized paid=captured=invoiced "
        "processing=preparing=in_progress=started=allocated=processed packed=picked=ready "
        "shipped=in_transit=out_for_delivery=picked_up delivered=arrived=received=collected "
        "completed=fulfilled=done=closed",
        "cancelled<new rejected<new failed<new expired<new void<new abandoned<draft on_hold<new deleted<new "
        "archived<completed refunded=partially_refunded<delivered returned<delivered disputed<delivered",
    ),
    _life(
        "purchase requisition procurement",
        "draft=created=new submitted=pending=requested=open approved=confirmed sent=ordered=issued=placed "
        "acknowledged=accepted partially_received=shipped=in_transit received=delivered=arrived invoiced paid "
        "completed=closed=done=fulfilled",
        "cancelled<submitted rejected<submitted",
    ),
    _life(
        "payment financial charge transaction transfer payout billing settlement deposit txn",
        "created=draft=new pending=initiated=unpaid=requires_payment=requires_action=scheduled=requested="
        "awaiting=open=incomplete=due=not_paid processing=in_progress=submitted=in_transit authorized=approved paid="
        "captured=succeeded=completed=settled=cleared=posted=processed=received=partially_refunded=confirmed="
        "sent=done",
        "failed<processing rejected<processing cancelled<pending void<pending expired<pending on_hold<pending "
        "overdue=past_due<pending refunded=partially_refunded<paid disputed<paid "
        "charged_back=chargeback<paid reversed<paid",
    ),
    _life(
        "invoice bill statement",
        "draft=created=new=pending=approved issued=sent=open=finalized=unpaid=due=delivered viewed "
        "partially_paid=partial paid=completed=settled=closed",
        "overdue=past_due<issued void<issued cancelled<draft uncollectible=written_off<issued refunded<paid "
        "disputed<issued credited<paid rejected<issued failed<issued",
    ),
    _life(
        "subscription plan membership license policy",
        "pending=incomplete=created=new=draft trialing=started active=activated=live=paid=confirmed=renewed",
        "past_due=unpaid=overdue<active paused=on_hold=frozen<active suspended<active cancelled<active "
        "expired=lapsed<active ended=terminated<active deactivated<active incomplete_expired<pending "
        "failed<pending",
    ),
    _life(
        "user account member customer client profile contact vendor supplier partner organization company tenant "
        "workspace seller driver person patient player subscriber team store shop organizer organiser host merchant "
        "affiliate publisher owner creator",
        "invited=pending=registered=created=new=prospect=unverified=applied=onboarding=requested "
        "active=activated=verified=confirmed=approved=accepted=joined=enabled=onboarded=logged_in",
        "deactivated=dormant<active suspended=frozen=locked=blocked=banned<active "
        "deleted=closed=archived=anonymized<active rejected<invited expired<invited left=former=churned<active "
        "cancelled<active deceased<active discharged<active",
    ),
    _life(
        "employee staff employment worker teacher",
        "invited=pending=applied=candidate=onboarding=offered "
        "active=hired=employed=joined=started=confirmed=probation=current=activated=logged_in",
        "on_leave=leave<active suspended<active "
        "terminated=resigned=left=retired=former=departed=offboarded=ended<active deactivated<active "
        "deleted=archived<active deceased<active",
    ),
    _life(
        "task todo issue card story subtask step checklist action chore",
        "backlog=draft=new=todo=to_do=open=created=pending=planned=unassigned=not_started=requested=queued="
        "proposed assigned=ready=triaged=confirmed=accepted=approved=scheduled in_progress=started=doing=active="
        "working=running in_review=review=testing=qa=submitted=reviewing completed=done=resolved=finished=merged="
        "fixed=closed=verified=succeeded=solved",
        "cancelled<backlog blocked=on_hold=paused=waiting<in_progress "
        "rejected=wont_fix=wontfix=invalid=wont_do<backlog duplicate<backlog skipped<backlog archived<completed "
        "failed<in_progress reopened<in_progress overdue<in_progress deleted<backlog",
    ),
    _life(
        "ticket case complaint incident support conversation inquiry bug defect thread",
        "new=open=created=submitted=unassigned=reported=logged=requested "
        "assigned=triaged=acknowledged=confirmed=responded=accepted "
        "in_progress=investigating=started=active=working=processing=identified "
        "pending=waiting=awaiting=on_hold=waiting_on_customer=monitoring=escalated "
        "resolved=solved=answered=fixed=completed=done=mitigated closed=verified=archived",
        "cancelled<new rejected<new spam<new reopened<in_progress duplicate<new deleted<new",
    ),
    _life(
        "job run batch import export sync process workflow execution build pipeline deployment release migration "
        "queue backup report script worker check scan",
        "created=draft=scheduled=planned=new=pending=queued=enqueued=waiting=requested=open=submitted "
        "assigned=claimed=ready "
        "running=started=processing=in_progress=active=executing=working=deploying=building=retrying "
        "succeeded=completed=done=processed=deployed=passed=exported=imported=live",
        "failed=dead=timed_out=timeout=crashed<running cancelled=aborted=killed=skipped<created expired<created "
        "rolled_back<succeeded paused<running partial<running archived<succeeded deleted<succeeded",
    ),
    _life(
        "booking reservation appointment visit stay consultation encounter rental hire session tour meeting event "
        "class webinar viewing interview lesson shift",
        "draft=requested=pending=new=created=tentative=open=inquiry=waitlisted "
        "scheduled=booked=reserved=planned=published=arranged=upcoming confirmed=accepted=approved=paid "
        "checked_in=arrived=picked_up=boarding "
        "in_progress=started=ongoing=active=in_house=live=seated=admitted=triaged=held "
        "completed=checked_out=finished=done=fulfilled=ended=closed=returned=departed=left="
        "attended=discharged=billed",
        "cancelled<scheduled no_show=missed=absent<confirmed rescheduled<scheduled rejected<draft expired<draft "
        "postponed<scheduled refunded<confirmed failed<draft archived<completed deleted<draft",
    ),
    _life(
        "shipment delivery parcel package shipping tracking consignment fulfillment freight load dispatch",
        "draft=created=new=pending=unfulfilled=planned=label_created=scheduled=booked=ordered=not_shipped="
        "awaiting=open processing=preparing=confirmed=allocated=assigned=accepted=picking=partial="
        "partially_fulfilled=in_progress=started packed=ready=picked=loaded shipped=in_transit=departed=picked_up="
        "collected=sent="
        "en_route=at_hub out_for_delivery=customs delivered=arrived=received=completed=fulfilled=done="
        "signed=closed=unloaded",
        "returned<shipped failed=exception<shipped lost=damaged<shipped cancelled<draft on_hold<draft "
        "delayed<shipped restocked<draft",
    ),
    _life(
        "message email mail notification sms push reminder alert letter",
        "draft=created=new=pending=queued=scheduled=enqueued sending=processing=in_progress sent "
        "delivered=received=unread read=opened=seen=clicked=viewed=acknowledged=responded=answered",
        "failed<sending bounced<sent cancelled<draft spam=complained<delivered expired<draft archived<read "
        "deleted<read dismissed<delivered rejected<sending",
    ),
    _life(
        "campaign newsletter promotion sale_event",
        "draft=created=planned scheduled=approved=pending running=sending=active=started=live=launched "
        "sent=finished=completed=ended=done=closed",
        "cancelled<draft paused<running archived<sent failed<running expired<sent rejected<draft deactivated<sent",
    ),
    _life(
        "post article page blog story news content document chapter product listing item recipe course "
        "lesson_plan menu feature podcast episode song album book",
        "draft=new=created=private=idea in_review=pending=review=submitted=pending_review=ready=coming_soon "
        "reviewed scheduled=approved published=live=active=public=posted=listed=available=launched=released=in_stock",
        "archived=retired<published unpublished=deactivated=hidden=unlisted=discontinued<published "
        "rejected<in_review deleted<draft expired<published sold<published sold_out=out_of_stock<published "
        "low_stock<published flagged=spam<published withdrawn<published failed<draft",
    ),
    _life(
        "comment review feedback question answer moderation rating",
        "pending=new=submitted=draft=open=created=queued in_review reviewed=moderated "
        "approved=published=accepted=visible=answered=active=live=verified=resolved=responded",
        "rejected=spam=flagged=hidden<reviewed deleted<pending archived<approved",
    ),
    _life(
        "application candidate applicant",
        "draft=started=created submitted=applied=received=pending=open=new "
        "in_review=screening=under_review=reviewing=contacted reviewed=screened=assessed=shortlisted=responded "
        "interviewing=interview=interviewed offered=offer=approved=accepted=decided "
        "hired=enrolled=completed=onboarded=converted",
        "rejected<reviewed withdrawn=cancelled<submitted expired<submitted",
    ),
    _life(
        "lead opportunity deal prospect",
        "new=open=created=prospecting contacted=attempted=engaged=working qualified=discovery=qualification=demo "
        "proposal=quoted=proposed=proposal_sent negotiation=negotiating won=closed_won=converted=customer",
        "lost=closed_lost=disqualified=unqualified<contacted nurturing=on_hold<contacted",
    ),
    _life(
        "invitation invite request friend friendship connection follow proposal quote offer estimate",
        "draft=created=new pending=sent=invited=requested=issued=proposed=open=submitted viewed=opened "
        "responded=decided "
        "accepted=active=approved=confirmed=signed=joined=won=completed=converted=connected",
        "rejected<responded expired<pending revoked=cancelled=withdrawn<pending blocked<accepted",
    ),
    _life(
        "contract agreement lease",
        "draft=created=new sent=pending=in_review=negotiation=issued approved signed=executed=accepted "
        "active=started=in_force=effective=live completed=fulfilled",
        "expired<active terminated=ended<active cancelled<draft rejected<sent renewed<active suspended<active",
    ),
    _life(
        "enrollment registration student pupil attendance",
        "applied=pending=invited=waitlisted=requested=registered=submitted accepted=approved=confirmed=paid "
        "enrolled=active=in_progress=started=attending=admitted completed=graduated=passed=finished=certified",
        "dropped=withdrawn=cancelled<enrolled failed<enrolled suspended<enrolled expelled<enrolled "
        "rejected<applied transferred<enrolled deferred<accepted on_leave<enrolled",
    ),
    _life(
        "exam test quiz assignment submission homework attempt assessment",
        "draft=created assigned=scheduled=pending=open=not_started=published started=in_progress "
        "submitted=turned_in=late=completed=finished graded=scored=passed=reviewed=marked returned",
        "failed<graded missed=missing<assigned cancelled<draft expired<assigned",
    ),
    _life(
        "loan borrow lending borrowing circulation hold",
        "requested=reserved=pending=placed=waiting approved=ready=notified "
        "active=borrowed=checked_out=on_loan=issued=open=loaned=picked_up=out=started=ongoing=renewed "
        "returned=completed=closed=checked_in=finished=fulfilled",
        "overdue<active lost=damaged<active cancelled<requested expired<requested rejected<requested",
    ),
    _life(
        "loan claim mortgage credit grant",
        "draft=created requested=submitted=applied=pending=filed=open=new "
        "in_review=under_review=investigating reviewed=assessed=decided approved=accepted=awarded=granted "
        "active=funded=disbursed=current=in_progress paid=repaid=settled=completed=closed=paid_off",
        "rejected<reviewed defaulted=delinquent=overdue<active cancelled=withdrawn<requested written_off<active "
        "expired<requested",
    ),
    _life(
        "leave request absence timesheet expense approval reimbursement",
        "draft=created=new submitted=pending=requested=open in_review reviewed=decided=responded "
        "approved=accepted=confirmed "
        "paid=reimbursed=completed=processed=taken=closed",
        "rejected<reviewed cancelled=withdrawn<submitted",
    ),
    _life(
        "file upload attachment media video image photo recording",
        "pending=created=new=queued=uploading uploaded=processing=scanning=transcoding "
        "ready=processed=completed=available=active=done=published",
        "failed<uploaded quarantined<uploaded deleted<ready archived<ready expired<ready rejected<uploaded",
    ),
    _life(
        "game match fixture race tournament season round",
        "scheduled=upcoming=planned=pending=created=registration "
        "started=playing=live=in_progress=ongoing=running=active finished=completed=final=played=closed",
        "cancelled=abandoned<scheduled postponed<scheduled forfeited<scheduled",
    ),
    _life(
        "project milestone sprint epic initiative phase program",
        "planned=draft=proposed=new=pending=not_started=upcoming=future approved "
        "active=in_progress=started=running=ongoing=open completed=done=finished=closed=launched",
        "on_hold=paused<active cancelled<planned archived<completed delayed<active",
    ),
    _life(
        "flight ride train route trip journey voyage",
        "scheduled=requested=planned=pending=booked=searching accepted=assigned=boarding=confirmed=matched "
        "departed=in_progress=started=en_route=in_air=picked_up=in_transit=active "
        "arrived=landed=completed=finished=dropped_off",
        "cancelled<scheduled delayed<scheduled diverted<departed no_show<accepted",
    ),
    _life(
        "return rma refund",
        "requested=pending=open=created=submitted approved=authorized=accepted=processing shipped=in_transit=sent "
        "received=delivered=arrived=inspected "
        "refunded=completed=closed=replaced=resolved=processed=succeeded=paid",
        "rejected<requested cancelled<requested failed<approved",
    ),
    _life(
        "prescription medication treatment therapy",
        "draft active=issued=prescribed=signed=started dispensed=filled completed=finished",
        "stopped=discontinued<active cancelled<active expired<active on_hold<active",
    ),
    _life(
        "admission inpatient hospitalization",
        "planned=scheduled=pending admitted=active=in_progress discharged=completed=closed=finished",
        "cancelled<planned transferred<admitted deceased<admitted",
    ),
    _life(
        "lab specimen sample result",
        "ordered=requested=pending=registered=draft collected=received "
        "in_progress=processing=preliminary=analyzing completed=resulted=final=reported=reviewed=verified=done",
        "cancelled<ordered rejected<collected amended=corrected<completed",
    ),
    _life(
        "device sensor server node host machine printer router meter",
        "new=provisioned=registered=pending=ordered active=online=available=in_use=running=healthy=activated=deployed",
        "offline=down=unreachable<active maintenance=degraded=faulty=error<active deactivated=disabled<active "
        "decommissioned=retired=disposed=scrapped<active lost=stolen<active",
    ),
    _life(
        "vehicle car truck asset equipment copy room tool bike",
        "ordered=new=pending available=active=in_stock=ready=idle=free reserved=booked "
        "assigned=in_use=checked_out=rented=deployed=on_loan=occupied",
        "maintenance=in_repair=damaged=out_of_service<available "
        "retired=disposed=sold=scrapped=decommissioned<available "
        "lost=stolen<available",
    ),
    _life(
        "card",
        "ordered=requested=pending issued=shipped=deactivated active=activated=used",
        "suspended=blocked=frozen=locked<active expired<active cancelled=closed<active lost=stolen<active",
    ),
    _life(
        "token key credential session voucher coupon",
        "pending=created active=issued=valid=open used=consumed=redeemed",
        "revoked=deactivated<active expired<active",
    ),
)
# fmt: on

# Branches from which a row may come back to the way.
_PASSING = frozenset((
    "on_hold", "paused", "suspended", "past_due", "overdue", "locked", "delayed", "reopened", "disputed", "rescheduled",
    "postponed", "blocked", "on_leave", "renewed", "low_stock", "sold_out", "nurturing",
))  # fmt: skip
# Events of a life that is over, however it has ended; a closed row need not have begun.
_OVER = frozenset(("finished", "ended", "stopped", "closed"))
_BEGUN = ("started", "running", "in_progress", "active", "enrolled")
_COMPLETE = frozenset(("completed", "finished", "done", "succeeded", "returned", "arrived"))
# No row has been through these events, where they are not among the words of its status.
_ONLY_BY_STATUS = frozenset((
    "cancelled", "failed", "rejected", "refunded", "void", "returned", "no_show", "withdrawn",
))  # fmt: skip
# Further ends, of rows of any kind.
_FURTHER_ENDS = frozenset((
    "waived", "written_off", "annulled", "overturned", "discarded", "destroyed", "forfeited", "aborted", "superseded",
    "unsold", "unclaimed", "disqualified", "invalidated", "retracted", "breached", "euthanized", "dismissed",
    "condemned", "spoiled", "recalled",
))  # fmt: skip
# Words of lives, in all their forms, by their stems: ``stop`` is the stem of ``stopped``.
WORDS = frozenset(word for life in LIVES for word in (*life.places, *life.branches)) | _OVER | _FURTHER_ENDS | {
    *("deceased", "locked", "revoked", "dismissed", "banned", "merged", "employed", "left", "retired", "logged_in"),
}  # fmt: skip


_ENDINGS = ("ed", "al", "ure", "ment", "ation", "ition", "ion")


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """Return what is left of a verb without the ending of its participle or noun.

    Example:
        >>> stem("stopped"), stem("stop"), stem("damaged"), stem("damage"), stem("settlement"), stem("settled")
        ('stop', 'stop', 'damag', 'damag', 'settl', 'settl')
    """
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
                word = word[:-1]
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


_BY_STEM = {stem(word): word for word in sorted(WORDS) if word.endswith("ed")}


def event_word(word: str) -> str | None:
    """Return the word of an event that lives have, for any form of it; None if it is none."""
    found = canonical(word)
    return found if found in WORDS else _BY_STEM.get(stem(word))


def is_passing(word: str) -> bool:
    """Whether a row may come back from a branch to its way, by the branch's word."""
    return word in _PASSING


_TOLD_BY_ANY = _OVER | _ONLY_BY_STATUS
# Words that begin a life where they are the first status, whatever they are elsewhere.
_UNBEGUN = frozenset(("pending", "waiting", "open"))
_FIRST = frozenset(
    ("pending", "waiting", "received", "open", "registered", "reported", "submitted", "issued")
)
_WAITING = frozenset(("awaiting", "waiting", "pending", "not", "needs", "requires", "to"))
# Words that are a branch in one life at least, and a place of the way in none.
_ENDS = frozenset(word for life in LIVES for word in life.branches) - frozenset(
    word for life in LIVES for word in life.places
)
_ENDS |= _FURTHER_ENDS
# Events that a life need not know, for what its statuses call the beginning of the way, and its end.
_BEGUN_AS = frozenset((
    "activated", "launched", "started", "entered", "boarded", "commenced", "admitted", "commissioned", "deployed",
    "opened", "effective", "installed", "published", "posted", "listed",
))  # fmt: skip
_BEGUN_WORDS = (
    "active",
    "live",
    "running",
    "in_progress",
    "ongoing",
    "started",
    "open",
    "operational",
    "in_force",
)
_ENDED_AS = frozenset(
    ("exited", "departed", "vacated", "concluded", "checked_out", "completed", "ended", "left")
)
_DECISIONS = frozenset(
    ("rejected", "accepted", "approved", "granted", "awarded", "upheld", "dismissed", "denied")
)
# How many rows of eight, roughly, have the last status of the way, an earlier one, and that of a branch.
_LAST_WEIGHT, _WAY_WEIGHT, _BRANCH_WEIGHT = 8, 2, 1


@dataclass(frozen=True)
class Stages:
    """The life of one status column: the words that it has, with their places.

    Attributes:
        life: a life of :data:`LIVES`, or one that the order of the labels makes.
        labels: the statuses, in their order.
    """

    life: Life
    labels: tuple[str, ...]

    @cached_property
    def words(self) -> Mapping[str, str]:
        """The word of the life for each status, where the life has one."""
        return {label: word for label in self.labels if (word := _word_in(self.life, label)) is not None}

    @cached_property
    def places(self) -> Mapping[str, float]:
        """By word of the way its place; statuses of one place are in the order of the labels."""
        found: dict[str, float] = {word: float(place) for word, place in self.life.places.items()}
        on_way = [self.words.get(label, "") for label in self.labels]
        if on_way and on_way[0] in _FIRST:
            # It may stand later on the way of other rows.
            rest = [found[word] for word in on_way[1:] if word in found]
            first = 0.0 if on_way[0] in _UNBEGUN else min(rest, default=1.0) - 0.5
            found[on_way[0]] = min(found.get(on_way[0], first), first)
        seen: dict[float, int] = {}
        last = -0.5
        for label, word in zip(self.labels, on_way, strict=True):
            if word in found:
                at = found[word]
                last = at
                found[word] = at + 0.01 * seen.setdefault(at, 0)
                seen[at] += 1
            elif not word:
                # A word that the life does not know stands where its label does: what is going on after the one
                # before it, what has happened before the one after it.
                own = canonical(label_word(label))
                after = [
                    found[each]
                    for each in on_way[self.labels.index(label) + 1 :]
                    if found.get(each, -1) > last + 1
                ]
                last = after[0] - 0.1 if after and not own.endswith("ing") and last >= 0 else last + 0.1
                found[own] = last
        return found

    def _branch(self, word: str) -> int | None:
        return self.life.branches.get(word) if word not in self.places else None

    def is_branch(self, word: str) -> bool:
        """Whether a word is that of a branch."""
        return self._branch(word) is not None

    def word(self, label: str) -> str | None:
        """Return the life's word for a status; None where the life has none."""
        found = self.words.get(label)
        if found is None:
            plain = canonical(label_word(label))
            found = plain if plain in self.places else _word_in(self.life, label)
        return found

    @cached_property
    def _stems(self) -> Mapping[str, str]:
        return {stem(word): word for word in (*self.life.branches, *self.places)}

    def _event(self, event: str) -> str:
        """Return the life's word for an event: the event's, or one of the same stem."""
        if event in self.places or event in self.life.branches or event in _OVER:
            return event
        found = self._stems.get(stem(event))
        if found is None and event in _BEGUN_AS:
            own = {self.words.get(label) or canonical(label_word(label)) for label in self.labels}
            found = next((word for word in _BEGUN_WORDS if word in own and word in self.places), None)
        if found is None and event in _ENDED_AS:
            found = "ended"
        return found or event

    def knows(self, event: str) -> bool:
        """Whether a status decides if a row has been through an event, by the event's word."""
        event = self._event(event)
        told = event in self.places or event in self.life.branches or event in _TOLD_BY_ANY
        return told or (event == "decided" and bool(self._decisions))

    @cached_property
    def _decisions(self) -> frozenset[str]:
        return _DECISIONS & {self.word(label) or "" for label in self.labels}

    def happened(self, label: object, event: str) -> bool | None:
        """Whether a row with a status has been through an event.

        Args:
            label: the status.
            event: the event's word, as :func:`canonical` returns it.

        Returns:
            None where the status does not tell.

        Example:
            >>> stages = stages_of(("pending", "paid", "shipped", "delivered", "cancelled"), ("order",))
            >>> stages.happened("shipped", "paid"), stages.happened("shipped", "delivered")
            (True, False)
        """
        if not isinstance(label, str):
            return None
        known = self._told
        if (label, event) not in known:
            known[label, event] = self._happened(label, event)
        return known[label, event]

    @cached_property
    def _told(self) -> dict[tuple[str, str], bool | None]:
        return {}

    def _happened(self, label: str, event: str) -> bool | None:
        word = self.word(label)
        if word is None:
            return None
        event = self._event(event)
        if event == word:
            return True
        own = {self.words.get(other) for other in self.labels}
        if event in _OVER and event not in own:
            return self._is_over(word, event)
        if event == "decided" and (word in _DECISIONS or event not in self.places):
            return word in _DECISIONS
        place = self.places.get(event)
        if place is not None:
            return self._reached(word) >= place
        if event in self.life.branches:
            same = self.life.synonyms[event] == self.life.synonyms.get(word)
            if same or event in own or event in _ONLY_BY_STATUS:
                return same and event not in own
            # Other statuses of the branch, such as banned for suspended.
            return (
                False if self.life.synonyms[event] in {self.life.synonyms.get(w or "") for w in own} else None
            )
        return False if event in _ONLY_BY_STATUS else None

    def is_in(self, label: object, word: str) -> bool | None:
        """Whether a row with a status is at the place of a word now, and has not only passed it."""
        found = self.word(label) if isinstance(label, str) else None
        if found is None or word not in self.places:
            return None
        return found in self.places and int(self.places[found]) == int(self.places[word])

    def _reached(self, word: str) -> float:
        left = self._branch(word)
        return self.places[word] if left is None else float(left) + 0.009

    def _is_over(self, word: str, event: str) -> bool:
        if self._branch(word) is not None:
            begun = next((self.places[each] for each in _BEGUN if each in self.places), 0.0)
            return word not in _PASSING and (event == "closed" or self._reached(word) >= begun)
        last = max(self.life.places.values(), default=0)
        complete = _COMPLETE & {each for each, place in self.life.places.items() if place == last}
        return bool(complete) and self._reached(word) >= min(float(last), self._last)

    @cached_property
    def _last(self) -> float:
        """The place of the last status on the way."""
        words = [self.word(label) or "" for label in self.labels]
        return max((self.places[word] for word in words if word in self.places), default=0.0)

    def weight(self, label: str) -> int:
        """Return how often a status is usual beside the others: most rows have come to the end of the way."""
        word = self.word(label)
        if word is None:
            return _WAY_WEIGHT
        if self._branch(word) is not None:
            return _BRANCH_WEIGHT
        return _LAST_WEIGHT if self.places[word] >= self._last else _WAY_WEIGHT


class AnyStages(Stages):
    """The life of a status whose labels are not known beforehand, for another table has them."""

    def knows(self, event: str) -> bool:
        """Whether a status decides if a row has been through an event: in the row's life, or in any."""
        return super().knows(event) or any(life.knows(event) for life in LIVES)

    def _happened(self, label: str, event: str) -> bool | None:
        own = super()._happened(label, event) if self.word(label) is not None else None
        if own is not None:
            return own
        lives = (life for life in (self.life, *LIVES) if _word_in(life, label) is not None)
        for life in lives:
            found = Stages(life, (label,))
            if found.knows(event):
                told = found.happened(label, event)
                if told is not None:
                    return told
        return None


# Statuses of a row of which nothing has become yet, and what may have happened to it nevertheless.
_UNDECIDED = frozenset((
    "pending", "draft", "waiting", "queued", "unverified", "not_started", "unpaid", "awaiting", "unconfirmed",
    "pending_review", "pending_approval", "unprocessed", "unapproved", "todo", "backlog", "incomplete",
))  # fmt: skip
_HAS_BEGUN = frozenset((
    "created", "requested", "submitted", "registered", "received", "issued", "invited", "joined", "applied", "opened",
    "reported", "scheduled", "uploaded", "imported", "updated", "modified", "changed", "generated", "placed", "ordered",
    "booked", "added", "posted", "saved", "edited", "viewed", "logged", "logged_in", "synced", "reminded", "notified",
    "attempted", "queued", "initiated", "detected", "recorded", "triggered", "assigned", "planned", "proposed", "filed",
    "expected", "entered", "captured", "collected", "sampled", "raised", "listed", "loaded", "fetched", "indexed",
))  # fmt: skip
# So many lives that say no for one that says yes.
_CERTAIN = 3


@dataclass(frozen=True)
class KeptStages(Stages):
    """The life of a status without a list of its words, whose rows keep their default.

    Attributes:
        default: the status that rows keep: they have come to no end that it does not name.
    """

    default: str = ""

    def knows(self, event: str) -> bool:
        """Whether a status decides if a row has been through an event: in the row's life, or the default in any."""
        return super().knows(event) or self.happened(self.default, event) is not None

    def _happened(self, label: str, event: str) -> bool | None:
        own = super()._happened(label, event) if self.word(label) is not None else None
        if own is not None or label != self.default:
            return own
        told = [found for life in LIVES if (found := _told_in(life, label, event)) is not None]
        if told.count(False) > _CERTAIN * told.count(True):
            return False
        word = canonical(label_word(label))
        if not told and event != word and event in _ENDS and word not in _ENDS:
            return False
        undecided = word in _UNDECIDED and event.endswith("ed") and event not in _HAS_BEGUN
        return False if undecided and not told else None


def _told_in(life: Life, label: str, event: str) -> bool | None:
    """Whether a row with a status has been through an event, in a life that knows both; None in others."""
    word = _word_in(life, label)
    if word is None:
        return None
    if event in life.branches and event not in life.places:
        return life.synonyms[event] == life.synonyms.get(word)
    return Stages(life, (label,)).happened(label, event) if event in life.places else None


def _word_in(life: Life, label: str) -> str | None:
    """Return a life's word for a status: the status itself, or the last of its words that the life knows."""
    whole = label_word(label)
    if life.knows(canonical(whole)):
        return canonical(whole)
    parts = whole.split("_")
    if len(parts) == 1:
        return None
    if parts[0] in _WAITING:
        return "pending" if life.knows("pending") else None
    return next((word for part in reversed(parts) if life.knows(word := canonical(part))), None)


# Statuses in which a row stays until it leaves the usual way.
_STAYED_IN = frozenset(("active", "live", "published", "enabled", "available", "operational"))


def _beside_way(life: Life, labels: Sequence[str]) -> dict[str, int]:
    """Statuses that the life does not know, after one in which rows stay: a subscription is active, or barred."""
    found: dict[str, int] = {}
    at: int | None = None
    for label in labels:
        word = _word_in(life, label)
        if word in _STAYED_IN:
            at = life.places.get(word)
        elif word is not None and word in life.places:
            at = None
        elif word is None and at is not None:
            found[canonical(label_word(label))] = at
    return found


def _is_end(word: str) -> bool:
    """Whether a status is an end beside the way: ``waived``, ``no_access``, ``false_alarm``."""
    return word in _ENDS or word.startswith(("no_", "not_", "false_", "non_"))


def _left_at(life: Life, end: str, known: Sequence[str]) -> int:
    """The place at which an end of other lives leaves the way of one: what is sold out has been published."""
    for other in LIVES:
        at = other.branches.get(end)
        words = [word for word, place in other.places.items() if place == at]
        found = [life.places[word] for word in words if word in life.places and word in known]
        if found:
            return found[0]
    return 0


@lru_cache(maxsize=4096)
def stages_of(labels: tuple[str, ...], things: Sequence[str]) -> Stages:
    """Return the life of a status column.

    Args:
        labels: its statuses in their order; empty where they are unknown.
        things: nouns of its row, the nearest first.

    Returns:
        The life that knows the most of the statuses, of those the row's own; where none knows half of them, one in the
        order of the labels.
    """

    def score(life: Life) -> float:
        known = sum(_word_in(life, label) is not None for label in labels)
        exact = sum(life.knows(canonical(label_word(label))) for label in labels)
        at = next((number for number, thing in enumerate(things) if thing in life.things), None)
        return known + exact / 8 + (0.0 if at is None else 0.9 - at / 8)

    best = max(LIVES, key=score)
    known = [word for label in labels if (word := _word_in(best, label)) is not None]
    rest = known[1:] if known and known[0] in _FIRST else known
    way = [best.places[word] for word in rest if word in best.places]
    if labels and (len(known) * 2 < len(labels) or (len(known) < len(labels) and way != sorted(way))):
        words = [canonical(label_word(label)) for label in labels]
        order = [word for place, word in enumerate(words) if not _is_end(word) or not place]
        ends = [word for place, word in enumerate(words) if _is_end(word) and place]
        return Stages(
            Life(
                frozenset(),
                {word: place for place, word in enumerate(order)},
                dict.fromkeys(ends, 0),
                {word: word for word in ends},
            ),
            labels,
        )
    unknown = [canonical(label_word(label)) for label in labels if _word_in(best, label) is None]
    ends = [word for word in unknown if _is_end(word)]
    aside = _beside_way(best, labels)
    if aside:
        best = replace(
            best,
            branches={**best.branches, **aside},
            synonyms={**best.synonyms, **{word: word for word in aside}},
        )
    if ends:
        # Ends of other lives.
        best = replace(
            best,
            branches={**best.branches, **{word: _left_at(best, word, known) for word in ends}},
            synonyms={**best.synonyms, **{word: word for word in ends}},
        )
    return Stages(best, labels)
