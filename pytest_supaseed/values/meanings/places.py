"""Address data: streets and postcodes, and cities, regions, countries, currencies and languages that agree in a row.

:data:`MEANINGS` are tried together: their texts agree within a row, as a country with its city. The other meanings
stand after them. The data are :data:`PLACES`, :data:`COUNTRIES`, :data:`CURRENCIES` and :data:`LANGUAGES`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pytest_supaseed.model.identifiers import spelt, subject_of
from pytest_supaseed.model.type_families import is_string
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.meaning import Ask, Derived, Meaning, one_of, provided, text_columns
from pytest_supaseed.values.meanings.people import STREET_ENDS, STREETS

LOCALES = ("en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pt_BR")


def street(ask: Ask) -> str:
    """Street and house number."""
    if ask.english:
        return f"{ask.faker.random.randint(1, 980)} {street_name(ask)}"
    if hasattr(ask.faker, "chome"):
        # Japanese addresses have no street names.
        return "".join(getattr(ask.faker, part)() for part in ("town", "chome", "ban", "gou"))
    return provided(ask, "street_address", "address").replace("\n", ", ")


def street_name(ask: Ask) -> str:
    """A street name."""
    if not ask.english:
        return provided(ask, "street_name", "street_address")
    return f"{ask.pick(STREETS)} {ask.pick(STREET_ENDS)}"


def postcode(ask: Ask) -> str:
    """A postcode of the locale."""
    return (
        f"{ask.faker.random.randint(10000, 99999)}"
        if ask.context.locale == "en_US"
        else provided(ask, "postcode")
    )


@dataclass(frozen=True)
class Records:
    """A constant table, indexed by the values of its fields.

    Attributes:
        fields: the fields' names.
        rows: the values of each row, in the order of the fields.
    """

    fields: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    _by_value: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the rows by the values of their fields."""
        for row in self.rows:
            for name, value in zip(self.fields, row, strict=True):
                self._by_value.setdefault((name, value.casefold()), row)

    def find(self, name: str, value: str) -> tuple[str, ...] | None:
        """Return the first row whose field has a value, ignoring case; None if there is none."""
        return self._by_value.get((name, value.strip().casefold()))

    def of(self, row: tuple[str, ...], name: str) -> str:
        """Return a field of a row."""
        return row[self.fields.index(name)]


def _read(fields: str, text: str) -> Records:
    rows = tuple(tuple(part.strip() for part in line.split("|")) for line in text.strip().splitlines())
    return Records(tuple(fields.split()), rows)


