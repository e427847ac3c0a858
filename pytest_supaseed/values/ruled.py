"""Values of columns that follow the stage of their row.

:func:`ruled` makes the source of a column that other columns of the row rule empty, false or zero in the rows that have
not been through its event, and leaves no row without a value that has. :func:`chosen` makes the source of a status that
follows other columns.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING, Any

from pytest_supaseed.constraints.domain import accepts
from pytest_supaseed.model.type_families import is_boolean, is_number, is_numeric
from pytest_supaseed.values.meanings.context import Context, Row, ValueSource
from pytest_supaseed.values.meanings.events import PORTIONS, event_of_column, is_reference
from pytest_supaseed.values.meanings.formulas.derived import Amounts
from pytest_supaseed.values.meanings.stages import Choice, Rule, can_be_blank, counts

if TYPE_CHECKING:
    from faker import Generator


def ruled(context: Context, source: ValueSource, rule: Rule, share: Fraction) -> ValueSource | None:
    """Return the source of a column that a rule empties in some rows.

    Args:
        context: the column.
        source: its source without the rule.
        rule: what decides whether a row has a value.
        share: the share of rows without one, where the rule does not tell.

    Returns:
        None if the column's value domain leaves the rule no choice.
    """
    uses = tuple(dict.fromkeys((*rule.uses, *source.uses)))
    kind, domain = context.column.type, context.domain
    happened, choose = rule.happened, source.choose
    if is_boolean(kind):
        if domain.allowed is not None:
            return None

        def flag(faker: Generator, row: Row) -> object:
            told = happened(row)
            return choose(faker, row) if told is None else told

        return replace(source, choose=flag, uses=uses, choices=(), nulls=Fraction(0), ruled=True)
    if is_number(kind) and not is_reference(context.column):
        found = _number(context, source, rule)
        if found is not None:
            return replace(found, uses=tuple(dict.fromkeys((*uses, *found.uses))), ruled=True)
    if can_be_blank(context.column):
        return _blank(context, source, rule, uses)
    # A CHECK that lists values accepts NULL as well, unlike an application that lists its choices.
    listed = context.column.declared is None and not domain.required
    if not context.column.nullable or not (listed or accepts(domain, None)):
        return None

    def optional(faker: Generator, row: Row) -> object:
        told = happened(row)
        if told is None:
            told = not share or faker.random.random() >= share
        return choose(faker, row) if told else None

    return replace(source, choose=optional, uses=uses, choices=(), nulls=Fraction(0), ruled=True)


def _blank(context: Context, source: ValueSource, rule: Rule, uses: tuple[str, ...]) -> ValueSource | None:
    """The source of a text that is empty in rows which have not been through its event; None where it may not be."""
    if not accepts(context.domain, ""):
        return None
    choose, happened = source.choose, rule.happened

    def text(faker: Generator, row: Row) -> object:
        return "" if happened(row) is False else choose(faker, row)

    return replace(source, choose=text, uses=uses, choices=(), ruled=True)


def _number(context: Context, source: ValueSource, rule: Rule) -> ValueSource | None:
    """The source of a count or an amount that is 0 before its event; None for another number."""
    event = event_of_column(context.column)
    word = event.word if event is not None else ""
    counted = counts(context.column)
    portion = word in PORTIONS or rule.partly is not None
    if not accepts(context.domain, 0):
        return None
    if not (rule.zero or counted or portion or word in ("started", "logged_in")):
        return None
    choose, happened, partly = source.choose, rule.happened, rule.partly
    whole = _whole(context, word) if portion and not counted else None
    zero = None if context.column.nullable and context.column.default is None and not counted else 0
    step = (
        Decimal(1).scaleb(-(context.column.type.scale or 0))
        if is_numeric(context.column.type)
        else Decimal(1)
    )

    def number(faker: Generator, row: Row) -> Any:
        told = happened(row)
        value: Any = choose(faker, row)
        total = None if whole is None else row.get(whole)
        if partly is not None and partly(row):
            return _part(total, step, faker.random) if total is not None else value
        if told is None:
            return value
        if not told:
            return zero
        if total is not None and accepts(context.domain, total):
            return total
        for _ in range(_DRAWS if rule.zero else 0):
            if value:
                break
            value = choose(faker, row)
        return 1 if not value and counted and accepts(context.domain, 1) else value

    return ValueSource(number, () if whole is None else (whole,))


def _whole(context: Context, event: str) -> str | None:
    """The number of the row of which an amount or a quantity is all, once the event has happened."""
    amounts = Amounts(context)
    agreed = amounts.find(_APPROVED) if event in ("paid", "settled", "reimbursed", "disbursed") else None
    charged = (amounts.find(pattern) for pattern in (_ASKED, _PRINCIPAL, _CHARGED, _ORDERED))
    return agreed or amounts.whole or next(filter(None, charged), None)


_APPROVED = re.compile(
    r"^_(approved|granted|awarded|allowed)_amount_$|^_amount_(approved|granted|awarded|allowed)_$"
)
_ASKED = re.compile(
    r"^_(claimed|requested|billed|invoiced|expected)_amount_$|^_amount_(claimed|requested|billed|expected)_$"
)
_PRINCIPAL = re.compile(r"^_(principal|loan|original|credit)(_amount)?_$")
_CHARGED = re.compile(r"^_(fee|fine|charge|price|cost|rent|amount)_$")
_ORDERED = re.compile(
    r"^_(quantity|units)(_(ordered|requested|expected|planned))?_$|^_(ordered|requested|expected)_(quantity|units)_$"
)


def _part(total: Any, step: Decimal, random: Random) -> Any:
    """A part of a whole, neither nothing nor all of it where it can be divided."""
    whole = Decimal(str(total))
    found = (whole * random.randint(2, 8) / 10).quantize(step)
    found = max(step, min(found, whole - step)) if whole > step else Decimal(0)
    return int(found) if isinstance(total, int) else type(total)(found)


# How often a number is drawn until it is not 0.
_DRAWS = 5


def chosen(source: ValueSource, choice: Choice) -> ValueSource:
    """Return the source of a status that follows other columns of its row."""

    def choose(faker: Generator, row: Row) -> object:
        labels, weights = choice.weighted(row)
        [label] = faker.random.choices(labels, weights)
        return label

    return replace(
        source, choose=choose, uses=choice.uses, choices=(), weights=(), nulls=Fraction(0), ruled=True
    )
