"""Columns that are totals over the rows that reference their row: counts, sums, averages, last times, by name and type.

:func:`aggregate_of` takes a column, and the tables that reference its table as :class:`Child`; it returns an
:class:`Aggregate`, which says what is computed over which of them. How PostgreSQL computes it is the subject of
:mod:`pytest_supaseed.writing.aggregates`, where it may be written that of :mod:`pytest_supaseed.planning.aggregates`.

Names are compared by their words, in the singular: ``completed_tasks`` counts the rows of ``tasks`` whose status, flag
or time says that they are completed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

from pytest_supaseed.constraints.column import memoized_by_identity
from pytest_supaseed.constraints.domain import UNCONSTRAINED
from pytest_supaseed.model.identifiers import singular, spelt, subject_of
from pytest_supaseed.model.schema import Column, ForeignKey, Table
from pytest_supaseed.model.type_families import (
    NUMERIC,
    is_boolean,
    is_date_or_timestamp,
    is_integer,
    is_interval,
    is_number,
    is_string,
)
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.formulas.arithmetic import Product
from pytest_supaseed.values.meanings.formulas.derived import PAID, Amounts, before_discount, line_of
from pytest_supaseed.values.meanings.formulas.equations import equations
from pytest_supaseed.values.meanings.formulas.expressions import stated_formula
from pytest_supaseed.values.meanings.formulas.flags import level_of
from pytest_supaseed.values.meanings.formulas.row_numbers import CENTS, PAYROLL, without_unit
from pytest_supaseed.values.meanings.formulas.time_spans import unit_of
from pytest_supaseed.values.meanings.lives import states_of, stem
from pytest_supaseed.values.meanings.moments import moment_rank


@dataclass(frozen=True)
class Condition:
    """Which rows of a table count.

    Attributes:
        column: that decides.
        values: its values, as texts; None where the column has to be set, empty where it has to be NULL.
        other: whether all other values but those count.
    """

    column: str
    values: tuple[str, ...] | None
    other: bool = False


@dataclass(frozen=True)
class Aggregate:
    """What a column is computed from.

    Attributes:
        column: of the table that is referenced.
        function: ``count``, ``sum``, ``avg``, ``min``, ``max``; ``share`` of the rows that count, in per cent.
        path: the foreign keys from the rows that are counted to the column's row, with the tables that have them.
        value: the column that is aggregated, or the quantity and price that are multiplied; None for a count.
        also: a column that is subtracted from it, as credits from debits.
        factor: by which the value is multiplied, for another unit.
        where: which rows count; None for all.
        negative: which rows are subtracted; None for none.
        plus: columns of the row itself that are added.
        minus: columns of the row itself that are subtracted.
        through: a foreign key to the table that has the value, of the rows that are counted; None for their own value.
    """

    column: str
    function: str
    path: tuple[tuple[Table, ForeignKey], ...]
    value: str | Product | None = None
    also: str | None = None
    factor: Decimal = Decimal(1)
    where: Condition | None = None
    negative: Condition | None = None
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    through: tuple[ForeignKey, Table] | None = None

    @property
    def child(self) -> Table:
        """The table whose rows are counted."""
        return self.path[0][0]

    @property
    def words(self) -> str:
        """What is computed, in words."""
        of = f"{self.child.label}"
        if self.value is not None:
            shown = " * ".join(self.value.factors) if isinstance(self.value, Product) else self.value
            of = f"{(self.through[1] if self.through else self.child).label}.{shown}"
        found = {"avg": "average", "min": "least", "max": "greatest"}.get(self.function, self.function)
        text = f"{found} of {of}"
        if self.also is not None:
            text += f" - {self.also}"
        for condition in (self.where, self.negative):
            if condition is not None:
                text += f" by {condition.column}"
        if self.plus or self.minus:
            text += "".join(f" + {name}" for name in self.plus) + "".join(f" - {name}" for name in self.minus)
        return text


# Words for the same rows, in the singular; the first are those of tables.
_SAME = (
    (
        "item",
        "line",
        "line_item",
        "detail",
        "position",
        "entry",
        "product",
        "row",
        "order_line",
        "order_item",
    ),
    ("comment", "reply", "response"),
    ("like", "favorite", "reaction", "heart"),
    ("member", "membership", "participant"),
    ("enrollment", "enrolment", "enrolled", "student", "learner"),
    ("review", "rating", "feedback", "testimonial"),
    ("login", "session", "sign_in", "signin", "login_event", "login_history"),
    ("follower", "follow"),
    ("following", "followed", "followee"),
    ("attendee", "registration", "participant", "rsvp", "guest", "attendance", "registered"),
    ("booking", "reservation", "booked", "appointment", "stay"),
    ("redemption", "use", "usage", "redeemed", "used"),
    ("track", "song"),
    ("donation", "pledge", "contribution", "backer", "donor", "supporter", "contributor"),
    ("subscriber", "subscription"),
    ("task", "todo", "ticket", "issue", "story", "card"),
    ("file", "attachment", "document", "upload"),
    ("attempt", "try", "login_attempt", "retry", "submission"),
    ("view", "page_view", "impression"),
    ("order", "purchase", "sale"),
    ("payment", "transaction", "charge", "receipt"),
    ("employee", "staff", "headcount"),
    ("delivery", "shipment"),
    ("vote", "voter"),
    ("run", "execution", "job_run"),
)
_LINES = frozenset(
    (
        "item",
        "line",
        "line_item",
        "detail",
        "position",
        "entry",
        "order_line",
        "order_item",
        "product",
        "charge",
    )
)
# Labels for the same state.
_STATES = (
    ("completed", "complete", "done", "finished", "resolved", "closed"),
    ("failed", "failure", "error", "unsuccessful", "rejected"),
    ("succeeded", "success", "successful", "passed"),
    ("active", "enabled", "live", "current", "in_force", "ongoing"),
    ("canceled", "cancelled"),
    ("open", "todo", "new", "in_progress", "pending"),
    ("pending", "waiting", "queued"),
    ("paid", "settled", "succeeded", "completed"),
    ("approved", "accepted", "confirmed"),
    ("published", "live"),
    ("present", "attended"),
)
# Money has been moved.
_MOVED = frozenset(
    ("succeeded", "success", "successful", "completed", "complete", "paid", "captured", "settled", "posted", "cleared",
     "confirmed", "approved", "processed", "done", "received")
)  # fmt: skip
_OUT = frozenset(
    (
        "debit", "withdrawal", "withdraw", "out", "outgoing", "outbound", "fee", "payment", "purchase", "charge",
        "spend", "spent", "redeem", "redeemed", "redemption", "expense", "transfer_out", "sale", "sold", "issue",
        "issued", "consume", "consumed", "usage", "expired", "expire", "payout", "shipment", "damage", "loss", "minus",
        "decrease", "dr", "burn", "pick", "shipped", "write_off",
    )
)  # fmt: skip
_NOT = {
    "unread": "read", "incomplete": "completed", "inactive": "active", "unpaid": "paid", "unresolved": "resolved",
    "unanswered": "answered", "uncompleted": "completed", "unverified": "verified", "unapproved": "approved",
}  # fmt: skip
_KIND = re.compile(r"_(type|kind|direction|side|category|entry|movement|reason|nature)_")
_STATUS = re.compile(r"_(status|state|result|outcome|stage|phase)_")
_NO_QUALIFIERS = frozenset(("all", "total", "overall", "lifetime", "current", "my"))
_AMOUNT = re.compile(r"^_(?!unit_)(\w+_)?(amount|total|value|sum|price|paid_amount|amount_paid|net_amount)_$")
_TOTALS = re.compile(
    r"^_(grand_total|total|total_amount|total_price|amount|amount_total|order_total|total_paid|total_charges?|total_fare"
    r"|landed_cost|goods_total|gross_amount)_$"
)
_LINE_AMOUNT = re.compile(
    r"^_(line_total|total|total_price|line_amount|amount|extended_price|extended_amount|subtotal|line_subtotal|total_amount"
    r"|line_price|row_total|item_total|total_cost|extended_cost|line_cost|gross_amount|amount_gross|gross_total|total_gross"
    r"|gross|line_gross|net_amount|amount_net|line_net|net_total|net|price)_$"
)
_QUANTITY = re.compile(r"^_(\w+_)?(quantity|units|count|on_hand|stock|delta|change|quantity_\w+)_$")


@dataclass(frozen=True)
class Child:
    """A table whose rows belong to the rows of another one.

    Attributes:
        parent: the table that is referenced.
        path: the foreign keys from the rows to the parent, with the tables that have them: one, or two.
        others: the tables that its other foreign keys reference, by these.
    """

    parent: Table
    path: tuple[tuple[Table, ForeignKey], ...]
    others: tuple[tuple[ForeignKey, Table], ...] = ()

    @property
    def table(self) -> Table:
        """The table with the rows."""
        return self.path[0][0]

    @cached_property
    def nouns(self) -> frozenset[str]:
        """What the rows are called, in the singular."""
        return _with_synonyms(self.own, _SYNONYMS)

    @cached_property
    def own(self) -> frozenset[str]:
        """What the table calls its rows, in the singular."""
        words = _words(self.table.name.thing)
        of_parent = _words(self.parent.name.thing)
        found = {"_".join(words), words[-1], subject_of(self.table.name.separated)}
        if words[-1].startswith(of_parent[-1]):
            # Written in one word, as Django does it.
            found.add(words[-1].removeprefix(of_parent[-1]))
        found |= {"_".join(words[start:]) for start in range(1, len(words) - 1)}
        if words[: len(of_parent)] == of_parent:
            found.add("_".join(words[len(of_parent) :]))
        if self.table.name == self.parent.name:
            subject = subject_of(self.table.name.separated)
            found |= {"child", "reply", "subordinate", "direct_report", f"sub{subject}", f"sub_{subject}"}
        return frozenset(found - {""})

    @cached_property
    def partners(self) -> frozenset[str]:
        """What the other rows are called that its rows connect the parent with, as students by enrollments."""
        found: set[str] = set()
        for key, table in self.others:
            found |= {subject_of(table.name.thing), "_".join(_words(table.name.thing))}
            if len(key.columns) == 1:
                found.add("_".join(_words(re.sub(r"(?i)_?(id|uuid|fk)$", "", key.columns[0]))))
        return _with_synonyms(frozenset(found - {""}), _SYNONYMS_OF_OTHERS)

    def called(self, noun: str) -> int:
        """How well a noun is what the rows are called: 3 by their own name, 2 or 1 by another one, 0 if it is not."""
        if noun in self.own:
            return 3
        return 2 if noun in self.nouns else int(noun in self.partners and self._connects)

    @cached_property
    def _connects(self) -> bool:
        """Whether the table has hardly more than foreign keys."""
        keys = {name for _, key in self.path[:1] for name in key.columns}
        keys |= {name for key, _ in self.others for name in key.columns}
        return any(
            len(unique.columns) > 1 and set(unique.columns) <= keys for unique in self.table.uniques
        ) or not any(
            is_string(column.type) and column.name in ("name", "title", "body", "content", "subject")
            for column in self.table.columns
        )

    @cached_property
    def rank(self) -> tuple[int, int]:
        """How near the rows are, and how well the foreign key says that they belong to the parent; the least first."""
        key = self.path[-1][1]
        called = "_".join(_words(re.sub(r"(?i)_?(id|uuid|fk)$", "", key.columns[0])))
        own = {subject_of(self.parent.name.thing), "_".join(_words(self.parent.name.thing))}
        usual = ("user", "author", "owner", "customer", "account", "member", "student", "to", "recipient")
        place = 0 if called in own else 1 + usual.index(called) if called in usual else 20
        return len(self.path), place

    def states(self, column: Column) -> tuple[tuple[str, str], ...]:
        """The values that a column may have, each with the word for it, which a comment says of numbers and letters."""
        return tuple((str(value), word) for value, word in states_of(self.table, column))

    def columns(self, *, numbers: bool = True) -> tuple[Column, ...]:
        """Return the columns with numbers, or with moments, that are neither keys nor references."""
        return _own_numbers(self.table) if numbers else _own_moments(self.table)

    def number(self, pattern: re.Pattern[str]) -> Column | None:
        """The first number whose normalized name matches a pattern, without the word for minor units."""
        return next((c for c in self.columns() if pattern.search(without_unit(c.words))), None)


@memoized_by_identity
def _own_numbers(table: Table) -> tuple[Column, ...]:
    return tuple(column for column in _own_columns(table) if is_number(column.type))


@memoized_by_identity
def _own_moments(table: Table) -> tuple[Column, ...]:
    return tuple(column for column in _own_columns(table) if is_date_or_timestamp(column.type))


def _own_columns(table: Table) -> Iterator[Column]:
    keys = table.referencing | set(table.primary_key)
    return (column for column in table.columns if not column.type.array and column.name not in keys)


@lru_cache(maxsize=4096)
def _singulars(words: str) -> list[str]:
    return [singular(word) for word in words.strip("_").split("_") if word]


def _words(name: str) -> list[str]:
    return _singulars(spelt(name))


def _with_synonyms(nouns: frozenset[str], groups: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return nouns.union(*(groups[noun] for noun in nouns if noun in groups))


def _synonyms(groups: Iterable[Collection[str]]) -> dict[str, frozenset[str]]:
    """The nouns that mean the same as each noun, itself among them."""
    found: dict[str, frozenset[str]] = {}
    for group in groups:
        for noun in group:
            found[noun] = found.get(noun, frozenset()).union(group)
    return found


_SYNONYMS = _synonyms(_SAME)
# Only nouns of tables stand for those of the first group: a product is no item by itself.
_SYNONYMS_OF_OTHERS = _synonyms(_SAME[1:])


def nearest_first(children: Iterable[Child]) -> tuple[Child, ...]:
    """Return the tables whose rows belong to those of a table, the nearest ones first."""
    return tuple(sorted(children, key=lambda child: (child.rank, child.table.name)))


def aggregate_of(column: Column, children: Sequence[Child], parent: Table) -> Aggregate | None:
    """Return what a column is computed from, None if it is no total.

    Args:
        column: of ``parent``.
        children: the tables whose rows belong to the rows of ``parent``, as :func:`nearest_first` orders them.
        parent: the table.
    """
    if column.type.array or column.generated or column.identity:
        return None
    words = column.words
    if is_date_or_timestamp(column.type):
        return _time(column, words, children)
    if is_number(column.type):
        stated = _stated(column, children)
        if stated is not None or stated_formula(parent, column) is not None:
            return stated
        return (
            _balance(column, words, children)
            or _declared(column, words, children)
            or _lines(column, words, children, parent)
            or (_count(column, words, children) if is_integer(column.type) else None)
            or _amounts(column, words, children)
            or _earned(column, words, children, parent)
            or _qualified(column, words, children)
            or _progress(column, words, children)
            or _measured(column, words, children, parent)
        )
    if is_interval(column.type):
        return _measured(column, words, children, parent)
    return None


# A total in words: what is computed, of what, of which rows, and which of these count.
_STATED = re.compile(
    r"\b(?P<function>sum|total|number|count|average|mean|maximum|highest|minimum|lowest)\s+of\s+(?:the\s+|all\s+|its\s+)*"
    r"(?P<value>\"?\w+\"?(?:\s+\w+){0,3}?)"
    r"(?:\s+(?:of|over|across|in|from|on)\s+(?:the\s+|all\s+|its\s+)*(?P<rows>\w+(?:\s\w+){0,2}?))?"
    r"(?P<rest>\s+(?:of|in|for|on|that|which|with|where|by|made|from|to)\b.*)?\s*(?:[.;,(].*)?$",
    re.IGNORECASE,
)
_STATED_FUNCTIONS = {
    "sum": "sum", "total": "sum", "number": "count", "count": "count", "average": "avg", "mean": "avg",
    "maximum": "max", "highest": "max", "minimum": "min", "lowest": "min",
}  # fmt: skip


def _stated(column: Column, children: Sequence[Child]) -> Aggregate | None:
    """What a comment says that a column is computed from: "sum of the line totals of the order's items"."""
    # "sum of invoices.amount" is that of the amount of invoices.
    said = re.sub(r"\b([A-Za-z]\w*)\.([A-Za-z]\w*)\b", r"\2 of \1", column.comment or "")
    found = _STATED.search(said) if said else None
    if found is None:
        return None
    function = _STATED_FUNCTIONS[found["function"].lower()]
    value, rows = found["value"].strip('"'), found["rows"]
    near = [child for child in children if len(child.path) == 1]
    rest = f"{rows or ''} {found['rest'] or ''}"
    if function == "count":
        counted = _named_rows(near, value)
        return (
            Aggregate(column.name, "count", counted.path, where=_told(counted, value + rest))
            if counted
            else None
        )
    named = _named_rows(near, rows) if rows else None
    for child in (named,) if named is not None else near:
        wanted = {spelt(value), spelt(" ".join(map(singular, value.split())).replace(" ", "_"))}
        wanted = {without_unit(words) for words in wanted}
        values = [each for each in child.columns() if each.name == value] or [
            each
            for each in child.columns()
            if without_unit(each.words) in wanted and each.name != column.name
        ]
        if values:
            factor = _unit_factor(column, values[0], child)
            where = _told(child, rest)
            return Aggregate(column.name, function, child.path, values[0].name, factor=factor, where=where)
    return None


def _named_rows(children: Sequence[Child], phrase: str) -> Child | None:
    """The table whose rows a phrase calls by their name."""
    words = [singular(word) for word in spelt(phrase).strip("_").split("_")]
    for start in range(len(words)):
        for end in range(len(words), start, -1):
            for child in _called(children, "_".join(words[start:end])):
                return child
    return None


def _told(child: Child, text: str) -> Condition | None:
    """Which rows a phrase restricts a total to: "that were sold"."""
    words = re.findall(r"[a-z]+", text.lower())
    for before, word in zip(("", *words), words, strict=False):
        unsaid = _NOT.get(word)
        negated = (before in ("not", "no", "never")) != (unsaid is not None)
        if len(word) > 3 and (found := _is(child, unsaid or word, negated=negated)) is not None:
            return found
    return None


def _time(column: Column, words: str, children: Sequence[Child]) -> Aggregate | None:
    found = re.fullmatch(
        r"_(?P<which>last|latest|most_recent|newest|first|earliest)_(?P<noun>\w+?)_((at|on|date|time|timestamp)_)*",
        words,
    ) or re.fullmatch(r"_(?P<noun>\w+?)_(?P<which>last|latest)_((at|on|date|time)_)*", words)
    if found is None:
        return None
    noun = "_".join(_singulars(found["noun"]))
    noun = _VERBS.get(noun, noun)
    function = "min" if found["which"] in ("first", "earliest") else "max"
    nouns = _ACTIVITIES if noun == "activity" else (noun,)
    for each in nouns:
        for child in _called(children, each):
            value = _moment_of(child, noun)
            if value is not None:
                return Aggregate(column.name, function, child.path, value.name)
    happened = [
        (child, moment)
        for child in children
        if len(child.path) == 1
        for moment in child.columns(numbers=False)
        if re.fullmatch(rf"_{found['noun']}_(at|on|date|time)_", moment.words)
    ]
    if len(happened) == 1:
        # When one of them was last published.
        child, moment = happened[0]
        return Aggregate(column.name, function, child.path, moment.name)
    return None


def _called(children: Sequence[Child], noun: str) -> list[Child]:
    """The tables whose rows are called by a noun, those first of which it is the name."""
    return sorted((child for child in children if child.called(noun)), key=lambda child: -child.called(noun))


_ACTIVITIES = ("activity", "event", "message", "comment", "post", "session", "task", "note", "log")
_VERBS = {
    "ordered": "order", "paid": "payment", "posted": "post", "commented": "comment", "logged": "login",
    "logged_in": "login", "signed_in": "login", "visited": "visit", "purchased": "order", "purchase": "order",
    "booked": "booking", "messaged": "message", "replied": "reply", "reviewed": "review", "used": "usage",
    "seen": "session", "active": "session", "active_session": "session", "sign_in": "login", "watched": "view",
    "viewed": "view", "shipped": "shipment", "donated": "donation", "donation": "donation", "run": "run",
    "contacted": "interaction", "contact": "interaction", "attended": "attendance", "inspected": "inspection",
    "serviced": "service", "played": "play", "deposited": "deposit", "checked_in": "check_in", "activities": "activity",
}  # fmt: skip
_TIMES = {
    "payment": r"^_paid_", "message": r"^_sent_", "order": r"^_(ordered|placed|order)_",
    "login": r"^_(logged|login|started)_",
    "visit": r"^_(visited|visit|started)_", "session": r"^_(started|last_\w+)_", "activity": r"^_(occurred|happened)_",
    "event": r"^_(occurred|happened)_", "play": r"^_played_", "view": r"^_viewed_",
    "inspection": r"^_(inspected|performed)_",
    "service": r"^_(serviced|performed)_", "shipment": r"^_shipped_", "run": r"^_started_", "donation": r"^_donated_",
    "appointment": r"^_(scheduled|starts?)_", "booking": r"^_(booked|booking)_", "post": r"^_(posted|published)_",
    "interaction": r"^_(occurred|contacted)_", "attendance": r"^_(attended|checked)_",
}  # fmt: skip


# When what a row is took place, beside the time at which it was written down.
_BEGUN = re.compile(
    r"^_(checked_out|borrowed|loaned|lent|ordered|placed|booked|submitted|visited|attended|performed|held|occurred"
    r"|happened|posted|donated|purchased|sold|enrolled|rented|measured|recorded|taken|observed|inspected|serviced"
    r"|requested|reported|logged|played|viewed|watched|listened|transaction|booking|order|visit|payment|loan|purchase"
    r"|sale|entry|posting)_(at|on|date|time|timestamp)_$"
)


def _moment_of(child: Child, noun: str) -> Column | None:
    """The column with the time of a row."""
    moments = [column for column in child.columns(numbers=False) if moment_rank(column.name) < 60]
    wanted = _TIMES.get(noun)
    if wanted is not None:
        found = next((column for column in moments if re.search(wanted, column.words)), None)
        if found is not None and not found.nullable:
            return found
    begun = next((c for c in child.columns(numbers=False) if _BEGUN.search(c.words) and not c.nullable), None)
    if begun is not None:
        return begun
    created = r"^_(created|inserted|added|date|timestamp|occurred|time)_"
    named = next((column for column in moments if re.search(created, column.words)), None)
    always = (column for column in moments if not column.nullable)
    return named or next(always, None) or next(iter(moments), None)


def _balance(column: Column, words: str, children: Sequence[Child]) -> Aggregate | None:
    points = re.search(
        r"^_(\w+_)?(points|points_balance|loyalty_points|credits|credit_balance|point_balance)_$", words
    )
    if not points and not re.search(r"^_(current_|account_|ledger_)?balance_((cents|minor)_)?$", words):
        return None
    for child in children:
        ledger = child.number(_RUNNING) is not None
        if not ledger and child.own.isdisjoint(
            ("transaction", "entry", "movement", "posting", "line", "operation")
        ):
            continue
        if points and not re.search(
            r"_(points?|loyalty|rewards?|credits?|wallet)_", spelt(child.table.name.separated)
        ):
            continue
        if len(child.path) > 1:
            continue
        debit, credit = (
            child.number(re.compile(r"^_debit_(amount_)?$")),
            child.number(re.compile(r"^_credit_(amount_)?$")),
        )
        if debit is not None and credit is not None:
            return Aggregate(column.name, "sum", child.path, debit.name, credit.name, _factor(column, debit))
        amount = child.number(re.compile(r"^_(\w+_)?(amount|value|points|delta|change|credits)_$"))
        if amount is not None and (points or not _is_line(child)):
            return Aggregate(
                column.name,
                "sum",
                child.path,
                amount.name,
                None,
                _factor(column, amount),
                _moved(child),
                _negative(child),
            )
    for child in children if not points else ():
        # What a person owes.
        owed = len(child.path) == 1 and not child.own.isdisjoint(_OWED_FOR)
        amount, where = child.number(_AMOUNT), _condition(child, "", "unpaid") if owed else None
        if amount is not None and where is not None:
            return Aggregate(
                column.name, "sum", child.path, amount.name, factor=_factor(column, amount), where=where
            )
    return None


_RUNNING = re.compile(r"^_(\w+_)?balance_after_|^_(running|resulting|new)_balance_")
_OWED_FOR = frozenset(
    ("fine", "fee", "penalty", "charge", "due", "invoice", "bill", "rent_charge", "installment")
)


_MOVED_AMOUNT = re.compile(
    r"^_((signed|transaction|net|entry|posted|change|movement|adjustment)_)?"
    r"(amount|value|points|delta|change|credits|quantity|quantity_(change|delta|moved)|(balance|stock|points)_(change|delta))_$"
)


_SIGNED = re.compile(r"\b(signed|negative|below 0|below zero|less than 0|< ?0)\b|< ?0", re.IGNORECASE)


def _is_signed(child: Child, amount: Column) -> bool:
    """Whether an amount has a sign itself, as its comment says, or that of the kind beside it."""
    return any(
        _SIGNED.search(column.comment or "")
        for column in child.table.columns
        if column.name == amount.name or _KIND.search(column.words)
    )


def signed_sum(column: Column, child: Child) -> Aggregate | None:
    """Return what a balance adds up over the movements of a child, by their kind; None where these have no amount."""
    debit = child.number(re.compile(r"^_debit_(amount_)?$"))
    credit = child.number(re.compile(r"^_credit_(amount_)?$"))
    if debit is not None and credit is not None:
        return Aggregate(column.name, "sum", child.path, credit.name, debit.name, _factor(column, credit))
    amount = child.number(_MOVED_AMOUNT)
    if amount is None or amount.name == column.name:
        return None
    factor, signed = _factor(column, amount), _is_signed(child, amount)
    return Aggregate(
        column.name, "sum", child.path, amount.name, None, factor, None, None if signed else _negative(child)
    )


def _negative(child: Child) -> Condition | None:
    """Which rows are subtracted, by their kind."""
    for column in child.table.columns:
        if _KIND.search(column.words):
            found = tuple(
                value
                for value, label in child.states(column)
                if not {_state(label), *_state(label).split("_")}.isdisjoint(_OUT)
                and not _state(label).endswith("_in")
            )
            if found:
                return Condition(column.name, found)
    return None


def _state(label: str) -> str:
    return spelt(label).strip("_")


def _moved(child: Child) -> Condition | None:
    """Which rows of a table of payments have been paid."""
    for column in child.table.columns:
        if _STATUS.search(column.words):
            labels = child.states(column)
            found = tuple(value for value, label in labels if _state(label) in _MOVED)
            if found and len(found) < len(labels):
                return Condition(column.name, found)
    return None


_NOT_IN_FORCE = frozenset((
    "draft", "void", "voided", "canceled", "cancelled", "deleted", "written_off", "write_off", "refunded", "rejected",
    "uncollectible", "credited", "reversed", "waived", "forgiven",
))  # fmt: skip


def _in_force(child: Child) -> Condition | None:
    """Which rows of a table of bills something may be owed for."""
    for column in child.table.columns:
        if _STATUS.search(column.words):
            found = tuple(value for value, label in child.states(column) if _state(label) in _NOT_IN_FORCE)
            if found:
                return Condition(column.name, found, other=True)
    return None


def _factor(column: Column, value: Column) -> Decimal:
    """By what a value is multiplied to be in the unit of a column."""
    here, there = (bool(CENTS.search(each.words)) for each in (column, value))
    return Decimal(1) if here == there else Decimal(100) if here else Decimal("0.01")


@dataclass(frozen=True)
class _Declared:
    """A total by its name.

    Attributes:
        names: regular expression of the column's normalized name, without the word for minor units.
        nouns: what the rows are called.
        function: that aggregates.
        values: regular expression of the column that is aggregated.
        moved: whether only payments that have been made count.
        signed: whether rows are subtracted by their kind.
        owed: whether only rows that something may be owed for count: no drafts, and none that are void.
    """

    names: str
    nouns: tuple[str, ...]
    function: str
    values: re.Pattern[str]
    moved: bool = False
    signed: bool = False
    owed: bool = False


# What is left to be paid of a row.
_LEFT_TO_PAY = re.compile(
    r"^_(balance(_(due|amount|total|remaining|owed|outstanding))?|amount_(due|open|outstanding|owed|remaining|unpaid)"
    r"|(open|due|owed|outstanding|remaining|unpaid)(_(amount|balance|total))?|(current|total)_(balance|due|outstanding))_$"
)
_DECLARED = (
    _Declared(
        r"^_(outstanding|(outstanding|open|unpaid)_(balance|amount|total)|balance_due|total_(due|outstanding|owed)|amount_owed)_$",
        ("invoice", "bill", "loan", "fine", "statement", "charge", "order"), "sum",
        _LEFT_TO_PAY, owed=True,
    ),
    _Declared(
        r"^_(amount_paid|paid_amount|total_paid|paid_total|paid|amount_received|received_amount|payments_total|total_payments)_$",
        ("payment", "transaction", "receipt", "charge", "installment", "order_payment"),
        "sum", _AMOUNT, moved=True,
    ),
    _Declared(
        r"^_(refunded_amount|amount_refunded|refunded|refund_total|total_refunded|refunded_total|total_refunds)_$",
        ("refund",), "sum", _AMOUNT, moved=True,
    ),
    _Declared(
        r"^_(total_(spent|spend|spending|revenue|purchased|ordered|purchases_amount|order_amount|order_value|sales|billed|invoiced)|lifetime_"
        r"(value|spend|spent)|amount_spent|ltv|revenue|spent|orders_total|total_orders_amount|money_spent)_$",
        ("order", "purchase", "sale", "booking", "invoice", "payment", "rental", "stay", "reservation", "trip"),
        "sum", _TOTALS,
    ),
    _Declared(
        r"^_(spent|amount_spent|total_expenses?|expenses_total|spent_amount|used_budget|actual_cost|total_spent|total_cost"
        r"|actual_amount)_$",
        ("expense", "expenditure", "cost", "cost_entry"), "sum", _AMOUNT,
    ),
    _Declared(
        r"^_((average|avg|mean)_)?(rating|score|stars|review_score)(_(average|avg|mean|score))?_$",
        ("review", "rating", "feedback", "testimonial"), "avg", re.compile(r"^_(\w+_)?(rating|stars|score)_$"),
    ),
    _Declared(
        r"^_(raised|amount_raised|raised_amount|total_raised|current_amount|collected|collected_amount|amount_collected"
        r"|total_donations|total_donated|donated|pledged|amount_pledged|pledged_amount)_$",
        ("donation", "pledge", "contribution"), "sum", _AMOUNT, moved=True,
    ),
    _Declared(r"^_(current|highest|max|top|winning|high)_(bid|price|bid_amount)_$", ("bid",), "max", _AMOUNT),
    _Declared(
        r"^_((total|logged|spent|tracked|actual|worked)_(hours|minutes|time|seconds)|(hours|minutes|time)_(logged|spent|tracked"
        r"|worked)(_(hours|minutes|seconds))?|total_(time|duration)_(hours|minutes|seconds))_$",
        ("time_entry", "time_log", "worklog", "work_log", "timesheet", "timesheet_entry", "shift", "time_record"),
        # Not of the pauses.
        "sum", re.compile(r"^_(?!\w*(break|pause|lunch)s?_)(\w+_)?(hours|minutes|seconds|duration)_(\w+_)?$"),
    ),
    _Declared(
        r"^_(total_size|storage_used|used_storage|size|size_bytes|used_bytes|bytes_used|total_bytes|total_size_bytes"
        r"|storage_used_bytes|storage_bytes|used_storage_bytes)_$",
        ("file", "document", "attachment", "upload", "asset", "object", "blob"), "sum",
        re.compile(r"^_(file_)?(size|bytes|size_bytes|byte_size|filesize)_(bytes_)?$"),
    ),
    _Declared(
        r"^_(total_)?(duration|length|runtime|play_time|playtime)_(\w+_)?$",
        ("track", "song", "episode", "lesson", "video", "chapter", "segment", "leg", "lecture", "section", "stage",
         "module", "playlist_item"),
        "sum",
        re.compile(r"^_((\w+_)?(duration|length|runtime|play_time|playtime)(_\w+)?|milliseconds|seconds|minutes|ms)_$"),
    ),
    _Declared(
        r"^_(total_)?(stock|stock_quantity|quantity_on_hand|on_hand|units_in_stock|inventory|inventory_count|inventory_quantity"
        r"|stock_level|quantity_in_stock|in_stock|current_stock|stock_on_hand|stock_count|quantity)_$",
        ("stock", "stock_level", "inventory", "inventory_item", "inventory_level", "stock_item", "stock_movement",
         "inventory_movement", "inventory_transaction", "stock_transaction", "batch", "lot"),
        "sum",
        re.compile(r"^_(quantity_on_hand|on_hand|quantity|stock|units|delta|change|quantity_(change|available))_$"),
        signed=True,
    ),
    _Declared(
        r"^_(total_quantity|quantity_total|total_units|units_count|item_quantity|units|quantity|total_pieces)_$",
        tuple(_LINES), "sum", re.compile(r"^_(\w+_)?(quantity|units|pieces)_$"),
    ),
    _Declared(r"^_(total_)?weight_(\w+_)?$", ("item", "line", "package", "parcel", "piece"), "sum",
              re.compile(r"^_(line_|total_)?weight_(\w+_)?$")),
    _Declared(
        r"^_(sold|sold_count|tickets_sold|units_sold|quantity_sold|total_sold|sold_quantity|items_sold)_$",
        ("ticket", "order_item", "sale", "sale_item", "item", "line"), "sum", re.compile(r"^_(quantity|units)_$"),
    ),
    _Declared(r"^_(score|vote_score|votes_total|vote_total|points)_$", ("vote",), "sum",
              re.compile(r"^_(value|direction|score|weight|vote|amount)_$")),
    _Declared(r"^_(total_)?(distance)_(\w+_)?$", ("leg", "segment", "stop", "trip"), "sum",
              re.compile(r"^_distance_(\w+_)?$")),
    _Declared(r"^_(total_credits|credits_earned)_$", ("enrollment", "course"), "sum", re.compile(r"^_credits_$")),
)  # fmt: skip


def _declared(column: Column, words: str, children: Sequence[Child]) -> Aggregate | None:
    for declared in _declared_as(without_unit(words)):
        if declared.values is _TOTALS:
            near = [child for child in children if len(child.path) == 1 and _is_bill(child)]
            if len(near) == 1 and not any(near[0].called(noun) for noun in declared.nouns):
                # Bills of another name, before the payments of bills.
                found = _of_declared(column, declared, near[0])
                if found is not None:
                    return found
        for called in (_BY_NAME, _BY_SYNONYM):
            for noun in declared.nouns:
                for child in children:
                    own = noun in (child.own if called == _BY_NAME else child.nouns)
                    found = _of_declared(column, declared, child) if own else None
                    if found is not None:
                        return found
    return None


@lru_cache(maxsize=8192)
def _declared_as(words: str) -> tuple[_Declared, ...]:
    return tuple(declared for declared in _DECLARED if re.search(declared.names, words))


def _is_bill(child: Child) -> bool:
    """Whether rows have a total and a status, or the parts of a total."""
    total = child.number(re.compile(r"^_(grand_)?total(_(amount|price|cost))?_$"))
    return total is not None and (
        child.number(re.compile(r"^_(\w+_)?(subtotal|tax|tax_amount)_$")) is not None
        or any(_STATUS.search(column.words) for column in child.table.columns)
    )


def _of_declared(column: Column, declared: _Declared, child: Child) -> Aggregate | None:
    value, through = child.number(declared.values), None
    of_tickets = (
        declared.function == "sum" and "sold" in declared.names and child.called("ticket") == _BY_NAME
    )
    if value is None and of_tickets:
        return Aggregate(column.name, "count", child.path)
    if value is None:
        for key, table in child.others:
            other = Child(table, ((table, key),))
            value = other.number(declared.values) if len(child.path) == 1 else None
            # What a row of a junction has: the duration of a playlist's tracks.
            if (
                value is not None
                and subject_of(table.name.separated) in declared.nouns
                and len(key.columns) == 1
            ):
                through = key, table
                break
            value = None
    if value is None:
        if declared.function == "sum" and "sold" in declared.names and child.called("ticket"):
            return Aggregate(column.name, "count", child.path)
        return None
    return Aggregate(
        column.name,
        declared.function,
        child.path,
        value.name,
        factor=_unit_factor(column, value, child),
        where=_moved(child) if declared.moved else _in_force(child) if declared.owed else None,
        negative=_negative(child) if declared.signed else None,
        through=through,
    )


_LENGTH = re.compile(r"_(duration|length|runtime|time|playtime|hours|minutes|seconds|ms|milliseconds)_")


def _unit_factor(column: Column, value: Column, child: Child) -> Decimal:
    here, there = column.words, value.words
    if _LENGTH.search(here) and _LENGTH.search(there) and is_number(column.type) and is_number(value.type):
        units = [
            unit_of(words, "")
            if re.search(r"_(hours|minutes|seconds|secs|mins|ms|milliseconds)_", words)
            else None
            for words in (here, there)
        ]
        if units[0] is not None and units[1] is not None:
            return units[1] / units[0]
        return Decimal(1)
    return _factor(column, value)


# What the lines of a row come to: the subtotal if there is one, else the total.
_SUBTOTAL = re.compile(
    r"^_(subtotal|(item|items|line|lines|goods|merchandise|product|products)_(sub)?total|net|net_(amount|total|value)|total_net"
    r"|amount_net|total_excl_tax|(order|cart|invoice|quote|bill|sale)_subtotal|subtotal_amount)_$"
)
_TOTAL = re.compile(
    r"^_(total|total_(amount|price|cost|value)|grand_total|amount|gross|gross_(amount|total)|amount_total"
    r"|(\w+_)?(order|cart|invoice|quote|bill|sale|basket|estimate|receipt|purchase|check)_(total|amount|value))_$"
)
_NO_TOTAL = re.compile(
    r"_(tax|vat|gst|discounts?|shipping|freight|paid|due|refund\w*|tip|fee|credit|balance|limit|min\w*|max\w*)_"
)


def _lines(column: Column, words: str, children: Sequence[Child], parent: Table) -> Aggregate | None:
    plain = without_unit(words)
    if _NO_TOTAL.search(plain):
        return None
    numbers = [other for other in parent.columns if is_number(other.type)]
    subtotals = [other for other in numbers if _SUBTOTAL.search(without_unit(other.words))]
    known = before_discount(without_unit(other.words) for other in numbers)
    before = [other for other in numbers if without_unit(other.words) in known]
    if subject_of(parent.name.separated) in PAYROLL:
        # A pay is what its lines come to before anything is kept back of it.
        subtotals = [other for other in numbers if re.search(r"^_(gross|gross_\w+)_$", other.words)]
    if before and subtotals and all("_net_" in other.words for other in subtotals):
        # A net amount is what a discount leaves of it.
        subtotals = before
    is_subtotal = any(other.name == column.name for other in subtotals)
    charges = [other for other in numbers if re.search(r"_charges?_$", without_unit(other.words))]
    if len(charges) > 1:
        # It is what several charges of the row itself come to.
        return None
    if not is_subtotal and (subtotals or not _TOTAL.search(plain)):
        return None
    if not is_subtotal and any(_PARTIAL.search(without_unit(other.words)) for other in numbers):
        # It is the sum of totals of its row.
        return None
    if plain == "_amount_" and any(
        _TOTAL.search(other.words) for other in numbers if other.name != column.name
    ):
        return None
    for child in children:
        if len(child.path) > 1 or (child.own.isdisjoint(_LINES) and not _is_line(child)):
            continue
        value = _line_value(child, net=is_subtotal)
        if value is None:
            continue
        names = [value.factors[1]] if isinstance(value, Product) else [value]
        factor = _factor(column, child.table.column(names[0]))
        whole = is_subtotal or "_gross_" in spelt(names[0])
        plus, minus = ((), ()) if whole else _parts(column, numbers)
        return Aggregate(column.name, "sum", child.path, value, factor=factor, plus=plus, minus=minus)
    return None


# Totals of a part of what a row comes to.
_PARTIAL = re.compile(
    r"^_(?!order|cart|invoice|quote|bill|sale|line|item|row|grand|tax|vat|discount|shipping|sub)\w+_total_$"
)


def _is_line(child: Child) -> bool:
    """Whether a table has a quantity and a price, and its rows belong to what is sold."""
    found = _line_value(child)
    return isinstance(found, Product) or (
        found is not None and child.number(re.compile(r"^_(\w+_)?(quantity|units)_$")) is not None
    )


def _line_value(child: Child, *, net: bool = False) -> str | Product | None:
    """What a line comes to, with its taxes unless what it comes to before them is asked for."""
    keys = child.table.referencing
    columns = tuple(column for column in child.table.columns if column.name not in keys)
    total = next(
        (
            found
            for wanted in _LINE_AMOUNT.pattern.partition("(")[2].rpartition(")")[0].split("|")
            for found in columns
            if is_number(found.type) and not found.type.array and without_unit(found.words) == f"_{wanted}_"
            if not (net and "gross" in wanted)
        ),
        None,
    )
    product = None
    for name in ("line_total", "line_total_cents"):
        amounts = Amounts(Context(child.table, Column(name, NUMERIC), UNCONSTRAINED, columns))
        product = product or line_of(amounts)
    if total is not None and not (product is not None and total.words.strip("_") in ("price", "price_cents")):
        return total.name
    return product


def _parts(column: Column, numbers: Iterable[Column]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns of a row that are added to the sum of its lines, and those that are subtracted."""
    cents = bool(CENTS.search(column.words))
    plus, minus = [], []
    for other in numbers:
        words = other.words
        plain = without_unit(words)
        if other.name == column.name or bool(CENTS.search(words)) != cents:
            continue
        if re.search(
            r"^_((\w+_)?(tax|vat|gst|tax_amount|vat_amount|tax_total|total_tax)|(shipping|delivery|freight|handling)"
            r"(_(cost|fee|amount|total|price))?|tip|tip_amount|service_fee)_$",
            plain,
        ):
            plus.append(other.name)
        elif re.search(
            r"^_(\w+_)?(discount|discount_amount|discount_total|total_discount|discounts)_$", plain
        ):
            minus.append(other.name)
    return tuple(plus), tuple(minus)


