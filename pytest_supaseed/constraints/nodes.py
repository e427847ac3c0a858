"""Expression trees of PostgreSQL: node types and their traversal, and the lexer.

:data:`Node` is the union of the node types. :func:`tokens` splits SQL text; :class:`Cursor` is the parser's position
in the tokens. :class:`Subject` recognizes the column that a tree is read for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pytest_supaseed.model.schema import ColumnType
from pytest_supaseed.model.type_families import harmless_casts, is_text


@dataclass(frozen=True)
class Literal:
    """A constant.

    Attributes:
        text: its text without quotes, None for NULL.
        type: ``numeric``, ``boolean`` or ``bit`` by its spelling, None for a string.
    """

    text: str | None
    type: str | None = None


@dataclass(frozen=True)
class Name:
    """A column reference.

    Attributes:
        name: the column's name, unquoted.
        domain: whether it is the ``VALUE`` of a domain.
    """

    name: str
    domain: bool = False


@dataclass(frozen=True)
class Cast:
    """``operand::type``.

    Attributes:
        operand: the expression that is cast.
        type: the type's name as printed, without schema and modifiers; ends in ``[]`` for an array.
        modified: whether the type has modifiers by which the cast may round or truncate.
        spelling: the type as printed, with schema and modifiers.
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
        left: the expression that each element is compared with.
        right: the array.
        every: whether it is ALL.
    """

    operator: str
    left: Node
    right: Node
    every: bool


@dataclass(frozen=True)
class Array:
    """``ARRAY[...]``."""

    elements: tuple[Node, ...]


@dataclass(frozen=True)
class Call:
    """A function call.

    Rows, subscripts, slices and fields are calls as well, under names that no function has: ``row of``,
    ``subscript of``, ``slice of``, ``field of``.

    Attributes:
        name: without its schema, in lower case.
        arguments: in order.
        spelling: the name as printed, with its schema.
    """

    name: str
    arguments: tuple[Node, ...]
    spelling: str = field(default="", compare=False)


@dataclass(frozen=True)
class CaseExpression:
    """``CASE operand WHEN ... THEN ... ELSE ... END``.

    Attributes:
        operand: the expression that each WHEN is compared with, None where the WHENs are conditions.
        whens: conditions (or values of the operand) and results, in order.
        otherwise: the result of ELSE; NULL where there is none.
    """

    operand: Node | None
    whens: tuple[tuple[Node, Node], ...]
    otherwise: Node

    @property
    def conditions(self) -> tuple[Node, ...]:
        """The condition of each WHEN, as a comparison where the CASE has an operand."""
        if self.operand is None:
            return tuple(when for when, _ in self.whens)
        return tuple(Operation("=", (self.operand, when)) for when, _ in self.whens)


Node = Literal | Name | Cast | Operation | Quantified | Array | Call | CaseExpression


def children(node: Node) -> tuple[Node, ...]:
    """Return the direct parts of a node, in order."""
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
    if isinstance(node, CaseExpression):
        whens = tuple(part for when in node.whens for part in when)
        return (*(() if node.operand is None else (node.operand,)), *whens, node.otherwise)
    return ()


def rebuilt(node: Node, parts: Sequence[Node]) -> Node:
    """Return the node with other parts, as many as :func:`children` returns."""
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
    if isinstance(node, CaseExpression):
        *whens, otherwise = parts if node.operand is None else parts[1:]
        pairs = tuple(zip(whens[::2], whens[1::2], strict=True))
        return CaseExpression(None if node.operand is None else parts[0], pairs, otherwise)
    return node


def renamed(node: Node, columns: Mapping[str, str]) -> Node:
    """Return an expression with other columns in the place of some; ``VALUE`` stands for a domain's."""
    if isinstance(node, Name):
        return Name(columns[node.name]) if node.name in columns else node
    return rebuilt(node, [renamed(part, columns) for part in children(node)])


def names(node: Node) -> Iterator[str]:
    """Yield the column names in an expression, each as often as it occurs."""
    if isinstance(node, Name) and not node.domain:
        yield node.name
    for child in children(node):
        yield from names(child)


def uncast(node: Node) -> Node:
    """Return the node without the casts around it."""
    while isinstance(node, Cast):
        node = node.operand
    return node


