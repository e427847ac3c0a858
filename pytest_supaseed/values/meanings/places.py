"""Address data: cities, regions, countries, postcodes, currencies, languages and time zones that agree in a row.

:data:`MEANINGS` are tried together: their texts agree within a row, as a country with its city. The other meanings
stand after them. :func:`whereabouts` finds the columns that tell where a row is, its own and those of referenced rows;
what the place itself is like, the :mod:`~pytest_supaseed.values.meanings.gazetteer` knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache

from pytest_supaseed.model.identifiers import spelt, subject_of
from pytest_supaseed.model.referenced import ReferencedTable
from pytest_supaseed.model.schema import Column
from pytest_supaseed.model.type_families import is_string
from pytest_supaseed.spec import DEFAULT_LOCALE
from pytest_supaseed.values.meanings import streets
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.gazetteer import (
    Record,
    Records,
    any_country,
    cities,
    cities_of,
    countries,
    currencies,
    home,
    languages,
    name_in,
    one_of_the_first,
    regions,
    regions_of,
    spelling,
    time_zones,
)
from pytest_supaseed.values.meanings.meaning import Ask, Derived, Meaning, Write, provided, text_columns

# How many addresses of the default locale are in its own country; those of other locales all are.
_AT_HOME = 0.7
LOCALES = ("en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pt_BR")
# Places of rows that are kept, by the values that tell them.
_REMEMBERED = 10_000
# What stands for a postcode where a country has none, in a column that must have one.
NO_POSTCODE = "00000"
# Letters that British and Canadian postcodes both use, and that no Dutch one leaves out.
_LETTERS = "ABEGHJLNPRTWXYZ"
_CITY = re.compile(r"_(city|town|municipality|locality|village)_(name_)?$")
_REGION = re.compile(
    r"_(state|region|province|county|territory)_(code_|abbr_|abbreviation_|name_|province_)?$"
)
_COUNTRY = re.compile(r"_(country|nation)_|_nationality_")
_NATIONALITY = re.compile(r"_nationality_|_demonym_")
_CODE = re.compile(r"_(code|iso|iso_2|iso_code|cc|abbr|abbreviation|alpha|short|iso_alpha)_")
_CURRENCY = re.compile(r"_currency_")
_LANGUAGE = re.compile(r"_(language|languages)_")
_NAME = r"^_(name|label|title|english_name|full_name|official_name|common_name|display_name|description)_$"
# For tables of these entities, by subject: patterns of column names, and the field that each column holds.
_OWN: Mapping[str, tuple[Callable[[], Records], tuple[tuple[str, str], ...]]] = {
    "country": (countries, (
        (_NAME, "name"), (r"^_(country|country_name|short_name)_$", "name"),
        (r"^_(iso_3|alpha_3|code_3|iso_alpha_3|country_code_3|iso_code_3)_$|^_(cca|iso_a)_3_$", "alpha3"),
        (r"numeric", "numeric"), (r"_(native|local|endonym)_", "local"), (r"_capital_", "capital"),
        (r"_continent_(code|iso)_", "continent_code"), (r"_continent_|^_(region|world_region)_(name_)?$", "continent"),
        (r"^_(flag|emoji|flag_emoji)_$", "flag"), (r"_tld_|_top_level_domain_", "tld"),
        (r"_(calling|dial|dialing|phone)_(code_|prefix_)?$", "calling"), (_NATIONALITY.pattern, "nationality"),
        (r"_currency_(code_|iso_)?$", "currency"), (r"_timezone_", "timezone"),
        (r"_(postcode|postal|zip)_(code_)?(regex|regexp|pattern|format)_", "postcode_pattern"),
        (r"_(code|iso|iso_2|iso_code|alpha_2|abbreviation|id|cca_2)_$", "code"),
    )),
    "currency": (currencies, (
        (r"_symbol_", "symbol"), (_NAME, "name"), (r"^_(currency|currency_name)_$", "name"), (r"numeric", "numeric"),
        (r"_(code|iso|iso_code|id|abbreviation|short_name|currency_code|alpha_3|iso_3)_$", "code"),
    )),
    "language": (languages, (
        (r"_(native|local|endonym)_", "local"), (r"_locale_|_culture_", "locale"),
        (r"_(iso_3|639_2|639_3|alpha_3)_$", "alpha3"), (_NAME, "name"), (r"^_(language|language_name)_$", "name"),
        (r"_(code|iso|iso_code|id|abbreviation|639|639_1|tag|iso_2|alpha_2)_$", "code"),
    )),
    "state": (regions, (
        (_NAME, "region"), (r"^_(state|state_name|province|province_name|region|region_name|county)_$", "region"),
        (r"_(code|abbreviation|abbr|id|short_name|iso|iso_code)_$", "region_code"),
    )),
    "city": (cities, ((_NAME, "city"), (r"^_(city|city_name|town)_$", "city"))),
    "timezone": (time_zones, (
        (r"_offset_", "offset"), (r"_(abbreviation|abbr|short_name)_$", "abbreviation"), (r"_country_", "country"),
        (_NAME, "timezone"),
        (r"^_(id|code|identifier|tzid|key|slug)_$|^_(iana|olson|zone|timezone)_(name_|id_)?$", "timezone"),
    )),
}  # fmt: skip
_SAME = {
    "province": "state", "region": "state", "county": "state", "subdivision": "state", "nation": "country",
    "town": "city", "locale": "language", "municipality": "city",
}  # fmt: skip
# The fields that tell which record it is: the others follow them.
_TELLING = frozenset(
    ("code", "alpha3", "numeric", "name", "flag", "region", "region_code", "city", "timezone")
)
_COMPILED = {
    thing: (records, tuple((re.compile(pattern), name) for pattern, name in rules))
    for thing, (records, rules) in _OWN.items()
}
# Entities whose language column holds the language's name instead of its code.
_PRINTED = frozenset(("book", "film", "movie", "song", "course"))
_HOMES = re.compile(r"^_(billing|ship|shipping|home|mailing|work|address|us|customer|bill|birth)_state_$")
_ADDRESS = re.compile(r"_(city|zip|postcode|postal|street|country|town)_")
# What stands after the role in the name of a column that belongs to an address: ``billing_`` of ``billing_zip``.
_PARTS = (
    _CITY,
    _REGION,
    re.compile(r"_(country|nation)_(code_|name_|iso_)?(2_|3_)?$|_nationality_$"),
    re.compile(
        r"_(zip|postcode|postal|timezone|latitude|lat|longitude|lng|lon|long|currency|locale|language|phone|mobile|fax"
        r"|landline|whatsapp)_(code_|symbol_|name_|number_)?$"
    ),
    re.compile(r"_(address_)?(street|line)_(address_|name_|only_|line_)?(1_|2_|3_)?$"),
)


def entity(context: Context) -> str:
    """Return the entity of :data:`_OWN` that the rows of a column's table are; empty for another one."""
    subject = _SAME.get(context.subject, context.subject)
    if "_timezone" in spelt(context.table.name.separated).replace("_time_zone", "_timezone"):
        subject = "timezone"
    return subject if subject in _COMPILED else ""


