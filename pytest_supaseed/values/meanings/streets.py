"""Streets, house numbers and second lines of addresses, as the country of a row writes them: :func:`street`.

English streets are made of the lists of :mod:`~pytest_supaseed.values.meanings.people`, those of the locale's own
country by Faker, and those abroad of :data:`ABROAD`, so that rows of the default locale do not depend on Faker. A
country whose language is not there, or is written in another alphabet, has English ones, as letters from abroad have.
"""

from __future__ import annotations

import re

from pytest_supaseed.values.meanings.gazetteer import Record, countries, home, is_latin
from pytest_supaseed.values.meanings.local_words import has_provider
from pytest_supaseed.values.meanings.meaning import Ask, provided
from pytest_supaseed.values.meanings.people import STREET_ENDS, STREETS

# Streets by language. A house number stands behind them, but in French, where it stands before.
ABROAD = {
    language: tuple(names.split("|"))
    for language, names in {
        "ar": "شارع الجمهورية|شارع النصر|شارع الملك فيصل|شارع الاستقلال|شارع الزهور|شارع المدرسة",
        "az": "Nizami küçəsi|Azadlıq prospekti|Gül küçəsi|Bağ küçəsi|Məktəb küçəsi|Dəniz küçəsi",
        "cs": "Nádražní|Školní|Zahradní|Husova|Lipová|Polní|Krátká|Nová|Sadová|Květinová",
        "da": "Skolegade|Vestergade|Kirkevej|Møllevej|Strandvejen|Birkevej|Nygade|Havnegade|Parkvej|Lindevej",
        "de": "Hauptstraße|Bahnhofstraße|Gartenstraße|Schulstraße|Lindenallee|Bergstraße|Mühlweg|Rosenweg|Kirchgasse"
        "|Ringstraße|Waldweg|Marktplatz",
        "el": "Οδός Ερμού|Οδός Αθηνάς|Λεωφόρος Αλεξάνδρας|Οδός Σόλωνος|Οδός Ομήρου|Οδός Πλάτωνος",
        "es": "Calle Mayor|Avenida de la Constitución|Calle del Sol|Calle Real|Paseo de la Alameda|Calle de la Rosa"
        "|Avenida de la Libertad|Calle del Olmo|Calle Nueva|Plaza de la Iglesia|Calle del Río|Avenida Central",
        "et": "Pikk tänav|Lai tänav|Kooli tänav|Aia tänav|Pargi tänav|Jaama tänav",
        "fi": "Koulukatu|Asematie|Kirkkokatu|Puistokatu|Rantatie|Koivutie|Myllytie|Keskuskatu",
        "fr": "rue de la Gare|avenue Victor Hugo|rue des Lilas|boulevard de la République|place du Marché|rue du Moulin"
        "|rue des Écoles|avenue de la Liberté|rue de l'Église|chemin des Vignes|rue Pasteur|allée des Tilleuls",
        "hr": "Školska ulica|Vrtna ulica|Cvjetna ulica|Nova ulica|Lipova ulica|Morska ulica",
        "hu": "Kossuth Lajos utca|Petőfi utca|Rákóczi út|Iskola utca|Kertész utca|Virág utca|Fő utca|Rózsa utca",
        "id": "Jalan Merdeka|Jalan Melati|Jalan Kenanga|Jalan Mawar|Jalan Anggrek|Jalan Sudirman|Jalan Diponegoro",
        "is": "Aðalgata|Skólavegur|Hafnargata|Kirkjubraut|Laugavegur|Strandgata",
        "it": "Via Roma|Via Garibaldi|Corso Italia|Piazza della Repubblica|Via Dante|Via Mazzini|Via delle Rose"
        "|Viale dei Tigli|Via del Mulino|Via Verdi|Largo Europa",
        "lt": "Sodų gatvė|Mokyklos gatvė|Liepų gatvė|Parko gatvė|Naujoji gatvė|Beržų gatvė",
        "lv": "Skolas iela|Dārza iela|Liepu iela|Parka iela|Jaunā iela|Bērzu iela",
        "ms": "Jalan Ampang|Jalan Melati|Jalan Mawar|Jalan Sekolah|Jalan Taman|Jalan Merdeka",
        "nl": "Kerkstraat|Dorpsstraat|Stationsweg|Molenweg|Schoolstraat|Julianalaan|Marktplein|Lindelaan|Nieuwstraat"
        "|Beukenlaan",
        "no": "Storgata|Kirkeveien|Skoleveien|Parkveien|Strandgata|Bjørkeveien|Jernbanegata|Havnegata",
        "pl": "ul. Kwiatowa|ul. Polna|ul. Szkolna|ul. Ogrodowa|ul. Lipowa|ul. Leśna|ul. Krótka|ul. Parkowa",
        "pt": "Rua das Flores|Avenida da Liberdade|Rua do Comércio|Rua da Escola|Rua Nova|Travessa do Sol|Rua da Igreja"
        "|Avenida Central|Rua das Oliveiras|Praça da República",
        "ro": "Strada Florilor|Strada Teilor|Strada Școlii|Bulevardul Unirii|Strada Lungă|Strada Morii|Strada Parcului",
        "sk": "Školská|Záhradná|Hlavná|Kvetná|Lipová|Nová|Poľná|Krátka",
        "sl": "Šolska ulica|Vrtna ulica|Cesta na Klanec|Lipova ulica|Nova ulica|Trubarjeva cesta",
        "sq": "Rruga e Durrësit|Rruga e Shkollës|Rruga e Luleve|Bulevardi Republika|Rruga e Re",
        "sv": "Storgatan|Kyrkogatan|Skolgatan|Parkvägen|Strandvägen|Björkvägen|Järnvägsgatan|Hamngatan|Kungsgatan",
        "tr": "Atatürk Caddesi|Cumhuriyet Caddesi|Okul Sokak|Çiçek Sokak|Bahçe Sokak|Lale Sokak|İstasyon Caddesi",
        "vi": "Đường Lê Lợi|Đường Trần Phú|Đường Nguyễn Huệ|Đường Hai Bà Trưng|Đường Lý Thường Kiệt",
    }.items()
}
# Languages that CLDR calls otherwise than Faker.
_SAME = {"nb": "no", "nn": "no", "lb": "de", "gsw": "de", "ca": "es", "gl": "es"}
# Where the house number is high, and stands before the street.
_LONG_STREETS = frozenset(("US", "CA"))
# A house number, or the words for none.
_NUMBERED = re.compile(r"\d|\bS/N\b", re.IGNORECASE)
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
    if _is_of_faker(ask, country):
        text = _of_faker(ask)
        return (
            text
            if _NUMBERED.search(text)
            else _numbered(text, random.randint(1, 180), _language(ask, country))
        )
    code = country[0] if country is not None else ask.context.locale[-2:]
    number = random.randint(1, 980 if code in _LONG_STREETS else 180)
    return _numbered(street_name(ask, country), number, _language(ask, country))