# In a postcode, # stands for a digit and @ for a letter that are drawn.
PLACES = _read(
    "city region_code region zip country latitude longitude timezone",
    """
    New York | NY | New York | 100## | US | 40.7128 | -74.0060 | America/New_York
    Buffalo | NY | New York | 142## | US | 42.8864 | -78.8784 | America/New_York
    Los Angeles | CA | California | 900## | US | 34.0522 | -118.2437 | America/Los_Angeles
    Sacramento | CA | California | 958## | US | 38.5816 | -121.4944 | America/Los_Angeles
    San Diego | CA | California | 921## | US | 32.7157 | -117.1611 | America/Los_Angeles
    Chicago | IL | Illinois | 606## | US | 41.8781 | -87.6298 | America/Chicago
    Houston | TX | Texas | 770## | US | 29.7604 | -95.3698 | America/Chicago
    Austin | TX | Texas | 787## | US | 30.2672 | -97.7431 | America/Chicago
    Phoenix | AZ | Arizona | 850## | US | 33.4484 | -112.0740 | America/Phoenix
    Tucson | AZ | Arizona | 857## | US | 32.2226 | -110.9747 | America/Phoenix
    Denver | CO | Colorado | 802## | US | 39.7392 | -104.9903 | America/Denver
    Boulder | CO | Colorado | 803## | US | 40.0150 | -105.2705 | America/Denver
    Miami | FL | Florida | 331## | US | 25.7617 | -80.1918 | America/New_York
    Atlanta | GA | Georgia | 303## | US | 33.7490 | -84.3880 | America/New_York
    Boston | MA | Massachusetts | 021## | US | 42.3601 | -71.0589 | America/New_York
    Detroit | MI | Michigan | 482## | US | 42.3314 | -83.0458 | America/New_York
    Minneapolis | MN | Minnesota | 554## | US | 44.9778 | -93.2650 | America/Chicago
    Charlotte | NC | North Carolina | 282## | US | 35.2271 | -80.8431 | America/New_York
    Columbus | OH | Ohio | 432## | US | 39.9612 | -82.9988 | America/New_York
    Portland | OR | Oregon | 972## | US | 45.5152 | -122.6784 | America/Los_Angeles
    Philadelphia | PA | Pennsylvania | 191## | US | 39.9526 | -75.1652 | America/New_York
    Nashville | TN | Tennessee | 372## | US | 36.1627 | -86.7816 | America/Chicago
    Salt Lake City | UT | Utah | 841## | US | 40.7608 | -111.8910 | America/Denver
    Richmond | VA | Virginia | 232## | US | 37.5407 | -77.4360 | America/New_York
    Seattle | WA | Washington | 981## | US | 47.6062 | -122.3321 | America/Los_Angeles
    Madison | WI | Wisconsin | 537## | US | 43.0731 | -89.4012 | America/Chicago
    London | ENG | England | SW1A #@@ | GB | 51.5074 | -0.1278 | Europe/London
    Manchester | ENG | England | M1 #@@ | GB | 53.4808 | -2.2426 | Europe/London
    Leeds | ENG | England | LS1 #@@ | GB | 53.8008 | -1.5491 | Europe/London
    Bristol | ENG | England | BS1 #@@ | GB | 51.4545 | -2.5879 | Europe/London
    Edinburgh | SCT | Scotland | EH1 #@@ | GB | 55.9533 | -3.1883 | Europe/London
    Cardiff | WLS | Wales | CF10 #@@ | GB | 51.4816 | -3.1791 | Europe/London
    Belfast | NIR | Northern Ireland | BT1 #@@ | GB | 54.5973 | -5.9301 | Europe/London
    Berlin | BE | Berlin | 101## | DE | 52.5200 | 13.4050 | Europe/Berlin
    Hamburg | HH | Hamburg | 200## | DE | 53.5511 | 9.9937 | Europe/Berlin
    München | BY | Bayern | 803## | DE | 48.1351 | 11.5820 | Europe/Berlin
    Nürnberg | BY | Bayern | 904## | DE | 49.4521 | 11.0767 | Europe/Berlin
    Köln | NW | Nordrhein-Westfalen | 506## | DE | 50.9375 | 6.9603 | Europe/Berlin
    Frankfurt am Main | HE | Hessen | 603## | DE | 50.1109 | 8.6821 | Europe/Berlin
    Stuttgart | BW | Baden-Württemberg | 701## | DE | 48.7758 | 9.1829 | Europe/Berlin
    Leipzig | SN | Sachsen | 041## | DE | 51.3397 | 12.3731 | Europe/Berlin
    Bremen | HB | Bremen | 281## | DE | 53.0793 | 8.8017 | Europe/Berlin
    Kiel | SH | Schleswig-Holstein | 241## | DE | 54.3233 | 10.1228 | Europe/Berlin
    Paris | IDF | Île-de-France | 750## | FR | 48.8566 | 2.3522 | Europe/Paris
    Lyon | ARA | Auvergne-Rhône-Alpes | 690## | FR | 45.7640 | 4.8357 | Europe/Paris
    Marseille | PAC | Provence-Alpes-Côte d'Azur | 130## | FR | 43.2965 | 5.3698 | Europe/Paris
    Toulouse | OCC | Occitanie | 310## | FR | 43.6047 | 1.4442 | Europe/Paris
    Nantes | PDL | Pays de la Loire | 440## | FR | 47.2184 | -1.5536 | Europe/Paris
    Bordeaux | NAQ | Nouvelle-Aquitaine | 330## | FR | 44.8378 | -0.5792 | Europe/Paris
    Lille | HDF | Hauts-de-France | 590## | FR | 50.6292 | 3.0573 | Europe/Paris
    Strasbourg | GES | Grand Est | 670## | FR | 48.5734 | 7.7521 | Europe/Paris
    Toronto | ON | Ontario | M5V #@# | CA | 43.6532 | -79.3832 | America/Toronto
    Vancouver | BC | British Columbia | V6B #@# | CA | 49.2827 | -123.1207 | America/Vancouver
    Montreal | QC | Quebec | H2Y #@# | CA | 45.5017 | -73.5673 | America/Toronto
    Sydney | NSW | New South Wales | 20## | AU | -33.8688 | 151.2093 | Australia/Sydney
    Melbourne | VIC | Victoria | 30## | AU | -37.8136 | 144.9631 | Australia/Melbourne
    Brisbane | QLD | Queensland | 40## | AU | -27.4698 | 153.0251 | Australia/Brisbane
    Madrid | MD | Madrid | 280## | ES | 40.4168 | -3.7038 | Europe/Madrid
    Barcelona | CT | Cataluña | 080## | ES | 41.3874 | 2.1686 | Europe/Madrid
    Sevilla | AN | Andalucía | 410## | ES | 37.3891 | -5.9845 | Europe/Madrid
    Roma | LAZ | Lazio | 001## | IT | 41.9028 | 12.4964 | Europe/Rome
    Milano | LOM | Lombardia | 201## | IT | 45.4642 | 9.1900 | Europe/Rome
    Amsterdam | NH | Noord-Holland | 10## @@ | NL | 52.3676 | 4.9041 | Europe/Amsterdam
    Utrecht | UT | Utrecht | 35## @@ | NL | 52.0907 | 5.1214 | Europe/Amsterdam
    東京 | 13 | 東京都 | 10#-00## | JP | 35.6762 | 139.6503 | Asia/Tokyo
    大阪市 | 27 | 大阪府 | 53#-00## | JP | 34.6937 | 135.5023 | Asia/Tokyo
    名古屋市 | 23 | 愛知県 | 46#-00## | JP | 35.1815 | 136.9066 | Asia/Tokyo
    札幌市 | 01 | 北海道 | 06#-00## | JP | 43.0618 | 141.3545 | Asia/Tokyo
    福岡市 | 40 | 福岡県 | 81#-00## | JP | 33.5902 | 130.4017 | Asia/Tokyo
    """,
)
# ``local`` is the name in the country's own language.
COUNTRIES = _read(
    "code alpha3 numeric name local capital continent calling currency nationality",
    """
    US | USA | 840 | United States | United States | Washington | North America | +1 | USD | American
    CA | CAN | 124 | Canada | Canada | Ottawa | North America | +1 | CAD | Canadian
    GB | GBR | 826 | United Kingdom | United Kingdom | London | Europe | +44 | GBP | British
    DE | DEU | 276 | Germany | Deutschland | Berlin | Europe | +49 | EUR | German
    FR | FRA | 250 | France | France | Paris | Europe | +33 | EUR | French
    ES | ESP | 724 | Spain | España | Madrid | Europe | +34 | EUR | Spanish
    IT | ITA | 380 | Italy | Italia | Rome | Europe | +39 | EUR | Italian
    NL | NLD | 528 | Netherlands | Nederland | Amsterdam | Europe | +31 | EUR | Dutch
    BE | BEL | 056 | Belgium | België | Brussels | Europe | +32 | EUR | Belgian
    AT | AUT | 040 | Austria | Österreich | Vienna | Europe | +43 | EUR | Austrian
    CH | CHE | 756 | Switzerland | Schweiz | Bern | Europe | +41 | CHF | Swiss
    SE | SWE | 752 | Sweden | Sverige | Stockholm | Europe | +46 | SEK | Swedish
    NO | NOR | 578 | Norway | Norge | Oslo | Europe | +47 | NOK | Norwegian
    DK | DNK | 208 | Denmark | Danmark | Copenhagen | Europe | +45 | DKK | Danish
    FI | FIN | 246 | Finland | Suomi | Helsinki | Europe | +358 | EUR | Finnish
    PL | POL | 616 | Poland | Polska | Warsaw | Europe | +48 | PLN | Polish
    PT | PRT | 620 | Portugal | Portugal | Lisbon | Europe | +351 | EUR | Portuguese
    IE | IRL | 372 | Ireland | Ireland | Dublin | Europe | +353 | EUR | Irish
    GR | GRC | 300 | Greece | Ελλάδα | Athens | Europe | +30 | EUR | Greek
    BR | BRA | 076 | Brazil | Brasil | Brasilia | South America | +55 | BRL | Brazilian
    AR | ARG | 032 | Argentina | Argentina | Buenos Aires | South America | +54 | ARS | Argentine
    CL | CHL | 152 | Chile | Chile | Santiago | South America | +56 | CLP | Chilean
    MX | MEX | 484 | Mexico | México | Mexico City | North America | +52 | MXN | Mexican
    JP | JPN | 392 | Japan | 日本 | Tokyo | Asia | +81 | JPY | Japanese
    KR | KOR | 410 | South Korea | 대한민국 | Seoul | Asia | +82 | KRW | South Korean
    SG | SGP | 702 | Singapore | Singapore | Singapore | Asia | +65 | SGD | Singaporean
    IN | IND | 356 | India | India | New Delhi | Asia | +91 | INR | Indian
    AU | AUS | 036 | Australia | Australia | Canberra | Oceania | +61 | AUD | Australian
    NZ | NZL | 554 | New Zealand | New Zealand | Wellington | Oceania | +64 | NZD | New Zealander
    KE | KEN | 404 | Kenya | Kenya | Nairobi | Africa | +254 | KES | Kenyan
    ZA | ZAF | 710 | South Africa | South Africa | Pretoria | Africa | +27 | ZAR | South African
    MA | MAR | 504 | Morocco | Maroc | Rabat | Africa | +212 | MAD | Moroccan
    """,
)
COUNTRIES = Records(
    (*COUNTRIES.fields, "flag"),
    # Two regional indicator symbols make a flag.
    tuple(
        (*row, "".join(chr(ord(letter) - ord("A") + 0x1F1E6) for letter in row[0])) for row in COUNTRIES.rows
    ),
)
CURRENCIES = _read(
    "code name symbol",
    """
    USD | US Dollar | $
    EUR | Euro | €
    GBP | Pound Sterling | £
    CAD | Canadian Dollar | C$
    AUD | Australian Dollar | A$
    JPY | Japanese Yen | ¥
    CHF | Swiss Franc | CHF
    SEK | Swedish Krona | kr
    NOK | Norwegian Krone | kr
    DKK | Danish Krone | kr
    PLN | Polish Zloty | zł
    BRL | Brazilian Real | R$
    MXN | Mexican Peso | MX$
    INR | Indian Rupee | ₹
    NZD | New Zealand Dollar | NZ$
    ZAR | South African Rand | R
    SGD | Singapore Dollar | S$
    KRW | South Korean Won | ₩
    """,
)
LANGUAGES = _read(
    "code name local locale alpha3",
    """
    en | English | English | en_US | eng
    de | German | Deutsch | de_DE | deu
    fr | French | Français | fr_FR | fra
    es | Spanish | Español | es_ES | spa
    it | Italian | Italiano | it_IT | ita
    nl | Dutch | Nederlands | nl_NL | nld
    pt | Portuguese | Português | pt_PT | por
    ja | Japanese | 日本語 | ja_JP | jpn
    sv | Swedish | Svenska | sv_SE | swe
    pl | Polish | Polski | pl_PL | pol
    da | Danish | Dansk | da_DK | dan
    fi | Finnish | Suomi | fi_FI | fin
    ko | Korean | 한국어 | ko_KR | kor
    """,
)
_CITY = re.compile(r"_(city|town|municipality|locality|village)_(name_)?$")
_REGION = re.compile(
    r"_(state|region|province|county|territory)_(code_|abbr_|abbreviation_|name_|province_)?$"
)
_COUNTRY = re.compile(r"_(country|nation)_|_nationality_")
_CODE = re.compile(r"_(code|iso|iso_2|iso_code|cc|abbr|abbreviation|alpha|short|iso_alpha)_")
_CURRENCY = re.compile(r"_currency_")
_LANGUAGE = re.compile(r"_(language|languages)_")
# For tables of these entities, by subject: patterns of column names, and the field that each column holds.
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


