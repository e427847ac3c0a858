"""Texts that a value domain accepts: length, case and regular expressions.

Begin at :class:`TextDomain`. :func:`matching_text` generates a text from a regular expression by recursive descent.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from math import prod
from random import Random

from pytest_supaseed.constraints.domain import Pattern, ValueDomain
from pytest_supaseed.model.schema import Column, ColumnType, Table
from pytest_supaseed.model.type_families import is_padded_text
from pytest_supaseed.values.types.pgtype import Maker, PgType

_LOWER, _UPPER, _DIGITS = string.ascii_lowercase, string.ascii_uppercase, string.digits
_PRINTABLE = _LOWER + _UPPER + _DIGITS + "-_.,:;!?@#%&*+/=()' "
_ESCAPED = {"d": _DIGITS, "D": _LOWER, "w": _LOWER + _DIGITS, "W": "-. ", "s": " ", "S": _LOWER}
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "a": "\a"}
_MIXED = _LOWER + _UPPER + _DIGITS + "!@#$%&*?"
# The most repetitions beyond the least for an unbounded quantifier, by default.
_MORE = 6
_MOST = 1000


class NoMatchError(ValueError):
    """A regular expression has a construct that :func:`matching_text` does not support."""


@dataclass
class _Writer:
    """Recursive descent over a regular expression that writes a text it matches.

    Attributes:
        regex: the expression.
        pick: takes a number of choices, returns the position of one.
        times: takes the least and the greatest number of repetitions, returns one between them.
        more: the most repetitions beyond the least for an unbounded quantifier.
    """

    regex: str
    pick: Callable[[int], int]
    times: Callable[[int, int], int]
    more: int
    position: int = 0
    groups: list[str] = field(default_factory=list)

    @property
    def looking(self) -> bool:
        """Whether there is a lookahead, which may require characters of several classes."""
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
            # Whether the lookaround holds is checked by the caller, on the whole text.
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
            # A class of several characters cannot be a bound of a range.
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
    r"""Return a text that a regular expression matches, or nearly matches.

    Word boundaries and lookaround are ignored: the caller checks the text.

    Args:
        regex: in Python's syntax.
        pick: takes a number of choices, returns the position of one: ``random.randrange``.
        more: the most repetitions beyond the least for an unbounded quantifier.
        times: takes the least and the greatest number of repetitions, returns one between them; None to use
            ``pick``.

    Raises:
        NoMatchError: the expression has a construct that is not supported.

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


_OWN_LIMITS = {"name": 63, "char": 1}
_BY_NAME_ATTEMPTS = 16
_PATTERN_ATTEMPTS = 200
_FILLING = " and more of the same"
# Longer texts are not made, however long a CHECK requires them to be.
_LONGEST = 100_000
_ALPHANUMERIC = string.ascii_letters + string.digits


def longest(column_type: ColumnType, domain: ValueDomain) -> int | None:
    """Return the maximum number of characters of a column, None for no limit."""
    limits = (domain.maximum_length, column_type.length, _OWN_LIMITS.get(column_type.name))
    return min((limit for limit in limits if limit is not None), default=None)


def fitted(text: str, least: int, most: int | None) -> str:
    """Shorten a text at the end of a word, or pad it.

    Args:
        text: not empty.
        least: the minimum number of characters.
        most: the maximum number of characters, None for no limit.
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


def accepted(text: str, column_type: ColumnType, domain: ValueDomain) -> bool:
    """Whether a column's type and value domain accept a text."""
    most = longest(column_type, domain)
    return (
        len(text) >= (domain.minimum_length or 0)
        and (most is None or len(text) <= most)
        and text not in domain.excluded
        and (not domain.lowercase or text == text.lower())
        and (not domain.uppercase or text == text.upper())
        and all(_agrees(text, pattern) for pattern in domain.patterns)
    )


