"""Values of columns that follow the stage of their row.

:func:`ruled` makes the source of a column that other columns of the row rule empty, false or zero in the rows that have
not been through its event, and leaves no row without a value that has. :func:`chosen` makes the source of a status that
follows other columns.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pytest_supaseed.constraints.domain import accepts
from pytest_supaseed.model.type_families import is_boolean, is_number
from pytest_supaseed.values.meanings.context import Context, Row, ValueSource
from pytest_supaseed.values.meanings.formulas.derived import Amounts
from pytest_supaseed.values.meanings.stages import Choice, Rule, counts, event_of_column, is_reference

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


def _number(context: Context, source: ValueSource, rule: Rule) -> ValueSource | None:
    """The source of a count or an amount that is 0 before its event; None for another number."""
    event = event_of_column(context.column)
    counted = counts(context.column)
    if event is None or not accepts(context.domain, 0):
        return None
    if not (counted or event.word in ("paid", "captured", "refunded", "started", "logged_in")):
        return None
    choose, happened = source.choose, rule.happened
    whole = None if counted or event.word not in ("paid", "captured", "refunded") else Amounts(context).whole
    zero = None if context.column.nullable and context.column.default is None and not counted else 0

    def number(faker: Generator, row: Row) -> Any:
        told = happened(row)
        value: Any = choose(faker, row)
        if told is None:
            return value
        if not told:
            return zero
        if whole is not None and row.get(whole) is not None and accepts(context.domain, row[whole]):
            return row[whole]
        return 1 if not value and counted and accepts(context.domain, 1) else value

    return ValueSource(number, () if whole is None else (whole,))


def chosen(source: ValueSource, choice: Choice) -> ValueSource:
    """Return the source of a status that follows other columns of its row."""

    def choose(faker: Generator, row: Row) -> object:
        labels, weights = choice.weighted(row)
        [label] = faker.random.choices(labels, weights)
        return label

    return replace(
        source, choose=choose, uses=choice.uses, choices=(), weights=(), nulls=Fraction(0), ruled=True
    )