# Entities whose language column holds the language's name instead of its code.
_PRINTED = frozenset(("book", "film", "movie", "song", "course"))
_HOMES = re.compile(r"^_(billing|ship|shipping|home|mailing|work|address|us|customer|bill|birth)_state_$")


def has_address(context: Context) -> bool:
    """Whether a table has columns of an address."""
    words = [spelt(column.name) for column in context.table.columns]
    return any(re.search(r"_(city|zip|postcode|postal|street|country|town)_", word) for word in words)


def city_column(context: Context, columns: Iterable[str] | None = None) -> str | None:
    """Return the city column that a column belongs to, None without one: ``ship_city`` for ``ship_country``.

    Args:
        context: the column context.
        columns: the names to choose from; None for the earlier text columns.
    """
    names = [column.name for column in text_columns(context)] if columns is None else list(columns)
    prefix = _prefix(context.words)
    cities = [name for name in names if _CITY.search(spelt(name))]
    if context.subject == "city":
        cities += [name for name in names if spelt(name) == "_name_"]
    same = [name for name in cities if _CITY.sub("_", spelt(name)) == prefix]
    return next(iter(same or (cities if prefix == "_" or len(cities) == 1 else ())), None)


def place_of(city: object) -> tuple[str, ...] | None:
    """Return the row of :data:`PLACES` for a city, None if it is unknown."""
    return PLACES.find("city", city) if isinstance(city, str) else None


