"""Comparison of a column with a constant or the clock -> the value domain that it implies.

Begin with :func:`compared`, for a column or a function of it; ``_FUNCTIONS`` has the reader of each function. A reader
returns None where its call is not about the column, and no constraint where the comparison is not understood.
:func:`document` is for the members of a JSON column, by their paths; :func:`path_of` is the path that an expression
follows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from pytest_supaseed.constraints.domain import UNCONSTRAINED, Pattern, ValueDomain, intersect
from pytest_supaseed.constraints.literals import NoConstantError, constant, constants, duration
from pytest_supaseed.constraints.nodes import (
    Call,
    Cast,
    Literal,
    Name,
    Node,
    Operation,
    Subject,
    children,
    rebuilt,
    uncast,
)
from pytest_supaseed.constraints.regex import from_postgres, nowhere
from pytest_supaseed.model.schema import ColumnType
from pytest_supaseed.model.type_families import (
    BOOLEAN,
    INTEGER,
    NUMERIC,
    TEXT,
    is_bytea,
    is_citext,
    is_date,
    is_date_or_timestamp,
    is_hstore,
    is_interval,
    is_json,
    is_moment,
    is_number,
    is_timestamp,
    is_timestamp_with_time_zone,
)

WHOLE = ("round", "trunc", "floor", "ceil", "ceiling")
_ENDS = {"btrim": r"\A | \Z", "trim": r"\A | \Z", "ltrim": r"\A ", "rtrim": r" \Z"}
_KNOWN = (*WHOLE, *_ENDS, "lower", "upper", "regexp_replace")


def is_function_of(node: Node, subject: Subject) -> bool:
    """Whether an expression applies functions to a column that may return their argument unchanged."""
    inner = node
    while not subject.is_in(inner):
        inner = uncast(inner)
        if not (isinstance(inner, Call) and inner.arguments and inner.name in _KNOWN):
            return False
        inner = inner.arguments[0]
    return inner is not node


def unchanged(operator: str, node: Node, subject: Subject) -> ValueDomain:
    """Return the value domain of ``x = f(x)``, e.g. ``x = lower(x)``, ``x = btrim(x)`` or ``x = round(x, 2)``.

    Args:
        node: ``f(x)``, for which :func:`is_function_of` holds.
    """
    if operator != "=":
        return UNCONSTRAINED
    domain = UNCONSTRAINED
    while not subject.is_in(node):
        call = uncast(node)
        if not isinstance(call, Call):
            return UNCONSTRAINED
        domain = intersect(domain, _left_alone(call))
        node = call.arguments[0]
    return domain


def _left_alone(call: Call) -> ValueDomain:
    if call.name in ("lower", "upper"):
        return ValueDomain(lowercase=call.name == "lower", uppercase=call.name == "upper")
    if call.name == "regexp_replace":
        return _nothing_replaced(call)
    if call.name in _ENDS:
        return (
            ValueDomain(patterns=(Pattern(_ENDS[call.name], negated=True),))
            if len(call.arguments) == 1
            else UNCONSTRAINED
        )
    digits = constant(call.arguments[1], INTEGER) if len(call.arguments) > 1 else 0
    return ValueDomain(decimals=digits) if isinstance(digits, int) and digits >= 0 else UNCONSTRAINED


def _nothing_replaced(call: Call) -> ValueDomain:
    """``regexp_replace(code, '[^0-9]', '', 'g') = code``: the expression matches nowhere in the text."""
    if not 3 <= len(call.arguments) <= 4:
        return UNCONSTRAINED
    text, replacement = constant(call.arguments[1], TEXT), constant(call.arguments[2], TEXT)
    flags = constant(call.arguments[3], TEXT) if len(call.arguments) == 4 else ""
    regex = (
        from_postgres(text) if text and replacement == "" and flags in ("", "g", "i", "gi", "ig") else None
    )
    return UNCONSTRAINED if regex is None else ValueDomain(patterns=(nowhere(regex, "i" in flags),))


TRIMS = ("btrim", "ltrim", "rtrim", "trim")


def place(call: Call, operator: str, right: Node, subject: Subject) -> ValueDomain | None:
    """``position('@' in email) > 1``: the text contains ``@``, not at its start."""
    if len(call.arguments) != 2:
        return None
    part, whole = call.arguments if call.name == "position" else call.arguments[::-1]
    trims = isinstance(whole, Call) and whole.name in TRIMS and len(whole.arguments) == 1
    if not subject.textual or not subject.is_in(
        whole.arguments[0] if isinstance(whole, Call) and trims else whole
    ):
        return None
    text, number = constant(part, TEXT), constant(right, INTEGER)
    if not text or not isinstance(number, int) or (trims and text.strip() != text):
        return UNCONSTRAINED
    ignoring = is_citext(subject.type)
    if operator == "=" and number == 0:
        return ValueDomain(patterns=(Pattern(re.escape(text), ignoring, negated=True),))
    first = {">": number + 1, ">=": number, "<>": 1 if number == 0 else 0}.get(operator, 0)
    if first < 1:
        return UNCONSTRAINED
    return ValueDomain(patterns=(Pattern(("." if first > 1 else "") + re.escape(text), ignoring),))


def cased(call: Call, operator: str, right: Node, subject: Subject) -> ValueDomain | None:
    """``lower(status) = 'open'``, ``lower(trim(status)) <> 'open'``."""
    inner = call.arguments[0] if len(call.arguments) == 1 else call
    trims = isinstance(inner, Call) and inner.name in TRIMS and len(inner.arguments) == 1
    inner = inner.arguments[0] if isinstance(inner, Call) and trims else inner
    if not subject.textual or not subject.is_in(inner):
        return None
    if subject.is_in(right):
        return unchanged(operator, call, subject) if is_function_of(call, subject) else UNCONSTRAINED
    text = constant(right, TEXT)
    if text is None:
        return UNCONSTRAINED
    if operator == "<>" and text == "":
        return ValueDomain(minimum_length=1)
    if operator not in ("=", "<>"):
        return UNCONSTRAINED
    spaces = " *" if trims else ""
    pattern = Pattern(f"^{spaces}{re.escape(text)}{spaces}\\Z", case_insensitive=True)
    if operator == "=":
        return ValueDomain(patterns=(pattern,))
    # A constant in the other case differs from every lower(x) or upper(x).
    fits = text == (text.lower() if call.name == "lower" else text.upper())
    return ValueDomain(patterns=(Pattern(pattern.regex, True, negated=True),)) if fits else UNCONSTRAINED


def trimmed(call: Call, operator: str, right: Node, subject: Subject) -> ValueDomain | None:
    """``trim(name) <> ''``, ``trim(name) = name``."""
    if not call.arguments or not subject.textual or not subject.is_in(call.arguments[0]):
        return None
    if subject.is_in(right):
        return unchanged(operator, call, subject)
    refused = operator in ("<>", ">") and constant(right, TEXT) == ""
    return ValueDomain(minimum_length=1) if refused else UNCONSTRAINED


def end(call: Call, operator: str, right: Node, subject: Subject) -> ValueDomain | None:
    """``left(address, 4) = 'dns:'``, ``right(name, 1) <> '/'``."""
    if len(call.arguments) != 2 or not subject.textual:
        return None
    inner = call.arguments[0]
    trims = isinstance(inner, Call) and inner.name in TRIMS and len(inner.arguments) == 1
    if not subject.is_in(inner.arguments[0] if isinstance(inner, Call) and trims else inner):
        return None
    text, number = constant(right, TEXT), constant(call.arguments[1], INTEGER)
    if operator not in ("=", "<>") or not text or number != len(text):
        return UNCONSTRAINED
    spaces = " *" if trims else ""
    found = f"^{spaces}{re.escape(text)}" if call.name == "left" else f"{re.escape(text)}{spaces}\\Z"
    return ValueDomain(patterns=(Pattern(found, is_citext(subject.type), operator == "<>"),))


# What tells the time.
CLOCKS = (
    "now",
    "current_date",
    "current_timestamp",
    "localtimestamp",
    "clock_timestamp",
    "statement_timestamp",
    "transaction_timestamp",
)
# Moments that the clock has certainly passed, and that it has not.
_PAST, _FUTURE = datetime(2024, 1, 1), datetime(2050, 1, 1)
# Only a lower limit at least that long before the clock is replaced by a fixed date, which holds until _FUTURE.
_LONG = timedelta(days=20 * 365)
_PART = re.compile(r"(\d+) (year|mon|day)s?")
_DAYS = {"year": Decimal("365.25"), "mon": Decimal("30.5"), "day": Decimal(1)}


def is_clock(node: Node) -> bool:
    """Whether an expression is the server's clock, possibly with an interval added."""
    node = uncast(node)
    if isinstance(node, Operation) and node.operator in ("+", "-", "at time zone"):
        return is_clock(node.operands[0])
    return isinstance(node, Call) and node.name in CLOCKS