def _count(column: Column, words: str, children: Sequence[Child]) -> Aggregate | None:
    parts = [word for word in words.strip("_").split("_") if word]
    if parts[0] == "quantity" and len(parts) > 1 and singular(parts[-1]) != parts[-1]:
        # The number of some, as other languages have it.
        parts = ["count", *parts[1:]]
    if words in _USES or _CLAIMED.search(words):
        parts = ["use", "count"]
        near = [child for child in children if len(child.path) == 1]
        if len(near) == 1 and not near[0].called("use"):
            return Aggregate(column.name, "count", near[0].path)
    times = re.fullmatch(r"_times_(\w+)_", words)
    if times and words not in _USES:
        return _happened_to(column, _VERBS.get(times[1], singular(times[1])), children)
    while len(parts) > 1 and parts[-1] in _OF_ALL and singular(parts[-2]) != parts[-2]:
        # All policies are sold, if no column of theirs tells.
        for child in _called(children, singular(parts[-2])):
            where = _condition(child, "", parts[-1])
            if where is not None and len(parts) == len((parts[-2], parts[-1])):
                return Aggregate(column.name, "count", child.path, where=where)
        parts = parts[:-1]
    marked = [word for word in parts if word not in _COUNTS]
    if not marked:
        return None
    plural = singular(marked[-1]) != marked[-1]
    if len(marked) == len(parts) and not plural and marked[-1] not in ("enrolled", "registered", "headcount"):
        return None
    phrase = [singular(word) for word in marked]
    for length in range(len(phrase), 0, -1):
        noun, before = "_".join(phrase[-length:]), phrase[:-length]
        for child in _called(children, noun):
            qualifiers = [word for word in before if word not in _NO_QUALIFIERS and word not in child.nouns]
            if not qualifiers or qualifiers == [subject_of(child.parent.name.separated)]:
                return Aggregate(column.name, "count", child.path)
            if len(qualifiers) == 1:
                where = _condition(child, marked[len(before) - 1] if before else "", qualifiers[0])
                if where is not None:
                    return Aggregate(column.name, "count", child.path, where=where)
    if len(phrase) == 1 and len(marked) < len(parts):
        # ``completed_count``: of the only table whose rows may be so.
        found = [
            Aggregate(column.name, "count", child.path, where=where)
            for child in children
            if len(child.path) == 1 and (where := _condition(child, marked[0], phrase[0])) is not None
        ]
        return found[0] if len(found) == 1 else None
    return None


