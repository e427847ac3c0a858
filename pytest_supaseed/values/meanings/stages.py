"""Stages of a row: which of its columns a status, a boolean or another column of the same event decides.

Names of columns tell of events, see :mod:`~pytest_supaseed.values.meanings.events`. :func:`rule_of` returns what
decides whether the row has been through the event of a column: first the status columns of the row, whose lives
:mod:`~pytest_supaseed.values.meanings.lives` declares, then a boolean of the event, then a date or time of it.
:func:`choice_of` returns the statuses of a row that has other statuses, or columns that the user supplies, which rule
them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial

from pytest_supaseed.constraints.column import memoized_by_identity, value_domain
from pytest_supaseed.constraints.domain import ValueDomain, accepts
from pytest_supaseed.constraints.indexes import constant_default
from pytest_supaseed.model.identifiers import singular, spelt, subject_of
from pytest_supaseed.model.referenced import ReferencedTable
from pytest_supaseed.model.schema import Column, Table
from pytest_supaseed.model.type_families import (
    has_string_category,
    is_boolean,
    is_date,
    is_date_or_timestamp,
    is_enum,
    is_integer,
    is_number,
)
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.events import (
    ATTEMPTS,
    FLAG_WORDS,
    MOMENT_WORDS,
    PLANNED,
    PORTIONS,
    TOLD,
    Event,
    event_of,
    event_of_column,
    family_of,
    is_reference,
)
from pytest_supaseed.values.meanings.lives import (
    AnyStages,
    KeptStages,
    Stages,
    canonical,
    codes_of,
    event_word,
    is_passing,
    label_word,
    listed_in,
    stages_of,
    stem,
)
from pytest_supaseed.values.meanings.moments import are_ends
from pytest_supaseed.values.meanings.vocabulary import VOCABULARY
from pytest_supaseed.values.meanings.wordlists import STATUSES, words_for

Row = Mapping[str, object]
_KIND = re.compile(
    r"_(type|kind|method|event|outcome|result|decision|mode|reason)_$|^_(provider|payment_provider|category|role|plan|tier|membership)_$"
)
_STATUS = ("status", "state", "stage", "phase", "lifecycle")
# What is owed, where no column has what has been paid.
_OWED = re.compile(
    r"^_(outstanding|remaining|open|unpaid|owed)_(amount|balance|principal|total)_((cents|minor)_)?$"
    r"|^_(balance|amount|principal|total)_(due|owed|outstanding|remaining|open)_((cents|minor)_)?$"
    r"|^_(current_)?balance_((cents|minor|amount)_)?$"
)
_SETTLED = frozenset(("paid", "paid_off", "settled", "repaid", "partially_paid"))
# In which a part of an amount that is owed has been paid.
_REPAYING = frozenset(
    ("active", "repaying", "current", "disbursed", "in_progress", "in_repayment", "defaulted")
)
_PARTLY = frozenset(("partial", "partially", "partly", "part"))
# The column of a table of statuses that says which one a row is.
_NAMES_A_STATUS = re.compile(r"^_(\w+_)?(code|key|slug|name|label|title|status|state|description)_$")
# Events that are never scheduled beforehand: a termination date is known when it happens, an end date before.
_NEVER_PLANNED = frozenset(("terminated", "resigned", "retired", "discharged", "deceased"))
# Statuses that stand in names of columns with another meaning: ``new_price``.
_ADJECTIVES = frozenset(
    ("new", "open", "active", "live", "current", "ready", "pending", "public", "private", "free")
)
# Booleans whose falsehood is an event: by word, the words of the events.
_OPPOSITES = {
    "active": (
        "deactivated",
        "ended",
        "terminated",
        "left",
        "deleted",
        "archived",
        "closed",
        "retired",
        "stopped",
        "decommissioned",
        "disbanded",
        "discontinued",
        "inactivated",
        "withdrawn",
        "revoked",
        "suspended",
        "cancelled",
        "dissolved",
        "delisted",
        "superseded",
        "replaced",
        "resigned",
        "dismissed",
        "expired",
        "exited",
        "sold",
        "scrapped",
        "disposed",
        "unsubscribed",
        "deceased",
    ),
    **dict.fromkeys(
        ("operational", "in_service", "service", "commissioned"),
        ("decommissioned", "retired", "withdrawn", "out_of_service", "ended", "scrapped", "disposed", "sold"),
    ),
    "in_use": ("decommissioned", "retired", "ended", "scrapped"),
    "use": ("decommissioned", "retired", "ended", "scrapped"),
    "accepted": ("rejected",),
    "approved": ("rejected",),
    "granted": ("rejected", "denied"),
    "allowed": ("rejected", "denied"),
    "eligible": ("rejected",),
    "passed": ("failed",),
    "success": ("failed",),
    "successful": ("failed",),
    "succeeded": ("failed",),
    "ok": ("failed",),
    "valid": ("rejected", "failed", "void"),
    "enabled": ("deactivated", "stopped"),
    "available": ("sold", "retired"),
    "employed": ("left", "terminated", "ended", "retired"),
    "alive": ("deceased",),
    "living": ("deceased",),
    "open": ("closed", "filled", "returned", "ended", "finished", "in", "checked_in"),
    "vacant": ("filled", "occupied"),
    "current": ("ended",),
}
# Events of which a row goes through one at most: what is completed has not been skipped.
_EXCLUSIVE = tuple(
    (frozenset(done.split()), frozenset(undone.split()))
    for done, undone in (
        (
            "completed finished done succeeded fulfilled ended passed",
            "skipped abandoned cancelled failed aborted missed rejected interrupted dropped bounced no_show expired",
        ),
        ("delivered received", "failed bounced cancelled lost undeliverable rejected"),
        ("approved accepted granted confirmed", "rejected denied declined withdrawn expired"),
        ("attended checked_in arrived", "cancelled no_show missed"),
        ("answered responded", "missed abandoned expired"),
        ("redeemed used consumed", "expired revoked void"),
        ("won converted", "lost"),
        ("published", "rejected"),
        ("accepted", "revoked"),
    )
)
# Words of events that stay true, beside all participles that end in "ed".
_STAYS_TRUE = frozenset(
    ("paid", "sent", "read", "seen", "won", "sold", "done", "left", "lost", "void", "no_show")
)
# Statuses of rows for which ``is_active`` is true, where no status is called active.
_ACTIVE = frozenset(("active", "trialing", "past_due", "on_leave", "published", "live", "enabled", "renewed"))


@dataclass(frozen=True)
class Rule:
    """What decides whether the row of a column has been through its event.

    Attributes:
        uses: the columns that decide it.
        happened: takes the row so far; None where it does not tell.
        zero: whether a number of any name is 0 in a row that has not, and above 0 in one that has.
        partly: takes the row so far; whether an amount is only a part of the whole, as one that is partially paid.
    """

    uses: tuple[str, ...]
    happened: Callable[[Row], bool | None]
    zero: bool = False
    partly: Callable[[Row], bool] | None = None


@dataclass(frozen=True)
class Choice:
    """The statuses that a row may have beside its other columns.

    Attributes:
        uses: the other columns.
        weighted: takes the row so far; returns the statuses that agree with it best, with their weights.
    """

    uses: tuple[str, ...]
    weighted: Callable[[Row], tuple[Sequence[str], Sequence[int]]]


@dataclass(frozen=True)
class Status:
    """A column that has the stage of its row.

    Attributes:
        column: the column.
        about: whose stage it is, by the column's name: ``("payment",)`` for ``payment_status``; empty for the row's.
        labels: the statuses that it may have, in their order; empty where they are in another table.
        stages: their life.
        default: the status that PostgreSQL sets, None for none.
        declared: whether a type, a CHECK or a model lists the statuses.
        codes: the statuses that its values stand for, where a comment says it; empty where they are the values.
    """

    column: Column
    about: tuple[str, ...]
    labels: tuple[str, ...]
    stages: Stages
    default: str | None
    declared: bool
    codes: Mapping[object, str] = field(default_factory=dict)

    def label(self, row: Row) -> object:
        """The status of a row; None if it has none."""
        found = row.get(self.column.name)
        if found is None:
            return self.default
        return self.codes.get(found) if self.codes else found

    def happened(self, row: Row, event: str) -> bool | None:
        """Whether a row has been through an event."""
        return self.stages.happened(self.label(row), event)

    def is_in(self, row: Row, event: str) -> bool | None:
        """Whether a row is in a state, as a boolean tells it: a row that is active now, or was paid once."""
        label = self.label(row)
        if event == "active":
            return self._is_active(label)
        lasting = event.endswith("ed") or event in _STAYS_TRUE or not isinstance(label, str)
        return self.stages.happened(label, event) if lasting else self._is_at(str(label), event)

    def is_over(self, label: str) -> bool:
        """Whether a status is one from which a row does not come back, beside the end of its way."""
        word = self.stages.word(label)
        return word is not None and self.stages.is_branch(word) and not is_passing(word)

    def is_over_in(self, row: Row) -> bool:
        """Whether a row has left its way for good."""
        label = self.label(row)
        return isinstance(label, str) and self.is_over(label)

    def _is_at(self, label: str, event: str) -> bool | None:
        return (
            self.stages.is_in(label, event)
            if event in self.stages.places
            else self.stages.happened(label, event)
        )

    def _is_active(self, label: object) -> bool | None:
        word = self.stages.word(label) if isinstance(label, str) else None
        if word is None or not self.stages.knows("active"):
            return None
        active = {self.stages.places.get(each) for each in ("active", "trialing")} - {None}
        return word in _ACTIVE or self.stages.places.get(word) in active


def rule_of(
    table: Table,
    column: Column,
    supplied: Collection[str] = (),
    parents: Sequence[ReferencedTable] = (),
) -> Rule | None:
    """Return what decides whether a column has a value.

    Args:
        supplied: columns whose values are known before any is generated.
        parents: the tables that its row references, one of which may have the statuses.

    Returns:
        None if no other column decides it.
    """
    if column.generated or column.type.array or not _can_be_empty(column):
        return None
    story = _story(table)
    if column.name in story.by_column or column.name in story.bound:
        return None
    ruled = story.by_comment(column) if column.nullable else None
    if ruled is None and column.name in story.events:
        ruled = story.by_reference(column, parents) or story.rule(column, frozenset(supplied))
    return ruled or _rule_by_words(table, column)


# Asked for each column, and for the foreign keys of the table with each of its moments.
@memoized_by_identity
def _rule_by_words(table: Table, column: Column) -> Rule | None:
    story = _story(table)
    return (
        story.by_label(column)
        or story.by_lateness(column)
        or story.by_object(column)
        or story.by_occupation(column)
        or story.by_completion(column)
        or story.by_flag_word(column)
        or story.by_charge(column)
        or story.by_debt(column)
        or story.by_current(column)
        or story.by_continuation(column)
    )


def _can_be_empty(column: Column) -> bool:
    if column.nullable or is_boolean(column.type) or can_be_blank(column):
        return True
    return is_number(column.type) and not is_reference(column)


# What is written down of an event, or known only once it has happened.
_BLANK = re.compile(
    r"_(reasons?|error|failure|exception|traceback|resolution|explanation|remarks?|feedback|outcome|response|waybill)_$"
    r"|\w+_(notes?|comments?|message|details?)_$|^_tracking_(number|code|url|link|reference)_$|_error_(message|text)_$"
)


def can_be_blank(column: Column) -> bool:
    """Whether a text that may not be NULL is empty in rows without its event, as applications of Django have it."""
    declared = column.declared
    return (
        not column.nullable
        and column.default is None
        and has_string_category(column.type)
        and not column.type.array
        and (declared is None or not (declared.judged or declared.minimum_length))
        and _BLANK.search(column.words) is not None
    )


def tells_lateness(table: Table, column: Column) -> bool:
    """Whether a number says how late who attends was, by the status of its row."""
    return _story(table).by_lateness(column) is not None


def parents_followed(
    table: Table, column: Column, parents: tuple[ReferencedTable, ...], supplied: Collection[str] = ()
) -> tuple[ReferencedTable, ...]:
    """Return the referenced tables whose times a moment of the row follows: not those of a later event.

    An order is not younger than the employee who cancelled it: its cancellation is. Where the moment itself decides
    whether the row references one, it follows none.
    """
    if family_of(column) != "moment":
        return parents
    found = []
    rules: dict[str, Rule | None] = {}
    for parent in parents:
        [name, *others] = parent.foreign_key.columns
        if name not in rules:
            rules[name] = None if others or name in supplied else rule_of(table, table.column(name), supplied)
        rule = rules[name]
        if rule is not None and not parent.itself:
            own, its = _story(table).events.get(column.name), _story(table).events.get(name)
            # A reference that only some kinds of rows have is there from the beginning.
            alike = its is None or (own is not None and own.word == its.word)
            if not alike or any(_is_moment_of(table, each) for each in rule.uses):
                continue
        found.append(parent)
    return tuple(found) if len(found) < len(parents) else parents


def _is_moment_of(table: Table, name: str) -> bool:
    return table.has_column(name) and family_of(table.column(name)) == "moment"


def choice_of(
    table: Table,
    column: Column,
    supplied: Collection[str] = (),
    parents: Sequence[ReferencedTable] = (),
) -> Choice | None:
    """Return how a status follows from the row's first status, from supplied columns and from its parents' statuses.

    Args:
        supplied: columns whose values are known before any is generated.
        parents: the tables that its row references: a payment has been made of a bill that is paid.

    Returns:
        None if it follows none.
    """
    story = _story(table)
    status = story.by_column.get(column.name)
    if status is None or not status.labels or status.codes or column.name in story.bound:
        return None
    if status.default is not None and not status.declared:
        # All rows have the default, for it may be the only word that the application knows.
        return None
    return story.choice(status, frozenset(supplied), parents)


def weights_of(table: Table, column: Column, labels: Sequence[object]) -> tuple[int, ...]:
    """Return how often the values of a column are usual, beside one another; empty if it has no status."""
    status = _story(table).by_column.get(column.name)
    if status is None or status.codes or any(not isinstance(label, str) for label in labels):
        return ()
    return tuple(status.stages.weight(label) for label in labels if isinstance(label, str))


def usual_labels(table: Table, column: Column, domain: ValueDomain) -> tuple[str, ...]:
    """Return the usual statuses of a column of texts; empty if it lists them itself, is a key, or is no status."""
    story = _story(table)
    status = story.by_column.get(column.name)
    if column.declared is not None or column.name in story.bound:
        return ()
    if status is None:
        listed = listed_in(column.comment) if has_string_category(column.type) and column.comment else ()
        return listed if all(accepts(domain, each) for each in listed) else ()
    if status.declared:
        return ()
    width = column.type.length
    fitting = all(
        accepts(domain, label) and (width is None or len(label) <= width) for label in status.labels
    )
    return status.labels if fitting else ()


def statuses_of(table: Table) -> tuple[Status, ...]:
    """Return the columns of a table that have a stage of its rows, the row's own first."""
    return _story(table).statuses


