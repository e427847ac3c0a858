"""All countries of ISO 3166-1, and what belongs to them: codes, currencies, regions, cities, postcodes, phones."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from random import Random
from zoneinfo import available_timezones

import pytest
from faker import Factory

from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.model.schema import Column
from pytest_supaseed.spec import DEFAULT_LOCALE
from pytest_supaseed.values.meanings import streets
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.gazetteer import (
    _DATA,
    Record,
    any_country,
    cities,
    cities_of,
    countries,
    country,
    currencies,
    home,
    languages,
    name_in,
    regions,
    regions_of,
    time_zones,
)
from pytest_supaseed.values.meanings.meaning import Ask
from pytest_supaseed.values.meanings.phones import (
    AREAS,
    RESERVED,
    UNASSIGNABLE,
    next_phone,
    phone_number,
    phones_like,
)
from test_column_values import rows_of, table_of, typed

CODES = tuple(row[0] for row in countries().rows)
# Nobody lives there but who works there.
WITHOUT_CITIES = {"AQ", "BV", "HM", "UM"}
LETTERS = "ABEGHJLNPRTWXYZ"
ZONES = available_timezones()


def of(code: str, name: str) -> str:
    return countries().of(country(code), name)


def drawn(template: str, random: Random) -> str:
    signs = {"#": "0123456789", "@": LETTERS}
    return "".join(random.choice(signs.get(sign, sign)) for sign in template)


def test_there_are_all_countries_and_no_two_are_called_the_same() -> None:
    assert len(CODES) == 249
    for name in ("code", "alpha3", "numeric", "name", "flag"):
        assert len({countries().of(row, name) for row in countries().rows}) == 249, name
    assert CODES[:3] == ("CN", "US", "IN")


def test_what_belongs_to_a_country_is_of_its_form() -> None:
    for code in CODES:
        check_country(code)


def check_country(code: str) -> None:
    row = country(code)
    assert re.fullmatch("[A-Z]{2} [A-Z]{3} [0-9]{3}", " ".join(row[:3]))
    assert currencies().find("code", of(code, "currency"))
    assert re.fullmatch(r"\+[1-9]\d{0,2}", of(code, "calling"))
    zones = of(code, "timezones").split(",")
    assert {*zones, of(code, "timezone")} <= ZONES
    spoken = of(code, "languages").split(",")
    assert all(re.fullmatch("[a-z]{2}", language) for language in spoken)
    assert languages().find("code", spoken[0])
    assert of(code, "continent") in (
        "Africa",
        "Antarctica",
        "Asia",
        "Europe",
        "North America",
        "Oceania",
        "South America",
    )
    assert of(code, "continent_code") in ("AF", "AN", "AS", "EU", "NA", "OC", "SA")
    assert re.fullmatch(r"\.[a-z]{2}", of(code, "tld"))
    assert of(code, "nationality")
    assert of(code, "local")
    assert bool(of(code, "postcode_pattern")) == bool(of(code, "zip"))
    found = cities_of(code)
    assert bool(found) == (code not in WITHOUT_CITIES)
    codes = [region[1] for region in regions_of(code)]
    assert len(codes) == len(set(codes))
    random = Random(code)
    for city in found:
        assert -90 < float(cities().of(city, "latitude")) < 90
        assert -180 <= float(cities().of(city, "longitude")) <= 180
        assert cities().of(city, "timezone") in ZONES
        assert not cities().of(city, "region_code") or cities().of(city, "region_code") in codes
        template = cities().of(city, "zip")
        assert bool(template) == bool(of(code, "zip"))
        for _ in range(5):
            assert not template or re.fullmatch(of(code, "postcode_pattern"), drawn(template, random)), (
                template
            )
    if codes and any(cities().of(city, "region_code") for city in found):
        assert all(cities().of(city, "region_code") for city in found)


def test_the_name_of_a_city_tells_which_it_is() -> None:
    names = Counter(cities().of(city, "city").casefold() for city in cities().rows)
    names.update(native.casefold() for city in cities().rows if (native := cities().of(city, "native")))
    assert [name for name, count in names.items() if count > 1] == []


def test_the_biggest_cities_are_there_in_their_own_language() -> None:
    for name, code, region in (
        ("München", "DE", "Bayern"), ("Milano", "IT", "Lombardia"), ("Sevilla", "ES", "Andalucía"),
        ("Lyon", "FR", "Auvergne-Rhône-Alpes"), ("Kraków", "PL", "Małopolskie"), ("São Paulo", "BR", "São Paulo"),
        ("Denver", "US", "Colorado"),
    ):  # fmt: skip
        city = cities().find("city", name)
        assert city is not None
        assert (city[0], cities().of(city, "region")) == (code, region)
    for native, code, region in (
        ("大阪市", "JP", "大阪府"),
        ("부산", "KR", "부산"),
        ("Москва", "RU", "Москва"),
    ):
        city = cities().find("native", native)
        assert city is not None
        assert city[0] == code
        assert cities().of(city, "native_region").startswith(region)


def test_names_have_no_marks_of_their_source() -> None:
    names = [(region[2], region[3]) for region in regions().rows]
    assert not [name for pair in names for name in pair if re.search("[²’*]", name)]
    assert not [row for row in countries().rows if "’" in countries().of(row, "name")]


def test_currencies_languages_and_zones_are_called_once() -> None:
    for records, names in (
        (currencies(), ("code", "numeric", "name")), (languages(), ("code", "alpha3", "name")),
        (time_zones(), ("timezone",)),
    ):  # fmt: skip
        for name in names:
            values = [records.of(row, name) for row in records.rows]
            assert len(values) == len(set(values)), name
    assert {currencies().of(row, "digits") for row in currencies().rows} == {"0", "2", "3"}
    assert len(currencies().rows) > 150
    assert len(time_zones().rows) > 250


@pytest.mark.parametrize(
    ("locale", "code", "name"),
    [
        ("de_DE", "AT", "Österreich"),
        ("fr_CA", "DE", "Allemagne"),
        ("ja_JP", "FR", "フランス"),
        ("pt_BR", "VN", "Vietnã"),
        ("pt_PT", "VN", "Vietname"),
        ("zh_TW", "DE", "德國"),
        ("zh_CN", "DE", "德国"),
        ("en_GB", "CI", "Côte d'Ivoire"),
    ],
)
def test_a_country_has_a_name_in_the_locale(locale: str, code: str, name: str) -> None:
    assert name_in(locale, "countries", country(code)) == name


def test_big_countries_come_more_often_and_the_own_first() -> None:
    random = Random(1)
    found = Counter(any_country(random, "de_DE", 0.4)[0] for _ in range(2000))
    assert found["DE"] > 800
    assert found["US"] + found["CN"] > found["LU"] + found["TV"] + found["MT"]
    assert len(found) > 80


def test_a_phone_number_belongs_to_no_subscriber() -> None:
    for code in CODES:
        check_phones(code)


def check_phones(code: str) -> None:
    random = Random(code)
    for most in (None, 16, 13):
        number = phone_number(code, most, random)
        assert most is None or len(number) <= most
        digits = re.sub(r"\D", "", number)
        # The length of E.164, with the calling code.
        assert 7 <= len(digits) <= 15
        if most is None:
            calling = of(code, "calling") if code not in ("AQ", "BV", "GS", "HM", "PN", "TF") else "+1"
            assert number.startswith(calling)
            size = phones_like(number)
            assert size >= 100
            others = {next_phone(number, at) for at in range(1, 50)}
            assert len(others) == 49
            assert number not in others
            assert next_phone(number, size) is None
            assert all(other is not None and phones_like(other) == size for other in others)


def test_ranges_are_of_countries() -> None:
    assert {*RESERVED, *UNASSIGNABLE, *AREAS} <= {*CODES}
    assert not {*RESERVED} & {*UNASSIGNABLE}


@pytest.mark.parametrize(
    "code", ["BR", "CH", "CO", "DE", "FR", "HU", "JP", "KE", "LU", "MZ", "NO", "RU", "SN", "SR", "TR"]
)
def test_streets_abroad_are_in_latin_letters(code: str) -> None:
    faker = Factory.create(DEFAULT_LOCALE)
    column = Column("street", typed("text"))
    ask = Ask(Context(table_of("addresses", column), column, ValueDomain()), faker, {})
    faker.random = Random(1)
    for _ in range(20):
        text = streets.street(ask, country(code))
        assert re.search(r"\d|S/N", text, re.IGNORECASE), text
        assert all(ord(sign) < 0x2200 and not 0x370 <= ord(sign) < 0x1E00 for sign in text), text
        assert "\n" not in text
    assert streets.street_name(ask, country(code))
    assert streets.second_line(ask, country(code))


LOCALES = (
    *(
        "ar_EG",
        "bg_BG",
        "de_LU",
        "el_CY",
        "en_AU",
        "en_US",
        "es_CO",
        "fa_IR",
        "gu_IN",
        "he_IL",
        "ja_JP",
        "ko_KR",
    ),
    *("ru_RU", "sv_SE", "th", "uk_UA", "zh_TW"),
)


@pytest.mark.parametrize("locale", LOCALES)
def test_rows_of_a_locale_say_one_place(locale: str) -> None:
    names = (
        "city",
        "state",
        "zip",
        "country",
        "country_code",
        "phone",
        "currency",
        "street",
        "timezone",
        "region_code",
    )
    table = table_of("addresses", *(Column(name, typed("text")) for name in names))
    own = home(locale)
    for row in rows_of(table, 6, faker=Factory.create(locale), locale=locale):
        found = country(row["country_code"])
        assert row["country"] == name_in(locale, "countries", found)
        assert row["currency"] == countries().of(found, "currency")
        assert row["timezone"] in ZONES
        assert all(row.values()), row
        if locale != DEFAULT_LOCALE and own is not None:
            assert found == own
        pattern = countries().of(found, "postcode_pattern")
        assert not pattern or re.fullmatch(pattern, row["zip"]), row


def test_the_files_are_read_when_a_column_asks_for_them() -> None:
    code = (
        "import pytest_supaseed.values.column, pytest_supaseed.plugin.hooks\n"
        "from pytest_supaseed.values.meanings import gazetteer, phones\n"
        "print(*(read.cache_info().misses for read in (gazetteer.countries, gazetteer.regions, gazetteer.cities,"
        " gazetteer.currencies, gazetteer.languages, gazetteer.time_zones, gazetteer._rows_of_names)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["0"] * 7


def test_the_data_are_small() -> None:
    assert sum(path.stat().st_size for path in _DATA.iterdir()) < 800_000


def test_a_record_is_found_by_any_field_without_regard_to_case() -> None:
    found: Record | None = countries().find("name", " germany ")
    assert found is not None
    assert found[0] == "DE"
    assert countries().find("name", "") is None
    assert regions().all("region", "nowhere") == ()
    with pytest.raises(KeyError):
        country("XX")
