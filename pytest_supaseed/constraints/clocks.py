"""Comparisons with the server's clock -> facts that hold in any year in which tests run.

The values that are made do not follow the clock: the same rows come next year.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from pytest_supaseed.constraints.facts import NOTHING, ColumnFacts
from pytest_supaseed.constraints.literals import NUMBERS, NoConstantError, constant
from pytest_supaseed.constraints.subject import Subject
from pytest_supaseed.constraints.syntax import Call, Cast, Literal, Name, Node, Operation, uncast

_CLOCKS = (
    "now",
    "current_date",
    "current_timestamp",
    "localtimestamp",
    "clock_timestamp",
    "statement_timestamp",
)
# What the clock has passed for certain, and what it will not have passed.
_PAST, _FUTURE = datetime(2024, 1, 1), datetime(2050, 1, 1)
# What lies that long before the clock can lie before the clock of any year.
_LONG = timedelta(days=20 * 365)
_PART = re.compile(r"(\d+) (year|mon|day)s?")
_DAYS = {"year": Decimal("365.25"), "mon": Decimal("30.5"), "day": Decimal(1)}


def is_clock(node: Node) -> bool:
    """Whether an expression is the server's clock, maybe with an interval added.

    Args:
        node: the expression.
    """
    node = uncast(node)
    if isinstance(node, Operation) and node.operator in ("+", "-", "at time zone"):
        return is_clock(node.operands[0])
    return isinstance(node, Call) and node.name in _CLOCKS


def is_year_of_clock(node: Node) -> bool:
    """Whether an expression is the year in which it is evaluated, maybe with a number added.

    Args:
        node: the expression.
    """
    return _year_offset(node) is not None


def beside_clock(operator: str, right: Node, subject: Subject) -> ColumnFacts:
    """``birthday <= CURRENT_DATE - '18 years'``, ``expires_at > now()``.

    Args:
        operator: of the comparison, the column on its left side.
        right: for which :func:`is_clock` holds.
        subject: the column.
    """
    return _limited(operator, _before_clock(right), subject)


def year_of_clock(operator: str, right: Node, subject: Subject) -> ColumnFacts:
    """``year <= EXTRACT(year FROM now())``.

    Args:
        operator: of the comparison, the column on its left side.
        right: for which :func:`is_year_of_clock` holds.
        subject: the column.
    """
    offset = _year_offset(right)
    if offset is None or operator not in ("<", "<=") or subject.type.name not in NUMBERS:
        return NOTHING
    return ColumnFacts(maximum=_PAST.year + offset, maximum_exclusive=operator == "<")


def aged(call: Call, operator: str, right: Node, subject: Subject) -> ColumnFacts | None:
    """``age(birthday) >= '18 years'``."""
    if not _is_age(call, subject):
        return None
    length = _length(right)
    return NOTHING if length is None else _limited(_turned(operator), length, subject)


def years_old(call: Call, operator: str, right: Node, subject: Subject) -> ColumnFacts | None:
    """``EXTRACT(year FROM age(birthday)) >= 18``."""
    part, age = call.arguments
    if not isinstance(age, Call) or not _is_age(age, subject) or uncast(part) != Literal("year"):
        return None
    years = constant(right, "int4")
    if not isinstance(years, int):
        return NOTHING
    # Someone is more than 17 only with 18.
    years += operator in (">", "<=")
    return _limited(_turned(operator), timedelta(days=int(years * _DAYS["year"])), subject)


def _is_age(call: Call, subject: Subject) -> bool:
    of = call.arguments[-1] if call.arguments else call
    since_clock = len(call.arguments) == 1 or (len(call.arguments) == 2 and is_clock(call.arguments[0]))
    inner = uncast(of)
    return since_clock and isinstance(inner, Name) and inner.name == subject.column


def _turned(operator: str) -> str:
    """The older something is, the earlier it began."""
    return {">": "<", ">=": "<=", "<": ">", "<=": ">="}.get(operator, operator)


def _limited(operator: str, length: timedelta | None, subject: Subject) -> ColumnFacts:
    """What is compared with a moment that lies so long before the clock."""
    if subject.type.array or subject.type.name not in ("date", "timestamp", "timestamptz"):
        return NOTHING
    if length is None or operator not in ("<", "<=", ">", ">="):
        return ColumnFacts(after_clock=operator in (">", ">="))
    try:
        if operator.startswith("<"):
            return ColumnFacts(latest=_moment(_PAST - length - timedelta(days=2), subject))
        if length < _LONG:
            return ColumnFacts(after_clock=True)
        return ColumnFacts(earliest=_moment(_FUTURE - length + timedelta(days=2), subject))
    except OverflowError:
        return NOTHING


def _moment(moment: datetime, subject: Subject) -> date | datetime:
    if subject.type.name == "date":
        return moment.date()
    return moment.replace(tzinfo=timezone.utc) if subject.type.name == "timestamptz" else moment


def _before_clock(node: Node) -> timedelta | None:
    """How long before the clock an expression lies, None where that is not told."""
    node = uncast(node)
    if isinstance(node, Operation) and node.operator == "-" and len(node.operands) == 2:
        length = _length(node.operands[1])
        return length if isinstance(uncast(node.operands[0]), Call) else None
    return None


def _length(node: Node) -> timedelta | None:
    """``'18 years'::interval``; so many days, where it is a number."""
    inner = uncast(node)
    if isinstance(inner, Literal) and inner.type == "numeric" and not isinstance(node, Cast):
        return timedelta(days=int(Decimal(str(inner.text))))
    if not isinstance(inner, Literal) or inner.text is None or _PART.sub("", inner.text).strip():
        return None
    days = sum((int(number) * _DAYS[unit] for number, unit in _PART.findall(inner.text)), Decimal(0))
    return timedelta(days=int(days)) if days < 10**6 else None


def _year_offset(node: Node) -> int | None:
    node = uncast(node)
    if isinstance(node, Operation) and node.operator in ("+", "-") and len(node.operands) == 2:
        before = _year_offset(node.operands[0])
        try:
            added = constant(node.operands[1], "int4")
        except NoConstantError:
            return None
        if before is None or not isinstance(added, int):
            return None
        return before + added if node.operator == "+" else before - added
    if not isinstance(node, Call) or node.name not in ("extract", "date_part") or len(node.arguments) != 2:
        return None
    part, of = node.arguments
    return 0 if uncast(part) == Literal("year") and is_clock(of) else None