class _Story:
    """What the columns of one table tell, beside one another."""

    def __init__(self, table: Table) -> None:
        self.table = table
        words = tuple(map(singular, spelt(table.name.thing).strip("_").split("_")))
        self.things = ("_".join(words[-2:]), subject_of(table.name.separated), *reversed(words))
        found = [status for column in table.columns if (status := self._status(column)) is not None]
        self.statuses: tuple[Status, ...] = tuple(sorted(found, key=lambda each: bool(each.about)))
        self.by_column = {each.column.name: each for each in self.statuses}
        self.kinds = tuple(
            (column, labels)
            for column in table.columns
            if not column.generated and not column.type.array
            if column.name in self.by_column or _KIND.search(column.words)
            if (labels := self._labels(column))
        )
        self.events = {
            column.name: event
            for column in table.columns
            if not column.generated
            and (event := self._event_of(column)) is not None
            and not self._is_planned(column, event)
        }

    def _event_of(self, column: Column) -> Event | None:
        if not is_boolean(column.type) and self._yes_of(column) is not None:
            return event_of(column.name, "flag")
        if column.words == "_sale_price_" and any(
            other.words.startswith("_sold_") for other in self.table.columns
        ):
            # What it was sold for, rather than a price that is reduced.
            return Event("sold")
        return self._of_label(column) or event_of_column(column)

    def _yes_of(self, column: Column) -> object:
        """The value that stands for yes; None for a column of more than two values."""
        if is_integer(column.type) and not column.type.array:
            allowed = value_domain(self.table, column).allowed
            return 1 if allowed is not None and frozenset(allowed) == _ONE_OR_NONE else None
        labels = self._labels(column)
        if not labels and has_string_category(column.type) and (column.type.length or 1) <= _LETTERS:
            codes = codes_of(column)
            if len(codes) == 2:
                labels = tuple(str(each) for each in codes)
            elif column.words.endswith("_flag_") or column.words.startswith(("_is_", "_has_")):
                default = constant_default(self.table, column.name)
                labels = next((each for each in _LETTERS_OF_FLAGS if default in each), ())
        return _yes(labels)

    def _of_label(self, column: Column) -> Event | None:
        """The event of a moment whose name has a status of several words: ``first_on_scene_at``."""
        words = column.words
        for word in self._longer_labels if family_of(column) == "moment" else ():
            if f"_{word}_" in words and not PLANNED.search(words.replace(word, "")):
                return Event(canonical(word))
        return None

    @cached_property
    def _longer_labels(self) -> tuple[str, ...]:
        """The statuses of several words."""
        words = (label_word(label) for status in self.statuses for label in status.labels)
        return tuple(word for word in words if "_" in word)

    def _status(self, column: Column) -> Status | None:
        if column.type.array or column.generated:
            return None
        codes = codes_of(column) if is_integer(column.type) or has_string_category(column.type) else {}
        if not (codes or has_string_category(column.type) or is_enum(column.type)):
            return None
        parts = column.words.strip("_").split("_")
        of_key = any(key.columns == (column.name,) for key in self.table.foreign_keys)
        if of_key and len(parts) > 1 and parts[-1] in ("code", "key", "name", "slug"):
            parts = parts[:-1]
        if parts[-1] == "code" and parts[-2:-1] and parts[-2] in _STATUS:
            parts = parts[:-1]
        if parts[-1] not in _STATUS:
            return None
        about = tuple(part for part in parts[:-1] if part not in ("current", *self.things))
        things = (*map(singular, reversed(about)), *self.things)
        if codes:
            words = tuple(codes.values())
            default = constant_default(self.table, column.name)
            default = codes.get(int(default) if default and is_integer(column.type) else default)
            return Status(column, about, words, stages_of(words, things), default, True, codes)
        if about and parts[-1] == "phase" and STATUSES.keys().isdisjoint(things[: len(about)]):
            return None
        labels = self._labels(column)
        declared = bool(labels)
        default = constant_default(self.table, column.name)
        labels = labels or listed_in(column.comment, default)
        if not labels and not of_key:
            if parts[-1] == "state" and self._has_places:
                return None
            if about and STATUSES.keys().isdisjoint(things[: len(about)]) and self._has_words(column):
                return None
            labels = words_for(STATUSES, things, ())
        stages = stages_of(labels, things)
        if default is not None and not declared:
            listed = labels if default in labels else (default,)
            stages = KeptStages(stages_of(listed, things).life, labels, default)
        return Status(column, about, labels, stages, default, declared)

    def by_reference(self, column: Column, parents: Sequence[ReferencedTable]) -> Rule | None:
        """Return the rule that a referenced table of statuses makes: ``orders.status_id`` of ``order_statuses``."""
        event = self.events[column.name]
        for parent in parents:
            status = self._status_of(parent)
            if status is not None and self._tells(status, event):
                told = _is_in if is_boolean(column.type) else _has_happened
                return Rule((status.column.name,), partial(told, status, event.word))
        return None

    def _status_of(self, parent: ReferencedTable) -> Status | None:
        """The column of a referenced table of statuses that names them, as the row sees it."""
        if parent.via or parent.itself:
            return None
        words = [*parent.role.strip("_").split("_")], [*parent.subject.strip("_").split("_")]
        if not any(each[-1] in _STATUS for each in words):
            return None
        texts = {
            each.words: each
            for each in parent.table.columns
            if has_string_category(each.type) or is_enum(each.type)
        }
        named = next((each for words, each in texts.items() if _NAMES_A_STATUS.search(words)), None)
        if named is None:
            return None
        labels = named.type.labels or value_domain(parent.table, named).allowed or ()
        known = tuple(label for label in labels if isinstance(label, str))
        about = tuple(word for word in words[0][:-1] if word not in ("current", *self.things))
        things = (*map(singular, reversed(about)), *self.things)
        seen = replace(named, name=parent.column(named.name).name)
        stages = stages_of(known, things) if known else AnyStages(stages_of((), things).life, ())
        return Status(seen, about, known, stages, None, bool(known))

    def _has_words(self, column: Column) -> bool:
        """Whether a subject has words for a column, such as the hydration status of a patient."""
        context = Context(self.table, column, value_domain(self.table, column))
        return VOCABULARY.find(context.words, context.about) is not None

    def _labels(self, column: Column) -> tuple[str, ...]:
        allowed = column.type.labels or value_domain(self.table, column).allowed or ()
        return tuple(label for label in allowed if isinstance(label, str))

    @cached_property
    def _has_places(self) -> bool:
        return any(
            re.search(r"_(city|zip|postcode|country|street|address)_", column.words)
            for column in self.table.columns
        )

    def _is_planned(self, column: Column, event: Event) -> bool:
        """Whether a date is planned by the row's other columns: ``delivery_date`` beside ``delivered_at``."""
        if family_of(column) != "moment" or event.word in column.words.split("_"):
            return False
        if event.word in _NEVER_PLANNED:
            return False
        stage = any(
            canonical(label_word(label)) == event.word for status in self.statuses for label in status.labels
        )
        return any(
            other.name != column.name
            and is_date_or_timestamp(other.type)
            and (
                f"_{event.word}_" in other.words
                or (
                    not stage
                    and is_date(column.type)
                    and (are_ends(other.name, column.name) or are_ends(column.name, other.name))
                )
            )
            for other in self.table.columns
        )

    @cached_property
    def bound(self) -> frozenset[str]:
        """The columns that keys, triggers, partitions or generated columns involve, so that they may not be emptied."""
        table = self.table
        names = frozenset(column.name for column in table.columns)
        if table.partitioned or any(not column.default for column in table.generated):
            return names
        keys = [key.columns for key in table.foreign_keys if len(key.columns) > 1]
        texts = [trigger.source for trigger in table.triggers]
        texts += [column.default or "" for column in table.generated]
        told = (name for name in names if any(name in text for text in texts)) if texts else ()
        return table.in_unique_keys.union((name for columns in keys for name in columns), told)

    def rule(self, column: Column, supplied: frozenset[str]) -> Rule | None:
        """Return what decides whether a column has a value."""
        event = self.events[column.name]
        by_status = self._by_status(event, family_of(column))
        if by_status is not None:
            return by_status
        family = family_of(column)
        if family == "flag":
            return None
        return self._by_flag(event) or self._by_moment(column, event, supplied)

    def by_label(self, column: Column) -> Rule | None:
        """Return the rule of a column that is about one value of another: ``card_brand`` where the method is a card."""
        if not column.nullable or is_boolean(column.type):
            return None
        parts = column.words.strip("_").split("_")
        if len(parts) < 2:
            return None
        own = [stem(word) for word in parts]
        for chooser, labels in self.kinds:
            of_status = chooser.name in self.by_column
            if chooser.name == column.name:
                continue
            for label in labels:
                if len(label) == 1 and of_status and self._begins(label, labels, parts):
                    return Rule((chooser.name,), partial(_is_label, chooser.name, label))
                words = _stems(label)
                if words[0] in _OF_AMOUNTS and own[0] == "amount" and chooser.words.startswith(_DISCOUNTS):
                    words = ["amount"]
                first = own[: len(words)] == words and len(own) > len(words)
                within = of_status and len(words) == 1 and words[0] in own and parts[-1] not in MOMENT_WORDS
                if (first or within) and label_word(label) not in _ADJECTIVES:
                    status = self.by_column.get(chooser.name)
                    word = (
                        status.stages.word(label)
                        if status is not None and status.stages.life.things
                        else None
                    )
                    if (
                        status is not None
                        and word is not None
                        and parts[-1] not in ("position", "place", "rank")
                    ):
                        return Rule((chooser.name,), partial(_has_happened, status, word))
                    return Rule((chooser.name,), partial(_is_label, chooser.name, label))
        return None

    def by_lateness(self, column: Column) -> Rule | None:
        """Return the rule of how late who attends was: ``minutes_late`` of one who was late, 0 of all others."""
        own = {*column.words.strip("_").split("_")}
        if not is_measured(column) or not own & _UNITS_OF_LATENESS or not own & _LATE:
            return None
        for status in self.statuses:
            words = {label: {*label_word(label).split("_")} for label in status.labels}
            late = frozenset(label for label in words if words[label] & own & _LATE)
            if late and any(each & _ATTENDS for each in words.values()) and status.codes == {}:
                return Rule((status.column.name,), partial(_is_one_of, status.column.name, late), zero=True)
        return None

    def by_object(self, column: Column) -> Rule | None:
        """Return the rule of a reference that some kinds of the row are about: ``task_id`` of ``task_assigned``."""
        if not column.nullable or not any(key.columns == (column.name,) for key in self.table.foreign_keys):
            return None
        own = [_verb(word) for word in column.words.strip("_").split("_")[:-1]]
        for chooser, labels in (*self.kinds, *self._origins):
            about = [label for label in labels if own and _has_words(label, own)]
            if about and len(about) < len(labels) and chooser.name not in self.by_column:
                parts = {label for label in labels if not _PARTS.isdisjoint(label_word(label).split("_"))}
                about_it = frozenset({*about, *parts})
                return Rule((chooser.name,), partial(_is_one_of, chooser.name, about_it))
        return None

    @cached_property
    def _origins(self) -> tuple[tuple[Column, tuple[str, ...]], ...]:
        """The columns that say from what or where a row has come, with their values."""
        return tuple(
            (column, labels)
            for column in self.table.columns
            if _ORIGIN.search(column.words) and not column.generated and (labels := self._labels(column))
        )

    def by_occupation(self, column: Column) -> Rule | None:
        """Return the rule of who or what has a thing now: a unit that is vacant has no current lease."""
        if not column.nullable or not _OCCUPANT.search(column.words):
            return None
        for status in self.statuses:
            words = {label_word(label) for label in status.labels}
            if status.declared and not _VACANT.isdisjoint(words) and not _OCCUPIED.isdisjoint(words):
                return Rule((status.column.name,), partial(_is_occupied, status))
        return None

    def by_completion(self, column: Column) -> Rule | None:
        """Return the rule of what an inspection or a test finds: nothing before it is completed."""
        if not column.nullable or is_boolean(column.type) or not _FOUND.search(column.words):
            return None
        if _EXAMINATIONS.isdisjoint(self.things):
            return None
        for name, event in self.events.items():
            other = self.table.column(name)
            if (
                family_of(other) == "moment"
                and other.nullable
                and event.word in _EXAMINED
                and not event.about
            ):
                return Rule((name,), partial(_has_value, name))
        return None

    def by_flag_word(self, column: Column) -> Rule | None:
        """Return the rule of a column that is about what a boolean tells: ``gift_message`` of ``is_gift``."""
        if is_boolean(column.type) or not (column.nullable or is_measured(column)):
            return None
        parts = column.words.strip("_").split("_")
        own = [_verb(word) for word in parts]
        for flag in self._flags:
            size = len(flag.stems)
            if not size or flag.name == column.name or own[:size] != flag.stems:
                continue
            if len(own) == size and not (flag.has and column.nullable):
                continue
            same = [*map(singular, parts[:size])] == flag.words
            if is_number(column.type) and not (same or flag.possible):
                # The score that passes is none of what has passed.
                continue
            if not column.nullable and (flag.stems[0] in _SAYS_NOTHING or parts[-1] in ("count", "total")):
                continue
            told = partial(self._truths[flag.name], not flag.denied)
            if flag.possible or (flag.asked and not same):
                told = partial(_unless, told)
            return Rule((flag.name,), told, zero=True)
        for names, flags, truth in _TOLD_BY_FLAGS if column.nullable else ():
            if names.search(column.words):
                for flag in self._flags:
                    if flag.name != column.name and flags.search(flag.spelling):
                        return Rule((flag.name,), partial(self._truths[flag.name], truth))
        return None

    def by_charge(self, column: Column) -> Rule | None:
        """Return the rule of an amount that nothing is asked for: the price of what is free."""
        if not is_measured(column) or not _CHARGE.search(column.words):
            return None
        for flag in self._flags:
            if _FREE.search(flag.spelling):
                return Rule((flag.name,), partial(self._truths[flag.name], False), zero=True)
            if flag.stems in (["bill"], ["charge"]) and _BILLED.search(column.words):
                return Rule((flag.name,), partial(_unless, partial(self._truths[flag.name], True)), zero=True)
        for chooser, labels in self.kinds:
            rest = frozenset(label for label in labels if not _FREE.search(f"_{label_word(label)}_"))
            if rest and len(rest) < len(labels) and chooser.name not in self.by_column:
                return Rule((chooser.name,), partial(_is_one_of, chooser.name, rest), zero=True)
        return None

    def by_debt(self, column: Column) -> Rule | None:
        """Return the rule of what is owed still, of a row without what has been paid: nothing once it is paid off."""
        if not is_measured(column) or not _OWED.search(column.words):
            return None
        if any(
            self.events[name].word in ("paid", "repaid")
            for name in self.events
            if is_measured(self.table.column(name))
        ):
            return None
        for status in self.statuses:
            words = {canonical(label_word(label)) for label in status.labels}
            if status.stages.knows("paid") and not words.isdisjoint(_SETTLED):
                return Rule((status.column.name,), partial(_owes, status), True, partial(_repays, status))
        return None

    def by_current(self, column: Column) -> Rule | None:
        """Return the rule of the end of what is current: a contract that is current has none."""
        if not column.nullable or family_of(column) != "moment" or not _END.search(column.words):
            return None
        for flag in self._flags:
            if _LASTS.search(flag.spelling):
                return Rule((flag.name,), partial(self._truths[flag.name], False))
        return None

    def by_continuation(self, column: Column) -> Rule | None:
        """Return the rule of what goes on until the row is over: whether it renews itself, and when."""
        if not _GOES_ON.search(column.words) or not (is_boolean(column.type) or column.nullable):
            return None
        for status in self.statuses:
            if any(status.is_over(label) for label in status.labels):
                return Rule((status.column.name,), partial(_goes_on, status))
        return None

    @cached_property
    def _flags(self) -> tuple[_Flag, ...]:
        """The columns of the table that tell a truth value."""
        return tuple(_flag(self.table.column(name)) for name in self._truths if name in self._told_by_users)

    @cached_property
    def _told_by_users(self) -> frozenset[str]:
        return frozenset(column.name for column in self.table.columns if not column.generated)

    def by_comment(self, column: Column) -> Rule | None:
        """Return the rule that a comment states: "only for airport stations", "NULL unless cancelled"."""
        if not column.comment or is_boolean(column.type):
            return None
        found = _ONLY.search(column.comment)
        if found is None:
            return None
        told = [stem(singular(word)) for word in re.findall(r"[a-z]+", spelt(found["rest"]))]
        truth = not {"not", "no", "never"} & {*told[:3]}
        for flag in self._flags:
            if flag.all_stems and {*flag.all_stems} <= {*told}:
                return Rule((flag.name,), partial(self._truths[flag.name], truth))
        for chooser, labels in self.kinds:
            named = tuple(
                label
                for label in labels
                if {stem(singular(word)) for word in label_word(label).split("_")} <= {*told}
            )
            if not named or chooser.name == column.name or not truth:
                continue
            status = self.by_column.get(chooser.name)
            word = status.stages.word(named[0]) if status is not None else None
            if status is not None and word is not None and _SINCE.search(found["how"]):
                return Rule((chooser.name,), partial(_has_happened, status, word))
            return Rule((chooser.name,), partial(_is_one_of, chooser.name, frozenset(named)))
        return None

    def _begins(self, label: str, labels: Sequence[str], parts: Sequence[str]) -> bool:
        """Whether a letter stands for the event of a column: ``H`` for ``hold_date``."""
        letters = [each.lower() for each in labels]
        event = [part for part in parts if part not in MOMENT_WORDS and part not in TOLD]
        return (
            (label.lower() == event[0][0] if len(event) == 1 and event != [*parts] else False)
            and letters.count(label.lower()) == 1
            and event_word(event[0]) is not None
        )

    def _by_status(self, event: Event, family: str) -> Rule | None:
        about = {singular(part) for part in event.about}
        for status in sorted(self.statuses, key=lambda each: self._distance(each, event, about)):
            if not self._tells(status, event):
                continue
            told = _is_in if family == "flag" else _has_happened
            portion = family == "number" and event.word in PORTIONS
            partly = partial(_is_partly, status, event.word) if portion else None
            return Rule((status.column.name,), partial(told, status, event.word), partly=partly)
        return self._by_part(event)

    def _by_part(self, event: Event) -> Rule | None:
        """The rule of the beginning or end of a stage: ``fermentation_ended_at`` is set after the stage fermenting."""
        begun, over = (
            event.word in ("started", "began", "begun"),
            event.word in ("ended", "finished", "completed"),
        )
        if len(event.about) != 1 or not (begun or over):
            return None
        for status in self.statuses:
            for label in status.labels:
                word = status.stages.word(label) or ""
                place = status.stages.places.get(word)
                if _verb(word) == _verb(event.about[0]) and place is not None:
                    return Rule((status.column.name,), partial(_is_past, status, place, begun))
        return None

    def _distance(self, status: Status, event: Event, about: set[str]) -> int:
        own = {*map(singular, status.about)}
        if own & (about | {canonical(part) for part in about}) or canonical("_".join(own)) == event.word:
            return 0
        if own:
            return (
                1 if any(canonical(part) == event.word for part in own) or self._is_of(status, event) else 3
            )
        return 2

    def _is_of(self, status: Status, event: Event) -> bool:
        """Whether a status of a part of the row is known for an event, as a payment's is for ``paid``."""
        return self._is_of_event(status, event.word)

    def _tells(self, status: Status, event: Event) -> bool:
        """Whether a status decides if its row has been through an event."""
        about = {singular(part) for part in event.about}
        if about - {*map(singular, status.about), *self.things, "email", "actual", "fully", "marked"}:
            return False
        return status.stages.knows(event.word)

    def _by_flag(self, event: Event) -> Rule | None:
        for other in self.table.columns:
            found = self.events.get(other.name)
            if found is None or other.name not in self._truths:
                continue
            if not (found.about == event.about or not found.about or not event.about):
                continue
            told = self._truths[other.name]
            if found.word == event.word and found.word != "active":
                return Rule((other.name,), partial(told, True))
            if event.word in _OPPOSITES.get(found.word, ()):
                # Where it has several ends, the row came to one of them.
                first = event.word == self._ends_of(found)
                return Rule(
                    (other.name,), partial(told, False) if first else partial(_unless, partial(told, False))
                )
            if _excludes(found.word, event.word):
                return Rule((other.name,), partial(_unless, partial(told, False)))
        return None

    def _ends_of(self, flag: Event) -> str:
        """The word of the first event of the row that is the opposite of what a boolean tells."""
        opposites = _OPPOSITES[flag.word]
        words = {
            each.word
            for name, each in self.events.items()
            if name not in self._truths and (each.about == flag.about or not flag.about or not each.about)
        }
        return next((word for word in opposites if word in words), "")

    @cached_property
    def _truths(self) -> Mapping[str, Callable[[bool, Row], bool | None]]:
        """By boolean, or column of a letter for yes and one for no, what tells if it has a truth value in a row."""
        found: dict[str, Callable[[bool, Row], bool | None]] = {}
        for column in self.table.columns:
            if is_boolean(column.type) and not column.type.array:
                found[column.name] = partial(_is_told, column)
            elif (yes := self._yes_of(column)) is not None:
                found[column.name] = partial(_says, self._default_of(column), column.name, yes)
        return found

    def _default_of(self, column: Column) -> object:
        default = constant_default(self.table, column.name)
        return int(default) if default is not None and is_integer(column.type) else default

    def _by_moment(self, column: Column, event: Event, supplied: frozenset[str]) -> Rule | None:
        """The rule of a column that is NULL where a date or time of the same event is."""
        leader = self._leader(event, supplied)
        if leader is None or leader == column.name or not self.table.column(leader).nullable:
            return None
        return Rule((leader,), partial(_has_value, leader))

    def _leader(self, event: Event, supplied: frozenset[str]) -> str | None:
        alike = [
            column.name
            for column in self.table.columns
            if (found := self.events.get(column.name)) is not None
            and found.word == event.word
            and found.about == event.about
        ]
        given = [name for name in alike if name in supplied]
        moments = [name for name in alike if family_of(self.table.column(name)) == "moment"]
        return next(iter((*given, *moments)), None)

    def choice(
        self, status: Status, supplied: frozenset[str], parents: Sequence[ReferencedTable]
    ) -> Choice | None:
        """Return the statuses that agree with other columns of the row, and of those that it references."""
        of_row = [
            other
            for other in self.statuses
            if other.column.name != status.column.name
            and (
                other.column.name in supplied
                or (self._comes_before(other, status) and status.column.name not in supplied)
            )
        ]
        told = [
            (name, self.events[name].word, family_of(self.table.column(name)))
            for name in self.events
            if name in supplied and name not in self.by_column and self._tells(status, self.events[name])
        ]
        of_parents = self._of_parents(status, parents) if status.column.name not in supplied else ()
        if not of_row and not told and not of_parents:
            return None

        def weighted(row: Row) -> tuple[Sequence[str], Sequence[int]]:
            known = (
                *(row.get(other.column.name) for other in of_row),
                *(_is_set(row.get(name)) for name, _, _ in told),
                *(row.get(whole.column.name) for whole, _ in of_parents),
            )
            if known not in found:
                found[known] = self._best(status, row, of_row, told, of_parents)
            return found[known]

        found: dict[tuple[object, ...], tuple[Sequence[str], Sequence[int]]] = {}
        uses = (
            *(other.column.name for other in of_row),
            *(name for name, _, _ in told),
            *(whole.column.name for whole, _ in of_parents),
        )
        return Choice(uses, weighted)

    def _of_parents(
        self, status: Status, parents: Sequence[ReferencedTable]
    ) -> tuple[tuple[Status, tuple[str, ...]], ...]:
        """The statuses of referenced rows of which the row is a part, each with the events on which both agree."""
        events = next((events for nouns, events in _PARTS_OF_ROWS if not nouns.isdisjoint(self.things)), ())
        found = []
        for parent in parents if events and not status.about else ():
            if parent.via or parent.itself:
                continue
            statuses = [each for each in statuses_of(parent.table) if each.labels and not each.codes]
            statuses.sort(key=lambda each: not any(self._is_of_event(each, event) for event in events))
            for whole in statuses:
                alike = tuple(
                    event for event in events if whole.stages.knows(event) and status.stages.knows(event)
                )
                if alike:
                    column = replace(whole.column, name=parent.column(whole.column.name).name)
                    found.append((replace(whole, column=column), alike))
                    break
        return tuple(found)

    @staticmethod
    def _is_of_event(status: Status, event: str) -> bool:
        return event in _KNOWN_FOR and not _KNOWN_FOR[event].isdisjoint(map(singular, status.about))

    @staticmethod
    def _best(
        status: Status,
        row: Row,
        of_row: Sequence[Status],
        told: Sequence[tuple[str, str, str]],
        of_parents: Sequence[tuple[Status, tuple[str, ...]]],
    ) -> tuple[Sequence[str], Sequence[int]]:
        """Return the statuses that disagree with the fewest of a row's other columns, and their weights."""
        scores = []
        for label in status.labels:
            own = {status.column.name: label}
            score = sum(_disagreements(other, row, status, label) for other in of_row)
            for name, event, family in told:
                happened = (_is_in if family == "flag" else _has_happened)(status, event, own)
                score += happened is not None and happened != _is_set(row.get(name))
            score += sum(
                _disagrees(whole, row, event, status, own) for whole, its in of_parents for event in its
            )
            scores.append(score)
        least = min(scores)
        labels = [label for label, score in zip(status.labels, scores, strict=True) if score == least]
        return labels, [status.stages.weight(label) for label in labels]

    def _comes_before(self, first: Status, second: Status) -> bool:
        return not first.about and self.statuses.index(first) < self.statuses.index(second)


