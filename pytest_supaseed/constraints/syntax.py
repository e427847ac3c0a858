"""What a PostgreSQL expression is made of: the nodes of its tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Literal:
    """A constant.

    Attributes:
        text: its text without quotes, None for NULL.
        type: the type that its spelling has: ``numeric``, ``boolean``, ``bit``, or None for a string.
    """

    text: str | None
    type: str | None = None


@dataclass(frozen=True)
class Name:
    """A column; ``VALUE`` of a domain has ``domain`` set.

    Attributes:
        name: the column's name, unquoted.
        domain: whether it is a domain's ``VALUE``.
    """

    name: str
    domain: bool = False


@dataclass(frozen=True)
class Cast:
    """``operand::type``.

    Attributes:
        operand: what is cast.
        type: the type's name as printed, without schema and modifiers, ``[]`` at its end for an array.
        modified: whether the type had modifiers, so that the cast may round or truncate.
        spelling: the type as printed, with all that ``type`` leaves out.
    """

    operand: Node
    type: str
    modified: bool = False
    spelling: str = field(default="", compare=False)


@dataclass(frozen=True)
class Operation:
    """An operator and its operands: ``and``, ``or``, ``not``, ``is null``, ``=``, ``~~`` and so on.

    Attributes:
        operator: in lower case.
        operands: one or more.
    """

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True)
class Quantified:
    """``left operator ANY (right)`` or ``ALL``.

    Attributes:
        operator: of the comparison.
        left: what is compared with each element.
        right: the array.
        every: whether it is ALL.
    """

    operator: str
    left: Node
    right: Node
    every: bool


@dataclass(frozen=True)
class Array:
    """``ARRAY[...]``.

    Attributes:
        elements: in order.
    """

    elements: tuple[Node, ...]


@dataclass(frozen=True)
class Call:
    """A function with its arguments; also what is not told apart, under a name that no function has.

    Attributes:
        name: without its schema, in lower case.
        arguments: in order.
        spelling: the name as printed, with its schema.
    """

    name: str
    arguments: tuple[Node, ...]
    spelling: str = field(default="", compare=False)


@dataclass(frozen=True)
class Case:
    """``CASE operand WHEN ... THEN ... ELSE ... END``.

    Attributes:
        operand: what is compared with each WHEN, None where those are conditions.
        whens: conditions (or values of the operand) and results, in order.
        otherwise: the result of ELSE; NULL where there is none.
    """

    operand: Node | None
    whens: tuple[tuple[Node, Node], ...]
    otherwise: Node

    @property
    def conditions(self) -> tuple[Node, ...]:
        """What has to be true for each of the results."""
        if self.operand is None:
            return tuple(when for when, _ in self.whens)
        return tuple(Operation("=", (self.operand, when)) for when, _ in self.whens)


Node = Literal | Name | Cast | Operation | Quantified | Array | Call | Case


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes that a node is made of, in order.

    Args:
        node: any node.
    """
    if isinstance(node, Cast):
        return (node.operand,)
    if isinstance(node, Operation):
        return node.operands
    if isinstance(node, Quantified):
        return (node.left, node.right)
    if isinstance(node, Array):
        return node.elements
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, Case):
        whens = tuple(part for when in node.whens for part in when)
        return (*(() if node.operand is None else (node.operand,)), *whens, node.otherwise)
    return ()


def rebuilt(node: Node, parts: Sequence[Node]) -> Node:
    """Return a node of the same kind, made of other nodes.

    Args:
        node: any node.
        parts: as many as :func:`children` gives.
    """
    if isinstance(node, Cast):
        return replace(node, operand=parts[0])
    if isinstance(node, Operation):
        return replace(node, operands=tuple(parts))
    if isinstance(node, Quantified):
        return replace(node, left=parts[0], right=parts[1])
    if isinstance(node, Array):
        return replace(node, elements=tuple(parts))
    if isinstance(node, Call):
        return replace(node, arguments=tuple(parts))
    if isinstance(node, Case):
        *whens, otherwise = parts if node.operand is None else parts[1:]
        pairs = tuple(zip(whens[::2], whens[1::2], strict=True))
        return Case(None if node.operand is None else parts[0], pairs, otherwise)
    return node


def names(node: Node) -> Iterator[str]:
    """Yield the names of the columns in an expression, each as often as it occurs.

    Args:
        node: the expression.
    """
    if isinstance(node, Name) and not node.domain:
        yield node.name
    for child in children(node):
        yield from names(child)


def uncast(node: Node) -> Node:
    """Return what is cast, however often it is.

    Args:
        node: any node.
    """
    while isinstance(node, Cast):
        node = node.operand
    return node
