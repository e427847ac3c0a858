"""Sums of what is set or true: ``num_nonnulls(a, b) = 1``, ``(a IS NULL)::integer + ... = 1``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from pytest_supaseed.constraints.literals import NoConstantError, constant
from pytest_supaseed.constraints.syntax import Array, Call, Case, Cast, Literal, Node, Operation, uncast

_NUMERIC_CASTS = ("smallint", "integer", "bigint", "numeric")
# A sum of more than that is left to PostgreSQL alone.
_MOST_TERMS = 24


@dataclass(frozen=True)
class Aim:
    """What a condition has to come to.

    Attributes:
        condition: the condition.
        truth: whether it has to be true, or false.
        strict: whether NULL is not enough.
    """

    condition: Node
    truth: bool
    strict: bool = True


@dataclass(frozen=True)
class Outcome:
    """A number that a term of a sum can be, and what makes it that number."""

    number: Decimal
    aims: tuple[Aim, ...]


@dataclass(frozen=True)
class Sum:
    """A sum of terms that are decided by conditions.

    Attributes:
        terms: the outcomes of each.
        rest: what is added to them.
    """

    terms: tuple[tuple[Outcome, ...], ...] = ()
    rest: Decimal = Decimal(0)

    def plus(self, other: Sum, factor: Decimal = Decimal(1)) -> Sum:
        """Return this sum with another added to it, so many times."""
        scaled = (
            tuple(Outcome(outcome.number * factor, outcome.aims) for outcome in term) for term in other.terms
        )
        return Sum((*self.terms, *scaled), self.rest + other.rest * factor)


def counted(node: Node, is_condition: Callable[[Node], bool]) -> Sum | None:
    """Read a sum whose terms are all decided by conditions.

    Args:
        node: the sum.
        is_condition: whether an expression is boolean.

    Returns:
        The sum; None where a term is something else.
    """
    if isinstance(node, Cast) and node.type in _NUMERIC_CASTS and not node.modified:
        inner = node.operand
        if is_condition(inner) and not isinstance(uncast(inner), Literal):
            return Sum((_indicator(inner),))
        return counted(inner, is_condition)
    if isinstance(node, Literal):
        return _constant(node)
    if isinstance(node, Call) and node.name in ("num_nonnulls", "num_nulls"):
        test = "is not null" if node.name == "num_nonnulls" else "is null"
        arguments = _spread(node.arguments)
        if arguments is None:
            return None
        return Sum(tuple(_indicator(Operation(test, (argument,))) for argument in arguments))
    if isinstance(node, Case):
        return _decided(node)
    if isinstance(node, Operation) and node.operator in ("+", "-"):
        parts = [counted(operand, is_condition) for operand in node.operands]
        if any(part is None for part in parts):
            return None
        first, last = parts[0], parts[-1]
        sign = Decimal(1 if node.operator == "+" else -1)
        if first is None or last is None or len(parts) == 1:
            return None if last is None else Sum().plus(last, sign)
        return first.plus(last, sign)
    return None


def selections(total: Sum, operator: str, most: int) -> list[tuple[Aim, ...]]:
    """Return ways in which a sum compares with zero as it should.

    Args:
        total: the sum.
        operator: of the comparison.
        most: how many ways are returned.

    Returns:
        What has to hold for each way; those first that decide the fewest terms.
    """
    if len(total.terms) > _MOST_TERMS:
        return []
    found = [*_few(total, operator, most), *_search(total.terms, 0, total.rest, operator, most)]
    return list(dict.fromkeys(found))[:most]


def _few(total: Sum, operator: str, most: int) -> Iterator[tuple[Aim, ...]]:
    """The least that has to be set (or not) for ``>=`` and the like, whatever the other terms are."""
    if operator not in (">", ">=", "<", "<="):
        return
    wanted = max if operator.startswith(">") else min
    best = [wanted(term, key=lambda outcome: outcome.number) for term in total.terms]
    for size in range(1, len(best) + 1):
        number = 0
        for chosen in combinations(range(len(best)), size):
            terms = [(best[i],) if i in chosen else term for i, term in enumerate(total.terms)]
            if _always(*_limits(terms, total.rest), operator):
                yield tuple(aim for i in chosen for aim in best[i].aims)
                number += 1
                if number == most:
                    return
        if number:
            return


def _search(
    terms: Sequence[tuple[Outcome, ...]], at: int, sum_so_far: Decimal, operator: str, most: int
) -> list[tuple[Aim, ...]]:
    low, high = _limits(terms[at:], sum_so_far)
    if _never(low, high, operator):
        return []
    if at == len(terms):
        return [()]
    found: list[tuple[Aim, ...]] = []
    for outcome in terms[at]:
        following = _search(terms, at + 1, sum_so_far + outcome.number, operator, most - len(found))
        found += [outcome.aims + aims for aims in following]
        if len(found) >= most:
            break
    return found


def _limits(terms: Sequence[tuple[Outcome, ...]], rest: Decimal) -> tuple[Decimal, Decimal]:
    low = sum((min(outcome.number for outcome in term) for term in terms), rest)
    return low, sum((max(outcome.number for outcome in term) for term in terms), rest)


def _always(low: Decimal, high: Decimal, operator: str) -> bool:
    return {">": low > 0, ">=": low >= 0, "<": high < 0, "<=": high <= 0}.get(operator, False)


def _never(low: Decimal, high: Decimal, operator: str) -> bool:
    return {
        ">": high <= 0, ">=": high < 0, "<": low >= 0, "<=": low > 0, "=": low > 0 or high < 0,
        "<>": low == high == 0,
    }[operator]  # fmt: skip


def _indicator(condition: Node) -> tuple[Outcome, ...]:
    return (
        Outcome(Decimal(1), (Aim(condition, True),)),
        Outcome(Decimal(0), (Aim(condition, False),)),
    )


def _decided(node: Case) -> Sum | None:
    outcomes = []
    before: tuple[Aim, ...] = ()
    results = (*(result for _, result in node.whens), node.otherwise)
    for condition, result in zip((*node.conditions, None), results, strict=True):
        number = _constant(result)
        if number is None:
            return None
        aims = before if condition is None else (*before, Aim(condition, True))
        outcomes.append(Outcome(number.rest, aims))
        if condition is not None:
            before = (*before, Aim(condition, False, strict=False))
    return Sum((tuple(outcomes),))


def _constant(node: Node) -> Sum | None:
    if isinstance(uncast(node), Literal) and getattr(uncast(node), "type", None) == "boolean":
        return None
    try:
        number = constant(node, "numeric")
    except NoConstantError:
        return None
    return None if number is None else Sum(rest=Decimal(number))


def _spread(arguments: tuple[Node, ...]) -> tuple[Node, ...] | None:
    """``VARIADIC ARRAY[a, b]`` is a and b."""
    if len(arguments) == 1 and isinstance(arguments[0], Operation) and arguments[0].operator == "variadic":
        array = uncast(arguments[0].operands[0])
        return array.elements if isinstance(array, Array) else None
    return arguments
