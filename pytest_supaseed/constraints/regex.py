"""Regular expressions, LIKE and SIMILAR TO patterns of PostgreSQL -> regular expressions of Python.

Python's :mod:`re` has no named character classes within brackets, and spells word boundaries differently; the rest
of what constraints use is spelt the same.
"""

from __future__ import annotations

import re

from pytest_supaseed.constraints.domain import Pattern

# ASCII only, so that generated texts match in every locale.
_CLASSES = {
    "alpha": "a-zA-Z",
    "digit": "0-9",
    "alnum": "a-zA-Z0-9",
    "upper": "A-Z",
    "lower": "a-z",
    "space": r"\s",
    "blank": r" \t",
    "punct": r"!-/:-@\[-`{-~",
    "xdigit": "0-9a-fA-F",
    "word": r"\w",
    "graph": "!-~",
    "print": " -~",
    "cntrl": r"\x00-\x1f\x7f",
}
_ESCAPES = {"m": r"\b(?=\w)", "M": r"\b(?<=\w)", "y": r"\b", "Y": r"\B", "Z": r"\Z", "A": r"\A", "e": r"\x1b"}
# A character, or several, that an expression excludes.
_ANOTHER_CHARACTER = re.compile(r"(?:\[\^((?:[^\]\\]|\\.)+)\]|\\([DWS]))\+?")
# Escapes that Python lacks, or reads otherwise.
_NOT_PYTHONS = frozenset("cB")


def from_postgres(regex: str) -> str | None:
    r"""Translate an advanced regular expression, the operand of ``~``.

    Returns:
        The expression for :func:`re.search` with ``re.DOTALL``; None where it uses a feature that Python lacks.

    Example:
        >>> from_postgres("^[[:digit:]]{5}$")
        '^[0-9]{5}\\Z'
    """
    if regex.startswith(("***", "(?")) and not regex.startswith(("(?:", "(?=", "(?!", "(?<")):
        return None
    result: list[str] = []
    position = 0
    while position < len(regex):
        character = regex[position]
        if character == "\\":
            following = regex[position + 1 : position + 2]
            if not following or following in _NOT_PYTHONS:
                return None
            result.append(_ESCAPES.get(following, character + following))
            position += 2
        elif character == "[":
            end, bracket = _bracket(regex, position)
            if bracket is None:
                return None
            result.append(bracket)
            position = end
        else:
            literal_brace = character == "{" and not regex[position + 1 : position + 2].isdigit()
            result.append(r"\Z" if character == "$" else r"\{" if literal_brace else character)
            position += 1
    return _compiled("".join(result))


def from_like(pattern: str) -> str:
    r"""Translate a LIKE pattern with a backslash as escape character.

    Example:
        >>> from_like("a%")
        '^a.*\\Z'
    """
    result: list[str] = []
    characters = iter(pattern)
    for character in characters:
        if character == "\\":
            result.append(re.escape(next(characters, "\\")))
        else:
            result.append({"%": ".*", "_": "."}.get(character) or re.escape(character))
    return "^" + "".join(result) + r"\Z"


def from_similar(pattern: str) -> str | None:
    r"""Translate a SIMILAR TO pattern with a backslash as escape character.

    Returns:
        The expression; None where it uses a feature that Python lacks.

    Example:
        >>> from_similar("(a|b)%")
        '^(?:(?:a|b).*)\\Z'
    """
    result: list[str] = []
    position = 0
    while position < len(pattern):
        character = pattern[position]
        if character == "\\":
            result.append(re.escape(pattern[position + 1 : position + 2]))
            position += 2
        elif character == "[":
            position, bracket = _bracket(pattern, position)
            if bracket is None:
                return None
            result.append(bracket)
        else:
            spelt = {"%": ".*", "_": ".", "(": "(?:"}
            result.append(
                spelt.get(character) or (character if character in ")|*+?{}" else re.escape(character))
            )
            position += 1
    return _compiled(f"^(?:{''.join(result)})\\Z")


def nowhere(regex: str, case_insensitive: bool = False) -> Pattern:
    r"""Return the pattern of the texts in which a (Python) expression matches nothing.

    Example:
        >>> nowhere("[^a-z]").regex
        '^[a-z]*\\Z'
    """
    found = _ANOTHER_CHARACTER.fullmatch(regex)
    if found is None:
        return Pattern(regex, case_insensitive, negated=True)
    # As a positive pattern of the allowed characters, texts can be generated from it.
    return Pattern(rf"^[{found[1] or chr(92) + found[2].lower()}]*\Z", case_insensitive)


# More texts than any test needs.
_MANY = 10**6
_SIZES = {"d": 10}
_BOUNDS = re.compile(r"\{(\d+)(,(\d*))?\}")