def street_name(ask: Ask, country: Record | None = None) -> str:
    """A street name."""
    if _is_of_faker(ask, country):
        return provided(ask, "street_name", "street_address").strip()
    words = ABROAD.get(_language(ask, country))
    return f"{ask.pick(STREETS)} {ask.pick(STREET_ENDS)}" if words is None else str(ask.pick(words))


def second_line(ask: Ask, country: Record | None = None) -> str:
    """The number of a flat."""
    number = str(ask.faker.random.randint(1, 99))
    return _FLATS.get(_language(ask, country), "Apt. #").replace("#", number)


def _numbered(name: str, number: int, language: str) -> str:
    if language == "fr":
        return f"{number}, {name}"
    return f"{name} {number}" if language in ABROAD else f"{number} {name}"


def _is_at_home(ask: Ask, country: Record | None) -> bool:
    return country is None or country == home(ask.context.locale)


def _language(ask: Ask, country: Record | None) -> str:
    """The language of a street: of the locale in its own country, else of the other one, if its alphabet is Latin."""
    if _is_at_home(ask, country) or country is None:
        language = ask.context.locale.partition("_")[0]
    else:
        language = countries().of(country, "languages").partition(",")[0]
        language = language if is_latin(language) else "en"
    return _SAME.get(language, language)


def _is_of_faker(ask: Ask, country: Record | None) -> bool:
    """Whether Faker makes a street: of the locale's own country, unless it would be an English one."""
    at_home = _is_at_home(ask, country) and not ask.english
    return at_home and has_provider(ask.faker, "address", ask.context.locale)


def _of_faker(ask: Ask) -> str:
    if hasattr(ask.faker, "chome"):
        # Japanese addresses have no street names.
        return "".join(getattr(ask.faker, part)() for part in ("town", "chome", "ban", "gou"))
    return provided(ask, "street_address", "address").replace("\n", ", ").strip()