@dataclass(frozen=True)
class _Flag:
    """A column with a truth value.

    Attributes:
        name: of the column.
        spelling: its normalized name.
        words: what it is about, in the singular.
        stems: of these words.
        all_stems: of the words with those that say that something has to be, or is there.
        has: whether it tells that the row has something.
        asked: whether it tells that something has to be, which may not be yet.
        possible: whether it tells that something may be.
        denied: whether it tells that something is not.
    """

    name: str
    spelling: str
    words: list[str]
    stems: list[str]
    all_stems: list[str]
    has: bool
    asked: bool
    possible: bool
    denied: bool


def _flag(column: Column) -> _Flag:
    parts = column.words.strip("_").split("_")
    told = [part for part in parts if part not in FLAG_WORDS] or parts
    said = {*parts}
    about = [part for part in told if part not in _STATES_OF_FLAGS] or told
    possible = not said.isdisjoint(_POSSIBLE) or (len(about) == 1 and about[0].endswith(("able", "ible")))
    return _Flag(
        column.name,
        column.words,
        [*map(singular, about)],
        [*map(_verb, about)],
        [stem(singular(word)) for word in told],
        not said.isdisjoint(("has", "had", "with")),
        not said.isdisjoint(_ASKED),
        possible,
        not said.isdisjoint(_DENIED),
    )


