"""In which order the columns of a row are made, so that some can follow others and none needs itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from math import ceil
from random import Random

from pytest_supaseed.constraints.column import comparisons
from pytest_supaseed.constraints.domain import ColumnFacts
from pytest_supaseed.constraints.literals import NUMBERS, TIMES
from pytest_supaseed.model.identifiers import spelt
from pytest_supaseed.model.schema import Column, Table
from pytest_supaseed.values.meanings.moments import moment_rank

# The first that fits counts; what none fits is made first. Moments come about in the order of their ranks.
_TEXTS = (
    (7, r"_normalized_"),
    (6, r"_(slug|permalink|url|uri|link|website|homepage|domain)_|_value_$"),
    (5, r"_(email|mail)_|email_$"),
    (4, r"_(username|login|handle|nickname|nick)_"),
    (3, r"_(full|display)_name_|_(zip|postcode|currency|timezone|capital|continent|calling|nationality|tld|symbol|local"
        r"|native|alpha|iso|locale)_|_phone_code_"),
    (2, r"_(gender|sex|salutation|courtesy|country|model|mime|content_type|flag|emoji)_|_(meta|seo|og)_title_"
        r"|_legal_name_"),
    (1, r"_(state|region|province|county|state_code)_|^_name_$|_(code|label|extension|ext)_$"),
)  # fmt: skip


_NUMBERS = (
    (8, r"_(balance|due|outstanding|remaining|change)_"),
    (7, r"_(paid|used|redeemed|received)_"),
    (6, r"_(total|gross|grand|extended)_|^_amount_$"),
    (5, r"_(tax|vat)_(amount_)?(cents_)?$"),
    (4, r"_discount_|_discounted_"),
    (3, r"_(subtotal|net)_"),
    (2, r"_(yearly|annual|monthly_yearly)_|_age_|_nights_"),
    (1, r"_(max|maximum|high|upper|sale|cost|compare|list|msrp|original|regular|retail|old|special|rgt|longitude|lng"
        r"|lon|long|latitude|lat)_"),
)  # fmt: skip


_STAGE_PATTERNS = {
    kind: tuple((stage, re.compile(pattern)) for stage, pattern in rules)
    for kind, rules in (("text", _TEXTS), ("number", _NUMBERS))
}


# Beyond any rank of a moment.
_AFTER_MOMENTS = 100


def stage(column: Column) -> int:
    """Return the stage of a column: what is of a lower one is made first.

    Args:
        column: the column.
    """
    return _stage(column.name, column.type.name)


@lru_cache(maxsize=10_000)
def _stage(name: str, type_name: str) -> int:
    if type_name in TIMES:
        return moment_rank(name)
    words = spelt(name)
    kind = "number" if type_name in NUMBERS else "text"
    found = next((number for number, pattern in _STAGE_PATTERNS[kind] if pattern.search(words)), 0)
    return found if kind == "text" else _AFTER_MOMENTS * bool(found) + found


# Mostly filled; and what says that a row is gone, mostly not.
SOMETIMES, MOSTLY = Fraction(1, 8), Fraction(15, 16)


# A row without it could not be told from others, or could not have come about.
_ESSENTIAL = re.compile(
    r"_(name|title|email|username|login|code|slug|key|sku|status|type|kind|role|password|hash|token|price|amount|total"
    r"|subtotal|quantity|currency|subject|body|content|message|created|updated|inserted|registered|date|label|url|uuid"
    r"|number|no|value|state|event|action|position|version|balance|latitude|longitude|lat|lng|lon|tax|discount|net|gross|vat"
    r"|cost|start|starts|started|begin|end|ends|from|to|in|out|question|answer|text|path|user|account|id|salt|secret"
    r"|priority|level|city|country|line_1|street|rate|month|year)_"
)


# What few rows come to.
_RARE = re.compile(
    r"_(died|death|deceased|terminated|termination|resigned|lockout|banned|locked|suspended|blocked|error|exception|refunded"
    r"|cancel|canceled|cancelled|cancellation|lost|rejected|rejection|failure)_"
)


# True of one row at most, or of rows that a test has to ask for.
_UNUSUAL = re.compile(
    r"_(deleted|archived|banned|blocked|suspended|disabled|hidden|canceled|cancelled|revoked|removed|locked|spam|admin"
    r"|superuser|staff|system|test|default|primary|main|internal|root|anonymous|sso|current|latest|expired|template"
    # A row that is there is in use, as a rule.
    r"|active|enabled|live|valid|alive|available|in_use|usable)_"
)


_BARELY = re.compile(
    r"_(middle|second|alternative|alternate|secondary|optional|other|previous|old|nick|maiden)_|_last_(login|sign|seen|active)"
)


def share_of_nulls(table: Table, column: Column, facts: ColumnFacts) -> Fraction:
    """Return in which share of the rows a column is NULL, zero for none.

    Args:
        table: the table.
        column: one of its columns.
        facts: what is known of it.
    """
    words = spelt(column.name)
    if not column.nullable or facts.required or facts.allowed == (None,) or is_spoken_of(table, column):
        return Fraction(0)
    if column.type.name == "bool":
        return Fraction(0)
    if _RARE.search(words):
        return MOSTLY
    if _ESSENTIAL.search(words) and not _BARELY.search(words):
        return Fraction(0)
    return SOMETIMES


def may_be_gone(table: Table, column: Column) -> bool:
    """Whether some rows may be deleted or the like, so that a column that is mostly NULL says when.

    Args:
        table: the table.
        column: one of its columns.
    """
    stem = _stem(column.name)
    return not is_spoken_of(table, column) and not any(
        stem in _stem(other.name) for other in table.columns if other.name != column.name
    )


def said_by(table: Table, column: Column, others: Iterable[Column]) -> str | None:
    """Return the boolean that says whether a moment has come: ``is_read`` of ``read_at``; None where there is none.

    Args:
        table: the table.
        column: a column with moments.
        others: columns that may be used.
    """
    if not column.nullable or is_spoken_of(table, column):
        return None
    stem = _stem(column.name)
    return next(
        (other.name for other in others if other.type.name == "bool" and _stem(other.name) == stem), None
    )


def _stem(name: str) -> str:
    words = [
        word
        for word in spelt(name).strip("_").split("_")
        if word not in ("at", "on", "date", "time", "is", "by")
    ]
    return "_".join(words).replace("cancelled", "canceled")


def usual_booleans(table: Table, column: Column) -> tuple[bool, ...]:
    """Return what a boolean with a default is dealt from: mostly the default; nothing where it is always the default.

    Args:
        table: the table.
        column: one of its columns, with a default.
    """
    if column.type.name != "bool" or column.type.array or column.default not in ("true", "false"):
        return ()
    if is_spoken_of(table, column) or table.triggers or _UNUSUAL.search(spelt(column.name)):
        return ()
    usual = column.default == "true"
    return (usual, usual, usual, not usual)


def is_spoken_of(table: Table, column: Column) -> bool:
    """Whether keys, comparisons, triggers or computed columns of the table look at a column: NULL may upset them.

    Args:
        table: the table.
        column: one of its columns.
    """
    name = column.name
    return (
        table.partitioned
        or any(name in key.columns or name in key.definition.partition(" USING ")[2] for key in table.uniques)
        or any(name in check.columns and len(check.columns) > 1 for check in table.checks)
        or any(name in (comparison.left, comparison.right) for comparison in comparisons(table))
        or any(name in trigger.source for trigger in table.triggers)
        or any(other.generated and name in (other.default or name) for other in table.columns)
    )


def null_rows(share: Fraction, amount: int, random: Random) -> frozenset[int]:
    """Draw which rows are NULL: never all of them, where most have a value, and never the only one.

    Args:
        share: what :func:`share_of_nulls` returned.
        amount: how many rows there are.
        random: draws.

    Returns:
        Their numbers, from 0.
    """
    if not share:
        return frozenset()
    exact = share * amount
    # Of few rows none is gone.
    count = (
        ceil(exact)
        if share > Fraction(1, 2)
        else min(int(exact + Fraction(random.randrange(8), 8)), amount - 1)
    )
    return frozenset(random.sample(range(amount), max(count, 0)))
