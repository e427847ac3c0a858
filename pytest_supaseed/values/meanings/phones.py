"""Telephone numbers of no subscriber, by country: :func:`phone_number`.

:data:`RESERVED` has the ranges that authorities keep for fiction, with their sources. Where none does, the number is
one that the national numbering plan cannot assign: for the countries of :data:`UNASSIGNABLE` by the rule that stands
there, for all others by the ranges that libphonenumber knows as assigned, from which ``scripts/gazetteer.py`` keeps
away.
:func:`phones_like` and :func:`next_phone` vary a number within its range.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from random import Random

from pytest_supaseed.values.meanings.gazetteer import countries


@dataclass(frozen=True)
class Range:
    """Telephone numbers that belong to no subscriber.

    Attributes:
        calling: the country's calling code.
        area: the digits before the free ones, without the trunk prefix, spaced as they are written.
        digits: the number of free digits.
        trunk: the trunk prefix, dialled within the country.
    """

    calling: str
    area: str
    digits: int
    trunk: str = ""


# Kept for fiction by the authority of each country, by its code.
RESERVED: Mapping[str, tuple[Range, ...]] = {
    # Ofcom, "Telephone numbers for use in TV and radio drama programmes": London, mobile, no area.
    "GB": (Range("44", "20 7946 0", 3, "0"), Range("44", "7700 900", 3, "0"), Range("44", "1632 960", 3, "0")),
    # Bundesnetzagentur, Mitteilung 148/2021, "Rufnummern für Medienproduktionen": five cities, and of the mobile ones
    # those of a whole block.
    "DE": (
        Range("49", "30 23125 ", 3, "0"), Range("49", "69 90009 ", 3, "0"), Range("49", "40 66969 ", 3, "0"),
        Range("49", "221 4710 ", 3, "0"), Range("49", "89 99998 ", 3, "0"), Range("49", "171 39200", 2, "0"),
    ),
    # ARCEP, décision 2018-0881, 2.5.12: numbers for audiovisual works, in each zone and of mobile phones.
    "FR": (
        Range("33", "1 99 00 ", 4, "0"), Range("33", "2 61 91 ", 4, "0"), Range("33", "3 53 01 ", 4, "0"),
        Range("33", "4 65 71 ", 4, "0"), Range("33", "5 36 49 ", 4, "0"), Range("33", "6 39 98 ", 4, "0"),
    ),
    # ACMA, "Phone numbers for use in TV shows, films and creative works".
    "AU": (
        Range("61", "2 5550 ", 4, "0"), Range("61", "2 7010 ", 4, "0"), Range("61", "3 5550 ", 4, "0"),
        Range("61", "3 7010 ", 4, "0"), Range("61", "7 7010 ", 4, "0"), Range("61", "8 7010 ", 4, "0"),
    ),
    # PTS, "Telefonnummer för användning i böcker och filmer": Stockholm, Gothenburg, Malmö.
    "SE": (
        Range("46", "8 465 004 ", 2, "0"), Range("46", "31 390 06 ", 2, "0"), Range("46", "40 628 04 ", 2, "0"),
    ),
    # ComReg, numbering conditions: 020 91x xxxx for drama.
    "IE": (Range("353", "20 91", 5, "0"),),
}  # fmt: skip
# No authority keeps any there, so that these are of beginnings that the plans assign to no service.
UNASSIGNABLE: Mapping[str, tuple[Range, ...]] = {
    # Ministry of Internal Affairs and Communications, numbering plan: 090-CDEFGHJK, in which C is never 0.
    "JP": (Range("81", "90 0000 ", 4, "0"),),
    # Anatel, numbering plan of the fixed and mobile services: a number in an area begins with 2 to 9, and 0 is
    # the trunk prefix.
    "BR": (Range("55", "11 0000 ", 4),),
    # CNMC, Plan nacional de numeración: of the range 5, only 51 and 59 have a service.
    "ES": (Range("34", "555 00", 4),),
    # AGCOM, Piano di numerazione: mobile numbers begin with 31 to 39, and no service has 30.
    "IT": (Range("39", "300 000", 4),),
    # ACM, Nummerplan telefoon- en ISDN-diensten: mobile numbers begin with 06 and 1 to 6 or 8; 06-0 has no service.
    "NL": (Range("31", "6 0000", 4, "0"),),
}
# Within the North American Numbering Plan 555-0100 to 555-0199 are reserved in each area code: NANPA, "555 line
# numbers".
AREAS: Mapping[str, tuple[str, ...]] = {
    "US": ("202", "206", "212", "303", "312", "404", "415", "503", "512", "602", "617", "718"),
    "CA": ("416", "604", "514", "403", "613", "204"),
    "AG": ("268",), "AI": ("264",), "AS": ("684",), "BB": ("246",), "BM": ("441",), "BS": ("242",), "DM": ("767",),
    "DO": ("809",), "GD": ("473",), "GU": ("671",), "JM": ("658",), "KN": ("869",), "KY": ("345",), "LC": ("758",),
    "MP": ("670",), "MS": ("664",), "PR": ("787",), "SX": ("721",), "TC": ("649",), "TT": ("868",), "VC": ("784",),
    "VG": ("284",), "VI": ("340",),
}  # fmt: skip
# Territories under the plan of another country.
_UNDER: Mapping[str, str] = {"GG": "GB", "IM": "GB", "JE": "GB", "CC": "AU", "CX": "AU", "VA": "IT"}
_AMERICAN = re.compile(
    r"(?P<head>\+?1?[-. (]*)(?P<area>[2-7]\d\d|809|86[89])(?P<mid>[-. )]*555[-. ]*01)(?P<last>\d\d)"
)
# Area codes 200 to 799: the toll-free ones (8xx) reserve other numbers. Three islands have a code among those.
_AREA_COUNT = 600


def _written(found: Range) -> str:
    area = found.area.strip().replace(" ", "[ -]?")
    return rf"(?:\+?{found.calling}|{found.trunk})?[ -]?{area}[ -]?(\d{{{found.digits}}})"


def _listed() -> Iterable[Range]:
    return (found for ranges in (*RESERVED.values(), *UNASSIGNABLE.values()) for found in ranges)


_KNOWN = re.compile("|".join(map(_written, _listed())))
_INTERNATIONAL = re.compile(r"\+(\d[\d ]{5,16})")


@cache
def ranges_of(territory: str) -> tuple[Range, ...]:
    """Return the ranges of a country's numbers, by its code; empty for American numbers, and for an unknown country.

    Example:
        >>> ranges_of("IE")
        (Range(calling='353', area='20 91', digits=5, trunk='0'),)
    """
    own = _UNDER.get(territory, territory)
    found = RESERVED.get(own) or UNASSIGNABLE.get(own)
    if found or own in AREAS:
        return found or ()
    country = countries().find("code", own)
    template = "" if country is None else countries().of(country, "phone")
    if country is None or not template:
        return ()
    calling = countries().of(country, "calling").removeprefix("+")
    return (Range(calling, f"{template.rstrip('#')} ", template.count("#")),)


def phone_number(territory: str, most: int | None, random: Random) -> str:
    """Draw a telephone number that belongs to no subscriber.

    Args:
        territory: the code of the country, or of a locale that ends in it; its numbers are American where it has none.
        most: the maximum number of characters, None for no limit.
        random: draws.
    """
    territory = territory[-2:]
    ranges = ranges_of(territory)
    if not ranges:
        area = random.choice(AREAS.get(territory, AREAS["US"]))
        national = f"{area}55501{random.randrange(100):02}"
        dashed = f"{national[:3]}-{national[3:6]}-{national[6:]}"
        forms: tuple[str, ...] = (f"+1-{dashed}", f"+1{national}", dashed, national, national[3:])
    else:
        chosen = random.choice(ranges)
        spaced = chosen.area + "".join(random.choices("0123456789", k=chosen.digits))
        national = spaced.replace(" ", "")
        forms = (
            f"+{chosen.calling} {spaced}",
            f"+{chosen.calling}{national}",
            f"{chosen.trunk}{national}",
            national,
        )
    return next((form for form in forms if most is None or len(form) <= most), forms[-1])


@cache
def _by_beginning() -> frozenset[tuple[str, int]]:
    """What stands before the free digits of the ranges, and the number of these."""
    every = (each for row in countries().rows for each in ranges_of(row[0]))
    return frozenset((each.calling + each.area.replace(" ", ""), each.digits) for each in every)


def _free_digits(text: str) -> int:
    """The number of digits at the end of a number that are free within its range; 0 for a text of none."""
    found = _KNOWN.fullmatch(text)
    if found is not None:
        return len(next(value for value in found.groups() if value is not None))
    international = _INTERNATIONAL.fullmatch(text)
    if international is None:
        return 0
    digits = international[1].replace(" ", "")
    sizes = (size for size in range(2, 9) if (digits[:-size], size) in _by_beginning())
    return next((size for size in sizes if text[-size:].isdigit()), 0)


def next_phone(text: str, number: int) -> str | None:
    """Return another phone number of the same range, None if there is no range or it is exhausted.

    Args:
        text: a phone number.
        number: at least 1; a distinct phone number for each that is less than :func:`phones_like`.

    Example:
        >>> next_phone("+353 20 9112345", 1)
        '+353 20 9112346'
    """
    found = _AMERICAN.fullmatch(text)
    if found is not None:
        if number >= phones_like(text):
            return None
        if found["area"] >= "800":
            return f"{text[:-2]}{(int(found['last']) + number) % 100:02}"
        place = (int(found["area"]) - 200) * 100 + int(found["last"])
        area, last = divmod((place + number) % (_AREA_COUNT * 100), 100)
        return f"{found['head']}{area + 200}{found['mid']}{last:02}"
    size = _free_digits(text)
    if not size or number >= 10**size:
        return None
    return f"{text[:-size]}{(int(text[-size:]) + number) % 10**size:0{size}}"


def phones_like(text: str) -> int:
    """Return the size of the range that :func:`next_phone` cycles through; 0 for a text of none."""
    american = _AMERICAN.fullmatch(text)
    if american is not None:
        return _AREA_COUNT * 100 if american["area"] < "800" else 100
    size = _free_digits(text)
    return 10**size if size else 0
