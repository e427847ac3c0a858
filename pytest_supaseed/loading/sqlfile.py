"""A ``.sql`` file -> its statements, split where psql splits them.

As in psql's own scanner, a semicolon ends a statement outside of quotes, comments, parentheses and the
``BEGIN ATOMIC ... END`` body of a function. Statements are not changed, nor understood any further.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

# PostgreSQL takes every byte outside ASCII for a letter, no-break spaces included.
_LETTER = r"A-Za-z_\x80-\U0010ffff"
_PLAIN = r"'[^']*(?:''[^']*)*(?:'|\Z)"
_ESCAPED = r"'[^'\\]*(?:(?:\\.|'')[^'\\]*)*(?:'|\\?\Z)"
# A string may go on in the next line, and with it the meaning of its backslashes.
_NEXT_LINE = r"[ \t\f\v]*(?:--[^\n\r]*)?[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*[\n\r])*"
_CONTINUED = f"{_ESCAPED}(?:{_NEXT_LINE}{_ESCAPED})*"
# Up to the end of the line, or to the next backslash: two lead back to SQL, one to the next command.
_ARGUMENTS = r"""(?:'(?:[^'\\\n\r]|\\[^\n\r]|'')*'|"[^"\n\r]*"|`[^`\n\r]*`|[^\\\n\r])*"""
_META_COMMAND = rf"\\(?:(?:!|copy\b)[^\n\r]*|{_ARGUMENTS})"


@cache
def _scanner(plain: str) -> re.Pattern[str]:
    """One token of SQL; `plain` is a string without a letter in front."""
    # Compiled when there is a file to read: that takes longer than the start of a server.
    return re.compile(
        rf"""
          (?P<blank> [ \t\n\r\f\v]+ | --[^\n\r]* )
        | (?P<comment> /\* )
        | (?P<string> [eE]{_CONTINUED} | {plain} )
        | (?P<quoted> "[^"]*(?:""[^"]*)*(?:"|\Z) )
        | (?P<dollar> \$(?P<tag>(?:[{_LETTER}][{_LETTER}0-9]*)?)\$ .*? (?:\$(?P=tag)\$|\Z) )
        | (?P<word> [{_LETTER}][{_LETTER}0-9$]* )
        | (?P<operator> ::|:= )
        | (?P<variable> : (?: [{_LETTER}0-9]+ | '[{_LETTER}0-9]+' | "[{_LETTER}0-9]+"
                            | \{{\?[{_LETTER}0-9]+\}} ) )
        | (?P<semicolon> ; )
        | (?P<open> \( )
        | (?P<close> \) )
        | (?P<escape> \\[;:] )
        | (?P<backslash> (?P<command>{_META_COMMAND}) (?:\\\\)? )
        | (?P<other> [0-9,.\[\]=<>+*%]+ | . )
        """,
        re.VERBOSE | re.DOTALL,
    )


