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
_ONE_OTHER = re.compile(r"(?:\[\^((?:[^\]\\]|\\.)+)\]|\\([DWS]))\+?")
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
    found = _ONE_OTHER.fullmatch(regex)
    if found is None:
        return Pattern(regex, case_insensitive, negated=True)
    # As a positive pattern of the allowed characters, texts can be generated from it.
    return Pattern(rf"^[{found[1] or chr(92) + found[2].lower()}]*\Z", case_insensitive)


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
