"""What a comparison with a constant says of a column: of its value, its length, its parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from pytest_supaseed.constraints.clocks import (
    aged,
    beside_clock,
    is_clock,
    is_year_of_clock,
    year_of_clock,
    years_old,
)
from pytest_supaseed.constraints.durations import duration
from pytest_supaseed.constraints.facts import NOTHING, ColumnFacts
from pytest_supaseed.constraints.literals import NUMBERS, TIMES, NoConstantError, constant
from pytest_supaseed.constraints.subject import Subject
from pytest_supaseed.constraints.syntax import Call, Cast, Literal, Name, Node, Operation
from pytest_supaseed.constraints.texts import TRIMS, cased, end, place, trimmed
from pytest_supaseed.constraints.unchanged import WHOLE, is_function_of, unchanged

_LENGTHS = ("length", "char_length", "character_length", "octet_length")


def compared(left: Node, operator: str, right: Node, subject: Subject) -> ColumnFacts | None:
    """Read ``left operator right`` where the left side is the column, or a function of it.

    Args:
        left: the side with the column.
        operator: ``=``, ``<>``, ``<``, ``<=``, ``>`` or ``>=``.
        right: the other side.
        subject: the column.

    Returns:
        What is known of the column; None where the left side is something else.
    """
    try:
        if subject.is_in(left):
            return _value(operator, right, subject)
        if isinstance(left, Operation) and left.operator == "%" and len(left.operands) == 2:
            return _remainder(left.operands, operator, right, subject)
        if isinstance(left, Call) and left.name in _FUNCTIONS:
            return _FUNCTIONS[left.name](left, operator, right, subject)
    except NoConstantError:
        return NOTHING
    return None


def _value(operator: str, right: Node, subject: Subject) -> ColumnFacts:
    if subject.type.array:
        empty = isinstance(right, Cast) and right.operand == Literal("{}")
        return ColumnFacts(minimum_length=1) if empty and operator == "<>" else NOTHING
    if isinstance(right, Call) and right.arguments and is_function_of(right, subject):
        return unchanged(operator, right, subject)
    if is_clock(right):
        return beside_clock(operator, right, subject)
    if is_year_of_clock(right):
        return year_of_clock(operator, right, subject)
    value = constant(right, subject.type.name)
    if value is None:
        return NOTHING
    if operator == "=":
        return ColumnFacts(allowed=(value,))
    if value == "" and operator in ("<>", ">"):
        return ColumnFacts(minimum_length=1)
    if operator == "<>":
        return ColumnFacts(excluded=(value,))
    if subject.type.name in NUMBERS:
        return _range(operator, value)
    if subject.type.name in TIMES:
        return _period(operator, value)
    return _period(operator, duration(value)) if subject.type.name == "interval" else NOTHING


def _range(operator: str, value: int | Decimal) -> ColumnFacts:
    if operator in (">", ">="):
        return ColumnFacts(minimum=value, minimum_exclusive=operator == ">")
    return ColumnFacts(maximum=value, maximum_exclusive=operator == "<")


def _period(operator: str, value: Any) -> ColumnFacts:
    exclusive = operator in ("<", ">")
    sign = 1 if operator in (">", ">=") else -1
    try:
        if exclusive and isinstance(value, (date, datetime, timedelta)):
            whole_days = isinstance(value, date) and not isinstance(value, datetime)
            step = timedelta(days=1) if whole_days else timedelta(microseconds=1)
            value += sign * step
    except OverflowError:
        return NOTHING
    if exclusive and isinstance(value, time):
        moment = datetime.combine(date(2000, 1, 1), value) + sign * timedelta(microseconds=1)
        if moment.date() != date(2000, 1, 1):
            return NOTHING
        value = moment.time()
    return ColumnFacts(earliest=value) if sign > 0 else ColumnFacts(latest=value)


def _remainder(
    operands: tuple[Node, ...], operator: str, right: Node, subject: Subject
) -> ColumnFacts | None:
    if subject.type.array or not subject.is_in(operands[0]):
        return None
    divisor, rest = constant(operands[1], "numeric"), constant(right, "numeric")
    if operator != "=" or rest != 0 or not divisor or subject.type.name not in NUMBERS:
        return NOTHING
    whole = divisor == divisor.to_integral_value()
    return ColumnFacts(multiple_of=abs(int(divisor) if whole else divisor))


def _lengths(operator: str, number: Any) -> ColumnFacts:
    if not isinstance(number, int):
        return NOTHING
    if operator == "<>":
        return ColumnFacts(minimum_length=1) if number == 0 else NOTHING
    least = {"=": number, ">=": number, ">": number + 1}.get(operator)
    most = {"=": number, "<=": number, "<": number - 1}.get(operator)
    return ColumnFacts(minimum_length=least, maximum_length=most)


def _length(call: Call, operator: str, right: Node, subject: Subject) -> ColumnFacts | None:
    inner, trimmed = call.arguments[0] if call.arguments else call, False
    while isinstance(inner, Call) and inner.arguments and inner.name in (*TRIMS, "lower", "upper"):
        trimmed = trimmed or inner.name in TRIMS
        inner = inner.arguments[0]
    if len(call.arguments) != 1 or not subject.is_in(inner):
        return None
    octets = call.name == "octet_length"
    if not (subject.textual or (subject.type.name == "bytea" and not subject.type.array)):
        return NOTHING
    found = _lengths(operator, constant(right, "int4"))
    if trimmed or (octets and subject.textual):
        # A text is longer than what is trimmed of it, and shorter than its bytes.
        least = found.minimum_length if trimmed and not octets else min(found.minimum_length or 0, 1) or None
        return ColumnFacts(minimum_length=least, maximum_length=None if trimmed else found.maximum_length)
    return found


def _elements(call: Call, operator: str, right: Node, subject: Subject) -> ColumnFacts | None:
    if not call.arguments or not subject.type.array or not subject.is_in(call.arguments[0]):
        return None
    if len(call.arguments) == 2 and constant(call.arguments[1], "int4") != 1:
        return NOTHING
    return _lengths(operator, constant(right, "int4"))


def _json_elements(call: Call, operator: str, right: Node, subject: Subject) -> ColumnFacts | None:
    if len(call.arguments) != 1 or not subject.is_in(call.arguments[0]):
        return None
    return replace(_lengths(operator, constant(right, "int4")), json_type="array")


def _absolute(call: Call, operator: str, right: Node, subject: Subject) -> ColumnFacts | None:
    if not call.arguments or not subject.is_in(call.arguments[0]) or subject.type.array:
        return None
    if operator not in ("<", "<=") or subject.type.name not in NUMBERS:
        return NOTHING
    limit = constant(right, subject.type.name)
    if limit is None:
        return NOTHING
    return ColumnFacts(
        minimum=-limit,
        minimum_exclusive=operator == "<",
        maximum=limit,
        maximum_exclusive=operator == "<",
    )


def _rounded(call: Call, operator: str, right: Node, subject: Subject) -> ColumnFacts | None:
    if not call.arguments or subject.type.array or not subject.is_in(call.arguments[0]):
        return None
    return unchanged(operator, call, subject) if subject.is_in(right) else NOTHING


def _scale(call: Call, operator: str, right: Node, subject: Subject) -> ColumnFacts | None:
    if not call.arguments or subject.type.array or not subject.is_in(call.arguments[0]):
        return None
    digits = constant(right, "int4")
    return ColumnFacts(decimals=digits) if operator in ("<=", "=") and isinstance(digits, int) else NOTHING


def _json_type(call: Call, operator: str, right: Node, subject: Subject) -> ColumnFacts | None:
    if not call.arguments or not subject.is_in(call.arguments[0]):
        return None
    return ColumnFacts(json_type=constant(right, "text")) if operator == "=" else NOTHING


def _part(call: Call, operator: str, right: Node, subject: Subject) -> ColumnFacts | None:
    if len(call.arguments) == 2 and isinstance(call.arguments[1], Call) and call.arguments[1].name == "age":
        return years_old(call, operator, right, subject)
    if len(call.arguments) != 2 or not subject.is_in(call.arguments[1]) or subject.type.array:
        return None
    part = call.arguments[0]
    named = part.name if isinstance(part, Name) else constant(part, "text")
    if named == "epoch" and subject.type.name == "interval":
        seconds = constant(right, "numeric")
        return (
            _period(operator, timedelta(seconds=float(seconds)))
            if operator[0] in "<>" and seconds
            else NOTHING
        )
    if named != "year" or subject.type.name not in ("date", "timestamp"):
        return NOTHING
    year = constant(right, "int4")
    first = {">=": year, ">": (year or 0) + 1, "=": year}.get(operator)
    last = {"<=": year, "<": (year or 0) - 1, "=": year}.get(operator)
    if not isinstance(year, int) or not 2 <= year <= 9998:
        return NOTHING
    kind = datetime if subject.type.name == "timestamp" else date
    end = datetime(last or 1, 12, 31, 23, 59, 59, 999999)
    return ColumnFacts(
        earliest=kind(first, 1, 1) if first else None,
        latest=(end if kind is datetime else end.date()) if last else None,
    )


_Reader = Callable[[Call, str, Node, Subject], "ColumnFacts | None"]
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
