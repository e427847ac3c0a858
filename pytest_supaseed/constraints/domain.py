"""Value domain of a column: :class:`ValueDomain`, with intersection, union, normalization and membership test."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sized
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from math import lcm
from typing import Any


@dataclass(frozen=True)
class Pattern:
    """A regular expression that a text must match, or must not match.

    Attributes:
        regex: for :func:`re.search` with ``re.DOTALL``, translated from PostgreSQL's.
        case_insensitive: whether case is ignored.
        negated: whether the text must not match.
    """

    regex: str
    case_insensitive: bool = False
    negated: bool = False


@dataclass(frozen=True)
class ValueDomain:
    """Value domain: what is known of the values, other than NULL, that a column accepts.

    Attributes:
        allowed: all values, as Python values; None where they are not enumerated, ``(None,)`` where only NULL is
            accepted.
        excluded: values that are refused.
        minimum: the smallest number.
        minimum_exclusive: whether ``minimum`` itself is refused.
        maximum: the largest number.
        maximum_exclusive: whether ``maximum`` itself is refused.
        earliest: the first date, timestamp or time of day; the shortest interval.
        latest: the last date, timestamp or time of day; the longest interval.
        minimum_length: in characters (bytes of a ``bytea``); in elements, for an array that is not empty.
        maximum_length: in characters (bytes of a ``bytea``); in elements, for an array.
        patterns: regular expressions that a text has to satisfy.
        element: value domain of the elements of an array, None for other types.
        required: whether a CHECK refuses NULL.
        multiple_of: a number has to be a multiple of it.
        decimals: digits after the point, where a CHECK limits them.
        lowercase: whether a text has to be in lower case.
        uppercase: whether a text has to be in upper case.
        after_clock: whether a time has to be after one that is computed from the server's clock.
        json_type: the required ``jsonb_typeof``: ``object``, ``array`` and so on.
        json_members: value domains of the members of a JSON object, by path of keys; ``allowed=(None,)`` where a
            member has to be missing, ``required`` where it has to be present.
    """

    allowed: tuple[Any, ...] | None = None
    excluded: tuple[Any, ...] = ()
    minimum: int | Decimal | None = None
    minimum_exclusive: bool = False
    maximum: int | Decimal | None = None
    maximum_exclusive: bool = False
    earliest: date | datetime | time | timedelta | None = None
    latest: date | datetime | time | timedelta | None = None
    minimum_length: int | None = None
    maximum_length: int | None = None
    patterns: tuple[Pattern, ...] = ()
    element: ValueDomain | None = None
    required: bool = False
    multiple_of: int | Decimal | None = None
    decimals: int | None = None
    lowercase: bool = False
    uppercase: bool = False
    after_clock: bool = False
    json_type: str | None = None
    json_members: tuple[tuple[tuple[str, ...], ValueDomain], ...] = ()


UNCONSTRAINED = ValueDomain()


def _common_multiple(left: int | Decimal | None, right: int | Decimal | None) -> int | Decimal | None:
    """Return the least common multiple of two numbers, of which each may be missing."""
    if left is None or right is None:
        return right if left is None else left
    if isinstance(left, int) and isinstance(right, int):
        return lcm(left, right)
    (first, below), (second, beneath) = left.as_integer_ratio(), right.as_integer_ratio()
    return Decimal(lcm(first * beneath, second * below)) / (below * beneath)


def intersect(left: ValueDomain, right: ValueDomain) -> ValueDomain:
    """Return the intersection of two value domains of a column.

    Of two values of ``json_type``, the left one is kept.
    """
    # Most are this very object, which is found faster than an equal one.
    if right is UNCONSTRAINED:
        return left
    if left is UNCONSTRAINED:
        return right
    if left == UNCONSTRAINED or right == UNCONSTRAINED:
        return left if right == UNCONSTRAINED else right
    allowed = left.allowed if right.allowed is None else right.allowed
    if left.allowed is not None and right.allowed is not None:
        allowed = tuple(value for value in left.allowed if value in right.allowed)
    if (None,) in (left.allowed, right.allowed) and not (left.required or right.required):
        # Limits on other values do not refuse NULL.
        allowed = (None,)
    minimum, minimum_exclusive = _tighter(
        (left.minimum, left.minimum_exclusive), (right.minimum, right.minimum_exclusive), 1
    )
    maximum, maximum_exclusive = _tighter(
        (left.maximum, left.maximum_exclusive), (right.maximum, right.maximum_exclusive), -1
    )
    return ValueDomain(
        allowed,
        _merged(left.excluded, right.excluded),
        minimum,
        minimum_exclusive,
        maximum,
        maximum_exclusive,
        _extreme(left.earliest, right.earliest, latest=True),
        _extreme(left.latest, right.latest, latest=False),
        _extreme(left.minimum_length, right.minimum_length, latest=True),
        _extreme(left.maximum_length, right.maximum_length, latest=False),
        _merged(left.patterns, right.patterns),
        intersect(left.element, right.element)
        if left.element is not None and right.element is not None
        else left.element or right.element,
        left.required or right.required,
        _common_multiple(left.multiple_of, right.multiple_of),
        _extreme(left.decimals, right.decimals, latest=False),
        left.lowercase or right.lowercase,
        left.uppercase or right.uppercase,
        left.after_clock or right.after_clock,
        left.json_type or right.json_type,
        _members(left, right),
    )


def union(left: ValueDomain, right: ValueDomain) -> ValueDomain:
    """Return a value domain that contains the union of two; limits that only one of them has are dropped."""
    span = _limits if left.allowed is not None and right.allowed is not None else _span
    (low, high), (other_low, other_high) = span(left), span(right)
    minimum, minimum_exclusive = _looser(low, other_low, 1)
    maximum, maximum_exclusive = _looser(high, other_high, -1)
    found = ValueDomain(
        None if left.allowed is None or right.allowed is None else _merged(left.allowed, right.allowed),
        tuple(value for value in left.excluded if value in right.excluded),
        minimum,
        minimum_exclusive,
        maximum,
        maximum_exclusive,
        None if left.earliest is None or right.earliest is None else min(left.earliest, right.earliest),
        None if left.latest is None or right.latest is None else max(left.latest, right.latest),
        _common(left.minimum_length, right.minimum_length, latest=False),
        _common(left.maximum_length, right.maximum_length, latest=True),
        _alternatives(left.patterns, right.patterns),
        None if left.element is None or right.element is None else union(left.element, right.element),
        left.required and right.required,
    )
    others = dict(right.json_members)
    return replace(
        found,
        json_type=left.json_type if left.json_type == right.json_type else None,
        json_members=tuple(
            (path, union(domain, others[path])) for path, domain in left.json_members if path in others
        ),
    )


def normalize(domain: ValueDomain) -> ValueDomain:
    """Normalize a value domain: drop allowed values that its other fields refuse."""
    if domain.allowed is None:
        return domain
    return replace(domain, allowed=tuple(value for value in domain.allowed if _accepted(value, domain)))


def _accepted(value: Any, domain: ValueDomain) -> bool:
    earliest: Any = domain.earliest
    latest: Any = domain.latest
    if value in domain.excluded:
        return False
    if isinstance(value, str):
        return (domain.minimum_length or 0) <= len(value) and (
            domain.maximum_length is None or len(value) <= domain.maximum_length
        )
    if isinstance(value, (date, time)):
        return (earliest is None or value >= earliest) and (latest is None or value <= latest)
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return _above(value, domain.minimum, domain.minimum_exclusive, 1) and _above(
            value, domain.maximum, domain.maximum_exclusive, -1
        )
    return True


def _above(value: Any, bound: int | Decimal | None, exclusive: bool, sign: int) -> bool:
    if bound is None:
        return True
    return bool((value - bound) * sign > 0 if exclusive else (value - bound) * sign >= 0)


def _members(left: ValueDomain, right: ValueDomain) -> tuple[tuple[tuple[str, ...], ValueDomain], ...]:
    members = dict(left.json_members)
    for path, domain in right.json_members:
        members[path] = normalize(intersect(members.get(path, UNCONSTRAINED), domain))
    return tuple(members.items())


def _merged(left: tuple[Any, ...], right: tuple[Any, ...]) -> tuple[Any, ...]:
    return left + tuple(value for value in right if value not in left)


_Bound = tuple["int | Decimal | None", bool]


def _tighter(left: _Bound, right: _Bound, sign: int) -> _Bound:
    if left[0] is None or right[0] is None:
        return right if left[0] is None else left
    if left[0] == right[0]:
        return left[0], left[1] or right[1]
    return left if (left[0] - right[0]) * sign > 0 else right


def _span(domain: ValueDomain) -> tuple[_Bound, _Bound]:
    """Return the numeric bounds; those of the allowed values where they are enumerated."""
    listed = domain.allowed or ()
    if listed and all(isinstance(value, (int, Decimal)) and not isinstance(value, bool) for value in listed):
        return (min(listed), False), (max(listed), False)
    return _limits(domain)


def _limits(domain: ValueDomain) -> tuple[_Bound, _Bound]:
    return (domain.minimum, domain.minimum_exclusive), (domain.maximum, domain.maximum_exclusive)


def _looser(left: _Bound, right: _Bound, sign: int) -> _Bound:
    if left[0] is None or right[0] is None:
        return None, False
    if left[0] == right[0]:
        return left[0], left[1] and right[1]
    return left if (left[0] - right[0]) * sign < 0 else right


def _extreme(left: Any, right: Any, *, latest: bool) -> Any:
    if left is None or right is None:
        return right if left is None else left
    return max(left, right) if latest else min(left, right)


def _common(left: int | None, right: int | None, *, latest: bool) -> int | None:
    return None if left is None or right is None else _extreme(left, right, latest=latest)


def _alternatives(left: tuple[Pattern, ...], right: tuple[Pattern, ...]) -> tuple[Pattern, ...]:
    if len(left) != 1 or len(right) != 1 or left[0].negated or right[0].negated:
        return ()
    if left[0].case_insensitive != right[0].case_insensitive:
        return ()
    return (Pattern(f"(?:{left[0].regex})|(?:{right[0].regex})", left[0].case_insensitive),)


_JSON_TYPES = {
    dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number",
    type(None): "null",
}  # fmt: skip


def accepts(domain: ValueDomain, value: Any) -> bool:
    """Whether a value domain contains a value; None stands for NULL.

    Example:
        >>> accepts(ValueDomain(minimum=1), 0), accepts(ValueDomain(required=True), None)
        (False, False)
    """
    if value is None:
        return not domain.required and (domain.allowed is None or None in domain.allowed)
    if domain.allowed is not None and not any(_same(value, allowed) for allowed in domain.allowed):
        return False
    if any(_same(value, excluded) for excluded in domain.excluded):
        return False
    if domain.json_type is not None or domain.json_members:
        return _document(domain, value)
    if isinstance(value, str):
        return _text(domain, value)
    if isinstance(value, (date, time, timedelta)):
        return _moment(domain, value)
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return _number(domain, Decimal(str(value)))
    return not isinstance(value, (list, tuple, bytes)) or _measured(domain, value)


def is_listed(value: object, values: Iterable[object]) -> bool:
    """Whether a value is one of some, or is written like one; nothing is written like NULL, which is None.

    Example:
        >>> is_listed("7", [7]), is_listed("None", [None])
        (True, False)
    """
    return any(value == other or (other is not None and str(value) == str(other)) for other in values)


def _same(value: Any, other: Any) -> bool:
    # In Python True == 1, but a boolean is no number in SQL.
    return isinstance(value, bool) == isinstance(other, bool) and bool(value == other)


def _text(domain: ValueDomain, value: str) -> bool:
    return (
        _measured(domain, value)
        and all(_matches(pattern, value) for pattern in domain.patterns)
        and not (domain.lowercase and value != value.lower())
        and not (domain.uppercase and value != value.upper())
    )


def _document(domain: ValueDomain, value: Any) -> bool:
    if isinstance(value, str):
        # A text is written unchanged, as the text of a document.
        try:
            value = json.loads(value)
        except ValueError:
            return False
    if domain.json_type is not None and domain.json_type != _JSON_TYPES.get(type(value)):
        return False
    return (not isinstance(value, list) or _measured(domain, value)) and all(
        accepts(member, _member(value, path)) for path, member in domain.json_members
    )


def _member(document: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        document = document.get(key) if isinstance(document, dict) else None
    return document


def _measured(domain: ValueDomain, value: Sized) -> bool:
    least, most = domain.minimum_length or 0, domain.maximum_length
    return least <= len(value) and (most is None or len(value) <= most)


def _matches(pattern: Pattern, value: str) -> bool:
    flags = re.DOTALL | (re.IGNORECASE if pattern.case_insensitive else 0)
    return (re.search(pattern.regex, value, flags) is None) == pattern.negated


def _moment(domain: ValueDomain, value: date | time | timedelta) -> bool:
    found: Any = _comparable(value)
    earliest, latest = _comparable(domain.earliest), _comparable(domain.latest)
    try:
        return (earliest is None or found >= earliest) and (latest is None or found <= latest)
    except TypeError:  # a date and a timestamp, or a time with a zone and one without
        return True


def _comparable(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=timezone.utc)
    return value


def _number(domain: ValueDomain, value: Decimal) -> bool:
    if domain.minimum is not None and (
        value < domain.minimum or (domain.minimum_exclusive and value == domain.minimum)
    ):
        return False
    if domain.maximum is not None and (
        value > domain.maximum or (domain.maximum_exclusive and value == domain.maximum)
    ):
        return False
    if domain.decimals is not None and value.is_finite() and round(value, domain.decimals) != value:
        return False
    return domain.multiple_of is None or value % Decimal(domain.multiple_of) == 0


def unconstrained_apart_from(domain: ValueDomain, *known: str) -> bool:
    """Whether a value domain is unconstrained, apart from the fields ``known``."""
    # Most are this very object.
    if domain is UNCONSTRAINED:
        return True
    return replace(domain, **{name: getattr(UNCONSTRAINED, name) for name in known}) == UNCONSTRAINED