_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<string>(?P<prefix>[eEnNbBxX]|[uU]&)?'(?:[^']|'')*')
      | (?P<quoted>"(?:[^"]|"")+")
      | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
      | (?P<word>[^\W\d][\w$]*)
      | (?P<sign>::|[-+*/<>=~!@#%^&|`?]+|[()\[\],.:])""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)", re.DOTALL)
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class ExpressionError(ValueError):
    """The text is no expression, or one that is not understood."""


@dataclass(frozen=True)
class Token:
    """A token.

    Attributes:
        kind: ``string``, ``bits``, ``quoted``, ``number``, ``word``, ``sign``, or ``end`` after the last token.
        text: its text, without quotes.
    """

    kind: str
    text: str


def tokens(text: str) -> Iterator[Token]:
    """Split an expression into tokens.

    Raises:
        ExpressionError: a part of the text is no token.
    """
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ExpressionError(f"{text[position : position + 20]!r} at {position} is not understood")
        position = match.end()
        kind, found = str(match.lastgroup), match.group()
        if match["string"]:
            prefix = (match["prefix"] or "").lower()
            content = found[len(prefix) + 1 : -1].replace("''", "'")
            if prefix == "e":
                content = _ESCAPE.sub(_unescaped, content)
            elif prefix == "u&":
                raise ExpressionError("U& strings are not understood")
            elif prefix == "x":
                content = _bits(content)
            yield Token("bits" if prefix in ("b", "x") else "string", content)
        elif kind == "quoted":
            yield Token("quoted", found[1:-1].replace('""', '"'))
        elif kind != "space":
            yield Token(kind, found)


def _bits(hexadecimal: str) -> str:
    try:
        return "".join(f"{int(digit, 16):04b}" for digit in hexadecimal)
    except ValueError:
        raise ExpressionError(f"X'{hexadecimal}' is no bits") from None


def _unescaped(match: re.Match[str]) -> str:
    found = match[1]
    if found[0] in "uUx" and len(found) > 1:
        code = int(found[1:], 16)
        if code > 0x10FFFF:
            raise ExpressionError(f"{match.group()} is no character")
        return chr(code)
    return chr(int(found, 8)) if found[0] in "01234567" else _ESCAPES.get(found, found)


class Cursor:
    """A position in a list of tokens."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.position = 0

    def peek(self, ahead: int = 0) -> Token:
        """Return the token ``ahead`` of the next one, without moving."""
        at = self.position + ahead
        return self.tokens[at] if at < len(self.tokens) else Token("end", "")

    def take(self) -> Token:
        """Return the next token, and move past it.

        Raises:
            ExpressionError: there is none.
        """
        token = self.peek()
        if token.kind == "end":
            raise ExpressionError("the expression ends too early")
        self.position += 1
        return token

    def at(self, *words: str) -> bool:
        """Whether these unquoted words or signs come next."""
        for token, word in zip(self.tokens[self.position : self.position + len(words)], words, strict=False):
            if token.kind not in ("word", "sign") or token.text.lower() != word:
                return False
        return self.position + len(words) <= len(self.tokens)

    def accept(self, *words: str) -> bool:
        """Move past these words or signs if they come next, and return whether they do."""
        if self.at(*words):
            self.position += len(words)
            return True
        return False

    def expect(self, *words: str) -> None:
        """Move past these words or signs.

        Raises:
            ExpressionError: other tokens come next.
        """
        if not self.accept(*words):
            raise ExpressionError(f"expected {' '.join(words)!r}, found {self.peek().text!r}")


@dataclass(frozen=True)
class Subject:
    """The column (or domain value) whose values a condition is analysed for.

    Attributes:
        column: the column's name, None for a domain's ``VALUE``.
        type: its type.
    """

    column: str | None
    type: ColumnType

    def is_in(self, node: Node) -> bool:
        """Whether a node is the column itself, possibly within COALESCE or casts that change no comparison."""
        casts = []
        while isinstance(node, Cast) or (
            isinstance(node, Call) and node.name == "coalesce" and node.arguments
        ):
            if isinstance(node, Call):
                # coalesce(x, ...) is x wherever x is not NULL, and only such values are described.
                node = node.arguments[0]
                continue
            if node.modified or node.type.endswith("[]") != self.type.array:
                return False
            casts.append(node.type.removesuffix("[]"))
            node = node.operand
        harmless = harmless_casts(self.type)
        return (
            isinstance(node, Name)
            and (node.domain if self.column is None else not node.domain and node.name == self.column)
            and all(cast in harmless for cast in casts)
        )

    @property
    def textual(self) -> bool:
        """Whether the column is of a text type, and no array."""
        return is_text(self.type) and not self.type.array
