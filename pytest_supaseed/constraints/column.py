"""Value domain of a column: from its type, its domains, the table's CHECKs, generated columns and declarations.

Begin with :func:`value_domain`. :func:`condition` evaluates an expression tree, :func:`comparisons` returns
comparisons between columns, :func:`left_by_generated` the limits that the results of generated columns impose on
their operands. Conditions that are not understood constrain nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache, reduce, wraps
from typing import ParamSpec, TypeVar

from pytest_supaseed.constraints.comparisons import compared, document
from pytest_supaseed.constraints.domain import (
    UNCONSTRAINED,
    Pattern,
    ValueDomain,
    intersect,
    normalize,
    union,
)
from pytest_supaseed.constraints.functions import expiring
from pytest_supaseed.constraints.literals import (
    NoConstantError,
    constant,
    constants,
)
from pytest_supaseed.constraints.nodes import (
    Array,
    Call,
    Cast,
    ExpressionError,
    Literal,
    Name,
    Node,
    Operation,
    Quantified,
    Subject,
)
from pytest_supaseed.constraints.parser import parse
from pytest_supaseed.constraints.regex import from_like, from_postgres, from_similar, nowhere
from pytest_supaseed.model.schema import (
    Check,
    Column,
    ColumnType,
    DeclaredColumn,
    ForeignKey,
    Table,
    TableName,
)
from pytest_supaseed.model.type_families import (
    TEXT,
    integer_limits,
    is_boolean,
    is_citext,
    is_hstore,
    is_integer,
    is_json,
    is_number,
    is_numeric,
    is_padded_text,
    is_text,
    is_varchar,
    text_width,
)

OPPOSITES = {
    "=": "<>",
    "<": ">=",
    ">": "<=",
    "~": "!~",
    "~*": "!~*",
    "~~": "!~~",
    "~~*": "!~~*",
    "is null": "is not null",
    "is distinct from": "is not distinct from",
}


OPPOSITES.update({opposite: operator for operator, opposite in OPPOSITES.items()})


CONTAINMENTS = {"<@": "@>", "@>": "<@", "&&": "&&"}
FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "<>": "<>", **CONTAINMENTS}
_MATCHES = ("~", "~*", "~~", "~~*", "!~", "!~*", "!~~", "!~~*", "^@")
_CONNECTIVES = ("and", "or", "not", "is true", "is not true", "is false", "is not false")
_ONLY_NULL = ValueDomain(allowed=(None,))


def condition(node: Node, subject: Subject) -> ValueDomain:
    """Return the value domain of a column wherever a condition is not false."""
    if (is_json(subject.type) or is_hstore(subject.type)) and not subject.type.array:
        found = _document(node, subject)
        if found != UNCONSTRAINED:
            return found
    if isinstance(node, Operation):
        return _operation(node, subject)
    if isinstance(node, Quantified):
        return _quantified(node, subject)
    if isinstance(node, Name) and subject.is_in(node) and is_boolean(subject.type):
        return ValueDomain(allowed=(True,))
    if isinstance(node, Call) and node.name == "starts_with" and len(node.arguments) == 2:
        return _matched("^@", *node.arguments, subject)
    if isinstance(node, Call) and node.name == "regexp_like" and len(node.arguments) == 2:
        return _matched("~", *node.arguments, subject)
    return UNCONSTRAINED


def negation(node: Node) -> Node | None:
    """Return the negation of a condition, None where it has no simple form."""
    if isinstance(node, Operation):
        if node.operator == "not":
            return node.operands[0]
        if node.operator in ("and", "or"):
            other = "or" if node.operator == "and" else "and"
            return Operation(other, tuple(Operation("not", (operand,)) for operand in node.operands))
        if node.operator in OPPOSITES:
            return Operation(OPPOSITES[node.operator], node.operands)
    if isinstance(node, Quantified) and node.operator in OPPOSITES:
        return Quantified(OPPOSITES[node.operator], node.left, node.right, not node.every)
    return None


def _document(node: Node, subject: Subject) -> ValueDomain:
    truth = not (isinstance(node, Operation) and node.operator == "not")
    inner = node if truth or not isinstance(node, Operation) else node.operands[0]
    if (isinstance(inner, Operation) and inner.operator in _CONNECTIVES) or (
        not truth and negation(inner) is not None
    ):
        return UNCONSTRAINED
    return document(inner, subject, condition, truth=truth)


def _operation(node: Operation, subject: Subject) -> ValueDomain:
    operator, first = node.operator, node.operands[0]
    if operator == "and":
        return reduce(intersect, (condition(operand, subject) for operand in node.operands), UNCONSTRAINED)
    if operator == "or":
        return _alternatives(node, subject)
    if operator == "not":
        if subject.is_in(first) and is_boolean(subject.type):
            return ValueDomain(allowed=(False,))
        opposite = negation(first)
        return UNCONSTRAINED if opposite is None else condition(opposite, subject)
    if operator in ("is null", "is not null"):
        if isinstance(first, Call) or not subject.is_in(first):
            return UNCONSTRAINED
        return _ONLY_NULL if operator == "is null" else ValueDomain(required=True)
    if operator in ("is true", "is not false"):
        return condition(first, subject)
    if operator in ("is false", "is not true"):
        return condition(Operation("not", (first,)), subject)
    if len(node.operands) != 2:
        return UNCONSTRAINED
    second = node.operands[1]
    if operator in ("is distinct from", "is not distinct from"):
        operator = "<>" if operator == "is distinct from" else "="
    if operator in _MATCHES:
        return _matched(operator, first, second, subject)
    if operator in CONTAINMENTS:
        return _contained(operator, first, second, subject)
    if operator not in FLIPPED:
        return UNCONSTRAINED
    found = compared(first, operator, second, subject)
    if found is None:
        found = compared(second, FLIPPED[operator], first, subject)
    return found or UNCONSTRAINED


def _matched(operator: str, left: Node, right: Node, subject: Subject) -> ValueDomain:
    """``left ~ right``, and the other pattern operators: ``~~`` for LIKE, ``^@`` for ``starts_with``."""
    if not (subject.textual and subject.is_in(left)):
        return UNCONSTRAINED
    positive = operator.removeprefix("!")
    similar = isinstance(right, Call) and right.name in ("similar_to_escape", "similar_escape")
    try:
        text = constant(right.arguments[0] if isinstance(right, Call) and similar else right, TEXT)
    except (NoConstantError, IndexError):
        return UNCONSTRAINED
    if text is None:
        return UNCONSTRAINED
    regex: str | None
    if similar:
        regex = from_similar(text)
    elif positive == "^@":
        regex = "^" + re.escape(text)
    else:
        regex = from_like(text) if positive.startswith("~~") else from_postgres(text)
    if regex is None:
        return UNCONSTRAINED
    # citext has operators of its own, which ignore case.
    ignoring = positive.endswith("*") or (is_citext(subject.type) and not isinstance(left, Cast))
    # A character(n) is padded with spaces before it is matched, unless it is cast.
    padded = is_padded_text(subject.type) and not isinstance(left, Cast) and regex.endswith(r"\Z")
    least = subject.type.length if padded and not operator.startswith("!") else None
    found = nowhere(regex, ignoring) if operator.startswith("!") else Pattern(regex, ignoring)
    return ValueDomain(patterns=(found,), minimum_length=least)


def _alternatives(node: Operation, subject: Subject) -> ValueDomain:
    found = [condition(operand, subject) for operand in node.operands]
    values = [domain for domain in found if domain.allowed != (None,)]
    if not values:
        return _ONLY_NULL
    domain = reduce(union, values)
    return domain if len(values) == len(found) else replace(domain, required=False)


def _contained(operator: str, left: Node, right: Node, subject: Subject) -> ValueDomain:
    """``tags <@ ARRAY[...]`` lists the allowed elements; ``tags && ARRAY[...]`` also requires one."""
    array, listed = (left, right) if operator == "<@" or subject.is_in(left) else (right, left)
    if not (subject.type.array and subject.is_in(array)) or (operator == "@>" and array == left):
        return UNCONSTRAINED
    try:
        element = ValueDomain(allowed=constants(listed, subject.type))
        return ValueDomain(element=element, minimum_length=1 if operator == "&&" else None)
    except NoConstantError:
        return UNCONSTRAINED


def _quantified(node: Quantified, subject: Subject) -> ValueDomain:
    if node.every and subject.type.array and subject.is_in(node.right) and node.operator in FLIPPED:
        # 0 < ALL (numbers) is a condition on each element.
        element = Subject(subject.column, replace(subject.type, array=False))
        name = Name(subject.column or "VALUE", domain=subject.column is None)
        known_domain = condition(Operation(node.operator, (node.left, name)), element)
        return ValueDomain(element=known_domain)
    elements = listed(node.right)
    if not elements:
        return UNCONSTRAINED
    return condition(
        Operation(
            "and" if node.every else "or",
            tuple(Operation(node.operator, (node.left, element)) for element in elements),
        ),
        subject,
    )


def listed(node: Node) -> tuple[Node, ...]:
    """Return the elements of ``ARRAY[...]`` or ``'{...}'``, possibly within casts; empty for any other expression."""
    while isinstance(node, Cast) and not node.modified:
        node = node.operand
    if isinstance(node, Array):
        return node.elements
    if isinstance(node, Literal) and node.text is not None:
        try:
            return tuple(Literal(str(text)) for text in constants(node, TEXT))
        except NoConstantError:
            return ()
    return ()


# Functions whose result counts as no longer, or no greater, than their arguments.
_AS_LONG = ("lower", "upper", "initcap", "btrim", "ltrim", "rtrim", "reverse")
_AS_GREAT = ("coalesce", "abs", "round", "floor", "ceil", "trunc", "greatest", "least", "nullif")
_DIGITS = 6
# The hexadecimal digits of md5().
_MD5 = 32
# Generated values stay below this, so that a higher limit is not needed.
_NO_LIMIT = 10**9


class _UnknownError(ValueError):
    """No limit of the expression is known."""


def left_by_generated(table: Table, column: Column, domain: ValueDomain) -> ValueDomain:
    """Return the limits that generated columns impose on a column that they are computed from.

    A concatenation has to fit a ``varchar(n)``, a number its type.

    Args:
        domain: its value domain from other sources; limits that contradict it are dropped.
    """
    if not table.generated or column.type.array or column.generated:
        return UNCONSTRAINED
    if domain.allowed is not None or domain.patterns:
        return UNCONSTRAINED
    longest: list[int] = []
    greatest: list[int] = []
    for generated in table.generated:
        if generated.type.array or column.name not in (generated.default or ""):
            continue
        node = _parsed(generated.default or "")
        try:
            if node is None:
                continue
            if (
                is_varchar(generated.type) or is_padded_text(generated.type)
            ) and generated.type.length is not None:
                width = _share(node, table, generated.type.length).get(column.name)
                if width is not None and is_text(column.type):
                    longest.append(max(1, width))
                elif width is not None and is_integer(column.type):
                    greatest.append(10 ** max(1, width) - 1)
            elif is_number(column.type) and column.name in _names(node):
                most = _most(generated)
                if most is not None:
                    greatest.append(_bound(node, table, most))
        except _UnknownError:
            continue
    length, number = min(longest, default=None), min(greatest, default=None)
    if length is not None and length < (domain.minimum_length or 0):
        length = None
    if number is not None and (
        number >= _NO_LIMIT or (domain.minimum is not None and number < domain.minimum)
    ):
        number = None
    return ValueDomain(maximum_length=length, maximum=number)


def constantly(column: Column) -> ValueDomain:
    """Return the only value of a generated column whose expression is a constant."""
    node = _parsed(column.default or "")
    try:
        return UNCONSTRAINED if node is None else ValueDomain(allowed=(constant(node, column.type),))
    except NoConstantError:
        return UNCONSTRAINED


def _share(node: Node, table: Table, length: int) -> dict[str, int]:
    """Return how many characters each column may have, so that a concatenation has at most ``length``."""
    left, names = length, []
    for part in _concatenated_parts(node):
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


def _concatenated_parts(node: Node) -> list[str | int]:
    """Return the parts of a concatenation: names of columns, and lengths of constants."""
    if isinstance(node, Literal):
        return [len(node.text or "")]
    if isinstance(node, Name):
        return [node.name]
    if isinstance(node, Cast) and not node.modified:
        return _concatenated_parts(node.operand)
    if isinstance(node, Operation) and node.operator == "||":
        return [part for operand in node.operands for part in _concatenated_parts(operand)]
    if isinstance(node, Call) and node.name in _AS_LONG and node.arguments:
        return _concatenated_parts(node.arguments[0])
    if isinstance(node, Call) and node.name == "md5":
        return [_MD5]
    if isinstance(node, Call) and node.name == "coalesce":
        # Which argument counts is not known: room is left for the constants, and for the columns of all.
        each = [_concatenated_parts(argument) for argument in node.arguments]
        constants = (sum(part for part in parts if isinstance(part, int)) for parts in each)
        return [*(part for parts in each for part in parts if isinstance(part, str)), max(constants)]
    raise _UnknownError(str(node))


def _width(column: Column) -> int:
    kind = column.type
    if is_integer(kind):
        return _DIGITS
    width = text_width(kind)
    if width is not None:
        return width
    return _NO_LIMIT if kind.length is None else kind.length


def _most(column: Column) -> int | None:
    """Return the largest whole number that a column holds."""
    kind = column.type
    if is_numeric(kind) and kind.precision is not None:
        return int(10 ** max(0, kind.precision - (kind.scale or 0))) - 1
    limits = integer_limits(kind)
    return None if limits is None else limits[1]


def _bound(node: Node, table: Table, most: int) -> int:
    """Return the largest number up to which all columns of an expression keep it within ``most``."""
    low, high = 0, _NO_LIMIT
    while low < high:
        middle = (low + high + 1) // 2
        if _greatest(node, Decimal(middle)) <= most:
            low = middle
        else:
            high = middle - 1
    return low


def _greatest(node: Node, each: Decimal) -> Decimal:
    """Return the largest absolute value of an expression whose columns have absolute values up to ``each``."""
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


_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")
# Enough for the columns of some hundreds of tables.
_MOST = 20_000


def memoized_by_identity(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """Memoize a function by the identity of its arguments, which must be immutable.

    Args:
        function: called with its arguments always in the same way, by position.

    Example:
        >>> one = (1, 2)
        >>> memoized_by_identity(list)(one)
        [1, 2]
    """
    # The arguments are kept too, so that their ids are not reused.
    results: dict[int | tuple[int, ...], tuple[tuple[object, ...], _Result]] = {}

    @wraps(function)
    def memoized(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Result:
        if kwargs:
            raise TypeError(f"{function.__name__} is memoized by the arguments that are passed by position")
        # Asked tens of thousands of times for a large schema, mostly about one table.
        key = id(args[0]) if len(args) == 1 else tuple(map(id, args))
        found = results.get(key)
        if found is None:
            if len(results) >= _MOST:
                results.clear()
            found = results[key] = args, function(*args, **kwargs)
        return found[1]

    return memoized


@dataclass(frozen=True)
class Comparison:
    """A CHECK that compares two columns of a row.

    Attributes:
        left: a column.
        operator: ``<``, ``<=``, ``>``, ``>=``, ``=`` or ``<>``.
        right: another column.
        check: the constraint.
    """

    left: str
    operator: str
    right: str
    check: Check


@memoized_by_identity
def value_domain(table: Table, column: Column) -> ValueDomain:
    """Return the value domain of a column, from its type, its domains, the table's CHECKs and the models.

    It contains every value that PostgreSQL and the application's models accept (for ``citext``, up to case), except
    that limits from generated columns and from the clock are narrower than necessary.
    """
    domain = _of_type(column.type)
    element = column.type.element
    if element is not None:
        of_element = Column(column.name, element)
        found = value_domain(Table(TableName("", column.name), (of_element,)), of_element)
        domain = intersect(domain, ValueDomain(element=found))
    for check in column.type.checks if element is None else column.type.own_checks:
        node = _parsed(check.expression)
        if node is None:
            continue
        domain = intersect(domain, condition(node, Subject(None, column.type)))
        if column.type.array and element is None:
            # VALUE is the array or an element of it: the condition is understood for one of the two only.
            scalar = Subject(None, replace(column.type, array=False))
            of_one = replace(condition(node, scalar), required=False)
            domain = intersect(domain, ValueDomain(element=of_one))
    for check in table.checks:
        if check.columns and column.name not in check.columns:
            continue
        node = _parsed(check.expression)
        if node is not None:
            domain = intersect(domain, condition(node, Subject(column.name, column.type)))
    if column.declared is not None:
        domain = intersect(domain, of_declaration(column.declared))
    domain = intersect(domain, _lasting(table, column))
    if column.generated and not column.type.array:
        domain = intersect(domain, constantly(column))
    if domain.element is not None:
        domain = replace(domain, element=normalize(domain.element))
    domain = normalize(domain)
    return intersect(domain, left_by_generated(table, column, domain))


def usual_domain(table: Table, column: Column) -> ValueDomain:
    """Return a part of the value domain of a column, without the constants that a CHECK makes exceptions of.

    ``CHECK (length(id) > 10 OR id = 'global')`` is about one row with ``'global'``: the values of all others are long.
    What references it may be ``'global'`` as well.
    """
    domain = value_domain(table, column)
    # A key of the table may be a part of a reference that is open as a rule.
    referencing = column.name in table.referencing and (
        column.name not in table.primary_key
        or any(key.columns == (column.name,) for key in table.foreign_keys)
    )
    if referencing or column.type.array or column.type.element is not None:
        return domain
    checks = [(check, Subject(None, column.type)) for check in column.type.checks]
    checks += [
        (check, Subject(column.name, column.type))
        for check in table.checks
        if check.columns == (column.name,)
    ]
    for check, subject in checks:
        node = _parsed(check.expression)
        if not (isinstance(node, Operation) and node.operator == "or"):
            continue
        found = [condition(operand, subject) for operand in node.operands]
        usual = [each for each in found if each.allowed is None]
        # Of other conditions the exceptions may be a good part of the values that there are.
        long = all(
            each.minimum_length and replace(each, minimum_length=None) == UNCONSTRAINED for each in usual
        )
        if usual and long and len(usual) < len(found):
            domain = intersect(domain, replace(reduce(union, usual), required=False))
    return domain


# What is compared with the clock instead, so that no row is deleted.
_LEFT = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def _lasting(table: Table, column: Column) -> ValueDomain:
    """The values of a column whose rows no trigger deletes for their age."""
    operator = expiring(table).get(column.name) if table.triggers else None
    node = _parsed(f'("{column.name}" {_LEFT[operator]} now())') if operator is not None else None
    return UNCONSTRAINED if node is None else condition(node, Subject(column.name, column.type))


def of_declaration(declared: DeclaredColumn) -> ValueDomain:
    """Return the value domain of what models declare, as far as it is about the values as they are stored."""
    stored = ValueDomain(allowed=declared.allowed, required=declared.required)
    if declared.binding is not None:
        return stored
    return replace(
        stored,
        excluded=declared.excluded,
        minimum=declared.minimum,
        minimum_exclusive=declared.minimum_exclusive,
        maximum=declared.maximum,
        maximum_exclusive=declared.maximum_exclusive,
        multiple_of=declared.multiple_of,
        decimals=declared.decimals,
        minimum_length=declared.minimum_length,
        maximum_length=declared.maximum_length,
        patterns=tuple(map(Pattern, declared.patterns)),
        lowercase=declared.lowercase,
        uppercase=declared.uppercase,
        json_type=declared.json_type,
        element=None if declared.element is None else of_declaration(declared.element),
    )


@memoized_by_identity
def comparisons(table: Table) -> tuple[Comparison, ...]:
    """Return the comparisons between columns in the CHECKs of a table.

    Returns:
        Comparisons that hold wherever neither column is NULL, in the order of the constraints.
    """
    found: dict[tuple[str, str, str], Comparison] = {}
    checks = [check for check in table.checks if len(check.columns) != 1]
    if not checks:
        return ()
    subjects = {column.name: Subject(column.name, column.type) for column in table.columns}
    for check in checks:
        node = _parsed(check.expression)
        if node is None:
            continue
        for part in _parts(node, subjects):
            left, right = (_column(operand, subjects) for operand in part.operands)
            if left and right and left != right:
                comparison = Comparison(left, part.operator, right, check)
                found.setdefault((left, part.operator, right), comparison)
    return tuple(found.values())


def _of_type(column_type: ColumnType) -> ValueDomain:
    length = column_type.length if is_text(column_type) else None
    limited = column_type.labels or length is not None
    domain = (
        ValueDomain(allowed=column_type.labels or None, maximum_length=length) if limited else UNCONSTRAINED
    )
    return ValueDomain(element=domain) if column_type.array else domain


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Node | None:
    try:
        return parse(text)
    except ExpressionError:
        # An expression that is not understood constrains nothing; PostgreSQL checks it when rows are written.
        return None


def _parts(node: Node, subjects: dict[str, Subject]) -> Iterator[Operation]:
    """Yield the comparisons that hold wherever a condition is not false and none of their columns is NULL."""
    if not isinstance(node, Operation):
        return
    if node.operator == "and":
        for operand in node.operands:
            yield from _parts(operand, subjects)
    elif node.operator == "or":
        rest = [operand for operand in node.operands if not _is_null(operand)]
        nulls = {
            _column(operand.operands[0], subjects)
            for operand in node.operands
            if isinstance(operand, Operation) and _is_null(operand)
        }
        for part in _parts(rest[0], subjects) if len(rest) == 1 else ():
            if nulls <= {_column(operand, subjects) for operand in part.operands}:
                yield part
    elif node.operator == "not":
        opposite = negation(node.operands[0])
        if opposite is not None:
            yield from _parts(opposite, subjects)
    elif node.operator == "is distinct from":
        yield Operation("<>", node.operands)
    elif node.operator in FLIPPED and node.operator not in CONTAINMENTS and len(node.operands) == 2:
        yield node


def _is_null(node: Node) -> bool:
    return isinstance(node, Operation) and node.operator == "is null"


def _column(node: Node, subjects: dict[str, Subject]) -> str | None:
    named = node
    while not isinstance(named, Name):
        operand = getattr(named, "operand", None)
        if operand is None:
            return None
        named = operand
    subject = subjects.get(named.name)
    return named.name if subject is not None and subject.is_in(node) else None


# Matches constants, to skip them, and names of columns; a name before a parenthesis is a function.
_NAME = re.compile(r"""'(?:[^']|'')*'|"((?:[^"]|"")*)"|(?<![\w.$])([a-z_]\w*)(?![\w$]|\s*\()""")


def inlined(table: Table, expression: str) -> str:
    """Return an expression with generated columns replaced by their expressions."""
    generated = {
        column.name: column.default for column in table.columns if column.generated and column.default
    }
    if not generated:
        return expression

    def spelt(found: re.Match[str]) -> str:
        name = found[2] if found[1] is None else found[1].replace('""', '"')
        return f"({generated[name]})" if name in generated else found[0]

    return _NAME.sub(spelt, expression)


def forbids_self_reference(table: Table, foreign_key: ForeignKey) -> Check | None:
    """Return the CHECK by which a row must not reference itself, None where there is none."""
    pairs = set(zip(foreign_key.columns, foreign_key.referenced_columns, strict=True))
    for comparison in comparisons(table):
        sides = {(comparison.left, comparison.right), (comparison.right, comparison.left)}
        if comparison.operator in ("<>", "<", ">") and sides & pairs:
            return comparison.check
    return None