def is_year_of_clock(node: Node) -> bool:
    """Whether an expression is the current year, possibly with a number added."""
    return _year_offset(node) is not None


def beside_clock(operator: str, right: Node, subject: Subject) -> ValueDomain:
    """``birthday <= CURRENT_DATE - '18 years'``, ``expires_at > now()``.

    Args:
        operator: of the comparison, with the column on its left side.
        right: for which :func:`is_clock` holds.
    """
    return _limited(operator, _before_clock(right), subject)


def year_of_clock(operator: str, right: Node, subject: Subject) -> ValueDomain:
    """``year <= EXTRACT(year FROM now())``.

    Args:
        operator: of the comparison, with the column on its left side.
        right: for which :func:`is_year_of_clock` holds.
    """
    offset = _year_offset(right)
    if offset is None or operator not in ("<", "<=") or not is_number(subject.type):
        return UNCONSTRAINED
    return ValueDomain(maximum=_PAST.year + offset, maximum_exclusive=operator == "<")


def aged(call: Call, operator: str, right: Node, subject: Subject) -> ValueDomain | None:
    """``age(birthday) >= '18 years'``."""
    if not _is_age(call, subject):
        return None
    length = _duration(right)
    return UNCONSTRAINED if length is None else _limited(_turned(operator), length, subject)