def _amounts(column: Column, words: str, children: Sequence[Child]) -> Aggregate | None:
    """A sum of amounts by what the rows are called: ``total_expenses``, ``extras_total_cents``, ``unpaid_fines``."""
    if is_integer(column.type) and not CENTS.search(words):
        return None
    parts = without_unit(words).strip("_").split("_")
    phrase = [
        word for word in parts if word not in ("total", "sum", "amount", "value", "of", "paid", "due", "owed")
    ]
    if len(phrase) > 1 and phrase[-1] in _CHARGES and singular(phrase[-2]) != phrase[-2]:
        # Of extras or meals.
        phrase = phrase[:-1]
    if not phrase or (len(phrase) == len(parts) and singular(phrase[-1]) == phrase[-1]):
        return None
    for length in range(len(phrase), 0, -1):
        noun, before = "_".join(map(singular, phrase[-length:])), phrase[:-length]
        for child in _called(children, noun):
            if singular(phrase[-1]) == phrase[-1] and child.called(noun) < _BY_NAME:
                # A total charge is no sum of payments.
                continue
            line = _line_value(child, net="net" in parts) if _is_line(child) else None
            column_of = _owed(child, parts) or child.number(_TOTALS) or child.number(_AMOUNT)
            value = line or (column_of.name if column_of is not None else None)
            if value is None or child.called(noun) < _BY_SYNONYM or len(before) > 1:
                continue
            where = _condition(child, "", _UNPAID.get(before[0], before[0])) if before else None
            if where is not None or not before:
                named = value.factors[1] if isinstance(value, Product) else value
                factor = _factor(column, child.table.column(named))
                return Aggregate(column.name, "sum", child.path, value, factor=factor, where=where)
    return None