def has_address(context: Context) -> bool:
    """Whether a table has columns of an address."""
    return any(_ADDRESS.search(column.words) for column in context.table.columns)


def city_column(context: Context, columns: Iterable[str] | None = None) -> str | None:
    """Return the city column that a column belongs to, None without one: ``ship_city`` for ``ship_country``.

    Args:
        context: the column context.
        columns: the names to choose from; None for the earlier text columns.
    """
    names = [column.name for column in text_columns(context)] if columns is None else list(columns)
    found = [name for name in names if _CITY.search(spelt(name))]
    if entity(context) == "city":
        found += [name for name in names if spelt(name) == "_name_"]
    return next(iter(_of_address(context, found)), None)


def _prefix(words: str) -> str:
    for pattern in _PARTS:
        words = pattern.sub("_", words)
    return re.sub(r"_address_$", "_", words)


def _of_address(context: Context, names: list[str]) -> list[str]:
    """Those of the names that are of the column's own address, by what stands before them; else the only one."""
    # Where a person was born is no part of an address.
    names = [name for name in names if ("_birth" in spelt(name)) == ("_birth" in context.words)]
    own = _prefix(context.words)
    same = [name for name in names if _prefix(spelt(name)) == own]
    return same or (names if own == "_" or len(names) == 1 else [])