def years_old(call: Call, operator: str, right: Node, subject: Subject) -> ValueDomain | None:
    """``EXTRACT(year FROM age(birthday)) >= 18``."""
    part, age = call.arguments
    if not isinstance(age, Call) or not _is_age(age, subject) or uncast(part) != Literal("year"):
        return None
    years = constant(right, INTEGER)
    if not isinstance(years, int):
        return UNCONSTRAINED
    # The year of an age is more than 17 from 18 years on.
    years += operator in (">", "<=")
    return _limited(_turned(operator), timedelta(days=int(years * _DAYS["year"])), subject)


def _is_age(call: Call, subject: Subject) -> bool:
    of = call.arguments[-1] if call.arguments else call
    since_clock = len(call.arguments) == 1 or (len(call.arguments) == 2 and is_clock(call.arguments[0]))
    inner = uncast(of)
    return since_clock and isinstance(inner, Name) and inner.name == subject.column


def _turned(operator: str) -> str:
    """Return the operator for the date of birth, given the one for the age: greater ages are earlier dates."""
    return {">": "<", ">=": "<=", "<": ">", "<=": ">="}.get(operator, operator)


def _limited(operator: str, length: timedelta | None, subject: Subject) -> ValueDomain:
    """Return the value domain for a comparison with ``now() - length``; with an unknown time where it is None."""
    if subject.type.array or not is_date_or_timestamp(subject.type):
        return UNCONSTRAINED
    if length is None or operator not in ("<", "<=", ">", ">="):
        return ValueDomain(after_clock=operator in (">", ">="))
    try:
        if operator.startswith("<"):
            return ValueDomain(latest=_moment(_PAST - length - timedelta(days=2), subject))
        if length < _LONG:
            return ValueDomain(after_clock=True)
        return ValueDomain(earliest=_moment(_FUTURE - length + timedelta(days=2), subject))
    except OverflowError:
        return UNCONSTRAINED


def _moment(moment: datetime, subject: Subject) -> date | datetime:
    if is_date(subject.type):
        return moment.date()
    return moment.replace(tzinfo=timezone.utc) if is_timestamp_with_time_zone(subject.type) else moment


def _before_clock(node: Node) -> timedelta | None:
    """Return how long before the clock an expression lies, None where that is unknown."""
    node = uncast(node)
    if isinstance(node, Operation) and node.operator == "-" and len(node.operands) == 2:
        length = _duration(node.operands[1])
        return length if isinstance(uncast(node.operands[0]), Call) else None
    return None


