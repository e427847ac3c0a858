"""Codes beside what they stand for in the same row: ICD-10 and its text, an airport's code, name and city.

:data:`BOOKS` are lists of entries, and :data:`NAMES` says which field of which book a column holds, in declarations of
:mod:`~pytest_supaseed.values.meanings.endings`. A field that many columns are called after, such as a description,
counts only in a table that has the code; it is written ``book.field?``. A code that is made otherwise where it stands
alone is written ``book.field+``. The first column of an entry that a row has draws it, and the others follow.
"""

from __future__ import annotations

from typing import NamedTuple

from pytest_supaseed.model.schema import Column
from pytest_supaseed.model.type_families import is_integer, is_string
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.endings import Endings
from pytest_supaseed.values.meanings.gazetteer import Records
from pytest_supaseed.values.meanings.meaning import Ask, Derived, Meaning

NAMES = """
icd icd_10 icd_10_code icd_code icd_10_cm diagnosis_code: icd.code
icd_codes diagnosis_codes icd_10_codes: icd.code
code [diagnosis_code icd_code diagnosis disease]: icd.code
code [procedure_code cpt_code]: cpt.code
diagnosis diagnosis_name diagnosis_text diagnosis_description icd_description icd_10_description: icd.text?
description name title [diagnosis diagnosis_code icd_code condition problem]: icd.text?
cpt cpt_code procedure_code hcpcs: cpt.code
procedure procedure_name procedure_description cpt_description service_description: cpt.text?
description name title [procedure cpt_code service charge claim_line]: cpt.text?
loinc loinc_code: loinc.code
test_name test lab_test analyte observation_name component_name loinc_name: loinc.text?
name display [lab_test observation test_type]: loinc.text?
unit units result_unit unit_of_measure: loinc.unit?
cvx cvx_code: cvx.code
vaccine vaccine_name vaccination: cvx.text?
snomed snomed_code snomed_ct: snomed.code
snomed_term snomed_description snomed_display: snomed.text?
http_status http_status_code response_status response_code last_response_code status_code: http.code
http_status_text status_text reason_phrase status_message response_message last_response_message: http.text?
smtp_code smtp_status: smtp.code
smtp_message smtp_response smtp_text: smtp.text?
mcc merchant_category_code: mcc.code
mcc_description merchant_category mcc_name: mcc.text?
naics naics_code: naics.code
naics_description naics_title industry industry_name: naics.text?
hs_code tariff_code hts_code harmonized_code commodity_code: hs.code
hs_description commodity_description goods_description tariff_description: hs.text?
iata iata_code airport_code airport_iata [airport flight shipment route itinerary trip]: airport.iata
icao icao_code airport_icao [airport]: airport.icao
name airport_name full_name [airport]: airport.name?
city city_name municipality [airport]: airport.city?
country_code iso_country country_iso country [airport]: airport.country?
timezone [airport]: airport.timezone?
card_number: card.number+
card_number card_type brand network [smart_card gift_card loyalty_card member_card sim_card library_card]: -
card_brand card_network card_type card_scheme brand network [card payment_method payment]: card.brand?
last_4 last_four card_last_4 card_last_four pan_last_4: card.last?
scientific_name latin_name botanical_name binomial_name species_latin: species.latin+
common_name vernacular_name english_name: species.common?
name species_name [species plant tree bird animal flower insect fish taxon mammal]: species.common?
drg drg_code: drg.code
drg_description drg_title: drg.text?
"""


def _book(fields: str, text: str) -> Records:
    rows = tuple(tuple(part.strip() for part in line.split("|")) for line in text.strip().splitlines())
    return Records(tuple(fields.split()), rows)