@dataclass(frozen=True)
class Where:
    """Where a row is, as far as that is known.

    Attributes:
        country: of the gazetteer's countries.
        region: of its regions.
        city: of its cities.
    """

    country: Record | None = None
    region: Record | None = None
    city: Record | None = None


_NOWHERE = Where()


@dataclass(frozen=True)
class Whereabouts:
    """The columns that tell where a row is: its own, and those of rows that it references.

    Attributes:
        locale: of the rows: of regions with the same name its own country's is meant.
        references: names under which the row has columns of referenced countries, each with its field.
        countries: its own columns of the country, each with its field.
        regions: its columns of the region, and those of a referenced one.
        cities: its column of the city, and those of a referenced one.
    """

    locale: str
    references: tuple[tuple[str, str], ...] = ()
    countries: tuple[tuple[str, str], ...] = ()
    regions: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    _known: dict[tuple[object, ...], Where] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def uses(self) -> tuple[str, ...]:
        """The names of the columns."""
        named = (name for name, _ in (*self.references, *self.countries))
        return tuple(dict.fromkeys((*named, *self.regions, *self.cities)))

    def of(self, row: Mapping[str, object]) -> Where:
        """Return where a row is: by its references, then by its city, its country and its region."""
        if not self.uses:
            return _NOWHERE
        if not self.references:
            # Nearly every row is told by its city alone.
            for name in self.cities:
                found = _in_city(row.get(name))
                if found is not None:
                    return found
        values = tuple(map(row.get, self.uses))
        known = self._known.get(values)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[values] = self._of(row)
        return known

    def _of(self, row: Mapping[str, object]) -> Where:
        fixed = _country_in(self.references, row)
        city = next(filter(None, (_city(row.get(name), fixed) for name in self.cities)), None)
        country = fixed
        if country is None and city is not None:
            country = countries().find("code", city[0])
        if country is None:
            country = _country_in(self.countries, row)
        region = None
        if city is not None:
            region = _region_of(city)
        if region is None:
            named = (_region(row.get(name), country, self.locale) for name in self.regions)
            region = next(filter(None, named), None)
        if country is None and region is not None:
            country = countries().find("code", region[0])
        return Where(country, region, city)


@lru_cache(maxsize=8192)
def _in_city(value: object) -> Where | None:
    """Where a row is whose city is called so; None for a city that is not known."""
    city = _city(value, None)
    return None if city is None else Where(countries().find("code", city[0]), _region_of(city), city)


def _country_in(columns: Iterable[tuple[str, str]], row: Mapping[str, object]) -> Record | None:
    for name, key in columns:
        value = row.get(name)
        if isinstance(value, str):
            found = _country_called(key, value)
            if found is not None:
                return found
    return None


def _country_called(key: str, value: str) -> Record | None:
    text = value.strip()
    if key == "name" and len(text) in (2, 3):
        key = "code" if len(text) == 2 else "alpha3"
    found = countries().find(key, text)
    return found or (_by_local_names().get(text.casefold()) if key == "name" else None)


@cache
def _by_local_names() -> dict[str, Record]:
    """The countries by their names in their own languages."""
    at = countries().places["local"]
    return {row[at].casefold(): row for row in reversed(countries().rows)}


def _city(value: object, country: Record | None) -> Record | None:
    if not isinstance(value, str):
        return None
    found = (*cities().all("city", value), *cities().all("native", value)) if value else ()
    return next((city for city in found if country is None or city[0] == country[0]), None)


def _region_of(city: Record) -> Record | None:
    """The region that a city is in."""
    code = cities().of(city, "region_code")
    return next((region for region in regions_of(city[0]) if region[1] == code), None) if code else None