@dataclass(frozen=True)
class TextDomain:
    """The texts that a column accepts.

    Attributes:
        column_type: the column's type.
        domain: the column's value domain.
    """

    column_type: ColumnType
    domain: ValueDomain

    @cached_property
    def _lengths(self) -> tuple[int, int | None, bool]:
        """The least and the greatest length, and whether nothing else is restricted."""
        domain = self.domain
        restricted = domain.patterns or domain.excluded or domain.lowercase or domain.uppercase
        return domain.minimum_length or 0, longest(self.column_type, domain), not restricted

    def accepts(self, text: str) -> bool:
        """Whether a text is one of them."""
        least, most, lengths_alone = self._lengths
        if lengths_alone:
            return len(text) >= least and (most is None or len(text) <= most)
        return accepted(text, self.column_type, self.domain)

    def drawn(self, make: Callable[[], str], random: Random) -> str | None:
        """Return a text that is accepted: a plausible one if possible, else one built from its patterns.

        Args:
            make: draws a plausible text.
            random: draws.

        Returns:
            The text, None if none was found.
        """
        least, most, lengths_alone = self._lengths
        domain, text = self.domain, make()
        if lengths_alone and len(text) >= least and (most is None or len(text) <= most):
            return text
        for attempt in range(_BY_NAME_ATTEMPTS):
            text = fitted(_cased(make() if attempt else text, domain), least, most)
            if self.accepts(text):
                return text
        positive = [pattern for pattern in domain.patterns if not pattern.negated]
        for attempt in range(_PATTERN_ATTEMPTS):
            found = patterned(positive, random.randrange, least, attempt)
            if found is None:
                size = min(max(least, 1) + random.randrange(8), most if most is not None else _LONGEST)
                found = "".join(random.choices(string.ascii_lowercase + string.digits, k=max(size, 0)))
            text = _cased(found, domain)
            if self.accepts(text):
                return text
            if positive and len(text) < least <= _LONGEST:
                # A pattern may leave the start or the end of the text open.
                rest = _cased("".join(random.choices(_ALPHANUMERIC, k=least - len(text))), domain)
                for longer in (text + rest, rest + text):
                    if self.accepts(longer):
                        return longer
        return None


