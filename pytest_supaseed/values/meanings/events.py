"""Events of a row's life that names of its columns tell of: ``shipped_at``, ``cancellation_reason``, ``is_paid``.

:func:`event_of` takes a name and the family of its column, :func:`event_of_column` a column. The words of events are
those that :mod:`~pytest_supaseed.values.meanings.lives` declares.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pytest_supaseed.model.identifiers import spelt
from pytest_supaseed.model.schema import Column
from pytest_supaseed.model.type_families import (
    has_string_category,
    is_boolean,
    is_date_or_timestamp,
    is_enum,
    is_interval,
    is_json,
    is_number,
    is_uuid,
)
from pytest_supaseed.values.meanings.lives import (
    canonical,
    event_word,
    stem,
)

# Words of a column's name beside those of its event, by what the column holds: a moment, a truth value, a text.
MOMENT_WORDS = frozenset(("at", "on", "date", "time", "timestamp", "datetime", "utc", "day", "since"))
FLAG_WORDS = frozenset((
    "is", "was", "has", "been", "flag", "are", "had", "with", "requires", "needs", "uses", "indicator", "yn",
))  # fmt: skip
TOLD = frozenset((
    "reason", "reasons", "note", "notes", "comment", "comments", "message", "code", "detail", "details", "description",
    "explanation", "remark", "remarks", "category",
))  # fmt: skip
_ACTORS = frozenset(("id", "user", "staff", "employee", "member", "admin", "agent", "name", "email"))
# A moment with one of these words is planned, whatever becomes of the row.
PLANNED = re.compile(
    r"_(due|planned|expected|estimated|scheduled|eta|promised|target|targeted|expires?|expiry|expiration|next|until|valid"
    r"|effective|preferred|deadline|renews|renewal|trial|period|birth|available|requested_\w+|projected|anticipated"
    r"|start|starts|starting|begin|begins|end|ends|ending|from|to|opens|closes|pickup|dropoff|reminder)_"
)
_ACTUAL = re.compile(r"_(actual|actually|real|effective)_")
# Columns that tell of an event without its word.
_TELLING: tuple[tuple[str, str], ...] = (
    (r"^_(last_)?(error|exception|stack_trace|traceback|failure)_$|^_(last_)?error_\w+_$", "failed"),
    (r"^_tracking_(number|code|url|id|no|reference|link)_$|^_(carrier|courier)_$|^_(waybill|awb)_", "shipped"),
    (r"^_resolution_$|^_solution_$", "resolved"),
    (r"^_(response|reply)_$", "responded"),
    (r"^_(hammer|sold|winning)_((price|amount|bid|value)_)?(cents_|minor_)?$", "sold"),
    (r"^_(outcome|decision|verdict|ruling)_$", "decided"),
    (r"_cause_of_death_|_death_(cause|place|reason)_|^_place_of_death_$", "deceased"),
    (r"^_proof_of_delivery_|^_delivery_signature_|^_received_by_", "delivered"),
    (r"^_(grade|score|points|marks|feedback)_$", "graded"),
    (r"^_(exit_code|exit_status)_$|^_winner_(id_)?$", "finished"),
    (r"^_(assigned_(to|user|agent|staff)|assignee)_(\w+_)?$", "assigned"),
    (r"^_(actual_)?duration_(ms|milliseconds|seconds|secs|minutes|mins|hours)_$", "finished"),
    (r"^_(duration|elapsed|runtime)_$", "finished"),
    (
        r"^_(odometer|mileage|fuel|fuel_level|condition|meter|battery|battery_level)_(in|end|return|at_return)"
        r"(_(km|miles|mi|percentage|percent|level|reading))?_$"
        r"|^_(end|ending|final|return)_(odometer|mileage|fuel|fuel_level|battery|battery_level|meter|meter_reading"
        r"|latitude|longitude|lat|lng|location|address|condition)(_(km|miles|mi|percentage|percent|level|reading))?_$",
        "finished",
    ),
    (r"^_(miles|km|kilometers)_driven_$|^_distance_driven_", "finished"),
    (r"^_last_(login|sign_in|signed_in|logged_in)_|^_(login|logins|sign_in)_count_$", "logged_in"),
    (r"^_payment_(received|completed|confirmed|captured|processed|made)_", "paid"),
)  # fmt: skip
_TELLING_PATTERNS = tuple((re.compile(names), event) for names, event in _TELLING)
# Events that amounts and quantities tell of, which they are a part of: ``refunded_cents``, ``quantity_received``.
PORTIONS = frozenset((
    "paid", "refunded", "captured", "approved", "received", "shipped", "delivered", "invoiced", "reimbursed", "settled",
    "fulfilled", "returned", "repaid", "disbursed", "collected", "picked", "packed", "billed",
))  # fmt: skip
_PORTION_NOUNS = {"refund": "refunded", "refunds": "refunded"}
_OF_AMOUNTS_AND_QUANTITIES = frozenset((
    "amount", "total", "sum", "quantity", "units", "value", "price", "cents", "minor", "to", "date", "so", "far",
    "already",
    "in",
))  # fmt: skip
ATTEMPTS = re.compile(r"^_(attempts?|attempt_count|attempts_(made|count)|tries|retries|retry_count)_$")
# Of these nouns only dates, times and reasons tell of the event: a delivery has notes beforehand.
_NOUNS = frozenset(
    ("payment", "shipping", "shipment", "delivery", "order", "booking", "review", "reservation")
)


@dataclass(frozen=True)
class Event:
    """What the name of a column tells of.

    Attributes:
        word: the word of the event, as lives have it.
        about: the words before it: whose event it is.
    """

    word: str
    about: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def event_of(name: str, family: str) -> Event | None:
    """Return the event that a column tells of, None if it tells of none.

    Args:
        name: the column's name.
        family: ``moment``, ``flag``, ``number`` or ``other``.

    Example:
        >>> event_of("payment_failed_at", "moment"), event_of("expires_at", "moment")
        (Event(word='failed', about=('payment',)), None)
    """
    words = spelt(name)
    if family == "number" and ATTEMPTS.search(words):
        return Event("started")
    for pattern, event in _TELLING_PATTERNS:
        if pattern.search(words):
            return Event(event)
    parts = words.strip("_").split("_")
    if family == "moment":
        return _of_moment(words, parts)
    if family == "flag":
        return _event([part for part in parts if part not in FLAG_WORDS])
    if family == "number":
        if len(parts) == 2 and parts[1] == "count":
            return Event(f"last {stem(canonical(parts[0]))}")
        about = [part for part in parts if part not in _OF_AMOUNTS_AND_QUANTITIES]
        word = (_PORTION_NOUNS.get(about[0]) or canonical(about[0])) if len(about) == 1 else ""
        told = word in PORTIONS and (about[0] == word or about[0] in _PORTION_NOUNS)
        return Event(word) if told else None
    return _of_text(parts)


def _of_moment(words: str, parts: list[str]) -> Event | None:
    actual = _ACTUAL.search(words)
    if actual:
        parts = [part for part in parts if part not in ("actual", "actually", "real", "effective")]
    elif PLANNED.search(words):
        return None
    kept = [part for part in parts if part not in MOMENT_WORDS]
    if kept[:1] == ["last"]:
        # The counts of the same: last_used_at is set once use_count is above 0.
        return Event(f"last {stem(canonical(kept[1]))}") if len(kept) == 2 else None
    return _event(kept)


def _of_text(parts: list[str]) -> Event | None:
    if parts[-1] in ("to", "from") and len(parts) > 1 and parts[-2].endswith("ed"):
        return _event(parts[:-1])
    if "by" in parts[1:]:
        at = parts.index("by", 1)
        return _event(parts[:at]) if _ACTORS.issuperset(parts[at + 1 :]) else None
    if parts[-1] in TOLD and len(parts) > 1:
        if parts[-2] in _NOUNS and parts[-1] not in ("reason", "reasons"):
            return None
        if parts[-1] in ("code", "category") and event_word(parts[-2]) is None:
            return None
        return _event(parts[:-1])
    return None


def _event(parts: Sequence[str]) -> Event | None:
    for size in (3, 2, 1):
        if len(parts) >= size:
            word = event_word("_".join(parts[-size:]))
            if word is not None:
                return Event(word, tuple(parts[:-size]))
    # It may be a word of the row's own statuses.
    return Event(parts[-1], tuple(parts[:-1])) if parts else None


def family_of(column: Column) -> str:
    """Return which family of columns one is: ``moment``, ``flag``, ``number`` or ``other``."""
    kind = column.type
    if is_date_or_timestamp(kind):
        return "moment"
    if is_boolean(kind):
        return "flag"
    if (is_number(kind) or is_interval(kind)) and not is_reference(column):
        return "number"
    return "other"


def is_reference(column: Column) -> bool:
    """Whether a column names another row, by its name."""
    return bool(re.search(r"_(id|by|user)_$", column.words))


def event_of_column(column: Column) -> Event | None:
    """Return the event that a column tells of, None if it tells of none."""
    if column.type.array:
        return None
    family = family_of(column)
    if family == "other" and not (
        has_string_category(column.type)
        or is_enum(column.type)
        or is_uuid(column.type)
        or is_number(column.type)
        or is_json(column.type)
    ):
        return None
    return event_of(column.name, family)