def _region(value: object, country: Record | None, locale: str) -> Record | None:
    """The region of a name or code: of a country, else of that of the locale, else of any that has only one such."""
    if not isinstance(value, str) or not value:
        return None
    named = (*regions().all("region", value), *regions().all("native", value))
    found = named or regions().all("region_code", value)
    own = country if country is not None else home(locale)
    near = next((region for region in found if own is not None and region[0] == own[0]), None)
    if near is not None or country is not None:
        return near
    return named[0] if named else None


def _country_columns(context: Context) -> Iterator[tuple[str, str]]:
    """The row's own columns of a country, as earlier ones, with the field that each holds."""
    if entity(context) == "country":
        for column in text_columns(context):
            found = _own_field(context, column.words, column.type.length)
            if found is not None and found in ("code", "alpha3", "name"):
                yield column.name, found
        return
    named = {
        column.name: column
        for column in text_columns(context)
        if _COUNTRY.search(column.words) and not _NATIONALITY.search(column.words)
    }
    for name in _of_address(context, list(named)):
        yield name, _country_field(spelt(name), named[name].type.length)


def whereabouts(context: Context) -> Whereabouts:
    """Return what tells where the row of a column is, of the columns that are made before it."""
    texts = text_columns(context)
    own = entity(context)
    named = [column for column in texts if _REGION.search(column.words) and _may_be_region(context, column)]
    if own == "state":
        named += [c for c in texts if c not in named and _own_field(context, c.words, c.type.length)]
    city = city_column(context)
    references, of_regions, of_cities = _told_by_references(context.parents)
    return Whereabouts(
        context.locale,
        references,
        tuple(_country_columns(context)),
        (*_of_address(context, [column.name for column in named]), *of_regions),
        (*((city,) if city is not None else ()), *of_cities),
    )


def _may_be_region(context: Context, column: Column) -> bool:
    words = column.words
    return not words.endswith("_state_") or _HOMES.search(words) is not None or has_address(context)


def _told_by_references(
    parents: Iterable[ReferencedTable],
) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...], tuple[str, ...]]:
    """What referenced countries, regions and cities tell, such as ``addresses.country_code``, under the row's names."""
    told: dict[str, list[tuple[str, str]]] = {"country": [], "state": [], "city": []}
    for parent in parents:
        subject = subject_of(parent.table.name.separated)
        subject = _SAME.get(subject, subject)
        if parent.itself or subject not in told:
            continue
        wanted = {"country": ("code", "alpha3", "name"), "state": ("region",), "city": ("city",)}[subject]
        fields = {}
        for column in parent.table.columns:
            found = _field(subject, column.words, column.type.length)
            if found in wanted and is_string(column.type):
                fields[column.name] = found
        key = parent.foreign_key
        of_key = {} if parent.via else dict(zip(key.referenced_columns, key.columns, strict=True))
        own_columns = [(of_key[name], named) for name, named in fields.items() if name in of_key]
        told[subject] += own_columns or [(parent.column(name).name, named) for name, named in fields.items()]
    return tuple(told["country"]), *(tuple(name for name, _ in told[kind]) for kind in ("state", "city"))  # type: ignore[return-value]


def _own_field(context: Context, words: str, length: int | None) -> str | None:
    return _field(entity(context), words, length)


def _field(subject: str, words: str, length: int | None) -> str | None:
    records, rules = _COMPILED.get(subject, (None, ()))
    if records is None:
        return None
    name = next((name for pattern, name in rules if pattern.search(words)), None)
    if name == "code" and length == 3 and subject in ("country", "language"):
        return "alpha3"
    if name == "continent" and length == 2:
        return "continent_code"
    return name


def drawn_postcode(template: str, ask: Ask) -> str:
    """A postcode: a digit for each ``#`` of a template, a letter for each ``@``."""
    alphabets = {"#": "0123456789", "@": _LETTERS}
    return "".join(ask.pick(alphabets[sign]) if sign in alphabets else sign for sign in template)