def patterned(patterns: list[Pattern], pick: Callable[[int], int], least: int, attempt: int) -> str | None:
    """Return a text built from one of several patterns, a different one at each attempt.

    Args:
        patterns: none of them negated.
        pick: takes a number of choices, returns the position of one.
        least: the minimum number of characters.
        attempt: counts from 0; later attempts vary the length.

    Returns:
        The text; None if there is no pattern, or the chosen one is not supported.
    """
    if not patterns:
        return None
    # Each pattern alone, and at last the concatenation of all.
    choices = [[pattern] for pattern in patterns] + ([patterns] if len(patterns) > 1 else [])
    chosen = choices[attempt % len(choices)]
    # In turn the usual, the required and the shortest lengths.
    more = (6, max(6, least), 0, 2)[attempt // len(choices) % 4]
    try:
        return "".join(matching_text(pattern.regex, pick, more) for pattern in chosen)
    except NoMatchError:
        return None


def _cased(text: str, domain: ValueDomain) -> str:
    return text.lower() if domain.lowercase else text.upper() if domain.uppercase else text


def _agrees(text: str, pattern: Pattern) -> bool:
    flags = re.DOTALL | (re.IGNORECASE if pattern.case_insensitive else 0)
    return (re.search(pattern.regex, text, flags) is None) == pattern.negated


LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
# Characters that every collation tells apart, however it treats case and accents: ASCII, Greek, Cyrillic and Chinese.
DISTINCT = (
    *LETTERS,
    *"!#$%&'()*+,-./:;<=>?@[]^_`{|}~",
    *map(chr, (*range(0x3B1, 0x3C2), *range(0x430, 0x439), *range(0x43A, 0x450), *range(0x4E00, 0x9FA5))),
)
# The values of "char": ASCII, with the empty text in the place of NUL. The bytes above are left out: one of them is no
# character in UTF-8, and servers before PostgreSQL 16 do not read back how later ones print it.
ASCII = ("", *map(chr, range(1, 128)))


_ALPHABETS = (string.digits, string.ascii_lowercase, string.ascii_uppercase)
_HEX = "0123456789abcdef"


def incremented(value: str, number: int) -> str | None:
    """Increment the letters and digits of a code like a counter: ``AB-99`` to ``AC-00``.

    Args:
        value: a text.
        number: the increment; distinct codes for all that are less than :func:`codes_like`.

    Returns:
        The code; None if there are not that many.
    """
    return counter(value)(number)


def counter(value: str) -> Callable[[int], str | None]:
    """Return what increments a code as :func:`incremented` does, for many numbers."""
    places = [(at, alphabet, alphabet.index(value[at]), len(alphabet)) for at, alphabet in _places(value)]
    size = prod(length for *_, length in places)

    def after(number: int) -> str | None:
        if number >= size:
            return None
        characters, carry = list(value), number
        for at, alphabet, first, length in places:
            carry, place = divmod(first + carry, length)
            characters[at] = alphabet[place]
            if not carry:
                break
        return "".join(characters)

    return after


def codes_like(value: str) -> int:
    """Return how many codes have the form of one.

    Example:
        >>> codes_like("AB-99")
        67600
    """
    return prod(len(alphabet) for _, alphabet in _places(value))


def _places(value: str) -> list[tuple[int, str]]:
    """The letters and digits of a code, the last first, with the alphabet of each."""
    content = [character for character in value if character.isalnum()]
    hexadecimal = len(content) >= 6 and all(character in _HEX for character in content)
    alphabets = [next((a for a in _ALPHABETS if character in a), "") for character in value]
    found = [(at, _HEX if hexadecimal else alphabet) for at, alphabet in enumerate(alphabets) if alphabet]
    return found[::-1]


_HOST = re.compile(r"(?P<head>(?:https?://)?[\w-]+?)(?P<tail>\.example\.(?:com|org|net))")
_BARE = re.compile(r"https?://example\.(?:com|org|net)/?")


def around_number(value: str) -> tuple[str, str] | None:
    """Return the parts before and after a number in a host name or URL that keep its domain a reserved one.

    Returns:
        None if the number may stand at the end of the text.

    Example:
        >>> around_number("shop.example.com"), around_number("https://example.com")
        (('shop', '.example.com'), ('https://example.com/', ''))
    """
    found = _HOST.fullmatch(value)
    if found is not None:
        return found["head"].rstrip("0123456789"), found["tail"]
    return (value.rstrip("/") + "/", "") if _BARE.fullmatch(value) else None


_EMAIL_LOCAL = 64


@dataclass(frozen=True)
class NumberedText:
    """A text, and distinct texts that are made from it with a number.

    The head ends in no digit, and the tail is empty or a host. Head, number and tail can therefore be read from a text,
    so that texts with different heads, tails or numbers differ.

    Attributes:
        whole: the text itself; None if it could be taken for a numbered one.
        head: the part before the number.
        tail: the part after it.
    """

    whole: str | None
    head: str
    tail: str

    def text(self, number: int) -> str:
        """Return the text of a number from 0, a distinct one for each."""
        if number == 0 and self.whole is not None:
            return self.whole
        return f"{self.head}{number + 1}{self.tail}"


def numbered_text(text: str, most: int | None, digits: int) -> NumberedText | None:
    """Return the form in which a text is numbered: ``Foo 2``, ``foo-2``, ``foo2``, ``ann2@example.com``.

    Args:
        text: a plausible text.
        most: the maximum number of characters, None for no limit.
        digits: of the greatest number.

    Returns:
        The form; None if there is no room for a number.
    """
    base, tail, separator = text, "", ""
    around = around_number(text)
    if around is not None:
        head, tail = around
        head = head if most is None else head[: max(0, most - len(tail) - digits)]
        return NumberedText(None, head, tail) if head else None
    if "@" in text and " " not in text:
        local, _, host = text.rpartition("@")
        room = _EMAIL_LOCAL if most is None else min(_EMAIL_LOCAL, most - len(host) - 1)
        base, tail = local[: max(0, room - digits)].rstrip(string.digits + ".-_+"), f"@{host}"
        ends_in_digit = local[-1:].isdigit()
    else:
        separator = " " if " " in text or text[:1].isupper() else "-" if "-" in text else ""
        base = text if most is None else text[: max(0, most - digits - len(separator))]
        base = base.rstrip(string.digits + " -")
        ends_in_digit = text.rstrip()[-1:].isdigit()
    if not base:
        return None
    return NumberedText(None if ends_in_digit else text, base + separator, tail)


def short_text(number: int, most: int) -> str | None:
    """Return a text of at most ``most`` characters, a distinct one for each number from 1; None beyond the last."""
    characters = DISTINCT if most == 1 else LETTERS
    left, text = number, ""
    while left and len(text) <= most:
        left, place = divmod(left - 1, len(characters))
        text = characters[place] + text
    return text if text and not left and len(text) <= most else None


_VARIABLE_PART = re.compile(r"[^\s@]*\d[^\s@]{0,3}|[A-Z]{1,12}|[^\s@]{1,2}")
# Texts this short have no room for a number.
_FEW = 3


def next_text(
    value: str,
    number: int,
    column_type: ColumnType,
    domain: ValueDomain,
    reserved: Callable[[int], str | None] | None = None,
) -> str | None:
    """Return another text in place of one that is taken, a distinct one for each number.

    Args:
        value: the text that is taken.
        number: at least 1.
        column_type: the column's type.
        domain: the column's value domain.
        reserved: returns the text of each number in the reserved range that ``value`` is in; None if it is in none.
    """
    most = longest(column_type, domain)
    makers: list[Callable[[int], str | None]] = [
        lambda count: incremented(value, count),
        lambda count: _numbered(value, count, most),
    ]
    if reserved is not None:
        makers = [reserved]
    elif "@" in value and " " not in value:
        makers = makers[1:]
    elif not _VARIABLE_PART.fullmatch(value) or around_number(value):
        makers.reverse()
    if any(not pattern.negated for pattern in domain.patterns):
        # One maker for all numbers, because two could make the same text.
        makers = [
            make for make in makers if all(_fits(make(count), column_type, domain) for count in (1, 9, 98))
        ][:1]
        makers = makers or [lambda count: _matching(value, count, column_type, domain)]
    for make in makers:
        distinct = make(number)
        if distinct != value and _fits(distinct, column_type, domain):
            return distinct
    short = short_text(number, most) if most is not None and most <= _FEW else None
    return short if short != value and _fits(short, column_type, domain) else None


def _fits(text: str | None, column_type: ColumnType, domain: ValueDomain) -> bool:
    return text is not None and accepted(text, column_type, domain)


def _numbered(value: str, number: int, most: int | None) -> str | None:
    """The text with a number from 1, as :class:`NumberedText` has it, but shortened for this number alone."""
    found = numbered_text(value, most, len(str(number + 1)))
    return None if found is None else f"{found.head}{number + 1}{found.tail}"


def _matching(value: str, number: int, column_type: ColumnType, domain: ValueDomain) -> str | None:
    """The text that a pattern gives if each of its choices is a digit of the number."""
    for pattern in domain.patterns:
        for more in (max(8, domain.minimum_length or 0), 3, 1, 0) if not pattern.negated else ():
            left = number

            def pick(count: int) -> int:
                nonlocal left
                left, place = divmod(left, count)
                return place

            try:
                text = matching_text(pattern.regex, pick, more, times=max)
            except NoMatchError:
                break
            if left == 0 and text != value and accepted(text, column_type, domain):
                return text
    return None


def _next_single_byte(value: str, number: int, column_type: ColumnType, domain: ValueDomain) -> str | None:
    found = _single_bytes(column_type, domain)
    # A value that is supplied may be another one: the first is then the next of it.
    at = found.index(value) if value in found else -1
    return found[(at + number) % len(found)] if number < len(found) + (at < 0) else None


def _single_bytes(column_type: ColumnType, domain: ValueDomain) -> list[str]:
    return [text for text in ASCII if accepted(text, column_type, domain)]


def _count_single_bytes(column_type: ColumnType, domain: ValueDomain) -> int:
    return len(_single_bytes(column_type, domain))


ADJECTIVES = (
    "Alpine", "Amber", "Bright", "Calm", "Classic", "Clever", "Coastal", "Compact", "Copper", "Crisp",
    "Daily", "Desert", "Early", "Eastern", "Evergreen", "Fresh", "Gentle", "Golden", "Grand",
    "Hidden", "Light", "Little", "Lunar", "Modern", "Mountain", "Northern", "Open", "Pacific",
    "Quiet", "Rapid", "River", "Rugged", "Silver", "Simple", "Smooth", "Solid", "Southern", "Summit",
    "Sunny", "Swift", "Timber", "Urban", "Vivid", "Warm", "Western", "Wide", "Wild", "Winter",
)  # fmt: skip
NOUNS = (
    "Anchor", "Atlas", "Bridge", "Canyon", "Circle", "Compass", "Corner", "Creek", "Field", "Forest",
    "Garden", "Gate", "Harbor", "Haven", "Hill", "Hollow", "Horizon", "Island", "Junction", "Lake",
    "Landing", "Lodge", "Meadow", "Mill", "Orchard", "Path", "Peak", "Point", "Pond", "Prairie",
    "Ranch", "Ridge", "Shore", "Spring", "Station", "Stone", "Trail", "Valley", "View", "Village",
    "Vista", "Yard",
)  # fmt: skip
# A padded text of up to this length is usually a code.
_LONGEST_CODE = 12


def _text_maker(column: Column, table: Table, known_domain: ValueDomain) -> Maker:
    domain, most = TextDomain(column.type, known_domain), longest(column.type, known_domain)
    make: Callable[[Random], str] = _words
    if is_padded_text(column.type) and most is not None and most <= _LONGEST_CODE:
        make = partial(_code, most)
    return lambda faker, column_type, known_domain: domain.drawn(partial(make, faker.random), faker.random)


def _words(random: Random) -> str:
    return f"{random.choice(ADJECTIVES)} {random.choice(NOUNS)}".capitalize()


def _code(length: int, random: Random) -> str:
    return "".join(random.choices(string.ascii_uppercase, k=length))


STRING = PgType(
    ("text", "varchar", "bpchar", "citext", "name"), make_for=_text_maker, next_distinct=next_text
)
TYPES = (
    STRING,
    PgType(("char",), make_for=_text_maker, next_distinct=_next_single_byte, capacity=_count_single_bytes),
)