# How late, or how much too early, and statuses of who attends besides.
_LATE = frozenset(("late", "tardy", "early"))
_UNITS_OF_LATENESS = frozenset(("minutes", "mins", "minute", "min", "seconds", "hours"))
_ATTENDS = frozenset(("present", "absent", "excused", "attended", "attending", "punctual", "time", "ontime"))
# What a boolean says of the thing that it is about.
_ASKED = frozenset(
    ("required", "requires", "needed", "needs", "necessary", "mandatory", "requested", "wanted")
)
_POSSIBLE = frozenset(
    ("allowed", "allows", "applicable", "available", "eligible", "possible", "supported", "supports")
)
_DENIED = frozenset(("exempt", "waived", "without", "no", "never", "non", "unlimited"))
_STATES_OF_FLAGS = (
    _ASKED
    | _POSSIBLE
    | _DENIED
    | frozenset(
        ("included", "includes", "applied", "provided", "present", "given", "enabled", "attached", "exists")
    )
)
# Words of booleans that are none of a thing.
_SAYS_NOTHING = frozenset(
    map(
        stem,
        (
            "active",
            "default",
            "primary",
            "main",
            "public",
            "private",
            "current",
            "enabled",
            "visible",
            "valid",
        ),
    )
)
# Columns that a boolean of another word tells of: names of the column, of the boolean, and which truth value.
_TOLD_BY_FLAGS = tuple(
    (re.compile(names), re.compile(flags), truth)
    for names, flags, truth in (
        (
            r"^_(meeting|video|join|zoom|stream|streaming|conference|webinar|call|dial_in)_(url|link|room|code|id)_$",
            r"_(online|virtual|remote|telehealth|telemedicine|livestreamed|hybrid)_",
            True,
        ),
        (
            r"^_(recurrence|repeat|repeats|rrule|recurring)_",
            r"_(recurring|repeating|repeats|recurs|repeat)_",
            True,
        ),
        (r"^_(guardian|parent_or_guardian)_", r"_minor_", True),
        (r"^_download_(url|link|path)_$", r"_(digital|downloadable)_", True),
        (
            r"^_(donor|author|reporter|sender|reviewer|display|submitter|contact)_(name|email|phone)_$",
            r"_anonymous_",
            False,
        ),
        (
            r"^_(sale|discount|discounted|promo|special)_(price|amount|percent|starts?|ends?)_",
            r"_on_(sale|offer)_",
            True,
        ),
        (
            r"^_(insurance|insurer|policy)_(\w+_)?(number|company|provider|name)_$|^_insurer_$",
            r"_insured_",
            True,
        ),
    )
)
# What is said of any thing, whose name does not stand in the value.
_PARTS = frozenset((
    "comment", "mention", "mentioned", "reply", "reaction", "attachment", "note", "like", "liked", "assigned", "due",
    "overdue", "deadline", "reminder", "approval", "approved",
))  # fmt: skip
_ORIGIN = re.compile(r"_(source|origin|context|target|subject|via|channel)_$")
_FREE = re.compile(r"^_(is_)?(free|complimentary|gratis|free_of_charge|no_charge|freemium)(_(plan|tier))?_$")
_CHARGE = re.compile(
    r"_(price|fee|fees|cost|amount|charge|rate|premium|fare|total|admission)_((cents|minor)_)?$|^_(price|amount)_"
)
_BILLED = re.compile(r"_(amount|total|charge|fee|price|cost)_((cents|minor)_)?$")
_LASTS = re.compile(
    r"^_(is_)?(current|latest|ongoing|permanent|perpetual|indefinite|open_ended|lifetime|unlimited)(_\w+)?_$|_never_(expires|ends)_"
)
_GOES_ON = re.compile(
    r"^_(is_)?auto_?(renew|renews|renewal|renewing|pay|bill|billing|charge|extend)(_(enabled|flag|on))?_$|^_(autorenew|will_renew)_$"
    r"|^_next_(billing|payment|renewal|invoice|charge|delivery|shipment|order)_(at|on|date)_$|^_(renews|renewal)_(at|on|date)_$"
)


