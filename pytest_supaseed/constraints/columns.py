"""What a column's type and its CHECKs say about its values, as far as it can be read from their text.

Nothing here judges: PostgreSQL does. A fact is a help to make values that it accepts, and to tell early what
it will not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from pytest_supaseed.constraints.conditions import CONTAINMENTS, FLIPPED, condition, negation
from pytest_supaseed.constraints.expression import parse
from pytest_supaseed.constraints.facts import ColumnFacts, both, settled
from pytest_supaseed.constraints.generated import constantly, left_by_generated
from pytest_supaseed.constraints.identical import kept_by_identity
from pytest_supaseed.constraints.literals import TEXTS
from pytest_supaseed.constraints.subject import Subject
from pytest_supaseed.constraints.syntax import Name, Node, Operation
from pytest_supaseed.constraints.tokens import ExpressionError
from pytest_supaseed.schema import Check, Column, ColumnType, Table, TableName


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


@kept_by_identity
def column_facts(table: Table, column: Column) -> ColumnFacts:
    """Read what is known of a column's values from its type, its domains and the table's CHECKs.

    A fact holds for every value that PostgreSQL accepts; of a ``citext`` up to its case.

    Args:
        table: the table.
        column: one of its columns.

    Returns:
        What is known; nothing for what is not understood.
    """
    facts = _of_type(column.type)
    element = column.type.element
    if element is not None:
        of_element = Column(column.name, element)
        found = column_facts(Table(TableName("", column.name), (of_element,)), of_element)
        facts = both(facts, ColumnFacts(element=found))
    for check in column.type.checks if element is None else column.type.own_checks:
        node = _parsed(check.expression)
        if node is None:
            continue
        facts = both(facts, condition(node, Subject(None, column.type)))
        if column.type.array and element is None:
            # Its VALUE is the array or an element of it: what is said of the one cannot be said of the other.
            scalar = Subject(None, replace(column.type, array=False))
            of_one = replace(condition(node, scalar), required=False)
            facts = both(facts, ColumnFacts(element=of_one))
    for check in table.checks:
        if check.columns and column.name not in check.columns:
            continue
        node = _parsed(check.expression)
        if node is not None:
            facts = both(facts, condition(node, Subject(column.name, column.type)))
    if column.generated and not column.type.array:
        facts = both(facts, constantly(column))
    if facts.element is not None:
        facts = replace(facts, element=settled(facts.element))
    facts = settled(facts)
    return both(facts, left_by_generated(table, column, facts))


@kept_by_identity
def comparisons(table: Table) -> tuple[Comparison, ...]:
    """Read which columns of a table are compared with one another by its CHECKs.

    Args:
        table: the table.

    Returns:
        Comparisons that hold wherever neither column is NULL, in the order of the constraints.
    """
    subjects = {column.name: Subject(column.name, column.type) for column in table.columns}
    found: dict[tuple[str, str, str], Comparison] = {}
    for check in table.checks:
        if len(check.columns) == 1:
            continue
        node = _parsed(check.expression)
        if node is None:
            continue
        for part in _parts(node, subjects):
            left, right = (_column(operand, subjects) for operand in part.operands)
            if left and right and left != right:
                comparison = Comparison(left, part.operator, right, check)
                found.setdefault((left, part.operator, right), comparison)
    return tuple(found.values())


def _of_type(column_type: ColumnType) -> ColumnFacts:
    facts = ColumnFacts(
        allowed=column_type.labels or None,
        maximum_length=column_type.length if column_type.name in TEXTS else None,
    )
    return ColumnFacts(element=facts) if column_type.array else facts


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Node | None:
    try:
        return parse(text)
    except ExpressionError:
        # What is not understood says nothing; PostgreSQL checks it when the rows are written.
        return None


def _parts(node: Node, subjects: dict[str, Subject]) -> Iterator[Operation]:
    """The comparisons that hold wherever a condition is not false and none of their columns is NULL."""
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