def city_of(ask: Ask, where: Where = _NOWHERE) -> Record | None:
    """Draw a city where a row is, the bigger ones more often; anywhere, where that is not known.

    In the default locale that is in the United States and sometimes abroad, in others within their own country; None
    where no city is known there, or none whose name the locale can write.
    """
    random, locale = ask.faker.random, ask.context.locale
    if where.city is not None:
        return where.city
    country = where.country
    if country is None:
        country = any_country(random, locale, _AT_HOME) if locale == DEFAULT_LOCALE else home(locale)
    found = _writable(locale, country[0]) if country is not None else ()
    if where.region is not None:
        code = where.region[1]
        found = tuple(city for city in found if cities().of(city, "region_code") == code)
    if not found and where.country is None and locale == DEFAULT_LOCALE:
        found = _writable(locale, "US")
    return one_of_the_first(random, found) if found else None


def any_city(ask: Ask) -> Record:
    """Draw a city of the locale's country, in an English one sometimes of another."""
    found = city_of(ask)
    if found is None:
        own = home(ask.context.locale)
        found = next(iter(cities_of(own[0]) if own is not None else ()), None)
    return found or cities().rows[0]


@cache
def _writable(locale: str, code: str) -> tuple[Record, ...]:
    """The cities of a country whose names a locale can write."""
    return tuple(city for city in cities_of(code) if city_name(locale, city))


def city_name(locale: str, city: Record) -> str:
    """Return what a locale calls a city: in the alphabet of its country that of the locale; empty where not known."""
    return spelling(locale, city, cities().of(city, "city"), cities().of(city, "native"))


def _region_name(locale: str, region: Record) -> str:
    return spelling(locale, region, *region[2:4])


def region_at(ask: Ask, where: Where) -> Record | None:
    """Draw the region where a row is: of its country, else of the locale's; None where none is known."""
    if where.region is not None or where.city is not None:
        return where.region
    country = where.country or home(ask.context.locale)
    if country is None:
        return None
    found = [region for region in regions_of(country[0]) if _region_name(ask.context.locale, region)]
    settled = {cities().of(city, "region_code") for city in cities_of(country[0])}
    found = [region for region in found if region[1] in settled] or found
    return ask.pick(found) if found else None


def _place(context: Context, name: str) -> Derived:
    """Writer of a part of an address, and the columns that it follows."""
    told = whereabouts(context)
    locale = context.locale

    def city(ask: Ask) -> str:
        where = told.of(ask.row)
        found = city_of(ask, where)
        if found is not None:
            return city_name(locale, found)
        if where.region is not None and _region_name(locale, where.region):
            return _region_name(locale, where.region)
        if where.country is not None:
            return countries().of(where.country, "capital") or name_in(locale, "countries", where.country)
        return provided(ask, "city")

    def region(ask: Ask) -> str:
        where = told.of(ask.row)
        found = region_at(ask, where)
        if found is None:
            if where.country is None:
                return provided(ask, "state", "administrative_unit", "city")
            # A country without regions, such as Singapore, has the name of its only city there.
            own = where.city or next(iter(cities_of(where.country[0])), None)
            return city_name(locale, own) if own is not None else name_in(locale, "countries", where.country)
        text = _region_name(locale, found)
        if not text:
            # A city is known by its name in an alphabet in which its region is not.
            return (
                city_name(locale, where.city)
                if where.city
                else provided(ask, "state", "administrative_unit", "city")
            )
        return found[1] if ask.most is not None and len(text) > ask.most else text

    def region_code(ask: Ask) -> str:
        where = told.of(ask.row)
        found = region_at(ask, where)
        code = (where.country or home(locale) or countries().rows[0])[0] if found is None else found[1]
        return code[: ask.most]

    def postcode(ask: Ask) -> str:
        where = told.of(ask.row)
        if where is _NOWHERE or (where.country is None and where.city is None):
            country = home(locale)
            if country is None or not countries().of(country, "zip"):
                return provided(ask, "postcode")
            where = Where(country)
        found = where.city
        if found is None and where.region is not None:
            found = city_of(ask, where)
        template = cities().of(found, "zip") if found is not None else ""
        if not template and where.country is not None:
            template = countries().of(where.country, "zip")
        return drawn_postcode(template or NO_POSTCODE, ask)

    def timezone(ask: Ask) -> str:
        where = told.of(ask.row)
        found = city_of(ask, where) if where.city or where.region or where.country is None else None
        if found is not None:
            return cities().of(found, "timezone")
        country = where.country or any_country(ask.faker.random, locale)
        return countries().of(country, "timezone")

    writers: dict[str, Write] = {
        "city": city, "region": region, "region_code": region_code, "zip": postcode, "timezone": timezone,
    }  # fmt: skip
    return writers[name], told.uses