def is_measured(column: Column) -> bool:
    """Whether a column holds a number that is no reference to another row."""
    return is_number(column.type) and not column.type.array and not is_reference(column)


def _has_words(label: str, own: Sequence[str]) -> bool:
    """Whether a value has the words of a thing: ``task_assigned`` those of a task."""
    words = [_verb(word) for word in label_word(label).split("_")]
    return any(words[start : start + len(own)] == own for start in range(len(words)))


def _unless(told: Callable[[Row], bool | None], row: Row) -> bool | None:
    """False where a boolean says that something cannot be, unknown where it may be."""
    return None if told(row) is not False else False


# What is found out, by what, and when it is.
_FOUND = re.compile(
    r"^_(findings?|result|outcome|verdict|conclusion|score|rating|grade)_$|_found_$"
    r"|^_(issues?|defects?|findings?|violations?|failures?|errors?|nonconformit(y|ies)|deficienc(y|ies))_count_$"
)
_EXAMINATIONS = frozenset((
    "inspection", "audit", "test", "exam", "examination", "assessment", "check", "checkup", "evaluation", "scan",
    "survey", "appraisal", "screening",
))  # fmt: skip
_EXAMINED = frozenset(("completed", "finished", "performed", "conducted", "inspected", "done", "ended"))
# References to who or what uses a thing for a time, and the statuses of a thing that is unused and of one that is used.
_USE = (
    "lease|booking|rental|reservation|order|job|task|trip|ride|loan|checkout|session|shift|assignment|stay|admission"
    "|contract|incident|call|tenancy|user|employee|driver|customer|guest|patient|tenant|member|student|operator|holder"
    "|borrower|occupant|resident|client|renter|rider|assignee|person|staff|agent|technician"
)
_OCCUPANT = re.compile(
    rf"^_(current|active|assigned)_({_USE})_(id_)?$|^_(occupied|borrowed|held|rented)_by_|^_(reserved_for|assigned_to)_"
    r"|^_(occupant|tenant|guest|resident|patient|borrower|holder|renter|lessee|assignee|checked_out_(by|to))_(id_)?$"
)
_VACANT = frozenset((
    "vacant", "available", "empty", "free", "idle", "unoccupied", "unassigned", "unrented", "in_stock", "spare",
    "unallocated", "unclaimed", "to_let", "for_rent", "in_storage",
))  # fmt: skip
_OCCUPIED = frozenset((
    "occupied", "in_use", "rented", "leased", "assigned", "checked_out", "on_loan", "loaned", "borrowed", "taken",
    "let", "allocated", "busy", "hired", "lent", "deployed", "claimed", "engaged",
))  # fmt: skip