def _duration(node: Node) -> timedelta | None:
    """Return the length of ``'18 years'::interval``; a bare number counts as days."""
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
            added = constant(node.operands[1], INTEGER)
        except NoConstantError:
            return None
        if before is None or not isinstance(added, int):
            return None
        return before + added if node.operator == "+" else before - added
    if not isinstance(node, Call) or node.name not in ("extract", "date_part") or len(node.arguments) != 2:
        return None
    part, of = node.arguments
    return 0 if uncast(part) == Literal("year") and is_clock(of) else None


_LENGTHS = ("length", "char_length", "character_length", "octet_length")


def compared(left: Node, operator: str, right: Node, subject: Subject) -> ValueDomain | None:
    """Return the value domain of ``left operator right``, where the left side is the column or a function of it.

    Args:
        left: the side with the column.
        operator: ``=``, ``<>``, ``<``, ``<=``, ``>`` or ``>=``.

    Returns:
        The value domain; None where the left side is something else.
    """
    try:
        if subject.is_in(left):
            return _value(operator, right, subject)
        if isinstance(left, Operation) and left.operator == "%" and len(left.operands) == 2:
            return _remainder(left.operands, operator, right, subject)
        if isinstance(left, Call) and left.name in _FUNCTIONS:
            return _FUNCTIONS[left.name](left, operator, right, subject)
    except NoConstantError:
        return UNCONSTRAINED
    return None


def _value(operator: str, right: Node, subject: Subject) -> ValueDomain:
    if subject.type.array:
        empty = isinstance(right, Cast) and right.operand == Literal("{}")
        return ValueDomain(minimum_length=1) if empty and operator == "<>" else UNCONSTRAINED
    if isinstance(right, Call) and right.arguments and is_function_of(right, subject):
        return unchanged(operator, right, subject)
    if is_clock(right):
        return beside_clock(operator, right, subject)
    if is_year_of_clock(right):
        return year_of_clock(operator, right, subject)
    value = constant(right, subject.type)
    if value is None:
        return UNCONSTRAINED
    if operator == "=":
        return ValueDomain(allowed=(value,))
    if value == "" and operator in ("<>", ">"):
        return ValueDomain(minimum_length=1)
    if operator == "<>":
        return ValueDomain(excluded=(value,))
    if is_number(subject.type):
        return _range(operator, value)
    if is_moment(subject.type):
        return _period(operator, value)
    return _period(operator, duration(value)) if is_interval(subject.type) else UNCONSTRAINED


def _range(operator: str, value: int | Decimal) -> ValueDomain:
    if operator in (">", ">="):
        return ValueDomain(minimum=value, minimum_exclusive=operator == ">")
    return ValueDomain(maximum=value, maximum_exclusive=operator == "<")


def _period(operator: str, value: Any) -> ValueDomain:
    exclusive = operator in ("<", ">")
    sign = 1 if operator in (">", ">=") else -1
    try:
        if exclusive and isinstance(value, (date, datetime, timedelta)):
            whole_days = isinstance(value, date) and not isinstance(value, datetime)
            step = timedelta(days=1) if whole_days else timedelta(microseconds=1)
            value += sign * step
    except OverflowError:
        return UNCONSTRAINED
    if exclusive and isinstance(value, time):
        moment = datetime.combine(date(2000, 1, 1), value) + sign * timedelta(microseconds=1)
        if moment.date() != date(2000, 1, 1):
            return UNCONSTRAINED
        value = moment.time()
    return ValueDomain(earliest=value) if sign > 0 else ValueDomain(latest=value)


def _remainder(
    operands: tuple[Node, ...], operator: str, right: Node, subject: Subject
) -> ValueDomain | None:
    if subject.type.array or not subject.is_in(operands[0]):
        return None
    divisor, rest = constant(operands[1], NUMERIC), constant(right, NUMERIC)
    if operator != "=" or rest != 0 or not divisor or not is_number(subject.type):
        return UNCONSTRAINED
    whole = divisor == divisor.to_integral_value()
    return ValueDomain(multiple_of=abs(int(divisor) if whole else divisor))