BOOKS = {
    "icd": _book(
        "code text",
        """
A09 | Infectious gastroenteritis and colitis
E03.9 | Hypothyroidism, unspecified
E11.9 | Type 2 diabetes mellitus without complications
E66.9 | Obesity, unspecified
E78.5 | Hyperlipidemia, unspecified
F32.9 | Major depressive disorder, single episode
F41.1 | Generalized anxiety disorder
G43.909 | Migraine, unspecified
G47.33 | Obstructive sleep apnea
H66.90 | Otitis media, unspecified
I10 | Essential (primary) hypertension
I25.10 | Coronary artery disease without angina
I48.91 | Atrial fibrillation, unspecified
J02.9 | Acute pharyngitis, unspecified
J06.9 | Acute upper respiratory infection
J20.9 | Acute bronchitis, unspecified
J45.909 | Asthma, uncomplicated
K21.9 | Gastro-esophageal reflux disease
L20.9 | Atopic dermatitis, unspecified
M17.11 | Osteoarthritis of the right knee
M25.561 | Pain in right knee
M54.50 | Low back pain, unspecified
N39.0 | Urinary tract infection
R05.9 | Cough, unspecified
R10.9 | Abdominal pain, unspecified
R51.9 | Headache, unspecified
S93.401A | Sprain of right ankle, initial encounter
Z00.00 | General adult medical examination
Z23 | Encounter for immunization
""",
    ),
    "cpt": _book(
        "code text",
        """
99202 | Office visit, new patient, 15-29 minutes
99203 | Office visit, new patient, 30-44 minutes
99213 | Office visit, established patient, 20-29 minutes
99214 | Office visit, established patient, 30-39 minutes
99396 | Preventive visit, age 40-64
36415 | Collection of venous blood
71046 | Chest X-ray, two views
73562 | Knee X-ray, three views
80053 | Comprehensive metabolic panel
85025 | Complete blood count with differential
93000 | Electrocardiogram, complete
90471 | Immunization administration
97110 | Therapeutic exercises, 15 minutes
11102 | Tangential biopsy of skin
20610 | Injection of a major joint
29881 | Knee arthroscopy with meniscectomy
45378 | Diagnostic colonoscopy
66984 | Cataract surgery with lens implant
70551 | MRI of the brain without contrast
76700 | Abdominal ultrasound, complete
""",
    ),
    "loinc": _book(
        "code text unit",
        """
2345-7 | Glucose | mg/dL
4548-4 | Hemoglobin A1c | %
2093-3 | Cholesterol | mg/dL
2085-9 | HDL Cholesterol | mg/dL
2089-1 | LDL Cholesterol | mg/dL
2571-8 | Triglycerides | mg/dL
2160-0 | Creatinine | mg/dL
3016-3 | Thyrotropin | mIU/L
718-7 | Hemoglobin | g/dL
6690-2 | Leukocytes | 10*3/uL
777-3 | Platelets | 10*3/uL
2823-3 | Potassium | mmol/L
2951-2 | Sodium | mmol/L
1988-5 | C reactive protein | mg/L
1742-6 | Alanine aminotransferase | U/L
2276-4 | Ferritin | ng/mL
17861-6 | Calcium | mg/dL
""",
    ),
    "cvx": _book(
        "code text",
        """
03 | MMR
08 | Hepatitis B, adolescent or pediatric
10 | Polio, inactivated
20 | DTaP
21 | Varicella
33 | Pneumococcal polysaccharide
52 | Hepatitis A, adult
62 | HPV, quadrivalent
88 | Influenza
114 | Meningococcal conjugate
115 | Tdap
150 | Influenza, quadrivalent
207 | COVID-19, mRNA
""",
    ),
    "snomed": _book(
        "code text",
        """
38341003 | Hypertensive disorder
44054006 | Diabetes mellitus type 2
195967001 | Asthma
25064002 | Headache
84229001 | Fatigue
271737000 | Anemia
49727002 | Cough
386661006 | Fever
""",
    ),
    "http": _book(
        "code text",
        """
200 | OK
201 | Created
202 | Accepted
204 | No Content
301 | Moved Permanently
302 | Found
304 | Not Modified
400 | Bad Request
401 | Unauthorized
403 | Forbidden
404 | Not Found
409 | Conflict
422 | Unprocessable Content
429 | Too Many Requests
500 | Internal Server Error
502 | Bad Gateway
503 | Service Unavailable
504 | Gateway Timeout
""",
    ),
    "smtp": _book(
        "code text",
        """
250 | Requested mail action okay, completed
421 | Service not available, closing transmission channel
450 | Mailbox unavailable, try again later
550 | Mailbox unavailable
552 | Mailbox full
""",
    ),
    "mcc": _book(
        "code text",
        """
4111 | Commuter Transport
4121 | Taxicabs
4814 | Telecommunication Services
5411 | Grocery Stores
5412 | Convenience Stores
5541 | Service Stations
5651 | Family Clothing Stores
5732 | Electronics Stores
5812 | Restaurants
5814 | Fast Food Restaurants
5912 | Pharmacies
5942 | Book Stores
7011 | Hotels and Lodging
7230 | Barber and Beauty Shops
""",
    ),
    "naics": _book(
        "code text",
        """
236115 | New Single-Family Housing Construction
311811 | Retail Bakeries
334111 | Electronic Computer Manufacturing
445110 | Supermarkets
484121 | Long-Distance Freight Trucking
522110 | Commercial Banking
541110 | Offices of Lawyers
541511 | Custom Computer Programming Services
561720 | Janitorial Services
611110 | Elementary and Secondary Schools
621111 | Offices of Physicians
722511 | Full-Service Restaurants
""",
    ),
    "hs": _book(
        "code text",
        """
0901.21 | Coffee, roasted
3304.99 | Skin care preparations
4202.92 | Bags with outer surface of textile
6109.10 | T-shirts of cotton
6404.11 | Sports footwear
8471.30 | Portable computers
8504.40 | Static converters
8517.13 | Smartphones
9403.60 | Wooden furniture
9506.91 | Gym and fitness equipment
""",
    ),
    "airport": _book(
        "iata icao name city country timezone",
        """
AMS | EHAM | Amsterdam Airport Schiphol | Amsterdam | NL | Europe/Amsterdam
ATL | KATL | Hartsfield-Jackson Atlanta International Airport | Atlanta | US | America/New_York
BCN | LEBL | Barcelona-El Prat Airport | Barcelona | ES | Europe/Madrid
BER | EDDB | Berlin Brandenburg Airport | Berlin | DE | Europe/Berlin
BOS | KBOS | Boston Logan International Airport | Boston | US | America/New_York
CDG | LFPG | Paris Charles de Gaulle Airport | Paris | FR | Europe/Paris
DEN | KDEN | Denver International Airport | Denver | US | America/Denver
EDI | EGPH | Edinburgh Airport | Edinburgh | GB | Europe/London
FCO | LIRF | Rome Fiumicino Airport | Roma | IT | Europe/Rome
HAM | EDDH | Hamburg Airport | Hamburg | DE | Europe/Berlin
JFK | KJFK | John F. Kennedy International Airport | New York | US | America/New_York
LAX | KLAX | Los Angeles International Airport | Los Angeles | US | America/Los_Angeles
LHR | EGLL | London Heathrow Airport | London | GB | Europe/London
LYS | LFLL | Lyon-Saint Exupéry Airport | Lyon | FR | Europe/Paris
MAD | LEMD | Adolfo Suárez Madrid-Barajas Airport | Madrid | ES | Europe/Madrid
MAN | EGCC | Manchester Airport | Manchester | GB | Europe/London
MEL | YMML | Melbourne Airport | Melbourne | AU | Australia/Melbourne
MIA | KMIA | Miami International Airport | Miami | US | America/New_York
ORD | KORD | Chicago O'Hare International Airport | Chicago | US | America/Chicago
PHX | KPHX | Phoenix Sky Harbor International Airport | Phoenix | US | America/Phoenix
SEA | KSEA | Seattle-Tacoma International Airport | Seattle | US | America/Los_Angeles
STR | EDDS | Stuttgart Airport | Stuttgart | DE | Europe/Berlin
SYD | YSSY | Sydney Kingsford Smith Airport | Sydney | AU | Australia/Sydney
YUL | CYUL | Montréal-Trudeau International Airport | Montreal | CA | America/Toronto
YVR | CYVR | Vancouver International Airport | Vancouver | CA | America/Vancouver
YYZ | CYYZ | Toronto Pearson International Airport | Toronto | CA | America/Toronto
""",
    ),
    # Numbers that payment services publish for tests.
    "card": _book(
        "number brand last",
        """
4242424242424242 | visa | 4242
4000056655665556 | visa | 5556
4111111111111111 | visa | 1111
5555555555554444 | mastercard | 4444
5105105105105100 | mastercard | 5100
2223003122003222 | mastercard | 3222
378282246310005 | amex | 0005
371449635398431 | amex | 8431
6011111111111117 | discover | 1117
""",
    ),
    "species": _book(
        "latin common",
        """
Quercus robur | English oak
Fagus sylvatica | European beech
Betula pendula | Silver birch
Acer campestre | Field maple
Pinus sylvestris | Scots pine
Lavandula angustifolia | Lavender
Rosa canina | Dog rose
Bellis perennis | Daisy
Solanum lycopersicum | Tomato
Ocimum basilicum | Basil
Apis mellifera | Honey bee
Bombus terrestris | Buff-tailed bumblebee
Parus major | Great tit
Erithacus rubecula | European robin
Tyto alba | Barn owl
Alcedo atthis | Kingfisher
Ardea cinerea | Grey heron
Vulpes vulpes | Red fox
Lutra lutra | Eurasian otter
Erinaceus europaeus | Hedgehog
Salmo trutta | Brown trout
Esox lucius | Northern pike
""",
    ),
    "drg": _book(
        "code text",
        """
194 | Simple pneumonia and pleurisy with CC
247 | Percutaneous cardiovascular procedures with stent
313 | Chest pain
392 | Esophagitis and gastroenteritis without MCC
470 | Major joint replacement of the lower extremity
603 | Cellulitis without MCC
690 | Kidney and urinary tract infections without MCC
871 | Septicemia with MCC
""",
    ),
}
# What is called as a field is, but is none.
_NO_BOOK = "-"
FIELDS = Endings((NAMES,), str)