def _is_occupied(status: Status, row: Row) -> bool | None:
    label = status.label(row)
    word = label_word(label) if isinstance(label, str) else ""
    return True if word in _OCCUPIED else False if word in _VACANT else None


def _goes_on(status: Status, row: Row) -> bool | None:
    return False if status.is_over_in(row) else None


_END = re.compile(
    r"^_((contract|valid|effective|period|service|assignment)_)?(end|ended|ends|to|until|through|superseded|replaced)_"
)
# Kinds of a discount that is an amount of money.
_DISCOUNTS = (
    "_discount_",
    "_reduction_",
    "_rebate_",
    "_coupon_",
    "_promo_",
    "_offer_",
    "_voucher_",
    "_value_",
)
_OF_AMOUNTS = frozenset(map(stem, ("fixed", "flat", "absolute", "amount", "money")))
# Events that are told by the status of a part of the row, rather than by the row's own.
_KNOWN_FOR = {
    **dict.fromkeys(
        ("paid", "captured", "authorized", "refunded"), frozenset(("payment", "billing", "financial"))
    ),
    **dict.fromkeys(
        ("shipped", "delivered", "packed", "fulfilled", "dispatched"),
        frozenset(("fulfillment", "shipping", "delivery", "shipment")),
    ),
}
# Events on which two statuses of one row agree.
_PIVOTS = ("paid", "shipped", "delivered", "refunded")
# By the word of the row's status, the words that a status of its part has then, the best first.
_AGREEING: dict[str, tuple[tuple[str, ...], ...]] = {
    "cancelled": (
        ("refunded", "void", "cancelled", "restocked"),
        ("failed", "unfulfilled", "pending", "unpaid", "not_paid", "new", "open"),
    ),
    "refunded": (("refunded",), ("paid",), ("returned", "delivered")),
    "returned": (("refunded", "returned"), ("paid",)),
    "failed": (("failed",), ("cancelled", "void"), ("unpaid", "pending", "unfulfilled")),
}