_CONFORMING = re.compile(
    r"SET\s+(?:SESSION\s+|LOCAL\s+)?standard_conforming_strings\s*(?:=|\bTO\b)\s*'?(\w+)", re.IGNORECASE
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_END_OF_DATA = re.compile(r"^\\\.\r?$", re.MULTILINE)


@dataclass(frozen=True)
class Statement:
    r"""One statement of a file, or one command of psql.

    Attributes:
        text: the statement, with its semicolon if it has one; the command without its end of line.
        line: of its first character, from 1.
        kind: ``"sql"``, ``"copy"`` for ``COPY ... FROM stdin``, ``"meta"`` for a backslash command.
        data: the lines that follow a COPY, without the ``\.``; for a backslash command the unfinished
            statement in front of it, as in ``SELECT ... \gexec``.
        data_line: of the first character of that unfinished statement; 0 where there is none.
    """

    text: str
    line: int
    kind: Literal["sql", "copy", "meta"]
    data: str = ""
    data_line: int = 0


@dataclass
class _Unfinished:
    """What is known of a statement that is being read."""

    start: int
    line: int
    end: int = 0
    parentheses: int = 0
    blocks: int = 0
    first_words: list[str] = field(default_factory=list)
    previous: str = ""
    copies: bool = False
    backslashes: list[int] = field(default_factory=list)

    def take(self, match: re.Match[str]) -> bool:
        """Take in one token, and tell whether it ends the statement."""
        kind, self.end = match.lastgroup, match.end()
        if kind == "word":
            self._take_word(match[0].upper())
            return False
        self.previous = ""
        if kind == "open":
            self.parentheses += 1
        elif kind == "close":
            self.parentheses = max(self.parentheses - 1, 0)
        elif kind == "escape":
            self.backslashes.append(match.start())
            if match[0] == r"\;":
                self.first_words.clear()
        return kind == "semicolon" and not self.parentheses and not self.blocks

    def _take_word(self, word: str) -> None:
        previous, self.previous = self.previous, word
        if len(self.first_words) < 4:
            self.first_words.append(word)
        if self.parentheses:
            return
        if self.first_words[0] == "COPY":
            self.copies = self.copies or (previous, word) == ("FROM", "STDIN")
        elif self._defines_routine():
            # A name may be BEGIN, too; only CASE has an END of its own inside of the body.
            opens = word == "CASE" if self.blocks else (previous, word) == ("BEGIN", "ATOMIC")
            self.blocks += 1 if opens else -1 if self.blocks and word == "END" else 0

    def _defines_routine(self) -> bool:
        words = [word for word in self.first_words if word not in ("OR", "REPLACE")]
        return words[0] == "CREATE" and words[1:2] in (["FUNCTION"], ["PROCEDURE"])

    def text(self, source: str) -> str:
        r"""The statement, where ``\;`` has become a semicolon."""
        edges = [self.start, *(edge for cut in self.backslashes for edge in (cut, cut + 1)), self.end]
        return "".join(source[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))


def split(text: str) -> tuple[Statement, ...]:
    """Split what is in a ``.sql`` file into statements.

    Args:
        text: of the file, with whatever line ends and byte order mark it has.

    Returns:
        The statements in their order; what consists of comments only is left out. A quote or a parenthesis
        that is never closed makes the rest of the file one statement, for PostgreSQL to complain about.

    Example:
        >>> split("CREATE TABLE a (b text DEFAULT ';'); -- c")
        (Statement(text="CREATE TABLE a (b text DEFAULT ';');", line=1, kind='sql', data=''),)
    """
    return tuple(_statements(text.removeprefix("\ufeff"), 1))


def variables(text: str) -> frozenset[str]:
    """Name what psql could take for its variables: ``:a``, ``:'a'``, ``:"a"`` and ``:{?a}``.

    Args:
        text: one statement.

    Returns:
        The names, without their decoration.

    Example:
        >>> sorted(variables("SELECT :a, b::text, ':c'"))
        ['a']
    """
    found = (match[0] for match in _tokens(text) if match.lastgroup == "variable")
    return frozenset(name.strip(":'\"{?}") for name in found)


def _tokens(text: str) -> Iterator[re.Match[str]]:
    position = 0
    standard = _scanner(_PLAIN)
    while match := standard.match(text, position):
        position = _comment_end(text, match.end()) if match.lastgroup == "comment" else match.end()
        yield match


def _statements(text: str, line: int) -> Iterator[Statement]:
    scanner, unfinished = _scanner(_PLAIN), None
    position = counted = 0
    while match := scanner.match(text, position):
        start, position, kind = match.start(), match.end(), match.lastgroup
        if kind == "comment":
            position = _comment_end(text, position)
        if kind in ("blank", "comment") or (kind == "semicolon" and unfinished is None):
            continue
        if kind == "backslash" or unfinished is None:
            line, counted = line + text.count("\n", counted, start), start
        if kind == "backslash":
            before = (unfinished.text(text), unfinished.line) if unfinished else ("", 0)
            yield Statement(match["command"].rstrip(), line, "meta", *before)
            unfinished = None
            continue
        unfinished = unfinished or _Unfinished(start, line)
        if not unfinished.take(match):
            continue
        done = unfinished.text(text)
        if unfinished.copies:
            # psql reads the data from the next line on, and the rest of this line after it.
            rest, data, following = _copy_data(text, position)
            yield Statement(done, line, "copy", data)
            yield from _statements(rest, line + text.count("\n", unfinished.start, position))
            position = following
        else:
            yield Statement(done, line, "sql")
            setting = _CONFORMING.match(done)
            if setting:
                # An old dump takes backslashes in every string for escapes.
                backslashes = setting[1].lower() in ("off", "false", "no", "0")
                scanner = _scanner(_CONTINUED if backslashes else _PLAIN)
        unfinished = None
    if unfinished:
        yield Statement(unfinished.text(text), unfinished.line, "copy" if unfinished.copies else "sql")


def _copy_data(text: str, position: int) -> tuple[str, str, int]:
    """The rest of the line at `position`, the data below it, and the position after the data."""
    newline = text.find("\n", position)
    begin = newline + 1 if newline >= 0 else len(text)
    end = _END_OF_DATA.search(text, begin)
    data = text[begin : end.start() if end else None]
    return text[position:begin], data, end.end() if end else len(text)


def _comment_end(text: str, position: int) -> int:
    """Where the comment ends that begins before `position`: comments nest."""
    depth = 1
    for edge in _COMMENT_EDGE.finditer(text, position):
        depth += 1 if edge[0] == "/*" else -1
        if not depth:
            return edge.end()
    return len(text)
