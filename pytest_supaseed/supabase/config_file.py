"""Reader of configuration files: JSON, or a JavaScript module that exports one object literal, without running it.

:func:`read_json` and :func:`read_module` return a :class:`Document`, the values with the lines of their keys.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

_DEEPEST = 60
_MOST_DIGITS = 400
# What may come before the object that a module exports.
_BLANK = r"(?:\s|//[^\n]*|/\*.*?\*/)*"
_PREFIX = re.compile(
    rf"{_BLANK}(?:(?:'use strict'|\"use strict\")\s*;?)?{_BLANK}"
    rf"(?:module{_BLANK}\.{_BLANK}exports{_BLANK}=|export{_BLANK}default\b)?",
    re.DOTALL,
)
_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<number>[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w$]))
    |(?P<word>[A-Za-z_$][\w$]*)
    |(?P<mark>[{}\[\],:;])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u\{[0-9A-Fa-f]{1,6}\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|\r\n|.)", re.DOTALL)
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}
_CODE = frozenset(
    (
        "async",
        "class",
        "const",
        "export",
        "function",
        "import",
        "let",
        "module",
        "new",
        "process",
        "require",
        "var",
    )
)
_WORDS = {"true": True, "false": False, "null": None, "undefined": None}


class NoValueError(ValueError):
    """The text is not an object of plain values; the message says where, and never shows the text."""

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        super().__init__(reason)


@dataclass(frozen=True)
class Document:
    """An object, and the lines of its keys.

    Attributes:
        value: the object.
        lines: the line of each key, by its path: ``tables.setups.count``.
        repeated: paths of keys that occur twice in one object.
    """

    value: dict[str, Any]
    lines: dict[str, int]
    repeated: tuple[str, ...]


def read_json(text: str) -> Document:
    """Read a ``.json`` file.

    Raises:
        NoValueError: it is no JSON, or no object.

    Example:
        >>> read_json('{"userCount": 2}').value
        {'userCount': 2}
    """
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise NoValueError(error.lineno, f"no JSON, {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise NoValueError(1, "its objects are nested too deeply") from None
    except ValueError:
        # A number with more digits than int() reads: _Reader finds its line.
        pass
    return _Reader(text).document()


def read_module(text: str) -> Document:
    """Read a ``.js`` file that exports one object of plain values.

    Comments, names without quotes, single quotes and trailing commas are accepted, code is refused.

    Raises:
        NoValueError: it contains code.

    Example:
        >>> read_module("module.exports = {userCount: 2, /* all */ tables: {setups: {count: 8},},};").value
        {'userCount': 2, 'tables': {'setups': {'count': 8}}}
    """
    return _Reader(text, module=True).document()


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    line: int


@dataclass
class _Reader:
    text: str
    module: bool = False
    lines: dict[str, int] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)

    def document(self) -> Document:
        self._tokens = self._scan()
        self._next()
        if self._token.text != "{":
            raise self._refused("an object has to stand here, { ... }")
        value = self._value("", 0)
        if self.module and self._token.text == ";":
            self._next()
        if self._token.kind != "end":
            raise self._refused("nothing may follow the object")
        return Document(value, self.lines, tuple(self.repeated))

    def _scan(self) -> Iterator[_Token]:
        prefix = _PREFIX.match(self.text) if self.module else None
        at = prefix.end() if prefix else 0
        while at < len(self.text):
            match = _TOKEN.match(self.text, at)
            line = self.text.count("\n", 0, at) + 1
            if match is None or match.lastgroup is None:
                what = {"`": "a template string", ".": "what is spread"}.get(
                    self.text[at], "what stands here"
                )
                yield _Token("code", what, line)
                return
            if match.lastgroup != "space":
                yield _Token(match.lastgroup, match.group(), line)
            at = match.end()
        yield _Token("end", "", self.text.count("\n") + 1)

    def _next(self) -> None:
        self._token = next(self._tokens, _Token("end", "", self.text.count("\n") + 1))

    def _refused(self, expected: str) -> NoValueError:
        token = self._token
        if token.kind == "end":
            return NoValueError(token.line, f"the file ends too early: {expected}")
        what = token.text
        if token.kind == "word" and token.text not in _WORDS:
            # Not the name itself: it may be a secret without its quotes.
            what = token.text if token.text in _CODE else "a name"
        elif token.kind != "code":
            return NoValueError(token.line, expected)
        return NoValueError(
            token.line,
            f"{what} is code, which is not run: write the values themselves, module.exports = {{ userCount: 5, ... }}",
        )

    def _value(self, path: str, depth: int) -> Any:
        token = self._token
        if depth > _DEEPEST:
            raise NoValueError(token.line, "its objects are nested too deeply")
        if token.text == "{" and token.kind == "mark":
            return self._object(path, depth)
        if token.text == "[" and token.kind == "mark":
            return self._array(path, depth)
        if token.kind == "text":
            value: Any = _unescaped(token.text[1:-1])
        elif token.kind == "number":
            digits = token.text.replace("_", "")
            if len(digits) > _MOST_DIGITS:
                raise NoValueError(
                    token.line, f"a number of {len(digits)} characters is none that could be meant"
                )
            value = int(digits) if digits.lstrip("+-").isdecimal() else float(digits)
        elif token.kind == "word" and token.text in _WORDS:
            value = _WORDS[token.text]
        else:
            raise self._refused("a value has to stand here")
        self._next()
        return value

    def _object(self, path: str, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self._next()
        while self._token.text != "}" or self._token.kind != "mark":
            token = self._token
            if token.kind not in ("text", "word", "number"):
                raise self._refused("the name of a key has to stand here")
            key = _unescaped(token.text[1:-1]) if token.kind == "text" else token.text
            inner = f"{path}.{key}" if path else key
            if key in found:
                self.repeated.append(inner)
            self.lines[inner] = token.line
            self._next()
            if self._token.text != ":":
                raise self._refused(f"{inner} needs a colon and a value")
            self._next()
            found[key] = self._value(inner, depth + 1)
            self._comma("}")
        self._next()
        return found

    def _array(self, path: str, depth: int) -> list[Any]:
        found: list[Any] = []
        self._next()
        while self._token.text != "]" or self._token.kind != "mark":
            found.append(self._value(f"{path}[{len(found)}]", depth + 1))
            self._comma("]")
        self._next()
        return found

    def _comma(self, end: str) -> None:
        if self._token.text == "," and self._token.kind == "mark":
            self._next()
        elif self._token.text != end or self._token.kind != "mark":
            raise self._refused(f"a comma or {end} has to stand here")


def _unescaped(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = match.group(1)
        if len(code) > 1 and code[0] in "ux":
            return chr(int(code[1:].strip("{}"), 16))
        return _ESCAPES.get(code, code)

    # Joins surrogate pairs, which two escapes spell.
    return _ESCAPE.sub(character, text).encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
