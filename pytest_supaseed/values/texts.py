"""Texts that a column accepts: fitted to its length, its case and its patterns."""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from random import Random

from pytest_supaseed.constraints import ColumnFacts, Pattern
from pytest_supaseed.schema import ColumnType
from pytest_supaseed.values.matching import NoMatchError, matching_text

# Type name has room for 63 bytes, "char" for one.
_OWN_LIMITS = {"name": 63, "char": 1}
_BY_NAME_ATTEMPTS = 16
_PATTERN_ATTEMPTS = 200
_FILLING = " and more of the same"
# Padding of a text that has to be longer than anything that is made up.
_LONGEST = 100_000
_ALPHANUMERIC = string.ascii_letters + string.digits


def longest(column_type: ColumnType, facts: ColumnFacts) -> int | None:
    """Return how many characters a column takes at most, None for no limit.

    Args:
        column_type: the column's type.
        facts: what is known of it.
    """
    limits = (facts.maximum_length, column_type.length, _OWN_LIMITS.get(column_type.name))
    return min((limit for limit in limits if limit is not None), default=None)


def fitted(text: str, least: int, most: int | None) -> str:
    """Shorten a text at the end of a word, or lengthen it.

    Args:
        text: not empty.
        least: fewest characters.
        most: most characters, None for no limit.
    """
    if most is not None and len(text) > most:
        cut = text[:most]
        if " " in cut and text[most] != " ":
            shorter = cut[: cut.rindex(" ")].rstrip(" ,.;:&-")
            cut = shorter if len(shorter) >= max(least, 1) else cut
        text = cut.rstrip()
    if len(text) < least <= _LONGEST:
        filling = _FILLING if " " in text else "abcdefghijklmnopqrstuvwxyz"
        text = (text + filling * (least // len(filling) + 1))[: max(least, len(text))]
        text = text[:-1] + "e" if text.endswith(" ") else text
    return text


def accepted(text: str, column_type: ColumnType, facts: ColumnFacts) -> bool:
    """Whether what is known of a column lets it take a text.

    Args:
        text: the text.
        column_type: the column's type.
        facts: what is known of it.
    """
    most = longest(column_type, facts)
    return (
        len(text) >= (facts.minimum_length or 0)
        and (most is None or len(text) <= most)
        and text not in facts.excluded
        and (not facts.lowercase or text == text.lower())
        and (not facts.uppercase or text == text.upper())
        and all(_agrees(text, pattern) for pattern in facts.patterns)
    )


def accepted_text(
    make: Callable[[], str], column_type: ColumnType, facts: ColumnFacts, random: Random
) -> str | None:
    """Make a text that a column accepts: a believable one if there is one, else one that its patterns match.

    Args:
        make: makes a believable text.
        column_type: the column's type.
        facts: what is known of it.
        random: draws.

    Returns:
        The text, None where none was found.
    """
    least, most = facts.minimum_length or 0, longest(column_type, facts)
    for _ in range(_BY_NAME_ATTEMPTS):
        text = fitted(_cased(make(), facts), least, most)
        if accepted(text, column_type, facts):
            return text
    positive = [pattern for pattern in facts.patterns if not pattern.negated]
    for attempt in range(_PATTERN_ATTEMPTS):
        found = patterned(positive, random.randrange, least, attempt)
        if found is None:
            size = min(max(least, 1) + random.randrange(8), most if most is not None else _LONGEST)
            found = "".join(random.choices(string.ascii_lowercase + string.digits, k=max(size, 0)))
        text = _cased(found, facts)
        if accepted(text, column_type, facts):
            return text
        if positive and len(text) < least <= _LONGEST:
            # A pattern may say how a text begins or ends, and nothing of the rest.
            rest = _cased("".join(random.choices(_ALPHANUMERIC, k=least - len(text))), facts)
            for longer in (text + rest, rest + text):
                if accepted(longer, column_type, facts):
                    return longer
    return None


def patterned(patterns: list[Pattern], pick: Callable[[int], int], least: int, attempt: int) -> str | None:
    """Make a text from one of several patterns, another one at each attempt.

    Args:
        patterns: none of them negated.
        pick: takes a number of possibilities, returns the position of one.
        least: fewest characters.
        attempt: counts from 0; later ones are longer or shorter.

    Returns:
        The text; None where there is no pattern, or none that a text can be made from.
    """
    if not patterns:
        return None
    # Each by itself; at last all of them, one after the other.
    choices = [[pattern] for pattern in patterns] + ([patterns] if len(patterns) > 1 else [])
    chosen = choices[attempt % len(choices)]
    # Now as usual, now as long as it has to be, now as short as can be.
    more = (6, max(6, least), 0, 2)[attempt // len(choices) % 4]
    try:
        return "".join(matching_text(pattern.regex, pick, more) for pattern in chosen)
    except NoMatchError:
        return None


def _cased(text: str, facts: ColumnFacts) -> str:
    return text.lower() if facts.lowercase else text.upper() if facts.uppercase else text


def _agrees(text: str, pattern: Pattern) -> bool:
    flags = re.DOTALL | (re.IGNORECASE if pattern.case_insensitive else 0)
    return (re.search(pattern.regex, text, flags) is None) == pattern.negated