def _earned(column: Column, words: str, children: Sequence[Child], parent: Table) -> Aggregate | None:
    """What the parent has earned of what its children were sold for: the sum of its shares, or of net amounts."""
    if not re.search(
        r"^_(total|lifetime)_(earnings|earned|payouts?|commissions?)(_amount)?_$|^_earnings_$",
        without_unit(words),
    ):
        return None
    subject = subject_of(parent.name.separated)
    value = re.compile(
        rf"^_({subject}|seller|creator|agent|driver|host|partner)_(share|payout|earnings|fee|commission|cut|amount)_$"
        r"|^_(earnings|net_amount|payout_amount|commission_amount|commission)_$"
    )
    for child in children:
        found = child.number(value) if len(child.path) == 1 else None
        if found is not None:
            return Aggregate(column.name, "sum", child.path, found.name, factor=_factor(column, found))
    return None


# What is done to a part of the amounts or of the hours of several rows.
_QUALIFIED = re.compile(
    r"^_((total|sum|overall)_)?(?P<word>approved|billable|nonbillable|unbillable|billed|unbilled|pending|overdue|rejected|declined"
    r"|completed|failed|successful|confirmed|submitted|reimbursable|reimbursed|taxable|nontaxable|refundable|verified"
    r"|accepted|cleared|uncleared|posted|outstanding|open|captured|settled|disputed|recurring|optional|invoiced|uninvoiced)_"
    r"(?P<of>(\w+_)?(hours|minutes|seconds|amount|total|cost|value|quantity|points|credits|days|price|expenses?|fees?))_$"
)