def _lengths(operator: str, number: Any) -> ValueDomain:
    if not isinstance(number, int):
        return UNCONSTRAINED
    if operator == "<>":
        return ValueDomain(minimum_length=1) if number == 0 else UNCONSTRAINED
    least = {"=": number, ">=": number, ">": number + 1}.get(operator)
    most = {"=": number, "<=": number, "<": number - 1}.get(operator)
    return ValueDomain(minimum_length=least, maximum_length=most)


def _length(call: Call, operator: str, right: Node, subject: Subject) -> ValueDomain | None:
    inner, trimmed = call.arguments[0] if call.arguments else call, False
    while isinstance(inner, Call) and inner.arguments and inner.name in (*TRIMS, "lower", "upper"):
        trimmed = trimmed or inner.name in TRIMS
        inner = inner.arguments[0]
    if len(call.arguments) != 1 or not subject.is_in(inner):
        return None
    octets = call.name == "octet_length"
    if not (subject.textual or (is_bytea(subject.type) and not subject.type.array)):
        return UNCONSTRAINED
    found = _lengths(operator, constant(right, INTEGER))
    if trimmed or (octets and subject.textual):
        # A trimmed length is only a lower limit; bytes, which may outnumber characters, are only an upper one.
        least = found.minimum_length if trimmed and not octets else min(found.minimum_length or 0, 1) or None
        return ValueDomain(minimum_length=least, maximum_length=None if trimmed else found.maximum_length)
    return found


def _elements(call: Call, operator: str, right: Node, subject: Subject) -> ValueDomain | None:
    if not call.arguments or not subject.type.array or not subject.is_in(call.arguments[0]):
        return None
    if len(call.arguments) == 2 and constant(call.arguments[1], INTEGER) != 1:
        return UNCONSTRAINED
    return _lengths(operator, constant(right, INTEGER))


def _json_elements(call: Call, operator: str, right: Node, subject: Subject) -> ValueDomain | None:
    if len(call.arguments) != 1 or not subject.is_in(call.arguments[0]):
        return None
    return replace(_lengths(operator, constant(right, INTEGER)), json_type="array")


def _absolute(call: Call, operator: str, right: Node, subject: Subject) -> ValueDomain | None:
    if not call.arguments or not subject.is_in(call.arguments[0]) or subject.type.array:
        return None
    if operator not in ("<", "<=") or not is_number(subject.type):
        return UNCONSTRAINED
    limit = constant(right, subject.type)
    if limit is None:
        return UNCONSTRAINED
    return ValueDomain(
        minimum=-limit,
        minimum_exclusive=operator == "<",
        maximum=limit,
        maximum_exclusive=operator == "<",
    )


def _rounded(call: Call, operator: str, right: Node, subject: Subject) -> ValueDomain | None:
    if not call.arguments or subject.type.array or not subject.is_in(call.arguments[0]):
        return None
    return unchanged(operator, call, subject) if subject.is_in(right) else UNCONSTRAINED


def _scale(call: Call, operator: str, right: Node, subject: Subject) -> ValueDomain | None:
    if not call.arguments or subject.type.array or not subject.is_in(call.arguments[0]):
        return None
    digits = constant(right, INTEGER)
    return (
        ValueDomain(decimals=digits) if operator in ("<=", "=") and isinstance(digits, int) else UNCONSTRAINED
    )


def _json_type(call: Call, operator: str, right: Node, subject: Subject) -> ValueDomain | None:
    if not call.arguments or not subject.is_in(call.arguments[0]):
        return None
    return ValueDomain(json_type=constant(right, TEXT)) if operator == "=" else UNCONSTRAINED


