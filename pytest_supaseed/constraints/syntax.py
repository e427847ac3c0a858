"""What a PostgreSQL expression is made of: its tokens, and the nodes of its tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

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
    """A text that is no expression, or one that is not understood."""


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
    """

    operand: Node
    type: str
    modified: bool = False


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
    """

    name: str
    arguments: tuple[Node, ...]


Node = Literal | Name | Cast | Operation | Quantified | Array | Call


@dataclass(frozen=True)
class Token:
    """A token.

    Attributes:
        kind: ``string``, ``bits``, ``quoted``, ``number``, ``word``, ``sign``, or ``end`` after the last.
        text: its text, without quotes.
    """

    kind: str
    text: str


def tokens(text: str) -> Iterator[Token]:
    """Split a text into tokens.

    Args:
        text: of an expression.

    Raises:
        ExpressionError: something in it is no token.
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
            yield Token("bits" if prefix in ("b", "x") else "string", content)
        elif kind == "quoted":
            yield Token("quoted", found[1:-1].replace('""', '"'))
        elif kind != "space":
            yield Token(kind, found)


def _unescaped(match: re.Match[str]) -> str:
    found = match[1]
    if found[0] in "uUx" and len(found) > 1:
        code = int(found[1:], 16)
        if code > 0x10FFFF:
            raise ExpressionError(f"{match.group()} is no character")
        return chr(code)
    return chr(int(found, 8)) if found[0] in "01234567" else _ESCAPES.get(found, found)