def count_matching(regex: str, longest: int | None = None) -> int | None:
    r"""Return an upper bound of the texts in ASCII that a (Python) expression matches.

    Args:
        regex: of a :class:`~pytest_supaseed.constraints.domain.Pattern`.
        longest: the most characters that a text may have.

    Returns:
        The number; None where it is a million or more, or not known, as for an expression that is not anchored.

    Example:
        >>> count_matching(r"^[A-D][1-5]\Z"), count_matching("[A-D]"), count_matching(r"^[A-F]+\Z", 1)
        (20, None, 6)
    """
    if not regex.startswith("^") or not regex.endswith(r"\Z") or regex.endswith(r"\\Z"):
        return None
    inner = regex[1 : -len(r"\Z")]
    counter = _Counter(inner, longest)
    try:
        found = counter.alternatives()
    except (_UncountableError, re.error, IndexError):
        return None
    # ^a|b$ is anchored on one side of each alternative only.
    whole = counter.position == len(inner) and counter.outer == 1
    return found if whole and found < _MANY else None


class _UncountableError(ValueError):
    """An expression whose texts are not counted."""


class _Counter:
    """Recursive descent over a regular expression that counts what it matches.

    Attributes:
        position: of the next character.
        outer: the alternatives outside of all parentheses so far.
    """

    def __init__(self, regex: str, longest: int | None) -> None:
        self._regex = regex
        self._longest = longest
        self.position = 0
        self.outer = 1

    def _next(self) -> str:
        return self._regex[self.position : self.position + 1]

    def alternatives(self, depth: int = 0) -> int:
        """Count an expression up to its end, or to a closing parenthesis."""
        total = self._sequence(depth)
        while self._next() == "|":
            self.position += 1
            self.outer += depth == 0
            total += self._sequence(depth)
        return total

    def _sequence(self, depth: int) -> int:
        product = 1
        while self._next() not in ("", "|", ")"):
            size = self._atom(depth)
            product *= self._repeated(size)
            if product > _MANY:
                raise _UncountableError(self._regex)
        return product

    def _atom(self, depth: int) -> int:
        character = self._next()
        self.position += 1
        if character == "(":
            if self._next() == "?":
                if self._regex[self.position : self.position + 2] != "?:":
                    raise _UncountableError(self._regex)
                self.position += 2
            found = self.alternatives(depth + 1)
            if self._next() != ")":
                raise _UncountableError(self._regex)
            self.position += 1
            return found
        if character == "[":
            return self._class()
        if character == "\\":
            escaped = self._next()
            self.position += 1
            if escaped.isalnum() and escaped not in _SIZES:
                raise _UncountableError(self._regex)
            return _SIZES.get(escaped, 1)
        if character in ".^$*+?":
            raise _UncountableError(self._regex)
        return 1

    def _class(self) -> int:
        start = self.position
        if self._next() == "^":
            raise _UncountableError(self._regex)
        first = True
        while first or self._next() != "]":
            first = False
            self.position += 2 if self._next() == "\\" else 1
            if self.position > len(self._regex):
                raise _UncountableError(self._regex)
        self.position += 1
        members = re.compile(f"[{self._regex[start : self.position - 1]}]")
        return sum(members.fullmatch(chr(code)) is not None for code in range(128))

    def _repeated(self, size: int) -> int:
        bounds = _BOUNDS.match(self._regex, self.position)
        if bounds is not None:
            self.position = bounds.end()
            least = int(bounds[1])
            most = least if bounds[2] is None else int(bounds[3]) if bounds[3] else self._longest
        elif self._next() in ("?", "*", "+") and self._next():
            sign = self._next()
            self.position += 1
            least, most = int(sign == "+"), 1 if sign == "?" else self._longest
        else:
            return size
        if self._next() in ("?", "+"):
            self.position += 1  # lazy
        if most is None or (size > 1 and most * (size - 1).bit_length() > 64):
            raise _UncountableError(self._regex)
        return sum(size**times for times in range(least, most + 1))


def _compiled(regex: str) -> str | None:
    try:
        re.compile(regex, re.DOTALL)
    except (re.error, OverflowError, RecursionError):
        return None
    return regex


def _bracket(regex: str, start: int) -> tuple[int, str | None]:
    """Return the end of a bracket expression, and its translation; None for one that is not supported."""
    result = ["["]
    position = start + 1
    if regex.startswith("^", position):
        result.append("^")
        position += 1
    first = True
    while position < len(regex):
        character = regex[position]
        if character == "]" and not first:
            return position + 1, "".join([*result, "]"])
        first = False
        if regex.startswith("[:", position):
            end = regex.find(":]", position)
            name = regex[position + 2 : end] if end > 0 else ""
            if name not in _CLASSES:
                # Also [[:<:]] and [[:>:]], which are word boundaries.
                return position, None
            result.append(_CLASSES[name])
            position = end + 2
        elif regex.startswith(("[.", "[="), position):
            return position, None
        elif character == "\\":
            following = regex[position + 1 : position + 2]
            if not following:
                return position, None
            result.append(character + following)
            position += 2
        else:
            # Python warns of unescaped characters that may become set operations.
            result.append("\\" + character if character in "[]&|~" else character)
            position += 1
    return position, None
