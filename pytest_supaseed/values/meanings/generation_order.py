"""Generation order, NULL shares and boolean defaults of columns, by what all meanings declare of their names.

:func:`stage` orders the columns of a row, so that a column can be derived from those of :func:`columns_before` without
cycles.
:func:`share_of_nulls` and :func:`null_rows` decide which rows have NULL, :func:`usual_booleans` how often a boolean
differs from its default.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from fractions import Fraction
from functools import cache, lru_cache
from math import ceil
from random import Random

from pytest_supaseed.constraints.column import comparisons, memoized_by_identity
from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.model.identifiers import spelt, subject_of
from pytest_supaseed.model.schema import Column, Table
from pytest_supaseed.model.type_families import (
    is_boolean,
    is_interval,
    is_moment,
    is_number,
    is_range_of_moments,
)
from pytest_supaseed.values.meanings.events import PORTIONS, event_of_column
from pytest_supaseed.values.meanings.formulas.derived import AFTER_MOMENTS, DERIVED
from pytest_supaseed.values.meanings.formulas.equations import equations, stage_of
from pytest_supaseed.values.meanings.formulas.flags import flag_of, level_of
from pytest_supaseed.values.meanings.meaning import Declaration, staged
from pytest_supaseed.values.meanings.moments import (
    FALSE_WORDS,
    MOMENTS,
    MOSTLY_NULL_WORDS,
    UNSET_WORDS,
    event_of,
    moment_rank,
)
from pytest_supaseed.values.meanings.numbers import MEASURES
from pytest_supaseed.values.meanings.people import ADDRESSED
from pytest_supaseed.values.meanings.registry import meanings

_AFTER_NAMES = 2
_AFTER_TOTALS = 107
_AFTER_NUMBERS = 1_000


@cache
def _staged_texts() -> tuple[tuple[int, re.Pattern[str]], ...]:
    return staged(meanings())


def columns_before(table: Table, column: Column, supplied: Collection[str] = ()) -> tuple[Column, ...]:
    """Return the columns whose values a column may use: those generated before it, so that no cycle can form.

    Args:
        supplied: columns whose values are known before any is generated.
    """
    own = -1 if column.name in supplied else stage(table, column), table.place(column.name)
    return tuple(
        other
        for other, place, made_elsewhere in _in_stages(table)
        if other.name != column.name
        and ((-1, place[1]) < own if other.name in supplied else not made_elsewhere and place < own)
    )


@memoized_by_identity
def _in_stages(table: Table) -> tuple[tuple[Column, tuple[int, int], bool], ...]:
    """The columns that may be used, each with its stage and position, and whether a foreign key sets it."""
    return tuple(
        (column, (stage(table, column), position), column.name in table.referencing)
        for position, column in enumerate(table.columns)
        # A value in the form in which only the application reads it tells nothing.
        if not column.generated and not (column.declared and column.declared.binding)
    )


def _subject(table: Table) -> str:
    return subject_of(table.name.separated)


@memoized_by_identity
def stage(table: Table, column: Column) -> int:
    """Return the generation stage of a column; lower stages are generated first. A moment's is its rank."""
    subject = _subject(table)
    if is_interval(column.type) or is_range_of_moments(column.type):
        # It may be what lies between two moments.
        return AFTER_MOMENTS
    if is_moment(column.type):
        return moment_rank(event_of(column.name, subject))
    if subject in ADDRESSED and column.words == "_title_":
        # Mr or Ms by the first name, wherever that stands.
        return _AFTER_NAMES
    if flag_of(table, column) is not None or level_of(table, column) is not None:
        return _AFTER_NUMBERS
    if not is_number(column.type):
        return _stage_of_text(column.name)
    found = stage_of(table, column)
    if column.name in equations(table).stages:
        return found
    event = event_of_column(column)
    if event is None or event.word not in PORTIONS:
        return found
    # What has been refunded is a part of what has been captured, and that of the amount, which are made before.
    return max(found, _AFTER_TOTALS + (event.word in ("refunded", "returned")))


@lru_cache(maxsize=10_000)
def _stage_of_text(name: str) -> int:
    words = spelt(name)
    return next((stage for stage, pattern in _staged_texts() if pattern.search(words)), 0)


# The share of NULL in an optional column, and in one that records a rare event.
SOMETIMES, MOSTLY = Fraction(1, 8), Fraction(15, 16)
# Words that make a column of any meaning optional.
_QUALIFIERS = ("alternative", "alternate", "secondary", "optional", "other", "previous", "old")