# What a row is a part of its parent's life by its noun, with the events on which the statuses of both agree.
_PARTS_OF_ROWS: tuple[tuple[frozenset[str], tuple[str, ...]], ...] = (
    (frozenset(("refund",)), ("refunded",)),
    (
        frozenset(("payment", "transaction", "charge", "receipt", "capture", "settlement", "remittance")),
        ("paid", "refunded"),
    ),
    (frozenset(("shipment", "delivery", "fulfillment", "parcel", "package")), ("shipped", "delivered")),
)


def _disagrees(whole: Status, row: Row, event: str, part: Status, own: Row) -> bool:
    """Whether a row and the one that it is a part of disagree on whether they have been through an event."""
    mine, its = part.happened(own, event), whole.happened(row, event)
    if mine is None or its is None:
        return False
    words = {whole.stages.word(label) for label in whole.labels}
    if event == "refunded" and "refunded" not in words:
        # What has been paid may have been refunded all the same, and may not.
        return mine and whole.happened(row, "paid") is False
    its = its or _is_partly(whole, event, row)
    label = own[part.column.name]
    undone = its and isinstance(label, str) and part.is_over(label) and not whole.is_over_in(row)
    return mine != its or undone


def _disagreements(first: Status, row: Row, second: Status, label: str) -> int:
    """Return how far a status is from agreeing with another one of the row, 0 where it agrees."""
    found = row.get(first.column.name)
    value = first.default if found is None else found
    one = first.stages.word(value) if isinstance(value, str) else None
    other = second.stages.word(label)
    if one is None or other is None:
        return 0
    if one in _AGREEING:
        for rank, words in enumerate(_AGREEING[one]):
            if other in words:
                return 0 if rank == 0 or not _has_one_of(second, _AGREEING[one][:rank]) else rank
        return len(_AGREEING[one])
    own = {second.column.name: label}
    told = [
        (first.happened(row, event), second.happened(own, event))
        for event in _PIVOTS
        if first.stages.knows(event) and second.stages.knows(event)
    ]
    return sum(None not in pair and pair[0] != pair[1] for pair in told) + (
        second.stages.is_branch(other) and not first.stages.is_branch(one)
    )