def _country_field(words: str, length: int | None) -> str:
    if length is not None and length <= 3:
        return "code" if length < 3 else "alpha3"
    if "_nationality_" in words:
        return "code" if _CODE.search(words) else "nationality"
    if _CODE.search(words):
        return "alpha3" if "_3_" in words else "code"
    return "name"


def _country(context: Context, name: str) -> Derived:
    told = whereabouts(context)
    addressed = has_address(context) and entity(context) != "country"

    def write(ask: Ask) -> str:
        found = told.of(ask.row).country
        if found is None:
            found = home(context.locale) if addressed and not ask.english else None
            found = found or any_country(ask.faker.random, context.locale, _AT_HOME if addressed else 0.5)
        return _shown(ask, found, name)

    return write, told.uses


def _shown(ask: Ask, country: Record, name: str) -> str:
    """A field of a country, its name in the locale."""
    if name == "name" or (name == "nationality" and not ask.english):
        text = name_in(ask.context.locale, "countries", country)
        return ask.first_that_fits(text, country[1], country[0])
    text = countries().of(country, name)
    return text or (countries().of(country, "name") if name == "capital" else text)


def _is_short(context: Context) -> bool:
    return (context.column.type.length or 99) <= 3


def _own(context: Context) -> Derived:
    """Writer of a field of a table of countries, currencies, languages, regions, cities or time zones."""
    subject = entity(context)
    name = _own_field(context, context.words, context.column.type.length)
    assert name is not None  # noqa: S101 for the type checker: _is_own comes first
    if subject == "city":
        return _place(context, name)
    if subject == "state":
        return _place(context, name)
    records = _COMPILED[subject][0]
    columns: list[tuple[str, str]] = []
    for column in text_columns(context):
        other = _own_field(context, column.words, column.type.length)
        if other is not None and _tells(subject, other):
            columns.append((column.name, other))
    referenced = whereabouts(context).references if subject != "country" else ()

    def write(ask: Ask) -> str:
        known = records()
        for column, key in columns:
            value = ask.row.get(column)
            if not isinstance(value, str):
                continue
            found = known.find(key, value) if key != "name" else _named(ask, subject, value)
            if found is not None:
                return _shown_own(ask, subject, found, name)
        country = _country_in(referenced, ask.row)
        if country is not None and subject == "currency":
            found = known.find("code", countries().of(country, "currency"))
        elif country is not None and subject == "timezone":
            found = known.find("timezone", countries().of(country, "timezone"))
        elif country is not None:
            found = known.find("code", countries().of(country, "languages").partition(",")[0])
        else:
            found = None
        return _shown_own(ask, subject, found or one_of_the_first(ask.faker.random, known.rows), name)

    return write, (*(column for column, _ in columns), *(column for column, _ in referenced))


def _tells(subject: str, name: str | None) -> bool:
    """Whether a field of a record tells which one it is: the time zone of a country does not."""
    return name in _TELLING and (name != "timezone" or subject == "timezone")


def _shown_own(ask: Ask, subject: str, row: Record, name: str) -> str:
    if subject == "country":
        return _shown(ask, row, name)
    if subject == "language" and name == "name":
        return name_in(ask.context.locale, "languages", row)
    return _COMPILED[subject][0]().of(row, name)


def _named(ask: Ask, subject: str, text: str) -> Record | None:
    """The country, currency or language that a locale calls so."""
    if subject == "currency":
        return currencies().find("name", text)
    return _names_in(ask.context.locale, "countries" if subject == "country" else "languages").get(
        text.casefold()
    )