@cache
def _declared_words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Expressions for the names of columns that are never NULL, and of those that are NULL in some rows."""
    declared: tuple[Declaration, ...] = (*meanings(), *MEASURES, *DERIVED, *MOMENTS)
    essential = (found.essential for found in declared if found.essential)
    optional = (found.optional for found in declared if found.optional)
    return re.compile(f"_({'|'.join(essential)})_"), re.compile(f"_({'|'.join((*_QUALIFIERS, *optional))})_")


_RARE = re.compile(rf"_({MOSTLY_NULL_WORDS})_")
# A date or time of a rare state, by the column's name as it stands in the database.
_UNSET = re.compile(
    rf"({UNSET_WORDS})_?(at|on|date|time|timestamp)|(delete|archive|remove|revoke|purge)_?(date|time|timestamp)",
    re.IGNORECASE,
)
_FALSE = re.compile(rf"_({FALSE_WORDS})_$")
# Booleans that always keep their default: unusual states, which a test has to ask for, or true for one row at most.
_UNUSUAL = re.compile(
    rf"_({FALSE_WORDS}"
    r"|admin|superuser|staff|system|test|default|primary|main|internal|root|anonymous|sso|current|latest|expired|template"
    # Rows are usually in use.
    r"|active|enabled|live|valid|alive|available|in_use|usable)_"
)


def share_of_nulls(table: Table, column: Column, domain: ValueDomain) -> Fraction:
    """Return the share of rows in which a column is NULL, zero for none."""
    words = column.words
    if not column.nullable or domain.required or domain.allowed == (None,) or is_spoken_of(table, column):
        return Fraction(0)
    if is_boolean(column.type):
        return Fraction(0)
    if _RARE.search(words):
        return MOSTLY
    essential, optional = _declared_words()
    if essential.search(words) and not optional.search(words):
        return Fraction(0)
    return SOMETIMES


def is_unset(name: str) -> bool:
    """Whether a nullable date or time is NULL in most rows by its name, as ``deleted_at``."""
    return bool(_UNSET.fullmatch(name))


def is_false(words: str) -> bool:
    """Whether a boolean is false in ordinary rows by its normalized name, as ``is_deleted``."""
    return bool(_FALSE.search(words))


def may_be_gone(table: Table, column: Column) -> bool:
    """Whether a column that is NULL in most rows, such as ``deleted_at``, may have a value in some.

    It may not if the table's keys, CHECKs or triggers involve it, or if another column belongs to the same event.
    """
    stem = _stem(column.name)
    return not is_spoken_of(table, column) and not any(
        stem in _stem(other.name) for other in table.columns if other.name != column.name
    )


def said_by(table: Table, column: Column, others: Iterable[Column]) -> str | None:
    """Return the boolean that tells whether an event has happened: ``is_read`` for ``read_at``; None if none does."""
    if not column.nullable or is_spoken_of(table, column):
        return None
    stem = _stem(column.name)
    return next(
        (other.name for other in others if is_boolean(other.type) and _stem(other.name) == stem), None
    )


def _stem(name: str) -> str:
    words = [
        word
        for word in spelt(name).strip("_").split("_")
        if word not in ("at", "on", "date", "time", "is", "by")
    ]
    return "_".join(words).replace("cancelled", "canceled")


def usual_booleans(table: Table, column: Column, *, unusual: bool = False) -> tuple[bool, ...]:
    """Return the values to deal out to a boolean with a default, mostly the default; empty to use it always.

    Args:
        unusual: whether states that few rows are in vary, too.
    """
    if not is_boolean(column.type) or column.type.array or column.default not in ("true", "false"):
        return ()
    if is_spoken_of(table, column) or table.triggers:
        return ()
    usual = column.default == "true"
    if _UNUSUAL.search(column.words):
        return (*((usual,) * 7), not usual) if unusual else ()
    return (usual, usual, usual, not usual)


def is_spoken_of(table: Table, column: Column) -> bool:
    """Whether NULL in a column may break a constraint or computation of its table.

    That is so for columns of keys, partitioned tables, CHECKs of several columns, triggers and generated columns.
    """
    name = column.name
    return (
        table.partitioned
        or name in table.in_unique_keys
        or any(name in check.columns and len(check.columns) > 1 for check in table.checks)
        or any(name in (comparison.left, comparison.right) for comparison in comparisons(table))
        or any(name in trigger.source for trigger in table.triggers)
        or any(name in (other.default or name) for other in table.generated)
    )


def null_rows(share: Fraction, amount: int, random: Random) -> frozenset[int]:
    """Draw the rows in which a column is NULL, by number from 0.

    If most rows have a value, at least one row does. If most are NULL, the count is rounded up: of a few rows, all are.

    Args:
        share: from :func:`share_of_nulls`.
    """
    if not share:
        return frozenset()
    exact = share * amount
    count = (
        ceil(exact)
        if share > Fraction(1, 2)
        else min(int(exact + Fraction(random.randrange(8), 8)), amount - 1)
    )
    return frozenset(random.sample(range(amount), max(count, 0)))
