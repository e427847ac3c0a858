"""Deparser: expression trees -> SQL text, fully parenthesized."""

from __future__ import annotations

from pytest_supaseed.constraints.nodes import (
    Array,
    Call,
    Case,
    Cast,
    Literal,
    Name,
    Node,
    Operation,
    Quantified,
)
from pytest_supaseed.constraints.parser import WITHOUT_PARENTHESES


def deparse(node: Node) -> str:
    """Return the SQL text of an expression.

    Returns:
        Text that :func:`~pytest_supaseed.constraints.parser.parse` parses into the same tree.

    Example:
        >>> deparse(Operation("*", (Name("quantity"), Literal("2", "numeric"))))
        '("quantity" * 2)'
    """
    if isinstance(node, Literal):
        return _literal(node)
    if isinstance(node, Name):
        return "VALUE" if node.domain else identifier(node.name)
    if isinstance(node, Cast):
        return f"({deparse(node.operand)})::{node.spelling or node.type}"
    if isinstance(node, Operation):
        return _operation(node)
    if isinstance(node, Quantified):
        quantifier = "ALL" if node.every else "ANY"
        return f"({deparse(node.left)} {node.operator} {quantifier} ({deparse(node.right)}))"
    if isinstance(node, Array):
        return f"ARRAY[{_listed(node.elements)}]"
    if isinstance(node, Case):
        return _case(node)
    return _call(node)


def identifier(name: str) -> str:
    """Return a name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def quoted(text: str) -> str:
    """Return a text (without NUL) as an SQL string constant."""
    return "'" + text.replace("'", "''") + "'"


def _literal(node: Literal) -> str:
    if node.text is None:
        return "NULL"
    if node.type in ("numeric", "boolean"):
        return node.text
    return ("B" if node.type == "bit" else "") + quoted(node.text)


def _operation(node: Operation) -> str:
    operator, operands = node.operator, [deparse(operand) for operand in node.operands]
    if operator == "variadic":
        return f"VARIADIC {operands[0]}"
    if operator == "not":
        return f"(NOT {operands[0]})"
    if operator[0].isalpha():
        operator = operator.upper()
    if len(operands) > 1:
        return f"({f' {operator} '.join(operands)})"
    return f"({operands[0]} {operator})" if operator.startswith("IS ") else f"({operator} {operands[0]})"


def _case(node: Case) -> str:
    whens = "".join(f" WHEN {deparse(when)} THEN {deparse(result)}" for when, result in node.whens)
    operand = "" if node.operand is None else f" {deparse(node.operand)}"
    return f"CASE{operand}{whens} ELSE {deparse(node.otherwise)} END"


def _call(node: Call) -> str:
    name, arguments = node.name, node.arguments
    if name == "row of":
        return f"ROW({_listed(arguments)})"
    if name == "subscript of":
        return f"({deparse(arguments[0])})[{deparse(arguments[1])}]"
    if name == "slice of":
        low, high = ("" if limit == Literal(None) else deparse(limit) for limit in arguments[1:])
        return f"({deparse(arguments[0])})[{low}:{high}]"
    if name == "field of":
        return f"({deparse(arguments[0])}).{identifier(_text(arguments[1]))}"
    if name == "extract" and len(arguments) == 2 and _is_text(arguments[0]):
        return f"EXTRACT({identifier(_text(arguments[0]))} FROM {deparse(arguments[1])})"
    if name == "position" and len(arguments) == 2:
        return f"POSITION(({deparse(arguments[0])}) IN ({deparse(arguments[1])}))"
    spelling = node.spelling or name
    if not arguments and name in WITHOUT_PARENTHESES:
        return spelling
    return f"{spelling}({_listed(arguments)})"


def _is_text(node: Node) -> bool:
    return isinstance(node, Literal) and node.type is None and node.text is not None


def _text(node: Node) -> str:
    return str(node.text) if isinstance(node, Literal) else ""


def _listed(nodes: tuple[Node, ...]) -> str:
    return ", ".join(map(deparse, nodes))