def _part(call: Call, operator: str, right: Node, subject: Subject) -> ValueDomain | None:
    if len(call.arguments) == 2 and isinstance(call.arguments[1], Call) and call.arguments[1].name == "age":
        return years_old(call, operator, right, subject)
    if len(call.arguments) != 2 or not subject.is_in(call.arguments[1]) or subject.type.array:
        return None
    part = call.arguments[0]
    named = part.name if isinstance(part, Name) else constant(part, TEXT)
    if named == "epoch" and is_interval(subject.type):
        seconds = constant(right, NUMERIC)
        return (
            _period(operator, timedelta(seconds=float(seconds)))
            if operator[0] in "<>" and seconds
            else UNCONSTRAINED
        )
    if named != "year" or not (is_date(subject.type) or is_timestamp(subject.type)):
        return UNCONSTRAINED
    year = constant(right, INTEGER)
    first = {">=": year, ">": (year or 0) + 1, "=": year}.get(operator)
    last = {"<=": year, "<": (year or 0) - 1, "=": year}.get(operator)
    if not isinstance(year, int) or not 2 <= year <= 9998:
        return UNCONSTRAINED
    kind = datetime if is_timestamp(subject.type) else date
    end = datetime(last or 1, 12, 31, 23, 59, 59, 999999)
    return ValueDomain(
        earliest=kind(first, 1, 1) if first else None,
        latest=(end if kind is datetime else end.date()) if last else None,
    )


_Reader = Callable[[Call, str, Node, Subject], "ValueDomain | None"]
_FUNCTIONS: dict[str, _Reader] = {
    **dict.fromkeys(_LENGTHS, _length),
    **dict.fromkeys(("array_length", "cardinality"), _elements),
    **dict.fromkeys(("jsonb_array_length", "json_array_length"), _json_elements),
    **dict.fromkeys(("position", "strpos"), place),
    **dict.fromkeys(("lower", "upper"), cased),
    **dict.fromkeys(("left", "right"), end),
    **dict.fromkeys(TRIMS, trimmed),
    **dict.fromkeys(WHOLE, _rounded),
    **dict.fromkeys(("jsonb_typeof", "json_typeof"), _json_type),
    **dict.fromkeys(("extract", "date_part"), _part),
    "abs": _absolute,
    "age": aged,
    "mod": lambda call, operator, right, subject: (
        _remainder(call.arguments, operator, right, subject) if len(call.arguments) == 2 else None
    ),
    "scale": _scale,
}


_JSON_CASTS = ("json", "jsonb")
# Stands for the member at the path in a condition; no column has a name with a NUL.
_MEMBER = "\0member"
_JSONB = ColumnType("jsonb", "jsonb")
_DOUBLE = ColumnType("double precision", "float8", "N")
_CASTS = {
    "smallint": INTEGER,
    "integer": INTEGER,
    "bigint": ColumnType("bigint", "int8", "N"),
    "numeric": NUMERIC,
    "real": _DOUBLE,
    "double precision": _DOUBLE,
    "boolean": BOOLEAN,
    "uuid": ColumnType("uuid", "uuid"),
}
_JSON_OPERATORS = {
    "jsonb_exists": "?",
    "jsonb_exists_all": "?&",
    "jsonb_contains": "@>",
    # Of hstore.
    "exist": "?",
    "defined": "?",
    "exists_all": "?&",
}
_Members = tuple[tuple[tuple[str, ...], ValueDomain], ...]


def document(
    node: Node, subject: Subject, read: Callable[[Node, Subject], ValueDomain], *, truth: bool = True
) -> ValueDomain:
    """Return the value domain that a condition implies for the members of a JSON column.

    Args:
        node: the condition, which has no AND, OR or NOT at its root.
        read: returns the value domain that a condition implies for a column; applied to the member.
        truth: False for the negation of the condition.

    Returns:
        The value domain; no constraint where the condition is about something else.
    """
    if isinstance(node, Call) and node.name in _JSON_OPERATORS and len(node.arguments) == 2:
        node = Operation(_JSON_OPERATORS[node.name], node.arguments)
    try:
        if isinstance(node, Operation) and node.operator in ("?", "?&", "@>", "<@"):
            return _contained(node, subject, truth=truth)
    except (NoConstantError, ValueError):
        return UNCONSTRAINED
    found = next(_paths(node, subject), None)
    if found is None:
        return UNCONSTRAINED
    path, followed, member_type = found
    if not path or (isinstance(followed, Cast) and is_json(member_type)):
        return UNCONSTRAINED
    pseudo = Subject(_MEMBER, member_type)
    condition = _replaced(node, followed, Name(_MEMBER))
    domain = read(condition if truth else Operation("not", (condition,)), pseudo)
    if domain == UNCONSTRAINED:
        return UNCONSTRAINED
    # A member that is not NULL requires a document that is not NULL.
    tested = isinstance(node, Operation) and node.operator == "is not null" and truth
    return ValueDomain(json_members=((path, domain),), required=tested)