def _qualified(column: Column, words: str, children: Sequence[Child]) -> Aggregate | None:
    """A sum over the rows that a word tells: ``approved_hours`` of the entries that are approved."""
    found = _QUALIFIED.search(without_unit(words))
    if found is None:
        return None
    rest = _singular([word for word in found["of"].split("_") if word not in ("amount", "total", "value")])
    sums = []
    for child in children:
        if len(child.path) > 1:
            continue
        for value in child.columns():
            own = [word for word in _measure(value) if word not in ("amount", "total", "value")]
            alike = bool(CENTS.search(column.words)) == bool(CENTS.search(value.words))
            if not alike or own not in (rest, [word for word in rest if word not in child.nouns]):
                continue
            where = _condition(child, "", found["word"])
            if where is not None and (
                own or child.called("_".join(rest)) or _AMOUNT.search(without_unit(value.words))
            ):
                factor = _unit_factor(column, value, child)
                sums.append(Aggregate(column.name, "sum", child.path, value.name, factor=factor, where=where))
                break
    return sums[0] if len(sums) == 1 else None


_CHARGES = frozenset(("charge", "charges", "cost", "costs"))
_BY_NAME, _BY_SYNONYM = 3, 2


def _owed(child: Child, words: Sequence[str]) -> Column | None:
    """The column with what is left to be paid, where a total is about that."""
    owed = not {"owed", "outstanding", "due", "unpaid"}.isdisjoint(words)
    return child.number(_LEFT_TO_PAY) if owed else None


