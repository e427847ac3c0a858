"""Texts that say where something is, and that fit one another: the city, its region, its country."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pytest_supaseed.values.addresses import postcode
from pytest_supaseed.values.context import Context
from pytest_supaseed.values.geography import COUNTRIES, CURRENCIES, LANGUAGES, PLACES, Records
from pytest_supaseed.values.words import spelt
from pytest_supaseed.values.writers import Ask, Write, provided, text_columns

_CITY = re.compile(r"_(city|town|municipality|locality|village)_(name_)?$")
_REGION = re.compile(
    r"_(state|region|province|county|territory)_(code_|abbr_|abbreviation_|name_|province_)?$"
)
_COUNTRY = re.compile(r"_(country|nation)_|_nationality_")
_CODE = re.compile(r"_(code|iso|iso_2|iso_code|cc|abbr|abbreviation|alpha|short|iso_alpha)_")
_CURRENCY = re.compile(r"_currency_")
_LANGUAGE = re.compile(r"_(language|languages)_")
# By the subject of a table: what its own columns are called there.
_OWN = {
    "country": (COUNTRIES, (
        (r"^_(name|label|title|country|country_name|english_name|full_name|official_name)_$", "name"),
        (r"^_(iso_3|alpha_3|code_3|iso_alpha_3|country_code_3|iso_code_3)_$|^_(cca|iso_a)_3_$", "alpha3"),
        (r"numeric", "numeric"), (r"_(native|local)_", "local"), (r"_capital_", "capital"),
        (r"_continent_", "continent"), (r"^_(flag|emoji|flag_emoji)_$", "flag"),
        (r"_(calling|dial|dialing|phone)_(code_|prefix_)?$", "calling"), (r"_nationality_|_demonym_", "nationality"),
        (r"_currency_(code_)?$", "currency"),
        (r"_(code|iso|iso_2|iso_code|alpha_2|abbreviation|short_name|id|cca_2)_$", "code"),
    )),
    "currency": (CURRENCIES, (
        (r"_symbol_", "symbol"), (r"^_(name|label|title|currency|currency_name|description)_$", "name"),
        (r"_(code|iso|iso_code|id|abbreviation|short_name|currency_code)_$", "code"),
    )),
    "language": (LANGUAGES, (
        (r"_(native|local)_", "local"), (r"_locale_|_culture_", "locale"), (r"_(iso_3|639_2|alpha_3)_$", "alpha3"),
        (r"^_(name|label|title|language|language_name|english_name)_$", "name"),
        (r"_(code|iso|iso_code|id|abbreviation|639|639_1|tag)_$", "code"),
    )),
    "state": (PLACES, (
        (r"^_(name|label|title|state|state_name)_$", "region"),
        (r"_(code|abbreviation|abbr|id|short_name)_$", "region_code"),
        (r"_country_", "country"),
    )),
    "city": (PLACES, ((r"^_(name|label|title|city|city_name)_$", "city"), (r"_timezone_", "timezone"))),
}  # fmt: skip
_OWN.update(dict.fromkeys(("province", "region", "county"), _OWN["state"]))
_OWN.update({"nation": _OWN["country"], "town": _OWN["city"], "locale": _OWN["language"]})
_COMPILED = {
    thing: (records, tuple((re.compile(pattern), name) for pattern, name in rules))
    for thing, (records, rules) in _OWN.items()
}


def place_writer(context: Context) -> tuple[Write, tuple[str, ...]] | None:
    """Return what writes where something is, and the columns that it fits its text to.

    Args:
        context: the column.

    Returns:
        None where a column says something else.
    """
    found = _own_field(context, context.words, context.column.type.length)
    if found is not None:
        return _of_records(context, *found)
    words, short = context.words, (context.column.type.length or 99) <= 3
    if _COUNTRY.search(words):
        return _country(context, _country_field(words, context.column.type.length))
    if words.strip("_") in ("iso_code", "iso", "iso_2", "iso_3") and context.subject not in _COMPILED:
        return _country(context, "alpha3" if "_3_" in words or context.column.type.length == 3 else "code")
    if _CITY.search(words):
        return _place(context, "city")
    if context.subject == "country" and words in ("_region_", "_subregion_"):
        return None
    if _REGION.search(words) and (not words.endswith("_state_") or _HOMES.search(words)):
        return _place(context, "region_code" if _CODE.search(words) or short else "region")
    if words.endswith("_state_") and has_address(context):
        return _place(context, "region_code" if short else "region")
    if re.search(r"_(zip|postcode|postal)_", words):
        return _place(context, "zip")
    if words.endswith("_timezone_"):
        return _place(context, "timezone")
    if _CURRENCY.search(words):
        return _of_records(
            context, CURRENCIES, "name" if "_name_" in words else "symbol" if "_symbol_" in words else "code"
        )
    if _LANGUAGE.search(words):
        long = re.search(r"_name_", words) or (
            context.subject in _PRINTED and not _CODE.search(words) and not short
        )
        return _of_records(context, LANGUAGES, "name" if long else "code")
    return None


# Where the language of something is printed, and not its code.
_PRINTED = frozenset(("book", "film", "movie", "song", "course"))
_HOMES = re.compile(r"^_(billing|ship|shipping|home|mailing|work|address|us|customer|bill|birth)_state_$")


def has_address(context: Context) -> bool:
    """Whether a table has columns that say where something is."""
    words = [spelt(column.name) for column in context.table.columns]
    return any(re.search(r"_(city|zip|postcode|postal|street|country|town)_", word) for word in words)


def city_column(context: Context, columns: Iterable[str] | None = None) -> str | None:
    """Return the column with the city that a column belongs to: ``ship_city`` for ``ship_country``."""
    names = [column.name for column in text_columns(context)] if columns is None else list(columns)
    prefix = _prefix(context.words)
    cities = [name for name in names if _CITY.search(spelt(name))]
    if context.subject == "city":
        cities += [name for name in names if spelt(name) == "_name_"]
    same = [name for name in cities if _CITY.sub("_", spelt(name)) == prefix]
    return next(iter(same or (cities if prefix == "_" or len(cities) == 1 else ())), None)


def place_of(city: object) -> tuple[str, ...] | None:
    """Return the place of that city, None where it is not known."""
    return PLACES.find("city", city) if isinstance(city, str) else None


def places_of(locale: str) -> tuple[tuple[str, ...], ...]:
    """Return the places of a locale: those of its territory; for American English, two of three."""
    own = tuple(row for row in PLACES.rows if PLACES.of(row, "country") == locale[-2:])
    if locale == "en_US":
        # Whose name is written with Latin letters.
        foreign = tuple(row for row in PLACES.rows if row not in own and row[0].isascii())
        return (*own, *foreign)
    return own


def _regions(locale: str) -> tuple[tuple[str, ...], ...]:
    """Return the places whose regions are those of the locale's own territory."""
    return tuple(row for row in places_of(locale) if PLACES.of(row, "country") == locale[-2:])