def _has_one_of(status: Status, ranks: Sequence[Sequence[str]]) -> bool:
    words = {status.stages.word(label) for label in status.labels}
    return any(word in words for rank in ranks for word in rank)


def _is_set(value: object) -> bool:
    return bool(value) if isinstance(value, (bool, int, float)) else value is not None


def _has_happened(status: Status, event: str, row: Row) -> bool | None:
    return status.happened(row, event)


def _is_in(status: Status, event: str, row: Row) -> bool | None:
    return status.is_in(row, event)


def _is_partly(status: Status, event: str, row: Row) -> bool:
    """Whether a row has been through a part of an event, by its status: ``partially_paid``."""
    words = _words_of(status, row)
    rest = [word for word in words if word not in _PARTLY]
    if len(rest) == len(words):
        return False
    return canonical("_".join(rest)) == event if rest else event not in ("refunded", "returned")


def _owes(status: Status, row: Row) -> bool | None:
    words = _words_of(status, row)
    if not words:
        return None
    paid = status.happened(row, "paid") or status.is_over_in(row)
    return not paid or "_".join(words) in _REPAYING or not _PARTLY.isdisjoint(words)


def _repays(status: Status, row: Row) -> bool:
    words = _words_of(status, row)
    return "_".join(words) in _REPAYING or not _PARTLY.isdisjoint(words)


def _words_of(status: Status, row: Row) -> list[str]:
    label = status.label(row)
    return label_word(label).split("_") if isinstance(label, str) else []


def _verb(word: str) -> str:
    """What forms of a verb have in common: ``ferment`` of ``fermenting`` and ``fermentation``."""
    word = singular(word)
    if len(word) <= len("being"):
        return stem(word)
    for ending in ("ing", "able", "ible", "ance", "ence"):
        word = word.removesuffix(ending)
    return stem(stem(word))


def _is_past(status: Status, place: float, begun: bool, row: Row) -> bool | None:
    label = row.get(status.column.name)
    word = status.stages.word(label) if isinstance(label, str) else None
    reached = status.stages.places.get(word or "")
    if reached is None:
        return None
    return reached >= place if begun else reached > place


def _excludes(event: str, other: str) -> bool:
    """Whether a row that has been through an event has not been through another one."""
    prefixed = {f"{prefix}{event}" for prefix in ("un", "de", "dis", "in")}
    return other in prefixed or any(event in done and other in undone for done, undone in _EXCLUSIVE)


def _has_value(name: str, row: Row) -> bool:
    return row.get(name) is not None


def _is_label(name: str, label: str, row: Row) -> bool | None:
    value = row.get(name)
    return value == label if isinstance(value, str) else None


# Letters and words for yes and no.
_YES_OR_NO: Mapping[frozenset[object], object] = {
    frozenset(("Y", "N")): "Y", frozenset(("y", "n")): "y", frozenset(("T", "F")): "T", frozenset(("1", "0")): "1",
    frozenset(("yes", "no")): "yes", frozenset(("Yes", "No")): "Yes", frozenset(("YES", "NO")): "YES",
    frozenset(("J", "N")): "J",
}  # fmt: skip
_ONE_OR_NONE = frozenset((0, 1))
_LETTERS = 1
_LETTERS_OF_FLAGS = (("Y", "N"), ("T", "F"), ("J", "N"), ("1", "0"))


def _yes(labels: Sequence[object]) -> object:
    return _YES_OR_NO.get(frozenset(labels)) if labels else None


def _says(default: object, name: str, yes: object, truth: bool, row: Row) -> bool | None:
    value = row.get(name)
    # PostgreSQL sets the default.
    value = default if value is None else value
    return None if value is None else (value == yes) is truth


# How a comment says in which rows a column has a value.
_ONLY = re.compile(
    r"\b(?P<how>only\s+(?:set\s+|filled\s+|present\s+)?(?:for|if|when|where|on|in|once|after|with)?"
    r"|(?:set|filled|present|required|given|known)\s+(?:only\s+)?(?:for|if|when|where|once|after)"
    r"|(?:null|empty|unset|blank|missing)\s+(?:unless|until|before))\b(?P<rest>[^.;]*)",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\b(once|after|until|before)$", re.IGNORECASE)


def _is_one_of(name: str, labels: Collection[str], row: Row) -> bool | None:
    value = row.get(name)
    return value in labels if isinstance(value, str) else None


def _is_told(flag: Column, truth: bool, row: Row) -> bool | None:
    value = row.get(flag.name)
    if value is None and flag.default in ("true", "false"):
        # PostgreSQL sets it.
        value = flag.default == "true"
    return value is truth if isinstance(value, bool) else None


@lru_cache(maxsize=8192)
def _stems(label: str) -> list[str]:
    return [stem(word) for word in label_word(label).split("_")]


@memoized_by_identity
def _story(table: Table) -> _Story:
    return _Story(table)


def counts(column: Column) -> bool:
    """Whether a number counts its event, as attempts or logins are counted: 0 before the first, 1 or more after it."""
    words = column.words
    return (bool(ATTEMPTS.search(words)) or words.endswith("_count_")) and "retr" not in words
