"""Rewriting of conditions for case analysis: into simpler conditions, sums of conditions, alternatives, constants.

- :func:`rewritten`: row comparisons, GREATEST, LEAST, ANY, ALL, distances and lengths.
- :func:`as_conditional_sum`, :func:`selections`: sums whose terms are decided by conditions, ``num_nonnulls(a, b) =
  1``.
- :func:`choices`: splitting at COALESCE, NULLIF and CASE.
- :func:`truth_of`, :func:`fold_constants`: constant folding; :func:`is_strict`: NULL propagation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations
from typing import Any

from pytest_supaseed.constraints.column import FLIPPED, listed
from pytest_supaseed.constraints.comparisons import TRIMS
from pytest_supaseed.constraints.literals import NoConstantError, constant
from pytest_supaseed.constraints.nodes import (
    Array,
    Call,
    CaseExpression,
    Cast,
    Literal,
    Name,
    Node,
    Operation,
    Quantified,
    Subject,
    children,
    rebuilt,
    uncast,
)
from pytest_supaseed.model.type_families import INTEGER, NUMERIC, TEXT, is_boolean

_ORDERED = ("<", "<=", ">", ">=")
_LENGTHS = (
    "length", "char_length", "character_length", "octet_length", "cardinality", "array_length",
    "jsonb_array_length", "json_array_length",
)  # fmt: skip
# Longer arrays are not expanded.
_MOST_ELEMENTS = 64


def rewritten(node: Node) -> Node | None:
    """Return a simpler condition that implies a condition, None where there is none."""
    if isinstance(node, Quantified):
        return _quantified(node)
    if isinstance(node, Call) and len(node.arguments) == 2 and node.name == "jsonb_exists_any":
        node = Operation("?|", node.arguments)
    if not isinstance(node, Operation) or len(node.operands) != 2:
        return None
    operator, (left, right) = node.operator, node.operands
    if operator == "?|":
        keys = listed(right)
        return _any([Operation("?", (left, key)) for key in keys]) if keys else None
    if _is_row(left) and _is_row(right):
        return _rows(operator, left, right)
    return _one_sided(left, operator, right) or (
        _one_sided(right, FLIPPED[operator], left) if operator in FLIPPED else None
    )


def untrimmed(node: Node) -> Node:
    """Return an expression that measures texts untrimmed: ``length(a) < 5`` for ``length(btrim(a)) < 5``."""
    parts = [untrimmed(part) for part in children(node)]
    if isinstance(node, Call) and node.name in _LENGTHS and len(parts) == 1:
        inner = uncast(parts[0])
        if isinstance(inner, Call) and inner.name in TRIMS and len(inner.arguments) == 1:
            return replace(node, arguments=inner.arguments)
    return rebuilt(node, parts)


def _one_sided(left: Node, operator: str, right: Node) -> Node | None:
    if isinstance(left, Cast):
        return _one_sided(left.operand, operator, right) if not left.modified else None
    if isinstance(left, Call) and left.name in ("greatest", "least") and len(left.arguments) > 1:
        return _extreme(left, operator, right)
    if isinstance(left, Call) and left.name == "abs" and isinstance(uncast(left.arguments[0]), Operation):
        return _distance(left.arguments[0], operator, right)
    if isinstance(left, Operation) and left.operator == "||" and len(left.operands) == 2:
        if operator in ("<>", ">") and uncast(right) == Literal(""):
            return _any([Operation(operator, (part, right)) for part in left.operands])
        return None
    terms = _terms(left)
    return _lengths(terms, operator, right) if len(terms) > 1 and all(map(_is_length, terms)) else None


def _quantified(node: Quantified) -> Node | None:
    elements = listed(node.right)
    if not elements or len(elements) > _MOST_ELEMENTS:
        return None
    parts = [Operation(node.operator, (node.left, element)) for element in elements]
    return _all(parts) if node.every else _any(parts)


def _rows(operator: str, left: Node, right: Node) -> Node | None:
    if not isinstance(left, Call) or not isinstance(right, Call):
        return None
    pairs = list(zip(left.arguments, right.arguments, strict=False))
    if not pairs or len(left.arguments) != len(right.arguments):
        return None
    if operator == "=":
        return _all([Operation("=", pair) for pair in pairs])
    if operator in ("<>", "is distinct from"):
        return _any([Operation(operator, pair) for pair in pairs])
    if operator not in _ORDERED:
        return None
    compared: Node = Operation(operator, pairs[-1])
    for pair in reversed(pairs[:-1]):
        before = Operation(operator[0], pair)
        compared = _any([before, _all([Operation("=", pair), compared])])
    return compared


def _extreme(call: Call, operator: str, right: Node) -> Node | None:
    """``greatest(a, b) < c``: both are less; ``greatest(a, b) > c``: one is greater."""
    outwards = ">" if call.name == "greatest" else "<"
    compared = [Operation(operator, (argument, right)) for argument in call.arguments]
    if operator in _ORDERED:
        # GREATEST and LEAST ignore NULL, so an argument that is NULL does not satisfy the comparison.
        return _any(list(map(_true, compared))) if operator.startswith(outwards) else _all(compared)
    if operator != "=":
        return None
    inwards = "<=" if outwards == ">" else ">="
    return _any(
        [
            _all(
                [
                    _true(Operation("=", (argument, right)))
                    if at == place
                    else Operation(inwards, (argument, right))
                    for at, argument in enumerate(call.arguments)
                ]
            )
            for place in range(len(call.arguments))
        ]
    )


def _distance(difference: Node, operator: str, right: Node) -> Node | None:
    inner = uncast(difference)
    if not isinstance(inner, Operation) or inner.operator != "-" or len(inner.operands) != 2:
        return None
    if operator in ("<", "<="):
        return Operation("=", inner.operands)
    flipped = Operation("-", inner.operands[::-1])
    both = [Operation(operator, (inner, right)), Operation(operator, (flipped, right))]
    return _all(both) if operator == "<>" else _any(both)


def _lengths(terms: Sequence[Node], operator: str, right: Node) -> Node | None:
    """Split a comparison of a sum of lengths with a constant into the terms; no length is negative."""
    try:
        number = constant(right, INTEGER)
    except NoConstantError:
        return None
    if not isinstance(number, int) or number < 0:
        return None
    if operator == "<>" and number:
        operator = ">"  # a term that differs is not enough
    if operator in (">", ">=", "<>"):
        return _any([Operation(operator, (term, right)) for term in terms])
    if operator in ("<", "<="):
        share = Literal(str(number // len(terms)), "numeric")
        return _all([Operation(operator, (term, share)) for term in terms])
    zero = Literal("0", "numeric")
    return _any(
        [
            _all([Operation("=", (term, right if at == place else zero)) for at, term in enumerate(terms)])
            for place in range(len(terms))
        ]
    )


def _terms(node: Node) -> list[Node]:
    if isinstance(node, Operation) and node.operator == "+" and len(node.operands) == 2:
        return [term for operand in node.operands for term in _terms(operand)]
    if isinstance(node, Call) and len(node.arguments) == 1 and node.name in _LENGTHS:
        joined = uncast(node.arguments[0])
        if isinstance(joined, Operation) and joined.operator == "||" and len(joined.operands) == 2:
            parts = (replace(node, arguments=(part,)) for part in joined.operands)
            return [term for part in parts for term in _terms(part)]
    return [node]


def _is_length(node: Node) -> bool:
    inner = uncast(node)
    if isinstance(inner, Call) and inner.name == "coalesce":
        return len(inner.arguments) == 2 and _is_length(inner.arguments[0])
    return isinstance(inner, Call) and inner.name in _LENGTHS


def _true(condition: Node) -> Node:
    return Operation("is true", (condition,))


def _is_row(node: Node) -> bool:
    return isinstance(node, Call) and node.name == "row of"


def _any(conditions: Sequence[Node]) -> Node:
    return conditions[0] if len(conditions) == 1 else Operation("or", tuple(conditions))


def _all(conditions: Sequence[Node]) -> Node:
    return conditions[0] if len(conditions) == 1 else Operation("and", tuple(conditions))


_NUMERIC_CASTS = ("smallint", "integer", "bigint", "numeric")
# Sums of more terms are not analysed.
_MOST_TERMS = 24


@dataclass(frozen=True)
class Aim:
    """A condition, and the truth value that it must have.

    Attributes:
        condition: the condition.
        truth: the truth value.
        strict: False where NULL is accepted as well.
    """

    condition: Node
    truth: bool
    strict: bool = True


@dataclass(frozen=True)
class Outcome:
    """A value of a term of a sum, and the conditions under which the term has it."""

    number: Decimal
    aims: tuple[Aim, ...]


@dataclass(frozen=True)
class Sum:
    """A sum of terms that are decided by conditions.

    Attributes:
        terms: the outcomes of each.
        rest: the constant that is added to them.
    """

    terms: tuple[tuple[Outcome, ...], ...] = ()
    rest: Decimal = Decimal(0)

    def plus(self, other: Sum, factor: Decimal = Decimal(1)) -> Sum:
        """Return this sum plus ``factor`` times another."""
        scaled = (
            tuple(Outcome(outcome.number * factor, outcome.aims) for outcome in term) for term in other.terms
        )
        return Sum((*self.terms, *scaled), self.rest + other.rest * factor)


def as_conditional_sum(node: Node, is_condition: Callable[[Node], bool]) -> Sum | None:
    """Return an expression as a sum whose terms are all decided by conditions.

    Returns:
        The sum; None where a term is something else.
    """
    if isinstance(node, Cast) and node.type in _NUMERIC_CASTS and not node.modified:
        inner = node.operand
        if is_condition(inner) and not isinstance(uncast(inner), Literal):
            return Sum((_indicator(inner),))
        return as_conditional_sum(inner, is_condition)
    if isinstance(node, Literal):
        return _constant(node)
    if isinstance(node, Call) and node.name in ("num_nonnulls", "num_nulls"):
        test = "is not null" if node.name == "num_nonnulls" else "is null"
        arguments = _spread(node.arguments)
        if arguments is None:
            return None
        return Sum(tuple(_indicator(Operation(test, (argument,))) for argument in arguments))
    if isinstance(node, CaseExpression):
        return _decided(node)
    if isinstance(node, Operation) and node.operator in ("+", "-"):
        parts = [as_conditional_sum(operand, is_condition) for operand in node.operands]
        if any(part is None for part in parts):
            return None
        first, last = parts[0], parts[-1]
        sign = Decimal(1 if node.operator == "+" else -1)
        if first is None or last is None or len(parts) == 1:
            return None if last is None else Sum().plus(last, sign)
        return first.plus(last, sign)
    return None


def selections(total: Sum, operator: str, most: int) -> list[tuple[Aim, ...]]:
    """Return sets of conditions under which the comparison of a sum with zero holds.

    Returns:
        The conditions of each set; sets that decide the fewest terms come first.
    """
    if len(total.terms) > _MOST_TERMS:
        return []
    found = [*_few(total, operator, most), *_search(total.terms, 0, total.rest, operator, most)]
    return list(dict.fromkeys(found))[:most]


def _few(total: Sum, operator: str, most: int) -> Iterator[tuple[Aim, ...]]:
    """Yield the smallest sets that satisfy an inequality, whatever the other terms are."""
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


def _decided(node: CaseExpression) -> Sum | None:
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
        number = constant(node, NUMERIC)
    except NoConstantError:
        return None
    return None if number is None else Sum(rest=Decimal(number))


def _spread(arguments: tuple[Node, ...]) -> tuple[Node, ...] | None:
    """Return a and b for ``VARIADIC ARRAY[a, b]``."""
    if len(arguments) == 1 and isinstance(arguments[0], Operation) and arguments[0].operator == "variadic":
        array = uncast(arguments[0].operands[0])
        return array.elements if isinstance(array, Array) else None
    return arguments


# Each COALESCE, NULLIF or CASE at least doubles the number of cases.
_MOST_CHOICES = 6


@dataclass(frozen=True)
class Choice:
    """An alternative of an expression.

    Attributes:
        aims: the conditions under which it applies.
        node: the expression there.
    """

    aims: tuple[Aim, ...]
    node: Node


def choices(node: Node) -> tuple[Choice, ...]:
    """Split an expression at the first COALESCE, NULLIF or CASE inside it.

    Returns:
        The alternatives, of which exactly one applies; empty where there is nothing to split, or too much.
    """
    return () if _number(node) > _MOST_CHOICES else _split(node)


def _number(node: Node) -> int:
    own = isinstance(node, CaseExpression) or (isinstance(node, Call) and node.name in ("coalesce", "nullif"))
    return own + sum(map(_number, children(node)))


def _split(node: Node) -> tuple[Choice, ...]:
    if isinstance(node, CaseExpression):
        return _case(node)
    if isinstance(node, Call) and node.name == "coalesce":
        return _coalesce(node)
    if isinstance(node, Call) and node.name == "nullif" and len(node.arguments) == 2:
        same = Operation("=", node.arguments)
        return (
            Choice((Aim(same, False, strict=False),), node.arguments[0]),
            Choice((Aim(same, True),), Literal(None)),
        )
    parts = children(node)
    for at, part in enumerate(parts):
        found = _split(part)
        if found:
            return tuple(
                Choice(choice.aims, rebuilt(node, (*parts[:at], choice.node, *parts[at + 1 :])))
                for choice in found
            )
    return ()


def _coalesce(node: Call) -> tuple[Choice, ...]:
    found = []
    before: tuple[Aim, ...] = ()
    for at, argument in enumerate(node.arguments):
        constant = uncast(argument)
        if at == len(node.arguments) - 1 or (isinstance(constant, Literal) and constant.text is not None):
            found.append(Choice(before, argument))
            break
        is_null = Operation("is null", (argument,))
        found.append(Choice((*before, Aim(is_null, False)), argument))
        before = (*before, Aim(is_null, True))
    return tuple(found)


def _case(node: CaseExpression) -> tuple[Choice, ...]:
    found = []
    before: tuple[Aim, ...] = ()
    for condition, (_, result) in zip(node.conditions, node.whens, strict=True):
        found.append(Choice((*before, Aim(condition, True)), result))
        before = (*before, Aim(condition, False, strict=False))
    return (*found, Choice(before, node.otherwise))


_BOOLEAN = frozenset(
    (
        *("and", "or", "not", "=", "<>", "<", "<=", ">", ">=", "~", "!~", "~*", "!~*", "~~", "!~~", "~~*"),
        *("!~~*", "@>", "<@", "&&", "?", "?|", "?&", "^@", "overlaps", "@@", "@?"),
    )
)


def is_condition(node: Node, subjects: Mapping[str, Subject]) -> bool:
    """Whether an expression is boolean, as far as it is known.

    Args:
        subjects: the columns of the table, by name.
    """
    if isinstance(node, (Cast, Literal)):
        return node.type == "boolean"
    if isinstance(node, Name):
        subject = subjects.get(node.name)
        return subject is not None and is_boolean(subject.type) and not subject.type.array
    if isinstance(node, CaseExpression):
        return all(is_condition(result, subjects) for _, result in node.whens)
    if isinstance(node, Call):
        return node.name == "coalesce" and is_condition(node.arguments[0], subjects)
    if isinstance(node, Operation):
        return node.operator in _BOOLEAN or node.operator.startswith("is ")
    return isinstance(node, Quantified)


_NUMBERS = ("smallint", "integer", "bigint", "numeric", "real", "double precision")
_NULL = Literal(None, "boolean")
# Operators whose result is NULL where one of their operands is.
_STRICT_OPERATORS = frozenset(
    ("=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "/", "~", "~~", "!~", "!~~", "||", "%")
)


def truth_of(node: Node) -> Literal | None:
    """Return the truth value of a condition that is constant.

    Returns:
        ``true``, ``false``, NULL; None where it depends on columns, or is not understood.
    """
    plain = fold_constants(uncast(node))
    if isinstance(plain, Literal):
        if plain.text is None:
            return _NULL
        return Literal(plain.text, "boolean") if plain.text in ("true", "false", "t", "f") else None
    if (
        not isinstance(plain, Operation)
        or plain.operator not in _STRICT_OPERATORS
        or len(plain.operands) != 2
    ):
        return None
    if _is_null(plain):
        return _NULL
    try:
        left, right = map(_value, plain.operands)
    except NoConstantError:
        return None
    if isinstance(left, str) != isinstance(right, str):
        return None
    if isinstance(left, str) and plain.operator not in ("=", "<>"):
        return None
    holds = {
        "=": lambda: left == right,
        "<>": lambda: left != right,
        "<": lambda: left < right,
        "<=": lambda: left <= right,
        ">": lambda: left > right,
        ">=": lambda: left >= right,
    }.get(plain.operator)
    return None if holds is None else Literal("true" if holds() else "false", "boolean")


def fold_constants(node: Node) -> Node:
    """Fold the arithmetic of numeric constants; divisions only where they are exact."""
    parts = [fold_constants(part) for part in children(node)]
    node = rebuilt(node, parts)
    if not (isinstance(node, Operation) and node.operator in ("+", "-", "*", "/") and len(parts) == 2):
        return node
    if not all(_is_number(part) for part in parts):
        return node
    try:
        left, right = (Decimal(constant(part, NUMERIC)) for part in parts)
    except (NoConstantError, TypeError):
        return node
    if node.operator == "/":
        return Literal(f"{left / right:f}", "numeric") if right and left % right == 0 else node
    result = {"+": left + right, "-": left - right, "*": left * right}[node.operator]
    return Literal(f"{result:f}", "numeric")


def _is_number(node: Node) -> bool:
    casts = []
    while isinstance(node, Cast):
        casts.append(node.type)
        node = node.operand
    if isinstance(node, Operation) and node.operator == "-" and len(node.operands) == 1:
        node = node.operands[0]
    return isinstance(node, Literal) and all(cast in _NUMBERS for cast in casts) and (
        bool(casts) or node.type == "numeric"
    )  # fmt: skip


def _is_null(node: Node) -> bool:
    plain = uncast(node)
    if isinstance(plain, Operation) and plain.operator in _STRICT_OPERATORS:
        return any(map(_is_null, children(plain)))
    return isinstance(plain, Literal) and plain.text is None


def _value(node: Node) -> Any:
    """Return a number, or the text of another constant."""
    plain, casts = node, []
    while isinstance(plain, Cast):
        casts.append(plain.type)
        plain = plain.operand
    number = any(cast in _NUMBERS for cast in casts) or (
        not casts and not (isinstance(plain, Literal) and plain.type != "numeric")
    )
    return constant(node, NUMERIC if number else TEXT)


_STRICT = frozenset(
    (
        *("+", "-", "*", "/", "%", "||", "=", "<>", "<", "<=", ">", ">=", "~", "!~", "~~", "!~~"),
        *("lower", "upper", "btrim", "ltrim", "rtrim", "length", "char_length", "abs", "round", "date_trunc"),
    )
)
# Functions that never return NULL.
NEVER_NULL = ("num_nulls", "num_nonnulls", "concat", "now", "format", "row of", "jsonb_build_object")


def is_strict(node: Node) -> bool:
    """Whether an expression is NULL only where one of its columns is."""
    if isinstance(node, Operation):
        return node.operator in _STRICT and all(map(is_strict, node.operands))
    if isinstance(node, Call):
        return node.name in _STRICT and all(map(is_strict, node.arguments))
    return isinstance(uncast(node), (Name, Literal)) or (isinstance(node, Cast) and is_strict(node.operand))