def _prefix(words: str) -> str:
    for pattern in (_CITY, _REGION, re.compile(r"_(country|nation)_(code_|name_|iso_)?$|_nationality_$")):
        words = pattern.sub("_", words)
    return re.sub(r"_(zip|postcode|postal|timezone|latitude|lat|longitude|lng|lon|long)_$", "_", words)


def _own_field(context: Context, words: str, length: int | None) -> tuple[Records, str] | None:
    records, rules = _COMPILED.get(context.subject, (None, ()))
    if records is None:
        return None
    name = next((name for pattern, name in rules if pattern.search(words)), None)
    if name is None:
        return None
    return records, "alpha3" if name == "code" and length == 3 and "alpha3" in records.fields else name


def _of_records(context: Context, records: Records, name: str) -> tuple[Write, tuple[str, ...]]:
    """Write a field of a thing: of the one that an earlier column tells, or of any."""
    columns: list[tuple[str, str]] = []
    if context.subject in _COMPILED and _COMPILED[context.subject][0] is records:
        for column in text_columns(context):
            other = _own_field(context, spelt(column.name), column.type.length)
            if other is not None:
                columns.append((column.name, other[1]))
    rows = records.rows
    if records is PLACES:
        rows = _regions(context.locale) if name.startswith("region") else places_of(context.locale)

    def write(ask: Ask) -> str:
        for column, field in columns:
            value = ask.row.get(column)
            found = records.find(field, value) if isinstance(value, str) else None
            if found is not None:
                return records.of(found, name)
        if not rows:
            return provided(ask, "city" if name == "city" else "state", "administrative_unit", "city")
        return records.of(ask.pick(rows), name)

    return write, tuple(column for column, _ in columns)


