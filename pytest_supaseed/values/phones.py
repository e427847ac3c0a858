"""Telephone numbers that are kept for fiction: nobody can be called by accident."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Range:
    """Numbers that an authority keeps for fiction.

    Attributes:
        country: the country's calling code.
        area: what comes before the free digits, without the leading zero of the country; ``#`` is a digit of an area.
        digits: how many free digits there are.
        trunk: what is dialled before it within the country.
    """

    country: str
    area: str
    digits: int
    trunk: str = ""


_US = Range("1", "### 555 01", 2)
# By the territory of a locale: NANPA's, Ofcom's, the Bundesnetzagentur's, ARCEP's and ACMA's.
_RANGES = {
    "GB": (Range("44", "20 7946 0", 3, "0"), Range("44", "7700 900", 3, "0")),
    "DE": (Range("49", "30 23125 ", 3, "0"), Range("49", "171 39200", 2, "0")),
    "FR": (Range("33", "1 99 00 ", 4, "0"), Range("33", "6 39 98 ", 4, "0")),
    "AU": (Range("61", "2 5550 ", 4, "0"), Range("61", "3 7010 ", 4, "0")),
}
AREAS = ("202", "206", "212", "303", "312", "404", "415", "503", "512", "602", "617", "718")
# In every area.
_AMERICAN = re.compile(r"(?P<head>\+?1?[-. (]*)(?P<area>[2-7]\d\d)(?P<mid>[-. )]*555[-. ]*01)(?P<last>\d\d)")
# Toll-free areas have other numbers for fiction.
_AREA_COUNT = 600
_KNOWN = re.compile(
    r"(?:\+?44|0)?[ -]?(?:20[ -]?7946[ -]?0|7700[ -]?900)(?P<gb>\d{3})|(?:\+?49|0)?[ -]?30[ -]?23125[ -]?(?P<de>\d{3})"
    r"|(?:\+?49|0)?[ -]?171[ -]?39200(?P<dm>\d{2})"
    r"|(?:\+?33|0)?[ -]?(?:1[ -]?99[ -]?00|6[ -]?39[ -]?98)[ -]?(?P<fr>\d{4})"
    r"|(?:\+?61|0)?[ -]?(?:2[ -]?5550|3[ -]?7010)[ -]?(?P<au>\d{4})"
)


def phone_number(locale: str, most: int | None, random: Random) -> str:
    """Draw a number.

    Args:
        locale: its territory has a range of its own, or gets an American number.
        most: most characters, None for no limit.
        random: draws.
    """
    chosen = random.choice(_RANGES.get(locale[-2:], (_US,)))
    area = random.choice(AREAS)
    spaced = chosen.area.replace("###", area) + "".join(random.choices("0123456789", k=chosen.digits))
    national = spaced.replace(" ", "")
    if chosen is _US:
        dashed = f"{national[:3]}-{national[3:6]}-{national[6:]}"
        forms: tuple[str, ...] = (f"+1-{dashed}", f"+1{national}", dashed, national, national[3:])
    else:
        forms = (
            f"+{chosen.country} {spaced}",
            f"+{chosen.country}{national}",
            f"{chosen.trunk}{national}",
            national,
        )
    return next((form for form in forms if most is None or len(form) <= most), forms[-1])


def is_fictional(text: str) -> bool:
    """Whether a text is one of the numbers that are kept for fiction, whatever stands between its digits.

    Args:
        text: a number.
    """
    number = text.partition("x")[0].rstrip()
    return bool(_AMERICAN.fullmatch(number) or _KNOWN.fullmatch(number) or re.fullmatch(r"55501\d\d", number))


def next_phone(text: str, number: int) -> str | None:
    """Return another number that is kept for fiction, None where the text is none, or there are no more.

    Args:
        text: a number.
        number: at least 1; another number for each, less than :func:`phones_like`.
    """
    found = _AMERICAN.fullmatch(text)
    if found is not None:
        place = (int(found["area"]) - 200) * 100 + int(found["last"])
        if number >= _AREA_COUNT * 100:
            return None
        area, last = divmod((place + number) % (_AREA_COUNT * 100), 100)
        return f"{found['head']}{area + 200}{found['mid']}{last:02}"
    found = _KNOWN.fullmatch(text)
    if found is None:
        return None
    digits = next(value for value in found.groups() if value is not None)
    if number >= 10 ** len(digits):
        return None
    return text[: -len(digits)] + f"{(int(digits) + number) % 10 ** len(digits):0{len(digits)}}"


def phones_like(text: str) -> int:
    """Return how many numbers :func:`next_phone` goes through; 0 where the text is none that is kept for fiction."""
    if _AMERICAN.fullmatch(text):
        return _AREA_COUNT * 100
    found = _KNOWN.fullmatch(text)
    return (
        0 if found is None else int(10 ** len(next(value for value in found.groups() if value is not None)))
    )