class _Field(NamedTuple):
    """What a column holds: a field of a book.

    Attributes:
        book: the book's name.
        name: the field's.
        mark: ``?`` for a field that needs the code beside it, ``+`` for a code that needs another field, else empty.
    """

    book: str
    name: str
    mark: str


def _field(context: Context, column: Column) -> _Field | None:
    named = FIELDS.find(column.words, context.about)
    if named is None or named == _NO_BOOK or column.type.array:
        return None
    book, _, field = named.partition(".")
    return _Field(book, field.rstrip("?+"), field.lstrip("abcdefghijklmnopqrstuvwxyz_"))


def _entry(context: Context) -> tuple[_Field, tuple[tuple[str, str], ...]] | None:
    """The field of the context's column, and the earlier columns of the same entry with the names of their fields."""
    own = _field(context, context.column)
    if own is None:
        return None
    others = [
        (column.name, found)
        for column in context.table.columns
        if column.name != context.column.name
        and (is_string(column.type) or is_integer(column.type))
        and (found := _field(context, column)) is not None
        and found.book == own.book
    ]
    if (own.mark and not others) or (own.mark == "?" and all(found.mark == "?" for _, found in others)):
        return None
    earlier = {column.name for column in context.earlier}
    return own, tuple((name, found.name) for name, found in others if name in earlier)


def _is_listed(context: Context) -> bool:
    entry = _entry(context)
    if entry is None:
        return False
    field, _ = entry
    records = BOOKS[field.book]
    return context.most is None or all(
        len(records.of(row, field.name)) <= context.most for row in records.rows
    )


def _written(context: Context) -> Derived:
    entry = _entry(context)
    assert entry is not None  # noqa: S101 for the type checker: _is_listed comes first
    field, followed = entry
    records = BOOKS[field.book]
    rows = records.rows

    def write(ask: Ask) -> str:
        for name, other in followed:
            value = ask.row.get(name)
            found = None if value is None else records.find(other, str(value))
            if found is not None:
                return records.of(found, field.name)
        return records.of(ask.pick(rows), field.name)

    return write, tuple(name for name, _ in followed)


CODED = Meaning(
    "code beside what it stands for", "", derive=_written, where=_is_listed, types=is_string, comments=False
)
