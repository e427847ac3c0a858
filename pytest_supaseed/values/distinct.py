"""Values that differ by the way they are made, so that nobody has to remember them."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import gcd

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.constraints.literals import NUMBERS, TEXTS
from pytest_supaseed.schema import Column
from pytest_supaseed.spec import DEFAULT_DATE
from pytest_supaseed.values import moments, numbers
from pytest_supaseed.values.forms import TEXT_FORMS, codes_like, counted
from pytest_supaseed.values.reserved import around_number, next_reserved, reserved_like
from pytest_supaseed.values.texts import accepted, longest
from pytest_supaseed.values.words import spelt

# What has no lower-case letters but digits, or is hexadecimal: its characters are counted on like a counter.
_CODE = re.compile(r"[^a-z\s@]*\d[^a-z\s@]*|[0-9a-f-]{8,}")
# The golden section: neighbours come to lie far from one another.
_STRIDE = Fraction(618_034, 1_000_000)
# Neighbours may be the same number, or are read back as texts.
_COARSE = ("float4", "money")
_CALENDAR = ("date", "timestamp", "timestamptz")
_EMAIL_LOCAL = 64
_TRIED = (0, 1, 9, 98)


def is_text(column: Column) -> bool:
    """Whether a column holds texts that a number can be put into.

    Args:
        column: the column.
    """
    kind = column.type
    return not kind.array and kind.name not in TEXT_FORMS and (kind.name in TEXTS or kind.category == "S")


@dataclass(frozen=True)
class NumberedText:
    """A text, and others made from it by a number.

    The head ends in no digit, and after the number comes nothing or a host: so a text tells its head, its number
    and its tail, and texts of different heads or tails, or numbers, differ.

    Attributes:
        whole: the text itself; None where it could be taken for a numbered one.
        head: what comes before the number.
        tail: what comes after it.
    """

    whole: str | None
    head: str
    tail: str

    def text(self, number: int) -> str:
        """Return a text.

        Args:
            number: at least 0; another text for each.
        """
        if number == 0 and self.whole is not None:
            return self.whole
        return f"{self.head}{number + 1}{self.tail}"


def numbered_texts(
    texts: Sequence[object], column: Column, facts: ColumnFacts, most: int
) -> list[NumberedText | None]:
    """Prepare texts for being numbered.

    Args:
        texts: believable values of the column.
        column: the column.
        facts: what is known of it.
        most: the greatest number that is wanted of each.

    Returns:
        For each text the form of it; None where it has none, or one that another text has.

    Example:
        >>> from pytest_supaseed.schema import ColumnType
        >>> [found] = numbered_texts(["ann@example.com"], Column("email", ColumnType("text", "text")), ColumnFacts(), 9)
        >>> found.text(0), found.text(1)
        ('ann@example.com', 'ann2@example.com')
    """
    found: list[NumberedText | None] = []
    heads: set[tuple[str, str]] = set()
    wholes: set[str] = set()
    for text in texts:
        form = _form(text, longest(column.type, facts), len(str(most + 1))) if isinstance(text, str) else None
        # As the strictest collation compares them.
        head = (form.head.strip().casefold(), form.tail.strip().casefold()) if form else ("", "")
        whole = form.whole.strip().casefold() if form and form.whole is not None else None
        if (
            form is None
            or head in heads
            or whole in wholes
            or not all(accepted(form.text(number), column.type, facts) for number in (*_TRIED, most))
        ):
            found.append(None)
            continue
        heads.add(head)
        if whole is not None:
            wholes.add(whole)
        found.append(form)
    return found


def _form(text: str, most: int | None, digits: int) -> NumberedText | None:
    base, tail, separator = text, "", ""
    around = around_number(text)
    if reserved_like(text):
        return None
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


@dataclass(frozen=True)
class Scattered:
    """Different values, each made from a place among all that there are.

    Attributes:
        size: how many places.
        stride: from one value's place to the next; it has no divisor in common with ``size``, so that every place
            is reached once.
        make: the value of a place; None where the column does not accept it.
    """

    size: int
    stride: int
    make: Callable[[int], object]

    def value(self, number: int) -> object:
        """Return the value of a number, None where the column does not accept it.

        Args:
            number: less than ``size``; another value for each.
        """
        return self.make(number * self.stride % self.size)


def scattered_codes(texts: Sequence[object], column: Column, facts: ColumnFacts) -> Scattered | None:
    """Prepare for making codes of the form that a column's values have.

    Args:
        texts: believable values of the column.
        column: the column.
        facts: what is known of it.

    Returns:
        What makes them; None where the values are no codes.
    """
    if not texts or not all(isinstance(text, str) for text in texts):
        return None
    template = str(texts[0])
    if reserved_like(template):
        return _scattered(reserved_like(template), lambda place: _reserved(template, place, column, facts))
    if not all(_CODE.fullmatch(str(text)) for text in texts):
        return None

    def make(place: int) -> object:
        text = counted(template, place)
        return text if text is not None and accepted(text, column.type, facts) else None

    return _scattered(codes_like(template), make)


def _reserved(template: str, place: int, column: Column, facts: ColumnFacts) -> object:
    text = next_reserved(template, place)
    return text if text is not None and accepted(text, column.type, facts) else None


def scattered_numbers(
    column: Column, facts: ColumnFacts, wanted: int, today: date = DEFAULT_DATE
) -> Scattered | None:
    """Prepare for making different numbers.

    Args:
        column: the column.
        facts: what is known of it.
        wanted: how many.
        today: the day that the rows take for today.

    Returns:
        What makes them; None where the column takes no numbers.
    """
    if column.type.array or column.type.name not in NUMBERS or column.type.name in _COARSE:
        return None
    first, last, unit = numbers.span(spelt(column.name), column.type, facts, wanted, today)

    def make(place: int) -> object:
        number = numbers.typed(first + place, unit, column.type)
        return None if number in facts.excluded else number

    return _scattered(last - first + 1, make)


def scattered_moments(
    column: Column, facts: ColumnFacts, wanted: int, today: date = DEFAULT_DATE
) -> Scattered | None:
    """Prepare for making different dates or timestamps.

    Args:
        column: the column.
        facts: what is known of it.
        wanted: how many.
        today: the day that the rows take for today.

    Returns:
        What makes them; None where the column takes neither.
    """
    if column.type.array or column.type.name not in _CALENDAR:
        return None
    try:
        first, unit, size = moments.span(column.type.name, facts, column.name, wanted, today)
        first + unit * size  # the calendar may end before
    except OverflowError:
        return None

    def make(place: int) -> object:
        moment = moments.typed(first + unit * place, column.type.name)
        return None if moment in facts.excluded else moment

    return _scattered(size, make)


def _scattered(size: int, make: Callable[[int], object]) -> Scattered | None:
    if size < 1:
        return None
    stride = max(1, int(size * _STRIDE))
    while gcd(stride, size) != 1:
        stride += 1
    return Scattered(size, stride, make)
