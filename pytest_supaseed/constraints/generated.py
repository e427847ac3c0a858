"""What a generated column leaves to the columns that it is computed from: its width, or its greatest number."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from pytest_supaseed.constraints.expression import parse
from pytest_supaseed.constraints.facts import NOTHING, ColumnFacts
from pytest_supaseed.constraints.literals import INTEGERS, NUMBERS, TEXTS, NoConstantError, constant
from pytest_supaseed.constraints.syntax import Call, Cast, Literal, Name, Node, Operation
from pytest_supaseed.constraints.tokens import ExpressionError
from pytest_supaseed.schema import Column, Table

_GREATEST = {"int2": 2**15 - 1, "int4": 2**31 - 1, "int8": 2**63 - 1}
# Functions that make nothing longer, or greater.
_AS_LONG = ("lower", "upper", "initcap", "btrim", "ltrim", "rtrim", "coalesce", "reverse", "md5")
_AS_GREAT = ("coalesce", "abs", "round", "floor", "ceil", "trunc", "greatest", "least", "nullif")
_WIDTHS = {"uuid": 36, "date": 10, "time": 8, "timestamp": 19, "timestamptz": 22, "bool": 5}
_DIGITS = 6
# Beyond that nothing is made that a limit would be needed for.
_NO_LIMIT = 10**9


class _UnknownError(ValueError):
    """An expression of which nothing is known."""


def left_by_generated(table: Table, column: Column, facts: ColumnFacts) -> ColumnFacts:
    """Return what generated columns leave to a column that they are computed from.

    Args:
        table: the table.
        column: one of its columns.
        facts: what else is known of its values; nothing is left out that they demand.
    """
    if column.type.array or column.generated or facts.allowed is not None or facts.patterns:
        return NOTHING
    longest: list[int] = []
    greatest: list[int] = []
    for generated in table.columns:
        if not generated.generated or generated.type.array or column.name not in (generated.default or ""):
            continue
        node = _parsed(generated.default or "")
        try:
            if node is None:
                continue
            if generated.type.name in ("varchar", "bpchar") and generated.type.length is not None:
                width = _share(node, table, generated.type.length).get(column.name)
                if width is not None and column.type.name in TEXTS:
                    longest.append(max(1, width))
                elif width is not None and column.type.name in INTEGERS:
                    greatest.append(10 ** max(1, width) - 1)
            elif column.type.name in NUMBERS and column.name in _names(node):
                most = _most(generated)
                if most is not None:
                    greatest.append(_bound(node, table, most))
        except _UnknownError:
            continue
    length, number = min(longest, default=None), min(greatest, default=None)
    if length is not None and length < (facts.minimum_length or 0):
        length = None
    if number is not None and (number >= _NO_LIMIT or (facts.minimum is not None and number < facts.minimum)):
        number = None
    return ColumnFacts(maximum_length=length, maximum=number)


def constantly(column: Column) -> ColumnFacts:
    """Return the one value of a column that is generated from nothing.

    Args:
        column: a generated column.
    """
    node = _parsed(column.default or "")
    try:
        return NOTHING if node is None else ColumnFacts(allowed=(constant(node, column.type.name),))
    except NoConstantError:
        return NOTHING


@lru_cache(maxsize=256)
def _parsed(text: str) -> Node | None:
    try:
        return parse(text)
    except ExpressionError:
        return None


def _share(node: Node, table: Table, length: int) -> dict[str, int]:
    """How many characters each column may have, so that all parts of a concatenation find room."""
    left, names = length, []
    for part in _parts(node):
        if isinstance(part, str):
            names.append(part)
        else:
            left -= part
    widths: dict[str, int] = {}
    waiting = dict.fromkeys(names)
    while waiting:
        share = max(left, 0) // sum(names.count(name) for name in waiting)
        fitting = [name for name in waiting if _width(table.column(name)) <= share]
        for name in fitting or list(waiting):
            widths[name] = min(_width(table.column(name)), share)
            left -= widths[name] * names.count(name)
            del waiting[name]
    return widths


def _parts(node: Node) -> list[str | int]:
    """The parts of a concatenation: names of columns, and lengths of constants."""
    if isinstance(node, Literal):
        return [len(node.text or "")]
    if isinstance(node, Name):
        return [node.name]
    if isinstance(node, Cast) and not node.modified:
        return _parts(node.operand)
    if isinstance(node, Operation) and node.operator == "||":
        return [part for operand in node.operands for part in _parts(operand)]
    if isinstance(node, Call) and node.name in _AS_LONG and node.arguments:
        return _parts(node.arguments[0])
    raise _UnknownError(str(node))


def _width(column: Column) -> int:
    kind = column.type
    if kind.name in INTEGERS:
        return _DIGITS
    return _WIDTHS.get(kind.name, _NO_LIMIT if kind.length is None else kind.length)


def _most(column: Column) -> int | None:
    """The greatest whole number that a column holds."""
    kind = column.type
    if kind.name == "numeric" and kind.precision is not None:
        return int(10 ** max(0, kind.precision - (kind.scale or 0))) - 1
    return _GREATEST.get(kind.name)


def _bound(node: Node, table: Table, most: int) -> int:
    """The greatest number that all columns of an expression may have."""
    low, high = 0, _NO_LIMIT
    while low < high:
        middle = (low + high + 1) // 2
        if _greatest(node, Decimal(middle)) <= most:
            low = middle
        else:
            high = middle - 1
    return low


def _greatest(node: Node, each: Decimal) -> Decimal:
    """The greatest value of an expression, whatever its signs, where each column has a value up to ``each``."""
    if isinstance(node, Name):
        return each
    if isinstance(node, Literal):
        try:
            return abs(Decimal(node.text or "0"))
        except ArithmeticError as error:
            raise _UnknownError(str(node)) from error
    if isinstance(node, Cast):
        return _greatest(node.operand, each)
    if isinstance(node, Operation) and node.operator in ("+", "-", "*"):
        found = [_greatest(operand, each) for operand in node.operands]
        if node.operator == "*":
            return found[0] * found[1]
        return sum(found, Decimal(0))
    if isinstance(node, Operation) and node.operator == "/" and isinstance(_bare(node.operands[1]), Literal):
        divisor = _greatest(node.operands[1], each)
        return _greatest(node.operands[0], each) / divisor if divisor else each
    if isinstance(node, Call) and node.name in _AS_GREAT and node.arguments:
        return max(_greatest(argument, each) for argument in node.arguments)
    raise _UnknownError(str(node))


def _bare(node: Node) -> Node:
    while isinstance(node, Cast):
        node = node.operand
    return node


def _names(node: Node) -> set[str]:
    if isinstance(node, Name):
        return {node.name}
    if isinstance(node, Cast):
        return _names(node.operand)
    inner = node.operands if isinstance(node, Operation) else node.arguments if isinstance(node, Call) else ()
    return {name for part in inner for name in _names(part)}
