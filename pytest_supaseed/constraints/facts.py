"""What is known of the values that a column accepts: :class:`ColumnFacts`, and how two of them combine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Pattern:
    """A pattern that a text has to match, or must not.

    Attributes:
        regex: for :func:`re.search` with ``re.DOTALL``, translated from PostgreSQL's.
        case_insensitive: whether case is ignored.
        negated: whether the text must not match.
    """

    regex: str
    case_insensitive: bool = False
    negated: bool = False


@dataclass(frozen=True)
class ColumnFacts:
    """What is known of the values, other than NULL, that a column accepts.

    Attributes:
        allowed: all values, where they are listed; typed as Python's values, None where they are not listed.
            ``(None,)`` where only NULL is accepted.
        excluded: values that are refused.
        minimum: the least number.
        minimum_exclusive: whether ``minimum`` itself is refused.
        maximum: the greatest number.
        maximum_exclusive: whether ``maximum`` itself is refused.
        earliest: the first date, timestamp or time of day; the shortest interval.
        latest: the last date, timestamp or time of day; the longest interval.
        minimum_length: fewest characters (bytes of a ``bytea``); elements, for an array that is not empty.
        maximum_length: most characters (bytes of a ``bytea``); elements, for an array.
        patterns: what a text has to match.
        element: what is known of the elements of an array, None for other types.
        required: whether a CHECK refuses NULL.
        multiple_of: what a number has to be a multiple of.
        decimals: digits after the point, where a CHECK limits them.
        lowercase: whether a text has to be in lower case.
        uppercase: whether a text has to be in upper case.
        after_clock: whether a time has to be after one that is reckoned from the server's clock.
        json_type: what ``jsonb_typeof`` has to say of it: ``object``, ``array`` and so on.
        json_members: what is known of the members of a JSON object, by the path of their keys;
            ``allowed=(None,)`` where one has to be missing, ``required`` where it has to be there.
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
    element: ColumnFacts | None = None
    required: bool = False
    multiple_of: int | Decimal | None = None
    decimals: int | None = None
    lowercase: bool = False
    uppercase: bool = False
    after_clock: bool = False
    json_type: str | None = None
    json_members: tuple[tuple[tuple[str, ...], ColumnFacts], ...] = ()


NOTHING = ColumnFacts()


def both(left: ColumnFacts, right: ColumnFacts) -> ColumnFacts:
    """What is known where both hold.

    Args:
        left: facts.
        right: facts of the same column.
    """
    if left == NOTHING or right == NOTHING:
        return left if right == NOTHING else right
    allowed = left.allowed if right.allowed is None else right.allowed
    if left.allowed is not None and right.allowed is not None:
        allowed = tuple(value for value in left.allowed if value in right.allowed)
    if (None,) in (left.allowed, right.allowed) and not (left.required or right.required):
        # NULL is never refused by what is said of other values.
        allowed = (None,)
    minimum, minimum_exclusive = _tighter(
        (left.minimum, left.minimum_exclusive), (right.minimum, right.minimum_exclusive), 1
    )
    maximum, maximum_exclusive = _tighter(
        (left.maximum, left.maximum_exclusive), (right.maximum, right.maximum_exclusive), -1
    )
    return ColumnFacts(
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
        both(left.element, right.element)
        if left.element is not None and right.element is not None
        else left.element or right.element,
        left.required or right.required,
        left.multiple_of if left.multiple_of is not None else right.multiple_of,
        _extreme(left.decimals, right.decimals, latest=False),
        left.lowercase or right.lowercase,
        left.uppercase or right.uppercase,
        left.after_clock or right.after_clock,
        left.json_type or right.json_type,
        _members(left, right),
    )


def either(left: ColumnFacts, right: ColumnFacts) -> ColumnFacts:
    """What is known where one of both holds, or the other.

    Args:
        left: facts.
        right: facts of the same column.
    """
    span = _limits if left.allowed is not None and right.allowed is not None else _span
    (low, high), (other_low, other_high) = span(left), span(right)
    minimum, minimum_exclusive = _looser(low, other_low, 1)
    maximum, maximum_exclusive = _looser(high, other_high, -1)
    found = ColumnFacts(
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
        None if left.element is None or right.element is None else either(left.element, right.element),
        left.required and right.required,
    )
    others = dict(right.json_members)
    return replace(
        found,
        json_type=left.json_type if left.json_type == right.json_type else None,
        json_members=tuple(
            (path, either(facts, others[path])) for path, facts in left.json_members if path in others
        ),
    )


def settled(facts: ColumnFacts) -> ColumnFacts:
    """Drop from the allowed values those that the other facts refuse.

    Args:
        facts: as they were read.
    """
    if facts.allowed is None:
        return facts
    return replace(facts, allowed=tuple(value for value in facts.allowed if _accepted(value, facts)))


def _accepted(value: Any, facts: ColumnFacts) -> bool:
    earliest: Any = facts.earliest
    latest: Any = facts.latest
    if value in facts.excluded:
        return False
    if isinstance(value, str):
        return (facts.minimum_length or 0) <= len(value) and (
            facts.maximum_length is None or len(value) <= facts.maximum_length
        )
    if isinstance(value, (date, time)):
        return (earliest is None or value >= earliest) and (latest is None or value <= latest)
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return _above(value, facts.minimum, facts.minimum_exclusive, 1) and _above(
            value, facts.maximum, facts.maximum_exclusive, -1
        )
    return True


def _above(value: Any, bound: int | Decimal | None, exclusive: bool, sign: int) -> bool:
    if bound is None:
        return True
    return bool((value - bound) * sign > 0 if exclusive else (value - bound) * sign >= 0)


def _members(left: ColumnFacts, right: ColumnFacts) -> tuple[tuple[tuple[str, ...], ColumnFacts], ...]:
    members = dict(left.json_members)
    for path, facts in right.json_members:
        members[path] = settled(both(members.get(path, NOTHING), facts))
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


def _span(facts: ColumnFacts) -> tuple[_Bound, _Bound]:
    """The least and the greatest number; of those that are listed where they are."""
    listed = facts.allowed or ()
    if listed and all(isinstance(value, (int, Decimal)) and not isinstance(value, bool) for value in listed):
        return (min(listed), False), (max(listed), False)
    return _limits(facts)


def _limits(facts: ColumnFacts) -> tuple[_Bound, _Bound]:
    return (facts.minimum, facts.minimum_exclusive), (facts.maximum, facts.maximum_exclusive)


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