_UNPAID = {"outstanding": "unpaid", "open": "unpaid", "owed": "unpaid"}
_USES = (
    "_times_used_",
    "_times_redeemed_",
    "_used_",
    "_used_count_",
    "_redeemed_",
    "_redeemed_count_",
    "_redemption_count_",
    "_redemptions_count_",
    "_redemptions_",
    "_total_redemptions_",
    "_current_redemptions_",
    "_uses_",
)
_CLAIMED = re.compile(r"^_(claimed|redeemed|taken|downloaded|borrowed)_((count|quantity)_)?$")
_COUNTS = frozenset(
    ("count", "counter", "number", "num", "nb", "no", "of", "total", "counts", "cached", "cache")
)


_OF_ALL = frozenset((
    "sold", "made", "placed", "written", "created", "submitted", "received", "filed", "held", "owned", "listed",
    "posted", "uploaded", "hosted", "logged", "recorded", "issued", "registered", "added", "given",
    "bought", "purchased", "ordered", "booked", "borrowed", "rented", "leased", "attended", "played", "watched",
    "visited", "received", "caught", "treated", "served", "collected", "produced", "made", "run", "entered",
    "sent", "shared", "taught", "led", "conducted", "performed", "driven", "handled", "managed", "delivered",
))  # fmt: skip


