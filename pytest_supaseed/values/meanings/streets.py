"""Streets, house numbers and second lines of addresses, as the country of a row writes them: :func:`street`.

English streets are made of the lists of :mod:`~pytest_supaseed.values.meanings.people`. Others are Faker's, of the
locale that the country's language has: where it has none, or writes in another alphabet than the rest of the row, the
street is an English one, as letters from abroad are addressed.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import Any

from pytest_supaseed.values.meanings.gazetteer import Record, countries, home, is_latin
from pytest_supaseed.values.meanings.local_words import has_provider
from pytest_supaseed.values.meanings.meaning import Ask, provided
from pytest_supaseed.values.meanings.people import STREET_ENDS, STREETS

# Faker's locales with streets in Latin letters: of a country, and else of a language.
_OF_COUNTRIES = {
    "AR": "es_AR", "AT": "de_AT", "AZ": "az_AZ", "BE": "nl_BE", "BR": "pt_BR", "CH": "de_CH", "CL": "es_CL",
    "CO": "es_CO", "CZ": "cs_CZ", "DE": "de_DE", "DK": "da_DK", "ES": "es_ES", "FI": "fi_FI", "FR": "fr_FR",
    "HR": "hr_HR", "HU": "hu_HU", "ID": "id_ID", "IT": "it_IT", "MX": "es_MX", "NL": "nl_NL", "NO": "no_NO",
    "PL": "pl_PL", "PT": "pt_PT", "RO": "ro_RO", "SE": "sv_SE", "SI": "sl_SI", "SK": "sk_SK", "VN": "vi_VN",
}  # fmt: skip
_OF_LANGUAGES = {"de": "de_DE", "es": "es_MX", "fr": "fr_FR", "it": "it_IT", "nl": "nl_NL", "pt": "pt_PT"}
# Where the house number is high, and stands before the street.
_LONG_STREETS = frozenset(("US", "CA"))
# A house number, or the words for none; French streets, which stand after it.
_NUMBERED = re.compile(r"\d|\bS/N\b", re.IGNORECASE)
_NUMBER_FIRST = re.compile(r"(rue|avenue|boulevard|chemin|place|impasse|quai|route|allée)\b", re.IGNORECASE)
# How a flat is numbered, with its digits for #.
_FLATS = {
    "cs": "byt #", "da": "#. th.", "de": "Whg. #", "es": "Piso #", "fi": "as. #", "fr": "Appt. #", "hu": "#. ajtó",
    "it": "Interno #", "ja": "#号室", "ko": "#호", "nl": "App. #", "no": "Leil. #", "pl": "m. #", "pt": "Apto #",
    "ru": "кв. #",
    "sv": "Lgh #", "tr": "D: #", "uk": "кв. #", "zh": "#室",
}  # fmt: skip


def street(ask: Ask, country: Record | None = None) -> str:
    """Street and house number.

    Args:
        ask: of a column.
        country: of the row; None for that of the locale.
    """
    random = ask.faker.random
    words = _words(ask, country)
    if words is None:
        code = country[0] if country is not None else ask.context.locale[-2:]
        return f"{random.randint(1, 980 if code in _LONG_STREETS else 180)} {_english(ask)}"
    if hasattr(words, "chome"):
        # Japanese addresses have no street names.
        return "".join(getattr(words, part)() for part in ("town", "chome", "ban", "gou"))
    text = provided(ask._replace(faker=words), "street_address", "address").replace("\n", ", ").strip()
    if _NUMBERED.search(text):
        return text
    number = random.randint(1, 180)
    return f"{number}, {text}" if _NUMBER_FIRST.match(text) else f"{text} {number}"


def street_name(ask: Ask, country: Record | None = None) -> str:
    """A street name."""
    words = _words(ask, country)
    if words is None:
        return _english(ask)
    return provided(ask._replace(faker=words), "street_name", "street_address").strip()


def second_line(ask: Ask, country: Record | None = None) -> str:
    """The number of a flat."""
    number = str(ask.faker.random.randint(1, 99))
    language = ask.context.locale.partition("_")[0]
    if country is not None and country != home(ask.context.locale):
        language = countries().of(country, "languages").partition(",")[0]
        if not is_latin(language):
            language = "en"
    return _FLATS.get(language, "Apt. #").replace("#", number)


def _english(ask: Ask) -> str:
    return f"{ask.pick(STREETS)} {ask.pick(STREET_ENDS)}"


def _words(ask: Ask, country: Record | None) -> Any:
    """What has the words of a country's streets: Faker's generator, or one of another locale; None for English ones."""
    if country is None or country == home(ask.context.locale):
        return _words_at_home(ask)
    languages = countries().of(country, "languages").split(",")
    locale = _OF_COUNTRIES.get(country[0]) or _OF_LANGUAGES.get(languages[0])
    if locale is None:
        return None
    return _lent(ask, locale)


def _words_at_home(ask: Ask) -> Any:
    if ask.english or has_provider(ask.faker, "address", ask.context.locale):
        return None if ask.english else ask.faker
    # Faker falls back to English streets, also where it has those of another country of the language.
    locale = {"ar": "ar_DZ", "el": "el_GR", **_OF_LANGUAGES}.get(ask.context.locale.partition("_")[0])
    return None if locale is None else _lent(ask, locale)


def _lent(ask: Ask, locale: str) -> Any:
    found = _generator(locale)
    found.random = ask.faker.random
    return found


@cache
def _generator(locale: str) -> Any:
    """Faker's generator of a locale's addresses, without all else that takes time to load."""
    from faker.generator import Generator

    found = Generator()
    for kind in ("person", "address"):
        found.add_provider(import_module(f"faker.providers.{kind}.{locale}").Provider(found))
    return found