def places_of(locale: str) -> tuple[tuple[str, ...], ...]:
    """Return the places in a locale's territory; for ``en_US`` also the foreign ones that are spelt in ASCII."""
    own = tuple(row for row in PLACES.rows if PLACES.of(row, "country") == locale[-2:])
    if locale == "en_US":
        foreign = tuple(row for row in PLACES.rows if row not in own and row[0].isascii())
        return (*own, *foreign)
    return own


def _regions(locale: str) -> tuple[tuple[str, ...], ...]:
    """The places in the locale's own territory."""
    return tuple(row for row in places_of(locale) if PLACES.of(row, "country") == locale[-2:])


def _prefix(words: str) -> str:
    for pattern in (_CITY, _REGION, re.compile(r"_(country|nation)_(code_|name_|iso_)?$|_nationality_$")):
        words = pattern.sub("_", words)
    return re.sub(r"_(zip|postcode|postal|timezone|latitude|lat|longitude|lng|lon|long)_$", "_", words)


@dataclass(frozen=True)
class ReferencedCountry:
    """The country of a row, which a foreign key tells: its own columns, or a column of the row that it references.

    Attributes:
        columns: names under which the row has it, each with the field of :data:`COUNTRIES` that it holds.
    """

    columns: tuple[tuple[str, str], ...] = ()

    @property
    def uses(self) -> tuple[str, ...]:
        """The names."""
        return tuple(name for name, _ in self.columns)

    def of(self, row: Mapping[str, object]) -> tuple[str, ...] | None:
        """Return the row's country; None where it has none, or one that is not known."""
        values = ((field_name, row.get(name)) for name, field_name in self.columns)
        found = (COUNTRIES.find(key, value) for key, value in values if isinstance(value, str))
        return next((country for country in found if country is not None), None)