def _place(context: Context, name: str) -> tuple[Write, tuple[str, ...]]:
    city = city_column(context)
    region = next(
        (
            c.name
            for c in text_columns(context)
            if name in ("region", "region_code") and _REGION.search(spelt(c.name))
        ),
        None,
    )
    used = tuple(column for column in (city, region) if column is not None)
    rows = places_of(context.locale)

    def write(ask: Ask) -> str:
        found = place_of(ask.row.get(city)) if city is not None else None
        if found is None and region is not None:
            value = str(ask.row.get(region))
            found = PLACES.find("region", value) or PLACES.find("region_code", value)
        if found is None and name == "zip":
            return postcode(ask)
        if found is None and not rows:
            if name == "timezone":
                return str(ask.pick(PLACES.rows)[PLACES.fields.index(name)])
            return provided(ask, *(("city",) if name == "city" else ("state", "administrative_unit", "city")))
        if found is None and name.startswith("region"):
            found = ask.pick(_regions(context.locale))
        found = found or ask.pick(rows)
        text = PLACES.of(found, name)
        if name == "region" and ask.most is not None and len(text) > ask.most:
            return PLACES.of(found, "region_code")
        return _drawn(text, ask) if name == "zip" else text

    return write, used


def _drawn(template: str, ask: Ask) -> str:
    """A postcode: a digit for each ``#`` of a template, a letter for each ``@``."""
    alphabets = {"#": "0123456789", "@": "ABDEFGHJLNPQRSTUWXYZ"}
    return "".join(ask.pick(alphabets[sign]) if sign in alphabets else sign for sign in template)


def _country_field(words: str, length: int | None) -> str:
    if "_nationality_" in words:
        return "nationality"
    if length is not None and length <= 3:
        return "code" if length < 3 else "alpha3"
    if _CODE.search(words):
        return "alpha3" if "_3_" in words else "code"
    return "name"


def _country(context: Context, name: str) -> tuple[Write, tuple[str, ...]]:
    city = city_column(context)
    others = tuple(
        c.name for c in text_columns(context) if re.search(r"_country_(name_)?(code_)?$", spelt(c.name))
    )
    home = COUNTRIES.find("code", context.locale[-2:]) if not context.locale.startswith("en") else None
    addressed = has_address(context) and context.subject != "country"

    def write(ask: Ask) -> str:
        place = place_of(ask.row.get(city)) if city is not None else None
        found = COUNTRIES.find("code", PLACES.of(place, "country")) if place is not None else None
        for other in others if found is None else ():
            value = str(ask.row.get(other))
            found = (
                found
                or COUNTRIES.find("name", value)
                or COUNTRIES.find("local", value)
                or COUNTRIES.find("code", value)
            )
        if found is None and home is not None and addressed:
            found = home
        if found is None:
            found = ask.pick(COUNTRIES.rows)
        return COUNTRIES.of(found, "local" if name == "name" and home is not None and found == home else name)

    return write, (*((city,) if city is not None else ()), *others)