def _contained(node: Operation, subject: Subject, *, truth: bool) -> ValueDomain:
    left, right = node.operands if node.operator != "<@" else node.operands[::-1]
    path = path_of(left, subject)
    if path is None:
        return UNCONSTRAINED
    if node.operator == "@>" or node.operator == "<@":
        text = constant(right, TEXT)
        if text is None:
            return UNCONSTRAINED
        value = json.loads(text)
        members = tuple(_flat(path, value))
        return _opposite(members) if not truth else _of_members(members, path, value)
    keys = [constant(right, TEXT)] if node.operator == "?" else list(constants(right, TEXT))
    required = ValueDomain(required=True)
    members = tuple(((*path, key), required) for key in keys)
    return _opposite(members) if not truth else ValueDomain(json_members=members)


def _of_members(members: _Members, path: tuple[str, ...], value: Any) -> ValueDomain:
    if not path and isinstance(value, list):
        return ValueDomain(json_type="array", allowed=(value,))
    return ValueDomain(json_members=members) if path or isinstance(value, dict) else UNCONSTRAINED


def _opposite(members: _Members) -> ValueDomain:
    """Return the negation for a single member: it is missing or differs; of several, any one may, so none is known."""
    if len(members) != 1:
        return UNCONSTRAINED
    path, domain = members[0]
    if domain.allowed is None:
        return ValueDomain(json_members=((path, ValueDomain(allowed=(None,))),))
    return ValueDomain(json_members=((path, ValueDomain(excluded=domain.allowed)),))


def _flat(path: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], ValueDomain]]:
    if isinstance(value, dict) and value:
        for key, member in value.items():
            yield from _flat((*path, key), member)
    elif path:
        yield path, ValueDomain(allowed=(value,), required=True)


def path_of(node: Node, subject: Subject) -> tuple[str, ...] | None:
    """Return the keys of the path that an expression follows in a JSON column, from the outermost.

    Args:
        node: ``x``, ``x -> 'a' ->> 'b'``, ``x #>> '{a,b}'``.

    Returns:
        The keys, empty for the column itself; None where the expression is something else.
    """
    if subject.is_in(node):
        return ()
    if isinstance(node, Cast) and node.type in _JSON_CASTS:
        return path_of(node.operand, subject)
    keys: tuple[Any, ...]
    try:
        if isinstance(node, Operation) and len(node.operands) == 2 and node.operator in ("->", "->>"):
            base, key = node.operands
            literal = uncast(key)
            if not isinstance(literal, Literal) or literal.type is not None:
                # A number is an index of an array.
                return None
            keys = (constant(key, TEXT),)
        elif isinstance(node, Operation) and len(node.operands) == 2 and node.operator in ("#>", "#>>"):
            base, keys = node.operands[0], constants(node.operands[1], TEXT)
        elif isinstance(node, Call) and node.name in (
            "subscript of", "jsonb_extract_path", "jsonb_extract_path_text",
        ):  # fmt: skip
            base, *rest = node.arguments
            keys = tuple(constant(key, TEXT) for key in rest)
        else:
            return None
    except (NoConstantError, ValueError):
        return None
    before = path_of(base, subject)
    if before is None or None in keys or any(str(key).lstrip("-").isdigit() for key in keys):
        return None
    return (*before, *keys)


def _paths(node: Node, subject: Subject) -> Iterator[tuple[tuple[str, ...], Node, ColumnType]]:
    """Yield the paths in an expression: their keys, the node that follows them, and its type."""
    if isinstance(node, Cast) and node.type in _CASTS:
        path = path_of(node.operand, subject)
        if path:
            yield path, node, _CASTS[node.type]
            return
    path = path_of(node, subject)
    if path:
        text = isinstance(node, Operation) and node.operator.endswith(">>")
        text = text or (isinstance(node, Call) and node.name.endswith("_text")) or is_hstore(subject.type)
        yield path, node, TEXT if text else _JSONB
        return
    for child in children(node):
        yield from _paths(child, subject)


def _replaced(node: Node, old: Node, new: Node) -> Node:
    if node == old:
        return new
    return rebuilt(node, [_replaced(part, old, new) for part in children(node)])