def referenced_country(context: Context) -> ReferencedCountry:
    """Return how a row's country is told by a foreign key, such as ``addresses.country_code``."""
    found: list[tuple[str, str]] = []
    for parent in context.parents:
        if parent.itself or parent.via or subject_of(parent.table.name.name) not in ("country", "nation"):
            continue
        fields = {}
        for column in parent.table.columns:
            own = _field("country", spelt(column.name), column.type.length)
            if own is not None and own[1] in ("code", "alpha3", "name") and is_string(column.type):
                fields[column.name] = own[1]
        key = parent.foreign_key
        of_key = dict(zip(key.referenced_columns, key.columns, strict=True))
        own_columns = [(of_key[name], named) for name, named in fields.items() if name in of_key]
        found += own_columns or [(parent.column(name).name, named) for name, named in fields.items()]
    return ReferencedCountry(tuple(found))


def places_in(country: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return the places of a country."""
    code = COUNTRIES.of(country, "code")
    return tuple(row for row in PLACES.rows if PLACES.of(row, "country") == code)


def _own_field(context: Context, words: str, length: int | None) -> tuple[Records, str] | None:
    return _field(context.subject, words, length)


def _field(subject: str, words: str, length: int | None) -> tuple[Records, str] | None:
    records, rules = _COMPILED.get(subject, (None, ()))
    if records is None:
        return None
    name = next((name for pattern, name in rules if pattern.search(words)), None)
    if name is None:
        return None
    return records, "alpha3" if name == "code" and length == 3 and "alpha3" in records.fields else name


def _of_records(context: Context, records: Records, name: str) -> Derived:
    """Writer of one field, and the columns that it follows: of the row that these identify, or of any row."""
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
        for column, attribute in columns:
            value = ask.row.get(column)
            found = records.find(attribute, value) if isinstance(value, str) else None
            if found is not None:
                return records.of(found, name)
        if not rows:
            return provided(ask, "city" if name == "city" else "state", "administrative_unit", "city")
        return records.of(ask.pick(rows), name)

    return write, tuple(column for column, _ in columns)


def _place(context: Context, name: str) -> Derived:
    city = city_column(context)
    region = next(
        (
            c.name
            for c in text_columns(context)
            if name in ("region", "region_code") and _REGION.search(spelt(c.name))
        ),
        None,
    )
    country = referenced_country(context)
    used = (*(column for column in (city, region) if column is not None), *country.uses)
    rows = places_of(context.locale)

    def write(ask: Ask) -> str:
        found = place_of(ask.row.get(city)) if city is not None else None
        if found is None and region is not None:
            value = str(ask.row.get(region))
            found = PLACES.find("region", value) or PLACES.find("region_code", value)
        home = country.of(ask.row)
        if found is None and home is not None:
            near = places_in(home)
            if not near and name in ("city", "region"):
                return COUNTRIES.of(home, "capital")
            found = ask.pick(near) if near else None
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
        return drawn_postcode(text, ask) if name == "zip" else text

    return write, used


def drawn_postcode(template: str, ask: Ask) -> str:
    """A postcode: a digit for each ``#`` of a template, a letter for each ``@``."""
    alphabets = {"#": "0123456789", "@": "ABDEFGHJLNPQRSTUWXYZ"}
    return "".join(ask.pick(alphabets[sign]) if sign in alphabets else sign for sign in template)


def _country_field(words: str, length: int | None) -> str:
    if length is not None and length <= 3:
        return "code" if length < 3 else "alpha3"
    if "_nationality_" in words:
        return "code" if _CODE.search(words) else "nationality"
    if _CODE.search(words):
        return "alpha3" if "_3_" in words else "code"
    return "name"


def _country(context: Context, name: str) -> Derived:
    city = city_column(context)
    others = tuple(
        c.name for c in text_columns(context) if re.search(r"_country_(name_)?(code_)?$", spelt(c.name))
    )
    home = COUNTRIES.find("code", context.locale[-2:]) if not context.locale.startswith("en") else None
    referenced = referenced_country(context)
    addressed = has_address(context) and context.subject != "country"

    def write(ask: Ask) -> str:
        place = place_of(ask.row.get(city)) if city is not None else None
        found = referenced.of(ask.row)
        if found is None and place is not None:
            found = COUNTRIES.find("code", PLACES.of(place, "country"))
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

    return write, (*((city,) if city is not None else ()), *others, *referenced.uses)


def _is_short(context: Context) -> bool:
    return (context.column.type.length or 99) <= 3


def _own(context: Context) -> Derived:
    found = _own_field(context, context.words, context.column.type.length)
    assert found is not None  # noqa: S101 for the type checker: _is_own comes first
    return _of_records(context, *found)


def _is_own(context: Context) -> bool:
    return _own_field(context, context.words, context.column.type.length) is not None


def _iso_code(context: Context) -> Derived:
    long = "_3_" in context.words or context.column.type.length == 3
    return _country(context, "alpha3" if long else "code")


def _is_region(context: Context) -> bool:
    words = context.words
    if context.subject == "country" and words == "_region_":
        return False
    return not words.endswith("_state_") or _is_home(words) or has_address(context)


def _is_home(words: str) -> bool:
    return _HOMES.search(words) is not None


def _region(context: Context) -> Derived:
    words = context.words
    # A column that is called just a state has a name of its own only if it is short.
    coded = _CODE.search(words) and (not words.endswith("_state_") or _is_home(words))
    return _place(context, "region_code" if coded or _is_short(context) else "region")


def _currency(context: Context) -> Derived:
    words = context.words
    wanted = "name" if "_name_" in words else "symbol" if "_symbol_" in words else "code"
    write, follows = _of_records(context, CURRENCIES, wanted)
    country = referenced_country(context)
    if not country.columns:
        return write, follows

    def of_country(ask: Ask) -> str:
        home = country.of(ask.row)
        code = None if home is None else COUNTRIES.of(home, "currency")
        found = None if code is None else CURRENCIES.find("code", code)
        if code is not None and wanted == "code":
            return code
        return write(ask) if found is None else CURRENCIES.of(found, wanted)

    return of_country, (*follows, *country.uses)


def _language(context: Context) -> Derived:
    words = context.words
    long = "_name_" in words or (
        context.subject in _PRINTED and not _CODE.search(words) and not _is_short(context)
    )
    return _of_records(context, LANGUAGES, "name" if long else "code")


MEANINGS = (
    Meaning(
        "field of a country, currency, language, region or city",
        "",
        derive=_own,
        where=_is_own,
        stages={
            1: r"_(code|label)_$",
            2: r"_(flag|emoji)_",
            3: r"_(capital|continent|nationality|tld|local|native|alpha|iso)_",
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
        where=lambda context: context.subject not in _COMPILED,
    ),
    Meaning("city", _CITY.pattern, derive=lambda context: _place(context, "city"), essential="city"),
    Meaning(
        "region",
        _REGION.pattern,
        derive=_region,
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
    Meaning("language", _LANGUAGE.pattern, derive=_language),
)


def is_place(context: Context) -> bool:
    """Whether one of :data:`MEANINGS` is a column's."""
    return any(found.pattern.search(context.words) and found.suits(context) for found in MEANINGS)


HOUSES = (
    Meaning(
        "house number",
        r"_(street|house|building)_(number|no)_|^_house_$",
        lambda ask: str(ask.faker.random.randint(1, 180)),
    ),
    Meaning("post office box", r"_po_box_", lambda ask: f"PO Box {ask.faker.random.randint(10, 9999)}"),
)
STREETS_AND_LOCALES = (
    Meaning("locale", r"_locale_|_culture_", one_of(LOCALES), stages={3: r"_locale_"}),
    Meaning(
        "second line of an address",
        r"_(line|address|street)_?2_|_(apartment|unit_number|suite)_",
        lambda ask: f"Apt. {ask.faker.random.randint(1, 99)}",
    ),
    Meaning("street name", r"_(street_name|street_only)_", street_name),
    Meaning("street", r"_(street|address)_|_line_1_", street, essential="line_1|street"),
)
