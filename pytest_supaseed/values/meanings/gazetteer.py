"""Countries, regions, cities, currencies, languages and time zones: the files of ``values/data`` as tables of records.

``scripts/gazetteer.py`` generates the files, and CITATION.md says of what. Each is read when a column first asks for
it.

:func:`countries` has all 249 of ISO 3166-1, the biggest economies first; :func:`regions` their subdivisions of ISO
3166-2; :func:`cities` several cities of each, the capital first, whose names are those of one city alone.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import accumulate
from pathlib import Path
from random import Random

_DATA = Path(__file__).parent.parent / "data"
Record = tuple[str, ...]


@dataclass(frozen=True)
class Records:
    """A constant table, searched by the values of its fields.

    Attributes:
        fields: the fields' names.
        rows: the values of each row, in the order of the fields.
    """

    fields: tuple[str, ...]
    rows: tuple[Record, ...]
    _indexes: dict[str, dict[str, tuple[Record, ...]]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The position of each field."""
        return {name: at for at, name in enumerate(self.fields)}

    def all(self, name: str, value: str) -> tuple[Record, ...]:
        """Return the rows whose field has a value, ignoring case."""
        index = self._indexes.get(name)
        if index is None:
            at = self.places[name]
            lists: dict[str, list[Record]] = {}
            for row in self.rows:
                lists.setdefault(row[at].casefold(), []).append(row)
            index = self._indexes[name] = {key: tuple(rows) for key, rows in lists.items()}
        return index.get(value.strip().casefold(), ())

    def find(self, name: str, value: str) -> Record | None:
        """Return the first row whose field has a value, ignoring case; None if there is none, or no value."""
        found = self.all(name, value) if value else ()
        return found[0] if found else None

    def of(self, row: Record, name: str) -> str:
        """Return a field of a row."""
        return row[self.places[name]]


