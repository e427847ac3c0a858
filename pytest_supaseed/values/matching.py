"""A text that a regular expression matches, made from the expression."""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass, field

_LOWER, _UPPER, _DIGITS = string.ascii_lowercase, string.ascii_uppercase, string.digits
_PRINTABLE = _LOWER + _UPPER + _DIGITS + "-_.,:;!?@#%&*+/=()' "
_ESCAPED = {"d": _DIGITS, "D": _LOWER, "w": _LOWER + _DIGITS, "W": "-. ", "s": " ", "S": _LOWER}
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "a": "\a"}
_MIXED = _LOWER + _UPPER + _DIGITS + "!@#$%&*?"
# How much more than its least an endless repetition takes, for ordinary lengths.
_MORE = 6
_MOST = 1000


class NoMatchError(ValueError):
    """An expression that uses what is not made here."""


@dataclass
class _Writer:
    """Walks over an expression and writes what it matches.

    Attributes:
        regex: the expression.
        pick: takes how many there are to pick from, returns a position.
        times: takes the least and the greatest number of repetitions, returns one between them.
        more: how many more than its least an endless repetition takes at most.
    """

    regex: str
    pick: Callable[[int], int]
    times: Callable[[int, int], int]
    more: int
    position: int = 0
    groups: list[str] = field(default_factory=list)

    @property
    def looking(self) -> bool:
        """Whether something is looked for ahead: what stands there has to be of many kinds, then."""
        return "(?=" in self.regex

    def at(self, text: str) -> bool:
        return self.regex.startswith(text, self.position)

    def accept(self, text: str) -> bool:
        if self.at(text):
            self.position += len(text)
            return True
        return False

    def alternatives(self) -> list[Callable[[], str]]:
        found = [self.sequence()]
        while self.accept("|"):
            found.append(self.sequence())
        return found

    def one_of(self) -> Callable[[], str]:
        options = self.alternatives()
        if len(options) == 1:
            return options[0]
        return lambda: options[self.pick(len(options))]()

    def sequence(self) -> Callable[[], str]:
        parts: list[Callable[[], str]] = []
        while self.position < len(self.regex) and self.regex[self.position] not in "|)":
            parts.append(self.repeated(self.atom()))
        return lambda: "".join(part() for part in parts)

    def repeated(self, atom: Callable[[], str]) -> Callable[[], str]:
        least, most = self.limits()
        if (least, most) == (1, 1):
            return atom
        return lambda: "".join([atom() for _ in range(self.times(least, most))])

    def limits(self) -> tuple[int, int]:
        least, most = 1, 1
        if self.accept("*"):
            least, most = 0, self.more
        elif self.accept("+"):
            least, most = 1, 1 + self.more
        elif self.accept("?"):
            least, most = 0, 1
        elif self.at("{"):
            end = self.regex.index("}", self.position)
            low, comma, high = self.regex[self.position + 1 : end].partition(",")
            self.position = end + 1
            least = int(low or 0)
            most = int(high) if high else least + self.more if comma else least
        else:
            return 1, 1
        self.accept("?")
        if most < least or least > _MOST:
            raise NoMatchError(self.regex)
        return least, max(least, min(most, least + 4 * self.more))

    def atom(self) -> Callable[[], str]:
        character = self.regex[self.position]
        self.position += 1
        if character in "^$":
            return lambda: ""
        if character == ".":
            return self.among(_MIXED if self.looking else _LOWER)
        if character == "(":
            return self.group()
        if character == "[":
            return self.among(self.bracket())
        if character == "\\":
            return self.escape()
        if character in "*+?":
            raise NoMatchError(self.regex)
        return lambda: character

    def among(self, characters: str) -> Callable[[], str]:
        if not characters:
            raise NoMatchError(self.regex)
        return lambda: characters[self.pick(len(characters))]

    def escape(self) -> Callable[[], str]:
        character = self.regex[self.position : self.position + 1]
        self.position += 1
        if character in "AZbB":
            return lambda: ""
        if character in _ESCAPED:
            return self.among(_ESCAPED[character])
        if character.isdigit() and character != "0":
            number = int(character)
            return lambda: self.groups[number - 1]
        literal = self.literal(character)
        return lambda: literal

    def literal(self, character: str) -> str:
        digits = {"x": 2, "u": 4, "U": 8}.get(character)
        if digits:
            code = self.regex[self.position : self.position + digits]
            self.position += digits
            return chr(int(code, 16))
        return _CONTROLS.get(character, character)

    def group(self) -> Callable[[], str]:
        looking = any(self.accept(sign) for sign in ("?=", "?!", "?<=", "?<!"))
        captured = not looking and not self.accept("?:")
        if captured and self.at("?"):
            raise NoMatchError(self.regex)
        number = len(self.groups)
        if captured:
            self.groups.append("")
        inner = self.one_of()
        if not self.accept(")"):
            raise NoMatchError(self.regex)
        if looking:
            # Whether it holds is found out afterwards, as for everything that is made here.
            return lambda: ""

        def write() -> str:
            text = inner()
            if captured:
                self.groups[number] = text
            return text

        return write

    def bracket(self) -> str:
        refused = self.accept("^")
        found: list[str] = []
        first = True
        while first or not self.at("]"):
            first = False
            start = self.bracket_part()
            # What stands for several characters is no end of a range.
            if len(start) == 1 and self.at("-") and not self.at("-]"):
                self.position += 1
                end = self.bracket_part()
                found += [chr(code) for code in range(ord(start), min(ord(end), 0x24F) + 1)]
            else:
                found += start
        self.position += 1
        if refused:
            return "".join(c for c in _LOWER + _DIGITS if c not in found) or "".join(
                c for c in _PRINTABLE if c not in found
            )
        distinct = dict.fromkeys(found)
        if self.looking:
            return "".join(distinct)
        return "".join(c for c in distinct if c.isascii() and c.isalnum()) or "".join(distinct)

    def bracket_part(self) -> str:
        character = self.regex[self.position]
        self.position += 1
        if character != "\\":
            return character
        escaped = self.regex[self.position]
        self.position += 1
        if escaped in _ESCAPED:
            return _ESCAPED[escaped] + ("_" if escaped == "w" else "")
        return self.literal(escaped)


def matching_text(
    regex: str, pick: Callable[[int], int], more: int = _MORE, times: Callable[[int, int], int] | None = None
) -> str:
    r"""Make a text that a regular expression matches, or nearly.

    Words' limits and lookaround are left out: the caller checks what was made.

    Args:
        regex: in Python's syntax.
        pick: takes a number of possibilities, returns the position of one: ``random.randrange``.
        more: how many more than its least an endless repetition takes at most.
        times: takes the least and the greatest number of repetitions, returns one between them; ``pick``
            does it where it is None.

    Raises:
        NoMatchError: the expression uses something that is not made here.

    Example:
        >>> matching_text(r"^[A-Z]{3}-\d\Z", lambda count: 0)
        'AAA-0'
    """
    writer = _Writer(regex, pick, times or (lambda least, most: least + pick(most - least + 1)), more)
    try:
        write = writer.one_of()
        if writer.position < len(regex):
            raise NoMatchError(regex)
        return write()
    except (ValueError, IndexError, OverflowError, RecursionError) as error:
        raise NoMatchError(regex) from error