@cache
def _names_in(locale: str, kind: str) -> dict[str, Record]:
    rows = (countries() if kind == "countries" else languages()).rows
    return {name_in(locale, kind, row).casefold(): row for row in reversed(rows)}


def _is_own(context: Context) -> bool:
    return _own_field(context, context.words, context.column.type.length) is not None


def ranked(context: Context) -> tuple[str, ...]:
    """Return all values of the first column of a table of countries and the like, those of a few rows first.

    Returns:
        None for a column that follows another one of its row.
    """
    subject, name = entity(context), _own_field(context, context.words, context.column.type.length)
    if name is None or not _tells(subject, name):
        return ()
    others = (_own_field(context, column.words, column.type.length) for column in text_columns(context))
    if any(_tells(subject, other) for other in others):
        return ()
    locale = context.locale
    ask = Ask(context, None, {})
    own = home(locale)
    if subject in ("state", "city"):
        rows: Iterable[Record] = regions().rows if subject == "state" else cities().rows
        ordered = sorted(rows, key=lambda row: 0 if own is not None and row[0] == own[0] else 1)
        if subject == "city":
            shown = (city_name(locale, row) for row in ordered)
        elif name == "region_code":
            shown = (row[1] for row in ordered if own is not None and row[0] == own[0])
        else:
            shown = (_region_name(locale, row) for row in ordered)
    else:
        known = _COMPILED[subject][0]()
        ordered = list(known.rows)
        if subject == "currency":
            codes = dict.fromkeys(
                countries().of(row, "currency") for row in (*((own,) if own else ()), *countries().rows)
            )
            ordered = [row for code in codes for row in known.all("code", code)]
        elif own is not None:
            first = {
                "country": own[0],
                "language": locale.partition("_")[0],
                "timezone": countries().of(own, "timezone"),
            }
            ordered.sort(key=lambda row: row[0] != first[subject])
        shown = (_shown_own(ask, subject, row, name) for row in ordered)
    seen: dict[str, str] = {}
    for text in shown:
        if text:
            seen.setdefault(text.casefold(), text)
    return tuple(seen.values())


def _iso_code(context: Context) -> Derived:
    long = "_3_" in context.words or context.column.type.length == 3
    return _country(context, "alpha3" if long else "code")


def _is_region(context: Context) -> bool:
    if entity(context) == "country" and context.words == "_region_":
        return False
    return _may_be_region(context, context.column)


def _region_part(context: Context) -> Derived:
    words = context.words
    # A column that is called just a state has a name of its own only if it is short.
    coded = _CODE.search(words) and (not words.endswith("_state_") or _HOMES.search(words) is not None)
    return _place(context, "region_code" if coded or _is_short(context) else "region")


def _currency(context: Context) -> Derived:
    words = context.words
    wanted = "name" if "_name_" in words else "symbol" if "_symbol_" in words else "code"
    told = whereabouts(context)
    others = tuple(
        column.name
        for column in text_columns(context)
        if _CURRENCY.search(column.words) and _prefix(column.words) == _prefix(words)
    )

    def write(ask: Ask) -> str:
        for other in others:
            value = ask.row.get(other)
            known = (
                currencies().find(key, value) for key in ("code", "name", "symbol") if isinstance(value, str)
            )
            found = next(filter(None, known), None)
            if found is not None:
                return currencies().of(found, wanted)
        country = told.of(ask.row).country or any_country(ask.faker.random, context.locale)
        code = countries().of(country, "currency")
        found = currencies().find("code", code)
        return code if found is None else currencies().of(found, wanted)

    return write, (*others, *told.uses)


def _language(context: Context) -> Derived:
    words = context.words
    long = "_name_" in words or (
        context.subject in _PRINTED and not _CODE.search(words) and not _is_short(context)
    )
    told = whereabouts(context)

    def write(ask: Ask) -> str:
        country = told.of(ask.row).country or any_country(ask.faker.random, context.locale)
        found = languages().find("code", countries().of(country, "languages").partition(",")[0])
        row = found or languages().rows[0]
        return name_in(context.locale, "languages", row) if long else row[0]

    return write, told.uses