def _happened_to(column: Column, noun: str, children: Sequence[Child]) -> Aggregate | None:
    """How many times something has been done with a row, such as ``times_ordered``."""
    near = [child for child in children if len(child.path) == 1]
    found = [child for child in near if child.called(noun)] or [child for child in near if _is_line(child)]
    return Aggregate(column.name, "count", found[0].path) if len(found) == 1 else None


def _condition(child: Child, word: str, qualifier: str) -> Condition | None:
    """Which rows of a table are what a word says, by a flag, a state, or a time."""
    for each in dict.fromkeys((word, qualifier)):
        if not each:
            continue
        positive = _NOT.get(each)
        found = _is(child, positive or each, negated=positive is not None)
        if found is not None:
            return found
    return None


def _is(child: Child, word: str, *, negated: bool) -> Condition | None:
    same = next((set(group) for group in _STATES if word in group), {word})
    for column in child.table.columns:
        words = column.words
        if is_boolean(column.type) and not column.type.array:
            told = re.sub(r"^_(is|has|was|can)_|_(flag|indicator|ind|yn)_$", "_", words).strip("_")
            if told == word:
                return Condition(column.name, ("false" if negated else "true",))
            if word in ("failed", "unsuccessful") and told in ("success", "successful", "succeeded"):
                return Condition(column.name, ("false",))
            if told in same:
                return Condition(column.name, ("false" if negated else "true",))
    return (
        _in_state(child, {word}, negated=negated)
        or _since(child, word, negated=negated)
        or _in_state(child, same, negated=negated)
        or _in_state(child, {stem(word)}, negated=negated, by=stem)
        or _flagged(child, word, negated=negated)
    )