def _read(name: str) -> Records:
    lines = (_DATA / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    first, *rest = (tuple(line.split("\t")) for line in lines)
    return Records(first, tuple(rest))


@cache
def countries() -> Records:
    """Return the countries of ISO 3166-1, those with the biggest economy first.

    The fields: ``code``, ``alpha3``, ``numeric``; ``name`` in English, and ``local`` in the country's main language;
    ``capital``, ``continent``; ``calling`` code, with a plus; ``currency``; ``nationality``; ``timezone`` of the
    capital and all ``timezones``; ``languages``, the main one first, and its ``script``; ``weight``;
    ``postcode_pattern``, a regular expression, and ``zip``, a template, both empty for a country without postcodes;
    ``phone``, a template of numbers that no plan assigns; ``tld``, the domain; ``continent_code``; ``flag``.
    """
    found = _read("countries")
    continent = found.places["continent"]

    def with_more(row: Record) -> Record:
        # Two regional indicator symbols make a flag.
        flag = "".join(chr(ord(letter) - ord("A") + 0x1F1E6) for letter in row[0])
        # The first two letters, of America those of both words.
        name = row[continent]
        code = "".join(word[0] for word in name.split()) if " " in name else name[:2].upper()
        return (*row, code, flag)

    return Records((*found.fields, "continent_code", "flag"), tuple(map(with_more, found.rows)))


@cache
def regions() -> Records:
    """Return the regions of ISO 3166-2: ``country``, ``region_code``, ``region``, ``native`` in another alphabet."""
    return _read("regions")


@cache
def cities() -> Records:
    """Return cities with the region that each is in.

    The fields: ``country``; ``region_code`` and ``region``, empty where none is known; ``city``, in Latin letters, and
    ``native`` in another alphabet; ``latitude``, ``longitude``, ``timezone``; ``zip``, a template of postcodes, in
    which ``#`` stands for a digit and ``@`` for a letter; ``native_region``.
    """
    found, named = _read("cities"), {row[:2]: row[2:] for row in regions().rows}
    return Records(
        (*found.fields, "region", "native_region"),
        tuple((*row, *named.get(row[:2], ("", ""))) for row in found.rows),
    )


@cache
def currencies() -> Records:
    """Return the currencies of the countries, by ISO 4217: ``code``, ``numeric``, ``name``, ``symbol``, ``digits``."""
    return _read("currencies")


@cache
def languages() -> Records:
    """Return the countries' languages: ``code``, ``alpha3``, ``name`` in English, ``local`` in itself, a ``locale``."""
    return _read("languages")


@cache
def time_zones() -> Records:
    """Return the IANA's zones of the countries: ``timezone``, ``country``, ``offset`` in winter, ``abbreviation``."""
    return _read("time_zones")


@cache
def names(language: str) -> Mapping[tuple[str, str], str]:
    """Return what countries and languages are called in a language, by kind and code; empty for English.

    Args:
        language: such as ``de``, or ``zh_TW`` where the territory matters.
    """
    found: dict[tuple[str, str], str] = {}
    if language.startswith("en"):
        return found
    for row in _rows_of_names().get(language, ()):
        keys = countries() if row[1] == "countries" else languages()
        for known, name in zip(keys.rows, row[2].split("|"), strict=True):
            if name:
                found[row[1], known[0]] = name
    return found


@cache
def _rows_of_names() -> Mapping[str, tuple[Record, ...]]:
    found: dict[str, list[Record]] = {}
    for row in _read("names").rows:
        found.setdefault(row[0], []).append(row)
    return {language: tuple(rows) for language, rows in found.items()}


def name_in(locale: str, kind: str, row: Record) -> str:
    """Return what a country or language is called in a locale, in English where that is not known.

    Args:
        locale: such as ``de_DE``.
        kind: ``countries`` or ``languages``.
        row: a row of these.

    Example:
        >>> [name_in(locale, "countries", country("JP")) for locale in ("de_DE", "ja_JP", "en_US")]
        ['Japan', '日本', 'Japan']
    """
    return _name_in(locale, kind, row[0])


@cache
def _name_in(locale: str, kind: str, code: str) -> str:
    for language in (locale, locale.partition("_")[0]):
        found = names(language).get((kind, code))
        if found:
            return found
    records = countries() if kind == "countries" else languages()
    return records.of(records.all("code", code)[0], "name")


def country(code: str) -> Record:
    """Return a country by its code of two letters.

    Raises:
        KeyError: there is none.
    """
    found = countries().find("code", code)
    if found is None:
        raise KeyError(code)
    return found


@cache
def home(locale: str) -> Record | None:
    """Return the country of a locale; of a language alone, the country where most speak it; None for none.

    Example:
        >>> [home(locale)[0] for locale in ("de_DE", "th", "fr_QC")]
        ['DE', 'TH', 'CA']
    """
    language, _, territory = locale.partition("_")
    found = countries().find("code", _TERRITORIES.get(territory, territory)) if territory else None
    if found is None:
        spoken = languages().find("code", language)
        found = countries().find("code", languages().of(spoken, "locale")[-2:]) if spoken else None
    return found


# Of Faker's locales, those that are no countries.
_TERRITORIES = {"QC": "CA", "AA": "EG"}
# Languages that are not written in Latin letters, as far as Faker has streets in them: in others, an address is in
# Latin letters altogether.
_OTHER_ALPHABETS = frozenset(
    (
        "ar",
        "bn",
        "el",
        "fa",
        "he",
        "hi",
        "hy",
        "ja",
        "ka",
        "ko",
        "mk",
        "mr",
        "ne",
        "ru",
        "ta",
        "th",
        "uk",
        "zh",
    )
)


def is_latin(locale: str) -> bool:
    """Whether a locale's language is written in Latin letters."""
    return locale.partition("_")[0] not in _OTHER_ALPHABETS


def is_at_home(locale: str, record: Record) -> bool:
    """Whether a country, or a row that begins with its code, is that of a locale."""
    own = home(locale)
    return own is not None and own[0] == record[0]


def spelling(locale: str, row: Record, name: str, native: str) -> str:
    """Return the name of a city or region as a locale writes it; empty where that is not known.

    Args:
        locale: such as ``ja_JP``, which writes the cities of its own country in its own alphabet.
        row: of :func:`cities` or :func:`regions`.
        name: in Latin letters.
        native: in the country's other alphabet, or empty.
    """
    if is_latin(locale) or not is_at_home(locale, row):
        return name
    return native


@cache
def cities_of(code: str) -> tuple[Record, ...]:
    """Return the cities of a country, the capital first, then the bigger before the smaller."""
    return cities().all("country", code)


@cache
def regions_of(code: str) -> tuple[Record, ...]:
    """Return the regions of a country."""
    return regions().all("country", code)


@cache
def _weights() -> tuple[int, ...]:
    at = countries().places["weight"]
    return tuple(accumulate(int(row[at]) for row in countries().rows))


def any_country(random: Random, locale: str, share: float = 0.5) -> Record:
    """Draw a country, bigger economies more often.

    Args:
        random: draws.
        locale: whose country is drawn before all.
        share: how often it is.
    """
    own = home(locale)
    if own is not None and random.random() < share:
        return own
    sums = _weights()
    return countries().rows[bisect(sums, random.random() * sums[-1])]


def one_of_the_first(random: Random, rows: tuple[Record, ...]) -> Record:
    """Draw a row, the first ones more often than the last ones."""
    return rows[int(len(rows) * random.random() ** 1.6)]


@cache
def phrases() -> Records:
    """Return texts of languages other than English, which are the package's own.

    The fields: ``language`` by its code of two letters; ``kind``, such as ``title``; ``texts``, separated by `` | ``.
    """
    return _read("phrases")


@cache
def words() -> Records:
    """Return words of enumerations in English, field ``en``, and in the languages by whose codes the others go."""
    return _read("words")