def _locale(context: Context) -> Derived:
    told = whereabouts(context)

    def write(ask: Ask) -> str:
        country = told.of(ask.row).country
        if country is None:
            return str(ask.pick(LOCALES))
        return f"{countries().of(country, 'languages').partition(',')[0]}_{country[0]}"

    return write, told.uses


def _at(write: Callable[[Ask, Record | None], str]) -> Callable[[Context], Derived]:
    """Return what derives a text from the country of the row."""

    def derive(context: Context) -> Derived:
        told = whereabouts(context)
        return lambda ask: write(ask, told.of(ask.row).country), told.uses

    return derive


MEANINGS = (
    Meaning(
        "field of a country, currency, language, region, city or time zone",
        "",
        derive=_own,
        where=_is_own,
        ranked=ranked,
        stages={
            1: r"_(code|label)_$",
            2: r"_(flag|emoji)_",
            3: r"_(capital|continent|nationality|tld|local|native|alpha|iso|calling|dial|dialing)_"
            r"|_(utc|gmt)_offset_|^_(offset|abbreviation|abbr)_$",
        },
    ),
    Meaning(
        "country",
        _COUNTRY.pattern,
        derive=lambda context: _country(context, _country_field(context.words, context.column.type.length)),
        stages={2: r"_country_"},
        essential="country",
    ),
    Meaning(
        "ISO code of a country",
        r"^_iso_(code_|2_|3_)?$",
        derive=_iso_code,
        where=lambda context: not entity(context),
    ),
    Meaning("city", _CITY.pattern, derive=lambda context: _place(context, "city"), essential="city"),
    Meaning(
        "region",
        _REGION.pattern,
        derive=_region_part,
        where=_is_region,
        stages={1: r"_(state|region|province|county|state_code)_"},
    ),
    Meaning(
        "postcode",
        r"_(zip|postcode|postal)_",
        derive=lambda context: _place(context, "zip"),
        stages={3: r"_(zip|postcode)_"},
    ),
    Meaning(
        "time zone",
        r"_timezone_$",
        derive=lambda context: _place(context, "timezone"),
        stages={3: r"_timezone_"},
    ),
    Meaning(
        "currency",
        _CURRENCY.pattern,
        derive=_currency,
        stages={3: r"_(currency|symbol)_"},
        essential="currency",
    ),
    Meaning("language", _LANGUAGE.pattern, derive=_language, stages={3: _LANGUAGE.pattern}),
)


def is_place(context: Context) -> bool:
    """Whether one of :data:`MEANINGS` is a column's."""
    return any(found.pattern.search(context.words) and found.suits(context) for found in MEANINGS)


_HOUSE_NUMBER = r"_(street|house|building)_(number|no)_|^_house_$"


def _street(context: Context) -> Derived:
    """A street with its number, unless another column has that."""
    apart = context.words.endswith("_street_") and any(
        re.search(_HOUSE_NUMBER, column.words) for column in context.table.columns
    )
    return _at(streets.street_name if apart else streets.street)(context)


HOUSES = (
    Meaning(
        "house number",
        _HOUSE_NUMBER,
        lambda ask: str(ask.faker.random.randint(1, 180)),
    ),
    Meaning("post office box", r"_po_box_", lambda ask: f"PO Box {ask.faker.random.randint(10, 9999)}"),
)
STREETS_AND_LOCALES = (
    Meaning("locale", r"_locale_|_culture_", derive=_locale, stages={3: r"_locale_"}),
    Meaning(
        "second line of an address",
        r"_(line|address|street)_?2_|_(apartment|unit_number|suite)_",
        derive=_at(streets.second_line),
        stages={3: r"_(line|address|street)_?2_|_(apartment|suite)_"},
    ),
    Meaning(
        "street name",
        r"_(street_name|street_only)_",
        derive=_at(streets.street_name),
        stages={3: r"_street_"},
    ),
    Meaning(
        "street",
        r"_(street|address)_|_line_1_",
        derive=_street,
        essential="line_1|street",
        stages={3: r"_(street|address)_$|_(street|line|address)_1_|_street_address_"},
    ),
)
