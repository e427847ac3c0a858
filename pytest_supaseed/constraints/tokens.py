"""The tokens of a PostgreSQL expression, and a place among them."""

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
    """A place among tokens."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.position = 0

    def peek(self, ahead: int = 0) -> Token:
        """Return the token that comes next, or so many after it."""
        at = self.position + ahead
        return self.tokens[at] if at < len(self.tokens) else Token("end", "")

    def take(self) -> Token:
        """Return the next token, and go on.

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
        return all(
            token.kind in ("word", "sign") and token.text.lower() == word
            for token, word in zip((self.peek(i) for i in range(len(words))), words, strict=True)
        )

    def accept(self, *words: str) -> bool:
        """Whether these words or signs come next; then go on behind them."""
        if self.at(*words):
            self.position += len(words)
            return True
        return False

    def expect(self, *words: str) -> None:
        """Go on behind these words or signs.

        Raises:
            ExpressionError: something else comes next.
        """
        if not self.accept(*words):
            raise ExpressionError(f"expected {' '.join(words)!r}, found {self.peek().text!r}")