# Of a column that is called after something, the values that say that there is nothing of it.
_NOTHING = frozenset((
    "normal", "none", "no", "n", "ok", "okay", "negative", "false", "clear", "cleared", "not_applicable", "na", "wnl",
    "within_range", "in_range", "nil", "nothing", "not_set", "neg", "absent", "unremarkable",
))  # fmt: skip
_BEYOND = frozenset(("abnormal", "flagged", "outside", "exceptional", "alarm", "out_of_range", "alarming"))


def _flagged(child: Child, word: str, *, negated: bool) -> Condition | None:
    """Which rows are what the name of a column says: of ``abnormal_flag``, those that are not normal."""
    for column in child.table.columns:
        level = level_of(child.table, column)
        if level is not None and word in _BEYOND:
            beyond = tuple(str(label) for label in (level.labels[0], level.labels[2]))
            return Condition(column.name, beyond, other=negated)
        if (
            re.sub(r"_(flag|status|state|indicator|ind|level|type|code|result)_$", "_", column.words)
            != f"_{word}_"
        ):
            continue
        states = child.states(column)
        nothing = tuple(value for value, label in states if _state(label) in _NOTHING)
        if nothing and len(nothing) < len(states):
            return Condition(column.name, nothing, other=not negated)
    return None


def _in_state(
    child: Child, states: set[str], *, negated: bool, by: Callable[[str], str] = str
) -> Condition | None:
    for column in child.table.columns:
        found = tuple(value for value, label in child.states(column) if by(_state(label)) in states)
        if found and (len(states) == 1 or _STATUS.search(column.words)):
            return Condition(column.name, found, other=negated)
    return None


def _since(child: Child, word: str, *, negated: bool) -> Condition | None:
    for column in child.columns(numbers=False):
        if re.fullmatch(rf"_{word}_(at|on|date|time)_", column.words) and column.nullable:
            return Condition(column.name, () if negated else None)
    return None


def _progress(column: Column, words: str, children: Sequence[Child]) -> Aggregate | None:
    if not re.search(
        r"^_(progress|completion|percent_complete|progress_percent|completion_(percent|percentage|rate)|percent_completed"
        r"|progress_percentage|completed_percent|complete_percent)_$",
        words,
    ):
        return None
    for child in children:
        if child.nouns.isdisjoint(
            ("task", "step", "lesson", "milestone", "item", "module", "deliverable", "goal", "todo")
        ):
            continue
        where = _is(child, "completed", negated=False)
        if where is not None:
            return Aggregate(column.name, "share", child.path, where=where)
    return None


_FUNCTIONS = {
    "total": "sum", "sum": "sum", "average": "avg", "mean": "avg", "min": "min", "minimum": "min", "lowest": "min",
    "max": "max", "maximum": "max", "highest": "max", "largest": "max", "cheapest": "min", "best": "max",
    "longest": "max", "biggest": "max", "smallest": "min", "shortest": "min", "actual": "sum", "overall": "sum",
}  # fmt: skip
_LIMITS = ("min", "minimum", "max", "maximum")


_NOTHING_ELSE = frozenset(("amount", "value", "price", "cost", "charge", "due"))


def _measured(column: Column, words: str, children: Sequence[Child], parent: Table) -> Aggregate | None:
    """A sum, average, minimum or maximum of a column of the same name: ``total_hours``, ``price_min``."""
    parts = without_unit(words).strip("_").split("_")
    if len(parts) < 2:
        return None
    if len(parts) > 2 and parts[-2] in _FUNCTIONS and parts[-1] not in _FUNCTIONS:
        # The unit comes last: ``slope_length_total_m``.
        parts = [*parts[:-2], parts[-1], parts[-2]]
    if parts[0] in _LIMITS and parts[-1] != "price":
        # The points that a submission may get at most, not the most that one has got.
        return None
    if parts[0] in _FUNCTIONS:
        function, rest = _FUNCTIONS[parts[0]], parts[1:]
    elif parts[-1] in _FUNCTIONS:
        function, rest = _FUNCTIONS[parts[-1]], parts[:-1]
    else:
        return None
    found = []
    # What has been paid of a bill is no total of the bill.
    bill = (
        function == "sum" and bool(equations(parent).uses.get(column.name)) and _NOTHING_ELSE.issuperset(rest)
    )
    for child in children:
        if (
            len(child.path) > 1
            or (bill and not _is_line(child))
            or (function == "sum" and _pays_a_part(child))
        ):
            continue
        for value in _alike(column, child):
            own = _measure(value) if function == "sum" else _singular(_plain_words(value))
            named = any(
                _singular(rest[length:]) == own and "_".join(map(singular, rest[:length])) in child.nouns
                for length in range(1, len(rest))
            )
            if function != "sum" and value.name == _amount_of(child, rest):
                found.append((True, child, value))
            elif _singular(rest) == own or named:
                found.append((not named, child, value))
    if not found:
        return None
    best = [each for each in found if each[0] == min(other[0] for other in found)]
    if len({child.table.name for _, child, _ in best}) > 1:
        # Several tables have such a column: which one is meant is not known.
        return None
    _, child, value = min(best, key=lambda each: not each[2].words.startswith("_total_"))
    return Aggregate(column.name, function, child.path, value.name, factor=_unit_factor(column, value, child))


def _pays_a_part(child: Child) -> bool:
    """Whether rows pay for what their parent comes to, as far as it has a column of its own for that."""
    return "payment" in child.nouns and any(
        PAID.search(without_unit(other.words)) for other in child.parent.columns if is_number(other.type)
    )


def _amount_of(child: Child, words: Sequence[str]) -> str | None:
    """The amount of a table's rows, where words are what these are called: ``largest_donation``."""
    noun = [word for word in words if word not in ("amount", "value", "total", "size")]
    value = child.number(_TOTALS) or child.number(_AMOUNT)
    own = child.called("_".join(_singular(noun))) == _BY_NAME
    return value.name if value is not None and own else None


def _measure(value: Column) -> list[str]:
    """What a number is of: ``commission`` of ``commission_amount``, ``hours`` of ``total_hours``."""
    words = _plain_words(value)
    if len(words) > 1 and words[-1] in ("amount", "total", "value", "count"):
        words = words[:-1]
    if len(words) > 1 and words[0] in ("total", "actual"):
        words = words[1:]
    return _singular(words)


def _plain_words(value: Column) -> list[str]:
    return without_unit(value.words).strip("_").split("_")


def _singular(words: Sequence[str]) -> list[str]:
    return [*map(singular, words)]


def _alike(column: Column, child: Child) -> Iterator[Column]:
    if is_interval(column.type):
        yield from (
            other for other in child.table.columns if is_interval(other.type) and not other.type.array
        )
    else:
        yield from child.columns()
